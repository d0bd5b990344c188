/*
 * node_erasures.h - the centre's list of who was erased, as a file that is
 * kept apart from backups: a centre restored from a backup that was made
 * before is told first, so that nobody comes back by it (an edge). A list
 * holds random ids and no patient's data.
 */
#ifndef SUIFANG_SYNC_NODE_ERASURES_H
#define SUIFANG_SYNC_NODE_ERASURES_H

#include "core/base.h"

struct home;
struct request;

/* Prints the list: "suifang-erasures 1 <org>", then one id a line. */
NODISCARD int verb_erasures(const struct request *q, bool *stop);

/* Takes a list into a store that is about to be restored. ERR_FORMAT,
 * ERR_ORGANISATION, ERR_NOT_FOUND. */
NODISCARD int erasures_take(struct home *home, const char *path);

#endif
