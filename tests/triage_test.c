/* triage_test.c - conditions over facts, and the red flags built on them. */
#include "core/clock.h"
#include "core/err.h"
#include "core/json.h"
#include "core/triage.h"
#include "tests/own.h"
#include "tests/test.h"

#define NOW INT64_C(1795312800)

static int setup(void **state)
{
	*state = own_triage();
	return 0;
}

static int teardown(void **state)
{
	struct triage *t = *state;

	triage_free(&t);
	return 0;
}

static bool hits_rule(
    const struct triage *t, const struct facts *f, const char *id)
{
	struct triage_hit hits[16];
	size_t n = triage_run(hits, ARRAY_LEN(hits), t, f, NOW);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(hits[i].rule->id, id))
			return true;
	return false;
}

static void test_triage__boundaries_of_the_national_lists(void **state)
{
	static const struct {
		const char *rule;
		const char *code;
		int64_t out;
		int64_t in;
		int scale;
	} rows[] = {
	    {"htn-bp-emergency", "8480-6", 179, 180, 0},
	    {"htn-bp-emergency", "8462-4", 109, 110, 0},
	    {"bp-low", "8480-6", 90, 89, 0},
	    {"dm-glucose-high", "1558-6", 166, 167, 1},
	    {"dm-glucose-high", "2339-0", 1669, 1670, 2},
	    {"dm-glucose-low", "1521-4", 40, 39, 1},
	    {"dm-glucose-low", "2345-7", 391, 390, 2},
	    {"dm-fever", "8310-5", 390, 391, 1},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct facts f = {0};

		facts_add_number(
		    &f, rows[i].code, rows[i].out, rows[i].scale, NOW);
		assert_false(hits_rule(*state, &f, rows[i].rule));
		facts_clear(&f);
		facts_add_number(
		    &f, rows[i].code, rows[i].in, rows[i].scale, NOW);
		assert_true(hits_rule(*state, &f, rows[i].rule));
		facts_age(&f);
		assert_false(hits_rule(*state, &f, rows[i].rule));
		facts_fini(&f);
	}
}

static void test_triage__most_urgent_first_and_all_counted(void **state)
{
	struct facts f = {0};
	struct triage_hit hits[2];
	size_t n;
	char inputs[100];

	facts_add_coded(&f, "adverse-reaction", "yes", NOW);
	facts_add_coded(&f, "complication", "new", NOW);
	facts_add_coded(&f, "wound", "pus", NOW);
	facts_add_number(&f, "8480-6", 186, 0, NOW);
	n = triage_run(hits, 2, *state, &f, NOW);
	assert_int_equal(n, 4);
	assert_int_equal(hits[0].rule->level, TRIAGE_EMERGENCY);
	assert_int_equal(hits[1].rule->level, TRIAGE_RED);
	assert_string_equal(hits[0].rule->id, "htn-bp-emergency");
	cond_trace_text(inputs, sizeof(inputs), &hits[0].inputs);
	assert_string_equal(inputs, "8480-6 186");
	facts_fini(&f);
}

static int check_emergencies(
    void *ctx, const char *path, const char *text, size_t n)
{
	size_t *seen = ctx, i;
	json_t *root, *rule, *what;

	(void)path;
	assert_int_equal(json_load(&root, text, n, 1 << 20), 0);
	json_array_foreach (json_list(root, "rules"), i, rule) {
		if (strcmp(json_str(rule, "level", ""), "emergency") != 0)
			continue;
		what = json_object_get(rule, "instruction");
		assert_true(json_int(rule, "sla_s", 9999) <= 1800);
		assert_non_null(strstr(json_str(what, "zh", ""), "120"));
		assert_non_null(strstr(json_str(what, "en", ""), "120"));
		++*seen;
	}
	json_decref(root);
	return 0;
}

static void test_triage__an_emergency_begins_with_what_to_do(void **state)
{
	size_t seen = 0;

	(void)state;
	assert_int_equal(content_each("rules/", check_emergencies, &seen), 0);
	assert_true(seen >= 10);
}

#define HEAD                                                                   \
	"{\"id\":\"p\",\"version\":1,\"title\":{\"zh\":\"a\",\"en\":\"b\"},"   \
	"\"source\":\"s\",\"rules\":"
#define WORDS "{\"zh\":\"a\",\"en\":\"b\"}"
#define RULE                                                                   \
	"\"id\":\"r\",\"version\":1,\"level\":\"red\",\"banner\":" WORDS       \
	",\"instruction\":" WORDS ",\"queue\":\"q\",\"sla_s\":60"
#define WHEN ",\"when\":{\"code\":\"c\",\"op\":\"=\",\"value\":1}"

static void test_triage__refuses_packs_with_the_place(void **state)
{
	static const struct {
		const char *list;
		const char *says;
	} rows[] = {
	    {"[]", "$.rules"},
	    {"3", "$.rules"},
	    {"[3]", "$.rules[0]"},
	    {"[{}]", "$.rules[0].id"},
	    {"[{\"id\":\"r\"}]", "version"},
	    {"[{\"id\":\"r\",\"version\":1}]", "sla_s"},
	    {"[{\"id\":\"r\",\"version\":1,\"sla_s\":60,"
	     "\"level\":\"x\"}]",
		"level"},
	    {"[{\"id\":\"r\",\"version\":1,\"sla_s\":60,"
	     "\"level\":\"red\"}]",
		"banner"},
	    {"[{\"id\":\"r\",\"version\":1,\"sla_s\":60,"
	     "\"level\":\"red\",\"banner\":" WORDS "}]",
		"instruction"},
	    {"[{\"id\":\"r\",\"version\":1,\"sla_s\":60,"
	     "\"level\":\"red\",\"banner\":" WORDS ",\"instruction\":" WORDS
	     "}]",
		"queue"},
	    {"[{" RULE "}]", "$.rules[0].when"},
	    {"[{" RULE ",\"x\":1}]", "$.rules[0].x"},
	    {"[{" RULE WHEN "},{" RULE WHEN "}]", "twice"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct triage *t = triage_new();
		char json[1200];

		snprintf(json, sizeof(json), HEAD "%s}", rows[i].list);
		assert_int_equal(
		    triage_add(t, json, strlen(json)), ERR_INVALID);
		assert_int_equal(triage_total(t), 0);
		assert_non_null(strstr(err_detail(), rows[i].says));
		triage_free(&t);
	}
}

static void test_triage__two_packs_share_no_rule(void **state)
{
	static const char json[] = HEAD "[{" RULE WHEN "}]}";
	struct triage *t = triage_new();

	(void)state;
	assert_int_equal(triage_add(t, json, strlen(json)), 0);
	assert_int_equal(triage_add(t, json, strlen(json)), ERR_INVALID);
	assert_int_equal(triage_total(t), 1);
	triage_free(&t);
	triage_free(&t);
}

static void test_content__head_is_checked(void **state)
{
	static const char *const bad[] = {
	    "[",
	    "{\"version\":1}",
	    "{\"id\":\"X\",\"version\":1}",
	    "{\"id\":\"x\",\"version\":0}",
	    "{\"id\":\"x\",\"version\":\"1\"}",
	    "{\"id\":\"x\",\"version\":1,\"title\":\"t\"}",
	    "{\"id\":\"x\",\"version\":1,\"title\":{\"zh\":\"a\"}}",
	    "{\"id\":\"x\",\"version\":1,\"title\":{\"zh\":\"a\","
	    "\"en\":\"b\"}}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct triage *t = triage_new();

		assert_true(triage_add(t, bad[i], strlen(bad[i])) < 0);
		triage_free(&t);
	}
}

/* Any facts at all: hits come in order, and each names what it saw. */
static void test_triage__property(void **state)
{
	static const char *const codes[] = {"8480-6", "8462-4", "1558-6",
	    "29463-7", "htn-danger", "pci-bleeding", "wound", "44260-8"};
	static const char *const texts[] = {
	    "pus", "other", "black-stool", "consciousness", "none", "LA6569-3"};
	struct test_env env;

	test_env_init(&env, 11);
	for (int i = 0; i < test_repeat(3000); i++) {
		struct facts f = {0};
		struct triage_hit hits[32];
		uint32_t r[4];
		size_t n;

		for (int k = 0; k < 6; k++) {
			env_random(&env.env, r, sizeof(r));
			if (r[0] % 2)
				facts_add_number(&f,
				    codes[r[1] % ARRAY_LEN(codes)],
				    (int64_t)(r[2] % 300), (int)(r[3] % 2),
				    NOW - r[0] % 5 * DAY_S);
			else
				facts_add_coded(&f,
				    codes[r[1] % ARRAY_LEN(codes)],
				    texts[r[2] % ARRAY_LEN(texts)], NOW);
		}
		n = triage_run(hits, ARRAY_LEN(hits), *state, &f, NOW);
		assert_true(n <= ARRAY_LEN(hits));
		for (size_t k = 0; k < n; k++) {
			assert_true(k == 0 || hits[k - 1].rule->level <=
						  hits[k].rule->level);
			assert_true(hits[k].inputs.n > 0);
		}
		facts_age(&f);
		facts_fini(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_triage__boundaries_of_the_national_lists),
	    cmocka_unit_test(test_triage__most_urgent_first_and_all_counted),
	    cmocka_unit_test(test_triage__an_emergency_begins_with_what_to_do),
	    cmocka_unit_test(test_triage__refuses_packs_with_the_place),
	    cmocka_unit_test(test_triage__two_packs_share_no_rule),
	    cmocka_unit_test(test_content__head_is_checked),
	    cmocka_unit_test(test_triage__property),
	};

	return cmocka_run_group_tests_name("triage", tests, setup, teardown);
}
