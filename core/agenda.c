/*
 * agenda.c - dues of a patient into one call.
 */
#include "core/agenda.h"

#include <string.h>

static void fill(struct pathway_due *to, const struct case_due *from,
    const struct pathway *p, int64_t today)
{
	*to = (struct pathway_due){.pathway = p,
	    .step = from->step,
	    .script = from->script,
	    .open_day = from->open_day,
	    .due_day = from->due_day < today ? today : from->due_day,
	    .close_day = from->close_day,
	    .minutes = from->minutes};
}

static void ask(struct agenda *out, const struct case_due *due)
{
	for (size_t i = 0; i < out->n_scripts; i++)
		if (strcmp(out->scripts[i], due->script) == 0)
			return;
	out->scripts[out->n_scripts++] = due->script;
	out->minutes += due->minutes;
}

/* Content that is absent has no advice, but its step is due all the same. */
void agenda_make(struct agenda *out, const struct casefile *file,
    const struct pathway *const pathways[CASE_DUES], int64_t today)
{
	struct pathway_due dues[CASE_DUES];
	int n = 0;

	*out = (struct agenda){.n_scripts = 0};
	for (int i = 0; i < file->due_count; i++)
		if (pathways[i])
			fill(&dues[n++], &file->dues[i], pathways[i], today);
	if (!pathway_merge(&out->plan, dues, (size_t)n))
		out->plan.day = INT64_MAX;
	for (int i = 0; i < file->due_count; i++) {
		int64_t day = file->dues[i].due_day;
		if (day < today)
			day = today;
		if (day < out->plan.day)
			out->plan.day = day;
	}
	for (int i = 0; i < file->due_count; i++) {
		const struct case_due *d = &file->dues[i];
		out->is_served[i] = i == 0 || d->open_day <= out->plan.day;
		if (out->is_served[i])
			ask(out, d);
	}
	memset(out->plan.served, 0, sizeof(out->plan.served));
	memset(out->plan.scripts, 0, sizeof(out->plan.scripts));
	out->plan.n_served = out->plan.n_scripts = 0;
}
