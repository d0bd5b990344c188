/* pathway_test.c - days of contacts: the national state machine in full,
 * plans by steps, enrolment, several pathways at once. */
#include "core/clock.h"
#include "core/err.h"
#include "core/json.h"
#include "core/pathway_set.h"
#include "tests/own.h"
#include "tests/test.h"

#define ZONE (8 * 3600)
#define DAY INT64_C(20779) /* 2026-11-22 */
#define AT(day) ((day)*DAY_S)

static int setup(void **state)
{
	*state = own_pathways();
	return 0;
}

static int teardown(void **state)
{
	struct pathway_set *set = *state;

	pathway_set_free(&set);
	return 0;
}

static void add_class(struct facts *f, const char *class, int64_t day)
{
	if (class)
		facts_add_coded(f, VISIT_CLASS, class, AT(day));
}

static void next_after(struct pathway_due *due, const struct pathway *p,
    const char *step, struct facts *f)
{
	struct pathway_visit v = {
	    .step = step,
	    .anchor_day = DAY - 90,
	    .day = DAY,
	    .now_s = AT(DAY),
	    .facts = f,
	};

	pathway_next(due, p, &v);
}

static const char *const classes[] = {
    NULL,
    VISIT_SATISFIED,
    VISIT_UNSATISFIED,
    VISIT_ADVERSE,
    VISIT_COMPLICATION,
};

/* The table of the national specification, written once more by hand:
 * days and referral by what was before and what is found today. */
static void expect_national(const struct pathway *p, const char *before,
    const char *today, const struct pathway_due *due)
{
	bool same = before && !strcmp(before, today);
	bool refer = !strcmp(today, VISIT_COMPLICATION) ||
		     (same && strcmp(today, VISIT_SATISFIED));
	int days = strcmp(today, VISIT_SATISFIED) ? 14 : 90;

	assert_false(due->is_over);
	assert_int_equal(due->due_day, DAY + days);
	assert_true(due->open_day <= due->due_day);
	assert_true(due->open_day > DAY);
	assert_int_equal(due->close_day, DAY + days);
	assert_int_equal(due->refer != NULL, refer);
	assert_string_equal(due->step, "routine");
	assert_string_equal(due->script, p->repeat.script);
	assert_true(due->version >= 1);
	assert_true(due->inputs.n >= 1);
}

static void check_machine(const struct pathway *p)
{
	for (size_t a = 0; a < ARRAY_LEN(classes); a++)
		for (size_t b = 0; b < ARRAY_LEN(classes); b++)
			for (size_t c = 1; c < ARRAY_LEN(classes); c++) {
				struct facts f = {0};
				struct pathway_due due;

				add_class(&f, classes[a], DAY - 28);
				add_class(&f, classes[b], DAY - 14);
				facts_age(&f);
				add_class(&f, classes[c], DAY);
				next_after(&due, p, "routine", &f);
				/* Without a last visit the one before it
				 * is the last. */
				expect_national(p,
				    classes[b] ? classes[b] : classes[a],
				    classes[c], &due);
				facts_fini(&f);
			}
}

static void test_pathway__national_state_machine_in_full(void **state)
{
	static const char *const ids[] = {
	    "hypertension",
	    "type2-diabetes",
	    "hypertension-diabetes",
	};

	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		const struct pathway *p = pathway_set_find(*state, ids[i], 0);

		assert_non_null(p);
		check_machine(p);
	}
}

static void test_pathway__most_severe_finding_decides(void **state)
{
	const struct pathway *p = pathway_set_find(*state, "hypertension", 0);
	struct facts f = {0};
	struct pathway_due due;

	add_class(&f, VISIT_SATISFIED, DAY);
	add_class(&f, VISIT_ADVERSE, DAY);
	next_after(&due, p, "routine", &f);
	assert_string_equal(due.rule, "htn-adverse");
	facts_add_coded(&f, "trend", "fluctuating", AT(DAY));
	next_after(&due, p, "routine", &f);
	assert_string_equal(due.rule, "htn-fluctuating");
	assert_int_equal(due.due_day, DAY + 7);
	facts_add_coded(&f, "complication", "worse", AT(DAY));
	next_after(&due, p, "routine", &f);
	assert_int_equal(due.due_day, DAY + 7);
	assert_string_equal(due.refer->id, "htn-complication");
	facts_clear(&f);
	facts_add_coded(&f, "triage-level", "emergency", AT(DAY));
	next_after(&due, p, "routine", &f);
	assert_string_equal(due.rule, "htn-emergency");
	assert_int_equal(due.due_day, DAY + 14);
	assert_non_null(due.refer);
	facts_fini(&f);
}

static void test_pathway__steps_count_from_the_operation(void **state)
{
	static const struct {
		const char *step;
		int day; /* of the contact, after the operation */
		const char *next;
		int due;
	} rows[] = {
	    {"day-7", 5, "day-30", 30},
	    {"day-7", 10, "day-30", 30},
	    {"day-7", 36, "day-30", 37},
	    {"day-7", 37, "day-90", 90},
	    {"day-30", 30, "day-90", 90},
	    {"day-90", 95, "day-180", 180},
	    {"day-180", 180, "quarter", 270},
	    {"quarter", 270, "quarter", 360},
	    {"check", 21, "day-30", 30},
	    {"check", 30, "day-90", 90},
	    {NULL, 0, "day-7", 7},
	};
	const struct pathway *p = pathway_set_find(*state, "pci", 0);
	struct facts f = {0};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct pathway_due due;
		struct pathway_visit v = {
		    rows[i].step, DAY, DAY + rows[i].day, AT(DAY), &f};

		pathway_next(&due, p, &v);
		assert_false(due.is_over);
		assert_string_equal(due.step, rows[i].next);
		assert_int_equal(due.due_day, DAY + rows[i].due);
		assert_true(due.open_day > v.day);
		assert_true(due.close_day >= due.due_day);
		assert_string_equal(due.rule, "plan");
	}
}

static void test_pathway__a_rule_comes_before_a_later_step(void **state)
{
	const struct pathway *p = pathway_set_find(*state, "pci", 0);
	struct facts f = {0};
	struct pathway_due due;
	struct pathway_visit v = {"day-7", DAY, DAY + 7, AT(DAY), &f};

	add_class(&f, VISIT_ADVERSE, DAY);
	pathway_next(&due, p, &v);
	assert_string_equal(due.step, "check");
	assert_string_equal(due.script, "pci-day7");
	assert_int_equal(due.due_day, DAY + 21);
	/* Ten days before the next step it would not bring it forward. */
	v.day = DAY + 20;
	pathway_next(&due, p, &v);
	assert_string_equal(due.step, "day-30");
	assert_int_equal(due.due_day, DAY + 30);
	facts_fini(&f);
}

static void test_pathway__ends_and_does_not_end_in_danger(void **state)
{
	const struct pathway *p = pathway_set_find(*state, "pci", 0);
	struct facts f = {0};
	struct pathway_due due;
	struct pathway_visit v = {"quarter", DAY, DAY + 360, AT(DAY), &f};

	pathway_next(&due, p, &v);
	assert_true(due.is_over);
	facts_add_coded(&f, "triage-level", "emergency", AT(DAY));
	pathway_next(&due, p, &v);
	assert_false(due.is_over);
	assert_int_equal(due.due_day, DAY + 363);
	assert_string_equal(due.step, "check");
	assert_string_equal(due.script, "pci-day90");
	facts_fini(&f);
}

static void test_pathway__first_contact(void **state)
{
	const struct pathway *pci = pathway_set_find(*state, "pci", 0);
	const struct pathway *htn = pathway_set_find(*state, "hypertension", 0);
	struct pathway_due due;

	pathway_first_due(&due, pci, DAY, DAY + 1);
	assert_string_equal(due.step, "day-7");
	assert_int_equal(due.open_day, DAY + 5);
	assert_int_equal(due.due_day, DAY + 7);
	assert_int_equal(due.close_day, DAY + 10);
	pathway_first_due(&due, pci, DAY, DAY + 11);
	assert_string_equal(due.step, "day-30");
	pathway_first_due(&due, pci, DAY, DAY + 10);
	assert_string_equal(due.step, "day-7");
	assert_int_equal(due.due_day, DAY + 10);
	pathway_first_due(&due, pci, DAY, DAY + 300);
	assert_string_equal(due.step, "quarter");
	assert_int_equal(due.due_day, DAY + 360);
	pathway_first_due(&due, pci, DAY, DAY + 400);
	assert_true(due.is_over);
	pathway_first_due(&due, htn, DAY, DAY);
	assert_string_equal(due.step, "first");
	assert_int_equal(due.due_day, DAY + 7);
	assert_string_equal(due.script, "hypertension");
}

static void add_person(struct facts *f, int age, const char *const *codes)
{
	facts_add_number(f, "age", age, 0, AT(DAY));
	for (; *codes; codes += 2)
		facts_add_coded(f, codes[0], codes[1], AT(DAY - 10));
	facts_age(f);
}

static void test_pathway__suggests_by_diagnosis_and_operation(void **state)
{
	static const struct {
		int age;
		const char *codes[9];
		const char *want; /* NULL: none of the four */
	} rows[] = {
	    {67, {"condition", "I10.x00"}, "hypertension"},
	    {67, {"condition", "59621000"}, "hypertension"},
	    {17, {"condition", "I10.x00"}, NULL},
	    {18, {"condition", "I10.x00"}, "hypertension"},
	    {50, {"condition", "E11.900"}, "type2-diabetes"},
	    {50, {"condition", "44054006"}, "type2-diabetes"},
	    {50, {"condition", "E10.900"}, NULL},
	    {50, {"condition", "E11.900", "condition", "I10"},
		"hypertension-diabetes"},
	    {67, {"procedure", "36.0700"}, "pci"},
	    {67, {"procedure", "415070008"}, "pci"},
	    {67, {"condition", "J06.900"}, NULL},
	};
	static const char *const four[] = {
	    "hypertension", "type2-diabetes", "hypertension-diabetes", "pci"};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct facts f = {0};
		struct pathway_enrol e[8];
		size_t n;
		size_t found = 0;

		add_person(&f, rows[i].age, rows[i].codes);
		n = pathway_set_suggest(e, ARRAY_LEN(e), *state, &f,
		    (struct pathway_when){AT(DAY), ZONE});
		for (size_t k = 0; k < n; k++)
			for (size_t q = 0; q < ARRAY_LEN(four); q++) {
				if (strcmp(e[k].pathway->head.id, four[q]))
					continue;
				assert_non_null(rows[i].want);
				assert_string_equal(rows[i].want, four[q]);
				assert_true(e[k].because.n >= 1);
				found++;
			}
		assert_int_equal(found, rows[i].want != NULL);
		facts_fini(&f);
	}
}

static void test_pathway__anchor_is_the_day_of_the_operation(void **state)
{
	static const char *const codes[] = {"procedure", "36.0700", NULL};
	const struct pathway *p = pathway_set_find(*state, "pci", 0);
	struct pathway_enrol e;
	struct facts f = {0};

	add_person(&f, 67, codes);
	assert_true(pathway_should_enrol(&e, p, &f, AT(DAY), ZONE));
	assert_int_equal(e.anchor_day, DAY - 10);
	assert_false(pathway_should_enrol(&e, p, &f, AT(DAY + 356), ZONE));
	facts_fini(&f);
}

static void test_pathway__one_call_serves_all_that_are_open(void **state)
{
	const struct pathway *htn = pathway_set_find(*state, "hypertension", 0);
	const struct pathway *pci = pathway_set_find(*state, "pci", 0);
	struct pathway_due dues[3] = {
	    {.pathway = htn,
		.step = "routine",
		.script = "hypertension",
		.open_day = DAY + 20,
		.due_day = DAY + 34,
		.close_day = DAY + 34,
		.minutes = 8},
	    {.pathway = pci,
		.step = "day-30",
		.script = "pci-day30",
		.open_day = DAY + 18,
		.due_day = DAY + 23,
		.close_day = DAY + 30,
		.minutes = 6},
	    {.pathway = pci, .is_over = true},
	};
	struct pathway_plan plan;

	assert_true(pathway_merge(&plan, dues, 3));
	assert_int_equal(plan.day, DAY + 23);
	assert_int_equal(plan.open_day, DAY + 20);
	assert_int_equal(plan.close_day, DAY + 30);
	assert_int_equal(plan.n_served, 2);
	assert_ptr_equal(plan.served[0], dues + 1);
	assert_int_equal(plan.n_scripts, 2);
	assert_int_equal(plan.minutes, 14);
	dues[0].open_day = DAY + 24;
	assert_true(pathway_merge(&plan, dues, 3));
	assert_int_equal(plan.n_served, 1);
	assert_false(pathway_merge(&plan, dues + 2, 1));
}

static void test_pathway__anchors(void **state)
{
	static const struct {
		const char *pathway;
		const char *kind;
		const char *code;
		const char *extra; /* flag 4 days ago */
		int anchor;        /* days ago */
	} rows[] = {
	    {"stroke", "condition", "I63.9", "discharge", 4},
	    {"stroke", "condition", "I63.9", NULL, 0},
	    {"tumour", "condition", "C34.9", NULL, 10},
	    {"pci", "procedure", "36.06", "discharge", 10},
	    {"hypertension", "condition", "I10", NULL, 0},
	    {"abnormal-finding", "finding", "R91", NULL, 10},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct pathway *p =
		    pathway_set_find(*state, rows[i].pathway, 0);
		struct pathway_enrol e;
		struct facts f = {0};

		facts_add_number(&f, "age", 60, 0, AT(DAY));
		facts_add_coded(&f, rows[i].kind, rows[i].code, AT(DAY - 10));
		if (rows[i].extra)
			facts_add_flag(&f, rows[i].extra, true, AT(DAY - 4));
		facts_age(&f);
		assert_true(pathway_should_enrol(&e, p, &f, AT(DAY), ZONE));
		assert_int_equal(e.anchor_day, DAY - rows[i].anchor);
		assert_non_null(pathway_anchor_name(p->anchor));
		facts_fini(&f);
	}
}

static void test_pathway__advice_that_conflicts_is_named(void **state)
{
	const struct pathway *hf = pathway_set_find(*state, "heart-failure", 0);
	const struct pathway *copd = pathway_set_find(*state, "copd", 0);
	struct pathway_due dues[2];
	struct pathway_plan plan;
	bool drink = false;
	bool limit = false;

	pathway_first_due(&dues[0], hf, DAY, DAY);
	pathway_first_due(&dues[1], copd, DAY - 11, DAY);
	dues[1].open_day = DAY;
	assert_true(pathway_merge(&plan, dues, 2));
	assert_int_equal(plan.n_served, 2);
	assert_int_equal(plan.n_conflicts, 1);
	assert_string_equal(plan.conflicts[0]->theirs, "drink-more");
	for (size_t i = 0; i < plan.n_advice; i++) {
		drink |= !strcmp(plan.advice[i], "drink-more");
		limit |= !strcmp(plan.advice[i], "fluid-limit");
	}
	assert_true(limit && !drink);
}

/* Whatever was found, whenever: the next contact is after this one, its
 * window is around it, the reason is there; and it never goes on for ever
 * where the pathway has an end. */
static void test_pathway__property(void **state)
{
	struct test_env env;

	test_env_init(&env, 5);
	for (int i = 0; i < test_repeat(4000); i++) {
		const struct pathway *p;
		struct pathway_due due;
		struct pathway_visit v = {0};
		struct facts f = {0};
		uint32_t r[6];

		env_random(&env.env, r, sizeof(r));
		p = pathway_set_at(*state, r[0] % pathway_set_total(*state));
		add_class(&f, classes[r[1] % ARRAY_LEN(classes)], DAY - 9);
		facts_age(&f);
		add_class(&f, classes[r[2] % ARRAY_LEN(classes)], DAY);
		if (r[3] % 8 == 0)
			facts_add_coded(&f, "triage-level", "red", AT(DAY));
		v = (struct pathway_visit){
		    "check", DAY - r[4] % 2000, DAY, AT(DAY), &f};
		if (p->n_steps && r[5] % 2)
			v.step = p->steps[r[5] / 2 % p->n_steps].id;
		pathway_next(&due, p, &v);
		assert_non_null(due.why.zh);
		assert_non_null(due.rule);
		assert_true(due.version >= 1);
		if (!due.is_over) {
			assert_true(due.open_day > DAY);
			assert_true(due.open_day <= due.due_day);
			assert_true(due.due_day <= due.close_day);
			assert_true(due.minutes > 0);
		}
		facts_fini(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_pathway__national_state_machine_in_full),
	    cmocka_unit_test(test_pathway__most_severe_finding_decides),
	    cmocka_unit_test(test_pathway__steps_count_from_the_operation),
	    cmocka_unit_test(test_pathway__a_rule_comes_before_a_later_step),
	    cmocka_unit_test(test_pathway__ends_and_does_not_end_in_danger),
	    cmocka_unit_test(test_pathway__first_contact),
	    cmocka_unit_test(test_pathway__suggests_by_diagnosis_and_operation),
	    cmocka_unit_test(test_pathway__anchor_is_the_day_of_the_operation),
	    cmocka_unit_test(test_pathway__one_call_serves_all_that_are_open),
	    cmocka_unit_test(test_pathway__anchors),
	    cmocka_unit_test(test_pathway__advice_that_conflicts_is_named),
	    cmocka_unit_test(test_pathway__property),
	};

	return cmocka_run_group_tests_name("pathway", tests, setup, teardown);
}
