/*
 * fold.h - the only writer of view tables. An entry becomes the statements of
 * schemas/fold/<kind>.sql with its scalars bound; nothing is decided here.
 *
 * A fold file begins with statements run once. After a line "-- each NAME"
 * statements run once for each item of the body's list NAME; after "-- before
 * NAME" once if the body has that list. Parameters: the entry's own :stream
 * :ref :seat :seq :lamport :pos :at_s :late, a body's field :field (:b_field
 * where the name is one of those), an item's :i_field and its number :n from
 * 1. An absent field is NULL.
 */
#ifndef SUIFANG_FOLD_H
#define SUIFANG_FOLD_H

#include "core/base.h"
#include "core/entry.h"
#include "core/id.h"
#include "core/kind.h"

struct fold;
struct store;

struct fold_entry {
	enum kind kind;
	struct ref ref;
	struct id stream;
	uint64_t lamport;
	int64_t pos; /* -1 while the centre has not placed it */
	int64_t at_s;
	bool is_late;
	const json_t *body;
};

/* Both are borrowed and must outlive the fold. */
struct fold *fold_new(struct store *store, const struct entry_book *book);
void fold_free(struct fold **fold);

/* Inside a transaction of the caller's. */
NODISCARD int fold_apply(struct fold *fold, const struct fold_entry *entry);

/* Removes every view row of a stream, before it is folded again. */
NODISCARD int fold_forget(struct fold *fold, const struct id *stream);

#endif
