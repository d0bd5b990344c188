/* moves.c - the end of a call that is yet to be made, by two versions. */
#include "core/moves.h"

#include "core/casefile.h"
#include "core/clock.h"
#include "core/content_diff.h"
#include "core/history.h"
#include "core/interval.h"
#include "core/mem.h"
#include "core/outcome.h"
#include "core/pathway_set.h"
#include "core/replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOON_S (DAY_S / 2)

/* One due of one patient. */
struct asking {
	const struct content_world *const *worlds;
	const struct moves_patient *patient;
	const struct case_due *due;
	struct casefile *file; /* with this due alone */
	int64_t call_day;
};

/* What one finding leads to. */
struct answer {
	bool differs;
	struct move move;
};

static const char *const kind_names[MOVES_KINDS] = {
    [MOVES_LEAVES] = "leaves",
    [MOVES_STAYS] = "stays",
    [MOVES_EARLIER] = "earlier",
    [MOVES_LATER] = "later",
    [MOVES_STEP] = "step",
    [MOVES_SCRIPT] = "script",
};

const char *moves_kind_name(enum moves_kind kind)
{
	return kind_names[kind];
}

/* All that is known by then, and what the call finds. */
static void know(
    struct facts *f, const struct asking *a, const char *found, int64_t at_s)
{
	const struct moves_patient *p = a->patient;

	for (size_t i = 0; i < p->facts->n; i++)
		facts_add(f, &p->facts->items[i]);
	facts_age(f);
	history_person(f, p->file, at_s, p->zone_s);
	if (*found)
		facts_add_coded(f, VISIT_CLASS, found, at_s);
}

/* False when both decide the same step, day and script. */
static bool kind_of(enum moves_kind *out, const struct outcome_next *a,
    const struct outcome_next *b)
{
	int64_t later = b->due.due_day - a->due.due_day;

	if (a->is_over || b->is_over) {
		*out = b->is_over ? MOVES_LEAVES : MOVES_STAYS;
		return a->is_over != b->is_over;
	}
	*out = later < 0                          ? MOVES_EARLIER
	       : later                            ? MOVES_LATER
	       : strcmp(a->due.step, b->due.step) ? MOVES_STEP
						  : MOVES_SCRIPT;
	return *out != MOVES_SCRIPT ||
	       strcmp(a->due.script, b->due.script) != 0;
}

static void put_next(char out[MOVES_TEXT], const struct outcome_next *n)
{
	char day[DAY_TEXT];

	if (n->is_over) {
		snprintf(out, MOVES_TEXT, "- none");
		return;
	}
	day_text(day, n->due.due_day);
	snprintf(out, MOVES_TEXT, "%s %s %s %s", n->due.step, day,
	    n->due.script, n->due.rule);
}

static void answer(struct answer *out, const struct asking *a, size_t finding)
{
	int64_t at_s = a->call_day * DAY_S - a->patient->zone_s + NOON_S;
	struct outcome end[2];
	struct facts f = {0};

	*out = (struct answer){
	    .move = {.pathway = a->due->pathway, .call_day = a->call_day}};
	know(&f, a, content_findings[finding], at_s);
	for (size_t i = 0; i < 2; i++)
		replay_end(&end[i], a->worlds[i],
		    &(struct replay_call){
			a->file, &f, NULL, at_s, a->patient->zone_s});
	out->differs =
	    kind_of(&out->move.kind, &end[0].next[0], &end[1].next[0]);
	put_next(out->move.was, &end[0].next[0]);
	put_next(out->move.now, &end[1].next[0]);
	facts_fini(&f);
}

static bool is_same(const struct answer *a, const struct answer *b)
{
	return a->differs == b->differs &&
	       strcmp(a->move.was, b->move.was) == 0 &&
	       strcmp(a->move.now, b->move.now) == 0;
}

/* All findings that lead where the first one does. */
static void name_findings(struct answer *all, size_t first)
{
	struct move *m = &all[first].move;
	size_t n = 0, len = 0;

	for (size_t i = first; i < CONTENT_FINDINGS; i++) {
		if (!is_same(&all[first], &all[i]))
			continue;
		n++;
		len += (size_t)snprintf(m->findings + len,
		    sizeof(m->findings) - len, "%s%s", len ? ", " : "",
		    i ? content_findings[i] : "none");
		all[i].differs = i == first;
	}
	if (n == CONTENT_FINDINGS)
		snprintf(m->findings, sizeof(m->findings), "any");
}

static void ask_due(struct asking *a, bool seen[MOVES_KINDS],
    const struct moves_listener *listener)
{
	struct answer *all = mem_array(CONTENT_FINDINGS, sizeof(*all));

	for (size_t i = 0; i < CONTENT_FINDINGS; i++)
		answer(&all[i], a, i);
	for (size_t i = 0; i < CONTENT_FINDINGS; i++) {
		if (!all[i].differs)
			continue;
		name_findings(all, i);
		seen[all[i].move.kind] = true;
		if (listener->tell)
			listener->tell(listener->ctx, &all[i].move);
	}
	free(all);
}

void moves_ask(struct moves_total *total,
    const struct content_world *const worlds[2],
    const struct moves_patient *patient, const struct moves_listener *listener)
{
	struct asking a = {.worlds = worlds,
	    .patient = patient,
	    .file = mem_new(sizeof(*a.file))};
	int64_t today = day_of(patient->now_s, patient->zone_s);
	bool seen[MOVES_KINDS] = {false}, is_changed = false, is_on = false;

	for (int i = 0; i < patient->file->due_count; i++) {
		a.due = &patient->file->dues[i];
		if (!pathway_set_find(worlds[0]->pathways, a.due->pathway, 0))
			continue;
		is_on = true;
		a.file->due_count = 1;
		a.file->dues[0] = *a.due;
		a.call_day = a.due->due_day > today ? a.due->due_day : today;
		ask_due(&a, seen, listener);
	}
	for (size_t i = 0; i < MOVES_KINDS; i++) {
		total->of[i] += seen[i];
		is_changed |= seen[i];
	}
	total->asked += is_on;
	total->changed += is_changed;
	free(a.file);
}
