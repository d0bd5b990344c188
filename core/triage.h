/*
 * triage.h - red flags (危急预警): rules kept as data decide, while the call
 * is going on, whether an answer must be told to a clinician, how soon, and
 * what the agent says now. Pure: facts in, hits out. Raising the alert and
 * its clock belong to others.
 */
#ifndef SUIFANG_TRIAGE_H
#define SUIFANG_TRIAGE_H

#include "core/base.h"
#include "core/cond.h"
#include "core/content.h"
#include "core/facts.h"

/* Most urgent first. */
enum triage_level {
	TRIAGE_EMERGENCY, /* 120 now; the call may stop here */
	TRIAGE_RED,
	TRIAGE_ORANGE,
	TRIAGE_YELLOW
};

struct triage_rule {
	const char *id;
	int version;
	enum triage_level level;
	struct words banner;      /* one line on the screen */
	struct words instruction; /* what the agent does and says */
	const char *queue;        /* id of the receiving queue */
	int sla_s;                /* seconds until it must be acknowledged */
	const struct content_head *pack;
	struct cond *when;
};

struct triage_hit {
	const struct triage_rule *rule; /* lives as long as the set */
	struct cond_trace inputs;
};

/* A set of rules from any number of packs. */
struct triage;

/* An empty set. */
struct triage *triage_new(void);
void triage_free(struct triage **t);
/* Adds one pack. ERR_INVALID: err_detail names the rule and the reason; the
 * set is unchanged. ERR_INVALID too when a rule id is in the set already. */
NODISCARD int triage_add(struct triage *t, const char *json, size_t n);

/* Rules in the set. */
size_t triage_total(const struct triage *t);

/* Does any rule ask for facts of this code? */
bool triage_mentions(const struct triage *t, const char *code);

/* Every rule that holds, most urgent first; returns how many there are and
 * writes at most max. */
size_t triage_run(struct triage_hit *hits, size_t max, const struct triage *t,
    const struct facts *facts, int64_t now_s);

/* "emergency", "red", "orange", "yellow". */
const char *triage_level_name(enum triage_level level);
NODISCARD int triage_level_parse(enum triage_level *out, const char *name);

#endif
