/*
 * trend.h - the course of one measurement: values, slope, spread, share in
 * the target band, gaps. Integers throughout: a slope or a mean is at one
 * more decimal than its values. Says honestly when there is too little.
 */
#ifndef SUIFANG_TREND_H
#define SUIFANG_TREND_H

#include "core/base.h"
#include "core/facts.h"
#include "core/target.h"

#define TREND_POINTS_MAX 64
#define TREND_CODES_MAX 64
#define TREND_COURSE "trend" /* fact code of the course, for pathways */

enum trend_course {
	TREND_UNKNOWN, /* too few values */
	TREND_STEADY,
	TREND_CHANGING,
	TREND_FLUCTUATING
};

struct trend_point {
	int64_t at_s;
	int64_t value; /* at the scale of the trend */
};

struct trend {
	struct trend_point points[TREND_POINTS_MAX]; /* the newest, in order */
	size_t n;
	int scale;
	size_t n_absent; /* asked and not measured in that time */
	int64_t lowest;
	int64_t highest;
	int64_t mean_tenths;      /* mean * 10 */
	int64_t slope_tenths;     /* change in 30 days * 10, least squares */
	int64_t deviation_tenths; /* standard deviation * 10 */
	int longest_gap_days;     /* between neighbours */
	bool has_target;
	struct target target;
	size_t n_in_target;
	int percent_in_target; /* 0..100; of n */
	enum trend_course course;
	int64_t judged_low, judged_high; /* of the values course is from */
};

/* What makes a course fluctuating or steady. */
struct trend_limits {
	int last_n;          /* values looked at */
	int least_n;         /* fewer: unknown */
	int days;            /* not older than that */
	int64_t fluctuating; /* highest - lowest at least, at scale */
	int64_t steady;      /* highest - lowest at most */
	int scale;
};

struct trend_table;

NODISCARD int trend_table_parse(
    struct trend_table **out, const char *json, size_t n);
void trend_table_free(struct trend_table **t);
/* The measurements that have limits; at most max. Borrowed. */
size_t trend_codes(const char **out, size_t max, const struct trend_table *t);
/* False when the code has no limits. */
bool trend_limits(
    struct trend_limits *out, const struct trend_table *t, const char *code);

/* target NULL: none. The values of one code from from_s to to_s, both
 * inclusive; the newest TREND_POINTS_MAX of them. */
struct trend_span {
	int64_t from_s;
	int64_t to_s;
};
void trend_of(struct trend *out, const struct facts *facts, const char *code,
    struct trend_span span, const struct target *target);

/* What is known, and when. */
struct trend_now {
	const struct facts *facts;
	int64_t at_s;
};

/* Judges the last values against the limits; sets and returns course. */
enum trend_course trend_judge(
    struct trend *t, const struct trend_limits *limits, int64_t now_s);

/* Of several measurements together the gravest course, fluctuating before
 * changing before steady; unknown when none has values enough. what, 80
 * bytes: the measurement that decided and its bounds, "8480-6 142..185". */
#define TREND_WHAT 80
enum trend_course trend_worst(char what[TREND_WHAT],
    const struct trend_table *t, const char *const *codes, size_t n,
    const struct trend_now *now);

/* Share in the target band by period of `days`, oldest first, ending at
 * to_s; a period without a value has n 0. */
struct trend_period {
	int64_t from_s;
	size_t n;
	size_t n_in_target;
};
void trend_periods(struct trend_period *out, size_t n_periods,
    const struct trend *t, int64_t to_s, int days);

/* "unknown", "steady", "changing", "fluctuating": text of the fact. */
const char *trend_course_name(enum trend_course course);

#endif
