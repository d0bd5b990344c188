/*
 * script_when.c - conditions (enableWhen), and the order in which places are
 * decided: whatever decides comes first. Circles are cut here, at a condition,
 * so that a run needs one pass and always ends.
 */
#include "core/script_int.h"

#include "core/json.h"
#include "core/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_operator(enum script_op *out, const char *name)
{
	static const char *const names[] = {
	    "exists", "=", "!=", ">", "<", ">=", "<="};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strcmp(names[i], name) == 0) {
			*out = (enum script_op)i;
			return true;
		}
	}
	return false;
}

static bool is_texty(enum script_type t)
{
	return t == SCRIPT_DATE || t == SCRIPT_DATETIME || t == SCRIPT_TIME ||
	       t == SCRIPT_STRING || t == SCRIPT_TEXT || t == SCRIPT_URL;
}

/* The type that an answer of the question has, for comparing. */
static enum script_type answer_type(const struct script_item *q)
{
	if (q->type == SCRIPT_CHOICE || q->type == SCRIPT_OPEN_CHOICE)
		return q->n_options ? q->options[0].value.type : SCRIPT_CHOICE;
	return q->type;
}

/* Text under another name ("answerInteger": "2022-09") is what the question
 * holds; a number where a date is asked cannot be. */
static bool read_misnamed(
    struct script_value *v, const json_t *src, enum script_type want)
{
	const char *key;
	json_t *member;

	json_object_foreach ((json_t *)(uintptr_t)src, key, member) {
		if (strncmp(key, "answer", 6) != 0 || !json_is_string(member))
			continue;
		*v = (struct script_value){
		    .type = want, .text = json_string_value(member)};
		return is_texty(want) && script_value_is_valid(v);
	}
	return false;
}

static bool can_compare(const struct script_value *v, enum script_type type)
{
	struct script_value probe = {.type = type, .text = "2000-01-01"};
	int c;

	if (type == SCRIPT_TIME)
		return v->type == SCRIPT_TIME;
	if (type == SCRIPT_QUANTITY)
		probe.text = NULL;
	return script_value_cmp(&c, v, &probe);
}

static bool read_answer(
    struct loader *ld, uint32_t i, const json_t *src, struct script_when *w)
{
	const struct script_item *q = &ld->s->items[w->question];
	bool is_dirty = false;
	enum script_type want = answer_type(q);

	if (w->op == OP_EXISTS) {
		const json_t *b = json_object_get(src, "answerBoolean");
		w->exists = b ? json_is_true(b) : true;
		if (!json_is_boolean(b))
			script_fault(ld, i, RULE_QUE7, "enableWhen");
		return true;
	}
	if (script_value_read(&w->value, src, "answer", &is_dirty) &&
	    (can_compare(&w->value, want) || q->type == SCRIPT_OPEN_CHOICE)) {
		if (is_dirty)
			script_fault(ld, i, RULE_JSON, "enableWhen");
		return true;
	}
	script_fault(ld, i, RULE_WHEN_ANSWER, "enableWhen");
	return read_misnamed(&w->value, src, want);
}

static bool read_one(
    struct loader *ld, uint32_t i, const json_t *src, struct script_when *w)
{
	const struct script *s = ld->s;

	*w = (struct script_when){0};
	w->question = script_find(s, json_str(src, "question", ""));
	if (w->question == SCRIPT_NONE ||
	    s->items[w->question].type == SCRIPT_GROUP ||
	    s->items[w->question].type == SCRIPT_DISPLAY) {
		script_fault(ld, i, RULE_WHEN_QUESTION, "enableWhen");
		return false;
	}
	if (!read_operator(&w->op, json_str(src, "operator", ""))) {
		script_fault(ld, i, RULE_WHEN_OPERATOR, "enableWhen");
		return false;
	}
	return read_answer(ld, i, src, w);
}

static void read_less(struct loader *ld, uint32_t i)
{
	struct script_item *it = &ld->s->items[i];
	const json_t *e = script_ext(it->src, EXT_OWN "less-than");

	if (!e)
		return;
	it->rules->less = script_find(ld->s, json_str(e, "valueString", ""));
	if (it->rules->less == SCRIPT_NONE)
		script_fault(ld, i, RULE_OWN, "less-than");
}

void script_when_read(struct loader *ld, uint32_t i)
{
	struct script_rules *r = ld->s->items[i].rules;
	const json_t *src = ld->s->items[i].src;
	const json_t *list = json_list(src, "enableWhen");
	const char *behave = json_str(src, "enableBehavior", "");
	size_t n = json_array_size(list);

	read_less(ld, i);
	if (n == 0)
		return;
	r->when = script_keep(ld->s, mem_array(n, sizeof(*r->when)));
	r->any = strcmp(behave, "all") != 0;
	for (size_t k = 0; k < n; k++)
		r->n_when += read_one(
		    ld, i, json_array_get(list, k), &r->when[r->n_when]);
	if (n > 1 && strcmp(behave, "all") != 0 && strcmp(behave, "any") != 0)
		script_fault(ld, i, RULE_QUE12, NULL);
}

/* ---- shared levels ------------------------------------------------------- */

uint8_t script_shared(const struct script *s, uint32_t a, uint32_t b)
{
	while (a != b) {
		if (a == SCRIPT_NONE || b == SCRIPT_NONE)
			return 0;
		if (s->items[a].depth >= s->items[b].depth)
			a = s->items[a].parent;
		else
			b = s->items[b].parent;
	}
	return a == SCRIPT_NONE
		   ? 0
		   : (uint8_t)(s->items[a].levels + s->items[a].is_level);
}

static void share_all(struct script *s)
{
	for (uint32_t i = 0; i < s->n; i++) {
		const struct script_rules *r = s->items[i].rules;
		for (uint32_t k = 0; k < r->n_when; k++)
			r->when[k].shared = script_shared(s, s->items[i].parent,
			    s->items[r->when[k].question].parent);
	}
}

/* ---- order --------------------------------------------------------------- */

/* Depth-first with a stack of our own: a chain may be 10,000 long. */
struct walk {
	const struct script *s;
	uint8_t *mark; /* 0 new, 1 on the stack, 2 done */
	uint32_t *stack;
	uint32_t *edge; /* next edge of each item on the stack */
	uint32_t depth;
	uint32_t *order;
	uint32_t n_order;
};

/* The k-th item that decides over i: conditions, then parent, respondent and
 * score parts. Returns false when there are no more. */
static bool edge_at(
    uint32_t *out, const struct script *s, uint32_t i, uint32_t k)
{
	const struct script_item *it = &s->items[i];
	const struct script_rules *r = it->rules;

	*out = SCRIPT_NONE;
	if (k < r->n_when) {
		if (!r->when[k].is_dropped)
			*out = r->when[k].question;
		return true;
	}
	k -= r->n_when;
	if (k == 0)
		*out = it->parent;
	else if (k == 1)
		*out = it->is_self_report ? s->respondent : SCRIPT_NONE;
	else if (k - 2 < r->n_parts)
		*out = r->parts[k - 2];
	else
		return false;
	return true;
}

static void push(struct walk *w, uint32_t i)
{
	w->mark[i] = 1;
	w->edge[w->depth] = 0;
	w->stack[w->depth++] = i;
}

/* The circle is stack[from..top]; drops one condition in it. */
static bool cut(struct loader *ld, struct walk *w, uint32_t from)
{
	for (uint32_t d = w->depth; d-- > from;) {
		uint32_t i = w->stack[d];
		uint32_t k = w->edge[d] - 1;
		struct script_rules *r = ld->s->items[i].rules;
		if (k >= r->n_when)
			continue;
		r->when[k].is_dropped = true;
		script_fault(ld, i, RULE_WHEN_CYCLE, "enableWhen");
		return true;
	}
	return false;
}

static uint32_t depth_of(const struct walk *w, uint32_t i)
{
	uint32_t d = w->depth;

	while (d > 0 && w->stack[d - 1] != i)
		d--;
	return d - 1;
}

/* 0 when done from this root, 1 when a circle was cut, -1 when it cannot be. */
static int walk_from(struct loader *ld, struct walk *w, uint32_t root)
{
	push(w, root);
	while (w->depth > 0) {
		uint32_t i = w->stack[w->depth - 1], to;
		if (!edge_at(&to, w->s, i, w->edge[w->depth - 1]++)) {
			w->mark[i] = 2;
			w->order[w->n_order++] = i;
			w->depth--;
			continue;
		}
		if (to == SCRIPT_NONE || w->mark[to] == 2)
			continue;
		if (w->mark[to] == 1)
			return cut(ld, w, depth_of(w, to)) ? 1 : -1;
		push(w, to);
	}
	return 0;
}

static int walk_all(struct loader *ld, struct walk *w)
{
	int r = 0;

	memset(w->mark, 0, w->s->n + 1);
	w->depth = w->n_order = 0;
	for (uint32_t i = 0; i < w->s->n && r == 0; i++)
		if (w->mark[i] == 0)
			r = walk_from(ld, w, i);
	return r;
}

void script_order_make(struct loader *ld)
{
	struct script *s = ld->s;
	size_t n = s->n + 1;
	struct walk w = {.s = s};
	uint32_t cuts = 0;
	int r;

	s->order = script_keep(s, mem_array(n, sizeof(uint32_t)));
	w.order = s->order;
	w.mark = mem_array(n, 1);
	w.stack = mem_array(n, sizeof(uint32_t));
	w.edge = mem_array(n, sizeof(uint32_t));
	while ((r = walk_all(ld, &w)) == 1)
		if (++cuts > SCRIPT_CYCLES_MAX)
			break;
	if (r != 0)
		script_fault(ld, SCRIPT_NONE, RULE_LIMITS, "enableWhen");
	share_all(s);
	free(w.mark);
	free(w.stack);
	free(w.edge);
}
