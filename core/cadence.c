/* cadence.c - dispositions as data, and the next try after each. */
#include "core/cadence.h"

#include "core/err.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/tr.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DISPOSITIONS_MAX 64
#define DELAY_MAX_MIN (60 * 24 * 90)
#define SLOT_SEARCH 64

struct cadence {
	struct content_head head;
	json_t *root;
	struct disposition *items;
	size_t n;
};

static const char *const then_names[] = {
    [CADENCE_NOTHING] = "nothing",
    [CADENCE_SUPERVISOR] = "supervisor",
    [CADENCE_CALLBACK] = "callback",
    [CADENCE_STOP] = "stop",
};

static const char *const file_members[] = {
    "id",
    "version",
    "title",
    "source",
    "dispositions",
    NULL,
};

static const char *const members[] = {
    "id",
    "name",
    "key",
    "reached",
    "patient",
    "may_complete",
    "retires_number",
    "stops_pathways",
    "do_not_call",
    "excluded",
    "needs",
    "delays_min",
    "other_hours",
    "other_number",
    "then",
    NULL,
};

const char *cadence_then_name(enum cadence_then then)
{
	return then_names[then];
}

static int read_then(struct disposition *d, const json_t *j, const char *at)
{
	const char *name = json_str(j, "then", "");

	for (size_t i = 0; i < ARRAY_LEN(then_names); i++) {
		if (strcmp(then_names[i], name))
			continue;
		d->then = (enum cadence_then)i;
		return 0;
	}
	return err_set(ERR_INVALID, _("%s.then: unknown"), at);
}

static int read_delays(struct disposition *d, const json_t *j, const char *at)
{
	const json_t *list = json_list(j, "delays_min");
	size_t i;
	json_t *v;

	if (json_array_size(list) > CADENCE_DELAYS_MAX)
		return err_set(ERR_INVALID, _("%s.delays_min: too many"), at);
	json_array_foreach (list, i, v) {
		int64_t m = json_is_integer(v) ? json_integer_value(v) : -1;

		if (m < 0 || m > DELAY_MAX_MIN)
			return err_set(ERR_INVALID,
			    _("%s.delays_min[%zu]: out of range"), at, i);
		d->delays_min[d->n_delays++] = (int)m;
	}
	return 0;
}

static int read_needs(struct disposition *d, const json_t *j, const char *at)
{
	const json_t *list = json_list(j, "needs");
	size_t i;
	json_t *v;

	if (json_array_size(list) > CADENCE_NEEDS_MAX)
		return err_set(ERR_INVALID, _("%s.needs: too many"), at);
	json_array_foreach (list, i, v) {
		if (!json_is_string(v))
			return err_set(
			    ERR_INVALID, _("%s.needs[%zu]: no text"), at, i);
		d->needs[d->n_needs++] = json_string_value(v);
	}
	return 0;
}

static void read_flags(struct disposition *d, const json_t *j)
{
	d->is_reached = json_flag(j, "reached");
	d->is_patient = json_flag(j, "patient");
	d->may_complete = json_flag(j, "may_complete");
	d->retires_number = json_flag(j, "retires_number");
	d->stops_pathways = json_flag(j, "stops_pathways");
	d->is_do_not_call = json_flag(j, "do_not_call");
	d->is_excluded = json_flag(j, "excluded");
	d->other_hours = json_flag(j, "other_hours");
	d->other_number = json_flag(j, "other_number");
}

static int read_one(struct disposition *d, const json_t *j, const char *at)
{
	int r = content_members(j, at, members);

	if (!r)
		r = content_id(&d->id, j, "id", at);
	if (!r)
		r = content_words(&d->name, j, "name", at);
	if (!r)
		r = read_then(d, j, at);
	if (!r)
		r = read_delays(d, j, at);
	if (!r)
		r = read_needs(d, j, at);
	read_flags(d, j);
	d->key = json_str(j, "key", "")[0];
	return r;
}

static int read_all(struct cadence *c)
{
	const json_t *list = json_list(c->root, "dispositions");
	size_t total = json_array_size(list);
	int r = content_members(c->root, "$", file_members);

	if (!r && (total == 0 || total > DISPOSITIONS_MAX))
		r = err_set(ERR_INVALID, _("$.dispositions: none or too many"));
	if (r)
		return r;
	c->items = mem_array(total, sizeof(*c->items));
	for (size_t i = 0; i < total; i++) {
		struct disposition d = {0};
		char at[40];

		snprintf(at, sizeof(at), "$.dispositions[%zu]", i);
		r = read_one(&d, json_array_get(list, i), at);
		if (r)
			return r;
		if (cadence_find(c, d.id) || cadence_by_key(c, d.key))
			return err_set(ERR_INVALID, _("%s: used twice"), at);
		c->items[c->n++] = d;
	}
	return 0;
}

int cadence_parse(struct cadence **out, const char *json, size_t n)
{
	struct cadence *c = mem_new(sizeof(*c));
	int r = content_parse(&c->root, &c->head, json, n);

	if (!r)
		r = read_all(c);
	if (r)
		cadence_free(&c);
	else
		*out = c;
	return r;
}

void cadence_free(struct cadence **c)
{
	if (!*c)
		return;
	free((*c)->items);
	json_decref((*c)->root);
	free(*c);
	*c = NULL;
}

const struct content_head *cadence_head(const struct cadence *c)
{
	return &c->head;
}

size_t cadence_total(const struct cadence *c)
{
	return c->n;
}

const struct disposition *cadence_at(const struct cadence *c, size_t i)
{
	assert(i < c->n);
	return c->items + i;
}

const struct disposition *cadence_find(const struct cadence *c, const char *id)
{
	for (size_t i = 0; i < c->n; i++)
		if (!strcmp(c->items[i].id, id))
			return c->items + i;
	return NULL;
}

const struct disposition *cadence_by_key(const struct cadence *c, char key)
{
	for (size_t i = 0; key && i < c->n; i++)
		if (c->items[i].key == key)
			return c->items + i;
	return NULL;
}

/* Numbers left after this call, and which of them comes next. */
static size_t numbers_left(size_t *next, const struct cadence_try *t)
{
	size_t left = t->n_numbers;

	if (t->how->retires_number) {
		left -= left > 0;
		*next = left ? t->number % left : 0;
	} else if (t->how->other_number && left) {
		*next = (t->number + 1) % left;
	} else {
		*next = t->number;
	}
	return left;
}

/* Moves to the first allowed moment of another part of the day. */
static int64_t other_part(const struct hours *h,
    const struct hours_person *person, int64_t from_s, int64_t last_s)
{
	int slot = hours_slot(h, last_s);
	int64_t t = hours_next(h, person, from_s);

	for (int i = 0; i < SLOT_SEARCH && hours_slot(h, t) == slot; i++)
		t = hours_next(h, person, t + HOURS_STEP_MIN * 60);
	return t;
}

void cadence_next(struct cadence_next *out, const struct cadence_try *last,
    const struct hours *hours, const struct hours_person *person)
{
	const struct disposition *d = last->how;
	size_t done = last->attempts > 0 ? (size_t)last->attempts - 1 : 0;
	struct cadence_next next = {.then = d->then};
	size_t left = numbers_left(&next.number, last);
	int64_t from;

	if (done >= d->n_delays || left == 0) {
		next.is_given_up = true;
		if (left == 0 && d->retires_number)
			next.then = CADENCE_SUPERVISOR;
		*out = next;
		return;
	}
	from = last->at_s + d->delays_min[done] * INT64_C(60);
	next.due_s = d->other_hours
			 ? other_part(hours, person, from, last->at_s)
			 : hours_next(hours, person, from);
	*out = next;
}
