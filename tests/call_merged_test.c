/*
 * call_merged_test.c - pictures of one call for two pathways whose advice
 * contradicts: heart failure and COPD (less to drink, more to drink).
 */
#include "keys/hash.h"
#include "tests/desk_maker.h"
#include "tests/stage.h"
#include "tests/test.h"
#include "tui/screens.h"

/* The first patient of the list, 单雪梅, gets both. */
static void enrol_both(struct desk_maker *m)
{
	static const char *const plans[] = {"heart-failure", "copd"};
	struct id p = desk_patient(2);
	int today = (int)((m->world.now_s + 28800) / 86400);
	char body[700];

	for (int i = 0; i < 2; i++) {
		const char *id = plans[i];
		snprintf(body, sizeof(body),
		    "{'pathway':'%s','version':'1','anchor':'enrolment',"
		    "'anchor_day':%d,'next':[{'pathway':'%s',"
		    "'pathway_version':'1','step':'routine','script':'%s',"
		    "'open_day':%d,'due_day':%d,'close_day':%d,'minutes':5,"
		    "'attempts':0,'not_before_s':0,'rule':'plan',"
		    "'rule_version':'1'}]}",
		    id, today - 7, id, id, today - 1, today, today + 9);
		desk_maker_enter(m, KIND_PATHWAY_ENROLLED, &p, body);
	}
}

static void test_call_merged__pictures(void **state)
{
	static const struct stage zh = {.role = 'A',
	    .lang = LANG_ZH,
	    .screen = &work_screen,
	    .fill = enrol_both};
	static const struct stage en = {.role = 'A',
	    .lang = LANG_EN,
	    .screen = &work_screen,
	    .fill = enrol_both};
	struct vscreen *vs = stage_start(&zh, 24, 80);

	(void)state;
	screen_keys(vs, "\r111");
	screen_expect(vs, "call-merged-zh");
	screen_free(&vs);
	vs = stage_start(&en, 40, 120);
	screen_keys(vs, "\r111");
	screen_expect(vs, "call-merged-en");
	screen_free(&vs);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_call_merged__pictures),
	};
	hash_init();
	return cmocka_run_group_tests_name("call_merged", tests, NULL, NULL);
}
