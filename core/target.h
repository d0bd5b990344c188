/*
 * target.h - what counts as controlled: upper and lower bounds of a
 * measurement by edition of a guideline and by patient, as data, because
 * editions disagree; and the class of a visit proposed from them. Pure.
 */
#ifndef SUIFANG_TARGET_H
#define SUIFANG_TARGET_H

#include "core/base.h"
#include "core/cond.h"
#include "core/content.h"

struct target_set;

struct target {
	const char *edition;
	const char *code; /* of the fact */
	int version;      /* of the table */
	bool has_below;   /* controlled is < below */
	int64_t below;
	int below_scale;
	bool has_from; /* controlled is >= from */
	int64_t from;
	int from_scale;
	struct words why; /* whom the bound is for */
};

/* ERR_INVALID with path and reason. */
NODISCARD int target_set_parse(
    struct target_set **out, const char *json, size_t n);
void target_set_free(struct target_set **set);

/* For whom a bound is asked. edition NULL: the first of the table. */
struct target_ask {
	const char *edition;
	const struct facts *patient;
	int64_t now_s;
};

/* False when the edition has no bound for that code. The first row that fits
 * the patient counts. */
bool target_find(struct target *out, const struct target_set *set,
    const char *code, const struct target_ask *ask);

/* -1 below the band, 0 in it, 1 above it. */
int target_cmp(const struct target *t, const struct fact *value);

/* "<140", ">=92", "4.0-7.0": the bound as people write it. */
void target_text(char *out, size_t size, const struct target *t);

/* What a later value means beside an earlier one. */
enum target_change {
	TARGET_SAME,   /* no nearer and no farther */
	TARGET_BETTER, /* off the target, but nearer to it, or on it again */
	TARGET_WORSE,  /* farther off */
	TARGET_ON,     /* both on the target */
	TARGET_ROSE,   /* there is no target: only which way */
	TARGET_FELL
};
/* t NULL: there is no target. */
enum target_change target_change(const struct target *t,
    const struct fact *before, const struct fact *after);

struct target_visit {
	/* Option of "visit-class" (core/interval.h), most severe first:
	 * complication, adverse reaction, unsatisfied, satisfied; NULL when
	 * nothing was measured and nothing told. */
	const char *class;
	const char *edition;
	int version;
	struct cond_trace inputs; /* what decided */
};

/* Proposes the class of this contact from its own measurements, "adverse-
 * reaction" and "complication". The agent decides. */
void target_classify(struct target_visit *out, const struct target_set *set,
    const char *edition, const struct facts *facts, int64_t now_s);

#endif
