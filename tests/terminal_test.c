/*
 * Tests of the terminal as the program runs it: one terminal for two people,
 * passphrase, a new key, the whole log verified, a call without screens, and
 * terminals that can do less.
 */
#include "core/asset.h"
#include "core/json.h"
#include "core/store.h"
#include "tests/desk_maker.h"
#include "tests/programs.h"
#include "tests/stage.h"
#include "tests/test.h"
#include "tui/screens.h"

#include <pty.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- one terminal, two people -------------------------------------------- */

static struct hospital *hospital;

/* The program beside the tests of this build. */
static void program_path(char *out, size_t size)
{
	char exe[4096] = "";
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	assert_true(n > 0);
	*strrchr(exe, '/') = '\0';
	snprintf(out, size, "%s/../bin/suifang", exe);
}

static int setup(void **state)
{
	(void)state;
	hospital = hospital_with_agents("T-07");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	hospital_free(hospital);
	return 0;
}

static struct vscreen *terminal(const char *member)
{
	char home[4300], program[4200];
	char *argv[] = {
	    program, "--fence", "--lang", "en", "--home", home, NULL};

	snprintf(home, sizeof(home), "%s/seats/%s", hospital->dir, member);
	program_path(program, sizeof(program));
	return screen_start(argv, (struct vscreen_size){24, 80});
}

static void test_terminal__two_people_share_it(void **state)
{
	struct vscreen *vs = terminal("A017");

	(void)state;
	assert_true(screen_has(vs, "A017"));
	assert_true(screen_has(vs, "LOCKED"));
	screen_keys(vs, "\033[17~"); /* F6 before anybody is in */
	assert_true(screen_has(vs, "Whose seat?"));
	screen_keys(vs, "\033");
	screen_keys(vs, "wrong\r");
	screen_wait(vs, "Wrong passphrase");
	screen_keys(vs, "pw\r");
	screen_wait(vs, "Worklist");
	screen_keys(vs, ";l"); /* locks */
	screen_wait(vs, "LOCKED");
	screen_keys(vs, "\033\033?q");
	assert_true(screen_has(vs, "LOCKED"));
	assert_false(screen_has(vs, "Worklist"));
	screen_keys(vs, "\025\033[17~"); /* another person comes */
	assert_true(screen_has(vs, "Whose seat?"));
	screen_keys(vs, "1");
	screen_wait(vs, "A012");
	screen_keys(vs, "pw\r");
	screen_wait(vs, "Worklist  A012 Zhao");
	screen_keys(vs, ";l");
	screen_wait(vs, "LOCKED");
	screen_keys(vs, "pw\r");
	screen_wait(vs, "Worklist  A012 Zhao");
	screen_keys(vs, "q");
	assert_int_equal(screen_wait_exit(vs), 0);
	screen_free(&vs);
}

/* A contact that A017 recorded, and the centre has. */
static void record_contact(void)
{
	struct home *home = hospital_open(hospital, "seats/A017", "pw");
	struct stmt *s = store_query(home_store(home), Q_SEARCH_FIELDS);
	struct id patient = {{0}};
	json_t *body = json_loads(
	    "{\"respondent\":\"self\",\"disposition\":\"completed\","
	    "\"disposition_version\":1,\"reached\":true,\"completed\":false,"
	    "\"started_s\":1795312000,\"ended_s\":1795312300,"
	    "\"class\":\"none\",\"script\":\"hypertension\","
	    "\"script_version\":\"1\",\"answers\":[{\"link\":"
	    "\"respondent\",\"type\":\"choice\",\"code\":\"self\"}]}",
	    0, NULL);

	assert_non_null(body);
	stmt_bind_id(s, ":after", &patient);
	stmt_bind_int(s, ":max", 1);
	assert_int_equal(stmt_step(s), 1);
	assert_true(stmt_id(&patient, s, 0));
	stmt_reset(s);
	hospital_say(home, KIND_CONTACT_RECORDED, &patient, body);
	assert_true(hospital_settle(home) >= 0);
	home_close(&home);
}

static void test_terminal__answers_leave_as_fhir(void **state)
{
	char path[4300], *text;
	size_t n;

	(void)state;
	record_contact();
	run_expect(
	    hospital, 2, "", "suifang-node export fhir @/out --home @/node");
	run_expect(hospital, 0, "",
	    "suifang-node export fhir @/out --reason HIS --home @/node");
	assert_non_null(
	    strstr(run_out(hospital), "1 responses of 1 contacts, 1 patients"));
	snprintf(path, sizeof(path), "%s/out/QuestionnaireResponse.ndjson",
	    hospital->dir);
	text = test_read_file(path, &n);
	assert_non_null(strstr(text, "\"status\":\"stopped\""));
	assert_non_null(strstr(text, "\"identifier\""));
	free(text);
	/* A file that is there is never overwritten. */
	run_expect(hospital, 6, "",
	    "suifang-node export fhir @/out --reason HIS --home @/node");
	run_expect(hospital, 0, "",
	    "suifang-node export fhir @/late --reason HIS --since 2999-01-01 "
	    "--home @/node");
	assert_non_null(strstr(run_out(hospital), "0 responses of 0"));
	run_expect(hospital, 0, "", "suifang-log show --home @/node");
	assert_non_null(strstr(run_out(hospital), "patient.exported"));
}

/* The next version of a pack, as a hospital would write it. */
static void write_next_rules(const char *name)
{
	const char *own = asset_find("rules/mood.json")->data;
	const char *at = strstr(own, "\"version\": 1");
	char path[4300];
	FILE *f;

	assert_non_null(at);
	snprintf(path, sizeof(path), "%s/%s", hospital->dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "%.*s\"version\": 2%s", (int)(at - own), own,
	    at + strlen("\"version\": 1"));
	assert_int_equal(fclose(f), 0);
}

static void test_terminal__content_arrives_while_it_is_open(void **state)
{
	struct vscreen *vs = terminal("A017");

	(void)state;
	screen_keys(vs, "pw\r");
	screen_wait(vs, "Worklist");
	screen_wait(vs, "all received");
	write_next_rules("mood.json");
	run_expect(
	    hospital, 0, "", "suifang-node publish @/mood.json --home @/node");
	screen_wait(vs, "In force from now: Mood and risk of self-harm v2.");
	screen_keys(vs, "q");
	assert_int_equal(screen_wait_exit(vs), 0);
	screen_free(&vs);
}

static void test_terminal__keys_are_changed_from_the_screen(void **state)
{
	static const char new_one[] = "four plain words here";
	struct vscreen *vs = terminal("A017");
	char line[64];

	(void)state;
	screen_keys(vs, "pw\r");
	screen_wait(vs, "Worklist");
	screen_keys(vs, ";7"); /* sync and keys */
	screen_wait(vs, "Log here");
	screen_wait(vs, "T-07");
	screen_keys(vs, "v");
	screen_wait(vs, "every signature and chain holds");
	screen_keys(vs, "Ppw\rshort\r");
	screen_wait(vs, "At least 12 characters");
	snprintf(line, sizeof(line), "%s\r", new_one);
	screen_keys(vs, "Ppw\r");
	screen_keys(vs, new_one);
	assert_false(screen_has(vs, new_one));
	screen_keys(vs, "\rother words than before\r");
	screen_wait(vs, "not the same");
	screen_keys(vs, "Pbad\r");
	screen_keys(vs, line);
	screen_keys(vs, line);
	screen_wait(vs, "Wrong passphrase");
	screen_keys(vs, "Ppw\r");
	screen_keys(vs, line);
	screen_keys(vs, line);
	screen_wait(vs, "The passphrase is changed.");
	screen_keys(vs, "Npw\r");
	screen_wait(vs, "Wrong passphrase");
	screen_keys(vs, "N");
	screen_keys(vs, line);
	screen_wait(vs, "sealed under a new key");
	assert_true(screen_has(vs, "Worklist"));
	screen_keys(vs, ";7d");
	screen_wait(vs, "diagnostics.txt");
	screen_keys(vs, "\033q");
	assert_int_equal(screen_wait_exit(vs), 0);
	screen_free(&vs);
	vs = terminal("A017");
	screen_keys(vs, line);
	screen_wait(vs, "Worklist  A017 Lin");
	screen_keys(vs, "q");
	assert_int_equal(screen_wait_exit(vs), 0);
	screen_free(&vs);
}

static void test_terminal__a_report_needs_no_screen(void **state)
{
	(void)state;
	run_expect(hospital, 0, "pw\n",
	    "suifang --home @/seats/A012 --lang en --report 2026-11 "
	    "--passphrase-fd 0");
	assert_non_null(strstr(run_out(hospital), "numerator_means"));
	run_expect(hospital, 2, "pw\n",
	    "suifang --home @/seats/A012 --report 2026-13 --passphrase-fd 0");
	run_expect(hospital, 2, "pw\n", "suifang --theme purple");
}

/* Numbered prompts alone: a patient is called, asked, the end is said; the
 * empty line: no advice was read. Quiet
 * hours, when it is night at the hospital, ask one line more. */
static void test_terminal__plain_does_a_whole_call(void **state)
{
	(void)state;
	run_expect(hospital, 0, "pw\n1\n1\n1\n1\n1\n.\n\n10\na note\nq\n",
	    "suifang --home @/seats/A012 --lang en --plain --passphrase-fd 0");
	assert_non_null(strstr(run_out(hospital), "Check the identity"));
	assert_non_null(strstr(run_out(hospital), "How did the call end?"));
	assert_non_null(strstr(run_out(hospital), "Saved."));
	run_expect(hospital, 0, "pw\n",
	    "suifang-log show --home @/seats/A012 --passphrase-fd 0");
	assert_non_null(strstr(run_out(hospital), "contact.recorded"));
}

/* ---- what a terminal can do ---------------------------------------------- */

static const struct stage agent = {
    .role = 'A', .lang = LANG_EN, .screen = &work_screen};

static void test_terminal__widths_are_asked_for_and_believed(void **state)
{
	struct vscreen *vs = stage_start(&agent, 24, 80);

	(void)state;
	assert_true(screen_has(vs, "--------------------"));
	screen_keys(vs, "\033[1;5R"); /* two cells each: as before */
	assert_true(screen_has(vs, "--------------------"));
	screen_free(&vs);
	vs = stage_start(&agent, 24, 80);
	screen_keys(vs, "\033[1;3R");
	assert_true(screen_has(vs, "────────────────────"));
	screen_keys(vs, "jk"); /* the answer was no key */
	assert_true(screen_has(vs, "Worklist"));
	screen_free(&vs);
}

static void test_terminal__every_theme_has_its_picture(void **state)
{
	static const char *const names[THEME_COUNT] = {
	    "theme-dark", "theme-light", "theme-contrast", "theme-mono"};

	(void)state;
	for (int i = 0; i < THEME_COUNT; i++) {
		struct stage_ground on = {.theme = (enum theme)i};
		struct vscreen *vs = stage_start_on(&agent, &on);
		screen_expect(vs, names[i]);
		screen_keys(vs, ":next col\r");
		assert_true(screen_has(vs, "Worklist"));
		screen_free(&vs);
	}
}

static void test_terminal__poor_terminals_show_the_same_words(void **state)
{
	static const char *const terms[] = {"linux", "vt100", "xterm-color",
	    "xterm-mono", "screen", "tmux-256color", "xterm"};
	struct vscreen *rich = stage_start(&agent, 24, 80);
	char *want = screen_text(rich);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(terms); i++) {
		struct stage_ground on = {.term = terms[i]};
		struct vscreen *vs = stage_start_on(&agent, &on);
		char *got;
		got = screen_text(vs);
		if (strcmp(got, want) != 0)
			fail_msg("%s:\n%s", terms[i], got);
		free(got);
		screen_free(&vs);
	}
	free(want);
	screen_free(&rich);
}

static void test_terminal__dumb_ones_are_told_of_plain(void **state)
{
	char program[4200], said[2000] = "";
	size_t n = 0;
	ssize_t got;
	int fd, status;
	pid_t pid = forkpty(&fd, NULL, NULL, NULL);

	(void)state;
	program_path(program, sizeof(program));
	if (pid == 0) {
		setenv("TERM", "dumb", 1);
		execl(program, program, "--lang", "en", "--home",
		    "/nowhere/at/all", (char *)NULL);
		_exit(127);
	}
	while (n < sizeof(said) - 1 &&
	       (got = read(fd, said + n, sizeof(said) - 1 - n)) > 0)
		n += (size_t)got;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(fd);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 11);
	assert_non_null(strstr(said, "--plain"));
}

/* ---- sync and keys ------------------------------------------------------- */

static int verified(void *ctx, struct desk_verify *out)
{
	(void)ctx;
	*out = (struct desk_verify){.records = 18204, .seats = 9};
	return 0;
}

static void fill_keys(struct desk_maker *m)
{
	m->desk.keys.verify = verified;
}

static void test_sync__pictures(void **state)
{
	static const struct {
		enum lang lang;
		int rows, cols;
		const char *name;
	} shots[] = {{LANG_ZH, 24, 80, "sync-zh-80"},
	    {LANG_EN, 24, 80, "sync-en-80"}, {LANG_ZH, 40, 120, "sync-zh-120"},
	    {LANG_EN, 40, 120, "sync-en-120"}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(shots); i++) {
		struct stage st = {.role = 'S',
		    .lang = shots[i].lang,
		    .screen = &sync_screen,
		    .fill = fill_keys};
		struct vscreen *vs =
		    stage_start(&st, shots[i].rows, shots[i].cols);
		screen_keys(vs, "v");
		screen_expect(vs, shots[i].name);
		screen_free(&vs);
	}
}

static void fill_recovering(struct desk_maker *m)
{
	m->sync.is_recovering = true;
	m->sync.is_current = false;
	m->sync.unsent = 3;
}

/* The centre is there and gives receipts, and still is not itself. */
static void test_sync__a_restored_centre_is_told(void **state)
{
	static const char *const names[] = {
	    "sync-recovering-zh", "sync-recovering-en"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct stage st = {.role = 'S',
		    .lang = i ? LANG_EN : LANG_ZH,
		    .screen = &sync_screen,
		    .fill = fill_recovering};
		struct vscreen *vs = stage_start(&st, 24, 80);
		screen_expect(vs, names[i]);
		screen_free(&vs);
	}
}

static void fill_under_way(struct desk_maker *m)
{
	m->sync.is_current = false;
	m->sync.given = 1;
	m->sync.unsent = 2;
	m->sync.taken = 10;
	m->sync.in_feed = 30;
}

static void test_sync__each_step_says_how_far_it_is(void **state)
{
	struct stage st = {.role = 'A',
	    .lang = LANG_EN,
	    .screen = &sync_screen,
	    .fill = fill_under_way};
	struct vscreen *vs = stage_start(&st, 24, 80);

	(void)state;
	assert_true(screen_has(vs, "to upload 2"));
	assert_true(screen_has(vs, "to download 30"));
	assert_true(screen_has(vs, "[###-------]  33%  1/3"));
	assert_true(screen_has(vs, "[##--------]  25%  10/40"));
	screen_free(&vs);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_terminal__two_people_share_it),
	    cmocka_unit_test(test_terminal__content_arrives_while_it_is_open),
	    cmocka_unit_test(test_terminal__answers_leave_as_fhir),
	    cmocka_unit_test(test_terminal__keys_are_changed_from_the_screen),
	    cmocka_unit_test(test_terminal__a_report_needs_no_screen),
	    cmocka_unit_test(test_terminal__plain_does_a_whole_call),
	    cmocka_unit_test(test_terminal__widths_are_asked_for_and_believed),
	    cmocka_unit_test(test_terminal__every_theme_has_its_picture),
	    cmocka_unit_test(test_terminal__poor_terminals_show_the_same_words),
	    cmocka_unit_test(test_terminal__dumb_ones_are_told_of_plain),
	    cmocka_unit_test(test_sync__pictures),
	    cmocka_unit_test(test_sync__a_restored_centre_is_told),
	    cmocka_unit_test(test_sync__each_step_says_how_far_it_is),
	};
	return cmocka_run_group_tests_name("terminal", tests, setup, teardown);
}
