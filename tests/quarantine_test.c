/*
 * quarantine_test.c - what an import could not read, put right by hand with
 * the real program: listed, written out, corrected, taken back.
 */
#include "tests/programs.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char good[] =
    "{\"resourceType\":\"Patient\",\"id\":\"1\",\"identifier\":[{\"system\":"
    "\"urn:h\",\"value\":\"7\"}],\"name\":[{\"text\":\"单雪梅\"}],"
    "\"gender\":\"female\",\"birthDate\":\"1968-02-11\"}\n";
static const char broken[] =
    "{\"resourceType\":\"Patient\",\"id\":\"2\",\"identifier\":[{\"system\":"
    "\"urn:h\",\"value\":\"8\"}],\"name\":[{\"text\":\"仇玉兰\"}],"
    "\"gender\":\"female\",\"birthDate\":\"1968-02-31\"}\n";

static const char corrected[] =
    "{\"resourceType\":\"Patient\",\"id\":\"2\",\"identifier\":[{\"system\":"
    "\"urn:h\",\"value\":\"8\"}],\"name\":[{\"text\":\"仇玉兰\"}],"
    "\"gender\":\"female\",\"birthDate\":\"1968-02-13\"}\n";

static void write_file(
    struct hospital *h, const char *name, const char *text, const char *more)
{
	char path[4200];

	snprintf(path, sizeof(path), "%s/%s", h->dir, name);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "%s%s", text, more);
	assert_int_equal(fclose(f), 0);
}

static void assert_says(struct hospital *h, const char *text)
{
	if (!strstr(run_out(h), text))
		fail_msg("no '%s' in\n%s", text, run_out(h));
}

static void test_back__what_was_put_right_leaves_the_quarantine(void **state)
{
	struct hospital *h = hospital_new();
	char dir[4200];
	struct stat st;

	(void)state;
	write_file(h, "in.ndjson", good, broken);
	run_expect(
	    h, 4, "", "suifang-node import fhir @/in.ndjson --home @/node");
	assert_says(h, "Patients: 1 new");
	run_expect(h, 0, "", "suifang-node import quarantine --home @/node");
	assert_says(h, "line 2");
	snprintf(dir, sizeof(dir), "%s/wrong", h->dir);
	assert_int_equal(mkdir(dir, 0700), 0);
	run_expect(
	    h, 0, "", "suifang-node import quarantine @/wrong --home @/node");
	snprintf(dir, sizeof(dir), "%s/wrong/1.json", h->dir);
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	run_expect(h, 4, "", "suifang-node import back @/wrong --home @/node");
	write_file(h, "wrong/1.json", corrected, "");
	run_expect(h, 0, "", "suifang-node import back @/wrong --home @/node");
	assert_says(h, "taken in");
	run_expect(h, 0, "", "suifang-node import quarantine --home @/node");
	assert_says(h, "Nothing is in quarantine");
	run_expect(
	    h, 1, "", "suifang-node import quarantine --drop 9 --home @/node");
	hospital_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		test_back__what_was_put_right_leaves_the_quarantine),
	};

	return cmocka_run_group_tests_name("quarantine", tests, NULL, NULL);
}
