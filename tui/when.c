/*
 * when.c - moments as they are typed. Full-width digits and signs count.
 */
#include "tui/when.h"

#include "core/clock.h"
#include "core/text.h"

#include <stdio.h>
#include <string.h>

#define HALF_YEAR 183 /* days; what is longer past needs its year */

static void halve(char *out, size_t size, const char *text)
{
	size_t n = 0, left = strlen(text);
	uint32_t c;

	for (size_t len; left > 0; text += len, left -= len) {
		char enc[4];
		len = utf8_decode(&c, text, left);
		if (len == 0)
			break;
		size_t k = utf8_encode(enc, text_halfwidth(c));
		if (n + k + 1 > size)
			break;
		memcpy(out + n, enc, k);
		n += k;
	}
	out[n] = '\0';
}

static bool parse_offset(int64_t *at_s, const char *text, int64_t now_s)
{
	int n, used = 0;
	char unit;

	if (sscanf(text, "+%5d%c%n", &n, &unit, &used) != 2 || text[used] ||
	    n <= 0)
		return false;
	if (unit == 'm')
		*at_s = now_s + n * INT64_C(60);
	else if (unit == 'h')
		*at_s = now_s + n * INT64_C(3600);
	else if (unit == 'd')
		*at_s = now_s + n * DAY_S;
	else
		return false;
	return true;
}

static bool parse_clock(int64_t *of_day_s, const char *text)
{
	int hour, minute, used = 0;

	if (sscanf(text, "%2d:%2d%n", &hour, &minute, &used) != 2 ||
	    text[used] || hour < 0 || hour > 23 || minute < 0 || minute > 59)
		return false;
	*of_day_s = hour * 3600 + minute * 60;
	return true;
}

static bool parse_day(int64_t *day, const char *text, int64_t today)
{
	char full[DAY_TEXT + 8];
	int year, month, mday;

	if (day_parse(day, text))
		return true;
	day_to_civil(today, &year, &month, &mday);
	if (strlen(text) != 5)
		return false;
	snprintf(full, sizeof(full), "%04d-%s", year, text);
	if (day_parse(day, full) && *day >= today)
		return true;
	snprintf(full, sizeof(full), "%04d-%s", year + 1, text);
	return day_parse(day, full);
}

bool when_parse_day(int64_t *day, const char *text, int64_t today)
{
	char plain[64], full[80];
	int year, month, mday;
	int64_t found;

	halve(plain, sizeof(plain), text);
	if (day_parse(&found, plain)) {
		*day = found;
		return found <= today;
	}
	day_to_civil(today, &year, &month, &mday);
	for (int i = 0; strlen(plain) == 5 && i < 2; i++) {
		snprintf(full, sizeof(full), "%04d-%s", year - i, plain);
		if (day_parse(&found, full) && found <= today &&
		    today - found < HALF_YEAR) {
			*day = found;
			return true;
		}
	}
	return false;
}

bool when_parse(int64_t *at_s, const char *text, int64_t now_s, int32_t zone_s)
{
	int64_t today = day_of(now_s, zone_s), day = today, clock_s, at;
	char plain[64];
	char *space;

	halve(plain, sizeof(plain), text);
	space = strchr(plain, ' ');
	if (space)
		*space = '\0';
	if (!parse_offset(&at, plain, now_s)) {
		if (space && !parse_day(&day, plain, today))
			return false;
		if (!parse_clock(&clock_s, space ? space + 1 : plain))
			return false;
		at = day * DAY_S + clock_s - zone_s;
		if (!space && at <= now_s)
			at += DAY_S;
	}
	if (at <= now_s || at > now_s + 730 * DAY_S)
		return false;
	*at_s = at;
	return true;
}

void when_text(char *out, size_t size, int64_t at_s, int32_t zone_s)
{
	char text[TIME_TEXT];

	time_text(text, at_s, zone_s);
	text_copy(out, size, text + 5);
}
