/*
 * presence_test.c - who is at work: what a terminal says reaches the centre,
 * what the centre tells reaches a supervisor and nobody else; and what does
 * not fit is refused.
 */
#include "core/env.h"
#include "core/err.h"
#include "sync/client.h"
#include "sync/home.h"
#include "sync/presence.h"
#include "sync/program.h"
#include "sync/session_impl.h"
#include "tests/programs.h"
#include "tests/test.h"
#include "tests/world.h"

#include <poll.h>
#include <signal.h>

#define WAIT_TURNS 900 /* of 100 ms at most; ends when it is there */

static void test_presence__goes_both_ways_in_a_session(void **state)
{
	struct world *w = world_new(3);
	struct world_seat *a = world_join(w, "A017", "agent");
	struct crew_seat told[2] = {
	    {{{7}}, PRESENCE_CALL, 1000}, {{{8}}, PRESENCE_OFFLINE, 0}};
	const struct crew_seat *got;
	size_t n;

	(void)state;
	world_connect(a);
	presence_say(a->here, PRESENCE_CALL); /* too early: nothing is said */
	assert_int_equal(a->here->presence.state, PRESENCE_OFFLINE);
	assert_int_equal(world_carry(a), 0);
	assert_int_equal(presence_of(a->there), PRESENCE_IDLE);
	assert_null(presence_crew(&n, a->here));
	assert_int_equal(presence_rtt_ms(a->here), 0);
	presence_say(a->here, PRESENCE_CALL);
	presence_tell(a->there, told, 2);
	assert_int_equal(world_carry(a), 0);
	assert_int_equal(presence_of(a->there), PRESENCE_CALL);
	assert_true(presence_rtt_ms(a->here) > 0);
	got = presence_crew(&n, a->here);
	assert_non_null(got);
	assert_int_equal(n, 2);
	assert_int_equal(got[0].seat.b[0], 7);
	assert_int_equal(got[0].state, PRESENCE_CALL);
	assert_int_equal(got[0].heard_s, 1000);
	world_cut(a);
	world_free(w);
}

static void test_presence__what_does_not_fit_is_refused(void **state)
{
	static const struct crew_seat odd = {{{1}}, PRESENCE_AWAY + 1, 5};
	struct world *w = world_new(4);
	struct world_seat *a = world_join(w, "A017", "agent");
	struct crew_seat *many = calloc(PRESENCE_SEATS + 1, sizeof(*many));
	struct buf m = {0};

	(void)state;
	world_connect(a);
	assert_int_equal(world_carry(a), 0);
	for (uint64_t s = 0; s < 6; s++) {
		bool is_good = s >= PRESENCE_IDLE && s <= PRESENCE_AWAY;
		buf_clear(&m);
		wire_number(&m, MSG_PRESENCE, s);
		assert_int_equal(session_message(a->there, m.data, m.len),
		    is_good ? 0 : ERR_PROTOCOL);
		assert_int_equal(
		    session_message(a->here, m.data, m.len), ERR_PROTOCOL);
	}
	buf_clear(&m);
	wire_crew(&m, &odd, 1);
	assert_int_equal(session_message(a->here, m.data, m.len), ERR_PROTOCOL);
	buf_clear(&m);
	wire_crew(&m, many, PRESENCE_SEATS + 1);
	assert_int_equal(session_message(a->here, m.data, m.len), ERR_PROTOCOL);
	buf_clear(&m);
	wire_crew(&m, many, 3);
	assert_int_equal(
	    session_message(a->there, m.data, m.len), ERR_PROTOCOL);
	for (size_t cut = 1; cut < m.len; cut++)
		assert_int_equal(
		    session_message(a->here, m.data, cut), ERR_PROTOCOL);
	assert_int_equal(session_message(a->here, m.data, m.len), 0);
	buf_fini(&m);
	free(many);
	world_cut(a);
	world_free(w);
}

/* ---- the serving centre -------------------------------------------------- */

static struct client *connect_home(struct home *home)
{
	return client_new(&(struct client_cfg){.ledger = home_ledger(home),
	    .site = home_site(home),
	    .env = program_env(),
	    .address = home_address(home),
	    .home = home});
}

/* Both go on until the supervisor is told this of that seat; what was told
 * when it came. */
static struct crew_seat wait_for(struct client *boss, struct client *agent,
    const struct id *seat, enum presence state)
{
	for (int i = 0; i < WAIT_TURNS; i++) {
		struct pollfd p = {client_fd(boss), client_events(boss), 0};
		const struct crew_seat *crew;
		size_t n;
		client_step(boss);
		if (agent)
			client_step(agent);
		crew = client_crew(&n, boss);
		for (size_t k = 0; crew && k < n; k++)
			if (id_cmp(&crew[k].seat, seat) == 0 &&
			    crew[k].state == state)
				return crew[k];
		(void)poll(&p, 1, 100);
	}
	fail_msg("it was never told: %d", (int)state);
	return (struct crew_seat){.state = PRESENCE_OFFLINE};
}

static void test_presence__the_centre_tells_supervisors(void **state)
{
	struct hospital *h = hospital_with_pair();
	struct home *a = hospital_open(h, "seats/A017", "pw");
	struct home *s = hospital_open(h, "seats/S002", "pw");
	struct client *agent = connect_home(a), *boss = connect_home(s);
	struct id seat = home_identity(a)->seat;
	struct crew_seat told;
	size_t n;

	*state = h;
	client_presence(agent, PRESENCE_CALL);
	client_presence(boss, PRESENCE_IDLE);
	told = wait_for(boss, agent, &seat, PRESENCE_CALL);
	assert_true(told.heard_s > env_now_s(program_env()) - 3600);
	client_presence(agent, PRESENCE_AWAY);
	wait_for(boss, agent, &seat, PRESENCE_AWAY);
	assert_null(client_crew(&n, agent)); /* an agent is told nothing */
	client_free(&agent);
	told = wait_for(boss, NULL, &seat, PRESENCE_OFFLINE);
	assert_true(told.heard_s > env_now_s(program_env()) - 3600);
	client_hang_up(boss);
	assert_null(client_crew(&n, boss)); /* what was told is no more */
	client_free(&boss);
	home_close(&a);
	home_close(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_presence__goes_both_ways_in_a_session),
	    cmocka_unit_test(test_presence__what_does_not_fit_is_refused),
	    cmocka_unit_test_teardown(
		test_presence__the_centre_tells_supervisors, hospital_teardown),
	};

	return cmocka_run_group_tests_name("presence", tests, NULL, NULL);
}
