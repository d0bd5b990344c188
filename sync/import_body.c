/*
 * import_body.c - imported rows as bodies of entries. What is longer than an
 * entry allows is cut at a character; what has no place is left out.
 */
#include "sync/import_body.h"

#include "core/clock.h"
#include "core/json.h"
#include "core/pathway_set.h"
#include "core/text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NAME_CHARS 64
#define PHONES_MAX 8
#define IDENTIFIERS_MAX 16
#define ITEMS_A_BODY 100 /* keeps a body of long texts below 64 KiB */

void import_put_text(json_t *o, const char *key, const char *s, size_t chars)
{
	size_t n = 0;

	if (!*s)
		return;
	for (; s[n]; n++)
		if (((uint8_t)s[n] & 0xc0) != 0x80 && chars-- == 0)
			break;
	json_put(o, key, json_stringn(s, n));
}

struct import_code import_code_of(const struct import_item *item)
{
	struct import_code code = {"text", ""};

	if (item->code_count)
		code = item->codes[0];
	for (size_t i = 0; i < item->code_count; i++)
		if (strncmp(item->codes[i].system, "icd", 3) == 0)
			return item->codes[i];
	return code;
}

bool import_is_fit(const struct import_item *item)
{
	if (item->kind == IMPORT_OBSERVATION || item->kind == IMPORT_ENCOUNTER)
		return item->has_time && item->at_s >= 0;
	return true;
}

static const char *class_of(const struct import_item *visit)
{
	static const char *const classes[][2] = {{"IMP", "inpatient"},
	    {"ACUTE", "inpatient"}, {"NONAC", "inpatient"}, {"SS", "inpatient"},
	    {"EMER", "emergency"}, {"AMB", "outpatient"}, {"HH", "home"},
	    {"VR", "phone"}};

	for (size_t i = 0; i < ARRAY_LEN(classes); i++)
		if (strcmp(classes[i][0], visit->status) == 0)
			return classes[i][1];
	return "other";
}

void import_visit_key(
    char out[IMPORT_VISIT_KEY], const struct import_item *item)
{
	snprintf(out, IMPORT_VISIT_KEY, "%" PRId64 " %s", item->at_s,
	    class_of(item));
}

json_t *import_body_phone(const struct import_phone *phone)
{
	json_t *o = json_object();

	import_put_text(o, "number", phone->number, 32);
	import_put_text(
	    o, "relation", *phone->relation ? phone->relation : "self", 32);
	import_put_text(o, "name", phone->name, NAME_CHARS);
	/* Telling family needs the patient's word first. */
	json_put_flag(o, "consent", !*phone->relation);
	return o;
}

json_t *import_body_identifier(const struct import_identifier *id)
{
	json_t *o = json_object();

	json_put_str(o, "system", "");
	import_put_text(o, "system", id->system, IMPORT_SYSTEM_CHARS);
	import_put_text(o, "value", id->value, 64);
	return o;
}

static void put_lists(json_t *o, const struct import_patient *p)
{
	json_t *phones = json_array(), *ids = json_array();

	for (size_t i = 0; i < p->phone_count && i < PHONES_MAX; i++)
		json_array_append_new(phones, import_body_phone(&p->phones[i]));
	for (size_t i = 0; i < p->id_count && i < IDENTIFIERS_MAX; i++)
		json_array_append_new(ids, import_body_identifier(&p->ids[i]));
	json_put(o, "phones", phones);
	json_put(o, "identifiers", ids);
}

static bool is_resident_number(const struct import_identifier *id)
{
	return strcmp(id->type, "NI") == 0 || strcmp(id->type, "NNCHN") == 0;
}

static void put_spelling(json_t *o, const struct pinyin *spelled)
{
	char text[2 * PINYIN_TEXT];

	if (!spelled)
		return;
	import_put_text(o, "name_en", spelled->spelled, NAME_CHARS);
	snprintf(text, sizeof(text), "%s%s%s", spelled->full,
	    *spelled->second_full ? " " : "", spelled->second_full);
	import_put_text(o, "pinyin", text, IMPORT_TEXT_CHARS);
	snprintf(text, sizeof(text), "%s%s%s", spelled->initials,
	    *spelled->second_initials ? " " : "", spelled->second_initials);
	import_put_text(o, "initials", text, NAME_CHARS);
}

/* 普通话 and its like are dialects of one language; others are languages. */
static void put_language(json_t *o, const char *language)
{
	uint32_t c = 0;
	bool is_han = utf8_decode(&c, language, strlen(language)) == 3;

	import_put_text(o, is_han ? "dialect" : "language", language, 32);
}

/* The department of the latest visit that names one. */
static const char *department_of(const struct import_patient *p)
{
	const char *department = "";

	for (size_t i = 0; i < p->item_count; i++)
		if (p->items[i].kind == IMPORT_ENCOUNTER && *p->items[i].detail)
			department = p->items[i].detail;
	return department;
}

static const char *sex_of(const struct import_patient *p)
{
	switch (*p->sex) {
	case 'M':
		return "male";
	case 'F':
		return "female";
	case 'O':
		return "other";
	default:
		return "unknown";
	}
}

json_t *import_body_person(const struct import_patient *p,
    const struct pinyin *spelled, const char *source)
{
	json_t *o = json_object();

	json_put_str(o, "name", "");
	import_put_text(o, "name", p->name, NAME_CHARS);
	put_spelling(o, spelled);
	import_put_text(o, "name_en", p->spelled, NAME_CHARS);
	json_put_str(o, "sex", sex_of(p));
	if (p->has_birth)
		json_put_int(o, "birth_day", p->birth_day);
	for (size_t i = 0; i < p->id_count; i++)
		if (is_resident_number(&p->ids[i]))
			import_put_text(o, "id_no", p->ids[i].value, 32);
	import_put_text(o, "address", p->address, IMPORT_TEXT_CHARS);
	put_language(o, p->language);
	import_put_text(o, "department", department_of(p), NAME_CHARS);
	if (p->is_deceased)
		json_put_int(o, "deceased_day", p->deceased_day);
	import_put_text(o, "source", source, NAME_CHARS);
	put_lists(o, p);
	return o;
}

static json_t *coded(const struct import_item *item)
{
	struct import_code code = import_code_of(item);
	json_t *o = json_object();

	json_put_str(o, "code", "");
	json_put_str(o, "text", "");
	json_put_str(o, "system", "");
	import_put_text(
	    o, "code", *code.code ? code.code : item->text, IMPORT_CODE_CHARS);
	import_put_text(o, "system", code.system, IMPORT_SYSTEM_CHARS);
	import_put_text(o, "text", item->text, IMPORT_TEXT_CHARS);
	return o;
}

static json_t *visit(const struct import_item *item)
{
	char key[IMPORT_VISIT_KEY];
	json_t *o = json_object();

	import_visit_key(key, item);
	json_put_str(o, "key", key);
	json_put_str(o, "class", class_of(item));
	import_put_text(o, "text", item->text, IMPORT_TEXT_CHARS);
	import_put_text(o, "department", item->detail, 64);
	json_put_int(o, "from_s", item->at_s);
	if (item->end_s >= item->at_s)
		json_put_int(o, "until_s", item->end_s);
	return o;
}

static json_t *observation(const struct import_item *item)
{
	struct import_code code = import_code_of(item);
	json_t *o = json_object();

	json_put_str(o, "code", "note");
	json_put_str(o, "unit", "");
	import_put_text(o, "code", code.code, IMPORT_CODE_CHARS);
	json_put_int(o, "value", item->value);
	json_put_int(o, "scale", item->scale);
	import_put_text(o, "unit", item->unit, 32);
	json_put_int(o, "at_s", item->at_s);
	json_put_str(o, "source", "import");
	import_put_text(o, "text", item->detail, IMPORT_TEXT_CHARS);
	return o;
}

/* Whole days in the site's zone were made when the file was read: a day
 * without a time of day is its first second there. */
static void put_day(json_t *o, const char *key, const struct import_item *item)
{
	if (item->has_time)
		json_put_int(o, key, item->day);
}

static json_t *element(const struct import_item *item)
{
	json_t *o;

	switch (item->kind) {
	case IMPORT_OBSERVATION:
		return observation(item);
	case IMPORT_ENCOUNTER:
		return visit(item);
	case IMPORT_CONDITION:
		o = coded(item);
		put_day(o, "onset_day", item);
		return o;
	case IMPORT_PROCEDURE:
		o = coded(item);
		put_day(o, "day", item);
		return o;
	case IMPORT_MEDICATION:
		break;
	}
	o = coded(item);
	put_day(o, "day", item);
	import_put_text(o, "dose", item->detail, 100);
	json_put_flag(
	    o, "active", !*item->status || strcmp(item->status, "active") == 0);
	return o;
}

size_t import_body_items(struct draft *draft, const struct id *stream,
    const struct import_patient *p, const bool *keep, enum import_kind kind)
{
	static const enum kind kinds[] = {
	    [IMPORT_CONDITION] = KIND_CONDITIONS_RECORDED,
	    [IMPORT_PROCEDURE] = KIND_PROCEDURES_RECORDED,
	    [IMPORT_OBSERVATION] = KIND_OBSERVATIONS_RECORDED,
	    [IMPORT_ENCOUNTER] = KIND_VISITS_RECORDED,
	    [IMPORT_MEDICATION] = KIND_MEDICATIONS_RECORDED,
	};
	json_t *items = NULL;
	size_t n = 0;

	for (size_t i = 0; i < p->item_count; i++) {
		if (p->items[i].kind != kind || !keep[i])
			continue;
		if (n++ % ITEMS_A_BODY == 0) {
			json_t *body = json_object();
			items = json_array();
			json_put(body, "items", items);
			draft_add(draft, kinds[kind], stream, body);
		}
		json_array_append_new(items, element(&p->items[i]));
	}
	return n;
}

/* "I10 原发性高血压": the code that decided, in the source's own words. */
static void say_why(char *out, size_t size, const struct pathway_enrol *enrol,
    const struct import_patient *p)
{
	const char *text = "";

	for (size_t k = enrol->because.n; k > 0; k--) {
		const char *code = enrol->because.used[k - 1].text;
		for (size_t i = 0; *code && i < p->item_count; i++)
			for (size_t c = 0; c < p->items[i].code_count; c++)
				if (strcmp(p->items[i].codes[c].code, code) ==
				    0)
					text = p->items[i].text;
		if (*code)
			snprintf(
			    out, size, "%s%s%s", code, *text ? " " : "", text);
	}
}

static json_t *next_row(const struct pathway_due *due)
{
	json_t *o = json_object();
	char version[16];

	snprintf(version, sizeof(version), "%d", due->pathway->head.version);
	json_put_str(o, "pathway", due->pathway->head.id);
	json_put_str(o, "pathway_version", version);
	json_put_str(o, "step", due->step);
	json_put_str(o, "script", due->script);
	json_put_int(o, "open_day", due->open_day);
	json_put_int(o, "due_day", due->due_day);
	json_put_int(o, "close_day", due->close_day);
	json_put_int(o, "minutes", due->minutes);
	json_put_int(o, "attempts", 0);
	json_put_int(o, "not_before_s", 0);
	json_put_str(o, "rule", due->rule);
	snprintf(version, sizeof(version), "%d", due->version);
	json_put_str(o, "rule_version", version);
	import_put_text(o, "why_zh", due->why.zh, IMPORT_TEXT_CHARS);
	import_put_text(o, "why_en", due->why.en, IMPORT_TEXT_CHARS);
	return o;
}

json_t *import_body_enrolled(const struct pathway_enrol *enrol,
    const struct pathway_due *due, const struct import_patient *p)
{
	json_t *o = json_object(), *next = json_array();
	char version[16], why[512] = "";

	snprintf(version, sizeof(version), "%d", enrol->pathway->head.version);
	say_why(why, sizeof(why), enrol, p);
	json_put_str(o, "pathway", enrol->pathway->head.id);
	json_put_str(o, "version", version);
	json_put_str(o, "anchor", pathway_anchor_name(enrol->pathway->anchor));
	json_put_int(o, "anchor_day", enrol->anchor_day);
	import_put_text(o, "why_zh", why, IMPORT_TEXT_CHARS);
	import_put_text(o, "why_en", why, IMPORT_TEXT_CHARS);
	json_array_append_new(next, next_row(due));
	json_put(o, "next", next);
	return o;
}
