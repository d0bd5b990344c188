/* replay_test.c - other content over recorded contacts: more and fewer
 * alerts, earlier and later calls, with what was known then. */
#include "core/clock.h"
#include "core/err.h"
#include "core/pathway_set.h"
#include "core/replay.h"
#include "core/triage.h"
#include "tests/test.h"

#define ZONE (8 * 3600)
#define DAY INT64_C(20000)
#define AT(day) ((day)*DAY_S)

/* The built-in content, once as it is and once with changes. */
static void load(
    struct content_world *w, const char *path, const char *from, const char *to)
{
	struct content_files files = content_files_builtin();
	char *text = NULL;

	for (size_t i = 0; i < files.n; i++) {
		struct content_file *f = files.at + i;
		char *at;

		if (!path || strcmp(f->path, path))
			continue;
		text = strdup(f->text);
		assert_non_null(text);
		assert_int_equal(strlen(from), strlen(to));
		while ((at = strstr(text, from)))
			memcpy(at, to, strlen(to));
		f->text = text;
	}
	assert_int_equal(content_world_load(w, &files, NULL), 0);
	free(text);
	free(files.at);
}

struct told {
	size_t n;
	enum replay_kind kind[16];
	char text[16][120];
};

static void listen(void *ctx, enum replay_kind kind, int64_t at_s,
    const char *was, const char *now)
{
	struct told *t = ctx;

	assert_true(t->n < 16);
	assert_true(at_s >= AT(DAY));
	t->kind[t->n] = kind;
	snprintf(t->text[t->n++], 120, "%s>%s", was, now);
}

static void run(struct told *told, struct replay_total *total,
    const struct content_world *now)
{
	static const struct replay_contact contacts[] = {
	    {AT(DAY), "hypertension", "first", DAY - 7, 0},
	    {AT(DAY + 90), "hypertension", "routine", DAY - 7, 0},
	    {AT(DAY + 104), "hypertension", "routine", DAY - 7, 0},
	    {AT(DAY + 104), "none", "x", DAY - 7, 0},
	    {AT(DAY + 110), "", "", 0, 0},
	};
	struct content_world was;
	struct facts f = {0};
	const struct content_world *const worlds[2] = {&was, now};
	struct replay_patient p = {
	    &f, contacts, ARRAY_LEN(contacts), ZONE, NULL};
	struct replay_listener l = {listen, told, NULL};

	load(&was, NULL, "", "");
	facts_add_coded(&f, "visit-class", "satisfied", AT(DAY));
	facts_add_coded(&f, "visit-class", "unsatisfied", AT(DAY + 90));
	facts_add_coded(&f, "visit-class", "unsatisfied", AT(DAY + 104));
	facts_add_number(&f, "8480-6", 138, 0, AT(DAY));
	facts_add_number(&f, "8480-6", 175, 0, AT(DAY + 89));
	facts_add_number(&f, "8462-4", 112, 0, AT(DAY + 104));
	facts_add_number(&f, "8480-6", 185, 0, AT(DAY + 200));
	facts_age(&f);
	memset(told, 0, sizeof(*told));
	*total = (struct replay_total){0};
	replay_run(total, worlds, &p, &l);
	/* nobody need listen */
	struct replay_total unheard[2] = {{0}, {0}};
	struct replay_listener deaf = {NULL, NULL, NULL};
	replay_run(&unheard[0], worlds, &p, NULL);
	replay_run(&unheard[1], worlds, &p, &deaf);
	assert_memory_equal(&unheard[0], total, sizeof(*total));
	assert_memory_equal(&unheard[1], total, sizeof(*total));
	facts_fini(&f);
	content_world_fini(&was);
}

static void test_replay__the_same_content_changes_nothing(void **state)
{
	struct content_world now;
	struct told told;
	struct replay_total total;

	(void)state;
	load(&now, NULL, "", "");
	run(&told, &total, &now);
	assert_int_equal(told.n, 0);
	assert_int_equal(total.contacts, 4);
	assert_true(total.facts > 0);
	content_world_fini(&now);
}

/* 175 was measured before the second contact; the third knows it as past,
 * and 185 came after them all. */
static void test_replay__a_lower_threshold_alerts_once(void **state)
{
	struct content_world now;
	struct told told;
	struct replay_total total;

	(void)state;
	load(&now, "rules/hypertension.json", "\"value\": 180",
	    "\"value\": 170");
	run(&told, &total, &now);
	assert_int_equal(told.n, 1);
	assert_int_equal(total.of[REPLAY_ALERT_MORE], 1);
	assert_string_equal(told.text[0], ">htn-bp-emergency");
	content_world_fini(&now);
}

static void test_replay__a_higher_threshold_alerts_less(void **state)
{
	struct content_world now;
	struct told told;
	struct replay_total total;

	(void)state;
	load(&now, "rules/hypertension.json", "\"value\": 110",
	    "\"value\": 120");
	run(&told, &total, &now);
	assert_int_equal(told.n, 1);
	assert_int_equal(total.of[REPLAY_ALERT_FEWER], 1);
	assert_string_equal(told.text[0], "htn-bp-emergency>");
	content_world_fini(&now);
}

static void test_replay__intervals_earlier_and_later(void **state)
{
	struct content_world now;
	struct told told;
	struct replay_total total;

	(void)state;
	load(
	    &now, "pathways/hypertension.json", "\"days\": 14", "\"days\": 10");
	run(&told, &total, &now);
	assert_int_equal(total.of[REPLAY_EARLIER], 2);
	assert_int_equal(total.of[REPLAY_LATER], 0);
	assert_non_null(strstr(told.text[1], "htn-emergency"));
	content_world_fini(&now);
	load(
	    &now, "pathways/hypertension.json", "\"days\": 90", "\"days\": 99");
	run(&told, &total, &now);
	assert_int_equal(total.of[REPLAY_LATER], 1);
	assert_int_equal(told.n, 1);
	content_world_fini(&now);
}

static void test_replay__kinds_have_names(void **state)
{
	(void)state;
	for (int k = 0; k < REPLAY_KINDS; k++)
		assert_non_null(replay_kind_name((enum replay_kind)k));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_replay__the_same_content_changes_nothing),
	    cmocka_unit_test(test_replay__a_lower_threshold_alerts_once),
	    cmocka_unit_test(test_replay__a_higher_threshold_alerts_less),
	    cmocka_unit_test(test_replay__intervals_earlier_and_later),
	    cmocka_unit_test(test_replay__kinds_have_names),
	};

	return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
