/*
 * node_restore.h - a new node from a backup, in two halves with the
 * organisation's root between them, as `init` (an edge).
 */
#ifndef SUIFANG_SYNC_NODE_RESTORE_H
#define SUIFANG_SYNC_NODE_RESTORE_H

#include "core/base.h"
#include "core/buf.h"
#include "keys/statement.h"

struct node_restore {
	const char *dir;                     /* home of the new node */
	const char *backup;                  /* folder */
	const char *org_path, *request_path; /* first half */
	const char *site_path;               /* second half */
	const char *erasures;                /* a list to begin with, or NULL */
};

/* Verifies the backup, makes keys and writes the request. */
NODISCARD int node_restore_request(
    struct buf *out, const struct node_restore *restore);
/* Takes the site file and loads the backup; the node then is recovering. */
NODISCARD int node_restore_load(
    struct buf *out, const struct node_restore *restore);

/* What a node asks the root to say of it. */
void node_statement(
    struct statement *out, const struct identity *me, uint64_t incarnation);

#endif
