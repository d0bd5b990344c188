/*
 * script_edge_test.c - both sides of the rarer edges of a call: what is
 * typed and refused, scores, facts, rows that come back, responses.
 */
#include "tests/test.h"

#include "core/err.h"
#include "core/json.h"
#include "core/script_out.h"
#include "tests/script_call.h"

#define Q(link, more) "{\"linkId\":\"" link "\",\"text\":\"t\"," more "}"
#define TYPE(t) "\"type\":\"" t "\""
#define SDC "http://hl7.org/fhir/uv/sdc/StructureDefinition/"
#define EXPR(e)                                                                \
	"\"extension\":[{\"url\":\"" SDC                                       \
	"sdc-questionnaire-calculatedExpression\",\"valueExpression\":{"       \
	"\"language\":\"text/fhirpath\",\"expression\":\"" e "\"}}]"
#define UNITS(u)                                                               \
	"\"extension\":[{\"url\":\"" EXT                                       \
	"questionnaire-unit\",\"valueCoding\":{" u "}}]"

/* ---- typing -------------------------------------------------------------- */

static const struct {
	const char *type, *typed;
	int r;
	const char *text; /* of a date, or NULL */
} typed_rows[] = {
    {"time", "930", ERR_INVALID, NULL},
    {"time", "0930", 0, "09:30:00"},
    {"time", "093015", 0, "09:30:15"},
    {"time", "0930155", ERR_INVALID, NULL},
    {"time", "9:30", 0, "09:30:00"},
    {"time", "9h30", ERR_INVALID, NULL},
    {"time", "24:30", ERR_INVALID, NULL},
    {"date", "2026-1-5", 0, "2026-01-05"},
    {"date", "2026/1/5", 0, "2026-01-05"},
    {"date", "2026.01.05", 0, "2026-01-05"},
    {"date", "2026-02-30", ERR_INVALID, NULL},
    {"date", "2026-13-01", ERR_INVALID, NULL},
    {"date", "202601055", ERR_INVALID, NULL},
    {"date", "2026", ERR_INVALID, NULL},
    {"date", "2026-1-5-2026-1-5-2026-1-5-2026-1-5-2026-1-5", ERR_INVALID, NULL},
    {"date", "99999999999999999999999999999999999999999999", ERR_INVALID, NULL},
    {"dateTime", "2026-1-5 9:30", 0, "2026-01-05T09:30:00+08:00"},
    {"dateTime", "20260105", ERR_INVALID, NULL},
    {"integer", "1e3", 0, NULL},
    {"integer", "1x3", ERR_INVALID, NULL},
    {"integer", "", ERR_INVALID, NULL},
    {"integer", "\xff\xfe", ERR_INVALID, NULL},
};

static void test_script_edge__what_is_typed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(typed_rows); i++) {
		char items[200];
		struct call c;
		int r;
		snprintf(items, sizeof(items), Q("a", TYPE("%s")),
		    typed_rows[i].type);
		c = call_open(items);
		r = call_say(&c, "a", typed_rows[i].typed);
		if (r != typed_rows[i].r)
			fail_msg("%s '%s': %d", typed_rows[i].type,
			    typed_rows[i].typed, r);
		if (typed_rows[i].text)
			assert_string_equal(call_heard(&c, "a")->values[0].text,
			    typed_rows[i].text);
		call_close(&c);
	}
}

/* West of Greenwich the offset is written with a minus. */
static void test_script_edge__a_zone_west_of_utc(void **state)
{
	struct call c = call_open(Q("a", TYPE("dateTime")));
	struct script_run *run = script_run_new(c.s, NULL, -5 * 3600 - 1800);
	struct script_place at = {0, 0, false};
	struct script_head head = {"", NULL, NOW};
	struct script_verdict v;
	json_t *r;

	(void)state;
	assert_int_equal(script_run_type(run, at, "202601050930", NULL, &v), 0);
	assert_string_equal(script_run_answer(run, 0, 0)->values[0].text,
	    "2026-01-05T09:30:00-05:30");
	r = script_run_response(run, &head);
	assert_non_null(strstr(json_str(r, "authored", ""), "-05:30"));
	json_decref(r);
	script_run_free(&run);
	script_run_free(&run);
	call_close(&c);
}

static void test_script_edge__more_values_than_fit(void **state)
{
	struct call c =
	    call_open(Q("a", TYPE("string") ",\"repeats\":true") "," Q("b",
		TYPE("choice") ",\"repeats\":true,\"answerOption\":["
			       "{\"valueCoding\":{\"code\":\"x\"}}]"));
	char many[2 * SCRIPT_REPEAT_MAX + 8] = "";
	struct script_value values[SCRIPT_REPEAT_MAX + 1];
	struct script_answer a = {.n = SCRIPT_REPEAT_MAX, .values = values};

	(void)state;
	for (unsigned i = 0; i <= SCRIPT_REPEAT_MAX; i++) {
		strcat(many, "1,");
		values[i] =
		    (struct script_value){.type = SCRIPT_STRING, .text = "x"};
	}
	assert_int_equal(script_run_set(c.run, &a, false, &c.v), 0);
	a.n++;
	assert_int_equal(script_run_set(c.run, &a, false, &c.v), ERR_INVALID);
	assert_int_equal(call_say(&c, "b", many), ERR_INVALID);
	assert_int_equal(call_say(&c, "b", "1,,"), 0);
	assert_int_equal(call_say(&c, "b", "2"), ERR_INVALID);
	call_close(&c);
}

/* ---- scores -------------------------------------------------------------- */

#define OPTION(code, weight)                                                   \
	"{\"valueCoding\":{\"code\":\"" code                                   \
	"\"},\"extension\":[{\"url\":\"" EXT                                   \
	"ordinalValue\",\"valueDecimal\":" weight "}]}"
#define CHOICE(link)                                                           \
	Q(link,                                                                \
	    TYPE("choice") ",\"answerOption\":[" OPTION("a", "1") "," OPTION(  \
		"b", "2.50") ",{\"valueCoding\":{\"code\":\"c\"}}]")
#define SUM "%resource.item.where(linkId != 's').answer.weight().sum()"

static void test_script_edge__a_sum_of_weights(void **state)
{
	static const struct {
		const char *x, *y;
		int64_t num; /* of the sum; -1: none */
		int scale;
	} rows[] = {
	    {"1", "", 1, 0},
	    {"1", "1", 2, 0},
	    {"2", "", 25, 1},
	    {"2", "1", 35, 1},
	    {"2", "2", 5, 0},
	    {"3", "", -1, 0},
	    {"3", "1", 1, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct call c = call_open(CHOICE("x") "," CHOICE("y") "," Q(
		    "s", TYPE("quantity") ",\"readOnly\":true," EXPR(SUM)));
		const struct script_answer *a;
		assert_int_equal(call_say(&c, "x", rows[i].x), 0);
		if (*rows[i].y)
			assert_int_equal(call_say(&c, "y", rows[i].y), 0);
		a = call_heard(&c, "s");
		if (rows[i].num < 0) {
			assert_null(a);
		} else {
			assert_int_equal(a->values[0].num, rows[i].num);
			assert_int_equal(a->values[0].scale, rows[i].scale);
		}
		call_close(&c);
	}
}

/* What is not exactly such a sum is shown as not computed. */
static void test_script_edge__other_expressions_are_not_guessed(void **state)
{
	static const char *const expressions[] = {
	    "1",
	    "%resource",
	    "%resource.item.where(linkId = 's')",
	    "%resource.item.where(linkId != 's').answer.weight()",
	    "%resource.item.where(linkId != 's').answer.weight().sum() + 1",
	    "%resource.item.where(linkId != 's' and linkId != ).answer"
	    ".weight().sum()",
	    "%resource.descendants().where(linkId = 'nowhere').answer"
	    ".weight().sum()",
	    "%resource.descendants().where(linkId = 's').answer"
	    ".weight().sum()",
	    "%resource.descendants().where(linkId = 'x' or linkId = 'x')"
	    ".answer.weight().sum()",
	    "iif(%any, iif(%a.exists(), %a, 0), {})",
	    "iif(%any, 0, {})",
	    "",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(expressions); i++) {
		char items[2000];
		struct call c;
		snprintf(items, sizeof(items),
		    CHOICE("x") "," Q(
			"s", TYPE("decimal") ",\"readOnly\":true," EXPR("%s")),
		    expressions[i]);
		c = call_open(items);
		assert_int_equal(call_say(&c, "x", "1"), 0);
		if (call_heard(&c, "s") &&
		    strstr(expressions[i], "'x' or") == NULL)
			fail_msg("%s", expressions[i]);
		call_close(&c);
	}
}

/* ---- facts --------------------------------------------------------------- */

static void test_script_edge__answers_as_facts(void **state)
{
	struct call c = call_open(Q("w",
	    TYPE("quantity") ",\"code\":[{\"code\":\"29463-7\"}]") "," Q("d",
	    TYPE("decimal") ",\"code\":[{\"code\":\"29463-7\"}]," UNITS(
		"\"display\":\"kg\"")) "," Q("b", TYPE("boolean")) "," Q("o",
	    TYPE(
		"open-choice") ",\"answerOption\":["
			       "{\"valueCoding\":{\"code\":\"x\"}}]") "," Q("i",
	    TYPE("integer")) "," Q("t", TYPE("string")));
	struct script_value w = {
	    .type = SCRIPT_QUANTITY, .num = 70, .text = "kg"};
	struct script_answer a = {.n = 1,
	    .values = &w,
	    .at_s = NOW - 60,
	    .origin = SCRIPT_ORIGIN_SELF};
	struct facts f = {0};

	(void)state;
	assert_int_equal(script_run_set(c.run, &a, true, &c.v), 0);
	assert_int_equal(call_say(&c, "d", "71"), 0);
	assert_int_equal(call_say(&c, "b", "2"), 0);
	assert_int_equal(call_say(&c, "o", "other"), 0);
	assert_int_equal(call_say(&c, "t", "words"), 0);
	script_run_facts(&f, c.run, NOW);
	assert_int_equal(facts_last(&f, "29463-7")->at_s, NOW);
	assert_int_equal(facts_last(&f, "29463-7")->value, 710);
	assert_string_equal(facts_last(&f, "b")->text, "false");
	assert_string_equal(facts_last(&f, "o")->text, "other");
	assert_int_equal(facts_last(&f, "o")->kind, FACT_CODED);
	size_t n;
	const struct fact *all = facts_of(&f, "29463-7", &n);
	assert_int_equal(n, 2);
	assert_int_equal(all[0].at_s, NOW - 60);
	assert_int_equal(all[0].source, FACT_SELF);
	facts_fini(&f);
	assert_int_equal(call_say(&c, "b", "1"), 0);
	script_run_facts(&f, c.run, NOW);
	assert_string_equal(facts_last(&f, "b")->text, "true");
	facts_fini(&f);
	call_close(&c);
}

/* ---- rows ---------------------------------------------------------------- */

static void test_script_edge__rows_that_are_not_ours(void **state)
{
	static const struct {
		const char *json;
		int r;
	} rows[] = {
	    {"{\"v\":[{\"type\":\"integer\",\"int\":5}]}", 0},
	    {"{\"v\":[{\"type\":\"integer\",\"int\":5,\"scale\":10}]}",
		ERR_FORMAT},
	    {"{\"v\":[{\"type\":\"integer\",\"int\":5,\"scale\":-1}]}",
		ERR_FORMAT},
	    {"{\"v\":[{\"type\":\"integer\",\"int\":9007199254740992}]}",
		ERR_FORMAT},
	    {"{\"v\":[{\"type\":\"integer\",\"int\":-9007199254740992}]}",
		ERR_FORMAT},
	    {"{\"v\":[{\"type\":\"nothing\"}]}", ERR_FORMAT},
	    {"{\"v\":[{\"type\":\"string\"}]}", ERR_FORMAT},
	    {"[]", ERR_FORMAT},
	    {"", ERR_FORMAT},
	    {"null", 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct call c = call_open(Q("a", TYPE("integer")));
		struct script_row row = {"a", 0, rows[i].json};
		struct script_row both[2] = {row, row};
		int r = script_run_restore(c.run, both, 2, NULL);
		if (r != rows[i].r)
			fail_msg("%s: %d", rows[i].json, r);
		row.link = "b";
		assert_int_equal(
		    script_run_restore(c.run, &row, 1, NULL), ERR_NOT_FOUND);
		call_close(&c);
	}
}

/* An instance that was never opened is opened by its row, up to a limit. */
static void test_script_edge__rows_open_their_instances(void **state)
{
	struct call c = call_open(
	    "{\"linkId\":\"g\",\"text\":\"t\",\"type\":\"group\",\"repeats\":"
	    "true,\"extension\":[{\"url\":\"" EXT
	    "questionnaire-maxOccurs\",\"valueInteger\":2}],\"item\":[" Q(
		"a", TYPE("integer")) "]}");
	struct script_row rows[] = {
	    {"a", 1, "{\"v\":[{\"type\":\"integer\",\"int\":5}]}"},
	    {"a", 2, "{\"v\":[{\"type\":\"integer\",\"int\":6}]}"}};
	size_t dropped = 0;

	(void)state;
	assert_int_equal(script_run_restore(c.run, rows, 2, &dropped), 0);
	assert_int_equal(dropped, 1);
	assert_int_equal(script_run_answer(c.run, 1, 1)->values[0].num, 5);
	assert_null(script_run_answer(c.run, 1, 2));
	assert_int_equal(script_run_add(c.run, 0, 0), ERR_RULE);
	assert_int_equal(script_run_add(c.run, 1, 0), ERR_RULE);
	assert_int_equal(script_run_add(c.run, 1, 7), ERR_STALE);
	call_close(&c);
}

/* ---- responses ----------------------------------------------------------- */

static void test_script_edge__a_reason_leaves_with_the_answer(void **state)
{
	struct call c = call_open(Q("a", TYPE("integer")));
	struct script_place at = {0, 0, false};
	struct script_head head = {NULL, "Patient/1", NOW};
	json_t *r;
	char *text;

	(void)state;
	assert_int_equal(script_run_absent(c.run, at, SCRIPT_ABSENT_NOT_ASKED,
			     "asleep", &c.v),
	    0);
	assert_int_equal(script_run_progress(c.run).absent, 1);
	assert_int_equal(script_run_progress(c.run).answered, 0);
	r = script_run_response(c.run, &head);
	text = json_dumps(r, JSON_COMPACT);
	assert_non_null(strstr(text, "not-asked"));
	assert_non_null(strstr(text, "asleep"));
	assert_non_null(strstr(text, "Patient/1"));
	free(text);
	json_decref(r);
	call_close(&c);
}

static void test_script_edge__canonical_with_and_without_version(void **state)
{
	static const char *const rows[][2] = {
	    {"\"url\":\"urn:q\",\"version\":\"3\",", "urn:q|3"},
	    {"\"url\":\"urn:q\",", "urn:q"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char json[400];
		struct script *s;
		struct script_run *run;
		struct script_head head = {"ab", NULL, NOW};
		json_t *r;
		snprintf(json, sizeof(json),
		    "{\"resourceType\":\"Questionnaire\",%s\"status\":"
		    "\"active\",\"item\":[" Q("a", TYPE("reference")) "]}",
		    rows[i][0]);
		assert_int_equal(
		    script_load(&s, json, strlen(json), SCRIPT_STRICT, NULL),
		    0);
		run = script_run_new(s, NULL, ZONE);
		assert_int_equal(
		    script_run_slot(run, 0).state, SCRIPT_SLOT_NOT_HERE);
		r = script_run_response(run, &head);
		assert_string_equal(
		    json_str(r, "questionnaire", ""), rows[i][1]);
		json_decref(r);
		script_run_free(&run);
		script_free(&s);
	}
}

/* ---- initial values ------------------------------------------------------ */

static void test_script_edge__initial_values_that_fit(void **state)
{
	static const struct {
		const char *type, *initial;
		int r;
	} rows[] = {
	    {"text", "\"valueString\":\"x\"", 0},
	    {"text", "\"valueInteger\":1", ERR_INVALID},
	    {"decimal", "\"valueInteger\":1", 0},
	    {"decimal", "\"valueDecimal\":1.5", 0},
	    {"decimal", "\"valueString\":\"1\"", ERR_INVALID},
	    {"quantity", "\"valueDecimal\":1.5", 0},
	    {"quantity", "\"valueBoolean\":true", ERR_INVALID},
	    {"integer", "\"valueDecimal\":1.5", ERR_INVALID},
	    {"open-choice", "\"valueString\":\"x\"", 0},
	    {"open-choice", "\"valueBoolean\":true", ERR_INVALID},
	    {"string", "\"valueDate\":\"2026-01-01\"", ERR_INVALID},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char json[500];
		struct script *s = NULL;
		const char *options =
		    strcmp(rows[i].type, "open-choice") == 0
			? ",\"answerValueSet\":\"http://hl7.org/fhir/ValueSet/"
			  "yesnodontknow\""
			: "";
		int r;
		snprintf(json, sizeof(json),
		    "{\"resourceType\":\"Questionnaire\",\"status\":"
		    "\"active\",\"item\":[" Q(
			"a", TYPE("%s") "%s,\"initial\":[{%s}]") "]}",
		    rows[i].type, options, rows[i].initial);
		r = script_load(&s, json, strlen(json), SCRIPT_STRICT, NULL);
		if (r != rows[i].r)
			fail_msg("%s %s: %d", rows[i].type, rows[i].initial, r);
		script_free(&s);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_script_edge__what_is_typed),
	    cmocka_unit_test(test_script_edge__a_zone_west_of_utc),
	    cmocka_unit_test(test_script_edge__more_values_than_fit),
	    cmocka_unit_test(test_script_edge__a_sum_of_weights),
	    cmocka_unit_test(
		test_script_edge__other_expressions_are_not_guessed),
	    cmocka_unit_test(test_script_edge__answers_as_facts),
	    cmocka_unit_test(test_script_edge__rows_that_are_not_ours),
	    cmocka_unit_test(test_script_edge__rows_open_their_instances),
	    cmocka_unit_test(test_script_edge__a_reason_leaves_with_the_answer),
	    cmocka_unit_test(
		test_script_edge__canonical_with_and_without_version),
	    cmocka_unit_test(test_script_edge__initial_values_that_fit),
	};
	return cmocka_run_group_tests_name("script_edge", tests, NULL, NULL);
}
