/*
 * advice_test.c - the library of advice: what comes with the program is
 * complete for every pathway, is chosen by finding and code, and a broken
 * file is refused with its place.
 */
#include "tests/own.h"
#include "tests/test.h"

#include "core/advice.h"
#include "core/asset.h"
#include "core/err.h"
#include "core/json.h"

#define NOW INT64_C(1795312800)

struct kinds {
	const struct advice_library *lib;
	bool seen[ADVICE_KIND_COUNT];
	size_t n;
};

static int note_kinds(void *ctx, const char *path, const char *text, size_t n)
{
	struct kinds *k = ctx;
	json_t *root, *one;
	size_t i;

	(void)path;
	assert_int_equal(json_load(&root, text, n, 1 << 20), 0);
	json_array_foreach (json_list(root, "advice"), i, one) {
		const struct advice *a =
		    advice_find(k->lib, json_str(one, "id", ""));

		assert_non_null(a);
		assert_true(*a->source && a->version > 0);
		k->seen[a->kind] = true;
		k->n++;
	}
	json_decref(root);
	return 0;
}

static void test_advice__every_kind_is_there(void **state)
{
	struct advice_library *lib = own_advice();
	struct kinds k = {.lib = lib};

	(void)state;
	assert_int_equal(content_each("advice/", note_kinds, &k), 0);
	assert_true(k.n >= 40);
	for (size_t i = 0; i < ARRAY_LEN(k.seen); i++) {
		assert_true(k.seen[i]);
		assert_true(*advice_kind_name((enum advice_kind)i));
	}
	assert_null(advice_find(lib, "nothing"));
	advice_free(&lib);
	advice_free(&lib);
}

static void check_pathway(
    const struct advice_library *lib, const struct asset *a, int *n)
{
	json_t *root = NULL;
	const json_t *list;

	assert_int_equal(json_load(&root, a->data, a->len, a->len), 0);
	list = json_list(root, "advice");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *id = json_string_value(json_array_get(list, i));
		if (!advice_find(lib, id))
			fail_msg("%s names %s", a->path, id);
		(*n)++;
	}
	json_decref(root);
}

static void test_advice__pathways_name_advice_that_is(void **state)
{
	struct advice_library *lib = own_advice();
	int n = 0;

	(void)state;
	for (size_t i = 0; i < asset_total(); i++) {
		const struct asset *a = asset_at(i);
		if (strncmp(a->path, "pathways/", 9) == 0 &&
		    !strchr(a->path + 9, '/'))
			check_pathway(lib, a, &n);
	}
	assert_true(n > 0);
	advice_free(&lib);
}

static bool has(const struct advice *const *list, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i]->id, id) == 0)
			return true;
	return false;
}

/* What was found comes first; what a conflict dropped does not come. */
static void test_advice__finding_first_then_codes(void **state)
{
	static const char *const codes[] = {
	    "low-salt", "drink-more", "take-drugs-daily", "stroke"};
	static const char *const except[] = {"drink-more"};
	struct advice_wish wish = {codes, ARRAY_LEN(codes), except, 1};
	const struct advice *out[ADVICE_PICK_MAX];
	struct advice_library *lib = own_advice();
	struct facts f = {0};
	size_t n;

	(void)state;
	facts_add_coded(&f, "adherence", "irregular", NOW);
	n = advice_pick(out, lib, &wish, &f, NOW);
	assert_string_equal(out[0]->id, "take-drugs-daily");
	assert_true(has(out + 1, n - 1, "low-salt"));
	assert_true(has(out, n, "rehabilitation"));
	assert_false(has(out, n, "drink-more"));
	assert_false(has(out + 1, n - 1, "take-drugs-daily"));
	wish = (struct advice_wish){0};
	assert_int_equal(advice_pick(out, lib, &wish, &f, NOW), 1);
	facts_clear(&f);
	assert_int_equal(advice_pick(out, lib, &wish, &f, NOW), 0);
	facts_fini(&f);
	advice_free(&lib);
}

static void test_advice__never_more_than_one_can_hear(void **state)
{
	static const char *const codes[] = {
	    "hypertension", "diabetes", "pci", "copd", "surgery", "stroke"};
	struct advice_wish wish = {codes, ARRAY_LEN(codes), NULL, 0};
	const struct advice *out[ADVICE_PICK_MAX];
	struct advice_library *lib = own_advice();
	struct facts f = {0};

	(void)state;
	assert_int_equal(
	    advice_pick(out, lib, &wish, &f, NOW), ADVICE_PICK_MAX);
	advice_free(&lib);
}

/* ---- bad files -------------------------------------------------------- */

#define HEAD                                                                   \
	"{\"id\":\"x\",\"version\":1,\"title\":{\"zh\":\"题\",\"en\":\"t\"}," \
	"\"source\":\"s\","
#define ONE(more)                                                              \
	HEAD "\"advice\":[{\"id\":\"a\",\"version\":1,\"kind\":\"diet\","      \
	     "\"title\":{\"zh\":\"题\",\"en\":\"t\"},"                        \
	     "\"text\":{\"zh\":\"文\",\"en\":\"x\"}" more "}]}"

static const struct {
	const char *json, *detail;
} bad[] = {
    {"{", "JSON"},
    {HEAD "\"advice\":[]}", "no advice"},
    {HEAD "\"advice\":[],\"more\":1}", "more"},
    {HEAD "\"advice\":[5]}", "advice[0]"},
    {ONE(",\"colour\":\"red\""), "colour"},
    {ONE(",\"tags\":[5]"), "advice[0].tags"},
    {ONE(",\"tags\":[\"\"]"), "advice[0].tags"},
    {ONE(",\"tags\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\","
	 "\"9\"]"),
	"too many"},
    {ONE(",\"when\":{\"code\":5}"), "advice[0].when"},
    {HEAD "\"advice\":[{\"id\":\"A b\"}]}", "advice[0].id"},
    {HEAD "\"advice\":[{\"id\":\"a\"}]}", "version"},
    {HEAD "\"advice\":[{\"id\":\"a\",\"version\":1,\"kind\":\"magic\"}]}",
	"advice[0].kind"},
    {HEAD "\"advice\":[{\"id\":\"a\",\"version\":1,\"kind\":\"diet\"}]}",
	"advice[0].title"},
    {HEAD "\"advice\":[{\"id\":\"a\",\"version\":1,\"kind\":\"diet\","
	  "\"title\":{\"zh\":\"题\",\"en\":\"t\"}}]}",
	"advice[0].text"},
};

static void test_advice__bad_files_are_refused_with_their_place(void **state)
{
	static const char half[] =
	    HEAD "\"advice\":[{\"id\":\"b\",\"version\":1,\"kind\":\"diet\","
		 "\"title\":{\"zh\":\"题\",\"en\":\"t\"},"
		 "\"text\":{\"zh\":\"文\",\"en\":\"x\"}},5]}";
	struct advice_library *lib = advice_new();

	(void)state;
	assert_int_equal(advice_add(lib, ONE(""), strlen(ONE(""))), 0);
	assert_int_equal(
	    advice_add(lib, ONE(""), strlen(ONE(""))), ERR_INVALID);
	assert_non_null(strstr(err_detail(), "twice"));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		int r = advice_add(lib, bad[i].json, strlen(bad[i].json));
		if (r >= 0 || !strstr(err_detail(), bad[i].detail))
			fail_msg("%zu: %d %s", i, r, err_detail());
	}
	/* Of a file that is refused not even its sound part is there. */
	assert_int_equal(advice_add(lib, half, strlen(half)), ERR_INVALID);
	assert_null(advice_find(lib, "b"));
	assert_non_null(advice_find(lib, "a"));
	advice_free(&lib);
}

static void test_advice__too_long_to_say(void **state)
{
	struct advice_library *lib = advice_new();
	char json[2000], text[802];

	(void)state;
	memset(text, 'x', 801);
	text[801] = '\0';
	snprintf(json, sizeof(json),
	    HEAD "\"advice\":[{\"id\":\"a\",\"version\":1,\"kind\":\"diet\","
		 "\"title\":{\"zh\":\"题\",\"en\":\"t\"},"
		 "\"text\":{\"zh\":\"文\",\"en\":\"%s\"}}]}",
	    text);
	assert_int_equal(advice_add(lib, json, strlen(json)), ERR_INVALID);
	assert_non_null(strstr(err_detail(), "too long"));
	advice_free(&lib);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_advice__every_kind_is_there),
	    cmocka_unit_test(test_advice__pathways_name_advice_that_is),
	    cmocka_unit_test(test_advice__finding_first_then_codes),
	    cmocka_unit_test(test_advice__never_more_than_one_can_hear),
	    cmocka_unit_test(
		test_advice__bad_files_are_refused_with_their_place),
	    cmocka_unit_test(test_advice__too_long_to_say),
	};

	return cmocka_run_group_tests_name("advice", tests, NULL, NULL);
}
