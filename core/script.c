/*
 * script.c - a loaded script as others read it: its items, and its words in
 * a language for a person. Loading: script_load.c.
 */
#include "core/script_int.h"

#include "core/json.h"
#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

#define EXT_WORDING EXT_OWN "wording"

void *script_keep(struct script *s, void *p)
{
	if (s->n_pool == s->cap_pool) {
		s->cap_pool = s->cap_pool ? s->cap_pool * 2 : 64;
		s->pool = mem_grow(s->pool, s->cap_pool, sizeof(*s->pool));
	}
	return s->pool[s->n_pool++] = p;
}

const char *script_keep_text(struct script *s, const char *text)
{
	return script_keep(s, mem_strdup(text));
}

void script_free(struct script **script)
{
	struct script *s = *script;

	if (!s)
		return;
	for (size_t i = 0; i < s->n_pool; i++)
		free(s->pool[i]);
	free(s->pool);
	json_decref(s->root);
	json_decref(s->bundle);
	json_decref(s->sets);
	free(s);
	*script = NULL;
}

const char *script_id(const struct script *s)
{
	return json_str(s->root, "id", "");
}

const char *script_url(const struct script *s)
{
	return json_str(s->root, "url", "");
}

const char *script_version(const struct script *s)
{
	return json_str(s->root, "version", "");
}

uint32_t script_count(const struct script *s)
{
	return s->n;
}

const struct script_item *script_item(const struct script *s, uint32_t i)
{
	return &s->items[i];
}

uint32_t script_find(const struct script *s, const char *link)
{
	uint32_t lo = 0, hi = s->n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		int c = strcmp(s->items[s->by_link[mid]].link, link);
		if (c == 0)
			return s->by_link[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return SCRIPT_NONE;
}

/* ---- extensions ---------------------------------------------------------- */

const json_t *script_ext_next(
    const json_t *element, const char *url, size_t *cursor)
{
	const json_t *list = json_list(element, "extension");

	while (*cursor < json_array_size(list)) {
		const json_t *e = json_array_get(list, (*cursor)++);
		if (strcmp(json_str(e, "url", ""), url) == 0)
			return e;
	}
	return NULL;
}

const json_t *script_ext(const json_t *element, const char *url)
{
	size_t cursor = 0;

	return script_ext_next(element, url, &cursor);
}

/* ---- words --------------------------------------------------------------- */

const char *script_lang(const char *code)
{
	if (strncmp(code, "zh", 2) == 0)
		return "zh";
	return strncmp(code, "en", 2) == 0 ? "en" : "";
}

static const char *lang_name(enum lang lang)
{
	return lang == LANG_ZH ? "zh" : "en";
}

/* The standard translation extension of a primitive's element (`_text`). */
const char *script_ext_text(const json_t *element, enum lang lang)
{
	size_t cursor = 0;
	const json_t *t;

	while ((t = script_ext_next(element, EXT_HL7 "translation", &cursor))) {
		const char *code =
		    json_str(script_ext(t, "lang"), "valueCode", "");
		if (strcmp(script_lang(code), lang_name(lang)) == 0)
			return json_str(
			    script_ext(t, "content"), "valueString", NULL);
	}
	return NULL;
}

static bool is_like(const json_t *variant, const char *key, const char *have)
{
	const char *want = json_str(script_ext(variant, key), "valueString",
	    json_str(script_ext(variant, key), "valueCode", NULL));

	return !want || (have && strcmp(want, have) == 0);
}

static bool is_sex(const json_t *variant, char sex)
{
	const char *want =
	    json_str(script_ext(variant, "sex"), "valueCode", NULL);

	return !want || (sex && want[0] == sex);
}

static bool is_age(const json_t *variant, int age)
{
	const json_t *min = script_ext(variant, "ageMin");
	const json_t *max = script_ext(variant, "ageMax");

	if ((min || max) && age < 0)
		return false;
	return (!min || age >= json_int(min, "valueInteger", 0)) &&
	       (!max || age <= json_int(max, "valueInteger", INT32_MAX));
}

/* The first variant whose every criterion holds, and has this language. */
static const char *variant_text(
    const json_t *item, enum lang lang, const struct script_person *p)
{
	size_t cursor = 0;
	const json_t *v;

	while ((v = script_ext_next(item, EXT_WORDING, &cursor))) {
		const char *text = json_str(
		    script_ext(v, lang_name(lang)), "valueString", NULL);
		if (text && is_sex(v, p->sex) && is_age(v, p->age) &&
		    is_like(v, "education", p->education) &&
		    is_like(v, "occupation", p->occupation) &&
		    is_like(v, "department", p->department))
			return text;
	}
	return NULL;
}

static const char *plain_text(
    const struct script *s, const json_t *o, const char *key, enum lang lang)
{
	char element[32] = "_";
	const char *t;

	strncat(element, key, sizeof(element) - 2);
	t = strcmp(s->lang, lang_name(lang)) == 0
		? NULL
		: script_ext_text(json_object_get(o, element), lang);
	return t ? t : json_str(o, key, "");
}

const char *script_title(const struct script *s, enum lang lang)
{
	return plain_text(s, s->root, "title", lang);
}

const char *script_source(const struct script *s, enum lang lang)
{
	return plain_text(s, s->root, "copyright", lang);
}

const char *script_text(const struct script *s, uint32_t i, enum lang lang,
    const struct script_person *person)
{
	const json_t *src = s->items[i].src;
	const char *t = person ? variant_text(src, lang, person) : NULL;

	return t ? t : plain_text(s, src, "text", lang);
}

const char *script_hint(const struct script *s, uint32_t i, enum lang lang,
    const struct script_person *person)
{
	uint32_t hint = s->items[i].rules->hint;

	return hint == SCRIPT_NONE ? "" : script_text(s, hint, lang, person);
}

/* A ValueSet concept says it as designation. */
static const char *designation(const json_t *concept, enum lang lang)
{
	const json_t *list = json_list(concept, "designation");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *d = json_array_get(list, i);
		if (strcmp(script_lang(json_str(d, "language", "")),
			lang_name(lang)) == 0)
			return json_str(d, "value", NULL);
	}
	return NULL;
}

const char *script_option_text(const struct script_option *o, enum lang lang)
{
	const json_t *coding = json_object_get(o->src, "valueCoding");
	const char *t =
	    script_ext_text(json_object_get(coding, "_display"), lang);

	if (!t)
		t = script_ext_text(
		    json_object_get(o->src, "_valueString"), lang);
	if (!t)
		t = designation(o->src, lang);
	if (!t)
		t = o->value.text;
	if (!t)
		t = o->value.code;
	return t ? t : "";
}
