/* vault_kit.c - what the vault's tests share. */
#include "tests/vault_kit.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/err.h"
#include "tests/test.h"

int kit_setup(void **state)
{
	struct kit *k = calloc(1, sizeof(*k));

	assert_non_null(k);
	k->dir = test_dir_new();
	snprintf(k->path, sizeof(k->path), "%s/vault.db", k->dir);
	snprintf(k->wal, sizeof(k->wal), "%s-wal", k->path);
	snprintf(k->journal, sizeof(k->journal), "%s-journal", k->path);
	for (size_t i = 0; i < sizeof(k->key); i++)
		k->key[i] = (uint8_t)(i * 7 + 1);
	*state = k;
	return 0;
}

int kit_teardown(void **state)
{
	struct kit *k = *state;

	test_dir_remove(k->dir);
	free(k);
	return 0;
}

void kit_fresh(struct kit *k)
{
	char cmd[600];

	snprintf(cmd, sizeof(cmd), "rm -rf '%s'/*", k->dir);
	assert_int_equal(system(cmd), 0);
}

sqlite3 *kit_open(struct kit *k, const struct vault_opts *opts)
{
	sqlite3 *db = NULL;
	int rc = vault_open(&db, k->path, k->key, opts);

	if (rc != 0)
		fail_msg("open: %s, %s", err_name(rc), err_detail());
	return db;
}

void kit_close(sqlite3 **db)
{
	assert_int_equal(vault_close(db), 0);
	assert_null(*db);
}

void kit_exec(sqlite3 *db, const char *sql)
{
	char *msg = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &msg) != SQLITE_OK)
		fail_msg("%s: %s", sql, msg);
}

int64_t kit_int(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int64_t n;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	if (sqlite3_step(stmt) != SQLITE_ROW)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return n;
}

#define ROW_NAME "'随访患者' || id"
#define ROW_BODY "hex(zeroblob(id & 255)) || id * 7"

void kit_fill(sqlite3 *db, int from, int to)
{
	char sql[512];
	bool is_open = !sqlite3_get_autocommit(db);

	snprintf(sql, sizeof(sql),
	    "%s CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY,"
	    " name TEXT, body TEXT);"
	    "CREATE INDEX IF NOT EXISTS t_name ON t(name);"
	    "WITH RECURSIVE s(id) AS (SELECT %d UNION ALL"
	    " SELECT id + 1 FROM s WHERE id < %d)"
	    " INSERT INTO t SELECT id, " ROW_NAME ", " ROW_BODY " FROM s;%s",
	    is_open ? "" : "BEGIN;", from, to, is_open ? "" : "COMMIT;");
	kit_exec(db, sql);
}

static int wrong(sqlite3 *db, const char *sql, int *out)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW) {
		*out += sqlite3_column_int(stmt, 0);
		rc = SQLITE_OK;
	}
	(void)sqlite3_finalize(stmt);
	return rc;
}

int kit_wrong_rows(sqlite3 *db)
{
	int n = 0;
	int rc = wrong(db,
	    "SELECT count(*) FROM t NOT INDEXED WHERE name IS NOT " ROW_NAME
	    " OR body IS NOT " ROW_BODY,
	    &n);

	if (rc == SQLITE_OK)
		rc = wrong(db,
		    "SELECT integrity_check <> 'ok' FROM"
		    " pragma_integrity_check LIMIT 1",
		    &n);
	return rc == SQLITE_OK ? n : -rc;
}

void kit_intact(sqlite3 *db)
{
	assert_int_equal(kit_wrong_rows(db), 0);
}

int kit_files(struct kit *k)
{
	DIR *d = opendir(k->dir);
	int n = 0;

	assert_non_null(d);
	for (struct dirent *e; (e = readdir(d)) != NULL;)
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

void kit_copy(const char *from, const char *to)
{
	size_t n;
	char *data = test_read_file(from, &n);
	FILE *f = fopen(to, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
	free(data);
}

int64_t kit_size(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? (int64_t)st.st_size : -1;
}

void kit_poke(const char *path, int64_t at, uint8_t xor)
{
	FILE *f = fopen(path, "r+b");
	int c;

	assert_non_null(f);
	assert_int_equal(fseek(f, (long)at, SEEK_SET), 0);
	c = fgetc(f);
	assert_true(c != EOF);
	assert_int_equal(fseek(f, (long)at, SEEK_SET), 0);
	assert_true(fputc(c ^ xor, f) != EOF);
	assert_int_equal(fclose(f), 0);
}
