/*
 * Tests of dialling by a program: words without a shell, what the program
 * says, hanging up, the recording and its hash.
 */
#include "core/err.h"
#include "tests/test.h"
#include "tui/dialer.h"

#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char *dir;

static int make_dir(void **state)
{
	(void)state;
	dir = test_dir_new();
	return 0;
}

static int drop_dir(void **state)
{
	(void)state;
	test_dir_remove(dir);
	return 0;
}

/* A program that keeps its words, one a line, and says what we tell it. */
static void make_program(const char *says)
{
	char path[4200];
	FILE *f;

	snprintf(path, sizeof(path), "%s/dial", dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f,
	    "#!/bin/sh\nfor w in \"$@\"; do echo \"$w\"; done > %s/words\n"
	    "%s\n",
	    dir, says);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, 0700), 0);
}

static struct dialer *make_dialer(const char *words)
{
	struct dialer *d;
	char spec[900];

	snprintf(spec, sizeof(spec), "%s/dial %s", dir, words);
	assert_int_equal(dialer_new(&d, spec), 0);
	return d;
}

static void wait_for(struct dialer *d, enum dialer_state state)
{
	for (int i = 0; i < 3000 && dialer_poll(d) != state; i++)
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	assert_int_equal(dialer_poll(d), state);
}

static char *words_kept(void)
{
	char path[4200];

	snprintf(path, sizeof(path), "%s/words", dir);
	return test_read_file(path, NULL);
}

static void test_dialer__template_is_words_and_never_a_shell(void **state)
{
	struct dialer *d;
	char *words;

	(void)state;
	make_program("echo talking; sleep 60");
	d = make_dialer("--to {number} \"two words\" tel:{number}@pbx '$(id)'");
	assert_int_equal(dialer_dial(d, "138 0000;rm -rf $HOME\n4802"), 0);
	assert_string_equal(dialer_number(d), "13800004802");
	wait_for(d, DIALER_TALKING);
	words = words_kept();
	assert_string_equal(words,
	    "--to\n13800004802\ntwo words\ntel:13800004802@pbx\n'$(id)'\n");
	free(words);
	dialer_hang_up(d);
	assert_int_equal(dialer_poll(d), DIALER_ENDED);
	dialer_free(&d);
}

static void test_dialer__bad_templates_are_refused(void **state)
{
	static const char *const bad[] = {"", "   ", "dial", "dial \"{number}",
	    "a b c d e f g h i j k l m n o p q r s t u v w x y {number}"};
	struct dialer *d;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(dialer_new(&d, bad[i]), ERR_INVALID);
	assert_int_equal(dialer_new_line(&d, "# nothing\n\n"), ERR_NOT_FOUND);
	assert_int_equal(dialer_new_line(&d, "# ours\n\nfake\n"), 0);
	assert_int_equal(dialer_dial(d, "---"), ERR_INVALID);
	assert_int_equal(dialer_dial(d, "*31#8021"), 0);
	assert_int_equal(dialer_poll(d), DIALER_TALKING);
	dialer_free(&d);
}

static void test_dialer__a_program_that_is_not_there(void **state)
{
	struct dialer *d;

	(void)state;
	assert_int_equal(dialer_new(&d, "/nowhere/dial {number}"), 0);
	assert_int_equal(dialer_dial(d, "8021"), ERR_NOT_FOUND);
	assert_int_equal(dialer_poll(d), DIALER_FAILED);
	dialer_free(&d);
}

static void test_dialer__says_how_the_call_ended(void **state)
{
	struct dialer *d;

	(void)state;
	make_program("echo ringing; exit 0");
	d = make_dialer("{number}");
	assert_int_equal(dialer_dial(d, "8021"), 0);
	wait_for(d, DIALER_ENDED);
	make_program("exit 3");
	assert_int_equal(dialer_dial(d, "8021"), 0);
	wait_for(d, DIALER_FAILED);
	dialer_free(&d);
}

static void test_dialer__names_the_recording_and_its_hash(void **state)
{
	struct dialer *d;
	char hash[HASH_HEX], path[4200], says[9000];
	FILE *f;

	(void)state;
	snprintf(path, sizeof(path), "%s/call.wav", dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs("abc", f);
	fclose(f);
	snprintf(says, sizeof(says),
	    "echo recording %s\necho talking\nexec sleep 60", path);
	make_program(says);
	d = make_dialer("{number}");
	assert_int_equal(dialer_dial(d, "8021"), 0);
	wait_for(d, DIALER_TALKING);
	dialer_hang_up(d);
	assert_string_equal(dialer_recording(d), path);
	assert_true(dialer_hash(hash, path));
	assert_string_equal(hash, "ba7816bf8f01cfea414140de5dae2223"
				  "b00361a396177a9cb410ff61f20015ad");
	assert_false(dialer_hash(hash, dir));
	assert_false(dialer_hash(hash, "/nowhere"));
	dialer_free(&d);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_dialer__template_is_words_and_never_a_shell),
	    cmocka_unit_test(test_dialer__bad_templates_are_refused),
	    cmocka_unit_test(test_dialer__a_program_that_is_not_there),
	    cmocka_unit_test(test_dialer__says_how_the_call_ended),
	    cmocka_unit_test(test_dialer__names_the_recording_and_its_hash),
	};

	return cmocka_run_group_tests_name("dialer", tests, make_dir, drop_dir);
}
