/*
 * hash.h - the hash functions of the log and of its order, and the registry
 * of prefixes that keep purposes apart. Must not know what is hashed.
 * Nothing here fails or allocates.
 */
#ifndef SUIFANG_KEYS_HASH_H
#define SUIFANG_KEYS_HASH_H

#include "core/base.h"

enum prefix {
#define X(name, bytes, what) PREFIX_##name,
#include "keys/prefix.def"
#undef X
	PREFIX_TOTAL
};

/* A piece of the input; pieces are hashed as one run of bytes, so those of
 * variable length belong last or behind their length. */
struct part {
	const void *data;
	size_t len;
};

/* Makes the crypto library ready: picks the fast implementations. Call once
 * in each main before other threads start; again does nothing. Aborts when
 * the library cannot work. */
void hash_init(void);

/* Borrowed bytes of a registered prefix, *n of them. */
const char *prefix_bytes(size_t *n, enum prefix prefix) NONNULL;

void hash_blake2b256(struct hash *out, const void *data, size_t n);
void hash_sha256(struct hash *out, const void *data, size_t n);
void hash_sha512(uint8_t out[64], const void *data, size_t n);

/* BLAKE2b-256 and BLAKE2b-128 of prefix | parts. */
void hash_prefixed(
    struct hash *out, enum prefix prefix, const struct part *parts, size_t n);
void hash_prefixed_id(
    struct id *out, enum prefix prefix, const struct part *parts, size_t n);

/* RFC 6962: SHA-256(0x00 | leaf) and SHA-256(0x01 | left | right). */
void hash_tree_leaf(struct hash *out, const void *leaf, size_t n);
void hash_tree_node(
    struct hash *out, const struct hash *left, const struct hash *right);

#endif
