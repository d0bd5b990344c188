/*
 * content_patient.h - a patient of a store as clinical content sees one: the
 * record and everything known as facts, answers under the codes that their
 * scripts give them. Reads only.
 */
#ifndef SUIFANG_SYNC_CONTENT_PATIENT_H
#define SUIFANG_SYNC_CONTENT_PATIENT_H

#include "core/casefile.h"
#include "core/content_pack.h"
#include "core/facts.h"

struct store;

/* The scripts of some content. */
struct content_reader;
struct content_reader *content_reader_new(const struct content_files *files);
void content_reader_free(struct content_reader **reader);

struct content_patient {
	struct casefile *file;
	struct facts facts;
};
/* Errors of the store. On success freed with content_patient_fini. */
NODISCARD int content_patient_read(struct content_patient *out,
    struct content_reader *reader, struct store *store, const struct id *id);
void content_patient_fini(struct content_patient *p);

/* Streams that a query gives in its first column, until use fails. */
struct stmt;
NODISCARD int content_patients_each(struct stmt *query,
    int (*use)(void *ctx, const struct id *patient), void *ctx);

#endif
