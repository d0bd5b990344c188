/*
 * clock.h - the real clock (an edge) and pure calendar arithmetic. A day is
 * the number of days since 1970-01-01 in the site's time zone; time zones
 * are a fixed offset from UTC because the country has one.
 */
#ifndef SUIFANG_CLOCK_H
#define SUIFANG_CLOCK_H

#include "core/base.h"

#define DAY_S INT64_C(86400)
#define DAY_TEXT 11  /* "2026-11-22" and the NUL */
#define TIME_TEXT 17 /* "2026-11-22 09:40" and the NUL */

/* The real clocks, for struct env. ctx is ignored. */
int64_t clock_now_s(void *ctx);
uint64_t clock_mono_ms(void *ctx);
/* Which start of the machine this is; zeros where it does not say. */
void clock_boot(uint8_t out[16]);

/* Floor division, right before 1970 too. zone_s is seconds east of UTC. */
int64_t day_of(int64_t at_s, int32_t zone_s);
/* Seconds since local midnight, 0..86399. */
int32_t second_of_day(int64_t at_s, int32_t zone_s);
int64_t day_from_civil(int year, int month, int day);
void day_to_civil(int64_t day, int *year, int *month, int *mday);
/* 1 = Monday .. 7 = Sunday. */
int day_of_week(int64_t day);
/* Same day of another month; the last day where that month is shorter. */
int64_t day_add_months(int64_t day, int months);
/* Full years from birth to day. */
int day_age_years(int64_t birth_day, int64_t day);

void day_text(char out[DAY_TEXT], int64_t day);
/* "YYYY-MM-DD" that exists in the calendar, nothing after it. */
bool day_parse(int64_t *out, const char *s);
/* Local "YYYY-MM-DD HH:MM". */
void time_text(char out[TIME_TEXT], int64_t at_s, int32_t zone_s);
/* FHIR date or dateTime ("2020", "2020-03", "2020-03-01",
 * "2020-03-01T09:30:00+08:00", fraction allowed) as UTC seconds; a missing
 * zone means zone_s, missing parts the first of theirs. */
bool time_parse_fhir(int64_t *out_s, const char *s, int32_t zone_s);

#endif
