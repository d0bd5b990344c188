/*
 * check_test.c - the structure checks can fail: each violation is planted in
 * a copy of a small part of the tree, and the script must refuse it and name
 * the place. `make lint` runs the same scripts over all of it.
 */
#include "tests/test.h"

#include <sys/wait.h>
#include <unistd.h>

static char *tree;

struct plant {
	const char *script;
	const char *path; /* the planted file, below the copy */
	const char *text;
	const char *says; /* what the script must print */
};

#define HEAD "/* planted.c - planted. */\n"
#define TEN                                                                    \
	"\tx++;\n\tx++;\n\tx++;\n\tx++;\n\tx++;\n"                             \
	"\tx++;\n\tx++;\n\tx++;\n\tx++;\n\tx++;\n"
#define FIFTY TEN TEN TEN TEN TEN

static const struct plant plants[] = {
    {"layers", "core/planted.c", HEAD "#include \"keys/sign.h\"\n",
	"core/planted.c:2: core/ may not include keys/sign.h"},
    {"layers", "keys/planted.h", HEAD "#include \"sync/ledger.h\"\n",
	"keys/planted.h:2: keys/ may not include sync/ledger.h"},
    {"layers", "sync/planted.c", HEAD "#include \"tui/app.h\"\n",
	"sync/planted.c:2: sync/ may not include tui/app.h"},
    {"layers", "tui/planted.c", HEAD "#include \"tests/test.h\"\n",
	"tui/planted.c:2: a product file includes tests/test.h"},
    {"layers", "core/planted.c", HEAD "# include <sodium.h>\n",
	"core/planted.c:2: <sodium.h> does not belong here"},
    {"layers", "tui/planted.c", HEAD "#include <sqlite3.h>\n",
	"tui/planted.c:2: <sqlite3.h> does not belong here"},
    {"layers", "sync/planted.c", HEAD "#include <git2.h>\n",
	"sync/planted.c:2: <git2.h> does not belong here"},
    {"layers", "tui/planted.c", HEAD "#include <curses.h>\n",
	"tui/planted.c:2: <curses.h> does not belong here"},
    {"layers", "sync/planted.c", HEAD "#include <sys/socket.h>\n",
	"sync/planted.c:2: <sys/socket.h> does not belong here"},
    {"layers", "core/planted.c", HEAD "#include <unicode/utrans.h>\n",
	"core/planted.c:2: <unicode/utrans.h> does not belong here"},
    {"sizes", "core/planted.c", HEAD "int f(int x)\n{\n" FIFTY TEN "}\n",
	"core/planted.c:2: f() has 63 lines, at most 60"},
    {"sizes", "core/planted.c",
	HEAD "int f(int a, int b, int c, int (*d)(int, int),\n"
	     "    int e, int g)\n{\n}\n",
	"core/planted.c:2: f() has 6 parameters, at most 5"},
    {"purity", "core/planted.c", HEAD "\tx = time(NULL);\n",
	"core/planted.c:2: time() in pure logic"},
    {"purity", "sync/planted.c", HEAD "\tif (rand() % 2)\n",
	"sync/planted.c:2: rand() in pure logic"},
    {"purity", "sync/planted.c", HEAD "\tf = fopen(\"a\", \"r\");\n",
	"sync/planted.c:2: fopen() in pure logic"},
    {"purity", "sync/planted.c", HEAD "\tfd = socket(1, 2, 3);\n",
	"sync/planted.c:2: socket() in pure logic"},
    {"purity", "keys/planted.c", HEAD "\tx = gettimeofday(&tv, NULL);\n",
	"keys/planted.c:2: gettimeofday() in pure logic"},
    {"purity", "core/planted.c", HEAD "\tx = getenv(\"HOME\");\n",
	"core/planted.c:2: getenv() in pure logic"},
    {"sql", "core/planted.c", HEAD "\tq = \"SELECT name FROM t\";\n",
	"core/planted.c:2: SQL outside schemas/"},
    {"sql", "tui/planted.c", HEAD "\tq = \"insert into t values\";\n",
	"tui/planted.c:2: SQL outside schemas/"},
    {"sql", "sync/planted.c", HEAD "\tq(\"BEGIN IMMEDIATE\");\n",
	"sync/planted.c:2: SQL outside schemas/"},
    {"sql", "core/planted.c", HEAD "\tq(\"PRAGMA user_version\");\n",
	"core/planted.c:2: SQL outside schemas/"},
    {"headers", "core/planted.h",
	HEAD "#ifndef SUIFANG_PLANTED_H\n#define SUIFANG_PLANTED_H\n"
	     "size_t planted_count(void);\n#endif\n",
	"core/planted.h"},
    {"headers", "core/planted.h", HEAD "int planted_count(void);\n",
	"core/planted.h:1: no guard"},
    {"headers", "core/planted.c", "int planted_count(void);\n",
	"core/planted.c:1: no head comment"},
    {"gettext", "tui/planted.c", HEAD "\tdraw_text(w, \"Quit\");\n",
	"tui/planted.c:2: not through gettext"},
    {"gettext", "tui/planted.c", HEAD "\ts = \"No patient here\";\n",
	"tui/planted.c:2: not through gettext"},
    {"gettext", "sync/planted_main.c", HEAD "\tprintf(\"%s: 失败\\n\", x);\n",
	"sync/planted_main.c:2: not through gettext"},
    {"gettext", "tui/planted.c",
	HEAD "\tf(_(\"fine here\"), g(1), \"not fine\");\n", "\"not fine\""},
    {"docs", "docs/planted.md", "[a](nowhere.md)\n",
	"docs/planted.md: no such file: nowhere.md"},
    {"docs", "docs/HACKING.md", "`core/nowhere.c`\n",
	"docs/HACKING.md: no such file: core/nowhere.c"},
    {"form", "core/planted.c",
	HEAD "int a_name_that_goes_on_and_on_until_it_is_far_beyond_the_"
	     "eightieth_column_of_it;\n",
	"core/planted.c:2: 81 columns, at most 80"},
    {"form", "core/planted.c", HEAD "int a; \n",
	"core/planted.c:2: blank at the end"},
    {"form", "core/planted.c",
	HEAD "/* TO"
	     "DO later */\n",
	"core/planted.c:2: unfinished"},
    {"form", "core/planted.h", HEAD "typedef struct a b;\n",
	"core/planted.h:2: struct behind a typedef"},
};

/* Runs a command; its output in out, its exit status returned. */
static int run(char *out, size_t size, const char *cmd)
{
	FILE *p = popen(cmd, "r");
	size_t n;

	assert_non_null(p);
	n = fread(out, 1, size - 1, p);
	out[n] = '\0';
	while (fgetc(p) != EOF)
		;
	int status = pclose(p);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int check(char *out, size_t size, const char *script)
{
	char cmd[8192];

	snprintf(cmd, sizeof(cmd), "sh tests/check/check_%s.sh '%s' 2>&1",
	    script, tree);
	return run(out, size, cmd);
}

static void remove_from_tree(const char *path)
{
	char full[4200];

	snprintf(full, sizeof(full), "%s/%s", tree, path);
	assert_int_equal(unlink(full), 0);
}

static void refuse(const char *script, const char *path, const char *says)
{
	char out[65536];
	int status = check(out, sizeof(out), script);

	remove_from_tree(path);
	if (status != 1 || !strstr(out, says))
		fail_msg("check_%s.sh: status %d, wanted '%s' in:\n%s", script,
		    status, says, out);
}

static void test_check__each_planted_violation_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(plants); i++) {
		test_write_file(tree, plants[i].path, plants[i].text);
		refuse(plants[i].script, plants[i].path, plants[i].says);
	}
}

static void test_check__allowed_forms_pass(void **state)
{
	static const struct {
		const char *script, *path, *text;
	} rows[] = {
	    {"layers", "keys/planted.c",
		HEAD "#include \"core/base.h\"\n#include <sodium.h>\n"},
	    {"purity", "core/planted.c",
		HEAD "/* time() */\n\ts = \"time()\";\n\tx->read(1);\n"
		     "\tenv->random(c, b, n);\n\tvault_open(1);\n"},
	    {"sql", "core/planted.c",
		HEAD "/* SELECT a FROM b */\n\ts = \"Select a row\";\n"},
	    {"gettext", "tui/planted.c",
		HEAD "\tf(_(\"one two\" \"three four\"), N_(\"Five six\"));\n"
		     "\tprintf(\"%s %d\\n\", g(\"x\"), 'a');\n"},
	    {"sizes", "core/planted.c",
		HEAD "int f(int x)\n{\n" FIFTY "\tx++;\n\tx++;\n\tx++;\n}\n"},
	};
	char out[65536];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		test_write_file(tree, rows[i].path, rows[i].text);
		check(out, sizeof(out), rows[i].script);
		remove_from_tree(rows[i].path);
		if (strstr(out, "planted"))
			fail_msg("check_%s.sh: %s", rows[i].script, out);
	}
}

static void repeat_text(char *out, const char *unit, int n)
{
	size_t len = strlen(unit);

	for (int i = 0; i < n; i++)
		memcpy(out + (size_t)i * len, unit, len + 1);
}

static void test_check__file_limits(void **state)
{
	char *text = malloc(65536);

	(void)state;
	assert_non_null(text);
	strcpy(text, HEAD);
	repeat_text(text + strlen(HEAD), "int x;\n", 600);
	test_write_file(tree, "core/planted.c", text);
	refuse("sizes", "core/planted.c",
	    "core/planted.c:601: 601 lines, at most 600");
	repeat_text(text + strlen(HEAD), "int x;\n", 150);
	test_write_file(tree, "core/planted.h", text);
	refuse("sizes", "core/planted.h",
	    "core/planted.h:151: 151 lines, at most 150");
	free(text);
}

static void test_check__nine_functions_in_ten_are_short(void **state)
{
	static const char fn[] = "int f(int x)\n{\n" TEN TEN TEN TEN "}\n";
	char *text = malloc(sizeof(fn) * 400);
	char path[32];

	(void)state;
	assert_non_null(text);
	for (int i = 0; i < 120; i++) {
		snprintf(path, sizeof(path), "core/planted%d.c", i);
		repeat_text(text, fn, 13);
		test_write_file(tree, path, text);
	}
	char out[65536];
	int status = check(out, sizeof(out), "sizes");
	for (int i = 0; i < 120; i++) {
		snprintf(path, sizeof(path), "core/planted%d.c", i);
		remove_from_tree(path);
	}
	free(text);
	assert_int_equal(status, 1);
	assert_non_null(strstr(out, "nine in ten must be"));
}

static void test_check__programs_without_test_symbols(void **state)
{
	static const char *const names[] = {
	    "test_env_init", "fault_arm", "sim_step", "keyfile_cheap_for_test"};
	char text[256], cmd[9000], out[65536];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(text, sizeof(text),
		    "int %s(void);\nint %s(void)\n{\n\treturn 0;\n}\n"
		    "int main(void)\n{\n\treturn %s();\n}\n",
		    names[i], names[i], names[i]);
		test_write_file(tree, "build/planted.c", text);
		snprintf(cmd, sizeof(cmd),
		    "gcc -O0 -o '%s/build/plain/bin/planted' "
		    "'%s/build/planted.c' 2>&1",
		    tree, tree);
		assert_int_equal(run(out, sizeof(out), cmd), 0);
		snprintf(text, sizeof(text), "%s must not be", names[i]);
		refuse("products", "build/plain/bin/planted", text);
	}
}

static int copy_tree(void **state)
{
	char cmd[8192], out[1024];

	(void)state;
	tree = test_dir_new();
	snprintf(cmd, sizeof(cmd),
	    "cp -r --parents core/base.h core/id.[ch] schemas/embed.sh "
	    "tests/check '%s/' && cd '%s' && "
	    "mkdir -p keys sync tui docs build/plain/bin 2>&1",
	    tree, tree);
	return run(out, sizeof(out), cmd);
}

static int remove_tree(void **state)
{
	(void)state;
	test_dir_remove(tree);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_check__each_planted_violation_is_named),
	    cmocka_unit_test(test_check__allowed_forms_pass),
	    cmocka_unit_test(test_check__file_limits),
	    cmocka_unit_test(test_check__nine_functions_in_ten_are_short),
	    cmocka_unit_test(test_check__programs_without_test_symbols),
	};

	return cmocka_run_group_tests_name(
	    "check", tests, copy_tree, remove_tree);
}
