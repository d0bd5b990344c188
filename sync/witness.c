/*
 * witness.c - a terminal's proofs of what the centre has signed, asked for
 * when nothing else is under way: for a restore of the centre, and because a
 * short feed tells places and verdicts without proof.
 */
#include "sync/witness.h"

#include "core/err.h"
#include "sync/ledger_more.h"
#include "sync/regain.h"
#include "sync/session_impl.h"
#include "sync/wire_restore.h"

#define UPTO "witness.upto" /* places below were all asked for */

/* The first place to ask about: of the newest ones, and of all that came
 * since it asked last, however long it had no time. That there is a backup
 * is only the centre's word: it counts for what was asked for. */
static int first_place(int64_t *out, struct store *store, int64_t size)
{
	int64_t from = 0, upto = 0, newest = size - WITNESS_PLACES;
	int r = store_meta_get_int(store, LEDGER_BACKED, 0, &from);

	if (r == 0)
		r = store_meta_get_int(store, UPTO, -1, &upto);
	if (r < 0)
		return r;
	if (upto >= 0 && newest > upto)
		newest = upto;
	if (from > upto)
		from = upto; /* -1: nothing was asked for */
	*out = from > newest ? from : newest;
	return 0;
}

static int next_unproved(struct session *s, struct msg_prove *m)
{
	struct stmt *q = store_query(s->l->cfg.store, Q_WITNESS_NEXT);
	int64_t from;
	int r;

	m->size = s->l->base.size;
	r = first_place(&from, s->l->cfg.store, (int64_t)m->size);
	if (r < 0)
		return r;
	if (from < (int64_t)s->regain.proved)
		from = (int64_t)s->regain.proved;
	stmt_bind_int(q, ":from", from);
	stmt_bind_int(q, ":size", (int64_t)m->size);
	stmt_bind_int(q, ":most", WIRE_PROVE_MAX);
	while ((r = stmt_step(q)) == 1)
		m->pos[m->count++] = (uint64_t)stmt_int(q, 0);
	return r;
}

static int note_upto(struct session *s, uint64_t size)
{
	int r = ledger_begin(s->l);

	if (r == 0)
		r = store_meta_set_int(s->l->cfg.store, UPTO, (int64_t)size);
	if (r == 0)
		return ledger_commit(s->l);
	ledger_rollback(s->l);
	return r;
}

int regain_seat_prove(struct session *s)
{
	struct msg_prove m = {.count = 0};
	int r;

	if (!s->is_quiet) {
		s->regain.quiet_ms = s->now_ms;
		return 0;
	}
	if (s->regain.asked > 0 || s->regain.proved >= s->l->base.size ||
	    s->now_ms - s->regain.quiet_ms < WITNESS_QUIET_MS)
		return 0;
	if ((r = next_unproved(s, &m)) < 0)
		return r;
	if (m.count == 0) {
		s->regain.proved = m.size;
		return note_upto(s, m.size);
	}
	s->regain.asked = m.count;
	s->regain.proved = m.pos[m.count - 1] + 1;
	wire_prove(&s->out, &m);
	session_send(s);
	return 0;
}

/* The root that the centre signed for that size; ERR_NOT_FOUND. */
static int signed_root(struct session *s, struct merkle_tree *tree)
{
	struct stmt *q = store_query(s->l->cfg.store, Q_CHECKPOINT_AT);
	int r;

	stmt_bind_int(q, ":size", (int64_t)tree->size);
	if ((r = stmt_step(q)) == 1)
		r = stmt_hash(&tree->root, q, 1) ? 0 : ERR_DAMAGED;
	else if (r == 0)
		r = ERR_NOT_FOUND;
	stmt_reset(q);
	return r;
}

static bool holds(const struct msg_proof *m, const struct merkle_tree *tree)
{
	struct merkle_leaf leaf = {.record = m->leaf.record,
	    .seat = m->leaf.seat,
	    .seq = m->leaf.seq,
	    .node_s = m->leaf.node_s};
	struct hash hash;

	merkle_verdicts(&leaf.verdicts, m->leaf.verdicts, m->leaf.count);
	merkle_leaf_hash(&hash, &leaf);
	return merkle_has_leaf(tree, m->leaf.pos, &hash, &m->path);
}

static int keep(struct session *s, const struct msg_proof *m)
{
	struct stmt *q = store_query(s->l->cfg.store, Q_WITNESS_PUT);
	struct buf leaf = {0}, path = {0};
	int r;

	wire_leaf(&leaf, &m->leaf);
	merkle_proof_write(&path, &m->path);
	stmt_bind_int(q, ":pos", (int64_t)m->leaf.pos);
	stmt_bind_blob(q, ":leaf", leaf.data, leaf.len);
	stmt_bind_int(q, ":size", (int64_t)m->size);
	stmt_bind_blob(q, ":proof", path.data, path.len);
	r = stmt_run(q);
	buf_fini(&leaf);
	buf_fini(&path);
	return r;
}

/* What the feed told of this place must be what the order proves, verdicts
 * too. Where it was not, the proved verdicts count from now on; that stays,
 * whatever becomes of the session. */
static int compare(struct session *s, const struct leaf *leaf)
{
	int r = ledger_place_proved(s->l, leaf);

	if (r <= 0)
		return r;
	r = prove_distrust(s->l);
	if (r == 0)
		r = ledger_commit(s->l);
	return r < 0 ? r
		     : err_set(ERR_UNPROVED,
			   "the order does not prove what the feed told");
}

int witness_take(struct session *s, const void *data, size_t n)
{
	struct merkle_tree tree;
	struct msg_proof m;
	int r = wire_read_proof(&m, data, n);

	if (r < 0)
		return r;
	if (s->regain.asked == 0)
		return err_set(ERR_PROTOCOL, "a proof that nobody asked for");
	s->regain.asked--;
	tree.size = m.size;
	if ((r = signed_root(s, &tree)) < 0)
		return r == ERR_NOT_FOUND
			   ? err_set(ERR_PROTOCOL, "a proof of another size")
			   : r;
	if (!holds(&m, &tree))
		return err_set(ERR_SIGNATURE,
		    "the centre cannot prove a place that it gave");
	if ((r = ledger_begin(s->l)) < 0 || (r = compare(s, &m.leaf)) < 0)
		return r;
	return keep(s, &m);
}

int witness_backed(struct session *s, const void *data, size_t n)
{
	struct stmt *q;
	uint64_t size;
	int r = wire_read_number(&size, data, n);

	if (r < 0 || (r = ledger_begin(s->l)) < 0)
		return r;
	if ((r = ledger_backed(s->l, size)) < 0)
		return r;
	q = store_query(s->l->cfg.store, Q_WITNESS_DROP);
	stmt_bind_int(q, ":size", (int64_t)size);
	return stmt_run(q);
}
