/*
 * pathway.h - follow-up plans by disease, operation or finding, kept as
 * data: who enters, when each contact opens, is ideal and closes, which
 * script it uses, what changes the interval, when it ends. Pure: a patient
 * stays on the version enrolled in until moved by a person. Days are
 * core/clock.h days of the site.
 */
#ifndef SUIFANG_PATHWAY_H
#define SUIFANG_PATHWAY_H

#include "core/base.h"
#include "core/content.h"
#include "core/interval.h"

#define PATHWAY_STEPS_MAX 64
#define PATHWAY_RULES_MAX 64
#define PATHWAY_LIST_MAX 16 /* advice, conflicts, replaces */

/* The day that offsets count from. */
enum pathway_anchor {
	PATHWAY_ENROLMENT,
	PATHWAY_OPERATION, /* fact "procedure" that enrolled */
	PATHWAY_DIAGNOSIS, /* fact "condition" that enrolled */
	PATHWAY_DISCHARGE, /* fact "discharge", else the operation */
	PATHWAY_FINDING    /* fact "finding" */
};

struct pathway_step {
	const char *id;
	struct words title;
	int offset_days; /* after the anchor; of a repetition: the interval */
	int open_days;   /* <= 0 */
	int close_days;  /* >= 0 */
	const char *script;
	int minutes; /* expected length of the call */
};

/* Advice of this plan that another plan must not contradict. */
struct pathway_conflict {
	const char *mine;   /* advice code that is kept */
	const char *theirs; /* advice code that is dropped */
	struct words why;
};

struct pathway {
	struct content_head head;
	json_t *root; /* owns every text */
	enum pathway_anchor anchor;
	struct cond *enrol;
	struct cond *leave;         /* NULL: nothing but the end ends it */
	int end_days;               /* after the anchor; 0: no end */
	struct pathway_step *steps; /* in order of offset */
	size_t n_steps;
	struct pathway_step repeat; /* id NULL: none */
	struct interval_rule *rules;
	size_t n_rules;
	const char *replaces[PATHWAY_LIST_MAX]; /* pathway ids */
	size_t n_replaces;
	/* Codes of measurements whose course its rules ask for ("trend"). */
	const char *trends[PATHWAY_LIST_MAX];
	size_t n_trends;
	const char *advice[PATHWAY_LIST_MAX];
	size_t n_advice;
	struct pathway_conflict conflicts[PATHWAY_LIST_MAX];
	size_t n_conflicts;
};

/* When the next contact is, and why. Borrowed texts live as long as the
 * pathway. */
struct pathway_due {
	const struct pathway *pathway;
	bool is_over; /* the pathway ends here; only why is set */
	const char *step;
	const char *script;
	int64_t open_day;
	int64_t due_day;
	int64_t close_day;
	int minutes;
	const char *rule; /* id of the rule, or "plan" */
	int version;      /* of the rule, or of the pathway */
	struct words why;
	const struct interval_rule *refer; /* NULL: no referral */
	struct cond_trace inputs;
};

/* One contact that has just taken place. */
struct pathway_visit {
	const char *step; /* id of the step it served; NULL: none */
	int64_t anchor_day;
	int64_t day; /* of the contact */
	int64_t now_s;
	const struct facts *facts; /* visit-class and the like, with history */
};

/* Parses one file. ERR_INVALID: err_detail says where and why. */
NODISCARD int pathway_parse(struct pathway **out, const char *json, size_t n);
void pathway_free(struct pathway **p);
const struct pathway_step *pathway_step_find(
    const struct pathway *p, const char *id);

/* The first contact of somebody enrolled today: the first step whose window
 * is still open. */
void pathway_first_due(struct pathway_due *out, const struct pathway *p,
    int64_t anchor_day, int64_t today);
/* The contact after one that took place. */
void pathway_next(struct pathway_due *out, const struct pathway *p,
    const struct pathway_visit *visit);

const char *pathway_anchor_name(enum pathway_anchor anchor);

#endif
