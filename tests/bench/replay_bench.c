/*
 * replay_bench.c - `replay`: facts of recorded contacts that two versions of
 * all content are asked about in a second (each fact is an entry's answer or
 * measurement). Baseline: rules alone, one version. One JSON line, see
 * docs/OPERATIONS.md.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/replay.h"
#include "core/triage.h"

#define PATIENTS 400
#define CONTACTS 20
#define DAY INT64_C(20000)
#define GOAL 100000.0

static void fill(struct facts *f, struct replay_contact *c)
{
	for (int i = 0; i < CONTACTS; i++) {
		int64_t at_s = (DAY + i * 30) * DAY_S;

		c[i] = (struct replay_contact){
		    .at_s = at_s, .anchor_day = DAY - 7};
		strcpy(c[i].pathway, "hypertension");
		strcpy(c[i].step, "routine");
		facts_add_number(f, "8480-6", 120 + i * 7 % 50, 0, at_s);
		facts_add_number(f, "8462-4", 70 + i * 5 % 30, 0, at_s);
		facts_add_number(f, "29463-7", 700 + i, 1, at_s);
		facts_add_coded(f, "htn-symptom", "none", at_s);
		facts_add_coded(f, "visit-class",
		    i % 3 ? "satisfied" : "unsatisfied", at_s);
	}
	facts_age(f);
}

int main(void)
{
	struct content_files files = content_files_builtin();
	struct content_world world;
	struct replay_contact contacts[CONTACTS];
	struct facts f = {0};
	struct replay_total total = {0};
	struct triage_hit hits[32];
	uint64_t start;
	double value;
	double baseline;

	fill(&f, contacts);
	if (content_world_load(&world, &files, NULL))
		return 1;
	start = clock_mono_ms(NULL);
	for (int i = 0; i < PATIENTS; i++) {
		const struct content_world *const both[2] = {&world, &world};
		struct replay_patient p = {&f, contacts, CONTACTS, 28800, NULL};

		replay_run(&total, both, &p, NULL);
	}
	value = (double)total.facts * 1000.0 /
		(double)(clock_mono_ms(NULL) - start + 1);
	start = clock_mono_ms(NULL);
	for (int i = 0; i < PATIENTS * CONTACTS; i++)
		triage_run(hits, 32, world.triage, &f, DAY * DAY_S);
	baseline = (double)f.n * PATIENTS * CONTACTS * 1000.0 /
		   (double)(clock_mono_ms(NULL) - start + 1);
	printf("{\"name\":\"replay\",\"value\":%.0f,\"unit\":\"entries/s\","
	       "\"baseline\":%.0f,\"baseline_name\":\"rules alone\","
	       "\"ratio\":%.2f,\"goal\":%.0f,\"ok\":%s,\"n\":%zu}\n",
	    value, baseline, value / baseline, GOAL,
	    value >= GOAL ? "true" : "false", total.facts);
	content_world_fini(&world);
	facts_fini(&f);
	free(files.at);
	return 0;
}
