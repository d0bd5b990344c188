/* shelf.c - durable unsigned work. */
#include "core/shelf.h"

#include "core/store.h"

int shelf_put(struct store *store, const char *slot, const char *name,
    const char *value, int64_t at_s)
{
	struct stmt *s = store_query(store, Q_SHELF_PUT);

	stmt_bind_text(s, ":slot", slot);
	stmt_bind_text(s, ":name", name);
	stmt_bind_text(s, ":value", value);
	stmt_bind_int(s, ":at_s", at_s);
	return stmt_run(s);
}

int shelf_each(
    struct store *store, const char *slot, shelf_each_fn *each, void *ctx)
{
	struct stmt *s = store_query(store, Q_SHELF_EACH);
	int r;

	stmt_bind_text(s, ":slot", slot);
	while ((r = stmt_step(s)) == 1)
		if ((r = each(ctx, stmt_text(s, 0), stmt_text(s, 1),
			 stmt_int(s, 2))) != 0)
			break;
	stmt_reset(s);
	return r;
}

int shelf_slots(
    struct store *store, const char *prefix, shelf_each_fn *each, void *ctx)
{
	struct stmt *s = store_query(store, Q_SHELF_SLOTS);
	int r;

	stmt_bind_text(s, ":prefix", prefix);
	while ((r = stmt_step(s)) == 1)
		if ((r = each(ctx, stmt_text(s, 0), "", stmt_int(s, 1))) != 0)
			break;
	stmt_reset(s);
	return r;
}

int shelf_has(struct store *store, const char *prefix)
{
	struct stmt *s = store_query(store, Q_SHELF_SLOTS);

	stmt_bind_text(s, ":prefix", prefix);
	return stmt_has_row(s);
}

int shelf_clear(struct store *store, const char *slot)
{
	struct stmt *s;

	if (!slot)
		return 0;
	s = store_query(store, Q_SHELF_CLEAR);
	stmt_bind_text(s, ":slot", slot);
	return stmt_run(s);
}
