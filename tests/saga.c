/* saga.c - saves whose every state can be recognised. */
#include "tests/saga.h"

#include "core/err.h"
#include "tests/test.h"

void saga_init(struct saga *w, uint64_t seed, const struct fault_traits *traits,
    enum vault_journal journal)
{
	*w = (struct saga){.disk = fault_new(seed, traits)};
	w->opts = (struct vault_opts){.base_vfs = fault_name(w->disk),
	    .page_size = 1024,
	    .cache_kib = 64,
	    .journal = journal};
	for (size_t i = 0; i < sizeof(w->key); i++)
		w->key[i] = (uint8_t)(i + 3);
}

void saga_fini(struct saga *w)
{
	saga_close(w);
	fault_free(&w->disk);
}

int saga_open(struct saga *w)
{
	return vault_open(&w->db, SAGA_PATH, w->key, &w->opts);
}

void saga_close(struct saga *w)
{
	if (w->db)
		(void)vault_close(&w->db);
	assert_null(w->db);
}

static int run(struct saga *w, const char *sql)
{
	return sqlite3_exec(w->db, sql, NULL, NULL, NULL);
}

/* Row i: a text of 20..400 bytes that follows from i. Save k adds rows
 * 3k-2..3k and sets the mark of row 1 to k. */
#define BODY "hex(zeroblob(10 + ((id * 37) & 127))) || id"

/* Every second save is waited for; of the others what happens to be known. */
static void acknowledge(struct saga *w, int k)
{
	int is_synced = vault_is_synced(w->db);

	while (k % 2 && is_synced == 0)
		is_synced = vault_is_synced(w->db);
	if (is_synced == 1)
		w->acked = k;
}

int saga_save(struct saga *w)
{
	char sql[900];
	int k = ++w->tried, rc;

	if (k == 1) {
		rc = run(w, "CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY"
			    " KEY, body TEXT, mark INT);"
			    "CREATE INDEX IF NOT EXISTS t_body ON t(body)");
		if (rc != SQLITE_OK)
			return rc;
	}
	sqlite3_snprintf((int)sizeof(sql), sql,
	    "BEGIN IMMEDIATE; WITH s(id) AS (VALUES(%d),(%d),(%d))"
	    " INSERT INTO t SELECT id, " BODY ", 0 FROM s;"
	    "SAVEPOINT a; UPDATE t SET body = 'x' || id WHERE id & 1;"
	    "%s; RELEASE a; UPDATE t SET mark = %d WHERE id = 1; COMMIT",
	    3 * k - 2, 3 * k - 1, 3 * k,
	    w->no_savepoint ? "UPDATE t SET body = " BODY : "ROLLBACK TO a", k);
	vault_sync_later(w->db, w->is_lazy);
	rc = run(w, sql);
	if (rc == SQLITE_OK)
		acknowledge(w, k);
	else if (!sqlite3_get_autocommit(w->db))
		(void)run(w, "ROLLBACK");
	if (rc != SQLITE_OK && !fault_is_off(w->disk)) {
		w->refused++;
		w->tried--;
	}
	return rc;
}

static int read_int(struct saga *w, const char *sql, int *out)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(w->db, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	*out = rc == SQLITE_ROW ? sqlite3_column_int(stmt, 0) : 0;
	(void)sqlite3_finalize(stmt);
	return rc == SQLITE_ROW ? SQLITE_OK : rc;
}

int saga_state(struct saga *w)
{
	struct vault_status status;
	int has = 0, mark = 0, rows = 0, bad = 0, sound = 0;
	int rc = read_int(
	    w, "SELECT count(*) FROM sqlite_master WHERE name = 't'", &has);

	if (rc != SQLITE_OK || !has)
		return -rc;
	rc = read_int(w, "SELECT coalesce(max(mark), 0) FROM t", &mark);
	if (rc == SQLITE_OK)
		rc = read_int(w, "SELECT count(*) FROM t", &rows);
	if (rc == SQLITE_OK)
		rc = read_int(w,
		    "SELECT count(*) FROM t NOT INDEXED WHERE body IS "
		    "NOT " BODY,
		    &bad);
	if (rc == SQLITE_OK)
		rc = read_int(w,
		    "SELECT integrity_check = 'ok' FROM pragma_integrity_check",
		    &sound);
	if (rc != SQLITE_OK)
		return -rc;
	/* SQLite's check reports an unreadable page as text */
	vault_status(&status, w->db);
	if (!sound && status.refused)
		return -SQLITE_IOERR_DATA;
	if (rows != 3 * mark || bad != 0 || !sound)
		fail_msg("mark %d, rows %d, bad %d, sound %d", mark, rows, bad,
		    sound);
	return mark;
}

int saga_repeat(int n)
{
	return test_repeat(getenv("SOAK") ? 10 * n : n);
}
