/*
 * scr_visits.c - appointments, reminders and visits of one patient: booked,
 * reminded, came or did not; a vaccination and a visit at home are the same
 * with another kind.
 */
#include "core/casefile.h"
#include "core/clock.h"
#include "core/draft_patient.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/text.h"
#include "core/tr.h"
#include "core/visits.h"
#include "tui/app.h"
#include "tui/desk.h"
#include "tui/dialog.h"
#include "tui/list.h"
#include "tui/screens.h"
#include "tui/when.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 200

struct visits {
	struct screen base;
	struct desk *desk;
	struct id patient;
	char name[96], name_en[96];
	struct list list;
	struct visit_row *rows;
	int count, kind;
	bool is_visit; /* what is being asked for */
};

static struct visits *of(struct screen *s)
{
	return (struct visits *)s;
}

static const struct {
	const char *code, *text;
} kinds[] = {
    {"review", N_("review in the outpatient clinic")},
    {"examination", N_("examination")},
    {"vaccination", N_("vaccination")},
    {"home", N_("visit at home")},
};

static const char *const visit_classes[] = {
    "outpatient", "other", "other", "home"};

/* ---- rows --------------------------------------------------------------- */

static void row_id(const void *row, struct id *out)
{
	const struct visit_row *v = row;
	struct ref ref = {.seq = 0};

	ref_parse(&ref, v->ref);
	*out = ref.seat;
	memcpy(out->b, &ref.seq, sizeof(ref.seq));
	out->b[8] ^= (uint8_t)v->at_s;
}

static int fetch(void *ctx, void *rows, int max, const void *from, int dir)
{
	const struct visits *v = ctx;
	const struct list_all all = {
	    v->rows, v->count, sizeof(*v->rows), row_id};

	return list_page(rows, max, &all, from, dir);
}

static const char *word_of(const char *code)
{
	static const struct {
		const char *code, *text;
	} words[] = {
	    {"booked", N_("booked")},
	    {"reminded", N_("reminded")},
	    {"came", N_("came")},
	    {"missed", N_("did not come")},
	    {"cancelled", N_("cancelled")},
	    {"inpatient", N_("in hospital")},
	    {"emergency", N_("emergency room")},
	    {"outpatient", N_("outpatient clinic")},
	    {"home", N_("at home")},
	    {"phone", N_("by telephone")},
	    {"other", N_("other")},
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(words[i].code, code) == 0)
			return tr(words[i].text);
	return code;
}

static const char *kind_word(const char *department)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (strcmp(kinds[i].code, department) == 0)
			return tr(kinds[i].text);
	return department;
}

static enum look look_of(const struct visits *v, const struct visit_row *r)
{
	bool waits = strcmp(r->state, "booked") == 0 ||
		     strcmp(r->state, "reminded") == 0;

	if (strcmp(r->state, "missed") == 0)
		return LOOK_ALERT;
	if (waits)
		return r->at_s < desk_now_s(v->desk) ? LOOK_LATE : LOOK_MARK;
	return LOOK_TEXT;
}

static void draw_row(void *ctx, struct grid *g, struct spot at, const void *row)
{
	struct visits *v = ctx;
	const struct visit_row *r = row;
	char when[TIME_TEXT];

	time_text(when, r->at_s, v->desk->zone_s);
	draw_text(g, (struct spot){at.y, at.x, 16, at.look, false}, when);
	draw_text(g, (struct spot){at.y, at.x + 18, 14, look_of(v, r), false},
	    word_of(r->state));
	draw_text(g, (struct spot){at.y, at.x + 33, 18, at.look, false},
	    kind_word(r->department));
	draw_text(g, (struct spot){at.y, at.x + 52, at.w - 52, at.look, true},
	    r->note);
}

static const struct list_source source = {
    sizeof(struct visit_row), fetch, row_id, draw_row};

static int read_rows(struct visits *v)
{
	int n = visits_read(v->rows, ROWS_MAX, v->desk->store, &v->patient);

	v->count = n < 0 ? 0 : n;
	return n < 0 ? n : 0;
}

static int visits_open(struct screen *s, const void *arg)
{
	struct visits *v = of(s);
	struct casefile *file;
	int rc;

	v->desk = desk_of(s->app);
	v->patient = *(const struct id *)arg;
	rc = casefile_load(&file, v->desk->store, &v->patient);
	if (rc < 0)
		return rc;
	text_copy(v->name, sizeof(v->name), file->name);
	text_copy(v->name_en, sizeof(v->name_en), file->name_en);
	casefile_free(&file);
	v->rows = mem_array(ROWS_MAX, sizeof(*v->rows));
	rc = read_rows(v);
	if (rc < 0) {
		free(v->rows);
		return rc;
	}
	list_init(&v->list, &source, v);
	list_restart(&v->list);
	return 0;
}

static void visits_close(struct screen *s)
{
	list_fini(&of(s)->list);
	free(of(s)->rows);
}

static unsigned visits_refresh(struct screen *s)
{
	struct visits *v = of(s);

	if (app_say_error(s->app, read_rows(v)) == 0)
		list_refresh(&v->list);
	return REACT_DRAW;
}

static void visits_draw(struct screen *s, struct grid *g)
{
	struct visits *v = of(s);
	int y = screen_top();

	draw_text(g, spot_rest(g, y, 2, LOOK_HEAD), _("When"));
	draw_text(g, spot_rest(g, y, 20, LOOK_HEAD), _("State"));
	draw_text(g, spot_rest(g, y, 35, LOOK_HEAD), _("What for"));
	draw_text(g, spot_rest(g, y, 54, LOOK_HEAD), _("Note"));
	list_draw(&v->list, g, (struct spot){y + 1, 0, g->cols, 0, false},
	    screen_bottom(g) - y - 1);
	if (v->count > 0)
		return;
	draw_caret(g, y + 2, 3);
	draw_text(g, spot_rest(g, y + 2, 3, LOOK_DIM),
	    _("No appointment and no visit yet. n books one."));
}

static void visits_subtitle(struct screen *s, char *out, size_t size)
{
	text_copy(out, size, words_name(of(s)->name, of(s)->name_en));
}

/* ---- what is recorded --------------------------------------------------- */

static void set_state(struct visits *v, const char *state, const char *said)
{
	const struct visit_row *r = list_current(&v->list);
	struct draft draft = {0};
	struct appointment a = {.ref = r->ref,
	    .department = r->department,
	    .state = state,
	    .at_s = r->at_s};

	draft_appointment(&draft, &v->patient, &a);
	desk_save(v->base.app, &draft, said);
}

static void record_visit(struct visits *v, int64_t at_s)
{
	struct draft draft = {0};
	json_t *body = json_object(), *list = json_array(), *o = json_object();
	char key[64];

	snprintf(key, sizeof(key), "%s-%lld", v->desk->member,
	    (long long)desk_now_s(v->desk));
	json_put_str(o, "key", key);
	json_put_str(o, "class", visit_classes[v->kind]);
	json_put_str(o, "department", kinds[v->kind].code);
	json_put_int(o, "from_s", at_s);
	json_array_append_new(list, o);
	json_put(body, "items", list);
	draft_add(&draft, KIND_VISITS_RECORDED, &v->patient, body);
	desk_save(v->base.app, &draft, _("Visit recorded."));
}

static void when_done(void *ctx, int index, const char *text)
{
	struct visits *v = ctx;
	struct draft draft = {0};
	struct appointment a = {
	    .ref = "", .department = kinds[v->kind].code, .state = "booked"};

	(void)index;
	if (!when_parse(&a.at_s, text, desk_now_s(v->desk), v->desk->zone_s)) {
		app_say(v->base.app, LOOK_ALERT, "%s",
		    _("That is no time. Write 15:30, 11-25 15:30 or +2h."));
		return;
	}
	draft_appointment(&draft, &v->patient, &a);
	desk_save(v->base.app, &draft, _("Appointment booked."));
}

static void kind_done(void *ctx, int index, const char *text)
{
	struct visits *v = ctx;
	char initial[40];
	struct dialog d = {.title = tr(kinds[index].text),
	    .text = _("When? 15:30, 11-25 15:30 or +2h"),
	    .initial = initial,
	    .required = true,
	    .done = when_done,
	    .ctx = v};

	(void)text;
	v->kind = index;
	if (v->is_visit) {
		record_visit(v, desk_now_s(v->desk));
		return;
	}
	when_text(initial, sizeof(initial),
	    (desk_today(v->desk) + 7) * DAY_S + 9 * 3600 - v->desk->zone_s,
	    v->desk->zone_s);
	dialog_prompt(v->base.app, &d);
}

static void ask_kind(struct visits *v, bool is_visit)
{
	struct dialog_choice choices[ARRAY_LEN(kinds)];
	struct dialog d = {.title = is_visit ? _("A visit that took place")
					     : _("New appointment"),
	    .choices = choices,
	    .choice_count = ARRAY_LEN(kinds),
	    .done = kind_done,
	    .ctx = v};

	v->is_visit = is_visit;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		choices[i] = (struct dialog_choice){0, tr(kinds[i].text), NULL};
	dialog_pick(v->base.app, &d);
}

static const char *visits_why_not(struct screen *s, enum op op)
{
	const struct visit_row *r = list_current(&of(s)->list);

	if (op != OP_REMINDED && op != OP_CAME && op != OP_MISSED &&
	    op != OP_CANCELLED)
		return NULL;
	return r && r->is_appointment ? NULL
				      : _("This belongs to an appointment.");
}

static unsigned visits_op(struct screen *s, enum op op)
{
	struct visits *v = of(s);

	if (list_op(&v->list, op))
		return REACT_DRAW;
	if (op == OP_NEW || op == OP_VISITED)
		ask_kind(v, op == OP_VISITED);
	else if (op == OP_REMINDED)
		set_state(v, "reminded", _("Reminder recorded."));
	else if (op == OP_CAME)
		set_state(v, "came", _("Recorded: came."));
	else if (op == OP_MISSED)
		set_state(v, "missed", _("Recorded: did not come."));
	else if (op == OP_CANCELLED)
		set_state(v, "cancelled", _("Appointment cancelled."));
	else
		return REACT_PASS;
	return REACT_DRAW;
}

static const enum op visits_ops[] = {OP_NEW, OP_REMINDED, OP_CAME, OP_MISSED,
    OP_CANCELLED, OP_VISITED, OP_UNDO, OP_BACK, LIST_OPS, OP_NONE};

const struct screen_ops visits_screen = {
    .name = "visits",
    .title = N_("Visits and appointments"),
    .size = sizeof(struct visits),
    .ops = visits_ops,
    .open = visits_open,
    .close = visits_close,
    .draw = visits_draw,
    .op = visits_op,
    .refresh = visits_refresh,
    .why_not = visits_why_not,
    .subtitle = visits_subtitle,
};
