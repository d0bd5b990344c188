/*
 * hello.h - the two clear messages that open a connection: what the client
 * wants and which versions it speaks, and the node's answer. Both become
 * the prologue of the handshake, so changing either in transit breaks it.
 * Nothing here is authenticated until then: a refusal is a hint for the
 * person, never a fact. Bytes: docs/WIRE.md.
 */
#ifndef SUIFANG_HELLO_H
#define SUIFANG_HELLO_H

#include "core/base.h"
#include "core/buf.h"

#define HELLO_MAX 64     /* bytes of either message */
#define HELLO_VERSION 1  /* the one version, and its suite */
#define HELLO_VERSIONS 8 /* most versions that a client may list */

enum purpose {
	PURPOSE_SESSION = 1, /* a seat syncs */
	PURPOSE_ENROL = 2    /* a new seat comes with a one-time code */
};

struct hello {
	enum purpose purpose;
	unsigned count;
	uint8_t versions[HELLO_VERSIONS];
	struct id org;
};

struct hello_answer {
	uint8_t version; /* the chosen one; 0 is a refusal */
	uint8_t refusal; /* 0, or why; one of enum hello_refusal */
	struct id node;
};

enum hello_refusal {
	HELLO_NO_VERSION = 1,
	HELLO_OTHER_ORG = 2
};

/* What this build says of itself. */
struct hello hello_of(enum purpose purpose, const struct id *org);
void hello_write(struct buf *out, const struct hello *hello);
/* ERR_PROTOCOL when the bytes are not exactly one hello. */
NODISCARD int hello_read(struct hello *out, const void *data, size_t n);
void hello_answer_write(struct buf *out, const struct hello_answer *answer);
NODISCARD int hello_answer_read(
    struct hello_answer *out, const void *data, size_t n);
/* What the handshake is bound to; hellos = both messages, the client's
 * first. */
void hello_prologue(struct buf *out, const struct buf *hellos);

/* The node's decision: fills *out in every case. 0, ERR_VERSION or
 * ERR_ORGANISATION. */
NODISCARD int hello_decide(struct hello_answer *out, const struct hello *hello,
    const struct id *org, const struct id *node);
/* What the client makes of an answer to its own hello: 0, ERR_VERSION,
 * ERR_ORGANISATION, or ERR_PROTOCOL for a version that it did not offer. */
NODISCARD int hello_judge(
    const struct hello_answer *answer, const struct hello *hello);

#endif
