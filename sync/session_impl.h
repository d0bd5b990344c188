/*
 * session_impl.h - inside of a session: session.c (both sides, dispatch),
 * session_node.c and session_seat.c, bulk_*.c (many things at once),
 * regain_*.c (after a restore); and the parcels of carry.c, backup.c and
 * witness.c. Nobody else includes it but tests that look inside.
 */
#ifndef SUIFANG_SYNC_SESSION_IMPL_H
#define SUIFANG_SYNC_SESSION_IMPL_H

#include "sync/bulk.h"
#include "sync/ledger_impl.h"
#include "sync/merkle.h"
#include "sync/presence.h"
#include "sync/regain.h"
#include "sync/session.h"
#include "sync/wire.h"

#define SESSION_GIVE_WINDOW 64
#define SESSION_GAPS_MAX (16 * SESSION_GIVE_WINDOW)
#define SESSION_FEED_WINDOW 1024
#define SESSION_FEED_BATCH 128           /* items proved together */
#define SESSION_FEED_BYTES (512u * 1024) /* in one go */
#define SESSION_SWEEP_MS 5000 /* what nobody waits for is done so often */
#define SESSION_PING_MS 30000
#define SESSION_DEAD_MS 90000

/* The released branch that the node hands over. */
struct branch_told {
	struct hash tip;
	int at;        /* so many of it were looked at */
	uint64_t size; /* of the order then */
};

/* Of the terminal's chain and feed, as WELCOME says: believed when the centre
 * has shown that its order grew from what the terminal knows. */
struct greeting {
	uint64_t seq;
	bool is_anew;
};

struct session {
	struct session_cfg cfg;
	struct ledger *l;
	uint8_t handshake[64];
	bool is_open, gives_only; /* revoked: salvaged, fed nothing */
	uint64_t rollbacks;       /* of the ledger, when the session began */
	uint64_t now_ms, heard_ms, pinged_ms, swept_ms, told_ms; /* receipt */
	bool is_woken; /* a pump may find something to do */
	struct buf out;
	struct presence_state presence; /* who is at work */
	size_t sent;                    /* bytes, all told */

	/* Node: the seat on the other side. */
	struct id peer;
	uint8_t peer_pk[SIGN_PUBLIC];
	const struct checked *checked; /* of the message in hand, or NULL */
	uint64_t peer_seq;        /* newest record of its own that it has */
	uint64_t fed, took;       /* feed items sent; durable there (both) */
	uint64_t told_size, owed; /* checkpoint; end of a long list (both) */
	bool owes_checkpoint;     /* once the feed is drained */
	bool owes_receipt, owes_forget; /* of the feed, what it took */
	bool has_more;                  /* to feed or, here, to prove at once */
	int slice;            /* proofs at once without a wait; 0: 128, with */
	uint64_t receipts;    /* sent here */
	uint64_t gaps;        /* records that came before their time */
	uint64_t peer_unsent; /* records that wait there, as it said last */
	struct branch_told branch;
	int64_t leased_s;         /* when a lease was given here; 0: not yet */
	struct merkle_tree basis; /* what the feed rests on; both sides */

	/* Terminal. */
	uint64_t given;             /* newest own record sent here */
	uint64_t received;          /* and what the node has a receipt for */
	struct msg_receipt newest;  /* receipt, verified; seq 0: none yet */
	uint64_t feed, feed_before; /* newest item taken; before this session */
	uint64_t entered;           /* newest item whose commit began */
	struct greeting greeting;   /* what WELCOME said */
	bool owes_basis;            /* the centre, before anything else */
	struct hash chain;
	bool owes_took, owes_mark; /* to the centre; received, to the store */
	bool is_quiet;             /* a checkpoint came, and nothing since */
	struct regain regain;      /* after a restore; both sides */
	struct attested *attested; /* by place; NULL: none */
	size_t attested_count;
	bool has_used_attested;   /* the next one begins a new list */
	uint64_t parts, part_pos; /* of a stream without its end; newest */
	bool has_asked;           /* for all keys again */
	struct hash directory;    /* asked for */
};

struct attested {
	uint64_t pos;
	struct hash leaf;
};

void session_send(struct session *s);
/* Signature over "sf-bind/1" | side | handshake hash | what s->out holds. */
void session_bind(uint8_t out[SIGNATURE], struct session *s, char side,
    const struct secret *key);
bool session_is_bound(struct session *s, char side,
    const uint8_t signature[SIGNATURE], const uint8_t pk[SIGN_PUBLIC]);
/* The bytes that a receipt signs. */
void session_receipt_text(
    struct buf *out, const struct session *s, const struct msg_receipt *m);
/* A stored record as a message carries it, without the boxes that the reader
 * may not have; reader NULL: the author. */
struct parcel {
	struct buf frame, seals;
	/* Its boxes are the ledger's until its next load. */
	struct msg_give give;
};
NODISCARD int parcel_load(struct parcel *p, struct ledger *l,
    const struct id *seat, uint64_t seq, const struct id *reader);
void parcel_fini(struct parcel *p);

/* Says again what is here; the terminal goes on from there. */
NODISCARD int node_welcome(struct session *s);
struct feed_item;
/* session_node.c, for bulk_node.c: an item of the feed or part of one. */
NODISCARD int node_send_record(
    struct session *s, const struct msg_record *as, bool is_part);
NODISCARD int node_send_item(struct session *s, const struct feed_item *item);

/* ---- session_seat.c, for bulk_seat.c ---- */
/* One item was applied: the cursor goes with it. */
NODISCARD int seat_advance(struct session *s, struct feed_item *item);
/* Enters the record of a message. */
NODISCARD int seat_take_record(struct session *s, const struct msg_record *m);
/* WELCOME counts from here on. */
NODISCARD int seat_begin(struct session *s);
/* The slot in which a withdrawal waits. */
#define WITHDRAW_SLOT 48
void seat_withdraw_slot(char out[WITHDRAW_SLOT], const struct id *stream);

NODISCARD int node_message(
    struct session *s, enum msg msg, const void *data, size_t n);
NODISCARD int node_pump(struct session *s);
void node_committed(struct session *s);
/* What the terminal took goes from its list; nobody waits for that. */
NODISCARD int node_forget(struct session *s);

void seat_hello(struct session *s);
NODISCARD int seat_load(struct session *s);
NODISCARD int seat_message(
    struct session *s, enum msg msg, const void *data, size_t n);
NODISCARD int seat_pump(struct session *s);
NODISCARD int seat_mark(struct session *s);
void seat_landed(struct session *s);

#endif
