/*
 * bad_home_test.c - a seat's home that was damaged, swapped or shut, opened
 * with the real programs: each has its sentence in both languages and its
 * exit status, and nothing is written over the evidence.
 */
#define _GNU_SOURCE
#include "tests/programs.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOME "--home @/w --passphrase-fd 0"

static int shell(struct hospital *h, const char *line)
{
	char cmd[5000];

	snprintf(cmd, sizeof(cmd), "cd '%s' && { %s; } > shell.out 2>&1",
	    h->dir, line);
	return system(cmd);
}

/* A home with a few saves, and the centre's beside it. */
static int setup(void **state)
{
	struct hospital *h = hospital_new();

	hospital_serve(h);
	for (int i = 1; i < 4; i++) {
		char line[300];

		snprintf(line, sizeof(line),
		    "suifang-key member grant --home @/seats/O001 --member "
		    "A00%d --name X --role agent --passphrase-fd 0",
		    i);
		run_expect(h, 0, "o001", line);
	}
	hospital_stop(h, SIGTERM);
	*state = h;
	return 0;
}

/* printf writes bytes into the vault at a place. */
#define POKE(at, bytes)                                                        \
	"printf '" bytes "' | dd of=w/vault.db bs=1 seek=" at " conv=notrunc"

static const struct bad {
	const char *spoil; /* shell, in the hospital's folder; w is the home */
	int status;
	const char *english, *chinese;
} bads[] = {
    {":", 0, "", ""},
    {"truncate -s 100 w/vault.db", 5, "ends too early", "数据提前结束"},
    {"truncate -s 65536 w/vault.db", 5, "ends too early", "数据提前结束"},
    {POKE("500", "x"), 5, "is damaged", "已损坏"},
    {"dd if=w/vault.db of=w/vault.db bs=4096 skip=4 seek=1 count=1 "
     "conv=notrunc",
	5, "is damaged", "已损坏"},
    {"dd if=/dev/zero of=w/vault.db bs=4096 seek=1 count=1 conv=notrunc", 5,
	"is damaged", "已损坏"},
    {POKE("6", "xyz"), 5, "another key", "另一密钥"},
    {"cp node/vault.db w/vault.db", 5, "another key", "另一密钥"},
    {POKE("3", "\\002") "; " POKE("12", "abcd"), 10, "newer Suifang",
	"更新版本"},
    {POKE("0", "SQLite format 3\\000"), 5, "not encrypted", "未加密"},
    {"sed -i '1s/1/2/' w/seat.key", 10, "newer Suifang", "更新版本"},
    {"sed -i '3s/./x/9' w/seat.key", 5, "is damaged", "已损坏"},
    {"rm w/seat.key", 1, "Not found", "未找到"},
};

static void look(
    struct hospital *h, const struct bad *b, const char *verb, const char *lang)
{
	char line[300];

	assert_int_equal(shell(h, "rm -rf w && cp -r seats/O001 w"), 0);
	assert_int_equal(shell(h, b->spoil), 0);
	assert_int_equal(shell(h, "cat w/* | cksum > before"), 0);
	snprintf(line, sizeof(line), "%s " HOME " --lang %s", verb, lang);
	run_expect(h, b->status, "o001", line);
	if (!strstr(buf_text(&h->err),
		strcmp(lang, "zh") == 0 ? b->chinese : b->english))
		fail_msg("%s, %s: %s", b->spoil, line, buf_text(&h->err));
	/* SQLite's words are not mixed into the vault's own */
	if (strstr(buf_text(&h->err), "sqlite"))
		fail_msg("%s: %s", b->spoil, buf_text(&h->err));
	if (shell(h, "cat w/* | cksum | cmp - before") != 0)
		fail_msg("%s, %s: something was written", b->spoil, line);
}

static void test_bad_home__each_has_its_sentence_and_status(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(bads); i++) {
		look(
		    *state, &bads[i], "suifang-key seat grant --offline", "en");
		look(
		    *state, &bads[i], "suifang-key seat grant --offline", "zh");
	}
}

static void test_bad_home__wrong_passphrases_wait(void **state)
{
	struct hospital *h = *state;

	assert_int_equal(shell(h, "rm -rf w && cp -r seats/O001 w"), 0);
	for (int i = 0; i < 5; i++) {
		run_expect(
		    h, 3, "no", "suifang-key vault check " HOME " --lang en");
		assert_non_null(strstr(buf_text(&h->err),
		    "Wrong passphrase. Type it again. (O001)"));
	}
	run_expect(h, 3, "o001", "suifang-key vault check " HOME " --lang en");
	assert_non_null(strstr(buf_text(&h->err), "Too many wrong"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_bad_home__each_has_its_sentence_and_status),
	    cmocka_unit_test(test_bad_home__wrong_passphrases_wait),
	};
	return cmocka_run_group_tests_name(
	    "bad_home", tests, setup, hospital_teardown);
}
