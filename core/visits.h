/*
 * visits.h - what the patient has with the hospital besides our calls:
 * appointments and what became of them, visits that took place. Reads only.
 */
#ifndef SUIFANG_VISITS_H
#define SUIFANG_VISITS_H

#include "core/base.h"
#include "core/id.h"

struct store;

struct visit_row {
	bool is_appointment;
	char ref[REF_TEXT], department[68];
	/* booked reminded came missed cancelled; or the class of a visit */
	char state[16];
	char note[208];
	int64_t at_s;
};

/* Newest first, at most max; returns how many, or an error. */
int visits_read(struct visit_row *out, int max, struct store *store,
    const struct id *patient);

#endif
