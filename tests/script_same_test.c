/*
 * script_same_test.c - which questions of two scripts are one question: every
 * thing that may differ, each for itself.
 */
#include "tests/script_merge_kit.h"
#include "tests/test.h"

struct pair {
	const char *a, *b;
	unsigned items; /* of the whole */
};

static const struct pair rows[] = {
    {Q("a", INT), Q("a", INT), 1},
    {Q("a", INT), Q("a", "\"type\":\"decimal\""), 2},
    {Q("a", INT), Q("b", INT), 2},
    {Q("a", INT "," CODE("k")), Q("b", INT "," CODE("k")), 1},
    {Q("a", INT "," CODE("k")), Q("b", INT "," CODE("l")), 2},
    {Q("a", INT "," MIN("1")), Q("a", INT "," MIN("1")), 1},
    {Q("a", INT "," MIN("1")), Q("a", INT "," MIN("2")), 2},
    {Q("a", INT "," MIN("1")), Q("a", INT), 2},
    {Q("a", INT), Q("a", INT ",\"required\":true"), 1},
    {Q("a", INT), Q("a", INT ",\"repeats\":true"), 2},
    {Q("a", INT), Q("a", INT ",\"maxLength\":3"), 2},
    /* conditions */
    {Q("a", INT) "," Q("b", INT "," WHEN("a")),
	Q("a", INT) "," Q("b", INT "," WHEN("a")), 2},
    {Q("a", INT) "," Q("b", INT "," WHEN("a")),
	Q("c", INT) "," Q("b", INT "," WHEN("c")), 4},
    {Q("a", INT) "," Q("b", INT "," WHEN("a")), Q("b", INT), 3},
    {Q("b", INT), Q("a", INT) "," Q("b", INT "," WHEN("a")), 2},
    {Q("b", INT), Q("a", INT) "," Q("b", INT ",\"required\":true," WHEN("a")),
	3},
    {Q("a", INT) "," Q("b", INT "," WHEN("a")),
	Q("a", INT) "," Q("b", INT ",\"required\":true," WHEN("a")), 2},
    /* one code twice in one script is two questions */
    {Q("a", INT "," CODE("k")) "," Q("b", INT "," CODE("k")),
	Q("c", INT "," CODE("k")) "," Q("d", INT "," CODE("k")), 3},
    {Q("z", INT), Q("a", INT "," CODE("k")) "," Q("b", INT "," CODE("k")), 3},
    /* what an extension says differs */
    {Q("a", INT "," XB("questionnaire-hidden")), Q("a", INT), 2},
    {Q("a", INT ",\"readOnly\":true"), Q("a", INT), 2},
    {Q("a", INT "," MAX("9")), Q("a", INT "," MAX("8")), 2},
    {Q("a", INT "," XSUM), Q("a", INT), 2},
    {Q("a", INT), Q("a", INT "," XSUM), 2},
    {Q("a", INT "," UNIT("kg")), Q("a", INT "," UNIT("g")), 2},
    {Q("a", INT "," UNIT("kg")), Q("a", INT "," UNIT("kg")), 1},
    {Q("a", INT "," UNIT("kg")), Q("a", INT), 2},
    {WHO Q("a", INT "," SELF), WHO Q("a", INT "," SELF), 2},
    {WHO Q("a", INT "," SELF), WHO Q("a", INT), 3},
    {WHO Q("a", INT), WHO2 Q("a", INT), 2},
    /* conditions of two */
    {Q("a", INT) "," Q("b", INT "," WHEN2("a", "any")),
	Q("a", INT) "," Q("b", INT "," WHEN2("a", "any")), 2},
    {Q("a", INT) "," Q("b", INT "," WHEN2("a", "any")),
	Q("a", INT) "," Q("b", INT "," WHEN2("a", "all")), 3},
    {Q("a", INT) "," Q("b", INT "," WHENV("a", "1")),
	Q("a", INT) "," Q("b", INT "," WHENV("a", "1")), 2},
    {Q("a", INT) "," Q("b", INT "," WHENV("a", "1")),
	Q("a", INT) "," Q("b", INT "," WHENV("a", "2")), 3},
    {Q("a", INT) "," Q("b", INT "," WHENV("a", "1")),
	Q("b", INT "," WHENV("a", "1")) "," Q("a", INT), 3},
    /* under a question, under a group */
    {UNDER("a", INT, Q("b", INT)), UNDER("a", INT, Q("b", INT)), 2},
    {UNDER("a", INT, Q("b", INT)), Q("b", INT), 3},
    {Q("b", INT), UNDER("a", INT, Q("b", INT)), 2},
    {UNDER("a", INT, Q("b", INT)), UNDER("c", INT, Q("b", INT)), 4},
    {Q("c", INT) "," UNDER("a", INT, Q("b", INT)),
	Q("c", INT) "," Q("b", INT "," WHEN("c")), 4},
    {Q("c", INT) "," Q("b", INT "," WHEN("c")),
	Q("c", INT) "," UNDER("d", INT, Q("b", INT)), 4},
    {UNDER("g", GRP, Q("b", INT)), UNDER("g", GRP, Q("b", INT)), 2},
    {Q("c", INT) "," UNDER("g", GRP "," WHEN("c"), Q("b", INT)),
	Q("c", INT) "," UNDER("g", GRP "," WHEN("c"), Q("b", INT)), 3},
    {Q("c", INT) "," UNDER("g", GRP "," WHEN("c"), Q("b", INT)),
	Q("b", INT) "," Q("c", INT), 4},
    {UNDER("g", GRP ",\"repeats\":true", Q("b", INT)),
	UNDER("g", GRP ",\"repeats\":true", Q("b", INT)), 2},
    {UNDER("g", GRP ",\"repeats\":true", Q("b", INT)),
	UNDER("g", GRP ",\"repeats\":true", Q("b", INT) "," Q("d", INT)), 5},
    {UNDER("g", GRP ",\"repeats\":true", UNDER("h", GRP, Q("b", INT))),
	UNDER("h", GRP, Q("b", INT)), 5},
    {UNDER("g", GRP, Q("t", "\"type\":\"display\"") "," Q("b", INT)),
	UNDER("k", GRP, Q("t", "\"type\":\"display\"") "," Q("b", INT)), 3},
    /* options */
    {Q("a", "\"type\":\"choice\",\"answerValueSet\":\"#v\""),
	Q("a", "\"type\":\"choice\",\"answerValueSet\":\"#v\""), 2},
};

static void test_script_same__what_differs_is_asked_for_itself(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct script *two[2];
		struct script_merged *m;
		char a[3000], b[3000];
		snprintf(a, sizeof(a), SCRIPT("one", "%s"), rows[i].a);
		snprintf(b, sizeof(b), SCRIPT("two", "%s"), rows[i].b);
		m = merge_two(two, a, b);
		if (script_count(script_merged_script(m)) != rows[i].items)
			fail_msg("row %zu: %u items", i,
			    (unsigned)script_count(script_merged_script(m)));
		merge_check_places(m);
		for (uint64_t seed = 1; seed < 20; seed++)
			merge_check_call(m, seed);
		script_merged_free(&m);
		script_free(&two[0]);
		script_free(&two[1]);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		test_script_same__what_differs_is_asked_for_itself),
	};
	return cmocka_run_group_tests_name("script_same", tests, NULL, NULL);
}
