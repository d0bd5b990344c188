/*
 * merkle_edge.h - a tree that is only appended to and asked for its root,
 * kept in memory: the newest even and odd node of each level are all that a
 * growing root needs. For checks that pass once over an order.
 */
#ifndef SUIFANG_SYNC_MERKLE_EDGE_H
#define SUIFANG_SYNC_MERKLE_EDGE_H

#include "sync/merkle.h"

/* Zeros: empty. Plain data. */
struct merkle_edge {
	uint64_t index[64][2];
	struct hash node[64][2];
};

/* Borrows edge. */
struct merkle_store merkle_edge_store(struct merkle_edge *edge) NONNULL;

#endif
