/* pathway_file_test.c - what is no pathway file is refused with its place;
 * versions stand side by side. */
#include "core/err.h"
#include "core/pathway_set.h"
#include "tests/test.h"

#define HEAD                                                                   \
	"{\"id\":\"p\",\"version\":1,\"title\":{\"zh\":\"a\",\"en\":\"b\"},"   \
	"\"source\":\"s\","
#define ENROL                                                                  \
	"\"anchor\":\"operation\",\"end_days\":0,\"enrol\":"                   \
	"{\"code\":\"c\",\"op\":\"=\",\"value\":1}"
#define WORDS "{\"zh\":\"a\",\"en\":\"b\"}"
#define STEP(id, day)                                                          \
	"{\"id\":\"" id "\",\"title\":" WORDS ",\"script\":\"s\","             \
	"\"offset_days\":" day ",\"open_days\":-1,\"close_days\":1,"           \
	"\"minutes\":5}"
#define RULE(more)                                                             \
	"{\"id\":\"r\",\"version\":1,\"days\":1,\"open_days\":0,"              \
	"\"close_days\":0" more "}"

static const struct {
	const char *part;
	const char *says;
} files[] = {
    {"\"x\":1", "$.x"},
    {"\"anchor\":\"moon\"", "$.anchor"},
    {"\"anchor\":\"finding\"", "end_days"},
    {"\"anchor\":\"finding\",\"end_days\":1", "$.enrol"},
    {ENROL, "$.steps"},
    {ENROL ",\"leave\":3", "$.leave"},
    {ENROL ",\"steps\":[1]", "$.steps[0]"},
    {ENROL ",\"steps\":[{\"id\":\"a\"}]", "$.steps[0].title"},
    {ENROL ",\"steps\":[{\"id\":\"a\",\"title\":" WORDS "}]",
	"$.steps[0].script"},
    {ENROL ",\"steps\":[{\"id\":\"a\",\"title\":" WORDS ",\"script\":\"s\"}]",
	"offset_days"},
    {ENROL ",\"steps\":[" STEP("a", "5") "," STEP("b", "5") "]", "$.steps[1]"},
    {ENROL ",\"steps\":[" STEP("a", "5") "," STEP("a", "6") "]", "$.steps[1]"},
    {ENROL ",\"repeat\":" STEP("a", "0"), "$.repeat"},
    {ENROL ",\"repeat\":3", "$.repeat"},
    {ENROL ",\"steps\":[" STEP("a", "5") "],\"repeat\":" STEP("a", "5"),
	"$.repeat"},
    {ENROL ",\"repeat\":" STEP("a", "5") ",\"rules\":[1]", "$.rules[0]"},
    {ENROL ",\"repeat\":" STEP("a", "5") ",\"rules\":[" RULE("") "]", "why"},
    {ENROL ",\"repeat\":" STEP("a", "5") ",\"rules\":[" RULE(
	 ",\"why\":" WORDS) "]",
	"$.rules[0].when"},
    {ENROL ",\"repeat\":" STEP("a", "5") ",\"rules\":[" RULE(
	 ",\"why\":" WORDS ",\"script\":3") "]",
	"script"},
    {ENROL ",\"repeat\":" STEP("a", "5") ",\"replaces\":[1]", "$.replaces[0]"},
    {ENROL ",\"repeat\":" STEP("a", "5") ",\"advice\":[\"\"]", "$.advice[0]"},
    {ENROL ",\"repeat\":" STEP("a", "5") ",\"conflicts\":[{}]",
	"$.conflicts[0].mine"},
    {ENROL ",\"repeat\":" STEP("a", "5") ",\"conflicts\":[{"
					 "\"mine\":\"a\"}]",
	"theirs"},
    {ENROL ",\"repeat\":" STEP("a", "5") ",\"conflicts\":[{"
					 "\"mine\":\"a\",\"theirs\":\"b\"}]",
	"why"},
};

static void test_pathway__refuses_files_with_the_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		char json[1600];
		struct pathway *p = NULL;
		bool found;

		snprintf(json, sizeof(json), HEAD "%s}", files[i].part);
		assert_true(pathway_parse(&p, json, strlen(json)) < 0);
		assert_null(p);
		found = strstr(err_detail(), files[i].says);
		if (!found)
			print_error("%s: %s\n", files[i].says, err_detail());
		assert_true(found);
	}
}

static void test_pathway__too_many_of_anything(void **state)
{
	static const char *const keys[] = {
	    "steps", "rules", "replaces", "advice", "conflicts"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		char json[1200];
		struct pathway *p = NULL;
		size_t len;

		snprintf(json, sizeof(json), HEAD ENROL ",%s\"%s\":[0",
		    i ? "\"repeat\":" STEP("a", "5") "," : "", keys[i]);
		len = strlen(json);
		for (int k = 0; k < 70; k++, len += 2)
			memcpy(json + len, ",0", 3);
		memcpy(json + len, "]}", 3);
		assert_int_equal(
		    pathway_parse(&p, json, strlen(json)), ERR_INVALID);
		assert_non_null(strstr(err_detail(), "too many"));
	}
}

static void test_pathway__versions_stand_side_by_side(void **state)
{
	static const char one[] = HEAD ENROL ",\"repeat\":" STEP("a", "5") "}";
	struct pathway_set *set = pathway_set_new();
	char two[sizeof(one)];

	(void)state;
	memcpy(two, one, sizeof(one));
	memcpy(strstr(two, "\"version\":1"), "\"version\":2", 11);
	assert_int_equal(pathway_set_add(set, two, strlen(two)), 0);
	assert_int_equal(pathway_set_add(set, one, strlen(one)), 0);
	assert_int_equal(pathway_set_add(set, one, strlen(one)), ERR_INVALID);
	assert_int_equal(pathway_set_find(set, "p", 0)->head.version, 2);
	assert_int_equal(pathway_set_find(set, "p", 1)->head.version, 1);
	assert_null(pathway_set_find(set, "p", 3));
	assert_null(pathway_set_find(set, "q", 0));
	assert_int_equal(pathway_set_total(set), 2);
	pathway_set_free(&set);
	pathway_set_free(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_pathway__refuses_files_with_the_place),
	    cmocka_unit_test(test_pathway__too_many_of_anything),
	    cmocka_unit_test(test_pathway__versions_stand_side_by_side),
	};

	return cmocka_run_group_tests_name("pathway_file", tests, NULL, NULL);
}
