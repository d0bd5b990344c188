/*
 * rescue.h - stream keys copied for the day when the centre is lost and no
 * terminal brings them back: sealed to the X25519 key of the organisation's
 * root file, which stays offline, and by the root to the centre that comes
 * next. Must not know files or the log.
 *
 * "suifang-keys 1" LF | org 16 | u64 made at, seconds | sections | u32 0.
 * Section: u32 length | kid 32 | key seal 80 | box. The box (seal.h) holds
 * rows of stream 16 | key 32 under a key of its own, whose kid is that of the
 * organisation's id; associated data "sf-keys/1" | org.
 */
#ifndef SUIFANG_KEYS_RESCUE_H
#define SUIFANG_KEYS_RESCUE_H

#include "core/base.h"
#include "core/buf.h"
#include "keys/identity.h"

#define RESCUE_ROW (16 + 32)
#define RESCUE_ROWS 1300 /* in a section, at most */

/* For whom it is sealed. */
struct rescue_to {
	struct id org;
	uint8_t pk[DH_KEY];
	const struct env *env;
};

void rescue_begin(struct buf *out, const struct id *org, int64_t at_s);
/* Rows of a section; ERR_TOO_LARGE. */
NODISCARD int rescue_add(
    struct buf *out, const struct rescue_to *to, const struct buf *rows);
void rescue_end(struct buf *out);

/* A whole file in turn, its sections sealed as they are. A non-zero return of
 * each stops and is returned. ERR_WRONG_FILE, ERR_ORGANISATION. */
struct rescue_section {
	const uint8_t *data;
	size_t len;
};
typedef int rescue_each_fn(void *ctx, const struct rescue_section *section);
NODISCARD int rescue_each(int64_t *at_s, const struct buf *file,
    const struct id *org, rescue_each_fn *each, void *ctx);

/* Appends the rows; they are secret. ERR_SIGNATURE: not for this key, or
 * changed. */
NODISCARD int rescue_open(struct buf *rows, const struct id *org,
    const struct secret *dh, const struct rescue_section *section);
/* Appends the section, sealed for somebody else. */
NODISCARD int rescue_pass(struct buf *out, const struct rescue_to *to,
    const struct secret *dh, const struct rescue_section *section);

#endif
