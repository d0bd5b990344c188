/* scan.c - strict reading of canonical text. */
#include "sync/scan.h"

#include <string.h>

#include "core/id.h"

struct scan scan_of(const void *text, size_t n)
{
	return (struct scan){.p = text, .end = (const char *)text + n};
}

static size_t left(const struct scan *s)
{
	return s->bad ? 0 : (size_t)(s->end - s->p);
}

void scan_text(struct scan *s, const char *text)
{
	size_t n = strlen(text);

	if (left(s) < n || memcmp(s->p, text, n) != 0)
		s->bad = true;
	else
		s->p += n;
}

void scan_hex(struct scan *s, void *out, size_t n)
{
	if (left(s) < 2 * n || !hex_decode(out, n, s->p)) {
		s->bad = true;
		memset(out, 0, n);
	} else {
		s->p += 2 * n;
	}
}

uint64_t scan_hex64(struct scan *s)
{
	uint8_t b[8];
	uint64_t v = 0;

	scan_hex(s, b, sizeof(b));
	for (size_t i = 0; i < sizeof(b); i++)
		v = v << 8 | b[i];
	return v;
}

uint64_t scan_number(struct scan *s)
{
	const char *start = s->p;
	uint64_t v = 0;

	while (left(s) > 0 && *s->p >= '0' && *s->p <= '9') {
		v = v * 10 + (uint64_t)(*s->p++ - '0');
		if (v > (uint64_t)INT53_MAX)
			s->bad = true;
	}
	if (s->p == start || (*start == '0' && s->p - start > 1))
		s->bad = true;
	return s->bad ? 0 : v;
}

bool scan_is_at(const struct scan *s, char c)
{
	return left(s) > 0 && *s->p == c;
}

bool scan_is_done(const struct scan *s)
{
	return !s->bad && s->p == s->end;
}
