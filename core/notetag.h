/*
 * notetag.h - reads an agent's free text for words that could be a red flag
 * ("胸痛", "black stool") and minds negation ("无胸痛", "denies"), doubt ("如
 * 出现") and other people ("父亲"). It suggests; a person confirms or
 * corrects; it never raises an alert. Pure; the dictionary is data.
 */
#ifndef SUIFANG_NOTETAG_H
#define SUIFANG_NOTETAG_H

#include "core/base.h"
#include "core/content.h"

#define NOTETAG_TEXT_MAX 8192 /* bytes of a note that are read */

struct notetag;

/* Why a word does not count. */
enum notetag_sense {
	NOTETAG_SAID,
	NOTETAG_NEGATED,
	NOTETAG_DOUBTFUL, /* if, in case of, to prevent */
	NOTETAG_OTHER_PERSON
};

struct notetag_hit {
	const char *id; /* of the dictionary entry */
	struct words name;
	const char *code; /* the fact it stands for */
	const char *text; /* its option */
	enum notetag_sense sense;
	size_t at;  /* bytes into the note */
	size_t len; /* of the word */
};

/* ERR_INVALID with path and reason. */
NODISCARD int notetag_parse(struct notetag **out, const char *json, size_t n);
void notetag_free(struct notetag **t);
const struct content_head *notetag_head(const struct notetag *t);

/* All words in order of place; returns how many, writes at most max. A note
 * longer than NOTETAG_TEXT_MAX is read to there. */
size_t notetag_run(struct notetag_hit *hits, size_t max,
    const struct notetag *t, const char *note, size_t n);

/* Only what is said, each entry once: what to ask the agent about. */
size_t notetag_suggest(struct notetag_hit *hits, size_t max,
    const struct notetag *t, const char *note, size_t n);

const char *notetag_sense_name(enum notetag_sense sense);

#endif
