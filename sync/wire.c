/* wire.c - messages of a session as bytes. */
#include "sync/wire.h"

#include "core/err.h"
#include "sync/wire_impl.h"

#include <string.h>

#define SEALS_MAX (RECORD_ENTRIES_MAX * 81)

static void put_id(struct buf *out, const struct id *id)
{
	buf_add(out, id->b, sizeof(id->b));
}

static void put_hash(struct buf *out, const struct hash *hash)
{
	buf_add(out, hash->b, sizeof(hash->b));
}

struct reader wire_start(const void *data, size_t n)
{
	struct reader in = reader_of(data, n);

	reader_u8(&in);
	return in;
}

int wire_finish(const struct reader *in)
{
	return reader_is_done(in) ? 0 : err_set(ERR_PROTOCOL, "message length");
}

enum msg wire_peek(const void *data, size_t n)
{
	const uint8_t *p = data;

	if (n == 0)
		return MSG_NONE;
	switch (*p) {
#define X(name, number, direction)                                             \
	case number:                                                           \
		return MSG_##name;
#include "sync/msgs.def"
#undef X
	default:
		return MSG_NONE;
	}
}

void wire_hello_signed(struct buf *out, const struct msg_hello *m)
{
	put_id(out, &m->seat);
	buf_u64(out, m->seq);
	put_hash(out, &m->record);
	buf_u64(out, m->feed);
	put_hash(out, &m->chain);
	buf_u64(out, m->size);
	buf_u64(out, m->unsent);
}

void wire_hello(struct buf *out, const struct msg_hello *m)
{
	buf_u8(out, MSG_HELLO);
	wire_hello_signed(out, m);
	buf_add(out, m->signature, sizeof(m->signature));
}

int wire_read_hello(struct msg_hello *out, const void *data, size_t n)
{
	struct reader in = wire_start(data, n);

	reader_copy(out->seat.b, &in, sizeof(out->seat.b));
	out->seq = reader_u64(&in);
	reader_copy(out->record.b, &in, sizeof(out->record.b));
	out->feed = reader_u64(&in);
	reader_copy(out->chain.b, &in, sizeof(out->chain.b));
	out->size = reader_u64(&in);
	out->unsent = reader_u64(&in);
	reader_copy(out->signature, &in, sizeof(out->signature));
	if (out->seq > INT53_MAX || out->feed > INT53_MAX ||
	    out->size > INT53_MAX || out->unsent > INT53_MAX)
		in.bad = true;
	return wire_finish(&in);
}

void wire_welcome_signed(struct buf *out, const struct msg_welcome *m)
{
	put_id(out, &m->node);
	buf_u64(out, m->seq);
	put_hash(out, &m->record);
	buf_u8(out, m->feed);
	buf_u64(out, m->size);
	buf_u64(out, (uint64_t)m->now_s);
}

void wire_welcome(struct buf *out, const struct msg_welcome *m)
{
	buf_u8(out, MSG_WELCOME);
	wire_welcome_signed(out, m);
	buf_add(out, m->signature, sizeof(m->signature));
}

int wire_read_welcome(struct msg_welcome *out, const void *data, size_t n)
{
	struct reader in = wire_start(data, n);

	reader_copy(out->node.b, &in, sizeof(out->node.b));
	out->seq = reader_u64(&in);
	reader_copy(out->record.b, &in, sizeof(out->record.b));
	out->feed = reader_u8(&in);
	out->size = reader_u64(&in);
	out->now_s = (int64_t)reader_u64(&in);
	reader_copy(out->signature, &in, sizeof(out->signature));
	if (out->seq > INT53_MAX || out->feed > WELCOME_GIVES ||
	    out->size > INT53_MAX || out->now_s < 0 ||
	    out->now_s > RECORD_AT_MAX)
		in.bad = true;
	return wire_finish(&in);
}

void wire_give_body(struct buf *out, const struct msg_give *m)
{
	buf_block(out, m->frame, m->frame_len);
	buf_block(out, m->seals, m->seals_len);
	buf_u16(out, (uint16_t)m->boxes.count);
	boxes_write(out, &m->boxes);
}

void wire_read_give_body(struct msg_give *out, struct reader *in)
{
	struct boxes *b = &out->boxes;

	out->frame = reader_block(in, &out->frame_len, RECORD_FRAME_MAX);
	out->seals = reader_block(in, &out->seals_len, SEALS_MAX);
	b->count = reader_u16(in);
	if (b->count > RECORD_ENTRIES_MAX)
		in->bad = true;
	for (uint32_t i = 0; !in->bad && i < b->count; i++)
		b->at[i] = reader_block(in, &b->len[i], WIRE_BOXES_MAX);
}

struct incoming wire_incoming(const struct msg_give *m)
{
	return (struct incoming){.frame = m->frame,
	    .frame_len = m->frame_len,
	    .seals = m->seals,
	    .seals_len = m->seals_len,
	    .boxes = &m->boxes};
}

void wire_give(struct buf *out, const struct msg_give *m)
{
	buf_u8(out, MSG_GIVE);
	wire_give_body(out, m);
}

int wire_read_give(struct msg_give *out, const void *data, size_t n)
{
	struct reader in = wire_start(data, n);

	wire_read_give_body(out, &in);
	return wire_finish(&in);
}

void wire_receipt(struct buf *out, const struct msg_receipt *m)
{
	buf_u8(out, MSG_RECEIPT);
	put_id(out, &m->seat);
	buf_u64(out, m->seq);
	put_hash(out, &m->record);
	buf_add(out, m->signature, sizeof(m->signature));
}

int wire_read_receipt(struct msg_receipt *out, const void *data, size_t n)
{
	struct reader in = wire_start(data, n);

	reader_copy(out->seat.b, &in, sizeof(out->seat.b));
	out->seq = reader_u64(&in);
	reader_copy(out->record.b, &in, sizeof(out->record.b));
	reader_copy(out->signature, &in, sizeof(out->signature));
	if (out->seq > INT53_MAX)
		in.bad = true;
	return wire_finish(&in);
}

void wire_leaf(struct buf *out, const struct leaf *leaf)
{
	buf_u64(out, leaf->pos);
	put_hash(out, &leaf->record);
	put_id(out, &leaf->seat);
	buf_u64(out, leaf->seq);
	buf_u64(out, (uint64_t)leaf->node_s);
	buf_block(out, leaf->verdicts, leaf->count);
}

void wire_record(struct buf *out, const struct msg_record *m)
{
	buf_u8(out, MSG_RECORD);
	buf_u64(out, m->n);
	wire_leaf(out, &m->leaf);
	wire_give_body(out, &m->give);
}

int wire_read_leaf(struct leaf *out, struct reader *in)
{
	size_t count;
	const uint8_t *verdicts;

	out->pos = reader_u64(in);
	reader_copy(out->record.b, in, sizeof(out->record.b));
	reader_copy(out->seat.b, in, sizeof(out->seat.b));
	out->seq = reader_u64(in);
	out->node_s = (int64_t)reader_u64(in);
	verdicts = reader_block(in, &count, RECORD_ENTRIES_MAX);
	if (count == 0 || out->pos > INT53_MAX || out->seq == 0 ||
	    out->seq > INT53_MAX || out->node_s < 0 ||
	    out->node_s > RECORD_AT_MAX)
		in->bad = true;
	out->count = (uint32_t)count;
	if (in->bad)
		return ERR_PROTOCOL;
	memcpy(out->verdicts, verdicts, count);
	return 0;
}

int wire_read_record(struct msg_record *out, const void *data, size_t n)
{
	struct reader in = wire_start(data, n);

	out->n = reader_u64(&in);
	if (wire_read_leaf(&out->leaf, &in) == 0)
		wire_read_give_body(&out->give, &in);
	return wire_finish(&in);
}

void wire_keys(struct buf *out, const struct msg_keys *m)
{
	buf_u8(out, MSG_KEYS);
	buf_u64(out, m->n);
	put_id(out, &m->stream);
	buf_u16(out, (uint16_t)m->count);
	buf_add(out, m->keys, (size_t)m->count * 32);
}

int wire_read_keys(struct msg_keys *out, const void *data, size_t n)
{
	struct reader in = wire_start(data, n);

	out->n = reader_u64(&in);
	reader_copy(out->stream.b, &in, sizeof(out->stream.b));
	out->count = reader_u16(&in);
	if (out->count > WIRE_KEYS_MAX)
		in.bad = true;
	out->keys = reader_bytes(&in, (size_t)out->count * 32);
	return wire_finish(&in);
}

void wire_withdraw(struct buf *out, const struct msg_withdraw *m)
{
	buf_u8(out, MSG_WITHDRAW);
	buf_u64(out, m->n);
	put_id(out, &m->stream);
}

int wire_read_withdraw(struct msg_withdraw *out, const void *data, size_t n)
{
	struct reader in = wire_start(data, n);

	out->n = reader_u64(&in);
	reader_copy(out->stream.b, &in, sizeof(out->stream.b));
	return wire_finish(&in);
}

void wire_checkpoint(struct buf *out, const struct msg_checkpoint *m)
{
	buf_u8(out, MSG_CHECKPOINT);
	buf_block(out, m->note, m->note_len);
	buf_block(out, m->proof, m->proof_len);
}

int wire_read_checkpoint(struct msg_checkpoint *out, const void *data, size_t n)
{
	struct reader in = wire_start(data, n);

	out->note = reader_block(&in, &out->note_len, WIRE_NOTE_MAX);
	out->proof = reader_block(&in, &out->proof_len, 1 + 64 * 32);
	return wire_finish(&in);
}

void wire_number(struct buf *out, enum msg msg, uint64_t number)
{
	buf_u8(out, (uint8_t)msg);
	buf_u64(out, number);
}

int wire_read_number(uint64_t *out, const void *data, size_t n)
{
	struct reader in = wire_start(data, n);

	*out = reader_u64(&in);
	if (*out > INT53_MAX)
		in.bad = true;
	return wire_finish(&in);
}
