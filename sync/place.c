/*
 * place.c - a record's place in the centre's order arrives, and with it the
 * verdicts: what folded otherwise until then folds again. Told with the feed,
 * later proved.
 */
#include "core/err.h"
#include "sync/erase.h"
#include "sync/ledger_more.h"

/* Every seat confirms for itself, and that is a row of its own: it is the same
 * wherever the entry stands. A team's stream is long, and each patient who
 * leaves a terminal is such an entry there. */
static bool is_in_order(enum kind kind)
{
	return kind_info(kind)->order == ORDER_LAMPORT ||
	       kind == KIND_PURGE_CONFIRMED;
}

/* l->loaded is the leaf's record. 1: the entry's stream folds again. What
 * folded provisionally by Lamport and is simply admitted folded right; a late
 * or held one, or one that folds by place, did not. */
static int place_entry(
    struct ledger *l, const struct leaf *leaf, uint32_t i, bool had_place)
{
	const struct record_entry *e = &l->loaded.entries[i];
	struct stmt *s = store_query(l->cfg.store, Q_ENTRY_PLACE);
	int verdict = leaf->verdicts[i];
	enum kind kind;
	bool is_known = kind_find(&kind, e->kind);
	int r;

	stmt_bind_int(s, ":pos", (int64_t)leaf->pos);
	stmt_bind_int(s, ":verdict", verdict);
	stmt_bind_id(s, ":stream", &e->stream);
	stmt_bind_int(s, ":lamport", (int64_t)l->loaded.lamport);
	stmt_bind_id(s, ":seat", &leaf->seat);
	stmt_bind_int(s, ":seq", (int64_t)leaf->seq);
	stmt_bind_int(s, ":idx", i + 1);
	r = stmt_run(s);
	return r < 0 ? r
		     : is_known && (had_place || verdict != VERDICT_ADMITTED ||
				       !is_in_order(kind));
}

/* Each stream that changes is folded once, after all entries. */
static int place_entries(
    struct ledger *l, const struct leaf *leaf, bool had_place)
{
	struct id streams[RECORD_ENTRIES_MAX];
	uint32_t n = 0, k;
	int r = 0;

	for (uint32_t i = 0; i < leaf->count; i++) {
		const struct id *stream = &l->loaded.entries[i].stream;
		if ((r = place_entry(l, leaf, i, had_place)) < 0)
			return r;
		for (k = 0; k < n && id_cmp(&streams[k], stream) != 0; k++)
			;
		if (r == 1 && k == n)
			streams[n++] = *stream;
	}
	/* Refolding may load other records. */
	for (k = 0, r = 0; r == 0 && k < n; k++)
		r = ledger_refold(l, &streams[k]);
	return r;
}

/* 1: at another place, in an order that was lost since, with a verdict of its
 * own; 2: at this very place. */
static int had_place(struct ledger *l, const struct leaf *leaf)
{
	struct stmt *s = store_query(l->cfg.store, Q_RECORD_GET);
	int r;

	stmt_bind_id(s, ":seat", &leaf->seat);
	stmt_bind_int(s, ":seq", (int64_t)leaf->seq);
	r = stmt_step(s);
	if (r == 1 && !stmt_is_null(s, 3))
		r = stmt_int(s, 3) == (int64_t)leaf->pos ? 2 : 1;
	else if (r == 1)
		r = 0;
	stmt_reset(s);
	return r;
}

int ledger_place(struct ledger *l, const struct leaf *leaf)
{
	int r = had_place(l, leaf), had = r;
	struct stmt *s = store_query(l->cfg.store, Q_RECORD_PLACE);

	if (r < 0 || had == 2) /* it is there already */
		return r < 0 ? r : 0;
	stmt_bind_int(s, ":pos", (int64_t)leaf->pos);
	stmt_bind_id(s, ":seat", &leaf->seat);
	stmt_bind_int(s, ":seq", (int64_t)leaf->seq);
	r = stmt_run(s);
	if (r == 0)
		r = ledger_load_record(l, &leaf->seat, leaf->seq);
	if (r == 0 && leaf->count != l->loaded.count)
		r = err_set(ERR_SIGNATURE, "verdicts of another");
	if (r == 0)
		r = place_entries(l, leaf, had == 1);
	if (r < 0 || (r = ledger_load_record(l, &leaf->seat, leaf->seq)) < 0)
		return r;
	return erase_is_asked(&l->loaded) ? erase_follow(l) : 0;
}

/* 1: the record that the leaf names stands at its place. */
static int is_this(struct ledger *l, const struct leaf *leaf)
{
	struct stmt *s = store_query(l->cfg.store, Q_RECORD_GET);
	struct hash have;
	int r;

	stmt_bind_id(s, ":seat", &leaf->seat);
	stmt_bind_int(s, ":seq", (int64_t)leaf->seq);
	if ((r = stmt_step(s)) == 1)
		r = stmt_hash(&have, s, 0) &&
		    hash_cmp(&have, &leaf->record) == 0 &&
		    !stmt_is_null(s, 3) && stmt_int(s, 3) == (int64_t)leaf->pos;
	stmt_reset(s);
	return r;
}

/* 1: entry i of l->loaded has the leaf's verdict. */
static int has_verdict(struct ledger *l, const struct leaf *leaf, uint32_t i)
{
	struct stmt *s = store_query(l->cfg.store, Q_ENTRY_VERDICT);
	int r;

	stmt_bind_id(s, ":stream", &l->loaded.entries[i].stream);
	stmt_bind_int(s, ":lamport", (int64_t)l->loaded.lamport);
	stmt_bind_id(s, ":seat", &leaf->seat);
	stmt_bind_int(s, ":seq", (int64_t)leaf->seq);
	stmt_bind_int(s, ":idx", i + 1);
	if ((r = stmt_step(s)) == 1)
		r = stmt_int(s, 0) == leaf->verdicts[i];
	stmt_reset(s);
	return r;
}

int ledger_place_proved(struct ledger *l, const struct leaf *leaf)
{
	int r = is_this(l, leaf);

	if (r <= 0)
		return r < 0 ? r : 1;
	if ((r = ledger_load_record(l, &leaf->seat, leaf->seq)) < 0)
		return r;
	if (leaf->count != l->loaded.count)
		return 1;
	for (uint32_t i = 0; i < leaf->count; i++)
		if ((r = has_verdict(l, leaf, i)) <= 0)
			break;
	if (r != 0)
		return r < 0 ? r : 0;
	r = place_entries(l, leaf, true);
	return r < 0 ? r : 1;
}
