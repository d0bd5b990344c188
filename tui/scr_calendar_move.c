/*
 * scr_calendar_move.c - a promise goes to another quarter of an hour, or a
 * new one is given. What is full is never taken: the next free quarter is
 * proposed instead, and the same key takes that.
 */
#include "core/clock.h"
#include "core/draft_contact.h"
#include "core/json.h"
#include "core/search.h"
#include "core/text.h"
#include "core/tr.h"
#include "core/worklist.h"
#include "tui/app.h"
#include "tui/catalog.h"
#include "tui/dialog.h"
#include "tui/scr_calendar_in.h"
#include "tui/when.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

/* ---- moving ------------------------------------------------------------- */

/* Neither past nor over: free for this promise. */
static bool is_free(const struct calendar *c, int64_t at_s)
{
	struct slots slots = calendar_slots(c);

	return at_s > desk_now_s(c->desk) && slots_is_free(&slots, at_s);
}

static int64_t next_free(const struct calendar *c, int64_t at_s)
{
	struct slots slots = calendar_slots(c);
	int64_t now = desk_now_s(c->desk);

	return slots_next(&slots, at_s > now ? at_s : now + 1);
}

static const char *why_full(const struct calendar *c, int64_t at_s)
{
	struct slots slots = calendar_slots(c);
	struct hours_verdict v;

	if (at_s <= desk_now_s(c->desk))
		return _("this time is past");
	if (slots_is_taken(&slots, at_s))
		return _("taken by another promise");
	hours_may_call(&v, slots.hours, NULL, at_s, HOURS_NO_PASS);
	return tr_pick(
	    hours_reason_words(v.reason)->zh, hours_reason_words(v.reason)->en);
}

void calendar_move_begin(struct calendar *c, const struct calendar_row *r)
{
	c->moving.row = *r;
	c->moving.at_s = r->at_s;
	calendar_go(c, day_of(r->at_s, c->desk->zone_s));
}

void calendar_move_end(struct calendar *c)
{
	c->moving.at_s = 0;
	calendar_go(c, c->day);
}

void calendar_move_by(struct calendar *c, int64_t seconds)
{
	c->moving.at_s += seconds;
	calendar_go(c, day_of(c->moving.at_s, c->desk->zone_s));
}

static void sign_move(struct calendar *c)
{
	const struct calendar_row *r = &c->moving.row;
	char was[40], is[40], what[300];
	struct draft draft = {0};
	json_t *body =
	    draft_about(&draft, KIND_CALLBACK_MOVED, &r->patient, r->ref);

	json_put_int(body, "due_s", c->moving.at_s);
	when_text(was, sizeof(was), r->at_s, c->desk->zone_s);
	when_text(is, sizeof(is), c->moving.at_s, c->desk->zone_s);
	snprintf(what, sizeof(what), _("Moved: %s %s -> %s"),
	    words_name(r->name, r->name_en), was, is);
	desk_save(c->base.app, &draft, what);
	calendar_move_end(c);
}

void calendar_move_take(struct calendar *c)
{
	const char *why = why_full(c, c->moving.at_s);
	char text[40];

	if (c->moving.at_s == c->moving.row.at_s) {
		calendar_move_end(c);
		return;
	}
	if (is_free(c, c->moving.at_s)) {
		sign_move(c);
		return;
	}
	c->moving.at_s = next_free(c, c->moving.at_s);
	when_text(text, sizeof(text), c->moving.at_s, c->desk->zone_s);
	app_say(c->base.app, LOOK_LATE,
	    _("Not free (%s): %s is the next. Enter takes it."), why, text);
	calendar_go(c, day_of(c->moving.at_s, c->desk->zone_s));
}

static void typed_done(void *ctx, int index, const char *text)
{
	struct calendar *c = ctx;
	int64_t at;

	(void)index;
	if (!when_parse(&at, text, desk_now_s(c->desk), c->desk->zone_s)) {
		app_say(c->base.app, LOOK_ALERT, "%s",
		    _("That is no time. Write 15:30, 11-25 15:30 or +2h."));
		return;
	}
	c->moving.at_s = at;
	calendar_go(c, day_of(at, c->desk->zone_s));
	calendar_move_take(c);
}

void calendar_move_type(struct calendar *c)
{
	char initial[40];
	struct dialog d = {.title = _("Move the callback"),
	    .text = _("When? 15:30, 11-25 15:30 or +2h"),
	    .initial = initial,
	    .required = true,
	    .done = typed_done,
	    .ctx = c};

	when_text(initial, sizeof(initial), c->moving.at_s, c->desk->zone_s);
	dialog_prompt(c->base.app, &d);
}

/* The reason gives way where there is no room: the next free time does not. */
static void draw_full(
    struct grid *g, struct spot at, const char *why, const char *next)
{
	char text[160];

	snprintf(text, sizeof(text), _("%s; next free %s"), why, next);
	if (draw_width(text) > at.w)
		snprintf(text, sizeof(text), _("not free; next %s"), next);
	draw_text(g, at, text);
}

void calendar_move_draw(const struct calendar *c, struct grid *g, int y)
{
	const struct calendar_row *r = &c->moving.row;
	bool free = is_free(c, c->moving.at_s), same;
	char was[40], is[40], next[40];
	struct spot at = {y, 1, g->cols - 2, LOOK_MARK, true};

	same = c->moving.at_s == r->at_s;
	when_text(was, sizeof(was), r->at_s, c->desk->zone_s);
	when_text(is, sizeof(is), c->moving.at_s, c->desk->zone_s);
	at.x += draw_textf(g, at, _("Move %s  %s -> %s   "),
	    words_name(r->name, r->name_en), was, same ? "?" : is);
	at.w = g->cols - at.x;
	at.look = free || same ? LOOK_DONE : LOOK_LATE;
	when_text(
	    next, sizeof(next), next_free(c, c->moving.at_s), c->desk->zone_s);
	if (same)
		draw_text(g, at, _("arrows: the day   + -: 15 min   m: type"));
	else if (free)
		draw_text(g, at, _("free   Enter takes it"));
	else
		draw_full(g, at, why_full(c, c->moving.at_s), next);
}

/* ---- a new one ---------------------------------------------------------- */

static void reason_done(void *ctx, int index, const char *text)
{
	struct calendar *c = ctx;
	struct promise p = {.due_s = c->giving.at_s,
	    .owner = c->desk->member,
	    .who = "",
	    .note = text};
	struct draft draft = {0};
	char when[40], what[120];

	(void)index;
	draft_promise(&draft, &c->giving.patient, &p);
	when_text(when, sizeof(when), p.due_s, c->desk->zone_s);
	snprintf(what, sizeof(what), _("Callback promised: %s"), when);
	if (desk_save(c->base.app, &draft, what) == 0)
		calendar_go(c, day_of(p.due_s, c->desk->zone_s));
}

static void ask_time(struct calendar *c, int64_t at_s);

static void time_done(void *ctx, int index, const char *text)
{
	struct calendar *c = ctx;
	struct dialog d = {.title = _("Promise a callback: why?"),
	    .initial = "",
	    .required = true,
	    .done = reason_done,
	    .ctx = c};
	int64_t at;

	(void)index;
	if (!when_parse(&at, text, desk_now_s(c->desk), c->desk->zone_s)) {
		app_say(c->base.app, LOOK_ALERT, "%s",
		    _("That is no time. Write 15:30, 11-25 15:30 or +2h."));
		return;
	}
	if (!is_free(c, at)) {
		app_say(c->base.app, LOOK_LATE,
		    _("Not free (%s): the next free time is proposed."),
		    why_full(c, at));
		ask_time(c, next_free(c, at));
		return;
	}
	c->giving.at_s = at;
	dialog_prompt(c->base.app, &d);
}

static void ask_time(struct calendar *c, int64_t at_s)
{
	char initial[40];
	struct dialog d = {.title = _("Promise a callback"),
	    .text = _("When? 15:30, 11-25 15:30 or +2h"),
	    .initial = initial,
	    .required = true,
	    .done = time_done,
	    .ctx = c};

	when_text(initial, sizeof(initial), at_s, c->desk->zone_s);
	dialog_prompt(c->base.app, &d);
}

static void patient_done(void *ctx, int index, const char *text)
{
	struct calendar *c = ctx;
	int64_t start = c->day * DAY_S - c->desk->zone_s;

	(void)text;
	c->giving.patient = c->giving.found[index];
	ask_time(c, next_free(c, start));
}

/* One who was found: who it is, and why not. */
static struct dialog_choice choice_of(
    char text[120], const struct calendar *c, const struct id *patient)
{
	struct work_row row = {.sort = 0};
	char who[40], pathway[80];
	int age;

	if (worklist_row(&row, c->desk->store, patient) < 0)
		return (struct dialog_choice){0, "?", _("Not found.")};
	age = row.has_birth ? day_age_years(row.birth_day, desk_today(c->desk))
			    : -1;
	words_person(who, sizeof(who), row.sex, age);
	words_pathway(pathway, sizeof(pathway),
	    catalog_pathway_title(c->desk->catalog, row.pathway));
	snprintf(text, 120, "%.50s  %.20s  %.40s",
	    words_name(row.name, row.name_en), who, pathway);
	return (struct dialog_choice){0, text,
	    row.is_dead ? _("The patient is recorded as deceased.")
	    : row.is_refused
		? _("This patient refused all calls; only a supervisor "
		    "lifts that.")
		: NULL};
}

static void search_done(void *ctx, int index, const char *text)
{
	struct calendar *c = ctx;
	struct dialog_choice choices[CALENDAR_FOUND];
	char texts[CALENDAR_FOUND][120];
	struct search *search = NULL;
	struct dialog d = {.title = _("Whom is it promised?"),
	    .choices = choices,
	    .done = patient_done,
	    .ctx = c};
	int n = search_open(&search, c->desk->store, desk_today(c->desk));

	(void)index;
	if (app_say_error(c->base.app, n) < 0)
		return;
	n = search_find(c->giving.found, CALENDAR_FOUND, search, text);
	search_free(&search);
	if (n < 1) {
		app_say(
		    c->base.app, LOOK_LATE, "%s", _("Nobody here matches."));
		return;
	}
	for (int i = 0; i < n; i++)
		choices[i] = choice_of(texts[i], c, &c->giving.found[i]);
	d.choice_count = n;
	dialog_pick(c->base.app, &d);
}

void calendar_promise(struct calendar *c)
{
	struct dialog d = {.title = _("Promise a callback"),
	    .text = _("To whom? Name, pinyin initials, tail of the ID or "
		      "telephone number"),
	    .initial = "",
	    .required = true,
	    .done = search_done,
	    .ctx = c};

	dialog_prompt(c->base.app, &d);
}
