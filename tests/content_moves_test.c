/*
 * content_moves_test.c - what a new version changes for patients now on a
 * pathway, before it is published; and that their next calls under it sign
 * the very days that were named. Nothing is written by the asking.
 */
#include "core/asset.h"
#include "core/cadence.h"
#include "core/clock.h"
#include "core/err.h"
#include "core/json.h"
#include "core/store.h"
#include "keys/hash.h"
#include "sync/content_moves.h"
#include "tests/desk_maker.h"
#include "tests/script_walk.h"
#include "tests/test.h"
#include "tui/call.h"
#include "tui/catalog.h"
#include "tui/renewal.h"

#include <stdlib.h>
#include <string.h>

#define PATH "pathways/hypertension.json"
#define KEPT 40

struct kept {
	struct id patient;
	struct move move;
};

struct scene {
	struct desk_maker m;
	struct content_file files[2];
	struct buf later; /* the text of the second version */
	struct moves_total total;
	struct kept kept[KEPT];
	size_t n;
};

/* Version 2: repeated after 75 days, and after 60 where all is well; edit
 * may change more. */
static void second_version(struct scene *s, void (*edit)(json_t *root))
{
	const struct asset *a = asset_find(PATH);
	json_t *root, *rule;
	size_t i;

	assert_non_null(a);
	assert_int_equal(json_load(&root, a->data, a->len, 1 << 20), 0);
	json_put_int(root, "version", 2);
	json_put_int(json_object_get(root, "repeat"), "offset_days", 75);
	json_array_foreach (json_list(root, "rules"), i, rule)
		if (strcmp(json_str(rule, "id", ""), "htn-satisfied") == 0)
			json_put_int(rule, "days", 60);
	if (edit)
		edit(root);
	buf_clear(&s->later);
	json_canonical(&s->later, root);
	json_decref(root);
	s->files[0] = (struct content_file){PATH, a->data, a->len};
	s->files[1] =
	    (struct content_file){PATH, buf_text(&s->later), s->later.len};
}

static void keep(void *ctx, const struct id *patient, const struct move *m)
{
	struct scene *s = ctx;

	assert_true(s->n < KEPT);
	assert_string_equal(m->pathway, "hypertension");
	s->kept[s->n++] = (struct kept){*patient, *m};
}

static int ask(struct scene *s)
{
	s->total = (struct moves_total){0};
	s->n = 0;
	return content_moves_run(&s->total, s->m.desk.store,
	    &(struct content_moves){
		&s->files[0], &s->files[1], s->m.world.now_s, 28800, keep, s});
}

static const struct move *told(
    const struct scene *s, int patient, const char *finding)
{
	struct id id = desk_patient(patient);

	for (size_t i = 0; i < s->n; i++)
		if (id_cmp(&s->kept[i].patient, &id) == 0 &&
		    strstr(s->kept[i].move.findings, finding))
			return &s->kept[i].move;
	return NULL;
}

static struct scene *scene_new(void)
{
	struct scene *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	desk_maker_init(&s->m, 'A', NULL);
	desk_maker_fill(&s->m);
	return s;
}

static void scene_free(struct scene *s)
{
	desk_maker_fini(&s->m);
	buf_fini(&s->later);
	free(s);
}

static int64_t count(struct scene *s, const char *sql)
{
	return test_scalar(s->m.desk.store, sql);
}

/* The routine call of that day by that rule. */
static void expect(const char *text, int64_t day, const char *rule)
{
	char wanted[MOVES_TEXT], at[DAY_TEXT];

	day_text(at, day);
	snprintf(
	    wanted, sizeof(wanted), "routine %s hypertension %s", at, rule);
	assert_string_equal(text, wanted);
}

static void test_moves__names_who_moves_and_both_days(void **state)
{
	struct scene *s = scene_new();
	int64_t day = day_of(s->m.world.now_s, 28800);
	int64_t before = count(s, "SELECT total_changes()");
	const struct move *m;

	(void)state;
	second_version(s, NULL);
	assert_int_equal(ask(s), 0);
	/* Four of the six; the others are on other pathways. */
	assert_int_equal(s->total.asked, 4);
	assert_int_equal(s->total.changed, 4);
	assert_int_equal(s->total.of[MOVES_EARLIER], 4);
	assert_int_equal(s->total.of[MOVES_LATER], 0);
	assert_null(told(s, 1, ""));
	assert_null(told(s, 4, ""));
	/* Due tomorrow: the call is taken as made then. */
	m = told(s, 5, "satisfied");
	assert_non_null(m);
	assert_string_equal(m->findings, "satisfied");
	assert_int_equal(m->kind, MOVES_EARLIER);
	assert_int_equal(m->call_day, day + 1);
	expect(m->was, day + 91, "htn-satisfied");
	expect(m->now, day + 61, "htn-satisfied");
	m = told(s, 5, "none");
	expect(m->was, day + 91, "plan");
	expect(m->now, day + 76, "plan");
	/* After a bad visit both say 14 days. */
	assert_null(told(s, 5, "unsatisfied"));
	assert_int_equal(count(s, "SELECT total_changes()"), before);
	scene_free(s);
}

/* The same version is no change. */
static void same_again(struct scene *s)
{
	s->files[1] = s->files[0];
	assert_int_equal(ask(s), 0);
	assert_int_equal(s->total.asked, 4);
	assert_int_equal(s->total.changed, 0);
	assert_int_equal(s->n, 0);
}

/* The same version, or what is due changed by nothing: nobody is named. */
static void test_moves__nobody_without_a_difference(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	second_version(s, NULL);
	same_again(s);
	scene_free(s);
}

static void publish(struct scene *s)
{
	struct draft draft = {0};
	struct renewal_news news;
	struct id stream = {{0xc7}};
	json_t *body = json_object();
	char ref[REF_TEXT], hash[65];

	memset(hash, 'a', 64);
	hash[64] = '\0';
	json_put_str(body, "id", "hypertension");
	json_put_str(body, "version", "2");
	json_put_str(body, "title_zh", "新的内容");
	json_put_str(body, "title_en", "The new content");
	json_put_int(body, "part", 1);
	json_put_int(body, "parts", 1);
	json_put_str(body, "hash", hash);
	json_put_str(body, "text", s->files[1].text);
	draft_add(&draft, KIND_PATHWAY_PUBLISHED, &stream, body);
	assert_int_equal(desk_record(ref, &s->m.desk, &draft), 0);
	assert_int_equal(renewal_check(&news, &s->m.desk), 1);
	assert_int_equal(news.passed, 0);
}

/* A whole call that finds this. */
static void call_once(struct scene *s, int patient, const char *class)
{
	const char *const said[][2] = {{"call.identity", "1"},
	    {"call.recording", "1"}, {"call.respondent", "1"}, {"symptom", "1"},
	    {"bp.sys", "128"}, {"bp.dia", "76"}, {"adverse", "1"},
	    {"complication", "1"}, {"class", class}};
	struct walk_random random = {20261122};
	struct id p = desk_patient(patient);
	struct script_verdict v;
	char ref[REF_TEXT];
	struct call *c;

	assert_int_equal(call_begin(&c, &s->m.desk, &p, "x"), 0);
	for (size_t i = 0; i < ARRAY_LEN(said); i++) {
		struct script_place at = {
		    .item = script_find(c->script, said[i][0])};
		if (call_answer(c, at, said[i][1], &v) < 0)
			fail_msg("%s is refused", said[i][0]);
	}
	assert_true(walk_finish(c->run, &random, 3000) >= 0);
	assert_int_equal(call_finish(ref, c, call_completed(c), NULL), 0);
	call_free(&c);
}

static void check_moved(struct scene *s, int patient, const char *said)
{
	struct id p = desk_patient(patient);
	struct casefile *file;
	char day[DAY_TEXT], next[MOVES_TEXT];

	assert_int_equal(casefile_load(&file, s->m.desk.store, &p), 0);
	assert_int_equal(file->due_count, 1);
	assert_string_equal(file->dues[0].enrolled, "2");
	day_text(day, file->dues[0].due_day);
	snprintf(next, sizeof(next), "%s %s %s %s", file->dues[0].step, day,
	    file->dues[0].script, file->dues[0].rule);
	assert_string_equal(next, said);
	casefile_free(&file);
}

static void test_moves__the_call_then_signs_what_was_named(void **state)
{
	static const char moved[] =
	    "SELECT count(*) FROM entry WHERE kind = 'pathway.moved'";
	struct scene *s = scene_new();

	(void)state;
	second_version(s, NULL);
	assert_int_equal(ask(s), 0);
	publish(s);
	/* The due days of 5 and 6; that of 3 is today. */
	call_once(s, 3, "1");
	check_moved(s, 3, told(s, 3, "satisfied")->now);
	s->m.world.now_s += DAY_S;
	call_once(s, 5, "1");
	check_moved(s, 5, told(s, 5, "satisfied")->now);
	assert_int_equal(count(s, moved), 2);
	/* Where both versions agree, the day is theirs. */
	call_once(s, 6, "2");
	assert_int_equal(count(s, moved), 3);
	assert_int_equal(
	    count(s, "SELECT count(*) FROM v_due WHERE rule = "
		     "'htn-unsatisfied' AND pathway_version = '2'"),
	    1);
	scene_free(s);
}

static void ends(json_t *root)
{
	json_put_int(root, "end_days", 1);
	json_object_del(root, "rules");
	json_put(root, "rules", json_array());
}

static void other_script(json_t *root)
{
	json_put_str(json_object_get(root, "repeat"), "script", "satisfaction");
	json_put_int(json_object_get(root, "repeat"), "offset_days", 90);
}

static void other_step(json_t *root)
{
	json_put_str(json_object_get(root, "repeat"), "id", "quarterly");
	json_put_int(json_object_get(root, "repeat"), "offset_days", 90);
}

static void rarely(json_t *root)
{
	json_put_int(json_object_get(root, "repeat"), "offset_days", 120);
}

static void test_moves__every_kind_of_change(void **state)
{
	static const struct {
		void (*edit)(json_t *root);
		const char *findings, *name;
		enum moves_kind kind;
	} rows[] = {
	    {ends, "none", "leaves", MOVES_LEAVES},
	    {other_script, "none", "script", MOVES_SCRIPT},
	    {other_step, "none", "step", MOVES_STEP},
	    {rarely, "none", "later", MOVES_LATER},
	};
	struct scene *s = scene_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct move *m;

		second_version(s, rows[i].edit);
		assert_int_equal(ask(s), 0);
		m = told(s, 5, rows[i].findings);
		if (!m || m->kind != rows[i].kind)
			fail_msg("%s: not told", rows[i].name);
		assert_string_equal(moves_kind_name(m->kind), rows[i].name);
		assert_true(s->total.of[rows[i].kind] > 0);
	}
	/* And the way back. */
	second_version(s, ends);
	struct content_file was = s->files[0];
	s->files[0] = s->files[1];
	s->files[1] = was;
	assert_int_equal(ask(s), 0);
	assert_int_equal(s->total.of[MOVES_STAYS], 4);
	assert_string_equal(told(s, 5, "satisfied")->was, "- none");
	scene_free(s);
}

static void without_rules(json_t *root)
{
	json_put(root, "rules", json_array());
}

/* Where no finding makes a difference there is one line a patient. */
static void test_moves__whatever_the_call_finds(void **state)
{
	struct scene *s = scene_new();
	struct buf first;

	(void)state;
	second_version(s, without_rules);
	first = s->later;
	s->later = (struct buf){0};
	second_version(s, ends);
	s->files[0] = (struct content_file){PATH, buf_text(&first), first.len};
	assert_int_equal(ask(s), 0);
	assert_int_equal(s->n, 4);
	assert_int_equal(s->total.of[MOVES_LEAVES], 4);
	assert_string_equal(s->kept[0].move.findings, "any");
	buf_fini(&first);
	scene_free(s);
}

static void renamed(json_t *root)
{
	json_put_str(root, "id", "other");
}

static void test_moves__a_script_names_for_whom_it_is_due(void **state)
{
	struct scene *s = scene_new();
	const struct asset *a = asset_find("scripts/hypertension.json");
	int64_t day = day_of(s->m.world.now_s, 28800);
	char wanted[MOVES_TEXT], at[DAY_TEXT];
	json_t *root;

	(void)state;
	assert_non_null(a);
	assert_int_equal(json_load(&root, a->data, a->len, 1 << 22), 0);
	json_put_str(root, "version", "2");
	json_canonical(&s->later, root);
	json_decref(root);
	s->files[0] = (struct content_file){"s", a->data, a->len};
	s->files[1] =
	    (struct content_file){"s", buf_text(&s->later), s->later.len};
	assert_int_equal(ask(s), 0);
	assert_int_equal(s->total.asked, 4);
	assert_int_equal(s->total.of[MOVES_SCRIPT], 4);
	day_text(at, day + 1);
	snprintf(wanted, sizeof(wanted), "first %s hypertension v2", at);
	assert_string_equal(told(s, 5, "any")->now, wanted);
	wanted[strlen(wanted) - 1] = '1';
	assert_string_equal(told(s, 5, "any")->was, wanted);
	/* The same version is no change. */
	same_again(s);
	scene_free(s);
}

static void test_moves__two_pathways_are_refused(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	second_version(s, renamed);
	assert_int_equal(ask(s), ERR_INVALID);
	assert_non_null(strstr(err_detail(), "other"));
	s->files[1] = (struct content_file){PATH, "{}", 2};
	assert_int_equal(ask(s), ERR_INVALID);
	assert_int_equal(s->total.asked, 0);
	scene_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_moves__names_who_moves_and_both_days),
	    cmocka_unit_test(test_moves__nobody_without_a_difference),
	    cmocka_unit_test(test_moves__the_call_then_signs_what_was_named),
	    cmocka_unit_test(test_moves__every_kind_of_change),
	    cmocka_unit_test(test_moves__whatever_the_call_finds),
	    cmocka_unit_test(test_moves__a_script_names_for_whom_it_is_due),
	    cmocka_unit_test(test_moves__two_pathways_are_refused),
	};

	hash_init();
	return cmocka_run_group_tests_name("content_moves", tests, NULL, NULL);
}
