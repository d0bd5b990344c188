/*
 * sha1.c - SHA-1 as FIPS 180-4 has it, five rounds at a time, where the
 * processor has no instructions for it.
 */
#include "keys/sha1.h"

#include <stdatomic.h>
#include <string.h>

#include "keys/sha1_impl.h"

static uint32_t rotate(uint32_t v, unsigned n)
{
	return v << n | v >> (32 - n);
}

static uint32_t load_u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

#define CHOICE(b, c, d) (((c ^ d) & b) ^ d)
#define PARITY(b, c, d) (b ^ c ^ d)
#define MAJORITY(b, c, d) ((b & c) | ((b | c) & d))

#define ROUND(f, k, a, b, c, d, e, word)                                       \
	do {                                                                   \
		e += rotate(a, 5) + f(b, c, d) + (k) + (word);                 \
		b = rotate(b, 30);                                             \
	} while (0)

/* Twenty rounds of one kind; the names move on instead of the values. */
#define TWENTY(f, k, from)                                                     \
	for (unsigned i = from; i < (from) + 20; i += 5) {                     \
		ROUND(f, k, a, b, c, d, e, w[i]);                              \
		ROUND(f, k, e, a, b, c, d, w[i + 1]);                          \
		ROUND(f, k, d, e, a, b, c, w[i + 2]);                          \
		ROUND(f, k, c, d, e, a, b, w[i + 3]);                          \
		ROUND(f, k, b, c, d, e, a, w[i + 4]);                          \
	}

static void block(uint32_t h[5], const uint8_t *p)
{
	uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], w[80];

	for (unsigned i = 0; i < 16; i++)
		w[i] = load_u32(p + (size_t)4 * i);
	for (unsigned i = 16; i < 80; i++)
		w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	TWENTY(CHOICE, 0x5a827999, 0)
	TWENTY(PARITY, 0x6ed9eba1, 20)
	TWENTY(MAJORITY, 0x8f1bbcdc, 40)
	TWENTY(PARITY, 0xca62c1d6, 60)
	h[0] += a;
	h[1] += b;
	h[2] += c;
	h[3] += d;
	h[4] += e;
}

void sha1_blocks_plain(uint32_t h[5], const uint8_t *p, size_t n)
{
	for (; n > 0; n--, p += 64)
		block(h, p);
}

static void blocks(uint32_t h[5], const uint8_t *p, size_t n)
{
	/* Asked once: the answer costs more than a record's name. */
	static atomic_int can; /* 0 = not known yet, 1 = yes, 2 = no */
	int now = atomic_load_explicit(&can, memory_order_relaxed);

	if (now == 0) {
		now = sha1_x86_can() ? 1 : 2;
		atomic_store_explicit(&can, now, memory_order_relaxed);
	}
	if (now == 1)
		sha1_blocks_x86(h, p, n);
	else
		sha1_blocks_plain(h, p, n);
}

void sha1_init(struct sha1_state *st)
{
	*st = (struct sha1_state){
	    .h = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0}};
}

void sha1_update(struct sha1_state *st, const void *data, size_t n)
{
	const uint8_t *p = data;

	while (n > 0) {
		size_t at = st->len % 64, k = n < 64 - at ? n : 64 - at;
		if (at == 0 && n >= 64) {
			k = n - n % 64;
			blocks(st->h, p, k / 64);
		} else {
			memcpy(st->block + at, p, k);
			if (at + k == 64)
				blocks(st->h, st->block, 1);
		}
		st->len += k;
		p += k;
		n -= k;
	}
}

void sha1_final(struct sha1 *out, struct sha1_state *st)
{
	static const uint8_t end[64] = {0x80};
	uint64_t bits = st->len * 8;
	uint8_t length[8];

	for (unsigned i = 0; i < 8; i++)
		length[i] = (uint8_t)(bits >> (56 - 8 * i));
	sha1_update(st, end, 1 + (119 - st->len % 64) % 64);
	sha1_update(st, length, sizeof(length));
	for (unsigned i = 0; i < 20; i++)
		out->b[i] = (uint8_t)(st->h[i / 4] >> (24 - 8 * (i % 4)));
}
