/* replay.c - asking two worlds of content at every contact. */
#include "core/replay.h"

#include "core/casefile.h"
#include "core/clock.h"
#include "core/history.h"
#include "core/mem.h"
#include "core/outcome.h"
#include "core/pathway_set.h"
#include "core/text.h"
#include "core/triage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HITS_MAX 64
#define ANSWER_TEXT 120

/* One patient being replayed. */
struct run {
	struct replay_total *total;
	const struct content_world *const *worlds;
	const struct replay_listener *listener;
	const struct replay_patient *patient;
	struct facts facts;    /* known at this contact */
	struct casefile *file; /* what was due in it */
	const char *level[2];  /* of the gravest alert by each world */
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

	r->level[0] = n ? triage_level_name(was[0].rule->level) : NULL;
	r->level[1] = m ? triage_level_name(now[0].rule->level) : NULL;
	for (size_t i = 0; i < m && i < HITS_MAX; i++)
		if (!has_hit(was, n, now[i].rule->id))
			tell(r, REPLAY_ALERT_MORE, "", now[i].rule->id);
	for (size_t i = 0; i < n && i < HITS_MAX; i++)
		if (!has_hit(now, m, was[i].rule->id))
			tell(r, REPLAY_ALERT_FEWER, was[i].rule->id, "");
}

void replay_end(struct outcome *out, const struct content_world *w,
    const struct replay_call *call)
{
	static const struct disposition done = {
	    .id = "completed", .is_reached = true, .may_complete = true};
	const char *asked[CASE_DUES];
	const struct profile_tables tables = {
	    w->scores, w->strata, w->tags, w->trends};
	struct outcome_in in = {.how = &done,
	    .is_completed = true,
	    .file = call->file,
	    .facts = call->facts,
	    .now_s = call->at_s,
	    .zone_s = call->zone_s,
	    .scripts = asked,
	    .n_scripts = (size_t)call->file->due_count,
	    .targets = w->targets,
	    .tables = &tables,
	    .level = call->level};

	for (int i = 0; i < call->file->due_count; i++) {
		const struct case_due *d = &call->file->dues[i];

		asked[i] = d->script;
		in.pathways[i] = pathway_set_find(w->pathways, d->pathway, 0);
	}
	outcome_decide(out, &in);
}

static void decide(struct outcome *out, const struct run *r, size_t which)
{
	replay_end(out, r->worlds[which],
	    &(struct replay_call){r->file, &r->facts, r->level[which], r->at_s,
		r->patient->zone_s});
}

/* INT64_MAX when there is no next contact. */
static int64_t answer(char out[ANSWER_TEXT], const struct outcome_next *n)
{
	char day[DAY_TEXT];

	if (!n->is_done || n->is_over) {
		snprintf(out, ANSWER_TEXT, "- none");
		return INT64_MAX;
	}
	day_text(day, n->due.due_day);
	snprintf(out, ANSWER_TEXT, "%s %s", day, n->due.rule);
	return n->due.due_day;
}

static void compare(struct run *r, const struct replay_contact *c,
    const struct outcome_next *a, const struct outcome_next *b)
{
	char texts[2][ANSWER_TEXT];
	int64_t was = answer(texts[0], a), now = answer(texts[1], b);

	r->total->decisions++;
	if (now < was)
		tell(r, REPLAY_EARLIER, texts[0], texts[1]);
	if (now > was)
		tell(r, REPLAY_LATER, texts[0], texts[1]);
	if (r->listener && r->listener->decided)
		r->listener->decided(r->listener->ctx, c, texts[0], texts[1]);
}

/* n rows of one contact, a step each. */
static void ask_pathways(
    struct run *r, const struct replay_contact *rows, size_t n)
{
	struct outcome was, now;

	if (n > CASE_DUES)
		n = CASE_DUES;
	for (size_t i = 0; i < n; i++) {
		struct case_due *d = &r->file->dues[i];
		text_copy(d->pathway, sizeof(d->pathway), rows[i].pathway);
		text_copy(d->step, sizeof(d->step), rows[i].step);
		d->anchor_day = rows[i].anchor_day;
	}
	r->file->due_count = (int)n;
	decide(&was, r, 0);
	decide(&now, r, 1);
	for (size_t i = 0; i < n; i++)
		if (*rows[i].pathway)
			compare(r, &rows[i], &was.next[i], &now.next[i]);
}

/* What this contact itself was judged to be is judged again. */
static bool is_own_level(const struct fact *f, int64_t at_s)
{
	return f->at_s == at_s && strcmp(f->code, "triage-level") == 0;
}

/* Puts the set into the state of one contact. */
static void know(struct run *r, int64_t new_s)
{
	const struct replay_patient *p = r->patient;

	facts_clear(&r->facts);
	for (size_t i = 0; i < p->facts->n; i++) {
		struct fact f = p->facts->items[i];

		if (f.at_s > r->at_s || is_own_level(&f, r->at_s))
			continue;
		f.is_history = f.at_s < new_s;
		facts_add(&r->facts, &f);
	}
	if (p->file)
		history_person(&r->facts, p->file, r->at_s, p->zone_s);
	r->total->facts += r->facts.n;
}

void replay_run(struct replay_total *total,
    const struct content_world *const worlds[2],
    const struct replay_patient *patient,
    const struct replay_listener *listener)
{
	struct run r = {.total = total,
	    .worlds = worlds,
	    .listener = listener,
	    .patient = patient,
	    .file = mem_new(sizeof(*r.file))};
	int64_t new_s = INT64_MIN;

	for (size_t i = 0, n; i < patient->n; i += n) {
		const struct replay_contact *c = patient->contacts + i;

		for (n = 1; i + n < patient->n && c[n].at_s == c->at_s;)
			n++;
		r.at_s = c->at_s;
		know(&r, c->started_s ? c->started_s : new_s);
		ask_rules(&r);
		total->contacts++;
		ask_pathways(&r, c, n);
		new_s = c->at_s + 1;
	}
	free(r.file);
	facts_fini(&r.facts);
}
