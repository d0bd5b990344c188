/*
 * content.h - what every file of clinical data begins with: id, version,
 * title in two languages, the source it was taken from. Texts are borrowed
 * from the JSON value, which its owner keeps as long as the content lives.
 */
#ifndef SUIFANG_CONTENT_H
#define SUIFANG_CONTENT_H

#include "core/base.h"

#include <jansson.h>

#define CONTENT_MAX (256 * 1024) /* bytes of one file */
#define CONTENT_ID 48            /* longest id, with its NUL */

/* One text in two languages, for tr_pick(). Never NULL. */
struct words {
	const char *zh;
	const char *en;
};

struct content_head {
	const char *id;
	int version;
	struct words title;
	const char *source;
};

/* Parses one file and reads its head. *root is a new reference. ERR_INVALID
 * with the path and reason in err_detail, or an error of json_load. */
NODISCARD int content_parse(
    json_t **root, struct content_head *head, const char *text, size_t n);

/* {"zh": "...", "en": "..."}, both present and not empty. */
NODISCARD int content_words(
    struct words *out, const json_t *object, const char *key, const char *at);

/* A text of 1..CONTENT_ID-1 characters of a-z 0-9 . - _ */
NODISCARD int content_id(
    const char **out, const json_t *object, const char *key, const char *at);

/* An integer member within lo..hi. */
NODISCARD int content_int(int64_t *out, const json_t *object, const char *key,
    const int64_t range[2]);

/* Refuses members of object that are not named; names ends with NULL. */
NODISCARD int content_members(
    const json_t *object, const char *at, const char *const *names);

/* Calls use(ctx, path, text, n) for every embedded file directly below
 * prefix (such as "rules/"), in order of name; stops at the first error. */
NODISCARD int content_each(const char *prefix,
    int (*use)(void *ctx, const char *path, const char *text, size_t n),
    void *ctx);

#endif
