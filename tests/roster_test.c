/* roster_test.c - the roster from comma-separated values. */
#include "tests/test.h"

#include "core/err.h"
#include "sync/import_roster.h"

struct seen {
	size_t n;
	struct import_member last;
};

static int count(void *ctx, const struct import_member *member)
{
	struct seen *seen = ctx;

	seen->n++;
	seen->last = *member;
	return strcmp(member->member, "STOP") == 0 ? ERR_STALE : 0;
}

static int read_text(
    struct seen *seen, struct import_batch **b, const char *text)
{
	const struct import_text file = {"r.csv", text, strlen(text)};

	*b = import_new(0);
	*seen = (struct seen){0};
	return import_roster(*b, &file, count, seen);
}

static void test_roster__quotes_breaks_and_column_order(void **state)
{
	struct import_batch *b;
	struct seen seen;

	(void)state;
	assert_int_equal(
	    read_text(&seen, &b,
		"\xef\xbb\xbfrole,name,member,team\r\n"
		"agent,\"林, \"\"小雨\"\"\",A017,\"一\n组\"\r\n\r\n"),
	    0);
	assert_int_equal(seen.n, 1);
	assert_string_equal(seen.last.member, "A017");
	assert_string_equal(seen.last.name, "林, \"小雨\"");
	assert_string_equal(seen.last.team, "一 组");
	assert_string_equal(seen.last.phone, "");
	import_free(&b);
}

static void test_roster__a_bad_row_is_named_and_the_rest_goes_on(void **state)
{
	static const struct {
		const char *row, *where;
	} rows[] = {
	    {"A 17,x,agent", "line 2.member"},
	    {"A0123456789012345,x,agent", "line 2.member"},
	    {"A017,,agent", "line 2.name"},
	    {"A017,x,king", "line 2.role"},
	    {"A017,x,node", "line 2.role"},
	    {"A017,x", "line 2"},
	    {",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,", "line 2"},
	};
	struct import_batch *b;
	struct seen seen;
	char text[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		snprintf(text, sizeof(text),
		    "member,name,role\n%s\nS002,钱,supervisor\n", rows[i].row);
		assert_int_equal(read_text(&seen, &b, text), ERR_QUARANTINED);
		assert_int_equal(import_problem_count(b), 1);
		assert_string_equal(
		    import_problem_at(b, 0)->where, rows[i].where);
		assert_int_equal(seen.n, 1);
		assert_string_equal(seen.last.member, "S002");
		import_free(&b);
	}
}

static void test_roster__a_table_that_is_none(void **state)
{
	static const char *const texts[] = {"", "member,name\nA017,x\n",
	    "member,name,role\n\"A017,x,agent\n",
	    "member,name,role\nA\xb5,x,y"};
	struct import_batch *b;
	struct seen seen;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		assert_int_equal(
		    read_text(&seen, &b, texts[i]), ERR_QUARANTINED);
		assert_int_equal(import_problem_count(b), 1);
		assert_int_equal(seen.n, 0);
		import_free(&b);
	}
}

static void test_roster__the_caller_may_stop_it(void **state)
{
	struct import_batch *b;
	struct seen seen;

	(void)state;
	assert_int_equal(read_text(&seen, &b,
			     "member,name,role\nSTOP,x,agent\nA1,y,agent\n"),
	    ERR_STALE);
	assert_int_equal(seen.n, 1);
	import_free(&b);
}

static void test_roster__the_sample_has_everybody(void **state)
{
	size_t n;
	char *text = test_read_file("schemas/sample/roster.csv", &n);
	struct import_batch *b;
	struct seen seen;

	(void)state;
	assert_int_equal(read_text(&seen, &b, text), 0);
	assert_int_equal(seen.n, 9);
	assert_string_equal(seen.last.member, "O001");
	assert_string_equal(seen.last.role, "operator");
	assert_string_equal(seen.last.team, "");
	import_free(&b);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_roster__quotes_breaks_and_column_order),
	    cmocka_unit_test(
		test_roster__a_bad_row_is_named_and_the_rest_goes_on),
	    cmocka_unit_test(test_roster__a_table_that_is_none),
	    cmocka_unit_test(test_roster__the_caller_may_stop_it),
	    cmocka_unit_test(test_roster__the_sample_has_everybody),
	};

	return cmocka_run_group_tests_name("roster", tests, NULL, NULL);
}
