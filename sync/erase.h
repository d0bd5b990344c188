/*
 * erase.h - what an approved erasure does wherever the roster arrives: keys
 * of the named streams are destroyed, boxes and drafts deleted, rows removed;
 * header lines and clear entries stay, so every chain still verifies. What
 * comes later is kept without box and key. Must not know who may ask
 * (admit_erase.c) or screens. All in the caller's transaction.
 */
#ifndef SUIFANG_SYNC_ERASE_H
#define SUIFANG_SYNC_ERASE_H

#include "core/base.h"

struct boxes;
struct ledger;
struct record;

/* Is the stream erased? 1, 0 or an error. Cheap where nothing is. */
NODISCARD int erase_is_done(struct ledger *ledger, const struct id *stream);
NODISCARD int erase_load(struct ledger *ledger);

/* Does everything that approved erasures ask for and that is not done yet;
 * after each record with an approval, and before anything is lent. */
NODISCARD int erase_follow(struct ledger *ledger);
bool erase_is_asked(const struct record *record);

/* Empties the boxes of erased streams in *boxes; 1 when there were any. */
NODISCARD int erase_strip(struct ledger *ledger, const struct record *record,
    struct boxes *boxes);

#endif
