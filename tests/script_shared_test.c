/*
 * script_shared_test.c - questionnaires that others wrote: each loads
 * leniently or is refused for the reason named, and strict mode names what is
 * wrong with each dirty one. The table is that of docs/SCRIPTS.md.
 */
#include "tests/test.h"

#include "core/err.h"
#include "core/script_out.h"
#include "tests/script_walk.h"

#define DIR "data/questionnaires/"

static const struct {
	const char *file;
	bool lenient, strict;
	const char *rules; /* every rule found, in order of first place */
} others[] = {
    {"aehrc-aucore-bp.json", true, false,
	"answerValueSet required-unanswerable expression"},
    {"afhir-open-choice.json", true, false, "status"},
    {"afhir-skip-logic.json", true, false, "status"},
    {"afhir-text-fields-validation.json", true, false, "status"},
    {"lhc-blood-pressure.json", true, true, ""},
    {"lhc-enablewhen-all-operators.json", true, false,
	"json que-5 enableWhen-answer expression"},
    {"lhc-enablewhen-loop.json", true, false, "enableWhen-cycle"},
    {"lhc-initial-all-types.json", true, false, "que-0 que-11"},
    {"lhc-modifierextension-must-refuse.json", false, false,
	"modifierExtension"},
    {"lhc-nested-repeating-groups.json", true, false, "answerValueSet"},
    {"lhc-phq9-calc-weight.json", true, false, "que-0 json"},
    {"lhc-phq9.json", true, false, "que-0 json"},
    {"lhc-quantity-units.json", true, false, "status"},
    {"lhc-question-under-question.json", true, true, ""},
    {"lhc-weight-height-bmi.json", true, false, "que-0 json expression"},
    {"sdc-rxterms.json", true, false, "answerValueSet expression"},
    {"twltc-aa01-zh.json", true, true, ""},
    {"twltc-adl-zh.json", true, true, ""},
    {"twltc-adl-zh.RESPONSE.json", false, false, "resourceType status"},
};

static char *read_shared(const char *file, size_t *n)
{
	char path[128];
	const char *full;

	snprintf(path, sizeof(path), DIR "%s", file);
	full = test_shared(path);
	return full ? test_read_file(full, n) : NULL;
}

static void list_rules(char *out, size_t size, const struct script_report *rep)
{
	out[0] = '\0';
	for (size_t i = 0; i < rep->n; i++) {
		size_t len = strlen(out);
		if (strstr(out, rep->at[i].rule))
			continue;
		snprintf(out + len, size - len, "%s%s", len ? " " : "",
		    rep->at[i].rule);
	}
}

static void check_file(
    size_t i, const char *json, size_t n, enum script_mode mode)
{
	bool loads =
	    mode == SCRIPT_LENIENT ? others[i].lenient : others[i].strict;
	struct script_report rep;
	struct script *s = NULL;
	char rules[400];
	int r = script_load(&s, json, n, mode, &rep);

	list_rules(rules, sizeof(rules), &rep);
	if (r != (loads ? 0 : ERR_INVALID))
		fail_msg("%s: %s: %s", others[i].file, err_name(r), rules);
	if (strncmp(rules, others[i].rules, strlen(others[i].rules)) != 0)
		fail_msg(
		    "%s: %s, not %s", others[i].file, rules, others[i].rules);
	for (size_t k = 0; k < rep.n && loads; k++)
		assert_false(rep.at[k].is_fatal);
	script_free(&s);
}

static void test_shared__each_file_as_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		size_t n;
		char *json = read_shared(others[i].file, &n);
		if (!json)
			skip();
		check_file(i, json, n, SCRIPT_LENIENT);
		check_file(i, json, n, SCRIPT_STRICT);
		free(json);
	}
}

static struct script *load_shared(const char *file)
{
	struct script *s = NULL;
	size_t n;
	char *json = read_shared(file, &n);

	if (!json)
		return NULL;
	assert_int_equal(script_load(&s, json, n, SCRIPT_LENIENT, NULL), 0);
	free(json);
	return s;
}

static void test_shared__each_call_can_be_finished(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		struct walk_random r = {i};
		struct script *s;
		if (!others[i].lenient)
			continue;
		s = load_shared(others[i].file);
		if (!s)
			skip();
		for (int k = 0; k < test_repeat(50); k++) {
			struct script_run *run = script_run_new(s, NULL, 0);
			assert_true(walk_finish(run, &r, 4000) >= 0);
			assert_int_equal(script_run_missing(run, NULL, 0), 0);
			assert_int_equal(script_run_complete(run), 0);
			script_run_free(&run);
		}
		script_free(&s);
	}
}

/* fhirpath 4.8.5 evaluates the file's own expression to 12 on these. */
static void check_phq9(const char *file)
{
	static const char *const links[] = {"/44250-9", "/44255-8", "/44259-0",
	    "/44254-1", "/44251-7", "/44258-2", "/44252-5", "/44253-3",
	    "/44260-8"};
	static const char *const typed[] = {
	    "3", "3", "2", "2", "1", "1", "0", "0", "0"};
	struct script *s = load_shared(file);
	struct script_run *run;
	const struct script_answer *sum;

	if (!s)
		skip();
	run = script_run_new(s, NULL, 0);
	assert_null(script_run_answer(run, script_find(s, "/44261-6"), 0));
	for (size_t i = 0; i < ARRAY_LEN(links); i++) {
		struct script_place at = {.item = script_find(s, links[i])};
		assert_int_equal(
		    script_run_type(run, at, typed[i], NULL, NULL), 0);
	}
	sum = script_run_answer(run, script_find(s, "/44261-6"), 0);
	assert_non_null(sum);
	assert_int_equal(sum->values[0].num, 12);
	assert_int_equal(sum->values[0].scale, 0);
	script_run_free(&run);
	script_free(&s);
}

static void test_shared__phq9_sums_to_12(void **state)
{
	(void)state;
	check_phq9("lhc-phq9.json");
	check_phq9("lhc-phq9-calc-weight.json");
}

/* Its only expression is no sum of weights: shown, not computed. */
static void test_shared__bmi_is_not_guessed(void **state)
{
	struct script *s = load_shared("lhc-weight-height-bmi.json");
	const struct script_item *it;

	(void)state;
	if (!s)
		skip();
	it = script_item(s, script_find(s, "/39156-5"));
	assert_true(it->is_uncomputed);
	assert_false(it->is_computed);
	script_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_shared__each_file_as_the_table_says),
	    cmocka_unit_test(test_shared__each_call_can_be_finished),
	    cmocka_unit_test(test_shared__phq9_sums_to_12),
	    cmocka_unit_test(test_shared__bmi_is_not_guessed),
	};

	return cmocka_run_group_tests_name("script_shared", tests, NULL, NULL);
}
