/*
 * calendar.c - reading a person's days.
 */
#include "core/calendar.h"

#include "core/clock.h"
#include "core/store.h"

#include <string.h>

static void bind_days(
    struct stmt *s, const struct calendar_ask *ask, int64_t first, int64_t last)
{
	stmt_bind_text(s, ":member", ask->member);
	stmt_bind_int(s, ":first", first);
	stmt_bind_int(s, ":last", last);
	stmt_bind_int(s, ":from_s", first * DAY_S - ask->zone_s);
	stmt_bind_int(s, ":until_s", (last + 1) * DAY_S - ask->zone_s);
}

int calendar_days(struct calendar_day *out, int n, struct store *store,
    const struct calendar_ask *ask, int64_t first_day)
{
	struct stmt *s = store_query(store, Q_CALENDAR_DAYS);
	int rc;

	memset(out, 0, (size_t)n * sizeof(*out));
	bind_days(s, ask, first_day, first_day + n - 1);
	stmt_bind_int(s, ":zone_s", ask->zone_s);
	while ((rc = stmt_step(s)) == 1) {
		int64_t i = stmt_int(s, 1) - first_day;
		int count = (int)stmt_int(s, 2);
		if (i < 0 || i >= n)
			continue;
		out[i].minutes += (int)stmt_int(s, 3);
		if (stmt_int(s, 0) == CALENDAR_PROMISE)
			out[i].promised = count;
		else if (stmt_int(s, 0) == CALENDAR_DUE)
			out[i].due = count;
		else
			out[i].done = count;
	}
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

static void read_row(void *row, const struct stmt *s)
{
	struct calendar_row *r = row;

	memset(r, 0, sizeof(*r));
	r->what = (enum calendar_what)stmt_int(s, 0);
	stmt_id(&r->patient, s, 1);
	STMT_COPY(r->ref, s, 2);
	r->at_s = stmt_int(s, 3);
	r->due_day = stmt_int(s, 4);
	r->attempts = (int)stmt_int(s, 5);
	STMT_COPY(r->note, s, 6);
	STMT_COPY(r->who, s, 7);
	STMT_COPY(r->disposition, s, 8);
	STMT_COPY(r->why_zh, s, 9);
	STMT_COPY(r->why_en, s, 10);
	STMT_COPY(r->pathway, s, 11);
	STMT_COPY(r->step, s, 12);
	STMT_COPY(r->name, s, 13);
	STMT_COPY(r->name_en, s, 14);
}

int calendar_rows(struct calendar_row *out, int max, struct store *store,
    const struct calendar_ask *ask, int64_t day)
{
	struct stmt *s = store_query(store, Q_CALENDAR_ROWS);
	bool is_today = day == day_of(ask->now_s, ask->zone_s);

	bind_days(s, ask, day, day);
	stmt_bind_int(s, ":overdue", is_today);
	stmt_bind_int(s, ":max", max);
	return stmt_rows(out, sizeof(*out), max, s, read_row);
}
