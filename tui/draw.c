/*
 * draw.c - the cell grid. Everything a screen shows passes draw_text, which
 * decodes, strips, folds and clips; nothing else writes a character.
 */
#define _GNU_SOURCE
#include "tui/draw.h"

#include "core/mem.h"
#include "core/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static int clamp(int v, int lo, int hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

void grid_reset(struct grid *g, int rows, int cols)
{
	size_t n;

	rows = clamp(rows, 1, GRID_ROWS_MAX);
	cols = clamp(cols, 1, GRID_COLS_MAX);
	n = (size_t)rows * (size_t)cols;
	if (!g->cells || g->rows != rows || g->cols != cols) {
		free(g->cells);
		g->cells = mem_array(n, sizeof(*g->cells));
		g->rows = rows;
		g->cols = cols;
	}
	for (size_t i = 0; i < n; i++)
		g->cells[i] = (struct cell){.ch = ' ', .width = 1};
	g->caret_y = rows - 1;
	g->caret_x = 0;
}

void grid_fini(struct grid *g)
{
	free(g->cells);
	*g = (struct grid){0};
}

static struct cell *cell_at(struct grid *g, int y, int x)
{
	return &g->cells[y * g->cols + x];
}

const struct cell *grid_at(const struct grid *g, int y, int x)
{
	return &g->cells[y * g->cols + x];
}

/* What the terminal answered; a terminal is one to a process. */
static bool trusts_widths;

void draw_trust_widths(bool is_narrow)
{
	trusts_widths = is_narrow;
}

/* Characters of disputed width, and what is drawn in their place. */
static const char *folded(uint32_t c)
{
	static const struct {
		uint32_t c;
		const char *ascii;
	} folds[] = {
	    {0xa0, " "},
	    {0xb1, "+/-"},
	    {0xb7, "."},
	    {0xd7, "x"},
	    {0xf7, "/"},
	    {0xb0, "deg"},
	    {0x2010, "-"},
	    {0x2011, "-"},
	    {0x2013, "-"},
	    {0x2014, "-"},
	    {0x2015, "-"},
	    {0x2018, "'"},
	    {0x2019, "'"},
	    {0x201c, "\""},
	    {0x201d, "\""},
	    {0x2022, "*"},
	    {0x2026, "..."},
	    {0x2103, "C"},
	    {0x2190, "<-"},
	    {0x2191, "^"},
	    {0x2192, "->"},
	    {0x2193, "v"},
	    {0x2212, "-"},
	    {0x2260, "!="},
	    {0x2264, "<="},
	    {0x2265, ">="},
	    {0x25cf, "*"},
	    {0x25cb, "o"},
	    {0x25a0, "#"},
	    {0x25a1, "[]"},
	    {0x2605, "*"},
	    {0x2606, "*"},
	    {0x2713, "v"},
	    {0x2460, "(1)"},
	    {0x2461, "(2)"},
	    {0x2462, "(3)"},
	    {0x2463, "(4)"},
	    {0x2464, "(5)"},
	    {0x2002, " "},
	    {0x2003, " "},
	    {0x2009, " "},
	};

	if (c < 0x80 || (c >= 0x2e80 && c < 0xff00) || trusts_widths)
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(folds); i++)
		if (folds[i].c == c)
			return folds[i].ascii;
	return c >= 0x2500 && c < 0x2580 ? "-" : NULL;
}

int draw_char_width(uint32_t c)
{
	const char *fold = folded(c);
	int w;

	if (fold)
		return (int)strlen(fold);
	w = wcwidth((wchar_t)c);
	return w < 0 ? 1 : w;
}

/* The next character to draw, cleaned; false at the end. */
static bool next_char(uint32_t *out, const char **s)
{
	while (**s) {
		size_t n = utf8_decode(out, *s, strnlen(*s, 4));
		if (n == 0) {
			*out = 0xfffd;
			n = 1;
		}
		*s += n;
		if (*out == '\t' || *out == '\n')
			*out = ' ';
		if (!text_is_control(*out))
			return true;
	}
	return false;
}

int draw_width(const char *utf8)
{
	uint32_t c;
	int w = 0;

	while (next_char(&c, &utf8))
		w += draw_char_width(c);
	return w;
}

size_t draw_fit(const char *utf8, int w)
{
	const char *s = utf8, *last = utf8;
	uint32_t c;
	int used = 0;

	while (next_char(&c, &s)) {
		used += draw_char_width(c);
		if (used > w)
			break;
		last = s;
	}
	return (size_t)(last - utf8);
}

/* Before a cell is overwritten, the other half of its wide character. */
static void unsplit(struct grid *g, int y, int x)
{
	struct cell *c = cell_at(g, y, x);

	if (c->width == 0 && x > 0) {
		c[-1].ch = ' ';
		c[-1].width = 1;
		c[-1].comb = 0;
	}
	if (c->width == 2 && x + 1 < g->cols) {
		c[1].ch = ' ';
		c[1].width = 1;
	}
}

static void put(struct grid *g, const struct spot *at, int x, uint32_t ch)
{
	int w = ch < 0x80 ? 1 : draw_char_width(ch);

	for (int i = 0; i < w; i++) {
		unsplit(g, at->y, x + i);
		*cell_at(g, at->y, x + i) = (struct cell){
		    .ch = i == 0 ? ch : 0,
		    .width = (uint8_t)(i == 0 ? w : 0),
		    .look = (uint8_t)at->look,
		    .secret = at->secret,
		};
	}
}

static void combine(struct grid *g, const struct spot *at, int x, uint32_t ch)
{
	struct cell *c;

	if (x <= at->x || x > g->cols)
		return;
	c = cell_at(g, at->y, x - 1);
	if (c->width == 0 && x - 1 > at->x)
		c--;
	if (!c->comb)
		c->comb = ch;
}

/* Clips a spot to the grid; false when nothing is left of it. */
static bool clip(const struct grid *g, struct spot *at)
{
	if (at->x < 0) {
		at->w += at->x;
		at->x = 0;
	}
	if (at->w > g->cols - at->x)
		at->w = g->cols - at->x;
	return at->y >= 0 && at->y < g->rows && at->w > 0;
}

int draw_text(struct grid *g, struct spot at, const char *utf8)
{
	uint32_t c;
	int x;

	if (!clip(g, &at))
		return 0;
	x = at.x;
	while (next_char(&c, &utf8)) {
		const char *fold = folded(c);
		int w = draw_char_width(c);
		if (w == 0) {
			combine(g, &at, x, c);
			continue;
		}
		if (x + w > at.x + at.w)
			break;
		if (fold)
			for (int i = 0; i < w; i++)
				put(g, &at, x + i, (uint32_t)fold[i]);
		else
			put(g, &at, x, c);
		x += w;
	}
	return x - at.x;
}

int draw_textf(struct grid *g, struct spot at, const char *fmt, ...)
{
	char line[1024];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	return n < 0 ? 0 : draw_text(g, at, line);
}

void draw_fill(struct grid *g, struct spot at, uint32_t c)
{
	if (!clip(g, &at))
		return;
	for (int i = 0; i < at.w; i++)
		put(g, &at, at.x + i, c);
}

void draw_cell(struct grid *g, struct spot at, const char *utf8)
{
	int n;

	if (!clip(g, &at))
		return;
	n = draw_text(g, at, utf8);
	if (n < at.w)
		draw_fill(g,
		    (struct spot){at.y, at.x + n, at.w - n, at.look, false},
		    ' ');
}

void draw_right(struct grid *g, struct spot at, const char *utf8)
{
	int w = draw_width(utf8);

	if (w < at.w) {
		draw_fill(g,
		    (struct spot){at.y, at.x, at.w - w, at.look, false}, ' ');
		at.x += at.w - w;
		at.w = w;
	}
	draw_text(g, at, utf8);
}

void draw_look(struct grid *g, struct spot at)
{
	if (!clip(g, &at))
		return;
	for (int i = 0; i < at.w; i++)
		cell_at(g, at.y, at.x + i)->look = (uint8_t)at.look;
}

/* Punctuation that must not begin a line. */
static bool is_closing(const char *utf8)
{
	static const uint32_t marks[] = {0x3001, 0x3002, 0xff0c, 0xff1b, 0xff1a,
	    0xff1f, 0xff01, 0xff09, 0x300b, 0x300d, ',', '.', ';', ')'};
	uint32_t c = 0;

	utf8_decode(&c, utf8, strnlen(utf8, 4));
	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (c == marks[i])
			return true;
	return false;
}

/* Bytes of utf8 that go on one line of w cells. */
size_t draw_wrap_fit(const char *utf8, int w)
{
	size_t n = draw_fit(utf8, w), back;
	const char *nl = memchr(utf8, '\n', n);

	if (nl)
		return (size_t)(nl - utf8) + 1;
	if (!utf8[n])
		return n;
	for (back = n; back > 0; back--)
		if (utf8[back] == ' ' || (utf8[back - 1] & 0x80) ||
		    (utf8[back] & 0x80))
			break;
	for (int tries = 0; back > 0 && tries < 3; tries++) {
		while (back > 0 && ((uint8_t)utf8[back] & 0xc0) == 0x80)
			back--;
		if (!is_closing(utf8 + back))
			break;
		back--;
	}
	while (back > 0 && ((uint8_t)utf8[back] & 0xc0) == 0x80)
		back--;
	if (back > 0 || n > 0)
		return back > 0 ? back : n;
	for (n = 1; ((uint8_t)utf8[n] & 0xc0) == 0x80;)
		n++; /* not even one character fits: drop it */
	return n;
}

int draw_wrap(struct grid *g, struct spot at, int h, const char *utf8)
{
	int used = 0;

	for (; *utf8 && used < h; used++, at.y++) {
		char line[2048];
		size_t n = draw_wrap_fit(utf8, at.w);
		text_copy(
		    line, n + 1 < sizeof(line) ? n + 1 : sizeof(line), utf8);
		draw_text(g, at, line);
		utf8 += n;
		while (*utf8 == ' ')
			utf8++;
	}
	return used;
}

static uint32_t rule_char(void)
{
	return trusts_widths ? 0x2500 : '-';
}

/* The left or right end of row i of a box of h rows. */
static uint32_t side_char(int i, int h, bool is_right)
{
	bool top = i == 0, edge = top || i == h - 1;

	if (!trusts_widths)
		return edge ? '+' : '|';
	if (!edge)
		return 0x2502;
	return top ? (is_right ? 0x2510 : 0x250c) : is_right ? 0x2518 : 0x2514;
}

void draw_box(struct grid *g, struct spot at, int h, const char *title)
{
	struct spot in = at;

	if (at.w < 2 || h < 2)
		return;
	for (int i = 0; i < h; i++) {
		bool edge = i == 0 || i == h - 1;
		in.y = at.y + i;
		in.x = at.x;
		in.w = at.w;
		draw_fill(g, in, edge ? rule_char() : ' ');
		in.w = 1;
		draw_fill(g, in, side_char(i, h, false));
		in.x = at.x + at.w - 1;
		draw_fill(g, in, side_char(i, h, true));
	}
	if (title && at.w > 6)
		draw_textf(g,
		    (struct spot){at.y, at.x + 2, at.w - 4, at.look, false},
		    " %s ", title);
}

void draw_rule(struct grid *g, int y)
{
	draw_fill(
	    g, (struct spot){y, 0, g->cols, LOOK_DIM, false}, rule_char());
}

void draw_caret(struct grid *g, int y, int x)
{
	g->caret_y = clamp(y, 0, g->rows - 1);
	g->caret_x = clamp(x, 0, g->cols - 1);
}
