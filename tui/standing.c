/*
 * standing.c - risk, tags and scores of a patient as lines, and the override.
 */
#include "tui/standing.h"

#include "core/casefile.h"
#include "core/clock.h"
#include "core/draft_profile.h"
#include "core/profile.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/app.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/dialog.h"
#include "tui/patient_tabs.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

#define INPUTS_TEXT 600

/* ---- what is shown ------------------------------------------------------ */

static void show_inputs(struct patient_tabs *t, const char *inputs)
{
	char saw[INPUTS_TEXT];

	catalog_inputs(saw, sizeof(saw), t->desk->catalog, inputs);
	if (saw[0])
		pager_add(&t->pager, LOOK_DIM, "    %s", saw);
}

static void show_trace(struct patient_tabs *t, const struct cond_trace *trace)
{
	char inputs[500];

	cond_trace_text(inputs, sizeof(inputs), trace);
	show_inputs(t, inputs);
}

static void show_level(struct patient_tabs *t)
{
	const struct case_risk *r = &t->file->risk;
	char when[60];

	if (!*r->level) {
		pager_add(&t->pager, LOOK_DIM, "  %s",
		    _("No level yet: it follows from the next call."));
		return;
	}
	words_time(when, sizeof(when), t->desk, r->at_s);
	if (!*r->rule) {
		pager_add(&t->pager, words_risk_look(r->level),
		    _("  %s  set by %s %s: %s"), words_risk(r->level),
		    r->member, when, r->reason);
		return;
	}
	pager_add(&t->pager, words_risk_look(r->level),
	    "  %s  %s  [%s v%s, %s]", words_risk(r->level),
	    tr_pick(r->why_zh, r->why_en), r->rule, r->version, when);
	show_inputs(t, r->inputs);
}

static void show_hypertension(struct patient_tabs *t, const struct profile *p)
{
	const struct strata_hypertension *h = &p->hypertension;
	const struct words *words = strata_risk_words(h->risk);

	if (!p->has_hypertension || !h->grade)
		return;
	pager_add(&t->pager, LOOK_TEXT, _("  Hypertension table: %s  [%s v%d]"),
	    tr_pick(words->zh, words->en), h->edition, h->version);
	show_trace(t, &h->inputs);
}

static bool is_over(const struct case_tag *tag, int64_t today)
{
	return tag->until_day && tag->until_day < today;
}

static void show_tags(struct patient_tabs *t)
{
	for (int i = 0; i < t->file->tag_count; i++) {
		const struct case_tag *tag = &t->file->tags[i];
		char until[60] = "", day[DAY_TEXT];
		if (is_over(tag, desk_today(t->desk)))
			continue;
		if (tag->until_day) {
			day_text(day, tag->until_day);
			snprintf(until, sizeof(until), _("until %s"), day);
		}
		pager_add(&t->pager, LOOK_TEXT, "  #%s  %s  %s",
		    tr_pick(tag->name_zh, tag->name_en),
		    tr_pick(tag->why_zh, tag->why_en), until);
	}
}

static const struct case_score *recorded(
    const struct casefile *file, const char *score)
{
	for (int i = 0; i < file->score_count; i++)
		if (strcmp(file->scores[i].score, score) == 0)
			return &file->scores[i];
	return NULL;
}

/* What a contact recorded stands where today's facts give no total. */
static void show_score(struct patient_tabs *t, const struct score *s,
    const struct score_result *now)
{
	const struct case_score *was = recorded(t->file, score_id(s));
	const struct words *title = score_title(s);
	const struct words *band;
	int64_t total, at_s;
	char when[60];

	if (!now->is_complete && !was) {
		pager_add(&t->pager, LOOK_DIM,
		    _("  %s  not computed: %d of %d parts are not known"),
		    tr_pick(title->zh, title->en), now->missing, now->n_asked);
		show_trace(t, &now->inputs);
		return;
	}
	total = now->is_complete ? now->total : was->total;
	at_s = now->is_complete ? now->at_s : was->at_s;
	band = score_band(s, (int)total);
	words_time(when, sizeof(when), t->desk, at_s);
	pager_add(&t->pager, LOOK_TEXT, "  %s  %d  %s  %s",
	    tr_pick(title->zh, title->en), (int)total,
	    tr_pick(band->zh, band->en), when);
	if (now->is_complete)
		show_trace(t, &now->inputs);
	else
		show_inputs(t, was->inputs);
	pager_add(&t->pager, LOOK_DIM, "    %s", score_source(s));
}

void standing_show(struct patient_tabs *t)
{
	struct profile *p;

	pager_head(&t->pager, _("Risk and tags"));
	show_level(t);
	if (desk_profile(&p, t->desk, t->file) < 0)
		return;
	show_hypertension(t, p);
	show_tags(t);
	if (p->n_scores)
		pager_head(&t->pager, _("Scores"));
	for (size_t i = 0; i < p->n_scores; i++)
		show_score(t, p->scores[i].score, &p->scores[i].result);
	profile_free(&p);
}

void standing_text(
    char *out, size_t size, const struct casefile *file, int64_t today)
{
	const struct case_risk *r = &file->risk;
	size_t n;

	text_copy(
	    out, size, *r->rule ? tr_pick(r->why_zh, r->why_en) : r->reason);
	n = strlen(out);
	for (int i = 0; i < file->tag_count && n < size; i++) {
		const struct case_tag *tag = &file->tags[i];
		if (!is_over(tag, today))
			n += (size_t)snprintf(out + n, size - n, "%s#%s",
			    n ? "  " : "", tr_pick(tag->name_zh, tag->name_en));
	}
}

/* ---- the override ------------------------------------------------------- */

/* In the order of the choices; NULL: as the rules say. */
static const char *const levels[] = {"high", "mid", "low", NULL};

static void save(struct app *app, const char *reason)
{
	struct desk *d = desk_of(app);
	struct casefile *file;
	struct profile *p;
	struct draft draft = {0};
	int rc = casefile_load(&file, d->store, &d->judging.patient);

	if (app_say_error(app, rc) < 0)
		return;
	rc = desk_profile(&p, d, file);
	casefile_free(&file);
	if (app_say_error(app, rc) < 0)
		return;
	rc = draft_risk(
	    &draft, &d->judging.patient, levels[d->judging.level], reason, p);
	profile_free(&p);
	if (app_say_error(app, rc) < 0)
		return;
	desk_save(app, &draft, _("Level of risk recorded."));
}

static void reason_done(void *ctx, int index, const char *text)
{
	(void)index;
	save(ctx, text);
}

static void level_done(void *ctx, int index, const char *text)
{
	struct app *app = ctx;
	struct dialog d = {.title = _("Why this level?"),
	    .text = _("The reason stands beside it; rules do not change it "
		      "until a person gives it back to them."),
	    .initial = "",
	    .required = true,
	    .done = reason_done,
	    .ctx = app};

	(void)text;
	desk_of(app)->judging.level = index;
	if (levels[index])
		dialog_prompt(app, &d);
	else
		save(app, "");
}

void standing_ask(struct app *app, const struct id *patient)
{
	struct dialog_choice choices[ARRAY_LEN(levels)];
	struct dialog d = {.title = _("Level of risk"),
	    .choices = choices,
	    .choice_count = ARRAY_LEN(levels),
	    .done = level_done,
	    .ctx = app};

	for (size_t i = 0; i < ARRAY_LEN(levels); i++)
		choices[i] = (struct dialog_choice){0,
		    levels[i] ? words_risk(levels[i]) : _("as the rules say"),
		    NULL};
	desk_of(app)->judging.patient = *patient;
	dialog_pick(app, &d);
}

const char *standing_why_not(const struct desk *desk)
{
	return desk->role == 'D' || desk->role == 'S'
		   ? NULL
		   : _("A clinician or a supervisor sets the level.");
}
