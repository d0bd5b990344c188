/* hours.c - may somebody be called now, and if not, when. */
#include "core/hours.h"

#include "core/clock.h"

#define SEARCH_DAYS 60
#define STEP_S (HOURS_STEP_MIN * 60)

static const struct words reasons[HOURS_REASONS] = {
    [HOURS_OK] = {"可以拨打", "May be called"},
    [HOURS_DO_NOT_CALL] = {"本人要求不再来电", "Asked not to be called"},
    [HOURS_QUIET] = {"现在是免打扰时段", "Quiet hours now"},
    [HOURS_HOLIDAY] = {"今天是法定节假日", "A public holiday today"},
    [HOURS_DAY_OFF] = {"今天不安排外呼", "No calls on this weekday"},
    [HOURS_PATIENT] = {"不在本人指定的接听时间",
	"Outside the hours this patient asked for"},
    [HOURS_CAP_DAY] = {"今天拨打次数已满", "Dialled often enough today"},
    [HOURS_CAP_CONTACTS] = {"近期联系次数已满",
	"Contacted often enough lately"},
};

const struct words *hours_reason_words(enum hours_reason reason)
{
	return &reasons[reason];
}

static bool on_weekday(unsigned weekdays, int64_t day)
{
	return !weekdays || (weekdays >> (day_of_week(day) - 1) & 1);
}

/* The weekday of a span over midnight is the day it began on. */
static bool is_within(const struct span *s, int64_t day, int minute)
{
	if (s->from_min <= s->to_min)
		return on_weekday(s->weekdays, day) && minute >= s->from_min &&
		       minute < s->to_min;
	if (minute >= s->from_min)
		return on_weekday(s->weekdays, day);
	return minute < s->to_min && on_weekday(s->weekdays, day - 1);
}

static bool is_in_any(
    const struct span *spans, size_t n, int64_t day, int minute)
{
	for (size_t i = 0; i < n; i++)
		if (is_within(spans + i, day, minute))
			return true;
	return false;
}

const struct holiday *hours_holiday(const struct hours *h, int64_t day)
{
	for (size_t i = 0; i < h->n_holidays; i++)
		if (day >= h->holidays[i].first_day &&
		    day <= h->holidays[i].last_day)
			return h->holidays + i;
	return NULL;
}

int hours_slot(const struct hours *h, int64_t at_s)
{
	int64_t day = day_of(at_s, h->zone_s);
	int minute = second_of_day(at_s, h->zone_s) / 60;

	for (size_t i = 0; i < h->n_slots; i++)
		if (is_within(h->slots + i, day, minute))
			return (int)i;
	return -1;
}

/* What the clock alone says. */
static enum hours_reason clock_reason(
    const struct hours *h, const struct hours_person *p, int64_t at_s)
{
	int64_t day = day_of(at_s, h->zone_s);
	int minute = second_of_day(at_s, h->zone_s) / 60;

	if (hours_holiday(h, day))
		return HOURS_HOLIDAY;
	if (!on_weekday(h->weekdays, day))
		return HOURS_DAY_OFF;
	if (is_in_any(h->quiet, h->n_quiet, day, minute))
		return HOURS_QUIET;
	if (p && p->n_wants && !is_in_any(p->wants, p->n_wants, day, minute))
		return HOURS_PATIENT;
	return HOURS_OK;
}

int64_t hours_next(
    const struct hours *h, const struct hours_person *person, int64_t at_s)
{
	int64_t t = at_s;

	for (int i = 0; i < SEARCH_DAYS * 24 * 60 / HOURS_STEP_MIN; i++) {
		if (clock_reason(h, person, t) == HOURS_OK)
			return t;
		t += STEP_S - second_of_day(t, h->zone_s) % STEP_S;
	}
	return at_s;
}

static enum hours_reason cap_reason(
    const struct hours *h, const struct hours_person *p)
{
	if (p && h->cap_attempts_day &&
	    p->attempts_today >= h->cap_attempts_day)
		return HOURS_CAP_DAY;
	if (p && h->cap_contacts && p->contacts_recent >= h->cap_contacts)
		return HOURS_CAP_CONTACTS;
	return HOURS_OK;
}

/* When a cap ends: tomorrow for attempts, a known moment for contacts. */
static int64_t cap_end(const struct hours *h, const struct hours_person *p,
    enum hours_reason reason, int64_t now_s)
{
	int64_t day = day_of(now_s, h->zone_s);

	if (reason == HOURS_CAP_CONTACTS && p->cap_free_s > now_s)
		return p->cap_free_s;
	return (day + 1) * DAY_S - h->zone_s;
}

void hours_may_call(struct hours_verdict *out, const struct hours *h,
    const struct hours_person *person, int64_t now_s, enum hours_pass pass)
{
	enum hours_reason cap = cap_reason(h, person);
	enum hours_reason clock = clock_reason(h, person, now_s);
	int64_t from = now_s;

	*out = (struct hours_verdict){true, HOURS_OK, now_s};
	if (pass == HOURS_EMERGENCY)
		return;
	if (person && person->is_do_not_call) {
		*out = (struct hours_verdict){false, HOURS_DO_NOT_CALL, 0};
		return;
	}
	if (pass == HOURS_OVERRIDE || (!cap && !clock))
		return;
	if (cap)
		from = cap_end(h, person, cap, now_s);
	out->may = false;
	out->reason = clock ? clock : cap;
	out->next_s = hours_next(h, person, from);
}
