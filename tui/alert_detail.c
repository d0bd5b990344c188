/*
 * alert_detail.c - the detail of an alert.
 */
#include "tui/alert_detail.h"

#include "core/alertq.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/screen.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

#define STEPS_MAX 16

/* What the lines of one alert are drawn from. */
struct detail {
	struct desk *desk;
	struct grid *g;
	const struct alert_row *row;
	int y, last;   /* the next line, the first that is not its own */
	bool is_roomy; /* for more than the steps alone */
};

const char *alert_detail_owner(const struct desk *d, const struct alert_row *r)
{
	if (!*r->owner)
		return catalog_queue(d->catalog, r->queue);
	return *r->owner_name ? words_name(r->owner_name, r->owner_name_en)
			      : r->owner;
}

/* What a rule saw is codes and values; what a person wrote stays as it is. */
static void step_text(char *out, size_t size, const struct detail *d,
    const struct alert_step *step)
{
	const struct catalog *c = d->desk->catalog;
	const char *whom = step->whom_name[0]
			       ? words_name(step->whom_name, step->whom_name_en)
			       : catalog_queue(c, step->whom);

	if (strcmp(step->what, "raised") == 0 &&
	    strcmp(d->row->rule, "by-hand"))
		catalog_inputs(out, size, c, step->text);
	else if (step->whom[0])
		snprintf(out, size, "-> %s  %s", whom, step->text);
	else if (strcmp(step->what, "withdrawn") == 0 &&
		 strcmp(step->text, "corrected") == 0)
		text_copy(out, size, _("the answer was corrected"));
	else
		text_copy(out, size, step->text);
}

/* Found -> [answered] -> handled -> followed up: where it stands. */
static void draw_loop(struct detail *d)
{
	static const char *const stages[] = {
	    N_("found"), N_("feedback"), N_("handled"), N_("followed up")};
	static const int at[] = {[ALERT_UNDELIVERED] = 0,
	    [ALERT_OPEN] = 1,
	    [ALERT_ACKED] = 2,
	    [ALERT_HANDLED] = 3,
	    [ALERT_VERIFIED] = 3,
	    [ALERT_CLOSED] = 4,
	    [ALERT_WITHDRAWN] = 4};
	const struct alert_row *r = d->row;
	char when[60];
	int x = 1, n = (int)ARRAY_LEN(stages);

	for (int i = 0; i < n; i++) {
		enum look look = i == at[r->state]  ? LOOK_MARK
				 : i < at[r->state] ? LOOK_DONE
						    : LOOK_DIM;
		x += draw_textf(d->g, spot_rest(d->g, d->y, x, look),
		    i == at[r->state] ? "[%s]" : "%s", tr(stages[i]));
		if (i + 1 < n)
			x += draw_text(
			    d->g, spot_rest(d->g, d->y, x, LOOK_DIM), " -> ");
	}
	if (r->ended_s) {
		words_time(when, sizeof(when), d->desk, r->ended_s);
		draw_textf(d->g, spot_rest(d->g, d->y, x + 3, LOOK_DONE),
		    "%s %s", words_alert_state(r), when);
	}
	d->y++;
}

static struct spot line(struct detail *d, enum look look)
{
	return (struct spot){d->y++, 1, d->g->cols - 2, look, true};
}

/* Whom to ring: who it went to, or the number on duty. */
static const char *phone_of(
    const struct detail *d, const struct alert_step *step)
{
	return step && step->whom_phone[0] ? step->whom_phone
					   : d->desk->duty_phone;
}

/* Has nobody acted on it since it went on? */
static bool is_waited_for(const struct alert_row *r, const struct alert_step *s)
{
	return r->state <= ALERT_OPEN ||
	       (s && strcmp(s->what, "escalated") == 0 &&
		   r->state < ALERT_HANDLED && s->at_s >= r->acked_s);
}

/* Whether what must reach somebody has: at the centre, or nowhere yet. */
static void draw_delivery(
    struct detail *d, const struct alert_step *step, bool is_received)
{
	const char *phone = phone_of(d, step);
	bool waits = is_waited_for(d->row, step);

	if (!is_received)
		draw_textf(d->g, line(d, LOOK_ALERT),
		    _("%12s no receipt of the centre: call %s by telephone, "
		      "F9 notes it"),
		    "", phone);
	else if (waits && step)
		draw_textf(d->g, line(d, LOOK_LATE),
		    _("%12s at the centre; no message goes to a telephone: "
		      "call %s"),
		    "", phone);
}

/* The queue and the time that were given with it. */
static void draw_dispatch(struct detail *d)
{
	const struct alert_row *r = d->row;
	char took[40], when[60];

	words_took(took, sizeof(took), r->due_s - r->at_s);
	words_time(when, sizeof(when), d->desk, r->due_s);
	draw_textf(d->g, line(d, LOOK_TEXT),
	    _("%12s dispatched within %s, until %s: %s"), "", took, when,
	    r->state == ALERT_UNDELIVERED ? _("not delivered")
					  : _("the centre has it"));
}

static bool goes_on(const struct alert_step *step)
{
	return strcmp(step->what, "escalated") == 0 ||
	       strcmp(step->what, "forwarded") == 0;
}

/* With what is said of its delivery. */
static int lines_of(const struct detail *d, const struct alert_step *step)
{
	bool must_reach = goes_on(step) || d->row->state < ALERT_CLOSED;

	return 1 + ((must_reach && !step->is_received) ||
		       (goes_on(step) && is_waited_for(d->row, step)));
}

static void draw_step(struct detail *d, const struct alert_step *step)
{
	char when[60], saw[512];

	step_text(saw, sizeof(saw), d, step);
	words_time(when, sizeof(when), d->desk, step->at_s);
	draw_textf(d->g, line(d, LOOK_TEXT), "%-12s %-6s %s  %s", when,
	    step->member, words_step(step->what), saw);
	if (strcmp(step->what, "raised") == 0 && d->is_roomy)
		draw_dispatch(d);
	if (d->y < d->last &&
	    (goes_on(step) ||
		(!step->is_received && d->row->state < ALERT_CLOSED)))
		draw_delivery(
		    d, goes_on(step) ? step : NULL, step->is_received);
}

/* The one who is waited for. */
static void draw_waiting(struct detail *d)
{
	const struct alert_row *r = d->row;
	int64_t left = r->due_s - desk_now_s(d->desk);
	char took[40];

	if (r->state > ALERT_OPEN || d->y >= d->last)
		return;
	words_took(took, sizeof(took), left < 0 ? -left : left);
	draw_textf(d->g, line(d, left < 0 ? LOOK_ALERT : LOOK_LATE),
	    left < 0 ? _("____         waits for %s, %s past the limit")
		     : _("____         waits for %s, %s left"),
	    alert_detail_owner(d->desk, r), took);
}

/* The newest steps, where not all have room. */
static void draw_steps(struct detail *d)
{
	struct alert_step steps[STEPS_MAX];
	int n = alertq_steps(steps, STEPS_MAX, d->desk->store, d->row);
	int room = d->last - d->y - (d->row->state <= ALERT_OPEN);
	int from = n > 0 ? n : 0;

	while (from > 0 && lines_of(d, &steps[from - 1]) <= room)
		room -= lines_of(d, &steps[--from]);
	d->is_roomy = from == 0 && room > 0;
	for (int i = from; i < n && d->y < d->last; i++)
		draw_step(d, &steps[i]);
	draw_waiting(d);
}

void alert_detail_draw(
    struct desk *desk, struct grid *g, int y, const struct alert_row *r)
{
	struct detail d = {desk, g, r, y, screen_bottom(g) - 1, false};
	char text[900];

	snprintf(text, sizeof(text), "%s  %s  %s -> %s", r->no,
	    words_name(r->name, r->name_en), tr_pick(r->text_zh, r->text_en),
	    catalog_queue(desk->catalog, r->queue));
	d.y += draw_wrap(
	    g, (struct spot){y, 1, g->cols - 2, LOOK_HEAD, true}, 2, text);
	draw_loop(&d);
	snprintf(text, sizeof(text), "%s%s",
	    desk->role == 'D' ? _("The agent was told: ") : "",
	    tr_pick(r->instruction_zh, r->instruction_en));
	d.y += draw_wrap(
	    g, (struct spot){d.y, 1, g->cols - 2, LOOK_TEXT, true}, 2, text);
	if (r->told_s && r->state == ALERT_UNDELIVERED)
		draw_textf(g, line(&d, LOOK_DONE), "%s %s",
		    _("Told by telephone:"), r->told_who);
	draw_steps(&d);
	if (strcmp(r->rule, "by-hand") == 0)
		text_copy(text, sizeof(text), _("raised by hand"));
	else
		snprintf(
		    text, sizeof(text), _("rule %s v%s"), r->rule, r->version);
	draw_text(
	    g, (struct spot){d.last, 1, g->cols - 2, LOOK_DIM, false}, text);
}
