/*
 * fuzz_screens.c - random bytes as keys to every screen, on a real store: the
 * first byte says who sits there, where and in which language, the second
 * how large the terminal is. Nothing crashes, every frame stays in its cells,
 * a wide character always has both halves, the caret is on the grid.
 */
#include "tests/fuzz/fuzz.h"

#include "core/tr.h"
#include "tests/desk_maker.h"
#include "tui/app_in.h"
#include "tui/screens.h"

#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define KEYS_MAX 600

static struct app *app;
static int master = -1, slave = -1;
static const struct id patient = {{0xcc, [15] = 2}};
static const struct call_arg call = {
    .patient = {{0xcc, [15] = 3}}, .override = ""};
static const struct patient_arg record = {{{0xcc, [15] = 1}}, "review", 0};

static const struct {
	char role;
	const struct screen_ops *screen;
	const void *arg;
} places[] = {
    {'A', &work_screen, NULL},
    {'A', &call_screen, &call},
    {'A', &patient_screen, &record},
    {'A', &calendar_screen, NULL},
    {'A', &day_screen, NULL},
    {'A', &visits_screen, &patient},
    {'A', &handover_screen, NULL},
    {'A', &unlock_screen, &desk_locked},
    {'D', &alerts_screen, NULL},
    {'S', &board_screen, NULL},
    {'S', &kpi_screen, NULL},
    {'S', &review_screen, NULL},
    {'S', &roster_screen, NULL},
    {'S', &content_screen, NULL},
    {'S', &complaints_screen, NULL},
    {'S', &held_screen, NULL},
    {'S', &sync_screen, NULL},
};

/* Names of the screens that were drawn. */
static const char *seen[64];
static size_t seen_count;

int fuzz_screens_saw(const char *name)
{
	for (size_t i = 0; i < seen_count; i++)
		if (strcmp(seen[i], name) == 0)
			return 1;
	return 0;
}

static void note_screen(const struct screen *s)
{
	if (fuzz_screens_saw(s->ops->name))
		return;
	FUZZ_HOLDS(seen_count < sizeof(seen) / sizeof(seen[0]));
	seen[seen_count++] = s->ops->name;
}

static void close_app(void)
{
	app_free(&app);
}

/* One terminal for all inputs; nobody reads what is written to it. A Ctrl-Z
 * among the keys must not stop whoever runs this. */
static void open_app(const struct env *env)
{
	struct app_cfg cfg = {.env = env};
	sigset_t stop;

	setpgid(0, 0);
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	sigprocmask(SIG_BLOCK, &stop, NULL);
	setenv("TERM", "xterm-256color", 1);
	FUZZ_HOLDS(openpty(&master, &slave, NULL, NULL, NULL) == 0);
	fcntl(master, F_SETFL, O_NONBLOCK);
	cfg.in_fd = cfg.out_fd = slave;
	FUZZ_HOLDS(app_new(&app, &cfg) == 0);
	atexit(close_app);
}

static void drain(void)
{
	char bytes[4096];

	while (read(master, bytes, sizeof(bytes)) > 0)
		;
}

static void check_frame(void)
{
	const struct grid *g = &app->grid;

	app_draw(app);
	note_screen(app->top);
	FUZZ_HOLDS(g->caret_y >= 0 && g->caret_y < g->rows);
	FUZZ_HOLDS(g->caret_x >= 0 && g->caret_x <= g->cols);
	for (int y = 0; y < g->rows; y++)
		for (int x = 0; x < g->cols; x++) {
			const struct cell *c = grid_at(g, y, x);
			FUZZ_HOLDS(c->width <= 2 && c->look < LOOK_COUNT);
			FUZZ_HOLDS(c->ch >= 32 || c->width == 0);
			FUZZ_HOLDS(c->width != 2 || x + 1 < g->cols);
			FUZZ_HOLDS(
			    c->width != 2 || grid_at(g, y, x + 1)->width == 0);
			FUZZ_HOLDS(c->width != 0 ||
				   (x > 0 && grid_at(g, y, x - 1)->width == 2));
		}
}

/* An ESC that begins no function key is a key when time has passed. */
static bool is_alone(const uint8_t *data, size_t n, size_t i)
{
	return data[i] == 0x1b &&
	       (i + 1 >= n || (data[i + 1] != 'O' && data[i + 1] != '['));
}

static void type(const uint8_t *data, size_t n)
{
	const struct screen *drawn = NULL;
	uint64_t now = 0;
	struct key k;

	for (size_t i = 0; i < n && i < KEYS_MAX && app->top; i++) {
		input_feed(&app->in, data + i, 1, now);
		if (is_alone(data, n, i))
			now += INPUT_ESC_MS;
		while (app->top && !app->quit && input_next(&app->in, &k, now))
			app_key(app, &k);
		drain();
		if (app->top && (i % 8 == 7 || app->top != drawn))
			check_frame();
		drawn = app->top;
	}
	if (app->top)
		check_frame();
}

/* A call that is over: to look at, to correct, to review. */
static void add_contact(struct desk_maker *m)
{
	long long at = (long long)m->world.now_s - 1800;
	char body[500];

	snprintf(body, sizeof(body),
	    "{'answers':[{'int':150,'link':'sbp','scale':0,"
	    "'type':'integer','unit':'mmHg'}],'class':'satisfied',"
	    "'completed':true,'disposition':'completed',"
	    "'disposition_version':1,'ended_s':%lld,'observations':"
	    "[{'at_s':%lld,'code':'8480-6','scale':0,'source':'told',"
	    "'unit':'mmHg','value':150}],'reached':true,'respondent':"
	    "'self','started_s':%lld}",
	    at, at, at - 200);
	desk_maker_enter(m, KIND_CONTACT_RECORDED, &record.patient, body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct winsize size = {24, 80, 0, 0};
	struct desk_maker m;
	size_t place;

	if (n < 2)
		return 0;
	place = (data[0] & 0x7f) % ARRAY_LEN(places);
	desk_maker_init(&m, places[place].role, NULL);
	desk_maker_fill(&m);
	add_contact(&m);
	if (!app)
		open_app(m.desk.env);
	size.ws_row = (unsigned short)(10 + data[1] % 31);
	size.ws_col = (unsigned short)(40 + data[1] / 2);
	FUZZ_HOLDS(ioctl(slave, TIOCSWINSZ, &size) == 0);
	tr_init("build/plain/share/locale", data[0] & 0x80 ? LANG_EN : LANG_ZH);
	app->cfg.env = m.desk.env;
	app_set_world(app, &m.desk);
	app_push(app, places[place].screen, places[place].arg);
	type(data + 2, n - 2);
	app_pop_to(app, NULL);
	app->quit = false;
	app->message = (struct message){0};
	input_fini(&app->in);
	app->in = (struct input){0};
	app->keymap = (struct keymap){0};
	desk_maker_fini(&m);
	return 0;
}
