/*
 * calendar_test.c - a person's days: what is counted on which day, and the
 * rows of one.
 */
#include "core/calendar.h"
#include "core/clock.h"
#include "core/store.h"
#include "tests/desk_maker.h"
#include "tests/test.h"

#define ROWS 20

static struct calendar_ask ask_of(const struct desk_maker *m)
{
	return (struct calendar_ask){"A017", m->world.now_s, 28800};
}

static int64_t today_of(const struct desk_maker *m)
{
	return day_of(m->world.now_s, 28800);
}

/* The six patients: one due yesterday, three today of whom one is promised
 * too, two tomorrow. */
static void test_calendar__a_promise_counts_once(void **state)
{
	struct desk_maker m;
	struct calendar_day days[14];
	struct calendar_ask ask;

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	ask = ask_of(&m);
	assert_int_equal(
	    calendar_days(days, 14, m.desk.store, &ask, today_of(&m) - 6), 0);
	assert_int_equal(days[5].due, 1); /* yesterday */
	assert_int_equal(days[6].promised, 1);
	assert_int_equal(days[6].due, 2);
	assert_int_equal(days[6].minutes, 15 + 2 * 8);
	assert_int_equal(days[7].due, 2);
	assert_int_equal(days[8].due + days[8].promised + days[8].done, 0);
	desk_maker_fini(&m);
}

static void test_calendar__today_has_what_is_overdue(void **state)
{
	struct desk_maker m;
	struct calendar_row rows[ROWS];
	struct calendar_ask ask;
	int64_t today;

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	ask = ask_of(&m);
	today = today_of(&m);
	assert_int_equal(
	    calendar_rows(rows, ROWS, m.desk.store, &ask, today), 4);
	assert_int_equal(rows[0].what, CALENDAR_PROMISE);
	assert_string_equal(rows[0].name_en, "Shan Xuemei");
	assert_string_equal(rows[0].pathway, "hypertension");
	assert_int_equal(rows[1].what, CALENDAR_DUE);
	assert_int_equal(rows[1].due_day, today - 1);
	assert_int_equal(rows[3].due_day, today);
	/* and yesterday its own */
	assert_int_equal(
	    calendar_rows(rows, ROWS, m.desk.store, &ask, today - 1), 1);
	assert_int_equal(
	    calendar_rows(rows, ROWS, m.desk.store, &ask, today + 1), 2);
	/* nobody else's */
	ask.member = "A012";
	assert_int_equal(
	    calendar_rows(rows, ROWS, m.desk.store, &ask, today), 0);
	desk_maker_fini(&m);
}

/* What is done is counted by patient, each call has its row; who refused or
 * died is planned no more. */
static void test_calendar__done_is_not_planned(void **state)
{
	static const char contact[] =
	    "{'respondent':'self','disposition':'reached',"
	    "'disposition_version':1,'reached':true,'completed':true,"
	    "'started_s':1795312000,'ended_s':1795312100,'class':'none',"
	    "'done':[{'pathway':'hypertension','step':'routine'}]}";
	struct desk_maker m;
	struct calendar_row rows[ROWS];
	struct calendar_day days[2];
	struct calendar_ask ask;
	struct id zeng = desk_patient(3), qiu = desk_patient(4);

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	ask = ask_of(&m);
	assert_int_equal(store_begin(m.desk.store), 0);
	desk_maker_enter(&m, KIND_CONTACT_RECORDED, &zeng, contact);
	desk_maker_enter(&m, KIND_CONTACT_RECORDED, &zeng, contact);
	desk_maker_enter(
	    &m, KIND_CONSENT_SET, &qiu, "{'what':'call','given':false}");
	assert_int_equal(store_commit(m.desk.store), 0);
	assert_int_equal(
	    calendar_days(days, 2, m.desk.store, &ask, today_of(&m)), 0);
	assert_int_equal(days[0].done, 1);
	assert_int_equal(days[0].due, 0);
	assert_int_equal(days[0].promised, 1);
	assert_int_equal(
	    calendar_rows(rows, ROWS, m.desk.store, &ask, today_of(&m)), 4);
	assert_int_equal(rows[1].what, CALENDAR_DONE);
	assert_string_equal(rows[1].disposition, "reached");
	assert_int_equal(rows[2].what, CALENDAR_DONE);
	desk_maker_fini(&m);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_calendar__a_promise_counts_once),
	    cmocka_unit_test(test_calendar__today_has_what_is_overdue),
	    cmocka_unit_test(test_calendar__done_is_not_planned),
	};

	return cmocka_run_group_tests_name("calendar", tests, NULL, NULL);
}
