/* content_world.c - loading every part of a site's content. */
#include "core/advice.h"
#include "core/content_pack.h"
#include "core/err.h"
#include "core/notetag.h"
#include "core/pathway_set.h"
#include "core/score.h"
#include "core/strata.h"
#include "core/tag.h"
#include "core/target.h"
#include "core/trend.h"
#include "core/triage.h"

#include <string.h>

/* Stops at the file that does not go with those before it: *bad. */
static int load_folders(struct content_world *w,
    const struct content_files *files, const struct content_file **bad)
{
	int r = 0;

	w->triage = triage_new();
	w->pathways = pathway_set_new();
	w->advice = advice_new();
	for (size_t i = 0; i < files->n && !r; i++) {
		const struct content_file *f = files->at + i;

		if (content_is_in(f, "rules/"))
			r = triage_add(w->triage, f->text, f->n);
		else if (content_is_in(f, "pathways/"))
			r = pathway_set_add(w->pathways, f->text, f->n);
		else if (content_is_in(f, "advice/"))
			r = advice_add(w->advice, f->text, f->n);
		if (r && bad)
			*bad = f;
	}
	return r;
}

static int load_strata(
    struct content_world *w, const struct content_files *files)
{
	const struct content_file *a =
	    content_file_find(files, "tables/hypertension-risk.json");
	const struct content_file *b =
	    content_file_find(files, "tables/risk-levels.json");

	if (!a || !b)
		return 0;
	return strata_parse(&w->strata,
	    (const char *const[2]){a->text, b->text},
	    (const size_t[2]){a->n, b->n});
}

static int load_tables(
    struct content_world *w, const struct content_files *files)
{
	const struct content_file *f;
	int r = load_strata(w, files);

	f = content_file_find(files, "tables/scores.json");
	if (!r && f)
		r = score_set_parse(&w->scores, f->text, f->n);
	f = content_file_find(files, "tables/tags.json");
	if (!r && f)
		r = tag_set_parse(&w->tags, f->text, f->n);
	f = content_file_find(files, "tables/targets.json");
	if (!r && f)
		r = target_set_parse(&w->targets, f->text, f->n);
	f = content_file_find(files, "tables/notes.json");
	if (!r && f)
		r = notetag_parse(&w->notes, f->text, f->n);
	f = content_file_find(files, "tables/trends.json");
	if (!r && f)
		r = trend_table_parse(&w->trends, f->text, f->n);
	return r;
}

int content_world_load(struct content_world *out,
    const struct content_files *files, const struct content_file **bad)
{
	struct content_world w = {0};
	int r;

	if (bad)
		*bad = NULL;
	r = load_folders(&w, files, bad);

	if (!r)
		r = load_tables(&w, files);
	if (r)
		content_world_fini(&w);
	else
		*out = w;
	return r;
}

void content_world_fini(struct content_world *w)
{
	triage_free(&w->triage);
	pathway_set_free(&w->pathways);
	advice_free(&w->advice);
	score_set_free(&w->scores);
	strata_free(&w->strata);
	tag_set_free(&w->tags);
	target_set_free(&w->targets);
	notetag_free(&w->notes);
	trend_table_free(&w->trends);
	*w = (struct content_world){0};
}
