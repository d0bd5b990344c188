/*
 * held.h - what the centre holds back, call by call: entries that one person
 * said of one patient in one piece of work are released together, by one
 * signed entry with one reason; and what became of a held entry. Reads and
 * builds drafts; must not know screens.
 */
#ifndef SUIFANG_HELD_H
#define SUIFANG_HELD_H

#include "core/base.h"
#include "core/draft.h"
#include "core/office.h"

#define HELD_GROUP_MAX 200

/* rows[from] to rows[from + count - 1] of the sorted rows. */
struct held_group {
	int from, count;
};
/* Sorts rows and fills at most max groups, the newest first; how many. */
int held_groups(
    struct held_group *out, int max, struct office_held *rows, int n);

/* The group that an entry is in; false: it is not among them. Sorts rows. */
bool held_group_of(struct held_group *out, struct office_held *rows, int n,
    const struct ref *entry);

/* The kind that names the group: the contact, or what was said first. */
const char *held_group_kind(const struct office_held *rows, int n);

/* Why it is released, as entries have it: clear, and so no free text. */
#define HELD_REASONS 3
extern const struct held_reason {
	const char *code, *text; /* text: message key */
} held_reasons[HELD_REASONS];
/* Message key of a code; "" for none. */
const char *held_reason_text(const char *code);

/* One entry for all n of one stream. */
void held_release_draft(struct draft *draft, const struct office_held *rows,
    int n, const char *reason);

struct held_release {
	char member[24], reason[36];
	int64_t at_s;
};
/* 1 and *out where a release in effect names the entry; 0; an error. */
NODISCARD int held_released(struct held_release *out, struct store *store,
    const struct id *stream, const struct ref *ref);

#endif
