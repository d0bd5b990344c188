/*
 * term.h - the real terminal: modes, size, colours, one doupdate a frame.
 * Knows nothing of screens and ops; shows a grid, gives bytes.
 */
#ifndef SUIFANG_TUI_TERM_H
#define SUIFANG_TUI_TERM_H

#include "core/base.h"

struct grid;
struct term;

enum theme {
	THEME_DARK,
	THEME_LIGHT,
	THEME_CONTRAST,
	THEME_MONO, /* attributes only; NO_COLOR */
	THEME_COUNT
};

/* Takes the terminal over (alternate screen, raw bytes, bracketed paste).
 * ERR_TERMINAL when TERM is unknown or cannot place the cursor. */
NODISCARD int term_open(struct term **out, int in_fd, int out_fd);
/* Asks the terminal where two characters of disputed width leave the cursor:
 * TERM_NARROW_COL where each takes one cell. False: it would not
 * understand. */
#define TERM_NARROW_COL 3
bool term_ask_widths(struct term *t);
/* Gives it back as it was. Safe to call twice. */
void term_close(struct term **t);

void term_theme(struct term *t, enum theme theme);
/* Shows the grid and parks the cursor at its caret. 0 bytes are written when
 * nothing changed. */
void term_show(struct term *t, const struct grid *g);
/* Asks the system for the size now; the smallest is 1x1. */
void term_size(struct term *t, int *rows, int *cols);
/* Forgets what is on the glass: the next frame draws everything. */
void term_forget(struct term *t);
void term_bell(struct term *t);
/* Stops the process like a shell's Ctrl-Z; returns when it goes on. */
void term_suspend(struct term *t);
/* Bytes straight to the terminal, past curses (fence of the tests). */
void term_raw(struct term *t, const char *bytes, size_t n);

#endif
