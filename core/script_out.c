/*
 * script_out.c - a run as data: durable rows and back, flat answers for the
 * log, a QuestionnaireResponse for others.
 */
#include "core/script_out.h"

#include "core/clock.h"
#include "core/err.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/script_run_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROW_MAX (512u << 10)

static const char *const type_names[] = {
#define X(name, code) code,
#include "core/script_type.def"
#undef X
};

static const char *const absent_codes[] = {
#define X(name, code, text) code,
#include "core/script_absent.def"
#undef X
};

static const char *const origin_codes[] = {"", "self", "clinic", "relayed"};

static int index_of(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return (int)i;
	return -1;
}

static bool is_number(enum script_type t)
{
	return t == SCRIPT_INTEGER || t == SCRIPT_DECIMAL ||
	       t == SCRIPT_QUANTITY || t == SCRIPT_BOOLEAN;
}

/* ---- values, integers only ----------------------------------------------- */

static void put_value(json_t *o, const struct script_value *v)
{
	json_put_str(o, "type", type_names[v->type]);
	if (is_number(v->type)) {
		json_put_int(o, "int", v->num);
		if (v->scale > 0)
			json_put_int(o, "scale", v->scale);
	}
	json_put_str(o, v->type == SCRIPT_QUANTITY ? "unit" : "text", v->text);
	json_put_str(o, "code", v->code);
	json_put_str(o, "system", v->system);
}

static bool get_value(struct script_value *v, const json_t *o)
{
	int type = index_of(
	    type_names, ARRAY_LEN(type_names), json_str(o, "type", "-"));
	int64_t scale = json_int(o, "scale", 0);

	if (type < 0 || scale < 0 || scale > 9)
		return false;
	*v = (struct script_value){.type = (enum script_type)type};
	v->num = json_int(o, "int", 0);
	v->scale = (int)scale;
	v->text =
	    json_str(o, v->type == SCRIPT_QUANTITY ? "unit" : "text", NULL);
	v->code = json_str(o, "code", NULL);
	v->system = json_str(o, "system", NULL);
	if (v->num > INT53_MAX || v->num < -INT53_MAX)
		return false;
	return is_number(v->type) || v->text || v->code;
}

static void put_how(json_t *o, const struct script_answer *a)
{
	if (a->absent != SCRIPT_ABSENT_NONE)
		json_put_str(o, "absent", absent_codes[a->absent]);
	json_put_str(o, "reason", a->reason);
	if (a->origin != SCRIPT_ORIGIN_NONE)
		json_put_str(o, "origin", origin_codes[a->origin]);
	if (a->at_s > 0)
		json_put_int(o, "at", a->at_s);
}

static bool get_how(struct script_answer *a, const json_t *o)
{
	int absent = index_of(
	    absent_codes, ARRAY_LEN(absent_codes), json_str(o, "absent", ""));
	int origin = index_of(
	    origin_codes, ARRAY_LEN(origin_codes), json_str(o, "origin", ""));

	if (absent < 0 || origin < 0)
		return false;
	a->absent = (enum script_absent)absent;
	a->origin = (enum script_origin)origin;
	a->reason = json_str(o, "reason", NULL);
	a->at_s = json_int(o, "at", 0);
	return true;
}

/* ---- rows ---------------------------------------------------------------- */

void script_run_row(
    struct buf *out, const struct script_run *run, uint32_t item, uint32_t occ)
{
	const struct script_answer *a = script_run_answer(run, item, occ);
	json_t *o, *list;

	if (!a) {
		buf_str(out, "null");
		return;
	}
	o = json_object();
	list = json_array();
	for (uint32_t i = 0; i < a->n; i++) {
		json_t *v = json_object();
		put_value(v, &a->values[i]);
		json_array_append_new(list, v);
	}
	json_put(o, "v", list);
	put_how(o, a);
	json_canonical(out, o);
	json_decref(o);
}

/* 0, ERR_STALE when the item is not asked, or what is wrong with the row. */
static int put_row(
    struct script_run *run, uint32_t item, uint32_t occ, const json_t *row)
{
	struct script_value values[SCRIPT_REPEAT_MAX];
	struct script_answer a = {.item = item, .occ = occ, .values = values};
	const json_t *list = json_list(row, "v");
	int r;

	if (json_is_null(row)) {
		if (!run_node(run, item, occ))
			return ERR_STALE;
		script_run_clear(run, item, occ);
		return 0;
	}
	if (!json_is_object(row) || !get_how(&a, row) ||
	    json_array_size(list) > SCRIPT_REPEAT_MAX)
		return ERR_FORMAT;
	for (; a.n < json_array_size(list); a.n++)
		if (!get_value(&values[a.n], json_array_get(list, a.n)))
			return ERR_FORMAT;
	r = script_run_set(run, &a, true, NULL);
	return r == ERR_INVALID ? ERR_STALE : r;
}

/* The group instances that a row's place needs. */
static void make_place(struct script_run *run, uint32_t item, uint32_t occ)
{
	const struct script_item *it = &run->s->items[item];

	for (uint32_t i = it->parent; i != SCRIPT_NONE;
	     i = run->s->items[i].parent) {
		const struct script_item *up = &run->s->items[i];
		struct node *node;
		unsigned above = (unsigned)(it->levels - up->levels);
		uint32_t k = occ_above(occ, above - (above > 0)) & 63;
		if (!up->is_level || up->type != SCRIPT_GROUP)
			continue;
		node = run_node(run, i, occ_above(occ, above));
		while (node && node->instances <= k &&
		       script_run_add(run, i, node->occ) == 0)
			node = run_node(run, i, occ_above(occ, above));
	}
}

static int restore_one(
    struct script_run *run, const struct script_row *row, uint32_t item)
{
	json_t *o;
	int r = json_load(&o, row->json, strlen(row->json), ROW_MAX);

	if (r < 0)
		return r;
	make_place(run, item, row->occ);
	r = put_row(run, item, row->occ, o);
	json_decref(o);
	if (r == ERR_FORMAT)
		err_set(r, "answer of %s", row->link);
	return r;
}

/* A row and when it is put back: what decides comes before what it decides. */
struct turn {
	uint32_t rank, item;
	const struct script_row *row;
};

static int by_turn(const void *a, const void *b)
{
	const struct turn *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return (x->row->occ > y->row->occ) - (x->row->occ < y->row->occ);
}

static int take_turns(struct turn *turns, const struct script *s,
    const struct script_row *rows, size_t n)
{
	uint32_t *rank = mem_array(s->n + 1, sizeof(*rank));
	int r = 0;

	for (uint32_t k = 0; k < s->n; k++)
		rank[s->order[k]] = k;
	for (size_t i = 0; i < n && r == 0; i++) {
		uint32_t item = script_find(s, rows[i].link);
		if (item == SCRIPT_NONE)
			r = err_set(ERR_NOT_FOUND, "no item %s", rows[i].link);
		else
			turns[i] = (struct turn){rank[item], item, &rows[i]};
	}
	free(rank);
	if (r == 0)
		qsort(turns, n, sizeof(*turns), by_turn);
	return r;
}

int script_run_restore(struct script_run *run, const struct script_row *rows,
    size_t n, size_t *dropped)
{
	struct turn *turns = mem_array(n + 1, sizeof(*turns));
	int r = take_turns(turns, run->s, rows, n);
	size_t lost = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		r = restore_one(run, turns[i].row, turns[i].item);
		lost += r == ERR_STALE;
		if (r == ERR_STALE)
			r = 0;
	}
	if (r == 0 && dropped)
		*dropped = lost;
	free(turns);
	return r;
}

/* ---- flat answers -------------------------------------------------------- */

/* A place as one name: the linkId, and "@occ" where something repeats. */
static void put_link(
    json_t *o, const struct script_run *run, const struct script_answer *a)
{
	char link[SCRIPT_LINK_MAX + 16];

	if (a->occ == 0)
		snprintf(link, sizeof(link), "%s", run->s->items[a->item].link);
	else
		snprintf(link, sizeof(link), "%s@%u",
		    run->s->items[a->item].link, (unsigned)a->occ);
	json_put_str(o, "link", link);
}

static void add_absent(
    json_t *list, const struct script_run *run, const struct script_answer *a)
{
	json_t *o = json_object();

	put_link(o, run, a);
	json_put_str(o, "type", "absent");
	json_put_str(o, "code", absent_codes[a->absent]);
	json_put_str(o, "text", a->reason);
	json_array_append_new(list, o);
}

static void add_flat(
    json_t *list, const struct script_run *run, const struct script_answer *a)
{
	if (a->absent != SCRIPT_ABSENT_NONE)
		add_absent(list, run, a);
	for (uint32_t v = 0; v < a->n; v++) {
		json_t *o = json_object();
		put_link(o, run, a);
		put_value(o, &a->values[v]);
		json_object_del(o, "system");
		json_array_append_new(list, o);
	}
}

json_t *script_run_answers(const struct script_run *run)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < run->s->n; i++)
		for (uint32_t k = 0; k < run->items[i].n; k++)
			add_flat(list, run, &run->items[i].at[k].answer);
	return list;
}

/* ---- QuestionnaireResponse ----------------------------------------------- */

static void put_items(json_t *to, const struct script_run *run, uint32_t first,
    uint32_t end, uint32_t occ);

static void put_date_time(
    json_t *o, const char *key, int64_t at_s, int32_t zone_s)
{
	char date[DAY_TEXT], text[64];
	uint32_t sec = (uint32_t)second_of_day(at_s, zone_s);
	uint32_t za = (uint32_t)(zone_s < 0 ? -zone_s : zone_s);

	day_text(date, day_of(at_s, zone_s));
	snprintf(text, sizeof(text), "%sT%02u:%02u:%02u%c%02u:%02u", date,
	    sec / 3600 % 24, sec / 60 % 60, sec % 60, zone_s < 0 ? '-' : '+',
	    za / 3600 % 24, za / 60 % 60);
	json_put_str(o, key, text);
}

static json_t *extension(const char *url, const char *key, const char *value)
{
	json_t *e = json_object();

	json_put_str(e, "url", url);
	json_put_str(e, key, value);
	return e;
}

static void put_how_fhir(
    json_t *o, const struct script_run *run, const struct script_answer *a)
{
	json_t *list = json_array();

	if (a->absent != SCRIPT_ABSENT_NONE)
		json_array_append_new(
		    list, extension(EXT_HL7 "data-absent-reason", "valueCode",
			      absent_codes[a->absent]));
	if (a->reason)
		json_array_append_new(list,
		    extension(EXT_OWN "reason", "valueString", a->reason));
	if (a->origin != SCRIPT_ORIGIN_NONE)
		json_array_append_new(
		    list, extension(EXT_OWN "origin", "valueCode",
			      origin_codes[a->origin]));
	if (a->at_s > 0) {
		json_t *e =
		    extension(EXT_OWN "measured-at", "valueDateTime", NULL);
		put_date_time(e, "valueDateTime", a->at_s, run->zone_s);
		json_array_append_new(list, e);
	}
	if (json_array_size(list) > 0)
		json_put(o, "extension", list);
	else
		json_decref(list);
}

static json_t *answer_list(
    const struct script_run *run, uint32_t i, const struct script_answer *a)
{
	const struct script_item *it = &run->s->items[i];
	json_t *list = json_array();
	uint32_t n = a->absent != SCRIPT_ABSENT_NONE ? 1 : a->n;

	for (uint32_t v = 0; v < n; v++) {
		json_t *o = json_object();
		put_how_fhir(o, run, a);
		if (a->n > 0)
			script_value_write(o, &a->values[v]);
		put_items(o, run, i + 1, it->end,
		    it->is_level ? a->occ * 64 + v : a->occ);
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *head_of(const struct script_item *it)
{
	json_t *o = json_object();
	const char *text = json_str(it->src, "text", "");

	json_put_str(o, "linkId", it->link);
	if (*text)
		json_put_str(o, "text", text);
	return o;
}

static void keep_if_full(json_t *list, json_t *o)
{
	if (json_object_get(o, "item") || json_object_get(o, "answer"))
		json_array_append_new(list, o);
	else
		json_decref(o);
}

static void put_item(
    json_t *list, const struct script_run *run, uint32_t i, uint32_t occ)
{
	const struct script_item *it = &run->s->items[i];
	const struct node *node = run_node(run, i, occ);
	uint32_t n = it->is_level && node ? node->instances : 1;
	json_t *o;

	if (!node || !node->enabled || it->type == SCRIPT_DISPLAY)
		return;
	if (it->type != SCRIPT_GROUP) {
		o = head_of(it);
		if (answer_is_given(&node->answer))
			json_put(
			    o, "answer", answer_list(run, i, &node->answer));
		keep_if_full(list, o);
		return;
	}
	for (uint32_t k = 0; k < n; k++) {
		o = head_of(it);
		put_items(
		    o, run, i + 1, it->end, it->is_level ? occ * 64 + k : occ);
		keep_if_full(list, o);
	}
}

static void put_items(json_t *to, const struct script_run *run, uint32_t first,
    uint32_t end, uint32_t occ)
{
	json_t *list = json_array();

	for (uint32_t i = first; i < end; i = run->s->items[i].end)
		put_item(list, run, i, occ);
	if (json_array_size(list) > 0)
		json_put(to, "item", list);
	else
		json_decref(list);
}

static void put_canonical(json_t *o, const struct script *s)
{
	char text[600];

	if (!*script_url(s))
		return;
	snprintf(text, sizeof(text), "%.500s%s%.64s", script_url(s),
	    *script_version(s) ? "|" : "", script_version(s));
	json_put_str(o, "questionnaire", text);
}

json_t *script_run_response(
    const struct script_run *run, const struct script_head *head)
{
	static const char *const status[] = {
	    "in-progress", "completed", "stopped"};
	json_t *o = json_object();
	json_t *list = json_array();

	json_put_str(o, "resourceType", "QuestionnaireResponse");
	json_array_append_new(
	    list, extension(EXT_OWN "script-hash", "valueString",
		      head->hash && *head->hash ? head->hash : "-"));
	json_put(o, "extension", list);
	put_canonical(o, run->s);
	json_put_str(o, "status", status[run->status]);
	if (head->subject) {
		json_t *ref = json_object();
		json_put_str(ref, "reference", head->subject);
		json_put(o, "subject", ref);
	}
	put_date_time(o, "authored", head->authored_s, run->zone_s);
	put_items(o, run, 0, run->s->n, 0);
	return o;
}
