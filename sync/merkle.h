/*
 * merkle.h - the node's order as a tree: RFC 6962 over SHA-256, appended one
 * leaf at a time, with proofs that a leaf is in it and that it only grew.
 * Complete subtrees are kept through a narrow store. Must not know where
 * they are kept or who signs the root. Formats: RFC 6962 section 2.1,
 * docs/LOG.md for the leaf.
 */
#ifndef SUIFANG_SYNC_MERKLE_H
#define SUIFANG_SYNC_MERKLE_H

#include "core/base.h"
#include "core/buf.h"

#define MERKLE_PROOF_MAX 64
#define MERKLE_LEAF 105 /* bytes under the leaf hash */

/* One position of the order. */
struct merkle_leaf {
	struct hash record; /* BLAKE2b-256 of the commit */
	struct id seat;
	uint64_t seq;
	int64_t node_s;       /* never less than that of the leaf before */
	struct hash verdicts; /* merkle_verdicts of the record's entries */
};

/* BLAKE2b-256("sf-verdict/1" | one byte an entry), codes of verdict.def. */
void merkle_verdicts(struct hash *out, const uint8_t *codes, size_t n) NONNULL;
void merkle_leaf_hash(struct hash *out, const struct merkle_leaf *leaf) NONNULL;

/*
 * Node (level, index) is the hash over leaves [index << level,
 * (index + 1) << level); level 0 are the leaf hashes. get returns 0,
 * ERR_NOT_FOUND or a store's error; put a store's error.
 */
struct merkle_store {
	int (*get)(void *ctx, struct hash *out, unsigned level, uint64_t index);
	int (*put)(
	    void *ctx, unsigned level, uint64_t index, const struct hash *hash);
	void *ctx;
};

/* What a checkpoint says of a tree. */
struct merkle_tree {
	uint64_t size;
	struct hash root;
};

/* Nodes of a proof, in the order of RFC 6962. */
struct merkle_proof {
	size_t count;
	struct hash node[MERKLE_PROOF_MAX];
};

/* Adds the leaf at position size; about two puts a leaf. */
NODISCARD int merkle_append(const struct merkle_store *store, uint64_t size,
    const struct hash *leaf) NONNULL;

/* Root of the first size leaves; SHA-256 of nothing for none. */
NODISCARD int merkle_root(
    struct hash *out, const struct merkle_store *store, uint64_t size) NONNULL;

/* ERR_INVALID when the position is outside the tree. */
NODISCARD int merkle_prove_leaf(struct merkle_proof *out,
    const struct merkle_store *store, uint64_t position, uint64_t size) NONNULL;
NODISCARD int merkle_prove_growth(struct merkle_proof *out,
    const struct merkle_store *store, uint64_t old_size, uint64_t size) NONNULL;

/* True when the proof shows leaf at position in tree. */
bool merkle_has_leaf(const struct merkle_tree *tree, uint64_t position,
    const struct hash *leaf, const struct merkle_proof *proof) NONNULL;

/* True when the proof shows that tree begins with all of old. A growth from
 * nothing, or to the same tree, needs an empty proof. */
bool merkle_has_grown(const struct merkle_tree *tree,
    const struct merkle_tree *old, const struct merkle_proof *proof) NONNULL;

/* Many leaves at once: the hashes of the spans that hold none of them, from
 * left to right. positions ascend without doubles; leaf[i] is at
 * positions[i]. */
struct merkle_many {
	const uint64_t *positions;
	size_t count;
};
/* Appends the hashes, 32 bytes each. ERR_INVALID when a position is outside
 * the tree. */
NODISCARD int merkle_prove_many(struct buf *out,
    const struct merkle_store *store, const struct merkle_many *many,
    uint64_t size) NONNULL;
/* True when these leaves and the n bytes of hashes, all of them, give the
 * root. leaves: count times 32 bytes. */
bool merkle_has_many(const struct merkle_tree *tree,
    const struct merkle_many *many, const uint8_t *leaves,
    struct reader *proof) NONNULL;

/* u8 count, then the nodes. */
void merkle_proof_write(
    struct buf *out, const struct merkle_proof *proof) NONNULL;
NODISCARD int merkle_proof_read(
    struct merkle_proof *out, struct reader *r) NONNULL;

#endif
