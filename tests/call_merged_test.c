/*
 * call_merged_test.c - pictures of one call for two pathways whose advice
 * contradicts: heart failure and COPD (less to drink, more to drink).
 */
#include "keys/hash.h"
#include "tests/desk_maker.h"
#include "tests/stage.h"
#include "tests/test.h"
#include "tui/screens.h"

static void test_call_merged__pictures(void **state)
{
	static const struct stage zh = {.role = 'A',
	    .lang = LANG_ZH,
	    .screen = &work_screen,
	    .fill = desk_maker_enrol_both};
	static const struct stage en = {.role = 'A',
	    .lang = LANG_EN,
	    .screen = &work_screen,
	    .fill = desk_maker_enrol_both};
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
