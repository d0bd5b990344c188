/*
 * proof_mark_test.c - the worklist after a first sync: rows of patients of
 * whom signatures are yet to be checked bear a mark until they are.
 */
#include "tests/desk_maker.h"
#include "tests/stage.h"
#include "tests/test.h"
#include "tui/screens.h"

#include "core/store.h"

/* Two of the six, and one of another list. */
static void leave_two(struct desk_maker *m)
{
	assert_int_equal(
	    test_exec(m->desk.store,
		"INSERT INTO unproved SELECT "
		"stream FROM v_patient WHERE name IN ('欧阳建国', '仇玉兰')"),
	    0);
}

static void test_mark__rows_that_are_yet_to_be_checked(void **state)
{
	static const struct stage zh = {.role = 'A',
	    .lang = LANG_ZH,
	    .screen = &work_screen,
	    .fill = leave_two};
	static const struct stage en = {.role = 'A',
	    .lang = LANG_EN,
	    .screen = &work_screen,
	    .fill = leave_two};
	struct vscreen *vs = stage_start(&zh, 24, 80);

	(void)state;
	assert_true(screen_has(vs, "? 核对中 2"));
	assert_true(screen_has(vs, "?核对中"));
	screen_expect(vs, "work-unproved-zh");
	screen_free(&vs);
	vs = stage_start(&en, 24, 80);
	assert_true(screen_has(vs, "?unproved"));
	screen_expect(vs, "work-unproved-en");
	screen_free(&vs);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_mark__rows_that_are_yet_to_be_checked),
	};

	return cmocka_run_group_tests_name("proof mark", tests, NULL, NULL);
}
