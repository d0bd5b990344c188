/*
 * content_moves.h - what a new version of a pathway changes for the patients
 * of a store who are on it (core/moves.h), and who is asked a new version of
 * a script. Reads only.
 */
#ifndef SUIFANG_SYNC_CONTENT_MOVES_H
#define SUIFANG_SYNC_CONTENT_MOVES_H

#include "core/moves.h"

struct id;
struct store;

struct content_moves {
	const struct content_file
	    *was; /* two versions of a pathway or script */
	const struct content_file *now;
	int64_t now_s;
	int32_t zone_s;
	/* patient is the stream; may be NULL. */
	void (*tell)(void *ctx, const struct id *patient, const struct move *m);
	void *ctx;
};

/* All else that decides is what is in force in the store. Errors of the
 * store; ERR_INVALID when a file is unsound, or their ids differ. Of rules
 * nobody is told: that is asked of contacts (sync/content_replay.h). */
NODISCARD int content_moves_run(struct moves_total *total, struct store *store,
    const struct content_moves *cfg);

#endif
