/*
 * import_csv.h - rows of comma-separated values (RFC 4180), their columns
 * found by the names in the first line. Pure: text in, rows out.
 */
#ifndef SUIFANG_IMPORT_CSV_H
#define SUIFANG_IMPORT_CSV_H

#include "core/base.h"
#include "sync/import.h"

struct csv; /* where the reader stands */

struct csv_column {
	const char *name;
	size_t offset; /* of the const char * in the row */
	bool is_required;
};

/* What a row is: texts of the batch, absent ones "", in a struct of the
 * caller's that is filled anew before each call. */
struct csv_form {
	const struct csv_column *columns; /* at most 32 */
	size_t column_count;
	void *row;
	/* 0, what csv_refuse returned, or an error that stops. */
	int (*each)(void *ctx, const struct csv *at);
	void *ctx;
};

/* A row of no use goes to the problem list and the rest goes on. Returns 0,
 * ERR_QUARANTINED, or what each returned to stop. */
NODISCARD int import_csv(struct import_batch *b, const struct import_text *file,
    const struct csv_form *form);

/* The line in which the row begins, from 1. */
size_t csv_line(const struct csv *at);

/* The row that is being read goes to the problem list: ERR_QUARANTINED.
 * field may be "". */
int csv_refuse(const struct csv *at, const char *field, const char *why);

#endif
