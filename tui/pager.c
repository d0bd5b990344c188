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
	    (struct pager_line){look, secret, mem_strdup(text)};
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

bool pager_op(struct pager *p, enum op op)
{
	int page = p->height > 1 ? p->height - 1 : 1;

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

void pager_draw(struct pager *p, struct grid *g, struct spot at, int h)
{
	p->height = h;
	if (p->top > p->count - h)
		p->top = p->count - h;
	if (p->top < 0)
		p->top = 0;
	draw_caret(g, at.y, at.x);
	for (int i = p->top; i < p->count && i < p->top + h; i++, at.y++) {
		at.look = p->lines[i].look;
		at.secret = p->lines[i].secret;
		draw_text(g, at, p->lines[i].text);
	}
	if (p->top + h < p->count)
		draw_right(g,
		    (struct spot){at.y - 1, g->cols - 8, 7, LOOK_DIM, false},
		    "v v v");
}
