/*
 * script_option.c - the options of a choice, from answerOption or from a
 * value set inside the script, with the key that the agent types for each.
 */
#include "core/script_int.h"

#include "core/json.h"
#include "core/mem.h"

#include <stdio.h>
#include <string.h>

#define WEIGHT_MAX INT64_C(1000000000)

struct option_list {
	struct loader *ld;
	uint32_t item;
	struct script_option *at;
	uint32_t n, cap;
};

static struct script_option *grow(struct option_list *l)
{
	struct script *s = l->ld->s;

	if (l->n == l->cap || s->n_options >= SCRIPT_OPTIONS_MAX) {
		script_fault(l->ld, l->item, RULE_LIMITS, "answerOption");
		return NULL;
	}
	s->n_options++;
	return &l->at[l->n];
}

static void read_weight(struct option_list *l, struct script_option *o)
{
	static const char *const urls[] = {EXT_HL7 "ordinalValue",
	    EXT_HL7 "itemWeight", EXT_HL7 "questionnaire-ordinalValue"};
	const json_t *coding = json_object_get(o->src, "valueCoding");

	for (size_t i = 0; i < ARRAY_LEN(urls) && !o->has_weight; i++) {
		bool is_dirty = false;
		const json_t *e = script_ext(o->src, urls[i]);
		if (!e)
			e = script_ext(coding, urls[i]);
		if (!e)
			continue;
		o->has_weight = script_number_read(&o->weight, &o->weight_scale,
		    json_object_get(e, "valueDecimal"), &is_dirty);
		/* Small enough that no sum of them overflows. */
		o->has_weight &= o->weight_scale <= 3 &&
				 o->weight > -WEIGHT_MAX &&
				 o->weight < WEIGHT_MAX;
		if (is_dirty || !o->has_weight)
			script_fault(l->ld, l->item, RULE_JSON,
			    "answerOption.extension");
	}
}

/* What extensions say about an option. */
static void dress(struct option_list *l, struct script_option *o)
{
	o->is_exclusive = json_flag(
	    script_ext(o->src, EXT_HL7 "questionnaire-optionExclusive"),
	    "valueBoolean");
	o->is_danger =
	    json_flag(script_ext(o->src, EXT_OWN "danger"), "valueBoolean");
	o->key =
	    json_str(script_ext(o->src, EXT_HL7 "questionnaire-optionPrefix"),
		"valueString", NULL);
	read_weight(l, o);
}

/* The text of an option that is a number, for showing. */
static void name_number(struct script *s, struct script_value *v)
{
	char text[24];

	if (v->type != SCRIPT_INTEGER)
		return;
	script_number_text(text, v->num, v->scale);
	v->text = script_keep_text(s, text);
}

static void add_option(struct option_list *l, const json_t *src)
{
	struct script_option *o = grow(l);
	bool is_dirty = false;

	if (!o)
		return;
	*o = (struct script_option){.src = src};
	if (!script_value_read(&o->value, src, "value", &is_dirty) ||
	    o->value.type == SCRIPT_BOOLEAN ||
	    o->value.type == SCRIPT_QUANTITY ||
	    o->value.type == SCRIPT_DECIMAL) {
		script_fault(l->ld, l->item, RULE_OPTION, "answerOption");
		return;
	}
	name_number(l->ld->s, &o->value);
	o->is_initial = json_flag(src, "initialSelected");
	dress(l, o);
	l->n++;
}

/* A concept of a value set, or of its expansion. */
static void add_concept(
    struct option_list *l, const json_t *c, const char *system)
{
	struct script_option *o;

	if (!json_str(c, "code", NULL) || json_flag(c, "abstract") ||
	    !(o = grow(l)))
		return;
	*o = (struct script_option){.src = c};
	o->value.type = SCRIPT_CHOICE;
	o->value.code = json_str(c, "code", NULL);
	o->value.text = json_str(c, "display", o->value.code);
	o->value.system = json_str(c, "system", system);
	dress(l, o);
	l->n++;
}

/* ---- value sets ---------------------------------------------------------- */

static size_t concept_count(const json_t *set)
{
	const json_t *in =
	    json_list(json_object_get(set, "compose"), "include");
	size_t n = json_array_size(
	    json_list(json_object_get(set, "expansion"), "contains"));

	for (size_t i = 0; i < json_array_size(in); i++)
		n += json_array_size(
		    json_list(json_array_get(in, i), "concept"));
	return n;
}

static void add_set(struct option_list *l, const json_t *set)
{
	const json_t *in =
	    json_list(json_object_get(set, "compose"), "include");
	const json_t *ex =
	    json_list(json_object_get(set, "expansion"), "contains");

	for (size_t i = 0; i < json_array_size(ex); i++)
		add_concept(l, json_array_get(ex, i), NULL);
	for (size_t i = 0; i < json_array_size(in) && !ex; i++) {
		const json_t *part = json_array_get(in, i);
		const json_t *concepts = json_list(part, "concept");
		for (size_t k = 0; k < json_array_size(concepts); k++)
			add_concept(l, json_array_get(concepts, k),
			    json_str(part, "system", NULL));
	}
}

/* ---- keys ---------------------------------------------------------------- */

/* A prefix such as "1." or "(a)" is typed without its dressing. */
static const char *bare_key(struct script *s, const char *prefix)
{
	char key[8];
	size_t n = 0;

	for (; *prefix && n < sizeof(key) - 1; prefix++)
		if ((uint8_t)*prefix > ' ' && !strchr(".)(:", *prefix))
			key[n++] = *prefix;
	key[n] = '\0';
	return n > 0 && (uint8_t)key[0] < 0x80 ? script_keep_text(s, key)
					       : NULL;
}

/* One key an option as far as digits and letters go, then numbers. */
static const char *number_key(struct script *s, uint32_t i, uint32_t n)
{
	static const char keys[] = "1234567890abcdefghijklmnopqrstuvwxyz";
	char key[12];

	if (n < sizeof(keys))
		snprintf(key, sizeof(key), "%c", keys[i]);
	else
		snprintf(key, sizeof(key), "%u", (unsigned)i + 1);
	return script_keep_text(s, key);
}

static void number_all(struct option_list *l)
{
	for (uint32_t i = 0; i < l->n; i++)
		l->at[i].key = number_key(l->ld->s, i, l->n);
}

/* Options are few where keys matter; a huge list is numbered without look. */
static bool has_clash(const struct option_list *l, uint32_t i)
{
	for (uint32_t k = 0; k < i; k++)
		if (strcmp(l->at[k].key, l->at[i].key) == 0 ||
		    script_value_is_equal(&l->at[k].value, &l->at[i].value))
			return true;
	return false;
}

static void give_keys(struct option_list *l)
{
	bool is_prefixed = l->n > 0 && l->n <= 64;

	for (uint32_t i = 0; i < l->n; i++) {
		struct script_option *o = &l->at[i];
		o->key = o->key ? bare_key(l->ld->s, o->key) : NULL;
		is_prefixed &= o->key != NULL;
	}
	if (!is_prefixed)
		number_all(l);
	for (uint32_t i = 0; i < l->n && l->n <= 64; i++) {
		if (!has_clash(l, i))
			continue;
		script_fault(l->ld, l->item, RULE_OPTION_TWICE, "answerOption");
		number_all(l);
		break;
	}
}

static bool is_choice(enum script_type t)
{
	return t == SCRIPT_CHOICE || t == SCRIPT_OPEN_CHOICE;
}

void script_options_read(struct loader *ld, uint32_t i, const json_t *src)
{
	struct script_item *it = &ld->s->items[i];
	const json_t *list = json_list(src, "answerOption");
	const char *ref = json_str(src, "answerValueSet", NULL);
	const json_t *set = ref ? script_set_find(ld->s, ref) : NULL;
	size_t n = list ? json_array_size(list) : set ? concept_count(set) : 0;
	struct option_list l = {.ld = ld, .item = i};

	if (list && ref)
		script_fault(ld, i, RULE_QUE4, NULL);
	else if (ref && !set)
		script_fault(ld, i, RULE_VALUE_SET, NULL);
	if ((list || ref) && !is_choice(it->type)) {
		script_fault(ld, i, RULE_QUE5, NULL);
		if (it->type != SCRIPT_GROUP && it->type != SCRIPT_DISPLAY)
			it->type = SCRIPT_CHOICE;
	}
	l.cap = n > SCRIPT_OPTIONS_MAX ? SCRIPT_OPTIONS_MAX : (uint32_t)n;
	l.at = script_keep(ld->s, mem_array(l.cap + 1, sizeof(*l.at)));
	for (size_t k = 0; k < json_array_size(list); k++)
		add_option(&l, json_array_get(list, k));
	if (!list && set)
		add_set(&l, set);
	give_keys(&l);
	it->options = l.at;
	it->n_options = l.n;
	if (is_choice(it->type) && l.n == 0) {
		if (!ref && !script_ext(src,
				EXT_SDC "sdc-questionnaire-answerExpression"))
			script_fault(ld, i, RULE_OPTIONS, NULL);
		it->type = SCRIPT_OPEN_CHOICE;
	}
}
