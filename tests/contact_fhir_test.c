/*
 * contact_fhir_test.c - what leaves as FHIR is what was answered: a call is
 * walked through, recorded, and read back from the store; one script and two
 * in one call. Two validators of others look at it where they are installed.
 */
#include "tests/test.h"

#include "core/contact_fhir.h"
#include "core/json.h"
#include "core/script_merge.h"
#include "core/script_out.h"
#include "tests/desk_maker.h"
#include "tests/script_walk.h"
#include "tui/call.h"

#include <string.h>
#include <unistd.h>

#define MODULES "build/npm/node_modules"

/* What a response says, item by item; the origin and time of measurements
 * stay with the observations. */
static json_t *bare(json_t *item)
{
	const char *key;
	json_t *value, *out;
	size_t i;

	if (json_is_array(item)) {
		out = json_array();
		json_array_foreach (item, i, value)
			json_array_append_new(out, bare(value));
		return out;
	}
	if (!json_is_object(item))
		return json_incref(item);
	out = json_object();
	json_object_foreach (item, key, value)
		if (strcmp(key, "extension") != 0)
			json_object_set_new(out, key, bare(value));
	return out;
}

static void assert_same_items(json_t *got, const struct call *c, size_t part)
{
	struct script_run *one = NULL;
	json_t *want, *a, *b;
	char *x, *y;

	assert_int_equal(script_merged_run(&one, c->merged, c->run,
			     (struct script_zone){part, c->desk->zone_s}),
	    0);
	want = script_run_response(one, &(struct script_head){.hash = "0"});
	a = bare(json_object_get(want, "item"));
	b = bare(json_object_get(got, "item"));
	x = json_dumps(a, JSON_SORT_KEYS | JSON_REAL_PRECISION(15));
	y = json_dumps(b, JSON_SORT_KEYS | JSON_REAL_PRECISION(15));
	assert_string_equal(x, y);
	free(x);
	free(y);
	json_decref(a);
	json_decref(b);
	json_decref(want);
	script_run_free(&one);
}

static void write_one(const char *dir, int seed, size_t i, json_t *response)
{
	char path[4200];

	snprintf(path, sizeof(path), "%s/call.%d%zu.r.json", dir, seed, i);
	assert_int_equal(
	    json_dump_file(response, path, JSON_REAL_PRECISION(15)), 0);
}

static void one_call(
    struct desk_maker *m, int patient, int seed, const char *dir)
{
	struct walk_random r = {(uint64_t)seed};
	struct id p = desk_patient(patient);
	struct contact_fhir ask = {
	    .store = m->desk.store, .patient = &p, .zone_s = m->desk.zone_s};
	json_t *list = json_array();
	struct call *c;
	char ref[REF_TEXT];

	assert_int_equal(call_begin(&c, &m->desk, &p, ""), 0);
	assert_non_null(c->run);
	if (patient == 2)
		assert_true(c->asked_count > 1);
	assert_true(walk_finish(c->run, &r, 4000) >= 0);
	assert_int_equal(call_finish(ref, c, call_completed(c), NULL), 0);
	ask.ref = ref;
	assert_int_equal(contact_fhir_add(list, &ask), 0);
	assert_int_equal(json_array_size(list), c->asked_count);
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *o = json_array_get(list, i);
		assert_same_items(o, c, i);
		assert_string_equal(json_str(o, "status", ""), "completed");
		assert_non_null(json_object_get(
		    json_object_get(o, "subject"), "identifier"));
		assert_non_null(strstr(
		    json_str(json_object_get(o, "identifier"), "value", ""),
		    c->asked[i]));
		write_one(dir, seed, i, o);
	}
	json_decref(list);
	call_free(&c);
}

static void test_fhir__what_leaves_is_what_was_answered(void **state)
{
	char *dir = test_dir_new();
	struct desk_maker m;
	char cmd[4500];
	int calls = test_repeat(30);

	(void)state;
	for (int seed = 1; seed <= (calls < 6 ? 6 : calls); seed++) {
		desk_maker_init(&m, 'A', NULL);
		desk_maker_fill(&m);
		desk_maker_enrol_both(&m);
		one_call(&m, seed % 3 + 1, seed, dir);
		desk_maker_fini(&m);
	}
	if (access(MODULES "/fhirpath", R_OK) == 0) {
		snprintf(cmd, sizeof(cmd), "node tests/npm/validate.cjs %s %s",
		    MODULES, dir);
		assert_int_equal(system(cmd), 0);
	} else {
		print_message("[  SKIP    ] the validators are not here "
			      "(script_npm_test installs them)\n");
	}
	test_dir_remove(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_fhir__what_leaves_is_what_was_answered),
	};

	return cmocka_run_group_tests_name("contact_fhir", tests, NULL, NULL);
}
