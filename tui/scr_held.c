/*
 * scr_held.c - what the centre holds back: kept, signed and provable, but
 * without effect until a supervisor releases it, with the reason beside it.
 */
#include "core/clock.h"
#include "core/kind.h"
#include "core/mem.h"
#include "core/office.h"
#include "core/text.h"
#include "core/tr.h"
#include "core/verdict.h"
#include "tui/app.h"
#include "tui/desk.h"
#include "tui/dialog.h"
#include "tui/rows.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>

#define HELD_MAX 500

struct held {
	struct screen base;
	struct desk *desk;
	struct office_held *all;
	struct rows rows;
};

static struct held *of(struct screen *s)
{
	return (struct held *)s;
}

static int read_all(struct held *h)
{
	int n = office_held(h->all, HELD_MAX, h->desk->store);

	rows_set(&h->rows, n < 0 ? 0 : n);
	return n < 0 ? n : 0;
}

static int held_open(struct screen *s, const void *arg)
{
	struct held *h = of(s);
	int rc;

	(void)arg;
	h->desk = desk_of(s->app);
	h->all = mem_array(HELD_MAX, sizeof(*h->all));
	rc = read_all(h);
	if (rc < 0)
		free(h->all);
	return rc;
}

static void held_close(struct screen *s)
{
	free(of(s)->all);
}

static unsigned held_refresh(struct screen *s)
{
	app_say_error(s->app, read_all(of(s)));
	return REACT_DRAW;
}

static void draw_one(struct held *h, struct grid *g, int y, int i)
{
	const struct office_held *e = &h->all[i];
	struct spot at = rows_bar(&h->rows, g, y, i);
	char when[TIME_TEXT];
	enum kind kind;

	time_text(when, e->at_s, h->desk->zone_s);
	draw_text(g, (struct spot){y, 2, 11, at.look, false}, when + 5);
	draw_text(g, (struct spot){y, 15, 6, at.look, false}, e->by);
	draw_text(g, (struct spot){y, 22, 14, at.look, true},
	    words_name(e->name, e->name_en));
	draw_text(g, (struct spot){y, 37, 12, at.look, false},
	    kind_find(&kind, e->kind) ? tr(kind_info(kind)->title) : e->kind);
	if (at.look != LOOK_SELECT)
		at.look = LOOK_LATE;
	draw_text(g, (struct spot){y, 50, g->cols - 50, at.look, false},
	    tr(verdict_text(e->verdict)));
}

static void held_draw(struct screen *s, struct grid *g)
{
	struct held *h = of(s);
	struct rows *r = &h->rows;
	static const struct {
		int x;
		const char *text;
	} heads[] = {{2, N_("When")}, {15, N_("By")}, {22, N_("Patient")},
	    {37, N_("What")}, {50, N_("Why")}};

	rows_fit(r, screen_bottom(g) - 2 - 3);
	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		draw_text(g, spot_rest(g, 1, heads[i].x, LOOK_HEAD),
		    tr(heads[i].text));
	for (int i = 0; i < r->height && r->top + i < r->count; i++)
		draw_one(h, g, 2 + i, r->top + i);
	if (r->count == 0)
		draw_text(g, spot_rest(g, 3, 2, LOOK_DIM),
		    _("The centre holds nothing back."));
	draw_rule(g, screen_bottom(g) - 3);
	draw_wrap(g,
	    (struct spot){
		screen_bottom(g) - 2, 2, g->cols - 4, LOOK_DIM, false},
	    2,
	    _("Held entries are kept with their signatures. Releasing one is "
	      "a signed entry of yours; it then takes effect for everybody."));
}

static void held_subtitle(struct screen *s, char *out, size_t size)
{
	snprintf(out, size, _("%d entries"), of(s)->rows.count);
}

static void take_release(void *ctx, int yes, const char *text)
{
	struct held *h = ctx;
	struct draft draft = {0};

	(void)text;
	if (!yes || h->rows.count == 0)
		return;
	office_release_draft(&draft, &h->all[h->rows.current]);
	desk_save(h->base.app, &draft, _("Released."));
}

static const char *held_why_not(struct screen *s, enum op op)
{
	struct held *h = of(s);

	if (op != OP_RELEASE)
		return NULL;
	if (h->rows.count == 0)
		return _("The centre holds nothing back.");
	if (h->desk->role != 'S')
		return _("Only a supervisor releases.");
	return h->all[h->rows.current].verdict == VERDICT_HELD_ERASED
		   ? _("The patient is erased: this stays held.")
		   : NULL;
}

static unsigned held_op(struct screen *s, enum op op)
{
	struct held *h = of(s);
	struct dialog d = {.title = _("Release this entry?"),
	    .text = _("It takes effect as if it had never been held."),
	    .done = take_release,
	    .ctx = h};

	if (op == OP_RELEASE)
		dialog_confirm(s->app, &d);
	else if (!rows_op(&h->rows, op))
		return REACT_PASS;
	return REACT_DRAW;
}

static const enum op held_ops[] = {
    OP_RELEASE, OP_BACK, OP_PALETTE, LIST_OPS, OP_NONE};

const struct screen_ops held_screen = {
    .name = "held",
    .title = N_("Held entries"),
    .size = sizeof(struct held),
    .ops = held_ops,
    .open = held_open,
    .close = held_close,
    .draw = held_draw,
    .op = held_op,
    .refresh = held_refresh,
    .why_not = held_why_not,
    .subtitle = held_subtitle,
};
