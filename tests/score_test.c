/* score_test.c - every threshold of every score on both sides. */
#include "core/clock.h"
#include "core/err.h"
#include "core/json.h"
#include "core/score.h"
#include "tests/own.h"
#include "tests/test.h"

#define NOW INT64_C(1795312800)

static int setup(void **state)
{
	*state = own_scores();
	return 0;
}

static int teardown(void **state)
{
	struct score_set *set = *state;

	score_set_free(&set);
	return 0;
}

static const char *const phq[] = {"44250-9", "44255-8", "44259-0", "44254-1",
    "44251-7", "44258-2", "44252-5", "44253-3", "44260-8"};
static const char *const gad[] = {"69725-0", "68509-9", "69733-4", "69734-2",
    "69735-9", "69689-8", "69736-7"};

static struct score_result run(
    void **state, const char *id, const struct facts *f)
{
	const struct score *s = score_set_find(*state, id);
	struct score_result r;

	assert_non_null(s);
	score_run(&r, s, f, NOW);
	assert_string_equal(r.id, id);
	assert_int_equal(r.version, 1);
	return r;
}

/* Spreads a total over the items, each 0..3. */
static struct score_result with_total(
    void **state, const char *id, const char *const *codes, size_t n, int total)
{
	struct facts f = {0};
	struct score_result r;

	for (size_t i = 0; i < n; i++) {
		int p = total > 3 ? 3 : total;

		facts_add_number(&f, codes[i], p, 0, NOW);
		total -= p;
	}
	r = run(state, id, &f);
	facts_fini(&f);
	return r;
}

static void test_score__bands_of_the_questionnaires(void **state)
{
	static const struct {
		const char *id;
		const char *const *codes;
		size_t n;
		int total;
		const char *band;
	} rows[] = {
	    {"phq-2", phq, 2, 2, "negative"},
	    {"phq-2", phq, 2, 3, "positive"},
	    {"phq-2", phq, 2, 6, "positive"},
	    {"phq-9", phq, 9, 0, "minimal"},
	    {"phq-9", phq, 9, 4, "minimal"},
	    {"phq-9", phq, 9, 5, "mild"},
	    {"phq-9", phq, 9, 9, "mild"},
	    {"phq-9", phq, 9, 10, "moderate"},
	    {"phq-9", phq, 9, 12, "moderate"},
	    {"phq-9", phq, 9, 14, "moderate"},
	    {"phq-9", phq, 9, 15, "moderately-severe"},
	    {"phq-9", phq, 9, 19, "moderately-severe"},
	    {"phq-9", phq, 9, 20, "severe"},
	    {"phq-9", phq, 9, 27, "severe"},
	    {"gad-7", gad, 7, 4, "minimal"},
	    {"gad-7", gad, 7, 5, "mild"},
	    {"gad-7", gad, 7, 9, "mild"},
	    {"gad-7", gad, 7, 10, "moderate"},
	    {"gad-7", gad, 7, 14, "moderate"},
	    {"gad-7", gad, 7, 15, "severe"},
	    {"gad-7", gad, 7, 21, "severe"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct score_result r = with_total(
		    state, rows[i].id, rows[i].codes, rows[i].n, rows[i].total);

		assert_true(r.is_complete);
		assert_int_equal(r.total, rows[i].total);
		assert_string_equal(r.band, rows[i].band);
		assert_non_null(r.words.zh);
	}
}

static void test_score__options_count_as_published(void **state)
{
	static const char *const options[] = {
	    "LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9", "LA18938-3"};
	static const int points[] = {0, 1, 2, 3, 2};

	for (size_t i = 0; i < ARRAY_LEN(options); i++) {
		struct facts f = {0};
		struct score_result r;

		for (size_t k = 0; k < ARRAY_LEN(gad); k++)
			facts_add_coded(&f, gad[k], options[i], NOW);
		r = run(state, "gad-7", &f);
		assert_int_equal(r.total, 7 * points[i]);
		facts_fini(&f);
	}
}

static void test_score__is_not_computed_from_a_part(void **state)
{
	struct facts f = {0};
	struct fact absent = {
	    .code = "44260-8", .kind = FACT_ABSENT, .at_s = NOW};
	struct score_result r;

	for (size_t i = 0; i < 8; i++)
		facts_add_number(&f, phq[i], 3, 0, NOW);
	facts_add(&f, &absent);
	r = run(state, "phq-9", &f);
	assert_false(r.is_complete);
	assert_int_equal(r.missing, 1);
	assert_int_equal(r.total, 0);
	assert_null(r.band);
	/* Neither a number beyond the scale nor a strange option counts. */
	facts_add_number(&f, "44260-8", 4, 0, NOW + 1);
	assert_int_equal(run(state, "phq-9", &f).missing, 1);
	facts_add_coded(&f, "44260-8", "LA0", NOW + 2);
	assert_int_equal(run(state, "phq-9", &f).missing, 1);
	facts_add_number(&f, "44260-8", -1, 0, NOW + 3);
	assert_int_equal(run(state, "phq-9", &f).missing, 1);
	facts_add_number(&f, "44260-8", 3, 0, NOW + 4);
	r = run(state, "phq-9", &f);
	assert_int_equal(r.total, 27);
	assert_string_equal(r.band, "severe");
	assert_int_equal(r.inputs.n, COND_INPUTS);
	facts_fini(&f);
}

static int lace(void **state, const int v[4], const char **band)
{
	static const char *const codes[] = {
	    "los-days", "acute-admission", "charlson", "ed-visits-6m"};
	struct facts f = {0};
	struct score_result r;

	for (size_t i = 0; i < 4; i++)
		facts_add_number(&f, codes[i], v[i], 0, NOW);
	r = run(state, "lace", &f);
	facts_fini(&f);
	*band = r.band;
	return r.total;
}

static void test_score__lace(void **state)
{
	static const struct {
		int v[4];
		int total;
		const char *band;
	} rows[] = {
	    {{0, 0, 0, 0}, 0, "low"},
	    {{1, 0, 0, 0}, 1, "low"},
	    {{3, 0, 0, 0}, 3, "low"},
	    {{4, 0, 0, 0}, 4, "low"},
	    {{6, 0, 0, 0}, 4, "low"},
	    {{7, 0, 0, 0}, 5, "moderate"},
	    {{13, 0, 0, 0}, 5, "moderate"},
	    {{14, 0, 0, 0}, 7, "moderate"},
	    {{0, 1, 0, 0}, 3, "low"},
	    {{0, 0, 3, 0}, 3, "low"},
	    {{0, 0, 4, 0}, 5, "moderate"},
	    {{0, 0, 9, 0}, 5, "moderate"},
	    {{0, 0, 0, 3}, 3, "low"},
	    {{0, 0, 0, 4}, 4, "low"},
	    {{0, 0, 0, 9}, 4, "low"},
	    {{4, 1, 2, 0}, 9, "moderate"},
	    {{4, 1, 3, 0}, 10, "high"},
	    {{14, 1, 4, 4}, 19, "high"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *band;

		assert_int_equal(lace(state, rows[i].v, &band), rows[i].total);
		assert_string_equal(band, rows[i].band);
	}
}

static void test_score__comorbidity_from_diagnoses(void **state)
{
	static const struct {
		const char *codes[4];
		int total;
	} rows[] = {
	    {{"I10"}, 0},
	    {{"I21.9"}, 1},
	    {{"E11.900"}, 1},
	    {{"E11.2", "E11.9"}, 2},
	    {{"I50.0", "J44.1"}, 4},
	    {{"C34.9"}, 2},
	    {{"C34.9", "C78.0"}, 6},
	    {{"K74.6"}, 2},
	    {{"K74.6", "I85.0"}, 4},
	    {{"F03", "M32.1", "B24"}, 10},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct facts f = {0};

		for (size_t k = 0; k < 4 && rows[i].codes[k]; k++)
			facts_add_coded(&f, "condition", rows[i].codes[k],
			    NOW - (int64_t)k * DAY_S);
		facts_age(&f);
		assert_int_equal(
		    run(state, "charlson-lace", &f).total, rows[i].total);
		facts_fini(&f);
	}
}

/* Everything normal but one. */
static struct score_result news(
    void **state, const char *code, int64_t v, int scale)
{
	static const struct {
		const char *code;
		int value;
	} normal[] = {{"9279-1", 16}, {"59408-5", 98}, {"8480-6", 120},
	    {"8867-4", 70}, {"8310-5", 37}};
	struct facts f = {0};
	struct score_result r;

	facts_add_flag(&f, "on-oxygen", !strcmp(code, "on-oxygen") && v, NOW);
	facts_add_coded(
	    &f, "cvpu", strcmp(code, "cvpu") ? "alert" : "voice", NOW);
	for (size_t i = 0; i < ARRAY_LEN(normal); i++)
		if (strcmp(normal[i].code, code))
			facts_add_number(
			    &f, normal[i].code, normal[i].value, 0, NOW);
		else
			facts_add_number(&f, code, v, scale, NOW);
	r = run(state, "news2", &f);
	facts_fini(&f);
	return r;
}

static const struct {
	const char *code;
	int64_t v;
	int scale;
	int points;
} vitals[] = {
    {"9279-1", 8, 0, 3},
    {"9279-1", 9, 0, 1},
    {"9279-1", 11, 0, 1},
    {"9279-1", 12, 0, 0},
    {"9279-1", 20, 0, 0},
    {"9279-1", 21, 0, 2},
    {"9279-1", 24, 0, 2},
    {"9279-1", 25, 0, 3},
    {"59408-5", 91, 0, 3},
    {"59408-5", 92, 0, 2},
    {"59408-5", 93, 0, 2},
    {"59408-5", 94, 0, 1},
    {"59408-5", 95, 0, 1},
    {"59408-5", 96, 0, 0},
    {"8480-6", 90, 0, 3},
    {"8480-6", 91, 0, 2},
    {"8480-6", 100, 0, 2},
    {"8480-6", 101, 0, 1},
    {"8480-6", 110, 0, 1},
    {"8480-6", 111, 0, 0},
    {"8480-6", 219, 0, 0},
    {"8480-6", 220, 0, 3},
    {"8867-4", 40, 0, 3},
    {"8867-4", 41, 0, 1},
    {"8867-4", 50, 0, 1},
    {"8867-4", 51, 0, 0},
    {"8867-4", 90, 0, 0},
    {"8867-4", 91, 0, 1},
    {"8867-4", 110, 0, 1},
    {"8867-4", 111, 0, 2},
    {"8867-4", 130, 0, 2},
    {"8867-4", 131, 0, 3},
    {"8310-5", 350, 1, 3},
    {"8310-5", 351, 1, 1},
    {"8310-5", 360, 1, 1},
    {"8310-5", 361, 1, 0},
    {"8310-5", 380, 1, 0},
    {"8310-5", 381, 1, 1},
    {"8310-5", 390, 1, 1},
    {"8310-5", 391, 1, 2},
    {"on-oxygen", 1, 0, 2},
    {"cvpu", 0, 0, 3},
};

static void test_score__news2(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(vitals); i++) {
		struct score_result r =
		    news(state, vitals[i].code, vitals[i].v, vitals[i].scale);

		assert_true(r.is_complete);
		assert_int_equal(r.total, vitals[i].points);
		/* One part of 3 alone is urgent. */
		assert_string_equal(
		    r.band, vitals[i].points == 3 ? "urgent" : "low");
	}
}

static void test_score__news2_second_oxygen_scale(void **state)
{
	static const struct {
		int spo2;
		bool oxygen;
		int points;
	} rows[] = {
	    {83, false, 3},
	    {84, false, 2},
	    {85, false, 2},
	    {86, false, 1},
	    {87, false, 1},
	    {88, false, 0},
	    {92, false, 0},
	    {99, false, 0},
	    {83, true, 3},
	    {92, true, 0},
	    {93, true, 1},
	    {94, true, 1},
	    {95, true, 2},
	    {96, true, 2},
	    {97, true, 3},
	};
	const struct score *s = score_set_find(*state, "news2");

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct facts f = {0};
		struct score_result r;
		int found = -1;

		facts_add_number(&f, "spo2-scale", 2, 0, NOW - DAY_S);
		facts_age(&f);
		facts_add_number(&f, "59408-5", rows[i].spo2, 0, NOW);
		facts_add_flag(&f, "on-oxygen", rows[i].oxygen, NOW);
		score_run(&r, s, &f, NOW);
		assert_false(r.is_complete);
		for (size_t k = 0; k < r.n_parts; k++)
			if (!strncmp(r.parts[k].id, "oxygen", 6)) {
				assert_int_equal(found, -1);
				found = r.parts[k].points;
			}
		assert_int_equal(found, rows[i].points);
		facts_fini(&f);
	}
}

static void test_score__mmrc(void **state)
{
	for (int g = 0; g <= 5; g++) {
		struct facts f = {0};
		struct score_result r;

		facts_add_number(&f, "mmrc", g, 0, NOW);
		r = run(state, "mmrc", &f);
		assert_int_equal(r.is_complete, g <= 4);
		if (g <= 4)
			assert_string_equal(r.band, g < 2 ? "less" : "more");
		facts_fini(&f);
	}
}

static void test_score__nothing_under_licence(void **state)
{
	static const char *const not_ours[] = {
	    "mmas-8", "cat", "act", "mmse", "china-par", "sf-36", "eq-5d"};

	for (size_t i = 0; i < ARRAY_LEN(not_ours); i++)
		assert_null(score_set_find(*state, not_ours[i]));
	for (size_t i = 0; i < score_set_total(*state); i++) {
		const struct score *s = score_set_at(*state, i);

		assert_true(strlen(score_source(s)) > 10);
		assert_non_null(score_title(s)->en);
		assert_ptr_equal(score_set_find(*state, score_id(s)), s);
	}
}

#define HEAD                                                                   \
	"{\"id\":\"s\",\"version\":1,\"title\":{\"zh\":\"a\",\"en\":\"b\"},"   \
	"\"source\":\"s\",\"scores\":"
#define SCORE                                                                  \
	"{\"id\":\"x\",\"version\":1,\"title\":{\"zh\":\"a\",\"en\":\"b\"},"   \
	"\"source\":\"s\",\"code\":\"c\","
#define BANDS                                                                  \
	"\"bands\":[{\"id\":\"b\",\"from\":0,"                                 \
	"\"words\":{\"zh\":\"a\",\"en\":\"b\"}}]"
#define PARTS                                                                  \
	"\"parts\":[{\"id\":\"p\",\"code\":\"c\","                             \
	"\"numbers\":[{\"from\":0,\"points\":0}]}]"

static void test_score__refuses_tables_with_the_place(void **state)
{
	static const struct {
		const char *list;
		const char *says;
	} rows[] = {
	    {"[]", "none"},
	    {"[1]", "scores[0]"},
	    {"[" SCORE BANDS "}]", "parts"},
	    {"[" SCORE PARTS "}]", "bands"},
	    {"[" SCORE PARTS "," BANDS "}," SCORE PARTS "," BANDS "}]",
		"twice"},
	    {"[" SCORE "\"parts\":[{\"id\":\"p\"}]," BANDS "}]", "no when"},
	    {"[" SCORE "\"parts\":[{\"id\":\"p\",\"code\":\"c\"}]," BANDS "}]",
		"no points"},
	    {"[" SCORE "\"parts\":[{\"id\":\"p\",\"code\":\"c\",\"numbers\":"
	     "[{\"from\":1,\"points\":0},{\"from\":1,\"points\":1}]}]," BANDS
	     "}]",
		"order"},
	    {"[" SCORE "\"parts\":[{\"id\":\"p\",\"code\":\"c\",\"numbers\":"
	     "[{\"from\":\"x\",\"points\":0}]}]," BANDS "}]",
		"from"},
	    {"[" SCORE "\"parts\":[{\"id\":\"p\",\"code\":\"c\",\"numbers\":"
	     "[{\"from\":1,\"points\":-1}]}]," BANDS "}]",
		"points"},
	    {"[" SCORE "\"parts\":[{\"id\":\"p\",\"code\":\"c\",\"options\":"
	     "{\"a\":\"1\"}}]," BANDS "}]",
		"a:"},
	    {"[" SCORE
	     "\"parts\":[{\"id\":\"p\",\"when\":{},\"points\":1}]," BANDS "}]",
		"when"},
	    {"[" SCORE PARTS ",\"bands\":[{\"id\":\"b\",\"from\":1,"
	     "\"words\":{\"zh\":\"a\",\"en\":\"b\"}}]}]",
		"begin at 0"},
	    {"[" SCORE PARTS "," BANDS ",\"x\":1}]", "unknown"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char json[1200];
		struct score_set *set = NULL;

		snprintf(json, sizeof(json), HEAD "%s}", rows[i].list);
		assert_int_equal(
		    score_set_parse(&set, json, strlen(json)), ERR_INVALID);
		assert_null(set);
		assert_non_null(strstr(err_detail(), rows[i].says));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_score__bands_of_the_questionnaires),
	    cmocka_unit_test(test_score__options_count_as_published),
	    cmocka_unit_test(test_score__is_not_computed_from_a_part),
	    cmocka_unit_test(test_score__lace),
	    cmocka_unit_test(test_score__comorbidity_from_diagnoses),
	    cmocka_unit_test(test_score__news2),
	    cmocka_unit_test(test_score__news2_second_oxygen_scale),
	    cmocka_unit_test(test_score__mmrc),
	    cmocka_unit_test(test_score__nothing_under_licence),
	    cmocka_unit_test(test_score__refuses_tables_with_the_place),
	};

	return cmocka_run_group_tests_name("score", tests, setup, teardown);
}
