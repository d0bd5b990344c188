/*
 * enrol_test.c - imported people become saves that fit the entries' schemas
 * and fold; a second import says nothing twice and overrules nobody.
 */
#include "tests/import_world.h"

struct totals {
	size_t changes[3];
	size_t enrolled;
	size_t members;
	size_t items;
	size_t differs;
};

static struct totals enrol_all(struct world *w, const struct import_batch *b)
{
	struct totals t = {0};

	for (size_t i = 0; i < import_patient_count(b); i++) {
		struct draft draft = {0};
		struct import_result r;

		assert_int_equal(
		    import_enrol(&draft, &r, &w->site, import_patient_at(b, i)),
		    0);
		assert_int_equal(r.change == IMPORT_SAME, draft.count == 0);
		t.changes[r.change]++;
		t.enrolled += r.enrolled;
		t.members += r.has_member;
		t.differs += r.differs;
		for (int k = 0; k < 5; k++)
			t.items += r.added[k];
		import_world_save(w, &draft);
	}
	return t;
}

static struct import_batch *one(const char *text)
{
	struct import_batch *b = import_new(ZONE);

	assert_int_equal(import_fhir(b, "a.ndjson", text, strlen(text)), 0);
	assert_int_equal(import_finish(b), 0);
	return b;
}

static struct totals enrol_text(struct world *w, const char *text)
{
	struct import_batch *b = one(text);
	struct totals t = enrol_all(w, b);

	import_free(&b);
	return t;
}

#define PERSON(more)                                                           \
	"{\"resourceType\":\"Patient\",\"id\":\"1\",\"identifier\":[{"         \
	"\"system\":\"urn:h\",\"value\":\"1\"}],\"name\":[{\"text\":"          \
	"\"覃玉兰\"}],\"gender\":\"female\",\"birthDate\":\"1960-05-01\"" more \
	"}\n"
#define CONDITION(code, more)                                                  \
	"{\"resourceType\":\"Condition\",\"id\":\"" code "\",\"subject\":"     \
	"{\"reference\":\"Patient/1\"},\"code\":{\"coding\":[{\"system\":"     \
	"\"http://hl7.org/fhir/sid/icd-10\",\"code\":\"" code "\"}],\"text\":" \
	"\"原发性高血压\"}" more "}\n"
#define PRESSURE(day, value)                                                   \
	"{\"resourceType\":\"Observation\",\"id\":\"b" day "\",\"status\":"    \
	"\"final\",\"subject\":{\"reference\":\"Patient/1\"},\"code\":"        \
	"{\"coding\":[{\"system\":\"http://"                                   \
	"loinc.org\",\"code\":\"8480-6\"}]},"                                  \
	"\"effectiveDateTime\":\"" day "T09:00:00+08:00\",\"valueQuantity\":"  \
	"{\"value\":" value ",\"code\":\"mm[Hg]\"}}\n"

static void test_members__the_roster_once_and_again(void **state)
{
	struct world *w = *state;
	size_t n;
	char *text = test_read_file("schemas/sample/roster.csv", &n);

	assert_int_equal(w->kinds[KIND_MEMBER_GRANTED], 9);
	assert_int_equal(w->kinds[KIND_TEAM_SET], 1);
	assert_int_equal(w->kinds[KIND_TEAM_MEMBER], 8);
	import_world_roster(w, text);
	assert_int_equal(w->kinds[KIND_MEMBER_GRANTED], 9);
	assert_int_equal(w->kinds[KIND_TEAM_MEMBER], 8);
	import_world_roster(
	    w, "member,name,role\nA017,林小雨,supervisor\nA040,新人,agent\n");
	assert_int_equal(w->kinds[KIND_MEMBER_GRANTED], 11);
	assert_int_equal(w->kinds[KIND_TEAM_SET], 1);
	free(text);
}

static void test_enrol__the_sample_once_and_again(void **state)
{
	struct world *w = *state;
	struct import_batch *b = import_world_sample();
	struct totals t = enrol_all(w, b);

	assert_int_equal(t.changes[IMPORT_NEW], 119);
	assert_int_equal(
	    test_scalar(w->store, "SELECT count(*) FROM v_patient"), 119);
	/* Everybody alive is on a pathway and on a list. */
	assert_int_equal(t.members, 117);
	assert_true(t.enrolled >= 117);
	assert_true(test_scalar(w->store,
			"SELECT count(DISTINCT pathway) FROM v_enrol") >= 13);
	assert_int_equal(
	    t.members, test_scalar(w->store, "SELECT count(*) FROM v_assign"));
	/* Nobody who has died is on a list. */
	assert_int_equal(
	    test_scalar(w->store,
		"SELECT count(*) FROM v_patient WHERE deceased_day IS NOT "
		"NULL"),
	    2);
	assert_int_equal(
	    test_scalar(w->store,
		"SELECT count(*) FROM v_patient p JOIN v_due d USING (stream) "
		"WHERE p.deceased_day IS NOT NULL"),
	    0);
	/* Loads differ by one at most. */
	assert_true(
	    test_scalar(w->store,
		"SELECT max(n) - min(n) FROM (SELECT count(*) AS n FROM "
		"v_assign GROUP BY member)") <= 1);
	assert_int_equal(test_scalar(w->store,
			     "SELECT count(DISTINCT member) FROM v_assign"),
	    5);
	/* Somebody is due today. */
	assert_true(
	    test_scalar(w->store,
		"SELECT count(*) FROM v_due WHERE due_day <= 20779") > 10);
	t = enrol_all(w, b);
	assert_int_equal(t.changes[IMPORT_SAME], 119);
	assert_int_equal(t.differs, 0);
	import_free(&b);
}

static void test_enrol__names_can_be_searched(void **state)
{
	struct world *w = *state;

	enrol_text(w, PERSON(""));
	assert_int_equal(
	    test_scalar(w->store,
		"SELECT count(*) FROM v_patient WHERE name_en = 'Tan Yulan' "
		"AND pinyin = 'tanyulan qinyulan' AND initials = 'tyl qyl'"),
	    1);
}

static void test_enrol__plans_count_from_the_latest_visit(void **state)
{
	struct world *w = *state;

	/* Today is 2026-11-22, day 20779. First contact 7 days after. */
	enrol_text(
	    w, PERSON("") CONDITION("I10", "") PRESSURE("2026-11-17", "150"));
	assert_int_equal(
	    test_scalar(w->store,
		"SELECT due_day FROM v_due WHERE pathway = 'hypertension'"),
	    20781);
	assert_int_equal(test_scalar(w->store,
			     "SELECT why_zh = 'I10 原发性高血压' FROM v_enrol"),
	    1);
}

static void test_enrol__an_old_visit_does_not_count(void **state)
{
	struct world *w = *state;

	enrol_text(
	    w, PERSON("") CONDITION("I10", "") PRESSURE("2025-11-17", "150"));
	assert_int_equal(
	    test_scalar(w->store,
		"SELECT due_day FROM v_due WHERE pathway = 'hypertension'"),
	    20786);
}

static void test_enrol__what_is_over_enrols_nobody(void **state)
{
	struct world *w = *state;
	struct totals t = enrol_text(w,
	    PERSON("") CONDITION("I10",
		",\"clinicalStatus\":{\"coding\":[{\"code\":\"resolved\"}]}"));

	assert_int_equal(t.enrolled, 0);
	assert_int_equal(t.members, 0);
	assert_int_equal(t.items, 1);
}

static void test_enrol__a_later_import_adds_only_what_is_new(void **state)
{
	struct world *w = *state;
	struct totals t = enrol_text(
	    w, PERSON("") CONDITION("I10", "") PRESSURE("2026-11-01", "150"));

	assert_int_equal(t.items, 2);
	t = enrol_text(w, PERSON(",\"telecom\":[{\"value\":\"15420260009\"}]")
			      CONDITION("I10", "") PRESSURE("2026-11-01", "150")
				  PRESSURE("2026-11-20", "144"));
	assert_int_equal(t.changes[IMPORT_ADDED], 1);
	assert_int_equal(t.items, 1);
	assert_int_equal(t.enrolled, 0);
	assert_int_equal(w->kinds[KIND_PATIENT_AMENDED], 1);
	assert_int_equal(
	    test_scalar(w->store, "SELECT count(*) FROM v_phone"), 1);
	/* Diabetes came later: together with what is registered it is the
	 * pathway of both. */
	t = enrol_text(w, PERSON("") CONDITION("E11.9", ""));
	assert_int_equal(t.enrolled, 1);
	assert_int_equal(test_scalar(w->store,
			     "SELECT count(*) FROM v_enrol WHERE pathway = "
			     "'hypertension-diabetes'"),
	    1);
}

static void test_enrol__a_person_overrules_a_file(void **state)
{
	struct world *w = *state;
	struct draft draft = {0};
	json_t *body = json_object();
	struct id stream;
	struct totals t = enrol_text(w, PERSON(""));
	struct stmt *q = store_query(w->store, Q_IMPORT_FIND);

	stmt_bind_text(q, ":system", "urn:h");
	stmt_bind_text(q, ":value", "1");
	assert_int_equal(stmt_step(q), 1);
	assert_true(stmt_id(&stream, q, 0));
	stmt_reset(q);
	json_put_str(body, "name", "秦玉兰");
	draft_add(&draft, KIND_PATIENT_AMENDED, &stream, body);
	import_world_save(w, &draft);
	t = enrol_text(w, PERSON(""));
	assert_int_equal(t.changes[IMPORT_SAME], 1);
	assert_int_equal(t.differs, 1);
	assert_int_equal(
	    test_scalar(w->store,
		"SELECT count(*) FROM v_patient WHERE name = '秦玉兰'"),
	    1);
}

static void test_enrol__a_death_ends_every_pathway(void **state)
{
	struct world *w = *state;
	struct totals t = enrol_text(w, PERSON("") CONDITION("I10", ""));

	assert_int_equal(t.enrolled, 1);
	enrol_text(w, PERSON(",\"deceasedDateTime\":\"2026-11-20\""));
	assert_int_equal(w->kinds[KIND_PATHWAY_LEFT], 1);
	assert_int_equal(
	    test_scalar(w->store, "SELECT count(*) FROM v_due"), 0);
	assert_int_equal(
	    test_scalar(w->store, "SELECT deceased_day FROM v_patient"), 20777);
	t = enrol_text(w, PERSON(",\"deceasedDateTime\":\"2026-11-20\""));
	assert_int_equal(t.changes[IMPORT_SAME], 1);
}

static void test_enrol__numbers_of_two_patients_are_refused(void **state)
{
	static const char both[] =
	    "{\"resourceType\":\"Patient\",\"identifier\":[{\"system\":"
	    "\"urn:h\",\"value\":\"1\"},{\"system\":\"urn:h\",\"value\":"
	    "\"2\"}],\"name\":[{\"text\":\"甲\"}]}\n";
	struct world *w = *state;
	struct draft draft = {0};
	struct import_result r;

	enrol_text(w, PERSON(""));
	enrol_text(w,
	    "{\"resourceType\":\"Patient\",\"identifier\":[{\"system\":"
	    "\"urn:h\",\"value\":\"2\"}],\"name\":[{\"text\":\"乙\"}]}\n");
	struct import_batch *b = one(both);
	assert_int_equal(
	    import_enrol(&draft, &r, &w->site, import_patient_at(b, 0)),
	    ERR_STALE);
	assert_int_equal(draft.count, 0);
	import_free(&b);
}

static void test_enrol__six_synthea_bundles(void **state)
{
	struct world *w = *state;
	const char *dir = test_shared("data/synthea");

	if (!dir)
		skip();
	struct import_batch *b = import_new(ZONE);
	import_world_read(b, dir, ".json");
	assert_int_equal(import_finish(b), 0);
	struct totals t = enrol_all(w, b);
	assert_int_equal(t.changes[IMPORT_NEW], 6);
	assert_true(t.enrolled >= 5);
	assert_int_equal(
	    test_scalar(w->store,
		"SELECT count(*) FROM v_patient WHERE name = 'Louis Maggio' "
		"AND initials = 'lm'"),
	    1);
	t = enrol_all(w, b);
	assert_int_equal(t.changes[IMPORT_SAME], 6);
	import_free(&b);
}

#define WORLD(test)                                                            \
	cmocka_unit_test_setup_teardown(                                       \
	    test, import_world_new, import_world_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD(test_members__the_roster_once_and_again),
	    WORLD(test_enrol__the_sample_once_and_again),
	    WORLD(test_enrol__names_can_be_searched),
	    WORLD(test_enrol__plans_count_from_the_latest_visit),
	    WORLD(test_enrol__an_old_visit_does_not_count),
	    WORLD(test_enrol__what_is_over_enrols_nobody),
	    WORLD(test_enrol__a_later_import_adds_only_what_is_new),
	    WORLD(test_enrol__a_person_overrules_a_file),
	    WORLD(test_enrol__a_death_ends_every_pathway),
	    WORLD(test_enrol__numbers_of_two_patients_are_refused),
	    WORLD(test_enrol__six_synthea_bundles),
	};

	return cmocka_run_group_tests_name("enrol", tests, NULL, NULL);
}
