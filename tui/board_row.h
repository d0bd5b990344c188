/*
 * board_row.h - one agent as a row of the supervisor's board, and the heads
 * over the rows: who, state, numbers, load, last sync. Widths follow the
 * grid; no word is cut at 80 columns.
 */
#ifndef SUIFANG_TUI_BOARD_ROW_H
#define SUIFANG_TUI_BOARD_ROW_H

#include "core/base.h"
#include "tui/draw.h"

struct board_member;
struct crew_standing;
struct desk;

struct board_row {
	const struct board_member *who;
	const struct crew_standing *standing;
	const struct desk *desk;
};
void board_row_draw(
    struct grid *g, struct spot at, const struct board_row *row);
void board_row_heads(struct grid *g);

#endif
