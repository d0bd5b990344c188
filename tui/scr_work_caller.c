/*
 * scr_work_caller.c - a call that comes in: whose number is it? Patients of
 * this terminal first, then the team's directory, which has masked names. A
 * colleague's patient is taken with one key, which is a record; the centre
 * then lends the patient for a day. What the caller wants is noted meanwhile.
 */
#include "core/casefile.h"
#include "core/json.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/app.h"
#include "tui/dialog.h"
#include "tui/scr_work_in.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

static void open_incoming(
    struct work *w, const struct id *patient, const char *from)
{
	struct call_arg arg = {.patient = *patient,
	    .override = "",
	    .incoming = true,
	    .from = from};

	w->calling = true;
	app_push(w->base.app, &call_screen, &arg);
}

/* ---- a colleague's patient ---------------------------------------------- */

static void noted(void *ctx, int index, const char *text)
{
	struct work *w = ctx;
	struct draft draft = {0};
	json_t *body;

	(void)index;
	if (!text || !*text)
		return;
	body = json_object();
	json_put_str(body, "text", text);
	draft_add(&draft, KIND_NOTE_ADDED, &w->taken, body);
	desk_save(w->base.app, &draft, _("Noted for whose patient it is."));
}

static void ask_wish(struct work *w, const char *name)
{
	char title[160];
	struct dialog d = {.title = title,
	    .text = _("Taken, and recorded. The record is not on this "
		      "terminal: the centre sends it as soon as it is "
		      "reached, and I opens the call. What does the caller "
		      "want?"),
	    .initial = "",
	    .done = noted,
	    .ctx = w};

	snprintf(title, sizeof(title), _("Caller: %s"), name);
	dialog_prompt(w->base.app, &d);
}

static void take(struct work *w, const struct directory_entry *e)
{
	struct draft draft = {0};
	char ref[REF_TEXT];

	directory_take_call(&draft, &e->patient);
	if (app_say_error(w->base.app, desk_record(ref, w->desk, &draft)) < 0)
		return;
	w->taken = e->patient;
	w->is_taking = true;
	if (w->desk->sync_now)
		w->desk->sync_now(w->desk->sync_ctx);
	ask_wish(w, e->name);
}

static bool is_here(const struct work *w, const struct id *patient)
{
	struct work_row row;

	return worklist_row(&row, w->desk->store, patient) == 0;
}

void work_follow_taken(struct work *w)
{
	if (!w->is_taking || w->has_come || !is_here(w, &w->taken))
		return;
	w->has_come = true;
	app_say(w->base.app, LOOK_MARK, "%s",
	    _("The caller's record has come: I opens the call."));
}

/* ---- who is it? --------------------------------------------------------- */

static void caller_picked(void *ctx, int index, const char *text)
{
	struct work *w = ctx;

	(void)text;
	if (index < w->caller_count)
		open_incoming(
		    w, &w->callers[index].patient, w->callers[index].number);
	else
		take(w, &w->directory[index - w->caller_count]);
}

/* Those of the directory who are not on this terminal. */
static int find_elsewhere(struct work *w, const char *number)
{
	int n =
	    directory_find(w->directory, CALLERS_MAX, w->desk->store, number);
	int kept = 0;

	for (int i = 0; i < n; i++)
		if (!is_here(w, &w->directory[i].patient))
			w->directory[kept++] = w->directory[i];
	return n < 0 ? n : kept;
}

static void pick_caller(struct work *w, int elsewhere)
{
	struct dialog_choice choices[2 * CALLERS_MAX];
	char texts[2 * CALLERS_MAX][200];
	struct dialog d = {.title = _("Who is calling?"),
	    .choices = choices,
	    .choice_count = w->caller_count + elsewhere,
	    .done = caller_picked,
	    .ctx = w};

	for (int i = 0; i < d.choice_count; i++) {
		const struct phone_owner *p = &w->callers[i];
		if (i < w->caller_count)
			snprintf(texts[i], sizeof(texts[i]), "%s  (%s)  %s",
			    words_name(p->name, p->name_en),
			    words_relation(p->relation), p->member);
		else
			snprintf(texts[i], sizeof(texts[i]),
			    _("%s  a colleague's patient: take the call "
			      "(recorded)"),
			    w->directory[i - w->caller_count].name);
		choices[i] = (struct dialog_choice){0, texts[i], NULL};
	}
	dialog_pick(w->base.app, &d);
}

static void caller_typed(void *ctx, int index, const char *text)
{
	struct work *w = ctx;
	int elsewhere;

	(void)index;
	w->caller_count =
	    phonebook_find(w->callers, CALLERS_MAX, w->desk->store, text, NULL);
	if (app_say_error(w->base.app, w->caller_count) < 0)
		return;
	elsewhere = find_elsewhere(w, text);
	if (app_say_error(w->base.app, elsewhere) < 0)
		return;
	if (w->caller_count + elsewhere > 0)
		pick_caller(w, elsewhere);
	else
		app_say(w->base.app, LOOK_LATE, "%s",
		    _("Nobody here or in the team's directory has that "
		      "number (the directory needs all digits). Ask for the "
		      "name and search with /."));
}

void work_ask_caller(struct work *w)
{
	struct dialog d = {.title = _("Incoming call"),
	    .text = _("Number, or its last four digits and more"),
	    .initial = "",
	    .required = true,
	    .done = caller_typed,
	    .ctx = w};

	if (w->has_come) {
		w->is_taking = w->has_come = false;
		open_incoming(w, &w->taken, NULL);
		return;
	}
	dialog_prompt(w->base.app, &d);
}
