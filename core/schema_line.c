/* schema_line.c - from a path to the line of a text. */
#include "core/schema.h"

#include <stdlib.h>
#include <string.h>

struct cursor {
	const char *p;
	const char *end;
};

static void skip_space(struct cursor *c)
{
	while (c->p < c->end && strchr(" \t\r\n", *c->p))
		c->p++;
}

/* From the opening quote to after the closing one. */
static void skip_text(struct cursor *c)
{
	for (c->p++; c->p < c->end && *c->p != '"'; c->p++)
		if (*c->p == '\\')
			c->p++;
	if (c->p < c->end)
		c->p++;
	else
		c->p = c->end;
}

/* Any value: brackets are counted, texts skipped whole. */
static void skip_value(struct cursor *c)
{
	int depth = 0;

	do {
		skip_space(c);
		if (c->p >= c->end)
			return;
		if (*c->p == '"') {
			skip_text(c);
		} else if (strchr("{[", *c->p)) {
			depth++;
			c->p++;
		} else if (strchr("}]", *c->p)) {
			depth--;
			c->p++;
		} else {
			c->p++;
			if (depth == 0)
				c->p += strcspn(c->p, ",]} \t\r\n");
		}
	} while (depth > 0);
}

/* Goes to the value of a key; false leaves the cursor where it was. */
static bool enter_member(struct cursor *c, const char *key, size_t len)
{
	struct cursor at = *c;

	if (at.p >= at.end || *at.p != '{')
		return false;
	at.p++;
	for (;;) {
		const char *name;
		size_t n;

		skip_space(&at);
		if (at.p >= at.end || *at.p != '"')
			return false;
		name = at.p + 1;
		skip_text(&at);
		n = (size_t)(at.p - name) - 1;
		skip_space(&at);
		at.p++; /* the colon */
		skip_space(&at);
		if (n == len && !memcmp(name, key, len)) {
			*c = at;
			return true;
		}
		skip_value(&at);
		skip_space(&at);
		if (at.p >= at.end || *at.p != ',')
			return false;
		at.p++;
	}
}

static bool enter_item(struct cursor *c, unsigned long index)
{
	struct cursor at = *c;

	if (at.p >= at.end || *at.p != '[')
		return false;
	at.p++;
	skip_space(&at);
	for (; index > 0; index--) {
		skip_value(&at);
		skip_space(&at);
		if (at.p >= at.end || *at.p != ',')
			return false;
		at.p++;
		skip_space(&at);
	}
	*c = at;
	return true;
}

/* One step of the path; NULL when it leads nowhere. */
static const char *step(struct cursor *c, const char *path)
{
	size_t len;
	char *after;
	unsigned long index;

	if (*path == '.') {
		path++;
		len = strcspn(path, ".[");
		return enter_member(c, path, len) ? path + len : NULL;
	}
	if (*path != '[')
		return NULL;
	index = strtoul(path + 1, &after, 10);
	return *after == ']' && enter_item(c, index) ? after + 1 : NULL;
}

int schema_line(const char *text, size_t n, const char *path)
{
	struct cursor c = {text, text + n};
	int line = 1;

	skip_space(&c);
	path += *path == '$';
	while (path && *path)
		path = step(&c, path);
	for (const char *p = text; p < c.p && p < c.end; p++)
		line += *p == '\n';
	return line;
}
