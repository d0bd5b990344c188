/*
 * gitodb.h - records as objects of the git library: frames served as
 * commits through our own backend, and exported repositories read back. The
 * only place where git's object model is seen. Must not know the store, the
 * roster or verdicts.
 */
#ifndef SUIFANG_SYNC_GITODB_H
#define SUIFANG_SYNC_GITODB_H

#include "core/base.h"
#include "core/buf.h"
#include "keys/identity.h"
#include "sync/record.h"

struct gitodb;

/* Where frames are kept. */
struct gitodb_source {
	/* Appends the frame of the record that git calls name and tells its
	 * seat's signing key. ERR_NOT_FOUND, or the store's error. */
	int (*frame)(void *ctx, struct buf *out, uint8_t pk[SIGN_PUBLIC],
	    const struct sha1 *name);
	/* The newest record of a seat. ERR_NOT_FOUND without one. */
	int (*tip)(void *ctx, struct sha1 *out, const struct id *seat);
	void *ctx;
};

/* Serves a source; *source is copied, its ctx borrowed. */
NODISCARD int gitodb_serve(
    struct gitodb **out, const struct gitodb_source *source) NONNULL;

/* Opens a bare repository that an export or its clone made. ERR_NOT_FOUND,
 * ERR_FORMAT when it is not one. */
NODISCARD int gitodb_open(struct gitodb **out, const char *dir) NONNULL;
void gitodb_close(struct gitodb **db) NONNULL;

/* Appends the commit's bytes; the library has checked their SHA-1.
 * ERR_NOT_FOUND, ERR_DAMAGED. */
NODISCARD int gitodb_read(
    struct gitodb *db, struct buf *out, const struct sha1 *name) NONNULL;

/* Appends a box by its own hash, from refs/notes/boxes of a repository.
 * ERR_NOT_FOUND when it is not there, ERR_DAMAGED. */
NODISCARD int gitodb_box(
    struct gitodb *db, struct buf *out, const struct hash *box) NONNULL;

/* The newest record of a seat. ERR_NOT_FOUND. */
NODISCARD int gitodb_tip(
    struct gitodb *db, struct sha1 *out, const struct id *seat) NONNULL;

/* The seat's records from the newest to the first, through the library's own
 * walk; stops when visit returns other than 0 and returns that. */
NODISCARD int gitodb_walk(struct gitodb *db, const struct sha1 *tip,
    int (*visit)(void *ctx, const struct sha1 *name), void *ctx);

/* Every ref of a repository: its full name and what it points to. */
NODISCARD int gitodb_each_ref(struct gitodb *db,
    int (*visit)(void *ctx, const char *ref, const struct sha1 *name),
    void *ctx);

#endif
