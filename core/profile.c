/* profile.c - scores first, since levels and tags ask for their totals. */
#include "core/profile.h"

#include "core/clock.h"
#include "core/mem.h"
#include "core/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HTN_RISK "htn-risk"
/* A score may count another one (LACE counts Charlson's): twice is enough. */
#define PASSES 2

static void add_total(struct facts *facts, const struct score_result *r)
{
	struct fact f = {.kind = FACT_NUMBER,
	    .value = r->total,
	    .at_s = r->at_s,
	    .is_history = r->is_history};

	text_copy(f.code, sizeof(f.code), r->code);
	facts_add(facts, &f);
}

static void add_totals(
    struct facts *facts, const struct score_set *set, int64_t now_s)
{
	struct score_result *r = mem_new(sizeof(*r));
	bool done[64] = {false};

	for (int pass = 0; pass < PASSES; pass++)
		for (size_t i = 0; i < score_set_total(set); i++) {
			if (i < ARRAY_LEN(done) && done[i])
				continue;
			score_run(r, score_set_at(set, i), facts, now_s);
			if (!r->is_complete)
				continue;
			add_total(facts, r);
			if (i < ARRAY_LEN(done))
				done[i] = true;
		}
	free(r);
}

static bool grade(struct strata_hypertension *out, const struct strata *s,
    const struct facts *facts, int64_t now_s)
{
	return s && strata_hypertension(out, s, NULL, facts, now_s) == 0;
}

void profile_add_facts(
    struct facts *facts, const struct profile_tables *t, int64_t now_s)
{
	struct strata_hypertension h;

	if (t->scores)
		add_totals(facts, t->scores, now_s);
	if (grade(&h, t->strata, facts, now_s) && h.grade)
		facts_add_coded(
		    facts, HTN_RISK, strata_risk_name(h.risk), now_s);
}

/* The gravest course of all that has limits, where nobody said it yet. */
static void add_course(
    struct facts *facts, const struct trend_table *t, int64_t now_s)
{
	const char *codes[TREND_CODES_MAX];
	const struct trend_now now = {facts, now_s};
	char what[TREND_WHAT];
	enum trend_course course;

	if (!t || facts_last(facts, TREND_COURSE))
		return;
	course = trend_worst(
	    what, t, codes, trend_codes(codes, ARRAY_LEN(codes), t), &now);
	if (course != TREND_UNKNOWN)
		facts_add_coded(
		    facts, TREND_COURSE, trend_course_name(course), now_s);
}

static void run_scores(struct profile *p, const struct score_set *set,
    const struct facts *facts, int64_t now_s)
{
	for (size_t i = 0; i < score_set_total(set); i++) {
		const struct score *s = score_set_at(set, i);
		struct score_result *r = &p->scores[p->n_scores].result;

		if (p->n_scores == PROFILE_SCORES)
			return;
		score_run(r, s, facts, now_s);
		if (r->n_known && r->n_known * 2 >= r->n_asked)
			p->scores[p->n_scores++].score = s;
	}
}

struct profile *profile_new(
    const struct profile_tables *t, const struct facts *known, int64_t now_s)
{
	struct profile *p = mem_new(sizeof(*p));
	struct facts all = {0};

	for (size_t i = 0; i < known->n; i++)
		facts_add(&all, &known->items[i]);
	profile_add_facts(&all, t, now_s);
	add_course(&all, t->trends, now_s);
	if (t->scores)
		run_scores(p, t->scores, &all, now_s);
	p->has_hypertension = grade(&p->hypertension, t->strata, &all, now_s);
	p->has_level = t->strata != NULL;
	if (t->strata)
		strata_level(&p->level, t->strata, &all, now_s);
	if (t->tags)
		p->n_tags =
		    tag_run(p->tags, PROFILE_TAGS, t->tags, &all, now_s);
	p->has_tags = t->tags && p->n_tags <= PROFILE_TAGS;
	if (p->n_tags > PROFILE_TAGS)
		p->n_tags = PROFILE_TAGS;
	facts_fini(&all);
	return p;
}

void profile_free(struct profile **p)
{
	free(*p);
	*p = NULL;
}

const char *profile_level(enum strata_risk level)
{
	return level >= STRATA_HIGH     ? "high"
	       : level == STRATA_MEDIUM ? "mid"
					: "low";
}

static const struct words nothing_found = {
    "未见中、高危因素",
    "no sign of medium or high risk",
};

/* What does not fit is left out whole. */
static void join(char *out, size_t size, const char *sep, const char *text)
{
	size_t n = strlen(out), more = strlen(text) + (n ? strlen(sep) : 0);

	if (n + more < size)
		snprintf(out + n, size - n, "%s%s", n ? sep : "", text);
}

void profile_why(struct profile_why *out, const struct strata_level *level)
{
	*out = (struct profile_why){.zh = ""};
	for (size_t i = 0; i < level->n_reasons; i++) {
		const struct tag_rule *r = level->reasons[i];
		join(out->zh, sizeof(out->zh), "；", r->why.zh);
		join(out->en, sizeof(out->en), "; ", r->why.en);
		join(out->ids, sizeof(out->ids), ", ", r->id);
	}
	if (level->n_reasons)
		return;
	text_copy(out->zh, sizeof(out->zh), nothing_found.zh);
	text_copy(out->en, sizeof(out->en), nothing_found.en);
}
