/*
 * anchor.h - the last receipt, kept beside the vault: what the centre signed
 * as received names a record that this terminal must have. Sealed pages do
 * not tell an older copy of the whole file from the newest; this does,
 * without asking the centre. Pure text and comparison; home.c has the file.
 */
#ifndef SUIFANG_SYNC_ANCHOR_H
#define SUIFANG_SYNC_ANCHOR_H

#include "core/base.h"
#include "core/buf.h"
#include "sync/wire.h"

struct ledger;

#define ANCHOR_MAX 512

/* Lines "sf-receipt 1", seq, record, signature; appended. */
void anchor_text(struct buf *out, const struct msg_receipt *receipt);
/* seat of *out is left zero. ERR_FORMAT. */
NODISCARD int anchor_parse(
    struct msg_receipt *out, const char *text, size_t len);

/* The bytes that the node signs in a receipt: "sf-receipt/1" | org | seat |
 * seq | record. */
void anchor_signed(
    struct buf *out, const struct id *org, const struct msg_receipt *receipt);

/* How fresh the data of this terminal is, as far as it can tell alone. */
struct freshness {
	bool was_cut;     /* the vault's log ended in an unfinished save */
	uint64_t missing; /* saves the centre has received and we lack */
	bool is_other;    /* ours of that number is another record */
};

/* Fills missing and is_other. A receipt that is not signed by this site's
 * node for this seat says nothing: 0, and *out unchanged. Store errors. */
NODISCARD int anchor_compare(struct freshness *out, struct ledger *ledger,
    const struct msg_receipt *receipt);

/* What the person is told: sentences in their language, one a line, appended;
 * nothing when all is well. */
void freshness_text(struct buf *out, const struct freshness *f);

#endif
