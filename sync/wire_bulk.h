/*
 * wire_bulk.h - the messages that speak of many things at once: proofs of
 * many leaves, the keys of many streams, the lease on all of them, the team's
 * directory. The rules of wire.h hold: bounded, exact, borrowed. Must not
 * know what messages mean.
 */
#ifndef SUIFANG_SYNC_WIRE_BULK_H
#define SUIFANG_SYNC_WIRE_BULK_H

#include "core/base.h"
#include "core/buf.h"
#include "sync/wire.h"

#define WIRE_ATTEST_MAX 1024  /* leaves in one message */
#define WIRE_PROOF_MAX 786432 /* bytes of their proof */
#define WIRE_ROWS_MAX 917504  /* bytes of rows in one message */
#define WIRE_NAME_MAX 64      /* a masked name */
#define WIRE_PHONES_MAX 16    /* numbers of one patient */
#define WIRE_PHONE 16         /* keyed hash of a number */

/* What ASK asks for. */
#define ASK_LEASES 1
#define ASK_DIRECTORY 2

/* These leaves are in the tree of the last BASIS. */
struct msg_attest {
	uint32_t count;
	const uint8_t *positions; /* count times u64, ascending */
	const uint8_t *leaves;    /* count times 32 */
	const uint8_t *proof;
	size_t proof_len;
};

/* Keys of many streams: rows of stream 16 | u8 n | n x 32. */
struct msg_leases {
	uint32_t count;
	const uint8_t *rows;
	size_t rows_len;
};

/* Everything of a stream up to a position has been sent. */
struct msg_stream {
	uint64_t n;
	uint64_t upto;
	uint64_t parts; /* records that came as PART */
	struct id stream;
};

/* All keys whose set has this digest may be used for so long. */
struct msg_lease {
	struct hash digest;
	uint64_t len_s; /* 0: without end */
	struct hash directory;
};

/* Rows of stream 16 | u8 n | name | u8 n | n x 16. */
struct msg_directory {
	uint8_t is_first, is_last;
	uint8_t key[32];
	uint32_t count;
	const uint8_t *rows;
	size_t rows_len;
};

struct wire_person {
	struct id stream;
	const char *name; /* not terminated */
	size_t name_len;
	const uint8_t *phones;
	size_t phones_count;
};

/* A RECORD that is part of the STREAM with number n that follows. */
void wire_part(struct buf *out, const struct msg_record *m);
void wire_basis(struct buf *out, const struct msg_checkpoint *m);
void wire_attest(struct buf *out, const struct msg_attest *m);
void wire_leases(struct buf *out, const struct msg_leases *m);
void wire_stream(struct buf *out, const struct msg_stream *m);
void wire_lease(struct buf *out, const struct msg_lease *m);
void wire_directory(struct buf *out, const struct msg_directory *m);
/* A row each, for rows. keys->n is not part of it. */
void wire_put_keys(struct buf *rows, const struct msg_keys *keys);
void wire_put_person(struct buf *rows, const struct wire_person *person);

/* All: ERR_PROTOCOL. */
NODISCARD int wire_read_attest(
    struct msg_attest *out, const void *data, size_t n);
NODISCARD int wire_read_leases(
    struct msg_leases *out, const void *data, size_t n);
NODISCARD int wire_read_stream(
    struct msg_stream *out, const void *data, size_t n);
NODISCARD int wire_read_lease(
    struct msg_lease *out, const void *data, size_t n);
NODISCARD int wire_read_directory(
    struct msg_directory *out, const void *data, size_t n);

/* The next row; false when it does not fit (rows->bad) or at the end. */
bool wire_next_keys(struct msg_keys *out, struct reader *rows);
bool wire_next_person(struct wire_person *out, struct reader *rows);

#endif
