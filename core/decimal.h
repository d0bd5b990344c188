/*
 * decimal.h - decimal numbers as an integer and the count of its decimals:
 * 167 with scale 1 is 16.7. Results of the product hold no floating point,
 * because two machines must sign the same bytes. Knows nothing of units.
 */
#ifndef SUIFANG_DECIMAL_H
#define SUIFANG_DECIMAL_H

#include "core/base.h"

#define DECIMAL_SCALE_MAX 9
#define DECIMAL_TEXT 32

/* "-12.50" -> -1250, scale 2. Digits beyond DECIMAL_SCALE_MAX decimals are
 * rounded half away from zero. False when s is no plain decimal of at most
 * nine digits before the point. */
bool decimal_parse(int64_t *value, int *scale, const char *s);

/* "16.7"; out holds DECIMAL_TEXT bytes. */
void decimal_text(char *out, int64_t value, int scale);

/* -1, 0 or 1; right for every value and every scale 0..9. */
int decimal_cmp(int64_t a, int a_scale, int64_t b, int b_scale);

/* The value at another scale, rounded half away from zero; the largest or
 * smallest integer where it would not fit. */
int64_t decimal_rescale(int64_t value, int scale, int to);

/* a / b rounded half away from zero; b must not be 0. */
int64_t decimal_divide(int64_t a, int64_t b);

/* 10 to the power of n, 0 <= n <= 18. */
int64_t decimal_pow10(int n);

#endif
