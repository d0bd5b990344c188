/*
 * sim_test.c - the promises over many seeds, and the proof that the judge
 * can see: every seeded defect must be noticed. SEEDS, SEED and BUG in the
 * environment choose (make sim).
 */
#include "tests/sim/sim.h"
#include "tests/test.h"

#define SEEDS_PER_BUG 300

static uint64_t env_number(const char *name, uint64_t fallback)
{
	const char *v = getenv(name);

	return v && *v ? strtoull(v, NULL, 10) : fallback;
}

static int setup(void **state)
{
	*state = sim_new();
	return 0;
}

static int teardown(void **state)
{
	struct sim *s = *state;

	sim_free(&s);
	return 0;
}

static void test_sim__promises_hold(void **state)
{
	uint64_t first = env_number("SEED", 1);
	uint64_t n = env_number("SEED", 0)
			 ? 1
			 : env_number("SEEDS", (uint64_t)test_repeat(100));
	struct sim_result r, sum = {0};

	for (uint64_t seed = first; seed < first + n; seed++) {
		sim_run(&r, *state, seed, BUG_NONE);
		if (r.violation)
			fail_msg("seed %llu: %s %s", (unsigned long long)seed,
			    r.violation, r.detail);
		sum.saves += r.saves;
		sum.cuts += r.cuts;
		sum.syncs += r.syncs;
		sum.moves += r.moves;
		sum.lates += r.lates;
		sum.rollbacks += r.rollbacks;
	}
	print_message("%llu seeds: %u saves, %u sessions, %u power cuts, "
		      "%u moves, %u late entries, %u disks rolled back\n",
	    (unsigned long long)n, sum.saves, sum.syncs, sum.cuts, sum.moves,
	    sum.lates, sum.rollbacks);
	if (n >= 100)
		assert_true(sum.lates > 0 && sum.rollbacks > 0);
}

static void test_sim__the_same_seed_is_the_same_history(void **state)
{
	struct sim_result a, b;

	for (uint64_t seed = 1; seed <= 5; seed++) {
		sim_run(&a, *state, seed, BUG_NONE);
		sim_run(&b, *state, seed, BUG_NONE);
		assert_int_equal(a.trace, b.trace);
		assert_int_equal(a.saves, b.saves);
	}
}

static void test_sim__every_seeded_defect_is_noticed(void **state)
{
	int tries = test_repeat(SEEDS_PER_BUG);
	const char *only = getenv("BUG");
	int missed = 0;

	/* Under sanitizers the histories count, not how many it takes. */
	if (tries < SEEDS_PER_BUG)
		skip();

	for (int bug = 1; bug < BUG_COUNT; bug++) {
		struct sim_result r = {0};
		int seed = 0;
		if (only && atoi(only) != bug)
			continue;
		while (!r.violation && ++seed <= tries)
			sim_run(&r, *state, (uint64_t)seed,
			    (enum sim_bug)bug);
		print_message("defect %2d, %s: %s by %s at seed %d\n", bug,
		    sim_bug_text((enum sim_bug)bug),
		    r.violation ? "noticed" : "NOT NOTICED",
		    r.violation ? r.violation : "nothing", seed);
		missed += r.violation == NULL;
	}
	assert_int_equal(missed, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sim__promises_hold),
	    cmocka_unit_test(test_sim__the_same_seed_is_the_same_history),
	    cmocka_unit_test(test_sim__every_seeded_defect_is_noticed),
	};
	return cmocka_run_group_tests_name("sim", tests, setup, teardown);
}
