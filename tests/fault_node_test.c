/*
 * fault_node_test.c - the real centre under faults: its n-th call to the
 * disk fails while a terminal syncs, its disk is full or the terminal's, it
 * and the terminal are killed at any moment. Whatever the terminal holds a
 * receipt for is there afterwards; whatever it was told to be saved, too.
 */
#define _GNU_SOURCE
#include "tests/fault_agent.h"
#include "tests/fault_call.h"

#include "core/clock.h"
#include "core/draft.h"
#include "core/err.h"
#include "core/store.h"
#include "sync/client.h"
#include "sync/ledger.h"
#include "sync/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOTES 3

static int setup(void **state)
{
	struct hospital *h = hospital_with_agent();

	hospital_stop(h, SIGTERM);
	fault_agent_cheapen(h);
	*state = h;
	return 0;
}

static int teardown(void **state)
{
	char cmd[4400];

	/* Where a test failed with its disk still in place. */
	snprintf(cmd, sizeof(cmd),
	    "cd '%s' && umount seats/small node 2>/dev/null || :",
	    ((struct hospital *)*state)->dir);
	assert_int_equal(system(cmd), 0);
	hospital_free(*state);
	return 0;
}

/* The program of the centre, traced; *in says nothing. */
static pid_t start_traced_node(struct hospital *h)
{
	char bin[4096], dir[4200], log[4300], port[4300];
	ssize_t n = readlink("/proc/self/exe", bin, sizeof(bin) - 40);
	pid_t pid;

	assert_true(n > 0);
	bin[n] = '\0';
	strcpy(strrchr(bin, '/'), "/../bin/suifang-node");
	snprintf(dir, sizeof(dir), "%s/node", h->dir);
	snprintf(log, sizeof(log), "%s/node.log", h->dir);
	snprintf(port, sizeof(port), "%s/port", dir);
	unlink(port);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		int fd = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		dup2(fd, 2);
		fault_call_begin();
		execl(
		    bin, "suifang-node", "serve", "--home", dir, (char *)NULL);
		_exit(127);
	}
	return pid;
}

static bool has_port(struct hospital *h)
{
	char port[4300];

	snprintf(port, sizeof(port), "%s/node/port", h->dir);
	return access(port, F_OK) == 0;
}

/* Follows the centre; a terminal comes once it listens; when one of the two
 * has gone, the other is killed. */
static void follow(struct hospital *h, struct fault_call *f, pid_t node)
{
	uint64_t wanted = f->n;
	pid_t terminal = 0, gone;
	bool is_alive = true;
	int status;

	f->n = 0;
	fault_call_attach(node);
	while (is_alive) {
		gone = waitpid(-1, &status, __WALL);
		assert_true(gone > 0);
		if (gone == terminal) {
			terminal = 0;
			kill(node, SIGKILL);
			continue;
		}
		if (!fault_call_step(f, gone, status) && gone == node)
			is_alive = false;
		if (!terminal && f->n == 0 && has_port(h)) {
			f->n = wanted;
			f->seen = 0;
			terminal = fault_agent_start(h, NOTES);
		}
	}
	if (terminal) {
		kill(terminal, SIGKILL);
		assert_int_equal(waitpid(terminal, &status, 0), terminal);
	}
}

static bool spoil(struct hospital *h, struct fault_call *f)
{
	follow(h, f, start_traced_node(h));
	fault_agent_judge(h, f->n);
	run_expect(h, 0, "", "suifang-node verify --home @/node");
	return f->has_fired;
}

static void heal(struct hospital *h)
{
	hospital_serve(h);
	hospital_sync(h, "A017", 0);
	run_expect(h, 0, "", "suifang-node verify --home @/node");
	assert_int_equal(hospital_stop(h, SIGTERM), 0);
	assert_int_equal(hospital_ask(h, "seats/A017", FAULT_AGENT_OWN),
	    hospital_ask(h, "seats/A017", FAULT_AGENT_RECEIVED));
	assert_int_equal(hospital_ask(h, "seats/A017", FAULT_AGENT_OWN),
	    hospital_ask(h, "node", FAULT_AGENT_OWN));
}

/* Each n-th call of a kind, with either error, until there are no more. */
static void spoil_all(struct hospital *h, bool only_writes, int step)
{
	int fired = 0;
	uint64_t n = 1;

	for (bool goes_on = true; goes_on && n < 400; n += (uint64_t)step) {
		struct fault_call f = {.n = n,
		    .error = n & 1 ? EIO : ENOSPC,
		    .only_writes = only_writes};

		goes_on = spoil(h, &f);
		fired += goes_on;
	}
	print_message("%s: %d faults fired, up to call %d\n",
	    only_writes ? "writing" : "writing, reading and opening", fired,
	    (int)n - 2 * step);
	assert_true(fired * step > 5);
}

static void test_fault__the_centres_disk_at_any_call(void **state)
{
	bool is_soak = getenv("SOAK");

	if (!fault_call_works())
		return;
	spoil_all(*state, true, is_soak ? 1 : 6);
	spoil_all(*state, false, is_soak ? 1 : 9);
	heal(*state);
}

/* ---- killed at any moment ----------------------------------------------- */

struct told {
	_Atomic int64_t saved;
};

/* Notes without end, each counted once it was saved; exchanges between. */
static pid_t start_writer(struct hospital *h, struct told *told)
{
	pid_t pid;

	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct home *home = hospital_open(h, "seats/A017", "pw");
		struct client *c =
		    client_new(&(struct client_cfg){.ledger = home_ledger(home),
			.site = home_site(home),
			.env = program_env()});
		for (;;) {
			if (fault_agent_note(home) == 0)
				told->saved = (int64_t)ledger_next_seq(
						  home_ledger(home)) -
					      1;
			for (int i = 0; i < 5; i++) {
				struct pollfd p = {
				    client_fd(c), client_events(c), 0};
				client_step(c);
				poll(&p, 1, 2);
			}
		}
	}
	return pid;
}

/* Two numbers of the terminal's store, which is opened once. */
static void ask_terminal(struct hospital *h, int64_t *own, int64_t *received)
{
	struct home *home = hospital_open(h, "seats/A017", "pw");

	*own = test_scalar(home_store(home), FAULT_AGENT_OWN);
	*received = test_scalar(home_store(home), FAULT_AGENT_RECEIVED);
	home_close(&home);
}

/* Opening a home takes as long as the machine is loaded: the dice count from
 * the first save, so that every kill falls into work. */
static void wait_for_work(const struct told *told, int64_t before)
{
	for (int ms = 0; told->saved <= before; ms++) {
		if (ms > 90000)
			fail_msg("nothing was saved in 90 s");
		poll(NULL, 0, 1);
	}
}

static void test_fault__killed_at_any_moment(void **state)
{
	struct hospital *h = *state;
	int kills = getenv("SOAK") ? 1000 : 4, nodes = 0;
	struct told *told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int64_t received = 0, own;
	unsigned dice = 12345;
	int every = getenv("SOAK") ? 1 : 2; /* how often the centre too */

	assert_true(told != MAP_FAILED);
	hospital_serve(h);
	for (int i = 0; i < kills; i++) {
		int64_t before = told->saved;
		pid_t writer = start_writer(h, told);
		int status;
		dice = dice * 1103515245u + 12345u;
		wait_for_work(told, before);
		poll(NULL, 0, (int)(dice >> 16) % 300);
		if (i % every == 0) {
			hospital_stop(h, SIGKILL);
			nodes++;
		}
		kill(writer, SIGKILL);
		assert_int_equal(waitpid(writer, &status, 0), writer);
		assert_true(WIFSIGNALED(status));
		ask_terminal(h, &own, &received);
		if (own < told->saved)
			fail_msg("kill %d: %d saved, %d there", i,
			    (int)told->saved, (int)own);
		if (i % every == 0) {
			assert_true(hospital_ask(h, "node", FAULT_AGENT_OWN) >=
				    received);
			hospital_serve(h);
		}
	}
	print_message("%d terminals and %d centres killed; %d saved, %d "
		      "received before the end\n",
	    kills, nodes, (int)told->saved, (int)received);
	assert_true(told->saved > kills);
	hospital_stop(h, SIGTERM);
	munmap(told, sizeof(*told));
	heal(h);
}

/* ---- a disk that is really full ----------------------------------------- */

static bool mount_small(const char *dir)
{
	if (mount("tmpfs", dir, "tmpfs", 0, "size=1600k") == 0)
		return true;
	print_message("[  SKIP    ] no file system may be mounted here\n");
	if (getenv("REQUIRE") && strstr(getenv("REQUIRE"), "mount"))
		fail_msg("REQUIRE=mount");
	return false;
}

static void shell(struct hospital *h, const char *line)
{
	assert_int_equal(setenv("d", h->dir, 1), 0);
	assert_int_equal(system(line), 0);
}

/* Saves until the disk is full; what was saved stays, and room mends it. */
static void test_fault__a_terminals_disk_is_full(void **state)
{
	struct hospital *h = *state;
	char dir[4300];
	struct home *home;
	int64_t saved;
	int r = 0, tries = 0;

	snprintf(dir, sizeof(dir), "%s/seats/small", h->dir);
	assert_int_equal(mkdir(dir, 0700), 0);
	if (!mount_small(dir))
		return;
	shell(h, "cp -r \"$d\"/seats/A017/. \"$d/seats/small\"");
	home = hospital_open(h, "seats/small", "pw");
	while (r == 0 && ++tries < 20000)
		r = fault_agent_note(home);
	assert_int_equal(r, ERR_NO_SPACE);
	assert_int_equal(fault_agent_note(home), ERR_NO_SPACE);
	saved = (int64_t)ledger_next_seq(home_ledger(home)) - 1;
	home_close(&home);
	assert_int_equal(
	    mount("tmpfs", dir, "tmpfs", MS_REMOUNT, "size=32m"), 0);
	assert_int_equal(
	    hospital_ask(h, "seats/small", FAULT_AGENT_OWN), saved);
	home = hospital_open(h, "seats/small", "pw");
	assert_int_equal(fault_agent_note(home), 0);
	home_close(&home);
	shell(h, "umount \"$d/seats/small\"");
}

/* A terminal writes and gives until the centre takes no more. What it has a
 * receipt for is there; with room all arrives. */
static void test_fault__the_centres_disk_is_full(void **state)
{
	struct hospital *h = *state;
	char dir[4300];
	struct home *home;
	int64_t received, gone = 0;
	int r = 0;

	snprintf(dir, sizeof(dir), "%s/node", h->dir);
	shell(h, "cp -r \"$d/node\" \"$d/before\"");
	if (!mount_small(dir))
		return;
	shell(h, "cp -r \"$d\"/before/. \"$d/node\"");
	hospital_serve(h);
	home = hospital_open(h, "seats/A017", "pw");
	for (int round = 0; r == 0 && round < 400; round++) {
		for (int i = 0; i < 20; i++)
			assert_int_equal(fault_agent_note(home), 0);
		r = hospital_settle(home);
	}
	/* It is the centre's disk, and not this one. */
	assert_int_equal(r, ERR_UNREACHABLE);
	received = test_scalar(home_store(home), FAULT_AGENT_RECEIVED);
	home_close(&home);
	/* It has ended by itself rather than promise, or turns all away. */
	if (waitpid(h->node, NULL, WNOHANG) == 0)
		hospital_stop(h, SIGTERM);
	h->node = 0;
	shell(h, "grep -aq 'NO_SPACE' \"$d/node.log\"");
	assert_int_equal(
	    mount("tmpfs", dir, "tmpfs", MS_REMOUNT, "size=64m"), 0);
	gone = received - hospital_ask(h, "node", FAULT_AGENT_OWN);
	assert_true(gone <= 0);
	heal(h);
	print_message(
	    "full at %d records; all arrived with room\n", (int)received);
	shell(h, "rm -rf \"$d/before\" && cp -r \"$d/node\" \"$d/grown\" && "
		 "umount \"$d/node\" && rm -rf \"$d/node\" && "
		 "mv \"$d/grown\" \"$d/node\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_fault__the_centres_disk_at_any_call),
	    cmocka_unit_test(test_fault__a_terminals_disk_is_full),
	    cmocka_unit_test(test_fault__the_centres_disk_is_full),

	    /* Last: after a soak the homes are larger than those disks. */
	    cmocka_unit_test(test_fault__killed_at_any_moment),
	};

	return cmocka_run_group_tests_name(
	    "fault_node", tests, setup, teardown);
}
