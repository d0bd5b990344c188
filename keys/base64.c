/* base64.c - libsodium's base64 in our buffers. */
#include "keys/base64.h"

#include <string.h>

#include <sodium.h>

size_t base64_length(size_t n)
{
	return (n + 2) / 3 * 4;
}

void base64_add(struct buf *out, const void *data, size_t n)
{
	size_t len = base64_length(n);

	sodium_bin2base64((char *)buf_reserve(out, len), len + 1, data, n,
	    sodium_base64_VARIANT_ORIGINAL);
	out->len += len;
}

bool base64_decode(void *out, size_t n, const char *text)
{
	size_t len = base64_length(n), got;
	struct buf again = {0};
	bool same;

	if (sodium_base642bin(out, n, text, len, NULL, &got, NULL,
		sodium_base64_VARIANT_ORIGINAL) != 0 ||
	    got != n)
		return false;
	/* The library takes some bytes above 127 for letters. */
	base64_add(&again, out, n);
	same = memcmp(again.data, text, len) == 0;
	buf_fini(&again);
	return same;
}
