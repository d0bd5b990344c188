/*
 * list.h - a list of any length shown through a window of rows. Rows come by
 * keyset pages from a callback: nothing here loads all of them or counts
 * them. Marks are kept by id, so that they survive a refresh.
 */
#ifndef SUIFANG_TUI_LIST_H
#define SUIFANG_TUI_LIST_H

#include "core/base.h"
#include "tui/draw.h"
#include "tui/ops.h"

struct list_source {
	size_t row_size; /* plain data, copied by memcpy */
	/*
	 * Reads at most max rows into `rows`, an array of row_size. dir > 0:
	 * those after `from`; dir < 0: those before it, nearest first;
	 * dir 0: from `from` itself on, even where that row is gone. A NULL
	 * `from` means the first rows (dir >= 0) or the last ones (dir < 0).
	 * Returns how many, or a negative error.
	 */
	int (*fetch)(void *ctx, void *rows, int max, const void *from, int dir);
	void (*id)(const void *row, struct id *out);
	/* Draws one row; at.look says whether it is selected. */
	void (*draw)(
	    void *ctx, struct grid *g, struct spot at, const void *row);
};

/* Rows that a screen has read all at once. */
struct list_all {
	const void *rows;
	int count;
	size_t row_size;
	void (*id)(const void *row, struct id *out); /* as the source */
};
/* What a source's fetch does over them; where `from` is gone it begins at
 * the end that dir comes from. */
int list_page(
    void *rows, int max, const struct list_all *all, const void *from, int dir);

struct list {
	const struct list_source *src;
	void *ctx;
	char *rows;
	int count;        /* loaded */
	int top, current; /* indexes of loaded rows */
	int height;       /* rows on the screen at the last draw */
	bool more_before, more_after;
	struct id *marks;
	size_t mark_count;
	int error; /* of the last fetch */
};

void list_init(struct list *l, const struct list_source *src, void *ctx);
void list_fini(struct list *l);
/* Reads again around the same rows; marks stay. */
void list_refresh(struct list *l);
/* The same, but the selection stays on its line: the next row moves up when
 * the selected one has gone. */
void list_refresh_line(struct list *l);
/* Forgets position and marks, and reads from the first row. */
void list_restart(struct list *l);
/* Moves for OP_UP .. OP_MARK; false when op is none of them. */
bool list_op(struct list *l, enum op op);
/* Borrowed until the list changes; NULL when it is empty. */
const void *list_current(const struct list *l);
bool list_is_marked(const struct list *l, const void *row);
void list_unmark_all(struct list *l);
/* Calls fn for each marked row that still exists, in order; the pages are
 * read as needed. Returns the number, or an error. */
int list_each(
    struct list *l, void (*fn)(void *ctx, const void *row), void *ctx);
/* Draws h rows at the spot; the caret goes to the current row. */
void list_draw(struct list *l, struct grid *g, struct spot at, int h);

#endif
