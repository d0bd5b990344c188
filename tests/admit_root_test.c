/* admit_root_test.c - what the node may say about the roster: only what the
 * root signed, word for word. */
#include "tests/world.h"

#include "core/err.h"
#include "core/id.h"
#include "core/verdict.h"
#include "sync/site.h"

static void node_says(struct world *w, enum kind kind, json_t *body)
{
	struct draft d = {0};

	draft_add(&d, kind, &w->roster, body);
	assert_int_equal(ledger_record(w->node.ledger, &d, NULL), 0);
	draft_fini(&d);
}

/* Verdict of the newest entry in the node's log. */
static int64_t verdict(struct world *w)
{
	return test_scalar(w->node.store,
	    "SELECT verdict FROM entry ORDER BY pos DESC, idx DESC LIMIT 1");
}

static json_t *operator_statement(
    struct world *w, const char *member, const struct secret *key)
{
	struct statement s = {.what = STATEMENT_OPERATOR,
	    .org = w->org,
	    .name = "x",
	    .terminal = "T-9",
	    .until_s = 4000000000};
	struct identity *me = identity_new(&w->org, &w->env.env);
	struct paper paper;
	json_t *body;

	strcpy(s.member, member);
	s.seat = me->seat;
	memcpy(s.sign_pk, me->sign_pk, SIGN_PUBLIC);
	memcpy(s.dh_pk, me->dh_pk, DH_KEY);
	paper_make(&paper, &s, key);
	body = paper_json(&paper);
	json_put_str(body, "what", "operator");
	identity_free(&me);
	return body;
}

static json_t *member(const char *name, const char *role)
{
	return json_pack("{s:s,s:s,s:s,s:I,s:I}", "member", name, "name", name,
	    "role", role, "from_s", (json_int_t)0, "until_s",
	    (json_int_t)4000000000);
}

static void test_admit__a_forged_statement_has_no_effect(void **state)
{
	struct world *w = world_new(3);

	(void)state;
	node_says(w, KIND_ROOT_STATEMENT,
	    operator_statement(w, "O009", w->node.me->sign));
	assert_int_equal(verdict(w), VERDICT_HELD_GRANT);
	node_says(w, KIND_MEMBER_GRANTED, member("O009", "operator"));
	assert_int_equal(verdict(w), VERDICT_HELD_ROLE);
	node_says(
	    w, KIND_ROOT_STATEMENT, operator_statement(w, "O009", w->root_sk));
	assert_int_equal(verdict(w), VERDICT_ADMITTED);
	node_says(w, KIND_MEMBER_GRANTED, member("O009", "operator"));
	assert_int_equal(verdict(w), VERDICT_ADMITTED);
	world_free(w);
}

static void test_admit__a_name_within_a_name_is_another_name(void **state)
{
	struct world *w = world_new(4);

	(void)state;
	node_says(
	    w, KIND_ROOT_STATEMENT, operator_statement(w, "O0099", w->root_sk));
	node_says(w, KIND_MEMBER_GRANTED, member("O009", "operator"));
	assert_int_equal(verdict(w), VERDICT_HELD_ROLE);
	node_says(w, KIND_MEMBER_GRANTED, member("O0099", "operator"));
	assert_int_equal(verdict(w), VERDICT_ADMITTED);
	world_free(w);
}

static void certify(struct world *w)
{
	struct statement s = {.what = STATEMENT_NODE,
	    .org = w->org,
	    .seat = w->node.me->seat,
	    .incarnation = 1,
	    .until_s = 4000000000};
	struct paper paper;
	json_t *body;

	memcpy(s.sign_pk, w->node.me->sign_pk, SIGN_PUBLIC);
	memcpy(s.dh_pk, w->node.me->dh_pk, DH_KEY);
	paper_make(&paper, &s, w->root_sk);
	body = paper_json(&paper);
	json_put_str(body, "what", "node");
	node_says(w, KIND_ROOT_STATEMENT, body);
	assert_int_equal(verdict(w), VERDICT_ADMITTED);
}

static void test_admit__members_by_the_nodes_certificate_alone(void **state)
{
	struct world *w = world_new_uncertified(5);
	struct identity *me = identity_new(&w->org, &w->env.env);
	json_t *seat = json_pack("{s:s,s:i,s:s,s:I,s:I}", "member", "A050",
	    "ordinal", 1, "terminal", "T-1", "from_s", (json_int_t)0, "until_s",
	    (json_int_t)4000000000);
	char hex[HASH_HEX];

	(void)state;
	node_says(w, KIND_MEMBER_GRANTED, member("A050", "agent"));
	assert_int_equal(verdict(w), VERDICT_HELD_ROLE);
	certify(w);
	node_says(w, KIND_MEMBER_GRANTED, member("A050", "agent"));
	assert_int_equal(verdict(w), VERDICT_ADMITTED);
	draft_put_id(seat, "seat", &me->seat);
	hex_encode(hex, me->sign_pk, SIGN_PUBLIC);
	json_put_str(seat, "sign_key", hex);
	hex_encode(hex, me->dh_pk, DH_KEY);
	json_put_str(seat, "dh_key", hex);
	node_says(w, KIND_SEAT_GRANTED, seat);
	assert_int_equal(verdict(w), VERDICT_HELD_ROLE);
	node_says(w, KIND_MEMBER_GRANTED, member("O050", "operator"));
	assert_int_equal(verdict(w), VERDICT_HELD_ROLE);
	identity_free(&me);
	world_free(w);
}

static void root_says(
    struct world *w, const struct statement *s, const struct secret *key)
{
	struct paper paper;
	json_t *body;

	paper_make(&paper, s, key);
	body = paper_json(&paper);
	json_put_str(body, "what", statement_name(s->what));
	node_says(w, KIND_ROOT_STATEMENT, body);
}

static void test_admit__a_root_that_handed_over_is_silent(void **state)
{
	struct world *w = world_new(6);
	struct secret *seed = secret_random(SIGN_SEED, &w->env.env), *next;
	struct statement first = {.what = STATEMENT_GENESIS, .org = w->org};
	struct statement over = {.what = STATEMENT_ROLLOVER, .org = w->org};

	(void)state;
	identity_sign_key(&next, over.root_pk, seed);
	memcpy(first.root_pk, w->root_pk, SIGN_PUBLIC);
	root_says(w, &first, w->root_sk);
	assert_int_equal(verdict(w), VERDICT_ADMITTED);
	root_says(w, &over, w->root_sk); /* the new one has not accepted */
	assert_int_equal(verdict(w), VERDICT_HELD_GRANT);
	node_says(w, KIND_ROOT_STATEMENT, operator_statement(w, "O1", next));
	assert_int_equal(verdict(w), VERDICT_HELD_GRANT);
	statement_countersign(&over, w->root_pk, next);
	root_says(w, &over, w->root_sk);
	assert_int_equal(verdict(w), VERDICT_ADMITTED);
	node_says(w, KIND_ROOT_STATEMENT, operator_statement(w, "O2", next));
	assert_int_equal(verdict(w), VERDICT_ADMITTED);
	node_says(
	    w, KIND_ROOT_STATEMENT, operator_statement(w, "O3", w->root_sk));
	assert_int_equal(verdict(w), VERDICT_HELD_GRANT);
	secret_free(&seed);
	secret_free(&next);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_admit__a_forged_statement_has_no_effect),
	    cmocka_unit_test(test_admit__a_name_within_a_name_is_another_name),
	    cmocka_unit_test(
		test_admit__members_by_the_nodes_certificate_alone),
	    cmocka_unit_test(test_admit__a_root_that_handed_over_is_silent),
	};

	return cmocka_run_group_tests_name("admit_root", tests, NULL, NULL);
}
