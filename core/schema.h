/*
 * schema.h - JSON Schema for content files, as far as schemas/content uses
 * it: type, enum, const, properties, required, additionalProperties false,
 * items, minItems, maxItems, minLength, maxLength, pattern, minimum, maximum,
 * anyOf, and $ref into $defs. Tells every fault, not the first. Bodies of
 * entries have a reader of their own (entry.h).
 */
#ifndef SUIFANG_SCHEMA_H
#define SUIFANG_SCHEMA_H

#include "core/base.h"

#include <jansson.h>

#define SCHEMA_PATH 200
#define SCHEMA_WHY 120

struct schema_fault {
	char path[SCHEMA_PATH]; /* "$.rules[3].when.any[0].op" */
	char why[SCHEMA_WHY];
};

/* Faults of value against schema; returns how many there are, keeps at most
 * max of them. schema must be sound: it comes with the program. */
size_t schema_check(struct schema_fault *out, size_t max, const json_t *schema,
    const json_t *value);

/*
 * Line (from 1) in a JSON text where the value at path begins; of its
 * nearest ancestor when the path leads nowhere. Keys with '.' or '[' in them
 * end the search at their parent. text must be valid JSON.
 */
int schema_line(const char *text, size_t n, const char *path);

#endif
