/*
 * begin.c - asking before a call.
 */
#include "tui/begin.h"

#include "core/alertq.h"
#include "core/err.h"
#include "core/hours.h"
#include "core/id.h"
#include "core/reach.h"
#include "core/tr.h"
#include "core/worklist.h"
#include "tui/app.h"
#include "tui/call.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/dialog.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

#define UNFINISHED_MAX 64
#define ALERTS_MAX 8

static void open_call(
    struct app *app, const struct id *patient, const char *override)
{
	struct call_arg arg = {.patient = *patient, .override = override};

	app_push(app, &call_screen, &arg);
}

static void reason_given(void *ctx, int index, const char *text)
{
	struct app *app = ctx;

	(void)index;
	open_call(app, &desk_of(app)->calling, text);
}

static bool is_unfinished(struct desk *d, const struct id *patient)
{
	struct id open[UNFINISHED_MAX];
	int n = call_unfinished(open, UNFINISHED_MAX, d);

	for (int i = 0; i < n; i++)
		if (id_cmp(&open[i], patient) == 0)
			return true;
	return false;
}

/* "Dialled often enough today (3 of 3). Next: tomorrow 08:30." */
static void why_text(char *out, size_t size, struct desk *d,
    const struct hours_verdict *may, const struct hours_person *person)
{
	const struct hours *h = catalog_hours(d->catalog);
	const struct words *why = hours_reason_words(may->reason);
	char count[60] = "", when[60], next[120] = "";

	if (may->reason == HOURS_CAP_DAY)
		snprintf(count, sizeof(count), _(" (%d of %d)"),
		    person->attempts_today, h->cap_attempts_day);
	else if (may->reason == HOURS_CAP_CONTACTS)
		snprintf(count, sizeof(count), _(" (%d of %d in %d days)"),
		    person->contacts_recent, h->cap_contacts, h->cap_days);
	if (may->next_s > 0) {
		words_time(when, sizeof(when), d, may->next_s);
		snprintf(next, sizeof(next), _("  Next: %s."), when);
	}
	snprintf(out, size, "%s%s%s  %s", tr_pick(why->zh, why->en), count,
	    next, _("A reason is recorded with the call."));
}

/* An open emergency does not wait for the hour. */
static bool has_emergency(struct desk *d, const struct id *patient)
{
	struct alert_row rows[ALERTS_MAX];
	struct alert_filter f = {.patient = patient};
	int n = alertq_read(rows, ALERTS_MAX, d->store, &f);

	for (int i = 0; i < n; i++)
		if (rows[i].state != ALERT_WITHDRAWN &&
		    strcmp(rows[i].level, "emergency") == 0)
			return true;
	return false;
}

int begin_may(char *why, size_t size, struct desk *d, const struct id *patient)
{
	const struct hours *h = catalog_hours(d->catalog);
	struct hours_person person;
	struct hours_verdict may;
	int rc = reach_read(&person, d->store, patient, h, desk_now_s(d));

	if (rc < 0)
		return rc;
	/* a refusal is no matter of hours: the call itself says so */
	person.is_do_not_call = false;
	hours_may_call(&may, h, &person, desk_now_s(d), HOURS_NO_PASS);
	if (may.may || is_unfinished(d, patient) || has_emergency(d, patient))
		return 1;
	why_text(why, size, d, &may, &person);
	return 0;
}

static void ask_reason(struct app *app, const char *why)
{
	struct dialog d = {.title = _("Call all the same?"),
	    .text = why,
	    .initial = "",
	    .required = true,
	    .done = reason_given,
	    .ctx = app};

	dialog_prompt(app, &d);
}

void begin_call(struct app *app, const struct id *patient)
{
	struct desk *d = desk_of(app);
	struct work_row row;
	char why[400];
	int rc = worklist_row(&row, d->store, patient), may = 0;

	if (rc == 0)
		may = rc = begin_may(why, sizeof(why), d, patient);
	if (app_say_error(app, rc) < 0)
		return;
	d->calling = *patient;
	if (row.is_refused)
		app_say(app, LOOK_ALERT, "%s",
		    _("This patient refused all calls; only a supervisor "
		      "lifts that."));
	else if (row.is_dead)
		app_say(app, LOOK_ALERT, "%s",
		    _("The patient is recorded as deceased."));
	else if (may)
		open_call(app, patient, "");
	else
		ask_reason(app, why);
}
