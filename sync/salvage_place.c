/* salvage_place.c - parked records get their places: all of them when the
 * recovery is closed, later ones as they come. */
#include "core/err.h"
#include "keys/ring.h"
#include "sync/ledger_impl.h"
#include "sync/rollback.h"
#include "sync/salvage.h"
#include "sync/wire.h"

#include <stdlib.h>

/* One parked record, copied out of the store. */
struct parked {
	int64_t n;
	struct buf frame, seals, boxes;
	struct boxes list;
	struct old_proof proof;
	int64_t old;
	bool has_proof;
	struct id seat;
	uint64_t seq;
	struct hash hash;
};

static void parked_fini(struct parked *p)
{
	buf_fini(&p->frame);
	buf_fini(&p->seals);
	buf_fini(&p->boxes);
}

static void copy(struct buf *to, const struct stmt *s, int col)
{
	size_t n;
	const void *data = stmt_blob(s, col, &n);

	buf_clear(to);
	buf_add(to, data, n);
}

static void read_proof(struct parked *p, const struct stmt *s)
{
	size_t n;
	const void *leaf = stmt_blob(s, 4, &n);
	struct reader in = reader_of(leaf, n);

	p->has_proof = false;
	if (stmt_is_null(s, 4) || wire_read_leaf(&p->proof.leaf, &in) < 0)
		return;
	p->proof.size = (uint64_t)stmt_int(s, 5);
	const void *path = stmt_blob(s, 6, &n);
	in = reader_of(path, n);
	p->has_proof = merkle_proof_read(&p->proof.path, &in) == 0;
}

static int load(struct parked *p, struct ledger *l, int64_t n)
{
	struct stmt *s = store_query(l->cfg.store, Q_SALVAGE_GET);
	int r;

	stmt_bind_int(s, ":n", n);
	if ((r = stmt_step(s)) == 1) {
		p->n = n;
		copy(&p->frame, s, 0);
		copy(&p->seals, s, 1);
		copy(&p->boxes, s, 2);
		p->old = stmt_is_null(s, 3) ? -1 : stmt_int(s, 3);
		read_proof(p, s);
		stmt_id(&p->seat, s, 7);
		p->seq = (uint64_t)stmt_int(s, 8);
		stmt_hash(&p->hash, s, 9);
		r = 0;
	} else if (r == 0) {
		r = ERR_NOT_FOUND;
	}
	stmt_reset(s);
	if (r == 0)
		r = record_read(&l->rec, p->frame.data, p->frame.len);
	if (r == 0)
		r = boxes_read(
		    &p->list, l->rec.count, p->boxes.data, p->boxes.len);
	return r;
}

static int drop(struct ledger *l, int64_t n)
{
	struct stmt *s = store_query(l->cfg.store, Q_SALVAGE_DROP);

	stmt_bind_int(s, ":n", n);
	return stmt_run(s);
}

/* Is there a signed checkpoint of the lost order that the path leads to? */
static int is_covered(struct ledger *l, const struct parked *p)
{
	const struct leaf *leaf = &p->proof.leaf;
	struct merkle_leaf in_tree = {.record = leaf->record,
	    .seat = leaf->seat,
	    .seq = leaf->seq,
	    .node_s = leaf->node_s};
	struct stmt *s = store_query(l->cfg.store, Q_OLD_CHECKPOINT_OF);
	struct merkle_tree tree = {.size = p->proof.size};
	struct buf inc = {0};
	struct hash hash;
	bool ok = false;
	int r;

	merkle_verdicts(&in_tree.verdicts, leaf->verdicts, leaf->count);
	merkle_leaf_hash(&hash, &in_tree);
	buf_u64(&inc, place_incarnation(p->old));
	stmt_bind_blob(s, ":incarnation", inc.data, inc.len);
	stmt_bind_int(s, ":size", (int64_t)tree.size);
	while ((r = stmt_step(s)) == 1 && !ok)
		ok = stmt_hash(&tree.root, s, 0) &&
		     merkle_has_leaf(
			 &tree, place_pos(p->old), &hash, &p->proof.path) &&
		     salvage_is_signed(l, stmt_text(s, 1));
	stmt_reset(s);
	buf_fini(&inc);
	return r < 0 ? r : ok;
}

/* The proof's leaf speaks of this record, and the proof holds. */
static int covers(struct ledger *l, const struct parked *p)
{
	if (!p->has_proof || p->old < 0 ||
	    p->proof.leaf.pos != place_pos(p->old) ||
	    id_cmp(&p->proof.leaf.seat, &p->seat) != 0 ||
	    p->proof.leaf.seq != p->seq || p->proof.leaf.count != l->rec.count)
		return 0;
	return is_covered(l, p);
}

/* Every body can be read. */
static bool is_complete(struct ledger *l, const struct parked *p)
{
	const struct secret *key;

	for (uint32_t i = 0; i < l->rec.count; i++) {
		const struct record_entry *e = &l->rec.entries[i];
		if (p->list.len[i] == 0)
			return false;
		if (e->mode == MODE_STREAM &&
		    ring_get(&key, l->ring, &e->stream, &e->kid) < 0)
			return false;
	}
	return true;
}

static bool is_fatal(int r)
{
	return r == ERR_IO || r == ERR_NO_MEMORY || r == ERR_NO_SPACE ||
	       r == ERR_DAMAGED;
}

/* A record that is here names this one as the one before it: the lost centre
 * had both. */
static int is_named(struct ledger *l, const struct parked *p)
{
	int r = ledger_load_record(l, &p->seat, p->seq + 1);

	if (r < 0)
		return r == ERR_NOT_FOUND ? 0 : r;
	return hash_cmp(&l->loaded.prev, &p->hash) == 0;
}

/* Is something of l->rec's seat missing before it? */
static int is_behind_gap(struct ledger *l)
{
	struct chain_head head;
	uint64_t lamport;
	int r = ledger_load_head(l, &l->rec.seat, &head, &lamport);

	return r < 0 ? r : l->rec.seq > head.seq + 1;
}

/* 1 when it got its place (or is a branch that is kept as one), 0 when it
 * must wait. */
static int place(struct ledger *l, struct parked *p, bool by_proof)
{
	struct incoming in = {.frame = p->frame.data,
	    .frame_len = p->frame.len,
	    .seals = p->seals.data,
	    .seals_len = p->seals.len,
	    .boxes = &p->list};
	int r = covers(l, p), gap = is_behind_gap(l);

	if (r == 0)
		r = is_named(l, p);
	if (r < 0 || gap < 0)
		return r < 0 ? r : gap;
	in.covered = r == 1 ? &p->proof.leaf : NULL;
	if (gap && !(in.covered && by_proof))
		return 0;
	r = ledger_receive(l, &in);
	if (r == 0 || r == ERR_FORK) {
		r = drop(l, p->n);
		return r < 0 ? r : 1;
	}
	return is_fatal(r) ? r : 0;
}

/* ---- all of them ---- */

/* Once over everything that waits, in the old order; what got a place is
 * taken off the list. With by_proof it stops after the first. */
static int pass(struct ledger *l, struct stmt_ints *list, bool by_proof)
{
	struct parked p = {0};
	int r = 0, placed = 0;

	for (size_t i = 0; r >= 0 && i < list->n; i++) {
		if (list->items[i] < 0)
			continue;
		r = load(&p, l, list->items[i]);
		if (r == 0)
			r = place(l, &p, by_proof);
		if (r == 1) {
			list->items[i] = -1;
			placed++;
			if (by_proof)
				break;
		}
	}
	parked_fini(&p);
	return r < 0 ? r : placed;
}

static int place_all(struct salvage_report *out, struct ledger *l)
{
	struct stmt_ints list = {0};
	int r = stmt_ints(&list, store_query(l->cfg.store, Q_SALVAGE_ORDER));

	while (r >= 0) {
		r = pass(l, &list, false);
		out->placed += r > 0 ? (uint64_t)r : 0;
		if (r != 0)
			continue;
		if ((r = pass(l, &list, true)) <= 0)
			break;
		out->placed++;
		out->covered++;
	}
	for (size_t i = 0; i < list.n; i++)
		out->waiting += list.items[i] >= 0;
	free(list.items);
	return r;
}

int salvage_close(struct salvage_report *out, struct ledger *l)
{
	struct salvage_report report = {0};
	int r = ledger_begin(l);

	if (r == 0)
		r = place_all(&report, l);
	if (r == 0)
		r = store_meta_set_int(l->cfg.store, LEDGER_RECOVERING, 0);
	if (r == 0) {
		r = ledger_commit(l);
	} else {
		ledger_rollback(l);
	}
	if (r < 0)
		return r;
	l->is_recovering = false;
	l->has_salvage = report.waiting > 0;
	*out = report;
	return 0;
}

/* ---- one that came late ---- */

static int try_number(struct ledger *l, const struct id *seat, uint64_t seq)
{
	struct stmt *s = store_query(l->cfg.store, Q_SALVAGE_OF);
	struct parked p = {0};
	struct stmt_ints list = {0};
	int r, placed = 0;

	stmt_bind_id(s, ":seat", seat);
	stmt_bind_int(s, ":seq", (int64_t)seq);
	r = stmt_ints(&list, s);
	for (size_t i = 0; r >= 0 && i < list.n; i++) {
		if ((r = load(&p, l, list.items[i])) < 0)
			break;
		r = is_complete(l, &p) ? place(l, &p, true) : 0;
		placed |= r == 1;
	}
	parked_fini(&p);
	free(list.items);
	return r < 0 ? r : placed;
}

int salvage_try(struct ledger *l, const struct id *seat, uint64_t seq)
{
	const struct id who = *seat;
	int r = 1;

	if (l->is_recovering)
		return 0;
	while (r == 1)
		r = try_number(l, &who, seq++);
	return r;
}
