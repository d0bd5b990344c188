/*
 * vault_vfs.c - the VFS: passes names, locks and syncs to the system's and
 * sends bytes through the functions of their kind of file. One registered
 * VFS holds one key.
 */
#include "core/vault_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/err.h"

static struct vault_file *file_of(sqlite3_file *p)
{
	return (struct vault_file *)p;
}

int vault_refuse(struct vault *v, int why, int rc)
{
	if (v->why == 0)
		v->why = why;
	return rc;
}

int vault_buffer(uint8_t **p, uint32_t *len, uint32_t need)
{
	uint8_t *grown;

	if (*len >= need)
		return SQLITE_OK;
	grown = sqlite3_malloc64(need);
	if (!grown)
		return SQLITE_NOMEM;
	vault_wipe(*p, *len);
	sqlite3_free(*p);
	*p = grown;
	*len = need;
	return SQLITE_OK;
}

int vault_file_rekey(struct vault_file *f, const uint8_t id[VF_ID])
{
	if (!f->key)
		f->key = vault_key_new();
	if (!f->key)
		return SQLITE_NOMEM;
	memcpy(f->id, id, VF_ID);
	vault_subkey(f->key, f->vault->key, id, f->kind);
	f->has_key = true;
	return SQLITE_OK;
}

/* ---- io methods ---------------------------------------------------- */

static const struct vault_ops *ops_of(const struct vault_file *f)
{
	static const struct vault_ops *const ops[] = {
	    [VK_DB] = &vault_db_ops,
	    [VK_WAL] = &vault_wal_ops,
	    [VK_JOURNAL] = &vault_journal_ops,
	    [VK_TEMP] = &vault_temp_ops,
	    [VK_CLEAR] = &vault_clear_ops,
	};
	return ops[f->kind];
}

static int wait_for_log(struct vault_file *f)
{
	return f->kind == VK_WAL ? vault_later_wait(f) : SQLITE_OK;
}

static int io_close(sqlite3_file *p)
{
	struct vault_file *f = file_of(p);
	int rc = wait_for_log(f);
	int closed =
	    f->base->pMethods ? f->base->pMethods->xClose(f->base) : SQLITE_OK;

	vault_list_remove(f);
	vault_key_free(f->key);
	vault_wipe(f->scratch, f->scratch_len);
	vault_wipe(f->gather, f->gather_len);
	sqlite3_free(f->scratch);
	sqlite3_free(f->gather);
	if (f->kind == VK_JOURNAL)
		sqlite3_free(f->u.journal.heads);
	if (f->kind == VK_WAL) {
		sqlite3_free(f->u.wal.unfinished);
		sqlite3_free(f->u.wal.run);
	}
	return rc == SQLITE_OK ? closed : rc;
}

static int io_read(sqlite3_file *p, void *to, int n, sqlite3_int64 at)
{
	return ops_of(file_of(p))->read(file_of(p), to, n, at);
}

static int io_write(sqlite3_file *p, const void *from, int n, sqlite3_int64 at)
{
	int rc = wait_for_log(file_of(p));

	if (rc != SQLITE_OK)
		return rc;
	return ops_of(file_of(p))->write(file_of(p), from, n, at);
}

static int io_truncate(sqlite3_file *p, sqlite3_int64 size)
{
	int rc = wait_for_log(file_of(p));

	if (rc != SQLITE_OK)
		return rc;
	return ops_of(file_of(p))->truncate(file_of(p), size);
}

static int io_size(sqlite3_file *p, sqlite3_int64 *out)
{
	int64_t n = 0;
	int rc = ops_of(file_of(p))->size(file_of(p), &n);

	*out = n;
	return rc;
}

static int io_sync(sqlite3_file *p, int flags)
{
	struct vault_file *f = file_of(p);
	int rc;

	if (f->kind != VK_WAL)
		return f->base->pMethods->xSync(f->base, flags);
	rc = vault_wal_flush(f);
	if (rc == SQLITE_OK)
		rc = vault_wal_may_sync(f);
	return rc == SQLITE_OK ? vault_later_sync(f, flags) : rc;
}

/* SQLite's own tests open files in ways that leave no place to ask for the
 * reserve; the product asks in vault_open. */
static int reserve_now(struct vault_file *f)
{
	sqlite3 *db = *f->conn;
	int n = VAULT_RESERVE;
	void *is = NULL;
	const char *name;

	for (int i = 0; (name = sqlite3_db_name(db, i)) != NULL; i++) {
		if (sqlite3_file_control(db, name, VAULT_FCNTL_FILE, &is) ==
			SQLITE_OK &&
		    is == f)
			return sqlite3_file_control(
			    db, name, SQLITE_FCNTL_RESERVE_BYTES, &n);
	}
	return SQLITE_OK;
}

static int io_lock(sqlite3_file *p, int level)
{
	struct vault_file *f = file_of(p);
	int rc = f->base->pMethods->xLock(f->base, level);
	bool is_first = f->lock == SQLITE_LOCK_NONE;

	if (rc != SQLITE_OK)
		return rc;
	f->lock = level;
	if (!is_first || f->kind != VK_DB)
		return SQLITE_OK;
	rc = base_size(f, &f->size);
	if (rc == SQLITE_OK)
		rc = vault_db_load(f);
	if (rc == SQLITE_OK && f->vault->is_shared && f->conn && *f->conn &&
	    f->size == 0)
		rc = reserve_now(f);
	if (rc != SQLITE_OK) {
		f->lock = SQLITE_LOCK_NONE;
		(void)f->base->pMethods->xUnlock(f->base, SQLITE_LOCK_NONE);
	}
	return rc;
}

static int io_unlock(sqlite3_file *p, int level)
{
	struct vault_file *f = file_of(p);
	int rc = f->base->pMethods->xUnlock(f->base, level);

	if (rc == SQLITE_OK)
		f->lock = level;
	return rc;
}

static int io_check_lock(sqlite3_file *p, int *out)
{
	struct vault_file *f = file_of(p);
	return f->base->pMethods->xCheckReservedLock(f->base, out);
}

static int control_name(struct vault_file *f, void *arg)
{
	int rc =
	    f->base->pMethods->xFileControl(f->base, SQLITE_FCNTL_VFSNAME, arg);

	if (rc == SQLITE_OK)
		*(char **)arg = sqlite3_mprintf("vault/%z", *(char **)arg);
	return rc;
}

static int io_control(sqlite3_file *p, int op, void *arg)
{
	struct vault_file *f = file_of(p);

	switch (op) {
	case VAULT_FCNTL:
		*(void **)arg = f->vault;
		return SQLITE_OK;
	case VAULT_FCNTL_FILE:
		*(void **)arg = f;
		return SQLITE_OK;
	case SQLITE_FCNTL_PDB:
		f->conn = arg;
		break;
	case SQLITE_FCNTL_CHUNK_SIZE: /* would grow the file by holes */
	case SQLITE_FCNTL_SIZE_HINT:
	case SQLITE_FCNTL_MMAP_SIZE:
		return SQLITE_NOTFOUND;
	case SQLITE_FCNTL_VFSNAME:
		return control_name(f, arg);
	default:
		break;
	}
	return f->base->pMethods->xFileControl(f->base, op, arg);
}

static int io_sector(sqlite3_file *p)
{
	struct vault_file *f = file_of(p);
	int n = f->base->pMethods->xSectorSize(f->base);

	/* a journal's header has room for two slots */
	return n < VF_SECTOR ? VF_SECTOR : n;
}

static int io_traits(sqlite3_file *p)
{
	struct vault_file *f = file_of(p);
	const int pass = SQLITE_IOCAP_POWERSAFE_OVERWRITE |
			 SQLITE_IOCAP_UNDELETABLE_WHEN_OPEN |
			 SQLITE_IOCAP_IMMUTABLE;

	return f->base->pMethods->xDeviceCharacteristics(f->base) & pass;
}

static int io_shm_map(
    sqlite3_file *p, int page, int size, int extend, void volatile **out)
{
	struct vault_file *f = file_of(p);
	return f->base->pMethods->xShmMap(f->base, page, size, extend, out);
}

static int io_shm_lock(sqlite3_file *p, int offset, int n, int flags)
{
	struct vault_file *f = file_of(p);
	return f->base->pMethods->xShmLock(f->base, offset, n, flags);
}

static void io_shm_barrier(sqlite3_file *p)
{
	struct vault_file *f = file_of(p);
	f->base->pMethods->xShmBarrier(f->base);
}

static int io_shm_unmap(sqlite3_file *p, int del)
{
	struct vault_file *f = file_of(p);
	return f->base->pMethods->xShmUnmap(f->base, del);
}

/* The index of a shared log shows page numbers: only SQLite's own tests,
 * which open one file several times, get one. */
static const sqlite3_io_methods own_methods = {
    .iVersion = 1,
    .xClose = io_close,
    .xRead = io_read,
    .xWrite = io_write,
    .xTruncate = io_truncate,
    .xSync = io_sync,
    .xFileSize = io_size,
    .xLock = io_lock,
    .xUnlock = io_unlock,
    .xCheckReservedLock = io_check_lock,
    .xFileControl = io_control,
    .xSectorSize = io_sector,
    .xDeviceCharacteristics = io_traits,
};

static const sqlite3_io_methods shared_methods = {
    .iVersion = 2,
    .xClose = io_close,
    .xRead = io_read,
    .xWrite = io_write,
    .xTruncate = io_truncate,
    .xSync = io_sync,
    .xFileSize = io_size,
    .xLock = io_lock,
    .xUnlock = io_unlock,
    .xCheckReservedLock = io_check_lock,
    .xFileControl = io_control,
    .xSectorSize = io_sector,
    .xDeviceCharacteristics = io_traits,
    .xShmMap = io_shm_map,
    .xShmLock = io_shm_lock,
    .xShmBarrier = io_shm_barrier,
    .xShmUnmap = io_shm_unmap,
};

/* ---- vfs ------------------------------------------------------------ */

static struct vault *vault_of(sqlite3_vfs *vfs)
{
	return vfs->pAppData;
}

static enum vault_kind kind_of(int flags)
{
	if (flags & SQLITE_OPEN_MAIN_DB)
		return VK_DB;
	if (flags & SQLITE_OPEN_WAL)
		return VK_WAL;
	if (flags & SQLITE_OPEN_MAIN_JOURNAL)
		return VK_JOURNAL;
	return flags & SQLITE_OPEN_SUPER_JOURNAL ? VK_CLEAR : VK_TEMP;
}

static int file_start(struct vault_file *f)
{
	static const uint8_t no_id[VF_ID];

	switch (f->kind) {
	case VK_WAL:
		f->u.wal.pending = -1;
		break;
	case VK_JOURNAL:
		f->u.journal.header_at = -1;
		f->u.journal.pending = -1;
		f->u.journal.cached = -1;
		f->u.journal.super_at = -1;
		break;
	case VK_TEMP:
		f->u.temp.block = -1;
		f->key = vault_key_new();
		if (!f->key)
			return SQLITE_NOMEM;
		vault_random(f->key, VAULT_KEY);
		memcpy(f->id, no_id, VF_ID);
		f->has_key = true;
		break;
	case VK_DB:
	case VK_CLEAR:
		break;
	}
	return SQLITE_OK;
}

/* The system's VFS would wait for whoever writes to a pipe. On a disk in
 * memory no such name exists. */
static bool is_other_than_file(const char *name)
{
	struct stat st;

	return name && stat(name, &st) == 0 && !S_ISREG(st.st_mode);
}

static int open_file(
    struct vault_file *f, struct vault *v, sqlite3_filename name, int *flags)
{
	int rc;

	memset(f, 0, sizeof(*f));
	f->vault = v;
	f->kind = kind_of(*flags);
	f->base = (sqlite3_file *)(f + 1);
	memset(f->base, 0, (size_t)v->base->szOsFile);
	if (f->kind == VK_CLEAR && !v->is_shared)
		return SQLITE_CANTOPEN;
	if (is_other_than_file(name))
		return vault_refuse(v, ERR_NOT_FILE, SQLITE_CANTOPEN);
	rc = v->base->xOpen(v->base, name, f->base, *flags, flags);
	if (rc == SQLITE_OK)
		rc = file_start(f);
	if (rc == SQLITE_OK && (f->kind == VK_DB || vault_is_log(f)))
		vault_list_add(f, name);
	if (rc != SQLITE_OK) {
		(void)io_close(&f->file);
		return rc;
	}
	f->file.pMethods = v->is_shared && f->base->pMethods->iVersion >= 2
			       ? &shared_methods
			       : &own_methods;
	return SQLITE_OK;
}

static int vfs_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *p,
    int flags, int *out_flags)
{
	struct vault_file *f = file_of(p);
	int rc = open_file(f, vault_of(vfs), name, &flags);

	if (rc == SQLITE_OK && out_flags)
		*out_flags = flags;
	return rc;
}

int vault_file_open(
    struct vault_file **out, struct vault *v, sqlite3_filename name, int flags)
{
	struct vault_file *f = sqlite3_malloc(v->vfs.szOsFile);
	int rc;

	if (!f)
		return SQLITE_NOMEM;
	rc = open_file(f, v, name, &flags);
	if (rc == SQLITE_OK)
		*out = f;
	else
		sqlite3_free(f);
	return rc;
}

void vault_file_close(struct vault_file **f)
{
	if (*f) {
		(void)io_close(&(*f)->file);
		sqlite3_free(*f);
	}
	*f = NULL;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	sqlite3_vfs *base = vault_of(vfs)->base;
	return base->xDelete(base, name, sync);
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	sqlite3_vfs *base = vault_of(vfs)->base;
	return base->xAccess(base, name, flags, out);
}

static int vfs_full(sqlite3_vfs *vfs, const char *name, int n, char *out)
{
	sqlite3_vfs *base = vault_of(vfs)->base;
	return base->xFullPathname(base, name, n, out);
}

/* Extensions are never loaded by the product; SQLite's tests do. */
static void *vfs_dl_open(sqlite3_vfs *vfs, const char *name)
{
	sqlite3_vfs *base = vault_of(vfs)->base;
	return base->xDlOpen ? base->xDlOpen(base, name) : NULL;
}

static void vfs_dl_error(sqlite3_vfs *vfs, int n, char *out)
{
	sqlite3_vfs *base = vault_of(vfs)->base;

	if (base->xDlError)
		base->xDlError(base, n, out);
}

static void (*vfs_dl_sym(sqlite3_vfs *vfs, void *p, const char *name))(void)
{
	sqlite3_vfs *base = vault_of(vfs)->base;
	return base->xDlSym ? base->xDlSym(base, p, name) : NULL;
}

static void vfs_dl_close(sqlite3_vfs *vfs, void *p)
{
	sqlite3_vfs *base = vault_of(vfs)->base;

	if (base->xDlClose)
		base->xDlClose(base, p);
}

static int vfs_random(sqlite3_vfs *vfs, int n, char *out)
{
	sqlite3_vfs *base = vault_of(vfs)->base;
	return base->xRandomness(base, n, out);
}

static int vfs_sleep(sqlite3_vfs *vfs, int us)
{
	sqlite3_vfs *base = vault_of(vfs)->base;
	return base->xSleep(base, us);
}

static int vfs_time(sqlite3_vfs *vfs, double *out)
{
	sqlite3_vfs *base = vault_of(vfs)->base;
	return base->xCurrentTime(base, out);
}

static int vfs_last_error(sqlite3_vfs *vfs, int n, char *out)
{
	sqlite3_vfs *base = vault_of(vfs)->base;
	return base->xGetLastError(base, n, out);
}

static int vfs_time64(sqlite3_vfs *vfs, sqlite3_int64 *out)
{
	sqlite3_vfs *base = vault_of(vfs)->base;
	return base->xCurrentTimeInt64(base, out);
}

int vault_new(
    struct vault **out, const char *base_vfs, const uint8_t key[VAULT_KEY])
{
	struct vault *v;
	sqlite3_vfs *base;

	/* Nobody asks how much memory SQLite has, and keeping count takes a
	 * lock an allocation. Only the first call is in time. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	if (sqlite3_initialize() != SQLITE_OK)
		return ERR_NO_MEMORY;
	base = sqlite3_vfs_find(base_vfs);
	if (!base)
		return err_set(ERR_INVALID, "no such base VFS");
	v = calloc(1, sizeof(*v));
	if (!v)
		return ERR_NO_MEMORY;
	v->key = vault_key_new();
	if (!v->key) {
		free(v);
		return ERR_NO_MEMORY;
	}
	memcpy(v->key, key, VAULT_KEY);
	v->base = base;
	snprintf(v->name, sizeof(v->name), "vault-%p", (void *)v);
	v->vfs = (sqlite3_vfs){
	    .iVersion = 2,
	    .szOsFile = (int)sizeof(struct vault_file) + base->szOsFile,
	    .mxPathname = base->mxPathname,
	    .zName = v->name,
	    .pAppData = v,
	    .xOpen = vfs_open,
	    .xDelete = vfs_delete,
	    .xAccess = vfs_access,
	    .xFullPathname = vfs_full,
	    .xDlOpen = vfs_dl_open,
	    .xDlError = vfs_dl_error,
	    .xDlSym = vfs_dl_sym,
	    .xDlClose = vfs_dl_close,
	    .xRandomness = vfs_random,
	    .xSleep = vfs_sleep,
	    .xCurrentTime = vfs_time,
	    .xGetLastError = vfs_last_error,
	    .xCurrentTimeInt64 = vfs_time64,
	};
	sqlite3_vfs_register(&v->vfs, 0);
	*out = v;
	return 0;
}

void vault_free(struct vault **v)
{
	if (!*v)
		return;
	sqlite3_vfs_unregister(&(*v)->vfs);
	vault_key_free((*v)->key);
	free(*v);
	*v = NULL;
}

/* ---- super-journals of SQLite's own tests: names only -------------- */

static int clear_read(struct vault_file *f, uint8_t *p, int n, int64_t at)
{
	return base_read(f, p, n, at);
}

static int clear_write(
    struct vault_file *f, const uint8_t *p, int n, int64_t at)
{
	return base_write(f, p, n, at);
}

static int clear_truncate(struct vault_file *f, int64_t size)
{
	return f->base->pMethods->xTruncate(f->base, size);
}

const struct vault_ops vault_clear_ops = {
    clear_read, clear_write, clear_truncate, base_size};
