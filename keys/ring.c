/* ring.c - wrapped stream keys: nonce 24 | XChaCha20-Poly1305(key) with the
 * stream and the kid as associated data. */
#include "keys/ring.h"

#include "core/err.h"
#include "core/id.h"
#include "core/mem.h"
#include "core/store.h"
#include "keys/seal.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define WRAPPED (NONCE + SECRET_KEY + crypto_aead_xchacha20poly1305_ietf_ABYTES)

/* Keys used lately: unwrapping costs a query. They share one piece of locked
 * memory, had when the first is used: pages of its own for each would be
 * thirty times as much. */
#define SLOTS 1024 /* in pairs, by the first bytes of the key's name */
struct slot {
	struct id stream;
	struct hash kid;
	struct secret key; /* a part of the ring's keys */
	bool is_used;
	bool is_older; /* than the other of its pair */
};

struct ring {
	struct store *store;
	const struct secret *wrap;
	const struct env *env;
	struct secret *keys; /* or NULL */
	struct slot slots[SLOTS];
};

struct ring *ring_new(
    struct store *store, const struct secret *wrap, const struct env *env)
{
	struct ring *ring = mem_new(sizeof(*ring));

	ring->store = store;
	ring->wrap = wrap;
	ring->env = env;
	return ring;
}

void ring_free(struct ring **ring)
{
	if (*ring)
		secret_free(&(*ring)->keys);
	free(*ring);
	*ring = NULL;
}

/* Binds a wrapped key to its name. */
static void label(
    uint8_t out[48], const struct id *stream, const struct hash *kid)
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

/* Column 0 of a row holds the wrapped key. */
static int unwrap_key(struct secret *key, const struct ring *ring,
    const struct id *stream, const struct hash *kid, const struct stmt *row)
{
	uint8_t ad[48];
	size_t n;
	const uint8_t *data = stmt_blob(row, 0, &n);

	if (stmt_is_null(row, 0))
		return ERR_KEY;
	label(ad, stream, kid);
	if (n != WRAPPED || crypto_aead_xchacha20poly1305_ietf_decrypt(
				key->bytes, NULL, NULL, data + NONCE, n - NONCE,
				ad, sizeof(ad), data, ring->wrap->bytes))
		return err_set(ERR_DAMAGED, "a wrapped key does not open");
	return 0;
}

static int put(struct ring *ring, struct stmt *s, const struct id *stream,
    const struct secret *key, struct hash *kid)
{
	uint8_t wrapped[WRAPPED], ad[48];

	seal_kid(kid, stream, key);
	label(ad, stream, kid);
	wrap_key(wrapped, ring, ad, key);
	stmt_bind_id(s, ":stream", stream);
	stmt_bind_hash(s, ":kid", kid);
	stmt_bind_blob(s, ":key", wrapped, sizeof(wrapped));
	stmt_bind_int(s, ":since_s", env_now_s(ring->env));
	return stmt_run(s);
}

int ring_put(struct ring *ring, const struct id *stream,
    const struct secret *key, struct hash *kid_out)
{
	struct hash kid;
	int r =
	    put(ring, store_query(ring->store, Q_RING_PUT), stream, key, &kid);

	if (kid_out)
		*kid_out = kid;
	return r;
}

/* 1 when a row of this kid is there, with or without its key. */
static int is_known(
    struct ring *ring, const struct id *stream, const struct hash *kid)
{
	struct stmt *s = store_query(ring->store, Q_RING_GET);

	stmt_bind_id(s, ":stream", stream);
	stmt_bind_hash(s, ":kid", kid);
	return stmt_has_row(s);
}

int ring_offer(struct hash *kid_out, struct ring *ring, const struct id *stream,
    const struct secret *key)
{
	struct hash kid;
	int r;

	seal_kid(&kid, stream, key);
	*kid_out = kid;
	if ((r = is_known(ring, stream, &kid)) != 0)
		return r < 0 ? r : 0;
	r = put(
	    ring, store_query(ring->store, Q_RING_OFFER), stream, key, &kid);
	return r < 0 ? r : 1;
}

int ring_confirm(
    struct ring *ring, const struct id *stream, const struct hash *kid)
{
	struct stmt *s = store_query(ring->store, Q_RING_CONFIRM);

	stmt_bind_id(s, ":stream", stream);
	stmt_bind_hash(s, ":kid", kid);
	return stmt_run(s);
}

int ring_mint(struct hash *kid_out, struct ring *ring, const struct id *stream)
{
	struct secret *key = secret_random(SECRET_KEY, ring->env);
	int r = ring_put(ring, stream, key, kid_out);

	secret_free(&key);
	return r;
}

/* Reads the wrapped key into the slot. */
static int read_key(struct slot *slot, struct ring *ring,
    const struct id *stream, const struct hash *kid)
{
	struct stmt *s = store_query(ring->store, Q_RING_GET);
	int r;

	slot->is_used = false;
	if (!ring->keys)
		ring->keys = secret_new((size_t)SLOTS * SECRET_KEY);
	slot->key.bytes =
	    ring->keys->bytes + (size_t)(slot - ring->slots) * SECRET_KEY;
	slot->key.len = SECRET_KEY;
	stmt_bind_id(s, ":stream", stream);
	stmt_bind_hash(s, ":kid", kid);
	r = stmt_step(s);
	r = r == 1   ? unwrap_key(&slot->key, ring, stream, kid, s)
	    : r == 0 ? ERR_KEY
		     : r;
	stmt_reset(s);
	if (r < 0)
		return r;
	slot->stream = *stream;
	slot->kid = *kid;
	slot->is_used = true;
	return 0;
}

static bool holds(
    const struct slot *slot, const struct id *stream, const struct hash *kid)
{
	return slot->is_used && hash_cmp(&slot->kid, kid) == 0 &&
	       id_cmp(&slot->stream, stream) == 0;
}

int ring_get(const struct secret **out, struct ring *ring,
    const struct id *stream, const struct hash *kid)
{
	struct slot *pair =
	    &ring->slots[(size_t)(kid->b[0] << 8 | kid->b[1]) & (SLOTS - 2)];
	struct slot *slot = &pair[pair[1].is_older];
	int r = 0;

	if (holds(&pair[0], stream, kid))
		slot = &pair[0];
	else if (holds(&pair[1], stream, kid))
		slot = &pair[1];
	else
		r = read_key(slot, ring, stream, kid);
	pair[0].is_older = slot == &pair[1];
	pair[1].is_older = slot == &pair[0];
	if (r == 0)
		*out = &slot->key;
	return r;
}

int ring_current(struct hash *kid, struct ring *ring, const struct id *stream)
{
	struct stmt *s = store_query(ring->store, Q_RING_CURRENT);
	int r;

	stmt_bind_id(s, ":stream", stream);
	if ((r = stmt_step(s)) == 1)
		r = stmt_hash(kid, s, 0) ? 0 : ERR_DAMAGED;
	else if (r == 0)
		r = ERR_KEY;
	stmt_reset(s);
	return r;
}

int ring_each(
    struct ring *ring, const struct id *stream, ring_each_fn *each, void *ctx)
{
	struct stmt *s = store_query(ring->store, Q_RING_ALL);
	struct secret *key = secret_new(SECRET_KEY);
	struct hash kid;
	int r;

	stmt_bind_id(s, ":stream", stream);
	while ((r = stmt_step(s)) == 1) {
		stmt_hash(&kid, s, 1);
		if ((r = unwrap_key(key, ring, stream, &kid, s)) < 0 ||
		    (r = each(ctx, &kid, key)) != 0)
			break;
	}
	stmt_reset(s);
	secret_free(&key);
	return r;
}

int ring_drop(struct ring *ring, const struct id *stream)
{
	struct stmt *s = store_query(ring->store, Q_RING_DROP);

	for (int i = 0; i < SLOTS; i++) {
		struct slot *slot = &ring->slots[i];
		if (!slot->is_used || id_cmp(&slot->stream, stream) != 0)
			continue;
		slot->is_used = false;
		secret_wipe(slot->key.bytes, SECRET_KEY);
	}
	stmt_bind_id(s, ":stream", stream);
	return stmt_run(s);
}
