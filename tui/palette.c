/*
 * palette.c - the command palette overlay.
 */
#include "tui/palette.h"

#include "core/text.h"
#include "core/tr.h"
#include "tui/app.h"
#include "tui/bars.h"
#include "tui/field.h"
#include "tui/keymap.h"

#include <stdio.h>
#include <string.h>

struct palette {
	struct screen base;
	struct field field;
	char zh[OP_COUNT][64]; /* titles in Chinese, whatever the language */
	enum op found[OP_COUNT];
	int count, current;
};

static struct palette *of(struct screen *s)
{
	return (struct palette *)s;
}

static bool matches(const struct palette *p, enum op op, const char *text)
{
	return strstr(p->zh[op], text) || keymap_matches(op, text);
}

static bool is_move(enum op op)
{
	static const enum op moves[] = {LIST_OPS, OP_PREV, OP_NEXT, OP_TAKE};

	for (size_t i = 0; i < ARRAY_LEN(moves); i++)
		if (moves[i] == op)
			return true;
	return false;
}

static void add(struct palette *p, enum op op)
{
	for (int i = 0; i < p->count; i++)
		if (p->found[i] == op)
			return;
	/* Moving is for keys alone: from here it would do nothing seen. */
	if (op != OP_PALETTE && !is_move(op) && matches(p, op, p->field.text))
		p->found[p->count++] = op;
}

static void search(struct palette *p)
{
	p->count = p->current = 0;
	for (const enum op *op = p->base.below->ops->ops; *op != OP_NONE; op++)
		add(p, *op);
	for (int op = OP_NONE + 1; op < OP_COUNT; op++)
		if (keymap_is_global((enum op)op))
			add(p, (enum op)op);
}

static int palette_open(struct screen *s, const void *arg)
{
	struct palette *p = of(s);
	enum lang lang = tr_lang();

	(void)arg;
	tr_use(LANG_ZH);
	for (int op = OP_NONE + 1; op < OP_COUNT; op++)
		text_copy(p->zh[op], sizeof(p->zh[op]),
		    tr(op_row_of((enum op)op)->title));
	tr_use(lang);
	search(p);
	return 0;
}

static void draw_found(struct palette *p, struct grid *g, struct spot at, int i)
{
	enum op op = p->found[i];
	struct screen *s = p->base.below;
	const char *why = app_why_not(p->base.app, s, op);

	at.look = i == p->current ? LOOK_SELECT : why ? LOOK_DIM : LOOK_TEXT;
	draw_fill(g, at, ' ');
	draw_textf(g, at, "%s %s", i == p->current ? ">" : " ",
	    tr(op_row_of(op)->title));
	at.x += at.w - 30;
	at.w = 30;
	draw_textf(g, at, "%-8s %-8s %s", op_row_of(op)->pinyin,
	    bars_key_name(op), why ? why : "");
	if (i == p->current)
		draw_caret(g, at.y, at.x);
}

/* Why the chosen one is grey, in full; or what can be typed. */
static void draw_hint(struct palette *p, struct grid *g, struct spot at)
{
	const char *why = p->count ? app_why_not(p->base.app, p->base.below,
					 p->found[p->current])
				   : NULL;

	if (why)
		at.look = LOOK_LATE;
	draw_text(g, at,
	    why ? why
		: _("Chinese, pinyin initials or English; grey ones say why "
		    "not."));
}

static void palette_draw(struct screen *s, struct grid *g)
{
	struct palette *p = of(s);
	int w = g->cols > 76 ? 72 : g->cols - 2, h = screen_bottom(g) - 4;
	struct spot at = {2, (g->cols - w) / 2, w, LOOK_TEXT, false};
	int first;

	if (h > 16)
		h = 16;
	first = p->current > h - 5 ? p->current - (h - 5) : 0;
	draw_box(g, at, h, _("Command palette"));
	at.y++;
	at.x += 2;
	at.w -= 4;
	for (int i = first; i < p->count && i < first + h - 4; i++)
		draw_found(p, g,
		    (struct spot){at.y + 1 + i - first, at.x, at.w, 0, false},
		    i);
	if (p->count == 0)
		draw_text(g,
		    (struct spot){at.y + 1, at.x, at.w, LOOK_DIM, false},
		    _("No command has this name here."));
	draw_hint(p, g, (struct spot){h, at.x, at.w, LOOK_DIM, false});
	draw_text(g, (struct spot){at.y, at.x, 1, LOOK_HEAD, false}, ":");
	field_draw(&p->field, g,
	    (struct spot){at.y, at.x + 2, at.w - 2, LOOK_TEXT, false}, true);
}

static unsigned palette_key(struct screen *s, const struct key *k)
{
	struct palette *p = of(s);

	if (!field_key(&p->field, k))
		return REACT_PASS;
	search(p);
	return REACT_DRAW;
}

static unsigned run(struct palette *p)
{
	struct app *app = p->base.app;
	struct screen *below = p->base.below;
	const char *why;
	enum op op;

	if (p->count == 0)
		return REACT_BELL;
	op = p->found[p->current];
	why = app_why_not(app, below, op);
	app_pop_to(app, below);
	if (why)
		app_say(app, LOOK_LATE, "%s", why);
	else
		app_do(app, op);
	return REACT_NONE;
}

static unsigned palette_op(struct screen *s, enum op op)
{
	struct palette *p = of(s);

	if (op == OP_RUN)
		return run(p);
	if (op == OP_UP && p->current > 0)
		p->current--;
	else if (op == OP_DOWN && p->current + 1 < p->count)
		p->current++;
	else
		return REACT_PASS;
	return REACT_DRAW;
}

static bool palette_is_text(struct screen *s)
{
	(void)s;
	return true;
}

static const enum op palette_ops[] = {OP_RUN, OP_BACK, OP_UP, OP_DOWN, OP_NONE};

const struct screen_ops palette_screen = {
    .name = "palette",
    .title = N_("Command palette"),
    .size = sizeof(struct palette),
    .overlay = true,
    .ops = palette_ops,
    .open = palette_open,
    .draw = palette_draw,
    .op = palette_op,
    .key = palette_key,
    .is_text = palette_is_text,
};
