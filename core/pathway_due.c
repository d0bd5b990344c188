/* pathway_due.c - the days of a pathway: first contact and next contact. */
#include "core/pathway.h"

#include <string.h>

static const struct words over_by_time = {
    "路径已完成",
    "The pathway is complete",
};

static const struct words over_by_rule = {
    "符合路径结束条件",
    "The condition to leave the pathway holds",
};

static void end(
    struct pathway_due *out, const struct pathway *p, const struct words *why)
{
	*out = (struct pathway_due){
	    .pathway = p,
	    .is_over = true,
	    .rule = "plan",
	    .version = p->head.version,
	    .why = *why,
	};
}

/* A contact of a step around a day; never before `earliest`. */
static void plan(struct pathway_due *out, const struct pathway *p,
    const struct pathway_step *step, const int64_t day[2])
{
	int64_t due = day[0] < day[1] ? day[1] : day[0];
	int64_t open = day[0] + step->open_days;
	int64_t close = day[0] + step->close_days;

	*out = (struct pathway_due){
	    .pathway = p,
	    .step = step->id,
	    .script = step->script,
	    .open_day = open < day[1] ? day[1] : open,
	    .due_day = due,
	    .close_day = close < due ? due : close,
	    .minutes = step->minutes,
	    .rule = "plan",
	    .version = p->head.version,
	    .why = step->title,
	};
}

static bool is_past_end(
    const struct pathway *p, int64_t anchor_day, int64_t day)
{
	return p->end_days && day > anchor_day + p->end_days;
}

/* Counts repetitions from `from`, at least to `earliest`. */
static void plan_repeat(struct pathway_due *out, const struct pathway *p,
    int64_t anchor_day, const int64_t day[2])
{
	if (!p->repeat.id || is_past_end(p, anchor_day, day[0]))
		end(out, p, &over_by_time);
	else
		plan(out, p, &p->repeat, day);
}

/* The first step from index i whose window is not over at `earliest`. */
static const struct pathway_step *open_step(
    const struct pathway *p, size_t i, int64_t anchor_day, int64_t earliest)
{
	for (; i < p->n_steps; i++) {
		const struct pathway_step *s = p->steps + i;

		if (anchor_day + s->offset_days + s->close_days >= earliest)
			return s;
	}
	return NULL;
}

void pathway_first_due(struct pathway_due *out, const struct pathway *p,
    int64_t anchor_day, int64_t today)
{
	const struct pathway_step *s = open_step(p, 0, anchor_day, today);
	int64_t day[2] = {anchor_day, today};

	if (s) {
		day[0] += s->offset_days;
		plan(out, p, s, day);
		return;
	}
	/* Every step is past. Repetitions count from the last of them. */
	if (p->n_steps)
		day[0] += p->steps[p->n_steps - 1].offset_days;
	if (p->repeat.id)
		day[0] += p->repeat.offset_days;
	if (p->repeat.id && day[0] < today)
		day[0] += (today - day[0] + p->repeat.offset_days - 1) /
			  p->repeat.offset_days * p->repeat.offset_days;
	plan_repeat(out, p, anchor_day, day);
}

/* Index of the step after the one served. A contact that served no step of
 * the plan (a check between two of them) is placed by its day. */
static size_t index_after(
    const struct pathway *p, const struct pathway_visit *v)
{
	const struct pathway_step *s = pathway_step_find(p, v->step);
	size_t i = 0;

	if (s == &p->repeat)
		return p->n_steps;
	if (s)
		return (size_t)(s - p->steps) + 1;
	while (
	    i < p->n_steps && v->anchor_day + p->steps[i].offset_days <= v->day)
		i++;
	return i;
}

static void plan_next(struct pathway_due *out, const struct pathway *p,
    const struct pathway_visit *v)
{
	int64_t tomorrow = v->day + 1;
	const struct pathway_step *s =
	    open_step(p, index_after(p, v), v->anchor_day, tomorrow);
	int64_t day[2] = {v->day, tomorrow};

	if (s) {
		day[0] = v->anchor_day + s->offset_days;
		plan(out, p, s, day);
		return;
	}
	if (p->repeat.id)
		day[0] += p->repeat.offset_days;
	plan_repeat(out, p, v->anchor_day, day);
}

/* A rule replaces the interval of a repetition, and comes before a step of
 * the plan that is later; it never delays a step of the plan. */
static bool rule_decides(const struct pathway_due *planned,
    const struct interval_rule *rule, const struct pathway_visit *v)
{
	const struct pathway *p = planned->pathway;
	int64_t day = v->day + rule->days;

	if (planned->is_over)
		return rule->refers || !is_past_end(p, v->anchor_day, day);
	return planned->step == p->repeat.id || day < planned->due_day;
}

/* The step that a check in between belongs to, for its script. */
static const struct pathway_step *served_step(
    const struct pathway *p, const struct pathway_visit *v)
{
	const struct pathway_step *s = pathway_step_find(p, v->step);

	if (s)
		return s;
	return p->repeat.id ? &p->repeat : p->steps;
}

static void apply_rule(struct pathway_due *out, const struct interval *decided,
    const struct pathway_visit *v)
{
	const struct pathway *p = out->pathway;
	const struct interval_rule *rule = decided->rule;
	const struct pathway_step *s = served_step(p, v);
	bool repeats = out->step && out->step == p->repeat.id;
	int64_t open = v->day + rule->days + rule->open_days;

	if (out->is_over)
		*out = (struct pathway_due){.pathway = p};
	out->step = repeats ? p->repeat.id : "check";
	out->script = rule->script ? rule->script : s->script;
	out->minutes = s->minutes;
	out->due_day = v->day + rule->days;
	out->open_day = open <= v->day ? v->day + 1 : open;
	out->close_day = out->due_day + rule->close_days;
	out->rule = rule->id;
	out->version = rule->version;
	out->why = rule->why;
	out->inputs = decided->inputs;
}

void pathway_next(struct pathway_due *out, const struct pathway *p,
    const struct pathway_visit *visit)
{
	struct interval decided;

	if (p->leave &&
	    cond_holds(p->leave, visit->facts, visit->now_s, NULL)) {
		end(out, p, &over_by_rule);
		return;
	}
	plan_next(out, p, visit);
	interval_decide(
	    &decided, p->rules, p->n_rules, visit->facts, visit->now_s);
	if (decided.rule && rule_decides(out, decided.rule, visit))
		apply_rule(out, &decided, visit);
	out->refer = decided.refer;
}
