/*
 * feed_clock.c - who may read a patient changes without a record when a cover
 * begins or ends, and when an emergency access, a sample or the time after
 * an alert's end is over. Once an hour the patients are found where that may
 * be so.
 */
#include "sync/feed.h"

#include "core/clock.h"
#include "core/err.h"
#include "sync/ledger_impl.h"

#include <stdlib.h>

#define LAST "feed.clock"
#define HOUR_S 3600
#define ZONE_S 28800

static int find(
    struct ledger *l, struct stmt_ids *out, int64_t from_s, int64_t until_s)
{
	struct stmt *s = store_query(l->cfg.store, Q_FEED_CLOCK);

	stmt_bind_int(s, ":from_day", day_of(from_s, ZONE_S));
	stmt_bind_int(s, ":until_day", day_of(until_s, ZONE_S));
	stmt_bind_int(s, ":glass_from", from_s - FEED_GLASS_S);
	stmt_bind_int(s, ":glass_until", until_s - FEED_GLASS_S);
	stmt_bind_int(s, ":sample_from", from_s - FEED_SAMPLED_S);
	stmt_bind_int(s, ":sample_until", until_s - FEED_SAMPLED_S);
	stmt_bind_int(s, ":ended_from", from_s - FEED_ENDED_S);
	stmt_bind_int(s, ":ended_until", until_s - FEED_ENDED_S);
	return stmt_ids(out, s);
}

int feed_follow_clock(struct ledger *l)
{
	int64_t now = env_now_s(l->cfg.env), last = 0;
	struct stmt_ids found = {0};
	int r = store_meta_get_int(l->cfg.store, LAST, 0, &last);

	if (r < 0 || now / HOUR_S == last / HOUR_S)
		return r;
	r = find(l, &found, last, now);
	for (size_t i = 0; r == 0 && i < found.n; i++)
		r = feed_refresh(l, &found.items[i]);
	free(found.items);
	return r < 0 ? r : store_meta_set_int(l->cfg.store, LAST, now);
}
