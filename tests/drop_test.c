/* drop_test.c - what a process has given up is gone. Each fact in a child. */
#define _GNU_SOURCE
#include "tests/programs.h"

#include "core/err.h"
#include "sync/drop.h"

#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* 0 .. 100: what `fact` returned; -signal. 101: the kernel has no filter. */
static int in_child(int (*drop)(const char **missing), int (*fact)(void))
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		const char *missing = NULL;
		if (drop(&missing) < 0)
			_exit(102);
		_exit(missing ? 101 : fact());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static bool has_no_filter(int got)
{
	if (got == 101)
		print_message("[  SKIP    ] no system call filter here "
			      "(sanitizer, machine or kernel)\n");
	return got == 101;
}

static int run_program(void)
{
	execl("/bin/true", "true", (char *)NULL);
	return errno == EPERM ? 1 : 2;
}

static int open_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EPERM ? 0 : 1;
}

static int fork_again(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid < 0 && errno == EPERM ? 0 : 1;
}

static int look_into_parent(void)
{
	return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) < 0 ? 0 : 1;
}

static int write_file(void)
{
	FILE *f = tmpfile();

	return f && fputs("x", f) >= 0 && fflush(f) == 0 ? 0 : 1;
}

static void test_drop__the_centre_keeps_only_its_work(void **state)
{
	int got = in_child(drop_for_node, run_program);

	(void)state;
	if (has_no_filter(got))
		return;
	assert_int_equal(got, -SIGSYS);
	assert_int_equal(in_child(drop_for_node, look_into_parent), -SIGSYS);
	assert_int_equal(in_child(drop_for_node, open_socket), 0);
	assert_int_equal(in_child(drop_for_node, fork_again), 0);
	assert_int_equal(in_child(drop_for_node, write_file), 0);
}

static void test_drop__a_terminal_still_starts_a_dialer(void **state)
{
	int got = in_child(drop_for_terminal, run_program);

	(void)state;
	if (has_no_filter(got))
		return;
	assert_int_equal(got, 0); /* /bin/true */
	assert_int_equal(in_child(drop_for_terminal, look_into_parent), 0);
}

/* Value of a line of /proc/PID/status. */
static uint64_t status_of(pid_t pid, const char *name, int base)
{
	char path[64], line[256];
	uint64_t value = UINT64_MAX;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f))
		if (strncmp(line, name, strlen(name)) == 0)
			value = strtoull(line + strlen(name) + 1, NULL, base);
	fclose(f);
	return value;
}

/* The real centre; and where the home is another's, that other serves it. */
static void test_drop__the_serving_centre_has_little(void **state)
{
	struct hospital *h = hospital_new();
	bool is_root = geteuid() == 0;
	char cmd[5000];

	(void)state;
	if (is_root) {
		snprintf(cmd, sizeof(cmd),
		    "chown -R 65534:65534 '%s/node' && chmod 711 '%s'", h->dir,
		    h->dir);
		assert_int_equal(system(cmd), 0);
	}
	hospital_serve(h);
	run_expect(h, 0, "", "suifang-node status --home @/node");
	assert_int_equal(status_of(h->node, "CapEff:", 16), 0);
	assert_int_equal(status_of(h->node, "CapPrm:", 16), 0);
	assert_int_equal(status_of(h->node, "NoNewPrivs:", 10), 1);
	assert_int_equal(
	    status_of(h->node, "Uid:", 10), is_root ? 65534 : geteuid());
	snprintf(cmd, sizeof(cmd),
	    "grep -q 'node.confined missing=-' '%s/node.log'", h->dir);
	if (system(cmd) == 0)
		assert_int_equal(status_of(h->node, "Seccomp:", 10), 2);
	else
		print_message("[  SKIP    ] no system call filter here\n");
	hospital_sync(h, "O001", 0);
	run_expect(h, 0, "", "suifang-node verify --home @/node");
	assert_int_equal(hospital_stop(h, SIGTERM), 0);
	hospital_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_drop__the_centre_keeps_only_its_work),
	    cmocka_unit_test(test_drop__a_terminal_still_starts_a_dialer),
	    cmocka_unit_test(test_drop__the_serving_centre_has_little),
	};

	return cmocka_run_group_tests_name("drop", tests, NULL, NULL);
}
