/*
 * Tests of the supervisor's screens on a real store: golden pictures in both
 * languages at both sizes, and what each act writes.
 */
#include "core/clock.h"
#include "core/held.h"
#include "core/store.h"
#include "tests/desk_maker.h"
#include "tests/stage.h"
#include "tests/test.h"
#include "tui/screens.h"

#include <unistd.h>

/* A month of calls, a complaint that is late and one that is not. */
static void fill_month(struct desk_maker *m)
{
	static const char *const ends[] = {
	    "'disposition':'completed','reached':true,'completed':true,"
	    "'class':'satisfied'",
	    "'disposition':'no-answer','reached':false,'completed':false,"
	    "'class':'none'",
	    "'disposition':'completed','reached':true,'completed':true,"
	    "'class':'unsatisfied'",
	    "'disposition':'invalid-number','reached':false,'completed':"
	    "false,'class':'none'",
	    "'disposition':'refused-once','reached':true,'completed':false,"
	    "'class':'none'"};
	struct id p;
	char body[700];

	assert_int_equal(store_begin(m->desk.store), 0);
	for (int i = 0; i < 24; i++) {
		long long at = (long long)m->world.now_s - i * 36000 - 3600;
		p = desk_patient(i % 6 + 1);
		m->shift_s = at - m->world.now_s;
		snprintf(body, sizeof(body),
		    "{'respondent':'self','disposition_version':1,"
		    "'started_s':%lld,'ended_s':%lld,%s}",
		    at - 100 - 13 * i, at, ends[i % 5]);
		desk_maker_enter(m, KIND_CONTACT_RECORDED, &p, body);
	}
	m->shift_s = -9 * DAY_S;
	p = desk_patient(3);
	desk_maker_enter(m, KIND_COMPLAINT_FILED, &p,
	    "{'category':'态度','text':'电话里语气不好，说了两次才听清','owner'"
	    ":"
	    "'S002','due_day':20775}");
	m->shift_s = -DAY_S;
	p = desk_patient(4);
	desk_maker_enter(m, KIND_COMPLAINT_FILED, &p,
	    "{'category':'waiting','text':'Called three times in one "
	    "morning','owner':'S002','due_day':20781}");
	m->shift_s = 0;
	assert_int_equal(store_commit(m->desk.store), 0);
}

static struct vscreen *office(
    enum lang lang, const struct screen_ops *screen, int rows, int cols)
{
	struct stage st = {
	    .role = 'S', .lang = lang, .screen = screen, .fill = fill_month};

	return stage_start(&st, rows, cols);
}

/* A picture in each language at each size, after the same keys. */
static void pictures(
    const struct screen_ops *screen, const char *name, const char *keys)
{
	static const struct {
		enum lang lang;
		int rows, cols;
		const char *suffix;
	} shots[] = {{LANG_ZH, 24, 80, "zh-80"}, {LANG_EN, 24, 80, "en-80"},
	    {LANG_ZH, 40, 120, "zh-120"}, {LANG_EN, 40, 120, "en-120"}};
	char file[80];

	for (size_t i = 0; i < ARRAY_LEN(shots); i++) {
		struct vscreen *vs =
		    office(shots[i].lang, screen, shots[i].rows, shots[i].cols);
		screen_keys(vs, keys);
		snprintf(file, sizeof(file), "%s-%s", name, shots[i].suffix);
		screen_expect(vs, file);
		screen_free(&vs);
	}
}

static void test_kpi__pictures(void **state)
{
	(void)state;
	pictures(&kpi_screen, "kpi", "jj");
	pictures(&kpi_screen, "kpi-split", "j\r");
}

static void test_kpi__periods_move_and_the_report_is_written(void **state)
{
	char dir[] = "/tmp/suifang-keep-XXXXXX", path[200];
	struct stage st = {.role = 'S',
	    .lang = LANG_EN,
	    .screen = &kpi_screen,
	    .fill = fill_month};
	struct vscreen *vs;
	char *csv;

	(void)state;
	assert_non_null(mkdtemp(dir));
	st.dir = dir;
	vs = stage_start(&st, 24, 100);
	assert_true(screen_has(vs, "month 2026-11"));
	screen_keys(vs, "]");
	assert_true(screen_has(vs, "not over yet"));
	screen_keys(vs, "[");
	assert_true(screen_has(vs, "month 2026-10"));
	screen_keys(vs, "]p");
	assert_true(screen_has(vs, "quarter 2026-Q4"));
	screen_keys(vs, "pppp");
	assert_true(screen_has(vs, "month 2026-11"));
	screen_keys(vs, "w");
	assert_true(screen_has(vs, "Report with definitions written"));
	snprintf(path, sizeof(path), "%s/report-2026-11.csv", dir);
	csv = test_read_file(path, NULL);
	assert_non_null(strstr(csv, "\"2026-11\",\"reach\",\"Calls that "
				    "reached somebody\",\"service\",\"all\""));
	assert_non_null(strstr(csv, "\"calls in which somebody spoke\""));
	assert_non_null(strstr(csv, "\"member\",\"S002\""));
	assert_null(strstr(csv, "欧阳"));
	free(csv);
	screen_free(&vs);
	test_dir_remove(strdup(dir));
}

static void test_kpi__an_agent_sees_own_figures_only(void **state)
{
	struct stage st = {.role = 'A',
	    .lang = LANG_EN,
	    .screen = &kpi_screen,
	    .fill = fill_month};
	struct vscreen *vs = stage_start(&st, 24, 80);

	(void)state;
	assert_true(screen_has(vs, "Your own calls"));
	screen_keys(vs, "\r");
	assert_true(screen_has(vs, "Only your own figures"));
	screen_free(&vs);
}

static void test_review__pictures(void **state)
{
	(void)state;
	pictures(&review_screen, "review", "[");
	pictures(&review_screen, "score", "[\r2210");
}

static void test_review__a_score_is_signed_and_can_be_undone(void **state)
{
	struct vscreen *vs = office(LANG_EN, &review_screen, 24, 80);

	(void)state;
	screen_keys(vs, "[\r\033OQ");
	assert_true(screen_has(vs, "Score every item first"));
	screen_keys(vs, "222222222");
	assert_true(screen_has(vs, "Total 100 of 100"));
	screen_keys(vs, "\tgood\r");
	assert_true(screen_has(vs, "Note: good"));
	screen_keys(vs, "\033OQ");
	assert_true(screen_has(vs, "Review recorded."));
	assert_true(screen_has(vs, "100/100 passed"));
	assert_true(screen_has(vs, "reviewed 1 of"));
	screen_keys(vs, "\r0");
	screen_keys(vs, "22222222\033OQ");
	assert_true(screen_has(vs, "90/100 failed"));
	screen_free(&vs);
}

static void test_roster__pictures_and_changes(void **state)
{
	struct vscreen *vs;

	(void)state;
	pictures(&roster_screen, "roster", "j");
	vs = office(LANG_EN, &roster_screen, 24, 80);
	screen_keys(vs, "d");
	assert_true(screen_has(vs, "off duty"));
	screen_keys(vs, "c\02512\r");
	assert_true(screen_has(vs, "The roster is changed."));
	screen_keys(vs, "c\025many\r");
	assert_true(screen_has(vs, "0 to 1000"));
	screen_keys(vs, "spci-day7;copd\r");
	assert_true(screen_has(vs, "pci-day7;copd"));
	screen_free(&vs);
}

static void test_content__pictures(void **state)
{
	(void)state;
	pictures(&content_screen, "content", "j");
	pictures(&content_screen, "content-view", "\r");
}

static void publish_unsound(struct desk_maker *m)
{
	static const struct id one = {{0xc1}}, two = {{0xc2}};

	desk_maker_enter(m, KIND_PATHWAY_PUBLISHED, &one,
	    "{'id':'pci','version':'9','part':1,'parts':1,'title_zh':'新',"
	    "'title_en':'New PCI','hash':'00000000000000000000000000000000"
	    "00000000000000000000000000000000','text':'{\\'id\\':\\'pci\\',"
	    "\\'version\\':9,\\'title\\':{\\'zh\\':\\'新\\',\\'en\\':"
	    "\\'New PCI\\'},\\'steps\\':[{\\'when\\':7}]}'}");
	desk_maker_enter(m, KIND_RULES_PUBLISHED, &two,
	    "{'id':'ours','version':'1','part':1,'parts':2,'title_zh':'新',"
	    "'title_en':'Ours','hash':'00000000000000000000000000000000"
	    "00000000000000000000000000000000','text':'{'}");
}

static void test_content__what_is_not_in_force_is_said(void **state)
{
	struct stage st = {.role = 'S',
	    .lang = LANG_EN,
	    .screen = &content_screen,
	    .fill = publish_unsound};
	struct vscreen *vs = stage_start(&st, 40, 120);

	(void)state;
	assert_true(screen_has(vs, "2 NOT in force"));
	screen_keys(vs, "G");
	assert_true(screen_has(vs, "Ours"));
	assert_true(screen_has(vs, "NOT in force"));
	screen_keys(vs, "\r");
	assert_true(screen_has(vs, "a part of it is not here yet"));
	screen_keys(vs, "\033");
	screen_free(&vs);
}

static void test_complaints__are_answered(void **state)
{
	struct vscreen *vs;

	(void)state;
	pictures(&complaints_screen, "complaints", "");
	vs = office(LANG_EN, &complaints_screen, 24, 80);
	assert_true(screen_has(vs, "open 2   late 1"));
	screen_keys(vs, "\r\r");
	assert_true(screen_has(vs, "Answer to the complaint"));
	screen_keys(vs, "Called and apologised\r");
	assert_true(screen_has(vs, "open 1   late 0"));
	screen_keys(vs, "ok");
	screen_keys(vs, "G\r");
	assert_true(screen_has(vs, "It is answered already."));
	screen_free(&vs);
}

static void test_held__says_that_there_is_nothing(void **state)
{
	(void)state;
	pictures(&held_screen, "held", "");
}

/* One call in four records, held: the list is not this person's. */
static void fill_held_call(struct desk_maker *m)
{
	static const char contact[] =
	    "{'respondent':'self','disposition':'hung-up',"
	    "'disposition_version':1,'reached':true,'completed':false,"
	    "'class':'none','started_s':1,'ended_s':2}";
	struct id p = desk_patient(3);
	uint64_t before = m->seq;
	char sql[120];

	desk_maker_enter(
	    m, KIND_CALL_STARTED, &p, "{'number_index':0,'direction':'out'}");
	desk_maker_enter(m, KIND_NOTE_ADDED, &p, "{'text':'x'}");
	desk_maker_enter(m, KIND_NOTE_ADDED, &p, "{'text':'y'}");
	desk_maker_enter(m, KIND_CONTACT_RECORDED, &p, contact);
	snprintf(sql, sizeof(sql),
	    "UPDATE entry SET verdict = 4 WHERE seq > %llu",
	    (unsigned long long)before);
	assert_int_equal(test_exec(m->desk.store, sql), 0);
}

static void fill_released_call(struct desk_maker *m)
{
	struct office_held rows[8];
	struct draft d = {0};
	char ref[REF_TEXT];
	int n;

	fill_held_call(m);
	n = office_held(rows, 8, m->desk.store);
	held_release_draft(&d, rows, n, "checked");
	assert_int_equal(desk_record(ref, &m->desk, &d), 0);
}

/* One row, one question, one entry; then both verdicts are to be read. */
static void test_held__a_call_is_released_whole(void **state)
{
	static const struct {
		enum lang lang;
		const char *held, *day, *gone, *told;
	} shots[] = {{LANG_ZH, "held-call-zh-80", "day-released-zh-80",
			 "没有留存任何条目", "放行"},
	    {LANG_EN, "held-call-en-80", "day-released-en-80",
		"holds nothing back", "released by S002"}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(shots); i++) {
		struct stage st = {.role = 'S',
		    .lang = shots[i].lang,
		    .screen = &held_screen,
		    .fill = fill_held_call};
		struct vscreen *vs = stage_start(&st, 24, 80);
		assert_true(screen_has(vs, "x4"));
		screen_keys(vs, "\r");
		screen_expect(vs, shots[i].held);
		screen_keys(vs, "1");
		assert_true(screen_has(vs, shots[i].gone));
		screen_free(&vs);
		st.screen = &day_screen;
		st.fill = fill_released_call;
		vs = stage_start(&st, 24, 80);
		screen_keys(vs, "j");
		assert_true(screen_has(vs, shots[i].told));
		screen_expect(vs, shots[i].day);
		screen_free(&vs);
	}
}

static void test_board__leads_everywhere(void **state)
{
	static const struct {
		const char *key, *title;
	} rows[] = {{"K", "Indicators"}, {"V", "Review of calls"},
	    {"r", "Roster"}, {"p", "Scripts and pathways"}, {"m", "Complaints"},
	    {"e", "Held entries"}, {"A", "Alert queue"}};
	struct vscreen *vs = office(LANG_EN, &board_screen, 24, 80);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		screen_keys(vs, rows[i].key);
		if (!screen_has(vs, rows[i].title))
			fail_msg("%s", rows[i].title);
		screen_keys(vs, "\033");
		assert_true(screen_has(vs, "Supervisor"));
	}
	screen_free(&vs);
}

static void test_plan__rules_and_hands(void **state)
{
	struct vscreen *vs;

	(void)state;
	pictures(&board_screen, "plan-patients", "jR\t");
	vs = office(LANG_EN, &board_screen, 24, 80);
	screen_keys(vs, "jR2");
	assert_true(screen_has(vs, "[2 same disease team]"));
	assert_true(screen_has(vs, "follows this disease"));
	screen_keys(vs, "4");
	assert_true(screen_has(vs, "Moved 0"));
	screen_keys(vs, "\033OQ");
	assert_true(screen_has(vs, "Nobody would move"));
	screen_keys(vs, "\t1j3");
	assert_true(screen_has(vs, "Moved 2"));
	assert_true(screen_has(vs, "(by hand)"));
	screen_keys(vs, "e\033OQ");
	assert_true(screen_has(vs, "Reassigned: 2"));
	screen_free(&vs);
}

/* A017 has rung the second of the patients, and has not hung up. */
static void ring(struct desk_maker *m)
{
	struct id p = desk_patient(2), own = m->desk.seat;

	memcpy(m->desk.seat.b + 1, "A017", 4);
	desk_maker_enter(
	    m, KIND_CALL_STARTED, &p, "{'number_index':0,'direction':'out'}");
	m->desk.seat = own;
}

static void hang_up(struct desk_maker *m)
{
	struct id p = desk_patient(2), own = m->desk.seat;

	ring(m);
	memcpy(m->desk.seat.b + 1, "A017", 4);
	desk_maker_enter(m, KIND_CONTACT_RECORDED, &p,
	    "{'respondent':'self','disposition':'hung-up',"
	    "'disposition_version':1,'reached':true,'completed':false,"
	    "'started_s':1,'ended_s':2,'class':'satisfied'}");
	m->desk.seat = own;
}

static void test_plan__a_call_under_way_is_a_conflict(void **state)
{
	struct stage st = {
	    .role = 'S', .lang = LANG_EN, .screen = &board_screen};
	struct vscreen *vs;

	(void)state;
	st.fill = ring;
	vs = stage_start(&st, 24, 80);
	screen_keys(vs, "jR");
	assert_true(screen_has(vs, "1: call under way"));
	assert_true(screen_has(vs, "1 in a call now"));
	screen_keys(vs, "\t");
	screen_expect(vs, "plan-in-call-en");
	screen_free(&vs);
	st.fill = hang_up;
	vs = stage_start(&st, 24, 80);
	screen_keys(vs, "jR");
	assert_true(screen_has(vs, "Moved"));
	assert_false(screen_has(vs, "call under way"));
	assert_false(screen_has(vs, "in a call"));
	screen_free(&vs);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_kpi__pictures),
	    cmocka_unit_test(test_kpi__periods_move_and_the_report_is_written),
	    cmocka_unit_test(test_kpi__an_agent_sees_own_figures_only),
	    cmocka_unit_test(test_review__pictures),
	    cmocka_unit_test(test_review__a_score_is_signed_and_can_be_undone),
	    cmocka_unit_test(test_roster__pictures_and_changes),
	    cmocka_unit_test(test_content__pictures),
	    cmocka_unit_test(test_content__what_is_not_in_force_is_said),
	    cmocka_unit_test(test_complaints__are_answered),
	    cmocka_unit_test(test_held__a_call_is_released_whole),
	    cmocka_unit_test(test_held__says_that_there_is_nothing),
	    cmocka_unit_test(test_board__leads_everywhere),
	    cmocka_unit_test(test_plan__rules_and_hands),
	    cmocka_unit_test(test_plan__a_call_under_way_is_a_conflict),
	};
	return cmocka_run_group_tests_name("office", tests, NULL, NULL);
}
