/*
 * Tests of what an agent has beside the questions of a call: numbers,
 * circumstances, notes, advice, appointments, corrections, hand-over.
 */
#include "core/store.h"
#include "keys/hash.h"
#include "sync/directory.h"
#include "tests/desk_maker.h"
#include "tests/stage.h"
#include "tests/test.h"
#include "tui/dialer.h"
#include "tui/screens.h"

#include <unistd.h>

static const struct stage agent_zh = {
    'A', LANG_ZH, &work_screen, 0, NULL, NULL, NULL};
static const struct stage agent_en = {
    'A', LANG_EN, &work_screen, 0, NULL, NULL, NULL};

/* A whole call of the patient on top but one: post-PCI, ten questions. */
#define PCI_CALL                                                               \
	"j\r111"                                                               \
	"111136/82\r11111"

static void test_circum__choices_and_a_number_in_four_keys(void **state)
{
	struct vscreen *vs = stage_start(&agent_zh, 24, 80);

	(void)state;
	screen_keys(vs, "\r\033[19~");
	screen_expect(vs, "circum-zh");
	screen_keys(vs, "2"); /* no key of these choices */
	assert_true(screen_has(vs, "什么有变化"));
	screen_keys(vs, "t2");
	assert_true(screen_has(vs, "已记入患者资料"));
	screen_keys(vs, "\033[19~n138-0013 8000\r2");
	assert_true(screen_has(vs, "已记入患者资料"));
	screen_keys(vs, "\033[18~");
	assert_true(screen_has(vs, "138****8000  配偶"));
	screen_expect(vs, "call-numbers-zh");
	screen_keys(vs, "3");
	assert_true(screen_has(vs, "13800138000"));
	screen_keys(vs, "\033i");
	assert_true(screen_has(vs, "14:00-17:30"));
	screen_free(&vs);
	vs = stage_start(&agent_en, 40, 120);
	screen_keys(vs, "\r\033[19~");
	screen_expect(vs, "circum-en");
	screen_free(&vs);
}

static void test_call__an_invalid_number_is_retired(void **state)
{
	struct vscreen *vs = stage_start(&agent_zh, 24, 80);

	(void)state;
	screen_keys(vs, "\r\033OS4");
	assert_true(screen_has(vs, "空号"));
	screen_keys(vs, "/1177\ti");
	assert_true(screen_has(vs, "139****1177 本人  (停用)"));
	screen_free(&vs);
}

static void test_call__a_death_asks_day_cause_and_informant(void **state)
{
	struct vscreen *vs = stage_start(&agent_zh, 24, 80);

	(void)state;
	screen_keys(vs, "\r\033OSd");
	screen_expect(vs, "call-death-zh");
	screen_keys(vs, "\02511-30\r");
	assert_true(screen_has(vs, "不是已过去的日期"));
	screen_keys(vs, "\033OSd\02511-20\r");
	assert_true(screen_has(vs, "死因"));
	screen_keys(vs, "心梗\r女儿\r");
	assert_true(screen_has(vs, "已保存: 单雪梅 (死亡)"));
	screen_keys(vs, "/1177\r");
	assert_true(screen_has(vs, "死亡"));
	screen_free(&vs);
}

static void test_call__words_of_the_note_are_asked_about(void **state)
{
	struct vscreen *vs = stage_start(&agent_zh, 24, 80);

	(void)state;
	screen_keys(vs, "j\r111\t昨晚胸痛\r");
	screen_expect(vs, "call-tag-zh");
	screen_keys(vs, "y");
	assert_true(screen_has(vs, "胸痛"));
	screen_expect(vs, "call-tag-yes-zh");
	screen_free(&vs);
	vs = stage_start(&agent_zh, 24, 80);
	screen_keys(vs, "j\r111\t昨晚胸痛\rn");
	assert_false(screen_has(vs, "!!"));
	screen_free(&vs);
}

static void test_call__advice_is_read_and_recorded(void **state)
{
	struct vscreen *vs = stage_start(&agent_en, 24, 80);

	(void)state;
	screen_keys(vs, PCI_CALL);
	screen_expect(vs, "call-advice-en");
	screen_keys(vs, "2");
	assert_true(screen_has(vs, "2 [x]"));
	screen_keys(vs, "2");
	assert_true(screen_has(vs, "2 [ ]"));
	screen_keys(vs, "1\r");
	assert_true(screen_has(vs, "Saved"));
	screen_free(&vs);
}

static void share_number(struct desk_maker *m)
{
	struct id other = desk_patient(4);

	assert_int_equal(store_begin(m->desk.store), 0);
	desk_maker_enter(m, KIND_PATIENT_AMENDED, &other,
	    "{'phones':[{'number':'13900001177','relation':'spouse',"
	    "'consent':true}]}");
	assert_int_equal(store_commit(m->desk.store), 0);
}

static void test_call__a_shared_number_serves_both(void **state)
{
	struct stage st = agent_zh;
	struct vscreen *vs;

	(void)state;
	st.fill = share_number;
	vs = stage_start(&st, 24, 80);
	screen_keys(vs, "\r");
	assert_true(screen_has(vs, "同号患者：仇玉兰"));
	screen_keys(vs, "\033[18~");
	screen_expect(vs, "call-shared-zh");
	screen_keys(vs, "3");
	assert_true(screen_has(vs, "通话  仇玉兰"));
	screen_keys(vs, "\033OR");
	assert_true(screen_has(vs, "通话  单雪梅"));
	screen_free(&vs);
}

static void test_call__an_incoming_call_finds_its_patient(void **state)
{
	struct stage st = agent_zh;
	struct vscreen *vs;

	(void)state;
	st.fill = share_number;
	vs = stage_start(&st, 24, 80);
	screen_keys(vs, "I+86 139 0000 1177\r");
	screen_expect(vs, "incoming-zh");
	screen_keys(vs, "1");
	assert_true(screen_has(vs, "来电"));
	screen_keys(vs, "\033I99999999\r");
	assert_true(screen_has(vs, "团队名册都没有这个号码"));
	screen_free(&vs);
}

#define FAR_NUMBER "13312345678"

/* The directory as the centre would send it, with one patient of a
 * colleague. */
static void share_directory(struct desk_maker *m)
{
	static const uint8_t key[DIRECTORY_KEY] = {7};
	struct id phone, far = desk_patient(777);
	char sql[400], hex[ID_HEX], stream[ID_HEX];

	hash_prefixed_id(&phone, PREFIX_PHONE,
	    (const struct part[]){
		{key, sizeof(key)}, {FAR_NUMBER, strlen(FAR_NUMBER)}},
	    2);
	id_hex(hex, &phone);
	id_hex(stream, &far);
	assert_int_equal(
	    store_meta_set(m->desk.store, "directory.key", key, sizeof(key)),
	    0);
	snprintf(sql, sizeof(sql),
	    "INSERT INTO directory (phone, stream, name) VALUES (x'%s', x'%s', "
	    "'司*燕')",
	    hex, stream);
	assert_int_equal(test_exec(m->desk.store, sql), 0);
}

static void test_call__a_colleagues_caller_is_taken_with_one_key(void **state)
{
	struct stage st = agent_zh;
	struct vscreen *vs;

	(void)state;
	st.fill = share_directory;
	vs = stage_start(&st, 24, 80);
	screen_keys(vs, "I5678\r");
	assert_true(screen_has(vs, "需要完整号码"));
	screen_keys(vs, "I133 1234 5678\r");
	screen_expect(vs, "incoming-team-zh");
	screen_keys(vs, "1");
	screen_expect(vs, "incoming-taken-zh");
	screen_keys(vs, "问明天复查几点\r");
	assert_true(screen_has(vs, "已为其责任坐席记下"));
	screen_keys(vs, "h");
	assert_true(screen_has(vs, "紧急调阅"));
	screen_free(&vs);
}

static void test_work__rows_are_marked_while_a_filter_stands(void **state)
{
	struct vscreen *vs = stage_start(&agent_zh, 24, 80);

	(void)state;
	screen_keys(vs, "/1");
	screen_keys(vs, " ");
	screen_keys(vs, "\t");
	screen_expect(vs, "work-filter-rows-zh");
	screen_keys(vs, "F");
	screen_expect(vs, "work-lists-zh");
	screen_keys(vs, "s");
	assert_true(screen_has(vs, "筛选已保存在本机"));
	screen_keys(vs, "\033F1");
	assert_true(screen_has(vs, "筛选: 1"));
	screen_keys(vs, "\033Fo");
	assert_true(screen_has(vs, "[逾期]"));
	assert_true(screen_has(vs, "欧阳建国"));
	assert_false(screen_has(vs, "解晓东"));
	screen_keys(vs, "s4");
	assert_true(screen_has(vs, "已延后: 1"));
	assert_true(screen_has(vs, "此清单里没有患者"));
	screen_keys(vs, "Fc");
	assert_true(screen_has(vs, "单雪梅"));
	assert_false(screen_has(vs, "曾强"));
	screen_keys(vs, "\033");
	assert_true(screen_has(vs, "曾强"));
	screen_free(&vs);
}

static void test_visits__an_appointment_is_kept_or_not(void **state)
{
	struct vscreen *vs = stage_start(&agent_zh, 24, 80);

	(void)state;
	screen_keys(vs, "v");
	assert_true(screen_has(vs, "还没有预约或就诊"));
	screen_keys(vs, "n1\02511-25 09:30\r");
	assert_true(screen_has(vs, "已预约"));
	screen_keys(vs, "n3\r");
	screen_keys(vs, "w4");
	screen_keys(vs, "jr");
	screen_expect(vs, "visits-zh");
	screen_keys(vs, "Gr");
	assert_true(screen_has(vs, "请先选中一条预约"));
	screen_free(&vs);
	vs = stage_start(&agent_en, 40, 120);
	screen_keys(vs, "vn2\rx");
	screen_expect(vs, "visits-en");
	screen_free(&vs);
}

static void test_handover__is_given(void **state)
{
	struct vscreen *vs = stage_start(&agent_zh, 24, 80);

	(void)state;
	screen_keys(vs, "jj\r\033H");
	screen_expect(vs, "handover-zh");
	screen_keys(vs, "n2");
	assert_true(screen_has(vs, "已交班"));
	screen_expect(vs, "handover-given-zh");
	screen_keys(vs, "\r");
	assert_true(screen_has(vs, "这不是交给您的班"));
	screen_free(&vs);
	vs = stage_start(&agent_en, 40, 120);
	screen_keys(vs, "Hn1");
	screen_expect(vs, "handover-en");
	screen_free(&vs);
}

static void give_to_me(struct desk_maker *m)
{
	struct id team = m->desk.team, me = m->desk.seat;

	assert_int_equal(store_begin(m->desk.store), 0);
	memcpy(m->desk.seat.b + 1, "A012", 4);
	desk_maker_enter(m, KIND_HANDOVER_GIVEN, &team,
	    "{'to':'A017','day':20778,'unfinished':1,'promises':3,"
	    "'alerts':0,'unsent':2}");
	m->desk.seat = me;
	assert_int_equal(store_commit(m->desk.store), 0);
}

static void test_handover__is_accepted_by_the_successor(void **state)
{
	struct stage st = agent_zh;
	struct vscreen *vs;

	(void)state;
	st.fill = give_to_me;
	vs = stage_start(&st, 24, 80);
	screen_keys(vs, "H");
	assert_true(screen_has(vs, "Enter 接班"));
	screen_keys(vs, "\r");
	assert_true(screen_has(vs, "已接班"));
	screen_keys(vs, "\r");
	assert_true(screen_has(vs, "已经接过了"));
	screen_free(&vs);
}

static void test_patient__unmasking_is_recorded(void **state)
{
	struct vscreen *vs = stage_start(&agent_zh, 24, 80);

	(void)state;
	screen_keys(vs, "i");
	assert_false(screen_has(vs, "13900001177"));
	screen_keys(vs, "m");
	screen_expect(vs, "patient-unmask-zh");
	screen_keys(vs, "1");
	assert_true(screen_has(vs, "13900001177"));
	screen_keys(vs, "\033i");
	assert_false(screen_has(vs, "13900001177"));
	screen_keys(vs, "D");
	assert_true(screen_has(vs, "只有主管"));
	screen_free(&vs);
}

static void only_pinyin(struct desk_maker *m)
{
	struct id who = desk_patient(1);

	assert_int_equal(store_begin(m->desk.store), 0);
	desk_maker_enter(m, KIND_PATIENT_AMENDED, &who,
	    "{'name_en':'','pinyin':'ouyang jianguo'}");
	assert_int_equal(store_commit(m->desk.store), 0);
}

/* A console without Chinese characters shows English: no name is Chinese. */
static void test_work__english_names_fall_back_to_pinyin(void **state)
{
	struct stage st = agent_en;
	struct vscreen *vs;

	(void)state;
	st.fill = only_pinyin;
	vs = stage_start(&st, 24, 80);
	assert_true(screen_has(vs, "ouyang jian"));
	assert_false(screen_has(vs, "欧阳建国"));
	screen_keys(vs, "ji");
	assert_true(screen_has(vs, "ouyang jianguo"));
	assert_false(screen_has(vs, "欧阳建国"));
	screen_free(&vs);
}

static void dial_often(struct desk_maker *m)
{
	struct id who = desk_patient(3);

	assert_int_equal(store_begin(m->desk.store), 0);
	m->shift_s = -3600;
	for (int i = 0; i < 5; i++)
		desk_maker_enter(m, KIND_CALL_STARTED, &who,
		    "{'number_index':0,'direction':'out'}");
	m->shift_s = 0;
	assert_int_equal(store_commit(m->desk.store), 0);
}

static void dial_in_emergency(struct desk_maker *m)
{
	struct id who = desk_patient(3);

	dial_often(m);
	assert_int_equal(store_begin(m->desk.store), 0);
	desk_maker_enter(m, KIND_ALERT_RAISED, &who,
	    "{'no':'A012.1-9','rule':'by-hand','version':'1',"
	    "'level':'emergency','text_zh':'昏迷','text_en':'Unconscious',"
	    "'queue':'cardiology','sla_s':900}");
	assert_int_equal(store_commit(m->desk.store), 0);
}

static void test_call__an_emergency_does_not_wait_for_the_hour(void **state)
{
	struct stage st = agent_zh;
	struct vscreen *vs;

	(void)state;
	st.fill = dial_in_emergency;
	vs = stage_start(&st, 24, 80);
	screen_keys(vs, "/2233\r");
	assert_true(screen_has(vs, "13700002233"));
	screen_free(&vs);
}

/* The cap comes before the number shows, from every way into a call. */
static void test_call__often_enough_asks_for_a_reason(void **state)
{
	struct stage st = agent_zh;
	struct vscreen *vs;

	(void)state;
	st.fill = dial_often;
	vs = stage_start(&st, 24, 80);
	screen_keys(vs, "jj\r");
	screen_expect(vs, "call-cap-zh");
	assert_false(screen_has(vs, "13700002233"));
	screen_keys(vs, "\033i\r");
	assert_true(screen_has(vs, "今天拨打次数已满"));
	assert_false(screen_has(vs, "13700002233"));
	screen_keys(vs, "急事\r");
	assert_true(screen_has(vs, "13700002233"));
	/* what was interrupted goes on without a question */
	screen_keys(vs, "\033\033\r");
	assert_true(screen_has(vs, "请继续"));
	screen_free(&vs);
	st.lang = LANG_EN;
	vs = stage_start(&st, 40, 120);
	screen_keys(vs, "jj\r");
	screen_expect(vs, "call-cap-en");
	screen_free(&vs);
}

static void refuse_calls(struct desk_maker *m)
{
	struct id who = desk_patient(1);

	assert_int_equal(store_begin(m->desk.store), 0);
	desk_maker_enter(m, KIND_CONSENT_SET, &who,
	    "{'what':'call','given':false,'note':'不要再打'}");
	assert_int_equal(store_commit(m->desk.store), 0);
}

static void test_patient__only_a_supervisor_lifts_do_not_call(void **state)
{
	static struct patient_arg arg;
	struct stage st = {
	    'S', LANG_ZH, &patient_screen, 0, NULL, refuse_calls, &arg};
	struct vscreen *vs;

	(void)state;
	arg = (struct patient_arg){desk_patient(1), "review", 0};
	st.role = 'A';
	vs = stage_start(&st, 24, 80);
	assert_true(screen_has(vs, "禁呼"));
	screen_keys(vs, ":jcjhcf\r");
	assert_true(screen_has(vs, "只有主管"));
	screen_keys(vs, "\r");
	assert_true(screen_has(vs, "拒绝"));
	screen_free(&vs);
	st.role = 'S';
	vs = stage_start(&st, 24, 80);
	screen_expect(vs, "patient-refused-zh");
	screen_keys(vs, ":jcjhcf\r本人来电同意\r");
	assert_true(screen_has(vs, "已解除禁呼"));
	assert_false(screen_has(vs, "不要再打"));
	screen_free(&vs);
}

static void test_amend__a_corrected_answer_withdraws_its_alert(void **state)
{
	struct vscreen *vs = stage_start(&agent_zh, 24, 80);

	(void)state;
	/* chest pain: a red flag; then the patient hangs up */
	screen_keys(vs, "j\r1112");
	assert_true(screen_has(vs, "!!"));
	screen_keys(vs, "\033OS8");
	assert_true(screen_has(vs, "已保存"));
	screen_keys(vs, "/4802\ti");
	screen_keys(vs, "e");
	screen_expect(vs, "amend-zh");
	screen_keys(vs, "\033OQ");
	assert_true(screen_has(vs, "还没有更改"));
	screen_keys(vs, "jjj\r1\033OQ\r按错\r");
	assert_true(screen_has(vs, "撤回 1"));
	screen_keys(vs, "6");
	assert_true(screen_has(vs, "更正撤回"));
	screen_free(&vs);
}

static void test_every_new_screen_in_english(void **state)
{
	static const struct {
		const char *keys, *name;
		bool wide;
	} rows[] = {
	    {"j\r\033[18~", "call-numbers-en", true},
	    {"j\r111\tchest pain tonight\r", "call-tag-en", false},
	    {"\r\033OSd", "call-death-en", true},
	    {"I1177\r", "incoming-en", true},
	    {"/1\tF", "work-lists-en", true},
	    {"im", "patient-unmask-en", false},
	    {"v", "visits-empty-en", false},
	    {"H", "handover-empty-en", false},
	    {"j\r1112\033OS8/4802\tie", "amend-en", true},
	    {"\r\033[19~c", "circum-complaint-en", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct vscreen *vs = stage_start(
		    &agent_en, rows[i].wide ? 40 : 24, rows[i].wide ? 120 : 80);
		screen_keys(vs, rows[i].keys);
		screen_expect(vs, rows[i].name);
		screen_free(&vs);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_circum__choices_and_a_number_in_four_keys),
	    cmocka_unit_test(test_call__an_invalid_number_is_retired),
	    cmocka_unit_test(test_call__a_death_asks_day_cause_and_informant),
	    cmocka_unit_test(test_call__words_of_the_note_are_asked_about),
	    cmocka_unit_test(test_call__advice_is_read_and_recorded),
	    cmocka_unit_test(test_call__a_shared_number_serves_both),
	    cmocka_unit_test(test_call__an_incoming_call_finds_its_patient),
	    cmocka_unit_test(
		test_call__a_colleagues_caller_is_taken_with_one_key),
	    cmocka_unit_test(test_work__rows_are_marked_while_a_filter_stands),
	    cmocka_unit_test(test_visits__an_appointment_is_kept_or_not),
	    cmocka_unit_test(test_handover__is_given),
	    cmocka_unit_test(test_handover__is_accepted_by_the_successor),
	    cmocka_unit_test(test_call__often_enough_asks_for_a_reason),
	    cmocka_unit_test(
		test_call__an_emergency_does_not_wait_for_the_hour),
	    cmocka_unit_test(test_every_new_screen_in_english),
	    cmocka_unit_test(test_work__english_names_fall_back_to_pinyin),
	    cmocka_unit_test(test_patient__unmasking_is_recorded),
	    cmocka_unit_test(test_patient__only_a_supervisor_lifts_do_not_call),
	    cmocka_unit_test(
		test_amend__a_corrected_answer_withdraws_its_alert),
	};

	return cmocka_run_group_tests_name("agent", tests, NULL, NULL);
}
