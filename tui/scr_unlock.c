/*
 * scr_unlock.c - the locked terminal: who, passphrase, what waits behind it.
 * F6 takes the seat of another person on the same machine.
 */
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

static void draw_person(struct unlock *u, struct grid *g, int y)
{
	char print[33] = "";
	struct spot at = {y, 4, 14, LOOK_HEAD, false};

	draw_text(g, at, _("Agent"));
	draw_text(g, spot_rest(g, y, 20, LOOK_TEXT),
	    u->found == 0 ? u->pub.member : tr(err_text(u->found)));
	at.y = y + 1;
	draw_text(g, at, _("Passphrase"));
	field_draw(
	    &u->pass, g, (struct spot){y + 1, 20, 40, LOOK_TEXT, true}, true);
	if (u->found < 0)
		return;
	hex_encode(print, u->pub.sign_pk, 8);
	at.y = y + 3;
	draw_text(g, at, _("Key"));
	draw_textf(g, spot_rest(g, y + 3, 20, LOOK_DIM), "%.4s %.4s %.4s %.4s",
	    print, print + 4, print + 8, print + 12);
}

static void unlock_draw(struct screen *s, struct grid *g)
{
	struct unlock *u = of(s);
	char path[500];
	uint32_t wait;

	draw_wrap(g, (struct spot){3, 4, g->cols - 8, LOOK_TEXT, false}, 2,
	    u->arg->is_locked
		? _("Locked. Calls and answers are kept; sync goes on.")
		: _("The data on this terminal is encrypted."));
	draw_person(u, g, 6);
	key_path(path, sizeof(path), u->dir);
	wait = keyfile_wait_s(path, env_now_s(app_env(s->app)));
	if (u->opening)
		draw_text(g, spot_rest(g, 11, 4, LOOK_MARK), _("Opening..."));
	else if (u->is_elsewhere)
		draw_wrap(g,
		    (struct spot){11, 4, g->cols - 8, LOOK_LATE, false}, 2,
		    _("This seat is open in another window of this machine: "
		      "go on there, or close it there first."));
	else if (wait)
		draw_textf(g, spot_rest(g, 11, 4, LOOK_LATE),
		    _("Too many wrong tries: wait %u s."), wait);
	else
		draw_text(g, spot_rest(g, 11, 4, LOOK_DIM),
		    _("After wrong tries the wait grows."));
	if (u->arg->warning)
		draw_wrap(g,
		    (struct spot){13, 4, g->cols - 8, LOOK_LATE, false}, 3,
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
