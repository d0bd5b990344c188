/*
 * Tests of what a glance at a patient reads: the newest two values of each
 * measurement, and how the last alert went.
 */
#include "core/glance.h"
#include "core/triage.h"
#include "tests/desk_maker.h"
#include "tests/test.h"
#include "tui/catalog.h"
#include "tui/words.h"

static void test_glance__newest_values_and_those_before(void **state)
{
	static const struct {
		const char *code;
		int64_t value, before;
	} rows[] = {{"1558-6", 74, 69}, {"18262-6", 17, 29}, {"8462-4", 72, 75},
	    {"8480-6", 128, 134}, {"8867-4", 72, -1}};
	struct glance_value v[8];
	struct desk_maker m;
	struct id id = desk_patient(1);

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	desk_maker_follow(&m);
	assert_int_equal(glance_values(v, 8, m.desk.store, &id), 5);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_string_equal(v[i].code, rows[i].code);
		assert_int_equal(v[i].value, rows[i].value);
		assert_int_equal(v[i].has_before, rows[i].before >= 0);
		if (v[i].has_before)
			assert_int_equal(v[i].before, rows[i].before);
	}
	assert_int_equal(glance_values(v, 2, m.desk.store, &id), 2);
	id = desk_patient(77);
	assert_int_equal(glance_values(v, 8, m.desk.store, &id), 0);
	desk_maker_fini(&m);
}

static void test_glance__the_loop_of_the_last_alert(void **state)
{
	struct glance_loop loop;
	struct desk_maker m;
	struct id id = desk_patient(1);

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	assert_int_equal(glance_loop(&loop, m.desk.store, &id), 0);
	assert_int_equal(loop.alerts, 0);
	desk_maker_follow(&m);
	assert_int_equal(glance_loop(&loop, m.desk.store, &id), 0);
	assert_int_equal(loop.alerts, 1);
	assert_int_equal(loop.closed, 1);
	assert_string_equal(loop.text_en, "Minor bleeding");
	assert_string_equal(loop.queue, "cardiology");
	assert_string_equal(loop.answer, "观察，勿停药 go on, watch");
	assert_true(loop.at_s < loop.handled_s);
	assert_true(loop.handled_s < loop.closed_s);
	id = desk_patient(2);
	assert_int_equal(glance_loop(&loop, m.desk.store, &id), 0);
	assert_int_equal(loop.alerts, 1);
	assert_int_equal(loop.closed + (int)loop.handled_s, 0);
	desk_maker_fini(&m);
}

/* What must be asked is what a red-flag rule reads. */
static void test_glance__rules_name_the_facts_they_read(void **state)
{
	struct desk_maker m;
	const struct triage *t;

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	t = catalog_triage(m.desk.catalog);
	assert_non_null(t);
	assert_true(triage_mentions(t, "pci-chest-pain"));
	assert_true(triage_mentions(t, "8480-6"));
	assert_false(triage_mentions(t, "pci-chest"));
	assert_false(triage_mentions(t, "visit-class"));
	desk_maker_fini(&m);
}

static void test_glance__a_name_loses_its_unit_alone(void **state)
{
	static const char *const rows[][2] = {
	    {"systolic pressure mmHg", "systolic pressure"},
	    {"heart rate /min", "heart rate"},
	    {"体温 ℃", "体温"},
	    {"HbA1c %", "HbA1c"},
	    {"body mass index", "body mass index"},
	    {"体质指数", "体质指数"},
	    {"PHQ-9 total", "PHQ-9 total"},
	};
	char text[60];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		words_measure(text, sizeof(text), rows[i][0]);
		assert_string_equal(text, rows[i][1]);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_glance__newest_values_and_those_before),
	    cmocka_unit_test(test_glance__the_loop_of_the_last_alert),
	    cmocka_unit_test(test_glance__rules_name_the_facts_they_read),
	    cmocka_unit_test(test_glance__a_name_loses_its_unit_alone),
	};

	return cmocka_run_group_tests_name("glance", tests, NULL, NULL);
}
