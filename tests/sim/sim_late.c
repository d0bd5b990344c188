/* sim_late.c - a database and its log that move to another disk. */
#include "tests/sim/sim_late.h"

#include <stdio.h>
#include <string.h>

struct late_file {
	sqlite3_file file;
	struct late *late;
	int which;
	int flags;
	sqlite3_filename name; /* and then the other's file */
};

static struct late_file *of(sqlite3_file *p)
{
	return (struct late_file *)(void *)p;
}

static sqlite3_file *real(sqlite3_file *p)
{
	return (sqlite3_file *)(void *)(of(p) + 1);
}

static int leave(struct late_file *f)
{
	sqlite3_file *p = real(&f->file);
	int rc = p->pMethods ? p->pMethods->xClose(p) : SQLITE_OK;

	p->pMethods = NULL;
	return rc;
}

static int io_close(sqlite3_file *p)
{
	of(p)->late->files[of(p)->which] = NULL;
	return leave(of(p));
}

#define PASS(does, method, given, ...)                                         \
	static int does given                                                  \
	{                                                                      \
		const sqlite3_io_methods *m = real(p)->pMethods;               \
		return m ? m->method(real(p), __VA_ARGS__) : SQLITE_IOERR;     \
	}
PASS(io_read, xRead, (sqlite3_file * p, void *to, int n, sqlite3_int64 at), to,
    n, at)
PASS(io_write, xWrite,
    (sqlite3_file * p, const void *from, int n, sqlite3_int64 at), from, n, at)
PASS(io_truncate, xTruncate, (sqlite3_file * p, sqlite3_int64 size), size)
PASS(io_sync, xSync, (sqlite3_file * p, int flags), flags)
PASS(io_size, xFileSize, (sqlite3_file * p, sqlite3_int64 *out), out)
PASS(io_lock, xLock, (sqlite3_file * p, int level), level)
PASS(io_unlock, xUnlock, (sqlite3_file * p, int level), level)
PASS(io_check, xCheckReservedLock, (sqlite3_file * p, int *out), out)
PASS(io_control, xFileControl, (sqlite3_file * p, int op, void *arg), op, arg)
#undef PASS

static int io_sector(sqlite3_file *p)
{
	const sqlite3_io_methods *m = real(p)->pMethods;

	return m ? m->xSectorSize(real(p)) : 4096;
}

static int io_traits(sqlite3_file *p)
{
	const sqlite3_io_methods *m = real(p)->pMethods;

	return m ? m->xDeviceCharacteristics(real(p)) : 0;
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = io_close,
    .xRead = io_read,
    .xWrite = io_write,
    .xTruncate = io_truncate,
    .xSync = io_sync,
    .xFileSize = io_size,
    .xLock = io_lock,
    .xUnlock = io_unlock,
    .xCheckReservedLock = io_check,
    .xFileControl = io_control,
    .xSectorSize = io_sector,
    .xDeviceCharacteristics = io_traits,
};

static struct late *late_of(sqlite3_vfs *vfs)
{
	return vfs->pAppData;
}

static int enter(struct late_file *f)
{
	sqlite3_vfs *on = f->late->on;
	sqlite3_file *p = real(&f->file);
	int rc;

	memset(p, 0, (size_t)on->szOsFile);
	rc = on->xOpen(on, f->name, p, f->flags, NULL);
	if (rc != SQLITE_OK)
		p->pMethods = NULL;
	return rc;
}

static int vfs_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *p,
    int flags, int *out_flags)
{
	struct late *l = late_of(vfs);
	struct late_file *f = of(p);
	int rc;

	if (!(flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)))
		return l->on->xOpen(l->on, name, p, flags, out_flags);
	*f = (struct late_file){.late = l, .name = name, .flags = flags};
	f->which = flags & SQLITE_OPEN_WAL ? LATE_LOG : LATE_DB;
	rc = enter(f);
	if (rc != SQLITE_OK)
		return rc;
	f->file.pMethods = &methods;
	l->files[f->which] = f;
	if (out_flags)
		*out_flags = flags;
	return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	sqlite3_vfs *on = late_of(vfs)->on;

	return on->xDelete(on, name, sync);
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	sqlite3_vfs *on = late_of(vfs)->on;

	return on->xAccess(on, name, flags, out);
}

static int vfs_random(sqlite3_vfs *vfs, int n, char *out)
{
	sqlite3_vfs *on = late_of(vfs)->on;

	return on->xRandomness(on, n, out);
}

void late_init(struct late *l, const char *on)
{
	static unsigned serial;

	*l = (struct late){.on = sqlite3_vfs_find(on)};
	snprintf(l->name, sizeof(l->name), "late-%u", ++serial);
	l->vfs = *l->on; /* what has no file is alike everywhere */
	l->vfs.zName = l->name;
	l->vfs.pAppData = l;
	l->vfs.pNext = NULL;
	l->vfs.szOsFile += (int)sizeof(struct late_file);
	l->vfs.xOpen = vfs_open;
	l->vfs.xDelete = vfs_delete;
	l->vfs.xAccess = vfs_access;
	l->vfs.xRandomness = vfs_random;
	sqlite3_vfs_register(&l->vfs, 0);
}

void late_fini(struct late *l)
{
	sqlite3_vfs_unregister(&l->vfs);
}

void late_leave(struct late *l)
{
	for (int i = 0; i < LATE_FILES; i++)
		if (l->files[i])
			(void)leave(l->files[i]);
}

int late_enter(struct late *l, const char *on)
{
	struct late_file *db = l->files[LATE_DB];
	int is_there = 0, rc = SQLITE_OK;

	l->on = sqlite3_vfs_find(on);
	if (!db || !l->files[LATE_LOG] ||
	    l->on->xAccess(l->on, db->name, SQLITE_ACCESS_EXISTS, &is_there) !=
		SQLITE_OK ||
	    !is_there)
		return SQLITE_CANTOPEN;
	for (int i = 0; rc == SQLITE_OK && i < LATE_FILES; i++)
		rc = enter(l->files[i]);
	if (rc == SQLITE_OK)
		rc = io_lock(&db->file, SQLITE_LOCK_SHARED);
	return rc == SQLITE_OK ? io_lock(&db->file, SQLITE_LOCK_EXCLUSIVE) : rc;
}
