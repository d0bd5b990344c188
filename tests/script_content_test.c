/*
 * script_content_test.c - the scripts that come with the program: each is
 * strictly valid, bilingual, opens with identity, recording and respondent,
 * can be finished, and gives the facts that the rules ask for.
 */
#include "tests/test.h"

#include "core/asset.h"
#include "core/err.h"
#include "core/json.h"
#include "core/script_out.h"

#define MINUTE 60
#define NOW INT64_C(1795312800)

static bool is_script(const struct asset *a)
{
	return strncmp(a->path, "scripts/", 8) == 0 &&
	       !strchr(a->path + 8, '/');
}

static struct script *load_asset(const char *path)
{
	const struct asset *a = asset_find(path);
	struct script_report rep;
	struct script *s = NULL;

	if (!a)
		fail_msg("no %s", path);
	if (script_load(&s, a->data, a->len, SCRIPT_STRICT, &rep) != 0)
		fail_msg("%s: %s at %s", path, rep.at[0].rule, rep.at[0].path);
	return s;
}

static void check_words(const struct script *s, const char *path)
{
	for (uint32_t i = 0; i < script_count(s); i++) {
		const struct script_item *it = script_item(s, i);
		const char *zh = script_text(s, i, LANG_ZH, NULL);
		const char *en = script_text(s, i, LANG_EN, NULL);
		if (!*zh || !*en || (uint8_t)en[0] >= 0x80)
			fail_msg("%s: words of %s", path, it->link);
		if (strcmp(zh, en) == 0)
			fail_msg("%s: no English of %s", path, it->link);
		for (uint32_t o = 0; o < it->n_options; o++) {
			en = script_option_text(&it->options[o], LANG_EN);
			if ((uint8_t)en[0] >= 0x80)
				fail_msg("%s: option of %s", path, it->link);
		}
	}
}

static void check_openers(const struct script *s, const char *path)
{
	int seen = 0;

	for (uint32_t i = 0; i < script_count(s); i++) {
		const struct script_item *it = script_item(s, i);
		if (it->type == SCRIPT_GROUP || it->type == SCRIPT_DISPLAY)
			continue;
		if (seen < 3 && it->role != (enum script_role)(seen + 1))
			fail_msg("%s does not open properly", path);
		seen++;
	}
	assert_true(seen > 3);
}

static void test_content__every_script_is_strictly_valid(void **state)
{
	int n = 0;

	(void)state;
	for (size_t i = 0; i < asset_total(); i++) {
		const struct asset *a = asset_at(i);
		struct script *s;
		char id[80];
		if (!is_script(a))
			continue;
		s = load_asset(a->path);
		snprintf(id, sizeof(id), "scripts/%s.json", script_id(s));
		assert_string_equal(id, a->path);
		assert_true(a->len < 60 * 1024);
		assert_true(*script_url(s) && *script_version(s));
		assert_true(*script_source(s, LANG_ZH));
		assert_string_not_equal(
		    script_title(s, LANG_ZH), script_title(s, LANG_EN));
		check_words(s, a->path);
		check_openers(s, a->path);
		script_free(&s);
		n++;
	}
	assert_true(n >= 16);
}

/* ---- calls -------------------------------------------------------- */

static void type(struct script_run *run, const char *link, const char *typed)
{
	uint32_t i = script_find(script_run_script(run), link);
	struct script_verdict v;
	int r;

	if (i == SCRIPT_NONE)
		fail_msg("no item %s", link);
	r = script_run_type(
	    run, (struct script_place){.item = i}, typed, NULL, &v);
	if (r != 0)
		fail_msg("%s = %s: %s (%s)", link, typed, err_name(r),
		    v.text ? v.text : "");
}

static void type_all(struct script_run *run, const char *const (*answers)[2])
{
	for (; (*answers)[0]; answers++)
		type(run, (*answers)[0], (*answers)[1]);
}

static void open_call(struct script_run *run)
{
	static const char *const openers[][2] = {{"call.identity", "1"},
	    {"call.recording", "1"}, {"call.respondent", "1"}, {NULL, NULL}};

	type_all(run, openers);
}

static void test_content__hypertension_emergency(void **state)
{
	static const char *const answers[][2] = {{"symptom", "1"},
	    {"bp.sys", "182"}, {"bp.dia", "112"}, {"danger", "1"},
	    {"smoke.now", "0"}, {"drink.now", "0"}, {"exercise.times", "3"},
	    {"exercise.minutes", "30"}, {"salt.now", "2"}, {"mind", "1"},
	    {"advice.followed", "1"}, {"adherence", "1"}, {"adverse", "1"},
	    {"complication", "1"}, {"class", "2"}, {"refer", "1"},
	    {NULL, NULL}};
	struct script *s = load_asset("scripts/hypertension.json");
	struct script_run *run = script_run_new(s, NULL, 8 * 60 * MINUTE);
	struct facts f = {0};
	const struct fact *sys;

	(void)state;
	open_call(run);
	type_all(run, answers);
	assert_int_equal(script_run_missing(run, NULL, 0), 0);
	assert_int_equal(script_run_complete(run), 0);
	script_run_facts(&f, run, NOW);
	sys = facts_last(&f, "8480-6");
	assert_non_null(sys);
	assert_int_equal(sys->value, 182);
	assert_int_equal(sys->scale, 0);
	assert_string_equal(facts_last(&f, "htn-symptom")->text, "none");
	assert_string_equal(facts_last(&f, "visit-class")->text, "unsatisfied");
	facts_fini(&f);
	script_run_free(&run);
	script_free(&s);
}

/* Normal pressure and no symptom: the danger list is not asked; whoever is
 * not identified is asked nothing more. */
static void test_content__asks_only_what_applies(void **state)
{
	struct script *s = load_asset("scripts/hypertension.json");
	struct script_run *run = script_run_new(s, NULL, 0);
	uint32_t danger = script_find(s, "danger");

	(void)state;
	assert_int_equal(script_run_count(run), 4);
	type(run, "call.identity", "1");
	type(run, "symptom", "1");
	type(run, "bp.sys", "128");
	assert_int_equal(script_run_find(run, danger, 0), SCRIPT_NONE);
	type(run, "symptom", "26");
	assert_int_not_equal(script_run_find(run, danger, 0), SCRIPT_NONE);
	type(run, "danger", "3");
	type(run, "symptom", "1");
	assert_null(script_run_answer(run, danger, 0));
	type(run, "call.identity", "2");
	assert_int_equal(script_run_count(run), 4);
	assert_null(script_run_answer(run, script_find(s, "symptom"), 0));
	script_run_free(&run);
	script_free(&s);
}

static void test_content__glucose_in_either_unit(void **state)
{
	struct script *s = load_asset("scripts/type2-diabetes.json");
	struct script_run *run = script_run_new(s, NULL, 0);
	struct facts f = {0};

	(void)state;
	open_call(run);
	type(run, "fpg", "126 mg/dL");
	script_run_facts(&f, run, NOW);
	assert_int_equal(facts_last(&f, "1558-6")->value, 70);
	assert_int_equal(facts_last(&f, "1558-6")->scale, 1);
	facts_fini(&f);
	type(run, "fpg", "７．２");
	script_run_facts(&f, run, NOW);
	assert_int_equal(facts_last(&f, "1558-6")->value, 72);
	facts_fini(&f);
	script_run_free(&run);
	script_free(&s);
}

/* Jin are checked against bounds in kilograms, and given as kilograms. */
static void test_content__weight_in_jin(void **state)
{
	struct script *s = load_asset("scripts/hypertension.json");
	struct script_run *run = script_run_new(s, NULL, 0);
	struct script_place at = {.item = script_find(s, "weight")};
	struct facts f = {0};
	struct script_verdict v;

	(void)state;
	open_call(run);
	type(run, "weight", "290斤");
	script_run_facts(&f, run, NOW);
	assert_int_equal(facts_last(&f, "29463-7")->value, 1450);
	facts_fini(&f);
	assert_int_equal(
	    script_run_type(run, at, "340斤", NULL, &v), ERR_CHECK);
	assert_true(v.is_soft);
	assert_string_equal(v.bounds, "35 - 150 kg");
	assert_int_equal(
	    script_run_type(run, at, "700斤", NULL, &v), ERR_INVALID);
	at.confirmed = true;
	assert_int_equal(script_run_type(run, at, "340斤", NULL, &v), 0);
	assert_int_equal(
	    script_run_type(run, at, "70 lb", NULL, &v), ERR_INVALID);
	script_run_free(&run);
	script_free(&s);
}

/* Eight one-key questions and the three openers in eleven keys, then the
 * blood pressure: six more. */
static void test_content__pci_day_7_in_few_keys(void **state)
{
	static const char *const answers[][2] = {{"chest", "1"}, {"dapt", "1"},
	    {"bleed", "1"}, {"bp.sys", "128"}, {"bp.dia", "82"}, {"site", "1"},
	    {"activity", "1"}, {"phq2.1", "0"}, {"phq2.2", "1"},
	    {"review", "1"}, {NULL, NULL}};
	struct script *s = load_asset("scripts/pci-day7.json");
	struct script_run *run = script_run_new(s, NULL, 0);
	struct facts f = {0};

	(void)state;
	open_call(run);
	type_all(run, answers);
	assert_int_equal(script_run_complete(run), 0);
	script_run_facts(&f, run, NOW);
	assert_int_equal(facts_last(&f, "55758-7")->value, 1);
	facts_fini(&f);
	script_run_free(&run);
	script_free(&s);
}

/* A daughter answers: the scale is not asked, and is not missed. */
static void test_content__proxy_is_not_asked_the_scale(void **state)
{
	struct script *s = load_asset("scripts/pci-day7.json");
	struct script_run *run = script_run_new(s, NULL, 0);
	uint32_t q = script_find(s, "phq2.1");
	struct script_verdict v;

	(void)state;
	open_call(run);
	type(run, "phq2.1", "3");
	type(run, "call.respondent", "3");
	assert_null(script_run_answer(run, q, 0));
	assert_int_equal(script_run_type(run, (struct script_place){.item = q},
			     "1", NULL, &v),
	    ERR_INVALID);
	assert_string_equal(v.text, "Only the patient may answer this.");
	for (uint32_t i = 0; i < script_run_count(run); i++)
		if (script_run_slot(run, i).item == q)
			assert_int_equal(
			    script_run_slot(run, i).state, SCRIPT_SLOT_PROXY);
	script_run_free(&run);
	script_free(&s);
}

/* PHQ-2 below 3 ends there; from 3 on the other seven are asked and summed. */
static void test_content__phq2_leads_to_phq9(void **state)
{
	static const char *const rest[][2] = {{"phq9.3", "1"}, {"phq9.4", "1"},
	    {"phq9.5", "0"}, {"phq9.6", "0"}, {"phq9.7", "0"}, {"phq9.8", "0"},
	    {"phq9.9", "1"}, {"phq9.harm", "1"}, {NULL, NULL}};
	struct script *s = load_asset("scripts/stroke.json");
	struct script_run *run = script_run_new(s, NULL, 0);
	struct facts f = {0};

	(void)state;
	open_call(run);
	type(run, "phq2.1", "1");
	type(run, "phq2.2", "1");
	assert_int_equal(
	    script_run_find(run, script_find(s, "phq9.3"), 0), SCRIPT_NONE);
	type(run, "phq2.2", "2");
	type_all(run, rest);
	script_run_facts(&f, run, NOW);
	assert_int_equal(facts_last(&f, "55758-7")->value, 3);
	assert_int_equal(facts_last(&f, "44261-6")->value, 6);
	assert_int_equal(facts_last(&f, "44260-8")->value, 1);
	facts_fini(&f);
	type(run, "phq2.2", "0");
	assert_null(script_run_answer(run, script_find(s, "phq9.9"), 0));
	script_run_free(&run);
	script_free(&s);
}

/* ---- what others name ------------------------------------------------ */

/* Calls use for every member `key` of any object below v. */
static void each_object(const json_t *v, const char *key,
    void (*use)(void *ctx, const json_t *object), void *ctx)
{
	json_t *member;
	const char *name;
	size_t i;

	json_array_foreach (v, i, member)
		each_object(member, key, use, ctx);
	json_object_foreach ((json_t *)(uintptr_t)v, name, member)
		each_object(member, key, use, ctx);
	if (json_object_get(v, key))
		use(ctx, v);
}

static void each_asset_object(const char *folder, const char *key,
    void (*use)(void *ctx, const json_t *object), void *ctx)
{
	for (size_t i = 0; i < asset_total(); i++) {
		const struct asset *a = asset_at(i);
		const char *rest = a->path + strlen(folder);
		json_t *root;
		if (strncmp(a->path, folder, strlen(folder)) != 0 ||
		    strchr(rest, '/'))
			continue;
		assert_int_equal(json_load(&root, a->data, a->len, a->len), 0);
		each_object(root, key, use, ctx);
		json_decref(root);
	}
}

static void script_must_be(void *ctx, const json_t *object)
{
	char path[128];

	snprintf(path, sizeof(path), "scripts/%s.json",
	    json_str(object, "script", ""));
	if (!asset_find(path))
		fail_msg("a pathway names %s", path);
	(*(int *)ctx)++;
}

static void test_content__pathways_name_scripts_that_are(void **state)
{
	int n = 0;

	(void)state;
	each_asset_object("pathways/", "script", script_must_be, &n);
	assert_true(n > 0);
}

/* Every item of every script, for looking up what can be answered. */
struct library {
	struct script *at[64];
	size_t n;
	int seen;
};

static bool is_option(const struct script_item *it, const char *code)
{
	for (uint32_t o = 0; o < it->n_options; o++)
		if (it->options[o].value.code &&
		    strcmp(it->options[o].value.code, code) == 0)
			return true;
	return false;
}

/* 0: nobody asks this fact, 1: but not with this answer, 2: can be given. */
static int can_give(
    const struct library *lib, const char *fact, const char *code)
{
	int best = 0;

	for (size_t s = 0; s < lib->n; s++) {
		for (uint32_t i = 0; i < script_count(lib->at[s]); i++) {
			const struct script_item *it =
			    script_item(lib->at[s], i);
			if (strcmp(it->code, fact) != 0 || !it->n_options)
				continue;
			if (is_option(it, code))
				return 2;
			best = 1;
		}
	}
	return best;
}

static void answer_must_be(void *ctx, const json_t *object)
{
	struct library *lib = ctx;
	const char *fact = json_str(object, "code", "");
	const json_t *values = json_list(object, "values");

	for (size_t i = 0; i < json_array_size(values); i++) {
		const char *v = json_string_value(json_array_get(values, i));
		/* "Had, no more said" and a foreign list's quirk. */
		if (!v || strcmp(v, "yes") == 0 || strcmp(v, "LA18938-3") == 0)
			continue;
		if (can_give(lib, fact, v) == 1)
			fail_msg("a rule waits for %s = %s", fact, v);
		lib->seen++;
	}
}

/* A rule that waits for an answer no script offers would never fire. */
static void test_content__rules_wait_for_answers_that_exist(void **state)
{
	struct library lib = {0};

	(void)state;
	for (size_t i = 0; i < asset_total(); i++)
		if (is_script(asset_at(i)))
			lib.at[lib.n++] = load_asset(asset_at(i)->path);
	each_asset_object("rules/", "values", answer_must_be, &lib);
	assert_true(lib.seen > 20);
	while (lib.n > 0)
		script_free(&lib.at[--lib.n]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_content__every_script_is_strictly_valid),
	    cmocka_unit_test(test_content__hypertension_emergency),
	    cmocka_unit_test(test_content__asks_only_what_applies),
	    cmocka_unit_test(test_content__glucose_in_either_unit),
	    cmocka_unit_test(test_content__weight_in_jin),
	    cmocka_unit_test(test_content__pci_day_7_in_few_keys),
	    cmocka_unit_test(test_content__phq2_leads_to_phq9),
	    cmocka_unit_test(test_content__pathways_name_scripts_that_are),
	    cmocka_unit_test(test_content__rules_wait_for_answers_that_exist),
	    cmocka_unit_test(test_content__proxy_is_not_asked_the_scale),
	};

	return cmocka_run_group_tests_name("script_content", tests, NULL, NULL);
}
