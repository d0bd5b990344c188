/*
 * import_assign.h - who looks after an imported patient: whom a table of the
 * hospital's names, else the least burdened agent of a team. Reads the store
 * and adds to a draft; knows no file.
 *
 * The table is CSV with the columns "patient" (an identifier, alone or as
 * "system|value") and "member" (a staff number). It places patients whom
 * nobody looks after yet; moving others is a supervisor's decision.
 */
#ifndef SUIFANG_IMPORT_ASSIGN_H
#define SUIFANG_IMPORT_ASSIGN_H

#include "core/base.h"
#include "core/draft.h"
#include "sync/import.h"

struct store;

/* One row of the table. */
struct import_wish {
	const char *patient;
	const char *member;
	struct id team; /* of the member */
	size_t line;
	bool is_met; /* its patient was in the import */
};

struct import_wishes {
	struct import_wish *rows; /* in order of patient */
	size_t count;
	const char *file;
};

/* Appends the good rows; the others go to the problem list of b. Texts
 * belong to b. 0, ERR_QUARANTINED or errors of the store. */
NODISCARD int import_wishes_read(struct import_wishes *out,
    struct import_batch *b, const struct import_text *file,
    struct store *store);
/* Rows whose patient was not there go to the problem list. */
void import_wishes_close(struct import_wishes *w, struct import_batch *b);
void import_wishes_fini(struct import_wishes *w);

struct import_post {
	struct store *store;
	struct import_wishes *wishes; /* or NULL */
	struct id team; /* zeros: only those in the table are assigned */
	bool is_due;    /* on a pathway, so somebody has to be found */
};

/* Adds the assignment to the draft, and the member to `member`, which stays
 * "" when nobody was found. */
NODISCARD int import_assign(char member[17], struct draft *draft,
    const struct import_post *post, const struct import_patient *p,
    const struct id *stream);

#endif
