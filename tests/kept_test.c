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

/* ---- who reads no more ---- */

static int64_t reads(const struct world_seat *seat)
{
	char sql[140], hex[ID_HEX];

	id_hex(hex, &seat->me->seat);
	snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM feed_stream WHERE hex(seat) = upper('%s')",
	    hex);
	return test_scalar(seat->world->node.store, sql);
}

/* Is the seat owed the newest record of the order? */
static int64_t is_owed_last(const struct world_seat *seat)
{
	char sql[240], hex[ID_HEX];

	id_hex(hex, &seat->me->seat);
	snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM feed WHERE hex(seat) = upper('%s') AND "
	    "what = 1 AND pos = (SELECT max(pos) FROM record)",
	    hex);
	return test_scalar(seat->world->node.store, sql);
}

static void grant(struct world *w, const char *member, const char *role,
    const struct id *team)
{
	char json[300], hex[ID_HEX];

	id_hex(hex, team);
	snprintf(json, sizeof(json),
	    "{\"member\":\"%s\",\"name\":\"x\",\"role\":\"%s\","
	    "\"team\":\"%s\",\"from_s\":0,\"until_s\":4000000000}",
	    member, role, hex);
	world_say(&w->seats[0], KIND_MEMBER_GRANTED, &w->roster, json);
	assert_int_equal(world_sync(&w->seats[0]), 0);
}

struct three {
	struct world_seat *a, *b, *s;
	struct id p;
};

/* One patient of A017, in a team of S002; A012 has none. */
static struct three three_of(struct world *w)
{
	struct three t;

	t.a = world_join(w, "A017", "agent");
	t.b = world_join(w, "A012", "agent");
	t.s = world_join(w, "S002", "supervisor");
	t.p = world_patient(w, "曾强", "A017");
	assert_int_equal(world_sync(t.a), 0);
	assert_int_equal(world_sync(t.b), 0);
	assert_int_equal(world_sync(t.s), 0);
	return t;
}

/* Its emergency access is over, and it has lost its place in the feed: the
 * list that is made anew does not say the patient, nor what comes next. Two
 * readers: of more nothing is kept. */
static void test_kept__a_feed_begun_again_forgets_its_seat(void **state)
{
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");
	struct world_seat *b = world_join(w, "A012", "agent");
	struct id p = world_patient(w, "曾强", "A017");

	assert_int_equal(world_sync(a), 0);
	assert_int_equal(world_sync(b), 0);
	world_say(b, KIND_GLASS_BROKEN, &p, "{\"reason\":\"急救\"}");
	assert_int_equal(world_sync(b), 0);
	assert_int_equal(reads(b), 1);
	say(a, &p);
	assert_int_equal(is_owed_last(b), 1);
	w->node.env.now_s += 90000;
	assert_int_equal(
	    test_exec(b->store, "UPDATE meta SET value = zeroblob(32) "
				"WHERE name = 'feed.chain'"),
	    0);
	world_close(b);
	world_open(b);
	assert_int_equal(world_sync(b), 0);
	assert_int_equal(reads(b), 0);
	say(a, &p);
	assert_int_equal(is_owed_last(b), 0);
	assert_int_equal(is_owed_last(a), 1);
}

static void test_kept__who_is_revoked_reads_no_more(void **state)
{
	struct world *w = *state;
	struct three t = three_of(w);

	say(t.a, &t.p);
	assert_int_equal(is_owed_last(t.s), 1);
	world_say(&w->seats[0], KIND_MEMBER_REVOKED, &w->roster,
	    "{\"member\":\"S002\",\"reason\":\"left\"}");
	assert_int_equal(world_sync(&w->seats[0]), 0);
	assert_int_equal(reads(t.s), 0);
	say(t.a, &t.p);
	assert_int_equal(is_owed_last(t.s), 0);
	/* Under a key of those who remain. */
	assert_int_equal(world_sync(t.s), 0);
	assert_int_equal(world_count(t.s, "SELECT count(*) FROM v_patient"), 0);
	say(t.a, &t.p);
	assert_int_equal(
	    world_count(&w->node,
		"SELECT count(DISTINCT kid) FROM entry WHERE mode = 'S'"),
	    2);
}

static void test_kept__another_role_reads_what_is_its_own(void **state)
{
	static const struct id other = {{0x77}};
	struct world *w = *state;
	struct three t = three_of(w);

	say(t.a, &t.p);
	/* To another team, and back: the second time it gets all. */
	grant(w, "S002", "supervisor", &other);
	assert_int_equal(reads(t.s), 0);
	say(t.a, &t.p);
	assert_int_equal(is_owed_last(t.s), 0);
	assert_int_equal(world_sync(t.s), 0);
	assert_int_equal(world_count(t.s, "SELECT count(*) FROM v_note"), 0);
	grant(w, "S002", "supervisor", &w->team);
	assert_int_equal(reads(t.s), 1);
	say(t.a, &t.p);
	assert_int_equal(is_owed_last(t.s), 1);
	assert_int_equal(world_sync(t.s), 0);
	assert_int_equal(world_count(t.s, "SELECT count(*) FROM v_note"), 3);
	/* No clinician has an agent's list. */
	grant(w, "A017", "clinician", &w->team);
	assert_int_equal(reads(t.a), 0);
}

static void assign_first(struct world *w, const struct id *patient)
{
	char json[200], hex[ID_HEX];

	id_hex(hex, patient);
	snprintf(json, sizeof(json),
	    "{\"member\":\"A017\",\"patient\":\"%s\","
	    "\"reason\":\"initial\"}",
	    hex);
	world_say(&w->node, KIND_ASSIGNED, &w->team, json);
}

static void test_kept__an_undone_assignment_is_nobodys(void **state)
{
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");
	struct id p = {{0x31, 0x41}};
	uint64_t seq;

	world_say(&w->node, KIND_PATIENT_REGISTERED, &p,
	    "{\"name\":\"曾强\",\"sex\":\"male\",\"birth_day\":-4000}");
	assign_first(w, &p);
	seq = (uint64_t)test_scalar(w->node.store,
	    "SELECT seq FROM record WHERE pos = "
	    "(SELECT max(pos) FROM record)");
	assert_int_equal(world_sync(a), 0);
	say(a, &p);
	say(a, &p);
	assert_int_equal(verdicts(w, VERDICT_ADMITTED), 2);
	assert_int_equal(
	    ledger_undo(w->node.ledger, &w->node.me->seat, seq), 0);
	assert_int_equal(reads(a), 0);
	say(a, &p); /* not knowing */
	assert_int_equal(verdicts(w, VERDICT_ADMITTED), 2);
	assert_int_equal(world_sync(a), 0);
	assert_int_equal(world_count(a, "SELECT count(*) FROM v_patient"), 0);
}

/* ---- what is newest of a patient ---- */

#define LOW "{\"level\":\"low\",\"reason\":\"x\"}"
#define HIGH "{\"level\":\"high\",\"reason\":\"x\"}"

/* What was held came last and takes effect late: a record between it and
 * what was the newest until then does not go over it. */
static void test_kept__the_newest_is_another_after_a_release(void **state)
{
	struct world *w = *state;
	struct three t = three_of(w);
	char json[200], ref[REF_TEXT];
	uint64_t seq = 0;

	world_say(t.a, KIND_RISK_SET, &t.p, LOW);
	for (int i = 0; i < 3; i++)
		world_say(t.s, KIND_RISK_SET, &t.p, LOW);
	for (int i = 0; i < 6; i++)
		seq = world_say(t.b, KIND_RISK_SET, &t.p, HIGH);
	assert_int_equal(world_sync(t.b), 0);
	assert_int_equal(world_sync(t.a), 0);
	ref_text(ref, &(struct ref){t.b->me->seat, seq, 1});
	snprintf(json, sizeof(json), "{\"entry\":\"%s\"}", ref);
	world_say(&w->node, KIND_RELEASED, &t.p, json);
	assert_int_equal(world_sync(t.s), 0);
	assert_int_equal(
	    world_count(
		&w->node, "SELECT count(*) FROM v_risk WHERE level = 'high'"),
	    1);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_kept__an_owner_is_asked_again_after_a_move),
	    T(test_kept__a_new_reader_gets_what_comes_next),
	    T(test_kept__a_feed_begun_again_forgets_its_seat),
	    T(test_kept__who_is_revoked_reads_no_more),
	    T(test_kept__another_role_reads_what_is_its_own),
	    T(test_kept__an_undone_assignment_is_nobodys),
	    T(test_kept__the_newest_is_another_after_a_release),
	};

	return cmocka_run_group_tests_name("kept", tests, NULL, NULL);
}
