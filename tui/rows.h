/*
 * rows.h - which of some rows is current and which are in view, for screens
 * that hold all their rows at once (list.h is for those that do not).
 */
#ifndef SUIFANG_TUI_ROWS_H
#define SUIFANG_TUI_ROWS_H

#include "core/base.h"
#include "tui/draw.h"
#include "tui/ops.h"

struct rows {
	int count, current, top;
	int height; /* rows on the screen at the last rows_fit */
};

/* Another number of rows; the current one stays where it can. */
void rows_set(struct rows *r, int count);
/* From the first row again. */
void rows_restart(struct rows *r, int count);
/* Moves for LIST_OPS; false when op is none of them. */
bool rows_op(struct rows *r, enum op op);
/* Scrolls so that the current row is among `height` rows; at least one. */
void rows_fit(struct rows *r, int height);
/* The whole line y for row i; the current one is drawn as a bar and parks
 * the caret. */
struct spot rows_bar(const struct rows *r, struct grid *g, int y, int i);

#endif
