/*
 * call_end.c - the end of a call, before it is signed: what would be recorded
 * and why, then the advice that is read aloud, one at a time. The decision
 * comes first: it is what Enter takes.
 */
#include "core/advice.h"
#include "core/clock.h"
#include "core/interval.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/call_view.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

#define PLANS_MAX 3  /* lines of what is due next */
#define TEXT_LINES 3 /* of the advice that is read now */
#define LABEL 9

/* ---- the proposal in one line ------------------------------------------- */

/* The earliest contact that was decided, or NULL. */
static const struct outcome_next *first_of(const struct outcome *o)
{
	return o->count ? &o->next[o->first >= 0 ? o->first : o->count - 1]
			: NULL;
}

/* Why the next contact is then; where the figures outweighed the class that
 * was answered, they come first. */
static void reason_text(
    char *out, size_t size, const struct call *c, const struct outcome *o)
{
	const struct case_due *due = &first_of(o)->due;
	char saw[300], named[400];

	if (!o->worse) {
		text_copy(out, size, tr_pick(due->why_zh, due->why_en));
		return;
	}
	snprintf(saw, sizeof(saw), VISIT_CLASS " %s, %s", o->worse, o->figures);
	catalog_inputs(named, sizeof(named), c->desk->catalog, saw);
	snprintf(out, size, _("by the figures %s; %s"), named,
	    tr_pick(due->why_zh, due->why_en));
}

void call_proposal_text(
    char *out, size_t size, struct call *c, const struct disposition *how)
{
	struct outcome o;
	char day[40] = "", was[40] = "", why[620];
	const struct outcome_next *n;

	call_propose(c, how, &o);
	n = first_of(&o);
	if (!n || n->is_over) {
		snprintf(out, size, "%s  %s",
		    tr_pick(how->name.zh, how->name.en),
		    n ? tr_pick(n->due.why_zh, n->due.why_en)
		      : _("nothing due"));
		return;
	}
	words_day(day, sizeof(day), n->due.due_day, desk_today(c->desk));
	words_day(was, sizeof(was), n->was_due_day, desk_today(c->desk));
	reason_text(why, sizeof(why), c, &o);
	snprintf(out, size, _("Proposal: %s   next %s   because: %s"),
	    tr_pick(how->name.zh, how->name.en), day, why);
	if (o.refers) {
		size_t len = strlen(out);
		snprintf(out + len, size - len, "  %s", _("Advise referral!"));
	}
}

void call_accept_text(char *out, size_t size, struct call *c)
{
	const struct disposition *how = call_completed(c);
	struct outcome o;
	const struct outcome_next *n;
	char day[40] = "";

	call_propose(c, how, &o);
	n = first_of(&o);
	if (n && !n->is_over)
		words_day(
		    day, sizeof(day), n->due.due_day, desk_today(c->desk));
	snprintf(out, size,
	    day[0] ? _("Enter accepts: %s, next %s") : _("Enter accepts: %s"),
	    tr_pick(how->name.zh, how->name.en), day);
}

/* ---- the decision ------------------------------------------------------- */

/* A label and what it says; wrapped over at most h lines. */
static int draw_line(
    struct grid *g, struct spot at, int h, const char *label, const char *text)
{
	draw_text(g, (struct spot){at.y, 1, LABEL, LOOK_HEAD, false}, label);
	at.x = 1 + LABEL;
	at.w = g->cols - at.x - 1;
	return draw_wrap(g, at, h, text);
}

/* "12-15  Day 30 after PCI   (was 12-18)" */
static void plan_text(
    char *out, size_t size, const struct call *c, const struct outcome_next *n)
{
	char day[40], was[60] = "", from[40], name[200];

	words_pathway(name, sizeof(name),
	    catalog_pathway_title(c->desk->catalog, n->due.pathway));
	if (n->is_over) {
		snprintf(out, size, "%s: %s", name,
		    tr_pick(n->due.why_zh, n->due.why_en));
		return;
	}
	words_day(day, sizeof(day), n->due.due_day, desk_today(c->desk));
	if (!n->is_done && n->was_due_day && n->was_due_day != n->due.due_day) {
		words_day(
		    from, sizeof(from), n->was_due_day, desk_today(c->desk));
		snprintf(was, sizeof(was), _("   (was %s)"), from);
	}
	snprintf(out, size, "%s   %s  %s%s", day, name,
	    catalog_step_title(c->desk->catalog, n->due.pathway, n->due.step),
	    was);
}

static int draw_decision(struct call *c, struct grid *g, int y, int last)
{
	const struct disposition *how = call_completed(c);
	struct outcome o;
	char text[620];
	int from = y;

	call_propose(c, how, &o);
	y += draw_line(g, (struct spot){y, 0, 0, LOOK_MARK, false}, 1,
	    _("Result"), tr_pick(how->name.zh, how->name.en));
	for (int i = 0; i < o.count && i < PLANS_MAX && y < last; i++) {
		plan_text(text, sizeof(text), c, &o.next[i]);
		y += draw_line(g, (struct spot){y, 0, 0, LOOK_MARK, false}, 1,
		    i == 0 ? _("Next") : "", text);
	}
	if (o.count == 0)
		y += draw_line(g, (struct spot){y, 0, 0, LOOK_MARK, false}, 1,
		    _("Next"), _("nothing due"));
	if (o.count && y < last) {
		reason_text(text, sizeof(text), c, &o);
		y += draw_line(g, (struct spot){y, 0, 0, LOOK_TEXT, true}, 2,
		    _("Because"), text);
	}
	if (o.refers && y < last)
		y += draw_line(g, (struct spot){y, 0, 0, LOOK_ALERT, false}, 1,
		    "", _("Advise referral!"));
	return y - from;
}

/* ---- advice ------------------------------------------------------------- */

/* The one that is read now: the agent's choice, else the first unread. */
static size_t shown_advice(
    const struct call_view *v, const struct advice *const *list, size_t n)
{
	size_t i = 0;

	if (v->advice > 0 && (size_t)v->advice <= n)
		return (size_t)v->advice - 1;
	while (i + 1 < n && call_gave(v->call, list[i]->id))
		i++;
	return i;
}

/* Two in a row; returns the rows. */
static int draw_titles(const struct call_view *v, struct grid *g, int y,
    const struct advice *const *list, size_t n)
{
	size_t here = shown_advice(v, list, n);
	int half = (g->cols - 3) / 2;

	for (size_t i = 0; i < n; i++) {
		bool given = call_gave(v->call, list[i]->id);
		draw_textf(g,
		    (struct spot){y + (int)i / 2, 2 + (int)(i % 2) * half,
			half - 2,
			i == here ? LOOK_SELECT
			: given   ? LOOK_DONE
				  : LOOK_TEXT,
			false},
		    "%d %s %s", (int)i + 1, given ? "[x]" : "[ ]",
		    tr_pick(list[i]->title.zh, list[i]->title.en));
	}
	return ((int)n + 1) / 2;
}

static int draw_advice(
    const struct call_view *v, struct grid *g, int y, int last)
{
	const struct advice *list[CALL_GIVEN];
	size_t n = call_advice(list, v->call), here;
	int from = y, read = 0;

	if (n > 9)
		n = 9;
	if (n == 0 || y + 2 + ((int)n + 1) / 2 > last)
		return 0;
	for (size_t i = 0; i < n; i++)
		read += call_gave(v->call, list[i]->id);
	draw_textf(g, spot_rest(g, y++, 1, LOOK_HEAD),
	    _("Advice   read %d of %d: read the text below aloud, then press "
	      "its digit"),
	    read, (int)n);
	y += draw_titles(v, g, y, list, n);
	here = shown_advice(v, list, n);
	y += draw_wrap(g, (struct spot){y, 4, g->cols - 6, LOOK_TEXT, false},
	    last - y < TEXT_LINES ? last - y : TEXT_LINES,
	    tr_pick(list[here]->text.zh, list[here]->text.en));
	return y - from;
}

int call_end_draw(const struct call_view *v, struct grid *g, int y, int last)
{
	y += draw_decision(v->call, g, y, last) + 1;
	return y + draw_advice(v, g, y, last) + 1;
}
