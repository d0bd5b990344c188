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
#define CALL_GIVEN 12
#define CALL_TAGS 8

/* An alert that this call raised. */
struct call_alert {
	char rule[64], no[36], ref[REF_TEXT];
	bool withdrawn, told;
};

/* What the note seems to say, after the agent was asked. */
struct call_tag {
	char id[48], code[48], text[64];
	bool is_so;
};

struct call {
	struct desk *desk;
	struct casefile *file;
	const struct script *script; /* NULL: nothing is due */
	char script_id[96];          /* the first that is asked */
	/* All that are asked in this call, as one script. */
	struct script_merged *merged;
	char asked[CASE_DUES][96];
	/* Versions the call began with; "" the one in force. */
	char asked_version[CASE_DUES][36];
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
	bool resumed, incoming, hangs_up;
	/* Whose list the patient is on now; moved away under the call. */
	char owner[24];
	bool was_mine, is_moved;
	int64_t died_day; /* of the disposition "died" */
	char recording[200], recording_hash[HASH_HEX];
	/* Advice read aloud, by id; tags of the note by dictionary id. */
	char given[CALL_GIVEN][48];
	int given_count;
	struct call_tag tags[CALL_TAGS];
	int tag_count;
};

/* How a call begins. */
struct call_opening {
	const char *override; /* why the hours do not hold; "" normally */
	bool incoming;
	int number;  /* index of the number; -1: the one whose turn it is */
	bool shares; /* goes on on the line of a call that is open */
	const char *from; /* number of who calls us; NULL: unknown */
	bool resumes;     /* what was begun, or ERR_NOT_FOUND; nothing new */
};

/* Opens the patient for a call: takes up what a crash left, or records the
 * start and dials. ERR_NOT_FOUND, ERR_RULE (do not call, unless the patient
 * calls), errors of the store. */
NODISCARD int call_begin_as(struct call **out, struct desk *desk,
    const struct id *patient, const struct call_opening *how);
/* The same for a call to the number whose turn it is. */
NODISCARD int call_begin(struct call **out, struct desk *desk,
    const struct id *patient, const char *override);
/* Hangs up where this call dialled. */
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
NODISCARD int call_set_note(struct call *c, const char *note);
/* Whom the agent told about an alert by telephone. */
NODISCARD int call_told(struct call *c, int alert, const char *who);

/* Another of the patient's numbers is dialled: a record of its own. */
NODISCARD int call_dial(struct call *c, int number);
/* The patient's details changed in the log: read them again. */
NODISCARD int call_reload(struct call *c);
/* Whose list the patient is on now: 1 when it was moved away just now. */
NODISCARD int call_see_owner(struct call *c);
/* What that means for the call under way, and for the one that was saved. */
void call_moved_text(char *out, size_t size, const struct call *c);
void call_moved_saved(char *out, size_t size, const struct call *c);
/* Where the recording of this call is; its hash is taken when it ends. */
NODISCARD int call_set_recording(struct call *c, const char *path);
/* This advice was read to the patient, or not after all. */
NODISCARD int call_give(struct call *c, const char *advice, bool given);
bool call_gave(const struct call *c, const char *advice);
/* What there is to read to this patient, those that the answers call for
 * first; returns how many. Borrowed. */
struct advice;
size_t call_advice(const struct advice *out[CALL_GIVEN], struct call *c);
/* The agent was asked about a word of the note; what is so is a fact of this
 * call and the rules see it. */
NODISCARD int call_tag(struct call *c, const struct call_tag *tag);
bool call_knows_tag(const struct call *c, const char *id);

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
