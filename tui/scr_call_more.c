/*
 * scr_call_more.c - what goes with a call beside its questions: the other
 * numbers and the others of this number, words of the note, advice to read.
 */
#include "core/advice.h"
#include "core/notetag.h"
#include "core/phonebook.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/app.h"
#include "tui/call_view.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/dialer.h"
#include "tui/dialog.h"
#include "tui/scr_call_in.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

/* ---- numbers ------------------------------------------------------------ */

/* Other patients with the number on the line. */
static int shared_with(
    struct phone_owner *out, int max, const struct call_screen *cs)
{
	const struct call *c = cs->call;
	char digits[PHONE_DIGITS];
	int n, kept = 0;

	if (c->number >= c->file->phone_count)
		return 0;
	phonebook_digits(digits, c->file->phones[c->number].number);
	n = phonebook_find(out, max, c->desk->store, digits, &c->file->patient);
	for (int i = 0; i < n; i++)
		if (strcmp(out[i].number, c->file->phones[c->number].number) ==
		    0)
			out[kept++] = out[i];
	return kept;
}

void call_say_shared(struct call_screen *cs)
{
	struct phone_owner who[CASE_PHONES];
	char names[200] = "";
	int n = shared_with(who, CASE_PHONES, cs);
	size_t len = 0;

	for (int i = 0; i < n && len + 100 < sizeof(names); i++)
		len +=
		    (size_t)snprintf(names + len, sizeof(names) - len, "%s%s",
			i ? ", " : "", words_name(who[i].name, who[i].name_en));
	if (n > 0)
		app_say(cs->base.app, LOOK_MARK,
		    _("Also the number of: %s. F7 serves them in this call."),
		    names);
}

static void number_done(void *ctx, int index, const char *text)
{
	struct call_screen *cs = ctx;
	struct app *app = cs->base.app;

	(void)text;
	if (index >= cs->number_count) {
		struct call_arg other = {
		    .patient = cs->others[index - cs->number_count],
		    .override = _("same call"),
		    .shares = true};
		app_push(app, &call_screen, &other);
		return;
	}
	if (app_say_error(app, call_dial(cs->call, index)) < 0)
		return;
	app_say(app, LOOK_DONE, "%s", _("Dialling this number now."));
	app_refresh(app);
}

static void number_text(char *out, size_t size, const struct call *c, int i)
{
	const struct case_phone *p = &c->file->phones[i];
	char masked[40];

	case_mask(masked, sizeof(masked), p->number);
	snprintf(out, size, "%s  %s %s%s%s", masked,
	    words_relation(p->relation), p->name,
	    p->retired ? _(" (not in use)") : "",
	    i == c->number ? _(" <- on the line") : "");
}

void call_ask_number(struct call_screen *cs)
{
	struct dialog_choice choices[2 * CASE_PHONES];
	char texts[2 * CASE_PHONES][160];
	struct phone_owner who[CASE_PHONES];
	struct dialog d = {.title = _("Dial, or serve another in this call"),
	    .choices = choices,
	    .done = number_done,
	    .ctx = cs};
	int others = shared_with(who, CASE_PHONES, cs), n = 0;

	cs->number_count = cs->call->file->phone_count;
	for (; n < cs->number_count; n++)
		number_text(texts[n], sizeof(texts[n]), cs->call, n);
	for (int i = 0; i < others; i++, n++) {
		cs->others[i] = who[i].patient;
		snprintf(texts[n], sizeof(texts[n]), _("same number: %s (%s)"),
		    words_name(who[i].name, who[i].name_en),
		    words_relation(who[i].relation));
	}
	for (int i = 0; i < n; i++)
		choices[i] = (struct dialog_choice){0, texts[i],
		    i < cs->number_count && cs->call->file->phones[i].retired
			? _("This number is not in use any more.")
			: NULL};
	d.choice_count = n;
	dialog_pick(cs->base.app, &d);
}

static void recording_done(void *ctx, int index, const char *text)
{
	struct call_screen *cs = ctx;
	char hash[HASH_HEX];

	(void)index;
	if (!dialer_hash(hash, text)) {
		app_say(cs->base.app, LOOK_ALERT, "%s",
		    _("This file cannot be read. Nothing was saved."));
		return;
	}
	if (app_say_error(cs->base.app, call_set_recording(cs->call, text)) ==
	    0)
		app_say(cs->base.app, LOOK_DONE, "%s",
		    _("The recording goes with the call, with its SHA-256."));
}

void call_ask_recording(struct call_screen *cs)
{
	struct dialog d = {.title = _("Recording of this call"),
	    .text = _("Path of the file"),
	    .initial = cs->call->recording,
	    .required = true,
	    .done = recording_done,
	    .ctx = cs};

	dialog_prompt(cs->base.app, &d);
}

/* ---- words of the note -------------------------------------------------- */

static void tag_done(void *ctx, int index, const char *text)
{
	struct call_screen *cs = ctx;

	(void)text;
	cs->tag.is_so = index == 1;
	if (app_say_error(cs->base.app, call_tag(cs->call, &cs->tag)) == 0)
		call_ask_tags(cs);
}

void call_ask_tags(struct call_screen *cs)
{
	struct call *c = cs->call;
	const struct notetag *t = catalog_notetag(c->desk->catalog);
	struct notetag_hit hits[CALL_TAGS];
	size_t n =
	    t ? notetag_suggest(hits, CALL_TAGS, t, c->note, strlen(c->note))
	      : 0;
	char said[200];
	struct dialog d = {.title = _("The note says"),
	    .text = said,
	    .done = tag_done,
	    .ctx = cs};

	for (size_t i = 0; i < n; i++) {
		if (call_knows_tag(c, hits[i].id))
			continue;
		cs->tag = (struct call_tag){.is_so = false};
		text_copy(cs->tag.id, sizeof(cs->tag.id), hits[i].id);
		text_copy(cs->tag.code, sizeof(cs->tag.code), hits[i].code);
		text_copy(cs->tag.text, sizeof(cs->tag.text), hits[i].text);
		snprintf(said, sizeof(said), _("%s: has the patient this now?"),
		    tr_pick(hits[i].name.zh, hits[i].name.en));
		dialog_confirm(cs->base.app, &d);
		return;
	}
}

/* ---- advice ------------------------------------------------------------- */

/* Were all before it read already? */
static bool is_next_unread(
    const struct call_screen *cs, const struct advice *const *list, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (!call_gave(cs->call, list[i]->id))
			return false;
	return call_gave(cs->call, list[at]->id);
}

bool call_take_advice(struct call_screen *cs, uint32_t code)
{
	const struct advice *list[ADVICE_PICK_MAX];
	size_t n = call_advice(list, cs->call), i = code - '1';

	if (code < '1' || code > '9' || i >= n)
		return false;
	if (app_say_error(
		cs->base.app, call_give(cs->call, list[i]->id,
				  !call_gave(cs->call, list[i]->id))) < 0)
		return true;
	/* one out of turn shows its words; in turn the next one comes */
	cs->advice = is_next_unread(cs, list, i) ? 0 : (int)i + 1;
	return true;
}
