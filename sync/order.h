/*
 * order.h - what the node tells others of its order.
 */
#ifndef SUIFANG_SYNC_ORDER_H
#define SUIFANG_SYNC_ORDER_H

#include "core/base.h"
#include "core/buf.h"

struct ledger;
struct merkle_many;
struct merkle_tree;

/* Node: appends the newest signed checkpoint and the proof that it grew from
 * the one of old_size. Nothing is appended while there is none. */
NODISCARD int order_tell(struct buf *note, struct buf *proof, uint64_t *size,
    struct ledger *ledger, uint64_t old_size);

/* Terminal: takes a checkpoint if its signature is the node's and it grew
 * from the newest one here. ERR_FORK: the node shows another history; the
 * two notes are kept. In a transaction. */
NODISCARD int order_accept(
    struct ledger *ledger, const void *note, size_t n, struct reader *proof);

/* Terminal: the same check without keeping it; *out is the tree it signs. */
NODISCARD int order_check(struct merkle_tree *out, struct ledger *ledger,
    const void *note, size_t n, struct reader *proof);

/* Node: appends the leaf hashes at these positions, 32 bytes each, and what
 * merkle_has_many needs to find them in the first size. */
NODISCARD int order_attest(struct buf *leaves, struct buf *proof,
    struct ledger *ledger, const struct merkle_many *many, uint64_t size);

#endif
