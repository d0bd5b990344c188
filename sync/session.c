/* session.c - what both sides of a session share. */
#include "sync/session.h"

#include "core/err.h"
#include "core/mem.h"
#include "keys/hash.h"
#include "sync/anchor.h"
#include "sync/feed.h"
#include "sync/ledger_more.h"
#include "sync/session_impl.h"

#include <stdlib.h>
#include <string.h>

#define MARK_MS 1000 /* a receipt is written down by then */

struct session *session_new(const struct session_cfg *cfg)
{
	struct session *s = mem_new(sizeof(*s));

	s->cfg = *cfg;
	s->l = cfg->ledger;
	s->rollbacks = s->l->rollbacks;
	memcpy(s->handshake, cfg->handshake_hash, sizeof(s->handshake));
	s->now_ms = s->heard_ms = env_mono_ms(s->l->cfg.env);
	s->pinged_ms = s->swept_ms = s->now_ms;
	s->is_woken = true;
	if (!s->l->is_node)
		seat_hello(s);
	return s;
}

void session_free(struct session **session)
{
	if (!*session)
		return;
	buf_fini(&(*session)->out);
	presence_fini(&(*session)->presence);
	free((*session)->attested);
	free(*session);
	*session = NULL;
}

void session_send(struct session *s)
{
	s->cfg.send(s->cfg.ctx, s->out.data, s->out.len);
	s->sent += s->out.len;
	secret_wipe(s->out.data, s->out.len);
	buf_clear(&s->out);
}

/* The side's letter and the handshake, before the fields in s->out. */
static void bound_text(struct buf *out, const struct session *s, char side)
{
	size_t n;
	const char *prefix = prefix_bytes(&n, PREFIX_BIND);

	buf_add(out, prefix, n);
	buf_u8(out, (uint8_t)side);
	buf_add(out, s->handshake, sizeof(s->handshake));
	buf_add(out, s->out.data, s->out.len);
}

void session_bind(uint8_t out[SIGNATURE], struct session *s, char side,
    const struct secret *key)
{
	struct buf text = {0};

	bound_text(&text, s, side);
	sign_detached(out, key, text.data, text.len);
	buf_fini(&text);
	buf_clear(&s->out);
}

bool session_is_bound(struct session *s, char side,
    const uint8_t signature[SIGNATURE], const uint8_t pk[SIGN_PUBLIC])
{
	struct buf text = {0};
	bool ok;

	bound_text(&text, s, side);
	ok = sign_is_valid(signature, pk, text.data, text.len);
	buf_fini(&text);
	buf_clear(&s->out);
	return ok;
}

void session_receipt_text(
    struct buf *out, const struct session *s, const struct msg_receipt *m)
{
	anchor_signed(out, &s->l->cfg.me->org, m);
}

bool session_receipt(struct msg_receipt *out, const struct session *s)
{
	if (s->newest.seq > 0)
		*out = s->newest;
	return s->newest.seq > 0;
}

/* ---- a stored record as a message carries it ---- */

/* Keeps the boxes that the reader may have; an author may have all. */
static int withhold(struct parcel *p, struct ledger *l, const struct id *reader)
{
	int r = 1;

	for (uint32_t i = 0; reader && r >= 0 && i < l->loaded.count; i++) {
		const struct record_entry *e = &l->loaded.entries[i];
		if (e->mode == MODE_CLEAR)
			continue;
		r = feed_may_read(l, reader, &e->stream);
		if (r == 0)
			p->give.boxes.len[i] = 0;
	}
	return r < 0 ? r : 0;
}

int parcel_load(struct parcel *p, struct ledger *l, const struct id *seat,
    uint64_t seq, const struct id *reader)
{
	int r = ledger_load_raw(
	    &p->frame, &p->seals, l, &(struct ref){.seat = *seat, .seq = seq});

	if (r < 0 || (r = ledger_load_record(l, seat, seq)) < 0)
		return r;
	p->give = (struct msg_give){
	    p->frame.data, p->frame.len, p->seals.data, p->seals.len, l->boxes};
	return withhold(p, l, reader);
}

void parcel_fini(struct parcel *p)
{
	buf_fini(&p->frame);
	buf_fini(&p->seals);
}

/* ---- both sides ---- */

/* Of what the other side may claim only this reaches a person. */
static int goodbye(const void *msg, size_t n)
{
	static const int codes[] = {ERR_NOT_PERMITTED, ERR_SIGNATURE, ERR_FORK,
	    ERR_IN_USE, ERR_EXPIRED, ERR_RECEIPT};
	uint64_t number;

	if (wire_read_number(&number, msg, n) < 0)
		return ERR_PROTOCOL;
	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (number == (uint64_t)-codes[i])
			return err_set(codes[i], "the other side says so");
	/* Not this disk: a person here can only wait. */
	if (number == (uint64_t)-ERR_NO_SPACE || number == (uint64_t)-ERR_IO)
		return err_set(ERR_UNREACHABLE, "the centre's disk fails");
	return err_set(ERR_PROTOCOL, "the other side said goodbye");
}

void session_bye(struct session *s, int code)
{
	buf_clear(&s->out);
	wire_number(&s->out, MSG_BYE, (uint64_t)-code);
	session_send(s);
}

/* What this session remembers was taken back in the store. */
static bool is_void(const struct session *s)
{
	return s->rollbacks != s->l->rollbacks;
}

static int void_error(void)
{
	return err_set(ERR_IO, "the store was rolled back under a session");
}

int session_message(struct session *s, const void *msg, size_t n)
{
	enum msg kind = wire_peek(msg, n);
	uint64_t number;

	if (is_void(s))
		return void_error();
	s->heard_ms = s->now_ms;
	s->is_woken = true;
	switch (kind) {
	case MSG_NONE:
		return err_set(ERR_PROTOCOL, "unknown message");
	case MSG_PING:
		if (wire_read_number(&number, msg, n) < 0)
			return ERR_PROTOCOL;
		s->peer_unsent = number;
		wire_number(&s->out, MSG_PONG, 0);
		session_send(s);
		return 0;
	case MSG_PONG:
		presence_ponged(s);
		return wire_read_number(&number, msg, n);
	case MSG_BYE:
		return goodbye(msg, n);
	case MSG_HELLO:
	case MSG_WELCOME:
	case MSG_GIVE:
	case MSG_RECEIPT:
	case MSG_RECORD:
	case MSG_KEYS:
	case MSG_WITHDRAW:
	case MSG_CHECKPOINT:
	case MSG_TOOK:
	case MSG_SHOW:
	case MSG_HOLD:
	case MSG_OFFER:
	case MSG_TAKEN:
	case MSG_PROVE:
	case MSG_PROOF:
	case MSG_BACKED:
	case MSG_BRANCH:
	case MSG_BASIS:
	case MSG_ATTEST:
	case MSG_LEASES:
	case MSG_STREAM:
	case MSG_LEASE:
	case MSG_ASK:
	case MSG_DIRECTORY:
	case MSG_PART:
	case MSG_OWED:
	case MSG_PRESENCE:
	case MSG_CREW:
		break;
	}
	return s->l->is_node ? node_message(s, kind, msg, n)
			     : seat_message(s, kind, msg, n);
}

int session_message_checked(
    struct session *s, const void *msg, size_t n, const struct checked *found)
{
	int r;

	s->checked = found;
	r = session_message(s, msg, n);
	s->checked = NULL;
	return r;
}

void session_committed(struct session *s)
{
	if (is_void(s))
		return;
	if (s->l->is_node) {
		node_committed(s);
	} else {
		session_entered(s);
		seat_landed(s);
	}
}

void session_entered(struct session *s)
{
	s->entered = s->feed;
}

void session_landed(struct session *s)
{
	if (!is_void(s))
		seat_landed(s);
}

int session_pump(struct session *s)
{
	if (is_void(s))
		return void_error();
	if (!s->is_open)
		return 0;
	return s->l->is_node ? node_pump(s) : seat_pump(s);
}

bool session_has_own(const struct session *s)
{
	return s->is_open && !s->l->in_txn && s->l->head.seq > s->given;
}

bool session_owes_mark(const struct session *s)
{
	return s->owes_mark;
}

int session_mark(struct session *s)
{
	return s->l->is_node ? 0 : seat_mark(s);
}

int session_tick(struct session *s, uint64_t now_ms)
{
	struct session_status status;
	int r;

	/* The owner's clock may be that of a round in which this began. */
	if (now_ms < s->now_ms)
		return 0;
	s->now_ms = now_ms;
	if (now_ms - s->heard_ms >= SESSION_DEAD_MS)
		return err_set(ERR_UNREACHABLE, "silent for 90 s");
	if (now_ms - s->swept_ms >= SESSION_SWEEP_MS) {
		s->swept_ms = now_ms;
		s->is_woken = true;
		if (s->owes_forget)
			return node_forget(s);
	}
	if (s->owes_mark && now_ms - s->told_ms >= MARK_MS &&
	    ((r = seat_mark(s)) < 0 || (r = ledger_commit(s->l)) < 0))
		return r;
	if (now_ms - s->heard_ms >= SESSION_PING_MS &&
	    now_ms - s->pinged_ms >= SESSION_PING_MS) {
		s->pinged_ms = now_ms;
		session_status(&status, s);
		wire_number(&s->out, MSG_PING, status.unsent);
		session_send(s);
	}
	return 0;
}

bool session_is_due(struct session *s)
{
	if (!s->l->is_node || is_void(s) || s->l->is_recovering ||
	    s->regain.was_recovering)
		return true;
	s->is_woken = s->is_woken || feed_is_owed(s->l, &s->peer);
	return s->is_woken;
}

int session_forget(struct session *s)
{
	return s->owes_forget && !is_void(s) ? node_forget(s) : 0;
}

void session_slice(struct session *session, int records)
{
	session->slice = records;
}

bool session_has_more(const struct session *session)
{
	return session->has_more;
}

bool session_is_bulk(const struct session *session)
{
	return session->attested_count > 0 && !session->is_quiet;
}

bool session_is_open(const struct session *session)
{
	return session->is_open;
}

const uint8_t *session_peer_key(const struct session *s)
{
	return s->peer_pk;
}

const struct id *session_peer(const struct session *session)
{
	return &session->peer;
}

uint64_t session_gaps(const struct session *session)
{
	return session->gaps;
}

static uint64_t to_come(const struct session *s)
{
	return s->owed > s->feed ? s->owed - s->feed : 0;
}

void session_status(struct session_status *out, const struct session *s)
{
	struct stmt *q = store_query(s->l->cfg.store, Q_RECORD_UNSENT_COUNT);

	memset(out, 0, sizeof(*out));
	out->peer_unsent = s->peer_unsent;
	out->receipts = s->receipts;
	out->gives_only = s->gives_only;
	out->received = s->received;
	stmt_bind_id(q, ":seat", &s->l->cfg.me->seat);
	stmt_bind_int(q, ":after", (int64_t)s->received);
	if (stmt_step(q) == 1)
		out->unsent = (uint64_t)stmt_int(q, 0);
	stmt_reset(q);
	out->is_recovering = s->regain.is_recovering;
	out->in_feed = s->l->is_node ? s->fed - s->took : to_come(s);
	out->taken = s->feed - s->feed_before;
	/* While it recovers, and to a revoked seat, the centre tells nothing:
	 * what could be done is done when it has all of ours. */
	out->is_current =
	    s->is_open && out->unsent == 0 && !s->owes_took &&
	    regain_seat_is_done(s) &&
	    (s->is_quiet || s->regain.is_recovering || s->gives_only);
	out->is_settled = out->is_current && !s->l->has_unproved;
}
