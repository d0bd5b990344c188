/*
 * fuzz_proof.c - proofs of the order as a hostile node may send them. Input:
 * u8 sizes of two trees, u8 position, then a proof. Trees of that many known
 * leaves; a proof that is accepted must be the honest one, and for the honest
 * position.
 */
#include "tests/fuzz/fuzz.h"

#include "core/err.h"
#include "keys/hash.h"
#include "sync/merkle.h"

#define LEVELS 8
#define LEAVES 256

struct tree_store {
	struct hash node[LEVELS + 1][LEAVES];
	bool has[LEVELS + 1][LEAVES];
};

static int get(void *ctx, struct hash *out, unsigned level, uint64_t index)
{
	struct tree_store *s = ctx;

	if (level > LEVELS || index >= LEAVES || !s->has[level][index])
		return ERR_NOT_FOUND;
	*out = s->node[level][index];
	return 0;
}

static int put(
    void *ctx, unsigned level, uint64_t index, const struct hash *hash)
{
	struct tree_store *s = ctx;

	FUZZ_HOLDS(level <= LEVELS && index < LEAVES);
	s->node[level][index] = *hash;
	s->has[level][index] = true;
	return 0;
}

static struct hash leaf_of(uint8_t i)
{
	struct hash h;

	hash_sha256(&h, &i, 1);
	return h;
}

static const struct merkle_store *all_leaves(void)
{
	static struct tree_store nodes;
	static struct merkle_store store = {get, put, &nodes};
	static bool is_filled;

	for (unsigned i = 0; !is_filled && i < LEAVES - 1; i++) {
		struct hash leaf = leaf_of((uint8_t)i);
		FUZZ_HOLDS(merkle_append(&store, i, &leaf) == 0);
	}
	is_filled = true;
	return &store;
}

static bool is_same(const struct merkle_proof *a, const struct merkle_proof *b)
{
	return a->count == b->count &&
	       memcmp(a->node, b->node, a->count * sizeof(a->node[0])) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const struct merkle_store *store = all_leaves();
	struct reader r = reader_of(data, n);
	struct merkle_tree old = {reader_u8(&r), {{0}}},
			   now = {reader_u8(&r), {{0}}};
	uint8_t position = reader_u8(&r);
	struct merkle_proof proof, honest;
	struct hash leaf = leaf_of(position);

	if (r.bad || old.size == 255 || now.size == 255 ||
	    merkle_proof_read(&proof, &r) < 0)
		return 0;
	FUZZ_HOLDS(merkle_root(&old.root, store, old.size) == 0);
	FUZZ_HOLDS(merkle_root(&now.root, store, now.size) == 0);
	if (merkle_has_leaf(&now, position, &leaf, &proof)) {
		FUZZ_HOLDS(position < now.size);
		FUZZ_HOLDS(
		    merkle_prove_leaf(&honest, store, position, now.size) == 0);
		FUZZ_HOLDS(is_same(&proof, &honest));
	}
	leaf.b[0] ^= 1;
	FUZZ_HOLDS(!merkle_has_leaf(&now, position, &leaf, &proof));
	if (merkle_has_grown(&now, &old, &proof)) {
		FUZZ_HOLDS(old.size <= now.size);
		FUZZ_HOLDS(merkle_prove_growth(
			       &honest, store, old.size, now.size) == 0);
		FUZZ_HOLDS(is_same(&proof, &honest));
	}
	return 0;
}
