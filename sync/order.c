/*
 * order.c - the node's order: each record gets the next place, a leaf and
 * verdicts; a signed checkpoint speaks for all of them at each commit.
 */
#include "sync/order.h"

#include "core/err.h"
#include "keys/hash.h"
#include "sync/checkpoint.h"
#include "sync/ledger_impl.h"

#include <assert.h>
#include <string.h>

/* Nodes below this level are not kept: their leaves are. */
#define LEVEL_KEPT 2

/* The left one of a pair may be wanted soon. */
static void remember(
    struct ledger *l, unsigned level, uint64_t index, const struct hash *hash)
{
	if ((index & 1) == 0)
		l->kept.nodes[level] = (struct order_node){true, index, *hash};
}

int order_leaf(struct leaf *out, struct ledger *l, uint64_t pos)
{
	struct stmt *q = store_query(l->cfg.store, Q_LEAF_GET);
	size_t n;
	int r;

	stmt_bind_int(q, ":pos", (int64_t)pos);
	if ((r = stmt_step(q)) == 1) {
		out->pos = pos;
		stmt_hash(&out->record, q, 0);
		stmt_id(&out->seat, q, 1);
		out->seq = (uint64_t)stmt_int(q, 2);
		out->node_s = stmt_int(q, 3);
		const void *verdicts = stmt_blob(q, 4, &n);
		out->count =
		    (uint32_t)(n < RECORD_ENTRIES_MAX ? n : RECORD_ENTRIES_MAX);
		memcpy(out->verdicts, verdicts, out->count);
		r = 0;
	} else if (r == 0) {
		r = ERR_NOT_FOUND;
	}
	stmt_reset(q);
	return r;
}

/* The leaf as it was hashed, from its row. */
static int leaf_hash(struct hash *out, struct ledger *l, uint64_t pos)
{
	struct merkle_leaf hashed;
	struct leaf leaf;
	int r = order_leaf(&leaf, l, pos);

	if (r < 0)
		return r;
	hashed.record = leaf.record;
	hashed.seat = leaf.seat;
	hashed.seq = leaf.seq;
	hashed.node_s = leaf.node_s;
	merkle_verdicts(&hashed.verdicts, leaf.verdicts, leaf.count);
	merkle_leaf_hash(out, &hashed);
	return 0;
}

static int tree_read(
    struct hash *out, struct ledger *l, unsigned level, uint64_t index)
{
	struct stmt *s = store_query(l->cfg.store, Q_TREE_GET);
	int r;

	stmt_bind_int(s, ":level", level);
	stmt_bind_int(s, ":idx", (int64_t)index);
	if ((r = stmt_step(s)) == 1)
		r = stmt_hash(out, s, 0) ? 0 : ERR_DAMAGED;
	else if (r == 0)
		r = ERR_NOT_FOUND;
	stmt_reset(s);
	return r;
}

static int tree_get(void *ctx, struct hash *out, unsigned level, uint64_t index)
{
	struct ledger *l = ctx;
	const struct order_node *node = &l->kept.nodes[level];
	struct hash right;
	int r;

	assert(level < ORDER_LEVELS); /* sizes are below 2^53 */
	if (node->is_known && node->index == index) {
		*out = node->hash;
		return 0;
	}
	if (level >= LEVEL_KEPT)
		r = tree_read(out, l, level, index);
	else if (level == 0)
		r = leaf_hash(out, l, index);
	else if ((r = tree_get(l, out, level - 1, 2 * index)) == 0 &&
		 (r = tree_get(l, &right, level - 1, 2 * index + 1)) == 0)
		hash_tree_node(out, out, &right);
	return r;
}

static int tree_put(
    void *ctx, unsigned level, uint64_t index, const struct hash *hash)
{
	struct ledger *l = ctx;
	struct stmt *s;

	remember(l, level, index, hash);
	if (level < LEVEL_KEPT)
		return 0;
	s = store_query(l->cfg.store, Q_TREE_PUT);
	stmt_bind_int(s, ":level", level);
	stmt_bind_int(s, ":idx", (int64_t)index);
	stmt_bind_hash(s, ":hash", hash);
	return stmt_run(s);
}

int order_load(struct ledger *l)
{
	struct stmt *s = store_query(l->cfg.store, Q_LEAF_LAST);
	int64_t lmax = 0;
	int r;

	l->order = (struct order_tip){0};
	if ((r = stmt_step(s)) == 1) {
		l->order.size = (uint64_t)stmt_int(s, 0) + 1;
		l->order.node_s = stmt_int(s, 1);
		r = 0;
	}
	stmt_reset(s);
	if (r == 0)
		r = store_meta_get_int(l->cfg.store, "order.lmax", 0, &lmax);
	l->order.lmax = (uint64_t)lmax;
	return r;
}

static int put_leaf(struct ledger *l, const struct merkle_leaf *leaf,
    const uint8_t *verdicts, size_t n)
{
	struct stmt *s = store_query(l->cfg.store, Q_LEAF_PUT);

	stmt_bind_int(s, ":pos", (int64_t)l->order.size);
	stmt_bind_hash(s, ":hash", &leaf->record);
	stmt_bind_id(s, ":seat", &leaf->seat);
	stmt_bind_int(s, ":seq", (int64_t)leaf->seq);
	stmt_bind_int(s, ":node_s", leaf->node_s);
	stmt_bind_blob(s, ":verdicts", verdicts, n);
	return stmt_run(s);
}

/* A wrong or wild Lamport number never counts. */
static bool counts_in_lmax(const struct record *r, const uint8_t *verdicts)
{
	for (uint32_t i = 0; i < r->count; i++)
		if (verdicts[i] != VERDICT_HELD_LAMPORT &&
		    verdicts[i] != VERDICT_HELD_SEEN)
			return true;
	return false;
}

static int append(struct ledger *l, const struct record *r,
    const struct hash *record, const uint8_t *verdicts, int64_t node_s)
{
	const struct merkle_store tree = {tree_get, tree_put, l};
	struct merkle_leaf leaf = {.record = *record,
	    .seat = r->seat,
	    .seq = r->seq,
	    .node_s = node_s};
	struct hash hash;
	int err;

	merkle_verdicts(&leaf.verdicts, verdicts, r->count);
	merkle_leaf_hash(&hash, &leaf);
	if ((err = put_leaf(l, &leaf, verdicts, r->count)) < 0 ||
	    (err = merkle_append(&tree, l->order.size, &hash)) < 0)
		return err;
	l->order.size++;
	l->order.node_s = leaf.node_s;
	l->order.has_grown = true;
	if (r->lamport > l->order.lmax && counts_in_lmax(r, verdicts)) {
		l->order.lmax = r->lamport;
		l->order.owes_lmax = true;
	}
	return 0;
}

int order_append(struct ledger *l, const struct record *r,
    const struct hash *record, const uint8_t *verdicts)
{
	int64_t now_s = env_now_s(l->cfg.env);

	return append(l, r, record, verdicts,
	    now_s < l->order.node_s ? l->order.node_s : now_s);
}

int order_restore(
    struct ledger *l, const struct record *r, const struct leaf *leaf)
{
	int err;

	if (leaf->pos != l->order.size || leaf->count != r->count ||
	    leaf->node_s < l->order.node_s)
		return err_set(ERR_DAMAGED, "a place out of order");
	err = append(l, r, &leaf->record, leaf->verdicts, leaf->node_s);
	l->order.has_grown = false; /* it is signed for already */
	return err;
}

int order_prove(
    struct merkle_proof *out, struct ledger *l, uint64_t pos, uint64_t size)
{
	const struct merkle_store tree = {tree_get, tree_put, l};

	return size > l->order.size ? ERR_INVALID
				    : merkle_prove_leaf(out, &tree, pos, size);
}

int order_has(struct ledger *l, const struct merkle_tree *named)
{
	const struct merkle_store tree = {tree_get, tree_put, l};
	struct hash root;
	int r;

	if (named->size > l->order.size)
		return ERR_NOT_FOUND;
	r = merkle_root(&root, &tree, named->size);
	return r < 0                                ? r
	       : hash_cmp(&root, &named->root) == 0 ? 0
						    : ERR_NOT_FOUND;
}

int order_keep(struct ledger *l, const struct checkpoint *c, const char *note)
{
	struct stmt *s = store_query(l->cfg.store, Q_CHECKPOINT_PUT);
	struct buf inc = {0};
	int r;

	buf_u64(&inc, c->incarnation);
	stmt_bind_int(s, ":size", (int64_t)c->tree.size);
	stmt_bind_blob(s, ":incarnation", inc.data, inc.len);
	stmt_bind_hash(s, ":root", &c->tree.root);
	stmt_bind_int(s, ":lmax", (int64_t)c->lmax);
	stmt_bind_int(s, ":at_s", env_now_s(l->cfg.env));
	stmt_bind_text(s, ":note", note);
	r = stmt_run(s);
	buf_fini(&inc);
	if (r == 0) {
		l->seen = (struct record_seen){
		    c->incarnation, c->tree.size, c->tree.root};
		l->seen_lmax = c->lmax;
		l->base = l->seen;
	}
	return r;
}

static int sign_order(struct ledger *l)
{
	const struct merkle_store tree = {tree_get, tree_put, l};
	struct checkpoint c = {.org = l->cfg.me->org,
	    .incarnation = l->cfg.node.incarnation,
	    .lmax = l->order.lmax};
	struct buf note = {0};
	int r;

	c.tree.size = l->order.size;
	if ((r = merkle_root(&c.tree.root, &tree, c.tree.size)) < 0)
		return r;
	checkpoint_sign(&note, &c, l->cfg.check_sk);
	r = order_keep(l, &c, buf_text(&note));
	buf_fini(&note);
	return r;
}

int order_commit(struct ledger *l)
{
	int r = 0;

	if (l->order.owes_lmax)
		r = store_meta_set_int(
		    l->cfg.store, "order.lmax", (int64_t)l->order.lmax);
	if (r == 0 && l->order.has_grown)
		r = sign_order(l);
	if (r == 0)
		l->order.owes_lmax = l->order.has_grown = false;
	return r;
}

int order_tell(struct buf *note, struct buf *proof, uint64_t *size,
    struct ledger *l, uint64_t old_size)
{
	const struct merkle_store tree = {tree_get, tree_put, l};
	struct stmt *s = store_query(l->cfg.store, Q_CHECKPOINT_LAST);
	struct merkle_proof p = {0};
	int r;

	*size = 0;
	if ((r = stmt_step(s)) == 1) {
		*size = (uint64_t)stmt_int(s, 0);
		buf_str(note, stmt_text(s, 5));
		r = 0;
	}
	stmt_reset(s);
	if (r < 0 || note->len == 0)
		return r;
	if (old_size > 0 && old_size < *size &&
	    (r = merkle_prove_growth(&p, &tree, old_size, *size)) < 0)
		return r;
	merkle_proof_write(proof, &p);
	return 0;
}

/* The sizes that the centre was restored to must have the roots that this
 * seat has seen there. */
static bool has_kept_roots(const struct ledger *l)
{
	for (size_t i = 0; i < l->cfg.node.restore_count; i++) {
		const struct ledger_restore *to = &l->cfg.node.restores[i];
		if (l->base.incarnation < to->ordinal &&
		    l->base.size == to->size &&
		    hash_cmp(&l->base.root, &to->root) != 0)
			return false;
	}
	return true;
}

/* The same note comes several times: as what a session rests on, then as what
 * has been told. */
static int open_note(
    struct checkpoint *c, struct ledger *l, const void *note, size_t n)
{
	struct hash name;
	int r;

	hash_blake2b256(&name, note, n);
	if (hash_cmp(&name, &l->kept.note) == 0) {
		*c = l->kept.verified;
		return 0;
	}
	if ((r = checkpoint_open(c, note, n, l->cfg.node.check_pk)) == 0) {
		l->kept.note = name;
		l->kept.verified = *c;
	}
	return r;
}

static int check(struct checkpoint *c, struct ledger *l, const void *note,
    size_t n, struct reader *proof)
{
	struct merkle_tree old = {l->base.size, l->base.root};
	struct merkle_proof p;
	int r = open_note(c, l, note, n);

	if (r < 0 || (r = merkle_proof_read(&p, proof)) < 0)
		return r;
	if (id_cmp(&c->org, &l->cfg.me->org) != 0 ||
	    c->incarnation != l->cfg.node.incarnation)
		return err_set(ERR_SIGNATURE, "another centre's checkpoint");
	if (!has_kept_roots(l))
		return err_set(
		    ERR_FORK, "the centre was restored to another history");
	if (old.size > 0 && !merkle_has_grown(&c->tree, &old, &p))
		return err_set(ERR_FORK,
		    "the centre shows another history than it signed");
	return 0;
}

int order_check(struct merkle_tree *out, struct ledger *l, const void *note,
    size_t n, struct reader *proof)
{
	struct checkpoint c;
	int r = check(&c, l, note, n, proof);

	if (r == 0)
		*out = c.tree;
	return r;
}

int order_accept(
    struct ledger *l, const void *note, size_t n, struct reader *proof)
{
	struct checkpoint c;
	struct buf text = {0};
	int r = check(&c, l, note, n, proof);

	if (r < 0 || c.tree.size == l->seen.size)
		return r;
	buf_add(&text, note, n);
	r = order_keep(l, &c, buf_text(&text));
	buf_fini(&text);
	return r;
}

int order_attest(struct buf *leaves, struct buf *proof, struct ledger *l,
    const struct merkle_many *many, uint64_t size)
{
	const struct merkle_store tree = {tree_get, tree_put, l};
	struct hash leaf;
	int r = 0;

	for (size_t i = 0; r == 0 && i < many->count; i++) {
		r = tree_get(l, &leaf, 0, many->positions[i]);
		buf_add(leaves, leaf.b, sizeof(leaf.b));
	}
	return r < 0 ? r : merkle_prove_many(proof, &tree, many, size);
}
