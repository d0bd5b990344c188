/*
 * moves.h - what a new version of a pathway changes for a patient now on it:
 * the next call is taken as made on the day it is due, and ended by both
 * versions with the function that ends a call and moves the patient
 * (core/outcome.h). What it will find is not known: each finding is tried.
 * Pure; writes nothing anywhere.
 */
#ifndef SUIFANG_MOVES_H
#define SUIFANG_MOVES_H

#include "core/base.h"
#include "core/content_pack.h"
#include "core/facts.h"

struct casefile;

/* The gravest first: a move is of the first kind that holds. */
enum moves_kind {
	MOVES_LEAVES, /* ends now and did not before */
	MOVES_STAYS,  /* would have ended, and goes on now */
	MOVES_EARLIER,
	MOVES_LATER,
	MOVES_STEP,   /* another step on the same day */
	MOVES_SCRIPT, /* the same step with another script */
	MOVES_KINDS
};

#define MOVES_TEXT 240

struct move {
	const char *pathway; /* borrowed while tell runs */
	enum moves_kind kind;
	int64_t call_day; /* of the call that moves the patient */
	/* "any", or the findings that lead here with ", " between; "none"
	 * where the call finds nothing new. */
	char findings[80];
	/* "step day script rule", or "- none" when the pathway ends. */
	char was[MOVES_TEXT], now[MOVES_TEXT];
};

struct moves_patient {
	const struct casefile *file;
	const struct facts *facts; /* everything known about the patient */
	int64_t now_s;
	int32_t zone_s;
};

/* Patients; one may be counted in several kinds. */
struct moves_total {
	size_t asked, changed;
	size_t of[MOVES_KINDS];
};

typedef void moves_tell(void *ctx, const struct move *m);

/* Of what is due for the patient, what pathways of the worlds decide; tell is
 * called once for each difference. Adds to *total. */
struct moves_listener {
	moves_tell *tell; /* may be NULL */
	void *ctx;
};
void moves_ask(struct moves_total *total,
    const struct content_world *const worlds[2],
    const struct moves_patient *patient, const struct moves_listener *listener);

/* "leaves", "stays", "earlier", "later", "step", "script". */
const char *moves_kind_name(enum moves_kind kind);

#endif
