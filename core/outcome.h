/*
 * outcome.h - how a call ends: what is due next for each pathway and why.
 * Decided once, on the draft, before it is signed; the results go into the
 * entry and folding copies them. Pure.
 */
#ifndef SUIFANG_OUTCOME_H
#define SUIFANG_OUTCOME_H

#include "core/base.h"
#include "core/cadence.h"
#include "core/casefile.h"
#include "core/facts.h"
#include "core/pathway.h"
#include "core/profile.h"
#include "core/target.h"
#include "core/trend.h"

/* After an alert of level emergency the next contact is not later; what the
 * call left open is not asked again on the same day. */
#define OUTCOME_ALERT_DAYS 14

struct outcome_in {
	const struct disposition *how;
	bool is_completed; /* every question that must be answered is */
	const struct casefile *file; /* dues and numbers */
	/* The pathway of each due, in order; NULL where its content is not
	 * here: then the step stays due. */
	const struct pathway *pathways[CASE_DUES];
	const struct facts *facts; /* this contact and history */
	const struct hours *hours;
	int number; /* index of the number dialled */
	int64_t now_s;
	int32_t zone_s;
	/* Scripts that were asked: dues of each are done together. */
	const char *const *scripts;
	size_t n_scripts;
	/* Of each of them, whether all that it asks itself is answered, for a
	 * call that ended before all were; NULL: as is_completed says. */
	const bool *finished;
	/* What counts as controlled; NULL: the agent's class alone counts. */
	const struct target_set *targets;
	/* Scores, risk, tags, and what is fluctuating and what steady; NULL:
	 * nobody knows. */
	const struct profile_tables *tables;
	/* Level of the gravest alert of this call (core/triage.h); NULL or
	 * "": none. */
	const char *level;
};

struct outcome_next {
	struct case_due due;
	bool is_done;      /* this contact did the step that was due */
	bool is_over;      /* the pathway ends; only why is set */
	bool refers;       /* a referral is advised */
	char was_step[64]; /* the step that was due */
	int64_t was_due_day;
};

struct outcome {
	struct outcome_next next[CASE_DUES];
	int count;
	bool is_given_up; /* tries used up: to the supervisor */
	bool stops;       /* no call any more: pathways end */
	bool refers;      /* any pathway advises a referral */
	/* Index of the earliest contact decided now, which is the strictest
	 * interval; -1: none. */
	int first;
	int64_t try_s;     /* next try; 0: none by cadence */
	const char *class; /* national classification as answered */
	/* The figures of this call give a worse class than was answered: the
	 * option of "visit-class" that the interval is for, and what it comes
	 * from, "8480-6 182, 8462-4 112". NULL and "" otherwise. */
	const char *worse;
	char figures[200];
};

/* The class of this visit as entries have it; "none" when not answered. */
const char *outcome_class(const struct facts *facts);

void outcome_decide(struct outcome *out, const struct outcome_in *in);

/* What follows for the patient from what the pathways were asked with; freed
 * with profile_free. NULL without tables. */
struct profile *outcome_profile(
    const struct outcome *out, const struct outcome_in *in);

#endif
