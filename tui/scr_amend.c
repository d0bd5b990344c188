/*
 * scr_amend.c - correcting the answers of a call: choose one, answer it
 * again under the script's own rules. What follows is shown before it is
 * signed (scr_amend_check.c).
 */
#include "core/casefile.h"
#include "core/err.h"
#include "core/script.h"
#include "core/script_merge.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/amend.h"
#include "tui/app.h"
#include "tui/call_view.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/dialog.h"
#include "tui/past.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

#define OPTIONS_MAX 40

struct amend_screen {
	struct screen base;
	struct amend *amend;
	uint32_t slot; /* selected */
	const char *keys[OPTIONS_MAX];
};

static struct amend_screen *of(struct screen *s)
{
	return (struct amend_screen *)s;
}

/* ---- slots -------------------------------------------------------------- */

static bool is_shown(const struct amend_screen *as, uint32_t slot)
{
	struct script_slot s = script_run_slot(as->amend->past->run, slot);

	return s.state == SCRIPT_SLOT_ANSWERED || s.state == SCRIPT_SLOT_OPEN;
}

/* The next answer from a slot on, by steps of dir; or where it was. */
static uint32_t seek(const struct amend_screen *as, uint32_t slot, int dir)
{
	uint32_t n = script_run_count(as->amend->past->run), i = slot;

	while (dir > 0 ? i + 1 < n : i > 0) {
		i = dir > 0 ? i + 1 : i - 1;
		if (is_shown(as, i))
			return i;
	}
	return slot;
}

static int amend_screen_open(struct screen *s, const void *arg)
{
	struct amend_screen *as = of(s);
	const struct amend_arg *a = arg;
	int rc =
	    amend_open(&as->amend, desk_of(s->app), &a->patient, a->contact);

	if (rc < 0)
		return rc;
	if (!is_shown(as, 0))
		as->slot = seek(as, 0, 1);
	return 0;
}

static void amend_screen_close(struct screen *s)
{
	amend_free(&of(s)->amend);
}

/* ---- drawing ------------------------------------------------------------ */

static bool is_changed(const struct amend_screen *as, uint32_t item)
{
	const struct past *p = as->amend->past;
	struct script_origin_of from = script_merged_from(p->merged, item);
	const char *script = from.part ? p->asked[from.part] : "";
	json_t *changes = amend_changes(as->amend);
	bool found = false;

	for (size_t i = 0; i < json_array_size(changes); i++) {
		const json_t *o = json_array_get(changes, i);
		const char *link = json_str(o, "link", "");
		size_t n = strlen(from.link);
		found |= strncmp(link, from.link, n) == 0 &&
			 (!link[n] || link[n] == '@') &&
			 strcmp(json_str(o, "script", ""), script) == 0;
	}
	json_decref(changes);
	return found;
}

static void draw_slot(
    struct amend_screen *as, struct grid *g, int y, uint32_t slot)
{
	struct past *p = as->amend->past;
	struct script_slot s = script_run_slot(p->run, slot);
	bool here = slot == as->slot, changed = is_changed(as, s.item);
	enum look look = here ? LOOK_SELECT : changed ? LOOK_MARK : LOOK_TEXT;
	int col = g->cols >= 110 ? 64 : 46;
	char text[300];

	if (here) {
		draw_fill(g, spot_rest(g, y, 0, look), ' ');
		draw_caret(g, y, 0);
	}
	draw_text(g, (struct spot){y, 0, 1, look, false}, here ? ">" : "");
	draw_textf(g, (struct spot){y, 2, col - 3, look, false}, "%s%s",
	    changed ? "* " : "", past_label(p, s.item));
	call_run_text(text, sizeof(text), p->run,
	    (struct script_place){s.item, s.occ, false});
	draw_text(
	    g, (struct spot){y, col, g->cols - col - 1, look, true}, text);
}

static void amend_draw(struct screen *s, struct grid *g)
{
	struct amend_screen *as = of(s);
	uint32_t n = script_run_count(as->amend->past->run), i = as->slot;
	int y = screen_top() + 1, last = screen_bottom(g);
	char when[60];

	words_time(when, sizeof(when), as->amend->desk, as->amend->past->at_s);
	draw_textf(g, spot_rest(g, screen_top(), 1, LOOK_HEAD),
	    _("%s   call of %s (%s)"),
	    script_title(as->amend->past->script, tr_lang()), when,
	    catalog_disposition(
		as->amend->desk->catalog, as->amend->past->disposition));
	for (int up = (last - y) / 2; i > 0 && up > 0; up--)
		i = seek(as, i, -1) == i ? 0 : seek(as, i, -1);
	for (; i < n && y < last; i++)
		if (is_shown(as, i))
			draw_slot(as, g, y++, i);
}

static void amend_subtitle(struct screen *s, char *out, size_t size)
{
	const struct casefile *f = of(s)->amend->past->file;

	text_copy(out, size, words_name(f->name, f->name_en));
}

/* ---- changing ----------------------------------------------------------- */

static void type_answer(struct amend_screen *as, const char *typed)
{
	struct script_slot s = script_run_slot(as->amend->past->run, as->slot);
	struct script_place at = {s.item, s.occ, true};
	struct script_verdict v = {.text = NULL};
	int rc = script_run_type(as->amend->past->run, at, typed, NULL, &v);

	if (rc == 0)
		app_say(as->base.app, LOOK_MARK, "%s",
		    _("Changed here. F2 shows what follows from it, then it is "
		      "signed."));
	else if (v.text)
		app_say(
		    as->base.app, LOOK_ALERT, "%s %s", tr(v.text), v.bounds);
	else
		app_say_error(as->base.app, rc);
}

static void option_done(void *ctx, int index, const char *text)
{
	struct amend_screen *as = ctx;

	(void)text;
	type_answer(as, as->keys[index]);
}

static void text_done(void *ctx, int index, const char *text)
{
	(void)index;
	type_answer(ctx, text);
}

static void ask_option(
    struct amend_screen *as, const struct script_item *it, struct dialog *d)
{
	struct dialog_choice choices[OPTIONS_MAX];

	d->choices = choices;
	d->done = option_done;
	for (uint32_t i = 0; i < it->n_options && i < OPTIONS_MAX; i++) {
		as->keys[i] = it->options[i].key;
		choices[i] = (struct dialog_choice){call_option_key(it, i),
		    script_option_text(&it->options[i], tr_lang()), NULL};
		d->choice_count++;
	}
	dialog_pick(as->base.app, d);
}

static void ask_answer(struct amend_screen *as)
{
	const struct past *p = as->amend->past;
	struct script_slot s = script_run_slot(p->run, as->slot);
	const struct script_item *it = script_item(p->script, s.item);
	struct dialog d = {
	    .title = script_text(p->script, s.item, tr_lang(), &p->person),
	    .initial = "",
	    .required = true,
	    .done = text_done,
	    .ctx = as};
	char keys[200] = "";

	if (it->n_options && !it->repeats) {
		d.initial = NULL;
		ask_option(as, it, &d);
		return;
	}
	for (uint32_t i = 0; it->repeats && i < it->n_options; i++)
		snprintf(keys + strlen(keys), sizeof(keys) - strlen(keys),
		    "%s %s  ", it->options[i].key,
		    script_option_text(&it->options[i], tr_lang()));
	if (it->type == SCRIPT_BOOLEAN)
		text_copy(keys, sizeof(keys), _("1 yes   2 no"));
	d.text = keys[0] ? keys : it->unit[0] ? it->unit : NULL;
	dialog_prompt(as->base.app, &d);
}

/* ---- the operations ------------------------------------------------------ */

static const char *amend_why_not(struct screen *s, enum op op)
{
	json_t *changes;
	bool none;

	if (op != OP_SIGN_AMEND)
		return NULL;
	changes = amend_changes(of(s)->amend);
	none = json_array_size(changes) == 0;
	json_decref(changes);
	return none ? _("Nothing is changed yet.") : NULL;
}

static unsigned amend_op(struct screen *s, enum op op)
{
	struct amend_screen *as = of(s);

	if (op == OP_UP || op == OP_DOWN)
		as->slot = seek(as, as->slot, op == OP_UP ? -1 : 1);
	else if (op == OP_CHANGE)
		ask_answer(as);
	else if (op == OP_SIGN_AMEND)
		app_push(s->app, &amend_check_screen, as->amend);
	else
		return REACT_PASS;
	return REACT_DRAW;
}

static const enum op amend_ops[] = {
    OP_CHANGE, OP_SIGN_AMEND, OP_BACK, OP_UP, OP_DOWN, OP_NONE};

const struct screen_ops amend_screen = {
    .name = "amend",
    .title = N_("Correction"),
    .size = sizeof(struct amend_screen),
    .ops = amend_ops,
    .open = amend_screen_open,
    .close = amend_screen_close,
    .draw = amend_draw,
    .op = amend_op,
    .why_not = amend_why_not,
    .subtitle = amend_subtitle,
};
