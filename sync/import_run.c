/* import_run.c - people and members saved one by one, and the report. */
#include "sync/import_run.h"

#include "core/err.h"
#include "core/tr.h"
#include "sync/import_assign.h"
#include "sync/import_rows.h"

#include <string.h>

static void count(struct import_tally *t, const struct import_result *r,
    const struct import_patient *p)
{
	t->changes[r->change]++;
	for (size_t k = 0; k < ARRAY_LEN(t->items); k++)
		t->items[k] += r->added[k];
	t->enrolled += r->enrolled;
	t->left += r->left;
	t->assigned += r->has_member;
	t->deceased += p->is_deceased;
	t->differing += r->differs;
}

static void refuse_person(
    struct import_batch *b, const struct import_patient *p, int why)
{
	const struct import_place at = {p->key, "", "Patient"};

	(void)import_refuse(b, &at, "identifier",
	    why == ERR_STALE
		? N_("Two registered patients carry its identifiers. Link "
		     "them or correct one.")
		: N_("The patient it refers to is in no file and not "
		     "registered."),
	    "");
}

static int run_one(struct import_tally *t, const struct import_run *run,
    struct import_batch *b, const struct import_patient *p)
{
	struct draft draft = {0};
	struct import_result result;
	int r = import_enrol(&draft, &result, run->site, p);

	if (r == ERR_STALE || r == ERR_NOT_FOUND) {
		refuse_person(b, p, r);
		t->refused++;
		r = 0;
	} else if (r == 0) {
		if (!run->is_dry && draft.count)
			r = run->save(run->ctx, &draft);
		if (r == 0)
			count(t, &result, p);
	}
	draft_fini(&draft);
	return r;
}

int import_run(struct import_tally *out, const struct import_run *run,
    struct import_batch *b)
{
	struct import_tally t = {0};
	int r = import_finish(b);

	if (r == ERR_QUARANTINED)
		r = 0;
	for (size_t i = 0; r == 0 && i < import_patient_count(b); i++) {
		r = run_one(&t, run, b, import_patient_at(b, i));
		if (r == 0 && run->progress)
			run->progress(run->ctx, i + 1, import_patient_count(b));
	}
	if (r == 0 && run->site->wishes)
		import_wishes_close(run->site->wishes, b);
	*out = t;
	if (r == 0 && import_problem_count(b) > 0)
		r = ERR_QUARANTINED;
	return r;
}

static void report_types(struct buf *out, const struct import_batch *b)
{
	for (size_t i = 0; i < import_type_count(b); i++) {
		const struct import_count *t = import_type_at(b, i);
		if (t->is_known)
			buf_printf(out,
			    _("  %-22s %6zu read, %zu passed over, %zu "
			      "broken\n"),
			    t->type, t->taken, t->passed_over, t->broken);
		else
			buf_printf(out, _("  %-22s %6zu not a type we read\n"),
			    t->type, t->seen);
	}
}

void import_report(struct buf *out, const struct import_tally *tally,
    const struct import_batch *b, bool is_dry, size_t most)
{
	const size_t *c = tally->changes;

	if (is_dry)
		buf_str(out, _("Dry run: nothing was saved.\n"));
	report_types(out, b);
	buf_printf(out,
	    _("Patients: %zu new, %zu with additions, %zu unchanged\n"),
	    c[IMPORT_NEW], c[IMPORT_ADDED], c[IMPORT_SAME]);
	buf_printf(out,
	    _("Added: %zu conditions, %zu procedures, %zu measurements, %zu "
	      "visits, %zu medicines\n"),
	    tally->items[IMPORT_CONDITION], tally->items[IMPORT_PROCEDURE],
	    tally->items[IMPORT_OBSERVATION], tally->items[IMPORT_ENCOUNTER],
	    tally->items[IMPORT_MEDICATION]);
	buf_printf(out, _("Pathways entered: %zu; assigned: %zu\n"),
	    tally->enrolled, tally->assigned);
	if (tally->deceased)
		buf_printf(
		    out, _("Deceased, on no list: %zu\n"), tally->deceased);
	if (tally->differing)
		buf_printf(out,
		    _("Differ from what is registered, not changed: %zu\n"),
		    tally->differing);
	import_report_problems(out, b, is_dry, most);
}
