/* secret_test.c - locked memory, and what a process does to protect it. */
#define _GNU_SOURCE
#include "tests/test.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "keys/process.h"
#include "keys/secret.h"

static void test_secret__holds_and_compares_bytes(void **state)
{
	struct test_env t;
	struct secret *a, *b, *c;

	(void)state;
	test_env_init(&t, 7);
	a = secret_random(SECRET_KEY, &t.env);
	b = secret_dup(a->bytes, a->len);
	assert_true(secret_is_equal(a, b));
	b->bytes[31] ^= 1;
	assert_false(secret_is_equal(a, b));
	c = secret_system(16);
	assert_false(secret_is_equal(a, c));
	secret_free(&a);
	assert_null(a);
	secret_free(&a);
	secret_free(&b);
	secret_free(&c);
}

/* An overrun must end the process, not corrupt a neighbour. */
static void test_secret__overrun_kills_the_process(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	pid = fork();
	if (pid == 0) {
		const struct rlimit none = {0, 0};
		struct secret *s = secret_new(32);
		volatile uint8_t *p = s->bytes;

		setrlimit(RLIMIT_CORE, &none);
		signal(SIGSEGV, SIG_DFL); /* cmocka catches it */
		signal(SIGABRT, SIG_DFL);
		if (!freopen("/dev/null", "w", stderr))
			_exit(2);
		p[32] = 1;
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 1);
}

static void test_process__harden_forbids_dumps(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	pid = fork(); /* the test itself stays debuggable */
	if (pid == 0) {
		struct rlimit r;

		if (process_harden() != 0)
			_exit(1);
		if (getrlimit(RLIMIT_CORE, &r) != 0 || r.rlim_max != 0)
			_exit(2);
		_exit(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0 : 3);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static bool clear_swap(const char *dir, const char *list)
{
	char swaps[512];

	snprintf(swaps, sizeof(swaps), "%s/swaps", dir);
	test_write_file(dir, "swaps", list);
	return process_has_clear_swap(swaps, dir);
}

static void test_process__tells_clear_swap_from_encrypted(void **state)
{
	char *dir = test_dir_new();
	char sub[512];

	(void)state;
	snprintf(sub, sizeof(sub), "mkdir -p %s/block/dm-9/dm", dir);
	assert_int_equal(system(sub), 0);
	test_write_file(dir, "block/dm-9/dm/uuid", "CRYPT-PLAIN-swap\n");
#define HEAD "Filename\tType\tSize\tUsed\tPriority\n"
	assert_false(clear_swap(dir, HEAD));
	assert_false(clear_swap(dir, HEAD "/dev/zram0 partition 1 0 5\n"));
	assert_false(clear_swap(dir, HEAD "/dev/dm-9 partition 1 0 5\n"));
	assert_true(clear_swap(dir, HEAD "/dev/dm-8 partition 1 0 5\n"));
	assert_true(clear_swap(
	    dir, HEAD "/dev/dm-9 partition 1 0 5\n/swapfile file 9 0 -2\n"));
	assert_true(strlen(process_swap_text()) > 20);
	test_dir_remove(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_secret__holds_and_compares_bytes),
	    cmocka_unit_test(test_secret__overrun_kills_the_process),
	    cmocka_unit_test(test_process__harden_forbids_dumps),
	    cmocka_unit_test(test_process__tells_clear_swap_from_encrypted),
	};
	return cmocka_run_group_tests_name("secret", tests, NULL, NULL);
}
