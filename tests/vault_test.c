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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_vault__keeps_rows_over_close),
	    cmocka_unit_test(test_vault__recovers_after_kill),
	    cmocka_unit_test(test_vault__says_what_is_wrong),
	};
	return cmocka_run_group_tests_name(
	    "vault", tests, kit_setup, kit_teardown);
}
