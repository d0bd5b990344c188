/*
 * script_load.c - from JSON to the flat table: bounded count first, then one
 * pass in document order, then conditions, order and checks.
 */
#include "core/script_int.h"

#include "core/err.h"
#include "core/json.h"
#include "core/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Items below a list; stops counting above the limit. Depth is bounded by
 * json_load. */
static uint32_t count_items(const json_t *list)
{
	uint32_t n = 0;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *o = json_array_get(list, i);
		if (!json_is_object(o))
			continue;
		n += 1 + count_items(json_list(o, "item"));
		if (n > SCRIPT_ITEMS_MAX)
			return n;
	}
	return n;
}

static bool is_type_known(enum script_type *out, const char *name)
{
	static const char *const names[] = {
#define X(name, code) code,
#include "core/script_type.def"
#undef X
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strcmp(names[i], name) == 0) {
			*out = (enum script_type)i;
			return true;
		}
	}
	return false;
}

static void start_item(
    struct loader *ld, uint32_t i, uint32_t parent, uint32_t pos)
{
	struct script *s = ld->s;
	struct script_item *it = &s->items[i];
	const struct script_item *up =
	    parent == SCRIPT_NONE ? NULL : &s->items[parent];

	it->parent = parent;
	it->depth = up ? (uint8_t)(up->depth + 1) : 0;
	it->rules = script_keep(s, mem_new(sizeof(*it->rules)));
	it->rules->pos = pos;
	it->rules->less = it->rules->hint = SCRIPT_NONE;
}

static void name_item(struct loader *ld, uint32_t i, const json_t *src)
{
	const char *link = json_str(src, "linkId", "");
	char made[16];

	if (*link && strlen(link) <= SCRIPT_LINK_MAX) {
		ld->s->items[i].link = link;
		return;
	}
	snprintf(made, sizeof(made), "#%u", (unsigned)i);
	ld->s->items[i].link = script_keep_text(ld->s, made);
	script_fault(ld, i, RULE_LINK, NULL);
}

static void type_item(struct loader *ld, uint32_t i, const json_t *src)
{
	struct script_item *it = &ld->s->items[i];
	bool has_items = json_array_size(json_list(src, "item")) > 0;

	if (!is_type_known(&it->type, json_str(src, "type", ""))) {
		script_fault(ld, i, RULE_TYPE, NULL);
		it->type = has_items ? SCRIPT_GROUP : SCRIPT_DISPLAY;
	}
	if (it->type == SCRIPT_GROUP && !has_items) {
		script_fault(ld, i, RULE_QUE1, NULL);
		it->type = SCRIPT_DISPLAY;
	} else if (it->type == SCRIPT_DISPLAY && has_items) {
		script_fault(ld, i, RULE_QUE1, NULL);
		it->type = SCRIPT_GROUP;
	}
}

static void load_items(struct loader *ld, const json_t *list, uint32_t parent)
{
	struct script *s = ld->s;

	for (size_t k = 0; k < json_array_size(list); k++) {
		const json_t *src = json_array_get(list, k);
		uint32_t i = s->n;
		if (!json_is_object(src)) {
			script_fault(ld, parent, RULE_JSON, "item");
			continue;
		}
		s->n++;
		start_item(ld, i, parent, (uint32_t)k);
		s->items[i].src = src;
		name_item(ld, i, src);
		type_item(ld, i, src);
		script_item_read(ld, i, src);
		load_items(ld, json_list(src, "item"), i);
		s->items[i].end = s->n;
	}
}

/* ---- levels, hints ------------------------------------------------------- */

/* Displays that explain their question are read with it, not by themselves. */
static bool is_help(const struct script_item *it)
{
	const json_t *cat = json_object_get(
	    script_ext(it->src, EXT_HL7 "questionnaire-displayCategory"),
	    "valueCodeableConcept");

	if (it->type != SCRIPT_DISPLAY || it->rules->n_when > 0)
		return false;
	return strcmp(it->control, "help") == 0 ||
	       strcmp(it->control, "flyover") == 0 ||
	       strcmp(json_str(json_array_get(json_list(cat, "coding"), 0),
			  "code", ""),
		   "instructions") == 0;
}

static void relate(struct loader *ld, uint32_t i)
{
	struct script_item *it = &ld->s->items[i];
	struct script_item *up;

	if (it->parent == SCRIPT_NONE)
		return;
	up = &ld->s->items[it->parent];
	it->levels = (uint8_t)(up->levels + up->is_level);
	if (it->levels > SCRIPT_LEVELS_MAX)
		script_fault(ld, i, RULE_LIMITS, NULL);
	it->is_self_report |= up->is_self_report;
	if (up->type != SCRIPT_GROUP)
		it->role = SCRIPT_ROLE_NONE;
	if (is_help(it) && up->rules->hint == SCRIPT_NONE) {
		up->rules->hint = i;
		it->rules->is_hint = true;
	}
}

/* Repeating items whose children must be told apart. */
static void mark_level(struct script *s, uint32_t i)
{
	struct script_item *it = &s->items[i];
	bool has_child = false;

	for (uint32_t k = i + 1; k < it->end; k++)
		has_child |= s->items[k].type != SCRIPT_DISPLAY;
	it->is_level = it->repeats && has_child;
}

static void relate_all(struct loader *ld)
{
	struct script *s = ld->s;

	for (uint32_t i = 0; i < s->n && !ld->is_refused; i++) {
		mark_level(s, i);
		relate(ld, i);
	}
	for (uint32_t i = 0; i < s->n; i++) {
		struct script_item *it = &s->items[i];
		if (it->role == SCRIPT_ROLE_RESPONDENT &&
		    s->respondent == SCRIPT_NONE && it->levels == 0)
			s->respondent = i;
		it->is_self_report &= it->type != SCRIPT_GROUP &&
				      it->type != SCRIPT_DISPLAY &&
				      it->role == SCRIPT_ROLE_NONE;
	}
}

/* ---- linkIds ------------------------------------------------------------- */

struct link_ref {
	const char *link;
	uint32_t i;
};

static int by_link(const void *a, const void *b)
{
	const struct link_ref *x = a, *y = b;
	int c = strcmp(x->link, y->link);

	return c ? c : (x->i > y->i) - (x->i < y->i);
}

static void index_links(struct script *s)
{
	struct link_ref *refs = mem_array(s->n + 1, sizeof(*refs));

	for (uint32_t i = 0; i < s->n; i++)
		refs[i] = (struct link_ref){s->items[i].link, i};
	qsort(refs, s->n, sizeof(*refs), by_link);
	for (uint32_t i = 0; i < s->n; i++)
		s->by_link[i] = refs[i].i;
	free(refs);
}

/* Renames all but the first of equal linkIds; false when names still clash. */
static bool part_links(struct loader *ld)
{
	struct script *s = ld->s;
	const char *before = NULL;
	bool clashed = false;

	for (uint32_t k = 0; k < s->n; k++) {
		uint32_t i = s->by_link[k];
		struct script_item *it = &s->items[i];
		char made[SCRIPT_LINK_MAX + 16];
		if (!before || strcmp(before, it->link) != 0) {
			before = it->link;
			continue;
		}
		script_fault(ld, i, RULE_QUE2, NULL);
		snprintf(made, sizeof(made), "%s#%u", it->link, (unsigned)i);
		it->link = script_keep_text(s, made);
		clashed = true;
	}
	return !clashed;
}

static void link_all(struct loader *ld)
{
	struct script *s = ld->s;

	s->by_link = script_keep(s, mem_array(s->n + 1, sizeof(uint32_t)));
	index_links(s);
	for (int round = 0; !part_links(ld); round++) {
		index_links(s);
		if (round == 3) {
			script_fault(ld, SCRIPT_NONE, RULE_LIMITS, "item");
			return;
		}
	}
}

/* ---- the whole ----------------------------------------------------------- */

static void load_all(struct loader *ld)
{
	struct script *s = ld->s;
	const json_t *list = json_list(s->root, "item");
	uint32_t n = count_items(list);

	if (n > SCRIPT_ITEMS_MAX) {
		script_fault(ld, SCRIPT_NONE, RULE_LIMITS, "item");
		return;
	}
	s->items = script_keep(s, mem_array(n + 1, sizeof(*s->items)));
	load_items(ld, list, SCRIPT_NONE);
	link_all(ld);
	for (uint32_t i = 0; i < s->n; i++)
		script_when_read(ld, i);
	relate_all(ld);
	for (uint32_t i = 0; i < s->n; i++)
		script_score_read(ld, i);
	for (uint32_t i = 0; i < s->n; i++)
		script_check_item(ld, i);
	script_check_links(ld);
	script_order_make(ld);
}

static int say_why(const struct script_report *report)
{
	size_t i = 0;

	while (i + 1 < report->n && !report->at[i].is_fatal)
		i++;
	return err_set(ERR_INVALID, "script refused: %s at %s",
	    report->at[i].rule, report->at[i].path);
}

int script_load(struct script **out, const char *json, size_t n,
    enum script_mode mode, struct script_report *report)
{
	struct script_report local;
	struct loader ld = {.mode = mode, .report = report ? report : &local};
	int r;

	*ld.report = (struct script_report){0};
	ld.s = mem_new(sizeof(*ld.s));
	ld.s->respondent = SCRIPT_NONE;
	r = json_load(&ld.s->root, json, n, SCRIPT_BYTES_MAX);
	if (r < 0)
		goto out;
	if (!script_unbundle(ld.s))
		script_fault(&ld, SCRIPT_NONE, RULE_RESOURCE, "entry");
	ld.s->lang = script_lang(json_str(ld.s->root, "language", ""));
	script_check_head(&ld);
	if (!ld.is_refused || mode == SCRIPT_STRICT)
		load_all(&ld);
	if (ld.is_refused) {
		r = say_why(ld.report);
		goto out;
	}
	*out = ld.s;
	ld.s = NULL;
out:
	script_free(&ld.s);
	return r;
}
