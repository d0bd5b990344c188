/* regain_node.c - the centre takes back what terminals kept. */
#include "sync/regain.h"

#include "core/err.h"
#include "keys/hash.h"
#include "sync/backup_impl.h"
#include "sync/feed.h"
#include "sync/order.h"
#include "sync/rollback.h"
#include "sync/salvage.h"
#include "sync/session_impl.h"

#include <string.h>

static void will_tell(struct session *s, uint64_t taken)
{
	if (taken > s->regain.taken)
		s->regain.taken = taken;
	s->regain.owes_taken = true;
}

void regain_bring(struct regain *regain, const void *msg, size_t n)
{
	const struct part parts[] = {
	    {regain->brought.b, sizeof(regain->brought.b)}, {msg, n}};
	struct hash next;

	hash_prefixed(&next, PREFIX_BROUGHT, parts, 2);
	regain->brought = next;
}

/* All that was brought came, or the session begins again. */
static int end_of_it(struct session *s, const struct hash *brought)
{
	if (hash_cmp(brought, &s->regain.brought) != 0)
		return err_set(ERR_PROTOCOL, "something brought is missing");
	will_tell(s, INT53_MAX);
	return 0;
}

static int show(struct session *s, const void *data, size_t n)
{
	struct msg_show m;
	int r = wire_read_show(&m, data, n);

	if (r < 0)
		return r;
	if (m.len == 0)
		return end_of_it(s, &m.brought);
	regain_bring(&s->regain, data, n);
	r = salvage_show(s->l, m.note, m.len);
	return r == ERR_FORK ? 0 : r; /* evidence against the lost centre */
}

static int hold(struct session *s, const void *data, size_t n)
{
	struct msg_hold m;
	struct secret *key;
	int r = wire_read_hold(&m, data, n);

	for (uint32_t i = 0; r == 0 && i < m.count; i++) {
		key = secret_dup(m.keys + (size_t)i * 32, SECRET_KEY);
		r = salvage_key(s->l, &m.stream, key);
		secret_free(&key);
	}
	return r;
}

/* What the peer's chain is, with what waits of it. */
static int walk(struct session *s)
{
	return salvage_walk(s->l, &s->peer, &s->regain.head);
}

static int offer(struct session *s, const void *data, size_t n)
{
	struct msg_offer m;
	struct old_proof proof;
	struct offer o = {.old = -1};
	struct id seat;
	uint64_t seq;
	int r = wire_read_offer(&m, data, n);

	if (r < 0)
		return r;
	o.in = wire_incoming(&m.give);
	o.old = place_old(m.incarnation, m.pos);
	proof = (struct old_proof){m.leaf, m.size, m.path};
	o.proof = m.has_proof ? &proof : NULL;
	if ((r = salvage_park(s->l, &o)) < 0)
		return r;
	seat = s->l->rec.seat;
	seq = s->l->rec.seq;
	will_tell(s, (uint64_t)o.old);
	if (id_cmp(&seat, &s->peer) == 0) {
		s->owes_receipt = true;
		if (seq > s->peer_seq)
			s->peer_seq = seq;
	}
	return s->l->is_recovering ? walk(s) : salvage_try(s->l, &seat, seq);
}

int regain_node_give(struct session *s, const struct msg_give *m)
{
	const struct offer o = {.in = wire_incoming(m), .old = -1};
	int r = record_read(&s->l->rec, m->frame, m->frame_len);

	if (r < 0)
		return r;
	if (id_cmp(&s->l->rec.seat, &s->peer) != 0)
		return err_set(ERR_PROTOCOL, "somebody else's record");
	r = chain_follows(&s->regain.head, &s->l->rec);
	if (r == ERR_GAP)
		return node_welcome(s);
	if (r < 0 && r != ERR_STALE)
		return r;
	if (s->l->rec.seq > s->peer_seq)
		s->peer_seq = s->l->rec.seq;
	s->owes_receipt = true;
	r = salvage_park(s->l, &o);
	return r < 0 ? r : walk(s);
}

static int prove(struct session *s, const void *data, size_t n)
{
	struct msg_proof proof;
	struct msg_prove m;
	int r = wire_read_prove(&m, data, n);

	for (uint32_t i = 0; r == 0 && i < m.count; i++) {
		proof.size = m.size;
		r = order_leaf(&proof.leaf, s->l, m.pos[i]);
		if (r == 0)
			r = order_prove(&proof.path, s->l, m.pos[i], m.size);
		if (r == 0) {
			wire_proof(&s->out, &proof);
			session_send(s);
		}
	}
	return r == ERR_NOT_FOUND || r == ERR_INVALID
		   ? err_set(ERR_PROTOCOL, "a place that there is not")
		   : r;
}

/* The branch of a seat whose disk was copied or put back: kept whole. */
static int branch(struct session *s, const void *data, size_t n)
{
	struct msg_give m;
	struct incoming in;
	int r = wire_read_give(&m, data, n);

	if (r < 0)
		return r;
	in = wire_incoming(&m);
	return ledger_keep_branch(s->l, &in);
}

int regain_node_message(
    struct session *s, enum msg msg, const void *data, size_t n)
{
	int r = ledger_begin(s->l);

	if (r < 0)
		return r;
	switch ((int)msg) {
	case MSG_SHOW:
		return show(s, data, n);
	case MSG_HOLD:
		regain_bring(&s->regain, data, n);
		return hold(s, data, n);
	case MSG_OFFER:
		regain_bring(&s->regain, data, n);
		return offer(s, data, n);
	case MSG_PROVE:
		return prove(s, data, n);
	case MSG_BRANCH:
		regain_bring(&s->regain, data, n);
		return branch(s, data, n);
	default:
		return err_set(ERR_PROTOCOL, "not for the centre");
	}
}

int regain_node_pump(struct session *s)
{
	int r;

	if (!s->regain.was_recovering || s->l->is_recovering || s->l->in_txn)
		return 0;
	s->regain.was_recovering = false;
	if (s->gives_only)
		return node_welcome(s);
	if ((r = ledger_begin(s->l)) < 0)
		return r;
	if ((r = feed_restart(s->l, &s->peer)) < 0) {
		ledger_rollback(s->l);
		return r;
	}
	if ((r = ledger_commit(s->l)) < 0)
		return r;
	s->fed = s->took = 0;
	s->owes_checkpoint = true;
	return node_welcome(s);
}

void regain_node_committed(struct session *s)
{
	if (!s->regain.owes_taken)
		return;
	s->regain.owes_taken = false;
	wire_number(&s->out, MSG_TAKEN, s->regain.taken);
	session_send(s);
	s->regain.taken = 0;
}

static int load_parked_head(struct session *s)
{
	uint64_t lamport;
	int r = ledger_load_head(s->l, &s->peer, &s->regain.head, &lamport);

	return r < 0 ? r : walk(s);
}

/* One parked record of the peer's, the one that its chain says. */
static int give_back_one(struct session *s, uint64_t seq)
{
	struct stmt *q = store_query(s->l->cfg.store, Q_SALVAGE_OWN);
	struct msg_record m = {
	    .leaf = {.pos = REGAIN_NO_PLACE, .seat = s->peer, .seq = seq}};
	const void *boxes;
	size_t n;
	int r;

	stmt_bind_id(q, ":seat", &s->peer);
	stmt_bind_int(q, ":seq", (int64_t)seq);
	if ((r = stmt_step(q)) == 1) {
		stmt_hash(&m.leaf.record, q, 0);
		m.give.frame = stmt_blob(q, 1, &m.give.frame_len);
		m.give.seals = stmt_blob(q, 2, &m.give.seals_len);
		boxes = stmt_blob(q, 3, &n);
		r = backup_boxes(&m.give.boxes, &m.give, boxes, n);
		m.leaf.count = m.give.boxes.count;
		if (r == 0) {
			wire_record(&s->out, &m);
			session_send(s);
			r = 1;
		}
	}
	stmt_reset(q);
	return r;
}

int regain_node_give_back(struct session *s)
{
	int r = s->l->is_recovering ? load_parked_head(s) : 0;

	while (
	    r == 0 && s->l->is_recovering && s->peer_seq < s->regain.head.seq) {
		r = give_back_one(s, s->peer_seq + 1);
		if (r == 1) {
			s->peer_seq++;
			r = 0;
		} else if (r == 0) {
			break;
		}
	}
	return r;
}

int regain_node_tell(struct session *s)
{
	int64_t size = 0;
	int r = store_meta_get_int(s->l->cfg.store, LEDGER_BACKED, 0, &size);

	if (r < 0 || (uint64_t)size <= s->regain.told_backup)
		return r;
	s->regain.told_backup = (uint64_t)size;
	wire_number(&s->out, MSG_BACKED, (uint64_t)size);
	session_send(s);
	return 0;
}
