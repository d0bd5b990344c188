/*
 * node_crew.h - threads beside the loop of the serving centre (an edge) that
 * check signatures, half of what a record costs. They get whole messages and
 * keys and share nothing else: no store, no session, no secret. Must not know
 * whose message it is or what becomes of it.
 */
#ifndef SUIFANG_SYNC_NODE_CREW_H
#define SUIFANG_SYNC_NODE_CREW_H

#include "core/base.h"
#include "core/buf.h"
#include "sync/checked.h"

struct crew;

/* Stays the caller's; between crew_give and its return by crew_take nobody
 * else touches it or what it points at. */
struct crew_job {
	struct crew_job *next;
	const struct buf *msg;
	uint8_t pk[SIGN_PUBLIC];
	struct checked found;
	bool is_signed; /* found is filled in */
};

/* So many threads, at least one; each gives up what drop.h names before it
 * does anything. ERR_IO, or what drop_for_node says. */
NODISCARD int crew_new(struct crew **out, unsigned threads);
/* Ends the threads; jobs that are with them come to nothing. */
void crew_free(struct crew **crew);

/* Readable when crew_take has something. */
int crew_fd(const struct crew *crew);
/* Jobs given and not yet taken back. */
size_t crew_count(const struct crew *crew);

/* Gives a list of jobs; they are begun in that order. */
void crew_give(struct crew *crew, struct crew_job *list);
/* All that are done, in any order; NULL: none. */
struct crew_job *crew_take(struct crew *crew);

#endif
