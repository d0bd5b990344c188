/*
 * Tests of the end of a call where a pathway says nothing of an emergency.
 */
#include "core/cadence.h"
#include "core/hours.h"
#include "core/outcome.h"
#include "core/pathway_set.h"
#include "tests/own.h"
#include "tests/test.h"

#include <string.h>

#define NOW_S (INT64_C(20000) * 86400)

static const char quarterly[] =
    "{\"id\":\"q\",\"version\":3,\"title\":{\"zh\":\"季\",\"en\":\"q\"},"
    "\"source\":\"s\",\"anchor\":\"enrolment\",\"enrol\":{\"code\":\"age\","
    "\"op\":\">=\",\"value\":1,\"ever\":true},\"end_days\":0,\"steps\":[],"
    "\"repeat\":{\"id\":\"r\",\"title\":{\"zh\":\"季\",\"en\":\"q\"},"
    "\"offset_days\":90,\"open_days\":-14,\"close_days\":0,"
    "\"script\":\"s\",\"minutes\":5},\"rules\":[],\"advice\":[]}";

static void decide(struct outcome *out, const char *level)
{
	static const char *const asked[] = {"s"};
	static const struct disposition how = {.may_complete = true};
	struct casefile file = {.due_count = 1};
	struct facts none = {0};
	struct pathway *p;
	struct outcome_in in = {.how = &how,
	    .is_completed = true,
	    .file = &file,
	    .facts = &none,
	    .now_s = NOW_S,
	    .scripts = asked,
	    .n_scripts = 1,
	    .level = level};

	strcpy(file.dues[0].script, "s");
	strcpy(file.dues[0].step, "r");
	assert_int_equal(pathway_parse(&p, quarterly, strlen(quarterly)), 0);
	in.pathways[0] = p;
	outcome_decide(out, &in);
	pathway_free(&p);
}

static void test_outcome__an_emergency_is_followed_up_soon(void **state)
{
	struct outcome out;
	const struct case_due *due = &out.next[0].due;

	(void)state;
	decide(&out, NULL);
	assert_int_equal(due->due_day, 20000 + 90);
	assert_string_equal(due->rule, "plan");
	decide(&out, "red");
	assert_int_equal(due->due_day, 20000 + 90);
	decide(&out, "emergency");
	assert_int_equal(due->due_day, 20000 + OUTCOME_ALERT_DAYS);
	assert_int_equal(due->close_day, due->due_day);
	assert_true(due->open_day > 20000 && due->open_day <= due->due_day);
	assert_string_equal(due->rule, "emergency");
	assert_string_equal(due->rule_version, "3");
	assert_non_null(strstr(due->why_en, "2 weeks"));
}

/* Two scripts in one call, of which the first was asked to its end. */
static void decide_cut_short(
    struct outcome *out, const struct disposition *how, const char *level)
{
	static const char *const asked[] = {"s", "t"};
	static const bool finished[] = {true, false};
	struct casefile file = {.due_count = 2};
	struct facts none = {0};
	struct hours *hours = NULL;
	struct pathway *p;
	struct outcome_in in = {.how = how,
	    .file = &file,
	    .facts = &none,
	    .now_s = NOW_S,
	    .scripts = asked,
	    .n_scripts = 2,
	    .finished = finished,
	    .level = level};

	assert_int_equal(hours_load(&hours), 0);
	in.hours = hours;
	for (int i = 0; i < 2; i++) {
		strcpy(file.dues[i].script, asked[i]);
		strcpy(file.dues[i].step, "r");
		file.dues[i].due_day = 20000;
	}
	assert_int_equal(pathway_parse(&p, quarterly, strlen(quarterly)), 0);
	in.pathways[0] = in.pathways[1] = p;
	outcome_decide(out, &in);
	pathway_free(&p);
	hours_free(&hours);
}

static void test_outcome__what_was_asked_to_its_end_is_done(void **state)
{
	static const struct disposition spoke = {
	    .may_complete = true, .is_reached = true};
	static const struct disposition busy = {.then = CADENCE_SUPERVISOR};
	struct outcome out;

	(void)state;
	decide_cut_short(&out, &spoke, NULL);
	assert_true(out.next[0].is_done);
	assert_int_equal(out.next[0].due.due_day, 20000 + 90);
	assert_int_equal(out.next[0].due.attempts, 0);
	assert_false(out.next[1].is_done);
	assert_int_equal(out.next[1].due.due_day, 20000);
	assert_int_equal(out.next[1].due.attempts, 1);
	/* Nobody spoke: nothing is done, whatever was answered before. */
	decide_cut_short(&out, &busy, NULL);
	assert_false(out.next[0].is_done || out.next[1].is_done);
}

static void test_outcome__an_emergency_is_not_called_again_at_once(void **state)
{
	static const struct disposition spoke = {
	    .may_complete = true, .is_reached = true};
	struct outcome out;

	(void)state;
	decide_cut_short(&out, &spoke, "emergency");
	assert_int_equal(out.next[0].due.due_day, 20000 + OUTCOME_ALERT_DAYS);
	assert_int_equal(out.next[1].due.due_day, 20000);
	assert_true(out.next[1].due.not_before_s >= NOW_S + 86400);
	assert_true(out.next[1].due.not_before_s < NOW_S + 5 * 86400);
	decide_cut_short(&out, &spoke, NULL);
	assert_int_equal(out.next[1].due.not_before_s, 0);
}

/* Systolic pressures, the last one of this call, through the program's own
 * pathway of hypertension. */
static void decide_pressures(struct outcome *out, const int64_t *mmhg, size_t n)
{
	static const char *const asked[] = {"hypertension"};
	static const struct disposition how = {.may_complete = true};
	struct pathway_set *set = own_pathways();
	struct trend_table *trends = own_trends();
	const struct profile_tables tables = {.trends = trends};
	struct casefile file = {.due_count = 1};
	struct facts facts = {0};
	struct outcome_in in = {.how = &how,
	    .is_completed = true,
	    .file = &file,
	    .facts = &facts,
	    .now_s = NOW_S,
	    .scripts = asked,
	    .n_scripts = 1,
	    .tables = &tables};

	strcpy(file.dues[0].script, "hypertension");
	strcpy(file.dues[0].step, "routine");
	for (size_t i = 0; i < n; i++) {
		if (i + 1 == n)
			facts_age(&facts);
		facts_add_number(&facts, "8480-6", mmhg[i], 0,
		    NOW_S - (int64_t)(n - 1 - i) * 20 * 86400);
	}
	facts_add_coded(&facts, "visit-class", "satisfied", NOW_S);
	in.pathways[0] = pathway_set_find(set, "hypertension", 0);
	outcome_decide(out, &in);
	facts_fini(&facts);
	pathway_set_free(&set);
	trend_table_free(&trends);
}

static void test_outcome__who_fluctuates_is_called_weekly(void **state)
{
	static const int64_t wild[] = {110, 138, 108, 137};
	static const int64_t calm[] = {128, 130, 126, 131};
	static const int64_t few[] = {108, 138};
	const struct case_due *due;
	struct outcome out;

	(void)state;
	due = &out.next[0].due;
	decide_pressures(&out, wild, ARRAY_LEN(wild));
	assert_int_equal(due->due_day, 20000 + 7);
	assert_string_equal(due->rule, "htn-fluctuating");
	assert_string_equal(due->inputs, "trend fluctuating, 8480-6 108..138");
	decide_pressures(&out, calm, ARRAY_LEN(calm));
	assert_true(due->due_day > 20000 + 60);
	decide_pressures(&out, few, ARRAY_LEN(few));
	assert_true(due->due_day > 20000 + 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_outcome__an_emergency_is_followed_up_soon),
	    cmocka_unit_test(test_outcome__what_was_asked_to_its_end_is_done),
	    cmocka_unit_test(
		test_outcome__an_emergency_is_not_called_again_at_once),
	    cmocka_unit_test(test_outcome__who_fluctuates_is_called_weekly),
	};

	return cmocka_run_group_tests_name("outcome", tests, NULL, NULL);
}
