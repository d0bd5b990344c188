/* ring.c - wrapped stream keys: nonce 24 | XChaCha20-Poly1305(key) with the
 * stream and the kid as associated data. */
#include "keys/ring.h"

#include "core/err.h"
#include "core/mem.h"
#include "core/store.h"
#include "keys/seal.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define WRAPPED \
	(NONCE + SECRET_KEY + crypto_aead_xchacha20poly1305_ietf_ABYTES)

struct ring {
	struct store *store;
	const struct secret *wrap;
	const struct env *env;
};

struct ring *ring_new(struct store *store, const struct secret *wrap,
    const struct env *env)
{
	struct ring *ring = mem_new(sizeof(*ring));

	*ring = (struct ring){store, wrap, env};
	return ring;
}

void ring_free(struct ring **ring)
{
	free(*ring);
	*ring = NULL;
}

/* Binds a wrapped key to its name. */
static void label(uint8_t out[48], const struct id *stream,
    const struct hash *kid)
{
	memcpy(out, stream->b, 16);
	memcpy(out + 16, kid->b, 32);
}

static void wrap_key(uint8_t out[WRAPPED], const struct ring *ring,
    const uint8_t ad[48], const struct secret *key)
{
	env_random(ring->env, out, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, NULL,
	    key->bytes, SECRET_KEY, ad, 48, NULL, out, ring->wrap->bytes);
}

static int unwrap_key(struct secret **out, const struct ring *ring,
    const uint8_t ad[48], const struct stmt *row, int col)
{
	size_t n;
	const uint8_t *data = stmt_blob(row, col, &n);
	struct secret *key;

	if (stmt_is_null(row, col))
		return ERR_KEY;
	if (n != WRAPPED)
		return ERR_DAMAGED;
	key = secret_new(SECRET_KEY);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(key->bytes, NULL, NULL,
		data + NONCE, n - NONCE, ad, 48, data, ring->wrap->bytes)) {
		secret_free(&key);
		return err_set(ERR_DAMAGED, "a wrapped key does not open");
	}
	*out = key;
	return 0;
}

int ring_put(struct ring *ring, const struct id *stream,
    const struct secret *key, struct hash *kid_out)
{
	struct stmt *s = store_query(ring->store, Q_RING_PUT);
	uint8_t wrapped[WRAPPED], ad[48];
	struct hash kid;

	seal_kid(&kid, stream, key);
	label(ad, stream, &kid);
	wrap_key(wrapped, ring, ad, key);
	stmt_bind_id(s, ":stream", stream);
	stmt_bind_hash(s, ":kid", &kid);
	stmt_bind_blob(s, ":key", wrapped, sizeof(wrapped));
	stmt_bind_int(s, ":since_s", env_now_s(ring->env));
	if (kid_out)
		*kid_out = kid;
	return stmt_run(s);
}

int ring_mint(struct secret **key_out, struct hash *kid_out,
    struct ring *ring, const struct id *stream)
{
	struct secret *key = secret_random(SECRET_KEY, ring->env);
	int r = ring_put(ring, stream, key, kid_out);

	if (r < 0)
		secret_free(&key);
	else
		*key_out = key;
	return r;
}

int ring_get(struct secret **out, struct ring *ring, const struct id *stream,
    const struct hash *kid)
{
	struct stmt *s = store_query(ring->store, Q_RING_GET);
	uint8_t ad[48];
	int r;

	label(ad, stream, kid);
	stmt_bind_id(s, ":stream", stream);
	stmt_bind_hash(s, ":kid", kid);
	r = stmt_step(s);
	r = r == 1 ? unwrap_key(out, ring, ad, s, 0) : r == 0 ? ERR_KEY : r;
	stmt_reset(s);
	return r;
}

int ring_current(struct secret **out, struct hash *kid, struct ring *ring,
    const struct id *stream)
{
	struct stmt *s = store_query(ring->store, Q_RING_CURRENT);
	uint8_t ad[48];
	int r;

	stmt_bind_id(s, ":stream", stream);
	r = stmt_step(s);
	if (r == 1) {
		stmt_hash(kid, s, 0);
		label(ad, stream, kid);
		r = unwrap_key(out, ring, ad, s, 1);
	} else if (r == 0) {
		r = ERR_KEY;
	}
	stmt_reset(s);
	return r;
}

int ring_each(struct ring *ring, const struct id *stream, ring_each_fn *each,
    void *ctx)
{
	struct stmt *s = store_query(ring->store, Q_RING_ALL);
	struct secret *key = NULL;
	struct hash kid;
	uint8_t ad[48];
	int r;

	stmt_bind_id(s, ":stream", stream);
	while ((r = stmt_step(s)) == 1) {
		stmt_hash(&kid, s, 0);
		label(ad, stream, &kid);
		if ((r = unwrap_key(&key, ring, ad, s, 1)) < 0)
			break;
		r = each(ctx, &kid, key);
		secret_free(&key);
		if (r != 0)
			break;
	}
	stmt_reset(s);
	return r;
}

int ring_drop(struct ring *ring, const struct id *stream)
{
	struct stmt *s = store_query(ring->store, Q_RING_DROP);

	stmt_bind_id(s, ":stream", stream);
	return stmt_run(s);
}
