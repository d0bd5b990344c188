/*
 * scr_calendar.c - the callback calendar: two weeks with their counts, and
 * every open promise by time. A promise moves by a signed entry.
 */
#include "core/clock.h"
#include "core/draft_contact.h"
#include "core/id.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/promises.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/app.h"
#include "tui/begin.h"
#include "tui/desk.h"
#include "tui/dialog.h"
#include "tui/list.h"
#include "tui/screens.h"
#include "tui/when.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROMISES_MAX 1000
#define DAYS 14

struct calendar {
	struct screen base;
	struct desk *desk;
	struct list list;
	struct promise_row *rows;
	int count;
};

static struct calendar *of(struct screen *s)
{
	return (struct calendar *)s;
}

static void row_id(const void *row, struct id *out)
{
	const struct promise_row *r = row;
	struct ref ref = {.seq = 0};

	ref_parse(&ref, r->ref);
	*out = r->patient;
	out->b[0] ^= (uint8_t)ref.seq;
	out->b[1] ^= (uint8_t)(ref.seq >> 8);
}

static int fetch(void *ctx, void *rows, int max, const void *from, int dir)
{
	const struct calendar *c = ctx;
	const struct list_all all = {
	    c->rows, c->count, sizeof(*c->rows), row_id};

	return list_page(rows, max, &all, from, dir);
}

static void draw_row(void *ctx, struct grid *g, struct spot at, const void *row)
{
	struct calendar *c = ctx;
	const struct promise_row *r = row;
	bool late = r->due_s < desk_now_s(c->desk);
	char when[60];

	words_time(when, sizeof(when), c->desk, r->due_s);
	draw_text(g,
	    (struct spot){at.y, at.x, 16, late ? LOOK_LATE : at.look, false},
	    when);
	draw_text(g, (struct spot){at.y, at.x + 17, 12, at.look, true},
	    words_name(r->name, r->name_en));
	draw_text(g, (struct spot){at.y, at.x + 30, 8, at.look, false},
	    words_relation(r->who));
	draw_text(g,
	    (struct spot){
		at.y, at.x + 39, 8, late ? LOOK_LATE : at.look, false},
	    late ? _("overdue") : "");
	draw_text(g, (struct spot){at.y, at.x + 48, at.w - 48, at.look, true},
	    r->note);
}

static const struct list_source source = {
    sizeof(struct promise_row), fetch, row_id, draw_row};

static int read_rows(struct calendar *c)
{
	int n = promises_read(
	    c->rows, PROMISES_MAX, c->desk->store, c->desk->member);

	c->count = n < 0 ? 0 : n;
	return n < 0 ? n : 0;
}

static int calendar_open(struct screen *s, const void *arg)
{
	struct calendar *c = of(s);
	int rc;

	(void)arg;
	c->desk = desk_of(s->app);
	c->rows = mem_array(PROMISES_MAX, sizeof(*c->rows));
	rc = read_rows(c);
	if (rc < 0) {
		free(c->rows);
		return rc;
	}
	list_init(&c->list, &source, c);
	list_restart(&c->list);
	return 0;
}

static void calendar_close(struct screen *s)
{
	list_fini(&of(s)->list);
	free(of(s)->rows);
}

static unsigned calendar_refresh(struct screen *s)
{
	struct calendar *c = of(s);

	if (app_say_error(s->app, read_rows(c)) == 0)
		list_refresh(&c->list);
	return REACT_DRAW;
}

static int count_day(const struct calendar *c, int64_t day)
{
	int n = 0;

	for (int i = 0; i < c->count; i++)
		n += day_of(c->rows[i].due_s, c->desk->zone_s) == day;
	return n;
}

/* Two weeks from this Monday; [ ] marks today. */
static void draw_weeks(struct calendar *c, struct grid *g, int y)
{
	static const char *const names[] = {N_("Mo"), N_("Tu"), N_("We"),
	    N_("Th"), N_("Fr"), N_("Sa"), N_("Su")};
	int64_t today = desk_today(c->desk);
	int64_t monday = today - day_of_week(today) + 1;
	int w = g->cols / 8;

	for (int i = 0; i < 7; i++)
		draw_text(
		    g, spot_rest(g, y, 2 + i * w, LOOK_HEAD), tr(names[i]));
	for (int i = 0; i < DAYS; i++) {
		char text[DAY_TEXT];
		int n = count_day(c, monday + i);
		bool here = monday + i == today;
		day_text(text, monday + i);
		draw_textf(g,
		    (struct spot){y + 1 + i / 7 * 2, 1 + i % 7 * w, w,
			here ? LOOK_MARK : LOOK_TEXT, false},
		    here ? "[%s]" : " %s ", text + 5);
		draw_textf(g,
		    (struct spot){y + 2 + i / 7 * 2, 2 + i % 7 * w, w,
			n ? LOOK_DONE : LOOK_DIM, false},
		    "%d", n);
	}
}

static void calendar_draw(struct screen *s, struct grid *g)
{
	struct calendar *c = of(s);
	int top = g->rows >= 16 ? 7 : 1;

	if (top > 1) {
		draw_weeks(c, g, 1);
		draw_rule(g, 6);
	}
	list_draw(&c->list, g, spot_rest(g, top, 0, LOOK_TEXT),
	    screen_bottom(g) - top);
	if (c->count == 0)
		draw_text(g, spot_rest(g, top + 1, 3, LOOK_DIM),
		    _("No callback is promised. F5 in a call promises one."));
}

static void calendar_subtitle(struct screen *s, char *out, size_t size)
{
	struct calendar *c = of(s);
	int late = 0;

	for (int i = 0; i < c->count; i++)
		late += c->rows[i].due_s < desk_now_s(c->desk);
	snprintf(out, size, _("%s   open %d   overdue %d"), c->desk->member,
	    c->count, late);
}

static void move_done(void *ctx, int index, const char *text)
{
	struct calendar *c = ctx;
	const struct promise_row *r = list_current(&c->list);
	struct draft draft = {0};
	int64_t at;
	json_t *body;

	(void)index;
	if (!r ||
	    !when_parse(&at, text, desk_now_s(c->desk), c->desk->zone_s)) {
		app_say(c->base.app, LOOK_ALERT, "%s",
		    _("That is no time. Write 15:30, 11-25 15:30 or +2h."));
		return;
	}
	body = draft_about(&draft, KIND_CALLBACK_MOVED, &r->patient, r->ref);
	json_put_int(body, "due_s", at);
	desk_save(c->base.app, &draft, _("Callback moved."));
}

static void ask_move(struct calendar *c)
{
	const struct promise_row *r = list_current(&c->list);
	char initial[40];
	struct dialog d = {.title = _("Move the callback"),
	    .text = _("When? 15:30, 11-25 15:30 or +2h"),
	    .initial = initial,
	    .required = true,
	    .done = move_done,
	    .ctx = c};

	when_text(initial, sizeof(initial), r->due_s, c->desk->zone_s);
	dialog_prompt(c->base.app, &d);
}

static const char *calendar_why_not(struct screen *s, enum op op)
{
	return (op == OP_MOVE || op == OP_CALL) && !list_current(&of(s)->list)
		   ? _("No callback is promised.")
		   : NULL;
}

static unsigned calendar_op(struct screen *s, enum op op)
{
	struct calendar *c = of(s);
	const struct promise_row *r = list_current(&c->list);

	if (op == OP_MOVE)
		ask_move(c);
	else if (op == OP_CALL)
		begin_call(s->app, &r->patient);
	else
		return list_op(&c->list, op) ? REACT_DRAW : REACT_PASS;
	return REACT_DRAW;
}

static const enum op calendar_ops[] = {
    OP_CALL, OP_MOVE, OP_UNDO, OP_BACK, OP_PALETTE, LIST_OPS, OP_NONE};

const struct screen_ops calendar_screen = {
    .name = "calendar",
    .title = N_("Callback calendar"),
    .size = sizeof(struct calendar),
    .ops = calendar_ops,
    .open = calendar_open,
    .close = calendar_close,
    .draw = calendar_draw,
    .op = calendar_op,
    .refresh = calendar_refresh,
    .why_not = calendar_why_not,
    .subtitle = calendar_subtitle,
};
