/*
 * scr_roster.c - the people: role, team, duty, capacity, terminals, who
 * covers whom until when. A supervisor changes the places of the own team;
 * roles and terminals are granted with suifang-key.
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

#define MEMBERS_MAX 2000
#define CAPACITY_MAX 1000

struct roster {
	struct screen base;
	struct desk *desk;
	struct office_member *members;
	struct rows rows;
};

static struct roster *of(struct screen *s)
{
	return (struct roster *)s;
}

static const char *role_word(const char *role)
{
	static const struct {
		const char *role, *text;
	} words[] = {
	    {"agent", N_("agent")},
	    {"supervisor", N_("supervisor")},
	    {"clinician", N_("clinician")},
	    {"reviewer", N_("reviewer")},
	    {"auditor", N_("auditor")},
	    {"operator", N_("operator")},
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(words[i].role, role) == 0)
			return tr(words[i].text);
	return role;
}

static int read_members(struct roster *r)
{
	int n = office_members(
	    r->members, MEMBERS_MAX, r->desk->store, desk_today(r->desk));

	rows_set(&r->rows, n < 0 ? 0 : n);
	return n < 0 ? n : 0;
}

static int roster_open(struct screen *s, const void *arg)
{
	struct roster *r = of(s);
	int rc;

	(void)arg;
	r->desk = desk_of(s->app);
	r->members = mem_array(MEMBERS_MAX, sizeof(*r->members));
	rc = read_members(r);
	if (rc < 0)
		free(r->members);
	return rc;
}

static void roster_close(struct screen *s)
{
	free(of(s)->members);
}

static unsigned roster_refresh(struct screen *s)
{
	app_say_error(s->app, read_members(of(s)));
	return REACT_DRAW;
}

static const struct office_member *current(const struct roster *r)
{
	return r->rows.count ? &r->members[r->rows.current] : NULL;
}

/* ---- drawing ------------------------------------------------------------- */

static void draw_duty(
    struct grid *g, struct spot at, const struct office_member *m)
{
	bool here = at.look == LOOK_SELECT;

	if (id_is_zero(&m->team))
		return;
	if (*m->covered_by) {
		at.look = here ? LOOK_SELECT : LOOK_LATE;
		draw_textf(g, at, _("covered by %s"), m->covered_by);
	} else {
		at.look = here           ? LOOK_SELECT
			  : m->is_active ? LOOK_DONE
					 : LOOK_DIM;
		draw_text(g, at, m->is_active ? _("on duty") : _("off duty"));
	}
}

static void draw_member(struct roster *r, struct grid *g, int y, int i)
{
	const struct office_member *m = &r->members[i];
	struct spot at = rows_bar(&r->rows, g, y, i);
	char text[160];

	snprintf(text, sizeof(text), "%s %s", m->member,
	    words_name(m->name, m->name_en));
	draw_text(g, (struct spot){y, 2, 20, at.look, false}, text);
	draw_text(
	    g, (struct spot){y, 23, 10, at.look, false}, role_word(m->role));
	draw_text(g, (struct spot){y, 34, 14, at.look, false},
	    words_name(m->team_name, m->team_name_en));
	draw_duty(g, (struct spot){y, 49, 15, at.look, false}, m);
	if (strcmp(m->role, "agent") == 0) {
		snprintf(text, sizeof(text), "%d", m->capacity);
		draw_right(g, (struct spot){y, 64, 5, at.look, false}, text);
	}
	snprintf(text, sizeof(text), "%d", m->seats);
	draw_right(g, (struct spot){y, 71, 5, at.look, false}, text);
	if (g->cols > 100 && m->last_s) {
		words_time(text, sizeof(text), r->desk, m->last_s);
		draw_text(g, (struct spot){y, 80, g->cols - 80, at.look, false},
		    text);
	}
}

static void draw_heads(struct grid *g)
{
	draw_text(g, spot_rest(g, 1, 2, LOOK_HEAD), _("Member"));
	draw_text(g, spot_rest(g, 1, 23, LOOK_HEAD), _("Role"));
	draw_text(g, spot_rest(g, 1, 34, LOOK_HEAD), _("Team"));
	draw_text(g, spot_rest(g, 1, 49, LOOK_HEAD), _("Duty"));
	draw_right(g, (struct spot){1, 62, 7, LOOK_HEAD, false}, _("Capac."));
	draw_right(g, (struct spot){1, 70, 6, LOOK_HEAD, false}, _("Seats"));
	if (g->cols > 100)
		draw_text(g, spot_rest(g, 1, 80, LOOK_HEAD), _("Last record"));
}

static void draw_pair(
    struct grid *g, int y, const char *label, const char *text)
{
	draw_text(g, (struct spot){y, 2, 14, LOOK_HEAD, false}, label);
	draw_text(g, spot_rest(g, y, 17, LOOK_TEXT), text);
}

static void draw_detail(struct roster *r, struct grid *g, int y)
{
	const struct office_member *m = current(r);
	char day[DAY_TEXT], text[160] = "-";

	draw_rule(g, y);
	if (!m)
		return;
	draw_pair(g, y + 1, _("Scripts"),
	    !*m->skills                   ? _("any")
	    : strcmp(m->skills, "*") == 0 ? _("all")
					  : m->skills);
	draw_pair(g, y + 2, _("Speaks"), *m->dialects ? m->dialects : "-");
	draw_pair(g, y + 3, _("Telephone"), *m->phone ? m->phone : "-");
	if (m->cover_until_day) {
		day_text(day, m->cover_until_day);
		snprintf(text, sizeof(text),
		    _("%s until the end of %s, then it returns by itself"),
		    m->covered_by, day);
	} else if (m->until_s && m->until_s < INT64_C(253402300799)) {
		day_text(day, day_of(m->until_s, r->desk->zone_s));
		snprintf(text, sizeof(text), _("role granted until %s"), day);
	}
	draw_pair(g, y + 4, _("Cover, grant"), text);
}

static void roster_draw(struct screen *s, struct grid *g)
{
	struct roster *r = of(s);
	struct rows *rows = &r->rows;

	rows_fit(rows, screen_bottom(g) - 2 - 5);
	draw_heads(g);
	for (int i = 0; i < rows->height && rows->top + i < rows->count; i++)
		draw_member(r, g, 2 + i, rows->top + i);
	draw_detail(r, g, screen_bottom(g) - 5);
}

static void roster_subtitle(struct screen *s, char *out, size_t size)
{
	snprintf(out, size, _("%d people"), of(s)->rows.count);
}

/* ---- acts ---------------------------------------------------------------- */

static void save(struct roster *r, const struct office_member *m)
{
	struct draft draft = {0};

	office_member_draft(&draft, m);
	desk_save(r->base.app, &draft, _("The roster is changed."));
}

static void take_capacity(void *ctx, int index, const char *text)
{
	struct roster *r = ctx;
	struct office_member m = *current(r);
	char *end;
	long n = strtol(text, &end, 10);

	(void)index;
	if (*end || end == text || n < 0 || n > CAPACITY_MAX) {
		app_say(r->base.app, LOOK_ALERT, "%s",
		    _("Write a number of patients, 0 to 1000."));
		return;
	}
	m.capacity = (int)n;
	save(r, &m);
}

static void take_skills(void *ctx, int index, const char *text)
{
	struct roster *r = ctx;
	struct office_member m = *current(r);

	(void)index;
	text_copy(m.skills, sizeof(m.skills) - 4, text);
	save(r, &m);
}

static void ask_capacity(struct roster *r)
{
	char now[16];
	struct dialog d = {.title = _("Patients this agent can follow"),
	    .initial = now,
	    .required = true,
	    .done = take_capacity,
	    .ctx = r};

	snprintf(now, sizeof(now), "%d", current(r)->capacity);
	dialog_prompt(r->base.app, &d);
}

static void ask_skills(struct roster *r)
{
	struct dialog d = {.title = _("Scripts, separated by ; or * for all"),
	    .initial = current(r)->skills,
	    .done = take_skills,
	    .ctx = r};

	dialog_prompt(r->base.app, &d);
}

static const char *roster_why_not(struct screen *s, enum op op)
{
	struct roster *r = of(s);
	const struct office_member *m = current(r);

	if (op != OP_DUTY && op != OP_CAPACITY && op != OP_SKILLS)
		return NULL;
	if (r->desk->role != 'S')
		return _("Only a supervisor changes the roster.");
	if (!m || id_cmp(&m->team, &r->desk->team) != 0)
		return _("This person is not in your team.");
	return NULL;
}

static unsigned roster_op(struct screen *s, enum op op)
{
	struct roster *r = of(s);

	if (op == OP_DUTY) {
		struct office_member m = *current(r);
		m.is_active ^= true;
		save(r, &m);
	} else if (op == OP_CAPACITY) {
		ask_capacity(r);
	} else if (op == OP_SKILLS) {
		ask_skills(r);
	} else if (!rows_op(&r->rows, op)) {
		return REACT_PASS;
	}
	return REACT_DRAW;
}

static const enum op roster_ops[] = {OP_DUTY, OP_CAPACITY, OP_SKILLS, OP_BACK,
    OP_UNDO, OP_PALETTE, LIST_OPS, OP_NONE};

const struct screen_ops roster_screen = {
    .name = "roster",
    .title = N_("Roster"),
    .size = sizeof(struct roster),
    .ops = roster_ops,
    .open = roster_open,
    .close = roster_close,
    .draw = roster_draw,
    .op = roster_op,
    .refresh = roster_refresh,
    .why_not = roster_why_not,
    .subtitle = roster_subtitle,
};
