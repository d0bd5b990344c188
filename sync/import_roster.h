/*
 * import_roster.h - the members of a call team from a table of comma-
 * separated values (RFC 4180). Pure: text in, rows out; who may be granted
 * what is decided elsewhere.
 */
#ifndef SUIFANG_IMPORT_ROSTER_H
#define SUIFANG_IMPORT_ROSTER_H

#include "core/base.h"
#include "sync/import.h"

/* Texts belong to the batch; absent ones are "". */
struct import_member {
	const char *member; /* staff number, such as "A017" */
	const char *name;
	const char *name_en;
	const char *role; /* "agent", "supervisor", ... */
	const char *team;
	const char *team_en;
	const char *dialects; /* separated by ; */
	const char *scripts;
	const char *phone;
};

/*
 * Calls each for every good row, in order; a row of no use goes to the
 * problem list and the rest goes on. Returns 0, ERR_QUARANTINED, or what
 * each returned first below zero.
 */
typedef int import_member_fn(void *ctx, const struct import_member *member);
NODISCARD int import_roster(struct import_batch *b,
    const struct import_text *file, import_member_fn *each, void *ctx);

#endif
