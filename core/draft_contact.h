/*
 * draft_contact.h - the entries that a call makes: the contact itself, the
 * alerts it raises, the promises it gives and keeps.
 */
#ifndef SUIFANG_DRAFT_CONTACT_H
#define SUIFANG_DRAFT_CONTACT_H

#include "core/base.h"
#include "core/draft.h"
#include "core/facts.h"
#include "core/outcome.h"
#include "core/triage.h"

struct advice;
struct profile;

#define CONTACT_GIVEN 32

struct contact {
	struct id patient;
	const struct disposition *how;
	int how_version;
	const struct outcome *outcome;
	/* "" and NULL where there was no script. */
	const char *script, *script_version, *script_hash;
	/* Asked in the same call; none NULL. */
	struct contact_script {
		const char *script, *version, *hash;
	} also[CASE_DUES];
	size_t n_also;
	const char *respondent; /* option code, or "" */
	bool is_completed, is_stopped, is_interrupted;
	int number;
	int64_t started_s, ended_s;
	const char *note;          /* may be "" */
	json_t *answers;           /* of script_run_answers; taken over */
	const struct facts *facts; /* numbers of this contact are measured */
	const struct triage_hit *hits;
	size_t hit_count;
	const char *recording, *recording_hash;    /* may be "" or NULL */
	const struct advice *given[CONTACT_GIVEN]; /* read to the patient */
	int given_count;
	/* What follows for the patient; NULL: nothing was asked. file then
	 * says what stands. */
	const struct profile *profile;
	const struct casefile *file;
	int32_t zone_s;
};

/* contact.recorded, pathway.moved for each pathway that was decided by another
 * version than the one the patient is on, pathway.left for each that ends,
 * and what a profile changes (core/draft_profile.h). */
void draft_contact(struct draft *draft, const struct contact *c);

/* contact.amended: answers of an earlier contact that were mis-keyed. */
struct amended {
	struct id patient;
	const char *contact, *reason, *class; /* refs and texts, not NULL */
	json_t *answers;                      /* changed ones; taken over */
	const struct facts *facts;            /* all of that contact */
	const struct triage_hit *hits;
	size_t hit_count;
	const struct profile *profile; /* of that contact, or NULL */
	bool keeps_level;              /* which then names none */
	const struct case_due *next;   /* decided anew */
	int next_count;
};
void draft_amended(struct draft *draft, const struct amended *a);

/* alert.raised; no is its short number. */
void draft_alert(struct draft *draft, const struct id *patient,
    const struct triage_hit *hit, const char *no);

struct promise {
	int64_t due_s;
	const char *owner; /* member */
	int number;
	const char *who, *note; /* may be "" */
};
void draft_promise(
    struct draft *draft, const struct id *patient, const struct promise *p);

/* One entry of a kind that names another entry by reference, with up to one
 * text: alert.acknowledged {alert, owner}, alert.handled {alert, action}... */
json_t *draft_about(struct draft *draft, enum kind kind,
    const struct id *patient, const char *ref);

#endif
