/*
 * interval.h - how soon the next contact is, by rules kept as data: the
 * national state machine (satisfied, unsatisfied, adverse reaction,
 * complication; once, twice running), stable and fluctuating courses. Knows
 * nothing of steps and windows.
 */
#ifndef SUIFANG_INTERVAL_H
#define SUIFANG_INTERVAL_H

#include "core/base.h"
#include "core/cond.h"
#include "core/content.h"

/* How a visit ended, as the national forms classify it (此次随访分类); code
 * "visit-class" of a fact. More than one may apply to one visit; those of
 * earlier visits are history. Rules also take "adverse", the word of contact
 * entries, for VISIT_ADVERSE. */
#define VISIT_CLASS "visit-class"
#define VISIT_SATISFIED "satisfied"
#define VISIT_UNSATISFIED "unsatisfied"
#define VISIT_ADVERSE "adverse-reaction"
#define VISIT_COMPLICATION "complication"

struct interval_rule {
	const char *id;
	int version;
	struct cond *when;
	int days;           /* until the next contact */
	int open_days;      /* window around it: <= 0 */
	int close_days;     /* >= 0 */
	bool refers;        /* advise a referral */
	const char *script; /* NULL: the script of the step */
	struct words why;
};

struct interval {
	const struct interval_rule *rule;  /* NULL: no rule, by plan */
	const struct interval_rule *refer; /* NULL: no referral advised */
	struct cond_trace inputs;          /* of rule */
};

/* The rule that holds and has the fewest days; of equal ones the first, so
 * that the most severe stands first in the file. Any rule that refers,
 * refers. */
void interval_decide(struct interval *out, const struct interval_rule *rules,
    size_t n, const struct facts *facts, int64_t now_s);

/* Reads one rule; borrowed texts live as long as j. ERR_INVALID. Even after
 * an error interval_rule_fini is due. */
NODISCARD int interval_rule_read(
    struct interval_rule *out, const json_t *j, const char *at);
void interval_rule_fini(struct interval_rule *rule);

#endif
