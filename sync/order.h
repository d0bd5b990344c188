/*
 * order.h - what the node tells others of its order.
 */
#ifndef SUIFANG_SYNC_ORDER_H
#define SUIFANG_SYNC_ORDER_H

#include "core/base.h"
#include "core/buf.h"

struct ledger;

/* Node: appends the newest signed checkpoint and the proof that it grew from
 * the one of old_size. Nothing is appended while there is none. */
NODISCARD int order_tell(struct buf *note, struct buf *proof, uint64_t *size,
    struct ledger *ledger, uint64_t old_size);

/* Terminal: takes a checkpoint if its signature is the node's and it grew
 * from the newest one here. ERR_FORK: the node shows another history; the
 * two notes are kept. In a transaction. */
NODISCARD int order_accept(struct ledger *ledger, const void *note, size_t n,
    struct reader *proof);

#endif
