/* wire_bulk.c - messages that speak of many things, as bytes. */
#include "sync/wire_bulk.h"

#include "core/err.h"
#include "sync/wire_impl.h"

void wire_part(struct buf *out, const struct msg_record *m)
{
	size_t at = out->len;

	wire_record(out, m);
	out->data[at] = MSG_PART;
}

void wire_basis(struct buf *out, const struct msg_checkpoint *m)
{
	buf_u8(out, MSG_BASIS);
	buf_block(out, m->note, m->note_len);
	buf_block(out, m->proof, m->proof_len);
}

void wire_attest(struct buf *out, const struct msg_attest *m)
{
	buf_u8(out, MSG_ATTEST);
	buf_u32(out, m->count);
	buf_add(out, m->positions, (size_t)m->count * 8);
	buf_add(out, m->leaves, (size_t)m->count * 32);
	buf_block(out, m->proof, m->proof_len);
}

int wire_read_attest(struct msg_attest *out, const void *data, size_t n)
{
	struct reader in = wire_start(data, n);

	out->count = reader_u32(&in);
	if (out->count == 0 || out->count > WIRE_ATTEST_MAX)
		in.bad = true;
	out->positions = reader_bytes(&in, (size_t)out->count * 8);
	out->leaves = reader_bytes(&in, (size_t)out->count * 32);
	out->proof = reader_block(&in, &out->proof_len, WIRE_PROOF_MAX);
	return wire_finish(&in);
}

void wire_leases(struct buf *out, const struct msg_leases *m)
{
	buf_u8(out, MSG_LEASES);
	buf_u32(out, m->count);
	buf_block(out, m->rows, m->rows_len);
}

int wire_read_leases(struct msg_leases *out, const void *data, size_t n)
{
	struct reader in = wire_start(data, n), rows;
	struct msg_keys keys;
	uint32_t count = 0;

	out->count = reader_u32(&in);
	out->rows = reader_block(&in, &out->rows_len, WIRE_ROWS_MAX);
	if (in.bad)
		return wire_finish(&in);
	rows = reader_of(out->rows, out->rows_len);
	while (wire_next_keys(&keys, &rows))
		count++;
	if (rows.bad || count != out->count)
		in.bad = true;
	return wire_finish(&in);
}

void wire_put_keys(struct buf *rows, const struct msg_keys *keys)
{
	buf_add(rows, keys->stream.b, sizeof(keys->stream.b));
	buf_u8(rows, (uint8_t)keys->count);
	buf_add(rows, keys->keys, (size_t)keys->count * 32);
}

bool wire_next_keys(struct msg_keys *out, struct reader *rows)
{
	if (rows->bad || reader_left(rows) == 0)
		return false;
	out->n = 0;
	reader_copy(out->stream.b, rows, sizeof(out->stream.b));
	out->count = reader_u8(rows);
	if (out->count > WIRE_KEYS_MAX)
		rows->bad = true;
	out->keys = reader_bytes(rows, (size_t)out->count * 32);
	return !rows->bad;
}

void wire_stream(struct buf *out, const struct msg_stream *m)
{
	buf_u8(out, MSG_STREAM);
	buf_u64(out, m->n);
	buf_u64(out, m->upto);
	buf_u64(out, m->parts);
	buf_add(out, m->stream.b, sizeof(m->stream.b));
}

int wire_read_stream(struct msg_stream *out, const void *data, size_t n)
{
	struct reader in = wire_start(data, n);

	out->n = reader_u64(&in);
	out->upto = reader_u64(&in);
	out->parts = reader_u64(&in);
	reader_copy(out->stream.b, &in, sizeof(out->stream.b));
	if (out->n > INT53_MAX || out->upto > INT53_MAX ||
	    out->parts > INT53_MAX)
		in.bad = true;
	return wire_finish(&in);
}

void wire_lease(struct buf *out, const struct msg_lease *m)
{
	buf_u8(out, MSG_LEASE);
	buf_add(out, m->digest.b, sizeof(m->digest.b));
	buf_u64(out, m->len_s);
	buf_add(out, m->directory.b, sizeof(m->directory.b));
}

int wire_read_lease(struct msg_lease *out, const void *data, size_t n)
{
	struct reader in = wire_start(data, n);

	reader_copy(out->digest.b, &in, sizeof(out->digest.b));
	out->len_s = reader_u64(&in);
	reader_copy(out->directory.b, &in, sizeof(out->directory.b));
	if (out->len_s > INT53_MAX)
		in.bad = true;
	return wire_finish(&in);
}

void wire_directory(struct buf *out, const struct msg_directory *m)
{
	buf_u8(out, MSG_DIRECTORY);
	buf_u8(out, m->is_first);
	buf_u8(out, m->is_last);
	buf_add(out, m->key, sizeof(m->key));
	buf_u32(out, m->count);
	buf_block(out, m->rows, m->rows_len);
}

int wire_read_directory(struct msg_directory *out, const void *data, size_t n)
{
	struct reader in = wire_start(data, n), rows;
	struct wire_person person;
	uint32_t count = 0;

	out->is_first = reader_u8(&in);
	out->is_last = reader_u8(&in);
	reader_copy(out->key, &in, sizeof(out->key));
	out->count = reader_u32(&in);
	out->rows = reader_block(&in, &out->rows_len, WIRE_ROWS_MAX);
	if (in.bad)
		return wire_finish(&in);
	rows = reader_of(out->rows, out->rows_len);
	while (wire_next_person(&person, &rows))
		count++;
	if (rows.bad || count != out->count || out->is_first > 1 ||
	    out->is_last > 1)
		in.bad = true;
	return wire_finish(&in);
}

void wire_put_person(struct buf *rows, const struct wire_person *person)
{
	buf_add(rows, person->stream.b, sizeof(person->stream.b));
	buf_u8(rows, (uint8_t)person->name_len);
	buf_add(rows, person->name, person->name_len);
	buf_u8(rows, (uint8_t)person->phones_count);
	buf_add(rows, person->phones, person->phones_count * WIRE_PHONE);
}

bool wire_next_person(struct wire_person *out, struct reader *rows)
{
	if (rows->bad || reader_left(rows) == 0)
		return false;
	reader_copy(out->stream.b, rows, sizeof(out->stream.b));
	out->name_len = reader_u8(rows);
	out->name = (const char *)reader_bytes(rows, out->name_len);
	out->phones_count = reader_u8(rows);
	if (out->name_len > WIRE_NAME_MAX ||
	    out->phones_count > WIRE_PHONES_MAX)
		rows->bad = true;
	out->phones = reader_bytes(rows, out->phones_count * WIRE_PHONE);
	return !rows->bad;
}
