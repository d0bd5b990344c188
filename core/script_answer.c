/*
 * script_answer.c - taking one answer: does it fit the item (hard), is it
 * likely (soft, taken when confirmed), and is the item asked at all.
 */
#include "core/script_run_int.h"

#include "core/err.h"
#include "core/mem.h"
#include "core/text.h"
#include "core/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int refuse(struct script_verdict *v, const char *text)
{
	v->text = text;
	return ERR_INVALID;
}

static bool is_choice(const struct script_item *it)
{
	return it->type == SCRIPT_CHOICE || it->type == SCRIPT_OPEN_CHOICE;
}

/* ---- numbers ------------------------------------------------------------- */

static void write_bound(char *out, size_t size, const struct script_bound *b)
{
	char number[24];

	if (!b->has)
		out[0] = '\0';
	else if (b->at.type == SCRIPT_INTEGER || b->at.type == SCRIPT_DECIMAL ||
		 b->at.type == SCRIPT_QUANTITY) {
		script_number_text(number, b->at.num, b->at.scale);
		snprintf(out, size, "%s", number);
	} else {
		snprintf(out, size, "%.20s", b->at.text);
	}
}

static void write_bounds(struct script_verdict *v, const struct script_item *it,
    const struct script_bound *lo, const struct script_bound *hi)
{
	char a[24], b[24];

	write_bound(a, sizeof(a), lo);
	write_bound(b, sizeof(b), hi);
	snprintf(v->bounds, sizeof(v->bounds), "%s - %s%s%.10s", a, b,
	    *it->unit ? " " : "", it->unit);
}

static const char *unit_code(const struct script_value *v)
{
	return v->code ? v->code : v->text ? v->text : "";
}

/* Bounds without a unit are in the item's first one: the value as that. False
 * where it does not convert; then such bounds say nothing. */
static bool to_first_unit(struct script_value *out,
    const struct script_item *it, const struct script_value *v)
{
	struct quantity in = {.value = v->num, .scale = v->scale}, as;
	const char *first =
	    it->n_units > 0 ? unit_code(&it->units[0].value) : "";
	const char *canonical;
	int scale;

	*out = *v;
	if (v->type != SCRIPT_QUANTITY || !*first ||
	    strcmp(first, unit_code(v)) == 0)
		return true;
	canonical = unit_canonical(&scale, it->code);
	if (!canonical || strcmp(first, canonical) != 0)
		return false;
	text_copy(in.unit, sizeof(in.unit), unit_code(v));
	if (unit_convert(&as, &in, it->code) < 0)
		return false;
	out->num = as.value;
	out->scale = as.scale;
	out->code = first;
	out->text = it->units[0].value.text;
	return true;
}

static bool is_comparable(
    const struct script_bound *b, bool is_first, const struct script_value *v)
{
	return b->has && (is_first || v->type != SCRIPT_QUANTITY ||
			     b->at.type == SCRIPT_QUANTITY);
}

static bool is_outside(const struct script_item *it,
    const struct script_bound *lo, const struct script_bound *hi,
    const struct script_value *value)
{
	struct script_value v;
	bool is_first = to_first_unit(&v, it, value);
	int c;

	if (is_comparable(lo, is_first, &v) &&
	    script_value_cmp(&c, &v, &lo->at) && c < 0)
		return true;
	return is_comparable(hi, is_first, &v) &&
	       script_value_cmp(&c, &v, &hi->at) && c > 0;
}

static int check_bounds(const struct script_item *it,
    const struct script_value *value, bool confirmed, struct script_verdict *v)
{
	if (is_outside(it, &it->min, &it->max, value)) {
		write_bounds(v, it, &it->min, &it->max);
		return refuse(v, N_("Out of the possible range."));
	}
	if (confirmed || !is_outside(it, &it->soft_min, &it->soft_max, value))
		return 0;
	write_bounds(v, it, &it->soft_min, &it->soft_max);
	v->is_soft = true;
	v->text = N_("Unusual value. Ask again, then confirm it.");
	return ERR_CHECK;
}

static int check_unit(const struct script_item *it, struct script_value *value,
    struct script_verdict *v)
{
	const struct script_value *unit = NULL;

	if (it->type != SCRIPT_QUANTITY || it->n_units == 0)
		return 0;
	for (uint32_t u = 0; u < it->n_units && !unit; u++) {
		const struct script_value *have = &it->units[u].value;
		if ((!value->code && !value->text) ||
		    (value->code && have->code &&
			strcmp(value->code, have->code) == 0) ||
		    (value->text && have->text &&
			strcmp(value->text, have->text) == 0) ||
		    (value->text && have->code &&
			strcmp(value->text, have->code) == 0))
			unit = have;
	}
	if (!unit)
		return refuse(v, N_("This unit is not used here."));
	value->code = unit->code;
	value->system = unit->system;
	value->text = unit->text;
	return 0;
}

/* ---- text, dates, options ------------------------------------------------ */

static int check_text(const struct script_item *it,
    const struct script_value *value, struct script_verdict *v)
{
	uint32_t max = it->max_length && it->max_length < SCRIPT_TEXT_MAX
			   ? it->max_length
			   : SCRIPT_TEXT_MAX;
	const char *s = value->text;
	size_t n = s ? strlen(s) : 0, len;
	uint32_t c;

	if (n == 0)
		return refuse(v, N_("Nothing was typed."));
	for (size_t i = 0; i < n; i += len) {
		len = utf8_decode(&c, s + i, n - i);
		if (len == 0 || (text_is_control(c) && c != '\n'))
			return refuse(
			    v, N_("The text has unusable characters."));
	}
	if (utf8_count(s) > max)
		return refuse(v, N_("The text is too long."));
	if (it->type == SCRIPT_URL && strpbrk(s, " \n"))
		return refuse(v, N_("An address has no spaces."));
	return 0;
}

static int check_option(const struct script_item *it,
    struct script_value *value, struct script_verdict *v)
{
	const struct script_option *o = run_option(it, value);

	if (o) {
		*value = o->value;
		return 0;
	}
	if (it->type == SCRIPT_OPEN_CHOICE && value->type == SCRIPT_STRING)
		return check_text(it, value, v);
	if (it->type == SCRIPT_OPEN_CHOICE && it->n_options == 0 &&
	    value->type == SCRIPT_CHOICE)
		return 0;
	return refuse(v, N_("There is no such option."));
}

static enum script_type value_type(const struct script_item *it)
{
	return it->type == SCRIPT_TEXT ? SCRIPT_STRING : it->type;
}

static int check_value(const struct script_item *it, struct script_value *value,
    bool confirmed, struct script_verdict *v)
{
	int r;

	if (is_choice(it))
		return check_option(it, value, v);
	if (it->type == SCRIPT_DECIMAL && value->type == SCRIPT_INTEGER)
		value->type = SCRIPT_DECIMAL;
	if (value->type != value_type(it))
		return refuse(v, N_("This answer does not fit the question."));
	switch (it->type) {
	case SCRIPT_STRING:
	case SCRIPT_TEXT:
	case SCRIPT_URL:
		return check_text(it, value, v);
	case SCRIPT_DATE:
	case SCRIPT_DATETIME:
	case SCRIPT_TIME:
		if (!script_value_is_valid(value))
			return refuse(
			    v, N_("This date or time does not exist."));
		return check_bounds(it, value, confirmed, v);
	case SCRIPT_INTEGER:
	case SCRIPT_DECIMAL:
	case SCRIPT_QUANTITY:
		r = check_unit(it, value, v);
		return r < 0 ? r : check_bounds(it, value, confirmed, v);
	case SCRIPT_GROUP:
	case SCRIPT_DISPLAY:
	case SCRIPT_BOOLEAN:
	case SCRIPT_CHOICE:
	case SCRIPT_OPEN_CHOICE:
	case SCRIPT_ATTACHMENT:
	case SCRIPT_REFERENCE:
	case SCRIPT_TYPE_COUNT:
		break;
	}
	return 0;
}

/* ---- the answer as a whole ----------------------------------------------- */

static int check_count(const struct script_item *it,
    const struct script_answer *a, const struct script_value *values,
    struct script_verdict *v)
{
	uint32_t max = !it->repeats ? 1
		       : it->max_occurs && it->max_occurs < SCRIPT_REPEAT_MAX
			   ? it->max_occurs
			   : SCRIPT_REPEAT_MAX;

	if (a->n == 0)
		return refuse(v, N_("Nothing was typed."));
	if (a->n > max)
		return refuse(v, N_("Too many answers."));
	for (uint32_t i = 0; i < a->n && is_choice(it); i++) {
		const struct script_option *o = run_option(it, &values[i]);
		if (o && o->is_exclusive && a->n > 1)
			return refuse(
			    v, N_("This option excludes the others."));
		for (uint32_t k = 0; k < i; k++)
			if (script_value_is_equal(&values[i], &values[k]))
				return refuse(
				    v, N_("The same option was chosen twice."));
	}
	return 0;
}

/* a must be below b where the two are asked together. */
static bool is_below(const struct script_run *run, uint32_t item, uint32_t occ,
    const struct script_value *value, bool other_is_upper)
{
	const struct script_answer *o = script_run_answer(run, item, occ);
	int c;

	if (!o || o->n == 0 || !script_value_cmp(&c, value, &o->values[0]))
		return true;
	return other_is_upper ? c < 0 : c > 0;
}

static int check_pairs(const struct script_run *run,
    const struct script_answer *a, const struct script_value *values,
    struct script_verdict *v)
{
	const struct script *s = run->s;
	uint32_t less = s->items[a->item].rules->less;
	bool ok = less == SCRIPT_NONE ||
		  is_below(run, less, a->occ, &values[0], true);

	for (uint32_t i = 0; i < s->n && ok; i++)
		if (s->items[i].rules->less == a->item)
			ok = is_below(run, i, a->occ, &values[0], false);
	return ok ? 0
		  : refuse(
			v, N_("The lower value must be below the upper one."));
}

static int check_absent(const struct script_item *it,
    const struct script_answer *a, struct script_verdict *v)
{
	bool is_number = it->type == SCRIPT_INTEGER ||
			 it->type == SCRIPT_DECIMAL ||
			 it->type == SCRIPT_QUANTITY;

	if (a->n > 0 || a->absent >= SCRIPT_ABSENT_COUNT)
		return refuse(v, N_("This answer does not fit the question."));
	if (it->role != SCRIPT_ROLE_NONE)
		return refuse(v, N_("This question cannot be left out."));
	if (!is_number && !it->is_measured &&
	    (a->absent == SCRIPT_ABSENT_NOT_MEASURED ||
		a->absent == SCRIPT_ABSENT_NO_DEVICE))
		return refuse(v, N_("Only a measurement can be unmeasured."));
	if (a->absent == SCRIPT_ABSENT_NOT_ASKED && (!a->reason || !*a->reason))
		return refuse(v, N_("Say why it was not asked."));
	return 0;
}

int run_check(const struct script_run *run, const struct script_answer *a,
    struct script_value *values, bool confirmed, struct script_verdict *v)
{
	const struct script_item *it = &run->s->items[a->item];
	int r = 0;

	if (a->absent != SCRIPT_ABSENT_NONE)
		return check_absent(it, a, v);
	for (uint32_t i = 0; i < a->n && r == 0; i++)
		r = check_value(it, &values[i], confirmed, v);
	if (r == 0)
		r = check_count(it, a, values, v);
	if (r == 0)
		r = check_pairs(run, a, values, v);
	return r;
}

/* ---- taking it ----------------------------------------------------------- */

static int check_place(const struct script_run *run,
    const struct script_answer *a, struct script_verdict *v)
{
	const struct node *node;

	if (a->item >= run->s->n || run->status == SCRIPT_STOPPED) {
		v->text = N_("This call was ended.");
		return ERR_STALE;
	}
	node = run_node(run, a->item, a->occ);
	if (node && node->is_proxy)
		return refuse(v, N_("Only the patient may answer this."));
	if (!node || !node->enabled) {
		v->text = N_("This question is not asked any more.");
		return ERR_STALE;
	}
	if (!run->s->items[a->item].rules->is_question_here)
		return refuse(v, N_("This cannot be answered here."));
	return 0;
}

/* Forgets what hangs below the k-th value of a repeating question. */
static void drop_below(struct script_run *run, uint32_t item, uint32_t occ)
{
	const struct script_item *it = &run->s->items[item];

	for (uint32_t i = item + 1; i < it->end; i++) {
		const struct script_item *c = &run->s->items[i];
		unsigned up = (unsigned)(c->levels - it->levels - 1);
		for (uint32_t p = 0; p < run->items[i].n; p++) {
			struct node *node = &run->items[i].at[p];
			if (occ_above(node->occ, up) != occ)
				continue;
			run_put(node, NULL);
			node->is_touched = false;
		}
	}
}

/* Values whose place among a repeating question's answers changed lose what
 * hangs below them. */
static void drop_changed(struct script_run *run, const struct node *node,
    const struct script_answer *a)
{
	const struct script_item *it = &run->s->items[a->item];

	for (uint32_t k = 0; k < node->answer.n && it->is_level; k++)
		if (k >= a->n || !script_value_is_equal(
				     &a->values[k], &node->answer.values[k]))
			drop_below(run, a->item, a->occ * 64 + k);
}

int script_run_set(struct script_run *run, const struct script_answer *answer,
    bool confirmed, struct script_verdict *verdict)
{
	struct script_value values[SCRIPT_REPEAT_MAX];
	struct script_verdict local;
	struct script_verdict *v = verdict ? verdict : &local;
	struct script_answer a = *answer;
	struct node *node;
	int r;

	*v = (struct script_verdict){0};
	if (a.n > SCRIPT_REPEAT_MAX)
		return refuse(v, N_("Too many answers."));
	if (a.n > 0)
		memcpy(values, a.values, a.n * sizeof(*values));
	a.values = values;
	r = check_place(run, &a, v);
	if (r == 0)
		r = run_check(run, &a, values, confirmed, v);
	if (r < 0)
		return r;
	node = run_node(run, a.item, a.occ);
	drop_changed(run, node, &a);
	run_put(node, &a);
	run->status = SCRIPT_IN_PROGRESS;
	run_settle(run);
	return 0;
}

int script_run_absent(struct script_run *run, struct script_place at,
    enum script_absent why, const char *reason, struct script_verdict *v)
{
	struct script_answer a = {
	    .item = at.item, .occ = at.occ, .absent = why, .reason = reason};

	return script_run_set(run, &a, at.confirmed, v);
}
