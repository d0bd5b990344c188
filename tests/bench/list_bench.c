/*
 * list_bench.c - the list under the hand, at a real terminal with its own
 * vault and connection, beside less on as many lines in the same minute: the
 * first frame, the filter as it is typed, a patient with a long history, a
 * key, a key while the centre's records come in, what a key and a quiet second
 * send down the line, and memory.
 */
#include "tests/bench.h"
#include "tests/bench_terminal.h"

#include <poll.h>
#include <signal.h>

#define STARTS 15
#define KEYS 400
#define RECORDS 1000 /* received while keys are pressed; so many times: */
#define ROUNDS 20
#define HELD_MS 33.3 /* between the keys of a held one */
#define LOOK_MS 1500 /* before somebody seeks; a pause is 300 ms */
#define DOWN "j"
#define PAGE_DOWN "\033[6~"
#define WINDOW 23 /* lines of less on 24 */

/* ---- the first frame ---- */

static void bench_first(struct bench_terminal *t, const char *name, double goal)
{
	struct bench_samples ours = {0}, pager = {0}, cpu = {0};

	for (int i = 0; i < STARTS; i++) {
		struct vscreen *vs = bench_terminal_start(t);
		double from = bench_ms();
		bench_add(&ours, screen_heard_ms(vs) - t->told->unlocked_ms);
		bench_add(&cpu, bench_cpu_of(vs) - t->told->unlocked_cpu_ms);
		screen_free(&vs);
		if ((vs = bench_pager_start(t)))
			bench_add(&pager, screen_heard_ms(vs) - from);
		screen_free(&vs);
	}
	bench_print(&(struct bench_line){.name = name,
	    .unit = "ms",
	    .value = bench_percentile(&ours, 0.5),
	    .baseline = bench_percentile(&pager, 0.5),
	    .baseline_name = "less, from its start",
	    .goal = goal,
	    .n = ours.n});
	fprintf(stderr, "%s: %.1f ms of CPU, least %.1f\n", name,
	    bench_percentile(&cpu, 0.5), bench_percentile(&cpu, 0));
	bench_fini(&ours);
	bench_fini(&pager);
	bench_fini(&cpu);
}

/* ---- the filter and a patient ---- */

/* Five patients are sought; opening the filter is one of the keys. */
static void type_filter(struct vscreen *vs, struct bench_samples *s)
{
	static const char *const typed[] = {
	    "00004802", "wxy", "欧阳", "00000017", "00003999"};

	for (size_t i = 0; i < ARRAY_LEN(typed); i++) {
		bench_add(s, bench_key(vs, "/"));
		for (const char *p = typed[i]; *p;) {
			char one[5] = "";
			size_t n = (*p & 0x80) ? 3 : 1;
			memcpy(one, p, n);
			bench_add(s, bench_key(vs, one));
			p += n;
		}
		screen_keys(vs, "\033");
		screen_keys(vs, "j");
	}
}

/* The same of less: what is typed, whole, as its own filter. */
static double pager_filter(struct bench_terminal *t)
{
	struct vscreen *pager = bench_pager_start(t);
	double ms = -1;

	if (pager)
		ms = bench_pager_key(pager, "&00004802\r", "row 0004802");
	screen_free(&pager);
	return ms;
}

/* Typed at once, and after the list has been looked at for a moment. */
static void bench_filter(
    struct bench_terminal *t, const char *name, double goal)
{
	struct vscreen *vs = bench_terminal_start(t);
	struct bench_samples s = {0}, cold = {0};
	char at_once[40];

	type_filter(vs, &cold);
	screen_free(&vs);
	vs = bench_terminal_start(t);
	poll(NULL, 0, LOOK_MS);
	for (int i = 0; i < 4; i++)
		type_filter(vs, &s);
	screen_free(&vs);
	snprintf(at_once, sizeof(at_once), "%s.cold", name);
	bench_print(&(struct bench_line){.name = name,
	    .unit = "ms",
	    .value = bench_percentile(&s, 0.99),
	    .baseline = pager_filter(t),
	    .baseline_name = "less, one & for all that was typed",
	    .goal = goal,
	    .n = s.n});
	bench_print(&(struct bench_line){.name = at_once,
	    .unit = "ms",
	    .value = bench_percentile(&cold, 1),
	    .n = cold.n});
	bench_fini(&s);
	bench_fini(&cold);
}

/* The first record that this process opens, with the first key. */
static void open_cold(struct bench_terminal *t)
{
	struct vscreen *vs = bench_terminal_start(t);

	bench_print(&(struct bench_line){.name = "openpatient.cold",
	    .unit = "ms",
	    .value = bench_key(vs, "i"),
	    .goal = 30,
	    .n = 1});
	screen_free(&vs);
}

/* A thousand entries and a thousand observations. */
static void bench_patient(struct bench_terminal *t)
{
	struct bench_samples s = {0}, pager = {0};
	struct vscreen *vs;

	bench_terminal_thicken(t, 0, 1000); /* the first of the list */
	open_cold(t);
	vs = bench_terminal_start(t);
	screen_rest(vs, LOOK_MS);
	for (int i = 0; i < 40; i++) {
		double from = bench_ms();
		struct vscreen *less = bench_pager_start(t);
		if (less)
			bench_add(&pager, screen_heard_ms(less) - from);
		screen_free(&less);
		bench_add(&s, bench_key(vs, "i"));
		if (i == 0 && getenv("SHOW"))
			fprintf(stderr, "%s", screen_text(vs));
		screen_keys(vs, "\033");
	}
	screen_free(&vs);
	bench_print(&(struct bench_line){.name = "openpatient",
	    .unit = "ms",
	    .value = bench_percentile(&s, 0.99),
	    .baseline = bench_percentile(&pager, 0.99),
	    .baseline_name = "less, from its start",
	    .goal = 30,
	    .n = s.n});
	bench_fini(&s);
	bench_fini(&pager);
}

/* ---- keys ---- */

/* Nineteen lines and a page, again and again; *bottom is less's last line. */
static double press_pager(struct vscreen *vs, int *bottom, bool page)
{
	char text[32];

	*bottom += page ? WINDOW : 1;
	bench_pager_line(text, *bottom);
	return bench_pager_key(vs, page ? " " : DOWN, text);
}

static void print_keys(const char *name, double at, struct bench_samples *ours,
    struct bench_samples *pager)
{
	bench_print(&(struct bench_line){.name = name,
	    .unit = "ms",
	    .value = bench_percentile(ours, at),
	    .baseline = bench_percentile(pager, at),
	    .baseline_name = "less on as many lines",
	    .goal = 16,
	    .n = ours->n});
}

static void bench_keys(struct vscreen *vs, struct vscreen *pager)
{
	struct bench_samples ours = {0}, theirs = {0};
	int bottom = WINDOW - 1;

	for (int i = 0; i < KEYS; i++) {
		bool page = i % 20 == 19;
		bench_add(&ours, bench_key(vs, page ? PAGE_DOWN : DOWN));
		if (pager)
			bench_add(&theirs, press_pager(pager, &bottom, page));
	}
	print_keys("keyframe.p50", 0.5, &ours, &theirs);
	print_keys("keyframe.p99", 0.99, &ours, &theirs);
	bench_fini(&ours);
	bench_fini(&theirs);
}

static void print_bytes(const char *name, struct vscreen *vs,
    struct vscreen *pager, double per, double goal)
{
	bench_print(&(struct bench_line){.name = name,
	    .unit = "bytes",
	    .value = (double)screen_drawn(vs) / per,
	    .baseline = pager ? (double)screen_drawn(pager) / per : 0,
	    .baseline_name = "less",
	    .goal = goal,
	    .n = (size_t)per});
}

static void bench_bytes(struct vscreen *vs, struct vscreen *pager)
{
	int bottom = WINDOW - 1 + KEYS / 20 * (19 + WINDOW);

	for (int kind = 0; kind < 2; kind++) {
		screen_drawn(vs);
		if (pager)
			screen_drawn(pager);
		for (int i = 0; i < 20; i++) {
			screen_keys(vs, kind ? PAGE_DOWN : DOWN);
			if (pager)
				press_pager(pager, &bottom, kind);
		}
		print_bytes(
		    kind ? "keyframe.page.bytes" : "keyframe.move.bytes", vs,
		    pager, 20, kind ? 1200 : 300);
	}
	screen_rest(vs, 3000);
	print_bytes("keyframe.idle.bytes", vs, NULL, 3, 0.5);
}

static void bench_memory(
    struct bench_terminal *t, struct vscreen *vs, struct vscreen *pager)
{
	double mb = 1024 * 1024;
	double cache = (double)t->told->page_cache / mb;

	bench_print(&(struct bench_line){.name = "keyframe.memory",
	    .unit = "MB anonymous, page cache apart",
	    .value = (double)bench_anonymous(vs) / mb - cache,
	    .baseline = pager ? (double)bench_anonymous(pager) / mb : 0,
	    .baseline_name = "less, its file apart",
	    .goal = 8,
	    .n = 1});
}

/* A held key, whatever the answers do: a key that waits behind a late answer
 * has waited since its own moment. *due_ms is when it is pressed. */
static void press_held(
    struct vscreen *vs, struct bench_samples *s, double *due_ms, size_t i)
{
	double wait = *due_ms - bench_ms();

	if (wait > 0)
		screen_rest(vs, (int)(wait + 0.5));
	else
		wait = 0;
	screen_keys(vs, i % 20 == 19 ? PAGE_DOWN : DOWN);
	bench_add(s, screen_heard_ms(vs) - *due_ms);
	*due_ms += HELD_MS;
}

/* From the first frame on for as long as records come in, or for that many
 * keys when nobody is there who sends any. Returns how many. */
static size_t hold_down(
    struct bench_terminal *t, struct bench_samples *s, size_t keys)
{
	struct vscreen *vs = bench_terminal_start(t);
	double due = bench_ms() + HELD_MS, end = due + 60000;
	size_t i = 0;

	for (; keys ? i < keys : !t->told->is_settled && due < end; i++)
		press_held(vs, s, &due, i);
	screen_free(&vs);
	return i;
}

/* In turn with the same keys alone. */
static void bench_receiving(struct bench_terminal *t)
{
	struct bench_samples s = {0}, alone = {0};
	size_t n;

	for (int i = 0; i < ROUNDS; i++) {
		bench_terminal_owe(t, RECORDS);
		t->told->is_settled = false;
		hospital_serve(t->h);
		n = hold_down(t, &s, 0);
		hospital_stop(t->h, SIGTERM);
		hold_down(t, &alone, n);
	}
	bench_print(&(struct bench_line){.name = "keyframe.receiving.p99",
	    .unit = "ms",
	    .value = bench_percentile(&s, 0.99),
	    .baseline = bench_percentile(&alone, 0.99),
	    .baseline_name = "the same keys alone, in turn",
	    .goal = 2,
	    .goal_is_ratio = true,
	    .n = s.n});
	fprintf(stderr,
	    "receiving: p50 %.2f, p90 %.2f, most %.2f ms; alone %.2f, %.2f, "
	    "%.2f; %d commits\n",
	    bench_percentile(&s, 0.5), bench_percentile(&s, 0.9),
	    bench_percentile(&s, 1), bench_percentile(&alone, 0.5),
	    bench_percentile(&alone, 0.9), bench_percentile(&alone, 1),
	    (int)t->told->commits);
	bench_fini(&s);
	bench_fini(&alone);
}

static void bench_list(struct bench_terminal *t)
{
	struct vscreen *vs = bench_terminal_start(t);
	struct vscreen *pager = bench_pager_start(t);

	bench_keys(vs, pager);
	bench_bytes(vs, pager);
	bench_memory(t, vs, pager);
	screen_free(&vs);
	screen_free(&pager);
}

/* The list grows as it is measured. */
int main(int argc, char **argv)
{
	struct bench_terminal t;

	bench_terminal_main(argc, argv);
	if (!bench_wants("keyframe.receiving") && !bench_wants("firstframe") &&
	    !bench_wants("filter") && !bench_wants("openpatient"))
		return 0;
	bench_terminal_init(&t);
	bench_terminal_grow(&t, 5000);
	if (bench_wants("firstframe"))
		bench_first(&t, "firstframe", 30);
	if (bench_wants("filter"))
		bench_filter(&t, "filter.5k", 10);
	if (bench_wants("openpatient"))
		bench_patient(&t);
	bench_terminal_grow(&t, 50000);
	if (bench_wants("firstframe"))
		bench_first(&t, "firstframe.50k", 100);
	if (bench_wants("filter"))
		bench_filter(&t, "filter.50k", 50);
	if (bench_wants("keyframe.receiving"))
		bench_terminal_grow(&t, 100000);
	if (bench_wants("keyframe"))
		bench_list(&t);
	if (bench_wants("keyframe.receiving"))
		bench_receiving(&t);
	bench_terminal_fini(&t);
	return 0;
}
