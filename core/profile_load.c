/* profile_load.c - five tables in force. */
#include "core/profile_load.h"

#include "core/buf.h"
#include "core/in_force.h"
#include "core/mem.h"

#include <stdint.h>
#include <stdlib.h>

struct owned {
	struct profile_tables tables; /* first: what is given out */
	struct score_set *scores;
	struct strata *strata;
	struct tag_set *tags;
	struct trend_table *trends;
};

static int parse_scores(void *out, const char *text, size_t n)
{
	return score_set_parse(out, text, n);
}

static int parse_tags(void *out, const char *text, size_t n)
{
	return tag_set_parse(out, text, n);
}

static int parse_trends(void *out, const char *text, size_t n)
{
	return trend_table_parse(out, text, n);
}

static int load_strata(struct strata **out, struct store *store)
{
	struct buf risk = {0}, levels = {0};
	int r = in_force_text(&risk, store, "tables/hypertension-risk.json");

	if (r == 0)
		r = in_force_text(&levels, store, "tables/risk-levels.json");
	if (r == 0)
		r = strata_parse(out,
		    (const char *const[2]){buf_text(&risk), buf_text(&levels)},
		    (const size_t[2]){risk.len, levels.len});
	buf_fini(&risk);
	buf_fini(&levels);
	return r;
}

struct profile_tables *profile_tables_load(struct store *store)
{
	struct owned *o = mem_new(sizeof(*o));

	if (in_force_read(
		&o->scores, store, "tables/scores.json", parse_scores) < 0)
		o->scores = NULL;
	if (load_strata(&o->strata, store) < 0)
		o->strata = NULL;
	if (in_force_read(&o->tags, store, "tables/tags.json", parse_tags) < 0)
		o->tags = NULL;
	if (in_force_read(
		&o->trends, store, "tables/trends.json", parse_trends) < 0)
		o->trends = NULL;
	o->tables =
	    (struct profile_tables){o->scores, o->strata, o->tags, o->trends};
	return &o->tables;
}

void profile_tables_free(struct profile_tables **t)
{
	struct owned *o = (struct owned *)*t;

	if (!o)
		return;
	score_set_free(&o->scores);
	strata_free(&o->strata);
	tag_set_free(&o->tags);
	trend_table_free(&o->trends);
	free(o);
	*t = NULL;
}
