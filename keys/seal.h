/*
 * seal.h - boxes: one body sealed under its stream's key, bound to the record
 * that carries it. Box = nonce 24 | XChaCha20-Poly1305(u32 little-endian
 * length | body | zeros to a multiple of 128). Also the seal that takes a
 * key to the node beside a record (mode N). Must not know records: the
 * associated data comes from the caller. Format: docs/LOG.md.
 */
#ifndef SUIFANG_KEYS_SEAL_H
#define SUIFANG_KEYS_SEAL_H

#include "core/base.h"
#include "core/buf.h"
#include "keys/identity.h"
#include "keys/secret.h"

#define SEAL_NONCE 24
#define SEAL_TAG 16
#define SEAL_PAD 128
#define BODY_MAX 65536 /* bytes of one body */
#define BOX_MAX (SEAL_NONCE + BODY_MAX + SEAL_PAD + SEAL_TAG)
#define KEY_SEAL 80 /* a stream key sealed to the node */

/* What a box claims to be; ad is borrowed. */
struct seal_label {
	struct id stream;
	struct hash kid;
	const struct buf *ad;
};

/* BLAKE2b-256("sf-kid/1" | stream | key): names a key and commits to it. */
void seal_kid(struct hash *out, const struct id *stream,
    const struct secret *key) NONNULL;

/* Bytes of the box of a body of n bytes. */
size_t seal_box_size(size_t n);

/* Appends the box of body. ERR_TOO_LARGE above BODY_MAX. */
NODISCARD int seal_box(struct buf *out, const struct secret *key,
    const struct buf *ad, const struct buf *body,
    const struct env *env) NONNULL;

/* Appends the body. ERR_KEY: the key is not the one that label's kid names.
 * ERR_SIGNATURE: changed bytes, or made for another place. ERR_FORMAT:
 * authentic, but length or padding is not the canonical one. */
NODISCARD int seal_open(struct buf *out, const struct secret *key,
    const struct seal_label *label, const void *box, size_t n);

/* Seals key to an X25519 public key, in crypto_box_seal's format but with
 * env's randomness. */
void seal_key(uint8_t out[KEY_SEAL], const struct secret *key,
    const uint8_t pk[DH_KEY], const struct env *env) NONNULL;

/* *out is the new key, owned by the caller. ERR_SIGNATURE: not for us or
 * changed. ERR_KEY: its kid is not the label's (ad is not looked at). */
NODISCARD int seal_key_open(struct secret **out, const uint8_t sealed[KEY_SEAL],
    const struct secret *dh, const struct seal_label *label) NONNULL;

#endif
