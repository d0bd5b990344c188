/*
 * scr_patient.c - one patient's health record: tabs over what the log knows.
 * Opening it is itself recorded.
 */
#include "core/casefile.h"
#include "core/draft_patient.h"
#include "core/json.h"
#include "core/signed.h"
#include "core/store.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/app.h"
#include "tui/begin.h"
#include "tui/chart.h"
#include "tui/circum.h"
#include "tui/desk.h"
#include "tui/dialog.h"
#include "tui/pager.h"
#include "tui/past.h"
#include "tui/patient_tabs.h"
#include "tui/preview.h"
#include "tui/screens.h"
#include "tui/standing.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

struct patient_screen {
	struct screen base;
	struct patient_tabs tabs;
	int tab;
};

static struct patient_screen *of(struct screen *s)
{
	return (struct patient_screen *)s;
}

static const struct {
	const char *title;
	void (*fill)(struct patient_tabs *t);
} tabs[] = {
    {N_("Overview"), patient_tab_overview},
    {N_("Trend"), patient_tab_trend},
    {N_("Follow-ups"), patient_tab_history},
    {N_("Medication"), patient_tab_medication},
    {N_("Results"), patient_tab_results},
    {N_("Alerts"), patient_tab_alerts},
    {N_("Audit"), patient_tab_audit},
};

static void fill(struct patient_screen *p)
{
	pager_clear(&p->tabs.pager);
	tabs[p->tab].fill(&p->tabs);
}

static int record_opening(struct desk *d, const struct patient_arg *arg)
{
	struct draft draft = {0};
	char ref[REF_TEXT];
	json_t *body = json_object();

	json_put_str(body, "why", arg->why);
	draft_add(&draft, KIND_PATIENT_OPENED, &arg->patient, body);
	return desk_record(ref, d, &draft);
}

static int patient_open(struct screen *s, const void *arg)
{
	struct patient_screen *p = of(s);
	const struct patient_arg *a = arg;
	int rc;

	p->tabs.desk = desk_of(s->app);
	p->tabs.months = 12;
	rc = casefile_load(&p->tabs.file, p->tabs.desk->store, &a->patient);
	if (rc == 0)
		rc = record_opening(p->tabs.desk, a);
	if (rc < 0) {
		casefile_free(&p->tabs.file);
		return rc;
	}
	p->tab = a->tab;
	fill(p);
	return 0;
}

static void patient_close(struct screen *s)
{
	patient_tabs_fini(&of(s)->tabs);
}

static unsigned patient_refresh(struct screen *s)
{
	struct patient_screen *p = of(s);
	struct casefile *fresh;

	if (casefile_load(
		&fresh, p->tabs.desk->store, &p->tabs.file->patient) == 0) {
		casefile_free(&p->tabs.file);
		p->tabs.file = fresh;
	}
	fill(p);
	return REACT_DRAW;
}

static void draw_tabs(const struct patient_screen *p, struct grid *g)
{
	int x = 1;

	for (size_t i = 0; i < ARRAY_LEN(tabs); i++) {
		bool here = (int)i == p->tab;
		x += draw_textf(g,
		    spot_rest(g, 1, x, here ? LOOK_SELECT : LOOK_HEAD),
		    here ? "[%d %s]" : " %d %s ", (int)i + 1,
		    tr(tabs[i].title));
	}
	draw_rule(g, 2);
}

static void patient_draw(struct screen *s, struct grid *g)
{
	struct patient_screen *p = of(s);
	int top = 3, bottom = screen_bottom(g), h;

	draw_tabs(p, g);
	if (p->tab == 1 && p->tabs.chart.count > 0) {
		int picked = pager_picked(&p->tabs.pager);
		h = bottom - top > 26 ? 16 : bottom - top - 9;
		p->tabs.chart.chosen =
		    picked < 0 ? 0 : p->tabs.chart.count - picked;
		draw_text(g, spot_rest(g, top, 1, LOOK_HEAD), p->tabs.heading);
		chart_draw(g,
		    (struct spot){top + 1, 1, g->cols - 2, LOOK_TEXT, true}, h,
		    &p->tabs.chart);
		top += h + 2;
	}
	pager_draw(&p->tabs.pager, g,
	    (struct spot){top, 1, g->cols - 2, LOOK_TEXT, true}, bottom - top);
}

static unsigned show_tab(struct patient_screen *p, int tab)
{
	int n = (int)ARRAY_LEN(tabs);

	p->tab = (tab + n) % n;
	pager_restart(&p->tabs.pager);
	fill(p);
	return REACT_DRAW;
}

/* ---- unmasking ---------------------------------------------------------- */

static const struct {
	const char *what, *text;
} masks[] = {
    {"phone", N_("telephone numbers")},
    {"id_no", N_("ID number")},
    {"address", N_("address")},
    {"all", N_("everything")},
};

/* The record first, the detail after it. */
static void unmask_done(void *ctx, int index, const char *text)
{
	struct patient_screen *p = ctx;
	struct draft draft = {0};
	char ref[REF_TEXT];
	json_t *body = json_object();

	(void)text;
	json_put_str(body, "what", masks[index].what);
	draft_add(&draft, KIND_PATIENT_UNMASKED, &p->tabs.file->patient, body);
	if (app_say_error(p->base.app, desk_record(ref, p->tabs.desk, &draft)) <
	    0)
		return;
	p->tabs.shows_phone |= index == 0 || index == 3;
	p->tabs.shows_id |= index == 1 || index == 3;
	p->tabs.shows_address |= index == 2 || index == 3;
	app_say(p->base.app, LOOK_LATE, "%s",
	    _("Shown until you leave this record; it is recorded."));
	fill(p);
}

static void ask_unmask(struct patient_screen *p)
{
	struct dialog_choice choices[ARRAY_LEN(masks)];
	struct dialog d = {.title = _("Show what is masked (recorded)"),
	    .choices = choices,
	    .choice_count = ARRAY_LEN(masks),
	    .done = unmask_done,
	    .ctx = p};

	for (size_t i = 0; i < ARRAY_LEN(masks); i++)
		choices[i] = (struct dialog_choice){0, tr(masks[i].text), NULL};
	dialog_pick(p->base.app, &d);
}

/* ---- do not call -------------------------------------------------------- */

static bool refusal(struct patient_screen *p, char ref[REF_TEXT])
{
	struct stmt *s = store_query(p->tabs.desk->store, Q_CONSENT_REFUSED);
	bool found;

	stmt_bind_id(s, ":stream", &p->tabs.file->patient);
	found = stmt_step(s) == 1;
	if (found)
		text_copy(ref, REF_TEXT, stmt_text(s, 0));
	stmt_reset(s);
	return found;
}

static void lift_done(void *ctx, int index, const char *text)
{
	struct patient_screen *p = ctx;
	struct draft draft = {0};
	char ref[REF_TEXT];
	struct consent c = {
	    .what = "call", .given = true, .supersedes = ref, .note = text};

	(void)index;
	if (!refusal(p, ref))
		return;
	draft_consent(&draft, &p->tabs.file->patient, &c);
	desk_save(p->base.app, &draft, _("Do-not-call lifted."));
}

static void ask_lift(struct patient_screen *p)
{
	struct dialog d = {.title = _("Lift do-not-call"),
	    .text = _("Why may the patient be called again? The entry that "
		      "refused is named."),
	    .initial = "",
	    .required = true,
	    .done = lift_done,
	    .ctx = p};

	dialog_prompt(p->base.app, &d);
}

/* ---- the selected row --------------------------------------------------- */

#define TAB_TREND 1
#define TAB_HISTORY 2
#define TAB_ALERTS 5
#define TAB_AUDIT 6

static const struct case_event *event_of(const struct patient_screen *p)
{
	int i = pager_picked(&p->tabs.pager);

	return p->tab == TAB_HISTORY && i >= 0 && i < p->tabs.event_count
		   ? &p->tabs.events[i]
		   : NULL;
}

/* The value that is selected in the trend. */
static const struct case_point *point_of(const struct patient_screen *p)
{
	int i = pager_picked(&p->tabs.pager);

	return p->tab == TAB_TREND && i >= 0 && i < p->tabs.point_count
		   ? &p->tabs.points[i]
		   : NULL;
}

static const struct signed_entry *entry_of(const struct patient_screen *p)
{
	int i = pager_picked(&p->tabs.pager);

	return p->tab == TAB_AUDIT && i >= 0 && i < p->tabs.entry_count
		   ? &p->tabs.entries[i]
		   : NULL;
}

static bool is_call(const struct case_event *e)
{
	return e && strcmp(e->what, "contact") == 0;
}

static void open_past(struct patient_screen *p, const char *ref)
{
	struct past_arg arg = {.patient = p->tabs.file->patient};

	text_copy(arg.ref, sizeof(arg.ref), ref);
	app_push(p->base.app, &past_screen, &arg);
}

static void open_proof(struct patient_screen *p, const struct signed_entry *e)
{
	struct proof_arg arg = {*e};

	app_push(p->base.app, &proof_screen, &arg);
}

/* The call that measured it, or the entry that brought it here. */
static void open_point(struct patient_screen *p, const struct case_point *at)
{
	struct ref ref;
	int n;

	if (at->is_call) {
		open_past(p, at->ref);
		return;
	}
	patient_read_entries(&p->tabs);
	n = ref_parse(&ref, at->ref) ? p->tabs.entry_count : 0;
	for (int i = 0; i < n; i++) {
		const struct signed_entry *e = &p->tabs.entries[i];
		if (e->seq == ref.seq && e->index == (int)ref.index &&
		    id_cmp(&e->seat, &ref.seat) == 0) {
			open_proof(p, e);
			return;
		}
	}
	app_say(p->base.app, LOOK_LATE, "%s",
	    _("The entry of this value is older than those shown here."));
}

/* Only a call has more to show than its line; an alert has its tab. */
static unsigned open_row(struct patient_screen *p)
{
	const struct case_event *e = event_of(p);

	if (entry_of(p))
		open_proof(p, entry_of(p));
	else if (point_of(p))
		open_point(p, point_of(p));
	else if (is_call(e))
		open_past(p, e->ref);
	else
		return show_tab(p, TAB_ALERTS);
	return REACT_DRAW;
}

static const char *row_why_not(const struct patient_screen *p)
{
	const struct case_event *e = event_of(p);

	if (p->tab != TAB_HISTORY && p->tab != TAB_AUDIT && p->tab != TAB_TREND)
		return _("This belongs to the trend (2), the follow-ups (3) "
			 "and the audit (7).");
	if (!e && !entry_of(p) && !point_of(p))
		return _("Nothing is selected.");
	if (e && !is_call(e) && strcmp(e->what, "alert") != 0)
		return _("The line says all there is.");
	return NULL;
}

/* The call of the selected row or value; NULL: the last one. */
static const char *call_ref(const struct patient_screen *p)
{
	const struct case_point *at = point_of(p);

	if (at && at->is_call)
		return at->ref;
	return is_call(event_of(p)) ? event_of(p)->ref : NULL;
}

/* The selected call, or the last one. */
static void open_amend(struct patient_screen *p)
{
	struct amend_arg arg = {p->tabs.file->patient, call_ref(p)};

	app_push(p->base.app, &amend_screen, &arg);
}

static const char *amend_why_not(const struct patient_screen *p)
{
	struct past *past;
	const char *why;

	if (past_open(
		&past, p->tabs.desk, &p->tabs.file->patient, call_ref(p)) < 0)
		return _("There is no call to correct.");
	why = past_why_fixed(past);
	past_free(&past);
	return why;
}

static bool patient_more(struct patient_screen *p, enum op op)
{
	const struct id *patient = &p->tabs.file->patient;

	if (op == OP_UNMASK)
		ask_unmask(p);
	else if (op == OP_LIFT)
		ask_lift(p);
	else if (op == OP_RISK)
		standing_ask(p->base.app, patient);
	else if (op == OP_AMEND)
		open_amend(p);
	else if (op == OP_VISITS)
		app_push(p->base.app, &visits_screen, patient);
	else if (op == OP_DETAILS)
		circum_edit(p->base.app, patient);
	else
		return false;
	return true;
}

static unsigned patient_op(struct screen *s, enum op op)
{
	struct patient_screen *p = of(s);

	if (op == OP_TAB_NEXT || op == OP_TAB_PREV)
		return show_tab(p, p->tab + (op == OP_TAB_NEXT ? 1 : -1));
	if (op == OP_SERIES_NEXT || op == OP_SERIES_PREV)
		p->tabs.series += op == OP_SERIES_NEXT ? 1 : -1;
	else if (op == OP_MORE && p->tabs.months < 120)
		p->tabs.months *= 2;
	else if (op == OP_LESS && p->tabs.months > 3)
		p->tabs.months /= 2;
	else if (op == OP_PAST)
		return open_row(p);
	else if (patient_more(p, op))
		return REACT_DRAW;
	else if (op == OP_CALL)
		begin_call(s->app, &p->tabs.file->patient);
	else
		return pager_op(&p->tabs.pager, op) ? REACT_DRAW : REACT_PASS;
	fill(p);
	return REACT_DRAW;
}

static const char *patient_why_not(struct screen *s, enum op op)
{
	struct patient_screen *p = of(s);
	bool series = op == OP_SERIES_NEXT || op == OP_MORE || op == OP_LESS;
	char ref[REF_TEXT];

	if (op == OP_PAST)
		return row_why_not(p);
	if (op == OP_AMEND)
		return amend_why_not(p);
	if (op == OP_RISK)
		return standing_why_not(p->tabs.desk);
	if (op == OP_LIFT && p->tabs.desk->role != 'S')
		return _("Only a supervisor lifts do-not-call.");
	if (op == OP_LIFT && !refusal(p, ref))
		return _("This patient did not refuse calls.");
	if (op == OP_CALL &&
	    (p->tab == TAB_HISTORY || p->tab == TAB_AUDIT || point_of(p)))
		return _("Enter opens a row here: call from another tab.");
	if (op == OP_CALL && refusal(p, ref))
		return _("This patient refused all calls; only a supervisor "
			 "lifts that.");

	if (op == OP_CALL && p->tabs.desk->role == 'Q')
		return _("A reviewer does not call.");
	return series && p->tab != TAB_TREND
		   ? _("This belongs to the trend (2).")
		   : NULL;
}

static unsigned patient_key(struct screen *s, const struct key *k)
{
	struct patient_screen *p = of(s);

	if (k->code >= '1' && k->code < '1' + ARRAY_LEN(tabs))
		return show_tab(p, (int)(k->code - '1'));
	return REACT_NONE;
}

static void patient_subtitle(struct screen *s, char *out, size_t size)
{
	const struct patient_tabs *t = &of(s)->tabs;
	char who[40];

	words_person(who, sizeof(who), t->file->sex, patient_age(t));
	snprintf(out, size, "%s %s",
	    words_name(t->file->name, t->file->name_en), who);
}

static const enum op patient_ops[] = {OP_TAB_NEXT, OP_PAST, OP_SERIES_NEXT,
    OP_MORE, OP_LESS, OP_CALL, OP_UNMASK, OP_AMEND, OP_VISITS, OP_DETAILS,
    OP_BACK, OP_PALETTE, OP_TAB_PREV, OP_SERIES_PREV, OP_LIFT, OP_RISK,
    LIST_OPS, OP_NONE};

const struct screen_ops patient_screen = {
    .name = "patient",
    .title = N_("Health record"),
    .size = sizeof(struct patient_screen),
    .ops = patient_ops,
    .open = patient_open,
    .close = patient_close,
    .draw = patient_draw,
    .op = patient_op,
    .key = patient_key,
    .refresh = patient_refresh,
    .why_not = patient_why_not,
    .subtitle = patient_subtitle,
};
