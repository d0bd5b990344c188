/* advice.c - the library of advice: read, found, chosen. */
#include "core/advice.h"

#include "core/cond.h"
#include "core/err.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/text.h"
#include "core/tr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 400 /* characters of a spoken text */
#define FILES_MAX 64

struct advice_library {
	struct advice *items;
	size_t n;
	json_t *roots[FILES_MAX];
	size_t n_roots;
};

static const char *const kind_codes[] = {
#define X(name, code, text) code,
#include "core/advice_kind.def"
#undef X
};

static const char *const kind_names[] = {
#define X(name, code, text) text,
#include "core/advice_kind.def"
#undef X
};

const char *advice_kind_name(enum advice_kind kind)
{
	return kind_names[kind];
}

struct advice_library *advice_new(void)
{
	return mem_new(sizeof(struct advice_library));
}

static void drop_items(struct advice *items, size_t n)
{
	for (size_t i = 0; i < n; i++)
		cond_free(&items[i].when);
}

void advice_free(struct advice_library **lib)
{
	struct advice_library *l = *lib;

	if (!l)
		return;
	drop_items(l->items, l->n);
	free(l->items);
	for (size_t i = 0; i < l->n_roots; i++)
		json_decref(l->roots[i]);
	free(l);
	*lib = NULL;
}

/* ---- reading ----------------------------------------------------------- */

static int read_kind(struct advice *a, const json_t *o, const char *at)
{
	const char *code = json_str(o, "kind", "");

	for (size_t i = 0; i < ARRAY_LEN(kind_codes); i++) {
		if (strcmp(kind_codes[i], code) == 0) {
			a->kind = (enum advice_kind)i;
			return 0;
		}
	}
	return err_set(ERR_INVALID, _("%s.kind: unknown"), at);
}

static int read_tags(struct advice *a, const json_t *o, const char *at)
{
	const json_t *list = json_list(o, "tags");

	if (json_array_size(list) > ADVICE_TAGS_MAX)
		return err_set(ERR_INVALID, _("%s.tags: too many"), at);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *tag = json_string_value(json_array_get(list, i));
		if (!tag || !*tag)
			return err_set(ERR_INVALID, _("%s.tags: not text"), at);
		a->tags[a->n_tags++] = tag;
	}
	return 0;
}

static int read_words(struct advice *a, const json_t *o, const char *at)
{
	int r = content_words(&a->title, o, "title", at);

	if (r == 0)
		r = content_words(&a->text, o, "text", at);
	if (r == 0 && (utf8_count(a->text.zh) > TEXT_MAX ||
			  utf8_count(a->text.en) > 2 * TEXT_MAX))
		r = err_set(ERR_INVALID, _("%s.text: too long to say"), at);
	return r;
}

static int read_one(struct advice *a, const json_t *o, const char *at)
{
	static const char *const members[] = {
	    "id", "version", "kind", "tags", "title", "text", "when", NULL};
	const json_t *when = json_object_get(o, "when");
	char below[64];
	int64_t version;
	int r = content_members(o, at, members);

	if (r == 0)
		r = content_id(&a->id, o, "id", at);
	if (r == 0)
		r = content_int(
		    &version, o, "version", (const int64_t[]){1, 1000000});
	if (r < 0)
		return r;
	a->version = (int)version;
	r = read_kind(a, o, at);
	if (r == 0)
		r = read_tags(a, o, at);
	if (r == 0)
		r = read_words(a, o, at);
	snprintf(below, sizeof(below), "%.40s.when", at);
	if (r == 0 && when)
		r = cond_compile(&a->when, when, below);
	return r;
}

static bool is_known(const struct advice *items, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(items[i].id, id) == 0)
			return true;
	return false;
}

static int read_list(struct advice *out, const struct advice_library *lib,
    const json_t *list, const char *source)
{
	size_t n = json_array_size(list), i;
	int r = 0;

	for (i = 0; i < n && r == 0; i++) {
		char at[32];
		snprintf(at, sizeof(at), "advice[%zu]", i);
		out[i].source = source;
		r = read_one(&out[i], json_array_get(list, i), at);
		if (r == 0 && (is_known(lib->items, lib->n, out[i].id) ||
				  is_known(out, i, out[i].id)))
			r = err_set(ERR_INVALID, _("%s.id: twice"), at);
	}
	if (r < 0)
		drop_items(out, i);
	return r;
}

int advice_add(struct advice_library *lib, const char *json, size_t n)
{
	static const char *const members[] = {
	    "id", "version", "title", "source", "advice", NULL};
	struct content_head head;
	struct advice *items = NULL;
	json_t *root = NULL;
	const json_t *list;
	int r = content_parse(&root, &head, json, n);

	if (r == 0)
		r = content_members(root, head.id, members);
	if (r < 0)
		goto out;
	list = json_list(root, "advice");
	r = json_array_size(list) > 0 && lib->n_roots < FILES_MAX
		? 0
		: err_set(ERR_INVALID, _("%s: no advice"), head.id);
	if (r < 0)
		goto out;
	items = mem_array(json_array_size(list), sizeof(*items));
	r = read_list(items, lib, list, head.source);
	if (r < 0)
		goto out;
	n = json_array_size(list);
	lib->items = mem_grow(lib->items, lib->n + n, sizeof(*items));
	memcpy(lib->items + lib->n, items, n * sizeof(*items));
	lib->n += n;
	lib->roots[lib->n_roots++] = root;
	root = NULL;
out:
	free(items);
	json_decref(root);
	return r;
}

/* ---- finding, choosing --------------------------------------------------- */

const struct advice *advice_find(
    const struct advice_library *lib, const char *id)
{
	for (size_t i = 0; i < lib->n; i++)
		if (strcmp(lib->items[i].id, id) == 0)
			return &lib->items[i];
	return NULL;
}

static bool is_in(const char *const *list, size_t n, const char *code)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], code) == 0)
			return true;
	return false;
}

static bool is_wished(const struct advice *a, const struct advice_wish *wish)
{
	if (is_in(wish->codes, wish->n_codes, a->id))
		return true;
	for (size_t i = 0; i < a->n_tags; i++)
		if (is_in(wish->codes, wish->n_codes, a->tags[i]))
			return true;
	return false;
}

size_t advice_pick(const struct advice *out[ADVICE_PICK_MAX],
    const struct advice_library *lib, const struct advice_wish *wish,
    const struct facts *facts, int64_t now_s)
{
	size_t n = 0;

	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < lib->n && n < ADVICE_PICK_MAX; i++) {
			const struct advice *a = &lib->items[i];
			bool is_found =
			    a->when && cond_holds(a->when, facts, now_s, NULL);
			bool is_turn = pass == 0
					   ? is_found
					   : !is_found && is_wished(a, wish);
			if (is_turn &&
			    !is_in(wish->except, wish->n_except, a->id))
				out[n++] = a;
		}
	}
	return n;
}
