/* entry.c - checking bodies against the JSON Schemas of schemas/entry. */
#include "core/entry.h"

#include "core/asset.h"
#include "core/err.h"
#include "core/id.h"
#include "core/mem.h"
#include "core/text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATTERN_ID "^[0-9a-f]{32}$"
#define PATTERN_REF "^[0-9a-f]{32}-[1-9][0-9]*-[1-9][0-9]*$"

/* Read when a kind is first met: a terminal that starts needs only a few. */
struct entry_book {
	json_t **schemas; /* KIND_COUNT */
};

struct entry_book *entry_book_new(void)
{
	struct entry_book *book = mem_new(sizeof(*book));

	book->schemas = mem_array(KIND_COUNT, sizeof(json_t *));
	return book;
}

void entry_book_free(struct entry_book **book)
{
	if (!*book)
		return;
	for (int i = 0; i < KIND_COUNT; i++)
		json_decref((*book)->schemas[i]);
	free((*book)->schemas);
	free(*book);
	*book = NULL;
}

static json_t *load(enum kind kind)
{
	char path[64];
	json_t *schema = NULL;
	int r;

	snprintf(path, sizeof(path), "entry/%s.json", kind_info(kind)->name);
	const struct asset *a = asset_find(path);
	assert(a);
	r = json_load(&schema, a->data, a->len, 1 << 20);
	assert(r == 0);
	(void)r;
	return schema;
}

const json_t *entry_schema(const struct entry_book *book, enum kind kind)
{
	if (!book->schemas[kind])
		book->schemas[kind] = load(kind);
	return book->schemas[kind];
}

bool entry_is_id(const json_t *property)
{
	return strcmp(json_str(property, "pattern", ""), PATTERN_ID) == 0;
}

/* Where we are in a body, for the message: at most two names deep. */
struct place {
	const char *outer, *name;
};

static int refuse(const struct place *at, const char *why)
{
	return err_set(ERR_INVALID, "%s%s%s: %s", at->outer,
	    *at->outer ? "." : "", at->name, why);
}

static bool is_hex(const char *s, size_t n)
{
	return strlen(s) == n && strspn(s, "0123456789abcdef") == n;
}

/* "^[0-9a-f]{N}$" or the pattern of a ref. */
static bool fits_pattern(const char *pattern, const char *s)
{
	struct ref ref;
	unsigned n;

	if (strcmp(pattern, PATTERN_REF) == 0)
		return ref_parse(&ref, s);
	return sscanf(pattern, "^[0-9a-f]{%u}$", &n) == 1 && is_hex(s, n);
}

static bool has_control(const char *s)
{
	uint32_t c = 0;

	for (size_t n = strlen(s), len; n > 0; s += len, n -= len) {
		len = utf8_decode(&c, s, n);
		if (len == 0 || (text_is_control(c) && c != '\n'))
			return true;
	}
	return false;
}

static bool is_in_enum(const json_t *list, const char *s)
{
	size_t i;
	json_t *v;

	json_array_foreach (list, i, v)
		if (strcmp(json_string_value(v), s) == 0)
			return true;
	return false;
}

static int check_string(
    const json_t *schema, const json_t *v, const struct place *at)
{
	const char *s = json_string_value(v);
	const char *pattern = json_str(schema, "pattern", NULL);
	const json_t *list = json_list(schema, "enum");

	if (!s)
		return refuse(at, "not a text");
	if (strlen(s) != json_string_length(v) || has_control(s))
		return refuse(at, "control character");
	if (pattern && !fits_pattern(pattern, s))
		return refuse(at, "wrong form");
	if (list && !is_in_enum(list, s))
		return refuse(at, "not one of the allowed words");
	if ((int64_t)utf8_count(s) > json_int(schema, "maxLength", 4000))
		return refuse(at, "too long");
	return 0;
}

static int check_integer(
    const json_t *schema, const json_t *v, const struct place *at)
{
	int64_t n = json_integer_value(v);

	if (!json_is_integer(v))
		return refuse(at, "not an integer");
	if (n < json_int(schema, "minimum", -INT53_MAX) ||
	    n > json_int(schema, "maximum", INT53_MAX))
		return refuse(at, "out of range");
	return 0;
}

static int check_object(const json_t *schema, json_t *v, const char *outer);

static int check_array(const json_t *schema, json_t *v, const struct place *at)
{
	const json_t *items = json_object_get(schema, "items");
	size_t i;
	json_t *item;
	int r;

	if (!json_is_array(v))
		return refuse(at, "not a list");
	if ((int64_t)json_array_size(v) > json_int(schema, "maxItems", 0))
		return refuse(at, "too many");
	json_array_foreach (v, i, item)
		if ((r = check_object(items, item, at->name)) < 0)
			return r;
	return 0;
}

static int check_value(const json_t *schema, json_t *v, const struct place *at)
{
	const char *type = json_str(schema, "type", "");

	if (strcmp(type, "string") == 0)
		return check_string(schema, v, at);
	if (strcmp(type, "integer") == 0)
		return check_integer(schema, v, at);
	if (strcmp(type, "array") == 0)
		return check_array(schema, v, at);
	return json_is_boolean(v) ? 0 : refuse(at, "not true or false");
}

static int check_object(const json_t *schema, json_t *v, const char *outer)
{
	json_t *properties = json_object_get(schema, "properties");
	const json_t *required = json_list(schema, "required");
	struct place at = {outer, ""};
	const char *key;
	json_t *member;
	size_t i;
	int r;

	if (!json_is_object(v))
		return refuse(&at, "not an object");
	json_array_foreach (required, i, member) {
		at.name = json_string_value(member);
		if (!json_object_get(v, at.name))
			return refuse(&at, "is missing");
	}
	json_object_foreach (v, key, member) {
		const json_t *property = json_object_get(properties, key);
		at.name = property ? key : "?";
		if (!property)
			return refuse(&at, "unknown field");
		if ((r = check_value(property, member, &at)) < 0)
			return r;
	}
	return 0;
}

int entry_check(const struct entry_book *book, enum kind kind, json_t *body)
{
	return check_object(entry_schema(book, kind), body, "");
}

int entry_decode(json_t **out, const struct entry_book *book, enum kind kind,
    const void *data, size_t n)
{
	json_t *body = NULL;
	int r;

	if ((r = json_load(&body, data, n, ENTRY_BODY_MAX)) == 0 &&
	    (r = entry_check(book, kind, body)) == 0 &&
	    !json_is_canonical(data, n))
		r = err_set(ERR_FORMAT, "body is not canonical");
	if (r == 0)
		*out = body;
	else
		json_decref(body);
	return r;
}
