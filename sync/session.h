/*
 * session.h - what two ledgers say to each other over a ready channel, as a
 * machine without I/O: whole messages and ticks in, messages out through a
 * callback. The terminal, the node and the simulator drive the same one.
 * Messages: msgs.def, bytes: docs/WIRE.md. Must not know sockets, encryption
 * or screens.
 *
 * Durable order: handling a message may write inside a transaction that the
 * session opens (ledger_begin). The owner commits once for all its sessions
 * when it has no more input at hand, then calls session_committed on each,
 * which sends what may only be said of durable things: receipts, the count
 * taken from the feed. When the commit fails the owner frees them all.
 */
#ifndef SUIFANG_SYNC_SESSION_H
#define SUIFANG_SYNC_SESSION_H

#include "core/base.h"
#include "core/id.h"

struct ledger;
struct session;

/* Takes one whole message to the peer; copies it. */
typedef void session_send_fn(void *ctx, const void *msg, size_t n);

struct session_cfg {
	struct ledger *ledger; /* outlives the session */
	session_send_fn *send;
	void *ctx;
	const uint8_t *handshake_hash; /* 64 bytes; both sides' same */
};

/* The terminal's side sends hello at once; the node's side waits for it. */
struct session *session_new(const struct session_cfg *cfg);
void session_free(struct session **session);

/* Any bytes; an error is final (ERR_PROTOCOL, ERR_NOT_PERMITTED,
 * ERR_SIGNATURE, ERR_FORK, ERR_RECEIPT, store errors). */
NODISCARD int session_message(
    struct session *session, const void *msg, size_t n);

/* The same with what was found of the record in it (checked.h), or NULL. */
struct checked;
NODISCARD int session_message_checked(struct session *session, const void *msg,
    size_t n, const struct checked *found);

/* The owner's commit succeeded. */
void session_committed(struct session *session);
/* The terminal, whose next messages do not wait for the disk: what was
 * handled so far is committed; and later, that all of it is durable. */
void session_entered(struct session *session);
void session_landed(struct session *session);

/* Something new may be there to send: own records on the terminal, the feed
 * on the node. Cheap when there is nothing. */
NODISCARD int session_pump(struct session *session);

/* The node, with very many sessions: may a pump find something to do?
 * Without a query; a pump too many is harmless. */
bool session_is_due(struct session *session);
/* Terminal: a pump checks at most so many of the signatures that may wait and
 * does not wait for the disk, for the sake of the keyboard. */
void session_slice(struct session *session, int records);
/* Has the last pump left what it could go on with at once? */
bool session_has_more(const struct session *session);

/* The node: drops from the store what the terminal took, which otherwise
 * waits a few seconds; for whoever counts or ends the session. In a
 * transaction that it opens. */
NODISCARD int session_forget(struct session *session);

/* The terminal: writes down what is received, which otherwise waits for the
 * next message or a second; for whoever ends the session. In a transaction
 * that it opens. */
NODISCARD int session_mark(struct session *session);
/* Has it own records that have not left yet? Without a query. */
bool session_has_own(const struct session *session);
/* Is something received that is not written down yet? */
bool session_owes_mark(const struct session *session);

/* Pings, deadlines. now_ms from env's mono_ms. ERR_UNREACHABLE when the peer
 * has been silent for 90 s. */
NODISCARD int session_tick(struct session *session, uint64_t now_ms);

/* Tells the other side why this session ends; the owner then frees it. The
 * peer's session_message returns the same code where it is one that a person
 * should see, else ERR_PROTOCOL. */
void session_bye(struct session *session, int code);

/* The terminal: whole patients are coming, very many records at once. */
bool session_is_bulk(const struct session *session);

/* Hello was exchanged and both sides are bound to their log keys. */
bool session_is_open(const struct session *session);
/* Node: the seat on the other side (zeros before it is open). */
const struct id *session_peer(const struct session *session);

/* Node: the key of that seat as hello was signed with it; SIGN_PUBLIC bytes,
 * borrowed. */
const uint8_t *session_peer_key(const struct session *session);

/* Terminal: the newest receipt of this session; false: none came. Worth
 * keeping outside the store once the owner has committed (anchor.h). */
struct msg_receipt;
bool session_receipt(struct msg_receipt *out, const struct session *session);

/* Node: records that came with a hole before them. */
uint64_t session_gaps(const struct session *session);

/* What the title bar says. */
struct session_status {
	uint64_t unsent; /* own records the centre has no receipt for */
	/* Node: feed items sent and not yet taken there. Terminal: those still
	 * to come, where the centre said that they are many. */
	uint64_t in_feed;
	uint64_t taken;       /* terminal: feed items of this session */
	uint64_t received;    /* terminal: own records that have receipts */
	bool is_current;      /* nothing under way in either direction */
	bool is_settled;      /* and every signature here has been checked */
	uint64_t peer_unsent; /* node: records that wait at the terminal */
	uint64_t receipts;    /* node: sent in this session */
	bool gives_only;      /* seat is revoked: held, and fed nothing */
	bool is_recovering;   /* the centre was restored and gathers */
};
void session_status(struct session_status *out, const struct session *session);

#endif
