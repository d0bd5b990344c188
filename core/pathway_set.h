/*
 * pathway_set.h - all pathways together: which of them a patient should be
 * enrolled in, and one call for a patient who is on several.
 */
#ifndef SUIFANG_PATHWAY_SET_H
#define SUIFANG_PATHWAY_SET_H

#include "core/base.h"
#include "core/pathway.h"

struct pathway_set;

struct pathway_set *pathway_set_new(void);
void pathway_set_free(struct pathway_set **set);
/* Adds one file. Several versions of one id may stand side by side.
 * ERR_INVALID when that version is there already or the file is wrong. */
NODISCARD int pathway_set_add(
    struct pathway_set *set, const char *json, size_t n);

size_t pathway_set_total(const struct pathway_set *set);
const struct pathway *pathway_set_at(const struct pathway_set *set, size_t i);
/* version 0: the newest. NULL when there is none. */
const struct pathway *pathway_set_find(
    const struct pathway_set *set, const char *id, int version);

/* Why and from which day a patient should be on a pathway. */
struct pathway_enrol {
	const struct pathway *pathway;
	int64_t anchor_day;
	struct cond_trace because;
};

/* person holds facts "condition", "procedure" (codes as text, at_s the day
 * of each), "age", "sex", "discharge", "finding". False when the criteria do
 * not hold. zone_s: seconds east of UTC of the site. */
bool pathway_should_enrol(struct pathway_enrol *out, const struct pathway *p,
    const struct facts *person, int64_t now_s, int32_t zone_s);
/* The newest versions that fit, without those replaced by another that fits
 * too; returns how many, writes at most max. */
struct pathway_when {
	int64_t now_s;
	int32_t zone_s;
};
size_t pathway_set_suggest(struct pathway_enrol *out, size_t max,
    const struct pathway_set *set, const struct facts *person,
    struct pathway_when when);

#define PATHWAY_PLAN_MAX 8

/* One call for several pathways: the earliest due day decides, every script
 * whose window is open by then is served in it. */
struct pathway_plan {
	int64_t day;
	int64_t open_day;
	int64_t close_day;
	const struct pathway_due *served[PATHWAY_PLAN_MAX];
	size_t n_served;                       /* the first decided the day */
	const char *scripts[PATHWAY_PLAN_MAX]; /* each once */
	size_t n_scripts;
	int minutes; /* of each script once */
	const struct interval_rule *refer;
	const char *advice[PATHWAY_LIST_MAX];
	size_t n_advice;
	const struct pathway_conflict *conflicts[PATHWAY_LIST_MAX];
	size_t n_conflicts;
};

/* False when none of the n contacts is still to come. */
bool pathway_merge(
    struct pathway_plan *out, const struct pathway_due *dues, size_t n);

#endif
