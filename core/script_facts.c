/*
 * script_facts.c - the answers of a run as facts for triage and pathways.
 * Units are converted once, here; a value that does not convert says nothing
 * and is left out.
 */
#include "core/script_out.h"

#include "core/facts.h"
#include "core/script_run_int.h"
#include "core/text.h"
#include "core/unit.h"

#include <string.h>

static const char *fact_code(const struct script_item *it)
{
	return *it->code ? it->code : it->link;
}

/* The unit a number was given in: its own, else the item's. */
static const char *unit_of(
    const struct script_item *it, const struct script_value *v)
{
	if (v->type == SCRIPT_QUANTITY && v->code)
		return v->code;
	if (v->type == SCRIPT_QUANTITY && v->text)
		return v->text;
	if (it->n_units > 0 && it->units[0].value.code)
		return it->units[0].value.code;
	return it->unit;
}

static bool set_number(
    struct fact *f, const struct script_item *it, const struct script_value *v)
{
	struct quantity in = {.value = v->num, .scale = v->scale}, out;
	int scale;
	const char *canonical = unit_canonical(&scale, f->code);
	const char *unit = unit_of(it, v);

	f->kind = FACT_NUMBER;
	f->value = v->num;
	f->scale = v->scale;
	if (!canonical || !*unit)
		return true;
	text_copy(in.unit, sizeof(in.unit), unit);
	if (unit_convert(&out, &in, f->code) < 0)
		return false;
	f->value = out.value;
	f->scale = out.scale;
	return true;
}

/* An option that has a weight is that number; its code is kept as well. */
static void set_option(
    struct fact *f, const struct script_item *it, const struct script_value *v)
{
	const struct script_option *o = run_option(it, v);

	f->kind = FACT_CODED;
	if (!o || !o->has_weight)
		return;
	f->kind = FACT_NUMBER;
	f->value = o->weight;
	f->scale = o->weight_scale;
}

static bool set_value(
    struct fact *f, const struct script_item *it, const struct script_value *v)
{
	const char *text = v->code ? v->code : v->text;

	if (v->type == SCRIPT_INTEGER || v->type == SCRIPT_DECIMAL ||
	    v->type == SCRIPT_QUANTITY)
		return set_number(f, it, v);
	if (v->type == SCRIPT_BOOLEAN) {
		f->kind = FACT_FLAG;
		f->value = v->num;
		text = v->num ? "true" : "false";
	} else {
		set_option(f, it, v);
	}
	text_copy(f->text, sizeof(f->text), text ? text : "");
	return true;
}

static void add_answer(struct facts *out, const struct script_item *it,
    const struct script_answer *a, int64_t now_s)
{
	static const enum fact_source sources[] = {
	    FACT_UNKNOWN, FACT_SELF, FACT_CLINIC, FACT_RELAYED};
	struct fact f = {.at_s = a->at_s > 0 ? a->at_s : now_s,
	    .source = sources[a->origin]};

	text_copy(f.code, sizeof(f.code), fact_code(it));
	if (a->absent != SCRIPT_ABSENT_NONE) {
		f.kind = FACT_ABSENT;
		facts_add(out, &f);
	}
	for (uint32_t v = 0; v < a->n; v++) {
		struct fact one = f;
		if (set_value(&one, it, &a->values[v]))
			facts_add(out, &one);
	}
}

void script_run_facts(
    struct facts *out, const struct script_run *run, int64_t now_s)
{
	for (uint32_t i = 0; i < run->s->n; i++)
		for (uint32_t k = 0; k < run->items[i].n; k++)
			add_answer(out, &run->s->items[i],
			    &run->items[i].at[k].answer, now_s);
}
