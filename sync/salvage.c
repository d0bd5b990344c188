/* salvage.c - records that wait for a place after a restore. */
#include "sync/salvage.h"

#include "core/err.h"
#include "core/mem.h"
#include "keys/hash.h"
#include "keys/ring.h"
#include "keys/statement.h"
#include "sync/checkpoint.h"
#include "sync/erase.h"
#include "sync/ledger_more.h"
#include "sync/rollback.h"
#include "sync/wire.h"

#include <stdlib.h>
#include <string.h>

/* ---- what comes back ---- */

/* Reads and names the record; its signature where the author is known yet. */
static int check(
    struct ledger *l, const struct incoming *in, struct commit_name *name)
{
	struct seat_grant grant;
	int r = record_read(&l->rec, in->frame, in->frame_len);

	if (r < 0)
		return r;
	if (id_cmp(&l->rec.org, &l->cfg.me->org) != 0)
		return err_set(ERR_NOT_PERMITTED, "another organisation");
	r = ledger_load_grant(l, &l->rec.seat, &grant);
	if (r == ERR_NOT_PERMITTED) {
		/* Granted in the lost tail: checked when it gets a place. */
		memset(name, 0, sizeof(*name));
		hash_blake2b256(&name->hash, in->frame, in->frame_len);
		return boxes_check(in->boxes, &l->rec);
	}
	if (r < 0)
		return r;
	r = commit_check(name, &l->rec, grant.sign_pk, &l->scratch);
	if (r < 0)
		return r;
	return boxes_check(in->boxes, &l->rec);
}

static void bind_proof(struct stmt *s, const struct offer *o)
{
	struct buf leaf = {0}, path = {0};

	if (o->old >= 0)
		stmt_bind_int(s, ":old", o->old);
	if (!o->proof)
		return;
	wire_leaf(&leaf, &o->proof->leaf);
	merkle_proof_write(&path, &o->proof->path);
	stmt_bind_blob(s, ":leaf", leaf.data, leaf.len);
	stmt_bind_int(s, ":old_size", (int64_t)o->proof->size);
	stmt_bind_blob(s, ":proof", path.data, path.len);
	buf_fini(&leaf);
	buf_fini(&path);
}

static void bind_bytes(
    struct stmt *s, const struct offer *o, const struct boxes *boxes)
{
	static const uint8_t none[1];
	struct buf all = {0};

	boxes_write(&all, boxes);
	stmt_bind_blob(s, ":boxes", all.data, all.len);
	stmt_bind_blob(
	    s, ":seals", o->in.seals_len ? o->in.seals : none, o->in.seals_len);
	buf_fini(&all);
}

/* It waits already: what this copy has more is taken over. */
static int add(struct ledger *l, const struct offer *o, struct stmt *found)
{
	struct buf had = {0};
	struct boxes boxes;
	struct stmt *s;
	int64_t row = stmt_int(found, 0);
	size_t n;
	const void *data = stmt_blob(found, 1, &n);
	int r;

	buf_add(&had, data, n);
	stmt_reset(found);
	r = boxes_read(&boxes, l->rec.count, had.data, had.len);
	if (r == 0) {
		boxes_merge(&boxes, o->in.boxes);
		s = store_query(l->cfg.store, Q_SALVAGE_ADD);
		stmt_bind_int(s, ":n", row);
		bind_proof(s, o);
		bind_bytes(s, o, &boxes);
		r = stmt_run(s);
	}
	buf_fini(&had);
	return r;
}

static int put(
    struct ledger *l, const struct offer *o, const struct commit_name *name)
{
	struct stmt *s = store_query(l->cfg.store, Q_SALVAGE_PUT);

	stmt_bind_id(s, ":seat", &l->rec.seat);
	stmt_bind_int(s, ":seq", (int64_t)l->rec.seq);
	stmt_bind_hash(s, ":hash", &name->hash);
	stmt_bind_blob(s, ":sha1", name->git.b, sizeof(name->git.b));
	stmt_bind_blob(s, ":frame", o->in.frame, o->in.frame_len);
	stmt_bind_int(s, ":at_s", env_now_s(l->cfg.env));
	bind_proof(s, o);
	bind_bytes(s, o, o->in.boxes);
	l->has_salvage = true;
	return stmt_run(s);
}

/* 1 when the very record has its place already. */
static int is_placed(struct ledger *l, const struct hash *name)
{
	struct stmt *s = store_query(l->cfg.store, Q_RECORD_GET);
	struct hash have = {{0}};
	int r;

	stmt_bind_id(s, ":seat", &l->rec.seat);
	stmt_bind_int(s, ":seq", (int64_t)l->rec.seq);
	if ((r = stmt_step(s)) == 1)
		r = stmt_hash(&have, s, 0) && hash_cmp(&have, name) == 0;
	stmt_reset(s);
	return r;
}

/* The record l->rec waits, whoever brought it. */
static int keep(
    struct ledger *l, const struct offer *o, const struct commit_name *name)
{
	struct stmt *s;
	int r;

	s = store_query(l->cfg.store, Q_SALVAGE_FIND);
	stmt_bind_id(s, ":seat", &l->rec.seat);
	stmt_bind_int(s, ":seq", (int64_t)l->rec.seq);
	stmt_bind_hash(s, ":hash", &name->hash);
	if ((r = stmt_step(s)) == 1)
		return add(l, o, s);
	stmt_reset(s);
	return r < 0 ? r : put(l, o, name);
}

int salvage_park(struct ledger *l, const struct offer *o)
{
	struct offer sifted = *o;
	struct commit_name name;
	struct buf seals = {0};
	int r = check(l, &o->in, &name);

	if (r < 0)
		return r;
	if ((r = is_placed(l, &name.hash)) != 0)
		/* Boxes that the centre lacks may be in this copy. */
		return r < 0 ? r : ledger_receive(l, &o->in);
	if ((r = erase_sift(&sifted.in, &seals, l)) == 0)
		r = keep(l, &sifted, &name);
	buf_fini(&seals);
	return r;
}

/* One parked record that follows head, if there is. */
static int step(
    struct ledger *l, const struct id *seat, struct chain_head *head)
{
	struct stmt *s = store_query(l->cfg.store, Q_SALVAGE_NEXT);
	size_t n;
	int r, found = 0;

	stmt_bind_id(s, ":seat", seat);
	stmt_bind_int(s, ":seq", (int64_t)head->seq + 1);
	while ((r = stmt_step(s)) == 1 && !found) {
		const void *sha1 = stmt_blob(s, 1, &n);
		struct chain_head next = {.seq = head->seq + 1};
		stmt_hash(&next.name.hash, s, 0);
		if (n != sizeof(next.name.git.b))
			continue;
		memcpy(next.name.git.b, sha1, n);
		const void *frame = stmt_blob(s, 2, &n);
		if (record_read(&l->rec, frame, n) == 0 &&
		    chain_follows(head, &l->rec) == 0) {
			*head = next;
			found = 1;
		}
	}
	stmt_reset(s);
	return r < 0 ? r : found;
}

int salvage_walk(
    struct ledger *l, const struct id *seat, struct chain_head *head)
{
	int r = 1;

	while (l->has_salvage && r == 1)
		r = step(l, seat, head);
	return r < 0 ? r : 0;
}

/* ---- checkpoints and keys of the lost tail ---- */

static int keep_shown(
    struct ledger *l, const struct checkpoint *c, const char *note)
{
	struct stmt *s = store_query(l->cfg.store, Q_OLD_CHECKPOINT_PUT);
	struct buf inc = {0};
	int r;

	buf_u64(&inc, c->incarnation);
	stmt_bind_blob(s, ":incarnation", inc.data, inc.len);
	stmt_bind_int(s, ":size", (int64_t)c->tree.size);
	stmt_bind_hash(s, ":root", &c->tree.root);
	stmt_bind_int(s, ":lmax", (int64_t)c->lmax);
	stmt_bind_text(s, ":note", note);
	r = stmt_run(s);
	buf_fini(&inc);
	return r;
}

/* Has another root been signed for the same size? 1, 0 or an error. */
static int contradicts(struct ledger *l, const struct checkpoint *c)
{
	const struct record_seen named = {
	    c->incarnation, c->tree.size, c->tree.root};
	struct stmt *s;
	struct buf inc = {0};
	struct hash root;
	int r;

	/* What was not cut off must be the order as it is. */
	if (rollback_size(&l->cfg.node, &named) >= c->tree.size) {
		r = order_has(l, &c->tree);
		return r == ERR_NOT_FOUND ? 1 : r;
	}
	s = store_query(l->cfg.store, Q_OLD_CHECKPOINT_OF);
	buf_u64(&inc, c->incarnation);
	stmt_bind_blob(s, ":incarnation", inc.data, inc.len);
	stmt_bind_int(s, ":size", (int64_t)c->tree.size);
	while ((r = stmt_step(s)) == 1)
		if (stmt_hash(&root, s, 0) &&
		    hash_cmp(&root, &c->tree.root) != 0)
			break;
	stmt_reset(s);
	buf_fini(&inc);
	return r;
}

/* 1 when the node of its incarnation signed it, 0 when that node is not known
 * yet: it may be named by what is still to come. */
static int open_shown(
    struct checkpoint *c, struct ledger *l, const void *note, size_t n)
{
	struct statement node;
	int r = checkpoint_peek(c, note, n);

	if (r < 0)
		return r;
	if (id_cmp(&c->org, &l->cfg.me->org) != 0 ||
	    c->incarnation > l->cfg.node.incarnation)
		return err_set(ERR_SIGNATURE, "a shown checkpoint");
	r = ledger_find_node(&node, l, c->incarnation, NULL);
	if (r == 0)
		r = checkpoint_open(c, note, n, node.check_pk);
	else if (r == ERR_NOT_FOUND)
		return 0;
	return r < 0 ? r : 1;
}

bool salvage_is_signed(struct ledger *l, const char *note)
{
	struct checkpoint c;

	return open_shown(&c, l, note, strlen(note)) == 1;
}

int salvage_show(struct ledger *l, const void *note, size_t n)
{
	struct buf text = {0};
	struct checkpoint c;
	int r = open_shown(&c, l, note, n), differs = 0;

	if (r < 0)
		return r;
	if (r == 1 && (differs = contradicts(l, &c)) < 0)
		return differs;
	buf_add(&text, note, n);
	r = keep_shown(l, &c, buf_text(&text));
	buf_fini(&text);
	if (r == 0 && differs)
		r = err_set(ERR_FORK, "a lost order had two histories");
	return r;
}

static int is_named(
    struct ledger *l, const struct id *stream, const struct hash *kid)
{
	struct stmt *s = store_query(l->cfg.store, Q_KID_NAMED);

	stmt_bind_id(s, ":stream", stream);
	stmt_bind_hash(s, ":kid", kid);
	return stmt_has_row(s);
}

int salvage_key(
    struct ledger *l, const struct id *stream, const struct secret *key)
{
	struct hash kid;
	int r = erase_is_done(l, stream);

	if (r != 0)
		return r < 0 ? r : 0; /* an old key brings nobody back */
	if ((r = ring_offer(&kid, l->ring, stream, key)) <= 0)
		return r; /* here already, or destroyed */
	if ((r = is_named(l, stream, &kid)) <= 0)
		return r;
	r = ring_confirm(l->ring, stream, &kid);
	return r < 0 ? r : ledger_keys_arrived(l, stream);
}
