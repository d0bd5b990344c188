/*
 * cond.h - conditions over facts, as data: {"all": [...]}, {"any": [...]},
 * {"not": ...} and comparisons {"code", "op", "value", ...}. Red flags,
 * pathway rules, tags and enrolment share them. A condition that holds can
 * name the facts that made it hold.
 *
 * A comparison: "code" of the fact; "op" one of exists = != > < >= <= starts
 * in; "value" an integer, a decimal as text ("16.7"), an option code, a flag;
 * "values" the codes of `in` or the beginnings of `starts`. "of" chooses what
 * is compared: last (default), previous, difference, rise, count; "days"
 * bounds the last three and is the age limit of the first two, which then
 * may be history; "ever": true lifts the limit. Without either only answers
 * of this contact count. previous is the latest answer of an earlier contact
 * (is_history) where this one has an answer too. Coded answers pile up: any
 * option in reach counts.
 */
#ifndef SUIFANG_COND_H
#define SUIFANG_COND_H

#include "core/base.h"
#include "core/facts.h"

#include <jansson.h>

#define COND_INPUTS 8
#define COND_DEPTH_MAX 8
#define COND_NODES_MAX 256

struct cond;

/* The facts a condition was decided on; the first COND_INPUTS of them. */
struct cond_trace {
	struct fact used[COND_INPUTS];
	size_t n;
};

/* j is borrowed only during the call. ERR_INVALID; err_detail is the path
 * below `at` and the reason. */
NODISCARD int cond_compile(struct cond **out, const json_t *j, const char *at);
void cond_free(struct cond **c);

/* trace may be NULL; facts are appended only when the whole holds. A NULL
 * condition holds. */
bool cond_holds(const struct cond *c, const struct facts *facts, int64_t now_s,
    struct cond_trace *trace);

/* Does it ask for facts of this code, whatever they are? */
bool cond_mentions(const struct cond *c, const char *code);

/* What the decision was made on, for people: "8480-6 182, htn-danger
 * chest-pain"; what does not fit is left out whole. */
void cond_trace_text(char *out, size_t size, const struct cond_trace *trace);

#endif
