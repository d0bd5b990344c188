/*
 * record.h - one signed record as values, and its compact frame, the form on
 * the wire and in the store. Must not know git's text (commit.h), keys, or
 * who may say what. Format: docs/LOG.md.
 */
#ifndef SUIFANG_SYNC_RECORD_H
#define SUIFANG_SYNC_RECORD_H

#include "core/base.h"
#include "core/buf.h"
#include "keys/sha1.h"

#define RECORD_ENTRIES_MAX 256
#define RECORD_KIND_MAX 32
#define RECORD_SIZE_MAX (900 * 1024) /* commit and boxes together */
#define RECORD_AT_MAX INT64_C(253402300799)
#define RECORD_FRAME_MAX 49152
#define RECORD_NAME 54 /* "<seat hex>-<seq>" and the NUL */

enum record_mode {
	MODE_STREAM = 'S', /* sealed under the stream's key */
	MODE_NEW = 'N',    /* under a key of the author, sealed to the node */
	MODE_CLEAR = 'C'   /* the box is the body */
};

struct record_entry {
	char kind[RECORD_KIND_MAX + 1]; /* [a-z0-9.]{1,32} */
	char mode;                      /* enum record_mode */
	uint32_t len;                   /* bytes of the box */
	uint64_t version;               /* of the kind's body schema */
	struct id stream;
	struct hash kid; /* zeros in mode C */
	struct hash box; /* BLAKE2b-256 of the box */
};

/* Newest node checkpoint that the seat had verified; zeros before it. */
struct record_seen {
	uint64_t incarnation;
	uint64_t size;
	struct hash root;
};

/*
 * Plain data, about 32 kB: keep one and reuse it. Only entries[0..count) are
 * meaningful; record_copy copies no more than those.
 */
struct record {
	struct id org;
	struct id seat;
	uint64_t seq;       /* from 1 */
	struct hash prev;   /* BLAKE2b-256 of the commit before; zeros at 1 */
	struct sha1 parent; /* its SHA-1; zeros at 1 */
	uint64_t lamport;
	struct record_seen seen;
	int64_t at_s; /* the author's clock, seconds UTC */
	uint8_t signature[64];
	uint32_t count;
	struct record_entry entries[RECORD_ENTRIES_MAX];
};

/* Ranges, caps and the rules of the first record. ERR_FORMAT, ERR_TOO_LARGE;
 * err_detail names the field. */
NODISCARD int record_check(const struct record *r) NONNULL;

/* Appends the frame of a record that passes record_check. */
void record_write(struct buf *out, const struct record *r) NONNULL;

/* Total: any bytes give a checked record or ERR_FORMAT, ERR_TOO_LARGE. There
 * is exactly one frame of a record. Content of *out is undefined on error. */
NODISCARD int record_read(struct record *out, const void *frame, size_t n);

void record_copy(struct record *out, const struct record *r) NONNULL;

/* Bytes of the record's commit, signature header included. */
size_t record_commit_size(const struct record *r) NONNULL;

/* For messages to the operator. */
void record_name(char out[RECORD_NAME], const struct record *r) NONNULL;

/* 0 when data is the box that the entry commits to; ERR_DAMAGED. */
NODISCARD int record_box_check(
    const struct record_entry *entry, const void *data, size_t n) NONNULL;

int sha1_cmp(const struct sha1 *a, const struct sha1 *b) NONNULL;
void sha1_hex(char out[SHA1_HEX], const struct sha1 *sha1) NONNULL;

#endif
