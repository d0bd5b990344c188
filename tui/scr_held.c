/*
 * scr_held.c - what the centre holds back: kept, signed and provable, but
 * without effect until a supervisor releases it, with the reason beside it.
 * A row is a piece of work, such as a call with all its entries; it is
 * released whole, by one signed entry with one reason.
 */
#include "core/clock.h"
#include "core/held.h"
#include "core/kind.h"
#include "core/mem.h"
#include "core/text.h"
#include "core/tr.h"
#include "core/verdict.h"
#include "tui/app.h"
#include "tui/desk.h"
#include "tui/dialog.h"
#include "tui/rows.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>

#define HELD_MAX 500
#define FOOT_ROWS 6 /* rule, what is in it, why, what a release is */

struct held {
	struct screen base;
	struct desk *desk;
	struct office_held *all;
	struct held_group *groups;
	int count; /* entries */
	struct rows rows;
};

static struct held *of(struct screen *s)
{
	return (struct held *)s;
}

static int read_all(struct held *h)
{
	int n = office_held(h->all, HELD_MAX, h->desk->store);

	h->count = n < 0 ? 0 : n;
	rows_set(&h->rows, held_groups(h->groups, HELD_MAX, h->all, h->count));
	return n < 0 ? n : 0;
}

static int held_open(struct screen *s, const void *arg)
{
	struct held *h = of(s);
	int rc;

	(void)arg;
	h->desk = desk_of(s->app);
	h->all = mem_array(HELD_MAX, sizeof(*h->all));
	h->groups = mem_array(HELD_MAX, sizeof(*h->groups));
	rc = read_all(h);
	if (rc < 0) {
		free(h->all);
		free(h->groups);
	}
	return rc;
}

static void held_close(struct screen *s)
{
	free(of(s)->all);
	free(of(s)->groups);
}

static unsigned held_refresh(struct screen *s)
{
	app_say_error(s->app, read_all(of(s)));
	return REACT_DRAW;
}

static const char *kind_title(const char *name)
{
	enum kind kind;

	return kind_find(&kind, name) ? tr(kind_info(kind)->title) : name;
}

/* The newest entry says when; the first why. */
static void draw_one(struct held *h, struct grid *g, int y, int i)
{
	const struct held_group *of_call = &h->groups[i];
	const struct office_held *e = &h->all[of_call->from];
	struct spot at = rows_bar(&h->rows, g, y, i);
	char when[TIME_TEXT];

	time_text(when, e->at_s, h->desk->zone_s);
	draw_text(g, (struct spot){y, 2, 11, at.look, false}, when + 5);
	draw_text(g, (struct spot){y, 15, 6, at.look, false}, e->by);
	draw_text(g, (struct spot){y, 22, 12, at.look, true},
	    words_name(e->name, e->name_en));
	draw_text(g, (struct spot){y, 35, 12, at.look, false},
	    kind_title(held_group_kind(e, of_call->count)));
	draw_textf(
	    g, (struct spot){y, 48, 4, at.look, false}, "x%d", of_call->count);
	if (at.look != LOOK_SELECT)
		at.look = LOOK_LATE;
	draw_text(g, (struct spot){y, 53, g->cols - 53, at.look, false},
	    tr(verdict_text(e->verdict)));
}

/* All that a release would let count, and why it does not yet. */
static void draw_whole(struct held *h, struct grid *g, int y)
{
	const struct held_group *of_call;
	char line[600] = "";
	size_t n = 0;

	if (h->rows.count == 0)
		return;
	of_call = &h->groups[h->rows.current];
	for (int i = 0; i < of_call->count && n + 60 < sizeof(line); i++)
		n += (size_t)snprintf(line + n, sizeof(line) - n, "%s%s",
		    i ? ", " : "", kind_title(h->all[of_call->from + i].kind));
	y += draw_wrap(
	    g, (struct spot){y, 2, g->cols - 4, LOOK_TEXT, false}, 2, line);
	draw_text(g, (struct spot){y, 2, g->cols - 4, LOOK_LATE, false},
	    tr(verdict_text(h->all[of_call->from].verdict)));
}

static void held_draw(struct screen *s, struct grid *g)
{
	struct held *h = of(s);
	struct rows *r = &h->rows;
	static const struct {
		int x;
		const char *text;
	} heads[] = {{2, N_("When")}, {15, N_("By")}, {22, N_("Patient")},
	    {35, N_("What")}, {53, N_("Why")}};

	rows_fit(r, screen_bottom(g) - 2 - FOOT_ROWS);
	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		draw_text(g, spot_rest(g, 1, heads[i].x, LOOK_HEAD),
		    tr(heads[i].text));
	for (int i = 0; i < r->height && r->top + i < r->count; i++)
		draw_one(h, g, 2 + i, r->top + i);
	if (r->count == 0)
		draw_text(g, spot_rest(g, 3, 2, LOOK_DIM),
		    _("The centre holds nothing back."));
	draw_rule(g, screen_bottom(g) - FOOT_ROWS);
	draw_whole(h, g, screen_bottom(g) - FOOT_ROWS + 1);
	draw_wrap(g,
	    (struct spot){
		screen_bottom(g) - 2, 2, g->cols - 4, LOOK_DIM, false},
	    2,
	    _("Held entries are kept with their signatures. A release is one "
	      "signed entry of yours for all of a call; it then takes effect "
	      "for everybody."));
}

static void held_subtitle(struct screen *s, char *out, size_t size)
{
	snprintf(out, size, _("%d entries"), of(s)->count);
}

static void take_release(void *ctx, int reason, const char *text)
{
	struct held *h = ctx;
	struct draft draft = {0};
	const struct held_group *of_call;

	(void)text;
	if (h->rows.count == 0 || reason < 0 || reason >= HELD_REASONS)
		return;
	of_call = &h->groups[h->rows.current];
	held_release_draft(&draft, &h->all[of_call->from], of_call->count,
	    held_reasons[reason].code);
	desk_save(h->base.app, &draft, _("Released."));
}

/* What it is is read in the question; the reason's digit answers it. */
static void ask_release(struct held *h)
{
	const struct held_group *of_call = &h->groups[h->rows.current];
	const struct office_held *e = &h->all[of_call->from];
	struct dialog_choice choices[HELD_REASONS];
	char text[400];
	struct dialog d = {.title = _("Release the whole of it? Why?"),
	    .text = text,
	    .choices = choices,
	    .choice_count = HELD_REASONS,
	    .done = take_release,
	    .ctx = h};

	snprintf(text, sizeof(text),
	    _("%s of %s, recorded by %s: %d entries take effect as if they "
	      "had never been held."),
	    kind_title(held_group_kind(e, of_call->count)),
	    words_name(e->name, e->name_en), e->by, of_call->count);
	for (int i = 0; i < HELD_REASONS; i++)
		choices[i] =
		    (struct dialog_choice){0, tr(held_reasons[i].text), NULL};
	dialog_pick(h->base.app, &d);
}

static const char *held_why_not(struct screen *s, enum op op)
{
	struct held *h = of(s);

	if (op != OP_RELEASE)
		return NULL;
	if (h->rows.count == 0)
		return _("The centre holds nothing back.");
	if (h->desk->role != 'S')
		return _("Only a supervisor releases.");
	return h->all[h->groups[h->rows.current].from].verdict ==
		       VERDICT_HELD_ERASED
		   ? _("The patient is erased: this stays held.")
		   : NULL;
}

static unsigned held_op(struct screen *s, enum op op)
{
	struct held *h = of(s);

	if (op == OP_RELEASE)
		ask_release(h);
	else if (!rows_op(&h->rows, op))
		return REACT_PASS;
	return REACT_DRAW;
}

static const enum op held_ops[] = {
    OP_RELEASE, OP_BACK, OP_PALETTE, LIST_OPS, OP_NONE};

const struct screen_ops held_screen = {
    .name = "held",
    .title = N_("Held entries"),
    .size = sizeof(struct held),
    .ops = held_ops,
    .open = held_open,
    .close = held_close,
    .draw = held_draw,
    .op = held_op,
    .refresh = held_refresh,
    .why_not = held_why_not,
    .subtitle = held_subtitle,
};
