/* replay.c - asking two worlds of content at every contact. */
#include "core/replay.h"

#include "core/clock.h"
#include "core/pathway_set.h"
#include "core/triage.h"

#include <stdio.h>
#include <string.h>

#define HITS_MAX 64
#define ANSWER_TEXT 120

/* One patient being replayed. */
struct run {
	struct replay_total *total;
	const struct content_world *const *worlds;
	const struct replay_listener *listener;
	struct facts facts; /* known at this contact */
	int64_t at_s;
};

static const char *const kind_names[REPLAY_KINDS] = {
    [REPLAY_ALERT_MORE] = "more",
    [REPLAY_ALERT_FEWER] = "fewer",
    [REPLAY_EARLIER] = "earlier",
    [REPLAY_LATER] = "later",
};

const char *replay_kind_name(enum replay_kind kind)
{
	return kind_names[kind];
}

static void tell(
    struct run *r, enum replay_kind kind, const char *was, const char *now)
{
	r->total->of[kind]++;
	if (r->listener && r->listener->tell)
		r->listener->tell(r->listener->ctx, kind, r->at_s, was, now);
}

static bool has_hit(const struct triage_hit *hits, size_t n, const char *id)
{
	for (size_t i = 0; i < n && i < HITS_MAX; i++)
		if (!strcmp(hits[i].rule->id, id))
			return true;
	return false;
}

static void ask_rules(struct run *r)
{
	struct triage_hit was[HITS_MAX];
	struct triage_hit now[HITS_MAX];
	size_t n =
	    triage_run(was, HITS_MAX, r->worlds[0]->triage, &r->facts, r->at_s);
	size_t m =
	    triage_run(now, HITS_MAX, r->worlds[1]->triage, &r->facts, r->at_s);

	for (size_t i = 0; i < m && i < HITS_MAX; i++)
		if (!has_hit(was, n, now[i].rule->id))
			tell(r, REPLAY_ALERT_MORE, "", now[i].rule->id);
	for (size_t i = 0; i < n && i < HITS_MAX; i++)
		if (!has_hit(now, m, was[i].rule->id))
			tell(r, REPLAY_ALERT_FEWER, was[i].rule->id, "");
}

/* The next contact by one world; INT64_MAX when there is none. */
static int64_t next_day(char out[ANSWER_TEXT], const struct run *r,
    const struct content_world *w, const struct replay_contact *c, int64_t day)
{
	const struct pathway *p = pathway_set_find(w->pathways, c->pathway, 0);
	struct pathway_visit v = {
	    c->step, c->anchor_day, day, r->at_s, &r->facts};
	struct pathway_due due = {.is_over = true, .rule = "none"};
	char text[DAY_TEXT] = "-";

	if (p)
		pathway_next(&due, p, &v);
	if (!due.is_over)
		day_text(text, due.due_day);
	snprintf(out, ANSWER_TEXT, "%s %s", text, due.rule);
	return due.is_over ? INT64_MAX : due.due_day;
}

static void ask_pathway(
    struct run *r, const struct replay_contact *c, int32_t zone_s)
{
	char texts[2][ANSWER_TEXT];
	int64_t days[2];

	if (!*c->pathway)
		return;
	for (size_t i = 0; i < 2; i++)
		days[i] = next_day(
		    texts[i], r, r->worlds[i], c, day_of(r->at_s, zone_s));
	if (days[1] < days[0])
		tell(r, REPLAY_EARLIER, texts[0], texts[1]);
	if (days[1] > days[0])
		tell(r, REPLAY_LATER, texts[0], texts[1]);
}

/* Puts the set into the state of one contact. */
static void know(struct run *r, const struct facts *all, int64_t before_s)
{
	facts_clear(&r->facts);
	for (size_t i = 0; i < all->n; i++) {
		struct fact f = all->items[i];

		if (f.at_s > r->at_s)
			continue;
		f.is_history = f.at_s <= before_s;
		facts_add(&r->facts, &f);
	}
	r->total->facts += r->facts.n;
}

void replay_run(struct replay_total *total,
    const struct content_world *const worlds[2],
    const struct replay_patient *patient,
    const struct replay_listener *listener)
{
	struct run r = {.total = total, .worlds = worlds, .listener = listener};
	int64_t before_s = INT64_MIN;

	for (size_t i = 0; i < patient->n; i++) {
		const struct replay_contact *c = patient->contacts + i;
		bool is_new = i == 0 || c->at_s != r.at_s;

		if (is_new && i > 0)
			before_s = r.at_s;
		r.at_s = c->at_s;
		if (is_new) {
			know(&r, patient->facts, before_s);
			ask_rules(&r);
			total->contacts++;
		}
		ask_pathway(&r, c, patient->zone_s);
	}
	facts_fini(&r.facts);
}
