/*
 * reach_test.c - how often a patient was called, counted from the log, and
 * what that allows.
 */
#include "core/err.h"
#include "core/reach.h"
#include "keys/hash.h"
#include "tests/desk_maker.h"
#include "tests/test.h"

#define DAY 86400

static void start(struct desk_maker *m, const struct id *p, const char *way)
{
	char body[100];

	snprintf(
	    body, sizeof(body), "{'number_index':0,'direction':'%s'}", way);
	desk_maker_enter(m, KIND_CALL_STARTED, p, body);
}

static void contact(struct desk_maker *m, const struct id *p, bool reached)
{
	char body[400];
	long long now = m->world.now_s;

	snprintf(body, sizeof(body),
	    "{'respondent':'none','disposition':'no-answer',"
	    "'disposition_version':1,'reached':%s,'completed':false,"
	    "'started_s':%lld,'ended_s':%lld,'class':'none'}",
	    reached ? "true" : "false", now, now);
	desk_maker_enter(m, KIND_CONTACT_RECORDED, p, body);
}

/* A patient on a Monday at 10:00, which is a good time; the clock of the maker
 * stands on a Sunday. */
struct monday {
	struct desk_maker m;
	struct hours *h;
	struct id p;
};

static int setup(void **state)
{
	struct monday *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	desk_maker_init(&t->m, 'A', NULL);
	desk_maker_fill(&t->m);
	t->m.world.now_s += DAY;
	t->p = desk_patient(3);
	assert_int_equal(hours_load(&t->h), 0);
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct monday *t = *state;

	hours_free(&t->h);
	desk_maker_fini(&t->m);
	free(t);
	return 0;
}

static enum hours_reason reason(struct monday *t, int64_t *next_s)
{
	int64_t now_s = t->m.world.now_s;
	struct hours_person person;
	struct hours_verdict v;

	assert_int_equal(
	    reach_read(&person, t->m.desk.store, &t->p, t->h, now_s), 0);
	hours_may_call(&v, t->h, &person, now_s, HOURS_NO_PASS);
	*next_s = v.next_s;
	return v.reason;
}

static void test_reach__calls_of_today_are_capped(void **state)
{
	struct monday *t = *state;
	int64_t next_s;

	for (int i = 0; i < t->h->cap_attempts_day; i++) {
		start(&t->m, &t->p, "in");
		assert_int_equal(reason(t, &next_s), HOURS_OK);
		start(&t->m, &t->p, "out");
	}
	assert_int_equal(reason(t, &next_s), HOURS_CAP_DAY);
	/* Tuesday, 8:00 of the site */
	assert_int_equal(next_s, t->m.world.now_s + DAY - 2 * 3600);
	t->m.world.now_s = next_s;
	assert_int_equal(reason(t, &next_s), HOURS_OK);
}

static void test_reach__contacts_of_a_week_are_capped(void **state)
{
	struct monday *t = *state;
	int64_t next_s, first_s;

	first_s = t->m.world.now_s;
	for (int i = 0; i < t->h->cap_contacts; i++) {
		assert_int_equal(reason(t, &next_s), HOURS_OK);
		contact(&t->m, &t->p, false);
		contact(&t->m, &t->p, true);
		t->m.world.now_s += DAY;
	}
	assert_int_equal(reason(t, &next_s), HOURS_CAP_CONTACTS);
	assert_int_equal(next_s, first_s + t->h->cap_days * DAY);
	t->m.world.now_s = next_s - 1;
	assert_int_equal(reason(t, &next_s), HOURS_CAP_CONTACTS);
	t->m.world.now_s += 1;
	assert_int_equal(reason(t, &next_s), HOURS_OK);
}

static void test_reach__a_promise_comes_before_the_cap(void **state)
{
	struct monday *t = *state;
	char body[100];
	int64_t next_s;

	for (int i = 0; i < t->h->cap_attempts_day; i++)
		start(&t->m, &t->p, "out");
	snprintf(body, sizeof(body),
	    "{'due_s':%lld,'owner':'A017','number_index':0}",
	    (long long)t->m.world.now_s + 3600);
	desk_maker_enter(&t->m, KIND_CALLBACK_PROMISED, &t->p, body);
	assert_int_equal(reason(t, &next_s), HOURS_CAP_DAY);
	t->m.world.now_s += 3600 - REACH_PROMISED_S - 1;
	assert_int_equal(reason(t, &next_s), HOURS_CAP_DAY);
	t->m.world.now_s += 1;
	assert_int_equal(reason(t, &next_s), HOURS_OK);
}

static void test_reach__the_patient_decides(void **state)
{
	struct monday *t = *state;
	struct id nobody = {{9, 9, 9}};
	struct hours_person person;
	int64_t next_s;

	desk_maker_enter(&t->m, KIND_PATIENT_AMENDED, &t->p,
	    "{'best_time':'15:00-16:30, after work'}");
	assert_int_equal(reason(t, &next_s), HOURS_PATIENT);
	assert_int_equal(next_s, t->m.world.now_s + 5 * 3600);
	desk_maker_enter(
	    &t->m, KIND_CONSENT_SET, &t->p, "{'what':'call','given':false}");
	assert_int_equal(reason(t, &next_s), HOURS_DO_NOT_CALL);
	assert_int_equal(reach_read(&person, t->m.desk.store, &nobody, t->h,
			     t->m.world.now_s),
	    ERR_NOT_FOUND);
}

static void test_reach__spans_within_words(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		int from, to; /* of the last */
	} rows[] = {
	    {"", 0, 0, 0},
	    {"evenings", 0, 0, 0},
	    {"09:00", 0, 0, 0},
	    {"09:00-", 0, 0, 0},
	    {"09:00-10:0", 0, 0, 0},
	    {"09:00-09:00", 0, 0, 0},
	    {"09:01-10:00", 0, 0, 0},
	    {"25:00-26:00", 0, 0, 0},
	    {"09:00-10:00", 1, 540, 600},
	    {"22:00-06:00", 1, 1320, 360},
	    {"\u4e0a\u534809:00-11:30", 1, 540, 690},
	    {"09:00-10:00 18:00-24:00", 2, 1080, 1440},
	    {"09:00-09:15,09:00-09:15,09:00-09:15,09:00-09:15,09:00-09:15,"
	     "09:00-09:15,09:00-09:15,09:00-09:15,10:00-11:00",
		HOURS_SPANS_MAX, 540, 555},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct span spans[HOURS_SPANS_MAX];
		size_t n = reach_spans(spans, rows[i].text);
		if (n != rows[i].n)
			fail_msg("%s: %zu", rows[i].text, n);
		if (n == 0)
			continue;
		assert_int_equal(spans[n - 1].from_min, rows[i].from);
		assert_int_equal(spans[n - 1].to_min, rows[i].to);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_reach__calls_of_today_are_capped, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_reach__contacts_of_a_week_are_capped, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_reach__a_promise_comes_before_the_cap, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_reach__the_patient_decides, setup, teardown),
	    cmocka_unit_test(test_reach__spans_within_words),
	};
	hash_init();
	return cmocka_run_group_tests_name("reach", tests, NULL, NULL);
}
