/*
 * scr_plan.c - the preview of a bulk reassignment: the rule, who would get
 * how many, what clashes and who stays, and each patient by hand. Nothing is
 * written until it is signed, with another key than the one that opened it.
 */
#include "core/board.h"
#include "core/clock.h"
#include "core/mem.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/app.h"
#include "tui/catalog.h"
#include "tui/crew.h"
#include "tui/desk.h"
#include "tui/plan_words.h"
#include "tui/rows.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TARGETS_MAX 200
#define HEAD_ROWS 4 /* rule, what moves, reason, column heads */
#define SUMMARY_ROWS 8

struct plan {
	struct screen base;
	struct desk *desk;
	struct board_plan plan;
	struct board_member *members;
	struct board_target *targets;
	struct crew_standing crew[TARGETS_MAX]; /* of members */
	struct board_rule rule;
	int count;              /* targets */
	struct rows to, moving; /* targets, patients */
	bool by_patient;        /* the patients' pane is shown */
	int reason;
};

static struct plan *of(struct screen *s)
{
	return (struct plan *)s;
}

/* ---- the plan ------------------------------------------------------------ */

static bool is_source(const struct plan *p, const char *member)
{
	for (size_t i = 0; i < p->plan.count; i++)
		if (strcmp(p->plan.moves[i].from, member) == 0)
			return true;
	return false;
}

/* How many of a member's patients the plan takes away. */
static int leaves(const struct plan *p, const char *member)
{
	int n = 0;

	for (size_t i = 0; i < p->plan.count; i++)
		n += strcmp(p->plan.moves[i].from, member) == 0 &&
		     p->plan.moves[i].to[0] != '\0';
	return n;
}

static int after(const struct plan *p, const struct board_target *t)
{
	return t->who->queue + t->gets - leaves(p, t->who->member);
}

static void make(struct plan *p)
{
	board_plan_make(&p->plan, p->targets, p->count, &p->rule);
}

static int read_team(struct plan *p)
{
	struct board_ask ask = {p->desk->team, desk_today(p->desk),
	    desk_today(p->desk) * DAY_S - p->desk->zone_s};
	int n = board_read(p->members, TARGETS_MAX, p->desk->store, &ask);

	p->count = n < 0 ? 0 : n;
	if (n >= 0)
		n = crew_read(p->crew, p->desk, p->members, p->count);
	return n < 0
		   ? n
		   : board_plan_team(&p->plan, p->desk->store, &p->desk->team);
}

static int plan_open(struct screen *s, const void *arg)
{
	struct plan *p = of(s);
	const struct board_plan *given = arg;
	int rc;

	p->desk = desk_of(s->app);
	p->members = mem_array(TARGETS_MAX, sizeof(*p->members));
	p->targets = mem_array(TARGETS_MAX, sizeof(*p->targets));
	p->plan.count = given->count;
	p->plan.moves =
	    mem_dup(given->moves, given->count * sizeof(*given->moves));
	rc = read_team(p);
	if (rc < 0) {
		board_plan_fini(&p->plan);
		free(p->members);
		free(p->targets);
		return rc;
	}
	for (int i = 0; i < p->count; i++)
		p->targets[i] = (struct board_target){.who = &p->members[i],
		    .is_chosen = p->members[i].is_active &&
				 !*p->members[i].covered_by &&
				 !is_source(p, p->members[i].member)};
	rows_restart(&p->to, p->count);
	rows_restart(&p->moving, (int)p->plan.count);
	p->rule = (struct board_rule){BOARD_BY_LOAD, true, true, false};
	make(p);
	return 0;
}

static void plan_close(struct screen *s)
{
	struct plan *p = of(s);

	board_plan_fini(&p->plan);
	free(p->members);
	free(p->targets);
}

/* ---- drawing: what is decided -------------------------------------------- */

static void draw_rule_row(struct plan *p, struct grid *g)
{
	int x = 2;

	x += draw_textf(g, spot_rest(g, 1, x, LOOK_HEAD), "%s  ", _("Rule"));
	for (int i = 0; i < BOARD_BY_COUNT; i++) {
		bool on = (int)p->rule.by == i;
		x += draw_textf(g,
		    spot_rest(g, 1, x, on ? LOOK_MARK : LOOK_TEXT),
		    on ? "[%d %s]" : " %d %s ", i + 1,
		    plan_rule_word((enum board_by)i));
		x++;
	}
}

static void draw_switches(struct plan *p, struct grid *g)
{
	const struct {
		bool on;
		const char *text;
	} rows[] = {
	    {p->rule.keep_promises, _("p promises kept")},
	    {p->rule.high_first, _("h high first")},
	    {p->rule.with_done, _("d finished too")},
	};
	int x = 2;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		x += 2 + draw_textf(g, spot_rest(g, 2, x, LOOK_TEXT), "[%c] %s",
			     rows[i].on ? 'x' : ' ', rows[i].text);
	draw_textf(g, spot_rest(g, 2, x, LOOK_MARK), "e %s: %s", _("Reason"),
	    plan_reason_word(board_reasons[p->reason]));
}

static void draw_target(struct plan *p, struct grid *g, int y, int i)
{
	const struct board_target *t = &p->targets[i];
	struct spot at = rows_bar(&p->to, g, y, i);
	char name[140], conflicts[200];

	snprintf(name, sizeof(name), "%s %s", t->who->member,
	    words_name(t->who->name, t->who->name_en));
	at.x = 1;
	draw_textf(g, at, "[%c]", t->is_chosen ? 'x' : ' ');
	at.x = 5;
	at.w = 18;
	draw_text(g, at, name);
	at.x = 24;
	at.w = g->cols - 24;
	draw_textf(g, at, "%+5d  %+5d  %+5d  %4d -> %-4d", t->gets, t->high,
	    t->overdue, t->who->queue, after(p, t));
	at.x = 60;
	at.w = g->cols - 60;
	if (*t->who->covered_by)
		draw_textf(g, at, _("covered by %s"), t->who->covered_by);
	else if (!t->who->is_active)
		draw_text(g, at, _("not on duty"));
	else if (t->clashes || t->calls) {
		if (at.look != LOOK_SELECT)
			at.look = LOOK_LATE;
		plan_conflicts(conflicts, sizeof(conflicts),
		    &(struct plan_conflict){p->desk, &p->plan, t, at.w > 44});
		draw_text(g, at, conflicts);
	}
}

static void draw_targets(struct plan *p, struct grid *g)
{
	draw_text(g, spot_rest(g, 3, 5, LOOK_HEAD), _("To"));
	draw_text(g, spot_rest(g, 3, 24, LOOK_HEAD),
	    _(" gets   high   over    queue"));
	draw_text(g, spot_rest(g, 3, 60, LOOK_HEAD), _("Conflicts"));
	for (int i = 0; i < p->to.height && p->to.top + i < p->count; i++)
		draw_target(p, g, HEAD_ROWS + i, p->to.top + i);
}

static void draw_patient(struct plan *p, struct grid *g, int y, int i)
{
	const struct board_move *m = &p->plan.moves[i];
	struct spot at = rows_bar(&p->moving, g, y, i);
	char text[200] = "";

	at = (struct spot){y, 2, 16, at.look, true};
	draw_text(g, at, words_name(m->name, m->name_en));
	at = (struct spot){y, 19, 5, at.look, false};
	draw_text(g, at, m->is_high ? words_risk("high") : "");
	at = (struct spot){y, 26, 16, at.look, false};
	words_pathway(text, sizeof(text),
	    catalog_pathway_title(p->desk->catalog, m->pathway));
	draw_text(g, at, text);
	text[0] = '\0';
	if (m->promised_s)
		words_time(text, sizeof(text), p->desk, m->promised_s);
	at = (struct spot){y, 43, 12, at.look, false};
	draw_text(g, at, text);
	at = (struct spot){y, 56, g->cols - 56, at.look, false};
	if (m->to[0])
		plan_move_text(text, sizeof(text), p->desk, m);
	else
		snprintf(text, sizeof(text), "%s  %s", m->from,
		    m->left == BOARD_MOVES ? "" : plan_left_word(m->left));
	draw_text(g, at, text);
}

static void draw_patients(struct plan *p, struct grid *g)
{
	draw_text(g, spot_rest(g, 3, 2, LOOK_HEAD), _("Patient"));
	draw_text(g, spot_rest(g, 3, 19, LOOK_HEAD), _("Risk"));
	draw_text(g, spot_rest(g, 3, 26, LOOK_HEAD), _("Pathway"));
	draw_text(g, spot_rest(g, 3, 43, LOOK_HEAD), _("Promised"));
	draw_text(g, spot_rest(g, 3, 56, LOOK_HEAD), _("From -> to"));
	for (int i = 0;
	     i < p->moving.height && p->moving.top + i < p->moving.count; i++)
		draw_patient(p, g, HEAD_ROWS + i, p->moving.top + i);
}

/* ---- drawing: the whole -------------------------------------------------- */

struct sums {
	int moved, promised, clashes, calls, largest, largest_after;
	enum board_left left; /* why most of those who stay stay */
};

static struct sums sums_of(const struct plan *p)
{
	struct sums n = {0};
	int left[BOARD_HAND + 1] = {0};

	for (size_t i = 0; i < p->plan.count; i++) {
		const struct board_move *m = &p->plan.moves[i];
		n.moved += m->to[0] != '\0';
		n.promised += m->to[0] && m->promised_s;
		n.clashes += m->clashes;
		n.calls += m->to[0] && m->in_call;
		if (!m->to[0] && ++left[m->left] > left[n.left])
			n.left = m->left;
	}
	for (int i = 0; i < p->count; i++) {
		int q = p->targets[i].who->queue,
		    then = after(p, &p->targets[i]);
		n.largest = q > n.largest ? q : n.largest;
		n.largest_after =
		    then > n.largest_after ? then : n.largest_after;
	}
	return n;
}

static int overdue_now(const struct plan *p)
{
	int n = 0;

	for (int i = 0; i < p->count; i++)
		n += p->members[i].overdue;
	return n;
}

/* With what it is measured by: who reads it must be able to doubt it. */
static void draw_forecast(struct plan *p, struct grid *g, struct spot *at)
{
	struct board_forecast f;
	char line[300], when[60];
	int now = overdue_now(p);

	if (now == 0)
		return;
	board_forecast_make(
	    &f, &p->plan, p->targets, p->count, desk_now_s(p->desk));
	if (f.clear_s) {
		words_time(when, sizeof(when), p->desk, f.clear_s);
		snprintf(line, sizeof(line),
		    _("After: overdue %d -> 0 by %s (forecast: %d an hour, "
		      "finished today since the first call; overdue first)."),
		    now, when, f.an_hour);
	} else {
		snprintf(line, sizeof(line),
		    _("After: overdue %d; no forecast: nobody has finished a "
		      "call today."),
		    f.overdue);
	}
	at->y += draw_wrap(g, *at, 2, line);
}

/* Whose copies stay readable for now. */
static void draw_offline(struct plan *p, struct grid *g, struct spot *at)
{
	char line[300];

	for (int i = 0; i < p->count; i++) {
		const struct board_member *m = &p->members[i];
		int n = leaves(p, m->member);
		if (n == 0 || !p->crew[i].is_known ||
		    p->crew[i].state != PRESENCE_OFFLINE)
			continue;
		snprintf(line, sizeof(line),
		    _("%s is offline: %d records stay readable there until "
		      "the next sync, then are withdrawn; calls made "
		      "meanwhile are kept and shown as recorded by %s."),
		    m->member, n, m->member);
		at->y += draw_wrap(g, *at, 2, line);
	}
}

static void draw_sums(
    struct plan *p, struct grid *g, struct spot *at, const struct sums *n)
{
	char line[400];
	int used;

	used = snprintf(line, sizeof(line),
	    _("Moved %d, left %d. Promised callbacks that keep their time: "
	      "%d. Largest queue %d -> %d."),
	    n->moved, (int)p->plan.count - n->moved, n->promised, n->largest,
	    n->largest_after);
	if (n->left != BOARD_MOVES && used > 0 && (size_t)used < sizeof(line))
		snprintf(line + used, sizeof(line) - (size_t)used, " (%s)",
		    plan_left_word(n->left));
	at->y += draw_wrap(g, *at, 2, line);
	draw_forecast(p, g, at);
	at->look = LOOK_LATE;
	if (n->calls) {
		snprintf(line, sizeof(line),
		    _("%d in a call now: who began it ends it, and it counts. "
		      "Tab shows who."),
		    n->calls);
		at->y += draw_wrap(g, *at, 2, line);
	}
	if (!n->clashes)
		return;
	snprintf(line, sizeof(line),
	    _("%d promises are within 15 minutes of another one of the new "
	      "agent. Tab shows them; a digit gives one to another."),
	    n->clashes);
	at->y += draw_wrap(g, *at, 2, line);
}

static void draw_summary(struct plan *p, struct grid *g, int y)
{
	struct sums n = sums_of(p);
	struct spot at = {y, 2, g->cols - 4, LOOK_TEXT, false};

	draw_sums(p, g, &at, &n);
	at.look = LOOK_TEXT;
	if (!p->by_patient)
		draw_offline(p, g, &at);
	at.look = LOOK_DIM;
	if (p->by_patient)
		draw_wrap(g, at, 2,
		    _("1-9 gives the patient to that agent of the list, 0 "
		      "leaves the patient, Backspace lets the rule decide."));
	else
		draw_wrap(g, at, 4,
		    _("Preview only: F2 signs; undo is one reversing entry. "
		      "An agent who is offline keeps a readable copy until the "
		      "next sync, then it is withdrawn; calls recorded "
		      "meanwhile are kept and shown to the new owner."));
}

static void plan_draw(struct screen *s, struct grid *g)
{
	struct plan *p = of(s);
	struct rows *r = p->by_patient ? &p->moving : &p->to;

	rows_fit(r, screen_bottom(g) - HEAD_ROWS - SUMMARY_ROWS);
	draw_rule_row(p, g);
	draw_switches(p, g);
	if (p->by_patient)
		draw_patients(p, g);
	else
		draw_targets(p, g);
	draw_summary(p, g,
	    HEAD_ROWS + 1 + (r->count < r->height ? r->count : r->height));
}

static void plan_subtitle(struct screen *s, char *out, size_t size)
{
	snprintf(out, size, _("%d patients"), (int)of(s)->plan.count);
}

/* ---- signing ------------------------------------------------------------ */

/* One undo for all records of the batch. */
static int undo_batch(void *ctx, const char *ref)
{
	struct desk *d = ctx;
	int rc = 0;

	(void)ref;
	for (int i = d->batch_count - 1; i >= 0 && rc == 0; i--)
		rc = desk_undo(d, d->batch[i]);
	return rc;
}

static int sign(struct plan *p)
{
	struct desk *d = p->desk;
	struct id batch;
	struct board_sign how = {&batch, board_reasons[p->reason]};
	size_t at = 0;

	env_random(d->env, batch.b, sizeof(batch.b));
	d->batch_count = 0;
	while (at < p->plan.count && d->batch_count < DESK_BATCH_MAX) {
		struct draft draft = {0};
		int rc;
		at = board_plan_draft(&draft, &p->plan, at, &how);
		if (draft.count == 0)
			break;
		rc = desk_record(d->batch[d->batch_count], d, &draft);
		if (rc < 0)
			return rc;
		d->batch_count++;
	}
	return 0;
}

static unsigned sign_plan(struct plan *p)
{
	struct app *app = p->base.app;
	struct undo undo = {undo_batch, p->desk, ""};
	struct sums n = sums_of(p);
	char said[120];

	if (app_say_error(app, sign(p)) < 0)
		return REACT_DRAW;
	snprintf(said, sizeof(said), _("Reassigned: %d"), n.moved);
	app_offer_undo(app, &undo, said);
	return REACT_POP;
}

/* ---- keys ---------------------------------------------------------------- */

static const char *plan_why_not(struct screen *s, enum op op)
{
	struct plan *p = of(s);

	if (op == OP_SIGN && sums_of(p).moved == 0)
		return _("Nobody would move: choose who gets patients.");
	if (op == OP_MARK && p->by_patient)
		return _("A digit chooses here: 1-9 an agent, 0 nobody.");
	return NULL;
}

/* By hand: the nth agent of the list, or nobody. */
static unsigned give_by_hand(struct plan *p, uint32_t key)
{
	struct board_move *m = &p->plan.moves[p->moving.current];
	struct id patient = m->patient;
	int n = (int)(key - '1');

	if (key == K_BACKSPACE) {
		m->is_fixed = false;
	} else if (key == '0') {
		m->is_fixed = true;
		m->to[0] = '\0';
	} else if (n < p->count &&
		   strcmp(p->targets[n].who->member, m->from) != 0) {
		m->is_fixed = true;
		text_copy(m->to, sizeof(m->to), p->targets[n].who->member);
	} else {
		return REACT_BELL;
	}
	make(p);
	for (size_t i = 0; i < p->plan.count; i++)
		if (id_cmp(&p->plan.moves[i].patient, &patient) == 0)
			p->moving.current = (int)i;
	return REACT_DRAW;
}

static unsigned plan_key(struct screen *s, const struct key *k)
{
	struct plan *p = of(s);

	if (k->pasted)
		return REACT_PASS;
	if (p->by_patient &&
	    ((k->code >= '0' && k->code <= '9') || k->code == K_BACKSPACE))
		return give_by_hand(p, k->code);
	if (p->by_patient || k->code < '1' || k->code >= '1' + BOARD_BY_COUNT)
		return REACT_PASS;
	p->rule.by = (enum board_by)(k->code - '1');
	make(p);
	return REACT_DRAW;
}

static unsigned change_rule(struct plan *p, enum op op)
{
	if (op == OP_PROMISES)
		p->rule.keep_promises ^= true;
	else if (op == OP_RISK_FIRST)
		p->rule.high_first ^= true;
	else if (op == OP_FINISHED)
		p->rule.with_done ^= true;
	else if (op == OP_MARK && p->count)
		p->targets[p->to.current].is_chosen ^= true;
	else
		return REACT_PASS;
	make(p);
	return REACT_DRAW;
}

static unsigned plan_op(struct screen *s, enum op op)
{
	struct plan *p = of(s);

	if (op == OP_SIGN)
		return sign_plan(p);
	if (rows_op(p->by_patient ? &p->moving : &p->to, op))
		return REACT_DRAW;
	if (op == OP_PANE) {
		p->by_patient ^= true;
		return REACT_DRAW;
	}
	if (op == OP_REASON) {
		p->reason = board_reasons[p->reason + 1] ? p->reason + 1 : 0;
		return REACT_DRAW;
	}
	return change_rule(p, op);
}

static const enum op plan_ops[] = {OP_SIGN, OP_MARK, OP_PANE, OP_REASON,
    OP_PROMISES, OP_RISK_FIRST, OP_FINISHED, OP_BACK, LIST_OPS, OP_NONE};

const struct screen_ops plan_screen = {
    .name = "plan",
    .title = N_("Bulk reassign"),
    .size = sizeof(struct plan),
    .ops = plan_ops,
    .open = plan_open,
    .close = plan_close,
    .draw = plan_draw,
    .op = plan_op,
    .key = plan_key,
    .why_not = plan_why_not,
    .subtitle = plan_subtitle,
};
