/*
 * report.h - the periodic report: every indicator of a period, split in
 * every way, with its definition beside each figure, as CSV. Pure but for
 * reading the store. No patient is named in it.
 */
#ifndef SUIFANG_REPORT_H
#define SUIFANG_REPORT_H

#include "core/base.h"
#include "core/buf.h"
#include "core/kpi.h"

struct store;

enum report_span {
	REPORT_DAY,
	REPORT_WEEK, /* Monday to Sunday */
	REPORT_MONTH,
	REPORT_QUARTER,
	REPORT_YEAR,
	REPORT_SPAN_COUNT
};

/* Days from..until, the last one excluded. */
struct report_period {
	enum report_span span;
	int64_t from_day, until_day;
};

/* The period that a day lies in. */
struct report_period report_period_of(enum report_span span, int64_t day);
/* The nth period after it; negative: before it. */
struct report_period report_period_move(const struct report_period *p, int by);
/* "2026-11-22", "2026-W47", "2026-11", "2026-Q4", "2026". */
#define REPORT_TEXT 12
void report_period_text(char out[REPORT_TEXT], const struct report_period *p);
/* The same read back; false for anything else. */
bool report_period_parse(struct report_period *out, const char *text);

/* What is counted; the period ends at now_s where that is earlier. */
struct report_ask {
	struct report_period period;
	int64_t now_s;
	int32_t zone_s;
	const struct kpi_set *set;
	const struct cadence *cadence;
	const char *member; /* this person's rows alone; NULL: everybody's */
};
struct kpi_ask report_kpi_ask(const struct report_ask *ask, enum kpi_by by);

/* A code for people: "all", "member" ... */
const char *report_by_name(enum kpi_by by);

/* Appends the whole report: a head line, then one line a figure. A cell that
 * a spreadsheet would take for a formula gets an apostrophe. */
NODISCARD int report_csv(
    struct buf *out, struct store *store, const struct report_ask *ask);

#endif
