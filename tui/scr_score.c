/*
 * scr_score.c - one call on the scorecard: an item a line, one key an item,
 * a note, and F2 signs. The answers of the call stand beside it.
 */
#include "core/review.h"
#include "core/clock.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/app.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/dialog.h"
#include "tui/rows.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

struct score {
	struct screen base;
	struct desk *desk;
	struct review_call call;
	struct review_card card;
	struct review_score given;
	struct rows rows;
};

static struct score *of(struct screen *s)
{
	return (struct score *)s;
}

static int score_open(struct screen *s, const void *arg)
{
	struct score *c = of(s);
	int rc;

	c->desk = desk_of(s->app);
	c->call = *(const struct review_call *)arg;
	for (int i = 0; i < REVIEW_ITEMS_MAX; i++)
		c->given.points[i] = -1;
	rc = catalog_scorecard(&c->card, c->desk->catalog);
	rows_restart(&c->rows, c->card.count);
	return rc;
}

static void score_close(struct screen *s)
{
	review_card_fini(&of(s)->card);
}

/* ---- drawing ------------------------------------------------------------- */

static void draw_points(
    struct grid *g, struct spot at, const struct review_item *it, int points)
{
	char text[16];

	if (points < 0)
		snprintf(text, sizeof(text), "-/%d", it->points);
	else
		snprintf(text, sizeof(text), "%d/%d", points, it->points);
	if (at.look != LOOK_SELECT && points >= 0)
		at.look = points == it->points ? LOOK_DONE
			  : points == 0        ? LOOK_LATE
					       : LOOK_TEXT;
	draw_right(g, at, text);
}

static void draw_item(struct score *c, struct grid *g, int y, int i)
{
	const struct review_item *it = &c->card.items[i];
	struct spot at = rows_bar(&c->rows, g, y, i);

	draw_points(
	    g, (struct spot){y, 2, 7, at.look, false}, it, c->given.points[i]);
	at.x = 11;
	at.w = g->cols - 11;
	at.x += draw_text(g, at, tr_pick(it->name.zh, it->name.en));
	at.w = g->cols - at.x;
	if (it->is_fatal)
		draw_text(g, at, _("  (0 fails the call)"));
}

static void draw_call(struct score *c, struct grid *g)
{
	char when[TIME_TEXT], hash[HASH_HEX];
	struct spot at = {1, 1, 20, LOOK_TEXT, true};

	time_text(when, c->call.at_s, c->desk->zone_s);
	at.x += 2 + draw_text(g, at, words_name(c->call.name, c->call.name_en));
	draw_textf(g, spot_rest(g, 1, at.x, LOOK_TEXT),
	    "%s   %lld:%02lld   %s   %s", when, (long long)c->call.seconds / 60,
	    (long long)c->call.seconds % 60,
	    catalog_disposition(c->desk->catalog, c->call.disposition),
	    c->call.has_recording ? _("recorded") : _("no recording"));
	hash_hex(hash, &c->call.record);
	draw_textf(g, spot_rest(g, 2, 1, LOOK_DIM), _("Record %.16s   %s"),
	    hash, c->call.ref);
}

static void draw_total(struct score *c, struct grid *g, int y)
{
	bool whole = review_is_whole(&c->card, &c->given);
	bool passes = review_passes(&c->card, &c->given);

	draw_textf(g,
	    spot_rest(g, y, 2,
		!whole   ? LOOK_TEXT
		: passes ? LOOK_DONE
			 : LOOK_LATE),
	    _("Total %d of %d (passes at %d%%)  %s"),
	    review_total(&c->card, &c->given), review_best(&c->card),
	    c->card.pass,
	    !whole   ? ""
	    : passes ? _("passed")
		     : _("failed"));
	draw_textf(g, (struct spot){y + 1, 2, g->cols - 3, LOOK_TEXT, true},
	    "%s: %s", _("Note"), c->given.note);
	draw_text(g, spot_rest(g, y + 2, 2, LOOK_DIM),
	    _("2 full marks   1 half   0 none   Backspace back   Tab note   "
	      "i record"));
}

static void score_draw(struct screen *s, struct grid *g)
{
	struct score *c = of(s);
	struct rows *r = &c->rows;

	rows_fit(r, screen_bottom(g) - 4 - 4);
	draw_call(c, g);
	draw_rule(g, 3);
	for (int i = 0; i < r->height && r->top + i < r->count; i++)
		draw_item(c, g, 4 + i, r->top + i);
	draw_total(c, g, 5 + (r->count < r->height ? r->count : r->height));
}

static void score_subtitle(struct screen *s, char *out, size_t size)
{
	struct score *c = of(s);

	snprintf(out, size, "%s %s   %s", c->call.member,
	    words_name(c->call.agent, c->call.agent_en),
	    tr_pick(c->card.head.title.zh, c->card.head.title.en));
}

/* ---- keys ---------------------------------------------------------------- */

static unsigned score_key(struct screen *s, const struct key *k)
{
	struct score *c = of(s);
	int points;

	if (k->pasted)
		return REACT_PASS;
	if (k->code == K_BACKSPACE) {
		c->rows.current -= c->rows.current > 0;
		c->given.points[c->rows.current] = -1;
		return REACT_DRAW;
	}
	if (k->code < '0' || k->code > '2')
		return REACT_PASS;
	points = c->card.items[c->rows.current].points;
	c->given.points[c->rows.current] = points * (int)(k->code - '0') / 2;
	rows_op(&c->rows, OP_DOWN);
	return REACT_DRAW;
}

static void take_note(void *ctx, int index, const char *text)
{
	struct score *c = ctx;

	(void)index;
	text_copy(c->given.note, sizeof(c->given.note), text);
}

static unsigned sign(struct score *c)
{
	struct draft draft = {0};

	review_draft(&draft, &c->call, &c->card, &c->given);
	return desk_save(c->base.app, &draft, _("Review recorded.")) < 0
		   ? REACT_DRAW
		   : REACT_POP;
}

static const char *score_why_not(struct screen *s, enum op op)
{
	struct score *c = of(s);

	return op == OP_SIGN && !review_is_whole(&c->card, &c->given)
		   ? _("Score every item first: 2, 1 or 0.")
		   : NULL;
}

static unsigned score_op(struct screen *s, enum op op)
{
	struct score *c = of(s);
	struct dialog d = {.title = _("Note"),
	    .initial = c->given.note,
	    .done = take_note,
	    .ctx = c};

	if (op == OP_SIGN)
		return sign(c);
	if (op == OP_NOTE)
		dialog_prompt(s->app, &d);
	else if (op == OP_RECORD)
		app_push(s->app, &patient_screen,
		    &(struct patient_arg){c->call.patient, "review", 2});
	else
		return rows_op(&c->rows, op) ? REACT_DRAW : REACT_PASS;
	return REACT_DRAW;
}

static const enum op score_ops[] = {
    OP_SIGN, OP_NOTE, OP_RECORD, OP_BACK, OP_PALETTE, LIST_OPS, OP_NONE};

const struct screen_ops score_screen = {
    .name = "score",
    .title = N_("Scorecard"),
    .size = sizeof(struct score),
    .ops = score_ops,
    .open = score_open,
    .close = score_close,
    .draw = score_draw,
    .op = score_op,
    .key = score_key,
    .why_not = score_why_not,
    .subtitle = score_subtitle,
};
