/*
 * branch_test.c - a terminal's disk was put back to an older copy, on which
 * its person went on working: what contradicts is kept as a branch, without
 * effect, and a supervisor's release lets the person's new seat say it again.
 */
#define _GNU_SOURCE
#include "tests/world.h"

#include "core/err.h"
#include "sync/branch.h"
#include "sync/ledger_impl.h"

#define LEASE_S (80 * 3600) /* more than a lease lasts */

struct ward {
	struct world *w;
	struct world_seat *a, *b, *s;
	struct id p;
	char *copy; /* of a's disk */
	size_t copy_len;
	struct hash tip;
};

static void sync_others(struct ward *d)
{
	for (int k = 0; k < 4; k++)
		for (int i = 0; i < d->w->count; i++)
			if (&d->w->seats[i] != d->a)
				assert_int_equal(
				    world_sync(&d->w->seats[i]), 0);
}

static void put_file(const char *path, const char *data, size_t n)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static uint64_t note(
    struct world_seat *seat, const struct id *p, const char *text)
{
	char json[100];

	snprintf(json, sizeof(json), "{\"text\":\"%s\"}", text);
	return world_say(seat, KIND_NOTE_ADDED, p, json);
}

/* On the older copy: a promise that is kept in the next record, a note that
 * is taken back, and past the lease a note under a key of its own. */
static void work_on_the_branch(struct ward *d)
{
	char json[300], ref[REF_TEXT];
	struct ref promise = {.seat = d->a->me->seat, .index = 1};
	uint64_t undone;

	note(d->a, &d->p, "分支所写");
	promise.seq = world_say(d->a, KIND_CALLBACK_PROMISED, &d->p,
	    "{\"due_s\":1795400000,\"owner\":\"A017\"}");
	ref_text(ref, &promise);
	snprintf(json, sizeof(json),
	    "{\"callback\":\"%s\",\"result\":\"kept\"}", ref);
	world_say(d->a, KIND_CALLBACK_KEPT, &d->p, json);
	undone = note(d->a, &d->p, "写错了");
	assert_int_equal(ledger_undo(d->a->ledger, &d->a->me->seat, undone), 0);
	d->a->env.now_s += LEASE_S;
	note(d->a, &d->p, "租约之后");
	d->a->env.now_s -= LEASE_S;
	d->tip = d->a->ledger->head.name.hash;
}

static int setup(void **state)
{
	struct ward *d = calloc(1, sizeof(*d));

	d->w = world_new(31);
	d->a = world_join(d->w, "A017", "agent");
	d->b = world_join(d->w, "A012", "agent");
	d->s = world_join(d->w, "S002", "supervisor");
	d->p = world_patient(d->w, "甲", "A017");
	sync_others(d);
	assert_int_equal(world_sync(d->a), 0);
	assert_int_equal(world_sync(d->a), 0);
	note(d->a, &d->p, "从前");
	assert_int_equal(world_sync(d->a), 0);
	world_close(d->a);
	d->copy = test_read_file(d->a->path, &d->copy_len);
	world_open(d->a);
	note(d->a, &d->p, "中心所收");
	assert_int_equal(world_sync(d->a), 0);
	world_close(d->a);
	put_file(d->a->path, d->copy, d->copy_len);
	world_open(d->a);
	work_on_the_branch(d);
	assert_int_equal(world_sync(d->a), ERR_FORK);
	sync_others(d);
	*state = d;
	return 0;
}

static int teardown(void **state)
{
	struct ward *d = *state;

	world_free(d->w);
	free(d->copy);
	free(d);
	return 0;
}

static int release(struct ward *d, const struct world_seat *to)
{
	char json[300], seat[ID_HEX], other[ID_HEX], tip[HASH_HEX];

	id_hex(seat, &d->a->me->seat);
	id_hex(other, &to->me->seat);
	hash_hex(tip, &d->tip);
	snprintf(json, sizeof(json),
	    "{\"seat\":\"%s\",\"to\":\"%s\",\"branch\":\"%s\"}", seat, other,
	    tip);
	world_say(d->s, KIND_BRANCH_RELEASED, &d->w->roster, json);
	assert_int_equal(world_sync(d->s), 0);
	return (int)world_count(&d->w->node,
	    "SELECT verdict FROM entry WHERE kind ="
	    " 'branch.released' ORDER BY pos DESC LIMIT 1");
}

static void assert_notes(struct world_seat *seat, int before, int branch)
{
	assert_int_equal(
	    world_count(seat, "SELECT count(*) FROM v_note WHERE text "
			      "IN ('从前', '中心所收')"),
	    before);
	assert_int_equal(
	    world_count(seat, "SELECT count(*) FROM v_note WHERE text "
			      "IN ('分支所写', '租约之后')"),
	    branch);
	assert_int_equal(
	    world_count(
		seat, "SELECT count(*) FROM v_note WHERE text = '写错了'"),
	    0);
}

static void test_branch__is_kept_without_effect(void **state)
{
	struct ward *d = *state;
	struct branch_part *list = NULL;

	assert_int_equal(
	    branch_walk(&list, d->w->node.ledger, &d->a->me->seat, &d->tip), 6);
	assert_true(list[0].seq + 5 == list[5].seq);
	free(list);
	assert_notes(&d->w->node, 2, 0);
	assert_notes(d->s, 2, 0);
	assert_int_equal(
	    branch_walk(&list, d->w->node.ledger, &d->b->me->seat, &d->tip),
	    ERR_NOT_FOUND);
}

static void assert_said_again(struct ward *d, struct world_seat *anew)
{
	struct world_seat *const all[] = {&d->w->node, anew, d->s};
	char before[HASH_HEX], after[HASH_HEX];

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		assert_notes(all[i], 2, 2);
		/* The promise was kept under its new name. */
		assert_int_equal(
		    world_count(all[i], "SELECT count(*) FROM "
					"v_callback WHERE result = 'kept'"),
		    1);
		assert_int_equal(
		    world_count(all[i], "SELECT count(*) FROM v_branch"), 6);
		assert_int_equal(world_count(all[i], "SELECT sum(skipped) FROM "
						     "v_branch"),
		    0);
		world_digest(before, all[i]);
		assert_int_equal(ledger_rebuild(all[i]->ledger, NULL, NULL), 0);
		world_digest(after, all[i]);
		assert_string_equal(before, after);
	}
	/* Credited to the seat that says it, and marked. */
	assert_int_equal(
	    world_count(d->s,
		"SELECT count(*) FROM v_note n JOIN "
		"v_branch b ON b.by_seat = n.seat AND b.by_seq = CAST(substr("
		"n.ref, 34) AS INTEGER)"),
	    2);
	assert_int_equal(
	    world_count(&d->w->node, "SELECT count(*) FROM entry WHERE "
				     "verdict >= 3"),
	    0);
}

static void test_branch__a_release_lets_the_new_seat_say_it(void **state)
{
	struct ward *d = *state;
	struct world_seat *anew = world_join(d->w, "A017", "agent");
	int64_t records;

	sync_others(d);
	assert_notes(anew, 2, 0);
	assert_int_equal(release(d, anew), VERDICT_ADMITTED);
	sync_others(d);
	assert_said_again(d, anew);
	/* Once. */
	records = world_count(&d->w->node, "SELECT count(*) FROM record");
	sync_others(d);
	assert_int_equal(release(d, anew), VERDICT_ADMITTED);
	sync_others(d);
	assert_int_equal(
	    world_count(&d->w->node, "SELECT count(*) FROM record"),
	    records + 1);
	assert_said_again(d, anew);
}

/* What the new seat may not read stays where it is, and is counted. */
static void test_branch__what_is_not_readable_is_counted(void **state)
{
	struct ward *d = *state;
	struct world_seat *anew = world_join(d->w, "A017", "agent");

	world_move(d->s, &d->p, "A012");
	sync_others(d);
	assert_int_equal(release(d, anew), VERDICT_ADMITTED);
	sync_others(d);
	assert_notes(d->b, 2, 0);
	assert_int_equal(
	    world_count(d->s, "SELECT sum(skipped) FROM v_branch"), 6);
	assert_int_equal(
	    world_count(&d->w->node, "SELECT count(*) FROM fork"), 6);
}

static void test_branch__only_to_the_same_person(void **state)
{
	struct ward *d = *state;
	struct world_seat *anew = world_join(d->w, "A017", "agent");

	sync_others(d);
	assert_int_equal(release(d, d->b), VERDICT_HELD_SHAPE);
	assert_int_equal(release(d, d->a), VERDICT_HELD_SHAPE);
	sync_others(d);
	assert_notes(&d->w->node, 2, 0);
	/* Nor does an agent release. */
	assert_int_equal(
	    world_try(anew, KIND_BRANCH_RELEASED, &d->w->roster,
		"{\"seat\":\"00000000000000000000000000000000\",\"to\":"
		"\"00000000000000000000000000000000\",\"branch\":"
		"\"00000000000000000000000000000000"
		"00000000000000000000000000000000\"}"),
	    ERR_NOT_PERMITTED);
}

/* A seat takes nothing that was not released to it. */
static void test_branch__nobody_elses(void **state)
{
	struct ward *d = *state;
	struct world_seat *anew = world_join(d->w, "A017", "agent");
	char json[400], seat[ID_HEX], tip[HASH_HEX];

	sync_others(d);
	id_hex(seat, &d->a->me->seat);
	hash_hex(tip, &d->tip);
	snprintf(json, sizeof(json),
	    "{\"seat\":\"%s\",\"seq\":7,\"record\":"
	    "\"%s\",\"skipped\":0,\"entries\":[]}",
	    seat, tip);
	world_say(anew, KIND_BRANCH_TAKEN, &d->w->roster, json);
	assert_int_equal(world_sync(anew), 0);
	assert_int_equal(
	    world_count(&d->w->node, "SELECT verdict FROM entry WHERE "
				     "kind = 'branch.taken'"),
	    VERDICT_HELD_SHAPE);
	assert_int_equal(
	    world_count(&d->w->node, "SELECT count(*) FROM v_branch"), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(test_branch__is_kept_without_effect),
	    T(test_branch__a_release_lets_the_new_seat_say_it),
	    T(test_branch__what_is_not_readable_is_counted),
	    T(test_branch__only_to_the_same_person),
	    T(test_branch__nobody_elses),
	};

	return cmocka_run_group_tests_name("branch", tests, NULL, NULL);
}
