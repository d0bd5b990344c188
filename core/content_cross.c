/* content_cross.c - everything one file names in another must be there. */
#include "core/content.h"
#include "core/content_pack.h"
#include "core/err.h"
#include "core/json.h"
#include "core/script.h"
#include "core/text.h"
#include "core/tr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What may be named, and the file being read. */
struct cross {
	struct content_report *report;
	const struct content_files *files;
	const struct content_file *file;
	json_t *codes;    /* object: code -> its row */
	json_t *queues;   /* object: id -> true */
	json_t *pathways; /* object: id -> true */
	json_t *links;    /* object: linkId of a question -> true */
	json_t *advice;   /* object: id or tag -> true */
	json_t *trends;   /* object: code -> its limits */
};

static json_t *parsed(const struct content_file *f)
{
	json_t *value = NULL;

	if (f && json_load(&value, f->text, f->n, SCRIPT_BYTES_MAX))
		return NULL;
	return value;
}

static json_t *index_of(const json_t *root, const char *list, const char *key)
{
	json_t *index = json_object();
	size_t i;
	json_t *row;

	json_array_foreach (json_list(root, list), i, row)
		json_object_set(index, json_str(row, key, "?"), row);
	return index;
}

/* what: N_() text with the kind of what is missing. */
static void tell(
    struct cross *c, const char *path, const char *what, const char *name)
{
	char why[200];

	snprintf(why, sizeof(why), "%s \"%.60s\"", tr(what), name);
	content_fault(c->report, c->file, path, why);
}

static bool has_option(const json_t *row, const char *option)
{
	const json_t *list = json_list(row, "options");
	size_t i;
	json_t *o;

	if (!list)
		return true;
	json_array_foreach (list, i, o)
		if (!strcmp(json_str(o, "code", ""), option))
			return true;
	return false;
}

static void check_option(
    struct cross *c, const json_t *row, const json_t *v, const char *path)
{
	bool coded = !strcmp(json_str(row, "kind", ""), "coded");

	if (coded && json_is_string(v) &&
	    !has_option(row, json_string_value(v)))
		tell(c, path, N_("is not known: option"), json_string_value(v));
}

/* A comparison names a code and, of coded facts, options. */
static void check_leaf(struct cross *c, const json_t *o, const char *path)
{
	const char *code = json_str(o, "code", "");
	const json_t *row = json_object_get(c->codes, code);
	const json_t *list = json_list(o, "values");
	size_t i;
	json_t *v;

	/* What a script asks without a code is known by its linkId. */
	if (!row && json_object_get(c->links, code) &&
	    content_is_in(c->file, "advice/"))
		return;
	if (!row) {
		tell(c, path, N_("is not known: code"), code);
		return;
	}
	check_option(c, row, json_object_get(o, "value"), path);
	json_array_foreach (list, i, v)
		check_option(c, row, v, path);
}

static void check_named(struct cross *c, const json_t *o, const char *path)
{
	const char *queue = json_str(o, "queue", NULL);
	const char *script = json_str(o, "script", NULL);
	char file[100];

	if (queue && !json_object_get(c->queues, queue))
		tell(c, path, N_("is not known: queue"), queue);
	if (!script)
		return;
	snprintf(file, sizeof(file), "scripts/%.60s.json", script);
	if (!content_file_find(c->files, file))
		tell(c, path, N_("is not known: script"), script);
}

static void walk(struct cross *c, const json_t *v, const char *path)
{
	char below[SCHEMA_PATH + 64];
	const char *key;
	json_t *child;
	size_t i;

	if (json_object_get(v, "code") && json_object_get(v, "op"))
		check_leaf(c, v, path);
	if (json_is_object(v)) {
		check_named(c, v, path);
		json_object_foreach ((json_t *)(uintptr_t)v, key, child) {
			snprintf(below, sizeof(below), "%s.%.60s", path, key);
			below[SCHEMA_PATH - 1] = '\0';
			walk(c, child, below);
		}
	}
	json_array_foreach (v, i, child) {
		snprintf(below, sizeof(below), "%s[%zu]", path, i);
		below[SCHEMA_PATH - 1] = '\0';
		walk(c, child, below);
	}
}

static void check_replaced(struct cross *c, const json_t *root)
{
	size_t i;
	json_t *v;

	json_array_foreach (json_list(root, "replaces"), i, v) {
		char path[40];

		snprintf(path, sizeof(path), "$.replaces[%zu]", i);
		if (!json_object_get(c->pathways, json_string_value(v)))
			tell(c, path, N_("is not known: pathway"),
			    json_string_value(v));
	}
}

/* Advice of pathways goes by id or tag. */
static void check_advised(struct cross *c, const json_t *root)
{
	size_t i;
	json_t *v;
	char path[60];

	json_array_foreach (json_list(root, "advice"), i, v) {
		snprintf(path, sizeof(path), "$.advice[%zu]", i);
		if (json_is_string(v) &&
		    !json_object_get(c->advice, json_string_value(v)))
			tell(c, path, N_("is not known: advice"),
			    json_string_value(v));
	}
	json_array_foreach (json_list(root, "trends"), i, v) {
		snprintf(path, sizeof(path), "$.trends[%zu]", i);
		if (!json_object_get(c->trends, json_string_value(v)))
			tell(c, path, N_("has no limits: code"),
			    json_string_value(v));
	}
	json_array_foreach (json_list(root, "conflicts"), i, v) {
		const char *mine = json_str(v, "mine", "");
		const char *theirs = json_str(v, "theirs", "");
		bool has_mine = json_object_get(c->advice, mine);

		snprintf(path, sizeof(path), "$.conflicts[%zu]", i);
		if (!has_mine || !json_object_get(c->advice, theirs))
			tell(c, path, N_("is not known: advice"),
			    has_mine ? theirs : mine);
	}
}

static bool is_of_clinic(const struct content_file *f)
{
	return content_is_in(f, "rules/") || content_is_in(f, "pathways/") ||
	       content_is_in(f, "tables/") || content_is_in(f, "advice/");
}

static void check_all(struct cross *c)
{
	for (size_t i = 0; i < c->files->n; i++) {
		json_t *root;

		c->file = c->files->at + i;
		if (!is_of_clinic(c->file))
			continue;
		root = parsed(c->file);
		walk(c, root, "$");
		check_replaced(c, root);
		if (content_is_in(c->file, "pathways/"))
			check_advised(c, root);
		json_decref(root);
	}
}

/* Two files with one id and version, or a file whose name is not its id. */
static void index_pathways(struct cross *c)
{
	for (size_t i = 0; i < c->files->n; i++) {
		json_t *root;
		const char *id;

		c->file = c->files->at + i;
		if (!content_is_in(c->file, "pathways/"))
			continue;
		root = parsed(c->file);
		id = json_str(root, "id", "?");
		if (strncmp(
			c->file->path + strlen("pathways/"), id, strlen(id)))
			content_fault(c->report, c->file, "$.id",
			    "the file is not named after its id");
		json_object_set_new(c->pathways, id, json_true());
		json_decref(root);
	}
}

static void index_links(json_t *links, const json_t *item)
{
	const json_t *list = json_list(item, "item");
	size_t i;
	json_t *below;

	json_array_foreach (list, i, below) {
		json_object_set_new(
		    links, json_str(below, "linkId", "?"), json_true());
		index_links(links, below);
	}
}

static void index_advice(json_t *known, const json_t *root)
{
	size_t i, k;
	json_t *one, *tag;

	json_array_foreach (json_list(root, "advice"), i, one) {
		json_object_set_new(
		    known, json_str(one, "id", "?"), json_true());
		json_array_foreach (json_list(one, "tags"), k, tag)
			json_object_set_new(
			    known, json_string_value(tag), json_true());
	}
}

static void index_words(struct cross *c)
{
	for (size_t i = 0; i < c->files->n; i++) {
		const struct content_file *f = c->files->at + i;
		json_t *root;

		if (!content_is_in(f, "scripts/") &&
		    !content_is_in(f, "advice/"))
			continue;
		root = parsed(f);
		if (content_is_in(f, "scripts/"))
			index_links(c->links, root);
		else
			index_advice(c->advice, root);
		json_decref(root);
	}
}

void content_check_references(
    struct content_report *report, const struct content_files *files)
{
	json_t *codes = parsed(content_file_find(files, "tables/codes.json"));
	json_t *queues =
	    parsed(content_file_find(files, "settings/queues.json"));
	json_t *trends = parsed(content_file_find(files, "tables/trends.json"));
	struct content_world world;
	const struct content_file *bad;
	struct cross c = {
	    .report = report,
	    .files = files,
	    .codes = index_of(codes, "codes", "code"),
	    .queues = index_of(queues, "queues", "id"),
	    .pathways = json_object(),
	    .links = json_object(),
	    .advice = json_object(),
	    .trends = index_of(trends, "limits", "code"),
	};

	index_pathways(&c);
	index_words(&c);
	check_all(&c);
	if (report->n == 0 && content_world_load(&world, files, &bad)) {
		const struct content_file whole = {"content", "", 0};

		content_fault_detail(report, bad ? bad : &whole);
	} else if (report->n == 0) {
		content_world_fini(&world);
	}
	json_decref(c.codes);
	json_decref(c.queues);
	json_decref(c.pathways);
	json_decref(c.links);
	json_decref(c.advice);
	json_decref(c.trends);
	json_decref(trends);
	json_decref(codes);
	json_decref(queues);
}
