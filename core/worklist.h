/*
 * worklist.h - whom to call now, and why: a pure function of the view and
 * the clock. Alerts to verify come first, then promised callbacks that are
 * due, then windows that close and high risk, then the rest by due day. Rows
 * are read by keyset pages; only the urgent front (bounded) is kept.
 * Knows no screen and decides nothing clinical.
 */
#ifndef SUIFANG_WORKLIST_H
#define SUIFANG_WORKLIST_H

#include "core/base.h"

struct store;
struct worklist;

enum work_class {
	WORK_ALERT,    /* handled by a clinician: ask whether it helped */
	WORK_CALLBACK, /* promised, and due within a quarter of an hour */
	WORK_URGENT,   /* high risk and due, or the window closes */
	WORK_ROUTINE,
	WORK_FOUND /* by a filter: any patient on this terminal */
};

struct work_row {
	struct id patient;
	enum work_class class;
	int64_t sort; /* seconds, or a day, by class */
	char name[96], name_en[96];
	char sex; /* 'm', 'f' or 0 */
	bool has_birth, has_due, has_callback, is_refused, is_dead;
	bool is_unproved; /* a first sync left signatures to be checked */
	int64_t birth_day;
	char risk[8]; /* "high", "mid", "low" or "" */
	char pathway[64], step[64], script[96];
	int64_t open_day, due_day, close_day;
	int attempts, alerts, to_verify, due_count, snoozes;
	int64_t not_before_s, callback_s, snoozed_s; /* 0: none */
	char why_zh[208], why_en[208];
	char disposition[32]; /* of the last contact */
	char member[24];      /* whose list it is on */
};

/* A part of the list by itself. */
enum work_facet {
	WORK_ALL,
	WORK_ONLY_ALERTS,
	WORK_ONLY_CALLBACKS,
	WORK_ONLY_URGENT,
	WORK_ONLY_OVERDUE
};

/* Whose list, and when. */
struct work_scope {
	char member[24];
	int64_t now_s;
	int32_t zone_s;
};

struct work_counts {
	int today, overdue, done;
	int unproved; /* patients of whom signatures are yet to be checked */
};

/* The store is borrowed. */
struct worklist *worklist_new(struct store *store);
void worklist_free(struct worklist **w);
/* Reads the front again; before the first page and when data changed. */
NODISCARD int worklist_refresh(
    struct worklist *w, const struct work_scope *scope);
/* Makes ready what the filter scans, max patients more of it, in the pauses
 * of the hand. 1: there are more; 0: ready, or the rest of a very long list
 * is left to the first key. */
NODISCARD int worklist_prepare(struct worklist *w, int max);
/* Filters by what is typed: name, pinyin, initials, tail of the phone or the
 * ID number, tag. Empty: the whole list. At most 200 are found. */
NODISCARD int worklist_filter(struct worklist *w, const char *typed);
/* Holds from the next refresh or filter on; what is typed comes first. */
void worklist_facet(struct worklist *w, enum work_facet facet);
/* As list.h asks for: rows after (dir > 0), before (dir < 0) or from `from`
 * on (0). Returns how many, or an error. */
int worklist_page(struct worklist *w, struct work_row *rows, int max,
    const struct work_row *from, int dir);
NODISCARD int worklist_counts(struct worklist *w, struct work_counts *out);
/* One patient's row; class and sort are left alone. ERR_NOT_FOUND. */
NODISCARD int worklist_row(
    struct work_row *row, struct store *store, const struct id *patient);

#endif
