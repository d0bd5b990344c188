/* fault_vfs.c - the faulty disk as an SQLite VFS. */
#include "tests/fault_vfs.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/err.h"
#include "tests/fault_disk.h"

struct fault_disk {
	sqlite3_vfs vfs;
	char name[32];
	struct fault_traits traits;
	uint64_t seed;
	uint64_t life; /* grows with every cut: older handles are dead */
	bool is_off;
	bool is_kill; /* what the armed moment does */
	uint64_t off_in;
	uint64_t fail_in;
	int fail_rc;
	bool fail_stays;
	bool has_failed;
	uint64_t changes;
	uint64_t syncs;
	struct fault_node *files;
};

struct handle {
	sqlite3_file file;
	struct fault_disk *disk;
	struct fault_node *node;
	uint64_t life;
	int lock;
	bool is_temp;
};

/* ---- disk ---------------------------------------------------------- */

static struct fault_node *find(struct fault_disk *d, const char *name)
{
	for (struct fault_node *f = d->files; f; f = f->next)
		if (f->name && !f->is_ghost && strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

static void reap(struct fault_disk *d)
{
	for (struct fault_node **p = &d->files; *p;) {
		struct fault_node *f = *p;

		if (f->refs == 0 && !f->name) {
			*p = f->next;
			fault_node_free(f);
		} else {
			p = &f->next;
		}
	}
}

static void unname(struct fault_node *f)
{
	free(f->name);
	f->name = NULL;
}

static struct fault_node *create(struct fault_disk *d, const char *name)
{
	struct fault_node *f = calloc(1, sizeof(*f));

	assert(f);
	for (struct fault_node *old = d->files; name && old; old = old->next)
		if (old->name && strcmp(old->name, name) == 0)
			unname(old); /* a ghost cannot come back over it */
	f->name = name ? strdup(name) : NULL;
	reap(d);
	f->next = d->files; /* unused yet: reap would take it */
	d->files = f;
	return f;
}

static void forget_locks(struct fault_disk *d)
{
	for (struct fault_node *f = d->files; f; f = f->next) {
		f->shared = 0;
		f->writer = NULL;
		f->is_exclusive = false;
	}
	d->life++;
	d->is_off = true;
	d->off_in = 0;
}

void fault_cut(struct fault_disk *d)
{
	for (struct fault_node *f = d->files; f; f = f->next) {
		if (!f->name)
			continue;
		if (f->is_ghost && fault_draw(&d->seed, 2))
			f->is_ghost = false;
		if (f->is_ghost || !(f->is_durable || fault_draw(&d->seed, 2)))
			unname(f);
		else
			fault_node_cut(f, &d->seed);
		f->is_durable = true;
	}
	forget_locks(d);
	reap(d);
}

void fault_kill(struct fault_disk *d)
{
	forget_locks(d);
}

void fault_cut_at(struct fault_disk *d, uint64_t n)
{
	d->off_in = n;
	d->is_kill = false;
}

void fault_kill_at(struct fault_disk *d, uint64_t n)
{
	d->off_in = n;
	d->is_kill = true;
}

bool fault_is_off(const struct fault_disk *d)
{
	return d->is_off;
}

void fault_power_on(struct fault_disk *d)
{
	d->is_off = false;
	d->off_in = 0;
}

void fault_fail_at(struct fault_disk *d, uint64_t n, int rc, bool stays)
{
	d->fail_in = n;
	d->fail_rc = rc;
	d->fail_stays = stays;
	d->has_failed = false;
}

bool fault_has_failed(const struct fault_disk *d)
{
	return d->has_failed;
}

uint64_t fault_changes(const struct fault_disk *d)
{
	return d->changes;
}

uint64_t fault_syncs(const struct fault_disk *d)
{
	return d->syncs;
}

/* Counts one operation; SQLITE_OK when it may happen. */
static int gate(struct fault_disk *d, const struct handle *h)
{
	if (d->is_off || (h && h->life != d->life))
		return SQLITE_IOERR;
	if (d->has_failed && d->fail_stays)
		return d->fail_rc;
	if (d->fail_in && --d->fail_in == 0) {
		d->has_failed = true;
		return d->fail_rc;
	}
	return SQLITE_OK;
}

/* After a change is queued: the armed cut falls while it is under way. */
static int changed(struct fault_disk *d)
{
	d->changes++;
	if (!d->off_in || --d->off_in)
		return SQLITE_OK;
	if (d->is_kill)
		fault_kill(d);
	else
		fault_cut(d);
	return SQLITE_IOERR;
}

/* ---- handles --------------------------------------------------------- */

static struct handle *of(sqlite3_file *p)
{
	return (struct handle *)p;
}

static void release(struct handle *h)
{
	if (h->life != h->disk->life)
		return;
	if (h->lock >= SQLITE_LOCK_SHARED)
		h->node->shared--;
	if (h->node->writer == h) {
		h->node->writer = NULL;
		h->node->is_exclusive = false;
	}
	h->lock = SQLITE_LOCK_NONE;
}

static int io_close(sqlite3_file *p)
{
	struct handle *h = of(p);

	release(h);
	h->node->refs--;
	if (h->is_temp)
		unname(h->node);
	reap(h->disk);
	return SQLITE_OK;
}

static int io_read(sqlite3_file *p, void *to, int n, sqlite3_int64 at)
{
	struct handle *h = of(p);
	struct fault_bytes *b = &h->node->now;
	int rc = gate(h->disk, h);
	size_t have = (size_t)at < b->len ? b->len - (size_t)at : 0;

	if (rc != SQLITE_OK)
		return rc;
	if (have > (size_t)n)
		have = (size_t)n;
	if (have)
		memcpy(to, b->p + at, have);
	memset((uint8_t *)to + have, 0, (size_t)n - have);
	return have < (size_t)n ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
}

static int io_write(sqlite3_file *p, const void *from, int n, sqlite3_int64 at)
{
	struct handle *h = of(p);
	int rc = gate(h->disk, h);

	if (rc != SQLITE_OK)
		return rc;
	fault_node_write(h->node, at, from, (size_t)n);
	return changed(h->disk);
}

static int io_truncate(sqlite3_file *p, sqlite3_int64 size)
{
	struct handle *h = of(p);
	int rc = gate(h->disk, h);

	if (rc != SQLITE_OK)
		return rc;
	fault_node_truncate(h->node, size);
	return changed(h->disk);
}

/* Like the system's: the first sync of a new file also syncs the folder, and
 * with it every deletion there. */
static void settle_names(struct fault_disk *d)
{
	for (struct fault_node *f = d->files; f; f = f->next)
		if (f->is_ghost) {
			f->is_ghost = false;
			unname(f);
		}
	reap(d);
}

static int io_sync(sqlite3_file *p, int flags)
{
	struct handle *h = of(p);
	int rc = gate(h->disk, h);

	(void)flags;
	if (rc == SQLITE_OK)
		rc = changed(h->disk); /* a cut now: nothing was synced */
	if (rc == SQLITE_OK && !h->disk->traits.lies) {
		if (!h->node->is_durable)
			settle_names(h->disk);
		fault_node_sync(h->node);
	}
	h->disk->syncs++;
	return rc;
}

static int io_size(sqlite3_file *p, sqlite3_int64 *out)
{
	struct handle *h = of(p);
	int rc = gate(h->disk, h);

	*out = (sqlite3_int64)h->node->now.len;
	return rc;
}

static int io_lock(sqlite3_file *p, int level)
{
	struct handle *h = of(p);
	struct fault_node *f = h->node;

	if (h->life != h->disk->life)
		return SQLITE_IOERR_LOCK;
	if (level <= h->lock)
		return SQLITE_OK;
	if (f->writer && f->writer != h &&
	    (f->is_exclusive || level > SQLITE_LOCK_SHARED))
		return SQLITE_BUSY;
	if (h->lock == SQLITE_LOCK_NONE)
		f->shared++;
	h->lock = level == SQLITE_LOCK_EXCLUSIVE ? h->lock : level;
	if (level >= SQLITE_LOCK_RESERVED)
		f->writer = h;
	if (level < SQLITE_LOCK_EXCLUSIVE)
		return SQLITE_OK;
	f->is_exclusive = true; /* readers drain, nobody new comes in */
	if (f->shared > 1) {
		h->lock = SQLITE_LOCK_PENDING;
		return SQLITE_BUSY;
	}
	h->lock = SQLITE_LOCK_EXCLUSIVE;
	return SQLITE_OK;
}

static int io_unlock(sqlite3_file *p, int level)
{
	struct handle *h = of(p);

	if (h->life != h->disk->life || level >= h->lock)
		return SQLITE_OK;
	if (level == SQLITE_LOCK_NONE) {
		release(h);
		return SQLITE_OK;
	}
	if (h->node->writer == h) {
		h->node->writer = NULL;
		h->node->is_exclusive = false;
	}
	h->lock = level;
	return SQLITE_OK;
}

static int io_check(sqlite3_file *p, int *out)
{
	*out = of(p)->node->writer != NULL;
	return SQLITE_OK;
}

static int io_control(sqlite3_file *p, int op, void *arg)
{
	(void)p, (void)op, (void)arg;
	return SQLITE_NOTFOUND;
}

static int io_sector(sqlite3_file *p)
{
	(void)p;
	return 4096;
}

static int io_traits(sqlite3_file *p)
{
	return of(p)->disk->traits.no_psow ? 0
					   : SQLITE_IOCAP_POWERSAFE_OVERWRITE;
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

/* ---- vfs -------------------------------------------------------------- */

static struct fault_disk *disk_of(sqlite3_vfs *vfs)
{
	return vfs->pAppData;
}

static int vfs_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *p,
    int flags, int *out_flags)
{
	struct fault_disk *d = disk_of(vfs);
	struct handle *h = of(p);
	int rc = gate(d, NULL);

	memset(h, 0, sizeof(*h));
	if (rc != SQLITE_OK)
		return rc == SQLITE_FULL ? rc : SQLITE_CANTOPEN;
	h->node = name ? find(d, name) : NULL;
	if (!h->node && !(flags & SQLITE_OPEN_CREATE))
		return SQLITE_CANTOPEN;
	if (!h->node)
		h->node = create(d, name);
	h->is_temp = flags & SQLITE_OPEN_DELETEONCLOSE;
	h->disk = d;
	h->life = d->life;
	h->node->refs++;
	p->pMethods = &methods;
	if (out_flags)
		*out_flags = flags;
	return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	struct fault_disk *d = disk_of(vfs);
	struct fault_node *f = find(d, name);
	int rc = gate(d, NULL);

	if (rc != SQLITE_OK)
		return rc;
	if (!f)
		return SQLITE_IOERR_DELETE_NOENT;
	if (sync || !f->is_durable)
		unname(f);
	else
		f->is_ghost = true;
	reap(d);
	return changed(d);
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	struct fault_disk *d = disk_of(vfs);
	struct fault_node *f = find(d, name);
	int rc = gate(d, NULL);

	/* like the system's: an empty journal or log is as good as none */
	*out = f && (flags != SQLITE_ACCESS_EXISTS || f->now.len > 0);
	return rc;
}

static int vfs_full(sqlite3_vfs *vfs, const char *name, int n, char *out)
{
	(void)vfs;
	snprintf(out, (size_t)n, "%s", name);
	return SQLITE_OK;
}

static int vfs_random(sqlite3_vfs *vfs, int n, char *out)
{
	struct fault_disk *d = disk_of(vfs);

	for (int i = 0; i < n; i++)
		out[i] = (char)fault_draw(&d->seed, 256);
	return n;
}

static int vfs_sleep(sqlite3_vfs *vfs, int us)
{
	return vfs ? us : 0;
}

static int vfs_time(sqlite3_vfs *vfs, double *out)
{
	(void)vfs;
	*out = 2461366.5;
	return SQLITE_OK;
}

static int vfs_error(sqlite3_vfs *vfs, int n, char *out)
{
	(void)vfs;
	if (n > 0)
		*out = '\0';
	return 0;
}

struct fault_disk *fault_new(uint64_t seed, const struct fault_traits *traits)
{
	static unsigned serial;
	struct fault_disk *d = calloc(1, sizeof(*d));

	assert(d);
	snprintf(d->name, sizeof(d->name), "fault-%u", ++serial);
	d->seed = seed;
	if (traits)
		d->traits = *traits;
	d->vfs = (sqlite3_vfs){
	    .iVersion = 1,
	    .szOsFile = (int)sizeof(struct handle),
	    .mxPathname = 512,
	    .zName = d->name,
	    .pAppData = d,
	    .xOpen = vfs_open,
	    .xDelete = vfs_delete,
	    .xAccess = vfs_access,
	    .xFullPathname = vfs_full,
	    .xRandomness = vfs_random,
	    .xSleep = vfs_sleep,
	    .xCurrentTime = vfs_time,
	    .xGetLastError = vfs_error,
	};
	sqlite3_vfs_register(&d->vfs, 0);
	return d;
}

void fault_free(struct fault_disk **disk)
{
	if (!*disk)
		return;
	sqlite3_vfs_unregister(&(*disk)->vfs);
	for (struct fault_node *f = (*disk)->files, *next; f; f = next) {
		next = f->next;
		assert(f->refs == 0);
		fault_node_free(f);
	}
	free(*disk);
	*disk = NULL;
}

const char *fault_name(const struct fault_disk *d)
{
	return d->name;
}

/* ---- files ------------------------------------------------------------ */

uint8_t *fault_data(struct fault_disk *d, const char *name, size_t *len)
{
	struct fault_node *f = find(d, name);

	*len = f ? f->now.len : 0;
	return f ? f->now.p : NULL;
}

void fault_put(
    struct fault_disk *d, const char *name, const void *data, size_t len)
{
	struct fault_node *f = find(d, name);

	if (!f)
		f = create(d, name);
	fault_node_truncate(f, 0);
	if (len)
		fault_node_write(f, 0, data, len);
	fault_node_sync(f);
}

void fault_remove(struct fault_disk *d, const char *name)
{
	struct fault_node *f = find(d, name);

	if (f)
		unname(f);
	reap(d);
}

int fault_rename(struct fault_disk *d, const char *from, const char *to)
{
	struct fault_node *f = find(d, from), *old = find(d, to);
	int rc = gate(d, NULL);

	if (!f || rc != SQLITE_OK)
		return f ? ERR_IO : ERR_NOT_FOUND;
	if (old)
		unname(old);
	free(f->name);
	f->name = strdup(to);
	f->is_durable = true;
	reap(d);
	return changed(d) == SQLITE_OK ? 0 : ERR_IO;
}

bool fault_holds(struct fault_disk *d, const void *bytes, size_t len)
{
	for (struct fault_node *f = d->files; f; f = f->next) {
		const uint8_t *p = f->now.p;

		for (size_t i = 0; i + len <= f->now.len; i++)
			if (p[i] == *(const uint8_t *)bytes &&
			    memcmp(p + i, bytes, len) == 0)
				return true;
	}
	return false;
}

void fault_each(struct fault_disk *d,
    void (*each)(void *ctx, const char *name, size_t len), void *ctx)
{
	for (struct fault_node *f = d->files; f; f = f->next)
		each(ctx, f->name ? f->name : "(unlinked)", f->now.len);
}
