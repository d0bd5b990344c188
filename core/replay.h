/*
 * replay.h - what other content would have decided: two sets of rules and
 * pathways are asked at every recorded contact of a patient, with what was
 * known then, by the function that ends a call (core/outcome.h). Pure; writes
 * nothing anywhere.
 */
#ifndef SUIFANG_REPLAY_H
#define SUIFANG_REPLAY_H

#include "core/base.h"
#include "core/content_pack.h"
#include "core/facts.h"

/* One recorded contact and the step of a pathway it served. */
struct replay_contact {
	int64_t at_s;
	char pathway[64]; /* "" for none */
	char step[64];
	int64_t anchor_day;
	/* What is known from then on is of this contact; 0: not known, then
	 * what came after the contact before. */
	int64_t started_s;
};

struct casefile;

struct replay_patient {
	const struct facts *facts; /* everything known about the patient */
	const struct replay_contact *contacts; /* in order of time */
	size_t n;
	int32_t zone_s;
	const struct casefile *file; /* age and sex; NULL: not known */
};

enum replay_kind {
	REPLAY_ALERT_MORE,  /* now an alert that was none; now: the rule */
	REPLAY_ALERT_FEWER, /* was: the rule that no longer holds */
	REPLAY_EARLIER,     /* next contact; was and now: day and rule */
	REPLAY_LATER,
	REPLAY_KINDS
};

struct replay_total {
	size_t contacts;
	size_t decisions; /* of pathways, at the end of contacts */
	size_t facts;
	size_t of[REPLAY_KINDS];
};

/* Told once for each difference. was and now are borrowed. */
typedef void replay_tell(void *ctx, enum replay_kind kind, int64_t at_s,
    const char *was, const char *now);

struct replay_listener {
	replay_tell *tell; /* may be NULL */
	void *ctx;
	/* Every decision: day and rule by both; may be NULL. */
	void (*decided)(void *ctx, const struct replay_contact *c,
	    const char *was, const char *now);
};

/* What is older than a contact is history, what came later is not known. Adds
 * to total. */
void replay_run(struct replay_total *total,
    const struct content_world *const worlds[2],
    const struct replay_patient *patient,
    const struct replay_listener *listener);

/* One call that did every step that was due. */
struct outcome;
struct replay_call {
	const struct casefile *file; /* what was due in it */
	const struct facts *facts;   /* known at its end */
	const char *level;           /* of the gravest alert; NULL: none */
	int64_t at_s;
	int32_t zone_s;
};
/* Its end by one world; a pathway that is not there stays as it is. */
void replay_end(struct outcome *out, const struct content_world *world,
    const struct replay_call *call);

/* "more", "fewer", "earlier", "later". */
const char *replay_kind_name(enum replay_kind kind);

#endif
