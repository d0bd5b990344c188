/* cond.c - evaluating compiled conditions; cond_compile.c reads them. */
#include "core/cond.h"

#include "core/clock.h"
#include "core/cond_tree.h"
#include "core/decimal.h"
#include "core/json.h"

#include <stdio.h>
#include <string.h>

/* One moment in which a tree is asked. */
struct ask {
	const struct facts *facts;
	int64_t now_s;
	struct cond_trace *trace;
};

static bool is_in_reach(
    const struct fact *f, const struct cond_leaf *leaf, int64_t now_s)
{
	if (f->kind == FACT_ABSENT)
		return false;
	if (leaf->days)
		return f->at_s >= now_s - leaf->days * DAY_S;
	return leaf->is_ever || leaf->of == COND_PREVIOUS || !f->is_history;
}

/* The latest fact in reach. */
static const struct fact *latest(
    const struct ask *ask, const struct cond_leaf *leaf)
{
	size_t n;
	const struct fact *all = facts_of(ask->facts, leaf->code, &n);

	while (n-- > 0)
		if (is_in_reach(all + n, leaf, ask->now_s))
			return all + n;
	return NULL;
}

/* The latest of earlier contacts, where this contact has one too. */
static const struct fact *before(
    const struct ask *ask, const struct cond_leaf *leaf)
{
	const struct fact *now = facts_last(ask->facts, leaf->code);
	size_t n;
	const struct fact *all = facts_of(ask->facts, leaf->code, &n);

	if (!now || now->is_history)
		return NULL;
	while (n-- > 0)
		if (all[n].is_history && is_in_reach(all + n, leaf, ask->now_s))
			return all + n;
	return NULL;
}

static bool decide(enum cond_op op, int cmp)
{
	switch (op) {
	case COND_EQ:
		return cmp == 0;
	case COND_NE:
		return cmp != 0;
	case COND_GT:
		return cmp > 0;
	case COND_LT:
		return cmp < 0;
	case COND_GE:
		return cmp >= 0;
	case COND_LE:
		return cmp <= 0;
	case COND_EXISTS:
	case COND_STARTS:
	case COND_IN:
		break;
	}
	return false;
}

static bool is_among(const char *text, const struct cond_leaf *leaf)
{
	for (size_t i = 0; i < leaf->n_texts; i++)
		if (!strcmp(leaf->texts[i], text))
			return true;
	return false;
}

static bool has_start_of(const char *text, const struct cond_leaf *leaf)
{
	for (size_t i = 0; i < leaf->n_texts; i++)
		if (!strncmp(text, leaf->texts[i], strlen(leaf->texts[i])))
			return true;
	return false;
}

static bool fact_matches(const struct fact *f, const struct cond_leaf *leaf)
{
	bool by_text =
	    f->kind == FACT_CODED || (f->kind == FACT_FLAG && !leaf->is_number);

	if (leaf->op == COND_IN)
		return f->kind != FACT_NUMBER && is_among(f->text, leaf);
	if (leaf->op == COND_STARTS)
		return f->kind == FACT_CODED && has_start_of(f->text, leaf);
	if (by_text)
		return leaf->n_texts &&
		       decide(leaf->op, strcmp(f->text, leaf->texts[0]));
	return leaf->is_number &&
	       decide(leaf->op,
		   decimal_cmp(f->value, f->scale, leaf->value, leaf->scale));
}

static void note_fact(const struct ask *ask, const struct fact *f)
{
	struct cond_trace *t = ask->trace;

	if (!t || t->n == COND_INPUTS)
		return;
	for (size_t i = 0; i < t->n; i++)
		if (!strcmp(t->used[i].code, f->code) &&
		    t->used[i].at_s == f->at_s &&
		    !strcmp(t->used[i].text, f->text))
			return;
	t->used[t->n++] = *f;
}

/* Conditions and symptoms pile up: any option chosen within reach counts. */
static bool any_coded_matches(
    const struct ask *ask, const struct cond_leaf *leaf)
{
	size_t n;
	const struct fact *all = facts_of(ask->facts, leaf->code, &n);
	bool holds = false;

	for (size_t i = 0; i < n; i++) {
		if (!is_in_reach(all + i, leaf, ask->now_s) ||
		    !fact_matches(all + i, leaf))
			continue;
		note_fact(ask, all + i);
		holds = true;
	}
	return holds;
}

/* Any of the facts of one code and one time may match. */
static bool group_matches(
    const struct ask *ask, const struct fact *f, const struct cond_leaf *leaf)
{
	int64_t at_s = f->at_s;

	for (;; f--) {
		if (is_in_reach(f, leaf, ask->now_s) && fact_matches(f, leaf)) {
			note_fact(ask, f);
			return true;
		}
		if (f == ask->facts->items || f[-1].at_s != at_s ||
		    strcmp(f[-1].code, leaf->code))
			return false;
	}
}

static bool last_holds(const struct ask *ask, const struct cond_leaf *leaf)
{
	const struct fact *f = latest(ask, leaf);

	if (leaf->op == COND_EXISTS) {
		if (f)
			note_fact(ask, f);
		return (f != NULL) == (leaf->value != 0);
	}
	if (f && f->kind == FACT_CODED)
		return any_coded_matches(ask, leaf);
	return f && group_matches(ask, f, leaf);
}

static bool previous_holds(const struct ask *ask, const struct cond_leaf *leaf)
{
	const struct fact *f = before(ask, leaf);

	return f && group_matches(ask, f, leaf);
}

static bool derived_holds(const struct ask *ask, const struct cond_leaf *leaf)
{
	const struct fact *last = facts_last(ask->facts, leaf->code);
	int64_t value = 0;
	int scale = 0;
	bool known = true;

	if (leaf->of == COND_COUNT)
		value =
		    facts_count(ask->facts, leaf->code, leaf->days, ask->now_s);
	else if (!last || !is_in_reach(last, leaf, ask->now_s))
		known = false;
	else if (leaf->of == COND_RISE)
		known = facts_rise(
		    &value, &scale, ask->facts, leaf->code, leaf->days);
	else
		known = facts_difference(
		    &value, &scale, ask->facts, leaf->code, leaf->days);
	if (!known || !decide(leaf->op,
			  decimal_cmp(value, scale, leaf->value, leaf->scale)))
		return false;
	if (last)
		note_fact(ask, last);
	return true;
}

static bool leaf_holds(const struct ask *ask, const struct cond_leaf *leaf)
{
	if (leaf->of == COND_LAST)
		return last_holds(ask, leaf);
	if (leaf->of == COND_PREVIOUS)
		return previous_holds(ask, leaf);
	return derived_holds(ask, leaf);
}

static bool node_holds(const struct ask *ask, const struct cond *c);

/* Every branch of an `any` is asked, so that all reasons are named. */
static bool any_holds(const struct ask *ask, const struct cond *c)
{
	bool holds = false;

	for (size_t i = 0; i < c->n; i++)
		holds |= node_holds(ask, c->of[i]);
	return holds;
}

static bool all_hold(const struct ask *ask, const struct cond *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (!node_holds(ask, c->of[i]))
			return false;
	return true;
}

static bool node_holds(const struct ask *ask, const struct cond *c)
{
	size_t before = ask->trace ? ask->trace->n : 0;
	struct ask silent = *ask;
	bool holds = false;

	switch (c->kind) {
	case COND_LEAF:
		return leaf_holds(ask, &c->leaf);
	case COND_NOT:
		silent.trace = NULL;
		return !node_holds(&silent, c->of[0]);
	case COND_ANY:
		holds = any_holds(ask, c);
		break;
	case COND_ALL:
		holds = all_hold(ask, c);
		break;
	}
	if (!holds && ask->trace)
		ask->trace->n = before;
	return holds;
}

bool cond_holds(const struct cond *c, const struct facts *facts, int64_t now_s,
    struct cond_trace *trace)
{
	struct ask ask = {facts, now_s, trace};

	return !c || node_holds(&ask, c);
}

bool cond_mentions(const struct cond *c, const char *code)
{
	if (!c)
		return false;
	if (c->kind == COND_LEAF)
		return strcmp(c->leaf.code, code) == 0;
	for (size_t i = 0; i < c->n; i++)
		if (cond_mentions(c->of[i], code))
			return true;
	return false;
}

static void fact_text(char *out, size_t size, const struct fact *f)
{
	char number[DECIMAL_TEXT];

	decimal_text(number, f->value, f->scale);
	snprintf(out, size, "%s %s", f->code,
	    f->kind == FACT_NUMBER ? number : f->text);
}

void cond_trace_text(char *out, size_t size, const struct cond_trace *trace)
{
	size_t n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < trace->n; i++) {
		char one[FACT_CODE + FACT_TEXT + 8];
		fact_text(one, sizeof(one), &trace->used[i]);
		if (n + strlen(one) + 3 > size)
			return;
		n += (size_t)snprintf(
		    out + n, size - n, "%s%s", i ? ", " : "", one);
	}
}
