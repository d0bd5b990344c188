/*
 * amend.c - putting answers back, and judging them again.
 */
#include "tui/amend.h"

#include "core/alertq.h"
#include "core/casefile.h"
#include "core/draft_contact.h"
#include "core/draft_profile.h"
#include "core/err.h"
#include "core/history.h"
#include "core/mem.h"
#include "core/outcome.h"
#include "core/script.h"
#include "core/script_merge.h"
#include "core/script_out.h"
#include "core/text.h"
#include "core/triage.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/past.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HITS_MAX 16

/* ---- reading ------------------------------------------------------------ */

int amend_open(struct amend **out, struct desk *desk, const struct id *patient,
    const char *ref)
{
	struct amend *a = mem_new(sizeof(*a));
	int rc = past_open(&a->past, desk, patient, ref);

	if (rc == 0 && !a->past->run)
		rc = ERR_NOT_FOUND;
	if (rc < 0) {
		amend_free(&a);
		return rc;
	}
	a->desk = desk;
	a->before = script_merged_answers(a->past->merged, a->past->run);
	*out = a;
	return 0;
}

void amend_free(struct amend **ap)
{
	struct amend *a = *ap;

	if (!a)
		return;
	past_free(&a->past);
	json_decref(a->before);
	free(a);
	*ap = NULL;
}

/* ---- what changed ------------------------------------------------------- */

/* Of several scripts a linkId alone does not say whose question it is. */
static bool is_same_place(const json_t *a, const json_t *b)
{
	return strcmp(json_str(a, "link", ""), json_str(b, "link", "")) == 0 &&
	       strcmp(json_str(a, "script", ""), json_str(b, "script", "")) ==
		   0;
}

/* The answers of one place, as one array. */
static json_t *of_place(const json_t *answers, const json_t *place)
{
	json_t *list = json_array();

	for (size_t i = 0; i < json_array_size(answers); i++) {
		json_t *o = json_array_get(answers, i);
		if (is_same_place(o, place))
			json_array_append(list, o);
	}
	return list;
}

static bool is_first(const json_t *answers, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (is_same_place(
			json_array_get(answers, k), json_array_get(answers, i)))
			return false;
	return true;
}

static json_t *not_asked(const json_t *place)
{
	json_t *o = json_object();

	json_put_str(o, "link", json_str(place, "link", ""));
	if (*json_str(place, "script", ""))
		json_put_str(o, "script", json_str(place, "script", ""));
	json_put_str(o, "type", "absent");
	json_put_str(o, "code", "not-asked");
	return o;
}

json_t *amend_changes(const struct amend *a)
{
	json_t *now = script_merged_answers(a->past->merged, a->past->run);
	json_t *out = json_array();

	for (size_t i = 0; i < json_array_size(now); i++) {
		const json_t *at = json_array_get(now, i);
		json_t *x = of_place(a->before, at), *y = of_place(now, at);
		if (is_first(now, i) && !json_equal(x, y))
			json_array_extend(out, y);
		json_decref(x);
		json_decref(y);
	}
	for (size_t i = 0; i < json_array_size(a->before); i++) {
		const json_t *at = json_array_get(a->before, i);
		json_t *y = of_place(now, at);
		if (is_first(a->before, i) && json_array_size(y) == 0)
			json_array_append_new(out, not_asked(at));
		json_decref(y);
	}
	json_decref(now);
	return out;
}

/* ---- judging ------------------------------------------------------------ */

static bool holds(const struct triage_hit *hits, size_t n, const char *rule)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(hits[i].rule->id, rule) == 0)
			return true;
	return false;
}

static bool is_of_call(const struct amend *a, const struct alert_row *r)
{
	return past_has_alert(a->past, r) && strcmp(r->rule, "by-hand") != 0;
}

/* An alert that nobody has acknowledged is withdrawn; the log shows both. */
static void withdraw(struct draft *draft, const struct amend *a,
    const struct alert_row *row, struct amend_effect *effect)
{
	json_t *body;

	if (row->state != ALERT_UNDELIVERED && row->state != ALERT_OPEN) {
		effect->kept++;
		return;
	}
	body = draft_about(
	    draft, KIND_ALERT_WITHDRAWN, &a->past->file->patient, row->ref);
	json_put_str(body, "reason", "corrected");
	effect->withdrawn++;
}

struct judged {
	struct facts facts;
	struct triage_hit hits[HITS_MAX];
	size_t hit_count;
	struct profile *profile;
};

/* An older call is judged by what was known when it began: what came after,
 * and what it said itself before it was corrected, is not known. */
static void forget_since(struct facts *f, int64_t began_s)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		if (f->items[i].at_s < began_s)
			f->items[n++] = f->items[i];
	f->n = n;
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
	forget_since(&j->facts, p->started_s ? p->started_s : p->at_s);
	history_person(&j->facts, p->file, p->at_s, d->zone_s);
	script_run_facts(&j->facts, p->run, p->at_s);
	j->hit_count = triage_run(
	    j->hits, HITS_MAX, catalog_triage(d->catalog), &j->facts, p->at_s);
	if (j->hit_count > HITS_MAX)
		j->hit_count = HITS_MAX;
	return 0;
}

/* What follows for the patient from the answers as they are now. */
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

/* Only the last contact says how the patient stands today. */
static void follow_profile(
    struct draft *draft, const struct amend *a, const struct profile *p)
{
	const struct casefile *file = a->past->file;

	if (strcmp(file->last.ref, a->past->ref) == 0)
		draft_profile(draft, &file->patient, file, p,
		    &(struct profile_day){
			desk_today(a->desk), a->desk->zone_s});
}

static int judge_alerts(struct draft *draft, const struct amend *a,
    const struct judged *j, struct amend_effect *effect)
{
	struct alert_row *rows = mem_array(HITS_MAX, sizeof(*rows));
	struct alert_filter f = {.patient = &a->past->file->patient};
	int n = alertq_read(rows, HITS_MAX, a->desk->store, &f);

	for (int i = 0; i < n; i++)
		if (is_of_call(a, &rows[i]) &&
		    !holds(j->hits, j->hit_count, rows[i].rule))
			withdraw(draft, a, &rows[i], effect);
	for (size_t h = 0; n >= 0 && h < j->hit_count; h++) {
		struct desk *d = a->desk;
		char no[ALERT_NO_TEXT];
		bool known = false;
		for (int i = 0; i < n; i++)
			known |= is_of_call(a, &rows[i]) &&
				 strcmp(rows[i].rule, j->hits[h].rule->id) == 0;
		if (known)
			continue;
		draft_alert_no(
		    no, d->member, d->ordinal, d->log.next_seq(d->log.ctx));
		if (effect->raised) /* several in one record */
			snprintf(no + strlen(no), sizeof(no) - strlen(no),
			    ".%d", effect->raised + 1);
		draft_alert(draft, &a->past->file->patient, &j->hits[h], no);
		effect->raised++;
	}
	free(rows);
	return n < 0 ? n : 0;
}

int amend_save(char ref[REF_TEXT], struct amend *a, const char *reason,
    struct amend_effect *effect)
{
	struct amend_effect did = {.raised = 0};
	struct judged j = {.hit_count = 0};
	struct draft draft = {0};
	json_t *changes = amend_changes(a);
	int rc = json_array_size(changes) ? judge(&j, a) : ERR_INVALID;

	if (rc == 0) {
		struct amended m = {.patient = a->past->file->patient,
		    .contact = a->past->ref,
		    .reason = reason,
		    .class = outcome_class(&j.facts),
		    .answers = json_incref(changes),
		    .facts = &j.facts,
		    .hits = j.hits,
		    .hit_count = j.hit_count,
		    .profile = judge_profile(&j, a)};
		draft_amended(&draft, &m);
		follow_profile(&draft, a, m.profile);
		profile_free(&j.profile);
		rc = judge_alerts(&draft, a, &j, &did);
	}
	if (rc < 0)
		draft_fini(&draft);
	else
		rc = desk_record(ref, a->desk, &draft);
	json_decref(changes);
	facts_fini(&j.facts);
	if (rc == 0)
		*effect = did;
	return rc;
}
