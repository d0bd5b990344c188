/* pathway.c - reading a pathway file. Its days: pathway_due.c. */
#include "core/pathway.h"

#include "core/err.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/tr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const anchor_names[] = {
    [PATHWAY_ENROLMENT] = "enrolment",
    [PATHWAY_OPERATION] = "operation",
    [PATHWAY_DIAGNOSIS] = "diagnosis",
    [PATHWAY_DISCHARGE] = "discharge",
    [PATHWAY_FINDING] = "finding",
};

static const char *const file_members[] = {
    "id",
    "version",
    "title",
    "source",
    "anchor",
    "enrol",
    "leave",
    "end_days",
    "steps",
    "repeat",
    "rules",
    "replaces",
    "trends",
    "advice",
    "conflicts",
    NULL,
};

static const char *const step_members[] = {
    "id",
    "title",
    "offset_days",
    "open_days",
    "close_days",
    "script",
    "minutes",
    NULL,
};

static const char *const conflict_members[] = {
    "mine",
    "theirs",
    "why",
    NULL,
};

const char *pathway_anchor_name(enum pathway_anchor anchor)
{
	return anchor_names[anchor];
}

void pathway_free(struct pathway **p)
{
	if (!*p)
		return;
	for (size_t i = 0; i < (*p)->n_rules; i++)
		interval_rule_fini((*p)->rules + i);
	cond_free(&(*p)->enrol);
	cond_free(&(*p)->leave);
	free((*p)->rules);
	free((*p)->steps);
	json_decref((*p)->root);
	free(*p);
	*p = NULL;
}

const struct pathway_step *pathway_step_find(
    const struct pathway *p, const char *id)
{
	for (size_t i = 0; id && i < p->n_steps; i++)
		if (!strcmp(p->steps[i].id, id))
			return p->steps + i;
	if (id && p->repeat.id && !strcmp(p->repeat.id, id))
		return &p->repeat;
	return NULL;
}

static int read_anchor(struct pathway *p)
{
	const char *name = json_str(p->root, "anchor", "");

	for (size_t i = 0; i < ARRAY_LEN(anchor_names); i++) {
		if (strcmp(anchor_names[i], name))
			continue;
		p->anchor = (enum pathway_anchor)i;
		return 0;
	}
	return err_set(ERR_INVALID, _("$.anchor: unknown"));
}

static int read_step_days(struct pathway_step *s, const json_t *j)
{
	static const int64_t offsets[2] = {0, 3660};
	static const int64_t opens[2] = {-366, 0};
	static const int64_t closes[2] = {0, 366};
	static const int64_t minutes[2] = {1, 120};
	int64_t v[4];
	int r = content_int(&v[0], j, "offset_days", offsets);

	if (!r)
		r = content_int(&v[1], j, "open_days", opens);
	if (!r)
		r = content_int(&v[2], j, "close_days", closes);
	if (!r)
		r = content_int(&v[3], j, "minutes", minutes);
	if (r)
		return r;
	s->offset_days = (int)v[0];
	s->open_days = (int)v[1];
	s->close_days = (int)v[2];
	s->minutes = (int)v[3];
	return 0;
}

static int read_step(struct pathway_step *s, const json_t *j, const char *at)
{
	int r = content_members(j, at, step_members);

	if (!r)
		r = content_id(&s->id, j, "id", at);
	if (!r)
		r = content_words(&s->title, j, "title", at);
	if (!r)
		r = content_id(&s->script, j, "script", at);
	if (!r)
		r = read_step_days(s, j);
	return r;
}

static int read_steps(struct pathway *p)
{
	const json_t *list = json_list(p->root, "steps");
	size_t total = json_array_size(list);
	int last = -1;

	if (total > PATHWAY_STEPS_MAX)
		return err_set(ERR_INVALID, _("$.steps: too many"));
	p->steps = mem_array(total + 1, sizeof(*p->steps));
	for (size_t i = 0; i < total; i++) {
		struct pathway_step s = {0};
		char at[32];
		int r;

		snprintf(at, sizeof(at), "$.steps[%zu]", i);
		r = read_step(&s, json_array_get(list, i), at);
		if (r)
			return r;
		if (s.offset_days <= last || pathway_step_find(p, s.id))
			return err_set(ERR_INVALID,
			    _("%s: out of order, or its id is used twice"), at);
		last = s.offset_days;
		p->steps[p->n_steps++] = s;
	}
	return 0;
}

static int read_repeat(struct pathway *p)
{
	const json_t *j = json_object_get(p->root, "repeat");
	struct pathway_step s = {0};
	int r;

	if (!j && !p->n_steps)
		return err_set(
		    ERR_INVALID, _("$.steps: neither steps nor repeat"));
	if (!j)
		return 0;
	r = read_step(&s, j, "$.repeat");
	if (r)
		return r;
	if (s.offset_days < 1 || pathway_step_find(p, s.id))
		return err_set(ERR_INVALID,
		    _("$.repeat: no interval, or its id is used twice"));
	p->repeat = s;
	return 0;
}

static int read_rules(struct pathway *p)
{
	const json_t *list = json_list(p->root, "rules");
	size_t total = json_array_size(list);

	if (total > PATHWAY_RULES_MAX)
		return err_set(ERR_INVALID, _("$.rules: too many"));
	p->rules = mem_array(total + 1, sizeof(*p->rules));
	for (size_t i = 0; i < total; i++) {
		char at[32];
		int r;

		snprintf(at, sizeof(at), "$.rules[%zu]", i);
		r = interval_rule_read(
		    p->rules + p->n_rules++, json_array_get(list, i), at);
		if (r)
			return r;
	}
	return 0;
}

static int read_texts(
    const char **out, size_t *n, const json_t *root, const char *key)
{
	const json_t *list = json_list(root, key);
	size_t i;
	json_t *v;

	if (json_array_size(list) > PATHWAY_LIST_MAX)
		return err_set(ERR_INVALID, _("$.%s: too many"), key);
	json_array_foreach (list, i, v) {
		if (!json_is_string(v) || !*json_string_value(v))
			return err_set(
			    ERR_INVALID, _("$.%s[%zu]: no text"), key, i);
		out[(*n)++] = json_string_value(v);
	}
	return 0;
}

static int read_conflict(
    struct pathway_conflict *c, const json_t *j, const char *at)
{
	int r = content_members(j, at, conflict_members);

	if (!r)
		r = content_id(&c->mine, j, "mine", at);
	if (!r)
		r = content_id(&c->theirs, j, "theirs", at);
	if (!r)
		r = content_words(&c->why, j, "why", at);
	return r;
}

static int read_conflicts(struct pathway *p)
{
	const json_t *list = json_list(p->root, "conflicts");
	size_t total = json_array_size(list);

	if (total > PATHWAY_LIST_MAX)
		return err_set(ERR_INVALID, _("$.conflicts: too many"));
	for (size_t i = 0; i < total; i++) {
		char at[40];
		int r;

		snprintf(at, sizeof(at), "$.conflicts[%zu]", i);
		r = read_conflict(
		    p->conflicts + i, json_array_get(list, i), at);
		if (r)
			return r;
		p->n_conflicts++;
	}
	return 0;
}

static int read_ends(struct pathway *p)
{
	static const int64_t ends[2] = {0, 36600};
	const json_t *leave = json_object_get(p->root, "leave");
	int64_t end_days;
	int r = content_int(&end_days, p->root, "end_days", ends);

	if (!r)
		r = cond_compile(
		    &p->enrol, json_object_get(p->root, "enrol"), "$.enrol");
	if (!r && leave)
		r = cond_compile(&p->leave, leave, "$.leave");
	if (!r)
		p->end_days = (int)end_days;
	return r;
}

static int read_file(struct pathway *p)
{
	int r = content_members(p->root, "$", file_members);

	if (!r)
		r = read_anchor(p);
	if (!r)
		r = read_ends(p);
	if (!r)
		r = read_steps(p);
	if (!r)
		r = read_repeat(p);
	if (!r)
		r = read_rules(p);
	if (!r)
		r = read_texts(
		    p->replaces, &p->n_replaces, p->root, "replaces");
	if (!r)
		r = read_texts(p->trends, &p->n_trends, p->root, "trends");
	if (!r)
		r = read_texts(p->advice, &p->n_advice, p->root, "advice");
	if (!r)
		r = read_conflicts(p);
	return r;
}

int pathway_parse(struct pathway **out, const char *json, size_t n)
{
	struct pathway *p = mem_new(sizeof(*p));
	int r = content_parse(&p->root, &p->head, json, n);

	if (!r)
		r = read_file(p);
	if (r)
		pathway_free(&p);
	else
		*out = p;
	return r;
}
