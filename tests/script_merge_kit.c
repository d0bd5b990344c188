/*
 * script_merge_kit.c - merging small scripts in tests.
 */
#include "tests/script_merge_kit.h"

#include "core/err.h"
#include "tests/script_walk.h"
#include "tests/test.h"

/* Every question of a part has a place in the whole, and the same type. */
void merge_check_places(const struct script_merged *m)
{
	const struct script *whole = script_merged_script(m);

	for (size_t p = 0; p < script_merged_count(m); p++) {
		const struct script *s = script_merged_part(m, p);
		for (uint32_t i = 0; i < script_count(s); i++) {
			const struct script_item *it = script_item(s, i);
			uint32_t at = script_merged_to(m, p, i);
			if (it->type == SCRIPT_GROUP ||
			    it->type == SCRIPT_DISPLAY)
				continue;
			assert_int_not_equal(at, SCRIPT_NONE);
			assert_int_equal(
			    script_item(whole, at)->type, it->type);
			assert_true(script_merged_from(m, at).part <= p);
		}
	}
}

/* The right person is on the telephone. */
static void verify(struct script_run *run)
{
	struct script_place at = {0};
	struct script_verdict v;

	at.item = script_find(script_run_script(run), "call.identity");
	if (at.item != SCRIPT_NONE)
		assert_int_equal(script_run_type(run, at, "1", NULL, &v), 0);
}

/* A call through the whole leaves each part complete and conforming. */
void merge_check_call(const struct script_merged *m, uint64_t seed)
{
	struct walk_random r = {seed};
	struct script_run *run =
	    script_run_new(script_merged_script(m), NULL, ZONE);

	if (seed % 2)
		verify(run);
	assert_true(walk_finish(run, &r, 3000) >= 0);
	assert_int_equal(script_run_complete(run), 0);
	for (size_t p = 0; p < script_merged_count(m); p++) {
		struct script_run *own = NULL;
		struct script_zone of = {p, ZONE};
		int rc = script_merged_run(&own, m, run, of);
		struct script_slot open = {0};
		if (rc != 0)
			fail_msg("%s seed %u part %zu: %s",
			    script_id(script_merged_script(m)), (unsigned)seed,
			    p, err_detail());
		assert_int_equal(script_run_missing(own, &open, 1), 0);
		assert_int_equal(script_run_status(own), SCRIPT_COMPLETED);
		assert_string_equal(
		    script_run_respondent(own), script_run_respondent(run));
		script_run_free(&own);
	}
	script_run_free(&run);
}

struct script_merged *merge_two(
    struct script *two[2], const char *a, const char *b)
{
	const struct script *parts[2];
	struct script_merged *m = NULL;

	assert_int_equal(
	    script_load(&two[0], a, strlen(a), SCRIPT_STRICT, NULL), 0);
	assert_int_equal(
	    script_load(&two[1], b, strlen(b), SCRIPT_STRICT, NULL), 0);
	parts[0] = two[0];
	parts[1] = two[1];
	if (script_merge(&m, parts, 2) != 0)
		fail_msg("%s\n%s\n%s", a, b, err_detail());
	return m;
}
