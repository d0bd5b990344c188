/*
 * Tests of the end of a call where a pathway says nothing of an emergency.
 */
#include "core/cadence.h"
#include "core/outcome.h"
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_outcome__an_emergency_is_followed_up_soon),
	};

	return cmocka_run_group_tests_name("outcome", tests, NULL, NULL);
}
