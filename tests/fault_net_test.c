/*
 * fault_net_test.c - the real programs on a network that is cut, resets and
 * loses packets (two network namespaces, a veth, nftables), and with clocks
 * that are ten days wrong (libfaketime). Each fault is seen to have fired;
 * afterwards everything is received.
 */
#define _GNU_SOURCE
#include "tests/programs.h"

#include "core/clock.h"
#include "core/draft.h"
#include "core/err.h"
#include "core/store.h"
#include "sync/ledger.h"
#include "sync/program.h"

#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static int setup(void **state)
{
	struct hospital *h = hospital_with_agent();

	hospital_stop(h, SIGTERM);
	*state = h;
	return 0;
}

static bool is_required(const char *what)
{
	const char *require = getenv("REQUIRE");

	return require && strstr(require, what);
}

static bool skips(const char *what, const char *why)
{
	print_message("[  SKIP    ] %s\n", why);
	if (is_required(what))
		fail_msg("REQUIRE=%s: %s", what, why);
	return true;
}

static void add_note(struct hospital *h)
{
	struct home *home = hospital_open(h, "seats/A017", "pw");

	hospital_say(home, KIND_NOTE_ADDED, &hospital_patient,
	    json_pack("{s:s}", "text", "电话未通"));
	home_close(&home);
}

static void shell(const char *line)
{
	if (system(line) != 0)
		fail_msg("%s", line);
}

/* ---- the network -------------------------------------------------------- */

/* The centre is here, at 10.93.7.1 of a namespace of this process's own; the
 * terminal in a second one behind a veth, at 10.93.7.2. */
struct wire {
	int here, there, before;
};

static bool lay_wire(struct wire *w)
{
	w->before = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (system("command -v ip > /dev/null && command -v nft > /dev/null") !=
	    0)
		return !skips("netns", "ip or nft is not here");
	if (unshare(CLONE_NEWNET) < 0)
		return !skips("netns", "no network namespace may be made");
	w->there = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	assert_int_equal(unshare(CLONE_NEWNET), 0);
	w->here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	/* The peer goes there by the descriptor of its namespace. */
	char line[300];
	snprintf(line, sizeof(line),
	    "ip link set lo up && ip link add v0 type veth peer name v1 && "
	    "ip addr add 10.93.7.1/24 dev v0 && ip link set v0 up && "
	    "ip link set v1 netns /proc/%d/fd/%d",
	    (int)getpid(), w->there);
	if (system(line) != 0) {
		setns(w->before, CLONE_NEWNET);
		return !skips("netns", "no veth may be made");
	}
	assert_int_equal(setns(w->there, CLONE_NEWNET), 0);
	shell("ip link set lo up && ip addr add 10.93.7.2/24 dev v1 && "
	      "ip link set v1 up");
	assert_int_equal(setns(w->here, CLONE_NEWNET), 0);
	return true;
}

static void take_up_wire(struct wire *w)
{
	assert_int_equal(setns(w->before, CLONE_NEWNET), 0);
	close(w->here);
	close(w->there);
	close(w->before);
}

/* The terminal's program, run where it is. */
static int sync_there(struct hospital *h, const struct wire *w)
{
	int status;

	assert_int_equal(setns(w->there, CLONE_NEWNET), 0);
	status = run(h, "pw",
	    "suifang-key sync --home @/seats/A017 --passphrase-fd 0 --lang "
	    "en");
	assert_int_equal(setns(w->here, CLONE_NEWNET), 0);
	return status;
}

static void point_at(struct hospital *h, const char *host)
{
	char path[4300];
	struct buf line = {0};

	snprintf(path, sizeof(path), "%s/seats/A017/address", h->dir);
	if (host)
		buf_printf(&line, "%s:%u\n", host, h->port);
	if (host)
		assert_int_equal(program_write(path, &line, 0600), 0);
	else
		unlink(path);
	buf_fini(&line);
}

/* Listens in this namespace, at every address. */
static void serve_here(struct hospital *h)
{
	char log[64];
	int in;

	snprintf(log, sizeof(log), "centre");
	h->node = hospital_start(
	    h, log, "suifang-node serve --home @/node --listen 0.0.0.0", &in);
	close(in);
	char path[4300];
	snprintf(path, sizeof(path), "%s/node/port", h->dir);
	for (int ms = 0; access(path, F_OK) != 0; ms += 10) {
		assert_true(ms < 90000);
		poll(NULL, 0, 10);
	}
}

static void rules(const char *rule)
{
	char line[400];

	shell("nft flush ruleset");
	snprintf(line, sizeof(line),
	    "nft -f - <<'E'\ntable inet t {\n chain in {\n type filter hook "
	    "input priority 0;\n iifname v0 %s\n }\n}\nE",
	    rule);
	shell(line);
}

/* Packets that the rule's counter has seen. */
static int fired(void)
{
	FILE *f = popen("nft list ruleset | sed -n "
			"'s/.*counter packets \\([0-9]*\\).*/\\1/p'",
	    "r");
	int n = 0;

	assert_non_null(f);
	assert_int_equal(fscanf(f, "%d", &n), 1);
	pclose(f);
	return n;
}

static void spoil(struct hospital *h, const struct wire *w, const char *rule)
{
	rules(rule);
	add_note(h);
	serve_here(h);
	assert_int_equal(sync_there(h, w), 8);
	if (fired() == 0)
		fail_msg("%s: never fired", rule);
	print_message("%s: fired on %d packets\n", rule, fired());
	assert_int_equal(hospital_ask(h, "seats/A017",
			     "SELECT count(*) FROM record WHERE state = 0"),
	    1);
	shell("nft flush ruleset");
	assert_int_equal(sync_there(h, w), 0);
	hospital_stop(h, SIGTERM);
	assert_int_equal(hospital_ask(h, "seats/A017",
			     "SELECT count(*) FROM record WHERE state = 0"),
	    0);
}

static void test_fault__partition_reset_and_loss(void **state)
{
	struct hospital *h = *state;
	struct wire w;

	if (!lay_wire(&w))
		return;
	point_at(h, "10.93.7.1");
	spoil(h, &w, "counter drop");
	spoil(h, &w, "tcp dport != 0 counter reject with tcp reset");
	/* The handshake passes, what follows does not. */
	if (getenv("SOAK"))
		spoil(h, &w, "meta length > 250 counter drop");
	/* The third of every four lost: slow, and nothing else. */
	rules("numgen inc mod 4 2 counter drop");
	add_note(h);
	serve_here(h);
	for (int i = 0; i < 8 && sync_there(h, &w) != 0; i++)
		;
	assert_true(fired() > 0);
	hospital_stop(h, SIGTERM);
	shell("nft flush ruleset");
	assert_int_equal(hospital_ask(h, "seats/A017",
			     "SELECT count(*) FROM record WHERE state = 0"),
	    0);
	point_at(h, NULL);
	take_up_wire(&w);
}

/* ---- clocks ------------------------------------------------------------- */

static bool find_faketime(char *out, size_t size)
{
	glob_t found;
	bool is_there =
	    glob("/usr/lib/*/faketime/libfaketime.so.1", 0, NULL, &found) == 0;

	if (is_there)
		snprintf(out, size, "%s", found.gl_pathv[0]);
	globfree(&found);
	return is_there || !skips("faketime", "libfaketime is not here");
}

static void set_clock(const char *lib, const char *skew)
{
	assert_int_equal(setenv("LD_PRELOAD", lib, 1), 0);
	assert_int_equal(setenv("FAKETIME", skew, 1), 0);
	assert_int_equal(setenv("FAKETIME_DONT_FAKE_MONOTONIC", "1", 1), 0);
}

static void right_clock(void)
{
	unsetenv("LD_PRELOAD");
	unsetenv("FAKETIME");
}

#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED true
#else
#define IS_SANITIZED false
#endif

/* The operator's terminal is wrong by so many days; what it says counts, in
 * the centre's order and at the centre's time. */
static void say_with_clock(
    struct hospital *h, const char *lib, const char *skew, int days)
{
	int64_t now = clock_now_s(NULL);

	hospital_serve(h);
	set_clock(lib, skew);
	run_expect(h, 0, "o001",
	    "suifang-key code issue --home @/seats/O001 --member A017 "
	    "--terminal T-08 --passphrase-fd 0");
	right_clock();
	hospital_stop(h, SIGTERM);
	int64_t said = hospital_ask(h, "node",
	    "SELECT at_s FROM record WHERE pos = (SELECT max(pos) FROM leaf)");
	int64_t placed = hospital_ask(h, "node",
	    "SELECT node_s FROM leaf WHERE pos = (SELECT max(pos) FROM leaf)");
	print_message("%s: said at %+d days, placed at %+d s\n", skew,
	    (int)((said - now) / DAY_S), (int)(placed - now));
	assert_true(llabs(said - now - (int64_t)days * DAY_S) < DAY_S);
	assert_true(llabs(placed - now) < 600);
	assert_int_equal(hospital_ask(h, "node",
			     "SELECT count(*) FROM entry WHERE verdict >= 3"),
	    0);
}

static void test_fault__a_terminals_clock_is_wrong(void **state)
{
	struct hospital *h = *state;
	char lib[400];

	if (!find_faketime(lib, sizeof(lib)))
		return;
	if (IS_SANITIZED) {
		print_message(
		    "[  SKIP    ] a sanitizer must be loaded first\n");
		return;
	}
	say_with_clock(h, lib, "+10d", 10);
	say_with_clock(h, lib, "-10d", -10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_fault__partition_reset_and_loss),
	    cmocka_unit_test(test_fault__a_terminals_clock_is_wrong),
	};

	return cmocka_run_group_tests_name(
	    "fault_net", tests, setup, hospital_teardown);
}
