/*
 * vault_rekey.c - the whole file anew under another key: copied beside the
 * old one, synced, verified, and only then put in its place. The old file
 * stays locked and whole until the rename.
 */
#define _GNU_SOURCE
#include "core/vault.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <assert.h>

#include "core/asset.h"
#include "core/err.h"
#include "core/mem.h"
#include "core/vault_file.h"

static int rename_durably(const char *from, const char *to)
{
	char *dir = mem_strdup(to);
	char *slash = strrchr(dir, '/');
	int rc = 0, fd;

	if (slash)
		slash[slash == dir ? 1 : 0] = '\0';
	fd = open(slash ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || rename(from, to) != 0 || fsync(fd) != 0)
		rc = err_set(errno == ENOSPC ? ERR_NO_SPACE : ERR_IO,
		    "rename: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	free(dir);
	return rc;
}

/* "file:" with everything but plain characters escaped, and the VFS. */
static void uri_of(struct buf *out, const char *path, const char *vfs)
{
	buf_str(out, "file:");
	for (const unsigned char *p = (const unsigned char *)path; *p; p++) {
		if (isalnum(*p) || strchr("/._-", *p))
			buf_u8(out, *p);
		else
			buf_printf(out, "%%%02x", *p);
	}
	buf_printf(out, "?vfs=%s", vfs);
}

static int copy_into(sqlite3 *db, const char *path, const struct vault *v)
{
	const struct asset *sql = asset_find("vault/copy.sql");
	sqlite3_stmt *stmt = NULL;
	struct buf uri = {0};
	int rc;

	assert(sql);
	uri_of(&uri, path, v->name);
	rc = sqlite3_prepare_v2(db, sql->data, -1, &stmt, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_text(
		    stmt, 1, buf_text(&uri), -1, SQLITE_STATIC);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	(void)sqlite3_finalize(stmt);
	buf_fini(&uri);
	if (rc == SQLITE_DONE)
		return 0;
	return v->why && v->why != ERR_FORMAT ? v->why : vault_error(db, rc);
}

/* SQLite copies without a sync. */
static int sync_copy(struct vault *v, const char *path)
{
	sqlite3_filename name = sqlite3_create_filename(path, "", "", 0, NULL);
	struct vault_file *f = NULL;
	int rc = SQLITE_NOMEM;

	if (name)
		rc = vault_file_open(
		    &f, v, name, SQLITE_OPEN_READWRITE | SQLITE_OPEN_MAIN_DB);
	if (rc == SQLITE_OK)
		rc = f->file.pMethods->xSync(&f->file, SQLITE_SYNC_FULL);
	vault_file_close(&f);
	sqlite3_free_filename(name);
	if (rc == SQLITE_OK)
		return 0;
	return rc == SQLITE_NOMEM ? ERR_NO_MEMORY
				  : err_set(ERR_IO, "sync: sqlite %d", rc);
}

static int make_copy(
    sqlite3 *db, const char *path, const struct vault_rekey *keys)
{
	struct vault_report report;
	struct vault *v = NULL;
	int rc = vault_new(&v, keys->base_vfs, keys->new_key);

	if (rc < 0)
		return rc;
	rc = copy_into(db, path, v);
	if (rc == 0)
		rc = sync_copy(v, path);
	if (rc == 0)
		rc = vault_check(&report, path, keys->new_key, keys->base_vfs);
	vault_free(&v);
	return rc;
}

static void remove_copy(sqlite3_vfs *vfs, const char *path)
{
	(void)vfs->xDelete(vfs, path, 0); /* absent as a rule */
}

int vault_rekey(const char *path, const struct vault_rekey *keys)
{
	/* without a log beside it, so that none of the old key is left */
	const struct vault_opts opts = {.base_vfs = keys->base_vfs,
	    .journal = VAULT_DELETE,
	    .must_exist = true};
	sqlite3_vfs *vfs = sqlite3_vfs_find(keys->base_vfs);
	sqlite3 *db = NULL;
	struct buf copy = {0};
	int rc = vault_open(&db, path, keys->old_key, &opts);

	if (rc < 0)
		return rc;
	buf_printf(&copy, "%s-rekey", sqlite3_db_filename(db, "main"));
	remove_copy(vfs, buf_text(&copy));
	rc = make_copy(db, buf_text(&copy), keys);
	if (rc == 0)
		rc = (keys->rename ? keys->rename : rename_durably)(
		    buf_text(&copy), sqlite3_db_filename(db, "main"));
	if (rc < 0)
		remove_copy(vfs, buf_text(&copy));
	(void)vault_close(&db);
	buf_fini(&copy);
	return rc;
}
