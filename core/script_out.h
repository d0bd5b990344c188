/*
 * script_out.h - what leaves a run: the durable row of one answer and the way
 * back, the flat answers of the contact's entry, the QuestionnaireResponse.
 */
#ifndef SUIFANG_SCRIPT_OUT_H
#define SUIFANG_SCRIPT_OUT_H

#include "core/buf.h"
#include "core/facts.h"
#include "core/script_run.h"

#include <jansson.h>

/* Appends the small JSON of one place for the durable row; "null" when the
 * place holds no answer (store that as well: it was cleared). */
void script_run_row(
    struct buf *out, const struct script_run *run, uint32_t item, uint32_t occ);
struct script_row {
	const char *link;
	uint32_t occ;
	const char *json;
};
/* Puts rows back, in any order, into a new run; *dropped (may be NULL)
 * counts rows whose item is not asked any more. ERR_FORMAT or ERR_NOT_FOUND
 * names the row in err_detail. */
NODISCARD int script_run_restore(struct script_run *run,
    const struct script_row *rows, size_t n, size_t *dropped);

/* New reference: [{"link","type","code","text","int","scale","unit"}] as the
 * contact's entry has it, integers only. One object a value; type "absent"
 * has the reason's code. link is "linkId@occ" where something repeats. */
json_t *script_run_answers(const struct script_run *run);

/* Adds what was answered to the facts of this contact: code is item.code, or
 * the linkId; chosen options by their code; numbers in the canonical unit of
 * the code. now_s is used where an answer has no time of its own. */
void script_run_facts(
    struct facts *out, const struct script_run *run, int64_t now_s);

struct script_head {
	const char *hash;    /* hex of the script's bytes */
	const char *subject; /* reference, or NULL */
	int64_t authored_s;
};
/* New reference: a QuestionnaireResponse. Decimals are JSON numbers: dump
 * with JSON_REAL_PRECISION(15). */
json_t *script_run_response(
    const struct script_run *run, const struct script_head *head);

#endif
