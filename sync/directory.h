/*
 * directory.h - the team's directory: masked names and keyed hashes of
 * telephone numbers of everybody in a team's care, so that any of its
 * terminals matches an incoming call and takes it with one recorded key, an
 * emergency access that the centre follows. The centre makes it anew at most
 * every ten minutes; it is no record and can be lost. Must not know screens.
 */
#ifndef SUIFANG_SYNC_DIRECTORY_H
#define SUIFANG_SYNC_DIRECTORY_H

#include "core/base.h"
#include "core/buf.h"
#include "core/draft.h"

struct ledger;
struct msg_directory;
struct store;

#define DIRECTORY_NAME 65
#define DIRECTORY_KEY 32

/* The centre's, of one team; kept by the ledger. */
struct directory {
	bool is_made;
	struct id team;
	int64_t at_s;
	uint8_t key[DIRECTORY_KEY];
	struct buf rows; /* as wire_bulk.h says */
	uint32_t count;
	struct hash digest;
};
void directory_fini(struct directory *directory);

/* *out is the ledger's until the next call. In a transaction: a team's first
 * directory makes its key. */
NODISCARD int directory_of(
    const struct directory **out, struct ledger *ledger, const struct id *team);

/* Terminal: a message of it; the first empties what was here, the last keeps
 * the digest. In a transaction. */
NODISCARD int directory_take(struct ledger *ledger,
    const struct msg_directory *m, const struct hash *digest);
/* 1 when this is the directory that is here. */
NODISCARD int directory_is(struct ledger *ledger, const struct hash *digest);

struct directory_entry {
	struct id patient;
	char name[DIRECTORY_NAME]; /* masked */
};
/* Whose number is it? How many of at most max, or an error of the store.
 * Spaces, dashes and +86 do not matter. */
NODISCARD int directory_find(struct directory_entry *out, int max,
    struct store *store, const char *number);
/* The record that takes the call. */
void directory_take_call(struct draft *out, const struct id *patient);

#endif
