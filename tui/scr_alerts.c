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
#include "tui/app.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/dialog.h"
#include "tui/list.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALERTS_MAX 500
#define STEPS_MAX 8
#define DETAIL_ROWS 11
#define SOON_S 1800
#define ENDED_DAYS 30 /* the centre keeps them here so long */

struct alerts {
	struct screen base;
	struct desk *desk;
	struct list list;
	struct alert_row *rows;
	int count;
	bool mine, ended; /* which list */
	enum op asked;    /* the act a text is asked for */
	struct alert_day day;
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
	    a->rows, a->count, sizeof(*a->rows), row_id};

	return list_page(rows, max, &all, from, dir);
}

/* What is left of the time, or the day on which it ended. */
static void draw_clock(
    struct alerts *a, struct grid *g, struct spot at, const struct alert_row *r)
{
	int64_t left = r->due_s - desk_now_s(a->desk);
	bool waits = r->state <= ALERT_OPEN;
	char text[40] = "", day[DAY_TEXT];

	if (waits)
		words_remaining(text, sizeof(text), left);
	if (waits && left < 0)
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
	bool waits = r->state <= ALERT_OPEN;

	draw_clock(a, g, (struct spot){at.y, at.x, 6, at.look, false}, r);
	draw_text(g,
	    (struct spot){
		at.y, at.x + 7, 12, words_level_look(r->level), false},
	    words_level(r->level));
	draw_text(g, (struct spot){at.y, at.x + 20, 11, at.look, true},
	    words_name(r->name, r->name_en));
	draw_text(g, (struct spot){at.y, at.x + 32, 20, at.look, true},
	    tr_pick(r->text_zh, r->text_en));
	draw_text(g,
	    (struct spot){
		at.y, at.x + 53, 17, waits ? LOOK_LATE : at.look, false},
	    words_alert_state(r));
	draw_text(g, (struct spot){at.y, at.x + 71, at.w - 71, at.look, false},
	    *r->owner ? r->owner : catalog_queue(a->desk->catalog, r->queue));
}

static const struct list_source source = {
    sizeof(struct alert_row), fetch, row_id, draw_row};

/* ---- reading ------------------------------------------------------------ */

static int read_rows(struct alerts *a)
{
	struct alert_filter f = {
	    .ended_s = a->ended ? desk_now_s(a->desk) - ENDED_DAYS * DAY_S : 0,
	    .owner = a->mine ? a->desk->member : NULL};
	int n = alertq_read(a->rows, ALERTS_MAX, a->desk->store, &f);

	a->count = n < 0 ? 0 : n;
	return n < 0 ? n
		     : alertq_day(&a->day, a->desk->store, f.owner,
			   desk_today(a->desk) * (int64_t)DAY_S -
			       a->desk->zone_s);
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

	if (app_say_error(s->app, read_rows(a)) == 0)
		list_refresh(&a->list);
	return REACT_DRAW;
}

static unsigned alerts_tick(struct screen *s)
{
	(void)s;
	return REACT_DRAW; /* the clocks run */
}

/* ---- drawing ------------------------------------------------------------ */

/* What a rule saw is codes and values; what a person wrote stays as it is. */
static void step_text(char *out, size_t size, struct alerts *a,
    const struct alert_row *r, const struct alert_step *step)
{
	if (strcmp(step->what, "raised") == 0 && strcmp(r->rule, "by-hand"))
		catalog_inputs(out, size, a->desk->catalog, step->text);
	else
		text_copy(out, size, step->text);
}

static void draw_steps(
    struct alerts *a, struct grid *g, int y, const struct alert_row *r)
{
	struct alert_step steps[STEPS_MAX];
	int n = alertq_steps(steps, STEPS_MAX, a->desk->store, r);
	int last = screen_bottom(g);

	for (int i = 0; i < n && y < last; i++, y++) {
		char when[60], saw[512];
		step_text(saw, sizeof(saw), a, r, &steps[i]);
		words_time(when, sizeof(when), a->desk, steps[i].at_s);
		draw_textf(g, (struct spot){y, 1, g->cols - 2, LOOK_TEXT, true},
		    "%-12s %-6s %s  %s", when, steps[i].member,
		    words_step(steps[i].what), saw);
	}
}

/* Found -> [answered] -> handled -> followed up: where it stands. */
static void draw_loop(
    struct alerts *a, struct grid *g, int y, const struct alert_row *r)
{
	static const char *const stages[] = {
	    N_("found"), N_("feedback"), N_("handled"), N_("followed up")};
	static const int at[] = {[ALERT_UNDELIVERED] = 0,
	    [ALERT_OPEN] = 1,
	    [ALERT_ACKED] = 2,
	    [ALERT_HANDLED] = 3,
	    [ALERT_VERIFIED] = 3,
	    [ALERT_CLOSED] = 4,
	    [ALERT_WITHDRAWN] = 4};
	char when[60];
	int x = 1;

	for (int i = 0; i < (int)ARRAY_LEN(stages); i++) {
		bool here = i == at[r->state];
		x += draw_textf(g,
		    spot_rest(g, y, x,
			here               ? LOOK_MARK
			: i < at[r->state] ? LOOK_DONE
					   : LOOK_DIM),
		    here ? "[%s]" : "%s", tr(stages[i]));
		if (i + 1 < (int)ARRAY_LEN(stages))
			x += draw_text(g, spot_rest(g, y, x, LOOK_DIM), " -> ");
	}
	if (!r->ended_s)
		return;
	words_time(when, sizeof(when), a->desk, r->ended_s);
	draw_textf(g, spot_rest(g, y, x + 3, LOOK_DONE), "%s %s",
	    words_alert_state(r), when);
}

static void draw_detail(
    struct alerts *a, struct grid *g, int y, const struct alert_row *r)
{
	struct spot at = {y, 1, g->cols - 2, LOOK_HEAD, true};
	char text[500];

	draw_textf(g, at, "%s  %s  %s  [%s v%s] -> %s", r->no,
	    words_name(r->name, r->name_en), tr_pick(r->text_zh, r->text_en),
	    r->rule, r->version, catalog_queue(a->desk->catalog, r->queue));
	draw_loop(a, g, ++at.y, r);
	at.y++;
	at.look = LOOK_TEXT;
	snprintf(text, sizeof(text), "%s%s",
	    a->desk->role == 'D' ? _("The agent was told: ") : "",
	    tr_pick(r->instruction_zh, r->instruction_en));
	at.y += draw_wrap(g, at, 2, text);
	if (r->state == ALERT_UNDELIVERED)
		draw_textf(g,
		    (struct spot){at.y++, 1, g->cols - 2, LOOK_ALERT, true},
		    _("Not delivered: no receipt of the centre. %s %s"),
		    r->told_s ? _("Told:") : "", r->told_who);
	draw_steps(a, g, at.y, r);
}

/* The day's loops, where a message may come over them. */
static void draw_day(struct alerts *a, struct grid *g)
{
	const struct alert_day *d = &a->day;
	struct spot at = spot_rest(g, screen_bottom(g), 1, LOOK_DIM);
	int soon = 0;
	char took[40];

	for (int i = 0; i < a->count; i++) {
		int64_t left = a->rows[i].due_s - desk_now_s(a->desk);
		soon += a->rows[i].state <= ALERT_OPEN && left >= 0 &&
			left <= SOON_S;
	}
	if (d->closed)
		words_took(took, sizeof(took), d->median_s);
	at.x +=
	    draw_textf(g, at, _("due within 30 min %d   closed today %d of %d"),
		soon, d->closed, d->closed + d->open);
	if (d->closed)
		draw_textf(g, at, _("   median time to close %s"), took);
}

static void alerts_draw(struct screen *s, struct grid *g)
{
	struct alerts *a = of(s);
	int bottom = screen_bottom(g), end = bottom - DETAIL_ROWS;
	const struct alert_row *r;

	if (end < 5)
		end = bottom;
	draw_text(g, spot_rest(g, 1, 2, LOOK_HEAD),
	    a->ended ? _("Ended") : _("Left"));
	draw_text(g, spot_rest(g, 1, 9, LOOK_HEAD), _("Level"));
	draw_text(g, spot_rest(g, 1, 22, LOOK_HEAD), _("Patient"));
	draw_text(g, spot_rest(g, 1, 34, LOOK_HEAD), _("Cause"));
	draw_text(g, spot_rest(g, 1, 55, LOOK_HEAD), _("Stands at"));
	draw_text(g, spot_rest(g, 1, 73, LOOK_HEAD), _("Owner"));
	list_draw(&a->list, g, spot_rest(g, 2, 0, LOOK_TEXT), end - 2);
	draw_day(a, g);
	r = list_current(&a->list);
	if (!r)
		draw_text(g, spot_rest(g, 3, 3, LOOK_DONE),
		    a->ended ? _("No alert ended in the last 30 days.")
			     : _("No alert is open. o shows those that "
				 "ended."));
	if (r && end < bottom) {
		draw_rule(g, end);
		draw_detail(a, g, end + 1, r);
	}
}

static void alerts_subtitle(struct screen *s, char *out, size_t size)
{
	struct alerts *a = of(s);
	int late = 0, waiting = 0;

	if (a->ended) {
		snprintf(out, size, _("%s   ended in the last 30 days: %d"),
		    a->mine ? _("mine") : _("all"), a->count);
		return;
	}
	for (int i = 0; i < a->count; i++) {
		bool open = a->rows[i].state <= ALERT_OPEN;
		waiting += open;
		late += open && a->rows[i].due_s < desk_now_s(a->desk);
	}
	snprintf(out, size, _("%s   unacknowledged %d   past the limit %d"),
	    a->mine ? _("mine") : _("all"), waiting, late);
}

/* ---- acts --------------------------------------------------------------- */

static const struct act {
	enum op op;
	enum kind kind;
	const char *key;   /* of the text in the body */
	const char *title; /* of the question; NULL: nothing is asked */
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
    {OP_ESCALATE, KIND_ALERT_ESCALATED, "to", N_("To whom?"), N_("Escalated.")},
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
	struct dialog d = {.title = tr(act->title),
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
	else
		ask_act(a, act);
	return REACT_DRAW;
}

static const char *alerts_why_not(struct screen *s, enum op op)
{
	struct alerts *a = of(s);
	const struct act *act = act_of(op);
	const struct alert_row *r = list_current(&a->list);

	if (!act && op != OP_DETAIL)
		return NULL;
	if (!r)
		return _("No alert is selected.");
	if (!act)
		return NULL;
	if (!kind_may_say(act->kind, a->desk->role))
		return _("Your role may not do this.");
	if (r->state >= ALERT_CLOSED)
		return _("This alert is closed.");
	if (op == OP_ACK && r->state >= ALERT_ACKED)
		return _("It is acknowledged already.");
	if (op == OP_VERIFY && r->state < ALERT_HANDLED)
		return _("It must be handled first.");
	return NULL;
}

static unsigned alerts_op(struct screen *s, enum op op)
{
	struct alerts *a = of(s);
	const struct alert_row *r = list_current(&a->list);

	if (act_of(op))
		return do_act(a, act_of(op));
	if (op == OP_DETAIL) {
		app_push(s->app, &patient_screen,
		    &(struct patient_arg){r->patient, "alert", 5});
		return REACT_DRAW;
	}
	if (op == OP_SYNC)
		app_push(s->app, &sync_screen, NULL);
	if (op == OP_DAY)
		app_push(s->app, &day_screen, NULL);
	if (op == OP_QUIT)
		return s->below ? REACT_POP : REACT_QUIT;
	if (op == OP_MINE || op == OP_ENDED) {
		a->mine ^= op == OP_MINE;
		a->ended ^= op == OP_ENDED;
		app_say_error(s->app, read_rows(a));
		list_restart(&a->list);
		return REACT_DRAW;
	}
	return list_op(&a->list, op) ? REACT_DRAW : REACT_PASS;
}

static const enum op alerts_ops[] = {OP_DETAIL, OP_ACK, OP_HANDLE, OP_VERIFY,
    OP_CLOSE, OP_ESCALATE, OP_MINE, OP_ENDED, OP_UNDO, OP_BACK, OP_PALETTE,
    OP_SYNC, OP_QUIT, LIST_OPS, OP_NONE};

const struct screen_ops alerts_screen = {
    .name = "alerts",
    .title = N_("Alert queue"),
    .size = sizeof(struct alerts),
    .ops = alerts_ops,
    .open = alerts_open,
    .close = alerts_close,
    .draw = alerts_draw,
    .op = alerts_op,
    .tick = alerts_tick,
    .refresh = alerts_refresh,
    .why_not = alerts_why_not,
    .subtitle = alerts_subtitle,
};
