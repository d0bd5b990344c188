/*
 * fault_seat_test.c - a terminal's process whose n-th system call fails, for
 * every n that a day reaches: what it said was saved is there afterwards,
 * what failed was said to have failed, and the log verifies.
 */
#define _GNU_SOURCE
#include "tests/fault_call.h"
#include "tests/world.h"

#include "core/err.h"
#include "sync/audit.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOTES 3

struct day {
	struct world *w;
	struct world_seat *a;
	struct id patient;
	int64_t notes; /* before the day */
	struct told {
		int saved; /* saves that returned 0 */
		int code;  /* of what failed, 0: nothing did */
	} * told;          /* shared with the child */
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

/* What a child does: opens, saves, closes; ends at the first failure. */
static void live(struct day *d)
{
	int r = world_try_open(d->a);

	for (int i = 0; r == 0 && i < NOTES; i++) {
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

/* One day with its n-th call failing; false when it has fewer calls. */
static bool spoil(struct day *d, uint64_t n, int error)
{
	struct fault_call f = {.n = n, .error = error};
	pid_t pid;

	begin_again(d);
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
	    d->told->saved != NOTES)
		fail_msg("call %d: not told", (int)n);
	judge(d, n, error);
	return f.has_fired;
}

static void spoil_all(struct day *d, int error)
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
	    "fault_seat", tests, setup, teardown);
}
