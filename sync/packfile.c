/* packfile.c - a git pack stream of stored objects. */
#include "sync/packfile.h"

#include <assert.h>
#include <string.h>

#define FLUSH 262144     /* bytes given to the sink at once */
#define STORED_MAX 65535 /* bytes of a stored deflate block */
#define ADLER_BASE 65521
#define ADLER_RUN 5552 /* sums cannot overflow within so many bytes */

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
