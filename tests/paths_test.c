/*
 * paths_test.c - what a person names, or finds in a home, is a pipe, a
 * device, a folder or without end: no program waits for it, reads it for
 * ever or writes over it; each says so in both languages, with its status.
 */
#define _GNU_SOURCE
#include "tests/programs.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOT_FILE "not a regular file"
#define NOT_FILE_ZH "不是普通文件"
#define HUGE_SIZE (INT64_C(8) << 30)

static void at(char *out, size_t size, struct hospital *h, const char *name)
{
	snprintf(out, size, "%s/%s", h->dir, name);
}

static int setup(void **state)
{
	struct hospital *h = hospital_new();
	char path[4300];
	int fd;

	at(path, sizeof(path), h, "pipe");
	assert_int_equal(mkfifo(path, 0600), 0);
	at(path, sizeof(path), h, "folder");
	assert_int_equal(mkdir(path, 0700), 0);
	at(path, sizeof(path), h, "huge"); /* a hole: it takes no room */
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(ftruncate(fd, HUGE_SIZE), 0);
	close(fd);
	*state = h;
	return 0;
}

static int teardown(void **state)
{
	hospital_free(*state);
	return 0;
}

static void expect_untouched(struct hospital *h)
{
	char path[4300];
	struct stat st;

	at(path, sizeof(path), h, "pipe");
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	at(path, sizeof(path), h, "folder");
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISDIR(st.st_mode));
}

/* A command whose # is the odd thing, in this language. */
static void refuses(struct hospital *h, const char *pass, const char *line,
    const char *const odd[2])
{
	const char *hash = strchr(line, '#');
	char whole[600];

	snprintf(whole, sizeof(whole), "%.*s%s%s --lang %s", (int)(hash - line),
	    line, odd[0], hash + 1, odd[1]);
	run_expect(h, 1, pass, whole);
	if (!strstr(buf_text(&h->err),
		strcmp(odd[1], "zh") == 0 ? NOT_FILE_ZH : NOT_FILE))
		fail_msg("%s: %s", whole, buf_text(&h->err));
	expect_untouched(h);
}

static const char *const odds[][2] = {
    {"@/pipe", "en"}, {"@/folder", "zh"}, {"/dev/zero", "en"}};

#define ROOT "--key @/root.key --org @/org.json --passphrase-fd 0"
#define O001 "--home @/seats/O001 --passphrase-fd 0"
#define NODE "--home @/node"

/* Each option and argument that names a file to be read. */
static const struct {
	const char *pass, *line;
} readers[] = {
    {"root", "suifang-key root sign --key # --org @/org.json --request "
	     "@/op.req --out @/new --passphrase-fd 0"},
    {"root", "suifang-key root sign --key @/root.key --org # --request "
	     "@/op.req --out @/new --passphrase-fd 0"},
    {"root", "suifang-key root sign " ROOT " --request # --out @/new"},
    {"root\nr", "suifang-key root rollover --key # --new-key @/new --org "
		"@/org.json --kdf floor --passphrase-fd 0"},
    {"root", "suifang-key root check --key # --org @/org.json "
	     "--passphrase-fd 0"},
    {"root", "suifang-key root check " ROOT " --keys #"},
    {"root", "suifang-key root reseal " ROOT " --request # --keys @/org.json "
	     "--out @/new"},
    {"root", "suifang-key root reseal " ROOT " --request @/node.req --keys # "
	     "--out @/new"},
    {"root", "suifang-key node cert " ROOT " --request # --host a --port 1 "
	     "--site @/new"},
    {"root", "suifang-key node cert " ROOT " --request @/node.req --host a "
	     "--port 1 --site @/new --limits #"},
    {"pw", "suifang-key enrol --site # --member A1 --name X --terminal T-1 "
	   "--request @/new --kdf floor --home @/new --passphrase-fd 0"},
    {"o001", "suifang-key member grant " O001 " --offline --roster #"},
    {"o001", "suifang-key site # " O001},
    {"", "suifang-node init --org # --request @/new --home @/new"},
    {"", "suifang-node init --site # " NODE},
    {"", "suifang-node admit # " NODE},
    {"", "suifang-node restore @/folder --org # --request @/new --home @/new"},
    {"", "suifang-node restore @/folder --site # --home @/new"},
    {"", "suifang-node keys backup @/new --rescue # " NODE},
    {"", "suifang-node keys take # " NODE},
    {"", "suifang-node verify @/folder --site # " NODE},
    {"", "suifang-log unpack # " NODE},
    {"o001", "suifang-log unpack # " O001},
    {"", "suifang-content diff # @/org.json"},
};

static void test_paths__what_is_read_is_a_file(void **state)
{
	struct hospital *h = *state;

	for (size_t i = 0; i < ARRAY_LEN(readers); i++)
		for (size_t k = 0; k < ARRAY_LEN(odds); k++)
			refuses(h, readers[i].pass, readers[i].line, odds[k]);
}

/* 8 GiB: refused by its size, not by the memory running out. */
static void test_paths__what_is_read_has_an_end(void **state)
{
	struct hospital *h = *state;
	char whole[600];

	for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
		const char *line = readers[i].line, *hash = strchr(line, '#');

		snprintf(whole, sizeof(whole), "%.*s@/huge%s --lang en",
		    (int)(hash - line), line, hash + 1);
		if (run(h, readers[i].pass, whole) <= 0 ||
		    (!strstr(buf_text(&h->err), "larger than allowed") &&
			!strstr(buf_text(&h->err), "key file: too long")))
			fail_msg("%s: %s", whole, buf_text(&h->err));
	}
}

/* What would be written over with a rename. */
static void test_paths__what_is_written_is_a_file(void **state)
{
	static const struct {
		const char *pass, *line;
	} writers[] = {
	    {"root",
		"suifang-key root sign " ROOT " --request @/op.req --out #"},
	    {"root", "suifang-key root rescue " ROOT " --out #"},
	    {"root", "suifang-key node cert " ROOT " --request @/node.req "
		     "--host a --port 1 --site #"},
	    {"o001", "suifang-log pack # " O001},
	};
	struct hospital *h = *state;

	/* A device would be replaced: nobody shall lose one to this test. */
	for (size_t i = 0; i < ARRAY_LEN(writers); i++)
		for (size_t k = 0; k < 2; k++)
			refuses(h, writers[i].pass, writers[i].line, odds[k]);
	run_expect(h, 6, "root",
	    "suifang-key root init --key @/pipe --org @/new "
	    "--name X --name-en X --kdf floor "
	    "--passphrase-fd 0 --lang en");
	assert_non_null(strstr(buf_text(&h->err), "of this name already"));
	expect_untouched(h);
}

/* ---- homes -------------------------------------------------------------- */

static void shell(struct hospital *h, const char *line)
{
	char cmd[5000];

	snprintf(cmd, sizeof(cmd), "cd '%s' && { %s; }", h->dir, line);
	assert_int_equal(system(cmd), 0);
}

/* A copy of a home as @/w with one file of it made something else. */
static void spoil(
    struct hospital *h, const char *home, const char *file, const char *make)
{
	char line[300];

	snprintf(line, sizeof(line),
	    "rm -rf w && cp -r %s w && rm -f w/%s && %s w/%s", home, file, make,
	    file);
	shell(h, line);
}

static void test_paths__a_home_holds_files(void **state)
{
	static const char *const makes[] = {
	    "mkfifo", "mkdir", "ln -s /dev/zero"};
	static const struct {
		const char *home, *file, *pass, *verb;
	} rows[] = {
	    {"seats/O001", "seat.key", "o001", "suifang-key vault check"},
	    {"seats/O001", "seat.key", "o001", "suifang --plain"},
	    {"seats/O001", "site.json", "o001", "suifang-log digest"},
	    {"seats/O001", "address", "o001", "suifang-log digest"},
	    {"seats/O001", "vault.db", "o001", "suifang-key vault check"},
	    {"seats/O001", "vault.db", "o001", "suifang --plain"},
	    {"seats/O001", "vault.db-wal", "o001", "suifang-key vault check"},
	    {"seats/O001", "vault.db-wal", "o001", "suifang-log digest"},
	    {"seats/O001", "vault.db-journal", "o001", "suifang-log digest"},
	    {"node", "node.key", "", "suifang-node serve"},
	    {"node", "site.json", "", "suifang-node verify"},
	    {"node", "vault.db", "", "suifang-node serve"},
	    {"node", "vault.db-wal", "", "suifang-node verify"},
	};
	struct hospital *h = *state;
	char line[300];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		for (size_t k = 0; k < ARRAY_LEN(makes); k++) {
			bool is_zh = (i + k) % 2 == 1;

			spoil(h, rows[i].home, rows[i].file, makes[k]);
			snprintf(line, sizeof(line),
			    "%s --home @/w --passphrase-fd 0 --lang %s",
			    rows[i].verb, is_zh ? "zh" : "en");
			run_expect(h, 1, rows[i].pass, line);
			if (!strstr(buf_text(&h->err),
				is_zh ? NOT_FILE_ZH : NOT_FILE))
				fail_msg("%s, %s: %s", makes[k], line,
				    buf_text(&h->err));
		}
}

/* The count of wrong passphrases is kept whatever stood in its place, and a
 * receipt that cannot be read tells nothing. */
static void test_paths__a_count_is_kept(void **state)
{
	struct hospital *h = *state;

	spoil(h, "seats/O001", "seat.key.tries", "mkfifo");
	for (int i = 0; i < 5; i++)
		run_expect(h, 3, "no",
		    "suifang-key vault check --home @/w --passphrase-fd 0");
	run_expect(h, 3, "o001",
	    "suifang-key vault check --home @/w --passphrase-fd 0 --lang en");
	assert_non_null(strstr(buf_text(&h->err), "Too many wrong"));
	spoil(h, "seats/O001", "receipt", "mkfifo");
	run_expect(
	    h, 0, "o001", "suifang-log digest --home @/w --passphrase-fd 0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_paths__what_is_read_is_a_file),
	    cmocka_unit_test(test_paths__what_is_read_has_an_end),
	    cmocka_unit_test(test_paths__what_is_written_is_a_file),
	    cmocka_unit_test(test_paths__a_home_holds_files),
	    cmocka_unit_test(test_paths__a_count_is_kept),
	};

	return cmocka_run_group_tests_name("paths", tests, setup, teardown);
}
