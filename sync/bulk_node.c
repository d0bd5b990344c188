/*
 * bulk_node.c - the feed of whole patients: keys of many streams in one
 * message, and before many records one proof that they are in the order that
 * the checkpoint signs, so that the terminal can put off their signatures.
 */
#include "core/err.h"
#include "core/mem.h"
#include "sync/feed.h"
#include "sync/order.h"
#include "sync/session_impl.h"
#include "sync/wire_bulk.h"

#include <stdlib.h>
#include <string.h>

#define LEASES_MAX 256 /* streams in one message */
#define MANY 64        /* records for which a proof is cheaper than checking */

/* The records of a run of items. */
struct run {
	struct place {
		uint64_t pos;
		int item;
	} * places;
	size_t n;
};

static void add_place(struct run *run, uint64_t pos, int item)
{
	run->places = mem_room(run->places, run->n, sizeof(*run->places));
	run->places[run->n++] = (struct place){pos, item};
}

static int add_stream(
    struct session *s, struct run *run, const struct feed_item *item, int at)
{
	struct stmt *q = store_query(s->l->cfg.store, Q_FEED_PLACES_OF_STREAM);
	int r;

	stmt_bind_id(q, ":stream", &item->stream);
	while ((r = stmt_step(q)) == 1)
		if ((uint64_t)stmt_int(q, 0) < item->pos)
			add_place(run, (uint64_t)stmt_int(q, 0), at);
	return r;
}

static int collect(
    struct session *s, struct run *run, const struct feed_item *items, int n)
{
	int r = 0;

	for (int i = 0; r == 0 && i < n; i++) {
		if (items[i].what == FEED_RECORD)
			add_place(run, items[i].pos, i);
		else if (items[i].what == FEED_STREAM)
			r = add_stream(s, run, &items[i], i);
	}
	return r;
}

/* ---- the proof ---- */

static int by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The places in the tree of the basis, ascending, each once. */
static size_t provable(
    uint64_t *out, const struct session *s, const struct run *run)
{
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < run->n; i++)
		if (run->places[i].pos < s->basis.size)
			out[n++] = run->places[i].pos;
	qsort(out, n, sizeof(*out), by_number);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || out[i] != out[i - 1])
			out[kept++] = out[i];
	return kept;
}

static int send_attest(struct session *s, const uint64_t *positions, size_t n)
{
	const struct merkle_many many = {positions, n};
	struct buf at = {0}, leaves = {0}, proof = {0};
	struct msg_attest m = {.count = (uint32_t)n};
	int r = order_attest(&leaves, &proof, s->l, &many, s->basis.size);

	for (size_t i = 0; i < n; i++)
		buf_u64(&at, positions[i]);
	m.positions = at.data;
	m.leaves = leaves.data;
	m.proof = proof.data;
	m.proof_len = proof.len;
	if (r == 0) {
		wire_attest(&s->out, &m);
		session_send(s);
	}
	buf_fini(&at);
	buf_fini(&leaves);
	buf_fini(&proof);
	return r;
}

/* Costs a proof: not when nothing has been added. */
int bulk_basis(struct session *s)
{
	struct msg_checkpoint m;
	struct buf note = {0}, proof = {0};
	uint64_t size = 0;
	int r = order_tell(&note, &proof, &size, s->l, s->told_size);

	if (r == 0 && note.len > 0 && size > s->basis.size) {
		m = (struct msg_checkpoint){
		    note.data, note.len, proof.data, proof.len};
		wire_basis(&s->out, &m);
		session_send(s);
		s->basis.size = size;
	}
	buf_fini(&note);
	buf_fini(&proof);
	return r;
}

static int attest(struct session *s, const struct run *run)
{
	uint64_t *positions = mem_new(run->n * sizeof(*positions));
	size_t n, at = 0;
	int r = bulk_basis(s);

	n = provable(positions, s, run);
	while (r == 0 && at < n) {
		size_t k = n - at < WIRE_ATTEST_MAX ? n - at : WIRE_ATTEST_MAX;
		r = send_attest(s, positions + at, k);
		at += k;
	}
	free(positions);
	return r;
}

/* ---- keys ---- */

static int add_key(void *ctx, const struct hash *kid, const struct secret *key)
{
	(void)kid;
	buf_add(ctx, key->bytes, SECRET_KEY);
	return 0;
}

static int add_keys(
    struct buf *rows, struct session *s, const struct id *stream)
{
	struct msg_keys m = {.stream = *stream};
	struct buf keys = {0};
	int r = ring_each(s->l->ring, stream, add_key, &keys);
	size_t count = keys.len / SECRET_KEY;
	size_t skip = count > WIRE_KEYS_MAX ? count - WIRE_KEYS_MAX : 0;

	m.count = (uint32_t)(count - skip);
	m.keys = keys.data + skip * SECRET_KEY;
	if (r == 0)
		wire_put_keys(rows, &m);
	secret_wipe(keys.data, keys.len);
	buf_fini(&keys);
	return r;
}

static int send_leases(struct session *s, const struct feed_item *items, int n)
{
	struct msg_leases m = {0};
	struct buf rows = {0};
	int r = 0;

	for (int i = 0; r == 0 && i < n; i++) {
		if (items[i].what != FEED_STREAM)
			continue;
		r = add_keys(&rows, s, &items[i].stream);
		m.count++;
	}
	m.rows = rows.data;
	m.rows_len = rows.len;
	if (r == 0 && m.count > 0) {
		wire_leases(&s->out, &m);
		session_send(s);
	}
	secret_wipe(rows.data, rows.len);
	buf_fini(&rows);
	return r;
}

/* ---- a run ---- */

static int send_stream(struct session *s, const struct feed_item *item,
    const struct place *places, size_t n)
{
	const struct msg_stream m = {item->n, item->pos, n, item->stream};
	struct msg_record part = {.n = item->n};
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++) {
		part.leaf.pos = places[i].pos;
		r = node_send_record(s, &part, true);
	}
	if (r == 0) {
		wire_stream(&s->out, &m);
		session_send(s);
	}
	return r;
}

static int send_run(struct session *s, const struct run *run,
    const struct feed_item *items, int n)
{
	size_t at = 0, end;
	int r = 0;

	for (int i = 0; r == 0 && i < n; i++) {
		for (end = at; end < run->n && run->places[end].item == i;)
			end++;
		if (items[i].what == FEED_STREAM)
			r = send_stream(
			    s, &items[i], run->places + at, end - at);
		else
			r = node_send_item(s, &items[i]);
		at = end;
	}
	return r;
}

int bulk_send(struct session *s, const struct feed_item *items, int n)
{
	struct run run = {0};
	int r = collect(s, &run, items, n);

	if (r == 0)
		r = send_leases(s, items, n);
	if (r == 0 && run.n >= MANY)
		r = attest(s, &run);
	if (r == 0)
		r = send_run(s, &run, items, n);
	free(run.places);
	return r;
}

/* ---- leases ---- */

#define RENEW_S 3600

/* The directory of the peer's team; *out NULL for who has none. */
static int peer_directory(const struct directory **out, struct session *s)
{
	static const struct id nobody;
	struct seat_grant grant;
	bool was_open = s->l->in_txn;
	int r = ledger_load_grant(s->l, &s->peer, &grant);

	*out = NULL;
	if (r < 0 || !grant.role || !strchr("ASD", grant.role) ||
	    id_cmp(&grant.team, &nobody) == 0)
		return r;
	if ((r = ledger_begin(s->l)) == 0)
		r = directory_of(out, s->l, &grant.team);
	if (r == 0 && !was_open)
		r = ledger_commit(s->l);
	return r;
}

static int send_lease(struct session *s)
{
	const struct directory *d = NULL;
	struct msg_lease m = {0};
	int64_t len = 0;
	int r = lease_digest(&m.digest, s->l, &s->peer);

	if (r < 0 || (r = lease_length(s->l, &len)) < 0 ||
	    (r = peer_directory(&d, s)) < 0)
		return r;
	if (d && d->count > 0)
		m.directory = d->digest;
	m.len_s = (uint64_t)len;
	wire_lease(&s->out, &m);
	session_send(s);
	s->leased_s = env_now_s(s->l->cfg.env);
	return 0;
}

int bulk_lease(struct session *s)
{
	int64_t since = env_now_s(s->l->cfg.env) - s->leased_s;

	if (s->l->is_recovering ||
	    (s->leased_s && since >= 0 && since < RENEW_S))
		return 0;
	return send_lease(s);
}

/* Every stream of the seat; the caller's. */
static int all_streams(struct session *s, struct feed_item **out, size_t *n)
{
	struct stmt *q = store_query(s->l->cfg.store, Q_FEED_STREAMS_OF_SEAT);
	int r;

	stmt_bind_id(q, ":seat", &s->peer);
	while ((r = stmt_step(q)) == 1) {
		*out = mem_room(*out, *n, sizeof(**out));
		(*out)[*n] = (struct feed_item){.what = FEED_STREAM};
		stmt_id(&(*out)[(*n)++].stream, q, 0);
	}
	return r;
}

#define PEOPLE 2000 /* in one message */

static void send_people(struct session *s, const struct directory *d)
{
	struct reader in = reader_of(d->rows.data, d->rows.len);
	struct msg_directory m = {.is_first = 1};
	struct wire_person person;
	size_t at = 0;

	memcpy(m.key, d->key, sizeof(m.key));
	while (at < d->rows.len) {
		for (m.count = 0;
		     m.count < PEOPLE && wire_next_person(&person, &in);)
			m.count++;
		m.rows = d->rows.data + at;
		m.rows_len = d->rows.len - reader_left(&in) - at;
		at += m.rows_len;
		m.is_last = at == d->rows.len;
		wire_directory(&s->out, &m);
		session_send(s);
		m.is_first = 0;
	}
}

static int send_directory(struct session *s)
{
	const struct directory *d;
	int r = peer_directory(&d, s);

	if (r == 0 && d)
		send_people(s, d);
	return r;
}

int bulk_asked(struct session *s, const void *data, size_t n)
{
	struct feed_item *items = NULL;
	size_t count = 0;
	uint64_t what;
	int r = wire_read_number(&what, data, n);

	if (r < 0)
		return r;
	if (s->l->is_recovering || s->gives_only)
		return err_set(ERR_PROTOCOL, "nothing is lent");
	if (what == ASK_DIRECTORY)
		return send_directory(s);
	if (what != ASK_LEASES)
		return err_set(ERR_PROTOCOL, "asked for what there is not");
	r = all_streams(s, &items, &count);
	for (size_t at = 0; r == 0 && at < count; at += LEASES_MAX)
		r = send_leases(s, items + at,
		    (int)(count - at < LEASES_MAX ? count - at : LEASES_MAX));
	free(items);
	return r < 0 ? r : send_lease(s);
}
