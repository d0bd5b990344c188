/*
 * fault_seat_test.c - a terminal's process whose n-th system call fails, for
 * every n that a day reaches: what it said was saved is there afterwards,
 * what failed was said to have failed, and the log verifies.
 */
#define _GNU_SOURCE
#include "tests/fault_call.h"
#include "tests/fault_day.h"

#include "core/err.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a child does: opens, saves, closes; ends at the first failure. */
static void live(struct fault_day *d)
{
	int r = world_try_open(d->a);

	for (int i = 0; r == 0 && i < FAULT_DAY_NOTES; i++) {
		r = world_try(
		    d->a, KIND_NOTE_ADDED, &d->patient, "{\"text\":\"x\"}");
		if (r == 0)
			d->told->saved++;
	}
	d->told->code = r;
	if (d->a->ledger)
		world_close(d->a);
	_exit(r < 0);
}

/* One day with its n-th call failing; false when it has fewer calls. */
static bool spoil(struct fault_day *d, uint64_t n, int error)
{
	struct fault_call f = {.n = n, .error = error};
	pid_t pid;

	fault_day_begin(d);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		fault_call_begin();
		live(d);
	}
	fault_call_follow(&f, pid);
	if (!WIFEXITED(f.status))
		fail_msg("call %d, %s: signal %d", (int)n, strerror(error),
		    WTERMSIG(f.status));
	if (f.has_fired && WEXITSTATUS(f.status) == 0 &&
	    d->told->saved != FAULT_DAY_NOTES)
		fail_msg("call %d: not told", (int)n);
	fault_day_judge(d, n, error);
	return f.has_fired;
}

static void spoil_all(struct fault_day *d, int error)
{
	int step = test_repeat(10) == 10 ? 1 : 9;
	uint64_t n = 1, fired = 0;

	if (!fault_call_works())
		return;
	while (spoil(d, n, error)) {
		n += (uint64_t)step;
		fired++;
	}
	print_message("%s: %d faults fired, up to call %d\n", strerror(error),
	    (int)fired, (int)n - step);
	assert_true(fired * (uint64_t)step > 40);
}

static void test_fault__an_error_at_any_call(void **state)
{
	spoil_all(*state, EIO);
}

static void test_fault__a_full_disk_at_any_call(void **state)
{
	spoil_all(*state, ENOSPC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_fault__an_error_at_any_call),
	    cmocka_unit_test(test_fault__a_full_disk_at_any_call),
	};

	return cmocka_run_group_tests_name(
	    "fault_seat", tests, fault_day_setup, fault_day_teardown);
}
