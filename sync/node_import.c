/*
 * node_import.c - patients and members from files of other systems into the
 * log: reads, decides with the importers, signs as the node, says what
 * happened. Many saves share a commit: an import that is cut short is simply
 * run again.
 */
#define _GNU_SOURCE
#include "core/err.h"
#include "core/in_force.h"
#include "core/pathway_set.h"
#include "core/profile_load.h"
#include "core/store.h"
#include "core/text.h"
#include "core/tr.h"
#include "sync/home.h"
#include "sync/import_assign.h"
#include "sync/import_file.h"
#include "sync/import_pinyin.h"
#include "sync/import_quarantine.h"
#include "sync/import_run.h"
#include "sync/ledger.h"
#include "sync/log_verbs.h"
#include "sync/node_verbs.h"
#include "sync/request.h"

#include <dirent.h>
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
	struct profile_tables *tables;
	struct pinyin_engine *pinyin;
	int32_t zone_s;
	bool is_dry;
	const char *team;
	int64_t held; /* entries held before */
	size_t saves;
};

static int64_t count_held(const struct importing *im)
{
	struct stmt *s =
	    store_query(ledger_store(im->ledger), Q_ENTRY_HELD_COUNT);
	int64_t n = stmt_step(s) == 1 ? stmt_int(s, 0) : 0;

	stmt_reset(s);
	return n;
}

static int add_pathway(void *ctx, const char *path, const char *text, size_t n)
{
	(void)path;
	return pathway_set_add(ctx, text, n);
}

static int importing_open(struct importing *im, const struct request *q)
{
	int r;

	*im = (struct importing){.q = q, .ledger = home_ledger(q->home)};
	im->zone_s = log_zone(q);
	im->is_dry = log_option(q, "dry-run") != NULL;
	im->team = log_option(q, "team");
	im->held = count_held(im);
	im->batch = import_new(im->zone_s);
	im->pathways = pathway_set_new();
	im->tables = profile_tables_load(home_store(q->home));
	r = in_force_each(
	    home_store(q->home), "pathways/", add_pathway, im->pathways);
	return r == 0 ? pinyin_engine_new(&im->pinyin) : r;
}

static void importing_close(struct importing *im)
{
	import_free(&im->batch);
	profile_tables_free(&im->tables);
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
	if (r == 0 && ++im->saves % SAVES_A_COMMIT == 0) {
		r = ledger_commit(im->ledger);
		if (r == 0 && im->q->breathe)
			r = im->q->breathe(im->q->ctx);
	}
	return r;
}

/* Commits the rest, or takes back what was not committed yet. */
static int settle(struct importing *im, int result)
{
	int r;

	if (result < 0 && result != ERR_QUARANTINED) {
		ledger_rollback(im->ledger);
		return result;
	}
	r = ledger_commit(im->ledger);
	return r < 0 ? r : result;
}

/* Settles, keeps what could not be read, and says what is held. */
static int finish(struct importing *im, int result)
{
	int r = settle(im, result);

	if (r < 0 && r != ERR_QUARANTINED)
		return r;
	r = 0;
	if (!im->is_dry)
		r = import_quarantine(
		    im->batch, ledger_store(im->ledger), env_now_s(im->q->env));
	else if (result == ERR_QUARANTINED)
		result = ERR_UNREADABLE;
	if (r == 0 && count_held(im) > im->held)
		buf_printf(im->q->out, "%s %" PRId64 "\n", _("held entries:"),
		    count_held(im) - im->held);
	return r < 0 ? r : result;
}

/* ---- patients ----------------------------------------------------------- */

/* The table of --assign, when there is one. */
static int read_wishes(struct import_wishes *out, struct importing *im)
{
	const char *path = log_option(im->q, "assign");
	struct buf text = {0};
	int r = 0;

	if (path)
		r = import_file_read(&text, path, ROSTER_MAX);
	if (path && r == 0) {
		const struct import_text file = {
		    path, buf_text(&text), text.len};
		r = import_wishes_read(
		    out, im->batch, &file, ledger_store(im->ledger));
	}
	buf_fini(&text);
	return r == ERR_QUARANTINED ? 0 : r;
}

/* Saves what the batch holds, for the people and places of this centre. */
static int run_batch(struct import_tally *tally, struct importing *im,
    struct import_wishes *wishes)
{
	const struct site *site = home_site(im->q->home);
	struct import_site where = {.store = ledger_store(im->ledger),
	    .env = im->q->env,
	    .pathways = im->pathways,
	    .tables = im->tables,
	    .pinyin = im->pinyin,
	    .zone_s = im->zone_s,
	    .wishes = wishes,
	    .source = site->name};
	const struct import_run run = {
	    .site = &where, .is_dry = im->is_dry, .save = save, .ctx = im};
	int r = import_team(&where.team, where.store, im->team ? im->team : "");

	return r == 0 ? import_run(tally, &run, im->batch) : r;
}

static int run_fhir(struct importing *im)
{
	struct import_wishes wishes = {0};
	struct import_tally tally = {0};
	int r = 0;

	for (size_t i = 0; r == 0 && log_argument(im->q, i); i++)
		r = import_file_is_there(log_argument(im->q, i));
	if (r == 0)
		r = read_wishes(&wishes, im);
	for (size_t i = 0; r == 0 && log_argument(im->q, i); i++)
		import_file_fhir(im->batch, log_argument(im->q, i));
	if (r == 0) {
		r = finish(im, run_batch(&tally, im, &wishes));
		if (r == 0 || r == ERR_QUARANTINED || r == ERR_UNREADABLE)
			import_report(im->q->out, &tally, im->batch, im->is_dry,
			    PROBLEMS_SHOWN);
	}
	import_wishes_fini(&wishes);
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

/* ---- the quarantine ----------------------------------------------------- */

int verb_import_quarantine(const struct request *q, bool *stop)
{
	struct store *store = home_store(q->home);
	const char *drop = log_option(q, "drop");
	int64_t number;

	(void)stop;
	if (drop && !text_int(&number, drop, 1, INT64_MAX))
		return err_set(ERR_USAGE, "--drop %s", drop);
	if (drop)
		return quarantine_drop(store, number);
	if (log_argument(q, 0))
		return quarantine_write(q->out, store, log_argument(q, 0));
	return quarantine_list(q->out, store, log_zone(q));
}

static void say_problems(struct buf *out, const struct import_batch *b)
{
	for (size_t i = 0; i < import_problem_count(b); i++) {
		const struct import_problem *p = import_problem_at(b, i);
		buf_printf(out, "  %s: %s\n", p->where, tr(p->why));
	}
}

/* One resource put right. 0, ERR_QUARANTINED, or an error. */
static int take_back(const struct request *q, const char *path)
{
	struct import_wishes none = {0};
	struct import_tally tally = {0};
	struct importing im;
	int r = importing_open(&im, q);

	if (r == 0) {
		import_file_fhir(im.batch, path);
		r = settle(&im, run_batch(&tally, &im, &none));
	}
	if (r == 0)
		r = quarantine_drop(
		    home_store(q->home), quarantine_number(path));
	buf_printf(
	    q->out, "%s: %s\n", path, r == 0 ? _("taken in") : tr(err_text(r)));
	say_problems(q->out, im.batch);
	importing_close(&im);
	return r;
}

int verb_import_back(const struct request *q, bool *stop)
{
	struct dirent **list;
	struct buf path = {0};
	int n = scandir(q->words[1], &list, NULL, versionsort), result = 0;

	(void)stop;
	if (n < 0)
		return err_set(ERR_NOT_FOUND, "%s", q->words[1]);
	for (int i = 0; i < n; i++) {
		int r = 0;
		buf_clear(&path);
		buf_printf(&path, "%s/%s", q->words[1], list[i]->d_name);
		if (quarantine_number(buf_text(&path)) &&
		    (result == 0 || result == ERR_QUARANTINED))
			r = take_back(q, buf_text(&path));
		result = r ? r : result;
		free(list[i]);
	}
	free(list);
	buf_fini(&path);
	return result;
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
