/*
 * edges_test.c - what a person types at the edges: a thing that is not there,
 * a number that is none, a second terminal. Each is said with its own status,
 * before a passphrase is asked, and nothing is left behind.
 */
#define _GNU_SOURCE
#include "tests/programs.h"
#include "tui/holding.h"

#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#define NODE " --home @/node --lang en"
#define O001 " --home @/seats/O001 --passphrase-fd 0 --lang en"

static int setup(void **state)
{
	*state = hospital_new();
	return 0;
}

static void write_file(struct hospital *h, const char *name, const char *text)
{
	char path[4300];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", h->dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static bool is_there(struct hospital *h, const char *name)
{
	char path[4300];

	snprintf(path, sizeof(path), "%s/%s", h->dir, name);
	return access(path, F_OK) == 0;
}

static void expect_said(struct hospital *h, const char *text)
{
	if (!strstr(run_out(h), text) && !strstr(buf_text(&h->err), text))
		fail_msg(
		    "no '%s' in\n%s%s", text, run_out(h), buf_text(&h->err));
}

static void expect_no_quarantine(struct hospital *h)
{
	run_expect(h, 0, "", "suifang-node import quarantine" NODE);
	expect_said(h, "Nothing is in quarantine");
}

#define PATIENT(id, day)                                                       \
	"{\"resourceType\":\"Patient\",\"id\":\"" id "\",\"identifier\":[{"    \
	"\"system\":\"urn:h\",\"value\":\"" id "\"}],\"name\":[{\"text\":"     \
	"\"单雪梅\"}],\"gender\":\"female\",\"birthDate\":\"1968-02-" day      \
	"\"}\n"

/* A path that names nothing is a mistake of the call, not broken input. */
static void test_edges__what_is_not_there_is_not_kept(void **state)
{
	struct hospital *h = *state;

	write_file(h, "good.ndjson", PATIENT("1", "11"));
	run_expect(
	    h, 1, "", "suifang-node import fhir @/good.ndjson @/none" NODE);
	expect_said(h, "Not found");
	run_expect(h, 1, "", "suifang-node import fhir /dev/zero" NODE);
	run_expect(h, 1, "", "suifang-node import roster @/none" NODE);
	expect_no_quarantine(h);
	run_expect(h, 0, "", "suifang-node import fhir @/good.ndjson" NODE);
	expect_said(h, "Patients: 1 new");
}

static void test_edges__a_dry_run_keeps_nothing_and_says_so(void **state)
{
	struct hospital *h = *state;

	write_file(h, "bad.ndjson", PATIENT("2", "31"));
	run_expect(
	    h, 4, "", "suifang-node import fhir @/bad.ndjson --dry-run" NODE);
	expect_said(h, "Cannot be read: 1");
	expect_said(h, "without --dry-run");
	assert_null(strstr(run_out(h), "Quarantined"));
	assert_null(strstr(buf_text(&h->err), "it is kept"));
	expect_no_quarantine(h);
}

/* As OPERATIONS says: of lines, the one that is cut; of a bundle, all. */
static void test_edges__a_cut_line_leaves_the_others(void **state)
{
	struct hospital *h = *state;

	write_file(h, "cut.ndjson",
	    PATIENT("3", "12") "{\"resourceType\":\"Patient\",\"id\":");
	run_expect(h, 4, "", "suifang-node import fhir @/cut.ndjson" NODE);
	expect_said(h, "Patients: 1 new");
	expect_said(h, "cut.ndjson line 2");
	write_file(h, "cut.json",
	    "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":\n" PATIENT(
		"4", "12") "},");
	run_expect(h, 4, "", "suifang-node import fhir @/cut.json" NODE);
	expect_said(h, "Patients: 0 new");
	run_expect(h, 0, "", "suifang-node import quarantine" NODE);
	expect_said(h, "cut.json");
}

static void test_edges__the_quarantine_makes_its_folder(void **state)
{
	struct hospital *h = *state;
	char path[4300];
	struct stat st;

	write_file(h, "bad.ndjson", PATIENT("5", "31"));
	run_expect(h, 4, "", "suifang-node import fhir @/bad.ndjson" NODE);
	run_expect(h, 0, "", "suifang-node import quarantine @/put" NODE);
	snprintf(path, sizeof(path), "%s/put", h->dir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
}

static void test_edges__a_number_is_a_number(void **state)
{
	static const char *const calls[] = {
	    "suifang-node import quarantine --drop abc" NODE,
	    "suifang-node import quarantine --drop 1x" NODE,
	    "suifang-node import quarantine --drop -1" NODE,
	    "suifang-log show --most -3" NODE,
	    "suifang-log show --most=0x3" NODE,
	    "suifang-log show --most 99999999999999999999" NODE,
	    "suifang-log show centre-+1" NODE,
	    "suifang-log show O001.one-1" NODE,
	    "suifang-node serve --until-idle 1h" NODE,
	};
	struct hospital *h = *state;
	char line[6000], digits[5001];

	for (size_t i = 0; i < ARRAY_LEN(calls); i++)
		run_expect(h, 2, "", calls[i]);
	memset(digits, '1', sizeof(digits) - 1);
	digits[sizeof(digits) - 1] = '\0';
	snprintf(line, sizeof(line), "suifang-log show centre-%s" NODE, digits);
	run_expect(h, 2, "", line);
	run_expect(h, 0, "", "suifang-log show centre-1" NODE);
}

static void test_edges__a_home_that_is_not_there_is_said_first(void **state)
{
	static const char *const calls[] = {"suifang --report 2026-11",
	    "suifang --plain", "suifang-log show", "suifang-key sync",
	    "suifang-key vault check", "suifang --do 'erasure list'"};
	struct hospital *h = *state;
	char line[300];

	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		snprintf(line, sizeof(line),
		    "%s --home @/nowhere --passphrase-fd 0 --lang en",
		    i == 5 ? "suifang --do erasure_list" : calls[i]);
		run_expect(h, 1, "", line);
		expect_said(h, "Not found");
	}
	run_expect(h, 1, "", "suifang-node verify /etc" NODE);
	expect_said(h, "there is no backup in this folder");
	run_expect(
	    h, 1, "", "suifang-node verify /etc --home @/node --lang zh");
	expect_said(h, "（/etc: 此目录中没有备份）");
	run_expect(
	    h, 2, "", "suifang-log show --most -3 --home @/node --lang zh");
	assert_null(strstr(buf_text(&h->err), "技术细节"));
}

static void test_edges__a_root_is_whole_or_not_there(void **state)
{
	struct hospital *h = *state;

	run_expect(h, 1, "r\n",
	    "suifang-key root init --key @/r.key --org @/no/org.json --name X "
	    "--name-en X --kdf floor --passphrase-fd 0 --lang en");
	assert_false(is_there(h, "r.key"));
	write_file(h, "r.key", "mine");
	run_expect(h, 6, "r\n",
	    "suifang-key root init --key @/r.key --org @/no/org.json --name X "
	    "--name-en X --kdf floor --passphrase-fd 0 --lang en");
	assert_true(is_there(h, "r.key"));
}

static void test_edges__a_second_terminal_leaves_at_once(void **state)
{
	struct hospital *h = *state;
	int in, ms = 0;
	pid_t pid;

	pid = hospital_start(h, "first", "suifang --plain" O001, &in);
	assert_int_equal(write(in, "o001\n", 5), 5);
	for (; !is_there(h, "seats/O001/ctl.sock"); ms += 10) {
		assert_true(ms < 90000);
		poll(NULL, 0, 10);
	}
	run_expect(h, 6, "", "suifang --home @/seats/O001 --lang en");
	expect_said(h, "Another Suifang");
	run_expect(h, 6, "", "suifang --home @/seats/O001 --plain --lang zh");
	expect_said(h, "另一个");
	close(in);
	assert_int_equal(hospital_end(pid), 0);
}

/* What a terminal leaves in clear: numbers, for its owner's eyes only. */
static void test_edges__a_terminal_says_what_it_holds(void **state)
{
	struct hospital *h = *state;
	struct holding held;
	struct home *home;
	char path[4300];
	struct stat st;

	run_expect(h, 0, "o001\n", "suifang --plain" O001);
	snprintf(path, sizeof(path), "%s/seats/O001", h->dir);
	assert_true(holding_read(&held, path));
	assert_true(held.as_of_s > 1700000000);
	home = hospital_open(h, "seats/O001", "o001");
	assert_int_equal(held.patients,
	    hospital_count(home, "SELECT count(*) FROM v_patient"));
	home_close(&home);
	strcat(path, "/holding");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_true(st.st_size < 200);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_edges__what_is_not_there_is_not_kept),
	    cmocka_unit_test(test_edges__a_dry_run_keeps_nothing_and_says_so),
	    cmocka_unit_test(test_edges__a_cut_line_leaves_the_others),
	    cmocka_unit_test(test_edges__the_quarantine_makes_its_folder),
	    cmocka_unit_test(test_edges__a_number_is_a_number),
	    cmocka_unit_test(
		test_edges__a_home_that_is_not_there_is_said_first),
	    cmocka_unit_test(test_edges__a_root_is_whole_or_not_there),
	    cmocka_unit_test(test_edges__a_second_terminal_leaves_at_once),
	    cmocka_unit_test(test_edges__a_terminal_says_what_it_holds),
	};

	return cmocka_run_group_tests_name(
	    "edges", tests, setup, hospital_teardown);
}
