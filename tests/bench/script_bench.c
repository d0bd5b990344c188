/*
 * script_bench.c - from a typed answer to the next question on a
 * questionnaire of 300 items, a third of them conditional. One line of JSON;
 * the baseline is the bare reading of the same script's JSON.
 */
#define _GNU_SOURCE
#include "core/buf.h"
#include "core/clock.h"
#include "core/json.h"
#include "core/script_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ITEMS 300
#define ROUNDS 20

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void make_script(struct buf *b)
{
	buf_str(b, "{\"resourceType\":\"Questionnaire\",\"status\":\"draft\","
		   "\"item\":[");
	for (unsigned i = 0; i < ITEMS; i++) {
		buf_printf(b,
		    "%s{\"linkId\":\"q%u\",\"type\":\"choice\","
		    "\"required\":true,\"answerOption\":[",
		    i ? "," : "", i);
		for (unsigned o = 0; o < 5; o++)
			buf_printf(b, "%s{\"valueCoding\":{\"code\":\"c%u\"}}",
			    o ? "," : "", o);
		buf_str(b, "]");
		if (i % 3 == 2)
			buf_printf(b,
			    ",\"enableWhen\":[{\"question\":\"q%u\","
			    "\"operator\":\"=\",\"answerCoding\":"
			    "{\"code\":\"c1\"}}]",
			    i - 1);
		buf_str(b, "}");
	}
	buf_str(b, "]}");
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* One whole call; the time of each step. Returns the steps. */
static int call(const struct script *s, double *out)
{
	struct script_run *run = script_run_new(s, NULL, 0);
	uint32_t at = script_run_next(run, SCRIPT_NONE);
	int n = 0;

	while (at != SCRIPT_NONE) {
		struct script_slot slot = script_run_slot(run, at);
		struct script_place place = {slot.item, slot.occ, false};
		double start = now_ms();
		if (script_run_type(
			run, place, n % 2 ? "1" : "2", NULL, NULL) != 0)
			break;
		at = script_run_next(run, at);
		out[n++] = now_ms() - start;
	}
	script_run_free(&run);
	return n;
}

int main(void)
{
	static double steps[ROUNDS * ITEMS];
	struct buf json = {0};
	struct script *s = NULL;
	json_t *root = NULL;
	double start, base, p99;
	int n = 0;

	make_script(&json);
	start = now_ms();
	if (json_load(&root, buf_text(&json), json.len, json.len) != 0)
		return 1;
	base = now_ms() - start;
	json_decref(root);
	if (script_load(&s, buf_text(&json), json.len, SCRIPT_STRICT, NULL) !=
	    0)
		return 1;
	for (int i = 0; i < ROUNDS; i++)
		n += call(s, steps + n);
	if (n == 0)
		return 1;
	qsort(steps, (size_t)n, sizeof(*steps), by_size);
	p99 = steps[n * 99 / 100];
	printf("{\"name\":\"script\",\"value\":%.4f,\"unit\":\"ms\","
	       "\"baseline\":%.4f,\"baseline_name\":\"reading its JSON\","
	       "\"ratio\":%.3f,\"goal\":\"p99 < 1 ms, 300 items\",\"ok\":%s,"
	       "\"n\":%d}\n",
	    p99, base, p99 / base, p99 < 1.0 ? "true" : "false", n);
	script_free(&s);
	buf_fini(&json);
	return p99 < 1.0 ? 0 : 1;
}
