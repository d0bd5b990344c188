/*
 * order_impl.h - the node's order for the inside of a ledger: order.c. Only
 * ledger_impl.h includes it.
 */
#ifndef SUIFANG_SYNC_ORDER_IMPL_H
#define SUIFANG_SYNC_ORDER_IMPL_H

#include "core/base.h"
#include "sync/incoming.h"
#include "sync/merkle.h"

struct checkpoint;
struct ledger;

/* Where the node's order ends. Put back as it was when a record that had got
 * its place is taken back. */
struct order_tip {
	uint64_t size;
	int64_t node_s; /* of the last leaf */
	uint64_t lmax;
	bool has_grown; /* since the last checkpoint */
	bool owes_lmax; /* it is not written yet */
};

/* The last node at each level that is the left one of a pair: what the next
 * leaves and the root need of the tree. */
struct order_node {
	bool is_known;
	uint64_t index;
	struct hash hash;
};
#define ORDER_LEVELS 54

NODISCARD int order_load(struct ledger *l);
NODISCARD int order_append(struct ledger *l, const struct record *r,
    const struct hash *record, const uint8_t *verdicts);
/* From a backup: the leaf as it was. */
NODISCARD int order_restore(
    struct ledger *l, const struct record *r, const struct leaf *leaf);
/* The leaf at a place. ERR_NOT_FOUND: the order does not go so far. */
NODISCARD int order_leaf(struct leaf *out, struct ledger *l, uint64_t pos);
/* ERR_INVALID: no such place in a tree of that size. */
NODISCARD int order_prove(
    struct merkle_proof *out, struct ledger *l, uint64_t pos, uint64_t size);
/* 0 when this is the root of the first size leaves. */
NODISCARD int order_has(struct ledger *l, const struct merkle_tree *tree);
/* Before a commit: signs the tree if it has grown, keeps it as order_keep. */
NODISCARD int order_commit(struct ledger *l);
/* A verified checkpoint becomes the newest this seat has seen. */
NODISCARD int order_keep(
    struct ledger *l, const struct checkpoint *c, const char *note);

#endif
