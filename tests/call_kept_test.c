/*
 * Tests of what a call must not lose from sight: a note whose writer's
 * terminal is killed, an alert that the doctor closed meanwhile.
 */
#include "core/shelf.h"
#include "keys/hash.h"
#include "tests/desk_maker.h"
#include "tests/stage.h"
#include "tests/test.h"
#include "tui/call.h"
#include "tui/call_leave.h"
#include "tui/call_view.h"
#include "tui/screens.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static void test_call_kept__kill_9_leaves_the_note(void **state)
{
	char dir[] = "/tmp/suifang-note-XXXXXX";
	struct stage st = {
	    .role = 'A', .lang = LANG_ZH, .dir = dir, .screen = &work_screen};
	struct id p;
	struct desk_maker m;
	struct vscreen *vs;
	struct call *c;

	(void)state;
	assert_non_null(mkdtemp(dir));
	vs = stage_start(&st, 24, 80);
	screen_keys(vs, "\r111\tleg swollen");
	assert_int_equal(kill(screen_pid(vs), SIGKILL), 0);
	screen_free(&vs);
	desk_maker_init(&m, 'A', dir);
	assert_int_equal(call_unfinished(&p, 1, &m.desk), 1);
	assert_int_equal(call_begin(&c, &m.desk, &p, ""), 0);
	assert_string_equal(c->note, "leg swollen");
	call_free(&c);
	desk_maker_fini(&m);
}

/* A call that was left in the middle, its patient given to somebody else. */
static void test_call_kept__a_withdrawn_patient_leaves_a_record(void **state)
{
	struct desk_maker m;
	struct call *c;
	struct id p, left = desk_patient(1);
	char slot[16 + ID_HEX] = "withdraw/";

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	assert_int_equal(call_begin(&c, &m.desk, &left, "x"), 0);
	assert_int_equal(call_set_note(c, "leg swollen"), 0);
	call_free(&c);
	/* It is nobody's business before the patient leaves. */
	assert_int_equal(call_leave_withdrawn(&m.desk), 0);
	assert_int_equal(call_unfinished(&p, 1, &m.desk), 1);
	id_hex(slot + strlen(slot), &left);
	assert_int_equal(shelf_put(m.desk.store, slot, "asked", "", 1), 0);
	assert_int_equal(call_leave_withdrawn(&m.desk), 1);
	assert_int_equal(call_unfinished(&p, 1, &m.desk), 0);
	assert_int_equal(
	    test_scalar(m.desk.store, "SELECT count(*) FROM "
				      "v_contact WHERE interrupted = 1 AND "
				      "completed = 0 AND note LIKE "
				      "'leg swollen%'"),
	    1);
	assert_int_equal(call_leave_withdrawn(&m.desk), 0);
	desk_maker_fini(&m);
}

static bool grid_shows(const struct grid *g, const char *word)
{
	int n = (int)strlen(word);

	for (int i = 0; i + n <= g->rows * g->cols; i++) {
		int k = 0;
		while (k < n && g->cells[i + k].ch == (uint32_t)word[k])
			k++;
		if (k == n)
			return true;
	}
	return false;
}

static void test_call_kept__the_banner_says_closed(void **state)
{
	static const char *const said[][2] = {{"call.identity", "1"},
	    {"call.recording", "1"}, {"call.respondent", "1"},
	    {"bp.sys", "182"}};
	struct field none = {.len = 0};
	struct desk_maker m;
	struct id p = desk_patient(3);
	struct grid g = {.rows = 0};
	struct script_verdict v;
	struct call_view view = {.at = 0, .entry = &none, .note = &none};
	struct script_place at = {.occ = 0};
	char body[300];

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	tr_use(LANG_EN);
	assert_int_equal(call_begin(&view.call, &m.desk, &p, ""), 0);
	for (size_t i = 0; i < ARRAY_LEN(said); i++) {
		at.item = script_find(view.call->script, said[i][0]);
		assert_int_equal(call_answer(view.call, at, said[i][1], &v), 0);
	}
	assert_int_equal(view.call->alert_count, 1);
	grid_reset(&g, 24, 160);
	call_view_draw(&view, &g);
	assert_false(grid_shows(&g, "closed"));
	snprintf(body, sizeof(body), "{'alert':'%s','waiver':'in hospital'}",
	    view.call->alerts[0].ref);
	desk_maker_enter(&m, KIND_ALERT_CLOSED, &p, body);
	grid_reset(&g, 24, 160);
	call_view_draw(&view, &g);
	assert_true(grid_shows(&g, "closed"));
	grid_fini(&g);
	call_free(&view.call);
	desk_maker_fini(&m);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_call_kept__kill_9_leaves_the_note),
	    cmocka_unit_test(
		test_call_kept__a_withdrawn_patient_leaves_a_record),
	    cmocka_unit_test(test_call_kept__the_banner_says_closed),
	};

	hash_init();
	return cmocka_run_group_tests_name("call_kept", tests, NULL, NULL);
}
