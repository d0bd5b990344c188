/* cadence_test.c - hours, holidays, caps, and what follows a call. */
#include "core/cadence.h"
#include "core/clock.h"
#include "core/err.h"
#include "tests/own.h"
#include "tests/test.h"

#define ZONE (8 * 3600)

struct world {
	struct hours *hours;
	struct cadence *cadence;
};

static int setup(void **state)
{
	static struct world w;

	w.cadence = own_cadence();
	if (hours_load(&w.hours)) {
		print_error("%s\n", err_detail());
		return -1;
	}
	*state = &w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	hours_free(&w->hours);
	cadence_free(&w->cadence);
	return 0;
}

/* Local "YYYY-MM-DDTHH:MM:SS". */
static int64_t at(const char *text)
{
	int64_t s;

	assert_true(time_parse_fhir(&s, text, ZONE));
	return s;
}

static void test_hours__boundaries_of_the_day(void **state)
{
	static const struct {
		const char *now;
		enum hours_reason reason;
		const char *next;
	} rows[] = {
	    {"2026-11-23T07:59:59", HOURS_QUIET, "2026-11-23T08:00:00"},
	    {"2026-11-23T08:00:00", HOURS_OK, "2026-11-23T08:00:00"},
	    {"2026-11-23T11:59:59", HOURS_OK, "2026-11-23T11:59:59"},
	    {"2026-11-23T12:00:00", HOURS_QUIET, "2026-11-23T14:00:00"},
	    {"2026-11-23T13:59:59", HOURS_QUIET, "2026-11-23T14:00:00"},
	    {"2026-11-23T14:00:00", HOURS_OK, "2026-11-23T14:00:00"},
	    {"2026-11-23T19:59:59", HOURS_OK, "2026-11-23T19:59:59"},
	    {"2026-11-23T20:00:00", HOURS_QUIET, "2026-11-24T08:00:00"},
	    {"2026-10-01T09:00:00", HOURS_HOLIDAY, "2026-10-08T08:00:00"},
	    {"2026-10-07T23:59:59", HOURS_HOLIDAY, "2026-10-08T08:00:00"},
	    {"2026-09-30T21:00:00", HOURS_QUIET, "2026-10-08T08:00:00"},
	};
	struct world *w = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct hours_verdict v;

		hours_may_call(
		    &v, w->hours, NULL, at(rows[i].now), HOURS_NO_PASS);
		assert_int_equal(v.reason, rows[i].reason);
		assert_int_equal(v.may, rows[i].reason == HOURS_OK);
		assert_int_equal(v.next_s, at(rows[i].next));
	}
}

static void test_hours__a_person_has_hours_of_their_own(void **state)
{
	struct world *w = *state;
	struct hours_verdict v;
	/* Evenings on weekdays, whole mornings on Saturday. */
	struct hours_person p = {
	    .wants = {{18 * 60, 20 * 60, 0x1f}, {8 * 60, 12 * 60, 0x20}},
	    .n_wants = 2,
	};

	hours_may_call(
	    &v, w->hours, &p, at("2026-11-23T17:59:00"), HOURS_NO_PASS);
	assert_int_equal(v.reason, HOURS_PATIENT);
	assert_int_equal(v.next_s, at("2026-11-23T18:00:00"));
	hours_may_call(
	    &v, w->hours, &p, at("2026-11-27T20:00:00"), HOURS_NO_PASS);
	assert_int_equal(v.next_s, at("2026-11-28T08:00:00"));
	hours_may_call(
	    &v, w->hours, &p, at("2026-11-28T12:00:00"), HOURS_NO_PASS);
	assert_int_equal(v.next_s, at("2026-11-30T18:00:00"));
	/* A night nurse, over midnight: never outside the quiet hours. */
	p.wants[0] = (struct span){22 * 60, 6 * 60, 0x01};
	p.n_wants = 1;
	hours_may_call(
	    &v, w->hours, &p, at("2026-11-23T10:00:00"), HOURS_NO_PASS);
	assert_false(v.may);
	assert_int_equal(v.next_s, at("2026-11-23T10:00:00"));
}

static void test_hours__caps_and_who_may_pass(void **state)
{
	struct world *w = *state;
	int64_t now = at("2026-11-23T10:00:00");
	struct hours_person p = {0};
	struct hours_verdict v;

	p.attempts_today = w->hours->cap_attempts_day - 1;
	hours_may_call(&v, w->hours, &p, now, HOURS_NO_PASS);
	assert_true(v.may);
	p.attempts_today++;
	hours_may_call(&v, w->hours, &p, now, HOURS_NO_PASS);
	assert_int_equal(v.reason, HOURS_CAP_DAY);
	assert_int_equal(v.next_s, at("2026-11-24T08:00:00"));
	p.attempts_today = 0;
	p.contacts_recent = w->hours->cap_contacts;
	p.cap_free_s = at("2026-11-25T12:30:00");
	hours_may_call(&v, w->hours, &p, now, HOURS_NO_PASS);
	assert_int_equal(v.reason, HOURS_CAP_CONTACTS);
	assert_int_equal(v.next_s, at("2026-11-25T14:00:00"));
	hours_may_call(&v, w->hours, &p, now, HOURS_OVERRIDE);
	assert_true(v.may);
	p.is_do_not_call = true;
	hours_may_call(&v, w->hours, &p, now, HOURS_OVERRIDE);
	assert_false(v.may);
	assert_int_equal(v.reason, HOURS_DO_NOT_CALL);
	assert_int_equal(v.next_s, 0);
	hours_may_call(&v, w->hours, &p, now, HOURS_EMERGENCY);
	assert_true(v.may);
}

static void test_hours__every_reason_has_words(void **state)
{
	(void)state;
	for (int r = 0; r < HOURS_REASONS; r++) {
		assert_non_null(hours_reason_words(r)->zh);
		assert_non_null(hours_reason_words(r)->en);
	}
}

static void test_hours__times_of_day(void **state)
{
	static const struct {
		const char *text;
		int minute; /* -1: refused */
	} rows[] = {
	    {"00:00", 0},
	    {"08:15", 495},
	    {"24:00", 1440},
	    {"24:15", -1},
	    {"08:10", -1},
	    {"8:00", -1},
	    {"08:60", -1},
	    {"ab:cd", -1},
	    {"::::0", -1},
	    {"08:00x", -1},
	    {"1::00", -1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int m = -1;

		assert_int_equal(
		    hours_parse_time(&m, rows[i].text), rows[i].minute >= 0);
		assert_int_equal(m, rows[i].minute);
	}
}

static void test_hours__refuses_settings_with_the_place(void **state)
{
	static const struct {
		const char *part;
		const char *says;
	} rows[] = {
	    {"\"quiet\":[{\"from\":\"12:00\",\"to\":\"12:00\"}]", "quiet[0]"},
	    {"\"quiet\":[{\"from\":\"12:10\",\"to\":\"13:00\"}]", "quiet[0]"},
	    {"\"quiet\":[{\"from\":\"12:00\",\"to\":\"13:00\","
	     "\"weekdays\":[0]}]",
		"weekdays[0]"},
	    {"\"quiet\":[1]", "quiet[0]"},
	    {"\"weekdays\":[8]", "weekdays[0]"},
	    {"\"colour\":1", "colour"},
	    {"\"slots\":[{},{},{},{},{},{},{},{},{}]", "slots"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char json[600];
		struct hours *h = NULL;

		snprintf(json, sizeof(json),
		    "{\"id\":\"h\",\"version\":1,"
		    "\"title\":{\"zh\":\"a\",\"en\":\"b\"},\"source\":\"s\","
		    "\"zone_min\":480,\"cap\":{\"attempts_day\":1,"
		    "\"contacts\":1,\"days\":1},%s}",
		    rows[i].part);
		assert_int_equal(
		    hours_parse(&h, json, strlen(json)), ERR_INVALID);
		assert_null(h);
		assert_non_null(strstr(err_detail(), rows[i].says));
	}
}

static void test_hours__refuses_holidays_that_do_not_exist(void **state)
{
	static const char *const bad[] = {
	    "[]",
	    "[{\"from\":\"2026-02-30\",\"to\":\"2026-03-01\"}]",
	    "[{\"from\":\"2026-03-02\",\"to\":\"2026-03-01\"}]",
	    "[{\"from\":\"2026-03-01\",\"to\":\"2026-03-01\"}]",
	    "[7]",
	};
	struct world *w = *state;
	size_t before = w->hours->n_holidays;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		char json[400];

		snprintf(json, sizeof(json),
		    "{\"id\":\"h\",\"version\":1,"
		    "\"title\":{\"zh\":\"a\",\"en\":\"b\"},\"source\":\"s\","
		    "\"holidays\":%s}",
		    bad[i]);
		assert_int_equal(
		    hours_add_holidays(w->hours, json, strlen(json)),
		    ERR_INVALID);
		assert_int_equal(w->hours->n_holidays, before);
	}
}

/* The closed set as the shift knows it. */
static void test_cadence__holds_the_closed_set(void **state)
{
	static const char *const zh[] = {"无人接听", "接通", "占线", "关机",
	    "停机", "空号", "拒接", "智能助理代接", "不方便", "中途挂断",
	    "听不清", "语言不通", "打错", "家属接听", "疑为诈骗", "拒绝本次",
	    "拒绝今后", "住院中", "迁出", "失访", "死亡"};
	struct world *w = *state;

	assert_int_equal(cadence_total(w->cadence), ARRAY_LEN(zh));
	for (size_t i = 0; i < ARRAY_LEN(zh); i++)
		assert_string_equal(cadence_at(w->cadence, i)->name.zh, zh[i]);
	assert_int_equal(cadence_head(w->cadence)->version, 1);
	assert_null(cadence_find(w->cadence, "none"));
	assert_null(cadence_by_key(w->cadence, 0));
	assert_string_equal(cadence_by_key(w->cadence, 'd')->id, "died");
}

static void test_cadence__what_some_outcomes_mean(void **state)
{
	struct world *w = *state;
	const struct disposition *died = cadence_find(w->cadence, "died");
	const struct disposition *wrong =
	    cadence_find(w->cadence, "wrong-number");
	const struct disposition *invalid =
	    cadence_find(w->cadence, "invalid-number");

	assert_true(died->stops_pathways);
	assert_int_equal(died->then, CADENCE_STOP);
	assert_int_equal(died->n_needs, 3);
	assert_true(wrong->retires_number && invalid->retires_number);
	assert_false(wrong->stops_pathways || invalid->stops_pathways);
	assert_true(wrong->is_reached && !wrong->is_patient);
	assert_false(invalid->is_reached);
	assert_true(cadence_find(w->cadence, "refused-ever")->is_do_not_call);
	assert_true(cadence_find(w->cadence, "third-party")->is_reached);
}

static const struct {
	const char *how;
	int attempts;
	size_t number;
	size_t n_numbers;
	const char *at;
	const char *due; /* NULL: given up */
	size_t next;
	enum cadence_then then;
} tries[] = {
    /* Two hours on is noon: another part of the day. */
    {"no-answer", 1, 0, 2, "2026-11-23T10:30:00", "2026-11-23T14:00:00", 1,
	CADENCE_SUPERVISOR},
    {"no-answer", 1, 1, 2, "2026-11-23T08:00:00", "2026-11-23T14:00:00", 0,
	CADENCE_SUPERVISOR},
    {"no-answer", 2, 0, 1, "2026-11-23T10:00:00", "2026-11-24T14:00:00", 0,
	CADENCE_SUPERVISOR},
    {"no-answer", 4, 0, 1, "2026-11-23T18:00:00", "2026-11-27T08:00:00", 0,
	CADENCE_SUPERVISOR},
    {"no-answer", 5, 0, 1, "2026-11-23T10:00:00", NULL, 0, CADENCE_SUPERVISOR},
    {"busy", 1, 1, 2, "2026-11-23T10:00:00", "2026-11-23T10:15:00", 1,
	CADENCE_SUPERVISOR},
    {"busy", 1, 0, 1, "2026-11-23T11:50:00", "2026-11-23T14:00:00", 0,
	CADENCE_SUPERVISOR},
    {"busy", 2, 0, 1, "2026-11-23T19:30:00", "2026-11-24T08:00:00", 0,
	CADENCE_SUPERVISOR},
    {"busy", 6, 0, 1, "2026-11-23T10:00:00", NULL, 0, CADENCE_SUPERVISOR},
    {"invalid-number", 1, 0, 2, "2026-11-23T10:00:00", "2026-11-23T10:00:00", 0,
	CADENCE_SUPERVISOR},
    {"invalid-number", 1, 1, 2, "2026-11-23T10:00:00", "2026-11-23T10:00:00", 0,
	CADENCE_SUPERVISOR},
    {"invalid-number", 1, 0, 1, "2026-11-23T10:00:00", NULL, 0,
	CADENCE_SUPERVISOR},
    {"wrong-number", 2, 2, 3, "2026-11-23T10:00:00", "2026-11-23T10:00:00", 0,
	CADENCE_SUPERVISOR},
    {"no-answer", 1, 0, 0, "2026-11-23T10:00:00", NULL, 0, CADENCE_SUPERVISOR},
    {"refused-once", 1, 0, 1, "2026-11-23T10:00:00", NULL, 0, CADENCE_NOTHING},
    {"died", 1, 0, 1, "2026-11-23T10:00:00", NULL, 0, CADENCE_STOP},
    {"inconvenient", 0, 0, 1, "2026-11-23T10:00:00", "2026-11-23T14:00:00", 0,
	CADENCE_CALLBACK},
};

static void test_cadence__next_try_by_disposition(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < ARRAY_LEN(tries); i++) {
		struct cadence_try t = {cadence_find(w->cadence, tries[i].how),
		    tries[i].attempts, tries[i].number, tries[i].n_numbers,
		    at(tries[i].at)};
		struct cadence_next next;

		cadence_next(&next, &t, w->hours, NULL);
		assert_int_equal(next.is_given_up, tries[i].due == NULL);
		assert_int_equal(next.then, tries[i].then);
		if (!tries[i].due)
			continue;
		assert_int_equal(next.due_s, at(tries[i].due));
		assert_int_equal(next.number, tries[i].next);
	}
}

/* Whatever happens, a call is never proposed at a forbidden moment, never
 * for a number that is not there, and the tries come to an end. */
static void test_cadence__property(void **state)
{
	struct world *w = *state;
	struct test_env env;

	test_env_init(&env, 7);
	for (int i = 0; i < test_repeat(2000); i++) {
		struct cadence_next next;
		struct hours_verdict v;
		struct cadence_try t = {.number = 0};
		uint32_t r[4];

		env_random(&env.env, r, sizeof(r));
		t.how =
		    cadence_at(w->cadence, r[0] % cadence_total(w->cadence));
		t.attempts = (int)(r[1] % 12);
		t.n_numbers = r[1] / 16 % 4;
		t.number = t.n_numbers ? r[2] % t.n_numbers : 0;
		t.at_s = env.now_s + r[3] % (400 * 86400);
		cadence_next(&next, &t, w->hours, NULL);
		if (t.attempts > CADENCE_DELAYS_MAX)
			assert_true(next.is_given_up);
		if (next.is_given_up)
			continue;
		hours_may_call(&v, w->hours, NULL, next.due_s, HOURS_NO_PASS);
		assert_true(v.may || next.due_s == t.at_s);
		assert_true(next.due_s >= t.at_s);
		assert_true(next.number < t.n_numbers - t.how->retires_number);
	}
}

static void test_cadence__refuses_a_set_with_the_place(void **state)
{
	static const struct {
		const char *list;
		const char *says;
	} rows[] = {
	    {"[]", "none"},
	    {"[{\"id\":\"a\",\"name\":{\"zh\":\"x\",\"en\":\"x\"},"
	     "\"then\":\"dance\"}]",
		"then"},
	    {"[{\"id\":\"a\",\"name\":{\"zh\":\"x\",\"en\":\"x\"},"
	     "\"then\":\"stop\",\"delays_min\":[-1]}]",
		"delays_min[0]"},
	    {"[{\"id\":\"a\",\"name\":{\"zh\":\"x\",\"en\":\"x\"},"
	     "\"then\":\"stop\",\"delays_min\":[1,1,1,1,1,1,1,1,1]}]",
		"many"},
	    {"[{\"id\":\"a\",\"name\":{\"zh\":\"x\",\"en\":\"x\"},"
	     "\"then\":\"stop\",\"needs\":[1]}]",
		"needs[0]"},
	    {"[{\"id\":\"a\",\"name\":{\"zh\":\"x\",\"en\":\"x\"},"
	     "\"then\":\"stop\",\"needs\":[\"a\",\"a\",\"a\",\"a\",\"a\"]}]",
		"many"},
	    {"[{\"id\":\"a\",\"name\":{\"zh\":\"x\"},\"then\":\"stop\"}]",
		"name"},
	    {"[{\"id\":\"A\"}]", "id"},
	    {"[{\"id\":\"a\",\"x\":1}]", "unknown"},
	    {"[3]", "object"},
	    {"[{\"id\":\"a\",\"name\":{\"zh\":\"x\",\"en\":\"x\"},"
	     "\"then\":\"stop\"},{\"id\":\"a\",\"name\":{\"zh\":\"x\","
	     "\"en\":\"x\"},\"then\":\"stop\"}]",
		"twice"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char json[600];
		struct cadence *c = NULL;

		snprintf(json, sizeof(json),
		    "{\"id\":\"d\",\"version\":1,"
		    "\"title\":{\"zh\":\"a\",\"en\":\"b\"},\"source\":\"s\","
		    "\"dispositions\":%s}",
		    rows[i].list);
		assert_int_equal(
		    cadence_parse(&c, json, strlen(json)), ERR_INVALID);
		assert_null(c);
		assert_non_null(strstr(err_detail(), rows[i].says));
	}
}

static void test_cadence__names_what_follows(void **state)
{
	(void)state;
	assert_string_equal(cadence_then_name(CADENCE_STOP), "stop");
	assert_string_equal(
	    cadence_then_name(CADENCE_SUPERVISOR), "supervisor");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_hours__boundaries_of_the_day),
	    cmocka_unit_test(test_hours__a_person_has_hours_of_their_own),
	    cmocka_unit_test(test_hours__caps_and_who_may_pass),
	    cmocka_unit_test(test_hours__every_reason_has_words),
	    cmocka_unit_test(test_hours__times_of_day),
	    cmocka_unit_test(test_hours__refuses_settings_with_the_place),
	    cmocka_unit_test(test_hours__refuses_holidays_that_do_not_exist),
	    cmocka_unit_test(test_cadence__holds_the_closed_set),
	    cmocka_unit_test(test_cadence__what_some_outcomes_mean),
	    cmocka_unit_test(test_cadence__next_try_by_disposition),
	    cmocka_unit_test(test_cadence__property),
	    cmocka_unit_test(test_cadence__refuses_a_set_with_the_place),
	    cmocka_unit_test(test_cadence__names_what_follows),
	};

	return cmocka_run_group_tests_name("cadence", tests, setup, teardown);
}
