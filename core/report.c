/*
 * report.c - periods of the calendar and the report as CSV.
 */
#include "core/report.h"

#include "core/clock.h"
#include "core/mem.h"
#include "core/tr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GROUPS_MAX 400

/* ---- periods ------------------------------------------------------------- */

static const int months_of[REPORT_SPAN_COUNT] = {
    [REPORT_MONTH] = 1, [REPORT_QUARTER] = 3, [REPORT_YEAR] = 12};

struct report_period report_period_of(enum report_span span, int64_t day)
{
	struct report_period p = {span, day, day + 1};
	int year, month, mday, n = months_of[span];

	if (span == REPORT_WEEK) {
		p.from_day = day - (day_of_week(day) - 1);
		p.until_day = p.from_day + 7;
	} else if (n > 0) {
		day_to_civil(day, &year, &month, &mday);
		p.from_day = day_from_civil(year, (month - 1) / n * n + 1, 1);
		p.until_day = day_add_months(p.from_day, n);
	}
	return p;
}

struct report_period report_period_move(const struct report_period *p, int by)
{
	int n = months_of[p->span];
	int64_t day = n > 0 ? day_add_months(p->from_day, n * by)
			    : p->from_day + (p->until_day - p->from_day) * by;

	return report_period_of(p->span, day);
}

/* ISO 8601: the week belongs to the year of its Thursday. */
static void week_text(char out[REPORT_TEXT], int64_t monday)
{
	int year, month, mday;

	day_to_civil(monday + 3, &year, &month, &mday);
	snprintf(out, REPORT_TEXT, "%04d-W%02d", year % 10000,
	    (int)((monday + 3 - day_from_civil(year, 1, 1)) / 7 + 1) % 100);
}

void report_period_text(char out[REPORT_TEXT], const struct report_period *p)
{
	char day[DAY_TEXT];
	int year, month, mday;

	day_to_civil(p->from_day, &year, &month, &mday);
	year %= 10000;
	day_text(day, p->from_day);
	if (p->span == REPORT_WEEK)
		week_text(out, p->from_day);
	else if (p->span == REPORT_MONTH)
		snprintf(out, REPORT_TEXT, "%.7s", day);
	else if (p->span == REPORT_QUARTER)
		snprintf(out, REPORT_TEXT, "%04d-Q%d", year,
		    (month - 1) / 3 % 4 + 1);
	else if (p->span == REPORT_YEAR)
		snprintf(out, REPORT_TEXT, "%.4s", day);
	else
		snprintf(out, REPORT_TEXT, "%s", day);
}

bool report_period_parse(struct report_period *out, const char *text)
{
	char again[REPORT_TEXT];
	int year = 0;

	if (strlen(text) < 4 || sscanf(text, "%4d", &year) != 1 || year < 1900)
		return false;
	for (int span = 0; span < REPORT_SPAN_COUNT; span++) {
		struct report_period p;
		int64_t day = day_from_civil(year, 1, 1);
		p = report_period_of((enum report_span)span, day);
		for (int i = 0; i < 368; i++) {
			report_period_text(again, &p);
			if (strcmp(again, text) == 0) {
				*out = p;
				return true;
			}
			p = report_period_move(&p, 1);
			if (p.from_day > day + 372)
				break;
		}
	}
	return false;
}

/* ---- figures ------------------------------------------------------------- */

struct kpi_ask report_kpi_ask(const struct report_ask *ask, enum kpi_by by)
{
	struct kpi_ask a = {
	    .from_s = ask->period.from_day * DAY_S - ask->zone_s,
	    .until_s = ask->period.until_day * DAY_S - ask->zone_s,
	    .zone_s = ask->zone_s,
	    .by = by,
	    .cadence = ask->cadence,
	};

	if (ask->now_s < a.until_s)
		a.until_s = ask->now_s;
	return a;
}

const char *report_by_name(enum kpi_by by)
{
	static const char *const names[KPI_BY_COUNT] = {
	    "all", "member", "pathway", "department", "doctor"};

	return names[by];
}

static void put_cell(struct buf *out, const char *text)
{
	buf_add(out, "\"", 1);
	if (*text && strchr("=+-@\t\r", *text) && text[1])
		buf_add(out, "'", 1);
	for (; *text; text++)
		buf_add(
		    out, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
	buf_add(out, "\"", 1);
}

static void put_row(struct buf *out, const struct report_ask *ask,
    const struct kpi *k, const struct kpi_row *row, enum kpi_by by)
{
	char period[REPORT_TEXT], value[24], target[16] = "";
	const char *cells[] = {period, k->id, tr_pick(k->name.zh, k->name.en),
	    k->dimension, report_by_name(by), row->group, value,
	    k->unit == KPI_PERCENT ? "%" : "min", target};
	const struct words *words[] = {
	    &k->numerator, &k->denominator, &k->excluded};

	report_period_text(period, &ask->period);
	kpi_value_text(value, sizeof(value), k, row);
	if (k->target >= 0)
		snprintf(target, sizeof(target), "%d", k->target);
	for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
		put_cell(out, cells[i]);
		buf_add(out, ",", 1);
	}
	buf_printf(out, "%lld,%lld,%lld", (long long)row->num,
	    (long long)row->den, (long long)row->excluded);
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		buf_add(out, ",", 1);
		put_cell(out, tr_pick(words[i]->zh, words[i]->en));
	}
	buf_add(out, "\r\n", 2);
}

static int put_split(struct buf *out, struct store *store,
    const struct report_ask *ask, enum kpi_by by)
{
	struct kpi_row *rows = mem_array(GROUPS_MAX, sizeof(*rows));
	struct kpi_ask how = report_kpi_ask(ask, by);
	struct kpi_count *c = NULL;
	int rc = kpi_count_open(&c, store, &how);

	for (size_t i = 0; i < kpi_total(ask->set) && rc >= 0; i++) {
		const struct kpi *k = kpi_at(ask->set, i);
		rc = kpi_count_rows(rows, GROUPS_MAX, c, k);
		for (int n = 0; n < rc; n++)
			if (!ask->member ||
			    strcmp(rows[n].group, ask->member) == 0)
				put_row(out, ask, k, &rows[n], by);
	}
	if (c)
		kpi_count_free(&c);
	free(rows);
	return rc < 0 ? rc : 0;
}

int report_csv(
    struct buf *out, struct store *store, const struct report_ask *ask)
{
	static const char head[] =
	    "period,indicator,name,dimension,by,group,value,unit,target,"
	    "numerator,denominator,excluded,numerator_means,"
	    "denominator_means,excluded_means\r\n";
	int rc = 0;

	buf_add(out, head, sizeof(head) - 1);
	for (int by = 0; by < KPI_BY_COUNT && rc == 0; by++)
		if (!ask->member || by == KPI_BY_MEMBER)
			rc = put_split(out, store, ask, (enum kpi_by)by);
	return rc;
}
