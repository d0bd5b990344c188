/*
 * facts.h - what is known about one patient at one moment, as a flat set:
 * answers of the call in progress, earlier measurements, conditions, age.
 * Triage, pathways, tags, scores and trends read facts and nothing else.
 * Knows nothing of scripts, storage or people.
 *
 * A code is the LOINC code of an item, or the item's own code or linkId. An
 * answer that chooses an option has the option's code as text; a question
 * with several chosen options gives several facts of one code and one time.
 */
#ifndef SUIFANG_FACTS_H
#define SUIFANG_FACTS_H

#include "core/base.h"

#define FACT_CODE 48
#define FACT_TEXT 64

enum fact_kind {
	FACT_NUMBER, /* value at scale, in the canonical unit of its code */
	FACT_CODED,  /* text is the option's code */
	FACT_FLAG,   /* value 0 or 1, text "false" or "true" */
	FACT_ABSENT  /* asked and not measured: satisfies, but says nothing */
};

/* Where a measurement comes from. */
enum fact_source {
	FACT_UNKNOWN,
	FACT_SELF,   /* measured at home */
	FACT_CLINIC, /* measured in a consulting room or a laboratory */
	FACT_RELAYED /* read out or remembered by somebody */
};

struct fact {
	char code[FACT_CODE];
	char text[FACT_TEXT];
	int64_t value;
	int64_t at_s; /* when measured or answered */
	int scale;    /* decimals of value, 0..9 */
	enum fact_kind kind;
	enum fact_source source;
	/* From before this contact. Rules look at this contact's answers
	 * unless they ask for history. */
	bool is_history;
};

/* Zero-initialise with `struct facts f = {0}`. Kept in order of code, time,
 * arrival. */
struct facts {
	struct fact *items;
	size_t n;
	size_t cap;
};

void facts_fini(struct facts *f);
void facts_clear(struct facts *f);

/* Copies *fact. */
void facts_add(struct facts *f, const struct fact *fact);
/* Of this contact; source unknown. */
void facts_add_number(
    struct facts *f, const char *code, int64_t value, int scale, int64_t at_s);
void facts_add_coded(
    struct facts *f, const char *code, const char *text, int64_t at_s);
void facts_add_flag(struct facts *f, const char *code, bool flag, int64_t at_s);
/* Marks everything in the set as earlier than this contact. */
void facts_age(struct facts *f);
/* Removes every fact of this contact with that code: an answer changed. */
void facts_drop(struct facts *f, const char *code);

/* All facts of a code, oldest first; *n may be 0. Borrowed. */
const struct fact *facts_of(const struct facts *f, const char *code, size_t *n);
/* The latest of a code that says something; NULL when there is none. */
const struct fact *facts_last(const struct facts *f, const char *code);
/* The one before, that is of an earlier time. */
const struct fact *facts_previous(const struct facts *f, const char *code);
/* Last value minus the first of the `days` before it, at *scale. False when
 * there is no earlier value in that time. */
bool facts_difference(int64_t *out, int *scale, const struct facts *f,
    const char *code, int days);
/* The same against the lowest value of that time. */
bool facts_rise(int64_t *out, int *scale, const struct facts *f,
    const char *code, int days);
/* Facts of a code within `days` before now_s that say something. */
int facts_count(
    const struct facts *f, const char *code, int days, int64_t now_s);

#endif
