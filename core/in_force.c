/* in_force.c - published content before the program's own. */
#include "core/in_force.h"

#include "core/asset.h"
#include "core/content.h"
#include "core/err.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/office.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PUBLISHED_MAX 256
#define TEXT_BYTES_MAX (2u << 20)

typedef int use_fn(void *ctx, const char *path, const char *text, size_t n);

struct walk {
	struct store *store;
	const char *prefix;
	use_fn *use;
	void *ctx;
	char own[PUBLISHED_MAX][64]; /* ids that the program carries */
	size_t own_count;
};

static bool is_pathway(const char *path)
{
	return strncmp(path, "pathways/", 9) == 0;
}

/* The published text of this id, if it is newer than `version`. */
static bool newer_text(
    struct buf *out, struct store *store, const char *path, const json_t *own)
{
	struct office_content found;

	return store &&
	       office_content_find(&found, store,
		   is_pathway(path) ? "pathway" : "rules",
		   json_str(own, "id", "")) == 0 &&
	       strtoll(found.version, NULL, 10) > json_int(own, "version", 0) &&
	       office_content_text(out, store, &found) == 0;
}

static int use_newest(void *ctx, const char *path, const char *text, size_t n)
{
	struct walk *w = ctx;
	struct buf newer = {0};
	json_t *own = NULL;
	int r = json_load(&own, text, n, TEXT_BYTES_MAX);

	if (r < 0)
		return r;
	if (w->own_count < PUBLISHED_MAX)
		snprintf(w->own[w->own_count++], sizeof(w->own[0]), "%.63s",
		    json_str(own, "id", ""));
	r = ERR_NOT_FOUND;
	if (newer_text(&newer, w->store, path, own))
		r = w->use(w->ctx, path, buf_text(&newer), newer.len);
	if (r < 0)
		r = w->use(w->ctx, path, text, n);
	buf_fini(&newer);
	json_decref(own);
	return r;
}

static bool is_own(const struct walk *w, const char *id)
{
	for (size_t i = 0; i < w->own_count; i++)
		if (strcmp(w->own[i], id) == 0)
			return true;
	return false;
}

/* Tables and settings are published as rules too; what a text is shows in
 * the list that it holds: "rules", "advice", "steps". */
static bool belongs(const struct walk *w, const char *text, size_t n)
{
	const char *list = is_pathway(w->prefix)              ? "steps"
			   : strcmp(w->prefix, "rules/") == 0 ? "rules"
							      : "advice";
	json_t *root = NULL;
	bool ok = json_load(&root, text, n, TEXT_BYTES_MAX) == 0 &&
		  json_list(root, list) != NULL;

	json_decref(root);
	return ok;
}

static void use_published(struct walk *w, const struct office_content *c)
{
	struct buf text = {0};
	char path[300];

	snprintf(path, sizeof(path), "%s%s.json", w->prefix, c->id);
	if (strcmp(c->kind, is_pathway(w->prefix) ? "pathway" : "rules") == 0 &&
	    !is_own(w, c->id) && office_content_text(&text, w->store, c) == 0 &&
	    belongs(w, buf_text(&text), text.len))
		(void)!w->use(w->ctx, path, buf_text(&text), text.len);
	buf_fini(&text);
}

int in_force_each(
    struct store *store, const char *prefix, use_fn *use, void *ctx)
{
	struct walk *w = mem_new(sizeof(*w));
	struct office_content *list;
	int r, n = 0;

	*w = (struct walk){
	    .store = store, .prefix = prefix, .use = use, .ctx = ctx};
	r = content_each(prefix, use_newest, w);
	list = mem_array(PUBLISHED_MAX, sizeof(*list));
	if (r == 0 && store)
		r = n = office_content(list, PUBLISHED_MAX, store);
	for (int i = 0; r >= 0 && i < n; i++)
		use_published(w, &list[i]);
	free(list);
	free(w);
	return r < 0 ? r : 0;
}

int in_force_text(struct buf *out, struct store *store, const char *path)
{
	const struct asset *a = asset_find(path);
	json_t *own = NULL;
	int r;

	if (!a)
		return err_set(ERR_NOT_FOUND, "%s", path);
	r = json_load(&own, a->data, a->len, TEXT_BYTES_MAX);
	if (r == 0 && !newer_text(out, store, path, own))
		buf_add(out, a->data, a->len);
	json_decref(own);
	return r;
}
