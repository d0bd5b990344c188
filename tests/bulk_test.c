/*
 * bulk_test.c - a first sync in bulk: proved by the order at once, by the
 * authors' signatures before use, and what happens when one does not hold.
 */
#include "tests/world.h"

#include "core/err.h"
#include "core/mem.h"
#include "sync/alarm.h"
#include "sync/feed.h"
#include "sync/ledger_impl.h"
#include "sync/wire_bulk.h"

#define NOTE "{\"text\":\"说明\"}"
#define PATIENTS 12
#define NOTES 9

struct bulk {
	struct world *w;
	struct world_seat *author, *fresh;
	struct id patients[PATIENTS];
};

static void make_history(struct bulk *b)
{
	for (int i = 0; i < PATIENTS; i++)
		b->patients[i] = world_patient(b->w, "单雪梅", "A012");
	assert_int_equal(world_sync(b->author), 0);
	for (int i = 0; i < PATIENTS * NOTES; i++)
		world_say(b->author, KIND_NOTE_ADDED,
		    &b->patients[i % PATIENTS], NOTE);
	assert_int_equal(world_sync(b->author), 0);
}

static int setup(void **state)
{
	struct bulk *b = mem_new(sizeof(*b));

	b->w = world_new(5);
	b->author = world_join(b->w, "A012", "agent");
	assert_int_equal(world_sync(b->author), 0);
	make_history(b);
	b->fresh = world_join(b->w, "S002", "supervisor");
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bulk *b = *state;

	world_free(b->w);
	free(b);
	return 0;
}

#define WAITING "SELECT count(*) FROM record WHERE state = 2"
#define PATIENTS_WAITING "SELECT count(*) FROM unproved"

/* Everything that is under way arrives and is committed, but nobody is idle:
 * the terminal never pumps. */
static int carry_busily(struct world_seat *s)
{
	struct reader in;
	const uint8_t *msg;
	size_t n;
	int r = 0;

	world_connect(s);
	for (int i = 0; i < 50 && r == 0; i++) {
		while (world_step_node(&r, s) && r == 0)
			if (s->to_node.len == 0 && !s->dirty_node)
				break;
		in = reader_of(s->to_seat.data, s->to_seat.len);
		while (r == 0 && reader_left(&in) > 0) {
			msg = reader_block(&in, &n, 1 << 20);
			r = session_message(s->here, msg, n);
		}
		buf_clear(&s->to_seat);
		if (ledger_commit(s->ledger) == 0 && r == 0)
			session_committed(s->here);
	}
	return r;
}

static void test_bulk__signatures_wait_until_the_patient_is_used(void **state)
{
	struct bulk *b = *state;
	struct world_seat *s = b->fresh;

	assert_int_equal(carry_busily(s), 0);
	assert_int_equal(
	    world_count(s, "SELECT count(*) FROM v_patient"), PATIENTS);
	assert_int_equal(
	    world_count(s, "SELECT count(*) FROM v_note"), PATIENTS * NOTES);
	assert_int_equal(world_count(s, PATIENTS_WAITING), PATIENTS);
	assert_int_equal(world_count(s, WAITING), PATIENTS * NOTES);
	assert_true(ledger_has_unproved(s->ledger));
	/* The registration, the assignment, the roster did not wait. */
	assert_int_equal(
	    world_count(s,
		"SELECT count(*) FROM record r JOIN entry e"
		" ON e.seat = r.seat AND e.seq = r.seq WHERE r.state = 2 AND "
		"e.kind <> 'note.added'"),
	    0);
	world_say(
	    s, KIND_PATIENT_OPENED, &b->patients[3], "{\"why\":\"call\"}");
	assert_int_equal(world_count(s, PATIENTS_WAITING), PATIENTS - 1);
	assert_int_equal(world_count(s, WAITING), (PATIENTS - 1) * NOTES);
	while (ledger_prove_some(s->ledger, 20) == 1)
		;
	assert_int_equal(world_count(s, WAITING), 0);
	assert_false(ledger_has_unproved(s->ledger));
	assert_int_equal(
	    world_count(s, "SELECT count(*) FROM record WHERE sha1 = "
			   "zeroblob(20)"),
	    0);
	world_cut(s);
}

static void test_bulk__an_idle_terminal_checks_the_rest(void **state)
{
	struct bulk *b = *state;
	char before[HASH_HEX], after[HASH_HEX];

	assert_int_equal(world_sync(b->fresh), 0);
	assert_int_equal(world_count(b->fresh, WAITING), 0);
	assert_int_equal(world_count(b->fresh, "SELECT count(*) FROM v_note"),
	    PATIENTS * NOTES);
	world_digest(before, b->fresh);
	assert_int_equal(ledger_rebuild(b->fresh->ledger, NULL, NULL), 0);
	world_digest(after, b->fresh);
	assert_string_equal(before, after);
	/* Again is nothing. */
	assert_int_equal(world_sync(b->fresh), 0);
}

/* Patients come one by one, and with each its assignment: by place among
 * those of the others, which were made at other times. */
static void test_bulk__assignments_come_in_any_order(void **state)
{
	struct bulk *b = *state;
	struct world_seat *late;
	char before[HASH_HEX], after[HASH_HEX];

	world_join(b->w, "A013", "agent");
	assert_int_equal(world_sync(b->fresh), 0);
	for (int i = 0; i < PATIENTS; i++) {
		world_move(b->fresh, &b->patients[i * 5 % PATIENTS], "A013");
		if (i % 3 == 0)
			world_move(
			    b->fresh, &b->patients[i * 5 % PATIENTS], "A012");
	}
	assert_int_equal(world_sync(b->fresh), 0);
	late = world_join(b->w, "S003", "supervisor");
	/* Each patient is owed once. */
	assert_int_equal(
	    world_count(&b->w->node, "SELECT count(*) FROM feed WHERE "
				     "what = 4"),
	    world_count(&b->w->node,
		"SELECT count(*) FROM "
		"(SELECT DISTINCT seat, stream FROM feed WHERE what = 4)"));
	assert_int_equal(world_sync(late), 0);
	assert_int_equal(
	    world_count(late, "SELECT count(*) FROM v_assign WHERE "
			      "member = 'A012'"),
	    PATIENTS / 3);
	world_digest(before, late);
	assert_int_equal(ledger_rebuild(late->ledger, NULL, NULL), 0);
	world_digest(after, late);
	assert_string_equal(before, after);
}

/* Changes the signature of one stored note of the fresh seat, as if the
 * centre had sent it so and its order proved it. */
static void forge(struct world_seat *s, const struct id *patient)
{
	char sql[300], hex[ID_HEX];

	id_hex(hex, patient);
	snprintf(sql, sizeof(sql),
	    "UPDATE record SET frame = substr(frame, 1,"
	    " length(frame) - 150) || x'00' || substr(frame, length(frame) - "
	    "148) WHERE rowid = (SELECT r.rowid FROM entry e JOIN record r ON "
	    "r.seat = e.seat AND r.seq = e.seq WHERE e.stream = x'%s' AND "
	    "r.state = 2 LIMIT 1)",
	    hex);
	assert_int_equal(test_exec(s->store, sql), 0);
}

static void test_bulk__a_bad_signature_is_evidence(void **state)
{
	struct bulk *b = *state;
	struct world_seat *s = b->fresh;
	struct alarm_state alarm;

	assert_int_equal(carry_busily(s), 0);
	world_cut(s);
	forge(s, &b->patients[0]);
	assert_int_equal(world_try(s, KIND_PATIENT_OPENED, &b->patients[0],
			     "{\"why\":\"call\"}"),
	    ERR_UNPROVED);
	assert_int_equal(alarm_read(&alarm, s->store), 0);
	assert_int_equal(alarm.code, ERR_UNPROVED);
	assert_int_equal(alarm.last_s, s->env.now_s);
	assert_int_equal(alarm.count, 1);
	/* What does not hold is not shown; nothing else is lost. */
	assert_int_equal(world_count(s, "SELECT count(*) FROM v_note"),
	    PATIENTS * NOTES - 1);
	/* The feed begins anew, and nothing waits any more. */
	assert_int_equal(world_sync(s), 0);
	assert_int_equal(
	    world_count(s, "SELECT count(*) FROM v_note"), PATIENTS * NOTES);
	assert_int_equal(world_count(s, WAITING), 0);
	world_say(
	    s, KIND_PATIENT_OPENED, &b->patients[0], "{\"why\":\"call\"}");
}

/* A leaf that the proof does not cover, or another record under it. */
static void test_bulk__a_false_proof_ends_the_session(void **state)
{
	struct bulk *b = *state;
	struct world_seat *s = b->fresh;
	struct reader in;
	struct buf changed = {0};
	bool is_found = false;
	size_t n;
	int r = 0;

	world_connect(s);
	while (s->to_seat.len == 0 || s->to_node.len > 0 || s->dirty_node)
		if (!world_step_node(&r, s))
			break;
	while (world_step_node(&r, s) && r == 0 && s->to_seat.len < 40000)
		;
	in = reader_of(s->to_seat.data, s->to_seat.len);
	while (r == 0 && reader_left(&in) > 0) {
		const uint8_t *msg = reader_block(&in, &n, 1 << 20);
		buf_clear(&changed);
		buf_add(&changed, msg, n);
		if (msg[0] == MSG_ATTEST) {
			is_found = true;
			changed.data[5 + 8 * 64 + 40] ^= 1;
		}
		r = session_message(s->here, changed.data, changed.len);
	}
	assert_true(is_found);
	assert_int_equal(r, ERR_UNPROVED);
	buf_fini(&changed);
	world_cut(s);
}

/* The owner's clock is that of its round; a session may begin within one. */
static void test_session__a_tick_of_before_is_no_silence(void **state)
{
	struct bulk *b = *state;
	struct world_seat *s = b->fresh;
	uint64_t began = env_mono_ms(&s->env.env);

	world_connect(s);
	assert_int_equal(session_tick(s->here, began - 250), 0);
	assert_int_equal(session_tick(s->here, began + 89999), 0);
	assert_int_equal(session_tick(s->here, began + 90000), ERR_UNREACHABLE);
	world_cut(s);
}

/* Who owns very many sessions asks which have something to do: after a word
 * of the terminal's, and when its list has grown. */
static void test_session__is_due_when_its_feed_has_grown(void **state)
{
	struct bulk *b = *state;
	struct world_seat *s = b->author;
	struct session *there;

	world_connect(s);
	there = s->there;
	assert_true(session_is_due(there));
	assert_int_equal(world_carry(s), 0);
	assert_int_equal(session_pump(there), 0);
	feed_owed_seen(b->w->node.ledger);
	assert_false(session_is_due(there));
	world_patient(b->w, "仇梅", "A012");
	assert_true(session_is_due(there));
	feed_owed_seen(b->w->node.ledger);
	assert_true(session_is_due(there)); /* until it was pumped */
	assert_int_equal(world_carry(s), 0);
	assert_int_equal(
	    world_count(s, "SELECT count(*) FROM v_patient"), PATIENTS + 1);
	world_cut(s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(test_bulk__signatures_wait_until_the_patient_is_used),
	    T(test_bulk__an_idle_terminal_checks_the_rest),
	    T(test_bulk__assignments_come_in_any_order),
	    T(test_bulk__a_bad_signature_is_evidence),
	    T(test_bulk__a_false_proof_ends_the_session),
	    T(test_session__a_tick_of_before_is_no_silence),
	    T(test_session__is_due_when_its_feed_has_grown),
	};

	return cmocka_run_group_tests_name("bulk", tests, NULL, NULL);
}
