/*
 * checkpoint.h - the node's signed word on its order: size and root of the
 * tree and the largest Lamport number in it, as a C2SP tlog-checkpoint in a
 * signed note. Must not know storage or what a terminal demands of it.
 * Formats: C2SP tlog-checkpoint and signed-note; docs/LOG.md.
 */
#ifndef SUIFANG_SYNC_CHECKPOINT_H
#define SUIFANG_SYNC_CHECKPOINT_H

#include "core/base.h"
#include "core/buf.h"
#include "keys/identity.h"
#include "sync/merkle.h"

#define CHECKPOINT_NOTE_MAX 1024
#define CHECKPOINT_ORIGIN 50 /* "<org>/<incarnation>" and the NUL */

struct secret;

struct checkpoint {
	struct id org;
	uint64_t incarnation; /* 16 hex digits in the origin */
	struct merkle_tree tree;
	uint64_t lmax; /* over entries that count, docs/LOG.md */
};

/* Appends the signed note. key is the node's checkpoint key, SIGN_SECRET
 * bytes, which signs nothing else. */
void checkpoint_sign(struct buf *out, const struct checkpoint *checkpoint,
    const struct secret *key) NONNULL;

/* Reads a note with exactly one signature, by pk. ERR_FORMAT for any text
 * that checkpoint_sign does not write, ERR_SIGNATURE for another key. */
NODISCARD int checkpoint_open(struct checkpoint *out, const void *note,
    size_t n, const uint8_t pk[SIGN_PUBLIC]);

/* What a note says, whoever signed it. ERR_FORMAT. */
NODISCARD int checkpoint_peek(
    struct checkpoint *out, const void *note, size_t n);

void checkpoint_origin(
    char out[CHECKPOINT_ORIGIN], const struct checkpoint *checkpoint) NONNULL;

#endif
