/*
 * scr_calendar.c - the callback calendar: two weeks, or the whole month where
 * there is room, with what is planned and done each day; below it the rows of
 * the day that is selected. The arrows go over the days, Enter leads to the
 * rows.
 */
#include "core/calendar.h"
#include "core/clock.h"
#include "core/id.h"
#include "core/mem.h"
#include "core/promises.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/app.h"
#include "tui/begin.h"
#include "tui/catalog.h"
#include "tui/scr_calendar_in.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 500
#define PROMISES_MAX 1000
#define MONTH_ROWS 34  /* of the terminal, for a whole month */
#define LABEL_W 10     /* of the month */
#define REACH_DAYS 730 /* from today, either way */

static struct calendar *of(struct screen *s)
{
	return (struct calendar *)s;
}

/* ---- rows --------------------------------------------------------------- */

static void row_id(const void *row, struct id *out)
{
	const struct calendar_row *r = row;
	struct ref ref = {.seq = 0};

	if (r->ref[0])
		ref_parse(&ref, r->ref);
	*out = r->patient;
	out->b[0] ^= (uint8_t)ref.seq;
	out->b[1] ^= (uint8_t)(ref.seq >> 8);
	out->b[2] ^= (uint8_t)r->what;
}

static int fetch(void *ctx, void *rows, int max, const void *from, int dir)
{
	const struct calendar *c = ctx;
	const struct list_all all = {
	    c->rows, c->count, sizeof(*c->rows), row_id};

	return list_page(rows, max, &all, from, dir);
}

static bool is_late(const struct calendar *c, const struct calendar_row *r)
{
	return (r->what == CALENDAR_PROMISE && r->at_s < desk_now_s(c->desk)) ||
	       (r->what == CALENDAR_DUE && r->due_day < desk_today(c->desk));
}

/* "promised", "by the plan", "overdue": where the row comes from. */
static enum look row_word(char *out, size_t size, const struct calendar *c,
    const struct calendar_row *r)
{
	bool late = is_late(c, r);

	text_copy(out, size,
	    r->what == CALENDAR_DONE      ? _("called")
	    : late                        ? _("overdue")
	    : r->what == CALENDAR_PROMISE ? _("promised")
					  : _("by plan"));
	return r->what == CALENDAR_DONE ? LOOK_DONE
	       : late                   ? LOOK_LATE
					: LOOK_TEXT;
}

static void row_note(char *out, size_t size, const struct calendar *c,
    const struct calendar_row *r)
{
	const char *who = words_relation(r->who);

	if (r->what == CALENDAR_DONE)
		snprintf(out, size, "%s  %s",
		    catalog_disposition(c->desk->catalog, r->disposition),
		    r->note);
	else if (r->what == CALENDAR_PROMISE)
		snprintf(out, size, "%s%s%s", r->note,
		    r->note[0] && who[0] ? "  " : "", who);
	else if (r->attempts)
		snprintf(out, size, _("no answer x%d"), r->attempts);
	else
		text_copy(out, size, tr_pick(r->why_zh, r->why_en));
}

static void row_step(char *out, size_t size, const struct calendar *c,
    const struct calendar_row *r)
{
	struct catalog *catalog = c->desk->catalog;
	char step[100];

	out[0] = '\0';
	if (!r->pathway[0])
		return;
	words_pathway(out, size, catalog_pathway_title(catalog, r->pathway));
	words_short(step, sizeof(step),
	    catalog_step_title(catalog, r->pathway, r->step));
	snprintf(out + strlen(out), size - strlen(out), " %s", step);
}

static void row_time(char *out, size_t size, const struct calendar *c,
    const struct calendar_row *r)
{
	char day[DAY_TEXT];

	if (r->at_s && day_of(r->at_s, c->desk->zone_s) == c->day) {
		int32_t s = second_of_day(r->at_s, c->desk->zone_s);
		snprintf(out, size, "%02d:%02d", s / 3600, s / 60 % 60);
		return;
	}
	day_text(day, r->at_s ? day_of(r->at_s, c->desk->zone_s) : r->due_day);
	text_copy(out, size, r->at_s || r->due_day != c->day ? day + 5 : "");
}

static void draw_row(void *ctx, struct grid *g, struct spot at, const void *row)
{
	struct calendar *c = ctx;
	const struct calendar_row *r = row;
	bool wide = at.w > 100;
	int name = wide ? 18 : 11, step = wide ? 34 : 20;
	char text[400];
	struct spot word = at;

	row_time(text, sizeof(text), c, r);
	draw_text(g, (struct spot){at.y, at.x, 5, at.look, false}, text);
	at.x += 7;
	draw_text(g, (struct spot){at.y, at.x, name, at.look, true},
	    words_name(r->name, r->name_en));
	at.x += name + 1;
	row_step(text, sizeof(text), c, r);
	draw_text(g, (struct spot){at.y, at.x, step, at.look, false}, text);
	at.x += step + 1;
	word.x = at.x;
	word.w = 9;
	word.look = row_word(text, sizeof(text), c, r);
	draw_text(g, word, text);
	at.x += 10;
	row_note(text, sizeof(text), c, r);
	draw_text(
	    g, (struct spot){at.y, at.x, g->cols - at.x, at.look, true}, text);
}

static const struct list_source source = {
    sizeof(struct calendar_row), fetch, row_id, draw_row};

/* ---- reading ------------------------------------------------------------ */

static struct calendar_ask ask_of(const struct calendar *c)
{
	return (struct calendar_ask){
	    c->desk->member, desk_now_s(c->desk), c->desk->zone_s};
}

/* The quarters that are taken, but for the promise that is moved. */
static int read_promises(struct calendar *c)
{
	struct promise_row *rows = mem_array(PROMISES_MAX, sizeof(*rows));
	int n =
	    promises_read(rows, PROMISES_MAX, c->desk->store, c->desk->member);

	c->taken = c->late = 0;
	for (int i = 0; i < n; i++) {
		c->late += rows[i].due_s < desk_now_s(c->desk);
		if (!c->moving.at_s || strcmp(rows[i].ref, c->moving.row.ref))
			c->taken_s[c->taken++] = rows[i].due_s;
	}
	free(rows);
	return n < 0 ? n : 0;
}

/* The first day that is shown: this week's Monday stays while the selected
 * day is within; a month begins with the week of its first day. */
static void place_window(struct calendar *c)
{
	int year, month, mday;
	int64_t first = c->day - day_of_week(c->day) + 1;

	if (c->weeks > 2) {
		day_to_civil(c->day, &year, &month, &mday);
		first = day_from_civil(year, month, 1);
		c->first = first - day_of_week(first) + 1;
	} else if (c->day < c->first || c->day >= c->first + 7 * c->weeks) {
		c->first = first;
	}
}

static int read_all(struct calendar *c)
{
	struct calendar_ask ask = ask_of(c);
	int rc = read_promises(c);
	int n;

	place_window(c);
	if (rc == 0)
		rc = calendar_days(
		    c->days, 7 * c->weeks, c->desk->store, &ask, c->first);
	if (rc < 0)
		return rc;
	n = calendar_rows(c->rows, ROWS_MAX, c->desk->store, &ask, c->day);
	c->count = n < 0 ? 0 : n;
	return n < 0 ? n : 0;
}

void calendar_go(struct calendar *c, int64_t day)
{
	c->day = day;
	app_say_error(c->base.app, read_all(c));
	list_restart(&c->list);
}

struct slots calendar_slots(const struct calendar *c)
{
	return (struct slots){
	    catalog_hours(c->desk->catalog), c->taken_s, c->taken};
}

static void calendar_close(struct screen *s)
{
	struct calendar *c = of(s);

	list_fini(&c->list);
	free(c->rows);
	free(c->taken_s);
}

static int calendar_open(struct screen *s, const void *arg)
{
	struct calendar *c = of(s);
	int rc;

	(void)arg;
	c->desk = desk_of(s->app);
	c->rows = mem_array(ROWS_MAX, sizeof(*c->rows));
	c->taken_s = mem_array(PROMISES_MAX, sizeof(*c->taken_s));
	c->weeks = 2;
	c->day = desk_today(c->desk);
	list_init(&c->list, &source, c);
	rc = read_all(c);
	if (rc < 0) {
		calendar_close(s);
		return rc;
	}
	list_restart(&c->list);
	return 0;
}

static unsigned calendar_refresh(struct screen *s)
{
	struct calendar *c = of(s);

	if (app_say_error(s->app, read_all(c)) == 0)
		list_refresh(&c->list);
	return REACT_DRAW;
}

/* ---- drawing ------------------------------------------------------------ */

/* Done of all that was there to be done; what is planned for days to come;
 * "!" where it does not fit into the hours of calls. */
static enum look day_load(
    char *out, size_t size, const struct calendar *c, int64_t day)
{
	const struct calendar_day *d = &c->days[day - c->first];
	int open = d->promised + d->due, today = (int)desk_today(c->desk);
	bool over =
	    d->minutes > slots_minutes(catalog_hours(c->desk->catalog), day);

	if (!open && !d->done)
		text_copy(out, size, "-");
	else if (day > today)
		snprintf(out, size, "%d%s", open, over ? "!" : "");
	else
		snprintf(out, size, "%d/%d%s", d->done, d->done + open,
		    over ? "!" : "");
	if (over)
		return LOOK_LATE;
	return open || d->done ? LOOK_TEXT : LOOK_DIM;
}

static void draw_day(
    const struct calendar *c, struct grid *g, struct spot at, int64_t day)
{
	int64_t today = desk_today(c->desk);
	bool here = day == c->day;
	char name[DAY_TEXT], load[40];
	int year, month, mday;

	day_to_civil(day, &year, &month, &mday);
	day_text(name, day);
	at.look = here           ? (c->is_inside ? LOOK_MARK : LOOK_SELECT)
		  : day == today ? LOOK_DONE
				 : LOOK_TEXT;
	draw_textf(g, at, here ? "[%s%s]" : " %s%s ",
	    mday == 1 ? name + 5 : name + 8, day == today ? "*" : "");
	if (here)
		draw_caret(g, at.y, at.x);
	at.y++;
	at.x++;
	at.w--;
	at.look = day_load(load, sizeof(load), c, day);
	draw_text(g, at, load);
}

static void draw_weeks(const struct calendar *c, struct grid *g)
{
	static const char *const names[] = {N_("Mo"), N_("Tu"), N_("We"),
	    N_("Th"), N_("Fr"), N_("Sa"), N_("Su")};
	int w = (g->cols - LABEL_W - 1) / 7;
	char month[DAY_TEXT];

	day_text(month, c->day);
	month[7] = '\0';
	draw_text(g, spot_rest(g, 1, 2, LOOK_HEAD), month);
	for (int i = 0; i < 7; i++)
		draw_text(g, spot_rest(g, 1, LABEL_W + 1 + i * w, LOOK_HEAD),
		    tr(names[i]));
	for (int i = 0; i < 7 * c->weeks; i++)
		draw_day(c, g,
		    (struct spot){2 + i / 7 * 2, LABEL_W + i % 7 * w, w,
			LOOK_TEXT, false},
		    c->first + i);
}

/* "8", "17:30". */
static void hour_text(char out[8], int minute)
{
	unsigned h = (unsigned)minute / 60 % 100, m = (unsigned)minute % 60;

	if (m)
		snprintf(out, 8, "%u:%02u", h, m);
	else
		snprintf(out, 8, "%u", h);
}

/* "8-12 3/16": quarters that are promised, of those there are. */
static void draw_parts(
    const struct calendar *c, struct grid *g, struct spot at, int64_t day)
{
	struct slots_part parts[HOURS_SPANS_MAX];
	struct slots slots = calendar_slots(c);
	int n = slots_parts(parts, &slots, day), used;
	char from[8], to[8];

	if (slots_minutes(slots.hours, day) == 0) {
		at.look = LOOK_LATE;
		draw_text(g, at, _("no calls on this day"));
		return;
	}
	at.look = LOOK_DIM;
	for (int i = 0; i < n; i++) {
		const struct slots_part *p = &parts[i];
		hour_text(from, p->from_min);
		hour_text(to, p->to_min);
		used = draw_textf(g, at, "%s%s-%s %d/%d",
		    i ? "  " : _("taken "), from, to, p->taken, p->total);
		at.x += used;
		at.w -= used;
	}
}

static void draw_day_line(const struct calendar *c, struct grid *g, int y)
{
	static const char *const names[] = {N_("Mo"), N_("Tu"), N_("We"),
	    N_("Th"), N_("Fr"), N_("Sa"), N_("Su")};
	const struct calendar_day *d = &c->days[c->day - c->first];
	struct spot at = spot_rest(g, y, 1, LOOK_HEAD);
	char day[DAY_TEXT];
	int used;

	day_text(day, c->day);
	used = draw_textf(g, at, _("%s (%s)  promised %d, by plan %d  "),
	    day + 5, tr(names[day_of_week(c->day) - 1]), d->promised, d->due);
	at.x += used;
	at.w -= used;
	draw_parts(c, g, at, c->day);
}

static void draw_legend(const struct calendar *c, struct grid *g, int y)
{
	int minutes = slots_minutes(catalog_hours(c->desk->catalog), c->day);

	draw_textf(g, spot_rest(g, y, 2, LOOK_DIM),
	    _("done/planned   ! over the %d minutes of calls of the day   "
	      "* today"),
	    minutes);
}

/* A grid that has more or less room reads more or fewer days. */
static void fit(struct calendar *c, const struct grid *g)
{
	int weeks = g->rows >= MONTH_ROWS ? 6 : 2;

	if (weeks == c->weeks)
		return;
	c->weeks = weeks;
	c->first = 0;
	app_say_error(c->base.app, read_all(c));
}

static void calendar_draw(struct screen *s, struct grid *g)
{
	struct calendar *c = of(s);
	int bottom = screen_bottom(g), top = 1;

	fit(c, g);
	if (g->rows >= 16) {
		top = 2 + 2 * c->weeks;
		draw_legend(c, g, top);
		draw_rule(g, top + 1);
		top += 2;
	}
	draw_day_line(c, g, top++);
	if (c->moving.at_s)
		calendar_move_draw(c, g, --bottom);
	list_draw(&c->list, g, spot_rest(g, top, 0, LOOK_TEXT), bottom - top);
	if (c->count == 0)
		draw_text(g, spot_rest(g, top, 3, LOOK_DIM),
		    _("Nothing on this day. n promises a callback."));
	if (g->rows >= 16) {
		int y = g->caret_y, x = g->caret_x;
		draw_weeks(c, g);
		if (c->is_inside && c->count)
			draw_caret(g, y, x);
	}
}

static void calendar_subtitle(struct screen *s, char *out, size_t size)
{
	struct calendar *c = of(s);

	snprintf(out, size, _("%s   open %d   overdue %d"), c->desk->member,
	    c->taken + (c->moving.at_s != 0), c->late);
}

/* ---- keys --------------------------------------------------------------- */

static const char *row_why_not(const struct calendar_row *r, enum op op)
{
	if (!r)
		return _("Nothing is on this day.");
	if (op == OP_MOVE && r->what == CALENDAR_DUE)
		return _("Only a promise has an hour to move: n promises, s "
			 "in the list snoozes.");
	if (op == OP_MOVE && r->what == CALENDAR_DONE)
		return _("This call is over.");
	if (op == OP_CALL && r->what == CALENDAR_DONE)
		return _("This call is over.");
	if (op == OP_PAST && r->what != CALENDAR_DONE)
		return _("There was no call yet.");
	return NULL;
}

static const char *calendar_why_not(struct screen *s, enum op op)
{
	struct calendar *c = of(s);
	const struct calendar_row *r = list_current(&c->list);
	bool moves = c->moving.at_s != 0;

	if (op == OP_TAKE || op == OP_SLOT_ON || op == OP_SLOT_BACK)
		return moves ? NULL : _("m moves the selected promise.");
	if (op == OP_ENTER_DAY)
		return moves || c->is_inside ? _("The arrows are on the rows.")
		       : c->count            ? NULL
					     : row_why_not(NULL, op);
	if (op == OP_CALL || op == OP_PAST)
		return moves || !c->is_inside
			   ? _("Enter leads to the rows first.")
			   : row_why_not(r, op);
	if (op == OP_MOVE)
		return moves ? NULL : row_why_not(r, op);
	if (op == OP_RECORD)
		return row_why_not(r, op);
	return moves && op == OP_PROMISE ? _("First end this move.") : NULL;
}

/* A hand that rests on a key does not lead out of all time. */
static void go_days(struct calendar *c, int64_t days)
{
	int64_t day = c->day + days, today = desk_today(c->desk);

	if (day < today - REACH_DAYS || day > today + REACH_DAYS)
		return;
	if (c->moving.at_s)
		calendar_move_by(c, days * DAY_S);
	else
		calendar_go(c, day);
}

static void go_months(struct calendar *c, int months)
{
	go_days(c, day_add_months(c->day, months) - c->day);
}

/* Other days; false when op is none of them. */
static bool day_op(struct calendar *c, enum op op)
{
	bool on_grid = !c->is_inside || c->moving.at_s;

	if (op == OP_DAY_BACK || op == OP_DAY_ON)
		go_days(c, op == OP_DAY_ON ? 1 : -1);
	else if (on_grid && (op == OP_UP || op == OP_DOWN))
		go_days(c, op == OP_DOWN ? 7 : -7);
	else if (op == OP_MONTH_BACK || op == OP_MONTH_ON)
		go_months(c, op == OP_MONTH_ON ? 1 : -1);
	else if (op == OP_TODAY)
		go_days(c, desk_today(c->desk) - c->day);
	else
		return false;
	return true;
}

/* A move under way; false when op is not about it. */
static bool move_op(struct calendar *c, enum op op)
{
	if (!c->moving.at_s)
		return false;
	if (op == OP_SLOT_ON || op == OP_SLOT_BACK)
		calendar_move_by(c, op == OP_SLOT_ON ? SLOT_S : -SLOT_S);
	else if (op == OP_TAKE)
		calendar_move_take(c);
	else if (op == OP_MOVE)
		calendar_move_type(c);
	else if (op == OP_BACK)
		calendar_move_end(c);
	else
		return false;
	return true;
}

static void row_op(struct calendar *c, enum op op, const struct calendar_row *r)
{
	struct past_arg past = {.patient = r->patient};

	text_copy(past.ref, sizeof(past.ref), r->ref);
	if (op == OP_MOVE)
		calendar_move_begin(c, r);
	else if (op == OP_PAST)
		app_push(c->base.app, &past_screen, &past);
	else if (op == OP_RECORD)
		app_push(c->base.app, &patient_screen,
		    &(struct patient_arg){r->patient, "review", 0});
	else
		begin_call(c->base.app, &r->patient);
}

static unsigned calendar_op(struct screen *s, enum op op)
{
	struct calendar *c = of(s);
	const struct calendar_row *r = list_current(&c->list);

	if (move_op(c, op) || day_op(c, op))
		return REACT_DRAW;
	if (op == OP_ENTER_DAY || (op == OP_BACK && c->is_inside))
		c->is_inside = op == OP_ENTER_DAY;
	else if (op == OP_PROMISE)
		calendar_promise(c);
	else if (op == OP_MOVE || op == OP_CALL || op == OP_PAST ||
		 op == OP_RECORD)
		row_op(c, op, r);
	else
		return list_op(&c->list, op) ? REACT_DRAW : REACT_PASS;
	return REACT_DRAW;
}

static const enum op calendar_ops[] = {OP_TAKE, OP_ENTER_DAY, OP_CALL, OP_PAST,
    OP_MOVE, OP_SLOT_ON, OP_SLOT_BACK, OP_PROMISE, OP_TODAY, OP_MONTH_BACK,
    OP_MONTH_ON, OP_RECORD, OP_UNDO, OP_BACK, OP_PALETTE, OP_DAY_BACK,
    OP_DAY_ON, LIST_OPS, OP_NONE};

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
