/*
 * circum.c - the choices of F8. What is being asked is kept by the desk:
 * a dialog that is left by Esc leaves nothing behind.
 */
#include "tui/circum.h"

#include "core/casefile.h"
#include "core/clock.h"
#include "core/draft_patient.h"
#include "core/phonebook.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/app.h"
#include "tui/desk.h"
#include "tui/dialog.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

#define COMPLAINT_DAYS 3

enum what {
	NEW_NUMBER,
	NOT_IN_USE,
	CALL_FIRST,
	RELATION,
	BEST_TIME,
	HEARING,
	DIALECT,
	LANGUAGE,
	ADDRESS,
	FAMILY,
	RECORDING,
	COMPLAINT,
	VISITS,
	WHAT_COUNT
};

static const char *const relations[] = {
    "self", "spouse", "child", "parent", "carer", "other"};

static const char *const best_times[] = {
    "08:30-11:30", "14:00-17:30", "17:30-20:00", ""};

static const struct {
	const char *code, *text;
} hearings[] = {
    {"good", N_("hears well")},
    {"hard", N_("hard of hearing: speak slowly and loud")},
    {"deaf", N_("does not hear: call the family")},
};

static const struct {
	const char *code, *text;
} complaints[] = {
    {"doctor", N_("a doctor or the treatment")},
    {"nurse", N_("nursing")},
    {"waiting", N_("waiting and appointments")},
    {"cost", N_("cost and billing")},
    {"calls", N_("our calls")},
    {"other", N_("something else")},
};

static int save(struct app *app, struct draft *draft)
{
	return desk_save(app, draft, _("Saved with the patient."));
}

/* The record as it is now; freed by the caller. NULL after an error. */
static struct casefile *load(struct app *app)
{
	struct desk *d = desk_of(app);
	struct casefile *f = NULL;

	app_say_error(app, casefile_load(&f, d->store, &d->editing.patient));
	return f;
}

int circum_relations(struct dialog_choice *out, int max)
{
	int n = 0;

	for (; n < max && n < (int)ARRAY_LEN(relations); n++)
		out[n] = (struct dialog_choice){
		    0, words_relation(relations[n]), NULL};
	return n;
}

const char *circum_relation(int index)
{
	return relations[index];
}

/* ---- numbers ------------------------------------------------------------ */

static void relation_done(void *ctx, int index, const char *text)
{
	struct app *app = ctx;
	struct desk *d = desk_of(app);
	struct casefile *f = load(app);
	struct draft draft = {0};
	int n = d->editing.number;

	(void)text;
	if (!f)
		return;
	if (d->editing.what == NEW_NUMBER && f->phone_count < CASE_PHONES) {
		n = f->phone_count++;
		f->phones[n] = (struct case_phone){.consent = true};
		text_copy(f->phones[n].number, sizeof(f->phones[n].number),
		    d->editing.text);
	}
	if (n < f->phone_count) {
		text_copy(f->phones[n].relation, sizeof(f->phones[n].relation),
		    relations[index]);
		draft_phones(&draft, &f->patient, f->phones, f->phone_count);
		save(app, &draft);
	}
	casefile_free(&f);
}

static void ask_relation(struct app *app)
{
	struct dialog_choice choices[ARRAY_LEN(relations)];
	struct dialog d = {.title = _("Whose number is it?"),
	    .choices = choices,
	    .choice_count = circum_relations(choices, ARRAY_LEN(choices)),
	    .done = relation_done,
	    .ctx = app};

	dialog_pick(app, &d);
}

static void number_typed(void *ctx, int index, const char *text)
{
	struct app *app = ctx;
	struct desk *d = desk_of(app);
	char digits[PHONE_DIGITS];

	(void)index;
	phonebook_digits(digits, text);
	if (strlen(digits) < PHONE_TAIL_MIN) {
		app_say(app, LOOK_ALERT, "%s",
		    _("That is no telephone number. Nothing was saved."));
		return;
	}
	text_copy(d->editing.text, sizeof(d->editing.text), digits);
	ask_relation(app);
}

static void number_picked(void *ctx, int index, const char *text)
{
	struct app *app = ctx;
	struct desk *d = desk_of(app);
	struct casefile *f = load(app);
	struct draft draft = {0};

	(void)text;
	if (!f)
		return;
	d->editing.number = index;
	if (d->editing.what == NOT_IN_USE)
		draft_phone_retired(&draft, f, index);
	else if (d->editing.what == CALL_FIRST)
		draft_phone_first(&draft, f, index);
	casefile_free(&f);
	if (d->editing.what == RELATION)
		ask_relation(app);
	else
		save(app, &draft);
}

static void ask_number(struct app *app)
{
	struct dialog_choice choices[CASE_PHONES];
	char texts[CASE_PHONES][160], masked[40];
	struct casefile *f = load(app);
	struct dialog d = {.title = _("Which number?"),
	    .choices = choices,
	    .done = number_picked,
	    .ctx = app};

	if (!f)
		return;
	for (int i = 0; i < f->phone_count; i++) {
		const struct case_phone *p = &f->phones[i];
		case_mask(masked, sizeof(masked), p->number);
		snprintf(texts[i], sizeof(texts[i]), "%s  %s %s%s", masked,
		    words_relation(p->relation), p->name,
		    p->retired ? _(" (not in use)") : "");
		choices[d.choice_count++] =
		    (struct dialog_choice){0, texts[i], NULL};
	}
	casefile_free(&f);
	if (d.choice_count)
		dialog_pick(app, &d);
	else
		app_say(app, LOOK_LATE, "%s", _("There is no number yet."));
}

/* ---- texts and choices -------------------------------------------------- */

static const char *field_of(enum what what)
{
	static const char *const fields[WHAT_COUNT] = {
	    [BEST_TIME] = "best_time",
	    [HEARING] = "hearing",
	    [DIALECT] = "dialect",
	    [LANGUAGE] = "language",
	    [ADDRESS] = "address",
	};

	return fields[what];
}

static void save_detail(struct app *app, const char *text)
{
	struct desk *d = desk_of(app);
	struct draft draft = {0};
	char cut[33];

	text_copy(cut, sizeof(cut), text);
	draft_detail(&draft, &d->editing.patient, field_of(d->editing.what),
	    d->editing.what == DIALECT || d->editing.what == LANGUAGE ? cut
								      : text);
	save(app, &draft);
}

static void complain(struct app *app, const char *text)
{
	struct desk *d = desk_of(app);
	struct draft draft = {0};
	struct complaint c = {.category = complaints[d->editing.number].code,
	    .text = text,
	    .owner = "",
	    .due_day = desk_today(d) + COMPLAINT_DAYS};

	draft_complaint(&draft, &d->editing.patient, &c);
	desk_save(app, &draft, _("Complaint taken down."));
}

static void text_done(void *ctx, int index, const char *text)
{
	struct app *app = ctx;

	(void)index;
	if (desk_of(app)->editing.what == COMPLAINT)
		complain(app, text);
	else if (desk_of(app)->editing.what == NEW_NUMBER)
		number_typed(app, 0, text);
	else
		save_detail(app, text);
}

static void ask_text(struct app *app, const char *title)
{
	struct dialog d = {.title = title,
	    .initial = "",
	    .required = true,
	    .done = text_done,
	    .ctx = app};

	dialog_prompt(app, &d);
}

static void consent(struct app *app, const char *what, bool given)
{
	struct draft draft = {0};
	struct consent c = {.what = what, .given = given};

	draft_consent(&draft, &desk_of(app)->editing.patient, &c);
	save(app, &draft);
}

static void picked(void *ctx, int index, const char *text)
{
	struct app *app = ctx;
	struct desk *d = desk_of(app);

	(void)text;
	d->editing.number = index;
	if (d->editing.what == HEARING)
		save_detail(app, hearings[index].code);
	else if (d->editing.what == FAMILY || d->editing.what == RECORDING)
		consent(app, d->editing.what == FAMILY ? "family" : "recording",
		    index == 0);
	else if (d->editing.what == COMPLAINT)
		ask_text(app, _("What is the complaint?"));
	else
		save_detail(app, best_times[index]);
}

static void ask_choice(
    struct app *app, const char *title, const char *const texts[], int n)
{
	struct dialog_choice choices[8];
	struct dialog d = {.title = title,
	    .choices = choices,
	    .choice_count = n,
	    .done = picked,
	    .ctx = app};

	for (int i = 0; i < n; i++)
		choices[i] = (struct dialog_choice){0, texts[i], NULL};
	dialog_pick(app, &d);
}

static void ask_best_time(struct app *app)
{
	const char *texts[] = {_("mornings 08:30-11:30"),
	    _("afternoons 14:00-17:30"), _("evenings 17:30-20:00"),
	    _("at any time")};

	ask_choice(app, _("When may we call?"), texts, ARRAY_LEN(texts));
}

static void ask_hearing(struct app *app)
{
	const char *texts[ARRAY_LEN(hearings)];

	for (size_t i = 0; i < ARRAY_LEN(hearings); i++)
		texts[i] = tr(hearings[i].text);
	ask_choice(app, _("Hearing"), texts, ARRAY_LEN(texts));
}

static void ask_complaint(struct app *app)
{
	const char *texts[ARRAY_LEN(complaints)];

	for (size_t i = 0; i < ARRAY_LEN(complaints); i++)
		texts[i] = tr(complaints[i].text);
	ask_choice(app, _("A complaint about"), texts, ARRAY_LEN(texts));
}

static void ask_consent(struct app *app, const char *title)
{
	const char *texts[] = {_("agreed"), _("not agreed")};

	ask_choice(app, title, texts, ARRAY_LEN(texts));
}

/* ---- the choices -------------------------------------------------------- */

static const struct {
	char key;
	const char *text;
} rows[WHAT_COUNT] = {
    [NEW_NUMBER] = {'n', N_("new number")},
    [NOT_IN_USE] = {'x', N_("a number is not in use any more")},
    [CALL_FIRST] = {'1', N_("call another number first")},
    [RELATION] = {'r', N_("relation of a number")},
    [BEST_TIME] = {'t', N_("best time to call")},
    [HEARING] = {'h', N_("hearing")},
    [DIALECT] = {'d', N_("dialect")},
    [LANGUAGE] = {'l', N_("language")},
    [ADDRESS] = {'a', N_("moved: new address")},
    [FAMILY] = {'f', N_("may the family be told?")},
    [RECORDING] = {'k', N_("may calls be recorded?")},
    [COMPLAINT] = {'c', N_("complaint")},
    [VISITS] = {'v', N_("visits and appointments")},
};

static void ask(struct app *app, enum what what)
{
	struct desk *d = desk_of(app);

	if (what == NEW_NUMBER)
		ask_text(app, _("The new number"));
	else if (what == BEST_TIME)
		ask_best_time(app);
	else if (what == HEARING)
		ask_hearing(app);
	else if (what == COMPLAINT)
		ask_complaint(app);
	else if (what == FAMILY || what == RECORDING)
		ask_consent(app, tr(rows[what].text));
	else if (what == VISITS)
		app_push(app, &visits_screen, &d->editing.patient);
	else if (field_of(what))
		ask_text(app, tr(rows[what].text));
	else
		ask_number(app);
}

static void chosen(void *ctx, int index, const char *text)
{
	struct app *app = ctx;

	(void)text;
	desk_of(app)->editing.what = index;
	ask(app, (enum what)index);
}

void circum_edit(struct app *app, const struct id *patient)
{
	struct dialog_choice choices[WHAT_COUNT];
	struct dialog d = {.title = _("What has changed?"),
	    .choices = choices,
	    .choice_count = WHAT_COUNT,
	    .done = chosen,
	    .ctx = app};

	desk_of(app)->editing.patient = *patient;
	for (int i = 0; i < WHAT_COUNT; i++)
		choices[i] =
		    (struct dialog_choice){rows[i].key, tr(rows[i].text), NULL};
	dialog_pick(app, &d);
}
