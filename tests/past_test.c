/*
 * past_test.c - a call that is over: read again from the history, corrected
 * by who made it, and the proof of an entry from the audit.
 */
#include "core/cadence.h"
#include "core/notetag.h"
#include "core/store.h"
#include "tests/desk_maker.h"
#include "tests/stage.h"
#include "tests/test.h"
#include "tui/amend.h"
#include "tui/call.h"
#include "tui/catalog.h"
#include "tui/past.h"
#include "tui/screens.h"

#include <stdio.h>
#include <string.h>

static const struct stage agent_zh = {
    .role = 'A', .lang = LANG_ZH, .screen = &work_screen};

/* By D001, whose seat is made of the name. */
static void call_of_another(struct desk_maker *m)
{
	struct id patient = desk_patient(1), own = m->desk.seat;
	long long at = (long long)m->world.now_s - 7200;
	char body[900];

	snprintf(body, sizeof(body),
	    "{'respondent':'spouse','disposition':'completed',"
	    "'disposition_version':1,'reached':true,'completed':true,"
	    "'class':'satisfied','started_s':%lld,'ended_s':%lld,"
	    "'script':'pci-day7','script_version':'1','note':'wife answers',"
	    "'answers':[{'link':'gone','type':'string','text':'x'}]}",
	    at - 300, at);
	m->shift_s = -7200;
	memcpy(m->desk.seat.b + 1, "D001", 4);
	desk_maker_enter(m, KIND_CONTACT_RECORDED, &patient, body);
	m->desk.seat = own;
	m->shift_s = 0;
}

/* Enter on the history opens the call; only who made it corrects it. */
static void test_past__a_call_is_read_again_and_corrected(void **state)
{
	struct vscreen *vs = stage_start(&agent_zh, 24, 80);

	(void)state;
	screen_keys(vs, "j\r1112\tshuo xiong men\033\033OS8");
	assert_true(screen_has(vs, "已保存"));
	screen_keys(vs, "/4802\ti3");
	screen_expect(vs, "past-history-zh");
	screen_keys(vs, "j\r"); /* the alert: its tab */
	assert_true(screen_has(vs, "[6 预警]"));
	screen_keys(vs, "3\r");
	screen_expect(vs, "past-zh");
	screen_keys(vs, "ejjj\r1\033OQ\r按错\r");
	assert_true(screen_has(vs, "撤回 1"));
	screen_expect(vs, "past-corrected-zh");
	screen_keys(vs, "\033");
	assert_true(screen_has(vs, "[3 随访史]"));
	screen_keys(vs, "7");
	assert_true(screen_has(vs, "[7 审计]"));
	screen_keys(vs, "jjj\r");
	screen_expect(vs, "proof-zh");
	screen_free(&vs);
}

/* Each correction stays to be read: who, why, what it was and became. */
static void test_past__every_correction_is_told(void **state)
{
	static const struct {
		enum lang lang;
		int rows, cols;
		const char *name;
	} shots[] = {{LANG_ZH, 24, 80, "past-twice-zh-80"},
	    {LANG_EN, 24, 80, "past-twice-en-80"},
	    {LANG_ZH, 40, 120, "past-twice-zh-120"},
	    {LANG_EN, 40, 120, "past-twice-en-120"}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(shots); i++) {
		struct stage st = agent_zh;
		st.lang = shots[i].lang;
		struct vscreen *vs =
		    stage_start(&st, shots[i].rows, shots[i].cols);
		screen_keys(vs, "j\r1111\033OS8/4802\ti3\r");
		screen_keys(vs, "ejjj\r2\033OQ\rfirst\r");
		screen_keys(vs, "ejjj\r1\033OQ\r再听录音\r");
		screen_expect(vs, shots[i].name);
		screen_free(&vs);
	}
}

/* Chest pain and a faint; then there was no pain, so that nobody would have
 * asked about the faint: all of it is read before anything is signed. */
static void test_past__what_falls_away_is_told_before_the_signature(
    void **state)
{
	static const char *const told[] = {"不再询问", "1.1 多长时间一次",
	    "1.2 有没有晕倒过？: 是", "胸痛、胸闷或气短: 撤回", "晕厥",
	    "下次随访", "风险"};
	struct vscreen *vs = stage_start(&agent_zh, 24, 80);

	(void)state;
	screen_keys(vs, "j\r111211\033OS8/4802\tiejjj\r1\033OQ");
	screen_expect(vs, "amend-check-faint-zh");
	for (size_t i = 0; i < ARRAY_LEN(told); i++)
		assert_true(screen_has(vs, told[i]));
	screen_keys(vs, "\033");
	assert_true(screen_has(vs, "核对签署"));
	screen_keys(vs, "\033OQ\r按错\r");
	assert_true(screen_has(vs, "撤回 2"));
	screen_keys(vs, "6");
	assert_false(screen_has(vs, "未签收"));
	screen_free(&vs);
}

/* A pain that was keyed as none: sooner; and back again as it was. */
static void test_past__the_next_contact_is_decided_anew(void **state)
{
	struct vscreen *vs = stage_start(&agent_zh, 24, 80);

	(void)state;
	screen_keys(vs, "j\r111111136/82\r11111\r/4802\ti3\rejjj\r4\033OQ");
	assert_true(screen_has(vs, "按新回答应问而未答"));
	assert_true(screen_has(vs, "新增"));
	assert_true(screen_has(vs, "12-15 -> 11-25"));
	screen_expect(vs, "amend-check-sooner-zh");
	screen_keys(vs, "\r听错\r");
	assert_true(screen_has(vs, "更正已签署"));
	screen_keys(vs, "ejjj\r1\033OQ");
	assert_true(screen_has(vs, "11-25 -> 12-15"));
	screen_free(&vs);
}

/* What the dictionary makes of the note, taken as so. */
static void note_of(struct call *c, struct call_tag *tag)
{
	static const char note[] = "胸痛";
	struct notetag_hit hit;

	assert_int_equal(
	    notetag_suggest(&hit, 1, catalog_notetag(c->desk->catalog), note,
		sizeof(note) - 1),
	    1);
	snprintf(tag->id, sizeof(tag->id), "%s", hit.id);
	snprintf(tag->code, sizeof(tag->code), "%s", hit.code);
	snprintf(tag->text, sizeof(tag->text), "%s", hit.text);
	assert_int_equal(call_set_note(c, note), 0);
}

/* How many entries of a kind the correction would sign. */
static int count_of(const struct amend_made *made, enum kind kind)
{
	int n = 0;

	for (size_t i = 0; i < made->draft.count; i++)
		n += made->draft.entries[i].kind == kind;
	return n;
}

/* The note said it, the agent confirmed it: another answer's correction does
 * not take that alert away. */
static void test_past__an_alert_of_the_note_outlives_a_correction(void **state)
{
	const struct id patient = desk_patient(1);
	struct script_place at = {.confirmed = true};
	struct script_verdict verdict = {.text = NULL};
	struct amend_made made;
	struct desk_maker m;
	struct amend *a = NULL;
	struct call *c = NULL;
	char ref[REF_TEXT];
	const struct disposition *how;
	static const char *const answers[][2] = {{"call.identity", "1"},
	    {"call.recording", "1"}, {"call.respondent", "1"}, {"bleed", "1"}};
	struct call_tag tag = {.is_so = true};

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	assert_int_equal(call_begin(&c, &m.desk, &patient, "test"), 0);
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		at.item = script_find(c->script, answers[i][0]);
		assert_int_equal(
		    call_answer(c, at, answers[i][1], &verdict), 0);
	}
	assert_int_equal(c->alert_count, 0);
	note_of(c, &tag);
	assert_int_equal(call_tag(c, &tag), 0);
	assert_true(c->alert_count > 0);
	how = cadence_find(catalog_cadence(m.desk.catalog), "hung-up");
	assert_int_equal(call_finish(ref, c, how, NULL), 0);
	call_free(&c);
	assert_int_equal(amend_open(&a, &m.desk, &patient, NULL), 0);
	at.item = script_find(a->past->script, "bleed");
	assert_int_equal(
	    script_run_type(a->past->run, at, "2", NULL, &verdict), 0);
	assert_int_equal(amend_make(&made, a, ""), 0);
	assert_int_equal(made.effect.withdrawn + made.effect.kept, 0);
	assert_int_equal(count_of(&made, KIND_ALERT_WITHDRAWN), 0);
	amend_made_fini(&made);
	amend_free(&a);
	desk_maker_fini(&m);
}

static void test_past__of_somebody_else_is_not_corrected(void **state)
{
	struct stage st = {
	    .role = 'A', .lang = LANG_EN, .screen = &patient_screen};
	struct patient_arg arg = {desk_patient(1), "review", 2};
	struct vscreen *vs;

	(void)state;
	st.arg = &arg;
	st.fill = call_of_another;
	vs = stage_start(&st, 24, 80);
	screen_keys(vs, "\r");
	screen_expect(vs, "past-en");
	screen_keys(vs, "e");
	assert_true(screen_has(vs, "Only who made the call"));
	screen_free(&vs);
}

/* Heart failure, and a weight of 60 kg that was meant to be another. */
static void weighed(struct desk_maker *m)
{
	struct id patient = desk_patient(1);
	long long at = (long long)m->world.now_s - 600;
	char body[900];

	desk_maker_enter(m, KIND_CONDITIONS_RECORDED, &patient,
	    "{'items':[{'code':'I50.9','system':'icd10',"
	    "'text':'heart failure'}]}");
	snprintf(body, sizeof(body),
	    "{'respondent':'self','disposition':'completed',"
	    "'disposition_version':1,'reached':true,'completed':true,"
	    "'class':'satisfied','started_s':%lld,'ended_s':%lld,"
	    "'script':'heart-failure','script_version':'1',"
	    "'observations':[{'code':'29463-7','value':60,'scale':0,"
	    "'unit':'kg','at_s':%lld,'source':'told'}],"
	    "'answers':[{'link':'call.identity','type':'choice',"
	    "'code':'verified'},{'link':'weight','type':'quantity',"
	    "'int':60,'scale':0,'unit':'kg'}]}",
	    at - 300, at, at - 60);
	m->shift_s = -600;
	desk_maker_enter(m, KIND_CONTACT_RECORDED, &patient, body);
	m->shift_s = 0;
}

/* The slip itself is no value that the corrected one has risen from. */
static void test_past__a_corrected_value_is_not_compared_with_itself(
    void **state)
{
	const struct id patient = desk_patient(1);
	struct script_place at = {.confirmed = true};
	struct script_verdict verdict = {.text = NULL};
	struct amend_effect did = {.raised = -1};
	struct desk_maker m;
	struct amend *a = NULL;
	char ref[REF_TEXT];

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	weighed(&m);
	assert_int_equal(amend_open(&a, &m.desk, &patient, NULL), 0);
	at.item = script_find(a->past->script, "weight");
	assert_int_equal(
	    script_run_type(a->past->run, at, "63 kg", NULL, &verdict), 0);
	assert_int_equal(amend_save(ref, a, "slip", &did), 0);
	assert_int_equal(did.raised, 0);
	amend_free(&a);
	desk_maker_fini(&m);
}

static int weights(const struct desk_maker *m)
{
	const struct id patient = desk_patient(1);
	struct stmt *s = store_query(m->desk.store, Q_FACT_OBS);
	int n = 0;

	stmt_bind_id(s, ":stream", &patient);
	stmt_bind_int(s, ":max", 100);
	while (stmt_step(s) == 1)
		n += strcmp(stmt_text(s, 0), "29463-7") == 0;
	return n;
}

/* Of a call with somebody else no weight is left. */
static void test_past__a_value_that_is_taken_back_is_gone(void **state)
{
	const struct id patient = desk_patient(1);
	struct script_place at = {.confirmed = true};
	struct script_verdict verdict = {.text = NULL};
	struct amend_effect did = {.raised = -1};
	struct desk_maker m;
	struct amend *a = NULL;
	char ref[REF_TEXT];

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	weighed(&m);
	assert_int_equal(weights(&m), 1);
	assert_int_equal(amend_open(&a, &m.desk, &patient, NULL), 0);
	at.item = script_find(a->past->script, "call.identity");
	assert_int_equal(
	    script_run_type(a->past->run, at, "2", NULL, &verdict), 0);
	assert_int_equal(amend_save(ref, a, "not the patient", &did), 0);
	assert_int_equal(weights(&m), 0);
	amend_free(&a);
	desk_maker_fini(&m);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_past__a_call_is_read_again_and_corrected),
	    cmocka_unit_test(test_past__every_correction_is_told),
	    cmocka_unit_test(
		test_past__what_falls_away_is_told_before_the_signature),
	    cmocka_unit_test(
		test_past__an_alert_of_the_note_outlives_a_correction),
	    cmocka_unit_test(test_past__the_next_contact_is_decided_anew),
	    cmocka_unit_test(test_past__of_somebody_else_is_not_corrected),
	    cmocka_unit_test(
		test_past__a_corrected_value_is_not_compared_with_itself),
	    cmocka_unit_test(test_past__a_value_that_is_taken_back_is_gone),
	};

	return cmocka_run_group_tests_name("past", tests, NULL, NULL);
}
