/*
 * script_same.c - which questions of two scripts are one question, so that
 * a call asks it once.
 */
#include "core/script_merge_int.h"

#include <string.h>

static const struct part *in_hand(const struct merge *g)
{
	return &g->m->parts[g->part];
}

static bool is_same_place(
    const struct merge *g, const struct slot *a, uint32_t ai, uint32_t bi)
{
	return g->m->parts[a->part].slots[ai] == in_hand(g)->slots[bi];
}

static bool is_same_when(const struct merge *g, const struct slot *a,
    const struct script_rules *x, const struct script_rules *y)
{
	if (x->n_when != y->n_when || (x->n_when > 1 && x->any != y->any))
		return false;
	for (uint32_t k = 0; k < x->n_when; k++) {
		const struct script_when *p = &x->when[k], *q = &y->when[k];
		bool same = p->op == OP_EXISTS
				? p->exists == q->exists
				: script_value_is_equal(&p->value, &q->value);
		if (p->op != q->op || !same ||
		    !is_same_place(g, a, p->question, q->question))
			return false;
	}
	return true;
}

static bool is_same_bound(
    const struct script_bound *a, const struct script_bound *b)
{
	return a->has == b->has &&
	       (!a->has || script_value_is_equal(&a->at, &b->at));
}

static bool is_same_list(
    const struct script_option *a, const struct script_option *b, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (!script_value_is_equal(&a[i].value, &b[i].value))
			return false;
	return true;
}

static bool is_same_question(
    const struct script_item *a, const struct script_item *b)
{
	return a->type == b->type && a->repeats == b->repeats &&
	       a->is_self_report == b->is_self_report &&
	       a->read_only == b->read_only && a->hidden == b->hidden &&
	       a->max_length == b->max_length && !a->is_uncomputed &&
	       !b->is_uncomputed && is_same_bound(&a->min, &b->min) &&
	       is_same_bound(&a->max, &b->max) &&
	       a->n_options == b->n_options && a->n_units == b->n_units &&
	       is_same_list(a->options, b->options, a->n_options) &&
	       is_same_list(a->units, b->units, a->n_units);
}

/* One step up the items that decide whether x (of slot a) or y is asked. */
struct chain {
	const struct script *s;
	uint32_t i;
	bool is_self;
};

static bool is_met_by(const struct merge *g, const struct slot *a,
    const struct chain *x, const struct chain *y)
{
	bool is_above_x = !x->is_self && x->s->items[x->i].type != SCRIPT_GROUP;
	bool is_above_y = !y->is_self && y->s->items[y->i].type != SCRIPT_GROUP;

	if (is_above_x != is_above_y)
		return false;
	if (is_above_x)
		return is_same_place(g, a, x->i, y->i);
	return is_same_when(
	    g, a, x->s->items[x->i].rules, y->s->items[y->i].rules);
}

/* Whatever must hold for x must hold for y too: x is asked whenever y is.
 * With back it is the other way round. */
static bool is_covered(
    const struct merge *g, const struct slot *a, uint32_t i, bool back)
{
	struct chain x = {g->m->parts[a->part].script, a->item, true};
	struct chain y = {in_hand(g)->script, i, true}, out, in;
	struct chain outer = back ? y : x, inner = back ? x : y;

	for (out = outer; out.i != SCRIPT_NONE;
	     out.i = out.s->items[out.i].parent, out.is_self = false) {
		const struct script_item *it = &out.s->items[out.i];
		bool met = it->rules->n_when == 0 &&
			   (out.is_self || it->type == SCRIPT_GROUP);
		for (in = inner; in.i != SCRIPT_NONE && !met;
		     in.i = in.s->items[in.i].parent, in.is_self = false)
			met = back ? is_met_by(g, a, &in, &out)
				   : is_met_by(g, a, &out, &in);
		if (!met)
			return false;
	}
	return true;
}

/* One question of the whole is at most one question of each part. */
static bool stands_already(
    const struct merge *g, const struct slot *a, uint32_t i)
{
	const struct part *p = in_hand(g);

	for (uint32_t k = 0; k < i; k++)
		if (&g->slots[p->slots[k]] == a)
			return true;
	return false;
}

/* May the question of a slot stand for item i of the part in hand? It must
 * be asked whenever that would be, and be as much required. */
static bool may_stand_for(
    const struct merge *g, const struct slot *a, uint32_t i)
{
	const struct script_item *x =
	    &g->m->parts[a->part].script->items[a->item];
	const struct script_item *y = &in_hand(g)->script->items[i];

	if (a->part == g->part || x->levels > 0 || y->levels > 0 ||
	    stands_already(g, a, i) || !is_same_question(x, y) ||
	    !is_covered(g, a, i, false))
		return false;
	return x->required || !y->required || is_covered(g, a, i, true);
}

uint32_t merge_slot_at(const json_t *index, const char *key)
{
	const json_t *v = *key ? json_object_get(index, key) : NULL;

	return v ? (uint32_t)json_integer_value(v) : SCRIPT_NONE;
}

/* The slot of the same opener, the same linkId or the same code. */
static uint32_t twin_of_question(const struct merge *g, uint32_t i)
{
	const struct script_item *it = &in_hand(g)->script->items[i];
	uint32_t at = merge_slot_at(g->links, it->link);

	for (uint32_t k = 0; it->role && k < g->n; k++) {
		const struct slot *s = &g->slots[k];
		if (g->m->parts[s->part].script->items[s->item].role ==
		    it->role)
			return k;
	}
	if (at != SCRIPT_NONE && may_stand_for(g, &g->slots[at], i))
		return at;
	at = merge_slot_at(g->codes, it->code);
	return at != SCRIPT_NONE && may_stand_for(g, &g->slots[at], i)
		   ? at
		   : SCRIPT_NONE;
}

/* What an item depends on outside of its own group is the same in both. */
static bool depends_alike(
    const struct merge *g, const struct slot *a, uint32_t first, uint32_t k)
{
	const struct script_rules *x =
	    g->m->parts[a->part].script->items[a->item + k].rules;
	const struct script *s = in_hand(g)->script;
	const struct script_rules *y = s->items[first + k].rules;

	for (uint32_t w = 0; w < x->n_when; w++)
		if (y->when[w].question - first >=
			s->items[first].end - first &&
		    !is_same_place(
			g, a, x->when[w].question, y->when[w].question))
			return false;
	for (uint32_t p = 0; p < x->n_parts; p++)
		if (y->parts[p] - first >= s->items[first].end - first &&
		    !is_same_place(g, a, x->parts[p], y->parts[p]))
			return false;
	return x->less == SCRIPT_NONE ||
	       y->less - first < s->items[first].end - first;
}

/* A whole group that is word for word in the other script. */
static uint32_t twin_of_group(const struct merge *g, uint32_t i)
{
	const struct script *s = in_hand(g)->script;
	uint32_t at = merge_slot_at(g->links, s->items[i].link);
	const struct slot *a = at == SCRIPT_NONE ? NULL : &g->slots[at];
	const struct script_item *x, *y = &s->items[i];

	if (!a)
		return SCRIPT_NONE;
	x = &g->m->parts[a->part].script->items[a->item];
	if (x->levels > 0 || y->levels > 0 ||
	    !json_equal(
		(json_t *)(uintptr_t)x->src, (json_t *)(uintptr_t)y->src))
		return SCRIPT_NONE;
	for (uint32_t k = 0; k < y->end - i; k++)
		if (!depends_alike(g, a, i, k))
			return SCRIPT_NONE;
	return is_covered(g, a, i, false) ? at : SCRIPT_NONE;
}

uint32_t merge_twin(const struct merge *g, uint32_t i)
{
	enum script_type type = in_hand(g)->script->items[i].type;

	if (type == SCRIPT_DISPLAY)
		return SCRIPT_NONE;
	return type == SCRIPT_GROUP ? twin_of_group(g, i)
				    : twin_of_question(g, i);
}
