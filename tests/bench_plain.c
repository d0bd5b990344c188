/* bench_plain.c - rows into plain SQLite, one verification each. */
#include "tests/bench_plain.h"

#include "keys/secret.h"
#include "keys/sign.h"
#include "sync/program.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ROW 700

static void must(int rc)
{
	if (rc != SQLITE_OK && rc != SQLITE_DONE)
		abort();
}

static void open_at(sqlite3 **db, const char *path)
{
	unlink(path);
	must(sqlite3_open(path, db));
	must(sqlite3_exec(*db,
	    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
	    "CREATE TABLE t (id INTEGER PRIMARY KEY, data BLOB)",
	    NULL, NULL, NULL));
}

static void sign_row(
    uint8_t sig[SIGNATURE], uint8_t pk[SIGN_PUBLIC], const uint8_t row[ROW])
{
	struct secret *seed = secret_random(SIGN_SEED, program_env()), *sk;

	identity_sign_key(&sk, pk, seed);
	sign_detached(sig, sk, row, ROW);
	secret_free(&seed);
	secret_free(&sk);
}

void bench_plain(
    struct bench_plain *out, const char *dir, size_t n, size_t batch)
{
	uint8_t pk[SIGN_PUBLIC], sig[SIGNATURE], row[ROW] = {0};
	char path[4300];
	sqlite3_stmt *s;
	sqlite3 *db;
	double cpu, start, since;

	*out = (struct bench_plain){0};
	snprintf(path, sizeof(path), "%s/plain.db", dir);
	sign_row(sig, pk, row);
	open_at(&db, path);
	must(sqlite3_prepare_v2(
	    db, "INSERT INTO t (data) VALUES (?)", -1, &s, NULL));
	cpu = bench_cpu_ms();
	start = bench_ms();
	for (size_t i = 0; i < n;) {
		since = bench_ms();
		must(sqlite3_exec(db, "BEGIN", NULL, NULL, NULL));
		for (size_t k = 0; k < batch && i < n; k++, i++) {
			if (!sign_is_valid(sig, pk, row, ROW))
				abort();
			must(sqlite3_bind_blob(s, 1, row, ROW, SQLITE_STATIC));
			must(sqlite3_step(s));
			must(sqlite3_reset(s));
		}
		must(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL));
		bench_add(&out->batches, bench_ms() - since);
	}
	out->cpu_ms = bench_cpu_ms() - cpu;
	out->wall_ms = bench_ms() - start;
	sqlite3_finalize(s);
	sqlite3_close(db);
}
