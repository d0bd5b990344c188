/*
 * ledger.h - the one corridor into the log. Three doors: ledger_record (own
 * save), ledger_receive (somebody else's record), ledger_rebuild (records
 * already stored); all go through the same enter: record, boxes and view rows
 * in one transaction. On the node, entering also gives the record its place
 * in the order and its verdicts. Must not know sockets or screens.
 */
#ifndef SUIFANG_SYNC_LEDGER_H
#define SUIFANG_SYNC_LEDGER_H

#include "core/base.h"
#include "core/buf.h"
#include "core/draft.h"
#include "core/env.h"
#include "core/verdict.h"
#include "keys/identity.h"
#include "sync/incoming.h"
#include "sync/ledger_node.h"

struct entry_book;
struct ledger;
struct ring;
struct secret;
struct store;

struct ledger_cfg {
	struct store *store;
	const struct env *env;
	const struct identity *me;
	struct ledger_node node;
	const struct secret *wrap; /* wraps stream keys in the store */
	/* On the node only, else NULL. */
	const struct secret *seal_sk;  /* opens mode N keys */
	const struct secret *check_sk; /* signs checkpoints, SIGN_SECRET */
	uint8_t root_pk[SIGN_PUBLIC];  /* the organisation root */
	uint8_t boot[16]; /* of this machine; a lease is counted by it */
};

/* cfg's pointers are borrowed until close. Rebuilds the view when its
 * definition changed. */
NODISCARD int ledger_open(struct ledger **out, const struct ledger_cfg *cfg);
void ledger_close(struct ledger **ledger);

bool ledger_is_node(const struct ledger *ledger);
const struct ledger_cfg *ledger_cfg(const struct ledger *ledger);
struct store *ledger_store(const struct ledger *ledger);
struct ring *ledger_ring(const struct ledger *ledger);
const struct id *ledger_roster(const struct ledger *ledger);
/* The person of this seat ("A017") and role letter; "" and 0 before the
 * grant has arrived. */
const char *ledger_member(struct ledger *ledger);
char ledger_role(struct ledger *ledger);
unsigned ledger_ordinal(struct ledger *ledger);
/* The team of this person; zeros when none. */
struct id ledger_team(struct ledger *ledger);

/* The certificate of a node of an earlier incarnation, checked against the
 * roots. ERR_NOT_FOUND. */
struct statement;
NODISCARD int ledger_old_node(
    struct statement *out, struct ledger *ledger, const struct id *seat);

/* Grows whenever a grant of the roster may have changed. */
uint64_t ledger_roster_version(const struct ledger *ledger);

/* The node: entries that were held since it started, and the verdict on the
 * newest of them. */
uint64_t ledger_held(const struct ledger *ledger);
int ledger_held_why(const struct ledger *ledger);

/* Sequence number the next own record will have (for alert numbers, refs). */
uint64_t ledger_next_seq(const struct ledger *ledger);

/*
 * Signs and enters one own record; durable when it returns 0. Bodies are
 * checked first. Mode: C where the kind allows nothing else; S when the
 * stream's key is here; else N. ERR_INVALID, ERR_NOT_PERMITTED (the role
 * may not say a kind), ERR_NO_SPACE: nothing was saved.
 */
NODISCARD int ledger_record(
    struct ledger *ledger, const struct draft *draft, uint64_t *seq_out);

/* The same inside ledger_begin, durable with the commit: for imports and for
 * what a session itself says. */
NODISCARD int ledger_add(
    struct ledger *ledger, const struct draft *draft, uint64_t *seq_out);

/* Undo of own record seq: one `undone` entry in each stream it touched.
 * ERR_RULE when a kind in it cannot be undone. */
NODISCARD int ledger_undo(
    struct ledger *ledger, const struct id *seat, uint64_t seq);

/*
 * Inside ledger_begin/ledger_commit, so that many records share one fsync.
 * 0 also when the record was here already. ERR_GAP (send what is before),
 * ERR_FORK (kept as evidence), ERR_SIGNATURE, ERR_CHAIN, ERR_FORMAT,
 * ERR_DAMAGED (a box does not match), ERR_NOT_PERMITTED (unknown seat).
 */
NODISCARD int ledger_receive(struct ledger *ledger, const struct incoming *in);
NODISCARD int ledger_begin(struct ledger *ledger);
NODISCARD int ledger_commit(struct ledger *ledger);
/* What the centre would give again: see store_commit_later. */
NODISCARD int ledger_commit_later(struct ledger *l);
NODISCARD int ledger_is_durable(const struct ledger *l);
/* A rollback, also one after a failed commit, voids the open sessions: what
 * they remember was not made durable. They say so at their next call. */
void ledger_rollback(struct ledger *ledger);

/*
 * Records of a patient whose place the centre's order proves may be folded
 * before their author's signature is checked; ledger_prove checks the rest of
 * a stream, before anything is opened or said about it. ERR_UNPROVED: one
 * does not: gone from the view, kept as evidence; the feed begins again.
 */
NODISCARD int ledger_prove(struct ledger *ledger, const struct id *stream);
/* Idle work: at most so many records. 1 when more waits. Briefly: without
 * waiting for the disk, outside a transaction. */
NODISCARD int ledger_prove_some(struct ledger *ledger, int most);
NODISCARD int ledger_prove_briefly(struct ledger *ledger, int most);
bool ledger_has_unproved(const struct ledger *ledger);

/* Keys of a stream arrived: folds what they open. In a transaction. */
NODISCARD int ledger_keys_arrived(
    struct ledger *ledger, const struct id *stream);

/* The stream is withdrawn from this terminal: keys, boxes of others and view
 * rows go. In a transaction. */
NODISCARD int ledger_withdraw(struct ledger *ledger, const struct id *stream);

/* A terminal: a verified backup of the centre covers the order up to size;
 * own boxes of withdrawn streams below it go. In a transaction. */
NODISCARD int ledger_backed(struct ledger *ledger, uint64_t size);

/* Empties the view and folds the whole log again; progress may be NULL. */
typedef void ledger_progress_fn(void *ctx, uint64_t done, uint64_t total);
NODISCARD int ledger_rebuild(
    struct ledger *ledger, ledger_progress_fn *progress, void *ctx);

/* One BLAKE2b-256 a view table over its rows in key order; each is called
 * once a table, in order of name. */
typedef void ledger_digest_fn(
    void *ctx, const char *table, const struct hash *digest, uint64_t rows);
NODISCARD int ledger_digest(
    struct ledger *ledger, ledger_digest_fn *each, void *ctx);
/* The same by stream, in order of stream; each gets the stream's hex in place
 * of a table. Two copies that share a stream agree on its line. */
NODISCARD int ledger_digest_streams(
    struct ledger *ledger, ledger_digest_fn *each, void *ctx);

#endif
