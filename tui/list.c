/*
 * list.c - the window over keyset pages. It holds at most WINDOW rows; when
 * the selection comes near an edge the next page is read and the far one
 * dropped.
 */
#include "tui/list.h"

#include "core/id.h"
#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

#define PAGE 32
#define WINDOW (8 * PAGE)

static char *row_at(const struct list *l, int i)
{
	return l->rows + (size_t)i * l->src->row_size;
}

void list_init(struct list *l, const struct list_source *src, void *ctx)
{
	*l = (struct list){.src = src, .ctx = ctx, .height = 20};
	l->rows = mem_array(WINDOW + PAGE, src->row_size);
}

void list_fini(struct list *l)
{
	free(l->rows);
	free(l->marks);
	*l = (struct list){0};
}

int list_page(
    void *rows, int max, const struct list_all *all, const void *from, int dir)
{
	const char *first = all->rows;
	char *out = rows;
	int at = dir < 0 ? all->count - 1 : 0, n = 0;
	struct id id, wanted;

	if (from)
		all->id(from, &wanted);
	for (int i = 0; from && i < all->count; i++) {
		all->id(first + (size_t)i * all->row_size, &id);
		if (id_cmp(&id, &wanted) == 0)
			at = i + dir;
	}
	for (; n < max && at >= 0 && at < all->count; at += dir < 0 ? -1 : 1)
		memcpy(out + (size_t)n++ * all->row_size,
		    first + (size_t)at * all->row_size, all->row_size);
	return n;
}

static int fetch(struct list *l, void *rows, const void *from, int dir)
{
	int n = l->src->fetch(l->ctx, rows, PAGE, from, dir);

	l->error = n < 0 ? n : 0;
	return n < 0 ? 0 : n;
}

/* Reads the page after the last loaded row; drops rows at the front. */
static int extend_after(struct list *l)
{
	int n = fetch(l, row_at(l, l->count),
	    l->count ? row_at(l, l->count - 1) : NULL, 1);
	int drop;

	l->more_after = n == PAGE;
	l->count += n;
	drop = l->count - WINDOW;
	if (drop > 0) {
		memmove(l->rows, row_at(l, drop),
		    (size_t)WINDOW * l->src->row_size);
		l->count = WINDOW;
		l->top -= drop;
		l->current -= drop;
		l->more_before = true;
	}
	return n;
}

/* The same before the first loaded row; drops rows at the end. */
static int extend_before(struct list *l)
{
	size_t size = l->src->row_size;
	char *page = mem_array(PAGE, size);
	int n = fetch(l, page, l->count ? l->rows : NULL, -1);

	l->more_before = n == PAGE;
	memmove(row_at(l, n), l->rows, (size_t)l->count * size);
	for (int i = 0; i < n; i++)
		memcpy(row_at(l, n - 1 - i), page + (size_t)i * size, size);
	l->count += n;
	l->top += n;
	l->current += n;
	if (l->count > WINDOW) {
		l->count = WINDOW;
		l->more_after = true;
	}
	free(page);
	return n;
}

void list_restart(struct list *l)
{
	l->count = l->top = l->current = 0;
	l->more_before = false;
	list_unmark_all(l);
	extend_after(l);
}

static int find(const struct list *l, const struct id *id)
{
	struct id other;

	for (int i = 0; i < l->count; i++) {
		l->src->id(row_at(l, i), &other);
		if (id_cmp(id, &other) == 0)
			return i;
	}
	return -1;
}

static void keep_visible(struct list *l)
{
	if (l->current >= l->count)
		l->current = l->count - 1;
	if (l->current < 0)
		l->current = 0;
	if (l->top > l->current)
		l->top = l->current;
	if (l->current - l->top >= l->height)
		l->top = l->current - l->height + 1;
	if (l->top + l->height > l->count && !l->more_after)
		l->top = l->count - l->height;
	if (l->top < 0)
		l->top = 0;
}

static void refresh(struct list *l, bool by_line)
{
	size_t size = l->src->row_size;
	char *first;
	struct id at;
	int offset, i;

	if (l->count == 0) {
		extend_after(l);
		return;
	}
	first = mem_dup(row_at(l, l->top), size);
	l->src->id(row_at(l, l->current), &at);
	offset = l->current - l->top;
	l->count = fetch(l, l->rows, first, 0);
	l->more_after = l->count == PAGE;
	l->top = 0;
	free(first);
	if (l->count < l->height || l->count == 0)
		extend_before(l);
	else
		l->more_before = true;
	i = by_line ? -1 : find(l, &at);
	l->current = i >= 0 ? i : l->top + offset;
	keep_visible(l);
}

void list_refresh(struct list *l)
{
	refresh(l, false);
}

void list_refresh_line(struct list *l)
{
	refresh(l, true);
}

static void move_by(struct list *l, int delta)
{
	l->current += delta;
	while (l->current >= l->count && l->more_after && extend_after(l))
		;
	while (l->current < 0 && l->more_before && extend_before(l))
		;
	keep_visible(l);
}

static void move_last(struct list *l)
{
	l->count = l->top = l->current = 0;
	extend_before(l);
	l->more_after = false;
	l->current = l->count - 1;
	keep_visible(l);
}

static void move_first(struct list *l)
{
	l->count = l->top = l->current = 0;
	l->more_before = false;
	extend_after(l);
}

static void toggle_mark(struct list *l, const void *row)
{
	struct id id;

	l->src->id(row, &id);
	for (size_t i = 0; i < l->mark_count; i++)
		if (id_cmp(&l->marks[i], &id) == 0) {
			l->marks[i] = l->marks[--l->mark_count];
			return;
		}
	l->marks = mem_grow(l->marks, l->mark_count + 1, sizeof(id));
	l->marks[l->mark_count++] = id;
}

static void mark_one(void *ctx, const void *row)
{
	struct list *l = ctx;

	if (!list_is_marked(l, row))
		toggle_mark(l, row);
}

/* Walks all rows of the source without touching the window. */
static int walk(struct list *l, void (*fn)(void *, const void *), void *ctx)
{
	size_t size = l->src->row_size;
	char *page = mem_array(PAGE, size), *last = mem_new(size);
	int n, total = 0;

	do {
		n = l->src->fetch(l->ctx, page, PAGE, total ? last : NULL, 1);
		for (int i = 0; i < n; i++)
			fn(ctx, page + (size_t)i * size);
		if (n > 0)
			memcpy(last, page + (size_t)(n - 1) * size, size);
		total += n > 0 ? n : 0;
	} while (n == PAGE);
	free(page);
	free(last);
	return n < 0 ? n : total;
}

struct each {
	struct list *list;
	void (*fn)(void *, const void *);
	void *ctx;
	int count;
};

static void each_marked(void *ctx, const void *row)
{
	struct each *e = ctx;

	if (!list_is_marked(e->list, row))
		return;
	e->count++;
	e->fn(e->ctx, row);
}

int list_each(struct list *l, void (*fn)(void *, const void *), void *ctx)
{
	struct each e = {l, fn, ctx, 0};
	int rc = l->mark_count ? walk(l, each_marked, &e) : 0;

	return rc < 0 ? rc : e.count;
}

bool list_op(struct list *l, enum op op)
{
	int page = l->height > 1 ? l->height - 1 : 1;

	if (op == OP_UP)
		move_by(l, -1);
	else if (op == OP_DOWN)
		move_by(l, 1);
	else if (op == OP_PAGE_UP)
		move_by(l, -page);
	else if (op == OP_PAGE_DOWN)
		move_by(l, page);
	else if (op == OP_FIRST)
		move_first(l);
	else if (op == OP_LAST)
		move_last(l);
	else if (op == OP_MARK_ALL)
		walk(l, mark_one, l);
	else if (op == OP_MARK && l->count) {
		toggle_mark(l, row_at(l, l->current));
		move_by(l, 1);
	} else
		return false;
	return true;
}

const void *list_current(const struct list *l)
{
	return l->count ? row_at(l, l->current) : NULL;
}

bool list_is_marked(const struct list *l, const void *row)
{
	struct id id;

	l->src->id(row, &id);
	for (size_t i = 0; i < l->mark_count; i++)
		if (id_cmp(&l->marks[i], &id) == 0)
			return true;
	return false;
}

void list_unmark_all(struct list *l)
{
	free(l->marks);
	l->marks = NULL;
	l->mark_count = 0;
}

static const char *gutter(const struct list *l, int i)
{
	bool marked = list_is_marked(l, row_at(l, i));

	if (marked)
		return i == l->current ? "#>" : "# ";
	return i == l->current ? "> " : "  ";
}

void list_draw(struct list *l, struct grid *g, struct spot at, int h)
{
	l->height = h > 0 ? h : 1;
	while (l->top + h > l->count && l->more_after && extend_after(l))
		;
	keep_visible(l);
	for (int i = l->top; i < l->count && i < l->top + h; i++, at.y++) {
		bool here = i == l->current;
		enum look look = here ? LOOK_SELECT : LOOK_TEXT;
		struct spot row = {at.y, at.x + 2, at.w - 2, look, false};

		if (here)
			draw_fill(g,
			    (struct spot){at.y, at.x, at.w, look, false}, ' ');
		draw_text(
		    g, (struct spot){at.y, at.x, 2, look, false}, gutter(l, i));
		l->src->draw(l->ctx, g, row, row_at(l, i));
		if (here) {
			draw_look(
			    g, (struct spot){at.y, at.x, at.w, look, false});
			draw_caret(g, at.y, at.x);
		}
	}
}
