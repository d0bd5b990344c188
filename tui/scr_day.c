/*
 * scr_day.c - the history of the day: every record of this seat, and undo of
 * the one selected. Undo is a reversing entry; nothing is erased. Patients
 * that were given to others in one record are one row, which opens.
 */
#include "core/clock.h"
#include "core/id.h"
#include "core/mem.h"
#include "core/signed.h"
#include "core/text.h"
#include "core/tr.h"
#include "core/verdict.h"
#include "core/worklist.h"
#include "tui/app.h"
#include "tui/desk.h"
#include "tui/dialog.h"
#include "tui/list.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENTRIES_MAX 2000
#define FOOT_ROWS 3 /* a rule, and the selected one's verdict in full */

/* One entry, or all moves of a record. */
struct day_row {
	struct signed_entry e;
	int moves; /* not 0: this many patients, closed or opened */
	bool is_part;
	const struct signed_move *move; /* of one move, or of the first */
};

struct day {
	struct screen base;
	struct desk *desk;
	struct list list;
	struct signed_entry *entries;
	struct day_row *rows;
	struct signed_move *moves;
	int entry_count, move_count, count;
	uint64_t opened; /* record whose moves are shown; 0: none */
};

static struct day *of(struct screen *s)
{
	return (struct day *)s;
}

/* ---- rows --------------------------------------------------------------- */

static void row_id(const void *row, struct id *out)
{
	const struct day_row *r = row;
	int index = r->moves ? 0 : r->e.index;

	*out = (struct id){0};
	memcpy(out->b, &r->e.seq, sizeof(r->e.seq));
	memcpy(out->b + 8, &index, sizeof(index));
}

static bool is_move(const struct signed_entry *e)
{
	return e->is_known && e->kind == KIND_ASSIGNED;
}

static const struct signed_move *move_of(
    const struct day *d, const struct signed_entry *e)
{
	for (int i = 0; i < d->move_count; i++)
		if (d->moves[i].seq == e->seq && d->moves[i].index == e->index)
			return &d->moves[i];
	return NULL;
}

static int moves_in(const struct day *d, int from)
{
	int n = 0;

	while (from + n < d->entry_count && is_move(&d->entries[from + n]) &&
	       d->entries[from + n].seq == d->entries[from].seq)
		n++;
	return n;
}

static void put_row(struct day *d, const struct signed_entry *e, int moves)
{
	d->rows[d->count++] = (struct day_row){
	    .e = *e, .moves = moves, .move = is_move(e) ? move_of(d, e) : NULL};
}

/* Several moves of one record become one row, with its parts where it is
 * opened. */
static void make_rows(struct day *d)
{
	d->count = 0;
	for (int i = 0; i < d->entry_count; i++) {
		int n = moves_in(d, i);
		if (n < 2) {
			put_row(d, &d->entries[i], 0);
			continue;
		}
		put_row(d, &d->entries[i], n);
		for (int k = 0; k < n && d->opened == d->entries[i].seq; k++) {
			put_row(d, &d->entries[i + k], 0);
			d->rows[d->count - 1].is_part = true;
		}
		i += n - 1;
	}
}

static int fetch(void *ctx, void *rows, int max, const void *from, int dir)
{
	const struct day *d = ctx;
	const struct list_all all = {
	    d->rows, d->count, sizeof(*d->rows), row_id};

	return list_page(rows, max, &all, from, dir);
}

/* ---- words -------------------------------------------------------------- */

/* Adds a name to "A012, A017" once; "" is nobody. */
static void add_once(char *out, size_t size, const char *name)
{
	size_t n = strlen(out);

	if (!*name)
		name = "-";
	if (strstr(out, name) || n + strlen(name) + 3 > size)
		return;
	snprintf(out + n, size - n, "%s%s", n ? ", " : "", name);
}

/* "A012 -> A017, A019" of all moves of the row. */
static void moves_text(
    char *out, size_t size, const struct day *d, const struct day_row *r)
{
	char from[80] = "", to[80] = "";

	for (int i = 0; i < d->move_count; i++) {
		const struct signed_move *m = &d->moves[i];
		if (m->seq != r->e.seq || (!r->moves && m != r->move))
			continue;
		add_once(from, sizeof(from), m->from);
		add_once(to, sizeof(to), m->to);
	}
	text_copy(out, size, tr(kind_info(KIND_ASSIGNED)->title));
	if (*to) /* an undone one has no rows */
		snprintf(out, size, "%s -> %s", from, to);
}

static void who_text(
    char *out, size_t size, const struct day *d, const struct day_row *r)
{
	struct work_row who = {.name = ""};

	out[0] = '\0';
	if (r->moves)
		snprintf(out, size, _("%d patients"), r->moves);
	else if (r->move)
		text_copy(
		    out, size, words_name(r->move->name, r->move->name_en));
	else if (worklist_row(&who, d->desk->store, &r->e.stream) == 0)
		text_copy(out, size, words_name(who.name, who.name_en));
}

/* ---- drawing ------------------------------------------------------------ */

static void draw_row(void *ctx, struct grid *g, struct spot at, const void *row)
{
	struct day *d = ctx;
	const struct day_row *r = row;
	const struct signed_entry *e = &r->e;
	char when[TIME_TEXT], text[300];
	int in = r->is_part;
	enum look look;

	time_text(when, e->at_s, d->desk->zone_s);
	draw_text(g, (struct spot){at.y, at.x, 6, at.look, false}, when + 11);
	who_text(text, sizeof(text), d, r);
	draw_text(g, (struct spot){at.y, at.x + 7 + in, 12 - in, at.look, true},
	    text);
	text_copy(text, sizeof(text),
	    e->is_known ? tr(kind_info(e->kind)->title) : "?");
	if (is_move(e))
		moves_text(text, sizeof(text), d, r);
	draw_text(g, (struct spot){at.y, at.x + 20, 22, at.look, false}, text);
	draw_text(g,
	    (struct spot){at.y, at.x + 43, 17,
		e->is_received ? LOOK_DONE : LOOK_LATE, false},
	    e->is_received ? _("received") : _("saved here"));
	look = words_verdict(text, sizeof(text), d->desk, e);
	/* the foot says both */
	if (verdict_is_held(e->verdict) && look != LOOK_ALERT)
		text_copy(text, sizeof(text), _("released"));
	draw_text(g,
	    (struct spot){at.y, at.x + 61, at.w - 61,
		look == LOOK_DONE ? LOOK_DIM : look, false},
	    text);
}

static const struct list_source source = {
    sizeof(struct day_row), fetch, row_id, draw_row};

/* ---- reading ------------------------------------------------------------ */

static int read_rows(struct day *d)
{
	int64_t midnight = desk_today(d->desk) * DAY_S - d->desk->zone_s;
	int n = signed_day(d->entries, ENTRIES_MAX, d->desk->store,
		&d->desk->seat, midnight),
	    moves = 0;

	d->entry_count = n < 0 ? 0 : n;
	for (int i = 0; i < n; i++)
		moves += is_move(&d->entries[i]);
	if (moves)
		moves = signed_moves(d->moves, ENTRIES_MAX, d->desk->store,
		    &d->desk->seat, midnight);
	d->move_count = moves < 0 ? 0 : moves;
	make_rows(d);
	return n < 0 ? n : moves < 0 ? moves : 0;
}

static void free_rows(struct day *d)
{
	free(d->entries);
	free(d->rows);
	free(d->moves);
}

static int day_open(struct screen *s, const void *arg)
{
	struct day *d = of(s);
	int rc;

	(void)arg;
	d->desk = desk_of(s->app);
	d->entries = mem_array(ENTRIES_MAX, sizeof(*d->entries));
	d->rows = mem_array(2 * ENTRIES_MAX, sizeof(*d->rows));
	d->moves = mem_array(ENTRIES_MAX, sizeof(*d->moves));
	rc = read_rows(d);
	if (rc < 0) {
		free_rows(d);
		return rc;
	}
	list_init(&d->list, &source, d);
	list_restart(&d->list);
	return 0;
}

static void day_close(struct screen *s)
{
	list_fini(&of(s)->list);
	free_rows(of(s));
}

static unsigned day_refresh(struct screen *s)
{
	struct day *d = of(s);

	if (app_say_error(s->app, read_rows(d)) == 0)
		list_refresh(&d->list);
	return REACT_DRAW;
}

/* No column is wide enough for why something is held. */
static void draw_verdict(struct day *d, struct grid *g)
{
	const struct day_row *r = list_current(&d->list);
	int y = screen_bottom(g) - FOOT_ROWS;
	char text[300];
	enum look look;

	draw_rule(g, y);
	if (!r)
		return;
	look = words_verdict(text, sizeof(text), d->desk, &r->e);
	draw_wrap(
	    g, (struct spot){y + 1, 1, g->cols - 2, look, false}, 2, text);
}

static void day_draw(struct screen *s, struct grid *g)
{
	struct day *d = of(s);

	draw_text(g, spot_rest(g, 1, 2, LOOK_HEAD), _("Time"));
	draw_text(g, spot_rest(g, 1, 9, LOOK_HEAD), _("Patient"));
	draw_text(g, spot_rest(g, 1, 22, LOOK_HEAD), _("Entry"));
	draw_text(g, spot_rest(g, 1, 45, LOOK_HEAD), _("Where"));
	draw_text(g, spot_rest(g, 1, 63, LOOK_HEAD), _("Verdict"));
	list_draw(&d->list, g, spot_rest(g, 2, 0, LOOK_TEXT),
	    screen_bottom(g) - 2 - FOOT_ROWS);
	draw_verdict(d, g);
	if (d->count == 0)
		draw_text(g, spot_rest(g, 3, 3, LOOK_DIM),
		    _("Nothing was recorded here today."));
}

/* ---- undo --------------------------------------------------------------- */

/* What an undo of the row's record takes back: "24 patients: ...". */
static void undo_text(char *out, size_t size, const struct day *d, uint64_t seq)
{
	char name[120];
	int count = 0;
	size_t n = 0;

	for (int i = 0; i < d->entry_count; i++)
		count += d->entries[i].seq == seq;
	n = (size_t)snprintf(out, size, _("%d entries go back: "), count);
	for (int i = 0, told = 0; i < d->entry_count && n + 200 < size; i++) {
		struct day_row r = {.e = d->entries[i]};
		if (r.e.seq != seq)
			continue;
		r.move = is_move(&r.e) ? move_of(d, &r.e) : NULL;
		if (r.move)
			who_text(name, sizeof(name), d, &r);
		else
			text_copy(name, sizeof(name),
			    r.e.is_known ? tr(kind_info(r.e.kind)->title)
					 : "?");
		n += (size_t)snprintf(
		    out + n, size - n, "%s%s", told++ ? ", " : "", name);
	}
	snprintf(out + n, size - n, "%s %s", n + 200 < size ? "." : " ...",
	    _("A reversing entry is signed; both stay in the log."));
}

static void undo_done(void *ctx, int index, const char *text)
{
	struct day *d = ctx;
	const struct day_row *r = list_current(&d->list);

	(void)text;
	if (index != 1 || !r)
		return;
	if (app_say_error(d->base.app,
		d->desk->log.undo(d->desk->log.ctx, &r->e.seat, r->e.seq)) == 0)
		app_say(d->base.app, LOOK_DONE, "%s", _("Undone."));
	app_refresh(d->base.app);
}

static const char *day_why_not(struct screen *s, enum op op)
{
	const struct day_row *r = list_current(&of(s)->list);

	if (op == OP_UNFOLD && (!r || (!r->moves && !r->is_part)))
		return _("There is nothing to open here.");
	if (op != OP_UNDO_ROW)
		return NULL;
	if (!r)
		return _("Nothing was recorded here today.");
	return r->e.is_known && kind_info(r->e.kind)->may_be_undone
		   ? NULL
		   : _("An entry of this kind cannot be undone.");
}

static unsigned day_op(struct screen *s, enum op op)
{
	struct day *d = of(s);
	const struct day_row *r = list_current(&d->list);
	char text[600];
	struct dialog ask = {.title = _("Undo the whole record?"),
	    .text = text,
	    .done = undo_done,
	    .ctx = d};

	if (op == OP_UNDO_ROW) {
		undo_text(text, sizeof(text), d, r->e.seq);
		dialog_confirm(s->app, &ask);
		return REACT_DRAW;
	}
	if (op == OP_UNFOLD) {
		d->opened = d->opened == r->e.seq ? 0 : r->e.seq;
		make_rows(d);
		list_refresh(&d->list);
		return REACT_DRAW;
	}
	return list_op(&d->list, op) ? REACT_DRAW : REACT_PASS;
}

static const enum op day_ops[] = {
    OP_UNFOLD, OP_UNDO_ROW, OP_BACK, OP_PALETTE, LIST_OPS, OP_NONE};

const struct screen_ops day_screen = {
    .name = "day",
    .title = N_("History of the day"),
    .size = sizeof(struct day),
    .ops = day_ops,
    .open = day_open,
    .close = day_close,
    .draw = day_draw,
    .op = day_op,
    .refresh = day_refresh,
    .why_not = day_why_not,
};
