/* merkle.c - RFC 6962 trees: append, root, proofs and their checks. */
#include "sync/merkle.h"

#include <assert.h>
#include <string.h>

#include "core/err.h"
#include "core/id.h"
#include "keys/hash.h"

void merkle_verdicts(struct hash *out, const uint8_t *codes, size_t n)
{
	const struct part parts[] = {{codes, n}};

	hash_prefixed(out, PREFIX_VERDICT, parts, ARRAY_LEN(parts));
}

static uint8_t *put_u64(uint8_t *p, uint64_t v)
{
	for (unsigned i = 0; i < 8; i++)
		*p++ = (uint8_t)(v >> (56 - 8 * i));
	return p;
}

static uint8_t *put_bytes(uint8_t *p, const void *data, size_t n)
{
	memcpy(p, data, n);
	return p + n;
}

void merkle_leaf_hash(struct hash *out, const struct merkle_leaf *leaf)
{
	uint8_t bytes[MERKLE_LEAF], *p = bytes;
	size_t n;
	const char *prefix = prefix_bytes(&n, PREFIX_LEAF);

	p = put_bytes(p, prefix, n);
	p = put_bytes(p, leaf->record.b, sizeof(leaf->record.b));
	p = put_bytes(p, leaf->seat.b, sizeof(leaf->seat.b));
	p = put_u64(p, leaf->seq);
	p = put_u64(p, (uint64_t)leaf->node_s);
	p = put_bytes(p, leaf->verdicts.b, sizeof(leaf->verdicts.b));
	assert((size_t)(p - bytes) == sizeof(bytes));
	hash_tree_leaf(out, bytes, (size_t)(p - bytes));
}

int merkle_append(
    const struct merkle_store *store, uint64_t size, const struct hash *leaf)
{
	struct hash hash = *leaf, left;
	unsigned level = 0;
	int rc = store->put(store->ctx, 0, size, &hash);

	/* Each odd index closes a pair, and so completes a parent. */
	for (uint64_t i = size; rc == 0 && (i & 1); i >>= 1) {
		rc = store->get(store->ctx, &left, level, i - 1);
		if (rc < 0)
			break;
		hash_tree_node(&hash, &left, &hash);
		level++;
		rc = store->put(store->ctx, level, i >> 1, &hash);
	}
	return rc;
}

/* Largest power of two below n, as a level; n > 1. */
static unsigned split_level(uint64_t n)
{
	unsigned level = 0;

	while (UINT64_C(2) << level < n)
		level++;
	return level;
}

/* A run of leaves that RFC 6962's splitting produces. */
struct span {
	uint64_t from;
	uint64_t count;
};

static void split(struct span *left, struct span *right, struct span whole)
{
	uint64_t k = UINT64_C(1) << split_level(whole.count);

	*left = (struct span){whole.from, k};
	*right = (struct span){whole.from + k, whole.count - k};
}

static bool is_power_of_two(uint64_t n)
{
	return (n & (n - 1)) == 0;
}

/* Hash over a span: at most one descent to the right. */
static int span_hash(
    struct hash *out, const struct merkle_store *store, struct span span)
{
	struct span left, right;
	struct hash a, b;
	unsigned level = 0;
	int rc;

	if (is_power_of_two(span.count)) {
		while (UINT64_C(1) << level < span.count)
			level++;
		return store->get(store->ctx, out, level, span.from >> level);
	}
	split(&left, &right, span);
	rc = span_hash(&a, store, left);
	if (rc == 0)
		rc = span_hash(&b, store, right);
	if (rc == 0)
		hash_tree_node(out, &a, &b);
	return rc;
}

int merkle_root(
    struct hash *out, const struct merkle_store *store, uint64_t size)
{
	if (size == 0) {
		hash_sha256(out, "", 0);
		return 0;
	}
	return span_hash(out, store, (struct span){0, size});
}

static int push(struct merkle_proof *proof, const struct merkle_store *store,
    struct span span)
{
	assert(proof->count < MERKLE_PROOF_MAX);
	return span_hash(&proof->node[proof->count++], store, span);
}

/* Proofs are collected from the root down and written from the leaf up. */
static void reverse(struct merkle_proof *proof)
{
	for (size_t i = 0, j = proof->count; i + 1 < j; i++) {
		struct hash h = proof->node[--j];
		proof->node[j] = proof->node[i];
		proof->node[i] = h;
	}
}

int merkle_prove_leaf(struct merkle_proof *out,
    const struct merkle_store *store, uint64_t position, uint64_t size)
{
	struct span span = {0, size}, left, right;
	int rc = 0;

	if (position >= size || size > (uint64_t)INT53_MAX)
		return ERR_INVALID;
	out->count = 0;
	while (span.count > 1 && rc == 0) {
		split(&left, &right, span);
		bool is_left = position < right.from;
		rc = push(out, store, is_left ? right : left);
		span = is_left ? left : right;
	}
	reverse(out);
	return rc;
}

int merkle_prove_growth(struct merkle_proof *out,
    const struct merkle_store *store, uint64_t old_size, uint64_t size)
{
	struct span span = {0, size}, left, right;
	uint64_t end = old_size;
	int rc = 0;

	if (old_size > size || size > (uint64_t)INT53_MAX)
		return ERR_INVALID;
	out->count = 0;
	if (old_size == 0 || old_size == size)
		return 0;
	/* Down to the span whose end is the old tree's end. */
	while (span.from + span.count != end && rc == 0) {
		split(&left, &right, span);
		bool is_left = end <= right.from;
		rc = push(out, store, is_left ? right : left);
		span = is_left ? left : right;
	}
	/* The verifier knows that span when it is the old tree itself. */
	if (rc == 0 && span.from != 0)
		rc = push(out, store, span);
	reverse(out);
	return rc;
}

/* RFC 9162 section 2.1.3.2. */
bool merkle_has_leaf(const struct merkle_tree *tree, uint64_t position,
    const struct hash *leaf, const struct merkle_proof *proof)
{
	struct hash hash = *leaf;
	uint64_t fn = position, sn = tree->size - 1;

	if (position >= tree->size)
		return false;
	for (size_t i = 0; i < proof->count; i++) {
		if (sn == 0)
			return false;
		if ((fn & 1) || fn == sn) {
			hash_tree_node(&hash, &proof->node[i], &hash);
			for (; !(fn & 1) && fn; sn >>= 1)
				fn >>= 1;
		} else {
			hash_tree_node(&hash, &hash, &proof->node[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && hash_cmp(&hash, &tree->root) == 0;
}

/* RFC 9162 section 2.1.4.2, for 0 < old size < size. */
static bool check_growth(const struct merkle_tree *tree,
    const struct merkle_tree *old, const struct merkle_proof *proof)
{
	uint64_t fn = old->size - 1, sn = tree->size - 1;
	size_t i = 0;
	struct hash fr, sr;

	if (proof->count == 0)
		return false;
	for (; fn & 1; sn >>= 1)
		fn >>= 1;
	sr = is_power_of_two(old->size) ? old->root : proof->node[i++];
	fr = sr;
	for (; i < proof->count; i++) {
		if (sn == 0)
			return false;
		if ((fn & 1) || fn == sn) {
			hash_tree_node(&fr, &proof->node[i], &fr);
			hash_tree_node(&sr, &proof->node[i], &sr);
			for (; !(fn & 1) && fn; sn >>= 1)
				fn >>= 1;
		} else {
			hash_tree_node(&sr, &sr, &proof->node[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && hash_cmp(&fr, &old->root) == 0 &&
	       hash_cmp(&sr, &tree->root) == 0;
}

bool merkle_has_grown(const struct merkle_tree *tree,
    const struct merkle_tree *old, const struct merkle_proof *proof)
{
	struct hash empty;

	if (old->size > tree->size)
		return false;
	if (old->size == tree->size)
		return proof->count == 0 &&
		       hash_cmp(&old->root, &tree->root) == 0;
	if (old->size == 0) {
		hash_sha256(&empty, "", 0);
		return proof->count == 0 && hash_cmp(&old->root, &empty) == 0;
	}
	return check_growth(tree, old, proof);
}

void merkle_proof_write(struct buf *out, const struct merkle_proof *proof)
{
	buf_u8(out, (uint8_t)proof->count);
	for (size_t i = 0; i < proof->count; i++)
		buf_add(out, proof->node[i].b, sizeof(proof->node[i].b));
}

int merkle_proof_read(struct merkle_proof *out, struct reader *r)
{
	uint8_t count = reader_u8(r);

	out->count = 0;
	if (r->bad || count > MERKLE_PROOF_MAX)
		return ERR_FORMAT;
	for (size_t i = 0; i < count; i++) {
		const uint8_t *p = reader_bytes(r, sizeof(out->node[i].b));
		if (!p)
			return ERR_FORMAT;
		memcpy(out->node[i].b, p, sizeof(out->node[i].b));
	}
	out->count = count;
	return 0;
}
