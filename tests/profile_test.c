/*
 * profile_test.c - what follows from what is known of a patient: scores from
 * parts of one asking, stays in hospital, risk, tags; and the entries that
 * it makes where it differs from what is recorded.
 */
#include "core/draft_profile.h"
#include "core/clock.h"
#include "core/err.h"
#include "core/history.h"
#include "core/json.h"
#include "core/profile_load.h"
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW (20000 * DAY_S)
#define TODAY 20000

static const struct profile_day day = {TODAY, 0, false};

static int load(void **state)
{
	*state = profile_tables_load(NULL);
	return 0;
}

static int unload(void **state)
{
	struct profile_tables *t = *state;

	profile_tables_free(&t);
	return 0;
}

static void test_profile__every_table_of_the_program_is_read(void **state)
{
	const struct profile_tables *t = *state;

	assert_non_null(t->scores);
	assert_non_null(t->strata);
	assert_non_null(t->tags);
	assert_non_null(t->trends);
}

/* ---- levels ------------------------------------------------------------- */

static void test_profile__levels_with_their_reasons(void **state)
{
	static const struct {
		const char *code, *text, *level, *ids;
		int days_ago;
	} rows[] = {
	    {"condition", "I50.9", "high", "heart-failure", 400},
	    {"condition", "J44.9", "low", "", 400},
	    {"adherence", "refused", "high", "no-drugs", 120},
	    {"adherence", "refused", "low", "", 121},
	    {"adherence", "irregular", "mid", "irregular-drugs", 0},
	    {"triage-level", "red", "high", "severe-alert", 30},
	    {"triage-level", "red", "low", "", 31},
	    {"triage-level", "orange", "mid", "orange-alert", 30},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct facts f = {0};
		struct profile *p;
		struct profile_why why;

		facts_add_coded(&f, rows[i].code, rows[i].text,
		    NOW - rows[i].days_ago * DAY_S);
		facts_age(&f);
		p = profile_new(*state, &f, NOW);
		profile_why(&why, &p->level);
		assert_string_equal(
		    profile_level(p->level.level), rows[i].level);
		assert_string_equal(why.ids, rows[i].ids);
		assert_true(*why.zh && *why.en);
		profile_free(&p);
		facts_fini(&f);
	}
}

static void test_profile__the_hypertension_table_counts(void **state)
{
	struct facts f = {0};
	struct profile *p;

	facts_add_number(&f, "8480-6", 162, 0, NOW);
	facts_add_coded(&f, "condition", "E11.9", NOW - 900 * DAY_S);
	p = profile_new(*state, &f, NOW);
	assert_true(p->has_hypertension);
	assert_int_equal(p->hypertension.risk, STRATA_HIGH);
	assert_int_equal(p->level.level, STRATA_HIGH);
	assert_string_equal(p->level.reasons[0]->id, "htn-very-high");
	profile_free(&p);
	facts_fini(&f);
}

/* ---- scores ------------------------------------------------------------- */

static const char *const phq[] = {"44250-9", "44255-8", "44259-0", "44254-1",
    "44251-7", "44258-2", "44252-5", "44253-3", "44260-8"};

static void answer_phq(struct facts *f, size_t n, int points, int64_t at_s)
{
	for (size_t i = 0; i < n; i++)
		facts_add_number(f, phq[i], points, 0, at_s);
}

static const struct score_result *find(const struct profile *p, const char *id)
{
	for (size_t i = 0; i < p->n_scores; i++)
		if (strcmp(p->scores[i].result.id, id) == 0)
			return &p->scores[i].result;
	return NULL;
}

static void test_profile__a_scale_is_of_one_asking(void **state)
{
	struct facts f = {0};
	struct profile *p;

	answer_phq(&f, 9, 2, NOW - 60 * DAY_S);
	facts_age(&f);
	p = profile_new(*state, &f, NOW);
	assert_true(find(p, "phq-9")->is_complete);
	assert_int_equal(find(p, "phq-9")->total, 18);
	assert_int_equal(find(p, "phq-9")->at_s, NOW - 60 * DAY_S);
	assert_true(find(p, "phq-9")->is_history);
	assert_int_equal(p->level.level, STRATA_HIGH);
	profile_free(&p);
	/* Two questions asked today are no PHQ-9 with seven old answers. */
	answer_phq(&f, 2, 0, NOW);
	p = profile_new(*state, &f, NOW);
	assert_int_equal(find(p, "phq-2")->total, 0);
	assert_false(find(p, "phq-2")->is_history);
	assert_null(find(p, "phq-9"));
	profile_free(&p);
	facts_fini(&f);
}

static void test_profile__what_is_missing_is_said(void **state)
{
	struct facts f = {0};
	struct profile *p;

	answer_phq(&f, 8, 3, NOW);
	p = profile_new(*state, &f, NOW);
	assert_false(find(p, "phq-9")->is_complete);
	assert_int_equal(find(p, "phq-9")->missing, 1);
	assert_int_equal(find(p, "phq-9")->n_asked, 9);
	assert_int_equal(find(p, "phq-9")->total, 0);
	profile_free(&p);
	facts_fini(&f);
}

/* L 5 days: 4, emergency: 3, heart failure: 2, one visit before: 1. */
static void test_profile__lace_from_the_visits(void **state)
{
	const int64_t in = NOW - 10 * DAY_S;
	const struct history_visit visits[] = {
	    {true, false, in, in + 5 * DAY_S},
	    {false, true, in - 3600, 0},
	    {false, true, in - 100 * DAY_S, 0},
	    {false, true, in - 184 * DAY_S, 0},
	    {true, false, in - 400 * DAY_S, in - 390 * DAY_S},
	};
	struct facts f = {0};
	struct profile *p;

	facts_add_coded(&f, "condition", "I50.9", in);
	facts_age(&f);
	history_stay(&f, visits, ARRAY_LEN(visits));
	p = profile_new(*state, &f, NOW);
	assert_true(find(p, "lace")->is_complete);
	assert_int_equal(find(p, "lace")->total, 10);
	assert_string_equal(find(p, "lace")->band, "high");
	profile_free(&p);
	facts_clear(&f);
	/* Nobody knows how the stay began: no total, never a guess. */
	history_stay(&f, visits, 1);
	p = profile_new(*state, &f, NOW);
	assert_false(find(p, "lace")->is_complete);
	assert_int_equal(find(p, "lace")->missing, 1);
	profile_free(&p);
	facts_clear(&f);
	history_stay(&f, visits + 1, 3);
	assert_int_equal(f.n, 0);
	facts_fini(&f);
}

/* ---- entries ------------------------------------------------------------ */

static struct profile *of_pressure(
    const struct profile_tables *t, int mmhg, const char *condition)
{
	struct facts f = {0};
	struct profile *p;

	facts_add_number(&f, "8480-6", mmhg, 0, NOW);
	if (condition)
		facts_add_coded(&f, "condition", condition, NOW);
	p = profile_new(t, &f, NOW);
	facts_fini(&f);
	return p;
}

static const char *text_of(const struct draft *d, unsigned i, const char *key)
{
	return json_str(d->entries[i].body, key, "");
}

static void test_draft_profile__writes_what_differs(void **state)
{
	struct id patient = {{1}};
	struct profile *p = of_pressure(*state, 150, "I50.0");
	struct casefile *file = calloc(1, sizeof(*file));
	struct draft d = {0};

	draft_profile(&d, &patient, file, p, &day);
	assert_int_equal(d.count, 2);
	assert_int_equal(d.entries[0].kind, KIND_RISK_SET);
	assert_string_equal(text_of(&d, 0, "level"), "high");
	assert_string_equal(text_of(&d, 0, "rule"), "risk-levels");
	assert_non_null(strstr(text_of(&d, 0, "inputs"), "I50.0"));
	assert_int_equal(d.entries[1].kind, KIND_TAG_SET);
	assert_string_equal(text_of(&d, 1, "tag"), "bp-high");
	assert_string_equal(text_of(&d, 1, "inputs"), "8480-6 150");
	assert_int_equal(
	    json_int(d.entries[1].body, "until_day", 0), TODAY + 120);
	/* The same again changes nothing. */
	strcpy(file->risk.level, "high");
	strcpy(file->risk.rule, "risk-levels");
	strcpy(file->risk.version, text_of(&d, 0, "version"));
	strcpy(file->risk.reason, text_of(&d, 0, "reason"));
	file->tag_count = 1;
	strcpy(file->tags[0].tag, "bp-high");
	strcpy(file->tags[0].rule, "bp-high");
	strcpy(file->tags[0].version, text_of(&d, 1, "version"));
	file->tags[0].until_day = TODAY + 114;
	draft_fini(&d);
	draft_profile(&d, &patient, file, p, &day);
	assert_int_equal(d.count, 0);
	/* An expiry a week away is moved. */
	file->tags[0].until_day = TODAY + 113;
	draft_profile(&d, &patient, file, p, &day);
	assert_int_equal(d.count, 1);
	draft_fini(&d);
	profile_free(&p);
	/* What no longer holds is taken away; what ran out needs nothing. */
	p = of_pressure(*state, 120, "I50.0");
	strcpy(file->risk.reason, "heart-failure");
	draft_profile(&d, &patient, file, p, &day);
	assert_int_equal(d.count, 1);
	assert_string_equal(text_of(&d, 0, "tag"), "bp-high");
	assert_false(json_is_true(json_object_get(d.entries[0].body, "on")));
	draft_fini(&d);
	file->tags[0].until_day = TODAY - 1;
	draft_profile(&d, &patient, file, p, &day);
	assert_int_equal(d.count, 0);
	/* Nor does a rule touch what a person set. */
	file->tags[0].until_day = 0;
	file->tags[0].rule[0] = '\0';
	strcpy(file->risk.level, "low");
	file->risk.rule[0] = '\0';
	draft_profile(&d, &patient, file, p, &day);
	assert_int_equal(d.count, 0);
	draft_fini(&d);
	profile_free(&p);
	free(file);
}

/* What could not be read says nothing: not that nothing holds. */
static void test_draft_profile__a_missing_table_takes_nothing_away(void **state)
{
	const struct profile_tables none = {0};
	struct id patient = {{1}};
	struct profile *p = of_pressure(&none, 150, NULL);
	struct casefile *file = calloc(1, sizeof(*file));
	struct draft d = {0};

	(void)state;
	strcpy(file->risk.level, "high");
	strcpy(file->risk.rule, "risk-levels");
	file->tag_count = 1;
	strcpy(file->tags[0].tag, "bp-high");
	strcpy(file->tags[0].rule, "bp-high");
	draft_profile(&d, &patient, file, p, &day);
	assert_int_equal(d.count, 0);
	assert_int_equal(draft_risk(&d, &patient, NULL, "", p), ERR_NOT_FOUND);
	assert_int_equal(d.count, 0);
	assert_int_equal(draft_risk(&d, &patient, "high", "frail", p), 0);
	assert_int_equal(d.count, 1);
	draft_fini(&d);
	profile_free(&p);
	free(file);
}

static void test_draft_profile__a_tag_that_ran_out_is_set_again(void **state)
{
	struct id patient = {{1}};
	struct profile *p = of_pressure(*state, 150, NULL);
	struct casefile *file = calloc(1, sizeof(*file));
	struct draft d = {0};
	const struct case_tag was = {
	    .tag = "bp-high", .rule = "bp-high", .until_day = TODAY};

	assert_int_equal(p->n_tags, 1);
	p->tags[0].expires_s = NOW + 3 * DAY_S;
	p->has_level = false;
	file->tag_count = 1;
	file->tags[0] = was;
	snprintf(file->tags[0].version, sizeof(file->tags[0].version), "%d",
	    p->tags[0].rule->version);
	draft_profile(&d, &patient, file, p, &day);
	assert_int_equal(d.count, 0);
	/* What a person set is left alone. */
	file->tags[0].rule[0] = file->tags[0].version[0] = '\0';
	draft_profile(&d, &patient, file, p, &day);
	assert_int_equal(d.count, 0);
	file->tags[0].until_day = TODAY - 1;
	draft_profile(&d, &patient, file, p, &day);
	assert_int_equal(d.count, 1);
	draft_fini(&d);
	profile_free(&p);
	free(file);
}

static void test_draft_profile__the_contact_has_its_scores(void **state)
{
	struct facts f = {0};
	struct profile *p;
	json_t *body = json_object();
	const json_t *one;

	answer_phq(&f, 9, 1, NOW);
	p = profile_new(*state, &f, NOW);
	draft_profile_put(body, p);
	assert_string_equal(json_str(body, "risk", ""), "low");
	assert_int_equal(json_array_size(json_list(body, "scores")), 2);
	one = json_array_get(json_list(body, "scores"), 1);
	assert_string_equal(json_str(one, "score", ""), "phq-9");
	assert_int_equal(json_int(one, "total", -1), 9);
	assert_string_equal(json_str(one, "band", ""), "mild");
	assert_non_null(strstr(json_str(one, "inputs", ""), "44250-9 1"));
	json_decref(body);
	profile_free(&p);
	facts_fini(&f);
}

/* A total of an earlier contact is recorded there; one that lacks a part is
 * recorded with what it lacks and without a total; no level without rules. */
static void test_draft_profile__only_what_this_contact_adds(void **state)
{
	struct facts f = {0};
	json_t *body = json_object();
	const json_t *one;
	struct profile *p;

	answer_phq(&f, 9, 1, NOW - DAY_S);
	facts_age(&f);
	p = profile_new(*state, &f, NOW);
	assert_non_null(find(p, "phq-9"));
	p->has_level = false;
	draft_profile_put(body, p);
	assert_int_equal(json_object_size(body), 0);
	profile_free(&p);
	facts_fini(&f);
	answer_phq(&f, 8, 3, NOW);
	p = profile_new(*state, &f, NOW);
	draft_profile_put(body, p);
	one = json_array_get(json_list(body, "scores"), 1);
	assert_string_equal(json_str(one, "score", ""), "phq-9");
	assert_int_equal(json_int(one, "missing", -1), 1);
	assert_null(json_object_get(one, "total"));
	assert_null(json_object_get(one, "band"));
	json_decref(body);
	profile_free(&p);
	facts_fini(&f);
}

/* Of what stands and what follows now, each difference by itself. */
static void test_draft_profile__each_difference_is_written(void **state)
{
	struct id patient = {{1}};
	struct profile *p = of_pressure(*state, 120, "I50.0");
	struct casefile *file = calloc(1, sizeof(*file));
	struct case_risk same = {
	    .level = "high", .rule = "risk-levels", .reason = "heart-failure"};
	struct draft d = {0};

	snprintf(same.version, sizeof(same.version), "%d", p->level.version);
	file->risk = same;
	draft_profile(&d, &patient, file, p, &day);
	assert_int_equal(d.count, 0);
	strcpy(file->risk.level, "mid");
	draft_profile(&d, &patient, file, p, &day);
	assert_int_equal(d.count, 1);
	file->risk = same;
	strcpy(file->risk.reason, "no-drugs");
	draft_profile(&d, &patient, file, p, &day);
	assert_int_equal(d.count, 2);
	file->risk = same;
	strcpy(file->risk.version, "0");
	draft_profile(&d, &patient, file, p, &day);
	assert_int_equal(d.count, 3);
	for (unsigned i = 0; i < d.count; i++)
		assert_string_equal(text_of(&d, i, "reason"), "heart-failure");
	draft_fini(&d);
	/* Given back to the rules. */
	assert_int_equal(draft_risk(&d, &patient, NULL, "", p), 0);
	assert_true(json_flag(d.entries[0].body, "lifts"));
	assert_string_equal(text_of(&d, 0, "level"), "high");
	assert_string_equal(text_of(&d, 0, "rule"), "risk-levels");
	draft_fini(&d);
	profile_free(&p);
	free(file);
}

static void stand(
    struct casefile *file, const struct tag_hit *hit, int64_t until)
{
	struct case_tag *t = &file->tags[file->tag_count++];

	snprintf(t->tag, sizeof(t->tag), "%s", hit->rule->id);
	snprintf(t->rule, sizeof(t->rule), "%s", hit->rule->id);
	snprintf(t->version, sizeof(t->version), "%d", hit->rule->version);
	t->until_day = until;
}

/* Were it by a day: it must not outlive what it stands on. */
static void test_draft_profile__a_tag_that_ends_earlier_is_set(void **state)
{
	struct id patient = {{1}};
	struct profile *p = of_pressure(*state, 150, "I50.0");
	struct casefile *file = calloc(1, sizeof(*file));
	struct draft d = {0};

	p->has_level = false;
	assert_int_equal(p->n_tags, 1);
	stand(file, &p->tags[0], TODAY + 121);
	draft_profile(&d, &patient, file, p, &day);
	assert_int_equal(d.count, 1);
	assert_int_equal(
	    json_int(d.entries[0].body, "until_day", 0), TODAY + 120);
	draft_fini(&d);
	profile_free(&p);
	free(file);
}

static void test_draft_profile__of_several_tags_the_one_that_differs(
    void **state)
{
	const struct profile_tables *t = *state;
	struct id patient = {{1}};
	struct casefile *file = calloc(1, sizeof(*file));
	struct facts f = {0};
	struct draft d = {0};
	struct profile *p;

	facts_add_number(&f, "8480-6", 150, 0, NOW);
	facts_add_flag(&f, "smoking", true, NOW);
	p = profile_new(t, &f, NOW);
	p->has_level = false;
	assert_int_equal(p->n_tags, 2);
	assert_int_equal(p->tags[1].expires_s, 0);
	/* One that never ends is set without a day. */
	stand(file, &p->tags[0], TODAY + 120);
	draft_profile(&d, &patient, file, p, &day);
	assert_int_equal(d.count, 1);
	assert_string_equal(text_of(&d, 0, "tag"), p->tags[1].rule->id);
	assert_null(json_object_get(d.entries[0].body, "until_day"));
	draft_fini(&d);
	stand(file, &p->tags[1], 0);
	draft_profile(&d, &patient, file, p, &day);
	assert_int_equal(d.count, 0);
	/* Of another version, and with an end that it no longer has. */
	strcpy(file->tags[0].version, "0");
	file->tags[1].until_day = TODAY + 5;
	draft_profile(&d, &patient, file, p, &day);
	assert_int_equal(d.count, 2);
	draft_fini(&d);
	/* With none where it has one now. */
	stand(file, &p->tags[0], 0);
	file->tags[0] = file->tags[2];
	file->tags[1].until_day = 0;
	file->tag_count = 2;
	draft_profile(&d, &patient, file, p, &day);
	assert_int_equal(d.count, 1);
	assert_string_equal(text_of(&d, 0, "tag"), "bp-high");
	draft_fini(&d);
	profile_free(&p);
	facts_fini(&f);
	free(file);
}

/* A reason that does not fit is left out whole, in each language. */
static void test_profile__reasons_that_do_not_fit(void **state)
{
	char zh[200], en[200];
	const struct tag_rule r = {
	    .id = "long-reason", .why = {.zh = zh, .en = en}};
	struct strata_level l = {.n_reasons = 2, .reasons = {&r, &r}};
	struct profile_why why;

	(void)state;
	memset(zh, 'z', sizeof(zh) - 1);
	memset(en, 'e', sizeof(en) - 1);
	zh[sizeof(zh) - 1] = en[sizeof(en) - 1] = '\0';
	profile_why(&why, &l);
	assert_string_equal(why.zh, zh);
	assert_string_equal(why.en, en);
	assert_string_equal(why.ids, "long-reason, long-reason");
}

static bool is_fluctuating(const void *tables, const struct facts *f)
{
	struct profile *p = profile_new(tables, f, NOW);
	bool is = false;

	for (size_t i = 0; i < p->level.n_reasons; i++)
		is |= strcmp(p->level.reasons[i]->id, "fluctuating") == 0;
	profile_free(&p);
	return is;
}

/* Where somebody said how it goes, the figures are not asked. */
static void test_profile__a_course_that_was_said_stands(void **state)
{
	struct facts f = {0};

	for (int i = 0; i < 6; i++)
		facts_add_number(
		    &f, "8480-6", i % 2 ? 138 : 102, 0, NOW - (6 - i) * DAY_S);
	assert_true(is_fluctuating(*state, &f));
	facts_add_coded(&f, TREND_COURSE, "steady", NOW);
	assert_false(is_fluctuating(*state, &f));
	facts_fini(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_profile__every_table_of_the_program_is_read),
	    cmocka_unit_test(test_profile__levels_with_their_reasons),
	    cmocka_unit_test(test_profile__the_hypertension_table_counts),
	    cmocka_unit_test(test_profile__a_scale_is_of_one_asking),
	    cmocka_unit_test(test_profile__what_is_missing_is_said),
	    cmocka_unit_test(test_profile__lace_from_the_visits),
	    cmocka_unit_test(test_draft_profile__writes_what_differs),
	    cmocka_unit_test(
		test_draft_profile__a_missing_table_takes_nothing_away),
	    cmocka_unit_test(
		test_draft_profile__a_tag_that_ran_out_is_set_again),
	    cmocka_unit_test(test_draft_profile__the_contact_has_its_scores),
	    cmocka_unit_test(test_draft_profile__only_what_this_contact_adds),
	    cmocka_unit_test(test_draft_profile__each_difference_is_written),
	    cmocka_unit_test(
		test_draft_profile__of_several_tags_the_one_that_differs),
	    cmocka_unit_test(
		test_draft_profile__a_tag_that_ends_earlier_is_set),
	    cmocka_unit_test(test_profile__reasons_that_do_not_fit),
	    cmocka_unit_test(test_profile__a_course_that_was_said_stands),
	};

	return cmocka_run_group_tests_name("profile", tests, load, unload);
}
