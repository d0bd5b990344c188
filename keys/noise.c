/* noise.c - Noise XK and XKpsk3 on libsodium's primitives. */
#include "keys/noise.h"

#include "core/err.h"
#include "keys/secret.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

#define BLOCK 128 /* BLAKE2b's block, which HMAC pads its key to */

/* libsodium 1.0.18 has neither HMAC-BLAKE2b nor HKDF. Two inputs, because
 * HKDF appends one byte; key_len <= BLOCK. */
static void hmac(uint8_t out[NOISE_HASH], const uint8_t *key, size_t key_len,
    const uint8_t *data, size_t n)
{
	crypto_generichash_state st;
	uint8_t pad[BLOCK], inner[NOISE_HASH];

	assert(key_len <= BLOCK);
	memset(pad, 0x36, BLOCK);
	for (size_t i = 0; i < key_len; i++)
		pad[i] ^= key[i];
	crypto_generichash_init(&st, NULL, 0, NOISE_HASH);
	crypto_generichash_update(&st, pad, BLOCK);
	crypto_generichash_update(&st, data, n);
	crypto_generichash_final(&st, inner, NOISE_HASH);
	for (size_t i = 0; i < BLOCK; i++)
		pad[i] ^= 0x36 ^ 0x5c;
	crypto_generichash_init(&st, NULL, 0, NOISE_HASH);
	crypto_generichash_update(&st, pad, BLOCK);
	crypto_generichash_update(&st, inner, NOISE_HASH);
	crypto_generichash_final(&st, out, NOISE_HASH);
	secret_wipe(&st, sizeof(st));
	secret_wipe(pad, sizeof(pad));
	secret_wipe(inner, sizeof(inner));
}

/* out[0..count) from the chaining key and new key material. */
static void hkdf(uint8_t out[][NOISE_HASH], unsigned count,
    const uint8_t chain[NOISE_HASH], const uint8_t *data, size_t n)
{
	uint8_t root[NOISE_HASH], step[NOISE_HASH + 1];
	size_t have = 0;

	hmac(root, chain, NOISE_HASH, data, n);
	for (unsigned i = 0; i < count; i++) {
		step[have] = (uint8_t)(i + 1);
		hmac(out[i], root, NOISE_HASH, step, have + 1);
		memcpy(step, out[i], NOISE_HASH);
		have = NOISE_HASH;
	}
	secret_wipe(root, sizeof(root));
	secret_wipe(step, sizeof(step));
}

static void mix_hash(struct noise *hs, const void *data, size_t n)
{
	crypto_generichash_state st;

	crypto_generichash_init(&st, NULL, 0, NOISE_HASH);
	crypto_generichash_update(&st, hs->hash, NOISE_HASH);
	crypto_generichash_update(&st, data, n);
	crypto_generichash_final(&st, hs->hash, NOISE_HASH);
}

static void mix_key(struct noise *hs, const uint8_t *data, size_t n)
{
	uint8_t out[2][NOISE_HASH];

	hkdf(out, 2, hs->chain, data, n);
	memcpy(hs->chain, out[0], NOISE_HASH);
	memcpy(hs->cipher.key, out[1], NOISE_KEY);
	hs->cipher.counter = 0;
	secret_wipe(out, sizeof(out));
}

static void mix_psk(struct noise *hs)
{
	uint8_t out[3][NOISE_HASH];

	hkdf(out, 3, hs->chain, hs->psk, NOISE_KEY);
	memcpy(hs->chain, out[0], NOISE_HASH);
	mix_hash(hs, out[1], NOISE_HASH);
	memcpy(hs->cipher.key, out[2], NOISE_KEY);
	hs->cipher.counter = 0;
	secret_wipe(out, sizeof(out));
}

static int mix_dh(struct noise *hs, const uint8_t *sk, const uint8_t *pk)
{
	uint8_t shared[NOISE_KEY];
	/* Refuses points of low order, whose result anybody could know. */
	int r = crypto_scalarmult_curve25519(shared, sk, pk);

	if (r == 0)
		mix_key(hs, shared, sizeof(shared));
	secret_wipe(shared, sizeof(shared));
	return r == 0 ? 0 : err_set(ERR_PROTOCOL, "key of low order");
}

static void nonce_of(uint8_t nonce[12], uint64_t counter)
{
	memset(nonce, 0, 4);
	for (unsigned i = 0; i < 8; i++)
		nonce[4 + i] = (uint8_t)(counter >> (8 * i));
}

static void seal_hashed(
    struct buf *out, struct noise *hs, const void *text, size_t n)
{
	uint8_t nonce[12], *to = buf_reserve(out, n + NOISE_TAG);

	nonce_of(nonce, hs->cipher.counter++);
	crypto_aead_chacha20poly1305_ietf_encrypt(to, NULL, text, n, hs->hash,
	    NOISE_HASH, NULL, nonce, hs->cipher.key);
	mix_hash(hs, to, n + NOISE_TAG);
	out->len += n + NOISE_TAG;
}

static int open_hashed(
    uint8_t *out, struct noise *hs, const uint8_t *msg, size_t n)
{
	uint8_t nonce[12];

	nonce_of(nonce, hs->cipher.counter++);
	if (crypto_aead_chacha20poly1305_ietf_decrypt(out, NULL, NULL, msg, n,
		hs->hash, NOISE_HASH, nonce, hs->cipher.key) != 0)
		return err_set(
		    ERR_PROTOCOL, "bad tag in message %u", hs->step + 1u);
	mix_hash(hs, msg, n);
	return 0;
}

static void write_ephemeral(struct buf *out, struct noise *hs)
{
	uint8_t pk[NOISE_KEY];

	noise_public(pk, hs->ephemeral_sk);
	buf_add(out, pk, NOISE_KEY);
	mix_hash(hs, pk, NOISE_KEY);
	if (hs->has_psk)
		mix_key(hs, pk, NOISE_KEY);
}

static void read_ephemeral(struct noise *hs, const uint8_t *pk)
{
	memcpy(hs->peer_ephemeral, pk, NOISE_KEY);
	mix_hash(hs, pk, NOISE_KEY);
	if (hs->has_psk)
		mix_key(hs, pk, NOISE_KEY);
}

static void write_static(struct buf *out, struct noise *hs)
{
	uint8_t pk[NOISE_KEY];

	noise_public(pk, hs->static_sk);
	seal_hashed(out, hs, pk, NOISE_KEY);
}

void noise_init(struct noise *hs, const struct noise_start *start)
{
	static const char name[] = "Noise_XK_25519_ChaChaPoly_BLAKE2b";
	static const char name_psk[] = "Noise_XKpsk3_25519_ChaChaPoly_BLAKE2b";
	const char *suite = start->has_psk ? name_psk : name;

	*hs = (struct noise){.static_sk = start->static_sk,
	    .is_initiator = start->is_initiator,
	    .has_psk = start->has_psk};
	memcpy(hs->ephemeral_sk, start->ephemeral_sk, NOISE_KEY);
	/* Shorter than a hash, so it is its own hash, padded with zeros. */
	memcpy(hs->hash, suite, strlen(suite));
	memcpy(hs->chain, hs->hash, NOISE_HASH);
	mix_hash(hs, start->prologue, start->prologue_len);
	if (start->responder_pk)
		memcpy(hs->peer_static, start->responder_pk, NOISE_KEY);
	else
		noise_public(hs->peer_static, hs->static_sk);
	mix_hash(hs, hs->peer_static, NOISE_KEY);
}

void noise_set_psk(struct noise *hs, const uint8_t psk[NOISE_KEY])
{
	memcpy(hs->psk, psk, NOISE_KEY);
}

int noise_write(
    struct buf *out, struct noise *hs, const void *payload, size_t n)
{
	int r;

	assert(hs->step < 3 && (hs->step != 1) == hs->is_initiator);
	if (hs->step == 0) {
		write_ephemeral(out, hs);
		r = mix_dh(hs, hs->ephemeral_sk, hs->peer_static);
	} else if (hs->step == 1) {
		write_ephemeral(out, hs);
		r = mix_dh(hs, hs->ephemeral_sk, hs->peer_ephemeral);
	} else {
		write_static(out, hs);
		r = mix_dh(hs, hs->static_sk, hs->peer_ephemeral);
		if (hs->has_psk)
			mix_psk(hs);
	}
	if (r < 0)
		return r;
	seal_hashed(out, hs, payload, n);
	hs->step++;
	return 0;
}

/* The keys at the head of a message. */
static int read_keys(struct noise *hs, const uint8_t *msg)
{
	int r;

	if (hs->step == 0) {
		read_ephemeral(hs, msg);
		return mix_dh(hs, hs->static_sk, hs->peer_ephemeral);
	}
	if (hs->step == 1) {
		read_ephemeral(hs, msg);
		return mix_dh(hs, hs->ephemeral_sk, hs->peer_ephemeral);
	}
	r = open_hashed(hs->peer_static, hs, msg, NOISE_KEY + NOISE_TAG);
	if (r < 0)
		return r;
	r = mix_dh(hs, hs->ephemeral_sk, hs->peer_static);
	if (hs->has_psk)
		mix_psk(hs);
	return r;
}

int noise_read(
    uint8_t *out, size_t *out_n, struct noise *hs, const uint8_t *msg, size_t n)
{
	size_t head = NOISE_KEY + (hs->step == 2 ? NOISE_TAG : 0);
	int r;

	assert(hs->step < 3 && (hs->step == 1) == hs->is_initiator);
	if (n < head + NOISE_TAG)
		return err_set(
		    ERR_PROTOCOL, "message %u is short", hs->step + 1u);
	r = read_keys(hs, msg);
	if (r < 0)
		return r;
	r = open_hashed(out, hs, msg + head, n - head);
	if (r < 0)
		return hs->step == 2 && hs->has_psk ? ERR_CODE : r;
	*out_n = n - head - NOISE_TAG;
	hs->step++;
	return 0;
}

bool noise_is_done(const struct noise *hs)
{
	return hs->step == 3;
}

void noise_split(
    struct noise_cipher *tx, struct noise_cipher *rx, struct noise *hs)
{
	uint8_t out[2][NOISE_HASH];

	assert(hs->step == 3);
	hkdf(out, 2, hs->chain, NULL, 0);
	memcpy(tx->key, out[hs->is_initiator ? 0 : 1], NOISE_KEY);
	memcpy(rx->key, out[hs->is_initiator ? 1 : 0], NOISE_KEY);
	tx->counter = rx->counter = 0;
	secret_wipe(out, sizeof(out));
	secret_wipe(&hs->cipher, sizeof(hs->cipher));
	secret_wipe(hs->chain, sizeof(hs->chain));
	secret_wipe(hs->ephemeral_sk, sizeof(hs->ephemeral_sk));
	secret_wipe(hs->psk, sizeof(hs->psk));
}

/* Noise's REKEY: the first 32 bytes of zeros sealed under the last nonce.
 * The counter runs on. */
static void count_up(struct noise_cipher *c)
{
	static const uint8_t zeros[NOISE_KEY];
	uint8_t out[NOISE_KEY + NOISE_TAG], nonce[12];

	if (++c->counter % NOISE_REKEY != 0)
		return;
	nonce_of(nonce, UINT64_MAX);
	crypto_aead_chacha20poly1305_ietf_encrypt(
	    out, NULL, zeros, sizeof(zeros), NULL, 0, NULL, nonce, c->key);
	memcpy(c->key, out, NOISE_KEY);
	secret_wipe(out, sizeof(out));
}

void noise_seal(
    struct buf *out, struct noise_cipher *c, const uint8_t *text, size_t n)
{
	uint8_t nonce[12], *to = buf_reserve(out, n + NOISE_TAG);

	nonce_of(nonce, c->counter);
	crypto_aead_chacha20poly1305_ietf_encrypt(
	    to, NULL, text, n, NULL, 0, NULL, nonce, c->key);
	out->len += n + NOISE_TAG;
	count_up(c);
}

int noise_open(
    uint8_t *out, struct noise_cipher *c, const uint8_t *msg, size_t n)
{
	uint8_t nonce[12];

	nonce_of(nonce, c->counter);
	if (n < NOISE_TAG ||
	    crypto_aead_chacha20poly1305_ietf_decrypt(
		out, NULL, NULL, msg, n, NULL, 0, nonce, c->key) != 0)
		return err_set(ERR_PROTOCOL, "bad tag in frame %llu",
		    (unsigned long long)c->counter);
	count_up(c);
	return 0;
}

void noise_public(uint8_t pk[NOISE_KEY], const uint8_t sk[NOISE_KEY])
{
	crypto_scalarmult_curve25519_base(pk, sk);
}
