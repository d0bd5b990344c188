/*
 * vault_wal.c - the write-ahead log: SQLite writes a 24-byte frame header and
 * then the page; the header is held back, its checksum (of plain text) sealed
 * together with the page; sealed frames that follow each other are written in
 * one call. The log's own header stays clear and carries a keyed mac where
 * SQLite has a checksum that anyone could compute.
 */
#include "core/vault_file.h"

#include <string.h>

#include "core/err.h"

/* Written in one call: the system's VFS takes no more than 128 kB. */
#define RUN_MAX 131071u

static uint32_t get_word(const uint8_t *p, bool is_big)
{
	if (is_big)
		return get_be32(p);
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[1] << 8 | p[0];
}

void vault_wal_sum(uint32_t s[2], const uint8_t *p, size_t n, bool is_big)
{
	for (size_t i = 0; i + 8 <= n; i += 8) {
		s[0] += get_word(p + i, is_big) + s[1];
		s[1] += get_word(p + i + 4, is_big) + s[0];
	}
}

static uint32_t frame_size(const struct vault_file *f)
{
	return f->page_size + VF_WAL_FRAME;
}

/* Key and page size follow the database, which may have been replaced. */
static int wal_ready(struct vault_file *f)
{
	int rc = SQLITE_OK;

	if (!f->db)
		return SQLITE_IOERR_READ;
	if (!f->db->has_key)
		rc = vault_db_load(f->db);
	if (rc != SQLITE_OK)
		return rc;
	if (!f->db->has_key)
		return vault_refuse(f->vault, ERR_DAMAGED, SQLITE_IOERR_DATA);
	if (!f->has_key || memcmp(f->id, f->db->id, VF_ID) != 0)
		rc = vault_file_rekey(f, f->db->id);
	return rc;
}

static bool is_header_shape(const uint8_t *h)
{
	uint32_t n = get_be32(h + 8);

	return (get_be32(h) & ~1u) == 0x377f0682u &&
	       get_be32(h + 4) == 3007000u && n >= 512 && n <= VF_PAGE_MAX &&
	       (n & (n - 1)) == 0;
}

/* Verifies a header as it lies on the disk and turns it into SQLite's. */
bool vault_wal_header_ok(struct vault_file *f, uint8_t h[VF_WAL_HEADER])
{
	uint8_t mac[8];
	uint32_t s[2] = {0, 0};

	vault_mac(mac, sizeof(mac), f->key, h, 24);
	if (!is_header_shape(h) || memcmp(mac, h + 24, sizeof(mac)) != 0)
		return false;
	vault_wal_sum(s, h, 24, h[3] & 1);
	put_be32(h + 24, s[0]);
	put_be32(h + 28, s[1]);
	return true;
}

int vault_wal_flush(struct vault_file *f)
{
	struct vault_wal *w = &f->u.wal;
	uint32_t n = w->run_len;
	int rc;

	if (n == 0)
		return SQLITE_OK;
	w->run_len = 0;
	rc = base_write(f, w->run, (int)n, w->run_at);
	if (rc == SQLITE_OK && w->run_at + n > w->own_end)
		w->own_end = w->run_at + n;
	return rc;
}

bool vault_wal_unseal(struct vault_file *f, uint8_t *frame, int64_t at)
{
	size_t len = 8 + f->page_size - VAULT_RESERVE;
	uint8_t *seal = frame + VF_WAL_CLEAR + len;
	struct vault_bind bind =
	    vault_bind(VK_WAL, (uint64_t)at, frame, VF_WAL_CLEAR);

	if (!vault_unseal(frame + VF_WAL_CLEAR, len, seal, f->key, &bind))
		return false;
	memset(seal, 0, VAULT_RESERVE);
	return true;
}

/* Reads one frame into the scratch buffer; *ok tells whether it verifies. */
static int load_frame(struct vault_file *f, int64_t at, bool *ok)
{
	uint32_t n = frame_size(f);
	int rc = vault_buffer(&f->scratch, &f->scratch_len, n);

	*ok = false;
	if (rc == SQLITE_OK)
		rc = vault_wal_flush(f);
	if (rc != SQLITE_OK)
		return rc;
	rc = base_read(f, f->scratch, (int)n, at);
	if (rc == SQLITE_OK)
		*ok = vault_wal_unseal(f, f->scratch, at);
	return rc;
}

/* A header that does not verify is a torn write over a log that was already
 * copied into the database, unless a frame of its own generation follows or
 * it is whole and simply not ours. */
static int judge_header(struct vault_file *f, const uint8_t *h)
{
	bool ok = false;
	int rc = SQLITE_OK;

	f->page_size = f->db->page_size;
	if (f->page_size)
		rc = load_frame(f, VF_WAL_HEADER, &ok);
	if (rc != SQLITE_OK && rc != SQLITE_IOERR_SHORT_READ)
		return rc;
	if (ok && (memcmp(f->scratch + 8, h + 16, 4) == 0 ||
		      memcmp(f->scratch + 12, h + 20, 4) == 0))
		return vault_refuse(f->vault, ERR_DAMAGED, SQLITE_IOERR_DATA);
	if (!ok && is_header_shape(h))
		return vault_refuse(f->vault, ERR_FOREIGN, SQLITE_IOERR_DATA);
	f->vault->was_cut = true;
	return SQLITE_OK;
}

/* Fills u.wal.header from the disk; has_header stays false where SQLite
 * should see nothing. */
static int load_header(struct vault_file *f)
{
	struct vault_wal *w = &f->u.wal;
	uint8_t h[VF_WAL_HEADER];
	int rc = base_read(f, h, sizeof(h), 0);

	if (rc != SQLITE_OK)
		return rc;
	if (!vault_wal_header_ok(f, h)) {
		w->has_header = false;
		return judge_header(f, h);
	}
	if (!w->has_header || memcmp(h, w->header, sizeof(h)) != 0)
		w->own_end = 0;
	memcpy(w->header, h, sizeof(h));
	w->has_header = true;
	f->page_size = get_be32(h + 8);
	return SQLITE_OK;
}

static bool is_current(const struct vault_file *f, const uint8_t *frame)
{
	return memcmp(frame + 8, f->u.wal.header + 16, 8) == 0;
}

/* On a disk without powersafe overwrite SQLite repeats the last frame of a
 * save up to the end of a sector, before the sync. */
static bool is_padding(
    struct vault_file *f, const uint8_t *commit, const uint8_t *frame)
{
	int traits = f->base->pMethods->xDeviceCharacteristics(f->base);

	return !(traits & SQLITE_IOCAP_POWERSAFE_OVERWRITE) &&
	       memcmp(commit, frame, 8) == 0;
}

/* A frame at `at` does not verify. With FULL, a save is synced before the
 * next one is written; so when a whole save and a frame after it follow, the
 * bad frame was once durable: damage, not a torn tail. */
static int judge_tail(struct vault_file *f, int64_t at)
{
	uint8_t commit[8] = {0}; /* page and size of the last save's end */
	bool ok;
	int rc;

	for (;;) {
		at += frame_size(f);
		rc = load_frame(f, at, &ok);
		if (rc == SQLITE_IOERR_SHORT_READ)
			return SQLITE_OK;
		if (rc != SQLITE_OK)
			return rc;
		if (!ok || !is_current(f, f->scratch))
			continue;
		if (get_be32(commit + 4) != 0 &&
		    !is_padding(f, commit, f->scratch))
			return vault_refuse(
			    f->vault, ERR_DAMAGED, SQLITE_IOERR_DATA);
		if (get_be32(f->scratch + 4) != 0)
			memcpy(commit, f->scratch, sizeof(commit));
	}
}

/* During recovery a bad frame reads as zeros, which ends the log. */
static int recover_frame(struct vault_file *f, uint8_t *p, int64_t at)
{
	bool ok;
	int rc = load_frame(f, at, &ok);

	memset(p, 0, frame_size(f));
	if (rc != SQLITE_OK)
		return rc;
	if (ok) {
		memcpy(p, f->scratch, frame_size(f));
		return SQLITE_OK;
	}
	if (at < f->u.wal.own_end)
		return vault_refuse(f->vault, ERR_DAMAGED, SQLITE_IOERR_DATA);
	f->vault->was_cut = true;
	return judge_tail(f, at);
}

static int read_inside(
    struct vault_file *f, uint8_t *p, int n, int64_t at, uint32_t in)
{
	bool ok;
	int rc;

	if (in + (uint32_t)n > frame_size(f))
		return SQLITE_IOERR_READ;
	rc = load_frame(f, at - in, &ok);
	memset(p, 0, (size_t)n);
	if (rc == SQLITE_OK && !ok) {
		err_set(ERR_DAMAGED, "log frame at %lld does not verify",
		    (long long)(at - in));
		rc = vault_refuse(f->vault, ERR_DAMAGED, SQLITE_IOERR_DATA);
	}
	if (rc == SQLITE_OK)
		memcpy(p, f->scratch + in, (size_t)n);
	return rc;
}

static int read_header(struct vault_file *f, uint8_t *p, int n, int64_t at)
{
	int rc;

	memset(p, 0, (size_t)n);
	if (at + n > VF_WAL_HEADER)
		return SQLITE_IOERR_READ;
	rc = load_header(f);
	if (rc == SQLITE_OK && f->u.wal.has_header)
		memcpy(p, f->u.wal.header + at, (size_t)n);
	return rc;
}

static int wal_read(struct vault_file *f, uint8_t *p, int n, int64_t at)
{
	uint32_t in;
	int rc = wal_ready(f);

	if (rc != SQLITE_OK)
		return rc;
	if (at < VF_WAL_HEADER)
		return read_header(f, p, n, at);
	if (!f->u.wal.has_header)
		rc = load_header(f);
	if (rc != SQLITE_OK)
		return rc;
	if (!f->u.wal.has_header) {
		memset(p, 0, (size_t)n);
		return SQLITE_OK;
	}
	in = (uint32_t)((at - VF_WAL_HEADER) % frame_size(f));
	if (in == 0 && (uint32_t)n == frame_size(f))
		return recover_frame(f, p, at);
	return read_inside(f, p, n, at, in);
}

static void forget_frames(struct vault_wal *w)
{
	w->own_end = 0;
	w->pending = -1;
	w->run_len = 0;
	w->unfinished_n = 0;
	w->commit_at = 0;
}

static int write_header(struct vault_file *f, const uint8_t *p)
{
	struct vault_wal *w = &f->u.wal;
	uint8_t h[VF_WAL_HEADER];

	memcpy(h, p, sizeof(h));
	vault_mac(h + 24, 8, f->key, h, 24);
	memcpy(w->header, p, sizeof(h));
	w->has_header = true;
	forget_frames(w);
	f->page_size = get_be32(p + 8);
	return base_write(f, h, sizeof(h), 0);
}

/* SQLite 3.40 can forget to finish frames when a savepoint is rolled back
 * after pages were spilled: the commit returns, and recovery would end before
 * it. The settings switch spilling off; here it is seen if it happens. */
static int note_unfinished(
    struct vault_file *f, const uint8_t *frame, int64_t at)
{
	static const uint8_t none[8];
	struct vault_wal *w = &f->u.wal;
	int64_t *grown;
	uint32_t i = 0;

	while (i < w->unfinished_n && w->unfinished[i] != at)
		i++;
	if (memcmp(frame + 8, none, sizeof(none)) != 0) {
		if (i < w->unfinished_n)
			w->unfinished[i] = w->unfinished[--w->unfinished_n];
		if (get_be32(frame + 4) != 0)
			w->commit_at = at;
		return SQLITE_OK;
	}
	if (i < w->unfinished_n)
		return SQLITE_OK;
	grown = sqlite3_realloc64(
	    w->unfinished, (w->unfinished_n + 1) * sizeof(*grown));
	if (!grown)
		return SQLITE_NOMEM;
	w->unfinished = grown;
	w->unfinished[w->unfinished_n++] = at;
	return SQLITE_OK;
}

int vault_wal_may_sync(struct vault_file *f)
{
	const struct vault_wal *w = &f->u.wal;

	for (uint32_t i = 0; i < w->unfinished_n; i++)
		if (w->unfinished[i] < w->commit_at)
			return SQLITE_IOERR_FSYNC;
	return SQLITE_OK;
}

/* Behind the run, or the first of a new one; the end of a save ends it. Where
 * several connections share a log none may miss what another has written. */
static int add_to_run(struct vault_file *f, const uint8_t *frame, int64_t at)
{
	struct vault_wal *w = &f->u.wal;
	uint32_t n = frame_size(f);
	int rc = SQLITE_OK;

	if (at != w->run_at + w->run_len || w->run_len + n > w->run_size)
		rc = vault_wal_flush(f);
	if (rc == SQLITE_OK)
		rc = vault_buffer(&w->run, &w->run_size, RUN_MAX / n * n);
	if (rc != SQLITE_OK)
		return rc;
	if (w->run_len == 0)
		w->run_at = at;
	memcpy(w->run + w->run_len, frame, n);
	w->run_len += n;
	return get_be32(frame + 4) != 0 || f->vault->is_shared
		   ? vault_wal_flush(f)
		   : SQLITE_OK;
}

/* Seals a gathered frame image (in place, so the image is gone) and writes
 * it, now or with those that follow. */
static int write_frame(struct vault_file *f, uint8_t *frame, int64_t at)
{
	size_t len = 8 + f->page_size - VAULT_RESERVE;
	uint8_t *seal = frame + VF_WAL_CLEAR + len;
	struct vault_bind bind =
	    vault_bind(VK_WAL, (uint64_t)at, frame, VF_WAL_CLEAR);
	uint8_t any = 0;
	int rc = note_unfinished(f, frame, at);

	for (int i = 0; i < VAULT_RESERVE; i++)
		any |= seal[i];
	if (rc != SQLITE_OK || any)
		return rc != SQLITE_OK ? rc
				       : vault_refuse(f->vault, ERR_FORMAT,
					     SQLITE_IOERR_WRITE);
	vault_seal(frame + VF_WAL_CLEAR, len, seal, f->key, &bind);
	return add_to_run(f, frame, at);
}

/* Changes bytes of a frame that is already on the disk. */
static int patch_frame(
    struct vault_file *f, const uint8_t *p, int n, int64_t at, uint32_t in)
{
	bool ok;
	int rc = load_frame(f, at - in, &ok);

	if (rc == SQLITE_OK && !ok)
		rc = vault_refuse(f->vault, ERR_DAMAGED, SQLITE_IOERR_DATA);
	if (rc != SQLITE_OK)
		return rc == SQLITE_IOERR_SHORT_READ ? SQLITE_IOERR_WRITE : rc;
	memcpy(f->scratch + in, p, (size_t)n);
	return write_frame(f, f->scratch, at - in);
}

/* SQLite writes a frame that follows a rewritten one with zeros for salts and
 * checksum, and fills them in at the commit. */
static bool is_this_save(const struct vault_file *f, const uint8_t *frame)
{
	static const uint8_t unfinished[8];

	return is_current(f, frame) || memcmp(frame + 8, unfinished, 8) == 0;
}

/* A header over a frame of this generation that this handle wrote may be a
 * new checksum with no page to follow: it may not wait. */
static int patch_header(struct vault_file *f, int64_t at)
{
	bool ok;
	int rc = load_frame(f, at, &ok);

	if (rc != SQLITE_OK)
		return rc == SQLITE_IOERR_SHORT_READ ? SQLITE_OK : rc;
	if (!ok || !is_this_save(f, f->scratch))
		return SQLITE_OK;
	memcpy(f->scratch, f->gather, VF_WAL_FRAME);
	return write_frame(f, f->scratch, at);
}

/* Adds bytes to the frame being gathered; writes it once it is whole. */
static int gather(struct vault_file *f, const uint8_t *p, int n)
{
	struct vault_wal *w = &f->u.wal;
	int64_t at = w->pending;

	memcpy(f->gather + w->fill, p, (size_t)n);
	w->fill += (uint32_t)n;
	if (w->fill == frame_size(f)) {
		w->pending = -1;
		return write_frame(f, f->gather, at);
	}
	if (w->fill == VF_WAL_FRAME && at < w->own_end)
		return patch_header(f, at);
	return SQLITE_OK;
}

static int wal_write(struct vault_file *f, const uint8_t *p, int n, int64_t at)
{
	struct vault_wal *w = &f->u.wal;
	uint32_t in;
	int rc = wal_ready(f);

	if (rc != SQLITE_OK)
		return rc;
	if (at == 0 && n == VF_WAL_HEADER)
		return write_header(f, p);
	if (!w->has_header)
		rc = load_header(f);
	if (rc != SQLITE_OK || !w->has_header || at < VF_WAL_HEADER)
		return rc != SQLITE_OK ? rc : SQLITE_IOERR_WRITE;
	in = (uint32_t)((at - VF_WAL_HEADER) % frame_size(f));
	if (in + (uint32_t)n > frame_size(f))
		return SQLITE_IOERR_WRITE;
	if (w->pending >= 0 && at == w->pending + w->fill)
		return gather(f, p, n);
	if (in != 0)
		return patch_frame(f, p, n, at, in);
	if (at != w->run_at + w->run_len)
		rc = vault_wal_flush(f);
	if (rc == SQLITE_OK)
		rc = vault_buffer(&f->gather, &f->gather_len, frame_size(f));
	if (rc != SQLITE_OK)
		return rc;
	w->pending = at;
	w->fill = 0;
	return gather(f, p, n);
}

static int mark_pages(
    struct vault_file *f, uint8_t *seen, uint32_t from, uint32_t to)
{
	uint8_t h[VF_WAL_CLEAR];
	int rc = SQLITE_OK;

	for (int64_t at = VF_WAL_HEADER; rc == SQLITE_OK; at += frame_size(f)) {
		rc = base_read(f, h, sizeof(h), at);
		if (rc != SQLITE_OK || !is_current(f, h))
			break;
		if (get_be32(h) >= from && get_be32(h) <= to)
			seen[get_be32(h) - from] = 1;
	}
	return rc == SQLITE_IOERR_SHORT_READ ? SQLITE_OK : rc;
}

int vault_wal_covers(struct vault_file *f, uint32_t from, uint32_t to)
{
	uint8_t *seen;
	int rc = SQLITE_OK;
	bool all = true;

	seen = sqlite3_malloc64((uint64_t)to - from + 1);
	if (!seen)
		return SQLITE_NOMEM;
	memset(seen, 0, (size_t)(to - from) + 1);
	if (f->kind == VK_WAL)
		rc = vault_wal_flush(f);
	if (rc == SQLITE_OK && f->file.pMethods && f->kind == VK_WAL &&
	    f->u.wal.has_header)
		rc = mark_pages(f, seen, from, to);
	for (uint32_t i = 0; i <= to - from; i++)
		all = all && seen[i];
	sqlite3_free(seen);
	if (rc != SQLITE_OK || all)
		return rc;
	return vault_refuse(f->vault, ERR_TRUNCATED, SQLITE_IOERR_DATA);
}

static int wal_truncate(struct vault_file *f, int64_t size)
{
	forget_frames(&f->u.wal);
	if (size < VF_WAL_HEADER)
		f->u.wal.has_header = false;
	return f->base->pMethods->xTruncate(f->base, size);
}

/* SQLite ignores part of a frame at the end; a save was cut there. */
static int wal_size(struct vault_file *f, int64_t *out)
{
	uint32_t page = f->page_size ? f->page_size
			: f->db      ? f->db->page_size
				     : 0;
	int rc = vault_wal_flush(f);

	if (rc == SQLITE_OK)
		rc = base_size(f, out);
	if (rc == SQLITE_OK && *out > 0 && page &&
	    (*out < VF_WAL_HEADER ||
		(*out - VF_WAL_HEADER) % (page + VF_WAL_FRAME) != 0))
		f->vault->was_cut = true;
	return rc;
}

const struct vault_ops vault_wal_ops = {
    wal_read, wal_write, wal_truncate, wal_size};
