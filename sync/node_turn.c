/*
 * node_turn.c - the end of a round of the serving centre: what was read on
 * all connections is committed once, then receipts are said, then those who
 * are owed something are fed.
 */
#include "core/err.h"
#include "core/note.h"
#include "core/store.h"
#include "sync/feed.h"
#include "sync/ledger.h"
#include "sync/node_impl.h"
#include "sync/session.h"

#define PUMP_BELOW (1u << 20) /* waiting bytes that still let the feed on */

void node_flush(struct peer *p)
{
	struct buf *out = channel_out(p->channel);

	if (out->len > 0)
		net_send(p->conn, out);
}

/* ---- one commit for all ------------------------------------------------- */

void node_note_taken(struct peer *p)
{
	int r = p->session ? session_forget(p->session) : 0;

	if (r < 0)
		note_event("feed.failed", "error=%s", err_name(r));
}

/* What a session counted outlives it. */
void node_close_session(struct peer *p)
{
	struct session_status status;

	if (!p->session)
		return;
	node_note_left(p);
	node_note_taken(p);
	session_status(&status, p->session);
	p->node->stats.receipts += status.receipts;
	session_free(&p->session);
}

static void drop_sessions(struct node *n, int code)
{
	for (struct peer *p = n->peers; p; p = p->next)
		if (p->session) {
			node_close_session(p);
			net_finish(p->conn, code);
		}
}

/* Before anybody is fed: a receipt is what a person waits for. */
static void say_received(struct peer *p)
{
	session_committed(p->session);
	node_flush(p);
	net_push(p->conn);
}

int node_commit(struct node *n)
{
	uint64_t before = store_generation(ledger_store(n->ledger));
	uint64_t ms = env_mono_ms(n->cfg.env);
	int r = ledger_commit(n->ledger);

	ms = env_mono_ms(n->cfg.env) - ms;
	if (ms > n->stats.commit_ms)
		n->stats.commit_ms = ms;

	if (r < 0) {
		note_event("store.failed", "error=%s detail=%s", err_name(r),
		    err_detail_of(r));
		drop_sessions(n, r);
		n->failure = r;
		return r;
	}
	n->stats.commits += store_generation(ledger_store(n->ledger)) != before;
	for (struct peer *p = n->busy; p; p = p->next_busy)
		if (p->session)
			say_received(p);
	return 0;
}

void node_end_session(struct peer *p, int code)
{
	note_event("session.ended", "error=%s detail=%s", err_name(code),
	    err_detail_of(code));
	session_bye(p->session, code);
	node_close_session(p);
	node_flush(p);
	net_finish(p->conn, code);
}

/* ---- those that have something to do ------------------------------------ */

void node_make_busy(struct peer *p)
{
	if (p->is_busy)
		return;
	p->is_busy = true;
	p->next_busy = p->node->busy;
	p->node->busy = p;
}

void node_forget_busy(struct peer *p)
{
	struct peer **at = &p->node->busy;

	if (!p->is_busy)
		return;
	while (*at != p)
		at = &(*at)->next_busy;
	*at = p->next_busy;
}

/* Whose list has grown. */
static void wake(struct node *n)
{
	if (!feed_has_owed(n->ledger))
		return;
	for (struct peer *p = n->peers; p; p = p->next)
		if (p->session && session_is_due(p->session))
			node_make_busy(p);
	feed_owed_seen(n->ledger);
}

/* Goes on with one; what is left for later keeps it busy. */
static void pump(struct peer *p)
{
	bool may = p->is_open && net_waiting(p->conn) < PUMP_BELOW;
	int r = may ? session_pump(p->session) : 0;

	node_flush(p);
	if (r < 0) {
		node_end_session(p, r);
	} else if (session_is_due(p->session)) {
		node_make_busy(p);
	}
}

bool node_has_more(const struct node *n)
{
	for (const struct peer *p = n->busy; p; p = p->next_busy)
		if (p->session && session_has_more(p->session) &&
		    net_waiting(p->conn) < PUMP_BELOW)
			return true;
	return false;
}

void node_turn(void *ctx)
{
	struct node *n = ctx;
	struct peer *list;

	inbox_turn(n);
	if (node_commit(n) < 0) {
		net_loop_stop(n->loop);
		return;
	}
	wake(n);
	list = n->busy;
	n->busy = NULL;
	while (list) {
		struct peer *p = list;
		list = p->next_busy;
		p->is_busy = false;
		if (p->session)
			pump(p);
	}
	/* Feeding may have noted how far; nobody waits for that. */
	if (ledger_commit(n->ledger) < 0)
		note_event("store.failed", "detail=%s", err_detail());
}
