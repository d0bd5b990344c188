/*
 * grant_test.c - the centre keeps the grant it read last while the roster
 * stands: what a batch revokes counts from the next record on, and what is
 * taken back from the store does not count at all.
 */
#include "tests/world.h"

#include "core/mem.h"
#include "sync/session_impl.h"

#include <stdlib.h>

#define NOTE "{\"text\":\"说明\"}"

/* An agent with two notes and an operator with that agent's revocation;
 * the centre has seen none of them. */
struct batch {
	struct world *w;
	struct world_seat *agent;
	uint64_t first, second, revocation;
};

static int setup(void **state)
{
	struct batch *b = mem_new(sizeof(*b));
	char json[120], hex[ID_HEX];
	struct id patient;

	b->w = world_new(1);
	b->agent = world_join(b->w, "A017", "agent");
	patient = world_patient(b->w, "欧阳建国", "A017");
	assert_int_equal(world_sync(b->agent), 0);
	assert_int_equal(world_sync(&b->w->seats[0]), 0);
	b->first = world_say(b->agent, KIND_NOTE_ADDED, &patient, NOTE);
	b->second = world_say(b->agent, KIND_NOTE_ADDED, &patient, NOTE);
	id_hex(hex, &b->agent->me->seat);
	snprintf(
	    json, sizeof(json), "{\"seat\":\"%s\",\"reason\":\"lost\"}", hex);
	b->revocation =
	    world_say(&b->w->seats[0], KIND_SEAT_REVOKED, &b->w->roster, json);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct batch *b = *state;

	world_free(b->w);
	free(b);
	return 0;
}

/* What give says of a terminal's record, without a session's commit. */
static void give(struct batch *b, struct world_seat *from, uint64_t seq)
{
	struct parcel p = {0};
	struct incoming in;

	assert_int_equal(
	    parcel_load(&p, from->ledger, &from->me->seat, seq, NULL), 0);
	in = (struct incoming){.frame = p.give.frame,
	    .frame_len = p.give.frame_len,
	    .seals = p.give.seals,
	    .seals_len = p.give.seals_len,
	    .boxes = &p.give.boxes};
	assert_int_equal(ledger_receive(b->w->node.ledger, &in), 0);
	parcel_fini(&p);
}

static int64_t revoked(struct batch *b)
{
	char sql[80];

	snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM entry WHERE verdict = %d",
	    VERDICT_HELD_REVOKED);
	return test_scalar(b->w->node.store, sql);
}

static void test_grant__a_revocation_in_the_batch_counts_at_once(void **state)
{
	struct batch *b = *state;

	assert_int_equal(ledger_begin(b->w->node.ledger), 0);
	give(b, b->agent, b->first);
	assert_int_equal(revoked(b), 0);
	give(b, &b->w->seats[0], b->revocation);
	give(b, b->agent, b->second);
	assert_int_equal(revoked(b), 1);
	assert_int_equal(ledger_commit(b->w->node.ledger), 0);
}

static void test_grant__a_revocation_taken_back_does_not_count(void **state)
{
	struct batch *b = *state;

	assert_int_equal(ledger_begin(b->w->node.ledger), 0);
	give(b, &b->w->seats[0], b->revocation);
	give(b, b->agent, b->first);
	assert_int_equal(revoked(b), 1);
	ledger_rollback(b->w->node.ledger);
	assert_int_equal(ledger_begin(b->w->node.ledger), 0);
	give(b, b->agent, b->first);
	give(b, b->agent, b->second);
	assert_int_equal(revoked(b), 0);
	assert_int_equal(ledger_commit(b->w->node.ledger), 0);
}

static void test_grant__a_rebuilt_roster_grants_the_same(void **state)
{
	struct batch *b = *state;

	assert_int_equal(ledger_begin(b->w->node.ledger), 0);
	give(b, b->agent, b->first);
	give(b, &b->w->seats[0], b->revocation);
	assert_int_equal(ledger_commit(b->w->node.ledger), 0);
	assert_int_equal(ledger_rebuild(b->w->node.ledger, NULL, NULL), 0);
	assert_int_equal(ledger_begin(b->w->node.ledger), 0);
	give(b, b->agent, b->second);
	assert_int_equal(revoked(b), 1);
	assert_int_equal(ledger_commit(b->w->node.ledger), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_grant__a_revocation_in_the_batch_counts_at_once, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(
		test_grant__a_revocation_taken_back_does_not_count, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(
		test_grant__a_rebuilt_roster_grants_the_same, setup, teardown),
	};

	return cmocka_run_group_tests_name("grant", tests, NULL, NULL);
}
