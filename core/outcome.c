/*
 * outcome.c - deciding the end of a call.
 */
#include "core/outcome.h"

#include "core/clock.h"
#include "core/text.h"

#include <stdio.h>
#include <string.h>

/* Classes of a visit and the entry's words for them, the gravest first. */
static const struct {
	const char *fact, *entry;
} classes[] = {
    {VISIT_COMPLICATION, "complication"},
    {VISIT_ADVERSE, "adverse"},
    {VISIT_UNSATISFIED, "unsatisfied"},
    {VISIT_SATISFIED, "satisfied"},
};

static size_t class_of(const char *fact)
{
	size_t i = 0;

	while (i < ARRAY_LEN(classes) && strcmp(fact, classes[i].fact) != 0)
		i++;
	return i;
}

/* Index of the class that was answered in this contact. */
static size_t class_answered(const struct facts *facts)
{
	const struct fact *f = facts_last(facts, VISIT_CLASS);

	return f && !f->is_history ? class_of(f->text) : ARRAY_LEN(classes);
}

const char *outcome_class(const struct facts *facts)
{
	size_t i = class_answered(facts);

	return i < ARRAY_LEN(classes) ? classes[i].entry : "none";
}

/* The agent's class stays as it was answered, but the interval goes by what
 * was measured where that is worse: a slip of one key must not put somebody
 * with a dangerous pressure off for three months. */
static void weigh_figures(struct outcome *out, const struct outcome_in *in)
{
	size_t said = class_answered(in->facts);
	struct target_visit visit;

	if (!in->targets || said == ARRAY_LEN(classes))
		return;
	target_classify(&visit, in->targets, NULL, in->facts, in->now_s);
	if (!visit.class || class_of(visit.class) >= said)
		return;
	out->worse = visit.class;
	cond_trace_text(out->figures, sizeof(out->figures), &visit.inputs);
}

/* What the pathways are asked with: the facts of the call, the worse class,
 * the level of the alert, scores and risk. */
static void gather(
    struct facts *seen, const struct outcome *out, const struct outcome_in *in)
{
	for (size_t i = 0; i < in->facts->n; i++)
		facts_add(seen, &in->facts->items[i]);
	if (out->worse) {
		facts_drop(seen, VISIT_CLASS);
		facts_add_coded(seen, VISIT_CLASS, out->worse, in->now_s);
	}
	if (in->level && *in->level)
		facts_add_coded(seen, "triage-level", in->level, in->now_s);
	if (in->tables)
		profile_add_facts(seen, in->tables, in->now_s);
}

static void copy_due(struct case_due *to, const struct pathway_due *from)
{
	text_copy(to->step, sizeof(to->step), from->step);
	text_copy(to->script, sizeof(to->script), from->script);
	to->open_day = from->open_day;
	to->due_day = from->due_day;
	to->close_day = from->close_day;
	to->minutes = from->minutes;
	to->attempts = 0;
	to->not_before_s = 0;
	cond_trace_text(to->inputs, sizeof(to->inputs), &from->inputs);
	text_copy(to->rule, sizeof(to->rule), from->rule);
	snprintf(
	    to->rule_version, sizeof(to->rule_version), "%d", from->version);
}

static const struct words alert_soon = {
    "本次通话有危急预警：2周内随访",
    "Emergency alert in this call: follow up within 2 weeks",
};

static bool is_emergency(const struct outcome_in *in)
{
	return in->level && strcmp(in->level, "emergency") == 0;
}

/* For a pathway whose own rules say nothing of an emergency. */
static void cap_days(struct case_due *due, const struct outcome_in *in)
{
	int64_t last = day_of(in->now_s, in->zone_s) + OUTCOME_ALERT_DAYS;

	if (!is_emergency(in) || due->due_day <= last)
		return;
	due->due_day = due->close_day = last;
	if (due->open_day > last - OUTCOME_ALERT_DAYS / 2)
		due->open_day = last - OUTCOME_ALERT_DAYS / 2;
	text_copy(due->rule, sizeof(due->rule), "emergency");
	text_copy(
	    due->rule_version, sizeof(due->rule_version), due->pathway_version);
	text_copy(due->why_zh, sizeof(due->why_zh), alert_soon.zh);
	text_copy(due->why_en, sizeof(due->why_en), alert_soon.en);
	text_copy(due->inputs, sizeof(due->inputs), "triage-level emergency");
}

/* Figures behind what the rule saw stand beside it. */
static void add_input(struct case_due *due, const char *figures)
{
	size_t n = strlen(due->inputs);

	if (*figures && n + strlen(figures) + 3 <= sizeof(due->inputs))
		snprintf(due->inputs + n, sizeof(due->inputs) - n, "%s%s",
		    n ? ", " : "", figures);
}

/* The course of what this pathway watches, as a fact that its rules may ask
 * for. what names the figures behind it. */
static void see_course(char what[TREND_WHAT], struct facts *seen,
    const struct outcome_in *in, const struct pathway *p)
{
	const struct trend_now now = {in->facts, in->now_s};
	enum trend_course course;

	what[0] = '\0';
	facts_drop(seen, TREND_COURSE);
	if (!in->tables || !in->tables->trends)
		return;
	course =
	    trend_worst(what, in->tables->trends, p->trends, p->n_trends, &now);
	if (course != TREND_UNKNOWN)
		facts_add_coded(
		    seen, TREND_COURSE, trend_course_name(course), in->now_s);
}

static void plan_next(struct outcome_next *n, const struct outcome_in *in,
    const struct pathway *p, struct facts *seen)
{
	char course[TREND_WHAT];
	struct pathway_visit visit = {
	    .step = n->due.step,
	    .anchor_day = n->due.anchor_day,
	    .day = day_of(in->now_s, in->zone_s),
	    .now_s = in->now_s,
	    .facts = seen,
	};
	struct pathway_due due;

	see_course(course, seen, in, p);
	pathway_next(&due, p, &visit);
	n->is_done = true;
	n->is_over = due.is_over;
	n->refers = due.refer != NULL;
	snprintf(n->due.pathway_version, sizeof(n->due.pathway_version), "%d",
	    p->head.version);
	text_copy(n->due.why_zh, sizeof(n->due.why_zh), due.why.zh);
	text_copy(n->due.why_en, sizeof(n->due.why_en), due.why.en);
	if (due.is_over)
		return;
	copy_due(&n->due, &due);
	if (strstr(n->due.inputs, TREND_COURSE " "))
		add_input(&n->due, course);
	cap_days(&n->due, in);
}

static void try_again(struct outcome *out, const struct outcome_in *in)
{
	int attempts = in->file->due_count ? in->file->dues[0].attempts : 0;
	size_t numbers = 0;
	struct cadence_next next;

	for (int i = 0; i < in->file->phone_count; i++)
		numbers += !in->file->phones[i].retired;
	struct cadence_try last = {
	    .how = in->how,
	    .attempts = attempts + 1,
	    .number = (size_t)in->number,
	    .n_numbers = numbers,
	    .at_s = in->now_s,
	};
	cadence_next(&next, &last, in->hours, NULL);
	out->is_given_up = next.is_given_up && next.then == CADENCE_SUPERVISOR;
	out->try_s = next.is_given_up ? 0 : next.due_s;
	if (out->try_s == 0 && is_emergency(in) && in->hours)
		out->try_s = hours_next(in->hours, NULL, in->now_s + DAY_S);
}

static void keep_due(struct outcome *out, struct outcome_next *n)
{
	n->due.attempts++;
	n->due.not_before_s = out->try_s;
}

/* Did this call do what is due with that script? A call that a proxy or an
 * emergency cut short has done those scripts that it asked to their end. */
static bool is_done(const struct outcome_in *in, const char *script)
{
	for (size_t i = 0; i < in->n_scripts && in->how->may_complete; i++)
		if (strcmp(in->scripts[i], script) == 0)
			return in->is_completed ||
			       (in->finished && in->finished[i]);
	return false;
}

/* Of all that this call decided, the contact that comes first: when it is
 * made, it serves whatever else is open by then. */
static int strictest(const struct outcome *out)
{
	int best = -1;

	for (int i = 0; i < out->count; i++) {
		const struct outcome_next *n = &out->next[i];
		if (n->is_done && !n->is_over &&
		    (best < 0 || n->due.due_day < out->next[best].due.due_day))
			best = i;
	}
	return best;
}

void outcome_decide(struct outcome *out, const struct outcome_in *in)
{
	bool done = in->is_completed && in->how->may_complete;
	struct facts seen = {0};

	*out = (struct outcome){.class = outcome_class(in->facts)};
	weigh_figures(out, in);
	gather(&seen, out, in);
	out->stops = in->how->stops_pathways;
	if (!done && !out->stops)
		try_again(out, in);
	for (int i = 0; i < in->file->due_count; i++) {
		struct outcome_next *n = &out->next[out->count++];
		bool mine = is_done(in, in->file->dues[i].script);

		*n = (struct outcome_next){.due = in->file->dues[i],
		    .was_due_day = in->file->dues[i].due_day};
		text_copy(n->was_step, sizeof(n->was_step), n->due.step);
		if (mine && in->pathways[i]) {
			plan_next(n, in, in->pathways[i], &seen);
			if (!n->is_over && out->worse)
				add_input(&n->due, out->figures);
		} else if (!done && !out->stops)
			keep_due(out, n);
		out->refers |= n->refers;
	}
	out->first = strictest(out);
	facts_fini(&seen);
}

struct profile *outcome_profile(
    const struct outcome *out, const struct outcome_in *in)
{
	struct facts seen = {0};
	struct profile *p;

	if (!in->tables)
		return NULL;
	gather(&seen, out, in);
	p = profile_new(in->tables, &seen, in->now_s);
	facts_fini(&seen);
	return p;
}
