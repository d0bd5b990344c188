/*
 * app.c - the frame: what happens to a key, when a frame is drawn, what the
 * ops that every screen has do.
 */
#include "tui/app.h"

#include "core/clock.h"
#include "core/err.h"
#include "core/mem.h"
#include "core/tr.h"
#include "tui/app_in.h"
#include "tui/help.h"
#include "tui/palette.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MIN 10
#define COLS_MIN 40

int app_new(struct app **out, const struct app_cfg *cfg)
{
	struct app *a = mem_new(sizeof(*a));
	int rc = term_open(&a->term, cfg->in_fd, cfg->out_fd);

	if (rc < 0) {
		free(a);
		return rc;
	}
	a->cfg = *cfg;
	a->dirty = true;
	term_theme(a->term, cfg->theme);
	a->theme = cfg->theme;
	a->touched_ms = clock_mono_ms(NULL);
	a->in.is_asking = term_ask_widths(a->term);
	*out = a;
	return 0;
}

static void pop(struct app *a)
{
	struct screen *s = a->top;

	a->top = s->below;
	a->dirty = true;
	a->keymap.semicolon = false;
	if (s->ops->close)
		s->ops->close(s);
	free(s);
}

void app_free(struct app **ap)
{
	struct app *a = *ap;

	if (!a)
		return;
	while (a->top)
		pop(a);
	term_close(&a->term);
	grid_fini(&a->grid);
	input_fini(&a->in);
	free(a->watches);
	free(a->timers);
	free(a);
	*ap = NULL;
}

int app_push(struct app *a, const struct screen_ops *ops, const void *arg)
{
	struct screen *s = mem_new(ops->size);
	int rc;

	s->ops = ops;
	s->app = a;
	s->below = a->top;
	a->top = s;
	a->dirty = true;
	rc = ops->open ? ops->open(s, arg) : 0;
	if (rc == 0)
		return 0;
	a->top = s->below;
	free(s);
	return app_say_error(a, rc);
}

struct screen *app_top(const struct app *a)
{
	return a->top;
}

void app_pop_to(struct app *a, struct screen *below)
{
	while (a->top && a->top != below)
		pop(a);
	app_refresh(a);
}

const struct env *app_env(const struct app *a)
{
	return a->cfg.env;
}

void *app_world(const struct app *a)
{
	return a->cfg.world;
}

void app_set_world(struct app *a, void *world)
{
	a->cfg.world = world;
}

void app_dirty(struct app *a)
{
	a->dirty = true;
}

/* ---- message line ------------------------------------------------------- */

static void forget_undo(void *ctx)
{
	struct app *a = ctx;

	a->message = (struct message){0};
	a->dirty = true;
}

void app_say(struct app *a, enum look look, const char *fmt, ...)
{
	va_list ap;

	app_untimer(a, forget_undo, a);
	a->message = (struct message){.look = look};
	va_start(ap, fmt);
	vsnprintf(a->message.text, sizeof(a->message.text), fmt, ap);
	va_end(ap);
	a->said = true;
	a->dirty = true;
}

int app_say_error(struct app *a, int rc)
{
	if (rc < 0)
		app_say(a, LOOK_ALERT, "%s", tr(err_text(rc)));
	return rc;
}

void app_offer_undo(struct app *a, const struct undo *undo, const char *what)
{
	app_say(a, LOOK_DONE, "%s", what);
	a->message.undo = true;
	a->undo = *undo;
	app_timer(a, APP_UNDO_MS, forget_undo, a);
}

static void run_undo(struct app *a)
{
	struct undo undo = a->undo;

	if (!a->message.undo) {
		app_say(a, LOOK_DIM, "%s",
		    _("Nothing to undo here now; "
		      "see the day's history."));
		return;
	}
	forget_undo(a);
	if (app_say_error(a, undo.run(undo.ctx, undo.ref)) == 0)
		app_say(a, LOOK_DONE, "%s", _("Undone."));
	app_refresh(a);
}

/* ---- ops ---------------------------------------------------------------- */

static void react(struct app *a, struct screen *s, unsigned flags)
{
	if (flags & REACT_BELL)
		term_bell(a->term);
	if (flags & (REACT_DRAW | REACT_POP))
		a->dirty = true;
	if (flags & REACT_QUIT)
		a->quit = true;
	if ((flags & REACT_POP) && a->top == s) {
		pop(a);
		app_refresh(a);
	}
}

static void next_theme(struct app *a)
{
	a->theme = (enum theme)((a->theme + 1) % THEME_COUNT);
	term_theme(a->term, a->theme);
}

static void dump(struct app *a)
{
	char path[512];
	int rc;

	if (!a->cfg.hooks.dump)
		return;
	app_draw(a);
	rc = a->cfg.hooks.dump(a->cfg.hooks.ctx, &a->grid, path, sizeof(path));
	if (app_say_error(a, rc) == 0)
		app_say(a, LOOK_DONE, _("Screen written to %s"), path);
}

static void go_back(struct app *a)
{
	if (a->top && a->top->below)
		react(a, a->top, REACT_POP);
}

static void run_glass_op(struct app *a, enum op op)
{
	if (op == OP_REDRAW)
		term_forget(a->term);
	else if (op == OP_SUSPEND)
		term_suspend(a->term);
	else if (op == OP_THEME)
		next_theme(a);
	else if (op == OP_LANG)
		tr_use(tr_lang() == LANG_ZH ? LANG_EN : LANG_ZH);
	app_refresh(a);
}

static bool is_offered(const struct screen *s, enum op op)
{
	for (const enum op *o = s->ops->ops; *o != OP_NONE; o++)
		if (*o == op)
			return true;
	return false;
}

const char *app_why_not(struct app *a, struct screen *s, enum op op)
{
	const char *why = NULL;

	if (is_offered(s, op))
		why = s->ops->why_not ? s->ops->why_not(s, op) : NULL;
	else if (op == OP_UNDO && !a->message.undo)
		why = _("Nothing to undo here now; see the day's history.");
	else if (op == OP_BACK && !s->below)
		why = _("This is the first screen: q quits.");
	else if (op == OP_LOCK && !a->cfg.hooks.lock)
		why = _("There is nothing to lock here.");
	return why;
}

static void run_global(struct app *a, enum op op)
{
	a->dirty = true;
	if (op == OP_HELP)
		app_push(a, &help_screen, NULL);
	else if (op == OP_PALETTE)
		app_push(a, &palette_screen, NULL);
	else if (op == OP_BACK)
		go_back(a);
	else if (op == OP_UNDO)
		run_undo(a);
	else if (op == OP_DUMP)
		dump(a);
	else if (op == OP_LOCK && a->cfg.hooks.lock)
		a->cfg.hooks.lock(a->cfg.hooks.ctx, a);
	else
		run_glass_op(a, op);
}

void app_do(struct app *a, enum op op)
{
	struct screen *s = a->top;
	unsigned flags = REACT_PASS;
	const char *why;

	if (!s)
		return;
	if (is_offered(s, op)) {
		why = s->ops->why_not ? s->ops->why_not(s, op) : NULL;
		if (why) {
			app_say(a, LOOK_LATE, "%s", why);
			return;
		}
		flags = s->ops->op ? s->ops->op(s, op) : REACT_PASS;
	}
	if ((flags & REACT_PASS) && keymap_is_global(op))
		run_global(a, op);
	else
		react(a, s, flags);
}

/* ---- keys and frames ---------------------------------------------------- */

void app_key(struct app *a, struct key *k)
{
	struct screen *s = a->top;
	bool text = s->ops->is_text && s->ops->is_text(s);
	enum op op;

	if (!text && !keymap_fold(&a->keymap, k))
		return;
	if (!a->message.undo)
		a->said = false;
	op = keymap_find(s->ops->ops, k, text);
	if (op != OP_NONE)
		app_do(a, bars_holder(s, op));
	else if (s->ops->key)
		react(a, s, s->ops->key(s, k));
	if (!a->said && a->message.text[0] && !a->message.undo) {
		a->message = (struct message){0};
		a->dirty = true;
	}
}

static void draw_small(struct app *a)
{
	char size[64];

	snprintf(size, sizeof(size), "%dx%d", a->grid.cols, a->grid.rows);
	draw_text(&a->grid, spot_rest(&a->grid, 0, 0, LOOK_ALERT), size);
	draw_wrap(&a->grid, spot_rest(&a->grid, 1, 0, LOOK_TEXT), 4,
	    _("This window is too small. Enlarge it to 40x10 or more; "
	      "nothing is lost."));
}

static void draw_stack(struct app *a, struct screen *s)
{
	enum look look = LOOK_BAR;

	if (s->ops->overlay && s->below) {
		draw_stack(a, s->below);
	} else if (!s->ops->overlay) {
		if (a->cfg.hooks.status)
			look = a->cfg.hooks.status(
			    a->cfg.hooks.ctx, a->status, sizeof(a->status));
		bars_title(&a->grid, s, a->status, look);
	}
	if (s->ops->draw)
		s->ops->draw(s, &a->grid);
}

void app_draw(struct app *a)
{
	int rows, cols;

	term_size(a->term, &rows, &cols);
	grid_reset(&a->grid, rows, cols);
	if (a->grid.rows < ROWS_MIN || a->grid.cols < COLS_MIN) {
		draw_small(a);
		return;
	}
	draw_stack(a, a->top);
	bars_message(&a->grid, &a->message);
	bars_keys(&a->grid, a->top);
}

void app_refresh(struct app *a)
{
	a->dirty = true;
	if (a->cfg.hooks.generation)
		a->generation = a->cfg.hooks.generation(a->cfg.hooks.ctx);
	for (struct screen *s = a->top; s; s = s->below)
		if (s->ops->refresh)
			s->ops->refresh(s);
}
