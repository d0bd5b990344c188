/* preview_text.c - the lines of a preview. */
#include "tui/preview_text.h"

#include "core/casefile.h"
#include "core/clock.h"
#include "core/facts.h"
#include "core/script.h"
#include "core/target.h"
#include "core/text.h"
#include "core/tr.h"
#include "core/triage.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/preview.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

#define VALUES_SHOWN 4
#define FACT_SYSTEM "urn:suifang:fact"
#define ADHERENCE "adherence"

/* ---- text that grows ---------------------------------------------------- */

struct line {
	char *out;
	size_t size, n;
	int w; /* cells at most; 0: no matter */
};

static struct line line_of(char *out, size_t size)
{
	out[0] = '\0';
	return (struct line){out, size, 0, 0};
}

/* Whole or not at all: half a word says something else. */
static void add(struct line *l, const char *between, const char *text)
{
	const char *gap = l->n ? between : "";

	if (!*text || l->n + strlen(gap) + strlen(text) >= l->size)
		return;
	if (l->w &&
	    draw_width(l->out) + (int)strlen(gap) + draw_width(text) > l->w)
		return;
	l->n +=
	    (size_t)snprintf(l->out + l->n, l->size - l->n, "%s%s", gap, text);
}

static const char *comma(void)
{
	return tr_lang() == LANG_ZH ? "、" : ", ";
}

void preview_text_fit(char *list, int w)
{
	static const char more[] = " ...";
	bool is_cut = false;
	char *end = NULL;

	while (draw_width(list) > w - (is_cut ? 4 : 0)) {
		end = NULL;
		for (char *p = list; (p = strstr(p, comma())); p++)
			end = p;
		if (!end)
			return;
		*end = '\0';
		is_cut = true;
	}
	/* a piece that is gone was longer than this */
	if (end)
		memcpy(end, more, sizeof(more));
}

/* ---- who ----------------------------------------------------------------- */

static bool is_own(const struct case_phone *p)
{
	return !*p->relation || strcmp(p->relation, "self") == 0;
}

void preview_text_phones(char *out, size_t size, const struct preview *p)
{
	struct line l = line_of(out, size);

	for (int i = 0; i < p->file->phone_count; i++) {
		const struct case_phone *phone = &p->file->phones[i];
		char number[40], one[160];
		if (phone->retired)
			continue;
		case_mask(number, sizeof(number), phone->number);
		snprintf(one, sizeof(one), "%s%s%s%s%s",
		    is_own(phone) ? "" : words_relation(phone->relation),
		    *phone->name ? " " : "", phone->name,
		    is_own(phone) && !*phone->name ? "" : " ", number);
		add(&l, "  ", one);
	}
}

void preview_text_cases(char *out, size_t size, const struct preview *p)
{
	const struct casefile *f = p->file;
	struct line l = line_of(out, size);

	for (int i = 0; i < f->condition_count; i++)
		add(&l, comma(), f->conditions[i].text);
	for (int i = 0; i < f->procedure_count; i++) {
		char day[DAY_TEXT], one[260];
		day_text(day, f->procedures[i].day);
		snprintf(one, sizeof(one), "%s%s%s", f->procedures[i].text,
		    f->procedures[i].day ? " " : "",
		    f->procedures[i].day ? day : "");
		add(&l, i ? comma() : "  ", one);
	}
}

void preview_text_drugs(char *out, size_t size, const struct preview *p)
{
	struct line l = line_of(out, size);

	for (int i = 0; i < p->file->medication_count; i++)
		add(&l, comma(), p->file->medications[i].text);
}

/* ---- newest values ------------------------------------------------------- */

static bool value_target(struct target *out, const struct preview *p,
    struct desk *d, const struct glance_value *v)
{
	return preview_target(out, d, p->file, v->code);
}

static void value_text(
    char *out, size_t size, struct desk *d, const struct glance_value *v)
{
	char name[120], last[32], before[48] = "";

	words_measure(
	    name, sizeof(name), catalog_code_name(d->catalog, v->code));
	chart_value(last, sizeof(last), v->value, v->scale);
	if (v->has_before) {
		chart_value(before, 32, v->before, v->scale);
		strcat(before, " -> ");
	}
	snprintf(out, size, "%s %s%s", name, before, last);
}

static void add_value(struct line *l, const struct preview_room *room,
    const struct glance_value *v)
{
	const struct preview *p = room->p;
	struct desk *d = room->d;
	struct fact fact = {.kind = FACT_NUMBER};
	struct target target;
	char one[240];
	size_t n;

	fact.value = v->value;
	fact.scale = v->scale;
	value_text(one, sizeof(one), d, v);
	n = strlen(one);
	if (value_target(&target, p, d, v))
		snprintf(one + n, sizeof(one) - n, " %s",
		    target_cmp(&target, &fact) == 0 ? _("on target")
						    : _("off target"));
	add(l, room->w ? "   " : "\n", one);
}

/* A code without a name means nothing to who reads it. */
static bool has_name(struct desk *d, const struct glance_value *v)
{
	return strcmp(catalog_code_name(d->catalog, v->code), v->code) != 0;
}

void preview_text_values(
    char *out, size_t size, const struct preview_room *room)
{
	const struct preview *p = room->p;
	struct line l = line_of(out, size);
	int shown = 0;

	l.w = room->w;
	for (int pass = 0; pass < 2; pass++)
		for (int i = 0; i < p->value_count && shown < VALUES_SHOWN;
		     i++) {
			const struct glance_value *v = &p->values[i];
			struct target target;
			if (!has_name(room->d, v) ||
			    value_target(&target, p, room->d, v) == (pass == 1))
				continue;
			add_value(&l, room, v);
			shown++;
		}
}

/* ---- the last call and its alert ----------------------------------------- */

void preview_text_last(
    char *out, size_t size, const struct preview *p, struct desk *d)
{
	const struct case_contact *c = &p->file->last;
	char when[60], talked[24] = "";

	if (!c->at_s) {
		text_copy(out, size, _("never called"));
		return;
	}
	words_time(when, sizeof(when), d, c->at_s);
	if (c->talk_s > 0)
		snprintf(talked, sizeof(talked), " %d:%02d", c->talk_s / 60,
		    c->talk_s % 60);
	snprintf(out, size, "%s %s%s", when,
	    catalog_disposition(d->catalog, c->disposition), talked);
}

void preview_text_alert(
    char *out, size_t size, const struct preview *p, struct desk *d)
{
	const struct glance_loop *g = &p->loop;

	out[0] = '\0';
	if (g->alerts)
		snprintf(out, size, "%s -> %s", tr_pick(g->text_zh, g->text_en),
		    catalog_queue(d->catalog, g->queue));
}

void preview_text_answer(
    char *out, size_t size, const struct preview *p, struct desk *d)
{
	const struct glance_loop *g = &p->loop;
	char when[60];

	out[0] = '\0';
	if (!g->handled_s)
		return;
	words_time(when, sizeof(when), d, g->handled_s);
	snprintf(out, size, "%s %s: %s", words_name(g->by, g->by_en), when,
	    g->answer);
}

void preview_text_loop(
    char *out, size_t size, const struct preview *p, struct desk *d)
{
	const struct glance_loop *g = &p->loop;
	char when[60];

	out[0] = '\0';
	if (!g->alerts)
		return;
	words_time(when, sizeof(when), d, g->closed_s);
	if (g->closed_s)
		snprintf(out, size, _("loop closed %s"), when);
	else
		text_copy(out, size,
		    g->handled_s ? _("loop open: the verifying call is due")
		    : g->acked_s ? _("loop open: acknowledged")
				 : _("loop open: not acknowledged"));
}

/* ---- what must be asked -------------------------------------------------- */

static bool is_asked(const struct script_item *it, const struct triage *triage)
{
	return !it->hidden &&
	       (it->type == SCRIPT_CHOICE || it->type == SCRIPT_BOOLEAN) &&
	       strcmp(it->code_system, FACT_SYSTEM) == 0 &&
	       (strcmp(it->code, ADHERENCE) == 0 ||
		   triage_mentions(triage, it->code));
}

static void add_script(struct line *l, struct desk *d, const char *id)
{
	const struct script *s = catalog_script(d->catalog, id);
	const struct triage *triage = catalog_triage(d->catalog);

	for (uint32_t i = 0; s && triage && i < script_count(s); i++) {
		const struct script_item *it = script_item(s, i);
		char name[120];
		if (!is_asked(it, triage))
			continue;
		words_short(name, sizeof(name),
		    catalog_code_name(d->catalog, it->code));
		if (!strstr(l->out, name))
			add(l, comma(), name);
	}
}

void preview_text_ask(
    char *out, size_t size, const struct casefile *file, struct desk *d)
{
	struct line l = line_of(out, size);
	int64_t today = desk_today(d);

	for (int i = 0; i < file->due_count; i++)
		if (i == 0 || file->dues[i].open_day <= today)
			add_script(&l, d, file->dues[i].script);
}
