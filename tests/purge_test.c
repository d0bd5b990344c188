/*
 * purge_test.c - the seat's own boxes of a patient who left it: kept until
 * the centre says that a backup covers them, and back with the patient.
 */
#include "tests/world.h"

#include "core/err.h"
#include "core/shelf.h"
#include "sync/ledger_impl.h"

struct ward {
	struct world *w;
	struct world_seat *a, *b, *s;
	struct id p, other;
	uint64_t about_p, about_other; /* records of a */
};

static void sync_all(struct ward *d)
{
	for (int k = 0; k < 3; k++)
		for (int i = 0; i < d->w->count; i++)
			assert_int_equal(world_sync(&d->w->seats[i]), 0);
}

static int setup(void **state)
{
	struct ward *d = calloc(1, sizeof(*d));

	d->w = world_new(21);
	d->a = world_join(d->w, "A017", "agent");
	d->b = world_join(d->w, "A012", "agent");
	d->s = world_join(d->w, "S002", "supervisor");
	d->p = world_patient(d->w, "甲", "A017");
	d->other = world_patient(d->w, "乙", "A017");
	sync_all(d);
	d->about_p =
	    world_say(d->a, KIND_NOTE_ADDED, &d->p, "{\"text\":\"自己写的\"}");
	d->about_other =
	    world_say(d->a, KIND_NOTE_ADDED, &d->other, "{\"text\":\"x\"}");
	sync_all(d);
	*state = d;
	return 0;
}

static void move_to(struct ward *d, const char *member)
{
	world_move(d->s, &d->p, member);
	sync_all(d);
}

static int teardown(void **state)
{
	struct ward *d = *state;

	world_free(d->w);
	free(d);
	return 0;
}

/* As `suifang-node backup` does when it has verified one. */
static void backed_up(struct ward *d)
{
	assert_int_equal(store_meta_set_int(d->w->node.store, LEDGER_BACKED,
			     (int64_t)d->w->node.ledger->order.size),
	    0);
	/* It is told with the next checkpoint. */
	world_say(d->s, KIND_NOTE_ADDED, &d->other, "{\"text\":\"y\"}");
	sync_all(d);
}

static size_t box_len(struct ward *d, uint64_t seq)
{
	struct ledger *l = d->a->ledger;

	assert_int_equal(ledger_load_record(l, &d->a->me->seat, seq), 0);
	return l->boxes.len[0];
}

#define NOTES "SELECT count(*) FROM v_note WHERE text = '自己写的'"

static void assert_left(struct ward *d)
{
	assert_int_equal(box_len(d, d->about_p), 0);
	assert_true(box_len(d, d->about_other) > 0);
	assert_int_equal(world_count(d->a, NOTES), 0);
	assert_int_equal(world_count(d->b, NOTES), 1);
}

static void test_purge__own_boxes_stay_until_a_backup(void **state)
{
	struct ward *d = *state;

	move_to(d, "A012");
	assert_int_equal(world_count(d->a, NOTES), 0);
	assert_true(box_len(d, d->about_p) > 0);
	backed_up(d);
	assert_left(d);
}

static void test_purge__covered_boxes_go_with_the_patient(void **state)
{
	struct ward *d = *state;

	backed_up(d);
	assert_true(box_len(d, d->about_p) > 0);
	move_to(d, "A012");
	assert_left(d);
}

/* The view is what a rebuild makes of the log. */
static void assert_right(struct ward *d)
{
	char before[HASH_HEX], after[HASH_HEX];

	world_digest(before, d->a);
	assert_int_equal(ledger_rebuild(d->a->ledger, NULL, NULL), 0);
	world_digest(after, d->a);
	assert_string_equal(before, after);
}

static void test_purge__they_come_back_with_the_patient(void **state)
{
	struct ward *d = *state;

	backed_up(d);
	move_to(d, "A012");
	assert_left(d);
	move_to(d, "A017");
	assert_int_equal(world_count(d->a, NOTES), 1);
	assert_true(box_len(d, d->about_p) > 0);
	assert_right(d);
	assert_int_equal(
	    world_count(d->a, "SELECT count(*) FROM entry WHERE verdict"
			      " = 0"),
	    0);
}

#define OTHERS "SELECT count(*) FROM v_note WHERE text LIKE '别人%'"

/* Own boxes are here all the time or come back too; what others said comes
 * between, and one note is undone. */
static void come_back(struct ward *d, bool is_covered)
{
	world_say(d->s, KIND_NOTE_ADDED, &d->p, "{\"text\":\"别人一\"}");
	sync_all(d);
	assert_int_equal(
	    ledger_undo(d->a->ledger, &d->a->me->seat, d->about_p), 0);
	sync_all(d);
	world_say(d->s, KIND_NOTE_ADDED, &d->p, "{\"text\":\"别人二\"}");
	world_say(d->a, KIND_NOTE_ADDED, &d->p, "{\"text\":\"又\"}");
	sync_all(d);
	if (is_covered)
		backed_up(d);
	move_to(d, "A012");
	assert_int_equal(world_count(d->a, OTHERS), 0);
	move_to(d, "A017");
	assert_int_equal(world_count(d->a, OTHERS), 2);
	assert_int_equal(world_count(d->a, NOTES), 0);
	assert_right(d);
	assert_int_equal(world_count(d->a, OTHERS), 2);
}

static void test_purge__what_was_undone_comes_back_undone(void **state)
{
	come_back(*state, true);
}

static void test_purge__others_notes_come_back_between_own(void **state)
{
	come_back(*state, false);
}

/* Keys that open anything of the patient here. */
static int64_t keys_left(struct ward *d, const struct id *patient)
{
	char hex[ID_HEX], sql[160];

	id_hex(hex, patient);
	snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM stream_key WHERE key IS NOT NULL AND "
	    "stream = x'%s'",
	    hex);
	return world_count(d->a, sql);
}

static void test_purge__a_key_made_after_it_goes_too(void **state)
{
	struct ward *d = *state;

	move_to(d, "A012");
	assert_int_equal(keys_left(d, &d->p), 0);
	assert_int_equal(world_count(d->b, NOTES), 1);
	/* Said of a patient that is here no more: under a key made here. */
	assert_int_equal(
	    ledger_undo(d->a->ledger, &d->a->me->seat, d->about_p), 0);
	assert_int_equal(keys_left(d, &d->p), 1);
	sync_all(d);
	assert_int_equal(keys_left(d, &d->p), 0);
	assert_int_equal(world_count(d->a, "SELECT count(*) FROM shelf"), 0);
	/* Whoever has the patient reads it. */
	assert_int_equal(world_count(d->b, NOTES), 0);
	/* Given back, the patient is whole here. */
	move_to(d, "A017");
	assert_int_equal(world_count(d->a, NOTES), 0);
	assert_true(keys_left(d, &d->p) > 1);
}

static void test_purge__a_key_made_here_waits_for_its_record(void **state)
{
	struct ward *d = *state;
	char call[48] = "call/";

	move_to(d, "A012");
	id_hex(call + 5, &d->p);
	assert_int_equal(shelf_put(d->a->store, call, "q1", "yes", 1), 0);
	world_say(d->a, KIND_NOTE_ADDED, &d->p, "{\"text\":\"来电\"}");
	sync_all(d);
	assert_int_equal(keys_left(d, &d->p), 1);
	assert_int_equal(shelf_clear(d->a->store, call), 0);
	sync_all(d);
	assert_int_equal(keys_left(d, &d->p), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(test_purge__own_boxes_stay_until_a_backup),
	    T(test_purge__covered_boxes_go_with_the_patient),
	    T(test_purge__they_come_back_with_the_patient),
	    T(test_purge__what_was_undone_comes_back_undone),
	    T(test_purge__others_notes_come_back_between_own),
	    T(test_purge__a_key_made_after_it_goes_too),
	    T(test_purge__a_key_made_here_waits_for_its_record),
	};

	return cmocka_run_group_tests_name("purge", tests, NULL, NULL);
}
