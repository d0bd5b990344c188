/*
 * forward.c - forwarding an alert, and escalating it.
 */
#include "tui/forward.h"

#include "core/alertq.h"
#include "core/draft_contact.h"
#include "core/json.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/app.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/dialog.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct wording {
	const char *whom, *why, *done;
} forwards = {N_("Forward the alert to"), N_("Forward the alert: why?"),
    N_("Forwarded: it waits there to be acknowledged; its clock goes on.")},
  escalates = {N_("Escalate the alert to"), N_("Escalate the alert: why?"),
      N_("Escalated: ring the number that stands with the alert.")};

static const struct wording *wording_of(const struct forward *f)
{
	return f->kind == KIND_ALERT_ESCALATED ? &escalates : &forwards;
}

/* A person is asked within the department that has the alert; a department
 * asks nobody in particular. */
static void put_whom(json_t *body, const struct forward *f)
{
	bool to_queue = f->chosen < f->queue_count;
	const char *whom = to_queue ? f->queues[f->chosen]
				    : f->takers[f->chosen - f->queue_count];

	if (f->kind == KIND_ALERT_ESCALATED) {
		json_put_str(body, "to", whom);
		return;
	}
	json_put_str(body, "queue", to_queue ? whom : f->from);
	if (!to_queue)
		json_put_str(body, "owner", whom);
}

static void reason_done(void *ctx, int index, const char *text)
{
	struct forward *f = ctx;
	struct draft draft = {0};
	json_t *body = draft_about(&draft, f->kind, &f->patient, f->ref);

	(void)index;
	put_whom(body, f);
	json_put_str(body, "reason", text);
	desk_save(f->app, &draft, tr(wording_of(f)->done));
}

static void whom_done(void *ctx, int index, const char *text)
{
	struct forward *f = ctx;
	struct dialog d = {.title = tr(wording_of(f)->why),
	    .text = _("The reason is signed and stands in the alert's "
		      "history."),
	    .initial = "",
	    .required = true,
	    .done = reason_done,
	    .ctx = f};

	(void)text;
	f->chosen = index;
	dialog_prompt(f->app, &d);
}

static int add_queues(
    struct forward *f, struct dialog_choice *choices, const char *here)
{
	const struct catalog *c = desk_of(f->app)->catalog;

	f->queue_count = catalog_queues(f->queues, FORWARD_QUEUES, c);
	for (int i = 0; i < f->queue_count; i++)
		choices[i] = (struct dialog_choice){0,
		    catalog_queue(c, f->queues[i]),
		    strcmp(f->queues[i], here) == 0 ? _("It is there already.")
						    : NULL};
	return f->queue_count;
}

static int add_takers(struct forward *f, struct dialog_choice *choices,
    char texts[][120], const struct alert_row *r)
{
	const struct desk *d = desk_of(f->app);
	struct alert_taker takers[FORWARD_TAKERS];
	int n = alertq_takers(takers, FORWARD_TAKERS, d->store, r);

	f->taker_count = n < 0 ? 0 : n;
	for (int i = 0; i < f->taker_count; i++) {
		text_copy(f->takers[i], sizeof(f->takers[i]), takers[i].member);
		snprintf(texts[i], sizeof(texts[i]), "%.23s %.95s",
		    takers[i].member,
		    words_name(takers[i].name, takers[i].name_en));
		choices[i] = (struct dialog_choice){0, texts[i], NULL};
	}
	return f->taker_count;
}

void forward_ask(struct forward *f, struct app *app, const struct alert_row *r,
    enum kind kind)
{
	struct dialog_choice choices[FORWARD_QUEUES + FORWARD_TAKERS];
	char texts[FORWARD_TAKERS][120];
	struct dialog d = {.choices = choices, .done = whom_done, .ctx = f};

	*f = (struct forward){.app = app, .kind = kind, .patient = r->patient};
	d.title = tr(wording_of(f)->whom);
	text_copy(f->ref, sizeof(f->ref), r->ref);
	text_copy(f->from, sizeof(f->from), r->queue);
	d.choice_count = add_queues(f, choices, *r->owner ? "" : r->queue);
	d.choice_count += add_takers(f, choices + d.choice_count, texts, r);
	dialog_pick(app, &d);
}
