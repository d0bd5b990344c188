/*
 * scr_plan.c - the preview of a bulk reassignment. Nothing is written until
 * it is signed, with another key than the one that opened it.
 */
#include "core/board.h"
#include "core/clock.h"
#include "core/mem.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/app.h"
#include "tui/desk.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TARGETS_MAX 200

struct plan {
	struct screen base;
	struct desk *desk;
	struct board_plan plan;
	struct board_member *members;
	struct board_target *targets;
	int count, current;
};

static struct plan *of(struct screen *s)
{
	return (struct plan *)s;
}

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

static int plan_open(struct screen *s, const void *arg)
{
	struct plan *p = of(s);
	const struct board_plan *given = arg;
	struct board_ask ask;
	int n;

	p->desk = desk_of(s->app);
	ask = (struct board_ask){p->desk->team, desk_today(p->desk),
	    desk_today(p->desk) * DAY_S - p->desk->zone_s};
	p->members = mem_array(TARGETS_MAX, sizeof(*p->members));
	n = board_read(p->members, TARGETS_MAX, p->desk->store, &ask);
	if (n < 0) {
		free(p->members);
		return n;
	}
	p->count = n;
	p->targets = mem_array(TARGETS_MAX, sizeof(*p->targets));
	p->plan.count = given->count;
	p->plan.moves =
	    mem_dup(given->moves, given->count * sizeof(*given->moves));
	for (int i = 0; i < n; i++)
		p->targets[i] = (struct board_target){.who = &p->members[i],
		    .is_chosen = p->members[i].is_active &&
				 !is_source(p, p->members[i].member)};
	board_plan_even(&p->plan, p->targets, n);
	return 0;
}

static void plan_close(struct screen *s)
{
	struct plan *p = of(s);

	board_plan_fini(&p->plan);
	free(p->members);
	free(p->targets);
}

static void draw_target(struct plan *p, struct grid *g, int y, int i)
{
	const struct board_target *t = &p->targets[i];
	bool here = i == p->current;
	struct spot at = {y, 0, g->cols, here ? LOOK_SELECT : LOOK_TEXT, false};
	char name[140];

	snprintf(name, sizeof(name), "%s %s", t->who->member,
	    words_name(t->who->name, t->who->name_en));
	if (here) {
		draw_fill(g, at, ' ');
		draw_caret(g, y, 0);
	}
	draw_textf(g, at, "%s[%c]", here ? ">" : " ", t->is_chosen ? 'x' : ' ');
	at.x = 5;
	at.w = 18;
	draw_text(g, at, name);
	at.x = 24;
	at.w = g->cols - 24;
	draw_textf(g, at, "%+5d  %+5d  %+5d    %4d -> %d", t->gets, t->high,
	    t->overdue, t->who->queue,
	    t->who->queue + t->gets - leaves(p, t->who->member));
}

static void count_plan(const struct plan *p, int *moved, int *promised)
{
	*moved = *promised = 0;
	for (size_t i = 0; i < p->plan.count; i++) {
		bool moves = p->plan.moves[i].to[0] != '\0';
		*moved += moves;
		*promised += moves && p->plan.moves[i].promised_s;
	}
}

static void draw_summary(struct plan *p, struct grid *g, int y)
{
	struct spot at = {y, 2, g->cols - 4, LOOK_TEXT, false};
	int moved, promised;
	char line[300];

	count_plan(p, &moved, &promised);
	snprintf(line, sizeof(line),
	    _("Moved %d, left %d. Promised callbacks that keep their time: "
	      "%d."),
	    moved, (int)p->plan.count - moved, promised);
	at.y += draw_wrap(g, at, 2, line);
	at.look = LOOK_DIM;
	at.y += draw_wrap(g, at, 3,
	    _("An agent who is offline keeps a readable copy until the next "
	      "sync, then it is withdrawn. Calls recorded meanwhile are kept "
	      "and shown to the new owner."));
	draw_wrap(g, at, 2,
	    _("Preview only: F2 signs. Undo is one reversing entry."));
}

static void plan_draw(struct screen *s, struct grid *g)
{
	struct plan *p = of(s);
	int y = 3, last = screen_bottom(g) - 8;

	draw_text(g, spot_rest(g, 1, 2, LOOK_HEAD),
	    _("Rule: even load, high risk first. Space chooses who gets "
	      "patients."));
	draw_text(g, spot_rest(g, 2, 5, LOOK_HEAD), _("To"));
	draw_text(g, spot_rest(g, 2, 25, LOOK_HEAD),
	    _("gets   high   over    queue"));
	for (int i = 0; i < p->count && y < last; i++)
		draw_target(p, g, y++, i);
	draw_summary(p, g, y + 1);
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
	size_t at = 0;

	env_random(d->env, batch.b, sizeof(batch.b));
	d->batch_count = 0;
	while (at < p->plan.count && d->batch_count < DESK_BATCH_MAX) {
		struct draft draft = {0};
		int rc;
		at = board_plan_draft(&draft, &p->plan, at, &batch);
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
	char said[120];
	int moved, promised;

	count_plan(p, &moved, &promised);
	if (app_say_error(app, sign(p)) < 0)
		return REACT_DRAW;
	snprintf(said, sizeof(said), _("Reassigned: %d"), moved);
	app_offer_undo(app, &undo, said);
	return REACT_POP;
}

static const char *plan_why_not(struct screen *s, enum op op)
{
	int moved, promised;

	count_plan(of(s), &moved, &promised);
	return op == OP_SIGN && moved == 0
		   ? _("Nobody would move: choose who gets patients.")
		   : NULL;
}

static unsigned plan_op(struct screen *s, enum op op)
{
	struct plan *p = of(s);

	if (op == OP_SIGN)
		return sign_plan(p);
	if (op == OP_UP && p->current > 0)
		p->current--;
	else if (op == OP_DOWN && p->current + 1 < p->count)
		p->current++;
	else if (op == OP_MARK && p->count) {
		p->targets[p->current].is_chosen ^= true;
		board_plan_even(&p->plan, p->targets, p->count);
	} else
		return REACT_PASS;
	return REACT_DRAW;
}

static const enum op plan_ops[] = {
    OP_SIGN, OP_MARK, OP_BACK, OP_UP, OP_DOWN, OP_NONE};

const struct screen_ops plan_screen = {
    .name = "plan",
    .title = N_("Bulk reassign"),
    .size = sizeof(struct plan),
    .ops = plan_ops,
    .open = plan_open,
    .close = plan_close,
    .draw = plan_draw,
    .op = plan_op,
    .why_not = plan_why_not,
    .subtitle = plan_subtitle,
};
