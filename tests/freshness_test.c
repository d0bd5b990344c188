/*
 * freshness_test.c - a seat's data that is not the newest: an older copy of
 * the vault put back, another save in the place of a confirmed one, a log cut
 * in its last save. The person is told by every program, in their language;
 * where all is well nobody is.
 */
#define _GNU_SOURCE
#include "tests/programs.h"
#include "tests/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/err.h"
#include "keys/secret.h"
#include "sync/anchor.h"
#include "sync/ledger.h"
#include "sync/program.h"
#include "tui/app.h"
#include "tui/screens.h"

#define HOME "--home @/seats/O001 --passphrase-fd 0"

static void do_in(struct hospital *h, const char *line)
{
	char cmd[5000];

	snprintf(cmd, sizeof(cmd), "cd '%s/seats/O001' && %s", h->dir, line);
	assert_int_equal(system(cmd), 0);
}

static void grant(struct hospital *h, const char *member, const char *more)
{
	char line[300];

	snprintf(line, sizeof(line),
	    "suifang-key member grant " HOME " --member %s --name X --role "
	    "agent %s",
	    member, more);
	run_expect(h, 0, "o001", line);
}

/* What opening the home says on standard error. */
static const char *told(struct hospital *h, const char *lang)
{
	char line[200];

	snprintf(line, sizeof(line),
	    "suifang-key seat grant " HOME " --offline --lang %s", lang);
	run_expect(h, 0, "o001", line);
	return buf_text(&h->err);
}

static void assert_told(
    struct hospital *h, const char *english, const char *chinese)
{
	if (!strstr(told(h, "en"), english))
		fail_msg("no \"%s\" in: %s", english, buf_text(&h->err));
	if (!strstr(told(h, "zh"), chinese))
		fail_msg("no \"%s\" in: %s", chinese, buf_text(&h->err));
}

/* A seat with receipts; `old` and `new` are its vault before and after the
 * last received save. The centre is away from here on. */
static int setup(void **state)
{
	struct hospital *h = hospital_new();

	hospital_serve(h);
	grant(h, "A001", "");
	do_in(h, "cp vault.db old && cp receipt old.receipt");
	grant(h, "A002", "");
	grant(h, "A003", "");
	do_in(h, "cp vault.db new && cp receipt new.receipt");
	hospital_stop(h, SIGTERM);
	*state = h;
	return 0;
}

static int put_back(void **state)
{
	do_in(*state, "rm -f vault.db-wal && cp new vault.db && "
		      "cp new.receipt receipt");
	return 0;
}

static void test_freshness__nobody_is_told_when_all_is_here(void **state)
{
	const char *said = told(*state, "en");

	if (strstr(said, "missing") || strstr(said, "confirmed"))
		fail_msg("%s", said);
}

static void test_freshness__older_copy_is_told(void **state)
{
	struct hospital *h = *state;

	do_in(h, "cp old vault.db");
	assert_told(h, "older than what the centre has received: 2 saves",
	    "缺少 2 次保存");
	run_expect(h, 0, "o001", "suifang --plain --lang en " HOME);
	assert_non_null(strstr(buf_text(&h->out), "2 saves are missing"));
	/* an empty file is all that is left of a vault: refused */
	do_in(h, ": > vault.db");
	run_expect(h, 5, "o001", "suifang --plain --lang en " HOME);
	/* the vault is gone altogether: a new one knows nothing */
	do_in(h, "rm vault.db");
	assert_told(h, "saves are missing", "次保存。");
}

static void test_freshness__another_save_is_told(void **state)
{
	struct hospital *h = *state;

	do_in(h, "cp old vault.db");
	grant(h, "A008", "--offline");
	grant(h, "A009", "--offline");
	assert_told(h, "is not the one stored here", "不是同一份");
}

/* A receipt that nobody signed must not frighten anyone. */
static void test_freshness__forged_receipt_says_nothing(void **state)
{
	struct hospital *h = *state;

	do_in(h, "cp old vault.db && sed -i 's/^seq .*/seq 77/' receipt");
	test_freshness__nobody_is_told_when_all_is_here(state);
	do_in(h, "printf 'sf-receipt 1\\nseq 99\\n' > receipt");
	test_freshness__nobody_is_told_when_all_is_here(state);
	do_in(h, ": > receipt");
	test_freshness__nobody_is_told_when_all_is_here(state);
}

/* One save more and then the power goes: no close, no checkpoint. */
static void save_and_die(struct hospital *h)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		struct home *home = hospital_open(h, "seats/O001", "o001");
		struct id me = home_identity(home)->seat;

		hospital_say(home, KIND_MEMBER_REVOKED,
		    ledger_roster(home_ledger(home)),
		    json_pack("{s:s,s:s}", "member", "A001", "reason", "left"));
		_exit(id_is_zero(&me));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void test_freshness__cut_log_is_told(void **state)
{
	struct hospital *h = *state;

	save_and_die(h);
	do_in(h, "test -s vault.db-wal && cp vault.db-wal w && "
		 "cp vault.db d");
	test_freshness__nobody_is_told_when_all_is_here(state);
	do_in(h, "cp d vault.db && cp w vault.db-wal && "
		 "truncate -s -100 vault.db-wal");
	if (!strstr(told(h, "en"), "before the power failure was cut off"))
		fail_msg("%s", buf_text(&h->err));
	do_in(h, "cp d vault.db && cp w vault.db-wal && "
		 "truncate -s -100 vault.db-wal");
	if (!strstr(told(h, "zh"), "没有写完"))
		fail_msg("%s", buf_text(&h->err));
}

/* The screens: asked to read it, then the work goes on. */
static void test_freshness__terminal_tells_before_work(void **state)
{
	struct hospital *h = *state;
	char home[4300], program[100];
	char *argv[] = {
	    program, "--fence", "--lang", "zh", "--home", home, NULL};
	struct vscreen *t;

	do_in(h, "cp old vault.db");
	snprintf(home, sizeof(home), "%s/seats/O001", h->dir);
#if defined(__SANITIZE_ADDRESS__)
	snprintf(program, sizeof(program),
	    "build/san-address-undefined/bin/suifang");
#else
	snprintf(program, sizeof(program), "build/plain/bin/suifang");
#endif
	t = screen_start(argv, (struct vscreen_size){24, 80});
	screen_keys(t, "o001\r");
	screen_wait(t, "数据是否完整");
	screen_wait(t, "缺少 2 次保存");
	screen_keys(t, "\r");
	assert_false(screen_has(t, "数据是否完整"));
	screen_free(&t);
}

/* ---- swap that is not encrypted ------------------------------------------ */

static int unlock_stage(void *ctx)
{
	struct env env = *program_env();
	struct unlock_arg arg = {
	    .dir = "/nowhere/here", .warning = "swap is clear", .ctx = ctx};
	struct app_cfg cfg = {
	    .env = &env, .in_fd = 0, .out_fd = 1, .fence = true};
	struct app *app;
	int rc = app_new(&app, &cfg);

	if (rc == 0)
		rc = app_push(app, &unlock_screen, &arg);
	if (rc == 0)
		rc = app_run(app);
	return -rc;
}

static void test_freshness__locked_screen_warns_of_swap(void **state)
{
	struct vscreen *t =
	    screen_fork(unlock_stage, NULL, (struct vscreen_size){24, 80});

	(void)state;
	assert_true(screen_has(t, "swap is clear"));
	screen_free(&t);
}

static void test_freshness__receipt_text_is_read_back(void **state)
{
	struct msg_receipt m = {.seq = 12345678901}, n;
	struct buf text = {0};

	(void)state;
	memset(m.record.b, 0xa5, sizeof(m.record.b));
	memset(m.signature, 0x3c, sizeof(m.signature));
	anchor_text(&text, &m);
	assert_int_equal(anchor_parse(&n, buf_text(&text), text.len), 0);
	assert_memory_equal(&m, &n, sizeof(m));
	for (size_t cut = 0; cut < text.len; cut++) {
		struct buf part = {0};

		buf_add(&part, text.data, cut);
		assert_int_equal(
		    anchor_parse(&n, buf_text(&part), cut), ERR_FORMAT);
		buf_fini(&part);
	}
	buf_fini(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_freshness__receipt_text_is_read_back),
	    cmocka_unit_test_setup(
		test_freshness__nobody_is_told_when_all_is_here, put_back),
	    cmocka_unit_test_setup(
		test_freshness__older_copy_is_told, put_back),
	    cmocka_unit_test_setup(
		test_freshness__another_save_is_told, put_back),
	    cmocka_unit_test_setup(
		test_freshness__forged_receipt_says_nothing, put_back),
	    cmocka_unit_test_setup(test_freshness__cut_log_is_told, put_back),
	    cmocka_unit_test_setup(
		test_freshness__terminal_tells_before_work, put_back),
	    cmocka_unit_test(test_freshness__locked_screen_warns_of_swap),
	};
	return cmocka_run_group_tests_name(
	    "freshness", tests, setup, hospital_teardown);
}
