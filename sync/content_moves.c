/* content_moves.c - patients on a pathway out of a store into core/moves.h. */
#include "sync/content_moves.h"

#include "core/clock.h"
#include "core/content_diff.h"
#include "core/err.h"
#include "core/id.h"
#include "core/in_force.h"
#include "core/mem.h"
#include "core/pathway_set.h"
#include "core/script.h"
#include "core/store.h"
#include "core/tr.h"
#include "sync/content_patient.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct moving {
	const struct content_moves *cfg;
	struct moves_total *total;
	struct store *store;
	struct content_reader *reader;
	struct content_world in_force;
	/* The same with one pathway only, borrowed but for the pathways. */
	struct content_world worlds[2];
	const struct id *patient;
};

static void forward(void *ctx, const struct move *m)
{
	const struct moving *g = ctx;

	if (g->cfg->tell)
		g->cfg->tell(g->cfg->ctx, g->patient, m);
}

static int ask_one(void *ctx, const struct id *patient)
{
	struct moving *g = ctx;
	const struct content_world *const worlds[2] = {
	    &g->worlds[0], &g->worlds[1]};
	struct content_patient known;
	int r = content_patient_read(&known, g->reader, g->store, patient);

	if (r < 0)
		return r;
	g->patient = patient;
	moves_ask(g->total, worlds,
	    &(struct moves_patient){
		known.file, &known.facts, g->cfg->now_s, g->cfg->zone_s},
	    &(struct moves_listener){forward, g});
	content_patient_fini(&known);
	return 0;
}

static int one_pathway(
    struct content_world *out, struct moving *g, const struct content_file *f)
{
	*out = g->in_force;
	out->pathways = pathway_set_new();
	return pathway_set_add(out->pathways, f->text, f->n);
}

static const char *id_of(const struct content_world *w)
{
	return pathway_set_at(w->pathways, 0)->head.id;
}

static int ask_all(struct moving *g)
{
	const char *id = id_of(&g->worlds[0]);
	struct stmt *s = store_query(g->store, Q_MOVES_PATIENTS);

	if (strcmp(id, id_of(&g->worlds[1])) != 0)
		return err_set(ERR_INVALID, _("two pathways: %s and %s"), id,
		    id_of(&g->worlds[1]));
	stmt_bind_text(s, ":id", id);
	return content_patients_each(s, ask_one, g);
}

static int run_pathway(struct moves_total *total, struct store *store,
    const struct content_moves *cfg)
{
	struct moving *g = mem_new(sizeof(*g));
	struct in_force_folder folder;
	int r = in_force_folder(&folder, store);

	if (r < 0)
		goto out;
	*g = (struct moving){.cfg = cfg, .total = total, .store = store};
	g->reader = content_reader_new(&folder.files);
	r = content_world_load(&g->in_force, &folder.files, NULL);
	if (r == 0)
		r = one_pathway(&g->worlds[0], g, cfg->was);
	if (r == 0)
		r = one_pathway(&g->worlds[1], g, cfg->now);
	if (r == 0)
		r = ask_all(g);
	for (size_t i = 0; i < 2; i++)
		pathway_set_free(&g->worlds[i].pathways);
	content_world_fini(&g->in_force);
	content_reader_free(&g->reader);
	in_force_folder_fini(&folder);
out:
	free(g);
	return r;
}

/* ---- a script ----------------------------------------------------------- */

struct asking {
	const struct content_moves *cfg;
	struct moves_total *total;
	struct store *store;
	struct script *scripts[2];
};

/* The call of this due asks the version in force on its day. */
static void tell_due(
    struct asking *a, const struct id *patient, const struct case_due *d)
{
	int64_t today = day_of(a->cfg->now_s, a->cfg->zone_s);
	struct move m = {.pathway = d->pathway,
	    .kind = MOVES_SCRIPT,
	    .call_day = d->due_day > today ? d->due_day : today,
	    .findings = "any"};
	char day[DAY_TEXT];
	char *const texts[2] = {m.was, m.now};

	day_text(day, m.call_day);
	for (size_t i = 0; i < 2; i++)
		snprintf(texts[i], MOVES_TEXT, "%s %s %s v%.16s", d->step, day,
		    d->script, script_version(a->scripts[i]));
	if (a->cfg->tell)
		a->cfg->tell(a->cfg->ctx, patient, &m);
}

static int ask_due(void *ctx, const struct id *patient)
{
	struct asking *a = ctx;
	bool differs = strcmp(script_version(a->scripts[0]),
			   script_version(a->scripts[1])) != 0;
	struct casefile *file;
	int r = casefile_load(&file, a->store, patient);

	if (r < 0)
		return r;
	a->total->asked++;
	a->total->changed += differs;
	a->total->of[MOVES_SCRIPT] += differs;
	for (int i = 0; differs && i < file->due_count; i++)
		if (!strcmp(file->dues[i].script, script_id(a->scripts[0])))
			tell_due(a, patient, &file->dues[i]);
	casefile_free(&file);
	return 0;
}

static int run_script(struct moves_total *total, struct store *store,
    const struct content_moves *cfg)
{
	struct asking a = {.cfg = cfg, .total = total, .store = store};
	struct stmt *s = store_query(store, Q_MOVES_DUE);
	int r = script_load(
	    &a.scripts[0], cfg->was->text, cfg->was->n, SCRIPT_STRICT, NULL);

	if (r == 0)
		r = script_load(&a.scripts[1], cfg->now->text, cfg->now->n,
		    SCRIPT_STRICT, NULL);
	if (r == 0) {
		stmt_bind_text(s, ":id", script_id(a.scripts[0]));
		r = content_patients_each(s, ask_due, &a);
	}
	script_free(&a.scripts[0]);
	script_free(&a.scripts[1]);
	return r;
}

int content_moves_run(struct moves_total *total, struct store *store,
    const struct content_moves *cfg)
{
	enum content_diff_kind kind;
	int r = content_diff_kind(&kind, cfg->was);

	if (r < 0 || kind == CONTENT_DIFF_RULES)
		return r;
	return kind == CONTENT_DIFF_SCRIPT ? run_script(total, store, cfg)
					   : run_pathway(total, store, cfg);
}
