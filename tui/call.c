/*
 * call.c - a call in progress. Every answer is on the disk before the next
 * question is shown; an alert is a record of its own as soon as its rule
 * holds.
 */
#include "tui/call.h"

#include "core/advice.h"
#include "core/buf.h"
#include "core/clock.h"
#include "core/draft_contact.h"
#include "core/err.h"
#include "core/history.h"
#include "core/mem.h"
#include "core/script_merge.h"
#include "core/script_out.h"
#include "core/shelf.h"
#include "core/store.h"
#include "core/text.h"
#include "tui/call_in.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/dialer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int read_history(struct call *c)
{
	struct history_codes codes = {
	    .code = catalog_fact_code, .ctx = c->desk->catalog};
	int rc = history_facts(
	    &c->history, c->desk->store, &c->file->patient, &codes);

	history_person(&c->history, c->file, c->started_s, c->desk->zone_s);
	return rc;
}

/* ---- facts and red flags ------------------------------------------------ */

static void gather_facts(struct call *c)
{
	facts_clear(&c->facts);
	for (size_t i = 0; i < c->history.n; i++)
		facts_add(&c->facts, &c->history.items[i]);
	if (c->run)
		script_run_facts(&c->facts, c->run, desk_now_s(c->desk));
	call_tag_facts(c);
}

static struct call_alert *alert_of(struct call *c, const char *rule)
{
	for (int i = 0; i < c->alert_count; i++)
		if (strcmp(c->alerts[i].rule, rule) == 0 &&
		    !c->alerts[i].withdrawn)
			return &c->alerts[i];
	return NULL;
}

static int raise_alert(struct call *c, const struct triage_hit *hit)
{
	struct desk *d = c->desk;
	struct call_alert *a = &c->alerts[c->alert_count];
	struct draft draft = {0};
	int rc;

	if (c->alert_count == CALL_ALERTS)
		return 0;
	*a = (struct call_alert){.withdrawn = false};
	text_copy(a->rule, sizeof(a->rule), hit->rule->id);
	char no[ALERT_NO_TEXT];
	draft_alert_no(no, d->member, d->ordinal, d->log.next_seq(d->log.ctx));
	text_copy(a->no, sizeof(a->no), no);
	draft_alert(&draft, &c->file->patient, hit, a->no);
	rc = desk_record(a->ref, d, &draft);
	if (rc < 0)
		return rc;
	c->alert_count++;
	return 0;
}

static bool still_holds(const struct call *c, const char *rule)
{
	for (size_t i = 0; i < c->hit_count; i++)
		if (strcmp(c->hits[i].rule->id, rule) == 0)
			return true;
	return false;
}

/* A corrected answer takes the alert back; the log shows both. */
static int withdraw_alert(struct call *c, struct call_alert *a)
{
	struct draft draft = {0};
	char ref[REF_TEXT];
	json_t *body = draft_about(
	    &draft, KIND_ALERT_WITHDRAWN, &c->file->patient, a->ref);
	int rc;

	json_put_str(body, "reason", "corrected");
	rc = desk_record(ref, c->desk, &draft);
	if (rc < 0)
		return rc;
	a->withdrawn = true;
	return 0;
}

int call_judge(struct call *c)
{
	int rc = 0;

	gather_facts(c);
	c->hit_count = triage_run(c->hits, CALL_ALERTS,
	    catalog_triage(c->desk->catalog), &c->facts, desk_now_s(c->desk));
	if (c->hit_count > CALL_ALERTS)
		c->hit_count = CALL_ALERTS;
	for (size_t i = 0; i < c->hit_count && rc == 0; i++)
		if (!alert_of(c, c->hits[i].rule->id))
			rc = raise_alert(c, &c->hits[i]);
	for (int i = 0; i < c->alert_count && rc == 0; i++)
		if (!c->alerts[i].withdrawn &&
		    !still_holds(c, c->alerts[i].rule))
			rc = withdraw_alert(c, &c->alerts[i]);
	return rc;
}

bool call_has_emergency(const struct call *c)
{
	for (size_t i = 0; i < c->hit_count; i++)
		if (c->hits[i].rule->level == TRIAGE_EMERGENCY)
			return true;
	return false;
}

/* ---- opening ------------------------------------------------------------ */

/* Who calls us is listened to whatever was agreed before. */
static int may_call(
    struct desk *d, const struct id *patient, const struct call_opening *how)
{
	struct work_row row;
	int rc = worklist_row(&row, d->store, patient);

	if (rc < 0)
		return rc;
	if (how->incoming)
		return 0;
	if (row.is_refused)
		return err_set(ERR_RULE, "do not call");
	return row.is_dead ? err_set(ERR_RULE, "deceased") : 0;
}

int call_begin_as(struct call **out, struct desk *desk,
    const struct id *patient, const struct call_opening *how)
{
	struct call *c = mem_new(sizeof(*c));
	char hex[ID_HEX];
	int rc = may_call(desk, patient, how);

	c->desk = desk;
	desk->calls++;
	c->started_s = desk_now_s(desk);
	id_hex(hex, patient);
	snprintf(c->slot, sizeof(c->slot), "call/%s", hex);
	if (rc == 0)
		rc = casefile_load(&c->file, desk->store, patient);
	if (rc == 0) {
		desk_person(&c->person, c->desk, c->file);
		rc = call_choose_scripts(c);
	}
	if (rc == 0) {
		rc = read_history(c);
	}
	if (rc == 0)
		rc = call_restore(c);
	if (rc == 0 && !c->resumed)
		rc = how->resumes ? ERR_NOT_FOUND : call_start(c, how);
	if (rc == 0)
		rc = call_judge(c);
	if (rc == 0)
		rc = call_see_owner(c);
	if (rc < 0) {
		call_free(&c);
		return rc;
	}
	*out = c;
	return 0;
}

int call_begin(struct call **out, struct desk *desk, const struct id *patient,
    const char *override)
{
	struct call_opening how = {.override = override, .number = -1};

	return call_begin_as(out, desk, patient, &how);
}

void call_free(struct call **call)
{
	struct call *c = *call;

	if (!c)
		return;
	c->desk->calls--;
	if (c->hangs_up)
		dialer_hang_up(c->desk->dialer);
	script_run_free(&c->run);
	script_merged_free(&c->merged);
	facts_fini(&c->facts);
	facts_fini(&c->history);
	casefile_free(&c->file);
	free(c);
	*call = NULL;
}

bool call_has_answers(const struct call *c)
{
	return c->note[0] || c->alert_count || c->given_count ||
	       (c->run && script_run_progress(c->run).answered > 0) ||
	       (c->run && *script_run_respondent(c->run));
}

/* ---- the end ------------------------------------------------------------ */

const struct disposition *call_completed(const struct call *c)
{
	const struct cadence *set = catalog_cadence(c->desk->catalog);
	const char *who = c->run ? script_run_respondent(c->run) : "";
	bool other = *who && strcmp(who, "self") != 0;
	const struct disposition *d =
	    other ? cadence_find(set, "third-party") : NULL;

	return d ? d : cadence_find(set, "completed");
}

static bool is_complete(const struct call *c)
{
	return !c->run || script_run_missing(c->run, NULL, 0) == 0;
}

/* Of each script, whether all that it asks itself is answered. */
static void see_finished(bool out[CASE_DUES], const struct call *c)
{
	for (int i = 0; i < c->asked_count && c->merged; i++) {
		struct script_run *run = NULL;
		struct script_zone of = {(size_t)i, c->desk->zone_s};
		if (script_merged_run(&run, c->merged, c->run, of) == 0)
			out[i] = script_run_missing(run, NULL, 0) == 0;
		script_run_free(&run);
	}
}

/* What the end is decided on. */
struct proposal {
	const char *asked[CASE_DUES];
	bool finished[CASE_DUES];
	struct outcome_in in;
};

static void fill_proposal(
    struct proposal *p, struct call *c, const struct disposition *how)
{
	struct catalog *catalog = c->desk->catalog;

	*p = (struct proposal){
	    .in = {
		.how = how,
		.is_completed = is_complete(c) && how->may_complete,
		.file = c->file,
		.facts = &c->facts,
		.hours = catalog_hours(catalog),
		.number = c->number,
		.now_s = desk_now_s(c->desk),
		.zone_s = c->desk->zone_s,
		.scripts = p->asked,
		.n_scripts = (size_t)c->asked_count,
		.finished = p->finished,
		.targets = catalog_targets(catalog),
		.tables = catalog_profile(catalog),
		.level = c->hit_count
			     ? triage_level_name(c->hits[0].rule->level)
			     : NULL,
	    }};
	for (int i = 0; i < c->asked_count; i++)
		p->asked[i] = c->asked[i];
	if (!p->in.is_completed && how->may_complete && c->asked_count > 1)
		see_finished(p->finished, c);
	for (int i = 0; i < c->file->due_count; i++)
		p->in.pathways[i] =
		    catalog_pathway(catalog, c->file->dues[i].pathway);
}

void call_propose(
    struct call *c, const struct disposition *how, struct outcome *out)
{
	struct proposal p;

	fill_proposal(&p, c, how);
	outcome_decide(out, &p.in);
}

static const char *part_version(const struct call *c, int part)
{
	return script_version(script_merged_part(c->merged, (size_t)part));
}

static const char *part_hash(const struct call *c, int part)
{
	return catalog_script_hash(
	    c->desk->catalog, c->asked[part], c->asked_version[part]);
}

static void give_advice(struct contact *k, const struct call *c)
{
	const struct advice_library *lib = catalog_advice(c->desk->catalog);

	for (int i = 0; i < c->given_count; i++) {
		const struct advice *a = advice_find(lib, c->given[i]);
		if (a)
			k->given[k->given_count++] = a;
	}
}

static void fill_contact(struct contact *k, struct call *c,
    const struct disposition *how, const struct outcome *out)
{
	bool spoke = c->run && how->is_reached;

	*k = (struct contact){
	    .patient = c->file->patient,
	    .how = how,
	    .how_version =
		cadence_head(catalog_cadence(c->desk->catalog))->version,
	    .outcome = out,
	    .script = spoke ? c->script_id : "",
	    .script_version = spoke ? part_version(c, 0) : "",
	    .script_hash = spoke ? part_hash(c, 0) : "",
	    .respondent = spoke ? script_run_respondent(c->run) : "",
	    .is_completed = is_complete(c) && how->may_complete,
	    .is_stopped = call_has_emergency(c) && !is_complete(c),
	    .number = c->number,
	    .started_s = c->started_s,
	    .ended_s = desk_now_s(c->desk),
	    .note = c->note,
	    .answers = spoke ? script_merged_answers(c->merged, c->run) : NULL,
	    .facts = &c->facts,
	    .hits = c->hits,
	    .hit_count = c->hit_count,
	    .recording = c->recording,
	    .recording_hash = c->recording_hash,
	    .file = c->file,
	    .zone_s = c->desk->zone_s,
	};
	for (int i = 1; i < c->asked_count && spoke; i++)
		k->also[k->n_also++] = (struct contact_script){
		    c->asked[i], part_version(c, i), part_hash(c, i)};
	give_advice(k, c);
	k->is_interrupted = spoke && !k->is_completed && call_has_answers(c);
	if (k->ended_s < k->started_s)
		k->ended_s = k->started_s;
}

/* A call keeps the promises that were open, whatever came of it. */
static int keep_promises(struct draft *draft, struct call *c, bool reached)
{
	struct stmt *s = store_query(c->desk->store, Q_CALLBACK_OPEN);
	int rc;

	stmt_bind_id(s, ":stream", &c->file->patient);
	while ((rc = stmt_step(s)) == 1) {
		json_t *body = draft_about(draft, KIND_CALLBACK_KEPT,
		    &c->file->patient, stmt_text(s, 0));
		json_put_str(body, "result", reached ? "kept" : "missed");
	}
	return rc;
}

int call_finish(char ref[REF_TEXT], struct call *c,
    const struct disposition *how, const struct promise *promise)
{
	struct outcome out;
	struct contact contact;
	struct profile *profile = NULL;
	struct proposal p;
	struct draft draft = {0};
	int rc;

	if (how == call_completed(c) && !is_complete(c) &&
	    !call_has_emergency(c))
		return ERR_CHECK;
	call_end_line(c);
	fill_proposal(&p, c, how);
	outcome_decide(&out, &p.in);
	if (c->run && how->is_reached)
		profile = outcome_profile(&out, &p.in);
	fill_contact(&contact, c, how, &out);
	contact.profile = profile;
	draft_contact(&draft, &contact);
	profile_free(&profile);
	call_draft_rest(&draft, c, how);
	rc = keep_promises(&draft, c, how->is_reached);
	if (promise)
		draft_promise(&draft, &c->file->patient, promise);
	if (how->is_do_not_call) {
		json_t *body = json_object();
		json_put_str(body, "what", "call");
		json_put_flag(body, "given", false);
		draft_add(&draft, KIND_CONSENT_SET, &c->file->patient, body);
	}
	if (rc < 0) {
		draft_fini(&draft);
		return rc;
	}
	draft.slot = c->slot;
	return desk_record(ref, c->desk, &draft);
}
