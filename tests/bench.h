/*
 * bench.h - measuring: samples, percentiles, and one JSON object a line on
 * standard output as `make bench` collects them. A figure is a ratio to a
 * baseline that the same run measured; machines are noisy.
 */
#ifndef SUIFANG_TESTS_BENCH_H
#define SUIFANG_TESTS_BENCH_H

#include "core/base.h"

/* Milliseconds of the monotonic clock, and of this process's CPU. */
double bench_ms(void);
double bench_cpu_ms(void);

struct bench_samples {
	double *ms;
	size_t n, cap;
};
void bench_add(struct bench_samples *s, double ms);
/* p in 0..1; sorts. */
double bench_percentile(struct bench_samples *s, double p);
/* The median of a[i] / b[i]: samples that were taken in turn meet the same
 * noise, so most of it cancels. Before either is sorted. */
double bench_ratio(
    const struct bench_samples *a, const struct bench_samples *b);
void bench_fini(struct bench_samples *s);

/* What a line says. goal 0: none. ratio 0: value / baseline. ok where
 * goal_is_ratio compares the ratio, else value, with the goal; at_least turns
 * the comparison. */
struct bench_line {
	const char *name, *unit, *baseline_name;
	double value, baseline, ratio, goal;
	bool goal_is_ratio, at_least;
	size_t n;
};
void bench_print(const struct bench_line *line);

/* Does ONLY= in the environment want this name? */
bool bench_wants(const char *name);

#endif
