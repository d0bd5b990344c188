/*
 * script_sets.c - where a script's value sets are: contained in it, beside it
 * in one Bundle, or among those that come with the program
 * (schemas/valuesets/).
 */
#include "core/script_int.h"

#include "core/content.h"
#include "core/json.h"

#include <string.h>

static bool is_set(const json_t *r)
{
	return strcmp(json_str(r, "resourceType", ""), "ValueSet") == 0;
}

/* "url" or "url|version". */
static bool is_named(const json_t *set, const char *ref)
{
	const char *url = json_str(set, "url", "");
	size_t n = strlen(url);

	if (n == 0 || strncmp(ref, url, n) != 0)
		return false;
	return !ref[n] ||
	       (ref[n] == '|' &&
		   strcmp(ref + n + 1, json_str(set, "version", "")) == 0);
}

static const json_t *find_contained(const struct script *s, const char *ref)
{
	const json_t *list = json_list(s->root, "contained");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *r = json_array_get(list, i);
		bool is_local = ref[0] == '#' && ref[1] &&
				strcmp(json_str(r, "id", ""), ref + 1) == 0;
		if (is_set(r) && (is_local || is_named(r, ref)))
			return r;
	}
	return NULL;
}

static const json_t *find_beside(const struct script *s, const char *ref)
{
	const json_t *list = json_list(s->bundle, "entry");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *r =
		    json_object_get(json_array_get(list, i), "resource");
		if (is_set(r) && is_named(r, ref))
			return r;
	}
	return NULL;
}

static int add_bundled(void *ctx, const char *path, const char *text, size_t n)
{
	json_t *set;
	int r = json_load(&set, text, n, CONTENT_MAX);

	(void)path;
	return r < 0 ? r : json_array_append_new(ctx, set);
}

/* Those of the program are read once a script, and only when asked for. */
static const json_t *find_bundled(struct script *s, const char *ref)
{
	if (!s->sets) {
		s->sets = json_array();
		if (content_each("valuesets/", add_bundled, s->sets) < 0)
			json_array_clear(s->sets);
	}
	for (size_t i = 0; i < json_array_size(s->sets); i++)
		if (is_named(json_array_get(s->sets, i), ref))
			return json_array_get(s->sets, i);
	return NULL;
}

const json_t *script_set_find(struct script *s, const char *ref)
{
	const json_t *set = find_contained(s, ref);

	if (!set)
		set = find_beside(s, ref);
	return set ? set : find_bundled(s, ref);
}

bool script_unbundle(struct script *s)
{
	const json_t *list = json_list(s->root, "entry");
	json_t *found = NULL;

	if (strcmp(json_str(s->root, "resourceType", ""), "Bundle") != 0)
		return true;
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *r =
		    json_object_get(json_array_get(list, i), "resource");
		if (strcmp(json_str(r, "resourceType", ""), "Questionnaire") !=
		    0)
			continue;
		if (found)
			return false;
		found = r;
	}
	if (!found)
		return false;
	s->bundle = s->root;
	s->root = json_incref(found);
	return true;
}
