/*
 * scr_call.c - the call screen: one key a question, the end in two more.
 */
#include "core/draft_contact.h"
#include "core/err.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/app.h"
#include "tui/call_view.h"
#include "tui/catalog.h"
#include "tui/circum.h"
#include "tui/desk.h"
#include "tui/dialer.h"
#include "tui/scr_call_in.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

static struct call_screen *of(struct screen *s)
{
	return (struct call_screen *)s;
}

/* ---- where we are ------------------------------------------------------- */

static unsigned reach_end(struct call_screen *cs);

uint32_t call_slot_of(const struct call_screen *cs)
{
	if (!cs->call->run || cs->item == SCRIPT_NONE)
		return SCRIPT_NONE;
	return script_run_find(cs->call->run, cs->item, cs->occ);
}

void call_go_to(struct call_screen *cs, uint32_t slot)
{
	cs->item = SCRIPT_NONE;
	if (slot != SCRIPT_NONE) {
		struct script_slot s = script_run_slot(cs->call->run, slot);
		cs->item = s.item;
		cs->occ = s.occ;
	}
	field_set(&cs->entry, "");
	cs->trouble[0] = '\0';
	cs->confirming = false;
}

/* The next open question after a slot; the end when there is none. */
uint32_t call_open_after(const struct call_screen *cs, uint32_t slot)
{
	const struct call *c = cs->call;
	uint32_t n = c->run ? script_run_count(c->run) : 0;

	for (uint32_t i = slot; i < n; i++)
		if (script_run_slot(c->run, i).state == SCRIPT_SLOT_OPEN &&
		    call_is_shown(c, i))
			return i;
	return SCRIPT_NONE;
}

static bool is_question(const struct call *c, uint32_t slot)
{
	enum script_slot_state state = script_run_slot(c->run, slot).state;

	return call_is_shown(c, slot) &&
	       (state == SCRIPT_SLOT_OPEN || state == SCRIPT_SLOT_ANSWERED);
}

static unsigned step_question(struct call_screen *cs, int dir)
{
	const struct call *c = cs->call;
	uint32_t n = c->run ? script_run_count(c->run) : 0;
	uint32_t i = call_slot_of(cs);

	if (i == SCRIPT_NONE)
		i = n;
	for (;;) {
		if ((dir < 0 && i == 0) || (dir > 0 && i + 1 >= n))
			break;
		i = dir < 0 ? i - 1 : i + 1;
		if (is_question(c, i)) {
			call_go_to(cs, i);
			return REACT_DRAW;
		}
	}
	if (dir > 0)
		call_go_to(cs, SCRIPT_NONE);
	return REACT_DRAW;
}

static void say_moved(struct call_screen *cs)
{
	char line[400];

	call_moved_text(line, sizeof(line), cs->call);
	app_say(cs->base.app, LOOK_ALERT, "%s", line);
}

static int call_screen_open(struct screen *s, const void *arg)
{
	struct call_screen *cs = of(s);
	const struct call_arg *who = arg;
	struct call_opening how = {.override = who->override,
	    .incoming = who->incoming,
	    .number = who->line - 1,
	    .shares = who->shares,
	    .from = who->from};
	int rc = call_begin_as(&cs->call, desk_of(s->app), &who->patient, &how);

	if (rc < 0)
		return rc;
	call_go_to(cs, call_open_after(cs, 0));
	field_set(&cs->note, cs->call->note);
	if (cs->call->is_moved)
		say_moved(cs);
	else if (cs->call->resumed)
		app_say(s->app, LOOK_LATE, "%s",
		    _("This call was interrupted. Everything answered is "
		      "here; go on."));
	else
		call_say_shared(cs);
	return 0;
}

/* Makes the note durable as it stands. */
static int keep_note(struct call_screen *cs)
{
	int rc = 0;

	if (cs->note_typed)
		rc = call_set_note(cs->call, cs->note.text);
	if (rc == 0)
		cs->note_typed = false;
	return app_say_error(cs->base.app, rc);
}

static void call_screen_close(struct screen *s)
{
	struct call_screen *cs = of(s);

	/* the terminal hung up; after an end nothing is left to keep */
	if (cs->call)
		keep_note(cs);
	call_free(&cs->call);
}

/* ---- the end ------------------------------------------------------------ */

static void say_saved(struct call_screen *cs, const char *ref,
    const struct disposition *how, int64_t try_s)
{
	struct desk *d = cs->call->desk;
	struct undo undo = {desk_undo, d, ""};
	char line[600], when[60] = "", moved[300];

	text_copy(undo.ref, sizeof(undo.ref), ref);
	if (try_s)
		words_time(when, sizeof(when), d, try_s);
	snprintf(line, sizeof(line),
	    try_s ? _("Saved: %s (%s), next try %s") : _("Saved: %s (%s)"),
	    words_name(cs->call->file->name, cs->call->file->name_en),
	    tr_pick(how->name.zh, how->name.en), when);
	if (cs->call->is_moved) {
		size_t n = strlen(line);
		call_moved_saved(moved, sizeof(moved), cs->call);
		snprintf(line + n, sizeof(line) - n, "  %s", moved);
		app_say(cs->base.app, LOOK_LATE, "%s", line);
		return;
	}
	app_offer_undo(cs->base.app, &undo, line);
}

/* Records the end; on success the screen goes. */
unsigned call_end(struct call_screen *cs, const struct disposition *how,
    const struct promise *promise)
{
	struct app *app = cs->base.app;
	struct outcome out;
	char ref[REF_TEXT];
	int rc;

	call_propose(cs->call, how, &out);
	rc = call_finish(ref, cs->call, how, promise);
	if (rc == ERR_CHECK)
		return reach_end(cs);
	if (rc < 0) {
		app_say_error(app, rc);
		return REACT_DRAW;
	}
	cs->note_typed = false;
	say_saved(cs, ref, how, promise ? promise->due_s : out.try_s);
	app_pop_to(app, cs->base.below);
	return REACT_NONE;
}

/* ---- answers ------------------------------------------------------------ */

static const struct script_item *asked(const struct call_screen *cs)
{
	return cs->item == SCRIPT_NONE
		   ? NULL
		   : script_item(cs->call->script, cs->item);
}

void call_trouble(struct call_screen *cs, const struct script_verdict *v)
{
	snprintf(cs->trouble, sizeof(cs->trouble), "%s %s",
	    v->text ? tr(v->text) : "", v->bounds);
}

static unsigned take(struct call_screen *cs, const char *typed)
{
	struct script_place at = {cs->item, cs->occ, cs->confirming};
	struct script_verdict verdict = {.text = NULL};
	uint32_t slot = call_slot_of(cs);
	int rc = call_answer(cs->call, at, typed, &verdict);

	if (rc == 0) {
		/* the answer may have changed what follows */
		slot = call_slot_of(cs);
		call_go_to(cs,
		    call_open_after(cs, slot == SCRIPT_NONE ? 0 : slot + 1));
		return REACT_DRAW;
	}
	call_trouble(cs, &verdict);
	cs->confirming = rc == ERR_CHECK;
	if (cs->confirming)
		app_say(cs->base.app, LOOK_LATE, "%s",
		    _("Unlikely value: Enter again takes it as it is."));
	else if (!verdict.text)
		app_say_error(cs->base.app, rc);
	return REACT_DRAW | REACT_BELL;
}

static const struct script_option *option_of(
    const struct script_item *it, uint32_t code)
{
	for (uint32_t i = 0; i < it->n_options; i++)
		if ((uint32_t)(uint8_t)call_option_key(it, i) == code)
			return &it->options[i];
	return NULL;
}

/* Adds or removes one key of a list such as "1,3". */
static void toggle(struct field *f, const char *key)
{
	char text[FIELD_MAX] = "";
	char *save = NULL, copy[FIELD_MAX];
	bool found = false;

	strcpy(copy, f->text);
	for (char *p = strtok_r(copy, ",", &save); p;
	     p = strtok_r(NULL, ",", &save)) {
		if (strcmp(p, key) == 0) {
			found = true;
			continue;
		}
		if (text[0])
			strcat(text, ",");
		strcat(text, p);
	}
	if (!found && strlen(text) + 4 < sizeof(text)) {
		if (text[0])
			strcat(text, ",");
		strcat(text, key);
	}
	field_set(f, text);
}

static unsigned choose(
    struct call_screen *cs, const struct script_item *it, const struct key *k)
{
	const struct script_option *o = option_of(it, k->code);

	if (!o)
		return REACT_BELL;
	if (!it->repeats || (o->is_exclusive && !cs->entry.text[0]))
		return take(cs, o->key);
	toggle(&cs->entry, o->key);
	return REACT_DRAW;
}

static unsigned enter(struct call_screen *cs)
{
	const struct script_item *it = asked(cs);

	if (!it)
		return REACT_PASS;
	if (cs->entry.text[0])
		return take(cs, cs->entry.text);
	if (!it->required ||
	    script_run_answer(cs->call->run, cs->item, cs->occ))
		return step_question(cs, 1);
	text_copy(cs->trouble, sizeof(cs->trouble),
	    _("This must be answered; F6 skips it with a reason."));
	return REACT_DRAW | REACT_BELL;
}

/* A blood pressure may be typed as one: 130/82 answers two questions. */
static bool ends_part(const struct script_item *it, uint32_t code)
{
	return code == '/' &&
	       (it->type == SCRIPT_INTEGER || it->type == SCRIPT_DECIMAL ||
		   it->type == SCRIPT_QUANTITY);
}

static unsigned type_key(struct call_screen *cs, const struct key *k)
{
	const struct script_item *it = asked(cs);

	if (k->code == K_ENTER && !k->pasted)
		return enter(cs);
	if (k->code == K_BACKSPACE && !cs->entry.text[0])
		return step_question(cs, -1);
	if (!it)
		return REACT_NONE;
	if (it->n_options && it->type != SCRIPT_OPEN_CHOICE && k->code < K_UP &&
	    k->code > ' ' && k->code != K_BACKSPACE)
		return choose(cs, it, k);
	if (it->type == SCRIPT_BOOLEAN && k->code >= '0' && k->code <= '2')
		return take(cs, k->code == '1' ? "1" : "2");
	if (ends_part(it, k->code) && cs->entry.text[0])
		return take(cs, cs->entry.text);
	cs->confirming = false;
	return field_key(&cs->entry, k) ? REACT_DRAW : REACT_PASS;
}

/* Back from the note to the questions. */
static unsigned end_note(struct call_screen *cs)
{
	cs->in_note = false;
	if (keep_note(cs) == 0)
		call_ask_tags(cs);
	return REACT_DRAW;
}

static unsigned note_key(struct call_screen *cs, const struct key *k)
{
	if (k->code == K_ENTER && !k->pasted)
		return end_note(cs);
	if (!field_key(&cs->note, k))
		return REACT_PASS;
	cs->note_typed = true;
	/* what is pasted is kept whole, when the next second ticks */
	if (!k->pasted)
		keep_note(cs);
	return REACT_DRAW;
}

static unsigned call_key(struct screen *s, const struct key *k)
{
	struct call_screen *cs = of(s);

	if (cs->in_note)
		return note_key(cs, k);
	if (cs->item == SCRIPT_NONE && k->code == K_ENTER && !k->pasted)
		return call_end(cs, call_completed(cs->call), NULL);
	if (cs->item == SCRIPT_NONE && call_take_advice(cs, k->code))
		return REACT_DRAW;
	return type_key(cs, k);
}

/* Letters belong to a text; digits and signs of a number are keys. */
static bool call_is_text(struct screen *s)
{
	struct call_screen *cs = of(s);
	const struct script_item *it = asked(cs);

	if (cs->in_note)
		return true;
	return it &&
	       (it->type == SCRIPT_STRING || it->type == SCRIPT_TEXT ||
		   it->type == SCRIPT_URL || it->type == SCRIPT_OPEN_CHOICE);
}

/* ---- ops ---------------------------------------------------------------- */

/* To the proposal, or to what is still to be asked. */
static unsigned reach_end(struct call_screen *cs)
{
	struct script_slot missing;
	struct call *c = cs->call;
	uint32_t n = c->run ? script_run_missing(c->run, &missing, 1) : 0;

	if (n == 0 || call_has_emergency(c)) {
		call_go_to(cs, SCRIPT_NONE);
		return REACT_DRAW;
	}
	call_go_to(cs, script_run_find(c->run, missing.item, missing.occ));
	app_say(cs->base.app, LOOK_LATE,
	    _("Still to ask: %d. Answer, skip with a reason (F6), or choose "
	      "another end (F4)."),
	    (int)n);
	return REACT_DRAW | REACT_BELL;
}

/* F2: what is typed is an answer, or it is said that it is none. */
static unsigned finish(struct call_screen *cs)
{
	char typed[FIELD_MAX];
	bool noted = cs->in_note;

	cs->in_note = false;
	strcpy(typed, cs->entry.text);
	if (typed[0] && asked(cs) && (take(cs, typed) & REACT_BELL)) {
		if (!cs->confirming)
			app_say(cs->base.app, LOOK_LATE,
			    _("%s is typed and cannot be an answer: "
			      "correct or delete it, then F2."),
			    typed);
		return REACT_DRAW | REACT_BELL;
	}
	unsigned react = reach_end(cs);
	if (noted)
		call_ask_tags(cs);
	return react;
}

static const char *call_why_not(struct screen *s, enum op op)
{
	struct call_screen *cs = of(s);

	if (op == OP_TOLD && cs->call->alert_count == 0)
		return _("No alert was raised in this call.");
	if (op == OP_NO_ANSWER && call_has_answers(cs->call))
		return _("Questions were answered already: end with F2, or "
			 "with F4 if the patient hung up.");
	if (op == OP_NUMBER && cs->call->file->phone_count == 0)
		return _("There is no number yet.");
	if (op == OP_SKIP && cs->item == SCRIPT_NONE)
		return _("No question is open here.");
	return NULL;
}

static unsigned leave(struct call_screen *cs)
{
	if (cs->in_note)
		return end_note(cs);
	app_say(cs->base.app, LOOK_LATE, "%s",
	    _("Call suspended; nothing is lost. Enter on the row goes on."));
	return REACT_POP;
}

static unsigned call_more_op(struct call_screen *cs, enum op op)
{
	if (op == OP_DETAILS)
		circum_edit(cs->base.app, &cs->call->file->patient);
	else if (op == OP_NUMBER)
		call_ask_number(cs);
	else if (op == OP_RECORDING)
		call_ask_recording(cs);
	else
		return REACT_PASS;
	return REACT_DRAW;
}

static unsigned call_op(struct screen *s, enum op op)
{
	struct call_screen *cs = of(s);
	const struct cadence *set = catalog_cadence(cs->call->desk->catalog);

	if (keep_note(cs) < 0)
		return REACT_DRAW;
	if (op == OP_BACK)
		return leave(cs);
	if (op == OP_REACHED)
		return finish(cs);
	cs->in_note = false;
	if (op == OP_NO_ANSWER)
		return call_end(cs, cadence_find(set, "no-answer"), NULL);
	if (op == OP_PREV || op == OP_NEXT)
		return step_question(cs, op == OP_PREV ? -1 : 1);
	if (op == OP_OUTCOME)
		call_ask_outcome(cs);
	else if (op == OP_CALLBACK)
		call_ask_callback(cs, cadence_find(set, "inconvenient"));
	else if (op == OP_SKIP)
		call_ask_skip(cs);
	else if (op == OP_TOLD)
		call_ask_told(cs);
	else if (op == OP_NOTE)
		cs->in_note = true;
	else
		return call_more_op(cs, op);
	return REACT_DRAW;
}

static void call_draw(struct screen *s, struct grid *g)
{
	struct call_screen *cs = of(s);
	struct call_view v = {
	    .call = cs->call,
	    .at = call_slot_of(cs),
	    .entry = &cs->entry,
	    .note = &cs->note,
	    .in_note = cs->in_note,
	    .advice = cs->advice,
	    .trouble = cs->trouble[0] ? cs->trouble : NULL,
	};

	call_view_draw(&v, g);
}

/* Where a program dials nobody needs the whole number. */
static void line_text(char *out, size_t size, struct call *c)
{
	const struct case_phone *p = &c->file->phones[c->number];
	struct dialer *dialer = c->desk->dialer;
	char number[40];

	if (c->number >= c->file->phone_count) {
		text_copy(out, size, "-");
		return;
	}
	if (c->hangs_up && dialer_poll(dialer) != DIALER_FAILED)
		case_mask(number, sizeof(number), p->number);
	else
		text_copy(number, sizeof(number), p->number);
	snprintf(out, size, "%s%s (%s%s%s)%s", c->incoming ? _("in: ") : "",
	    number, words_relation(p->relation), p->name[0] ? " " : "", p->name,
	    c->hangs_up ? words_line(dialer_poll(dialer)) : "");
}

static void call_subtitle(struct screen *s, char *out, size_t size)
{
	struct call_screen *cs = of(s);
	const struct casefile *f = cs->call->file;
	int64_t t = desk_now_s(cs->call->desk) - cs->call->started_s;
	char who[40], line[160];

	words_person(who, sizeof(who), f->sex, cs->call->person.age);
	line_text(line, sizeof(line), cs->call);
	snprintf(out, size, "%s %s  %02d:%02d  %s",
	    words_name(f->name, f->name_en), who, (int)(t / 60), (int)(t % 60),
	    line);
}

/* The details changed beside the call; the screen may be below another. */
static unsigned call_refresh(struct screen *s)
{
	struct call_screen *cs = of(s);
	int rc = call_reload(cs->call);

	if (rc == 0)
		rc = call_see_owner(cs->call);
	app_say_error(s->app, rc < 0 ? rc : 0);
	if (rc == 1)
		say_moved(cs);
	return REACT_DRAW;
}

static unsigned call_tick(struct screen *s)
{
	keep_note(of(s));
	return REACT_DRAW; /* the timer in the title */
}

static const enum op call_ops[] = {OP_REACHED, OP_NO_ANSWER, OP_OUTCOME,
    OP_CALLBACK, OP_SKIP, OP_NUMBER, OP_DETAILS, OP_TOLD, OP_NOTE, OP_BACK,
    OP_PREV, OP_NEXT, OP_RECORDING, OP_NONE};

const struct screen_ops call_screen = {
    .name = "call",
    .title = N_("Call"),
    .size = sizeof(struct call_screen),
    .ops = call_ops,
    .open = call_screen_open,
    .close = call_screen_close,
    .draw = call_draw,
    .op = call_op,
    .key = call_key,
    .tick = call_tick,
    .refresh = call_refresh,
    .why_not = call_why_not,
    .is_text = call_is_text,
    .subtitle = call_subtitle,
};
