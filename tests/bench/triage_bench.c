/*
 * triage_bench.c - `triage`: rules asked a second, all packs of the program
 * over the facts of one call with five years of history. Baseline: the same
 * packs read from their text again before each asking, as a program does
 * that keeps no compiled form. One JSON line, see docs/OPERATIONS.md.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/triage.h"
#include "tests/own.h"

#define NOW_S INT64_C(1795312800)
#define ASKINGS 4000
#define ROUNDS 5
#define GOAL 100000.0

static void fill(struct facts *f)
{
	for (int i = 0; i < 60; i++) {
		int64_t at_s = NOW_S - (i + 1) * 30 * DAY_S;

		facts_add_number(f, "8480-6", 130 + i % 30, 0, at_s);
		facts_add_number(f, "8462-4", 75 + i % 20, 0, at_s);
		facts_add_number(f, "29463-7", 700 + i % 15, 1, at_s);
		facts_add_number(f, "1558-6", 60 + i % 25, 1, at_s);
	}
	facts_add_coded(f, "condition", "I10.x00", NOW_S - 900 * DAY_S);
	facts_add_coded(f, "condition", "E11.900", NOW_S - 800 * DAY_S);
	facts_age(f);
	facts_add_number(f, "8480-6", 186, 0, NOW_S);
	facts_add_number(f, "8462-4", 96, 0, NOW_S);
	facts_add_number(f, "1558-6", 71, 1, NOW_S);
	facts_add_number(f, "29463-7", 725, 1, NOW_S);
	facts_add_coded(f, "htn-symptom", "headache-dizziness", NOW_S);
	facts_add_coded(f, "htn-danger", "none", NOW_S);
	facts_add_coded(f, "adherence", "irregular", NOW_S);
}

/* Rules a second; reload: read the packs anew each time. */
static double run(const struct facts *f, int askings, bool reload)
{
	struct triage *t;
	struct triage_hit hits[32];
	uint64_t start;
	size_t asked = 0;
	size_t held = 0;

	t = own_triage();
	start = clock_mono_ms(NULL);
	for (int i = 0; i < askings; i++) {
		if (reload) {
			triage_free(&t);
			t = own_triage();
		}
		held += triage_run(hits, 32, t, f, NOW_S);
		asked += triage_total(t);
	}
	if (held == 0)
		exit(1);
	triage_free(&t);
	return (double)asked * 1000.0 /
	       (double)(clock_mono_ms(NULL) - start + 1);
}

static int cmp(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(const struct facts *f, int askings, bool reload)
{
	double v[ROUNDS];

	for (int i = 0; i < ROUNDS; i++)
		v[i] = run(f, askings, reload);
	qsort(v, ROUNDS, sizeof(v[0]), cmp);
	return v[ROUNDS / 2];
}

int main(void)
{
	struct facts f = {0};
	double value;
	double baseline;

	fill(&f);
	value = median(&f, ASKINGS, false);
	baseline = median(&f, ASKINGS / 40, true);
	printf("{\"name\":\"triage\",\"value\":%.0f,\"unit\":\"rules/s\","
	       "\"baseline\":%.0f,\"baseline_name\":\"read anew each time\","
	       "\"ratio\":%.2f,\"goal\":%.0f,\"ok\":%s,\"n\":%d}\n",
	    value, baseline, value / baseline, GOAL,
	    value >= GOAL ? "true" : "false", ASKINGS);
	facts_fini(&f);
	return 0;
}
