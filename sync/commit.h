/*
 * commit.h - a record as the git commit that its author signed: canonical
 * bytes out of values and back, its two names, signing and checking, and the
 * associated data of its boxes. Must not know storage or who may say what.
 * Format: docs/LOG.md.
 */
#ifndef SUIFANG_SYNC_COMMIT_H
#define SUIFANG_SYNC_COMMIT_H

#include "core/base.h"
#include "core/buf.h"
#include "keys/identity.h"
#include "sync/record.h"

#define COMMIT_MAX 65536 /* no canonical commit is longer */
#define COMMIT_EMPTY_TREE "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

/* Both names of a commit. hash decides, git is what stock tools show. */
struct commit_name {
	struct hash hash; /* BLAKE2b-256 of the full bytes */
	struct sha1 git;
};

/* Makes the git library ready; call once in each main. ERR_NO_MEMORY. */
NODISCARD int commit_init(void);

/* Appends the canonical bytes of a checked, signed record. pk is the seat's
 * Ed25519 key, which the frame leaves out: it comes from the seat's grant. */
void commit_write(struct buf *out, const struct record *r,
    const uint8_t pk[SIGN_PUBLIC]) NONNULL;

/* Appends what the author signs: the commit without its gpgsig header. */
void commit_write_payload(struct buf *out, const struct record *r) NONNULL;

/* Total: out and pk such that commit_write gives exactly these bytes, or
 * ERR_FORMAT, ERR_TOO_LARGE. The signature is not yet checked; *out is
 * undefined on error. */
NODISCARD int commit_parse(
    struct record *out, uint8_t pk[SIGN_PUBLIC], const void *bytes, size_t n);

void commit_name_of(struct commit_name *out, const void *bytes, size_t n);

/* git's name of any blob or tree. */
void commit_blob_name(struct sha1 *out, const void *data, size_t n);
void commit_tree_name(struct sha1 *out, const void *data, size_t n);

/* Signs a record whose other values are final and whose org and seat are the
 * identity's. ERR_FORMAT, ERR_TOO_LARGE as record_check. */
NODISCARD int commit_sign(
    struct record *r, const struct identity *identity) NONNULL;

/* ERR_SIGNATURE when pk did not sign these values; err_detail names the
 * record. scratch is cleared and reused. */
NODISCARD int commit_verify(const struct record *r,
    const uint8_t pk[SIGN_PUBLIC], struct buf *scratch) NONNULL;

/* The same, and the names of what is signed. */
NODISCARD int commit_check(struct commit_name *name, const struct record *r,
    const uint8_t pk[SIGN_PUBLIC], struct buf *scratch) NONNULL;

/* Commit bytes from outside (an export) that must be a record signed by pk:
 * commit_parse, then ERR_SIGNATURE also when the bytes name another key. */
NODISCARD int commit_accept(struct record *out, const uint8_t pk[SIGN_PUBLIC],
    const struct buf *bytes, struct buf *scratch) NONNULL;

/* Appends the associated data of the box of entry index (from 0): "sf-box/1"
 * NUL, the lines from "sf-record 1" to "entries", the entry's own line up to
 * and including the kid, no space after it. Needs no len, box or signature,
 * so it can be asked for before sealing. */
void commit_box_ad(
    struct buf *out, const struct record *r, uint32_t index) NONNULL;

#endif
