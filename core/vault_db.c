/*
 * vault_db.c - the database file: page n is ciphertext, nonce, tag; page 1
 * starts with the clear head that names the file and the page size.
 */
#include "core/vault_file.h"

#include <string.h>

#include "core/err.h"

static const char sqlite_magic[16] = "SQLite format 3";

static uint32_t head_page_size(const uint8_t *head)
{
	uint32_t n = (uint32_t)head[16] << 8 | (uint32_t)head[17] << 16;

	return n >= 512 && n <= VF_PAGE_MAX && (n & (n - 1)) == 0 ? n : 0;
}

/* A version byte that is really a flipped bit lets page 1 verify with ours. */
static bool is_newer(struct vault_file *f, const uint8_t *head)
{
	uint8_t id[VF_ID];

	memcpy(id, head, VF_ID);
	if (id[3] <= VF_VERSION)
		return false;
	id[3] = VF_VERSION;
	return !vault_id_is_of_key(id, f->vault->key);
}

static int adopt_head(struct vault_file *f, const uint8_t *head)
{
	int rc = SQLITE_OK;

	if (!f->has_key || memcmp(f->id, head, VF_ID) != 0)
		rc = vault_file_rekey(f, head);
	if (rc == SQLITE_OK) {
		memcpy(f->clear, head, VF_CLEAR);
		f->page_size = head_page_size(head);
	}
	return rc;
}

/* Looks at the clear head only. SQLITE_OK with has_key unset: the file is
 * empty, or its first page never reached the disk. */
int vault_db_load(struct vault_file *f)
{
	uint8_t head[VF_CLEAR];
	int rc = base_read(f, head, sizeof(head), 0);

	if (rc == SQLITE_IOERR_SHORT_READ)
		return SQLITE_OK;
	if (rc != SQLITE_OK)
		return rc;
	if (f->has_key && memcmp(head, f->clear, sizeof(head)) == 0)
		return SQLITE_OK;
	if (memcmp(head, sqlite_magic, sizeof(sqlite_magic)) == 0)
		return vault_refuse(f->vault, ERR_PLAINTEXT, SQLITE_NOTADB);
	if (memcmp(head, "SFV", 3) != 0)
		return SQLITE_OK;
	if (is_newer(f, head))
		return vault_refuse(f->vault, ERR_NEWER, SQLITE_NOTADB);
	if (head[3] != VF_VERSION)
		return vault_refuse(f->vault, ERR_DAMAGED, SQLITE_NOTADB);
	if (!vault_id_is_of_key(head, f->vault->key))
		return vault_refuse(f->vault, ERR_WRONG_KEY, SQLITE_NOTADB);
	if (!head_page_size(head) || head[20] != VAULT_RESERVE)
		return vault_refuse(f->vault, ERR_DAMAGED, SQLITE_IOERR_DATA);
	return adopt_head(f, head);
}

bool vault_db_unseal(struct vault_file *f, uint8_t *page, uint32_t pgno)
{
	size_t skip = pgno == 1 ? VF_CLEAR : 0;
	size_t len = f->page_size - VAULT_RESERVE - skip;
	uint8_t *seal = page + f->page_size - VAULT_RESERVE;
	struct vault_bind bind = vault_bind(VK_DB, pgno, page, skip);

	if (!vault_unseal(page + skip, len, seal, f->key, &bind))
		return false;
	memset(seal, 0, VAULT_RESERVE);
	if (pgno == 1)
		memcpy(page, sqlite_magic, sizeof(sqlite_magic));
	return true;
}

/* A file that ends before a page it once had was cut under our hands. */
static int read_short(struct vault_file *f, uint8_t *p, int n, int64_t at)
{
	int64_t end = 0;
	int rc;

	memset(p, 0, (size_t)n);
	rc = base_size(f, &end);
	if (rc != SQLITE_OK)
		return rc;
	if (at < end || (!f->vault->is_shared && at < f->size))
		return vault_refuse(f->vault, ERR_TRUNCATED, SQLITE_IOERR_DATA);
	return SQLITE_IOERR_SHORT_READ;
}

static int read_page(struct vault_file *f, uint8_t *page, uint32_t pgno)
{
	int64_t at = (int64_t)(pgno - 1) * f->page_size;
	int rc = base_read(f, page, (int)f->page_size, at);

	if (rc == SQLITE_IOERR_SHORT_READ)
		return read_short(f, page, (int)f->page_size, at);
	if (rc != SQLITE_OK)
		return rc;
	if (!vault_db_unseal(f, page, pgno)) {
		memset(page, 0, f->page_size);
		if (f->vault->why == 0)
			f->vault->why_page = pgno;
		return vault_refuse(f->vault, ERR_DAMAGED, SQLITE_IOERR_DATA);
	}
	return SQLITE_OK;
}

/* Before SQLite holds a lock, page 1 may be half written by a crash whose
 * repair is still to come: show what the clear head says and no more. */
static void fake_head(struct vault_file *f, uint8_t *p, int n, int64_t at)
{
	uint8_t head[VF_CLEAR];

	memcpy(head, f->clear, sizeof(head));
	memcpy(head, sqlite_magic, sizeof(sqlite_magic));
	memset(p, 0, (size_t)n);
	for (int i = 0; i < n && at + i < VF_CLEAR; i++)
		p[i] = head[at + i];
}

static int read_part(struct vault_file *f, uint8_t *p, int n, int64_t at)
{
	uint32_t pgno = (uint32_t)(at / f->page_size) + 1;
	int64_t in = at % f->page_size;
	int rc;

	if (in + n > f->page_size)
		return SQLITE_IOERR_READ;
	if (f->lock == SQLITE_LOCK_NONE && pgno == 1) {
		fake_head(f, p, n, at);
		return SQLITE_OK;
	}
	rc = vault_buffer(&f->scratch, &f->scratch_len, f->page_size);
	if (rc == SQLITE_OK)
		rc = read_page(f, f->scratch, pgno);
	if (rc == SQLITE_OK)
		memcpy(p, f->scratch + in, (size_t)n);
	else
		memset(p, 0, (size_t)n);
	return rc;
}

static int db_read(struct vault_file *f, uint8_t *p, int n, int64_t at)
{
	int64_t end = 0;
	int rc = SQLITE_OK;

	if (!f->has_key || at == 0)
		rc = vault_db_load(f);
	if (rc != SQLITE_OK)
		return rc;
	if (!f->has_key || !f->page_size) {
		memset(p, 0, (size_t)n);
		rc = base_size(f, &end);
		if (rc == SQLITE_OK && f->lock != SQLITE_LOCK_NONE && end > 0)
			return vault_refuse(f->vault,
			    end < 512 ? ERR_TRUNCATED : ERR_DAMAGED,
			    SQLITE_NOTADB);
		return rc == SQLITE_OK ? SQLITE_IOERR_SHORT_READ : rc;
	}
	if ((uint32_t)n == f->page_size && at % n == 0)
		return read_page(f, p, (uint32_t)(at / n) + 1);
	return read_part(f, p, n, at);
}

static int write_page(struct vault_file *f, const uint8_t *page, uint32_t pgno)
{
	size_t skip = pgno == 1 ? VF_CLEAR : 0;
	size_t text = f->page_size - VAULT_RESERVE;
	int64_t at = (int64_t)(pgno - 1) * f->page_size;
	struct vault_bind bind;
	int rc;

	rc = vault_buffer(&f->scratch, &f->scratch_len, f->page_size);
	if (rc != SQLITE_OK)
		return rc;
	memcpy(f->scratch, page, text);
	if (pgno == 1) {
		memcpy(f->scratch, f->id, VF_ID);
		memcpy(f->clear, f->scratch, VF_CLEAR);
	}
	bind = vault_bind(VK_DB, pgno, f->scratch, skip);
	vault_seal(
	    f->scratch + skip, text - skip, f->scratch + text, f->key, &bind);
	rc = base_write(f, f->scratch, (int)f->page_size, at);
	if (rc == SQLITE_OK && at + f->page_size > f->size)
		f->size = at + f->page_size;
	return rc;
}

/* Pages that a write jumps over must verify too: a hole would not. */
static int fill_to(struct vault_file *f, int64_t at)
{
	uint8_t *zero;
	int rc = SQLITE_OK;

	if (at <= f->size && !f->vault->is_shared)
		return SQLITE_OK;
	rc = base_size(f, &f->size);
	if (rc != SQLITE_OK || at <= f->size)
		return rc;
	zero = sqlite3_malloc((int)f->page_size);
	if (!zero)
		return SQLITE_NOMEM;
	memset(zero, 0, f->page_size);
	for (int64_t n = f->size / f->page_size;
	     rc == SQLITE_OK && n * f->page_size < at; n++)
		rc = write_page(f, zero, (uint32_t)n + 1);
	sqlite3_free(zero);
	return rc;
}

static bool is_zero(const uint8_t *p, size_t n)
{
	uint8_t any = 0;

	for (size_t i = 0; i < n; i++)
		any |= p[i];
	return any == 0;
}

/* The first write of a new file: choose its name. */
int vault_db_claim(struct vault_file *f)
{
	uint8_t id[VF_ID];
	int rc = vault_db_load(f);

	if (rc != SQLITE_OK || f->has_key)
		return rc;
	vault_new_id(id, f->vault->key);
	return vault_file_rekey(f, id);
}

/* Without the reserve there is no room for the seal: fail closed. */
static bool may_write(struct vault_file *f, const uint8_t *page, int64_t at)
{
	if (!is_zero(page + f->page_size - VAULT_RESERVE, VAULT_RESERVE))
		return false;
	return at != 0 ||
	       (memcmp(page, sqlite_magic, sizeof(sqlite_magic)) == 0 &&
		   page[20] == VAULT_RESERVE &&
		   head_page_size(page) == f->page_size);
}

bool vault_db_counted(struct vault_file *f, uint32_t *out)
{
	bool ok;

	if (!f->page_size ||
	    vault_buffer(&f->scratch, &f->scratch_len, f->page_size) != 0 ||
	    base_read(f, f->scratch, (int)f->page_size, 0) != SQLITE_OK)
		return false;
	ok = vault_db_unseal(f, f->scratch, 1);
	*out = ok ? get_be32(f->scratch + 28) : 0;
	return ok;
}

static int db_write(struct vault_file *f, const uint8_t *p, int n, int64_t at)
{
	int rc = f->has_key ? SQLITE_OK : vault_db_claim(f);

	if (rc != SQLITE_OK)
		return rc;
	if (!f->page_size || (at == 0 && n >= 512))
		f->page_size = (uint32_t)n; /* VACUUM may change it */
	if ((uint32_t)n != f->page_size || at % n != 0 || !may_write(f, p, at))
		return vault_refuse(f->vault, ERR_FORMAT, SQLITE_IOERR_WRITE);
	rc = fill_to(f, at);
	return rc == SQLITE_OK ? write_page(f, p, (uint32_t)(at / n) + 1) : rc;
}

static int db_truncate(struct vault_file *f, int64_t size)
{
	int rc = SQLITE_OK;

	if (f->has_key && f->page_size && size > 0)
		rc = fill_to(f, size);
	if (rc == SQLITE_OK)
		rc = f->base->pMethods->xTruncate(f->base, size);
	if (rc == SQLITE_OK)
		f->size = size;
	return rc;
}

static int db_size(struct vault_file *f, int64_t *out)
{
	int rc = base_size(f, out);

	if (rc == SQLITE_OK && *out > f->size)
		f->size = *out;
	return rc;
}

const struct vault_ops vault_db_ops = {db_read, db_write, db_truncate, db_size};
