/*
 * script_merge.c - putting several scripts together, as JSON, so that the
 * whole is checked by the same rules as any script; and taking the answers
 * apart again.
 */
#include "core/script_merge.h"

#include "core/err.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/script_merge_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct part *in_hand(const struct merge *g)
{
	return &g->m->parts[g->part];
}

/* ---- taking a part in ---------------------------------------------------- */

static const char *new_link(
    const struct merge *g, char out[SCRIPT_LINK_MAX + 1], const char *link)
{
	const char *id = script_id(in_hand(g)->script);

	if (merge_slot_at(g->links, link) == SCRIPT_NONE)
		return link;
	snprintf(out, SCRIPT_LINK_MAX + 1, "%.24s.%.160s", id, link);
	for (unsigned k = 1; merge_slot_at(g->links, out) != SCRIPT_NONE; k++)
		snprintf(
		    out, SCRIPT_LINK_MAX + 1, "%.24s.%u.%.150s", id, k, link);
	return out;
}

static uint32_t add_slot(struct merge *g, uint32_t i)
{
	const struct script *s = in_hand(g)->script;
	const struct script_item *it = &s->items[i];
	json_t *copy = json_copy((json_t *)(uintptr_t)it->src);
	json_t *whole;
	char made[SCRIPT_LINK_MAX + 1];
	const char *link = new_link(g, made, it->link);

	json_object_del(copy, "item");
	whole = json_deep_copy(copy);
	json_decref(copy);
	if (strcmp(link, it->link) != 0)
		json_put_str(g->renamed, it->link, link);
	json_put_str(whole, "linkId", link);
	json_put_int(g->links, link, g->n);
	if (*it->code && merge_slot_at(g->codes, it->code) == SCRIPT_NONE)
		json_put_int(g->codes, it->code, g->n);
	g->slots = mem_grow(g->slots, g->n + 1, sizeof(*g->slots));
	g->slots[g->n] =
	    (struct slot){.part = g->part, .item = i, .json = whole};
	return g->n++;
}

/* Every item gets a slot: its twin's, or a new one. */
static void place_all(struct merge *g)
{
	struct part *p = in_hand(g);
	const struct script_item *items = p->script->items;
	uint32_t i = 0;

	while (i < p->script->n) {
		uint32_t at = merge_twin(g, i);
		uint32_t end = i + 1;
		if (at == SCRIPT_NONE)
			at = add_slot(g, i);
		else if (items[i].type == SCRIPT_GROUP)
			end = items[i].end;
		p->slots[i] = at;
		for (uint32_t k = 1; k < end - i; k++)
			p->slots[i + k] = g->m->parts[g->slots[at].part]
					      .slots[g->slots[at].item + k];
		i = end;
	}
}

static bool is_own(const struct merge *g, uint32_t slot)
{
	return g->slots[slot].part == g->part;
}

/* Which items of the part are new in the whole. A group that lost all its
 * questions, and the words of a question that is asked already, are not. */
static bool *choose_kept(const struct merge *g)
{
	const struct part *p = in_hand(g);
	const struct script *s = p->script;
	bool *kept = mem_array(s->n + 1, sizeof(*kept));

	for (uint32_t i = s->n; i-- > 0;) {
		const struct script_item *it = &s->items[i];
		kept[i] |= is_own(g, p->slots[i]) &&
			   it->type != SCRIPT_DISPLAY &&
			   it->type != SCRIPT_GROUP;
		if (kept[i] && it->parent != SCRIPT_NONE &&
		    s->items[it->parent].type == SCRIPT_GROUP)
			kept[it->parent] = true;
	}
	for (uint32_t i = 0; i < s->n; i++) {
		uint32_t up = s->items[i].parent;
		if (s->items[i].type == SCRIPT_DISPLAY)
			kept[i] = is_own(g, p->slots[i]) &&
				  (up == SCRIPT_NONE || kept[up]);
	}
	return kept;
}

/* ---- names within expressions and conditions ----------------------------- */

/* Replaces 'name' by its new name wherever it stands in quotes. */
static void rename_text(struct buf *out, const json_t *renamed, const char *s)
{
	while (*s) {
		const char *end = *s == '\'' ? strchr(s + 1, '\'') : NULL;
		char name[SCRIPT_LINK_MAX + 1];
		size_t n = end ? (size_t)(end - s) - 1 : 0;
		if (!end || n > SCRIPT_LINK_MAX) {
			buf_add(out, s++, 1);
			continue;
		}
		memcpy(name, s + 1, n);
		name[n] = '\0';
		buf_printf(out, "'%s'", json_str(renamed, name, name));
		s = end + 1;
	}
}

static void rename_member(
    const struct merge *g, json_t *object, const char *key, bool is_quoted)
{
	const char *old = json_str(object, key, NULL);
	struct buf text = {0};

	if (!old)
		return;
	if (is_quoted)
		rename_text(&text, g->renamed, old);
	else
		buf_printf(&text, "%s", json_str(g->renamed, old, old));
	json_put_str(object, key, buf_text(&text));
	buf_fini(&text);
}

static void rename_in(struct merge *g, uint32_t i)
{
	struct part *p = in_hand(g);
	const struct script_item *it = &p->script->items[i];
	json_t *json = g->slots[p->slots[i]].json, *ext, *part;
	json_t *when = json_object_get(json, "enableWhen");
	const char *ref = json_str(json, "answerValueSet", "");
	size_t k;

	for (uint32_t w = 0; w < it->rules->n_when; w++) {
		uint32_t q = p->slots[it->rules->when[w].question];
		json_put_str(json_array_get(when, w), "question",
		    json_str(g->slots[q].json, "linkId", ""));
	}
	json_array_foreach (json_object_get(json, "extension"), k, ext) {
		part = json_object_get(ext, "valueExpression");
		rename_member(g, part, "expression", true);
		if (strcmp(json_str(ext, "url", ""), EXT_OWN "less-than") == 0)
			rename_member(g, ext, "valueString", false);
	}
	if (ref[0] == '#' && g->part > 0) {
		char made[SCRIPT_LINK_MAX];
		snprintf(made, sizeof(made), "#p%u-%.180s", (unsigned)g->part,
		    ref + 1);
		json_put_str(json, "answerValueSet", made);
	}
}

/* ---- putting it together ------------------------------------------------- */

static json_t *items_of(json_t *owner)
{
	json_t *list = json_object_get(owner, "item");

	if (!list) {
		list = json_array();
		json_put(owner, "item", list);
	}
	return list;
}

static void attach_all(struct merge *g)
{
	const struct part *p = in_hand(g);
	bool *kept = choose_kept(g);

	for (uint32_t i = 0; i < p->script->n; i++) {
		const struct script_item *it = &p->script->items[i];
		struct slot *s = &g->slots[p->slots[i]];
		json_t *owner = it->parent == SCRIPT_NONE
				    ? g->root
				    : g->slots[p->slots[it->parent]].json;
		if (kept[i]) {
			rename_in(g, i);
			json_array_append(items_of(owner), s->json);
		} else if (!is_own(g, p->slots[i]) && it->required) {
			json_put_flag(s->json, "required", true);
		}
	}
	free(kept);
}

static void add_set(struct merge *g, const json_t *set)
{
	json_t *copy = json_deep_copy(set);
	char made[SCRIPT_LINK_MAX];

	snprintf(made, sizeof(made), "p%u-%.180s", (unsigned)g->part,
	    json_str(set, "id", ""));
	if (g->part > 0)
		json_put_str(copy, "id", made);
	json_array_append_new(json_object_get(g->root, "contained"), copy);
}

/* What a part contains, and what came beside it. */
static void add_sets(struct merge *g)
{
	const struct script *s = in_hand(g)->script;
	const json_t *list = json_list(s->root, "contained");

	for (size_t i = 0; i < json_array_size(list); i++)
		add_set(g, json_array_get(list, i));
	list = json_list(s->bundle, "entry");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *r =
		    json_object_get(json_array_get(list, i), "resource");
		if (r != s->root)
			add_set(g, r);
	}
}

static void add_part(struct merge *g)
{
	struct part *p = in_hand(g);
	uint32_t n = p->script->n;

	p->slots = mem_array(n + 1, sizeof(*p->slots));
	for (uint32_t i = 0; i < n; i++)
		p->slots[i] = SCRIPT_NONE;
	json_object_clear(g->renamed);
	add_sets(g);
	place_all(g);
	attach_all(g);
}

/* "A + B", in both languages. */
static void add_titles(struct merge *g, const char *key,
    const char *(*text)(const struct script *s, enum lang lang))
{
	const struct script_merged *m = g->m;
	bool is_zh = strcmp(m->parts[0].script->lang, "en") != 0;
	struct buf both[2] = {{0}, {0}};
	json_t *element = json_object(), *list = json_array(), *t;
	char name[32];

	for (size_t i = 0; i < m->n; i++)
		for (int l = 0; l < 2; l++)
			buf_printf(&both[l], "%s%s", i ? " + " : "",
			    text(m->parts[i].script, l ? LANG_EN : LANG_ZH));
	json_put_str(g->root, key, buf_text(&both[is_zh ? 0 : 1]));
	t = json_pack("{s:s, s:[{s:s, s:s}, {s:s, s:s}]}", "url",
	    EXT_HL7 "translation", "extension", "url", "lang", "valueCode",
	    is_zh ? "en" : "zh", "url", "content", "valueString",
	    buf_text(&both[is_zh ? 1 : 0]));
	json_array_append_new(list, t);
	json_put(element, "extension", list);
	snprintf(name, sizeof(name), "_%s", key);
	json_put(g->root, name, element);
	buf_fini(&both[0]);
	buf_fini(&both[1]);
}

static void add_head(struct merge *g)
{
	struct buf id = {0}, version = {0};

	for (size_t i = 0; i < g->m->n; i++) {
		const struct script *s = g->m->parts[i].script;
		buf_printf(&id, "%s%s", i ? "+" : "", script_id(s));
		buf_printf(&version, "%s%s", i ? "+" : "", script_version(s));
	}
	json_put_str(g->root, "resourceType", "Questionnaire");
	json_put_str(g->root, "status", "active");
	json_put_str(g->root, "language",
	    json_str(g->m->parts[0].script->root, "language", "zh"));
	json_put_str(g->root, "id", buf_text(&id));
	json_put_str(g->root, "version", buf_text(&version));
	add_titles(g, "title", script_title);
	add_titles(g, "copyright", script_source);
	json_put(g->root, "contained", json_array());
	buf_fini(&id);
	buf_fini(&version);
}

/* The items of the whole by part, and back. */
static int index_whole(struct merge *g)
{
	struct script_merged *m = g->m;

	m->from = mem_array(m->own->n + 1, sizeof(*m->from));
	for (size_t part = m->n; part-- > 0;) {
		struct part *p = &m->parts[part];
		p->items = mem_array(p->script->n + 1, sizeof(*p->items));
		for (uint32_t i = 0; i < p->script->n; i++) {
			const struct slot *s = &g->slots[p->slots[i]];
			uint32_t at = script_find(
			    m->own, json_str(s->json, "linkId", ""));
			p->items[i] = at;
			if (at == SCRIPT_NONE)
				continue;
			if (m->own->items[at].levels !=
			    p->script->items[i].levels)
				return err_set(ERR_RULE, "%s: repeats differ",
				    p->script->items[i].link);
			m->from[at] = (struct script_origin_of){
			    part, p->script->items[i].link};
		}
	}
	return 0;
}

static int build(struct merge *g)
{
	char *text;
	int r;

	add_head(g);
	for (g->part = 0; g->part < g->m->n; g->part++)
		add_part(g);
	if (json_array_size(json_list(g->root, "contained")) == 0)
		json_object_del(g->root, "contained");
	text = json_dumps(g->root, JSON_COMPACT);
	r = script_load(&g->m->own, text, strlen(text), SCRIPT_STRICT, NULL);
	free(text);
	return r < 0 ? r : index_whole(g);
}

/* Variables of a whole script mean something else in another. */
static bool may_merge(const struct script *const *parts, size_t n)
{
	uint32_t items = 0;

	if (n == 0 || n > SCRIPT_PARTS_MAX)
		return false;
	for (size_t i = 0; i < n; i++) {
		items += parts[i]->n;
		if (n > 1 && (script_ext(parts[i]->root, EXT_HL7 "variable") ||
				 strcmp(parts[i]->lang, parts[0]->lang) != 0))
			return false;
	}
	return n == 1 || items <= SCRIPT_MERGE_ITEMS_MAX;
}

static int merge_parts(struct script_merged *m)
{
	struct merge g = {.m = m,
	    .links = json_object(),
	    .codes = json_object(),
	    .renamed = json_object(),
	    .root = json_object()};
	int r = build(&g);

	m->script = m->own;
	for (uint32_t i = 0; i < g.n; i++)
		json_decref(g.slots[i].json);
	free(g.slots);
	for (size_t i = 0; i < m->n; i++) {
		free(m->parts[i].slots);
		m->parts[i].slots = NULL;
	}
	json_decref(g.links);
	json_decref(g.codes);
	json_decref(g.renamed);
	json_decref(g.root);
	return r;
}

int script_merge(
    struct script_merged **out, const struct script *const *parts, size_t n)
{
	struct script_merged *m;
	int r = 0;

	if (!may_merge(parts, n))
		return err_set(ERR_RULE, "these scripts do not go together");
	m = mem_new(sizeof(*m));
	m->n = n;
	for (size_t i = 0; i < n; i++)
		m->parts[i].script = parts[i];
	m->script = parts[0];
	if (n > 1)
		r = merge_parts(m);
	if (r < 0)
		script_merged_free(&m);
	else
		*out = m;
	return r;
}
