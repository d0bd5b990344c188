/*
 * ingest_bench.c - what the centre takes in: signed entries a second of one
 * core at 20 a sync, seven terminals at once, each signature verified,
 * positioned, folded, receipted and committed; against rows copied from one
 * plain SQLite file to another with one Ed25519 verification each and as
 * many a commit. CPU time, both in turn; the ratio is the median of the
 * pairs.
 */
#include "tests/bench.h"
#include "tests/world.h"

#include "core/err.h"

#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 20
#define SEATS 7 /* terminals that sync at once */
#define A_SYNC 20
#define A_ROUND (SEATS * A_SYNC)
#define PATIENTS 20
#define ROW 900 /* bytes of frame and box of one such record */

static const char note[] = "{\"text\":\"血压控制良好，已告知下次复诊时间\"}";

static void must(int r)
{
	if (r < 0)
		abort();
}

/* Twenty records made offline by one terminal. */
static void work_offline(struct world_seat *a, const struct id *patients)
{
	must(ledger_begin(a->ledger));
	for (int i = 0; i < A_SYNC; i++) {
		struct draft d = {0};
		json_t *body;
		must(json_load(&body, note, strlen(note), 4096));
		draft_add(&d, KIND_NOTE_ADDED, &patients[i % PATIENTS], body);
		must(ledger_add(a->ledger, &d, NULL));
		draft_fini(&d);
	}
	must(ledger_commit(a->ledger));
}

/* The centre's turn: all that has arrived from everybody, then one commit
 * for it and what follows, as its loop does. Returns its CPU time. */
static double node_turn(bool *moved, struct world *w)
{
	double start = bench_cpu_ms();
	int r = 0;

	for (int i = 1; i < w->count; i++)
		while (w->seats[i].to_node.len > 0) {
			*moved |= world_step_node(&r, &w->seats[i]);
			must(r);
		}
	for (int i = 1; i < w->count; i++)
		while (world_step_node(&r, &w->seats[i]))
			*moved = true;
	must(r);
	return bench_cpu_ms() - start;
}

static bool seats_turn(struct world *w)
{
	bool moved = false;
	int r = 0;

	for (int i = 1; i < w->count; i++)
		while (world_step_seat(&r, &w->seats[i])) {
			moved = true;
			must(r);
		}
	return moved;
}

/* A sync of every terminal; the CPU time of the centre's side alone. */
static double one_round(struct world *w, struct id (*patients)[PATIENTS])
{
	double ours = 0;
	bool moved = true;

	for (int i = 1; i < w->count; i++)
		work_offline(&w->seats[i], patients[i - 1]);
	while (moved) {
		moved = seats_turn(w);
		ours += node_turn(&moved, w);
	}
	return ours;
}

/* ---- the ceiling ---- */

struct copy {
	sqlite3 *from, *to;
	sqlite3_stmt *read, *write;
	uint8_t pk[crypto_sign_PUBLICKEYBYTES];
};

static sqlite3 *plain_open(const char *dir, const char *name)
{
	char path[4300];
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/%s.db", dir, name);
	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_exec(db,
		"PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL;"
		"PRAGMA synchronous=FULL; CREATE TABLE t (id INTEGER PRIMARY "
		"KEY, row BLOB NOT NULL, sig BLOB NOT NULL)",
		NULL, NULL, NULL) != SQLITE_OK)
		abort();
	return db;
}

static void fill(struct copy *c, int n)
{
	uint8_t sk[crypto_sign_SECRETKEYBYTES], sig[crypto_sign_BYTES];
	uint8_t row[ROW] = {0};
	sqlite3_stmt *s;

	crypto_sign_keypair(c->pk, sk);
	sqlite3_exec(c->from, "BEGIN", NULL, NULL, NULL);
	sqlite3_prepare_v2(
	    c->from, "INSERT INTO t (row, sig) VALUES (?, ?)", -1, &s, NULL);
	for (int i = 0; i < n; i++) {
		randombytes_buf(row, sizeof(row));
		crypto_sign_detached(sig, NULL, row, sizeof(row), sk);
		sqlite3_bind_blob(s, 1, row, sizeof(row), SQLITE_STATIC);
		sqlite3_bind_blob(s, 2, sig, sizeof(sig), SQLITE_STATIC);
		if (sqlite3_step(s) != SQLITE_DONE)
			abort();
		sqlite3_reset(s);
	}
	sqlite3_finalize(s);
	sqlite3_exec(c->from, "COMMIT", NULL, NULL, NULL);
}

static void copy_open(struct copy *c, const char *dir)
{
	c->from = plain_open(dir, "from");
	c->to = plain_open(dir, "to");
	fill(c, ROUNDS * A_ROUND);
	sqlite3_prepare_v2(
	    c->from, "SELECT row, sig FROM t ORDER BY id", -1, &c->read, NULL);
	sqlite3_prepare_v2(c->to, "INSERT INTO t (row, sig) VALUES (?, ?)", -1,
	    &c->write, NULL);
}

static void copy_close(struct copy *c)
{
	sqlite3_finalize(c->read);
	sqlite3_finalize(c->write);
	sqlite3_close(c->from);
	sqlite3_close(c->to);
}

static void copy_row(struct copy *c)
{
	const unsigned char *row, *sig;
	int n;

	if (sqlite3_step(c->read) != SQLITE_ROW)
		abort();
	row = sqlite3_column_blob(c->read, 0);
	n = sqlite3_column_bytes(c->read, 0);
	sig = sqlite3_column_blob(c->read, 1);
	if (crypto_sign_verify_detached(
		sig, row, (unsigned long long)n, c->pk) != 0)
		abort();
	sqlite3_bind_blob(c->write, 1, row, n, SQLITE_STATIC);
	sqlite3_bind_blob(c->write, 2, sig, crypto_sign_BYTES, SQLITE_STATIC);
	if (sqlite3_step(c->write) != SQLITE_DONE)
		abort();
	sqlite3_reset(c->write);
}

static double copy_round(struct copy *c)
{
	double start = bench_cpu_ms();

	sqlite3_exec(c->to, "BEGIN", NULL, NULL, NULL);
	for (int i = 0; i < A_ROUND; i++)
		copy_row(c);
	sqlite3_exec(c->to, "COMMIT", NULL, NULL, NULL);
	return bench_cpu_ms() - start;
}

/* Agents, each with patients of their own. */
static void join(struct world *w, struct id (*patients)[PATIENTS])
{
	for (int i = 0; i < SEATS; i++) {
		char name[8];
		snprintf(name, sizeof(name), "A%03d", i);
		world_join(w, name, "agent");
		for (int k = 0; k < PATIENTS; k++)
			patients[i][k] = world_patient(w, "欧阳建国", name);
	}
	for (int i = 1; i < w->count; i++) {
		must(world_sync(&w->seats[i]));
		world_connect(&w->seats[i]);
	}
}

int main(void)
{
	struct world *w = world_new(5);
	struct id patients[SEATS][PATIENTS];
	struct copy copy = {0};
	struct bench_samples ours = {0}, plain = {0};
	double ratio;

	join(w, patients);
	copy_open(&copy, w->dir);
	one_round(w, patients);
	/* In turn, so that the machine's moods reach both. */
	for (int i = 1; i < ROUNDS; i++) {
		bench_add(&ours, one_round(w, patients));
		bench_add(&plain, copy_round(&copy));
	}
	ratio = bench_ratio(&plain, &ours);
	bench_print(&(struct bench_line){.name = "ingest",
	    .unit = "entries/s",
	    .baseline_name = "SQLite to SQLite, one verify a record",
	    .value = A_ROUND * 1000 / bench_percentile(&ours, 0.5),
	    .baseline = A_ROUND * 1000 / bench_percentile(&plain, 0.5),
	    .ratio = ratio,
	    .goal = 0.6,
	    .goal_is_ratio = true,
	    .at_least = true,
	    .n = (ROUNDS - 1) * A_ROUND});
	bench_fini(&ours);
	bench_fini(&plain);
	copy_close(&copy);
	world_free(w);
	return 0;
}
