/*
 * scr_call_ask.c - what the call screen asks the agent: why a question is
 * skipped, when to call back, how the call ended, who was told.
 */
#include "core/clock.h"
#include "core/draft_contact.h"
#include "core/hours.h"
#include "core/tr.h"
#include "tui/app.h"
#include "tui/catalog.h"
#include "tui/circum.h"
#include "tui/desk.h"
#include "tui/dialog.h"
#include "tui/scr_call_in.h"
#include "tui/when.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

static void skip_done(void *ctx, int index, const char *text)
{
	static const enum script_absent whys[] = {SCRIPT_ABSENT_NOT_MEASURED,
	    SCRIPT_ABSENT_NO_DEVICE, SCRIPT_ABSENT_DECLINED,
	    SCRIPT_ABSENT_UNKNOWN, SCRIPT_ABSENT_NOT_ASKED};
	struct call_screen *cs = ctx;
	struct script_place at = {cs->item, cs->occ, false};
	struct script_verdict verdict = {.text = NULL};
	uint32_t slot = call_slot_of(cs);
	int rc = call_skip(cs->call, at, whys[index], &verdict);

	(void)text;
	if (rc == 0)
		call_go_to(cs, call_open_after(cs, slot + 1));
	else if (verdict.text)
		call_trouble(cs, &verdict);
	else
		app_say_error(cs->base.app, rc);
}

void call_ask_skip(struct call_screen *cs)
{
	struct dialog_choice choices[] = {
	    {0, _("not measured"), NULL},
	    {0, _("no device at hand"), NULL},
	    {0, _("declined to answer"), NULL},
	    {0, _("cannot say"), NULL},
	    {0, _("not asked"), NULL},
	};
	struct dialog d = {.title = _("Skip, because"),
	    .choices = choices,
	    .choice_count = ARRAY_LEN(choices),
	    .done = skip_done,
	    .ctx = cs};

	dialog_pick(cs->base.app, &d);
}

static void callback_done(void *ctx, int index, const char *text)
{
	struct call_screen *cs = ctx;
	struct desk *d = cs->call->desk;
	struct promise p = {.owner = d->member,
	    .number = cs->call->number,
	    .who = cs->call->run ? script_run_respondent(cs->call->run) : "",
	    .note = ""};

	(void)index;
	if (!when_parse(&p.due_s, text, desk_now_s(d), d->zone_s)) {
		app_say(cs->base.app, LOOK_ALERT, "%s",
		    _("That is no time. Write 15:30, 11-25 15:30 or +2h."));
		return;
	}
	call_end(cs, cs->ending, &p);
}

void call_ask_callback(struct call_screen *cs, const struct disposition *how)
{
	struct desk *desk = cs->call->desk;
	char initial[40];
	struct dialog d = {.title = _("Promise a callback"),
	    .text = _("When? 15:30, 11-25 15:30 or +2h"),
	    .initial = initial,
	    .required = true,
	    .done = callback_done,
	    .ctx = cs};
	int64_t at = (desk_now_s(desk) + 7200 + 899) / 900 * 900;

	at = hours_next(catalog_hours(desk->catalog), NULL, at);
	when_text(initial, sizeof(initial), at, desk->zone_s);
	cs->ending = how;
	dialog_prompt(cs->base.app, &d);
}

/* ---- details of an end -------------------------------------------------- */

static const struct {
	const char *need, *text;
} needs[] = {
    {"reason", N_("Which reason was given?")},
    {"dialect", N_("Which language or dialect is needed?")},
    {"relation", N_("Who answered?")},
    {"hospital", N_("Which hospital, since when?")},
    {"place", N_("Where to?")},
    {"day", N_("Date of death (11-20 or 2026-11-20)")},
    {"cause", N_("Cause of death, as told")},
    {"informant", N_("Who told it?")},
};

static const char *needs_text(const struct call_screen *cs)
{
	const struct disposition *how = cs->ending;

	for (size_t i = 0; cs->need < how->n_needs && i < ARRAY_LEN(needs); i++)
		if (strcmp(needs[i].need, how->needs[cs->need]) == 0)
			return tr(needs[i].text);
	return NULL;
}

static bool is_needed(const struct call_screen *cs, const char *need)
{
	return strcmp(cs->ending->needs[cs->need], need) == 0;
}

static void ask_needs(struct call_screen *cs);

/* Keeps what was said with the note, and asks for the next. */
static void need_told(struct call_screen *cs, const char *text)
{
	char note[2000];

	snprintf(note, sizeof(note), "%.1400s%s%.500s", cs->call->note,
	    cs->call->note[0] ? "; " : "", text);
	if (app_say_error(cs->base.app, call_set_note(cs->call, note)) < 0)
		return;
	field_set(&cs->note, note);
	cs->need++;
	ask_needs(cs);
}

/* A day that is not past is no day of death. */
static bool take_day(struct call_screen *cs, const char *text)
{
	struct desk *d = cs->call->desk;

	if (!when_parse_day(&cs->call->died_day, text, desk_today(d))) {
		cs->call->died_day = 0;
		app_say(cs->base.app, LOOK_ALERT, "%s",
		    _("That is no day in the past. Nothing was saved."));
		return false;
	}
	return true;
}

static void detail_done(void *ctx, int index, const char *text)
{
	struct call_screen *cs = ctx;

	(void)index;
	if (is_needed(cs, "day") && !take_day(cs, text))
		return;
	need_told(cs, text);
}

static void relation_done(void *ctx, int index, const char *text)
{
	(void)text;
	need_told(ctx, words_relation(circum_relation(index)));
}

static void ask_relation(struct call_screen *cs)
{
	struct dialog_choice choices[8];
	struct dialog d = {.title = _("Who answered?"),
	    .choices = choices,
	    .choice_count = circum_relations(choices, ARRAY_LEN(choices)),
	    .done = relation_done,
	    .ctx = cs};

	dialog_pick(cs->base.app, &d);
}

static void ask_needs(struct call_screen *cs)
{
	const struct disposition *how = cs->ending;
	char initial[DAY_TEXT] = "";
	struct dialog d = {.title = tr_pick(how->name.zh, how->name.en),
	    .text = needs_text(cs),
	    .initial = initial,
	    .required = true,
	    .done = detail_done,
	    .ctx = cs};

	if (!d.text) {
		call_end(cs, how, NULL);
		return;
	}
	if (is_needed(cs, "relation")) {
		ask_relation(cs);
		return;
	}
	if (is_needed(cs, "day"))
		day_text(initial, desk_today(cs->call->desk));
	dialog_prompt(cs->base.app, &d);
}

static void outcome_done(void *ctx, int index, const char *text)
{
	struct call_screen *cs = ctx;
	const struct disposition *how = cs->listed[index];

	(void)text;
	if (how->then == CADENCE_CALLBACK && how->n_needs &&
	    strcmp(how->needs[0], "callback") == 0) {
		call_ask_callback(cs, how);
		return;
	}
	cs->ending = how;
	cs->need = 0;
	ask_needs(cs);
}

/* F3 and F2 have the first two of the set; the rest are listed. */
void call_ask_outcome(struct call_screen *cs)
{
	const struct cadence *set = catalog_cadence(cs->call->desk->catalog);
	struct dialog_choice choices[LISTED_MAX];
	struct dialog d = {.title = _("How did the call end?"),
	    .choices = choices,
	    .done = outcome_done,
	    .ctx = cs};

	for (size_t i = 0;
	     i < cadence_total(set) && d.choice_count < LISTED_MAX; i++) {
		const struct disposition *how = cadence_at(set, i);
		if (!how->key)
			continue;
		cs->listed[d.choice_count] = how;
		choices[d.choice_count++] = (struct dialog_choice){
		    how->key, tr_pick(how->name.zh, how->name.en), NULL};
	}
	dialog_pick(cs->base.app, &d);
}

static void told_done(void *ctx, int index, const char *text)
{
	struct call_screen *cs = ctx;

	(void)index;
	for (int i = 0; i < cs->call->alert_count; i++)
		if (!cs->call->alerts[i].told && !cs->call->alerts[i].withdrawn)
			app_say_error(
			    cs->base.app, call_told(cs->call, i, text));
}

void call_ask_told(struct call_screen *cs)
{
	struct dialog d = {.title = _("Told by telephone"),
	    .text = _("Whom did you tell?"),
	    .initial = "",
	    .required = true,
	    .done = told_done,
	    .ctx = cs};

	dialog_prompt(cs->base.app, &d);
}
