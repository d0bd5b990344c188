/*
 * scr_unlock.c - the locked terminal: who, passphrase, what waits behind it.
 * F6 takes the seat of another person on the same machine.
 */
#include "core/clock.h"
#include "core/err.h"
#include "core/id.h"
#include "core/text.h"
#include "core/tr.h"
#include "keys/keyfile.h"
#include "keys/secret.h"
#include "sync/ctl.h"
#include "tui/app.h"
#include "tui/dialog.h"
#include "tui/field.h"
#include "tui/holding.h"
#include "tui/screens.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEATS_MAX 30
#define OPEN_DELAY_MS 5 /* lets the frame with "opening" out first */

struct unlock {
	struct screen base;
	const struct unlock_arg *arg;
	char dir[400];
	struct keyfile_public pub;
	int found; /* of the key file: 0 or an error */
	struct holding held;
	bool has_held;
	struct field pass;
	bool opening;
	bool is_elsewhere;         /* another program has this home open */
	char seats[SEATS_MAX][80]; /* folders beside this one */
	int seat_count;
};

static struct unlock *of(struct screen *s)
{
	return (struct unlock *)s;
}

static void key_path(char *out, size_t size, const char *dir)
{
	snprintf(out, size, "%s/seat.key", dir);
}

static void look_at(struct unlock *u, const char *dir)
{
	char path[500];

	text_copy(u->dir, sizeof(u->dir), dir);
	key_path(path, sizeof(path), dir);
	u->found = keyfile_read(&u->pub, path);
	u->has_held = holding_read(&u->held, dir);
	u->is_elsewhere = !u->arg->is_locked && ctl_is_served(dir);
	field_wipe(&u->pass);
}

static int unlock_open(struct screen *s, const void *arg)
{
	struct unlock *u = of(s);

	u->arg = arg;
	u->pass.secret = true;
	u->pass.max = 400;
	look_at(u, u->arg->dir);
	return 0;
}

static void try_open(void *ctx);

static void unlock_close(struct screen *s)
{
	app_untimer(s->app, try_open, s);
	field_wipe(&of(s)->pass);
}

static void try_open(void *ctx)
{
	struct unlock *u = ctx;
	struct app *app = u->base.app;
	struct secret *pass = secret_dup(u->pass.text, u->pass.len);
	int rc;

	u->opening = false;
	field_wipe(&u->pass);
	/* on success this screen may be gone when it returns */
	rc = u->arg->unlock(u->arg->ctx, u->dir, pass);
	secret_free(&pass);
	app_say_error(app, rc);
	app_dirty(app);
}

static unsigned unlock_key(struct screen *s, const struct key *k)
{
	struct unlock *u = of(s);

	if (k->code == K_CTRL('c') && !u->arg->is_locked)
		return REACT_QUIT;
	return field_key(&u->pass, k) ? REACT_DRAW : REACT_PASS;
}

#define NEVER_ENDS_S INT64_C(4102444800) /* 2100 */

/* "7f3a 91c2 0be4 55d1   valid until 2026-12-31" */
static void draw_key(const struct unlock *u, struct grid *g, int y)
{
	char print[33] = "", day[DAY_TEXT];
	int x = 20;

	hex_encode(print, u->pub.sign_pk, 8);
	draw_text(g, (struct spot){y, 4, 14, LOOK_HEAD, false}, _("Key"));
	x += draw_textf(g, spot_rest(g, y, x, LOOK_DIM), "%.4s %.4s %.4s %.4s",
	    print, print + 4, print + 8, print + 12);
	if (!u->has_held || !u->held.until_s || u->held.until_s > NEVER_ENDS_S)
		return;
	day_text(day, day_of(u->held.until_s, (int32_t)u->held.zone_s));
	draw_textf(
	    g, spot_rest(g, y, x + 3, LOOK_DIM), _("valid until %s"), day);
}

/* "2026-11-21 17:58   offline for 12 h" */
static void draw_sync(
    const struct unlock *u, struct grid *g, int y, int64_t now_s)
{
	char at[TIME_TEXT];
	int64_t hours = (now_s - u->held.heard_s) / 3600;
	int x = 20;

	if (!u->has_held)
		return;
	draw_text(g, (struct spot){y, 4, 14, LOOK_HEAD, false}, _("Last sync"));
	time_text(at, u->held.heard_s, (int32_t)u->held.zone_s);
	x += draw_text(
	    g, spot_rest(g, y, x, LOOK_DIM), u->held.heard_s ? at : _("never"));
	if (u->held.heard_s && hours > 0)
		draw_textf(g, spot_rest(g, y, x + 3, LOOK_LATE),
		    _("offline for %d h"), (int)hours);
}

/* Who switches this off or wipes it must know what is on it. */
static void draw_holding(const struct unlock *u, struct grid *g, int y)
{
	char at[TIME_TEXT], text[300];
	bool waits = u->has_held && u->held.unsent > 0;

	if (u->has_held) {
		time_text(at, u->held.as_of_s, (int32_t)u->held.zone_s);
		snprintf(text, sizeof(text),
		    _("This terminal holds %d patients and %d records not yet "
		      "received by the centre (as of %s), encrypted."),
		    (int)u->held.patients, (int)u->held.unsent, at);
	} else {
		text_copy(text, sizeof(text),
		    _("The data on this terminal is encrypted."));
	}
	draw_wrap(g,
	    (struct spot){
		y, 4, g->cols - 8, waits ? LOOK_LATE : LOOK_TEXT, false},
	    2, text);
}

static void draw_person(struct unlock *u, struct grid *g, int y)
{
	struct spot at = {y, 4, 14, LOOK_HEAD, false};

	draw_text(g, at, _("Agent"));
	draw_text(g, spot_rest(g, y, 20, LOOK_TEXT),
	    u->found == 0 ? u->pub.member : tr(err_text(u->found)));
	at.y = y + 1;
	draw_text(g, at, _("Passphrase"));
	field_draw(
	    &u->pass, g, (struct spot){y + 1, 20, 40, LOOK_TEXT, true}, true);
}

static void unlock_draw(struct screen *s, struct grid *g)
{
	struct unlock *u = of(s);
	char path[500];
	int64_t now_s = env_now_s(app_env(s->app));
	uint32_t wait;

	if (u->arg->is_locked)
		draw_text(g, spot_rest(g, 2, 4, LOOK_TEXT),
		    _("Locked. Calls and answers are kept; sync goes on."));
	draw_holding(u, g, 3);
	draw_person(u, g, 6);
	key_path(path, sizeof(path), u->dir);
	if (u->found == 0)
		draw_key(u, g, 12);
	draw_sync(u, g, 13, now_s);
	wait = keyfile_wait_s(path, now_s);
	if (u->opening)
		draw_text(g, spot_rest(g, 9, 4, LOOK_MARK), _("Opening..."));
	else if (u->is_elsewhere)
		draw_wrap(g, (struct spot){9, 4, g->cols - 8, LOOK_LATE, false},
		    2,
		    _("This seat is open in another window of this machine: "
		      "go on there, or close it there first."));
	else if (wait)
		draw_textf(g, spot_rest(g, 9, 4, LOOK_LATE),
		    _("Too many wrong tries: wait %u s."), wait);
	else
		draw_text(g, spot_rest(g, 9, 4, LOOK_DIM),
		    _("After wrong tries the wait grows."));
	if (u->arg->warning)
		draw_wrap(g,
		    (struct spot){15, 4, g->cols - 8, LOOK_LATE, false}, 3,
		    u->arg->warning);
}

static unsigned unlock_tick(struct screen *s)
{
	char path[500];

	key_path(path, sizeof(path), of(s)->dir);
	return keyfile_wait_s(path, env_now_s(app_env(s->app))) ? REACT_DRAW
								: REACT_NONE;
}

/* ---- another person ------------------------------------------------------ */

static void seat_chosen(void *ctx, int index, const char *text)
{
	struct unlock *u = ctx;
	char dir[600], *slash;

	(void)text;
	text_copy(dir, sizeof(dir), u->dir);
	slash = strrchr(dir, '/');
	snprintf(slash ? slash + 1 : dir, 120, "%s", u->seats[index]);
	look_at(u, dir);
}

static bool has_key(const char *parent, const char *name)
{
	struct keyfile_public pub;
	char path[600];

	if (name[0] == '.' || strlen(name) >= 80)
		return false;
	snprintf(path, sizeof(path), "%s/%s/seat.key", parent, name);
	return keyfile_read(&pub, path) == 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void find_seats(struct unlock *u)
{
	char parent[400];
	const struct dirent *e;
	DIR *dir;

	text_copy(parent, sizeof(parent), u->dir);
	if (strrchr(parent, '/'))
		*strrchr(parent, '/') = '\0';
	u->seat_count = 0;
	dir = opendir(parent);
	while (dir && (e = readdir(dir)) && u->seat_count < SEATS_MAX)
		if (has_key(parent, e->d_name))
			text_copy(u->seats[u->seat_count++], 80, e->d_name);
	if (dir)
		closedir(dir);
	qsort(u->seats, (size_t)u->seat_count, sizeof(u->seats[0]), by_name);
}

static void ask_seat(struct unlock *u)
{
	struct dialog_choice choices[SEATS_MAX];
	struct dialog d = {.title = _("Whose seat?"),
	    .choices = choices,
	    .done = seat_chosen,
	    .ctx = u};

	for (int i = 0; i < u->seat_count; i++)
		choices[i] = (struct dialog_choice){0, u->seats[i], NULL};
	d.choice_count = u->seat_count;
	dialog_pick(u->base.app, &d);
}

static const char *unlock_why_not(struct screen *s, enum op op)
{
	struct unlock *u = of(s);

	if (op == OP_PALETTE || op == OP_UNDO || op == OP_LOCK)
		return _("Unlock first.");
	if (op != OP_SEAT)
		return NULL;
	find_seats(u);
	return u->seat_count < 2 ? _("This terminal has one seat only.") : NULL;
}

static unsigned begin_open(struct unlock *u)
{
	if (!u->pass.len)
		return REACT_BELL;
	u->is_elsewhere = false; /* closed meanwhile, or it says so */
	u->opening = true;
	app_timer(u->base.app, OPEN_DELAY_MS, try_open, u);
	return REACT_DRAW;
}

/* Nothing below a locked screen may be reached past it. */
static unsigned unlock_op(struct screen *s, enum op op)
{
	if (op == OP_UNLOCK)
		return begin_open(of(s));
	if (op == OP_SEAT)
		ask_seat(of(s));
	return op == OP_LANG || op == OP_HELP ? REACT_PASS : REACT_DRAW;
}

static bool unlock_is_text(struct screen *s)
{
	(void)s;
	return true;
}

static const enum op unlock_ops[] = {OP_UNLOCK, OP_SEAT, OP_LANG, OP_BACK,
    OP_PALETTE, OP_UNDO, OP_LOCK, OP_DUMP, OP_SUSPEND, OP_NONE};

const struct screen_ops unlock_screen = {
    .name = "unlock",
    .title = N_("Suifang   LOCKED"),
    .size = sizeof(struct unlock),
    .ops = unlock_ops,
    .open = unlock_open,
    .close = unlock_close,
    .draw = unlock_draw,
    .op = unlock_op,
    .key = unlock_key,
    .tick = unlock_tick,
    .why_not = unlock_why_not,
    .is_text = unlock_is_text,
};
