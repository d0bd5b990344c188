/*
 * A whole shift by bytes alone: sixty calls of mixed kinds on a pseudo
 * terminal, on a signing ledger of its own. The first time it runs
 * undisturbed and the keys of each kind are counted, as the terminal decodes
 * them, against the rule table. The second time the terminal is killed at
 * random points and started again. Then everything goes to the centre, and
 * the centre holds exactly what it held the first time: nothing lost, nothing
 * twice.
 */
#include "core/buf.h"
#include "core/shelf.h"
#include "core/store.h"
#include "core/tr.h"
#include "tests/screen.h"
#include "tests/test.h"
#include "tests/world.h"
#include "tui/app.h"
#include "tui/desk.h"
#include "tui/input.h"
#include "tui/screens.h"
#include "tui/shift.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#define CALLS 60
#define KILLS 200
#define STEPS_MAX 40
#define TAIL 7000
#define TODAY 20779 /* 2026-11-22 */

enum kind_of_call {
	REACHED,
	NO_ANSWER,
	CALLBACK,
	BUSY,
	EMERGENCY,
	REFUSED,
	SHIFT_KINDS
};

/* A key or a few that make one thing. */
struct step {
	const char *bytes;
	int answers; /* durable when it is done; 0: none is made */
	bool is_note, is_end;
};

/* The rule table: keys from Enter to the end, finding the patient apart.
 * questions: those with one key; a pressure takes six more. */
static const struct {
	const char *name;
	int questions, pressures, most;
} rules[SHIFT_KINDS] = {
    [REACHED] = {"reached", 11, 1, 0},
    [NO_ANSWER] = {"no answer", 0, 0, 2},
    [CALLBACK] = {"callback", 0, 0, 3},
    [BUSY] = {"busy", 0, 0, 3},
    [EMERGENCY] = {"emergency", 4, 1, 0},
    [REFUSED] = {"refused", 0, 0, 5},
};

static const struct step reached[] = {{"1", 1, false, false},
    {"1", 2, false, false}, {"1", 3, false, false}, {"1", 4, false, false},
    {"1", 5, false, false}, {"1", 6, false, false}, {"136/", 7, false, false},
    {"82\r", 8, false, false}, {"1", 9, false, false}, {"1", 10, false, false},
    {"1", 11, false, false}, {"1", 12, false, false}, {"1", 13, false, false},
    {"\r", 0, false, true}, {NULL, 0, false, false}};
static const struct step no_answer[] = {
    {"\033OR", 0, false, true}, {NULL, 0, false, false}};
static const struct step callback[] = {{"\033[15~", 0, false, true},
    {"\r", 0, false, true}, {NULL, 0, false, false}};
static const struct step busy[] = {
    {"\033OS", 0, false, true}, {"1", 0, false, true}, {NULL, 0, false, false}};
/* The banner needs no key; the line breaks off. */
static const struct step emergency[] = {{"1", 1, false, false},
    {"1", 2, false, false}, {"1", 3, false, false}, {"1", 4, false, false},
    {"182/", 5, false, false}, {"99\r", 6, false, false},
    {"\033OS", 0, false, true}, {"8", 0, false, true}, {NULL, 0, false, false}};
static const struct step refused[] = {{"\033OS", 0, false, true},
    {"r", 0, false, true}, {"\xe5\xbf\x99\r", 0, false, true},
    {NULL, 0, false, false}};
/* Once in a while: a note before the end, a suspended call taken up. What a
 * killed hand had typed of it is there again, so it is wiped first. */
#define NOTE "\xe6\x8c\x89\xe6\x97\xb6\xe6\x9c\x8d\xe8\x8d\xaf"
static const struct step note = {"\t\025" NOTE "\r", 0, true, false};

static const struct step *const scripts[SHIFT_KINDS] = {
    [REACHED] = reached,
    [NO_ANSWER] = no_answer,
    [CALLBACK] = callback,
    [BUSY] = busy,
    [EMERGENCY] = emergency,
    [REFUSED] = refused,
};

struct shift_run {
	struct world *world;
	struct world_seat *seat; /* the agent's, closed while a child has it */
	struct id patients[CALLS];
	struct vscreen *vs;
	struct test_env dice;
	int kills_left, steps_left, killed;
	int seen; /* answers of this call that the terminal has shown */
	int keys[SHIFT_KINDS]; /* most that a call of the kind took */
};

/* What is durable of a call. */
struct durable {
	int answers;
	bool is_over, has_note;
};

static enum kind_of_call kind_at(int call)
{
	return (enum kind_of_call)(call % SHIFT_KINDS);
}

static unsigned roll(struct shift_run *r, unsigned n)
{
	uint32_t x;

	env_random(&r->dice.env, &x, sizeof(x));
	return x % n;
}

/* ---- the terminal ------------------------------------------------------- */

static const struct {
	const char *pathway, *step, *script;
} plans[2] = {
    {"pci", "day-7", "pci-day7"}, {"hypertension", "routine", "hypertension"}};

/* Telephone tails that no other number of the world has. */
static void add_patient(struct shift_run *r, int call)
{
	int plan = kind_at(call) != REACHED;
	char name[40], body[900];
	struct id id;

	snprintf(name, sizeof(name), "Patient %d", call);
	id = r->patients[call] = world_patient(r->world, name, "A017");
	snprintf(body, sizeof(body),
	    "{\"phones\":[{\"number\":\"1560000%04d\",\"relation\":\"self\","
	    "\"consent\":true}]}",
	    TAIL + call);
	world_say(&r->world->node, KIND_PATIENT_AMENDED, &id, body);
	snprintf(body, sizeof(body),
	    "{\"pathway\":\"%s\",\"version\":\"1\",\"anchor\":\"enrolment\","
	    "\"anchor_day\":%d,\"next\":[{\"pathway\":\"%s\","
	    "\"pathway_version\":\"1\",\"step\":\"%s\",\"script\":\"%s\","
	    "\"open_day\":%d,\"due_day\":%d,\"close_day\":%d,\"minutes\":8,"
	    "\"attempts\":0,\"not_before_s\":0,\"rule\":\"plan\","
	    "\"rule_version\":\"1\",\"why_zh\":\"plan\",\"why_en\":\"plan\"}]}",
	    plans[plan].pathway, TODAY - 7, plans[plan].pathway,
	    plans[plan].step, plans[plan].script, TODAY - 9, TODAY, TODAY + 5);
	world_say(&r->world->node, KIND_PATHWAY_ENROLLED, &id, body);
}

static void make_desk(struct desk *d, struct world_seat *seat)
{
	*d = (struct desk){.store = seat->store,
	    .env = &seat->env.env,
	    .seat = seat->me->seat,
	    .team = ledger_team(seat->ledger),
	    .role = ledger_role(seat->ledger),
	    .ordinal = ledger_ordinal(seat->ledger),
	    .log = shift_log(seat->ledger)};
	strcpy(d->member, "A017");
	assert_int_equal(desk_init(d), 0);
}

static int run_terminal(void *ctx)
{
	struct shift_run *r = ctx;
	struct desk desk;
	struct app *app;
	int rc;

	world_open(r->seat);
	make_desk(&desk, r->seat);
	tr_init("build/plain/share/locale", LANG_ZH);
	struct app_cfg cfg = {.env = desk.env,
	    .in_fd = 0,
	    .out_fd = 1,
	    .fence = true,
	    .world = &desk,
	    .hooks = {desk_status, desk_generation, NULL, NULL, NULL, &desk}};
	if (app_new(&app, &cfg) < 0)
		return 11;
	rc = app_push(app, &work_screen, NULL);
	if (rc == 0)
		rc = app_run(app);
	app_free(&app);
	desk_fini(&desk);
	world_close(r->seat);
	return -rc;
}

static void start(struct shift_run *r)
{
	r->vs = screen_fork(run_terminal, r, (struct vscreen_size){24, 80});
}

static int count_keys(const char *bytes)
{
	struct input in = {.at = 0};
	struct key k;
	int n = 0;

	input_feed(&in, bytes, strlen(bytes), 0);
	while (input_next(&in, &k, 1000))
		n++;
	input_fini(&in);
	return n;
}

/* ---- what is durable ---------------------------------------------------- */

struct seen {
	char names[STEPS_MAX][100];
	struct durable *out;
};

static int see_row(void *ctx, const char *name, const char *value, int64_t at_s)
{
	struct seen *s = ctx;

	(void)at_s;
	if (strcmp(name, "note") == 0)
		s->out->has_note = strcmp(value, NOTE) == 0;
	if (strncmp(name, "a:", 2) != 0)
		return 0;
	for (int i = 0; i < s->out->answers; i++)
		if (strcmp(s->names[i], name) == 0)
			fail_msg("answered twice: %s", name);
	assert_true(s->out->answers < STEPS_MAX);
	snprintf(s->names[s->out->answers++], sizeof(s->names[0]), "%s", name);
	return 0;
}

static struct durable look(struct shift_run *r, int call)
{
	const struct id *patient = &r->patients[call];
	struct durable d = {.answers = 0};
	struct seen seen = {.out = &d};
	char hex[ID_HEX], slot[64];
	struct stmt *s;

	world_open(r->seat);
	id_hex(hex, patient);
	snprintf(slot, sizeof(slot), "call/%s", hex);
	s = store_query(r->seat->store, Q_CASE_CONTACT);
	stmt_bind_id(s, ":stream", patient);
	d.is_over = stmt_step(s) == 1;
	stmt_reset(s);
	assert_int_equal(shelf_each(r->seat->store, slot, see_row, &seen), 0);
	world_close(r->seat);
	return d;
}

/* ---- one key, or a kill ------------------------------------------------- */

static void pause_us(unsigned us)
{
	nanosleep(&(struct timespec){.tv_nsec = (long)us * 1000}, NULL);
}

/* True when the terminal was killed around this step. */
static bool play(struct shift_run *r, const char *bytes)
{
	unsigned how;

	if (r->steps_left > 1)
		r->steps_left--;
	if (r->kills_left == 0 ||
	    roll(r, (unsigned)r->steps_left) >= (unsigned)r->kills_left) {
		screen_keys(r->vs, bytes);
		return false;
	}
	how = roll(r, 3);
	if (how > 0)
		screen_post(r->vs, bytes);
	if (how > 1)
		pause_us(roll(r, 3000));
	kill(screen_pid(r->vs), SIGKILL);
	screen_wait_exit(r->vs);
	screen_free(&r->vs);
	r->kills_left--;
	r->killed++;
	return true;
}

static bool find(struct shift_run *r, int call)
{
	char digits[5], key[2] = "";

	snprintf(digits, sizeof(digits), "%04d", TAIL + call);
	if (play(r, "/"))
		return false;
	for (const char *p = digits; *p; p++) {
		key[0] = *p;
		if (play(r, key))
			return false;
	}
	return !play(r, "\r");
}

static bool has_note(int call)
{
	return kind_at(call) == REACHED && call % 4 == 0;
}

/* Plays what is not durable yet; true when the call came to its end. */
static bool go_on(struct shift_run *r, int call, const struct durable *d)
{
	const struct step *s = scripts[kind_at(call)];

	for (; s->bytes; s++) {
		if (s->is_end && has_note(call) && !d->has_note &&
		    play(r, note.bytes))
			return false;
		if (s->answers && s->answers <= d->answers)
			continue;
		if (play(r, s->bytes))
			return false;
		/* the frame was drawn: it must be on the disk */
		if (s->answers)
			r->seen = s->answers;
		/* suspended in the middle and taken up again */
		if (s->answers == 5 && call % 12 == 6 &&
		    (play(r, "\033") || play(r, "\r")))
			return false;
	}
	return true;
}

/* Keys of an undisturbed call from Enter on, what is done once apart. */
static void count_call(struct shift_run *r, int call)
{
	enum kind_of_call kind = kind_at(call);
	int n = 1; /* Enter on the row */

	for (const struct step *s = scripts[kind]; s->bytes; s++)
		n += count_keys(s->bytes);
	if (n > r->keys[kind])
		r->keys[kind] = n;
}

static void make_call(struct shift_run *r, int call)
{
	struct durable d = {.answers = 0};

	r->seen = 0;
	count_call(r, call);
	while (!d.is_over) {
		bool ended = find(r, call) && go_on(r, call, &d);
		if (ended && !play(r, "\033"))
			return;
		d = look(r, call);
		start(r);
		if (d.answers < r->seen && !d.is_over)
			fail_msg("call %d lost an answer", call);
		if (ended && !d.is_over)
			fail_msg("call %d lost its end", call);
	}
	assert_int_equal(d.answers, 0);
}

/* ---- what the log holds ------------------------------------------------- */

/* Columns of a view table, those rows apart whose stream is not of a call
 * and those columns that say when and by which record. */
static void add_table(
    struct buf *out, struct store *store, const char *table, const int *columns)
{
	struct stmt *s;
	struct id id;
	int rc;

	assert_int_equal(store_view_rows(&s, store, table), 0);
	buf_printf(out, "%s\n", table);
	while ((rc = stmt_step(s)) == 1) {
		char hex[ID_HEX];
		if (!stmt_id(&id, s, 0))
			continue;
		id_hex(hex, &id);
		buf_printf(out, "%s", hex);
		for (const int *c = columns; *c; c++)
			buf_printf(out, "|%s", stmt_text(s, *c));
		buf_printf(out, "\n");
	}
	assert_int_equal(rc, 0);
	stmt_free(&s);
}

/* Rows of a stream come in order of their reference, which a kill changes:
 * the lines are sorted. */
static int by_line(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *sorted(char *text)
{
	static char *lines[20000];
	struct buf out = {0};
	size_t n = 0;

	for (char *p = strtok(text, "\n"); p; p = strtok(NULL, "\n"))
		lines[n++] = p;
	assert_true(n < ARRAY_LEN(lines));
	qsort(lines, n, sizeof(*lines), by_line);
	for (size_t i = 0; i < n; i++)
		buf_printf(&out, "%s\n", lines[i]);
	free(text);
	text = strdup(buf_text(&out));
	buf_fini(&out);
	return text;
}

static char *log_of(struct shift_run *r)
{
	static const int contact[] = {5, 8, 9, 11, 12, 13, 14, 15, 18, 20, 0};
	static const int answer[] = {2, 4, 5, 6, 7, 8, 0};
	static const int alert[] = {3, 5, 13, 0}, promise[] = {2, 3, 0};
	struct store *store = r->world->node.store;
	struct buf out = {0};
	char *text, before[HASH_HEX], after[HASH_HEX];

	world_open(r->seat);
	assert_int_equal(world_sync(r->seat), 0);
	world_digest(before, r->seat);
	assert_int_equal(ledger_rebuild(r->seat->ledger, NULL, NULL), 0);
	world_digest(after, r->seat);
	assert_string_equal(before, after);
	add_table(&out, store, "v_contact", contact);
	add_table(&out, store, "v_answer", answer);
	add_table(&out, store, "v_alert", alert);
	add_table(&out, store, "v_callback", promise);
	text = strdup(buf_text(&out));
	buf_fini(&out);
	return sorted(text);
}

static int count_lines(const char *text, const char *part)
{
	int n = 0;

	for (const char *p = text; (p = strstr(p, part)); p++)
		n++;
	return n;
}

static void run_shift(struct shift_run *r, int kills)
{
	*r = (struct shift_run){.kills_left = kills, .steps_left = 700};
	r->world = world_new(17);
	r->seat = world_join(r->world, "A017", "agent");
	for (int i = 0; i < CALLS; i++)
		add_patient(r, i);
	assert_int_equal(world_sync(r->seat), 0);
	world_close(r->seat);
	test_env_init(&r->dice, 20261122);
	start(r);
	for (int i = 0; i < CALLS; i++)
		make_call(r, i);
	/* The last terminal of the shift leaves as a person does. */
	screen_post(r->vs, "q");
	assert_int_equal(screen_wait_exit(r->vs), 0);
	screen_free(&r->vs);
}

/* KILLS in the environment: fewer, where each start is slow. */
static int kills(void)
{
	const char *n = getenv("KILLS");

	return n ? atoi(n) : test_repeat(KILLS);
}

static char *quiet_log; /* of the shift without a kill */

static void test_shift__keys_of_each_kind_of_call(void **state)
{
	struct shift_run r;

	(void)state;
	run_shift(&r, 0);
	for (int k = 0; k < SHIFT_KINDS; k++) {
		int most = rules[k].most ? rules[k].most
					 : rules[k].questions +
					       7 * rules[k].pressures + 3;
		print_message("%-10s %2d keys, at most %d\n", rules[k].name,
		    r.keys[k], most);
		assert_true(r.keys[k] <= most);
	}
	assert_int_equal(count_keys("/7042"), 5); /* finding a patient */
	quiet_log = log_of(&r);
	assert_int_equal(count_lines(quiet_log, "|completed|"), CALLS / 6);
	assert_int_equal(count_lines(quiet_log, "|no-answer|"), CALLS / 6);
	assert_int_equal(count_lines(quiet_log, "|hung-up|"), CALLS / 6);
	assert_true(count_lines(quiet_log, "|emergency|") >= CALLS / 6);
	world_free(r.world);
}

static void test_shift__killed_anywhere_loses_and_doubles_nothing(void **state)
{
	struct shift_run r;
	char *log;

	(void)state;
	run_shift(&r, kills());
	log = log_of(&r);
	print_message("killed %d times\n", r.killed);
	assert_true(r.killed >= kills() * 9 / 10);
	assert_string_equal(log, quiet_log);
	free(log);
	free(quiet_log);
	world_free(r.world);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_shift__keys_of_each_kind_of_call),
	    cmocka_unit_test(
		test_shift__killed_anywhere_loses_and_doubles_nothing),
	};

	return cmocka_run_group_tests_name("shift", tests, NULL, NULL);
}
