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
#include "tui/board_row.h"
#include "tui/crew.h"
#include "tui/desk.h"
#include "tui/dialog.h"
#include "tui/field.h"
#include "tui/list.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MEMBERS_MAX 200

struct board {
	struct screen base;
	struct desk *desk;
	struct list list;
	struct board_member *rows;
	struct crew_standing crew[MEMBERS_MAX]; /* of rows */
	int count, order;
	int64_t minute; /* of what is drawn */
	struct field filter;
	bool filtering;
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

static const struct crew_standing *standing_of(
    const struct board *b, const struct board_member *m)
{
	static const struct crew_standing none = {.heard_s = 0};

	for (int i = 0; i < b->count; i++)
		if (strcmp(b->rows[i].member, m->member) == 0)
			return &b->crew[i];
	return &none;
}

static void draw_row(void *ctx, struct grid *g, struct spot at, const void *row)
{
	struct board *b = ctx;
	const struct board_member *m = row;

	board_row_draw(
	    g, at, &(struct board_row){m, standing_of(b, m), b->desk});
}

static const struct list_source source = {
    sizeof(struct board_member), fetch, row_id, draw_row};

static struct board_ask ask_of(const struct desk *d)
{
	return (struct board_ask){
	    d->team, desk_today(d), desk_today(d) * DAY_S - d->zone_s};
}

/* ---- order and filter ---------------------------------------------------- */

static int share(const struct board_member *m)
{
	return m->queue * 1000 / (m->capacity > 0 ? m->capacity : 1);
}

static int by_queue(const void *a, const void *b)
{
	return share(b) - share(a);
}

static int by_overdue(const void *a, const void *b)
{
	const struct board_member *x = a, *y = b;

	return y->overdue - x->overdue;
}

static int by_high(const void *a, const void *b)
{
	const struct board_member *x = a, *y = b;

	return y->high - x->high;
}

static int by_done(const void *a, const void *b)
{
	const struct board_member *x = a, *y = b;

	return y->done - x->done;
}

static const struct {
	const char *text;
	int (*cmp)(const void *a, const void *b);
} orders[] = {{N_("by number"), NULL}, {N_("by load"), by_queue},
    {N_("by overdue"), by_overdue}, {N_("by high risk"), by_high},
    {N_("by done"), by_done}};

/* Few rows: one after another, equal ones stay as they are. */
static void sort_rows(struct board *b)
{
	int (*cmp)(const void *, const void *) = orders[b->order].cmp;

	for (int i = 1; cmp && i < b->count; i++)
		for (int k = i; k > 0 && cmp(&b->rows[k - 1], &b->rows[k]) > 0;
		     k--) {
			struct board_member m = b->rows[k];
			b->rows[k] = b->rows[k - 1];
			b->rows[k - 1] = m;
		}
}

/* In any case of the letters. */
static bool has(const char *text, const char *part)
{
	size_t n = strlen(part);

	for (; *text; text++)
		if (strncasecmp(text, part, n) == 0)
			return true;
	return false;
}

static bool is_wanted(const struct board *b, const struct board_member *m)
{
	const char *text = b->filter.text;

	return !*text || has(m->member, text) || has(m->name, text) ||
	       has(m->name_en, text);
}

static void keep_wanted(struct board *b)
{
	int n = 0;

	for (int i = 0; i < b->count; i++)
		if (is_wanted(b, &b->rows[i]))
			b->rows[n++] = b->rows[i];
	b->count = n;
}

static int read_rows(struct board *b)
{
	struct board_ask ask = ask_of(b->desk);
	int n = board_read(b->rows, MEMBERS_MAX, b->desk->store, &ask);

	b->count = n < 0 ? 0 : n;
	keep_wanted(b);
	sort_rows(b);
	if (n < 0)
		return n;
	return crew_read(b->crew, b->desk, b->rows, b->count);
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

/* What the centre told changes without a commit, and time goes on. */
static unsigned board_tick(struct screen *s)
{
	struct board *b = of(s);
	int64_t minute = desk_now_s(b->desk) / 60;
	struct crew_standing now[MEMBERS_MAX];

	if (crew_read(now, b->desk, b->rows, b->count) < 0)
		return REACT_NONE;
	for (int i = 0; i < b->count && minute == b->minute; i++)
		if (now[i].state != b->crew[i].state ||
		    now[i].is_known != b->crew[i].is_known)
			minute = -1;
	if (minute == b->minute)
		return REACT_NONE;
	b->minute = desk_now_s(b->desk) / 60;
	memcpy(b->crew, now, sizeof(now));
	return REACT_DRAW;
}

static void draw_filter(struct board *b, struct grid *g, int y)
{
	int x = 2;

	if (!b->filtering && !b->filter.text[0])
		return;
	x += draw_text(g, spot_rest(g, y, 1, LOOK_MARK), _("/ filter:"));
	field_draw(&b->filter, g,
	    (struct spot){y, x, g->cols - x - 1, LOOK_TEXT, false},
	    b->filtering);
}

static void board_draw(struct screen *s, struct grid *g)
{
	struct board *b = of(s);

	board_row_heads(g);
	list_draw(
	    &b->list, g, spot_rest(g, 2, 0, LOOK_TEXT), screen_bottom(g) - 3);
	draw_filter(b, g, screen_bottom(g) - 1);
	if (b->count == 0)
		draw_text(g, spot_rest(g, 3, 3, LOOK_DIM),
		    *b->filter.text ? _("Nobody here matches.")
				    : _("No agent is in your team yet."));
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

/* ---- order and filter, by key -------------------------------------------- */

static unsigned change_order(struct board *b)
{
	b->order = (b->order + 1) % (int)ARRAY_LEN(orders);
	app_say(
	    b->base.app, LOOK_DIM, _("Order: %s"), tr(orders[b->order].text));
	return board_refresh(&b->base);
}

static void set_filter(struct board *b, const char *text)
{
	field_set(&b->filter, text);
	b->filtering = *text != '\0';
	if (app_say_error(b->base.app, read_rows(b)) == 0)
		list_restart(&b->list);
}

static unsigned board_key(struct screen *s, const struct key *k)
{
	struct board *b = of(s);

	if (!b->filtering)
		return REACT_NONE;
	if (k->code == K_TAB || k->code == K_ENTER) {
		b->filtering = false;
		return REACT_DRAW;
	}
	if (!field_key(&b->filter, k))
		return REACT_NONE;
	if (app_say_error(s->app, read_rows(b)) == 0)
		list_restart(&b->list);
	return REACT_DRAW;
}

static bool board_is_text(struct screen *s)
{
	return of(s)->filtering;
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
	else if (op == OP_SORT)
		return change_order(b);
	else if (op == OP_FILTER)
		b->filtering = true;
	else if (op == OP_BACK && (b->filtering || b->filter.text[0]))
		set_filter(b, "");
	else if (op == OP_QUIT)
		return REACT_QUIT;
	else if (screen_of(op))
		app_push(s->app, screen_of(op), NULL);
	else
		return list_op(&b->list, op) ? REACT_DRAW : REACT_PASS;
	return REACT_DRAW;
}

static const enum op board_ops[] = {OP_LIST, OP_MARK, OP_REASSIGN, OP_COVER,
    OP_SORT, OP_FILTER, OP_KPI, OP_REVIEW, OP_ALERTS, OP_COMPLAINTS, OP_ROSTER,
    OP_CONTENT, OP_HELD, OP_DAY, OP_SYNC, OP_UNDO, OP_PALETTE, OP_QUIT,
    OP_MARK_ALL, OP_BACK, LIST_OPS, OP_NONE};

const struct screen_ops board_screen = {
    .name = "board",
    .title = N_("Supervisor"),
    .size = sizeof(struct board),
    .ops = board_ops,
    .open = board_open,
    .close = board_close,
    .draw = board_draw,
    .op = board_op,
    .key = board_key,
    .is_text = board_is_text,
    .tick = board_tick,
    .refresh = board_refresh,
    .why_not = board_why_not,
    .subtitle = board_subtitle,
};
