/*
 * standing_test.c - the level of risk, tags and scores from a real call to
 * the screen: recorded at its end, found by the search, overruled by a
 * clinician, given back to the rules.
 */
#include "core/search.h"
#include "core/store.h"
#include "keys/hash.h"
#include "tests/desk_maker.h"
#include "tests/stage.h"
#include "tests/test.h"
#include "tui/amend.h"
#include "tui/call.h"
#include "tui/catalog.h"
#include "tui/past.h"
#include "tui/screens.h"

#include <stdlib.h>
#include <string.h>

/* A whole form of hypertension with this pressure. */
static void call_with(struct desk_maker *m, int patient, const char *sbp)
{
	const char *const said[][2] = {{"call.identity", "1"},
	    {"call.recording", "1"}, {"call.respondent", "1"}, {"bp.sys", sbp},
	    {"bp.dia", "86"}};
	struct id p = desk_patient(patient);
	struct script_place at = {.occ = 0};
	struct script_verdict v;
	char ref[REF_TEXT];
	struct call *c;

	assert_int_equal(call_begin(&c, &m->desk, &p, "x"), 0);
	for (size_t i = 0; i < ARRAY_LEN(said); i++) {
		at.item = script_find(c->script, said[i][0]);
		assert_int_equal(call_answer(c, at, said[i][1], &v), 0);
	}
	assert_int_equal(
	    call_finish(ref, c,
		cadence_find(catalog_cadence(m->desk.catalog), "hung-up"),
		NULL),
	    0);
	call_free(&c);
	m->world.now_s += 86400;
}

static int found(struct desk_maker *m, const char *typed)
{
	struct id out[10];
	struct search *x;
	int n;

	assert_int_equal(
	    search_open(&x, m->desk.store, desk_today(&m->desk)), 0);
	n = search_find(out, 10, x, typed);
	search_free(&x);
	return n;
}

static int64_t count(struct desk_maker *m, const char *sql)
{
	return test_scalar(m->desk.store, sql);
}

static void test_standing__a_call_records_risk_and_tags(void **state)
{
	struct desk_maker m;

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	assert_int_equal(found(&m, "血压未达标"), 0);
	call_with(&m, 3, "156");
	assert_int_equal(
	    count(&m, "SELECT count(*) FROM v_tag WHERE tag = 'bp-high' "
		      "AND inputs LIKE '8480-6 156%' AND until_day > 0"),
	    1);
	assert_int_equal(
	    count(&m, "SELECT count(*) FROM v_contact WHERE risk IS NOT NULL"),
	    1);
	assert_int_equal(
	    count(&m, "SELECT count(*) FROM v_risk WHERE rule = 'risk-levels' "
		      "AND why_zh <> '' AND inputs <> ''"),
	    1);
	assert_int_equal(found(&m, "血压未达标"), 1);
	assert_int_equal(found(&m, "bp-high"), 1);
	/* It ends by itself, without a record. */
	m.world.now_s += INT64_C(130) * 86400;
	assert_int_equal(found(&m, "血压未达标"), 0);
	m.world.now_s -= INT64_C(130) * 86400;
	/* Controlled: taken away. */
	call_with(&m, 3, "128");
	assert_int_equal(
	    count(&m, "SELECT count(*) FROM v_tag WHERE tag = 'bp-high'"), 0);
	desk_maker_fini(&m);
}

/* Cut short after the pressure, it may put the level up and never down. */
static void test_standing__a_call_cut_short_lowers_no_level(void **state)
{
	static const char high[] =
	    "SELECT count(*) FROM v_risk WHERE level = 'high'";
	static const char said[] =
	    "SELECT count(*) FROM v_contact WHERE risk IS NOT NULL";
	static const char set[2][90] = {
	    "{'level':'low','reason':'','rule':'risk-levels','version':'1'}",
	    "{'level':'high','reason':'','rule':'risk-levels','version':'1'}"};
	struct id p = desk_patient(3);
	struct desk_maker m;
	int64_t others;

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	desk_maker_enter(&m, KIND_RISK_SET, &p, set[0]);
	others = count(&m, high);
	desk_maker_enter(&m, KIND_RISK_SET, &p, set[1]);
	call_with(&m, 3, "128");
	assert_int_equal(count(&m, high), others + 1);
	assert_int_equal(count(&m, said), 0);
	desk_maker_enter(&m, KIND_RISK_SET, &p, set[0]);
	assert_int_equal(count(&m, high), others);
	call_with(&m, 3, "186");
	assert_int_equal(count(&m, high), others + 1);
	assert_int_equal(count(&m, said), 1);
	desk_maker_fini(&m);
}

/* Nor does a correction of it: what was not asked is still not absent. */
static void test_standing__a_correction_of_it_lowers_no_level(void **state)
{
	static const char high[] =
	    "SELECT count(*) FROM v_risk WHERE level = 'high'";
	struct script_place at = {.confirmed = true};
	struct script_verdict verdict = {.text = NULL};
	struct id p = desk_patient(3);
	struct amend_effect did;
	struct desk_maker m;
	struct amend *a;
	char ref[REF_TEXT];
	int64_t others;

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	others = count(&m, high);
	call_with(&m, 3, "186");
	assert_int_equal(count(&m, high), others + 1);
	assert_int_equal(amend_open(&a, &m.desk, &p, NULL), 0);
	at.item = script_find(a->past->script, "bp.sys");
	assert_int_equal(
	    script_run_type(a->past->run, at, "128", NULL, &verdict), 0);
	assert_int_equal(amend_save(ref, a, "slip", &did), 0);
	assert_int_equal(
	    count(&m, "SELECT count(*) FROM v_obs WHERE value = 186"), 0);
	assert_int_equal(count(&m, high), others + 1);
	assert_int_equal(
	    count(&m, "SELECT count(*) FROM v_contact WHERE risk = 'high'"), 1);
	amend_free(&a);
	desk_maker_fini(&m);
}

/* A rule that was signed elsewhere at the same time does not outdo it. */
static void test_standing__what_a_clinician_sets_stays(void **state)
{
	static const char high[] =
	    "SELECT count(*) FROM v_risk WHERE level = 'high' AND rule IS NULL";
	struct id p = desk_patient(3);
	struct desk_maker m;

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	desk_maker_enter(&m, KIND_RISK_SET, &p,
	    "{'level':'high','reason':'lives far from any help'}");
	assert_int_equal(count(&m, high), 1);
	call_with(&m, 3, "128");
	assert_int_equal(count(&m, high), 1);
	desk_maker_enter(&m, KIND_RISK_SET, &p,
	    "{'level':'low','reason':'','rule':'risk-levels','version':'1'}");
	assert_int_equal(count(&m, high), 1);
	desk_maker_enter(&m, KIND_RISK_SET, &p,
	    "{'level':'low','reason':'','rule':'risk-levels','version':'1',"
	    "'lifts':true}");
	assert_int_equal(count(&m, high), 0);
	desk_maker_fini(&m);
}

static void test_standing__set_and_given_back_by_keys(void **state)
{
	struct id p = desk_patient(4);
	struct patient_arg arg = {.patient = p, .why = "review"};
	struct stage st = {.role = 'D',
	    .lang = LANG_EN,
	    .screen = &patient_screen,
	    .arg = &arg};
	struct vscreen *vs = stage_start(&st, 40, 120);

	(void)state;
	screen_keys(vs, "R3stable for years\r");
	assert_true(screen_has(vs, "stable for years"));
	assert_true(screen_has(vs, "set by D001"));
	screen_keys(vs, "R4");
	assert_false(screen_has(vs, "stable for years"));
	assert_true(screen_has(vs, "risk-levels v"));
	screen_free(&vs);
	/* An agent is told who does. */
	st.role = 'A';
	vs = stage_start(&st, 40, 120);
	screen_keys(vs, "R");
	assert_true(screen_has(vs, "A clinician or a supervisor"));
	screen_free(&vs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_standing__a_call_records_risk_and_tags),
	    cmocka_unit_test(test_standing__a_call_cut_short_lowers_no_level),
	    cmocka_unit_test(test_standing__a_correction_of_it_lowers_no_level),
	    cmocka_unit_test(test_standing__what_a_clinician_sets_stays),
	    cmocka_unit_test(test_standing__set_and_given_back_by_keys),
	};

	hash_init();
	return cmocka_run_group_tests_name("standing", tests, NULL, NULL);
}
