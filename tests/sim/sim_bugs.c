/*
 * sim_bugs.c - the seeded defects. The test binary is linked with --wrap for
 * the functions below, so that a defect can stand in for one of them; with
 * none armed each passes straight on.
 */
#include "tests/sim/sim_impl.h"

#include "core/asset.h"
#include "core/err.h"
#include "core/shelf.h"
#include "keys/ring.h"
#include "sync/chain.h"
#include "sync/erase.h"
#include "sync/feed.h"
#include "sync/ledger_more.h"
#include "sync/order.h"
#include "sync/session_impl.h"
#include "sync/wire_bulk.h"
#include "sync/wire_restore.h"

static enum sim_bug armed;
static struct sim *sim;
static uint64_t counter;

void sim_arm(struct sim *s, enum sim_bug bug)
{
	armed = bug;
	sim = s;
	counter = 0;
	s->w->ack_early = bug == BUG_NODE_ACKS_EARLY;
}

#define REAL(type, name, ...)                                                  \
	type __real_##name(__VA_ARGS__);                                       \
	type __wrap_##name(__VA_ARGS__);                                       \
	type __wrap_##name(__VA_ARGS__)

/* ---- queries and folds ---- */

#define KEY_AFTER                                                              \
	"SELECT 1 FROM entry WHERE 0 AND stream = :stream AND (lamport, seat," \
	" seq, idx) > (:lamport, :seat, :seq, :idx)"

static const struct {
	enum sim_bug bug;
	struct asset asset;
} other[] = {
#define OTHER(bug, path, text)                                                 \
	{                                                                      \
		BUG_##bug,                                                     \
		{                                                              \
			path, text, sizeof(text) - 1                           \
		}                                                              \
	}
    OTHER(SEAT_ACKS_EARLY, "txn/settings.sql", "PRAGMA synchronous = OFF;"),
    OTHER(ARRIVAL_ORDER, "query/entry_marked_later.sql", KEY_AFTER),
    OTHER(ARRIVAL_ORDER, "query/entry_standing.sql",
	"SELECT EXISTS (SELECT 1 FROM v_undone WHERE stream = :stream AND "
	"seat = :seat AND seq = :seq), EXISTS (" KEY_AFTER ")"),
    OTHER(NEVER_REPUSH, "query/rollback_own.sql",
	"UPDATE record SET state = state WHERE 0 AND seat = :seat"),
    OTHER(FOLD_READS_OTHERS, "fold/note.added.sql",
	"INSERT INTO v_note VALUES (:stream, :ref, :at_s, :seat, :late, "
	":text || (SELECT count(*) FROM v_note), :tag);"),
    OTHER(ERASED_STAYS, "query/record_empty.sql",
	"UPDATE record SET state = state WHERE 0 AND seat = :seat AND "
	"seq = :seq AND boxes = :boxes AND seals = :seals"),
#undef OTHER
};

REAL(const struct asset *, asset_find, const char *path)
{
	for (size_t i = 0; i < ARRAY_LEN(other); i++)
		if (armed == other[i].bug &&
		    strcmp(path, other[i].asset.path) == 0)
			return &other[i].asset;
	return __real_asset_find(path);
}

/* ---- functions ---- */

REAL(int, chain_follows, const struct chain_head *head, const struct record *r)
{
	int got = __real_chain_follows(head, r);

	return armed == BUG_GAPS_ACCEPTED && got == ERR_GAP ? 0 : got;
}

REAL(int, ledger_place, struct ledger *l, const struct leaf *leaf)
{
	struct leaf all = *leaf;

	if (armed == BUG_ARRIVAL_VERDICT)
		memset(all.verdicts, VERDICT_ADMITTED, all.count);
	return __real_ledger_place(l, &all);
}

REAL(const struct kind_info *, kind_info, enum kind kind)
{
	static struct kind_info other_order;
	const struct kind_info *k = __real_kind_info(kind);

	if (armed != BUG_ROSTER_BY_LAMPORT || k->order != ORDER_POSITION)
		return k;
	other_order = *k;
	other_order.order = ORDER_LAMPORT;
	return &other_order;
}

REAL(int, shelf_has, struct store *store, const char *prefix)
{
	if (armed == BUG_PURGE_EATS_DRAFT && strncmp(prefix, "call/", 5) == 0)
		return 0;
	return __real_shelf_has(store, prefix);
}

REAL(int, ring_drop, struct ring *ring, const struct id *stream)
{
	return armed == BUG_WITHDRAW_KEEPS_KEYS
		   ? 0
		   : __real_ring_drop(ring, stream);
}

REAL(int, feed_enter, struct ledger *l, const struct record *r, uint64_t pos)
{
	if (armed == BUG_FEED_FORGETS && ++counter % 7 == 0)
		return 0;
	return __real_feed_enter(l, r, pos);
}

/* A terminal that makes its cursor durable first. */
static int cursor_first(struct ledger *l, const struct incoming *in)
{
	struct feed_item item = {.what = FEED_RECORD, .pos = in->leaf->pos};
	int r;

	l->cursor.n++;
	feed_chain(&l->cursor.chain, l->cfg.node.incarnation, &item);
	l->cursor.is_dirty = true;
	r = ledger_commit(l);
	return r < 0 ? r : ledger_begin(l);
}

REAL(int, ledger_receive, struct ledger *l, const struct incoming *in)
{
	int r = 0;

	if (armed == BUG_CURSOR_FIRST && !ledger_is_node(l) && in->leaf)
		r = cursor_first(l, in);
	return r < 0 ? r : __real_ledger_receive(l, in);
}

/* What was put on the wire counts as arrived. */
REAL(void, wire_give, struct buf *out, const struct msg_give *m)
{
	static struct record r;
	char sql[200], hex[ID_HEX];

	__real_wire_give(out, m);
	if (armed != BUG_LOSES_ON_CUT ||
	    record_read(&r, m->frame, m->frame_len) < 0)
		return;
	id_hex(hex, &r.seat);
	snprintf(sql, sizeof(sql),
	    "UPDATE record SET state = 1 WHERE seat = "
	    "x'%s' AND seq = %llu",
	    hex, (unsigned long long)r.seq);
	for (int i = 0; i < sim->w->count; i++)
		if (id_cmp(&sim->w->seats[i].me->seat, &r.seat) == 0 &&
		    test_exec(sim->w->seats[i].store, sql) < 0)
			return;
}

/* Another history is good enough, until its checkpoint is taken. */
REAL(int, order_check, struct merkle_tree *out, struct ledger *l,
    const void *note, size_t n, struct reader *proof)
{
	int got = __real_order_check(out, l, note, n, proof);

	if (armed != BUG_LIES_BELIEVED || got != ERR_FORK)
		return got;
	*out = (struct merkle_tree){.size = INT53_MAX};
	return 0;
}

/* ---- what ends ---- */

REAL(int, ledger_admit_record, struct ledger *l, const struct record *r,
    bool is_covered)
{
	int got = __real_ledger_admit_record(l, r, is_covered);

	return armed == BUG_REVOKED_COUNTS && got == VERDICT_HELD_REVOKED
		   ? VERDICT_NONE
		   : got;
}

REAL(int, erase_strip, struct ledger *l, const struct record *r,
    struct boxes *boxes)
{
	return armed == BUG_ERASED_RETURNS ? 0
					   : __real_erase_strip(l, r, boxes);
}

REAL(int, lease_allows, const struct ledger *l, enum kind kind)
{
	return armed == BUG_LEASE_FOR_EVER ? 0 : __real_lease_allows(l, kind);
}

/* ---- a restored centre ---- */

REAL(int, regain_seat_begin, struct session *s)
{
	return armed == BUG_NEVER_REPUSH ? 0 : __real_regain_seat_begin(s);
}

REAL(int, feed_agrees, struct ledger *l, const struct id *seat, uint64_t n,
    const struct hash *chain)
{
	return armed == BUG_BARE_CURSOR && n > 0
		   ? 1
		   : __real_feed_agrees(l, seat, n, chain);
}

/* The centre forgets that it is recovering. */
REAL(int, regain_node_pump, struct session *s)
{
	if (armed == BUG_EARLY_LEASE)
		s->l->is_recovering = false;
	return __real_regain_node_pump(s);
}

/* Whatever the defect: while a recovery is open no key leaves the centre. */
static void judge_key(void)
{
	if (sim && sim_is_recovering(sim))
		sim_fail(sim, "I3", "a lease before the recovery is closed");
}

REAL(void, wire_keys, struct buf *out, const struct msg_keys *m)
{
	judge_key();
	__real_wire_keys(out, m);
}

REAL(void, wire_leases, struct buf *out, const struct msg_leases *m)
{
	judge_key();
	__real_wire_leases(out, m);
}

REAL(int, ring_offer, struct hash *kid, struct ring *ring,
    const struct id *stream, const struct secret *key)
{
	if (armed != BUG_KID_UNCHECKED)
		return __real_ring_offer(kid, ring, stream, key);
	return ring_put(ring, stream, key, kid);
}

/* One seat in three brings a key of its own making along. */
REAL(void, wire_hold, struct buf *out, const struct msg_hold *m)
{
	struct msg_hold more = *m;
	struct buf keys = {0};
	uint8_t evil[32];

	buf_add(&keys, m->keys, (size_t)m->count * 32);
	if (m->count < WIRE_KEYS_MAX && sim_draw(sim, 3) == 0) {
		sim_evil_key(evil);
		buf_add(&keys, evil, sizeof(evil));
		more.count++;
	}
	more.keys = keys.data;
	__real_wire_hold(out, &more);
	buf_fini(&keys);
}
