/*
 * past_label.c - naming the questions of a call so that no two are the same.
 */
#include "core/mem.h"
#include "core/script.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/call_view.h"
#include "tui/past.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LABEL_MAX 400

/* What all questions are called, group by group upwards. */
struct naming {
	const struct past *past;
	uint32_t n;
	char **own;
};

static bool is_asked(const struct script_item *it)
{
	return it->type != SCRIPT_GROUP && it->type != SCRIPT_DISPLAY &&
	       !it->hidden;
}

/* The k-th group above; SCRIPT_NONE: there is none. */
static uint32_t above(const struct script *s, uint32_t item, int k)
{
	while (k-- > 0 && item != SCRIPT_NONE)
		item = script_item(s, item)->parent;
	return item;
}

/* "group: question" with the k-th group above; 0: the question alone. */
static void name_with(
    char out[LABEL_MAX], const struct naming *n, uint32_t item, int k)
{
	const struct script *s = n->past->script;
	uint32_t group = k ? above(s, item, k) : SCRIPT_NONE;
	const char *text =
	    group == SCRIPT_NONE
		? ""
		: script_text(s, group, tr_lang(), &n->past->person);

	snprintf(
	    out, LABEL_MAX, "%s%s%s", text, *text ? ": " : "", n->own[item]);
}

static bool has_twin(const struct naming *n, uint32_t item, int k)
{
	char mine[LABEL_MAX], other[LABEL_MAX];

	name_with(mine, n, item, k);
	for (uint32_t i = 0; i < n->n; i++) {
		if (i == item || !is_asked(script_item(n->past->script, i)) ||
		    strcmp(n->own[i], n->own[item]) != 0)
			continue;
		name_with(other, n, i, k);
		if (strcmp(mine, other) == 0)
			return true;
	}
	return false;
}

/* The question's own number or that of the nearest group that has one. */
static const char *number_of(const struct script *s, uint32_t item)
{
	while (item != SCRIPT_NONE && !*script_item(s, item)->prefix)
		item = script_item(s, item)->parent;
	return item == SCRIPT_NONE ? "" : script_item(s, item)->prefix;
}

static char *label_of(const struct naming *n, uint32_t item)
{
	const struct script *s = n->past->script;
	const char *number = number_of(s, item);
	char name[LABEL_MAX], label[LABEL_MAX + 80];
	int k = 0;

	while (has_twin(n, item, k) && above(s, item, k + 1) != SCRIPT_NONE)
		k++;
	name_with(name, n, item, k);
	snprintf(
	    label, sizeof(label), "%s%s%s", number, *number ? " " : "", name);
	if (has_twin(n, item, k)) { /* of two scripts, or of one group */
		size_t len = strlen(label);
		snprintf(label + len, sizeof(label) - len, " (%.60s)",
		    script_item(s, item)->link);
	}
	return mem_strdup(label);
}

void past_label_forget(struct past *p)
{
	for (uint32_t i = 0; p->labels && i < script_count(p->script); i++)
		free(p->labels[i]);
	free(p->labels);
	p->labels = NULL;
}

static void make(struct past *p)
{
	struct naming n = {p, script_count(p->script), NULL};
	char text[LABEL_MAX];

	n.own = mem_array(n.n + 1, sizeof(*n.own));
	p->labels = mem_array(n.n + 1, sizeof(*p->labels));
	p->labels_lang = tr_lang();
	for (uint32_t i = 0; i < n.n; i++) {
		call_question_text(
		    text, sizeof(text), p->script, i, &p->person);
		n.own[i] = mem_strdup(text);
	}
	for (uint32_t i = 0; i < n.n; i++)
		p->labels[i] = label_of(&n, i);
	for (uint32_t i = 0; i < n.n; i++)
		free(n.own[i]);
	free(n.own);
}

const char *past_label(struct past *p, uint32_t item)
{
	if (p->labels && p->labels_lang != tr_lang())
		past_label_forget(p);
	if (!p->labels)
		make(p);
	return p->labels[item];
}
