/*
 * alertq_test.c - the day's loops as the foot of the alert queue tells them:
 * how many closed, of how many, and the median of the time they took.
 */
#include "core/alertq.h"
#include "core/clock.h"
#include "tests/desk_maker.h"
#include "tests/test.h"
#include "tui/words.h"

/* Raised so many minutes ago; closed so many later, -1: still open. */
static void enter_loop(
    struct desk_maker *m, int minutes_ago, int took, const char *owner)
{
	struct id p = desk_patient(2);
	char body[600], ref[REF_TEXT];

	m->shift_s = -60 * minutes_ago;
	desk_maker_enter(m, KIND_ALERT_RAISED, &p,
	    "{'no':'A012.1-8','rule':'r','version':'1','level':'red',"
	    "'text_zh':'x','text_en':'x','queue':'q','sla_s':1800,"
	    "'instruction_zh':'','instruction_en':''}");
	ref_text(ref, &(struct ref){m->desk.seat, m->seq, 1});
	snprintf(body, sizeof(body), "{'alert':'%s','owner':'%s'}", ref, owner);
	desk_maker_enter(m, KIND_ALERT_ACKNOWLEDGED, &p, body);
	m->shift_s += 60 * took;
	snprintf(body, sizeof(body), "{'alert':'%s','waiver':'by phone'}", ref);
	if (took >= 0)
		desk_maker_enter(m, KIND_ALERT_CLOSED, &p, body);
	m->shift_s = 0;
}

static void test_alertq__day_counts_loops_and_their_median(void **state)
{
	static const struct {
		const char *owner;
		int closed, open, median_min;
	} rows[] = {{NULL, 4, 3, 14}, {"D001", 3, 0, 20}, {"D002", 1, 1, 5},
	    {"D003", 0, 0, 0}};
	struct desk_maker m;
	struct alert_day day;

	(void)state;
	desk_maker_init(&m, 'D', NULL);
	desk_maker_fill(&m); /* one open alert, nobody's */
	enter_loop(&m, 70, 14, "D001");
	enter_loop(&m, 60, 20, "D001");
	enter_loop(&m, 90, 31, "D001");
	enter_loop(&m, 50, 5, "D002");
	enter_loop(&m, 40, -1, "D002");
	enter_loop(&m, 2900, 10, "D001"); /* two days ago: not today's */
	enter_loop(&m, 2800, -1, "");     /* still open since then */
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(alertq_day(&day, m.desk.store, rows[i].owner,
				     m.world.now_s - 7200),
		    0);
		assert_int_equal(day.closed, rows[i].closed);
		assert_int_equal(day.open, rows[i].open);
		assert_int_equal(day.median_s, 60 * rows[i].median_min);
	}
	desk_maker_fini(&m);
}

static void test_alertq__what_it_took_is_said_in_words(void **state)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} rows[] = {{0, "0 min"}, {1, "1 min"}, {840, "14 min"},
	    {7140, "119 min"}, {7200, "2 h 0 min"}, {12000, "3 h 20 min"},
	    {172800, "2 d 0 h"}, {190800, "2 d 5 h"}};
	char text[40];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		words_took(text, sizeof(text), rows[i].seconds);
		assert_string_equal(text, rows[i].text);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_alertq__day_counts_loops_and_their_median),
	    cmocka_unit_test(test_alertq__what_it_took_is_said_in_words),
	};

	return cmocka_run_group_tests_name("alertq", tests, NULL, NULL);
}
