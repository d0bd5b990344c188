/*
 * script_value_test.c - scaled numbers, codings, dates: read, written,
 * compared; and the score sums that are recognised, or not.
 */
#include "tests/test.h"

#include "core/json.h"
#include "core/script_int.h"
#include "core/script_run.h"

/* ---- numbers --------------------------------------------------------- */

static const struct {
	const char *text;
	bool ok;
	int64_t num;
	int scale;
	size_t used;
} numbers[] = {
    {"0", true, 0, 0, 1},
    {"007", true, 7, 0, 3},
    {"+5", true, 5, 0, 2},
    {"-5.50x", true, -550, 2, 5},
    {"5.", true, 5, 0, 1},
    {".5", true, 5, 1, 2},
    {"1e3", true, 1000, 0, 3},
    {"15e-1", true, 15, 1, 5},
    {"1.5E+2kg", true, 150, 0, 6},
    {"0e20", true, 0, 0, 4},
    {"0e-20", true, 0, 9, 5},
    {"10e-10", true, 1, 9, 6},
    {"5e", true, 5, 0, 1},
    {"5e+", true, 5, 0, 1},
    {"999999999999999", true, 999999999999999, 0, 15},
    {"0.000000001", true, 1, 9, 11},
    {"1000000000000000", false, 0, 0, 0},
    {"0.0000000001", false, 0, 0, 0},
    {"1e-10", false, 0, 0, 0},
    {"1e15", false, 0, 0, 0},
    {"1e41", false, 0, 0, 0},
    {"1e-41", false, 0, 0, 0},
    {"0.0000000000000000000", false, 0, 0, 0},
    {"", false, 0, 0, 0},
    {"-", false, 0, 0, 0},
    {"x", false, 0, 0, 0},
};

static void test_value__numbers_are_scaled_integers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		int64_t num = 0;
		int scale = 0;
		size_t used = 0;
		bool ok =
		    script_number_parse(&num, &scale, numbers[i].text, &used);
		if (ok != numbers[i].ok ||
		    (ok &&
			(num != numbers[i].num || scale != numbers[i].scale ||
			    used != numbers[i].used)))
			fail_msg("'%s': %d %lld e-%d, %zu used",
			    numbers[i].text, ok, (long long)num, scale, used);
	}
}

static void test_value__numbers_compare_across_scales(void **state)
{
	static const struct {
		int64_t a;
		int a_scale;
		int64_t b;
		int b_scale, want;
	} t[] = {{5, 0, 50, 1, 0}, {5, 0, 51, 1, -1}, {-5, 1, 2, 1, -1},
	    {-15, 1, -9, 1, -1}, {-5, 1, -50, 2, 0}, {0, 9, 0, 0, 0},
	    {999999999999999, 0, 999999999999999, 9, 1}};
	char text[24];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		assert_int_equal(script_number_cmp(t[i].a, t[i].a_scale, t[i].b,
				     t[i].b_scale),
		    t[i].want);
		assert_int_equal(script_number_cmp(t[i].b, t[i].b_scale, t[i].a,
				     t[i].a_scale),
		    -t[i].want);
	}
	script_number_text(text, -5, 2);
	assert_string_equal(text, "-0.05");
	script_number_text(text, 7, 0);
	assert_string_equal(text, "7");
}

/* ---- values from JSON -------------------------------------------------- */

static json_t *parse(const char *text)
{
	json_t *v = NULL;

	assert_int_equal(json_load(&v, text, strlen(text), 4096), 0);
	return v;
}

static void test_value__json_there_and_back(void **state)
{
	static const char *const same[] = {"{\"valueBoolean\":true}",
	    "{\"valueInteger\":-3}", "{\"valueDecimal\":36.6}",
	    "{\"valueDecimal\":5}", "{\"valueString\":\"a\"}",
	    "{\"valueDate\":\"2026-11\"}", "{\"valueDateTime\":\"2026-11-22\"}",
	    "{\"valueTime\":\"09:30:00\"}", "{\"valueUri\":\"urn:x\"}",
	    "{\"valueCoding\":{\"system\":\"s\",\"code\":\"c\","
	    "\"display\":\"d\"}}",
	    "{\"valueQuantity\":{\"value\":7.2,\"unit\":\"mmol/L\"}}"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(same); i++) {
		json_t *from = parse(same[i]), *to = json_object();
		struct script_value v;
		bool is_dirty = false;
		char *text;
		assert_true(script_value_read(&v, from, "value", &is_dirty));
		assert_false(is_dirty);
		script_value_write(to, &v);
		text = json_dumps(to, JSON_COMPACT | JSON_REAL_PRECISION(15));
		assert_string_equal(text, same[i]);
		free(text);
		json_decref(from);
		json_decref(to);
	}
}

static void test_value__dirty_and_impossible_json(void **state)
{
	static const struct {
		const char *text;
		bool ok, is_dirty;
	} t[] = {{"{\"valueBoolean\":\"true\"}", true, true},
	    {"{\"valueBoolean\":\"false\"}", true, true},
	    {"{\"valueBoolean\":\"maybe\"}", false, true},
	    {"{\"valueBoolean\":1}", false, false},
	    {"{\"valueInteger\":\"12\"}", true, true},
	    {"{\"valueInteger\":1.5}", false, false},
	    {"{\"valueDecimal\":\"1,5\"}", false, true},
	    {"{\"valueDecimal\":null}", false, false},
	    {"{\"valueDecimal\":1e300}", false, false},
	    {"{\"valueQuantity\":{\"unit\":\"kg\"}}", false, false},
	    {"{\"valueCoding\":{}}", false, false},
	    {"{\"valueString\":\"\"}", false, false},
	    {"{\"valueString\":5}", false, false},
	    {"{\"valueDate\":\"2026-02-30\"}", false, false},
	    {"{\"valueDate\":\"2026-02-03T10:00\"}", false, false},
	    {"{\"valueTime\":\"25:00\"}", false, false},
	    {"{\"valueTime\":\"10:00Z\"}", false, false},
	    {"{\"valueTime\":\"10:00:00.0000000000000000000\"}", false, false},
	    {"{\"valueDateTime\":\"soon\"}", false, false},
	    {"{\"valueAttachment\":{}}", false, false}, {"{}", false, false}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		json_t *from = parse(t[i].text);
		struct script_value v;
		bool is_dirty = false;
		if (script_value_read(&v, from, "value", &is_dirty) !=
			t[i].ok ||
		    is_dirty != t[i].is_dirty)
			fail_msg("%s", t[i].text);
		json_decref(from);
	}
}

/* ---- comparing ---------------------------------------------------------- */

static void test_value__compares_like_with_like(void **state)
{
	static const struct {
		const char *a, *b;
		bool can;
		int want;
	} t[] = {
	    {"{\"valueInteger\":5}", "{\"valueDecimal\":5.0}", true, 0},
	    {"{\"valueInteger\":1}", "{\"valueBoolean\":true}", false, 0},
	    {"{\"valueInteger\":1}", "{\"valueString\":\"1\"}", false, 0},
	    {"{\"valueString\":\"1\"}", "{\"valueInteger\":1}", false, 0},
	    {"{\"valueQuantity\":{\"value\":1,\"code\":\"kg\"}}",
		"{\"valueQuantity\":{\"value\":2,\"code\":\"kg\"}}", true, -1},
	    {"{\"valueQuantity\":{\"value\":1,\"code\":\"kg\"}}",
		"{\"valueQuantity\":{\"value\":2,\"code\":\"g\"}}", false, 0},
	    {"{\"valueQuantity\":{\"value\":1,\"code\":\"kg\"}}",
		"{\"valueQuantity\":{\"value\":1,\"unit\":\"kg\"}}", true, 0},
	    {"{\"valueQuantity\":{\"value\":3,\"code\":\"kg\"}}",
		"{\"valueInteger\":2}", true, 1},
	    {"{\"valueQuantity\":{\"value\":3}}",
		"{\"valueQuantity\":{\"value\":3,\"code\":\"g\"}}", true, 0},
	    {"{\"valueCoding\":{\"code\":\"a\",\"system\":\"s\"}}",
		"{\"valueCoding\":{\"code\":\"a\"}}", true, 0},
	    {"{\"valueCoding\":{\"code\":\"a\",\"system\":\"s\"}}",
		"{\"valueCoding\":{\"code\":\"a\",\"system\":\"t\"}}", true, 1},
	    {"{\"valueCoding\":{\"code\":\"a\"}}",
		"{\"valueCoding\":{\"code\":\"b\"}}", true, -1},
	    {"{\"valueCoding\":{\"display\":\"A\"}}",
		"{\"valueCoding\":{\"display\":\"A\"}}", true, 0},
	    {"{\"valueCoding\":{\"display\":\"A\"}}",
		"{\"valueCoding\":{\"display\":\"B\"}}", true, 1},
	    {"{\"valueCoding\":{\"code\":\"a\"}}", "{\"valueString\":\"a\"}",
		false, 0},
	    {"{\"valueDate\":\"2026-01-02\"}",
		"{\"valueDateTime\":\"2026-01-02T01:00:00Z\"}", true, -1},
	    {"{\"valueDate\":\"2026-01-02\"}",
		"{\"valueString\":\"2026-01-02\"}", false, 0},
	    {"{\"valueTime\":\"09:00:00\"}", "{\"valueTime\":\"10:00:00\"}",
		true, -1},
	    {"{\"valueString\":\"b\"}", "{\"valueString\":\"a\"}", true, 1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		json_t *ja = parse(t[i].a), *jb = parse(t[i].b);
		struct script_value a, b;
		bool is_dirty = false;
		int c = 0;
		bool can;
		assert_true(script_value_read(&a, ja, "value", &is_dirty));
		assert_true(script_value_read(&b, jb, "value", &is_dirty));
		can = script_value_cmp(&c, &a, &b);
		c = c < 0 ? -1 : c > 0;
		if (can != t[i].can || (can && c != t[i].want))
			fail_msg("%s %s: %d %d", t[i].a, t[i].b, can, c);
		assert_int_equal(script_value_is_equal(&a, &b), can && c == 0);
		json_decref(ja);
		json_decref(jb);
	}
}

/* ---- sums --------------------------------------------------------------- */

#define VAR(n, q)                                                              \
	"{\"url\":\"" EXT_HL7 "variable\",\"valueExpression\":{\"name\":\"" n  \
	"\",\"expression\":\"%questionnaire.item.where(linkId = '" q           \
	"').answerOption.where(valueCoding.code=%resource.item.where("         \
	"linkId = '" q                                                         \
	"').answer.valueCoding.code).extension.where(url=%u).valueDecimal\"}}"
#define URL_VAR(x)                                                             \
	"{\"url\":\"" EXT_HL7 "variable\",\"valueExpression\":{\"name\":"      \
	"\"u\",\"expression\":\"'" x "'\"}}"

static const struct {
	const char *expression, *variables;
	bool is_sum;
	int64_t num; /* with a = 2, b = 3, deep = 5 */
} sums[] = {
    {"%resource.item.answer.weight().sum()", "", true, 5},
    {"%resource.item.where(linkId = 'a').answer.weight().sum()", "", true, 2},
    {"%resource.item.where(linkId='a' or linkId = 'b').answer.value"
     ".ordinal().sum()",
	"", true, 5},
    {"%resource.item.where(linkId != 'a' and linkId != 'x')"
     ".answer.ordinal().sum()",
	"", true, 3},
    {"%resource.descendants().answer.value.weight().sum()", "", true, 10},
    {"%resource.descendants().where(linkId='deep').answer.weight().sum()", "",
	true, 5},
    {"%resource.item.where(linkId = 'a' or linkId != 'b')"
     ".answer.weight().sum()",
	"", false, 0},
    {"%resource.item.where(linkId ~ 'a').answer.weight().sum()", "", false, 0},
    {"%resource.item.where(linkId = a).answer.weight().sum()", "", false, 0},
    {"%resource.item.where(linkId = 'a.answer.weight().sum()", "", false, 0},
    {"%resource.item.where(code = 'a').answer.weight().sum()", "", false, 0},
    {"%resource.item.where(linkId = 'a').answer.weight().sum() + 1", "", false,
	0},
    {"%resource.item.where(linkId = 'none').answer.weight().sum()", "", false,
	0},
    {"%resource.answer.weight().sum()", "", false, 0},
    {"item.answer.weight().sum()", "", false, 0},
    {"iif(%any, iif(%x.exists(), %x, 0) + iif(%y.exists(), %y, 0), {})",
	"," URL_VAR(EXT_HL7 "ordinalValue") "," VAR("x", "a") "," VAR("y", "b"),
	true, 5},
    {"iif(%any, iif(%x.exists(), %x, 0), {})",
	"," URL_VAR(EXT_HL7 "itemWeight") "," VAR("x", "a"), true, 2},
    {"iif(%any, iif(%x.exists(), %x, 0), {})",
	"," URL_VAR("http://else") "," VAR("x", "a"), false, 0},
    {"iif(%any, iif(%x.exists(), %x, 0), {})", "," VAR("x", "a"), false, 0},
    {"iif(%any, iif(%x.exists(), %x, 0), {})",
	"," URL_VAR(EXT_HL7 "ordinalValue") "," VAR("x", "nobody"), false, 0},
    {"iif(%any, iif(%x.exists(), %x, 1), {})",
	"," URL_VAR(EXT_HL7 "ordinalValue") "," VAR("x", "a"), false, 0},
    {"iif(%any, iif(%x.exists(), %y, 0), {})",
	"," URL_VAR(EXT_HL7 "ordinalValue") "," VAR("x", "a"), false, 0},
    {"iif(%any, %x, {})", "", false, 0},
    {"iif(%any)", "", false, 0},
    {"iif(%any, iif(%x.exists(), %x, 0), 0)",
	"," URL_VAR(EXT_HL7 "ordinalValue") "," VAR("x", "a"), false, 0},
    {"%weight/%height/%height", "", false, 0},
    {"", "", false, 0},
};

#define CHOICE(link, w, more)                                                  \
	"{\"linkId\":\"" link "\",\"type\":\"choice\",\"answerOption\":["      \
	"{\"valueCoding\":{\"code\":\"c\"},\"extension\":[{\"url\":\"" EXT_HL7 \
	"ordinalValue\",\"valueDecimal\":" w "}]}]" more "}"

static struct script *sum_script(size_t i)
{
	struct buf b = {0};
	struct script *s = NULL;

	buf_printf(&b,
	    "{\"resourceType\":\"Questionnaire\",\"status\":\"draft\","
	    "\"item\":[" CHOICE("a", "2", "") "," CHOICE("b", "3",
		"") ",{\"linkId\":\"g\",\"type\":\"group\",\"item\":"
		    "[" CHOICE("deep", "5",
			"") "]},{\"linkId\":\"sum\",\"type\":"
			    "\"decimal\",\"extension\":[{\"url\":"
			    "\"" EXT_SDC
			    "sdc-questionnaire-calculatedExpression\","
			    "\"valueExpression\":"
			    "{\"expression\":\"%s\"}}%s]}]}",
	    sums[i].expression, sums[i].variables);
	assert_int_equal(
	    script_load(&s, buf_text(&b), b.len, SCRIPT_STRICT, NULL), 0);
	buf_fini(&b);
	return s;
}

static void test_value__sums_exactly_or_not_at_all(void **state)
{
	static const char *const links[] = {"a", "b", "deep"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sums); i++) {
		struct script *s = sum_script(i);
		uint32_t sum = script_find(s, "sum");
		struct script_run *run = script_run_new(s, NULL, 0);
		const struct script_answer *a;
		for (size_t k = 0; k < ARRAY_LEN(links); k++) {
			struct script_place at = {
			    .item = script_find(s, links[k])};
			assert_int_equal(
			    script_run_type(run, at, "1", NULL, NULL), 0);
		}
		a = script_run_answer(run, sum, 0);
		if (script_item(s, sum)->is_computed != sums[i].is_sum ||
		    (a != NULL) != sums[i].is_sum ||
		    (a && a->values[0].num != sums[i].num))
			fail_msg("%s", sums[i].expression);
		assert_true(script_item(s, sum)->is_uncomputed);
		script_run_free(&run);
		script_free(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_value__numbers_are_scaled_integers),
	    cmocka_unit_test(test_value__numbers_compare_across_scales),
	    cmocka_unit_test(test_value__json_there_and_back),
	    cmocka_unit_test(test_value__dirty_and_impossible_json),
	    cmocka_unit_test(test_value__compares_like_with_like),
	    cmocka_unit_test(test_value__sums_exactly_or_not_at_all),
	};

	return cmocka_run_group_tests_name("script_value", tests, NULL, NULL);
}
