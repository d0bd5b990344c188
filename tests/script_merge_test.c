/*
 * script_merge_test.c - several scripts in one call: whatever is answered,
 * each script has its answers afterwards, and nothing is asked twice.
 */
#include "tests/test.h"

#include "core/asset.h"
#include "core/content.h"
#include "core/err.h"
#include "core/json.h"
#include "core/script_merge.h"
#include "core/script_out.h"
#include "tests/script_merge_kit.h"
#include "tests/script_walk.h"

#define SCRIPTS_MAX 32

static struct script *all[SCRIPTS_MAX];
static size_t n_all;

static int add_script(void *ctx, const char *path, const char *text, size_t n)
{
	(void)ctx;
	(void)path;
	return script_load(&all[n_all++], text, n, SCRIPT_STRICT, NULL);
}

static int load_all(void **state)
{
	(void)state;
	n_all = 0;
	return content_each("scripts/", add_script, NULL);
}

static int free_all(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_all; i++)
		script_free(&all[i]);
	return 0;
}

static const struct script *named(const char *id)
{
	for (size_t i = 0; i < n_all; i++)
		if (strcmp(script_id(all[i]), id) == 0)
			return all[i];
	fail_msg("no script %s", id);
	return NULL;
}

static struct script_merged *merged(const char *const *ids, size_t n)
{
	const struct script *parts[SCRIPT_PARTS_MAX] = {NULL};
	struct script_merged *m = NULL;

	for (size_t i = 0; i < n; i++)
		parts[i] = named(ids[i]);
	if (script_merge(&m, parts, n) != 0)
		fail_msg(
		    "%s + %s: %s", ids[0], n > 1 ? ids[1] : "", err_detail());
	return m;
}

/* Openers are asked once. */
static void check_openers(const struct script_merged *m)
{
	const struct script *whole = script_merged_script(m);
	int seen[4] = {0};

	for (uint32_t i = 0; i < script_count(whole); i++)
		seen[script_item(whole, i)->role]++;
	for (int r = SCRIPT_ROLE_IDENTITY; r <= SCRIPT_ROLE_RESPONDENT; r++)
		assert_int_equal(seen[r], 1);
}

/* The right person is on the telephone. */
static void verify(struct script_run *run)
{
	struct script_place at = {0};
	struct script_verdict v;

	at.item = script_find(script_run_script(run), "call.identity");
	if (at.item != SCRIPT_NONE)
		assert_int_equal(script_run_type(run, at, "1", NULL, &v), 0);
}

static void test_script_merge__any_two_go_together(void **state)
{
	(void)state;
	for (size_t a = 0; a < n_all; a++)
		for (size_t b = 0; b < n_all; b++) {
			const char *ids[2] = {
			    script_id(all[a]), script_id(all[b])};
			struct script_merged *m;
			if (a == b)
				continue;
			m = merged(ids, 2);
			merge_check_places(m);
			check_openers(m);
			merge_check_call(m, a * 100 + b + 1);
			merge_check_call(m, a * 100 + b + 2);
			script_merged_free(&m);
		}
}

static void test_script_merge__eight_go_together(void **state)
{
	const char *ids[SCRIPT_PARTS_MAX];
	struct script_merged *m;

	(void)state;
	for (size_t i = 0; i < SCRIPT_PARTS_MAX; i++)
		ids[i] = script_id(all[n_all - 1 - i]);
	m = merged(ids, SCRIPT_PARTS_MAX);
	merge_check_places(m);
	check_openers(m);
	for (uint64_t seed = 1; seed <= 5; seed++)
		merge_check_call(m, seed);
	script_merged_free(&m);
}

static size_t count_code(const struct script *s, const char *code)
{
	size_t n = 0;

	for (uint32_t i = 0; i < script_count(s); i++)
		n += strcmp(script_item(s, i)->code, code) == 0;
	return n;
}

static void test_script_merge__a_shared_question_is_asked_once(void **state)
{
	static const char *const ids[] = {"hypertension", "type2-diabetes"};
	static const char *const once[] = {"8480-6", "8462-4", "8867-4",
	    "29463-7", "adherence", "adverse-reaction", "complication",
	    "visit-class", "htn-symptom", "dm-symptom", "1558-6"};
	struct script_merged *m = merged(ids, 2);
	const struct script *whole = script_merged_script(m);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(once); i++)
		if (count_code(whole, once[i]) != 1)
			fail_msg("%s: %zu times", once[i],
			    count_code(whole, once[i]));
	assert_string_equal(script_id(whole), "hypertension+type2-diabetes");
	assert_non_null(strstr(script_title(whole, LANG_EN), " + "));
	assert_non_null(strstr(script_title(whole, LANG_ZH), "高血压"));
	script_merged_free(&m);
}

static void test_script_merge__answers_name_their_script(void **state)
{
	static const char *const ids[] = {"hypertension", "type2-diabetes"};
	struct script_merged *m = merged(ids, 2);
	const struct script *whole = script_merged_script(m);
	struct script_run *run = script_run_new(whole, NULL, ZONE);
	struct walk_random r = {7};
	json_t *list, *one;
	size_t i, mine = 0, other = 0;

	(void)state;
	verify(run);
	assert_true(walk_finish(run, &r, 3000) >= 0);
	list = script_merged_answers(m, run);
	json_array_foreach (list, i, one) {
		const char *script = json_str(one, "script", ids[0]);
		char link[201];
		snprintf(link, sizeof(link), "%s", json_str(one, "link", ""));
		if (strchr(link, '@'))
			*strchr(link, '@') = '\0';
		assert_int_not_equal(
		    script_find(named(script), link), SCRIPT_NONE);
		mine += strcmp(script, ids[0]) == 0;
		other += strcmp(script, ids[1]) == 0;
	}
	assert_true(mine > 10 && other > 3);
	assert_int_equal(mine + other, json_array_size(list));
	json_decref(list);
	script_run_free(&run);
	script_merged_free(&m);
}

static void test_script_merge__required_by_one_is_required(void **state)
{
	struct script *two[2];
	struct script_merged *m = merge_two(two, SCRIPT("one", Q("a", INT)),
	    SCRIPT("two", Q("a", INT ",\"required\":true")));

	(void)state;
	assert_true(script_item(script_merged_script(m), 0)->required);
	assert_false(script_item(two[0], 0)->required);
	script_merged_free(&m);
	script_free(&two[0]);
	script_free(&two[1]);
}

static void say(
    struct script_run *run, const char *link, uint32_t occ, const char *typed)
{
	struct script_place at = {
	    script_find(script_run_script(run), link), occ, false};
	struct script_verdict v;

	assert_int_not_equal(at.item, SCRIPT_NONE);
	if (script_run_type(run, at, typed, NULL, &v) != 0)
		fail_msg("%s: %s", link, v.text);
}

static const struct script_value *heard(
    const struct script_run *run, const char *link, uint32_t occ)
{
	const struct script_answer *a = script_run_answer(
	    run, script_find(script_run_script(run), link), occ);

	assert_non_null(a);
	return &a->values[0];
}

static bool has_answer(const json_t *list, const char *script, const char *link)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *o = json_array_get(list, i);
		if (strcmp(json_str(o, "link", ""), link) == 0 &&
		    strcmp(json_str(o, "script", ""), script) == 0)
			return true;
	}
	return false;
}

static const char renamed_items[] = Q(
    "a", "\"type\":\"choice\",\"answerValueSet\":\"#v\"") "," Q("b", INT
    "," WHEN("a")) ",{\"linkId\":\"g\",\"type\":\"group\",\"repeats\":true,"
		   "\"item\":[" Q("b@1",
		       INT) "]}"
			    ",{\"linkId\":\"w\",\"type\":\"choice\","
			    "\"answerOption\":["
			    "{\"valueCoding\":{\"code\":\"p\"},\"extension\":[{"
			    "\"url\":\"" EXT
			    "ordinalValue\",\"valueDecimal\":2}]}]}"
			    ",{\"linkId\":\"s\",\"type\":\"decimal\","
			    "\"readOnly\":true,"
			    "\"extension\":[{\"url\":"
			    "\"http://hl7.org/fhir/uv/sdc/StructureDefinition/"
			    "sdc-questionnaire-calculatedExpression\","
			    "\"valueExpression\":{"
			    "\"language\":\"text/fhirpath\",\"expression\":"
			    "\"%resource.descendants().where(linkId = 'w')"
			    ".answer.weight().sum()\"}}]},"
			    "{\"linkId\":\"lo\",\"type\":\"integer\","
			    "\"extension\":[{\"url\":"
			    "\"" OWN
			    "less-than\",\"valueString\":\"b@1x\"}]}," Q(
				"b@1x", INT);

static void check_renamed(const struct script_merged *m, struct script_run *run)
{
	struct script_zone of = {1, ZONE};
	struct script_run *own = NULL;
	json_t *list = script_merged_answers(m, run);

	assert_true(has_answer(list, "two", "b@1@1"));
	assert_true(has_answer(list, "two", "a"));
	assert_false(has_answer(list, "", "a"));
	json_decref(list);
	script_run_stop(run);
	assert_int_equal(script_merged_run(&own, m, run, of), 0);
	assert_int_equal(script_run_status(own), SCRIPT_STOPPED);
	assert_string_equal(heard(own, "a", 0)->code, "y");
	assert_int_equal(heard(own, "b", 0)->num, 5);
	assert_int_equal(heard(own, "b@1", 1)->num, 8);
	assert_int_equal(heard(own, "s", 0)->num, 2);
	script_run_free(&own);
}

/* Names within conditions, expressions and value sets follow. */
static void test_script_merge__renamed_questions_keep_their_meaning(
    void **state)
{
	char a[6000], b[6000];
	struct script *two[2];
	struct script_merged *m;
	struct script_run *run;
	const struct script *whole;
	struct script_place at = {0};
	struct script_verdict v;

	(void)state;
	/* the first asks other things under the same names */
	snprintf(a, sizeof(a),
	    SCRIPT("one", Q("a", INT) "," Q("w", INT) "," Q("b@1", INT) "," Q(
			      "b@1x", "\"type\":\"date\"")));
	snprintf(b, sizeof(b), SCRIPT("two", "%s"), renamed_items);
	m = merge_two(two, a, b);
	whole = script_merged_script(m);
	run = script_run_new(whole, NULL, ZONE);
	assert_int_equal(
	    script_item(whole, script_find(whole, "two.a"))->n_options, 2);
	assert_int_equal(
	    script_run_find(run, script_find(whole, "b"), 0), SCRIPT_NONE);
	say(run, "two.a", 0, "2");
	say(run, "b", 0, "5");
	say(run, "two.w", 0, "1");
	assert_int_equal(heard(run, "s", 0)->num, 2);
	assert_int_equal(script_run_add(run, script_find(whole, "g"), 0), 0);
	say(run, "two.b@1", 1, "8");
	say(run, "two.b@1x", 0, "10");
	at.item = script_find(whole, "lo");
	assert_int_equal(script_run_type(run, at, "10", NULL, &v), ERR_INVALID);
	say(run, "lo", 0, "9");
	check_renamed(m, run);
	script_run_free(&run);
	script_merged_free(&m);
	script_free(&two[0]);
	script_free(&two[1]);
}

static void test_script_merge__one_is_itself(void **state)
{
	const char *ids[] = {"copd"};
	struct script_merged *m = merged(ids, 1);

	(void)state;
	assert_ptr_equal(script_merged_script(m), named("copd"));
	merge_check_places(m);
	merge_check_call(m, 3);
	script_merged_free(&m);
	script_merged_free(&m);
}

static void test_script_merge__what_does_not_go_together(void **state)
{
	const struct script *parts[SCRIPT_PARTS_MAX + 1];
	struct script_merged *m = NULL;
	struct script *two[2];
	static const char zh[] =
	    "{\"resourceType\":\"Questionnaire\",\"status\":\"active\","
	    "\"language\":\"zh\",\"item\":[" Q("a", INT) "]}";
	static const char variable[] =
	    "{\"resourceType\":\"Questionnaire\",\"status\":\"active\","
	    "\"language\":\"zh\",\"extension\":[{\"url\":\"" EXT
	    "variable\",\"valueExpression\":{\"language\":\"text/fhirpath\","
	    "\"name\":\"x\",\"expression\":\"1\"}}],\"item\":[" Q(
		"b", INT) "]}";
	struct buf big = {0};

	(void)state;
	for (size_t i = 0; i <= SCRIPT_PARTS_MAX; i++)
		parts[i] = named("copd");
	assert_int_equal(script_merge(&m, parts, 0), ERR_RULE);
	assert_int_equal(
	    script_merge(&m, parts, SCRIPT_PARTS_MAX + 1), ERR_RULE);
	assert_int_equal(
	    script_load(&two[0], zh, strlen(zh), SCRIPT_STRICT, NULL), 0);
	assert_int_equal(script_load(&two[1], variable, strlen(variable),
			     SCRIPT_STRICT, NULL),
	    0);
	parts[0] = two[0];
	parts[1] = two[1];
	assert_int_equal(script_merge(&m, parts, 2), ERR_RULE);
	script_free(&two[1]);
	buf_str(&big, "{\"resourceType\":\"Questionnaire\",\"status\":"
		      "\"active\",\"language\":\"zh\",\"item\":[" Q("z", INT));
	for (unsigned i = 0; i < SCRIPT_MERGE_ITEMS_MAX; i++)
		buf_printf(&big,
		    ",{\"linkId\":\"q%u\",\"text\":\"t\",\"type\":\"date\"}",
		    i);
	buf_str(&big, "]}");
	assert_int_equal(
	    script_load(&two[1], buf_text(&big), big.len, SCRIPT_STRICT, NULL),
	    0);
	parts[1] = two[1];
	assert_int_equal(script_merge(&m, parts, 2), ERR_RULE);
	assert_int_equal(script_merge(&m, parts + 1, 1), 0);
	script_merged_free(&m);
	parts[1] = named("copd");
	script_free(&two[1]);
	assert_null(m);
	script_free(&two[0]);
	buf_fini(&big);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_script_merge__any_two_go_together),
	    cmocka_unit_test(test_script_merge__eight_go_together),
	    cmocka_unit_test(
		test_script_merge__a_shared_question_is_asked_once),
	    cmocka_unit_test(test_script_merge__answers_name_their_script),
	    cmocka_unit_test(test_script_merge__required_by_one_is_required),
	    cmocka_unit_test(
		test_script_merge__renamed_questions_keep_their_meaning),
	    cmocka_unit_test(test_script_merge__one_is_itself),
	    cmocka_unit_test(test_script_merge__what_does_not_go_together),
	};
	return cmocka_run_group_tests_name(
	    "script_merge", tests, load_all, free_all);
}
