/*
 * script_merge.h - one script out of all that are due in one call: openers
 * once, a question that several of them ask once, the rest in their order.
 * Afterwards each script has its own answers again. Pure; knows nothing of
 * pathways or storage.
 *
 * A question is the same when its linkId or its code is, and type, options,
 * bounds, units and conditions are too; otherwise both are asked.
 */
#ifndef SUIFANG_SCRIPT_MERGE_H
#define SUIFANG_SCRIPT_MERGE_H

#include "core/script_run.h"

#include <jansson.h>

#define SCRIPT_PARTS_MAX 8u
#define SCRIPT_MERGE_ITEMS_MAX 2000u /* of all parts */

struct script_merged;

/* The parts are borrowed and must outlive *out; the first is asked first.
 * ERR_RULE: these cannot be asked as one (no part, too many items, different
 * languages, variables of a whole script); ERR_INVALID: the whole breaks a
 * rule that no part breaks. */
NODISCARD int script_merge(
    struct script_merged **out, const struct script *const *parts, size_t n);
void script_merged_free(struct script_merged **merged);

/* What is asked; with one part it is that part itself. */
const struct script *script_merged_script(const struct script_merged *m);
size_t script_merged_count(const struct script_merged *m);
const struct script *script_merged_part(
    const struct script_merged *m, size_t part);

/* The first part that asks this question, and its linkId there; of a shared
 * question the earliest part. */
struct script_origin_of {
	size_t part;
	const char *link;
};
struct script_origin_of script_merged_from(
    const struct script_merged *m, uint32_t item);
/* Where a part's question is asked in the whole; SCRIPT_NONE: nowhere, it
 * only explains or groups. */
uint32_t script_merged_to(
    const struct script_merged *m, size_t part, uint32_t item);

/* Answers of a run through the whole, as script_run_answers has them, but
 * under the linkIds of their own part; those of a later part name it in
 * "script". New reference. */
json_t *script_merged_answers(
    const struct script_merged *m, const struct script_run *run);

/* A run of one part alone with the answers given in the whole; completed or
 * stopped when that is. *out is freed with script_run_free. */
struct script_zone {
	size_t part;
	int32_t zone_s;
};
NODISCARD int script_merged_run(struct script_run **out,
    const struct script_merged *m, const struct script_run *run,
    struct script_zone of);

#endif
