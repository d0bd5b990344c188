/*
 * wire.h - messages of a session as bytes: u8 number, then the fields in the
 * order of the struct, big-endian, every block led by its u32 length, and
 * nothing after the last. Decoding borrows from the message and refuses what
 * is short, long, or out of bounds. Must not know what messages mean.
 */
#ifndef SUIFANG_SYNC_WIRE_H
#define SUIFANG_SYNC_WIRE_H

#include "core/base.h"
#include "core/buf.h"
#include "keys/sign.h"
#include "sync/ledger.h"

enum msg {
#define X(name, number, direction) MSG_##name = (number),
#include "sync/msgs.def"
#undef X
	MSG_NONE = 0
};

#define WIRE_KEYS_MAX 64   /* keys of one stream in one message */
#define WIRE_NOTE_MAX 2048 /* a checkpoint's text */
#define WIRE_BOXES_MAX (920 * 1024)

/* Where a seat stands; signed, which binds its log key to the channel. */
struct msg_hello {
	struct id seat;
	uint64_t seq; /* own newest record and its name */
	struct hash record;
	uint64_t feed; /* newest feed item taken, and the chain there */
	struct hash chain;
	uint64_t size; /* newest checkpoint verified */
	uint64_t unsent;
	uint8_t signature[SIGNATURE];
};

enum welcome_feed {
	WELCOME_ANEW, /* the feed begins again at item 1 */
	WELCOME_CONTINUES,
	WELCOME_RECOVERING, /* no feed until the recovery is closed */
	WELCOME_GIVES       /* no feed: the seat is revoked and only gives */
};

/* The node's answer: what it has of that seat. */
struct msg_welcome {
	struct id node;
	uint64_t seq;
	struct hash record;
	uint8_t feed; /* enum welcome_feed */
	uint64_t size;
	int64_t now_s;
	uint8_t signature[SIGNATURE];
};

struct msg_give {
	const uint8_t *frame;
	size_t frame_len;
	const uint8_t *seals;
	size_t seals_len;
	struct boxes boxes;
};

/* Everything of a seat up to seq is durable at the node. */
struct msg_receipt {
	struct id seat;
	uint64_t seq;
	struct hash record;
	uint8_t signature[SIGNATURE];
};

/* A feed item that carries a record; an own record comes without frame. */
struct msg_record {
	uint64_t n;
	struct leaf leaf;
	struct msg_give give;
};

struct msg_keys {
	uint64_t n;
	struct id stream;
	uint32_t count;
	const uint8_t *keys; /* count times 32 bytes */
};

struct msg_withdraw {
	uint64_t n;
	struct id stream;
};

struct msg_checkpoint {
	const uint8_t *note;
	size_t note_len;
	const uint8_t *proof; /* growth since the checkpoint the peer has */
	size_t proof_len;
};

void wire_hello(struct buf *out, const struct msg_hello *m);
void wire_welcome(struct buf *out, const struct msg_welcome *m);
void wire_give(struct buf *out, const struct msg_give *m);
void wire_receipt(struct buf *out, const struct msg_receipt *m);
void wire_record(struct buf *out, const struct msg_record *m);
/* keys are appended by the caller's loop: header first. */
void wire_keys(struct buf *out, const struct msg_keys *m);
void wire_withdraw(struct buf *out, const struct msg_withdraw *m);
void wire_checkpoint(struct buf *out, const struct msg_checkpoint *m);
/* A parcel as it stands in GIVE, RECORD, OFFER and BRANCH. Reading marks in
 * as bad where it does not fit. */
void wire_give_body(struct buf *out, const struct msg_give *m);
void wire_read_give_body(struct msg_give *out, struct reader *in);
/* The record of a parcel as a ledger takes it; borrows from m. */
struct incoming wire_incoming(const struct msg_give *m);
/* A leaf as it stands in RECORD, OFFER and PROOF. */
void wire_leaf(struct buf *out, const struct leaf *leaf);
NODISCARD int wire_read_leaf(struct leaf *out, struct reader *in);
/* TOOK: feed item; PING and PONG: unsent count; BYE: our error code. */
void wire_number(struct buf *out, enum msg msg, uint64_t number);

/* The bytes that a hello's and a welcome's signature covers, less the
 * prefix, role and handshake hash. */
void wire_hello_signed(struct buf *out, const struct msg_hello *m);
void wire_welcome_signed(struct buf *out, const struct msg_welcome *m);

/* Number of a message, MSG_NONE for bytes that are none. */
enum msg wire_peek(const void *data, size_t n);

/* All: ERR_PROTOCOL. *out borrows from data. */
NODISCARD int wire_read_hello(
    struct msg_hello *out, const void *data, size_t n);
NODISCARD int wire_read_welcome(
    struct msg_welcome *out, const void *data, size_t n);
NODISCARD int wire_read_give(struct msg_give *out, const void *data, size_t n);
NODISCARD int wire_read_receipt(
    struct msg_receipt *out, const void *data, size_t n);
NODISCARD int wire_read_record(
    struct msg_record *out, const void *data, size_t n);
NODISCARD int wire_read_keys(struct msg_keys *out, const void *data, size_t n);
NODISCARD int wire_read_withdraw(
    struct msg_withdraw *out, const void *data, size_t n);
NODISCARD int wire_read_checkpoint(
    struct msg_checkpoint *out, const void *data, size_t n);
NODISCARD int wire_read_number(uint64_t *out, const void *data, size_t n);

#endif
