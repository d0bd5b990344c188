/*
 * ledger_kept.h - what a ledger keeps of the rows it read or wrote last, so
 * that the next record of a batch does not read them again. Plain data; only
 * ledger_impl.h includes it.
 */
#ifndef SUIFANG_SYNC_LEDGER_KEPT_H
#define SUIFANG_SYNC_LEDGER_KEPT_H

#include "core/base.h"
#include "keys/sign.h"
#include "sync/chain.h"
#include "sync/checkpoint.h"
#include "sync/order_impl.h"

/* A person's seat as the roster has it now. Positions -1 where open. */
struct seat_grant {
	uint8_t sign_pk[SIGN_PUBLIC];
	char member[20];
	char role; /* letter of kinds.def; 0 when the person has none */
	struct id team;
	unsigned ordinal;
	int64_t from_pos, until_pos;
	int64_t until_s;
};

/* The end of what a seat is owed. */
struct feed_tail {
	struct id seat;
	uint64_t n;
	struct hash chain;
};
#define FEED_TAILS 64 /* kept, by the first byte of the seat */

/* What is known of a stream. */
struct kept_stream {
	struct id stream;
	uint64_t since; /* what the ledger's was; later all is void */
	/* After the entry of this Lamport number and name none is folded, and
	 * nothing is undone. */
	bool has_top;
	uint64_t top_lamport;
	struct ref top;
	/* Node: the seats that read a patient, where these are all. */
	bool has_readers;
	unsigned reader_count;
	struct id readers[2];
	/* Node: the team and the person that have a patient, where nobody else
	 * does; as of this many assignments. */
	uint64_t has_owner; /* or 0 */
	struct id owner_team;
	char owner[20];
};
#define KEPT_STREAMS 1024 /* by the last bytes of the stream */

/* Rows that were read or written last, so that the next record of a batch
 * does not read them again. Void when anything is taken back. */
struct ledger_kept {
	struct id grant_seat; /* or zeros, as all of these */
	struct seat_grant grant;
	/* Node: the newest record of a seat. */
	struct id peer;
	struct chain_head head;
	uint64_t lamport;
	/* Node: a checkpoint that an author has seen, and its lmax. */
	struct record_seen seen;
	uint64_t seen_lmax;
	/* Terminal: the checkpoint that was verified last, by its note. */
	struct hash note;
	struct checkpoint verified;
	struct order_node nodes[ORDER_LEVELS];
	struct feed_tail tails[FEED_TAILS];
	uint64_t streams_since;
	uint64_t assignments; /* folded */
	struct kept_stream streams[KEPT_STREAMS];
};

#endif
