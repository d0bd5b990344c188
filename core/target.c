/* target.c - bounds by edition and patient. */
#include "core/target.h"

#include "core/decimal.h"
#include "core/err.h"
#include "core/interval.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/tr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 200

struct row {
	struct target target;
	struct cond *when; /* NULL: everybody */
};

struct target_set {
	json_t *root;
	struct content_head head;
	const char *first; /* edition that counts when none is named */
	struct row *rows;
	size_t n;
};

static const char *const edition_members[] = {
    "id",
    "title",
    "source",
    "rows",
    NULL,
};

static const char *const row_members[] = {
    "code",
    "below",
    "from",
    "when",
    "why",
    NULL,
};

/* An integer, a decimal as text, or absent. */
static int read_bound(bool *has, int64_t *value, int *scale, const json_t *v)
{
	if (!v)
		return 0;
	*has = true;
	if (json_is_integer(v)) {
		*value = json_integer_value(v);
		return 0;
	}
	if (json_is_string(v) &&
	    decimal_parse(value, scale, json_string_value(v)))
		return 0;
	return err_set(ERR_INVALID, _("a bound must be a number"));
}

static int read_row(struct row *row, const json_t *j, const char *at)
{
	struct target *t = &row->target;
	char when[96];
	int r = content_members(j, at, row_members);

	snprintf(when, sizeof(when), "%s.when", at);
	t->code = json_str(j, "code", "");
	if (!r && !*t->code)
		r = err_set(ERR_INVALID, _("%s.code: missing"), at);
	if (!r)
		r = read_bound(&t->has_below, &t->below, &t->below_scale,
		    json_object_get(j, "below"));
	if (!r)
		r = read_bound(&t->has_from, &t->from, &t->from_scale,
		    json_object_get(j, "from"));
	if (!r && !t->has_below && !t->has_from)
		r = err_set(ERR_INVALID, _("%s: no bound"), at);
	if (!r)
		r = content_words(&t->why, j, "why", at);
	if (!r && json_object_get(j, "when"))
		r = cond_compile(&row->when, json_object_get(j, "when"), when);
	return r;
}

static int read_edition(struct target_set *set, const json_t *j, const char *at)
{
	const json_t *list = json_list(j, "rows");
	size_t total = json_array_size(list);
	const char *id = NULL;
	int r = content_members(j, at, edition_members);

	if (!r)
		r = content_id(&id, j, "id", at);
	if (!r && (total == 0 || set->n + total > ROWS_MAX))
		r = err_set(ERR_INVALID, _("%s.rows: none or too many"), at);
	for (size_t i = 0; i < total && !r; i++) {
		struct row *row = set->rows + set->n++;
		char below[80];

		snprintf(below, sizeof(below), "%s.rows[%zu]", at, i);
		row->target.edition = id;
		row->target.version = set->head.version;
		r = read_row(row, json_array_get(list, i), below);
	}
	if (!set->first)
		set->first = id;
	return r;
}

static int read_set(struct target_set *set)
{
	const json_t *list = json_list(set->root, "editions");
	size_t total = json_array_size(list);
	int r = 0;

	if (total == 0)
		return err_set(ERR_INVALID, _("$.editions: none"));
	set->rows = mem_array(ROWS_MAX, sizeof(*set->rows));
	for (size_t i = 0; i < total && !r; i++) {
		char at[40];

		snprintf(at, sizeof(at), "$.editions[%zu]", i);
		r = read_edition(set, json_array_get(list, i), at);
	}
	return r;
}

int target_set_parse(struct target_set **out, const char *json, size_t n)
{
	struct target_set *set = mem_new(sizeof(*set));
	int r = content_parse(&set->root, &set->head, json, n);

	if (!r)
		r = read_set(set);
	if (r)
		target_set_free(&set);
	else
		*out = set;
	return r;
}

void target_set_free(struct target_set **set)
{
	if (!*set)
		return;
	for (size_t i = 0; i < (*set)->n; i++)
		cond_free(&(*set)->rows[i].when);
	free((*set)->rows);
	json_decref((*set)->root);
	free(*set);
	*set = NULL;
}

bool target_find(struct target *out, const struct target_set *set,
    const char *code, const struct target_ask *ask)
{
	const char *wanted = ask->edition ? ask->edition : set->first;

	for (size_t i = 0; i < set->n; i++) {
		const struct row *row = set->rows + i;

		if (strcmp(row->target.edition, wanted) ||
		    strcmp(row->target.code, code) ||
		    !cond_holds(row->when, ask->patient, ask->now_s, NULL))
			continue;
		*out = row->target;
		return true;
	}
	return false;
}

int target_cmp(const struct target *t, const struct fact *value)
{
	if (t->has_below && decimal_cmp(value->value, value->scale, t->below,
				t->below_scale) >= 0)
		return 1;
	if (t->has_from &&
	    decimal_cmp(value->value, value->scale, t->from, t->from_scale) < 0)
		return -1;
	return 0;
}

void target_text(char *out, size_t size, const struct target *t)
{
	char below[DECIMAL_TEXT], from[DECIMAL_TEXT];

	decimal_text(below, t->below, t->below_scale);
	decimal_text(from, t->from, t->from_scale);
	if (t->has_below && t->has_from)
		snprintf(out, size, "%s-%s", from, below);
	else if (t->has_below || t->has_from)
		snprintf(out, size, "%s%s",
		    t->has_below ? "<" : ">=", t->has_below ? below : from);
	else
		snprintf(out, size, "%s", "");
}

/* How far off the bound it lies beyond, at scale 6; 0 on the target. */
static int64_t distance(const struct target *t, const struct fact *v)
{
	int64_t value = decimal_rescale(v->value, v->scale, 6);
	int side = target_cmp(t, v);

	if (side == 0)
		return 0;
	return side > 0
		   ? value - decimal_rescale(t->below, t->below_scale, 6) + 1
		   : decimal_rescale(t->from, t->from_scale, 6) - value;
}

enum target_change target_change(
    const struct target *t, const struct fact *before, const struct fact *after)
{
	int way = decimal_cmp(
	    after->value, after->scale, before->value, before->scale);
	int64_t was, is;

	if (!t)
		return way > 0   ? TARGET_ROSE
		       : way < 0 ? TARGET_FELL
				 : TARGET_SAME;
	was = distance(t, before);
	is = distance(t, after);
	if (was == 0 && is == 0)
		return TARGET_ON;
	if (was == is)
		return TARGET_SAME;
	return is < was ? TARGET_BETTER : TARGET_WORSE;
}

static void note(struct target_visit *v, const struct fact *f)
{
	for (size_t i = 0; i < v->inputs.n; i++)
		if (!strcmp(v->inputs.used[i].code, f->code))
			return;
	if (v->inputs.n < COND_INPUTS)
		v->inputs.used[v->inputs.n++] = *f;
}

static bool is_told(struct target_visit *v, const struct facts *facts,
    const char *code, const char *nothing)
{
	const struct fact *f = facts_last(facts, code);

	if (!f || f->is_history || !strcmp(f->text, nothing))
		return false;
	note(v, f);
	return true;
}

/* Compares every measurement of this contact that has a bound. */
static const char *measured(struct target_visit *v,
    const struct target_set *set, const struct target_ask *ask)
{
	const char *class = NULL;

	for (size_t i = 0; i < set->n; i++) {
		const char *code = set->rows[i].target.code;
		const struct fact *f = facts_last(ask->patient, code);
		struct target t;

		if (!f || f->is_history || f->kind != FACT_NUMBER ||
		    strcmp(set->rows[i].target.edition, ask->edition) ||
		    !target_find(&t, set, code, ask))
			continue;
		if (!class)
			class = VISIT_SATISFIED;
		if (target_cmp(&t, f) == 0)
			continue;
		class = VISIT_UNSATISFIED;
		note(v, f);
	}
	return class;
}

void target_classify(struct target_visit *out, const struct target_set *set,
    const char *edition, const struct facts *facts, int64_t now_s)
{
	struct target_visit v = {
	    .edition = edition ? edition : set->first,
	    .version = set->head.version,
	};
	struct target_ask ask = {v.edition, facts, now_s};

	if (is_told(&v, facts, "complication", "none"))
		v.class = VISIT_COMPLICATION;
	else if (is_told(&v, facts, "adverse-reaction", "no"))
		v.class = VISIT_ADVERSE;
	else
		v.class = measured(&v, set, &ask);
	*out = v;
}
