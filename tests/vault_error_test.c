/*
 * vault_error_test.c - a full disk, an I/O error and no memory at every
 * single operation of a day: nothing acknowledged is lost, nothing failed is
 * called done, nothing leaks.
 */
#include "tests/test.h"

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/err.h"
#include "tests/saga.h"
#include "tests/vault_kit.h"

/* Open, saves, a rollback, a checkpoint, close. Stops at the first error;
 * true when all of it was done. */
static bool day(struct saga *w)
{
	bool done;

	if (saga_open(w) != 0)
		return false;
	done = saga_save(w) == SQLITE_OK && saga_save(w) == SQLITE_OK;
	done = done && sqlite3_exec(w->db,
			   "BEGIN; UPDATE t SET body = 'gone'; ROLLBACK", NULL,
			   NULL, NULL) == SQLITE_OK;
	done = done && sqlite3_wal_checkpoint(w->db, NULL) == SQLITE_OK;
	done = done && saga_save(w) == SQLITE_OK;
	saga_close(w);
	return done;
}

/* After the trouble is over: whole, and not less than was promised. */
static void look(struct saga *w, int number)
{
	int state, rc = saga_open(w);

	if (rc != 0)
		fail_msg("%d: %s, %s", number, err_name(rc), err_detail());
	state = saga_state(w);
	if (state < w->acked || state > w->tried + 1)
		fail_msg("%d: state %d, acked %d", number, state, w->acked);
	saga_close(w);
}

static void disk_errors(enum vault_journal journal, int code, bool stays)
{
	int n = 1;

	for (bool done = false; !done; n++) {
		struct saga w;

		saga_init(&w, (uint64_t)n, NULL, journal);
		fault_fail_at(w.disk, (uint64_t)n, code, stays);
		done = day(&w) && !fault_has_failed(w.disk);
		fault_fail_at(w.disk, 0, 0, false);
		look(&w, n);
		saga_fini(&w);
		assert_true(n < 2000);
	}
	assert_true(n > 30);
}

static void test_error__full_disk_anywhere(void **state)
{
	(void)state;
	disk_errors(VAULT_WAL, SQLITE_FULL, true);
	disk_errors(VAULT_DELETE, SQLITE_FULL, true);
}

static void test_error__io_error_anywhere(void **state)
{
	(void)state;
	disk_errors(VAULT_WAL, SQLITE_IOERR_WRITE, false);
	disk_errors(VAULT_WAL, SQLITE_IOERR_READ, true);
	disk_errors(VAULT_DELETE, SQLITE_IOERR_FSYNC, false);
}

static void test_error__no_memory_anywhere(void **state)
{
	int step = saga_repeat(10) == 10 ? 1 : 7;
	void *any = sqlite3_malloc(100);

	(void)state;
	assert_true(sqlite3_memory_used() >= 100); /* it is counted */
	sqlite3_free(any);
	for (int i = 0; i < 4; i++) {
		int n = 1;

		for (bool done = false; !done; n += step) {
			struct saga w;
			sqlite3_int64 before = sqlite3_memory_used();

			saga_init(&w, (uint64_t)n, NULL,
			    i & 1 ? VAULT_DELETE : VAULT_WAL);
			fault_memory_at((uint64_t)n, i & 2);
			done = day(&w) && !fault_memory_has_failed();
			fault_memory_at(0, false);
			look(&w, n);
			saga_fini(&w);
			assert_int_equal(sqlite3_memory_used(), before);
			assert_true(n < 20000);
		}
		assert_true(n > 100);
	}
}

/* The disk of the moment, for a callback that has no context. */
static struct fault_disk *rename_disk;

static int rename_there(const char *from, const char *to)
{
	return fault_rename(rename_disk, from, to);
}

/* What goes wrong at operation n of a re-key. */
enum trouble {
	POWER_CUT,
	NO_MEMORY_ONCE,
	NO_MEMORY_ANY_MORE,
	DISK_FULL,
	CANNOT_READ,
	CANNOT_SYNC
};

static void arm(struct saga *w, enum trouble what, uint64_t n)
{
	if (what == POWER_CUT)
		fault_cut_at(w->disk, n);
	else if (what == NO_MEMORY_ONCE || what == NO_MEMORY_ANY_MORE)
		fault_memory_at(n, what == NO_MEMORY_ANY_MORE);
	else
		fault_fail_at(w->disk, n,
		    what == DISK_FULL     ? SQLITE_FULL
		    : what == CANNOT_READ ? SQLITE_IOERR_READ
					  : SQLITE_IOERR_FSYNC,
		    true);
}

/* True when nothing was armed any more. */
static bool disarm(struct saga *w)
{
	bool quiet = !fault_has_failed(w->disk) && !fault_is_off(w->disk) &&
		     !fault_memory_has_failed();

	fault_memory_at(0, false);
	fault_fail_at(w->disk, 0, 0, false);
	if (fault_is_off(w->disk))
		fault_power_on(w->disk);
	else
		fault_cut_at(w->disk, 0);
	return quiet;
}

/* A re-key that fails leaves the old file; one that says it is done, the
 * new. */
static void rekey_at(uint64_t n, enum trouble what, bool *done)
{
	uint8_t fresh[VAULT_KEY] = {99}, old[VAULT_KEY];
	struct vault_rekey keys = {
	    .old_key = old, .new_key = fresh, .rename = rename_there};
	sqlite3_int64 before = sqlite3_memory_used();
	struct saga w;
	int said, rc;

	saga_init(&w, 3, NULL, VAULT_WAL);
	keys.base_vfs = fault_name(w.disk);
	rename_disk = w.disk;
	memcpy(old, w.key, sizeof(old));
	assert_true(day(&w));
	arm(&w, what, n);
	said = vault_rekey(SAGA_PATH, &keys);
	*done = disarm(&w);
	rc = saga_open(&w);
	if (rc == ERR_WRONG_KEY) {
		memcpy(w.key, fresh, sizeof(fresh));
		rc = saga_open(&w);
	} else if (said == 0) {
		fail_msg("%d: done, and the old key opens it", (int)n);
	}
	assert_int_equal(rc, 0);
	assert_int_equal(saga_state(&w), w.acked);
	saga_fini(&w);
	assert_int_equal(sqlite3_memory_used(), before);
}

static void test_error__rekey_fails_or_is_done(void **state)
{
	int sparse = saga_repeat(10) == 10 ? 1 : 7;

	(void)state;
	for (enum trouble t = POWER_CUT; t <= CANNOT_SYNC; t++) {
		bool memory = t == NO_MEMORY_ONCE || t == NO_MEMORY_ANY_MORE;
		uint64_t step = memory ? (uint64_t)sparse : 1, n = 1;
		bool done = false;

		for (; !done && n < 20000; n += step)
			rekey_at(n, t, &done);
		assert_true(n > 15 && n < 20000);
		print_message(
		    "re-key, trouble %d: %d steps\n", (int)t, (int)(n / step));
	}
}

/* As an ordinary person, whom root is not: a folder one may not write. */
static void test_error__read_only_folder(void **state)
{
	struct kit *k = *state;
	sqlite3 *db;
	int status;
	char cmd[600];
	pid_t pid;

	kit_fresh(k);
	db = kit_open(k, NULL);
	kit_fill(db, 1, 10);
	kit_close(&db);
	snprintf(cmd, sizeof(cmd), "chmod 644 '%s'; chmod 555 '%s'", k->path,
	    k->dir);
	assert_int_equal(system(cmd), 0);
	pid = fork();
	if (pid == 0) {
		int rc;

		if (geteuid() == 0 && setuid(65534) != 0)
			_exit(1);
		rc = vault_open(&db, k->path, k->key, NULL);
		_exit(rc == ERR_READ_ONLY ? 0 : 2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	snprintf(cmd, sizeof(cmd), "chmod 755 '%s'", k->dir);
	assert_int_equal(system(cmd), 0);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_error__full_disk_anywhere),
	    cmocka_unit_test(test_error__io_error_anywhere),
	    cmocka_unit_test(test_error__no_memory_anywhere),
	    cmocka_unit_test(test_error__rekey_fails_or_is_done),
	    cmocka_unit_test(test_error__read_only_folder),
	};
	fault_memory_install();
	return cmocka_run_group_tests_name(
	    "vault_error", tests, kit_setup, kit_teardown);
}
