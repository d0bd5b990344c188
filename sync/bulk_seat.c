/*
 * bulk_seat.c - the terminal's side of a feed of whole patients: proofs that
 * records are in the order that the centre signed, and the keys of many
 * streams at once.
 */
#include "core/err.h"
#include "core/mem.h"
#include "core/shelf.h"
#include "sync/feed.h"
#include "sync/order.h"
#include "sync/session_impl.h"
#include "sync/wire_bulk.h"

#include <stdlib.h>
#include <string.h>

#define ATTESTED_MAX 65536 /* places that may wait for their records */

static int basis(struct session *s, const void *data, size_t n)
{
	struct msg_checkpoint m;
	struct reader proof;
	int r = wire_read_checkpoint(&m, data, n);

	if (r < 0)
		return r;
	proof = reader_of(m.proof, m.proof_len);
	r = order_check(&s->basis, s->l, m.note, m.note_len, &proof);
	if (r < 0 || !s->owes_basis)
		return r;
	s->owes_basis = false;
	return seat_begin(s);
}

static int keep_attested(struct session *s, const struct msg_attest *m)
{
	struct reader at = reader_of(m->positions, (size_t)m->count * 8);
	size_t n;

	if (s->has_used_attested)
		s->attested_count = 0;
	s->has_used_attested = false;
	n = s->attested_count + m->count;
	if (n > ATTESTED_MAX)
		return err_set(ERR_PROTOCOL, "proofs without records");
	s->attested = mem_grow(s->attested, n, sizeof(*s->attested));
	for (uint32_t i = 0; i < m->count; i++) {
		struct attested *a = &s->attested[s->attested_count + i];
		a->pos = reader_u64(&at);
		memcpy(a->leaf.b, m->leaves + (size_t)i * 32, 32);
	}
	s->attested_count = n;
	return 0;
}

static int attest(struct session *s, const void *data, size_t n)
{
	struct merkle_many many = {0};
	struct reader proof, at;
	struct msg_attest m;
	uint64_t *positions;
	bool holds;
	int r = wire_read_attest(&m, data, n);

	if (r < 0)
		return r;
	positions = mem_new(m.count * sizeof(*positions));
	at = reader_of(m.positions, (size_t)m.count * 8);
	for (uint32_t i = 0; i < m.count; i++)
		positions[i] = reader_u64(&at);
	many = (struct merkle_many){positions, m.count};
	proof = reader_of(m.proof, m.proof_len);
	holds = merkle_has_many(&s->basis, &many, m.leaves, &proof);
	free(positions);
	if (!holds)
		return err_set(ERR_UNPROVED, "these leaves are not in it");
	store_flood(s->l->cfg.store, true);
	return keep_attested(s, &m);
}

static int by_place(const void *key, const void *item)
{
	const uint64_t *pos = key;
	const struct attested *a = item;

	return (*pos > a->pos) - (*pos < a->pos);
}

int bulk_is_attested(struct session *s, const struct leaf *leaf)
{
	struct merkle_leaf named = {.record = leaf->record,
	    .seat = leaf->seat,
	    .seq = leaf->seq,
	    .node_s = leaf->node_s};
	const struct attested *a = NULL;
	struct hash hash;

	s->has_used_attested = true;
	if (s->attested_count)
		a = bsearch(&leaf->pos, s->attested, s->attested_count,
		    sizeof(*a), by_place);
	if (!a)
		return 0;
	merkle_verdicts(&named.verdicts, leaf->verdicts, leaf->count);
	merkle_leaf_hash(&hash, &named);
	return hash_cmp(&hash, &a->leaf) == 0
		   ? 1
		   : err_set(ERR_UNPROVED, "a record is not what was proved");
}

/* ---- keys ---- */

/* key: room for one. Locked memory costs more than all else here. */
static int take_keys(struct session *s, const struct msg_keys *m,
    struct secret *key, bool is_doubted)
{
	char slot[WITHDRAW_SLOT];
	int r = 0;

	for (uint32_t i = 0; r == 0 && i < m->count; i++) {
		memcpy(key->bytes, m->keys + (size_t)i * SECRET_KEY, key->len);
		r = ring_put(s->l->ring, &m->stream, key, NULL);
	}
	seat_withdraw_slot(slot, &m->stream);
	if (r == 0 && is_doubted)
		r = shelf_clear(s->l->cfg.store, slot);
	if (r == 0)
		r = lease_note(s->l, &m->stream, true);
	return r < 0 ? r : ledger_keys_arrived(s->l, &m->stream);
}

static int leases(struct session *s, const void *data, size_t n)
{
	struct msg_leases m;
	struct msg_keys keys;
	struct reader rows;
	struct secret *key;
	int r = wire_read_leases(&m, data, n), is_doubted;

	/* Keys alone are no news: after those that were asked for no
	 * checkpoint comes, and what waits for quiet would wait for ever. */
	if (r < 0 || (r = ledger_begin(s->l)) < 0)
		return r;
	r = is_doubted = shelf_has(s->l->cfg.store, "withdraw/");
	rows = reader_of(m.rows, m.rows_len);
	key = secret_new(SECRET_KEY);
	while (r >= 0 && wire_next_keys(&keys, &rows))
		r = take_keys(s, &keys, key, is_doubted == 1);
	secret_free(&key);
	return r < 0 ? r : 0;
}

static int part(struct session *s, const void *data, size_t n)
{
	struct msg_record m;
	int r = wire_read_record(&m, data, n);

	if (r < 0)
		return r;
	/* They ascend: one lost and another doubled would add up. */
	if (m.n != s->feed + 1 || (s->parts && m.leaf.pos <= s->part_pos))
		return err_set(ERR_PROTOCOL, "part of another item");
	s->is_quiet = false;
	s->parts++;
	s->part_pos = m.leaf.pos;
	return seat_take_record(s, &m);
}

static int stream(struct session *s, const void *data, size_t n)
{
	struct feed_item item = {.what = FEED_STREAM};
	char slot[WITHDRAW_SLOT];
	struct msg_stream m;
	int r = wire_read_stream(&m, data, n);

	if (r < 0 || (r = ledger_begin(s->l)) < 0)
		return r;
	if (m.parts != s->parts)
		return err_set(ERR_PROTOCOL, "a stream is not whole");
	s->parts = 0;
	item.n = m.n;
	item.pos = m.upto;
	item.stream = m.stream;
	/* The keys came ahead of the whole run: a withdrawal in it that stands
	 * before this item is over. */
	seat_withdraw_slot(slot, &m.stream);
	if ((r = shelf_clear(s->l->cfg.store, slot)) < 0 ||
	    (r = lease_note(s->l, &m.stream, true)) < 0)
		return r;
	return seat_advance(s, &item);
}

/* Once a directory. */
static int ask_directory(struct session *s, const struct hash *offered)
{
	static const struct hash none;
	int r;

	if (hash_cmp(offered, &none) == 0 ||
	    hash_cmp(offered, &s->directory) == 0 ||
	    (r = directory_is(s->l, offered)) == 1)
		return 0;
	if (r < 0)
		return r;
	s->directory = *offered;
	wire_number(&s->out, MSG_ASK, ASK_DIRECTORY);
	session_send(s);
	return 0;
}

/* One message extends all keys whose digest it names; where ours differ, the
 * centre sends them all again, once a session, and then lends what is here. */
static int lease(struct session *s, const void *data, size_t n)
{
	struct msg_lease m;
	struct hash have;
	int r = wire_read_lease(&m, data, n);

	if (r < 0 || (r = ledger_begin(s->l)) < 0 ||
	    (r = lease_digest(&have, s->l, &s->l->cfg.me->seat)) < 0)
		return r;
	if (hash_cmp(&have, &m.digest) != 0 && !s->has_asked) {
		s->has_asked = true;
		wire_number(&s->out, MSG_ASK, ASK_LEASES);
		session_send(s);
		return 0;
	}
	if ((r = ask_directory(s, &m.directory)) < 0)
		return r;
	return lease_take(s->l, (int64_t)m.len_s);
}

static int directory(struct session *s, const void *data, size_t n)
{
	struct msg_directory m;
	int r = wire_read_directory(&m, data, n);

	if (r < 0 || (r = ledger_begin(s->l)) < 0)
		return r;
	return directory_take(s->l, &m, &s->directory);
}

/* How far the list goes: for the person, who sees what is still to come. */
static int owed(struct session *s, const void *data, size_t n)
{
	return wire_read_number(&s->owed, data, n);
}

int bulk_message(struct session *s, enum msg msg, const void *data, size_t n)
{
	switch ((int)msg) {
	case MSG_BASIS:
		return basis(s, data, n);
	case MSG_ATTEST:
		return attest(s, data, n);
	case MSG_LEASES:
		return leases(s, data, n);
	case MSG_DIRECTORY:
		return directory(s, data, n);
	case MSG_PART:
		return part(s, data, n);
	case MSG_STREAM:
		return stream(s, data, n);
	case MSG_LEASE:
		return lease(s, data, n);
	case MSG_OWED:
		return owed(s, data, n);
	case MSG_CREW:
		return presence_take_crew(s, data, n);
	default:
		return regain_seat_message(s, msg, data, n);
	}
}
