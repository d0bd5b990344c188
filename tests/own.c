/* own.c - the program's own content for tests. */
#include "tests/own.h"

#include "core/advice.h"
#include "core/asset.h"
#include "core/cadence.h"
#include "core/in_force.h"
#include "core/kpi.h"
#include "core/notetag.h"
#include "core/pathway_set.h"
#include "core/review.h"
#include "core/score.h"
#include "core/strata.h"
#include "core/tag.h"
#include "core/target.h"
#include "core/trend.h"
#include "core/triage.h"

#include <assert.h>
#include <stdlib.h>

static const struct asset *file(const char *path)
{
	const struct asset *a = asset_find(path);

	assert(a);
	return a;
}

static void must(int r)
{
	if (r)
		abort();
}

static int add_rules(void *ctx, const char *path, const char *text, size_t n)
{
	(void)path;
	return triage_add(ctx, text, n);
}

struct triage *own_triage(void)
{
	struct triage *t = triage_new();

	must(in_force_each(NULL, "rules/", add_rules, t));
	return t;
}

static int add_pathway(void *ctx, const char *path, const char *text, size_t n)
{
	(void)path;
	return pathway_set_add(ctx, text, n);
}

struct pathway_set *own_pathways(void)
{
	struct pathway_set *s = pathway_set_new();

	must(in_force_each(NULL, "pathways/", add_pathway, s));
	return s;
}

static int add_advice(void *ctx, const char *path, const char *text, size_t n)
{
	(void)path;
	return advice_add(ctx, text, n);
}

struct advice_library *own_advice(void)
{
	struct advice_library *lib = advice_new();

	must(in_force_each(NULL, "advice/", add_advice, lib));
	return lib;
}

struct cadence *own_cadence(void)
{
	const struct asset *a = file("settings/dispositions.json");
	struct cadence *c = NULL;

	must(cadence_parse(&c, a->data, a->len));
	return c;
}

struct target_set *own_targets(void)
{
	const struct asset *a = file("tables/targets.json");
	struct target_set *s = NULL;

	must(target_set_parse(&s, a->data, a->len));
	return s;
}

struct tag_set *own_tags(void)
{
	const struct asset *a = file("tables/tags.json");
	struct tag_set *s = NULL;

	must(tag_set_parse(&s, a->data, a->len));
	return s;
}

struct score_set *own_scores(void)
{
	const struct asset *a = file("tables/scores.json");
	struct score_set *s = NULL;

	must(score_set_parse(&s, a->data, a->len));
	return s;
}

struct trend_table *own_trends(void)
{
	const struct asset *a = file("tables/trends.json");
	struct trend_table *t = NULL;

	must(trend_table_parse(&t, a->data, a->len));
	return t;
}

struct notetag *own_notes(void)
{
	const struct asset *a = file("tables/notes.json");
	struct notetag *t = NULL;

	must(notetag_parse(&t, a->data, a->len));
	return t;
}

struct kpi_set *own_kpis(void)
{
	const struct asset *a = file("tables/kpi.json");
	struct kpi_set *s = NULL;

	must(kpi_set_parse(&s, a->data, a->len));
	return s;
}

struct strata *own_strata(void)
{
	const struct asset *a = file("tables/hypertension-risk.json");
	const struct asset *b = file("tables/risk-levels.json");
	struct strata *s = NULL;

	must(strata_parse(&s, (const char *const[2]){a->data, b->data},
	    (const size_t[2]){a->len, b->len}));
	return s;
}

void own_scorecard(struct review_card *out)
{
	const struct asset *a = file("tables/scorecard.json");

	must(review_card_parse(out, a->data, a->len));
}
