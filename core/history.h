/*
 * history.h - what the log knows about a patient, as facts of the past for
 * rules: measurements, answers of earlier contacts, diagnoses, age. Reads
 * only.
 */
#ifndef SUIFANG_HISTORY_H
#define SUIFANG_HISTORY_H

#include "core/base.h"
#include "core/facts.h"

struct store;

/* Which fact an answer is depends on its script; NULL: none. The text is
 * borrowed until the next call. */
struct history_codes {
	const char *(*code)(void *ctx, const char *script, const char *link);
	void *ctx;
};

/* Adds to *out; the newest 400 measurements and answers. now_s for the age. */
NODISCARD int history_facts(struct facts *out, struct store *store,
    const struct id *patient, const struct history_codes *codes);

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
