/*
 * sim_test.c - the promises over many seeds, and the proof that the judge
 * can see: every seeded defect must be noticed. SEEDS, SEED (the first; alone
 * where SEEDS is not given), BUG and RATE in the environment choose (make
 * sim).
 */
#include "tests/sim/sim.h"
#include "tests/test.h"

#include <sys/wait.h>
#include <unistd.h>

#define SEEDS_PER_BUG 300
#define BLOCK 50   /* histories a process */
#define WORKERS 32 /* processes that share the seeds, at most */

/* One a processor, two at least: a machine of two is what we know. */
static int workers(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 2 ? 2 : n > WORKERS ? WORKERS : (int)n;
}

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

static void add(struct sim_result *sum, const struct sim_result *r)
{
	sum->saves += r->saves;
	sum->cuts += r->cuts;
	sum->syncs += r->syncs;
	sum->moves += r->moves;
	sum->lates += r->lates;
	sum->rollbacks += r->rollbacks;
	sum->restores += r->restores;
	sum->salvaged += r->salvaged;
	sum->revoked += r->revoked;
	sum->erasures += r->erasures;
	sum->expired += r->expired;
	sum->lies += r->lies;
}

/* Seeds first, first + step, ... below end. Each violation is told; the
 * first stays in the sum. */
struct share {
	uint64_t first, end, step;
};

static void run_share(
    struct sim_result *sum, struct sim *sim, const struct share *share)
{
	struct sim_result r;

	*sum = (struct sim_result){0};
	for (uint64_t seed = share->first; seed < share->end;
	     seed += share->step) {
		sim_run(&r, sim, seed, BUG_NONE);
		add(sum, &r);
		if (!r.violation)
			continue;
		print_message("VIOLATION: seed %llu: %s %s\n",
		    (unsigned long long)seed, r.violation, r.detail);
		if (!sum->violation)
			snprintf(sum->detail, sizeof(sum->detail),
			    "seed %llu: %s %.150s", (unsigned long long)seed,
			    r.violation, r.detail);
		sum->violation = r.violation;
	}
}

/* A process of its own for a share; the sum comes through the pipe. Texts
 * of promises are constants, at the same place in both. */
static int start_share(pid_t *pid, struct sim *sim, const struct share *share)
{
	int ends[2];

	fflush(stdout);
	assert_int_equal(pipe(ends), 0);
	*pid = fork();
	assert_true(*pid >= 0);
	if (*pid == 0) {
		struct sim_result sum;
		/* A failed assertion ends this process, not its test. */
		setenv("CMOCKA_TEST_ABORT", "1", 1);
		run_share(&sum, sim, share);
		fflush(stdout);
		_exit(write(ends[1], &sum, sizeof(sum)) != sizeof(sum));
	}
	close(ends[1]);
	return ends[0];
}

static void end_share(struct sim_result *sum, pid_t pid, int fd)
{
	struct sim_result one;
	int status;

	assert_int_equal(read(fd, &one, sizeof(one)), sizeof(one));
	close(fd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	if (one.violation)
		fail_msg("%s", one.detail);
	add(sum, &one);
}

/* One block, which every worker has a part of. */
static void run_block(
    struct sim_result *sum, struct sim *sim, uint64_t first, uint64_t end)
{
	pid_t pids[WORKERS];
	int fds[WORKERS], of = workers();

	for (int k = 0; k < of; k++)
		fds[k] = start_share(&pids[k], sim,
		    &(struct share){first + (uint64_t)k, end, (uint64_t)of});
	for (int k = 0; k < of; k++)
		end_share(sum, pids[k], fds[k]);
}

/* A process for so many histories at most: what it keeps grows with them. */
static void run_seeds(
    struct sim_result *sum, struct sim *sim, uint64_t first, uint64_t n)
{
	uint64_t block = BLOCK * (uint64_t)workers();

	for (uint64_t at = 0; at < n; at += block)
		run_block(sum, sim, first + at,
		    first + (at + block < n ? at + block : n));
}

/* A history costs some ten times as much under sanitizers: a twentieth. */
static uint64_t seeds_of_check(void)
{
	int n = test_repeat(2000);

	return (uint64_t)(n < 2000 ? n / 2 : n);
}

static void test_sim__promises_hold(void **state)
{
	uint64_t first = env_number("SEED", 1);
	uint64_t n =
	    env_number("SEEDS", env_number("SEED", 0) ? 1 : seeds_of_check());
	struct sim_result sum = {0};

	run_seeds(&sum, *state, first, n);
	print_message("%llu seeds: %u saves, %u sessions, %u power cuts, "
		      "%u moves, %u late entries, %u disks rolled back, "
		      "%u centres restored, %u records brought back, "
		      "%u seats revoked, %u patients erased, "
		      "%u openings past the lease, %u other histories\n",
	    (unsigned long long)n, sum.saves, sum.syncs, sum.cuts, sum.moves,
	    sum.lates, sum.rollbacks, sum.restores, sum.salvaged, sum.revoked,
	    sum.erasures, sum.expired, sum.lies);
	if (n >= 100)
		assert_true(sum.lates > 0 && sum.rollbacks > 0 &&
			    sum.restores > 0 && sum.salvaged > 0 &&
			    sum.revoked > 0 && sum.erasures > 0 &&
			    sum.expired > 0 && sum.lies > 0);
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

/* Runs seeds with a defect until enough are counted; if none of these
 * notices it, until one does. */
static bool is_noticed(struct sim *sim, enum sim_bug bug, uint64_t rate_of)
{
	struct sim_result r, found = {0};
	uint64_t first = 0, times = 0;

	for (uint64_t seed = 1;
	     seed <= rate_of || (!first && seed <= SEEDS_PER_BUG); seed++) {
		sim_run(&r, sim, seed, bug);
		if (!r.violation)
			continue;
		times += seed <= rate_of;
		if (!first) {
			first = seed;
			found = r;
		}
	}
	print_message("defect %2d, %s: %s by %s at seed %llu\n", (int)bug,
	    sim_bug_text(bug), first ? "noticed" : "NOT NOTICED",
	    first ? found.violation : "nothing", (unsigned long long)first);
	if (rate_of)
		print_message("defect %2d: %llu of %llu seeds notice it\n",
		    (int)bug, (unsigned long long)times,
		    (unsigned long long)rate_of);
	return first != 0;
}

/* How many of the defects first, first + step, ... are not noticed. The
 * rates are a figure, not a promise: RATE seeds of each, when asked for. */
static int missed_defects(
    struct sim *sim, int first, int step, const char *only)
{
	uint64_t rate_of = env_number("RATE", 0);
	int missed = 0;

	for (int bug = first; bug < BUG_COUNT; bug += step)
		if (!only || !*only || atoi(only) == bug)
			missed += !is_noticed(sim, (enum sim_bug)bug, rate_of);
	return missed;
}

static void test_sim__every_seeded_defect_is_noticed(void **state)
{
	pid_t pids[WORKERS];
	int status, missed = 0, of = workers();

	/* Under sanitizers the histories count, not how many it takes. */
	if (test_repeat(SEEDS_PER_BUG) < SEEDS_PER_BUG)
		skip();
	fflush(stdout);
	for (int k = 0; k < of; k++) {
		pids[k] = fork();
		assert_true(pids[k] >= 0);
		if (pids[k] == 0) {
			missed =
			    missed_defects(*state, k + 1, of, getenv("BUG"));
			fflush(stdout);
			_exit(missed);
		}
	}
	for (int k = 0; k < of; k++) {
		assert_int_equal(waitpid(pids[k], &status, 0), pids[k]);
		missed += status;
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
	sim_quicken();
	return cmocka_run_group_tests_name("sim", tests, setup, teardown);
}
