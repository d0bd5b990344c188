/*
 * session_hostile_test.c - a peer that holds the right keys and still says
 * wrong things.
 */
#include "tests/world.h"

#include "core/err.h"
#include "core/stmt.h"
#include "keys/hash.h"
#include "keys/sign.h"
#include "sync/wire.h"

#define NOTES 110

static int setup(void **state)
{
	*state = world_new(3);
	return 0;
}

static int teardown(void **state)
{
	world_free(*state);
	return 0;
}

static struct hash name_of(struct world_seat *seat, uint64_t seq)
{
	struct stmt *q = store_query(seat->store, Q_RECORD_GET);
	struct hash name;

	stmt_bind_id(q, ":seat", &seat->me->seat);
	stmt_bind_int(q, ":seq", (int64_t)seq);
	assert_int_equal(stmt_step(q), 1);
	assert_true(stmt_hash(&name, q, 0));
	stmt_reset(q);
	return name;
}

/* A receipt as only the node can sign it. */
static void sign_receipt(struct buf *out, struct world_seat *seat, uint64_t seq)
{
	struct msg_receipt m = {.seat = seat->me->seat, .seq = seq};
	struct buf text = {0};
	size_t n;
	const char *prefix = prefix_bytes(&n, PREFIX_RECEIPT);

	m.record = name_of(seat, seq);
	buf_add(&text, prefix, n);
	buf_add(&text, seat->world->org.b, 16);
	buf_add(&text, m.seat.b, 16);
	buf_u64(&text, m.seq);
	buf_add(&text, m.record.b, 32);
	sign_detached(
	    m.signature, seat->world->node.me->sign, text.data, text.len);
	wire_receipt(out, &m);
	buf_fini(&text);
}

/* The first message under way, which stays there. */
static const uint8_t *first_of(size_t *n, const struct buf *way)
{
	struct reader in = reader_of(way->data, way->len);

	return reader_block(&in, n, 1 << 20);
}

/* HELLO, then all that the centre answers at once: welcome and basis. */
static void greet(struct world_seat *a)
{
	size_t n;
	const uint8_t *msg = first_of(&n, &a->to_node);
	struct reader in;

	assert_int_equal(session_message(a->there, msg, n), 0);
	in = reader_of(a->to_seat.data, a->to_seat.len);
	while (reader_left(&in) > 0) {
		msg = reader_block(&in, &n, 1 << 20);
		assert_int_equal(session_message(a->here, msg, n), 0);
	}
	buf_clear(&a->to_node);
	buf_clear(&a->to_seat);
	assert_int_equal(ledger_commit(a->ledger), 0);
}

/* Records that were carried by hand are receipted before this session gave
 * them: the window must not grow by as many. */
static void test_session__receipt_ahead_of_what_was_given(void **state)
{
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");
	struct id p;
	struct buf receipt = {0};
	uint64_t seq = 0;

	assert_int_equal(world_sync(a), 0);
	p = world_patient(w, "欧阳建国", "A017");
	assert_int_equal(world_sync(a), 0);
	for (int i = 0; i < NOTES; i++)
		seq = world_say(a, KIND_NOTE_ADDED, &p, "{\"text\":\"x\"}");
	world_connect(a);
	greet(a);
	sign_receipt(&receipt, a, seq - NOTES + 30);
	assert_int_equal(
	    session_message(a->here, receipt.data, receipt.len), 0);
	assert_int_equal(ledger_commit(a->ledger), 0);
	assert_int_equal(session_pump(a->here), 0);
	int given = 0;
	struct reader in = reader_of(a->to_node.data, a->to_node.len);
	while (reader_left(&in) > 0) {
		size_t n;
		const uint8_t *msg = reader_block(&in, &n, 1 << 20);
		assert_int_equal(wire_peek(msg, n), MSG_GIVE);
		given++;
	}
	assert_int_equal(given, 64);
	buf_fini(&receipt);
	world_cut(a);
}

/* A terminal that lost its disk's tail, and much of it: its records come
 * back some at a time, then the receipt. */
static void test_session__gives_back_a_window_at_a_time(void **state)
{
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");
	char cmd[13000];
	struct id p;
	size_t before;

	assert_int_equal(world_sync(a), 0);
	p = world_patient(w, "欧阳建国", "A017");
	assert_int_equal(world_sync(a), 0);
	world_close(a);
	snprintf(cmd, sizeof(cmd), "cp '%s' '%s.old'", a->path, a->path);
	assert_int_equal(system(cmd), 0);
	world_open(a);
	for (int i = 0; i < NOTES; i++)
		world_say(a, KIND_NOTE_ADDED, &p, "{\"text\":\"x\"}");
	assert_int_equal(world_sync(a), 0);
	world_close(a);
	snprintf(cmd, sizeof(cmd), "cp '%s.old' '%s' && rm -f '%s-wal'",
	    a->path, a->path, a->path);
	assert_int_equal(system(cmd), 0);
	world_open(a);
	world_connect(a);
	size_t n;
	const uint8_t *msg = first_of(&n, &a->to_node);
	assert_int_equal(session_message(a->there, msg, n), 0);
	buf_clear(&a->to_node);
	assert_int_equal(ledger_commit(w->node.ledger), 0);
	session_committed(a->there);
	int back = 0;
	struct reader in = reader_of(a->to_seat.data, a->to_seat.len);
	while (reader_left(&in) > 0) {
		msg = reader_block(&in, &n, 1 << 20);
		assert_int_not_equal(wire_peek(msg, n), MSG_RECEIPT);
		back += wire_peek(msg, n) == MSG_RECORD;
	}
	assert_int_equal(back, 64);
	before = a->to_seat.len;
	assert_int_equal(session_pump(a->there), 0);
	assert_true(a->to_seat.len > before);
	assert_int_equal(world_carry(a), 0);
	assert_int_equal(
	    test_scalar(a->store, "SELECT count(*) FROM record WHERE state = "
				  "0"),
	    0);
	assert_int_equal(
	    test_scalar(a->store, "SELECT count(*) FROM v_note"), NOTES);
	world_cut(a);
}

/* What one seat gives of another's is nobody's to give. */
static void test_session__a_record_of_another_seat(void **state)
{
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");
	struct world_seat *b = world_join(w, "A012", "agent");
	struct buf kept = {0};
	const uint8_t *msg;
	struct id p;
	size_t n = 0;

	assert_int_equal(world_sync(a), 0);
	assert_int_equal(world_sync(b), 0);
	p = world_patient(w, "欧阳建国", "A017");
	assert_int_equal(world_sync(a), 0);
	world_say(a, KIND_NOTE_ADDED, &p, "{\"text\":\"x\"}");
	world_connect(a);
	greet(a);
	assert_int_equal(session_pump(a->here), 0);
	msg = first_of(&n, &a->to_node);
	assert_int_equal(wire_peek(msg, n), MSG_GIVE);
	buf_add(&kept, msg, n);
	world_cut(a);
	world_connect(b);
	msg = first_of(&n, &b->to_node);
	assert_int_equal(session_message(b->there, msg, n), 0);
	assert_int_equal(
	    session_message(b->there, kept.data, kept.len), ERR_NOT_PERMITTED);
	world_cut(b);
	buf_fini(&kept);
	assert_int_equal(world_sync(a), 0);
}

/* A hole: nothing of it is stored, and the seat is told from where to go. */
static void test_session__a_record_with_a_hole(void **state)
{
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");
	const uint8_t *msg;
	struct reader in;
	struct id p;
	size_t n = 0;
	int64_t before;

	assert_int_equal(world_sync(a), 0);
	p = world_patient(w, "欧阳建国", "A017");
	assert_int_equal(world_sync(a), 0);
	world_say(a, KIND_NOTE_ADDED, &p, "{\"text\":\"1\"}");
	world_say(a, KIND_NOTE_ADDED, &p, "{\"text\":\"2\"}");
	before = test_scalar(w->node.store, "SELECT count(*) FROM record");
	world_connect(a);
	greet(a);
	assert_int_equal(session_pump(a->here), 0);
	in = reader_of(a->to_node.data, a->to_node.len);
	msg = reader_block(&in, &n, 1 << 20);
	msg = reader_block(&in, &n, 1 << 20); /* the second one first */
	assert_int_equal(session_message(a->there, msg, n), 0);
	assert_int_equal(session_gaps(a->there), 1);
	assert_int_equal(ledger_commit(w->node.ledger), 0);
	assert_int_equal(
	    test_scalar(w->node.store, "SELECT count(*) FROM record"), before);
	msg = first_of(&n, &a->to_seat);
	assert_int_equal(wire_peek(msg, n), MSG_WELCOME);
	world_cut(a);
	assert_int_equal(world_sync(a), 0);
	assert_int_equal(
	    test_scalar(w->node.store, "SELECT count(*) FROM record"),
	    before + 2);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_session__receipt_ahead_of_what_was_given, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_session__gives_back_a_window_at_a_time, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_session__a_record_of_another_seat, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_session__a_record_with_a_hole, setup, teardown),
	};
	return cmocka_run_group_tests_name(
	    "session_hostile", tests, NULL, NULL);
}
