/*
 * incarnation_test.c - the centre is restored from a backup: nothing that a
 * holder still has is lost, what two machines share is equal again, and a
 * backup is what it says.
 */
#include "tests/world_restore.h"

#include "core/err.h"
#include "core/mem.h"
#include "keys/ring.h"
#include "sync/wire.h"

#define NOTE "{\"text\":\"说明\"}"
#define CONTACT                                                                \
	"{\"respondent\":\"self\",\"disposition\":\"completed\","              \
	"\"disposition_version\":1,\"reached\":true,\"completed\":true,"       \
	"\"started_s\":1795312800,\"ended_s\":1795312900,"                     \
	"\"class\":\"satisfied\"}"

struct scene {
	struct world *w;
	struct world_seat *op, *a017, *a012, *s002;
	struct id patient, other;
	struct buf backup;
};

static void sync_all(struct scene *t)
{
	for (int round = 0; round < 3; round++)
		for (int i = 0; i < t->w->count; i++)
			assert_int_equal(world_sync(&t->w->seats[i]), 0);
}

static int setup(void **state)
{
	struct scene *t = mem_new(sizeof(*t));

	t->w = world_new(7);
	world_join(t->w, "A017", "agent");
	world_join(t->w, "A012", "agent");
	world_join(t->w, "S002", "supervisor");
	t->op = &t->w->seats[0];
	t->a017 = &t->w->seats[1];
	t->a012 = &t->w->seats[2];
	t->s002 = &t->w->seats[3];
	t->patient = world_patient(t->w, "甲", "A017");
	t->other = world_patient(t->w, "乙", "A012");
	sync_all(t);
	world_say(t->a017, KIND_NOTE_ADDED, &t->patient, NOTE);
	sync_all(t);
	assert_int_equal(world_backup(&t->backup, t->w), 0);
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct scene *t = *state;

	world_free(t->w);
	buf_fini(&t->backup);
	free(t);
	return 0;
}

static void move_to(
    struct scene *t, const struct id *patient, const char *member)
{
	world_move(t->s002, patient, member);
}

static void add_stream(
    void *ctx, const char *stream, const struct hash *digest, uint64_t rows)
{
	buf_printf(ctx, "%s %llu ", stream, (unsigned long long)rows);
	buf_hex(ctx, digest->b, 32);
	buf_str(ctx, "\n");
}

/* Every stream that the seat shows is equal at the centre. */
static void assert_shares(struct scene *t, struct world_seat *seat)
{
	struct buf here = {0}, there = {0};
	char *line, *next;

	assert_int_equal(
	    ledger_digest_streams(seat->ledger, add_stream, &here), 0);
	assert_int_equal(
	    ledger_digest_streams(t->w->node.ledger, add_stream, &there), 0);
	buf_u8(&here, 0);
	buf_u8(&there, 0);
	for (line = (char *)here.data; *line; line = next) {
		next = strchr(line, '\n') + 1;
		next[-1] = '\0';
		if (!strstr((char *)there.data, line))
			fail_msg("%s: %s differs", seat->member, line);
	}
	buf_fini(&here);
	buf_fini(&there);
}

static void assert_whole(struct scene *t)
{
	char before[HASH_HEX], after[HASH_HEX], sql[200], hex[ID_HEX];

	for (int i = 0; i < t->w->count; i++) {
		struct world_seat *m = &t->w->seats[i];
		assert_shares(t, m);
		id_hex(hex, &m->me->seat);
		snprintf(sql, sizeof(sql),
		    "SELECT count(*) FROM record WHERE "
		    "state = 0 OR (seat = x'%s' AND (pos IS NULL OR pos >= "
		    "1099511627776))",
		    hex);
		assert_int_equal(world_count(m, sql), 0);
	}
	world_digest(before, &t->w->node);
	assert_int_equal(ledger_rebuild(t->w->node.ledger, NULL, NULL), 0);
	world_digest(after, &t->w->node);
	assert_string_equal(before, after);
	assert_int_equal(
	    world_count(&t->w->node, "SELECT count(*) FROM salvage"), 0);
}

static void test_incarnation__a_backup_verifies(void **state)
{
	struct scene *t = *state;
	struct backup_report b;

	assert_int_equal(world_backup_check(&b, t->w, &t->backup), 0);
	assert_int_equal(
	    b.records, world_count(&t->w->node, "SELECT count(*) FROM leaf"));
	assert_int_equal(b.order.size, b.records);
	assert_int_equal(b.incarnation, 1);
	assert_true(b.boxes > 0 && b.checkpoints > 0);
}

/* Every byte matters: whatever is changed or cut off is noticed. */
static void test_incarnation__a_changed_backup_does_not(void **state)
{
	struct scene *t = *state;
	size_t len = t->backup.len, step = len / 600 + 1;
	struct backup_report b;

	for (size_t i = 0; i < len; i += step) {
		t->backup.data[i] ^= 0x10;
		if (world_backup_check(&b, t->w, &t->backup) == 0)
			fail_msg("byte %zu of %zu may change", i, len);
		t->backup.data[i] ^= 0x10;
	}
	for (size_t i = 0; i < len; i += len / 20) {
		t->backup.len = i;
		assert_true(world_backup_check(&b, t->w, &t->backup) < 0);
	}
	t->backup.len = len;
	assert_int_equal(world_backup_check(&b, t->w, &t->backup), 0);
}

static void test_incarnation__nothing_lost_when_all_return(void **state)
{
	struct scene *t = *state;
	struct salvage_report report;
	int64_t notes;

	world_say(t->a017, KIND_NOTE_ADDED, &t->patient, NOTE);
	sync_all(t);
	move_to(t, &t->patient, "A012");
	sync_all(t);
	world_say(t->a012, KIND_CONTACT_RECORDED, &t->patient, CONTACT);
	world_say(t->a012, KIND_NOTE_ADDED, &t->other, NOTE);
	sync_all(t);
	notes = world_count(&t->w->node, "SELECT count(*) FROM v_note");
	world_say(t->a012, KIND_NOTE_ADDED, &t->other, NOTE); /* unsent */

	assert_int_equal(world_restore(t->w, &t->backup), 0);
	assert_int_equal(
	    world_count(&t->w->node, "SELECT count(*) FROM stream_key"), 0);
	/* While recovering nothing is fed and no key is given. */
	for (int i = 0; i < t->w->count; i++)
		assert_int_equal(world_sync(&t->w->seats[i]), 0);
	assert_int_equal(world_count(&t->w->node,
			     "SELECT count(*) FROM feed WHERE what = 2"),
	    0);
	assert_int_equal(
	    world_count(t->a017, "SELECT count(*) FROM checkpoint "
				 "WHERE incarnation = x'0000000000000002'"),
	    0);
	assert_true(
	    world_count(&t->w->node, "SELECT count(*) FROM salvage") >= 5);
	assert_int_equal(
	    world_count(t->a012, "SELECT count(*) FROM record WHERE state = 0"),
	    0);
	world_recovered(t->w, &report);
	assert_true(report.placed >= 5);
	assert_int_equal(report.waiting, 0);
	sync_all(t);
	assert_whole(t);
	assert_int_equal(
	    world_count(&t->w->node, "SELECT count(*) FROM v_note"), notes + 1);
	assert_int_equal(world_count(&t->w->node,
			     "SELECT count(*) FROM entry WHERE verdict >= 2"),
	    0);
	assert_int_equal(
	    world_count(t->a012, "SELECT count(*) FROM v_contact"), 1);
	assert_int_equal(
	    world_count(t->a017, "SELECT count(*) FROM v_patient"), 0);
}

/* Takes the first key out of what is under way to the centre. */
static bool lose_a_key(struct buf *queue)
{
	struct reader in = reader_of(queue->data, queue->len);
	struct buf rest = {0};
	const uint8_t *p;
	bool lost = false;
	size_t n;

	while (reader_left(&in) > 0 && (p = reader_block(&in, &n, 1 << 20)))
		if (!lost && wire_peek(p, n) == MSG_HOLD)
			lost = true;
		else
			buf_block(&rest, p, n);
	buf_fini(queue);
	*queue = rest;
	return lost;
}

static void test_incarnation__a_lost_key_is_brought_again(void **state)
{
	struct scene *t = *state;
	struct world_seat *a = t->a017;
	bool lost = false;
	int r = world_restore(t->w, &t->backup);

	world_connect(a);
	while (!lost && r == 0 &&
	       (world_step_seat(&r, a) || world_step_node(&r, a)))
		lost = lose_a_key(&a->to_node);
	assert_true(lost);
	assert_int_equal(world_carry(a), ERR_PROTOCOL);
	assert_int_equal(world_sync(a), 0);
	world_recovered(t->w, NULL);
	sync_all(t);
	assert_whole(t);
}

/* A terminal that comes after the recovery was closed. */
static void test_incarnation__a_late_one_is_placed_as_it_comes(void **state)
{
	struct scene *t = *state;

	world_say(t->a017, KIND_NOTE_ADDED, &t->patient, NOTE);
	world_say(t->a012, KIND_NOTE_ADDED, &t->other, NOTE);
	sync_all(t);
	assert_int_equal(world_restore(t->w, &t->backup), 0);
	assert_int_equal(world_sync(t->a017), 0);
	world_recovered(t->w, NULL);
	sync_all(t);
	assert_whole(t);
	assert_int_equal(
	    world_count(&t->w->node, "SELECT count(*) FROM v_note"), 3);
	assert_int_equal(
	    world_count(t->s002, "SELECT count(*) FROM v_note"), 3);
}

/* What only a supervisor still holds of an agent who never comes back. */
static void test_incarnation__others_bring_it_back(void **state)
{
	struct scene *t = *state;
	struct salvage_report report;

	world_say(t->a017, KIND_NOTE_ADDED, &t->patient, NOTE);
	sync_all(t);
	assert_int_equal(world_restore(t->w, &t->backup), 0);
	assert_int_equal(world_sync(t->s002), 0);
	world_recovered(t->w, &report);
	assert_true(report.placed >= 1);
	assert_int_equal(
	    world_count(&t->w->node, "SELECT count(*) FROM v_note"), 2);
	assert_int_equal(world_count(&t->w->node,
			     "SELECT count(*) FROM entry WHERE verdict >= 2"),
	    0);
}

/* The terminal never had the first record of the lost tail. */
static void forget_oldest(struct world_seat *seat)
{
	static const char *const tables[] = {"entry", "record"};
	char sql[200];

	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		snprintf(sql, sizeof(sql),
		    "DELETE FROM %s WHERE pos = "
		    "(SELECT min(pos) FROM record WHERE pos >= "
		    "1099511627776)",
		    tables[i]);
		assert_int_equal(test_exec(seat->store, sql), 0);
	}
}

/* The lost centre's own records have holes on every terminal; a proof that
 * they were in its order brings them back. */
static void test_incarnation__a_record_behind_a_hole_needs_a_proof(void **state)
{
	struct scene *t = *state;
	struct salvage_report report;
	struct id first, second;
	struct stmt *q;

	first = world_patient(t->w, "丙", "A012");
	second = world_patient(t->w, "丁", "A017");
	sync_all(t);
	assert_int_equal(world_idle(t->a017), 0);
	assert_true(world_count(t->a017, "SELECT count(*) FROM witness") > 0);
	assert_int_equal(world_restore(t->w, &t->backup), 0);
	/* A017 holds the record about the second patient, not the first. */
	forget_oldest(t->a017);
	assert_int_equal(world_sync(t->a017), 0);
	world_recovered(t->w, &report);
	assert_int_equal(report.covered, 1);
	q = store_query(t->w->node.store, Q_PATIENT_KNOWN);
	stmt_bind_id(q, ":stream", &second);
	assert_int_equal(stmt_step(q), 1);
	stmt_reset(q);
	assert_int_equal(
	    world_count(&t->w->node, "SELECT count(*) FROM gap"), 1);
	/* Who holds the missing one fills the hole. */
	assert_int_equal(world_idle(t->a012), 0);
	sync_all(t);
	q = store_query(t->w->node.store, Q_PATIENT_KNOWN);
	stmt_bind_id(q, ":stream", &first);
	assert_int_equal(stmt_step(q), 1);
	stmt_reset(q);
}

/* Without the proof it waits, and is not lost. */
static void test_incarnation__without_a_proof_it_waits(void **state)
{
	struct scene *t = *state;
	struct salvage_report report;

	world_patient(t->w, "丙", "A012");
	world_patient(t->w, "丁", "A017");
	sync_all(t);
	assert_int_equal(world_restore(t->w, &t->backup), 0);
	forget_oldest(t->a017);
	assert_int_equal(world_sync(t->a017), 0);
	world_recovered(t->w, &report);
	assert_int_equal(report.covered, 0);
	assert_int_equal(report.waiting, 1);
	assert_int_equal(world_backup(&t->backup, t->w), 0);
}

/* Twice in a row, the second time from a backup of the second centre. */
static void test_incarnation__a_second_restore(void **state)
{
	struct scene *t = *state;

	world_say(t->a017, KIND_NOTE_ADDED, &t->patient, NOTE);
	sync_all(t);
	assert_int_equal(world_restore(t->w, &t->backup), 0);
	sync_all(t);
	world_recovered(t->w, NULL);
	sync_all(t);
	assert_int_equal(world_backup(&t->backup, t->w), 0);
	world_say(t->a012, KIND_NOTE_ADDED, &t->other, NOTE);
	sync_all(t);
	assert_int_equal(world_restore(t->w, &t->backup), 0);
	sync_all(t);
	world_recovered(t->w, NULL);
	sync_all(t);
	assert_whole(t);
	assert_int_equal(
	    world_count(&t->w->node, "SELECT count(*) FROM v_note"), 3);
	assert_int_equal(world_count(&t->w->node,
			     "SELECT count(*) FROM entry WHERE verdict >= 2"),
	    0);
}

/* From the same old backup again, before the recovery was closed. */
static void test_incarnation__restored_again_while_recovering(void **state)
{
	struct scene *t = *state;

	world_say(t->a017, KIND_NOTE_ADDED, &t->patient, NOTE);
	world_say(t->a012, KIND_NOTE_ADDED, &t->other, NOTE);
	sync_all(t);
	assert_int_equal(world_restore(t->w, &t->backup), 0);
	sync_all(t);
	assert_int_equal(world_restore(t->w, &t->backup), 0);
	sync_all(t);
	world_recovered(t->w, NULL);
	sync_all(t);
	assert_whole(t);
	assert_int_equal(
	    world_count(&t->w->node, "SELECT count(*) FROM v_note"), 3);
}

/* The site file of the lost centre is no way back. */
static void test_incarnation__an_older_site_file_is_refused(void **state)
{
	struct scene *t = *state;

	assert_int_equal(world_restore(t->w, &t->backup), 0);
	world_close(t->a017);
	t->w->node_keys.incarnation--;
	t->w->node_keys.restore_count--;
	assert_int_equal(world_try_open(t->a017), ERR_STALE);
	t->w->node_keys.incarnation++;
	t->w->node_keys.restore_count++;
	world_open(t->a017);
}

/* A key that nobody's entry names is neither used nor told. */
static void test_incarnation__a_foreign_key_is_not_believed(void **state)
{
	struct scene *t = *state;
	struct secret *key = secret_random(SECRET_KEY, &t->w->env.env);
	struct hash kid, current;

	assert_int_equal(
	    ring_put(ledger_ring(t->a017->ledger), &t->patient, key, &kid), 0);
	secret_free(&key);
	assert_int_equal(world_restore(t->w, &t->backup), 0);
	sync_all(t);
	world_recovered(t->w, NULL);
	sync_all(t);
	assert_int_equal(
	    ring_current(&current, ledger_ring(t->w->node.ledger), &t->patient),
	    0);
	assert_int_not_equal(hash_cmp(&kid, &current), 0);
	assert_int_equal(
	    world_count(&t->w->node, "SELECT count(*) FROM v_note"), 1);
}

/* A terminal that was never there before reads both centres' records. */
static void test_incarnation__a_new_terminal_comes_in_later(void **state)
{
	struct scene *t = *state;
	struct world_seat *d;

	assert_int_equal(world_restore(t->w, &t->backup), 0);
	sync_all(t);
	assert_int_equal(world_restore(t->w, &t->backup), 0);
	sync_all(t);
	world_recovered(t->w, NULL);
	sync_all(t);
	d = world_join(t->w, "A019", "agent");
	sync_all(t);
	assert_string_equal(ledger_member(d->ledger), "A019");
	move_to(t, &t->patient, "A019");
	sync_all(t);
	assert_int_equal(world_count(d, "SELECT count(*) FROM v_note"), 1);
	assert_whole(t);
}

static int64_t branch_length(struct scene *t)
{
	return world_count(
	    &t->w->node, "SELECT count(*) FROM fork WHERE length(boxes) > 0");
}

static void say_notes(struct world_seat *seat, const struct id *patient, int n)
{
	while (n-- > 0)
		world_say(seat, KIND_NOTE_ADDED, patient, NOTE);
}

/* A017's disk is copied; the right one says and gives so many notes, then
 * the copy so many. The right disk is back at the end. */
static void go_two_ways(struct scene *t, int right, int copy)
{
	int64_t notes;

	world_close(t->a017);
	world_copy_disk(t->a017, "", ".copy");
	world_open(t->a017);
	say_notes(t->a017, &t->patient, right);
	sync_all(t);
	notes = world_count(&t->w->node, "SELECT count(*) FROM v_note");
	world_close(t->a017);
	world_copy_disk(t->a017, "", ".right");
	world_copy_disk(t->a017, ".copy", "");
	world_open(t->a017);
	say_notes(t->a017, &t->patient, copy);
	assert_int_equal(world_sync(t->a017), ERR_FORK);
	assert_int_equal(branch_length(t), copy);
	assert_int_equal(world_sync(t->a017), ERR_FORK);
	assert_int_equal(
	    world_count(&t->w->node, "SELECT count(*) FROM v_note"), notes);
	world_close(t->a017);
	world_copy_disk(t->a017, ".right", "");
	world_open(t->a017);
	sync_all(t);
	assert_whole(t);
}

/* A copied disk goes on by itself: its branch is kept, whole, and the right
 * one is not disturbed. */
static void test_incarnation__a_branch_is_kept(void **state)
{
	struct scene *t = *state;

	go_two_ways(t, 1, 3);
	/* The branch is in the next backup, too. */
	assert_int_equal(world_backup(&t->backup, t->w), 0);
	assert_int_equal(world_restore(t->w, &t->backup), 0);
	assert_int_equal(
	    world_count(&t->w->node, "SELECT count(*) FROM fork"), 3);
}

/* The centre has more of the right disk than the copy has of its own. */
static void test_incarnation__a_shorter_branch_is_kept(void **state)
{
	go_two_ways(*state, 4, 2);
}

/* Both disks at work at once: the copy learns in the middle of its session
 * that the other has spoken. */
static void test_incarnation__a_branch_shows_while_connected(void **state)
{
	struct scene *t = *state;
	struct world_seat twin = *t->a017;

	world_close(t->a017);
	world_copy_disk(t->a017, "", ".copy");
	world_open(t->a017);
	assert_true(strlen(twin.path) + sizeof(".copy") < sizeof(twin.path));
	memcpy(twin.path + strlen(twin.path), ".copy", sizeof(".copy"));
	twin.env.env.ctx = &twin.env;
	twin.env.seed++;
	twin.here = twin.there = NULL;
	memset(&twin.to_node, 0, sizeof(twin.to_node));
	memset(&twin.to_seat, 0, sizeof(twin.to_seat));
	world_open(&twin);
	world_connect(&twin);
	assert_int_equal(world_carry(&twin), 0);
	say_notes(t->a017, &t->patient, 1);
	assert_int_equal(world_sync(t->a017), 0);
	say_notes(&twin, &t->patient, 2);
	assert_int_equal(world_carry(&twin), ERR_FORK);
	assert_int_equal(branch_length(t), 2);
	world_close(&twin);
	buf_fini(&twin.to_node);
	buf_fini(&twin.to_seat);
	sync_all(t);
	assert_whole(t);
}

/* A seat that lost its disk's tail while the centre recovers. */
static void test_incarnation__what_waits_goes_back_to_its_author(void **state)
{
	struct scene *t = *state;
	uint64_t head;

	assert_int_equal(world_restore(t->w, &t->backup), 0);
	world_close(t->a017);
	world_copy_disk(t->a017, "", ".copy");
	world_open(t->a017);
	world_say(t->a017, KIND_NOTE_ADDED, &t->patient, NOTE);
	world_say(t->a017, KIND_NOTE_ADDED, &t->patient, NOTE);
	head = ledger_next_seq(t->a017->ledger);
	assert_int_equal(world_sync(t->a017), 0);
	world_close(t->a017);
	world_copy_disk(t->a017, ".copy", "");
	world_open(t->a017);
	assert_int_equal(world_sync(t->a017), 0);
	assert_int_equal(ledger_next_seq(t->a017->ledger), head);
	world_say(t->a017, KIND_NOTE_ADDED, &t->patient, NOTE);
	world_recovered(t->w, NULL);
	sync_all(t);
	assert_whole(t);
	assert_int_equal(
	    world_count(&t->w->node, "SELECT count(*) FROM v_note"), 4);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
	    T(test_incarnation__a_backup_verifies),
	    T(test_incarnation__a_changed_backup_does_not),
	    T(test_incarnation__nothing_lost_when_all_return),
	    T(test_incarnation__a_lost_key_is_brought_again),
	    T(test_incarnation__a_late_one_is_placed_as_it_comes),
	    T(test_incarnation__others_bring_it_back),
	    T(test_incarnation__a_record_behind_a_hole_needs_a_proof),
	    T(test_incarnation__without_a_proof_it_waits),
	    T(test_incarnation__a_second_restore),
	    T(test_incarnation__restored_again_while_recovering),
	    T(test_incarnation__an_older_site_file_is_refused),
	    T(test_incarnation__a_foreign_key_is_not_believed),
	    T(test_incarnation__a_new_terminal_comes_in_later),
	    T(test_incarnation__a_branch_is_kept),
	    T(test_incarnation__a_shorter_branch_is_kept),
	    T(test_incarnation__a_branch_shows_while_connected),
	    T(test_incarnation__what_waits_goes_back_to_its_author),
	};
	return cmocka_run_group_tests_name("incarnation", tests, NULL, NULL);
}
