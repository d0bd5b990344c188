/*
 * scr_work_more.c - what the worklist asks: why it snoozes, and which short
 * list it shows.
 */
#include "core/casefile.h"
#include "core/clock.h"
#include "core/json.h"
#include "core/store.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/app.h"
#include "tui/dialog.h"
#include "tui/scr_work_in.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

/* ---- snooze ------------------------------------------------------------- */

static const struct {
	const char *code;
	const char *text;
	int days; /* 0: two hours */
} snoozes[] = {
    {"busy_hour", N_("busy hour: in two hours"), 0},
    {"patient_asked", N_("the patient asked: tomorrow 09:00"), 1},
    {"waiting_result", N_("waiting for a result: in 3 days"), 3},
    {"not_today", N_("not today: tomorrow 09:00"), 1},
};

struct snooze {
	struct draft draft;
	int reason;
	int64_t until_s;
};

static void snooze_one(void *ctx, const void *row)
{
	struct snooze *z = ctx;
	const struct work_row *r = row;
	json_t *body = json_object();

	if (z->draft.count == DRAFT_ENTRIES_MAX) {
		json_decref(body);
		return;
	}
	json_put_int(body, "until_s", z->until_s);
	json_put_str(body, "reason", snoozes[z->reason].code);
	draft_add(&z->draft, KIND_SNOOZED, &r->patient, body);
}

static void snooze_done(void *ctx, int index, const char *text)
{
	struct work *w = ctx;
	struct snooze z = {.reason = index};
	char said[120];

	(void)text;
	z.until_s = snoozes[index].days
			? (desk_today(w->desk) + snoozes[index].days) * DAY_S +
			      9 * 3600 - w->desk->zone_s
			: desk_now_s(w->desk) + 7200;
	if (w->list.mark_count)
		list_each(&w->list, snooze_one, &z);
	else if (list_current(&w->list))
		snooze_one(&z, list_current(&w->list));
	if (z.draft.count == 0)
		return;
	snprintf(said, sizeof(said), _("Snoozed: %d"), (int)z.draft.count);
	list_unmark_all(&w->list);
	desk_save(w->base.app, &z.draft, said);
}

void work_ask_snooze(struct work *w)
{
	struct dialog_choice choices[ARRAY_LEN(snoozes)] = {{0}};
	char text[160];
	struct dialog d = {.title = _("Snooze"),
	    .text = text,
	    .choices = choices,
	    .choice_count = ARRAY_LEN(choices),
	    .done = snooze_done,
	    .ctx = w};
	const struct work_row *r = list_current(&w->list);

	for (size_t i = 0; i < ARRAY_LEN(choices); i++)
		choices[i].text = tr(snoozes[i].text);
	if (w->list.mark_count)
		snprintf(text, sizeof(text), _("%d marked patients"),
		    (int)w->list.mark_count);
	else
		snprintf(
		    text, sizeof(text), "%s", words_name(r->name, r->name_en));
	dialog_pick(w->base.app, &d);
}

/* ---- short lists and saved filters -------------------------------------- */

#define FILTERS_NAME "worklist.filters"

static const struct {
	char key;
	const char *text;
} facets[] = {
    [WORK_ALL] = {'0', N_("everything")},
    [WORK_ONLY_ALERTS] = {'a', N_("alerts to verify")},
    [WORK_ONLY_CALLBACKS] = {'c', N_("callbacks due")},
    [WORK_ONLY_URGENT] = {'u', N_("high risk, or the window closes")},
    [WORK_ONLY_OVERDUE] = {'o', N_("overdue")},
};

const char *work_facet_text(enum work_facet facet)
{
	return tr(facets[facet].text);
}

/* A terminal that has saved none yet has nothing to read. */
void work_load_filters(struct work *w)
{
	if (store_meta_get(
		w->desk->store, FILTERS_NAME, w->saved, sizeof(w->saved)) < 0)
		memset(w->saved, 0, sizeof(w->saved));
	for (int i = 0; i < SAVED_MAX; i++)
		w->saved[i][sizeof(w->saved[i]) - 1] = '\0';
}

static void store_filters(struct work *w, const char *said)
{
	int rc = store_meta_set(
	    w->desk->store, FILTERS_NAME, w->saved, sizeof(w->saved));

	if (app_say_error(w->base.app, rc) == 0)
		app_say(w->base.app, LOOK_DONE, "%s", said);
}

static void save_filter(struct work *w)
{
	for (int i = 0; i < SAVED_MAX; i++) {
		if (w->saved[i][0] && strcmp(w->saved[i], w->filter.text) != 0)
			continue;
		text_copy(w->saved[i], sizeof(w->saved[i]), w->filter.text);
		store_filters(w, _("Filter saved on this terminal."));
		return;
	}
	app_say(w->base.app, LOOK_LATE, "%s",
	    _("Nine filters are saved already: clear the filter first, then "
	      "forget them here."));
}

static void filters_done(void *ctx, int index, const char *text)
{
	struct work *w = ctx;
	char key = w->offered[index];

	(void)text;
	if (key == 's') {
		save_filter(w);
	} else if (key == 'x') {
		memset(w->saved, 0, sizeof(w->saved));
		store_filters(w, _("Saved filters forgotten."));
	} else if (key >= '1' && key <= '9') {
		work_filter(w, w->saved[key - '1']);
	} else {
		for (size_t i = 0; i < ARRAY_LEN(facets); i++)
			if (facets[i].key == key)
				w->facet = (enum work_facet)i;
		worklist_facet(w->worklist, w->facet);
		work_filter(w, "");
	}
}

static void offer(struct work *w, struct dialog *d, struct dialog_choice c)
{
	struct dialog_choice *to =
	    (struct dialog_choice *)(uintptr_t)d->choices;

	w->offered[d->choice_count] = c.key;
	to[d->choice_count++] = c;
}

void work_ask_filters(struct work *w)
{
	struct dialog_choice choices[SAVED_MAX + 8];
	char save[140];
	struct dialog d = {.title = _("Show"),
	    .choices = choices,
	    .done = filters_done,
	    .ctx = w};

	for (size_t i = 0; i < ARRAY_LEN(facets); i++)
		offer(w, &d,
		    (struct dialog_choice){
			facets[i].key, tr(facets[i].text), NULL});
	for (int i = 0; i < SAVED_MAX; i++)
		if (w->saved[i][0])
			offer(w, &d,
			    (struct dialog_choice){
				(char)('1' + i), w->saved[i], NULL});
	snprintf(save, sizeof(save), _("save the filter: %s"), w->filter.text);
	if (w->filter.text[0])
		offer(w, &d, (struct dialog_choice){'s', save, NULL});
	else if (w->saved[0][0])
		offer(w, &d,
		    (struct dialog_choice){
			'x', _("forget the saved filters"), NULL});
	dialog_pick(w->base.app, &d);
}
