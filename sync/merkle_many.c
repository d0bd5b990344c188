/*
 * merkle_many.c - one proof for many leaves: the tree is walked from the root
 * in the splitting of RFC 6962, and each span that holds none of the leaves
 * is one hash.
 */
#include "sync/merkle.h"

#include <string.h>

#include "core/err.h"
#include "core/id.h"
#include "keys/hash.h"

/* The leaves of a span and those of `many` inside it, from .. until. */
struct part_of {
	uint64_t first, count;
	size_t from, until;
};

static uint64_t left_count(uint64_t n)
{
	uint64_t k = 1;

	while (k * 2 < n)
		k *= 2;
	return k;
}

static void halve(struct part_of *left, struct part_of *right,
    const struct part_of *whole, const struct merkle_many *many)
{
	uint64_t k = left_count(whole->count);
	size_t at = whole->from;

	while (at < whole->until && many->positions[at] < whole->first + k)
		at++;
	*left = (struct part_of){whole->first, k, whole->from, at};
	*right = (struct part_of){
	    whole->first + k, whole->count - k, at, whole->until};
}

static bool is_sound(const struct merkle_many *many, uint64_t size)
{
	for (size_t i = 0; i < many->count; i++)
		if (many->positions[i] >= size ||
		    (i > 0 && many->positions[i] <= many->positions[i - 1]))
			return false;
	return many->count > 0 && size <= (uint64_t)INT53_MAX;
}

/* Hash over a span that is complete in the store or ends the tree. */
static int span_hash(struct hash *out, const struct merkle_store *store,
    uint64_t first, uint64_t count)
{
	unsigned level = 0;
	struct hash right;
	uint64_t k;
	int r;

	if ((count & (count - 1)) == 0) {
		while (UINT64_C(1) << level < count)
			level++;
		return store->get(store->ctx, out, level, first >> level);
	}
	k = left_count(count);
	r = span_hash(out, store, first, k);
	if (r == 0)
		r = span_hash(&right, store, first + k, count - k);
	if (r == 0)
		hash_tree_node(out, out, &right);
	return r;
}

struct proving {
	struct buf *out;
	const struct merkle_store *store;
	const struct merkle_many *many;
};

static int prove(const struct proving *p, const struct part_of *part)
{
	struct part_of left, right;
	struct hash hash;
	int r;

	if (part->from == part->until) {
		r = span_hash(&hash, p->store, part->first, part->count);
		if (r == 0)
			buf_add(p->out, hash.b, sizeof(hash.b));
		return r;
	}
	if (part->count == 1)
		return 0;
	halve(&left, &right, part, p->many);
	r = prove(p, &left);
	return r < 0 ? r : prove(p, &right);
}

int merkle_prove_many(struct buf *out, const struct merkle_store *store,
    const struct merkle_many *many, uint64_t size)
{
	const struct proving p = {out, store, many};
	const struct part_of all = {0, size, 0, many->count};

	return is_sound(many, size) ? prove(&p, &all) : ERR_INVALID;
}

struct checking {
	const struct merkle_many *many;
	const uint8_t *leaves;
	struct reader *proof;
};

static bool give(struct hash *out, const uint8_t *from)
{
	if (from)
		memcpy(out->b, from, sizeof(out->b));
	return from != NULL;
}

static bool root_of(
    struct hash *out, const struct checking *c, const struct part_of *part)
{
	struct part_of left, right;
	struct hash other;

	if (part->from == part->until)
		return give(out, reader_bytes(c->proof, sizeof(out->b)));
	if (part->count == 1)
		return give(out, c->leaves + part->from * sizeof(out->b));
	halve(&left, &right, part, c->many);
	if (!root_of(out, c, &left) || !root_of(&other, c, &right))
		return false;
	hash_tree_node(out, out, &other);
	return true;
}

bool merkle_has_many(const struct merkle_tree *tree,
    const struct merkle_many *many, const uint8_t *leaves, struct reader *proof)
{
	const struct checking c = {many, leaves, proof};
	const struct part_of all = {0, tree->size, 0, many->count};
	struct hash root;

	return is_sound(many, tree->size) && root_of(&root, &c, &all) &&
	       reader_is_done(proof) && hash_cmp(&root, &tree->root) == 0;
}
