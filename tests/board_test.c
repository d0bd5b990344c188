/*
 * Tests of reassignment plans: each rule, what it refuses and why, promises
 * that clash, and the entries that come of it.
 */
#include "core/board.h"
#include "core/clock.h"
#include "core/json.h"
#include "core/store.h"
#include "tests/desk_maker.h"
#include "tests/test.h"

static const struct board_rule usual = {BOARD_BY_LOAD, true, true, false};

struct table {
	struct board_member who[3];
	struct board_target targets[3];
	struct board_move moves[40];
	struct board_plan plan;
};

/* A (the one who is ill), B and C; n patients of A. */
static void table_init(struct table *t, int n)
{
	*t = (struct table){
	    .who = {{.member = "A", .capacity = 40, .is_active = true},
		{.member = "B", .queue = 30, .capacity = 40},
		{.member = "C", .queue = 10, .capacity = 80}}};
	for (int i = 0; i < 3; i++)
		t->targets[i] = (struct board_target){
		    .who = &t->who[i], .is_chosen = i > 0};
	for (int i = 0; i < n; i++)
		t->moves[i] = (struct board_move){.from = "A",
		    .patient = desk_patient(i),
		    .is_high = i % 4 == 0};
	t->plan = (struct board_plan){.moves = t->moves, .count = (size_t)n};
}

static void make(struct table *t, const struct board_rule *rule)
{
	board_plan_make(&t->plan, t->targets, 3, rule);
}

static struct board_move *move_of(struct table *t, int patient)
{
	struct id id = desk_patient(patient);

	for (size_t i = 0; i < t->plan.count; i++)
		if (id_cmp(&t->moves[i].patient, &id) == 0)
			return &t->moves[i];
	fail();
	return NULL;
}

static void test_board__even_load_gives_high_risk_first(void **state)
{
	struct table t;

	(void)state;
	table_init(&t, 40);
	make(&t, &usual);
	assert_int_equal(t.targets[0].gets, 0);
	/* equal shares of capacity: 30 of 40 and 50 of 80 */
	assert_int_equal(t.targets[1].gets, 0);
	assert_int_equal(t.targets[2].gets, 40);
	assert_int_equal(t.targets[2].high, 10);
	for (int i = 0; i < 10; i++)
		assert_true(t.moves[i].is_high);
	t.targets[2].is_chosen = false;
	t.targets[1].is_chosen = false;
	make(&t, &usual);
	for (int i = 0; i < 40; i++) {
		assert_string_equal(t.moves[i].to, "");
		assert_int_equal(t.moves[i].left, BOARD_NOBODY);
	}
}

static void test_board__disease_goes_to_who_follows_it(void **state)
{
	struct board_path paths[] = {{"B", "pci"}, {"C", "copd"}};
	struct board_rule rule = usual;
	struct table t;

	(void)state;
	table_init(&t, 3);
	strcpy(t.moves[0].pathway, "pci");
	strcpy(t.moves[1].pathway, "copd");
	strcpy(t.moves[2].pathway, "stroke");
	t.plan.paths = paths;
	t.plan.path_count = 2;
	rule.by = BOARD_BY_DISEASE;
	make(&t, &rule);
	assert_string_equal(move_of(&t, 0)->to, "B");
	assert_string_equal(move_of(&t, 1)->to, "C");
	assert_string_equal(move_of(&t, 2)->to, "");
	assert_int_equal(move_of(&t, 2)->left, BOARD_DISEASE);
}

static void test_board__scripts_and_dialects_are_respected(void **state)
{
	struct board_rule rule = usual;
	struct table t;

	(void)state;
	table_init(&t, 3);
	strcpy(t.who[1].skills, "copd;pci-day7");
	strcpy(t.who[2].skills, "copd");
	strcpy(t.who[2].dialects, "普通话;粤语");
	strcpy(t.moves[0].script, "pci-day7");
	strcpy(t.moves[1].script, "pci-day");
	strcpy(t.moves[2].script, "copd");
	strcpy(t.moves[2].dialect, "粤语");
	make(&t, &rule);
	assert_string_equal(move_of(&t, 0)->to, "B");
	assert_int_equal(move_of(&t, 1)->left, BOARD_SCRIPT);
	rule.by = BOARD_BY_DIALECT;
	t.who[2].queue = 79;
	make(&t, &rule);
	assert_string_equal(move_of(&t, 2)->to, "C");
	strcpy(move_of(&t, 2)->dialect, "客家话");
	make(&t, &rule);
	assert_int_equal(move_of(&t, 2)->left, BOARD_DIALECT);
}

static void test_board__promises_avoid_a_clash_or_say_so(void **state)
{
	struct board_slot slots[] = {{"C", 100000}, {"B", 500000}};
	struct board_rule rule = usual;
	struct table t;

	(void)state;
	table_init(&t, 3);
	t.plan.slots = slots;
	t.plan.slot_count = 2;
	t.moves[0].promised_s = 100600; /* C is freer, but booked */
	t.moves[1].promised_s = 100000; /* clashes with C, and now with B */
	t.moves[2].promised_s = 900000;
	make(&t, &rule);
	assert_string_equal(move_of(&t, 0)->to, "B");
	assert_false(move_of(&t, 0)->clashes);
	assert_true(move_of(&t, 1)->clashes);
	assert_string_equal(move_of(&t, 2)->to, "C");
	assert_int_equal(t.targets[1].clashes + t.targets[2].clashes, 1);
	rule.keep_promises = false;
	make(&t, &rule);
	for (int i = 0; i < 3; i++)
		assert_int_equal(move_of(&t, i)->left, BOARD_PROMISED);
}

/* Three finished in three hours: one an hour, the four overdue go to B. */
static void test_board__forecast_goes_by_todays_pace(void **state)
{
	struct board_forecast f;
	struct table t;

	(void)state;
	table_init(&t, 4);
	for (int i = 0; i < 4; i++)
		t.moves[i].is_overdue = true;
	t.who[0].overdue = 4;
	t.targets[2].is_chosen = false;
	make(&t, &usual);
	board_forecast_make(&f, &t.plan, t.targets, 3, 100000);
	assert_int_equal(f.overdue, 4);
	assert_int_equal(f.clear_s, 0); /* nobody has finished anything */
	t.who[1].done = 3;
	t.who[1].first_s = 100000 - 3 * 3600;
	board_forecast_make(&f, &t.plan, t.targets, 3, 100000);
	assert_int_equal(f.an_hour, 1);
	assert_int_equal(f.clear_s, 100000 + 4 * 3600);
	/* who has finished nobody goes as fast as the others */
	t.who[2].overdue = 6;
	board_forecast_make(&f, &t.plan, t.targets, 3, 100000);
	assert_int_equal(f.overdue, 10);
	assert_int_equal(f.clear_s, 100000 + 6 * 3600);
}

/* A booked hour proposes the next quarter that is free. */
static void test_board__a_clash_proposes_a_free_time(void **state)
{
	struct board_slot slots[] = {{"B", 100000}, {"B", 100900}};
	struct table t;

	(void)state;
	table_init(&t, 1);
	t.targets[2].is_chosen = false;
	t.plan.slots = slots;
	t.plan.slot_count = 2;
	t.moves[0].promised_s = 100000;
	make(&t, &usual);
	assert_true(t.moves[0].clashes);
	assert_int_equal(t.moves[0].free_s, 101800);
	t.plan.slot_count = 0;
	make(&t, &usual);
	assert_int_equal(t.moves[0].free_s, 0);
}

static void test_board__finished_today_stay_unless_asked(void **state)
{
	struct board_rule rule = usual;
	struct table t;

	(void)state;
	table_init(&t, 2);
	t.moves[1].is_done = true;
	make(&t, &rule);
	assert_int_equal(move_of(&t, 1)->left, BOARD_FINISHED);
	assert_string_equal(move_of(&t, 0)->to, "C");
	rule.with_done = true;
	make(&t, &rule);
	assert_string_equal(move_of(&t, 1)->to, "C");
}

static void test_board__a_hand_overrules_every_rule(void **state)
{
	struct board_rule rule = usual;
	struct table t;
	struct draft draft = {0};
	struct id batch = {{5}};
	struct board_sign how = {&batch, "sick_leave"};

	(void)state;
	table_init(&t, 3);
	rule.by = BOARD_BY_HAND;
	make(&t, &rule);
	assert_int_equal(move_of(&t, 0)->left, BOARD_HAND);
	strcpy(t.moves[0].prior, "00000000000000000000000000000000-1-1");
	move_of(&t, 1)->is_fixed = true;
	strcpy(move_of(&t, 1)->to, "B");
	make(&t, &rule);
	assert_string_equal(move_of(&t, 1)->to, "B");
	assert_int_equal(t.targets[1].gets, 1);
	rule.by = BOARD_BY_LOAD;
	make(&t, &rule);
	assert_string_equal(move_of(&t, 1)->to, "B");
	assert_string_equal(move_of(&t, 2)->to, "C");
	move_of(&t, 2)->is_fixed = true;
	move_of(&t, 2)->to[0] = '\0';
	make(&t, &rule);
	assert_int_equal(board_plan_draft(&draft, &t.plan, 0, &how), 3);
	assert_int_equal(draft.count, 2);
	assert_string_equal(
	    json_str(draft_last(&draft), "reason", ""), "sick_leave");
	draft_fini(&draft);
}

static void test_board__the_store_tells_what_a_plan_needs(void **state)
{
	struct desk_maker m;
	struct board_plan plan = {0};
	struct board_ask ask;
	bool promised = false, high = false;

	(void)state;
	desk_maker_init(&m, 'S', NULL);
	desk_maker_fill(&m);
	ask = (struct board_ask){m.desk.team, 20779, 20779 * DAY_S - 28800};
	assert_int_equal(
	    board_plan_member(&plan, m.desk.store, "A017", &ask), 0);
	assert_int_equal(board_plan_team(&plan, m.desk.store, &m.desk.team), 0);
	assert_int_equal(plan.count, 6);
	assert_int_equal(plan.slot_count, 0); /* A017's own moves with it */
	assert_true(plan.path_count >= 3);
	for (size_t i = 0; i < plan.count; i++) {
		promised = promised || plan.moves[i].promised_s;
		high = high || plan.moves[i].is_high;
		assert_string_equal(plan.moves[i].from, "A017");
		assert_true(*plan.moves[i].script && *plan.moves[i].pathway);
		assert_true(*plan.moves[i].name);
	}
	assert_true(promised && high);
	board_plan_fini(&plan);
	desk_maker_fini(&m);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_board__even_load_gives_high_risk_first),
	    cmocka_unit_test(test_board__disease_goes_to_who_follows_it),
	    cmocka_unit_test(test_board__scripts_and_dialects_are_respected),
	    cmocka_unit_test(test_board__promises_avoid_a_clash_or_say_so),
	    cmocka_unit_test(test_board__forecast_goes_by_todays_pace),
	    cmocka_unit_test(test_board__a_clash_proposes_a_free_time),
	    cmocka_unit_test(test_board__finished_today_stay_unless_asked),
	    cmocka_unit_test(test_board__a_hand_overrules_every_rule),
	    cmocka_unit_test(test_board__the_store_tells_what_a_plan_needs),
	};
	return cmocka_run_group_tests_name("board", tests, NULL, NULL);
}
