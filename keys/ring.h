/*
 * ring.h - the stream keys this seat holds, wrapped under its own key in the
 * store. A stream has a key per epoch, named by its kid; old ones open old
 * boxes. Must not know who is entitled to what.
 */
#ifndef SUIFANG_KEYS_RING_H
#define SUIFANG_KEYS_RING_H

#include "core/base.h"
#include "core/env.h"
#include "keys/secret.h"

struct ring;
struct store;

/* All borrowed; wrap has SECRET_KEY bytes. */
struct ring *ring_new(
    struct store *store, const struct secret *wrap, const struct env *env);
void ring_free(struct ring **ring);

/* Keeps a key as the newest of its stream (nothing changes if it is here).
 * *kid_out may be NULL. In the caller's transaction. */
NODISCARD int ring_put(struct ring *ring, const struct id *stream,
    const struct secret *key, struct hash *kid_out);

/* Keeps a key that somebody brings back, aside: it opens what names its kid
 * and is neither current nor told to others until confirmed. 1 when it is
 * new here, 0 when this kid is known, also as one that was destroyed. */
NODISCARD int ring_offer(struct hash *kid_out, struct ring *ring,
    const struct id *stream, const struct secret *key);
/* A signed entry names the kid: an offered key is now as any other. */
NODISCARD int ring_confirm(
    struct ring *ring, const struct id *stream, const struct hash *kid);

/* A fresh key, kept as ring_put. */
NODISCARD int ring_mint(
    struct hash *kid_out, struct ring *ring, const struct id *stream);

/* *out is borrowed until the next call on this ring. ERR_KEY when it is not
 * here; ERR_DAMAGED when the wrapped bytes do not open. */
NODISCARD int ring_get(const struct secret **out, struct ring *ring,
    const struct id *stream, const struct hash *kid);
/* The kid of a stream's newest key; ERR_KEY when there is none. */
NODISCARD int ring_current(
    struct hash *kid, struct ring *ring, const struct id *stream);

/* Every key of a stream, oldest first; a non-zero return stops. */
typedef int ring_each_fn(
    void *ctx, const struct hash *kid, const struct secret *key);
NODISCARD int ring_each(
    struct ring *ring, const struct id *stream, ring_each_fn *each, void *ctx);

/* Destroys every key of a stream; that they existed stays known. */
NODISCARD int ring_drop(struct ring *ring, const struct id *stream);

#endif
