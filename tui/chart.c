/*
 * chart.c - drawing a trend.
 */
#include "tui/chart.h"

#include "core/clock.h"
#include "core/decimal.h"
#include "core/text.h"
#include "core/tr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCALE_W 7

struct frame {
	struct grid *g;
	const struct chart *c;
	int x, y, w, h;   /* plot area */
	int64_t lo, hi;   /* value range */
	int64_t from, to; /* days */
};

void chart_value(char *out, size_t size, int64_t value, int scale)
{
	char text[DECIMAL_TEXT];

	decimal_text(text, value, scale);
	text_copy(out, size, text);
}

bool chart_in_band(const struct chart *c, int64_t value)
{
	return (!c->has_low || value >= c->low) &&
	       (!c->has_high || value < c->high);
}

static void widen(struct frame *f, int64_t value)
{
	if (value < f->lo)
		f->lo = value;
	if (value > f->hi)
		f->hi = value;
}

static void set_range(struct frame *f)
{
	const struct chart *c = f->c;
	int64_t pad;

	f->lo = f->hi = c->points[0].value;
	for (int i = 0; i < c->count; i++)
		widen(f, c->points[i].value);
	if (c->has_high)
		widen(f, c->high);
	if (c->has_low)
		widen(f, c->low);
	pad = (f->hi - f->lo) / 10 + 1;
	f->lo -= pad;
	f->hi += pad;
	f->from = c->points[0].day;
	f->to = c->points[c->count - 1].day;
}

/* Position in n steps, 0 at the bottom or left. */
static int place(int64_t v, int64_t lo, int64_t hi, int n)
{
	return hi == lo ? n / 2 : (int)((v - lo) * (n - 1) / (hi - lo));
}

static int row_of(const struct frame *f, int64_t value)
{
	return f->y + f->h - 1 - place(value, f->lo, f->hi, f->h);
}

static void draw_target(const struct frame *f, int64_t value)
{
	int y = row_of(f, value);
	const char *word = _("target");
	int w = draw_width(word);
	char text[32];

	for (int x = 0; x < f->w - w - 1; x += 2)
		draw_text(
		    f->g, (struct spot){y, f->x + x, 1, LOOK_DONE, false}, "-");
	draw_text(
	    f->g, (struct spot){y, f->x + f->w - w, w, LOOK_DONE, false}, word);
	chart_value(text, sizeof(text), value, f->c->scale);
	draw_right(f->g,
	    (struct spot){y, f->x - SCALE_W, SCALE_W - 2, LOOK_DONE, false},
	    text);
}

static void draw_scale(const struct frame *f)
{
	char text[32];

	for (int i = 0; i < f->h; i++) {
		struct spot at = {
		    f->y + i, f->x - SCALE_W, SCALE_W - 2, LOOK_DIM, false};
		int64_t v = f->hi - (f->hi - f->lo) * i / (f->h - 1);
		if (i % 2 == 0) {
			chart_value(text, sizeof(text), v, f->c->scale);
			draw_right(f->g, at, text);
		}
		at.x = f->x - 1;
		at.w = 1;
		draw_text(f->g, at, "|");
	}
}

static void draw_dates(const struct frame *f)
{
	int marks = f->w / 12;
	char day[DAY_TEXT];

	draw_fill(f->g,
	    (struct spot){f->y + f->h, f->x - 1, f->w + 1, LOOK_DIM, false},
	    '-');
	if (marks < 1)
		marks = 1;
	for (int i = 0; i <= marks; i++) {
		int64_t d = f->from + (f->to - f->from) * i / marks;
		int x = place(d, f->from, f->to, f->w);
		day_text(day, d);
		if (x > f->w - 5)
			x = f->w - 5;
		draw_text(f->g,
		    (struct spot){
			f->y + f->h + 1, f->x + x, 5, LOOK_DIM, false},
		    day + 5);
		if (f->from == f->to)
			break;
	}
}

static void draw_points(const struct frame *f)
{
	for (int i = 0; i < f->c->count; i++) {
		const struct chart_point *p = &f->c->points[i];
		bool in = chart_in_band(f->c, p->value);
		struct spot at = {row_of(f, p->value),
		    f->x + place(p->day, f->from, f->to, f->w), 1,
		    in ? LOOK_TEXT : LOOK_ALERT, true};
		if (i + 1 == f->c->chosen)
			at.look = LOOK_SELECT;
		draw_text(f->g, at, in ? "o" : "x");
	}
}

/* Bits of the eight dots of a braille cell, [row][column]. */
static const uint8_t dots[4][2] = {
    {0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

static void braille_dot(const struct frame *f, uint8_t *map, int px, int py)
{
	if (px >= 0 && py >= 0 && px < 2 * f->w && py < 4 * f->h)
		map[py / 4 * f->w + px / 2] |= dots[py % 4][px % 2];
}

static void braille_line(const struct frame *f, uint8_t *map, int i)
{
	const struct chart_point *a = &f->c->points[i], *b = a + 1;
	int x0 = place(a->day, f->from, f->to, 2 * f->w);
	int x1 = place(b->day, f->from, f->to, 2 * f->w);
	int y0 = 4 * f->h - 1 - place(a->value, f->lo, f->hi, 4 * f->h);
	int y1 = 4 * f->h - 1 - place(b->value, f->lo, f->hi, 4 * f->h);
	int n = abs(x1 - x0) > abs(y1 - y0) ? abs(x1 - x0) : abs(y1 - y0);

	for (int k = 0; k <= n; k++)
		braille_dot(f, map, x0 + (n ? (x1 - x0) * k / n : 0),
		    y0 + (n ? (y1 - y0) * k / n : 0));
}

static void draw_braille(const struct frame *f)
{
	uint8_t *map = calloc((size_t)f->w, (size_t)f->h);

	for (int i = 0; map && i + 1 < f->c->count; i++)
		braille_line(f, map, i);
	for (int i = 0; map && i < f->w * f->h; i++)
		if (map[i])
			draw_fill(f->g,
			    (struct spot){f->y + i / f->w, f->x + i % f->w, 1,
				LOOK_HEAD, true},
			    0x2800u + map[i]);
	free(map);
}

void chart_draw(struct grid *g, struct spot at, int h, const struct chart *c)
{
	struct frame f = {.g = g,
	    .c = c,
	    .x = at.x + SCALE_W,
	    .y = at.y,
	    .w = at.w - SCALE_W - 1,
	    .h = h - 2};

	if (at.w < 20 || h < 5 || c->count < 1)
		return;
	set_range(&f);
	draw_scale(&f);
	draw_dates(&f);
	if (c->braille)
		draw_braille(&f);
	if (c->has_high)
		draw_target(&f, c->high);
	if (c->has_low)
		draw_target(&f, c->low);
	draw_points(&f);
}
