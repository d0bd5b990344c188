/*
 * channel.h - one secure connection as a machine without I/O: bytes from the
 * socket in, whole messages out, and the other way round. Opens with two
 * clear hellos, then Noise XK (a seat's session) or XKpsk3 (enrolment by
 * one-time code), then padded frames under keys that change every 2^14
 * frames. Knows nothing of sockets, of records, or of who may do what.
 *
 * Any error is final: the keys are wiped, every later call returns the same
 * code, and the caller closes the connection (what channel_out holds by then,
 * such as a refusal, may still be written first). Bytes: docs/WIRE.md.
 */
#ifndef SUIFANG_CHANNEL_H
#define SUIFANG_CHANNEL_H

#include "core/base.h"
#include "core/buf.h"
#include "core/env.h"
#include "sync/fragment.h"
#include "sync/hello.h"

#define CHANNEL_KEY 32          /* X25519 keys and the psk */
#define CHANNEL_HASH 64         /* the handshake hash */
#define CHANNEL_TICKET 8        /* public name of a one-time code */
#define CHANNEL_PAYLOAD_MAX 192 /* enrolment data in message 3 */
#define CHANNEL_MESSAGE_MAX FRAGMENT_MESSAGE_MAX /* an application message */
#define CHANNEL_STRANGER_MAX 1020                /* before channel_trust */
#define CHANNEL_LIFE_MS UINT64_C(43200000) /* 12 h, then a new handshake */

/*
 * Borrowed, with all it points to, for the life of the channel; a node has
 * one for all its channels. Secrets stay where the caller keeps them.
 */
struct channel_cfg {
	struct id org;
	struct id node;           /* responder: its own name */
	const uint8_t *static_sk; /* own X25519 secret */
	/* The node's X25519 key, from the site file. The responder may leave
	 * it NULL; it is then computed for each connection. */
	const uint8_t *node_pk;
	/* Initiator: */
	enum purpose purpose;
	const uint8_t *ticket; /* enrolment: CHANNEL_TICKET bytes, */
	const uint8_t *psk;    /* the secret made from the code, */
	const void *payload;   /* and the new keys, signed */
	size_t payload_len;    /* <= CHANNEL_PAYLOAD_MAX */
	/* Responder: the psk of a ticket, or a negative code that ends the
	 * connection (ERR_CODE for unknown, used, expired or burnt tickets).
	 * NULL refuses enrolment. */
	int (*find_psk)(uint8_t psk[CHANNEL_KEY], void *ctx,
	    const uint8_t ticket[CHANNEL_TICKET]);
	void *ctx;
};

struct channel;

/* The initiator's hello waits in channel_out at once. */
struct channel *channel_new_initiator(
    const struct channel_cfg *cfg, const struct env *env);
struct channel *channel_new_responder(
    const struct channel_cfg *cfg, const struct env *env);
void channel_free(struct channel **ch);

/* Takes any number of bytes of the peer. Whole messages wait for
 * channel_next; answers appear in channel_out. ERR_PROTOCOL for anything
 * malformed, tampered or out of turn, ERR_VERSION and ERR_ORGANISATION from
 * the hellos, ERR_CODE on the responder for a wrong one-time code. */
NODISCARD int channel_feed(struct channel *ch, const void *data, size_t n);

/* The next whole message; false when there is none. *msg is borrowed until
 * the next call of channel_next or channel_free. */
bool channel_next(const uint8_t **msg, size_t *n, struct channel *ch);

/* Seals 1..CHANNEL_MESSAGE_MAX bytes into channel_out. ERR_TOO_LARGE for
 * other sizes; ERR_PROTOCOL before the channel is ready. */
NODISCARD int channel_send(struct channel *ch, const void *msg, size_t n);

/* Responder: the handshake proves an X25519 key and no more, so messages
 * beyond CHANNEL_STRANGER_MAX are a fault until the owner knows whose key it
 * is and calls this. The initiator knew the node's key before. */
void channel_trust(struct channel *ch);

/* Bytes to write; the caller takes them off with buf_consume/buf_clear. */
struct buf *channel_out(struct channel *ch);

/* The handshake is done and nothing has failed. */
bool channel_is_ready(const struct channel *ch);
/* Older than CHANNEL_LIFE_MS: time for a new connection. */
bool channel_is_expired(const struct channel *ch);

/* Responder: known from the hello; 0 before. Initiator: always. */
int channel_purpose(const struct channel *ch);
/* Both sides' same CHANNEL_HASH bytes, to be signed by the binding message;
 * NULL before the channel is ready. */
const uint8_t *channel_handshake_hash(const struct channel *ch);
/* The peer's X25519 key, proved; NULL before the channel is ready. */
const uint8_t *channel_peer_static(const struct channel *ch);
/* Responder, enrolment: the ticket of message 1, also after a failure, so
 * that a wrong try can be counted; NULL when none came. */
const uint8_t *channel_ticket(const struct channel *ch);
/* Responder, enrolment: what message 3 carried; empty before. */
const struct buf *channel_payload(const struct channel *ch);

#endif
