/* script_test.c - loading: every invariant named, limits, circles, words. */
#include "tests/test.h"

#include "core/err.h"
#include "core/script.h"
#include "core/script_run.h"

static struct script *must_load(const char *json, enum script_mode mode)
{
	struct script_report rep;
	struct script *s = NULL;
	int r = script_load(&s, json, strlen(json), mode, &rep);

	if (r != 0)
		for (size_t i = 0; i < rep.n; i++)
			print_message(
			    "%s at %s\n", rep.at[i].rule, rep.at[i].path);
	assert_int_equal(r, 0);
	return s;
}

/* A questionnaire around one list of items. */
static const char *with_items(const char *items)
{
	static char text[8192];

	snprintf(text, sizeof(text),
	    "{\"resourceType\":\"Questionnaire\",\"status\":\"draft\","
	    "\"item\":[%s]}",
	    items);
	return text;
}

static bool has_rule(const struct script_report *rep, const char *rule)
{
	for (size_t i = 0; i < rep->n; i++)
		if (strcmp(rep->at[i].rule, rule) == 0)
			return true;
	return false;
}

/* What breaks each rule, and only that kind of script. */
static const struct {
	const char *rule;
	const char *items;
} broken[] = {
    {"linkId", "{\"type\":\"string\"}"},
    {"json", "{\"linkId\":\"a\",\"type\":\"string\",\"repeats\":\"true\"}"},
    {"que-1", "{\"linkId\":\"a\",\"type\":\"group\"}"},
    {"que-1", "{\"linkId\":\"a\",\"type\":\"display\",\"item\":"
	      "[{\"linkId\":\"b\",\"type\":\"string\"}]}"},
    {"que-2", "{\"linkId\":\"a\",\"type\":\"string\"},"
	      "{\"linkId\":\"a\",\"type\":\"string\"}"},
    {"que-3", "{\"linkId\":\"a\",\"type\":\"display\",\"code\":"
	      "[{\"code\":\"x\"}]}"},
    {"que-4", "{\"linkId\":\"a\",\"type\":\"choice\",\"answerValueSet\":"
	      "\"#x\",\"answerOption\":[{\"valueCoding\":{\"code\":\"1\"}}]}"},
    {"que-5", "{\"linkId\":\"a\",\"type\":\"string\",\"answerOption\":"
	      "[{\"valueString\":\"x\"}]}"},
    {"que-6", "{\"linkId\":\"a\",\"type\":\"display\",\"required\":true}"},
    {"que-7", "{\"linkId\":\"q\",\"type\":\"string\"},{\"linkId\":\"a\","
	      "\"type\":\"string\",\"enableWhen\":[{\"question\":\"q\","
	      "\"operator\":\"exists\",\"answerString\":\"x\"}]}"},
    {"que-8", "{\"linkId\":\"a\",\"type\":\"display\",\"initial\":"
	      "[{\"valueString\":\"x\"}]}"},
    {"que-9", "{\"linkId\":\"a\",\"type\":\"display\",\"readOnly\":false}"},
    {"que-10", "{\"linkId\":\"a\",\"type\":\"date\",\"maxLength\":3}"},
    {"que-11", "{\"linkId\":\"a\",\"type\":\"choice\",\"initial\":"
	       "[{\"valueCoding\":{\"code\":\"1\"}}],\"answerOption\":"
	       "[{\"valueCoding\":{\"code\":\"1\"}}]}"},
    {"que-12", "{\"linkId\":\"q\",\"type\":\"boolean\"},{\"linkId\":\"a\","
	       "\"type\":\"string\",\"enableWhen\":[{\"question\":\"q\","
	       "\"operator\":\"=\",\"answerBoolean\":true},{\"question\":"
	       "\"q\",\"operator\":\"=\",\"answerBoolean\":false}]}"},
    {"que-13", "{\"linkId\":\"a\",\"type\":\"integer\",\"initial\":"
	       "[{\"valueInteger\":1},{\"valueInteger\":2}]}"},
    {"enableWhen-question",
	"{\"linkId\":\"a\",\"type\":\"string\",\"enableWhen\":[{\"question\":"
	"\"x\",\"operator\":\"exists\",\"answerBoolean\":true}]}"},
    {"enableWhen-operator",
	"{\"linkId\":\"q\",\"type\":\"string\"},{\"linkId\":\"a\",\"type\":"
	"\"string\",\"enableWhen\":[{\"question\":\"q\",\"operator\":\"~\","
	"\"answerString\":\"x\"}]}"},
    {"enableWhen-answer",
	"{\"linkId\":\"q\",\"type\":\"date\"},{\"linkId\":\"a\",\"type\":"
	"\"string\",\"enableWhen\":[{\"question\":\"q\",\"operator\":\"=\","
	"\"answerInteger\":\"2022-09\"}]}"},
    {"enableWhen-cycle",
	"{\"linkId\":\"a\",\"type\":\"string\",\"enableWhen\":[{\"question\":"
	"\"a\",\"operator\":\"exists\",\"answerBoolean\":false}]}"},
    {"answerValueSet", "{\"linkId\":\"a\",\"type\":\"choice\","
		       "\"answerValueSet\":\"http://x/y\"}"},
    {"answerOption", "{\"linkId\":\"a\",\"type\":\"choice\"}"},
    {"answerOption-value", "{\"linkId\":\"a\",\"type\":\"choice\","
			   "\"answerOption\":[{\"valueCoding\":{\"code\":"
			   "\"1\"}},{\"valueReference\":{}}]}"},
    {"answerOption-twice",
	"{\"linkId\":\"a\",\"type\":\"choice\",\"answerOption\":["
	"{\"valueCoding\":{\"code\":\"1\"}},{\"valueCoding\":{\"code\":\"1\"}}"
	"]}"},
    {"initial", "{\"linkId\":\"a\",\"type\":\"date\",\"initial\":"
		"[{\"valueDate\":\"2026-02-30\"}]}"},
    {"bounds", "{\"linkId\":\"a\",\"type\":\"integer\",\"extension\":["
	       "{\"url\":\"http://hl7.org/fhir/StructureDefinition/minValue\","
	       "\"valueInteger\":3},{\"url\":\"http://hl7.org/fhir/"
	       "StructureDefinition/maxValue\",\"valueInteger\":2}]}"},
    {"occurs", "{\"linkId\":\"a\",\"type\":\"integer\",\"extension\":["
	       "{\"url\":\"http://hl7.org/fhir/StructureDefinition/"
	       "questionnaire-minOccurs\",\"valueInteger\":2}]}"},
    {"required-unanswerable",
	"{\"linkId\":\"a\",\"type\":\"attachment\",\"required\":true}"},
    {"extension", "{\"linkId\":\"a\",\"type\":\"choice\",\"answerOption\":["
		  "{\"valueCoding\":{\"code\":\"1\"}}],\"extension\":["
		  "{\"url\":\"urn:suifang:ext:role\",\"valueCode\":\"x\"}]}"},
};

static void test_script__strict_names_the_broken_rule(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
		const char *json = with_items(broken[i].items);
		struct script_report rep;
		struct script *s = NULL;
		int r =
		    script_load(&s, json, strlen(json), SCRIPT_STRICT, &rep);
		if (r != ERR_INVALID || !has_rule(&rep, broken[i].rule))
			fail_msg("%s: %d, %s", broken[i].rule, r,
			    rep.n ? rep.at[0].rule : "nothing");
		assert_null(s);
		assert_true(rep.at[0].is_fatal || rep.at[0].is_note);
	}
}

static void test_script__lenient_repairs_and_says_so(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
		const char *json = with_items(broken[i].items);
		struct script_report rep;
		struct script *s = NULL;
		int r =
		    script_load(&s, json, strlen(json), SCRIPT_LENIENT, &rep);
		if (r != 0 || !has_rule(&rep, broken[i].rule))
			fail_msg("%s: %d", broken[i].rule, r);
		assert_false(rep.at[0].is_fatal);
		script_free(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_script__strict_names_the_broken_rule),
	    cmocka_unit_test(test_script__lenient_repairs_and_says_so),
	};

	(void)must_load;
	return cmocka_run_group_tests_name("script", tests, NULL, NULL);
}
