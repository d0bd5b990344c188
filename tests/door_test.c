/* door_test.c - suifang-key and suifang-log while a terminal runs: they
 * reach the process that owns the home, who signs proves the passphrase. */
#define _GNU_SOURCE
#include "tests/programs.h"

#include "core/clock.h"
#include "core/err.h"
#include "sync/ctl.h"
#include "sync/ledger.h"
#include "sync/program.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

struct terminal {
	struct hospital *h;
	pid_t pid;
	int in;
};

/* The operator's terminal, left running. */
static void open_terminal(struct terminal *t)
{
	char path[4300];

	t->pid = hospital_start(t->h, "terminal",
	    "suifang --home @/seats/O001 --plain --lang en --passphrase-fd 0",
	    &t->in);
	assert_int_equal(write(t->in, "o001\n", 5), 5);
	snprintf(path, sizeof(path), "%s/seats/O001/ctl.sock", t->h->dir);
	for (int ms = 0; access(path, F_OK) != 0; ms += 10) {
		assert_true(ms < 60000);
		poll(NULL, 0, 10);
	}
}

static int setup(void **state)
{
	struct terminal *t = calloc(1, sizeof(*t));
	struct home *node;

	assert_non_null(t);
	t->h = hospital_new();
	node = hospital_open(t->h, "node", NULL);
	hospital_found_team(node);
	home_close(&node);
	hospital_serve(t->h);
	hospital_sync(t->h, "O001", 0);
	open_terminal(t);
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct terminal *t = *state;

	close(t->in);
	assert_int_equal(hospital_end(t->pid), 0);
	hospital_free(t->h);
	free(t);
	return 0;
}

static void test_door__an_operator_lets_people_in_while_working(void **state)
{
	struct hospital *h = ((struct terminal *)*state)->h;

	hospital_grant(h, "A017", "agent");
	hospital_enrol(h, "A017", "T-07");
	hospital_sync(h, "A017", 0);
	run_expect(h, 0, "", "suifang-node status --home @/node --lang en");
	assert_non_null(strstr(run_out(h), "A017.1"));
	assert_non_null(strstr(run_out(h), "held entries: 0"));
	run_expect(h, 0, "o001",
	    "suifang-key revoke --home @/seats/O001 --member A017 "
	    "--passphrase-fd 0");
	run_expect(h, 0, "", "suifang-node status --home @/node --lang en");
	assert_non_null(strstr(run_out(h), "revoked"));
}

static void test_door__signing_needs_the_passphrase(void **state)
{
	static const char *const words[] = {
	    "key", "member grant", "--member=X001", "--name=x", "--role=agent"};
	struct hospital *h = ((struct terminal *)*state)->h;
	char dir[4300], proof[HASH_HEX] = "";
	struct buf answer = {0};

	run_expect(h, 3, "wrong",
	    "suifang-key code issue --home @/seats/O001 --member O001 "
	    "--terminal T-01 --passphrase-fd 0");
	snprintf(dir, sizeof(dir), "%s/seats/O001", h->dir);
	memset(proof, '0', HASH_HEX - 1);
	assert_int_equal(ctl_call(&(struct ctl_asking){.dir = dir,
			     .words = words,
			     .count = ARRAY_LEN(words),
			     .proof = proof,
			     .answer = &answer}),
	    ERR_PASSPHRASE);
	assert_int_equal(ctl_call(&(struct ctl_asking){.dir = dir,
			     .words = words,
			     .count = ARRAY_LEN(words),
			     .answer = &answer}),
	    ERR_PASSPHRASE);
	buf_fini(&answer);
}

static void test_door__reads_the_log_without_stopping_it(void **state)
{
	struct hospital *h = ((struct terminal *)*state)->h;

	run_expect(
	    h, 0, "", "suifang-log verify --home @/seats/O001 --lang en");
	assert_non_null(strstr(run_out(h), "records:"));
	run_expect(h, 0, "", "suifang-log show --home @/seats/O001 --lang en");
	run_expect(h, 2, "", "suifang-log show --home @/seats/O001 nonsense");
	run_expect(h, 6, "o001",
	    "suifang-key vault rekey --home @/seats/O001 --passphrase-fd 0");
}

/* What a running terminal lists it also shows, as git would name it. */
static void test_door__shows_each_record_that_it_lists(void **state)
{
	struct hospital *h = ((struct terminal *)*state)->h;
	char line[400], name[100], *listed, *rest, *row;
	int shown = 0;

	run_expect(h, 0, "", "suifang-log show --home @/seats/O001 --lang en");
	listed = rest = strdup(run_out(h));
	while ((row = strsep(&rest, "\n")) && row[0]) {
		assert_int_equal(sscanf(row, "%*s %*s %*s %99s", name), 1);
		snprintf(line, sizeof(line),
		    "suifang-log show %s --home @/seats/O001 --lang en", name);
		run_expect(h, 0, "", line);
		assert_non_null(strstr(run_out(h), "\ngpgsig "));
		shown++;
	}
	free(listed);
	assert_true(shown > 1);
	run_expect(h, 1, "", "suifang-log show --home @/seats/O001 O001.1-999");
}

static void test_door__exports_the_log_without_stopping_it(void **state)
{
	struct hospital *h = ((struct terminal *)*state)->h;

	run_expect(h, 0, "", "suifang-log export @/o.git --home @/seats/O001");
	run_expect(h, 0, "", "suifang-log verify @/o.git --lang en");
	assert_non_null(strstr(run_out(h), "boxes not here: 0"));
}

static void issue_code(struct hospital *h)
{
	run_expect(h, 0, "o001",
	    "suifang-key code issue --home @/seats/O001 --member O001 "
	    "--terminal T-01 --passphrase-fd 0");
}

/* A file of another kind, at the centre: the terminal's session goes on. */
static void test_door__no_file_rolls_back_under_a_session(void **state)
{
	struct hospital *h = ((struct terminal *)*state)->h;
	char line[4400];

	issue_code(h);
	test_write_file(h->dir, "odd",
	    "neither keys nor a letter, by far; "
	    "long enough for a head of either");
	run_expect(h, 1, "", "suifang-node keys take @/odd --home @/node");
	run_expect(h, 1, "", "suifang-log unpack @/odd --home @/node");
	issue_code(h);
	snprintf(line, sizeof(line),
	    "grep -aq 'request.*result=ERR_WRONG_FILE' '%s/node.log' && "
	    "! grep -a 'rolled back under' '%s/node.log'",
	    h->dir, h->dir);
	assert_int_equal(system(line), 0);
}

/* Without a centre the entry is saved, and who asked is told so. */
static void test_door__says_what_the_centre_has_not(void **state)
{
	struct hospital *h = ((struct terminal *)*state)->h;

	assert_int_equal(hospital_stop(h, SIGTERM), 0);
	run_expect(h, 8, "o001",
	    "suifang-key code issue --home @/seats/O001 --member O001 "
	    "--terminal T-01 --passphrase-fd 0");
	assert_string_equal(run_out(h), ""); /* a code that would be refused */
	hospital_serve(h);
	hospital_sync(h, "O001", 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		test_door__an_operator_lets_people_in_while_working),
	    cmocka_unit_test(test_door__signing_needs_the_passphrase),
	    cmocka_unit_test(test_door__reads_the_log_without_stopping_it),
	    cmocka_unit_test(test_door__shows_each_record_that_it_lists),
	    cmocka_unit_test(test_door__no_file_rolls_back_under_a_session),
	    cmocka_unit_test(test_door__exports_the_log_without_stopping_it),
	    cmocka_unit_test(test_door__says_what_the_centre_has_not),
	};

	return cmocka_run_group_tests_name("door", tests, setup, teardown);
}
