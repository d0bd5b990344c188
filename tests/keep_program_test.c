/*
 * keep_program_test.c - with real programs: a terminal's disk was put back
 * and its branch is released to the person's new seat; a revoked seat's work
 * is salvaged and released; a passphrase is lost.
 */
#define _GNU_SOURCE
#include "tests/programs.h"

#include "core/draft.h"
#include "core/err.h"
#include "core/id.h"
#include "core/store.h"
#include "sync/ledger.h"

#include <signal.h>
#include <unistd.h>

static int setup(void **state)
{
	*state = hospital_with_roster("甲");
	return 0;
}

/* A note by a home, offline. */
static void note(struct hospital *h, const char *seat, const char *text)
{
	char dir[60];
	struct home *home;

	snprintf(dir, sizeof(dir), "seats/%s", seat);
	home = hospital_open(h, dir, "pw");
	hospital_say(home, KIND_NOTE_ADDED, &hospital_patient,
	    json_pack("{s:s}", "text", text));
	home_close(&home);
}

static int64_t notes_at(struct hospital *h, const char *home_dir,
    const char *passphrase, const char *text)
{
	struct home *home = hospital_open(h, home_dir, passphrase);
	char sql[200];
	int64_t n;

	snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM v_note WHERE text = '%s'", text);
	n = hospital_count(home, sql);
	home_close(&home);
	return n;
}

static void copy_home(struct hospital *h, const char *from, const char *to)
{
	char line[9000];

	snprintf(line, sizeof(line), "rm -rf '%s/%s' && cp -a '%s/%s' '%s/%s'",
	    h->dir, to, h->dir, from, h->dir, to);
	assert_int_equal(system(line), 0);
}

/* The person comes in anew, at the same home. */
static void enrol_again(
    struct hospital *h, const char *member, const char *terminal)
{
	char line[9000];

	snprintf(line, sizeof(line), "mv '%s/seats/%s' '%s/old.%s'", h->dir,
	    member, h->dir, terminal);
	assert_int_equal(system(line), 0);
	hospital_enrol(h, member, terminal);
	hospital_sync(h, member, 0);
}

/* The hash of the only branch: the first line of the list. */
static void only_branch(struct hospital *h, char out[HASH_HEX])
{
	run_expect(
	    h, 0, "", "suifang-node branch list --home @/node --lang en");
	snprintf(out, HASH_HEX, "%.*s", HASH_HEX - 1, run_out(h));
	assert_int_equal(strlen(out), HASH_HEX - 1);
}

static void test_keep__a_branch_is_released(void **state)
{
	struct hospital *h = *state;
	char tip[HASH_HEX], line[400];

	hospital_sync(h, "A017", 0);
	run_expect(
	    h, 0, "", "suifang-node branch list --home @/node --lang en");
	assert_non_null(strstr(run_out(h), "No branch"));
	copy_home(h, "seats/A017", "before");
	note(h, "A017", "中心所收");
	hospital_sync(h, "A017", 0);
	copy_home(h, "before", "seats/A017");
	note(h, "A017", "分支所写");
	note(h, "A017", "又一条");
	hospital_sync(h, "A017", 5);
	only_branch(h, tip);
	assert_non_null(strstr(run_out(h), "not released"));
	snprintf(line, sizeof(line),
	    "suifang-node branch show %s --home @/node --lang en", tip);
	run_expect(h, 0, "", line);
	assert_non_null(strstr(run_out(h), "note.added  -> -"));
	run_expect(h, 0, "o001",
	    "suifang-key revoke --home @/seats/O001 --member A017 --terminal "
	    "T-07 --reason replaced --passphrase-fd 0");
	enrol_again(h, "A017", "T-08");
	snprintf(line, sizeof(line),
	    "suifang-key branch release --home @/seats/S002 --branch %s "
	    "--seat A017.1 --passphrase-fd 0",
	    tip);
	run_expect(h, 0, "pw", line);
	hospital_sync(h, "A017", 0);
	hospital_sync(h, "A017", 0);
	only_branch(h, tip);
	assert_non_null(strstr(run_out(h), "released to A017.2"));
	assert_non_null(strstr(run_out(h), "said again: 2/2"));
	hospital_sync(h, "S002", 0);
	assert_int_equal(notes_at(h, "seats/S002", "pw", "分支所写"), 1);
	assert_int_equal(notes_at(h, "seats/S002", "pw", "又一条"), 1);
	assert_int_equal(notes_at(h, "seats/S002", "pw", "中心所收"), 1);
	run_expect(h, 1, "",
	    "suifang-node branch show "
	    "0000000000000000000000000000000000000000000000000000000000000000"
	    " --home @/node");
	run_expect(h, 2, "", "suifang-node branch show x --home @/node");
}

/* Name of the newest held entry, as people say it. */
static void held_name(struct hospital *h, char out[60])
{
	struct home *node = hospital_open(h, "node", NULL);

	snprintf(out, 60, "A017.2-%d-1",
	    (int)hospital_count(node,
		"SELECT max(seq) FROM entry WHERE verdict >= 3 "
		"AND kind = 'note.added'"));
	home_close(&node);
}

static int64_t releases_for(struct hospital *h, const char *reason)
{
	struct home *home = hospital_open(h, "seats/S002", "pw");
	char sql[200];
	int64_t n;

	snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM v_released WHERE reason = '%s'", reason);
	n = hospital_count(home, sql);
	home_close(&home);
	return n;
}

/* Its work is stored and held; a supervisor's release lets it count. */
static void test_keep__a_revoked_seats_work_is_salvaged(void **state)
{
	struct hospital *h = *state;
	char name[60], line[300];

	note(h, "A017", "撤销之前");
	note(h, "A017", "撤销之后");
	run_expect(h, 0, "o001",
	    "suifang-key revoke --home @/seats/O001 --member A017 --terminal "
	    "T-08 --reason lost --passphrase-fd 0");
	(void)run(
	    h, "pw", "suifang-key sync --home @/seats/A017 --passphrase-fd 0");
	hospital_sync(h, "S002", 0);
	assert_int_equal(notes_at(h, "seats/S002", "pw", "撤销之后"), 0);
	hospital_stop(h, SIGTERM);
	assert_int_equal(notes_at(h, "node", NULL, "撤销之后"), 0);
	held_name(h, name);
	hospital_serve(h);
	snprintf(line, sizeof(line),
	    "suifang --do=release_%s --home @/seats/S002 --passphrase-fd 0",
	    name);
	run_expect(h, 2, "pw", line); /* no reason */
	snprintf(line, sizeof(line),
	    "suifang-key release --entry %s --reason fun --home @/seats/S002 "
	    "--passphrase-fd 0",
	    name);
	run_expect(h, 2, "pw", line);
	snprintf(line, sizeof(line),
	    "suifang --do=release_%s_--reason_checked --home @/seats/S002 "
	    "--passphrase-fd 0",
	    name);
	run_expect(h, 2, "pw",
	    "suifang --do=passwd --home @/seats/S002 "
	    "--passphrase-fd 0");
	run_expect(h, 0, "pw", line);
	hospital_sync(h, "S002", 0);
	/* The whole of it, whichever of its entries was named. */
	assert_int_equal(notes_at(h, "seats/S002", "pw", "撤销之后"), 1);
	assert_int_equal(notes_at(h, "seats/S002", "pw", "撤销之前"), 1);
	assert_int_equal(releases_for(h, "checked"), 2);
	/* Once is enough. */
	run_expect(h, 1, "pw", line);
	*strrchr(name, '-') = '\0';
	snprintf(line, sizeof(line),
	    "suifang-log show --home @/seats/S002 --passphrase-fd 0 %s", name);
	run_expect(h, 0, "pw", line);
	assert_non_null(strstr(run_out(h), "revoked; released"));
}

/* What the centre has is there for the new seat; who forgot is revoked. */
static void test_keep__a_lost_passphrase(void **state)
{
	struct hospital *h = *state;

	run_expect(h, 3, "wrong",
	    "suifang-key sync --home @/seats/S002 --passphrase-fd 0");
	run_expect(h, 0, "o001",
	    "suifang-key revoke --home @/seats/O001 --member S002 --terminal "
	    "T-02 --reason lost --passphrase-fd 0");
	enrol_again(h, "S002", "T-03");
	assert_int_equal(notes_at(h, "seats/S002", "pw", "撤销之后"), 1);
	assert_int_equal(notes_at(h, "seats/S002", "pw", "分支所写"), 1);
}

/* Queues are granted by name; a word that is none is refused. */
static void test_keep__queues_of_a_clinician(void **state)
{
	struct hospital *h = *state;
	struct home *node;

	run_expect(h, 2, "o001",
	    "suifang-key member grant --home @/seats/O001 --member D001 "
	    "--name 医生 --role clinician --queues cardiology,,x "
	    "--passphrase-fd 0");
	run_expect(h, 0, "o001",
	    "suifang-key member grant --home @/seats/O001 --member D001 "
	    "--name 医生 --role clinician --queues cardiology,neurology "
	    "--passphrase-fd 0");
	hospital_stop(h, SIGTERM);
	node = hospital_open(h, "node", NULL);
	assert_int_equal(
	    hospital_count(node,
		"SELECT count(*) FROM v_member WHERE "
		"member = 'D001' AND queues = 'cardiology,neurology'"),
	    1);
	home_close(&node);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_keep__a_branch_is_released),
	    cmocka_unit_test(test_keep__a_revoked_seats_work_is_salvaged),
	    cmocka_unit_test(test_keep__a_lost_passphrase),
	    cmocka_unit_test(test_keep__queues_of_a_clinician),
	};
	return cmocka_run_group_tests_name(
	    "keep", tests, setup, hospital_teardown);
}
