/*
 * audit_impl.h - what audit.c, audit_source.c and log_git.c share: a seat's
 * keys out of the store. Nobody else includes it.
 */
#ifndef SUIFANG_SYNC_AUDIT_IMPL_H
#define SUIFANG_SYNC_AUDIT_IMPL_H

#include "core/stmt.h"
#include "core/store.h"
#include "sync/audit.h"
#include "sync/ledger.h"

struct audit_keys {
	struct id seat;
	uint8_t sign_pk[SIGN_PUBLIC];
	uint8_t dh_pk[DH_KEY];
};

/* Keys whose seat is a hash of them; asks the store only when seat differs
 * from the one in *keys. ERR_NOT_PERMITTED when the roster has none. */
NODISCARD int audit_keys_load(
    struct audit_keys *keys, const struct audit *audit, const struct id *seat);

#define AUDIT_PAGE 256 /* rows between two breaths */

int audit_breathe(const struct audit *audit);

#endif
