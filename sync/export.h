/*
 * export.h - the log as a plain bare git repository that stock git can fsck,
 * clone and verify: one pack, one ref a seat, allowed_signers beside it, the
 * boxes as blobs under refs/notes/boxes. Must not know the store: records
 * come from an iterator. docs/LOG.md describes the result.
 */
#ifndef SUIFANG_SYNC_EXPORT_H
#define SUIFANG_SYNC_EXPORT_H

#include "core/base.h"
#include "core/buf.h"
#include "keys/identity.h"
#include "sync/boxes.h"
#include "sync/record.h"

/* One record to export; everything is borrowed. */
struct export_item {
	const struct record *record;
	const uint8_t *sign_pk; /* SIGN_PUBLIC bytes, from the seat's grant */
	const uint8_t *dh_pk;   /* DH_KEY bytes, the same */
	const struct boxes *boxes; /* those that may leave; NULL: none */
	bool is_branch; /* quarantined branch of a fork: gets its own ref */
};

struct export_source {
	/* Calls visit for every record, those of a seat in order of seq, and
	 * stops with what visit returned when that is not 0. Is called twice
	 * and must give the same both times. */
	int (*each)(void *ctx,
	    int (*visit)(void *visitor, const struct export_item *item),
	    void *visitor);
	void *ctx;
};

struct export_report {
	uint64_t records;
	uint64_t seats;
	uint64_t boxes; /* distinct ones */
	uint64_t withheld;
	bool is_sparse; /* some records have no parent here: `shallow` */
};

/* Writes the repository dir, which must not exist or be empty. ERR_INVALID
 * for another folder; ERR_NO_SPACE, ERR_READ_ONLY, ERR_IO. An unfinished one
 * has no refs. */
NODISCARD int export_write(struct export_report *out, const char *dir,
    const struct export_source *source) NONNULL;

/* What export_verify found wrong with one record or box. */
typedef void export_fault_fn(
    void *ctx, const char *record, int code, const char *why);

/*
 * Reads an export (or a clone of it, with allowed_signers copied in) and
 * checks every record: canonical, SHA-1 and BLAKE2b names, chain, signature
 * by the key of its own seat, seat id made of those keys, boxes that are
 * there. Unlike git verify-commit it binds keys to authors. fault is called
 * for each thing wrong, with the record's name. 0 or ERR_CHECK, both with
 * *out; other errors when the folder cannot be read at all.
 */
NODISCARD int export_verify(struct export_report *out, const char *dir,
    export_fault_fn *fault, void *ctx);

#endif
