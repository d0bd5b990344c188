/*
 * Tests of what the screens stand on: the worklist's pages, typed moments,
 * the end of a call, reassignment plans, and a call that is killed.
 */
#include "core/outcome.h"
#include "core/search.h"
#include "core/store.h"
#include "core/worklist.h"
#include "keys/hash.h"
#include "tests/desk_maker.h"
#include "tests/test.h"
#include "tui/call.h"
#include "tui/call_view.h"
#include "tui/catalog.h"
#include "tui/when.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static struct work_scope scope_of(const struct desk_maker *m)
{
	struct work_scope s = {
	    .member = "A017", .now_s = m->world.now_s, .zone_s = 28800};

	return s;
}

static void test_worklist__pages_give_every_row_once(void **state)
{
	struct desk_maker m;
	struct worklist *w;
	static struct work_row all[400], page[7];
	int n = 0, k, back = 0;

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	desk_maker_fill_many(&m, 200);
	w = worklist_new(m.desk.store);
	struct work_scope scope = scope_of(&m);
	assert_int_equal(worklist_refresh(w, &scope), 0);
	while ((k = worklist_page(w, page, 7, n ? &all[n - 1] : NULL, 1)) > 0)
		for (int i = 0; i < k; i++)
			all[n++] = page[i];
	assert_int_equal(n, 206);
	for (int i = 0; i < n; i++)
		for (int j = 0; j < i; j++)
			assert_int_not_equal(
			    id_cmp(&all[i].patient, &all[j].patient), 0);
	for (int i = 1; i < n; i++)
		assert_true(all[i - 1].class <= all[i].class);
	for (k = n; k > 0; back++) {
		assert_int_equal(
		    worklist_page(w, page, 1, k < n ? &all[k] : NULL, -1), 1);
		k--;
		assert_int_equal(id_cmp(&page[0].patient, &all[k].patient), 0);
		assert_int_equal(worklist_page(w, page, 1, &all[k], 0), 1);
		assert_int_equal(id_cmp(&page[0].patient, &all[k].patient), 0);
	}
	assert_int_equal(back, 206);
	worklist_free(&w);
	desk_maker_fini(&m);
}

static void test_worklist__says_who_comes_first(void **state)
{
	struct desk_maker m;
	struct worklist *w;
	struct work_row rows[10];
	struct work_counts counts;

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	w = worklist_new(m.desk.store);
	struct work_scope scope = scope_of(&m);
	assert_int_equal(worklist_refresh(w, &scope), 0);
	assert_int_equal(worklist_page(w, rows, 10, NULL, 1), 6);
	assert_int_equal(rows[0].class, WORK_CALLBACK);
	assert_string_equal(rows[0].name, "单雪梅");
	assert_int_equal(rows[1].class, WORK_URGENT);
	assert_string_equal(rows[1].name, "欧阳建国");
	assert_int_equal(rows[2].class, WORK_ROUTINE);
	assert_int_equal(worklist_counts(w, &counts), 0);
	assert_int_equal(counts.today, 4);
	assert_int_equal(counts.overdue, 1);
	struct id p = desk_patient(3);
	desk_maker_enter(
	    &m, KIND_CONSENT_SET, &p, "{'what':'call','given':false}");
	assert_int_equal(worklist_refresh(w, &scope), 0);
	assert_int_equal(worklist_page(w, rows, 10, NULL, 1), 5);
	worklist_free(&w);
	desk_maker_fini(&m);
}

static void test_search__finds_by_part_head_and_tail(void **state)
{
	static const struct {
		const char *typed;
		int found;
	} rows[] = {
	    {"欧阳", 1},
	    {"建国", 1},
	    {"oy", 1},
	    {"OYJG", 1},
	    {"yjg", 0},
	    {"ouyangj", 1},
	    {"4802", 1},
	    {"480", 0},
	    {"9999", 6},
	    {"138", 0},
	    {"志", 1},
	    {"%", 0},
	    {"Zeng Qiang", 1},
	    {"t", 0},
	    {"zzz", 0},
	};
	struct desk_maker m;
	struct search *x;
	struct id found[20];

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	assert_int_equal(search_open(&x, m.desk.store, desk_today(&m.desk)), 0);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (search_find(found, 20, x, rows[i].typed) != rows[i].found)
			fail_msg("%s: %d", rows[i].typed,
			    search_find(found, 20, x, rows[i].typed));
	assert_int_equal(search_find(found, 2, x, "9999"), 2);
	search_free(&x);
	x = search_begin(m.desk.store, desk_today(&m.desk));
	assert_int_equal(search_more(x, 4), 1);
	assert_int_equal(search_find(found, 20, x, "9999"), 4);
	assert_int_equal(search_more(x, 4), 0);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(
		    search_find(found, 20, x, rows[i].typed), rows[i].found);
	search_free(&x);
	desk_maker_fini(&m);
}

static void test_when__reads_what_is_typed(void **state)
{
	static const struct {
		const char *text;
		int64_t after_s; /* from now; 0: refused */
	} rows[] = {
	    {"15:30", 5 * 3600 + 1800},
	    {"09:00", 23 * 3600},
	    {"11-25 15:30", 3 * 86400 + 5 * 3600 + 1800},
	    {"2026-11-25 15:30", 3 * 86400 + 5 * 3600 + 1800},
	    {"１５：３０", 5 * 3600 + 1800},
	    {"+2h", 7200},
	    {"+30m", 1800},
	    {"+3d", 3 * 86400},
	    {"01-02 10:00", 41 * 86400},
	    {"11-22 09:00", 0},
	    {"25:00", 0},
	    {"02-30 10:00", 0},
	    {"+0h", 0},
	    {"+2hours", 0},
	    {"15:30x", 0},
	    {"", 0},
	    {"2036-01-01 10:00", 0},
	};
	struct test_env t;
	char text[40];

	(void)state;
	test_env_init(&t, 1);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t at = 0;
		assert_int_equal(when_parse(&at, rows[i].text, t.now_s, 28800),
		    rows[i].after_s != 0);
		if (!rows[i].after_s)
			continue;
		assert_int_equal(at - t.now_s, rows[i].after_s);
		when_text(text, sizeof(text), at, 28800);
		int64_t again;
		assert_true(when_parse(&again, text, t.now_s, 28800));
		assert_int_equal(again, at);
	}
}

static void answer(struct call *c, const char *link, const char *typed)
{
	struct script_verdict v = {.text = NULL};
	struct script_place at = {script_find(c->script, link), 0, false};

	assert_int_not_equal(at.item, SCRIPT_NONE);
	assert_int_equal(call_answer(c, at, typed, &v), 0);
}

static void test_call__correction_withdraws_the_alert(void **state)
{
	struct desk_maker m;
	struct id p = desk_patient(3);
	struct call *c;

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	assert_int_equal(call_begin(&c, &m.desk, &p, ""), 0);
	answer(c, "call.identity", "1");
	answer(c, "call.recording", "1");
	answer(c, "call.respondent", "1");
	answer(c, "bp.sys", "182");
	assert_int_equal(c->alert_count, 1);
	assert_true(call_has_emergency(c));
	answer(c, "bp.sys", "132");
	assert_int_equal(c->alert_count, 1);
	assert_true(c->alerts[0].withdrawn);
	assert_false(call_has_emergency(c));
	call_free(&c);
	desk_maker_fini(&m);
}

static void test_call__do_not_call_is_refused(void **state)
{
	struct desk_maker m;
	struct id p = desk_patient(3);
	struct call *c = NULL;

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	desk_maker_enter(
	    &m, KIND_CONSENT_SET, &p, "{'what':'call','given':false}");
	assert_int_equal(call_begin(&c, &m.desk, &p, ""), -36);
	assert_null(c);
	desk_maker_fini(&m);
}

static void test_call__no_answer_plans_the_next_try(void **state)
{
	struct desk_maker m;
	struct id p = desk_patient(3);
	struct call *c;
	struct work_row row;
	char ref[REF_TEXT];

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	assert_int_equal(call_begin(&c, &m.desk, &p, ""), 0);
	assert_int_equal(
	    call_finish(ref, c,
		cadence_find(catalog_cadence(m.desk.catalog), "no-answer"),
		NULL),
	    0);
	call_free(&c);
	assert_int_equal(worklist_row(&row, m.desk.store, &p), 0);
	assert_int_equal(row.attempts, 1);
	assert_true(row.not_before_s > m.world.now_s);
	assert_int_equal(call_unfinished(&p, 1, &m.desk), 0);
	desk_maker_fini(&m);
}

/* A second pathway of the patient, open now and due in a month. */
static void enrol_too(struct desk_maker *m, const struct id *p,
    const char *pathway, const char *script)
{
	int today = (int)((m->world.now_s + 28800) / 86400);
	char body[700];

	snprintf(body, sizeof(body),
	    "{'pathway':'%s','version':'1','anchor':'enrolment',"
	    "'anchor_day':%d,'next':[{'pathway':'%s','pathway_version':'1',"
	    "'step':'first','script':'%s','open_day':%d,'due_day':%d,"
	    "'close_day':%d,'minutes':5,'attempts':0,'not_before_s':0,"
	    "'rule':'plan','rule_version':'1'}]}",
	    pathway, today - 7, pathway, script, today - 1, today + 30,
	    today + 40);
	desk_maker_enter(m, KIND_PATHWAY_ENROLLED, p, body);
}

/* Answers whatever is asked: this link so, the rest somehow. */
static void answer_rest(struct call *c)
{
	for (int turn = 0; turn < 200; turn++) {
		struct script_slot s;
		uint32_t i = script_run_next(c->run, 0);
		struct script_verdict v = {.text = NULL};
		if (script_run_missing(c->run, &s, 1) == 0 || i == SCRIPT_NONE)
			return;
		struct script_place at = {s.item, s.occ, true};
		static const char *const tries[] = {
		    "1", "70", "20260101", "150", "36.5"};
		int rc = -1;
		for (size_t k = 0; k < ARRAY_LEN(tries) && rc < 0; k++)
			rc = call_answer(c, at, tries[k], &v);
		if (rc < 0)
			fail_msg("%s: %s", script_item(c->script, s.item)->link,
			    v.text ? v.text : "?");
	}
	fail_msg("the call does not end");
}

static void check_both_recorded(struct desk_maker *m, const struct id *p)
{
	struct casefile *file;

	assert_int_equal(casefile_load(&file, m->desk.store, p), 0);
	assert_int_equal(file->due_count, 2);
	for (int i = 0; i < 2; i++) {
		assert_true(file->dues[i].due_day > 0);
		assert_non_null(
		    strstr(file->dues[i].inputs, "visit-class unsatisfied"));
	}
	casefile_free(&file);
	assert_int_equal(test_scalar(m->desk.store,
			     "SELECT count(*) FROM v_contact_script WHERE "
			     "script = 'type2-diabetes' AND length(hash) = "
			     "64"),
	    1);
	assert_int_equal(
	    test_scalar(m->desk.store, "SELECT count(*) FROM v_contact_step"),
	    2);
	assert_true(test_scalar(m->desk.store,
			"SELECT count(*) FROM v_answer WHERE link = 'fpg' AND "
			"script = 'type2-diabetes'") == 1);
	assert_int_equal(test_scalar(m->desk.store,
			     "SELECT count(*) FROM v_answer WHERE link = "
			     "'bp.sys' AND script IS NULL"),
	    1);
}

static void test_call__asks_all_due_scripts_at_once(void **state)
{
	struct desk_maker m;
	struct id p = desk_patient(3);
	struct call *c;
	struct outcome out;
	char ref[REF_TEXT];
	int first;

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	enrol_too(&m, &p, "type2-diabetes", "type2-diabetes");
	assert_int_equal(call_begin(&c, &m.desk, &p, ""), 0);
	assert_int_equal(c->asked_count, 2);
	assert_string_equal(c->asked[0], "hypertension");
	assert_string_equal(c->asked[1], "type2-diabetes");
	answer(c, "call.identity", "1");
	answer(c, "call.recording", "1");
	answer(c, "call.respondent", "1");
	answer(c, "bp.sys", "142");
	answer(c, "bp.dia", "91");
	answer(c, "fpg", "6.1");
	call_free(&c);
	/* taken up again after the day changed: the same questions */
	m.world.now_s += 86400;
	assert_int_equal(call_begin(&c, &m.desk, &p, ""), 0);
	assert_true(c->resumed);
	assert_int_equal(c->asked_count, 2);
	first = (int)script_run_progress(c->run).answered;
	assert_true(first >= 3);
	answer(c, "class", "2");
	answer_rest(c);
	call_propose(c, call_completed(c), &out);
	assert_int_equal(out.count, 2);
	assert_true(out.next[0].is_done && out.next[1].is_done);
	/* the first unsatisfied visit: 14 days, of both the strictest */
	assert_true(out.first >= 0);
	for (int i = 0; i < out.count; i++)
		assert_true(
		    out.next[i].due.due_day >= out.next[out.first].due.due_day);
	assert_int_equal(call_finish(ref, c, call_completed(c), NULL), 0);
	call_free(&c);
	check_both_recorded(&m, &p);
	desk_maker_fini(&m);
}

/* The class was keyed wrong, or not: what is proposed. */
static void propose_after(
    struct outcome *out, const char *const given[3], char line[500])
{
	struct desk_maker m;
	struct id p = desk_patient(3);
	struct call *c;

	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	assert_int_equal(call_begin(&c, &m.desk, &p, ""), 0);
	answer(c, "call.identity", "1");
	answer(c, "call.recording", "1");
	answer(c, "call.respondent", "1");
	answer(c, "bp.sys", given[0]);
	answer(c, "bp.dia", given[1]);
	answer(c, "class", given[2]);
	answer_rest(c);
	call_propose(c, call_completed(c), out);
	call_proposal_text(line, 500, c, call_completed(c));
	out->next[0].due.due_day -= desk_today(&m.desk);
	call_free(&c);
	desk_maker_fini(&m);
}

static void test_call__the_interval_goes_by_the_worse_class(void **state)
{
	static const char *const grave[] = {"182", "112", "1"};
	static const char *const high[] = {"142", "91", "1"};
	static const char *const fine[] = {"128", "78", "1"};
	static const char *const worse[] = {"128", "78", "2"};
	struct outcome out;
	char line[500];

	(void)state;
	tr_use(LANG_EN);
	propose_after(&out, grave, line);
	assert_string_equal(out.class, "satisfied");
	assert_string_equal(out.worse, VISIT_UNSATISFIED);
	/* From 128 to 182 is a course that is seen weekly: stricter than 14. */
	assert_int_equal(out.next[0].due.due_day, 7);
	assert_string_equal(out.next[0].due.rule, "htn-fluctuating");
	assert_true(out.refers);
	assert_non_null(strstr(out.next[0].due.inputs, "8480-6 182"));
	assert_non_null(strstr(line, "systolic pressure mmHg 182"));
	propose_after(&out, high, line);
	assert_string_equal(out.class, "satisfied");
	assert_int_equal(out.next[0].due.due_day, 14);
	assert_string_equal(out.next[0].due.rule, "htn-unsatisfied");
	assert_non_null(strstr(line, "unsatisfied"));
	assert_non_null(strstr(line, "91"));
	propose_after(&out, fine, line);
	assert_null(out.worse);
	assert_int_equal(out.next[0].due.due_day, 90);
	assert_string_equal(out.next[0].due.rule, "htn-satisfied");
	propose_after(&out, worse, line);
	assert_null(out.worse);
	assert_int_equal(out.next[0].due.due_day, 14);
}

static void test_call__a_window_not_yet_open_waits(void **state)
{
	struct desk_maker m;
	struct id p = desk_patient(3);
	struct call *c;

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	desk_maker_fill(&m);
	m.world.now_s += 60 * 86400;
	enrol_too(&m, &p, "copd", "copd");
	m.world.now_s -= 60 * 86400;
	assert_int_equal(call_begin(&c, &m.desk, &p, ""), 0);
	assert_int_equal(c->asked_count, 1);
	call_free(&c);
	desk_maker_fini(&m);
}

static void test_catalog__says_what_a_rule_saw(void **state)
{
	static const char *const rows[][2] = {
	    {"", ""},
	    {"8480-6 150", "systolic pressure mmHg 150"},
	    {"8480-6 150, visit-class unsatisfied",
		"systolic pressure mmHg 150; class of this visit unsatisfied"},
	    {"htn-danger consciousness",
		"danger signs in hypertension altered consciousness"},
	    {"condition I10, x-1 y", "condition, one fact a code (ICD-10 or "
				     "SNOMED) I10; x-1 y"},
	    {"alone", "alone "},
	};
	struct desk_maker m;
	char text[600], few[12];

	(void)state;
	desk_maker_init(&m, 'A', NULL);
	tr_use(LANG_EN);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		catalog_inputs(text, sizeof(text), m.desk.catalog, rows[i][0]);
		assert_string_equal(text, rows[i][1]);
	}
	catalog_inputs(few, sizeof(few), m.desk.catalog, rows[2][0]);
	assert_string_equal(few, "systolic pr");
	assert_string_equal(
	    catalog_step_title(m.desk.catalog, "none", "check"), "check-up");
	assert_string_equal(
	    catalog_step_title(m.desk.catalog, "none", "day-30"), "day-30");
	desk_maker_fini(&m);
}

/* One answer after another until it is killed. */
static void answer_until_killed(const char *dir, int skip)
{
	struct desk_maker m;
	struct id p = desk_patient(3);
	struct call *c;

	(void)skip;
	desk_maker_init(&m, 'A', dir);
	if (call_begin(&c, &m.desk, &p, "") < 0)
		_exit(3);
	for (uint32_t i = 0; i < script_run_count(c->run); i++) {
		struct script_slot s = script_run_slot(c->run, i);
		struct script_place at = {s.item, s.occ, true};
		struct script_verdict v = {.text = NULL};
		if (s.state != SCRIPT_SLOT_OPEN)
			continue;
		if (call_answer(c, at, "1", &v) == 0 &&
		    write(STDOUT_FILENO, "a", 1) != 1)
			_exit(4);
	}
	pause();
}

static void test_call__kill_9_loses_no_answer(void **state)
{
	char dir[] = "/tmp/suifang-keep-XXXXXX";
	struct desk_maker m;
	int total = 0, rounds = test_repeat(20);

	(void)state;
	assert_non_null(mkdtemp(dir));
	desk_maker_init(&m, 'A', dir);
	desk_maker_fill(&m);
	desk_maker_fini(&m);
	for (int i = 0; i < (rounds > 3 ? rounds : 3); i++) {
		int fds[2], status, said = 0;
		char byte;
		assert_int_equal(pipe(fds), 0);
		pid_t pid = fork();
		if (pid == 0) {
			dup2(fds[1], STDOUT_FILENO);
			close(fds[0]);
			answer_until_killed(dir, total);
			_exit(5);
		}
		close(fds[1]);
		for (int k = 0; k <= i % 3 && read(fds[0], &byte, 1) == 1; k++)
			said++;
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		while (read(fds[0], &byte, 1) == 1)
			said++; /* said before the kill took effect */
		close(fds[0]);
		total += said;
		struct id p = desk_patient(3), found;
		struct call *c;
		desk_maker_init(&m, 'A', dir);
		assert_int_equal(call_unfinished(&found, 1, &m.desk), 1);
		assert_int_equal(call_begin(&c, &m.desk, &p, ""), 0);
		assert_true(c->resumed);
		int answered = 0;
		for (uint32_t k = 0; k < script_run_count(c->run); k++) {
			struct script_slot s = script_run_slot(c->run, k);
			answered += s.state == SCRIPT_SLOT_ANSWERED;
		}
		/* an answer may be durable that was not yet said */
		assert_in_range(answered, total, total + i + 1);
		total = answered;
		call_free(&c);
		desk_maker_fini(&m);
		if (total > 14)
			break;
	}
	char cmd[100];
	snprintf(cmd, sizeof(cmd), "rm -rf '%s'", dir);
	assert_int_equal(system(cmd), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_worklist__pages_give_every_row_once),
	    cmocka_unit_test(test_worklist__says_who_comes_first),
	    cmocka_unit_test(test_search__finds_by_part_head_and_tail),
	    cmocka_unit_test(test_when__reads_what_is_typed),
	    cmocka_unit_test(test_call__correction_withdraws_the_alert),
	    cmocka_unit_test(test_call__do_not_call_is_refused),
	    cmocka_unit_test(test_call__no_answer_plans_the_next_try),
	    cmocka_unit_test(test_call__asks_all_due_scripts_at_once),
	    cmocka_unit_test(test_call__the_interval_goes_by_the_worse_class),
	    cmocka_unit_test(test_call__a_window_not_yet_open_waits),
	    cmocka_unit_test(test_catalog__says_what_a_rule_saw),
	    cmocka_unit_test(test_call__kill_9_loses_no_answer),
	};
	hash_init();
	return cmocka_run_group_tests_name("desk", tests, NULL, NULL);
}
