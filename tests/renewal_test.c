/*
 * renewal_test.c - content that arrives while a terminal is open: a call
 * goes on with what it began with, the next has what is new, and one line
 * says what changed.
 */
#include "tests/test.h"

#include "core/asset.h"
#include "core/err.h"
#include "core/json.h"
#include "core/script.h"
#include "tests/desk_maker.h"
#include "tui/call.h"
#include "tui/catalog.h"
#include "tui/renewal.h"

#include <string.h>

/* A file of the program as another version, its titles with "NEW". */
static void publish(
    struct desk_maker *m, const char *path, int version, bool is_broken)
{
	bool is_script = strncmp(path, "scripts/", 8) == 0;
	enum kind kind = is_script ? KIND_SCRIPT_PUBLISHED
			 : strncmp(path, "pathways/", 9) == 0
			     ? KIND_PATHWAY_PUBLISHED
			     : KIND_RULES_PUBLISHED;
	const struct asset *a = asset_find(path);
	struct id stream = {{0xc7, (uint8_t)kind, (uint8_t)path[9]}};
	struct draft draft = {0};
	struct buf text = {0};
	json_t *root = NULL, *body = json_object();
	char number[12], ref[REF_TEXT], hash[65];

	assert_non_null(a);
	assert_int_equal(json_load(&root, a->data, a->len, 1 << 20), 0);
	snprintf(number, sizeof(number), "%d", version);
	if (is_script)
		json_put_str(root, "version", number);
	else
		json_put_int(root, "version", version);
	if (is_broken)
		json_put_str(root, "rules", "none");
	json_canonical(&text, root);
	memset(hash, 'a', 64);
	hash[64] = '\0';
	json_put_str(body, "id", json_str(root, "id", ""));
	json_put_str(body, "version", number);
	json_put_str(body, "title_zh", "新的内容");
	json_put_str(body, "title_en", "The new content");
	json_put_int(body, "part", 1);
	json_put_int(body, "parts", 1);
	json_put_str(body, "hash", hash);
	json_put_str(body, "text", buf_text(&text));
	draft_add(&draft, kind, &stream, body);
	assert_int_equal(desk_record(ref, &m->desk, &draft), 0);
	buf_fini(&text);
	json_decref(root);
}

static const char *version_asked(const struct call *c)
{
	return script_version(catalog_script(c->desk->catalog, c->script_id));
}

static void test_renewal__between_calls_never_inside_one(void **state)
{
	struct renewal_news news;
	struct desk_maker m;
	struct id patient = desk_patient(1);
	struct call *call;
	char text[200], path[120];
	const struct script *before;

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	assert_int_equal(renewal_check(&news, &m.desk), 0);
	assert_int_equal(call_begin(&call, &m.desk, &patient, ""), 0);
	before = call->script;
	assert_non_null(before);
	snprintf(path, sizeof(path), "scripts/%s.json", call->script_id);
	publish(&m, path, 7, false);
	assert_int_equal(renewal_check(&news, &m.desk), 0);
	assert_string_equal(version_asked(call), "1");
	assert_ptr_equal(call->script, before);
	call_free(&call);
	assert_int_equal(renewal_check(&news, &m.desk), 1);
	assert_int_equal(news.count, 1);
	renewal_text(text, sizeof(text), &news);
	assert_non_null(strstr(text, "v7"));
	assert_int_equal(renewal_check(&news, &m.desk), 0);
	path[strlen(path) - strlen(".json")] = '\0';
	assert_string_equal(script_version(catalog_script(
				m.desk.catalog, path + strlen("scripts/"))),
	    "7");
	assert_int_equal(call_begin(&call, &m.desk, &patient, ""), 0);
	assert_ptr_not_equal(call->script, before);
	assert_string_equal(version_asked(call), "7");
	call_free(&call);
	desk_maker_fini(&m);
}

/* Rules too; and what is not sound changes nothing and is said. */
static void test_renewal__rules_and_what_is_unsound(void **state)
{
	struct renewal_news news;
	struct catalog *before;
	struct desk_maker m;
	char text[200];

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	before = m.desk.catalog;
	publish(&m, "rules/mood.json", 2, true);
	assert_int_equal(renewal_check(&news, &m.desk), 1);
	assert_int_equal(news.passed, 1);
	assert_int_equal(news.count, 0);
	renewal_text(text, sizeof(text), &news);
	assert_non_null(strstr(text, "NOT in force"));
	assert_ptr_equal(m.desk.catalog, before);
	publish(&m, "rules/mood.json", 3, false);
	publish(&m, "settings/hours.json", 2, false);
	assert_int_equal(renewal_check(&news, &m.desk), 1);
	assert_int_equal(news.count, 2);
	renewal_text(text, sizeof(text), &news);
	assert_non_null(strstr(text, "and 1 more"));
	assert_ptr_not_equal(m.desk.catalog, before);
	/* Only what the program has itself: no news. */
	publish(&m, "rules/wound.json", 1, false);
	assert_int_equal(renewal_check(&news, &m.desk), 0);
	desk_maker_fini(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_renewal__between_calls_never_inside_one),
	    cmocka_unit_test(test_renewal__rules_and_what_is_unsound),
	};

	return cmocka_run_group_tests_name("renewal", tests, NULL, NULL);
}
