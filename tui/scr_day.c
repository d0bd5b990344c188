/*
 * scr_day.c - the history of the day: every record of this seat, and undo of
 * the one selected. Undo is a reversing entry; nothing is erased.
 */
#include "core/clock.h"
#include "core/id.h"
#include "core/mem.h"
#include "core/signed.h"
#include "core/text.h"
#include "core/tr.h"
#include "core/verdict.h"
#include "core/worklist.h"
#include "tui/app.h"
#include "tui/desk.h"
#include "tui/dialog.h"
#include "tui/list.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENTRIES_MAX 2000

struct day {
	struct screen base;
	struct desk *desk;
	struct list list;
	struct signed_entry *rows;
	int count;
};

static struct day *of(struct screen *s)
{
	return (struct day *)s;
}

static void row_id(const void *row, struct id *out)
{
	const struct signed_entry *e = row;

	*out = (struct id){0};
	memcpy(out->b, &e->seq, sizeof(e->seq));
	memcpy(out->b + 8, &e->index, sizeof(e->index));
}

static int fetch(void *ctx, void *rows, int max, const void *from, int dir)
{
	const struct day *d = ctx;
	const struct list_all all = {
	    d->rows, d->count, sizeof(*d->rows), row_id};

	return list_page(rows, max, &all, from, dir);
}

static void draw_row(void *ctx, struct grid *g, struct spot at, const void *row)
{
	struct day *d = ctx;
	const struct signed_entry *e = row;
	struct work_row who = {.name = ""};
	char when[TIME_TEXT];

	time_text(when, e->at_s, d->desk->zone_s);
	draw_text(g, (struct spot){at.y, at.x, 6, at.look, false}, when + 11);
	if (worklist_row(&who, d->desk->store, &e->stream) == 0)
		draw_text(g, (struct spot){at.y, at.x + 7, 12, at.look, true},
		    words_name(who.name, who.name_en));
	draw_text(g, (struct spot){at.y, at.x + 20, 22, at.look, false},
	    e->is_known ? tr(kind_info(e->kind)->title) : "?");
	draw_text(g,
	    (struct spot){at.y, at.x + 43, 17,
		e->is_received ? LOOK_DONE : LOOK_LATE, false},
	    e->is_received ? _("received") : _("saved here"));
	draw_text(g,
	    (struct spot){at.y, at.x + 61, at.w - 61,
		verdict_is_held(e->verdict) ? LOOK_ALERT : LOOK_DIM, false},
	    tr(verdict_text(e->verdict)));
}

static const struct list_source source = {
    sizeof(struct signed_entry), fetch, row_id, draw_row};

static int read_rows(struct day *d)
{
	int64_t midnight = desk_today(d->desk) * DAY_S - d->desk->zone_s;
	int n = signed_day(
	    d->rows, ENTRIES_MAX, d->desk->store, &d->desk->seat, midnight);

	d->count = n < 0 ? 0 : n;
	return n < 0 ? n : 0;
}

static int day_open(struct screen *s, const void *arg)
{
	struct day *d = of(s);
	int rc;

	(void)arg;
	d->desk = desk_of(s->app);
	d->rows = mem_array(ENTRIES_MAX, sizeof(*d->rows));
	rc = read_rows(d);
	if (rc < 0) {
		free(d->rows);
		return rc;
	}
	list_init(&d->list, &source, d);
	list_restart(&d->list);
	return 0;
}

static void day_close(struct screen *s)
{
	list_fini(&of(s)->list);
	free(of(s)->rows);
}

static unsigned day_refresh(struct screen *s)
{
	struct day *d = of(s);

	if (app_say_error(s->app, read_rows(d)) == 0)
		list_refresh(&d->list);
	return REACT_DRAW;
}

static void day_draw(struct screen *s, struct grid *g)
{
	struct day *d = of(s);

	draw_text(g, spot_rest(g, 1, 2, LOOK_HEAD), _("Time"));
	draw_text(g, spot_rest(g, 1, 9, LOOK_HEAD), _("Patient"));
	draw_text(g, spot_rest(g, 1, 22, LOOK_HEAD), _("Entry"));
	draw_text(g, spot_rest(g, 1, 45, LOOK_HEAD), _("Where"));
	draw_text(g, spot_rest(g, 1, 63, LOOK_HEAD), _("Verdict"));
	list_draw(
	    &d->list, g, spot_rest(g, 2, 0, LOOK_TEXT), screen_bottom(g) - 2);
	if (d->count == 0)
		draw_text(g, spot_rest(g, 3, 3, LOOK_DIM),
		    _("Nothing was recorded here today."));
}

static void undo_done(void *ctx, int index, const char *text)
{
	struct day *d = ctx;
	const struct signed_entry *e = list_current(&d->list);

	(void)text;
	if (index != 1 || !e)
		return;
	if (app_say_error(d->base.app,
		d->desk->log.undo(d->desk->log.ctx, &e->seat, e->seq)) == 0)
		app_say(d->base.app, LOOK_DONE, "%s", _("Undone."));
	app_refresh(d->base.app);
}

static const char *day_why_not(struct screen *s, enum op op)
{
	const struct signed_entry *e = list_current(&of(s)->list);

	if (op != OP_UNDO_ROW)
		return NULL;
	if (!e)
		return _("Nothing was recorded here today.");
	return e->is_known && kind_info(e->kind)->may_be_undone
		   ? NULL
		   : _("An entry of this kind cannot be undone.");
}

static unsigned day_op(struct screen *s, enum op op)
{
	struct day *d = of(s);
	struct dialog ask = {.title = _("Undo the whole record?"),
	    .text = _("A reversing entry is signed; both stay in the log."),
	    .done = undo_done,
	    .ctx = d};

	if (op == OP_UNDO_ROW) {
		dialog_confirm(s->app, &ask);
		return REACT_DRAW;
	}
	return list_op(&d->list, op) ? REACT_DRAW : REACT_PASS;
}

static const enum op day_ops[] = {
    OP_UNDO_ROW, OP_BACK, OP_PALETTE, LIST_OPS, OP_NONE};

const struct screen_ops day_screen = {
    .name = "day",
    .title = N_("History of the day"),
    .size = sizeof(struct day),
    .ops = day_ops,
    .open = day_open,
    .close = day_close,
    .draw = day_draw,
    .op = day_op,
    .refresh = day_refresh,
    .why_not = day_why_not,
};
