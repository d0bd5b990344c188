/* trend_test.c - integer statistics of a series, and the course it takes. */
#include "core/clock.h"
#include "core/err.h"
#include "core/trend.h"
#include "tests/own.h"
#include "tests/test.h"

#define NOW INT64_C(1795312800)

static const struct trend_span all = {0, NOW};

static void add(struct facts *f, int days_ago, int64_t value, int scale)
{
	facts_add_number(f, "8480-6", value, scale, NOW - days_ago * DAY_S);
}

static void test_trend__of_nothing_is_nothing(void **state)
{
	struct facts f = {0};
	struct trend t;
	struct trend_limits l = {5, 3, 180, 30, 15, 0};

	(void)state;
	trend_of(&t, &f, "8480-6", all, NULL);
	assert_int_equal(t.n, 0);
	assert_int_equal(t.percent_in_target, 0);
	assert_int_equal(trend_judge(&t, &l, NOW), TREND_UNKNOWN);
	assert_string_equal(trend_course_name(t.course), "unknown");
}

static void test_trend__numbers_of_a_known_series(void **state)
{
	struct facts f = {0};
	struct trend t;
	struct target band = {.has_below = true, .below = 140};
	struct fact absent = {
	    .code = "8480-6", .kind = FACT_ABSENT, .at_s = NOW - 5 * DAY_S};

	(void)state;
	add(&f, 90, 160, 0);
	add(&f, 60, 150, 0);
	add(&f, 30, 140, 0);
	add(&f, 0, 130, 0);
	facts_add(&f, &absent);
	trend_of(&t, &f, "8480-6", all, &band);
	assert_int_equal(t.n, 4);
	assert_int_equal(t.n_absent, 1);
	assert_int_equal(t.lowest, 130);
	assert_int_equal(t.highest, 160);
	assert_int_equal(t.mean_tenths, 1450);
	assert_int_equal(t.slope_tenths, -100);
	/* Deviations -15 -5 5 15: sum of squares 500, over 3. */
	assert_in_range(t.deviation_tenths, 128, 130);
	assert_int_equal(t.longest_gap_days, 30);
	assert_int_equal(t.n_in_target, 1);
	assert_int_equal(t.percent_in_target, 25);
	facts_fini(&f);
}

static void test_trend__keeps_the_newest_and_the_span(void **state)
{
	struct facts f = {0};
	struct trend t;

	(void)state;
	for (int i = 0; i < 100; i++)
		add(&f, 100 - i, 100 + i, 0);
	trend_of(&t, &f, "8480-6", all, NULL);
	assert_int_equal(t.n, TREND_POINTS_MAX);
	assert_int_equal(t.highest, 199);
	assert_int_equal(t.lowest, 199 - TREND_POINTS_MAX + 1);
	trend_of(&t, &f, "8480-6",
	    (struct trend_span){NOW - 10 * DAY_S, NOW - 5 * DAY_S}, NULL);
	assert_int_equal(t.n, 6);
	facts_fini(&f);
}

static void test_trend__mixed_scales_and_extremes(void **state)
{
	struct facts f = {0};
	struct trend t;

	(void)state;
	add(&f, 3, 7, 0);
	add(&f, 2, 725, 2);
	trend_of(&t, &f, "8480-6", all, NULL);
	assert_int_equal(t.scale, 2);
	assert_int_equal(t.lowest, 700);
	assert_int_equal(t.highest, 725);
	add(&f, 1, INT64_MAX, 9);
	add(&f, 0, INT64_MIN, 0);
	trend_of(&t, &f, "8480-6", all, NULL);
	assert_int_equal(t.scale, 3);
	assert_int_equal(t.n, 4);
	assert_true(t.highest > 0 && t.lowest < 0);
	facts_fini(&f);
	facts_add_number(&f, "x", 1, 0, INT64_MIN / 2);
	facts_add_number(&f, "x", 2, 0, INT64_MAX / 2);
	trend_of(&t, &f, "x", (struct trend_span){INT64_MIN, INT64_MAX}, NULL);
	assert_int_equal(t.longest_gap_days, 36500);
	facts_fini(&f);
}

static void test_trend__course_on_both_sides(void **state)
{
	static const struct {
		int spread;
		enum trend_course course;
	} rows[] = {
	    {15, TREND_STEADY},
	    {16, TREND_CHANGING},
	    {29, TREND_CHANGING},
	    {30, TREND_FLUCTUATING},
	};
	struct trend_table *table = own_trends();
	struct trend_limits l;

	(void)state;
	assert_true(trend_limits(&l, table, "8480-6"));
	assert_false(trend_limits(&l, table, "none"));
	assert_true(trend_limits(&l, table, "8480-6"));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct facts f = {0};
		struct trend t;

		add(&f, 200, 220, 0);
		add(&f, 30, 140, 0);
		add(&f, 20, 140 + rows[i].spread, 0);
		trend_of(&t, &f, "8480-6", all, NULL);
		assert_int_equal(trend_judge(&t, &l, NOW), TREND_UNKNOWN);
		add(&f, 10, 141, 0);
		trend_of(&t, &f, "8480-6", all, NULL);
		assert_int_equal(trend_judge(&t, &l, NOW), rows[i].course);
		facts_fini(&f);
	}
	trend_table_free(&table);
	assert_null(table);
}

static void test_trend__only_the_last_values_are_judged(void **state)
{
	struct trend_limits l = {3, 3, 180, 30, 15, 0};
	struct facts f = {0};
	struct trend t;

	(void)state;
	add(&f, 40, 200, 0);
	add(&f, 30, 140, 0);
	add(&f, 20, 142, 0);
	add(&f, 10, 144, 0);
	trend_of(&t, &f, "8480-6", all, NULL);
	assert_int_equal(trend_judge(&t, &l, NOW), TREND_STEADY);
	facts_fini(&f);
}

static void test_trend__share_by_period(void **state)
{
	struct facts f = {0};
	struct trend t;
	struct trend_period p[3];
	struct target band = {.has_below = true, .below = 140};

	(void)state;
	add(&f, 100, 130, 0);
	add(&f, 80, 150, 0);
	add(&f, 70, 130, 0);
	add(&f, 10, 139, 0);
	add(&f, 0, 140, 0);
	trend_of(&t, &f, "8480-6", all, &band);
	trend_periods(p, 3, &t, NOW, 30);
	assert_int_equal(p[0].n, 2);
	assert_int_equal(p[0].n_in_target, 1);
	assert_int_equal(p[1].n, 0);
	assert_int_equal(p[2].n, 2);
	assert_int_equal(p[2].n_in_target, 1);
	assert_int_equal(p[0].from_s, NOW - 90 * DAY_S);
	trend_periods(p, 3, &t, NOW - 20 * DAY_S, 30);
	assert_int_equal(p[2].n, 0);
	facts_fini(&f);
}

#define HEAD                                                                   \
	"{\"id\":\"n\",\"version\":1,\"title\":{\"zh\":\"a\",\"en\":\"b\"},"   \
	"\"source\":\"s\",\"limits\":"

static void test_trend__refuses_tables_with_the_place(void **state)
{
	static const char *const bad[] = {
	    "[]",
	    "[1]",
	    "[{\"code\":\"c\"}]",
	    "[{\"code\":\"c\",\"last_n\":5}]",
	    "[{\"code\":\"c\",\"last_n\":5,\"least_n\":3}]",
	    "[{\"last_n\":5,\"least_n\":3,\"days\":9,\"fluctuating\":3,"
	    "\"steady\":1}]",
	    "[{\"code\":\"c\",\"last_n\":5,\"least_n\":3,\"days\":9,"
	    "\"fluctuating\":\"x\",\"steady\":1}]",
	    "[{\"code\":\"c\",\"last_n\":5,\"least_n\":3,\"days\":9,"
	    "\"fluctuating\":3,\"steady\":\"x\"}]",
	    "[{\"code\":\"c\",\"last_n\":5,\"least_n\":3,\"days\":9,"
	    "\"fluctuating\":3,\"steady\":3}]",
	    "[{\"code\":\"c\",\"last_n\":5,\"least_n\":3,\"days\":9,"
	    "\"fluctuating\":3,\"steady\":\"1.0\"}]",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		char json[600];
		struct trend_table *t = NULL;

		snprintf(json, sizeof(json), HEAD "%s}", bad[i]);
		assert_int_equal(
		    trend_table_parse(&t, json, strlen(json)), ERR_INVALID);
		assert_null(t);
	}
}

/* Of several measurements the gravest course counts, and says its bounds;
 * one without limits or without values enough says nothing. */
static void test_trend__the_worst_of_several(void **state)
{
	static const char json[] = HEAD
	    "[{\"code\":\"8480-6\",\"last_n\":5,\"least_n\":3,\"days\":180,"
	    "\"fluctuating\":30,\"steady\":15},"
	    "{\"code\":\"8867-4\",\"last_n\":5,\"least_n\":3,\"days\":180,"
	    "\"fluctuating\":30,\"steady\":15}]}";
	static const char *const codes[] = {"unknown", "8480-6", "8867-4"};
	static const int pulse[] = {70, 72, 71};
	struct facts f = {0};
	const struct trend_now now = {&f, NOW};
	struct trend_table *t;
	char what[TREND_WHAT];

	(void)state;
	assert_int_equal(trend_table_parse(&t, json, strlen(json)), 0);
	assert_int_equal(trend_worst(what, t, codes, 3, &now), TREND_UNKNOWN);
	assert_string_equal(what, "");
	for (int i = 0; i < 3; i++)
		facts_add_number(
		    &f, "8867-4", pulse[i], 0, NOW - (3 - i) * DAY_S);
	assert_int_equal(trend_worst(what, t, codes, 3, &now), TREND_STEADY);
	assert_string_equal(what, "8867-4 70..72");
	for (int i = 0; i < 3; i++)
		add(&f, 3 - i, 130 + 20 * i, 0);
	assert_int_equal(
	    trend_worst(what, t, codes, 3, &now), TREND_FLUCTUATING);
	assert_string_equal(what, "8480-6 130..170");
	trend_table_free(&t);
	facts_fini(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_trend__of_nothing_is_nothing),
	    cmocka_unit_test(test_trend__numbers_of_a_known_series),
	    cmocka_unit_test(test_trend__keeps_the_newest_and_the_span),
	    cmocka_unit_test(test_trend__mixed_scales_and_extremes),
	    cmocka_unit_test(test_trend__course_on_both_sides),
	    cmocka_unit_test(test_trend__only_the_last_values_are_judged),
	    cmocka_unit_test(test_trend__share_by_period),
	    cmocka_unit_test(test_trend__the_worst_of_several),
	    cmocka_unit_test(test_trend__refuses_tables_with_the_place),
	};

	return cmocka_run_group_tests_name("trend", tests, NULL, NULL);
}
