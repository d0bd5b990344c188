/*
 * erase_trace_test.c - no trace of an erased patient in the bytes of a home,
 * free pages included: not beside the log, and not after a restore from a
 * backup that was made before.
 */
#define _GNU_SOURCE
#include "tests/ward.h"
#include "tests/world_restore.h"

#include "core/err.h"
#include "sync/ledger_impl.h"

#include <sys/stat.h>

#define WINDOW 16 /* of a box or a wrapped key; pages cut longer ones */
#define TRACES 400

/* What may be left of a patient: a piece of each sealed box and key. */
struct traces {
	uint8_t piece[TRACES][3][WINDOW];
	int n;
};

static struct traces before; /* the erasure */

static int setup(void **state)
{
	memset(&before, 0, sizeof(before));
	return ward_setup(state);
}

/* ---- traces ---- */

static void add_piece(struct traces *t, const uint8_t *data, size_t n)
{
	static const size_t at[3] = {0, 24, 56};

	assert_true(t->n < TRACES && n >= at[2] + WINDOW);
	for (int i = 0; i < 3; i++)
		memcpy(t->piece[t->n][i], data + at[i], WINDOW);
	t->n++;
}

/* The sealed boxes about the patient that this store holds. */
static void add_boxes(
    struct traces *t, struct world_seat *seat, const struct id *patient)
{
	struct stmt *s = store_query(seat->store, Q_ENTRY_SEALED_RECORDS);
	struct ledger *l = seat->ledger;
	struct ref refs[100];
	int n = 0;

	stmt_bind_id(s, ":stream", patient);
	while (stmt_step(s) == 1 && n < 100) {
		stmt_id(&refs[n].seat, s, 0);
		refs[n++].seq = (uint64_t)stmt_int(s, 1);
	}
	assert_true(n > 0 && n < 100);
	for (int i = 0; i < n; i++) {
		assert_int_equal(
		    ledger_load_record(l, &refs[i].seat, refs[i].seq), 0);
		for (uint32_t k = 0; k < l->loaded.count; k++)
			if (l->boxes.len[k] > 0 &&
			    id_cmp(&l->loaded.entries[k].stream, patient) == 0)
				add_piece(t, l->boxes.at[k], l->boxes.len[k]);
	}
}

/* Its wrapped keys: column `key` by the ring's own query. */
static void add_keys(
    struct traces *t, struct world_seat *seat, const struct id *patient)
{
	struct stmt *s = store_query(seat->store, Q_RING_ALL);
	size_t n;
	int keys = 0;

	stmt_bind_id(s, ":stream", patient);
	while (stmt_step(s) == 1) {
		const void *key = stmt_blob(s, 0, &n);
		add_piece(t, key, n);
		keys++;
	}
	assert_true(keys > 0);
}

/* Of how many traces, and of the planted text, a home has bytes. */
static int in_home(struct world_seat *seat, const struct traces *t)
{
	int found =
	    test_in_pages(seat->store, WARD_PLANTED, strlen(WARD_PLANTED));

	for (int i = 0; i < t->n; i++)
		for (int k = 0; k < 3; k++)
			found += test_in_pages(
				     seat->store, t->piece[i][k], WINDOW) > 0;
	return found;
}

static void remember(struct ward *d)
{
	struct world_seat *const homes[] = {&d->w->node, d->a, d->s};

	for (size_t i = 0; i < ARRAY_LEN(homes); i++) {
		struct traces own = {.n = 0};
		add_boxes(&own, homes[i], &d->p);
		add_keys(&own, homes[i], &d->p);
		/* The control: every piece is found where it is. */
		assert_true(in_home(homes[i], &own) >= 3 * own.n);
		add_boxes(&before, homes[i], &d->p);
		add_keys(&before, homes[i], &d->p);
	}
}

static void assert_no_trace(struct world_seat *seat)
{
	assert_true(before.n >= 9);
	if (in_home(seat, &before) != 0)
		fail_msg("%s has a trace", seat->member);
	assert_int_equal(
	    world_count(seat,
		"SELECT count(*) FROM stream_key k JOIN "
		"erased e ON e.stream = k.stream WHERE k.key IS NOT NULL"),
	    0);
}

/* ---- asking and approving ---- */

static void say_both(struct ward *d)
{
	char json[300], hex[ID_HEX], ref[REF_TEXT];
	struct ref r = {.seat = d->s->me->seat, .index = 1};

	id_hex(hex, &d->p);
	snprintf(json, sizeof(json),
	    "{\"streams\":[{\"stream\":\"%s\"}],"
	    "\"reason\":\"patient\",\"legal_hold\":false}",
	    hex);
	r.seq = world_say(d->s, KIND_ERASURE_REQUESTED, &d->w->roster, json);
	ref_text(ref, &r);
	assert_int_equal(world_sync(d->s), 0);
	assert_int_equal(world_sync(d->s2), 0);
	snprintf(json, sizeof(json), "{\"request\":\"%s\"}", ref);
	world_say(d->s2, KIND_ERASURE_APPROVED, &d->w->roster, json);
}

static void erase_patient(struct ward *d)
{
	say_both(d);
	assert_int_equal(world_sync(d->s2), 0);
}

static int64_t wal_size(struct world_seat *seat)
{
	char path[4300];
	struct stat st;

	snprintf(path, sizeof(path), "%s-wal", seat->path);
	return stat(path, &st) == 0 ? (int64_t)st.st_size : 0;
}

/* Steps until the centre has committed the erasure. */
static void erase_and_stop(struct ward *d)
{
	struct world_seat *node = &d->w->node;
	int r = 0;

	say_both(d);
	world_connect(d->s2);
	while (world_count(node, "SELECT count(*) FROM erased") == 0 ||
	       node->ledger->in_txn) {
		bool moved = world_step_seat(&r, d->s2);
		assert_true(world_step_node(&r, d->s2) || moved);
		assert_int_equal(r, 0);
	}
}

static void test_erase_trace__no_byte_is_left_in_any_home(void **state)
{
	struct ward *d = *state;

	remember(d);
	world_say(d->a, KIND_NOTE_ADDED, &d->other, "{\"text\":\"y\"}");
	assert_int_equal(world_sync(d->a), 0);
	assert_true(wal_size(&d->w->node) > 0);
	erase_and_stop(d);
	assert_int_equal(wal_size(&d->w->node), 0);
	assert_int_equal(world_carry(d->s2), 0);
	world_cut(d->s2);
	ward_sync(d);
	assert_no_trace(&d->w->node);
	for (int i = 0; i < d->w->count; i++)
		assert_no_trace(&d->w->seats[i]);
	/* What is not erased is there, by the same search. */
	assert_true(test_in_pages(d->a->store, "单雪梅", 9) > 0);
}

/* ---- beside the log ---- */

/* The centre's copies of the patient's records as a branch, as waiting for a
 * place; input in quarantine. */
static void plant_beside(struct ward *d)
{
	struct store *node = d->w->node.store;
	char sql[700], hex[ID_HEX];

	id_hex(hex, &d->p);
	snprintf(sql, sizeof(sql),
	    "INSERT INTO fork SELECT seat, seq + 5000, "
	    "hash, frame, at_s, zeroblob(0), boxes FROM record "
	    "WHERE instr(frame, x'%s') > 0",
	    hex);
	assert_int_equal(test_exec(node, sql), 0);
	snprintf(sql, sizeof(sql),
	    "INSERT INTO salvage (seat, seq, hash, sha1"
	    ", frame, seals, boxes, at_s) SELECT seat, seq + 5000, hash, sha1,"
	    " frame, zeroblob(0), boxes, at_s FROM record "
	    "WHERE instr(frame, x'%s') > 0",
	    hex);
	assert_int_equal(test_exec(node, sql), 0);
	assert_int_equal(test_exec(node, "INSERT INTO quarantine (file, place,"
					 " reason, detail, original, at_s) "
					 "VALUES ('a.json', '1', 'x', '',"
					 " '{\"name\":\"" WARD_PLANTED
					 "\"}', 1), ('b.json', '2', 'x', '',"
					 " '{\"name\":\"单雪梅\"}', 1)"),
	    0);
	snprintf(sql, sizeof(sql),
	    "INSERT INTO evidence (at_s, code, detail, "
	    "message) VALUES (1, -1, 'x', x'00%s' || x'e7bb9de5af86e88ab1e69cb5"
	    "37373331'), (1, -1, 'x', x'0102')",
	    hex);
	assert_int_equal(test_exec(d->a->store, sql), 0);
}

static void test_erase_trace__nothing_beside_the_log(void **state)
{
	struct ward *d = *state;

	plant_beside(d);
	remember(d);
	assert_true(world_count(&d->w->node, "SELECT count(*) FROM fork") >= 2);
	assert_true(
	    world_count(&d->w->node, "SELECT count(*) FROM salvage") >= 2);
	erase_patient(d);
	ward_sync(d);
	assert_no_trace(&d->w->node);
	assert_no_trace(d->a);
	/* That they were there, and what they said of others, stays. */
	assert_true(world_count(&d->w->node, "SELECT count(*) FROM fork") >= 2);
	assert_true(
	    world_count(&d->w->node, "SELECT count(*) FROM salvage") >= 2);
	assert_int_equal(
	    world_count(&d->w->node,
		"SELECT count(*) FROM quarantine WHERE file = 'b.json'"),
	    1);
	assert_int_equal(
	    world_count(&d->w->node, "SELECT count(*) FROM quarantine"), 1);
	assert_int_equal(world_count(d->a, "SELECT count(*) FROM evidence"), 2);
	assert_int_equal(
	    world_count(d->a,
		"SELECT count(*) FROM evidence WHERE length(message) = 2"),
	    1);
}

/* ---- restored from a backup that still has all of it ---- */

/* Backup; erased; the agent's terminal was away and still has everything;
 * the centre burns. */
static void lose_after_erasure(struct ward *d)
{
	struct buf backup = {0};

	assert_int_equal(world_backup(&backup, d->w), 0);
	remember(d);
	erase_patient(d);
	assert_no_trace(&d->w->node);
	assert_true(in_home(d->a, &before) > 0);
	assert_int_equal(world_restore(d->w, &backup), 0);
	buf_fini(&backup);
}

static void assert_gone_everywhere(struct ward *d)
{
	char as_was[HASH_HEX], after[HASH_HEX];

	ward_sync(d);
	assert_no_trace(&d->w->node);
	for (int i = 0; i < d->w->count; i++)
		assert_no_trace(&d->w->seats[i]);
	world_digest(as_was, &d->w->node);
	assert_int_equal(ledger_rebuild(d->w->node.ledger, NULL, NULL), 0);
	world_digest(after, &d->w->node);
	assert_string_equal(as_was, after);
	assert_no_trace(&d->w->node);
	assert_true(test_in_pages(d->a->store, "单雪梅", 9) > 0);
}

/* The terminal with the keys comes first, who approved comes later; all of
 * it before the recovery is closed. */
static void test_erase_trace__a_restore_erases_again(void **state)
{
	struct ward *d = *state;

	lose_after_erasure(d);
	assert_int_equal(world_sync(d->a), 0);
	assert_true(in_home(&d->w->node, &before) > 0);
	assert_int_equal(world_sync(d->s), 0);
	assert_int_equal(world_sync(d->s2), 0);
	world_recovered(d->w, NULL);
	assert_no_trace(&d->w->node);
	assert_gone_everywhere(d);
}

/* Closed before the keys come back: they are not taken. */
static void test_erase_trace__late_keys_are_not_taken(void **state)
{
	struct ward *d = *state;

	lose_after_erasure(d);
	assert_int_equal(world_sync(d->s), 0);
	assert_int_equal(world_sync(d->s2), 0);
	world_recovered(d->w, NULL);
	assert_gone_everywhere(d);
}

/* Nobody who knew of it has come back; the centre's own list says it. */
static void test_erase_trace__the_list_is_enough(void **state)
{
	struct ward *d = *state;

	d->w->gone = &d->p;
	lose_after_erasure(d);
	assert_no_trace(&d->w->node);
	assert_int_equal(world_sync(d->a), 0);
	assert_no_trace(&d->w->node);
	world_recovered(d->w, NULL);
	world_say(d->a, KIND_NOTE_ADDED, &d->p, WARD_NOTE);
	assert_int_equal(world_sync(d->a), 0);
	assert_no_trace(&d->w->node);
	assert_int_equal(
	    world_count(&d->w->node, "SELECT count(*) FROM v_patient"), 1);
	assert_int_equal(
	    world_count(&d->w->node, "SELECT count(*) FROM entry WHERE "
				     "kind = 'note.added' AND verdict = 13"),
	    1);
	assert_int_equal(world_sync(d->s), 0);
	assert_int_equal(world_sync(d->s2), 0);
	assert_gone_everywhere(d);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, ward_teardown)
	    T(test_erase_trace__no_byte_is_left_in_any_home),
	    T(test_erase_trace__nothing_beside_the_log),
	    T(test_erase_trace__a_restore_erases_again),
	    T(test_erase_trace__late_keys_are_not_taken),
	    T(test_erase_trace__the_list_is_enough),
	};

	return cmocka_run_group_tests_name("erase_trace", tests, NULL, NULL);
}
