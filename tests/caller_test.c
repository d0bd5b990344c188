/*
 * caller_test.c - a call comes in for a colleague's patient, with real
 * programs: two terminals and a centre. The caller is found in the team's
 * directory, taken by one key, the wish noted; the centre sends the record,
 * the call is opened and ended; the colleague reads note and call.
 */
#include "tests/programs.h"
#include "tests/screen.h"
#include "tests/test.h"

#include <signal.h>
#include <unistd.h>

static struct hospital *hospital;

static int setup(void **state)
{
	(void)state;
	hospital = hospital_with_agents("T-08");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	hospital_free(hospital);
	return 0;
}

static struct vscreen *terminal(const char *member)
{
	char home[4300], program[4200] = "";
	char *argv[] = {
	    program, "--fence", "--lang", "en", "--home", home, NULL};
	ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);
	struct vscreen *vs;

	assert_true(n > 0);
	strcpy(strrchr(program, '/'), "/../bin/suifang");
	snprintf(home, sizeof(home), "%s/seats/%s", hospital->dir, member);
	vs = screen_start(argv, (struct vscreen_size){24, 80});
	screen_keys(vs, "pw\r");
	screen_wait(vs, "Worklist");
	return vs;
}

/* These are real programs at the real time, which may be night. */
static void end_call(struct vscreen *vs)
{
	screen_wait(vs, "in: ");
	screen_keys(vs, "1");
	screen_keys(vs, "1");
	screen_keys(vs, "1");
	screen_keys(vs, "\033OS"); /* F4: hung up during the call */
	screen_keys(vs, "8");
	screen_wait(vs, "Saved");
}

/* The directory comes soon after the connection. */
static void ask_until_known(struct vscreen *vs, const char *keys)
{
	screen_wait(vs, "all received");
	for (int i = 0; i < 300; i++) {
		screen_keys(vs, keys);
		if (screen_has(vs, "a colleague's patient: take the call"))
			return;
		screen_rest(vs, 100);
	}
	fail_msg("not in the directory:\n%s", screen_text(vs));
}

static void quit(struct vscreen **vs)
{
	screen_keys(*vs, "\033");
	screen_keys(*vs, "q");
	assert_int_equal(screen_wait_exit(*vs), 0);
	screen_free(vs);
}

static void test_caller__of_a_colleague_between_two_terminals(void **state)
{
	static const char one[] =
	    "SELECT CAST(h.number AS INTEGER) FROM v_phone h JOIN v_assign s "
	    "ON s.patient = h.stream WHERE s.member = 'A017' AND h.retired = "
	    "0 ORDER BY h.number LIMIT 1";
	long long number = hospital_ask(hospital, "seats/A017", one);
	int64_t theirs = hospital_ask(
	    hospital, "seats/A012", "SELECT count(*) FROM v_patient");
	struct vscreen *own, *other;
	char keys[60];

	(void)state;
	assert_true(number > 10000000);
	own = terminal("A017");
	other = terminal("A012");
	/* the last digits alone find nobody of another's list */
	snprintf(keys, sizeof(keys), "I%04lld\r", number % 10000);
	screen_keys(other, keys);
	assert_true(screen_has(other, "all digits"));
	snprintf(keys, sizeof(keys), "I%lld\r", number);
	ask_until_known(other, keys);
	screen_keys(other, "1");
	screen_wait(other, "What does the caller");
	screen_keys(other, "dizzy since noon\r");
	screen_wait(other, "The caller's record has come");
	screen_keys(other, "I");
	end_call(other);
	quit(&other);
	/* everything is at the centre, and with whose patient it is */
	hospital_sync(hospital, "A012", 0);
	snprintf(keys, sizeof(keys), "/%04lld", number % 10000);
	screen_keys(own, keys);
	screen_keys(own, "\t");
	screen_keys(own, "\033[18~s\033"); /* F7: sync now */
	screen_keys(own, "i");
	screen_keys(own, "3");
	screen_wait(own, "dizzy since noon");
	screen_wait(own, "hung up during the call");
	quit(&own);
	hospital_stop(hospital, SIGTERM);
	assert_int_equal(hospital_ask(hospital, "node",
			     "SELECT count(*) FROM v_note WHERE text = "
			     "'dizzy since noon'"),
	    1);
	assert_int_equal(
	    hospital_ask(hospital, "node", "SELECT count(*) FROM v_contact"),
	    1);
	/* one more patient, for a day */
	assert_int_equal(hospital_ask(hospital, "seats/A012",
			     "SELECT count(*) FROM v_patient"),
	    theirs + 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_caller__of_a_colleague_between_two_terminals),
	};

	return cmocka_run_group_tests_name("caller", tests, setup, teardown);
}
