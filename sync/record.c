/* record.c - checks of a record's values, and the compact frame. */
#include "sync/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/err.h"
#include "core/id.h"
#include "keys/hash.h"
#include "keys/seal.h"

#define FRAME_VERSION 1

static size_t digits(uint64_t v)
{
	size_t n = 1;

	for (; v >= 10; v /= 10)
		n++;
	return n;
}

/* The sums are of the fixed text of commit.c; a test compares the two. */
size_t record_commit_size(const struct record *r)
{
	size_t n = 854 + (r->seq == 1 ? 0 : 48) + digits(r->seq) +
		   digits(r->lamport) + digits(r->seen.size) +
		   digits(r->count) + 2 * digits((uint64_t)r->at_s);

	for (uint32_t i = 0; i < r->count; i++) {
		const struct record_entry *e = &r->entries[i];
		n += 111 + digits(i + 1) + strlen(e->kind) +
		     digits(e->version) + digits(e->len) +
		     (e->mode == MODE_CLEAR ? 1 : 64);
	}
	return n;
}

static bool is_kind(const char *s)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789.";
	size_t n = strnlen(s, RECORD_KIND_MAX + 1);

	return n > 0 && n <= RECORD_KIND_MAX && strspn(s, allowed) == n;
}

static bool is_mode(char mode)
{
	return mode == MODE_STREAM || mode == MODE_NEW || mode == MODE_CLEAR;
}

static int check_entries(const struct record *r)
{
	size_t total = 0;

	for (uint32_t i = 0; i < r->count; i++) {
		const struct record_entry *e = &r->entries[i];
		bool clear = e->mode == MODE_CLEAR;
		if (!is_kind(e->kind))
			return err_set(ERR_FORMAT, "record: %s", "kind");
		if (!is_mode(e->mode))
			return err_set(ERR_FORMAT, "record: %s", "mode");
		if (e->version > (uint64_t)INT53_MAX)
			return err_set(ERR_FORMAT, "record: %s", "version");
		if (clear && !hash_is_zero(&e->kid))
			return err_set(ERR_FORMAT, "record: %s", "kid");
		if (e->len > (clear ? BODY_MAX : seal_box_size(BODY_MAX)))
			return err_set(ERR_TOO_LARGE, "record: %s", "box");
		total += e->len;
	}
	if (total + record_commit_size(r) > RECORD_SIZE_MAX)
		return err_set(ERR_TOO_LARGE, "record: %s", "record");
	return 0;
}

int record_check(const struct record *r)
{
	static const struct sha1 none;
	const uint64_t max = (uint64_t)INT53_MAX;
	bool first = r->seq == 1;

	if (r->seq < 1 || r->seq > max)
		return err_set(ERR_FORMAT, "record: %s", "seq");
	if (hash_is_zero(&r->prev) != first)
		return err_set(ERR_FORMAT, "record: %s", "prev");
	if ((sha1_cmp(&r->parent, &none) == 0) != first)
		return err_set(ERR_FORMAT, "record: %s", "parent");
	if (r->lamport > max)
		return err_set(ERR_FORMAT, "record: %s", "lamport");
	if (r->seen.size > max)
		return err_set(ERR_FORMAT, "record: %s", "seen");
	if (r->at_s < 0 || r->at_s > RECORD_AT_MAX)
		return err_set(ERR_FORMAT, "record: %s", "at");
	if (r->count < 1 || r->count > RECORD_ENTRIES_MAX)
		return err_set(ERR_FORMAT, "record: %s", "entries");
	return check_entries(r);
}

/* Seven bits a byte, low ones first, the fewest bytes. */
static void write_number(struct buf *out, uint64_t v)
{
	for (; v >= 128; v >>= 7)
		buf_u8(out, (uint8_t)(v | 128));
	buf_u8(out, (uint8_t)v);
}

static uint64_t read_number(struct reader *r)
{
	uint64_t v = 0;
	uint8_t b = 128;

	for (unsigned shift = 0; b & 128; shift += 7) {
		b = reader_u8(r);
		if (shift > 49 || (shift && b == 0)) {
			r->bad = true;
			return 0;
		}
		v |= (uint64_t)(b & 127) << shift;
	}
	return v;
}

static void write_entry(struct buf *out, const struct record_entry *e)
{
	size_t n = strlen(e->kind);

	buf_u8(out, (uint8_t)n);
	buf_add(out, e->kind, n);
	write_number(out, e->version);
	buf_add(out, e->stream.b, sizeof(e->stream.b));
	buf_u8(out, (uint8_t)e->mode);
	if (e->mode != MODE_CLEAR)
		buf_add(out, e->kid.b, sizeof(e->kid.b));
	write_number(out, e->len);
	buf_add(out, e->box.b, sizeof(e->box.b));
}

void record_write(struct buf *out, const struct record *r)
{
	buf_u8(out, FRAME_VERSION);
	buf_add(out, r->org.b, sizeof(r->org.b));
	buf_add(out, r->seat.b, sizeof(r->seat.b));
	write_number(out, r->seq);
	if (r->seq != 1) {
		buf_add(out, r->prev.b, sizeof(r->prev.b));
		buf_add(out, r->parent.b, sizeof(r->parent.b));
	}
	write_number(out, r->lamport);
	buf_u64(out, r->seen.incarnation);
	write_number(out, r->seen.size);
	buf_add(out, r->seen.root.b, sizeof(r->seen.root.b));
	write_number(out, (uint64_t)r->at_s);
	buf_add(out, r->signature, sizeof(r->signature));
	write_number(out, r->count);
	for (uint32_t i = 0; i < r->count; i++)
		write_entry(out, &r->entries[i]);
}

static void read_entry(struct record_entry *e, struct reader *r)
{
	size_t n = reader_u8(r);
	uint64_t len;

	memset(e, 0, sizeof(*e));
	if (n > RECORD_KIND_MAX) {
		r->bad = true;
		return;
	}
	reader_copy(e->kind, r, n);
	/* A NUL inside would be written back shorter. */
	if (strlen(e->kind) != n)
		r->bad = true;
	e->version = read_number(r);
	reader_copy(e->stream.b, r, sizeof(e->stream.b));
	e->mode = (char)reader_u8(r);
	if (e->mode != MODE_CLEAR)
		reader_copy(e->kid.b, r, sizeof(e->kid.b));
	len = read_number(r);
	e->len = len > UINT32_MAX ? UINT32_MAX : (uint32_t)len;
	reader_copy(e->box.b, r, sizeof(e->box.b));
}

static void read_head(struct record *out, struct reader *r)
{
	memset(out, 0, offsetof(struct record, entries));
	reader_copy(out->org.b, r, sizeof(out->org.b));
	reader_copy(out->seat.b, r, sizeof(out->seat.b));
	out->seq = read_number(r);
	if (out->seq != 1) {
		reader_copy(out->prev.b, r, sizeof(out->prev.b));
		reader_copy(out->parent.b, r, sizeof(out->parent.b));
	}
	out->lamport = read_number(r);
	out->seen.incarnation = reader_u64(r);
	out->seen.size = read_number(r);
	reader_copy(out->seen.root.b, r, sizeof(out->seen.root.b));
	out->at_s = (int64_t)read_number(r);
	reader_copy(out->signature, r, sizeof(out->signature));
}

int record_read(struct record *out, const void *frame, size_t n)
{
	struct reader r = reader_of(frame, n);
	uint64_t count;

	if (n > RECORD_FRAME_MAX)
		return err_set(ERR_TOO_LARGE, "frame");
	if (reader_u8(&r) != FRAME_VERSION)
		return err_set(ERR_FORMAT, "frame version");
	read_head(out, &r);
	count = read_number(&r);
	if (count > RECORD_ENTRIES_MAX)
		return err_set(ERR_FORMAT, "record: %s", "entries");
	out->count = (uint32_t)count;
	for (uint32_t i = 0; i < out->count && !r.bad; i++)
		read_entry(&out->entries[i], &r);
	if (!reader_is_done(&r))
		return err_set(ERR_FORMAT, "frame length");
	return record_check(out);
}

void record_copy(struct record *out, const struct record *r)
{
	memcpy(out, r,
	    offsetof(struct record, entries) +
		r->count * sizeof(struct record_entry));
}

void record_name(char out[RECORD_NAME], const struct record *r)
{
	id_hex(out, &r->seat);
	snprintf(
	    out + ID_HEX - 1, RECORD_NAME - ID_HEX + 1, "-%" PRIu64, r->seq);
}

int record_box_check(
    const struct record_entry *entry, const void *data, size_t n)
{
	struct hash hash;

	if (n != entry->len)
		return ERR_DAMAGED;
	hash_blake2b256(&hash, data, n);
	return hash_cmp(&hash, &entry->box) == 0 ? 0 : ERR_DAMAGED;
}

int sha1_cmp(const struct sha1 *a, const struct sha1 *b)
{
	return memcmp(a->b, b->b, sizeof(a->b));
}

void sha1_hex(char out[SHA1_HEX], const struct sha1 *sha1)
{
	hex_encode(out, sha1->b, sizeof(sha1->b));
}
