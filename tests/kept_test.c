/*
 * kept_test.c - what the centre keeps of a patient between two records does
 * not outlive a change: a patient who went to another list is not its old
 * owner's, and who reads it is who reads it now.
 */
#include "tests/world.h"

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

static int64_t verdicts(struct world *w, enum verdict verdict)
{
	char sql[100];

	snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM entry WHERE kind = 'note.added' "
	    "AND verdict = %d",
	    verdict);
	return test_scalar(w->node.store, sql);
}

static void say(struct world_seat *seat, const struct id *patient)
{
	world_say(seat, KIND_NOTE_ADDED, patient, NOTE);
	assert_int_equal(world_sync(seat), 0);
}

static void test_kept__an_owner_is_asked_again_after_a_move(void **state)
{
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");
	struct world_seat *b = world_join(w, "A012", "agent");
	struct world_seat *s = world_join(w, "S002", "supervisor");
	struct id p = world_patient(w, "曾强", "A017");

	assert_int_equal(world_sync(a), 0);
	assert_int_equal(world_sync(s), 0);
	assert_int_equal(world_sync(b), 0);
	say(a, &p);
	say(a, &p);
	assert_int_equal(verdicts(w, VERDICT_ADMITTED), 2);
	world_move(s, &p, "A012");
	assert_int_equal(world_sync(s), 0);
	say(a, &p);
	assert_int_equal(verdicts(w, VERDICT_ADMITTED), 2);
	assert_int_equal(verdicts(w, VERDICT_LATE), 1);
	assert_int_equal(world_sync(b), 0);
	say(b, &p);
	assert_int_equal(verdicts(w, VERDICT_ADMITTED), 3);
}

static void test_kept__a_new_reader_gets_what_comes_next(void **state)
{
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");
	struct world_seat *b = world_join(w, "A012", "agent");
	struct id p = world_patient(w, "曾强", "A017");

	assert_int_equal(world_sync(a), 0);
	assert_int_equal(world_sync(b), 0);
	say(a, &p);
	assert_int_equal(world_count(b, "SELECT count(*) FROM v_note"), 0);
	world_move(&w->node, &p, "A012");
	assert_int_equal(world_sync(b), 0);
	assert_int_equal(world_count(b, "SELECT count(*) FROM v_note"), 1);
	say(a, &p); /* not knowing */
	assert_int_equal(world_sync(b), 0);
	assert_int_equal(world_count(b, "SELECT count(*) FROM v_note"), 2);
	/* And who reads it no more gets nothing. */
	assert_int_equal(world_sync(a), 0);
	say(b, &p);
	assert_int_equal(world_sync(a), 0);
	assert_int_equal(world_count(a, "SELECT count(*) FROM v_note"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_kept__an_owner_is_asked_again_after_a_move, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(
		test_kept__a_new_reader_gets_what_comes_next, setup, teardown),
	};

	return cmocka_run_group_tests_name("kept", tests, NULL, NULL);
}
