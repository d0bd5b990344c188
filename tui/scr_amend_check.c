/*
 * scr_amend_check.c - what a correction brings, read before it is signed:
 * the answers that change and that go, alerts, what is due, risk and tags.
 */
#include "core/casefile.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/amend.h"
#include "tui/app.h"
#include "tui/desk.h"
#include "tui/dialog.h"
#include "tui/pager.h"
#include "tui/past.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>

struct check_screen {
	struct screen base;
	struct amend *amend; /* of the screen below */
	struct amend_effect shown;
	size_t entries; /* of the draft that is shown */
	struct pager pager;
};

static struct check_screen *of(struct screen *s)
{
	return (struct check_screen *)s;
}

/* True where it is another correction than the one that was read. */
static int make(bool *is_other, struct check_screen *cs)
{
	struct amend_made made;
	const struct amend_effect *e = &made.effect, *was = &cs->shown;
	int rc = amend_make(&made, cs->amend, "");

	if (rc < 0)
		return rc;
	*is_other = e->raised != was->raised ||
		    e->withdrawn != was->withdrawn || e->kept != was->kept ||
		    e->moved != was->moved || made.draft.count != cs->entries;
	cs->shown = *e;
	cs->entries = made.draft.count;
	amend_tell(&cs->pager, cs->amend, &made);
	amend_made_fini(&made);
	return 0;
}

static int check_open(struct screen *s, const void *arg)
{
	struct check_screen *cs = of(s);
	bool is_other;

	cs->amend = (struct amend *)(uintptr_t)arg;
	return make(&is_other, cs);
}

static void check_close(struct screen *s)
{
	pager_fini(&of(s)->pager);
}

static unsigned check_refresh(struct screen *s)
{
	bool is_other;

	app_say_error(s->app, make(&is_other, of(s)));
	return REACT_DRAW;
}

static void check_draw(struct screen *s, struct grid *g)
{
	int bottom = screen_bottom(g);

	pager_draw(&of(s)->pager, g,
	    (struct spot){screen_top(), 1, g->cols - 2, LOOK_TEXT, true},
	    bottom - screen_top() - 2);
	draw_rule(g, bottom - 2);
	draw_text(g, spot_rest(g, bottom - 1, 1, LOOK_MARK),
	    _("Nothing is signed yet. Enter signs, with a reason; Esc goes "
	      "back to the answers."));
}

static void check_subtitle(struct screen *s, char *out, size_t size)
{
	const struct casefile *f = of(s)->amend->past->file;

	text_copy(out, size, words_name(f->name, f->name_en));
}

/* ---- signing ------------------------------------------------------------ */

static void say_signed(struct check_screen *cs, const struct amend_effect *did,
    const struct undo *undo)
{
	struct app *app = cs->base.app;
	char line[240];

	text_copy(line, sizeof(line), _("Correction signed."));
	if (did->raised + did->withdrawn + did->kept)
		snprintf(line, sizeof(line),
		    _("Correction signed. Alerts: raised %d, withdrawn %d, "
		      "left to the clinician %d."),
		    did->raised, did->withdrawn, did->kept);
	if (did->raised + did->withdrawn + did->kept)
		app_say(app, LOOK_DONE, "%s", line);
	else
		app_offer_undo(app, undo, line);
}

static void reason_done(void *ctx, int index, const char *text)
{
	struct check_screen *cs = ctx;
	struct app *app = cs->base.app;
	struct amend_effect did;
	struct undo undo = {desk_undo, cs->amend->desk, ""};
	bool is_other;

	(void)index;
	if (app_say_error(app, make(&is_other, cs)) < 0)
		return;
	if (is_other) {
		app_say(app, LOOK_ALERT, "%s",
		    _("Meanwhile something else follows from it: read it "
		      "again. Nothing was signed."));
		return;
	}
	if (app_say_error(app, amend_save(undo.ref, cs->amend, text, &did)) < 0)
		return;
	say_signed(cs, &did, &undo);
	app_pop_to(app, cs->base.below->below);
}

static unsigned check_op(struct screen *s, enum op op)
{
	struct check_screen *cs = of(s);
	struct dialog d = {.title = _("Sign the correction"),
	    .text = _("Why is it corrected? Both stay in the log."),
	    .initial = "",
	    .required = true,
	    .done = reason_done,
	    .ctx = cs};

	if (op == OP_SIGN_CHECKED)
		dialog_prompt(s->app, &d);
	else if (!pager_op(&cs->pager, op))
		return REACT_PASS;
	return REACT_DRAW;
}

static const enum op check_ops[] = {
    OP_SIGN_CHECKED, OP_BACK, LIST_OPS, OP_NONE};

const struct screen_ops amend_check_screen = {
    .name = "amend_check",
    .title = N_("What the correction brings"),
    .size = sizeof(struct check_screen),
    .ops = check_ops,
    .open = check_open,
    .close = check_close,
    .draw = check_draw,
    .op = check_op,
    .refresh = check_refresh,
    .subtitle = check_subtitle,
};
