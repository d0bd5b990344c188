/*
 * witness.h - proofs that a terminal gathers while nothing else is to do:
 * records of others that no backup of the centre covers yet are in the order
 * that the centre has signed. After a restore they show what was there.
 */
#ifndef SUIFANG_SYNC_WITNESS_H
#define SUIFANG_SYNC_WITNESS_H

#include "core/base.h"

struct session;

/* Of the newest places only; older ones are as good as in a backup. */
#define WITNESS_PLACES 5000
#define WITNESS_QUIET_MS 30000 /* nothing under way for so long */

/* PROOF. ERR_SIGNATURE when it does not hold; ERR_UNPROVED when it proves
 * something else than the feed had told: the feed is dropped. */
NODISCARD int witness_take(struct session *s, const void *data, size_t n);
/* BACKED: what is below that size needs no proof any more. */
NODISCARD int witness_backed(struct session *s, const void *data, size_t n);

#endif
