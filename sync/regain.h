/*
 * regain.h - inside of a session, around a restore of the centre: a terminal
 * shows what the lost order signed, holds out its keys, offers records that
 * lost their place; the centre keeps all of it until its recovery is closed.
 * Also the proofs that a terminal gathers for that day, and a branch that
 * contradicts the centre's copy. Bytes: docs/WIRE.md.
 */
#ifndef SUIFANG_SYNC_REGAIN_H
#define SUIFANG_SYNC_REGAIN_H

#include "sync/chain.h"
#include "sync/wire.h"

struct session;

/* Part of struct session. */
struct regain {
	/* Node. */
	bool was_recovering;    /* when it said welcome */
	struct chain_head head; /* the peer's, over what is parked */
	uint64_t taken;         /* to be told once it is durable */
	bool owes_taken;
	uint64_t told_backup;
	/* Both: over what was brought, so that none of it is missed. */
	struct hash brought;
	/* Terminal. */
	bool is_recovering; /* the centre */
	bool is_forked;     /* our log contradicts the centre's */
	unsigned phase;
	uint64_t at, at2;      /* where the phase stands */
	uint64_t offered, own; /* newest old place, newest own record */
	bool is_waiting;       /* for the answer to these */
	uint64_t quiet_ms;     /* since when nothing was under way */
	uint64_t asked;        /* proofs to come */
	uint64_t proved;       /* places below were looked at */
};

/* In the leaf of an own record that waits at the centre without a place. */
#define REGAIN_NO_PLACE ((uint64_t)INT53_MAX)

/* One more message was brought. */
void regain_bring(struct regain *regain, const void *msg, size_t n);

/* ---- node ---- */

/* SHOW, HOLD, OFFER, PROVE, BRANCH. */
NODISCARD int regain_node_message(
    struct session *s, enum msg msg, const void *data, size_t n);
/* A GIVE while recovering. */
NODISCARD int regain_node_give(struct session *s, const struct msg_give *m);
/* Was the recovery closed since the welcome? Then the feed begins. */
NODISCARD int regain_node_pump(struct session *s);
void regain_node_committed(struct session *s);
/* What waits of the peer's own and the peer has lost. */
NODISCARD int regain_node_give_back(struct session *s);
/* Tells the newest verified backup, if that is news. */
NODISCARD int regain_node_tell(struct session *s);

/* ---- terminal ---- */

/* After each welcome: what is there to return? */
NODISCARD int regain_seat_begin(struct session *s);
/* Nothing is given or withdrawn before this. */
bool regain_seat_is_done(const struct session *s);
/* The next part. */
NODISCARD int regain_seat_pump(struct session *s);
/* An own record comes back that has no place yet. */
NODISCARD int regain_seat_own(struct session *s, const struct msg_record *m);
/* When all else is quiet: asks for proofs. */
NODISCARD int regain_seat_prove(struct session *s);
/* TAKEN, PROOF, BACKED. */
NODISCARD int regain_seat_message(
    struct session *s, enum msg msg, const void *data, size_t n);
/* Our own log is another than the centre's: gives the branch, then ends the
 * session with ERR_FORK. */
NODISCARD int regain_seat_fork(struct session *s);

#endif
