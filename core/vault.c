/*
 * vault.c - opening and closing an encrypted file, the settings every one is
 * opened with, and what went wrong when that fails.
 */
#include "core/vault.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/asset.h"
#include "core/err.h"
#include "core/vault_file.h"

enum {
	DEFAULT_PAGE = 4096,
	DEFAULT_CACHE_KIB = 65536
};

static struct vault *vault_of(sqlite3 *db)
{
	void *v = NULL;

	(void)sqlite3_file_control(db, "main", VAULT_FCNTL, &v);
	return v;
}

static struct vault_file *file_of(sqlite3 *db)
{
	void *f = NULL;

	(void)sqlite3_file_control(db, "main", VAULT_FCNTL_FILE, &f);
	return f;
}

/* ---- errors -------------------------------------------------------- */

static int code_of_errno(int number, int otherwise)
{
	switch (number) {
	case ENOSPC:
	case EDQUOT:
		return ERR_NO_SPACE;
	case EACCES:
	case EPERM:
	case EROFS:
		return ERR_READ_ONLY;
	case ENOENT:
	case ENOTDIR:
		return ERR_NOT_FOUND;
	case ENOMEM:
		return ERR_NO_MEMORY;
	default:
		return otherwise;
	}
}

static const struct {
	int rc;
	int code;
} codes[] = {
    {SQLITE_NOMEM, ERR_NO_MEMORY},
    {SQLITE_FULL, ERR_NO_SPACE},
    {SQLITE_BUSY, ERR_IN_USE},
    {SQLITE_LOCKED, ERR_IN_USE},
    {SQLITE_READONLY, ERR_READ_ONLY},
    {SQLITE_PERM, ERR_NOT_PERMITTED},
    {SQLITE_AUTH, ERR_NOT_PERMITTED},
    {SQLITE_CORRUPT, ERR_DAMAGED},
    {SQLITE_NOTADB, ERR_DAMAGED},
    {SQLITE_TOOBIG, ERR_TOO_LARGE},
    {SQLITE_INTERRUPT, ERR_INTERRUPTED},
    {SQLITE_CONSTRAINT, ERR_RULE},
};

static int code_of(const struct vault *v, sqlite3 *db, int rc)
{
	int number = db ? sqlite3_system_errno(db) : 0;

	if (rc == SQLITE_IOERR_NOMEM)
		return ERR_NO_MEMORY;
	if (v->why != 0 &&
	    (rc == SQLITE_NOTADB || rc == SQLITE_IOERR_DATA ||
		rc == SQLITE_IOERR_WRITE || (rc & 0xff) == SQLITE_CANTOPEN))
		return v->why;
	/* What is left of a transaction that the disk has ended. */
	if (rc == SQLITE_CONSTRAINT_COMMITHOOK)
		return ERR_IO;
	if (rc == SQLITE_IOERR_DATA)
		return ERR_DAMAGED;
	if ((rc & 0xff) == SQLITE_CANTOPEN)
		return code_of_errno(number, ERR_IO);
	if ((rc & 0xff) == SQLITE_IOERR)
		return code_of_errno(number, ERR_IO);
	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (codes[i].rc == (rc & 0xff))
			return codes[i].code;
	return ERR_INVALID;
}

/* Keeps SQLite's code and message for the operator; they name no data that
 * a person entered, only tables, pages and files. */
static int fail(const struct vault *v, sqlite3 *db, int rc)
{
	int code = code_of(v, db, rc);

	/* what the vault itself refused needs no words of SQLite's */
	if (code == v->why && v->why_page)
		return err_set(code, "page %u", v->why_page);
	if (code == v->why)
		return err_set(code, "sealed file");
	return err_set(code, "sqlite %d: %s", rc,
	    db ? sqlite3_errmsg(db) : sqlite3_errstr(rc));
}

int vault_error(sqlite3 *db, int rc)
{
	if (rc == SQLITE_OK || rc == SQLITE_ROW || rc == SQLITE_DONE)
		return 0;
	return fail(vault_of(db), db,
	    sqlite3_extended_errcode(db) == SQLITE_OK
		? rc
		: sqlite3_extended_errcode(db));
}

/* ---- opening -------------------------------------------------------- */

static const char *asset_text(const char *path)
{
	const struct asset *a = asset_find(path);

	assert(a);
	return a->data;
}

/* Replaces each @name@ of the settings file. */
static void fill_settings(struct buf *out, const struct vault_opts *o)
{
	const char *s = asset_text("vault/settings.sql");

	for (const char *at; (at = strchr(s, '@')) != NULL;) {
		buf_add(out, s, (size_t)(at - s));
		if (strncmp(at, "@page@", 6) == 0)
			buf_printf(out, "%u",
			    o->page_size ? o->page_size : DEFAULT_PAGE);
		else if (strncmp(at, "@cache@", 7) == 0)
			buf_printf(out, "%u",
			    o->cache_kib ? o->cache_kib : DEFAULT_CACHE_KIB);
		else
			buf_str(
			    out, o->journal == VAULT_DELETE ? "DELETE" : "WAL");
		s = strchr(at + 1, '@') + 1;
	}
	buf_str(out, s);
}

static int apply_settings(sqlite3 *db, const struct vault_opts *o)
{
	struct buf sql = {0};
	int reserve = VAULT_RESERVE;
	int rc;

	sqlite3_extended_result_codes(db, 1);
	sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 1); /* VACUUM needs one */
	fill_settings(&sql, o);
	rc = sqlite3_file_control(
	    db, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserve);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, buf_text(&sql), NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(
		    db, asset_text("vault/claim.sql"), NULL, NULL, NULL);
	buf_fini(&sql);
	return rc;
}

static int page_count(sqlite3 *db, int64_t *out)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(
	    db, asset_text("vault/page_count.sql"), -1, &stmt, NULL);

	if (rc == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
		*out = sqlite3_column_int64(stmt, 0);
	return sqlite3_finalize(stmt);
}

/* A log beside an empty database means the database was cut: SQLite would
 * take it for a new one and delete the log. */
static int check_not_emptied(struct vault *v, sqlite3 *db)
{
	const char *path = sqlite3_db_filename(db, "main");
	struct vault_file *f = file_of(db);
	int64_t size = 0;
	int exists = 0;
	int rc;

	if (!f || !path)
		return ERR_IO;
	rc = base_size(f, &size);
	if (rc == SQLITE_OK && size == 0)
		rc = v->base->xAccess(v->base, sqlite3_filename_wal(path),
		    SQLITE_ACCESS_EXISTS, &exists);
	if (rc != SQLITE_OK)
		return fail(v, db, rc);
	return exists ? err_set(ERR_TRUNCATED, "empty file beside a log") : 0;
}

/* Every page that the database counts must be in the file or in its log. */
static int check_all_here(struct vault *v, sqlite3 *db)
{
	struct vault_file *f = file_of(db);
	sqlite3_file *log = NULL;
	int64_t size = 0, pages = 0;
	int rc = page_count(db, &pages);

	if (rc == SQLITE_OK)
		rc = base_size(f, &size);
	if (rc == SQLITE_OK && pages > size / f->page_size) {
		rc = sqlite3_file_control(
		    db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
		if (rc == SQLITE_OK)
			rc = vault_wal_covers((struct vault_file *)log,
			    (uint32_t)(size / f->page_size) + 1,
			    (uint32_t)pages);
	}
	return rc == SQLITE_OK ? 0 : fail(v, db, rc);
}

/* SQLite calls a cut file corrupt; say what it is. */
static int name_corruption(sqlite3 *db, int code)
{
	struct vault_file *f = file_of(db);
	int64_t size = 0;
	uint32_t counted = 0;

	if (code != ERR_DAMAGED || !f || !f->has_key ||
	    base_size(f, &size) != SQLITE_OK || !vault_db_counted(f, &counted))
		return code;
	return (int64_t)counted * f->page_size > size ? ERR_TRUNCATED : code;
}

static int set_up(struct vault *v, sqlite3 *db, const struct vault_opts *o)
{
	struct vault_file *f;
	int rc = check_not_emptied(v, db);

	if (rc < 0)
		return rc;
	if (sqlite3_db_readonly(db, "main") == 1)
		return err_set(ERR_READ_ONLY, "the file cannot be written");
	rc = apply_settings(db, o);
	if (rc != SQLITE_OK)
		return name_corruption(db, fail(v, db, rc));
	f = file_of(db);
	if (!f || f->clear[20] != VAULT_RESERVE)
		return err_set(ERR_FORMAT, "page 1 keeps no room for a seal");
	return check_all_here(v, db);
}

int vault_open(sqlite3 **out, const char *path, const uint8_t key[VAULT_KEY],
    const struct vault_opts *opts)
{
	static const struct vault_opts none;
	const struct vault_opts *o = opts ? opts : &none;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_PRIVATECACHE |
		    SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_URI |
		    SQLITE_OPEN_NOMUTEX | /* one thread uses it */
		    (o->must_exist ? 0 : SQLITE_OPEN_CREATE);
	struct vault *v = NULL;
	sqlite3 *db = NULL;
	int rc = vault_new(&v, o->base_vfs, key);

	if (rc < 0)
		return rc;
	rc = sqlite3_open_v2(path, &db, flags, v->name);
	rc = rc == SQLITE_OK ? set_up(v, db, o) : fail(v, db, rc);
	if (rc == 0) {
		*out = db;
		return 0;
	}
	(void)sqlite3_close(db);
	vault_free(&v);
	return rc;
}

int vault_close(sqlite3 **db)
{
	struct vault *v;
	int rc;

	if (!*db)
		return 0;
	v = vault_of(*db);
	rc = sqlite3_close(*db);
	if (rc != SQLITE_OK)
		return fail(v, *db, rc);
	*db = NULL;
	vault_free(&v);
	return 0;
}

void vault_sync_later(sqlite3 *db, bool may)
{
	vault_of(db)->may_sync_later = may;
}

int vault_is_synced(sqlite3 *db)
{
	sqlite3_file *log = NULL;
	struct vault_file *f;
	int rc = sqlite3_file_control(
	    db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);

	f = (struct vault_file *)log;
	if (rc != SQLITE_OK || !f || !f->file.pMethods || f->kind != VK_WAL)
		return 1;
	if (!vault_later_is_done(f))
		return 0;
	rc = vault_later_wait(f);
	return rc == SQLITE_OK ? 1
			       : err_set(ERR_IO, "the log could not be synced");
}

void vault_status(struct vault_status *out, sqlite3 *db)
{
	const struct vault_file *f = file_of(db);

	memcpy(out->file_id, f->id, sizeof(out->file_id));
	out->was_cut = f->vault->was_cut;
	out->refused = f->vault->why;
}
