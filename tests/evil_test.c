/*
 * evil_test.c - a centre that lies in a session: it withholds, reorders,
 * replays, forges (another history: evil_history_test.c). Each lie is refused,
 * changes nothing, and is kept; an honest centre afterwards finds a terminal
 * that works.
 */
#include "tests/world.h"

#include "core/err.h"
#include "core/id.h"
#include "sync/alarm.h"
#include "sync/wire.h"
#include "sync/wire_bulk.h"

#define MESSAGES 64

/* ---- one session, message by message ------------------------------------ */

struct talk {
	struct world *w;
	struct world_seat *a;
	struct id patient;
	struct buf says[MESSAGES]; /* of the centre */
	int count;
	char before[HASH_HEX];
};

static int setup_talk(void **state)
{
	struct talk *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	t->w = world_new(11);
	t->a = world_join(t->w, "A017", "agent");
	assert_int_equal(world_sync(t->a), 0);
	t->patient = world_patient(t->w, "欧阳建国", "A017");
	assert_int_equal(world_sync(t->a), 0);
	*state = t;
	return 0;
}

static int teardown_talk(void **state)
{
	struct talk *t = *state;

	for (int i = 0; i < t->count; i++)
		buf_fini(&t->says[i]);
	world_free(t->w);
	free(t);
	return 0;
}

static void add_news(struct talk *t)
{
	world_say(t->a, KIND_NOTE_ADDED, &t->patient, "{\"text\":\"x\"}");
	assert_int_equal(world_sync(t->a), 0);
	world_patient(t->w, "司马光", "A017");
	world_patient(t->w, "诸葛明", "A017");
}

static void keep_said(struct talk *t)
{
	struct buf *said = &t->a->to_seat;
	struct reader in = reader_of(said->data, said->len);
	const uint8_t *msg;
	size_t n;

	while (reader_left(&in) > 0) {
		msg = reader_block(&in, &n, 1 << 20);
		assert_true(msg && t->count < MESSAGES);
		buf_add(&t->says[t->count++], msg, n);
	}
	buf_clear(said);
}

/* All that the centre would say. */
static void listen_now(struct talk *t)
{
	struct world_seat *a = t->a;
	int r = 0;

	world_digest(t->before, a);
	world_connect(a);
	while (world_step_node(&r, a))
		assert_int_equal(r, 0);
	keep_said(t);
}

static void listen_to_centre(struct talk *t)
{
	add_news(t);
	listen_now(t);
}

/* The terminal hears what was prepared; an error takes everything back. */
static int hear(struct talk *t)
{
	int r = 0;

	for (int i = 0; r == 0 && i < t->count; i++)
		r = session_message(
		    t->a->here, t->says[i].data, t->says[i].len);
	if (r == 0)
		r = ledger_commit(t->a->ledger);
	else
		ledger_rollback(t->a->ledger);
	world_cut(t->a);
	return r;
}

static int find(const struct talk *t, enum msg kind, int nth)
{
	for (int i = 0; i < t->count; i++)
		if (wire_peek(t->says[i].data, t->says[i].len) == kind &&
		    nth-- == 0)
			return i;
	fail_msg("the centre says no such message");
	return -1;
}

/* Refused as the centre's fault, nothing changed, and honesty mends it. */
static void expect_refused(struct talk *t, int code)
{
	char after[HASH_HEX];
	int r = hear(t);

	assert_int_equal(r, code);
	assert_true(alarm_is_one(r));
	world_digest(after, t->a);
	assert_string_equal(after, t->before);
	assert_int_equal(world_sync(t->a), 0);
	assert_int_equal(
	    test_scalar(t->a->store, "SELECT count(*) FROM v_patient"), 3);
}

static void test_evil__the_truth_is_taken(void **state)
{
	struct talk *t = *state;

	listen_to_centre(t);
	assert_int_equal(hear(t), 0);
	assert_int_equal(
	    test_scalar(t->a->store, "SELECT count(*) FROM v_patient"), 3);
}

static void test_evil__items_out_of_order(void **state)
{
	struct talk *t = *state;
	struct buf first;
	int a, b;

	listen_to_centre(t);
	a = find(t, MSG_RECORD, 0);
	b = find(t, MSG_RECORD, 1);
	first = t->says[a];
	t->says[a] = t->says[b];
	t->says[b] = first;
	expect_refused(t, ERR_PROTOCOL);
}

static void test_evil__an_item_withheld(void **state)
{
	struct talk *t = *state;

	listen_to_centre(t);
	buf_fini(&t->says[find(t, MSG_RECORD, 0)]);
	for (int i = find(t, MSG_WELCOME, 0), n = 0; i < t->count; i++)
		if (t->says[i].len)
			t->says[n++] = t->says[i];
		else if (i == t->count - 1)
			break;
	t->count--;
	expect_refused(t, ERR_PROTOCOL);
}

static void test_evil__an_item_replayed(void **state)
{
	struct talk *t = *state;
	struct buf *again;

	listen_to_centre(t);
	again = &t->says[find(t, MSG_RECORD, 0)];
	buf_add(&t->says[t->count], again->data, again->len);
	t->count++;
	expect_refused(t, ERR_PROTOCOL);
}

/* A patient of several records is given as a whole: one of them is left out
 * and another said twice, so that their number is right. */
static void test_evil__one_part_for_another(void **state)
{
	struct talk *t = *state;
	struct buf *lost, *again;

	add_news(t);
	world_move(&t->w->node, &t->patient, "");
	assert_int_equal(world_sync(t->a), 0);
	world_move(&t->w->node, &t->patient, "A017");
	listen_now(t);
	lost = &t->says[find(t, MSG_PART, 0)];
	again = &t->says[find(t, MSG_PART, 1)];
	buf_clear(lost);
	buf_add(lost, again->data, again->len);
	assert_int_equal(hear(t), ERR_PROTOCOL);
	assert_int_equal(world_sync(t->a), 0);
	assert_int_equal(
	    test_scalar(t->a->store, "SELECT count(*) FROM v_patient"), 3);
	assert_int_equal(
	    test_scalar(t->a->store, "SELECT count(*) FROM v_note"), 1);
}

/* Goes on until nothing is under way and the terminal asks for proofs. */
static int rest(struct talk *t)
{
	struct world_seat *a = t->a;
	int r = 0;

	for (int i = 0; r == 0 && i < t->count; i++) {
		r = session_message(a->here, t->says[i].data, t->says[i].len);
		a->dirty_seat = true;
	}
	if (r == 0)
		r = world_carry(a);
	for (int i = 0; r == 0 && i < 3; i++) {
		a->env.mono_ms += 31000;
		r = session_tick(a->here, a->env.mono_ms);
		if (r == 0)
			r = world_carry(a);
	}
	if (r < 0)
		ledger_rollback(a->ledger);
	world_cut(a);
	return r;
}

/* In a short feed verdicts come without proof: it is asked for at rest. */
static void lie_about_verdict(struct talk *t, int item, uint8_t verdict)
{
	struct msg_record m;
	struct buf *msg = &t->says[item], told = {0};
	bool is_part = wire_peek(msg->data, msg->len) == MSG_PART;

	assert_int_equal(wire_read_record(&m, msg->data, msg->len), 0);
	assert_int_equal(m.leaf.verdicts[0], VERDICT_ADMITTED);
	m.leaf.verdicts[0] = verdict;
	(is_part ? wire_part : wire_record)(&told, &m);
	buf_fini(msg);
	*msg = told;
}

#define HELD_HERE "SELECT count(*) FROM entry WHERE verdict > 1"

/* Whatever was held before was held rightly. */
static void expect_verdict_proved(struct talk *t, int64_t held)
{
	assert_int_equal(rest(t), ERR_UNPROVED);
	assert_int_equal(test_scalar(t->a->store, HELD_HERE), held);
	assert_int_equal(world_sync(t->a), 0);
	assert_int_equal(
	    test_scalar(t->a->store, "SELECT count(*) FROM v_patient"), 3);
	assert_int_equal(
	    test_scalar(t->a->store, "SELECT count(*) FROM v_note"), 1);
}

static void test_evil__a_verdict_of_another_in_a_short_feed(void **state)
{
	struct talk *t = *state;

	listen_to_centre(t);
	lie_about_verdict(t, find(t, MSG_PART, 0), VERDICT_HELD_ASSIGNMENT);
	expect_verdict_proved(t, 0);
}

/* The terminal takes what has come; how often it was lied to about a record
 * of its own. */
static int pass_on_lying(struct talk *t)
{
	static struct msg_record m;
	int lies = 0;

	for (int i = 0; i < t->count; i++)
		buf_fini(&t->says[i]);
	t->count = 0;
	keep_said(t);
	for (int i = 0; i < t->count; i++) {
		const struct buf *msg = &t->says[i];
		if (wire_peek(msg->data, msg->len) == MSG_RECORD &&
		    wire_read_record(&m, msg->data, msg->len) == 0 &&
		    m.give.frame_len == 0) {
			lie_about_verdict(t, i, VERDICT_HELD_LEASE);
			lies++;
		}
		assert_int_equal(session_message(t->a->here, t->says[i].data,
				     t->says[i].len),
		    0);
	}
	for (int i = 0; i < t->count; i++)
		buf_fini(&t->says[i]);
	t->count = 0;
	return lies;
}

/* What the agent said counts for nothing, the centre says. */
static void test_evil__a_verdict_of_ones_own(void **state)
{
	struct talk *t = *state;
	struct world_seat *a = t->a;
	int r = 0, lies = 0;

	world_patient(t->w, "司马光", "A017");
	world_patient(t->w, "诸葛明", "A017");
	world_say(a, KIND_NOTE_ADDED, &t->patient, "{\"text\":\"x\"}");
	world_connect(a);
	for (int i = 0; i < 20; i++) {
		while (world_step_node(&r, a))
			assert_int_equal(r, 0);
		lies += pass_on_lying(t);
		a->dirty_seat = true;
		while (world_step_seat(&r, a))
			assert_int_equal(r, 0);
	}
	assert_int_equal(lies, 1);
	assert_int_equal(test_scalar(a->store, HELD_HERE), 1);
	assert_int_equal(
	    test_scalar(a->store, "SELECT count(*) FROM v_note"), 0);
	expect_verdict_proved(t, 0);
}

/* The feed comes before the centre has shown that its order grew. */
static void test_evil__a_feed_that_rests_on_nothing(void **state)
{
	struct talk *t = *state;
	int basis;

	listen_to_centre(t);
	basis = find(t, MSG_BASIS, 0);
	assert_int_equal(basis, find(t, MSG_WELCOME, 0) + 1);
	buf_fini(&t->says[basis]);
	t->count--;
	memmove(&t->says[basis], &t->says[basis + 1],
	    (size_t)(t->count - basis) * sizeof(t->says[0]));
	t->says[t->count] = (struct buf){0};
	expect_refused(t, ERR_UNPROVED);
}

/* An item has a place that no checkpoint of the session covers. */
static void test_evil__a_place_beyond_what_was_shown(void **state)
{
	struct talk *t = *state;
	struct buf *msg, told = {0};
	struct msg_record m;

	listen_to_centre(t);
	msg = &t->says[find(t, MSG_RECORD, 0)];
	assert_int_equal(wire_read_record(&m, msg->data, msg->len), 0);
	m.leaf.pos = (uint64_t)test_scalar(
	    t->w->node.store, "SELECT max(size) FROM checkpoint");
	wire_record(&told, &m);
	buf_fini(msg);
	*msg = told;
	expect_refused(t, ERR_UNPROVED);
}

/* Every byte of a record's signed part: none is taken. */
static void test_evil__a_record_changed(void **state)
{
	struct talk *t = *state;
	struct msg_record m;
	struct buf *says;
	size_t at, end;
	int refused = 0;

	listen_to_centre(t);
	says = &t->says[find(t, MSG_RECORD, 0)];
	assert_int_equal(wire_read_record(&m, says->data, says->len), 0);
	at = (size_t)(m.give.frame - says->data);
	end = at + m.give.frame_len;
	for (; at < end; at += 7, refused++) {
		int r = 0;
		says->data[at] ^= 0x20;
		r = session_message(
		    t->a->here, t->says[0].data, t->says[0].len);
		for (int i = 1; r == 0 && i < t->count; i++)
			r = session_message(
			    t->a->here, t->says[i].data, t->says[i].len);
		if (!alarm_is_one(r))
			fail_msg("byte %zu: %d", at, r);
		ledger_rollback(t->a->ledger);
		says->data[at] ^= 0x20;
		world_cut(t->a);
		world_connect(t->a);
		/* The binding is this session's: let the centre say it. */
		while (world_step_node(&r, t->a))
			assert_int_equal(r, 0);
		struct reader in =
		    reader_of(t->a->to_seat.data, t->a->to_seat.len);
		for (int i = 0; i < t->count; i++) {
			size_t n;
			const uint8_t *msg = reader_block(&in, &n, 1 << 20);
			buf_clear(&t->says[i]);
			buf_add(&t->says[i], msg, n);
		}
		buf_clear(&t->a->to_seat);
	}
	assert_true(refused > 20);
	world_cut(t->a);
	assert_int_equal(world_sync(t->a), 0);
}

static void test_evil__a_forged_receipt(void **state)
{
	struct talk *t = *state;
	struct buf *says;

	listen_to_centre(t);
	says = &t->says[find(t, MSG_RECEIPT, 0)];
	says->data[says->len - 1] ^= 1;
	expect_refused(t, ERR_SIGNATURE);
}

static void test_evil__a_welcome_of_another_day(void **state)
{
	struct talk *t = *state;
	struct buf old = {0}, *now;

	listen_to_centre(t);
	now = &t->says[find(t, MSG_WELCOME, 0)];
	buf_add(&old, now->data, now->len);
	assert_int_equal(hear(t), 0);
	for (int i = 0; i < t->count; i++)
		buf_fini(&t->says[i]);
	t->count = 0;
	t->a->env.mono_ms += 1000;
	listen_to_centre(t);
	now = &t->says[find(t, MSG_WELCOME, 0)];
	now->data[17 + 8] ^= 1; /* the binding covers every field */
	assert_int_equal(hear(t), ERR_SIGNATURE);
	buf_fini(&old);
}

static void test_evil__a_changed_checkpoint(void **state)
{
	struct talk *t = *state;
	struct msg_checkpoint m;
	struct buf *says;

	add_news(t);
	assert_int_equal(world_sync(t->a), 0);
	listen_now(t);
	says = &t->says[find(t, MSG_CHECKPOINT, 0)];
	assert_int_equal(wire_read_checkpoint(&m, says->data, says->len), 0);
	says->data[m.note - says->data + 60] ^= 1;
	expect_refused(t, ERR_SIGNATURE);
}

int main(void)
{
#define TALK(name)                                                             \
	cmocka_unit_test_setup_teardown(name, setup_talk, teardown_talk)
	const struct CMUnitTest talks[] = {
	    TALK(test_evil__the_truth_is_taken),
	    TALK(test_evil__items_out_of_order),
	    TALK(test_evil__an_item_withheld),
	    TALK(test_evil__an_item_replayed),
	    TALK(test_evil__one_part_for_another),
	    TALK(test_evil__a_feed_that_rests_on_nothing),
	    TALK(test_evil__a_place_beyond_what_was_shown),
	    TALK(test_evil__a_verdict_of_another_in_a_short_feed),
	    TALK(test_evil__a_verdict_of_ones_own),
	    TALK(test_evil__a_record_changed),
	    TALK(test_evil__a_forged_receipt),
	    TALK(test_evil__a_welcome_of_another_day),
	    TALK(test_evil__a_changed_checkpoint),
	};

	return cmocka_run_group_tests_name("evil", talks, NULL, NULL);
}
