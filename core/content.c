/* content.c - the common head of clinical data files. */
#include "core/content.h"

#include "core/asset.h"
#include "core/err.h"
#include "core/json.h"
#include "core/tr.h"

#include <string.h>

int content_words(
    struct words *out, const json_t *object, const char *key, const char *at)
{
	const json_t *w = json_object_get(object, key);
	const char *zh = json_str(w, "zh", "");
	const char *en = json_str(w, "en", "");

	if (!*zh || !*en)
		return err_set(
		    ERR_INVALID, _("%s.%s: needs zh and en"), at, key);
	out->zh = zh;
	out->en = en;
	return 0;
}

int content_id(
    const char **out, const json_t *object, const char *key, const char *at)
{
	static const char may[] = "abcdefghijklmnopqrstuvwxyz0123456789.-_";
	const char *id = json_str(object, key, "");
	size_t n = strlen(id);

	if (n == 0 || n >= CONTENT_ID || strspn(id, may) != n)
		return err_set(ERR_INVALID, _("%s.%s: no proper id"), at, key);
	*out = id;
	return 0;
}

int content_int(
    int64_t *out, const json_t *object, const char *key, const int64_t range[2])
{
	const json_t *v = json_object_get(object, key);
	int64_t i = json_is_integer(v) ? json_integer_value(v) : INT64_MIN;

	if (i < range[0] || i > range[1])
		return err_set(
		    ERR_INVALID, _("%s: missing or out of range"), key);
	*out = i;
	return 0;
}

int content_members(
    const json_t *object, const char *at, const char *const *names)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return err_set(ERR_INVALID, _("%s: must be an object"), at);
	json_object_foreach ((json_t *)(uintptr_t)object, key, value) {
		size_t i = 0;

		while (names[i] && strcmp(names[i], key))
			i++;
		if (!names[i])
			return err_set(
			    ERR_INVALID, _("%s.%s: unknown member"), at, key);
	}
	return 0;
}

static int read_head(struct content_head *head, const json_t *root)
{
	static const int64_t versions[2] = {1, 1000000};
	int64_t version;
	int r = content_id(&head->id, root, "id", "$");

	if (!r)
		r = content_int(&version, root, "version", versions);
	if (!r)
		r = content_words(&head->title, root, "title", "$");
	if (r)
		return r;
	head->version = (int)version;
	head->source = json_str(root, "source", "");
	if (!*head->source)
		return err_set(
		    ERR_INVALID, _("$.source: must name the source"));
	return 0;
}

int content_parse(
    json_t **root, struct content_head *head, const char *text, size_t n)
{
	struct content_head h = {0};
	json_t *j = NULL;
	int r = json_load(&j, text, n, CONTENT_MAX);

	if (!r)
		r = read_head(&h, j);
	if (r) {
		json_decref(j);
		return r;
	}
	*head = h;
	*root = j;
	return 0;
}

int content_each(const char *prefix,
    int (*use)(void *ctx, const char *path, const char *text, size_t n),
    void *ctx)
{
	size_t skip = strlen(prefix);
	int r = 0;

	for (size_t i = 0; i < asset_total() && !r; i++) {
		const struct asset *a = asset_at(i);

		if (!strncmp(a->path, prefix, skip) &&
		    !strchr(a->path + skip, '/'))
			r = use(ctx, a->path, a->data, a->len);
	}
	return r;
}
