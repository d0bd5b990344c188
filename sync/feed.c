/* feed.c - who is owed what, kept in step with each record that enters. */
#include "sync/feed.h"

#include "core/clock.h"
#include "core/err.h"
#include "core/mem.h"
#include "core/review.h"
#include "keys/hash.h"
#include "sync/ledger_more.h"

#include <stdlib.h>
#include <string.h>

#define ZONE_S 28800

static bool has(const struct stmt_ids *list, const struct id *id)
{
	for (size_t i = 0; i < list->n; i++)
		if (id_cmp(&list->items[i], id) == 0)
			return true;
	return false;
}

void feed_chain(
    struct hash *chain, uint64_t incarnation, const struct feed_item *item)
{
	uint8_t tail[33];
	const struct part parts[] = {{chain->b, 32}, {tail, sizeof(tail)}};

	tail[0] = (uint8_t)item->what;
	for (int i = 0; i < 8; i++) {
		tail[1 + i] = (uint8_t)(item->pos >> (56 - 8 * i));
		tail[25 + i] = (uint8_t)(incarnation >> (56 - 8 * i));
	}
	memcpy(tail + 9, item->stream.b, 16);
	hash_prefixed(chain, PREFIX_FEED, parts, 2);
}

/* ---- the list of one seat ---- */

static struct feed_tail *tail_slot(struct ledger *l, const struct id *seat)
{
	return &l->kept.tails[seat->b[0] % FEED_TAILS];
}

/* Where the list of the seat ends; n = 0 before its first item. */
static int load_tail(
    struct feed_tail **out, struct ledger *l, const struct id *seat)
{
	struct feed_tail *tail = tail_slot(l, seat), new = {.seat = *seat};
	struct stmt *s;
	int r;

	*out = tail;
	if (tail->n > 0 && id_cmp(&tail->seat, seat) == 0)
		return 0;
	s = store_query(l->cfg.store, Q_FEED_TAIL);
	stmt_bind_id(s, ":seat", seat);
	if ((r = stmt_step(s)) == 1) {
		new.n = (uint64_t)stmt_int(s, 0);
		stmt_hash(&new.chain, s, 1);
	}
	stmt_reset(s);
	*tail = new;
	return r < 0 ? r : 0;
}

int feed_end(uint64_t *n, struct ledger *l, const struct id *seat)
{
	struct feed_tail *tail;
	int r = load_tail(&tail, l, seat);

	if (r == 0)
		*n = tail->n;
	return r;
}

/* A name of 16 bits; another seat of the same name is pumped for nothing. */
static size_t owed_bit(const struct id *seat)
{
	return (size_t)seat->b[0] << 8 | seat->b[1];
}

bool feed_is_owed(const struct ledger *l, const struct id *seat)
{
	size_t bit = owed_bit(seat);

	return l->owed.bits[bit / 8] >> bit % 8 & 1;
}

bool feed_has_owed(const struct ledger *l)
{
	return l->owed.is_any;
}

void feed_owed_seen(struct ledger *l)
{
	if (l->owed.is_any)
		memset(&l->owed, 0, sizeof(l->owed));
}

static int put(struct ledger *l, const struct id *seat, struct feed_item *item)
{
	struct feed_tail *tail;
	struct hash chain;
	struct stmt *s;
	int r = load_tail(&tail, l, seat);

	l->owed.bits[owed_bit(seat) / 8] |= (uint8_t)(1 << owed_bit(seat) % 8);
	l->owed.is_any = true;
	if (r < 0)
		return r;
	item->n = tail->n + 1;
	chain = tail->chain;
	feed_chain(&chain, l->cfg.node.incarnation, item);
	tail->n = 0; /* until it is written */
	s = store_query(l->cfg.store, Q_FEED_PUT);
	stmt_bind_id(s, ":seat", seat);
	stmt_bind_int(s, ":n", (int64_t)item->n);
	stmt_bind_int(s, ":what", item->what);
	stmt_bind_int(s, ":pos", (int64_t)item->pos);
	stmt_bind_id(s, ":stream", &item->stream);
	stmt_bind_hash(s, ":chain", &chain);
	if ((r = stmt_run(s)) == 0)
		*tail = (struct feed_tail){*seat, item->n, chain};
	return r;
}

static int put_record(struct ledger *l, const struct id *seat, uint64_t pos)
{
	struct feed_item item = {.what = FEED_RECORD, .pos = pos};

	return put(l, seat, &item);
}

static int put_stream(struct ledger *l, const struct id *seat,
    enum feed_what what, const struct id *stream)
{
	struct feed_item item = {.what = what, .stream = *stream};

	if (what == FEED_STREAM)
		item.pos = l->order.size;
	return put(l, seat, &item);
}

static int by_number(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Every place that a query gives, in order, but those that come anyhow. */
static int put_places(struct ledger *l, const struct id *seat, struct stmt *s,
    const struct stmt_ints *but)
{
	struct stmt_ints list = {0};
	int r = stmt_ints(&list, s);

	for (size_t i = 0; r == 0 && i < list.n; i++)
		if (but->n == 0 || !bsearch(&list.items[i], but->items, but->n,
				       sizeof(*but->items), by_number))
			r = put_record(l, seat, (uint64_t)list.items[i]);
	free(list.items);
	return r;
}

static struct stmt *by_stream(struct ledger *l, enum query_id id,
    const struct id *seat, const struct id *stream)
{
	struct stmt *s = store_query(l->cfg.store, id);

	if (seat)
		stmt_bind_id(s, ":seat", seat);
	stmt_bind_id(s, ":stream", stream);
	return s;
}

/* ---- entitlement ---- */

static int give_stream(
    struct ledger *l, const struct id *seat, const struct id *stream)
{
	int r = stmt_run(by_stream(l, Q_FEED_STREAM_ADD, seat, stream));

	kept_forget_readers(l, stream);
	return r < 0 ? r : put_stream(l, seat, FEED_STREAM, stream);
}

/* What the seat that lost a stream has read stays read; what comes after is
 * sealed under a new epoch's key, which those who remain get. */
static int new_epoch(
    struct ledger *l, const struct stmt_ids *remain, const struct id *stream)
{
	struct hash kid;
	int r = ring_current(&kid, l->ring, stream);

	if (r == ERR_KEY)
		return 0;
	if (r == 0)
		r = ring_mint(&kid, l->ring, stream);
	for (size_t i = 0; r == 0 && i < remain->n; i++)
		r = put_stream(l, &remain->items[i], FEED_KEYS, stream);
	return r;
}

static int take_stream(
    struct ledger *l, const struct id *seat, const struct id *stream)
{
	int r = stmt_run(by_stream(l, Q_FEED_STREAM_DROP, seat, stream));

	kept_forget_readers(l, stream);
	return r < 0 ? r : put_stream(l, seat, FEED_WITHDRAW, stream);
}

static void bind_since(struct ledger *l, struct stmt *s)
{
	stmt_bind_int(s, ":glass_s", env_now_s(l->cfg.env) - FEED_GLASS_S);
	stmt_bind_int(s, ":sampled_s", env_now_s(l->cfg.env) - FEED_SAMPLED_S);
	stmt_bind_int(s, ":ended_s", env_now_s(l->cfg.env) - FEED_ENDED_S);
}

static int entitled(
    struct ledger *l, struct stmt_ids *out, const struct id *stream)
{
	struct stmt *s = by_stream(l, Q_FEED_ENTITLED, NULL, stream);

	stmt_bind_id(s, ":roster", &l->roster);
	stmt_bind_int(s, ":day", day_of(env_now_s(l->cfg.env), ZONE_S));
	review_bind_sample(s);
	bind_since(l, s);
	return stmt_ids(out, s);
}

int feed_refresh(struct ledger *l, const struct id *stream)
{
	struct stmt_ids now = {0}, before = {0};
	bool has_lost = false;
	int r = entitled(l, &now, stream);

	if (r == 0)
		r = stmt_ids(&before,
		    by_stream(l, Q_FEED_SEATS_OF_STREAM, NULL, stream));
	for (size_t i = 0; r == 0 && i < before.n; i++) {
		if (has(&now, &before.items[i]))
			continue;
		has_lost = true;
		r = take_stream(l, &before.items[i], stream);
	}
	if (r == 0 && has_lost)
		r = new_epoch(l, &now, stream);
	for (size_t i = 0; r == 0 && i < now.n; i++)
		if (!has(&before, &now.items[i]))
			r = give_stream(l, &now.items[i], stream);
	free(now.items);
	free(before.items);
	return r;
}

int feed_new_key(struct ledger *l, const struct id *stream)
{
	struct stmt_ids seats = {0};
	int r = stmt_ids(
	    &seats, by_stream(l, Q_FEED_SEATS_OF_STREAM, NULL, stream));

	for (size_t i = 0; r == 0 && i < seats.n; i++)
		r = put_stream(l, &seats.items[i], FEED_KEYS, stream);
	free(seats.items);
	return r;
}

static int refresh_team(struct ledger *l, const struct id *team)
{
	struct stmt *s = store_query(l->cfg.store, Q_ASSIGN_OF_TEAM);
	struct stmt_ids patients = {0};
	int r;

	stmt_bind_id(s, ":team", team);
	r = stmt_ids(&patients, s);
	for (size_t i = 0; r == 0 && i < patients.n; i++)
		r = feed_refresh(l, &patients.items[i]);
	free(patients.items);
	return r;
}

static int refresh_assigned(
    struct ledger *l, const struct id *team, const struct ref *ref)
{
	struct stmt *s = store_query(l->cfg.store, Q_ASSIGN_BY_REF);
	char text[REF_TEXT];
	struct id patient;
	int r;

	ref_text(text, ref);
	stmt_bind_id(s, ":team", team);
	stmt_bind_text(s, ":ref", text);
	r = stmt_step(s);
	if (r == 1)
		stmt_id(&patient, s, 0);
	stmt_reset(s);
	return r == 1 ? feed_refresh(l, &patient) : r;
}

/* ---- a seat from nothing ---- */

/* The places of a seat's own records, also of those about patients that it
 * has no more; what it knows already costs it nothing. */
static int fill_own(struct ledger *l, const struct id *seat)
{
	const struct stmt_ints none = {0};
	struct stmt *s = store_query(l->cfg.store, Q_FEED_PLACES_OWN);

	stmt_bind_id(s, ":seat", seat);
	stmt_bind_int(s, ":size", 0);
	return put_places(l, seat, s, &none);
}

/* The patients of a seat, each given as a whole; their places are added to
 * *given. */
static int fill_streams(struct ledger *l, const struct id *seat,
    const char *member, struct stmt_ints *given)
{
	struct stmt *s = store_query(l->cfg.store, Q_FEED_STREAMS_FOR);
	struct stmt_ids streams = {0}, may = {0};
	int r;

	stmt_bind_text(s, ":member", member);
	bind_since(l, s);
	r = stmt_ids(&streams, s);
	for (size_t i = 0; r == 0 && i < streams.n; i++) {
		may.n = 0;
		r = entitled(l, &may, &streams.items[i]);
		if (r < 0 || !has(&may, seat))
			continue;
		r = feed_may_read(l, seat, &streams.items[i]);
		if (r == 0)
			r = give_stream(l, seat, &streams.items[i]);
		if (r >= 0)
			r = stmt_ints(
			    given, by_stream(l, Q_FEED_PLACES_OF_STREAM, NULL,
				       &streams.items[i]));
	}
	free(streams.items);
	free(may.items);
	return r;
}

/* Everything the seat is owed, added to its list: who is who, its patients
 * but those it has, its team. A record that is there already comes twice,
 * which is harmless. */
static int fill(struct ledger *l, const struct id *seat)
{
	const struct stmt_ints none = {0};
	struct stmt_ints given = {0};
	struct seat_grant grant;
	struct stmt *s;
	int r = ledger_load_grant(l, seat, &grant);

	if (r < 0)
		return r;
	s = store_query(l->cfg.store, Q_FEED_PLACES_BASE);
	stmt_bind_id(s, ":roster", &l->roster);
	if ((r = put_places(l, seat, s, &none)) == 0)
		r = fill_streams(l, seat, grant.member, &given);
	if (given.n)
		qsort(given.items, given.n, sizeof(*given.items), by_number);
	if (r == 0)
		r = put_places(l, seat,
		    by_stream(l, Q_FEED_PLACES_OF_STREAM, NULL, &grant.team),
		    &given);
	free(given.items);
	return r < 0 ? r : fill_own(l, seat);
}

int feed_restart(struct ledger *l, const struct id *seat)
{
	struct stmt *s = store_query(l->cfg.store, Q_FEED_CLEAR);
	int r;

	tail_slot(l, seat)->n = 0;
	kept_forget_readers(l, NULL);
	stmt_bind_id(s, ":seat", seat);
	if ((r = stmt_run(s)) < 0)
		return r;
	s = store_query(l->cfg.store, Q_FEED_STREAM_CLEAR);
	stmt_bind_id(s, ":seat", seat);
	r = stmt_run(s);
	return r < 0 ? r : fill(l, seat);
}

/* All seats of a person whose role or team changed. */
static int fill_changed(struct ledger *l, uint64_t pos)
{
	struct stmt *s = store_query(l->cfg.store, Q_FEED_SEATS_CHANGED);
	struct stmt_ids seats = {0};
	int r;

	stmt_bind_id(s, ":roster", &l->roster);
	stmt_bind_int(s, ":pos", (int64_t)pos);
	r = stmt_ids(&seats, s);
	for (size_t i = 0; r == 0 && i < seats.n; i++)
		r = fill(l, &seats.items[i]);
	free(seats.items);
	return r;
}

/* ---- each record that enters ---- */

/* Of a team, or of one patient. */
static int refresh_either(struct ledger *l, const struct id *stream)
{
	int r = refresh_team(l, stream);

	return r < 0 ? r : feed_refresh(l, stream);
}

/* What is clear may be the only assignment of somebody. */
static int refresh_undone(struct ledger *l, const struct record_entry *e)
{
	int r = refresh_either(l, &e->stream);

	return r < 0 || e->mode != MODE_CLEAR ? r : feed_follow_undone(l);
}

/* Who may read changes with these kinds. */
static int follow(struct ledger *l, const struct record *r, uint32_t i)
{
	const struct record_entry *e = &r->entries[i];
	const struct ref ref = {r->seat, r->seq, i + 1};
	enum kind kind;

	if (!kind_find(&kind, e->kind))
		return 0;
	switch ((int)kind) {
	case KIND_ASSIGNED:
		return refresh_assigned(l, &e->stream, &ref);
	case KIND_COVER_SET:
	case KIND_COVER_ENDED:
		return refresh_team(l, &e->stream);
	case KIND_ALERT_RAISED:
	case KIND_ALERT_ACKNOWLEDGED:
	case KIND_ALERT_ESCALATED:
	case KIND_ALERT_FORWARDED:
	case KIND_ALERT_CLOSED:
	case KIND_ALERT_WITHDRAWN:
	case KIND_GLASS_BROKEN:
	case KIND_CONTACT_RECORDED:
	case KIND_CONTACT_AMENDED:
		return feed_refresh(l, &e->stream);
	case KIND_UNDONE:
		return refresh_undone(l, e);
	case KIND_RELEASED: /* of an assignment, or of a patient's alert */
		return refresh_either(l, &e->stream);
	default:
		return 0;
	}
}

/* Seats that are owed the record because of one of its entries. */
static int readers(
    struct ledger *l, struct stmt_ids *out, const struct record_entry *e)
{
	struct stmt *s;
	enum kind kind;
	enum stream_class class = STREAM_CLASS_ANY;
	int r = 0;

	if (kind_find(&kind, e->kind))
		class = kind_info(kind)->stream;
	if (id_cmp(&e->stream, &l->roster) == 0 ||
	    class == STREAM_CLASS_CONTENT) {
		s = store_query(l->cfg.store, Q_FEED_SEATS_ALL);
		stmt_bind_id(s, ":roster", &l->roster);
	} else if (e->mode == MODE_CLEAR) {
		s = store_query(l->cfg.store, Q_FEED_SEATS_OF_TEAM);
		stmt_bind_id(s, ":roster", &l->roster);
		stmt_bind_id(s, ":team", &e->stream);
		r = stmt_ids(out, s);
		/* A release is clear in a patient's stream, too. */
		return r < 0 ? r : kept_readers(l, out, &e->stream);
	} else {
		return kept_readers(l, out, &e->stream);
	}
	return stmt_ids(out, s);
}

static int by_id(const void *a, const void *b)
{
	return id_cmp(a, b);
}

/* Each seat once, the author's too: the place of its own record. */
static int owe(struct ledger *l, struct stmt_ids *seats, uint64_t pos)
{
	int r = 0;

	qsort(seats->items, seats->n, sizeof(struct id), by_id);
	for (size_t i = 0; r == 0 && i < seats->n; i++) {
		const struct id *seat = &seats->items[i];
		if ((i == 0 || id_cmp(seat, seat - 1) != 0) &&
		    id_cmp(seat, &l->cfg.me->seat) != 0)
			r = put_record(l, seat, pos);
	}
	return r;
}

int feed_enter(struct ledger *l, const struct record *rec, uint64_t pos)
{
	struct stmt_ids seats = {0};
	int r = 0;

	seats.items = mem_room(NULL, 0, sizeof(struct id));
	seats.items[seats.n++] = rec->seat;
	for (uint32_t i = 0; r == 0 && i < rec->count; i++)
		if (i == 0 || id_cmp(&rec->entries[i].stream,
				  &rec->entries[i - 1].stream) != 0)
			r = readers(l, &seats, &rec->entries[i]);
	/* A new seat's history comes before the record that made it one. */
	for (uint32_t i = 0; r == 0 && i < rec->count; i++)
		r = follow(l, rec, i);
	if (r == 0 && feed_is_grant(rec)) {
		/* The roster before what its seats wrote. */
		r = fill_changed(l, pos);
		if (r == 0)
			r = feed_follow_grant(l, pos);
	}
	if (r == 0)
		r = owe(l, &seats, pos);
	free(seats.items);
	return r;
}

/* ---- reading ---- */

int feed_agrees(struct ledger *l, const struct id *seat, uint64_t n,
    const struct hash *chain)
{
	struct stmt *s = store_query(l->cfg.store, Q_FEED_AT);
	struct hash have = {{0}};
	int r;

	if (n == 0) {
		/* A seat that has nothing agrees while item 1 is here. */
		n = 1;
		chain = NULL;
	}
	stmt_bind_id(s, ":seat", seat);
	stmt_bind_int(s, ":n", (int64_t)n);
	if ((r = stmt_step(s)) == 1) {
		stmt_hash(&have, s, 0);
		r = !chain || hash_cmp(&have, chain) == 0;
	}
	stmt_reset(s);
	return r;
}

int feed_read(struct feed_item *out, struct ledger *l, const struct id *seat,
    uint64_t n, int most)
{
	struct stmt *s = store_query(l->cfg.store, Q_FEED_AFTER);
	int r, count = 0;

	stmt_bind_id(s, ":seat", seat);
	stmt_bind_int(s, ":n", (int64_t)n);
	stmt_bind_int(s, ":most", most);
	while ((r = stmt_step(s)) == 1) {
		struct feed_item *item = &out[count++];
		item->n = (uint64_t)stmt_int(s, 0);
		item->what = (enum feed_what)stmt_int(s, 1);
		item->pos = (uint64_t)stmt_int(s, 2);
		stmt_id(&item->stream, s, 3);
	}
	return r < 0 ? r : count;
}

int feed_took(struct ledger *l, const struct id *seat, uint64_t n)
{
	struct stmt *s = store_query(l->cfg.store, Q_FEED_FORGET);

	stmt_bind_id(s, ":seat", seat);
	stmt_bind_int(s, ":n", (int64_t)n);
	return stmt_run(s);
}

int feed_may_read(
    struct ledger *l, const struct id *seat, const struct id *stream)
{
	return stmt_has_row(by_stream(l, Q_FEED_STREAM_HAS, seat, stream));
}
