/*
 * scr_alerts.c - the alert queue: by clock, with where each stands in the
 * closed loop, and the acts that move it on. Nobody closes without a
 * verifying call or a signed waiver. A second list has those that ended in
 * the last 30 days: what was found, answered, done and followed up stays to
 * be seen.
 */
#include "core/alertq.h"
#include "core/clock.h"
#include "core/draft_contact.h"
#include "core/err.h"
#include "core/json.h"
#include "core/kind.h"
#include "core/mem.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/alert_detail.h"
#include "tui/app.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/dialog.h"
#include "tui/field.h"
#include "tui/forward.h"
#include "tui/list.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALERTS_MAX 500
#define DETAIL_ROWS 11
#define SOON_S 1800
#define ENDED_DAYS 30 /* the centre keeps them here so long */

struct alerts {
	struct screen base;
	struct desk *desk;
	struct list list;
	struct alert_row *rows;
	int count, shown; /* all, and those the filter leaves, in front */
	bool mine, ended; /* which list */
	enum op asked;    /* the act a text is asked for */
	struct alert_day day;
	struct field filter;
	bool filtering;
	int64_t told_s; /* forwarded to me up to then, and said */
	struct forward forward;
};

static struct alerts *of(struct screen *s)
{
	return (struct alerts *)s;
}

/* ---- rows --------------------------------------------------------------- */

/* References are longer than an id; the tail tells them apart. */
static void row_id(const void *row, struct id *out)
{
	const struct alert_row *r = row;
	size_t n = strlen(r->ref);

	*out = r->patient;
	for (size_t i = 0; i < 8 && i < n; i++)
		out->b[8 + i] ^= (uint8_t)r->ref[n - 1 - i];
}

static int fetch(void *ctx, void *rows, int max, const void *from, int dir)
{
	const struct alerts *a = ctx;
	const struct list_all all = {
	    a->rows, a->shown, sizeof(*a->rows), row_id};

	return list_page(rows, max, &all, from, dir);
}

/* Widths of the columns; what is over goes to the cause and the owner. */
struct widths {
	int level, name, cause, state, owner;
};

static struct widths widths_for(int cols)
{
	bool zh = tr_lang() == LANG_ZH;
	struct widths w = {
	    zh ? 6 : 12, zh ? 10 : 11, 0, zh ? 14 : 16, zh ? 13 : 14};
	int rest = cols - 11 - w.level - w.name - w.state - w.owner;

	if (rest > 50) {
		w.owner += (rest - 40) / 2;
		rest -= (rest - 40) / 2;
	}
	w.cause = rest > 0 ? rest : 0;
	return w;
}

static struct spot column(struct spot *at, int w)
{
	struct spot c = *at;

	c.w = w < at->w ? w : at->w;
	at->x += w + 1;
	at->w -= w + 1;
	return c;
}

static bool is_waiting(const struct alert_row *r)
{
	return r->state <= ALERT_OPEN;
}

static bool is_late(const struct alerts *a, const struct alert_row *r)
{
	return is_waiting(r) && r->due_s < desk_now_s(a->desk);
}

/* What is left of the time, or the day on which it ended. */
static void draw_clock(
    struct alerts *a, struct grid *g, struct spot at, const struct alert_row *r)
{
	char text[40] = "", day[DAY_TEXT];

	if (is_waiting(r))
		words_remaining(
		    text, sizeof(text), r->due_s - desk_now_s(a->desk));
	if (is_late(a, r))
		at.look = LOOK_ALERT;
	if (r->ended_s) {
		day_text(day, day_of(r->ended_s, a->desk->zone_s));
		text_copy(text, sizeof(text), day + 5);
	}
	draw_right(g, at, text);
}

static void draw_row(void *ctx, struct grid *g, struct spot at, const void *row)
{
	struct alerts *a = ctx;
	const struct alert_row *r = row;
	struct widths w = widths_for(at.x + at.w);
	struct spot c;

	draw_clock(a, g, column(&at, 6), r);
	c = column(&at, w.level);
	c.look = words_level_look(r->level);
	draw_text(g, c, words_level(r->level));
	at.secret = true;
	draw_text(g, column(&at, w.name), words_name(r->name, r->name_en));
	draw_text(g, column(&at, w.cause), tr_pick(r->text_zh, r->text_en));
	at.secret = false;
	c = column(&at, w.state);
	c.look = is_late(a, r)   ? LOOK_ALERT
		 : is_waiting(r) ? LOOK_LATE
				 : c.look;
	draw_text(g, c,
	    is_late(a, r) && r->state == ALERT_OPEN ? _("1 past the limit")
						    : words_alert_state(r));
	draw_text(g, column(&at, w.owner), alert_detail_owner(a->desk, r));
}

static void draw_heads(const struct alerts *a, struct grid *g)
{
	struct spot at = spot_rest(g, 1, 2, LOOK_HEAD);
	struct widths w = widths_for(g->cols);

	draw_text(g, column(&at, 6), a->ended ? _("Ended") : _("Left"));
	draw_text(g, column(&at, w.level), _("Level"));
	draw_text(g, column(&at, w.name), _("Patient"));
	draw_text(g, column(&at, w.cause), _("Cause"));
	draw_text(g, column(&at, w.state), _("Stands at"));
	draw_text(g, column(&at, w.owner), _("Owner"));
}

static const struct list_source source = {
    sizeof(struct alert_row), fetch, row_id, draw_row};

/* ---- reading ------------------------------------------------------------ */

/* Those that match come to the front; their order stays. */
static void filter_rows(struct alerts *a)
{
	struct alert_row *rows = a->rows, swap;
	int n = 0;

	for (int i = 0; i < a->count; i++) {
		if (!alertq_matches(&rows[i],
			catalog_queue(a->desk->catalog, rows[i].queue),
			a->filter.text))
			continue;
		swap = rows[n];
		rows[n++] = rows[i];
		rows[i] = swap;
	}
	a->shown = n;
}

static int read_rows(struct alerts *a)
{
	struct alert_filter f = {
	    .ended_s = a->ended ? desk_now_s(a->desk) - ENDED_DAYS * DAY_S : 0,
	    .owner = a->mine ? a->desk->member : NULL};
	int n = alertq_read(a->rows, ALERTS_MAX, a->desk->store, &f);

	a->count = n < 0 ? 0 : n;
	filter_rows(a);
	return n < 0 ? n
		     : alertq_day(&a->day, a->desk->store, f.owner,
			   desk_today(a->desk) * (int64_t)DAY_S -
			       a->desk->zone_s);
}

/* The newest that was forwarded to me and waits; NULL: none. */
static const struct alert_row *forwarded(const struct alerts *a)
{
	const struct alert_row *newest = NULL;

	for (int i = 0; i < a->count; i++) {
		const struct alert_row *r = &a->rows[i];
		if (!r->forwarded_s || strcmp(r->owner, a->desk->member))
			continue;
		if (!newest || r->forwarded_s > newest->forwarded_s)
			newest = r;
	}
	return newest;
}

static void read_again(struct alerts *a)
{
	app_say_error(a->base.app, read_rows(a));
	list_restart(&a->list);
}

static int alerts_open(struct screen *s, const void *arg)
{
	struct alerts *a = of(s);
	int rc;

	(void)arg;
	a->desk = desk_of(s->app);
	a->rows = mem_array(ALERTS_MAX, sizeof(*a->rows));
	rc = read_rows(a);
	if (rc < 0) {
		free(a->rows);
		return rc;
	}
	list_init(&a->list, &source, a);
	list_restart(&a->list);
	if (forwarded(a))
		a->told_s = forwarded(a)->forwarded_s;
	return 0;
}

static void alerts_close(struct screen *s)
{
	list_fini(&of(s)->list);
	free(of(s)->rows);
}

static unsigned alerts_refresh(struct screen *s)
{
	struct alerts *a = of(s);
	const struct alert_row *r;

	if (app_say_error(s->app, read_rows(a)) == 0)
		list_refresh(&a->list);
	r = forwarded(a);
	if (!r || r->forwarded_s <= a->told_s)
		return REACT_DRAW;
	a->told_s = r->forwarded_s;
	app_say(s->app, LOOK_ALERT, _("Forwarded to you: %s  %s"),
	    words_name(r->name, r->name_en), tr_pick(r->text_zh, r->text_en));
	return REACT_DRAW | REACT_BELL;
}

static unsigned alerts_tick(struct screen *s)
{
	(void)s;
	return REACT_DRAW; /* the clocks run */
}

/* ---- drawing ------------------------------------------------------------ */

/* The day's loops, where a message may come over them. */
static void draw_day(struct alerts *a, struct grid *g)
{
	const struct alert_day *d = &a->day;
	struct spot at = spot_rest(g, screen_bottom(g), 1, LOOK_DIM);
	int soon = 0, late = 0;
	char took[40];

	for (int i = 0; i < a->count; i++) {
		int64_t left = a->rows[i].due_s - desk_now_s(a->desk);
		late += is_late(a, &a->rows[i]);
		soon += is_waiting(&a->rows[i]) && left >= 0 && left <= SOON_S;
	}
	if (d->closed)
		words_took(took, sizeof(took), d->median_s);
	at.x += draw_textf(g, at,
	    _("past the limit %d   due within 30 min %d   closed today %d of "
	      "%d"),
	    late, soon, d->closed, d->closed + d->open);
	if (d->closed)
		draw_textf(g, at, _("   median %s"), took);
}

static void draw_filter(struct alerts *a, struct grid *g, int y)
{
	struct spot at = spot_rest(g, y, 1, LOOK_MARK);
	int n;

	if (!a->filtering && !a->filter.text[0])
		return;
	draw_fill(g, spot_rest(g, y, 0, LOOK_TEXT), ' ');
	n = draw_text(g, at, _("/ filter:"));
	at.x += n;
	at.w = 30;
	at.look = LOOK_TEXT;
	at.secret = true;
	field_draw(&a->filter, g, at, a->filtering);
	draw_textf(g, spot_rest(g, y, at.x + 32, LOOK_DIM),
	    a->filtering ? _("%d of %d   Tab: to the rows  Esc clears")
			 : _("%d of %d   / goes on typing  Esc clears"),
	    a->shown, a->count);
}

static void draw_empty(const struct alerts *a, struct grid *g)
{
	const char *text =
	    a->filter.text[0] ? _("No alert here matches.")
	    : a->ended        ? _("No alert ended in the last 30 days.")
		       : _("No alert is open. o shows those that ended.");

	draw_text(g, spot_rest(g, 3, 3, LOOK_DONE), text);
}

static void alerts_draw(struct screen *s, struct grid *g)
{
	struct alerts *a = of(s);
	int bottom = screen_bottom(g), end = bottom - DETAIL_ROWS;
	bool asks = a->filtering || a->filter.text[0];
	const struct alert_row *r;

	if (g->rows >= 36)
		end -= 5;
	if (end < 5)
		end = bottom;
	draw_heads(a, g);
	list_draw(&a->list, g, spot_rest(g, 2, 0, LOOK_TEXT), end - 2 - asks);
	draw_day(a, g);
	r = list_current(&a->list);
	if (!r)
		draw_empty(a, g);
	if (r && end < bottom) {
		draw_rule(g, end);
		alert_detail_draw(a->desk, g, end + 1, r);
	}
	draw_filter(a, g, end - 1);
}

static void alerts_subtitle(struct screen *s, char *out, size_t size)
{
	struct alerts *a = of(s);
	int late = 0, waiting = 0, corrected = 0, n;

	if (a->ended) {
		snprintf(out, size, _("%s   ended in the last 30 days: %d"),
		    a->mine ? _("mine") : _("all"), a->count);
		return;
	}
	for (int i = 0; i < a->count; i++) {
		corrected += a->rows[i].corrected_s != 0;
		waiting += is_waiting(&a->rows[i]);
		late += is_late(a, &a->rows[i]);
	}
	n = snprintf(out, size, _("%s   unacknowledged %d   past the limit %d"),
	    a->mine ? _("mine") : _("all"), waiting, late);
	if (corrected && n > 0 && (size_t)n < size)
		snprintf(
		    out + n, size - (size_t)n, _("   corrected %d"), corrected);
}

/* ---- acts --------------------------------------------------------------- */

static const struct act {
	enum op op;
	enum kind kind;
	const char *key;   /* of the text in the body */
	const char *title; /* of the question; NULL: no text is asked */
	const char *done;
} acts[] = {
    {OP_ACK, KIND_ALERT_ACKNOWLEDGED, "owner", NULL, N_("Acknowledged.")},
    {OP_HANDLE, KIND_ALERT_HANDLED, "action", N_("What was done?"),
	N_("Handled: the agent verifies by a call.")},
    {OP_VERIFY, KIND_ALERT_VERIFIED, "note", N_("What did the patient say?"),
	N_("Verified.")},
    {OP_CLOSE, KIND_ALERT_CLOSED, "waiver",
	N_("Not verified. Why is it closed all the same?"),
	N_("Closed. o shows it for 30 days.")},
    {OP_ESCALATE, KIND_ALERT_ESCALATED, NULL, NULL, NULL},
    {OP_TOLD, KIND_ALERT_TOLD, "who", N_("Whom did you tell by telephone?"),
	N_("Noted: told by telephone.")},
};

static const struct act *act_of(enum op op)
{
	for (size_t i = 0; i < ARRAY_LEN(acts); i++)
		if (acts[i].op == op)
			return &acts[i];
	return NULL;
}

static void run_act(struct alerts *a, const struct act *act, const char *text)
{
	const struct alert_row *r = list_current(&a->list);
	struct draft draft = {0};
	json_t *body;

	if (!r)
		return;
	body = draft_about(&draft, act->kind, &r->patient, r->ref);
	if (text && *text)
		json_put_str(body, act->key, text);
	if (act->op == OP_TOLD)
		json_put_int(body, "told_s", desk_now_s(a->desk));
	desk_save(a->base.app, &draft, tr(act->done));
}

static void act_done(void *ctx, int index, const char *text)
{
	struct alerts *a = ctx;

	(void)index;
	run_act(a, act_of(a->asked), text);
}

static void ask_act(struct alerts *a, const struct act *act)
{
	const struct alert_row *r = list_current(&a->list);
	bool is_corrected = act->op == OP_CLOSE && r && r->corrected_s;
	struct dialog d = {
	    .title = is_corrected ? _("The finding was corrected. What do you "
				      "say to it?")
				  : tr(act->title),
	    .text = r ? tr_pick(r->text_zh, r->text_en) : "",
	    .initial = "",
	    .required = true,
	    .done = act_done,
	    .ctx = a};

	a->asked = act->op;
	dialog_prompt(a->base.app, &d);
}

static unsigned do_act(struct alerts *a, const struct act *act)
{
	const struct alert_row *r = list_current(&a->list);

	if (act->op == OP_ACK)
		run_act(a, act, a->desk->member);
	else if (act->op == OP_CLOSE && r->state == ALERT_VERIFIED)
		run_act(a, act, NULL);
	else if (act->op == OP_ESCALATE)
		forward_ask(&a->forward, a->base.app, r, act->kind);
	else
		ask_act(a, act);
	return REACT_DRAW;
}

static const char *act_why_not(enum op op, const struct alert_row *r)
{
	if (r->ended_s)
		return _("This alert is closed.");
	if (r->state == ALERT_WITHDRAWN && op != OP_CLOSE)
		return _("The finding was corrected: closing it is all that is "
			 "left.");
	if (op == OP_ACK && r->state >= ALERT_ACKED)
		return _("It is acknowledged already.");
	if (op == OP_FORWARD && r->state >= ALERT_HANDLED)
		return _("It is handled already: verify or close it.");
	if (op == OP_VERIFY && r->state < ALERT_HANDLED)
		return _("It must be handled first.");
	if (op == OP_TOLD && strlen(r->told_who) > 0)
		return _("Who was told is noted already.");
	return NULL;
}

static const char *alerts_why_not(struct screen *s, enum op op)
{
	struct alerts *a = of(s);
	const struct act *act = act_of(op);
	const struct alert_row *r = list_current(&a->list);
	enum kind kind = act ? act->kind : KIND_ALERT_FORWARDED;

	if (!act && op != OP_DETAIL && op != OP_FORWARD)
		return NULL;
	if (!r)
		return _("No alert is selected.");
	if (op == OP_DETAIL)
		return NULL;
	if (!kind_may_say(kind, a->desk->role))
		return _("Your role may not do this.");
	return act_why_not(op, r);
}

static unsigned end_filter(struct alerts *a)
{
	a->filtering = false;
	field_set(&a->filter, "");
	read_again(a);
	return REACT_DRAW;
}

/* Which rows, and other screens; false when op is none of them. */
static bool go_op(struct alerts *a, enum op op)
{
	struct app *app = a->base.app;

	if (op == OP_SYNC)
		app_push(app, &sync_screen, NULL);
	else if (op == OP_DAY)
		app_push(app, &day_screen, NULL);
	else if (op == OP_FILTER)
		a->filtering = true;
	else if (op == OP_BACK && (a->filtering || a->filter.text[0]))
		end_filter(a);
	else if (op == OP_MINE || op == OP_ENDED) {
		a->mine ^= op == OP_MINE;
		a->ended ^= op == OP_ENDED;
		read_again(a);
	} else
		return false;
	return true;
}

static unsigned alerts_op(struct screen *s, enum op op)
{
	struct alerts *a = of(s);
	const struct alert_row *r = list_current(&a->list);

	if (act_of(op))
		return do_act(a, act_of(op));
	if (op == OP_FORWARD)
		forward_ask(&a->forward, s->app, r, KIND_ALERT_FORWARDED);
	else if (op == OP_DETAIL)
		app_push(s->app, &patient_screen,
		    &(struct patient_arg){r->patient, "alert", 5});
	else if (op == OP_QUIT)
		return s->below ? REACT_POP : REACT_QUIT;
	else if (!go_op(a, op) && !list_op(&a->list, op))
		return REACT_PASS;
	return REACT_DRAW;
}

static unsigned alerts_key(struct screen *s, const struct key *k)
{
	struct alerts *a = of(s);

	if (!a->filtering)
		return REACT_NONE;
	if (k->code == K_TAB)
		a->filtering = false;
	else if (!field_key(&a->filter, k))
		return REACT_NONE;
	else
		read_again(a);
	return REACT_DRAW;
}

static bool alerts_is_text(struct screen *s)
{
	return of(s)->filtering;
}

static const enum op alerts_ops[] = {OP_DETAIL, OP_ACK, OP_HANDLE, OP_VERIFY,
    OP_CLOSE, OP_ESCALATE, OP_FORWARD, OP_MINE, OP_FILTER, OP_ENDED, OP_TOLD,
    OP_UNDO, OP_BACK, OP_PALETTE, OP_SYNC, OP_QUIT, LIST_OPS, OP_NONE};

const struct screen_ops alerts_screen = {
    .name = "alerts",
    .title = N_("Alert queue"),
    .size = sizeof(struct alerts),
    .ops = alerts_ops,
    .open = alerts_open,
    .close = alerts_close,
    .draw = alerts_draw,
    .op = alerts_op,
    .key = alerts_key,
    .tick = alerts_tick,
    .refresh = alerts_refresh,
    .why_not = alerts_why_not,
    .is_text = alerts_is_text,
    .subtitle = alerts_subtitle,
};
