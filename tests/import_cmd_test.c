/*
 * import_cmd_test.c - the import verbs over a real node: signed, rebuilt
 * alike, received by the terminals of those whom patients were given to.
 */
#include "tests/world.h"

#include "core/err.h"
#include "sync/import_cmd.h"

int64_t test_scalar(struct store *store, const char *sql);

static const char *const roster[] = {"schemas/sample/roster.csv"};
static const char *const people[] = {"schemas/sample"};

static int import(
    struct world *w, const struct import_ask *ask, const char *says)
{
	struct buf out = {0};
	int r = import_cmd(&out, w->node.ledger, ask);

	if (r == 0 && !strstr(buf_text(&out), says))
		fail_msg("no '%s' in:\n%s", says, buf_text(&out));
	buf_fini(&out);
	return r;
}

static struct import_ask ask_roster(void)
{
	return (struct import_ask){
	    .is_roster = true, .paths = roster, .path_count = 1};
}

static struct import_ask ask_people(void)
{
	return (struct import_ask){
	    .team = "慢病随访组", .paths = people, .path_count = 1};
}

static void test_cmd__the_sample_into_a_real_node(void **state)
{
	struct world *w = world_new(11);
	struct import_ask staff = ask_roster(), fhir = ask_people();
	struct world_seat *agent;
	char before[HASH_HEX], after[HASH_HEX];

	(void)state;
	assert_int_equal(import(w, &staff, "granted"), 0);
	agent = world_join(w, "A017", "agent");
	assert_int_equal(import(w, &fhir, "119 new"), 0);
	assert_int_equal(
	    test_scalar(w->node.store, "SELECT count(*) FROM v_patient"), 119);
	world_digest(before, &w->node);
	assert_int_equal(ledger_rebuild(w->node.ledger, NULL, NULL), 0);
	world_digest(after, &w->node);
	assert_string_equal(before, after);
	assert_int_equal(world_sync(agent), 0);
	assert_int_equal(
	    test_scalar(agent->store, "SELECT count(*) FROM v_patient"),
	    test_scalar(w->node.store,
		"SELECT count(*) FROM v_assign WHERE member = 'A017'"));
	assert_true(
	    test_scalar(agent->store, "SELECT count(*) FROM v_due") >= 20);
	assert_int_equal(import(w, &fhir, "119 unchanged"), 0);
	assert_int_equal(import(w, &staff, "unchanged"), 0);
	world_free(w);
}

static void test_cmd__asks_that_make_no_sense(void **state)
{
	static const char *const nowhere[] = {"schemas/sample/absent.json"};
	struct world *w = world_new(12);
	struct import_ask ask = ask_people();

	(void)state;
	ask.team = "no such team";
	assert_int_equal(import(w, &ask, ""), ERR_NOT_FOUND);
	ask.team = NULL;
	ask.path_count = 0;
	assert_int_equal(import(w, &ask, ""), ERR_USAGE);
	ask.path_count = 1;
	ask.paths = nowhere;
	assert_int_equal(import(w, &ask, ""), ERR_QUARANTINED);
	assert_int_equal(
	    test_scalar(w->node.store, "SELECT count(*) FROM quarantine"), 1);
	ask.is_roster = true;
	assert_int_equal(import(w, &ask, ""), ERR_NOT_FOUND);
	world_free(w);
}

static void test_cmd__a_dry_run_leaves_no_trace(void **state)
{
	struct world *w = world_new(13);
	struct import_ask ask = ask_people();
	uint64_t seq = ledger_next_seq(w->node.ledger);

	(void)state;
	ask.team = NULL;
	ask.is_dry = true;
	assert_int_equal(import(w, &ask, "119 new"), 0);
	assert_int_equal(ledger_next_seq(w->node.ledger), seq);
	assert_int_equal(
	    test_scalar(w->node.store, "SELECT count(*) FROM v_patient"), 0);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cmd__the_sample_into_a_real_node),
	    cmocka_unit_test(test_cmd__asks_that_make_no_sense),
	    cmocka_unit_test(test_cmd__a_dry_run_leaves_no_trace),
	};

	return cmocka_run_group_tests_name("import_cmd", tests, NULL, NULL);
}
