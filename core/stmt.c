/* stmt.c - prepared statements (an SQLite file). */
#include "core/stmt.h"

#include "core/err.h"
#include "core/mem.h"
#include "core/store_impl.h"
#include "core/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Mostly the one after the last, by the same literal as before: then its
 * address says enough. */
static int param(struct stmt *s, const char *name)
{
	int i = s->bound + 1;

	if (i >= STMT_NAMES || s->names[i] != name) {
		i = sqlite3_bind_parameter_index(s->handle, name);
		assert(i > 0 || s->err);
		if (i > 0 && i < STMT_NAMES)
			s->names[i] = name;
	}
	s->bound = (uint8_t)i;
	return i;
}

/* Remembers the first failure (memory, size); the step reports it. */
static void note(struct stmt *s, int rc)
{
	if (rc != SQLITE_OK && !s->err)
		s->err = rc == SQLITE_TOOBIG ? ERR_TOO_LARGE : ERR_NO_MEMORY;
}

/* A copy that lives until the reset, or NULL where there is no room. */
static const void *keep(struct stmt *s, const void *data, size_t n)
{
	uint8_t *at = s->kept + s->kept_len;

	s->is_dirty = true;
	if (n > sizeof(s->kept) - s->kept_len)
		return NULL;
	memcpy(at, data, n);
	s->kept_len = (uint8_t)(s->kept_len + n);
	return at;
}

int stmt_copy(struct stmt *s, int i, const char *text)
{
	size_t n = strlen(text);
	const void *kept = keep(s, text, n);

	return kept ? sqlite3_bind_text(
			  s->handle, i, kept, (int)n, SQLITE_STATIC)
		    : sqlite3_bind_text(
			  s->handle, i, text, -1, SQLITE_TRANSIENT);
}

int stmt_copy_bytes(struct stmt *s, int i, const void *data, size_t n)
{
	const void *kept = keep(s, data, n);

	return kept ? sqlite3_bind_blob(
			  s->handle, i, kept, (int)n, SQLITE_STATIC)
		    : sqlite3_bind_blob64(
			  s->handle, i, data, n, SQLITE_TRANSIENT);
}

void stmt_bind_int(struct stmt *s, const char *name, int64_t v)
{
	s->is_dirty = true;
	if (!s->err)
		note(s, sqlite3_bind_int64(s->handle, param(s, name), v));
}

void stmt_bind_null(struct stmt *s, const char *name)
{
	s->is_dirty = true;
	if (!s->err)
		note(s, sqlite3_bind_null(s->handle, param(s, name)));
}

void stmt_bind_text(struct stmt *s, const char *name, const char *v)
{
	if (!v)
		stmt_bind_null(s, name);
	else if (!s->err)
		note(s, stmt_copy(s, param(s, name), v));
}

void stmt_bind_blob(struct stmt *s, const char *name, const void *v, size_t n)
{
	if (!s->err)
		note(s, stmt_copy_bytes(s, param(s, name), n ? v : "", n));
}

void stmt_lend_blob(struct stmt *s, const char *name, const void *v, size_t n)
{
	s->is_dirty = true;
	if (!s->err)
		note(s, sqlite3_bind_blob64(s->handle, param(s, name),
			    n ? v : "", n, SQLITE_STATIC));
}

void stmt_bind_id(struct stmt *s, const char *name, const struct id *v)
{
	stmt_bind_blob(s, name, v->b, sizeof(v->b));
}

void stmt_bind_hash(struct stmt *s, const char *name, const struct hash *v)
{
	stmt_bind_blob(s, name, v->b, sizeof(v->b));
}

int stmt_step(struct stmt *s)
{
	int rc, err = s->err;

	s->is_dirty = true;
	if (err) {
		stmt_reset(s);
		return err;
	}
	rc = sqlite3_step(s->handle);
	if (rc == SQLITE_ROW)
		return 1;
	err = rc == SQLITE_DONE ? 0 : store_error_of(s->handle, rc);
	stmt_reset(s);
	return err;
}

int stmt_run(struct stmt *s)
{
	int r;

	while ((r = stmt_step(s)) == 1)
		;
	return r;
}

int stmt_has_row(struct stmt *s)
{
	int r = stmt_step(s);

	stmt_reset(s);
	return r;
}

int stmt_ids(struct stmt_ids *out, struct stmt *s)
{
	int r;

	while ((r = stmt_step(s)) == 1) {
		out->items = mem_room(out->items, out->n, sizeof(struct id));
		stmt_id(&out->items[out->n++], s, 0);
	}
	return r;
}

int stmt_ints(struct stmt_ints *out, struct stmt *s)
{
	int r;

	while ((r = stmt_step(s)) == 1) {
		out->items = mem_room(out->items, out->n, sizeof(int64_t));
		out->items[out->n++] = stmt_int(s, 0);
	}
	return r;
}

int stmt_rows(
    void *rows, size_t row_size, int max, struct stmt *s, stmt_row_fn *take)
{
	uint8_t *at = rows;
	int n = 0, r;

	while ((r = stmt_step(s)) == 1 && n < max)
		take(at + row_size * (size_t)n++, s);
	stmt_reset(s);
	return r < 0 ? r : n;
}

void stmt_reset(struct stmt *s)
{
	if (!s->handle || !s->is_dirty)
		return;
	sqlite3_reset(s->handle);
	sqlite3_clear_bindings(s->handle);
	s->err = 0;
	s->is_dirty = false;
	s->bound = 0;
	s->kept_len = 0;
}

void stmt_free(struct stmt **s)
{
	if (!*s)
		return;
	sqlite3_finalize((*s)->handle);
	free(*s);
	*s = NULL;
}

int stmt_columns(const struct stmt *s)
{
	return sqlite3_column_count(s->handle);
}

bool stmt_is_null(const struct stmt *s, int col)
{
	return stmt_type(s, col) == STMT_NULL;
}

int64_t stmt_int(const struct stmt *s, int col)
{
	return sqlite3_column_int64(s->handle, col);
}

const char *stmt_text(const struct stmt *s, int col)
{
	const unsigned char *text = sqlite3_column_text(s->handle, col);

	return text ? (const char *)text : "";
}

void stmt_text_copy(char *out, size_t size, const struct stmt *s, int col)
{
	text_copy(out, size, stmt_text(s, col));
}

const void *stmt_blob(const struct stmt *s, int col, size_t *n)
{
	const void *data = sqlite3_column_blob(s->handle, col);

	*n = (size_t)sqlite3_column_bytes(s->handle, col);
	return data ? data : "";
}

static bool fixed(void *out, size_t size, const struct stmt *s, int col)
{
	size_t n;
	const void *data = stmt_blob(s, col, &n);

	memset(out, 0, size);
	if (n != size)
		return false;
	memcpy(out, data, size);
	return true;
}

bool stmt_id(struct id *out, const struct stmt *s, int col)
{
	return fixed(out->b, sizeof(out->b), s, col);
}

bool stmt_hash(struct hash *out, const struct stmt *s, int col)
{
	return fixed(out->b, sizeof(out->b), s, col);
}

enum stmt_type stmt_type(const struct stmt *s, int col)
{
	switch (sqlite3_column_type(s->handle, col)) {
	case SQLITE_NULL:
		return STMT_NULL;
	case SQLITE_INTEGER:
		return STMT_INT;
	case SQLITE_BLOB:
		return STMT_BLOB;
	default:
		return STMT_TEXT;
	}
}
