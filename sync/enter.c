/*
 * enter.c - the second door and the common corridor: a record, its boxes and
 * what it does to the view, inside the caller's transaction.
 */
#include "core/err.h"
#include "keys/hash.h"
#include "keys/seal.h"
#include "sync/branch.h"
#include "sync/checked.h"
#include "sync/erase.h"
#include "sync/feed.h"
#include "sync/ledger_more.h"
#include "sync/rollback.h"
#include "sync/salvage.h"

#include <string.h>

static int put_record(struct ledger *l, const struct entering *e)
{
	struct stmt *s = store_query(l->cfg.store, Q_RECORD_PUT);
	bool is_placed = e->leaf || l->is_node;
	struct buf boxes = {0};
	int r;

	stmt_bind_id(s, ":seat", &e->r->seat);
	stmt_bind_int(s, ":seq", (int64_t)e->r->seq);
	stmt_bind_hash(s, ":hash", &e->name.hash);
	stmt_bind_blob(s, ":sha1", e->name.git.b, sizeof(e->name.git.b));
	stmt_bind_int(s, ":lamport", (int64_t)e->r->lamport);
	stmt_bind_int(s, ":at_s", e->r->at_s);
	if (is_placed)
		stmt_bind_int(s, ":pos",
		    (int64_t)(e->leaf ? e->leaf->pos : l->order.size));
	stmt_bind_int(s, ":state", e->is_attested ? 2 : is_placed);
	if (e->seals_len && !l->is_node)
		stmt_bind_blob(s, ":seals", e->seals, e->seals_len);
	stmt_lend_blob(s, ":frame", e->frame, e->frame_len);
	boxes_write(&boxes, e->boxes);
	stmt_lend_blob(s, ":boxes", boxes.data, boxes.len);
	r = stmt_run(s);
	buf_fini(&boxes);
	return r;
}

static int put_entry(struct ledger *l, const struct record *r, uint32_t i,
    const struct stored *st, bool is_folded)
{
	const struct record_entry *e = &r->entries[i];
	struct stmt *s = store_query(l->cfg.store, Q_ENTRY_PUT);
	const char mode[2] = {e->mode, '\0'};

	stmt_bind_id(s, ":stream", &e->stream);
	stmt_bind_int(s, ":lamport", (int64_t)r->lamport);
	stmt_bind_id(s, ":seat", &r->seat);
	stmt_bind_int(s, ":seq", (int64_t)r->seq);
	stmt_bind_int(s, ":idx", i + 1);
	stmt_bind_text(s, ":kind", e->kind);
	stmt_bind_int(s, ":version", (int64_t)e->version);
	stmt_bind_text(s, ":mode", mode);
	if (e->mode != MODE_CLEAR)
		stmt_bind_hash(s, ":kid", &e->kid);
	stmt_bind_int(s, ":at_s", r->at_s);
	if (st->pos >= 0)
		stmt_bind_int(s, ":pos", st->pos);
	stmt_bind_int(s, ":verdict", st->verdict);
	stmt_bind_int(s, ":folded", is_folded);
	return stmt_run(s);
}

/* On the node: a key that came beside the record is kept and its seal
 * dropped, so that destroying the key still erases. */
int ledger_take_seals(struct ledger *l, const struct record *record,
    const uint8_t *seals, size_t n)
{
	struct reader in = reader_of(seals, n);
	int r = 0;

	while (r == 0 && l->is_node && reader_left(&in) > 0) {
		uint8_t i = reader_u8(&in);
		const uint8_t *sealed = reader_bytes(&in, KEY_SEAL);
		struct secret *key = NULL;
		if (!sealed || i >= record->count)
			return err_set(ERR_FORMAT, "key seals");
		const struct record_entry *entry = &record->entries[i];
		const struct seal_label label = {
		    entry->stream, entry->kid, NULL};
		r = erase_is_done(l, &entry->stream);
		if (r < 0)
			return r;
		if (r == 1 || entry->mode != MODE_NEW || !l->cfg.seal_sk ||
		    seal_key_open(&key, sealed, l->cfg.seal_sk, &label) < 0)
			r = 0; /* the body then does not open: held(body) */
		if (!key)
			continue;
		r = ring_put(l->ring, &entry->stream, key, NULL);
		secret_free(&key);
		if (r == 0)
			r = feed_new_key(l, &entry->stream);
	}
	return r;
}

static int verdict_for(struct ledger *l, const struct entering *e, uint32_t i,
    int whole, const json_t *body)
{
	if (e->leaf)
		return i < e->leaf->count ? e->leaf->verdicts[i]
					  : VERDICT_HELD_SHAPE;
	if (!l->is_node)
		return VERDICT_NONE;
	return whole ? whole : ledger_admit(l, e->r, i, body);
}

/* Only a centre that was restored has holes and offered keys. */
static bool was_restored(const struct ledger *l)
{
	return l->is_node && l->cfg.node.incarnation > 1;
}

/* A key that a terminal brought back after a restore is now named. */
static int confirm_key(struct ledger *l, const struct record_entry *e)
{
	return was_restored(l) && e->mode != MODE_CLEAR
		   ? ring_confirm(l->ring, &e->stream, &e->kid)
		   : 0;
}

/* An own save folds the draft that was checked and sealed a moment ago: its
 * canonical bytes decode to the same values. Any other is opened. */
static int get_body(
    struct ledger *l, json_t **out, const struct entering *e, uint32_t i)
{
	if (!e->draft)
		return ledger_read_body(l, out, e->r, e->boxes, i);
	*out = json_incref(e->draft->entries[i].body);
	return 0;
}

static int enter_entry(
    struct ledger *l, const struct entering *e, uint32_t i, int *verdict)
{
	const struct record *r = e->r;
	struct stored st = {
	    {r->seat, r->seq, i + 1}, -1, r->lamport, r->at_s, -1, 0, false};
	json_t *body = NULL;
	enum fold_how how;
	enum kind kind;
	int err = confirm_key(l, &r->entries[i]);

	if (err == 0)
		err = get_body(l, &body, e, i);

	if (err < 0 && !ledger_is_unreadable(err))
		return err;
	if (kind_find(&kind, r->entries[i].kind))
		st.kind = (int)kind;
	st.verdict = verdict_for(l, e, i, *verdict, body);
	err = st.verdict;
	if (err < 0)
		goto out;
	if (e->leaf || l->is_node)
		st.pos = (int64_t)(e->leaf ? e->leaf->pos : l->order.size);
	*verdict = st.verdict;
	err = body ? ledger_fold_how(l, &st, &r->entries[i].stream, body)
		   : FOLD_NOT;
	how = err < 0 ? FOLD_NOT : (enum fold_how)err;
	if (err >= 0 && (err = put_entry(l, r, i, &st, how == FOLD_ALONE)) == 0)
		err =
		    ledger_fold_entry(l, how, &st, &r->entries[i].stream, body);
out:
	json_decref(body);
	return err;
}

/* What comes for an erased patient is kept without its boxes. */
static int strip(struct ledger *l, struct entering *e)
{
	if (!l->has_erased)
		return 0;
	l->stripped = *e->boxes;
	e->boxes = &l->stripped;
	return erase_strip(l, e->r, &l->stripped);
}

int ledger_enter(struct ledger *l, const struct entering *given)
{
	struct entering whole_of = *given, *e = &whole_of;
	uint8_t verdicts[RECORD_ENTRIES_MAX];
	int whole = 0, r;

	if ((r = strip(l, e)) < 0)
		return r;
	if ((r = ledger_take_seals(l, e->r, e->seals, e->seals_len)) < 0 ||
	    (r = put_record(l, e)) < 0)
		return r;
	if (l->is_node && !e->leaf &&
	    (whole = ledger_admit_record(l, e->r, e->covered)) < 0)
		return whole;
	for (uint32_t i = 0; r == 0 && i < e->r->count; i++) {
		int verdict = whole;
		r = enter_entry(l, e, i, &verdict);
		verdicts[i] = (uint8_t)verdict;
		if (l->is_node && verdict_is_held(verdict)) {
			l->held++;
			l->held_why = verdict;
		}
	}
	if (r == 0 && erase_is_asked(e->r))
		r = erase_follow(l);
	if (r == 0 && l->is_node && branch_is_released(e->r))
		r = branch_follow(l);
	if (r == 0 && l->is_node && e->leaf)
		return order_restore(l, e->r, e->leaf);
	if (r == 0 && e->is_attested)
		r = prove_later(l, e->r);
	if (r == 0 && l->is_node)
		r = order_append(l, e->r, &e->name.hash, verdicts);
	if (r == 0 && l->is_node)
		r = feed_enter(l, e->r, l->order.size - 1);
	return r;
}

/* ---- the second door ---- */

static int keep_fork(
    struct ledger *l, const struct incoming *given, const struct hash *name)
{
	static const uint8_t none[1];
	struct incoming sifted = *given, *in = &sifted;
	struct buf boxes = {0}, seals = {0};
	struct stmt *s;
	int r = erase_sift(in, &seals, l);

	if (r < 0)
		goto out;
	s = store_query(l->cfg.store, Q_FORK_PUT);
	stmt_bind_id(s, ":seat", &l->rec.seat);
	stmt_bind_int(s, ":seq", (int64_t)l->rec.seq);
	stmt_bind_hash(s, ":hash", name);
	stmt_bind_blob(s, ":frame", in->frame, in->frame_len);
	stmt_bind_int(s, ":at_s", env_now_s(l->cfg.env));
	stmt_bind_blob(
	    s, ":seals", in->seals_len ? in->seals : none, in->seals_len);
	boxes_write(&boxes, in->boxes);
	stmt_bind_blob(s, ":boxes", boxes.data, boxes.len);
	r = stmt_run(s);
out:
	buf_fini(&boxes);
	buf_fini(&seals);
	return r < 0 ? r : err_set(ERR_FORK, "two records at one place");
}

/* Boxes that were not delivered before may come now. */
static int add_boxes(struct ledger *l, const struct boxes *given)
{
	struct buf all = {0};
	struct stmt *s;
	int r;

	l->stripped = *given;
	given = &l->stripped;
	if ((r = erase_strip(l, &l->rec, &l->stripped)) < 0)
		return r;
	r = ledger_load_record(l, &l->rec.seat, l->rec.seq);
	if (r < 0 || !boxes_merge(&l->boxes, given))
		return r;
	boxes_write(&all, &l->boxes);
	s = store_query(l->cfg.store, Q_RECORD_BOXES);
	stmt_bind_blob(s, ":boxes", all.data, all.len);
	stmt_bind_id(s, ":seat", &l->rec.seat);
	stmt_bind_int(s, ":seq", (int64_t)l->rec.seq);
	r = stmt_run(s);
	buf_fini(&all);
	l->loaded.seq = 0;
	for (uint32_t i = 0; r == 0 && i < given->count; i++)
		if (given->len[i] > 0 && !l->is_node)
			r = ledger_fold_box(l, given, i);
	return r;
}

/* 1 and its name when a record of l->rec's seat and number is here. */
static int stored_name(struct ledger *l, struct hash *have, bool *has_place)
{
	struct stmt *s = store_query(l->cfg.store, Q_RECORD_GET);
	int r;

	stmt_bind_id(s, ":seat", &l->rec.seat);
	stmt_bind_int(s, ":seq", (int64_t)l->rec.seq);
	if ((r = stmt_step(s)) == 1) {
		stmt_hash(have, s, 0);
		if (has_place)
			*has_place = !stmt_is_null(s, 3) &&
				     !place_is_old(stmt_int(s, 3));
	}
	stmt_reset(s);
	return r;
}

int ledger_keep_branch(struct ledger *l, const struct incoming *in)
{
	struct seat_grant grant;
	struct commit_name name;
	struct hash have;
	int r = record_read(&l->rec, in->frame, in->frame_len);

	if (r < 0 || (r = ledger_load_grant(l, &l->rec.seat, &grant)) < 0 ||
	    (r = commit_check(&name, &l->rec, grant.sign_pk, &l->scratch)) <
		0 ||
	    (r = boxes_check(in->boxes, &l->rec)) < 0)
		return r;
	/* What an old copy had not sent may be here by the right disk. */
	if ((r = stored_name(l, &have, NULL)) < 0 ||
	    (r == 1 && hash_cmp(&have, &name.hash) == 0))
		return r < 0 ? r : 0;
	r = keep_fork(l, in, &name.hash);
	return r == ERR_FORK ? 0 : r;
}

/* Record l->rec is here already: the same again, or a fork. 1 = it was not
 * here. */
static int meet_again(
    struct ledger *l, const struct incoming *in, const struct hash *name)
{
	struct hash have = {{0}};
	bool has_place = false;
	int r = stored_name(l, &have, &has_place);

	if (r <= 0)
		return r < 0 ? r : 1;
	if (hash_cmp(&have, name) != 0)
		return keep_fork(l, in, name);
	if ((r = add_boxes(l, in->boxes)) < 0)
		return r;
	return in->leaf && !has_place ? ledger_place(l, in->leaf) : 0;
}

/* r is what the chain says. A record behind a hole needs a proof, or comes
 * from a backup; one that fills a hole must fit on both sides. */
static int fits_gap(
    struct ledger *l, const struct incoming *in, int r, const struct hash *name)
{
	if (r == ERR_GAP && (in->covered || in->leaf))
		r = 0;
	return r < 0 ? r : gap_fits(l, &l->rec, name);
}

/* The chain's word on l->rec. Where it names another record before it than the
 * one here its seat has gone two ways, and the centre keeps the second; but
 * what a backup or a lost order brings must fit. */
static int follows(struct ledger *l, const struct incoming *in,
    const struct chain_head *head, const struct hash *name)
{
	int r = chain_follows(head, &l->rec);

	if (r != ERR_CHAIN || in->covered || (l->is_node && in->leaf))
		return r;
	if (l->is_node)
		return keep_fork(l, in, name);
	return err_set(ERR_FORK, "the centre has another record of ours");
}

/* Whose record it is; a node may say itself, with the root's word. */
static int load_author(
    struct ledger *l, const struct incoming *in, struct seat_grant *grant)
{
	int r = ledger_load_grant(l, &l->rec.seat, grant);

	if (r != ERR_NOT_PERMITTED ||
	    ledger_vouch(&l->vouched, l, in->boxes) < 0)
		return r;
	l->is_vouched = true;
	return ledger_load_grant(l, &l->rec.seat, grant);
}

/* A bad signature on what the order proves is the centre's doing. */
static int check_signature(struct ledger *l, struct commit_name *name,
    const struct incoming *in, const uint8_t pk[SIGN_PUBLIC])
{
	const struct checked *c = in->checked;
	int r;

	if (c && memcmp(c->pk, pk, SIGN_PUBLIC) == 0) {
		*name = c->name;
		return 0;
	}
	r = commit_check(name, &l->rec, pk, &l->scratch);
	return r == ERR_SIGNATURE && in->is_attested ? prove_evidence(l, in)
						     : r;
}

/* What waits to be proved gets git's name then. */
static void name_unproved(
    struct ledger *l, struct commit_name *name, const uint8_t pk[SIGN_PUBLIC])
{
	buf_clear(&l->scratch);
	commit_write(&l->scratch, &l->rec, pk);
	memset(name, 0, sizeof(*name));
	hash_blake2b256(&name->hash, l->scratch.data, l->scratch.len);
}

/* Into l->kept: the newest record of a seat. A restored centre has holes,
 * and what comes with its place may be here already. */
static int keep_head(struct ledger *l, const struct id *seat)
{
	struct ledger_kept *k = &l->kept;
	int r = 0;

	if (id_cmp(&k->peer, seat) != 0 || id_is_zero(seat))
		r = ledger_load_head(l, seat, &k->head, &k->lamport);
	k->peer = r < 0 ? (struct id){{0}} : *seat;
	return r;
}

/* 1 = new, and the next of its chain; 0 = it is here. */
static int check_place(
    struct ledger *l, const struct incoming *in, const struct hash *name)
{
	struct chain_head head;
	uint64_t lamport;
	int r;

	if (l->is_node && !was_restored(l) && !in->leaf &&
	    id_cmp(&l->rec.seat, &l->cfg.me->seat) != 0) {
		if ((r = keep_head(l, &l->rec.seat)) < 0)
			return r;
		if (l->rec.seq > l->kept.head.seq) {
			r = follows(l, in, &l->kept.head, name);
			return r < 0 ? r : 1;
		}
	}
	if ((r = meet_again(l, in, name)) <= 0)
		return r;
	if (!l->is_node && id_cmp(&l->rec.seat, &l->cfg.me->seat) != 0)
		return 1;
	r = ledger_load_head(l, &l->rec.seat, &head, &lamport);
	if (r == 0)
		r = follows(l, in, &head, name);
	if (was_restored(l))
		r = fits_gap(l, in, r, name);
	return r < 0 ? r : 1;
}

/* Signature, and on the node the chain without a gap. A terminal's copy of
 * other seats is sparse; its own chain is checked like the node's. */
static int check_incoming(
    struct ledger *l, const struct incoming *in, struct commit_name *name)
{
	struct seat_grant grant;
	int r = record_read(&l->rec, in->frame, in->frame_len);

	if (r < 0 || (r = load_author(l, in, &grant)) < 0)
		return r;
	if (id_cmp(&l->rec.org, &l->cfg.me->org) != 0)
		return err_set(ERR_NOT_PERMITTED, "another organisation");
	if (in->is_attested && prove_may_wait(l, &l->rec))
		name_unproved(l, name, grant.sign_pk);
	else if ((r = check_signature(l, name, in, grant.sign_pk)) < 0)
		return r;
	if (in->leaf && (hash_cmp(&in->leaf->record, &name->hash) != 0 ||
			    in->leaf->count != l->rec.count))
		return err_set(ERR_SIGNATURE, "a leaf names another record");
	r = boxes_check(in->boxes, &l->rec);
	return r < 0 ? r : check_place(l, in, &name->hash);
}

/* One of very many: if it cannot be entered, they all come again. A
 * savepoint a record is a tenth of what the centre does for it, and hardly
 * ever needed: after the first record that fails each is entered by itself,
 * so that whose records fail stops nobody else twice. */
static int enter_with_others(struct ledger *l, const struct entering *e)
{
	int r = ledger_enter(l, e);

	if (r < 0) {
		ledger_rollback(l);
		l->is_careful = true;
	}
	return r;
}

/* What one record wrote goes as a whole if it cannot be entered, and the
 * others of the batch stay. */
static int enter_alone(struct ledger *l, const struct entering *e)
{
	const struct order_tip before = l->order;
	int r = store_savepoint(l->cfg.store);

	if (r < 0)
		return r;
	r = ledger_enter(l, e);
	if (r == 0 && was_restored(l))
		r = gap_note(l, e->r);
	r = store_savepoint_end(l->cfg.store, r);
	if (r < 0) {
		l->order = before;
		ledger_forget(l);
	}
	return r;
}

static int receive(struct ledger *l, const struct incoming *in)
{
	struct entering e = {.r = &l->rec,
	    .frame = in->frame,
	    .frame_len = in->frame_len,
	    .seals = in->seals,
	    .seals_len = in->seals_len,
	    .boxes = in->boxes,
	    .leaf = in->leaf,
	    .covered = in->covered};
	int r = check_incoming(l, in, &e.name);

	if (r <= 0)
		return r;
	e.is_attested = in->is_attested && prove_may_wait(l, &l->rec);
	if (e.is_attested || ((in->is_of_batch || in->is_attested) &&
				 !l->is_careful && !was_restored(l)))
		r = enter_with_others(l, &e);
	else
		r = enter_alone(l, &e);
	if (r == 0 && id_cmp(&l->kept.peer, &l->rec.seat) == 0) {
		l->kept.head = (struct chain_head){l->rec.seq, e.name};
		l->kept.lamport = l->rec.lamport;
	}
	if (r == 0 && id_cmp(&l->rec.seat, &l->cfg.me->seat) == 0)
		r = ledger_load_head(l, &l->rec.seat, &l->head, &l->lamport);
	return r;
}

int ledger_receive(struct ledger *l, const struct incoming *in)
{
	int r = receive(l, in);

	l->is_vouched = false;
	return r;
}
