/*
 * amend_made.c - a correction judged: the answers as they are now go through
 * the rules that the call went through, and what differs becomes one draft.
 */
#include "core/casefile.h"
#include "core/draft_contact.h"
#include "core/draft_profile.h"
#include "core/err.h"
#include "core/history.h"
#include "core/mem.h"
#include "core/notetag.h"
#include "core/outcome.h"
#include "core/script_out.h"
#include "core/store.h"
#include "core/text.h"
#include "core/triage.h"
#include "tui/amend.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/past.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HITS_MAX 16
#define ALERTS_MAX 64
#define TAGS_MAX 16
#define CHANGE_MAX 400

struct judged {
	struct facts facts;
	struct facts since; /* known only after the call */
	struct triage_hit hits[HITS_MAX];
	size_t hit_count;
	struct profile *profile;
};

/* ---- facts -------------------------------------------------------------- */

/* An older call is judged by what was known when it began: what came after,
 * and what it said itself before it was corrected, is not known. */
static void part_history(struct judged *j, const struct past *p)
{
	int64_t began_s = p->started_s ? p->started_s : p->at_s;
	struct facts *f = &j->facts;
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		if (f->items[i].at_s < began_s)
			f->items[n++] = f->items[i];
		else if (f->items[i].at_s > p->at_s)
			facts_add(&j->since, &f->items[i]);
	f->n = n;
}

/* An answer of the script says it better than a word of the note. */
static void add_tag(struct judged *j, const struct past *p, const char *id)
{
	const struct notetag *t = catalog_notetag(p->desk->catalog);
	struct notetag_hit hits[TAGS_MAX];
	size_t n =
	    t ? notetag_suggest(hits, TAGS_MAX, t, p->note, strlen(p->note))
	      : 0;
	const struct fact *f;

	for (size_t i = 0; i < n && i < TAGS_MAX; i++) {
		if (strcmp(hits[i].id, id) != 0)
			continue;
		f = facts_last(&j->facts, hits[i].code);
		if (!f || f->is_history)
			facts_add_coded(
			    &j->facts, hits[i].code, hits[i].text, p->at_s);
	}
}

/* Words of the note that the agent confirmed counted in the call, too. */
static int add_tags(struct judged *j, const struct past *p)
{
	struct stmt *s = store_query(p->desk->store, Q_PAST_TAGS);
	const char *end = strrchr(p->ref, '-');
	char save[REF_TEXT];
	int rc;

	snprintf(save, sizeof(save), "%.*s", (int)(end - p->ref + 1), p->ref);
	stmt_bind_id(s, ":stream", &p->file->patient);
	stmt_bind_text(s, ":save", save);
	while ((rc = stmt_step(s)) == 1)
		if (strncmp(stmt_text(s, 0), "no.", 3) != 0)
			add_tag(j, p, stmt_text(s, 0));
	return rc;
}

static int judge(struct judged *j, struct amend *a)
{
	struct desk *d = a->desk;
	struct history_codes codes = {
	    .code = catalog_fact_code, .ctx = d->catalog};
	const struct past *p = a->past;
	int rc = history_facts(&j->facts, d->store, &p->file->patient, &codes);

	if (rc < 0)
		return rc;
	part_history(j, p);
	history_person(&j->facts, p->file, p->at_s, d->zone_s);
	script_run_facts(&j->facts, p->run, p->at_s);
	rc = add_tags(j, p);
	j->hit_count = triage_run(
	    j->hits, HITS_MAX, catalog_triage(d->catalog), &j->facts, p->at_s);
	if (j->hit_count > HITS_MAX)
		j->hit_count = HITS_MAX;
	return rc < 0 ? rc : 0;
}

/* ---- what follows for the patient --------------------------------------- */

/* The contact as it now was: its level, risk and scores. */
static const struct profile *judge_profile(struct judged *j, struct amend *a)
{
	int64_t at_s = a->past->at_s;

	if (j->hit_count)
		facts_add_coded(&j->facts, "triage-level",
		    triage_level_name(j->hits[0].rule->level), at_s);
	j->profile =
	    profile_new(catalog_profile(a->desk->catalog), &j->facts, at_s);
	return j->profile;
}

/* As at the end of a call: what was cut short puts no level down. */
static bool keeps_level(const struct amend *a, const struct profile *p)
{
	return !a->past->completed && draft_profile_lowers(a->past->file, p);
}

/* How the patient stands today: by the last call and by what came since. */
static void follow_profile(
    struct amend_made *made, const struct amend *a, struct judged *j)
{
	const struct casefile *file = a->past->file;
	struct profile *today;

	made->is_last = strcmp(file->last.ref, a->past->ref) == 0;
	if (!made->is_last)
		return;
	for (size_t i = 0; i < j->since.n; i++)
		facts_add(&j->facts, &j->since.items[i]);
	today = profile_new(catalog_profile(a->desk->catalog), &j->facts,
	    j->since.n ? desk_now_s(a->desk) : a->past->at_s);
	made->keeps_level = keeps_level(a, today);
	draft_profile(&made->draft, &file->patient, file, today,
	    &(struct profile_day){
		desk_today(a->desk), a->desk->zone_s, made->keeps_level});
	profile_free(&today);
}

/* What stands of a pathway. */
static const struct case_due *standing(
    const struct casefile *file, const char *pathway)
{
	for (int i = 0; i < file->due_count; i++)
		if (strcmp(file->dues[i].pathway, pathway) == 0)
			return &file->dues[i];
	return NULL;
}

/* A step is decided again only by the version that decided it. */
static const struct pathway *deciding(
    const struct amend *a, const struct case_due *due)
{
	const struct pathway *p =
	    catalog_pathway(a->desk->catalog, due->pathway);
	char version[16];

	if (!p)
		return NULL;
	snprintf(version, sizeof(version), "%d", p->head.version);
	return strcmp(version, due->pathway_version) == 0 ? p : NULL;
}

/* The record as it stood when the call ended: what it did was due. */
static int read_steps(
    struct casefile *was, struct outcome_in *in, const struct amend *a)
{
	struct stmt *s = store_query(a->desk->store, Q_PAST_STEPS);
	const struct case_due *now;
	int rc;

	was->due_count = 0;
	stmt_bind_id(s, ":stream", &was->patient);
	stmt_bind_text(s, ":ref", a->past->ref);
	while ((rc = stmt_step(s)) == 1 && was->due_count < CASE_DUES) {
		struct case_due *due = &was->dues[was->due_count];
		now = standing(a->past->file, stmt_text(s, 0));
		if (!now || !deciding(a, now))
			continue;
		in->pathways[was->due_count++] = deciding(a, now);
		*due = *now;
		STMT_COPY(due->step, s, 1);
		text_copy(due->script, sizeof(due->script), a->past->asked[0]);
	}
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

static bool is_same_due(const struct case_due *x, const struct case_due *y)
{
	return strcmp(x->step, y->step) == 0 && strcmp(x->rule, y->rule) == 0 &&
	       x->open_day == y->open_day && x->due_day == y->due_day &&
	       x->close_day == y->close_day;
}

static void take_next(struct amend_made *made, const struct amend *a,
    const struct outcome *outcome)
{
	for (int i = 0; i < outcome->count; i++) {
		const struct outcome_next *n = &outcome->next[i];
		const struct case_due *now =
		    standing(a->past->file, n->due.pathway);
		if (!n->is_done || n->is_over || is_same_due(&n->due, now))
			continue;
		made->was_day[made->next_count] = now->due_day;
		made->next[made->next_count++] = n->due;
	}
	made->effect.moved = made->next_count;
}

/* The next contacts that this call decided, decided once more. */
static int decide_next(
    struct amend_made *made, const struct amend *a, const struct judged *j)
{
	const struct past *p = a->past;
	struct catalog *catalog = a->desk->catalog;
	struct casefile *was = mem_dup(p->file, sizeof(*p->file));
	const char *asked = p->asked[0];
	struct outcome_in in = {
	    .how = cadence_find(catalog_cadence(catalog), p->disposition),
	    .is_completed = p->completed,
	    .file = was,
	    .facts = &j->facts,
	    .hours = catalog_hours(catalog),
	    .number = p->number,
	    .now_s = p->at_s,
	    .zone_s = a->desk->zone_s,
	    .scripts = &asked,
	    .n_scripts = 1,
	    .targets = catalog_targets(catalog),
	    .tables = catalog_profile(catalog),
	    .level =
		j->hit_count ? triage_level_name(j->hits[0].rule->level) : NULL,
	};
	struct outcome outcome;
	int rc = read_steps(was, &in, a);

	if (rc == 0 && in.how && p->completed && was->due_count) {
		outcome_decide(&outcome, &in);
		take_next(made, a, &outcome);
	}
	free(was);
	return rc;
}

/* ---- alerts ------------------------------------------------------------- */

static bool holds(const struct judged *j, const char *rule)
{
	for (size_t i = 0; i < j->hit_count; i++)
		if (strcmp(j->hits[i].rule->id, rule) == 0)
			return true;
	return false;
}

/* Of this call and not withdrawn already. */
static bool is_of_call(const struct amend *a, const struct alert_row *r)
{
	return past_has_alert(a->past, r) && strcmp(r->rule, "by-hand") != 0 &&
	       r->state != ALERT_WITHDRAWN;
}

/* Nobody is left with a finding that is none: an alert that nobody has taken
 * stops its clocks, and every one shows what was corrected until a person
 * closes it. */
static void correct_alert(struct amend_made *made, const struct amend *a,
    const struct alert_row *row, const char *reason)
{
	struct amend_alert *fate = &made->alerts[made->alert_count++];
	char change[CHANGE_MAX];
	json_t *body;

	fate->row = *row;
	fate->fate = row->state >= ALERT_CLOSED ? AMEND_CLOSED
		     : row->acked_s             ? AMEND_KEPT
						: AMEND_WITHDRAWN;
	if (fate->fate == AMEND_CLOSED)
		return;
	made->effect.withdrawn += fate->fate == AMEND_WITHDRAWN;
	made->effect.kept += fate->fate == AMEND_KEPT;
	amend_change_text(change, sizeof(change), a, made->changes);
	body = draft_about(&made->draft, KIND_ALERT_WITHDRAWN,
	    &a->past->file->patient, row->ref);
	json_put_str(body, "reason", reason);
	json_put_str(body, "change", change);
}

static void raise_alert(struct amend_made *made, const struct amend *a,
    const struct triage_hit *hit)
{
	struct desk *d = a->desk;
	char no[ALERT_NO_TEXT];

	draft_alert_no(no, d->member, d->ordinal, d->log.next_seq(d->log.ctx));
	if (made->effect.raised) /* several in one record */
		snprintf(no + strlen(no), sizeof(no) - strlen(no), ".%d",
		    made->effect.raised + 1);
	draft_alert(&made->draft, &a->past->file->patient, hit, no);
	made->effect.raised++;
}

static int judge_alerts(struct amend_made *made, const struct amend *a,
    const struct judged *j, const char *reason)
{
	struct alert_row *rows = mem_array(ALERTS_MAX, sizeof(*rows));
	struct alert_filter f = {
	    .patient = &a->past->file->patient, .with_closed = true};
	int n = alertq_read(rows, ALERTS_MAX, a->desk->store, &f);

	made->alerts = mem_array(ALERTS_MAX, sizeof(*made->alerts));
	for (int i = 0; i < n; i++)
		if (is_of_call(a, &rows[i]) && !holds(j, rows[i].rule))
			correct_alert(made, a, &rows[i], reason);
	for (size_t h = 0; n >= 0 && h < j->hit_count; h++) {
		bool known = false;
		for (int i = 0; i < n; i++)
			known |= is_of_call(a, &rows[i]) &&
				 strcmp(rows[i].rule, j->hits[h].rule->id) == 0;
		if (!known)
			raise_alert(made, a, &j->hits[h]);
	}
	free(rows);
	return n < 0 ? n : 0;
}

/* ---- the draft ---------------------------------------------------------- */

static int draft_all(struct amend_made *made, struct amend *a, struct judged *j,
    const char *reason)
{
	struct amended m = {.patient = a->past->file->patient,
	    .contact = a->past->ref,
	    .reason = reason,
	    .class = outcome_class(&j->facts),
	    .answers = json_incref(made->changes),
	    .facts = &j->facts,
	    .hits = j->hits,
	    .hit_count = j->hit_count,
	    .next = made->next};

	m.next_count = made->next_count;
	m.profile = judge_profile(j, a);
	m.keeps_level = keeps_level(a, m.profile);
	draft_amended(&made->draft, &m);
	follow_profile(made, a, j);
	return judge_alerts(made, a, j, reason);
}

int amend_make(struct amend_made *out, struct amend *a, const char *reason)
{
	struct amend_made made = {.changes = amend_changes(a)};
	struct judged *j = mem_new(sizeof(*j));
	int rc = json_array_size(made.changes) ? judge(j, a) : ERR_INVALID;

	if (rc == 0)
		rc = decide_next(&made, a, j);
	if (rc == 0)
		rc = draft_all(&made, a, j, reason);
	profile_free(&j->profile);
	facts_fini(&j->facts);
	facts_fini(&j->since);
	free(j);
	if (rc < 0)
		amend_made_fini(&made);
	else
		*out = made;
	return rc;
}

void amend_made_fini(struct amend_made *made)
{
	draft_fini(&made->draft);
	json_decref(made->changes);
	free(made->alerts);
	*made = (struct amend_made){.changes = NULL};
}
