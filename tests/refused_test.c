/*
 * refused_test.c - what a person at a terminal sees that the centre turns
 * away: in the title at once, and on F7 why, in both languages.
 */
#include "core/err.h"
#include "tests/desk_maker.h"
#include "tests/screen.h"
#include "tests/stage.h"
#include "tui/screens.h"

static int refusal;

static void refuse(struct desk_maker *m)
{
	m->sync.refusal = refusal;
	m->sync.is_online = refusal == ERR_REVOKED;
	m->sync.unsent = 2;
}

static void expect_words(const char *zh, const char *en, const char *picture)
{
	static const char *const titles[] = {"同步已停止", "sync stopped"};
	const char *words[] = {zh, en};

	for (int i = 0; i < 2; i++) {
		struct stage st = {.role = 'A',
		    .lang = i ? LANG_EN : LANG_ZH,
		    .screen = &work_screen,
		    .fill = refuse};
		struct vscreen *vs = stage_start(&st, 24, 80);
		char name[60];
		if (!screen_has(vs, titles[i]))
			fail_msg("no title of %d", refusal);
		screen_keys(vs, "\033[18~");
		if (!screen_has(vs, words[i]))
			fail_msg("%s is not on F7", words[i]);
		snprintf(name, sizeof(name), "%s-%s", picture, i ? "en" : "zh");
		if (picture[0])
			screen_expect(vs, name);
		screen_free(&vs);
	}
}

static void test_refused__said_in_the_title_and_why_on_f7(void **state)
{
	static const struct {
		int code;
		const char *zh, *en, *picture;
	} rows[] = {
	    {ERR_REVOKED, "此终端已被吊销", "This terminal is revoked",
		"sync-revoked"},
	    {ERR_VERSION, "协议版本不同", "speak different versions", ""},
	    {ERR_ORGANISATION, "该中心属于另一机构",
		"belongs to another organisation", ""},
	    {ERR_NOT_PERMITTED, "没有此操作的权限", "not permitted", ""},
	    {ERR_FORK, "两条不同的记录占用同一位置", "Two different records",
		""},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		refusal = rows[i].code;
		expect_words(rows[i].zh, rows[i].en, rows[i].picture);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_refused__said_in_the_title_and_why_on_f7),
	};

	return cmocka_run_group_tests_name("refused", tests, NULL, NULL);
}
