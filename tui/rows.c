/* rows.c - a current row kept in view. */
#include "tui/rows.h"

void rows_set(struct rows *r, int count)
{
	r->count = count;
	if (r->current >= count)
		r->current = count > 0 ? count - 1 : 0;
	if (r->top > r->current)
		r->top = r->current;
}

void rows_restart(struct rows *r, int count)
{
	r->count = count;
	r->current = r->top = 0;
}

bool rows_op(struct rows *r, enum op op)
{
	static const enum op moves[] = {LIST_OPS};
	int page = r->height > 1 ? r->height : 1;
	int by[] = {-1, 1, -page, page, -r->count, r->count};

	for (size_t i = 0; i < ARRAY_LEN(moves); i++) {
		if (moves[i] != op)
			continue;
		r->current += by[i];
		if (r->current >= r->count)
			r->current = r->count - 1;
		if (r->current < 0)
			r->current = 0;
		return true;
	}
	return false;
}

void rows_fit(struct rows *r, int height)
{
	r->height = height > 1 ? height : 1;
	if (r->current < r->top)
		r->top = r->current;
	if (r->current >= r->top + r->height)
		r->top = r->current - r->height + 1;
}

struct spot rows_bar(const struct rows *r, struct grid *g, int y, int i)
{
	bool here = i == r->current;
	struct spot at = {y, 0, g->cols, here ? LOOK_SELECT : LOOK_TEXT, false};

	if (here) {
		draw_fill(g, at, ' ');
		draw_text(g, at, ">");
		draw_caret(g, y, 0);
	}
	return at;
}
