/*
 * plain_more.c - the plain mode's words for F7, F8, F9 and the advice.
 */
#include "core/advice.h"
#include "core/casefile.h"
#include "core/draft_patient.h"
#include "core/err.h"
#include "core/phonebook.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/call.h"
#include "tui/circum.h"
#include "tui/desk.h"
#include "tui/dialog.h"
#include "tui/plain_in.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RELATIONS_MAX 12

/* 1 .. n; 0 for an empty line. What is no such number is asked again. */
static int ask_number(struct plain *p, const char *prompt, int n)
{
	char typed[PLAIN_LINE];

	while (plain_ask(p, prompt, typed) && typed[0]) {
		int i = plain_number(typed, n);
		if (i)
			return i;
		plain_say(_("That is none of these numbers."));
	}
	return 0;
}

/* Signs and says so; the call then knows it. */
static void save(struct plain *p, struct call *c, struct draft *draft)
{
	char ref[REF_TEXT];
	int rc = desk_record(ref, p->desk, draft);

	if (rc == 0)
		rc = call_reload(c);
	if (rc < 0)
		plain_say_error(rc);
	else
		plain_say(_("Saved with the patient."));
}

/* ---- numbers ------------------------------------------------------------ */

static void dial(struct plain *p, struct call *c)
{
	const struct casefile *f = c->file;
	char masked[40], line[200];
	int i;

	for (i = 0; i < f->phone_count; i++) {
		case_mask(masked, sizeof(masked), f->phones[i].number);
		snprintf(line, sizeof(line), "%s  %s %s%s%s", masked,
		    words_relation(f->phones[i].relation), f->phones[i].name,
		    f->phones[i].retired ? _(" (not in use)") : "",
		    i == c->number ? _(" <- on the line") : "");
		plain_say_numbered(i + 1, line);
	}
	i = ask_number(p, _("Dial which? (empty: none)"), f->phone_count);
	if (i == 0)
		return;
	if (f->phones[i - 1].retired) {
		plain_say(_("This number is not in use any more."));
		return;
	}
	plain_say_error(call_dial(c, i - 1));
	plain_say(f->phones[i - 1].number);
}

static void add_number(struct plain *p, struct call *c)
{
	struct case_phone phones[CASE_PHONES];
	struct dialog_choice who[RELATIONS_MAX];
	int n = c->file->phone_count, kinds, i;
	char typed[PLAIN_LINE], digits[PHONE_DIGITS];
	struct draft draft = {0};

	if (n == CASE_PHONES || !plain_ask(p, _("New number"), typed))
		return;
	phonebook_digits(digits, typed);
	if (strlen(digits) < PHONE_TAIL_MIN) {
		plain_say(_("That is no telephone number. Nothing was saved."));
		return;
	}
	kinds = circum_relations(who, RELATIONS_MAX);
	for (i = 0; i < kinds; i++)
		plain_say_numbered(i + 1, who[i].text);
	i = ask_number(p, _("Whose number is it?"), kinds);
	if (i == 0)
		return;
	memcpy(phones, c->file->phones, sizeof(phones));
	phones[n] = (struct case_phone){.consent = true};
	text_copy(phones[n].number, sizeof(phones[n].number), digits);
	text_copy(phones[n].relation, sizeof(phones[n].relation),
	    circum_relation(i - 1));
	draft_phones(&draft, &c->file->patient, phones, n + 1);
	save(p, c, &draft);
}

/* ---- details ------------------------------------------------------------ */

static const struct {
	const char *field, *text;
} details[] = {
    {"best_time", N_("When may we call?")},
    {"hearing", N_("Hearing")},
    {"dialect", N_("Dialect")},
    {"language", N_("Language")},
    {"address", N_("Address")},
};

static void change_details(struct plain *p, struct call *c)
{
	int n = (int)ARRAY_LEN(details), i;
	char typed[PLAIN_LINE], cut[33];
	struct draft draft = {0};

	for (i = 0; i < n; i++)
		plain_say_numbered(i + 1, tr(details[i].text));
	plain_say_numbered(n + 1, _("New number"));
	i = ask_number(p, _("Change what? (empty: nothing)"), n + 1);
	if (i == n + 1) {
		add_number(p, c);
		return;
	}
	if (i == 0 || !plain_ask(p, tr(details[i - 1].text), typed) ||
	    !typed[0])
		return;
	text_copy(cut, sizeof(cut), typed);
	draft_detail(&draft, &c->file->patient, details[i - 1].field, cut);
	save(p, c, &draft);
}

/* ---- alerts and advice -------------------------------------------------- */

static void tell(struct plain *p, struct call *c)
{
	char who[PLAIN_LINE];

	if (c->alert_count == 0) {
		plain_say(_("No alert was raised in this call."));
		return;
	}
	if (!plain_ask(p, _("Whom did you tell? (empty: nobody)"), who) ||
	    !who[0])
		return;
	plain_say_error(call_told(c, c->alert_count - 1, who));
}

static void take_read(struct call *c, const struct advice *const *list,
    size_t n, const char *typed)
{
	char *end;

	for (const char *at = typed; *at; at = end) {
		unsigned long i = strtoul(at, &end, 10);
		if (end == at)
			end = (char *)(uintptr_t)at + 1;
		else if (i >= 1 && i <= n)
			plain_say_error(call_give(c, list[i - 1]->id, true));
	}
}

void plain_advice(struct plain *p, struct call *c)
{
	const struct advice *list[CALL_GIVEN];
	size_t n = call_advice(list, c);
	char line[PLAIN_LINE];

	if (n == 0)
		return;
	plain_say(_("Advice for this patient"));
	for (size_t i = 0; i < n; i++) {
		snprintf(line, sizeof(line), "%s%s: %s",
		    call_gave(c, list[i]->id) ? "[x] " : "",
		    tr_pick(list[i]->title.zh, list[i]->title.en),
		    tr_pick(list[i]->text.zh, list[i]->text.en));
		plain_say_numbered((int)i + 1, line);
	}
	if (plain_ask(
		p, _("Which did you read aloud? (numbers, empty: none)"), line))
		take_read(c, list, n, line);
}

bool plain_more(struct plain *p, struct call *c, const char *typed)
{
	if (typed[0] != '.' || !typed[1] || typed[2])
		return false;
	if (typed[1] == 'n')
		dial(p, c);
	else if (typed[1] == 'd')
		change_details(p, c);
	else if (typed[1] == 'a')
		plain_advice(p, c);
	else if (typed[1] == 't')
		tell(p, c);
	else
		plain_say(_(
		    "* must be answered, ! is an emergency. .n another number, "
		    ".d the patient's details, .a advice to read "
		    "aloud, .t whom you told of an alert, . end the "
		    "questions"));
	return true;
}
