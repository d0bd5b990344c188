/* node_inbox.c - messages between a connection and its session. */
#include "sync/node_inbox.h"

#include "core/mem.h"
#include "core/note.h"
#include "sync/node_crew.h"
#include "sync/node_impl.h"
#include "sync/session.h"
#include "sync/wire.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CREW_MAX 4
#define WORTHWHILE 4       /* signatures; fewer are sooner checked here */
#define MUCH (256u * 1024) /* bytes that may wait of one connection */
#define DRAIN_MS 100

struct letter {
	struct letter *next; /* of its connection */
	struct peer *peer;   /* NULL: heard, and kept for the crew alone */
	bool is_awaited;     /* by the crew, or on the way there */
	struct crew_job job;
	struct buf msg;
};

static struct letter *letter_of(struct crew_job *job)
{
	return (struct letter *)((char *)job - offsetof(struct letter, job));
}

static void letter_free(struct letter *l)
{
	buf_fini(&l->msg);
	free(l);
}

static void pause_reading(struct peer *p, bool should)
{
	if (p->inbox.is_paused == should)
		return;
	p->inbox.is_paused = should;
	net_pause(p->conn, should);
}

bool inbox_put(struct peer *p, const uint8_t *msg, size_t len)
{
	struct node *n = p->node;
	bool is_given = n->crew && p->is_open && p->session &&
			wire_peek(msg, len) == MSG_GIVE;
	struct letter *l;

	if (!is_given && !p->inbox.first)
		return false;
	l = mem_new(sizeof(*l));
	buf_add(&l->msg, msg, len);
	l->peer = p;
	if (!p->inbox.first)
		p->inbox.end = &p->inbox.first;
	*p->inbox.end = l;
	p->inbox.end = &l->next;
	p->inbox.bytes += sizeof(*l) + len;
	if (p->inbox.bytes > MUCH)
		pause_reading(p, true);
	if (is_given) {
		l->is_awaited = true;
		l->job.msg = &l->msg;
		memcpy(l->job.pk, session_peer_key(p->session), SIGN_PUBLIC);
		*n->fresh_end = &l->job;
		n->fresh_end = &l->job.next;
		n->fresh_count++;
	}
	return true;
}

/* In their order, up to one whose signature is still being checked; or all,
 * and what is not checked yet the ledger checks. */
static void hear(struct peer *p, bool all)
{
	struct letter *l;

	node_make_busy(p);
	while ((l = p->inbox.first) && (all || !l->is_awaited)) {
		p->inbox.first = l->next;
		p->inbox.bytes -= sizeof(*l) + l->msg.len;
		if (p->session)
			node_hear(p, l->msg.data, l->msg.len,
			    !l->is_awaited && l->job.is_signed ? &l->job.found
							       : NULL);
		l->peer = NULL;
		if (!l->is_awaited)
			letter_free(l);
	}
	if (p->inbox.bytes < MUCH / 4)
		pause_reading(p, false);
}

void inbox_end(struct peer *p)
{
	if (p->inbox.first)
		hear(p, true);
}

/* Of letters that the crew has not seen. */
static void hear_fresh(struct crew_job *list)
{
	for (struct crew_job *next; list; list = next) {
		struct letter *l = letter_of(list);
		next = list->next;
		if (l->peer)
			hear(l->peer, true);
		letter_free(l);
	}
}

void inbox_turn(struct node *n)
{
	struct crew_job *list = n->fresh;
	bool is_worthwhile =
	    n->fresh_count >= WORTHWHILE || (n->crew && crew_count(n->crew));

	n->fresh = NULL;
	n->fresh_end = &n->fresh;
	n->fresh_count = 0;
	if (is_worthwhile)
		crew_give(n->crew, list);
	else
		hear_fresh(list);
}

/* Hearing frees letters, so whose they are is found out first. */
static void take_back(struct crew_job *list)
{
	struct peer *due = NULL;

	for (struct crew_job *next; list; list = next) {
		struct letter *l = letter_of(list);
		struct peer *p = l->peer;
		next = list->next;
		l->is_awaited = false;
		if (!p) {
			letter_free(l);
		} else if (!p->inbox.is_due) {
			p->inbox.is_due = true;
			p->inbox.next_due = due;
			due = p;
		}
	}
	for (; due; due = due->inbox.next_due) {
		due->inbox.is_due = false;
		hear(due, false);
	}
}

static void on_crew(void *ctx)
{
	struct node *n = ctx;

	take_back(crew_take(n->crew));
}

void inbox_tick(struct node *n)
{
	if (n->crew && crew_count(n->crew) > 0)
		on_crew(n);
}

int inbox_open(struct node *n)
{
	long spare = sysconf(_SC_NPROCESSORS_ONLN) - 1;
	int r;

	n->fresh_end = &n->fresh;
	if (spare < 1)
		return 0;
	r = crew_new(&n->crew, spare < CREW_MAX ? (unsigned)spare : CREW_MAX);
	return r < 0 ? r
		     : net_loop_watch(n->loop, crew_fd(n->crew), on_crew, n);
}

void inbox_close(struct node *n)
{
	if (!n->crew)
		return;
	hear_fresh(n->fresh);
	while (crew_count(n->crew) > 0 &&
	       net_wait(crew_fd(n->crew), false, DRAIN_MS))
		take_back(crew_take(n->crew));
	crew_free(&n->crew);
}
