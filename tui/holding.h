/*
 * holding.h - what a terminal holds, told before the passphrase: how many
 * patients, how many records that the centre has not, the last sync. Who
 * switches a terminal off or wipes it must know. A small file in clear,
 * HOME/holding, for display only: numbers and times, no name. Nothing is
 * decided by it, since anybody who reaches the folder may change it.
 */
#ifndef SUIFANG_TUI_HOLDING_H
#define SUIFANG_TUI_HOLDING_H

#include "core/base.h"
#include "core/buf.h"

struct client;
struct env;
struct home;

struct holding {
	int64_t as_of_s;
	int64_t patients, unsent;
	int64_t heard_s; /* last time all was exchanged; 0: never */
	int64_t until_s; /* the key's grant ends; 0: not known */
	int64_t zone_s;  /* east of UTC */
};

/* Lines "name number" below "sf-holding 1"; and back: false for anything
 * else, a number out of bounds too. */
void holding_text(struct buf *out, const struct holding *h);
bool holding_parse(struct holding *out, const char *text, size_t n);

/* False when there is no such file, or one that is of no use. */
bool holding_read(struct holding *out, const char *dir);

/* Keeps the file of an open home up to date. Starts as {0}. */
struct holding_keeper {
	struct holding said; /* as_of_s 0: nothing yet */
	uint64_t due_ms;
};
struct holding_world {
	struct home *home;
	const struct client *client;
	const struct env *env;
	int64_t zone_s;
};
/* At most every few seconds, and only where something is another; is_last:
 * now. What cannot be written is not told. */
void holding_keep(
    struct holding_keeper *k, const struct holding_world *w, bool is_last);

#endif
