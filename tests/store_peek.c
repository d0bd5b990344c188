/* store_peek.c - SQL of a test's own against a store. */
#define _GNU_SOURCE
#include "tests/test.h"

#include "core/buf.h"
#include "core/store_impl.h"

int test_exec(struct store *store, const char *sql)
{
	return store_exec(store, sql);
}

int64_t test_scalar(struct store *store, const char *sql)
{
	sqlite3_stmt *s;
	int64_t v;

	assert_int_equal(
	    sqlite3_prepare_v2(store->db, sql, -1, &s, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	v = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return v;
}

/* The whole file as SQLite sees it, page after page: the vault below opens
 * what it reads, so free pages and slack are in it, too. */
static void read_pages(struct buf *out, struct store *store)
{
	sqlite3_file *f = NULL;
	sqlite3_int64 size = 0;
	const int page = (int)test_scalar(store, "PRAGMA page_size");

	assert_int_equal(
	    test_exec(store, "PRAGMA wal_checkpoint(TRUNCATE)"), 0);
	assert_int_equal(sqlite3_file_control(
			     store->db, "main", SQLITE_FCNTL_FILE_POINTER, &f),
	    SQLITE_OK);
	assert_int_equal(f->pMethods->xFileSize(f, &size), SQLITE_OK);
	assert_true(size > page);
	for (sqlite3_int64 at = 0; at < size; at += page) {
		assert_int_equal(f->pMethods->xRead(f,
				     buf_reserve(out, (size_t)page), page, at),
		    SQLITE_OK);
		out->len += (size_t)page;
	}
}

int test_in_pages(struct store *store, const void *what, size_t n)
{
	struct buf all = {0};
	int found = 0;
	const uint8_t *p;

	read_pages(&all, store);
	p = all.data;
	while ((p = memmem(p, all.len - (size_t)(p - all.data), what, n))) {
		found++;
		p += n;
	}
	buf_fini(&all);
	return found;
}
