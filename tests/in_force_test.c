/*
 * in_force_test.c - what was published goes before what the program carries:
 * a newer version, one the program lacks; never an older, a broken or half
 * of one, and what is passed over is told.
 */
#include "tests/test.h"

#include "core/asset.h"
#include "core/content_kind.h"
#include "core/err.h"
#include "core/in_force.h"
#include "core/json.h"
#include "core/store.h"
#include "tests/desk_maker.h"
#include "tui/catalog.h"

#include <stdio.h>
#include <string.h>

struct seen {
	size_t count, own;
	char of_mood[64]; /* the title of the pack "mood" */
	bool has_extra, refuses_new;
};

static int look(void *ctx, const char *path, const char *text, size_t n)
{
	struct seen *s = ctx;
	json_t *root = NULL;
	const char *title;

	assert_int_equal(json_load(&root, text, n, 1 << 20), 0);
	title = json_str(json_object_get(root, "title"), "en", "");
	if (s->refuses_new && strcmp(title, "New mood") == 0) {
		json_decref(root);
		return ERR_INVALID;
	}
	s->count++;
	if (strcmp(path, "rules/mood.json") == 0)
		snprintf(s->of_mood, sizeof(s->of_mood), "%s", title);
	s->has_extra |= strcmp(path, "rules/ours.json") == 0;
	json_decref(root);
	return 0;
}

static struct seen seen_with(struct store *store, bool refuses_new)
{
	struct seen s = {.refuses_new = refuses_new};

	assert_int_equal(in_force_each(store, "rules/", look, &s), 0);
	return s;
}

/* A text as a centre would have published it: the first of `parts`. */
static void publish_text(struct desk_maker *m, enum kind kind,
    const char *const names[2], const char *text, int parts)
{
	struct id stream = {
	    {0xc0, (uint8_t)kind, (uint8_t)names[0][0], (uint8_t)names[0][1]}};
	struct draft draft = {0};
	json_t *body = json_object();
	char ref[REF_TEXT], hash[65];

	memset(hash, '0', 64);
	hash[64] = '\0';
	json_put_str(body, "id", names[0]);
	json_put_str(body, "version", names[1]);
	json_put_str(body, "title_zh", "新");
	json_put_str(body, "title_en", "New");
	json_put_int(body, "part", 1);
	json_put_int(body, "parts", parts);
	json_put_str(body, "hash", hash);
	json_put_str(body, "text", text);
	draft_add(&draft, kind, &stream, body);
	assert_int_equal(desk_record(ref, &m->desk, &draft), 0);
}

/* The rules of mood under another name, version and title. */
static void publish(struct desk_maker *m, const char *id, int version,
    const char *title, int parts)
{
	const struct asset *a = asset_find("rules/mood.json");
	json_t *root = NULL;
	struct buf text = {0};
	char number[12];

	assert_non_null(a);
	assert_int_equal(json_load(&root, a->data, a->len, 1 << 20), 0);
	snprintf(number, sizeof(number), "%d", version);
	json_put_str(root, "id", id);
	json_put_int(root, "version", version);
	json_put_str(json_object_get(root, "title"), "en", title);
	json_canonical(&text, root);
	publish_text(m, KIND_RULES_PUBLISHED,
	    (const char *const[2]){id, number}, buf_text(&text), parts);
	buf_fini(&text);
	json_decref(root);
}

static void test_in_force__the_newest_version_goes_first(void **state)
{
	struct desk_maker m;
	struct seen own, s;

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	own = seen_with(NULL, false);
	assert_true(own.count > 5 && !own.has_extra);
	publish(&m, "mood", 1, "Old mood", 1);
	s = seen_with(m.desk.store, false);
	assert_string_equal(s.of_mood, own.of_mood);
	publish(&m, "mood", 2, "New mood", 1);
	publish(&m, "ours", 1, "Ours", 1);
	s = seen_with(m.desk.store, false);
	assert_string_equal(s.of_mood, "New mood");
	assert_true(s.has_extra);
	assert_int_equal(s.count, own.count + 1);
	desk_maker_fini(&m);
}

static void test_in_force__broken_or_half_leaves_the_one_before(void **state)
{
	struct desk_maker m;
	struct seen own = seen_with(NULL, false), s;

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	publish(&m, "mood", 2, "New mood", 1);
	s = seen_with(m.desk.store, true);
	assert_string_equal(s.of_mood, own.of_mood);
	assert_int_equal(s.count, own.count);
	publish(&m, "mood", 3, "Half a mood", 2);
	s = seen_with(m.desk.store, false);
	/* The newest that is whole. */
	assert_string_equal(s.of_mood, "New mood");
	desk_maker_fini(&m);
}

/* What in_force_passed told. */
struct told {
	int of[IN_FORCE_OTHER_WORDS + 1];
	char last[SCHEMA_PATH]; /* path of the fault */
};

static void hear(void *ctx, const struct in_force_passed *p)
{
	struct told *t = ctx;

	t->of[p->why]++;
	if (p->why == IN_FORCE_REFUSED)
		snprintf(t->last, sizeof(t->last), "%s", p->path);
}

/* Nothing is passed over in silence. */
static void test_in_force__what_is_passed_over_is_told(void **state)
{
	struct desk_maker m;
	struct told t = {.last = ""};
	struct store *store;

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	store = m.desk.store;
	publish(&m, "mood", 2, "New mood", 1);
	assert_int_equal(in_force_passed(store, hear, &t), 0);
	publish(&m, "mood", 3, "Half a mood", 2);
	assert_int_equal(in_force_passed(store, hear, &t), 1);
	assert_int_equal(t.of[IN_FORCE_NOT_WHOLE], 1);
	publish_text(&m, KIND_RULES_PUBLISHED,
	    (const char *const[2]){"new-kind", "1"},
	    "{\"id\":\"new-kind\",\"version\":1,\"title\":{\"zh\":\"新\","
	    "\"en\":\"New\"},\"wishes\":[]}",
	    1);
	publish_text(&m, KIND_PATHWAY_PUBLISHED,
	    (const char *const[2]){"pci", "2"},
	    "{\"id\":\"pci\",\"version\":2,\"title\":{\"zh\":\"新\","
	    "\"en\":\"New\"},\"steps\":[{\"when\":\"later\"}]}",
	    1);
	publish(&m, "wound", 1, "Other words", 1);
	memset(&t, 0, sizeof(t));
	assert_int_equal(in_force_passed(store, hear, &t), 4);
	assert_int_equal(t.of[IN_FORCE_NOT_WHOLE], 1);
	assert_int_equal(t.of[IN_FORCE_UNKNOWN], 1);
	assert_int_equal(t.of[IN_FORCE_REFUSED], 1);
	assert_int_equal(t.last[0], '$');
	assert_int_equal(t.of[IN_FORCE_OTHER_WORDS], 1);
	assert_string_equal(seen_with(store, false).of_mood, "New mood");
	desk_maker_fini(&m);
}

/* A broken text of settings leaves the terminal its own. */
static void test_in_force__broken_settings_do_no_harm(void **state)
{
	struct buf text = {0};
	struct desk_maker m;

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	publish_text(&m, KIND_RULES_PUBLISHED,
	    (const char *const[2]){"hours", "2"},
	    "{\"id\":\"hours\",\"version\":2,\"title\":{\"zh\":\"新\","
	    "\"en\":\"New\"},\"quiet\":\"always\"}",
	    1);
	assert_int_equal(
	    in_force_text(&text, m.desk.store, "settings/hours.json"), 0);
	assert_string_equal(
	    buf_text(&text), asset_find("settings/hours.json")->data);
	assert_int_equal(in_force_passed(m.desk.store, NULL, NULL), 1);
	catalog_free(&m.desk.catalog);
	assert_int_equal(catalog_new(&m.desk.catalog, m.desk.store), 0);
	buf_fini(&text);
	desk_maker_fini(&m);
}

static void test_in_force__a_version_is_found_again(void **state)
{
	struct buf text = {0};
	struct desk_maker m;

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	publish(&m, "mood", 2, "Second mood", 1);
	publish(&m, "mood", 3, "Third mood", 1);
	assert_int_equal(
	    in_force_version(&text, m.desk.store, "rules/mood.json", "2"), 0);
	assert_non_null(strstr(buf_text(&text), "Second mood"));
	buf_clear(&text);
	assert_int_equal(
	    in_force_version(&text, m.desk.store, "rules/mood.json", "1"), 0);
	assert_string_equal(
	    buf_text(&text), asset_find("rules/mood.json")->data);
	assert_int_equal(
	    in_force_version(&text, m.desk.store, "rules/mood.json", "4"),
	    ERR_NOT_FOUND);
	buf_fini(&text);
	desk_maker_fini(&m);
}

/* What a catalog lent stays while it reads more. */
static void test_in_force__a_lent_hash_stays_where_it_is(void **state)
{
	char id[40], before[HASH_HEX];
	struct catalog *c = NULL;
	const char *hash;

	(void)state;
	assert_int_equal(catalog_new(&c, NULL), 0);
	hash = catalog_script_hash(c, "hypertension", "");
	assert_true(*hash);
	snprintf(before, sizeof(before), "%s", hash);
	for (int i = 0; i < 200; i++) {
		snprintf(id, sizeof(id), "none-%d", i);
		assert_null(catalog_script(c, id));
	}
	assert_ptr_equal(catalog_script_hash(c, "hypertension", ""), hash);
	assert_string_equal(hash, before);
	catalog_free(&c);
}

static void test_in_force__versions_go_by_their_numbers(void **state)
{
	static const char *const rising[] = {"", "0.9", "1", "1.2", "1.10",
	    "1.10.1", "1.10a", "2", "10", "2023-01", "2023-10"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rising); i++)
		for (size_t k = 0; k < ARRAY_LEN(rising); k++) {
			int d = content_version_cmp(rising[i], rising[k]);
			assert_int_equal((d > 0) - (d < 0), (i > k) - (i < k));
		}
	assert_int_equal(content_version_cmp("01", "1"), 0);
}

static void test_in_force__one_file(void **state)
{
	struct buf own = {0}, now = {0};
	struct desk_maker m;

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	assert_int_equal(in_force_text(&own, NULL, "rules/mood.json"), 0);
	assert_int_equal(
	    in_force_text(&own, NULL, "rules/none.json"), ERR_NOT_FOUND);
	publish(&m, "mood", 2, "New mood", 1);
	assert_int_equal(
	    in_force_text(&now, m.desk.store, "rules/mood.json"), 0);
	assert_non_null(strstr(buf_text(&now), "New mood"));
	assert_null(strstr(buf_text(&own), "New mood"));
	buf_fini(&own);
	buf_fini(&now);
	desk_maker_fini(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_in_force__the_newest_version_goes_first),
	    cmocka_unit_test(
		test_in_force__broken_or_half_leaves_the_one_before),
	    cmocka_unit_test(test_in_force__what_is_passed_over_is_told),
	    cmocka_unit_test(test_in_force__broken_settings_do_no_harm),
	    cmocka_unit_test(test_in_force__a_version_is_found_again),
	    cmocka_unit_test(test_in_force__a_lent_hash_stays_where_it_is),
	    cmocka_unit_test(test_in_force__versions_go_by_their_numbers),
	    cmocka_unit_test(test_in_force__one_file),
	};

	return cmocka_run_group_tests_name("in_force", tests, NULL, NULL);
}
