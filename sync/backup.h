/*
 * backup.h - the centre's log as one run of bytes: records with their boxes
 * in their order, checkpoints, branches, and what waits for a place. No keys,
 * no view, no drafts, no quarantine. Written in slices while the centre
 * serves; read once from beginning to end to verify or to restore it. Must
 * not know files. Bytes: docs/WIRE.md, "A backup".
 */
#ifndef SUIFANG_SYNC_BACKUP_H
#define SUIFANG_SYNC_BACKUP_H

#include "core/base.h"
#include "core/buf.h"
#include "sync/merkle.h"

struct ledger;

/* Where a backup that is being written stands; survives as text between two
 * requests. Zeros: at its beginning. */
struct backup_cursor {
	uint64_t phase, at, at2;
	uint64_t size; /* of the order, fixed at the beginning */
};

/* Appends what comes next, about `room` bytes. 1 when it is whole, 0 when
 * there is more. ERR_RULE while the node is recovering, ERR_NOT_FOUND
 * without any checkpoint. */
NODISCARD int backup_write(struct buf *out, struct ledger *ledger,
    struct backup_cursor *cursor, size_t room);

/* ---- reading ---- */

/* The next n bytes of the backup into out (replaced); fewer only at its end. */
typedef int backup_read_fn(void *ctx, struct buf *out, size_t n);
struct backup_source {
	backup_read_fn *read;
	void *ctx;
};

struct backup_report {
	struct id org;
	uint64_t incarnation;
	struct merkle_tree order; /* as its newest checkpoint says */
	int64_t at_s;             /* node time of the last record */
	uint64_t records, boxes, erased, checkpoints, branches, waiting;
};

/*
 * Checks every byte without storing it: each record's name and boxes, the
 * order against the newest checkpoint, that against the node's certificate,
 * and that against roots (the organisation's, of now and before). *out is
 * filled as far as it came. ERR_FORMAT, ERR_TRUNCATED, ERR_SIGNATURE,
 * ERR_DAMAGED, ERR_CHECK; the detail names the place.
 */
struct backup_roots {
	const struct id *org;
	const uint8_t (*pk)[32];
	size_t count;
};
NODISCARD int backup_verify(struct backup_report *out,
    const struct backup_source *source, const struct backup_roots *roots);

/*
 * Into the empty store of a new node's ledger, whose site file says what it
 * was restored to; in transactions of its own. Ends recovering. Errors as
 * above; ERR_IN_USE when the store is not empty; ERR_CHECK when the order is
 * not the one that the root signed for.
 */
NODISCARD int backup_load(struct backup_report *out, struct ledger *ledger,
    const struct backup_source *source);

#endif
