/* session_seat.c - the terminal's side: gives records, takes the feed. */
#include "core/draft.h"
#include "core/err.h"
#include "core/shelf.h"
#include "sync/branch.h"
#include "sync/feed.h"
#include "sync/order.h"
#include "sync/session_impl.h"

#include <stdlib.h>
#include <string.h>

#define PROVE_SLICE 128 /* about 10 ms */

int seat_load(struct session *s)
{
	int64_t n = 0;
	int r = store_meta_get_int(s->l->cfg.store, "feed.n", 0, &n);

	s->feed = (uint64_t)n;
	memset(&s->chain, 0, sizeof(s->chain));
	if (r == 0 && n > 0)
		r = store_meta_get(s->l->cfg.store, "feed.chain", s->chain.b,
		    sizeof(s->chain.b));
	s->l->cursor = (struct feed_cursor){false, s->feed, s->chain};
	return r;
}

static uint64_t count_unsent(struct session *s)
{
	struct session_status status;

	session_status(&status, s);
	return status.unsent;
}

void seat_hello(struct session *s)
{
	struct msg_hello m = {.seat = s->l->cfg.me->seat};

	/* What cannot be read is offered as nothing: the feed restarts. */
	if (seat_load(s) < 0) {
		s->feed = 0;
		memset(&s->chain, 0, sizeof(s->chain));
	}
	m.seq = s->l->head.seq;
	m.record = s->l->head.name.hash;
	m.feed = s->feed;
	m.chain = s->chain;
	m.size = s->l->base.size;
	m.unsent = count_unsent(s);
	wire_hello_signed(&s->out, &m);
	session_bind(m.signature, s, 'T', s->l->cfg.me->sign);
	wire_hello(&s->out, &m);
	session_send(s);
}

/* Name of an own record; ERR_NOT_FOUND when it is not here. */
static int own_name(struct session *s, uint64_t seq, struct hash *out)
{
	struct stmt *q = store_query(s->l->cfg.store, Q_RECORD_GET);
	int r;

	stmt_bind_id(q, ":seat", &s->l->cfg.me->seat);
	stmt_bind_int(q, ":seq", (int64_t)seq);
	if ((r = stmt_step(q)) == 1)
		r = stmt_hash(out, q, 0) ? 0 : ERR_DAMAGED;
	else if (r == 0)
		r = ERR_NOT_FOUND;
	stmt_reset(q);
	return r;
}

/* The node's newest record of ours must be ours. */
static int check_own(struct session *s, const struct msg_welcome *m)
{
	struct hash name;
	int r;

	if (m->seq == 0 || m->seq > s->l->head.seq)
		return 0;
	if ((r = own_name(s, m->seq, &name)) < 0)
		return r;
	return hash_cmp(&name, &m->record) == 0
		   ? 0
		   : err_set(ERR_FORK, "the centre has another record of ours");
}

void seat_withdraw_slot(char out[WITHDRAW_SLOT], const struct id *stream)
{
	memcpy(out, "withdraw/", 9);
	id_hex(out + 9, stream);
}

/* What the centre said it had received and has not is offered again. */
static int reoffer(struct session *s, uint64_t seq)
{
	struct stmt *q;
	int r = ledger_begin(s->l);

	if (r < 0)
		return r;
	q = store_query(s->l->cfg.store, Q_RECORD_REOFFER);
	stmt_bind_id(q, ":seat", &s->l->cfg.me->seat);
	stmt_bind_int(q, ":seq", (int64_t)seq);
	return stmt_run(q);
}

/* The centre tells everything anew and has forgotten what it once gave:
 * what it does not give again is withdrawn when the feed is drained. */
static int doubt_all(struct session *s)
{
	struct stmt_ids streams = {0};
	char slot[WITHDRAW_SLOT];
	int r = ledger_begin(s->l);

	if (r < 0)
		return r;
	r = stmt_ids(&streams, store_query(s->l->cfg.store, Q_RING_STREAMS));
	for (size_t i = 0; r == 0 && i < streams.n; i++) {
		seat_withdraw_slot(slot, &streams.items[i]);
		r = shelf_put(s->l->cfg.store, slot, "doubted", "",
		    env_now_s(s->l->cfg.env));
	}
	free(streams.items);
	return r;
}

int seat_begin(struct session *s)
{
	int r = reoffer(s, s->greeting.seq);

	if (r == 0 && s->greeting.is_anew) {
		s->feed = 0;
		memset(&s->chain, 0, sizeof(s->chain));
		r = doubt_all(s);
	}
	s->feed_before = s->feed;
	s->given = s->received = s->greeting.seq;
	return r < 0 ? r : regain_seat_begin(s);
}

static int welcome(struct session *s, const void *data, size_t n)
{
	struct msg_welcome m;
	int r = wire_read_welcome(&m, data, n);

	if (r < 0)
		return r;
	wire_welcome_signed(&s->out, &m);
	if (id_cmp(&m.node, &s->l->cfg.node.seat) != 0 ||
	    !session_is_bound(s, 'N', m.signature, s->l->cfg.node.sign_pk))
		return err_set(ERR_SIGNATURE, "welcome");
	if (m.size < s->l->base.size)
		return err_set(
		    ERR_RECEIPT, "the centre has less than it once signed");
	r = check_own(s, &m);
	if (r == ERR_FORK && !s->regain.is_forked) {
		s->is_open = true;
		return regain_seat_fork(s);
	}
	if (r < 0)
		return r;
	s->greeting = (struct greeting){m.seq, m.feed == WELCOME_ANEW};
	s->gives_only = m.feed == WELCOME_GIVES;
	s->regain.is_recovering = m.feed == WELCOME_RECOVERING;
	s->owes_basis =
	    s->basis.size == 0 && !s->gives_only && !s->regain.is_recovering;
	s->is_open = true;
	return s->owes_basis ? 0 : seat_begin(s);
}

/* The centre's word counts as soon as it is heard. It is written down with
 * what comes next, which is nearly always the place of the same record; were
 * it lost, the next welcome says it again. */
int seat_mark(struct session *s)
{
	struct stmt *q;
	int r = s->owes_mark ? ledger_begin(s->l) : 0;

	if (r < 0 || !s->owes_mark)
		return r;
	q = store_query(s->l->cfg.store, Q_RECORD_RECEIVED);
	stmt_bind_id(q, ":seat", &s->l->cfg.me->seat);
	stmt_bind_int(q, ":seq", (int64_t)s->received);
	r = stmt_run(q);
	s->owes_mark = r < 0;
	return r;
}

static int receipt(struct session *s, const void *data, size_t n)
{
	struct msg_receipt m;
	struct buf text = {0};
	struct hash name;
	bool is_signed;
	int r = wire_read_receipt(&m, data, n);

	if (r < 0)
		return r;
	session_receipt_text(&text, s, &m);
	is_signed = sign_is_valid(
	    m.signature, s->l->cfg.node.sign_pk, text.data, text.len);
	buf_fini(&text);
	if (!is_signed || id_cmp(&m.seat, &s->l->cfg.me->seat) != 0)
		return err_set(ERR_SIGNATURE, "receipt");
	if (m.seq > s->newest.seq)
		s->newest = m;
	if ((r = own_name(s, m.seq, &name)) < 0)
		return r == ERR_NOT_FOUND ? 0 : r; /* comes back to us yet */
	if (hash_cmp(&name, &m.record) != 0)
		return err_set(ERR_FORK, "a receipt for another record");
	if (m.seq > s->received) {
		s->received = m.seq;
		s->is_quiet = false; /* its place comes, with its verdict */
	}
	/* It may have come by another way than this session. */
	if (s->given < s->received)
		s->given = s->received;
	s->owes_mark = true;
	s->told_ms = s->now_ms;
	/* Otherwise nothing comes after it. */
	return s->gives_only || s->regain.is_recovering ? seat_mark(s) : 0;
}

/* ---- the feed ---- */

/* One item was applied in this transaction: the cursor goes with it. */
int seat_advance(struct session *s, struct feed_item *item)
{
	s->is_quiet = false;
	if (item->n == 0)
		return 0;
	if (item->n != s->feed + 1 || s->parts)
		return err_set(ERR_PROTOCOL, "feed item out of turn");
	feed_chain(&s->chain, s->l->cfg.node.incarnation, item);
	s->feed = item->n;
	s->owes_took = true;
	s->l->cursor = (struct feed_cursor){true, s->feed, s->chain};
	return 0;
}

/* Own record: only its place comes. */
static int place_own(struct session *s, const struct leaf *leaf)
{
	struct hash name;
	int r = own_name(s, leaf->seq, &name);

	if (r < 0)
		return r;
	if (id_cmp(&leaf->seat, &s->l->cfg.me->seat) != 0 ||
	    hash_cmp(&name, &leaf->record) != 0)
		return err_set(ERR_FORK, "a place for another record");
	return ledger_place(s->l, leaf);
}

int seat_take_record(struct session *s, const struct msg_record *m)
{
	struct incoming in;
	int r = ledger_begin(s->l);

	if (r < 0)
		return r;
	if (m->leaf.pos >= s->basis.size)
		return err_set(ERR_UNPROVED, "a place beyond what was shown");
	if ((r = bulk_is_attested(s, &m->leaf)) < 0)
		return r;
	in = wire_incoming(&m->give);
	in.leaf = &m->leaf;
	in.is_attested = r == 1;
	return m->give.frame_len ? ledger_receive(s->l, &in)
				 : place_own(s, &m->leaf);
}

static int record(struct session *s, const void *data, size_t n)
{
	struct msg_record m;
	struct feed_item item = {.what = FEED_RECORD};
	int r = wire_read_record(&m, data, n);

	if (r == 0 && m.leaf.pos == REGAIN_NO_PLACE) {
		r = ledger_begin(s->l);
		return r < 0 ? r : regain_seat_own(s, &m);
	}
	if (r == 0)
		r = seat_take_record(s, &m);
	item.n = m.n;
	item.pos = m.leaf.pos;
	return r < 0 ? r : seat_advance(s, &item);
}

static int keys(struct session *s, const void *data, size_t n)
{
	struct msg_keys m;
	struct feed_item item = {.what = FEED_KEYS};
	struct secret *key;
	char slot[WITHDRAW_SLOT];
	int r = wire_read_keys(&m, data, n);

	if (r < 0 || (r = ledger_begin(s->l)) < 0)
		return r;
	for (uint32_t i = 0; r == 0 && i < m.count; i++) {
		key = secret_dup(m.keys + (size_t)i * 32, SECRET_KEY);
		r = ring_put(s->l->ring, &m.stream, key, NULL);
		secret_free(&key);
	}
	seat_withdraw_slot(slot, &m.stream);
	if (r == 0)
		r = shelf_clear(s->l->cfg.store, slot);
	if (r == 0)
		r = lease_note(s->l, &m.stream, true);
	if (r == 0)
		r = ledger_keys_arrived(s->l, &m.stream);
	item.n = m.n;
	item.stream = m.stream;
	return r < 0 ? r : seat_advance(s, &item);
}

/* The withdrawal is noted durably and done when nothing of the patient is
 * half-typed or unsent here (seat_pump). */
static int withdraw(struct session *s, const void *data, size_t n)
{
	struct msg_withdraw m;
	struct feed_item item = {.what = FEED_WITHDRAW};
	char slot[WITHDRAW_SLOT];
	int r = wire_read_withdraw(&m, data, n);

	if (r < 0 || (r = ledger_begin(s->l)) < 0)
		return r;
	seat_withdraw_slot(slot, &m.stream);
	r = shelf_put(
	    s->l->cfg.store, slot, "asked", "", env_now_s(s->l->cfg.env));
	if (r == 0)
		r = lease_note(s->l, &m.stream, false);
	item.n = m.n;
	item.stream = m.stream;
	return r < 0 ? r : seat_advance(s, &item);
}

static int checkpoint(struct session *s, const void *data, size_t n)
{
	struct msg_checkpoint m;
	struct reader proof;
	int r = wire_read_checkpoint(&m, data, n);

	if (r < 0 || (r = ledger_begin(s->l)) < 0)
		return r;
	proof = reader_of(m.proof, m.proof_len);
	if ((r = order_accept(s->l, m.note, m.note_len, &proof)) == 0)
		s->is_quiet = true;
	return r;
}

static int take(struct session *s, enum msg msg, const void *data, size_t n)
{
	switch ((int)msg) {
	case MSG_WELCOME:
		return welcome(s, data, n);
	case MSG_RECEIPT:
		return receipt(s, data, n);
	case MSG_RECORD:
		return record(s, data, n);
	case MSG_KEYS:
		return keys(s, data, n);
	case MSG_WITHDRAW:
		return withdraw(s, data, n);
	case MSG_CHECKPOINT:
		return checkpoint(s, data, n);
	case MSG_BRANCH:
		return branch_take(s, data, n);
	default:
		return bulk_message(s, msg, data, n);
	}
}

/* Whatever of our own shows that we have gone two ways: our way is offered as
 * a branch, and nothing else counts until the centre has it. */
int seat_message(struct session *s, enum msg msg, const void *data, size_t n)
{
	int r;

	if (msg != MSG_WELCOME && !s->is_open)
		return err_set(ERR_PROTOCOL, "before welcome");
	if (s->regain.is_forked && msg != MSG_TAKEN)
		return 0;
	if (s->owes_basis && msg != MSG_WELCOME && msg != MSG_BASIS &&
	    !s->regain.is_forked)
		return err_set(ERR_UNPROVED, "the order was not shown first");
	r = msg == MSG_RECEIPT ? 0 : seat_mark(s);
	if (r == 0)
		r = take(s, msg, data, n);
	return r == ERR_FORK && (msg == MSG_RECORD || msg == MSG_PART ||
				    msg == MSG_RECEIPT)
		   ? regain_seat_fork(s)
		   : r;
}

/* Of what is entered behind it nothing is said yet. */
void seat_landed(struct session *s)
{
	if (!s->owes_took || s->entered == s->took)
		return;
	s->owes_took = s->feed != s->entered;
	s->took = s->entered;
	wire_number(&s->out, MSG_TOOK, s->took);
	session_send(s);
}

/* ---- withdrawals that are due ---- */

/* The first few: a person has one or two calls open, never so many. */
struct due {
	struct id streams[16];
	size_t n;
};

static int add_due(void *ctx, const char *name, const char *value, int64_t at_s)
{
	struct due *due = ctx;

	(void)value;
	(void)at_s;
	name = strchr(name, '/') + 1;
	due->n += id_parse(&due->streams[due->n], name);
	return due->n == ARRAY_LEN(due->streams);
}

/* Tells the team that this copy is gone; not a team that is no more its own,
 * where nobody would believe it. */
static int confirm(struct session *s, const struct id *patient)
{
	struct stmt *q = store_query(s->l->cfg.store, Q_ASSIGN_NOW);
	struct draft draft = {0};
	struct seat_grant me;
	struct id team = {{0}};
	json_t *body;
	int r = ledger_load_grant(s->l, &s->l->cfg.me->seat, &me);

	if (r < 0 || !me.role || !kind_may_say(KIND_PURGE_CONFIRMED, me.role))
		return r;
	stmt_bind_id(q, ":patient", patient);
	r = stmt_step(q);
	if (r == 1)
		stmt_id(&team, q, 0);
	if (r == 1 && id_cmp(&team, &me.team) == 0) {
		body = json_object();
		draft_put_id(body, "patient", patient);
		json_put_str(body, "assignment", stmt_text(q, 2));
		draft_add(&draft, KIND_PURGE_CONFIRMED, &team, body);
	}
	stmt_reset(q);
	if (draft.count > 0)
		r = ledger_add(s->l, &draft, NULL);
	draft_fini(&draft);
	return r < 0 ? r : 0;
}

static int withdraw_one(struct session *s, const struct id *stream)
{
	char slot[WITHDRAW_SLOT];
	bool was_open = s->l->in_txn;
	int r = ledger_begin(s->l);

	if (r < 0)
		return r;
	seat_withdraw_slot(slot, stream);
	if ((r = ledger_withdraw(s->l, stream)) == 0 &&
	    (r = shelf_clear(s->l->cfg.store, slot)) == 0)
		r = confirm(s, stream);
	if (r < 0)
		ledger_rollback(s->l);
	else if (!was_open)
		r = ledger_commit(s->l);
	return r;
}

/* The centre has what was said under a key made here. If this terminal has
 * the patient no other way the key goes, and what it opened. */
static int end_minted(struct session *s, const struct id *stream)
{
	char slot[WITHDRAW_SLOT] = LEASE_MINTED;
	struct stmt *q = store_query(s->l->cfg.store, Q_PATIENT_KNOWN);
	bool was_open = s->l->in_txn;
	int is_here, r = ledger_begin(s->l);

	if (r < 0)
		return r;
	id_hex(slot + strlen(slot), stream);
	stmt_bind_id(q, ":stream", stream);
	r = is_here = stmt_has_row(q);
	if (r == 0)
		r = is_here = lease_has(s->l, stream);
	if (r >= 0 && !is_here)
		r = ledger_withdraw(s->l, stream);
	if (r >= 0)
		r = shelf_clear(s->l->cfg.store, slot);
	if (r < 0)
		ledger_rollback(s->l);
	else if (!was_open)
		r = ledger_commit(s->l);
	return r;
}

static int has_open_call(struct session *s, const struct id *patient)
{
	char call[48] = "call/";

	id_hex(call + 5, patient);
	return shelf_has(s->l->cfg.store, call);
}

/* The first whose call is not open here: the call's screen ends it first, and
 * others do not wait. */
static int end_first(struct session *s, const char *prefix,
    int (*end)(struct session *, const struct id *))
{
	struct due due = {.n = 0};
	int is_open = 1;
	int r = shelf_slots(s->l->cfg.store, prefix, add_due, &due);

	for (size_t i = 0; r >= 0 && i < due.n && is_open == 1; i++) {
		is_open = has_open_call(s, &due.streams[i]);
		r = is_open == 0 ? end(s, &due.streams[i]) : is_open;
	}
	return r < 0 ? r : 0;
}

/* Not while anything is unsent or under way. */
static int withdraw_due(struct session *s)
{
	int r;

	if (!s->is_quiet || count_unsent(s) > 0)
		return 0;
	r = end_first(s, "withdraw/", withdraw_one);
	return r < 0 ? r : end_first(s, LEASE_MINTED, end_minted);
}

/* ---- own records ---- */

/* Sequence numbers to send next. */
static int unsent(struct session *s, uint64_t *out, int most)
{
	struct stmt *q = store_query(s->l->cfg.store, Q_RECORD_UNSENT);
	int r, n = 0;

	stmt_bind_id(q, ":seat", &s->l->cfg.me->seat);
	stmt_bind_int(q, ":after", (int64_t)s->given);
	stmt_bind_int(q, ":most", most);
	while ((r = stmt_step(q)) == 1)
		out[n++] = (uint64_t)stmt_int(q, 0);
	return r < 0 ? r : n;
}

static int give(struct session *s, uint64_t seq)
{
	struct parcel p = {0};
	int r = parcel_load(&p, s->l, &s->l->cfg.me->seat, seq, NULL);

	if (r == 0) {
		wire_give(&s->out, &p.give);
		session_send(s);
		s->given = seq;
		s->is_quiet = false;
	}
	parcel_fini(&p);
	return r;
}

/* A record leaves the seat only after its commit. */
int seat_pump(struct session *s)
{
	uint64_t seqs[SESSION_GIVE_WINDOW];
	int room, n, r = 0;

	if (s->l->in_txn || s->owes_basis)
		return 0;
	if (!regain_seat_is_done(s))
		return regain_seat_pump(s);
	room = SESSION_GIVE_WINDOW - (int)(s->given - s->received);
	n = room > 0 ? unsent(s, seqs, room) : 0;
	for (int i = 0; r == 0 && i < n; i++)
		r = give(s, seqs[i]);
	if (n < 0)
		return n;
	s->has_more = false;
	if (r == 0 && n == 0 && s->is_quiet && ledger_has_unproved(s->l)) {
		r = s->slice ? ledger_prove_briefly(s->l, s->slice)
			     : ledger_prove_some(s->l, PROVE_SLICE);
		s->has_more = r == 1;
	}
	if (r == 0 && s->is_quiet && !s->has_more)
		store_flood(s->l->cfg.store, false);
	if (r >= 0 && n == 0)
		r = withdraw_due(s);
	return r < 0 ? r : regain_seat_prove(s);
}
