/*
 * scr_board.c - the supervisor's team: load, overdue, high risk, done. Marked
 * agents' lists are reassigned through a plan that is seen before it is
 * signed.
 */
#include "core/board.h"
#include "core/clock.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/app.h"
#include "tui/desk.h"
#include "tui/dialog.h"
#include "tui/list.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMBERS_MAX 200
#define BAR_W 20

struct board {
	struct screen base;
	struct desk *desk;
	struct list list;
	struct board_member *rows;
	int count;
	const struct board_member *offered[40]; /* of the cover dialog */
	char absent[24], by[24];
};

static struct board *of(struct screen *s)
{
	return (struct board *)s;
}

/* ---- rows --------------------------------------------------------------- */

static void row_id(const void *row, struct id *out)
{
	*out = (struct id){0};
	memcpy(out->b, ((const struct board_member *)row)->member, 16);
}

static int fetch(void *ctx, void *rows, int max, const void *from, int dir)
{
	const struct board *b = ctx;
	const struct list_all all = {
	    b->rows, b->count, sizeof(*b->rows), row_id};

	return list_page(rows, max, &all, from, dir);
}

static void number(
    struct grid *g, struct spot at, int value, enum look look_if_any)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", value);
	if (value > 0)
		at.look = look_if_any;
	draw_right(g, at, text);
}

static void draw_load(
    struct grid *g, struct spot at, const struct board_member *m)
{
	char bar[BAR_W + 2];
	int n = m->capacity > 0 ? m->queue * BAR_W / m->capacity : 0;
	bool over = n > BAR_W;

	n = over ? BAR_W : n;
	memset(bar, '#', (size_t)n);
	bar[n] = '\0';
	draw_textf(g,
	    (struct spot){
		at.y, at.x, at.w, over ? LOOK_LATE : LOOK_DONE, false},
	    "%s%s %d/%d", bar, over ? "+" : "", m->queue, m->capacity);
}

static void draw_row(void *ctx, struct grid *g, struct spot at, const void *row)
{
	struct board *b = ctx;
	const struct board_member *m = row;
	char text[140];

	snprintf(text, sizeof(text), "%s %s", m->member,
	    words_name(m->name, m->name_en));
	draw_text(g, (struct spot){at.y, at.x, 17, at.look, false}, text);
	number(g, (struct spot){at.y, at.x + 18, 5, at.look, false}, m->queue,
	    at.look);
	number(g, (struct spot){at.y, at.x + 24, 5, at.look, false}, m->overdue,
	    LOOK_LATE);
	number(g, (struct spot){at.y, at.x + 30, 5, at.look, false}, m->high,
	    LOOK_ALERT);
	number(g, (struct spot){at.y, at.x + 36, 5, at.look, false}, m->done,
	    LOOK_DONE);
	draw_load(g, (struct spot){at.y, at.x + 43, at.w - 43, 0, false}, m);
	if (*m->covered_by)
		snprintf(text, sizeof(text), _("covered by %s"), m->covered_by);
	else if (m->last_s)
		words_time(text, sizeof(text), b->desk, m->last_s);
	else
		text_copy(text, sizeof(text), "-");
	if (at.w > 88)
		draw_text(g,
		    (struct spot){at.y, at.x + 74, at.w - 74, at.look, false},
		    text);
}

static const struct list_source source = {
    sizeof(struct board_member), fetch, row_id, draw_row};

static struct board_ask ask_of(const struct desk *d)
{
	return (struct board_ask){
	    d->team, desk_today(d), desk_today(d) * DAY_S - d->zone_s};
}

static int read_rows(struct board *b)
{
	struct board_ask ask = ask_of(b->desk);
	int n = board_read(b->rows, MEMBERS_MAX, b->desk->store, &ask);

	b->count = n < 0 ? 0 : n;
	return n < 0 ? n : 0;
}

static int board_open(struct screen *s, const void *arg)
{
	struct board *b = of(s);
	int rc;

	(void)arg;
	b->desk = desk_of(s->app);
	b->rows = mem_array(MEMBERS_MAX, sizeof(*b->rows));
	rc = read_rows(b);
	if (rc < 0) {
		free(b->rows);
		return rc;
	}
	list_init(&b->list, &source, b);
	list_restart(&b->list);
	return 0;
}

static void board_close(struct screen *s)
{
	list_fini(&of(s)->list);
	free(of(s)->rows);
}

static unsigned board_refresh(struct screen *s)
{
	struct board *b = of(s);

	if (app_say_error(s->app, read_rows(b)) == 0)
		list_refresh(&b->list);
	return REACT_DRAW;
}

static void board_draw(struct screen *s, struct grid *g)
{
	struct board *b = of(s);

	draw_text(g, spot_rest(g, 1, 2, LOOK_HEAD), _("Agent"));
	draw_right(g, (struct spot){1, 20, 5, LOOK_HEAD, false}, _("Queue"));
	draw_right(g, (struct spot){1, 26, 5, LOOK_HEAD, false}, _("Over"));
	draw_right(g, (struct spot){1, 32, 5, LOOK_HEAD, false}, _("High"));
	draw_right(g, (struct spot){1, 38, 5, LOOK_HEAD, false}, _("Done"));
	draw_text(g, spot_rest(g, 1, 45, LOOK_HEAD), _("Load of capacity"));
	if (g->cols > 90)
		draw_text(g, spot_rest(g, 1, 76, LOOK_HEAD), _("Last contact"));
	list_draw(
	    &b->list, g, spot_rest(g, 2, 0, LOOK_TEXT), screen_bottom(g) - 2);
	if (b->count == 0)
		draw_text(g, spot_rest(g, 3, 3, LOOK_DIM),
		    _("No agent is in your team yet."));
}

static void board_subtitle(struct screen *s, char *out, size_t size)
{
	struct board *b = of(s);
	int queue = 0, over = 0, high = 0;

	for (int i = 0; i < b->count; i++) {
		queue += b->rows[i].queue;
		over += b->rows[i].overdue;
		high += b->rows[i].high;
	}
	snprintf(out, size, _("%s  %d agents  %d patients  over %d  high %d"),
	    desk_own_name(b->desk), b->count, queue, over, high);
}

/* ---- acts --------------------------------------------------------------- */

struct collect {
	struct board *board;
	struct board_plan plan;
	int rc;
};

static void collect_one(void *ctx, const void *row)
{
	struct collect *c = ctx;

	struct board_ask ask = ask_of(c->board->desk);

	if (c->rc == 0)
		c->rc = board_plan_member(&c->plan, c->board->desk->store,
		    ((const struct board_member *)row)->member, &ask);
}

static void reassign(struct board *b)
{
	struct collect c = {.board = b};

	if (b->list.mark_count)
		list_each(&b->list, collect_one, &c);
	else if (list_current(&b->list))
		collect_one(&c, list_current(&b->list));
	if (app_say_error(b->base.app, c.rc) == 0 && c.plan.count == 0)
		app_say(
		    b->base.app, LOOK_DIM, "%s", _("These lists are empty."));
	else if (c.rc == 0)
		app_push(b->base.app, &plan_screen, &c.plan);
	board_plan_fini(&c.plan);
}

static void cover_days(void *ctx, int index, const char *text)
{
	struct board *b = ctx;
	int days = atoi(text);
	struct draft draft = {0};
	json_t *body;

	(void)index;
	if (days < 1 || days > 90) {
		app_say(b->base.app, LOOK_ALERT, "%s",
		    _("Write a number of days, 1 to 90."));
		return;
	}
	body = json_object();
	json_put_str(body, "member", b->absent);
	json_put_str(body, "by", b->by);
	json_put_int(body, "from_day", desk_today(b->desk));
	json_put_int(body, "until_day", desk_today(b->desk) + days - 1);
	draft_add(&draft, KIND_COVER_SET, &b->desk->team, body);
	desk_save(b->base.app, &draft,
	    _("Cover recorded; the list returns by itself."));
}

static void cover_by(void *ctx, int index, const char *text)
{
	struct board *b = ctx;
	struct dialog d = {.title = _("For how many days, from today?"),
	    .initial = "1",
	    .required = true,
	    .done = cover_days,
	    .ctx = b};

	(void)text;
	text_copy(b->by, sizeof(b->by), b->offered[index]->member);
	dialog_prompt(b->base.app, &d);
}

static void ask_cover(struct board *b)
{
	const struct board_member *absent = list_current(&b->list);
	struct dialog_choice choices[40];
	struct dialog d = {.title = _("Who covers the list?"),
	    .choices = choices,
	    .done = cover_by,
	    .ctx = b};

	text_copy(b->absent, sizeof(b->absent), absent->member);
	for (int i = 0; i < b->count && d.choice_count < 40; i++) {
		const struct board_member *m = &b->rows[i];
		if (strcmp(m->member, absent->member) == 0 || !m->is_active)
			continue;
		b->offered[d.choice_count] = m;
		choices[d.choice_count++] = (struct dialog_choice){
		    0, words_name(m->name, m->name_en), NULL};
	}
	if (d.choice_count)
		dialog_pick(b->base.app, &d);
}

static const char *board_why_not(struct screen *s, enum op op)
{
	struct board *b = of(s);
	bool acts = op == OP_REASSIGN || op == OP_COVER || op == OP_LIST;

	if (acts && !list_current(&b->list))
		return _("No agent is selected.");
	if ((op == OP_REASSIGN || op == OP_COVER) && b->desk->role != 'S')
		return _("Only a supervisor reassigns.");
	return NULL;
}

/* The screen that an op opens; NULL: none. */
static const struct screen_ops *screen_of(enum op op)
{
	static const struct {
		enum op op;
		const struct screen_ops *screen;
	} rows[] = {
	    {OP_ALERTS, &alerts_screen},
	    {OP_DAY, &day_screen},
	    {OP_SYNC, &sync_screen},
	    {OP_KPI, &kpi_screen},
	    {OP_REVIEW, &review_screen},
	    {OP_ROSTER, &roster_screen},
	    {OP_CONTENT, &content_screen},
	    {OP_COMPLAINTS, &complaints_screen},
	    {OP_HELD, &held_screen},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].op == op)
			return rows[i].screen;
	return NULL;
}

static unsigned board_op(struct screen *s, enum op op)
{
	struct board *b = of(s);
	const struct board_member *m = list_current(&b->list);

	if (op == OP_REASSIGN)
		reassign(b);
	else if (op == OP_COVER)
		ask_cover(b);
	else if (op == OP_LIST)
		app_push(s->app, &work_screen, m->member);
	else if (op == OP_QUIT)
		return REACT_QUIT;
	else if (screen_of(op))
		app_push(s->app, screen_of(op), NULL);
	else
		return list_op(&b->list, op) ? REACT_DRAW : REACT_PASS;
	return REACT_DRAW;
}

static const enum op board_ops[] = {OP_LIST, OP_MARK, OP_REASSIGN, OP_COVER,
    OP_KPI, OP_REVIEW, OP_ALERTS, OP_COMPLAINTS, OP_ROSTER, OP_CONTENT, OP_HELD,
    OP_DAY, OP_SYNC, OP_UNDO, OP_PALETTE, OP_QUIT, OP_MARK_ALL, LIST_OPS,
    OP_NONE};

const struct screen_ops board_screen = {
    .name = "board",
    .title = N_("Supervisor"),
    .size = sizeof(struct board),
    .ops = board_ops,
    .open = board_open,
    .close = board_close,
    .draw = board_draw,
    .op = board_op,
    .refresh = board_refresh,
    .why_not = board_why_not,
    .subtitle = board_subtitle,
};
