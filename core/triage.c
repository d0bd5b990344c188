/* triage.c - reading rule packs and asking them. */
#include "core/triage.h"

#include "core/err.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/tr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RULES_MAX 500
#define SLA_MAX_S (30 * 86400)

struct pack {
	json_t *root;
	struct content_head head;
	struct triage_rule *rules;
	size_t n;
};

struct triage {
	struct pack **packs;
	size_t n_packs;
	const struct triage_rule **rules; /* all, most urgent first */
	size_t n;
};

static const char *const level_names[] = {
    [TRIAGE_EMERGENCY] = "emergency",
    [TRIAGE_RED] = "red",
    [TRIAGE_ORANGE] = "orange",
    [TRIAGE_YELLOW] = "yellow",
};

static const char *const pack_members[] = {
    "id",
    "version",
    "title",
    "source",
    "rules",
    NULL,
};

static const char *const rule_members[] = {
    "id",
    "version",
    "level",
    "banner",
    "instruction",
    "queue",
    "sla_s",
    "source",
    "when",
    NULL,
};

struct triage *triage_new(void)
{
	return mem_new(sizeof(struct triage));
}

static void pack_free(struct pack *p)
{
	for (size_t i = 0; i < p->n; i++)
		cond_free(&p->rules[i].when);
	free(p->rules);
	json_decref(p->root);
	free(p);
}

void triage_free(struct triage **t)
{
	if (!*t)
		return;
	for (size_t i = 0; i < (*t)->n_packs; i++)
		pack_free((*t)->packs[i]);
	free((*t)->packs);
	free((*t)->rules);
	free(*t);
	*t = NULL;
}

const char *triage_level_name(enum triage_level level)
{
	return level_names[level];
}

int triage_level_parse(enum triage_level *out, const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(level_names); i++) {
		if (strcmp(level_names[i], name))
			continue;
		*out = (enum triage_level)i;
		return 0;
	}
	return err_set(ERR_INVALID, _("level: unknown"));
}

static int read_numbers(struct triage_rule *rule, const json_t *j)
{
	static const int64_t versions[2] = {1, 1000000};
	static const int64_t slas[2] = {60, SLA_MAX_S};
	int64_t version;
	int64_t sla_s;
	int r = content_int(&version, j, "version", versions);

	if (!r)
		r = content_int(&sla_s, j, "sla_s", slas);
	if (!r)
		r = triage_level_parse(&rule->level, json_str(j, "level", ""));
	if (r)
		return r;
	rule->version = (int)version;
	rule->sla_s = (int)sla_s;
	return 0;
}

static int read_rule(struct triage_rule *rule, const json_t *j, const char *at)
{
	char when[48];
	int r = content_members(j, at, rule_members);

	snprintf(when, sizeof(when), "%s.when", at);
	if (!r)
		r = content_id(&rule->id, j, "id", at);
	if (!r)
		r = read_numbers(rule, j);
	if (!r)
		r = content_words(&rule->banner, j, "banner", at);
	if (!r)
		r = content_words(&rule->instruction, j, "instruction", at);
	if (!r)
		r = content_id(&rule->queue, j, "queue", at);
	if (!r)
		r = cond_compile(&rule->when, json_object_get(j, "when"), when);
	return r;
}

static bool has_rule(const struct triage *t, const char *id)
{
	for (size_t i = 0; i < t->n; i++)
		if (!strcmp(t->rules[i]->id, id))
			return true;
	return false;
}

static int check_new(
    const struct triage *t, const struct pack *p, const char *id)
{
	bool known = has_rule(t, id);

	for (size_t i = 0; i < p->n; i++)
		known |= !strcmp(p->rules[i].id, id);
	return known ? err_set(ERR_INVALID, _("%s: rule id used twice"), id)
		     : 0;
}

static int read_pack(struct pack *p, const struct triage *t)
{
	const json_t *list = json_list(p->root, "rules");
	size_t total = json_array_size(list);
	int r = content_members(p->root, "$", pack_members);

	if (!r && (total == 0 || total > RULES_MAX))
		r = err_set(ERR_INVALID, _("$.rules: none or too many"));
	if (r)
		return r;
	p->rules = mem_array(total, sizeof(*p->rules));
	for (size_t i = 0; i < total && !r; i++) {
		struct triage_rule *rule = p->rules + p->n;
		char at[32];

		snprintf(at, sizeof(at), "$.rules[%zu]", i);
		rule->pack = &p->head;
		r = read_rule(rule, json_array_get(list, i), at);
		if (!r)
			r = check_new(t, p, rule->id);
		/* Counted even when refused, so that it is freed. */
		p->n++;
	}
	return r;
}

/* Keeps the order: urgency, then pack, then place in the pack. */
static void take_rule(struct triage *t, const struct triage_rule *rule)
{
	size_t i = t->n;

	while (i > 0 && t->rules[i - 1]->level > rule->level) {
		t->rules[i] = t->rules[i - 1];
		i--;
	}
	t->rules[i] = rule;
	t->n++;
}

static void take_pack(struct triage *t, struct pack *p)
{
	t->packs = mem_grow(t->packs, t->n_packs + 1, sizeof(*t->packs));
	t->packs[t->n_packs++] = p;
	t->rules = mem_grow(t->rules, t->n + p->n, sizeof(*t->rules));
	for (size_t i = 0; i < p->n; i++)
		take_rule(t, p->rules + i);
}

int triage_add(struct triage *t, const char *json, size_t n)
{
	struct pack *p = mem_new(sizeof(*p));
	int r = content_parse(&p->root, &p->head, json, n);

	if (!r)
		r = read_pack(p, t);
	if (r)
		pack_free(p);
	else
		take_pack(t, p);
	return r;
}

size_t triage_total(const struct triage *t)
{
	return t->n;
}

bool triage_mentions(const struct triage *t, const char *code)
{
	for (size_t i = 0; i < t->n; i++)
		if (cond_mentions(t->rules[i]->when, code))
			return true;
	return false;
}

size_t triage_run(struct triage_hit *hits, size_t max, const struct triage *t,
    const struct facts *facts, int64_t now_s)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		struct cond_trace trace;

		trace.n = 0;
		if (!cond_holds(t->rules[i]->when, facts, now_s, &trace))
			continue;
		if (n < max) {
			hits[n].rule = t->rules[i];
			hits[n].inputs = trace;
		}
		n++;
	}
	return n;
}
