/*
 * lease.h - the lease on all keys of a terminal: the centre lends them for a
 * while and extends the loan with one message that names their digest. Past
 * the lease nothing of a patient is opened and no call begins; what happened
 * may still be noted, each fact under a key of its own (mode N). Needs a
 * ledger; must not know sockets or screens. In the ledger's transaction where
 * one is open, else in one of its own.
 */
#ifndef SUIFANG_SYNC_LEASE_H
#define SUIFANG_SYNC_LEASE_H

#include "core/base.h"
#include "core/kind.h"
#include "core/lease.h"

struct ledger;
struct store;

NODISCARD int lease_load(struct ledger *ledger);
/* Seconds left now; INT64_MAX: no end, or nothing was ever lent. */
int64_t ledger_lease_left_s(const struct ledger *ledger);
/* Was the wall clock set back since the centre renewed the lease? */
bool ledger_clock_is_back(const struct ledger *ledger);
/* Keeps the count when a minute has passed; cheap. */
NODISCARD int ledger_lease_tick(struct ledger *ledger);
/* Terminal: the centre renewed it. */
NODISCARD int lease_take(struct ledger *ledger, int64_t len_s);
/* The length that the roster sets. */
NODISCARD int lease_length(struct ledger *ledger, int64_t *out);

/* 0, or ERR_LEASE for what needs one that has not run out. */
NODISCARD int lease_allows(const struct ledger *ledger, enum kind kind);
/* Something was refused: what the clocks showed is kept at once, so that one
 * that is set forth again within the minute gives nothing back. */
NODISCARD int lease_refused(struct ledger *ledger);

/* BLAKE2b-256("sf-lease/1" | stream | kid ...) over all keys lent to a seat,
 * in order; both sides keep who has what in the same table. */
NODISCARD int lease_digest(
    struct hash *out, struct ledger *ledger, const struct id *seat);
/* Terminal: this stream's keys are lent, or no longer. */
NODISCARD int lease_note(
    struct ledger *ledger, const struct id *stream, bool is_lent);
/* Terminal: it made a key for a stream. Where that is not lent the slot says
 * that the key is given up once the centre has it, but with a patient. */
#define LEASE_MINTED "minted/"
NODISCARD int lease_minted(struct ledger *ledger, const struct id *stream);
/* Has this seat the stream's keys from the centre? 1, 0 or an error. */
NODISCARD int lease_has(struct ledger *ledger, const struct id *stream);

#endif
