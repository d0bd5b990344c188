/*
 * raise.c - raising an alert by hand.
 */
#include "tui/raise.h"

#include "core/json.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/app.h"
#include "tui/desk.h"
#include "tui/dialog.h"
#include "tui/words.h"

#define QUEUE "general"

static const struct {
	const char *level;
	int sla_s;
} levels[] = {
    {"emergency", 900}, {"red", 1800}, {"orange", 21600}, {"yellow", 86400}};

static void text_done(void *ctx, int index, const char *text)
{
	struct app *app = ctx;
	struct desk *d = desk_of(app);
	struct draft draft = {0};
	json_t *body = json_object();
	char no[ALERT_NO_TEXT];

	(void)index;
	draft_alert_no(no, d->member, d->ordinal, d->log.next_seq(d->log.ctx));
	json_put_str(body, "no", no);
	json_put_str(body, "rule", "by-hand");
	json_put_str(body, "version", "1");
	json_put_str(body, "level", levels[d->raising.level].level);
	json_put_str(body, "text_zh", text);
	json_put_str(body, "text_en", text);
	json_put_str(body, "queue", QUEUE);
	json_put_int(body, "sla_s", levels[d->raising.level].sla_s);
	draft_add(&draft, KIND_ALERT_RAISED, &d->raising.patient, body);
	desk_save(app, &draft, _("Alert raised."));
}

static void level_done(void *ctx, int index, const char *text)
{
	struct app *app = ctx;
	struct dialog d = {.title = _("What is the matter?"),
	    .initial = "",
	    .required = true,
	    .done = text_done,
	    .ctx = app};

	(void)text;
	desk_of(app)->raising.level = index;
	dialog_prompt(app, &d);
}

void raise_alert(struct app *app, const struct id *patient)
{
	struct dialog_choice choices[ARRAY_LEN(levels)];
	struct dialog d = {.title = _("Raise an alert by hand"),
	    .choices = choices,
	    .choice_count = ARRAY_LEN(levels),
	    .done = level_done,
	    .ctx = app};

	for (size_t i = 0; i < ARRAY_LEN(levels); i++)
		choices[i] = (struct dialog_choice){
		    0, words_level(levels[i].level), NULL};
	desk_of(app)->raising.patient = *patient;
	dialog_pick(app, &d);
}
