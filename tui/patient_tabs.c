/*
 * patient_tabs.c - the tabs of a health record.
 */
#include "tui/patient_tabs.h"

#include "core/alertq.h"
#include "core/casefile.h"
#include "core/clock.h"
#include "core/decimal.h"
#include "core/history.h"
#include "core/id.h"
#include "core/mem.h"
#include "core/profile.h"
#include "core/signed.h"
#include "core/store.h"
#include "core/target.h"
#include "core/text.h"
#include "core/tr.h"
#include "core/verdict.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/preview.h"
#include "tui/standing.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 200
#define CODES_MAX 64

int patient_age(const struct patient_tabs *t)
{
	return t->file->has_birth
		   ? day_age_years(t->file->birth_day, desk_today(t->desk))
		   : -1;
}

static void field(struct patient_tabs *t, const char *label, const char *text)
{
	if (*text)
		pager_add(&t->pager, LOOK_TEXT, "  %s  %s", label, text);
}

static void show(char *out, size_t size, const char *text, bool unmasked)
{
	if (unmasked)
		text_copy(out, size, text);
	else
		case_mask(out, size, text);
}

/* The first characters name the town. */
static void show_address(struct patient_tabs *t)
{
	const char *address = t->file->address;
	char text[240];

	if (t->shows_address || !*address) {
		field(t, _("Address"), address);
		return;
	}
	text_copy(text, 10, address);
	strcat(text, "****");
	field(t, _("Address"), text);
}

/* Who said so: only a supervisor lifts it, and names this entry. */
static void overview_refusal(struct patient_tabs *t)
{
	struct stmt *s = store_query(t->desk->store, Q_CONSENT_REFUSED);
	char when[60];

	stmt_bind_id(s, ":stream", &t->file->patient);
	if (stmt_step(s) == 1) {
		words_time(when, sizeof(when), t->desk, stmt_int(s, 1));
		pager_add(&t->pager, LOOK_ALERT,
		    _("  Do not call: refused %s (%s) %s"), when,
		    stmt_text(s, 2), stmt_text(s, 3));
	}
	stmt_reset(s);
}

static void overview_person(struct patient_tabs *t)
{
	const struct casefile *f = t->file;
	char text[100];

	for (int i = 0; i < f->phone_count; i++) {
		const struct case_phone *p = &f->phones[i];
		show(text, sizeof(text), p->number, t->shows_phone);
		pager_add(&t->pager, p->retired ? LOOK_DIM : LOOK_TEXT,
		    "  %s  %s %s %s%s", _("Telephone"), text,
		    words_relation(p->relation), p->name,
		    p->retired ? _(" (not in use)") : "");
	}
	show(text, sizeof(text), f->id_no, t->shows_id);
	field(t, _("ID number"), text);
	field(t, _("Best time"), f->best_time);
	field(t, _("Dialect"), f->dialect);
	field(t, _("Hearing"), words_hearing(f->hearing));
	field(t, _("Language"), f->language);
	show_address(t);
	field(t, _("Department"), f->department);
	field(t, _("Doctor"), f->doctor);
}

/* Fruitless calls so far, and when the next one may be. */
static void overview_tries(struct patient_tabs *t, const struct case_due *d)
{
	char when[60];

	if (d->attempts == 0)
		return;
	if (d->not_before_s <= desk_now_s(t->desk)) {
		pager_add(&t->pager, LOOK_LATE,
		    _("    no answer x%d, next now"), d->attempts);
		return;
	}
	words_time(when, sizeof(when), t->desk, d->not_before_s);
	pager_add(&t->pager, LOOK_LATE, _("    tries %d, next %s"), d->attempts,
	    when);
}

static void overview_dues(struct patient_tabs *t)
{
	for (int i = 0; i < t->file->due_count; i++) {
		const struct case_due *d = &t->file->dues[i];
		char day[40], open[40], close[40], saw[600];
		words_day(day, sizeof(day), d->due_day, desk_today(t->desk));
		words_day(open, sizeof(open), d->open_day, desk_today(t->desk));
		words_day(
		    close, sizeof(close), d->close_day, desk_today(t->desk));
		pager_add(&t->pager, LOOK_TEXT, "  %s  %s",
		    catalog_pathway_title(t->desk->catalog, d->pathway),
		    catalog_step_title(t->desk->catalog, d->pathway, d->step));
		pager_add(&t->pager, LOOK_TEXT, _("    due %s (%s to %s)"), day,
		    open, close);
		overview_tries(t, d);
		pager_add(&t->pager, LOOK_DIM, _("    because: %s [%s v%s]"),
		    tr_pick(d->why_zh, d->why_en), d->rule, d->rule_version);
		catalog_inputs(saw, sizeof(saw), t->desk->catalog, d->inputs);
		if (saw[0])
			pager_add(&t->pager, LOOK_DIM, "    %s", saw);
	}
}

void patient_tab_overview(struct patient_tabs *t)
{
	const struct casefile *f = t->file;

	overview_refusal(t);
	overview_person(t);
	standing_show(t);
	pager_head(&t->pager, _("Diagnoses"));
	for (int i = 0; i < f->condition_count; i++)
		pager_add(&t->pager, LOOK_TEXT, "  %s", f->conditions[i].text);
	if (f->procedure_count)
		pager_head(&t->pager, _("Procedures"));
	for (int i = 0; i < f->procedure_count; i++) {
		char day[DAY_TEXT];
		day_text(day, f->procedures[i].day);
		pager_add(&t->pager, LOOK_TEXT, "  %s  %s", day,
		    f->procedures[i].text);
	}
	pager_head(&t->pager, _("Pathways and what is due"));
	overview_dues(t);
}

/* ---- measurements ------------------------------------------------------- */

static int read_codes(struct patient_tabs *t, char codes[][36], int max)
{
	struct stmt *s = store_query(t->desk->store, Q_CASE_CODES);
	int n = 0;

	stmt_bind_id(s, ":stream", &t->file->patient);
	while (n < max && stmt_step(s) == 1)
		text_copy(codes[n++], 36, stmt_text(s, 0));
	stmt_reset(s);
	return n;
}

static void trend_row(struct patient_tabs *t, const struct chart *c, int i)
{
	const struct chart_point *p = &c->points[i];
	char day[DAY_TEXT], value[32], change[40] = "";
	bool in = chart_in_band(c, p->value),
	     banded = c->has_low || c->has_high;

	day_text(day, p->day);
	chart_value(value, sizeof(value), p->value, c->scale);
	if (i > 0) {
		int64_t delta = p->value - c->points[i - 1].value;
		chart_value(
		    change + 1, sizeof(change) - 1, llabs(delta), c->scale);
		change[0] = delta < 0 ? '-' : '+';
	}
	pager_add(&t->pager, banded && !in ? LOOK_LATE : LOOK_TEXT,
	    "  %s  %8s  %8s  %s", day, value, change,
	    !banded ? ""
	    : in    ? _("on target")
		    : _("off target"));
}

#define QUARTERS 4
#define QUARTER_DAYS 91

static void trend_course_line(
    struct patient_tabs *t, const struct trend *course)
{
	char slope[DECIMAL_TEXT], spread[DECIMAL_TEXT], mean[DECIMAL_TEXT];

	if (course->n < 2) {
		pager_add(&t->pager, LOOK_DIM, "  %s",
		    _("Too few values for a course."));
		return;
	}
	decimal_text(slope, course->slope_tenths, course->scale + 1);
	decimal_text(spread, course->deviation_tenths, course->scale + 1);
	decimal_text(mean, course->mean_tenths, course->scale + 1);
	pager_add(&t->pager,
	    course->course == TREND_FLUCTUATING ? LOOK_LATE : LOOK_TEXT,
	    _("  course %s   mean %s   %s in 30 days   spread %s"),
	    words_course(course->course), mean, slope, spread);
}

/* "on target by quarter: 58% of 12, 33% of 6, none" */
static void trend_quarters(struct patient_tabs *t, const struct trend *course)
{
	struct trend_period q[QUARTERS];
	char text[200];
	size_t n = 0;

	if (!course->has_target)
		return;
	trend_periods(q, QUARTERS, course, desk_now_s(t->desk), QUARTER_DAYS);
	for (int i = 0; i < QUARTERS; i++)
		n += (size_t)(q[i].n
				  ? snprintf(text + n, sizeof(text) - n,
					_("%s%d%% of %d"), i ? ", " : "",
					(int)(q[i].n_in_target * 100 / q[i].n),
					(int)q[i].n)
				  : snprintf(text + n, sizeof(text) - n,
					_("%snone"), i ? ", " : ""));
	pager_add(&t->pager, LOOK_TEXT, _("  on target by quarter: %s"), text);
}

/* What is not there is said as well. */
static void trend_gaps(struct patient_tabs *t, const struct trend *course)
{
	if (course->n_absent || course->longest_gap_days > QUARTER_DAYS)
		pager_add(&t->pager, LOOK_DIM,
		    _("  asked and not measured %d times; longest gap %d days"),
		    (int)course->n_absent, course->longest_gap_days);
}

static void trend_lines(struct patient_tabs *t, const char *code)
{
	const struct profile_tables *tables = catalog_profile(t->desk->catalog);
	const struct history_codes codes = {
	    .code = catalog_fact_code, .ctx = t->desk->catalog};
	struct trend_span span = {.to_s = desk_now_s(t->desk)};
	struct trend *course = mem_new(sizeof(*course));
	struct trend_limits limits;
	struct target target;
	struct facts facts = {0};
	bool has = preview_target(&target, t->desk, t->file, code);

	span.from_s = span.to_s - QUARTERS * QUARTER_DAYS * DAY_S;
	if (history_facts(&facts, t->desk->store, &t->file->patient, &codes) >=
	    0) {
		trend_of(course, &facts, code, span, has ? &target : NULL);
		if (tables->trends &&
		    trend_limits(&limits, tables->trends, code))
			trend_judge(course, &limits, span.to_s);
		trend_course_line(t, course);
		trend_quarters(t, course);
		trend_gaps(t, course);
	}
	facts_fini(&facts);
	free(course);
}

void patient_tab_trend(struct patient_tabs *t)
{
	char codes[CODES_MAX][36];
	int n = read_codes(t, codes, CODES_MAX), in = 0;
	struct chart *c = &t->chart;

	c->count = 0;
	if (n == 0) {
		pager_add(
		    &t->pager, LOOK_DIM, "%s", _("Nothing measured yet."));
		return;
	}
	t->series = (t->series % n + n) % n;
	preview_series(c, t->desk, t->file, codes[t->series],
	    t->months > 59 ? 59 : t->months);
	for (int i = 0; i < c->count; i++)
		in += chart_in_band(c, c->points[i].value);
	snprintf(t->heading, sizeof(t->heading),
	    _("%s   values %d   on target %d%%   (measurement %d of %d)"),
	    catalog_code_name(t->desk->catalog, codes[t->series]), c->count,
	    c->count ? in * 100 / c->count : 0, t->series + 1, n);
	trend_lines(t, codes[t->series]);
	for (int i = c->count - 1; i >= 0; i--)
		trend_row(t, c, i);
}

void patient_tab_results(struct patient_tabs *t)
{
	char codes[CODES_MAX][36];
	int n = read_codes(t, codes, CODES_MAX);

	if (n == 0)
		pager_tell(
		    &t->pager, LOOK_DIM, "%s", _("No result is recorded."));
	else
		pager_head(&t->pager,
		    _("      last    before  when            measurement"));
	for (int i = 0; i < n; i++) {
		struct case_point p[2];
		char last[DECIMAL_TEXT], before[DECIMAL_TEXT] = "", when[60];
		int k = case_series(
		    p, 2, t->desk->store, &t->file->patient, codes[i]);
		if (k < 1)
			continue;
		decimal_text(last, p[0].value, p[0].scale);
		if (k > 1)
			decimal_text(before, p[1].value, p[1].scale);
		words_time(when, sizeof(when), t->desk, p[0].at_s);
		pager_add(&t->pager, LOOK_TEXT, "  %8s  %8s  %-14s  %s", last,
		    before, when,
		    catalog_code_name(t->desk->catalog, codes[i]));
	}
}

void patient_tab_medication(struct patient_tabs *t)
{
	for (int i = 0; i < t->file->medication_count; i++) {
		const struct case_text *m = &t->file->medications[i];
		char day[DAY_TEXT] = "";
		if (m->day)
			day_text(day, m->day);
		pager_add(&t->pager, LOOK_TEXT, "  %s  %s  %s", m->text,
		    m->more, day);
	}
	if (!t->file->medication_count)
		pager_add(
		    &t->pager, LOOK_DIM, "%s", _("No medication is recorded."));
}

/* ---- history ------------------------------------------------------------ */

static const char *event_word(const char *what)
{
	static const struct {
		const char *what, *text;
	} words[] = {
	    {"contact", N_("call")},
	    {"alert", N_("alert")},
	    {"note", N_("note")},
	    {"callback", N_("callback")},
	    {"visit", N_("visit")},
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(words[i].what, what) == 0)
			return tr(words[i].text);
	return what;
}

static void history_row(struct patient_tabs *t, const struct case_event *e)
{
	bool call = strcmp(e->what, "contact") == 0;
	bool alert = strcmp(e->what, "alert") == 0;
	char when[TIME_TEXT];

	time_text(when, e->at_s, t->desk->zone_s);
	pager_add(&t->pager,
	    alert     ? LOOK_ALERT
	    : e->late ? LOOK_LATE
		      : LOOK_TEXT,
	    "  %s  %-6s %s%s  %s", when, event_word(e->what),
	    e->again  ? _("(from a branch) ")
	    : e->late ? _("(late) ")
		      : "",
	    call    ? catalog_disposition(t->desk->catalog, e->a)
	    : alert ? tr_pick(e->a, e->b)
		    : e->a,
	    alert ? "" : e->b);
}

void patient_tab_history(struct patient_tabs *t)
{
	int n;

	if (!t->events)
		t->events = mem_array(ROWS_MAX, sizeof(*t->events));
	n = case_history(
	    t->events, ROWS_MAX, t->desk->store, &t->file->patient, NULL);
	t->event_count = n < 0 ? 0 : n;
	for (int i = 0; i < n; i++) {
		history_row(t, &t->events[i]);
		pager_pick(&t->pager, i);
	}
	if (n <= 0)
		pager_add(&t->pager, LOOK_DIM, "%s", _("never called"));
}

void patient_tab_alerts(struct patient_tabs *t)
{
	struct alert_row *rows = mem_array(ROWS_MAX, sizeof(*rows));
	struct alert_filter f = {
	    .patient = &t->file->patient, .with_closed = true};
	int n = alertq_read(rows, ROWS_MAX, t->desk->store, &f);

	for (int i = 0; i < n; i++) {
		char when[TIME_TEXT], saw[600];
		time_text(when, rows[i].at_s, t->desk->zone_s);
		pager_add(&t->pager, words_level_look(rows[i].level),
		    "  %s  %s  %s  %s", when, words_level(rows[i].level),
		    tr_pick(rows[i].text_zh, rows[i].text_en),
		    words_alert_state(&rows[i]));
		catalog_inputs(
		    saw, sizeof(saw), t->desk->catalog, rows[i].value);
		pager_add(&t->pager, LOOK_DIM, "    %s  %s  %s v%s", rows[i].no,
		    saw, rows[i].rule, rows[i].version);
	}
	if (n <= 0)
		pager_add(&t->pager, LOOK_DIM, "%s", _("No alert."));
	free(rows);
}

static void audit_row(struct patient_tabs *t, const struct signed_entry *e)
{
	char when[TIME_TEXT], hash[HASH_HEX], pos[32];

	time_text(when, e->at_s, t->desk->zone_s);
	hash_hex(hash, &e->record);
	hash[12] = '\0';
	if (e->pos < 0)
		text_copy(pos, sizeof(pos), "-");
	else
		snprintf(pos, sizeof(pos), "%lld", (long long)e->pos);
	pager_add(&t->pager,
	    verdict_is_held(e->verdict) ? LOOK_LATE : LOOK_TEXT,
	    "  %s  %-6s %s  #%llu.%d  %s  %s  %s", when, e->member,
	    e->is_known ? tr(kind_info(e->kind)->title) : "?",
	    (unsigned long long)e->seq, e->index, pos,
	    tr(verdict_text(e->verdict)), hash);
}

void patient_tab_audit(struct patient_tabs *t)
{
	int n;

	if (!t->entries)
		t->entries = mem_array(ROWS_MAX, sizeof(*t->entries));
	n = signed_read(
	    t->entries, ROWS_MAX, t->desk->store, &t->file->patient, NULL);
	t->entry_count = n < 0 ? 0 : n;
	if (n <= 0)
		pager_tell(
		    &t->pager, LOOK_DIM, "%s", _("No signed record yet."));
	else
		pager_head(&t->pager,
		    _("When, who, what, record, place in the order, verdict, "
		      "hash"));
	for (int i = 0; i < n; i++) {
		audit_row(t, &t->entries[i]);
		pager_pick(&t->pager, i);
	}
}

void patient_tabs_fini(struct patient_tabs *t)
{
	pager_fini(&t->pager);
	casefile_free(&t->file);
	free(t->events);
	free(t->entries);
}
