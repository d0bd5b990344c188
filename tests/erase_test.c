/*
 * erase_test.c - a patient erased by two persons: planted text is found by a
 * search that reads everything a key still opens, and afterwards nowhere.
 */
#define _GNU_SOURCE
#include "tests/ward.h"

#include "core/err.h"
#include "core/shelf.h"
#include "sync/ledger_impl.h"

/* ---- the search ---- */

static bool has(const void *data, size_t n)
{
	return n >= strlen(WARD_PLANTED) &&
	       memmem(data, n, WARD_PLANTED, strlen(WARD_PLANTED)) != NULL;
}

/* Every column of every view row. */
static int in_view(struct world_seat *seat)
{
	struct stmt *tables = store_query(seat->store, Q_VIEW_TABLES), *rows;
	char names[80][40];
	int n = 0, found = 0;
	size_t len;

	while (stmt_step(tables) == 1 && n < 80)
		snprintf(names[n++], 40, "%s", stmt_text(tables, 0));
	for (int i = 0; i < n; i++) {
		assert_int_equal(
		    store_view_rows(&rows, seat->store, names[i]), 0);
		while (stmt_step(rows) == 1)
			for (int c = 0; c < stmt_columns(rows); c++) {
				const void *p = stmt_blob(rows, c, &len);
				found += p && has(p, len);
			}
		stmt_free(&rows);
	}
	assert_true(n > 20);
	return found;
}

/* Every box that a key here still opens, and drafts. */
static int in_boxes(struct world_seat *seat)
{
	struct ledger *l = seat->ledger;
	struct stmt *all = store_query(seat->store, Q_RECORD_ALL);
	struct ref refs[300];
	const struct id first = {{0}};
	int n = 0, found = 0;

	stmt_bind_id(all, ":seat", &first);
	stmt_bind_int(all, ":seq", 0);
	stmt_bind_int(all, ":most", 300);
	while (stmt_step(all) == 1 && n < 300) {
		stmt_id(&refs[n].seat, all, 0);
		refs[n++].seq = (uint64_t)stmt_int(all, 1);
	}
	assert_true(n > 5 && n < 300);
	for (int i = 0; i < n; i++) {
		assert_int_equal(
		    ledger_load_record(l, &refs[i].seat, refs[i].seq), 0);
		for (uint32_t k = 0; k < l->loaded.count; k++) {
			json_t *body = NULL;
			char *text;
			if (ledger_read_body(
				l, &body, &l->loaded, &l->boxes, k) < 0)
				continue;
			text = json_dumps(body, JSON_ENCODE_ANY);
			found += has(text, strlen(text));
			free(text);
			json_decref(body);
		}
	}
	return found;
}

static int on_shelf(struct world_seat *seat)
{
	return (int)world_count(seat,
	    "SELECT count(*) FROM shelf WHERE instr(value,"
	    " '" WARD_PLANTED "')");
}

/* The very files, which are sealed: never in clear. */
static int in_files(struct world_seat *seat)
{
	char path[4300];
	size_t n;
	int found = 0;

	for (int i = 0; i < 2; i++) {
		snprintf(
		    path, sizeof(path), "%s%s", seat->path, i ? "-wal" : "");
		char *text = test_read_file(path, &n);
		found += text && has(text, n);
		free(text);
	}
	return found;
}

static int search(struct world_seat *seat)
{
	assert_int_equal(in_files(seat), 0);
	return in_view(seat) + in_boxes(seat) + on_shelf(seat);
}

/* ---- asking and approving ---- */

static void ask(
    char ref[REF_TEXT], struct ward *d, struct world_seat *by, bool hold)
{
	char json[300], hex[ID_HEX];
	struct ref r = {.seat = by->me->seat, .index = 1};

	id_hex(hex, &d->p);
	snprintf(json, sizeof(json),
	    "{\"streams\":[{\"stream\":\"%s\"}],"
	    "\"reason\":\"patient\",\"legal_hold\":%s}",
	    hex, hold ? "true" : "false");
	r.seq = world_say(by, KIND_ERASURE_REQUESTED, &d->w->roster, json);
	ref_text(ref, &r);
	assert_int_equal(world_sync(by), 0);
}

static int approve(struct ward *d, struct world_seat *by, const char *ref)
{
	char json[200];

	assert_int_equal(world_sync(by), 0);
	snprintf(json, sizeof(json), "{\"request\":\"%s\"}", ref);
	world_say(by, KIND_ERASURE_APPROVED, &d->w->roster, json);
	assert_int_equal(world_sync(by), 0);
	return (int)world_count(&d->w->node,
	    "SELECT verdict FROM entry WHERE kind ="
	    " 'erasure.approved' ORDER BY pos DESC LIMIT 1");
}

static struct world_seat *each(struct ward *d, int i)
{
	return i == 0 ? &d->w->node : &d->w->seats[i - 1];
}

static void test_erase__planted_text_is_nowhere(void **state)
{
	struct ward *d = *state;
	char ref[REF_TEXT], slot[48] = "call/";

	id_hex(slot + 5, &d->p);
	assert_int_equal(
	    shelf_put(d->a->store, slot, "note", WARD_PLANTED, 1), 0);
	/* The control: the search does find it, wherever it may be read. */
	assert_true(search(&d->w->node) >= 4);
	assert_true(search(d->a) >= 5);
	assert_true(search(d->s) >= 4);
	assert_int_equal(search(&d->w->seats[0]), 0);
	ask(ref, d, d->s, false);
	assert_int_equal(approve(d, d->s2, ref), VERDICT_ADMITTED);
	ward_sync(d);
	for (int i = 0; i <= d->w->count; i++) {
		struct world_seat *m = each(d, i);
		char before[HASH_HEX], after[HASH_HEX];
		assert_int_equal(search(m), 0);
		world_digest(before, m);
		assert_int_equal(ledger_rebuild(m->ledger, NULL, NULL), 0);
		world_digest(after, m);
		assert_string_equal(before, after);
		assert_int_equal(search(m), 0);
		world_close(m);
	}
	world_open(&d->w->node);
	for (int i = 1; i <= d->w->count; i++)
		world_open(each(d, i));
	/* Headers and the other patient are as they were. */
	assert_int_equal(
	    world_count(&d->w->node, "SELECT count(*) FROM entry WHERE "
				     "kind = 'note.added'"),
	    2);
	assert_int_equal(world_count(d->a, "SELECT count(*) FROM v_note"), 1);
	assert_int_equal(
	    world_count(d->a, "SELECT count(*) FROM v_patient"), 1);
	assert_int_equal(
	    world_count(&d->w->node, "SELECT count(*) FROM v_purge"), 3);
}

static void test_erase__nobody_approves_the_own_request(void **state)
{
	struct ward *d = *state;
	char ref[REF_TEXT];

	ask(ref, d, d->s, false);
	assert_int_equal(approve(d, d->s, ref), VERDICT_HELD_ROLE);
	assert_true(search(&d->w->node) >= 4);
	assert_int_equal(approve(d, &d->w->seats[0], ref), VERDICT_ADMITTED);
	/* Once is enough. */
	assert_int_equal(approve(d, d->s2, ref), VERDICT_HELD_STALE);
	assert_int_equal(search(&d->w->node), 0);
}

static void test_erase__a_legal_hold_forbids_it(void **state)
{
	struct ward *d = *state;
	char ref[REF_TEXT];

	ask(ref, d, d->s, true);
	assert_int_equal(approve(d, d->s2, ref), VERDICT_HELD_STALE);
	assert_true(search(&d->w->node) >= 4);
	assert_int_equal(approve(d, d->s2,
			     "00112233445566778899aabbccddeeff-"
			     "1-1"),
	    VERDICT_HELD_SHAPE);
}

/* A terminal that was away says something of the patient meanwhile. */
static void test_erase__what_comes_later_is_kept_without_content(void **state)
{
	struct ward *d = *state;
	char ref[REF_TEXT];

	world_say(d->a, KIND_NOTE_ADDED, &d->p, WARD_NOTE);
	ask(ref, d, d->s, false);
	assert_int_equal(approve(d, d->s2, ref), VERDICT_ADMITTED);
	ward_sync(d);
	for (int i = 0; i <= d->w->count; i++)
		assert_int_equal(search(each(d, i)), 0);
	assert_int_equal(
	    world_count(&d->w->node, "SELECT count(*) FROM entry WHERE "
				     "kind = 'note.added' AND verdict = 13"),
	    1);
	assert_int_equal(
	    world_count(d->a, "SELECT count(*) FROM record WHERE state "
			      "= 0"),
	    0);
	assert_int_equal(
	    world_try(d->a, KIND_NOTE_ADDED, &d->p, WARD_NOTE), ERR_RULE);
	/* No release brings it back. */
	assert_int_equal(
	    world_count(&d->w->node, "SELECT count(*) FROM stream_key k"
				     " JOIN erased e ON e.stream = "
				     "k.stream WHERE k.key IS NOT NULL"),
	    0);
}

/* Of two persons one has a disk that was put back: its own approval comes
 * back to it before the request that it is for. */
static void test_erase__an_approval_before_its_request(void **state)
{
	struct ward *d = *state;
	char ref[REF_TEXT];

	world_close(d->s2);
	world_copy_disk(d->s2, "", ".copy");
	world_open(d->s2);
	ask(ref, d, d->s, false);
	assert_int_equal(approve(d, d->s2, ref), VERDICT_ADMITTED);
	ward_sync(d);
	world_close(d->s2);
	world_copy_disk(d->s2, ".copy", "");
	world_open(d->s2);
	assert_true(search(d->s2) >= 4);
	ward_sync(d);
	assert_int_equal(search(d->s2), 0);
	assert_int_equal(world_count(d->s2, "SELECT count(*) FROM erased"), 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, ward_setup, ward_teardown)
	    T(test_erase__planted_text_is_nowhere),
	    T(test_erase__nobody_approves_the_own_request),
	    T(test_erase__a_legal_hold_forbids_it),
	    T(test_erase__what_comes_later_is_kept_without_content),
	    T(test_erase__an_approval_before_its_request),
	};

	return cmocka_run_group_tests_name("erase", tests, NULL, NULL);
}
