/*
 * boxes.h - the boxes of one record as the store keeps them: for each entry
 * u32 length | bytes, length 0 where the box is not here (withheld, erased).
 * Must not know what is in them.
 */
#ifndef SUIFANG_SYNC_BOXES_H
#define SUIFANG_SYNC_BOXES_H

#include "core/base.h"
#include "core/buf.h"
#include "sync/record.h"

/* Borrows the bytes it was read from or filled with. */
struct boxes {
	uint32_t count;
	const uint8_t *at[RECORD_ENTRIES_MAX];
	size_t len[RECORD_ENTRIES_MAX];
};

/* ERR_DAMAGED when the bytes are not count boxes and nothing more. */
NODISCARD int boxes_read(
    struct boxes *out, uint32_t count, const void *data, size_t n);
void boxes_write(struct buf *out, const struct boxes *boxes);

/* Every box that is here must be the one its entry commits to. ERR_DAMAGED;
 * ERR_FORMAT when there are more boxes than entries. */
NODISCARD int boxes_check(const struct boxes *boxes, const struct record *r);

/* Takes over what other has and boxes lacks; true if anything was. */
bool boxes_merge(struct boxes *boxes, const struct boxes *other);

#endif
