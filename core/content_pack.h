/*
 * content_pack.h - all clinical content of a site together: rules, pathways,
 * tables, settings, scripts. Checks it as a whole (form, meaning, and that
 * every code, queue, script and pathway named somewhere exists), and runs
 * the cases kept beside it. Pure: files come as texts.
 */
#ifndef SUIFANG_CONTENT_PACK_H
#define SUIFANG_CONTENT_PACK_H

#include "core/base.h"
#include "core/buf.h"
#include "core/schema.h"

#include <jansson.h>

/* One file. path is below the content folder: "rules/pci.json",
 * "rules/cases/pci.json". Borrowed. */
struct content_file {
	const char *path;
	const char *text;
	size_t n;
};

struct content_files {
	struct content_file *at;
	size_t n;
};

/* The files that came with the program. Free the list with free(at). */
struct content_files content_files_builtin(void);

struct content_fault {
	char file[240];
	int line; /* 0: the file as a whole */
	char path[SCHEMA_PATH];
	char why[240];
};

#define CONTENT_FAULTS_MAX 200

/* Zero-initialise. Faults beyond the limit are counted only. */
struct content_report {
	struct content_fault at[CONTENT_FAULTS_MAX];
	size_t n; /* found */
	size_t files;
	size_t cases;
};

/* Form and meaning of one file, whose path tells its kind; what it names in
 * other files is not looked at. */
void content_check_file(
    struct content_report *report, const struct content_file *file);

/* Form and meaning of each file, then references between them. */
void content_check(
    struct content_report *report, const struct content_files *files);

/* Runs every case; a case that does not hold is a fault with its name. */
void content_test(
    struct content_report *report, const struct content_files *files);

/* Appends "file:line: path: reason", one line a fault. */
void content_report_print(struct buf *out, const struct content_report *report);

/* Adds one fault; path may be "". */
void content_fault(struct content_report *report,
    const struct content_file *file, const char *path, const char *why);

/* The detail of the last error as path and reason, where it has them. */
void content_fault_detail(
    struct content_report *report, const struct content_file *file);

/* NULL when there is none. */
const struct content_file *content_file_find(
    const struct content_files *files, const char *path);
/* Is it directly below the folder, such as "rules/"? */
bool content_is_in(const struct content_file *file, const char *folder);

/* ---- shared by the parts of this module -------------------------------- */

/* References of one file to others: content_cross.c. */
void content_check_references(
    struct content_report *report, const struct content_files *files);
/* Everything loaded; any part may be NULL: content_world.c. */
struct content_world {
	struct triage *triage;
	struct pathway_set *pathways;
	struct advice_library *advice;
	struct score_set *scores;
	struct strata *strata;
	struct tag_set *tags;
	struct target_set *targets;
	struct notetag *notes;
	struct trend_table *trends;
};
/* bad may be NULL: the file that does not go with the others; NULL for a
 * table. */
NODISCARD int content_world_load(struct content_world *out,
    const struct content_files *files, const struct content_file **bad);
void content_world_fini(struct content_world *w);
/* "" when the case holds, else why it does not: content_case.c. */
void content_case_run(
    struct buf *why, const struct content_world *w, const json_t *one);

#endif
