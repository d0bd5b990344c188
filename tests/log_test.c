/*
 * log_test.c - suifang-log with real processes: what a centre and a terminal
 * keep is shown, verified, exported to stock git, and carried by hand.
 */
#include "tests/programs.h"

#include <signal.h>

#include "core/draft.h"
#include "core/err.h"
#include "core/id.h"
#include "core/store.h"
#include "sync/ledger.h"

#define SEAT(verb) "suifang-log " verb " --home @/seats/A017 --passphrase-fd 0"
#define NODE(verb) "suifang-log " verb " --home @/node"

static int setup(void **state)
{
	struct hospital *h = hospital_with_agent();
	struct home *agent;

	agent = hospital_open(h, "seats/A017", "pw");
	assert_int_equal(hospital_settle(agent), 0);
	hospital_say(agent, KIND_NOTE_ADDED, &hospital_patient,
	    json_pack("{s:s}", "text", "血压控制良好"));
	assert_int_equal(hospital_settle(agent), 0);
	home_close(&agent);
	*state = h;
	return 0;
}

static void assert_says(struct hospital *h, const char *text)
{
	if (!strstr(run_out(h), text))
		fail_msg("no \"%s\" in: %s", text, run_out(h));
}

static void assert_silent(struct hospital *h, const char *text)
{
	if (strstr(run_out(h), text))
		fail_msg("\"%s\" in: %s", text, run_out(h));
}

/* The same whether the node is serving or not; contents never show. */
static void test_log__shows_records_and_verdicts(void **state)
{
	struct hospital *h = *state;

	for (int i = 0; i < 2; i++) {
		run_expect(h, 0, "", NODE("show") " --lang en --most 2");
		assert_says(h, "A017.1-1  note.added\n");
		assert_silent(h, "centre-1");
		run_expect(h, 0, "", NODE("show A017.1-1") " --lang en");
		assert_says(h, "\nsf-record 1\n");
		assert_says(h, "entry 1 note.added 1 a1020000");
		assert_says(h, "1  note.added  admitted");
		assert_silent(h, "血压");
		run_expect(h, 1, "", NODE("show A017.1-99"));
		run_expect(h, 1, "", NODE("show A018.1-1"));
		run_expect(h, 2, "", NODE("show nothing"));
		if (i == 0)
			hospital_stop(h, SIGTERM);
	}
	run_expect(h, 0, "pw", SEAT("show") " --lang zh");
	assert_says(h, "中心-");
	run_expect(h, 3, "wrong", SEAT("show"));
	hospital_serve(h);
}

static void test_log__verifies_and_rebuilds(void **state)
{
	struct hospital *h = *state;
	char *before;

	run_expect(h, 0, "", NODE("verify") " --lang en");
	assert_says(h, "boxes not here: 0");
	run_expect(h, 0, "pw", SEAT("verify") " --lang en");
	run_expect(h, 0, "pw", SEAT("digest") " --streams");
	before = strdup(run_out(h));
	assert_says(h, " v_note 1\n");
	assert_says(h, " a1020000000000000000000000000000 ");
	run_expect(h, 0, "pw", SEAT("rebuild"));
	run_expect(h, 0, "pw", SEAT("digest") " --streams");
	assert_string_equal(run_out(h), before);
	free(before);
}

/* Lines of two digests of the node and the terminal, for one stream. */
static void test_log__shared_streams_have_one_digest(void **state)
{
	struct hospital *h = *state;
	char line[HASH_HEX + ID_HEX + 1];
	const char *at;

	run_expect(h, 0, "", NODE("digest") " --streams");
	at = strstr(run_out(h), " a102000000000000");
	assert_non_null(at);
	memcpy(line, at - (HASH_HEX - 1), sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	run_expect(h, 0, "pw", SEAT("digest") " --streams");
	assert_says(h, line);
}

static int shell(struct hospital *h, const char *text)
{
	char cmd[9000];

	snprintf(cmd, sizeof(cmd), "cd '%s' && %s", h->dir, text);
	return system(cmd);
}

static void test_log__exports_to_stock_git(void **state)
{
	struct hospital *h = *state;

	run_expect(h, 0, "", NODE("export @/x.git") " --lang en");
	assert_says(h, "boxes not here: 0");
	run_expect(h, 0, "", "suifang-log verify @/x.git --lang en");
	assert_says(h, "boxes not here: 0");
	run_expect(h, 0, "", NODE("export @/bare.git") " --headers");
	run_expect(h, 0, "", "suifang-log verify @/bare.git --lang en");
	assert_says(h, "boxes: 0 ");
	run_expect(h, 0, "pw", SEAT("export @/seat.git"));
	run_expect(h, 0, "", "suifang-log verify @/seat.git");
	run_expect(h, 1, "", NODE("export @/x.git"));
	run_expect(h, 1, "", "suifang-log verify @/none.git");
	if (system("command -v git > /dev/null && "
		   "command -v ssh-keygen > /dev/null") != 0) {
		print_message("[  SKIP    ] git or ssh-keygen is not here\n");
		return;
	}
	assert_int_equal(
	    shell(h, "for r in x bare seat; do git -C $r.git fsck --strict "
		     "|| exit 1; git -C $r.git -c gpg.format=ssh "
		     "-c gpg.ssh.allowedSignersFile=$PWD/$r.git/"
		     "allowed_signers verify-commit "
		     "$(git -C $r.git rev-list --branches) 2>/dev/null "
		     "|| exit 1; done"),
	    0);
	/* One flipped letter in a key: whose record it is shows. */
	assert_int_equal(
	    shell(h, "sed -i '2s/ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI./"
		     "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI_/' "
		     "x.git/allowed_signers"),
	    0);
	run_expect(h, 1, "", "suifang-log verify @/x.git --lang en");
	assert_says(h, "allowed_signers:2");
}

/* A terminal that never meets the node again: its records come by hand. */
static void test_log__records_carried_by_hand_arrive(void **state)
{
	struct hospital *h = *state;
	struct home *home;

	hospital_stop(h, SIGTERM);
	home = hospital_open(h, "seats/A017", "pw");
	hospital_say(home, KIND_NOTE_ADDED, &hospital_patient,
	    json_pack("{s:s}", "text", "电话未通"));
	home_close(&home);
	run_expect(h, 0, "pw", SEAT("pack @/a.pack") " --lang en");
	assert_says(h, "records: 1 ");
	run_expect(h, 1, "pw", SEAT("unpack @/a.pack"));
	/* A torn or changed file changes nothing. */
	assert_int_equal(shell(h, "head -c -1 a.pack > torn.pack"), 0);
	run_expect(h, 1, "", NODE("unpack @/torn.pack"));
	assert_int_equal(shell(h, "{ cat a.pack; echo; } > long.pack"), 0);
	run_expect(h, 1, "", NODE("unpack @/long.pack"));
	run_expect(h, 1, "", NODE("unpack @/x.git/HEAD") " --lang zh");
	assert_non_null(strstr(buf_text(&h->err), "不是所需的类型"));
	home = hospital_open(h, "node", NULL);
	assert_int_equal(
	    test_scalar(home_store(home), "SELECT count(*) FROM v_note"), 1);
	home_close(&home);
	for (int i = 0; i < 2; i++) {
		run_expect(h, 0, "", NODE("unpack @/a.pack") " --lang en");
		assert_says(h, "records: 1  forks: 0");
	}
	home = hospital_open(h, "node", NULL);
	assert_int_equal(
	    test_scalar(home_store(home), "SELECT count(*) FROM v_note"), 2);
	home_close(&home);
	run_expect(h, 0, "", NODE("verify"));
	hospital_serve(h);
	home = hospital_open(h, "seats/A017", "pw");
	assert_int_equal(hospital_settle(home), 0);
	assert_int_equal(test_scalar(home_store(home),
			     "SELECT count(*) FROM record WHERE state = 0"),
	    0);
	home_close(&home);
}

/* Both ways by hand: what the centre has for the seat comes back with the
 * receipt; afterwards the wire goes on where the paper ended. */
static void test_log__a_reply_carries_receipt_and_feed(void **state)
{
	static const struct id second = {{0xa1, 3}};
	struct hospital *h = *state;
	struct home *home;
	json_t *body =
	    json_pack("{s:s,s:s}", "member", "A017", "reason", "initial");

	hospital_stop(h, SIGTERM);
	home = hospital_open(h, "node", NULL);
	hospital_say(home, KIND_PATIENT_REGISTERED, &second,
	    json_pack("{s:s,s:s}", "name", "纸上来", "sex", "male"));
	draft_put_id(body, "patient", &second);
	hospital_say(home, KIND_ASSIGNED, &hospital_team, body);
	home_close(&home);
	home = hospital_open(h, "seats/A017", "pw");
	hospital_say(home, KIND_NOTE_ADDED, &hospital_patient,
	    json_pack("{s:s}", "text", "改日再打"));
	home_close(&home);
	run_expect(h, 0, "pw", SEAT("pack @/old.pack"));
	run_expect(h, 0, "", NODE("unpack @/old.pack --reply @/old.reply"));
	run_expect(h, 0, "pw", SEAT("pack @/b.pack"));
	run_expect(h, 0, "", NODE("unpack @/b.pack --reply @/b.reply"));
	assert_int_equal(shell(h, "! grep -q 纸上来 b.reply"), 0);
	run_expect(h, 1, "pw", SEAT("unpack @/old.reply") " --lang zh");
	assert_non_null(strstr(buf_text(&h->err), "请重新打包"));
	run_expect(h, 1, "o001",
	    "suifang-log unpack @/b.reply --home @/seats/O001 "
	    "--passphrase-fd 0 --lang en");
	assert_non_null(strstr(buf_text(&h->err), "of another terminal"));
	assert_int_equal(
	    shell(h, "{ head -c 900 b.reply; tail -c +901 b.reply | head -c 1 "
		     "| tr '\\000-\\377' '\\001-\\377\\000'; "
		     "tail -c +902 b.reply; } > bad.reply && "
		     "! cmp -s b.reply bad.reply"),
	    0);
	run_expect(h, 5, "pw", SEAT("unpack @/bad.reply"));
	assert_int_equal(
	    hospital_ask(h, "seats/A017", "SELECT count(*) FROM v_patient"), 1);
	run_expect(h, 0, "pw", SEAT("unpack @/b.reply") " --lang en");
	assert_says(h, "taken: ");
	run_expect(h, 1, "pw", SEAT("unpack @/b.reply"));
	assert_int_equal(
	    hospital_ask(h, "seats/A017", "SELECT count(*) FROM v_patient"), 2);
	assert_int_equal(hospital_ask(h, "seats/A017",
			     "SELECT count(*) FROM record WHERE state = 0"),
	    0);
	run_expect(h, 0, "pw", SEAT("verify"));
	hospital_serve(h);
	home = hospital_open(h, "seats/A017", "pw");
	assert_int_equal(hospital_settle(home), 0);
	home_close(&home);
	run_expect(h, 0, "pw", SEAT("verify"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_log__shows_records_and_verdicts),
	    cmocka_unit_test(test_log__verifies_and_rebuilds),
	    cmocka_unit_test(test_log__shared_streams_have_one_digest),
	    cmocka_unit_test(test_log__exports_to_stock_git),
	    cmocka_unit_test(test_log__records_carried_by_hand_arrive),
	    cmocka_unit_test(test_log__a_reply_carries_receipt_and_feed),
	};

	return cmocka_run_group_tests_name(
	    "log", tests, setup, hospital_teardown);
}
