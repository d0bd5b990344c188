/*
 * scr_complaints.c - complaints apart from clinical alerts: category, owner,
 * day due, reply. The late ones stand first.
 */
#include "core/clock.h"
#include "core/mem.h"
#include "core/office.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/app.h"
#include "tui/desk.h"
#include "tui/dialog.h"
#include "tui/rows.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMPLAINTS_MAX 500
#define DETAIL_ROWS 8

struct complaints {
	struct screen base;
	struct desk *desk;
	struct office_complaint *all;
	struct rows rows;
	bool with_answered;
};

static struct complaints *of(struct screen *s)
{
	return (struct complaints *)s;
}

static int read_all(struct complaints *c)
{
	int n = office_complaints(
	    c->all, COMPLAINTS_MAX, c->desk->store, c->with_answered);

	rows_set(&c->rows, n < 0 ? 0 : n);
	return n < 0 ? n : 0;
}

static int complaints_open(struct screen *s, const void *arg)
{
	struct complaints *c = of(s);
	int rc;

	(void)arg;
	c->desk = desk_of(s->app);
	c->all = mem_array(COMPLAINTS_MAX, sizeof(*c->all));
	rc = read_all(c);
	if (rc < 0)
		free(c->all);
	return rc;
}

static void complaints_close(struct screen *s)
{
	free(of(s)->all);
}

static unsigned complaints_refresh(struct screen *s)
{
	app_say_error(s->app, read_all(of(s)));
	return REACT_DRAW;
}

static const struct office_complaint *current(const struct complaints *c)
{
	return c->rows.count ? &c->all[c->rows.current] : NULL;
}

/* ---- drawing ------------------------------------------------------------- */

static void draw_state(struct complaints *c, struct grid *g, struct spot at,
    const struct office_complaint *k)
{
	int64_t today = desk_today(c->desk);
	bool here = at.look == LOOK_SELECT;
	char day[40];

	if (k->answered_s) {
		at.look = here ? at.look : LOOK_DONE;
		draw_text(g, at, _("answered"));
		return;
	}
	if (!k->due_day) {
		draw_text(g, at, _("open"));
		return;
	}
	words_day(day, sizeof(day), k->due_day, today);
	if (k->due_day < today) {
		at.look = here ? at.look : LOOK_LATE;
		draw_textf(g, at, _("late: %s"), day);
	} else {
		draw_textf(g, at, _("due %s"), day);
	}
}

static void draw_one(struct complaints *c, struct grid *g, int y, int i)
{
	const struct office_complaint *k = &c->all[i];
	struct spot at = rows_bar(&c->rows, g, y, i);
	char day[40];

	draw_state(c, g, (struct spot){y, 2, 15, at.look, false}, k);
	draw_text(g, (struct spot){y, 18, 14, at.look, true},
	    words_name(k->name, k->name_en));
	draw_text(g, (struct spot){y, 33, 12, at.look, false}, k->category);
	words_day(day, sizeof(day), day_of(k->at_s, c->desk->zone_s),
	    desk_today(c->desk));
	draw_text(g, (struct spot){y, 46, 10, at.look, false}, day);
	draw_text(g, (struct spot){y, 57, 6, at.look, false},
	    *k->owner ? k->owner : "-");
	draw_text(
	    g, (struct spot){y, 64, g->cols - 64, at.look, true}, k->text);
}

static void draw_detail(struct complaints *c, struct grid *g, int y)
{
	const struct office_complaint *k = current(c);
	struct spot at = {y + 1, 2, g->cols - 4, LOOK_TEXT, true};

	draw_rule(g, y);
	if (!k)
		return;
	draw_textf(g, spot_rest(g, at.y++, 2, LOOK_HEAD),
	    _("Said to %s, owner %s"), k->by, *k->owner ? k->owner : "-");
	at.y += draw_wrap(g, at, 3, k->text);
	if (!*k->answer)
		return;
	draw_text(g, spot_rest(g, at.y++, 2, LOOK_HEAD), _("Answer"));
	draw_wrap(g, at, y + DETAIL_ROWS - at.y, k->answer);
}

static void complaints_draw(struct screen *s, struct grid *g)
{
	struct complaints *c = of(s);
	struct rows *r = &c->rows;
	static const struct {
		int x;
		const char *text;
	} heads[] = {{2, N_("State")}, {18, N_("Patient")},
	    {33, N_("Category")}, {46, N_("Said")}, {57, N_("Owner")},
	    {64, N_("Words")}};

	rows_fit(r, screen_bottom(g) - 2 - DETAIL_ROWS);
	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		draw_text(g, spot_rest(g, 1, heads[i].x, LOOK_HEAD),
		    tr(heads[i].text));
	for (int i = 0; i < r->height && r->top + i < r->count; i++)
		draw_one(c, g, 2 + i, r->top + i);
	if (r->count == 0)
		draw_text(
		    g, spot_rest(g, 3, 2, LOOK_DIM), _("No complaint waits."));
	draw_detail(c, g, screen_bottom(g) - DETAIL_ROWS);
}

static void complaints_subtitle(struct screen *s, char *out, size_t size)
{
	struct complaints *c = of(s);
	int open = 0, late = 0;

	for (int i = 0; i < c->rows.count; i++) {
		const struct office_complaint *k = &c->all[i];
		open += !k->answered_s;
		late += !k->answered_s && k->due_day &&
			k->due_day < desk_today(c->desk);
	}
	snprintf(out, size, _("open %d   late %d"), open, late);
}

/* ---- acts ---------------------------------------------------------------- */

static void take_answer(void *ctx, int index, const char *text)
{
	struct complaints *c = ctx;
	struct draft draft = {0};

	(void)index;
	office_answer_draft(&draft, current(c), text);
	desk_save(c->base.app, &draft, _("Answer recorded."));
}

static void ask_answer(struct complaints *c)
{
	struct dialog d = {.title = _("Answer to the complaint"),
	    .text = current(c)->text,
	    .initial = "",
	    .required = true,
	    .done = take_answer,
	    .ctx = c};

	dialog_prompt(c->base.app, &d);
}

static const char *complaints_why_not(struct screen *s, enum op op)
{
	const struct office_complaint *k = current(of(s));

	if (op != OP_ANSWER && op != OP_RECORD)
		return NULL;
	if (!k)
		return _("No complaint is selected.");
	return op == OP_ANSWER && k->answered_s ? _("It is answered already.")
						: NULL;
}

static unsigned complaints_op(struct screen *s, enum op op)
{
	struct complaints *c = of(s);

	if (op == OP_ANSWER) {
		ask_answer(c);
	} else if (op == OP_RECORD) {
		app_push(s->app, &patient_screen,
		    &(struct patient_arg){current(c)->patient, "board", 2});
	} else if (op == OP_CLOSED) {
		c->with_answered ^= true;
		return complaints_refresh(s);
	} else if (!rows_op(&c->rows, op)) {
		return REACT_PASS;
	}
	return REACT_DRAW;
}

static const enum op complaints_ops[] = {OP_ANSWER, OP_RECORD, OP_CLOSED,
    OP_BACK, OP_UNDO, OP_PALETTE, LIST_OPS, OP_NONE};

const struct screen_ops complaints_screen = {
    .name = "complaints",
    .title = N_("Complaints"),
    .size = sizeof(struct complaints),
    .ops = complaints_ops,
    .open = complaints_open,
    .close = complaints_close,
    .draw = complaints_draw,
    .op = complaints_op,
    .refresh = complaints_refresh,
    .why_not = complaints_why_not,
    .subtitle = complaints_subtitle,
};
