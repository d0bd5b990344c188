/*
 * script_run_test.c - one call: what is asked, what is taken and refused,
 * typed forms, repeats, progress.
 */
#include "tests/test.h"

#include "core/err.h"
#include "core/script_out.h"
#include "tests/script_call.h"

/* ---- typed answers --------------------------------------------------- */

static const char typed_items[] =
    "{\"linkId\":\"b\",\"type\":\"boolean\"},"
    "{\"linkId\":\"i\",\"type\":\"integer\",\"extension\":["
    "{\"url\":\"" EXT "minValue\",\"valueInteger\":0},"
    "{\"url\":\"" EXT "maxValue\",\"valueInteger\":300},"
    "{\"url\":\"" OWN "soft-max\",\"valueInteger\":200},"
    "{\"url\":\"" EXT "questionnaire-unit\",\"valueCoding\":"
    "{\"code\":\"mm[Hg]\",\"display\":\"mmHg\"}}]},"
    "{\"linkId\":\"d\",\"type\":\"decimal\"},"
    "{\"linkId\":\"q\",\"type\":\"quantity\",\"extension\":["
    "{\"url\":\"" EXT "questionnaire-unitOption\",\"valueCoding\":"
    "{\"code\":\"kg\"}},{\"url\":\"" EXT "questionnaire-unitOption\","
    "\"valueCoding\":{\"code\":\"g\"}}]},"
    "{\"linkId\":\"day\",\"type\":\"date\",\"extension\":["
    "{\"url\":\"" EXT "minValue\",\"valueDate\":\"2020-01-01\"}]},"
    "{\"linkId\":\"at\",\"type\":\"dateTime\"},"
    "{\"linkId\":\"t\",\"type\":\"time\"},"
    "{\"linkId\":\"s\",\"type\":\"string\",\"maxLength\":4},"
    "{\"linkId\":\"s2\",\"type\":\"string\",\"repeats\":true},"
    "{\"linkId\":\"x\",\"type\":\"text\"},"
    "{\"linkId\":\"u\",\"type\":\"url\"},"
    "{\"linkId\":\"c\",\"type\":\"choice\",\"answerOption\":["
    "{\"valueCoding\":{\"code\":\"a\"}},{\"valueCoding\":{\"code\":\"b\"}}]},"
    "{\"linkId\":\"m\",\"type\":\"choice\",\"repeats\":true,\"answerOption\":["
    "{\"extension\":[{\"url\":\"" EXT "questionnaire-optionExclusive\","
    "\"valueBoolean\":true}],\"valueCoding\":{\"code\":\"none\"}},"
    "{\"valueCoding\":{\"code\":\"b\"}},{\"valueCoding\":{\"code\":\"c\"}}]},"
    "{\"linkId\":\"n\",\"type\":\"choice\",\"answerOption\":["
    "{\"valueInteger\":10},{\"valueInteger\":5}]},"
    "{\"linkId\":\"o\",\"type\":\"open-choice\",\"answerOption\":["
    "{\"valueCoding\":{\"code\":\"a\",\"display\":\"A\"}}]},"
    "{\"linkId\":\"file\",\"type\":\"attachment\"},"
    "{\"linkId\":\"ro\",\"type\":\"string\",\"readOnly\":true}";

static const struct {
	const char *link, *typed;
	int r;
	const char *row; /* what the durable row holds */
} typed[] = {
    {"b", "1", 0, "{\"v\":[{\"int\":1,\"type\":\"boolean\"}]}"},
    {"b", "２", 0, "{\"v\":[{\"int\":0,\"type\":\"boolean\"}]}"},
    {"b", "是", 0, "{\"v\":[{\"int\":1,\"type\":\"boolean\"}]}"},
    {"b", "3", ERR_INVALID, "null"},
    {"i", "130", 0, "{\"v\":[{\"int\":130,\"type\":\"integer\"}]}"},
    {"i", " 130 mmHg", 0, "{\"v\":[{\"int\":130,\"type\":\"integer\"}]}"},
    {"i", "130.0", 0, "{\"v\":[{\"int\":130,\"type\":\"integer\"}]}"},
    {"i", "130.5", ERR_INVALID, "null"},
    {"i", "130 kg", ERR_INVALID, "null"},
    {"i", "0", 0, "{\"v\":[{\"int\":0,\"type\":\"integer\"}]}"},
    {"i", "-1", ERR_INVALID, "null"},
    {"i", "300", ERR_CHECK, "null"},
    {"i", "301", ERR_INVALID, "null"},
    {"i", "200", 0, "{\"v\":[{\"int\":200,\"type\":\"integer\"}]}"},
    {"i", "201", ERR_CHECK, "null"},
    {"i", "1234567890123456", ERR_INVALID, "null"},
    {"d", "7.20", 0,
	"{\"v\":[{\"int\":720,\"scale\":2,\"type\":\"decimal\"}]}"},
    {"d", "７．２", 0,
	"{\"v\":[{\"int\":72,\"scale\":1,\"type\":\"decimal\"}]}"},
    {"d", "-0.5", 0, "{\"v\":[{\"int\":-5,\"scale\":1,\"type\":\"decimal\"}]}"},
    {"d", "1e2", 0, "{\"v\":[{\"int\":100,\"type\":\"decimal\"}]}"},
    {"d", "1e-99", ERR_INVALID, "null"},
    {"d", ".", ERR_INVALID, "null"},
    {"q", "70", 0,
	"{\"v\":[{\"code\":\"kg\",\"int\":70,\"type\":\"quantity\","
	"\"unit\":\"kg\"}]}"},
    {"q", "700 g", 0,
	"{\"v\":[{\"code\":\"g\",\"int\":700,\"type\":\"quantity\","
	"\"unit\":\"g\"}]}"},
    {"q", "70 lb", ERR_INVALID, "null"},
    {"day", "20261122", 0,
	"{\"v\":[{\"text\":\"2026-11-22\",\"type\":\"date\"}]}"},
    {"day", "2026-1-5", 0,
	"{\"v\":[{\"text\":\"2026-01-05\",\"type\":\"date\"}]}"},
    {"day", "20260230", ERR_INVALID, "null"},
    {"day", "20191231", ERR_INVALID, "null"},
    {"day", "2026", ERR_INVALID, "null"},
    {"at", "2026-11-22 9:30", 0,
	"{\"v\":[{\"text\":\"2026-11-22T09:30:00+08:00\","
	"\"type\":\"dateTime\"}]}"},
    {"at", "20261122", ERR_INVALID, "null"},
    {"t", "0930", 0, "{\"v\":[{\"text\":\"09:30:00\",\"type\":\"time\"}]}"},
    {"t", "9:30:15", 0, "{\"v\":[{\"text\":\"09:30:15\",\"type\":\"time\"}]}"},
    {"t", "2560", ERR_INVALID, "null"},
    {"s", "头痛", 0, "{\"v\":[{\"text\":\"头痛\",\"type\":\"string\"}]}"},
    {"s", "一二三四五", ERR_INVALID, "null"},
    {"s", "  ", ERR_INVALID, "null"},
    {"s2", "a;b", 0,
	"{\"v\":[{\"text\":\"a\",\"type\":\"string\"},"
	"{\"text\":\"b\",\"type\":\"string\"}]}"},
    {"x", "a\tb\x1b[31m", 0,
	"{\"v\":[{\"text\":\"a b[31m\",\"type\":"
	"\"string\"}]}"},
    {"u", "http://a/b", 0,
	"{\"v\":[{\"text\":\"http://a/b\",\"type\":"
	"\"url\"}]}"},
    {"u", "a b", ERR_INVALID, "null"},
    {"c", "2", 0, "{\"v\":[{\"code\":\"b\",\"type\":\"choice\"}]}"},
    {"c", "3", ERR_INVALID, "null"},
    {"c", "12", ERR_INVALID, "null"},
    {"m", "23", 0,
	"{\"v\":[{\"code\":\"b\",\"type\":\"choice\"},"
	"{\"code\":\"c\",\"type\":\"choice\"}]}"},
    {"m", "2，3", 0,
	"{\"v\":[{\"code\":\"b\",\"type\":\"choice\"},"
	"{\"code\":\"c\",\"type\":\"choice\"}]}"},
    {"m", "12", ERR_INVALID, "null"},
    {"m", "22", ERR_INVALID, "null"},
    {"n", "2", 0, "{\"v\":[{\"int\":5,\"text\":\"5\",\"type\":\"integer\"}]}"},
    {"o", "1", 0,
	"{\"v\":[{\"code\":\"a\",\"text\":\"A\",\"type\":\"choice\"}]}"},
    {"o", "else", 0, "{\"v\":[{\"text\":\"else\",\"type\":\"string\"}]}"},
    {"o", "7", ERR_INVALID, "null"},
    {"file", "x", ERR_INVALID, "null"},
    {"ro", "x", ERR_INVALID, "null"},
};

static void test_run__typed_text_becomes_an_answer(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(typed); i++) {
		struct call c = call_open(typed_items);
		struct buf row = {0};
		int r = call_say(&c, typed[i].link, typed[i].typed);
		if (r != typed[i].r)
			fail_msg("%s '%s': %d (%s)", typed[i].link,
			    typed[i].typed, r, c.v.text ? c.v.text : "");
		assert_int_equal(r == 0, c.v.text == NULL);
		script_run_row(&row, c.run, script_find(c.s, typed[i].link), 0);
		assert_string_equal(buf_text(&row), typed[i].row);
		buf_fini(&row);
		call_close(&c);
	}
}

static void test_run__soft_check_is_taken_when_confirmed(void **state)
{
	struct call c = call_open(typed_items);
	struct script_place at = call_place(&c, "i");

	(void)state;
	assert_int_equal(call_say(&c, "i", "250"), ERR_CHECK);
	assert_true(c.v.is_soft);
	assert_string_equal(c.v.bounds, " - 200 mmHg");
	assert_null(call_heard(&c, "i"));
	at.confirmed = true;
	assert_int_equal(script_run_type(c.run, at, "250", NULL, &c.v), 0);
	assert_int_equal(call_heard(&c, "i")->values[0].num, 250);
	assert_int_equal(
	    script_run_type(c.run, at, "301", NULL, &c.v), ERR_INVALID);
	assert_false(c.v.is_soft);
	assert_string_equal(c.v.bounds, "0 - 300 mmHg");
	call_close(&c);
}

/* ---- what is asked ----------------------------------------------------- */

static void test_run__seven_operators(void **state)
{
	static const struct {
		const char *op, *typed;
		bool shown;
	} t[] = {{"=", "5", true}, {"=", "6", false}, {"!=", "5", false},
	    {"!=", "6", true}, {">", "5", false}, {">", "6", true},
	    {"<", "5", false}, {"<", "4", true}, {">=", "4", false},
	    {">=", "5", true}, {"<=", "5", true}, {"<=", "6", false},
	    {"=", "", false}, {"!=", "", false}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		char items[400];
		struct call c;
		snprintf(items, sizeof(items),
		    "{\"linkId\":\"a\",\"type\":\"integer\"},{\"linkId\":"
		    "\"b\",\"type\":\"string\",\"enableWhen\":[{\"question\":"
		    "\"a\",\"operator\":\"%s\",\"answerInteger\":5}]}",
		    t[i].op);
		c = call_open(items);
		if (*t[i].typed)
			assert_int_equal(call_say(&c, "a", t[i].typed), 0);
		if (call_shows(&c, "b") != t[i].shown)
			fail_msg("%s %s", t[i].op, t[i].typed);
		call_close(&c);
	}
}

static void test_run__exists_counts_values_only(void **state)
{
	struct call c =
	    call_open("{\"linkId\":\"a\",\"type\":\"integer\"},"
		      "{\"linkId\":\"y\",\"type\":\"string\",\"enableWhen\":["
		      "{\"question\":\"a\",\"operator\":\"exists\","
		      "\"answerBoolean\":true}]},"
		      "{\"linkId\":\"n\",\"type\":\"string\",\"enableWhen\":["
		      "{\"question\":\"a\",\"operator\":\"exists\","
		      "\"answerBoolean\":false}]}");

	(void)state;
	assert_false(call_shows(&c, "y"));
	assert_true(call_shows(&c, "n"));
	assert_int_equal(call_say(&c, "a", "1"), 0);
	assert_true(call_shows(&c, "y"));
	assert_false(call_shows(&c, "n"));
	assert_int_equal(call_absent(&c, "a", SCRIPT_ABSENT_NOT_MEASURED), 0);
	assert_false(call_shows(&c, "y"));
	assert_true(call_shows(&c, "n"));
	call_close(&c);
}

static void test_run__children_wait_for_their_question(void **state)
{
	struct call c = call_open(
	    "{\"linkId\":\"p\",\"type\":\"boolean\",\"item\":["
	    "{\"linkId\":\"c\",\"type\":\"string\",\"required\":true}]}");

	(void)state;
	assert_false(call_shows(&c, "c"));
	assert_int_equal(call_say(&c, "c", "x"), ERR_STALE);
	assert_int_equal(call_say(&c, "p", "1"), 0);
	assert_int_equal(call_say(&c, "c", "x"), 0);
	script_run_clear(c.run, script_find(c.s, "p"), 0);
	assert_null(call_heard(&c, "c"));
	assert_int_equal(call_say(&c, "p", "2"), 0);
	assert_null(call_heard(&c, "c"));
	call_close(&c);
}

static void test_run__lower_stays_below_upper(void **state)
{
	struct call c = call_open(
	    "{\"linkId\":\"sys\",\"type\":\"integer\"},"
	    "{\"linkId\":\"dia\",\"type\":\"integer\",\"extension\":["
	    "{\"url\":\"" OWN "less-than\",\"valueString\":\"sys\"}]}");

	(void)state;
	assert_int_equal(call_say(&c, "dia", "90"), 0);
	assert_int_equal(call_say(&c, "sys", "90"), ERR_INVALID);
	assert_int_equal(call_say(&c, "sys", "91"), 0);
	assert_int_equal(call_say(&c, "dia", "91"), ERR_INVALID);
	assert_int_equal(call_say(&c, "dia", "60"), 0);
	call_close(&c);
}

/* ---- absence, completion ---------------------------------------------- */

static void test_run__required_until_answered_or_explained(void **state)
{
	struct call c = call_open(call_required_items);
	struct script_slot missing[4];
	struct script_progress p;

	(void)state;
	assert_int_equal(script_run_missing(c.run, missing, 4), 3);
	assert_int_equal(missing[1].item, script_find(c.s, "bp"));
	assert_int_equal(script_run_complete(c.run), ERR_RULE);
	assert_int_equal(
	    call_absent(&c, "who", SCRIPT_ABSENT_UNKNOWN), ERR_INVALID);
	assert_int_equal(call_say(&c, "who", "1"), 0);
	assert_int_equal(call_absent(&c, "bp", SCRIPT_ABSENT_NO_DEVICE), 0);
	assert_int_equal(
	    call_absent(&c, "s", SCRIPT_ABSENT_NOT_MEASURED), ERR_INVALID);
	assert_int_equal(script_run_absent(c.run, call_place(&c, "s"),
			     SCRIPT_ABSENT_NOT_ASKED, "", &c.v),
	    ERR_INVALID);
	assert_int_equal(script_run_absent(c.run, call_place(&c, "s"),
			     SCRIPT_ABSENT_NOT_ASKED, "line broke", &c.v),
	    0);
	assert_int_equal(script_run_missing(c.run, NULL, 0), 0);
	p = script_run_progress(c.run);
	assert_int_equal(p.total, 3);
	assert_int_equal(p.answered, 0);
	assert_int_equal(p.absent, 2);
	assert_int_equal(script_run_complete(c.run), 0);
	assert_int_equal(script_run_status(c.run), SCRIPT_COMPLETED);
	assert_int_equal(call_say(&c, "free", "x"), 0);
	assert_int_equal(script_run_status(c.run), SCRIPT_IN_PROGRESS);
	call_close(&c);
}

static void test_run__next_open_question_comes_round(void **state)
{
	struct call c = call_open(call_required_items);

	(void)state;
	assert_int_equal(script_run_next(c.run, SCRIPT_NONE), 0);
	assert_int_equal(script_run_next(c.run, 2), 2);
	assert_int_equal(call_say(&c, "free", "x"), 0);
	assert_int_equal(script_run_next(c.run, 3), 0);
	assert_int_equal(call_say(&c, "who", "1"), 0);
	assert_int_equal(script_run_next(c.run, 3), 1);
	assert_int_equal(call_say(&c, "bp", "1"), 0);
	assert_int_equal(call_say(&c, "s", "1"), 0);
	assert_int_equal(script_run_next(c.run, 0), SCRIPT_NONE);
	call_close(&c);
}

static void test_run__stopped_takes_no_more(void **state)
{
	struct call c = call_open(call_required_items);

	(void)state;
	assert_int_equal(call_say(&c, "bp", "190"), 0);
	script_run_stop(c.run);
	assert_int_equal(call_say(&c, "s", "x"), ERR_STALE);
	script_run_clear(c.run, script_find(c.s, "bp"), 0);
	assert_non_null(call_heard(&c, "bp"));
	assert_int_equal(script_run_complete(c.run), ERR_RULE);
	assert_int_equal(script_run_status(c.run), SCRIPT_STOPPED);
	call_close(&c);
}

static void test_run__required_group_wants_one_answer(void **state)
{
	struct call c = call_open(
	    "{\"linkId\":\"g\",\"type\":\"group\",\"required\":true,\"item\":["
	    "{\"linkId\":\"a\",\"type\":\"string\"},"
	    "{\"linkId\":\"b\",\"type\":\"string\"}]}");

	(void)state;
	assert_int_equal(script_run_missing(c.run, NULL, 0), 1);
	assert_int_equal(call_say(&c, "b", "x"), 0);
	assert_int_equal(script_run_missing(c.run, NULL, 0), 0);
	call_close(&c);
}

/* ---- repeats ----------------------------------------------------------- */

/* A condition inside an instance looks at its own instance; one outside at
 * all of them. */
static void test_run__group_instances_are_apart(void **state)
{
	struct call c = call_open(call_drug_items);
	uint32_t drug = script_find(c.s, "drug");

	(void)state;
	assert_int_equal(call_say_at(&c, "name", 1, "x"), ERR_STALE);
	assert_int_equal(script_run_add(c.run, drug, 0), 0);
	assert_int_equal(call_say_at(&c, "name", 1, "x"), 0);
	assert_int_equal(call_say_at(&c, "times", 0, "3"), ERR_STALE);
	assert_int_equal(call_say_at(&c, "times", 1, "2"), 0);
	assert_false(call_shows(&c, "any"));
	assert_int_equal(call_say_at(&c, "times", 1, "3"), 0);
	assert_true(call_shows(&c, "any"));
	assert_int_equal(script_run_add(c.run, drug, 0), 0);
	assert_int_equal(script_run_add(c.run, drug, 0), ERR_RULE);
	assert_int_equal(
	    script_run_add(c.run, script_find(c.s, "any"), 0), ERR_RULE);
	call_close(&c);
}

/* What hangs below a value goes with it. */
static void test_run__values_keep_their_children(void **state)
{
	struct call c =
	    call_open("{\"linkId\":\"m\",\"type\":\"choice\",\"repeats\":true,"
		      "\"answerOption\":[{\"valueCoding\":{\"code\":\"a\"}},"
		      "{\"valueCoding\":{\"code\":\"b\"}},"
		      "{\"valueCoding\":{\"code\":\"c\"}}],\"item\":["
		      "{\"linkId\":\"since\",\"type\":\"string\"}]}");
	uint32_t since = script_find(c.s, "since");

	(void)state;
	assert_int_equal(call_say(&c, "m", "12"), 0);
	assert_int_equal(call_say_at(&c, "since", 0, "a-day"), 0);
	assert_int_equal(call_say_at(&c, "since", 1, "b-day"), 0);
	assert_int_equal(call_say(&c, "m", "13"), 0);
	assert_non_null(script_run_answer(c.run, since, 0));
	assert_null(script_run_answer(c.run, since, 1));
	assert_int_equal(call_say(&c, "m", "1"), 0);
	assert_int_equal(call_say_at(&c, "since", 1, "x"), ERR_STALE);
	call_close(&c);
}

/* ---- initial values ---------------------------------------------------- */

static void test_run__initial_values_are_offered(void **state)
{
	struct call c = call_open(
	    "{\"linkId\":\"on\",\"type\":\"boolean\"},"
	    "{\"linkId\":\"i\",\"type\":\"integer\",\"initial\":["
	    "{\"valueInteger\":4}],\"enableWhen\":[{\"question\":\"on\","
	    "\"operator\":\"=\",\"answerBoolean\":true}]},"
	    "{\"linkId\":\"c\",\"type\":\"choice\",\"answerOption\":["
	    "{\"valueCoding\":{\"code\":\"a\"}},{\"initialSelected\":true,"
	    "\"valueCoding\":{\"code\":\"b\"}}]}");

	(void)state;
	assert_string_equal(call_heard(&c, "c")->values[0].code, "b");
	assert_null(call_heard(&c, "i"));
	assert_int_equal(call_say(&c, "on", "1"), 0);
	assert_int_equal(call_heard(&c, "i")->values[0].num, 4);
	script_run_clear(c.run, script_find(c.s, "i"), 0);
	assert_int_equal(call_say(&c, "on", "1"), 0);
	assert_null(call_heard(&c, "i"));
	call_close(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_run__typed_text_becomes_an_answer),
	    cmocka_unit_test(test_run__soft_check_is_taken_when_confirmed),
	    cmocka_unit_test(test_run__seven_operators),
	    cmocka_unit_test(test_run__exists_counts_values_only),
	    cmocka_unit_test(test_run__children_wait_for_their_question),
	    cmocka_unit_test(test_run__lower_stays_below_upper),
	    cmocka_unit_test(test_run__required_until_answered_or_explained),
	    cmocka_unit_test(test_run__next_open_question_comes_round),
	    cmocka_unit_test(test_run__stopped_takes_no_more),
	    cmocka_unit_test(test_run__required_group_wants_one_answer),
	    cmocka_unit_test(test_run__group_instances_are_apart),
	    cmocka_unit_test(test_run__values_keep_their_children),
	    cmocka_unit_test(test_run__initial_values_are_offered),
	};

	return cmocka_run_group_tests_name("script_run", tests, NULL, NULL);
}
