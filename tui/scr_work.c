/*
 * scr_work.c - the worklist: whom to call now and why, with a preview and a
 * filter that works as it is typed.
 */
#include "core/board.h"
#include "core/clock.h"
#include "core/err.h"
#include "core/id.h"
#include "core/json.h"
#include "core/store.h"
#include "core/text.h"
#include "core/tr.h"
#include "core/worklist.h"
#include "tui/app.h"
#include "tui/begin.h"
#include "tui/call.h"
#include "tui/catalog.h"
#include "tui/circum.h"
#include "tui/desk.h"
#include "tui/dialog.h"
#include "tui/field.h"
#include "tui/list.h"
#include "tui/preview.h"
#include "tui/raise.h"
#include "tui/scr_work_in.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WIDE_COLS 110
#define LIST_COLS 78
#define LOW_ROWS 7
#define SNOOZE_CAP 3
#define PAUSE_MS 300 /* of the hand, after which there is time */
#define SLICE 500    /* patients in one turn of the loop, about a ms */

static struct work *of(struct screen *s)
{
	return (struct work *)s;
}

/* ---- rows --------------------------------------------------------------- */

static int fetch(void *ctx, void *rows, int max, const void *from, int dir)
{
	return worklist_page(
	    ((struct work *)ctx)->worklist, rows, max, from, dir);
}

static void row_id(const void *row, struct id *out)
{
	*out = ((const struct work_row *)row)->patient;
}

/* Widths of the columns for this width: name, pathway, step, due. */
struct widths {
	int name, pathway, step, due;
};

static struct widths widths_for(int w)
{
	/* the step holds the longest number of days uncut: cut short, day
	 * 14 after a discharge reads as day 1 */
	struct widths c = {11, 15, 13, 9};
	int extra = w - 78;

	if (extra < -2)
		extra = -2;
	c.pathway += extra > 10 ? 10 : extra;
	if (w < 70)
		c = (struct widths){9, 10, 0, 11};
	return c;
}

static struct spot column(struct spot *at, int w)
{
	struct spot c = *at;

	c.w = w < at->w ? w : at->w;
	at->x += w + 1;
	at->w -= w + 1;
	return c;
}

static bool is_unfinished(const struct work *w, const struct id *patient)
{
	for (int i = 0; i < w->unfinished_count; i++)
		if (id_cmp(&w->unfinished[i], patient) == 0)
			return true;
	return false;
}

static struct spot after(struct spot at, int w)
{
	at.x += w;
	at.w -= w;
	return at;
}

static void draw_row(void *ctx, struct grid *g, struct spot at, const void *row)
{
	struct work *w = ctx;
	const struct work_row *r = row;
	struct widths c = widths_for(at.w);
	struct spot risk = column(&at, 6);
	char text[300], step[300];

	risk.look = words_risk_look(r->risk);
	draw_text(g, risk, words_risk(r->risk));
	at.secret = true;
	draw_text(g, column(&at, c.name), words_name(r->name, r->name_en));
	at.secret = false;
	snprintf(text, sizeof(text), "%d",
	    day_age_years(r->birth_day, desk_today(w->desk)));
	draw_right(g, column(&at, 3), r->has_birth ? text : "");
	words_pathway(text, sizeof(text),
	    catalog_pathway_title(w->desk->catalog, r->pathway));
	draw_text(g, column(&at, c.pathway), text);
	words_short(step, sizeof(step),
	    catalog_step_title(w->desk->catalog, r->pathway, r->step));
	if (c.step)
		draw_text(g, column(&at, c.step), step);
	words_day(text, sizeof(text), r->due_day, desk_today(w->desk));
	draw_text(g, column(&at, c.due), r->has_due ? text : "");
	at.look = words_state(text, sizeof(text), w->desk, r);
	if (c.step && strcmp(text, step) == 0)
		text[0] = '\0'; /* says nothing new */
	if (is_unfinished(w, &r->patient)) {
		at.look = LOOK_LATE;
		text_copy(text, sizeof(text), _("unfinished call"));
	}
	if (r->is_unproved)
		at = after(at, draw_text(g, at, "? "));
	draw_text(g, at, text);
}

static void draw_heads(struct grid *g, struct spot at, bool has_unproved)
{
	struct widths c = widths_for(at.w);

	at.look = LOOK_HEAD;
	draw_text(g, column(&at, 6), _("Risk"));
	draw_text(g, column(&at, c.name), _("Name"));
	draw_text(g, column(&at, 3), _("Age"));
	draw_text(g, column(&at, c.pathway), _("Pathway"));
	if (c.step)
		draw_text(g, column(&at, c.step), _("Step"));
	draw_text(g, column(&at, c.due), _("Due"));
	draw_text(g, at, has_unproved ? _("Why  ?unproved") : _("Why now"));
}

static const struct list_source source = {
    sizeof(struct work_row), fetch, row_id, draw_row};

/* ---- reading ------------------------------------------------------------ */

/* What the filter scans, and then the tables of risk that the first record to
 * be opened shows, is read in the pauses of the hand, a slice a turn of the
 * loop; what is missing at the first key is read then. */
static void prepare(void *ctx)
{
	struct work *w = ctx;
	struct app *app = w->base.app;

	if (app_idle_ms(app) < PAUSE_MS)
		app_timer(app, PAUSE_MS, prepare, w);
	else if (worklist_prepare(w->worklist, SLICE) == 1)
		app_timer(app, 1, prepare, w);
	else
		(void)catalog_profile(w->desk->catalog);
}

static int read_list(struct work *w)
{
	struct work_scope scope = {
	    .now_s = desk_now_s(w->desk), .zone_s = w->desk->zone_s};
	int rc;

	text_copy(scope.member, sizeof(scope.member), w->member);
	w->read_day = desk_now_s(w->desk) / 60;
	w->unfinished_count =
	    call_unfinished(w->unfinished, UNFINISHED_MAX, w->desk);
	rc = worklist_refresh(w->worklist, &scope);
	if (rc == 0)
		rc = worklist_counts(w->worklist, &w->counts);
	if (rc == 0)
		app_timer(w->base.app, PAUSE_MS, prepare, w);
	return rc;
}

static void work_close(struct screen *s)
{
	struct work *w = of(s);

	app_untimer(s->app, prepare, w);
	list_fini(&w->list);
	preview_fini(&w->preview);
	worklist_free(&w->worklist);
}

static int work_open(struct screen *s, const void *arg)
{
	struct work *w = of(s);
	int rc;

	w->desk = desk_of(s->app);
	text_copy(w->member, sizeof(w->member), arg ? arg : w->desk->member);
	w->worklist = worklist_new(w->desk->store);
	work_load_filters(w);
	list_init(&w->list, &source, w);
	rc = read_list(w);
	if (rc == 0) {
		list_restart(&w->list);
		rc = w->list.error;
	}
	if (rc < 0)
		work_close(s);
	return rc;
}

/* After a call the same keys begin the next one: never the same patient,
 * who may have stayed where he was until his next try. */
static void go_on(struct work *w)
{
	const struct work_row *r;

	list_refresh_line(&w->list);
	r = list_current(&w->list);
	if (r && id_cmp(&r->patient, &w->called) == 0 &&
	    r->attempts != w->attempts && !is_unfinished(w, &r->patient))
		list_op(&w->list, OP_DOWN);
}

static unsigned work_refresh(struct screen *s)
{
	struct work *w = of(s);

	if (app_say_error(s->app, read_list(w)) < 0)
		return REACT_DRAW;
	if (w->calling && app_top(s->app) == s)
		go_on(w);
	else
		list_refresh(&w->list);
	if (app_top(s->app) == s)
		w->calling = false;
	work_follow_taken(w);
	return REACT_DRAW;
}

/* The minute may change what is due; the list is read again then. */
static unsigned work_tick(struct screen *s)
{
	struct work *w = of(s);

	if (desk_now_s(w->desk) / 60 == w->read_day)
		return REACT_NONE;
	return work_refresh(s);
}

/* ---- drawing ------------------------------------------------------------ */

static void draw_filter(struct work *w, struct grid *g, int y)
{
	const char *hint;
	int n;

	if (!w->filtering && !w->filter.text[0])
		return;
	draw_fill(g, spot_rest(g, y, 0, LOOK_TEXT), ' ');
	n = 2 + draw_text(g, spot_rest(g, y, 1, LOOK_MARK), _("/ filter:"));
	hint = w->filtering ? _("Space marks  Tab: to the rows  Esc clears")
			    : _("/ goes on typing  Esc clears");
	draw_right(g,
	    (struct spot){y, n + 20, g->cols - n - 21, LOOK_DIM, false}, hint);
	field_draw(&w->filter, g,
	    (struct spot){
		y, n, g->cols - n - 3 - draw_width(hint), LOOK_TEXT, true},
	    w->filtering);
}

static void draw_empty(struct work *w, struct grid *g, int y)
{
	const char *text = w->list.error       ? tr(err_text(w->list.error))
			   : w->filter.text[0] ? _("Nobody here matches.")
			   : w->facet != WORK_ALL
			       ? _("Nobody is on this short list.")
			       : _("Nobody is waiting. New patients come "
				   "with the next sync.");

	if (w->list.count == 0)
		draw_text(g, spot_rest(g, y, 3, LOOK_DIM), text);
}

/* A glance at one's own list needs no record; at others' patients it is a
 * view, and each view is a record: the health record makes it. */
static bool may_preview(const struct work *w, const struct work_row *row)
{
	return row->class != WORK_FOUND || strcmp(row->member, w->member) == 0;
}

static void work_draw(struct screen *s, struct grid *g)
{
	struct work *w = of(s);
	const struct work_row *row = list_current(&w->list);
	bool wide = g->cols >= WIDE_COLS, low = !wide && g->rows >= 20;
	int top = screen_top(), bottom = screen_bottom(g);
	int cols = wide ? LIST_COLS : g->cols;
	int list_end = low ? bottom - LOW_ROWS : bottom;

	draw_heads(g, (struct spot){top, 2, cols - 2, LOOK_HEAD, false},
	    w->counts.unproved > 0);
	if (w->filtering || w->filter.text[0])
		list_end--;
	list_draw(&w->list, g, (struct spot){top + 1, 0, cols, 0, false},
	    list_end - top - 1);
	draw_empty(w, g, top + 2);
	row = list_current(&w->list);
	preview_show(&w->preview, w->desk,
	    row && may_preview(w, row) ? &row->patient : NULL);
	if (row && !may_preview(w, row) && (low || wide))
		draw_text(g,
		    wide ? (struct spot){top + 1, cols + 2, g->cols - cols - 2,
			       LOOK_DIM, false}
			 : spot_rest(g, bottom - LOW_ROWS + 1, 1, LOOK_DIM),
		    _("On another list: i opens the record, which is "
		      "recorded."));
	if (low) {
		draw_rule(g, bottom - LOW_ROWS);
		preview_draw_low(
		    &w->preview, w->desk, g, bottom - LOW_ROWS + 1);
	}
	if (wide)
		preview_draw_side(&w->preview, w->desk, g,
		    (struct spot){top, cols, g->cols - cols, LOOK_TEXT, true},
		    bottom - top);
	draw_filter(w, g, list_end);
}

static void work_subtitle(struct screen *s, char *out, size_t size)
{
	struct work *w = of(s);
	char name[96];

	desk_member_name(name, sizeof(name), w->desk, w->member);
	snprintf(out, size, _("%s %s   today %d   overdue %d   done %d"),
	    w->member, name, w->counts.today, w->counts.overdue,
	    w->counts.done);
	if (w->counts.unproved) {
		size_t n = strlen(out);
		snprintf(out + n, size - n, _("   ? unproved %d"),
		    w->counts.unproved);
	}
	if (w->facet != WORK_ALL) {
		size_t n = strlen(out);
		snprintf(
		    out + n, size - n, "   [%s]", work_facet_text(w->facet));
	}
}

/* ---- ops ---------------------------------------------------------------- */

static const char *work_why_not(struct screen *s, enum op op)
{
	struct work *w = of(s);
	const struct work_row *r = list_current(&w->list);

	if (op == OP_REASSIGN && w->desk->role != 'S')
		return _("Only a supervisor reassigns.");
	if (op != OP_SNOOZE && op != OP_CALL && op != OP_RECORD &&
	    op != OP_RAISE && op != OP_DETAILS && op != OP_VISITS)
		return NULL;
	if (!r)
		return _("No patient is selected.");
	if (op == OP_CALL && r->is_refused)
		return _("This patient refused all calls; only a supervisor "
			 "lifts that.");
	if (op == OP_CALL && r->is_dead)
		return _("The patient is recorded as deceased.");
	if (op != OP_SNOOZE)
		return NULL;
	if (r->snoozes >= SNOOZE_CAP && !w->list.mark_count)
		return _("Snoozed three times already: call now, or ask the "
			 "supervisor.");
	return NULL;
}

void work_filter(struct work *w, const char *text)
{
	field_set(&w->filter, text);
	if (app_say_error(w->base.app, worklist_filter(w->worklist, text)) == 0)
		list_restart(&w->list);
}

static unsigned end_filter(struct work *w)
{
	bool filtered = w->filter.text[0] != '\0';

	w->filtering = false;
	if (!filtered) {
		w->facet = WORK_ALL;
		worklist_facet(w->worklist, w->facet);
	}
	work_filter(w, "");
	return REACT_DRAW;
}

struct collect {
	struct work *work;
	struct board_plan plan;
	int rc;
};

static void collect_one(void *ctx, const void *row)
{
	struct collect *c = ctx;
	const struct desk *d = c->work->desk;
	struct board_ask ask = {
	    d->team, desk_today(d), desk_today(d) * DAY_S - d->zone_s};

	if (c->rc == 0)
		c->rc = board_plan_patient(&c->plan, d->store,
		    &((const struct work_row *)row)->patient, &ask);
}

static void reassign(struct work *w)
{
	struct collect c = {.work = w};

	if (w->list.mark_count)
		list_each(&w->list, collect_one, &c);
	else if (list_current(&w->list))
		collect_one(&c, list_current(&w->list));
	if (app_say_error(w->base.app, c.rc) == 0 && c.plan.count)
		app_push(w->base.app, &plan_screen, &c.plan);
	board_plan_fini(&c.plan);
}

/* Other screens; false when op is none of them. */
static bool go_op(struct work *w, enum op op)
{
	const struct work_row *r = list_current(&w->list);
	struct app *app = w->base.app;

	if (op == OP_RECORD && r)
		app_push(app, &patient_screen,
		    &(struct patient_arg){r->patient, "review", 0});
	else if (op == OP_ALERTS)
		app_push(app, &alerts_screen, NULL);
	else if (op == OP_DAY)
		app_push(app, &day_screen, NULL);
	else if (op == OP_SYNC)
		app_push(app, &sync_screen, NULL);
	else if (op == OP_CALENDAR)
		app_push(app, &calendar_screen, NULL);
	else if (op == OP_KPI)
		app_push(app, &kpi_screen, NULL);
	else if (op == OP_CONTENT)
		app_push(app, &content_screen, NULL);
	else if (op == OP_RAISE && r)
		raise_alert(app, &r->patient);
	else if (op == OP_DETAILS && r)
		circum_edit(app, &r->patient);
	else if (op == OP_VISITS && r)
		app_push(app, &visits_screen, &r->patient);
	else if (op == OP_HANDOVER)
		app_push(app, &handover_screen, NULL);
	else if (op == OP_INCOMING)
		work_ask_caller(w);
	else if (op == OP_FILTERS)
		work_ask_filters(w);
	else if (op == OP_REASSIGN)
		reassign(w);
	else
		return false;
	return true;
}

static void call_row(struct work *w)
{
	const struct work_row *r = list_current(&w->list);

	w->calling = true;
	w->called = r->patient;
	w->attempts = r->attempts;
	begin_call(w->base.app, &r->patient);
}

static unsigned work_op(struct screen *s, enum op op)
{
	struct work *w = of(s);

	if (list_op(&w->list, op))
		return REACT_DRAW;
	if (op == OP_FILTER)
		w->filtering = true;
	else if (op == OP_SNOOZE)
		work_ask_snooze(w);
	else if (op == OP_CALL)
		call_row(w);
	else if (go_op(w, op))
		return REACT_DRAW;
	else if (op == OP_QUIT)
		return REACT_QUIT;
	else if (op == OP_BACK &&
		 (w->filtering || w->filter.text[0] || w->facet != WORK_ALL))
		return end_filter(w);
	else
		return REACT_PASS;
	return REACT_DRAW;
}

static unsigned work_key(struct screen *s, const struct key *k)
{
	struct work *w = of(s);

	if (!w->filtering)
		return REACT_NONE;
	/* The filter stays while rows are marked and acted upon. */
	if (k->code == K_SPACE && !k->pasted && w->filter.text[0])
		return list_op(&w->list, OP_MARK) ? REACT_DRAW : REACT_NONE;
	if (k->code == K_TAB) {
		w->filtering = false;
		return REACT_DRAW;
	}
	if (!field_key(&w->filter, k))
		return REACT_NONE;
	if (app_say_error(
		s->app, worklist_filter(w->worklist, w->filter.text)) == 0)
		list_restart(&w->list);
	return REACT_DRAW;
}

static bool work_is_text(struct screen *s)
{
	return of(s)->filtering;
}

static const enum op work_ops[] = {OP_CALL, OP_FILTER, OP_MARK, OP_SNOOZE,
    OP_RECORD, OP_RAISE, OP_CALENDAR, OP_ALERTS, OP_DAY, OP_SYNC, OP_UNDO,
    OP_PALETTE, OP_QUIT, OP_FILTERS, OP_INCOMING, OP_DETAILS, OP_VISITS,
    OP_HANDOVER, OP_MARK_ALL, OP_REASSIGN, OP_KPI, OP_CONTENT, OP_BACK,
    LIST_OPS, OP_NONE};

const struct screen_ops work_screen = {
    .name = "worklist",
    .title = N_("Worklist"),
    .size = sizeof(struct work),
    .ops = work_ops,
    .open = work_open,
    .close = work_close,
    .draw = work_draw,
    .op = work_op,
    .key = work_key,
    .tick = work_tick,
    .refresh = work_refresh,
    .why_not = work_why_not,
    .is_text = work_is_text,
    .subtitle = work_subtitle,
};
