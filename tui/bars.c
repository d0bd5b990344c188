/*
 * bars.c - title bar, message line, key bar.
 */
#include "tui/bars.h"

#include "core/tr.h"
#include "tui/keymap.h"

#include <stdio.h>
#include <string.h>

void bars_title(
    struct grid *g, struct screen *s, const char *status, enum look look)
{
	char sub[160] = "";
	int w = draw_width(status), x;

	draw_fill(g, spot_rest(g, 0, 0, LOOK_BAR), ' ');
	draw_text(g, (struct spot){0, g->cols - w - 1, w, look, false}, status);
	x = 1 + draw_text(g,
		    (struct spot){0, 1, g->cols - w - 3, LOOK_BAR, false},
		    tr(s->ops->title));
	if (s->ops->subtitle)
		s->ops->subtitle(s, sub, sizeof(sub));
	draw_text(g,
	    (struct spot){0, x + 2, g->cols - w - x - 4, LOOK_BAR, true}, sub);
}

/* What does not fit takes the line above as well: no message ends before it
 * has said what to do. */
static void draw_long(struct grid *g, const struct message *m, int room)
{
	int y = g->rows - 3;

	for (int i = 0; i < 2; i++)
		draw_fill(g, spot_rest(g, y + i, 0, LOOK_TEXT), ' ');
	draw_wrap(g, (struct spot){y, 1, room, m->look, true}, 2, m->text);
}

void bars_message(struct grid *g, const struct message *m)
{
	const char *undo = m->undo ? _("u = undo (8 s)") : "";
	int y = g->rows - 2, w = draw_width(undo), x;
	int room = g->cols - 1 - (w ? w + 2 : 1);

	if (!m->text[0])
		return;
	if (draw_width(m->text) > room) {
		draw_long(g, m, room);
		x = room + 1;
	} else {
		draw_fill(g, spot_rest(g, y, 0, LOOK_TEXT), ' ');
		x = 1 + draw_text(g, (struct spot){y, 1, room, m->look, true},
			    m->text);
	}
	draw_text(g, spot_rest(g, y, x + 2, LOOK_MARK), undo);
}

const char *bars_key_name(enum op op)
{
	const char *key = op_row_of(op)->key1;

	if (strcmp(key, "C-l") == 0)
		return "Ctrl-L";
	return strcmp(key, "C-z") == 0 ? "Ctrl-Z" : key;
}

/* Where letters are text, the second key of an op that has one. */
static const char *key_here(struct screen *s, enum op op)
{
	const struct op_row *row = op_row_of(op);
	bool text = s->ops->is_text && s->ops->is_text(s);

	return text && strlen(row->key1) == 1 && strlen(row->key2) > 1
		   ? row->key2
		   : bars_key_name(op);
}

static int key_width(struct screen *s, enum op op)
{
	const char *key = key_here(s, op), *label = tr(op_row_of(op)->label);
	bool spaced =
	    tr_lang() == LANG_EN || (key[1] && ((uint8_t)label[0] < 0x80));

	return draw_width(key) + draw_width(label) + spaced;
}

/* Cells between two keys: an English label needs more than one. */
static int key_gap(bool is_tight)
{
	return 1 + (tr_lang() == LANG_EN && !is_tight);
}

static int draw_key(struct grid *g, int x, struct screen *s, enum op op)
{
	const char *key = key_here(s, op), *label = tr(op_row_of(op)->label);
	bool off = s->ops->why_not && s->ops->why_not(s, op);
	int y = g->rows - 1, end = x + key_width(s, op);

	draw_text(g, spot_rest(g, y, x, off ? LOOK_BAR : LOOK_KEY), key);
	draw_text(g, spot_rest(g, y, end - draw_width(label), LOOK_BAR), label);
	return end;
}

static bool is_off(const void *ctx, enum op op)
{
	/* why_not only reads; it takes the screen as the other calls do */
	struct screen *s = (struct screen *)(uintptr_t)ctx;

	return s->ops->why_not && s->ops->why_not(s, op);
}

enum op bars_holder(const struct screen *s, enum op op)
{
	return keymap_holder(s->ops->ops, op, is_off, s);
}

/* In a text field letters are text, and a lock is locked already. */
static bool has_key_now(struct screen *s, enum op op)
{
	const char *key = key_here(s, op);
	bool text = s->ops->is_text && s->ops->is_text(s);

	if (op == OP_LOCK && is_off(s, op))
		return false;
	return key[0] && (key[1] || !text);
}

static bool is_drawn(struct screen *s, enum op op, bool is_tight)
{
	if (!has_key_now(s, op) || !op_row_of(op)->label[0] ||
	    (op == OP_BACK && !s->below) || bars_holder(s, op) != op)
		return false;
	return !is_tight || !is_off(s, op);
}

static int keys_width(struct screen *s, bool is_tight)
{
	int w = 1;

	for (const enum op *op = s->ops->ops; *op != OP_NONE; op++)
		if (is_drawn(s, *op, is_tight))
			w += key_width(s, *op) + key_gap(is_tight);
	return w;
}

/* Where they do not fit side by side, those that would do nothing now give
 * way first; the last of the rest are cut and stand in the help. */
void bars_keys(struct grid *g, struct screen *s)
{
	int x = 1, room = g->cols - key_width(s, OP_HELP) - 1;
	bool is_tight = keys_width(s, false) > room;

	draw_fill(g, spot_rest(g, g->rows - 1, 0, LOOK_BAR), ' ');
	for (const enum op *op = s->ops->ops; *op != OP_NONE; op++) {
		if (!is_drawn(s, *op, is_tight))
			continue;
		if (x + key_width(s, *op) >= room)
			break;
		x = draw_key(g, x, s, *op) + key_gap(is_tight);
	}
	draw_key(g, x, s, OP_HELP);
}
