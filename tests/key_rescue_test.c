/*
 * key_rescue_test.c - with real programs: the centre's stream keys are copied
 * to a second medium, sealed to the root; the centre is lost and no terminal
 * returns; the root hands the keys to the new centre, which reads again.
 */
#define _GNU_SOURCE
#include "tests/programs.h"

#include "core/draft.h"
#include "core/id.h"
#include "core/store.h"
#include "sync/program.h"
#include "sync/rescue_file.h"

#include <dirent.h>
#include <signal.h>

static const struct id patient = {{0x51, 2, 3}}, gone = {{0x51, 2, 4}};

static int setup(void **state)
{
	struct hospital *h = hospital_new();
	struct home *node = hospital_open(h, "node", NULL);

	hospital_say(node, KIND_PATIENT_REGISTERED, &patient,
	    json_pack("{s:s,s:s}", "name", "测试者", "sex", "male"));
	hospital_say(node, KIND_PATIENT_REGISTERED, &gone,
	    json_pack("{s:s,s:s}", "name", "已抹除", "sex", "male"));
	home_close(&node);
	hospital_serve(h);
	*state = h;
	return 0;
}

/* The newest copy in @/second, from the hospital's folder on. */
static void copy_name(struct hospital *h, char out[80])
{
	char path[4300];
	struct dirent *e;
	DIR *d;

	snprintf(path, sizeof(path), "%s/second", h->dir);
	d = opendir(path);
	assert_non_null(d);
	out[0] = '\0';
	while ((e = readdir(d)))
		if (strncmp(e->d_name, "keys-", 5) == 0)
			snprintf(out, 80, "second/%.60s", e->d_name);
	closedir(d);
	assert_true(out[0]);
}

static void make_copy(struct hospital *h)
{
	char path[4300];
	struct dirent *e;
	int n = 0;
	DIR *d;

	run_expect(h, 0, "root",
	    "suifang-key root rescue --key @/root.key --org @/org.json --out "
	    "@/rescue.json --passphrase-fd 0");
	run_expect(h, 2, "", "suifang-node keys backup @/second --home @/node");
	snprintf(path, sizeof(path), "mkdir '%s/second'", h->dir);
	assert_int_equal(system(path), 0);
	test_write_file(h->dir, "second/keys-1000.sfk", "a very old one");
	test_write_file(h->dir, "second/other", "not ours");
	run_expect(h, 0, "",
	    "suifang-node keys backup @/second --rescue @/rescue.json --home "
	    "@/node --lang en");
	assert_string_equal(run_out(h), "stream keys copied: 2");
	run_expect(h, 0, "", "suifang-node status --home @/node --lang en");
	assert_non_null(strstr(run_out(h), "second medium: 2"));
	snprintf(path, sizeof(path), "%s/second", h->dir);
	d = opendir(path);
	while ((e = readdir(d)))
		n += e->d_name[0] != '.';
	closedir(d);
	assert_int_equal(n, 2);
}

static void test_key_rescue__a_copy_is_sealed_and_checked(void **state)
{
	struct hospital *h = *state;
	char name[80], line[500];

	make_copy(h);
	copy_name(h, name);
	run_expect(h, 0, "root",
	    "suifang-key root check --key @/root.key --org @/org.json "
	    "--passphrase-fd 0 --lang en");
	run_expect(h, 3, "wrong",
	    "suifang-key root check --key @/root.key --org @/org.json "
	    "--passphrase-fd 0");
	snprintf(line, sizeof(line),
	    "suifang-key root check --key @/root.key "
	    "--org @/org.json --keys @/%s --passphrase-fd 0 --lang en",
	    name);
	run_expect(h, 0, "root", line);
	assert_non_null(strstr(run_out(h), "opens: 2"));
	/* A file that the root did not sign is nobody to seal to. */
	test_write_file(h->dir, "false.json",
	    "{\"org\":\"00\",\"rescue\":\"00\","
	    "\"signature\":\"00\"}");
	run_expect(h, 5, "",
	    "suifang-node keys backup @/second --rescue @/false.json --home "
	    "@/node");
	/* The centre itself cannot open what it wrote. */
	snprintf(line, sizeof(line),
	    "suifang-node keys take @/%s --home "
	    "@/node",
	    name);
	run_expect(h, 5, "", line);
}

static void test_key_rescue__a_torn_copy_is_no_damage(void **state)
{
	struct hospital *h = *state;
	struct buf copy = {0};
	char name[80], path[4300];

	copy_name(h, name);
	snprintf(path, sizeof(path), "%s/%s", h->dir, name);
	assert_int_equal(program_read(&copy, path, RESCUE_FILE_MAX), 0);
	copy.len -= 4; /* the end is wanting */
	snprintf(path, sizeof(path), "%s/torn.sfk", h->dir);
	assert_int_equal(program_write(path, &copy, 0600), 0);
	buf_fini(&copy);
	run_expect(h, 1, "root",
	    "suifang-key root check --key @/root.key --org @/org.json --keys "
	    "@/torn.sfk --passphrase-fd 0 --lang en");
	assert_non_null(strstr(buf_text(&h->err), "or it is cut off"));
	run_expect(h, 1, "", "suifang-node keys take @/root.key --home @/node");
}

static void begin_anew(struct hospital *h, const char *name)
{
	char line[500], list[200], hex[ID_HEX], org[ID_HEX];
	struct home *node;

	run_expect(h, 0, "", "suifang-node backup @/backup --home @/node");
	run_expect(h, 0, "", "suifang-node erasures --home @/node");
	snprintf(
	    org, sizeof(org), "%s", run_out(h) + strlen("suifang-erasures 1 "));
	id_hex(hex, &gone);
	snprintf(list, sizeof(list), "suifang-erasures 1 %s\n%s\n", org, hex);
	test_write_file(h->dir, "erasures", list);
	assert_int_equal(hospital_stop(h, SIGKILL), -SIGKILL);
	run_expect(h, 0, "",
	    "suifang-node restore @/backup --home @/anew --org @/org.json "
	    "--request @/restore.req");
	run_expect(h, 0, "root",
	    "suifang-key node cert --key @/root.key --org @/org.json "
	    "--request @/restore.req --host 127.0.0.1 --port % --site "
	    "@/site2.json --passphrase-fd 0");
	run_expect(h, 0, "",
	    "suifang-node restore @/backup --home @/anew --site @/site2.json "
	    "--erasures @/erasures");
	snprintf(line, sizeof(line),
	    "suifang-key root reseal --key @/root.key"
	    " --org @/org.json --request @/restore.req --keys @/%s --out "
	    "@/for-anew.sfk --passphrase-fd 0",
	    name);
	run_expect(h, 0, "root", line);
	node = hospital_open(h, "anew", NULL);
	assert_int_equal(
	    hospital_count(node, "SELECT count(*) FROM v_patient"), 0);
	home_close(&node);
}

static void test_key_rescue__nobody_returns_and_it_reads(void **state)
{
	struct hospital *h = *state;
	struct home *node;
	char name[80];

	copy_name(h, name);
	begin_anew(h, name);
	run_expect(h, 0, "",
	    "suifang-node keys take @/for-anew.sfk --home "
	    "@/anew");
	run_expect(h, 0, "", "suifang-node recover close --home @/anew");
	run_expect(h, 0, "", "suifang-node verify --home @/anew");
	node = hospital_open(h, "anew", NULL);
	assert_int_equal(
	    hospital_count(node, "SELECT count(*) FROM v_patient WHERE "
				 "name = '测试者'"),
	    1);
	/* Who was erased does not come back by a copy of keys. */
	assert_int_equal(
	    hospital_count(node, "SELECT count(*) FROM v_patient"), 1);
	assert_int_equal(
	    hospital_count(node, "SELECT count(*) FROM stream_key k JOIN "
				 "erased e ON e.stream = k.stream"),
	    0);
	home_close(&node);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_key_rescue__a_copy_is_sealed_and_checked),
	    cmocka_unit_test(test_key_rescue__a_torn_copy_is_no_damage),
	    cmocka_unit_test(test_key_rescue__nobody_returns_and_it_reads),
	};
	return cmocka_run_group_tests_name(
	    "key_rescue", tests, setup, hospital_teardown);
}
