/*
 * cadence.h - how a call ended, from a closed and versioned set, and what
 * follows: the next try, another number, another time of day, or the
 * supervisor. Numbers of a patient are counted in their order of use.
 */
#ifndef SUIFANG_CADENCE_H
#define SUIFANG_CADENCE_H

#include "core/base.h"
#include "core/content.h"
#include "core/hours.h"

#define CADENCE_DELAYS_MAX 8
#define CADENCE_NEEDS_MAX 4

/* What happens when the tries of a disposition are used up. */
enum cadence_then {
	CADENCE_NOTHING,    /* nothing more: the contact is done */
	CADENCE_SUPERVISOR, /* lost for now: a supervisor decides */
	CADENCE_CALLBACK,   /* a time was agreed */
	CADENCE_STOP        /* no further call at all */
};

struct disposition {
	const char *id;
	struct words name;
	char key;          /* one-key choice; 0 when it has a key of its own */
	bool is_reached;   /* somebody spoke */
	bool is_patient;   /* that was the patient or a proxy who may answer */
	bool may_complete; /* answers of the script may come with it */
	bool retires_number; /* this number is no longer used */
	bool stops_pathways; /* with every callback; a supervisor reverses */
	bool is_do_not_call; /* from now on */
	bool is_excluded;    /* not counted against anybody's figures */
	const char *needs[CADENCE_NEEDS_MAX]; /* what must be recorded */
	size_t n_needs;
	int delays_min[CADENCE_DELAYS_MAX]; /* after the 1st, 2nd... try */
	size_t n_delays; /* tries that follow; the last delay is not repeated */
	bool other_hours;  /* try another part of the day */
	bool other_number; /* try the next number */
	enum cadence_then then;
};

struct cadence;

/* ERR_INVALID with path and reason. */
NODISCARD int cadence_parse(struct cadence **out, const char *json, size_t n);
void cadence_free(struct cadence **c);

const struct content_head *cadence_head(const struct cadence *c);
/* In order of the file: the first is the plain "no answer". */
size_t cadence_total(const struct cadence *c);
const struct disposition *cadence_at(const struct cadence *c, size_t i);
/* NULL when the set has no such id. */
const struct disposition *cadence_find(const struct cadence *c, const char *id);
const struct disposition *cadence_by_key(const struct cadence *c, char key);

/* One call that has just ended. */
struct cadence_try {
	const struct disposition *how;
	int attempts;     /* fruitless calls of this contact, this one too */
	size_t number;    /* index of the number dialled */
	size_t n_numbers; /* numbers in use, before this call */
	int64_t at_s;
};

struct cadence_next {
	bool is_given_up; /* no further try: see then */
	enum cadence_then then;
	int64_t due_s;
	size_t number; /* index after a retired number has been taken out */
};

/* person may be NULL. */
void cadence_next(struct cadence_next *out, const struct cadence_try *last,
    const struct hours *hours, const struct hours_person *person);

const char *cadence_then_name(enum cadence_then then);

#endif
