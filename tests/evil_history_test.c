/*
 * evil_history_test.c - a centre that shows another history than the one it
 * signed, or has lost its past: in one process, and with real programs. It is
 * refused, changes nothing, and is kept; the honest centre afterwards finds a
 * terminal that works.
 */
#include "tests/programs.h"
#include "tests/world.h"

#include "core/err.h"
#include "core/id.h"

#include <signal.h>

/* An older copy of the centre's disk goes on by itself; what it feeds is
 * little, and signed by those who may. Nothing of it is entered, and nothing
 * is given to it. */
static void test_evil_history__a_copy_that_goes_on(void **state)
{
	struct world *w = world_new(11);
	struct world_seat *node = &w->node, *a = world_join(w, "A017", "agent");
	char before[HASH_HEX], after[HASH_HEX];
	struct id patient;
	int64_t had;

	(void)state;
	assert_int_equal(world_sync(a), 0);
	patient = world_patient(w, "欧阳建国", "A017");
	assert_int_equal(world_sync(a), 0);
	world_close(node);
	world_copy_disk(node, "", ".copy");
	world_open(node);
	world_say(a, KIND_NOTE_ADDED, &patient, "{\"text\":\"x\"}");
	world_patient(w, "司马光", "A017");
	assert_int_equal(world_sync(a), 0);
	world_say(a, KIND_NOTE_ADDED, &patient, "{\"text\":\"y\"}");
	world_close(node);
	world_copy_disk(node, "", ".right");
	world_copy_disk(node, ".copy", "");
	world_open(node);
	for (int i = 0; i < 6; i++)
		world_patient(w, "无中生有", "A017");
	world_digest(before, a);
	had = test_scalar(a->store, "SELECT count(*) FROM record");
	assert_int_equal(world_sync(a), ERR_FORK);
	world_digest(after, a);
	assert_string_equal(after, before);
	assert_int_equal(
	    test_scalar(a->store, "SELECT count(*) FROM record"), had);
	assert_int_equal(
	    test_scalar(node->store, "SELECT count(*) FROM v_note"), 0);
	world_close(node);
	world_copy_disk(node, ".right", "");
	world_open(node);
	assert_int_equal(world_sync(a), 0);
	assert_int_equal(
	    test_scalar(node->store, "SELECT count(*) FROM v_note"), 2);
	world_free(w);
}

/* ---- real programs ------------------------------------------------------ */

static struct id team = {{0x7e, 1}};

static int setup_hospital(void **state)
{
	struct hospital *h = hospital_new();
	struct home *node = hospital_open(h, "node", NULL);

	hospital_say(
	    node, KIND_TEAM_SET, &team, json_pack("{s:s}", "name", "心内科"));
	home_close(&node);
	hospital_serve(h);
	hospital_sync(h, "O001", 0);
	hospital_stop(h, SIGTERM);
	*state = h;
	return 0;
}

static void shell(struct hospital *h, const char *what)
{
	char cmd[5000];

	snprintf(cmd, sizeof(cmd), "cd '%s' && %s", h->dir, what);
	assert_int_equal(system(cmd), 0);
}

static void grow(struct hospital *h, const char *name, int records)
{
	struct home *node = hospital_open(h, "node", NULL);

	for (int i = 0; i < records; i++)
		hospital_say(node, KIND_TEAM_SET, &team,
		    json_pack("{s:s}", "name", name));
	home_close(&node);
}

static int64_t evidence(struct hospital *h, const char *sql)
{
	struct home *home = hospital_open(h, "seats/O001", "o001");
	int64_t n = test_scalar(home_store(home), sql);

	home_close(&home);
	return n;
}

static void sync_operator(struct hospital *h, int status, const char *lang)
{
	char line[300];

	hospital_serve(h);
	snprintf(line, sizeof(line),
	    "suifang-key sync --home @/seats/O001 --passphrase-fd 0 --lang %s",
	    lang);
	run_expect(h, status, "o001", line);
	hospital_stop(h, SIGTERM);
}

/* The same centre's keys, two histories: whoever has seen one is not shown
 * the other, and can prove it. */
static void test_evil_history__two_histories_of_one_centre(void **state)
{
	struct hospital *h = *state;
	int64_t size;

	shell(h, "cp -r node evil");
	grow(h, "真", 3);
	sync_operator(h, 0, "zh");
	size = evidence(h, "SELECT max(size) FROM checkpoint");
	shell(h, "mv node good && mv evil node");
	grow(h, "假", 5);
	sync_operator(h, 5, "zh");
	assert_non_null(strstr(buf_text(&h->err), "历史"));
	sync_operator(h, 5, "en");
	assert_non_null(strstr(buf_text(&h->err), "another history"));
	assert_true(evidence(h, "SELECT count(*) FROM evidence WHERE code = "
				"-31 AND length(message) > 100") > 0);
	assert_int_equal(evidence(h, "SELECT max(size) FROM checkpoint"), size);
	shell(h, "rm -r node && mv good node");
	sync_operator(h, 0, "zh");
	assert_true(evidence(h, "SELECT count(*) FROM evidence") > 0);
	assert_int_equal(evidence(h, "SELECT count(*) FROM meta WHERE name = "
				     "'alarm.code' AND value > zeroblob(8)"),
	    0);
}

/* An older copy of the centre put in its place. */
static void test_evil_history__a_centre_that_lost_its_past(void **state)
{
	struct hospital *h = *state;

	shell(h, "cp -r node old");
	grow(h, "后", 2);
	sync_operator(h, 0, "zh");
	shell(h, "mv node good && mv old node");
	sync_operator(h, 5, "zh");
	assert_non_null(strstr(buf_text(&h->err), "丢失"));
	assert_true(evidence(h, "SELECT count(*) FROM evidence WHERE code = "
				"-42") > 0);
	shell(h, "rm -r node && mv good node");
	sync_operator(h, 0, "zh");
}

int main(void)
{
	const struct CMUnitTest worlds[] = {
	    cmocka_unit_test(test_evil_history__a_copy_that_goes_on),
	};
	const struct CMUnitTest programs[] = {
	    cmocka_unit_test(test_evil_history__two_histories_of_one_centre),
	    cmocka_unit_test(test_evil_history__a_centre_that_lost_its_past),
	};
	int failed =
	    cmocka_run_group_tests_name("evil history", worlds, NULL, NULL);

	return failed + cmocka_run_group_tests_name("evil centre", programs,
			    setup_hospital, hospital_teardown);
}
