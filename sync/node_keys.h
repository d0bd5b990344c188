/*
 * node_keys.h - copies of the centre's stream keys in a folder of their own,
 * sealed to the root (keys/rescue.h), and the way back into a centre that was
 * restored (an edge). Kept apart from backups, at most 30 days.
 */
#ifndef SUIFANG_SYNC_NODE_KEYS_H
#define SUIFANG_SYNC_NODE_KEYS_H

#include "core/base.h"

/* When the newest copy was made; a meta value. */
#define NODE_KEYS_COPIED "keys.copied"

struct request;

/* words: a folder, "--rescue=FILE": writes all keys to DIR/keys-<time>.sfk
 * and removes copies that are older than 30 days. */
NODISCARD int verb_keys_backup(const struct request *q, bool *stop);
/* words[1]: a copy that the root sealed for this centre. Keys that the log
 * names and no erasure destroyed are taken. */
NODISCARD int verb_keys_take(const struct request *q, bool *stop);

#endif
