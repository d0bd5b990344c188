/* json.c - bounded JSON in, canonical JSON out (on jansson). */
#include "core/json.h"

#include "core/err.h"
#include "core/mem.h"
#include "core/text.h"

#include <assert.h>
#include <string.h>

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
