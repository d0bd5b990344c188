/*
 * under_way_test.c - a call whose patient is moved while the agent talks:
 * what the centre lets count, what it holds, and the release of a whole call.
 */
#include "tests/world.h"

#include "core/held.h"
#include "core/shelf.h"

#include <stdio.h>

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

/* Rebuilding changes nothing. */
static void assert_rebuilds_equal(struct world_seat *seat)
{
	char before[HASH_HEX], after[HASH_HEX];

	world_digest(before, seat);
	assert_int_equal(ledger_rebuild(seat->ledger, NULL, NULL), 0);
	world_digest(after, seat);
	assert_string_equal(before, after);
}

static void assert_all_rebuild_equal(struct world *w)
{
	assert_rebuilds_equal(&w->node);
	for (int i = 0; i < w->count; i++)
		assert_rebuilds_equal(&w->seats[i]);
}

/* The call's draft keeps the copy on the terminal. */
static void open_call(struct world_seat *a, const struct id *p)
{
	char slot[64] = "call/";

	id_hex(slot + 5, p);
	assert_int_equal(shelf_put(a->store, slot, "start", "{}", 1), 0);
	world_say(a, KIND_CALL_STARTED, p,
	    "{\"number_index\":0,\"direction\":\"out\"}");
	assert_int_equal(world_sync(a), 0);
}

#define CONTACT                                                                \
	"{\"respondent\":\"self\",\"disposition\":\"hung-up\","                \
	"\"disposition_version\":1,\"reached\":true,\"completed\":false,"      \
	"\"started_s\":1,\"ended_s\":2,\"class\":\"none\"}"

static int64_t verdict_of(
    struct world *w, const struct world_seat *by, uint64_t seq)
{
	char sql[200], hex[ID_HEX];

	id_hex(hex, &by->me->seat);
	snprintf(sql, sizeof(sql),
	    "SELECT verdict FROM entry WHERE seat = x'%s' AND seq = %llu", hex,
	    (unsigned long long)seq);
	return world_count(&w->node, sql);
}

/* The patient moves while the agent talks, and the agent's terminal learns
 * it: what the call brings counts, late; the next word is held. */
static void test_under_way__a_call_outlives_a_move(void **state)
{
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");
	struct world_seat *b = world_join(w, "A012", "agent");
	struct world_seat *s = world_join(w, "S002", "supervisor");
	struct id p = world_patient(w, "曾强", "A017"), q;
	uint64_t note, again, end, after, idle;

	q = world_patient(w, "单雪梅", "A017");
	assert_int_equal(world_sync(a), 0);
	assert_int_equal(world_sync(s), 0);
	open_call(a, &p);
	world_move(s, &p, "A012");
	world_move(s, &q, "A012");
	assert_int_equal(world_sync(s), 0);
	idle = world_say(a, KIND_NOTE_ADDED, &q, NOTE);
	assert_int_equal(world_sync(a), 0); /* now it knows of the move */
	note = world_say(a, KIND_NOTE_ADDED, &p, NOTE);
	again = world_say(a, KIND_CALL_STARTED, &p,
	    "{\"number_index\":0,\"direction\":\"out\"}");
	assert_int_equal(world_sync(a), 0);
	end = world_say(a, KIND_CONTACT_RECORDED, &p, CONTACT);
	after = world_say(a, KIND_NOTE_ADDED, &p, NOTE);
	assert_int_equal(world_sync(a), 0);
	assert_int_equal(verdict_of(w, a, idle), VERDICT_LATE);
	assert_int_equal(verdict_of(w, a, note), VERDICT_LATE);
	assert_int_equal(verdict_of(w, a, again), VERDICT_HELD_ASSIGNMENT);
	assert_int_equal(verdict_of(w, a, end), VERDICT_LATE);
	assert_int_equal(verdict_of(w, a, after), VERDICT_HELD_ASSIGNMENT);
	assert_int_equal(world_sync(b), 0);
	assert_int_equal(world_count(b, "SELECT late FROM v_contact"), 1);
	assert_all_rebuild_equal(w);
}

/* Without a call that began before, what is said after the move is held. */
static void test_under_way__without_a_call_a_move_stops_the_former(void **state)
{
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");
	struct world_seat *s = world_join(w, "S002", "supervisor");
	struct id p = world_patient(w, "曾强", "A017");
	char slot[64] = "call/";
	uint64_t late, held;

	id_hex(slot + 5, &p);
	assert_int_equal(world_sync(a), 0);
	assert_int_equal(world_sync(s), 0);
	assert_int_equal(shelf_put(a->store, slot, "start", "{}", 1), 0);
	world_move(s, &p, "");
	assert_int_equal(world_sync(s), 0);
	assert_int_equal(world_sync(a), 0);
	/* a call begun only now is no call that was under way */
	late = world_say(a, KIND_CALL_STARTED, &p,
	    "{\"number_index\":0,\"direction\":\"out\"}");
	held = world_say(a, KIND_CONTACT_RECORDED, &p, CONTACT);
	assert_int_equal(world_sync(a), 0);
	assert_int_equal(verdict_of(w, a, late), VERDICT_HELD_ASSIGNMENT);
	assert_int_equal(verdict_of(w, a, held), VERDICT_HELD_ASSIGNMENT);
}

/* One call of five entries in three records, and another piece of work. */
static void test_under_way__a_held_call_is_released_whole(void **state)
{
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");
	struct world_seat *b = world_join(w, "A012", "agent");
	struct world_seat *s = world_join(w, "S002", "supervisor");
	struct id p = world_patient(w, "曾强", "A012");
	struct office_held rows[16];
	struct held_group groups[16];
	struct held_release by;
	struct draft d = {0};
	struct ref one;
	int n;

	assert_int_equal(world_sync(a), 0);
	assert_int_equal(world_sync(b), 0);
	assert_int_equal(world_sync(s), 0);
	for (int i = 0; i < 4; i++)
		world_say(a, KIND_PATIENT_AMENDED, &p, "{\"name\":\"假名\"}");
	world_say(a, KIND_CONTACT_RECORDED, &p, CONTACT);
	world_say(a, KIND_PATIENT_AMENDED, &p, "{\"name\":\"又名\"}");
	assert_int_equal(world_sync(a), 0);
	assert_int_equal(world_sync(s), 0);
	n = office_held(rows, 16, s->store);
	assert_int_equal(n, 6);
	assert_int_equal(held_groups(groups, 16, rows, n), 2);
	if (groups[0].count == 1)
		groups[0] = groups[1];
	assert_int_equal(groups[0].count, 5);
	one = (struct ref){rows[groups[0].from].seat, rows[groups[0].from].seq,
	    (unsigned)rows[groups[0].from].index};
	assert_string_equal(held_group_kind(&rows[groups[0].from], 5),
	    kind_info(KIND_CONTACT_RECORDED)->name);
	assert_int_equal(held_released(&by, s->store, &p, &one), 0);
	held_release_draft(&d, &rows[groups[0].from], 5, "good-faith");
	assert_int_equal(d.count, 1);
	assert_int_equal(ledger_record(s->ledger, &d, NULL), 0);
	draft_fini(&d);
	assert_int_equal(world_sync(s), 0);
	assert_int_equal(office_held(rows, 16, s->store), 1);
	assert_int_equal(held_released(&by, s->store, &p, &one), 1);
	assert_string_equal(by.member, "S002");
	assert_string_equal(by.reason, "good-faith");
	assert_int_equal(
	    world_count(&w->node, "SELECT count(*) FROM v_contact"), 1);
	assert_int_equal(world_sync(b), 0);
	assert_int_equal(world_count(b, "SELECT count(*) FROM v_contact"), 1);
	assert_all_rebuild_equal(w);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    T(test_under_way__a_call_outlives_a_move),
	    T(test_under_way__a_held_call_is_released_whole),
	    T(test_under_way__without_a_call_a_move_stops_the_former),
	};

	return cmocka_run_group_tests_name("under_way", tests, NULL, NULL);
}
