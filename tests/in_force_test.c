/*
 * in_force_test.c - what was published goes before what the program carries:
 * a newer version, one the program lacks; never an older, a broken or half
 * of one.
 */
#include "tests/test.h"

#include "core/err.h"
#include "core/in_force.h"
#include "core/json.h"
#include "core/store.h"
#include "tests/desk_maker.h"

#include <string.h>

struct seen {
	size_t count, own;
	char of_mood[64]; /* the title of the pack "mood" */
	bool has_extra, refuses_new;
};

static int look(void *ctx, const char *path, const char *text, size_t n)
{
	struct seen *s = ctx;
	json_t *root = NULL;
	const char *title;

	assert_int_equal(json_load(&root, text, n, 1 << 20), 0);
	title = json_str(json_object_get(root, "title"), "en", "");
	if (s->refuses_new && strcmp(title, "New mood") == 0) {
		json_decref(root);
		return ERR_INVALID;
	}
	s->count++;
	if (strcmp(path, "rules/mood.json") == 0)
		snprintf(s->of_mood, sizeof(s->of_mood), "%s", title);
	s->has_extra |= strcmp(path, "rules/ours.json") == 0;
	json_decref(root);
	return 0;
}

static struct seen seen_with(struct store *store, bool refuses_new)
{
	struct seen s = {.refuses_new = refuses_new};

	assert_int_equal(in_force_each(store, "rules/", look, &s), 0);
	return s;
}

/* Rules as the centre would have published them: the first of `parts`. */
static void publish(struct desk_maker *m, const char *id, int version,
    const char *title, int parts)
{
	struct id stream = {{0xc0, (uint8_t)id[0], (uint8_t)id[1]}};
	char body[900];

	snprintf(body, sizeof(body),
	    "{'id':'%s','version':'%d','part':1,'parts':%d,'title_zh':'新',"
	    "'title_en':'%s','hash':'%064d','text':'{\\\"id\\\":\\\"%s\\\","
	    "\\\"version\\\":%d,\\\"title\\\":{\\\"zh\\\":\\\"新\\\","
	    "\\\"en\\\":\\\"%s\\\"},\\\"rules\\\":[]}'}",
	    id, version, parts, title, 0, id, version, title);
	desk_maker_enter(m, KIND_RULES_PUBLISHED, &stream, body);
}

static void test_in_force__the_newest_version_goes_first(void **state)
{
	struct desk_maker m;
	struct seen own, s;

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	own = seen_with(NULL, false);
	assert_true(own.count > 5 && !own.has_extra);
	publish(&m, "mood", 1, "Old mood", 1);
	s = seen_with(m.desk.store, false);
	assert_string_equal(s.of_mood, own.of_mood);
	publish(&m, "mood", 2, "New mood", 1);
	publish(&m, "ours", 1, "Ours", 1);
	s = seen_with(m.desk.store, false);
	assert_string_equal(s.of_mood, "New mood");
	assert_true(s.has_extra);
	assert_int_equal(s.count, own.count + 1);
	desk_maker_fini(&m);
}

static void test_in_force__broken_or_half_leaves_the_programs_own(void **state)
{
	struct desk_maker m;
	struct seen own = seen_with(NULL, false), s;

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	publish(&m, "mood", 2, "New mood", 1);
	s = seen_with(m.desk.store, true);
	assert_string_equal(s.of_mood, own.of_mood);
	assert_int_equal(s.count, own.count);
	publish(&m, "mood", 3, "Half a mood", 2);
	s = seen_with(m.desk.store, false);
	assert_string_equal(s.of_mood, own.of_mood);
	desk_maker_fini(&m);
}

static void test_in_force__one_file(void **state)
{
	struct buf own = {0}, now = {0};
	struct desk_maker m;

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	assert_int_equal(in_force_text(&own, NULL, "rules/mood.json"), 0);
	assert_int_equal(
	    in_force_text(&own, NULL, "rules/none.json"), ERR_NOT_FOUND);
	publish(&m, "mood", 2, "New mood", 1);
	assert_int_equal(
	    in_force_text(&now, m.desk.store, "rules/mood.json"), 0);
	assert_non_null(strstr(buf_text(&now), "New mood"));
	assert_null(strstr(buf_text(&own), "New mood"));
	buf_fini(&own);
	buf_fini(&now);
	desk_maker_fini(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_in_force__the_newest_version_goes_first),
	    cmocka_unit_test(
		test_in_force__broken_or_half_leaves_the_programs_own),
	    cmocka_unit_test(test_in_force__one_file),
	};

	return cmocka_run_group_tests_name("in_force", tests, NULL, NULL);
}
