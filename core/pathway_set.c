/* pathway_set.c - enrolment over all pathways, and merging their calls. */
#include "core/pathway_set.h"

#include "core/clock.h"
#include "core/err.h"
#include "core/mem.h"
#include "core/tr.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct pathway_set {
	struct pathway **items;
	size_t n;
};

struct pathway_set *pathway_set_new(void)
{
	return mem_new(sizeof(struct pathway_set));
}

void pathway_set_free(struct pathway_set **set)
{
	if (!*set)
		return;
	for (size_t i = 0; i < (*set)->n; i++)
		pathway_free(&(*set)->items[i]);
	free((*set)->items);
	free(*set);
	*set = NULL;
}

int pathway_set_add(struct pathway_set *set, const char *json, size_t n)
{
	struct pathway *p = NULL;
	int r = pathway_parse(&p, json, n);

	if (!r && pathway_set_find(set, p->head.id, p->head.version))
		r = err_set(
		    ERR_INVALID, _("%s: this version is known"), p->head.id);
	if (r) {
		pathway_free(&p);
		return r;
	}
	set->items = mem_grow(set->items, set->n + 1, sizeof(*set->items));
	set->items[set->n++] = p;
	return 0;
}

size_t pathway_set_total(const struct pathway_set *set)
{
	return set->n;
}

const struct pathway *pathway_set_at(const struct pathway_set *set, size_t i)
{
	assert(i < set->n);
	return set->items[i];
}

const struct pathway *pathway_set_find(
    const struct pathway_set *set, const char *id, int version)
{
	const struct pathway *best = NULL;

	for (size_t i = 0; i < set->n; i++) {
		const struct pathway *p = set->items[i];

		if (strcmp(p->head.id, id))
			continue;
		if (version && p->head.version != version)
			continue;
		if (!best || p->head.version > best->head.version)
			best = p;
	}
	return best;
}

/* The latest of the facts a decision was made on that has this code. */
static const struct fact *traced(const struct cond_trace *t, const char *code)
{
	const struct fact *best = NULL;

	for (size_t i = 0; i < t->n; i++)
		if (!strcmp(t->used[i].code, code) &&
		    (!best || t->used[i].at_s > best->at_s))
			best = t->used + i;
	return best;
}

static const struct fact *anchor_fact(const struct pathway *p,
    const struct facts *person, const struct cond_trace *because)
{
	const struct fact *discharge = facts_last(person, "discharge");

	switch (p->anchor) {
	case PATHWAY_ENROLMENT:
		break;
	case PATHWAY_OPERATION:
		return traced(because, "procedure");
	case PATHWAY_DIAGNOSIS:
		return traced(because, "condition");
	case PATHWAY_DISCHARGE:
		return discharge ? discharge : traced(because, "procedure");
	case PATHWAY_FINDING:
		return facts_last(person, "finding");
	}
	return NULL;
}

bool pathway_should_enrol(struct pathway_enrol *out, const struct pathway *p,
    const struct facts *person, int64_t now_s, int32_t zone_s)
{
	struct pathway_enrol e = {.pathway = p};
	const struct fact *from;

	if (!cond_holds(p->enrol, person, now_s, &e.because))
		return false;
	from = anchor_fact(p, person, &e.because);
	e.anchor_day = day_of(from ? from->at_s : now_s, zone_s);
	if (p->end_days && e.anchor_day + p->end_days < day_of(now_s, zone_s))
		return false;
	*out = e;
	return true;
}

static bool is_replaced(
    const struct pathway_enrol *all, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < all[i].pathway->n_replaces; k++)
			if (!strcmp(all[i].pathway->replaces[k], id))
				return true;
	return false;
}

size_t pathway_set_suggest(struct pathway_enrol *out, size_t max,
    const struct pathway_set *set, const struct facts *person,
    struct pathway_when when)
{
	struct pathway_enrol *fit = mem_array(set->n + 1, sizeof(*fit));
	size_t n = 0;
	size_t kept = 0;

	for (size_t i = 0; i < set->n; i++) {
		const struct pathway *p = set->items[i];

		if (pathway_set_find(set, p->head.id, 0) == p &&
		    pathway_should_enrol(
			fit + n, p, person, when.now_s, when.zone_s))
			n++;
	}
	for (size_t i = 0; i < n; i++) {
		if (is_replaced(fit, n, fit[i].pathway->head.id))
			continue;
		if (kept < max)
			out[kept] = fit[i];
		kept++;
	}
	free(fit);
	return kept;
}

static bool has_text(const char *const *list, size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(list[i], text))
			return true;
	return false;
}

static void serve(struct pathway_plan *plan, const struct pathway_due *due)
{
	const struct pathway *p = due->pathway;

	if (plan->n_served == PATHWAY_PLAN_MAX)
		return;
	plan->served[plan->n_served++] = due;
	if (due->open_day > plan->open_day)
		plan->open_day = due->open_day;
	if (due->close_day < plan->close_day)
		plan->close_day = due->close_day;
	if (!plan->refer)
		plan->refer = due->refer;
	if (!has_text(plan->scripts, plan->n_scripts, due->script)) {
		plan->scripts[plan->n_scripts++] = due->script;
		plan->minutes += due->minutes;
	}
	for (size_t i = 0; i < p->n_advice; i++)
		if (plan->n_advice < PATHWAY_LIST_MAX &&
		    !has_text(plan->advice, plan->n_advice, p->advice[i]))
			plan->advice[plan->n_advice++] = p->advice[i];
}

static void drop_advice(struct pathway_plan *plan, const char *text)
{
	size_t kept = 0;

	for (size_t i = 0; i < plan->n_advice; i++)
		if (strcmp(plan->advice[i], text))
			plan->advice[kept++] = plan->advice[i];
	plan->n_advice = kept;
}

/* Advice that one of the plans forbids is dropped, and the conflict named. */
static void settle(struct pathway_plan *plan, const struct pathway *p)
{
	for (size_t i = 0; i < p->n_conflicts; i++) {
		const struct pathway_conflict *c = p->conflicts + i;

		if (plan->n_conflicts == PATHWAY_LIST_MAX ||
		    !has_text(plan->advice, plan->n_advice, c->theirs))
			continue;
		drop_advice(plan, c->theirs);
		plan->conflicts[plan->n_conflicts++] = c;
	}
}

static const struct pathway_due *strictest(
    const struct pathway_due *dues, size_t n)
{
	const struct pathway_due *best = NULL;

	for (size_t i = 0; i < n; i++)
		if (!dues[i].is_over &&
		    (!best || dues[i].due_day < best->due_day))
			best = dues + i;
	return best;
}

bool pathway_merge(
    struct pathway_plan *out, const struct pathway_due *dues, size_t n)
{
	const struct pathway_due *first = strictest(dues, n);
	struct pathway_plan plan = {0};

	if (!first)
		return false;
	plan.day = first->due_day;
	plan.open_day = first->open_day;
	plan.close_day = first->close_day;
	serve(&plan, first);
	for (size_t i = 0; i < n; i++)
		if (dues + i != first && !dues[i].is_over &&
		    dues[i].open_day <= plan.day)
			serve(&plan, dues + i);
	for (size_t i = 0; i < plan.n_served; i++)
		settle(&plan, plan.served[i]->pathway);
	*out = plan;
	return true;
}
