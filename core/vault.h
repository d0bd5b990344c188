/*
 * vault.h - one encrypted SQLite file: opening, closing, checking, re-keying.
 * Every page, log frame, journal record and temporary block is sealed with
 * XChaCha20-Poly1305 by a VFS on the system's SQLite; there is no clear mode.
 * Byte layout and limits: docs/VAULT.md. Knows nothing of tables or of where
 * the key comes from.
 */
#ifndef SUIFANG_VAULT_H
#define SUIFANG_VAULT_H

#include "core/base.h"
#include "core/buf.h"

struct sqlite3;

#define VAULT_KEY 32
#define VAULT_RESERVE 40 /* bytes of each page that hold nonce and tag */

enum vault_journal {
	VAULT_WAL,
	VAULT_DELETE
};

/* All zero is the product's choice, measured in docs/DECISIONS.md. */
struct vault_opts {
	const char *base_vfs; /* VFS below the vault; NULL: the system's */
	uint32_t page_size;   /* of a new file; 0: 4096 */
	uint32_t cache_kib;   /* page cache; 0: 65536 */
	enum vault_journal journal;
	bool must_exist; /* ERR_NOT_FOUND instead of a new file */
};

/*
 * Opens or creates path and claims it for this process until vault_close;
 * opts may be NULL. Recovery after a crash has happened when it returns.
 * SQLite settings that follow from the promise (FULL, EXCLUSIVE, no clear
 * temporary files) are set; do not change them.
 * Errors: ERR_WRONG_KEY, ERR_PLAINTEXT, ERR_NEWER, ERR_FOREIGN, ERR_DAMAGED,
 * ERR_TRUNCATED, ERR_IN_USE, ERR_NO_SPACE, ERR_READ_ONLY, ERR_NOT_FOUND,
 * ERR_NO_MEMORY, ERR_IO. On an error nothing was written over the evidence.
 */
NODISCARD int vault_open(struct sqlite3 **out, const char *path,
    const uint8_t key[VAULT_KEY], const struct vault_opts *opts);

/* Checkpoints, closes, wipes the key; *db becomes NULL. Every statement must
 * be finalized first: ERR_IN_USE, and nothing happens, when one is not. */
int vault_close(struct sqlite3 **db) NONNULL;

/* ERR_ code of a failed SQLite call on db, where the vault knows more than
 * SQLite's own code says. rc is what the call returned; 0, ROW, DONE: 0. */
int vault_error(struct sqlite3 *db, int rc) NONNULL;

/* Whether the next save of db returns before it is durable: its sync goes on
 * beside the caller, and whatever is written after it waits for it. Holds for
 * one save; a checkpoint is always durable. */
void vault_sync_later(struct sqlite3 *db, bool may) NONNULL;
/* 1: all that was saved is durable; 0: not yet; ERR_IO: the sync failed, and
 * db takes no more writes until it is opened again. */
NODISCARD int vault_is_synced(struct sqlite3 *db) NONNULL;

/* What recovery met. */
struct vault_status {
	uint8_t file_id[16]; /* changes with every re-key */
	/* The log ended at bytes that do not verify: an unfinished save was
	 * cut by a power failure, or the last save was damaged. The caller
	 * compares its newest record with the last receipt. */
	bool was_cut;
	int refused; /* ERR_ code of the first page refused, 0: none */
};
void vault_status(struct vault_status *out, struct sqlite3 *db) NONNULL;

/* Every page and frame of a file that no one has open. */
struct vault_report {
	uint64_t pages;
	uint64_t bad_pages;
	uint64_t first_bad[8];  /* page numbers */
	uint64_t missing_pages; /* that page 1 counts and the file lacks */
	uint64_t frames;        /* log frames of the current generation */
	uint64_t bad_frames;
	uint64_t tail_frames; /* at the end, cut or damaged: no way to tell */
	uint64_t commits;     /* frames that end a save */
	bool log_is_foreign;  /* the log beside the file is not its own */
	bool has_journal;     /* an unfinished rollback waits */
	uint32_t page_size;
	uint8_t version;
};

/* Reads path and its log, writes nothing. 0 when all verifies; ERR_DAMAGED
 * when the report counts anything bad, ERR_FOREIGN when only the log is not
 * its own, ERR_TRUNCATED when only the end of the log does not verify (*out
 * is set for the three); otherwise a code of vault_open, and *out untouched.
 * base_vfs may be NULL. */
NODISCARD int vault_check(struct vault_report *out, const char *path,
    const uint8_t key[VAULT_KEY], const char *base_vfs);

/* The report in the person's language, a few lines, appended to out. */
void vault_report_text(struct buf *out, const struct vault_report *r);

struct vault_rekey {
	const uint8_t *old_key;
	const uint8_t *new_key;
	const char *base_vfs; /* NULL: the system's */
	/* Durable atomic rename for a base VFS that is no file system; 0 or
	 * an ERR_ code. NULL: the system's, with the folder synced. */
	int (*rename)(const char *from, const char *to);
};

/* Writes the whole file anew under another key and file id, verifies it and
 * puts it in the place of the old one; the old one stays whole until then.
 * The file must not be open. Errors as vault_open. */
NODISCARD int vault_rekey(const char *path, const struct vault_rekey *keys);

#endif
