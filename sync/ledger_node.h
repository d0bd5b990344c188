/*
 * ledger_node.h - who the node is, as far as a ledger must know: keys, and
 * which incarnation of the order is today's. Plain data.
 */
#ifndef SUIFANG_SYNC_LEDGER_NODE_H
#define SUIFANG_SYNC_LEDGER_NODE_H

#include "core/base.h"
#include "core/id.h"
#include "keys/identity.h"

#define LEDGER_RESTORES 16

/* The node began anew: the order of incarnation `old` was cut to size and
 * goes on as incarnation `ordinal`. */
struct ledger_restore {
	uint64_t ordinal, old, size;
	struct hash root; /* of that size */
};

/* Who the node is; from the site file that the organisation root signed. */
struct ledger_node {
	struct id seat;
	uint8_t sign_pk[SIGN_PUBLIC];  /* of its records and receipts */
	uint8_t seal_pk[DH_KEY];       /* mode N keys are sealed to it */
	uint8_t check_pk[SIGN_PUBLIC]; /* of its checkpoints */
	uint64_t incarnation;
	struct ledger_restore restores[LEDGER_RESTORES]; /* by ordinal */
	size_t restore_count;
};

#endif
