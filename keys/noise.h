/*
 * noise.h - the Noise handshake Noise_XK_25519_ChaChaPoly_BLAKE2b and its
 * variant XKpsk3, and the cipher it ends in. Bytes in, bytes out: knows
 * nothing of frames, hellos or sockets. Source: The Noise Protocol
 * Framework, revision 34.
 *
 *     XK:   <- s  ...  -> e, es    <- e, ee    -> s, se
 *     XKpsk3: the same, with psk at the end of the third message
 */
#ifndef SUIFANG_NOISE_H
#define SUIFANG_NOISE_H

#include "core/base.h"
#include "core/buf.h"

#define NOISE_KEY 32      /* bytes of an X25519 key, a cipher key, a psk */
#define NOISE_HASH 64     /* bytes of a handshake hash (BLAKE2b-512) */
#define NOISE_TAG 16      /* bytes that encryption adds */
#define NOISE_REKEY 16384 /* messages under one cipher key */

/* One direction of a finished channel. */
struct noise_cipher {
	uint8_t key[NOISE_KEY];
	uint64_t counter;
};

/* A handshake under way. Plain data; wipe with secret_wipe on every path. */
struct noise {
	struct noise_cipher cipher;
	uint8_t chain[NOISE_HASH];
	uint8_t hash[NOISE_HASH];
	const uint8_t *static_sk; /* borrowed */
	uint8_t ephemeral_sk[NOISE_KEY];
	uint8_t peer_static[NOISE_KEY]; /* responder: known after message 3 */
	uint8_t peer_ephemeral[NOISE_KEY];
	uint8_t psk[NOISE_KEY];
	bool is_initiator;
	bool has_psk;
	uint8_t step; /* messages done, 0..3 */
};

/* What a handshake starts from. ephemeral_sk must be fresh random bytes. */
struct noise_start {
	bool is_initiator;
	bool has_psk;
	const uint8_t *static_sk;
	const uint8_t *ephemeral_sk;
	const uint8_t *responder_pk; /* the responder may leave it NULL */
	const void *prologue;
	size_t prologue_len;
};

void noise_init(struct noise *hs, const struct noise_start *start);
/* Must be known before message 3 of XKpsk3. */
void noise_set_psk(struct noise *hs, const uint8_t psk[NOISE_KEY]);

/* Appends this side's next message. ERR_PROTOCOL for a peer key of low
 * order; the handshake is then of no further use. */
NODISCARD int noise_write(
    struct buf *out, struct noise *hs, const void *payload, size_t n);
/* Reads the other side's next message; out has room for n bytes. *out_n =
 * bytes of payload. ERR_PROTOCOL for a bad length, key or tag; ERR_CODE when
 * only the payload of message 3 of XKpsk3 fails, as with a wrong psk. */
NODISCARD int noise_read(uint8_t *out, size_t *out_n, struct noise *hs,
    const uint8_t *msg, size_t n);

bool noise_is_done(const struct noise *hs);
/* The two ciphers of a finished handshake, as this side uses them. Only hash
 * and peer_static remain, the secrets are wiped: once a handshake. */
void noise_split(
    struct noise_cipher *tx, struct noise_cipher *rx, struct noise *hs);

/* Appends n + NOISE_TAG bytes. Rekeys by itself every NOISE_REKEY messages. */
void noise_seal(
    struct buf *out, struct noise_cipher *c, const uint8_t *text, size_t n);
/* out: n - NOISE_TAG bytes, may be msg itself. ERR_PROTOCOL for a bad tag. */
NODISCARD int noise_open(
    uint8_t *out, struct noise_cipher *c, const uint8_t *msg, size_t n);

/* Public key of an X25519 secret. */
void noise_public(uint8_t pk[NOISE_KEY], const uint8_t sk[NOISE_KEY]);

#endif
