/*
 * incoming.h - a record from outside as a ledger takes it, and its place in
 * the order. Plain data; everything is borrowed.
 */
#ifndef SUIFANG_SYNC_INCOMING_H
#define SUIFANG_SYNC_INCOMING_H

#include "core/base.h"
#include "core/id.h"
#include "sync/boxes.h"
#include "sync/record.h"

struct checked;

/* A record from outside. */
struct incoming {
	const uint8_t *frame;
	size_t frame_len;
	const uint8_t *seals; /* mode N keys: u8 entry index, KEY_SEAL bytes */
	size_t seals_len;
	const struct boxes *boxes;
	const struct leaf *leaf; /* from the node's feed; NULL on the node */
	/* Node, after a restore: its proved place in the lost order, so that
	 * what is missing before it does not hold it up; else NULL. */
	const struct leaf *covered;
	/* Node: its signature was checked before it came here; or NULL. */
	const struct checked *checked;
	bool is_attested; /* the leaf is proved: the signature may wait */
	/* Node: if it cannot be entered, all of the transaction may go with
	 * it, and its sender and everybody else comes again. */
	bool is_of_batch;
};

/* Place in the order, as the node tells it. */
struct leaf {
	uint64_t pos;
	struct hash record;
	struct id seat;
	uint64_t seq;
	int64_t node_s;
	uint32_t count;
	uint8_t verdicts[RECORD_ENTRIES_MAX];
};

#endif
