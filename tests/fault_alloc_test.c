/*
 * fault_alloc_test.c - a terminal's process whose n-th allocation fails,
 * whichever library asks: it reports that or ends, what it said was saved is
 * there afterwards, and the log verifies.
 */
#define _GNU_SOURCE
#include "tests/world.h"

#include "core/err.h"
#include "sync/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOTES 3

/* ---- every allocator of the process ------------------------------------- */

static volatile uint64_t left; /* until one fails; 0: none does */
static volatile uint64_t counted;
static volatile bool has_failed;

#if !defined(__SANITIZE_ADDRESS__)

static bool must_fail(void)
{
	counted++;
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

struct day {
	struct world *w;
	struct world_seat *a;
	struct id patient;
	int64_t notes; /* before the day */
	struct told {
		int saved;  /* saves that returned 0 */
		bool fired; /* an allocation failed */
		uint64_t counted;
	} * told; /* shared with the child */
};

/* One shell line with $p for the path of the store. */
static void shell(const struct day *d, const char *line)
{
	assert_int_equal(setenv("p", d->a->path, 1), 0);
	assert_int_equal(system(line), 0);
}

static int setup(void **state)
{
	struct day *d = calloc(1, sizeof(*d));

	assert_non_null(d);
	d->w = world_new(5);
	d->a = world_join(d->w, "A017", "agent");
	assert_int_equal(world_sync(d->a), 0);
	d->patient = world_patient(d->w, "欧阳建国", "A017");
	assert_int_equal(world_sync(d->a), 0);
	d->notes = test_scalar(d->a->store, "SELECT count(*) FROM v_note");
	world_close(d->a);
	shell(d, "cp \"$p\" \"$p.kept\"");
	d->told = mmap(NULL, sizeof(*d->told), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(d->told != MAP_FAILED);
	*state = d;
	return 0;
}

static int teardown(void **state)
{
	struct day *d = *state;

	munmap(d->told, sizeof(*d->told));
	world_free(d->w);
	free(d);
	return 0;
}

/* The maker of a body is a screen's; without one nothing is asked. */
static int say(struct day *d)
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
static void live(struct day *d)
{
	int r = world_try_open(d->a);

	for (int i = 0; r == 0 && i < NOTES; i++) {
		r = say(d);
		if (r == 0)
			d->told->saved++;
	}
	left = 0;
	d->told->fired = has_failed;
	d->told->counted = counted;
	if (d->a->ledger)
		world_close(d->a);
	_exit(r < 0);
}

static void begin_again(struct day *d)
{
	*d->told = (struct told){0};
	shell(d, "cp \"$p.kept\" \"$p\" && rm -f \"$p-wal\" \"$p-journal\"");
}

/* Everything that was told is there, and no more than one besides. */
static void judge(struct day *d, uint64_t n, int error)
{
	struct audit audit = {.node_dh_pk = d->w->node.me->dh_pk};
	struct audit_report report = {0};
	int64_t notes;

	world_open(d->a);
	audit.ledger = d->a->ledger;
	notes =
	    test_scalar(d->a->store, "SELECT count(*) FROM v_note") - d->notes;
	if (notes < d->told->saved || notes > d->told->saved + 1)
		fail_msg("call %d, %s: %d saved, %d there", (int)n,
		    strerror(error), d->told->saved, (int)notes);
	assert_int_equal(audit_run(&report, &audit, NULL, NULL), 0);
	world_close(d->a);
}

/* One day whose n-th allocation fails; false when it has fewer. */
static bool starve(struct day *d, uint64_t n, int *aborted)
{
	int status;
	pid_t pid;

	begin_again(d);
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
	else if (WEXITSTATUS(status) == 0 && d->told->saved != NOTES)
		fail_msg("allocation %d: not told", (int)n);
	judge(d, n, ENOMEM);
	return WIFSIGNALED(status) || d->told->fired;
}

static void test_fault__no_memory_at_any_allocation(void **state)
{
	struct day *d = *state;
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
	    "fault_memory", tests, setup, teardown);
}
