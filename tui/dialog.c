/*
 * dialog.c - three overlays of one shape.
 */
#include "tui/dialog.h"

#include "core/text.h"
#include "core/tr.h"
#include "tui/app.h"
#include "tui/field.h"

#define CHOICES_MAX 40

struct dialog_screen {
	struct screen base;
	struct dialog d;
	struct dialog_choice choices[CHOICES_MAX];
	char title[160], text[500], texts[CHOICES_MAX][120];
	int current, columns;
	struct field field;
	bool is_answered;
};

static struct dialog_screen *of(struct screen *s)
{
	return (struct dialog_screen *)s;
}

static int open_dialog(struct screen *s, const void *arg)
{
	struct dialog_screen *ds = of(s);

	ds->d = *(const struct dialog *)arg;
	if (ds->d.choice_count > CHOICES_MAX)
		ds->d.choice_count = CHOICES_MAX;
	for (int i = 0; i < ds->d.choice_count; i++) {
		ds->choices[i] = ds->d.choices[i];
		text_copy(
		    ds->texts[i], sizeof(ds->texts[i]), ds->d.choices[i].text);
		ds->choices[i].text = ds->texts[i];
	}
	text_copy(ds->title, sizeof(ds->title), ds->d.title);
	ds->d.title = ds->title;
	if (ds->d.text) {
		text_copy(ds->text, sizeof(ds->text), ds->d.text);
		ds->d.text = ds->text;
	}
	ds->field.secret = ds->d.secret;
	if (ds->d.initial)
		field_set(&ds->field, ds->d.initial);
	return 0;
}

static void close_dialog(struct screen *s)
{
	struct dialog_screen *ds = of(s);

	field_wipe(&ds->field);
	if (!ds->is_answered && ds->d.gone)
		ds->d.gone(ds->d.ctx);
}

/* The dialog is gone before the callback runs, so that it may push. */
static unsigned finish(struct dialog_screen *ds, int index, const char *text)
{
	struct dialog d = ds->d;
	struct field line = {.len = 0};
	struct app *app = ds->base.app;

	if (text)
		field_set(&line, text);
	ds->is_answered = true;
	app_pop_to(app, ds->base.below);
	d.done(d.ctx, index, text ? line.text : NULL);
	field_wipe(&line);
	app_dirty(app);
	return REACT_NONE;
}

static unsigned confirm_op(struct screen *s, enum op op)
{
	if (op == OP_YES || op == OP_NO)
		return finish(of(s), op == OP_YES, NULL);
	return REACT_PASS;
}

static void draw_frame(
    struct dialog_screen *ds, struct grid *g, struct spot *in, int rows)
{
	int w = g->cols > 76 ? 70 : g->cols - 4, text_rows = 0;
	struct spot box = {0, (g->cols - w) / 2, w, LOOK_TEXT, false};
	int h;

	if (ds->d.text)
		text_rows = draw_width(ds->d.text) / (w - 6) + 2;
	h = rows + text_rows + 2;
	if (h > g->rows - 3)
		h = g->rows - 3;
	box.y = (g->rows - h) / 2;
	draw_box(g, box, h, ds->d.title);
	*in = (struct spot){box.y + 1, box.x + 2, w - 4, LOOK_TEXT, true};
	if (ds->d.text)
		in->y += draw_wrap(g, *in, text_rows, ds->d.text);
}

static void confirm_draw(struct screen *s, struct grid *g)
{
	struct spot in;

	draw_frame(of(s), g, &in, 1);
	in.look = LOOK_MARK;
	in.w = draw_text(g, in, _("y yes   n no"));
	draw_caret(g, in.y, in.x);
}

static bool choose(struct dialog_screen *ds, int i, unsigned *flags)
{
	if (i < 0 || i >= ds->d.choice_count)
		return false;
	if (ds->choices[i].off)
		app_say(ds->base.app, LOOK_LATE, "%s", ds->choices[i].off);
	else
		*flags = finish(ds, i, NULL);
	return true;
}

static unsigned pick_key(struct screen *s, const struct key *k)
{
	struct dialog_screen *ds = of(s);
	unsigned flags = REACT_DRAW;

	for (int i = 0; i < ds->d.choice_count; i++)
		if ((uint32_t)(uint8_t)ds->choices[i].key == k->code &&
		    ds->choices[i].key) {
			choose(ds, i, &flags);
			return flags;
		}
	/* A digit that is not shown beside a choice chooses nothing. */
	if (k->code >= '1' && k->code <= '9' &&
	    (int)(k->code - '1') < ds->d.choice_count &&
	    !ds->choices[k->code - '1'].key &&
	    choose(ds, (int)k->code - '1', &flags))
		return flags;
	return REACT_BELL;
}

static unsigned pick_op(struct screen *s, enum op op)
{
	struct dialog_screen *ds = of(s);
	int n = ds->d.choice_count;
	unsigned flags = REACT_DRAW;

	if (op == OP_TAKE)
		return choose(ds, ds->current, &flags) ? flags : REACT_BELL;
	if (op == OP_UP)
		ds->current = (ds->current + n - 1) % n;
	else if (op == OP_DOWN)
		ds->current = (ds->current + 1) % n;
	else
		return REACT_PASS;
	return REACT_DRAW;
}

static void draw_choice(
    struct dialog_screen *ds, struct grid *g, struct spot at, int i)
{
	const struct dialog_choice *c = &ds->choices[i];
	char key = c->key ? c->key : (char)('1' + i);

	at.look = i == ds->current ? LOOK_SELECT
		  : c->off         ? LOOK_DIM
				   : LOOK_TEXT;
	if (i == ds->current) {
		draw_fill(g, at, ' ');
		draw_caret(g, at.y, at.x);
	}
	draw_textf(g, at, " %c  %s", c->key || i < 9 ? key : ' ', c->text);
}

static void pick_draw(struct screen *s, struct grid *g)
{
	struct dialog_screen *ds = of(s);
	int n = ds->d.choice_count, rows;
	struct spot in;

	ds->columns = n > g->rows - 8 ? 2 : 1;
	rows = (n + ds->columns - 1) / ds->columns;
	draw_frame(ds, g, &in, rows);
	in.w /= ds->columns;
	for (int i = 0; i < n; i++) {
		struct spot at = in;
		at.y += i % rows;
		at.x += i / rows * in.w;
		draw_choice(ds, g, at, i);
	}
}

static bool prompt_is_text(struct screen *s)
{
	(void)s;
	return true;
}

static unsigned prompt_op(struct screen *s, enum op op)
{
	struct dialog_screen *ds = of(s);

	if (op != OP_TAKE)
		return REACT_PASS;
	if (ds->d.required && !ds->field.text[0]) {
		app_say(
		    s->app, LOOK_LATE, "%s", _("This cannot be left empty."));
		return REACT_BELL;
	}
	return finish(ds, 0, ds->field.text);
}

static unsigned prompt_key(struct screen *s, const struct key *k)
{
	return field_key(&of(s)->field, k) ? REACT_DRAW : REACT_PASS;
}

static void prompt_draw(struct screen *s, struct grid *g)
{
	struct spot in;

	draw_frame(of(s), g, &in, 2);
	draw_text(g, (struct spot){in.y, in.x, 2, LOOK_HEAD, false}, ">");
	in.x += 2;
	in.w -= 2;
	field_draw(&of(s)->field, g, in, true);
}

static const enum op confirm_ops[] = {OP_YES, OP_NO, OP_BACK, OP_NONE};
static const enum op pick_ops[] = {OP_TAKE, OP_BACK, OP_UP, OP_DOWN, OP_NONE};
static const enum op prompt_ops[] = {OP_TAKE, OP_BACK, OP_NONE};

static const struct screen_ops confirm_screen = {
    .name = "confirm",
    .title = N_("Confirm"),
    .size = sizeof(struct dialog_screen),
    .overlay = true,
    .ops = confirm_ops,
    .open = open_dialog,
    .close = close_dialog,
    .draw = confirm_draw,
    .op = confirm_op,
};

static const struct screen_ops pick_screen = {
    .name = "pick",
    .title = N_("Choose"),
    .size = sizeof(struct dialog_screen),
    .overlay = true,
    .ops = pick_ops,
    .open = open_dialog,
    .close = close_dialog,
    .draw = pick_draw,
    .op = pick_op,
    .key = pick_key,
};

static const struct screen_ops prompt_screen = {
    .name = "prompt",
    .title = N_("Enter a text"),
    .size = sizeof(struct dialog_screen),
    .overlay = true,
    .ops = prompt_ops,
    .open = open_dialog,
    .close = close_dialog,
    .draw = prompt_draw,
    .op = prompt_op,
    .key = prompt_key,
    .is_text = prompt_is_text,
};

int dialog_confirm(struct app *app, const struct dialog *d)
{
	return app_push(app, &confirm_screen, d);
}

int dialog_pick(struct app *app, const struct dialog *d)
{
	return app_push(app, &pick_screen, d);
}

int dialog_prompt(struct app *app, const struct dialog *d)
{
	struct dialog asks = *d;

	if (!asks.initial)
		asks.initial = "";
	return app_push(app, &prompt_screen, &asks);
}
