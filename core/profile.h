/*
 * profile.h - what follows from everything known about one patient: the
 * published scores, the grade of hypertension, the level of risk, the tags.
 * One function for the end of a call, the import, the record on the screen
 * and the replay, so that they cannot disagree. Pure: facts and tables in.
 */
#ifndef SUIFANG_PROFILE_H
#define SUIFANG_PROFILE_H

#include "core/base.h"
#include "core/score.h"
#include "core/strata.h"
#include "core/tag.h"
#include "core/trend.h"

#define PROFILE_SCORES 16
#define PROFILE_TAGS 24

/* Borrowed; each may be NULL, then nothing follows from it. */
struct profile_tables {
	const struct score_set *scores;
	const struct strata *strata;
	const struct tag_set *tags;
	const struct trend_table *trends;
};

struct profile {
	/* Those with half of their parts known at least, in order of the
	 * table; is_complete says whether there is a total. */
	struct {
		const struct score *score;
		struct score_result result;
	} scores[PROFILE_SCORES];
	size_t n_scores;
	/* Only where a pressure is known, whatever its height. */
	bool has_hypertension;
	struct strata_hypertension hypertension;
	bool has_level;
	struct strata_level level;
	bool has_tags; /* all rules were asked */
	struct tag_hit tags[PROFILE_TAGS];
	size_t n_tags;
};

/* Rules and tags live as long as the tables. */
struct profile *profile_new(const struct profile_tables *tables,
    const struct facts *known, int64_t now_s);
void profile_free(struct profile **p);

/* Adds to *facts what can be asked for like a measurement: the total of each
 * complete score under its code, at the time of its newest part, and
 * "htn-risk". */
void profile_add_facts(
    struct facts *facts, const struct profile_tables *tables, int64_t now_s);

/* "high", "mid", "low" as entries have it. */
const char *profile_level(enum strata_risk level);
/* Why, in both languages; and the ids of the reasons with ", " between. */
struct profile_why {
	char zh[304], en[304], ids[204];
};
void profile_why(struct profile_why *out, const struct strata_level *level);

#endif
