/*
 * scr_work_in.h - the inside of the worklist, shared by scr_work.c (rows,
 * keys, calls), scr_work_more.c (snooze, short lists) and scr_work_caller.c
 * (calls that come in).
 */
#ifndef SUIFANG_TUI_SCR_WORK_IN_H
#define SUIFANG_TUI_SCR_WORK_IN_H

#include "core/phonebook.h"
#include "core/worklist.h"
#include "sync/directory.h"
#include "tui/desk.h"
#include "tui/field.h"
#include "tui/list.h"
#include "tui/preview.h"
#include "tui/screen.h"

#define UNFINISHED_MAX 16
#define CALLERS_MAX 16
#define SAVED_MAX 9

struct work {
	struct screen base;
	struct desk *desk;
	char member[24]; /* whose list */
	struct worklist *worklist;
	struct list list;
	struct preview preview;
	struct work_counts counts;
	struct field filter;
	bool filtering;
	int64_t read_day; /* the list depends on the clock */
	struct id unfinished[UNFINISHED_MAX];
	int unfinished_count;
	enum work_facet facet;
	char saved[SAVED_MAX][64]; /* filters kept on this terminal */
	/* What the short lists offer, in the order shown. */
	char offered[SAVED_MAX + 8];
	struct phone_owner callers[CALLERS_MAX];
	int caller_count;
	struct directory_entry directory[CALLERS_MAX];
	/* A colleague's patient whose call was taken, and whether the record
	 * has come from the centre. */
	struct id taken;
	bool is_taking, has_come;
	bool calling; /* a call screen is above; then on to the next row */
	struct id called;
	int attempts; /* of the one called, before the call */
};

/* Asks for a reason, then snoozes the marked or the selected. */
void work_ask_snooze(struct work *w);
/* The short lists and saved filters. */
void work_ask_filters(struct work *w);
void work_load_filters(struct work *w);
/* Whose number calls us? */
void work_ask_caller(struct work *w);
/* Says so when the record of a call that was taken has come. */
void work_follow_taken(struct work *w);
/* Filters by a text; "" shows everything. */
void work_filter(struct work *w, const char *text);
const char *work_facet_text(enum work_facet facet);

#endif
