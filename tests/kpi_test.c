/*
 * Tests of the indicators and of the review of calls: what is counted, what
 * is excluded, and that the sample follows from the log alone.
 */
#include "core/cadence.h"
#include "core/clock.h"
#include "core/err.h"
#include "core/kpi.h"
#include "core/review.h"
#include "core/store.h"
#include "tests/desk_maker.h"
#include "tests/own.h"
#include "tests/test.h"

#define HOUR 3600

struct scene {
	struct desk_maker m;
	struct kpi_set *set;
	struct cadence *cadence;
};

static void scene_open(struct scene *s)
{
	desk_maker_init(&s->m, 'S', NULL);
	desk_maker_fill(&s->m);
	s->set = own_kpis();
	s->cadence = own_cadence();
	assert_int_equal(store_begin(s->m.desk.store), 0);
}

static void scene_close(struct scene *s)
{
	store_rollback(s->m.desk.store);
	kpi_set_free(&s->set);
	cadence_free(&s->cadence);
	desk_maker_fini(&s->m);
}

/* One contact with patient p, so many seconds before now. */
static void contact(struct scene *s, int p, int64_t ago_s, const char *more)
{
	struct id patient = desk_patient(p);
	long long at = (long long)(s->m.world.now_s - ago_s);
	char body[900];

	snprintf(body, sizeof(body),
	    "{'respondent':'self','disposition_version':1,'started_s':%lld,"
	    "'ended_s':%lld,%s}",
	    at - 240, at, more);
	s->m.shift_s = -ago_s;
	desk_maker_enter(&s->m, KIND_CONTACT_RECORDED, &patient, body);
	s->m.shift_s = 0;
}

#define DONE                                                                   \
	"'disposition':'completed','reached':true,'completed':true,"           \
	"'class':'satisfied'"
#define MISSED                                                                 \
	"'disposition':'no-answer','reached':false,'completed':false,"         \
	"'class':'none'"
#define NOBODY                                                                 \
	"'disposition':'invalid-number','reached':false,'completed':false,"    \
	"'class':'none'"

static const struct kpi *find(const struct scene *s, const char *id)
{
	for (size_t i = 0; i < kpi_total(s->set); i++)
		if (strcmp(kpi_at(s->set, i)->id, id) == 0)
			return kpi_at(s->set, i);
	fail_msg("no indicator %s", id);
	return NULL;
}

static int count(struct scene *s, struct kpi_row *rows, int max, const char *id,
    enum kpi_by by)
{
	int64_t today = day_of(s->m.world.now_s, 28800);
	struct kpi_ask ask = {.from_s = (today - 30) * DAY_S - 28800,
	    .until_s = s->m.world.now_s,
	    .zone_s = 28800,
	    .by = by,
	    .cadence = s->cadence};
	struct kpi_count *c;
	int n;

	assert_int_equal(kpi_count_open(&c, s->m.desk.store, &ask), 0);
	n = kpi_count_rows(rows, max, c, find(s, id));
	kpi_count_free(&c);
	return n;
}

static void test_kpi__every_definition_can_be_counted(void **state)
{
	struct scene s;
	struct kpi_row row[4];

	(void)state;
	scene_open(&s);
	assert_true(kpi_total(s.set) >= 16);
	for (size_t i = 0; i < kpi_total(s.set); i++)
		for (int by = 0; by < KPI_BY_COUNT; by++)
			assert_true(count(&s, row, 4, kpi_at(s.set, i)->id,
					(enum kpi_by)by) >= 0);
	scene_close(&s);
}

static void test_kpi__exclusions_are_not_held_against_anybody(void **state)
{
	struct scene s;
	struct kpi_row rows[8];
	char text[20];

	(void)state;
	scene_open(&s);
	contact(&s, 1, HOUR, DONE);
	contact(&s, 2, 2 * HOUR, MISSED);
	contact(&s, 3, 3 * HOUR, NOBODY);
	contact(&s, 4, 40 * 24 * HOUR, MISSED); /* before the period */
	assert_int_equal(count(&s, rows, 8, "reach", KPI_BY_ALL), 1);
	assert_int_equal(rows[0].num, 1);
	assert_int_equal(rows[0].den, 2);
	assert_int_equal(rows[0].excluded, 1);
	kpi_value_text(text, sizeof(text), find(&s, "reach"), &rows[0]);
	assert_string_equal(text, "50.0%");
	assert_int_equal(kpi_meets(find(&s, "reach"), &rows[0]), -1);
	assert_int_equal(count(&s, rows, 8, "talk", KPI_BY_ALL), 1);
	kpi_value_text(text, sizeof(text), find(&s, "talk"), &rows[0]);
	assert_string_equal(text, "4.0");
	assert_int_equal(kpi_meets(find(&s, "talk"), &rows[0]), 0);
	scene_close(&s);
}

static void test_kpi__groups_add_up_to_the_whole(void **state)
{
	static const enum kpi_by by[] = {
	    KPI_BY_MEMBER, KPI_BY_PATHWAY, KPI_BY_DEPARTMENT, KPI_BY_DOCTOR};
	struct scene s;
	struct kpi_row all, rows[40];

	(void)state;
	scene_open(&s);
	for (int p = 1; p <= 6; p++)
		contact(&s, p, p * HOUR, p % 3 ? DONE : MISSED);
	assert_int_equal(count(&s, &all, 1, "reach", KPI_BY_ALL), 1);
	assert_int_equal(all.den, 6);
	for (size_t i = 0; i < ARRAY_LEN(by); i++) {
		int64_t num = 0, den = 0;
		int n = count(&s, rows, 40, "reach", by[i]);
		for (int k = 0; k < n; k++) {
			num += rows[k].num;
			den += rows[k].den;
			assert_true(k == 0 || strcmp(rows[k - 1].group,
						  rows[k].group) < 0);
		}
		assert_int_equal(num, all.num);
		assert_int_equal(den, all.den);
	}
	assert_int_equal(count(&s, rows, 40, "reach", KPI_BY_PATHWAY), 3);
	scene_close(&s);
}

static void test_kpi__clinical_figures_use_the_last_value(void **state)
{
	struct scene s;
	struct kpi_row row;
	struct id p = desk_patient(2);
	char body[300];

	(void)state;
	scene_open(&s);
	/* the last readings of all are 128/72, 14 days ago */
	assert_int_equal(count(&s, &row, 1, "pressure", KPI_BY_ALL), 1);
	assert_int_equal(row.den, 3); /* I10: 曾强, 解晓东, 区志明 */
	assert_int_equal(row.num, 3);
	p = desk_patient(3);
	snprintf(body, sizeof(body),
	    "{'items':[{'code':'8480-6','value':1520,'scale':1,"
	    "'unit':'mm[Hg]','at_s':%lld,'source':'told'}]}",
	    (long long)s.m.world.now_s - HOUR);
	desk_maker_enter(&s.m, KIND_OBSERVATIONS_RECORDED, &p, body);
	assert_int_equal(count(&s, &row, 1, "pressure", KPI_BY_ALL), 1);
	assert_int_equal(row.num, 2);
	scene_close(&s);
}

static void test_kpi__alert_out_of_time_counts_without_anybody(void **state)
{
	struct scene s;
	struct kpi_row row;

	(void)state;
	scene_open(&s);
	/* the sample's alert is 40 minutes old, its time was 30 */
	assert_int_equal(count(&s, &row, 1, "alert-time", KPI_BY_ALL), 1);
	assert_int_equal(row.den, 1);
	assert_int_equal(row.num, 0);
	assert_int_equal(count(&s, &row, 1, "alert-loop", KPI_BY_ALL), 1);
	assert_int_equal(row.den, 1);
	scene_close(&s);
}

static void test_kpi__broken_definitions_are_refused(void **state)
{
	static const char *const bad[] = {
	    "{}",
	    "{\"id\":\"kpi\",\"version\":1,\"title\":{\"zh\":\"a\",\"en\":\"b"
	    "\"},\"source\":\"none\",\"kpis\":[]}",
	    "{\"id\":\"kpi\",\"version\":1,\"title\":{\"zh\":\"a\",\"en\":\"b"
	    "\"},\"source\":\"none\",\"kpis\":[{\"id\":\"reach\"}]}",
	};
	struct kpi_set *set = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(
		    kpi_set_parse(&set, bad[i], strlen(bad[i])), ERR_INVALID);
	assert_null(set);
}

/* ---- review -------------------------------------------------------------- */

static int sample(struct scene *s, struct review_call *calls, int most)
{
	struct review_ask ask = {.team = s->m.desk.team,
	    .from_s = s->m.world.now_s - 7 * DAY_S,
	    .until_s = s->m.world.now_s + 1,
	    .most = most};

	return review_sample(calls, 20, s->m.desk.store, &ask);
}

static void test_review__sample_is_small_and_always_the_same(void **state)
{
	struct scene s;
	struct review_call calls[20], again[20];
	int n;

	(void)state;
	scene_open(&s);
	for (int p = 1; p <= 12; p++)
		contact(&s, p, p * HOUR, p == 6 ? MISSED : DONE);
	n = sample(&s, calls, 3);
	assert_int_equal(n, 3);
	assert_int_equal(sample(&s, again, 3), 3);
	for (int i = 0; i < n; i++) {
		assert_string_equal(calls[i].ref, again[i].ref);
		assert_int_equal(calls[i].rank, i + 1);
		assert_string_equal(calls[i].member, "S002");
		assert_false(calls[i].is_reviewed);
	}
	/* Nobody was reached, or the hash is not low enough: no. */
	n = sample(&s, calls, 20);
	assert_in_range(n, 7, 9);
	for (int i = 0; i < n; i++)
		assert_true(calls[i].record.b[0] < REVIEW_SAMPLED);
	scene_close(&s);
}

static void test_review__score_is_an_entry_beside_the_call(void **state)
{
	struct scene s;
	struct review_call calls[20];
	struct review_card card;
	struct review_score score = {.note = "听录音一致"};
	struct draft draft = {0};
	struct id p;
	char *body;

	(void)state;
	scene_open(&s);
	contact(&s, 1, HOUR, DONE);
	assert_int_equal(sample(&s, calls, 3), 1);
	own_scorecard(&card);
	for (int i = 0; i < card.count; i++)
		score.points[i] = -1;
	assert_false(review_is_whole(&card, &score));
	for (int i = 0; i < card.count; i++)
		score.points[i] = card.items[i].points;
	assert_true(review_is_whole(&card, &score));
	assert_int_equal(review_total(&card, &score), review_best(&card));
	assert_int_equal(review_best(&card), 100);
	assert_true(review_passes(&card, &score));
	score.points[0] = 0; /* identity: fatal */
	assert_false(review_passes(&card, &score));
	review_draft(&draft, &calls[0], &card, &score);
	p = calls[0].patient;
	body = json_dumps(draft_last(&draft), JSON_COMPACT);
	desk_maker_enter(&s.m, KIND_CALL_REVIEWED, &p, body);
	assert_int_equal(sample(&s, calls, 3), 1);
	assert_true(calls[0].is_reviewed);
	assert_false(calls[0].passed);
	assert_int_equal(calls[0].total, 90);
	free(body);
	draft_fini(&draft);
	review_card_fini(&card);
	scene_close(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_kpi__every_definition_can_be_counted),
	    cmocka_unit_test(test_kpi__exclusions_are_not_held_against_anybody),
	    cmocka_unit_test(test_kpi__groups_add_up_to_the_whole),
	    cmocka_unit_test(test_kpi__clinical_figures_use_the_last_value),
	    cmocka_unit_test(
		test_kpi__alert_out_of_time_counts_without_anybody),
	    cmocka_unit_test(test_kpi__broken_definitions_are_refused),
	    cmocka_unit_test(test_review__sample_is_small_and_always_the_same),
	    cmocka_unit_test(test_review__score_is_an_entry_beside_the_call),
	};
	return cmocka_run_group_tests_name("kpi", tests, NULL, NULL);
}
