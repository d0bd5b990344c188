/*
 * script_walk.h - random scripts and random calls through them, for property
 * tests. Everything follows from one seed.
 */
#ifndef SUIFANG_TESTS_SCRIPT_WALK_H
#define SUIFANG_TESTS_SCRIPT_WALK_H

#include "core/buf.h"
#include "core/script_run.h"

struct walk_random {
	uint64_t state;
};

/* 0 <= result < n; n > 0. */
uint32_t walk_below(struct walk_random *r, uint32_t n);

/* JSON of a questionnaire of at most max items: all answerable types, groups,
 * repeats, items under questions, conditions that may run in circles. */
void walk_script(struct buf *out, struct walk_random *r, uint32_t max);

/* Answers one visible slot somehow. True when an answer was taken. */
bool walk_answer(struct script_run *run, struct walk_random *r, uint32_t slot);

/* Answers what is open until nothing is, in order; returns the steps taken,
 * or -1 after limit. */
int walk_finish(struct script_run *run, struct walk_random *r, int limit);

#endif
