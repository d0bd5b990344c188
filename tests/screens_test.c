/*
 * Tests of the product's screens on a real store: golden pictures in both
 * languages, keys counted as bytes.
 */
#include "tests/desk_maker.h"
#include "tests/screen.h"
#include "tests/stage.h"
#include "tests/test.h"
#include "tui/screens.h"

#include <unistd.h>

static struct vscreen *stage(const struct stage *st, int rows, int cols)
{
	return stage_start(st, rows, cols);
}

static const struct stage agent_zh = {
    .role = 'A', .lang = LANG_ZH, .screen = &work_screen};
static const struct stage agent_en = {
    .role = 'A', .lang = LANG_EN, .screen = &work_screen};

static void test_work__pictures(void **state)
{
	struct vscreen *vs = stage(&agent_zh, 24, 80);

	(void)state;
	screen_expect(vs, "work-zh-80");
	screen_free(&vs);
	vs = stage(&agent_en, 40, 120);
	screen_expect(vs, "work-en-120");
	screen_free(&vs);
	vs = stage(&agent_en, 24, 80);
	screen_expect(vs, "work-en-80");
	screen_free(&vs);
	vs = stage(&agent_zh, 10, 40);
	screen_expect(vs, "work-zh-40");
	screen_free(&vs);
}

static void test_work__finds_a_patient_in_five_keys(void **state)
{
	struct vscreen *vs = stage(&agent_zh, 24, 80);

	(void)state;
	screen_typed(vs);
	screen_keys(vs, "/4802");
	assert_int_equal(screen_typed(vs), 5);
	assert_true(screen_has(vs, "欧阳建国"));
	assert_false(screen_has(vs, "单雪梅"));
	screen_expect(vs, "work-filter-zh");
	screen_keys(vs, "\025qyl");
	assert_true(screen_has(vs, "仇玉兰"));
	screen_keys(vs, "\025区");
	assert_true(screen_has(vs, "区志明"));
	screen_keys(vs, "\025%");
	assert_false(screen_has(vs, "区志明"));
	screen_keys(vs, "\033");
	assert_true(screen_has(vs, "欧阳建国"));
	screen_free(&vs);
}

static void test_work__snooze_is_saved_and_can_be_undone(void **state)
{
	struct vscreen *vs = stage(&agent_zh, 24, 80);

	(void)state;
	screen_keys(vs, "jjs");
	screen_expect(vs, "work-snooze-zh");
	screen_keys(vs, "4");
	assert_true(screen_has(vs, "已延后"));
	assert_false(screen_has(vs, "曾强  "));
	screen_keys(vs, "u");
	assert_true(screen_has(vs, "已撤销"));
	screen_free(&vs);
}

/* The openers: identity verified, recording agreed, the patient speaks. */
static const char openers[] = "111";

static void test_call__one_key_a_question_and_three_more(void **state)
{
	struct vscreen *vs = stage(&agent_zh, 24, 80);

	(void)state;
	screen_keys(vs, "j");
	screen_typed(vs);
	screen_keys(vs, "\r");
	screen_expect(vs, "call-start-zh");
	screen_keys(vs, openers);
	screen_expect(vs, "call-question-zh");
	screen_keys(vs, "11");
	screen_keys(vs, "1");
	screen_keys(vs, "136/82\r");
	screen_expect(vs, "call-middle-zh");
	screen_keys(vs, "11111");
	screen_expect(vs, "call-end-zh");
	screen_keys(vs, "\r");
	assert_true(screen_has(vs, "已保存"));
	screen_expect(vs, "call-saved-zh");
	screen_free(&vs);
}

static void test_call__a_note_is_kept_whatever_follows(void **state)
{
	struct vscreen *vs = stage(&agent_zh, 24, 80);

	(void)state;
	screen_keys(vs, "j\r111");
	/* F2 with the focus in the note: the digit is no note text */
	screen_keys(vs, "\tqiemai");
	screen_keys(vs, "\033OQ");
	assert_true(screen_has(vs, "qiemai"));
	screen_keys(vs, "7");
	assert_false(screen_has(vs, "qiemai7"));
	/* Esc keeps it, and so does leaving the call */
	screen_keys(vs, "\tzai\033");
	assert_true(screen_has(vs, "qiemaizai"));
	screen_keys(vs, "\033");
	screen_keys(vs, "\r");
	assert_true(screen_has(vs, "qiemaizai"));
	screen_free(&vs);
}

static void test_call__f2_takes_or_refuses_what_is_typed(void **state)
{
	struct vscreen *vs = stage(&agent_zh, 24, 80);

	(void)state;
	screen_keys(vs, "j\r111");
	screen_keys(vs, "111");
	screen_keys(vs, "9999\033OQ");
	screen_expect(vs, "call-typed-zh");
	screen_keys(vs, "\025136\033OQ");
	assert_true(screen_has(vs, "136 mm"));
	screen_free(&vs);
}

static void test_call__no_answer_takes_two_keys(void **state)
{
	struct vscreen *vs = stage(&agent_zh, 24, 80);

	(void)state;
	screen_typed(vs);
	screen_keys(vs, "\r");
	screen_keys(vs, "\033OR");
	assert_true(screen_has(vs, "已保存: 单雪梅 (无人接听)"));
	screen_free(&vs);
}

static void test_call__a_promise_takes_three_keys(void **state)
{
	struct vscreen *vs = stage(&agent_zh, 24, 80);

	(void)state;
	screen_keys(vs, "\r\033[15~");
	screen_expect(vs, "call-promise-zh");
	screen_keys(vs, "\r");
	assert_true(screen_has(vs, "已保存: 单雪梅 (不方便)"));
	assert_true(screen_has(vs, "约回拨"));
	screen_free(&vs);
}

static void test_call__a_red_flag_needs_no_key(void **state)
{
	struct vscreen *vs = stage(&agent_zh, 24, 80);

	(void)state;
	screen_keys(vs, "\r111");
	screen_keys(vs, "1");
	screen_keys(vs, "182/112\r");
	screen_expect(vs, "call-alert-zh");
	screen_free(&vs);
	vs = stage(&agent_en, 40, 120);
	screen_keys(vs, "\r1111182/112\r");
	screen_expect(vs, "call-alert-en");
	screen_keys(vs, "\033OS");
	screen_expect(vs, "call-outcomes-en");
	screen_free(&vs);
}

static void test_patient__every_tab_has_its_picture(void **state)
{
	static const char *const names[] = {"overview", "trend", "history",
	    "medication", "results", "alerts", "audit"};
	struct vscreen *vs = stage(&agent_zh, 24, 80);
	char name[60], key[2] = "1";

	(void)state;
	screen_keys(vs, "i");
	for (size_t i = 0; i < ARRAY_LEN(names); i++, key[0]++) {
		screen_keys(vs, key);
		snprintf(name, sizeof(name), "patient-%s-zh", names[i]);
		screen_expect(vs, name);
	}
	screen_free(&vs);
	vs = stage(&agent_en, 40, 120);
	screen_keys(vs, "i2");
	screen_expect(vs, "patient-trend-en");
	screen_free(&vs);
}

/* A value leads to where it is from: a call, or the entry that brought it. */
static void test_patient__a_value_opens_what_measured_it(void **state)
{
	struct vscreen *vs = stage(&agent_en, 24, 80);

	(void)state;
	screen_keys(vs, "j\r111111136/82\r11111\r");
	screen_keys(vs, "/4802\ti2]");
	assert_true(screen_has(vs, "136        +8"));
	assert_true(screen_has(vs, "follow-up, "));
	assert_true(screen_has(vs, "follow-ups 1, imports 12"));
	screen_expect(vs, "patient-trend-call-en");
	screen_keys(vs, "\r");
	assert_true(screen_has(vs, "Past call"));
	screen_keys(vs, "\033\033[B\r");
	assert_true(screen_has(vs, "Proof of an entry"));
	screen_free(&vs);
}

static const struct stage clinician_zh = {
    .role = 'D', .lang = LANG_ZH, .screen = &alerts_screen};
static const struct stage clinician_en = {
    .role = 'D', .lang = LANG_EN, .screen = &alerts_screen};

static void test_alerts__loop_closes_only_when_verified(void **state)
{
	struct vscreen *vs = stage(&clinician_zh, 24, 80);

	(void)state;
	screen_expect(vs, "alerts-zh");
	screen_keys(vs, "f");
	assert_true(screen_has(vs, "须先处理"));
	screen_keys(vs, "jk"); /* moves, and acknowledges nothing */
	assert_true(screen_has(vs, "1 未签收"));
	screen_keys(vs, "a");
	assert_true(screen_has(vs, "2 已签收"));
	screen_keys(vs, "h加用利尿剂\r");
	assert_true(screen_has(vs, "3 已处理"));
	screen_keys(vs, "c");
	screen_expect(vs, "alerts-waiver-zh");
	screen_keys(vs, "\r");
	assert_true(screen_has(vs, "不能为空"));
	screen_keys(vs, "\033");
	screen_keys(vs, "f好转\rc");
	assert_true(screen_has(vs, "没有待处理的预警"));
	/* the whole loop stays to be seen */
	screen_keys(vs, "o");
	screen_expect(vs, "alerts-ended-zh");
	screen_free(&vs);
	vs = stage(&clinician_en, 40, 120);
	screen_expect(vs, "alerts-en");
	screen_free(&vs);
}

static void test_alerts__forwards_with_a_signed_reason(void **state)
{
	struct vscreen *vs = stage(&clinician_zh, 24, 80);

	(void)state;
	screen_keys(vs, "a/xx");
	assert_true(screen_has(vs, "没有符合的预警"));
	screen_keys(vs, "\025sx");
	screen_expect(vs, "alerts-filter-zh");
	screen_keys(vs, "\tr");
	screen_expect(vs, "alerts-forward-zh");
	screen_keys(vs, "\033[A\r"); /* the last of them: an agent */
	screen_keys(vs, "\r");
	assert_true(screen_has(vs, "不能为空"));
	screen_keys(vs, "请先核实体重\r\033");
	screen_expect(vs, "alerts-forwarded-zh");
	screen_keys(vs, "t");
	assert_true(screen_has(vs, "没有待处理的预警"));
	screen_keys(vs, "t\033[20~8021 值班\r"); /* F9 */
	assert_true(screen_has(vs, "已记录：电话通知"));
	screen_keys(vs, "\033[20~");
	assert_true(screen_has(vs, "已记录通知了谁"));
	screen_free(&vs);
	vs = stage(&clinician_en, 24, 80);
	screen_keys(vs, "r4gait\r");
	screen_expect(vs, "alerts-forwarded-en");
	screen_free(&vs);
}

/* The supervisor has a telephone of her own. */
static void give_phone(struct desk_maker *m)
{
	struct id roster = {{0xaa}};

	desk_maker_enter(m, KIND_MEMBER_GRANTED, &roster,
	    "{'member':'S002','name':'钱国平','name_en':'Qian Guoping',"
	    "'role':'supervisor','team':'bb000000000000000000000000000000',"
	    "'phone':'6600','from_s':1,'until_s':9000000000}");
}

/* Whom it goes up to is chosen, so that the right number is there to ring. */
static void test_alerts__escalates_to_somebody_with_a_number(void **state)
{
	struct stage st = clinician_zh;
	struct vscreen *vs;

	(void)state;
	st.fill = give_phone;
	vs = stage(&st, 24, 80);
	screen_keys(vs, "x");
	screen_expect(vs, "alerts-escalate-zh");
	screen_keys(vs, "\033[A\033[A\r"); /* before the agent */
	screen_keys(vs, "\r");
	assert_true(screen_has(vs, "不能为空"));
	screen_keys(vs, "无人应答\r");
	screen_expect(vs, "alerts-escalated-zh");
	assert_true(screen_has(vs, "-> 钱国平"));
	assert_true(screen_has(vs, "6600"));
	screen_keys(vs, "a");
	assert_true(screen_has(vs, "2 已签收"));
	screen_keys(vs, "x3"); /* a department: the number on duty */
	screen_keys(vs, "尚未处理\r");
	assert_true(screen_has(vs, "-> 呼吸科"));
	assert_true(screen_has(vs, "8021"));
	screen_free(&vs);
}

static const struct stage supervisor_zh = {
    .role = 'S', .lang = LANG_ZH, .screen = &board_screen};
static const struct stage supervisor_en = {
    .role = 'S', .lang = LANG_EN, .screen = &board_screen};

static void test_board__reassigns_what_was_previewed(void **state)
{
	struct vscreen *vs = stage(&supervisor_zh, 24, 80);

	(void)state;
	screen_expect(vs, "board-zh");
	screen_keys(vs, "j R");
	screen_expect(vs, "plan-zh");
	screen_keys(vs, "R");
	assert_true(screen_has(vs, "批量改派"));
	screen_keys(vs, "\033OQ");
	assert_true(screen_has(vs, "已改派: 6"));
	screen_expect(vs, "board-after-zh");
	screen_keys(vs, "\r");
	assert_true(screen_has(vs, "A019 吴海燕"));
	screen_keys(vs, " R");
	assert_true(screen_has(vs, "批量改派"));
	screen_free(&vs);
	vs = stage(&supervisor_en, 40, 120);
	screen_keys(vs, "j R");
	screen_expect(vs, "plan-en");
	screen_free(&vs);
}

static void test_calendar__moves_a_promise(void **state)
{
	struct vscreen *vs = stage(&agent_zh, 24, 80);

	(void)state;
	screen_keys(vs, "c");
	screen_expect(vs, "calendar-zh");
	screen_keys(vs, "m\033[C\033[C\033[C++");
	screen_expect(vs, "calendar-move-zh");
	screen_keys(vs, "\r");
	assert_true(
	    screen_has(vs, "已移动：单雪梅 11-22 09:40 -> 11-25 10:10"));
	/* typed, and there again: it does not go where it cannot */
	screen_keys(vs, "mm\02511-25 13:00\r");
	assert_true(screen_has(vs, "下一个空档 11-25 14:00"));
	screen_keys(vs, "\r");
	assert_true(screen_has(vs, "-> 11-25 14:00"));
	screen_keys(vs, "m[[\r"); /* past */
	assert_true(screen_has(vs, "时间已过"));
	screen_keys(vs, "\033");
	assert_false(screen_has(vs, "移动 单雪梅"));
	screen_free(&vs);
	vs = stage(&agent_en, 40, 120);
	screen_keys(vs, "c");
	screen_expect(vs, "calendar-en");
	screen_free(&vs);
}

static void test_calendar__promises_where_there_is_room(void **state)
{
	struct vscreen *vs = stage(&agent_zh, 24, 80);

	(void)state;
	screen_keys(vs, "c\033[C"); /* tomorrow */
	screen_keys(vs, "noyjg\r1");
	assert_true(screen_has(vs, "11-23 08:00"));
	screen_keys(vs, "\rwife asks\r");
	assert_true(screen_has(vs, "已约回拨：11-23 08:00"));
	screen_keys(vs, "nsxm\r1");
	assert_true(screen_has(vs, "11-23 08:15"));
	screen_keys(vs, "\02511-23 08:05\r"); /* in the quarter that is full */
	assert_true(screen_has(vs, "已约满"));
	screen_keys(vs, "\r家属代接\r");
	screen_expect(vs, "calendar-two-zh");
	screen_keys(vs, "nnobody\r");
	assert_true(screen_has(vs, "没有匹配的患者"));
	screen_free(&vs);
}

/* Enter leads to the rows, Enter calls; Esc goes back step by step. */
static void test_calendar__rows_call_and_say_why_not(void **state)
{
	struct vscreen *vs = stage(&agent_zh, 24, 80);

	(void)state;
	screen_keys(vs, "\r\033OR"); /* no answer: a call of today */
	screen_keys(vs, "cG");
	screen_keys(vs, "\rG");
	screen_expect(vs, "calendar-rows-zh");
	screen_keys(vs, "m");
	assert_true(screen_has(vs, "只有约定的回拨可移动"));
	screen_keys(vs, "\r");
	assert_true(screen_has(vs, "话术"));
	screen_keys(vs, "\033\033]]T");
	assert_true(screen_has(vs, "[22*]"));
	screen_free(&vs);
}

static void test_work__an_alert_is_raised_by_hand(void **state)
{
	struct vscreen *vs = stage(&agent_zh, 24, 80);

	(void)state;
	screen_keys(vs, "jja2头晕\r");
	assert_true(screen_has(vs, "预警已发出"));
	screen_keys(vs, "A");
	assert_true(screen_has(vs, "头晕"));
	screen_free(&vs);
}

/* Keys per call, as decoded and counted against the rules of the screens. */
static void test_call__keys_are_few(void **state)
{
	struct vscreen *vs = stage(&agent_zh, 24, 80);

	(void)state;
	screen_typed(vs);
	screen_keys(vs, "\r\033OR"); /* Enter, F3 */
	assert_true(screen_has(vs, "(无人接听)"));
	screen_keys(vs, "\r111"); /* PCI day 7, ten questions */
	screen_keys(vs, "111136/82\r11111\r");
	assert_true(screen_has(vs, "已保存: 欧阳建国 (接通)"));
	/* 2 keys; then Enter, 3 openers, 8 choices, a pressure (7), Enter */
	assert_int_equal(screen_typed(vs), 2 + 2 + 1 + 3 + 8 + 7 + 1);
	screen_free(&vs);
}

static void test_help__finds_a_key(void **state)
{
	struct vscreen *vs = stage(&agent_en, 24, 80);

	(void)state;
	screen_keys(vs, "?/hbrl");
	assert_true(screen_has(vs, "Callback calendar"));
	assert_false(screen_has(vs, "Snooze the patient"));
	screen_keys(vs, "\025F7");
	assert_true(screen_has(vs, "Sync and keys"));
	assert_false(screen_has(vs, "Callback calendar"));
	screen_keys(vs, "\033");
	assert_true(screen_has(vs, "Snooze the patient"));
	screen_keys(vs, "\033");
	assert_true(screen_has(vs, "Why now"));
	screen_free(&vs);
}

static void test_palette__says_in_full_why_not(void **state)
{
	struct vscreen *vs = stage(&agent_en, 24, 80);

	(void)state;
	screen_keys(vs, ":reassign");
	assert_true(screen_has(vs, "Only a supervisor reassigns."));
	screen_keys(vs, "\025calendar\r");
	assert_true(screen_has(vs, "by plan"));
	screen_free(&vs);
}

static void test_day__shows_what_was_recorded(void **state)
{
	struct vscreen *vs = stage(&agent_zh, 24, 80);

	(void)state;
	screen_keys(vs, "h");
	screen_expect(vs, "day-zh");
	screen_free(&vs);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_work__pictures),
	    cmocka_unit_test(test_work__finds_a_patient_in_five_keys),
	    cmocka_unit_test(test_call__one_key_a_question_and_three_more),
	    cmocka_unit_test(test_call__a_note_is_kept_whatever_follows),
	    cmocka_unit_test(test_call__f2_takes_or_refuses_what_is_typed),
	    cmocka_unit_test(test_call__no_answer_takes_two_keys),
	    cmocka_unit_test(test_call__a_promise_takes_three_keys),
	    cmocka_unit_test(test_call__a_red_flag_needs_no_key),
	    cmocka_unit_test(test_patient__every_tab_has_its_picture),
	    cmocka_unit_test(test_patient__a_value_opens_what_measured_it),
	    cmocka_unit_test(test_alerts__loop_closes_only_when_verified),
	    cmocka_unit_test(test_alerts__forwards_with_a_signed_reason),
	    cmocka_unit_test(test_alerts__escalates_to_somebody_with_a_number),
	    cmocka_unit_test(test_board__reassigns_what_was_previewed),
	    cmocka_unit_test(test_calendar__moves_a_promise),
	    cmocka_unit_test(test_calendar__promises_where_there_is_room),
	    cmocka_unit_test(test_calendar__rows_call_and_say_why_not),
	    cmocka_unit_test(test_work__an_alert_is_raised_by_hand),
	    cmocka_unit_test(test_call__keys_are_few),
	    cmocka_unit_test(test_help__finds_a_key),
	    cmocka_unit_test(test_palette__says_in_full_why_not),
	    cmocka_unit_test(test_day__shows_what_was_recorded),
	    cmocka_unit_test(test_work__snooze_is_saved_and_can_be_undone),
	};
	return cmocka_run_group_tests_name("screens", tests, NULL, NULL);
}
