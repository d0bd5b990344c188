/* text.c - UTF-8 from outside. */
#include "core/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

size_t utf8_decode(uint32_t *out, const char *s, size_t n)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const uint8_t *p = (const uint8_t *)s;
	size_t len;
	uint32_t c;

	if (n == 0)
		return 0;
	if (p[0] < 0x80) {
		*out = p[0];
		return 1;
	}
	len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || n < len)
		return 0;
	c = p[0] & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*out = c;
	return len;
}

size_t utf8_encode(char out[4], uint32_t c)
{
	if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		c = 0xfffd;
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	size_t len = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (size_t i = len - 1; i > 0; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)((0xf00 >> len) | c);
	return len;
}

bool utf8_is_valid(const char *s, size_t n)
{
	uint32_t c;

	for (size_t len; n > 0; s += len, n -= len)
		if ((len = utf8_decode(&c, s, n)) == 0)
			return false;
	return true;
}

size_t utf8_count(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += ((uint8_t)*s & 0xc0) != 0x80;
	return n;
}

bool text_is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c ||
	       (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
	       (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}

static void add_space(struct buf *out, size_t start)
{
	if (out->len > start && out->data[out->len - 1] != ' ')
		buf_u8(out, ' ');
}

void text_clean(struct buf *out, const char *s, size_t n)
{
	size_t start = out->len;
	char enc[4];

	buf_add(out, "", 0);
	for (size_t i = 0; i < n;) {
		uint32_t c = 0xfffd;
		size_t len = utf8_decode(&c, s + i, n - i);
		if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
			add_space(out, start);
		else if (!text_is_control(c))
			buf_add(out, enc, utf8_encode(enc, c));
		i += len ? len : 1;
	}
	while (out->len > start && out->data[out->len - 1] == ' ')
		out->data[--out->len] = 0;
}

void text_copy(char *out, size_t size, const char *s)
{
	size_t n = strlen(s);

	if (n >= size) {
		n = size - 1;
		while (n > 0 && ((uint8_t)s[n] & 0xc0) == 0x80)
			n--;
	}
	memcpy(out, s, n);
	out[n] = '\0';
}

bool text_has(const char *hay, const char *needle)
{
	size_t n = strlen(needle);

	for (; strlen(hay) >= n; hay++)
		if (strncasecmp(hay, needle, n) == 0)
			return true;
	return false;
}

uint32_t text_halfwidth(uint32_t c)
{
	if (c >= 0xff01 && c <= 0xff5e)
		return c - 0xff01 + '!';
	return c == 0x3000 ? ' ' : c;
}

bool text_int(int64_t *out, const char *s, int64_t lo, int64_t hi)
{
	const char *digits = s + (*s == '-');
	size_t n = strspn(digits, "0123456789");
	long long v;

	if (n == 0 || digits[n])
		return false;
	errno = 0;
	v = strtoll(s, NULL, 10);
	if (errno || v < lo || v > hi)
		return false;
	*out = v;
	return true;
}
