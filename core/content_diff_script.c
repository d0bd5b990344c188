/*
 * content_diff_script.c - what differs between two versions of a script:
 * each item by its linkId and each contained value set by its id, a member
 * at a time.
 */
#include "core/content_diff.h"

#include "core/err.h"
#include "core/json.h"
#include "core/script.h"
#include "core/text.h"
#include "core/tr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN 120
#define BEFORE 24 /* bytes shown before the first that differs */

/* Items and value sets of one version; owns the text. */
struct version {
	struct script *script;
	json_t *root, *parts;
};

static void add_items(json_t *parts, const json_t *list)
{
	json_t *item;
	size_t i;

	json_array_foreach (list, i, item) {
		json_object_set(parts, json_str(item, "linkId", ""), item);
		add_items(parts, json_object_get(item, "item"));
	}
}

static int read_version(struct version *v, const struct content_file *f)
{
	json_t *set;
	char name[200];
	size_t i;
	int r = script_load(&v->script, f->text, f->n, SCRIPT_STRICT, NULL);

	if (!r)
		r = json_load(&v->root, f->text, f->n, SCRIPT_BYTES_MAX);
	if (r)
		return r;
	v->parts = json_object();
	add_items(v->parts, json_list(v->root, "item"));
	json_array_foreach (json_list(v->root, "contained"), i, set) {
		snprintf(name, sizeof(name), "#%s", json_str(set, "id", ""));
		json_object_set(v->parts, name, set);
	}
	return 0;
}

static void version_fini(struct version *v)
{
	json_decref(v->parts);
	json_decref(v->root);
	script_free(&v->script);
}

/* As text, the caller's; "" where there is nothing. */
static char *dump(const json_t *v)
{
	char *s =
	    v ? json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS)
	      : NULL;

	return s ? s : calloc(1, 1);
}

/* From a little before the first byte that differs. */
static void show(char out[SHOWN], const char *s, size_t same)
{
	size_t from = same > SHOWN / 2 ? same - BEFORE : 0;

	while (from && ((unsigned char)s[from] & 0xc0) == 0x80)
		from--;
	text_copy(out, SHOWN, s + from);
}

static void compare(struct content_diff *d, const char *where,
    const json_t *was, const json_t *now)
{
	char *a = dump(was), *b = dump(now), texts[2][SHOWN];
	size_t same = 0;

	while (a[same] && a[same] == b[same])
		same++;
	show(texts[0], a, same);
	show(texts[1], b, same);
	content_diff_note(d, where, texts[0], texts[1]);
	free(a);
	free(b);
}

/* Every member of either, but what is inside. */
static void compare_parts(struct content_diff *d, const char *name,
    const json_t *was, const json_t *now)
{
	json_t *all = json_copy((json_t *)(uintptr_t)was), *v;
	const char *key;
	char where[SHOWN];

	json_object_update_missing(all, (json_t *)(uintptr_t)now);
	json_object_del(all, "item");
	json_object_foreach (all, key, v) {
		snprintf(where, sizeof(where), "%s, %s", name, key);
		compare(d, where, json_object_get(was, key),
		    json_object_get(now, key));
	}
	json_decref(all);
}

static const json_t *words_of(const json_t *part)
{
	const json_t *text = json_object_get(part, "text");

	return text ? text : json_object_get(part, "id");
}

static void compare_all(struct content_diff *d, const struct version *was,
    const struct version *now)
{
	const char *name;
	json_t *part;

	json_object_foreach (was->parts, name, part) {
		const json_t *other = json_object_get(now->parts, name);

		if (other)
			compare_parts(d, name, part, other);
		else
			compare(d, name, words_of(part), NULL);
	}
	json_object_foreach (now->parts, name, part)
		if (!json_object_get(was->parts, name))
			compare(d, name, NULL, words_of(part));
}

int content_diff_scripts(
    struct content_diff *out, const struct content_file *const files[2])
{
	struct version v[2] = {{NULL, NULL, NULL}, {NULL, NULL, NULL}};
	int r = read_version(&v[0], files[0]);

	if (!r)
		r = read_version(&v[1], files[1]);
	if (!r && strcmp(script_id(v[0].script), script_id(v[1].script)) != 0)
		r = err_set(ERR_INVALID, _("two scripts: %s and %s"),
		    script_id(v[0].script), script_id(v[1].script));
	if (!r)
		compare_all(out, &v[0], &v[1]);
	version_fini(&v[0]);
	version_fini(&v[1]);
	return r;
}
