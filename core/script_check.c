/*
 * script_check.c - the rules a script must keep (script_rule.def), and the
 * report of those it breaks.
 */
#include "core/script_int.h"

#include "core/json.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum grade {
	R,
	F,
	N
};

static const struct {
	const char *name;
	enum grade grade;
	const char *text;
} rules[] = {
#define X(name, rule, grade, text) {rule, grade, text},
#include "core/script_rule.def"
#undef X
};

/* item[3].item[0], from the innermost outwards. */
static void item_path(
    char *out, size_t size, const struct script *s, uint32_t i)
{
	char tail[120] = "";

	for (; i != SCRIPT_NONE; i = s->items[i].parent) {
		char all[160];
		snprintf(all, sizeof(all), "item[%u]%s%s",
		    (unsigned)s->items[i].rules->pos, *tail ? "." : "", tail);
		if (strlen(all) >= sizeof(tail)) {
			memmove(tail + 3, tail, sizeof(tail) - 4);
			memcpy(tail, "...", 3);
			break;
		}
		memcpy(tail, all, strlen(all) + 1);
	}
	snprintf(out, size, "%s", tail);
}

void script_fault(
    struct loader *ld, uint32_t i, enum script_rule rule, const char *below)
{
	struct script_report *rep = ld->report;
	bool is_fatal = rules[rule].grade == R ||
			(rules[rule].grade == F && ld->mode == SCRIPT_STRICT);
	struct script_finding *f;
	char path[120];

	rep->n_total++;
	if (rep->n == SCRIPT_FINDINGS_MAX && is_fatal && !ld->is_refused)
		rep->n--; /* what refuses is always among those kept */
	ld->is_refused |= is_fatal;
	if (rep->n == SCRIPT_FINDINGS_MAX)
		return;
	f = &rep->at[rep->n++];
	*f = (struct script_finding){.rule = rules[rule].name,
	    .text = rules[rule].text,
	    .is_fatal = is_fatal,
	    .is_note = rules[rule].grade == N};
	item_path(path, sizeof(path), ld->s, i);
	snprintf(f->path, sizeof(f->path), "%.80s%s%.30s", path,
	    *path && below ? "." : "", below ? below : "");
}

/* ---- the script itself --------------------------------------------------- */

static bool is_status(const char *s)
{
	static const char *const names[] = {
	    "draft", "active", "retired", "unknown"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(s, names[i]) == 0)
			return true;
	return false;
}

static bool is_identifier(const char *s)
{
	if (!isupper((unsigned char)*s))
		return false;
	for (; *s; s++)
		if (!isalnum((unsigned char)*s) && *s != '_')
			return false;
	return true;
}

void script_check_head(struct loader *ld)
{
	const json_t *root = ld->s->root;
	const char *name = json_str(root, "name", NULL);
	const json_t *items = json_object_get(root, "item");

	if (strcmp(json_str(root, "resourceType", ""), "Questionnaire") != 0)
		script_fault(ld, SCRIPT_NONE, RULE_RESOURCE, NULL);
	if (json_object_get(root, "modifierExtension"))
		script_fault(ld, SCRIPT_NONE, RULE_MODIFIER, NULL);
	if (!is_status(json_str(root, "status", "")))
		script_fault(ld, SCRIPT_NONE, RULE_STATUS, NULL);
	if (name && !is_identifier(name))
		script_fault(ld, SCRIPT_NONE, RULE_QUE0, NULL);
	if (items && !json_is_array(items))
		script_fault(ld, SCRIPT_NONE, RULE_JSON, "item");
}

/* ---- numbers as text --------------------------------------------------- */

static bool ends_with(const char *s, const char *tail)
{
	size_t n = strlen(s), t = strlen(tail);

	return n >= t && strcmp(s + n - t, tail) == 0;
}

/* valueDecimal: "1" or valueDuration: {value: "1"}, wherever it stands in an
 * item's own part. Depth is bounded by json_load. */
static bool has_text_number(const json_t *v)
{
	static const char *const holders[] = {
	    "Quantity", "Duration", "Age", "Count", "Distance"};
	json_t *member;
	const char *key;
	size_t i;

	json_array_foreach (v, i, member)
		if (has_text_number(member))
			return true;
	json_object_foreach ((json_t *)(uintptr_t)v, key, member) {
		if (json_is_string(member) &&
		    (ends_with(key, "Decimal") || ends_with(key, "Integer")))
			return true;
		for (size_t k = 0; k < ARRAY_LEN(holders); k++)
			if (ends_with(key, holders[k]) &&
			    json_is_string(json_object_get(member, "value")))
				return true;
		if (strcmp(key, "item") != 0 && has_text_number(member))
			return true;
	}
	return false;
}

/* ---- one item ------------------------------------------------------------ */

static bool has_length(enum script_type t)
{
	return t == SCRIPT_BOOLEAN || t == SCRIPT_DECIMAL ||
	       t == SCRIPT_INTEGER || t == SCRIPT_STRING || t == SCRIPT_TEXT ||
	       t == SCRIPT_URL || t == SCRIPT_OPEN_CHOICE;
}

static void check_display(struct loader *ld, uint32_t i)
{
	struct script_item *it = &ld->s->items[i];

	if (json_object_get(it->src, "code"))
		script_fault(ld, i, RULE_QUE3, NULL);
	if (it->required || it->repeats)
		script_fault(ld, i, RULE_QUE6, NULL);
	if (json_object_get(it->src, "readOnly"))
		script_fault(ld, i, RULE_QUE9, NULL);
	it->code = "";
	it->required = it->repeats = it->read_only = false;
}

/* que-11: the option equal to each initial value is the one selected. */
static void initial_to_options(struct loader *ld, uint32_t i)
{
	struct script_item *it = &ld->s->items[i];
	struct script_rules *r = it->rules;

	script_fault(ld, i, RULE_QUE11, NULL);
	for (uint32_t k = 0; k < r->n_initial; k++)
		for (uint32_t o = 0; o < it->n_options; o++)
			if (script_value_is_equal(
				&it->options[o].value, &r->initial[k]) &&
			    it->options[o].value.type == SCRIPT_CHOICE)
				r->initial[k] = it->options[o].value;
}

static void check_initial(struct loader *ld, uint32_t i)
{
	struct script_item *it = &ld->s->items[i];
	struct script_rules *r = it->rules;
	bool has = json_object_get(it->src, "initial") != NULL;

	if (has && (it->type == SCRIPT_GROUP || it->type == SCRIPT_DISPLAY)) {
		script_fault(ld, i, RULE_QUE8, NULL);
		r->n_initial = 0;
	}
	if (has && json_array_size(json_list(it->src, "answerOption")) > 0)
		initial_to_options(ld, i);
	if (!it->repeats && r->n_initial > 1) {
		script_fault(ld, i, RULE_QUE13, NULL);
		r->n_initial = 1;
	}
}

static void check_answerable(struct loader *ld, uint32_t i)
{
	struct script_item *it = &ld->s->items[i];
	bool is_here =
	    it->type != SCRIPT_ATTACHMENT && it->type != SCRIPT_REFERENCE;

	it->rules->is_question_here =
	    is_here && it->type != SCRIPT_GROUP && it->type != SCRIPT_DISPLAY &&
	    !it->read_only && !it->hidden && !it->is_computed;
	if (!is_here)
		script_fault(ld, i, RULE_ATTACHMENT, NULL);
	if (it->required && it->type != SCRIPT_GROUP &&
	    !it->rules->is_question_here && it->rules->n_initial == 0) {
		script_fault(ld, i, RULE_UNANSWERABLE, NULL);
		it->required = false;
	}
	if (it->is_uncomputed && !it->is_computed)
		script_fault(ld, i, RULE_EXPRESSION, NULL);
}

void script_check_item(struct loader *ld, uint32_t i)
{
	struct script_item *it = &ld->s->items[i];

	if (json_object_get(it->src, "modifierExtension"))
		script_fault(ld, i, RULE_MODIFIER, NULL);
	if (has_text_number(it->src))
		script_fault(ld, i, RULE_JSON, "number");
	if (it->type == SCRIPT_DISPLAY)
		check_display(ld, i);
	if (it->max_length && !has_length(it->type)) {
		script_fault(ld, i, RULE_QUE10, NULL);
		it->max_length = 0;
	}
	check_initial(ld, i);
	check_answerable(ld, i);
}

/* A self-report item needs somebody to be told from. */
void script_check_links(struct loader *ld)
{
	struct script *s = ld->s;

	if (s->respondent != SCRIPT_NONE)
		return;
	for (uint32_t i = 0; i < s->n; i++) {
		if (!s->items[i].is_self_report)
			continue;
		script_fault(ld, i, RULE_OWN, "self-report");
		s->items[i].is_self_report = false;
	}
}
