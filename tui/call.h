/*
 * call.h - one call in progress, apart from its screen: the script run, the
 * answers made durable one by one, red flags raised the moment they hold,
 * the end proposed and recorded. The plain mode drives the same.
 */
#ifndef SUIFANG_TUI_CALL_H
#define SUIFANG_TUI_CALL_H

#include "core/base.h"
#include "core/casefile.h"
#include "core/facts.h"
#include "core/outcome.h"
#include "core/pathway_set.h"
#include "core/script_run.h"
#include "core/triage.h"

struct desk;
struct script_merged;

#define CALL_ALERTS 16

/* An alert that this call raised. */
struct call_alert {
	char rule[64], no[36], ref[REF_TEXT];
	bool withdrawn, told;
};

struct call {
	struct desk *desk;
	struct casefile *file;
	const struct script *script; /* NULL: nothing is due */
	char script_id[96];          /* the first that is asked */
	/* All that are asked in this call, as one script. */
	struct script_merged *merged;
	char asked[CASE_DUES][96];
	int asked_count;
	/* Advice of all their pathways, and what of it contradicts. */
	struct pathway_plan plan;
	struct script_person person;
	struct script_run *run;
	struct facts history;
	struct facts facts; /* history and this call */
	struct triage_hit hits[CALL_ALERTS];
	size_t hit_count;
	struct call_alert alerts[CALL_ALERTS];
	int alert_count;
	char slot[64], note[2000];
	int64_t started_s;
	int number; /* of the patient's numbers, from 0 */
	bool resumed;
};

/* Opens the patient for a call: takes up what a crash left, or records the
 * start, with the reason why it overrides the hours ("" normally).
 * ERR_NOT_FOUND, ERR_RULE (do not call), errors of the store. */
NODISCARD int call_begin(struct call **out, struct desk *desk,
    const struct id *patient, const char *override);
void call_free(struct call **call);
/* Patients with an unfinished call on this terminal, the oldest first;
 * returns how many, at most max. */
int call_unfinished(struct id *patients, int max, struct desk *desk);

/* Takes typed text for a place and makes it durable. On a refusal *verdict
 * says why (see script_run_type). */
NODISCARD int call_answer(struct call *c, struct script_place at,
    const char *typed, struct script_verdict *verdict);
NODISCARD int call_skip(struct call *c, struct script_place at,
    enum script_absent why, struct script_verdict *verdict);
NODISCARD int call_clear(struct call *c, uint32_t item, uint32_t occ);
NODISCARD int call_set_note(struct call *c, const char *note);
/* Whom the agent told about an alert by telephone. */
NODISCARD int call_told(struct call *c, int alert, const char *who);

/* What the end would be, by a disposition; the outcome is filled. */
void call_propose(
    struct call *c, const struct disposition *how, struct outcome *out);
/* Records the end and forgets the draft; ref for undo. A promise may be
 * NULL. ERR_CHECK: required questions are open and no emergency stops. */
struct promise;
NODISCARD int call_finish(char ref[REF_TEXT], struct call *c,
    const struct disposition *how, const struct promise *promise);
/* The linkId of a question in its own script: the one that history knows. */
const char *call_link(const struct call *c, uint32_t item);
/* Leaves without a trace of an end: the answers stay for the next time. */
bool call_has_answers(const struct call *c);
/* An emergency of this call may end the script early. */
bool call_has_emergency(const struct call *c);
/* The disposition of a finished conversation. */
const struct disposition *call_completed(const struct call *c);

#endif
