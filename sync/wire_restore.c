/* wire_restore.c - the messages around a restore as bytes. */
#include "sync/wire_restore.h"

#include "core/err.h"
#include "sync/rollback.h"

#include <string.h>

/* The message's number has been looked at; skip it. */
static struct reader start(const void *data, size_t n)
{
	struct reader in = reader_of(data, n);

	reader_u8(&in);
	return in;
}

static int finish(const struct reader *in)
{
	return reader_is_done(in) ? 0
				  : err_set(ERR_PROTOCOL, "message length");
}

static void get_id(struct id *out, struct reader *in)
{
	const uint8_t *p = reader_bytes(in, sizeof(out->b));

	memset(out, 0, sizeof(*out));
	if (p)
		memcpy(out->b, p, sizeof(out->b));
}

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

int wire_read_show(
    const uint8_t **note, size_t *len, const void *data, size_t n)
{
	struct reader in = start(data, n);

	*note = reader_block(&in, len, WIRE_NOTE_MAX);
	return finish(&in);
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
	struct reader in = start(data, n);

	get_id(&out->stream, &in);
	out->count = reader_u16(&in);
	if (out->count > WIRE_KEYS_MAX)
		in.bad = true;
	out->keys = reader_bytes(&in, (size_t)out->count * 32);
	return finish(&in);
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
	struct reader in = start(data, n);

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
	return finish(&in);
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
	struct reader in = start(data, n);

	out->size = reader_u64(&in);
	out->count = reader_u16(&in);
	if (out->size > INT53_MAX || out->count > WIRE_PROVE_MAX)
		in.bad = true;
	for (uint32_t i = 0; !in.bad && i < out->count; i++) {
		out->pos[i] = reader_u64(&in);
		if (out->pos[i] >= out->size)
			in.bad = true;
	}
	return finish(&in);
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
	struct reader in = start(data, n);

	if (wire_read_leaf(&out->leaf, &in) < 0)
		return ERR_PROTOCOL;
	out->size = reader_u64(&in);
	get_path(&out->path, &in);
	if (out->size > INT53_MAX)
		in.bad = true;
	return finish(&in);
}

void wire_branch(struct buf *out, const struct msg_give *m)
{
	buf_u8(out, MSG_BRANCH);
	wire_give_body(out, m);
}
