/*
 * key_roster.c - everybody of a roster's table granted by one seat: the same
 * rows, teams and places as an import at the centre, signed by a person.
 */
#include "core/err.h"
#include "core/id.h"
#include "core/tr.h"
#include "sync/home.h"
#include "sync/import.h"
#include "sync/import_file.h"
#include "sync/import_members.h"
#include "sync/import_run.h"
#include "sync/key_verbs.h"
#include "sync/ledger.h"

#include <stdio.h>
#include <string.h>

#define ROSTER_BYTES (4u << 20)
#define ZONE_S 28800

static int save(void *ctx, const struct draft *draft)
{
	return ledger_record(ctx, draft, NULL);
}

static int grant_all(
    struct home *home, const struct program *p, const struct buf *text)
{
	const struct import_text file = {
	    program_opt(p, "roster", ""), buf_text(text), text->len};
	const struct import_run run = {.save = save, .ctx = home_ledger(home)};
	struct import_staff staff = {.store = home_store(home),
	    .env = program_env(),
	    .roster = *ledger_roster(home_ledger(home))};
	struct import_tally tally = {.refused = 0};
	struct import_batch *batch;
	struct buf out = {0};
	int r = key_until(&staff.until_s, p);

	if (r < 0)
		return r;
	batch = import_new(ZONE_S);
	r = import_run_roster(&tally, &run, &staff, batch, &file);
	import_report_roster(&out, &tally, batch, false);
	program_print(p, "%s", buf_text(&out));
	buf_fini(&out);
	import_free(&batch);
	return r;
}

int key_roster_grant(struct home *home, const struct program *p)
{
	struct buf text = {0};
	int r =
	    import_file_read(&text, program_opt(p, "roster", ""), ROSTER_BYTES);

	if (r == 0)
		r = grant_all(home, p, &text);
	buf_fini(&text);
	return r;
}
