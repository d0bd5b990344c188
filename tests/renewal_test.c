/*
 * renewal_test.c - content that arrives while a terminal is open: a call
 * goes on with what it began with, the next has what is new, and one line
 * says what changed.
 */
#include "tests/test.h"

#include "core/asset.h"
#include "core/cadence.h"
#include "core/casefile.h"
#include "core/draft_contact.h"
#include "core/err.h"
#include "core/json.h"
#include "core/script.h"
#include "keys/hash.h"
#include "tests/desk_maker.h"
#include "tests/stage.h"
#include "tui/call.h"
#include "tui/catalog.h"
#include "tui/renewal.h"
#include "tui/screens.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
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

/* The terminal is killed in the middle of a call; a version is published
 * before it starts again, and the question that is asked then has other
 * words. The call goes on in the words it began with, and says so. */
static void test_renewal__a_call_taken_up_again_keeps_its_version(void **state)
{
	char dir[] = "/tmp/suifang-keep-XXXXXX", ref[REF_TEXT];
	struct stage st = {
	    .role = 'A', .lang = LANG_ZH, .dir = dir, .screen = &work_screen};
	struct desk_maker m;
	struct vscreen *vs;
	struct id patient;
	struct casefile *file;
	struct call *c;
	char path[120];

	(void)state;
	assert_non_null(mkdtemp(dir));
	vs = stage_start(&st, 24, 80);
	screen_keys(vs, "\r1111");
	assert_int_equal(kill(screen_pid(vs), SIGKILL), 0);
	screen_free(&vs);
	desk_maker_init(&m, 'A', dir);
	assert_int_equal(call_unfinished(&patient, 1, &m.desk), 1);
	assert_int_equal(casefile_load(&file, m.desk.store, &patient), 0);
	snprintf(path, sizeof(path), "scripts/%s.json", file->dues[0].script);
	publish(&m, path, 9, false);
	desk_maker_fini(&m);
	desk_maker_init(&m, 'A', dir);
	assert_string_equal(script_version(catalog_script(
				m.desk.catalog, file->dues[0].script)),
	    "9");
	casefile_free(&file);
	assert_int_equal(call_begin(&c, &m.desk, &patient, ""), 0);
	assert_true(c->resumed);
	assert_string_equal(c->asked_version[0], "1");
	assert_int_equal(script_run_progress(c->run).answered, 1);
	assert_int_equal(
	    call_finish(ref, c,
		cadence_find(catalog_cadence(m.desk.catalog), "hung-up"), NULL),
	    0);
	assert_int_equal(
	    test_scalar(m.desk.store, "SELECT count(*) FROM v_contact WHERE "
				      "script_version = '1'"),
	    1);
	call_free(&c);
	/* The next one is asked the new words. */
	assert_int_equal(call_begin(&c, &m.desk, &patient, ""), 0);
	assert_false(c->resumed);
	assert_string_equal(c->asked_version[0], "9");
	call_free(&c);
	desk_maker_fini(&m);
	test_dir_remove(strdup(dir));
}

/* Decided by another version than the patient is on: said in an entry of its
 * own, once, which undo takes back with the call. */
static void test_renewal__who_is_moved_has_an_entry(void **state)
{
	static const char on[] =
	    "SELECT count(*) FROM v_enrol WHERE version = '%s'";
	struct casefile *file;
	struct id patient = desk_patient(3);
	struct outcome out = {.count = 1};
	struct contact k = {.patient = patient,
	    .outcome = &out,
	    .respondent = "self",
	    .script = ""};
	struct draft draft = {0};
	struct desk_maker m;
	char sql[100], ref[REF_TEXT];

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	publish(&m, "pathways/hypertension.json", 2, false);
	assert_int_equal(casefile_load(&file, m.desk.store, &patient), 0);
	assert_string_equal(file->dues[0].enrolled, "1");
	k.how = cadence_find(catalog_cadence(m.desk.catalog), "completed");
	k.how_version = 1;
	out.class = "none";
	out.next[0].due = file->dues[0];
	out.next[0].is_done = true;
	strcpy(out.next[0].was_step, file->dues[0].step);
	strcpy(out.next[0].due.pathway_version, "2");
	out.next[0].due.due_day += 90;
	draft_contact(&draft, &k);
	assert_int_equal(draft.count, 2);
	assert_int_equal(draft.entries[1].kind, KIND_PATHWAY_MOVED);
	assert_int_equal(desk_record(ref, &m.desk, &draft), 0);
	snprintf(sql, sizeof(sql), on, "2");
	assert_int_equal(test_scalar(m.desk.store, sql), 1);
	casefile_free(&file);
	assert_int_equal(casefile_load(&file, m.desk.store, &patient), 0);
	assert_int_equal(file->dues[0].due_day, out.next[0].due.due_day);
	assert_string_equal(file->dues[0].enrolled, "2");
	/* The next one under the same version says nothing. */
	out.next[0].due = file->dues[0];
	draft_contact(&draft, &k);
	assert_int_equal(draft.count, 1);
	draft_fini(&draft);
	casefile_free(&file);
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
	    cmocka_unit_test(
		test_renewal__a_call_taken_up_again_keeps_its_version),
	    cmocka_unit_test(test_renewal__who_is_moved_has_an_entry),
	    cmocka_unit_test(test_renewal__rules_and_what_is_unsound),
	};

	hash_init();
	return cmocka_run_group_tests_name("renewal", tests, NULL, NULL);
}
