/*
 * vault_bench.c - what sealing costs: the same work on the vault and on the
 * plain system library with the same settings, CPU time, in pairs that take
 * turns; the ratio is the median of the pairs' ratios, so that a machine that
 * grows faster or slower meanwhile does not count. One JSON object a line;
 * docs/DECISIONS.md tells the choices.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/base.h"
#include "core/vault.h"

static char dir[256];
static char path[300];

struct setup {
	uint32_t page;
	uint32_t cache_kib;
};

static double cpu_ms(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3;
}

static void clean(void)
{
	char cmd[600];

	snprintf(cmd, sizeof(cmd), "rm -f '%s'*", path);
	if (system(cmd) != 0)
		exit(1);
}

static void run(sqlite3 *db, const char *sql)
{
	char *msg = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &msg) != SQLITE_OK) {
		fprintf(stderr, "%s: %s\n", sql, msg);
		exit(1);
	}
}

static sqlite3 *open_db(bool sealed, const struct setup *s)
{
	static const uint8_t key[VAULT_KEY] = {7};
	const struct vault_opts o = {
	    .page_size = s->page, .cache_kib = s->cache_kib};
	char sql[512];
	sqlite3 *db = NULL;

	if (sealed) {
		if (vault_open(&db, path, key, &o) != 0)
			exit(1);
		return db;
	}
	if (sqlite3_open(path, &db) != SQLITE_OK)
		exit(1);
	snprintf(sql, sizeof(sql),
	    "PRAGMA page_size = %u; PRAGMA locking_mode = EXCLUSIVE;"
	    "PRAGMA cache_size = -%u; PRAGMA cache_spill = OFF;"
	    "PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON;"
	    "PRAGMA cell_size_check = ON; PRAGMA journal_mode = WAL;"
	    "PRAGMA synchronous = FULL; BEGIN EXCLUSIVE; COMMIT",
	    s->page, s->cache_kib);
	run(db, sql);
	return db;
}

static void close_db(bool sealed, sqlite3 *db)
{
	if (sealed ? vault_close(&db) : sqlite3_close(db))
		exit(1);
}

/* A prepared statement run n times with two numbers that jump about. */
static void repeat(sqlite3 *db, const char *sql, int n, int each, int below)
{
	sqlite3_stmt *stmt = NULL;
	uint32_t x = 12345;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK) {
		fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(db));
		exit(1);
	}
	for (int i = 0; i < n; i++) {
		if (each && i % each == 0)
			run(db, i ? "COMMIT; BEGIN" : "BEGIN");
		x = x * 1664525u + 1013904223u;
		sqlite3_bind_int(stmt, 1, i);
		sqlite3_bind_int(stmt, 2, (int)(x >> 8) % below);
		while (sqlite3_step(stmt) == SQLITE_ROW)
			;
		sqlite3_reset(stmt);
	}
	sqlite3_finalize(stmt);
	if (each)
		run(db, "COMMIT");
}

enum {
	ROWS = 60000
};

/* Inserts, an index, point reads, range scans, updates, deletes. */
static void mixed(sqlite3 *db)
{
	run(db, "CREATE TABLE a(id INTEGER PRIMARY KEY, k INT, name TEXT);"
		"CREATE TABLE b(id INTEGER PRIMARY KEY, k INT, name TEXT)");
	repeat(db,
	    "INSERT INTO a VALUES(?1, ?2, printf('patient %d follow-up"
	    " call %d', ?1, ?2))",
	    ROWS, 20000, ROWS);
	repeat(db,
	    "INSERT INTO b VALUES(?2 * 8 + (?1 & 7), ?2, printf('outcome %d"
	    " and a longer note %d %d', ?1, ?2, ?1)) ON CONFLICT DO NOTHING",
	    ROWS / 2, 20000, ROWS);
	run(db, "CREATE INDEX a_k ON a(k); CREATE INDEX b_k ON b(k, name)");
	repeat(db, "SELECT name, ?1 FROM a WHERE id = ?2", ROWS, 0, ROWS);
	repeat(db, "SELECT name, ?1 FROM b WHERE k = ?2", ROWS, 0, ROWS);
	repeat(db,
	    "SELECT count(*), sum(length(name)), ?1 FROM a"
	    " WHERE k BETWEEN ?2 AND ?2 + 50",
	    2000, 0, ROWS);
	repeat(db, "SELECT count(*), ?1 + ?2 FROM a WHERE name LIKE '%9 9%'", 6,
	    0, ROWS);
	repeat(db, "UPDATE a SET k = k + 1, name = name || ?1 WHERE id = ?2",
	    ROWS / 3, 20000, ROWS);
	repeat(db, "DELETE FROM b WHERE k = ?2 AND ?1 >= 0", ROWS / 10, 20000,
	    ROWS);
	run(db, "SELECT k, count(*) FROM a GROUP BY k ORDER BY 2 DESC LIMIT 9");
}

static double job_mixed(bool sealed, const struct setup *s)
{
	double start;
	sqlite3 *db;

	clean();
	start = cpu_ms();
	db = open_db(sealed, s);
	mixed(db);
	close_db(sealed, db);
	return cpu_ms() - start;
}

enum {
	COMMITS = 2000
};

static double job_commit(bool sealed, const struct setup *s)
{
	double start, took;
	sqlite3 *db;

	clean();
	db = open_db(sealed, s);
	run(db, "CREATE TABLE a(id INTEGER PRIMARY KEY, k INT, name TEXT);"
		"CREATE INDEX a_k ON a(k)");
	start = cpu_ms();
	repeat(db,
	    "INSERT INTO a VALUES(?1, ?2, 'one outcome of one follow-up call')",
	    COMMITS, 1, 1000000);
	took = cpu_ms() - start;
	close_db(sealed, db);
	return took / COMMITS;
}

static void fill_cold(bool sealed, const struct setup *s)
{
	sqlite3 *db;

	clean();
	db = open_db(sealed, s);
	run(db, "CREATE TABLE a(id INTEGER PRIMARY KEY, k INT, name TEXT)");
	repeat(db, "INSERT INTO a VALUES(?1, ?2, printf('%.*c', 200, 'x'))",
	    ROWS, 2000, ROWS);
	close_db(sealed, db);
}

/* A whole table with nothing cached: every page is opened once. */
static double job_coldread(bool sealed, const struct setup *s)
{
	double start;
	sqlite3 *db;

	fill_cold(sealed, s);
	db = open_db(sealed, s);
	start = cpu_ms();
	for (int i = 0; i < 10; i++) {
		run(db, "SELECT sum(length(name)) FROM a");
		sqlite3_db_release_memory(db);
	}
	start = (cpu_ms() - start) / 10;
	close_db(sealed, db);
	return start;
}

static double job_open(bool sealed, const struct setup *s)
{
	enum {
		TIMES = 20
	};
	double start;

	fill_cold(sealed, s);
	start = cpu_ms();
	for (int i = 0; i < TIMES; i++) {
		sqlite3 *db = open_db(sealed, s);

		run(db, "SELECT count(*) FROM sqlite_master");
		close_db(sealed, db);
	}
	return (cpu_ms() - start) / TIMES;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

struct bench {
	const char *name;
	double (*job)(bool, const struct setup *);
	struct setup setup;
	double goal; /* ratio */
	int rounds;
};

static void measure(const struct bench *b)
{
	double plain[32], sealed[32], pairs[32], ratio;

	for (int i = 0; i < b->rounds; i++) {
		/* whoever runs second finds a warmer machine: take turns */
		if (i & 1)
			sealed[i] = b->job(true, &b->setup);
		plain[i] = b->job(false, &b->setup);
		if (!(i & 1))
			sealed[i] = b->job(true, &b->setup);
		pairs[i] = sealed[i] / plain[i];
	}
	qsort(plain, (size_t)b->rounds, sizeof(*plain), by_value);
	qsort(sealed, (size_t)b->rounds, sizeof(*sealed), by_value);
	qsort(pairs, (size_t)b->rounds, sizeof(*pairs), by_value);
	ratio = pairs[b->rounds / 2];
	printf("{\"name\":\"%s\",\"value\":%.3f,\"unit\":\"ms\","
	       "\"baseline\":%.3f,\"baseline_name\":\"plain sqlite %s\","
	       "\"ratio\":%.3f,\"goal\":%.2f,\"ok\":%s,\"n\":%d}\n",
	    b->name, sealed[b->rounds / 2], plain[b->rounds / 2],
	    sqlite3_libversion(), ratio, b->goal,
	    ratio <= b->goal ? "true" : "false", b->rounds);
	fflush(stdout);
}

static const struct bench benches[] = {
    {"vault.2mb", job_mixed, {4096, 2048}, 1.60, 7},
    {"vault.64mb", job_mixed, {4096, 65536}, 1.12, 15},
    {"commit", job_commit, {4096, 65536}, 2.50, 5},
    {"coldread", job_coldread, {4096, 2048}, 4.00, 3},
    {"open", job_open, {4096, 65536}, 3.00, 3},
};

/* With PAGES=1: the mixed job for page sizes and caches, for the decision. */
static void measure_pages(void)
{
	static const uint32_t pages[] = {4096, 8192, 16384};
	static const uint32_t caches[] = {2048, 16384, 65536};

	for (size_t i = 0; i < ARRAY_LEN(pages); i++)
		for (size_t j = 0; j < ARRAY_LEN(caches); j++) {
			char name[64];
			struct bench b = {
			    name, job_mixed, {pages[i], caches[j]}, 9, 3};

			snprintf(name, sizeof(name), "mixed.page%u.cache%u",
			    pages[i], caches[j]);
			measure(&b);
			snprintf(name, sizeof(name), "commit.page%u.cache%u",
			    pages[i], caches[j]);
			b.job = job_commit;
			measure(&b);
		}
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");
	const char *only = getenv("ONLY");

	snprintf(
	    dir, sizeof(dir), "%s/suifang-bench-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(dir))
		return 1;
	snprintf(path, sizeof(path), "%s/b.db", dir);
	if (getenv("PAGES"))
		measure_pages();
	for (size_t i = 0; i < ARRAY_LEN(benches) && !getenv("PAGES"); i++)
		if (!only || strstr(benches[i].name, only))
			measure(&benches[i]);
	clean();
	(void)rmdir(dir);
	return 0;
}
