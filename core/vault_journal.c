/*
 * vault_journal.c - the rollback journal. A record (page number, page,
 * checksum) is gathered from SQLite's three writes and sealed as one. Each
 * header sector holds two slots with a keyed mac: as first written, and as
 * finished once the records are durable; so one damaged slot never hides a
 * journal that must be rolled back.
 */
#include "core/vault_file.h"

#include <string.h>

#include "core/err.h"

static const uint8_t sqlite_magic[8] = {
    0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7};

/* Offsets inside a slot. */
enum {
	SLOT_ID = 4,
	SLOT_INSTANCE = 20,
	SLOT_HEADER = 36,
	SLOT_MAC = 64
};

static uint32_t sector_of(const struct vault_journal_state *j)
{
	return get_be32(j->header + 20);
}

static uint32_t record_size(const struct vault_file *f)
{
	return f->page_size + 8;
}

static bool is_power(uint32_t n, uint32_t min)
{
	return n >= min && n <= VF_PAGE_MAX && (n & (n - 1)) == 0;
}

/* ---- slots --------------------------------------------------------- */

static void slot_make(
    struct vault_file *f, uint8_t slot[VF_SLOT], const uint8_t *header)
{
	memcpy(slot, "SFVJ", 4);
	memcpy(slot + SLOT_ID, f->id, VF_ID);
	memcpy(slot + SLOT_INSTANCE, f->u.journal.instance, 16);
	memcpy(slot + SLOT_HEADER, header, VF_JOURNAL_HEADER);
	vault_mac(slot + SLOT_MAC, 16, f->key, slot, SLOT_MAC);
}

/* The slot's own id gives the key: after a crash during creation the
 * database may not have its first page yet. */
static int slot_check(struct vault_file *f, const uint8_t *slot, bool *ok)
{
	uint8_t mac[16];
	int rc = SQLITE_OK;

	*ok = false;
	if (memcmp(slot, "SFVJ", 4) != 0)
		return SQLITE_OK;
	if (f->db->has_key && memcmp(slot + SLOT_ID, f->db->id, VF_ID) != 0)
		return SQLITE_OK;
	if (!f->has_key || memcmp(f->id, slot + SLOT_ID, VF_ID) != 0)
		rc = vault_file_rekey(f, slot + SLOT_ID);
	if (rc != SQLITE_OK)
		return rc;
	vault_mac(mac, sizeof(mac), f->key, slot, SLOT_MAC);
	*ok = memcmp(mac, slot + SLOT_MAC, sizeof(mac)) == 0 &&
	      is_power(get_be32(slot + SLOT_HEADER + 20), 512) &&
	      is_power(get_be32(slot + SLOT_HEADER + 24), 512);
	return SQLITE_OK;
}

static bool is_foreign(struct vault_file *f, const uint8_t *slot)
{
	return memcmp(slot, "SFVJ", 4) == 0 && f->db->has_key &&
	       memcmp(slot + SLOT_ID, f->db->id, VF_ID) != 0;
}

static bool is_blank(const uint8_t *p, size_t n)
{
	while (n > 0 && *p == 0)
		p++, n--;
	return n == 0;
}

/* ---- records ------------------------------------------------------- */

static int load_record(struct vault_file *f, int64_t at, bool *ok)
{
	struct vault_journal_state *j = &f->u.journal;
	size_t text = record_size(f) - VAULT_RESERVE;
	struct vault_bind bind =
	    vault_bind(VK_JOURNAL, (uint64_t)at, j->instance, 16);
	int rc = vault_buffer(&f->scratch, &f->scratch_len, record_size(f));

	*ok = j->cached == at;
	if (rc != SQLITE_OK || *ok)
		return rc;
	j->cached = -1;
	rc = base_read(f, f->scratch, (int)record_size(f), at);
	if (rc != SQLITE_OK)
		return rc;
	*ok = j->has_instance &&
	      vault_unseal(f->scratch, text, f->scratch + text, f->key, &bind);
	if (!*ok)
		return SQLITE_OK;
	/* stored: number | page without reserve | checksum */
	memcpy(f->scratch + text + 36, f->scratch + text - 4, 4);
	memset(f->scratch + text - 4, 0, VAULT_RESERVE);
	j->cached = at;
	return SQLITE_OK;
}

static int write_record(struct vault_file *f)
{
	struct vault_journal_state *j = &f->u.journal;
	size_t text = record_size(f) - VAULT_RESERVE;
	int64_t at = j->pending;
	struct vault_bind bind =
	    vault_bind(VK_JOURNAL, (uint64_t)at, j->instance, 16);

	j->pending = -1;
	if (!is_blank(f->gather + text - 4, VAULT_RESERVE))
		return vault_refuse(f->vault, ERR_FORMAT, SQLITE_IOERR_WRITE);
	memmove(f->gather + text - 4, f->gather + text + 36, 4);
	vault_seal(f->gather, text, f->gather + text, f->key, &bind);
	if (j->cached == at)
		j->cached = -1;
	return base_write(f, f->gather, (int)record_size(f), at);
}

/* ---- headers ------------------------------------------------------- */

/* The finishing slot is damaged: every record that verifies is an original
 * page of this very save, so rolling all of them back is right. */
static int count_records(struct vault_file *f, int64_t at)
{
	struct vault_journal_state *j = &f->u.journal;
	uint32_t n = 0;
	bool ok = true;
	int rc = SQLITE_OK;

	at += sector_of(j);
	for (;;) {
		rc = load_record(f, at, &ok);
		if (rc != SQLITE_OK || !ok)
			break;
		n++;
		at += record_size(f);
	}
	memcpy(j->header, sqlite_magic, sizeof(sqlite_magic));
	put_be32(j->header + 8, n);
	return rc == SQLITE_IOERR_SHORT_READ ? SQLITE_OK : rc;
}

/* Offsets of the headers met so far, ascending. */
static int note_head(struct vault_journal_state *j, int64_t at)
{
	int64_t *grown;

	j->header_at = at;
	for (uint32_t i = 0; i < j->heads_n; i++)
		if (j->heads[i] == at)
			return SQLITE_OK;
	grown = sqlite3_realloc64(j->heads, (j->heads_n + 1) * sizeof(*grown));
	if (!grown)
		return SQLITE_NOMEM;
	j->heads = grown;
	j->heads[j->heads_n++] = at;
	return SQLITE_OK;
}

/* The header whose segment holds `at`, or -1. */
static int64_t head_of(const struct vault_journal_state *j, int64_t at)
{
	int64_t best = -1;

	for (uint32_t i = 0; i < j->heads_n; i++)
		if (j->heads[i] <= at && j->heads[i] > best)
			best = j->heads[i];
	return best;
}

static int adopt_slot(struct vault_file *f, const uint8_t *slot, int64_t at)
{
	struct vault_journal_state *j = &f->u.journal;

	if (memcmp(j->instance, slot + SLOT_INSTANCE, 16) != 0) {
		j->cached = -1;
		j->heads_n = 0;
	}
	memcpy(j->instance, slot + SLOT_INSTANCE, 16);
	memcpy(j->header, slot + SLOT_HEADER, VF_JOURNAL_HEADER);
	j->has_instance = true;
	f->page_size = get_be32(j->header + 24);
	j->lenient = get_be32(j->header + 8) == 0xffffffffu;
	return note_head(j, at);
}

/* SQLite ignores a header sector that is not whole. Where the file ends
 * inside one that belongs to this journal, something was cut off. */
static int check_next(struct vault_file *f, int64_t at)
{
	const struct vault_journal_state *j = &f->u.journal;
	uint32_t sector = sector_of(j), n = get_be32(j->header + 8);
	uint8_t want[SLOT_HEADER] = "SFVJ", have[SLOT_HEADER];
	int64_t next, end = 0;
	int rc = base_size(f, &end);

	next = at + sector + (int64_t)n * record_size(f);
	next = (next + sector - 1) / sector * sector;
	if (rc != SQLITE_OK || j->lenient || end <= next ||
	    end >= next + sector)
		return rc;
	memcpy(want + SLOT_ID, f->id, VF_ID);
	memcpy(want + SLOT_INSTANCE, j->instance, sizeof(j->instance));
	rc = base_read(f, have, sizeof(have), next);
	if (rc != SQLITE_OK && rc != SQLITE_IOERR_SHORT_READ)
		return rc;
	for (int i = 0; i < SLOT_HEADER && i < end - next; i++)
		if (have[i] != want[i])
			return SQLITE_OK;
	return vault_refuse(f->vault, ERR_TRUNCATED, SQLITE_IOERR_DATA);
}

/* Reads the header sector at `at`; *found tells whether there is one of this
 * journal. Errors where the journal belongs to another file. */
static int load_header(struct vault_file *f, int64_t at, bool *found)
{
	struct vault_journal_state *j = &f->u.journal;
	uint8_t raw[VF_SECTOR] = {0};
	bool first = false, second = false, is_short;
	int rc = base_read(f, raw, sizeof(raw), at);

	*found = false;
	if (rc != SQLITE_OK && rc != SQLITE_IOERR_SHORT_READ)
		return rc;
	is_short = rc == SQLITE_IOERR_SHORT_READ;
	rc = slot_check(f, raw, &first);
	if (rc == SQLITE_OK)
		rc = slot_check(f, raw + VF_SLOT_1, &second);
	if (rc != SQLITE_OK)
		return rc;
	/* a header sector is written whole: less of it was cut off */
	if (is_short &&
	    (first || second || (at == 0 && !is_blank(raw, sizeof(raw)))))
		return vault_refuse(f->vault, ERR_TRUNCATED, SQLITE_IOERR_DATA);
	if (!first && !second) {
		if (at == 0 &&
		    (is_foreign(f, raw) || is_foreign(f, raw + VF_SLOT_1)))
			return vault_refuse(
			    f->vault, ERR_FOREIGN, SQLITE_IOERR_DATA);
		return SQLITE_OK;
	}
	if (at > 0 && j->has_instance &&
	    memcmp(raw + (second ? VF_SLOT_1 : 0) + SLOT_INSTANCE, j->instance,
		16) != 0)
		return SQLITE_OK; /* of an older journal below this one */
	*found = true;
	rc = adopt_slot(f, raw + (second ? VF_SLOT_1 : 0), at);
	if (rc == SQLITE_OK && !second && !is_blank(raw + VF_SLOT_1, VF_SLOT))
		rc = count_records(f, at);
	if (rc == SQLITE_OK && second)
		rc = check_next(f, at);
	return rc;
}

static int write_header(
    struct vault_file *f, const uint8_t *p, int n, int64_t at)
{
	struct vault_journal_state *j = &f->u.journal;
	uint8_t *sector;
	int rc;

	if (!f->db->has_key)
		return SQLITE_IOERR_WRITE;
	if (at == 0) {
		rc = vault_file_rekey(f, f->db->id);
		if (rc != SQLITE_OK)
			return rc;
		vault_random(j->instance, sizeof(j->instance));
		j->has_instance = true;
		j->heads_n = 0;
	}
	memcpy(j->header, p, VF_JOURNAL_HEADER);
	j->cached = -1;
	f->page_size = get_be32(p + 24);
	rc = note_head(j, at);
	if (rc != SQLITE_OK)
		return rc;
	sector = sqlite3_malloc(n);
	if (!sector)
		return SQLITE_NOMEM;
	memset(sector, 0, (size_t)n);
	slot_make(f, sector, p);
	rc = base_write(f, sector, n, at);
	sqlite3_free(sector);
	return rc;
}

/* The records are durable: magic and count go into the second slot. */
static int finish_header(struct vault_file *f, const uint8_t *p, int64_t at)
{
	struct vault_journal_state *j = &f->u.journal;
	uint8_t slot[VF_SLOT];
	bool found = true;
	int rc = SQLITE_OK;

	if (at != j->header_at)
		rc = load_header(f, at, &found);
	if (rc != SQLITE_OK || !found)
		return rc != SQLITE_OK ? rc : SQLITE_IOERR_WRITE;
	memcpy(j->header, p, 12);
	slot_make(f, slot, j->header);
	return base_write(f, slot, VF_SLOT, at + VF_SLOT_1);
}

static int wipe_header(struct vault_file *f, int64_t at)
{
	static const uint8_t zero[VF_SLOT_1 + VF_SLOT];

	f->u.journal.cached = -1;
	f->u.journal.header_at = -1;
	if (at == 0)
		f->u.journal.heads_n = 0;
	return base_write(f, zero, sizeof(zero), at);
}

/* ---- reads ---------------------------------------------------------- */

/* True when [at, at + n) is one of the three fields of a record. */
static bool is_field(const struct vault_file *f, int64_t at, int n, int *in)
{
	const struct vault_journal_state *j = &f->u.journal;
	int64_t first = head_of(j, at) + sector_of(j);

	if (!j->heads_n || !f->page_size || at < first)
		return false;
	*in = (int)((at - first) % record_size(f));
	return (n == 4 && (*in == 0 || *in == (int)f->page_size + 4)) ||
	       (*in == 4 && n == (int)f->page_size);
}

static int read_record(
    struct vault_file *f, uint8_t *p, int n, int64_t at, int in)
{
	bool is_lenient = f->u.journal.lenient;
	bool ok;
	int rc = load_record(f, at - in, &ok);

	if (rc == SQLITE_IOERR_SHORT_READ && !is_lenient)
		return vault_refuse(f->vault, ERR_TRUNCATED, SQLITE_IOERR_DATA);
	if (rc != SQLITE_OK)
		return rc;
	if (ok) {
		memcpy(p, f->scratch + in, (size_t)n);
	} else if (!is_lenient) {
		err_set(ERR_DAMAGED, "journal record at %lld does not verify",
		    (long long)(at - in));
		return vault_refuse(f->vault, ERR_DAMAGED, SQLITE_IOERR_DATA);
	}
	return SQLITE_OK; /* zeros end an unsynced journal */
}

/* Eight bytes: SQLite looks for the magic of a header. One byte: is there a
 * journal to roll back? */
static int read_magic(struct vault_file *f, uint8_t *p, int n, int64_t at)
{
	bool found;
	int rc = load_header(f, at, &found);

	if (rc == SQLITE_OK && found)
		memcpy(p, f->u.journal.header, (size_t)n);
	return rc;
}

static int read_header(struct vault_file *f, uint8_t *p, int n, int64_t at)
{
	struct vault_journal_state *j = &f->u.journal;
	int64_t head = head_of(j, at);
	bool found = true;
	int rc = SQLITE_OK;

	if (head < 0 || at + n > head + VF_JOURNAL_HEADER)
		return SQLITE_IOERR_READ;
	if (head != j->header_at)
		rc = load_header(f, head, &found);
	if (rc == SQLITE_OK && !found)
		rc = vault_refuse(f->vault, ERR_DAMAGED, SQLITE_IOERR_DATA);
	if (rc == SQLITE_OK)
		memcpy(p, j->header + (at - head), (size_t)n);
	return rc;
}

/* At the end of a journal SQLite looks for the name of a super-journal, which
 * only several files in one commit have: never in the product. */
static bool is_super_probe(int n, int64_t at, int64_t end)
{
	return (n == 4 && (at == end - 16 || at == end - 12)) ||
	       (n == 8 && at == end - 8);
}

static int journal_read(struct vault_file *f, uint8_t *p, int n, int64_t at)
{
	int in, rc = SQLITE_OK;
	int64_t end = 0;

	memset(p, 0, (size_t)n);
	if (!f->db)
		return SQLITE_IOERR_READ;
	if (!f->db->has_key)
		rc = vault_db_load(f->db);
	if (rc == SQLITE_OK)
		rc = base_size(f, &end);
	if (rc != SQLITE_OK)
		return rc;
	if (at + n > end)
		return SQLITE_IOERR_SHORT_READ;
	if (is_super_probe(n, at, end))
		return f->vault->is_shared ? base_read(f, p, n, at) : SQLITE_OK;
	if (n == 1 || n == 8)
		return read_magic(f, p, n, at);
	if (is_field(f, at, n, &in))
		return read_record(f, p, n, at, in);
	if (n == 4)
		return read_header(f, p, n, at);
	return f->vault->is_shared ? base_read(f, p, n, at) : SQLITE_IOERR_READ;
}

/* ---- writes --------------------------------------------------------- */

/* The name of a super-journal: a page number that no record has, then a name
 * where a page would be, a sum, magic. Only SQLite's own tests commit to
 * several files at once, and only they get it, in clear. */
static int write_super(
    struct vault_file *f, const uint8_t *p, int n, int64_t at)
{
	struct vault_journal_state *j = &f->u.journal;
	int rc = SQLITE_OK;

	if (!f->vault->is_shared)
		return SQLITE_IOERR_WRITE;
	if (j->super_at < 0) {
		if (j->pending >= 0 && at == j->pending + 4)
			rc = base_write(f, f->gather, 4, j->pending);
		j->super_at = at;
		j->pending = -1;
	}
	return rc == SQLITE_OK ? base_write(f, p, n, at) : rc;
}

static int gather(struct vault_file *f, const uint8_t *p, int n, int64_t at)
{
	struct vault_journal_state *j = &f->u.journal;

	if (j->fill == 4 && (uint32_t)n != f->page_size)
		return write_super(f, p, n, at);
	if (j->fill + (uint32_t)n > record_size(f))
		return SQLITE_IOERR_WRITE;
	memcpy(f->gather + j->fill, p, (size_t)n);
	j->fill += (uint32_t)n;
	return j->fill == record_size(f) ? write_record(f) : SQLITE_OK;
}

static int start_record(struct vault_file *f, const uint8_t *p, int64_t at)
{
	int rc = vault_buffer(&f->gather, &f->gather_len, record_size(f));

	if (rc != SQLITE_OK)
		return rc;
	f->u.journal.pending = at;
	f->u.journal.fill = 0;
	return gather(f, p, 4, at);
}

/* SQLite repeats the header through its sector; zeros keep the length. */
static int pad_sector(struct vault_file *f, int n, int64_t at)
{
	uint8_t *zero = sqlite3_malloc(n);
	int rc;

	if (!zero)
		return SQLITE_NOMEM;
	memset(zero, 0, (size_t)n);
	rc = base_write(f, zero, n, at);
	sqlite3_free(zero);
	return rc;
}

static int write_other(
    struct vault_file *f, const uint8_t *p, int n, int64_t at)
{
	struct vault_journal_state *j = &f->u.journal;

	if (n == 12 && head_of(j, at) == at)
		return finish_header(f, p, at);
	if (n == 1 || (n == VF_JOURNAL_HEADER && is_blank(p, (size_t)n)))
		return wipe_header(f, at);
	if (n >= 512 && j->header_at >= 0 && at > j->header_at &&
	    at + n <= j->header_at + sector_of(j))
		return pad_sector(f, n, at);
	if (n >= 512)
		return write_header(f, p, n, at);
	if (n == 4)
		return write_super(f, p, n, at);
	return vault_refuse(f->vault, ERR_FORMAT, SQLITE_IOERR_WRITE);
}

static int journal_write(
    struct vault_file *f, const uint8_t *p, int n, int64_t at)
{
	struct vault_journal_state *j = &f->u.journal;
	int in = 0, rc = SQLITE_OK;

	if (!f->db)
		return SQLITE_IOERR_WRITE;
	if (!f->db->has_key)
		rc = vault_db_claim(f->db);
	if (rc != SQLITE_OK)
		return rc;
	if (j->pending >= 0 && at == j->pending + j->fill)
		return gather(f, p, n, at);
	if (j->super_at >= 0 && at > j->super_at)
		return write_super(f, p, n, at);
	if (is_field(f, at, n, &in) && in == 0)
		return start_record(f, p, at);
	return write_other(f, p, n, at);
}

static int journal_truncate(struct vault_file *f, int64_t size)
{
	struct vault_journal_state *j = &f->u.journal;

	j->pending = -1;
	j->cached = -1;
	j->super_at = -1;
	if (size == 0)
		j->header_at = -1;
	return f->base->pMethods->xTruncate(f->base, size);
}

const struct vault_ops vault_journal_ops = {
    journal_read, journal_write, journal_truncate, base_size};
