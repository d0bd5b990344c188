/*
 * import_node_test.c - the sample into a real node: signed, rebuilt alike,
 * received by the terminals of those whom patients were given to.
 */
#include "tests/own.h"
#include "tests/world.h"

#include "core/err.h"
#include "core/pathway_set.h"
#include "sync/import_file.h"
#include "sync/import_pinyin.h"
#include "sync/import_run.h"

#define ZONE (8 * 3600)

int64_t test_scalar(struct store *store, const char *sql);

static int save(void *ctx, const struct draft *draft)
{
	return ledger_record(ctx, draft, NULL);
}

static struct import_tally import_roster_of(struct world *w)
{
	static const char path[] = "schemas/sample/roster.csv";
	const struct import_staff staff = {
	    w->node.store, &w->env.env, w->roster, INT64_C(253402300799)};
	const struct import_run run = {.save = save, .ctx = w->node.ledger};
	struct import_batch *b = import_new(ZONE);
	struct import_tally tally;
	struct buf text = {0};

	assert_int_equal(import_file_read(&text, path, 1 << 20), 0);
	const struct import_text file = {path, buf_text(&text), text.len};
	assert_int_equal(import_run_roster(&tally, &run, &staff, b, &file), 0);
	buf_fini(&text);
	import_free(&b);
	return tally;
}

static struct import_tally import_people(struct world *w, bool is_dry)
{
	struct import_site site = {.store = w->node.store,
	    .env = &w->env.env,
	    .zone_s = ZONE,
	    .source = "示例医院"};
	const struct import_run run = {.site = &site,
	    .is_dry = is_dry,
	    .save = save,
	    .ctx = w->node.ledger};
	struct import_batch *b = import_new(ZONE);
	struct pathway_set *pathways = own_pathways();
	struct pinyin_engine *pinyin = NULL;
	struct import_tally tally;

	assert_int_equal(pinyin_engine_new(&pinyin), 0);
	site.pathways = pathways;
	site.pinyin = pinyin;
	if (import_team(&site.team, w->node.store, "慢病随访组"))
		assert_true(is_dry);
	assert_int_equal(import_file_fhir(b, "schemas/sample"), 10);
	assert_int_equal(import_run(&tally, &run, b), 0);
	pinyin_engine_free(&pinyin);
	pathway_set_free(&pathways);
	import_free(&b);
	return tally;
}

static void test_node__the_sample_is_signed_rebuilt_and_received(void **state)
{
	struct world *w = world_new(11);
	struct world_seat *agent;
	char before[HASH_HEX], after[HASH_HEX];

	(void)state;
	assert_int_equal(import_roster_of(w).changes[IMPORT_NEW], 8);
	agent = world_join(w, "A017", "agent");
	assert_int_equal(import_people(w, false).changes[IMPORT_NEW], 119);
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
	assert_int_equal(import_people(w, false).changes[IMPORT_SAME], 119);
	world_free(w);
}

static void test_node__a_dry_run_leaves_no_trace(void **state)
{
	struct world *w = world_new(13);
	uint64_t seq = ledger_next_seq(w->node.ledger);

	(void)state;
	assert_int_equal(import_people(w, true).changes[IMPORT_NEW], 119);
	assert_int_equal(ledger_next_seq(w->node.ledger), seq);
	assert_int_equal(
	    test_scalar(w->node.store, "SELECT count(*) FROM v_patient"), 0);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		test_node__the_sample_is_signed_rebuilt_and_received),
	    cmocka_unit_test(test_node__a_dry_run_leaves_no_trace),
	};

	return cmocka_run_group_tests_name("import_node", tests, NULL, NULL);
}
