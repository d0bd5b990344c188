/* buf.c - byte buffer and bounded reader. */
#include "core/buf.h"

#include "core/id.h"
#include "core/mem.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_fini(struct buf *b)
{
	free(b->data);
	*b = (struct buf){0};
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	if (b->data)
		b->data[0] = 0;
}

uint8_t *buf_reserve(struct buf *b, size_t n)
{
	size_t want = b->len + n + 1;

	if (want > b->cap) {
		size_t cap = b->cap ? b->cap * 2 : 64;
		b->cap = cap < want ? want : cap;
		b->data = mem_grow(b->data, b->cap, 1);
	}
	return b->data + b->len;
}

void buf_add(struct buf *b, const void *data, size_t n)
{
	uint8_t *to = buf_reserve(b, n);

	if (n)
		memcpy(to, data, n);
	b->len += n;
	b->data[b->len] = 0;
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	assert(n >= 0);
	vsnprintf((char *)buf_reserve(b, (size_t)n), (size_t)n + 1, fmt, again);
	va_end(again);
	b->len += (size_t)n;
}

void buf_hex(struct buf *b, const void *data, size_t n)
{
	hex_encode((char *)buf_reserve(b, n * 2), data, n);
	b->len += n * 2;
}

static void add_be(struct buf *b, uint64_t v, unsigned n)
{
	uint8_t out[8];

	for (unsigned i = 0; i < n; i++)
		out[i] = (uint8_t)(v >> (8 * (n - 1 - i)));
	buf_add(b, out, n);
}

void buf_u8(struct buf *b, uint8_t v)
{
	add_be(b, v, 1);
}

void buf_u16(struct buf *b, uint16_t v)
{
	add_be(b, v, 2);
}

void buf_u32(struct buf *b, uint32_t v)
{
	add_be(b, v, 4);
}

void buf_u64(struct buf *b, uint64_t v)
{
	add_be(b, v, 8);
}

void buf_block(struct buf *b, const void *data, size_t n)
{
	assert(n <= UINT32_MAX);
	buf_u32(b, (uint32_t)n);
	buf_add(b, data, n);
}

void buf_consume(struct buf *b, size_t n)
{
	assert(n <= b->len);
	if (n == 0)
		return;
	b->len -= n;
	memmove(b->data, b->data + n, b->len);
	b->data[b->len] = 0;
}

const char *buf_text(const struct buf *b)
{
	return b->data ? (const char *)b->data : "";
}

struct reader reader_of(const void *data, size_t n)
{
	static const uint8_t none[1];
	const uint8_t *p = data ? data : none;

	return (struct reader){p, p + n, false};
}

const uint8_t *reader_bytes(struct reader *r, size_t n)
{
	const uint8_t *at = r->p;

	if (r->bad || reader_left(r) < n) {
		r->bad = true;
		r->p = r->end;
		return NULL;
	}
	r->p += n;
	return at;
}

void reader_copy(void *out, struct reader *r, size_t n)
{
	const uint8_t *p = reader_bytes(r, n);

	if (p)
		memcpy(out, p, n);
	else
		memset(out, 0, n);
}

static uint64_t read_be(struct reader *r, unsigned n)
{
	const uint8_t *p = reader_bytes(r, n);
	uint64_t v = 0;

	for (unsigned i = 0; p && i < n; i++)
		v = v << 8 | p[i];
	return v;
}

uint8_t reader_u8(struct reader *r)
{
	return (uint8_t)read_be(r, 1);
}

uint16_t reader_u16(struct reader *r)
{
	return (uint16_t)read_be(r, 2);
}

uint32_t reader_u32(struct reader *r)
{
	return (uint32_t)read_be(r, 4);
}

uint64_t reader_u64(struct reader *r)
{
	return read_be(r, 8);
}

const uint8_t *reader_block(struct reader *r, size_t *n, size_t max)
{
	size_t len = reader_u32(r);

	*n = 0;
	if (len > max) {
		r->bad = true;
		return NULL;
	}
	const uint8_t *p = reader_bytes(r, len);
	if (p)
		*n = len;
	return p;
}

size_t reader_left(const struct reader *r)
{
	return (size_t)(r->end - r->p);
}

bool reader_is_done(const struct reader *r)
{
	return !r->bad && r->p == r->end;
}
