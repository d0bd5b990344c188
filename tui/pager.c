/*
 * pager.c - scrolled lines.
 */
#include "tui/pager.h"

#include "core/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void pager_clear(struct pager *p)
{
	for (int i = 0; i < p->count; i++)
		free(p->lines[i].text);
	p->count = 0;
	p->has_picks = false;
}

void pager_fini(struct pager *p)
{
	pager_clear(p);
	free(p->lines);
	*p = (struct pager){0};
}

static void add(struct pager *p, enum look look, bool secret, const char *text)
{
	p->lines = mem_grow(p->lines, (size_t)p->count + 1, sizeof(*p->lines));
	p->lines[p->count++] =
	    (struct pager_line){look, secret, 0, mem_strdup(text)};
}

void pager_add(struct pager *p, enum look look, const char *fmt, ...)
{
	char text[2000];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	add(p, look, true, text);
}

void pager_tell(struct pager *p, enum look look, const char *fmt, ...)
{
	char text[2000];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	add(p, look, false, text);
}

void pager_head(struct pager *p, const char *text)
{
	add(p, LOOK_HEAD, false, text);
}

void pager_pick(struct pager *p, int index)
{
	p->lines[p->count - 1].pick = index + 1;
	p->has_picks = true;
}

int pager_picked(const struct pager *p)
{
	return p->current < p->count ? p->lines[p->current].pick - 1 : -1;
}

void pager_restart(struct pager *p)
{
	p->top = p->current = 0;
}

void pager_wrap(struct pager *p, enum look look, int width, const char *text)
{
	while (*text) {
		size_t n = draw_wrap_fit(text, width - 2);
		pager_add(p, look, "  %.*s", (int)n, text);
		for (text += n; *text == ' ' || *text == '\n'; text++)
			;
		if (n == 0)
			return;
	}
}

/* The nearest line to choose from `at` on, by steps of dir; or -1. */
static int seek(const struct pager *p, int at, int dir)
{
	for (; at >= 0 && at < p->count; at += dir)
		if (p->lines[at].pick)
			return at;
	return -1;
}

/* The chosen line moves, and the window after it. */
static void choose(struct pager *p, int at, int dir)
{
	int found = seek(p, at, dir);

	if (found < 0)
		found = seek(p, at < 0 ? 0 : p->count - 1, -dir);
	if (found >= 0)
		p->current = found;
}

static bool pick_op(struct pager *p, enum op op, int page)
{
	if (op == OP_UP)
		choose(p, p->current - 1, -1);
	else if (op == OP_DOWN)
		choose(p, p->current + 1, 1);
	else if (op == OP_PAGE_UP)
		choose(p, p->current - page, -1);
	else if (op == OP_PAGE_DOWN)
		choose(p, p->current + page, 1);
	else if (op == OP_FIRST)
		choose(p, 0, 1);
	else if (op == OP_LAST)
		choose(p, p->count - 1, -1);
	else
		return false;
	return true;
}

bool pager_op(struct pager *p, enum op op)
{
	int page = p->height > 1 ? p->height - 1 : 1;

	if (p->has_picks)
		return pick_op(p, op, page);
	if (op == OP_UP)
		p->top--;
	else if (op == OP_DOWN)
		p->top++;
	else if (op == OP_PAGE_UP)
		p->top -= page;
	else if (op == OP_PAGE_DOWN)
		p->top += page;
	else if (op == OP_FIRST)
		p->top = 0;
	else if (op == OP_LAST)
		p->top = p->count;
	else
		return false;
	return true;
}

/* The chosen line is in the window, with what belongs to it below. */
static void follow(struct pager *p, int h)
{
	if (!p->has_picks)
		return;
	choose(p, p->current, 1);
	if (p->top > p->current)
		p->top = p->current;
	if (p->top < p->current - h + 2)
		p->top = p->current - h + 2;
	if (seek(p, p->current - 1, -1) < 0 && p->current < h)
		p->top = 0;
}

static void draw_line(struct pager *p, struct grid *g, struct spot at, int i)
{
	const struct pager_line *line = &p->lines[i];

	at.look = line->look;
	at.secret = line->secret;
	if (p->has_picks && i == p->current) {
		at.look = LOOK_SELECT;
		draw_fill(g, spot_rest(g, at.y, 0, at.look), ' ');
		draw_text(g, (struct spot){at.y, 0, 1, at.look, false}, ">");
		draw_caret(g, at.y, 0);
	}
	draw_text(g, at, line->text);
}

void pager_draw(struct pager *p, struct grid *g, struct spot at, int h)
{
	p->height = h;
	follow(p, h);
	if (p->top > p->count - h)
		p->top = p->count - h;
	if (p->top < 0)
		p->top = 0;
	draw_caret(g, at.y, at.x);
	for (int i = p->top; i < p->count && i < p->top + h; i++, at.y++)
		draw_line(p, g, at, i);
	if (p->top + h < p->count)
		draw_right(g,
		    (struct spot){at.y - 1, g->cols - 8, 7, LOOK_DIM, false},
		    "v v v");
}
