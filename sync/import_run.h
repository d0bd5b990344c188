/*
 * import_run.h - a whole import: every person of a batch saved in turn, or
 * only counted for a dry run; what happened as a report for people. Saves
 * through a function of the caller's; reads no files.
 */
#ifndef SUIFANG_IMPORT_RUN_H
#define SUIFANG_IMPORT_RUN_H

#include "core/base.h"
#include "core/buf.h"
#include "sync/import_enrol.h"
#include "sync/import_members.h"

struct import_run {
	const struct import_site *site;
	bool is_dry;
	/* Signs and enters one save; 0 or an error that stops the import.
	 * Not called in a dry run. */
	int (*save)(void *ctx, const struct draft *draft);
	/* After every person; may be NULL. */
	void (*progress)(void *ctx, size_t done, size_t total);
	void *ctx; /* of both */
};

struct import_tally {
	size_t changes[3]; /* people, by enum import_change */
	size_t items[5];   /* added, by enum import_kind */
	size_t enrolled;
	size_t left;
	size_t assigned;
	size_t deceased;
	size_t differing;
	size_t refused; /* in the problem list of the batch */
};

/* Ties the batch together and saves its people. 0, ERR_QUARANTINED when the
 * problem list is not empty, or what save returned. */
NODISCARD int import_run(struct import_tally *out, const struct import_run *run,
    struct import_batch *b);

/* The same for a roster; of the tally only changes is filled. */
NODISCARD int import_run_roster(struct import_tally *out,
    const struct import_run *run, const struct import_staff *staff,
    struct import_batch *b, const struct import_text *file);

/* What was read, what became of it, what could not be read; in the person's
 * language. At most `most` problems are listed. */
void import_report(struct buf *out, const struct import_tally *tally,
    const struct import_batch *b, bool is_dry, size_t most);
/* The problem list alone. */
void import_report_problems(
    struct buf *out, const struct import_batch *b, bool is_dry, size_t most);
/* The same for a roster. */
void import_report_roster(struct buf *out, const struct import_tally *tally,
    const struct import_batch *b, bool is_dry);

#endif
