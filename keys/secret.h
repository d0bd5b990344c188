/*
 * secret.h - bytes that must not leave this process: kept in locked memory
 * between guard pages, left out of core dumps, wiped when freed. Every key
 * and passphrase of the product lives in one of these. Knows nothing of what
 * the bytes mean.
 */
#ifndef SUIFANG_KEYS_SECRET_H
#define SUIFANG_KEYS_SECRET_H

#include "core/base.h"
#include "core/env.h"

#define SECRET_KEY 32 /* bytes of every symmetric key */

/* Read and write bytes[0..len) freely; never copy them to other memory that
 * is not wiped. Made and freed by the functions below only, but for parts of
 * one that a ring of keys names. */
struct secret {
	uint8_t *bytes;
	size_t len;
};

/* Zeroed secret of len > 0 bytes. Never NULL: the program stops when locked
 * memory cannot be had, as for every small allocation. */
struct secret *secret_new(size_t len);

/* A secret that holds a copy of data; wiping the source is the caller's. */
struct secret *secret_dup(const void *data, size_t len) NONNULL;

/* A fresh random secret; env is the world's source of randomness. */
struct secret *secret_random(size_t len, const struct env *env) NONNULL;

/* The same from the system generator, for keys that no simulation makes. */
struct secret *secret_system(size_t len);

/* Wipes, frees and sets *s to NULL; NULL inside is fine. */
void secret_free(struct secret **s) NONNULL;

/* Constant-time equality of length and bytes. */
bool secret_is_equal(const struct secret *a, const struct secret *b) NONNULL;

/* Wipes n bytes of other memory so that no compiler drops it. */
void secret_wipe(void *p, size_t n);

#endif
