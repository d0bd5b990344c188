/* trend.c - integer statistics of one series. */
#include "core/trend.h"

#include "core/clock.h"
#include "core/decimal.h"
#include "core/err.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/tr.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 64
#define VALUE_MAX INT64_C(100000000) /* keeps every sum within 64 bits */
#define DAYS_MAX 36500
#define SLOPE_DAYS 30

struct row {
	const char *code;
	struct trend_limits limits;
};

struct trend_table {
	json_t *root;
	struct content_head head;
	struct row rows[ROWS_MAX];
	size_t n;
};

static const char *const course_names[] = {
    [TREND_UNKNOWN] = "unknown",
    [TREND_STEADY] = "steady",
    [TREND_CHANGING] = "changing",
    [TREND_FLUCTUATING] = "fluctuating",
};

const char *trend_course_name(enum trend_course course)
{
	return course_names[course];
}

static bool read_decimal(int64_t *value, int *scale, const json_t *v)
{
	*scale = 0;
	if (json_is_string(v))
		return decimal_parse(value, scale, json_string_value(v));
	*value = json_integer_value(v);
	return json_is_integer(v);
}

static int read_row(struct row *row, const json_t *j, const char *at)
{
	static const char *const names[] = {
	    "code", "last_n", "least_n", "days", "fluctuating", "steady", NULL};
	static const int64_t counts[2] = {2, TREND_POINTS_MAX};
	static const int64_t days[2] = {1, 3660};
	struct trend_limits *l = &row->limits;
	int64_t v[3];
	int steady_scale;
	int r = content_members(j, at, names);

	if (!r)
		r = content_int(&v[0], j, "last_n", counts);
	if (!r)
		r = content_int(&v[1], j, "least_n", counts);
	if (!r)
		r = content_int(&v[2], j, "days", days);
	if (r)
		return r;
	row->code = json_str(j, "code", "");
	if (!*row->code ||
	    !read_decimal(&l->fluctuating, &l->scale,
		json_object_get(j, "fluctuating")) ||
	    !read_decimal(
		&l->steady, &steady_scale, json_object_get(j, "steady")) ||
	    steady_scale != l->scale || l->steady >= l->fluctuating)
		return err_set(ERR_INVALID, _("%s: no proper limits"), at);
	l->last_n = (int)v[0];
	l->least_n = (int)v[1];
	l->days = (int)v[2];
	return 0;
}

static int read_table(struct trend_table *t)
{
	const json_t *list = json_list(t->root, "limits");
	size_t total = json_array_size(list);
	int r = 0;

	if (total == 0 || total > ROWS_MAX)
		return err_set(ERR_INVALID, _("$.limits: none or too many"));
	for (size_t i = 0; i < total && !r; i++) {
		char at[40];

		snprintf(at, sizeof(at), "$.limits[%zu]", i);
		r = read_row(t->rows + t->n++, json_array_get(list, i), at);
	}
	return r;
}

int trend_table_parse(struct trend_table **out, const char *json, size_t n)
{
	struct trend_table *t = mem_new(sizeof(*t));
	int r = content_parse(&t->root, &t->head, json, n);

	if (!r)
		r = read_table(t);
	if (r)
		trend_table_free(&t);
	else
		*out = t;
	return r;
}

void trend_table_free(struct trend_table **t)
{
	if (!*t)
		return;
	json_decref((*t)->root);
	free(*t);
	*t = NULL;
}

size_t trend_codes(const char **out, size_t max, const struct trend_table *t)
{
	size_t n = t->n < max ? t->n : max;

	for (size_t i = 0; i < n; i++)
		out[i] = t->rows[i].code;
	return n;
}

bool trend_limits(
    struct trend_limits *out, const struct trend_table *t, const char *code)
{
	for (size_t i = 0; i < t->n; i++) {
		if (strcmp(t->rows[i].code, code))
			continue;
		*out = t->rows[i].limits;
		return true;
	}
	return false;
}

static int64_t bounded(int64_t v)
{
	if (v > VALUE_MAX)
		return VALUE_MAX;
	return v < -VALUE_MAX ? -VALUE_MAX : v;
}

static void add_point(struct trend *t, const struct fact *f)
{
	if (t->n == TREND_POINTS_MAX) {
		memmove(t->points, t->points + 1,
		    (TREND_POINTS_MAX - 1) * sizeof(t->points[0]));
		t->n--;
	}
	t->points[t->n].at_s = f->at_s;
	t->points[t->n].value =
	    bounded(decimal_rescale(f->value, f->scale, t->scale));
	t->n++;
}

static bool is_in_span(const struct fact *f, struct trend_span span)
{
	return f->at_s >= span.from_s && f->at_s <= span.to_s;
}

/* Finest scale of the values, so that none is rounded. */
static int scale_of(const struct fact *all, size_t n, struct trend_span span)
{
	int scale = 0;

	for (size_t i = 0; i < n; i++)
		if (all[i].kind == FACT_NUMBER && is_in_span(all + i, span) &&
		    all[i].scale > scale)
			scale = all[i].scale;
	return scale > 3 ? 3 : scale;
}

static int64_t root_of(int64_t v)
{
	int64_t lo = 0;
	int64_t hi = INT64_C(3037000499);

	while (lo < hi) {
		int64_t mid = (lo + hi + 1) / 2;

		if (mid <= v / mid)
			lo = mid;
		else
			hi = mid - 1;
	}
	return lo;
}

/* Whole days between two values, bounded. */
static int64_t days_between(
    const struct trend_point *a, const struct trend_point *b)
{
	int64_t days = b->at_s / DAY_S - a->at_s / DAY_S;

	return days > DAYS_MAX ? DAYS_MAX : days;
}

static void find_bounds(struct trend *t)
{
	t->lowest = t->highest = t->points[0].value;
	for (size_t i = 1; i < t->n; i++) {
		const struct trend_point *p = t->points + i;
		int gap = (int)days_between(p - 1, p);

		if (p->value < t->lowest)
			t->lowest = p->value;
		if (p->value > t->highest)
			t->highest = p->value;
		if (gap > t->longest_gap_days)
			t->longest_gap_days = gap;
	}
}

/* Deviations from the mean keep the sums small: at most 64 values of at most
 * 2 * 10^8, and 36,500 days. */
static void find_line(struct trend *t)
{
	int64_t n = (int64_t)t->n;
	int64_t sum = 0;
	int64_t days = 0;
	int64_t sxx = 0;
	int64_t sxy = 0;
	int64_t syy = 0;

	for (size_t i = 0; i < t->n; i++) {
		sum += t->points[i].value;
		days += days_between(t->points, t->points + i);
	}
	t->mean_tenths = decimal_divide(sum * 10, n);
	for (size_t i = 0; i < t->n; i++) {
		int64_t dx = days_between(t->points, t->points + i) - days / n;
		int64_t dy = t->points[i].value - decimal_divide(sum, n);

		sxx += dx * dx;
		sxy += dx * dy;
		syy += dy * dy;
	}
	if (sxx)
		t->slope_tenths = decimal_divide(sxy * SLOPE_DAYS * 10, sxx);
	if (n > 1)
		t->deviation_tenths = root_of(syy / (n - 1) * 100);
}

static void count_in_target(struct trend *t)
{
	for (size_t i = 0; i < t->n; i++) {
		struct fact f = {
		    .value = t->points[i].value, .scale = t->scale};

		if (target_cmp(&t->target, &f) == 0)
			t->n_in_target++;
	}
	t->percent_in_target =
	    (int)decimal_divide((int64_t)t->n_in_target * 100, (int64_t)t->n);
}

void trend_of(struct trend *out, const struct facts *facts, const char *code,
    struct trend_span span, const struct target *target)
{
	size_t n;
	const struct fact *all = facts_of(facts, code, &n);
	struct trend t = {.scale = scale_of(all, n, span)};

	for (size_t i = 0; i < n; i++) {
		if (!is_in_span(all + i, span))
			continue;
		if (all[i].kind == FACT_NUMBER)
			add_point(&t, all + i);
		else if (all[i].kind == FACT_ABSENT)
			t.n_absent++;
	}
	if (target) {
		t.has_target = true;
		t.target = *target;
	}
	if (t.n) {
		find_bounds(&t);
		find_line(&t);
		if (target)
			count_in_target(&t);
	}
	*out = t;
}

enum trend_course trend_judge(
    struct trend *t, const struct trend_limits *limits, int64_t now_s)
{
	int64_t low = INT64_MAX;
	int64_t high = INT64_MIN;
	int n = 0;

	for (size_t i = t->n; i-- > 0 && n < limits->last_n; n++) {
		if (t->points[i].at_s < now_s - limits->days * DAY_S)
			break;
		if (t->points[i].value < low)
			low = t->points[i].value;
		if (t->points[i].value > high)
			high = t->points[i].value;
	}
	t->judged_low = low;
	t->judged_high = high;
	if (n < limits->least_n)
		t->course = TREND_UNKNOWN;
	else if (decimal_cmp(high - low, t->scale, limits->fluctuating,
		     limits->scale) >= 0)
		t->course = TREND_FLUCTUATING;
	else if (decimal_cmp(
		     high - low, t->scale, limits->steady, limits->scale) <= 0)
		t->course = TREND_STEADY;
	else
		t->course = TREND_CHANGING;
	return t->course;
}

static void say_bounds(
    char what[TREND_WHAT], const char *code, const struct trend *t)
{
	char low[DECIMAL_TEXT], high[DECIMAL_TEXT];

	decimal_text(low, t->judged_low, t->scale);
	decimal_text(high, t->judged_high, t->scale);
	snprintf(what, TREND_WHAT, "%.30s %.20s..%.20s", code, low, high);
}

enum trend_course trend_worst(char what[TREND_WHAT],
    const struct trend_table *t, const char *const *codes, size_t n,
    const struct trend_now *now)
{
	enum trend_course worst = TREND_UNKNOWN;

	what[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		struct trend_limits limits;
		struct trend_span span = {INT64_MIN, now->at_s};
		struct trend one;
		if (!trend_limits(&limits, t, codes[i]))
			continue;
		trend_of(&one, now->facts, codes[i], span, NULL);
		if (trend_judge(&one, &limits, now->at_s) <= worst)
			continue;
		worst = one.course;
		say_bounds(what, codes[i], &one);
	}
	return worst;
}

void trend_periods(struct trend_period *out, size_t n_periods,
    const struct trend *t, int64_t to_s, int days)
{
	int64_t length = days * DAY_S;

	assert(days > 0);
	for (size_t i = 0; i < n_periods; i++)
		out[i] = (struct trend_period){
		    .from_s = to_s - (int64_t)(n_periods - i) * length};
	for (size_t i = 0; i < t->n; i++) {
		const struct trend_point *p = t->points + i;
		struct fact f = {.value = p->value, .scale = t->scale};
		int64_t ago = (to_s - p->at_s) / length;

		if (p->at_s > to_s || ago >= (int64_t)n_periods)
			continue;
		out[n_periods - 1 - (size_t)ago].n++;
		if (t->has_target && target_cmp(&t->target, &f) == 0)
			out[n_periods - 1 - (size_t)ago].n_in_target++;
	}
}
