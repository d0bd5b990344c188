/*
 * json.h - JSON from outside, bounded before a library sees it: size, depth,
 * valid UTF-8, no duplicate keys, no NUL. Bodies of the log are canonical:
 * compact, keys sorted, integers only.
 */
#ifndef SUIFANG_JSON_H
#define SUIFANG_JSON_H

#include "core/base.h"
#include "core/buf.h"

#include <jansson.h>

#define JSON_DEPTH_MAX 64

/* First in a program: what a value takes is there or the program ends, as for
 * all small memory. A text that is well formed must never be said to be
 * otherwise, and kept as such, because memory was out for a moment. */
void json_init(void);

/* Parses one value. *out is a new reference. ERR_TOO_LARGE, ERR_ENCODING,
 * ERR_FORMAT (err_detail names line and column). */
NODISCARD int json_load(json_t **out, const char *text, size_t n, size_t max);

/* Appends the canonical text of a value. */
void json_canonical(struct buf *out, const json_t *value);
/* Is this text, which json_load has accepted, what json_canonical would write?
 * Said without writing it. Never of reals and of keys that need an escape. */
bool json_is_canonical(const char *text, size_t n);

/* Borrowed text of a string member, or fallback. */
const char *json_str(
    const json_t *object, const char *key, const char *fallback);
int64_t json_int(const json_t *object, const char *key, int64_t fallback);
bool json_flag(const json_t *object, const char *key);
/* Array member, or NULL: json_array_size(NULL) is 0. */
const json_t *json_list(const json_t *object, const char *key);

/* Setters for building bodies; they abort on memory, skip NULL text. */
void json_put_str(json_t *object, const char *key, const char *value);
void json_put_int(json_t *object, const char *key, int64_t value);
void json_put_flag(json_t *object, const char *key, bool value);
/* Takes over value. */
void json_put(json_t *object, const char *key, json_t *value);

#endif
