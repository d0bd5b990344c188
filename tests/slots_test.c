/*
 * slots_test.c - quarters of an hour: what is taken, what is free next, how
 * full a part of a day is.
 */
#include "core/slots.h"
#include "core/clock.h"
#include "tests/test.h"

#include <string.h>

#define ZONE 28800
#define DAY 20779 /* 2026-11-22, a Sunday */

static int64_t at(int day, int hour, int minute)
{
	return (DAY + day) * DAY_S - ZONE + hour * 3600 + minute * 60;
}

/* Calls from 08:00 to 12:00 and 14:00 to 20:00, but not on Sundays. */
static struct hours *make_hours(void)
{
	static const char json[] =
	    "{\"id\":\"h\",\"version\":1,\"title\":{\"zh\":\"x\",\"en\":\"x\"},"
	    "\"source\":\"x\",\"zone_min\":480,\"weekdays\":[1,2,3,4,5,6],"
	    "\"quiet\":[{\"from\":\"00:00\",\"to\":\"08:00\"},"
	    "{\"from\":\"12:00\",\"to\":\"14:00\"},"
	    "{\"from\":\"20:00\",\"to\":\"24:00\"}],"
	    "\"slots\":[{\"from\":\"08:00\",\"to\":\"12:00\"},"
	    "{\"from\":\"13:00\",\"to\":\"20:00\"}],"
	    "\"cap\":{\"attempts_day\":3,\"contacts\":3,\"days\":7}}";
	struct hours *h;

	assert_int_equal(hours_parse(&h, json, strlen(json)), 0);
	return h;
}

static void test_slots__next_is_free_and_within_the_hours(void **state)
{
	int64_t taken[] = {at(1, 8, 0), at(1, 8, 20), at(1, 11, 59)};
	struct hours *h = make_hours();
	struct slots s = {h, taken, 3};
	const struct {
		int64_t from, next;
	} rows[] = {
	    {at(0, 9, 0), at(1, 8, 30)},   /* Sunday; two are taken */
	    {at(1, 7, 0), at(1, 8, 30)},   /* too early */
	    {at(1, 8, 31), at(1, 8, 45)},  /* from the beginning of one */
	    {at(1, 9, 0), at(1, 9, 0)},    /* itself */
	    {at(1, 11, 40), at(1, 14, 0)}, /* the last one is taken */
	    {at(1, 19, 50), at(2, 8, 0)},  /* the evening is over */
	    {at(6, 19, 50), at(8, 8, 0)},  /* and so is the week */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(slots_next(&s, rows[i].from), rows[i].next);
	assert_true(slots_is_taken(&s, at(1, 8, 29)));
	assert_false(slots_is_taken(&s, at(1, 8, 30)));
	assert_false(slots_is_free(&s, at(1, 13, 0)));
	assert_true(slots_is_free(&s, at(1, 14, 0)));
	hours_free(&h);
}

static void test_slots__parts_of_a_day_say_how_full_they_are(void **state)
{
	int64_t taken[] = {at(1, 8, 0), at(1, 8, 5), at(1, 13, 0), at(2, 9, 0)};
	struct slots_part parts[HOURS_SPANS_MAX];
	struct hours *h = make_hours();
	struct slots s = {h, taken, 4};

	(void)state;
	assert_int_equal(slots_parts(parts, &s, DAY + 1), 2);
	assert_int_equal(parts[0].from_min, 480);
	assert_int_equal(parts[0].total, 16);
	assert_int_equal(parts[0].taken, 1); /* two in one quarter */
	/* one o'clock is quiet, but promised all the same */
	assert_int_equal(parts[1].total, 24 + 1);
	assert_int_equal(parts[1].taken, 1);
	assert_int_equal(slots_minutes(h, DAY + 1), 600);
	assert_int_equal(slots_minutes(h, DAY), 0);
	slots_parts(parts, &s, DAY);
	assert_int_equal(parts[0].total, 0);
	hours_free(&h);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_slots__next_is_free_and_within_the_hours),
	    cmocka_unit_test(test_slots__parts_of_a_day_say_how_full_they_are),
	};

	return cmocka_run_group_tests_name("slots", tests, NULL, NULL);
}
