/*
 * ledger_more.h - the rest of the inside of a ledger: lists of refs, what a
 * first sync puts off, and what admit.c's files ask of each other. For the
 * files that ledger_impl.h names; nobody else includes it.
 */
#ifndef SUIFANG_SYNC_LEDGER_MORE_H
#define SUIFANG_SYNC_LEDGER_MORE_H

#include "sync/ledger_impl.h"

/* ---- ledger_read.c ---- */
/* A record's frame and seals as they are stored, added to what is there;
 * either may be NULL. ERR_NOT_FOUND. */
NODISCARD int ledger_load_raw(struct buf *frame, struct buf *seals,
    struct ledger *l, const struct ref *ref);
/* Entries or records by name; items are freed with free(), also after an
 * error. */
struct ledger_refs {
	struct ref *items;
	size_t n;
};
/* The rows of a query: seat, seq, and the index where it has one. */
NODISCARD int ledger_refs(struct ledger_refs *out, struct stmt *s);

/* ---- ledger.c ---- */
/* The rollback of what no open session has a part in: they stand. */
void ledger_take_back(struct ledger *l);

/* ---- ledger_read.c ---- */
/* Is this error of ledger_read_body() a word about the entry? Any other is
 * the disk's or the memory's, and nobody is judged by it. */
bool ledger_is_unreadable(int err);

/* ---- kept.c ---- */
/* The place of what is known of a stream, which another may have had: what
 * it does not say is not known. Until anything is taken back. */
struct kept_stream *kept_stream(struct ledger *l, const struct id *stream);
/* Node: the seats that read a patient are added to out. */
NODISCARD int kept_readers(
    struct ledger *l, struct stmt_ids *out, const struct id *stream);
/* They are others now: of this patient, or of any (NULL). */
void kept_forget_readers(struct ledger *l, const struct id *stream);
/* Node: is the patient this person's, or of the person's team where any
 * colleague's counts? 1, 0 or an error. */
NODISCARD int kept_is_owner(
    struct ledger *l, const struct id *patient, const struct seat_grant *who);

/* ---- prove.c: a terminal's records whose signature may wait ---- */
/* May this record be folded on the word of the order alone? */
bool prove_may_wait(const struct ledger *l, const struct record *r);
/* It was entered so. */
NODISCARD int prove_later(struct ledger *l, const struct record *r);
NODISCARD int prove_load(struct ledger *l);
/* The centre was caught: its feed begins anew, and every signature is checked
 * from now on. What the sessions remember of it is void. */
NODISCARD int prove_distrust(struct ledger *l);
/* Keeps a record that its author did not sign, and raises the alarm;
 * ERR_UNPROVED. */
NODISCARD int prove_evidence(struct ledger *l, const struct incoming *in);

/* place.c: 1 when something else than this proved leaf was told here; its
 * verdicts then count. */
NODISCARD int ledger_place_proved(struct ledger *l, const struct leaf *leaf);
/* enter.c, node: keys that came beside a record are kept, their seals
 * dropped. */
NODISCARD int ledger_take_seals(
    struct ledger *l, const struct record *r, const uint8_t *seals, size_t n);

/* admit_erase.c: two persons, no legal hold. */
NODISCARD int admit_erasure_request(
    struct ledger *l, const struct seat_grant *who, const json_t *body);
NODISCARD int admit_erasure_approval(
    struct ledger *l, const struct record *r, const json_t *body);
/* ---- admit.c ---- */
/* Verdict of a statement of the root; admit_root.c. */
NODISCARD int ledger_admit_statement(
    struct ledger *ledger, const struct id *org, const json_t *body);
/* The verdict of entry index of r at the next position; body is NULL where
 * it could not be read. */
NODISCARD int ledger_admit(struct ledger *l, const struct record *r,
    uint32_t index, const json_t *body);
/* A verdict that falls on the whole record, or VERDICT_NONE. */
NODISCARD int ledger_admit_record(
    struct ledger *l, const struct record *r, bool is_covered);

/* The root-signed statement of the node of that incarnation, checked; 0 =
 * of the node that this seat names. ERR_NOT_FOUND; admit_root.c. */
NODISCARD int ledger_find_node(struct statement *out, struct ledger *l,
    uint64_t incarnation, const struct id *seat);
/* The same out of a record of that node's own, l->rec with these boxes: its
 * first one is signed by the key that it names. */
NODISCARD int ledger_vouch(
    struct statement *out, struct ledger *l, const struct boxes *boxes);

#endif
