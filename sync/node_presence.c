/*
 * node_presence.c - tells supervisors who of their team is at work: when it
 * changes, and now and then how long ago each was heard.
 */
#include "core/id.h"
#include "core/mem.h"
#include "core/store.h"
#include "sync/ledger.h"
#include "sync/node_impl.h"
#include "sync/presence.h"
#include "sync/session.h"

#include <stdlib.h>
#include <string.h>

#define TELL_MS 2000    /* how often it is looked whether anything changed */
#define AGAIN_MS 15000  /* how often it is said where nothing did */
#define OTHERS_MS 60000 /* how often others are asked for their role */

/* When a seat that has left was heard last. */
struct heard {
	struct id seat;
	int64_t at_s;
};

static int64_t heard_s(const struct peer *p)
{
	const struct env *env = p->node->cfg.env;
	uint64_t now = env_mono_ms(env), at = presence_heard_ms(p->session);

	return env_now_s(env) - (int64_t)((now > at ? now - at : 0) / 1000);
}

static struct heard *find(const struct node *n, const struct id *seat)
{
	for (size_t i = 0; i < n->heard_count; i++)
		if (id_cmp(&n->heard[i].seat, seat) == 0)
			return &n->heard[i];
	return NULL;
}

void node_note_left(const struct peer *p)
{
	struct node *n = p->node;
	struct heard *h;

	if (!p->is_open || !p->session)
		return;
	h = find(n, session_peer(p->session));
	if (!h) {
		n->heard =
		    mem_grow(n->heard, n->heard_count + 1, sizeof(*n->heard));
		h = &n->heard[n->heard_count++];
		h->seat = *session_peer(p->session);
	}
	h->at_s = heard_s(p);
}

static const struct peer *connected(const struct node *n, const struct id *seat)
{
	for (const struct peer *p = n->peers; p; p = p->next)
		if (p->is_open && p->session &&
		    id_cmp(session_peer(p->session), seat) == 0)
			return p;
	return NULL;
}

static void look_at(struct crew_seat *c, const struct node *n)
{
	const struct peer *p = connected(n, &c->seat);
	const struct heard *left = p ? NULL : find(n, &c->seat);

	if (p) {
		c->state = (uint8_t)presence_of(p->session);
		c->heard_s = heard_s(p);
	} else if (left) {
		c->heard_s = left->at_s;
	}
}

/* How many, 0 for who is no supervisor; an error counts as none. */
static size_t read_crew(struct crew_seat *out, const struct peer *p)
{
	struct stmt *s =
	    store_query(ledger_store(p->node->ledger), Q_CREW_SEATS);
	size_t n = 0;

	stmt_bind_id(s, ":roster", ledger_roster(p->node->ledger));
	stmt_bind_id(s, ":seat", session_peer(p->session));
	while (n < PRESENCE_SEATS && stmt_step(s) == 1) {
		out[n] = (struct crew_seat){.heard_s = stmt_int(s, 1)};
		stmt_id(&out[n++].seat, s, 0);
	}
	stmt_reset(s);
	return n;
}

static uint64_t sum_of(const struct crew_seat *crew, size_t n)
{
	uint64_t sum = n;

	for (size_t i = 0; i < n; i++)
		sum = sum * 1000003 + crew[i].state +
		      (uint64_t)crew[i].seat.b[15] * 4;
	return sum;
}

static void tell(struct peer *p, uint64_t now_ms)
{
	struct crew_seat *crew = mem_array(PRESENCE_SEATS, sizeof(*crew));
	size_t n = read_crew(crew, p);
	uint64_t sum;

	for (size_t i = 0; i < n; i++)
		look_at(&crew[i], p->node);
	sum = sum_of(crew, n);
	p->looked_ms = now_ms + (n ? TELL_MS : OTHERS_MS);
	if (n && (sum != p->crew_sum || now_ms >= p->told_ms + AGAIN_MS)) {
		p->crew_sum = sum;
		p->told_ms = now_ms;
		presence_tell(p->session, crew, n);
		node_flush(p);
	}
	free(crew);
}

void node_tell_crews(struct node *n, uint64_t now_ms)
{
	for (struct peer *p = n->peers; p; p = p->next)
		if (p->is_open && p->session && !p->is_revoked &&
		    now_ms >= p->looked_ms)
			tell(p, now_ms);
}
