/*
 * content_diff.h - what a new version of a pathway or of a rule pack changes,
 * by asking both the same questions: every step with every pair of findings,
 * every fact at both sides of every threshold that either version names.
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

/* Two files of one kind, both rules or both pathways (by their members).
 * ERR_INVALID with the reader's reason, or when they are of two kinds. */
NODISCARD int content_diff_run(struct content_diff *out,
    const struct content_file *was, const struct content_file *now);

#endif
