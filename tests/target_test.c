/*
 * target_test.c - what a bound reads as, and what a later value means beside
 * an earlier one: nearer to the target is better, on whichever side.
 */
#include "core/target.h"
#include "core/facts.h"
#include "tests/test.h"

static const struct target below = {.has_below = true, .below = 140};
static const struct target from = {.has_from = true, .from = 92};
static const struct target both = {.has_from = true,
    .from = 40,
    .from_scale = 1,
    .has_below = true,
    .below = 70,
    .below_scale = 1};

static void test_target__reads_as_people_write_it(void **state)
{
	char text[40];

	(void)state;
	target_text(text, sizeof(text), &below);
	assert_string_equal(text, "<140");
	target_text(text, sizeof(text), &from);
	assert_string_equal(text, ">=92");
	target_text(text, sizeof(text), &both);
	assert_string_equal(text, "4.0-7.0");
}

static void test_target__nearer_is_better(void **state)
{
	static const struct {
		const struct target *target;
		int before, after, scale;
		enum target_change change;
	} rows[] = {
	    {&below, 152, 146, 0, TARGET_BETTER},
	    {&below, 146, 152, 0, TARGET_WORSE},
	    {&below, 152, 152, 0, TARGET_SAME},
	    {&below, 150, 139, 0, TARGET_BETTER}, /* on it again */
	    {&below, 139, 140, 0, TARGET_WORSE},  /* just off */
	    {&below, 136, 90, 0, TARGET_ON},
	    {&from, 88, 90, 0, TARGET_BETTER},
	    {&from, 90, 88, 0, TARGET_WORSE},
	    {&from, 96, 95, 0, TARGET_ON},
	    {&both, 39, 38, 1, TARGET_WORSE}, /* too low and lower */
	    {&both, 39, 45, 1, TARGET_BETTER},
	    {&both, 69, 74, 1, TARGET_WORSE},
	    {&both, 30, 75, 1, TARGET_BETTER}, /* less off, other side */
	    {NULL, 17, 29, 1, TARGET_ROSE},
	    {NULL, 29, 17, 1, TARGET_FELL},
	    {NULL, 29, 29, 1, TARGET_SAME},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fact a = {.kind = FACT_NUMBER,
		    .value = rows[i].before,
		    .scale = rows[i].scale};
		struct fact b = {.kind = FACT_NUMBER,
		    .value = rows[i].after,
		    .scale = rows[i].scale};
		if (target_change(rows[i].target, &a, &b) != rows[i].change)
			fail_msg("row %zu", i);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_target__reads_as_people_write_it),
	    cmocka_unit_test(test_target__nearer_is_better),
	};

	return cmocka_run_group_tests_name("target", tests, NULL, NULL);
}
