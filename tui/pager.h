/*
 * pager.h - lines of text that are scrolled: history, audit, details. The
 * whole is held, so its maker bounds it. Lines may be made to choose from:
 * then the arrows go from one of those to the next.
 */
#ifndef SUIFANG_TUI_PAGER_H
#define SUIFANG_TUI_PAGER_H

#include "core/base.h"
#include "tui/draw.h"
#include "tui/ops.h"

struct pager_line {
	enum look look;
	bool secret; /* patient data */
	int pick;    /* 1 and up: it may be chosen */
	char *text;
};

struct pager {
	struct pager_line *lines;
	int count, top, height;
	int current; /* the line that is chosen */
	bool has_picks;
};

void pager_clear(struct pager *p); /* the position stays */
void pager_fini(struct pager *p);
/* Patient data. */
void pager_add(struct pager *p, enum look look, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/* Nothing of a patient: numbers, keys, states. */
void pager_tell(struct pager *p, enum look look, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/* Labels, heads: nothing of a patient. */
void pager_head(struct pager *p, const char *text);
/* The line added last stands for the maker's row of this index, from 0. */
void pager_pick(struct pager *p, int index);
/* The index of the chosen line, or -1. */
int pager_picked(const struct pager *p);
/* From the first line again. */
void pager_restart(struct pager *p);
/* Text of any length, at most width cells a line. */
void pager_wrap(struct pager *p, enum look look, int width, const char *text);
bool pager_op(struct pager *p, enum op op);
void pager_draw(struct pager *p, struct grid *g, struct spot at, int h);

#endif
