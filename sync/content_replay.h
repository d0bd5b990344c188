/*
 * content_replay.h - replay over a store: every patient's contacts asked
 * again under two versions of all content. Reads only.
 */
#ifndef SUIFANG_SYNC_CONTENT_REPLAY_H
#define SUIFANG_SYNC_CONTENT_REPLAY_H

#include "core/replay.h"

struct store;

struct content_replay {
	const struct content_files *was;
	const struct content_files *now;
	int32_t zone_s;
	/* patient is the stream; may be NULL. */
	void (*tell)(void *ctx, const struct id *patient, enum replay_kind kind,
	    int64_t at_s, const char *const texts[2]);
	void *ctx;
	/* Every decision; day and rule by both; may be NULL. */
	void (*decided)(void *ctx, const struct id *patient,
	    const struct replay_contact *c, const char *const texts[2]);
};

/* Errors of the store, or ERR_INVALID when one of the contents is wrong. */
NODISCARD int content_replay_run(struct replay_total *total,
    struct store *store, const struct content_replay *cfg);

#endif
