/*
 * clock.c - the two real clocks and the proleptic Gregorian calendar (days
 * to civil dates by the era method; source: Howard Hinnant, "chrono-
 * compatible low-level date algorithms").
 */
#define _GNU_SOURCE
#include "core/clock.h"

#include "core/id.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

int64_t clock_now_s(void *ctx)
{
	struct timespec ts;

	(void)ctx;
	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec;
}

uint64_t clock_mono_ms(void *ctx)
{
	struct timespec ts;

	(void)ctx;
	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

void clock_boot(uint8_t out[16])
{
	FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");
	char text[40] = "", hex[33];
	size_t n = 0;

	memset(out, 0, 16);
	if (!f)
		return;
	if (fgets(text, sizeof(text), f))
		for (const char *p = text; *p && n < 32; p++)
			if (*p != '-' && *p != '\n')
				hex[n++] = *p;
	hex[n] = '\0';
	fclose(f);
	if (!hex_decode(out, 16, hex))
		memset(out, 0, 16);
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int64_t day_of(int64_t at_s, int32_t zone_s)
{
	return floor_div(at_s + zone_s, DAY_S);
}

int32_t second_of_day(int64_t at_s, int32_t zone_s)
{
	return (int32_t)(at_s + zone_s - day_of(at_s, zone_s) * DAY_S);
}

int64_t day_from_civil(int year, int month, int day)
{
	int64_t y = (int64_t)year - (month <= 2);
	int64_t era = floor_div(y, 400);
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468;
}

void day_to_civil(int64_t day, int *year, int *month, int *mday)
{
	int64_t z = day + 719468;
	int64_t era = floor_div(z, 146097);
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*mday = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = (int)(yoe + era * 400 + (*month <= 2));
}

int day_of_week(int64_t day)
{
	int64_t d = (day + 3) % 7;

	return (int)(d < 0 ? d + 7 : d) + 1;
}

static int month_length(int year, int month)
{
	int64_t first = day_from_civil(year, month, 1);
	int64_t next = month == 12 ? day_from_civil(year + 1, 1, 1)
				   : day_from_civil(year, month + 1, 1);

	return (int)(next - first);
}

int64_t day_add_months(int64_t day, int months)
{
	int y, m, d, total, longest;

	day_to_civil(day, &y, &m, &d);
	total = y * 12 + (m - 1) + months;
	y = (int)floor_div(total, 12);
	m = total - y * 12 + 1;
	longest = month_length(y, m);
	return day_from_civil(y, m, d > longest ? longest : d);
}

int day_age_years(int64_t birth_day, int64_t day)
{
	int by, bm, bd, y, m, d;

	day_to_civil(birth_day, &by, &bm, &bd);
	day_to_civil(day, &y, &m, &d);
	return y - by - (m < bm || (m == bm && d < bd));
}

void day_text(char out[DAY_TEXT], int64_t day)
{
	int y, m, d;

	day_to_civil(day, &y, &m, &d);
	snprintf(out, DAY_TEXT, "%04u-%02u-%02u", (unsigned)y % 10000,
	    (unsigned)m % 100, (unsigned)d % 100);
}

/* n digits at *s into *out, and past them. */
static bool take_digits(int *out, const char **s, int n)
{
	int v = 0;

	for (int i = 0; i < n; i++, (*s)++) {
		if (**s < '0' || **s > '9')
			return false;
		v = v * 10 + (**s - '0');
	}
	*out = v;
	return true;
}

static bool is_date(int y, int m, int d)
{
	return m >= 1 && m <= 12 && d >= 1 && d <= month_length(y, m);
}

bool day_parse(int64_t *out, const char *s)
{
	int y, m, d;

	if (!take_digits(&y, &s, 4) || *s++ != '-' || !take_digits(&m, &s, 2) ||
	    *s++ != '-' || !take_digits(&d, &s, 2) || *s || !is_date(y, m, d))
		return false;
	*out = day_from_civil(y, m, d);
	return true;
}

void time_text(char out[TIME_TEXT], int64_t at_s, int32_t zone_s)
{
	uint32_t sec = (uint32_t)second_of_day(at_s, zone_s);

	day_text(out, day_of(at_s, zone_s));
	snprintf(out + DAY_TEXT - 1, TIME_TEXT - DAY_TEXT + 1, " %02u:%02u",
	    sec / 3600 % 24, sec / 60 % 60);
}

/* "Z", "+08:00", "-05:00" or nothing. */
static bool take_zone(int32_t *zone_s, const char **s)
{
	int h, m, sign = **s == '-' ? -1 : 1;

	if (**s == 'Z') {
		(*s)++;
		*zone_s = 0;
		return true;
	}
	if (**s == '\0')
		return true;
	if (**s != '+' && **s != '-')
		return false;
	(*s)++;
	if (!take_digits(&h, s, 2) || *(*s)++ != ':' || !take_digits(&m, s, 2))
		return false;
	*zone_s = sign * (h * 3600 + m * 60);
	return h <= 14 && m < 60;
}

static bool take_time(int *second, const char **s)
{
	int h, m, sec = 0;

	if (!take_digits(&h, s, 2) || *(*s)++ != ':' || !take_digits(&m, s, 2))
		return false;
	if (**s == ':') {
		(*s)++;
		if (!take_digits(&sec, s, 2))
			return false;
	}
	if (**s == '.')
		*s += 1 + strspn(*s + 1, "0123456789");
	*second = h * 3600 + m * 60 + sec;
	return h < 24 && m < 60 && sec <= 60;
}

bool time_parse_fhir(int64_t *out_s, const char *s, int32_t zone_s)
{
	int y, m = 1, d = 1, second = 0;

	if (!take_digits(&y, &s, 4))
		return false;
	if (*s == '-' && (s++, !take_digits(&m, &s, 2)))
		return false;
	if (*s == '-' && (s++, !take_digits(&d, &s, 2)))
		return false;
	if (*s == 'T' &&
	    (s++, !take_time(&second, &s) || !take_zone(&zone_s, &s)))
		return false;
	if (*s || !is_date(y, m, d))
		return false;
	*out_s = day_from_civil(y, m, d) * DAY_S + second - zone_s;
	return true;
}
