/*
 * demo_test.c - `make demo` in a folder of its own: the world is made with
 * the installed commands, a second call reuses it, another format is made
 * again, and nobody without a terminal is left hanging.
 */
#include "tests/test.h"

#include <sys/stat.h>
#include <sys/wait.h>

static char *dir;
static char out[65536];

/* Runs the script; its exit status, its words in out. */
static int demo(const char *settings, const char *verb)
{
	char cmd[4600];
	size_t n;

	snprintf(cmd, sizeof(cmd),
	    "%s UI=en BIN=build/plain/bin DEMO='%s/demo' "
	    "sh schemas/demo.sh %s < /dev/null 2>&1",
	    settings, dir, verb);
	FILE *p = popen(cmd, "r");
	assert_non_null(p);
	n = fread(out, 1, sizeof(out) - 1, p);
	out[n] = '\0';
	int status = pclose(p);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void assert_says(const char *text)
{
	if (!strstr(out, text))
		fail_msg("no '%s' in:\n%s", text, out);
}

static bool is_there(const char *name)
{
	char path[4300];
	struct stat st;

	snprintf(path, sizeof(path), "%s/demo/%s", dir, name);
	return stat(path, &st) == 0;
}

static void test_demo__is_made_once_and_reused(void **state)
{
	static const char *const files[] = {"site.json", "FORMAT",
	    "PASSPHRASES", "org/root.key", "node/node.key", "node/vault.db",
	    "seats/A017/seat.key", "seats/A017/vault.db", "seats/S002/vault.db",
	    "seats/D001/vault.db"};
	int r = demo("", "make");

	(void)state;
	if (r != 0)
		fail_msg("status %d:\n%s", r, out);
	assert_says("119 new");
	assert_says("The demo world is made");
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		if (!is_there(files[i]))
			fail_msg("no %s", files[i]);
	assert_false(is_there("node/ctl.sock"));
	assert_int_equal(demo("", "make"), 0);
	assert_null(strstr(out, "[1/"));
}

static void test_demo__without_a_terminal_it_says_what_to_type(void **state)
{
	(void)state;
	assert_int_equal(demo("AS=S002", "run"), 0);
	assert_says("suifang-demo");
	assert_says("make run AS=S002");
	assert_int_equal(demo("AS=X999", "run"), 2);
	assert_says("no terminal of X999");
}

static void test_demo__clean_forgets_it(void **state)
{
	(void)state;
	assert_int_equal(demo("", "clean"), 0);
	assert_false(is_there("."));
	assert_int_equal(demo("", "clean"), 0);
	assert_int_equal(demo("", "no-such-verb"), 2);
}

static int make_dir(void **state)
{
	(void)state;
	dir = test_dir_new();
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	(void)demo("", "clean");
	test_dir_remove(dir);
	return 0;
}

/* The programs are the plain ones either way: once is enough. */
int main(void)
{
	const struct CMUnitTest tests[] = {
#if !defined(__SANITIZE_ADDRESS__)
		cmocka_unit_test(test_demo__is_made_once_and_reused),
		cmocka_unit_test(
		    test_demo__without_a_terminal_it_says_what_to_type),
#endif
		cmocka_unit_test(test_demo__clean_forgets_it),
	};

#if defined(__SANITIZE_ADDRESS__)
	(void)test_demo__is_made_once_and_reused;
	(void)test_demo__without_a_terminal_it_says_what_to_type;
#endif
	return cmocka_run_group_tests_name("demo", tests, make_dir, remove_dir);
}
