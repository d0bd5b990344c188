/* board_row.c - an agent as a row of the board. */
#include "tui/board_row.h"

#include "core/board.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/crew.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

static void number(
    struct grid *g, struct spot at, int value, enum look look_if_any)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", value);
	if (value > 0)
		at.look = look_if_any;
	draw_right(g, at, text);
}

/* Columns by width: agent, bar. The others have their words' widths. */
struct columns {
	int agent, bar;
};

static struct columns columns_for(int cols)
{
	int spare = cols - 80;

	if (spare < 0)
		spare = 0;
	return (struct columns){18 + (spare > 6 ? 6 : spare),
	    8 + (spare > 8 ? (spare - 6) / 2 : 0)};
}

enum {
	X_AGENT = 2,
	W_STATE = 8,
	W_LOAD_TEXT = 8 /* " 104/120" */
};

static void draw_load(
    struct grid *g, struct spot at, int bar_w, const struct board_member *m)
{
	char bar[60];
	int n = m->capacity > 0 ? m->queue * bar_w / m->capacity : 0;
	bool over = n > bar_w;

	n = over ? bar_w : n;
	memset(bar, '#', (size_t)n);
	bar[n] = '\0';
	at.look = over ? LOOK_LATE : LOOK_DONE;
	draw_textf(
	    g, at, "%s%s %d/%d", bar, over ? "+" : "", m->queue, m->capacity);
}

static struct spot cell(struct spot at, int x, int w, enum look look)
{
	return (struct spot){
	    at.y, x, w, at.look == LOOK_SELECT ? LOOK_SELECT : look, false};
}

static void draw_numbers(
    struct grid *g, struct spot at, int x, const struct board_member *m)
{
	char text[40];

	number(g, cell(at, x, 4, at.look), m->queue, at.look);
	number(g, cell(at, x + 5, 4, at.look), m->overdue, LOOK_LATE);
	number(g, cell(at, x + 10, 4, at.look), m->high, LOOK_ALERT);
	snprintf(text, sizeof(text), "%d/%d", m->done, m->capacity);
	draw_right(g, cell(at, x + 15, 6, LOOK_DONE), text);
}

void board_row_draw(struct grid *g, struct spot at, const struct board_row *row)
{
	const struct board_member *m = row->who;
	const struct crew_standing *c = row->standing;
	struct columns w = columns_for(g->cols);
	int x = X_AGENT + w.agent + 1;
	char text[140];

	snprintf(text, sizeof(text), "%s %s", m->member,
	    words_name(m->name, m->name_en));
	draw_text(g, cell(at, X_AGENT, w.agent, at.look), text);
	draw_text(
	    g, cell(at, x, W_STATE, crew_state_look(c, m)), crew_state(c, m));
	draw_numbers(g, at, x + W_STATE + 1, m);
	x += W_STATE + 23;
	draw_load(g, cell(at, x, w.bar + W_LOAD_TEXT + 1, 0), w.bar, m);
	x += w.bar + W_LOAD_TEXT + 2;
	if (*m->covered_by)
		snprintf(text, sizeof(text), _("by %s"), m->covered_by);
	else
		crew_heard(text, sizeof(text), c, row->desk);
	draw_text(g,
	    cell(at, x, g->cols - x,
		crew_is_stale(c, row->desk) ? LOOK_LATE : LOOK_TEXT),
	    text);
}

void board_row_heads(struct grid *g)
{
	struct columns w = columns_for(g->cols);
	int x = X_AGENT + w.agent + 1;

	draw_text(g, spot_rest(g, 1, X_AGENT, LOOK_HEAD), _("Agent"));
	draw_text(g, spot_rest(g, 1, x, LOOK_HEAD), _("State"));
	x += W_STATE + 1;
	draw_right(g, (struct spot){1, x - 1, 5, LOOK_HEAD, false}, _("Queue"));
	draw_right(g, (struct spot){1, x + 5, 4, LOOK_HEAD, false}, _("Over"));
	draw_right(g, (struct spot){1, x + 10, 4, LOOK_HEAD, false}, _("High"));
	draw_right(g, (struct spot){1, x + 15, 6, LOOK_HEAD, false}, _("Done"));
	x += 22;
	draw_text(g, spot_rest(g, 1, x, LOOK_HEAD),
	    w.bar > 12 ? _("Load (queue/capacity)") : _("Load"));
	draw_text(g, spot_rest(g, 1, x + w.bar + W_LOAD_TEXT + 2, LOOK_HEAD),
	    _("Last sync"));
}
