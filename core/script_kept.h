/*
 * script_kept.h - the answers of a recorded contact put back into a run of
 * the script they were given to. Reads the store; must not know screens.
 */
#ifndef SUIFANG_SCRIPT_KEPT_H
#define SUIFANG_SCRIPT_KEPT_H

#include "core/script_run.h"

struct id;
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

#endif
