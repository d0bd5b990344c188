/* id.c - names in hex, and refs. */
#include "core/id.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Both digits of a byte at once: every record that is checked is written out
 * in hex. */
#define SIXTEEN(d)                                                             \
	d "0" d "1" d "2" d "3" d "4" d "5" d "6" d "7" d "8" d "9" d "a" d    \
	  "b" d "c" d "d" d "e" d "f"
static const char pairs[] = SIXTEEN("0") SIXTEEN("1") SIXTEEN("2") SIXTEEN("3")
    SIXTEEN("4") SIXTEEN("5") SIXTEEN("6") SIXTEEN("7") SIXTEEN("8")
	SIXTEEN("9") SIXTEEN("a") SIXTEEN("b") SIXTEEN("c") SIXTEEN("d")
	    SIXTEEN("e") SIXTEEN("f");

void hex_encode(char *out, const void *data, size_t n)
{
	const uint8_t *p = data;

	for (size_t i = 0; i < n; i++)
		memcpy(out + 2 * i, pairs + 2 * p[i], 2);
	out[2 * n] = '\0';
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool hex_decode(void *out, size_t n, const char *hex)
{
	uint8_t *p = out;

	for (size_t i = 0; i < n; i++) {
		int hi = digit_value(hex[2 * i]);
		int lo = hi < 0 ? -1 : digit_value(hex[2 * i + 1]);
		if (lo < 0)
			return false;
		p[i] = (uint8_t)(hi << 4 | lo);
	}
	return true;
}

void id_hex(char out[ID_HEX], const struct id *id)
{
	hex_encode(out, id->b, sizeof(id->b));
}

bool id_parse(struct id *out, const char *s)
{
	return strlen(s) == ID_HEX - 1 && hex_decode(out->b, sizeof(out->b), s);
}

int id_cmp(const struct id *a, const struct id *b)
{
	return memcmp(a->b, b->b, sizeof(a->b));
}

bool id_is_zero(const struct id *id)
{
	static const struct id zero;
	return id_cmp(id, &zero) == 0;
}

void hash_hex(char out[HASH_HEX], const struct hash *h)
{
	hex_encode(out, h->b, sizeof(h->b));
}

bool hash_parse(struct hash *out, const char *s)
{
	return strlen(s) == HASH_HEX - 1 &&
	       hex_decode(out->b, sizeof(out->b), s);
}

int hash_cmp(const struct hash *a, const struct hash *b)
{
	return memcmp(a->b, b->b, sizeof(a->b));
}

bool hash_is_zero(const struct hash *h)
{
	static const struct hash zero;
	return hash_cmp(h, &zero) == 0;
}

/* "-" and v in decimal; printf is ten times slower, and every row of the
 * view has a ref. */
static char *put_number(char *at, uint64_t v)
{
	char text[20];
	size_t n = sizeof(text);

	do
		text[--n] = (char)('0' + v % 10);
	while (v /= 10);
	*at++ = '-';
	memcpy(at, text + n, sizeof(text) - n);
	return at + sizeof(text) - n;
}

void ref_text(char out[REF_TEXT], const struct ref *ref)
{
	char *at = out + ID_HEX - 1;

	id_hex(out, &ref->seat);
	at = put_number(at, ref->seq);
	at = put_number(at, ref->index);
	*at = '\0';
}

/* A decimal without sign or leading zeros; the text after it in *end. */
static bool parse_positive(uint64_t *out, const char *s, const char **end)
{
	uint64_t v = 0;

	if (*s < '1' || *s > '9')
		return false;
	for (; *s >= '0' && *s <= '9'; s++) {
		v = v * 10 + (uint64_t)(*s - '0');
		if (v > (uint64_t)INT53_MAX)
			return false;
	}
	*out = v;
	*end = s;
	return true;
}

bool ref_parse(struct ref *out, const char *s)
{
	struct ref ref;
	uint64_t index;

	if (strlen(s) < ID_HEX || !hex_decode(ref.seat.b, 16, s))
		return false;
	s += ID_HEX - 1;
	if (*s++ != '-' || !parse_positive(&ref.seq, s, &s) || *s++ != '-' ||
	    !parse_positive(&index, s, &s) || *s || index > 256)
		return false;
	ref.index = (unsigned)index;
	*out = ref;
	return true;
}
