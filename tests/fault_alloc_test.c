/*
 * fault_alloc_test.c - a terminal's process whose n-th allocation fails,
 * whichever library asks: it reports that or ends, what it said was saved is
 * there afterwards, and the log verifies.
 */
#define _GNU_SOURCE
#include "tests/fault_day.h"

#include "core/err.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- every allocator of the process ------------------------------------- */

static volatile uint64_t left; /* until one fails; 0: none does */
static volatile bool has_failed;

#if !defined(__SANITIZE_ADDRESS__)

static bool must_fail(void)
{
	if (left == 0 || --left > 0)
		return false;
	has_failed = true;
	return true;
}

/* In the place of the C library's for this program and its libraries. */
extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);

void *malloc(size_t n)
{
	return must_fail() ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	return must_fail() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
	return must_fail() ? NULL : __libc_realloc(p, n);
}

#define HAS_ALLOCATOR 1
#else
#define HAS_ALLOCATOR 0
#endif

/* The maker of a body is a screen's; without one nothing is asked. */
static int say(struct fault_day *d)
{
	json_t *body = json_pack("{s:s}", "text", "x");
	struct draft draft = {0};
	int r = ERR_NO_MEMORY;

	if (body) {
		draft_add(&draft, KIND_NOTE_ADDED, &d->patient, body);
		r = ledger_record(d->a->ledger, &draft, NULL);
	}
	draft_fini(&draft);
	return r;
}

/* What a child does: opens, saves, closes; ends at the first failure. */
static void live(struct fault_day *d)
{
	int r = world_try_open(d->a);

	for (int i = 0; r == 0 && i < FAULT_DAY_NOTES; i++) {
		r = say(d);
		if (r == 0)
			d->told->saved++;
	}
	left = 0;
	d->told->fired = has_failed;
	if (d->a->ledger)
		world_close(d->a);
	_exit(r < 0);
}

/* One day whose n-th allocation fails; false when it has fewer. */
static bool starve(struct fault_day *d, uint64_t n, int *aborted)
{
	int status;
	pid_t pid;

	fault_day_begin(d);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		int err = open("/dev/null", O_WRONLY);
		dup2(err, 2); /* "out of memory" */
		left = n;
		live(d);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	/* A small allocation of our own ends the program on purpose. */
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT)
		++*aborted;
	else if (WIFSIGNALED(status))
		fail_msg("allocation %d: signal %d", (int)n, WTERMSIG(status));
	else if (WEXITSTATUS(status) == 0 && d->told->saved != FAULT_DAY_NOTES)
		fail_msg("allocation %d: not told", (int)n);
	fault_day_judge(d, n, ENOMEM);
	return WIFSIGNALED(status) || d->told->fired;
}

static void test_fault__no_memory_at_any_allocation(void **state)
{
	struct fault_day *d = *state;
	int step = getenv("SOAK") ? 1 : 37, aborted = 0, fired = 0;
	uint64_t n = 1;

	if (!HAS_ALLOCATOR) {
		print_message("[  SKIP    ] a sanitizer has the allocator\n");
		return;
	}
	for (; starve(d, n, &aborted); n += (uint64_t)step)
		fired++;
	print_message("%d allocations failed, up to number %d; %d ended the "
		      "program, the others were reported\n",
	    fired, (int)n - step, aborted);
	assert_true(fired > 10 && aborted < fired);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_fault__no_memory_at_any_allocation),
	};

	return cmocka_run_group_tests_name(
	    "fault_memory", tests, fault_day_setup, fault_day_teardown);
}
