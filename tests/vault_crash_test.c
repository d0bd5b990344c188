/*
 * vault_crash_test.c - power cuts on a faulty disk and kill -9 on a real
 * one: what was acknowledged is there afterwards, whole, and nothing else.
 */
#include "tests/test.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/err.h"
#include "tests/vault_kit.h"
#include "tests/saga.h"

struct plan {
	enum vault_journal journal;
	struct fault_traits traits;
	const char *pragma; /* after every open; NULL: none */
	bool is_weak;       /* breaks a promise on purpose */
	bool no_savepoint, is_lazy;
	bool is_kill;
	int refused; /* commits that failed although the disk was well */
	int lost;    /* cuts after which an acknowledged save was missing */
	int shut;    /* cuts after which the file would not open */
};

static void prepare(struct saga *w, const struct plan *p)
{
	(void)sqlite3_exec(w->db,
	    "PRAGMA wal_autocheckpoint = 25; PRAGMA cache_size = 12", NULL,
	    NULL, NULL);
	if (p->pragma)
		(void)sqlite3_exec(w->db, p->pragma, NULL, NULL, NULL);
}

/* Saves until the armed moment comes. */
static void save_until_off(struct saga *w, const struct plan *p)
{
	if (saga_open(w) != 0) {
		assert_true(fault_is_off(w->disk));
		return;
	}
	prepare(w, p);
	while (!fault_is_off(w->disk)) {
		(void)saga_save(w);
		assert_true(w->refused < 1000);
	}
	saga_close(w);
}

/* Opens after the power is back and compares; false when it will not. */
static bool look(struct saga *w, struct plan *p, uint64_t seed)
{
	int rc, state;

	fault_power_on(w->disk);
	rc = saga_open(w);
	if (rc != 0) {
		p->shut++;
		if (!p->is_weak)
			fail_msg("seed %d: %s, %s", (int)seed, err_name(rc),
			    err_detail());
		return false;
	}
	state = saga_state(w);
	if (state < 0 && p->is_weak) {
		p->shut++;
		saga_close(w);
		return false;
	}
	if (state < 0 || state > w->tried)
		fail_msg("seed %d: state %d", (int)seed, state);
	p->lost += state < w->acked;
	w->acked = w->tried = state;
	saga_close(w);
	return true;
}

/* One life of one file: several cuts, each after some saves. */
static void live(struct plan *p, uint64_t seed, int cuts)
{
	struct saga w;
	struct test_env t;
	uint32_t draw;

	test_env_init(&t, seed);
	saga_init(&w, seed, &p->traits, p->journal);
	w.no_savepoint = p->no_savepoint;
	w.is_lazy = p->is_lazy;
	for (int i = 0; i < cuts; i++) {
		env_random(&t.env, &draw, sizeof(draw));
		draw = 1 + draw % 120;
		if (p->is_kill)
			fault_kill_at(w.disk, draw);
		else
			fault_cut_at(w.disk, draw);
		save_until_off(&w, p);
		if (!look(&w, p, seed))
			break;
	}
	p->refused += w.refused;
	saga_fini(&w);
}

static void live_many(struct plan *p, int cuts)
{
	enum {
		A_LIFE = 10
	};

	for (int i = 0; i < (cuts + A_LIFE - 1) / A_LIFE; i++)
		live(p, 1000 + (uint64_t)i, A_LIFE);
	print_message("%d cuts: %d lost an acknowledged save, %d shut\n", cuts,
	    p->lost, p->shut);
}

static void test_crash__wal_loses_nothing(void **state)
{
	struct plan p = {.journal = VAULT_WAL};

	(void)state;
	live_many(&p, saga_repeat(1000));
	assert_int_equal(p.lost, 0);
}

static void test_crash__delete_loses_nothing(void **state)
{
	struct plan p = {.journal = VAULT_DELETE};

	(void)state;
	live_many(&p, saga_repeat(1000));
	assert_int_equal(p.lost, 0);
}

/* Pages spilled to the log before the commit and written again. */
static void test_crash__spilling_loses_nothing(void **state)
{
	struct plan p = {.journal = VAULT_WAL,
	    .pragma = "PRAGMA cache_spill = 10",
	    .no_savepoint = true};

	(void)state;
	live_many(&p, saga_repeat(400));
	assert_int_equal(p.lost, 0);
	assert_int_equal(p.refused, 0);
}

/* A journal of several parts, and a savepoint that is rolled back over them. */
static void test_crash__spilling_journal_loses_nothing(void **state)
{
	struct plan p = {
	    .journal = VAULT_DELETE, .pragma = "PRAGMA cache_spill = 10"};

	(void)state;
	live_many(&p, saga_repeat(300));
	assert_int_equal(p.lost, 0);
	assert_int_equal(p.refused, 0);
}

/* SQLite before 3.50.2 writes a commit that recovery cannot read when pages
 * were spilled and a savepoint rolled back. The settings prevent it; where
 * somebody turns spilling on, the commit fails instead of lying. */
static void test_crash__forgotten_frames_fail_the_commit(void **state)
{
	struct plan p = {
	    .journal = VAULT_WAL, .pragma = "PRAGMA cache_spill = 10"};

	(void)state;
	live_many(&p, saga_repeat(400));
	assert_int_equal(p.lost, 0);
	print_message("%d commits refused\n", p.refused);
	assert_true(p.refused > 0 || sqlite3_libversion_number() >= 3050002);
}

/* Without powersafe overwrite SQLite pads the log to whole sectors and
 * splits a write at the sync point. */
static void test_crash__no_psow_loses_nothing(void **state)
{
	struct plan p = {.journal = VAULT_WAL, .traits = {.no_psow = true}};

	(void)state;
	live_many(&p, saga_repeat(300));
	assert_int_equal(p.lost, 0);
}

/* A save that is not waited for: what was told to have landed is there, and
 * what had not leaves a file that opens, whole up to some save. */
static void test_crash__a_later_sync_loses_nothing_that_landed(void **state)
{
	struct plan p = {.journal = VAULT_WAL, .is_lazy = true};

	(void)state;
	live_many(&p, saga_repeat(1000));
	assert_int_equal(p.lost, 0);
}

/* The proof that these tests can see: the same with NORMAL, and the same on
 * a disk that lies. */
static void test_crash__normal_is_caught(void **state)
{
	struct plan p = {.journal = VAULT_WAL,
	    .pragma = "PRAGMA synchronous = NORMAL",
	    .is_weak = true};

	(void)state;
	live_many(&p, 100);
	assert_true(p.lost > 0);
}

static void test_crash__lying_disk_is_caught(void **state)
{
	struct plan p = {
	    .journal = VAULT_WAL, .traits = {.lies = true}, .is_weak = true};

	(void)state;
	live_many(&p, 100);
	assert_true(p.lost + p.shut > 0);
}

static void test_crash__killed_process_loses_nothing(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct plan p = {
		    .journal = i ? VAULT_DELETE : VAULT_WAL, .is_kill = true};

		live_many(&p, saga_repeat(400));
		assert_int_equal(p.lost, 0);
	}
}

/* ---- a real process, a real disk, a real SIGKILL ------------------------- */

/* Saves for ever and says the number of each through fd. */
static void child(struct kit *k, const struct vault_opts *o, int fd)
{
	char sql[256];
	sqlite3 *db = kit_open(k, o);
	int i;

	kit_exec(db, "PRAGMA cache_size = 10; PRAGMA wal_autocheckpoint = 50");
	kit_fill(db, 1, 1);
	i = (int)kit_int(db, "SELECT max(id) FROM t");
	for (;;) {
		kit_exec(db, "BEGIN");
		kit_fill(db, i + 1, i + 20);
		snprintf(sql, sizeof(sql),
		    "SAVEPOINT a; DELETE FROM t; ROLLBACK TO a; COMMIT");
		kit_exec(db, sql);
		i += 20;
		if (write(fd, &i, sizeof(i)) != sizeof(i))
			_exit(1);
	}
}

static int kill_once(struct kit *k, const struct vault_opts *o, uint32_t draw)
{
	int fds[2], last = 0, n, status;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		close(fds[0]);
		child(k, o, fds[1]);
	}
	close(fds[1]);
	/* let some saves through, then a moment more */
	for (uint32_t i = 0; i < draw % 7; i++)
		if (read(fds[0], &n, sizeof(n)) == sizeof(n))
			last = n;
	nanosleep(&(struct timespec){0, draw % 4000 * 1000}, NULL);
	kill(pid, SIGKILL);
	while (read(fds[0], &n, sizeof(n)) == sizeof(n))
		last = n;
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	return last;
}

static void kill_many(struct kit *k, enum vault_journal journal, int loops)
{
	const struct vault_opts o = {.journal = journal};
	struct test_env t;
	int64_t rows = 0;

	test_env_init(&t, 5);
	for (int i = 0; i < loops; i++) {
		uint32_t draw;
		sqlite3 *db;
		int last;

		if (i % 10 == 0)
			kit_fresh(k);
		env_random(&t.env, &draw, sizeof(draw));
		last = kill_once(k, &o, draw);
		db = kit_open(k, &o);
		kit_exec(db, "CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY"
			     " KEY, name TEXT, body TEXT)");
		assert_true(
		    kit_int(db, "SELECT coalesce(max(id), 0) FROM t") >= last);
		kit_intact(db);
		kit_exec(db, "DROP TABLE t");
		kit_close(&db);
		rows += last;
	}
	/* the killing must not have come before every first save */
	assert_true(rows > 20 * (int64_t)loops / 4);
	print_message("%d kills: 0 of %lld acknowledged rows lost\n", loops,
	    (long long)rows);
}

static void test_crash__kill_9_wal(void **state)
{
	kill_many(*state, VAULT_WAL, saga_repeat(200));
}

static void test_crash__kill_9_delete(void **state)
{
	kill_many(*state, VAULT_DELETE, saga_repeat(200));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_crash__wal_loses_nothing),
	    cmocka_unit_test(test_crash__delete_loses_nothing),
	    cmocka_unit_test(test_crash__spilling_loses_nothing),
	    cmocka_unit_test(test_crash__spilling_journal_loses_nothing),
	    cmocka_unit_test(test_crash__forgotten_frames_fail_the_commit),
	    cmocka_unit_test(test_crash__no_psow_loses_nothing),
	    cmocka_unit_test(
		test_crash__a_later_sync_loses_nothing_that_landed),
	    cmocka_unit_test(test_crash__normal_is_caught),
	    cmocka_unit_test(test_crash__lying_disk_is_caught),
	    cmocka_unit_test(test_crash__killed_process_loses_nothing),
	    cmocka_unit_test(test_crash__kill_9_wal),
	    cmocka_unit_test(test_crash__kill_9_delete),
	};
	return cmocka_run_group_tests_name(
	    "vault_crash", tests, kit_setup, kit_teardown);
}
