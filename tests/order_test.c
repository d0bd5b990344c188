/*
 * order_test.c - the centre's order when a record that had got its place is
 * taken back: no hole, and what stays is signed for.
 */
#include "tests/world.h"

#include "core/err.h"

/* Rows that are in the way of what each seat is owed next: the last thing
 * that a record writes, so that it had its place before it is refused. */
static const char refuse[] =
    "INSERT INTO feed (seat, n, what, chain) SELECT seat, max(n) + 1, 9, "
    "chain FROM feed GROUP BY seat";
static const char allow[] = "DELETE FROM feed WHERE what = 9";

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

/* Places without a hole, each the place of one record, and the newest
 * checkpoint speaks for all of them. */
static void assert_order(struct world *w, int64_t grown_by, int64_t from)
{
	struct store *s = w->node.store;
	int64_t n = test_scalar(s, "SELECT count(*) FROM leaf");

	assert_int_equal(n, from + grown_by);
	assert_int_equal(test_scalar(s, "SELECT max(pos) FROM leaf"), n - 1);
	assert_int_equal(
	    test_scalar(s, "SELECT count(*) FROM record WHERE pos NOT NULL"),
	    n);
	assert_int_equal(test_scalar(s, "SELECT max(size) FROM checkpoint"), n);
}

static int say(struct world *w, const char *name)
{
	char json[64];
	struct draft d = {0};
	json_t *body;
	int r;

	snprintf(json, sizeof(json), "{\"name\":\"%s\"}", name);
	assert_int_equal(json_load(&body, json, strlen(json), 100), 0);
	draft_add(&d, KIND_TEAM_SET, &w->team, body);
	r = ledger_add(w->node.ledger, &d, NULL);
	draft_fini(&d);
	return r;
}

static void test_order__an_own_record_taken_back_leaves_no_hole(void **state)
{
	struct world *w = *state;
	int64_t n = test_scalar(w->node.store, "SELECT count(*) FROM leaf");
	uint64_t next = ledger_next_seq(w->node.ledger);

	assert_int_equal(ledger_begin(w->node.ledger), 0);
	assert_int_equal(say(w, "甲"), 0);
	assert_int_equal(test_exec(w->node.store, refuse), 0);
	assert_int_equal(say(w, "乙"), ERR_STALE);
	assert_int_equal(test_exec(w->node.store, allow), 0);
	assert_int_equal(say(w, "丙"), 0);
	assert_int_equal(ledger_commit(w->node.ledger), 0);
	assert_int_equal(ledger_next_seq(w->node.ledger), next + 2);
	assert_order(w, 2, n);
	/* The same when nothing follows the one that was taken back. */
	assert_int_equal(ledger_begin(w->node.ledger), 0);
	assert_int_equal(say(w, "丁"), 0);
	assert_int_equal(test_exec(w->node.store, refuse), 0);
	assert_int_equal(say(w, "戊"), ERR_STALE);
	assert_int_equal(test_exec(w->node.store, allow), 0);
	assert_int_equal(ledger_commit(w->node.ledger), 0);
	assert_order(w, 3, n);
}

/* One message after another reaches the node; the result of the last. */
static int give(struct world_seat *a)
{
	struct reader in = reader_of(a->to_node.data, a->to_node.len);
	const uint8_t *msg;
	size_t n;
	int r;

	msg = reader_block(&in, &n, 1 << 20);
	assert_non_null(msg);
	r = session_message(a->there, msg, n);
	buf_consume(&a->to_node, n + 4);
	return r;
}

/* A session, and hello both ways. */
static void greet(struct world_seat *a)
{
	int r = 0;

	world_connect(a);
	assert_int_equal(session_pump(a->here), 0);
	assert_int_equal(give(a), 0);
	assert_int_equal(ledger_commit(a->world->node.ledger), 0);
	while (world_step_seat(&r, a))
		assert_int_equal(r, 0);
}

/* The first of two is entered, the second has its place and is refused. */
static void give_two(struct world_seat *a)
{
	greet(a);
	assert_int_equal(give(a), 0);
	assert_int_equal(test_exec(a->world->node.store, refuse), 0);
	assert_int_equal(give(a), ERR_STALE);
}

/* The first record ever that cannot be entered takes the batch with it, and
 * every session; from then on what else is in a batch stays and is signed
 * for, and what was refused comes again. */
static void test_order__what_stays_of_a_batch_is_signed_for(void **state)
{
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");
	struct id p = world_patient(w, "欧阳建国", "A017");
	int64_t n;

	assert_int_equal(world_sync(a), 0);
	n = test_scalar(w->node.store, "SELECT count(*) FROM leaf");
	world_say(a, KIND_NOTE_ADDED, &p, "{\"text\":\"1\"}");
	world_say(a, KIND_NOTE_ADDED, &p, "{\"text\":\"2\"}");
	give_two(a);
	assert_int_equal(session_pump(a->there), ERR_IO); /* void */
	world_cut(a);
	assert_order(w, 0, n);
	give_two(a);
	assert_int_equal(test_exec(w->node.store, allow), 0);
	world_cut(a); /* commits what others gave */
	assert_order(w, 1, n);
	assert_int_equal(world_sync(a), 0);
	assert_order(w, 2, n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_order__an_own_record_taken_back_leaves_no_hole, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(
		test_order__what_stays_of_a_batch_is_signed_for, setup,
		teardown),
	};

	return cmocka_run_group_tests_name("order", tests, NULL, NULL);
}
