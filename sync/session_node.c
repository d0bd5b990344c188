/* session_node.c - the centre's side: takes records, gives the feed. */
#include "core/err.h"
#include "sync/branch.h"
#include "sync/feed.h"
#include "sync/order.h"
#include "sync/salvage.h"
#include "sync/session_impl.h"
#include "sync/wire_bulk.h"

#include <string.h>

/* And, to whom something is fed, that the order grew from what it knows. */
static int send_welcome(
    struct session *s, const struct chain_head *head, enum welcome_feed feed)
{
	struct msg_welcome m = {.node = s->l->cfg.me->seat,
	    .seq = head->seq,
	    .record = head->name.hash,
	    .feed = (uint8_t)feed,
	    .size = s->l->seen.size,
	    .now_s = env_now_s(s->l->cfg.env)};

	wire_welcome_signed(&s->out, &m);
	session_bind(m.signature, s, 'N', s->l->cfg.me->sign);
	wire_welcome(&s->out, &m);
	session_send(s);
	return feed == WELCOME_ANEW || feed == WELCOME_CONTINUES ? bulk_basis(s)
								 : 0;
}

/* The newest record of the peer's; while recovering, with what waits. */
static int load_peer(struct session *s)
{
	uint64_t lamport;
	int r = ledger_load_head(s->l, &s->peer, &s->regain.head, &lamport);

	if (r == 0 && s->l->is_recovering)
		r = salvage_walk(s->l, &s->peer, &s->regain.head);
	return r;
}

static enum welcome_feed feed_for(const struct session *s, bool goes_on)
{
	if (s->l->is_recovering)
		return WELCOME_RECOVERING;
	if (s->gives_only)
		return WELCOME_GIVES;
	return goes_on ? WELCOME_CONTINUES : WELCOME_ANEW;
}

int node_welcome(struct session *s)
{
	int r = load_peer(s);

	return r < 0
		   ? r
		   : send_welcome(s, &s->regain.head, feed_for(s, s->fed > 0));
}

static int send_receipt(struct session *s)
{
	const struct chain_head *head = &s->regain.head;
	struct msg_receipt m = {.seat = s->peer};
	struct buf text = {0};
	int r = load_peer(s);

	if (r < 0 || head->seq == 0)
		return r;
	m.seq = head->seq;
	m.record = head->name.hash;
	session_receipt_text(&text, s, &m);
	sign_detached(m.signature, s->l->cfg.me->sign, text.data, text.len);
	buf_fini(&text);
	wire_receipt(&s->out, &m);
	session_send(s);
	return 0;
}

static int check_hello(struct session *s, const struct msg_hello *m)
{
	struct seat_grant grant;
	int r = ledger_load_grant(s->l, &m->seat, &grant);

	if (r < 0)
		return r;
	wire_hello_signed(&s->out, m);
	if (!session_is_bound(s, 'T', m->signature, grant.sign_pk))
		return err_set(ERR_SIGNATURE, "hello");
	memcpy(s->peer_pk, grant.sign_pk, sizeof(s->peer_pk));
	s->gives_only = grant.until_pos >= 0;
	return 0;
}

/* What the welcome names of the peer's chain: its newest; but where it says
 * to have another record at its own end than we, ours of that place, so that
 * it sees that it has gone two ways before it gives or takes anything. */
static int meet(
    struct chain_head *out, struct session *s, const struct msg_hello *m)
{
	struct stmt *q;
	struct hash have;
	int r;

	*out = s->regain.head;
	if (m->seq == 0 || m->seq >= out->seq)
		return 0;
	q = store_query(s->l->cfg.store, Q_RECORD_GET);
	stmt_bind_id(q, ":seat", &m->seat);
	stmt_bind_int(q, ":seq", (int64_t)m->seq);
	if ((r = stmt_step(q)) == 1 && stmt_hash(&have, q, 0) &&
	    hash_cmp(&have, &m->record) != 0)
		*out = (struct chain_head){m->seq, {.hash = have}};
	stmt_reset(q);
	return r < 0 ? r : 0;
}

static int hello(struct session *s, const void *data, size_t n)
{
	struct chain_head head;
	struct msg_hello m;
	int r, agrees;

	if (s->is_open)
		return err_set(ERR_PROTOCOL, "a second hello");
	if ((r = wire_read_hello(&m, data, n)) < 0 ||
	    (r = check_hello(s, &m)) < 0 || (r = ledger_begin(s->l)) < 0)
		return r;
	s->peer = m.seat;
	if ((r = load_peer(s)) < 0 || (r = meet(&head, s, &m)) < 0)
		return r;
	if ((agrees = feed_agrees(s->l, &m.seat, m.feed, &m.chain)) < 0)
		return agrees;
	s->regain.was_recovering = s->l->is_recovering;
	if (!agrees && !s->gives_only && !s->l->is_recovering &&
	    (r = feed_restart(s->l, &m.seat)) < 0)
		return r;
	s->peer_seq = m.seq;
	s->peer_unsent = m.unsent;
	s->told_size = m.size;
	s->fed = s->took = agrees ? m.feed : 0;
	s->owes_checkpoint = true;
	s->owes_receipt = true;
	s->is_open = true;
	return send_welcome(s, &head, feed_for(s, agrees));
}

static int give(struct session *s, const void *data, size_t n)
{
	struct msg_give m;
	struct incoming in;
	int r = wire_read_give(&m, data, n);

	if (r < 0 || (r = ledger_begin(s->l)) < 0)
		return r;
	if (s->l->is_recovering)
		return regain_node_give(s, &m);
	if ((r = record_read(&s->l->rec, m.frame, m.frame_len)) < 0)
		return r;
	if (id_cmp(&s->l->rec.seat, &s->peer) != 0)
		return err_set(ERR_NOT_PERMITTED, "a record of another seat");
	in = wire_incoming(&m);
	in.is_of_batch = true;
	in.checked = s->checked;
	r = ledger_receive(s->l, &in);
	if (r == 0) {
		s->owes_receipt = true;
		if (s->l->rec.seq > s->peer_seq)
			s->peer_seq = s->l->rec.seq;
		return s->owes_forget ? node_forget(s) : 0;
	}
	if (r != ERR_GAP)
		return r;
	/* Each costs a signature; an honest seat makes a window of them. */
	if (++s->gaps > SESSION_GAPS_MAX)
		return err_set(ERR_PROTOCOL, "holes without end");
	r = load_peer(s);
	return r < 0 ? r : send_welcome(s, &s->regain.head, feed_for(s, true));
}

static int took(struct session *s, const void *data, size_t n)
{
	uint64_t upto;
	int r = wire_read_number(&upto, data, n);

	if (r < 0)
		return r;
	if (upto < s->took || upto > s->fed)
		return err_set(ERR_PROTOCOL, "took what was not fed");
	s->took = upto;
	s->owes_forget = true;
	return 0;
}

int node_forget(struct session *s)
{
	int r = ledger_begin(s->l);

	s->owes_forget = false;
	return r < 0 ? r : feed_took(s->l, &s->peer, s->took);
}

int node_message(struct session *s, enum msg msg, const void *data, size_t n)
{
	if (msg != MSG_HELLO && !s->is_open)
		return err_set(ERR_PROTOCOL, "before hello");
	switch ((int)msg) {
	case MSG_HELLO:
		return hello(s, data, n);
	case MSG_GIVE:
		return give(s, data, n);
	case MSG_TOOK:
		return took(s, data, n);
	case MSG_ASK:
		return bulk_asked(s, data, n);
	case MSG_PRESENCE:
		return presence_take(s, data, n);
	default:
		return regain_node_message(s, msg, data, n);
	}
}

/* ---- the feed ---- */

/* Boxes of its own that a backup covers may have gone with a patient. */
static int may_be_bare(struct session *s, uint64_t pos)
{
	int64_t backed = 0;
	int r = store_meta_get_int(s->l->cfg.store, LEDGER_BACKED, 0, &backed);

	return r < 0 ? r : pos < (uint64_t)backed;
}

/* n = 0: part of an item, or a record that its own seat has lost. */
static int send_record(struct session *s, struct msg_record *m, bool is_part)
{
	const struct leaf *leaf = &m->leaf;
	struct parcel p = {0};
	bool is_own = id_cmp(&leaf->seat, &s->peer) == 0;
	bool has_lost = is_own && leaf->seq > s->peer_seq;
	int r = leaf->pos < s->basis.size ? 0 : bulk_basis(s);

	if (r == 0)
		r = is_own && !has_lost ? may_be_bare(s, leaf->pos) : 1;
	if (r == 1) {
		r = parcel_load(&p, s->l, &leaf->seat, leaf->seq,
		    has_lost ? NULL : &s->peer);
		m->give = p.give;
	}
	if (r == 0) {
		(is_part ? wire_part : wire_record)(&s->out, m);
		session_send(s);
	}
	parcel_fini(&p);
	return r;
}

int node_send_record(
    struct session *s, const struct msg_record *as, bool is_part)
{
	struct msg_record m = {.n = as->n};
	int r = order_leaf(&m.leaf, s->l, as->leaf.pos);

	return r < 0 ? r : send_record(s, &m, is_part);
}

static int add_key(void *ctx, const struct hash *kid, const struct secret *key)
{
	(void)kid;
	buf_add(ctx, key->bytes, SECRET_KEY);
	return 0;
}

static int send_keys(struct session *s, const struct feed_item *item)
{
	struct msg_keys m = {.n = item->n, .stream = item->stream};
	struct buf keys = {0};
	int r = ring_each(s->l->ring, &item->stream, add_key, &keys);

	if (r == 0) {
		size_t count = keys.len / SECRET_KEY;
		size_t skip = count > WIRE_KEYS_MAX ? count - WIRE_KEYS_MAX : 0;
		m.count = (uint32_t)(count - skip);
		m.keys = keys.data + skip * SECRET_KEY;
		wire_keys(&s->out, &m);
		session_send(s);
	}
	secret_wipe(keys.data, keys.len);
	buf_fini(&keys);
	return r;
}

int node_send_item(struct session *s, const struct feed_item *item)
{
	struct msg_withdraw m = {item->n, item->stream};
	struct msg_record as = {.n = item->n};

	switch (item->what) {
	case FEED_RECORD:
		as.leaf.pos = item->pos;
		return node_send_record(s, &as, false);
	case FEED_STREAM:
		return bulk_send(s, item, 1);
	case FEED_KEYS:
		return send_keys(s, item);
	case FEED_WITHDRAW:
		wire_withdraw(&s->out, &m);
		session_send(s);
		return 0;
	}
	return ERR_DAMAGED;
}

/* Where the list is long: how far it goes, so that a person sees how much is
 * to come. */
static int tell_owed(struct session *s)
{
	uint64_t end = 0;
	int r = feed_end(&end, s->l, &s->peer);

	if (r == 0 && end > s->owed) {
		s->owed = end;
		wire_number(&s->out, MSG_OWED, end);
		session_send(s);
	}
	return r;
}

/* 1 when there is nothing left to feed. */
static int feed_more(struct session *s)
{
	struct feed_item items[SESSION_FEED_BATCH];
	size_t before = s->sent;
	int n = 1, r;

	while (s->fed - s->took < SESSION_FEED_WINDOW &&
	       s->sent - before < SESSION_FEED_BYTES) {
		n = feed_read(
		    items, s->l, &s->peer, s->fed, (int)ARRAY_LEN(items));
		if (n <= 0)
			break;
		if (n == SESSION_FEED_BATCH && (r = tell_owed(s)) < 0)
			return r;
		if ((r = bulk_send(s, items, n)) < 0)
			return r;
		s->fed = items[n - 1].n;
		s->owes_checkpoint = true;
	}
	return n < 0 ? n : n == 0;
}

static int send_checkpoint(struct session *s)
{
	struct msg_checkpoint m;
	struct buf note = {0}, proof = {0};
	uint64_t size;
	int r = order_tell(&note, &proof, &size, s->l, s->told_size);

	if (r == 0 && note.len > 0) {
		m = (struct msg_checkpoint){
		    note.data, note.len, proof.data, proof.len};
		wire_checkpoint(&s->out, &m);
		session_send(s);
		s->told_size = size;
	}
	buf_fini(&note);
	buf_fini(&proof);
	if (r == 0) {
		s->owes_checkpoint = false;
		r = regain_node_tell(s);
	}
	return r;
}

/* Place of a record of the peer's own; 0 when there is none. */
static int place_of(struct session *s, uint64_t seq, uint64_t *pos)
{
	struct stmt *q = store_query(s->l->cfg.store, Q_RECORD_GET);
	int r;

	stmt_bind_id(q, ":seat", &s->peer);
	stmt_bind_int(q, ":seq", (int64_t)seq);
	if ((r = stmt_step(q)) == 1)
		*pos = (uint64_t)stmt_int(q, 3);
	stmt_reset(q);
	return r;
}

/* A seat that lost a tail of its disk gets its own records back before
 * anything else, some at a time: the rest when these are on their way. 1
 * when there are more. */
static int give_back(struct session *s)
{
	struct msg_record m;
	uint64_t pos = 0;
	int r;

	for (int i = 0; i < SESSION_GIVE_WINDOW; i++) {
		if ((r = place_of(s, s->peer_seq + 1, &pos)) != 1)
			return r;
		m = (struct msg_record){.n = 0};
		if ((r = order_leaf(&m.leaf, s->l, pos)) < 0 ||
		    (r = send_record(s, &m, false)) < 0)
			return r;
		s->peer_seq++;
	}
	return 1;
}

/* What is durable is said; after all that the seat itself has lost. */
static int settle_receipt(struct session *s)
{
	int r = give_back(s);

	if (r != 0)
		return r < 0 ? r : 0;
	if ((r = regain_node_give_back(s)) < 0)
		return r;
	if ((r = send_receipt(s)) == 0) {
		s->owes_receipt = false;
		s->receipts++;
	}
	return r;
}

int node_pump(struct session *s)
{
	int r = regain_node_pump(s);

	s->is_woken = s->has_more = false;
	if (r == 0 && !s->l->in_txn && s->owes_receipt) {
		r = settle_receipt(s);
		s->is_woken = s->has_more = s->owes_receipt;
		if (r == 0 && s->owes_receipt)
			return 0; /* more of its own comes first */
	}
	/* What another session brought and is not durable is not fed. */
	if (r < 0 || s->gives_only || s->l->is_recovering || s->l->in_txn) {
		s->is_woken = s->l->in_txn;
		return r;
	}
	r = feed_more(s);
	s->has_more = r == 0 && s->fed - s->took < SESSION_FEED_WINDOW;
	s->is_woken = s->has_more;
	if (r != 1 || s->took != s->fed)
		return r < 0 ? r : 0;
	/* Before the checkpoint, which says that this was all. */
	if ((r = branch_give(s)) < 0)
		return r;
	return s->owes_checkpoint ? send_checkpoint(s) : bulk_lease(s);
}

/* An error shows again in the next pump, which can say so. */
void node_committed(struct session *s)
{
	if (s->is_open)
		regain_node_committed(s);
	if (s->is_open && s->owes_receipt && settle_receipt(s) < 0)
		s->owes_receipt = true;
	s->is_woken = s->is_woken || s->owes_receipt;
}
