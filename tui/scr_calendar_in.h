/*
 * scr_calendar_in.h - the inside of the callback calendar, shared by
 * scr_calendar.c (days, rows, keys) and scr_calendar_move.c (a promise is
 * moved, a new one is given).
 */
#ifndef SUIFANG_TUI_SCR_CALENDAR_IN_H
#define SUIFANG_TUI_SCR_CALENDAR_IN_H

#include "core/calendar.h"
#include "core/slots.h"
#include "tui/desk.h"
#include "tui/list.h"
#include "tui/screen.h"

#define CALENDAR_FOUND 9

struct calendar {
	struct screen base;
	struct desk *desk;
	struct list list;
	struct calendar_row *rows; /* of the selected day */
	int count;
	struct calendar_day days[CALENDAR_DAYS_MAX];
	int64_t first, day; /* first shown, selected */
	int weeks;          /* shown at the last draw */
	bool is_inside;     /* the arrows go over the rows */
	int64_t *taken_s;   /* open promises, without the one that is moved */
	int taken, late;
	/* The promise that is being moved; at_s 0: none. */
	struct {
		struct calendar_row row;
		int64_t at_s;
	} moving;
	/* The patient a new promise is for, and when. */
	struct {
		struct id found[CALENDAR_FOUND], patient;
		int64_t at_s;
	} giving;
};

/* Selects a day and reads it. */
void calendar_go(struct calendar *c, int64_t day);
struct slots calendar_slots(const struct calendar *c);

void calendar_move_begin(struct calendar *c, const struct calendar_row *r);
void calendar_move_end(struct calendar *c);
/* By so many seconds. */
void calendar_move_by(struct calendar *c, int64_t seconds);
/* Signs where the quarter is free; else proposes the next that is. */
void calendar_move_take(struct calendar *c);
/* A time that is typed instead. */
void calendar_move_type(struct calendar *c);
/* One line: from when to when, and whether that is free. */
void calendar_move_draw(const struct calendar *c, struct grid *g, int y);
/* Patient, time, reason; then signs. */
void calendar_promise(struct calendar *c);

#endif
