/*
 * feed_taken.c - who reads a patient no more because of what was said of
 * somebody else, or of something else: a role, a team, an assignment undone.
 */
#include "sync/feed.h"

#include "sync/ledger_impl.h"

#include <stdlib.h>

static int refresh_each(struct ledger *l, struct stmt *which)
{
	struct stmt_ids streams = {0};
	int r = stmt_ids(&streams, which);

	for (size_t i = 0; r == 0 && i < streams.n; i++)
		r = feed_refresh(l, &streams.items[i]);
	free(streams.items);
	return r;
}

bool feed_is_grant(const struct record *r)
{
	enum kind kind;

	for (uint32_t i = 0; i < r->count; i++)
		if (kind_find(&kind, r->entries[i].kind) &&
		    (kind == KIND_SEAT_GRANTED || kind == KIND_SEAT_REVOKED ||
			kind == KIND_MEMBER_GRANTED ||
			kind == KIND_MEMBER_REVOKED))
			return true;
	return false;
}

int feed_follow_grant(struct ledger *l, uint64_t pos)
{
	struct stmt *s = store_query(l->cfg.store, Q_FEED_STREAMS_CHANGED);

	stmt_bind_id(s, ":roster", &l->roster);
	stmt_bind_int(s, ":pos", (int64_t)pos);
	return refresh_each(l, s);
}

int feed_follow_undone(struct ledger *l)
{
	return refresh_each(
	    l, store_query(l->cfg.store, Q_FEED_STREAMS_LISTLESS));
}
