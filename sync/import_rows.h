/*
 * import_rows.h - inside the importers: the batch under construction. Texts
 * are kept once each; names (full URLs, "Patient/1", "system|value") point
 * to people. Not for callers of import.h.
 */
#ifndef SUIFANG_IMPORT_ROWS_H
#define SUIFANG_IMPORT_ROWS_H

#include "core/buf.h"
#include "sync/import.h"

#include <jansson.h>

/* Where the reader stands, for the problem list. */
struct import_place {
	const char *file;
	const char *path; /* "line 3", "entry[7].resource" */
	const char *type; /* of the resource, or "" */
};

/* A copy that lives as long as the batch; equal texts share one. NULL as "". */
const char *import_keep(struct import_batch *b, const char *s);
const char *import_keep_n(struct import_batch *b, const char *s, size_t n);
/* The same, cleaned of control characters and cut at max bytes. */
const char *import_clean(struct import_batch *b, const char *s, size_t max);

int32_t import_zone(const struct import_batch *b);

/* The resource under the reader; what is refused until the next call keeps
 * its text. NULL: none. */
void import_hold(struct import_batch *b, const json_t *resource);

/* Adds to the problem list and returns ERR_QUARANTINED. field may be "". */
int import_refuse(struct import_batch *b, const struct import_place *at,
    const char *field, const char *why, const char *detail);

/* The row of a type; made on first sight. Valid until the next call. */
struct import_count *import_type(struct import_batch *b, const char *type);

/* The person with this key, made on first sight. */
struct import_patient *import_person(struct import_batch *b, const char *key);
/* A name as used within one file (depth 0) or one folder (depth 1): two
 * hospitals both have a Patient/1. */
void import_scope(
    struct buf *out, const char *file, int depth, const char *name);
/* Lets `name` stand for the person with this key. */
void import_name_person(
    struct import_batch *b, const char *name, const char *key);
void import_add_identifier(struct import_batch *b, struct import_patient *p,
    const struct import_identifier *id);
void import_add_phone(struct import_batch *b, struct import_patient *p,
    const struct import_phone *phone);

/* The person a name or "system|value" stands for; NULL when nobody or more
 * than one. */
const struct import_patient *import_known_person(
    const struct import_batch *b, const char *name);

/* Keeps a copy of an item until import_finish finds whom `subject` names;
 * false when an item of the same key was here before. */
bool import_add_item(struct import_batch *b, const struct import_place *at,
    const char *subject, const struct import_item *item);

/* A resource was understood and left out on purpose. */
#define IMPORT_PASSED 1

/* One Patient resource; url is its fullUrl or "". 0, ERR_QUARANTINED or
 * IMPORT_PASSED. */
NODISCARD int import_read_person(struct import_batch *b,
    const struct import_place *at, const json_t *resource, const char *url);

/* One clinical resource of a known kind. */
NODISCARD int import_read_item(struct import_batch *b,
    const struct import_place *at, const json_t *resource, const char *url);

/* True when import_read_item reads this type. */
bool import_is_item(const char *type);

#endif
