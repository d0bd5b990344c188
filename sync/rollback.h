/*
 * rollback.h - what a new incarnation of the centre means for a copy of its
 * order: places above the size it was restored to are no places any more.
 * They are kept as old places, which come after all real ones and in their
 * old order, until the centre gives the records new ones. Must not know
 * messages.
 */
#ifndef SUIFANG_SYNC_ROLLBACK_H
#define SUIFANG_SYNC_ROLLBACK_H

#include "core/base.h"
#include "sync/record.h"

struct ledger;
struct ledger_node;

/* From here on a place is an old one: incarnation << 40 | place. */
#define PLACE_OLD (INT64_C(1) << 40)
#define INCARNATION_MAX 4095

bool place_is_old(int64_t pos);
int64_t place_old(uint64_t incarnation, uint64_t pos);
uint64_t place_incarnation(int64_t old);
uint64_t place_pos(int64_t old);

/* How much of the order named by `seen` is still the node's: size, or less
 * when the node was restored since. */
uint64_t rollback_size(
    const struct ledger_node *node, const struct record_seen *seen);

/* Terminal, at opening: brings the store from the incarnation it knew to the
 * one of the site file. Nothing is lost: records keep their old places, the
 * checkpoints of the lost tail are kept as proof. ERR_STALE when the site
 * file is older than the store. */
NODISCARD int rollback_catch_up(struct ledger *ledger);

#endif
