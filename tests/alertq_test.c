/*
 * alertq_test.c - what the alert queue reads: the day's loops (how many closed,
 * of how many, the median of the time they took), what is forwarded, whom it
 * may go to, what the filter finds.
 */
#include "core/alertq.h"
#include "core/clock.h"
#include "core/tr.h"
#include "tests/desk_maker.h"
#include "tests/test.h"
#include "tui/words.h"

#define PATIENT 4 /* who has no alert of the fixture's */

static void enter_raised(struct desk_maker *m, int minutes_ago)
{
	struct id p = desk_patient(PATIENT);

	m->shift_s = -60 * minutes_ago;
	desk_maker_enter(m, KIND_ALERT_RAISED, &p,
	    "{'no':'A012.1-8','rule':'r','version':'1','level':'red',"
	    "'text_zh':'x','text_en':'x','queue':'q','sla_s':1800,"
	    "'instruction_zh':'','instruction_en':''}");
	m->shift_s = 0;
}

/* Raised so many minutes ago; closed so many later, -1: still open. */
static void enter_loop(
    struct desk_maker *m, int minutes_ago, int took, const char *owner)
{
	struct id p = desk_patient(2);
	char body[600], ref[REF_TEXT];

	m->shift_s = -60 * minutes_ago;
	desk_maker_enter(m, KIND_ALERT_RAISED, &p,
	    "{'no':'A012.1-8','rule':'r','version':'1','level':'red',"
	    "'text_zh':'x','text_en':'x','queue':'q','sla_s':1800,"
	    "'instruction_zh':'','instruction_en':''}");
	ref_text(ref, &(struct ref){m->desk.seat, m->seq, 1});
	snprintf(body, sizeof(body), "{'alert':'%s','owner':'%s'}", ref, owner);
	desk_maker_enter(m, KIND_ALERT_ACKNOWLEDGED, &p, body);
	m->shift_s += 60 * took;
	snprintf(body, sizeof(body), "{'alert':'%s','waiver':'by phone'}", ref);
	if (took >= 0)
		desk_maker_enter(m, KIND_ALERT_CLOSED, &p, body);
	m->shift_s = 0;
}

static void test_alertq__day_counts_loops_and_their_median(void **state)
{
	static const struct {
		const char *owner;
		int closed, open, median_min;
	} rows[] = {{NULL, 4, 3, 14}, {"D001", 3, 0, 20}, {"D002", 1, 1, 5},
	    {"D003", 0, 0, 0}};
	struct desk_maker m;
	struct alert_day day;

	(void)state;
	desk_maker_init(&m, 'D', NULL);
	desk_maker_fill(&m); /* one open alert, nobody's */
	enter_loop(&m, 70, 14, "D001");
	enter_loop(&m, 60, 20, "D001");
	enter_loop(&m, 90, 31, "D001");
	enter_loop(&m, 50, 5, "D002");
	enter_loop(&m, 40, -1, "D002");
	enter_loop(&m, 2900, 10, "D001"); /* two days ago: not today's */
	enter_loop(&m, 2800, -1, "");     /* still open since then */
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(alertq_day(&day, m.desk.store, rows[i].owner,
				     m.world.now_s - 7200),
		    0);
		assert_int_equal(day.closed, rows[i].closed);
		assert_int_equal(day.open, rows[i].open);
		assert_int_equal(day.median_s, 60 * rows[i].median_min);
	}
	desk_maker_fini(&m);
}

/* The one alert that is open, as this person's queue has it. */
static int read_one(
    struct alert_row *row, struct desk_maker *m, const char *owner)
{
	struct alert_filter f = {.owner = owner};

	return alertq_read(row, 1, m->desk.store, &f);
}

static void say(
    struct desk_maker *m, enum kind kind, const char *ref, const char *rest)
{
	struct id p = desk_patient(2);
	char body[400];

	snprintf(body, sizeof(body), "{'alert':'%s'%s}", ref, rest);
	desk_maker_enter(m, kind, &p, body);
}

/* Forwarded, it waits anew and is the new owner's; its clock goes on. */
static void test_alertq__forwarded_waits_to_be_acknowledged_anew(void **state)
{
	struct desk_maker m;
	struct alert_row row;
	struct alert_step steps[8];
	int64_t due_s, acked_s;

	(void)state;
	desk_maker_init(&m, 'D', NULL);
	desk_maker_fill(&m);
	assert_int_equal(read_one(&row, &m, NULL), 1);
	due_s = row.due_s;
	say(&m, KIND_ALERT_ACKNOWLEDGED, row.ref, ",'owner':'D001'");
	assert_int_equal(read_one(&row, &m, "D001"), 1);
	assert_int_equal(row.state, ALERT_ACKED);
	acked_s = row.acked_s;
	say(&m, KIND_ALERT_FORWARDED, row.ref,
	    ",'queue':'neurology','owner':'S002','reason':'not mine'");
	assert_int_equal(read_one(&row, &m, "D001"), 0);
	assert_int_equal(read_one(&row, &m, "S002"), 1);
	assert_int_equal(row.state, ALERT_OPEN);
	assert_string_equal(row.queue, "neurology");
	assert_string_equal(row.owner_name_en, "Qian Guoping");
	assert_int_equal(row.due_s, due_s);
	assert_string_equal(words_alert_state(&row), "1 forwarded");
	say(&m, KIND_ALERT_ACKNOWLEDGED, row.ref, ",'owner':'S002'");
	assert_int_equal(read_one(&row, &m, "S002"), 1);
	assert_int_equal(row.state, ALERT_ACKED);
	assert_int_equal(row.acked_s, acked_s); /* the first, for the KPI */
	assert_int_equal(alertq_steps(steps, 8, m.desk.store, &row), 4);
	assert_string_equal(steps[2].what, "forwarded");
	assert_string_equal(steps[2].whom_name, "钱国平");
	assert_string_equal(steps[2].text, "not mine");
	assert_true(steps[2].is_received);
	desk_maker_fini(&m);
}

/* To a department: it is everybody's there, and nobody's in particular. */
static void test_alertq__a_department_has_what_nobody_owns(void **state)
{
	struct desk_maker m;
	struct alert_row row;

	(void)state;
	desk_maker_init(&m, 'D', NULL);
	desk_maker_fill(&m);
	desk_maker_enter(&m, KIND_MEMBER_GRANTED, &(struct id){{0xaa}},
	    "{'member':'D002','name':'林','role':'clinician','queues':"
	    "'neurology,stroke','from_s':1,'until_s':9000000000}");
	assert_int_equal(read_one(&row, &m, NULL), 1);
	assert_int_equal(read_one(&row, &m, "D002"), 0);
	say(&m, KIND_ALERT_FORWARDED, row.ref,
	    ",'queue':'neurology','reason':'speech'");
	assert_int_equal(read_one(&row, &m, "D002"), 1);
	assert_string_equal(row.owner, "");
	say(&m, KIND_ALERT_ACKNOWLEDGED, row.ref, ",'owner':'D001'");
	assert_int_equal(read_one(&row, &m, "D002"), 0);
	desk_maker_fini(&m);
}

static void test_alertq__takers_are_those_who_get_the_patient(void **state)
{
	struct desk_maker m;
	struct alert_taker takers[8];
	struct alert_row row = {.patient = desk_patient(2)};

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	assert_int_equal(alertq_takers(takers, 8, m.desk.store, &row), 3);
	assert_string_equal(takers[0].member, "D001");
	assert_string_equal(takers[1].member, "S002");
	assert_string_equal(takers[2].member, "A017");
	strcpy(row.owner, "D001");
	assert_int_equal(alertq_takers(takers, 8, m.desk.store, &row), 2);
	/* a patient of no team: no supervisor or agent has it */
	row = (struct alert_row){.patient = desk_patient(99)};
	assert_int_equal(alertq_takers(takers, 8, m.desk.store, &row), 1);
	desk_maker_fini(&m);
}

static void test_alertq__filter_finds_by_what_a_person_knows(void **state)
{
	static const struct {
		const char *typed;
		bool is_found;
	} rows[] = {{"", true}, {"单雪", true}, {"sxm", true}, {"SX", true},
	    {"xm", false}, {"shan", true}, {"1-7", true}, {"体重", true},
	    {"weight", true}, {"心内", true}, {"欧阳", false}, {"王", false}};
	struct desk_maker m;
	struct alert_row row;

	(void)state;
	desk_maker_init(&m, 'D', NULL);
	desk_maker_fill(&m);
	assert_int_equal(read_one(&row, &m, NULL), 1);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (alertq_matches(&row, "心内科", rows[i].typed) !=
		    rows[i].is_found)
			fail_msg("\"%s\"", rows[i].typed);
	desk_maker_fini(&m);
}

/* Said of the alert raised last. */
static void say_of(
    struct desk_maker *m, uint64_t alert, enum kind kind, const char *more)
{
	struct id p = desk_patient(PATIENT);
	char body[600], ref[REF_TEXT];

	ref_text(ref, &(struct ref){m->desk.seat, alert, 1});
	snprintf(body, sizeof(body), "{'alert':'%s',%s}", ref, more);
	desk_maker_enter(m, kind, &p, body);
}

static int queue(struct alert_row *row, struct desk_maker *m, bool ended)
{
	struct id p = desk_patient(PATIENT);
	struct alert_row rows[8];
	struct alert_filter f = {
	    .patient = &p, .ended_s = ended ? m->world.now_s - 86400 : 0};
	int n = alertq_read(rows, 8, m->desk.store, &f);

	if (n > 0)
		*row = rows[0];
	return n;
}

/* A finding that was corrected after its call waits for a person, who reads
 * what it was and became; a slip of the call itself does not. */
static void test_alertq__a_corrected_finding_waits_for_a_person(void **state)
{
	struct alert_row row = {.ended_s = -1};
	struct alert_step steps[8];
	struct desk_maker m;
	uint64_t alert;
	int before;

	(void)state;
	desk_maker_init(&m, 'D', NULL);
	desk_maker_fill(&m);
	before = queue(&row, &m, false);
	enter_raised(&m, 10);
	alert = m.seq;
	say_of(&m, alert, KIND_ALERT_WITHDRAWN, "'reason':'corrected'");
	assert_int_equal(queue(&row, &m, false), before);
	enter_raised(&m, 10);
	alert = m.seq;
	say_of(&m, alert, KIND_ALERT_WITHDRAWN,
	    "'reason':'slip','change':'1.2 Fainted?: yes -> no'");
	assert_int_equal(queue(&row, &m, false), before + 1);
	assert_int_equal(queue(&row, &m, true), 1); /* the slip */
	assert_int_equal(queue(&row, &m, false), before + 1);
	assert_int_equal(before, 0);
	assert_int_equal(row.state, ALERT_WITHDRAWN);
	assert_true(row.corrected_s != 0 && row.ended_s == 0);
	assert_int_equal(alertq_steps(steps, 8, m.desk.store, &row), 2);
	assert_string_equal(steps[1].text, "1.2 Fainted?: yes -> no  slip");
	assert_string_equal(steps[1].member, m.desk.member);
	say_of(&m, alert, KIND_ALERT_CLOSED, "'waiver':'read'");
	assert_int_equal(queue(&row, &m, false), before);
	assert_int_equal(queue(&row, &m, true), 2);
	desk_maker_fini(&m);
}

/* Whichever comes first, an alert that somebody took stays, and shows it. */
static void test_alertq__an_acknowledgement_beats_a_withdrawal(void **state)
{
	(void)state;
	for (int taken_first = 0; taken_first < 2; taken_first++) {
		struct alert_row row = {.ended_s = -1};
		struct desk_maker m;
		uint64_t alert;
		int before;
		desk_maker_init(&m, 'D', NULL);
		desk_maker_fill(&m);
		before = queue(&row, &m, false);
		enter_raised(&m, 10);
		alert = m.seq;
		for (int i = 0; i < 2; i++)
			if (i == taken_first)
				say_of(&m, alert, KIND_ALERT_WITHDRAWN,
				    "'reason':'corrected'");
			else
				say_of(&m, alert, KIND_ALERT_ACKNOWLEDGED,
				    "'owner':'D001'");
		assert_int_equal(before, 0);
		assert_int_equal(queue(&row, &m, false), 1);
		assert_int_equal(row.state, ALERT_ACKED);
		assert_true(row.corrected_s != 0);
		assert_string_equal(
		    words_alert_state(&row), "corrected, close it");
		desk_maker_fini(&m);
	}
}

static void test_alertq__what_it_took_is_said_in_words(void **state)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} rows[] = {{0, "0 min"}, {1, "1 min"}, {840, "14 min"},
	    {7140, "119 min"}, {7200, "2 h 0 min"}, {12000, "3 h 20 min"},
	    {172800, "2 d 0 h"}, {190800, "2 d 5 h"}};
	char text[40];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		words_took(text, sizeof(text), rows[i].seconds);
		assert_string_equal(text, rows[i].text);
	}
}

static void test_words__a_relation_as_the_hospital_wrote_it(void **state)
{
	static const char *const rows[][2] = {{"child", "child"},
	    {"儿子", "son"}, {"son", "son"}, {"none", "nobody"},
	    {"二叔", "二叔"}};
	enum lang was = tr_lang();

	(void)state;
	tr_use(LANG_EN);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_string_equal(words_relation(rows[i][0]), rows[i][1]);
	tr_init("build/plain/share/locale", LANG_ZH);
	assert_string_equal(words_relation("son"), "儿子");
	assert_string_equal(words_relation("儿子"), "儿子");
	tr_init("none", was);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_words__a_relation_as_the_hospital_wrote_it),
	    cmocka_unit_test(test_alertq__day_counts_loops_and_their_median),
	    cmocka_unit_test(
		test_alertq__forwarded_waits_to_be_acknowledged_anew),
	    cmocka_unit_test(test_alertq__a_department_has_what_nobody_owns),
	    cmocka_unit_test(test_alertq__takers_are_those_who_get_the_patient),
	    cmocka_unit_test(test_alertq__filter_finds_by_what_a_person_knows),
	    cmocka_unit_test(
		test_alertq__a_corrected_finding_waits_for_a_person),
	    cmocka_unit_test(
		test_alertq__an_acknowledgement_beats_a_withdrawal),
	    cmocka_unit_test(test_alertq__what_it_took_is_said_in_words),
	};

	return cmocka_run_group_tests_name("alertq", tests, NULL, NULL);
}
