/*
 * vault_secrecy_test.c - planted words are nowhere on the disk: not in the
 * file, the log, the journal, temporary files or a copy; and the same search
 * finds them when SQLite writes without the vault.
 */
#include "tests/test.h"

#include <sqlite3.h>

#include "core/err.h"
#include "tests/saga.h"

static const char *const canaries[] = {"canary-QX7-alpha", "林小雨的随访记录"};

/* Saves, savepoints, a spill, sorts on disk, VACUUM and VACUUM INTO, with
 * the words in every row; looks at the disk at each step. */
struct walk {
	struct fault_disk *disk;
	sqlite3 *db;
	int sightings;
	bool saw_temp;
};

static void note_temp(void *ctx, const char *name, size_t len)
{
	struct walk *k = ctx;

	if (strcmp(name, "(unlinked)") == 0 || strstr(name, "etilqs") ||
	    name[0] == '\0')
		k->saw_temp = k->saw_temp || len > 0;
}

static int look(void *ctx)
{
	struct walk *k = ctx;

	for (size_t i = 0; i < ARRAY_LEN(canaries); i++)
		k->sightings +=
		    fault_holds(k->disk, canaries[i], strlen(canaries[i]));
	fault_each(k->disk, note_temp, k);
	return 0;
}

static void step(struct walk *k, const char *sql)
{
	char *msg = NULL;

	if (sqlite3_exec(k->db, sql, NULL, NULL, &msg) != SQLITE_OK)
		fail_msg("%s: %s", sql, msg);
	look(k);
}

static void walk(struct walk *k)
{
	char sql[512];

	/* in the middle of statements, too */
	sqlite3_progress_handler(k->db, 20000, look, k);
	step(k, "PRAGMA temp_store = FILE; PRAGMA cache_size = 10;"
		"PRAGMA cache_spill = 10; CREATE TABLE t(a, b)");
	sqlite3_snprintf((int)sizeof(sql), sql,
	    "WITH RECURSIVE s(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM s"
	    " WHERE i < 400) INSERT INTO t SELECT i || '%s', '%s' || i ||"
	    " hex(zeroblob(60)) FROM s",
	    canaries[0], canaries[1]);
	step(k, sql);
	step(k, "BEGIN; UPDATE t SET b = b || 'x'");
	step(k, "SAVEPOINT s; UPDATE t SET a = a || 'y'");
	step(k, "ROLLBACK TO s; RELEASE s; COMMIT");
	step(k, "CREATE TEMP TABLE u AS SELECT * FROM t ORDER BY b DESC");
	step(k, "CREATE INDEX i ON t(b, a)");
	step(k, "BEGIN; DELETE FROM t WHERE rowid & 1; ROLLBACK");
	step(k, "VACUUM");
	step(k, "PRAGMA wal_checkpoint(TRUNCATE)");
	step(k, "VACUUM INTO '/v/copy.db'");
	sqlite3_progress_handler(k->db, 0, NULL, NULL);
}

static void test_secrecy__no_canary_on_the_disk(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct saga w;
		struct walk k = {0};

		saga_init(&w, 4, NULL, i ? VAULT_DELETE : VAULT_WAL);
		assert_int_equal(saga_open(&w), 0);
		k.disk = w.disk;
		k.db = w.db;
		walk(&k);
		assert_int_equal(k.sightings, 0);
		assert_true(k.saw_temp);
		saga_close(&w);
		look(&k);
		assert_int_equal(k.sightings, 0);
		saga_fini(&w);
	}
}

static void test_secrecy__the_search_sees_a_plain_file(void **state)
{
	struct walk k = {.disk = fault_new(5, NULL)};

	(void)state;
	assert_int_equal(
	    sqlite3_open_v2(SAGA_PATH, &k.db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, fault_name(k.disk)),
	    SQLITE_OK);
	walk(&k);
	assert_true(k.sightings > 10);
	assert_int_equal(sqlite3_close(k.db), SQLITE_OK);
	fault_free(&k.disk);
}

/* A copy made by VACUUM INTO and pages of every size are vaults as well. */
static void test_secrecy__copies_and_page_sizes_open(void **state)
{
	(void)state;
	for (uint32_t size = 1024; size <= 65536; size *= 2) {
		struct vault_report r;
		struct saga w;

		saga_init(&w, size, NULL, VAULT_WAL);
		w.opts.page_size = size;
		assert_int_equal(saga_open(&w), 0);
		for (int i = 0; i < 5; i++)
			assert_int_equal(saga_save(&w), SQLITE_OK);
		assert_int_equal(
		    sqlite3_exec(w.db, "VACUUM; VACUUM INTO '/v/copy.db'", NULL,
			NULL, NULL),
		    SQLITE_OK);
		assert_int_equal(saga_save(&w), SQLITE_OK);
		assert_int_equal(saga_state(&w), 6);
		saga_close(&w);
		assert_int_equal(
		    vault_check(&r, "/v/copy.db", w.key, w.opts.base_vfs), 0);
		assert_int_equal(r.page_size, size);
		assert_int_equal(
		    vault_open(&w.db, "/v/copy.db", w.key, &w.opts), 0);
		assert_int_equal(saga_state(&w), 5);
		saga_fini(&w);
	}
}

/* A plaintext file cannot be attached, nor one made through the back door. */
static void test_secrecy__attach_does_not_leak(void **state)
{
	struct fault_disk *disk;
	struct saga w;
	sqlite3 *plain;

	(void)state;
	saga_init(&w, 6, NULL, VAULT_WAL);
	disk = w.disk;
	assert_int_equal(
	    sqlite3_open_v2("/v/plain.db", &plain,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, fault_name(disk)),
	    SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(plain, "CREATE TABLE p(x)", NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_close(plain), SQLITE_OK);
	assert_int_equal(saga_open(&w), 0);
	assert_int_not_equal(
	    sqlite3_exec(w.db,
		"ATTACH '/v/plain.db' AS p; INSERT INTO p.p VALUES(1)", NULL,
		NULL, NULL),
	    SQLITE_OK);
	(void)sqlite3_exec(w.db, "DETACH p", NULL, NULL, NULL);
	assert_int_not_equal(sqlite3_exec(w.db,
				 "ATTACH '/v/new.db' AS n; CREATE TABLE n.n(x);"
				 "INSERT INTO n.n VALUES('canary-QX7-alpha')",
				 NULL, NULL, NULL),
	    SQLITE_OK);
	assert_false(fault_holds(disk, canaries[0], strlen(canaries[0])));
	saga_fini(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_secrecy__no_canary_on_the_disk),
	    cmocka_unit_test(test_secrecy__the_search_sees_a_plain_file),
	    cmocka_unit_test(test_secrecy__copies_and_page_sizes_open),
	    cmocka_unit_test(test_secrecy__attach_does_not_leak),
	};
	return cmocka_run_group_tests_name("vault_secrecy", tests, NULL, NULL);
}
