/*
 * preview.c - the preview pane.
 */
#include "tui/preview.h"

#include "core/casefile.h"
#include "core/clock.h"
#include "core/decimal.h"
#include "core/facts.h"
#include "core/history.h"
#include "core/id.h"
#include "core/store.h"
#include "core/target.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/preview_text.h"
#include "tui/standing.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

#define SYSTOLIC "8480-6"
#define DIASTOLIC "8462-4"
#define TREND_POINTS 12
#define LOW_LINES 6

void preview_fini(struct preview *p)
{
	casefile_free(&p->file);
}

bool preview_target(struct target *out, struct desk *d,
    const struct casefile *file, const char *code)
{
	struct facts facts = {0};
	struct target_ask ask = {.patient = &facts, .now_s = desk_now_s(d)};
	bool found;

	if (file)
		history_person(&facts, file, ask.now_s, d->zone_s);
	found = target_find(out, catalog_targets(d->catalog), code, &ask);
	facts_fini(&facts);
	return found;
}

static void set_band(struct chart *c, struct desk *d, const char *code,
    const struct casefile *file)
{
	struct target target;

	if (!preview_target(&target, d, file, code))
		return;
	c->has_high = target.has_below;
	c->has_low = target.has_from;
	c->high = decimal_rescale(target.below, target.below_scale, c->scale);
	c->low = decimal_rescale(target.from, target.from_scale, c->scale);
}

void preview_series(struct chart *c, struct desk *d,
    const struct casefile *file, const char *code, int max)
{
	struct case_point points[CHART_POINTS_MAX];
	int n =
	    case_series(points, max < CHART_POINTS_MAX ? max : CHART_POINTS_MAX,
		d->store, &file->patient, code);

	*c = (struct chart){.scale = n > 0 ? points[0].scale : 0};
	for (int i = n - 1; i >= 0; i--)
		c->points[c->count++] =
		    (struct chart_point){day_of(points[i].at_s, d->zone_s),
			decimal_rescale(
			    points[i].value, points[i].scale, c->scale)};
	set_band(c, d, code, file);
}

/* Without what stands in the chart and beside it. */
static void read_values(struct preview *p, struct desk *d)
{
	struct glance_value all[PREVIEW_VALUES];
	int n = glance_values(all, PREVIEW_VALUES, d->store, &p->patient);

	for (int i = 0; i < n; i++)
		if (strcmp(all[i].code, SYSTOLIC) != 0 &&
		    strcmp(all[i].code, DIASTOLIC) != 0)
			p->values[p->value_count++] = all[i];
}

void preview_show(struct preview *p, struct desk *d, const struct id *patient)
{
	uint64_t generation = store_generation(d->store);

	if (patient && p->file && generation == p->generation &&
	    id_cmp(patient, &p->patient) == 0)
		return;
	casefile_free(&p->file);
	p->trend.count = p->value_count = 0;
	p->generation = generation;
	if (!patient || casefile_load(&p->file, d->store, patient) < 0)
		return;
	p->patient = *patient;
	preview_series(&p->trend, d, p->file, SYSTOLIC, TREND_POINTS);
	read_values(p, d);
	if (glance_loop(&p->loop, d->store, patient) < 0)
		p->loop.alerts = 0;
	preview_text_ask(p->ask, sizeof(p->ask), p->file, d);
}

/* The last six and which way they go. */
static void join_trend(char *out, size_t size, const struct chart *c)
{
	size_t n = 0;
	int from = c->count > 6 ? c->count - 6 : 0;
	int64_t gone;

	out[0] = '\0';
	for (int i = from; i < c->count && n + 24 < size; i++) {
		chart_value(out + n, size - n, c->points[i].value, c->scale);
		n += strlen(out + n);
		out[n++] = ' ';
		out[n] = '\0';
	}
	if (c->count - from < 2)
		return;
	gone = c->points[c->count - 1].value - c->points[from].value;
	text_copy(out + n, size - n,
	    gone < 0   ? _("falling")
	    : gone > 0 ? _("rising")
		       : _("level"));
}

static void person_line(
    char *out, size_t size, const struct preview *p, struct desk *d)
{
	const struct casefile *f = p->file;
	char who[40];
	int age =
	    f->has_birth ? day_age_years(f->birth_day, desk_today(d)) : -1;

	words_person(who, sizeof(who), f->sex, age);
	snprintf(out, size, "%s  %s", words_name(f->name, f->name_en), who);
}

static void due_line(
    char *out, size_t size, struct desk *d, const struct case_due *due)
{
	const char *step =
	    catalog_step_title(d->catalog, due->pathway, due->step);
	const char *why = tr_pick(due->why_zh, due->why_en);
	char day[40], name[200];

	words_pathway(name, sizeof(name),
	    catalog_pathway_title(d->catalog, due->pathway));
	words_day(day, sizeof(day), due->due_day, desk_today(d));
	snprintf(out, size, "%s %s  %s  %s", name, step, day,
	    strcmp(step, why) == 0 ? "" : why);
}

/* ---- a pane being filled ------------------------------------------------- */

struct pane {
	const struct preview *p;
	struct desk *d;
	struct grid *g;
	struct spot at;
	int last; /* first row that is not the pane's */
};

/* A label and what follows it on at most h rows; nothing without a text. */
static void put(struct pane *v, const char *label, const char *text, int h)
{
	struct spot at = v->at;
	int w;

	if (!*text || at.y >= v->last)
		return;
	at.look = LOOK_HEAD;
	w = draw_text(v->g, at, label) + 1;
	at = (struct spot){at.y, at.x + w, at.w - w, LOOK_TEXT, true};
	if (h > v->last - at.y)
		h = v->last - at.y;
	v->at.y += draw_wrap(v->g, at, h, text);
}

/* The same under its label. */
static void put_below(
    struct pane *v, const char *label, const char *text, int h)
{
	struct spot at = v->at;

	if (!*text || at.y + 1 >= v->last)
		return;
	at.look = LOOK_HEAD;
	draw_text(v->g, at, label);
	at = (struct spot){at.y + 1, at.x + 2, at.w - 2, LOOK_TEXT, true};
	if (h > v->last - at.y)
		h = v->last - at.y;
	v->at.y = at.y + draw_wrap(v->g, at, h, text);
}

static void put_dues(struct pane *v, int most)
{
	char line[700];

	for (int i = 0; i < v->p->file->due_count && i < most; i++) {
		due_line(line, sizeof(line), v->d, &v->p->file->dues[i]);
		put(v, _("Due"), line, 2);
	}
}

/* ---- below a list -------------------------------------------------------- */

static void low_person(struct pane *v)
{
	char line[400], more[300];
	int w;

	person_line(line, sizeof(line), v->p, v->d);
	w = draw_text(v->g, v->at, line) + 2;
	preview_text_phones(more, sizeof(more), v->p);
	draw_text(v->g,
	    (struct spot){v->at.y++, v->at.x + w, v->at.w - w, LOOK_TEXT, true},
	    more);
}

static void append(char *out, size_t size, const char *gap, const char *text)
{
	size_t n = strlen(out);

	if (*text)
		snprintf(out + n, size - n, "%s%s", gap, text);
}

/* Did the last alert come of the last call? */
static bool is_of_last(const struct preview *p)
{
	return p->loop.alerts && p->loop.at_s >= p->file->last.at_s - DAY_S;
}

/* The call, what came of it, what the doctor said, how it ended. */
static void low_last(struct pane *v, int h)
{
	static void (*const parts[])(
	    char *out, size_t size, const struct preview *p, struct desk *d) = {
	    preview_text_alert, preview_text_answer, preview_text_loop};
	char line[1600], more[600];

	preview_text_last(line, sizeof(line), v->p, v->d);
	append(line, sizeof(line), ": ", v->p->file->last.note);
	for (size_t i = 0; i < ARRAY_LEN(parts) && is_of_last(v->p); i++) {
		parts[i](more, sizeof(more), v->p, v->d);
		append(line, sizeof(line), "; ", more);
	}
	put(v, _("Last call"), line, h);
}

static void low_values(struct pane *v)
{
	char line[700], values[500];
	struct preview_room room = {v->p, v->d, v->at.w};

	join_trend(line, sizeof(line), &v->p->trend);
	if (v->p->trend.count)
		room.w -= draw_width(_("Systolic")) + draw_width(line) + 4;
	preview_text_values(values, sizeof(values), &room);
	if (v->p->trend.count)
		append(line, sizeof(line), "   ", values);
	put(v, v->p->trend.count ? _("Systolic") : _("Values"),
	    v->p->trend.count ? line : values, 1);
}

/* How often, and whether they came to an end. */
static void low_past(struct pane *v)
{
	const struct glance_loop *loop = &v->p->loop;
	char line[400];

	if (!loop->alerts || (loop->alerts == 1 && is_of_last(v->p)))
		return;
	snprintf(line, sizeof(line), _("%d, closed %d; last: %s"), loop->alerts,
	    loop->closed, tr_pick(loop->text_zh, loop->text_en));
	put(v, _("Earlier alerts"), line, 1);
}

void preview_draw_low(
    const struct preview *p, struct desk *d, struct grid *g, int y)
{
	struct pane v = {
	    p, d, g, {y, 1, g->cols - 2, LOOK_TEXT, true}, y + LOW_LINES};
	char line[900];
	bool is_long;
	int room;

	if (!p->file)
		return;
	low_person(&v);
	preview_text_cases(line, sizeof(line), p);
	put(&v, _("Diagnoses"), line, 1);
	/* what must be asked is never what is cut */
	room = v.at.w - draw_width(_("Ask today")) - 1;
	is_long = draw_width(p->ask) > room;
	low_last(&v, is_long ? 1 : 2);
	low_values(&v);
	text_copy(line, sizeof(line), p->ask);
	preview_text_fit(line, is_long ? 2 * room - room / 4 : room);
	put(&v, _("Ask today"), line, 2);
	low_past(&v);
	standing_text(line, sizeof(line), p->file, desk_today(d));
	put(&v, _("Risk"), line, 1);
	put_dues(&v, 2);
}

/* ---- beside a list ------------------------------------------------------- */

static void side_person(struct pane *v)
{
	char line[900];

	person_line(line, sizeof(line), v->p, v->d);
	draw_text(v->g, v->at, line);
	v->at.y++;
	preview_text_phones(line, sizeof(line), v->p);
	put(v, _("Phone"), line, 2);
	preview_text_cases(line, sizeof(line), v->p);
	v->at.y += draw_wrap(v->g, v->at, 2, line) + 1;
	standing_text(line, sizeof(line), v->p->file, desk_today(v->d));
	put_below(v, _("Risk"), line, 2);
	v->at.y += *line != '\0';
}

static void side_values(struct pane *v)
{
	char line[500];

	if (v->p->trend.count > 1 && v->last - v->at.y > 20) {
		struct spot at = v->at;
		at.look = LOOK_HEAD;
		draw_text(v->g, at, _("Systolic mmHg"));
		chart_draw(v->g, (struct spot){at.y + 1, at.x, at.w, 0, true},
		    8, &v->p->trend);
		v->at.y += 9;
	}
	preview_text_values(
	    line, sizeof(line), &(struct preview_room){v->p, v->d, 0});
	if (*line)
		v->at.y += draw_wrap(v->g, v->at, 4, line);
	v->at.y += v->p->trend.count > 1 || *line;
}

/* The call, the alert that came of it, the answer, the end of the loop. */
static void side_last(struct pane *v)
{
	char line[700];

	preview_text_last(line, sizeof(line), v->p, v->d);
	put(v, _("Last call"), line, 2);
	put(v, " ", v->p->file->last.note, 2);
	preview_text_alert(line, sizeof(line), v->p, v->d);
	put(v, " ", line, 2);
	preview_text_answer(line, sizeof(line), v->p, v->d);
	put(v, " ", line, 2);
	preview_text_loop(line, sizeof(line), v->p, v->d);
	put(v, " ", line, 1);
	v->at.y++;
}

void preview_draw_side(const struct preview *p, struct desk *d, struct grid *g,
    struct spot at, int h)
{
	struct pane v = {
	    p, d, g, {at.y, at.x + 2, at.w - 2, at.look, true}, at.y + h};
	char line[700];

	for (int y = at.y; y < v.last; y++)
		draw_text(g, (struct spot){y, at.x, 1, LOOK_DIM, false}, "|");
	if (!p->file)
		return;
	side_person(&v);
	side_values(&v);
	side_last(&v);
	put(&v, _("Ask today"), p->ask, 3);
	v.at.y += *p->ask != '\0';
	put_dues(&v, CASE_DUES);
	preview_text_drugs(line, sizeof(line), p);
	v.at.y++;
	put_below(&v, _("Medication"), line, 2);
}
