/* hash.c - thin names over libsodium's hashes, and the prefix table. */
#include "keys/hash.h"

#include <stdlib.h>

#include <sodium.h>

static const struct {
	const char *bytes;
	size_t len;
} prefixes[] = {
#define X(name, bytes, what) {bytes, sizeof(bytes) - 1},
#include "keys/prefix.def"
#undef X
};

void hash_init(void)
{
	if (sodium_init() < 0)
		abort();
}

const char *prefix_bytes(size_t *n, enum prefix prefix)
{
	*n = prefixes[prefix].len;
	return prefixes[prefix].bytes;
}

void hash_blake2b256(struct hash *out, const void *data, size_t n)
{
	crypto_generichash(out->b, sizeof(out->b), data, n, NULL, 0);
}

void hash_sha256(struct hash *out, const void *data, size_t n)
{
	crypto_hash_sha256(out->b, data, n);
}

void hash_sha512(uint8_t out[64], const void *data, size_t n)
{
	crypto_hash_sha512(out, data, n);
}

static void blake2b(uint8_t *out, size_t size, enum prefix prefix,
    const struct part *parts, size_t n)
{
	crypto_generichash_state st;
	const struct part head = {prefixes[prefix].bytes, prefixes[prefix].len};

	crypto_generichash_init(&st, NULL, 0, size);
	crypto_generichash_update(&st, head.data, head.len);
	for (size_t i = 0; i < n; i++)
		crypto_generichash_update(&st, parts[i].data, parts[i].len);
	crypto_generichash_final(&st, out, size);
	sodium_memzero(&st, sizeof(st)); /* a kid hashes a key */
}

void hash_prefixed(
    struct hash *out, enum prefix prefix, const struct part *parts, size_t n)
{
	blake2b(out->b, sizeof(out->b), prefix, parts, n);
}

void hash_prefixed_id(
    struct id *out, enum prefix prefix, const struct part *parts, size_t n)
{
	blake2b(out->b, sizeof(out->b), prefix, parts, n);
}

void hash_tree_leaf(struct hash *out, const void *leaf, size_t n)
{
	static const uint8_t tag = 0;
	crypto_hash_sha256_state st;

	crypto_hash_sha256_init(&st);
	crypto_hash_sha256_update(&st, &tag, 1);
	crypto_hash_sha256_update(&st, leaf, n);
	crypto_hash_sha256_final(&st, out->b);
}

void hash_tree_node(
    struct hash *out, const struct hash *left, const struct hash *right)
{
	static const uint8_t tag = 1;
	crypto_hash_sha256_state st;

	crypto_hash_sha256_init(&st);
	crypto_hash_sha256_update(&st, &tag, 1);
	crypto_hash_sha256_update(&st, left->b, sizeof(left->b));
	crypto_hash_sha256_update(&st, right->b, sizeof(right->b));
	crypto_hash_sha256_final(&st, out->b);
}
