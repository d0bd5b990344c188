/*
 * carry.c - letter = "suifang-pack 2" LF | org 16 | nonce 64 | u32 count |
 * count x block message. reply = "suifang-reply 1" LF | org 16 | seat 16 |
 * nonce 64 | kid 32 | sealed key 80 | u32 count | count x block box |
 * signature 64. The nonce stands where the handshake hash does on the wire.
 */
#include "sync/carry.h"

#include "core/err.h"
#include "core/id.h"
#include "core/store.h"
#include "keys/hash.h"
#include "keys/seal.h"
#include "keys/secret.h"
#include "keys/sign.h"
#include "sync/ledger_more.h"
#include "sync/session_impl.h"

#include <string.h>

#define LETTER "suifang-pack 2\n"
#define REPLY "suifang-reply 1\n"
#define NONCE 64
#define NONCE_NAME "carry.nonce"

/* ---- the terminal's letter ---------------------------------------------- */

/* Messages as they would go out, each behind its length. */
struct bag {
	struct buf bytes;
	uint32_t count;
};

static void put(void *ctx, const void *msg, size_t n)
{
	struct bag *bag = ctx;

	buf_block(&bag->bytes, msg, n);
	bag->count++;
}

static void bag_fini(struct bag *bag)
{
	secret_wipe(bag->bytes.data, bag->bytes.cap);
	buf_fini(&bag->bytes);
}

static int first_to_give(uint64_t *out, struct ledger *l)
{
	struct stmt *s = store_query(l->cfg.store, Q_RECORD_UNSENT);
	int r;

	stmt_bind_id(s, ":seat", &l->cfg.me->seat);
	stmt_bind_int(s, ":after", 0);
	stmt_bind_int(s, ":most", 1);
	r = stmt_step(s);
	*out = r == 1 ? (uint64_t)stmt_int(s, 0) : ledger_next_seq(l);
	stmt_reset(s);
	return r < 0 ? r : 0;
}

static int put_record(struct bag *bag, struct ledger *l, uint64_t seq)
{
	struct parcel p = {0};
	struct buf give = {0};
	int r = parcel_load(&p, l, &l->cfg.me->seat, seq, NULL);

	if (r == 0) {
		wire_give(&give, &p.give);
		put(bag, give.data, give.len);
		if (bag->bytes.len > CARRY_MAX)
			r = err_set(ERR_TOO_LARGE, "letter");
	}
	buf_fini(&give);
	parcel_fini(&p);
	return r;
}

static int keep_nonce(struct ledger *l, const uint8_t nonce[NONCE])
{
	int r = ledger_begin(l);

	if (r == 0)
		r = store_meta_set(l->cfg.store, NONCE_NAME, nonce, NONCE);
	if (r == 0)
		return ledger_commit(l);
	ledger_rollback(l);
	return r;
}

int carry_letter(
    struct buf *out, struct carry_report *report, struct ledger *l, bool all)
{
	uint8_t nonce[NONCE];
	struct bag bag = {0};
	struct session *s;
	uint64_t seq = 1, end = ledger_next_seq(l);
	int r = 0;

	if (ledger_is_node(l))
		return err_set(ERR_USAGE, "only at a terminal");
	env_random(l->cfg.env, nonce, NONCE);
	s = session_new(&(struct session_cfg){
	    .ledger = l, .send = put, .ctx = &bag, .handshake_hash = nonce});
	session_free(&s); /* it has said hello */
	if (!all)
		r = first_to_give(&seq, l);
	for (uint64_t i = seq; r == 0 && i < end; i++)
		r = put_record(&bag, l, i);
	if (r == 0)
		r = keep_nonce(l, nonce);
	if (r == 0) {
		*report = (struct carry_report){.records = end - seq};
		buf_str(out, LETTER);
		buf_add(out, l->cfg.me->org.b, 16);
		buf_add(out, nonce, NONCE);
		buf_u32(out, bag.count);
		buf_add(out, bag.bytes.data, bag.bytes.len);
	}
	bag_fini(&bag);
	return r;
}

/* ---- the centre --------------------------------------------------------- */

static int check_head(
    struct reader *in, const struct ledger *l, const char *magic)
{
	const uint8_t *head = reader_bytes(in, strlen(magic));
	const uint8_t *org = reader_bytes(in, 16);

	if (!head || !org || memcmp(head, magic, strlen(magic)) != 0)
		return err_set(ERR_WRONG_FILE, "head");
	if (memcmp(org, l->cfg.me->org.b, 16) != 0)
		return err_set(ERR_ORGANISATION, "another organisation");
	return 0;
}

/* One message; a fork is kept as evidence and the rest goes on. */
static int hear(
    struct session *s, struct reader *in, struct carry_report *report)
{
	size_t n;
	const uint8_t *msg = reader_block(in, &n, WIRE_BOXES_MAX * 2);
	int r;

	if (!msg)
		return err_set(ERR_TRUNCATED, "message");
	r = session_message(s, msg, n);
	report->records += wire_peek(msg, n) == MSG_GIVE;
	if (r == ERR_FORK && s->l->is_node) {
		report->forks++;
		r = 0;
	}
	return r;
}

/* Asked before anything is begun: a rollback would take the store from under
 * the sessions. A copy of the reader is spent. */
static bool is_whole(struct reader in)
{
	uint32_t count = reader_u32(&in);
	size_t n;

	for (uint32_t i = 0; i < count; i++)
		if (!reader_block(&in, &n, WIRE_BOXES_MAX * 2))
			return false;
	return reader_is_done(&in);
}

static int hear_each(
    struct session *s, struct reader *in, struct carry_report *report)
{
	uint32_t count = reader_u32(in);
	bool was_careful = s->l->is_careful;
	int r = ledger_begin(s->l);

	/* A record that cannot be entered would take back the rest itself. */
	s->l->is_careful = true;
	for (uint32_t i = 0; r == 0 && i < count; i++)
		r = hear(s, in, report);
	s->l->is_careful = was_careful;
	return r;
}

/* All or none, so that a file with a false record changes nothing. What the
 * centre's sessions have brought is committed before, so that a false record
 * costs nobody else anything. */
static int hear_all(
    struct session *s, struct reader *in, struct carry_report *report)
{
	int r = ledger_commit(s->l);

	if (r < 0)
		return r;
	if ((r = hear_each(s, in, report)) == 0)
		r = ledger_commit(s->l);
	if (r < 0)
		ledger_take_back(s->l);
	else
		session_committed(s);
	return r;
}

/* What the wire would carry in many rounds; nobody says that it was taken,
 * so the centre's own note of how far the seat is stays as it was. */
static int say_all(struct session *s, const struct bag *bag)
{
	uint64_t before;
	int r;

	do {
		before = s->fed;
		r = session_pump(s);
		s->took = s->fed;
		if (r == 0 && bag->bytes.len > CARRY_MAX)
			r = err_set(ERR_TOO_LARGE, "reply");
	} while (r == 0 &&
		 (s->fed != before || (s->owes_checkpoint && !s->gives_only)));
	return r;
}

static void box_label(struct buf *out, const uint8_t *nonce, uint32_t index)
{
	size_t n;
	const char *prefix = prefix_bytes(&n, PREFIX_REPLY);

	buf_clear(out);
	buf_add(out, prefix, n);
	buf_add(out, nonce, NONCE);
	buf_u32(out, index);
}

static int seal_all(struct buf *out, struct ledger *l, const struct bag *bag,
    const struct secret *key, const uint8_t *nonce)
{
	struct buf ad = {0}, box = {0};
	uint32_t count = (uint32_t)((bag->bytes.len + BODY_MAX - 1) / BODY_MAX);
	int r = 0;

	buf_u32(out, count);
	for (uint32_t i = 0; r == 0 && i < count; i++) {
		size_t at = (size_t)i * BODY_MAX, left = bag->bytes.len - at;
		struct buf part = {.data = bag->bytes.data + at,
		    .len = left < BODY_MAX ? left : BODY_MAX};
		box_label(&ad, nonce, i);
		buf_clear(&box);
		r = seal_box(&box, key, &ad, &part, l->cfg.env);
		buf_block(out, box.data, box.len);
	}
	buf_fini(&ad);
	buf_fini(&box);
	return r;
}

static void sign_reply(struct buf *out, const struct ledger *l, size_t from)
{
	uint8_t signature[SIGNATURE];
	struct buf text = {0};
	size_t n;
	const char *prefix = prefix_bytes(&n, PREFIX_REPLY);

	buf_add(&text, prefix, n);
	buf_add(&text, out->data + from, out->len - from);
	sign_detached(signature, l->cfg.me->sign, text.data, text.len);
	buf_add(out, signature, SIGNATURE);
	buf_fini(&text);
}

/* Keys of patients are among the messages: for that seat's eyes only. */
static int write_reply(struct buf *out, struct session *s,
    const struct bag *bag, const uint8_t dh_pk[DH_KEY])
{
	struct ledger *l = s->l;
	struct secret *key = secret_random(SECRET_KEY, l->cfg.env);
	uint8_t sealed[KEY_SEAL];
	struct hash kid;
	size_t from = out->len;
	int r;

	seal_kid(&kid, &s->peer, key);
	seal_key(sealed, key, dh_pk, l->cfg.env);
	buf_str(out, REPLY);
	buf_add(out, l->cfg.me->org.b, 16);
	buf_add(out, s->peer.b, 16);
	buf_add(out, s->handshake, NONCE);
	buf_add(out, kid.b, sizeof(kid.b));
	buf_add(out, sealed, KEY_SEAL);
	r = seal_all(out, l, bag, key, s->handshake);
	if (r == 0)
		sign_reply(out, l, from);
	secret_free(&key);
	return r;
}

static int load_dh(uint8_t out[DH_KEY], struct session *s)
{
	struct stmt *q = store_query(s->l->cfg.store, Q_SEAT_GET);
	int r;

	stmt_bind_id(q, ":roster", &s->l->roster);
	stmt_bind_id(q, ":seat", &s->peer);
	r = stmt_step(q);
	if (r == 1)
		r = hex_decode(out, DH_KEY, stmt_text(q, 1)) ? 0 : ERR_DAMAGED;
	else if (r == 0)
		r = ERR_NOT_PERMITTED;
	stmt_reset(q);
	return r;
}

static int answer(struct buf *reply, struct session *s, struct bag *bag)
{
	uint8_t dh_pk[DH_KEY];
	int r = say_all(s, bag);

	if (r == 0)
		r = load_dh(dh_pk, s);
	return r == 0 ? write_reply(reply, s, bag, dh_pk) : r;
}

int carry_take(struct buf *reply, struct carry_report *report, struct ledger *l,
    const struct buf *letter)
{
	struct reader in = reader_of(letter->data, letter->len);
	struct carry_report got = {0};
	struct bag bag = {0};
	struct session *s = NULL;
	const uint8_t *nonce;
	int r = check_head(&in, l, LETTER);

	if (r < 0)
		return r;
	nonce = reader_bytes(&in, NONCE);
	if (!nonce)
		return err_set(ERR_WRONG_FILE, "letter");
	s = session_new(&(struct session_cfg){
	    .ledger = l, .send = put, .ctx = &bag, .handshake_hash = nonce});
	r = is_whole(in) ? hear_all(s, &in, &got)
			 : err_set(ERR_WRONG_FILE, "letter");
	if (r == 0 && !s->is_open)
		r = err_set(ERR_FORMAT, "a letter without hello");
	if (r == 0 && reply)
		r = answer(reply, s, &bag);
	if (r == 0)
		*report = got;
	session_free(&s);
	bag_fini(&bag);
	return r;
}

/* ---- the terminal takes the reply --------------------------------------- */

static bool is_signed(const struct ledger *l, const struct buf *reply)
{
	struct buf text = {0};
	size_t n, body;
	const char *prefix = prefix_bytes(&n, PREFIX_REPLY);
	bool ok;

	if (reply->len <= SIGNATURE)
		return false;
	body = reply->len - SIGNATURE;
	buf_add(&text, prefix, n);
	buf_add(&text, reply->data, body);
	ok = sign_is_valid(
	    reply->data + body, l->cfg.node.sign_pk, text.data, text.len);
	buf_fini(&text);
	return ok;
}

static int check_nonce(struct ledger *l, const uint8_t *nonce)
{
	uint8_t kept[NONCE];
	int r = store_meta_get(l->cfg.store, NONCE_NAME, kept, NONCE);

	if (r == ERR_NOT_FOUND || (r == 0 && memcmp(kept, nonce, NONCE) != 0))
		return err_set(ERR_LETTER, "not the answer to the last one");
	return r;
}

static int open_boxes(struct bag *bag, struct reader *in,
    const struct secret *key, const struct seal_label *label,
    const uint8_t *nonce)
{
	struct seal_label at = *label;
	struct buf ad = {0};
	uint32_t count = reader_u32(in);
	size_t n;
	int r = 0;

	at.ad = &ad;
	for (uint32_t i = 0; r == 0 && i < count; i++) {
		const uint8_t *box = reader_block(in, &n, BOX_MAX);
		box_label(&ad, nonce, i);
		r = box ? seal_open(&bag->bytes, key, &at, box, n)
			: err_set(ERR_TRUNCATED, "reply");
	}
	buf_fini(&ad);
	return r;
}

/* The messages of a reply whose signature holds. */
static int open_reply(
    struct bag *bag, struct reader *in, struct ledger *l, const uint8_t **nonce)
{
	const uint8_t *seat = reader_bytes(in, 16), *kid, *sealed;
	struct seal_label label = {.ad = &(struct buf){0}};
	struct secret *key = NULL;
	int r;

	*nonce = reader_bytes(in, NONCE);
	kid = reader_bytes(in, sizeof(label.kid.b));
	sealed = reader_bytes(in, KEY_SEAL);
	if (!sealed)
		return err_set(ERR_TRUNCATED, "reply");
	if (memcmp(seat, l->cfg.me->seat.b, 16) != 0)
		return err_set(ERR_LETTER, "for another seat");
	if ((r = check_nonce(l, *nonce)) < 0)
		return r;
	label.stream = l->cfg.me->seat;
	memcpy(label.kid.b, kid, sizeof(label.kid.b));
	r = seal_key_open(&key, sealed, l->cfg.me->dh, &label);
	if (r == 0)
		r = open_boxes(bag, in, key, &label, *nonce);
	secret_free(&key);
	return r == 0 && !reader_is_done(in) ? ERR_FORMAT : r;
}

static void nobody(void *ctx, const void *msg, size_t n)
{
	(void)ctx;
	(void)msg;
	(void)n;
}

/* Every message, then the nonce is spent, in one transaction. */
static int accept_all(struct session *s, struct reader *in)
{
	static const uint8_t spent[NONCE];
	struct carry_report none = {0};
	int r = ledger_begin(s->l);

	while (r == 0 && !reader_is_done(in))
		r = hear(s, in, &none);
	if (r == 0)
		r = session_mark(s);
	if (r == 0)
		r = store_meta_set(s->l->cfg.store, NONCE_NAME, spent, NONCE);
	if (r == 0)
		r = ledger_commit(s->l);
	if (r < 0)
		ledger_rollback(s->l);
	return r;
}

/* Patients that the reply withdraws go now, as far as they may. */
static int withdraw_all(struct session *s)
{
	uint64_t before;
	int r;

	do {
		before = store_generation(s->l->cfg.store);
		r = session_pump(s);
	} while (r == 0 && store_generation(s->l->cfg.store) != before);
	return r;
}

int carry_accept(
    struct carry_report *report, struct ledger *l, const struct buf *reply)
{
	struct reader in = reader_of(reply->data,
	    reply->len > SIGNATURE ? reply->len - SIGNATURE : reply->len);
	struct bag bag = {0};
	struct session *s = NULL;
	const uint8_t *nonce = NULL;
	uint64_t before;
	int r = check_head(&in, l, REPLY);

	if (r < 0)
		return r;
	if (!is_signed(l, reply))
		return err_set(ERR_SIGNATURE, "not from this centre");
	r = open_reply(&bag, &in, l, &nonce);
	if (r == 0) {
		s = session_new(&(struct session_cfg){
		    .ledger = l, .send = nobody, .handshake_hash = nonce});
		before = s->feed;
		in = reader_of(bag.bytes.data, bag.bytes.len);
		r = accept_all(s, &in);
		if (r == 0)
			r = withdraw_all(s);
		if (r == 0)
			*report =
			    (struct carry_report){.records = s->feed - before};
		session_free(&s);
	}
	bag_fini(&bag);
	return r;
}
