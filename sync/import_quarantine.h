/*
 * import_quarantine.h - what an import could not read, kept until a person
 * has corrected it: listed, written out as files to correct, dropped. Taking
 * the corrected files back is an import like any other (node_import.c).
 */
#ifndef SUIFANG_IMPORT_QUARANTINE_H
#define SUIFANG_IMPORT_QUARANTINE_H

#include "core/base.h"
#include "core/buf.h"
#include "sync/import.h"

struct store;

/* Copies the problem list into the store's quarantine; what lies there
 * already is not added again. In no transaction of the caller's. */
NODISCARD int import_quarantine(
    const struct import_batch *b, struct store *store, int64_t now_s);

/* Appends a line for each: number, day, file, place, reason. */
NODISCARD int quarantine_list(
    struct buf *out, struct store *store, int32_t zone_s);

/* Writes each resource to dir/<number>.json, readable by its owner only, and
 * says how many there are; makes dir, for its owner only. ERR_IO,
 * ERR_NO_SPACE, errors of the store. */
NODISCARD int quarantine_write(
    struct buf *out, struct store *store, const char *dir);

/* ERR_NOT_FOUND: no such number. In no transaction of the caller's. */
NODISCARD int quarantine_drop(struct store *store, int64_t number);

/* The number in ".../<number>.json"; 0 when it is none. */
int64_t quarantine_number(const char *path);

#endif
