/*
 * plain_test.c - a call in numbered prompts, in both languages: every word
 * beside the questions, and what a hand can type wrong. The clock stands at
 * ten in the morning.
 */
#include "core/buf.h"
#include "core/store.h"
#include "core/tr.h"
#include "tests/desk_maker.h"
#include "tests/test.h"
#include "tui/plain.h"

#include <sys/wait.h>
#include <unistd.h>

/* What the log has more than before. */
enum {
	CONTACTS,
	COMPLETED,
	ALERTS,
	TOLD,
	PROMISES,
	PHONES,
	ADVICE,
	TIMES,
	COUNTS
};

struct session {
	enum lang lang;
	const char *typed;
	size_t size; /* of it; 0: to its end */
	char *said;
	int more[COUNTS];
};

static void read_counts(int out[COUNTS], struct store *store)
{
	static const char *const asks[COUNTS] = {
	    "SELECT count(*) FROM v_contact",
	    "SELECT count(*) FROM v_contact WHERE completed = 1",
	    "SELECT count(*) FROM v_alert",
	    "SELECT count(*) FROM v_alert WHERE told_who = 'Dr Wang'",
	    "SELECT count(*) FROM v_callback",
	    "SELECT count(*) FROM v_phone WHERE number = '13800138000'",
	    "SELECT count(*) FROM v_advice",
	    "SELECT count(*) FROM v_patient WHERE best_time = 'after 18:00'"};

	for (int i = 0; i < COUNTS; i++)
		out[i] = (int)test_scalar(store, asks[i]);
}

/* In a child with files as its terminal; then its store is looked at. */
static void run_session(struct session *s)
{
	char dir[] = "/tmp/suifang-keep-XXXXXX", in[200], out[200];
	int before[COUNTS], status;
	struct desk_maker m;
	FILE *f;

	assert_non_null(mkdtemp(dir));
	snprintf(in, sizeof(in), "%s/in", dir);
	snprintf(out, sizeof(out), "%s/out", dir);
	f = fopen(in, "w");
	assert_non_null(f);
	fwrite(s->typed, 1, s->size ? s->size : strlen(s->typed), f);
	fclose(f);
	desk_maker_init(&m, 'A', dir);
	desk_maker_fill(&m);
	read_counts(before, m.desk.store);
	desk_maker_fini(&m);
	pid_t pid = fork();
	if (pid == 0) {
		if (!freopen(in, "r", stdin) || !freopen(out, "w", stdout))
			_exit(90);
		desk_maker_init(&m, 'A', dir);
		tr_init("build/plain/share/locale", s->lang);
		status = -plain_run(&m.desk, &(struct plain_world){NULL, NULL});
		desk_maker_fini(&m);
		fflush(stdout);
		_exit(status);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	s->said = test_read_file(out, NULL);
	if (status != 0)
		fail_msg("status %d: %s", status, s->said);
	desk_maker_init(&m, 'A', dir);
	read_counts(s->more, m.desk.store);
	for (int i = 0; i < COUNTS; i++)
		s->more[i] -= before[i];
	desk_maker_fini(&m);
	test_dir_remove(strdup(dir));
}

static void check_said(const struct session *s, const char *const words[])
{
	for (; *words; words++)
		if (!strstr(s->said, *words))
			fail_msg("not said: %s\n%s", *words, s->said);
}

static void check_more(const struct session *s, const int more[COUNTS])
{
	for (int i = 0; i < COUNTS; i++)
		if (s->more[i] != more[i])
			fail_msg("count %d: %d, not %d\n%s", i, s->more[i],
			    more[i], s->said);
}

/* PCI day 7: the openers, ten questions; the end as proposed. */
#define OPENERS "2\n1\n1\n1\n"
#define ANSWERS "1\n1\n1\n136\n82\n1\n1\n0\n0\n1\n"

static void test_plain__a_whole_call_and_every_word(void **state)
{
	static const int more[COUNTS] = {[CONTACTS] = 1,
	    [COMPLETED] = 1,
	    [PHONES] = 1,
	    [ADVICE] = 2,
	    [TIMES] = 1};
	static const char typed[] = OPENERS
	    /* the words, the other number, the details, a number */
	    ".?\n.n\n2\n.d\n1\nafter 18:00\n.d\n6\n138-0013 8000\n2\n"
	    /* nobody to tell of, advice now and at the end */
	    ".t\n.a\n1\n" ANSWERS "2\n\nall well\nq\n";
	static const struct {
		enum lang lang;
		const char *words[9];
	} rows[] = {
	    {LANG_EN,
		{"1 HIGH! Shan Xuemei", "2 HIGH! Ouyang Jianguo After PCI",
		    "must be answered, ! is an emergency. .n another number",
		    "Dial which?", "13900009999", "Saved with the patient.",
		    "No alert was raised in this call.", "Proposal: reached",
		    NULL}},
	    {LANG_ZH,
		{"1 !高危 单雪梅", "2 !高危 欧阳建国 PCI术后",
		    "* 必答，! 危急。.n 换号码", "拨哪一个", "13900009999",
		    "已记入患者资料", "没有", "接通", NULL}},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct session s = {.lang = rows[i].lang, .typed = typed};
		run_session(&s);
		check_said(&s, rows[i].words);
		check_more(&s, more);
		free(s.said);
	}
}

/* A red flag is told as on the screen; whom one told is recorded. */
static void test_plain__an_alert_is_read_and_told(void **state)
{
	static const int more[COUNTS] = {
	    [CONTACTS] = 1, [ALERTS] = 1, [TOLD] = 1};
	static const char *const en[] = {
	    "!! emergency", "Call 120", "Whom did you tell?", "Saved.", NULL};
	static const char *const zh[] = {
	    "!!危急", "拨打120", "已通知谁？", "已保存", NULL};
	struct session s = {.lang = LANG_EN,
	    .typed = "3\n1\n1\n1\n1\n182\n112\n.t\nDr Wang\n.\n\n10\n\nq\n"};

	(void)state;
	run_session(&s);
	check_said(&s, en);
	check_more(&s, more);
	free(s.said);
	s.lang = LANG_ZH;
	run_session(&s);
	check_said(&s, zh);
	check_more(&s, more);
	free(s.said);
}

/* What is no answer takes nothing, says why, and asks again. */
static void test_plain__what_is_typed_wrong_is_asked_again(void **state)
{
	static const struct {
		const char *typed, *words[3];
		int more[COUNTS];
	} rows[] = {
	    /* a row is a number alone: no call by "2x", "0" or "7" */
	    {"2x\n\n0\n\n7\n\n-2\nq\n", {"Nobody here matches."}, {0}},
	    {"99999999999999999999\nq\n", {"Nobody here matches."}, {0}},
	    /* not an option; out of range; letters for a number */
	    {OPENERS "9\nx\n.x\n1\n1\n1\n1360\nabc\n136\n82\n1\n1\n0\n0\n1\n"
		     "\n\n\nq\n",
		{"Out of the possible range.", "must be answered"},
		{[CONTACTS] = 1, [COMPLETED] = 1}},
	    /* another number that is none, no telephone, no relation */
	    {OPENERS ".n\n3\n1x\n\n.d\n7\n6\n12\n.d\n6\n13800138000\n9\n\n"
		     ".\n\n.\nq\n",
		{"That is none of these numbers.",
		    "That is no telephone number.", "Call suspended"},
		{0}},
	    /* an end that is none; a promise at no time, then at one */
	    {OPENERS ".\n\n99\n2x\n9\nsoon\n25:00\n+2h\n\nq\n",
		{"That is none of these numbers.", "That is no time."},
		{[CONTACTS] = 1, [PROMISES] = 1}},
	    /* a required question is open: another end is asked for */
	    {OPENERS "1\n.\n\n2\n\n10\n\nq\n",
		{"Required questions are open: choose another end."},
		{[CONTACTS] = 1}},
	    /* advice that is not on the list was not read */
	    {OPENERS ANSWERS "0 8 99999999999 -1 x\n\n\nq\n",
		{"Which did you read aloud?"},
		{[CONTACTS] = 1, [COMPLETED] = 1}},
	    /* the line ends in the middle: what was said stays */
	    {OPENERS "1\n1", {"Any dose"}, {0}},
	    {OPENERS, {"Chest pain"}, {0}},
	    {"", {"number: call"}, {0}},
	    {"\n\r\n \nq\n", {"number: call"}, {0}},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct session s = {.lang = LANG_EN, .typed = rows[i].typed};
		const char *words[4] = {0};
		memcpy(words, rows[i].words, sizeof(rows[i].words));
		run_session(&s);
		check_said(&s, words);
		check_more(&s, rows[i].more);
		free(s.said);
	}
}

/* Bytes that are no text, and a line without end, at every prompt. */
static void test_plain__no_bytes_do_harm(void **state)
{
	static const char prompts[][60] = {"", OPENERS, OPENERS ".n\n",
	    OPENERS ".d\n", OPENERS ".d\n6\n", OPENERS ".a\n", OPENERS ".\n",
	    OPENERS ".\n\n", OPENERS ".\n\n10\n"};
	struct session s;
	struct buf all = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(prompts); i++) {
		buf_clear(&all);
		buf_str(&all, prompts[i]);
		for (int c = 1; c < 256; c++)
			if (c != '\n')
				buf_add(&all, (uint8_t[]){(uint8_t)c}, 1);
		buf_str(&all, "\n");
		for (int n = 0; n < 5000; n++)
			buf_str(&all, "1 ");
		buf_str(&all, "\n\300\301\355\240\200\n");
		buf_add(&all, "\0\n\0 1\0\n", 7);
		s = (struct session){.lang = LANG_ZH,
		    .typed = (const char *)all.data,
		    .size = all.len};
		run_session(&s);
		assert_non_null(strstr(s.said, "这一行太长"));
		for (const char *c = s.said; *c; c++)
			assert_true((unsigned char)*c >= 32 || *c == '\n');
		assert_null(strstr(s.said, "\177"));
		/* only the last had an end, and waited for its note */
		assert_int_equal(s.more[CONTACTS], i + 1 == ARRAY_LEN(prompts));
		free(s.said);
	}
	buf_fini(&all);
}

/* A NUL in a line is no end of it: the next one is heard. */
static void test_plain__a_nul_hides_no_line(void **state)
{
	static const char typed[] = "zz\0z\nq\n";
	struct session s = {
	    .lang = LANG_EN, .typed = typed, .size = sizeof(typed) - 1};

	(void)state;
	run_session(&s);
	assert_null(strstr(s.said, "too long"));
	free(s.said);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plain__a_nul_hides_no_line),
	    cmocka_unit_test(test_plain__a_whole_call_and_every_word),
	    cmocka_unit_test(test_plain__an_alert_is_read_and_told),
	    cmocka_unit_test(test_plain__what_is_typed_wrong_is_asked_again),
	    cmocka_unit_test(test_plain__no_bytes_do_harm),
	};

	return cmocka_run_group_tests_name("plain", tests, NULL, NULL);
}
