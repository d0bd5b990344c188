/* decimal.c - exact decimal arithmetic on scaled integers. */
#include "core/decimal.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#define WHOLE_DIGITS_MAX 9

int64_t decimal_pow10(int n)
{
	int64_t p = 1;

	assert(n >= 0 && n <= 18);
	while (n-- > 0)
		p *= 10;
	return p;
}

int64_t decimal_divide(int64_t a, int64_t b)
{
	int64_t q;
	uint64_t rest;
	uint64_t size;

	assert(b != 0);
	if (b == -1)
		return a == INT64_MIN ? INT64_MAX : -a;
	q = a / b;
	rest = (uint64_t)(a % b);
	size = (uint64_t)b;
	if (a % b < 0)
		rest = 0 - rest;
	if (b < 0)
		size = 0 - size;
	if (rest >= size - rest)
		q += (a < 0) == (b < 0) ? 1 : -1;
	return q;
}

int64_t decimal_rescale(int64_t value, int scale, int to)
{
	int64_t p;

	if (to <= scale)
		return decimal_divide(value, decimal_pow10(scale - to));
	p = decimal_pow10(to - scale);
	if (value > INT64_MAX / p)
		return INT64_MAX;
	if (value < INT64_MIN / p)
		return INT64_MIN;
	return value * p;
}

/* Whole part rounded down, and what is left at nine decimals. */
static int64_t split(int64_t *rest, int64_t value, int scale)
{
	int64_t p = decimal_pow10(scale);
	int64_t whole = value / p;
	int64_t left = value % p;

	if (left < 0) {
		left += p;
		whole--;
	}
	*rest = left * decimal_pow10(DECIMAL_SCALE_MAX - scale);
	return whole;
}

int decimal_cmp(int64_t a, int a_scale, int64_t b, int b_scale)
{
	int64_t a_rest;
	int64_t b_rest;
	int64_t x = split(&a_rest, a, a_scale);
	int64_t y = split(&b_rest, b, b_scale);

	if (x == y) {
		x = a_rest;
		y = b_rest;
	}
	return (x > y) - (x < y);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool decimal_parse(int64_t *value, int *scale, const char *s)
{
	bool negative = *s == '-';
	int64_t v = 0;
	int n = 0;
	int decimals = 0;

	if (negative)
		s++;
	for (; is_digit(*s) && n <= WHOLE_DIGITS_MAX; s++, n++)
		v = v * 10 + (*s - '0');
	if (n == 0 || n > WHOLE_DIGITS_MAX)
		return false;
	if (*s == '.') {
		if (!is_digit(*++s))
			return false;
		for (; is_digit(*s) && decimals < DECIMAL_SCALE_MAX; s++) {
			v = v * 10 + (*s - '0');
			decimals++;
		}
		if (*s >= '5' && *s <= '9')
			v++;
		while (is_digit(*s))
			s++;
	}
	if (*s)
		return false;
	*value = negative ? -v : v;
	*scale = decimals;
	return true;
}

void decimal_text(char *out, int64_t value, int scale)
{
	uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	uint64_t p = (uint64_t)decimal_pow10(scale);
	const char *sign = value < 0 ? "-" : "";

	if (scale == 0)
		snprintf(out, DECIMAL_TEXT, "%s%" PRIu64, sign, size);
	else
		snprintf(out, DECIMAL_TEXT, "%s%" PRIu64 ".%0*" PRIu64, sign,
		    size / p, scale, size % p);
}
