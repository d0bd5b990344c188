/*
 * chart.h - a trend on character cells: points over time with a scale, a
 * target band and dates. Braille gives 2x4 points a cell where the font has
 * it; ASCII everywhere else.
 */
#ifndef SUIFANG_TUI_CHART_H
#define SUIFANG_TUI_CHART_H

#include "core/base.h"
#include "tui/draw.h"

#define CHART_POINTS_MAX 60

struct chart_point {
	int64_t day;
	int64_t value; /* scaled by 10^scale of the chart */
};

struct chart {
	struct chart_point points[CHART_POINTS_MAX]; /* oldest first */
	int count;
	int scale; /* decimals of the values */
	bool has_low, has_high;
	int64_t low, high; /* target band, scaled like the values */
	bool braille;
	int chosen; /* 1 and up: that point is marked */
};

/* Draws into w x h cells; the first column holds the scale, the last row
 * the dates. Needs at least 20x5 and one point; draws nothing below. */
void chart_draw(struct grid *g, struct spot at, int h, const struct chart *c);
/* "128", "7.4". */
void chart_value(char *out, size_t size, int64_t value, int scale);
/* True when the value lies within the band that is known. */
bool chart_in_band(const struct chart *c, int64_t value);

#endif
