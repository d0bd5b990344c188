/* store_peek.c - SQL of a test's own against a store. */
#include "tests/test.h"

#include "core/store_impl.h"

int test_exec(struct store *store, const char *sql)
{
	return store_exec(store, sql);
}

int64_t test_scalar(struct store *store, const char *sql)
{
	sqlite3_stmt *s;
	int64_t v;

	assert_int_equal(sqlite3_prepare_v2(store->db, sql, -1, &s, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	v = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return v;
}
