/*
 * import_run_test.c - whole imports: dry and real runs, reports in both
 * languages, the quarantine, files and folders.
 */
#include "core/profile_load.h"
#include "tests/import_world.h"

#include "core/tr.h"
#include "sync/import_assign.h"
#include "sync/import_file.h"
#include "sync/import_quarantine.h"
#include "sync/import_run.h"

#include <sys/stat.h>

static int save_draft(void *ctx, const struct draft *draft)
{
	struct draft copy = {0};

	for (size_t i = 0; i < draft->count; i++)
		draft_add(&copy, draft->entries[i].kind,
		    &draft->entries[i].stream,
		    json_incref(draft->entries[i].body));
	import_world_save(ctx, &copy);
	return 0;
}

static int refuse_draft(void *ctx, const struct draft *draft)
{
	(void)ctx;
	(void)draft;
	return ERR_NO_SPACE;
}

static void count_calls(void *ctx, size_t done, size_t total)
{
	(void)ctx;
	assert_true(done >= 1 && done <= total && total == 119);
}

static struct import_run run_of(struct world *w, bool is_dry)
{
	return (struct import_run){.site = &w->site,
	    .is_dry = is_dry,
	    .save = save_draft,
	    .progress = count_calls,
	    .ctx = w};
}

static void test_run__dry_saves_nothing_and_tells_the_same(void **state)
{
	struct world *w = *state;
	struct import_run dry = run_of(w, true), real = run_of(w, false);
	struct import_batch *b = import_world_sample();
	struct import_tally told, done;

	assert_int_equal(import_run(&told, &dry, b), 0);
	assert_int_equal(
	    test_scalar(w->store, "SELECT count(*) FROM v_patient"), 0);
	assert_int_equal(import_run(&done, &real, b), 0);
	assert_memory_equal(&told, &done, sizeof(told));
	assert_int_equal(done.changes[IMPORT_NEW], 119);
	assert_int_equal(done.deceased, 2);
	assert_int_equal(
	    test_scalar(w->store, "SELECT count(*) FROM v_patient"), 119);
	import_free(&b);
}

/* Who is imported stands in the list by risk at once, with the reason; a
 * second import has nothing to add. */
static void test_run__risk_and_tags_follow_from_the_files(void **state)
{
	struct world *w = *state;
	struct profile_tables *tables = profile_tables_load(NULL);

	w->site.tables = tables;
	for (int again = 0; again < 2; again++) {
		struct import_batch *b = import_world_sample();
		const struct import_run run = run_of(w, false);
		struct import_tally tally;
		int r = import_run(&tally, &run, b);

		assert_true(r == 0 || r == ERR_QUARANTINED);
		assert_int_equal(tally.changes[IMPORT_ADDED], 0);
		import_free(&b);
	}
	assert_true(test_scalar(w->store,
			"SELECT count(*) FROM v_risk r JOIN v_condition c ON "
			"c.stream = r.stream WHERE c.code LIKE 'I50%' AND "
			"r.level = 'high' AND r.reason LIKE "
			"'%heart-failure%'") > 0);
	assert_int_equal(
	    test_scalar(w->store, "SELECT count(*) FROM v_risk r JOIN "
				  "v_condition c ON c.stream = r.stream WHERE "
				  "c.code LIKE 'I50%' AND r.level <> 'high'"),
	    0);
	assert_true(test_scalar(w->store,
			"SELECT count(DISTINCT level) FROM v_risk") == 3);
	assert_true(test_scalar(w->store,
			"SELECT count(*) FROM v_tag WHERE inputs <> '' AND "
			"name_zh <> ''") > 0);
	w->site.tables = NULL;
	profile_tables_free(&tables);
}

static void test_run__a_save_that_fails_stops_it(void **state)
{
	struct world *w = *state;
	struct import_run run = run_of(w, false);
	struct import_batch *b = import_world_sample();
	struct import_tally t;

	run.save = refuse_draft;
	assert_int_equal(import_run(&t, &run, b), ERR_NO_SPACE);
	assert_int_equal(t.changes[IMPORT_NEW], 0);
	import_free(&b);
}

static void assert_report(const struct import_batch *b,
    const struct import_tally *t, enum lang lang, const char *has)
{
	struct buf out = {0};

	tr_init("build/plain/share/locale", lang);
	import_report(&out, t, b, true, 2);
	tr_use(LANG_EN);
	if (!strstr(buf_text(&out), has))
		fail_msg("no '%s' in\n%s", has, buf_text(&out));
	buf_fini(&out);
}

static void test_run__the_report_names_what_could_not_be_read(void **state)
{
	static const char text[] =
	    "{\"resourceType\":\"Claim\"}\n{\"a\":1}\n{\"b\":1}\n{\"c\":1}\n";
	struct world *w = *state;
	struct import_run run = run_of(w, false);
	struct import_batch *b = import_new(ZONE);
	struct import_tally t;

	assert_int_equal(
	    import_fhir(b, "x.ndjson", text, strlen(text)), ERR_QUARANTINED);
	assert_int_equal(import_run(&t, &run, b), ERR_QUARANTINED);
	assert_report(b, &t, LANG_EN, "Claim");
	assert_report(b, &t, LANG_EN, "1 not a type we read");
	assert_report(b, &t, LANG_EN, "x.ndjson line 3: It is not FHIR");
	assert_report(b, &t, LANG_EN, "and 1 more");
	assert_report(b, &t, LANG_ZH, "不是 FHIR 数据");
	for (int again = 0; again < 2; again++)
		assert_int_equal(import_quarantine(b, w->store, 7), 0);
	assert_int_equal(
	    test_scalar(w->store, "SELECT count(*) FROM quarantine"), 3);
	import_free(&b);
}

static void test_run__a_roster(void **state)
{
	struct world *w = *state;
	struct import_run run = run_of(w, false);
	struct import_batch *b = import_new(ZONE);
	static const char text[] = "member,name,role\nA017,林,agent\n"
				   "A041,新,agent\nA042,x,king\nA043,新";
	const struct import_text file = {"r.csv", text, sizeof(text) - 1};
	struct import_tally t;
	struct buf out = {0};

	assert_int_equal(
	    import_run_roster(&t, &run, &w->staff, b, &file), ERR_QUARANTINED);
	tr_init("build/plain/share/locale", LANG_EN);
	import_report_roster(&out, &t, b, false);
	assert_non_null(strstr(buf_text(&out), "1 granted, 1 changed"));
	assert_non_null(strstr(buf_text(&out), "r.csv line 4.role"));
	assert_non_null(strstr(buf_text(&out), "r.csv line 5: The row has"));
	buf_fini(&out);
	import_free(&b);
}

static const char lone_result[] =
    "{\"resourceType\":\"Observation\",\"id\":\"new-1\",\"status\":\"final\","
    "\"subject\":{\"identifier\":{\"system\":\"%s\",\"value\":\"%s\"}},"
    "\"effectiveDateTime\":\"2026-11-20\",\"code\":{\"coding\":[{"
    "\"system\":\"http://loinc.org\",\"code\":\"8480-6\"}]},"
    "\"valueQuantity\":{\"value\":151,\"unit\":\"mm[Hg]\","
    "\"system\":\"http://unitsofmeasure.org\",\"code\":\"mm[Hg]\"}}\n";

static struct import_tally import_lone(
    struct world *w, const struct import_identifier *id, int result)
{
	struct import_run run = run_of(w, false);
	struct import_batch *b = import_new(ZONE);
	struct import_tally t;
	char text[800];

	run.progress = NULL;
	snprintf(text, sizeof(text), lone_result, id->system, id->value);
	assert_int_equal(import_fhir(b, "lab.ndjson", text, strlen(text)), 0);
	assert_int_equal(import_run(&t, &run, b), result);
	import_free(&b);
	return t;
}

static void test_run__a_result_finds_its_registered_patient(void **state)
{
	struct world *w = *state;
	struct import_run run = run_of(w, false);
	struct import_batch *b = import_world_sample();
	struct import_tally t;

	assert_int_equal(import_run(&t, &run, b), 0);
	const struct import_identifier *id = &import_patient_at(b, 0)->ids[0];
	t = import_lone(w, id, 0);
	assert_int_equal(t.changes[IMPORT_ADDED], 1);
	assert_int_equal(t.items[IMPORT_OBSERVATION], 1);
	assert_int_equal(t.differing, 0);
	t = import_lone(w, id, 0);
	assert_int_equal(t.changes[IMPORT_SAME], 1);
	t = import_lone(w, &(struct import_identifier){id->system, "x-0", ""},
	    ERR_QUARANTINED);
	assert_int_equal(t.refused, 1);
	assert_int_equal(
	    test_scalar(w->store, "SELECT count(*) FROM v_patient"), 119);
	import_free(&b);
}

/* A table that names the first patient of the batch, an agent who does not
 * exist, a patient who does not, and one patient twice. */
static struct import_wishes read_table(
    struct world *w, struct import_batch *b, struct buf *csv)
{
	const struct import_identifier *id = &import_patient_at(b, 0)->ids[0];
	struct import_wishes wishes = {0};

	buf_printf(csv,
	    "patient,member\n%s|%s,A031\n%s,A999\nnobody,A031\n"
	    "nobody,A017\n,A017\n",
	    id->system, id->value, id->value);
	const struct import_text file = {"who.csv", buf_text(csv), csv->len};
	assert_int_equal(
	    import_wishes_read(&wishes, b, &file, w->store), ERR_QUARANTINED);
	return wishes;
}

static void test_run__a_table_says_who_gets_whom(void **state)
{
	struct world *w = *state;
	struct import_run run = run_of(w, false);
	struct import_batch *b = import_world_sample();
	struct import_tally t;
	struct buf csv = {0};
	struct import_wishes wishes = read_table(w, b, &csv);

	assert_int_equal(wishes.count, 2);
	w->site.team = (struct id){0};
	w->site.wishes = &wishes;
	assert_int_equal(import_run(&t, &run, b), ERR_QUARANTINED);
	assert_int_equal(t.assigned, 1);
	assert_int_equal(import_problem_count(b), 4);
	assert_int_equal(
	    test_scalar(w->store,
		"SELECT count(*) FROM v_assign WHERE member = 'A031'"),
	    1);
	import_wishes_fini(&wishes);
	w->site.wishes = NULL;
	buf_fini(&csv);
	import_free(&b);
}

static void test_quarantine__lists_and_drops(void **state)
{
	static const char text[] = "{\"resourceType\":\"Patient\"}\n{\"a\":1\n";
	struct world *w = *state;
	struct import_batch *b = import_new(ZONE);
	struct buf out = {0};

	assert_int_equal(
	    import_fhir(b, "x.ndjson", text, strlen(text)), ERR_QUARANTINED);
	assert_int_equal(import_quarantine(b, w->store, 7), 0);
	tr_init("build/plain/share/locale", LANG_ZH);
	assert_int_equal(quarantine_list(&out, w->store, ZONE), 0);
	tr_use(LANG_EN);
	assert_non_null(strstr(buf_text(&out), "x.ndjson line 1"));
	assert_non_null(strstr(buf_text(&out), "没有任何标识"));
	assert_int_equal(quarantine_drop(w->store, 2), 0);
	assert_int_equal(quarantine_drop(w->store, 2), ERR_NOT_FOUND);
	assert_int_equal(quarantine_drop(w->store, 1), 0);
	buf_clear(&out);
	assert_int_equal(quarantine_list(&out, w->store, ZONE), 0);
	assert_non_null(strstr(buf_text(&out), "Nothing is in quarantine"));
	assert_int_equal(quarantine_number("a/b/12.json"), 12);
	assert_int_equal(quarantine_number("12.jsonx"), 0);
	assert_int_equal(quarantine_number("x12.json"), 0);
	buf_fini(&out);
	import_free(&b);
}

static void test_file__folders_files_and_neither(void **state)
{
	char *dir = test_dir_new(), inner[4200];
	struct import_batch *b = import_new(ZONE);

	(void)state;
	assert_int_equal(import_file_fhir(b, dir), 0);
	assert_int_equal(import_problem_count(b), 1);
	snprintf(inner, sizeof(inner), "%s/absent.json", dir);
	assert_int_equal(import_file_fhir(b, inner), 0);
	assert_int_equal(import_problem_count(b), 2);
	test_write_file(dir, "a.json", "{\"resourceType\":\"Claim\"}");
	test_write_file(dir, "b.txt", "not for us");
	snprintf(inner, sizeof(inner), "%s/in", dir);
	assert_int_equal(mkdir(inner, 0700), 0);
	test_write_file(inner, "c.ndjson", "{\"resourceType\":\"Claim\"}\n");
	assert_int_equal(import_file_fhir(b, dir), 2);
	assert_int_equal(import_problem_count(b), 2);
	assert_int_equal(import_type_at(b, 0)->seen, 2);
	import_free(&b);
	test_dir_remove(dir);
}

static void test_file__too_large_is_refused(void **state)
{
	struct buf out = {0};

	(void)state;
	assert_int_equal(
	    import_file_read(&out, "schemas/sample/roster.csv", 100),
	    ERR_TOO_LARGE);
	buf_clear(&out);
	assert_int_equal(
	    import_file_read(&out, "schemas/sample/roster.csv", 100000), 0);
	assert_int_equal(strlen(buf_text(&out)), out.len);
	buf_fini(&out);
}

#define WORLD(test)                                                            \
	cmocka_unit_test_setup_teardown(                                       \
	    test, import_world_new, import_world_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD(test_run__dry_saves_nothing_and_tells_the_same),
	    WORLD(test_run__risk_and_tags_follow_from_the_files),
	    WORLD(test_run__a_save_that_fails_stops_it),
	    WORLD(test_run__the_report_names_what_could_not_be_read),
	    WORLD(test_run__a_roster),
	    WORLD(test_run__a_result_finds_its_registered_patient),
	    WORLD(test_run__a_table_says_who_gets_whom),
	    WORLD(test_quarantine__lists_and_drops),
	    cmocka_unit_test(test_file__folders_files_and_neither),
	    cmocka_unit_test(test_file__too_large_is_refused),
	};

	return cmocka_run_group_tests_name("import_run", tests, NULL, NULL);
}
