/* content_kind.c - telling content apart by its own words. */
#include "core/content_kind.h"

#include "core/asset.h"
#include "core/err.h"
#include "core/json.h"
#include "core/text.h"
#include "core/tr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID_MAX 60
#define TITLE_MAX 100 /* characters, as entries have it */

/* The translation extension of a Questionnaire's title. */
static const char *translated_title(const json_t *root)
{
	const json_t *list =
	    json_list(json_object_get(root, "_title"), "extension");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *parts =
		    json_list(json_array_get(list, i), "extension");
		for (size_t k = 0; k < json_array_size(parts); k++) {
			const json_t *part = json_array_get(parts, k);
			if (strcmp(json_str(part, "url", ""), "content") == 0)
				return json_str(part, "valueString", NULL);
		}
	}
	return NULL;
}

static void take_script(struct content_card *c)
{
	const char *title = json_str(c->root, "title", NULL);
	const char *other = translated_title(c->root);
	bool is_zh = title && (unsigned char)title[0] >= 0x80;

	if (!other)
		other = title;
	c->kind = "script";
	c->title_zh = is_zh ? title : other;
	c->title_en = is_zh ? other : title;
	if (strlen(json_str(c->root, "version", "")) < sizeof(c->version))
		text_copy(c->version, sizeof(c->version),
		    json_str(c->root, "version", ""));
}

static void take_titles(struct content_card *c)
{
	const json_t *title = json_object_get(c->root, "title");
	int64_t version = json_int(c->root, "version", 0);

	c->title_zh = json_str(title, "zh", NULL);
	c->title_en = json_str(title, "en", NULL);
	if (version > 0)
		snprintf(
		    c->version, sizeof(c->version), "%lld", (long long)version);
}

/* Tables and settings are known by name: the program has one of each. */
static const char *table_folder(const char *id)
{
	static const char *const folders[] = {"tables", "settings"};
	char path[CONTENT_PATH];

	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		snprintf(path, sizeof(path), "%s/%.60s.json", folders[i], id);
		if (asset_find(path))
			return folders[i];
	}
	return NULL;
}

/* NULL: nothing we know. Pathways have rules and advice too, so that steps
 * are looked for first. */
static const char *folder_of(struct content_card *c)
{
	if (strcmp(json_str(c->root, "resourceType", ""), "Questionnaire") == 0)
		take_script(c);
	else
		take_titles(c);
	if (strcmp(c->kind, "script") == 0)
		return "scripts";
	if (json_object_get(c->root, "resourceType"))
		return NULL;
	if (json_object_get(c->root, "steps") ||
	    json_object_get(c->root, "repeat")) {
		c->kind = "pathway";
		return "pathways";
	}
	if (json_list(c->root, "rules"))
		return "rules";
	if (json_list(c->root, "advice"))
		return "advice";
	return table_folder(c->id);
}

static bool is_id(const char *id)
{
	static const char may[] = "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
	size_t n = strlen(id);

	return n > 0 && n <= ID_MAX && strspn(id, may) == n;
}

static bool is_title(const char *title)
{
	size_t n = 0;

	for (const char *p = title; p && *p; p++)
		n += ((unsigned char)*p & 0xc0) != 0x80;
	return n > 0 && n <= TITLE_MAX;
}

int content_describe(struct content_card *out, const char *text, size_t n)
{
	const char *folder;
	int r;

	*out = (struct content_card){.kind = "rules"};
	r = json_load(&out->root, text, n, CONTENT_TEXT_MAX);
	if (r < 0)
		return r;
	out->id = json_str(out->root, "id", "");
	if (!is_id(out->id))
		return err_set(ERR_INVALID, "$.id: %s", _("no proper id"));
	folder = folder_of(out);
	if (!folder)
		return err_set(ERR_INVALID, "$: %s",
		    _("no kind of content that this program knows"));
	if (!*out->version)
		return err_set(
		    ERR_INVALID, "$.version: %s", _("no proper version"));
	if (!is_title(out->title_zh) || !is_title(out->title_en))
		return err_set(ERR_INVALID, "$.title: %s",
		    _("missing in a language, or longer than 100"));
	snprintf(
	    out->path, sizeof(out->path), "%s/%.60s.json", folder, out->id);
	return 0;
}

void content_card_fini(struct content_card *card)
{
	json_decref(card->root);
	*card = (struct content_card){.root = NULL};
}

const char *content_kind_of(char id[CONTENT_PATH], const char *path)
{
	const char *base = strrchr(path, '/');
	size_t n;

	base = base ? base + 1 : path;
	n = strlen(base);
	if (n > 5 && strcmp(base + n - 5, ".json") == 0)
		n -= 5;
	snprintf(id, CONTENT_PATH, "%.*s", (int)n, base);
	if (strncmp(path, "scripts/", 8) == 0)
		return "script";
	return strncmp(path, "pathways/", 9) == 0 ? "pathway" : "rules";
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Compares two runs of digits of any length and steps over them. */
static int cmp_runs(const char **a, const char **b)
{
	size_t n, m;
	int d;

	while (**a == '0')
		++*a;
	while (**b == '0')
		++*b;
	n = strspn(*a, "0123456789");
	m = strspn(*b, "0123456789");
	d = n != m ? (n > m) - (n < m) : strncmp(*a, *b, n);
	*a += n;
	*b += m;
	return d;
}

int content_version_cmp(const char *a, const char *b)
{
	int d = 0;

	while (d == 0 && (*a || *b)) {
		if (is_digit(*a) && is_digit(*b))
			d = cmp_runs(&a, &b);
		else
			d = (unsigned char)*a++ - (unsigned char)*b++;
	}
	return d;
}
