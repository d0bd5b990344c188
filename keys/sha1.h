/*
 * sha1.h - SHA-1, for what git calls its objects and packs, and for nothing
 * that anybody relies on: a record's own name is BLAKE2b-256, and of two
 * records of one SHA-1 that decides. The git library looks for collision
 * attacks in what it hashes, which takes two and a half times as long.
 * Source: FIPS 180-4. Nothing here fails or allocates.
 */
#ifndef SUIFANG_KEYS_SHA1_H
#define SUIFANG_KEYS_SHA1_H

#include "core/base.h"

/* git's name of an object; never trusted alone. */
struct sha1 {
	uint8_t b[20];
};
#define SHA1_HEX 41

/* Over a stream. */
struct sha1_state {
	uint32_t h[5];
	uint64_t len;
	uint8_t block[64];
};
void sha1_init(struct sha1_state *st) NONNULL;
void sha1_update(struct sha1_state *st, const void *data, size_t n);
void sha1_final(struct sha1 *out, struct sha1_state *st) NONNULL;

#endif
