/*
 * reader_test.c - every reader of content against every single wrong value:
 * each node of a sound file in turn is removed, emptied, doubled or replaced
 * by something of another kind or size. The reader takes it or refuses it
 * with a reason, and nothing is left over.
 */
#include "core/asset.h"
#include "core/cadence.h"
#include "core/err.h"
#include "core/hours.h"
#include "core/json.h"
#include "core/notetag.h"
#include "core/pathway.h"
#include "core/score.h"
#include "core/strata.h"
#include "core/tag.h"
#include "core/target.h"
#include "core/trend.h"
#include "core/triage.h"
#include "tests/test.h"

#define KEPT 1 /* rows of each list that are kept, to be quick */

enum change {
	REMOVED,
	NULLED,
	NEGATIVE,
	HUGE_NUMBER,
	EMPTY_TEXT,
	STRANGE_TEXT,
	FLAGGED,
	EMPTY_LIST,
	EMPTY_OBJECT,
	DOUBLED,
	MANY_TIMES,
	STRANGE_MEMBER,
	CHANGES
};

static int read_rules(const char *text, size_t n)
{
	struct triage *t = triage_new();
	int r = triage_add(t, text, n);

	triage_free(&t);
	return r;
}

static int read_pathway(const char *text, size_t n)
{
	struct pathway *p = NULL;
	int r = pathway_parse(&p, text, n);

	assert_true((r == 0) == (p != NULL));
	pathway_free(&p);
	return r;
}

static int read_scores(const char *text, size_t n)
{
	struct score_set *s = NULL;
	int r = score_set_parse(&s, text, n);

	score_set_free(&s);
	return r;
}

static int read_tags(const char *text, size_t n)
{
	struct tag_set *s = NULL;
	int r = tag_set_parse(&s, text, n);

	tag_set_free(&s);
	return r;
}

static int read_targets(const char *text, size_t n)
{
	struct target_set *s = NULL;
	int r = target_set_parse(&s, text, n);

	target_set_free(&s);
	return r;
}

static int read_trends(const char *text, size_t n)
{
	struct trend_table *t = NULL;
	int r = trend_table_parse(&t, text, n);

	trend_table_free(&t);
	return r;
}

static int read_notes(const char *text, size_t n)
{
	struct notetag *t = NULL;
	int r = notetag_parse(&t, text, n);

	notetag_free(&t);
	return r;
}

static int read_dispositions(const char *text, size_t n)
{
	struct cadence *c = NULL;
	int r = cadence_parse(&c, text, n);

	cadence_free(&c);
	return r;
}

static int read_hours(const char *text, size_t n)
{
	struct hours *h = NULL;
	int r = hours_parse(&h, text, n);

	hours_free(&h);
	return r;
}

static int read_holidays(const char *text, size_t n)
{
	struct hours *h = NULL;
	int r;

	assert_int_equal(hours_load(&h), 0);
	r = hours_add_holidays(h, text, n);
	hours_free(&h);
	return r;
}

static int read_risk(const char *text, size_t n)
{
	const struct asset *levels = asset_find("tables/risk-levels.json");
	struct strata *s = NULL;
	int r = strata_parse(&s, (const char *const[2]){text, levels->data},
	    (const size_t[2]){n, levels->len});

	strata_free(&s);
	return r;
}

static int read_levels(const char *text, size_t n)
{
	const struct asset *risk = asset_find("tables/hypertension-risk.json");
	struct strata *s = NULL;
	int r = strata_parse(&s, (const char *const[2]){risk->data, text},
	    (const size_t[2]){risk->len, n});

	strata_free(&s);
	return r;
}

static const struct {
	const char *path;
	int (*read)(const char *text, size_t n);
} readers[] = {
    {"rules/pci.json", read_rules},
    {"pathways/heart-failure.json", read_pathway},
    {"pathways/hypertension-diabetes.json", read_pathway},
    {"pathways/abnormal-finding.json", read_pathway},
    {"tables/scores.json", read_scores},
    {"tables/tags.json", read_tags},
    {"tables/targets.json", read_targets},
    {"tables/trends.json", read_trends},
    {"tables/notes.json", read_notes},
    {"tables/hypertension-risk.json", read_risk},
    {"tables/risk-levels.json", read_levels},
    {"settings/dispositions.json", read_dispositions},
    {"settings/hours.json", read_hours},
    {"settings/holidays.json", read_holidays},
};

/* Long lists say nothing new; those of four are tables. */
static void shorten(json_t *v)
{
	const char *key;
	json_t *child;
	size_t i;

	while (json_is_array(v) && json_array_size(v) > KEPT &&
	       json_array_size(v) != 4)
		json_array_remove(v, json_array_size(v) - 1);
	json_object_foreach (v, key, child)
		shorten(child);
	json_array_foreach (v, i, child)
		shorten(child);
}

static json_t *many(json_t *v)
{
	json_t *list = json_array();

	for (int i = 0; i < 701; i++)
		json_array_append(list, v);
	return list;
}

/* What stands in place of v; NULL: v itself was changed, or is to go. */
static json_t *changed(json_t *v, enum change how)
{
	static const char strange[] = "~~ strange, and longer than any name "
				      "of anything in any of these files ~~";

	switch (how) {
	case NULLED:
		return json_null();
	case NEGATIVE:
		return json_integer(-77);
	case HUGE_NUMBER:
		return json_integer(INT64_C(99999999999));
	case EMPTY_TEXT:
		return json_string("");
	case STRANGE_TEXT:
		return json_string(strange);
	case FLAGGED:
		return json_true();
	case EMPTY_LIST:
		return json_array();
	case EMPTY_OBJECT:
		return json_object();
	case MANY_TIMES:
		return json_array_size(v) ? many(json_array_get(v, 0))
					  : json_array();
	case DOUBLED:
		if (json_array_size(v))
			json_array_append(v, json_array_get(v, 0));
		return NULL;
	case STRANGE_MEMBER:
		if (json_is_object(v))
			json_object_set_new(v, "strange", json_integer(1));
		return NULL;
	case REMOVED:
	case CHANGES:
		break;
	}
	return NULL;
}

/* Changes the node that *left counts down to; true when it was met. */
static bool change_node(json_t *parent, size_t *left, enum change how)
{
	void *next;
	void *at = json_object_iter(parent);
	size_t i = 0;

	for (; at; at = next) {
		json_t *v = json_object_iter_value(at);
		const char *key = json_object_iter_key(at);
		json_t *to;

		next = json_object_iter_next(parent, at);
		if ((*left)-- == 0) {
			to = changed(v, how);
			if (to)
				json_object_set_new(parent, key, to);
			else if (how == REMOVED)
				json_object_del(parent, key);
			return true;
		}
		if (change_node(v, left, how))
			return true;
	}
	for (; i < json_array_size(parent); i++) {
		json_t *v = json_array_get(parent, i);
		json_t *to;

		if ((*left)-- == 0) {
			to = changed(v, how);
			if (to)
				json_array_set_new(parent, i, to);
			else if (how == REMOVED)
				json_array_remove(parent, i);
			return true;
		}
		if (change_node(v, left, how))
			return true;
	}
	return false;
}

/* One wrong value in one place; false when there is no such place. */
static bool try_one(
    const json_t *sound, size_t k, size_t place, enum change how)
{
	json_t *j = json_deep_copy(sound);
	size_t left = place;
	bool met = change_node(j, &left, how);
	char *text = json_dumps(j, JSON_COMPACT);
	int r;

	assert_non_null(text);
	r = readers[k].read(text, strlen(text));
	if (r && (r != ERR_INVALID && r != ERR_TOO_LARGE))
		print_error("%s: %s: %s\n", readers[k].path, err_name(r), text);
	assert_true(r == 0 || r == ERR_INVALID || r == ERR_TOO_LARGE);
	if (r)
		assert_true(*err_detail() != '\0');
	free(text);
	json_decref(j);
	return met;
}

static size_t try_reader(size_t k)
{
	const struct asset *a = asset_find(readers[k].path);
	json_t *sound = NULL;
	char *text;
	size_t tried = 0;
	/* Every place, or one of seven in the slow pass. */
	size_t stride = test_repeat(10) == 10 ? 1 : 7;

	assert_non_null(a);
	assert_int_equal(json_load(&sound, a->data, a->len, 1 << 20), 0);
	shorten(sound);
	text = json_dumps(sound, JSON_COMPACT);
	if (readers[k].read(text, strlen(text)))
		fail_msg("%s: %s", readers[k].path, err_detail());
	free(text);
	for (int how = 0; how < CHANGES; how++)
		for (size_t place = 0;
		     try_one(sound, k, place, (enum change)how);
		     place += stride)
			tried++;
	json_decref(sound);
	return tried;
}

static void test_reader__takes_or_refuses_any_single_change(void **state)
{
	size_t tried = 0;

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(readers); k++)
		tried += try_reader(k);
	assert_true(tried > 500);
}

static void test_reader__nothing_is_freed_as_nothing(void **state)
{
	struct triage *triage = NULL;
	struct score_set *scores = NULL;
	struct tag_set *tags = NULL;
	struct target_set *targets = NULL;
	struct trend_table *trends = NULL;
	struct notetag *notes = NULL;
	struct strata *strata = NULL;
	struct hours *hours = NULL;
	struct cadence *cadence = NULL;

	(void)state;
	triage_free(&triage);
	score_set_free(&scores);
	tag_set_free(&tags);
	target_set_free(&targets);
	trend_table_free(&trends);
	notetag_free(&notes);
	strata_free(&strata);
	hours_free(&hours);
	cadence_free(&cadence);
	assert_null(triage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reader__takes_or_refuses_any_single_change),
	    cmocka_unit_test(test_reader__nothing_is_freed_as_nothing),
	};

	return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
