/* facts_test.c - decimals, units, the set of facts. */
#include "core/clock.h"
#include "core/decimal.h"
#include "core/facts.h"
#include "core/unit.h"
#include "tests/test.h"

#include <math.h>

static void test_decimal__parses_what_people_write(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		int64_t value;
		int scale;
	} rows[] = {
	    {"16.7", true, 167, 1},
	    {"-0.05", true, -5, 2},
	    {"0", true, 0, 0},
	    {"74.0751554380765", true, INT64_C(74075155438), 9},
	    {"1.9999999999", true, INT64_C(2000000000), 9},
	    {"999999999", true, 999999999, 0},
	    {"1000000000", false, 0, 0},
	    {"", false, 0, 0},
	    {"-", false, 0, 0},
	    {".5", false, 0, 0},
	    {"5.", false, 0, 0},
	    {"1e3", false, 0, 0},
	    {"1.5x", false, 0, 0},
	    {" 1", false, 0, 0},
	    {"99999999999", false, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t v = -77;
		int s = -77;
		bool ok = decimal_parse(&v, &s, rows[i].text);

		assert_int_equal(ok, rows[i].ok);
		assert_int_equal(v, ok ? rows[i].value : -77);
		assert_int_equal(s, ok ? rows[i].scale : -77);
	}
}

static void test_decimal__compares_across_scales(void **state)
{
	(void)state;
	assert_int_equal(decimal_cmp(70, 1, 7, 0), 0);
	assert_int_equal(decimal_cmp(699, 2, 7, 0), -1);
	assert_int_equal(decimal_cmp(-5, 1, -5, 0), 1);
	assert_int_equal(decimal_cmp(-51, 1, -5, 0), -1);
	assert_int_equal(decimal_cmp(INT64_MAX, 0, INT64_MAX, 9), 1);
	assert_int_equal(decimal_cmp(INT64_MIN, 0, INT64_MIN, 9), -1);
	assert_int_equal(decimal_cmp(INT64_MIN, 9, INT64_MAX, 9), -1);
}

static void test_decimal__rounds_half_away_from_zero(void **state)
{
	(void)state;
	assert_int_equal(decimal_rescale(65, 1, 0), 7);
	assert_int_equal(decimal_rescale(-65, 1, 0), -7);
	assert_int_equal(decimal_rescale(64, 1, 0), 6);
	assert_int_equal(decimal_rescale(7, 0, 2), 700);
	assert_int_equal(decimal_rescale(INT64_MAX, 0, 1), INT64_MAX);
	assert_int_equal(decimal_rescale(INT64_MIN, 0, 1), INT64_MIN);
	assert_int_equal(decimal_divide(7, -2), -4);
	assert_int_equal(decimal_divide(-7, -2), 4);
	assert_int_equal(decimal_divide(INT64_MIN, -1), INT64_MAX);
	assert_int_equal(decimal_divide(5, -1), -5);
}

static void test_decimal__writes_what_it_read(void **state)
{
	char out[DECIMAL_TEXT];

	(void)state;
	decimal_text(out, 167, 1);
	assert_string_equal(out, "16.7");
	decimal_text(out, -5, 2);
	assert_string_equal(out, "-0.05");
	decimal_text(out, 128, 0);
	assert_string_equal(out, "128");
	decimal_text(out, INT64_MIN, 0);
	assert_string_equal(out, "-9223372036854775808");
}

static struct quantity quantity(int64_t value, int scale, const char *unit)
{
	struct quantity q = {.value = value, .scale = scale};

	snprintf(q.unit, sizeof(q.unit), "%s", unit);
	return q;
}

static void test_unit__converts_the_analytes_we_know(void **state)
{
	static const struct {
		const char *code;
		int64_t value;
		int scale;
		const char *unit;
		int64_t to;
		int to_scale;
	} rows[] = {
	    {"1558-6", 126, 0, "mg/dL", 70, 1},
	    {"2339-0", 300, 0, "mg/dL", 167, 1},
	    {"2339-0", 70, 0, "mg/dl", 39, 1},
	    {"2339-0", 7, 0, "mmol/L", 70, 1},
	    {"2093-3", 200, 0, "mg/dL", 517, 2},
	    {"2571-8", 150, 0, "mg/dL", 169, 2},
	    {"2160-0", 1, 0, "mg/dL", 88, 0},
	    {"38483-4", 15, 1, "mg/dL", 133, 0},
	    {"3084-1", 70600, 4, "mg/dL", 420, 0},
	    {"8480-6", 140751554, 6, "mm[Hg]", 141, 0},
	    {"8462-4", 16, 0, "kPa", 120, 0},
	    {"29463-7", 150, 0, "[lb_av]", 680, 1},
	    {"29463-7", 131, 0, "\xe6\x96\xa4", 655, 1},
	    {"8310-5", 1004, 1, "[degF]", 380, 1},
	    {"8310-5", 385, 1, "\xe2\x84\x83", 385, 1},
	    {"8302-2", 172, 2, "m", 1720, 1},
	    {"4548-4", 53, 0, "mmol/mol", 70, 1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct quantity in =
		    quantity(rows[i].value, rows[i].scale, rows[i].unit);
		struct quantity out;
		int scale;

		assert_int_equal(unit_convert(&out, &in, rows[i].code), 0);
		assert_int_equal(out.value, rows[i].to);
		assert_int_equal(out.scale, rows[i].to_scale);
		assert_string_equal(
		    out.unit, unit_canonical(&scale, rows[i].code));
	}
}

static void test_unit__refuses_what_does_not_convert(void **state)
{
	struct quantity in = quantity(5, 0, "mg");
	struct quantity huge = quantity(INT64_MAX, 0, "mg/dL");
	struct quantity out = {0};
	int64_t v;
	int scale;

	(void)state;
	assert_true(unit_convert(&out, &in, "1558-6") < 0);
	assert_true(unit_convert(&out, &huge, "1558-6") < 0);
	assert_int_equal(out.value, 0);
	assert_int_equal(unit_convert(&out, &in, "no-such-code"), 0);
	assert_string_equal(out.unit, "mg");
	assert_null(unit_canonical(&scale, "no-such-code"));
	assert_true(unit_round(&v, 74.0751554380765, 1));
	assert_int_equal(v, 741);
	assert_false(unit_round(&v, 1e300, 0));
	assert_false(unit_round(&v, (double)NAN, 0));
}

static void test_facts__keep_order_of_time(void **state)
{
	struct facts f = {0};
	size_t n;
	const struct fact *all;

	(void)state;
	facts_add_number(&f, "8480-6", 150, 0, 300);
	facts_add_number(&f, "8480-6", 130, 0, 100);
	facts_add_number(&f, "29463-7", 700, 1, 200);
	facts_add_number(&f, "8480-6", 140, 0, 200);
	all = facts_of(&f, "8480-6", &n);
	assert_int_equal(n, 3);
	assert_int_equal(all[0].value, 130);
	assert_int_equal(facts_last(&f, "8480-6")->value, 150);
	assert_int_equal(facts_previous(&f, "8480-6")->value, 140);
	assert_null(facts_previous(&f, "29463-7"));
	assert_null(facts_last(&f, "none"));
	assert_null(facts_of(&f, "none", &n));
	facts_age(&f);
	facts_drop(&f, "8480-6");
	assert_int_equal(f.n, 4);
	facts_add_number(&f, "8480-6", 188, 0, 400);
	facts_drop(&f, "8480-6");
	assert_int_equal(facts_last(&f, "8480-6")->value, 150);
	facts_clear(&f);
	assert_int_equal(f.n, 0);
	facts_fini(&f);
}

static void test_facts__unmeasured_says_nothing(void **state)
{
	struct facts f = {0};
	struct fact absent = {
	    .code = "8480-6", .kind = FACT_ABSENT, .at_s = 500};

	(void)state;
	facts_add(&f, &absent);
	assert_null(facts_last(&f, "8480-6"));
	facts_add_number(&f, "8480-6", 150, 0, 300);
	assert_int_equal(facts_last(&f, "8480-6")->value, 150);
	assert_int_equal(facts_count(&f, "8480-6", 1, 600), 1);
	facts_fini(&f);
}

static void test_facts__several_options_of_one_answer(void **state)
{
	struct facts f = {0};
	const struct fact *all;
	size_t n;

	(void)state;
	facts_add_coded(&f, "wound", "open", 50);
	facts_add_coded(&f, "wound", "pus", 100);
	facts_add_coded(&f, "wound", "redness", 100);
	all = facts_of(&f, "wound", &n);
	assert_int_equal(n, 3);
	assert_int_equal(all[0].at_s, 50);
	assert_string_equal(all[1].text, "pus");
	assert_string_equal(all[2].text, "redness");
	assert_ptr_equal(facts_last(&f, "wound"), &all[2]);
	assert_ptr_equal(facts_previous(&f, "wound"), &all[0]);
	facts_fini(&f);
}

static void test_facts__change_within_days(void **state)
{
	struct facts f = {0};
	int64_t d = -1;
	int scale = -1;

	(void)state;
	assert_false(facts_difference(&d, &scale, &f, "w", 3));
	facts_add_number(&f, "w", 700, 1, 0);
	assert_false(facts_difference(&d, &scale, &f, "w", 3));
	facts_add_number(&f, "w", 68, 0, DAY_S);
	facts_add_number(&f, "w", 7050, 2, 3 * DAY_S);
	assert_true(facts_difference(&d, &scale, &f, "w", 3));
	assert_int_equal(d, 50);
	assert_int_equal(scale, 2);
	assert_true(facts_rise(&d, &scale, &f, "w", 3));
	assert_int_equal(d, 250);
	assert_true(facts_difference(&d, &scale, &f, "w", 2));
	assert_int_equal(d, 250);
	assert_false(facts_difference(&d, &scale, &f, "w", 1));
	assert_int_equal(facts_count(&f, "w", 2, 3 * DAY_S), 2);
	assert_int_equal(facts_count(&f, "w", 3, 3 * DAY_S - 1), 2);
	facts_fini(&f);
}

static void test_facts__difference_of_extremes_does_not_overflow(void **state)
{
	struct facts f = {0};
	int64_t d;
	int scale;

	(void)state;
	facts_add_number(&f, "x", INT64_MIN, 0, 1);
	facts_add_number(&f, "x", INT64_MAX, 9, 2);
	assert_true(facts_difference(&d, &scale, &f, "x", 1));
	assert_true(d > 0);
	facts_add_coded(&f, "x", "word", 3);
	assert_false(facts_difference(&d, &scale, &f, "x", 1));
	assert_false(facts_rise(&d, &scale, &f, "x", 1));
	facts_fini(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_decimal__parses_what_people_write),
	    cmocka_unit_test(test_decimal__compares_across_scales),
	    cmocka_unit_test(test_decimal__rounds_half_away_from_zero),
	    cmocka_unit_test(test_decimal__writes_what_it_read),
	    cmocka_unit_test(test_unit__converts_the_analytes_we_know),
	    cmocka_unit_test(test_unit__refuses_what_does_not_convert),
	    cmocka_unit_test(test_facts__keep_order_of_time),
	    cmocka_unit_test(test_facts__unmeasured_says_nothing),
	    cmocka_unit_test(test_facts__several_options_of_one_answer),
	    cmocka_unit_test(test_facts__change_within_days),
	    cmocka_unit_test(
		test_facts__difference_of_extremes_does_not_overflow),
	};

	return cmocka_run_group_tests_name("facts", tests, NULL, NULL);
}
