/*
 * draw.h - a grid of character cells that screens draw on: text clipped by
 * East Asian width, looks named by meaning. The terminal, the dump and the
 * tests all read the same grid. Knows no curses and no colours.
 *
 * Wide characters are never cut: a clipped or overwritten half becomes a
 * space. Control characters never reach a cell. Characters whose width
 * terminals dispute (curly quotes, arrows, dashes) are drawn as ASCII.
 */
#ifndef SUIFANG_TUI_DRAW_H
#define SUIFANG_TUI_DRAW_H

#include "core/base.h"

enum look {
	LOOK_TEXT,
	LOOK_DIM,    /* less important */
	LOOK_BAR,    /* title bar and key bar */
	LOOK_KEY,    /* a key on the key bar */
	LOOK_SELECT, /* the row the arrows are on */
	LOOK_HEAD,   /* column heads, labels */
	LOOK_ALERT,  /* emergency, high risk */
	LOOK_LATE,   /* overdue, warning */
	LOOK_DONE,   /* done, in order */
	LOOK_MARK,   /* marked by Space, matched text */
	LOOK_BANNER, /* emergency banner, whole line */
	LOOK_COUNT
};

struct cell {
	uint32_t ch;   /* 0: right half of the wide character before it */
	uint32_t comb; /* one combining mark, or 0 */
	uint8_t width; /* 1 or 2; 0 for a right half */
	uint8_t look;
	bool secret; /* patient data: masked in a dump */
};

#define GRID_ROWS_MAX 200
#define GRID_COLS_MAX 500

struct grid {
	int rows, cols;
	int caret_y, caret_x; /* where the cursor is parked */
	struct cell *cells;   /* rows * cols */
};

/* A place to write: width cells from (y, x), whatever the text's length. */
struct spot {
	int y, x, w;
	enum look look;
	bool secret; /* patient data */
};

/* From (y, x) to the right edge. */
static inline struct spot spot_rest(
    const struct grid *g, int y, int x, enum look look)
{
	return (struct spot){y, x, g->cols - x, look, false};
}

/* Clears; sizes are clamped to 1..GRID_*_MAX. Free with grid_fini. */
void grid_reset(struct grid *g, int rows, int cols);
void grid_fini(struct grid *g);
const struct cell *grid_at(const struct grid *g, int y, int x);

/* The terminal was asked and draws characters of disputed width in one cell:
 * from now on they are drawn as they are. */
void draw_trust_widths(bool is_narrow);

/* Width in cells of one character as it will be drawn; 0 for combining. */
int draw_char_width(uint32_t c);
int draw_width(const char *utf8);
/* Bytes of the longest prefix that fits in w cells. */
size_t draw_fit(const char *utf8, int w);
/* The same for one line of wrapped text: breaks where draw_wrap does. */
size_t draw_wrap_fit(const char *utf8, int w);

/* Writes text at the spot, clipped to it and the grid. Returns cells used. */
int draw_text(struct grid *g, struct spot at, const char *utf8);
int draw_textf(struct grid *g, struct spot at, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/* As draw_text, then spaces to the end of the spot. */
void draw_cell(struct grid *g, struct spot at, const char *utf8);
/* The same, text at the right edge. */
void draw_right(struct grid *g, struct spot at, const char *utf8);
/* Text wrapped over at most h lines; returns the lines used. Breaks at
 * spaces, and between any two wide characters. */
int draw_wrap(struct grid *g, struct spot at, int h, const char *utf8);
/* w cells of one character. */
void draw_fill(struct grid *g, struct spot at, uint32_t c);
/* Changes the look of w cells that are already drawn. */
void draw_look(struct grid *g, struct spot at);
/* Clears a box and draws its ASCII frame; title may be NULL. */
void draw_box(struct grid *g, struct spot at, int h, const char *title);
/* A row of dashes. */
void draw_rule(struct grid *g, int y);
void draw_caret(struct grid *g, int y, int x);

#endif
