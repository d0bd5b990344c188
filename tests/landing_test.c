/*
 * landing_test.c - a terminal that receives while somebody types: its
 * connection takes little at a time and does not wait for the disk. All
 * arrives all the same, once, an own save in between too, and nothing is
 * called settled before it is durable.
 */
#include "core/env.h"
#include "core/err.h"
#include "core/json.h"
#include "sync/client.h"
#include "sync/home.h"
#include "sync/ledger.h"
#include "sync/program.h"
#include "tests/programs.h"
#include "tests/test.h"

#include <poll.h>
#include <signal.h>

#define OWED 120
#define COUNT "SELECT count(*) FROM v_obs"
#define RECORDS "SELECT count(*) FROM record"

static void owe(struct hospital *h)
{
	struct home *node = hospital_open(h, "node", NULL);
	int64_t at = env_now_s(program_env()) - 86400;

	assert_int_equal(ledger_begin(home_ledger(node)), 0);
	for (int i = 0; i < OWED; i++) {
		struct draft d = {0};
		draft_add(&d, KIND_OBSERVATIONS_RECORDED, &hospital_patient,
		    json_pack("{s:[{s:s,s:i,s:i,s:s,s:I,s:s}]}", "items",
			"code", "8480-6", "value", 120 + i % 60, "scale", 0,
			"unit", "mm[Hg]", "at_s", (json_int_t)(at + i * 60),
			"source", "clinic"));
		assert_int_equal(ledger_add(home_ledger(node), &d, NULL), 0);
		draft_fini(&d);
	}
	assert_int_equal(ledger_commit(home_ledger(node)), 0);
	home_close(&node);
}

static struct client *connect_home(struct home *home)
{
	struct client *c =
	    client_new(&(struct client_cfg){.ledger = home_ledger(home),
		.site = home_site(home),
		.env = program_env(),
		.address = home_address(home),
		.home = home});

	client_patience(c, 1);
	return c;
}

static void wait_for(const struct client *c)
{
	struct pollfd p = {client_fd(c), client_events(c), 0};
	uint64_t now = env_mono_ms(program_env()), wake = client_wake_ms(c);

	(void)poll(&p, 1, wake > now ? (int)(wake - now) : 0);
}

/* At most so many steps; true when all is settled. */
static bool step(struct client *c, struct home *home, int steps)
{
	struct client_status s = {0};

	while (steps-- > 0) {
		client_step(c);
		client_status(&s, c);
		assert_true(s.error == 0 || s.error == ERR_UNREACHABLE);
		if (s.is_settled) {
			assert_int_equal(
			    ledger_is_durable(home_ledger(home)), 1);
			return true;
		}
		wait_for(c);
	}
	return false;
}

static void test_landing__all_arrives_while_somebody_types(void **state)
{
	struct hospital *h = hospital_with_agent();
	struct home *home;
	struct client *c;
	int64_t before;
	int saves = 0;

	*state = h;
	hospital_stop(h, SIGTERM);
	owe(h);
	before = hospital_ask(h, "node", RECORDS);
	hospital_serve(h);
	home = hospital_open(h, "seats/A017", "pw");
	c = connect_home(home);
	while (!step(c, home, 5))
		if (saves < 3) {
			saves++;
			hospital_say(home, KIND_PATIENT_OPENED,
			    &hospital_patient,
			    json_pack("{s:s}", "why", "review"));
		}
	client_free(&c);
	assert_int_equal(hospital_count(home, COUNT), OWED);
	home_close(&home);
	hospital_stop(h, SIGTERM);
	assert_int_equal(hospital_ask(h, "node", RECORDS), before + saves);
}

/* Left in the middle, opened again: what was not told is given again. */
static void test_landing__a_terminal_that_leaves_goes_on(void **state)
{
	struct hospital *h = hospital_with_agent();
	bool is_over = false;
	int lives = 0;

	*state = h;
	hospital_stop(h, SIGTERM);
	owe(h);
	hospital_serve(h);
	while (!is_over) {
		struct home *home = hospital_open(h, "seats/A017", "pw");
		struct client *c = connect_home(home);
		is_over = step(c, home, 10 + 5 * lives++);
		client_free(&c);
		home_close(&home);
	}
	assert_true(lives > 1);
	assert_int_equal(hospital_ask(h, "seats/A017", COUNT), OWED);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(
		test_landing__all_arrives_while_somebody_types,
		hospital_teardown),
	    cmocka_unit_test_teardown(
		test_landing__a_terminal_that_leaves_goes_on,
		hospital_teardown),
	};

	return cmocka_run_group_tests_name("landing", tests, NULL, NULL);
}
