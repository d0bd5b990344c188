/*
 * history.h - what the log knows about a patient, as facts of the past for
 * rules: measurements, answers of earlier contacts, diagnoses, age. Reads
 * only.
 */
#ifndef SUIFANG_HISTORY_H
#define SUIFANG_HISTORY_H

#include "core/base.h"
#include "core/facts.h"

#define HISTORY_MAX 400

struct casefile;
struct store;

/* Which fact an answer is depends on its script; NULL: none. The text is
 * borrowed until the next call. */
struct history_codes {
	const char *(*code)(void *ctx, const char *script, const char *link);
	void *ctx;
	int max; /* of each sort, the newest; 0: HISTORY_MAX */
};

/* Adds to *out; the newest measurements, answers, totals of scores and
 * levels of alerts ("triage-level"), the last stay in hospital ("discharge",
 * "los-days", "acute-admission" where an emergency visit led to it,
 * "ed-visits-6m" before it). */
NODISCARD int history_facts(struct facts *out, struct store *store,
    const struct id *patient, const struct history_codes *codes);

/* "age" and "sex" of the person, today. */
void history_person(struct facts *out, const struct casefile *file,
    int64_t now_s, int32_t zone_s);

/* One stay in hospital or visit, for history_stay. */
struct history_visit {
	bool is_stay, is_emergency;
	int64_t from_s, until_s; /* until_s 0: not known */
};
/* Facts of the last stay that has ended. */
void history_stay(
    struct facts *out, const struct history_visit *visits, size_t n);

/* The last earlier answer to a question and when it was given; false when
 * there is none. For choices the option's code, else the number or text. */
struct history_answer {
	char code[68], text[200];
	int64_t at_s, value;
	int scale;
	bool is_number;
};
bool history_answer(struct history_answer *out, struct store *store,
    const struct id *patient, const char *link);

#endif
