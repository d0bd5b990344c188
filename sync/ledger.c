/*
 * ledger.c - opening, transactions, and the first door: an own save becomes
 * a numbered, sealed and signed record.
 */
#include "sync/ledger.h"

#include "core/err.h"
#include "core/mem.h"
#include "core/shelf.h"
#include "keys/hash.h"
#include "keys/seal.h"
#include "sync/erase.h"
#include "sync/ledger_more.h"
#include "sync/rollback.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int ledger_open(struct ledger **out, const struct ledger_cfg *cfg)
{
	struct ledger *l = mem_new(sizeof(*l));
	int r;

	l->cfg = *cfg;
	l->is_node = cfg->check_sk != NULL;
	l->book = entry_book_new();
	l->fold = fold_new(cfg->store, l->book);
	l->ring = ring_new(cfg->store, cfg->wrap, cfg->env);
	identity_roster_stream(&l->roster, &cfg->me->org);
	r = ledger_load_own(l);
	if (r == 0 && !l->is_node)
		r = rollback_catch_up(l);
	if (r == 0 && store_view_is_stale(cfg->store))
		r = ledger_rebuild(l, NULL, NULL);
	if (r < 0)
		ledger_close(&l);
	else
		*out = l;
	return r;
}

void ledger_close(struct ledger **ledger)
{
	struct ledger *l = *ledger;

	if (!l)
		return;
	ledger_rollback(l);
	fold_free(&l->fold);
	ring_free(&l->ring);
	directory_fini(&l->directory);
	entry_book_free(&l->book);
	buf_fini(&l->scratch);
	buf_fini(&l->loaded_boxes);
	free(l);
	*ledger = NULL;
}

bool ledger_is_node(const struct ledger *ledger)
{
	return ledger->is_node;
}

const struct ledger_cfg *ledger_cfg(const struct ledger *ledger)
{
	return &ledger->cfg;
}

struct store *ledger_store(const struct ledger *ledger)
{
	return ledger->cfg.store;
}

struct ring *ledger_ring(const struct ledger *ledger)
{
	return ledger->ring;
}

const struct id *ledger_roster(const struct ledger *ledger)
{
	return &ledger->roster;
}

/* Who this seat is, read again when the store has changed. */
static const struct seat_grant *me(struct ledger *l)
{
	uint64_t generation = store_generation(l->cfg.store);

	if (l->me_generation != generation || l->in_txn) {
		if (ledger_load_grant(l, &l->cfg.me->seat, &l->me) < 0)
			memset(&l->me, 0, sizeof(l->me));
		l->me_generation = generation;
	}
	return &l->me;
}

const char *ledger_member(struct ledger *ledger)
{
	return me(ledger)->member;
}

char ledger_role(struct ledger *ledger)
{
	return me(ledger)->role;
}

unsigned ledger_ordinal(struct ledger *ledger)
{
	return me(ledger)->ordinal;
}

struct id ledger_team(struct ledger *ledger)
{
	return me(ledger)->team;
}

uint64_t ledger_held(const struct ledger *l)
{
	return l->held;
}

int ledger_held_why(const struct ledger *l)
{
	return l->held_why;
}

uint64_t ledger_next_seq(const struct ledger *ledger)
{
	return ledger->head.seq + 1;
}

int ledger_begin(struct ledger *l)
{
	int r;

	if (l->in_txn)
		return 0;
	r = store_begin(l->cfg.store);
	l->in_txn = r == 0;
	return r;
}

/* Once a commit, not once an item. */
static int put_cursor(struct ledger *l)
{
	struct feed_cursor *c = &l->cursor;
	int r = store_meta_set_int(l->cfg.store, "feed.n", (int64_t)c->n);

	if (r == 0)
		r = store_meta_set(
		    l->cfg.store, "feed.chain", c->chain.b, sizeof(c->chain.b));
	c->is_dirty = r < 0;
	return r;
}

static int commit(struct ledger *l, int (*store)(struct store *))
{
	int r = 0;

	if (!l->in_txn)
		return 0;
	if (l->is_node)
		r = order_commit(l);
	if (r == 0 && l->cursor.is_dirty)
		r = put_cursor(l);
	if (r == 0)
		r = store(l->cfg.store);
	l->in_txn = false;
	if (r < 0) {
		l->in_txn = true;
		ledger_rollback(l);
	} else if (l->owes_scrub) {
		/* What is durable stays so, whatever becomes of the journal;
		 * the next commit tries again. */
		l->owes_scrub = store_scrub(l->cfg.store) < 0;
	}
	return r;
}

int ledger_commit(struct ledger *l)
{
	return commit(l, store_commit);
}

int ledger_commit_later(struct ledger *l)
{
	return commit(l, store_commit_later);
}

int ledger_is_durable(const struct ledger *l)
{
	return store_is_durable(l->cfg.store);
}

void ledger_take_back(struct ledger *l)
{
	if (!l->in_txn)
		return;
	store_rollback(l->cfg.store);
	l->in_txn = false;
	l->cursor.is_dirty = false;
	/* What memory held of the order and of our chain is void. If even
	 * reading back fails, the next save fails at its chain check. */
	if (ledger_load_own(l) < 0)
		memset(&l->head, 0, sizeof(l->head));
}

void ledger_rollback(struct ledger *l)
{
	l->rollbacks += l->in_txn;
	ledger_take_back(l);
}

/* ---- making an own record ---- */

/* Sealed bodies of the record being made. */
struct making {
	struct buf boxes;
	size_t at[RECORD_ENTRIES_MAX]; /* where box i begins */
	struct boxes list;
	struct buf seals;
};

static void making_fini(struct making *m)
{
	buf_fini(&m->boxes);
	buf_fini(&m->seals);
	free(m);
}

/* A key for a stream that has none here. On the node it is simply new; a
 * terminal's goes to the node beside the record (mode N). */
static int mint(
    struct ledger *l, struct making *m, uint32_t i, struct record_entry *e)
{
	uint8_t sealed[KEY_SEAL];
	const struct secret *key;
	int r = ring_mint(&e->kid, l->ring, &e->stream);

	if (r < 0 || l->is_node)
		return r;
	e->mode = MODE_NEW;
	if ((r = lease_minted(l, &e->stream)) < 0 ||
	    (r = ring_get(&key, l->ring, &e->stream, &e->kid)) < 0)
		return r;
	seal_key(sealed, key, l->cfg.node.seal_pk, l->cfg.env);
	buf_u8(&m->seals, (uint8_t)i);
	buf_add(&m->seals, sealed, sizeof(sealed));
	return 0;
}

/* What takes back something clear is clear, so that all who read the one read
 * the other. 1, 0 or an error. */
static int undoes_clear(struct ledger *l, const struct draft_entry *d)
{
	struct id seat = {{0}};
	int r;

	if (d->kind != KIND_UNDONE)
		return 0;
	id_parse(&seat, json_str(d->body, "seat", ""));
	r = ledger_load_record(l, &seat, (uint64_t)json_int(d->body, "seq", 0));
	if (r < 0)
		return r == ERR_NOT_FOUND ? 0 : r;
	for (uint32_t i = 0; i < l->loaded.count; i++)
		if (id_cmp(&l->loaded.entries[i].stream, &d->stream) == 0)
			return l->loaded.entries[i].mode == MODE_CLEAR;
	return 0;
}

static int choose_mode(
    struct ledger *l, struct making *m, uint32_t i, const struct draft_entry *d)
{
	struct record_entry *e = &l->rec.entries[i];
	enum kind kind = d->kind;
	int r = undoes_clear(l, d);

	e->mode = MODE_CLEAR;
	if (r != 0 || strcmp(kind_info(kind)->modes, "C") == 0)
		return r < 0 ? r : 0;
	/* Past the lease a key that was lent is not used; the centre gets the
	 * new one. */
	if (kind_may_use(kind, MODE_NEW) && ledger_lease_left_s(l) == 0)
		return mint(l, m, i, e);
	r = ring_current(&e->kid, l->ring, &e->stream);
	if (r == 0)
		e->mode = MODE_STREAM;
	if (r != ERR_KEY)
		return r;
	e->mode = MODE_STREAM;
	return mint(l, m, i, e);
}

static int describe(
    struct ledger *l, struct making *m, const struct draft *draft)
{
	char role = ledger_role(l);
	int r = 0;

	for (uint32_t i = 0; r == 0 && i < draft->count; i++) {
		const struct draft_entry *d = &draft->entries[i];
		const struct kind_info *k = kind_info(d->kind);
		struct record_entry *e = &l->rec.entries[i];
		if (!kind_may_say(d->kind, role))
			return err_set(ERR_NOT_PERMITTED, "%s", k->name);
		if ((r = erase_is_done(l, &d->stream)) != 0)
			return r < 0 ? r : err_set(ERR_RULE, "erased");
		if ((r = lease_allows(l, d->kind)) < 0 ||
		    (r = entry_check(l->book, d->kind, d->body)) < 0)
			return r;
		memset(e, 0, sizeof(*e));
		snprintf(e->kind, sizeof(e->kind), "%s", k->name);
		e->version = (uint64_t)k->version;
		e->stream = d->stream;
		r = choose_mode(l, m, i, d);
	}
	return r;
}

static int seal_one(
    struct ledger *l, struct making *m, uint32_t i, const json_t *json)
{
	struct record_entry *e = &l->rec.entries[i];
	struct buf body = {0}, ad = {0};
	const struct secret *key;
	int r = 0;

	m->at[i] = m->boxes.len;
	json_canonical(&body, json);
	if (body.len > ENTRY_BODY_MAX) {
		r = err_set(ERR_TOO_LARGE, "%s", e->kind);
	} else if (e->mode == MODE_CLEAR) {
		buf_add(&m->boxes, body.data, body.len);
	} else {
		commit_box_ad(&ad, &l->rec, i);
		r = ring_get(&key, l->ring, &e->stream, &e->kid);
		if (r == 0)
			r = seal_box(&m->boxes, key, &ad, &body, l->cfg.env);
	}
	e->len = (uint32_t)(m->boxes.len - m->at[i]);
	if (e->len)
		hash_blake2b256(&e->box, m->boxes.data + m->at[i], e->len);
	secret_wipe(body.data, body.len);
	buf_fini(&body);
	buf_fini(&ad);
	return r;
}

static void number(struct ledger *l, const struct draft *draft)
{
	struct record *r = &l->rec;
	uint64_t most = l->seen_lmax;

	memset(r, 0, offsetof(struct record, entries));
	r->org = l->cfg.me->org;
	r->seat = l->cfg.me->seat;
	chain_continue(r, &l->head);
	r->lamport = 1 + (l->lamport > most ? l->lamport : most);
	r->seen = l->seen;
	r->at_s = env_now_s(l->cfg.env);
	r->count = (uint32_t)draft->count;
}

static int sign_and_enter(
    struct ledger *l, struct making *m, const struct draft *draft)
{
	struct buf frame = {0};
	struct entering e = {.r = &l->rec, .boxes = &m->list, .draft = draft};
	int r = commit_sign(&l->rec, l->cfg.me);

	if (r < 0)
		return r;
	record_write(&frame, &l->rec);
	buf_clear(&l->scratch);
	commit_write(&l->scratch, &l->rec, l->cfg.me->sign_pk);
	commit_name_of(&e.name, l->scratch.data, l->scratch.len);
	e.frame = frame.data;
	e.frame_len = frame.len;
	e.seals = m->seals.data;
	e.seals_len = m->seals.len;
	m->list.count = l->rec.count;
	for (uint32_t i = 0; i < l->rec.count; i++) {
		m->list.at[i] = m->boxes.data + m->at[i];
		m->list.len[i] = l->rec.entries[i].len;
	}
	if ((r = ledger_enter(l, &e)) == 0) {
		l->head = (struct chain_head){l->rec.seq, e.name};
		l->lamport = l->rec.lamport;
	}
	buf_fini(&frame);
	return r;
}

static int make(struct ledger *l, const struct draft *draft)
{
	struct making *m = mem_new(sizeof(*m));
	int r;

	number(l, draft);
	r = describe(l, m, draft);
	for (uint32_t i = 0; r == 0 && i < draft->count; i++)
		r = seal_one(l, m, i, draft->entries[i].body);
	if (r == 0)
		r = sign_and_enter(l, m, draft);
	if (r == 0)
		r = shelf_clear(l->cfg.store, draft->slot);
	making_fini(m);
	return r;
}

/* Nothing is said about a patient of whom something is unproved. */
static int prove_subjects(struct ledger *l, const struct draft *draft)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < draft->count; i++)
		r = ledger_prove(l, &draft->entries[i].stream);
	return r;
}

int ledger_add(struct ledger *l, const struct draft *draft, uint64_t *seq_out)
{
	const struct order_tip before = l->order;
	int r;

	assert(l->in_txn);
	assert(draft->count > 0 && draft->count <= RECORD_ENTRIES_MAX);
	if ((r = prove_subjects(l, draft)) < 0)
		return r;
	if ((r = store_savepoint(l->cfg.store)) < 0)
		return r;
	r = store_savepoint_end(l->cfg.store, make(l, draft));
	if (r < 0) {
		l->order = before;
		ledger_forget(l);
	}
	if (r == 0 && seq_out)
		*seq_out = l->head.seq;
	return r == ERR_LEASE && lease_refused(l) < 0 ? ERR_IO : r;
}

int ledger_record(
    struct ledger *l, const struct draft *draft, uint64_t *seq_out)
{
	int r = ledger_begin(l), c;

	if (r < 0)
		return r;
	r = ledger_add(l, draft, seq_out);
	/* What a session handled before is complete and goes along. */
	c = ledger_commit(l);
	return r < 0 ? r : c;
}

/* ---- undo ---- */

/* Adds one `undone` a stream that the record touched. */
static int draft_undo(
    struct ledger *l, struct draft *draft, const struct id *seat, uint64_t seq)
{
	int r = ledger_load_record(l, seat, seq);
	enum kind kind;

	for (uint32_t i = 0; r == 0 && i < l->loaded.count; i++) {
		const struct record_entry *e = &l->loaded.entries[i];
		if (!kind_find(&kind, e->kind) ||
		    !kind_info(kind)->may_be_undone)
			return err_set(
			    ERR_RULE, "%s cannot be undone", e->kind);
		if (i > 0 && id_cmp(&e->stream, &(e - 1)->stream) == 0)
			continue;
		json_t *body = json_object();
		draft_put_id(body, "seat", seat);
		json_put_int(body, "seq", (int64_t)seq);
		draft_add(draft, KIND_UNDONE, &e->stream, body);
	}
	return r;
}

int ledger_undo(struct ledger *l, const struct id *seat, uint64_t seq)
{
	struct draft draft = {0};
	int r = draft_undo(l, &draft, seat, seq);

	if (r == 0 && draft.count == 0)
		r = ERR_NOT_FOUND;
	if (r == 0)
		r = ledger_record(l, &draft, NULL);
	draft_fini(&draft);
	return r;
}
