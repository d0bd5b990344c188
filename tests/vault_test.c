/* vault_test.c - opening, refusing, round trips, what lies on the disk. */
#include "tests/test.h"

#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/err.h"
#include "core/vault.h"
#include "tests/vault_kit.h"

static void test_vault__keeps_rows_over_close(void **state)
{
	struct kit *k = *state;

	for (int i = 0; i < 2; i++) {
		struct vault_opts o = {.journal = i ? VAULT_DELETE : VAULT_WAL};
		sqlite3 *db;

		kit_fresh(k);
		db = kit_open(k, &o);
		kit_fill(db, 1, 500);
		kit_close(&db);
		o.must_exist = true;
		db = kit_open(k, &o);
		assert_int_equal(kit_int(db, "SELECT count(*) FROM t"), 500);
		kit_intact(db);
		kit_close(&db);
	}
}

/* The log holds everything when the process dies before a checkpoint. */
static void test_vault__recovers_after_kill(void **state)
{
	struct kit *k = *state;

	for (int i = 0; i < 2; i++) {
		struct vault_opts o = {.journal = i ? VAULT_DELETE : VAULT_WAL};
		struct vault_status s;
		sqlite3 *db;
		int status;
		pid_t pid;

		kit_fresh(k);
		db = kit_open(k, &o);
		kit_fill(db, 1, 100);
		kit_close(&db);
		pid = fork();
		if (pid == 0) {
			db = kit_open(k, &o);
			kit_exec(db, "PRAGMA cache_size=10");
			kit_fill(db, 101, 300);
			kit_exec(db, "BEGIN");
			kit_fill(db, 1001, 2000); /* spills, never commits */
			_exit(0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
		db = kit_open(k, &o);
		vault_status(&s, db);
		assert_int_equal(kit_int(db, "SELECT count(*) FROM t"), 300);
		kit_intact(db);
		kit_close(&db);
	}
}

static void test_vault__says_what_is_wrong(void **state)
{
	struct kit *k = *state;
	const struct vault_opts must = {.must_exist = true};
	uint8_t other[VAULT_KEY] = {9};
	sqlite3 *db, *again = NULL;

	kit_fresh(k);
	assert_int_equal(
	    vault_open(&db, k->path, k->key, &must), ERR_NOT_FOUND);
	db = kit_open(k, NULL);
	kit_fill(db, 1, 10);
	assert_int_equal(vault_open(&again, k->path, k->key, NULL), ERR_IN_USE);
	kit_close(&db);
	assert_int_equal(vault_open(&db, k->path, other, NULL), ERR_WRONG_KEY);
	kit_fresh(k);
	assert_int_equal(sqlite3_open(k->path, &db), SQLITE_OK);
	kit_exec(db, "CREATE TABLE t(a)");
	sqlite3_close(db);
	assert_int_equal(vault_open(&db, k->path, k->key, NULL), ERR_PLAINTEXT);
}

static void test_vault__check_counts_and_names(void **state)
{
	struct kit *k = *state;
	struct vault_report r;
	struct buf text = {0};
	sqlite3 *db;

	kit_fresh(k);
	db = kit_open(k, NULL);
	kit_fill(db, 1, 400);
	assert_int_equal(vault_check(&r, k->path, k->key, NULL), ERR_IN_USE);
	kit_close(&db);
	assert_int_equal(vault_check(&r, k->path, k->key, NULL), 0);
	assert_int_equal(r.pages * r.page_size, kit_size(k->path));
	assert_int_equal(r.version, 1);
	kit_poke(k->path, 4096 * 6 + 17, 0x20);
	assert_int_equal(vault_check(&r, k->path, k->key, NULL), ERR_DAMAGED);
	assert_int_equal(r.bad_pages, 1);
	assert_int_equal(r.first_bad[0], 7);
	vault_report_text(&text, &r);
	assert_non_null(strstr(buf_text(&text), "\n  7\n"));
	buf_fini(&text);
	assert_int_equal(truncate(k->path, kit_size(k->path) - 4096), 0);
	assert_int_equal(vault_check(&r, k->path, k->key, NULL), ERR_DAMAGED);
	assert_int_equal(r.missing_pages, 1);
	k->key[0] ^= 1;
	assert_int_equal(vault_check(&r, k->path, k->key, NULL), ERR_WRONG_KEY);
	k->key[0] ^= 1;
	assert_int_equal(truncate(k->path, 100), 0);
	assert_int_equal(vault_check(&r, k->path, k->key, NULL), ERR_TRUNCATED);
}

/* A log is judged by its own first frame: ours with a bad header, or not
 * ours at all. */
static void test_vault__check_tells_foreign_logs_from_damaged(void **state)
{
	struct kit *k = *state;
	struct vault_report r;
	char copy[600];
	sqlite3 *db;

	kit_fresh(k);
	snprintf(copy, sizeof(copy), "%s.keep", k->path);
	db = kit_open(k, NULL);
	kit_fill(db, 1, 40);
	kit_copy(k->wal, copy);
	kit_close(&db);
	kit_copy(copy, k->wal);
	assert_int_equal(vault_check(&r, k->path, k->key, NULL), 0);
	assert_true(r.commits > 0);
	kit_poke(k->wal, 17, 1);
	assert_int_equal(vault_check(&r, k->path, k->key, NULL), ERR_DAMAGED);
	assert_int_equal(unlink(k->path), 0);
	assert_int_equal(unlink(k->wal), 0);
	db = kit_open(k, NULL);
	kit_fill(db, 1, 40);
	kit_close(&db);
	kit_copy(copy, k->wal);
	assert_int_equal(vault_check(&r, k->path, k->key, NULL), ERR_FOREIGN);
	assert_true(r.log_is_foreign);
}

static void test_vault__rekey_changes_key_and_keeps_rows(void **state)
{
	struct kit *k = *state;
	uint8_t fresh[VAULT_KEY] = {42}, old[VAULT_KEY];
	const struct vault_rekey keys = {.old_key = old, .new_key = fresh};
	struct vault_status before, after;
	sqlite3 *db;

	kit_fresh(k);
	memcpy(old, k->key, sizeof(old));
	db = kit_open(k, NULL);
	kit_fill(db, 1, 400);
	vault_status(&before, db);
	assert_int_equal(vault_rekey(k->path, &keys), ERR_IN_USE);
	kit_close(&db);
	assert_int_equal(vault_rekey(k->path, &keys), 0);
	assert_int_equal(vault_open(&db, k->path, old, NULL), ERR_WRONG_KEY);
	assert_int_equal(vault_open(&db, k->path, fresh, NULL), 0);
	vault_status(&after, db);
	assert_memory_not_equal(before.file_id, after.file_id, 16);
	assert_int_equal(kit_int(db, "SELECT count(*) FROM t"), 400);
	kit_intact(db);
	kit_close(&db);
	assert_int_equal(kit_files(k), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_vault__keeps_rows_over_close),
	    cmocka_unit_test(test_vault__recovers_after_kill),
	    cmocka_unit_test(test_vault__says_what_is_wrong),
	    cmocka_unit_test(test_vault__check_counts_and_names),
	    cmocka_unit_test(test_vault__check_tells_foreign_logs_from_damaged),
	    cmocka_unit_test(test_vault__rekey_changes_key_and_keeps_rows),
	};
	return cmocka_run_group_tests_name(
	    "vault", tests, kit_setup, kit_teardown);
}
