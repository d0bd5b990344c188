/*
 * import_fhir.c - walks FHIR R4 text: a Bundle, one resource, or NDJSON. One
 * broken resource goes to the problem list and the rest goes on; types that
 * nobody reads are counted and named.
 */
#include "sync/import_rows.h"

#include "core/buf.h"
#include "core/err.h"
#include "core/json.h"
#include "core/text.h"
#include "core/tr.h"

#include <stdio.h>
#include <string.h>

static void read_one(struct import_batch *b, const struct import_place *at,
    const json_t *resource, const char *url)
{
	struct import_count *count;
	int r = IMPORT_PASSED;

	import_type(b, at->type)->seen++;
	import_hold(b, resource);
	if (strcmp(at->type, "Patient") == 0)
		r = import_read_person(b, at, resource, url);
	else if (import_is_item(at->type))
		r = import_read_item(b, at, resource, url);
	import_hold(b, NULL);
	count = import_type(b, at->type);
	if (r == 0)
		count->taken++;
	else if (r == IMPORT_PASSED)
		count->passed_over++;
	else
		count->broken++;
}

static void read_resource(struct import_batch *b, struct import_place *at,
    const json_t *resource, const char *url)
{
	at->type = json_str(resource, "resourceType", "");
	if (*at->type)
		read_one(b, at, resource, url);
	else
		(void)import_refuse(b, at, "",
		    N_("It is not FHIR: it has no resourceType."), "");
}

static void read_entry(
    struct import_batch *b, const struct import_place *at, const json_t *entry)
{
	const json_t *request = json_object_get(entry, "request");
	struct import_place inner = {at->file, "", ""};
	struct buf path = {0};

	buf_printf(&path, "%s.resource", at->path);
	inner.path = buf_text(&path);
	if (strcmp(json_str(request, "method", ""), "DELETE") == 0)
		(void)import_refuse(
		    b, at, "request", N_("A deletion is not imported."), "");
	else
		read_resource(b, &inner, json_object_get(entry, "resource"),
		    json_str(entry, "fullUrl", ""));
	buf_fini(&path);
}

static void read_bundle(
    struct import_batch *b, const struct import_place *at, const json_t *bundle)
{
	const json_t *entries = json_list(bundle, "entry");
	struct buf path = {0};

	if (!entries && json_object_get(bundle, "entry"))
		(void)import_refuse(
		    b, at, "entry", N_("A list was expected here."), "");
	for (size_t i = 0; i < json_array_size(entries); i++) {
		struct import_place inner = {at->file, "", "Bundle"};
		buf_clear(&path);
		buf_printf(
		    &path, "%s%sentry[%zu]", at->path, *at->path ? "." : "", i);
		inner.path = buf_text(&path);
		read_entry(b, &inner, json_array_get(entries, i));
	}
	buf_fini(&path);
}

static void read_text(
    struct import_batch *b, struct import_place *at, const char *text, size_t n)
{
	json_t *value = NULL;

	if (json_load(&value, text, n, IMPORT_FILE_MAX)) {
		(void)import_refuse(b, at, "",
		    N_("The JSON is broken or cut off."), err_told());
		return;
	}
	if (strcmp(json_str(value, "resourceType", ""), "Bundle") == 0)
		read_bundle(b, at, value);
	else
		read_resource(b, at, value, "");
	json_decref(value);
}

/* Not strspn: the text need not end in a NUL. */
static bool is_blank(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && (s[i] == ' ' || s[i] == '\t' || s[i] == '\r'))
		i++;
	return i == n;
}

static void read_lines(
    struct import_batch *b, const char *file, const char *text, size_t n)
{
	char path[32];
	size_t line = 0;

	for (const char *end = text + n, *next; text < end; text = next) {
		const char *eol = memchr(text, '\n', (size_t)(end - text));
		size_t len = (size_t)((eol ? eol : end) - text);
		struct import_place at = {file, path, ""};

		next = eol ? eol + 1 : end;
		snprintf(path, sizeof(path), "line %zu", ++line);
		if (is_blank(text, len))
			continue;
		if (len > IMPORT_LINE_MAX)
			(void)import_refuse(b, &at, "",
			    N_("The line is longer than allowed."), "");
		else
			read_text(b, &at, text, len);
	}
}

/* True when the first line is a whole object: brackets close within it. */
static bool is_line_by_line(const char *s, size_t n)
{
	bool in_string = false;
	int depth = 0;

	for (size_t i = 0; i < n && s[i] != '\n'; i++) {
		if (in_string && s[i] == '\\')
			i++;
		else if (s[i] == '"')
			in_string = !in_string;
		else if (!in_string && (s[i] == '{' || s[i] == '['))
			depth++;
		else if (!in_string && (s[i] == '}' || s[i] == ']'))
			depth--;
	}
	return depth == 0;
}

static void refuse_encoding(struct import_batch *b,
    const struct import_place *at, const char *text, size_t n)
{
	char where[32];
	size_t line = 1;
	uint32_t c;

	for (size_t i = 0, len; i < n; i += len) {
		len = utf8_decode(&c, text + i, n - i);
		if (len == 0)
			break;
		line += c == '\n';
	}
	snprintf(where, sizeof(where), "line %zu", line);
	(void)import_refuse(b, at, where,
	    N_("The file is not UTF-8. Save it as UTF-8 and import again."),
	    "");
}

static void read_file(
    struct import_batch *b, const char *file, const char *text, size_t n)
{
	struct import_place at = {file, "", ""};
	const char *dot = strrchr(file, '.');

	if (n > IMPORT_FILE_MAX)
		(void)import_refuse(
		    b, &at, "", N_("The file is larger than allowed."), "");
	else if (n == 0)
		(void)import_refuse(b, &at, "", N_("The file is empty."), "");
	else if (!utf8_is_valid(text, n))
		refuse_encoding(b, &at, text, n);
	else if ((dot && strcmp(dot, ".ndjson") == 0) ||
		 is_line_by_line(text, n))
		read_lines(b, file, text, n);
	else
		read_text(b, &at, text, n);
}

int import_fhir(
    struct import_batch *b, const char *file, const char *text, size_t n)
{
	size_t before = import_problem_count(b);
	bool has_mark = n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0;

	read_file(b, file, text + (has_mark ? 3 : 0), n - (has_mark ? 3 : 0));
	return import_problem_count(b) > before ? ERR_QUARANTINED : 0;
}
