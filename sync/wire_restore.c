/* wire_restore.c - the messages around a restore as bytes. */
#include "sync/wire_restore.h"

#include "core/err.h"
#include "sync/rollback.h"
#include "sync/wire_impl.h"

#include <string.h>

static void get_path(struct merkle_proof *out, struct reader *in)
{
	memset(out, 0, sizeof(*out));
	if (merkle_proof_read(out, in) < 0)
		in->bad = true;
}

void wire_show(struct buf *out, const void *note, size_t n)
{
	buf_u8(out, MSG_SHOW);
	buf_block(out, note, n);
}

void wire_shown(struct buf *out, const struct hash *brought)
{
	wire_show(out, "", 0);
	buf_add(out, brought->b, sizeof(brought->b));
}

int wire_read_show(struct msg_show *out, const void *data, size_t n)
{
	struct reader in = wire_start(data, n);

	*out = (struct msg_show){0};
	out->note = reader_block(&in, &out->len, WIRE_NOTE_MAX);
	if (out->len == 0)
		reader_copy(out->brought.b, &in, sizeof(out->brought.b));
	return wire_finish(&in);
}

void wire_hold(struct buf *out, const struct msg_hold *m)
{
	buf_u8(out, MSG_HOLD);
	buf_add(out, m->stream.b, sizeof(m->stream.b));
	buf_u16(out, (uint16_t)m->count);
	buf_add(out, m->keys, (size_t)m->count * 32);
}

int wire_read_hold(struct msg_hold *out, const void *data, size_t n)
{
	struct reader in = wire_start(data, n);

	reader_copy(out->stream.b, &in, sizeof(out->stream.b));
	out->count = reader_u16(&in);
	if (out->count > WIRE_KEYS_MAX)
		in.bad = true;
	out->keys = reader_bytes(&in, (size_t)out->count * 32);
	return wire_finish(&in);
}

void wire_offer(struct buf *out, const struct msg_offer *m)
{
	buf_u8(out, MSG_OFFER);
	buf_u64(out, m->incarnation);
	buf_u64(out, m->pos);
	buf_u8(out, m->has_proof);
	if (m->has_proof) {
		wire_leaf(out, &m->leaf);
		buf_u64(out, m->size);
		merkle_proof_write(out, &m->path);
	}
	wire_give_body(out, &m->give);
}

int wire_read_offer(struct msg_offer *out, const void *data, size_t n)
{
	struct reader in = wire_start(data, n);

	out->incarnation = reader_u64(&in);
	out->pos = reader_u64(&in);
	out->has_proof = reader_u8(&in);
	if (out->incarnation == 0 || out->incarnation > INCARNATION_MAX ||
	    out->pos >= (uint64_t)PLACE_OLD || out->has_proof > 1)
		in.bad = true;
	if (!in.bad && out->has_proof) {
		if (wire_read_leaf(&out->leaf, &in) < 0)
			return ERR_PROTOCOL;
		out->size = reader_u64(&in);
		get_path(&out->path, &in);
		if (out->size > INT53_MAX || out->leaf.pos != out->pos)
			in.bad = true;
	}
	wire_read_give_body(&out->give, &in);
	return wire_finish(&in);
}

void wire_prove(struct buf *out, const struct msg_prove *m)
{
	buf_u8(out, MSG_PROVE);
	buf_u64(out, m->size);
	buf_u16(out, (uint16_t)m->count);
	for (uint32_t i = 0; i < m->count; i++)
		buf_u64(out, m->pos[i]);
}

int wire_read_prove(struct msg_prove *out, const void *data, size_t n)
{
	struct reader in = wire_start(data, n);

	out->size = reader_u64(&in);
	out->count = reader_u16(&in);
	if (out->size > INT53_MAX || out->count > WIRE_PROVE_MAX)
		in.bad = true;
	for (uint32_t i = 0; !in.bad && i < out->count; i++) {
		out->pos[i] = reader_u64(&in);
		if (out->pos[i] >= out->size)
			in.bad = true;
	}
	return wire_finish(&in);
}

void wire_proof(struct buf *out, const struct msg_proof *m)
{
	buf_u8(out, MSG_PROOF);
	wire_leaf(out, &m->leaf);
	buf_u64(out, m->size);
	merkle_proof_write(out, &m->path);
}

int wire_read_proof(struct msg_proof *out, const void *data, size_t n)
{
	struct reader in = wire_start(data, n);

	if (wire_read_leaf(&out->leaf, &in) < 0)
		return ERR_PROTOCOL;
	out->size = reader_u64(&in);
	get_path(&out->path, &in);
	if (out->size > INT53_MAX)
		in.bad = true;
	return wire_finish(&in);
}

void wire_branch(struct buf *out, const struct msg_give *m)
{
	buf_u8(out, MSG_BRANCH);
	wire_give_body(out, m);
}
