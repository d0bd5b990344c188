/*
 * first_sync_test.c - a terminal's first sync with the real centre, killed in
 * its midst: what came stays, the rest comes, nothing begins again.
 */
#include "tests/programs.h"

#include "core/store.h"
#include "sync/client.h"
#include "sync/program.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENTS 200
#define ENOUGH 30 /* are here when the terminal is killed */
#define MOST 120
#define ON_LIST "SELECT count(*) FROM v_patient"

static void register_patients(struct hospital *h)
{
	struct home *node = hospital_open(h, "node", NULL);

	hospital_found_team(node);
	for (int i = 0; i < PATIENTS; i++) {
		struct id stream;
		env_random(program_env(), stream.b, sizeof(stream.b));
		hospital_register(node, &hospital_team, &stream, "单雪梅");
	}
	home_close(&node);
}

static int setup(void **state)
{
	struct hospital *h = hospital_new();

	register_patients(h);
	hospital_serve(h);
	hospital_grant(h, "A017", "agent");
	hospital_enrol(h, "A017", "T-07");
	*state = h;
	return 0;
}

static struct client *connect_as(struct home *home)
{
	return client_new(&(struct client_cfg){.ledger = home_ledger(home),
	    .site = home_site(home),
	    .env = program_env(),
	    .address = home_address(home)});
}

static void step(struct client *c)
{
	struct pollfd p;

	client_step(c);
	p = (struct pollfd){client_fd(c), client_events(c), 0};
	if (client_wake_ms(c) > 0)
		(void)poll(&p, 1, 10);
}

/* Small commits, so that there are many; says when enough has come, and
 * waits for its end before all has. */
static void be_killed(struct hospital *h, int out)
{
	struct home *home = hospital_open(h, "seats/A017", "pw");
	struct client *c = connect_as(home);
	struct client_status s;
	uint64_t whole = 0;
	int64_t n = 0;

	client_patience(c, 1);
	while (n < MOST) {
		step(c);
		client_status(&s, c);
		n = test_scalar(home_store(home), ON_LIST);
		/* The person sees how much is still to come. */
		if (whole > 0 || n < ENOUGH || s.in_feed == 0)
			continue;
		whole = s.taken + s.in_feed;
		if (write(out, &whole, sizeof(whole)) != sizeof(whole))
			_exit(1);
	}
	for (;;)
		pause();
}

/* Patients on the list of a terminal that was killed; *whole: the length of
 * its feed, as it was told. */
static int64_t kill_in_the_midst(struct hospital *h, uint64_t *whole)
{
	int pipes[2];
	pid_t pid;

	assert_int_equal(pipe(pipes), 0);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		be_killed(h, pipes[1]);
	close(pipes[1]);
	assert_int_equal(read(pipes[0], whole, sizeof(*whole)), sizeof(*whole));
	close(pipes[0]);
	kill(pid, SIGKILL);
	assert_int_equal(hospital_end(pid), -SIGKILL);
	return hospital_ask(h, "seats/A017", ON_LIST);
}

static void test_first_sync__goes_on_where_it_was_killed(void **state)
{
	struct hospital *h = *state;
	uint64_t whole = 0;
	int64_t before = kill_in_the_midst(h, &whole);
	struct home *home = hospital_open(h, "seats/A017", "pw");
	struct client *c = connect_as(home);
	struct client_status s = {0};

	assert_in_range(before, ENOUGH, PATIENTS - 1);
	assert_true(whole >= PATIENTS);
	while (!s.is_settled) {
		step(c);
		client_status(&s, c);
		assert_int_equal(s.error, 0);
	}
	assert_int_equal(s.in_feed, 0);
	assert_int_equal(test_scalar(home_store(home), ON_LIST), PATIENTS);
	/* What was here did not come again: an item a patient, at least. */
	assert_in_range(s.taken, 1, whole - (uint64_t)before);
	client_free(&c);
	home_close(&home);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_first_sync__goes_on_where_it_was_killed, setup,
		hospital_teardown),
	};

	return cmocka_run_group_tests_name("first_sync", tests, NULL, NULL);
}
