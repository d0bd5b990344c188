/*
 * store_impl.h - inside of a store, for the three files that speak to SQLite:
 * store.c, stmt.c and fold.c. Nobody else includes it but tests that look
 * beneath.
 */
#ifndef SUIFANG_STORE_IMPL_H
#define SUIFANG_STORE_IMPL_H

#include "core/base.h"
#include "queries.h"

#include <sqlite3.h>

/* Ids, hashes and short words are bound where they lie here: SQLite's own
 * copy would be an allocation each. */
#define STMT_KEPT 160
#define STMT_NAMES 14

struct stmt {
	sqlite3_stmt *handle;
	int err;       /* why it could not be prepared or bound, else 0 */
	bool is_dirty; /* bound or stepped since it was reset */
	uint8_t bound; /* the parameter that was bound last, from 1 */
	/* Literals by which parameters were bound before, from 1. */
	const char *names[STMT_NAMES];
	uint8_t kept_len;
	uint8_t kept[STMT_KEPT];
};

/* What every save says; kept compiled. */
enum txn {
	TXN_BEGIN,
	TXN_COMMIT,
	TXN_PART,
	TXN_PART_KEEP,
	TXN_COUNT
};

struct store {
	sqlite3 *db;
	struct stmt txns[TXN_COUNT];
	struct stmt queries[Q_COUNT + 1];
	uint64_t generation;
	int journal_pages; /* after the last commit */
	bool gate_is_open; /* fold is preparing a write to the view */
	bool view_is_stale;
	bool is_flooded; /* the journal is let grow */
	bool is_ebbing;  /* until the next rest, then no more */
	bool is_in_txn;  /* begun, and neither committed nor taken back */
};

/* Our code for SQLite's result, with operator detail set. */
int store_error(sqlite3 *db, int rc);
int store_error_of(sqlite3_stmt *handle, int rc);
/* Runs several statements without parameters. */
int store_exec(struct store *store, const char *sql);
int stmt_prepare(
    struct store *store, struct stmt *out, const char *sql, const char **tail);

/* Binds a copy of text or of bytes to parameter i; SQLite's code. */
int stmt_copy(struct stmt *s, int i, const char *text);
int stmt_copy_bytes(struct stmt *s, int i, const void *data, size_t n);

/* A statement of schemas/txn over one view table; the caller's. */
int store_view_prepare(struct stmt **out, struct store *store,
    const char *template, const char *table);

#endif
