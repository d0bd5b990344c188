/*
 * patient_trend.c - the measurements of a health record: the trend of one
 * with its target band and the share on target, a table of all beside each
 * other, the values with where they are from; and the results tab.
 */
#include "core/casefile.h"
#include "core/clock.h"
#include "core/decimal.h"
#include "core/history.h"
#include "core/mem.h"
#include "core/profile.h"
#include "core/store.h"
#include "core/target.h"
#include "core/text.h"
#include "core/tr.h"
#include "core/trend.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/patient_tabs.h"
#include "tui/preview.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CODES_MAX 64
#define SPARK_MAX 10
#define TABLE_ROWS 3 /* above the values, so that these are seen */
/* of the columns, in cells */
#define NAME_W 23
#define CHANGE_W 14
#define TARGET_W 8
#define QUARTERS 4
#define QUARTER_DAYS 91

/* One measurement as both tabs show it. */
struct measure {
	char name[100];
	struct case_point points[SPARK_MAX]; /* newest first */
	int n;
	bool has_target;
	struct target target;
};

static int read_codes(struct patient_tabs *t, char codes[][36], int max)
{
	struct stmt *s = store_query(t->desk->store, Q_CASE_CODES);
	int n = 0;

	stmt_bind_id(s, ":stream", &t->file->patient);
	while (n < max && stmt_step(s) == 1)
		text_copy(codes[n++], 36, stmt_text(s, 0));
	stmt_reset(s);
	return n;
}

/* A code is no name: what the tables do not know is said to have none, and
 * its code stands in the detail of the trend alone. */
static const char *code_name(const struct patient_tabs *t, const char *code)
{
	const char *name = catalog_code_name(t->desk->catalog, code);

	return strcmp(name, code) ? name : _("measurement without a name");
}

static void read_measure(
    struct measure *m, struct patient_tabs *t, const char *code)
{
	int n = case_series(
	    m->points, SPARK_MAX, t->desk->store, &t->file->patient, code);

	m->n = n < 0 ? 0 : n;
	text_copy(m->name, sizeof(m->name), code_name(t, code));
	m->has_target = preview_target(&m->target, t->desk, t->file, code);
}

static struct fact fact_of(const struct case_point *p)
{
	return (struct fact){
	    .kind = FACT_NUMBER, .value = p->value, .scale = p->scale};
}

static bool is_on(const struct measure *m, const struct case_point *p)
{
	struct fact f = fact_of(p);

	return !m->has_target || target_cmp(&m->target, &f) == 0;
}

static const char *change_word(enum target_change change)
{
	static const char *const words[] = {
	    [TARGET_SAME] = N_("unchanged"),
	    [TARGET_BETTER] = N_("better"),
	    [TARGET_WORSE] = N_("worse"),
	    [TARGET_ON] = N_("on target"),
	    [TARGET_ROSE] = N_("rose"),
	    [TARGET_FELL] = N_("fell"),
	};

	return tr(words[change]);
}

/* "-8 better"; "" without an earlier value. */
static void change_text(char *out, size_t size, const struct measure *m)
{
	struct fact before, after;
	char delta[DECIMAL_TEXT];
	int64_t d;
	int scale;

	out[0] = '\0';
	if (m->n < 2)
		return;
	scale = m->points[0].scale > m->points[1].scale ? m->points[0].scale
							: m->points[1].scale;
	d = decimal_rescale(m->points[0].value, m->points[0].scale, scale) -
	    decimal_rescale(m->points[1].value, m->points[1].scale, scale);
	decimal_text(delta, d, scale);
	before = fact_of(&m->points[1]);
	after = fact_of(&m->points[0]);
	snprintf(out, size, "%s%s %s", d > 0 ? "+" : "", delta,
	    change_word(target_change(
		m->has_target ? &m->target : NULL, &before, &after)));
}

/* Oldest to newest as digits, 0 the lowest of them and 9 the highest. */
static void spark_text(char out[SPARK_MAX + 1], const struct measure *m)
{
	int64_t v[SPARK_MAX], lo = INT64_MAX, hi = INT64_MIN;

	for (int i = 0; i < m->n; i++) {
		v[i] = decimal_rescale(
		    m->points[i].value, m->points[i].scale, m->points[0].scale);
		lo = v[i] < lo ? v[i] : lo;
		hi = v[i] > hi ? v[i] : hi;
	}
	for (int i = 0; i < m->n; i++) {
		int64_t x = v[m->n - 1 - i];
		out[i] = (char)('0' + (hi > lo ? (x - lo) * 9 / (hi - lo) : 5));
	}
	out[m->n] = '\0';
}

/* A text cut or filled to w cells. */
static void pad(char *out, size_t size, const char *text, int w)
{
	size_t n = draw_fit(text, w);
	int used;

	if (n + (size_t)w + 1 > size)
		n = 0;
	memcpy(out, text, n);
	out[n] = '\0';
	used = draw_width(out);
	memset(out + n, ' ', (size_t)(w - used));
	out[n + (size_t)(w - used)] = '\0';
}

struct columns {
	char name[120], last[24], before[24], change[80], target[40], end[80];
};

static void add_columns(
    struct patient_tabs *t, enum look look, char mark, const struct columns *c)
{
	char name[120], change[90], target[50];

	pad(name, sizeof(name), c->name, NAME_W);
	pad(change, sizeof(change), c->change, CHANGE_W);
	pad(target, sizeof(target), c->target, TARGET_W);
	pager_add(&t->pager, look, "%c %s %6s %6s  %s  %s %s", mark, name,
	    c->last, c->before, change, target, c->end);
}

static void add_heads(struct patient_tabs *t, const char *end)
{
	struct columns c = {.last = ""};
	char name[120], change[90], target[50], last[40], before[40];

	text_copy(c.end, sizeof(c.end), end);
	pad(name, sizeof(name), _("Measurement"), NAME_W);
	pad(change, sizeof(change), _("Change"), CHANGE_W);
	pad(target, sizeof(target), _("Target"), TARGET_W);
	pad(last, sizeof(last), _("Latest"), 6);
	pad(before, sizeof(before), _("Prior"), 6);
	pager_tell(&t->pager, LOOK_HEAD, "  %s %s %s  %s  %s %s", name, last,
	    before, change, target, c.end);
}

static void measure_columns(struct columns *c, const struct measure *m)
{
	*c = (struct columns){.last = ""};
	text_copy(c->name, sizeof(c->name), m->name);
	decimal_text(c->last, m->points[0].value, m->points[0].scale);
	if (m->n > 1)
		decimal_text(c->before, m->points[1].value, m->points[1].scale);
	change_text(c->change, sizeof(c->change), m);
	if (m->has_target)
		target_text(c->target, sizeof(c->target), &m->target);
}

/* The one that is shown comes first. */
static void trend_table(struct patient_tabs *t, char codes[][36], int n)
{
	struct measure *m = mem_new(sizeof(*m));

	add_heads(t, _("Trend"));
	for (int i = 0; i < n && i < TABLE_ROWS; i++) {
		struct columns c;
		char spark[SPARK_MAX + 1];
		read_measure(m, t, codes[(t->series + i) % n]);
		if (m->n < 1)
			continue;
		measure_columns(&c, m);
		spark_text(spark, m);
		text_copy(c.end, sizeof(c.end), spark);
		add_columns(t, is_on(m, &m->points[0]) ? LOOK_TEXT : LOOK_LATE,
		    i == 0 ? '*' : ' ', &c);
	}
	free(m);
}

static void trend_sources(struct patient_tabs *t, const char *code, int others)
{
	struct case_sources s;
	char when[60] = "", more[60] = "";

	if (case_sources(&s, t->desk->store, &t->file->patient, code) < 0)
		return;
	if (s.imported_s)
		words_time(when, sizeof(when), t->desk, s.imported_s);
	if (others > 0)
		snprintf(more, sizeof(more), _("   %d more: 5"), others);
	pager_tell(&t->pager, LOOK_DIM,
	    s.imported_s ? _("  sources: follow-ups %d, imports %d (last %s)%s")
			 : _("  sources: follow-ups %d, imports %d%s%s"),
	    s.calls, s.imports, when, more);
}

/* ---- the course --------------------------------------------------------- */

static void trend_course_line(
    struct patient_tabs *t, const struct trend *course)
{
	char slope[DECIMAL_TEXT], spread[DECIMAL_TEXT], mean[DECIMAL_TEXT];

	if (course->n < 2) {
		pager_add(&t->pager, LOOK_DIM, "  %s",
		    _("Too few values for a course."));
		return;
	}
	decimal_text(slope, course->slope_tenths, course->scale + 1);
	decimal_text(spread, course->deviation_tenths, course->scale + 1);
	decimal_text(mean, course->mean_tenths, course->scale + 1);
	pager_add(&t->pager,
	    course->course == TREND_FLUCTUATING ? LOOK_LATE : LOOK_TEXT,
	    _("  course %s   mean %s   %s in 30 days   spread %s"),
	    words_course(course->course), mean, slope, spread);
}

/* "58%", or "-" where nothing was measured. */
static void share_text(char out[16], const struct trend_period *q)
{
	if (q->n)
		snprintf(out, 16, "%d%%", (int)(q->n_in_target * 100 / q->n));
	else
		text_copy(out, 16, "-");
}

/* "systolic mmHg   12 values   target <140   on target 58% (before 33%)" */
static void trend_heading(
    struct patient_tabs *t, const char *code, const struct trend *course)
{
	struct trend_period q[QUARTERS];
	char now[16], before[16], target[40];
	int n = snprintf(t->heading, sizeof(t->heading), _("%s   values %d"),
	    code_name(t, code), t->chart.count);

	if (!course->has_target || n < 0 || (size_t)n >= sizeof(t->heading))
		return;
	trend_periods(q, QUARTERS, course, desk_now_s(t->desk), QUARTER_DAYS);
	share_text(now, &q[QUARTERS - 1]);
	share_text(before, &q[QUARTERS - 2]);
	target_text(target, sizeof(target), &course->target);
	snprintf(t->heading + n, sizeof(t->heading) - (size_t)n,
	    _("  target %s  on target %s (before: %s)"), target,
	    now, before);
}

/* "on target by quarter: 58% of 12, 33% of 6, none" */
static void trend_quarters(struct patient_tabs *t, const struct trend *course)
{
	struct trend_period q[QUARTERS];
	char text[200];
	size_t n = 0;

	if (!course->has_target)
		return;
	trend_periods(q, QUARTERS, course, desk_now_s(t->desk), QUARTER_DAYS);
	for (int i = 0; i < QUARTERS; i++)
		n += (size_t)(q[i].n
				  ? snprintf(text + n, sizeof(text) - n,
					_("%s%d%% of %d"), i ? ", " : "",
					(int)(q[i].n_in_target * 100 / q[i].n),
					(int)q[i].n)
				  : snprintf(text + n, sizeof(text) - n,
					_("%snone"), i ? ", " : ""));
	pager_add(&t->pager, LOOK_TEXT, _("  on target by quarter: %s"), text);
}

/* What is not there is said as well. */
static void trend_gaps(struct patient_tabs *t, const struct trend *course)
{
	if (course->n_absent || course->longest_gap_days > QUARTER_DAYS)
		pager_add(&t->pager, LOOK_DIM,
		    _("  asked and not measured %d times; longest gap %d days"),
		    (int)course->n_absent, course->longest_gap_days);
}

static int read_course(
    struct trend *course, struct patient_tabs *t, const char *code)
{
	const struct profile_tables *tables = catalog_profile(t->desk->catalog);
	const struct history_codes codes = {
	    .code = catalog_fact_code, .ctx = t->desk->catalog};
	struct trend_span span = {.to_s = desk_now_s(t->desk)};
	struct trend_limits limits;
	struct target target;
	struct facts facts = {0};
	bool has = preview_target(&target, t->desk, t->file, code);
	int rc;

	span.from_s = span.to_s - QUARTERS * QUARTER_DAYS * DAY_S;
	rc = history_facts(&facts, t->desk->store, &t->file->patient, &codes);
	if (rc >= 0) {
		trend_of(course, &facts, code, span, has ? &target : NULL);
		if (tables->trends &&
		    trend_limits(&limits, tables->trends, code))
			trend_judge(course, &limits, span.to_s);
	}
	facts_fini(&facts);
	return rc < 0 ? rc : 0;
}

/* ---- the values --------------------------------------------------------- */

static const char *source_word(const struct case_point *p)
{
	static const struct {
		const char *source, *text;
	} words[] = {
	    {"lab", N_("lab")},
	    {"clinic", N_("clinic")},
	    {"home", N_("at home")},
	    {"told", N_("as told")},
	    {"device", N_("device")},
	    {"import", N_("import")},
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(words[i].source, p->source) == 0)
			return tr(words[i].text);
	return p->source;
}

static void value_row(struct patient_tabs *t, int i)
{
	const struct case_point *p = &t->points[i];
	const struct chart *c = &t->chart;
	int64_t value = decimal_rescale(p->value, p->scale, c->scale), delta;
	bool banded = c->has_low || c->has_high, in = chart_in_band(c, value);
	char when[TIME_TEXT], text[32], change[40] = "";

	time_text(when, p->at_s, t->desk->zone_s);
	chart_value(text, sizeof(text), value, c->scale);
	if (i + 1 < t->point_count) {
		delta =
		    value - decimal_rescale(p[1].value, p[1].scale, c->scale);
		chart_value(
		    change + 1, sizeof(change) - 1, llabs(delta), c->scale);
		change[0] = delta < 0 ? '-' : '+';
	}
	pager_add(&t->pager, banded && !in ? LOOK_LATE : LOOK_TEXT,
	    "  %s  %8s  %8s  %s  %s%s", when, text, change,
	    !banded ? ""
	    : in    ? _("on target")
		    : _("off target"),
	    p->is_call ? _("follow-up, ") : "", source_word(p));
	pager_pick(&t->pager, i);
}

static void read_points(struct patient_tabs *t, const char *code)
{
	int max = t->months > 59 ? 59 : t->months, n;

	if (!t->points)
		t->points = mem_array(CHART_POINTS_MAX, sizeof(*t->points));
	n = case_series(
	    t->points, max, t->desk->store, &t->file->patient, code);
	t->point_count = n < 0 ? 0 : n;
	preview_series(&t->chart, t->desk, t->file, code, max);
}

void patient_tab_trend(struct patient_tabs *t)
{
	char codes[CODES_MAX][36];
	int n = read_codes(t, codes, CODES_MAX), rc;
	struct trend *course;
	const char *code;

	t->chart.count = t->point_count = 0;
	if (n == 0) {
		pager_tell(
		    &t->pager, LOOK_DIM, "%s", _("Nothing measured yet."));
		return;
	}
	t->series = (t->series % n + n) % n;
	code = codes[t->series];
	course = mem_new(sizeof(*course));
	read_points(t, code);
	rc = read_course(course, t, code);
	trend_heading(t, code, course);
	trend_table(t, codes, n);
	trend_sources(t, code, n - TABLE_ROWS);
	for (int i = 0; i < t->point_count; i++)
		value_row(t, i);
	if (rc == 0) {
		trend_course_line(t, course);
		trend_quarters(t, course);
		trend_gaps(t, course);
	}
	pager_tell(&t->pager, LOOK_DIM, _("  code %s"), code);
	free(course);
}

/* ---- results ------------------------------------------------------------ */

void patient_tab_results(struct patient_tabs *t)
{
	char codes[CODES_MAX][36];
	int n = read_codes(t, codes, CODES_MAX);
	struct measure *m = mem_new(sizeof(*m));

	if (n == 0)
		pager_tell(
		    &t->pager, LOOK_DIM, "%s", _("No result is recorded."));
	else
		add_heads(t, _("When, from"));
	for (int i = 0; i < n; i++) {
		struct columns c;
		char day[DAY_TEXT];
		int64_t on;
		read_measure(m, t, codes[i]);
		if (m->n < 1)
			continue;
		measure_columns(&c, m);
		on = day_of(m->points[0].at_s, t->desk->zone_s);
		day_text(day, on);
		day[on > desk_today(t->desk) - 300 ? DAY_TEXT - 1 : 7] = '\0';
		snprintf(c.end, sizeof(c.end), "%s %s",
		    on > desk_today(t->desk) - 300 ? day + 5 : day,
		    source_word(&m->points[0]));
		add_columns(t, is_on(m, &m->points[0]) ? LOOK_TEXT : LOOK_LATE,
		    ' ', &c);
	}
	free(m);
}
