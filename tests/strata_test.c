/* strata_test.c - risk tables, tags, targets. */
#include "core/clock.h"
#include "core/err.h"
#include "core/interval.h"
#include "core/json.h"
#include "core/strata.h"
#include "core/target.h"
#include "tests/own.h"
#include "tests/test.h"

#define NOW INT64_C(1795312800)

struct world {
	struct strata *strata;
	struct tag_set *tags;
	struct target_set *targets;
};

static int setup(void **state)
{
	static struct world w;

	w.strata = own_strata();
	w.tags = own_tags();
	w.targets = own_targets();
	*state = &w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	strata_free(&w->strata);
	tag_set_free(&w->tags);
	target_set_free(&w->targets);
	return 0;
}

static void add_bp(struct facts *f, int sbp, int dbp)
{
	facts_add_number(f, "8480-6", sbp, 0, NOW);
	facts_add_number(f, "8462-4", dbp, 0, NOW);
}

/* What puts a patient into a row of the table. */
static void add_row(struct facts *f, int row)
{
	facts_add_coded(f, "sex", "m", NOW);
	facts_add_number(f, "age", row == 1 ? 60 : 50, 0, NOW);
	if (row == 2)
		facts_add_coded(f, "condition", "E11.900", NOW);
	if (row == 3)
		facts_add_coded(f, "condition", "I63.900", NOW);
}

static void test_strata__every_cell_of_the_table(void **state)
{
	static const int pressures[5][2] = {
	    {129, 84}, {130, 80}, {120, 90}, {160, 80}, {130, 110}};
	static const enum strata_risk want[4][5] = {
	    {STRATA_NONE, STRATA_NONE, STRATA_LOW, STRATA_MEDIUM, STRATA_HIGH},
	    {STRATA_NONE, STRATA_LOW, STRATA_MEDIUM, STRATA_HIGH,
		STRATA_VERY_HIGH},
	    {STRATA_NONE, STRATA_HIGH, STRATA_HIGH, STRATA_HIGH,
		STRATA_VERY_HIGH},
	    {STRATA_NONE, STRATA_VERY_HIGH, STRATA_VERY_HIGH, STRATA_VERY_HIGH,
		STRATA_VERY_HIGH},
	};
	struct world *w = *state;

	for (int row = 0; row < 4; row++)
		for (int g = 0; g < 5; g++) {
			struct facts f = {0};
			struct strata_hypertension h;

			add_bp(&f, pressures[g][0], pressures[g][1]);
			add_row(&f, row);
			assert_int_equal(strata_hypertension(
					     &h, w->strata, "cn-2024", &f, NOW),
			    0);
			assert_int_equal(h.row, row);
			assert_int_equal(h.risk, want[row][g]);
			assert_true(h.least <= h.risk);
			assert_int_equal(h.grade == NULL, g == 0);
			facts_fini(&f);
		}
}

static void test_strata__grades_on_both_sides(void **state)
{
	static const struct {
		int sbp;
		int dbp;
		const char *grade;
	} rows[] = {
	    {129, 84, NULL},
	    {130, 84, "high-normal"},
	    {129, 85, "high-normal"},
	    {139, 89, "high-normal"},
	    {140, 89, "grade-1"},
	    {139, 90, "grade-1"},
	    {159, 99, "grade-1"},
	    {160, 99, "grade-2"},
	    {159, 100, "grade-2"},
	    {179, 109, "grade-2"},
	    {180, 109, "grade-3"},
	    {179, 110, "grade-3"},
	};
	struct world *w = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct facts f = {0};
		struct strata_hypertension h;

		add_bp(&f, rows[i].sbp, rows[i].dbp);
		assert_int_equal(
		    strata_hypertension(&h, w->strata, NULL, &f, NOW), 0);
		if (rows[i].grade)
			assert_string_equal(h.grade, rows[i].grade);
		else
			assert_null(h.grade);
		facts_fini(&f);
	}
}

/* One factor at a time: age of a man, of a woman, and so on. */
static void test_strata__factors_on_both_sides(void **state)
{
	static const struct {
		const char *sex;
		const char *code;
		int64_t out;
		int64_t in;
		int scale;
		const char *edition;
	} rows[] = {
	    {"m", "age", 55, 56, 0, "cn-2024"},
	    {"f", "age", 65, 66, 0, "cn-2024"},
	    {"m", "1558-6", 60, 61, 1, "cn-2024"},
	    {"m", "1558-6", 70, 69, 1, "cn-2024"},
	    {"m", "1521-4", 77, 78, 1, "cn-2024"},
	    {"m", "1521-4", 111, 110, 1, "cn-2024"},
	    {"m", "2093-3", 519, 520, 2, "cn-2024"},
	    {"m", "18262-6", 340, 341, 2, "cn-2024"},
	    {"m", "2085-9", 100, 99, 2, "cn-2024"},
	    {"m", "8280-0", 899, 900, 1, "cn-2024"},
	    {"f", "8280-0", 849, 850, 1, "cn-2024"},
	    {"m", "39156-5", 279, 280, 1, "cn-2024"},
	    {"m", "13965-9", 9, 10, 0, "cn-2024"},
	    {"m", "13965-9", 14, 15, 0, "cn-2018"},
	    {"m", "3084-1", 419, 420, 0, "cn-2024"},
	    {"f", "3084-1", 359, 360, 0, "cn-2024"},
	    {"m", "8867-4", 80, 81, 0, "cn-2024"},
	};
	struct world *w = *state;

	for (size_t i = 0; i < 2 * ARRAY_LEN(rows); i++) {
		size_t k = i / 2;
		struct facts f = {0};
		struct strata_hypertension h;

		add_bp(&f, 145, 80);
		facts_add_coded(&f, "sex", rows[k].sex, NOW);
		facts_add_number(&f, rows[k].code,
		    i % 2 ? rows[k].in : rows[k].out, rows[k].scale, NOW);
		assert_int_equal(strata_hypertension(
				     &h, w->strata, rows[k].edition, &f, NOW),
		    0);
		assert_int_equal(h.row, i % 2);
		assert_int_equal(h.n_reasons, i % 2);
		facts_fini(&f);
	}
}

static void test_strata__three_factors_are_a_row_of_their_own(void **state)
{
	struct world *w = *state;
	struct facts f = {0};
	struct strata_hypertension h;

	add_bp(&f, 135, 80);
	facts_add_coded(&f, "sex", "m", NOW);
	facts_add_number(&f, "age", 60, 0, NOW);
	facts_add_flag(&f, "smoking", true, NOW);
	assert_int_equal(strata_hypertension(&h, w->strata, NULL, &f, NOW), 0);
	assert_int_equal(h.row, 1);
	assert_int_equal(h.risk, STRATA_LOW);
	facts_add_number(&f, "39156-5", 28, 0, NOW);
	assert_int_equal(strata_hypertension(&h, w->strata, NULL, &f, NOW), 0);
	assert_int_equal(h.row, 2);
	assert_int_equal(h.least, STRATA_MEDIUM);
	assert_int_equal(h.risk, STRATA_HIGH);
	assert_string_equal(h.edition, "cn-2024");
	assert_int_equal(h.n_reasons, 3);
	facts_fini(&f);
}

static void test_strata__says_when_it_cannot(void **state)
{
	struct world *w = *state;
	struct facts f = {0};
	struct strata_hypertension h;

	assert_int_equal(
	    strata_hypertension(&h, w->strata, NULL, &f, NOW), ERR_NOT_FOUND);
	facts_add_number(&f, "8462-4", 95, 0, NOW);
	assert_int_equal(strata_hypertension(&h, w->strata, "cn-1999", &f, NOW),
	    ERR_NOT_FOUND);
	assert_int_equal(strata_hypertension(&h, w->strata, NULL, &f, NOW), 0);
	assert_string_equal(h.grade, "grade-1");
	facts_fini(&f);
	for (int r = STRATA_NONE; r <= STRATA_VERY_HIGH; r++) {
		assert_non_null(strata_risk_name((enum strata_risk)r));
		assert_non_null(strata_risk_words((enum strata_risk)r)->zh);
	}
}

static void test_strata__level_by_severity_adherence_support(void **state)
{
	static const struct {
		const char *code;
		const char *text;
		enum strata_risk level;
	} rows[] = {
	    {"adherence", "regular", STRATA_LOW},
	    {"adherence", "irregular", STRATA_MEDIUM},
	    {"adherence", "none", STRATA_HIGH},
	    {"triage-level", "orange", STRATA_MEDIUM},
	    {"triage-level", "red", STRATA_HIGH},
	    {"htn-risk", "medium", STRATA_MEDIUM},
	    {"htn-risk", "very-high", STRATA_HIGH},
	    {"condition", "422650009", STRATA_MEDIUM},
	    {"condition", "I50.0", STRATA_HIGH},
	    {"visit-class", "unsatisfied", STRATA_MEDIUM},
	};
	struct world *w = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct facts f = {0};
		struct strata_level l;

		facts_add_coded(&f, rows[i].code, rows[i].text, NOW);
		strata_level(&l, w->strata, &f, NOW);
		assert_int_equal(l.level, rows[i].level);
		assert_int_equal(l.n_reasons, l.level != STRATA_LOW);
		assert_int_equal(l.inputs.n > 0, l.level != STRATA_LOW);
		/* Of two, the higher, with its own reasons. */
		facts_add_number(&f, "age", 80, 0, NOW);
		strata_level(&l, w->strata, &f, NOW);
		assert_true(l.level >= STRATA_MEDIUM);
		assert_true(l.level >= rows[i].level);
		facts_fini(&f);
	}
}

static void test_tag__reason_and_expiry(void **state)
{
	struct world *w = *state;
	struct facts f = {0};
	struct tag_hit hits[16];

	assert_int_equal(tag_run(hits, 16, w->tags, &f, NOW), 0);
	facts_add_number(&f, "8480-6", 139, 0, NOW);
	assert_int_equal(tag_run(hits, 16, w->tags, &f, NOW), 0);
	facts_add_number(&f, "8480-6", 140, 0, NOW + 1);
	assert_int_equal(tag_run(hits, 16, w->tags, &f, NOW + 1), 1);
	assert_string_equal(hits[0].rule->id, "bp-high");
	assert_true(*hits[0].rule->why.zh && *hits[0].rule->why.en);
	assert_int_equal(hits[0].expires_s, NOW + 1 + 120 * DAY_S);
	assert_string_equal(hits[0].inputs.used[0].code, "8480-6");
	/* Nothing is dropped from the count when there is no room. */
	assert_int_equal(tag_run(NULL, 0, w->tags, &f, NOW + 1), 1);
	facts_add_flag(&f, "smoking", true, NOW);
	assert_int_equal(tag_run(hits, 16, w->tags, &f, NOW + 1), 2);
	assert_int_equal(hits[1].expires_s, 0);
	facts_fini(&f);
}

static void test_target__by_edition_and_patient(void **state)
{
	static const struct {
		const char *edition;
		int age;
		const char *condition;
		int below;
	} rows[] = {
	    {"cn-public-health-2017", 64, "I10", 140},
	    {"cn-public-health-2017", 65, "I10", 150},
	    {"cn-public-health-2017", 65, "E11.9", 140},
	    {"cn-public-health-2017", 65, "N18.3", 140},
	    {"cn-primary-2025", 79, "I10", 130},
	    {"cn-primary-2025", 80, "I10", 150},
	    {"cn-primary-2025", 80, "E11.9", 130},
	};
	struct world *w = *state;
	struct target t;
	struct facts none = {0};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct facts f = {0};
		struct fact v = {.scale = 0};

		facts_add_number(&f, "age", rows[i].age, 0, NOW);
		facts_add_coded(&f, "condition", rows[i].condition, NOW);
		facts_age(&f);
		assert_true(target_find(&t, w->targets, "8480-6",
		    &(struct target_ask){rows[i].edition, &f, NOW}));
		assert_int_equal(t.below, rows[i].below);
		v.value = rows[i].below - 1;
		assert_int_equal(target_cmp(&t, &v), 0);
		v.value++;
		assert_int_equal(target_cmp(&t, &v), 1);
		facts_fini(&f);
	}
	assert_false(target_find(
	    &t, w->targets, "none", &(struct target_ask){NULL, &none, NOW}));
	assert_false(target_find(&t, w->targets, "8480-6",
	    &(struct target_ask){"none", &none, NOW}));
	assert_true(target_find(&t, w->targets, "8867-4",
	    &(struct target_ask){"pci-secondary", &none, NOW}));
	assert_int_equal(target_cmp(&t, &(struct fact){.value = 54}), -1);
	assert_int_equal(target_cmp(&t, &(struct fact){.value = 55}), 0);
	assert_int_equal(target_cmp(&t, &(struct fact){.value = 80}), 0);
	assert_int_equal(target_cmp(&t, &(struct fact){.value = 81}), 1);
}

static const char *classify(struct world *w, struct facts *f)
{
	struct target_visit v;

	target_classify(&v, w->targets, NULL, f, NOW);
	assert_string_equal(v.edition, "cn-public-health-2017");
	return v.class ? v.class : "";
}

static void test_target__proposes_the_class_of_a_visit(void **state)
{
	struct world *w = *state;
	struct facts f = {0};

	assert_string_equal(classify(w, &f), "");
	add_bp(&f, 150, 95);
	facts_age(&f);
	assert_string_equal(classify(w, &f), "");
	add_bp(&f, 139, 89);
	assert_string_equal(classify(w, &f), VISIT_SATISFIED);
	facts_add_number(&f, "1558-6", 69, 1, NOW);
	assert_string_equal(classify(w, &f), VISIT_SATISFIED);
	facts_drop(&f, "1558-6");
	facts_add_number(&f, "1558-6", 70, 1, NOW);
	assert_string_equal(classify(w, &f), VISIT_UNSATISFIED);
	facts_add_coded(&f, "adverse-reaction", "no", NOW);
	assert_string_equal(classify(w, &f), VISIT_UNSATISFIED);
	facts_drop(&f, "adverse-reaction");
	facts_add_coded(&f, "adverse-reaction", "yes", NOW);
	assert_string_equal(classify(w, &f), VISIT_ADVERSE);
	facts_add_coded(&f, "complication", "none", NOW);
	assert_string_equal(classify(w, &f), VISIT_ADVERSE);
	facts_drop(&f, "complication");
	facts_add_coded(&f, "complication", "worse", NOW);
	assert_string_equal(classify(w, &f), VISIT_COMPLICATION);
	facts_fini(&f);
}

#define HEAD                                                                   \
	"{\"id\":\"n\",\"version\":1,\"title\":{\"zh\":\"a\",\"en\":\"b\"},"   \
	"\"source\":\"s\","
#define WHY "\"why\":{\"zh\":\"a\",\"en\":\"b\"}"
#define NAME "\"name\":{\"zh\":\"a\",\"en\":\"b\"}"

static void test_target__refuses_tables_with_the_place(void **state)
{
	static const struct {
		const char *part;
		const char *says;
	} rows[] = {
	    {"\"editions\":[]", "none"},
	    {"\"editions\":[1]", "editions[0]"},
	    {"\"editions\":[{\"id\":\"a\",\"rows\":[]}]", "rows"},
	    {"\"editions\":[{\"id\":\"a\",\"rows\":[{\"below\":1}]}]", "code"},
	    {"\"editions\":[{\"id\":\"a\",\"rows\":[{\"code\":\"c\"}]}]",
		"no bound"},
	    {"\"editions\":[{\"id\":\"a\",\"rows\":[{\"code\":\"c\","
	     "\"below\":\"x\"}]}]",
		"number"},
	    {"\"editions\":[{\"id\":\"a\",\"rows\":[{\"code\":\"c\","
	     "\"below\":1}]}]",
		"why"},
	    {"\"editions\":[{\"id\":\"a\",\"rows\":[{\"code\":\"c\","
	     "\"from\":1," WHY ",\"when\":{}}]}]",
		"when"},
	    {"\"editions\":[{\"id\":\"a\",\"rows\":[{\"x\":1}]}]", "unknown"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char json[600];
		struct target_set *set = NULL;

		snprintf(json, sizeof(json), HEAD "%s}", rows[i].part);
		assert_int_equal(
		    target_set_parse(&set, json, strlen(json)), ERR_INVALID);
		assert_null(set);
		assert_non_null(strstr(err_detail(), rows[i].says));
	}
}

static void test_tag__refuses_tables_with_the_place(void **state)
{
	static const struct {
		const char *part;
		const char *says;
	} rows[] = {
	    {"\"tags\":[]", "none"},
	    {"\"tags\":[1]", "tags[0]"},
	    {"\"tags\":[{\"id\":\"A\"}]", "id"},
	    {"\"tags\":[{\"id\":\"a\"}]", "version"},
	    {"\"tags\":[{\"id\":\"a\",\"version\":1}]", "expires_days"},
	    {"\"tags\":[{\"id\":\"a\",\"version\":1,\"expires_days\":1}]",
		"name"},
	    {"\"tags\":[{\"id\":\"a\",\"version\":1,\"expires_days\":1," NAME
	     "}]",
		"why"},
	    {"\"tags\":[{\"id\":\"a\",\"version\":1,\"expires_days\":1," NAME
	     "," WHY "}]",
		"when"},
	    {"\"tags\":[{\"id\":\"a\",\"version\":1,\"expires_days\":1," NAME
	     "," WHY ",\"when\":{\"code\":\"c\",\"op\":\"exists\",\"value\":"
	     "true}},{\"id\":\"a\",\"version\":1,\"expires_days\":1," NAME
	     "," WHY ",\"when\":{\"code\":\"c\",\"op\":\"exists\",\"value\":"
	     "true}}]",
		"twice"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char json[800];
		struct tag_set *set = NULL;

		snprintf(json, sizeof(json), HEAD "%s}", rows[i].part);
		assert_int_equal(
		    tag_set_parse(&set, json, strlen(json)), ERR_INVALID);
		assert_null(set);
		assert_non_null(strstr(err_detail(), rows[i].says));
	}
}

#define GRADES4                                                                \
	"\"grades\":[{\"id\":\"a\",\"sbp\":130,\"dbp\":85},{\"id\":\"b\","     \
	"\"sbp\":140,\"dbp\":90},{\"id\":\"c\",\"sbp\":160,\"dbp\":100},"      \
	"{\"id\":\"d\",\"sbp\":180,\"dbp\":110}]"
#define ROW "[\"low\",\"low\",\"low\",\"low\"]"

static void test_strata__refuses_tables_with_the_place(void **state)
{
	static const struct {
		const char *part;
		const char *says;
	} rows[] = {
	    {"\"editions\":[]", "none"},
	    {"\"editions\":[{}]", "id"},
	    {"\"editions\":[{\"id\":\"a\"}]", "grades"},
	    {"\"editions\":[{\"id\":\"a\",\"grades\":[1,1,1,1]}]", "id"},
	    {"\"editions\":[{\"id\":\"a\"," GRADES4 "}]", "rows"},
	    {"\"editions\":[{\"id\":\"a\"," GRADES4 ",\"rows\":[[],[],[],[]]"
	     "}]",
		"4 cells"},
	    {"\"editions\":[{\"id\":\"a\"," GRADES4 ",\"rows\":[" ROW "," ROW
	     "," ROW ",[\"low\",\"low\",\"low\",\"bad\"]]}]",
		"cell"},
	    {"\"editions\":[{\"id\":\"a\"," GRADES4 ",\"rows\":[" ROW "," ROW
	     "," ROW ",[\"low\",\"low\",\"low\",\"high/low\"]]}]",
		"cell"},
	    {"\"editions\":[{\"id\":\"a\"," GRADES4 ",\"rows\":[" ROW "," ROW
	     "," ROW ",[\"low\",\"low\",\"low\","
	     "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"]]}]",
		"cell"},
	    {"\"editions\":[{\"id\":\"a\"," GRADES4 ",\"rows\":[" ROW "," ROW
	     "," ROW "," ROW "]}]",
		"tags"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char json[1000];
		struct strata *s = NULL;
		const char *const texts[2] = {json, ""};

		snprintf(json, sizeof(json), HEAD "%s}", rows[i].part);
		assert_int_equal(
		    strata_parse(&s, texts, (const size_t[2]){strlen(json), 0}),
		    ERR_INVALID);
		assert_null(s);
		assert_non_null(strstr(err_detail(), rows[i].says));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_strata__every_cell_of_the_table),
	    cmocka_unit_test(test_strata__grades_on_both_sides),
	    cmocka_unit_test(test_strata__factors_on_both_sides),
	    cmocka_unit_test(test_strata__three_factors_are_a_row_of_their_own),
	    cmocka_unit_test(test_strata__says_when_it_cannot),
	    cmocka_unit_test(test_strata__level_by_severity_adherence_support),
	    cmocka_unit_test(test_tag__reason_and_expiry),
	    cmocka_unit_test(test_target__by_edition_and_patient),
	    cmocka_unit_test(test_target__proposes_the_class_of_a_visit),
	    cmocka_unit_test(test_target__refuses_tables_with_the_place),
	    cmocka_unit_test(test_tag__refuses_tables_with_the_place),
	    cmocka_unit_test(test_strata__refuses_tables_with_the_place),
	};

	return cmocka_run_group_tests_name("strata", tests, setup, teardown);
}
