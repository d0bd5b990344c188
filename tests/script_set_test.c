/*
 * script_set_test.c - answers given as values, not typed: what fits, what is
 * refused and why; and counting: occurrences, instances, weights.
 */
#include "tests/test.h"

#include "core/err.h"
#include "core/script_out.h"
#include "tests/script_call.h"

#define STR(s) .type = SCRIPT_STRING, .text = s
#define COD(c) .type = SCRIPT_CHOICE, .code = c
#define QTY(n, t, c) .type = SCRIPT_QUANTITY, .num = n, .text = t, .code = c

static const char items[] =
    "{\"linkId\":\"d\",\"type\":\"decimal\",\"extension\":["
    "{\"url\":\"" EXT "minValue\",\"valueDecimal\":1.5}]},"
    "{\"linkId\":\"day\",\"type\":\"date\",\"extension\":["
    "{\"url\":\"" OWN "soft-min\",\"valueDate\":\"2026-01-01\"},"
    "{\"url\":\"" OWN "soft-max\",\"valueDate\":\"2026-12-31\"}]},"
    "{\"linkId\":\"w\",\"type\":\"quantity\",\"code\":[{\"code\":"
    "\"29463-7\"}],\"extension\":[{\"url\":\"" EXT
    "questionnaire-unitOption\",\"valueCoding\":{\"code\":\"kg\","
    "\"display\":\"kilo\"}},{\"url\":\"" EXT
    "questionnaire-unitOption\",\"valueCoding\":{\"code\":\"stone\"}},"
    "{\"url\":\"" EXT "questionnaire-unitOption\",\"valueCoding\":"
    "{\"display\":\"sack\"}},{\"url\":\"" EXT
    "minValue\",\"valueInteger\":20}]},"
    "{\"linkId\":\"q\",\"type\":\"quantity\",\"extension\":[{\"url\":"
    "\"http://hl7.org/fhir/uv/sdc/StructureDefinition/"
    "sdc-questionnaire-maxQuantity\",\"valueQuantity\":{\"value\":9,"
    "\"code\":\"mg\"}}]},"
    "{\"linkId\":\"any\",\"type\":\"open-choice\",\"answerValueSet\":"
    "\"#v\",\"maxLength\":5},"
    "{\"linkId\":\"n\",\"type\":\"string\",\"maxLength\":5000},"
    "{\"linkId\":\"two\",\"type\":\"string\",\"repeats\":true,"
    "\"extension\":[{\"url\":\"" EXT
    "questionnaire-maxOccurs\",\"valueInteger\":2}]},"
    "{\"linkId\":\"b\",\"type\":\"boolean\"},"
    "{\"linkId\":\"txt\",\"type\":\"text\"},"
    "{\"linkId\":\"m\",\"type\":\"boolean\",\"extension\":[{\"url\":\"" OWN
    "measured\",\"valueBoolean\":true}]}";

static const struct {
	const char *link;
	uint32_t n;
	struct script_value v;
	int r;
} given[] = {
    {"d", 1, {.type = SCRIPT_INTEGER, .num = 2}, 0},
    {"d", 1, {.type = SCRIPT_INTEGER, .num = 1}, ERR_INVALID},
    {"d", 1, {.type = SCRIPT_DECIMAL, .num = 15, .scale = 1}, 0},
    {"d", 1, {STR("2")}, ERR_INVALID},
    {"day", 1, {.type = SCRIPT_DATE, .text = "2026-06-01"}, 0},
    {"day", 1, {.type = SCRIPT_DATE, .text = "2025-06-01"}, ERR_CHECK},
    {"day", 1, {.type = SCRIPT_DATE, .text = "2027-06-01"}, ERR_CHECK},
    {"day", 1, {.type = SCRIPT_DATE, .text = "June"}, ERR_INVALID},
    {"w", 1, {QTY(70, NULL, NULL)}, 0},
    {"w", 1, {QTY(70, "kilo", NULL)}, 0},
    {"w", 1, {QTY(70, "kg", NULL)}, 0},
    {"w", 1, {QTY(70, NULL, "kg")}, 0},
    {"w", 1, {QTY(10, NULL, "kg")}, ERR_INVALID},
    {"w", 1, {QTY(10, NULL, "stone")}, 0},
    {"w", 1, {QTY(1, "sack", NULL)}, 0},
    {"w", 1, {QTY(70, "lb", "lb")}, ERR_INVALID},
    {"q", 1, {QTY(9, NULL, "mg")}, 0},
    {"q", 1, {QTY(10, NULL, "mg")}, ERR_INVALID},
    {"q", 1, {QTY(10, NULL, "g")}, 0},
    {"any", 1, {COD("x")}, 0},
    {"any", 1, {STR("free")}, 0},
    {"any", 1, {STR("longer")}, ERR_INVALID},
    {"any", 1, {.type = SCRIPT_INTEGER, .num = 1}, ERR_INVALID},
    {"n", 1, {STR("a\nb")}, 0},
    {"n", 1, {STR("a\x01")}, ERR_INVALID},
    {"n", 1, {STR("a\xff")}, ERR_INVALID},
    {"n", 1, {.type = SCRIPT_STRING}, ERR_INVALID},
    {"n", 2, {STR("a")}, ERR_INVALID},
    {"two", 2, {STR("a")}, 0},
    {"two", 3, {STR("a")}, ERR_INVALID},
    {"two", SCRIPT_REPEAT_MAX + 1, {STR("a")}, ERR_INVALID},
    {"n", 0, {STR("a")}, ERR_INVALID},
    {"b", 1, {.type = SCRIPT_BOOLEAN, .num = 1}, 0},
    {"txt", 1, {STR("a")}, 0},
    {"txt", 1, {.type = SCRIPT_TEXT, .text = "a"}, ERR_INVALID},
};

/* Lenient, because the value set of `any` is not there. */
static struct call open_lenient(void)
{
	struct call c = {0};
	struct buf b = {0};

	buf_printf(&b,
	    "{\"resourceType\":\"Questionnaire\",\"status\":\"draft\","
	    "\"item\":[%s]}",
	    items);
	assert_int_equal(
	    script_load(&c.s, buf_text(&b), b.len, SCRIPT_LENIENT, NULL), 0);
	buf_fini(&b);
	c.run = script_run_new(c.s, NULL, 0);
	return c;
}

static void test_set__values_fit_or_are_refused(void **state)
{
	struct script_value values[SCRIPT_REPEAT_MAX + 1];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(given); i++) {
		struct call c = open_lenient();
		struct script_answer a = {
		    .item = call_place(&c, given[i].link).item,
		    .n = given[i].n,
		    .values = values};
		int r;
		for (size_t k = 0; k < ARRAY_LEN(values); k++)
			values[k] = given[i].v;
		r = script_run_set(c.run, &a, false, &c.v);
		if (r != given[i].r || (r == 0) != (c.v.text == NULL))
			fail_msg("row %zu: %s %s", i, err_name(r),
			    c.v.text ? c.v.text : "");
		call_close(&c);
	}
}

static void test_set__reasons_and_places_that_cannot_be(void **state)
{
	struct call c = open_lenient();
	struct script_answer a = {.item = 9999};
	struct script_value v = {STR("a")};

	(void)state;
	assert_int_equal(script_run_set(c.run, &a, false, NULL), ERR_STALE);
	assert_int_equal(
	    script_run_type(
		c.run, (struct script_place){.item = 9999}, "1", NULL, NULL),
	    ERR_STALE);
	assert_int_equal(
	    call_absent(&c, "n", SCRIPT_ABSENT_COUNT), ERR_INVALID);
	assert_int_equal(
	    call_absent(&c, "n", SCRIPT_ABSENT_NOT_ASKED), ERR_INVALID);
	assert_int_equal(
	    call_absent(&c, "n", SCRIPT_ABSENT_NO_DEVICE), ERR_INVALID);
	assert_int_equal(call_absent(&c, "m", SCRIPT_ABSENT_NO_DEVICE), 0);
	a = (struct script_answer){.item = call_place(&c, "n").item,
	    .n = 1,
	    .values = &v,
	    .absent = SCRIPT_ABSENT_DECLINED};
	assert_int_equal(script_run_set(c.run, &a, false, &c.v), ERR_INVALID);
	assert_int_equal(call_say_at(&c, "n", 5, "x"), ERR_STALE);
	assert_int_equal(
	    script_run_add(c.run, call_place(&c, "n").item, 9), ERR_STALE);
	script_run_clear(c.run, call_place(&c, "n").item, 9);
	assert_int_equal(
	    script_run_find(c.run, call_place(&c, "n").item, 9), SCRIPT_NONE);
	call_close(&c);
}

/* ---- counts ------------------------------------------------------------- */

static void test_set__min_occurs(void **state)
{
	struct call c = call_open(
	    "{\"linkId\":\"c\",\"type\":\"choice\",\"repeats\":true,"
	    "\"required\":true,\"extension\":[{\"url\":\"" EXT
	    "questionnaire-minOccurs\",\"valueInteger\":2}],"
	    "\"answerOption\":[{\"valueString\":\"a\"},"
	    "{\"valueString\":\"b\"}]},"
	    "{\"linkId\":\"g\",\"type\":\"group\",\"repeats\":true,"
	    "\"required\":true,\"extension\":[{\"url\":\"" EXT
	    "questionnaire-minOccurs\",\"valueInteger\":2}],\"item\":["
	    "{\"linkId\":\"x\",\"type\":\"string\"}]}");

	(void)state;
	assert_int_equal(call_say(&c, "c", "1"), 0);
	assert_int_equal(call_say(&c, "x", "one"), 0);
	assert_int_equal(script_run_missing(c.run, NULL, 0), 2);
	assert_int_equal(call_say(&c, "c", "12"), 0);
	assert_int_equal(script_run_missing(c.run, NULL, 0), 1);
	assert_int_equal(script_run_add(c.run, call_place(&c, "g").item, 0), 0);
	assert_int_equal(script_run_missing(c.run, NULL, 0), 0);
	call_close(&c);
}

#define OPT(code, w)                                                           \
	"{\"valueCoding\":{\"code\":\"" code                                   \
	"\"},\"extension\":[{\"url\":\"" EXT                                   \
	"ordinalValue\",\"valueDecimal\":" w "}]}"

/* Weights of different scales; an integer cannot hold a half. */
static void test_set__weights_of_different_scales(void **state)
{
	static const struct {
		const char *type, *a, *b;
		int64_t num;
		int scale;
	} t[] = {{"decimal", "1", "1", 75, 2}, {"decimal", "2", "1", 225, 2},
	    {"decimal", "1", "2", 15, 1}, {"decimal", "2", "2", 3, 0},
	    {"decimal", "3", "2", 1, 0}, {"decimal", "3", "3", 0, -1},
	    {"integer", "1", "1", 0, -1}, {"integer", "2", "2", 3, 0},
	    {"quantity", "2", "1", 225, 2}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		char text[1600];
		struct call c;
		const struct script_answer *sum;
		snprintf(text, sizeof(text),
		    "{\"linkId\":\"a\",\"type\":\"choice\",\"answerOption\":"
		    "[" OPT("x", "0.5") "," OPT("y",
			"2") ",{\"valueCoding\":{\"code\":\"z\"}}]},"
			     "{\"linkId\":\"b\",\"type\":\"choice\","
			     "\"answerOption\":[" OPT("x", "0.25") "," OPT("y",
				 "1") ",{\"valueCoding\":{\"code\":\"z\"}}]},"
				      "{\"linkId\":\"s\",\"type\":\"%s\","
				      "\"extension\":["
				      "{\"url\":\"" EXT
				      "questionnaire-unit\",\"valueCoding\":"
				      "{\"code\":\"{score}\"}},{\"url\":\"http:"
				      "//hl7.org/fhir/uv/"
				      "sdc/StructureDefinition/"
				      "sdc-questionnaire-"
				      "calculatedExpression\","
				      "\"valueExpression\":{\"expression\":"
				      "\"%%resource.item.answer.weight().sum()"
				      "\"}}]}",
		    t[i].type);
		c = call_open(text);
		assert_int_equal(call_say(&c, "a", t[i].a), 0);
		assert_int_equal(call_say(&c, "b", t[i].b), 0);
		sum = call_heard(&c, "s");
		assert_int_equal(sum == NULL, t[i].scale < 0);
		if (sum) {
			assert_int_equal(sum->values[0].num, t[i].num);
			assert_int_equal(sum->values[0].scale, t[i].scale);
		}
		call_close(&c);
	}
}

/* Several options selected at first where the question repeats, else one. */
static void test_set__options_selected_at_first(void **state)
{
	static const char one[] =
	    "{\"linkId\":\"c\",\"type\":\"choice\",\"answerOption\":["
	    "{\"initialSelected\":true,\"valueString\":\"a\"},"
	    "{\"initialSelected\":true,\"valueString\":\"b\"}]}";
	char many[300];
	struct call c = call_open(one);

	(void)state;
	assert_int_equal(call_heard(&c, "c")->n, 1);
	call_close(&c);
	snprintf(many, sizeof(many), "{\"repeats\":true,%s", one + 1);
	c = call_open(many);
	assert_int_equal(call_heard(&c, "c")->n, 2);
	call_close(&c);
}

/* ---- repeats within repeats -------------------------------------------- */

static const char nested[] =
    "{\"linkId\":\"g\",\"type\":\"group\",\"repeats\":true,\"item\":["
    "{\"linkId\":\"n\",\"type\":\"string\"},"
    "{\"linkId\":\"h\",\"type\":\"group\",\"repeats\":true,\"item\":["
    "{\"linkId\":\"t\",\"type\":\"integer\",\"enableWhen\":["
    "{\"question\":\"n\",\"operator\":\"=\",\"answerString\":\"yes\"}]}]}]}";

/* A condition looks at its own outer instance; rows bring both levels back. */
static void test_set__nested_instances(void **state)
{
	struct call c = call_open(nested), d = call_open(nested);
	struct buf row = {0};
	struct script_row rows[2] = {{"t", 64 + 1, NULL}, {"n", 1, NULL}};
	struct buf name = {0};
	size_t dropped = 9;

	(void)state;
	assert_int_equal(script_run_add(c.run, call_place(&c, "g").item, 0), 0);
	assert_int_equal(script_run_add(c.run, call_place(&c, "h").item, 1), 0);
	assert_int_equal(call_say(&c, "n", "no"), 0);
	assert_int_equal(call_say_at(&c, "n", 1, "yes"), 0);
	assert_int_equal(call_say(&c, "t", "1"), ERR_STALE);
	assert_int_equal(call_say_at(&c, "t", 64, "1"), 0);
	assert_int_equal(call_say_at(&c, "t", 64 + 1, "2"), 0);
	script_run_row(&row, c.run, call_place(&c, "t").item, 64 + 1);
	script_run_row(&name, c.run, call_place(&c, "n").item, 1);
	rows[0].json = buf_text(&row);
	rows[1].json = buf_text(&name);
	assert_int_equal(script_run_restore(d.run, rows, 2, &dropped), 0);
	assert_int_equal(dropped, 0);
	assert_int_equal(
	    script_run_answer(d.run, call_place(&d, "t").item, 64 + 1)
		->values[0]
		.num,
	    2);
	buf_fini(&row);
	buf_fini(&name);
	call_close(&c);
	call_close(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_set__values_fit_or_are_refused),
	    cmocka_unit_test(test_set__reasons_and_places_that_cannot_be),
	    cmocka_unit_test(test_set__min_occurs),
	    cmocka_unit_test(test_set__weights_of_different_scales),
	    cmocka_unit_test(test_set__options_selected_at_first),
	    cmocka_unit_test(test_set__nested_instances),
	};

	return cmocka_run_group_tests_name("script_set", tests, NULL, NULL);
}
