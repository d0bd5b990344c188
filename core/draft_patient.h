/*
 * draft_patient.h - entries about a patient's own circumstances: numbers and
 * their order, best time, hearing, language, where they live, what they
 * agreed to, appointments, complaints. Builds bodies; decides nothing and
 * asks nobody.
 */
#ifndef SUIFANG_DRAFT_PATIENT_H
#define SUIFANG_DRAFT_PATIENT_H

#include "core/base.h"
#include "core/casefile.h"
#include "core/draft.h"

/* patient.amended with the whole list in this order; at most CASE_PHONES. */
void draft_phones(struct draft *draft, const struct id *patient,
    const struct case_phone *phones, int count);
/* The same with one number taken out of use; the others keep their order. */
void draft_phone_retired(
    struct draft *draft, const struct casefile *file, int number);
/* The same with one number put first. */
void draft_phone_first(
    struct draft *draft, const struct casefile *file, int number);

/* patient.amended with one text field: "best_time", "hearing", "dialect",
 * "language", "address". */
void draft_detail(struct draft *draft, const struct id *patient,
    const char *field, const char *text);
void draft_died(struct draft *draft, const struct id *patient, int64_t day);

/* consent.set; supersedes is the ref of the entry it takes back, or "". */
struct consent {
	const char *what; /* "call", "recording", "family", "data" */
	bool given;
	const char *supersedes, *note;
};
void draft_consent(
    struct draft *draft, const struct id *patient, const struct consent *c);

/* appointment.set; ref of an earlier one that changes, or "". */
struct appointment {
	const char *ref, *department, *state, *note;
	int64_t at_s;
};
void draft_appointment(
    struct draft *draft, const struct id *patient, const struct appointment *a);

struct complaint {
	const char *category, *text, *owner; /* owner a member, or "" */
	int64_t due_day;
};
void draft_complaint(
    struct draft *draft, const struct id *patient, const struct complaint *c);

#endif
