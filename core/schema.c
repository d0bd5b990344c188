/* schema.c - telling all faults of a JSON value against a JSON Schema. */
#include "core/schema.h"

#include "core/json.h"
#include "core/text.h"
#include "core/tr.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>

#define DEPTH_MAX 64

/* The faults so far, and where the reader is. */
struct check {
	struct schema_fault *out;
	size_t max;
	size_t n;
	const json_t *root; /* of the schema, for $ref */
	int depth;
};

static void fault(struct check *c, const char *path, const char *why)
{
	if (c->n < c->max) {
		text_copy(c->out[c->n].path, SCHEMA_PATH, path);
		text_copy(c->out[c->n].why, SCHEMA_WHY, why);
	}
	c->n++;
}

static void check_value(
    struct check *c, const json_t *schema, const json_t *v, const char *path);

/* "#/$defs/name" is the only form used. */
static const json_t *resolve(const struct check *c, const json_t *schema)
{
	static const char prefix[] = "#/$defs/";
	const char *ref = json_str(schema, "$ref", NULL);

	if (!ref || strncmp(ref, prefix, sizeof(prefix) - 1))
		return schema;
	return json_object_get(
	    json_object_get(c->root, "$defs"), ref + sizeof(prefix) - 1);
}

static bool is_of_type(const json_t *v, const char *type)
{
	if (!strcmp(type, "integer"))
		return json_is_integer(v);
	if (!strcmp(type, "string"))
		return json_is_string(v);
	if (!strcmp(type, "boolean"))
		return json_is_boolean(v);
	if (!strcmp(type, "array"))
		return json_is_array(v);
	return !strcmp(type, "object") && json_is_object(v);
}

static bool fits_type(const json_t *v, const json_t *type)
{
	size_t i;
	json_t *t;

	if (json_is_string(type))
		return is_of_type(v, json_string_value(type));
	json_array_foreach (type, i, t)
		if (is_of_type(v, json_string_value(t)))
			return true;
	return false;
}

static bool is_listed(const json_t *list, const json_t *v)
{
	size_t i;
	json_t *e;

	json_array_foreach (list, i, e)
		if (json_equal(e, v))
			return true;
	return false;
}

static bool fits_pattern(const char *pattern, const char *s)
{
	regex_t re;
	bool fits;

	if (regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB))
		return false;
	fits = regexec(&re, s, 0, NULL, 0) == 0;
	regfree(&re);
	return fits;
}

static void check_text(
    struct check *c, const json_t *schema, const json_t *v, const char *path)
{
	const char *s = json_string_value(v);
	const char *pattern = json_str(schema, "pattern", NULL);
	int64_t n = (int64_t)utf8_count(s);

	if (n < json_int(schema, "minLength", 0))
		fault(c, path, n ? _("is too short") : _("is empty"));
	if (n > json_int(schema, "maxLength", INT64_MAX))
		fault(c, path, _("is too long"));
	if (pattern && !fits_pattern(pattern, s))
		fault(c, path, _("has the wrong form"));
}

static void check_integer(
    struct check *c, const json_t *schema, const json_t *v, const char *path)
{
	int64_t i = json_integer_value(v);
	int64_t lo = json_int(schema, "minimum", INT64_MIN);
	int64_t hi = json_int(schema, "maximum", INT64_MAX);
	char why[SCHEMA_WHY];

	if (i >= lo && i <= hi)
		return;
	snprintf(why, sizeof(why), _("must be within %lld..%lld"),
	    (long long)lo, (long long)hi);
	fault(c, path, why);
}

static void check_array(
    struct check *c, const json_t *schema, const json_t *v, const char *path)
{
	const json_t *items = json_object_get(schema, "items");
	int64_t n = (int64_t)json_array_size(v);
	char below[SCHEMA_PATH + 32];
	size_t i;
	json_t *item;

	if (n < json_int(schema, "minItems", 0))
		fault(c, path, _("has too few items"));
	if (n > json_int(schema, "maxItems", INT64_MAX))
		fault(c, path, _("has too many items"));
	if (!items)
		return;
	json_array_foreach (v, i, item) {
		snprintf(below, sizeof(below), "%s[%zu]", path, i);
		below[SCHEMA_PATH - 1] = '\0';
		check_value(c, items, item, below);
	}
}

static void check_members(
    struct check *c, const json_t *schema, json_t *v, const char *path)
{
	const json_t *known = json_object_get(schema, "properties");
	const json_t *rest = json_object_get(schema, "additionalProperties");
	const char *key;
	json_t *member;

	json_object_foreach (v, key, member) {
		const json_t *s = json_object_get(known, key);
		char below[SCHEMA_PATH + 64];

		snprintf(below, sizeof(below), "%s.%.60s", path, key);
		below[SCHEMA_PATH - 1] = '\0';
		if (s || json_is_object(rest))
			check_value(c, s ? s : rest, member, below);
		else if (json_is_false(rest))
			fault(c, below, _("is not a member here"));
	}
}

static void check_object(
    struct check *c, const json_t *schema, json_t *v, const char *path)
{
	const json_t *required = json_list(schema, "required");
	size_t i;
	json_t *name;

	json_array_foreach (required, i, name) {
		char why[SCHEMA_WHY];

		if (json_object_get(v, json_string_value(name)))
			continue;
		snprintf(why, sizeof(why), _("%s is missing"),
		    json_string_value(name));
		fault(c, path, why);
	}
	check_members(c, schema, v, path);
}

/* Faults of the branches are not told: none of them was chosen. */
static bool fits_any(
    struct check *c, const json_t *branches, const json_t *v, const char *path)
{
	size_t i;
	json_t *branch;

	json_array_foreach (branches, i, branch) {
		struct check one = {.root = c->root, .depth = c->depth};

		check_value(&one, branch, v, path);
		if (one.n == 0)
			return true;
	}
	return false;
}

static void check_typed(
    struct check *c, const json_t *schema, const json_t *v, const char *path)
{
	if (json_is_string(v))
		check_text(c, schema, v, path);
	else if (json_is_integer(v))
		check_integer(c, schema, v, path);
	else if (json_is_array(v))
		check_array(c, schema, v, path);
	else if (json_is_object(v))
		check_object(c, schema, (json_t *)(uintptr_t)v, path);
}

static void check_value(
    struct check *c, const json_t *schema, const json_t *v, const char *path)
{
	const json_t *s = resolve(c, schema);
	const json_t *type = json_object_get(s, "type");
	const json_t *list = json_object_get(s, "enum");
	const json_t *any = json_object_get(s, "anyOf");

	if (c->depth >= DEPTH_MAX) {
		fault(c, path, _("is nested too deep"));
		return;
	}
	c->depth++;
	if (type && !fits_type(v, type))
		fault(c, path, _("has the wrong type"));
	else if (list && !is_listed(list, v))
		fault(c, path, _("is not one of the allowed values"));
	else
		check_typed(c, s, v, path);
	if (any && !fits_any(c, any, v, path))
		fault(c, path, _("has none of the allowed shapes"));
	c->depth--;
}

size_t schema_check(struct schema_fault *out, size_t max, const json_t *schema,
    const json_t *value)
{
	struct check c = {.out = out, .max = max, .root = schema};

	check_value(&c, schema, value, "$");
	return c.n;
}
