/*
 * script_decide.c - what the answers of a run decide: conditions, score sums,
 * progress, and whether the run may be completed.
 */
#include "core/script_run_int.h"

#include "core/err.h"

#include <string.h>

/* ---- conditions ---------------------------------------------------------- */

static bool does_match(
    const struct script_when *w, const struct script_value *v)
{
	int c;
	bool known = script_value_cmp(&c, v, &w->value);

	if (w->op == OP_NE)
		return !known || c != 0;
	if (!known || (v->type == SCRIPT_CHOICE && w->op != OP_EQ))
		return false;
	switch (w->op) {
	case OP_EQ:
		return c == 0;
	case OP_GT:
		return c > 0;
	case OP_LT:
		return c < 0;
	case OP_GE:
		return c >= 0;
	case OP_LE:
		return c <= 0;
	case OP_EXISTS:
	case OP_NE:
		break;
	}
	return false;
}

/* Any answer of the question in the instance that both share will do. */
static bool is_met(const struct script_run *run, uint32_t item, uint32_t occ,
    const struct script_when *w)
{
	const struct script_item *it = &run->s->items[item];
	const struct script_item *q = &run->s->items[w->question];
	const struct node_list *l = &run->items[w->question];
	uint32_t shared = occ_above(occ, it->levels - (unsigned)w->shared);
	bool exists = false;

	for (uint32_t k = 0; k < l->n; k++) {
		const struct script_answer *a = &l->at[k].answer;
		if (occ_above(l->at[k].occ, q->levels - (unsigned)w->shared) !=
		    shared)
			continue;
		exists |= a->n > 0;
		for (uint32_t v = 0; v < a->n && w->op != OP_EXISTS; v++)
			if (does_match(w, &a->values[v]))
				return true;
	}
	return w->op == OP_EXISTS && exists == w->exists;
}

bool run_is_enabled(const struct script_run *run, uint32_t item, uint32_t occ)
{
	const struct script_rules *r = run->s->items[item].rules;
	bool any_met = false, all_met = true;
	uint32_t n = 0;

	for (uint32_t k = 0; k < r->n_when; k++) {
		bool met;
		if (r->when[k].is_dropped)
			continue;
		met = is_met(run, item, occ, &r->when[k]);
		any_met |= met;
		all_met &= met;
		n++;
	}
	return n == 0 || (r->any ? any_met : all_met);
}

/* ---- scores -------------------------------------------------------------- */

const struct script_option *run_option(
    const struct script_item *it, const struct script_value *v)
{
	for (uint32_t o = 0; o < it->n_options; o++)
		if (script_value_is_equal(&it->options[o].value, v))
			return &it->options[o];
	return NULL;
}

/* Adds at the finer of the two scales; weights are bounded when loaded. */
static void add_weight(struct script_value *sum, const struct script_option *o)
{
	int64_t w = o->weight;

	for (; sum->scale < o->weight_scale; sum->scale++)
		sum->num *= 10;
	for (int s = o->weight_scale; s < sum->scale; s++)
		w *= 10;
	sum->num += w;
}

static uint32_t add_answers(struct script_value *sum,
    const struct script_item *it, const struct script_answer *a)
{
	uint32_t n = 0;

	for (uint32_t v = 0; v < a->n; v++) {
		const struct script_option *o = run_option(it, &a->values[v]);
		if (!o || !o->has_weight)
			continue;
		add_weight(sum, o);
		n++;
	}
	return n;
}

bool run_sum(struct script_value *out, const struct script_run *run,
    uint32_t item, uint32_t occ)
{
	const struct script *s = run->s;
	const struct script_item *it = &s->items[item];
	struct script_value sum = {.type = it->type};
	uint32_t n = 0;

	for (uint32_t p = 0; p < it->rules->n_parts; p++) {
		uint32_t part = it->rules->parts[p];
		const struct script_item *q = &s->items[part];
		unsigned shared = script_shared(s, it->parent, q->parent);
		const struct node_list *l = &run->items[part];
		for (uint32_t k = 0; k < l->n; k++)
			if (occ_above(l->at[k].occ, q->levels - shared) ==
			    occ_above(occ, it->levels - shared))
				n += add_answers(&sum, q, &l->at[k].answer);
	}
	while (sum.scale > 0 && sum.num % 10 == 0) {
		sum.num /= 10;
		sum.scale--;
	}
	if (n == 0 || (it->type == SCRIPT_INTEGER && sum.scale > 0))
		return false;
	if (it->type == SCRIPT_QUANTITY && it->n_units > 0) {
		sum.text = it->units[0].value.text;
		sum.code = it->units[0].value.code;
		sum.system = it->units[0].value.system;
	}
	*out = sum;
	return true;
}

/* ---- progress, completion ------------------------------------------------ */

struct script_progress script_run_progress(const struct script_run *run)
{
	struct script_progress p = {0};

	for (uint32_t i = 0; i < run->n_slots; i++) {
		const struct script_slot *slot = &run->slots[i];
		const struct script_answer *a;
		if (run->s->items[slot->item].role != SCRIPT_ROLE_NONE ||
		    (slot->state != SCRIPT_SLOT_OPEN &&
			slot->state != SCRIPT_SLOT_ANSWERED))
			continue;
		p.total++;
		a = script_run_answer(run, slot->item, slot->occ);
		p.answered += a && a->n > 0;
		p.absent += a && a->n == 0;
	}
	return p;
}

/* A required group needs one answer below it, where one can be given. */
static bool is_group_empty(const struct script_run *run, uint32_t slot)
{
	uint32_t end = run->s->items[run->slots[slot].item].end;
	bool could = false;

	for (uint32_t i = slot + 1;
	     i < run->n_slots && run->slots[i].item < end &&
	     run->slots[i].item > run->slots[slot].item;
	     i++) {
		if (run->slots[i].state == SCRIPT_SLOT_ANSWERED)
			return false;
		could |= run->slots[i].state == SCRIPT_SLOT_OPEN;
	}
	return could;
}

static bool is_missing(const struct script_run *run, uint32_t i)
{
	const struct script_slot *slot = &run->slots[i];
	const struct script_item *it = &run->s->items[slot->item];
	const struct node *node = run_node(run, slot->item, slot->occ);

	if (!it->required)
		return false;
	if (slot->state == SCRIPT_SLOT_OPEN)
		return true;
	if (slot->state == SCRIPT_SLOT_ANSWERED)
		return node->answer.n > 0 && node->answer.n < it->min_occurs;
	if (it->type != SCRIPT_GROUP || slot->state == SCRIPT_SLOT_PROXY)
		return false;
	return is_group_empty(run, i) ||
	       (it->is_level && node->instances < it->min_occurs);
}

uint32_t script_run_missing(
    const struct script_run *run, struct script_slot *out, uint32_t max)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < run->n_slots; i++) {
		if (!is_missing(run, i))
			continue;
		if (n < max)
			out[n] = run->slots[i];
		n++;
	}
	return n;
}

int script_run_complete(struct script_run *run)
{
	if (run->status == SCRIPT_STOPPED ||
	    script_run_missing(run, NULL, 0) > 0)
		return ERR_RULE;
	run->status = SCRIPT_COMPLETED;
	return 0;
}

void script_run_stop(struct script_run *run)
{
	run->status = SCRIPT_STOPPED;
}

enum script_status script_run_status(const struct script_run *run)
{
	return run->status;
}
