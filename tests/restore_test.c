/*
 * restore_test.c - real programs: a centre is backed up while it serves, its
 * machine is lost, another one begins from the backup, the terminals return,
 * and nothing that anybody was told is saved is missing.
 */
#define _GNU_SOURCE
#include "tests/programs.h"

#include "core/err.h"
#include "core/id.h"
#include "core/store.h"
#include "sync/ledger.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static struct id late = {{0xa1, 3}};

static int setup(void **state)
{
	*state = hospital_with_pair();
	return 0;
}

static void say_note(struct hospital *h, const char *seat, const char *text)
{
	struct home *home = hospital_open(h, seat, "pw");

	assert_int_equal(hospital_settle(home), 0);
	hospital_say(home, KIND_NOTE_ADDED, &hospital_patient,
	    json_pack("{s:s}", "text", text));
	assert_int_equal(hospital_settle(home), 0);
	home_close(&home);
}

/* The second half of the work, after the backup. */
static void work_on(struct hospital *h)
{
	struct home *node, *home;

	say_note(h, "seats/A017", "备份之后");
	hospital_stop(h, SIGTERM);
	node = hospital_open(h, "node", NULL);
	hospital_register(node, &hospital_team, &late, "后来者");
	home_close(&node);
	hospital_serve(h);
	say_note(h, "seats/S002", "主管备注");
	home = hospital_open(h, "seats/A017", "pw");
	assert_int_equal(hospital_settle(home), 0);
	assert_int_equal(
	    hospital_count(home, "SELECT count(*) FROM v_patient"), 2);
	hospital_say(home, KIND_NOTE_ADDED, &hospital_patient,
	    json_pack("{s:s}", "text", "离线所写"));
	home_close(&home);
}

static void lose_and_restore(struct hospital *h)
{
	char from[4200], to[4200];

	assert_int_equal(hospital_stop(h, SIGKILL), -SIGKILL);
	snprintf(from, sizeof(from), "%s/node", h->dir);
	snprintf(to, sizeof(to), "%s/lost", h->dir);
	assert_int_equal(rename(from, to), 0);
	run_expect(h, 0, "",
	    "suifang-node restore @/backup --home @/node --org @/org.json "
	    "--request @/restore.req");
	run_expect(h, 0, "root",
	    "suifang-key node cert --key @/root.key --org @/org.json "
	    "--request @/restore.req --host 127.0.0.1 --port % --site "
	    "@/site2.json --passphrase-fd 0");
	run_expect(h, 0, "",
	    "suifang-node restore @/backup --home @/node --site @/site2.json");
	hospital_serve(h);
	run_expect(h, 0, "", "suifang-node status --home @/node --lang en");
	assert_non_null(strstr(run_out(h), "recovering"));
}

static void come_back(struct hospital *h, const char *seat, const char *pass)
{
	char line[200];

	snprintf(line, sizeof(line),
	    "suifang-key site @/site2.json --home @/%s", seat);
	run_expect(h, 0, "", line);
	snprintf(line, sizeof(line),
	    "suifang-key sync --home @/%s --passphrase-fd 0", seat);
	run_expect(h, 0, pass, line);
}

/* One line a stream; the seat's must all be the centre's. */
static void assert_shares(
    struct hospital *h, const char *seat, const char *node_streams)
{
	char line[200], *at, *next;

	snprintf(line, sizeof(line),
	    "suifang-log digest --streams --home @/%s --passphrase-fd 0", seat);
	run_expect(h, 0, "pw", line);
	run_out(h);
	buf_u8(&h->out, '\n');
	buf_u8(&h->out, 0);
	for (at = (char *)h->out.data; *at; at = next) {
		next = strchr(at, '\n') + 1;
		next[-1] = '\0';
		if (!strstr(at, " v_") && !strstr(node_streams, at))
			fail_msg("%s: %s", seat, at);
	}
}

static void assert_whole(struct hospital *h)
{
	struct home *node;
	char *before;

	run_expect(h, 0, "", "suifang-node digest --home @/node");
	before = strdup(run_out(h));
	run_expect(h, 0, "", "suifang-node rebuild --home @/node");
	run_expect(h, 0, "", "suifang-node digest --home @/node");
	assert_string_equal(run_out(h), before);
	free(before);
	run_expect(h, 0, "", "suifang-node verify --home @/node");
	assert_int_equal(hospital_stop(h, SIGTERM), 0);
	run_expect(h, 0, "", "suifang-log digest --streams --home @/node");
	before = strdup(run_out(h));
	assert_shares(h, "seats/A017", before);
	assert_shares(h, "seats/S002", before);
	free(before);
	node = hospital_open(h, "node", NULL);
	assert_int_equal(
	    hospital_count(node, "SELECT count(*) FROM v_note"), 4);
	assert_int_equal(
	    hospital_count(node, "SELECT count(*) FROM v_patient"), 2);
	assert_int_equal(hospital_count(node,
			     "SELECT count(*) FROM entry WHERE verdict >= 2"),
	    0);
	assert_int_equal(
	    hospital_count(node, "SELECT count(*) FROM salvage"), 0);
	home_close(&node);
}

static void test_restore__nothing_that_was_saved_is_missing(void **state)
{
	struct hospital *h = *state;

	say_note(h, "seats/A017", "备份之前");
	run_expect(h, 0, "", "suifang-node backup @/backup --home @/node");
	run_expect(h, 6, "", "suifang-node backup @/backup --home @/node");
	run_expect(h, 0, "", "suifang-node verify @/backup --home @/node");
	work_on(h);
	lose_and_restore(h);
	/* The old site file leads nowhere. */
	assert_int_not_equal(
	    run(h, "pw",
		"suifang-key sync --home @/seats/A017 --passphrase-fd 0"),
	    0);
	come_back(h, "seats/A017", "pw");
	come_back(h, "seats/S002", "pw");
	come_back(h, "seats/O001", "o001");
	run_expect(h, 1, "", "suifang-node backup @/backup2 --home @/node");
	run_expect(
	    h, 0, "", "suifang-node recover close --home @/node --lang en");
	for (int round = 0; round < 2; round++) {
		come_back(h, "seats/A017", "pw");
		come_back(h, "seats/S002", "pw");
	}
	run_expect(
	    h, 9, "", "suifang-key site @/site.json --home @/seats/A017");
	run_expect(h, 0, "", "suifang-node backup @/backup2 --home @/node");
	assert_whole(h);
}

static void test_restore__a_stopped_centre_is_backed_up_too(void **state)
{
	struct hospital *h = *state;
	char path[4200];
	FILE *f;

	run_expect(h, 0, "", "suifang-node backup @/backup3 --home @/node");
	run_expect(h, 0, "", "suifang-node verify @/backup3 --home @/node");
	snprintf(path, sizeof(path), "%s/backup3/log.sfb", h->dir);
	f = fopen(path, "r+b");
	assert_non_null(f);
	assert_int_equal(fseek(f, 3000, SEEK_SET), 0);
	fputs("\xff\xff", f);
	fclose(f);
	assert_int_not_equal(
	    run(h, "", "suifang-node verify @/backup3 --home @/node"), 0);
	assert_int_not_equal(
	    run(h, "",
		"suifang-node restore @/backup3 "
		"--home @/node3 --org @/org.json --request @/restore3.req"),
	    0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_restore__nothing_that_was_saved_is_missing),
	    cmocka_unit_test(test_restore__a_stopped_centre_is_backed_up_too),
	};
	return cmocka_run_group_tests_name(
	    "restore", tests, setup, hospital_teardown);
}
