/*
 * script_npm_test.c - our scripts and the responses of calls through them, in
 * the eyes of two FHIR validators and a FHIRPath engine that others wrote.
 * Needs node and npm; says so and skips without.
 */
#include "tests/test.h"

#include "core/asset.h"
#include "core/err.h"
#include "core/script_out.h"
#include "tests/script_walk.h"

#include <unistd.h>

#define MODULES "build/npm/node_modules"
#define NOW INT64_C(1795312800)
#define CALLS 4

/* False after a line that says what is missing. */
static bool have_modules(void)
{
	const char *require = getenv("REQUIRE");
	const char *why = "node and npm are not installed";

	if (system("command -v node npm >/dev/null 2>&1") == 0) {
		if (access(MODULES "/fhirpath", R_OK) == 0 ||
		    system("mkdir -p build/npm && cp tests/npm/package.json "
			   "build/npm/ && cd build/npm && timeout 180 npm "
			   "install --silent --no-audit --no-fund "
			   ">npm.log 2>&1") == 0)
			return true;
		why = "npm cannot install the validators here";
	}
	print_message("[  SKIP    ] %s\n", why);
	if (require && strstr(require, "npm"))
		fail_msg("REQUIRE=npm, and %s", why);
	return false;
}

static void write_text(
    const char *dir, const char *name, const char *text, size_t n)
{
	char path[4300];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static void write_call(
    const char *dir, const char *name, const struct script *s, int i)
{
	static const struct script_head head = {
	    .hash = "00", .subject = "Patient/1", .authored_s = NOW};
	struct walk_random r = {(uint64_t)i};
	struct script_run *run = script_run_new(s, NULL, 8 * 3600);
	char file[200], *text;
	json_t *response;

	assert_true(walk_finish(run, &r, 4000) >= 0);
	if (i % 2 == 0)
		assert_int_equal(script_run_complete(run), 0);
	else
		script_run_stop(run);
	response = script_run_response(run, &head);
	text = json_dumps(response, JSON_REAL_PRECISION(15));
	snprintf(file, sizeof(file), "%.150s.%d.r.json", name, i);
	write_text(dir, file, text, strlen(text));
	free(text);
	json_decref(response);
	script_run_free(&run);
}

static void write_script(
    const char *dir, const char *name, const char *json, size_t n)
{
	struct script *s = NULL;
	char file[200];

	assert_int_equal(script_load(&s, json, n, SCRIPT_LENIENT, NULL), 0);
	snprintf(file, sizeof(file), "%.150s.q.json", name);
	write_text(dir, file, json, n);
	for (int i = 0; i < CALLS; i++)
		write_call(dir, name, s, i);
	script_free(&s);
}

static void write_own(const char *dir)
{
	for (size_t i = 0; i < asset_total(); i++) {
		const struct asset *a = asset_at(i);
		if (strncmp(a->path, "scripts/", 8) == 0)
			write_script(dir, a->path + 8, a->data, a->len);
	}
}

/* The files themselves are dirty; the responses may not be. */
static void write_foreign(const char *dir)
{
	static const char *const files[] = {"lhc-phq9", "lhc-phq9-calc-weight",
	    "lhc-initial-all-types", "lhc-quantity-units",
	    "lhc-question-under-question", "twltc-adl-zh", "twltc-aa01-zh",
	    "lhc-enablewhen-all-operators"};

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		char path[128], name[80];
		const char *full;
		size_t n;
		char *json;
		snprintf(path, sizeof(path), "data/questionnaires/%s.json",
		    files[i]);
		full = test_shared(path);
		if (!full)
			return;
		json = test_read_file(full, &n);
		snprintf(name, sizeof(name), "foreign-%s", files[i]);
		write_script(dir, name, json, n);
		free(json);
	}
}

static void test_npm__validators_accept_what_leaves_us(void **state)
{
	char *dir;
	char cmd[4400];

	(void)state;
	if (!have_modules())
		skip();
	dir = test_dir_new();
	write_own(dir);
	write_foreign(dir);
	snprintf(cmd, sizeof(cmd), "node tests/npm/validate.cjs %s %s", MODULES,
	    dir);
	assert_int_equal(system(cmd), 0);
	test_dir_remove(dir);
}

static void test_npm__validators_would_notice(void **state)
{
	static const char broken[] =
	    "{\"resourceType\":\"QuestionnaireResponse\",\"status\":\"no\"}";
	char *dir;
	char cmd[4500];

	(void)state;
	if (!have_modules())
		skip();
	dir = test_dir_new();
	write_text(dir, "x.0.r.json", broken, strlen(broken));
	snprintf(cmd, sizeof(cmd),
	    "node tests/npm/validate.cjs %s %s >/dev/null", MODULES, dir);
	assert_int_not_equal(system(cmd), 0);
	test_dir_remove(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_npm__validators_accept_what_leaves_us),
	    cmocka_unit_test(test_npm__validators_would_notice),
	};

	return cmocka_run_group_tests_name("script_npm", tests, NULL, NULL);
}
