/*
 * scr_handover.c - the end of a shift: what is still open here, to whom it
 * is handed over, and what was handed to me.
 */
#include "core/clock.h"
#include "core/err.h"
#include "core/handover.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/promises.h"
#include "core/text.h"
#include "core/tr.h"
#include "core/worklist.h"
#include "tui/app.h"
#include "tui/call.h"
#include "tui/desk.h"
#include "tui/dialog.h"
#include "tui/list.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 60
#define PEOPLE_MAX 30
#define OPEN_MAX 16
#define PROMISES_MAX 200

struct handover {
	struct screen base;
	struct desk *desk;
	struct list list;
	struct handover_row *rows;
	int count;
	struct team_person people[PEOPLE_MAX];
	struct id unfinished[OPEN_MAX];
	struct promise_row *promises;
	int unfinished_count, promise_count, alerts, unsent;
};

static struct handover *of(struct screen *s)
{
	return (struct handover *)s;
}

/* ---- rows --------------------------------------------------------------- */

static void row_id(const void *row, struct id *out)
{
	struct ref ref = {.seq = 0};

	ref_parse(&ref, ((const struct handover_row *)row)->ref);
	*out = ref.seat;
	memcpy(out->b, &ref.seq, sizeof(ref.seq));
}

static int fetch(void *ctx, void *rows, int max, const void *from, int dir)
{
	const struct handover *h = ctx;
	const struct list_all all = {
	    h->rows, h->count, sizeof(*h->rows), row_id};

	return list_page(rows, max, &all, from, dir);
}

static bool is_for_me(const struct handover *h, const struct handover_row *r)
{
	return strcmp(r->to, h->desk->member) == 0;
}

static void draw_row(void *ctx, struct grid *g, struct spot at, const void *row)
{
	struct handover *h = ctx;
	const struct handover_row *r = row;
	char day[40], from[96], to[96], text[160];
	enum look look = r->accepted_s ? LOOK_DONE : LOOK_LATE;

	words_day(day, sizeof(day), r->day, desk_today(h->desk));
	desk_member_name(from, sizeof(from), h->desk, r->from);
	desk_member_name(to, sizeof(to), h->desk, r->to);
	draw_text(g, (struct spot){at.y, at.x, 10, at.look, false}, day);
	snprintf(text, sizeof(text), "%.40s -> %.40s", from, to);
	draw_text(g, (struct spot){at.y, at.x + 11, 24, at.look, false}, text);
	draw_text(g, (struct spot){at.y, at.x + 36, 14, look, false},
	    r->accepted_s     ? _("accepted")
	    : is_for_me(h, r) ? _("Enter accepts")
			      : _("not accepted"));
	snprintf(text, sizeof(text),
	    _("calls %d  promises %d  alerts %d  unsent %d"), r->unfinished,
	    r->promises, r->alerts, r->unsent);
	draw_text(
	    g, (struct spot){at.y, at.x + 51, at.w - 51, at.look, false}, text);
}

static const struct list_source source = {
    sizeof(struct handover_row), fetch, row_id, draw_row};

/* ---- reading ------------------------------------------------------------ */

/* Promises of today and tomorrow: what the next shift must keep. */
static int soon_promises(struct handover *h)
{
	int64_t until = desk_now_s(h->desk) + DAY_S;
	int n = promises_read(
	    h->promises, PROMISES_MAX, h->desk->store, h->desk->member);

	h->promise_count = 0;
	while (
	    h->promise_count < n && h->promises[h->promise_count].due_s < until)
		h->promise_count++;
	return n < 0 ? n : 0;
}

static int read_all(struct handover *h)
{
	struct desk *d = h->desk;
	struct desk_sync sync = {.unsent = 0};
	int n, rc;

	h->unfinished_count = call_unfinished(h->unfinished, OPEN_MAX, d);
	rc = soon_promises(h);
	if (rc == 0)
		rc = handover_alerts(&h->alerts, d->store, d->member);
	if (d->sync_state)
		d->sync_state(d->sync_ctx, &sync);
	h->unsent = (int)sync.unsent;
	n = handover_read(h->rows, ROWS_MAX, d->store, &d->team, d->member);
	h->count = n < 0 ? 0 : n;
	return rc < 0 ? rc : n < 0 ? n : 0;
}

static void handover_close(struct screen *s)
{
	list_fini(&of(s)->list);
	free(of(s)->rows);
	free(of(s)->promises);
}

static int handover_open(struct screen *s, const void *arg)
{
	struct handover *h = of(s);
	int rc;

	(void)arg;
	h->desk = desk_of(s->app);
	h->rows = mem_array(ROWS_MAX, sizeof(*h->rows));
	h->promises = mem_array(PROMISES_MAX, sizeof(*h->promises));
	list_init(&h->list, &source, h);
	rc = read_all(h);
	if (rc < 0)
		handover_close(s);
	else
		list_restart(&h->list);
	return rc;
}

static unsigned handover_refresh(struct screen *s)
{
	if (app_say_error(s->app, read_all(of(s))) == 0)
		list_refresh(&of(s)->list);
	return REACT_DRAW;
}

/* ---- drawing ------------------------------------------------------------ */

static void draw_names(struct handover *h, struct grid *g, int y)
{
	struct spot at = {y, 22, g->cols - 24, LOOK_TEXT, true};

	for (int i = 0; i < h->unfinished_count && at.w > 12; i++) {
		struct work_row row = {.name = ""};
		int w;
		if (worklist_row(&row, h->desk->store, &h->unfinished[i]) < 0)
			continue;
		w = draw_text(g, at, words_name(row.name, row.name_en)) + 2;
		at.x += w;
		at.w -= w;
	}
}

static int draw_open(struct handover *h, struct grid *g, int y)
{
	char when[60];

	draw_text(g, spot_rest(g, y++, 1, LOOK_HEAD), _("Still open here"));
	draw_textf(g, spot_rest(g, y, 3, LOOK_TEXT), _("unfinished calls %d"),
	    h->unfinished_count);
	draw_names(h, g, y++);
	draw_textf(g, spot_rest(g, y++, 3, LOOK_TEXT),
	    _("own alerts not closed %d"), h->alerts);
	draw_textf(g, spot_rest(g, y++, 3, h->unsent ? LOOK_LATE : LOOK_TEXT),
	    _("records not received by the centre %d"), h->unsent);
	draw_textf(g, spot_rest(g, y++, 3, LOOK_TEXT),
	    _("promises until tomorrow %d"), h->promise_count);
	for (int i = 0; i < h->promise_count && i < 4; i++) {
		const struct promise_row *p = &h->promises[i];
		words_time(when, sizeof(when), h->desk, p->due_s);
		draw_text(g, (struct spot){y, 5, 14, LOOK_DIM, false}, when);
		draw_text(g,
		    (struct spot){y++, 20, g->cols - 21, LOOK_TEXT, true},
		    words_name(p->name, p->name_en));
	}
	return y;
}

static void handover_draw(struct screen *s, struct grid *g)
{
	struct handover *h = of(s);
	int y = draw_open(h, g, screen_top());

	draw_rule(g, y++);
	draw_text(g, spot_rest(g, y++, 1, LOOK_HEAD), _("Hand-overs"));
	if (screen_bottom(g) > y)
		list_draw(&h->list, g, (struct spot){y, 0, g->cols, 0, false},
		    screen_bottom(g) - y);
	if (h->count > 0)
		return;
	draw_caret(g, y, 3);
	draw_text(g, spot_rest(g, y, 3, LOOK_DIM),
	    _("None yet. n hands this shift over."));
}

static void handover_subtitle(struct screen *s, char *out, size_t size)
{
	struct desk *d = of(s)->desk;

	snprintf(out, size, "%s %s", d->member, desk_own_name(d));
}

/* ---- giving and taking -------------------------------------------------- */

static void give_done(void *ctx, int index, const char *text)
{
	struct handover *h = ctx;
	struct draft draft = {0};
	json_t *body = json_object();

	(void)text;
	json_put_str(body, "to", h->people[index].member);
	json_put_int(body, "day", desk_today(h->desk));
	json_put_int(body, "unfinished", h->unfinished_count);
	json_put_int(body, "promises", h->promise_count);
	json_put_int(body, "alerts", h->alerts);
	json_put_int(body, "unsent", h->unsent);
	draft_add(&draft, KIND_HANDOVER_GIVEN, &h->desk->team, body);
	desk_save(h->base.app, &draft,
	    _("Shift handed over; your successor accepts it."));
}

static void ask_successor(struct handover *h)
{
	struct dialog_choice choices[PEOPLE_MAX];
	char texts[PEOPLE_MAX][130];
	struct dialog d = {.title = _("Hand over to"),
	    .choices = choices,
	    .done = give_done,
	    .ctx = h};
	int n = handover_people(h->people, PEOPLE_MAX, h->desk->store,
	    &h->desk->team, h->desk->member);

	if (app_say_error(h->base.app, n) < 0)
		return;
	for (int i = 0; i < n; i++) {
		snprintf(texts[i], sizeof(texts[i]), "%s %s",
		    h->people[i].member,
		    words_name(h->people[i].name, h->people[i].name_en));
		choices[i] = (struct dialog_choice){0, texts[i], NULL};
	}
	d.choice_count = n;
	if (n > 0)
		dialog_pick(h->base.app, &d);
	else
		app_say(h->base.app, LOOK_LATE, "%s",
		    _("Nobody else is in the team yet."));
}

static void accept(struct handover *h, const struct handover_row *r)
{
	struct draft draft = {0};
	json_t *body = json_object();

	json_put_str(body, "handover", r->ref);
	draft_add(&draft, KIND_HANDOVER_ACCEPTED, &h->desk->team, body);
	desk_save(h->base.app, &draft, _("Hand-over accepted."));
}

static const char *handover_why_not(struct screen *s, enum op op)
{
	struct handover *h = of(s);
	const struct handover_row *r = list_current(&h->list);

	if (op != OP_ACCEPT)
		return NULL;
	if (!r || !is_for_me(h, r))
		return _("This hand-over is not for you.");
	return r->accepted_s ? _("Accepted already.") : NULL;
}

static unsigned handover_op(struct screen *s, enum op op)
{
	struct handover *h = of(s);

	if (list_op(&h->list, op))
		return REACT_DRAW;
	if (op == OP_GIVE)
		ask_successor(h);
	else if (op == OP_ACCEPT)
		accept(h, list_current(&h->list));
	else
		return REACT_PASS;
	return REACT_DRAW;
}

static const enum op handover_ops[] = {
    OP_GIVE, OP_ACCEPT, OP_UNDO, OP_BACK, LIST_OPS, OP_NONE};

const struct screen_ops handover_screen = {
    .name = "handover",
    .title = N_("Shift hand-over"),
    .size = sizeof(struct handover),
    .ops = handover_ops,
    .open = handover_open,
    .close = handover_close,
    .draw = handover_draw,
    .op = handover_op,
    .refresh = handover_refresh,
    .why_not = handover_why_not,
    .subtitle = handover_subtitle,
};
