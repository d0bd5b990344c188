/* tag.c - rules that mark a patient. */
#include "core/tag.h"

#include "core/clock.h"
#include "core/err.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/tr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RULES_MAX 200

struct tag_set {
	json_t *root;
	struct content_head head;
	struct tag_rule *rules;
	size_t n;
};

static const char *const members[] = {
    "id",
    "version",
    "name",
    "why",
    "expires_days",
    "group",
    "source",
    "when",
    NULL,
};

static int read_rule(struct tag_rule *rule, const json_t *j, const char *at)
{
	static const int64_t versions[2] = {1, 1000000};
	static const int64_t days[2] = {0, 3660};
	char when[64];
	int64_t v[2] = {0};
	int r = content_members(j, at, members);

	snprintf(when, sizeof(when), "%s.when", at);
	if (!r)
		r = content_id(&rule->id, j, "id", at);
	if (!r)
		r = content_int(&v[0], j, "version", versions);
	if (!r)
		r = content_int(&v[1], j, "expires_days", days);
	if (!r)
		r = content_words(&rule->name, j, "name", at);
	if (!r)
		r = content_words(&rule->why, j, "why", at);
	if (!r)
		r = cond_compile(&rule->when, json_object_get(j, "when"), when);
	rule->version = (int)v[0];
	rule->expires_days = (int)v[1];
	rule->group = json_str(j, "group", "");
	return r;
}

static bool is_known(const struct tag_set *set, const char *id)
{
	for (size_t i = 0; i < set->n; i++)
		if (!strcmp(set->rules[i].id, id))
			return true;
	return false;
}

static int read_set(struct tag_set *set)
{
	const json_t *list = json_list(set->root, "tags");
	size_t total = json_array_size(list);
	int r = 0;

	if (total == 0 || total > RULES_MAX)
		return err_set(ERR_INVALID, _("$.tags: none or too many"));
	set->rules = mem_array(total, sizeof(*set->rules));
	for (size_t i = 0; i < total && !r; i++) {
		struct tag_rule *rule = set->rules + set->n;
		char at[40];

		snprintf(at, sizeof(at), "$.tags[%zu]", i);
		r = read_rule(rule, json_array_get(list, i), at);
		if (!r && is_known(set, rule->id))
			r = err_set(ERR_INVALID, _("%s.id: used twice"), at);
		/* Counted even when refused, so that it is freed. */
		set->n++;
	}
	return r;
}

int tag_set_parse(struct tag_set **out, const char *json, size_t n)
{
	struct tag_set *set = mem_new(sizeof(*set));
	int r = content_parse(&set->root, &set->head, json, n);

	if (!r)
		r = read_set(set);
	if (r)
		tag_set_free(&set);
	else
		*out = set;
	return r;
}

void tag_set_free(struct tag_set **set)
{
	if (!*set)
		return;
	for (size_t i = 0; i < (*set)->n; i++)
		cond_free(&(*set)->rules[i].when);
	free((*set)->rules);
	json_decref((*set)->root);
	free(*set);
	*set = NULL;
}

const struct content_head *tag_set_head(const struct tag_set *set)
{
	return &set->head;
}

size_t tag_run(struct tag_hit *hits, size_t max, const struct tag_set *set,
    const struct facts *facts, int64_t now_s)
{
	size_t n = 0;

	for (size_t i = 0; i < set->n; i++) {
		const struct tag_rule *rule = set->rules + i;
		struct cond_trace trace;

		trace.n = 0;
		if (!cond_holds(rule->when, facts, now_s, &trace))
			continue;
		if (n < max) {
			hits[n].rule = rule;
			hits[n].expires_s =
			    rule->expires_days
				? now_s + rule->expires_days * DAY_S
				: 0;
			hits[n].inputs = trace;
		}
		n++;
	}
	return n;
}
