/*
 * agenda_test.c - one call for all that is due: who joins, who waits, what
 * is advised, what contradicts.
 */
#include "tests/own.h"
#include "tests/test.h"

#include "core/agenda.h"
#include "core/mem.h"

#define TODAY 20000

struct due_row {
	const char *pathway, *script;
	int open, due; /* from today */
};

static struct pathway_set *set;

static int load_set(void **state)
{
	(void)state;
	set = own_pathways();
	return 0;
}

static int free_set(void **state)
{
	(void)state;
	pathway_set_free(&set);
	return 0;
}

static void make(struct agenda *out, struct casefile *file,
    const struct due_row *rows, int n)
{
	const struct pathway *pathways[CASE_DUES] = {NULL};

	*file = (struct casefile){.due_count = n};
	for (int i = 0; i < n; i++) {
		struct case_due *d = &file->dues[i];
		snprintf(d->pathway, sizeof(d->pathway), "%s", rows[i].pathway);
		snprintf(d->script, sizeof(d->script), "%s", rows[i].script);
		d->open_day = TODAY + rows[i].open;
		d->due_day = TODAY + rows[i].due;
		d->close_day = d->due_day + 7;
		d->minutes = 8;
		pathways[i] = pathway_set_find(set, rows[i].pathway, 0);
	}
	agenda_make(out, file, pathways, TODAY);
}

static void test_agenda__serves_what_is_open_by_the_strictest_day(void **state)
{
	static const struct {
		struct due_row rows[3];
		int n, day;
		const char *served; /* one digit a due */
		size_t scripts;
	} cases[] = {
	    {{{"copd", "copd", -3, 0}}, 1, 0, "1", 1},
	    {{{"copd", "copd", -3, -9}}, 1, 0, "1", 1},
	    /* called early: the window of the second opens on that day */
	    {{{"copd", "copd", 2, 5}, {"asthma", "asthma", 5, 9}}, 2, 5, "11",
		2},
	    {{{"copd", "copd", 2, 5}, {"asthma", "asthma", 6, 9}}, 2, 5, "10",
		1},
	    /* overdue: today counts, not the day that is past */
	    {{{"copd", "copd", -20, -9}, {"asthma", "asthma", 0, 9}}, 2, 0,
		"11", 2},
	    {{{"copd", "copd", -20, -9}, {"asthma", "asthma", 1, 9}}, 2, 0,
		"10", 1},
	    /* one script for two pathways is asked once */
	    {{{"copd", "x", -1, 0}, {"asthma", "x", -1, 3},
		 {"stroke", "stroke", -1, 4}},
		3, 0, "111", 2},
	    /* content that is absent is due all the same */
	    {{{"unknown", "u", -1, 0}, {"copd", "copd", -1, 3}}, 2, 0, "11", 2},
	    {{{"unknown", "u", -1, 0}, {"copd", "copd", 1, 3}}, 2, 0, "10", 1},
	    {{{"", "", 0, 0}}, 0, 0, "", 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct casefile file;
		struct agenda a;
		make(&a, &file, cases[i].rows, cases[i].n);
		for (int k = 0; k < cases[i].n; k++)
			if (a.is_served[k] != (cases[i].served[k] == '1'))
				fail_msg("case %zu due %d", i, k);
		assert_int_equal(a.n_scripts, cases[i].scripts);
		assert_int_equal(a.minutes, 8 * (int)cases[i].scripts);
		if (cases[i].n)
			assert_int_equal(a.plan.day, TODAY + cases[i].day);
	}
}

static bool advises(const struct agenda *a, const char *code)
{
	for (size_t i = 0; i < a->plan.n_advice; i++)
		if (strcmp(a->plan.advice[i], code) == 0)
			return true;
	return false;
}

static void test_agenda__merges_advice_and_names_conflicts(void **state)
{
	static const struct due_row drinks[] = {
	    {"asthma", "asthma", -1, 0}, {"stroke", "stroke", -1, 3}};
	const struct pathway *failing =
	    pathway_set_find(set, "heart-failure", 0);
	struct due_row rows[2] = {{"", "", -1, 0}, {"", "", -1, 2}};
	struct casefile file;
	struct agenda a;
	bool seen = false;

	(void)state;
	make(&a, &file, drinks, 2);
	assert_true(a.plan.n_advice > 2);
	assert_int_equal(a.plan.n_conflicts, 0);
	assert_true(failing && failing->n_conflicts > 0);
	for (size_t i = 0; i < pathway_set_total(set); i++) {
		const struct pathway *p = pathway_set_at(set, i);
		bool theirs = false;
		for (size_t k = 0; k < p->n_advice; k++)
			theirs |= strcmp(p->advice[k],
				      failing->conflicts[0].theirs) == 0;
		if (!theirs)
			continue;
		seen = true;
		rows[0] = (struct due_row){p->head.id, "a", -1, 0};
		rows[1] = (struct due_row){"heart-failure", "b", -1, 2};
		make(&a, &file, rows, 2);
		assert_int_equal(a.plan.n_conflicts, 1);
		assert_ptr_equal(a.plan.conflicts[0], &failing->conflicts[0]);
		assert_true(advises(&a, failing->conflicts[0].mine));
		assert_false(advises(&a, failing->conflicts[0].theirs));
	}
	assert_true(seen);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		test_agenda__serves_what_is_open_by_the_strictest_day),
	    cmocka_unit_test(test_agenda__merges_advice_and_names_conflicts),
	};
	return cmocka_run_group_tests_name("agenda", tests, load_set, free_set);
}
