/*
 * Tests of the terminal frame on a demo screen: loop, bars, list, dialogs,
 * palette, help, resize, hang-up, and what the frame costs in bytes.
 */
#include "core/buf.h"
#include "core/tr.h"
#include "tests/screen.h"
#include "tests/test.h"
#include "tui/app.h"
#include "tui/bars.h"
#include "tui/chart.h"
#include "tui/dialog.h"
#include "tui/dump.h"
#include "tui/list.h"

#include <locale.h>
#include <unistd.h>

#define LOCALE "build/plain/share/locale"

struct demo_row {
	int n;
};

struct demo {
	struct screen base;
	struct list list;
};

static int demo_total = 100000;

static int demo_fetch(void *ctx, void *rows, int max, const void *from, int dir)
{
	const struct demo_row *f = from;
	struct demo_row *out = rows;
	int at = f ? f->n + dir : dir < 0 ? demo_total - 1 : 0, n = 0;

	(void)ctx;
	for (; n < max && at >= 0 && at < demo_total; at += dir < 0 ? -1 : 1)
		out[n++].n = at;
	return n;
}

static void demo_id(const void *row, struct id *out)
{
	*out = (struct id){0};
	memcpy(out->b, row, sizeof(struct demo_row));
}

static void demo_draw_row(
    void *ctx, struct grid *g, struct spot at, const void *row)
{
	static const char *const names[] = {
	    "欧阳建国", "单雪梅", "曾强", "Lin Xiaoyu", "仇 \033[31mred\xff"};
	int n = ((const struct demo_row *)row)->n;

	(void)ctx;
	at.w = 8;
	draw_textf(g, at, "%06d", n);
	at.x += 8;
	at.w = 10;
	at.secret = true;
	draw_cell(g, at, names[n % 5]);
	at.x += 12;
	at.w = 30;
	at.look = n % 3 ? LOOK_TEXT : LOOK_ALERT;
	draw_text(g, at, n % 3 ? "2型糖尿病 ≥ 7 — “周访”" : "!高危");
}

static const struct list_source demo_source = {
    sizeof(struct demo_row), demo_fetch, demo_id, demo_draw_row};

static int demo_open(struct screen *s, const void *arg)
{
	struct demo *d = (struct demo *)s;

	(void)arg;
	list_init(&d->list, &demo_source, NULL);
	list_restart(&d->list);
	return 0;
}

static void demo_close(struct screen *s)
{
	list_fini(&((struct demo *)s)->list);
}

static void demo_draw(struct screen *s, struct grid *g)
{
	list_draw(&((struct demo *)s)->list, g, spot_rest(g, 1, 0, LOOK_TEXT),
	    screen_bottom(g) - 1);
}

static unsigned demo_refresh(struct screen *s)
{
	list_refresh(&((struct demo *)s)->list);
	return REACT_DRAW;
}

static int demo_undo(void *ctx, const char *ref)
{
	(void)ctx;
	return strcmp(ref, "r1") == 0 ? 0 : -21;
}

static void demo_answer(void *ctx, int index, const char *text)
{
	struct undo undo = {demo_undo, NULL, "r1"};
	char line[100];

	snprintf(
	    line, sizeof(line), "answer %d %.60s", index, text ? text : "");
	app_offer_undo(ctx, &undo, line);
}

static unsigned demo_op(struct screen *s, enum op op)
{
	static const struct dialog_choice choices[] = {
	    {'a', "占线", NULL}, {'b', "关机", "not now"}, {0, "停机", NULL}};
	struct dialog d = {.title = "标题",
	    .text = "一二三四五六七八九十",
	    .done = demo_answer,
	    .ctx = s->app};

	if (list_op(&((struct demo *)s)->list, op))
		return REACT_DRAW;
	if (op == OP_FILTER)
		dialog_prompt(s->app, &d);
	if (op == OP_YES)
		dialog_confirm(s->app, &d);
	if (op == OP_NO) {
		d.choices = choices;
		d.choice_count = 3;
		dialog_pick(s->app, &d);
	}
	if (op == OP_UNDO || op == OP_PALETTE)
		return REACT_PASS;
	return op == OP_QUIT ? REACT_QUIT : REACT_DRAW;
}

static const char *demo_why_not(struct screen *s, enum op op)
{
	(void)s;
	return op == OP_MARK_ALL && demo_total > 1000 ? "too many" : NULL;
}

static const enum op demo_ops[] = {OP_FILTER, OP_MARK, OP_MARK_ALL, OP_UNDO,
    OP_PALETTE, OP_QUIT, LIST_OPS, OP_YES, OP_NO, OP_NONE};

static const struct screen_ops demo_screen = {
    .name = "demo",
    .title = "Demo",
    .size = sizeof(struct demo),
    .ops = demo_ops,
    .open = demo_open,
    .close = demo_close,
    .draw = demo_draw,
    .op = demo_op,
    .refresh = demo_refresh,
    .why_not = demo_why_not,
};

static int demo_dump(void *ctx, const struct grid *g, char *path, size_t size)
{
	return dump_write(path, size, g, ctx, 1);
}

static int run_demo(void *ctx)
{
	struct test_env t;
	struct app *app;
	struct app_cfg cfg = {.env = &t.env,
	    .in_fd = 0,
	    .out_fd = 1,
	    .fence = true,
	    .hooks = {.dump = demo_dump, .ctx = ctx}};
	int rc;

	test_env_init(&t, 1);
	tr_init(LOCALE, getenv("DEMO_EN") ? LANG_EN : LANG_ZH);
	if (app_new(&app, &cfg) < 0)
		return 11;
	rc = app_push(app, &demo_screen, NULL);
	if (rc == 0)
		rc = app_run(app);
	app_free(&app);
	return -rc;
}

static struct vscreen *demo(int rows, int cols)
{
	return screen_fork(run_demo, NULL, (struct vscreen_size){rows, cols});
}

static void quit(struct vscreen *vs)
{
	screen_keys(vs, "q");
	assert_int_equal(screen_wait_exit(vs), 0);
	screen_free(&vs);
}

static void test_frame__screens_match_their_pictures(void **state)
{
	struct vscreen *vs = demo(24, 80);

	(void)state;
	screen_expect(vs, "frame-list");
	screen_keys(vs, "/预约回");
	screen_expect(vs, "frame-prompt");
	screen_keys(vs, "\r");
	screen_expect(vs, "frame-undo");
	screen_keys(vs, "u");
	assert_true(screen_has(vs, "已撤销"));
	screen_keys(vs, "n");
	screen_expect(vs, "frame-pick");
	screen_keys(vs, "b");
	assert_true(screen_has(vs, "not now"));
	screen_keys(vs, "a:bz");
	screen_expect(vs, "frame-palette");
	screen_keys(vs, "\r");
	screen_expect(vs, "frame-help");
	screen_keys(vs, "\033");
	quit(vs);
}

static void test_frame__paging_reaches_both_ends(void **state)
{
	struct vscreen *vs = demo(24, 80);

	(void)state;
	screen_keys(vs, "G");
	assert_true(screen_has(vs, "> 099999"));
	screen_keys(vs, "\033[5~\033[A");
	assert_true(screen_has(vs, "> 099978"));
	screen_keys(vs, "g");
	for (int i = 0; i < 30; i++)
		screen_keys(vs, "\033[6~");
	assert_true(screen_has(vs, "> 000600"));
	for (int i = 0; i < 30; i++)
		screen_keys(vs, "\033[5~");
	assert_true(screen_has(vs, "> 000000"));
	screen_keys(vs, "jj ");
	assert_true(screen_has(vs, "# 000002"));
	assert_true(screen_has(vs, "> 000003"));
	screen_keys(vs, "*");
	assert_true(screen_has(vs, "too many"));
	quit(vs);
}

static void test_frame__costs_few_bytes(void **state)
{
	struct vscreen *vs = demo(24, 80);

	(void)state;
	screen_keys(vs, "\033OA"); /* at the top: nothing moves */
	screen_drawn(vs);
	screen_keys(vs, "\033OA");
	assert_int_equal(screen_drawn(vs), 0);
	screen_keys(vs, "j");
	size_t move = screen_drawn(vs);
	screen_keys(vs, "\033[6~");
	size_t page = screen_drawn(vs);
	print_message("bytes a move %zu, a page %zu\n", move, page);
	assert_in_range(move, 1, 300);
	assert_in_range(page, 1, 1200);
	quit(vs);
}

static void test_frame__survives_every_size(void **state)
{
	static const struct vscreen_size sizes[] = {{40, 120}, {10, 40},
	    {9, 40}, {1, 1}, {2, 3}, {5, 200}, {300, 1000}, {24, 80}};
	struct vscreen *vs = demo(24, 80);
	char *before, *after;

	(void)state;
	before = screen_text(vs);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		screen_resize(vs, sizes[i]);
		screen_keys(vs, "\033[6~\033[5~");
	}
	after = screen_text(vs);
	assert_string_equal(before, after);
	free(before);
	free(after);
	quit(vs);
}

static void test_frame__type_ahead_is_not_lost(void **state)
{
	struct vscreen *vs = demo(24, 80);

	(void)state;
	screen_keys(vs, "jjj/a欧阳b\ru");
	assert_true(screen_has(vs, "已撤销"));
	assert_true(screen_has(vs, "> 000003"));
	quit(vs);
}

static void test_frame__a_huge_paste_is_harmless(void **state)
{
	struct vscreen *vs = demo(24, 80);
	size_t n = (size_t)test_repeat(1000) * 1000;
	char *paste = malloc(n);

	(void)state;
	assert_non_null(paste);
	memset(paste, 'q', n);
	screen_keys(vs, "/\033[200~");
	screen_bytes(vs, paste, n);
	screen_keys(vs, "\033[201~");
	assert_true(screen_has(vs, "qqqqqqqq"));
	screen_keys(vs, "\033");
	free(paste);
	quit(vs);
}

static void test_frame__hang_up_ends_the_program(void **state)
{
	struct vscreen *vs = demo(24, 80);

	(void)state;
	screen_hang_up(vs);
	assert_int_equal(screen_wait_exit(vs), 38);
	screen_free(&vs);
}

static void test_frame__dump_masks_patients(void **state)
{
	char *dir = test_dir_new(), path[600];
	struct vscreen *vs =
	    screen_fork(run_demo, dir, (struct vscreen_size){24, 80});
	char *text;

	(void)state;
	screen_keys(vs, ":dump\r");
	snprintf(path, sizeof(path), "%s/screen-1.txt", dir);
	text = test_read_file(path, NULL);
	assert_non_null(strstr(text, "000000"));
	assert_non_null(strstr(text, "********"));
	assert_null(strstr(text, "欧阳"));
	free(text);
	quit(vs);
	test_dir_remove(dir);
}

static void test_frame__language_changes_while_running(void **state)
{
	struct vscreen *vs = demo(24, 80);

	(void)state;
	assert_true(screen_has(vs, "筛选"));
	screen_keys(vs, "\033[21~");
	assert_true(screen_has(vs, "filter"));
	screen_expect(vs, "frame-list-en");
	screen_keys(vs, ";0");
	assert_true(screen_has(vs, "筛选"));
	quit(vs);
}

static void test_frame__random_keys_never_break_it(void **state)
{
	struct vscreen *vs = demo(24, 80);
	struct test_env t;
	uint8_t bytes[512];

	(void)state;
	test_env_init(&t, 3);
	for (int i = 0; i < test_repeat(200); i++) {
		env_random(&t.env, bytes, sizeof(bytes));
		for (size_t j = 0; j < sizeof(bytes); j++)
			if (bytes[j] == 'q' || bytes[j] == 26)
				bytes[j] = 27;
		/* Half a character at the end waits a second for the rest:
		 * four of the two hundred may. */
		if (i % 50 != 0)
			bytes[sizeof(bytes) - 1] = 'a';
		screen_bytes(vs, bytes, sizeof(bytes));
	}
	screen_keys(vs, "\033[201~");
	screen_keys(vs, "\033");
	screen_keys(vs, "\033");
	screen_keys(vs, "\033");
	assert_true(screen_has(vs, "Demo"));
	screen_free(&vs);
}

static void test_draw__wide_characters_are_never_cut(void **state)
{
	struct grid g = {0};
	struct buf out = {0};

	(void)state;
	setlocale(LC_ALL, "C.UTF-8");
	grid_reset(&g, 3, 12);
	draw_text(&g, (struct spot){0, 0, 5, LOOK_TEXT, false}, "欧阳建国");
	draw_text(&g, (struct spot){1, 0, 12, LOOK_TEXT, false}, "欧阳建国");
	draw_text(&g, (struct spot){1, 3, 2, LOOK_TEXT, false}, "ab");
	draw_text(&g, spot_rest(&g, 2, 0, LOOK_TEXT), "e\xcc\x81≥\x1b[1m\x07x");
	dump_text(&out, &g, false);
	assert_string_equal(
	    buf_text(&out), "欧阳\n欧 ab 国\ne\xcc\x81>=[1mx\n");
	buf_fini(&out);
	assert_int_equal(draw_width("欧a≥"), 5);
	assert_int_equal(draw_fit("欧阳", 3), 3);
	grid_fini(&g);
}

static void test_draw__random_text_stays_in_its_cells(void **state)
{
	struct grid g = {0};
	struct test_env t;

	(void)state;
	setlocale(LC_ALL, "C.UTF-8");
	test_env_init(&t, 11);
	for (int i = 0; i < test_repeat(20000); i++) {
		uint8_t r[40];
		char text[33];
		grid_reset(&g, 2, 20);
		env_random(&t.env, r, sizeof(r));
		memcpy(text, r, 32);
		text[32] = 0;
		draw_text(&g,
		    (struct spot){
			0, r[33] % 25 - 3, r[34] % 25, LOOK_TEXT, false},
		    text);
		draw_text(&g,
		    (struct spot){0, r[35] % 20, r[36] % 9, LOOK_TEXT, false},
		    "欧阳建国");
		for (int x = 0; x < 20; x++) {
			const struct cell *c = grid_at(&g, 0, x);
			if (c->width == 2)
				assert_int_equal(
				    grid_at(&g, 0, x + 1)->width, 0);
			if (c->width == 0)
				assert_int_equal(
				    grid_at(&g, 0, x - 1)->width, 2);
			assert_true(c->ch == 0 || c->ch >= ' ');
			assert_int_equal(grid_at(&g, 1, x)->ch, ' ');
		}
	}
	grid_fini(&g);
}

static void test_draw__wraps_at_spaces_and_between_characters(void **state)
{
	struct grid g = {0};
	struct buf out = {0};

	(void)state;
	setlocale(LC_ALL, "C.UTF-8");
	grid_reset(&g, 4, 10);
	assert_int_equal(draw_wrap(&g, spot_rest(&g, 0, 0, LOOK_TEXT), 4,
			     "take the pills 每天两次 ok"),
	    3);
	dump_text(&out, &g, false);
	assert_string_equal(
	    buf_text(&out), "take the\npills 每天\n两次 ok\n\n");
	buf_fini(&out);
	grid_fini(&g);
}

static void test_chart__shows_points_band_and_dates(void **state)
{
	static const int values[] = {
	    168, 160, 158, 150, 146, 142, 136, 136, 130};
	struct grid g = {0};
	struct buf out = {0};
	struct chart c = {.count = 9, .has_high = true, .high = 140};
	char text[24], *want;

	(void)state;
	setlocale(LC_ALL, "C.UTF-8");
	tr_init(LOCALE, LANG_EN);
	for (int i = 0; i < 9; i++)
		c.points[i] = (struct chart_point){20000 + 14 * i, values[i]};
	grid_reset(&g, 24, 70);
	chart_draw(&g, spot_rest(&g, 0, 0, LOOK_TEXT), 11, &c);
	c.braille = true;
	chart_draw(&g, spot_rest(&g, 12, 0, LOOK_TEXT), 12, &c);
	dump_text(&out, &g, false);
	if (getenv("REGOLD")) {
		FILE *f = fopen("tests/screens/chart.txt", "w");
		assert_non_null(f);
		fwrite(out.data, 1, out.len, f);
		fclose(f);
	}
	want = test_read_file("tests/screens/chart.txt", NULL);
	assert_string_equal(buf_text(&out), want);
	free(want);
	buf_fini(&out);
	grid_fini(&g);
	chart_value(text, sizeof(text), -105, 2);
	assert_string_equal(text, "-1.05");
	assert_true(chart_in_band(&c, 139));
	assert_false(chart_in_band(&c, 140));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_frame__screens_match_their_pictures),
	    cmocka_unit_test(test_frame__paging_reaches_both_ends),
	    cmocka_unit_test(test_frame__costs_few_bytes),
	    cmocka_unit_test(test_frame__survives_every_size),
	    cmocka_unit_test(test_frame__type_ahead_is_not_lost),
	    cmocka_unit_test(test_frame__a_huge_paste_is_harmless),
	    cmocka_unit_test(test_frame__hang_up_ends_the_program),
	    cmocka_unit_test(test_frame__dump_masks_patients),
	    cmocka_unit_test(test_frame__language_changes_while_running),
	    cmocka_unit_test(test_frame__random_keys_never_break_it),
	    cmocka_unit_test(test_draw__wide_characters_are_never_cut),
	    cmocka_unit_test(test_draw__random_text_stays_in_its_cells),
	    cmocka_unit_test(test_draw__wraps_at_spaces_and_between_characters),
	    cmocka_unit_test(test_chart__shows_points_band_and_dates),
	};
	return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
