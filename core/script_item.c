/*
 * script_item.c - one item from its JSON: flags, extensions, bounds, initial
 * values. Conditions and options have files of their own.
 */
#include "core/script_int.h"

#include "core/json.h"
#include "core/mem.h"

#include <string.h>

static bool read_flag(
    struct loader *ld, uint32_t i, const json_t *src, const char *key)
{
	const json_t *v = json_object_get(src, key);
	const char *s = json_string_value(v);

	if (v && !json_is_boolean(v))
		script_fault(ld, i, RULE_JSON, key);
	return json_is_true(v) || (s && strcmp(s, "true") == 0);
}

/* A count from JSON or a number as text; 0 when absent or absurd. */
static uint32_t read_count(
    struct loader *ld, uint32_t i, const json_t *object, const char *key)
{
	const json_t *v = json_object_get(object, key);
	bool is_dirty = false;
	int64_t num;
	int scale;

	if (!v)
		return 0;
	if (!script_number_read(&num, &scale, v, &is_dirty) || scale != 0 ||
	    num < 0 || num > INT32_MAX) {
		script_fault(ld, i, RULE_JSON, key);
		return 0;
	}
	if (is_dirty)
		script_fault(ld, i, RULE_JSON, key);
	return (uint32_t)num;
}

static bool ext_flag(const json_t *src, const char *url)
{
	return json_flag(script_ext(src, url), "valueBoolean");
}

/* First coding of a CodeableConcept extension. */
static const char *ext_code(const json_t *src, const char *url)
{
	const json_t *cc =
	    json_object_get(script_ext(src, url), "valueCodeableConcept");

	return json_str(json_array_get(json_list(cc, "coding"), 0), "code", "");
}

static void read_code(struct script_item *it, const json_t *src)
{
	const json_t *c = json_array_get(json_list(src, "code"), 0);

	it->code = json_str(c, "code", "");
	it->code_system = json_str(c, "system", "");
}

/* ---- units --------------------------------------------------------------- */

static bool add_unit(struct script_option *o, const json_t *ext)
{
	const json_t *c = json_object_get(ext, "valueCoding");

	o->src = ext;
	o->value.type = SCRIPT_CHOICE;
	o->value.code = json_str(c, "code", NULL);
	o->value.system = json_str(c, "system", NULL);
	o->value.text = json_str(c, "display", o->value.code);
	return o->value.text != NULL;
}

static void read_units(struct loader *ld, uint32_t i, const json_t *src)
{
	static const char *const urls[] = {
	    EXT_HL7 "questionnaire-unit", EXT_HL7 "questionnaire-unitOption"};
	struct script_item *it = &ld->s->items[i];
	size_t max = json_array_size(json_list(src, "extension"));
	struct script_option *units;

	if (max == 0)
		return;
	units = script_keep(ld->s, mem_array(max, sizeof(*units)));
	for (size_t u = 0; u < ARRAY_LEN(urls); u++) {
		size_t cursor = 0;
		const json_t *e;
		while ((e = script_ext_next(src, urls[u], &cursor)))
			it->n_units += add_unit(&units[it->n_units], e);
	}
	it->units = units;
	if (it->n_units > 0)
		it->unit = units[0].value.text;
}

/* ---- bounds -------------------------------------------------------------- */

static bool is_bounded(enum script_type t)
{
	return t == SCRIPT_INTEGER || t == SCRIPT_DECIMAL ||
	       t == SCRIPT_QUANTITY || t == SCRIPT_DATE ||
	       t == SCRIPT_DATETIME || t == SCRIPT_TIME;
}

static void read_bound(
    struct loader *ld, uint32_t i, const char *url, struct script_bound *b)
{
	const struct script_item *it = &ld->s->items[i];
	const json_t *e = script_ext(it->src, url);
	bool is_dirty = false;
	struct script_value zero = {.type = it->type, .text = "2000-01-01"};
	int c;

	if (!e)
		return;
	if (it->type == SCRIPT_QUANTITY)
		zero.text = NULL;
	if (it->type == SCRIPT_TIME)
		zero.text = "00:00:00";
	if (!is_bounded(it->type) ||
	    !script_value_read(&b->at, e, "value", &is_dirty) ||
	    !script_value_cmp(&c, &b->at, &zero)) {
		script_fault(ld, i, RULE_BOUND, NULL);
		return;
	}
	b->has = true;
	if (is_dirty)
		script_fault(ld, i, RULE_JSON, "extension");
}

static bool is_empty_range(
    const struct script_bound *lo, const struct script_bound *hi)
{
	int c;

	return lo->has && hi->has && script_value_cmp(&c, &lo->at, &hi->at) &&
	       c > 0;
}

static void read_bounds(struct loader *ld, uint32_t i)
{
	struct script_item *it = &ld->s->items[i];

	read_bound(ld, i, EXT_HL7 "minValue", &it->min);
	read_bound(ld, i, EXT_HL7 "maxValue", &it->max);
	read_bound(ld, i, EXT_SDC "sdc-questionnaire-minQuantity", &it->min);
	read_bound(ld, i, EXT_SDC "sdc-questionnaire-maxQuantity", &it->max);
	read_bound(ld, i, EXT_OWN "soft-min", &it->soft_min);
	read_bound(ld, i, EXT_OWN "soft-max", &it->soft_max);
	if (is_empty_range(&it->min, &it->max)) {
		script_fault(ld, i, RULE_BOUND, NULL);
		it->min.has = it->max.has = false;
	}
	if (is_empty_range(&it->soft_min, &it->soft_max)) {
		script_fault(ld, i, RULE_BOUND, NULL);
		it->soft_min.has = it->soft_max.has = false;
	}
}

static void read_occurs(struct loader *ld, uint32_t i, const json_t *src)
{
	struct script_item *it = &ld->s->items[i];

	it->min_occurs = read_count(ld, i,
	    script_ext(src, EXT_HL7 "questionnaire-minOccurs"), "valueInteger");
	it->max_occurs = read_count(ld, i,
	    script_ext(src, EXT_HL7 "questionnaire-maxOccurs"), "valueInteger");
	if (it->max_occurs && it->min_occurs > it->max_occurs) {
		script_fault(ld, i, RULE_OCCURS, NULL);
		it->min_occurs = it->max_occurs = 0;
	}
	if (!it->repeats && (it->min_occurs > 1 || it->max_occurs > 1)) {
		script_fault(ld, i, RULE_OCCURS, NULL);
		it->min_occurs = it->max_occurs = 0;
	}
	/* More than a run can hold would keep it from ever completing. */
	if (it->min_occurs > 63) {
		script_fault(ld, i, RULE_OCCURS, NULL);
		it->min_occurs = 63;
	}
}

/* ---- initial ------------------------------------------------------------- */

static bool fits(enum script_type item, enum script_type value)
{
	if (item == value)
		return true;
	if (item == SCRIPT_CHOICE || item == SCRIPT_OPEN_CHOICE)
		return value == SCRIPT_CHOICE || value == SCRIPT_STRING ||
		       value == SCRIPT_INTEGER || value == SCRIPT_DATE ||
		       value == SCRIPT_TIME;
	if (item == SCRIPT_TEXT)
		return value == SCRIPT_STRING;
	return (item == SCRIPT_DECIMAL || item == SCRIPT_QUANTITY) &&
	       (value == SCRIPT_INTEGER || value == SCRIPT_DECIMAL);
}

static void read_initial(struct loader *ld, uint32_t i, const json_t *src)
{
	struct script_item *it = &ld->s->items[i];
	const json_t *list = json_list(src, "initial");
	size_t n = json_array_size(list);
	struct script_value *v;

	if (n == 0)
		return;
	v = script_keep(ld->s, mem_array(n, sizeof(*v)));
	for (size_t k = 0; k < n; k++) {
		bool is_dirty = false;
		struct script_value *at = &v[it->rules->n_initial];
		if (!script_value_read(
			at, json_array_get(list, k), "value", &is_dirty) ||
		    !fits(it->type, at->type)) {
			script_fault(ld, i, RULE_INITIAL, NULL);
			continue;
		}
		if (is_dirty)
			script_fault(ld, i, RULE_JSON, "initial");
		it->rules->n_initial++;
	}
	it->rules->initial = v;
}

/* ---- own extensions ------------------------------------------------------ */

static enum script_role read_role(
    struct loader *ld, uint32_t i, const json_t *src)
{
	static const char *const names[] = {
	    "", "identity", "recording", "respondent"};
	const json_t *e = script_ext(src, EXT_OWN "role");
	const char *name = json_str(e, "valueCode", "");

	if (!e)
		return SCRIPT_ROLE_NONE;
	for (size_t k = 1; k < ARRAY_LEN(names); k++)
		if (strcmp(names[k], name) == 0)
			return (enum script_role)k;
	script_fault(ld, i, RULE_OWN, "role");
	return SCRIPT_ROLE_NONE;
}

static void read_own(struct loader *ld, uint32_t i, const json_t *src)
{
	struct script_item *it = &ld->s->items[i];

	it->role = read_role(ld, i, src);
	it->is_self_report = ext_flag(src, EXT_OWN "self-report");
	it->is_measured = ext_flag(src, EXT_OWN "measured");
	it->is_one_line = ext_flag(src, EXT_OWN "one-line");
}

static void note_expressions(struct loader *ld, uint32_t i, const json_t *src)
{
	static const char *const urls[] = {EXT_SDC
	    "sdc-questionnaire-calculatedExpression",
	    EXT_SDC "sdc-questionnaire-enableWhenExpression",
	    EXT_SDC "sdc-questionnaire-initialExpression",
	    EXT_SDC "sdc-questionnaire-answerExpression",
	    EXT_HL7 "questionnaire-constraint", EXT_HL7 "targetConstraint"};
	struct script_item *it = &ld->s->items[i];

	for (size_t k = 0; k < ARRAY_LEN(urls); k++)
		it->is_uncomputed |= script_ext(src, urls[k]) != NULL;
}

void script_item_read(struct loader *ld, uint32_t i, const json_t *src)
{
	struct script_item *it = &ld->s->items[i];

	it->prefix = json_str(src, "prefix", "");
	it->control = ext_code(src, EXT_HL7 "questionnaire-itemControl");
	it->unit = "";
	it->entry_format =
	    json_str(script_ext(src, EXT_HL7 "entryFormat"), "valueString", "");
	it->required = read_flag(ld, i, src, "required");
	it->repeats = read_flag(ld, i, src, "repeats");
	it->read_only = read_flag(ld, i, src, "readOnly");
	it->hidden = ext_flag(src, EXT_HL7 "questionnaire-hidden");
	it->max_length = read_count(ld, i, src, "maxLength");
	read_code(it, src);
	script_options_read(ld, i, src);
	read_units(ld, i, src);
	read_occurs(ld, i, src);
	read_bounds(ld, i);
	read_initial(ld, i, src);
	read_own(ld, i, src);
	note_expressions(ld, i, src);
}
