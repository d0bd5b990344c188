/* json.c - bounded JSON in, canonical JSON out (on jansson). */
#include "core/json.h"

#include "core/err.h"
#include "core/mem.h"
#include "core/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void *room(size_t n)
{
	return mem_grow(NULL, n, 1);
}

void json_init(void)
{
	json_set_alloc_funcs(room, free);
}

/* Nesting depth as far as brackets outside strings tell; jansson's own limit
 * is 2,048, which is more stack than we grant a stranger. */
static bool is_too_deep(const char *s, size_t n)
{
	bool in_string = false;
	int depth = 0;

	for (size_t i = 0; i < n; i++) {
		if (in_string) {
			if (s[i] == '\\')
				i++;
			else if (s[i] == '"')
				in_string = false;
		} else if (s[i] == '"') {
			in_string = true;
		} else if (s[i] == '{' || s[i] == '[') {
			if (++depth > JSON_DEPTH_MAX)
				return true;
		} else if (s[i] == '}' || s[i] == ']') {
			depth--;
		}
	}
	return false;
}

int json_load(json_t **out, const char *text, size_t n, size_t max)
{
	json_error_t why;
	json_t *value;

	if (n > max)
		return err_set(ERR_TOO_LARGE, "JSON of %zu bytes", n);
	if (!utf8_is_valid(text, n))
		return err_set(ERR_ENCODING, "JSON is not UTF-8");
	if (is_too_deep(text, n))
		return err_set(ERR_FORMAT, "JSON nested too deep");
	value =
	    json_loadb(text, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
	if (!value)
		return err_set(ERR_FORMAT, "JSON line %d column %d: %s",
		    why.line, why.column, why.text);
	*out = value;
	return 0;
}

static int add_chunk(const char *data, size_t n, void *ctx)
{
	buf_add(ctx, data, n);
	return 0;
}

void json_canonical(struct buf *out, const json_t *value)
{
	int r = json_dump_callback(value, add_chunk, out,
	    JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);

	assert(r == 0);
	(void)r;
}

/* ---- canonical text, read ---- */

struct level {
	bool is_object;
	const char *key; /* the last one, or NULL */
	size_t len;
};

/* After a backslash: only what must be escaped is, in its shortest form. */
static bool is_needed_escape(const char *s)
{
	static const char hex[] = "0123456789ABCDEF";

	if (*s != 'u')
		return strchr("\"\\bfnrt", *s) != NULL;
	if (memcmp(s + 1, "000", 3) == 0)
		return strchr(hex, s[4]) && !strchr("89ACD", s[4]);
	return memcmp(s + 1, "001", 3) == 0 && strchr(hex, s[4]);
}

/* The end of the string that begins at s, or NULL. Valid JSON has one. */
static const char *string_end(const char *s)
{
	for (s++; *s != '"'; s++)
		if (*s == '\\' && !is_needed_escape(++s))
			return NULL;
	return s;
}

/* A key of the object after the one before it, without an escape. */
static bool is_next_key(struct level *at, const char *key, size_t n)
{
	size_t least = at->len < n ? at->len : n;
	int r = at->key ? memcmp(at->key, key, least) : -1;

	if (memchr(key, '\\', n) || r > 0 || (r == 0 && at->len >= n))
		return false;
	at->key = key;
	at->len = n;
	return true;
}

/* The last byte of a number, or NULL. */
static const char *number_end(const char *s, const char *end)
{
	if (*s == '-' && s[1] == '0')
		return NULL;
	while (s + 1 < end && s[1] >= '0' && s[1] <= '9')
		s++;
	return s + 1 < end && strchr(".eE", s[1]) ? NULL : s;
}

/* The last byte of the token at s, or NULL where it is not canonical. */
static const char *token_end(
    const char *s, const char *end, struct level *at, bool is_key)
{
	const char *from = s;

	switch (*s) {
	case '"':
		s = string_end(s);
		if (s && is_key &&
		    !is_next_key(at, from + 1, (size_t)(s - from) - 1))
			return NULL;
		return s;
	case ' ':
	case '\t':
	case '\n':
	case '\r':
		return NULL;
	default:
		return *s == '-' || (*s >= '0' && *s <= '9')
			   ? number_end(s, end)
			   : s;
	}
}

bool json_is_canonical(const char *text, size_t n)
{
	struct level levels[JSON_DEPTH_MAX + 1], *at = levels;
	const char *end = text + n;
	bool is_key = false;

	*at = (struct level){0};
	for (const char *s = text; s < end; s++) {
		char c = *s;
		if (!(s = token_end(s, end, at, is_key)))
			return false;
		if (c == '{' || c == '[')
			*++at = (struct level){.is_object = c == '{'};
		else if (c == '}' || c == ']')
			at--;
		is_key = c == '{' || (c == ',' && at->is_object);
	}
	return true;
}

const char *json_str(
    const json_t *object, const char *key, const char *fallback)
{
	const json_t *v = json_object_get(object, key);

	return json_is_string(v) ? json_string_value(v) : fallback;
}

int64_t json_int(const json_t *object, const char *key, int64_t fallback)
{
	const json_t *v = json_object_get(object, key);

	return json_is_integer(v) ? json_integer_value(v) : fallback;
}

bool json_flag(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

const json_t *json_list(const json_t *object, const char *key)
{
	const json_t *v = json_object_get(object, key);

	return json_is_array(v) ? v : NULL;
}

void json_put(json_t *object, const char *key, json_t *value)
{
	int r = json_object_set_new(object, key, value);

	assert(r == 0);
	(void)r;
}

void json_put_str(json_t *object, const char *key, const char *value)
{
	if (value)
		json_put(object, key, json_string(value));
}

void json_put_int(json_t *object, const char *key, int64_t value)
{
	json_put(object, key, json_integer(value));
}

void json_put_flag(json_t *object, const char *key, bool value)
{
	json_put(object, key, json_boolean(value));
}
