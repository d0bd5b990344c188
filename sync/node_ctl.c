/* node_ctl.c - the serving node's end of the control socket. */
#include "core/err.h"
#include "core/id.h"
#include "core/note.h"
#include "core/tr.h"
#include "sync/ctl.h"
#include "sync/home.h"
#include "sync/node_impl.h"
#include "sync/session.h"

#include <string.h>

static bool look(struct seat_live *out, void *ctx, const struct id *seat)
{
	const struct node *n = ctx;
	struct session_status status;

	for (const struct peer *p = n->peers; p; p = p->next) {
		if (!p->is_open || !p->session ||
		    id_cmp(session_peer(p->session), seat) != 0)
			continue;
		session_status(&status, p->session);
		*out = (struct seat_live){
		    status.in_feed, net_waiting(p->conn), status.peer_unsent};
		return true;
	}
	return false;
}

static struct node_stats count(const struct node *n)
{
	struct node_stats now = n->stats;

	now.half_open = limits_half_open(n->limits);
	for (const struct peer *p = n->peers; p; p = p->next) {
		struct session_status status;
		if (!p->is_open || !p->session)
			continue;
		session_status(&status, p->session);
		now.online++;
		now.receipts += status.receipts;
	}
	return now;
}

/* A round for everybody else. */
static int breathe(void *ctx)
{
	struct node *n = ctx;
	int r = net_loop_step(n->loop, 0);

	if (r < 0 || n->failure < 0)
		return r < 0 ? r : n->failure;
	return net_loop_is_stopped(n->loop)
		   ? err_set(ERR_INTERRUPTED, "the centre stops")
		   : 0;
}

static int serve(
    struct node *n, const struct ctl_request *asked, struct buf *out)
{
	enum lang was = tr_lang(), lang;
	struct node_stats stats = count(n);
	struct request q = {.home = n->cfg.home,
	    .env = n->cfg.env,
	    .stats = &stats,
	    .look = look,
	    .breathe = breathe,
	    .ctx = n,
	    .words = asked->words,
	    .count = asked->count,
	    .out = out};
	bool stop = false;
	int r;

	for (struct peer *p = n->peers; p; p = p->next)
		node_note_taken(p);
	r = node_commit(n);
	if (tr_parse(&lang, asked->lang) == 0)
		tr_use(lang);
	if (r == 0)
		r = request_run(&q, &stop);
	tr_use(was);
	note_event("node.request", "verb=%.20s result=%s",
	    asked->count ? asked->words[0] : "-", r ? err_name(r) : "ok");
	if (stop)
		net_loop_stop(n->loop);
	return r;
}

static void finish(struct peer *p, struct buf *out, int r)
{
	ctl_finish(out, r, r < 0 ? err_told_of(r) : "");
	net_send(p->conn, out);
	net_finish(p->conn, 0);
}

void node_run_job(struct node *n)
{
	struct buf out = {0};
	int r;

	if (!n->job.is_there)
		return;
	r = serve(n, &n->job.asked, &out);
	if (n->job.peer)
		finish(n->job.peer, &out, r);
	buf_fini(&out);
	ctl_request_fini(&n->job.asked);
	n->job = (struct node_job){.is_there = false};
}

void node_forget_peer(struct node *n, const struct peer *p)
{
	if (n->job.peer == p)
		n->job.peer = NULL;
}

/* 1: it has become the job, and answers later. */
static int take(struct peer *p, struct ctl_request *asked, struct buf *out)
{
	struct node *n = p->node;
	int r;

	if (!request_is_long(asked->words[0])) {
		r = serve(n, asked, out);
		ctl_request_fini(asked);
		return r;
	}
	if (n->job.is_there) {
		ctl_request_fini(asked);
		return err_set(ERR_IN_USE, "another long request runs");
	}
	n->job = (struct node_job){*asked, p, true};
	return 1;
}

static void answer(struct peer *p, size_t line_len)
{
	struct ctl_request asked;
	struct buf out = {0};
	int r = ctl_read(&asked, buf_text(&p->line), line_len);

	if (r == 0)
		r = take(p, &asked, &out);
	if (r <= 0)
		finish(p, &out, r);
	buf_fini(&out);
}

int node_ctl_bytes(struct peer *p, const uint8_t *data, size_t len)
{
	const uint8_t *lf;

	if (p->has_asked)
		return ERR_PROTOCOL;
	if (p->line.len + len > CTL_LINE_MAX)
		return ERR_TOO_LARGE;
	buf_add(&p->line, data, len);
	lf = memchr(p->line.data, '\n', p->line.len);
	if (lf) {
		p->has_asked = true;
		answer(p, (size_t)(lf - p->line.data));
	}
	return 0;
}
