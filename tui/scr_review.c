/*
 * scr_review.c - the calls of a week that are to be reviewed. Nobody chooses
 * them: of each agent those whose records have the smallest hashes.
 */
#include "core/clock.h"
#include "core/mem.h"
#include "core/report.h"
#include "core/review.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/app.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/rows.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALLS_MAX 600

struct review {
	struct screen base;
	struct desk *desk;
	struct review_card card;
	struct report_period week;
	struct review_call *calls;
	struct rows rows;
};

static struct review *of(struct screen *s)
{
	return (struct review *)s;
}

static int read_calls(struct review *r)
{
	const struct desk *d = r->desk;
	struct review_ask ask = {.team = d->team,
	    .from_s = r->week.from_day * DAY_S - d->zone_s,
	    .until_s = r->week.until_day * DAY_S - d->zone_s,
	    .most = r->card.per_week};
	int n = review_sample(r->calls, CALLS_MAX, d->store, &ask);

	rows_set(&r->rows, n < 0 ? 0 : n);
	return n < 0 ? n : 0;
}

static int review_open(struct screen *s, const void *arg)
{
	struct review *r = of(s);
	int rc = catalog_scorecard(&r->card, desk_of(s->app)->catalog);

	(void)arg;
	if (rc < 0)
		return rc;
	r->desk = desk_of(s->app);
	r->week = report_period_of(REPORT_WEEK, desk_today(r->desk));
	r->calls = mem_array(CALLS_MAX, sizeof(*r->calls));
	rc = read_calls(r);
	if (rc < 0) {
		free(r->calls);
		review_card_fini(&r->card);
	}
	return rc;
}

static void review_close(struct screen *s)
{
	free(of(s)->calls);
	review_card_fini(&of(s)->card);
}

static unsigned review_refresh(struct screen *s)
{
	app_say_error(s->app, read_calls(of(s)));
	return REACT_DRAW;
}

static void draw_result(
    struct grid *g, struct spot at, const struct review_call *c)
{
	bool here = at.look == LOOK_SELECT;

	if (!c->is_reviewed) {
		draw_text(g, at, _("to do"));
		return;
	}
	if (!here)
		at.look = c->passed ? LOOK_DONE : LOOK_LATE;
	draw_textf(g, at, "%d/%d %s", c->total, c->best,
	    c->passed ? _("passed") : _("failed"));
}

static void draw_call(struct review *r, struct grid *g, int y, int i)
{
	const struct review_call *c = &r->calls[i];
	struct spot at = rows_bar(&r->rows, g, y, i);
	char text[160], hash[HASH_HEX];

	snprintf(text, sizeof(text), "%s %s", c->member,
	    words_name(c->agent, c->agent_en));
	draw_text(g, (struct spot){y, 2, 16, at.look, false}, text);
	time_text(text, c->at_s, r->desk->zone_s);
	draw_text(g, (struct spot){y, 19, 11, at.look, false}, text + 5);
	draw_text(g, (struct spot){y, 32, 14, at.look, true},
	    words_name(c->name, c->name_en));
	draw_textf(g, (struct spot){y, 47, 5, at.look, false}, "%2lld:%02lld",
	    (long long)c->seconds / 60, (long long)c->seconds % 60);
	hash_hex(hash, &c->record);
	draw_textf(g, (struct spot){y, 54, 9, at.look, false}, "%.8s", hash);
	draw_result(g, (struct spot){y, 64, g->cols - 64, at.look, false}, c);
	if (g->cols > 100)
		draw_text(g, (struct spot){y, 84, g->cols - 84, at.look, false},
		    catalog_disposition(r->desk->catalog, c->disposition));
}

static void draw_head(struct grid *g)
{
	static const struct {
		int x;
		const char *text;
	} heads[] = {{2, N_("Agent")}, {19, N_("When")}, {32, N_("Patient")},
	    {47, N_("Length")}, {54, N_("Record")}, {64, N_("Review")}};

	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		draw_text(g, spot_rest(g, 1, heads[i].x, LOOK_HEAD),
		    tr(heads[i].text));
}

static void review_draw(struct screen *s, struct grid *g)
{
	struct review *r = of(s);
	struct rows *rows = &r->rows;
	char line[300];

	rows_fit(rows, screen_bottom(g) - 5);
	draw_head(g);
	for (int i = 0; i < rows->height && rows->top + i < rows->count; i++)
		draw_call(r, g, 2 + i, rows->top + i);
	if (rows->count == 0)
		draw_text(g, spot_rest(g, 3, 2, LOOK_DIM),
		    _("No call of this week is in the sample so far."));
	draw_rule(g, screen_bottom(g) - 3);
	snprintf(line, sizeof(line),
	    _("Sample: records whose hash begins below %02x; of each agent at "
	      "most %d a week, the smallest first. Nobody chooses; the log "
	      "gives the same to all."),
	    REVIEW_SAMPLED, r->card.per_week);
	draw_wrap(g,
	    (struct spot){screen_bottom(g) - 2, 2, g->cols - 4, LOOK_DIM, 0}, 2,
	    line);
}

static void review_subtitle(struct screen *s, char *out, size_t size)
{
	struct review *r = of(s);
	char week[REPORT_TEXT];
	int done = 0;

	for (int i = 0; i < r->rows.count; i++)
		done += r->calls[i].is_reviewed;
	report_period_text(week, &r->week);
	snprintf(out, size, _("week %s   reviewed %d of %d"), week, done,
	    r->rows.count);
}

static const char *review_why_not(struct screen *s, enum op op)
{
	struct review *r = of(s);

	if ((op == OP_SCORE || op == OP_RECORD) && r->rows.count == 0)
		return _("No call is selected.");
	if (op == OP_SCORE && !strchr("SQ", r->desk->role))
		return _("Only a supervisor or a reviewer scores.");
	if (op == OP_LATER && r->week.until_day > desk_today(r->desk))
		return _("This period is not over yet.");
	return NULL;
}

static void change_week(struct review *r, int by)
{
	r->week = report_period_move(&r->week, by);
	rows_restart(&r->rows, 0);
	app_say_error(r->base.app, read_calls(r));
}

static unsigned review_op(struct screen *s, enum op op)
{
	struct review *r = of(s);

	if (rows_op(&r->rows, op))
		return REACT_DRAW;
	if (op == OP_EARLIER || op == OP_LATER)
		change_week(r, op == OP_LATER ? 1 : -1);
	else if (op == OP_SCORE)
		app_push(s->app, &score_screen, &r->calls[r->rows.current]);
	else if (op == OP_RECORD)
		app_push(s->app, &patient_screen,
		    &(struct patient_arg){
			r->calls[r->rows.current].patient, "review", 2});
	else
		return REACT_PASS;
	return REACT_DRAW;
}

static const enum op review_ops[] = {OP_SCORE, OP_RECORD, OP_EARLIER, OP_LATER,
    OP_BACK, OP_UNDO, OP_PALETTE, LIST_OPS, OP_NONE};

const struct screen_ops review_screen = {
    .name = "review",
    .title = N_("Review of calls"),
    .size = sizeof(struct review),
    .ops = review_ops,
    .open = review_open,
    .close = review_close,
    .draw = review_draw,
    .op = review_op,
    .refresh = review_refresh,
    .why_not = review_why_not,
    .subtitle = review_subtitle,
};
