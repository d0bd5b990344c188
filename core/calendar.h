/*
 * calendar.h - what a person has promised, owes by the plans and has done,
 * by day: counts for the grid, rows for one day. A patient with a promise
 * that day is not counted again for what is due. Reads only.
 */
#ifndef SUIFANG_CALENDAR_H
#define SUIFANG_CALENDAR_H

#include "core/base.h"
#include "core/id.h"

#define CALENDAR_DAYS_MAX 42

struct store;

/* Whose, and when it is now. */
struct calendar_ask {
	const char *member;
	int64_t now_s;
	int32_t zone_s;
};

struct calendar_day {
	int promised, due; /* open; overdue ones stay on their own day */
	int done;          /* patients whose call was completed */
	int minutes;       /* expected for promised and due */
};
/* n days from first_day on, at most CALENDAR_DAYS_MAX. */
NODISCARD int calendar_days(struct calendar_day *out, int n,
    struct store *store, const struct calendar_ask *ask, int64_t first_day);

enum calendar_what {
	CALENDAR_PROMISE,
	CALENDAR_DUE,
	CALENDAR_DONE
};

struct calendar_row {
	enum calendar_what what;
	struct id patient;
	char ref[REF_TEXT]; /* of the promise or the contact; "" of a due */
	int64_t at_s;       /* 0: at no hour */
	int64_t due_day;    /* of a due */
	int attempts;
	char name[96], name_en[96], pathway[64], step[64];
	char note[200];       /* of a promise */
	char who[68];         /* relation of who asked for it */
	char disposition[36]; /* of a contact */
	char why_zh[104], why_en[104];
};
/* One day's, by the hour, those without an hour last; today has what is
 * overdue as well. At most max; how many, or an error. */
int calendar_rows(struct calendar_row *out, int max, struct store *store,
    const struct calendar_ask *ask, int64_t day);

#endif
