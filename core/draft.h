/*
 * draft.h - one save before it is signed: the entries of one record. The
 * draft_* files build bodies; ledger_record seals, numbers and signs them.
 */
#ifndef SUIFANG_DRAFT_H
#define SUIFANG_DRAFT_H

#include "core/base.h"
#include "core/id.h"
#include "core/json.h"
#include "core/kind.h"

#define DRAFT_ENTRIES_MAX 256

struct draft_entry {
	enum kind kind;
	struct id stream;
	json_t *body;
};

/* Zero-initialise with `struct draft d = {0}`. The slot is the piece of work
 * on the shelf that ends in the same commit; NULL: there is none. */
struct draft {
	struct draft_entry *entries;
	size_t count;
	const char *slot;
};

/* Takes over body. Returns the entry's index in the record, from 1. */
unsigned draft_add(
    struct draft *draft, enum kind kind, const struct id *stream, json_t *body);
void draft_fini(struct draft *draft);

/* Borrows the body of the last entry, for adding fields. */
json_t *draft_last(const struct draft *draft);

/* Hex of an id into a body. */
void draft_put_id(json_t *body, const char *key, const struct id *id);

/* "A" + ordinal and number of an alert, such as A017.2-118: unique without
 * the centre. seq is the record's own sequence number. */
#define ALERT_NO_TEXT 48
void draft_alert_no(char out[ALERT_NO_TEXT], const char *member,
    unsigned ordinal, uint64_t seq);

#endif
