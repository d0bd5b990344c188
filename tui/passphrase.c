/*
 * passphrase.c - three prompts in a row, then a second of work.
 */
#include "tui/passphrase.h"

#include "core/err.h"
#include "core/mem.h"
#include "core/text.h"
#include "core/tr.h"
#include "keys/secret.h"
#include "tui/app.h"
#include "tui/desk.h"
#include "tui/dialog.h"

#include <stdlib.h>
#include <string.h>

#define WORK_DELAY_MS 5 /* lets the frame with "a moment" out first */

struct asking {
	struct app *app;
	struct secret *old, *fresh;
};

static struct asking *asking_new(struct app *app)
{
	struct asking *a = mem_new(sizeof(*a));

	a->app = app;
	return a;
}

static void asking_free(struct asking *a)
{
	if (a->old)
		secret_free(&a->old);
	if (a->fresh)
		secret_free(&a->fresh);
	free(a);
}

static void gone(void *ctx)
{
	asking_free(ctx);
}

static void ask(struct asking *a, const char *title,
    void (*done)(void *ctx, int index, const char *text))
{
	struct dialog d = {.title = title,
	    .required = true,
	    .secret = true,
	    .done = done,
	    .gone = gone,
	    .ctx = a};

	dialog_prompt(a->app, &d);
}

/* ---- another passphrase -------------------------------------------------- */

static void change(void *ctx)
{
	struct asking *a = ctx;
	struct desk *d = desk_of(a->app);
	int rc = d->keys.passwd(d->keys.ctx, a->old, a->fresh);

	if (app_say_error(a->app, rc) == 0)
		app_say(a->app, LOOK_DONE, "%s",
		    _("The passphrase is changed. The old one opens nothing "
		      "any more."));
	asking_free(a);
}

static void take_again(void *ctx, int index, const char *text)
{
	struct asking *a = ctx;
	bool same = strlen(text) == a->fresh->len &&
		    memcmp(text, a->fresh->bytes, a->fresh->len) == 0;

	(void)index;
	if (!same) {
		app_say(a->app, LOOK_ALERT, "%s",
		    _("The two are not the same; nothing was changed."));
		asking_free(a);
		return;
	}
	app_say(a->app, LOOK_DIM, "%s", _("A moment..."));
	app_timer(a->app, WORK_DELAY_MS, change, a);
}

static void take_new(void *ctx, int index, const char *text)
{
	struct asking *a = ctx;

	(void)index;
	if (utf8_count(text) < PASSPHRASE_MIN) {
		app_say(a->app, LOOK_ALERT, "%s",
		    _("At least 12 characters; a few words are best."));
		asking_free(a);
		return;
	}
	a->fresh = secret_dup(text, strlen(text));
	ask(a, _("New passphrase again"), take_again);
}

static void take_old(void *ctx, int index, const char *text)
{
	struct asking *a = ctx;

	(void)index;
	a->old = secret_dup(text, strlen(text));
	ask(a, _("New passphrase"), take_new);
}

void passphrase_change(struct app *app)
{
	ask(asking_new(app), _("Passphrase now"), take_old);
}

/* ---- a new key ----------------------------------------------------------- */

static void rekey(void *ctx)
{
	struct asking *a = ctx;
	struct desk *d = desk_of(a->app);
	int rc = d->keys.rekey(d->keys.rekey_ctx, a->old);

	if (app_say_error(a->app, rc) == 0)
		app_say(a->app, LOOK_DONE, "%s",
		    _("Everything on this terminal is sealed under a new "
		      "key."));
	asking_free(a);
}

static void take_for_rekey(void *ctx, int index, const char *text)
{
	struct asking *a = ctx;

	(void)index;
	a->old = secret_dup(text, strlen(text));
	app_say(a->app, LOOK_DIM, "%s", _("A moment..."));
	app_timer(a->app, WORK_DELAY_MS, rekey, a);
}

void passphrase_rekey(struct app *app)
{
	ask(asking_new(app), _("Passphrase, to seal under a new key"),
	    take_for_rekey);
}
