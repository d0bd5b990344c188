/*
 * sim_warm.c - a machine that starts again uses the connection that it had. A
 * third of a history went into reading the schema and compiling the same
 * statements again; these alone are kept. Everything that is of the disk is
 * read anew: the files are entered again, the vault knows nothing of them,
 * SQLite's index of the log is made invalid, so that it recovers the log and
 * throws all pages away. Histories with true ciphers open everything anew.
 */
#include "tests/sim/sim_impl.h"

#include "core/asset.h"
#include "core/vault_file.h"
#include "tests/sim/sim_late.h"

#include <stdlib.h>

#define KEPT 600
#define INDEX_HEAD 96 /* two copies of the head of the log's index */

struct kept {
	sqlite3_stmt *stmt;
	char *sql;
	size_t used; /* bytes of the first statement in it */
	bool is_out;
};

typedef int auth_fn(void *ctx, int action, const char *a, const char *b,
    const char *db, const char *trigger);
typedef int row_fn(void *ctx, int n, char **values, char **names);

struct warm {
	struct warm *next;
	struct late late;
	char *path;
	sqlite3 *db;
	uint8_t *index; /* SQLite's, of the log */
	int64_t schema; /* its version in the file, as it was read */
	bool is_parked;
	bool has_settings;
	bool is_changed; /* the schema is not what was read */
	auth_fn *auth;
	void *auth_ctx;
	struct kept kept[KEPT];
	int count;
};

static struct warm *all;

#define REAL(name, ...)                                                        \
	int __real_##name(__VA_ARGS__);                                        \
	int __wrap_##name(__VA_ARGS__);                                        \
	int __wrap_##name(__VA_ARGS__)

static struct warm *warm_of(const sqlite3 *db)
{
	for (struct warm *w = all; w; w = w->next)
		if (w->db == db)
			return w;
	return NULL;
}

/* ---- statements ---- */

/* SQLite would compile all anew for each new one: there is one for ever, that
 * asks the one that counts now. */
static int authorize(void *ctx, int action, const char *a, const char *b,
    const char *db, const char *trigger)
{
	const struct warm *w = ctx;

	return w->auth ? w->auth(w->auth_ctx, action, a, b, db, trigger)
		       : SQLITE_OK;
}

REAL(sqlite3_set_authorizer, sqlite3 *db, auth_fn *fn, void *ctx)
{
	struct warm *w = warm_of(db);

	if (!w)
		return __real_sqlite3_set_authorizer(db, fn, ctx);
	w->auth = fn;
	w->auth_ctx = ctx;
	return SQLITE_OK;
}

static struct kept *find_kept(struct warm *w, const char *sql)
{
	for (int i = 0; i < w->count; i++)
		if (!w->kept[i].is_out && strcmp(w->kept[i].sql, sql) == 0)
			return &w->kept[i];
	return NULL;
}

REAL(sqlite3_prepare_v3, sqlite3 *db, const char *sql, int n, unsigned flags,
    sqlite3_stmt **out, const char **tail)
{
	struct warm *w = warm_of(db);
	struct kept *k = w ? find_kept(w, sql) : NULL;
	const char *end;
	int rc;

	if (!k) {
		rc = __real_sqlite3_prepare_v3(db, sql, n, flags, out, &end);
		if (tail)
			*tail = end;
		if (rc != SQLITE_OK || !*out || !w || w->count == KEPT)
			return rc;
		k = &w->kept[w->count++];
		*k =
		    (struct kept){*out, strdup(sql), (size_t)(end - sql), true};
	}
	k->is_out = true;
	*out = k->stmt;
	if (tail)
		*tail = sql + k->used;
	return SQLITE_OK;
}

REAL(sqlite3_finalize, sqlite3_stmt *stmt)
{
	struct warm *w = stmt ? warm_of(sqlite3_db_handle(stmt)) : NULL;

	for (int i = 0; w && i < w->count; i++)
		if (w->kept[i].stmt == stmt) {
			w->kept[i].is_out = false;
			sqlite3_clear_bindings(stmt);
			return sqlite3_reset(stmt);
		}
	return __real_sqlite3_finalize(stmt);
}

/* What its owner has out is its owner's from now on. */
static void forget(struct warm *w)
{
	for (int i = 0; i < w->count; i++) {
		if (!w->kept[i].is_out)
			__real_sqlite3_finalize(w->kept[i].stmt);
		free(w->kept[i].sql);
	}
	w->count = 0;
}

REAL(sqlite3_exec, sqlite3 *db, const char *sql, row_fn *fn, void *ctx,
    char **err)
{
	struct warm *w = warm_of(db);
	bool is_settings =
	    w && strcmp(sql, asset_find("txn/settings.sql")->data) == 0;

	/* What holds already would throw away what is compiled. */
	if (is_settings && w->has_settings)
		return SQLITE_OK;
	if (is_settings)
		w->has_settings = true;
	/* What was compiled for the old view has been allowed for it alone. */
	if (w && (strstr(sql, "CREATE TABLE") || strstr(sql, "DROP TABLE"))) {
		forget(w);
		w->is_changed = true;
	}
	return __real_sqlite3_exec(db, sql, fn, ctx, err);
}

/* ---- the end of a process ---- */

int __real_vault_close(sqlite3 **db);
int __wrap_vault_close(sqlite3 **db);

static void drop(struct warm *w)
{
	struct warm **p = &all;

	forget(w);
	assert_int_equal(__real_vault_close(&w->db), 0);
	while (*p != w)
		p = &(*p)->next;
	*p = w->next;
	late_fini(&w->late);
	free(w->path);
	free(w);
}

/* As at a close the log is copied, where the disk is alive. */
int __wrap_vault_close(sqlite3 **db)
{
	struct warm *w = *db ? warm_of(*db) : NULL;

	if (!w)
		return __real_vault_close(db);
	for (int i = 0; i < w->count; i++)
		assert_false(w->kept[i].is_out);
	if (w->is_changed) {
		drop(w);
		*db = NULL;
		return 0;
	}
	if (!sqlite3_get_autocommit(*db))
		(void)__real_sqlite3_exec(*db, "ROLLBACK", NULL, NULL, NULL);
	(void)sqlite3_wal_checkpoint_v2(
	    *db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	*db = NULL;
	w->auth = NULL;
	w->is_parked = true;
	late_leave(&w->late);
	return 0;
}

/* ---- the start of one ---- */

static struct vault_file *file(struct warm *w, int op)
{
	void *f = NULL;

	assert_int_equal(
	    sqlite3_file_control(w->db, "main", op, &f), SQLITE_OK);
	return f;
}

/* The vault's files as they are when they are just opened. */
static int reset_vault(struct warm *w)
{
	struct vault_file *db = file(w, VAULT_FCNTL_FILE);
	struct vault_file *log = file(w, SQLITE_FCNTL_JOURNAL_POINTER);

	(void)vault_later_wait(log);
	sqlite3_free(log->u.wal.unfinished);
	memset(&log->u.wal, 0, sizeof(log->u.wal));
	log->u.wal.pending = -1;
	log->has_key = db->has_key = false;
	log->page_size = db->page_size = 0;
	memset(db->clear, 0, sizeof(db->clear));
	db->vault->why = 0;
	db->vault->why_page = 0;
	db->vault->was_cut = db->vault->may_sync_later = false;
	return base_size(db, &db->size) == SQLITE_OK ? vault_db_load(db)
						     : SQLITE_IOERR;
}

static int64_t schema_of(sqlite3 *db)
{
	sqlite3_stmt *q = NULL;
	int64_t v = -1;

	if (sqlite3_prepare_v2(db, "PRAGMA schema_version", -1, &q, NULL) ==
		SQLITE_OK &&
	    sqlite3_step(q) == SQLITE_ROW)
		v = sqlite3_column_int64(q, 0);
	__real_sqlite3_finalize(q);
	return v;
}

static int wake(struct warm *w, const char *disk)
{
	int rc = late_enter(&w->late, disk);

	w->is_parked = false;
	if (rc == SQLITE_OK)
		rc = reset_vault(w);
	memset(w->index, 0, INDEX_HEAD);
	if (rc == SQLITE_OK)
		rc = __real_sqlite3_exec(
		    w->db, "BEGIN EXCLUSIVE; COMMIT", NULL, NULL, NULL);
	return rc == SQLITE_OK && schema_of(w->db) != w->schema ? SQLITE_SCHEMA
								: rc;
}

int __real_vault_open(sqlite3 **out, const char *path, const uint8_t *key,
    const struct vault_opts *opts);
int __wrap_vault_open(sqlite3 **out, const char *path, const uint8_t *key,
    const struct vault_opts *opts);

static int open_new(sqlite3 **out, const char *path, const uint8_t *key,
    const struct vault_opts *opts)
{
	struct warm *w = calloc(1, sizeof(*w));
	struct vault_opts late = *opts;
	int r;

	assert_non_null(w);
	late_init(&w->late, opts->base_vfs);
	late.base_vfs = w->late.name;
	sim_memory_watch();
	r = __real_vault_open(&w->db, path, key, &late);
	if (r < 0) {
		late_fini(&w->late);
		free(w);
		return r;
	}
	w->index = sim_memory_index();
	assert_non_null(w->index);
	w->path = strdup(path);
	w->schema = schema_of(w->db);
	w->next = all;
	all = w;
	__real_sqlite3_set_authorizer(w->db, authorize, w);
	*out = w->db;
	return 0;
}

int __wrap_vault_open(sqlite3 **out, const char *path, const uint8_t *key,
    const struct vault_opts *opts)
{
	struct warm *w = all;

	if (sim_has_true_ciphers() || !sim_has_own_memory() || !opts->base_vfs)
		return __real_vault_open(out, path, key, opts);
	while (w && !(w->is_parked && strcmp(w->path, path) == 0))
		w = w->next;
	if (!w)
		return open_new(out, path, key, opts);
	if (wake(w, opts->base_vfs) == SQLITE_OK) {
		*out = w->db;
		return 0;
	}
	/* What is wrong with the disk is said by the product. */
	late_leave(&w->late);
	drop(w);
	return open_new(out, path, key, opts);
}

void sim_warm_fini(void)
{
	while (all)
		drop(all);
}
