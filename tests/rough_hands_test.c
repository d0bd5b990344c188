/*
 * Tests of what no person means to do: huge pastes, control characters,
 * broken UTF-8, sizes that are none, keys faster than drawing, long names,
 * a script of 300 questions, 100,000 rows, a disk that fails or is full
 * under the screen. Nothing crashes, no key is lost, and the message says
 * what to do.
 */
#include "core/buf.h"
#include "core/clock.h"
#include "core/draft.h"
#include "core/json.h"
#include "core/store.h"
#include "core/text.h"
#include "tests/desk_maker.h"
#include "tests/stage.h"
#include "tests/test.h"
#include "tui/screens.h"

#include <fcntl.h>
#include <unistd.h>

/* As sqlite3.h has them, which screens must not know. */
#define SQLITE_FULL_CODE 13
#define SQLITE_IOERR_READ_CODE 266

static const struct stage agent = {
    .role = 'A', .lang = LANG_EN, .screen = &work_screen};
static const struct stage boss = {
    .role = 'S', .lang = LANG_EN, .screen = &board_screen};

/* The program is there, in order, and says nothing that a screen must not. */
static void check_alive(struct vscreen *vs)
{
	char *text;

	screen_keys(vs, "\033");
	screen_keys(vs, "\033");
	screen_keys(vs, "\033");
	screen_keys(vs, "?");
	assert_true(screen_has(vs, "Everywhere"));
	screen_keys(vs, "\033");
	text = screen_text(vs);
	assert_true(utf8_is_valid(text, strlen(text)));
	for (const char *p = text; *p; p++)
		assert_true((unsigned char)*p >= 32 || *p == '\n');
	free(text);
}

/* ---- keys ---------------------------------------------------------------- */

static void paste(struct vscreen *vs, const char *unit, size_t bytes)
{
	struct buf b = {0};

	while (b.len < bytes)
		buf_str(&b, unit);
	screen_keys(vs, "\033[200~");
	screen_bytes(vs, b.data, b.len);
	screen_keys(vs, "\033[201~");
	buf_fini(&b);
}

static void test_bad__a_paste_of_a_megabyte_is_text(void **state)
{
	size_t n = (size_t)test_repeat(1 << 20);
	struct vscreen *vs = stage_start(&agent, 24, 80);

	(void)state;
	paste(vs, "q\r\033[15~y欧\n", n); /* outside a field: nothing */
	assert_true(screen_has(vs, "Worklist"));
	screen_keys(vs, "/");
	paste(vs, "q\r\tx欧", n);
	check_alive(vs);
	screen_keys(vs, "\r\033[15~"); /* the promise's time */
	paste(vs, "15:30\r", n);
	check_alive(vs);
	assert_false(screen_has(vs, "Saved"));
	screen_free(&vs);
}

static void test_bad__every_control_character_is_harmless(void **state)
{
	static const char *const places[] = {"", "/", "s", "a1", ":", "i"};

	(void)state;
	for (size_t p = 0; p < ARRAY_LEN(places); p++) {
		struct vscreen *vs = stage_start(&agent, 24, 80);
		struct buf all = {0};
		screen_keys(vs, places[p]);
		for (int c = 0; c < 256; c++) {
			uint8_t bytes[2] = {0xc2, (uint8_t)c};
			bool c1 = c >= 128 && c < 160; /* as a character */
			if (c < 32 || c >= 127)
				buf_add(&all, bytes + !c1, 1 + (size_t)c1);
		}
		buf_str(&all, "x\300\300"); /* ends what 0xff began */
		screen_bytes(vs, all.data, all.len);
		buf_fini(&all);
		check_alive(vs);
		screen_free(&vs);
	}
}

static void test_bad__broken_utf8_stays_visible_and_short(void **state)
{
	struct vscreen *vs = stage_start(&agent, 24, 80);

	(void)state;
	screen_keys(vs, "/a\377b\303\251c\355\240\200d\300\257e");
	/* each bad byte shows as one sign, what is good as itself */
	assert_true(screen_has(vs, "a\357\277\275bé"));
	assert_true(screen_has(vs, "d\357\277\275\357\277\275e"));
	check_alive(vs);
	screen_free(&vs);
}

static void test_bad__keys_faster_than_drawing_all_count(void **state)
{
	struct stage many = agent;
	struct vscreen *fast, *slow;
	char burst[401], note[21];
	char *a, *b;

	(void)state;
	many.many = 600;
	fast = stage_start(&many, 24, 80);
	slow = stage_start(&many, 24, 80);
	memset(burst, 'j', 400);
	burst[400] = '\0';
	screen_keys(fast, burst);
	for (int i = 0; i < 8; i++) {
		burst[50] = '\0';
		screen_keys(slow, burst);
	}
	a = screen_text(fast);
	b = screen_text(slow);
	assert_string_equal(a, b);
	free(a);
	free(b);
	screen_free(&slow);
	/* a whole call typed ahead, and 20 letters behind it */
	memset(note, 'x', 20);
	note[20] = '\0';
	screen_keys(fast, "g\r\033OR/");
	screen_keys(fast, note);
	assert_true(screen_has(fast, note));
	screen_free(&fast);
}

/* ---- sizes --------------------------------------------------------------- */

static void test_bad__no_size_and_a_huge_one(void **state)
{
	static const struct vscreen_size sizes[] = {{0, 0}, {1000, 1000},
	    {1, 1}, {10, 40}, {9, 39}, {0, 80}, {24, 1}, {1, 500}, {24, 80}};
	struct vscreen *vs = stage_start(&agent, 24, 80);
	char *before = screen_text(vs), *after;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		screen_resize(vs, sizes[i]);
		screen_keys(vs, "jk");
	}
	after = screen_text(vs);
	assert_string_equal(before, after);
	free(before);
	free(after);
	screen_free(&vs);
}

/* After any of them the display is what a fresh start shows in that size. */
static void test_bad__a_dragged_window_is_drawn_anew(void **state)
{
	static const struct vscreen_size drag[] = {
	    {5, 20}, {1, 1}, {100, 300}, {24, 80}};
	struct vscreen *vs = stage_start(&agent, 24, 80);
	char *fresh = screen_text(vs);

	(void)state;
	for (int i = 0; i < test_repeat(5); i++)
		assert_true(screen_drag(vs, drag, ARRAY_LEN(drag), fresh));
	free(fresh);
	for (size_t i = 0; i < ARRAY_LEN(drag); i++) {
		struct vscreen *other =
		    stage_start(&agent, drag[i].rows, drag[i].cols);
		fresh = screen_text(other);
		assert_true(screen_drag(vs, &drag[i], 1, fresh));
		free(fresh);
		screen_free(&other);
	}
	screen_free(&vs);
}

/* Every screen there is can be drawn in every size. */
static void visit(struct vscreen *vs, const char *const *keys, size_t n)
{
	static const struct vscreen_size sizes[] = {
	    {10, 40}, {1000, 1000}, {11, 79}, {24, 80}};

	for (size_t i = 0; i < n; i++) {
		screen_keys(vs, keys[i]);
		for (size_t k = 0; k < ARRAY_LEN(sizes); k++) {
			screen_resize(vs, sizes[k]);
			screen_keys(vs, "\033OB\033OA");
		}
		screen_keys(vs, "\033");
		screen_keys(vs, "\033");
		screen_keys(vs, "\033");
	}
	check_alive(vs);
	screen_free(&vs);
}

static void test_bad__every_screen_bears_40x10(void **state)
{
	static const char *const agents[] = {"i", "i2", "i3", "i4", "i5", "i6",
	    "i7", "c", "A", "h", "\033[18~", "K", "p", "p\r", "s", "a", ":",
	    "?", "\r", "\r111", "\r\033[15~", "\r\033OS"};
	static const char *const bosses[] = {"K", "K\r", "V", "r", "p", "m",
	    "e", "A", "h", "\033[18~", "jR", "jR\t", "jC", "j\r"};

	(void)state;
	visit(stage_start(&agent, 24, 80), agents, ARRAY_LEN(agents));
	visit(stage_start(&boss, 24, 80), bosses, ARRAY_LEN(bosses));
}

/* ---- what is stored ------------------------------------------------------ */

static const char long_name[] =
    "欧阳建国欧阳建国欧阳建国欧阳建国欧阳建国欧阳建国欧阳建国欧阳建国欧阳"
    "建国欧阳末";
static const char mixed_name[] = "阿依古丽·买买提 Aygul Mehmet-Øst أحمد";

static void fill_names(struct desk_maker *m)
{
	static const char *const names[] = {long_name, mixed_name};
	struct id p;
	char body[600];

	assert_int_equal(store_begin(m->desk.store), 0);
	for (int i = 0; i < 2; i++) {
		p = desk_patient(i + 1);
		snprintf(body, sizeof(body), "{'name':'%s'}", names[i]);
		desk_maker_enter(m, KIND_PATIENT_AMENDED, &p, body);
	}
	assert_int_equal(store_commit(m->desk.store), 0);
}

static void test_bad__long_and_mixed_names_stay_in_their_columns(void **state)
{
	struct stage st = {.role = 'A',
	    .lang = LANG_ZH,
	    .screen = &work_screen,
	    .fill = fill_names};
	struct vscreen *vs = stage_start(&st, 24, 80);

	(void)state;
	screen_expect(vs, "names-zh");
	screen_keys(vs, "/欧阳末");
	assert_true(screen_has(vs, "欧阳建国"));
	assert_false(screen_has(vs, "仇玉兰"));
	screen_keys(vs, "\025Aygul");
	assert_true(screen_has(vs, "阿依古丽"));
	screen_keys(vs, "\033i");
	assert_true(screen_has(vs, "阿依古丽.买买提 Aygul Mehmet"));
	assert_true(screen_has(vs, "概况"));
	screen_free(&vs);
}

/* ---- a long script ------------------------------------------------------- */

#define QUESTIONS 300

static json_t *long_script(void)
{
	json_t *root = json_object(), *items = json_array();
	char link[16], text[80];

	for (int i = 1; i <= QUESTIONS; i++) {
		json_t *item = json_object();
		snprintf(link, sizeof(link), "q%d", i);
		snprintf(text, sizeof(text), "Question number %d?", i);
		json_put_str(item, "linkId", link);
		json_put_str(item, "text", text);
		json_put_str(item, "type", "boolean");
		json_put_flag(item, "required", true);
		json_array_append_new(items, item);
	}
	json_put_str(root, "resourceType", "Questionnaire");
	json_put_str(root, "id", "hypertension");
	json_put_str(root, "url", "urn:suifang:script:hypertension");
	json_put_str(root, "id", "hypertension");
	json_put_str(root, "version", "99");
	json_put_str(root, "status", "active");
	json_put_str(root, "title", "A long one");
	json_put(root, "item", items);
	return root;
}

static void publish_long(struct desk_maker *m)
{
	static const struct id stream = {{0xee}};
	struct draft draft = {0};
	json_t *body = json_object(), *script = long_script();
	struct buf text = {0};
	char ref[REF_TEXT];

	json_canonical(&text, script);
	json_put_str(body, "id", "hypertension");
	json_put_str(body, "version", "99");
	json_put_str(body, "title_zh", "长话术");
	json_put_str(body, "title_en", "A long one");
	json_put_int(body, "part", 1);
	json_put_int(body, "parts", 1);
	json_put_str(body, "hash",
	    "00000000000000000000000000000000000000000000000000000000000000"
	    "00");
	json_put_str(body, "text", buf_text(&text));
	draft_add(&draft, KIND_SCRIPT_PUBLISHED, &stream, body);
	assert_int_equal(desk_record(ref, &m->desk, &draft), 0);
	json_decref(script);
	buf_fini(&text);
}

static void test_bad__a_script_of_300_questions_is_answered(void **state)
{
	struct stage st = agent;
	struct vscreen *vs;
	char keys[QUESTIONS + 1];

	(void)state;
	st.fill = publish_long;
	vs = stage_start(&st, 24, 80);
	screen_keys(vs, "jj\r");
	assert_true(screen_has(vs, "Question number 1?"));
	memset(keys, '1', QUESTIONS);
	keys[QUESTIONS] = '\0';
	keys[QUESTIONS / 2] = '\0';
	screen_keys(vs, keys);
	assert_true(screen_has(vs, "Question number 151?"));
	memset(keys, '1', QUESTIONS / 2);
	screen_keys(vs, keys);
	screen_keys(vs, "\r");
	assert_true(screen_has(vs, "Saved"));
	screen_free(&vs);
}

static void test_bad__a_hundred_thousand_rows(void **state)
{
	char dir[] = "/tmp/suifang-keep-XXXXXX";
	struct stage st = agent;
	struct desk_maker m;
	struct vscreen *vs;

	(void)state;
	assert_non_null(mkdtemp(dir));
	desk_maker_init(&m, 'A', dir);
	desk_maker_fill(&m);
	desk_maker_fill_many(&m, test_repeat(100000));
	desk_maker_fini(&m);
	st.dir = dir;
	vs = stage_start(&st, 24, 80);
	screen_keys(vs, "\033[6~\033[6~\033[5~G");
	assert_true(screen_has(vs, ">"));
	screen_keys(vs, "g/4802");
	assert_true(screen_has(vs, "Ouyang Jianguo"));
	check_alive(vs);
	screen_free(&vs);
	test_dir_remove(strdup(dir));
}

/* ---- the disk ------------------------------------------------------------ */

static void put_file(const char *path)
{
	int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	close(fd);
}

/* A new name in a folder that is there: the fault's switch. */
static char *fault_switch(char dir[static 32])
{
	static char path[64];

	strcpy(dir, "/tmp/suifang-fault-XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/on", dir);
	return path;
}

static void test_bad__a_full_disk_keeps_the_answer_on_the_screen(void **state)
{
	struct stage_ground on = {.fault_rc = SQLITE_FULL_CODE};
	struct vscreen *vs;
	char dir[32];

	(void)state;
	on.fault_file = fault_switch(dir);
	vs = stage_start_on(&agent, &on);
	screen_keys(vs, "j\r111");
	screen_keys(vs, "1");
	put_file(on.fault_file);
	screen_keys(vs, "\033OB\033OA"); /* the turn that sees the switch */
	screen_keys(vs, "1");
	assert_true(screen_has(vs, "The disk is full"));
	assert_true(screen_has(vs, "free some space"));
	assert_int_equal(unlink(on.fault_file), 0);
	screen_keys(vs, "\033OB\033OA");
	screen_keys(vs, "1");
	assert_false(screen_has(vs, "The disk is full"));
	screen_keys(vs, "1136/82\r11111\r");
	assert_true(screen_has(vs, "Saved"));
	screen_free(&vs);
	assert_int_equal(rmdir(dir), 0);
}

static void test_bad__a_store_lost_under_the_screen_is_said(void **state)
{
	struct stage_ground on = {.fault_rc = SQLITE_IOERR_READ_CODE};
	struct vscreen *vs;
	char dir[32];

	(void)state;
	on.fault_file = fault_switch(dir);
	vs = stage_start_on(&boss, &on);
	put_file(on.fault_file);
	screen_keys(vs, "j");
	screen_keys(vs, "R\033OQ");
	assert_true(screen_has(vs, "call your operator") ||
		    screen_has(vs, "The disk reported an error"));
	screen_keys(vs, "\033KVrpm");
	check_alive(vs);
	assert_int_equal(unlink(on.fault_file), 0);
	screen_keys(vs, "\033OB\033OA");
	screen_keys(vs, "\033\033R");
	assert_true(screen_has(vs, "Bulk reassign"));
	screen_free(&vs);
	assert_int_equal(rmdir(dir), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_bad__a_paste_of_a_megabyte_is_text),
	    cmocka_unit_test(test_bad__every_control_character_is_harmless),
	    cmocka_unit_test(test_bad__broken_utf8_stays_visible_and_short),
	    cmocka_unit_test(test_bad__keys_faster_than_drawing_all_count),
	    cmocka_unit_test(test_bad__no_size_and_a_huge_one),
	    cmocka_unit_test(test_bad__a_dragged_window_is_drawn_anew),
	    cmocka_unit_test(test_bad__every_screen_bears_40x10),
	    cmocka_unit_test(
		test_bad__long_and_mixed_names_stay_in_their_columns),
	    cmocka_unit_test(test_bad__a_script_of_300_questions_is_answered),
	    cmocka_unit_test(
		test_bad__a_full_disk_keeps_the_answer_on_the_screen),
	    cmocka_unit_test(test_bad__a_store_lost_under_the_screen_is_said),
	    cmocka_unit_test(test_bad__a_hundred_thousand_rows),
	};
	return cmocka_run_group_tests_name("rough hands", tests, NULL, NULL);
}
