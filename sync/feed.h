/*
 * feed.h - what the node owes each seat: a numbered list of items, durable
 * with the records that cause them. A terminal says how far it has come by
 * number and chain hash; when the two disagree (either side was restored) the
 * list is made anew, which is harmless because every item is idempotent.
 * Must not know messages or sockets.
 */
#ifndef SUIFANG_SYNC_FEED_H
#define SUIFANG_SYNC_FEED_H

#include "core/base.h"

struct ledger;
struct record;

#define FEED_GLASS_S INT64_C(86400)     /* an emergency access lasts */
#define FEED_SAMPLED_S INT64_C(2592000) /* a sampled call is to be reviewed */
#define FEED_ENDED_S INT64_C(2592000)   /* an alert that ended is to be seen */

enum feed_what {
	FEED_RECORD = 1,   /* the record at a place, boxes as entitled */
	FEED_KEYS = 2,     /* all keys of a stream */
	FEED_WITHDRAW = 3, /* the stream is no longer the seat's */
	FEED_STREAM = 4    /* its keys and all its records up to pos */
};

struct feed_item {
	uint64_t n;
	enum feed_what what;
	uint64_t pos;     /* FEED_RECORD, FEED_STREAM */
	struct id stream; /* all but FEED_RECORD */
};

/* How far a terminal's feed has come; written with the commit. */
struct feed_cursor {
	bool is_dirty;
	uint64_t n;
	struct hash chain;
};

/* The node's: seats whose list has grown, a bit each. */
struct feed_owed {
	uint8_t bits[8192];
	bool is_any;
};

/* chain = BLAKE2b-256("sf-feed/1" | chain before | u8 what | u64 pos |
 * stream | u64 incarnation), all zeros before item 1. A restored centre gives
 * the same places to other records: its incarnation tells them apart. */
void feed_chain(
    struct hash *chain, uint64_t incarnation, const struct feed_item *item);

/* 1 when the seat's number and chain are ours, else 0. */
NODISCARD int feed_agrees(struct ledger *ledger, const struct id *seat,
    uint64_t n, const struct hash *chain);

/* Makes a seat's list anew from item 1. In a transaction. */
NODISCARD int feed_restart(struct ledger *ledger, const struct id *seat);

/* Up to most items after n; returns how many, or an error. */
NODISCARD int feed_read(struct feed_item *out, struct ledger *ledger,
    const struct id *seat, uint64_t n, int most);

/* The number of the newest item that this seat is owed; 0: none yet. */
NODISCARD int feed_end(
    uint64_t *n, struct ledger *ledger, const struct id *seat);

/* Was something put on the seat's list since feed_owed_seen? May say yes
 * where it was not. */
bool feed_is_owed(const struct ledger *ledger, const struct id *seat);
bool feed_has_owed(const struct ledger *ledger); /* of any seat */
void feed_owed_seen(struct ledger *ledger);

/* The seat has made everything up to n durable. In a transaction. */
NODISCARD int feed_took(
    struct ledger *ledger, const struct id *seat, uint64_t n);

/* May the seat have the box of this stream? 1, 0 or an error. */
NODISCARD int feed_may_read(
    struct ledger *ledger, const struct id *seat, const struct id *stream);

/* Keys and feed follow who is entitled to a patient now. In a transaction;
 * for erasures and for what a clock decides. */
NODISCARD int feed_refresh(struct ledger *ledger, const struct id *stream);

/* Does it say who somebody is, or that somebody is nobody? */
bool feed_is_grant(const struct record *rec);

/* Behind such a record at this place: what its people read and may not any
 * more is taken. In a transaction. */
NODISCARD int feed_follow_grant(struct ledger *ledger, uint64_t pos);

/* The same for every patient who is read and on no list, as after an undo of
 * the only assignment. In a transaction. */
NODISCARD int feed_follow_undone(struct ledger *ledger);

/* A new key of the stream came beside a record: who may read gets it. In a
 * transaction. */
NODISCARD int feed_new_key(struct ledger *ledger, const struct id *stream);

/* The same for every patient where only the clock has changed something: a
 * cover that began or ended, an emergency access or a sample that is over.
 * Cheap when called again on the same day and hour. In a transaction. */
NODISCARD int feed_follow_clock(struct ledger *ledger);

#endif
