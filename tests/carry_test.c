/*
 * carry_test.c - a letter at the centre is all or nothing, and whatever is in
 * it costs the letter alone: who is connected goes on, with what was given.
 */
#include "tests/world.h"

#include "core/err.h"
#include "sync/carry.h"
#include "sync/session_impl.h"

#define NOTE "{\"text\":\"说明\"}"

static int setup(void **state)
{
	*state = world_new(1);
	return 0;
}

static int teardown(void **state)
{
	world_free(*state);
	return 0;
}

static struct world_seat *join(
    struct world *w, struct id *patient, const char *member)
{
	struct world_seat *seat = world_join(w, member, "agent");

	*patient = world_patient(w, "欧阳建国", member);
	assert_int_equal(world_sync(seat), 0);
	return seat;
}

static int64_t notes(struct world *w)
{
	return test_scalar(w->node.store,
	    "SELECT count(*) FROM entry WHERE kind = 'note.added'");
}

/* Until the centre has taken records of a connected terminal that it has not
 * committed. */
static void give_some(struct world *w, struct world_seat *seat)
{
	int r = 0;

	world_connect(seat);
	for (int i = 0; !w->node.ledger->in_txn || notes(w) < 2; i++) {
		assert_true(i < 1000);
		world_step_seat(&r, seat);
		if (seat->to_node.len > 0)
			world_step_node(&r, seat);
		assert_int_equal(r, 0);
	}
}

static void test_carry__a_false_letter_costs_nobody_else(void **state)
{
	struct world *w = *state;
	struct carry_report report;
	struct buf letter = {0};
	struct id pa, pb;
	struct world_seat *a = join(w, &pa, "A017"), *b = join(w, &pb, "A012");
	uint64_t rollbacks = w->node.ledger->rollbacks;

	for (int i = 0; i < 3; i++) {
		world_say(a, KIND_NOTE_ADDED, &pa, NOTE);
		world_say(b, KIND_NOTE_ADDED, &pb, NOTE);
	}
	assert_int_equal(carry_letter(&letter, &report, b->ledger, false), 0);
	letter.data[letter.len - 1] ^= 1; /* of the last record's box */
	give_some(w, a);
	assert_true(carry_take(NULL, &report, w->node.ledger, &letter) < 0);
	assert_int_equal(w->node.ledger->rollbacks, rollbacks);
	assert_int_equal(world_carry(a), 0);
	world_cut(a);
	assert_int_equal(notes(w), 3); /* all of the one, none of the other */
	assert_int_equal(
	    world_count(a, "SELECT count(*) FROM record WHERE pos IS NULL"), 0);
	letter.data[letter.len - 1] ^= 1;
	assert_int_equal(carry_take(NULL, &report, w->node.ledger, &letter), 0);
	assert_int_equal(notes(w), 6);
	buf_fini(&letter);
}

/* A key that does not open is the disk's doing, not the author's. */
static void test_carry__a_damaged_disk_is_no_verdict(void **state)
{
	struct world *w = *state;
	struct carry_report report;
	struct buf letter = {0};
	struct id p;
	struct world_seat *a = join(w, &p, "A017");

	world_say(a, KIND_NOTE_ADDED, &p, NOTE);
	assert_int_equal(carry_letter(&letter, &report, a->ledger, false), 0);
	world_close(&w->node);
	world_open(&w->node);
	test_exec(w->node.store, "CREATE TABLE aside AS SELECT * FROM "
				 "stream_key");
	test_exec(w->node.store, "UPDATE stream_key SET key = zeroblob(72)");
	assert_int_equal(
	    carry_take(NULL, &report, w->node.ledger, &letter), ERR_DAMAGED);
	assert_int_equal(notes(w), 0);
	test_exec(w->node.store,
	    "UPDATE stream_key SET key = (SELECT a.key FROM aside a WHERE "
	    "a.stream = stream_key.stream AND a.kid = stream_key.kid)");
	assert_int_equal(carry_take(NULL, &report, w->node.ledger, &letter), 0);
	assert_int_equal(test_scalar(w->node.store,
			     "SELECT count(*) FROM entry WHERE kind = "
			     "'note.added' AND verdict = 1"),
	    1);
	buf_fini(&letter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_carry__a_false_letter_costs_nobody_else, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_carry__a_damaged_disk_is_no_verdict, setup, teardown),
	};

	return cmocka_run_group_tests_name("carry", tests, NULL, NULL);
}
