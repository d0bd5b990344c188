/*
 * golden_test.c - every screen there is has its picture, in both languages,
 * at 80x24 and at 120x40. The screens are read from the sources: one that
 * is new fails here until it has its four.
 */
#include "tests/desk_maker.h"
#include "tests/stage.h"
#include "tests/test.h"
#include "tui/screens.h"

#include <dirent.h>
#include <unistd.h>

/* A red flag, a note, then hung up. */
#define CALLED "j\r1112\tshuo xiong men\033\033OS8"

/* A screen, and the keys from where it begins to what is to be seen. Without
 * a beginning its pictures are those of another test. */
static const struct place {
	const char *screen, *name;
	char role;
	const struct screen_ops *from;
	const void *arg;
	const char *keys, *title;
} places[] = {
    {"unlock_screen", "all-unlock", 'A', &unlock_screen, &desk_locked, "ab",
	""},
    {"work_screen", "all-work", 'A', &work_screen, NULL, "j", "Worklist"},
    {"work_screen", "all-work-followed", 'A', &work_screen, NULL, "j",
	"Minor bleeding"},
    {"call_screen", "all-call", 'A', &work_screen, NULL, "j\r111", "Call"},
    {"call_screen", "all-call-alert", 'A', &work_screen, NULL,
	"jj\r1111182/112\r", "Call"},
    {"call_screen", "all-call-end", 'A', &work_screen, NULL,
	"j\r111111136/82\r11111", "Call"},
    {"patient_screen", "all-overview", 'A', &work_screen, NULL, "ji",
	"1 Overview]"},
    {"patient_screen", "all-trend", 'A', &work_screen, NULL, "i2", "["},
    {"patient_screen", "all-history", 'A', &work_screen, NULL,
	CALLED "/4802\ti3", "["},
    {"patient_screen", "all-medication", 'A', &work_screen, NULL, "ji4", "["},
    {"patient_screen", "all-results", 'A', &work_screen, NULL, "i5", "["},
    {"patient_screen", "all-alerts", 'A', &work_screen, NULL, "i6", "["},
    {"patient_screen", "all-audit", 'A', &work_screen, NULL, CALLED "/4802\ti7",
	"["},
    {"past_screen", "all-past", 'A', &work_screen, NULL, CALLED "/4802\ti3\r",
	"Past call"},
    {"proof_screen", "all-proof", 'A', &work_screen, NULL,
	CALLED "/4802\ti7j\r", "Proof of an entry"},
    {"amend_screen", "all-amend", 'A', &work_screen, NULL,
	CALLED "/4802\tiejjj", "Correction"},
    {"amend_check_screen", "all-amend-check", 'A', &work_screen, NULL,
	CALLED "/4802\tiejjj\r1\033OQ", "What the correction brings"},
    {"visits_screen", "all-visits", 'A', &work_screen, NULL, "vn1\rw1",
	"Visits"},
    {"handover_screen", "all-handover", 'A', &work_screen, NULL, "j\r1111\033H",
	"Shift hand-over"},
    {"alerts_screen", "all-queue", 'D', &alerts_screen, NULL, "a",
	"Alert queue"},
    {"day_screen", "all-day", 'A', &work_screen, NULL, "\r\033ORh", "day"},
    {"day_screen", "all-day-moves", 'S', &board_screen, NULL,
	"j R\033OQ\033OQh\rU", "go back"},
    {"calendar_screen", "all-calendar", 'A', &work_screen, NULL,
	"j\r\033[15~\rc", "Callback calendar"},
    {"calendar_screen", "all-calendar-move", 'A', &work_screen, NULL,
	"cm\033[B", "Callback calendar"},
    {"sync_screen", "sync", 0, NULL, NULL, "", ""},
    {"board_screen", "all-board", 'S', &board_screen, NULL, "j ", "Supervisor"},
    {"plan_screen", "all-plan", 'S', &board_screen, NULL, "j R",
	"Bulk reassign"},
    {"plan_screen", "plan-patients", 0, NULL, NULL, "", ""},
    {"kpi_screen", "kpi", 0, NULL, NULL, "", ""},
    {"kpi_screen", "kpi-split", 0, NULL, NULL, "", ""},
    {"review_screen", "review", 0, NULL, NULL, "", ""},
    {"score_screen", "score", 0, NULL, NULL, "", ""},
    {"roster_screen", "roster", 0, NULL, NULL, "", ""},
    {"content_screen", "content", 0, NULL, NULL, "", ""},
    {"content_screen", "content-view", 0, NULL, NULL, "", ""},
    {"complaints_screen", "complaints", 0, NULL, NULL, "", ""},
    {"held_screen", "held", 0, NULL, NULL, "", ""},
    {"help_screen", "all-help", 'A', &work_screen, NULL, "?", "Help"},
    {"palette_screen", "all-palette", 'A', &work_screen, NULL, ":hbrl",
	"Callback calendar"},
    {"pick_screen", "all-snooze", 'A', &work_screen, NULL, "s", "Snooze"},
    {"prompt_screen", "all-incoming", 'A', &work_screen, NULL, "I139", "139"},
    {"confirm_screen", "all-tag", 'A', &work_screen, NULL,
	"j\r111\tchest pain 胸痛\r", "patient"},
};

/* What else there is behind a picture. */
static const struct {
	const char *name;
	void (*fill)(struct desk_maker *m);
} fills[] = {{"all-work-followed", desk_maker_follow},
    {"all-board", desk_maker_staff}, {"all-plan", desk_maker_staff}};

static const struct size {
	enum lang lang;
	int rows, cols;
	const char *suffix;
} sizes[] = {{LANG_ZH, 24, 80, "zh-80"}, {LANG_EN, 24, 80, "en-80"},
    {LANG_ZH, 40, 120, "zh-120"}, {LANG_EN, 40, 120, "en-120"}};

static void take_one(const struct place *p, const struct size *size)
{
	struct stage st = {.role = p->role,
	    .lang = size->lang,
	    .screen = p->from,
	    .arg = p->arg};
	struct vscreen *vs;
	char file[80];

	for (size_t i = 0; i < ARRAY_LEN(fills); i++)
		if (strcmp(fills[i].name, p->name) == 0)
			st.fill = fills[i].fill;
	vs = stage_start(&st, size->rows, size->cols);
	screen_keys(vs, p->keys);
	/* the picture is of what it says it is */
	if (size->lang == LANG_EN && !screen_has(vs, p->title))
		fail_msg(
		    "%s: no \"%s\" in\n%s", p->name, p->title, screen_text(vs));
	snprintf(file, sizeof(file), "%s-%s", p->name, size->suffix);
	screen_expect(vs, file);
	screen_free(&vs);
}

static void test_golden__every_screen_at_both_sizes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		for (size_t k = 0; k < ARRAY_LEN(sizes); k++)
			if (places[i].from)
				take_one(&places[i], &sizes[k]);
}

static void check_files(const struct place *p)
{
	for (size_t k = 0; k < ARRAY_LEN(sizes); k++) {
		char path[120];
		snprintf(path, sizeof(path), "tests/screens/%s-%s.txt", p->name,
		    sizes[k].suffix);
		if (access(path, R_OK) != 0)
			fail_msg("%s has no picture %s", p->screen, path);
	}
}

/* Names of the tables in one source; returns how many. */
static int check_source(const char *path)
{
	static const char mark[] = "const struct screen_ops ";
	char *text = test_read_file(path, NULL), *at = text;
	int n = 0;

	for (; (at = strstr(at, mark)); at++) {
		const char *name = at + sizeof(mark) - 1;
		size_t len = strcspn(name, " ;*,)"), found = 0;
		if (strncmp(name + len, " = {", 4) != 0)
			continue;
		for (size_t i = 0; i < ARRAY_LEN(places); i++) {
			if (strncmp(places[i].screen, name, len) != 0 ||
			    places[i].screen[len])
				continue;
			check_files(&places[i]);
			found++;
		}
		if (!found)
			fail_msg(
			    "%.*s of %s has no picture", (int)len, name, path);
		n++;
	}
	free(text);
	return n;
}

static void test_golden__no_screen_is_without(void **state)
{
	DIR *dir = opendir("tui");
	struct dirent *e;
	int n = 0;

	(void)state;
	assert_non_null(dir);
	while ((e = readdir(dir))) {
		const char *dot = strrchr(e->d_name, '.');
		char path[300];
		snprintf(path, sizeof(path), "tui/%s", e->d_name);
		if (dot && strcmp(dot, ".c") == 0)
			n += check_source(path);
	}
	closedir(dir);
	/* the reading itself is no accident */
	assert_true(n >= 27);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_golden__every_screen_at_both_sizes),
	    cmocka_unit_test(test_golden__no_screen_is_without),
	};

	return cmocka_run_group_tests_name("golden", tests, NULL, NULL);
}
