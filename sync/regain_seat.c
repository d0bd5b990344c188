/* regain_seat.c - a terminal returns to a restored centre what it kept. */
#include "sync/regain.h"

#include "core/err.h"
#include "sync/rollback.h"
#include "sync/session_impl.h"
#include "sync/wire_restore.h"
#include "sync/witness.h"

#include <stdlib.h>
#include <string.h>

#define META_DONE "regain.done" /* incarnation that has all we kept */
#define META_BRANCH "regain.branch"
#define BATCH 64 /* offers without an answer */

enum phase {
	PHASE_DONE, /* zero: nothing to return */
	PHASE_SHOW,
	PHASE_HOLD,
	PHASE_OFFER,
	PHASE_END
};

int regain_seat_begin(struct session *s)
{
	uint64_t now = s->l->cfg.node.incarnation;
	int64_t done = 1;
	int r;

	if (now <= 1 || s->regain.phase != PHASE_DONE)
		return 0;
	r = store_meta_get_int(s->l->cfg.store, META_DONE, 1, &done);
	if (r == 0 && (uint64_t)done < now)
		s->regain.phase = PHASE_SHOW;
	return r;
}

bool regain_seat_is_done(const struct session *s)
{
	return s->regain.phase == PHASE_DONE;
}

static void turn_to(struct session *s, enum phase phase)
{
	s->regain.phase = phase;
	s->regain.at = s->regain.at2 = 0;
}

static void bring(struct session *s)
{
	regain_bring(&s->regain, s->out.data, s->out.len);
	session_send(s);
}

/* Every signed checkpoint of the lost tail. */
static int show(struct session *s)
{
	struct stmt *q = store_query(s->l->cfg.store, Q_OLD_CHECKPOINT_ALL);
	static const uint8_t first[8];
	int r;

	stmt_bind_blob(q, ":incarnation", first, sizeof(first));
	stmt_bind_int(q, ":size", 0);
	stmt_bind_int(q, ":most", -1);
	while ((r = stmt_step(q)) == 1) {
		const char *note = stmt_text(q, 2);
		wire_show(&s->out, note, strlen(note));
		bring(s);
	}
	turn_to(s, PHASE_HOLD);
	return r;
}

static int add_key(void *ctx, const struct hash *kid, const struct secret *key)
{
	(void)kid;
	buf_add(ctx, key->bytes, SECRET_KEY);
	return 0;
}

static int hold_one(struct session *s, const struct id *stream)
{
	struct msg_hold m = {.stream = *stream};
	struct buf keys = {0};
	int r = ring_each(s->l->ring, stream, add_key, &keys);
	size_t count = keys.len / SECRET_KEY;
	size_t skip = count > WIRE_KEYS_MAX ? count - WIRE_KEYS_MAX : 0;

	if (r == 0 && count > 0) {
		m.count = (uint32_t)(count - skip);
		m.keys = keys.data + skip * SECRET_KEY;
		wire_hold(&s->out, &m);
		bring(s);
	}
	if (keys.data)
		secret_wipe(keys.data, keys.len);
	buf_fini(&keys);
	return r;
}

static int hold(struct session *s)
{
	struct stmt_ids streams = {0};
	int r =
	    stmt_ids(&streams, store_query(s->l->cfg.store, Q_RING_STREAMS));

	for (size_t i = 0; r == 0 && i < streams.n; i++)
		r = hold_one(s, &streams.items[i]);
	free(streams.items);
	turn_to(s, PHASE_OFFER);
	return r;
}

/* ---- offers ---- */

struct lost {
	struct id seat;
	uint64_t seq;
	int64_t old;
};

static int next_lost(struct session *s, struct lost *out)
{
	struct stmt *q = store_query(s->l->cfg.store, Q_OFFER_NEXT);
	int r, n = 0;

	stmt_bind_int(q, ":after", (int64_t)s->regain.at);
	stmt_bind_int(q, ":most", BATCH);
	while ((r = stmt_step(q)) == 1) {
		stmt_id(&out[n].seat, q, 0);
		out[n].seq = (uint64_t)stmt_int(q, 1);
		out[n++].old = stmt_int(q, 2);
	}
	return r < 0 ? r : n;
}

/* The proof that was gathered for it, if there is one. */
static int load_witness(struct session *s, struct msg_offer *m, int64_t old)
{
	struct stmt *q = store_query(s->l->cfg.store, Q_WITNESS_GET);
	struct reader in;
	const void *data;
	size_t n;
	int r;

	stmt_bind_int(q, ":pos", old);
	if ((r = stmt_step(q)) == 1) {
		data = stmt_blob(q, 0, &n);
		in = reader_of(data, n);
		m->has_proof = wire_read_leaf(&m->leaf, &in) == 0;
		m->size = (uint64_t)stmt_int(q, 1);
		data = stmt_blob(q, 2, &n);
		in = reader_of(data, n);
		if (merkle_proof_read(&m->path, &in) < 0)
			m->has_proof = 0;
	}
	stmt_reset(q);
	return r < 0 ? r : 0;
}

static int offer_one(struct session *s, const struct lost *lost)
{
	struct msg_offer m = {.incarnation = place_incarnation(lost->old),
	    .pos = place_pos(lost->old)};
	struct parcel p = {0};
	int r = load_witness(s, &m, lost->old);

	if (r == 0)
		r = parcel_load(&p, s->l, &lost->seat, lost->seq, NULL);
	if (r == 0) {
		m.give = p.give;
		wire_offer(&s->out, &m);
		bring(s);
		s->regain.at = s->regain.offered = (uint64_t)lost->old;
		s->regain.is_waiting = true;
		if (id_cmp(&lost->seat, &s->l->cfg.me->seat) == 0)
			s->regain.own = lost->seq;
	}
	parcel_fini(&p);
	return r;
}

/* That was all: the answer comes when it is durable. */
static void say_end(struct session *s)
{
	wire_shown(&s->out, &s->regain.brought);
	session_send(s);
	s->regain.is_waiting = true;
	s->regain.offered = INT53_MAX;
	s->regain.phase = PHASE_END;
}

static int offer(struct session *s)
{
	struct lost list[BATCH];
	int r = 0, n = next_lost(s, list);

	if (n < 0)
		return n;
	for (int i = 0; r == 0 && i < n; i++)
		r = offer_one(s, &list[i]);
	if (r == 0 && n == 0)
		say_end(s);
	return r;
}

int regain_seat_pump(struct session *s)
{
	int r = 0;

	while (r == 0 && !s->regain.is_waiting)
		switch ((enum phase)s->regain.phase) {
		case PHASE_SHOW:
			r = show(s);
			break;
		case PHASE_HOLD:
			r = hold(s);
			break;
		case PHASE_OFFER:
			r = offer(s);
			break;
		case PHASE_DONE:
		case PHASE_END:
			return 0;
		}
	return r;
}

static int finish(struct session *s)
{
	int r = ledger_begin(s->l);

	if (r == 0)
		r = store_meta_set_int(s->l->cfg.store, META_DONE,
		    (int64_t)s->l->cfg.node.incarnation);
	if (s->given < s->regain.own)
		s->given = s->regain.own;
	if (s->received < s->regain.own)
		s->received = s->regain.own;
	turn_to(s, PHASE_DONE);
	return r;
}

static int end_branch(struct session *s)
{
	int r = ledger_begin(s->l);

	if (r == 0)
		r = store_meta_set_int(
		    s->l->cfg.store, META_BRANCH, (int64_t)s->l->head.seq);
	if (r == 0)
		r = ledger_commit(s->l);
	return r < 0
		   ? r
		   : err_set(ERR_FORK, "the centre has another record of ours");
}

static int taken(struct session *s, const void *data, size_t n)
{
	uint64_t upto;
	int r = wire_read_number(&upto, data, n);

	if (r < 0)
		return r;
	if (!s->regain.is_waiting || upto > s->regain.offered)
		return err_set(ERR_PROTOCOL, "taken what was not offered");
	if (upto < s->regain.offered)
		return 0;
	s->regain.is_waiting = false;
	if (s->regain.is_forked)
		return end_branch(s);
	return s->regain.phase == PHASE_END ? finish(s) : 0;
}

int regain_seat_message(
    struct session *s, enum msg msg, const void *data, size_t n)
{
	switch ((int)msg) {
	case MSG_TAKEN:
		return taken(s, data, n);
	case MSG_PROOF:
		return witness_take(s, data, n);
	case MSG_BACKED:
		return witness_backed(s, data, n);
	default:
		return err_set(ERR_PROTOCOL, "not for a terminal");
	}
}

/* ---- a branch ---- */

static int give_branch(struct session *s, uint64_t from)
{
	struct parcel p = {0};
	int r = 0;

	for (uint64_t seq = from; r == 0 && seq <= s->l->head.seq; seq++) {
		r = parcel_load(&p, s->l, &s->l->cfg.me->seat, seq, NULL);
		if (r == 0) {
			wire_branch(&s->out, &p.give);
			bring(s);
		}
		parcel_fini(&p);
		p = (struct parcel){0};
	}
	return r;
}

int regain_seat_fork(struct session *s)
{
	struct stmt *q = store_query(s->l->cfg.store, Q_RECORD_UNSENT);
	int64_t given = 0;
	uint64_t from = 0;
	int r = store_meta_get_int(s->l->cfg.store, META_BRANCH, 0, &given);

	stmt_bind_id(q, ":seat", &s->l->cfg.me->seat);
	stmt_bind_int(q, ":after", given);
	stmt_bind_int(q, ":most", 1);
	if (r == 0 && (r = stmt_step(q)) == 1)
		from = (uint64_t)stmt_int(q, 0);
	stmt_reset(q);
	if (r < 0)
		return r;
	if (from == 0)
		return err_set(
		    ERR_FORK, "the centre has another record of ours");
	if ((r = give_branch(s, from)) < 0)
		return r;
	s->regain.is_forked = true;
	say_end(s);
	return 0;
}

int regain_seat_own(struct session *s, const struct msg_record *m)
{
	const struct incoming in = {.frame = m->give.frame,
	    .frame_len = m->give.frame_len,
	    .seals = m->give.seals,
	    .seals_len = m->give.seals_len,
	    .boxes = &m->give.boxes};

	s->is_quiet = false;
	if (m->n != 0 || id_cmp(&m->leaf.seat, &s->l->cfg.me->seat) != 0)
		return err_set(ERR_PROTOCOL, "a record without a place");
	return ledger_receive(s->l, &in);
}
