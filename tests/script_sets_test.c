/*
 * script_sets_test.c - value sets: contained, beside the script in a Bundle,
 * or of the program.
 */
#include "tests/test.h"

#include "core/asset.h"
#include "core/content.h"
#include "core/err.h"
#include "core/script_merge.h"

#define HEAD                                                                   \
	"{\"resourceType\":\"Questionnaire\",\"id\":\"q\",\"status\":"         \
	"\"active\",\"language\":\"en\",\"version\":\"1\","
#define ITEM(ref)                                                              \
	"\"item\":[{\"linkId\":\"a\",\"text\":\"t\",\"type\":\"choice\","      \
	"\"answerValueSet\":\"" ref "\"}]}"
#define SET(id, url, code)                                                     \
	"{\"resourceType\":\"ValueSet\",\"id\":\"" id "\",\"url\":\"" url      \
	"\",\"version\":\"2\",\"status\":\"active\",\"compose\":{"             \
	"\"include\":[{\"system\":\"s\",\"concept\":[{\"code\":\"" code        \
	"\"}]}]}}"
#define BUNDLE(entries)                                                        \
	"{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":"      \
	"[" entries "]}"
#define ENTRY(r) "{\"resource\":" r "}"
#define HL7 "http://hl7.org/fhir/ValueSet/"

static const struct {
	const char *json;
	int r;
	uint32_t options;
	const char *first; /* code */
} rows[] = {
    /* of the program */
    {HEAD ITEM(HL7 "administrative-gender"), 0, 4, "male"},
    {HEAD ITEM(HL7 "administrative-gender|4.0.1"), 0, 4, "male"},
    {HEAD ITEM(HL7 "administrative-gender|3.0.0"), ERR_INVALID, 0, ""},
    {HEAD ITEM(HL7 "administrative-gende"), ERR_INVALID, 0, ""},
    {HEAD ITEM(HL7 "administrative-gender2"), ERR_INVALID, 0, ""},
    {HEAD ITEM("http://loinc.org/vs/LL358-3"), 0, 4, "LA6568-5"},
    {HEAD ITEM(HL7 "yesnodontknow"), 0, 3, "Y"},
    /* contained comes first */
    {HEAD "\"contained\":[" SET("v", HL7 "yesnodontknow", "mine") "]," ITEM(
	 HL7 "yesnodontknow"),
	0, 1, "mine"},
    {HEAD "\"contained\":[" SET("v", "urn:v", "mine") "]," ITEM("#v"), 0, 1,
	"mine"},
    {HEAD "\"contained\":[" SET("v", "urn:v", "mine") "]," ITEM("#w"),
	ERR_INVALID, 0, ""},
    {HEAD "\"contained\":[{\"resourceType\":\"Patient\",\"id\":\"v\"}]," ITEM(
	 "#v"),
	ERR_INVALID, 0, ""},
    /* beside it */
    {BUNDLE(ENTRY(SET("v", "urn:v", "beside")) "," ENTRY(HEAD ITEM("urn:v"))),
	0, 1, "beside"},
    {BUNDLE(ENTRY(HEAD ITEM("urn:v|2")) "," ENTRY(SET("v", "urn:v", "beside"))),
	0, 1, "beside"},
    {BUNDLE(ENTRY(HEAD ITEM("urn:v|1")) "," ENTRY(SET("v", "urn:v", "beside"))),
	ERR_INVALID, 0, ""},
    {BUNDLE(ENTRY(HEAD ITEM("#v")) "," ENTRY(SET("v", "urn:v", "beside"))),
	ERR_INVALID, 0, ""},
    /* what is no bundle of one script */
    {BUNDLE(ENTRY(SET("v", "urn:v", "beside"))), ERR_INVALID, 0, ""},
    {BUNDLE(ENTRY(HEAD ITEM(HL7 "yesnodontknow")) "," ENTRY(
	 HEAD ITEM(HL7 "yesnodontknow"))),
	ERR_INVALID, 0, ""},
    {"{\"resourceType\":\"Bundle\"}", ERR_INVALID, 0, ""},
    {"{\"resourceType\":\"Bundle\",\"entry\":[1,{\"resource\":2}]}",
	ERR_INVALID, 0, ""},
};

static void test_script_sets__are_found_where_they_are(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct script *s = NULL;
		struct script_report rep;
		int r = script_load(&s, rows[i].json, strlen(rows[i].json),
		    SCRIPT_STRICT, &rep);
		if (r != rows[i].r)
			fail_msg("row %zu: %d %s at %s", i, r,
			    rep.n ? rep.at[0].rule : "",
			    rep.n ? rep.at[0].path : "");
		if (r < 0) {
			assert_null(s);
			continue;
		}
		assert_int_equal(script_item(s, 0)->n_options, rows[i].options);
		assert_string_equal(
		    script_item(s, 0)->options[0].value.code, rows[i].first);
		assert_string_equal(script_id(s), "q");
		script_free(&s);
	}
}

static void test_script_sets__a_missing_set_is_named(void **state)
{
	static const char json[] = HEAD ITEM("urn:nowhere");
	struct script *s = NULL;
	struct script_report rep;

	(void)state;
	assert_int_equal(
	    script_load(&s, json, sizeof(json) - 1, SCRIPT_STRICT, &rep),
	    ERR_INVALID);
	assert_string_equal(rep.at[0].rule, "answerValueSet");
	assert_string_equal(rep.at[0].path, "item[0]");
	assert_int_equal(
	    script_load(&s, json, sizeof(json) - 1, SCRIPT_LENIENT, &rep), 0);
	assert_int_equal(script_item(s, 0)->type, SCRIPT_OPEN_CHOICE);
	script_free(&s);
}

/* A weight of a bundled set counts, and both languages are there. */
static void test_script_sets__of_the_program_are_complete(void **state)
{
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < asset_total(); i++) {
		const struct asset *a = asset_at(i);
		char text[9000];
		struct script *s = NULL;
		if (strncmp(a->path, "valuesets/", 10) != 0)
			continue;
		n++;
		snprintf(text, sizeof(text),
		    "{\"resourceType\":\"Questionnaire\",\"status\":"
		    "\"active\",\"language\":\"en\",\"contained\":[%s],"
		    "\"item\":[{\"linkId\":\"a\",\"text\":\"t\",\"type\":"
		    "\"choice\",\"answerValueSet\":\"#%.*s\"}]}",
		    a->data, (int)strlen(a->path + 10) - 5, a->path + 10);
		if (script_load(&s, text, strlen(text), SCRIPT_STRICT, NULL) !=
		    0)
			fail_msg("%s: %s", a->path, err_detail());
		const struct script_item *it = script_item(s, 0);
		assert_true(it->n_options > 1);
		for (uint32_t o = 0; o < it->n_options; o++) {
			const struct script_option *p = &it->options[o];
			assert_true(
			    (uint8_t)script_option_text(p, LANG_ZH)[0] >= 0x80);
			assert_true(
			    (uint8_t)script_option_text(p, LANG_EN)[0] < 0x80);
			assert_int_equal(
			    p->has_weight, strstr(a->path, "phq") != NULL);
			assert_true(!p->has_weight || p->weight == (int)o);
		}
		script_free(&s);
	}
	assert_true(n >= 5);
}

/* In a merged call the set that came beside a script is still there. */
static void test_script_sets__go_with_a_merged_script(void **state)
{
	static const char one[] =
	    BUNDLE(ENTRY(SET("v", "urn:v", "p")) "," ENTRY(
		HEAD "\"item\":[{\"linkId\":\"x\",\"text\":\"t\",\"type\":"
		     "\"choice\",\"answerValueSet\":\"urn:v\"}]}"));
	static const char two[] =
	    BUNDLE(ENTRY(SET("v", "urn:w", "r")) "," ENTRY(HEAD ITEM("urn:w")));
	const struct script *parts[2];
	struct script *s[2] = {NULL, NULL};
	struct script_merged *m = NULL;

	(void)state;
	assert_int_equal(
	    script_load(&s[0], one, sizeof(one) - 1, SCRIPT_STRICT, NULL), 0);
	assert_int_equal(
	    script_load(&s[1], two, sizeof(two) - 1, SCRIPT_STRICT, NULL), 0);
	parts[0] = s[0];
	parts[1] = s[1];
	assert_int_equal(script_merge(&m, parts, 2), 0);
	assert_string_equal(
	    script_item(script_merged_script(m), 0)->options[0].value.code,
	    "p");
	assert_string_equal(
	    script_item(script_merged_script(m), 1)->options[0].value.code,
	    "r");
	script_merged_free(&m);
	script_free(&s[0]);
	script_free(&s[1]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_script_sets__are_found_where_they_are),
	    cmocka_unit_test(test_script_sets__a_missing_set_is_named),
	    cmocka_unit_test(test_script_sets__of_the_program_are_complete),
	    cmocka_unit_test(test_script_sets__go_with_a_merged_script),
	};
	return cmocka_run_group_tests_name("script_sets", tests, NULL, NULL);
}
