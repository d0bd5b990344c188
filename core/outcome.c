/*
 * outcome.c - deciding the end of a call.
 */
#include "core/outcome.h"

#include "core/clock.h"
#include "core/text.h"

#include <stdio.h>
#include <string.h>

/* The entry's word for the class of this visit. */
const char *outcome_class(const struct facts *facts)
{
	static const struct {
		const char *fact, *entry;
	} words[] = {
	    {VISIT_COMPLICATION, "complication"},
	    {VISIT_ADVERSE, "adverse"},
	    {VISIT_UNSATISFIED, "unsatisfied"},
	    {VISIT_SATISFIED, "satisfied"},
	};
	const struct fact *f = facts_last(facts, VISIT_CLASS);

	for (size_t i = 0; f && !f->is_history && i < ARRAY_LEN(words); i++)
		if (strcmp(f->text, words[i].fact) == 0)
			return words[i].entry;
	return "none";
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
	snprintf(to->pathway_version, sizeof(to->pathway_version), "%d",
	    from->pathway->head.version);
	cond_trace_text(to->inputs, sizeof(to->inputs), &from->inputs);
	text_copy(to->rule, sizeof(to->rule), from->rule);
	snprintf(
	    to->rule_version, sizeof(to->rule_version), "%d", from->version);
}

static void plan_next(struct outcome_next *n, const struct outcome_in *in,
    const struct pathway *p)
{
	struct pathway_visit visit = {
	    .step = n->due.step,
	    .anchor_day = n->due.anchor_day,
	    .day = day_of(in->now_s, in->zone_s),
	    .now_s = in->now_s,
	    .facts = in->facts,
	};
	struct pathway_due due;

	pathway_next(&due, p, &visit);
	n->is_done = true;
	n->is_over = due.is_over;
	n->refers = due.refer != NULL;
	text_copy(n->due.why_zh, sizeof(n->due.why_zh), due.why.zh);
	text_copy(n->due.why_en, sizeof(n->due.why_en), due.why.en);
	if (!due.is_over)
		copy_due(&n->due, &due);
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
}

static void keep_due(struct outcome *out, struct outcome_next *n)
{
	n->due.attempts++;
	n->due.not_before_s = out->try_s;
}

static bool is_asked(const struct outcome_in *in, const char *script)
{
	for (size_t i = 0; i < in->n_scripts; i++)
		if (strcmp(in->scripts[i], script) == 0)
			return true;
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

	*out = (struct outcome){.class = outcome_class(in->facts)};
	out->stops = in->how->stops_pathways;
	if (!done && !out->stops)
		try_again(out, in);
	for (int i = 0; i < in->file->due_count; i++) {
		struct outcome_next *n = &out->next[out->count++];
		bool mine = is_asked(in, in->file->dues[i].script);

		*n = (struct outcome_next){.due = in->file->dues[i],
		    .was_due_day = in->file->dues[i].due_day};
		text_copy(n->was_step, sizeof(n->was_step), n->due.step);
		if (done && mine && in->pathways[i])
			plan_next(n, in, in->pathways[i]);
		else if (!done && !out->stops)
			keep_due(out, n);
		out->refers |= n->refers;
	}
	out->first = strictest(out);
}
