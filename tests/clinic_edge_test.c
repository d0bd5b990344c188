/* clinic_edge_test.c - the rarer turns of the clinical modules: cases that do
 * not hold say why, incomplete content loads, lists fill up. */
#include "core/cadence.h"
#include "core/clock.h"
#include "core/content_diff.h"
#include "core/content_pack.h"
#include "core/err.h"
#include "core/pathway_set.h"
#include "core/strata.h"
#include "core/target.h"
#include "tests/test.h"

#define DAY INT64_C(20779)
#define AT(day) ((day)*DAY_S)
#define ZONE (8 * 3600)

static int setup(void **state)
{
	static struct content_world w;
	struct content_files files = content_files_builtin();
	int r = content_world_load(&w, &files, NULL);

	free(files.at);
	*state = &w;
	return r;
}

static int teardown(void **state)
{
	content_world_fini(*state);
	return 0;
}

#define BP(s) "{\"code\":\"8480-6\",\"value\":" s "}"
#define CLASS(c) "{\"code\":\"visit-class\",\"text\":\"" c "\"}"

/* What a case says, and what is answered; "" when it holds. */
static const struct {
	const char *one;
	const char *why;
} cases[] = {
    {"{\"facts\":[" BP("180") "],\"hits\":[\"htn-bp-emergency\"]}", ""},
    {"{\"facts\":[" BP("180") "],\"hits\":[]}", "got htn-bp-emergency"},
    {"{\"facts\":[" BP("179") "],\"hits\":[\"htn-bp-emergency\"]}",
	"expected htn-bp-emergency, got nothing"},
    {"{\"facts\":[" BP("180") "],\"hits\":[\"a\",\"b\"]}", "expected a b"},
    {"{\"facts\":[" BP("180") "],\"never\":[\"htn-bp-emergency\"]}", "never"},
    {"{\"facts\":[{\"code\":\"8480-6\",\"absent\":true}],\"hits\":[]}", ""},
    {"{\"facts\":[{\"code\":\"syncope\",\"flag\":true}],"
     "\"hits\":[\"pci-syncope\"]}",
	""},
    {"{\"facts\":[{\"code\":\"syncope\",\"flag\":false}],\"hits\":[]}", ""},
    {"{\"facts\":[{\"code\":\"8480-6\",\"value\":\"x\"}],\"hits\":[]}", ""},
    {"{\"enrol\":[\"pci\"]}", "enrol: expected pci"},
    {"{\"next\":{},\"pathway\":\"none\"}", "pathway"},
    {"{\"facts\":[" CLASS("satisfied") "],\"pathway\":\"hypertension\","
				       "\"step\":\"routine\",\"next\":{"
				       "\"days\":90,\"refer\":false,"
				       "\"over\":false}}",
	""},
    {"{\"facts\":[" CLASS(
	 "satisfied") "],\"pathway\":\"hypertension\","
		      "\"step\":\"routine\",\"next\":{\"days\":91,\"refer\":"
		      "true,"
		      "\"step\":\"x\",\"script\":\"y\",\"rule\":\"z\"}}",
	"refer: expected true, got false; rule"},
    {"{\"pathway\":\"pci\",\"step\":\"quarter\",\"anchor_days_ago\":400,"
     "\"next\":{\"over\":false}}",
	"over: expected false, got true"},
    {"{\"score\":\"none\"}", "score"},
    {"{\"score\":\"mmrc\",\"incomplete\":false}", "incomplete"},
    {"{\"score\":\"mmrc\",\"band\":\"more\"}", "band: expected more"},
    {"{\"facts\":[{\"code\":\"mmrc\",\"value\":2}],\"score\":\"mmrc\","
     "\"total\":3}",
	"total: expected 3, got 2"},
    {"{\"level\":\"high\"}", "level: expected high, got low"},
    {"{\"risk\":\"high\"}", "risk: expected high, got nothing"},
    {"{\"facts\":[" BP("185") "],\"risk\":\"low\"}", "got high"},
    {"{\"class\":\"satisfied\"}", "class"},
    {"{\"facts\":[" BP("185") "],\"class\":\"satisfied\"}", "got unsatisfied"},
    {"{\"facts\":[" BP("185") "],\"tags\":[]}", "tags"},
    {"{\"note\":\"胸痛，黑便\",\"suggest\":[]}", "got chest-pain black-stool"},
    {"{}", ""},
};

static void test_case__says_why_it_does_not_hold(void **state)
{
	struct buf why = {0};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		json_t *one = json_loads(cases[i].one, 0, NULL);

		assert_non_null(one);
		content_case_run(&why, *state, one);
		if (!strstr(buf_text(&why), cases[i].why))
			print_error("%s: %s\n", cases[i].one, buf_text(&why));
		assert_non_null(strstr(buf_text(&why), cases[i].why));
		assert_int_equal(why.len == 0, *cases[i].why == '\0');
		json_decref(one);
	}
	buf_fini(&why);
}

/* A site may leave tables out; what needs them then says nothing. */
static void test_case__without_tables(void **state)
{
	const struct content_world *whole = *state;
	struct content_world bare = {
	    .triage = whole->triage,
	    .pathways = whole->pathways,
	};
	json_t *one = json_loads("{\"score\":\"mmrc\",\"level\":\"high\","
				 "\"risk\":\"high\",\"class\":\"x\","
				 "\"tags\":[\"x\"],\"suggest\":[\"x\"]}",
	    0, NULL);
	struct buf why = {0};

	content_case_run(&why, &bare, one);
	assert_string_equal(
	    buf_text(&why), "score: expected mmrc, got nothing");
	json_decref(one);
	buf_fini(&why);
}

static void test_world__of_a_few_files_and_of_a_broken_one(void **state)
{
	static const char *const paths[] = {"rules/x.json", "pathways/x.json",
	    "tables/scores.json", "tables/tags.json", "tables/targets.json",
	    "tables/notes.json", "tables/hypertension-risk.json"};
	struct content_world w;
	struct content_files none = {NULL, 0};

	(void)state;
	assert_int_equal(content_world_load(&w, &none, NULL), 0);
	assert_null(w.scores);
	content_world_fini(&w);
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct content_file at[2] = {
		    {paths[i], "{}", 2}, {"tables/risk-levels.json", "{}", 2}};
		struct content_files files = {at, 2};

		assert_int_equal(
		    content_world_load(&w, &files, NULL), ERR_INVALID);
	}
}

#define HOLIDAY(from, to)                                                      \
	"{\"id\":\"holidays\",\"version\":1,\"title\":{\"zh\":\"z\","          \
	"\"en\":\"e\"},\"source\":\"a source that is "                         \
	"named\",\"holidays\":[{\"from\":\"" from "\",\"to\":\"" to            \
	"\",\"name\":{\"zh\":\"z\",\"en\":\"e\"}}]}"

static void test_check__says_what_is_no_content(void **state)
{
	static const struct {
		const char *path;
		const char *text;
		const char *says;
	} rows[] = {
	    {"tables/unknown.json", "{}", "no kind"},
	    {"rules/x.json", "{", "line"},
	    {"rules/x.json", "\xff", "UTF-8"},
	    {"scripts/x.json", "{", "line"},
	    {"scripts/x.json", "{\"resourceType\":\"Patient\"}", ""},
	    {"rules/cases/x.json", "{\"cases\":1}", "missing"},
	    {"valuesets/x.json", "{", "line"},
	    {"valuesets/x.json", "[]", "no ValueSet"},
	    {"valuesets/x.json", "{\"resourceType\":\"ValueSet\"}",
		"no ValueSet"},
	    {"valuesets/x.json",
		"{\"resourceType\":\"Patient\",\"url\":\"urn:x\"}",
		"no ValueSet"},
	    {"valuesets/x.json",
		"{\"resourceType\":\"ValueSet\",\"url\":\"urn:x\"}",
		"no concept"},
	    {"settings/holidays.json", HOLIDAY("2026-02-30", "2026-03-01"),
		"no proper days"},
	    {"settings/holidays.json", HOLIDAY("2026-03-02", "2026-03-01"),
		"no proper days"},
	};
	struct content_report *r = calloc(1, sizeof(*r));

	(void)state;
	assert_non_null(r);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct content_file f = {
		    rows[i].path, rows[i].text, strlen(rows[i].text)};
		struct content_files files = {&f, 1};

		memset(r, 0, sizeof(*r));
		content_check(r, &files);
		assert_true(r->n >= 1);
		if (!strstr(r->at[0].why, rows[i].says))
			fail_msg("%s: %s", rows[i].text, r->at[0].why);
		memset(r, 0, sizeof(*r));
		content_test(r, &files);
	}
	r->n = CONTENT_FAULTS_MAX;
	content_fault(r, &(struct content_file){"x", "", 0}, "", "one more");
	assert_int_equal(r->n, CONTENT_FAULTS_MAX + 1);
	free(r);
}

static void test_diff__tells_what_changes(void **state)
{
	struct content_files files = content_files_builtin();
	const struct content_file *pci =
	    content_file_find(&files, "pathways/pci.json");
	const struct content_file *rules =
	    content_file_find(&files, "rules/hypertension.json");
	struct content_diff *d = calloc(1, sizeof(*d));
	struct content_file changed = *rules;
	char *text = strdup(rules->text);

	(void)state;
	assert_non_null(d);
	assert_non_null(text);
	assert_int_equal(content_diff_run(d, pci, pci), 0);
	assert_int_equal(d->n, 0);
	assert_int_equal(d->asked, 5 * (25 + 6 * 2));
	memcpy(strstr(text, "\"value\": 180"), "\"value\": 170", 12);
	changed.text = text;
	memset(d, 0, sizeof(*d));
	assert_int_equal(content_diff_run(d, rules, &changed), 0);
	assert_int_equal(d->n, 3);
	assert_string_equal(d->at[0].was, "");
	assert_non_null(strstr(d->at[0].now, "htn-bp-emergency"));
	assert_int_equal(content_diff_run(d, pci, rules), ERR_INVALID);
	changed.text = "{}";
	changed.n = 2;
	assert_int_equal(content_diff_run(d, &changed, rules), ERR_INVALID);
	assert_int_equal(content_diff_run(d, rules, &changed), ERR_INVALID);
	free(text);
	free(d);
	free(files.at);
}

/* The same content answers the same, however many hits and ends it has. */
static void test_diff__of_the_same_is_nothing(void **state)
{
	struct content_files files = content_files_builtin();
	struct content_diff *d = calloc(1, sizeof(*d));

	(void)state;
	assert_non_null(d);
	for (size_t i = 0; i < files.n; i++) {
		const struct content_file *f = files.at + i;

		if (!content_is_in(f, "rules/") &&
		    !content_is_in(f, "pathways/"))
			continue;
		memset(d, 0, sizeof(*d));
		assert_int_equal(content_diff_run(d, f, f), 0);
		assert_int_equal(d->n, 0);
		assert_true(d->asked >= 4);
	}
	free(d);
	free(files.at);
}

static void test_strata__a_complication_outweighs_organs(void **state)
{
	const struct content_world *w = *state;
	static const char *const codes[] = {"E11.9", "I63.9", "I50.0", "I51.7",
	    "I20.9", "E11.2", "H35.0", "I73.9"};
	struct strata_hypertension h;
	struct facts f = {0};

	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		facts_add_coded(&f, "condition", codes[i], AT(DAY));
	facts_add_number(&f, "8480-6", 135, 0, AT(DAY));
	facts_add_number(&f, "33914-3", 45, 0, AT(DAY));
	facts_add_flag(&f, "smoking", true, AT(DAY));
	assert_int_equal(
	    strata_hypertension(&h, w->strata, NULL, &f, AT(DAY)), 0);
	assert_int_equal(h.row, 3);
	assert_int_equal(h.risk, STRATA_VERY_HIGH);
	assert_int_equal(h.least, STRATA_HIGH);
	assert_int_equal(h.inputs.n, COND_INPUTS);
	facts_fini(&f);
}

static void test_facts__previous_skips_what_says_nothing(void **state)
{
	struct facts f = {0};
	struct fact absent = {.code = "x", .kind = FACT_ABSENT, .at_s = 5};
	int64_t d;
	int scale;

	(void)state;
	facts_add_number(&f, "x", 1, 0, 5);
	facts_add(&f, &absent);
	assert_null(facts_previous(&f, "x"));
	facts_add_number(&f, "x", 2, 0, 9);
	facts_add_number(&f, "x", 3, 0, 9);
	assert_int_equal(facts_previous(&f, "x")->value, 1);
	assert_true(facts_difference(&d, &scale, &f, "x", 1));
	assert_int_equal(d, 2);
	absent.at_s = 9;
	facts_add(&f, &absent);
	assert_int_equal(facts_last(&f, "x")->kind, FACT_NUMBER);
	facts_fini(&f);
	facts_add_coded(&f, "y", "word", 1);
	assert_false(facts_difference(&d, &scale, &f, "y", 1));
	assert_false(facts_rise(&d, &scale, &f, "y", 1));
	facts_fini(&f);
}

static void test_plan__lists_fill_up_and_stop(void **state)
{
	const struct content_world *w = *state;
	const struct pathway *hf =
	    pathway_set_find(w->pathways, "heart-failure", 0);
	const struct pathway *htn =
	    pathway_set_find(w->pathways, "hypertension", 0);
	struct pathway_due dues[12];
	struct pathway_plan plan;

	for (size_t i = 0; i < ARRAY_LEN(dues); i++) {
		pathway_first_due(&dues[i], i % 2 ? hf : htn, DAY, DAY);
		dues[i].open_day = DAY + (int64_t)i % 3;
		dues[i].due_day = DAY + 3;
		dues[i].close_day = DAY + 20 - (int64_t)i;
	}
	dues[4].refer = htn->rules;
	assert_true(pathway_merge(&plan, dues, ARRAY_LEN(dues)));
	assert_int_equal(plan.n_served, PATHWAY_PLAN_MAX);
	assert_int_equal(plan.n_scripts, 2);
	assert_true(plan.n_advice <= PATHWAY_LIST_MAX);
	assert_ptr_equal(plan.refer, htn->rules);
	assert_int_equal(plan.open_day, DAY + 2);
	assert_int_equal(plan.close_day, DAY + 20 - 7);
}

static void test_plan__suggestions_beyond_the_room_are_counted(void **state)
{
	const struct content_world *w = *state;
	struct pathway_enrol one[1];
	struct facts f = {0};
	struct pathway_when when = {AT(DAY), ZONE};

	facts_add_number(&f, "age", 70, 0, AT(DAY));
	facts_add_coded(&f, "condition", "I10", AT(DAY - 2));
	facts_add_coded(&f, "condition", "J44.1", AT(DAY - 3));
	facts_add_coded(&f, "condition", "J43.9", AT(DAY - 4));
	facts_add_coded(&f, "procedure", "36.06", AT(DAY - 30));
	facts_add_coded(&f, "procedure", "36.07", AT(DAY - 9));
	facts_age(&f);
	assert_int_equal(pathway_set_suggest(one, 1, w->pathways, &f, when), 3);
	assert_int_equal(pathway_set_suggest(one, 0, w->pathways, &f, when), 3);
	/* Of two operations the later one is the anchor. */
	assert_true(pathway_should_enrol(
	    one, pathway_set_find(w->pathways, "pci", 0), &f, AT(DAY), ZONE));
	assert_int_equal(one[0].anchor_day, DAY - 9);
	facts_fini(&f);
}

static void test_due__refer_and_scripts_of_rules_are_written(void **state)
{
	const struct content_world *w = *state;
	const struct pathway *surgery =
	    pathway_set_find(w->pathways, "surgery", 0);
	const struct pathway *htn =
	    pathway_set_find(w->pathways, "hypertension", 0);
	struct pathway_due due;
	struct facts f = {0};
	struct pathway_visit v = {"routine", DAY - 90, DAY, AT(DAY), &f};

	facts_add_coded(&f, "visit-class", "complication", AT(DAY));
	pathway_next(&due, htn, &v);
	assert_string_equal(due.refer->id, "htn-complication");
	facts_fini(&f);
	/* Past every step, and nothing repeats. */
	pathway_first_due(&due, surgery, DAY, DAY + 50);
	assert_true(due.is_over);
}

static void test_hours__days_off_and_nights(void **state)
{
	static const char json[] =
	    "{\"id\":\"h\",\"version\":1,\"title\":{\"zh\":\"a\",\"en\":"
	    "\"b\"},\"source\":\"site\",\"zone_min\":480,\"weekdays\":[1,2,3,"
	    "4,5],\"quiet\":[{\"from\":\"20:00\",\"to\":\"08:00\"},"
	    "{\"from\":\"12:00\",\"to\":\"14:00\",\"weekdays\":[1]}],"
	    "\"slots\":[],\"cap\":{\"attempts_day\":0,\"contacts\":2,"
	    "\"days\":7}}";
	static const struct {
		int day; /* after 2026-11-22, a Sunday */
		int minute;
		enum hours_reason reason;
	} rows[] = {
	    {0, 600, HOURS_DAY_OFF},
	    {1, 479, HOURS_QUIET},
	    {1, 480, HOURS_OK},
	    {1, 720, HOURS_QUIET},
	    {2, 720, HOURS_OK},
	    {5, 1199, HOURS_OK},
	    {5, 1200, HOURS_QUIET},
	    {6, 60, HOURS_DAY_OFF},
	};
	struct hours_person p = {.attempts_today = 50};
	struct hours_verdict v;
	struct hours *h = NULL;

	(void)state;
	assert_int_equal(hours_parse(&h, json, strlen(json)), 0);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		hours_may_call(&v, h, &p,
		    AT(DAY + rows[i].day) - ZONE + rows[i].minute * 60,
		    HOURS_NO_PASS);
		assert_int_equal(v.reason, rows[i].reason);
	}
	assert_int_equal(hours_slot(h, AT(DAY)), -1);
	/* A cap without a known end is over tomorrow. */
	p.contacts_recent = 2;
	hours_may_call(&v, h, &p, AT(DAY + 1) - ZONE + 600 * 60, HOURS_NO_PASS);
	assert_int_equal(v.reason, HOURS_CAP_CONTACTS);
	assert_int_equal(v.next_s, AT(DAY + 2) - ZONE + 480 * 60);
	hours_free(&h);
}

static void test_target__ignores_words_and_other_visits(void **state)
{
	const struct content_world *w = *state;
	struct target_visit v;
	struct facts f = {0};

	facts_add_coded(&f, "8480-6", "high", AT(DAY));
	facts_add_coded(&f, "adverse-reaction", "yes", AT(DAY - 9));
	f.items[1].is_history = true;
	target_classify(&v, w->targets, NULL, &f, AT(DAY));
	assert_null(v.class);
	facts_clear(&f);
	facts_add_number(&f, "8867-4", 50, 0, AT(DAY));
	target_classify(&v, w->targets, "pci-secondary", &f, AT(DAY));
	assert_string_equal(v.class, VISIT_UNSATISFIED);
	assert_int_equal(v.inputs.n, 1);
	facts_fini(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_case__says_why_it_does_not_hold),
	    cmocka_unit_test(test_case__without_tables),
	    cmocka_unit_test(test_world__of_a_few_files_and_of_a_broken_one),
	    cmocka_unit_test(test_check__says_what_is_no_content),
	    cmocka_unit_test(test_diff__tells_what_changes),
	    cmocka_unit_test(test_diff__of_the_same_is_nothing),
	    cmocka_unit_test(test_strata__a_complication_outweighs_organs),
	    cmocka_unit_test(test_facts__previous_skips_what_says_nothing),
	    cmocka_unit_test(test_plan__lists_fill_up_and_stop),
	    cmocka_unit_test(
		test_plan__suggestions_beyond_the_room_are_counted),
	    cmocka_unit_test(test_due__refer_and_scripts_of_rules_are_written),
	    cmocka_unit_test(test_hours__days_off_and_nights),
	    cmocka_unit_test(test_target__ignores_words_and_other_visits),
	};

	return cmocka_run_group_tests_name(
	    "clinic_edge", tests, setup, teardown);
}
