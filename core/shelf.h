/*
 * shelf.h - work in progress that is not yet signed: each value is durable
 * when shelf_put returns, and comes back in order after a crash. A slot is
 * one piece of work, such as "call/<patient>"; a name may occur many times,
 * the later replacing the earlier by the reader's own rule.
 */
#ifndef SUIFANG_SHELF_H
#define SUIFANG_SHELF_H

#include "core/base.h"

struct store;

/* Durable on return; joins the caller's transaction when one is open. */
NODISCARD int shelf_put(struct store *store, const char *slot, const char *name,
    const char *value, int64_t at_s);

/* In order of putting. A non-zero return of each stops and is returned. */
typedef int shelf_each_fn(
    void *ctx, const char *name, const char *value, int64_t at_s);
NODISCARD int shelf_each(
    struct store *store, const char *slot, shelf_each_fn *each, void *ctx);

/* Slots whose name starts with prefix: (slot, "", time of the first value). */
NODISCARD int shelf_slots(
    struct store *store, const char *prefix, shelf_each_fn *each, void *ctx);

/* 1 when there is such a slot, 0, or an error. */
NODISCARD int shelf_has(struct store *store, const char *prefix);

/* Forgets the piece of work; NULL: there is none. */
NODISCARD int shelf_clear(struct store *store, const char *slot);

#endif
