/*
 * signed.h - the signed entries behind a patient's record: who said it, when,
 * what the centre decided, and the hash that proves it. Reads only.
 */
#ifndef SUIFANG_SIGNED_H
#define SUIFANG_SIGNED_H

#include "core/base.h"
#include "core/kind.h"

struct store;

struct signed_entry {
	int64_t at_s, pos; /* pos -1: not placed by the centre yet */
	enum kind kind;
	bool is_known; /* a kind of this program */
	struct id seat, stream;
	uint64_t lamport, seq;
	int index, verdict;
	struct hash record;
	char member[24];
	bool is_received; /* the centre has a receipt for it */
};

/* Newest first: those of one stream before *before (NULL: all). Returns how
 * many, or an error. */
int signed_read(struct signed_entry *out, int max, struct store *store,
    const struct id *stream, const struct signed_entry *before);

/* The same of one seat since a time, over all streams: the day's history. */
int signed_day(struct signed_entry *out, int max, struct store *store,
    const struct id *seat, int64_t from_s);

/* Patients that a seat gave to others since a time: of which entry, from
 * whose list ("" nobody's) to whose. */
struct signed_move {
	uint64_t seq;
	int index;
	char from[24], to[24], name[96], name_en[96];
};
int signed_moves(struct signed_move *out, int max, struct store *store,
    const struct id *seat, int64_t from_s);

#endif
