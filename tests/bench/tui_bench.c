/*
 * tui_bench.c - the hand at the screen: the first frame, a key on 100,000
 * rows alone and beside `less` on as many lines, the filter, a patient.
 */
#include "core/casefile.h"
#include "core/store.h"
#include "core/tr.h"
#include "core/worklist.h"
#include "keys/hash.h"
#include "tests/bench.h"
#include "tests/desk_maker.h"
#include "tests/screen.h"
#include "tui/app.h"
#include "tui/preview.h"
#include "tui/screens.h"

#include <unistd.h>

#define ROWS 100000
#define KEYS 400

static char dir[] = "/tmp/suifang-keep-bench-XXXXXX";

static void fill(int rows)
{
	struct desk_maker m;

	desk_maker_init(&m, 'A', dir);
	desk_maker_fill(&m);
	desk_maker_fill_many(&m, rows);
	desk_maker_fini(&m);
}

static int run_list(void *ctx)
{
	struct desk_maker m;
	struct app *app;
	int rc;

	(void)ctx;
	desk_maker_init(&m, 'A', dir);
	tr_init("build/plain/share/locale", LANG_ZH);
	struct app_cfg cfg = {.env = m.desk.env,
	    .in_fd = 0,
	    .out_fd = 1,
	    .fence = true,
	    .world = &m.desk,
	    .hooks = {
		desk_status, desk_generation, NULL, desk_dump, NULL, &m.desk}};
	if (app_new(&app, &cfg) < 0)
		return 11;
	rc = app_push(app, &work_screen, NULL);
	if (rc == 0)
		rc = app_run(app);
	app_free(&app);
	desk_maker_fini(&m);
	return -rc;
}

/* Time from a key until its frame is on the glass. */
static void press(struct vscreen *vs, struct bench_samples *s, int n)
{
	for (int i = 0; i < n; i++) {
		double from = bench_ms();
		screen_keys(vs, i % 20 == 19 ? "\033[6~" : "j");
		bench_add(s, bench_ms() - from);
	}
}

static double mean_bytes(struct vscreen *vs, const char *key)
{
	screen_drawn(vs);
	for (int i = 0; i < 20; i++)
		screen_keys(vs, key);
	return (double)screen_drawn(vs) / 20;
}

static void bench_keyframe(void)
{
	struct bench_samples s = {0};
	struct vscreen *vs =
	    screen_fork(run_list, NULL, (struct vscreen_size){24, 80});

	press(vs, &s, KEYS);
	bench_print(&(struct bench_line){.name = "keyframe.p50",
	    .unit = "ms",
	    .value = bench_percentile(&s, 0.5),
	    .goal = 16,
	    .n = s.n});
	bench_print(&(struct bench_line){.name = "keyframe.p99",
	    .unit = "ms",
	    .value = bench_percentile(&s, 0.99),
	    .goal = 16,
	    .n = s.n});
	bench_print(&(struct bench_line){.name = "keyframe.move.bytes",
	    .unit = "bytes",
	    .value = mean_bytes(vs, "j"),
	    .goal = 300,
	    .n = 20});
	bench_print(&(struct bench_line){.name = "keyframe.page.bytes",
	    .unit = "bytes",
	    .value = mean_bytes(vs, "\033[6~"),
	    .goal = 1200,
	    .n = 20});
	screen_free(&vs);
	bench_fini(&s);
}

/* The list read and its first page, as the screen does when it opens. */
static void bench_first(void)
{
	struct bench_samples s = {0};
	struct desk_maker m;

	desk_maker_init(&m, 'A', dir);
	for (int i = 0; i < 20; i++) {
		struct work_scope scope = {
		    .member = "A017", .now_s = m.world.now_s, .zone_s = 28800};
		static struct work_row rows[64];
		struct worklist *w = worklist_new(m.desk.store);
		double from = bench_ms();
		if (worklist_refresh(w, &scope) < 0 ||
		    worklist_page(w, rows, 64, NULL, 1) < 1)
			exit(1);
		bench_add(&s, bench_ms() - from);
		worklist_free(&w);
	}
	bench_print(&(struct bench_line){.name = "firstframe",
	    .unit = "ms",
	    .value = bench_percentile(&s, 0.5),
	    .goal = 30,
	    .n = s.n});
	bench_fini(&s);
	desk_maker_fini(&m);
}

static void bench_filter(const char *name, double goal)
{
	static const char *const typed[] = {"4", "48", "480", "4802", "o", "oy",
	    "oyj", "欧", "欧阳", "55000001"};
	struct bench_samples s = {0};
	struct desk_maker m;
	struct worklist *w;

	desk_maker_init(&m, 'A', dir);
	w = worklist_new(m.desk.store);
	struct work_scope scope = {
	    .member = "A017", .now_s = m.world.now_s, .zone_s = 28800};
	if (worklist_refresh(w, &scope) < 0)
		exit(1);
	double open_ms = bench_ms();
	if (worklist_filter_open(w) < 0)
		exit(1);
	fprintf(stderr, "%s: opening the filter took %.1f ms\n", name,
	    bench_ms() - open_ms);
	for (int i = 0; i < 50; i++) {
		static struct work_row rows[64];
		double from = bench_ms();
		if (worklist_filter(w, typed[i % 10]) < 0 ||
		    worklist_page(w, rows, 20, NULL, 1) < 0)
			exit(1);
		bench_add(&s, bench_ms() - from);
	}
	bench_print(&(struct bench_line){.name = name,
	    .unit = "ms",
	    .value = bench_percentile(&s, 0.99),
	    .goal = goal,
	    .n = s.n});
	bench_fini(&s);
	worklist_free(&w);
	desk_maker_fini(&m);
}

static void bench_patient(void)
{
	struct bench_samples s = {0};
	struct desk_maker m;
	struct id p = desk_patient(1);

	desk_maker_init(&m, 'A', dir);
	for (int i = 0; i < 50; i++) {
		struct preview view = {.file = NULL};
		double from = bench_ms();
		preview_show(&view, &m.desk, &p);
		bench_add(&s, bench_ms() - from);
		preview_fini(&view);
	}
	bench_print(&(struct bench_line){.name = "openpatient",
	    .unit = "ms",
	    .value = bench_percentile(&s, 0.99),
	    .goal = 30,
	    .n = s.n});
	bench_fini(&s);
	desk_maker_fini(&m);
}

int main(void)
{
	char cmd[200];
	bool any = bench_wants("keyframe") || bench_wants("firstframe") ||
		   bench_wants("filter") || bench_wants("openpatient");

	if (!any || !mkdtemp(dir))
		return 0;
	hash_init();
	fill(5000);
	if (bench_wants("filter"))
		bench_filter("filter.5k", 10);
	if (bench_wants("openpatient"))
		bench_patient();
	snprintf(cmd, sizeof(cmd), "rm -rf '%s'/*", dir);
	if (system(cmd) != 0)
		return 1;
	fill(ROWS / 2);
	if (bench_wants("filter"))
		bench_filter("filter.50k", 50);
	if (bench_wants("firstframe"))
		bench_first();
	if (bench_wants("keyframe"))
		bench_keyframe();
	snprintf(cmd, sizeof(cmd), "rm -rf '%s'", dir);
	return system(cmd) != 0;
}
