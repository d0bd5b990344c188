/*
 * scr_past.c - a call that is over: who spoke with whom and when, how it
 * ended, every question with its answer, the note, what was read aloud, the
 * alerts it raised, and where its record is. A corrected answer is marked;
 * what it was before stays in the log.
 */
#include "core/advice.h"
#include "core/alertq.h"
#include "core/clock.h"
#include "core/script.h"
#include "core/store.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/app.h"
#include "tui/call_view.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/pager.h"
#include "tui/past.h"
#include "tui/past_trail.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

#define ALERTS_MAX 32
#define ANSWER_COL 46

struct past_screen {
	struct screen base;
	struct past_arg arg;
	struct past *past;
	struct pager pager;
};

static struct past_screen *of(struct screen *s)
{
	return (struct past_screen *)s;
}

/* ---- the head ----------------------------------------------------------- */

static void tell_end(struct pager *out, const struct past *p)
{
	const struct case_phone *phone = p->number < p->file->phone_count
					     ? &p->file->phones[p->number]
					     : NULL;
	char number[40] = "", who[100];
	long long s = (long long)(p->ended_s - p->started_s);

	desk_member_name(who, sizeof(who), p->desk, p->member);
	if (phone)
		case_mask(number, sizeof(number), phone->number);
	pager_add(out, LOOK_TEXT, "  %s %s   %lld:%02lld   %s %s   %s",
	    p->member, who, s / 60, s % 60, number,
	    phone ? words_relation(phone->relation) : "",
	    catalog_disposition(p->desk->catalog, p->disposition));
	if (*p->respondent && strcmp(p->respondent, "none") != 0)
		pager_add(out, LOOK_TEXT, _("  Answered by: %s"),
		    words_relation(p->respondent));
	if (p->stopped || p->interrupted)
		pager_tell(out, LOOK_LATE, "  %s",
		    p->stopped ? _("Stopped early for an emergency.")
			       : _("Interrupted: not every question was "
				   "asked."));
}

static void tell_record(struct pager *out, const struct past *p)
{
	char when[60];

	if (p->desk->is_practice)
		return;
	if (p->is_received)
		pager_tell(out, LOOK_DONE,
		    p->pos < 0 ? _("  Received by the centre.")
			       : _("  Received by the centre, place %lld of "
				   "the log."),
		    (long long)p->pos);
	else
		pager_tell(out, LOOK_LATE, "  %s",
		    _("Saved here, not received by the centre yet."));
	if (p->late)
		pager_tell(out, LOOK_LATE, "  %s",
		    _("Late: the patient had moved to another list."));
	if (p->amended_s) {
		words_time(when, sizeof(when), p->desk, p->amended_s);
		pager_tell(out, LOOK_MARK,
		    _("  Corrected %s by %s; * marks what changed. The log "
		      "keeps both."),
		    when, p->amended_by);
	}
	if (p->recording[0])
		pager_add(out, LOOK_DIM, _("  Recording %s (SHA-256 %.12s)"),
		    p->recording, p->recording_hash);
}

/* ---- the rest ----------------------------------------------------------- */

static void tell_answer(struct pager *out, const struct past *p, uint32_t slot)
{
	struct script_slot s = script_run_slot(p->run, slot);
	const struct script_item *it = script_item(p->script, s.item);
	bool changed = p->corrected[s.item];
	char question[400], answer[300];
	size_t fit;
	int pad;

	call_run_text(answer, sizeof(answer), p->run,
	    (struct script_place){s.item, s.occ, false});
	if (!answer[0] || it->hidden) /* scores have an answer, too */
		return;
	call_question_text(
	    question, sizeof(question), p->script, s.item, &p->person);
	fit = draw_fit(question, ANSWER_COL - 8);
	question[fit] = '\0';
	pad = ANSWER_COL - 4 - draw_width(question) - draw_width(it->prefix);
	pager_add(out, changed ? LOOK_MARK : LOOK_TEXT, "%s %s %s%*s%s",
	    changed ? "*" : " ", it->prefix, question, pad > 1 ? pad : 1, "",
	    answer);
}

static void tell_answers(struct pager *out, const struct past *p)
{
	if (p->asked_count == 0)
		return;
	pager_tell(out, LOOK_HEAD, "%s v%s%s",
	    p->script ? script_title(p->script, tr_lang()) : p->asked[0],
	    p->version,
	    p->asked_count > 1 ? _("   (several scripts in one call)") : "");
	if (!p->run) {
		pager_tell(out, LOOK_LATE, "  %s",
		    _("The script of this call is not on this terminal."));
		return;
	}
	for (uint32_t i = 0; i < script_run_count(p->run); i++)
		tell_answer(out, p, i);
	if (p->dropped)
		pager_tell(out, LOOK_DIM,
		    _("  answers to questions that the script in force "
		      "does not have: %d"),
		    (int)p->dropped);
}

static void tell_advice(struct pager *out, const struct past *p)
{
	struct stmt *s = store_query(p->desk->store, Q_PAST_ADVICE);
	bool first = true;

	stmt_bind_id(s, ":stream", &p->file->patient);
	stmt_bind_text(s, ":ref", p->ref);
	for (; stmt_step(s) == 1; first = false) {
		const struct advice *a = advice_find(
		    catalog_advice(p->desk->catalog), stmt_text(s, 0));
		if (first)
			pager_head(out, _("Read aloud"));
		pager_tell(out, LOOK_TEXT, "  %s",
		    a ? tr_pick(a->title.zh, a->title.en) : stmt_text(s, 0));
	}
	stmt_reset(s);
}

static void tell_alerts(struct pager *out, const struct past *p)
{
	struct alert_row rows[ALERTS_MAX];
	struct alert_filter f = {
	    .patient = &p->file->patient, .with_closed = true};
	int n = alertq_read(rows, ALERTS_MAX, p->desk->store, &f), told = 0;

	for (int i = 0; i < n; i++) {
		if (!past_has_alert(p, &rows[i]))
			continue;
		if (told++ == 0)
			pager_head(out, _("Alerts of this call"));
		pager_add(out, words_level_look(rows[i].level),
		    "  %s  %s  %s  %s", rows[i].no, words_level(rows[i].level),
		    words_alert_state(&rows[i]),
		    tr_pick(rows[i].text_zh, rows[i].text_en));
	}
}

static void fill(struct past_screen *ps)
{
	const struct past *p = ps->past;

	pager_clear(&ps->pager);
	tell_end(&ps->pager, p);
	tell_record(&ps->pager, p);
	if (p->note[0]) {
		pager_head(&ps->pager, _("Note"));
		pager_wrap(&ps->pager, LOOK_TEXT, 76, p->note);
	}
	tell_alerts(&ps->pager, p);
	tell_answers(&ps->pager, p);
	past_trail_tell(&ps->pager, p);
	tell_advice(&ps->pager, p);
}

/* ---- the screen --------------------------------------------------------- */

static int past_screen_open(struct screen *s, const void *arg)
{
	struct past_screen *ps = of(s);
	int rc;

	ps->arg = *(const struct past_arg *)arg;
	rc = past_open(
	    &ps->past, desk_of(s->app), &ps->arg.patient, ps->arg.ref);
	if (rc == 0)
		fill(ps);
	return rc;
}

static void past_screen_close(struct screen *s)
{
	pager_fini(&of(s)->pager);
	past_free(&of(s)->past);
}

static unsigned past_screen_refresh(struct screen *s)
{
	struct past_screen *ps = of(s);
	struct past *fresh;

	if (past_open(&fresh, desk_of(s->app), &ps->arg.patient, ps->arg.ref) ==
	    0) {
		past_free(&ps->past);
		ps->past = fresh;
	}
	fill(ps);
	return REACT_DRAW;
}

static void past_screen_draw(struct screen *s, struct grid *g)
{
	pager_draw(&of(s)->pager, g,
	    (struct spot){screen_top(), 1, g->cols - 2, LOOK_TEXT, true},
	    screen_bottom(g) - screen_top());
}

static const char *past_screen_why_not(struct screen *s, enum op op)
{
	return op == OP_AMEND ? past_why_fixed(of(s)->past) : NULL;
}

static unsigned past_screen_op(struct screen *s, enum op op)
{
	struct past_screen *ps = of(s);
	struct amend_arg arg = {ps->arg.patient, ps->arg.ref};

	if (op == OP_AMEND) {
		app_push(s->app, &amend_screen, &arg);
		return REACT_DRAW;
	}
	return pager_op(&ps->pager, op) ? REACT_DRAW : REACT_PASS;
}

static void past_screen_subtitle(struct screen *s, char *out, size_t size)
{
	const struct past *p = of(s)->past;
	char when[TIME_TEXT];

	time_text(when, p->at_s, p->desk->zone_s);
	snprintf(out, size, "%s   %s",
	    words_name(p->file->name, p->file->name_en), when);
}

static const enum op past_ops[] = {
    OP_AMEND, OP_BACK, OP_PALETTE, OP_UNDO, LIST_OPS, OP_NONE};

const struct screen_ops past_screen = {
    .name = "past",
    .title = N_("Past call"),
    .size = sizeof(struct past_screen),
    .ops = past_ops,
    .open = past_screen_open,
    .close = past_screen_close,
    .draw = past_screen_draw,
    .op = past_screen_op,
    .refresh = past_screen_refresh,
    .why_not = past_screen_why_not,
    .subtitle = past_screen_subtitle,
};
