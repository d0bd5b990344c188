/*
 * script_kept.h - the answers of a recorded contact put back into a run of
 * the script they were given to. Reads the store; must not know screens.
 */
#ifndef SUIFANG_SCRIPT_KEPT_H
#define SUIFANG_SCRIPT_KEPT_H

#include "core/json.h"
#include "core/script_run.h"

struct id;
struct stmt;
struct store;

struct script_kept {
	struct store *store;
	const struct id *patient;
	const char *ref; /* of the contact */
	/* The linkId in the run of a question of one of the contact's scripts
	 * ("": the first); NULL: it is not asked there. A NULL function: only
	 * the first script, under its own linkIds. */
	const char *(*link)(void *ctx, const char *script, const char *link);
	void *ctx;
};

/* Into a new run. ERR_FORMAT, errors of the store. */
NODISCARD int script_kept_restore(
    struct script_run *run, const struct script_kept *from);

/* One answer as the columns 1 to 6 of a row have it (script_kept.sql,
 * past_answers.sql): a new reference. The
 * code system comes from the item's options; SCRIPT_NONE: of no item. */
json_t *script_kept_value(
    const struct script *script, uint32_t item, const struct stmt *row);

#endif
