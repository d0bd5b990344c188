/*
 * slots.h - quarters of an hour in which a callback may stand: how much of a
 * part of a day is promised already, and the next quarter that is free. One
 * person calls, so a quarter holds one promise. Pure; over core/hours.h.
 */
#ifndef SUIFANG_SLOTS_H
#define SUIFANG_SLOTS_H

#include "core/base.h"
#include "core/hours.h"

#define SLOT_S (HOURS_STEP_MIN * 60)

struct slots {
	const struct hours *hours;
	const int64_t *taken_s; /* moments of the promises, in any order */
	int count;
};

/* Another promise stands in the same quarter. */
bool slots_is_taken(const struct slots *slots, int64_t at_s);
/* May be called then by the clock, and nothing else is promised. */
bool slots_is_free(const struct slots *slots, int64_t at_s);
/* The first free quarter not before at_s, from its beginning; at_s itself
 * where there is none within 60 days. */
int64_t slots_next(const struct slots *slots, int64_t at_s);

/* Parts of one day, in quarters. */
struct slots_part {
	int from_min, to_min; /* since local midnight */
	int total, taken;
};
int slots_parts(struct slots_part out[HOURS_SPANS_MAX],
    const struct slots *slots, int64_t day);
/* Minutes of a day in which calls may be made; 0 on a holiday. */
int slots_minutes(const struct hours *hours, int64_t day);

#endif
