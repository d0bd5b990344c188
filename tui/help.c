/*
 * help.c - the help overlay.
 */
#include "tui/help.h"

#include "core/text.h"
#include "core/tr.h"
#include "tui/app.h"
#include "tui/bars.h"
#include "tui/field.h"
#include "tui/keymap.h"

#include <stdio.h>
#include <string.h>

#define HINT_ROWS 4
#define KEY_W 9
#define RIGHT_W 31

struct help {
	struct screen base;
	int skip; /* rows scrolled */
	int rows; /* of this screen's keys, and how many are shown */
	int page;
	struct field filter;
	bool filtering;
};

static const enum op everywhere[] = {OP_BACK, OP_HELP, OP_PALETTE, OP_UNDO,
    OP_LANG, OP_LOCK, OP_REDRAW, OP_SUSPEND, OP_NONE};

static void key_names(char *out, size_t size, enum op op)
{
	const char *second = op_row_of(op)->key2;

	snprintf(
	    out, size, "%s%s%s", bars_key_name(op), *second ? " " : "", second);
}

static int shown_rows(const struct grid *g)
{
	return screen_bottom(g) - HINT_ROWS - 4;
}

/* By its key, or as the palette finds it. */
static bool is_sought(const struct help *h, enum op op)
{
	const char *typed = h->filter.text;

	return !*typed || strcmp(bars_key_name(op), typed) == 0 ||
	       strcmp(op_row_of(op)->key2, typed) == 0 ||
	       text_has(tr(op_row_of(op)->title), typed) ||
	       keymap_matches(op, typed);
}

/* One column of ops with their titles; returns how many rows it has. */
static int draw_ops(
    const struct help *h, struct grid *g, struct spot at, const enum op *ops)
{
	int skip = at.x == 2 ? h->skip : 0;
	int n = 0, last = at.y + shown_rows(g);
	char keys[40];

	for (; *ops != OP_NONE; ops++) {
		key_names(keys, sizeof(keys), *ops);
		if (!keys[0] || !is_sought(h, *ops) ||
		    (at.x == 2 && keymap_is_global(*ops)))
			continue;
		if (n++ < skip || at.y >= last)
			continue;
		at.look = LOOK_MARK;
		draw_text(g, at, keys);
		at.look = LOOK_TEXT;
		draw_text(g,
		    (struct spot){
			at.y, at.x + KEY_W, at.w - KEY_W, at.look, false},
		    tr(op_row_of(*ops)->title));
		at.y++;
	}
	return n;
}

static void draw_hints(struct grid *g)
{
	static const char *const hints[] = {
	    N_("Function keys missing on your keyboard? ; then 1..0 is "
	       "F1..F10, ;l locks. Esc then a digit works too."),
	    N_("Full-width digits and punctuation count as plain ones outside "
	       "text."),
	    N_("Screen reader or braille: start with --plain. Colours: "
	       ":theme"),
	};
	struct spot at = {
	    screen_bottom(g) - HINT_ROWS, 2, g->cols - 4, LOOK_DIM, false};

	for (size_t i = 0; i < ARRAY_LEN(hints); i++)
		at.y += draw_wrap(g, at, 2, tr(hints[i]));
}

static void help_draw(struct screen *s, struct grid *g)
{
	struct help *h = (struct help *)s;
	int half = g->cols < 100 ? g->cols - RIGHT_W : g->cols / 2;
	struct spot left = {4, 2, half - 3, LOOK_HEAD, false};
	struct spot right = {4, half, g->cols - half, LOOK_HEAD, false};

	for (int y = 0; y < screen_bottom(g); y++)
		draw_fill(g, spot_rest(g, y, 0, y ? LOOK_TEXT : LOOK_BAR), ' ');
	draw_text(g, spot_rest(g, 0, 1, LOOK_BAR), _("Help"));
	left.y = right.y = 2;
	draw_textf(
	    g, left, "%s: %s", _("This screen"), tr(s->below->ops->title));
	draw_text(g, right, _("Everywhere"));
	draw_rule(g, 3);
	left.y = right.y = 4;
	h->rows = draw_ops(h, g, left, s->below->ops->ops);
	h->page = shown_rows(g);
	draw_ops(h, g, right, everywhere);
	if (h->rows > h->page)
		draw_textf(g, spot_rest(g, 0, 12, LOOK_BAR),
		    _("keys %d to %d of %d   Down, PgDn: more"), h->skip + 1,
		    h->skip + h->page < h->rows ? h->skip + h->page : h->rows,
		    h->rows);
	draw_hints(g);
	draw_caret(g, 4, 0);
	if (!h->filtering && !h->filter.text[0])
		return;
	draw_text(g, spot_rest(g, 1, 2, LOOK_MARK), _("/ filter:"));
	field_draw(&h->filter, g,
	    (struct spot){
		1, 3 + draw_width(_("/ filter:")), 30, LOOK_TEXT, false},
	    h->filtering);
}

static unsigned help_op(struct screen *s, enum op op)
{
	struct help *h = (struct help *)s;

	int step = op == OP_DOWN        ? 1
		   : op == OP_UP        ? -1
		   : op == OP_PAGE_DOWN ? h->page
		   : op == OP_PAGE_UP   ? -h->page
					: 0;

	if (op == OP_FILTER)
		h->filtering = true;
	else if (op == OP_BACK && (h->filtering || h->filter.text[0])) {
		h->filtering = false;
		field_set(&h->filter, "");
		h->skip = 0;
	} else if (step == 0)
		return REACT_PASS;
	h->skip += step;
	if (h->skip > h->rows - h->page)
		h->skip = h->rows - h->page;
	if (h->skip < 0)
		h->skip = 0;
	return REACT_DRAW;
}

static unsigned help_key(struct screen *s, const struct key *k)
{
	struct help *h = (struct help *)s;

	if (!h->filtering)
		return k->code == '?' || k->code == 'q' ? REACT_POP
							: REACT_NONE;
	if (!field_key(&h->filter, k))
		return REACT_NONE;
	h->skip = 0;
	return REACT_DRAW;
}

static bool help_is_text(struct screen *s)
{
	return ((struct help *)s)->filtering;
}

static const enum op help_ops[] = {
    OP_BACK, OP_FILTER, OP_UP, OP_DOWN, OP_PAGE_UP, OP_PAGE_DOWN, OP_NONE};

const struct screen_ops help_screen = {
    .name = "help",
    .title = N_("Help"),
    .size = sizeof(struct help),
    .overlay = true,
    .ops = help_ops,
    .draw = help_draw,
    .op = help_op,
    .key = help_key,
    .is_text = help_is_text,
};
