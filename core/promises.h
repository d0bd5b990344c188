/*
 * promises.h - callbacks that were promised and not yet kept, by time. Reads
 * only.
 */
#ifndef SUIFANG_PROMISES_H
#define SUIFANG_PROMISES_H

#include "core/base.h"
#include "core/id.h"

struct store;

struct promise_row {
	struct id patient;
	char ref[REF_TEXT], name[96], name_en[96], note[200], who[68];
	int64_t due_s;
};

/* Those of a member, at most max; returns how many, or an error. */
int promises_read(
    struct promise_row *out, int max, struct store *store, const char *member);

#endif
