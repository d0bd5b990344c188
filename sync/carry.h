/*
 * carry.h - a session on paper: what a terminal and the centre would say to
 * each other over the wire, in two files that a person carries. The letter
 * holds the terminal's hello and its unsent records; the reply, for that seat
 * alone, what the centre answers: receipt, feed, keys, checkpoint. The same
 * session does the work with the same checks. Format: docs/WIRE.md. Must not
 * know files or screens.
 */
#ifndef SUIFANG_SYNC_CARRY_H
#define SUIFANG_SYNC_CARRY_H

#include "core/base.h"
#include "core/buf.h"
#include "sync/ledger.h"

#define CARRY_MAX (256u << 20) /* bytes of a letter or reply */

struct carry_report {
	uint64_t records; /* in the letter; in a reply: feed items */
	uint64_t forks;   /* kept as evidence */
};

/* The terminal's letter: unsent records, or all own ones. A new letter makes
 * the reply to an older one void. ERR_TOO_LARGE. */
NODISCARD int carry_letter(struct buf *out, struct carry_report *report,
    struct ledger *ledger, bool all);

/* The centre takes a letter, all of it or nothing, and appends its reply
 * where reply is not NULL. ERR_WRONG_FILE (nothing was begun),
 * ERR_ORGANISATION, and what a session says. */
NODISCARD int carry_take(struct buf *reply, struct carry_report *report,
    struct ledger *ledger, const struct buf *letter);

/* The terminal takes the reply to its newest letter, all of it or nothing.
 * ERR_LETTER: for another seat, to an older one, or a second time;
 * ERR_SIGNATURE: not from this centre, or changed. */
NODISCARD int carry_accept(struct carry_report *report, struct ledger *ledger,
    const struct buf *reply);

#endif
