/* triage_test.c - conditions over facts, and the red flags built on them. */
#include "core/clock.h"
#include "core/err.h"
#include "core/json.h"
#include "core/triage.h"
#include "tests/test.h"

#define NOW INT64_C(1795312800)

static int setup(void **state)
{
	struct triage *t = NULL;

	if (triage_load(&t)) {
		print_error("%s\n", err_detail());
		return -1;
	}
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct triage *t = *state;

	triage_free(&t);
	return 0;
}

static bool hits_rule(
    const struct triage *t, const struct facts *f, const char *id)
{
	struct triage_hit hits[16];
	size_t n = triage_run(hits, ARRAY_LEN(hits), t, f, NOW);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(hits[i].rule->id, id))
			return true;
	return false;
}

static void test_triage__boundaries_of_the_national_lists(void **state)
{
	static const struct {
		const char *rule;
		const char *code;
		int64_t out;
		int64_t in;
		int scale;
	} rows[] = {
	    {"htn-bp-emergency", "8480-6", 179, 180, 0},
	    {"htn-bp-emergency", "8462-4", 109, 110, 0},
	    {"bp-low", "8480-6", 90, 89, 0},
	    {"dm-glucose-high", "1558-6", 166, 167, 1},
	    {"dm-glucose-high", "2339-0", 1669, 1670, 2},
	    {"dm-glucose-low", "1521-4", 40, 39, 1},
	    {"dm-glucose-low", "2345-7", 391, 390, 2},
	    {"dm-fever", "8310-5", 390, 391, 1},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct facts f = {0};

		facts_add_number(
		    &f, rows[i].code, rows[i].out, rows[i].scale, NOW);
		assert_false(hits_rule(*state, &f, rows[i].rule));
		facts_clear(&f);
		facts_add_number(
		    &f, rows[i].code, rows[i].in, rows[i].scale, NOW);
		assert_true(hits_rule(*state, &f, rows[i].rule));
		facts_age(&f);
		assert_false(hits_rule(*state, &f, rows[i].rule));
		facts_fini(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_triage__boundaries_of_the_national_lists),
	};

	return cmocka_run_group_tests_name("triage", tests, setup, teardown);
}
