/*
 * main.c - suifang, the terminal: options, the unlock, the root screen of a
 * role. Everything else is a screen.
 */
#include "core/buf.h"
#include "core/err.h"
#include "core/json.h"
#include "core/report.h"
#include "core/store.h"
#include "core/text.h"
#include "core/tr.h"
#include "keys/keyfile.h"
#include "keys/process.h"
#include "keys/secret.h"
#include "sync/anchor.h"
#include "sync/commit.h"
#include "sync/ctl.h"
#include "sync/drop.h"
#include "sync/home.h"
#include "sync/program.h"
#include "tui/app.h"
#include "tui/call.h"
#include "tui/call_leave.h"
#include "tui/catalog.h"
#include "tui/dialog.h"
#include "tui/dialer.h"
#include "tui/do.h"
#include "tui/news.h"
#include "tui/options.h"
#include "tui/plain.h"
#include "tui/practice.h"
#include "tui/renewal.h"
#include "tui/screens.h"
#include "tui/shift.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define IDLE_LOCK_S 600
#define KEYS_MAX (1u << 20)
#define DIALER_MAX 1000

struct terminal {
	struct options opts;
	struct app *app;
	struct shift *shift;
	char dir[400];
	struct unlock_arg unlock, locked;
	uint64_t learnt; /* generation at which the role was asked last */
	bool wants_root; /* the role changed behind the lock */
};

static const struct screen_ops *root_of(char role)
{
	if (role == 'S')
		return &board_screen;
	if (role == 'Q')
		return &review_screen;
	return role == 'D' ? &alerts_screen : &work_screen;
}

/* Patients who are to leave this terminal take no unfinished call along. */
static void leave_withdrawn(struct terminal *t)
{
	int n;

	for (const struct screen *s = app_top(t->app); s; s = s->below)
		if (s->ops == &call_screen)
			return;
	n = call_leave_withdrawn(&t->shift->desk);
	if (n < 0)
		app_say_error(t->app, n);
	else if (n > 0)
		app_say(t->app, LOOK_LATE, "%s",
		    _("An unfinished call was recorded as interrupted: its "
		      "patient was given to somebody else."));
}

/* The centre's word on one's own work comes when it comes. */
static void say_held(struct terminal *t)
{
	char line[300];
	int n = news_held(line, sizeof(line), &t->shift->desk);

	if (n < 0)
		app_say_error(t->app, n);
	else if (n > 0)
		app_say(t->app, LOOK_ALERT, "%s", line);
}

/* The root screen, and the call that a crash interrupted. */
static int show_root(struct terminal *t)
{
	struct desk *d = &t->shift->desk;
	struct id patient;
	int rc = app_push(t->app, root_of(d->role), NULL);

	leave_withdrawn(t);
	if (rc == 0 && d->role == 'A' && call_unfinished(&patient, 1, d))
		app_push(t->app, &call_screen,
		    &(struct call_arg){.patient = patient, .override = ""});
	return rc;
}

/* The role is another now: what is open belongs to the old one. */
static int new_root(struct terminal *t)
{
	t->wants_root = false;
	app_pop_to(t->app, NULL);
	return show_root(t);
}

static void was_read(void *ctx, int index, const char *text)
{
	(void)ctx;
	(void)index;
	(void)text;
}

/* Whether data is missing here, before the first key is taken for work. */
static void tell_freshness(struct terminal *t)
{
	struct dialog_choice ok = {0, _("I have read this"), NULL};
	struct freshness f;
	struct buf text = {0};

	home_freshness(&f, t->shift->home);
	freshness_text(&text, &f);
	if (text.len > 0)
		dialog_pick(
		    t->app, &(struct dialog){.title = _("Is everything here?"),
				.text = buf_text(&text),
				.choices = &ok,
				.choice_count = 1,
				.done = was_read});
	buf_fini(&text);
}

/* The program that dials is the hospital's; without it people dial. */
static void take_dialer(struct terminal *t)
{
	struct buf line = {0};
	char path[500];

	snprintf(path, sizeof(path), "%s/dialer", t->dir);
	if (program_read(&line, path, DIALER_MAX) == 0 &&
	    dialer_new_line(&t->shift->desk.dialer, buf_text(&line)) < 0 &&
	    t->app)
		app_say(t->app, LOOK_ALERT,
		    _("The dialling command in %s is not usable; dial by "
		      "hand."),
		    path);
	buf_fini(&line);
}

static int rekey(void *ctx, const struct secret *pass);

/* An opened seat becomes the one at work. */
static int take_shift(struct terminal *t, struct shift *shift, const char *dir)
{
	int rc;

	t->shift = shift;
	t->wants_root = false;
	if (dir != t->dir)
		text_copy(t->dir, sizeof(t->dir), dir);
	shift->desk.keys.rekey = rekey;
	shift->desk.keys.rekey_ctx = t;
	app_set_world(t->app, &shift->desk);
	app_pop_to(t->app, NULL);
	take_dialer(t);
	rc = show_root(t);
	if (rc == 0)
		tell_freshness(t);
	return rc;
}

static void leave_shift(struct terminal *t)
{
	shift_leave(t->shift, t->app);
	app_pop_to(t->app, NULL);
	app_set_world(t->app, NULL);
	shift_close(&t->shift);
}

static int unlock_first(void *ctx, const char *dir, struct secret *pass)
{
	struct shift *shift;
	int rc = shift_open(&shift, dir, pass, program_env());

	return rc < 0 ? rc : take_shift(ctx, shift, dir);
}

static int try_passphrase(const char *dir, const struct secret *pass)
{
	struct keyfile_opener opener = {
	    .passphrase = pass, .env = program_env()};
	struct keyring *ring;
	char path[500];
	int rc;

	snprintf(path, sizeof(path), "%s/seat.key", dir);
	rc = keyfile_unlock(&ring, path, &opener);
	if (rc == 0)
		keyring_free(&ring);
	return rc;
}

/* Another person takes the terminal: the seat that was locked is closed,
 * with its unfinished call and unsent records kept in it. */
static int unlock_other(
    struct terminal *t, const char *dir, struct secret *pass)
{
	struct shift *shift;
	char path[400];
	int rc = shift_open(&shift, dir, pass, program_env());

	if (rc < 0)
		return rc;
	text_copy(path, sizeof(path), dir);
	leave_shift(t);
	return take_shift(t, shift, path);
}

/* The vault stays open behind the lock; only the passphrase is asked. */
static int unlock_again(void *ctx, const char *dir, struct secret *pass)
{
	struct terminal *t = ctx;
	int rc;

	if (strcmp(dir, t->dir) != 0)
		return unlock_other(t, dir, pass);
	rc = try_passphrase(dir, pass);
	if (rc < 0)
		return rc;
	if (t->wants_root)
		return new_root(t);
	app_pop_to(t->app, app_top(t->app)->below);
	return 0;
}

/* The vault is copied while it is closed, then opened again. */
static int rekey(void *ctx, const struct secret *pass)
{
	struct terminal *t = ctx;
	struct keyfile_opener opener = {
	    .passphrase = pass, .env = program_env()};
	struct shift *shift;
	char key[500], vault[500];
	int rc = try_passphrase(t->dir, pass), again;

	if (rc < 0)
		return rc;
	snprintf(key, sizeof(key), "%s/seat.key", t->dir);
	snprintf(vault, sizeof(vault), "%s/vault.db", t->dir);
	leave_shift(t);
	rc = keyfile_rekey_vault(key, &opener, vault, NULL);
	again = shift_open(&shift, t->dir, pass, program_env());
	if (again == 0)
		again = take_shift(t, shift, t->dir);
	else
		app_push(t->app, &unlock_screen, &t->unlock);
	return rc < 0 ? rc : again;
}

/* A dialog may stand over it. */
static bool has_screen(const struct app *app, const struct screen_ops *ops)
{
	for (const struct screen *s = app_top(app); s; s = s->below)
		if (s->ops == ops)
			return true;
	return false;
}

static bool is_locked(const struct app *app)
{
	return has_screen(app, &unlock_screen);
}

static void lock(void *ctx, struct app *app)
{
	struct terminal *t = ctx;

	if (t->shift && !is_locked(app))
		app_push(app, &unlock_screen, &t->locked);
}

static enum look status(void *ctx, char *out, size_t size)
{
	struct terminal *t = ctx;

	return desk_status(t->shift ? &t->shift->desk : NULL, out, size);
}

static uint64_t generation(void *ctx)
{
	struct terminal *t = ctx;

	return desk_generation(t->shift ? &t->shift->desk : NULL);
}

static int dump(void *ctx, const struct grid *g, char *path, size_t size)
{
	struct terminal *t = ctx;

	return t->shift ? desk_dump(&t->shift->desk, g, path, size)
			: ERR_NOT_PERMITTED;
}

static void turn(void *ctx, struct app *app)
{
	struct terminal *t = ctx;
	uint64_t now;

	if (!t->shift)
		return;
	t->shift->presence = is_locked(app)                  ? PRESENCE_AWAY
			     : has_screen(app, &call_screen) ? PRESENCE_CALL
							     : PRESENCE_IDLE;
	shift_turn(t->shift, app);
	renewal_turn(&t->shift->desk, app);
	now = store_generation(t->shift->desk.store);
	if (now == t->learnt)
		return;
	t->learnt = now;
	t->wants_root |= shift_learn(t->shift);
	if (t->wants_root && !is_locked(app))
		new_root(t);
	else
		leave_withdrawn(t);
	say_held(t);
}

static int type_keys(struct terminal *t)
{
	struct buf keys = {0};
	int rc = 0;

	if (t->opts.keys)
		rc = program_read(&keys, t->opts.keys, KEYS_MAX);
	if (rc == 0)
		app_type(t->app, keys.data, keys.len);
	buf_fini(&keys);
	return rc;
}

static int run_screens(struct terminal *t, struct secret *pass)
{
	struct app_cfg cfg = {
	    .env = program_env(),
	    .in_fd = STDIN_FILENO,
	    .out_fd = STDOUT_FILENO,
	    .theme = t->opts.theme,
	    .idle_lock_s = IDLE_LOCK_S,
	    .fence = t->opts.fence,
	    .hooks = {status, generation, lock, dump, turn, t},
	};
	int rc;

	if (t->opts.practice)
		return practice_run(&cfg);
	rc = app_new(&t->app, &cfg);
	if (rc < 0)
		return rc;
	rc = pass ? unlock_first(t, t->dir, pass)
		  : app_push(t->app, &unlock_screen, &t->unlock);
	if (rc == 0)
		rc = type_keys(t);
	if (rc == 0 && t->opts.says_language)
		app_say(t->app, LOOK_DIM, "%s",
		    _("This console has no Chinese characters: English is "
		      "used."));
	if (rc == 0)
		rc = app_run(t->app);
	if (t->shift)
		shift_leave(t->shift, t->app);
	app_free(&t->app);
	return rc;
}

static void wait_plain(void *shift, int fd)
{
	shift_wait(shift, fd);
}

static int run_plain(struct terminal *t, struct secret *pass)
{
	int rc = pass ? shift_open(&t->shift, t->dir, pass, program_env())
		      : ERR_PASSPHRASE;

	if (rc < 0)
		return rc;
	take_dialer(t);
	return plain_run(
	    &t->shift->desk, &(struct plain_world){wait_plain, t->shift});
}

/* The report of a period on the standard output; no screen. */
static int run_report(struct terminal *t, struct secret *pass)
{
	struct report_ask ask = {.now_s = env_now_s(program_env())};
	struct kpi_set *set = NULL;
	struct buf csv = {0};
	int rc =
	    report_period_parse(&ask.period, t->opts.report) ? 0 : ERR_USAGE;

	if (rc == 0)
		rc = pass ? shift_open(&t->shift, t->dir, pass, program_env())
			  : ERR_PASSPHRASE;
	if (rc == 0)
		rc = catalog_kpis(&set, t->shift->desk.catalog);
	if (rc == 0) {
		const struct desk *d = &t->shift->desk;
		ask.zone_s = d->zone_s;
		ask.set = set;
		ask.cadence = catalog_cadence(d->catalog);
		ask.member = d->role == 'A' ? d->member : NULL;
		rc = report_csv(&csv, d->store, &ask);
	}
	if (rc == 0)
		fwrite(csv.data, 1, csv.len, stdout);
	if (set)
		kpi_set_free(&set);
	buf_fini(&csv);
	return rc;
}

/* The same practice for those who read by ear or finger. */
static int practise_plainly(void)
{
	struct practice *p;
	int rc = practice_open(&p, program_env());

	if (rc < 0)
		return rc;
	rc = plain_run(practice_desk(p), &(struct plain_world){NULL, NULL});
	practice_close(&p);
	return rc;
}

static int run_opened(struct terminal *t, struct secret *pass)
{
	if (t->opts.report)
		return run_report(t, pass);
	return t->opts.plain ? run_plain(t, pass) : run_screens(t, pass);
}

static int run(struct terminal *t)
{
	struct secret *pass = NULL;
	struct buf dir = {0};
	const char *swap = NULL;
	int rc = 0;

	home_dir_of(&dir, t->opts.home);
	text_copy(t->dir, sizeof(t->dir), buf_text(&dir));
	buf_fini(&dir);
	if (process_has_clear_swap("/proc/swaps", "/sys"))
		swap = _(process_swap_text());
	t->unlock = (struct unlock_arg){t->dir, false, swap, unlock_first, t};
	t->locked = (struct unlock_arg){t->dir, true, swap, unlock_again, t};
	if (t->opts.practice)
		return t->opts.plain ? practise_plainly()
				     : run_screens(t, NULL);
	if (ctl_is_served(t->dir))
		return err_set(ERR_IN_USE, "%s", t->dir);
	if (t->opts.passphrase_fd >= 0 || t->opts.plain || t->opts.report) {
		rc = home_is_there(t->dir);
		if (rc == 0)
			rc = options_passphrase(&pass, &t->opts);
	}
	if (rc == 0)
		rc = run_opened(t, pass);
	if (pass)
		secret_free(&pass);
	shift_close(&t->shift);
	return rc;
}

int main(int argc, char **argv)
{
	static struct terminal t;
	const char *missing;
	int rc = process_harden();

	json_init();
	if (rc == 0)
		rc = commit_init(); /* ctl.sock asks for the log */
	if (rc == 0)
		rc = drop_for_terminal(&missing);
	if (rc == 0)
		rc = options_read(&t.opts, argc, argv);
	if (rc == 0 && !t.opts.is_done && t.opts.act)
		return do_act(&t.opts);
	if (rc == 0 && !t.opts.is_done)
		rc = run(&t);
	if (rc == ERR_INTERRUPTED)
		return 0; /* hung up: everything is saved */
	return rc < 0 ? err_exit_status(program_complain(rc)) : 0;
}
