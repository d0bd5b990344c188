/*
 * import_known.h - what the store already says about an imported person.
 * Reads only.
 */
#ifndef SUIFANG_IMPORT_KNOWN_H
#define SUIFANG_IMPORT_KNOWN_H

#include "core/base.h"
#include "core/facts.h"
#include "core/json.h"
#include "sync/import.h"

struct store;

/* How the registered patient compares with the imported one. */
struct import_details {
	bool is_deceased;
	bool differs; /* name, sex or birth day */
	char sex;     /* M F O, 0 unknown */
	bool has_birth;
	int64_t birth_day;
};

/* The registered patient with any identifier of p. *found says whether.
 * ERR_STALE when there are two. */
NODISCARD int import_known_find(struct id *out, bool *found,
    struct store *store, const struct import_patient *p);

/* All zeros where nobody is registered. */
NODISCARD int import_known_details(struct import_details *out,
    struct store *store, const struct id *stream,
    const struct import_patient *p);

/* *out: the item is there already, of that day. */
NODISCARD int import_known_item(bool *out, struct store *store,
    const struct id *stream, const struct import_item *item);

/* Adds registered conditions and procedures, as facts of their days. */
NODISCARD int import_known_facts(
    struct facts *out, struct store *store, const struct id *stream);

/* *was: on the pathway now or earlier. */
NODISCARD int import_known_pathway(bool *was, struct store *store,
    const struct id *stream, const char *pathway);
/* Names of the pathways the patient is on, a new array of texts. */
NODISCARD int import_known_pathways(
    json_t **out, struct store *store, const struct id *stream);

/* Registered lists as they stand, in the form of an entry's body, and
 * whether p adds to them. New references. */
NODISCARD int import_known_phones(json_t **out, bool *grew, struct store *store,
    const struct id *stream, const struct import_patient *p);
NODISCARD int import_known_identifiers(json_t **out, bool *grew,
    struct store *store, const struct id *stream,
    const struct import_patient *p);

/* *has: the patient is on somebody's list. */
NODISCARD int import_known_member(
    bool *has, struct store *store, const struct id *stream);

#endif
