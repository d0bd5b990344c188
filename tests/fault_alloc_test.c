/*
 * fault_alloc_test.c - a terminal's process, and the serving centre's, whose
 * n-th allocation fails, whichever library asks: it reports that or ends with
 * a sentence, what it said was saved or received is there afterwards, and
 * the log verifies.
 */
#define _GNU_SOURCE
#include "tests/fault_agent.h"
#include "tests/fault_day.h"

#include "core/err.h"
#include "core/json.h"
#include "core/note.h"
#include "sync/net.h"
#include "sync/node.h"
#include "sync/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
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

/* ---- the serving centre ------------------------------------------------- */

struct ward {
	struct hospital *h;
	int aborted, ended, went_on;
	struct {
		bool fired; /* the allocation came, and failed */
	} * told;           /* shared with the child */
};

static void shell_in(struct hospital *h, const char *line)
{
	assert_int_equal(setenv("d", h->dir, 1), 0);
	assert_int_equal(system(line), 0);
}

static int ward_setup(void **state)
{
	struct ward *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	w->h = hospital_with_agent();
	hospital_stop(w->h, SIGTERM);
	fault_agent_cheapen(w->h);
	shell_in(w->h, "cd \"$d\" && mkdir kept && cp -r node seats/A017 kept");
	w->told = mmap(NULL, sizeof(*w->told), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(w->told != MAP_FAILED);
	*state = w;
	return 0;
}

static int ward_teardown(void **state)
{
	struct ward *w = *state;

	munmap(w->told, sizeof(*w->told));
	hospital_free(w->h);
	free(w);
	return 0;
}

/* As suifang-node does, from opening the home to closing it. */
static int serve(struct hospital *h)
{
	struct node_cfg cfg = {.env = program_env(),
	    .host = "127.0.0.1",
	    .port = h->port,
	    .ctl = -1};
	struct node *node = NULL;
	char dir[4200], ctl[4300];
	int r;

	snprintf(dir, sizeof(dir), "%s/node", h->dir);
	snprintf(ctl, sizeof(ctl), "%s/ctl.sock", dir);
	note_to(2);
	r = net_listen_ctl(&cfg.ctl, ctl);
	if (r == 0)
		r = home_open(&cfg.home,
		    &(struct home_opts){
			.dir = dir, .is_node = true, .env = cfg.env});
	if (r == 0)
		r = node_new(&node, &cfg);
	if (r == 0)
		r = node_run(node);
	node_free(&node);
	net_close(&cfg.ctl);
	home_close(&cfg.home);
	return r;
}

static pid_t start_centre(struct ward *w, uint64_t n)
{
	char log[4300];
	pid_t pid;

	snprintf(log, sizeof(log), "%s/node.log", w->h->dir);
	w->told->fired = false;
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		int err = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600), r;
		dup2(err, 2);
		alarm(600); /* a centre that hangs */
		left = n;
		r = serve(w->h);
		left = 0;
		w->told->fired = has_failed;
		if (r < 0)
			program_complain(r);
		_exit(r < 0);
	}
	return pid;
}

/* The centre's status when both have ended: a terminal comes once the centre
 * listens, and when one has ended it is time for the other. */
static int exchange(struct ward *w, pid_t node)
{
	char port[4300];
	pid_t terminal = 0, gone = 0;
	int status = 0, last;

	snprintf(port, sizeof(port), "%s/node/port", w->h->dir);
	while (gone != node) {
		gone = waitpid(-1, &status, terminal ? 0 : WNOHANG);
		assert_true(gone >= 0);
		if (gone > 0 && gone == terminal)
			kill(node, SIGTERM);
		if (gone > 0 || terminal)
			continue;
		if (access(port, F_OK) == 0)
			terminal = fault_agent_start(w->h, 1);
		else
			poll(NULL, 0, 1);
	}
	if (terminal && kill(terminal, SIGKILL) == 0)
		(void)waitpid(terminal, &last, 0);
	return status;
}

/* One exchange with a centre whose n-th allocation fails; false when it has
 * fewer. */
static bool starve_centre(struct ward *w, uint64_t n)
{
	int status;

	shell_in(w->h, "cd \"$d\" && rm -rf node seats/A017 && cp -r kept/node "
		       "node && cp -r kept/A017 seats");
	status = exchange(w, start_centre(w, n));
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT) {
		w->aborted++;
		shell_in(w->h, "grep -aq 'out of memory' \"$d/node.log\"");
	} else if (WIFSIGNALED(status)) {
		fail_msg("allocation %d: signal %d", (int)n, WTERMSIG(status));
	} else if (WEXITSTATUS(status) != 0) {
		w->ended++;
		shell_in(w->h, "test -s \"$d/node.log\"");
	} else if (w->told->fired) {
		w->went_on++;
	}
	fault_agent_judge(w->h, n);
	run_expect(w->h, 0, "", "suifang-node verify --home @/node");
	return WIFSIGNALED(status) || w->told->fired;
}

static void test_fault__no_memory_at_the_serving_centre(void **state)
{
	struct ward *w = *state;
	int step = getenv("SOAK") ? 1 : 211, fired = 0;
	uint64_t n = 1;

	if (!HAS_ALLOCATOR) {
		print_message("[  SKIP    ] a sanitizer has the allocator\n");
		return;
	}
	for (; starve_centre(w, n); n += (uint64_t)step)
		fired++;
	print_message("the centre's: %d allocations failed, up to number %d; "
		      "%d ended the program with a sentence, %d with an error "
		      "reported, %d ended no more than a connection\n",
	    fired, (int)n - step, w->aborted, w->ended, w->went_on);
	assert_true(fired > 10 && w->aborted < fired);
}

int main(void)
{
	const struct CMUnitTest terminal[] = {
	    cmocka_unit_test(test_fault__no_memory_at_any_allocation),
	};
	const struct CMUnitTest centre[] = {
	    cmocka_unit_test(test_fault__no_memory_at_the_serving_centre),
	};

	json_init();
	return cmocka_run_group_tests_name("fault_memory", terminal,
		   fault_day_setup, fault_day_teardown) +
	       cmocka_run_group_tests_name(
		   "fault_memory_centre", centre, ward_setup, ward_teardown);
}
