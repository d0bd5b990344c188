/* packfile.c - a git pack stream of stored objects. */
#include "sync/packfile.h"

#include <assert.h>
#include <string.h>

#define FLUSH 262144     /* bytes given to the sink at once */
#define STORED_MAX 65535 /* bytes of a stored deflate block */
#define ADLER_BASE 65521
#define ADLER_RUN 5552 /* sums cannot overflow within so many bytes */

static uint32_t rotate(uint32_t v, unsigned n)
{
	return v << n | v >> (32 - n);
}

static uint32_t load_u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static uint32_t sha1_mix(uint32_t b, uint32_t c, uint32_t d, unsigned round)
{
	switch (round / 20) {
	case 0:
		return ((b & c) | (~b & d)) + 0x5a827999;
	case 1:
		return (b ^ c ^ d) + 0x6ed9eba1;
	case 2:
		return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
	default:
		return (b ^ c ^ d) + 0xca62c1d6;
	}
}

static void sha1_block(struct sha1_state *st, const uint8_t *p)
{
	uint32_t w[80], v[5];

	for (unsigned i = 0; i < 16; i++)
		w[i] = load_u32(p + (size_t)4 * i);
	for (unsigned i = 16; i < 80; i++)
		w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	memcpy(v, st->h, sizeof(v));
	for (unsigned i = 0; i < 80; i++) {
		uint32_t t = rotate(v[0], 5) + sha1_mix(v[1], v[2], v[3], i) +
			     v[4] + w[i];
		v[4] = v[3];
		v[3] = v[2];
		v[2] = rotate(v[1], 30);
		v[1] = v[0];
		v[0] = t;
	}
	for (unsigned i = 0; i < 5; i++)
		st->h[i] += v[i];
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
			sha1_block(st, p);
			k = 64;
		} else {
			memcpy(st->block + at, p, k);
			if (at + k == 64)
				sha1_block(st, st->block);
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

void pack_init(struct pack *pack, uint32_t total)
{
	sha1_init(&pack->sum);
	pack->left = total;
	buf_str(&pack->out, "PACK");
	buf_u32(&pack->out, 2);
	buf_u32(&pack->out, total);
}

void pack_fini(struct pack *pack)
{
	buf_fini(&pack->out);
}

static int flush(struct pack *pack)
{
	int rc = pack->sink(pack->ctx, pack->out.data, pack->out.len);

	buf_clear(&pack->out);
	return rc;
}

/* Type and size: four bits, then seven a byte, low ones first. */
static void put_object_head(struct buf *out, enum pack_type type, size_t n)
{
	unsigned c = (unsigned)type << 4 | (n & 15);

	for (n >>= 4; n > 0; n >>= 7) {
		buf_u8(out, (uint8_t)(c | 128));
		c = n & 127;
	}
	buf_u8(out, (uint8_t)c);
}

static uint32_t adler(const uint8_t *p, size_t n)
{
	uint32_t a = 1, b = 0;

	while (n > 0) {
		size_t k = n < ADLER_RUN ? n : ADLER_RUN;
		for (size_t i = 0; i < k; i++) {
			a += p[i];
			b += a;
		}
		a %= ADLER_BASE;
		b %= ADLER_BASE;
		p += k;
		n -= k;
	}
	return b << 16 | a;
}

static void put_stored(struct buf *out, const uint8_t *p, size_t n)
{
	uint32_t sum = adler(p, n);
	size_t k;

	buf_u16(out, 0x7801); /* 32 kB window, no dictionary, fastest */
	do {
		k = n < STORED_MAX ? n : STORED_MAX;
		buf_u8(out, k == n); /* the last block says so */
		buf_u8(out, (uint8_t)k);
		buf_u8(out, (uint8_t)(k >> 8));
		buf_u8(out, (uint8_t)~k);
		buf_u8(out, (uint8_t)(~k >> 8));
		buf_add(out, p, k);
		p += k;
		n -= k;
	} while (n > 0);
	buf_u32(out, sum);
}

int pack_add(struct pack *pack, enum pack_type type, const void *data, size_t n)
{
	static const uint8_t nothing;
	size_t before;
	int rc;

	assert(pack->left > 0);
	pack->left--;
	before = pack->out.len;
	if (before >= FLUSH) {
		sha1_update(&pack->sum, pack->out.data, before);
		rc = flush(pack);
		if (rc < 0)
			return rc;
	}
	put_object_head(&pack->out, type, n);
	put_stored(&pack->out, n ? data : &nothing, n);
	return 0;
}

int pack_finish(struct pack *pack)
{
	struct sha1 sum;

	assert(pack->left == 0);
	sha1_update(&pack->sum, pack->out.data, pack->out.len);
	sha1_final(&sum, &pack->sum);
	buf_add(&pack->out, sum.b, sizeof(sum.b));
	return flush(pack);
}
