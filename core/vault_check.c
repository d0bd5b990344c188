/*
 * vault_check.c - verifies every page of a file and every frame of its log
 * without opening it as a database, so that nothing is repaired, recovered
 * or overwritten while someone looks.
 */
#include "core/vault.h"

#include <stdlib.h>
#include <string.h>

#include "core/err.h"
#include "core/mem.h"
#include "core/tr.h"
#include "core/vault_file.h"

enum {
	MAX_PAGES = 1 << 30
};

struct check {
	struct vault *vault;
	struct vault_file *db;
	struct vault_file *log;
	struct vault_report report;
	uint8_t *frame;    /* one frame or page */
	uint8_t *in_log;   /* one byte a page: a committed frame holds it */
	uint32_t in_log_n; /* pages counted by the last commit, or by page 1 */
	uint64_t pending;  /* bad frames not yet followed by a good one */
};

static int fail(const struct check *c, int rc)
{
	if (rc == SQLITE_NOMEM || rc == SQLITE_IOERR_NOMEM)
		return ERR_NO_MEMORY;
	if ((rc & 0xff) == SQLITE_BUSY)
		return ERR_IN_USE;
	if (c->vault && c->vault->why)
		return c->vault->why;
	if ((rc & 0xff) == SQLITE_CANTOPEN)
		return ERR_NOT_FOUND;
	return err_set(ERR_IO, "check: sqlite %d", rc);
}

static bool exists(struct check *c, const char *name)
{
	int yes = 0;
	int rc = c->vault->base->xAccess(
	    c->vault->base, name, SQLITE_ACCESS_EXISTS, &yes);

	return rc == SQLITE_OK && yes;
}

static int open_files(struct check *c, sqlite3_filename name)
{
	const char *wal = sqlite3_filename_wal(name);
	int rc = vault_file_open(
	    &c->db, c->vault, name, SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB);

	if (rc == SQLITE_OK)
		rc = c->db->file.pMethods->xLock(
		    &c->db->file, SQLITE_LOCK_SHARED);
	if (rc != SQLITE_OK)
		return rc;
	if (!c->db->has_key)
		return vault_refuse(c->vault,
		    c->db->size < 512 ? ERR_TRUNCATED : ERR_DAMAGED,
		    SQLITE_NOTADB);
	if (exists(c, wal))
		rc = vault_file_open(&c->log, c->vault, wal,
		    SQLITE_OPEN_READONLY | SQLITE_OPEN_WAL);
	if (rc == SQLITE_OK && c->log) {
		c->log->db = c->db;
		rc = vault_file_rekey(c->log, c->db->id);
	}
	return rc;
}

/* ---- log --------------------------------------------------------------- */

/* What a frame between two commits holds counts once the commit comes. */
static int note_frame(struct check *c, const uint8_t *frame)
{
	struct vault_report *r = &c->report;
	uint32_t pgno = get_be32(frame), size = get_be32(frame + 4);
	uint32_t need = pgno > size ? pgno : size;

	r->frames++;
	r->bad_frames += c->pending;
	c->pending = 0;
	if (need > MAX_PAGES)
		return SQLITE_IOERR_DATA;
	if (need > c->in_log_n) {
		uint8_t *grown = realloc(c->in_log, need);

		if (!grown)
			return SQLITE_NOMEM;
		memset(grown + c->in_log_n, 0, need - c->in_log_n);
		c->in_log = grown;
		c->in_log_n = need;
	}
	if (pgno)
		c->in_log[pgno - 1] = 1;
	if (size) {
		r->commits++;
		c->in_log_n = size;
	}
	return SQLITE_OK;
}

static int check_frames(struct check *c, const uint8_t *header)
{
	int n = (int)c->log->page_size + VF_WAL_FRAME;
	int rc = SQLITE_OK;

	for (int64_t at = VF_WAL_HEADER; rc == SQLITE_OK; at += n) {
		rc = base_read(c->log, c->frame, n, at);
		if (rc != SQLITE_OK)
			break;
		if (!vault_wal_unseal(c->log, c->frame, at))
			c->pending++;
		else if (memcmp(c->frame + 8, header + 16, 8) == 0)
			rc = note_frame(c, c->frame);
	}
	c->report.tail_frames = c->pending;
	return rc == SQLITE_IOERR_SHORT_READ ? SQLITE_OK : rc;
}

/* A bad header over a first frame that is ours was damaged; otherwise the
 * log is another file's. */
static int judge_header(struct check *c)
{
	int rc;

	c->log->page_size = c->db->page_size;
	rc = base_read(c->log, c->frame, (int)c->log->page_size + VF_WAL_FRAME,
	    VF_WAL_HEADER);
	if (rc != SQLITE_OK && rc != SQLITE_IOERR_SHORT_READ)
		return rc;
	if (rc == SQLITE_OK &&
	    vault_wal_unseal(c->log, c->frame, VF_WAL_HEADER))
		c->report.bad_frames++;
	else
		c->report.log_is_foreign = true;
	return SQLITE_OK;
}

static int check_log(struct check *c)
{
	uint8_t header[VF_WAL_HEADER];
	int rc;

	if (!c->log)
		return SQLITE_OK;
	rc = base_read(c->log, header, sizeof(header), 0);
	if (rc == SQLITE_IOERR_SHORT_READ)
		return SQLITE_OK;
	if (rc != SQLITE_OK)
		return rc;
	if (!vault_wal_header_ok(c->log, header))
		return judge_header(c);
	c->log->page_size = get_be32(header + 8);
	return check_frames(c, header);
}

/* ---- pages ------------------------------------------------------------- */

static bool is_in_log(const struct check *c, uint32_t pgno)
{
	return pgno <= c->in_log_n && c->in_log && c->in_log[pgno - 1];
}

/* A torn page that the log still holds is repaired by the next opening. */
static void note_page(struct check *c, uint32_t pgno)
{
	struct vault_report *r = &c->report;

	if (is_in_log(c, pgno))
		return;
	if (r->bad_pages < ARRAY_LEN(r->first_bad))
		r->first_bad[r->bad_pages] = pgno;
	r->bad_pages++;
}

static int check_pages(struct check *c)
{
	uint32_t n = (uint32_t)(c->db->size / c->db->page_size);
	uint32_t counted = 0;
	int rc = SQLITE_OK;

	for (uint32_t pgno = 1; pgno <= n && rc == SQLITE_OK; pgno++) {
		rc = base_read(c->db, c->frame, (int)c->db->page_size,
		    (int64_t)(pgno - 1) * c->db->page_size);
		if (rc == SQLITE_OK && !vault_db_unseal(c->db, c->frame, pgno))
			note_page(c, pgno);
		else if (rc == SQLITE_OK && pgno == 1)
			counted = get_be32(c->frame + 28);
	}
	if (n == 0 && !is_in_log(c, 1)) /* it ends within page 1 */
		return vault_refuse(c->vault, ERR_TRUNCATED, SQLITE_IOERR_DATA);
	if (c->report.commits)
		counted = c->in_log_n;
	c->report.pages = n;
	for (uint32_t pgno = n + 1; pgno <= counted; pgno++)
		c->report.missing_pages += !is_in_log(c, pgno);
	return rc;
}

static int run(struct check *c, sqlite3_filename name)
{
	uint32_t max = VF_PAGE_MAX + VF_WAL_FRAME;
	int rc = open_files(c, name);

	if (rc == SQLITE_OK) {
		c->frame = mem_new(max);
		c->report.page_size = c->db->page_size;
		c->report.version = c->db->id[3];
		c->report.has_journal =
		    exists(c, sqlite3_filename_journal(name));
		rc = check_log(c);
	}
	if (rc == SQLITE_OK)
		rc = check_pages(c);
	if (c->db)
		(void)c->db->file.pMethods->xUnlock(
		    &c->db->file, SQLITE_LOCK_NONE);
	vault_wipe(c->frame, c->frame ? max : 0);
	free(c->frame);
	free(c->in_log);
	vault_file_close(&c->log);
	vault_file_close(&c->db);
	return rc;
}

static int verdict(const struct vault_report *r)
{
	if (r->bad_pages || r->missing_pages || r->bad_frames)
		return err_set(ERR_DAMAGED, "%llu pages, %llu frames bad",
		    (unsigned long long)(r->bad_pages + r->missing_pages),
		    (unsigned long long)r->bad_frames);
	if (r->log_is_foreign)
		return err_set(ERR_FOREIGN, "log");
	return r->tail_frames
		   ? err_set(ERR_TRUNCATED, "the log's end does not verify")
		   : 0;
}

/* The full path, with the names of log and journal behind it. */
static sqlite3_filename name_of(sqlite3_vfs *vfs, const char *path)
{
	char *full = mem_new((size_t)vfs->mxPathname + 1);
	struct buf wal = {0}, journal = {0};
	sqlite3_filename name = NULL;

	/* A link on the way is said in the upper bits. */
	if ((vfs->xFullPathname(vfs, path, vfs->mxPathname + 1, full) & 0xff) ==
	    SQLITE_OK) {
		buf_printf(&wal, "%s-wal", full);
		buf_printf(&journal, "%s-journal", full);
		name = sqlite3_create_filename(
		    full, buf_text(&journal), buf_text(&wal), 0, NULL);
	}
	buf_fini(&wal);
	buf_fini(&journal);
	free(full);
	return name;
}

int vault_check(struct vault_report *out, const char *path,
    const uint8_t key[VAULT_KEY], const char *base_vfs)
{
	struct check c = {0};
	sqlite3_filename name;
	int rc = vault_new(&c.vault, base_vfs, key);

	if (rc < 0)
		return rc;
	name = name_of(c.vault->base, path);
	rc = name ? run(&c, name) : SQLITE_NOMEM;
	sqlite3_free_filename(name);
	rc = rc == SQLITE_OK ? 0 : fail(&c, rc);
	vault_free(&c.vault);
	if (rc < 0)
		return rc;
	*out = c.report;
	return verdict(out);
}

/* ---- text -------------------------------------------------------------- */

static void line(struct buf *out, const char *what, uint64_t n)
{
	buf_printf(out, "%s: %llu\n", what, (unsigned long long)n);
}

void vault_report_text(struct buf *out, const struct vault_report *r)
{
	size_t n = r->bad_pages < ARRAY_LEN(r->first_bad)
		       ? (size_t)r->bad_pages
		       : ARRAY_LEN(r->first_bad);

	line(out, _("Format version"), r->version);
	line(out, _("Bytes of a page"), r->page_size);
	line(out, _("Pages read"), r->pages);
	line(out, _("Pages that do not verify"), r->bad_pages);
	for (size_t i = 0; i < n; i++)
		buf_printf(
		    out, "  %llu\n", (unsigned long long)r->first_bad[i]);
	line(out, _("Pages missing at the end"), r->missing_pages);
	line(out, _("Log frames read"), r->frames);
	line(out, _("Saves in the log"), r->commits);
	line(out, _("Log frames that do not verify"), r->bad_frames);
	if (r->tail_frames)
		line(out, _("Log frames cut off at the end"), r->tail_frames);
	if (r->log_is_foreign)
		buf_printf(out, "%s\n",
		    _("The log beside the file belongs to another file."));
	if (r->has_journal)
		buf_printf(out, "%s\n",
		    _("An unfinished save waits to be undone: open the file "
		      "once, then check again."));
}
