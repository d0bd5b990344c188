/*
 * in_force.h - the content that holds: of everything the program carries the
 * newest version that was published in the log, where that is newer than the
 * program's own; and what was published besides. Reads the store; must not
 * know what content means.
 */
#ifndef SUIFANG_IN_FORCE_H
#define SUIFANG_IN_FORCE_H

#include "core/base.h"
#include "core/buf.h"

struct store;

/* As content_each (core/content.h) of "rules/", "advice/" or "pathways/".
 * store NULL: only what came with the program. What was
 * published and is not whole here, or is refused by use, is passed over for
 * the program's own. Errors of use, the store and json_load. */
NODISCARD int in_force_each(struct store *store, const char *prefix,
    int (*use)(void *ctx, const char *path, const char *text, size_t n),
    void *ctx);

/* Appends the text in force of one file of the program, such as
 * "settings/hours.json". ERR_NOT_FOUND when the program has no such file. */
NODISCARD int in_force_text(
    struct buf *out, struct store *store, const char *path);

#endif
