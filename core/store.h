/*
 * store.h - one encrypted SQLite file: opened, migrated, locked by this
 * process; transactions; queries by name from schemas/query. View tables
 * (v_*) can be written through fold.h alone, which SQLite's authorizer
 * enforces. Knows nothing of what the tables mean.
 */
#ifndef SUIFANG_STORE_H
#define SUIFANG_STORE_H

#include "core/base.h"
#include "core/stmt.h"
#include "queries.h"

struct store;

struct store_opts {
	const char *path;
	const uint8_t *key;   /* 32 bytes; copied, the caller wipes its own */
	const char *base_vfs; /* below the vault; NULL = the system's */
	bool must_exist;
};

/* Opens or creates, migrates the truth, creates the view. The process owns
 * the file until close. ERR_IN_USE, ERR_WRONG_KEY, ERR_NEWER and the vault's
 * other codes. */
NODISCARD int store_open(struct store **out, const struct store_opts *opts);
void store_close(struct store **store);

/* The file's log ended in an unfinished save when it was opened. */
bool store_was_cut(const struct store *store);

/* One transaction at a time; commit is durable (one fsync) on return and
 * raises the generation. rollback is harmless outside one. */
NODISCARD int store_begin(struct store *store);
NODISCARD int store_commit(struct store *store);
void store_rollback(struct store *store);
/* For what somebody else holds and gives again: in the view on return, and
 * durable once store_is_durable says 1 (0: not yet; ERR_IO: it never will be,
 * and nothing is written any more). The next commit waits for that. */
NODISCARD int store_commit_later(struct store *store);
NODISCARD int store_is_durable(struct store *store);

/* There is time, nobody waits: copies a journal that has grown. */
void store_rest(struct store *store);

/* Overwrites what the journal still holds of deleted rows. Outside a
 * transaction. */
NODISCARD int store_scrub(struct store *store);
/* Very much is about to be written: the journal grows to 256 MB before it is
 * copied into the file, not after every few commits, and with rests in
 * between to 64. Once it is over, which must be said, the next rest copies
 * what is left, or the one after that when it cannot. */
void store_flood(struct store *store, bool is_on);

/* A part of a transaction that can be taken back by itself. result is what
 * the part returned: negative takes it back. Returns result, or the store's
 * own error. */
NODISCARD int store_savepoint(struct store *store);
NODISCARD int store_savepoint_end(struct store *store, int result);

/* Grows with every commit; a screen that shows an older one queries again. */
uint64_t store_generation(const struct store *store);

/* True when the view's definition changed since it was filled: rebuild. */
bool store_view_is_stale(const struct store *store);

/* Empties the view and marks it filled; for rebuild, in a transaction. */
NODISCARD int store_view_reset(struct store *store);
NODISCARD int store_view_filled(struct store *store);

/* The named query, reset and unbound; never NULL. A failure to prepare it
 * shows at the first step. Owned by the store; one use at a time. */
struct stmt *store_query(struct store *store, enum query_id id);

/* All rows of one view table in key order, all columns. *out is the
 * caller's, freed with stmt_free. name must be a view table. */
NODISCARD int store_view_rows(
    struct stmt **out, struct store *store, const char *name);

/* Small durable values by name; inside the caller's transaction if any. */
NODISCARD int store_meta_get_int(
    struct store *store, const char *name, int64_t fallback, int64_t *out);
NODISCARD int store_meta_set_int(
    struct store *store, const char *name, int64_t value);
/* Fills exactly n bytes; ERR_NOT_FOUND when absent. */
NODISCARD int store_meta_get(
    struct store *store, const char *name, void *out, size_t n);
NODISCARD int store_meta_set(
    struct store *store, const char *name, const void *value, size_t n);

#endif
