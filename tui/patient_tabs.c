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
	char when[TIME_TEXT], hash[HASH_HEX], pos[32], verdict[300];

	time_text(when, e->at_s, t->desk->zone_s);
	hash_hex(hash, &e->record);
	hash[12] = '\0';
	if (e->pos < 0)
		text_copy(pos, sizeof(pos), "-");
	else
		snprintf(pos, sizeof(pos), "%lld", (long long)e->pos);
	words_verdict(verdict, sizeof(verdict), t->desk, e);
	pager_add(&t->pager,
	    verdict_is_held(e->verdict) ? LOOK_LATE : LOOK_TEXT,
	    "  %s  %-6s %s  #%llu.%d  %s  %s  %s", when, e->member,
	    e->is_known ? tr(kind_info(e->kind)->title) : "?",
	    (unsigned long long)e->seq, e->index, pos, verdict, hash);
}

void patient_read_entries(struct patient_tabs *t)
{
	int n;

	if (!t->entries)
		t->entries = mem_array(ROWS_MAX, sizeof(*t->entries));
	n = signed_read(
	    t->entries, ROWS_MAX, t->desk->store, &t->file->patient, NULL);
	t->entry_count = n < 0 ? 0 : n;
}

void patient_tab_audit(struct patient_tabs *t)
{
	int n;

	patient_read_entries(t);
	n = t->entry_count;
	if (n == 0)
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
	free(t->points);
	free(t->events);
	free(t->entries);
}
