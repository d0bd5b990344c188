/*
 * import_body.h - imported rows as bodies of entries, within the bounds of
 * schemas/entry. Pure; knows no store.
 */
#ifndef SUIFANG_IMPORT_BODY_H
#define SUIFANG_IMPORT_BODY_H

#include "core/base.h"
#include "core/draft.h"
#include "sync/import.h"
#include "sync/import_pinyin.h"

struct pathway_enrol;
struct pathway_due;

#define IMPORT_SYSTEM_CHARS 100
#define IMPORT_CODE_CHARS 32
#define IMPORT_TEXT_CHARS 200
#define IMPORT_VISIT_KEY 64

/* Sets key to s cut at a count of characters; nothing for "". */
void import_put_text(json_t *o, const char *key, const char *s, size_t chars);

/* The code an item is filed under: of the classification a hospital bills
 * by, where there are several. Never NULL; code is "" when there is none. */
struct import_code import_code_of(const struct import_item *item);

/* Can the log hold it? Not what happened before 1970 with a time of day. */
bool import_is_fit(const struct import_item *item);

/* A visit has no number of its own everywhere: time and class name it. */
void import_visit_key(
    char out[IMPORT_VISIT_KEY], const struct import_item *item);

/* patient.registered; spelled may be NULL. New reference. */
json_t *import_body_person(const struct import_patient *p,
    const struct pinyin *spelled, const char *source);
/* One element of "phones" and of "identifiers". New references. */
json_t *import_body_phone(const struct import_phone *phone);
json_t *import_body_identifier(const struct import_identifier *id);

/* Adds entries of at most a hundred items of one kind to a draft: those of
 * p that keep says. Returns how many items. */
size_t import_body_items(struct draft *draft, const struct id *stream,
    const struct import_patient *p, const bool *keep, enum import_kind kind);

/* pathway.enrolled. New reference. */
json_t *import_body_enrolled(const struct pathway_enrol *enrol,
    const struct pathway_due *due, const struct import_patient *p);

#endif
