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
#include "tui/standing.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

#define SYSTOLIC "8480-6"
#define TREND_POINTS 12

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

void preview_show(struct preview *p, struct desk *d, const struct id *patient)
{
	uint64_t generation = store_generation(d->store);

	if (patient && p->file && generation == p->generation &&
	    id_cmp(patient, &p->patient) == 0)
		return;
	casefile_free(&p->file);
	p->trend.count = 0;
	p->generation = generation;
	if (!patient || casefile_load(&p->file, d->store, patient) < 0)
		return;
	p->patient = *patient;
	preview_series(&p->trend, d, p->file, SYSTOLIC, TREND_POINTS);
}

static void join_texts(
    char *out, size_t size, const struct case_text *texts, int count)
{
	size_t n = 0;

	out[0] = '\0';
	for (int i = 0; i < count && n + 8 < size; i++) {
		if (i)
			n += (size_t)snprintf(out + n, size - n, "%s",
			    tr_lang() == LANG_ZH ? "、" : ", ");
		text_copy(out + n, size - n, texts[i].text);
		n += strlen(out + n);
	}
}

static void join_trend(char *out, size_t size, const struct chart *c)
{
	size_t n = 0;
	int from = c->count > 6 ? c->count - 6 : 0;

	out[0] = '\0';
	for (int i = from; i < c->count && n + 24 < size; i++) {
		chart_value(out + n, size - n, c->points[i].value, c->scale);
		n += strlen(out + n);
		out[n++] = ' ';
		out[n] = '\0';
	}
}

static void person_line(
    char *out, size_t size, const struct preview *p, struct desk *d)
{
	const struct casefile *f = p->file;
	char who[40], number[40] = "";
	int age =
	    f->has_birth ? day_age_years(f->birth_day, desk_today(d)) : -1;

	words_person(who, sizeof(who), f->sex, age);
	if (f->phone_count)
		case_mask(number, sizeof(number), f->phones[0].number);
	snprintf(out, size, "%s  %s  %s", words_name(f->name, f->name_en), who,
	    number);
}

static void last_line(
    char *out, size_t size, const struct preview *p, struct desk *d)
{
	const struct case_contact *c = &p->file->last;
	char when[60];

	if (!c->at_s) {
		text_copy(out, size, _("never called"));
		return;
	}
	words_time(when, sizeof(when), d, c->at_s);
	snprintf(out, size, "%s %s %s", when,
	    catalog_disposition(d->catalog, c->disposition), c->note);
}

/* Why the level, and the tags; false where nothing is recorded. */
static bool standing_line(
    char *out, size_t size, const struct preview *p, struct desk *d)
{
	standing_text(out, size, p->file, desk_today(d));
	return *out != '\0';
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

static void labelled(
    struct grid *g, struct spot at, const char *label, const char *text)
{
	int w;

	at.look = LOOK_HEAD;
	w = draw_text(g, at, label) + 1;
	at.look = LOOK_TEXT;
	at.secret = true;
	at.x += w;
	at.w -= w;
	draw_text(g, at, text);
}

void preview_draw_low(
    const struct preview *p, struct desk *d, struct grid *g, int y)
{
	char line[700];
	struct spot at = {y, 1, g->cols - 2, LOOK_TEXT, true};

	if (!p->file)
		return;
	person_line(line, sizeof(line), p, d);
	draw_text(g, at, line);
	at.y++;
	join_texts(
	    line, sizeof(line), p->file->conditions, p->file->condition_count);
	labelled(g, at, _("Diagnoses"), line);
	at.y++;
	if (standing_line(line, sizeof(line), p, d)) {
		labelled(g, at, _("Risk"), line);
		at.y++;
	}
	last_line(line, sizeof(line), p, d);
	labelled(g, at, _("Last call"), line);
	at.y++;
	join_trend(line, sizeof(line), &p->trend);
	if (p->trend.count) {
		labelled(g, at, _("Systolic"), line);
		at.y++;
	}
	for (int i = 0; i < p->file->due_count && i < 2; i++, at.y++) {
		due_line(line, sizeof(line), d, &p->file->dues[i]);
		labelled(g, at, _("Due"), line);
	}
}

static void side_lists(const struct preview *p, struct desk *d, struct grid *g,
    struct spot at, int last)
{
	char line[700];

	for (int i = 0; i < p->file->due_count && at.y < last; i++) {
		due_line(line, sizeof(line), d, &p->file->dues[i]);
		labelled(g, at, _("Due"), "");
		at.x += 5;
		at.w -= 5;
		at.y += draw_wrap(g, at, 2, line);
		at.x -= 5;
		at.w += 5;
	}
	join_texts(line, sizeof(line), p->file->medications,
	    p->file->medication_count);
	at.y++;
	if (line[0] && at.y < last) {
		labelled(g, at, _("Medication"), "");
		at.y++;
		at.secret = true;
		draw_wrap(g, at, last - at.y, line);
	}
}

void preview_draw_side(const struct preview *p, struct desk *d, struct grid *g,
    struct spot at, int h)
{
	int last = at.y + h;
	char line[700];

	for (int y = at.y; y < last; y++)
		draw_text(g, (struct spot){y, at.x, 1, LOOK_DIM, false}, "|");
	at.x += 2;
	at.w -= 2;
	at.secret = true;
	if (!p->file)
		return;
	person_line(line, sizeof(line), p, d);
	draw_text(g, at, line);
	at.y++;
	join_texts(
	    line, sizeof(line), p->file->conditions, p->file->condition_count);
	at.y += draw_wrap(g, at, 2, line) + 1;
	if (standing_line(line, sizeof(line), p, d)) {
		labelled(g, at, _("Risk"), "");
		at.y++;
		at.y += draw_wrap(g, at, 3, line) + 1;
	}
	if (p->trend.count > 1 && last - at.y > 16) {
		labelled(g, at, _("Systolic mmHg"), "");
		chart_draw(g, (struct spot){at.y + 1, at.x, at.w, 0, true}, 9,
		    &p->trend);
		at.y += 11;
	}
	last_line(line, sizeof(line), p, d);
	labelled(g, at, _("Last call"), "");
	at.y++;
	at.y += draw_wrap(g, at, 3, line) + 1;
	side_lists(p, d, g, at, last);
}
