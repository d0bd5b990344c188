/*
 * salvage.h - the centre after a restore: what terminals bring back of the
 * lost tail waits here, durable and without a place, until an operator closes
 * the recovery; then all of it gets its places in the old order. What comes
 * later is placed as it comes. Must not know messages.
 */
#ifndef SUIFANG_SYNC_SALVAGE_H
#define SUIFANG_SYNC_SALVAGE_H

#include "core/base.h"
#include "sync/chain.h"
#include "sync/ledger.h"
#include "sync/merkle.h"

struct secret;

/* That a leaf was in the order of its old place's incarnation, as of size. */
struct old_proof {
	struct leaf leaf;
	uint64_t size;
	struct merkle_proof path;
};

/* A record from a terminal, whoever wrote it. */
struct offer {
	struct incoming in;
	int64_t old; /* its old place (rollback.h); -1: it never had one */
	const struct old_proof *proof; /* or NULL */
};

/* All inside ledger_begin; node only. */

/* Keeps an offer; 0 also when the record is here. ERR_FORMAT,
 * ERR_SIGNATURE, ERR_DAMAGED, ERR_NOT_PERMITTED (another organisation). */
NODISCARD int salvage_park(struct ledger *ledger, const struct offer *offer);
/* Moves the head of a seat's chain over what is parked of it. */
NODISCARD int salvage_walk(
    struct ledger *ledger, const struct id *seat, struct chain_head *head);
/* Outside a recovery: gives places to the parked record of that number and
 * to those behind it, as far as they can be read and follow. */
NODISCARD int salvage_try(
    struct ledger *ledger, const struct id *seat, uint64_t seq);

/* A terminal's proof of the lost tail. ERR_SIGNATURE, ERR_FORMAT; ERR_FORK
 * when that node had signed two histories: both are kept. */
NODISCARD int salvage_show(struct ledger *ledger, const void *note, size_t n);
/* Is this note, kept by salvage_show, signed by the node of its time? */
bool salvage_is_signed(struct ledger *ledger, const char *note);
/* A stream key comes back: used for what is sealed under its kid, current
 * only once an entry of the log names it. */
NODISCARD int salvage_key(
    struct ledger *ledger, const struct id *stream, const struct secret *key);

struct salvage_report {
	uint64_t placed;  /* records that got a place */
	uint64_t covered; /* of these, behind a hole, by proof */
	uint64_t waiting; /* what could not be placed */
};
/* Gives every parked record its place, oldest first, and ends the recovery;
 * again later: what waits and can now be placed. Own transaction. */
NODISCARD int salvage_close(struct salvage_report *out, struct ledger *ledger);

/* ---- holes in a seat's log ---- */

/* 0 when a record fits between its neighbours that are here. ERR_CHAIN. */
NODISCARD int gap_fits(
    struct ledger *ledger, const struct record *r, const struct hash *name);
/* Keeps count of a seat's holes after a record was entered. */
NODISCARD int gap_note(struct ledger *ledger, const struct record *r);

#endif
