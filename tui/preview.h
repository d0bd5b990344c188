/*
 * preview.h - one patient in a pane beside or below a list: who, last
 * contact, trend, what to ask today. Numbers stay masked.
 */
#ifndef SUIFANG_TUI_PREVIEW_H
#define SUIFANG_TUI_PREVIEW_H

#include "core/base.h"
#include "core/glance.h"
#include "tui/chart.h"
#include "tui/draw.h"

struct casefile;
struct desk;

#define PREVIEW_VALUES 40

struct preview {
	struct id patient;
	uint64_t generation; /* of the store when it was read */
	struct casefile *file;
	struct chart trend;                         /* systolic pressure */
	struct glance_value values[PREVIEW_VALUES]; /* the others */
	int value_count;
	struct glance_loop loop;
	char ask[400]; /* what must be asked today */
};

void preview_fini(struct preview *p);
/* Reads the patient unless it is shown already. NULL: nobody. */
void preview_show(struct preview *p, struct desk *d, const struct id *patient);
/* Six lines below a list. */
void preview_draw_low(
    const struct preview *p, struct desk *d, struct grid *g, int y);
/* A column of h rows beside a list. */
void preview_draw_side(const struct preview *p, struct desk *d, struct grid *g,
    struct spot at, int h);

/* Fills a chart with the last `max` points of a measurement and the target
 * band for this patient. */
void preview_series(struct chart *c, struct desk *d,
    const struct casefile *file, const char *code, int max);

/* The band of the edition in force, for this patient; false when there is
 * none. file NULL: for anybody. */
struct target;
bool preview_target(struct target *out, struct desk *d,
    const struct casefile *file, const char *code);

#endif
