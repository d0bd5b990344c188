/*
 * stmt.h - a prepared query: bind by name, step, read columns by number.
 * Binding a name the query does not have is a programming error.
 */
#ifndef SUIFANG_STMT_H
#define SUIFANG_STMT_H

#include "core/base.h"

struct stmt;

/* A name is a literal: it is known again by its address. */
void stmt_bind_int(struct stmt *s, const char *name, int64_t v);
void stmt_bind_null(struct stmt *s, const char *name);
/* Text and blobs are copied; NULL binds NULL. */
void stmt_bind_text(struct stmt *s, const char *name, const char *v);
void stmt_bind_blob(struct stmt *s, const char *name, const void *v, size_t n);
/* The same without a copy: v must stand until the statement is reset. */
void stmt_lend_blob(struct stmt *s, const char *name, const void *v, size_t n);
void stmt_bind_id(struct stmt *s, const char *name, const struct id *v);
void stmt_bind_hash(struct stmt *s, const char *name, const struct hash *v);

/* 1 = a row, 0 = no more (the statement is reset), or an error. */
NODISCARD int stmt_step(struct stmt *s);
/* Steps to the end and resets; 0 or an error. */
NODISCARD int stmt_run(struct stmt *s);
/* 1 = there is a row, 0 = there is none, or an error; resets. */
NODISCARD int stmt_has_row(struct stmt *s);
/* Column 0 of every row is added, for work that runs other queries meanwhile.
 * Starts as {0}; items are freed with free(), also after an error. */
struct stmt_ids {
	struct id *items;
	size_t n;
};
struct stmt_ints {
	int64_t *items;
	size_t n;
};
NODISCARD int stmt_ids(struct stmt_ids *out, struct stmt *s);
NODISCARD int stmt_ints(struct stmt_ints *out, struct stmt *s);
/* Reads at most max rows into an array of these; returns how many, or an
 * error. */
typedef void stmt_row_fn(void *row, const struct stmt *s);
NODISCARD int stmt_rows(
    void *rows, size_t row_size, int max, struct stmt *s, stmt_row_fn *take);
/* Resets a statement that is left before its end. */
void stmt_reset(struct stmt *s);
/* Frees a statement that store_view_rows made. */
void stmt_free(struct stmt **s);

int stmt_columns(const struct stmt *s);
bool stmt_is_null(const struct stmt *s, int col);
int64_t stmt_int(const struct stmt *s, int col);
/* "" for NULL; borrowed until the next step. */
const char *stmt_text(const struct stmt *s, int col);
/* The same, cut where it does not fit. */
void stmt_text_copy(char *out, size_t size, const struct stmt *s, int col);
/* Into an array of a struct. */
#define STMT_COPY(to, s, col) stmt_text_copy(to, sizeof(to), s, col)
const void *stmt_blob(const struct stmt *s, int col, size_t *n);
/* false and zeros when the column is not a blob of that size. */
bool stmt_id(struct id *out, const struct stmt *s, int col);
bool stmt_hash(struct hash *out, const struct stmt *s, int col);

enum stmt_type {
	STMT_NULL,
	STMT_INT,
	STMT_TEXT,
	STMT_BLOB
};
enum stmt_type stmt_type(const struct stmt *s, int col);

#endif
