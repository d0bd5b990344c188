/*
 * ledger_impl.h - inside of a ledger, for the files that make it up:
 * ledger.c (own saves), enter.c (into the store), refold.c (into the view),
 * admit*.c (verdicts), order.c (the node's order), feed*.c (who is owed what),
 * lease.c and directory.c (what is lent), erase.c, prove.c, gap.c, digest.c,
 * rollback.c, salvage*.c and backup_load.c (after a restore), ledger_read.c;
 * and, by session_impl.h, for the sessions. Nobody else includes it but tests
 * that look inside.
 */
#ifndef SUIFANG_SYNC_LEDGER_IMPL_H
#define SUIFANG_SYNC_LEDGER_IMPL_H

#include "core/entry.h"
#include "core/fold.h"
#include "core/store.h"
#include "keys/ring.h"
#include "keys/statement.h"
#include "sync/directory.h"
#include "sync/feed.h"
#include "sync/lease.h"
#include "sync/ledger.h"
#include "sync/ledger_kept.h"

/* One entry as the store knows it. */
struct stored {
	struct ref ref;
	int kind; /* enum kind, or -1 where this program does not know it */
	uint64_t lamport;
	int64_t at_s;
	int64_t pos; /* -1 = none yet */
	int verdict;
	bool is_folded; /* where it was read from the store */
};

/* Meta values: 1 while the node is recovering; size of the newest verified
 * backup, on the node and as it announced it. */
#define LEDGER_RECOVERING "recovery.open"
#define LEDGER_BACKED "backup.size"
struct ledger {
	struct ledger_cfg cfg;
	struct entry_book *book;
	struct fold *fold;
	struct ring *ring;
	struct id roster;
	bool is_node;
	bool in_txn;
	uint64_t rollbacks; /* sessions that saw another number are void */
	/* Own chain and the newest checkpoint; reloaded after a rollback. */
	struct chain_head head;
	uint64_t lamport;
	struct record_seen seen;
	uint64_t seen_lmax;
	/* The newest one in the order of today: what must grow. Differs from
	 * seen only between a restore and the first new checkpoint. */
	struct record_seen base;
	struct order_tip order; /* the node's */
	uint64_t held;          /* entries that came to be held, for the log */
	int held_why;           /* verdict of the newest of them */
	bool is_careful;    /* a record could not be entered since the start */
	bool is_recovering; /* restored, and not closed by an operator */
	bool has_salvage;   /* records without a place wait */
	/* A node that certifies itself in the record being entered. */
	struct statement vouched;
	bool is_vouched;
	struct feed_owed owed;
	uint64_t roster_version; /* grows when a grant may have changed */
	/* A terminal's. */
	struct feed_cursor cursor;
	struct lease lease;
	bool has_unproved, is_distrustful;
	bool has_erased; /* some stream is; node and terminals */
	bool owes_scrub; /* after the commit: something was destroyed */
	struct boxes stripped;
	struct directory directory;
	struct id last_unproved;
	struct ledger_kept kept;
	struct seat_grant me;
	uint64_t me_generation;
	struct record rec;    /* being entered */
	struct record loaded; /* last read back, for refolding */
	struct buf loaded_boxes;
	struct boxes boxes; /* within loaded_boxes */
	struct buf scratch;
};

/* ---- ledger_read.c: out of the store ---- */
/* Into l->loaded and l->boxes, which the next load replaces. */
NODISCARD int ledger_load_record(
    struct ledger *l, const struct id *seat, uint64_t seq);
/* The newest record of a seat; zeros when there is none. */
NODISCARD int ledger_load_head(struct ledger *l, const struct id *seat,
    struct chain_head *head, uint64_t *lamport);
/* ERR_NOT_PERMITTED when the roster does not know the seat. */
NODISCARD int ledger_load_grant(
    struct ledger *l, const struct id *seat, struct seat_grant *out);
/* A stream was folded anew; if it is the roster, its view may have changed. */
void ledger_forget_grant(struct ledger *l);
/* Part of a transaction was taken back: nothing is certain. */
void ledger_forget(struct ledger *l);
/* The body of an entry; ERR_KEY or ERR_NOT_FOUND where this seat may not or
 * cannot read it. */
NODISCARD int ledger_read_body(struct ledger *l, json_t **out,
    const struct record *r, const struct boxes *boxes, uint32_t index);
NODISCARD int ledger_load_own(struct ledger *l);

/* ---- enter.c ---- */
struct entering {
	const struct record *r;
	struct commit_name name;
	const uint8_t *frame;
	size_t frame_len;
	const uint8_t *seals;
	size_t seals_len;
	const struct boxes *boxes;
	const struct leaf *leaf;    /* from the feed or a backup, or NULL */
	const struct draft *draft;  /* of an own save, or NULL */
	const struct leaf *covered; /* proved place in an order that was lost */
	bool is_attested;           /* its signature has not been checked */
};
NODISCARD int ledger_enter(struct ledger *l, const struct entering *e);
/* A record of a branch that contradicts what is here: kept as evidence. */
NODISCARD int ledger_keep_branch(struct ledger *l, const struct incoming *in);
/* An own record's place arrived; place.c. */
NODISCARD int ledger_place(struct ledger *l, const struct leaf *leaf);

/* ---- refold.c ---- */
/* How an entry that is about to be stored takes effect: not at all, by
 * itself, or with its whole stream. */
enum fold_how {
	FOLD_NOT,
	FOLD_ALONE,
	FOLD_STREAM
};
/* An enum fold_how, or an error. */
NODISCARD int ledger_fold_how(struct ledger *l, const struct stored *entry,
    const struct id *stream, const json_t *body);
/* The entry is stored, marked as folded if it folds alone. */
NODISCARD int ledger_fold_entry(struct ledger *l, enum fold_how how,
    const struct stored *entry, const struct id *stream, const json_t *body);
NODISCARD int ledger_refold(struct ledger *l, const struct id *stream);
/* The box of an entry of l->rec, which is stored, came only now. */
NODISCARD int ledger_fold_box(
    struct ledger *l, const struct boxes *boxes, uint32_t i);

/* ---- feed.c ---- */
NODISCARD int feed_enter(
    struct ledger *l, const struct record *r, uint64_t pos);

#endif
