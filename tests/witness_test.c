/*
 * witness_test.c - a terminal that has no quiet half minute for very long
 * still asks for the proofs of what a short feed told it in that time.
 */
#include "tests/world_restore.h"

#include "sync/witness.h"

static int setup(void **state)
{
	*state = world_new(5);
	return 0;
}

static int teardown(void **state)
{
	world_free(*state);
	return 0;
}

/* Places that are nothing to anybody but the auditor. */
static void give_places(struct world *w, int n)
{
	static const struct id elsewhere = {{0x55}};
	struct draft d = {0};

	draft_add(
	    &d, KIND_TEAM_SET, &elsewhere, json_pack("{s:s}", "name", "骨科"));
	assert_int_equal(ledger_begin(w->node.ledger), 0);
	for (int i = 0; i < n; i++)
		assert_int_equal(ledger_add(w->node.ledger, &d, NULL), 0);
	assert_int_equal(ledger_commit(w->node.ledger), 0);
	draft_fini(&d);
}

static int64_t unproved(struct world_seat *a)
{
	return world_count(a, "SELECT count(*) FROM record WHERE pos >= 0 AND "
			      "pos NOT IN (SELECT pos FROM witness)");
}

static void test_witness__what_came_long_ago_is_proved(void **state)
{
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");

	world_patient(w, "欧阳建国", "A017");
	assert_int_equal(world_idle(a), 0);
	assert_int_equal(unproved(a), 0);
	assert_int_equal(world_idle(a), 0); /* it knows that this was all */
	world_patient(w, "司马光", "A017");
	assert_int_equal(world_sync(a), 0);
	assert_true(unproved(a) > 0);
	give_places(w, WITNESS_PLACES + 10);
	assert_int_equal(world_idle(a), 0);
	assert_int_equal(unproved(a), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_witness__what_came_long_ago_is_proved, setup, teardown),
	};

	return cmocka_run_group_tests_name("witness", tests, NULL, NULL);
}
