/*
 * Tests of a call whose patient is given to another list meanwhile: the
 * agent is told where the call is open, and what becomes of it.
 */
#include "tests/desk_maker.h"
#include "tests/stage.h"
#include "tests/test.h"
#include "tui/call.h"
#include "tui/news.h"
#include "tui/screens.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void give_to(struct desk_maker *m, const char *member)
{
	struct id p = desk_patient(1);
	char hex[ID_HEX], body[200];

	id_hex(hex, &p);
	snprintf(body, sizeof(body),
	    "{'patient':'%s','member':'%s','reason':'sick_leave'}", hex,
	    member);
	desk_maker_enter(m, KIND_ASSIGNED, &m->desk.team, body);
}

static void test_call_moved__is_seen_once_and_said(void **state)
{
	struct id p = desk_patient(1);
	struct desk_maker m;
	struct call *c;
	char text[400];

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	assert_int_equal(call_begin(&c, &m.desk, &p, "x"), 0);
	assert_int_equal(call_see_owner(c), 0);
	assert_false(c->is_moved);
	give_to(&m, "A012");
	assert_int_equal(call_see_owner(c), 1);
	assert_int_equal(call_see_owner(c), 0);
	assert_true(c->is_moved);
	call_moved_text(text, sizeof(text), c);
	assert_non_null(strstr(text, "moved to A012"));
	assert_non_null(strstr(text, "recorded by A017"));
	give_to(&m, "");
	assert_int_equal(call_see_owner(c), 0);
	call_moved_saved(text, sizeof(text), c);
	assert_non_null(strstr(text, "nobody's list"));
	give_to(&m, "A017"); /* and back */
	assert_int_equal(call_see_owner(c), 0);
	assert_false(c->is_moved);
	call_free(&c);
	desk_maker_fini(&m);
}

/* Who takes a colleague's caller, and a supervisor, never had the patient. */
static void test_call_moved__a_colleagues_patient_is_not_moved(void **state)
{
	static const struct call_opening in = {
	    .override = "", .incoming = true, .number = -1};
	struct id p = desk_patient(1);
	struct desk_maker m;
	struct call *c;

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	give_to(&m, "A012");
	assert_int_equal(call_begin_as(&c, &m.desk, &p, &in), 0);
	assert_int_equal(call_see_owner(c), 0);
	assert_false(c->is_moved);
	call_free(&c);
	desk_maker_fini(&m);
}

static void moved(struct desk_maker *m)
{
	give_to(m, "A012");
}

/* On the screen of the call, at once and as long as it is open; and when it
 * is saved. */
static void test_call_moved__the_screen_says_so(void **state)
{
	static const struct {
		enum lang lang;
		const char *name;
	} shots[] = {
	    {LANG_ZH, "call-moved-zh-80"}, {LANG_EN, "call-moved-en-80"}};
	struct call_arg arg = {.patient = desk_patient(1), .override = ""};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(shots); i++) {
		char *dir = test_dir_new();
		struct stage st = {.role = 'A',
		    .lang = shots[i].lang,
		    .dir = dir,
		    .screen = &call_screen,
		    .arg = &arg};
		struct vscreen *vs;
		vs = stage_start(&st, 24, 80);
		screen_keys(vs, "111");
		assert_int_equal(kill(screen_pid(vs), SIGKILL), 0);
		screen_free(&vs);
		st.fill = moved;
		vs = stage_start(&st, 24, 80);
		screen_expect(vs, shots[i].name);
		screen_keys(vs, "1");
		assert_true(screen_has(vs, "A012"));
		screen_free(&vs);
		test_dir_remove(dir);
	}
}

/* Told when it comes, and not again until more comes. */
static void test_news__held_work_is_told_once(void **state)
{
	struct desk_maker m;
	char text[300];

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	assert_int_equal(news_held(text, sizeof(text), &m.desk), 0);
	assert_int_equal(
	    test_exec(m.desk.store,
		"UPDATE entry SET verdict = 4 WHERE seq IN (SELECT seq FROM "
		"entry WHERE kind = 'assigned' ORDER BY seq LIMIT 2)"),
	    0);
	assert_int_equal(news_held(text, sizeof(text), &m.desk), 1);
	assert_non_null(strstr(text, "holds back 2"));
	assert_int_equal(news_held(text, sizeof(text), &m.desk), 0);
	desk_maker_fini(&m);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_call_moved__is_seen_once_and_said),
	    cmocka_unit_test(
		test_call_moved__a_colleagues_patient_is_not_moved),
	    cmocka_unit_test(test_call_moved__the_screen_says_so),
	    cmocka_unit_test(test_news__held_work_is_told_once),
	};

	return cmocka_run_group_tests_name("call_moved", tests, NULL, NULL);
}
