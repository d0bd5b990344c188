/*
 * content_diff.h - what a new version of a pathway or of a rule pack changes,
 * by asking both the same questions: every step with every pair of findings,
 * every fact at both sides of every threshold that either version names; and
 * of a script, item by item.
 */
#ifndef SUIFANG_CONTENT_DIFF_H
#define SUIFANG_CONTENT_DIFF_H

#include "core/base.h"
#include "core/content_pack.h"

struct content_change {
	char where[120]; /* "routine, unsatisfied, unsatisfied" or a fact */
	char was[120];   /* "14 htn-unsatisfied refer"; "" for nothing */
	char now[120];
};

#define CONTENT_CHANGES_MAX 400

/* What a visit may find: "" for nothing, then the classes of a visit. */
#define CONTENT_FINDINGS 5
extern const char *const content_findings[CONTENT_FINDINGS];

/* Zero-initialise. */
struct content_diff {
	struct content_change at[CONTENT_CHANGES_MAX];
	size_t n; /* found; at most CONTENT_CHANGES_MAX kept */
	size_t asked;
};

enum content_diff_kind {
	CONTENT_DIFF_RULES,
	CONTENT_DIFF_PATHWAY,
	CONTENT_DIFF_SCRIPT
};
/* By its members. ERR_INVALID when it is none of them. */
NODISCARD int content_diff_kind(
    enum content_diff_kind *out, const struct content_file *file);

/* Two files of one kind. ERR_INVALID with the reader's reason, or when they
 * are of two kinds. */
NODISCARD int content_diff_run(struct content_diff *out,
    const struct content_file *was, const struct content_file *now);

/* ---- shared by the parts of this module -------------------------------- */

/* One question asked of both; kept when the answers differ. */
void content_diff_note(struct content_diff *d, const char *where,
    const char *was, const char *now);
/* content_diff_script.c. */
NODISCARD int content_diff_scripts(
    struct content_diff *out, const struct content_file *const files[2]);

#endif
