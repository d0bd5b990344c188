/* fold_test.c - store, bodies and fold: every kind, the gate, the shelf. */
#include "tests/test.h"

#include "core/asset.h"
#include "core/err.h"
#include "core/fold.h"
#include "core/shelf.h"
#include "core/store.h"

#include <sys/stat.h>

struct world {
	char *dir;
	char path[4200];
	struct store *store;
	struct entry_book *book;
	struct fold *fold;
};

static const uint8_t key[32] = {1, 2, 3};

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	w->dir = test_dir_new();
	snprintf(w->path, sizeof(w->path), "%s/vault.db", w->dir);
	assert_int_equal(store_open(&w->store,
			     &(struct store_opts){.path = w->path, .key = key}),
	    0);
	w->book = entry_book_new();
	w->fold = fold_new(w->store, w->book);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	fold_free(&w->fold);
	entry_book_free(&w->book);
	store_close(&w->store);
	test_dir_remove(w->dir);
	free(w);
	return 0;
}

/* Does the fold of this kind name a table of the view that *text names? */
static bool shares_table(enum kind kind, const char *text)
{
	char path[80], table[60];
	const struct asset *a;

	snprintf(path, sizeof(path), "fold/%s.sql", kind_info(kind)->name);
	a = asset_find(path);
	for (const char *at = a->data; (at = strstr(at, "v_")); at += 2) {
		size_t n = strspn(at, "abcdefghijklmnopqrstuvwxyz_");
		snprintf(table, sizeof(table), "%.*s ", (int)n, at);
		if (strstr(text, table))
			return true;
	}
	return false;
}

/* What folds by place asks only for later entries of kinds whose name begins
 * with the same word (refold.c). */
static void test_fold__kinds_of_a_team_write_tables_of_their_own(void **state)
{
	char path[80];
	int pairs = 0;

	(void)state;
	for (int a = 0; a < KIND_COUNT * KIND_COUNT; a++) {
		const struct kind_info *x = kind_info(a / KIND_COUNT);
		const struct kind_info *y = kind_info(a % KIND_COUNT);
		size_t n = strcspn(x->name, ".");
		if (x->stream != STREAM_CLASS_TEAM || x->stream != y->stream ||
		    (n == strcspn(y->name, ".") &&
			memcmp(x->name, y->name, n) == 0))
			continue;
		snprintf(path, sizeof(path), "fold/%s.sql", y->name);
		assert_false(
		    shares_table(a / KIND_COUNT, asset_find(path)->data));
		pairs++;
	}
	assert_true(pairs > 20);
}

/* A value that fits a property, at its lower or upper bound. */
static json_t *sample(const json_t *p, bool high);

static json_t *sample_object(const json_t *schema, bool high)
{
	json_t *o = json_object(), *property;
	const char *name;

	json_object_foreach (
	    json_object_get(schema, "properties"), name, property)
		json_put(o, name, sample(property, high));
	return o;
}

static json_t *sample(const json_t *p, bool high)
{
	const char *type = json_str(p, "type", "");
	const char *pattern = json_str(p, "pattern", "");
	const json_t *list = json_list(p, "enum");

	if (strstr(pattern, "-[1-9]"))
		return json_string("000102030405060708090a0b0c0d0e0f-7-1");
	if (*pattern) {
		int n = atoi(strchr(pattern, '{') + 1);
		return json_stringn("00000000000000000000000000000000"
				    "00000000000000000000000000000000"
				    "00000000000000000000000000000000"
				    "00000000000000000000000000000000",
		    (size_t)n);
	}
	if (list)
		return json_incref(
		    json_array_get(list, high ? json_array_size(list) - 1 : 0));
	if (strcmp(type, "string") == 0)
		return json_string(high ? "值" : "x");
	if (strcmp(type, "integer") == 0)
		return json_integer(
		    json_int(p, high ? "maximum" : "minimum", 0));
	if (strcmp(type, "boolean") == 0)
		return json_boolean(high);
	json_t *a = json_array();
	json_array_append_new(
	    a, sample_object(json_object_get(p, "items"), high));
	return a;
}

static struct fold_entry entry_of(enum kind kind, const json_t *body)
{
	struct fold_entry e = {.kind = kind,
	    .lamport = 5,
	    .pos = 3,
	    .at_s = 1795312800,
	    .body = body};

	e.ref.seq = (uint64_t)kind + 1;
	e.ref.index = 1;
	return e;
}

static void test_fold__every_kind_applies(void **state)
{
	struct world *w = *state;

	assert_int_equal(store_begin(w->store), 0);
	for (int high = 0; high < 2; high++) {
		for (int i = 0; i < KIND_COUNT; i++) {
			json_t *body = sample_object(
			    entry_schema(w->book, (enum kind)i), high);
			if (entry_check(w->book, (enum kind)i, body) < 0)
				fail_msg(
				    "%s: %s", kind_info(i)->name, err_detail());
			struct fold_entry e = entry_of((enum kind)i, body);
			e.ref.seq += (uint64_t)high * 100;
			if (fold_apply(w->fold, &e) < 0)
				fail_msg(
				    "%s: %s", kind_info(i)->name, err_detail());
			json_decref(body);
		}
	}
	assert_int_equal(store_commit(w->store), 0);
}

static unsigned rows_of(struct store *store, const char *table)
{
	struct stmt *s;
	unsigned n = 0;
	int r;

	assert_int_equal(store_view_rows(&s, store, table), 0);
	while ((r = stmt_step(s)) == 1)
		n++;
	assert_int_equal(r, 0);
	stmt_free(&s);
	return n;
}

static void test_fold__forget_empties_one_stream(void **state)
{
	struct world *w = *state;
	struct id none = {{9}}, zero = {{0}};

	test_fold__every_kind_applies(state);
	assert_int_equal(rows_of(w->store, "v_contact"), 2);
	assert_int_equal(store_begin(w->store), 0);
	assert_int_equal(fold_forget(w->fold, &none), 0);
	assert_int_equal(rows_of(w->store, "v_contact"), 2);
	assert_int_equal(fold_forget(w->fold, &zero), 0);
	assert_int_equal(rows_of(w->store, "v_contact"), 0);
	assert_int_equal(store_commit(w->store), 0);
}

static void test_entry__bad_bodies_are_refused(void **state)
{
	static const struct {
		enum kind kind;
		const char *body, *why;
	} rows[] = {
	    {KIND_NOTE_ADDED, "{}", "text: is missing"},
	    {KIND_NOTE_ADDED, "[]", ": not an object"},
	    {KIND_NOTE_ADDED, "{\"text\":1}", "text: not a text"},
	    {KIND_NOTE_ADDED, "{\"text\":\"a\\u001bb\"}",
		"text: control character"},
	    {KIND_NOTE_ADDED, "{\"text\":\"a\",\"x\":1}", "?: unknown field"},
	    {KIND_ALERT_CLOSED, "{\"alert\":\"12\"}", "alert: wrong form"},
	    {KIND_COVER_ENDED,
		"{\"cover\":"
		"\"000102030405060708090a0b0c0d0e0f-0-1\"}",
		"cover: wrong form"},
	    {KIND_RISK_SET, "{\"level\":\"huge\",\"reason\":\"\"}",
		"level: not one of the allowed words"},
	    {KIND_CALL_STARTED, "{\"direction\":\"in\",\"number_index\":9}",
		"number_index: out of range"},
	    {KIND_CALL_STARTED, "{\"direction\":\"in\",\"number_index\":1.5}",
		"number_index: not an integer"},
	    {KIND_TAG_SET, "{\"on\":1,\"tag\":\"t\"}", "on: not true or false"},
	    {KIND_CONDITIONS_RECORDED, "{\"items\":[{\"code\":\"I10\"}]}",
		"items.system: is missing"},
	};
	struct world *w = *state;
	json_t *body;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(
		    json_load(&body, rows[i].body, strlen(rows[i].body), 1000),
		    0);
		assert_int_equal(
		    entry_check(w->book, rows[i].kind, body), ERR_INVALID);
		assert_string_equal(err_detail(), rows[i].why);
		json_decref(body);
	}
	assert_int_equal(entry_decode(&body, w->book, KIND_NOTE_ADDED,
			     "{ \"text\":\"a\"}", 13),
	    ERR_FORMAT);
}

static void test_store__view_is_writable_by_fold_alone(void **state)
{
	struct world *w = *state;
	int64_t v;

	assert_int_equal(
	    test_exec(
		w->store, "INSERT INTO v_team VALUES (x'00', 'a', 'b', 'c')"),
	    ERR_RULE);
	assert_int_equal(test_exec(w->store, "DELETE FROM v_due"), ERR_RULE);
	assert_int_equal(
	    test_exec(w->store, "UPDATE v_due SET step = 1"), ERR_RULE);
	assert_int_equal(test_exec(w->store, "DROP TABLE v_due"), ERR_RULE);
	assert_int_equal(test_exec(w->store, "ATTACH '/tmp/x' AS x"), ERR_RULE);
	assert_int_equal(
	    test_exec(w->store, "INSERT INTO meta VALUES ('a', 1)"), 0);
	assert_int_equal(store_meta_get_int(w->store, "none", 7, &v), 0);
	assert_int_equal(v, 7);
}

static void test_store__one_process_owns_the_file(void **state)
{
	struct world *w = *state;
	struct store *second = NULL;

	assert_int_equal(store_meta_set_int(w->store, "n", 1), 0);
	assert_int_equal(store_open(&second,
			     &(struct store_opts){.path = w->path, .key = key}),
	    ERR_IN_USE);
	assert_null(second);
}

static int collect(void *ctx, const char *name, const char *value, int64_t at_s)
{
	char *out = ctx;

	(void)at_s;
	strcat(strcat(strcat(strcat(out, name), "="), value), ";");
	return 0;
}

static void test_shelf__values_come_back_in_order(void **state)
{
	struct world *w = *state;
	char got[200] = "";

	assert_int_equal(shelf_put(w->store, "call/1", "q1", "yes", 1), 0);
	assert_int_equal(shelf_put(w->store, "call/2", "q1", "other", 1), 0);
	assert_int_equal(shelf_put(w->store, "call/1", "q2", "182", 2), 0);
	assert_int_equal(shelf_put(w->store, "call/1", "q1", "no", 3), 0);
	store_close(&w->store);
	fold_free(&w->fold);
	assert_int_equal(store_open(&w->store,
			     &(struct store_opts){.path = w->path, .key = key}),
	    0);
	assert_int_equal(shelf_each(w->store, "call/1", collect, got), 0);
	assert_string_equal(got, "q1=yes;q2=182;q1=no;");
	got[0] = '\0';
	assert_int_equal(shelf_slots(w->store, "call/", collect, got), 0);
	assert_string_equal(got, "call/1=;call/2=;");
	assert_int_equal(shelf_clear(w->store, "call/1"), 0);
	got[0] = '\0';
	assert_int_equal(shelf_each(w->store, "call/1", collect, got), 0);
	assert_string_equal(got, "");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static int64_t journal_size(const struct world *w)
{
	char path[4300];
	struct stat st;

	snprintf(path, sizeof(path), "%s-wal", w->path);
	assert_int_equal(stat(path, &st), 0);
	return st.st_size;
}

/* So much that no journal of every day would hold it. */
#define FLOOD 9000

static void flood(struct world *w)
{
	static const uint8_t page[4096] = {1};
	char name[24];

	assert_int_equal(store_begin(w->store), 0);
	for (int i = 0; i < FLOOD; i++) {
		snprintf(name, sizeof(name), "flood.%d", i);
		assert_int_equal(
		    store_meta_set(w->store, name, page, sizeof(page)), 0);
	}
	assert_int_equal(store_commit(w->store), 0);
}

/* Neither a commit nor the word that it is over copies the journal: somebody
 * may be waiting for both. */
static void test_store__a_flood_ebbs_at_rest(void **state)
{
	struct world *w = *state;

	store_flood(w->store, true);
	flood(w);
	assert_true(journal_size(w) > (int64_t)FLOOD * 4096);
	store_flood(w->store, false);
	assert_int_equal(store_begin(w->store), 0);
	assert_int_equal(store_meta_set_int(w->store, "flood.0", 7), 0);
	store_rest(w->store); /* not within a transaction */
	assert_int_equal(store_commit(w->store), 0);
	assert_true(journal_size(w) > (int64_t)FLOOD * 4096);
	store_rest(w->store);
	assert_int_equal(journal_size(w), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    T(test_fold__every_kind_applies),
	    T(test_fold__forget_empties_one_stream),
	    T(test_fold__kinds_of_a_team_write_tables_of_their_own),
	    T(test_entry__bad_bodies_are_refused),
	    T(test_store__view_is_writable_by_fold_alone),
	    T(test_store__one_process_owns_the_file),
	    T(test_store__a_flood_ebbs_at_rest),
	    T(test_shelf__values_come_back_in_order),
	};
	return cmocka_run_group_tests_name("fold", tests, NULL, NULL);
}
