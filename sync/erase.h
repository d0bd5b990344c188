/*
 * erase.h - what an approved erasure does wherever the roster arrives: keys
 * of the named streams are destroyed, boxes and drafts deleted, rows removed;
 * header lines and clear entries stay, so every chain still verifies. The
 * same holds for what is kept beside the log: branches, records that wait
 * for a place, refused messages, import quarantine. What comes later is kept
 * without box and key. Must not know who may ask (admit_erase.c) or screens.
 * All in the caller's transaction.
 */
#ifndef SUIFANG_SYNC_ERASE_H
#define SUIFANG_SYNC_ERASE_H

#include "core/base.h"

struct boxes;
struct buf;
struct incoming;
struct ledger;
struct record;

/* Is the stream erased? 1, 0 or an error. Cheap where nothing is. */
NODISCARD int erase_is_done(struct ledger *ledger, const struct id *stream);
NODISCARD int erase_load(struct ledger *ledger);

/* Does everything that approved erasures ask for and that is not done yet;
 * after each record with a request or an approval, and before anything is
 * lent: a terminal whose disk was put back gets its own approval before the
 * request. */
NODISCARD int erase_follow(struct ledger *ledger);
bool erase_is_asked(const struct record *record);

/* Empties the boxes of erased streams in *boxes; 1 when there were any. */
NODISCARD int erase_strip(
    struct ledger *ledger, const struct record *record, struct boxes *boxes);
/* Of a record that is to be kept beside the log, l->rec: neither boxes nor
 * seals of an erased stream. in->seals then lie in *seals. */
NODISCARD int erase_sift(
    struct incoming *in, struct buf *seals, struct ledger *ledger);

/* The stream was erased before this store began: nothing of it is taken. */
NODISCARD int erase_note(struct ledger *ledger, const struct id *stream);

#endif
