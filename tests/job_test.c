/*
 * job_test.c - a long request to the serving centre: others are answered
 * while it runs, a second long one is turned away, and stopping ends it.
 */
#define _GNU_SOURCE
#include "tests/programs.h"

#include "core/draft.h"
#include "core/err.h"
#include "sync/ctl.h"
#include "sync/ledger.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define RECORDS 6000

static struct id team = {{0x7e, 1}};

static int setup(void **state)
{
	struct hospital *h = hospital_new();
	struct home *node = hospital_open(h, "node", NULL);
	struct ledger *l = home_ledger(node);

	assert_int_equal(ledger_begin(l), 0);
	for (int i = 0; i < RECORDS; i++) {
		struct draft draft = {0};
		draft_add(&draft, KIND_TEAM_SET, &team,
		    json_pack("{s:s}", "name", "心内科"));
		assert_int_equal(ledger_add(l, &draft, NULL), 0);
		draft_fini(&draft);
	}
	assert_int_equal(ledger_commit(l), 0);
	home_close(&node);
	hospital_serve(h);
	*state = h;
	return 0;
}

static int ask(struct hospital *h, const char *verb)
{
	char dir[4300];
	struct buf answer = {0};
	int r;

	snprintf(dir, sizeof(dir), "%s/node", h->dir);
	r = ctl_call(&(struct ctl_asking){
	    .dir = dir, .words = &verb, .count = 1, .answer = &answer});
	buf_fini(&answer);
	return r;
}

/* Asks again while the job of another is under way. */
static pid_t ask_aside(struct hospital *h, const char *verb)
{
	pid_t pid;
	int r;

	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		while ((r = ask(h, verb)) == ERR_IN_USE)
			poll(NULL, 0, 1);
		_exit(-r & 0xff);
	}
	return pid;
}

/* On one processor the job may be done before anyone else has a turn. */
static void test_job__others_are_served_meanwhile(void **state)
{
	struct hospital *h = *state;
	int served = 0, refused = 0;

	for (int i = 0; i < 50 && (served < 2 || refused < 1); i++) {
		pid_t pid = ask_aside(h, "verify");
		int status = -1;

		while (waitpid(pid, &status, WNOHANG) == 0) {
			served += ask(h, "status") == 0;
			refused += ask(h, "verify") == ERR_IN_USE;
		}
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
	}
	print_message(
	    "%d answers while a verify ran, %d refused\n", served, refused);
	assert_true(served > 1 && refused > 0);
}

static void test_job__a_stop_ends_it(void **state)
{
	struct hospital *h = *state;
	pid_t pid = ask_aside(h, "verify");
	int status;

	poll(NULL, 0, 50);
	assert_int_equal(ask(h, "stop"), 0);
	assert_int_equal(hospital_wait(h), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	hospital_serve(h);
	assert_int_equal(ask(h, "verify"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_job__others_are_served_meanwhile),
	    cmocka_unit_test(test_job__a_stop_ends_it),
	};

	return cmocka_run_group_tests_name(
	    "job", tests, setup, hospital_teardown);
}
