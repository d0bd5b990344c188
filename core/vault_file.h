/*
 * vault_file.h - one open file as the vault's VFS sees it, and what each kind
 * of file (database, log, journal, temporary) does on read and write.
 * Included by core/vault*.c only.
 */
#ifndef SUIFANG_VAULT_FILE_H
#define SUIFANG_VAULT_FILE_H

#include "core/vault_int.h"
#include "core/vault_later.h"

struct vault_wal {
	uint8_t header[VF_WAL_HEADER]; /* as SQLite wrote it */
	bool has_header;
	uint32_t page_size;
	int64_t own_end;     /* end of the frames this handle wrote */
	int64_t pending;     /* offset of the frame being gathered, or -1 */
	uint32_t fill;       /* bytes of it in the gather buffer */
	int64_t *unfinished; /* frames that still wait for their salts */
	uint32_t unfinished_n;
	int64_t commit_at; /* last frame that ends a save */
	/* Sealed frames that follow each other and are written in one call:
	 * a write that ends within a block of a growing file costs the system
	 * that block twice. Never past a sync or a read. */
	uint8_t *run;
	uint32_t run_len, run_size; /* used; room */
	int64_t run_at;             /* where it goes, when run_len > 0 */
	struct vault_later later;
};

struct vault_journal_state {
	uint8_t header[VF_JOURNAL_HEADER];
	uint8_t instance[16];
	bool has_instance;
	int64_t header_at; /* offset of the header in hand, or -1 */
	int64_t *heads;    /* offsets of all headers met */
	uint32_t heads_n;
	int64_t super_at; /* where a super-journal's name starts, or -1 */
	int64_t pending;  /* record being gathered, or -1 */
	uint32_t fill;
	int64_t cached; /* record in the scratch buffer, or -1 */
	bool lenient;   /* records were never synced: a bad one ends */
};

struct vault_temp_state {
	int64_t size;
	int64_t block; /* in the scratch buffer, or -1 */
	bool is_dirty;
};

struct vault_file {
	sqlite3_file file;
	struct vault *vault;
	sqlite3_file *base;
	enum vault_kind kind;
	struct vault_file *db;   /* of a log or journal: its database */
	struct vault_file *next; /* of the vault's databases, or logs */
	struct vault_file **back;
	const char *name;
	uint8_t *key; /* subkey; valid when has_key */
	bool has_key;
	uint8_t id[VF_ID]; /* the key was derived for it */
	uint8_t clear[VF_CLEAR];
	uint32_t page_size; /* 0: not known yet */
	int64_t size;       /* database: known end of the file */
	int lock;
	sqlite3 **conn; /* the connection that uses it now */
	uint8_t *scratch;
	uint32_t scratch_len;
	uint8_t *gather;
	uint32_t gather_len;
	union {
		struct vault_wal wal;
		struct vault_journal_state journal;
		struct vault_temp_state temp;
	} u;
};

static inline int base_read(struct vault_file *f, void *p, int n, int64_t at)
{
	return f->base->pMethods->xRead(f->base, p, n, at);
}
static inline int base_write(
    struct vault_file *f, const void *p, int n, int64_t at)
{
	return f->base->pMethods->xWrite(f->base, p, n, at);
}
static inline int base_size(struct vault_file *f, int64_t *out)
{
	sqlite3_int64 n = 0;
	int rc = f->base->pMethods->xFileSize(f->base, &n);
	*out = n;
	return rc;
}

/* A file outside any connection, for checking. The caller sets db of a log.
 * Names come from sqlite3_create_filename. */
int vault_file_open(
    struct vault_file **out, struct vault *v, sqlite3_filename name, int flags);
void vault_file_close(struct vault_file **f);

/* Open databases and logs; adding a log finds its database. */
bool vault_is_log(const struct vault_file *f);
void vault_list_add(struct vault_file *f, const char *name);
void vault_list_remove(struct vault_file *f);

/* Grows *p to at least need bytes; SQLITE_NOMEM when that fails. */
int vault_buffer(uint8_t **p, uint32_t *len, uint32_t need);
/* Derives the subkey of a log or journal from its database's id. */
int vault_file_rekey(struct vault_file *f, const uint8_t id[VF_ID]);

/* How each kind of file reads, writes, truncates. SQLite codes. */
struct vault_ops {
	int (*read)(struct vault_file *, uint8_t *, int, int64_t);
	int (*write)(struct vault_file *, const uint8_t *, int, int64_t);
	int (*truncate)(struct vault_file *, int64_t);
	int (*size)(struct vault_file *, int64_t *);
};
extern const struct vault_ops vault_db_ops;
extern const struct vault_ops vault_wal_ops;
extern const struct vault_ops vault_journal_ops;
extern const struct vault_ops vault_temp_ops;
extern const struct vault_ops vault_clear_ops;

/* Database: reads the clear head; sets id, page size and key. */
int vault_db_load(struct vault_file *f);
/* Chooses the id of a new file. */
int vault_db_claim(struct vault_file *f);
/* Pages that page 1 counts; false when page 1 does not verify. */
bool vault_db_counted(struct vault_file *f, uint32_t *out);
/* Opens a raw page in place; false when it does not verify. */
bool vault_db_unseal(struct vault_file *f, uint8_t *page, uint32_t pgno);

/* SQLite's log checksum over n bytes (a multiple of 8) after s[2]. */
void vault_wal_sum(uint32_t s[2], const uint8_t *p, size_t n, bool is_big);
bool vault_wal_header_ok(struct vault_file *f, uint8_t header[VF_WAL_HEADER]);
/* SQLITE_OK when frames of the current generation hold every page of
 * [from, to]; otherwise refuses as truncated. f may be no log at all. */
int vault_wal_covers(struct vault_file *f, uint32_t from, uint32_t to);
/* Writes the sealed frames that are held back. */
int vault_wal_flush(struct vault_file *f);
/* SQLITE_OK when every frame up to the last save is finished. */
int vault_wal_may_sync(struct vault_file *f);
/* Unseals a frame image of 24 + page size bytes in place. */
bool vault_wal_unseal(struct vault_file *f, uint8_t *frame, int64_t at);

#endif
