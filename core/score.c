/* score.c - reading score tables and adding points. */
#include "core/score.h"

#include "core/clock.h"
#include "core/decimal.h"
#include "core/err.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/tr.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 12
#define SCORES_MAX 64

/* From this value on (numbers), or for this option (codes). */
struct row {
	const char *text;
	int64_t from;
	int scale;
	int points;
};

struct part {
	const char *id;
	const char *code;             /* NULL: points for the condition alone */
	struct cond *when;            /* NULL: always asked */
	struct row numbers[ROWS_MAX]; /* ascending */
	size_t n_numbers;
	int64_t max; /* numbers above are no answers */
	struct row options[ROWS_MAX];
	size_t n_options;
	int points;       /* of a condition that holds */
	bool is_optional; /* not answered counts 0 */
};

struct band {
	const char *id;
	struct words words;
	int from;
	int any_part; /* also when one part alone has as many; 0: no */
};

struct score {
	const char *id;
	int version;
	struct words title;
	const char *source;
	const char *code;
	/* Parts further before the newest one are not of the same asking; 0:
	 * they may be of any time. */
	int within_days;
	struct part parts[SCORE_PARTS_MAX];
	size_t n_parts;
	struct band bands[ROWS_MAX]; /* ascending */
	size_t n_bands;
};

struct score_set {
	json_t *root;
	struct content_head head;
	struct score *items;
	size_t n;
};

static const char *const score_members[] = {
    "id",
    "version",
    "title",
    "source",
    "code",
    "within_days",
    "parts",
    "bands",
    NULL,
};

static const char *const part_members[] = {
    "id",
    "code",
    "when",
    "numbers",
    "max",
    "options",
    "points",
    "optional",
    NULL,
};

static int read_points(int *out, const json_t *j, const char *key)
{
	static const int64_t range[2] = {0, 100};
	int64_t v;
	int r = content_int(&v, j, key, range);

	if (!r)
		*out = (int)v;
	return r;
}

/* An integer, or a decimal as text. */
static bool read_number(struct row *row, const json_t *v)
{
	if (json_is_integer(v)) {
		row->from = json_integer_value(v);
		return true;
	}
	return json_is_string(v) &&
	       decimal_parse(&row->from, &row->scale, json_string_value(v));
}

static int read_number_rows(struct part *p, const json_t *j, const char *at)
{
	const json_t *list = json_list(j, "numbers");
	size_t total = json_array_size(list);

	if (total > ROWS_MAX)
		return err_set(ERR_INVALID, _("%s.numbers: too many"), at);
	for (size_t i = 0; i < total; i++) {
		const json_t *v = json_array_get(list, i);
		struct row *row = p->numbers + i;
		struct row *prev = i ? row - 1 : NULL;

		if (!read_number(row, json_object_get(v, "from")))
			return err_set(
			    ERR_INVALID, _("%s.numbers[%zu].from"), at, i);
		if (prev && decimal_cmp(prev->from, prev->scale, row->from,
				row->scale) >= 0)
			return err_set(ERR_INVALID,
			    _("%s.numbers[%zu]: out of order"), at, i);
		if (read_points(&row->points, v, "points"))
			return ERR_INVALID;
		p->n_numbers++;
	}
	p->max = json_int(j, "max", INT64_MAX);
	return 0;
}

static int read_options(struct part *p, const json_t *j, const char *at)
{
	const json_t *o = json_object_get(j, "options");
	const char *key;
	json_t *v;

	if (json_object_size(o) > ROWS_MAX)
		return err_set(ERR_INVALID, _("%s.options: too many"), at);
	json_object_foreach ((json_t *)(uintptr_t)o, key, v) {
		struct row *row = p->options + p->n_options;

		if (read_points(&row->points, o, key))
			return ERR_INVALID;
		row->text = key;
		p->n_options++;
	}
	return 0;
}

static int read_part(struct part *p, const json_t *j, const char *at)
{
	char when[80];
	int r = content_members(j, at, part_members);

	snprintf(when, sizeof(when), "%s.when", at);
	if (!r)
		r = content_id(&p->id, j, "id", at);
	if (!r && json_object_get(j, "when"))
		r = cond_compile(&p->when, json_object_get(j, "when"), when);
	if (r)
		return r;
	p->code = json_str(j, "code", NULL);
	p->is_optional = json_flag(j, "optional");
	if (!p->code) {
		if (!p->when)
			return err_set(
			    ERR_INVALID, _("%s: no code, no when"), at);
		return read_points(&p->points, j, "points");
	}
	r = read_number_rows(p, j, at);
	if (!r)
		r = read_options(p, j, at);
	if (!r && !p->n_numbers && !p->n_options)
		r = err_set(ERR_INVALID, _("%s: no points"), at);
	return r;
}

static int read_bands(struct score *s, const json_t *j, const char *at)
{
	static const char *const names[] = {
	    "id", "from", "words", "any_part", NULL};
	const json_t *list = json_list(j, "bands");
	size_t total = json_array_size(list);

	if (total == 0 || total > ROWS_MAX)
		return err_set(
		    ERR_INVALID, _("%s.bands: none or too many"), at);
	for (size_t i = 0; i < total; i++) {
		const json_t *v = json_array_get(list, i);
		struct band *b = s->bands + i;
		int r = content_members(v, at, names);

		if (!r)
			r = content_id(&b->id, v, "id", at);
		if (!r)
			r = content_words(&b->words, v, "words", at);
		if (!r)
			r = read_points(&b->from, v, "from");
		if (r)
			return r;
		if (i ? b[-1].from >= b->from : b->from != 0)
			return err_set(ERR_INVALID,
			    _("%s.bands[%zu]: begin at 0 and rise"), at, i);
		b->any_part = (int)json_int(v, "any_part", 0);
		s->n_bands++;
	}
	return 0;
}

static int read_parts(struct score *s, const json_t *j, const char *at)
{
	const json_t *list = json_list(j, "parts");
	size_t total = json_array_size(list);
	int r = 0;

	if (total == 0 || total > SCORE_PARTS_MAX)
		return err_set(
		    ERR_INVALID, _("%s.parts: none or too many"), at);
	for (size_t i = 0; i < total && !r; i++) {
		char below[64];

		snprintf(below, sizeof(below), "%s.parts[%zu]", at, i);
		r = read_part(
		    s->parts + s->n_parts++, json_array_get(list, i), below);
	}
	return r;
}

static int read_score(struct score *s, const json_t *j, const char *at)
{
	static const int64_t versions[2] = {1, 1000000};
	static const int64_t spans[2] = {1, 3660};
	int64_t version = 0, within = 0;
	int r = content_members(j, at, score_members);

	if (!r)
		r = content_id(&s->id, j, "id", at);
	if (!r)
		r = content_int(&version, j, "version", versions);
	if (!r)
		r = content_words(&s->title, j, "title", at);
	if (!r && json_object_get(j, "within_days"))
		r = content_int(&within, j, "within_days", spans);
	s->version = (int)version;
	s->within_days = (int)within;
	s->source = json_str(j, "source", "");
	s->code = json_str(j, "code", "");
	if (!r && (!*s->source || !*s->code))
		r = err_set(ERR_INVALID, _("%s: no source or no code"), at);
	if (!r)
		r = read_parts(s, j, at);
	if (!r)
		r = read_bands(s, j, at);
	return r;
}

static int read_set(struct score_set *set)
{
	const json_t *list = json_list(set->root, "scores");
	size_t total = json_array_size(list);
	int r = 0;

	if (total == 0 || total > SCORES_MAX)
		return err_set(ERR_INVALID, _("$.scores: none or too many"));
	set->items = mem_array(total, sizeof(*set->items));
	for (size_t i = 0; i < total && !r; i++) {
		struct score *s = set->items + set->n;
		char at[40];

		snprintf(at, sizeof(at), "$.scores[%zu]", i);
		r = read_score(s, json_array_get(list, i), at);
		if (!r && score_set_find(set, s->id))
			r = err_set(ERR_INVALID, _("%s.id: used twice"), at);
		/* Counted even when refused, so that it is freed. */
		set->n++;
	}
	return r;
}

int score_set_parse(struct score_set **out, const char *json, size_t n)
{
	struct score_set *set = mem_new(sizeof(*set));
	int r = content_parse(&set->root, &set->head, json, n);

	if (!r)
		r = read_set(set);
	if (r)
		score_set_free(&set);
	else
		*out = set;
	return r;
}

void score_set_free(struct score_set **set)
{
	if (!*set)
		return;
	for (size_t i = 0; i < (*set)->n; i++)
		for (size_t k = 0; k < (*set)->items[i].n_parts; k++)
			cond_free(&(*set)->items[i].parts[k].when);
	free((*set)->items);
	json_decref((*set)->root);
	free(*set);
	*set = NULL;
}

size_t score_set_total(const struct score_set *set)
{
	return set->n;
}

const struct score *score_set_at(const struct score_set *set, size_t i)
{
	assert(i < set->n);
	return set->items + i;
}

const struct score *score_set_find(const struct score_set *set, const char *id)
{
	for (size_t i = 0; i < set->n; i++)
		if (!strcmp(set->items[i].id, id))
			return set->items + i;
	return NULL;
}

const char *score_id(const struct score *s)
{
	return s->id;
}

const struct words *score_title(const struct score *s)
{
	return &s->title;
}

const char *score_source(const struct score *s)
{
	return s->source;
}

const struct words *score_band(const struct score *s, int total)
{
	size_t i = 0;

	while (i + 1 < s->n_bands && s->bands[i + 1].from <= total)
		i++;
	return &s->bands[i].words;
}

static bool points_of(int *out, const struct part *p, const struct fact *f)
{
	bool found = false;

	if (f->kind == FACT_CODED) {
		for (size_t i = 0; i < p->n_options && !found; i++) {
			found = !strcmp(p->options[i].text, f->text);
			*out = p->options[i].points;
		}
		return found;
	}
	if (decimal_cmp(f->value, f->scale, p->max, 0) > 0)
		return false;
	for (size_t i = 0; i < p->n_numbers; i++) {
		const struct row *row = p->numbers + i;

		if (decimal_cmp(f->value, f->scale, row->from, row->scale) < 0)
			break;
		*out = row->points;
		found = true;
	}
	return found;
}

/* What is known, and from when on it counts for this score. */
struct asking {
	const struct facts *facts;
	int64_t now_s;
	int64_t from_s;
};

/* A scale asked last month and two of its questions asked today are not one
 * scale asked once. */
static void find_asking(struct asking *a, const struct score *s)
{
	int64_t newest = INT64_MIN;

	a->from_s = INT64_MIN;
	for (size_t i = 0; i < s->n_parts && s->within_days; i++) {
		const struct fact *f =
		    s->parts[i].code ? facts_last(a->facts, s->parts[i].code)
				     : NULL;
		if (f && f->at_s > newest)
			newest = f->at_s;
	}
	if (newest != INT64_MIN)
		a->from_s = newest - s->within_days * DAY_S;
}

static void take_fact(struct score_result *whole, const struct fact *f)
{
	if (whole->inputs.n < COND_INPUTS)
		whole->inputs.used[whole->inputs.n++] = *f;
	if (whole->n_known++ == 0 || f->at_s > whole->at_s)
		whole->at_s = f->at_s;
	whole->is_history &= f->is_history;
}

/* False when the part does not apply at all. */
static bool run_part(struct score_part_result *out, const struct part *p,
    struct score_result *whole, const struct asking *a)
{
	const struct fact *f;
	bool holds = cond_holds(p->when, a->facts, a->now_s, &whole->inputs);

	*out = (struct score_part_result){.id = p->id, .is_known = true};
	if (!p->code) {
		out->points = holds ? p->points : 0;
		return true;
	}
	if (!holds)
		return false;
	f = facts_last(a->facts, p->code);
	out->is_known =
	    f && f->at_s >= a->from_s && points_of(&out->points, p, f);
	whole->n_asked++;
	if (out->is_known)
		take_fact(whole, f);
	if (!out->is_known) {
		out->points = 0;
		whole->missing += !p->is_optional;
	}
	return true;
}

static void find_band(struct score_result *r, const struct score *s)
{
	int most = 0;

	for (size_t i = 0; i < r->n_parts; i++)
		if (r->parts[i].points > most)
			most = r->parts[i].points;
	for (size_t i = 0; i < s->n_bands; i++) {
		const struct band *b = s->bands + i;

		if (r->total < b->from && !(b->any_part && most >= b->any_part))
			continue;
		r->band = b->id;
		r->words = b->words;
	}
}

void score_run(struct score_result *out, const struct score *s,
    const struct facts *facts, int64_t now_s)
{
	struct score_result r = {.id = s->id,
	    .version = s->version,
	    .code = s->code,
	    .at_s = now_s,
	    .is_history = true};
	struct asking a = {.facts = facts, .now_s = now_s};

	find_asking(&a, s);
	for (size_t i = 0; i < s->n_parts; i++) {
		if (!run_part(r.parts + r.n_parts, s->parts + i, &r, &a))
			continue;
		r.total += r.parts[r.n_parts].points;
		r.n_parts++;
	}
	r.is_complete = r.missing == 0;
	if (r.is_complete)
		find_band(&r, s);
	else
		r.total = 0;
	*out = r;
}
