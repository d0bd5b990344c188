/*
 * whole_call_test.c - the main job with real programs: the demo world and
 * six foreign bundles imported, a hypertension patient called while the
 * centre is away, the emergency told by telephone, the terminal killed in
 * mid call, the call resumed and ended, everything received; the patient
 * moved to another agent while one more call is made offline. At the end
 * nothing is lost or doubled and every view equals its rebuild.
 */
#define _GNU_SOURCE
#include "tests/screen.h"
#include "tests/test.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define PASS "suifang-demo\r"
#define PATIENT "张伟"

struct scene {
	char *dir;
	pid_t node;
};

static const char *bin(void)
{
#if defined(__SANITIZE_ADDRESS__)
	return "build/san-address-undefined/bin";
#else
	return "build/plain/bin";
#endif
}

/* Runs a shell line with $B, $D set; returns its output, the caller's. */
static char *shell(struct scene *s, int expect, const char *line)
{
	char cmd[8192], path[4300];
	int status;

	snprintf(path, sizeof(path), "%s/out", s->dir);
	snprintf(cmd, sizeof(cmd), "B=%s D=%s; ( %s ) > %s 2>&1", bin(), s->dir,
	    line, path);
	status = system(cmd);
	char *out = test_read_file(path, NULL);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != expect)
		fail_msg("%s: status %d\n%s", line, status, out);
	return out;
}

static void do_shell(struct scene *s, const char *line)
{
	free(shell(s, 0, line));
}

static void node_start(struct scene *s)
{
	char home[4300], program[100];

	snprintf(home, sizeof(home), "%s/node", s->dir);
	snprintf(program, sizeof(program), "%s/suifang-node", bin());
	s->node = fork();
	assert_true(s->node >= 0);
	if (s->node == 0) {
		if (!freopen("/dev/null", "w", stderr) ||
		    !freopen("/dev/null", "w", stdout))
			_exit(99);
		execl(program, program, "serve", "--home", home, (char *)NULL);
		_exit(99);
	}
	/* Asked before it listens, `status` would open the folder itself. */
	do_shell(s, "for i in $(seq 2000); do [ -S $D/node/ctl.sock ] && "
		    "$B/suifang-node status --home $D/node --lang en | grep "
		    "-q ^serving && exit 0; sleep 0.05; done; exit 1");
}

static void node_stop(struct scene *s)
{
	if (s->node <= 0)
		return;
	kill(s->node, SIGTERM);
	waitpid(s->node, NULL, 0);
	s->node = 0;
}

static int setup(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));
	char cmd[9000];

	s->dir = test_dir_new();
	snprintf(cmd, sizeof(cmd),
	    "BIN=%s DEMO=%s/demo LANG_=en sh "
	    "schemas/demo.sh make > %s/demo.out 2>&1",
	    bin(), s->dir, s->dir);
	if (system(cmd) != 0) {
		snprintf(cmd, sizeof(cmd), "tail -20 %s/demo.out", s->dir);
		print_message("%d\n", system(cmd));
		fail_msg("the demo world was not made");
	}
	/* From here on the folder of the demo is the scene. */
	snprintf(cmd, sizeof(cmd), "%s/demo", s->dir);
	free(s->dir);
	s->dir = strdup(cmd);
	do_shell(s, "$B/suifang-node stop --home $D/node || true; for i in "
		    "$(seq 2000); do [ -S $D/node/ctl.sock ] || exit 0; sleep "
		    "0.05; done");
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct scene *s = *state;

	node_stop(s);
	*strrchr(s->dir, '/') = '\0';
	test_dir_remove(s->dir);
	free(s);
	return 0;
}

/* ---- terminals ---- */

static struct vscreen *terminal(struct scene *s, const char *member)
{
	char home[4300], program[100];
	char *argv[] = {
	    program, "--fence", "--lang", "zh", "--home", home, NULL};
	struct vscreen *t;

	snprintf(home, sizeof(home), "%s/seats/%s", s->dir, member);
	snprintf(program, sizeof(program), "%s/suifang", bin());
	t = screen_start(argv, (struct vscreen_size){24, 80});
	screen_keys(t, PASS);
	return t;
}

static void quit(struct vscreen **t)
{
	screen_keys(*t, "\033");
	screen_keys(*t, "\033");
	screen_keys(*t, "q");
	assert_int_equal(screen_wait_exit(*t), 0);
	screen_free(t);
}

/* Opens the patient's call from the list. */
static void call(struct vscreen *t)
{
	screen_wait(t, "待随访列表");
	screen_keys(t, "/" PATIENT);
	screen_wait(t, "高血压");
	screen_keys(t, "\r");
	/* these are real programs at the real time, which may be night */
	if (screen_has(t, "仍要拨打"))
		screen_keys(t, "试验\r");
	screen_wait(t, "话术");
}

/* Identity, recording, respondent, no symptoms, 182 over 112. */
static void answer_until_emergency(struct vscreen *t)
{
	screen_keys(t, "1");
	screen_keys(t, "1");
	screen_keys(t, "1");
	screen_keys(t, "1\r");
	screen_keys(t, "182\r");
	screen_keys(t, "112\r");
	screen_wait(t, "危急");
}

/* From the supervisor's list to A012's. */
static void move(struct vscreen *t)
{
	screen_wait(t, "A017");
	screen_keys(t, "\033[B"); /* Down: A017 */
	screen_keys(t, "\r");
	for (int i = 0; i < 40 && !screen_has(t, " " PATIENT "  男"); i++)
		screen_keys(t, "\033[B");
	screen_keys(t, " ");
	screen_keys(t, "R");
	screen_wait(t, "批量改派");
	/* Only A012 receives: the others' marks go. */
	screen_keys(t, "\033[B");
	for (int i = 0; i < 3; i++)
		screen_keys(t, "\033[B ");
	screen_wait(t, "[x] A012");
	screen_wait(t, "[ ] A031");
	screen_keys(t, "\033OQ"); /* F2 */
	screen_wait(t, "已改派: 1");
}

/* Of a home's view: rebuilding changes nothing, and every stream that it
 * shows is equal to the centre's. */
static void judge_home(struct scene *s, const char *home)
{
	char line[2000];

	snprintf(line, sizeof(line),
	    "digest() { echo suifang-demo | $B/suifang-log digest --streams "
	    "--home $D/$1 --passphrase-fd 0; }; "
	    "digest %s > $D/before && "
	    "echo suifang-demo | $B/suifang-log rebuild --home $D/%s "
	    "--passphrase-fd 0 > $D/rebuilt && digest %s > $D/after && "
	    "cmp $D/before $D/after && "
	    "echo suifang-demo | $B/suifang-log verify --home $D/%s "
	    "--passphrase-fd 0 > $D/verified && "
	    "grep -v ' v_' $D/after | sort > $D/mine && digest node | sort "
	    "> $D/all && test -s $D/mine && "
	    "comm -23 $D/mine $D/all > $D/differs && ! test -s $D/differs",
	    home, home, home, home);
	do_shell(s, line);
}

/* Nothing lost, nothing doubled. */
static void judge(struct scene *s)
{
	do_shell(s, "for m in A017 A012 S002 D001 A017; do echo suifang-demo | "
		    "$B/suifang-key sync --home $D/seats/$m --passphrase-fd 0 "
		    "|| exit 1; done");
	node_stop(s);
	judge_home(s, "node");
	judge_home(s, "seats/A017");
	judge_home(s, "seats/A012");
	judge_home(s, "seats/S002");
	judge_home(s, "seats/D001");
	/* Two contacts by A017, one of them late; one alert; nobody has
	 * anything unsent. */
	do_shell(s, "$B/suifang-log show --most 1000 --lang en --home $D/node "
		    "> $D/shown");
	do_shell(s, "test $(grep -c contact.recorded $D/shown) = 2");
	do_shell(s, "test $(grep contact.recorded $D/shown | grep -c late) "
		    "= 1");
	do_shell(s, "test $(grep -c alert.raised $D/shown) = 1");
	do_shell(s, "test $(grep -c purge.confirmed $D/shown) = 1");
	do_shell(s, "$B/suifang-log export --home $D/node $D/export && git -C "
		    "$D/export fsck --strict && for r in $(git -C $D/export "
		    "rev-list --all | tail -50); do git -C $D/export -c "
		    "gpg.format=ssh -c gpg.ssh.allowedSignersFile=$D/export/"
		    "allowed_signers verify-commit $r || exit 1; done");
}

/* Six foreign bundles come in once, and only once. */
static void import_bundles(struct scene *s)
{
	char *out;

	out = shell(s, 0,
	    "$B/suifang-node import fhir --lang en --home "
	    "$D/node ../shared/data/synthea/*.json");
	assert_non_null(strstr(out, "6 new"));
	free(out);
	/* Again adds nothing. */
	out = shell(s, 0,
	    "$B/suifang-node import fhir --lang en --home "
	    "$D/node ../shared/data/synthea/*.json");
	assert_non_null(strstr(out, "0 new"));
	free(out);
}

/* The emergency while the centre is away, told by telephone, the terminal
 * killed, the call resumed and ended. Returns the terminal, still open. */
static struct vscreen *call_offline(struct scene *s)
{
	struct vscreen *a;

	a = terminal(s, "A017");
	call(a);
	answer_until_emergency(a);
	screen_wait(a, "未送达");
	screen_keys(a, "\033[20~"); /* F9 */
	screen_wait(a, "通知了谁");
	screen_keys(a, "王医生\r");
	screen_wait(a, "已电话通知: 王医生");
	kill(screen_pid(a), SIGKILL);
	assert_int_equal(screen_wait_exit(a), 128 + SIGKILL);
	screen_free(&a);

	/* Back at the same question, with the same banner. */
	a = terminal(s, "A017");
	screen_wait(a, "这次通话曾中断");
	screen_wait(a, "182 mmHg");
	screen_wait(a, "112 mmHg");
	screen_wait(a, "> "
		       "  * 危急情况");
	screen_wait(a, "未送达");
	screen_keys(a, "1\r");
	screen_keys(a, "\033OQ"); /* F2 */
	screen_wait(a, " 接受：");
	screen_keys(a, "\r");
	screen_wait(a, "已保存");
	return a;
}

/* The centre comes back: received, delivered, acknowledged. */
static void receive(struct scene *s, struct vscreen *a)
{
	struct vscreen *d;

	node_start(s);
	screen_wait(a, "中心已全部接收");
	d = terminal(s, "D001");
	screen_wait(d, "预警");
	screen_keys(d, "A");
	screen_wait(d, PATIENT);
	screen_wait(d, "王医生");
	screen_keys(d, "a");
	screen_wait(d, "已签收");
	quit(&d);
	quit(&a);
}

/* One more call offline, while the supervisor moves the patient. */
static void move_meanwhile(struct scene *s)
{
	struct vscreen *a, *sup;

	node_stop(s);
	a = terminal(s, "A017");
	call(a);
	screen_keys(a, "\033OR"); /* F3: no answer */
	screen_wait(a, "已保存");
	quit(&a);
	node_start(s);
	sup = terminal(s, "S002");
	move(sup);
	quit(&sup);
}

/* A012 comes in: the whole history, then the late call; A017 has lost the
 * patient. */
static void take_over(struct scene *s)
{
	struct vscreen *a, *b;

	b = terminal(s, "A012");
	screen_wait(b, "待随访列表");
	screen_keys(b, "/" PATIENT);
	screen_wait(b, "高血压");
	a = terminal(s, "A017");
	screen_wait(a, "中心已全部接收");
	screen_keys(a, "/" PATIENT);
	screen_wait(a, "没有匹配的患者");
	quit(&a);
	screen_wait(b, "无人接听");
	quit(&b);
}

static void test_whole_call__from_import_to_reassignment(void **state)
{
	struct scene *s = *state;

	if (!test_shared("data/synthea"))
		skip();
	import_bundles(s);
	receive(s, call_offline(s));
	move_meanwhile(s);
	take_over(s);
	judge(s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_whole_call__from_import_to_reassignment, setup, teardown),
	};
	return cmocka_run_group_tests_name("whole_call", tests, NULL, NULL);
}
