/* bench.c - measuring. */
#define _GNU_SOURCE
#include "tests/bench.h"

#include "core/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double clock_ms(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

double bench_ms(void)
{
	return clock_ms(CLOCK_MONOTONIC);
}

double bench_cpu_ms(void)
{
	return clock_ms(CLOCK_PROCESS_CPUTIME_ID);
}

void bench_add(struct bench_samples *s, double ms)
{
	if (s->n == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 256;
		s->ms = mem_grow(s->ms, s->cap, sizeof(*s->ms));
	}
	s->ms[s->n++] = ms;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double bench_percentile(struct bench_samples *s, double p)
{
	if (s->n == 0)
		return 0;
	qsort(s->ms, s->n, sizeof(*s->ms), by_value);
	return s->ms[(size_t)(p * (double)(s->n - 1) + 0.5)];
}

double bench_ratio(const struct bench_samples *a, const struct bench_samples *b)
{
	struct bench_samples pairs = {0};
	double r;

	for (size_t i = 0; i < a->n && i < b->n; i++)
		bench_add(&pairs, a->ms[i] / b->ms[i]);
	r = bench_percentile(&pairs, 0.5);
	bench_fini(&pairs);
	return r;
}

void bench_fini(struct bench_samples *s)
{
	free(s->ms);
	*s = (struct bench_samples){0};
}

void bench_print(const struct bench_line *line)
{
	double ratio = line->ratio > 0      ? line->ratio
		       : line->baseline > 0 ? line->value / line->baseline
					    : 0;
	double shown = line->goal_is_ratio ? ratio : line->value;
	bool ok = line->goal <= 0 ||
		  (line->at_least ? shown >= line->goal : shown <= line->goal);

	printf("{\"name\":\"%s\",\"value\":%.4f,\"unit\":\"%s\","
	       "\"baseline\":%.4f,\"baseline_name\":\"%s\",\"ratio\":%.3f,"
	       "\"goal\":%.3f,\"ok\":%s,\"n\":%zu}\n",
	    line->name, line->value, line->unit, line->baseline,
	    line->baseline_name ? line->baseline_name : "", ratio, line->goal,
	    ok ? "true" : "false", line->n);
	fflush(stdout);
}

bool bench_wants(const char *name)
{
	const char *only = getenv("ONLY");

	return !only || !*only || strncmp(name, only, strlen(only)) == 0;
}
