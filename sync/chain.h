/*
 * chain.h - one seat's records in a row: each names the one before by both
 * of its names. Must not know storage, roles or order between seats.
 */
#ifndef SUIFANG_SYNC_CHAIN_H
#define SUIFANG_SYNC_CHAIN_H

#include "core/base.h"
#include "sync/commit.h"

/* The newest record of a seat; all zeros before its first. */
struct chain_head {
	uint64_t seq;
	struct commit_name name;
};

/* 0 when r is the next record after head. ERR_GAP: some are missing between.
 * ERR_STALE: its place is taken already (the same record or a fork; compare
 * names). ERR_CHAIN: its prev or parent names another record. */
NODISCARD int chain_follows(
    const struct chain_head *head, const struct record *r) NONNULL;

/* Fills in what head decides of a record that its author makes now: seq,
 * prev, parent. */
void chain_continue(struct record *r, const struct chain_head *head) NONNULL;

/* First sight of a record: checks that it follows head and that pk signed it,
 * and moves head to it; scratch is reused. Errors of chain_follows and
 * ERR_SIGNATURE; err_detail names the record. */
NODISCARD int chain_step(struct chain_head *head, const struct record *r,
    const uint8_t pk[SIGN_PUBLIC], struct buf *scratch) NONNULL;

/* Re-audit of a stored record: seq and BLAKE2b names only, because the tip
 * commits to every byte before it, parents and signatures too. head's git
 * name is not kept. A changed record shows at the record after it; the
 * caller compares the last head with a tip that is known or verified. */
NODISCARD int chain_audit(struct chain_head *head, const struct record *r,
    const uint8_t pk[SIGN_PUBLIC], struct buf *scratch) NONNULL;

#endif
