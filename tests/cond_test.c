/* cond_test.c - conditions: every operator, every selector, every fault. */
#include "core/clock.h"
#include "core/cond.h"
#include "core/err.h"
#include "core/json.h"
#include "tests/test.h"

#define NOW INT64_C(1795312800)

static struct cond *compiled(const char *text)
{
	json_t *j = json_loads(text, 0, NULL);
	struct cond *c = NULL;

	assert_non_null(j);
	if (cond_compile(&c, j, "$"))
		fail_msg("%s: %s", text, err_detail());
	json_decref(j);
	return c;
}

static bool holds(const char *text, const struct facts *f)
{
	struct cond *c = compiled(text);
	bool h = cond_holds(c, f, NOW, NULL);

	cond_free(&c);
	assert_null(c);
	return h;
}

static const struct {
	const char *text;
	bool holds;
} operators[] = {
    {"{\"code\":\"n\",\"op\":\"=\",\"value\":7}", true},
    {"{\"code\":\"n\",\"op\":\"=\",\"value\":\"7.0\"}", true},
    {"{\"code\":\"n\",\"op\":\"=\",\"value\":8}", false},
    {"{\"code\":\"n\",\"op\":\"!=\",\"value\":8}", true},
    {"{\"code\":\"n\",\"op\":\"!=\",\"value\":7}", false},
    {"{\"code\":\"n\",\"op\":\">\",\"value\":\"6.9\"}", true},
    {"{\"code\":\"n\",\"op\":\">\",\"value\":7}", false},
    {"{\"code\":\"n\",\"op\":\"<\",\"value\":\"7.1\"}", true},
    {"{\"code\":\"n\",\"op\":\"<\",\"value\":7}", false},
    {"{\"code\":\"n\",\"op\":\">=\",\"value\":7}", true},
    {"{\"code\":\"n\",\"op\":\"<=\",\"value\":7}", true},
    {"{\"code\":\"n\",\"op\":\"exists\",\"value\":true}", true},
    {"{\"code\":\"n\",\"op\":\"exists\",\"value\":false}", false},
    {"{\"code\":\"x\",\"op\":\"exists\",\"value\":false}", true},
    {"{\"code\":\"x\",\"op\":\"exists\",\"value\":true}", false},
    {"{\"code\":\"absent\",\"op\":\"exists\",\"value\":true}", false},
    {"{\"code\":\"absent\",\"op\":\"!=\",\"value\":1}", false},
    {"{\"code\":\"t\",\"op\":\"=\",\"value\":\"b\"}", true},
    {"{\"code\":\"t\",\"op\":\"=\",\"value\":\"a\"}", true},
    {"{\"code\":\"t\",\"op\":\"=\",\"value\":\"c\"}", false},
    {"{\"code\":\"t\",\"op\":\"!=\",\"value\":\"a\"}", true},
    {"{\"code\":\"t\",\"op\":\"=\",\"value\":1}", false},
    {"{\"code\":\"t\",\"op\":\"in\",\"values\":[\"x\",\"b\"]}", true},
    {"{\"code\":\"t\",\"op\":\"in\",\"values\":[\"x\"]}", false},
    {"{\"code\":\"n\",\"op\":\"in\",\"values\":[\"7\"]}", false},
    {"{\"code\":\"icd\",\"op\":\"starts\",\"values\":[\"E11\","
     "\"I10\"]}",
	true},
    {"{\"code\":\"icd\",\"op\":\"starts\",\"values\":[\"I11\"]}", false},
    {"{\"code\":\"n\",\"op\":\"starts\",\"values\":[\"7\"]}", false},
    {"{\"code\":\"digit\",\"op\":\"=\",\"value\":\"3\"}", true},
    {"{\"code\":\"digit\",\"op\":\"=\",\"value\":\"2\"}", false},
    {"{\"code\":\"yes\",\"op\":\"=\",\"value\":true}", true},
    {"{\"code\":\"yes\",\"op\":\"=\",\"value\":false}", false},
    {"{\"code\":\"yes\",\"op\":\"=\",\"value\":\"true\"}", true},
    {"{\"code\":\"yes\",\"op\":\"in\",\"values\":[\"true\"]}", true},
    {"{\"not\":{\"code\":\"n\",\"op\":\"=\",\"value\":7}}", false},
};

static void test_cond__operators(void **state)
{
	struct facts f = {0};
	struct fact absent = {
	    .code = "absent", .kind = FACT_ABSENT, .at_s = NOW};

	(void)state;
	facts_add(&f, &absent);
	facts_add_number(&f, "n", 70, 1, NOW);
	facts_add_coded(&f, "t", "a", NOW - 5);
	facts_add_coded(&f, "t", "b", NOW);
	facts_add_coded(&f, "icd", "I10.x00", NOW);
	facts_add_coded(&f, "digit", "3", NOW);
	facts_add_flag(&f, "yes", true, NOW);
	for (size_t i = 0; i < ARRAY_LEN(operators); i++) {
		if (holds(operators[i].text, &f) != operators[i].holds)
			print_error("%s\n", operators[i].text);
		assert_int_equal(
		    holds(operators[i].text, &f), operators[i].holds);
	}
	facts_fini(&f);
}

#define LEAF(more) "{\"code\":\"n\",\"op\":\">=\",\"value\":5" more "}"

/* History 1, 9, 3 (30, 20, 10 days ago), now 7. */
static const struct {
	const char *text;
	bool now;  /* with an answer of this contact */
	bool past; /* history alone */
} selectors[] = {
    {LEAF(""), true, false},
    {LEAF(",\"days\":60"), true, false},
    {LEAF(",\"ever\":true"), true, false},
    {"{\"code\":\"n\",\"op\":\"=\",\"value\":3,\"days\":10}", false, true},
    {"{\"code\":\"n\",\"op\":\"=\",\"value\":3,\"days\":9}", false, false},
    {"{\"code\":\"n\",\"op\":\"=\",\"value\":3,\"ever\":true}", false, true},
    {"{\"code\":\"n\",\"op\":\"=\",\"value\":3,\"of\":\"previous\"}", true,
	false},
    {LEAF(",\"of\":\"previous\""), false, false},
    {"{\"code\":\"n\",\"op\":\"=\",\"value\":3,\"of\":\"previous\","
     "\"days\":9}",
	false, false},
    {"{\"code\":\"n\",\"op\":\"=\",\"value\":-2,\"of\":\"difference\""
     ",\"days\":20}",
	true, false},
    {"{\"code\":\"n\",\"op\":\"=\",\"value\":4,\"of\":\"rise\","
     "\"days\":20}",
	true, false},
    {"{\"code\":\"n\",\"op\":\"=\",\"value\":6,\"of\":\"rise\","
     "\"days\":30}",
	true, false},
    {"{\"code\":\"n\",\"op\":\"=\",\"value\":2,\"of\":\"count\","
     "\"days\":10}",
	true, false},
    {"{\"code\":\"n\",\"op\":\"=\",\"value\":1,\"of\":\"count\","
     "\"days\":10}",
	false, true},
    {"{\"code\":\"z\",\"op\":\"=\",\"value\":0,\"of\":\"count\","
     "\"days\":10}",
	true, true},
    {"{\"code\":\"z\",\"op\":\">\",\"value\":0,\"of\":\"rise\","
     "\"days\":10}",
	false, false},
};

static void test_cond__selectors(void **state)
{
	struct facts f = {0};

	(void)state;
	facts_add_number(&f, "n", 1, 0, NOW - 30 * DAY_S);
	facts_add_number(&f, "n", 9, 0, NOW - 20 * DAY_S);
	facts_add_number(&f, "n", 3, 0, NOW - 10 * DAY_S);
	facts_age(&f);
	for (size_t i = 0; i < ARRAY_LEN(selectors); i++)
		if (!strstr(selectors[i].text, "rise") &&
		    !strstr(selectors[i].text, "difference"))
			assert_int_equal(
			    holds(selectors[i].text, &f), selectors[i].past);
	facts_add_number(&f, "n", 7, 0, NOW);
	for (size_t i = 0; i < ARRAY_LEN(selectors); i++) {
		if (holds(selectors[i].text, &f) != selectors[i].now)
			print_error("%s\n", selectors[i].text);
		assert_int_equal(
		    holds(selectors[i].text, &f), selectors[i].now);
	}
	facts_fini(&f);
}

static void test_cond__names_what_made_it_hold(void **state)
{
	struct facts f = {0};
	struct cond_trace t = {.n = 0};
	struct cond *c;

	(void)state;
	facts_add_number(&f, "a", 5, 0, NOW);
	facts_add_number(&f, "b", 6, 1, NOW);
	facts_add_coded(&f, "c", "x", NOW);
	c = compiled("{\"any\":[{\"all\":["
		     "{\"code\":\"a\",\"op\":\">\",\"value\":1},"
		     "{\"code\":\"b\",\"op\":\">\",\"value\":1}]},"
		     "{\"code\":\"c\",\"op\":\"=\",\"value\":\"x\"},"
		     "{\"not\":{\"code\":\"a\",\"op\":\"=\",\"value\":9}},"
		     "{\"code\":\"c\",\"op\":\"in\",\"values\":[\"x\"]}]}");
	assert_true(cond_holds(c, &f, NOW, &t));
	/* What a failed branch looked at is not named, and nothing twice. */
	assert_int_equal(t.n, 1);
	assert_string_equal(t.used[0].code, "c");
	cond_free(&c);
	c = compiled("{\"all\":[{\"code\":\"a\",\"op\":\">\",\"value\":1},"
		     "{\"code\":\"b\",\"op\":\"exists\",\"value\":true}]}");
	t.n = 0;
	assert_true(cond_holds(c, &f, NOW, &t));
	assert_int_equal(t.n, 2);
	assert_int_equal(t.used[1].scale, 1);
	cond_free(&c);
	assert_true(cond_holds(NULL, &f, NOW, NULL));
	facts_fini(&f);
}

static void test_cond__trace_is_bounded(void **state)
{
	struct facts f = {0};
	struct cond_trace t = {.n = 0};
	struct cond *c =
	    compiled("{\"code\":\"c\",\"op\":\"starts\",\"values\":[\"x\"]}");

	(void)state;
	for (int i = 0; i < 3 * COND_INPUTS; i++) {
		char text[16];

		snprintf(text, sizeof(text), "x%d", i);
		facts_add_coded(&f, "c", text, NOW + i);
	}
	assert_true(cond_holds(c, &f, NOW, &t));
	assert_int_equal(t.n, COND_INPUTS);
	cond_free(&c);
	facts_fini(&f);
}

static void test_cond__refuses_with_path_and_reason(void **state)
{
	static const struct {
		const char *text;
		const char *path;
	} rows[] = {
	    {"[]", "$: must be"},
	    {"{}", "$.code"},
	    {"{\"code\":\"a\"}", "$.op"},
	    {"{\"code\":\"a\",\"op\":\"~\",\"value\":1}", "$.op"},
	    {"{\"code\":\"a\",\"op\":\"=\"}", "$.value"},
	    {"{\"code\":\"a\",\"op\":\"=\",\"value\":1.5}", "$.value"},
	    {"{\"code\":\"a\",\"op\":\">\",\"value\":\"x\"}", "$.value"},
	    {"{\"code\":\"a\",\"op\":\"=\",\"value\":1,\"x\":1}", "$.x"},
	    {"{\"code\":\"a\",\"op\":\"=\",\"value\":1,\"of\":\"y\"}", "$.of"},
	    {"{\"code\":\"a\",\"op\":\"=\",\"value\":1,\"days\":-1}", "$.days"},
	    {"{\"code\":\"a\",\"op\":\"=\",\"value\":1,\"days\":99999}",
		"$.days"},
	    {"{\"code\":\"a\",\"op\":\">\",\"value\":1,\"of\":\"rise\"}",
		"$.days"},
	    {"{\"code\":\"a\",\"op\":\"=\",\"value\":\"x\",\"of\":\"rise\","
	     "\"days\":3}",
		"$.of"},
	    {"{\"code\":\"a\",\"op\":\"exists\",\"value\":true,"
	     "\"of\":\"count\",\"days\":3}",
		"$.of"},
	    {"{\"code\":\"a\",\"op\":\"in\",\"values\":[\"3\"],"
	     "\"of\":\"count\",\"days\":3}",
		"$.of"},
	    {"{\"code\":\"a\",\"op\":\"exists\",\"value\":1}", "$.value"},
	    {"{\"code\":\"a\",\"op\":\"in\",\"value\":\"x\"}", "$.values"},
	    {"{\"code\":\"a\",\"op\":\"in\",\"values\":[]}", "$.values"},
	    {"{\"code\":\"a\",\"op\":\"in\",\"values\":[1]}", "$.values"},
	    {"{\"code\":\"a\",\"op\":\"starts\",\"value\":\"x\"}", "$.values"},
	    {"{\"code\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	     "\",\"op\":\"=\",\"value\":1}",
		"$.code"},
	    {"{\"all\":[]}", "$.all"},
	    {"{\"any\":{}}", "$.any"},
	    {"{\"all\":[{}],\"any\":[{}]}", "$.all"},
	    {"{\"all\":[{\"any\":[{\"code\":\"a\"}]}]}", "$.all[0].any[0].op"},
	    {"{\"not\":{\"not\":3}}", "$.not.not"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *j = json_loads(rows[i].text, 0, NULL);
		struct cond *c = NULL;

		assert_non_null(j);
		assert_int_equal(cond_compile(&c, j, "$"), ERR_INVALID);
		assert_null(c);
		if (strncmp(err_detail(), rows[i].path, strlen(rows[i].path)))
			print_error("%s: %s\n", rows[i].text, err_detail());
		assert_memory_equal(
		    err_detail(), rows[i].path, strlen(rows[i].path));
		json_decref(j);
	}
}

static void test_cond__depth_and_number_are_bounded(void **state)
{
	json_t *deep =
	    json_pack("{s:s,s:s,s:i}", "code", "a", "op", "=", "value", 1);
	json_t *wide = json_array();
	json_t *j = json_object();
	struct cond *c = NULL;

	(void)state;
	for (int i = 0; i < COND_NODES_MAX; i++)
		json_array_append(wide, deep);
	for (int i = 0; i < COND_DEPTH_MAX; i++)
		deep = json_pack("{s:o}", "not", deep);
	assert_int_equal(cond_compile(&c, deep, "$"), 0);
	cond_free(&c);
	deep = json_pack("{s:o}", "not", deep);
	assert_int_equal(cond_compile(&c, deep, "$"), ERR_INVALID);
	json_object_set_new(j, "any", wide);
	assert_int_equal(cond_compile(&c, j, "$"), ERR_INVALID);
	assert_non_null(strstr(err_detail(), "too many"));
	json_array_remove(wide, 0);
	assert_int_equal(cond_compile(&c, j, "$"), 0);
	cond_free(&c);
	json_decref(deep);
	json_decref(j);
}

/* What a decision was made on, whole words only. */
static void test_cond__trace_as_text(void **state)
{
	struct cond_trace trace = {.n = 0};
	char text[80], tiny[18];

	(void)state;
	cond_trace_text(text, sizeof(text), &trace);
	assert_string_equal(text, "");
	trace.used[trace.n++] =
	    (struct fact){.code = "8480-6", .kind = FACT_NUMBER, .value = 182};
	trace.used[trace.n++] = (struct fact){
	    .code = "1558-6", .kind = FACT_NUMBER, .value = 167, .scale = 1};
	trace.used[trace.n++] = (struct fact){
	    .code = "htn-danger", .kind = FACT_CODED, .text = "chest-pain"};
	cond_trace_text(text, sizeof(text), &trace);
	assert_string_equal(
	    text, "8480-6 182, 1558-6 16.7, htn-danger chest-pain");
	cond_trace_text(tiny, sizeof(tiny), &trace);
	assert_string_equal(tiny, "8480-6 182");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cond__operators),
	    cmocka_unit_test(test_cond__selectors),
	    cmocka_unit_test(test_cond__names_what_made_it_hold),
	    cmocka_unit_test(test_cond__trace_is_bounded),
	    cmocka_unit_test(test_cond__trace_as_text),
	    cmocka_unit_test(test_cond__refuses_with_path_and_reason),
	    cmocka_unit_test(test_cond__depth_and_number_are_bounded),
	};

	return cmocka_run_group_tests_name("cond", tests, NULL, NULL);
}
