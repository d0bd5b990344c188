/*
 * import_run_roster.c - members saved one by one, and their report; apart
 * from people, so that a program which grants need not know how to read them.
 */
#include "sync/import_run.h"

#include "core/err.h"
#include "core/tr.h"

#include <string.h>

struct roster_work {
	struct import_tally *tally;
	const struct import_run *run;
	const struct import_staff *staff;
};

static int run_member(void *ctx, const struct import_member *member)
{
	struct roster_work *w = ctx;
	struct draft draft = {0};
	enum import_change change = IMPORT_SAME;
	int r = import_member(&draft, &change, w->staff, member);

	if (r == 0 && !w->run->is_dry && draft.count)
		r = w->run->save(w->run->ctx, &draft);
	if (r == 0)
		w->tally->changes[change]++;
	draft_fini(&draft);
	return r;
}

int import_run_roster(struct import_tally *out, const struct import_run *run,
    const struct import_staff *staff, struct import_batch *b,
    const struct import_text *file)
{
	struct roster_work w = {out, run, staff};

	*out = (struct import_tally){0};
	return import_roster(b, file, run_member, &w);
}

void import_report_problems(
    struct buf *out, const struct import_batch *b, bool is_dry, size_t most)
{
	size_t n = import_problem_count(b);

	if (n == 0)
		return;
	buf_printf(out,
	    is_dry ? _("Cannot be read: %zu\n") : _("Quarantined: %zu\n"), n);
	for (size_t i = 0; i < n && i < most; i++) {
		const struct import_problem *p = import_problem_at(b, i);
		buf_printf(out, "  %s%s%s: %s%s%s%s\n", p->file,
		    *p->where ? " " : "", p->where, tr(p->why),
		    *p->detail ? " (" : "", p->detail, *p->detail ? ")" : "");
	}
	if (n > most)
		buf_printf(out, _("  and %zu more\n"), n - most);
}

void import_report_roster(struct buf *out, const struct import_tally *tally,
    const struct import_batch *b, bool is_dry)
{
	const size_t *c = tally->changes;

	if (is_dry)
		buf_str(out, _("Dry run: nothing was saved.\n"));
	buf_printf(out, _("Members: %zu granted, %zu changed, %zu unchanged\n"),
	    c[IMPORT_NEW], c[IMPORT_ADDED], c[IMPORT_SAME]);
	import_report_problems(out, b, is_dry, 50);
}
