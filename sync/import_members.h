/*
 * import_members.h - a row of the roster becomes a save: the person's grant,
 * the team if it is new, the place in the team. Reads the store, decides,
 * builds the draft; the caller signs it.
 */
#ifndef SUIFANG_IMPORT_MEMBERS_H
#define SUIFANG_IMPORT_MEMBERS_H

#include "core/base.h"
#include "core/draft.h"
#include "core/env.h"
#include "sync/import_enrol.h"
#include "sync/import_roster.h"

struct import_staff {
	struct store *store;
	const struct env *env;
	struct id roster; /* the stream that grants are about */
	int64_t until_s;  /* end of the grants */
};

/* Fills an empty draft; it stays empty for IMPORT_SAME. Saves must follow in
 * order: the second member of a new team finds it in the store. Errors of
 * the store. */
NODISCARD int import_member(struct draft *out, enum import_change *change,
    const struct import_staff *staff, const struct import_member *member);

/* The team of that name, or ERR_NOT_FOUND. "" is the only team where there
 * is but one, else nobody's: zeros. */
NODISCARD int import_team(
    struct id *out, struct store *store, const char *name);

#endif
