/*
 * statement.h - what the organisation root says, as clear text and one
 * Ed25519 signature over "sf-statement/1" | text: who the root is, who the
 * node is, who the first operator is, that another root follows, that the
 * node began anew. Pure: knows no files and no log. Text: LF-ended lines
 * "key value" in a fixed order; there is exactly one text of a statement.
 * Bytes: docs/LOG.md.
 */
#ifndef SUIFANG_KEYS_STATEMENT_H
#define SUIFANG_KEYS_STATEMENT_H

#include "core/base.h"
#include "core/buf.h"
#include "keys/identity.h"
#include "keys/sign.h"

#define STATEMENT_TEXT_MAX 4000
#define STATEMENT_NAME_MAX 64 /* bytes of a name, member or terminal */

enum statement_what {
	STATEMENT_GENESIS,
	STATEMENT_NODE,
	STATEMENT_OPERATOR,
	STATEMENT_ROLLOVER,
	STATEMENT_INCARNATION,
	STATEMENT_WHATS
};

/* Fields that a kind of statement does not have are zeros. */
struct statement {
	enum statement_what what;
	struct id org;
	int64_t from_s;  /* valid from, seconds UTC */
	int64_t until_s; /* node, operator: to, not included */
	/* genesis: the root; rollover: the new root */
	uint8_t root_pk[SIGN_PUBLIC];
	/* node, operator: the seat, named by its two keys */
	struct id seat;
	uint8_t sign_pk[SIGN_PUBLIC];
	uint8_t dh_pk[DH_KEY];
	/* node */
	uint8_t check_pk[SIGN_PUBLIC];
	uint8_t seal_pk[DH_KEY];
	/* node, incarnation: the ordinal, from 1 */
	uint64_t incarnation;
	/* operator */
	char member[STATEMENT_NAME_MAX + 1];
	char name[STATEMENT_NAME_MAX + 1];
	char terminal[STATEMENT_NAME_MAX + 1];
	/* incarnation: of which one the backup was, and what the order was
	 * restored to */
	uint64_t old;
	uint64_t size;
	struct hash root;
	/* rollover: the new root's signature over "sf-rollover/1" | org |
	 * old root | new root */
	uint8_t countersign[SIGNATURE];
};

/* "genesis", "node", ...: as in the body of root.statement entries. */
const char *statement_name(enum statement_what what);

/* Appends the one text of a statement; values must be in range. */
void statement_write(struct buf *out, const struct statement *s) NONNULL;

/* Total. ERR_FORMAT: not exactly the text of a statement, or its seat is not
 * that of its keys. The signature is not looked at. */
NODISCARD int statement_read(struct statement *out, const char *text, size_t n);

void statement_sign(uint8_t signature[SIGNATURE], const struct buf *text,
    const struct secret *root) NONNULL;

/* Reads and checks what came from outside, with the signature in hex as in
 * root.statement entries. what: as its `what` says, or NULL for any.
 * ERR_FORMAT, ERR_SIGNATURE; ERR_ORGANISATION when it speaks of another
 * organisation than root_pk's first one, org. */
struct statement_source {
	const char *what;
	const char *text;
	const char *signature; /* 128 hex digits */
};
NODISCARD int statement_verify(struct statement *out,
    const struct statement_source *source, const struct id *org,
    const uint8_t root_pk[SIGN_PUBLIC]);

/* The new root's half of a rollover. */
void statement_countersign(struct statement *rollover,
    const uint8_t old_pk[SIGN_PUBLIC], const struct secret *new_root) NONNULL;
NODISCARD int statement_rollover_check(
    const struct statement *rollover, const uint8_t old_pk[SIGN_PUBLIC]);

#endif
