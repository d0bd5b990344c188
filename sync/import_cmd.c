/* import_cmd.c - the import verbs over the node's ledger. */
#include "sync/import_cmd.h"

#include "core/err.h"
#include "core/pathway_set.h"
#include "core/store.h"
#include "core/text.h"
#include "sync/import_file.h"
#include "sync/import_pinyin.h"
#include "sync/import_run.h"
#include "sync/ledger.h"

#define ROSTER_MAX (8u << 20)
#define PROBLEMS_SHOWN 50
#define ZONE_S (8 * 3600) /* the country has one; settings may say another */
#define NEVER INT64_C(253402300799)

/* What the organisation's settings say that an import needs. */
struct settings {
	char name[200];
	int32_t zone_s;
	int64_t until_s; /* end of a grant made now */
};

static int read_settings(struct settings *out, struct ledger *ledger)
{
	struct stmt *q = store_query(ledger_store(ledger), Q_SETTINGS_GET);
	int64_t now_s = env_now_s(ledger_cfg(ledger)->env);
	int r;

	*out = (struct settings){"", ZONE_S, NEVER};
	stmt_bind_id(q, ":roster", ledger_roster(ledger));
	r = stmt_step(q);
	if (r == 1) {
		text_copy(out->name, sizeof(out->name), stmt_text(q, 0));
		if (!stmt_is_null(q, 2))
			out->zone_s = (int32_t)stmt_int(q, 2);
		if (stmt_int(q, 5) > 0)
			out->until_s = now_s + stmt_int(q, 5);
	}
	stmt_reset(q);
	return r < 0 ? r : 0;
}

struct saver {
	struct ledger *ledger;
	const struct import_ask *ask;
};

static int save(void *ctx, const struct draft *draft)
{
	uint64_t seq;

	return ledger_record(((struct saver *)ctx)->ledger, draft, &seq);
}

static void progress(void *ctx, size_t done, size_t total)
{
	const struct import_ask *ask = ((struct saver *)ctx)->ask;

	if (ask->progress)
		ask->progress(ask->ctx, done, total);
}

/* An unknown name is an error; no name and no team is not. */
static int find_team(
    struct id *out, struct ledger *ledger, const struct import_ask *ask)
{
	const char *name = ask->team ? ask->team : "";
	int r = import_team(out, ledger_store(ledger), name);

	if (r == 0 && *name && id_is_zero(out))
		r = err_set(ERR_NOT_FOUND, "no team %s", name);
	return r;
}

static int run_people(struct import_tally *tally, struct import_run *run,
    struct import_site *site, struct import_batch *b)
{
	struct pathway_set *pathways = NULL;
	struct pinyin_engine *pinyin = NULL;
	int r = pathway_set_load(&pathways);

	if (r == 0)
		r = pinyin_engine_new(&pinyin);
	if (r == 0) {
		site->pathways = pathways;
		site->pinyin = pinyin;
		r = import_run(tally, run, b);
	}
	pinyin_engine_free(&pinyin);
	pathway_set_free(&pathways);
	return r;
}

static int do_fhir(struct buf *out, struct import_run *run, struct saver *saver,
    const struct settings *settings)
{
	const struct import_ask *ask = saver->ask;
	struct import_site site = {.store = ledger_store(saver->ledger),
	    .env = ledger_cfg(saver->ledger)->env,
	    .zone_s = settings->zone_s,
	    .source = ask->source ? ask->source : settings->name};
	struct import_batch *b = import_new(settings->zone_s);
	struct import_tally tally = {0};
	int r = find_team(&site.team, saver->ledger, ask), kept = 0;

	run->site = &site;
	for (size_t i = 0; r == 0 && i < ask->path_count; i++)
		(void)import_file_fhir(b, ask->paths[i]);
	if (r == 0)
		r = run_people(&tally, run, &site, b);
	if ((r == 0 || r == ERR_QUARANTINED) && !ask->is_dry)
		kept = import_quarantine(b, site.store, env_now_s(site.env));
	if (r == 0 || r == ERR_QUARANTINED)
		import_report(out, &tally, b, ask->is_dry, PROBLEMS_SHOWN);
	import_free(&b);
	return kept < 0 ? kept : r;
}

static int do_roster(struct buf *out, struct import_run *run,
    struct saver *saver, const struct settings *settings)
{
	struct import_staff staff = {.store = ledger_store(saver->ledger),
	    .env = ledger_cfg(saver->ledger)->env,
	    .roster = *ledger_roster(saver->ledger),
	    .until_s = settings->until_s};
	struct import_batch *b = import_new(settings->zone_s);
	struct import_tally tally = {0};
	struct buf text = {0};
	int r = import_file_read(&text, saver->ask->paths[0], ROSTER_MAX);

	if (r == 0) {
		const struct import_text file = {
		    saver->ask->paths[0], buf_text(&text), text.len};
		r = import_run_roster(&tally, run, &staff, b, &file);
	}
	if (r == 0 || r == ERR_QUARANTINED)
		import_report_roster(out, &tally, b, saver->ask->is_dry);
	buf_fini(&text);
	import_free(&b);
	return r;
}

int import_cmd(
    struct buf *out, struct ledger *ledger, const struct import_ask *ask)
{
	struct saver saver = {ledger, ask};
	struct import_run run = {.is_dry = ask->is_dry,
	    .save = save,
	    .progress = progress,
	    .ctx = &saver};
	struct settings settings;
	int r = ask->path_count == 0 || (ask->is_roster && ask->path_count > 1)
		    ? ERR_USAGE
		    : read_settings(&settings, ledger);

	if (r)
		return r;
	return ask->is_roster ? do_roster(out, &run, &saver, &settings)
			      : do_fhir(out, &run, &saver, &settings);
}
