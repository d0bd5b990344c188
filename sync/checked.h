/*
 * checked.h - what can be said of a record that a terminal gives without
 * asking the store: that a key signed it, and its names. Pure, so that it may
 * be found out beside the loop, in any thread. Must not know whose key it is.
 */
#ifndef SUIFANG_SYNC_CHECKED_H
#define SUIFANG_SYNC_CHECKED_H

#include "core/base.h"
#include "keys/sign.h"
#include "sync/commit.h"

/* Whoever uses the names compares the key with the one granted by then. */
struct checked {
	uint8_t pk[SIGN_PUBLIC];
	struct commit_name name;
};

/* Room to work in, of one thread; about 45 kB. */
struct checker;
struct checker *checker_new(void);
void checker_free(struct checker **c);

/* msg: a whole message of a session. False: it gives no record, or none that
 * pk signed; who handles the message finds out why. */
bool checker_look(struct checked *out, struct checker *c, const struct buf *msg,
    const uint8_t pk[SIGN_PUBLIC]) NONNULL;

#endif
