/* boxes.c - the boxes of one record. */
#include "sync/boxes.h"

#include "core/err.h"

int boxes_read(struct boxes *out, uint32_t count, const void *data, size_t n)
{
	struct reader in = reader_of(data, n);

	out->count = count;
	for (uint32_t i = 0; i < count; i++)
		out->at[i] = reader_block(&in, &out->len[i], n);
	return reader_is_done(&in) ? 0 : err_set(ERR_DAMAGED, "boxes");
}

void boxes_write(struct buf *out, const struct boxes *boxes)
{
	for (uint32_t i = 0; i < boxes->count; i++)
		buf_block(out, boxes->at[i], boxes->len[i]);
}

int boxes_check(const struct boxes *boxes, const struct record *r)
{
	int err = boxes->count == r->count
		      ? 0
		      : err_set(ERR_FORMAT, "boxes of another record");

	for (uint32_t i = 0; err == 0 && i < boxes->count; i++)
		if (boxes->len[i] > 0)
			err = record_box_check(
			    &r->entries[i], boxes->at[i], boxes->len[i]);
	return err;
}

bool boxes_merge(struct boxes *boxes, const struct boxes *other)
{
	bool is_new = false;

	for (uint32_t i = 0; i < boxes->count && i < other->count; i++) {
		if (boxes->len[i] > 0 || other->len[i] == 0)
			continue;
		boxes->at[i] = other->at[i];
		boxes->len[i] = other->len[i];
		is_new = true;
	}
	return is_new;
}
