/*
 * fault_day.h - the day of a terminal's process that something happens to:
 * what it has when the day begins, what it tells its parent, and whether
 * that is true afterwards.
 */
#ifndef SUIFANG_TESTS_FAULT_DAY_H
#define SUIFANG_TESTS_FAULT_DAY_H

#include "tests/world.h"

#define FAULT_DAY_NOTES 3 /* saves of a day */

struct fault_day {
	struct world *w;
	struct world_seat *a; /* closed between two days */
	struct id patient;
	int64_t notes; /* before the day */
	struct fault_told {
		int saved;  /* saves that returned 0 */
		int code;   /* of what failed, 0: nothing did */
		bool fired; /* the fault came */
	} * told;           /* shared with the child */
};

/* For a group of tests; *state is the day. */
int fault_day_setup(void **state);
int fault_day_teardown(void **state);
/* As on the first morning, with nothing told. */
void fault_day_begin(struct fault_day *d);
/* Everything that was told is there, and no more than one besides, or the
 * test fails and names the n-th fault of this kind. */
void fault_day_judge(struct fault_day *d, uint64_t n, int error);

#endif
