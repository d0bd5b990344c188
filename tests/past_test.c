/*
 * past_test.c - a call that is over: read again from the history, corrected
 * by who made it, and the proof of an entry from the audit.
 */
#include "core/store.h"
#include "tests/desk_maker.h"
#include "tests/stage.h"
#include "tests/test.h"
#include "tui/amend.h"
#include "tui/past.h"
#include "tui/screens.h"

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
	screen_keys(vs, "ejjj\r1\033OQ按错\r");
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
		screen_keys(vs, "ejjj\r2\033OQfirst\r");
		screen_keys(vs, "ejjj\r1\033OQ再听录音\r");
		screen_expect(vs, shots[i].name);
		screen_free(&vs);
	}
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
	    cmocka_unit_test(test_past__of_somebody_else_is_not_corrected),
	    cmocka_unit_test(
		test_past__a_corrected_value_is_not_compared_with_itself),
	    cmocka_unit_test(test_past__a_value_that_is_taken_back_is_gone),
	};

	return cmocka_run_group_tests_name("past", tests, NULL, NULL);
}
