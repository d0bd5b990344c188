/*
 * wire_restore.h - the messages of a session with a centre that was restored,
 * and of the proofs that prepare for it; as wire.h. A backup is a row of the
 * same messages.
 */
#ifndef SUIFANG_SYNC_WIRE_RESTORE_H
#define SUIFANG_SYNC_WIRE_RESTORE_H

#include "sync/merkle.h"
#include "sync/wire.h"

#define WIRE_PROVE_MAX 64 /* places in one question */

/* A checkpoint of an order that was cut off. */
struct msg_show {
	const uint8_t *note;
	size_t len;          /* 0: that was all */
	struct hash brought; /* of all of it; with len 0 */
};

/* Keys of a stream that the terminal still holds. */
struct msg_hold {
	struct id stream;
	uint32_t count;
	const uint8_t *keys; /* count times 32 bytes */
};

/* A record that had a place in an order that was cut off. */
struct msg_offer {
	uint64_t incarnation, pos;
	uint8_t has_proof;
	struct leaf leaf; /* with a proof */
	uint64_t size;
	struct merkle_proof path;
	struct msg_give give;
};

/* Please prove these places in the order of that size. */
struct msg_prove {
	uint64_t size;
	uint32_t count;
	uint64_t pos[WIRE_PROVE_MAX];
};

struct msg_proof {
	struct leaf leaf;
	uint64_t size;
	struct merkle_proof path;
};

void wire_show(struct buf *out, const void *note, size_t n);
/* That was all of it. */
void wire_shown(struct buf *out, const struct hash *brought);
void wire_hold(struct buf *out, const struct msg_hold *m);
void wire_offer(struct buf *out, const struct msg_offer *m);
void wire_prove(struct buf *out, const struct msg_prove *m);
void wire_proof(struct buf *out, const struct msg_proof *m);
/* As a GIVE: one record of a branch that contradicts the centre's. */
void wire_branch(struct buf *out, const struct msg_give *m);

/* All: ERR_PROTOCOL. *out borrows from data. */
NODISCARD int wire_read_show(struct msg_show *out, const void *data, size_t n);
NODISCARD int wire_read_hold(struct msg_hold *out, const void *data, size_t n);
NODISCARD int wire_read_offer(
    struct msg_offer *out, const void *data, size_t n);
NODISCARD int wire_read_prove(
    struct msg_prove *out, const void *data, size_t n);
NODISCARD int wire_read_proof(
    struct msg_proof *out, const void *data, size_t n);

#endif
