/* script_test.c - loading: every invariant named, limits, circles, words. */
#include "tests/test.h"

#include "core/err.h"
#include "core/script.h"

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
    {"json", "{\"linkId\":\"a\",\"type\":\"integer\",\"required\":\"false\"}"},
    {"json", "{\"linkId\":\"a\",\"type\":\"integer\",\"readOnly\":1}"},
    {"json", "{\"linkId\":\"a\",\"type\":\"string\",\"maxLength\":\"12\"}"},
    {"json", "{\"linkId\":\"a\",\"type\":\"string\",\"maxLength\":-1}"},
    {"json", "{\"linkId\":\"a\",\"type\":\"string\",\"maxLength\":1.5}"},
    {"json", "{\"linkId\":\"a\",\"type\":\"string\",\"maxLength\":\"x\"}"},
    {"json",
	"{\"linkId\":\"a\",\"type\":\"string\",\"maxLength\":99999999999}"},
    {"json", "{\"linkId\":\"a\",\"type\":\"integer\",\"extension\":[{\"url\":"
	     "\"http://hl7.org/fhir/StructureDefinition/"
	     "minValue\",\"valueInteger\":\"3\"}]}"},
    {"json", "{\"linkId\":\"a\",\"type\":\"integer\",\"initial\":[{"
	     "\"valueInteger\":\"3\"}]}"},
    {"json", "{\"linkId\":\"a\",\"type\":\"group\",\"item\":[5,{\"linkId\":"
	     "\"b\",\"type\":\"string\"}]}"},
    {"json", "{\"linkId\":\"a\",\"type\":\"choice\",\"answerOption\":[{"
	     "\"valueCoding\":{\"code\":\"a\"},\"extension\":[{\"url\":\"http:/"
	     "/hl7.org/fhir/StructureDefinition/"
	     "ordinalValue\",\"valueDecimal\":\"1\"}]}]}"},
    {"json", "{\"linkId\":\"a\",\"type\":\"choice\",\"answerOption\":[{"
	     "\"valueCoding\":{\"code\":\"a\"},\"extension\":[{\"url\":\"http:/"
	     "/hl7.org/fhir/StructureDefinition/"
	     "ordinalValue\",\"valueDecimal\":9999999999}]}]}"},
    {"json", "{\"linkId\":\"a\",\"type\":\"choice\",\"answerOption\":[{"
	     "\"valueCoding\":{\"code\":\"a\",\"extension\":[{\"url\":\"http://"
	     "hl7.org/fhir/StructureDefinition/"
	     "ordinalValue\",\"valueDecimal\":0.0001}]}}]}"},
    {"json", "{\"linkId\":\"q\",\"type\":\"integer\"},{\"linkId\":\"b\","
	     "\"type\":\"string\",\"enableWhen\":[{\"question\":\"q\","
	     "\"operator\":\"=\",\"answerInteger\":\"3\"}]}"},
    {"linkId", "{\"linkId\":"
	       "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	       "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	       "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	       "xxxxxxxxxxxxxx\",\"type\":\"integer\"}"},
    {"que-2",
	"{\"linkId\":\"a\",\"type\":\"integer\"},{\"linkId\":\"a\",\"type\":"
	"\"integer\"},{\"linkId\":\"a#1\",\"type\":\"integer\"}"},
    {"que-5", "{\"linkId\":\"a\",\"type\":\"group\",\"answerValueSet\":\"#x\","
	      "\"item\":[{\"linkId\":\"b\",\"type\":\"integer\"}]}"},
    {"que-6", "{\"linkId\":\"a\",\"type\":\"display\",\"repeats\":true}"},
    {"que-8",
	"{\"linkId\":\"a\",\"type\":\"group\",\"initial\":[{\"valueString\":"
	"\"x\"}],\"item\":[{\"linkId\":\"b\",\"type\":\"integer\"}]}"},
    {"que-7", "{\"linkId\":\"q\",\"type\":\"integer\"},{\"linkId\":\"b\","
	      "\"type\":\"string\",\"enableWhen\":[{\"question\":\"q\","
	      "\"operator\":\"exists\"}]}"},
    {"que-10", "{\"linkId\":\"a\",\"type\":\"time\",\"maxLength\":3}"},
    {"que-10", "{\"linkId\":\"a\",\"type\":\"choice\",\"maxLength\":3,"
	       "\"answerOption\":[{\"valueString\":\"x\"}]}"},
    {"que-10", "{\"linkId\":\"a\",\"type\":\"quantity\",\"maxLength\":3}"},
    {"que-10", "{\"linkId\":\"a\",\"type\":\"dateTime\",\"maxLength\":3}"},
    {"enableWhen-question",
	"{\"linkId\":\"g\",\"type\":\"group\",\"item\":[{\"linkId\":\"x\","
	"\"type\":\"integer\"}]},{\"linkId\":\"b\",\"type\":\"string\","
	"\"enableWhen\":[{\"question\":\"g\",\"operator\":\"exists\","
	"\"answerBoolean\":true}]}"},
    {"enableWhen-question",
	"{\"linkId\":\"g\",\"type\":\"display\"},{\"linkId\":\"b\",\"type\":"
	"\"string\",\"enableWhen\":[{\"question\":\"g\",\"operator\":"
	"\"exists\",\"answerBoolean\":true}]}"},
    {"enableWhen-question",
	"{\"linkId\":\"b\",\"type\":\"string\",\"enableWhen\":[{\"operator\":"
	"\"exists\",\"answerBoolean\":true}]}"},
    {"enableWhen-operator",
	"{\"linkId\":\"q\",\"type\":\"integer\"},{\"linkId\":\"b\",\"type\":"
	"\"string\",\"enableWhen\":[{\"question\":\"q\",\"answerInteger\":1}]"
	"}"},
    {"enableWhen-answer",
	"{\"linkId\":\"q\",\"type\":\"integer\"},{\"linkId\":\"b\",\"type\":"
	"\"string\",\"enableWhen\":[{\"question\":\"q\",\"operator\":\"=\"}]}"},
    {"enableWhen-answer",
	"{\"linkId\":\"q\",\"type\":\"integer\"},{\"linkId\":\"b\",\"type\":"
	"\"string\",\"enableWhen\":[{\"question\":\"q\",\"operator\":\"=\","
	"\"answerString\":\"x\"}]}"},
    {"enableWhen-answer",
	"{\"linkId\":\"q\",\"type\":\"time\"},{\"linkId\":\"b\",\"type\":"
	"\"string\",\"enableWhen\":[{\"question\":\"q\",\"operator\":\"=\","
	"\"answerInteger\":\"13:30\"}]}"},
    {"enableWhen-answer",
	"{\"linkId\":\"q\",\"type\":\"quantity\"},{\"linkId\":\"b\",\"type\":"
	"\"string\",\"enableWhen\":[{\"question\":\"q\",\"operator\":\"=\","
	"\"answerString\":\"x\"}]}"},
    {"enableWhen-answer",
	"{\"linkId\":\"q\",\"type\":\"choice\",\"answerOption\":[{"
	"\"valueString\":\"x\"}]},{\"linkId\":\"b\",\"type\":\"string\","
	"\"enableWhen\":[{\"question\":\"q\",\"operator\":\"=\","
	"\"answerCoding\":{\"code\":\"x\"}}]}"},
    {"enableWhen-cycle",
	"{\"linkId\":\"p\",\"type\":\"group\",\"enableWhen\":[{\"question\":"
	"\"c\",\"operator\":\"exists\",\"answerBoolean\":false}],\"item\":[{"
	"\"linkId\":\"c\",\"type\":\"integer\"}]}"},
    {"enableWhen-cycle",
	"{\"linkId\":\"a\",\"type\":\"integer\",\"enableWhen\":[{\"question\":"
	"\"b\",\"operator\":\"=\",\"answerInteger\":1}]},{\"linkId\":\"b\","
	"\"type\":\"integer\",\"enableWhen\":[{\"question\":\"a\",\"operator\":"
	"\"=\",\"answerInteger\":1}]}"},
    {"answerOption", "{\"linkId\":\"a\",\"type\":\"open-choice\"}"},
    {"answerOption-value", "{\"linkId\":\"a\",\"type\":\"choice\","
			   "\"answerOption\":[{\"valueCoding\":{\"code\":\"1\"}"
			   "},{\"valueQuantity\":{\"value\":1}}]}"},
    {"answerOption-value",
	"{\"linkId\":\"a\",\"type\":\"choice\",\"answerOption\":[{"
	"\"valueCoding\":{\"code\":\"1\"}},{\"valueBoolean\":true}]}"},
    {"answerOption-value",
	"{\"linkId\":\"a\",\"type\":\"choice\",\"answerOption\":[{"
	"\"valueCoding\":{\"code\":\"1\"}},{\"valueDecimal\":2}]}"},
    {"answerOption-twice",
	"{\"linkId\":\"a\",\"type\":\"choice\",\"answerOption\":[{"
	"\"valueCoding\":{\"code\":\"a\"},\"extension\":[{\"url\":\"http://"
	"hl7.org/fhir/StructureDefinition/"
	"questionnaire-optionPrefix\",\"valueString\":\"1\"}]},{"
	"\"valueCoding\":{\"code\":\"b\"},\"extension\":[{\"url\":\"http://"
	"hl7.org/fhir/StructureDefinition/"
	"questionnaire-optionPrefix\",\"valueString\":\"1\"}]}]}"},
    {"initial", "{\"linkId\":\"a\",\"type\":\"integer\",\"initial\":[{"
		"\"valueString\":\"x\"}]}"},
    {"initial", "{\"linkId\":\"a\",\"type\":\"string\",\"initial\":[{"
		"\"valueInteger\":1}]}"},
    {"initial", "{\"linkId\":\"a\",\"type\":\"quantity\",\"initial\":[{"
		"\"valueString\":\"1\"}]}"},
    {"initial", "{\"linkId\":\"a\",\"type\":\"choice\",\"answerValueSet\":\"#"
		"v\",\"initial\":[{\"valueBoolean\":true}]}"},
    {"bounds",
	"{\"linkId\":\"a\",\"type\":\"date\",\"extension\":[{\"url\":\"http://"
	"hl7.org/fhir/StructureDefinition/"
	"minValue\",\"valueDate\":\"2026-02-01\"},{\"url\":\"http://hl7.org/"
	"fhir/StructureDefinition/maxValue\",\"valueDate\":\"2026-01-01\"}]}"},
    {"bounds",
	"{\"linkId\":\"a\",\"type\":\"time\",\"extension\":[{\"url\":\"http://"
	"hl7.org/fhir/StructureDefinition/"
	"minValue\",\"valueTime\":\"10:00:00\"},{\"url\":\"http://hl7.org/fhir/"
	"StructureDefinition/maxValue\",\"valueTime\":\"09:00:00\"}]}"},
    {"bounds", "{\"linkId\":\"a\",\"type\":\"quantity\",\"extension\":[{"
	       "\"url\":\"http://hl7.org/fhir/StructureDefinition/"
	       "minValue\",\"valueQuantity\":{\"value\":5}},{\"url\":\"http://"
	       "hl7.org/fhir/StructureDefinition/"
	       "maxValue\",\"valueQuantity\":{\"value\":4}}]}"},
    {"bounds", "{\"linkId\":\"a\",\"type\":\"decimal\",\"extension\":[{\"url\":"
	       "\"http://hl7.org/fhir/StructureDefinition/"
	       "minValue\",\"valueDecimal\":5.5},{\"url\":\"http://hl7.org/"
	       "fhir/StructureDefinition/maxValue\",\"valueDecimal\":5.4}]}"},
    {"bounds",
	"{\"linkId\":\"a\",\"type\":\"string\",\"extension\":[{\"url\":\"http:/"
	"/hl7.org/fhir/StructureDefinition/minValue\",\"valueInteger\":1}]}"},
    {"bounds", "{\"linkId\":\"a\",\"type\":\"integer\",\"extension\":[{\"url\":"
	       "\"http://hl7.org/fhir/StructureDefinition/minValue\"}]}"},
    {"bounds",
	"{\"linkId\":\"a\",\"type\":\"date\",\"extension\":[{\"url\":\"http://"
	"hl7.org/fhir/StructureDefinition/minValue\",\"valueInteger\":1}]}"},
    {"bounds", "{\"linkId\":\"a\",\"type\":\"integer\",\"extension\":[{\"url\":"
	       "\"urn:suifang:ext:soft-min\",\"valueInteger\":3},{\"url\":"
	       "\"urn:suifang:ext:soft-max\",\"valueInteger\":2}]}"},
    {"occurs",
	"{\"linkId\":\"a\",\"type\":\"integer\",\"repeats\":true,\"extension\":"
	"[{\"url\":\"http://hl7.org/fhir/StructureDefinition/"
	"questionnaire-minOccurs\",\"valueInteger\":3},{\"url\":\"http://"
	"hl7.org/fhir/StructureDefinition/"
	"questionnaire-maxOccurs\",\"valueInteger\":2}]}"},
    {"occurs", "{\"linkId\":\"a\",\"type\":\"integer\",\"extension\":[{\"url\":"
	       "\"http://hl7.org/fhir/StructureDefinition/"
	       "questionnaire-maxOccurs\",\"valueInteger\":2}]}"},
    {"occurs",
	"{\"linkId\":\"a\",\"type\":\"integer\",\"repeats\":true,\"extension\":"
	"[{\"url\":\"http://hl7.org/fhir/StructureDefinition/"
	"questionnaire-minOccurs\",\"valueInteger\":64}]}"},
    {"required-unanswerable", "{\"linkId\":\"a\",\"type\":\"integer\","
			      "\"required\":true,\"readOnly\":true}"},
    {"required-unanswerable",
	"{\"linkId\":\"a\",\"type\":\"integer\",\"required\":true,"
	"\"extension\":[{\"url\":\"http://hl7.org/fhir/StructureDefinition/"
	"questionnaire-hidden\",\"valueBoolean\":true}]}"},
    {"required-unanswerable",
	"{\"linkId\":\"a\",\"type\":\"reference\",\"required\":true}"},
    {"extension",
	"{\"linkId\":\"a\",\"type\":\"integer\",\"extension\":[{\"url\":\"urn:"
	"suifang:ext:less-than\",\"valueString\":\"nobody\"}]}"},
    {"extension",
	"{\"linkId\":\"a\",\"type\":\"string\",\"extension\":[{\"url\":\"urn:"
	"suifang:ext:self-report\",\"valueBoolean\":true}]}"},
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

/* What no mode can mend. */
static void test_script__refused_in_both_modes(void **state)
{
	static const struct {
		const char *rule, *json;
	} t[] = {
	    {"resourceType", "{\"resourceType\":\"Patient\"}"},
	    {"resourceType", "[]"},
	    {"modifierExtension",
		"{\"resourceType\":\"Questionnaire\",\"status\":\"draft\","
		"\"modifierExtension\":[]}"},
	    {"modifierExtension",
		"{\"resourceType\":\"Questionnaire\",\"status\":\"draft\","
		"\"item\":[{\"linkId\":\"a\",\"type\":\"string\","
		"\"modifierExtension\":[{\"url\":\"x\"}]}]}"},
	    {"type", "{\"resourceType\":\"Questionnaire\",\"status\":\"draft\","
		     "\"item\":[{\"linkId\":\"a\"}]}"},
	    {"type", "{\"resourceType\":\"Questionnaire\",\"status\":\"draft\","
		     "\"item\":[{\"linkId\":\"a\",\"type\":\"question\","
		     "\"item\":[{\"linkId\":\"b\",\"type\":\"string\"}]}]}"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		for (int mode = 0; mode < 2; mode++) {
			struct script_report rep;
			struct script *s = NULL;
			assert_int_equal(
			    script_load(&s, t[i].json, strlen(t[i].json),
				(enum script_mode)mode, &rep),
			    ERR_INVALID);
			assert_true(has_rule(&rep, t[i].rule));
			assert_non_null(strstr(err_detail(), "refused"));
		}
	}
}

static void test_script__notes_refuse_nothing(void **state)
{
	static const struct {
		const char *rule, *json;
	} t[] = {
	    {"que-0", "{\"resourceType\":\"Questionnaire\",\"status\":"
		      "\"active\",\"name\":\"not a name\"}"},
	    {"que-0", "{\"resourceType\":\"Questionnaire\",\"status\":"
		      "\"retired\",\"name\":\"lower\"}"},
	    {"not-here", "{\"resourceType\":\"Questionnaire\",\"status\":"
			 "\"unknown\",\"name\":\"Good_1\",\"item\":["
			 "{\"linkId\":\"a\",\"type\":\"attachment\"}]}"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct script_report rep;
		struct script *s = NULL;
		assert_int_equal(script_load(&s, t[i].json, strlen(t[i].json),
				     SCRIPT_STRICT, &rep),
		    0);
		assert_int_equal(rep.n, 1);
		assert_string_equal(rep.at[0].rule, t[i].rule);
		assert_true(rep.at[0].is_note);
		script_free(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_script__strict_names_the_broken_rule),
	    cmocka_unit_test(test_script__lenient_repairs_and_says_so),
	    cmocka_unit_test(test_script__refused_in_both_modes),
	    cmocka_unit_test(test_script__notes_refuse_nothing),
	};

	return cmocka_run_group_tests_name("script", tests, NULL, NULL);
}
