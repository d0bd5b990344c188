/*
 * entry.h - bodies of entries: bounded JSON that fits the JSON Schema of its
 * kind (schemas/entry). The schema files are the bounds: one source for the
 * program, for documents and for others' validators. Supported keywords:
 * type, properties, required, additionalProperties, items, maxItems,
 * maxLength (characters), minimum, maximum, enum, and four patterns.
 */
#ifndef SUIFANG_ENTRY_H
#define SUIFANG_ENTRY_H

#include "core/base.h"
#include "core/json.h"
#include "core/kind.h"

#define ENTRY_BODY_MAX (64u * 1024)

/* The parsed schemas; read them once, share them. */
struct entry_book;
struct entry_book *entry_book_new(void);
void entry_book_free(struct entry_book **book);

/* The schema of a kind; borrowed. */
const json_t *entry_schema(const struct entry_book *book, enum kind kind);

/* Does a body fit? ERR_INVALID with the path in err_detail. */
NODISCARD int entry_check(
    const struct entry_book *book, enum kind kind, json_t *body);

/* Bytes of a box to a checked body; *out is a new reference. Refuses bytes
 * that are not the canonical form. */
NODISCARD int entry_decode(json_t **out, const struct entry_book *book,
    enum kind kind, const void *data, size_t n);

/* Is the property of this schema a 128-bit id (bound as a blob)? */
bool entry_is_id(const json_t *property);

#endif
