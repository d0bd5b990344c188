/*
 * script_run.c - a call in progress: its answers, and what is asked under
 * them. One pass in the script's order decides every place, because whatever
 * decides comes first (script_when.c).
 */
#include "core/script_run_int.h"

#include "core/err.h"
#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

/* ---- answers ------------------------------------------------------------- */

static void drop_answer(struct script_answer *a)
{
	union {
		const struct script_value *c;
		struct script_value *v;
	} values = {a->values};
	union {
		const char *c;
		void *p;
	} reason = {a->reason};

	for (uint32_t i = 0; i < a->n; i++)
		script_value_fini(&values.v[i]);
	free(values.v);
	free(reason.p);
	*a = (struct script_answer){.item = a->item, .occ = a->occ};
}

void run_put(struct node *node, const struct script_answer *answer)
{
	struct script_value *values;
	uint32_t item = node->answer.item, occ = node->answer.occ;

	drop_answer(&node->answer);
	node->is_touched = true;
	if (!answer)
		return;
	node->answer = *answer;
	node->answer.item = item;
	node->answer.occ = occ;
	node->answer.reason =
	    answer->reason ? mem_strdup(answer->reason) : NULL;
	values = mem_array(answer->n + 1, sizeof(*values));
	for (uint32_t i = 0; i < answer->n; i++)
		values[i] = script_value_dup(&answer->values[i]);
	node->answer.values = values;
}

struct node *run_node(const struct script_run *run, uint32_t item, uint32_t occ)
{
	const struct node_list *l = &run->items[item];
	uint32_t lo = 0, hi = l->n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (l->at[mid].occ == occ)
			return &l->at[mid];
		if (l->at[mid].occ < occ)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

/* ---- places -------------------------------------------------------------- */

/* How many times a place's children exist. */
static uint32_t child_count(
    const struct script_item *it, const struct node *node)
{
	if (!it->is_level)
		return 1;
	return it->type == SCRIPT_GROUP ? node->instances : node->answer.n;
}

static bool is_unchanged(const struct script_run *run, uint32_t i)
{
	const struct script_item *it = &run->s->items[i];
	const struct node_list *l = &run->items[i], *up;

	if (it->parent == SCRIPT_NONE)
		return l->n == 1;
	if (run->s->items[it->parent].is_level)
		return false;
	up = &run->items[it->parent];
	for (uint32_t k = 0; k < l->n && k < up->n; k++)
		if (l->at[k].occ != up->at[k].occ)
			return false;
	return l->n == up->n;
}

/* Takes over the old node of this occurrence, or makes a new one. */
static void take_node(struct node_list *to, struct node_list *from,
    uint32_t *next, uint32_t item, uint32_t occ)
{
	while (*next < from->n && from->at[*next].occ < occ)
		drop_answer(&from->at[(*next)++].answer);
	if (*next < from->n && from->at[*next].occ == occ) {
		to->at[to->n++] = from->at[(*next)++];
		return;
	}
	to->at[to->n++] = (struct node){
	    .occ = occ, .instances = 1, .answer = {.item = item, .occ = occ}};
}

static uint32_t place_count(const struct script_run *run, uint32_t parent)
{
	uint32_t n = 0;

	for (uint32_t k = 0; k < run->items[parent].n; k++)
		n += child_count(
		    &run->s->items[parent], &run->items[parent].at[k]);
	return n;
}

/* Makes the nodes of an item follow those of its parent. */
static void place_item(struct script_run *run, uint32_t i)
{
	const struct script_item *it = &run->s->items[i];
	struct node_list *old = &run->items[i], fresh = {0};
	uint32_t next = 0;

	if (is_unchanged(run, i))
		return;
	if (it->parent == SCRIPT_NONE) {
		fresh.at = mem_array(1, sizeof(*fresh.at));
		take_node(&fresh, old, &next, i, 0);
	} else {
		const struct script_item *up = &run->s->items[it->parent];
		const struct node_list *ups = &run->items[it->parent];
		fresh.at = mem_array(
		    place_count(run, it->parent) + 1, sizeof(*fresh.at));
		for (uint32_t k = 0; k < ups->n; k++)
			for (uint32_t c = 0; c < child_count(up, &ups->at[k]);
			     c++)
				take_node(&fresh, old, &next, i,
				    up->is_level ? ups->at[k].occ * 64 + c
						 : ups->at[k].occ);
	}
	while (next < old->n)
		drop_answer(&old->at[next++].answer);
	free(old->at);
	run->n_nodes += fresh.n - old->n;
	*old = fresh;
}

/* ---- deciding ------------------------------------------------------------ */

static bool is_parent_open(
    const struct script_run *run, uint32_t i, uint32_t occ)
{
	const struct script_item *it = &run->s->items[i], *up;
	const struct node *node;

	if (it->parent == SCRIPT_NONE)
		return true;
	up = &run->s->items[it->parent];
	node = run_node(run, it->parent, up->is_level ? occ / 64 : occ);
	if (!node || !node->enabled)
		return false;
	return up->type == SCRIPT_GROUP || it->type == SCRIPT_DISPLAY ||
	       node->answer.n > 0;
}

const char *script_run_respondent(const struct script_run *run)
{
	uint32_t r = run->s->respondent;
	const struct script_answer *a =
	    r == SCRIPT_NONE ? NULL : script_run_answer(run, r, 0);

	return a && a->n > 0 && a->values[0].code ? a->values[0].code : "";
}

static bool is_by_proxy(const struct script_run *run)
{
	const char *who = script_run_respondent(run);

	return *who && strcmp(who, "self") != 0;
}

static void give_initial(
    const struct script_run *run, uint32_t i, struct node *node)
{
	const struct script_item *it = &run->s->items[i];
	struct script_value picked[SCRIPT_REPEAT_MAX];
	struct script_answer a = {
	    .n = it->rules->n_initial, .values = it->rules->initial};

	if (a.n == 0) {
		for (uint32_t o = 0; o < it->n_options; o++)
			if (it->options[o].is_initial &&
			    a.n < SCRIPT_REPEAT_MAX &&
			    (a.n == 0 || it->repeats))
				picked[a.n++] = it->options[o].value;
		a.values = picked;
	}
	if (a.n > SCRIPT_REPEAT_MAX)
		a.n = SCRIPT_REPEAT_MAX;
	if (a.n > 0)
		run_put(node, &a);
	node->is_touched = true;
}

static void give_sum(
    const struct script_run *run, uint32_t i, struct node *node)
{
	struct script_value v;
	struct script_answer a = {.n = 1, .values = &v};

	run_put(node, run_sum(&v, run, i, node->occ) ? &a : NULL);
}

static void decide(struct script_run *run, uint32_t i, struct node *node)
{
	const struct script_item *it = &run->s->items[i];
	bool is_asked = is_parent_open(run, i, node->occ) &&
			run_is_enabled(run, i, node->occ);

	node->is_proxy = is_asked && it->is_self_report && is_by_proxy(run);
	node->enabled = is_asked && !node->is_proxy;
	if (!node->enabled) {
		run_put(node, NULL);
		node->is_touched = false;
		return;
	}
	if (it->is_computed)
		give_sum(run, i, node);
	else if (!node->is_touched)
		give_initial(run, i, node);
}

/* ---- slots --------------------------------------------------------------- */

static enum script_slot_state slot_state(
    const struct script_item *it, const struct node *node)
{
	if (node->is_proxy)
		return SCRIPT_SLOT_PROXY;
	if (it->type == SCRIPT_GROUP || it->type == SCRIPT_DISPLAY)
		return SCRIPT_SLOT_TEXT;
	if (it->type == SCRIPT_ATTACHMENT || it->type == SCRIPT_REFERENCE)
		return SCRIPT_SLOT_NOT_HERE;
	if (it->read_only || it->is_computed)
		return SCRIPT_SLOT_FIXED;
	return answer_is_given(&node->answer) ? SCRIPT_SLOT_ANSWERED
					      : SCRIPT_SLOT_OPEN;
}

static void add_slot(
    struct script_run *run, uint32_t i, const struct node *node)
{
	if (run->n_slots == run->cap_slots) {
		run->cap_slots = run->cap_slots ? run->cap_slots * 2 : 64;
		run->slots =
		    mem_grow(run->slots, run->cap_slots, sizeof(*run->slots));
	}
	run->slots[run->n_slots++] = (struct script_slot){.item = i,
	    .occ = node->occ,
	    .state = slot_state(&run->s->items[i], node)};
}

/* Depth is that of the items: bounded when loaded. */
static void show(struct script_run *run, uint32_t i, uint32_t occ)
{
	const struct script_item *it = &run->s->items[i];
	const struct node *node = run_node(run, i, occ);

	if (!node || it->hidden || it->rules->is_hint ||
	    (!node->enabled && !node->is_proxy))
		return;
	add_slot(run, i, node);
	for (uint32_t k = 0; k < child_count(it, node); k++)
		for (uint32_t c = i + 1; c < it->end; c = run->s->items[c].end)
			show(run, c, it->is_level ? occ * 64 + k : occ);
}

void run_settle(struct script_run *run)
{
	for (uint32_t k = 0; k < run->s->n; k++) {
		uint32_t i = run->s->order[k];
		place_item(run, i);
		for (uint32_t p = 0; p < run->items[i].n; p++)
			decide(run, i, &run->items[i].at[p]);
	}
	run->n_slots = 0;
	for (uint32_t i = 0; i < run->s->n; i = run->s->items[i].end)
		show(run, i, 0);
}

/* ---- public -------------------------------------------------------------- */

struct script_run *script_run_new(
    const struct script *s, const struct script_person *person, int32_t zone_s)
{
	struct script_run *run = mem_new(sizeof(*run));

	run->s = s;
	run->person = person;
	run->zone_s = zone_s;
	run->items = mem_array(s->n + 1, sizeof(*run->items));
	run_settle(run);
	return run;
}

void script_run_free(struct script_run **run)
{
	struct script_run *r = *run;

	if (!r)
		return;
	for (uint32_t i = 0; i < r->s->n; i++) {
		for (uint32_t k = 0; k < r->items[i].n; k++)
			drop_answer(&r->items[i].at[k].answer);
		free(r->items[i].at);
	}
	free(r->items);
	free(r->slots);
	free(r);
	*run = NULL;
}

const struct script *script_run_script(const struct script_run *run)
{
	return run->s;
}

const struct script_person *script_run_person(const struct script_run *run)
{
	return run->person;
}

uint32_t script_run_count(const struct script_run *run)
{
	return run->n_slots;
}

struct script_slot script_run_slot(const struct script_run *run, uint32_t i)
{
	return run->slots[i];
}

uint32_t script_run_find(
    const struct script_run *run, uint32_t item, uint32_t occ)
{
	for (uint32_t i = 0; i < run->n_slots; i++)
		if (run->slots[i].item == item && run->slots[i].occ == occ)
			return i;
	return SCRIPT_NONE;
}

uint32_t script_run_next(const struct script_run *run, uint32_t from)
{
	uint32_t n = run->n_slots;

	if (from >= n)
		from = 0;
	for (uint32_t k = 0; k < n; k++) {
		uint32_t i = (from + k) % n;
		if (run->slots[i].state == SCRIPT_SLOT_OPEN)
			return i;
	}
	return SCRIPT_NONE;
}

const struct script_answer *script_run_answer(
    const struct script_run *run, uint32_t item, uint32_t occ)
{
	const struct node *node = run_node(run, item, occ);

	return node && answer_is_given(&node->answer) ? &node->answer : NULL;
}

int script_run_add(struct script_run *run, uint32_t item, uint32_t occ)
{
	const struct script_item *it = &run->s->items[item];
	struct node *node = run_node(run, item, occ);
	uint32_t max = it->max_occurs ? it->max_occurs : SCRIPT_REPEAT_MAX;

	if (!node || !node->enabled)
		return ERR_STALE;
	if (it->type != SCRIPT_GROUP || !it->is_level ||
	    node->instances >= max || node->instances >= SCRIPT_REPEAT_MAX ||
	    run->n_nodes + (it->end - item) > SCRIPT_NODES_MAX)
		return ERR_RULE;
	node->instances++;
	run_settle(run);
	return 0;
}

void script_run_clear(struct script_run *run, uint32_t item, uint32_t occ)
{
	struct node *node = run_node(run, item, occ);

	if (!node || !run->s->items[item].rules->is_question_here ||
	    run->status == SCRIPT_STOPPED)
		return;
	run->status = SCRIPT_IN_PROGRESS;
	run_put(node, NULL);
	run_settle(run);
}
