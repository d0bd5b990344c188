/* seal.c - boxes and key seals over libsodium. */
#include "keys/seal.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

#include "core/env.h"
#include "core/err.h"
#include "core/id.h"
#include "keys/hash.h"

#define LENGTH 4 /* bytes of the length in front of the body */

void seal_kid(
    struct hash *out, const struct id *stream, const struct secret *key)
{
	const struct part parts[] = {
	    {stream->b, sizeof(stream->b)},
	    {key->bytes, key->len},
	};

	assert(key->len == SECRET_KEY);
	hash_prefixed(out, PREFIX_KID, parts, ARRAY_LEN(parts));
}

static size_t padded(size_t n)
{
	return (LENGTH + n + SEAL_PAD - 1) / SEAL_PAD * SEAL_PAD;
}

size_t seal_box_size(size_t n)
{
	return SEAL_NONCE + padded(n) + SEAL_TAG;
}

int seal_box(struct buf *out, const struct secret *key, const struct buf *ad,
    const struct buf *body, const struct env *env)
{
	size_t text_n = padded(body->len);
	uint8_t *nonce, *text;

	if (body->len > BODY_MAX)
		return ERR_TOO_LARGE;
	assert(key->len == SECRET_KEY);
	nonce = buf_reserve(out, seal_box_size(body->len));
	text = nonce + SEAL_NONCE;
	env_random(env, nonce, SEAL_NONCE);
	memset(text, 0, text_n);
	for (unsigned i = 0; i < LENGTH; i++)
		text[i] = (uint8_t)(body->len >> (8 * i));
	if (body->len)
		memcpy(text + LENGTH, body->data, body->len);
	crypto_aead_xchacha20poly1305_ietf_encrypt_detached(text, text + text_n,
	    NULL, text, text_n, ad->data, ad->len, NULL, nonce, key->bytes);
	out->len += seal_box_size(body->len);
	out->data[out->len] = 0;
	return 0;
}

/* True when text is length | body | the fewest zeros that fill it. */
static bool is_canonical(size_t *body_n, const uint8_t *text, size_t n)
{
	size_t len = 0;
	uint8_t rest = 0;

	for (unsigned i = 0; i < LENGTH; i++)
		len |= (size_t)text[i] << (8 * i);
	if (len > BODY_MAX || padded(len) != n)
		return false;
	for (size_t i = LENGTH + len; i < n; i++)
		rest |= text[i];
	*body_n = len;
	return rest == 0;
}

int seal_open(struct buf *out, const struct secret *key,
    const struct seal_label *label, const void *box, size_t n)
{
	const uint8_t *in = box;
	size_t text_n = n - SEAL_NONCE - SEAL_TAG, body_n;
	struct hash kid;
	uint8_t *text;

	seal_kid(&kid, &label->stream, key);
	if (hash_cmp(&kid, &label->kid) != 0)
		return ERR_KEY;
	if (n < SEAL_NONCE + SEAL_PAD + SEAL_TAG || n > BOX_MAX ||
	    text_n % SEAL_PAD != 0)
		return ERR_FORMAT;
	text = buf_reserve(out, text_n);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt_detached(text, NULL,
		in + SEAL_NONCE, text_n, in + n - SEAL_TAG, label->ad->data,
		label->ad->len, in, key->bytes) != 0)
		return ERR_SIGNATURE;
	if (!is_canonical(&body_n, text, text_n)) {
		secret_wipe(text, text_n);
		return ERR_FORMAT;
	}
	memmove(text, text + LENGTH, body_n);
	out->len += body_n;
	out->data[out->len] = 0;
	return 0;
}

/* crypto_box_seal's nonce: BLAKE2b-192(ephemeral key | recipient). */
static void seal_nonce(uint8_t nonce[crypto_box_NONCEBYTES],
    const uint8_t epk[DH_KEY], const uint8_t pk[DH_KEY])
{
	uint8_t both[2 * DH_KEY];

	memcpy(both, epk, DH_KEY);
	memcpy(both + DH_KEY, pk, DH_KEY);
	crypto_generichash(
	    nonce, crypto_box_NONCEBYTES, both, sizeof(both), NULL, 0);
}

void seal_key(uint8_t out[KEY_SEAL], const struct secret *key,
    const uint8_t pk[DH_KEY], const struct env *env)
{
	struct secret *esk = secret_random(DH_KEY, env);
	uint8_t nonce[crypto_box_NONCEBYTES];
	int rc;

	assert(key->len == SECRET_KEY);
	identity_dh_public(out, esk);
	seal_nonce(nonce, out, pk);
	rc = crypto_box_easy(
	    out + DH_KEY, key->bytes, SECRET_KEY, nonce, pk, esk->bytes);
	secret_free(&esk);
	/* Fails only for a public key of small order, which no certificate
	 * may carry; all zeros open for nobody. */
	if (rc != 0)
		memset(out, 0, KEY_SEAL);
}

int seal_key_open(struct secret **out, const uint8_t sealed[KEY_SEAL],
    const struct secret *dh, const struct seal_label *label)
{
	struct secret *key = secret_new(SECRET_KEY);
	uint8_t pk[DH_KEY];
	struct hash kid;
	int rc = ERR_SIGNATURE;

	identity_dh_public(pk, dh);
	if (crypto_box_seal_open(key->bytes, sealed, KEY_SEAL, pk, dh->bytes) !=
	    0)
		goto out;
	seal_kid(&kid, &label->stream, key);
	rc = ERR_KEY;
	if (hash_cmp(&kid, &label->kid) != 0)
		goto out;
	*out = key;
	key = NULL;
	rc = 0;
out:
	secret_free(&key);
	return rc;
}
