/*
 * identity.h - who signs: one seat's two key pairs and the names derived
 * from keys. A seat keeps one key set for ever. Must not know how keys are
 * stored or what they sign.
 */
#ifndef SUIFANG_KEYS_IDENTITY_H
#define SUIFANG_KEYS_IDENTITY_H

#include "core/base.h"

struct env;
struct secret;

#define SIGN_PUBLIC 32 /* Ed25519 public key */
#define SIGN_SECRET 64 /* Ed25519 seed | public key */
#define SIGN_SEED 32   /* the part of SIGN_SECRET that is stored */
#define DH_KEY 32      /* X25519, public and secret */

/* Plain data; the two secrets belong to it. */
struct identity {
	struct id org;
	struct id seat;
	uint8_t sign_pk[SIGN_PUBLIC];
	uint8_t dh_pk[DH_KEY];
	struct secret *sign; /* SIGN_SECRET bytes */
	struct secret *dh;   /* DH_KEY bytes */
};

/* Fresh independent Ed25519 and X25519 keys from env's randomness. Never
 * NULL; the caller frees. */
struct identity *identity_new(
    const struct id *org, const struct env *env) NONNULL;

/* The same seat again from what a key file keeps: seed of SIGN_SEED bytes
 * and dh of DH_KEY bytes, both copied. */
struct identity *identity_restore(const struct id *org,
    const struct secret *seed, const struct secret *dh) NONNULL;

/* Copy of the seed for the key file; the caller frees. */
struct secret *identity_seed_dup(const struct identity *identity) NONNULL;

/* Wipes, frees, sets to NULL. */
void identity_free(struct identity **identity) NONNULL;

/* A lone Ed25519 key (organisation root, checkpoint key): *secret is new,
 * SIGN_SECRET bytes, from a seed of SIGN_SEED bytes. */
void identity_sign_key(struct secret **secret, uint8_t pk[SIGN_PUBLIC],
    const struct secret *seed) NONNULL;

/* The X25519 public key of a secret of DH_KEY bytes. */
void identity_dh_public(uint8_t pk[DH_KEY], const struct secret *dh) NONNULL;

/* BLAKE2b-128("sf-org/1" | root key). */
void identity_org(struct id *out, const uint8_t root_pk[SIGN_PUBLIC]) NONNULL;

/* BLAKE2b-128("sf-seat/1" | org | Ed25519 | X25519). */
void identity_seat(struct id *out, const struct id *org,
    const uint8_t sign_pk[SIGN_PUBLIC], const uint8_t dh_pk[DH_KEY]) NONNULL;

/* BLAKE2b-128("sf-roster/1" | org): the stream of roster and grants. */
void identity_roster_stream(struct id *out, const struct id *org) NONNULL;

#endif
