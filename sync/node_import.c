/*
 * node_import.c - patients and members from files of other systems into the
 * log: reads, decides with the importers, signs as the node, says what
 * happened. Many saves share a commit: an import that is cut short is simply
 * run again.
 */
#include "core/err.h"
#include "core/pathway_set.h"
#include "core/store.h"
#include "core/tr.h"
#include "sync/home.h"
#include "sync/import_file.h"
#include "sync/import_pinyin.h"
#include "sync/import_run.h"
#include "sync/ledger.h"
#include "sync/node_verbs.h"
#include "sync/request.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SAVES_A_COMMIT 64
#define PROBLEMS_SHOWN 50
#define ROSTER_MAX (1u << 20)
#define FOR_EVER INT64_C(253402300799)

/* One import under way. */
struct importing {
	const struct request *q;
	struct ledger *ledger;
	struct import_batch *batch;
	struct pathway_set *pathways;
	struct pinyin_engine *pinyin;
	int32_t zone_s;
	bool is_dry;
	const char *team;
	int64_t held; /* entries held before */
	size_t saves;
};

/* Words after the verb: options first, then paths. */
static const char *option(const struct request *q, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 1; i < q->count; i++)
		if (strncmp(q->words[i], name, n) == 0)
			return q->words[i] + n;
	return NULL;
}

static int64_t count_held(const struct importing *im)
{
	struct stmt *s =
	    store_query(ledger_store(im->ledger), Q_ENTRY_HELD_COUNT);
	int64_t n = stmt_step(s) == 1 ? stmt_int(s, 0) : 0;

	stmt_reset(s);
	return n;
}

static int32_t site_zone(const struct importing *im)
{
	struct stmt *s = store_query(ledger_store(im->ledger), Q_SETTINGS_GET);
	int32_t zone_s = 28800;

	stmt_bind_id(s, ":roster", ledger_roster(im->ledger));
	if (stmt_step(s) == 1 && !stmt_is_null(s, 2))
		zone_s = (int32_t)stmt_int(s, 2);
	stmt_reset(s);
	return zone_s;
}

static int importing_open(struct importing *im, const struct request *q)
{
	int r;

	*im = (struct importing){.q = q, .ledger = home_ledger(q->home)};
	im->zone_s = site_zone(im);
	im->is_dry = option(q, "--dry-run=") != NULL;
	im->team = option(q, "--team=");
	im->held = count_held(im);
	im->batch = import_new(im->zone_s);
	r = pathway_set_load(&im->pathways);
	return r == 0 ? pinyin_engine_new(&im->pinyin) : r;
}

static void importing_close(struct importing *im)
{
	import_free(&im->batch);
	if (im->pathways)
		pathway_set_free(&im->pathways);
	if (im->pinyin)
		pinyin_engine_free(&im->pinyin);
}

static int save(void *ctx, const struct draft *draft)
{
	struct importing *im = ctx;
	int r = ledger_begin(im->ledger);

	if (r == 0)
		r = ledger_add(im->ledger, draft, NULL);
	if (r == 0 && ++im->saves % SAVES_A_COMMIT == 0)
		r = ledger_commit(im->ledger);
	return r;
}

/* Commits the rest, keeps what could not be read, and says what is held. */
static int finish(struct importing *im, int result)
{
	int r;

	if (result < 0 && result != ERR_QUARANTINED) {
		ledger_rollback(im->ledger);
		return result;
	}
	r = ledger_commit(im->ledger);
	if (r == 0 && !im->is_dry)
		r = import_quarantine(
		    im->batch, ledger_store(im->ledger), env_now_s(im->q->env));
	if (r == 0 && count_held(im) > im->held)
		buf_printf(im->q->out, "%s %" PRId64 "\n", _("held entries:"),
		    count_held(im) - im->held);
	return r < 0 ? r : result;
}

/* ---- patients ----------------------------------------------------------- */

static int run_fhir(struct importing *im)
{
	const struct site *site = home_site(im->q->home);
	struct import_site where = {.store = ledger_store(im->ledger),
	    .env = im->q->env,
	    .pathways = im->pathways,
	    .pinyin = im->pinyin,
	    .zone_s = im->zone_s,
	    .source = site->name};
	const struct import_run run = {
	    .site = &where, .is_dry = im->is_dry, .save = save, .ctx = im};
	struct import_tally tally = {0};
	int r = import_team(&where.team, where.store, im->team ? im->team : "");

	if (r < 0)
		return r;
	for (size_t i = 1; i < im->q->count; i++)
		if (strncmp(im->q->words[i], "--", 2) != 0)
			import_file_fhir(im->batch, im->q->words[i]);
	r = finish(im, import_run(&tally, &run, im->batch));
	import_report(
	    im->q->out, &tally, im->batch, im->is_dry, PROBLEMS_SHOWN);
	return r;
}

int verb_import_fhir(const struct request *q, bool *stop)
{
	struct importing im;
	int r = importing_open(&im, q);

	(void)stop;
	if (r == 0)
		r = run_fhir(&im);
	importing_close(&im);
	return r;
}

/* ---- members ------------------------------------------------------------ */

static int run_roster(struct importing *im, const char *path)
{
	const struct import_staff staff = {.store = ledger_store(im->ledger),
	    .env = im->q->env,
	    .roster = *ledger_roster(im->ledger),
	    .until_s = FOR_EVER};
	const struct import_run run = {
	    .is_dry = im->is_dry, .save = save, .ctx = im};
	struct import_tally tally = {0};
	struct buf text = {0};
	int r = import_file_read(&text, path, ROSTER_MAX);

	if (r == 0) {
		const struct import_text file = {
		    path, buf_text(&text), text.len};
		r = import_run_roster(&tally, &run, &staff, im->batch, &file);
		r = finish(im, r);
		import_report_roster(im->q->out, &tally, im->batch, im->is_dry);
	}
	buf_fini(&text);
	return r;
}

int verb_import_roster(const struct request *q, bool *stop)
{
	struct importing im;
	int r = importing_open(&im, q);

	(void)stop;
	if (r == 0)
		r = run_roster(&im, q->words[q->count - 1]);
	importing_close(&im);
	return r;
}
