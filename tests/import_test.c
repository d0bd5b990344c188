/*
 * import_test.c - FHIR from other systems: what is understood, what is passed
 * over, what is refused by name; counts over real and over our own files.
 */
#include "tests/test.h"

#include "core/clock.h"
#include "core/err.h"
#include "core/text.h"
#include "sync/import.h"

#include <dirent.h>

#define ZONE (8 * 3600)

#define PATIENT(id, more)                                                      \
	"{\"resourceType\":\"Patient\",\"id\":\"" id "\",\"identifier\":"      \
	"[{\"system\":\"urn:h\",\"value\":\"" id "\"}],\"name\":[{\"text\":"   \
	"\"单雪梅\"}]" more "}\n"
#define OBSERVATION(whom, more)                                                \
	"{\"resourceType\":\"Observation\",\"status\":\"final\",\"subject\":"  \
	"{\"reference\":\"" whom "\"},\"effectiveDateTime\":"                  \
	"\"2026-11-01T09:00:00+08:00\"," more "}\n"
#define LOINC(code)                                                            \
	"\"code\":{\"coding\":[{\"system\":\"http://"                          \
	"loinc.org\",\"code\":\"" code "\"}]}"
#define QUANTITY(value, unit)                                                  \
	"\"valueQuantity\":{\"value\":" value ",\"unit\":\"" unit              \
	"\",\"code\":\"" unit "\"}"

static struct import_batch *read_text(const char *text, int *status)
{
	struct import_batch *b = import_new(ZONE);

	*status = import_fhir(b, "a.ndjson", text, strlen(text));
	int finished = import_finish(b);
	if (finished)
		*status = finished;
	return b;
}

static int read_file(struct import_batch *b, const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t n;
	char *text = test_read_file(path, &n);
	int r = import_fhir(b, slash ? slash + 1 : path, text, n);

	free(text);
	return r;
}

/* Every file of a folder whose name ends so; how many there were. */
static int read_folder(
    struct import_batch *b, const char *dir, const char *suffix)
{
	struct dirent **list;
	int n = scandir(dir, &list, NULL, alphasort), taken = 0;
	char path[4600];

	assert_true(n > 0);
	for (int i = 0; i < n; i++) {
		const char *dot = strrchr(list[i]->d_name, '.');
		snprintf(path, sizeof(path), "%s/%s", dir, list[i]->d_name);
		if (dot && strcmp(dot, suffix) == 0) {
			(void)!read_file(b, path);
			taken++;
		}
		free(list[i]);
	}
	free(list);
	return taken;
}

static size_t items_of(const struct import_patient *p, enum import_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < p->item_count; i++)
		n += p->items[i].kind == kind;
	return n;
}

static const struct import_item *last_value(
    const struct import_patient *p, const char *code)
{
	const struct import_item *last = NULL;

	for (size_t i = 0; i < p->item_count; i++)
		if (p->items[i].code_count &&
		    strcmp(p->items[i].codes[0].code, code) == 0)
			last = &p->items[i];
	return last;
}

static const struct import_count *type_of(
    const struct import_batch *b, const char *name)
{
	for (size_t i = 0; i < import_type_count(b); i++)
		if (strcmp(import_type_at(b, i)->type, name) == 0)
			return import_type_at(b, i);
	fail_msg("no type %s", name);
	return NULL;
}

static void test_import__measurements_become_integers(void **state)
{
	static const struct {
		const char *code, *value, *unit;
		int64_t want;
		int scale;
		const char *want_code;
	} rows[] = {
	    {"8480-6", "182.4999999999999", "mm[Hg]", 182, 0, "8480-6"},
	    {"8462-4", "74.0751554380765", "mm[Hg]", 74, 0, "8462-4"},
	    {"2339-0", "126", "mg/dL", 70, 1, "2339-0"},
	    {"15074-8", "16.7", "mmol/L", 167, 1, "2339-0"},
	    {"14771-0", "6.95", "mmol/L", 70, 1, "1558-6"},
	    {"2093-3", "200.00", "mg/dL", 517, 2, "2093-3"},
	    {"2571-8", "150", "mg/dL", 169, 2, "2571-8"},
	    {"2160-0", "1.1", "mg/dL", 97, 0, "2160-0"},
	    {"4548-4", "6.5", "%", 65, 1, "4548-4"},
	    {"39156-5", "27.849999999", "kg/m2", 278, 1, "39156-5"},
	    {"20150-9", "1.50", "L", 15, 1, "20150-9"},
	};
	char text[1024];
	int status;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		snprintf(text, sizeof(text),
		    PATIENT("1", "") OBSERVATION(
			"Patient/1", LOINC("%s") "," QUANTITY("%s", "%s")),
		    rows[i].code, rows[i].value, rows[i].unit, rows[i].unit);
		struct import_batch *b = read_text(text, &status);
		const struct import_patient *p = import_patient_at(b, 0);
		assert_int_equal(status, 0);
		assert_int_equal(p->item_count, 1);
		assert_string_equal(
		    p->items[0].codes[0].code, rows[i].want_code);
		assert_int_equal(p->items[0].value, rows[i].want);
		assert_int_equal(p->items[0].scale, rows[i].scale);
		import_free(&b);
	}
}

static void test_import__components_in_any_order(void **state)
{
#define SBP "{" LOINC("8480-6") "," QUANTITY("182", "mm[Hg]") "}"
#define DBP "{" LOINC("8462-4") "," QUANTITY("112", "mm[Hg]") "}"
	static const char *const texts[] = {
	    OBSERVATION("Patient/1",
		LOINC("85354-9") ",\"component\":[" SBP "," DBP "]")
		PATIENT("1", ""),
	    PATIENT("1", "") OBSERVATION("Patient/1",
		LOINC("55284-4") ",\"component\":[" DBP "," SBP "]"),
	};
	int status;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct import_batch *b = read_text(texts[i], &status);
		const struct import_patient *p = import_patient_at(b, 0);
		assert_int_equal(status, 0);
		assert_int_equal(p->item_count, 2);
		assert_int_equal(last_value(p, "8480-6")->value, 182);
		assert_int_equal(last_value(p, "8462-4")->value, 112);
		assert_int_equal(p->items[0].at_s, 1793494800);
		assert_int_equal(type_of(b, "Observation")->taken, 1);
		import_free(&b);
	}
}

static void test_import__references_of_every_form(void **state)
{
	static const char *const whom[] = {"Patient/1",
	    "https://h.example/fhir/Patient/1", "Patient?identifier=urn:h|1"};
	char text[1024];
	int status;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(whom); i++) {
		snprintf(text, sizeof(text),
		    OBSERVATION("%s", LOINC("8867-4") "," QUANTITY(
					  "72", "/min")) PATIENT("1", ""),
		    whom[i]);
		struct import_batch *b = read_text(text, &status);
		assert_int_equal(status, 0);
		assert_int_equal(import_patient_at(b, 0)->item_count, 1);
		import_free(&b);
	}
}

static void test_import__the_broken_goes_aside_and_the_rest_goes_on(
    void **state)
{
	static const struct {
		const char *line, *where, *why;
	} rows[] = {
	    {"{\"resourceType\":\"Patient\",\"name\":[{\"text\":\"a\"}]}\n",
		"line 1.identifier", "A patient without an identifier"},
	    {"{\"resourceType\":\"Patient\",\"identifier\":[{\"value\":\"7\"}]}"
	     "\n",
		"line 1.name", "A patient without a name"},
	    {PATIENT("2", ",\"birthDate\":\"1959-02-30\""), "line 1.birthDate",
		"The date is not in the calendar"},
	    {PATIENT("2", ",\"telecom\":[{\"value\":\"no phone\"}]"),
		"line 1.telecom", "The telephone number"},
	    {OBSERVATION(
		 "Patient/9", LOINC("8867-4") "," QUANTITY("72", "/min")),
		"line 1.subject", "The patient it"},
	    {OBSERVATION("Patient/1",
		 LOINC("2339-0") "," QUANTITY("\"7.1\"", "mmol/L")),
		"line 1.valueQuantity", "The value is no number"},
	    {OBSERVATION("Patient/1", LOINC("2339-0") "," QUANTITY("7", "kg")),
		"line 1.valueQuantity", "The unit"},
	    {"{\"resourceType\":\"Condition\",\"code\":{\"text\":\"x\"}}\n",
		"line 1.subject", "It does not say whom"},
	    {"{\"resourceType\":\"Condition\",\"subject\":{\"reference\":"
	     "\"Patient/1\"},\"onsetDateTime\":\"never\",\"code\":"
	     "{\"text\":\"x\"}}\n",
		"line 1.onsetDateTime", "The date"},
	    {"{\"resourceType\":\"Condition\",\"subject\":{\"reference\":"
	     "\"Patient/1\"}}\n",
		"line 1.code", "It does not say what"},
	    {"{\"exportId\":\"no FHIR\"}\n", "line 1", "It is not FHIR"},
	    {"{\"resourceType\":\"Patient\",\n", "line 1",
		"The JSON is broken"},
	    {"[1]\n", "line 1", "It is not FHIR"},
	};
	char text[2048];
	int status;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		snprintf(
		    text, sizeof(text), "%s%s", rows[i].line, PATIENT("1", ""));
		struct import_batch *b = read_text(text, &status);
		assert_int_equal(status, ERR_QUARANTINED);
		assert_int_equal(import_problem_count(b), 1);
		const struct import_problem *p = import_problem_at(b, 0);
		assert_string_equal(p->file, "a.ndjson");
		assert_string_equal(p->where, rows[i].where);
		assert_ptr_equal(strstr(p->why, rows[i].why), p->why);
		assert_true(import_patient_count(b) >= 1);
		import_free(&b);
	}
}

static void test_import__a_file_that_cannot_be_read(void **state)
{
	static const char gbk[] = PATIENT("1", "") "\n{\"a\":\"\xb5\xa5\"}";
	static const char cut[] = "{\"resourceType\":\"Bundle\",\n\"entry\":[\n"
				  "{\"resource\":{\"resourceType\":\"Pat";
	static const struct {
		const char *text, *where, *why;
	} rows[] = {
	    {gbk, "line 3", "The file is not UTF-8"},
	    {cut, "", "The JSON is broken or cut off"},
	    {"", "", "The file is empty"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct import_batch *b = import_new(ZONE);
		assert_int_equal(import_fhir(b, "a.json", rows[i].text,
				     strlen(rows[i].text)),
		    ERR_QUARANTINED);
		assert_int_equal(import_problem_count(b), 1);
		assert_int_equal(import_patient_count(b), 0);
		assert_string_equal(
		    import_problem_at(b, 0)->where, rows[i].where);
		assert_non_null(
		    strstr(import_problem_at(b, 0)->why, rows[i].why));
		import_free(&b);
	}
}

/* A cut anywhere is told, or it cut nothing but blanks. */
static void test_import__every_cut_of_a_file_is_told(void **state)
{
	size_t n;
	char *text = test_read_file("schemas/sample/examination.json", &n);
	int step = 977 * (test_repeat(10) == 10 ? 1 : 10);

	(void)state;
	for (size_t len = 0; len + 4 < n; len += (size_t)step) {
		struct import_batch *b = import_new(ZONE);
		assert_int_equal(
		    import_fhir(b, "a.json", text, len), ERR_QUARANTINED);
		(void)!import_finish(b);
		import_free(&b);
	}
	free(text);
}

static void test_import__the_same_person_twice_is_one(void **state)
{
	static const char text[] =
	    PATIENT("1", ",\"telecom\":[{\"value\":\"+86 154-2026-0001\"}]")
		OBSERVATION("Patient/1",
		    "\"id\":\"o\"," LOINC("8867-4") "," QUANTITY("72", "/min"))
		    PATIENT("1",
			",\"telecom\":[{\"value\":\"１５４２０２６０００２\"}]")
			OBSERVATION("Patient/1",
			    "\"id\":\"o\"," LOINC("8867-4") "," QUANTITY(
				"72", "/min"));
	int status;

	(void)state;
	struct import_batch *b = read_text(text, &status);
	assert_int_equal(status, 0);
	assert_int_equal(import_patient_count(b), 1);
	const struct import_patient *p = import_patient_at(b, 0);
	assert_string_equal(p->key, "urn:h|1");
	assert_int_equal(p->item_count, 1);
	assert_int_equal(p->phone_count, 1);
	assert_string_equal(p->phones[0].number, "15420260002");
	assert_int_equal(type_of(b, "Observation")->passed_over, 1);
	import_free(&b);
}

static void test_import__two_hospitals_may_both_have_patient_1(void **state)
{
	static const char other[] =
	    "{\"resourceType\":\"Patient\",\"id\":\"1\",\"identifier\":"
	    "[{\"system\":\"urn:other\",\"value\":\"1\"}],\"name\":"
	    "[{\"text\":\"仇玉兰\"}]}\n" OBSERVATION(
		"Patient/1", LOINC("8867-4") "," QUANTITY("60", "/min"));
	static const char first[] = PATIENT("1", "") OBSERVATION(
	    "Patient/1", LOINC("8867-4") "," QUANTITY("72", "/min"));
	static const char third[] = OBSERVATION(
	    "Patient/1", LOINC("8867-4") "," QUANTITY("80", "/min"));
	static const char fourth[] =
	    OBSERVATION("Patient/1", LOINC("8302-2") "," QUANTITY("160", "cm"));
	struct import_batch *b = import_new(ZONE);

	(void)state;
	assert_int_equal(import_fhir(b, "x/a.ndjson", first, strlen(first)), 0);
	assert_int_equal(import_fhir(b, "y/a.ndjson", other, strlen(other)), 0);
	assert_int_equal(
	    import_fhir(b, "y/b.ndjson", fourth, strlen(fourth)), 0);
	assert_int_equal(import_fhir(b, "z/c.ndjson", third, strlen(third)), 0);
	assert_int_equal(import_finish(b), ERR_QUARANTINED);
	assert_int_equal(import_patient_count(b), 2);
	for (size_t i = 0; i < 2; i++) {
		const struct import_patient *p = import_patient_at(b, i);
		assert_int_equal(p->item_count, i + 1);
		assert_int_equal(p->items[0].value, i == 0 ? 72 : 60);
	}
	assert_non_null(strstr(import_problem_at(b, 0)->why, "Two patients"));
	import_free(&b);
}

static void test_import__withdrawn_and_unknown_are_counted(void **state)
{
	static const char text[] = PATIENT("1",
	    "") "{\"resourceType\":\"Condition\",\"verificationStatus\":{"
		"\"coding\":"
		"[{\"code\":\"refuted\"}]},\"subject\":{\"reference\":"
		"\"Patient/1\"}"
		",\"code\":{\"text\":\"x\"}}\n"
		"{\"resourceType\":\"Claim\"}\n{\"resourceType\":\"Claim\"}\n";
	int status;

	(void)state;
	struct import_batch *b = read_text(text, &status);
	assert_int_equal(status, 0);
	assert_int_equal(type_of(b, "Claim")->passed_over, 2);
	assert_false(type_of(b, "Claim")->is_known);
	assert_int_equal(type_of(b, "Condition")->passed_over, 1);
	assert_true(type_of(b, "Condition")->is_known);
	assert_int_equal(import_patient_at(b, 0)->item_count, 0);
	import_free(&b);
}

/* ISO 7064 MOD 11-2 as GB 11643 uses it. */
static char check_digit(const char *id)
{
	static const int weights[] = {
	    7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	int sum = 0;

	for (int i = 0; i < 17; i++)
		sum += (id[i] - '0') * weights[i];
	return "10X98765432"[sum % 11];
}

static void assert_is_impossible(const struct import_patient *p)
{
	char birth[DAY_TEXT], digits[9];
	const char *id = p->ids[1].value;

	day_text(birth, p->birth_day);
	snprintf(digits, sizeof(digits), "%.4s%.2s%.2s", birth, birth + 5,
	    birth + 8);
	assert_string_equal(p->ids[1].type, "NI");
	assert_int_equal(strlen(id), 18);
	assert_memory_equal(id, "999999", 6);
	assert_memory_equal(id + 6, digits, 8);
	assert_int_equal((id[16] - '0') % 2, p->sex[0] == 'M');
	assert_int_equal(id[17], check_digit(id));
	for (size_t i = 0; i < p->phone_count; i++) {
		assert_int_equal(strlen(p->phones[i].number), 11);
		assert_memory_equal(p->phones[i].number, "154", 3);
	}
}

static struct import_batch *sample(void)
{
	struct import_batch *b = import_new(ZONE);

	assert_int_equal(read_folder(b, "schemas/sample", ".json"), 4);
	assert_int_equal(read_folder(b, "schemas/sample/bulk", ".ndjson"), 6);
	assert_int_equal(import_finish(b), 0);
	return b;
}

static void test_sample__nobody_in_it_can_exist(void **state)
{
	struct import_batch *b = sample();
	size_t deceased = 0, shared = 0;

	(void)state;
	assert_int_equal(import_problem_count(b), 0);
	assert_int_equal(import_patient_count(b), 119);
	for (size_t i = 0; i < import_patient_count(b); i++) {
		const struct import_patient *p = import_patient_at(b, i);
		assert_is_impossible(p);
		assert_true(p->item_count > 0);
		deceased += p->is_deceased;
		for (size_t k = 0; k < i; k++)
			shared +=
			    strcmp(import_patient_at(b, k)->phones[0].number,
				p->phones[0].number) == 0;
	}
	assert_int_equal(deceased, 2);
	assert_int_equal(shared, 3);
	import_free(&b);
}

static void test_sample__every_group_is_there(void **state)
{
	static const struct {
		const char *code;
		size_t least;
	} rows[] = {{"I10", 30}, {"E11.9", 20}, {"36.07", 8}, {"I50.9", 5},
	    {"J44.9", 5}, {"J45.9", 4}, {"81.54", 4}, {"I63.9", 3},
	    {"C50.9", 1}, {"R91", 2}, {"51.23", 2}, {"Z39.2", 2}};
	struct import_batch *b = sample();
	size_t both = 0;

	(void)state;
	for (size_t i = 0; i < import_patient_count(b); i++)
		both += last_value(import_patient_at(b, i), "I10") &&
			last_value(import_patient_at(b, i), "E11.9");
	assert_true(both >= 8);
	for (size_t k = 0; k < ARRAY_LEN(rows); k++) {
		size_t n = 0;
		for (size_t i = 0; i < import_patient_count(b); i++)
			n += last_value(
				 import_patient_at(b, i), rows[k].code) != NULL;
		if (n < rows[k].least)
			fail_msg("%s: %zu", rows[k].code, n);
	}
	import_free(&b);
}

static void test_synthea__six_bundles(void **state)
{
	const char *dir = test_shared("data/synthea");
	struct import_batch *b;
	size_t kinds[5] = {0};

	(void)state;
	if (!dir)
		skip();
	b = import_new(ZONE);
	assert_int_equal(read_folder(b, dir, ".json"), 6);
	assert_int_equal(import_finish(b), 0);
	assert_int_equal(import_problem_count(b), 0);
	assert_int_equal(import_patient_count(b), 6);
	for (size_t i = 0; i < 6; i++)
		for (int k = 0; k < 5; k++)
			kinds[k] += items_of(
			    import_patient_at(b, i), (enum import_kind)k);
	assert_int_equal(kinds[IMPORT_CONDITION], 55);
	assert_int_equal(kinds[IMPORT_PROCEDURE], 45);
	assert_int_equal(kinds[IMPORT_ENCOUNTER], 114);
	assert_int_equal(kinds[IMPORT_MEDICATION], 32);
	assert_int_equal(type_of(b, "Observation")->seen, 694);
	assert_int_equal(type_of(b, "Claim")->passed_over, 146);
	import_free(&b);
}

static void test_synthea__bulk_files(void **state)
{
	const char *dir = test_shared("data/synthea/bulk");
	struct import_batch *b;
	size_t deceased = 0;

	(void)state;
	if (!dir)
		skip();
	b = import_new(ZONE);
	assert_int_equal(read_folder(b, dir, ".ndjson"), 9);
	assert_int_equal(import_finish(b), 0);
	assert_int_equal(import_patient_count(b), 13);
	assert_int_equal(type_of(b, "Condition")->taken, 555);
	assert_int_equal(type_of(b, "Encounter")->taken, 1215);
	assert_int_equal(type_of(b, "MedicationRequest")->taken, 1745);
	assert_int_equal(type_of(b, "Practitioner")->passed_over, 43);
	/* log.ndjson is no FHIR: four lines, each told. */
	assert_int_equal(import_problem_count(b), 4);
	assert_string_equal(import_problem_at(b, 0)->file, "log.ndjson");
	for (size_t i = 0; i < 13; i++)
		deceased += import_patient_at(b, i)->is_deceased;
	assert_int_equal(deceased, 3);
	import_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_import__measurements_become_integers),
	    cmocka_unit_test(test_import__components_in_any_order),
	    cmocka_unit_test(test_import__references_of_every_form),
	    cmocka_unit_test(
		test_import__the_broken_goes_aside_and_the_rest_goes_on),
	    cmocka_unit_test(test_import__a_file_that_cannot_be_read),
	    cmocka_unit_test(test_import__every_cut_of_a_file_is_told),
	    cmocka_unit_test(test_import__the_same_person_twice_is_one),
	    cmocka_unit_test(
		test_import__two_hospitals_may_both_have_patient_1),
	    cmocka_unit_test(test_import__withdrawn_and_unknown_are_counted),
	    cmocka_unit_test(test_sample__nobody_in_it_can_exist),
	    cmocka_unit_test(test_sample__every_group_is_there),
	    cmocka_unit_test(test_synthea__six_bundles),
	    cmocka_unit_test(test_synthea__bulk_files),
	};

	return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
