/*
 * slots.c - quarters that are free.
 */
#include "core/slots.h"

#include "core/clock.h"

#define SEARCH_QUARTERS (60 * 24 * 4)

static bool may_call(const struct hours *h, int64_t at_s)
{
	struct hours_verdict v;

	hours_may_call(&v, h, NULL, at_s, HOURS_NO_PASS);
	return v.may;
}

static int64_t quarter_of(const struct slots *s, int64_t at_s)
{
	return at_s - second_of_day(at_s, s->hours->zone_s) % SLOT_S;
}

bool slots_is_taken(const struct slots *slots, int64_t at_s)
{
	for (int i = 0; i < slots->count; i++)
		if (quarter_of(slots, slots->taken_s[i]) ==
		    quarter_of(slots, at_s))
			return true;
	return false;
}

bool slots_is_free(const struct slots *slots, int64_t at_s)
{
	return may_call(slots->hours, at_s) && !slots_is_taken(slots, at_s);
}

int64_t slots_next(const struct slots *slots, int64_t at_s)
{
	int64_t t = quarter_of(slots, at_s);

	if (t < at_s)
		t += SLOT_S;
	for (int i = 0; i < SEARCH_QUARTERS; i++, t += SLOT_S)
		if (slots_is_free(slots, t))
			return t;
	return at_s;
}

static int64_t minute_of(const struct hours *h, int64_t day, int minute)
{
	return day * DAY_S - h->zone_s + minute * 60;
}

int slots_parts(struct slots_part out[HOURS_SPANS_MAX],
    const struct slots *slots, int64_t day)
{
	const struct hours *h = slots->hours;
	int n = 0;

	for (size_t i = 0; i < h->n_slots; i++) {
		struct slots_part *p = &out[n++];
		*p = (struct slots_part){
		    h->slots[i].from_min, h->slots[i].to_min, 0, 0};
		for (int m = p->from_min; m < p->to_min; m += HOURS_STEP_MIN) {
			int64_t at = minute_of(h, day, m);
			bool taken = slots_is_taken(slots, at);
			p->total += taken || may_call(h, at);
			p->taken += taken;
		}
	}
	return n;
}

int slots_minutes(const struct hours *hours, int64_t day)
{
	int n = 0;

	for (int m = 0; m < 24 * 60; m += HOURS_STEP_MIN)
		n += may_call(hours, minute_of(hours, day, m));
	return n * HOURS_STEP_MIN;
}
