/*
 * content_moves.h - what a new version of a pathway changes for the patients
 * of a store who are on it (core/moves.h). Reads only.
 */
#ifndef SUIFANG_SYNC_CONTENT_MOVES_H
#define SUIFANG_SYNC_CONTENT_MOVES_H

#include "core/moves.h"

struct id;
struct store;

struct content_moves {
	const struct content_file *was; /* two versions of one pathway */
	const struct content_file *now;
	int64_t now_s;
	int32_t zone_s;
	/* patient is the stream; may be NULL. */
	void (*tell)(void *ctx, const struct id *patient, const struct move *m);
	void *ctx;
};

/* All else that decides is what is in force in the store. Errors of the
 * store; ERR_INVALID when a file is not a pathway, or their ids differ. */
NODISCARD int content_moves_run(struct moves_total *total, struct store *store,
    const struct content_moves *cfg);

#endif
