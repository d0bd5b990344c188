/* world_restore.c - backup, loss and restore of a world's centre. */
#include "tests/world_restore.h"

#include "core/err.h"
#include "core/mem.h"
#include "sync/erase.h"
#include "sync/site.h"

#define SLICE 3000 /* bytes; many slices on purpose */

int world_backup(struct buf *out, struct world *w)
{
	struct backup_cursor c = {0};
	int r;

	buf_clear(out);
	do
		r = backup_write(out, w->node.ledger, &c, SLICE);
	while (r == 0);
	return r < 0 ? r : 0;
}

struct place {
	const struct buf *data;
	size_t at;
};

static int read_some(void *ctx, struct buf *out, size_t n)
{
	struct place *p = ctx;
	size_t left = p->data->len - p->at;

	if (n > left)
		n = left;
	buf_clear(out);
	buf_add(out, p->data->data + p->at, n);
	p->at += n;
	return 0;
}

int world_backup_check(
    struct backup_report *out, struct world *w, const struct buf *backup)
{
	struct place place = {backup, 0};
	const struct backup_source source = {read_some, &place};
	uint8_t pk[1][32];
	const struct backup_roots roots = {
	    &w->org, (const uint8_t(*)[32])pk, 1};

	memcpy(pk[0], w->root_pk, 32);
	return backup_verify(out, &source, &roots);
}

/* The root signs a new beginning. */
static void sign_restore(
    struct world *w, const struct backup_report *b, struct draft *d)
{
	struct statement said = {.what = STATEMENT_INCARNATION,
	    .org = w->org,
	    .incarnation = w->node_keys.incarnation,
	    .old = b->incarnation,
	    .size = b->order.size,
	    .root = b->order.root};
	struct paper paper;
	json_t *body;

	paper_make(&paper, &said, w->root_sk);
	body = paper_json(&paper);
	json_put_str(body, "what", "incarnation");
	draft_add(d, KIND_ROOT_STATEMENT, &w->roster, body);
}

static void lose_node(struct world *w)
{
	struct world_seat *n = &w->node;

	for (int i = 0; i < w->count; i++)
		world_cut(&w->seats[i]);
	world_close(n);
	if (w->keeps_first && w->node_keys.incarnation == 1)
		return;
	identity_free(&n->me);
	secret_free(&n->wrap);
	secret_free(&n->seal_sk);
	secret_free(&n->check_sk);
}

static void reopen_seats(struct world *w)
{
	for (int i = 0; i < w->count; i++) {
		world_close(&w->seats[i]);
		world_open(&w->seats[i]);
	}
}

int world_restore(struct world *w, const struct buf *backup)
{
	struct backup_report b;
	struct place place = {backup, 0};
	const struct backup_source source = {read_some, &place};
	struct ledger_restore *to;
	struct draft d = {0};
	const struct test_env before = w->node.env;
	char name[40];
	int r = world_backup_check(&b, w, backup);

	assert_int_equal(r, 0);
	lose_node(w);
	to = &w->node_keys.restores[w->node_keys.restore_count++];
	assert_true(w->node_keys.restore_count <= LEDGER_RESTORES);
	w->node_keys.incarnation++;
	*to = (struct ledger_restore){w->node_keys.incarnation, b.incarnation,
	    b.order.size, b.order.root};
	snprintf(name, sizeof(name), "node-%d", (int)w->node_keys.incarnation);
	world_make_node(w, name);
	/* Time goes on, and chance is not that of another machine. */
	w->node.env.now_s = before.now_s;
	w->node.env.seed ^= before.seed * 31 + w->node_keys.incarnation;
	world_open(&w->node);
	if (w->gone)
		assert_int_equal(erase_note(w->node.ledger, w->gone), 0);
	r = backup_load(&b, w->node.ledger, &source);
	if (r < 0)
		return r;
	world_draft_node(w, &d);
	sign_restore(w, &b, &d);
	r = ledger_record(w->node.ledger, &d, NULL);
	draft_fini(&d);
	reopen_seats(w);
	return r;
}

void world_recovered(struct world *w, struct salvage_report *out)
{
	struct salvage_report report;

	if (ledger_commit(w->node.ledger) < 0)
		fail_msg("commit before closing");
	assert_int_equal(salvage_close(&report, w->node.ledger), 0);
	if (out)
		*out = report;
}

int world_idle(struct world_seat *seat)
{
	uint64_t later = env_mono_ms(&seat->env.env) + 60000;
	int r;

	world_connect(seat);
	r = world_carry(seat);
	if (r == 0)
		r = session_tick(seat->here, later);
	if (r == 0)
		r = world_carry(seat);
	world_cut(seat);
	return r;
}
