/* backup_load.c - a backup becomes the store of a new node. */
#include "core/err.h"
#include "core/mem.h"
#include "keys/statement.h"
#include "sync/backup_impl.h"
#include "sync/checkpoint.h"
#include "sync/order.h"
#include "sync/rollback.h"
#include "sync/salvage.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define RECORDS_A_COMMIT 500

struct loader {
	struct ledger *l;
	uint64_t count;
};

static int load_record(void *ctx, const struct msg_record *m)
{
	struct loader *at = ctx;
	const struct incoming in = {.frame = m->give.frame,
	    .frame_len = m->give.frame_len,
	    .seals = m->give.seals,
	    .seals_len = 0,
	    .boxes = &m->give.boxes,
	    .leaf = &m->leaf};
	int r = ledger_begin(at->l);

	if (r == 0)
		r = ledger_receive(at->l, &in);
	if (r == 0 && ++at->count % RECORDS_A_COMMIT == 0)
		r = ledger_commit(at->l);
	return r < 0 ? err_set(r, "place %" PRIu64, m->leaf.pos) : 0;
}

/* Whose note it is says its incarnation, under that node's signature. */
static int open_note(
    struct checkpoint *out, struct ledger *l, const uint8_t *note, size_t n)
{
	struct statement node;

	for (uint64_t i = l->cfg.node.incarnation; i > 0; i--)
		if (ledger_find_node(&node, l, i, NULL) == 0 &&
		    checkpoint_open(out, note, n, node.check_pk) == 0 &&
		    out->incarnation == i)
			return 0;
	return err_set(ERR_SIGNATURE, "a checkpoint");
}

static int load_checkpoint(void *ctx, const uint8_t *note, size_t n)
{
	struct loader *at = ctx;
	struct buf text = {0};
	struct checkpoint c;
	int r = ledger_begin(at->l);

	if (r == 0)
		r = open_note(&c, at->l, note, n);
	if (r == 0)
		r = order_has(at->l, &c.tree);
	buf_add(&text, note, n);
	if (r == 0)
		r = order_keep(at->l, &c, buf_text(&text));
	buf_fini(&text);
	return r == ERR_NOT_FOUND
		   ? err_set(ERR_CHECK, "a checkpoint of another order")
		   : r;
}

static int load_shown(void *ctx, const uint8_t *note, size_t n)
{
	struct loader *at = ctx;
	int r = ledger_begin(at->l);

	if (r == 0)
		r = salvage_show(at->l, note, n);
	return r == ERR_FORK ? 0 : r;
}

static int load_branch(void *ctx, const struct msg_give *m)
{
	struct loader *at = ctx;
	const struct incoming in = wire_incoming(m);
	int r = ledger_begin(at->l);

	if (r == 0)
		r = ledger_keep_branch(at->l, &in);
	return r;
}

static int load_waiting(void *ctx, const struct msg_offer *m)
{
	struct loader *at = ctx;
	struct old_proof proof = {m->leaf, m->size, m->path};
	struct offer o = {.in = wire_incoming(&m->give), .old = -1};
	int r = ledger_begin(at->l);

	if (m->incarnation)
		o.old = place_old(m->incarnation, m->pos);
	o.proof = m->has_proof ? &proof : NULL;
	return r < 0 ? r : salvage_park(at->l, &o);
}

/* The order must be the one that the root signed for. */
static int check_restored(struct backup_report *out, struct ledger *l)
{
	const struct ledger_node *node = &l->cfg.node;
	const struct ledger_restore *to =
	    node->restore_count ? &node->restores[node->restore_count - 1]
				: NULL;

	if (l->seen.size != out->order.size ||
	    l->seen.incarnation != out->incarnation)
		return err_set(ERR_CHECK, "its newest checkpoint is missing");
	out->order.root = l->seen.root;
	if (!to || to->ordinal != node->incarnation ||
	    to->old != out->incarnation || to->size != out->order.size ||
	    hash_cmp(&to->root, &out->order.root) != 0)
		return err_set(
		    ERR_CHECK, "the site file speaks of another backup");
	return 0;
}

static int begin(struct ledger *l)
{
	int r;

	if (l->order.size > 0 || l->head.seq > 0)
		return err_set(ERR_IN_USE, "the store is not empty");
	if ((r = ledger_begin(l)) < 0)
		return r;
	l->is_recovering = true;
	return store_meta_set_int(l->cfg.store, LEDGER_RECOVERING, 1);
}

int backup_load(struct backup_report *out, struct ledger *l,
    const struct backup_source *source)
{
	struct loader *at = mem_new(sizeof(*at));
	const struct backup_visitor visitor = {load_record, load_checkpoint,
	    load_shown, load_branch, load_waiting, at};
	int r = begin(l);

	at->l = l;
	if (r == 0)
		r = backup_pass(out, source, &visitor);
	if (r == 0)
		r = check_restored(out, l);
	if (r == 0)
		r = ledger_commit(l);
	if (r == 0)
		r = ledger_load_own(l);
	else
		ledger_rollback(l);
	free(at);
	return r;
}
