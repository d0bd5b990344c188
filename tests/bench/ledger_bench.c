/*
 * ledger_bench.c - save.*: one signed, sealed, durable save against a bare
 * one-row FULL commit of plain SQLite; fold (signed and sealed in one
 * transaction) and rebuild.
 */
#include "tests/bench.h"
#include "tests/world.h"

#include "core/err.h"
#include "sync/commit.h"

#include <sqlite3.h>

#define SAVES 1000
#define WARM 50 /* caches fill, statements are compiled */
#define ENTRIES 20000

static const char contact[] =
    "{\"answers\":[{\"code\":\"no\",\"link\":\"chest-pain\","
    "\"type\":\"choice\"},"
    "{\"int\":142,\"link\":\"sbp\",\"scale\":0,\"type\":\"integer\","
    "\"unit\":\"mmHg\"}],\"class\":\"satisfied\",\"completed\":true,"
    "\"disposition\":\"completed\",\"disposition_version\":1,"
    "\"ended_s\":1795312900,\"observations\":[{\"at_s\":1795312900,"
    "\"code\":\"8480-6\",\"scale\":0,\"source\":\"told\","
    "\"unit\":\"mmHg\",\"value\":142}],\"reached\":true,"
    "\"respondent\":\"self\",\"started_s\":1795312800}";

/* A plain SQLite file with the settings of a careful program. */
static sqlite3 *plain_open(const char *dir)
{
	char path[4300];
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/plain.db", dir);
	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_exec(db,
		"PRAGMA locking_mode=EXCLUSIVE;"
		"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
		"CREATE TABLE IF NOT EXISTS t "
		"(id INTEGER PRIMARY KEY, data BLOB)",
		NULL, NULL, NULL) != SQLITE_OK)
		abort();
	return db;
}

/* The yardstick's rows, one durable commit each; the statement is kept, as
 * a careful program does. */
static double plain_commit(sqlite3 *db)
{
	static sqlite3_stmt *s;
	static char row[700];
	double start = bench_ms();

	if (!db) {
		sqlite3_finalize(s);
		return 0;
	}
	if (!s)
		sqlite3_prepare_v2(
		    db, "INSERT INTO t (data) VALUES (?)", -1, &s, NULL);
	sqlite3_bind_blob(s, 1, row, sizeof(row), SQLITE_STATIC);
	if (sqlite3_step(s) != SQLITE_DONE)
		abort();
	sqlite3_reset(s);
	return bench_ms() - start;
}

/* What a screen has in hand when the person presses the key. */
static void draft_contact(struct draft *d, const struct id *patient)
{
	json_t *body;

	*d = (struct draft){0};
	if (json_load(&body, contact, strlen(contact), 70000) < 0)
		abort();
	draft_add(d, KIND_CONTACT_RECORDED, patient, body);
}

static double save(struct world_seat *a, const struct id *patient)
{
	struct draft d;
	double ms;

	draft_contact(&d, patient);
	ms = bench_ms();
	if (ledger_record(a->ledger, &d, NULL) < 0)
		abort();
	ms = bench_ms() - ms;
	draft_fini(&d);
	return ms;
}

/* ---- a VFS that counts syncs, below the vault ---- */

static unsigned syncs;
static const sqlite3_io_methods *real_io;
static sqlite3_io_methods counting_io;
static sqlite3_vfs counting_vfs;
static sqlite3_vfs *real_vfs;

static int count_sync(sqlite3_file *f, int flags)
{
	syncs++;
	return real_io->xSync(f, flags);
}

static int count_open(
    sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
	int rc = real_vfs->xOpen(real_vfs, name, f, flags, out);

	(void)vfs;
	if (rc == SQLITE_OK) {
		real_io = f->pMethods;
		counting_io = *f->pMethods;
		counting_io.xSync = count_sync;
		f->pMethods = &counting_io;
	}
	return rc;
}

static void count_syncs(void)
{
	real_vfs = sqlite3_vfs_find(NULL);
	counting_vfs = *real_vfs;
	counting_vfs.zName = "counting";
	counting_vfs.xOpen = count_open;
	sqlite3_vfs_register(&counting_vfs, 0);
}

static void print_syncs(struct world_seat *a, const struct id *p)
{
	unsigned before;

	a->base_vfs = "counting";
	world_close(a);
	world_open(a);
	world_say(a, KIND_CONTACT_RECORDED, p, contact);
	before = syncs;
	for (int i = 0; i < 20; i++)
		world_say(a, KIND_CONTACT_RECORDED, p, contact);
	bench_print(&(struct bench_line){.name = "save.fsyncs",
	    .unit = "fsyncs a save",
	    .value = (syncs - before) / 20.0,
	    .goal = 1.0,
	    .n = 20});
}

/* One of each in turn, now this one first and now that. */
static void sample(struct bench_samples *ours, struct bench_samples *plain,
    struct world_seat *a, sqlite3 *db)
{
	struct id p = world_patient(a->world, "欧阳建国", "A017");

	if (world_sync(a) != 0)
		abort();
	for (int i = 0; i < SAVES + WARM; i++) {
		double x = i % 2 ? save(a, &p) : 0;
		double y = plain_commit(db);
		if (i % 2 == 0)
			x = save(a, &p);
		if (i < WARM)
			continue;
		bench_add(ours, x);
		bench_add(plain, y);
	}
	print_syncs(a, &p);
}

static void saves(struct world *w)
{
	struct world_seat *a = world_join(w, "A017", "agent");
	struct bench_samples ours = {0}, plain = {0};
	sqlite3 *db = plain_open(w->dir);
	double ratio;

	sample(&ours, &plain, a, db);
	ratio = bench_ratio(&ours, &plain);
	for (int i = 0; i < 2; i++) {
		double at = i ? 0.99 : 0.5;
		bench_print(
		    &(struct bench_line){.name = i ? "save.p99" : "save.p50",
			.unit = "ms",
			.baseline_name = "one-row FULL commit, plain SQLite",
			.value = bench_percentile(&ours, at),
			.baseline = bench_percentile(&plain, at),
			.ratio = i ? 0 : ratio,
			.goal = 2.5,
			.goal_is_ratio = true,
			.n = SAVES});
	}
	plain_commit(NULL);
	sqlite3_close(db);
	bench_fini(&ours);
	bench_fini(&plain);
}

/* ---- fold and rebuild ---- */

/* Rows a second that plain SQLite takes into three indexed tables: what a
 * fold does at the least. */
static double plain_rows_ms(const char *dir, int n)
{
	sqlite3 *db = plain_open(dir);
	double start;

	sqlite3_exec(db,
	    "CREATE TABLE a (k BLOB, n INTEGER, v TEXT, "
	    "PRIMARY KEY (k, n)) WITHOUT ROWID; CREATE TABLE b (k BLOB, "
	    "n INTEGER, v TEXT, PRIMARY KEY (k, n)) WITHOUT ROWID",
	    NULL, NULL, NULL);
	start = bench_cpu_ms();
	sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
	for (int t = 0; t < 2; t++) {
		sqlite3_stmt *s;
		sqlite3_prepare_v2(db,
		    t ? "INSERT INTO b VALUES (?, ?, ?)"
		      : "INSERT INTO a VALUES (?, ?, ?)",
		    -1, &s, NULL);
		for (int i = 0; i < n; i++) {
			sqlite3_bind_blob(s, 1, &i, 4, SQLITE_STATIC);
			sqlite3_bind_int(s, 2, i);
			sqlite3_bind_text(s, 3, contact, 200, SQLITE_STATIC);
			sqlite3_step(s);
			sqlite3_reset(s);
		}
		sqlite3_finalize(s);
	}
	sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	start = bench_cpu_ms() - start;
	sqlite3_close(db);
	return start;
}

/* Signed, sealed, entered and folded; nothing is committed. */
static void add(struct world_seat *a, const struct id *patient)
{
	struct draft d;

	draft_contact(&d, patient);
	if (ledger_add(a->ledger, &d, NULL) < 0)
		abort();
	draft_fini(&d);
}

static void folds(struct world *w)
{
	struct world_seat *a = world_join(w, "A012", "agent");
	struct id p[50];
	double start, fold_ms, rebuild_ms, plain_ms;

	for (size_t i = 0; i < ARRAY_LEN(p); i++)
		p[i] = world_patient(w, "单雪梅", "A012");
	if (world_sync(a) != 0 || ledger_begin(a->ledger) != 0)
		abort();
	start = bench_cpu_ms();
	for (int i = 0; i < ENTRIES; i++)
		add(a, &p[i % 50]);
	if (ledger_commit(a->ledger) != 0)
		abort();
	fold_ms = bench_cpu_ms() - start;
	start = bench_cpu_ms();
	if (ledger_rebuild(a->ledger, NULL, NULL) != 0)
		abort();
	rebuild_ms = bench_cpu_ms() - start;
	plain_ms = plain_rows_ms(w->dir, ENTRIES);
	bench_print(&(struct bench_line){.name = "fold",
	    .unit = "us CPU an entry",
	    .value = fold_ms * 1e3 / ENTRIES,
	    .baseline = plain_ms * 1e3 / ENTRIES,
	    .baseline_name = "two plain rows",
	    .n = ENTRIES});
	bench_print(&(struct bench_line){.name = "rebuild",
	    .unit = "us CPU an entry",
	    .value = rebuild_ms * 1e3 / ENTRIES,
	    .baseline = plain_ms * 1e3 / ENTRIES,
	    .baseline_name = "two plain rows",
	    .n = ENTRIES});
}

int main(void)
{
	struct world *w;

	count_syncs();
	w = world_new(1);
	if (bench_wants("save"))
		saves(w);
	if (bench_wants("fold") || bench_wants("rebuild"))
		folds(w);
	world_free(w);
	return 0;
}
