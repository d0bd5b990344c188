/*
 * script_out_test.c - what leaves a run: rows and back, flat answers, facts,
 * the QuestionnaireResponse.
 */
#include "tests/test.h"

#include "core/err.h"
#include "core/script_out.h"
#include "tests/script_call.h"

/* ---- rows -------------------------------------------------------------- */

static void test_out__rows_that_cannot_be_are_named(void **state)
{
	static const struct {
		struct script_row row;
		int r;
		size_t dropped;
	} t[] = {
	    {{"nobody", 0, "null"}, ERR_NOT_FOUND, 0},
	    {{"bp", 0, "{"}, ERR_FORMAT, 0},
	    {{"bp", 0, "[]"}, ERR_FORMAT, 0},
	    {{"bp", 0, "{\"absent\":\"why not\"}"}, ERR_FORMAT, 0},
	    {{"bp", 0, "{\"origin\":\"moon\"}"}, ERR_FORMAT, 0},
	    {{"bp", 0, "{\"v\":[{\"type\":\"x\"}]}"}, ERR_FORMAT, 0},
	    {{"bp", 0, "{\"v\":[{\"type\":\"string\"}]}"}, ERR_FORMAT, 0},
	    {{"bp", 0,
		 "{\"v\":[{\"type\":\"integer\",\"int\":1,\"scale\":"
		 "10}]}"},
		ERR_FORMAT, 0},
	    {{"bp", 0, "{\"v\":[{\"type\":\"string\",\"text\":\"x\"}]}"}, 0, 1},
	    {{"bp", 7, "{\"v\":[{\"type\":\"integer\",\"int\":1}]}"}, 0, 1},
	    {{"bp", 7, "null"}, 0, 1},
	    {{"bp", 0, "null"}, 0, 0},
	    {{"bp", 0,
		 "{\"v\":[{\"type\":\"integer\",\"int\":1}],"
		 "\"origin\":\"self\",\"at\":5}"},
		0, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct call c = call_open(call_required_items);
		size_t dropped = 99;
		int r = script_run_restore(c.run, &t[i].row, 1, &dropped);
		if (r != t[i].r || (r == 0 && dropped != t[i].dropped))
			fail_msg("row %zu: %s, dropped %zu", i, err_name(r),
			    dropped);
		call_close(&c);
	}
}

static void test_out__how_it_was_measured_comes_back(void **state)
{
	struct call c = call_open(call_required_items);
	struct call d = call_open(call_required_items);
	struct script_answer how = {
	    .origin = SCRIPT_ORIGIN_CLINIC, .at_s = NOW - 3600};
	struct buf row = {0};
	struct script_row rows[1];

	(void)state;
	assert_int_equal(
	    script_run_type(c.run, call_place(&c, "bp"), "142", &how, &c.v), 0);
	script_run_row(&row, c.run, script_find(c.s, "bp"), 0);
	rows[0] = (struct script_row){"bp", 0, buf_text(&row)};
	assert_int_equal(script_run_restore(d.run, rows, 1, NULL), 0);
	assert_int_equal(call_heard(&d, "bp")->origin, SCRIPT_ORIGIN_CLINIC);
	assert_int_equal(call_heard(&d, "bp")->at_s, NOW - 3600);
	buf_fini(&row);
	call_close(&c);
	call_close(&d);
}

/* ---- what leaves the run ------------------------------------------------ */

static void check_dump(json_t *have, const char *want)
{
	char *text = json_dumps(have, JSON_COMPACT | JSON_REAL_PRECISION(15));

	assert_string_equal(text, want);
	free(text);
	json_decref(have);
}

static void test_out__response_conforms(void **state)
{
	struct call c = call_open(
	    "{\"linkId\":\"g\",\"type\":\"group\",\"text\":\"G\",\"item\":["
	    "{\"linkId\":\"w\",\"type\":\"quantity\",\"extension\":["
	    "{\"url\":\"" EXT "questionnaire-unit\",\"valueCoding\":"
	    "{\"system\":\"http://unitsofmeasure.org\",\"code\":\"kg\"}}]},"
	    "{\"linkId\":\"bp\",\"type\":\"integer\"}]},"
	    "{\"linkId\":\"p\",\"type\":\"boolean\",\"item\":["
	    "{\"linkId\":\"why\",\"type\":\"string\"}]},"
	    "{\"linkId\":\"empty\",\"type\":\"group\",\"item\":["
	    "{\"linkId\":\"e\",\"type\":\"string\"}]}");
	struct script_answer how = {.origin = SCRIPT_ORIGIN_SELF, .at_s = NOW};
	struct script_head head = {
	    .hash = "ab", .subject = "Patient/1", .authored_s = NOW};

	(void)state;
	assert_int_equal(
	    script_run_type(c.run, call_place(&c, "w"), "70.5", &how, &c.v), 0);
	assert_int_equal(call_absent(&c, "bp", SCRIPT_ABSENT_NOT_MEASURED), 0);
	assert_int_equal(call_say(&c, "p", "1"), 0);
	assert_int_equal(call_say(&c, "why", "so"), 0);
	assert_int_equal(script_run_complete(c.run), 0);
	check_dump(script_run_response(c.run, &head),
	    "{\"resourceType\":\"QuestionnaireResponse\",\"extension\":["
	    "{\"url\":\"" OWN "script-hash\",\"valueString\":\"ab\"}],"
	    "\"questionnaire\":\"urn:x|3\",\"status\":\"completed\","
	    "\"subject\":{\"reference\":\"Patient/1\"},"
	    "\"authored\":\"2026-11-22T10:00:00+08:00\",\"item\":["
	    "{\"linkId\":\"g\",\"text\":\"G\",\"item\":["
	    "{\"linkId\":\"w\",\"answer\":[{\"extension\":["
	    "{\"url\":\"" OWN "origin\",\"valueCode\":\"self\"},"
	    "{\"url\":\"" OWN "measured-at\",\"valueDateTime\":"
	    "\"2026-11-22T10:00:00+08:00\"}],\"valueQuantity\":"
	    "{\"value\":70.5,\"unit\":\"kg\",\"system\":"
	    "\"http://unitsofmeasure.org\",\"code\":\"kg\"}}]},"
	    "{\"linkId\":\"bp\",\"answer\":[{\"extension\":["
	    "{\"url\":\"" EXT "data-absent-reason\",\"valueCode\":"
	    "\"not-performed\"}]}]}]},"
	    "{\"linkId\":\"p\",\"answer\":[{\"valueBoolean\":true,\"item\":["
	    "{\"linkId\":\"why\",\"answer\":[{\"valueString\":\"so\"}]}]}]}]}");
	check_dump(script_run_answers(c.run),
	    "[{\"link\":\"w\",\"type\":\"quantity\",\"int\":705,\"scale\":1,"
	    "\"unit\":\"kg\",\"code\":\"kg\"},{\"link\":\"bp\",\"type\":"
	    "\"absent\",\"code\":\"not-performed\"},{\"link\":\"p\",\"type\":"
	    "\"boolean\",\"int\":1},{\"link\":\"why\",\"type\":\"string\","
	    "\"text\":\"so\"}]");
	call_close(&c);
}

static void test_out__group_instances_in_the_response(void **state)
{
	struct call c = call_open(call_drug_items);
	struct script_head head = {.authored_s = 0};

	(void)state;
	assert_int_equal(script_run_add(c.run, script_find(c.s, "drug"), 0), 0);
	assert_int_equal(call_say_at(&c, "name", 0, "a"), 0);
	assert_int_equal(call_say_at(&c, "name", 1, "b"), 0);
	script_run_stop(c.run);
	check_dump(script_run_response(c.run, &head),
	    "{\"resourceType\":\"QuestionnaireResponse\",\"extension\":["
	    "{\"url\":\"" OWN "script-hash\",\"valueString\":\"-\"}],"
	    "\"questionnaire\":\"urn:x|3\",\"status\":\"stopped\","
	    "\"authored\":\"1970-01-01T08:00:00+08:00\",\"item\":["
	    "{\"linkId\":\"drug\",\"item\":[{\"linkId\":\"name\",\"answer\":["
	    "{\"valueString\":\"a\"}]}]},"
	    "{\"linkId\":\"drug\",\"item\":[{\"linkId\":\"name\",\"answer\":["
	    "{\"valueString\":\"b\"}]}]}]}");
	check_dump(script_run_answers(c.run),
	    "[{\"link\":\"name\",\"type\":\"string\",\"text\":\"a\"},"
	    "{\"link\":\"name@1\",\"type\":\"string\",\"text\":\"b\"}]");
	call_close(&c);
}

static void test_out__facts_of_every_kind(void **state)
{
	struct call c = call_open(
	    "{\"linkId\":\"8480-6\",\"type\":\"integer\"},"
	    "{\"linkId\":\"x\",\"type\":\"decimal\",\"code\":["
	    "{\"code\":\"4548-4\"}]},"
	    "{\"linkId\":\"f\",\"type\":\"boolean\"},"
	    "{\"linkId\":\"pain\",\"type\":\"choice\",\"answerOption\":["
	    "{\"extension\":[{\"url\":\"" EXT "ordinalValue\","
	    "\"valueDecimal\":7}],\"valueCoding\":{\"code\":\"p7\"}}]},"
	    "{\"linkId\":\"g\",\"type\":\"quantity\",\"code\":["
	    "{\"code\":\"1558-6\"}]}");
	struct facts f = {0};

	(void)state;
	assert_int_equal(script_run_absent(c.run, call_place(&c, "8480-6"),
			     SCRIPT_ABSENT_NOT_MEASURED, NULL, &c.v),
	    0);
	assert_int_equal(call_say(&c, "x", "6.5"), 0);
	assert_int_equal(call_say(&c, "f", "1"), 0);
	assert_int_equal(call_say(&c, "pain", "1"), 0);
	assert_int_equal(call_say(&c, "g", "5 apples"), 0);
	script_run_facts(&f, c.run, NOW);
	assert_null(facts_last(&f, "8480-6"));
	assert_int_equal(facts_last(&f, "4548-4")->value, 65);
	assert_int_equal(facts_last(&f, "f")->kind, FACT_FLAG);
	assert_int_equal(facts_last(&f, "pain")->value, 7);
	assert_null(facts_last(&f, "1558-6"));
	facts_fini(&f);
	call_close(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_out__rows_that_cannot_be_are_named),
	    cmocka_unit_test(test_out__how_it_was_measured_comes_back),
	    cmocka_unit_test(test_out__response_conforms),
	    cmocka_unit_test(test_out__group_instances_in_the_response),
	    cmocka_unit_test(test_out__facts_of_every_kind),
	};

	return cmocka_run_group_tests_name("script_out", tests, NULL, NULL);
}
