/* rollback.c - a terminal's copy follows the centre into a new incarnation. */
#include "sync/rollback.h"

#include "core/err.h"
#include "sync/ledger_impl.h"

#include <stdlib.h>

#define META_INCARNATION "order.incarnation"

bool place_is_old(int64_t pos)
{
	return pos >= PLACE_OLD;
}

int64_t place_old(uint64_t incarnation, uint64_t pos)
{
	return (int64_t)(incarnation << 40 | pos);
}

uint64_t place_incarnation(int64_t old)
{
	return (uint64_t)old >> 40;
}

uint64_t place_pos(int64_t old)
{
	return (uint64_t)old & (uint64_t)(PLACE_OLD - 1);
}

uint64_t rollback_size(
    const struct ledger_node *node, const struct record_seen *seen)
{
	uint64_t size = seen->size;

	for (size_t i = 0; i < node->restore_count; i++)
		if (node->restores[i].ordinal > seen->incarnation &&
		    node->restores[i].size < size)
			size = node->restores[i].size;
	return size;
}

static int run(
    struct ledger *l, enum query_id id, uint64_t size, uint64_t incarnation)
{
	struct stmt *s = store_query(l->cfg.store, id);

	stmt_bind_int(s, ":size", (int64_t)size);
	if (incarnation)
		stmt_bind_int(s, ":base", place_old(incarnation, 0));
	return stmt_run(s);
}

/* Streams with entries that lost their place fold again: what has a place
 * comes before them from now on. */
static int refold(struct ledger *l)
{
	struct stmt_ids streams = {0};
	int r =
	    stmt_ids(&streams, store_query(l->cfg.store, Q_ROLLBACK_STREAMS));

	for (size_t i = 0; r == 0 && i < streams.n; i++)
		r = ledger_refold(l, &streams.items[i]);
	free(streams.items);
	return r;
}

/* A backup of the lost tail covers nothing of what comes in its place. */
static int forget_backed(struct ledger *l, uint64_t size)
{
	int64_t backed = 0;
	int r = store_meta_get_int(l->cfg.store, LEDGER_BACKED, 0, &backed);

	if (r < 0 || backed <= (int64_t)size)
		return r;
	return store_meta_set_int(l->cfg.store, LEDGER_BACKED, (int64_t)size);
}

static int cut(struct ledger *l, uint64_t size, uint64_t incarnation)
{
	struct stmt *s;
	int r = run(l, Q_ROLLBACK_RECORDS, size, incarnation);

	if (r == 0)
		r = run(l, Q_ROLLBACK_ENTRIES, size, incarnation);
	if (r == 0)
		r = run(l, Q_ROLLBACK_WITNESS, size, incarnation);
	if (r == 0)
		r = run(l, Q_ROLLBACK_KEEP, size, 0);
	if (r == 0)
		r = run(l, Q_ROLLBACK_CUT, size, 0);
	if (r == 0)
		r = forget_backed(l, size);
	if (r < 0)
		return r;
	s = store_query(l->cfg.store, Q_ROLLBACK_OWN);
	stmt_bind_id(s, ":seat", &l->cfg.me->seat);
	return stmt_run(s);
}

static int catch_up(struct ledger *l, uint64_t from)
{
	const struct record_seen all = {from, INT53_MAX, {{0}}};
	uint64_t size = rollback_size(&l->cfg.node, &all);
	int r = ledger_begin(l);

	if (r == 0 && size < INT53_MAX)
		r = cut(l, size, from);
	if (r == 0 && size < INT53_MAX && !store_view_is_stale(l->cfg.store))
		r = refold(l);
	if (r == 0)
		r = store_meta_set_int(l->cfg.store, META_INCARNATION,
		    (int64_t)l->cfg.node.incarnation);
	if (r == 0)
		r = ledger_commit(l);
	if (r < 0)
		ledger_rollback(l);
	return r < 0 ? r : ledger_load_own(l);
}

int rollback_catch_up(struct ledger *l)
{
	uint64_t now = l->cfg.node.incarnation;
	int64_t have = l->seen.incarnation ? (int64_t)l->seen.incarnation : 1;
	int r = store_meta_get_int(l->cfg.store, META_INCARNATION, have, &have);

	if (r < 0 || (uint64_t)have == now)
		return r;
	if ((uint64_t)have > now)
		return err_set(ERR_STALE,
		    "the site file is older than what this seat has seen");
	return catch_up(l, (uint64_t)have);
}
