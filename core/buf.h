/*
 * buf.h - a growing byte buffer for writing, and a bounded cursor for
 * reading bytes that came from outside. Integers on the wire are big-endian.
 */
#ifndef SUIFANG_BUF_H
#define SUIFANG_BUF_H

#include "core/base.h"

#include <string.h>

/* Zero-initialise with `struct buf b = {0}`; data is always followed by a
 * NUL that len does not count. */
struct buf {
	uint8_t *data;
	size_t len;
	size_t cap;
};

void buf_fini(struct buf *b);
void buf_clear(struct buf *b);
/* Makes room for n more bytes and returns where they go; len unchanged. */
uint8_t *buf_reserve(struct buf *b, size_t n);
void buf_add(struct buf *b, const void *data, size_t n);
/* The length of a literal is known where it is said. */
static inline void buf_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_hex(struct buf *b, const void *data, size_t n);
void buf_u8(struct buf *b, uint8_t v);
void buf_u16(struct buf *b, uint16_t v);
void buf_u32(struct buf *b, uint32_t v);
void buf_u64(struct buf *b, uint64_t v);
/* u32 length, then the bytes. */
void buf_block(struct buf *b, const void *data, size_t n);
/* Drops n bytes from the front. */
void buf_consume(struct buf *b, size_t n);
/* As text, never NULL; borrowed until the next change. */
const char *buf_text(const struct buf *b);

/* A reader never runs past its end: a short read sets `bad`, returns zero
 * bytes and leaves the rest at the end. */
struct reader {
	const uint8_t *p;
	const uint8_t *end;
	bool bad;
};

struct reader reader_of(const void *data, size_t n);
uint8_t reader_u8(struct reader *r);
uint16_t reader_u16(struct reader *r);
uint32_t reader_u32(struct reader *r);
uint64_t reader_u64(struct reader *r);
/* Borrows n bytes; NULL (and bad) when there are fewer. */
const uint8_t *reader_bytes(struct reader *r, size_t n);
/* Copies n bytes; zeros when there are fewer. */
void reader_copy(void *out, struct reader *r, size_t n);
/* A u32-length block of at most max bytes; *n = 0 and NULL when bad. */
const uint8_t *reader_block(struct reader *r, size_t *n, size_t max);
size_t reader_left(const struct reader *r);
/* True when nothing was short and every byte was consumed. */
bool reader_is_done(const struct reader *r);

#endif
