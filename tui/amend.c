/*
 * amend.c - putting answers back, and judging them again.
 */
#include "tui/amend.h"

#include "core/alertq.h"
#include "core/buf.h"
#include "core/casefile.h"
#include "core/clock.h"
#include "core/draft_contact.h"
#include "core/err.h"
#include "core/history.h"
#include "core/mem.h"
#include "core/outcome.h"
#include "core/script.h"
#include "core/script_out.h"
#include "core/store.h"
#include "core/text.h"
#include "core/triage.h"
#include "tui/catalog.h"
#include "tui/desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HITS_MAX 16
#define LATER_S 600 /* an alert may be raised shortly after the call */

/* ---- reading ------------------------------------------------------------ */

static int read_contact(struct amend *a, const struct id *patient)
{
	struct stmt *s = store_query(a->desk->store, Q_AMEND_CONTACT);
	int rc;

	stmt_bind_id(s, ":stream", patient);
	rc = stmt_step(s);
	if (rc == 1) {
		text_copy(a->ref, sizeof(a->ref), stmt_text(s, 0));
		text_copy(a->script_id, sizeof(a->script_id), stmt_text(s, 1));
		a->at_s = stmt_int(s, 2);
		a->started_s = stmt_int(s, 3);
		a->ended_s = stmt_int(s, 4);
		text_copy(
		    a->disposition, sizeof(a->disposition), stmt_text(s, 5));
	}
	stmt_reset(s);
	return rc == 1 ? 0 : rc < 0 ? rc : ERR_NOT_FOUND;
}

/* The code system is the script's own; the log does not repeat it. */
static const char *system_of(
    const struct amend *a, const char *link, const char *code)
{
	uint32_t item = script_find(a->script, link);
	const struct script_item *it =
	    item == SCRIPT_NONE ? NULL : script_item(a->script, item);

	for (uint32_t i = 0; it && i < it->n_options; i++) {
		const struct script_value *v = &it->options[i].value;
		if (v->code && strcmp(v->code, code) == 0)
			return v->system;
	}
	return NULL;
}

static json_t *value_of(
    const struct amend *a, const char *link, const struct stmt *s)
{
	json_t *v = json_object();
	const char *code = stmt_text(s, 2);

	json_put_str(v, "type", stmt_text(s, 1));
	if (*code) {
		json_put_str(v, "code", code);
		json_put_str(v, "system", system_of(a, link, code));
	}
	if (*stmt_text(s, 3))
		json_put_str(v, "text", stmt_text(s, 3));
	if (!stmt_is_null(s, 4)) {
		json_put_int(v, "int", stmt_int(s, 4));
		json_put_int(v, "scale", stmt_int(s, 5));
	}
	if (*stmt_text(s, 6))
		json_put_str(v, "unit", stmt_text(s, 6));
	return v;
}

/* {"link@occ": {"v": [...]}} - rows of the shelf by their place. */
static int read_places(json_t **out, struct amend *a)
{
	struct stmt *s = store_query(a->desk->store, Q_AMEND_ANSWERS);
	json_t *places = json_object();
	int rc;

	stmt_bind_id(s, ":stream", &a->file->patient);
	stmt_bind_text(s, ":ref", a->ref);
	while ((rc = stmt_step(s)) == 1) {
		char link[100];
		const char *place = stmt_text(s, 0);
		json_t *row = json_object_get(places, place);
		if (!row) {
			row = json_object();
			json_put(row, "v", json_array());
			json_put(places, place, row);
		}
		snprintf(link, sizeof(link), "%.*s", (int)strcspn(place, "@"),
		    place);
		if (strcmp(stmt_text(s, 1), "absent") == 0)
			json_put_str(row, "absent", stmt_text(s, 2));
		else
			json_array_append_new(
			    json_object_get(row, "v"), value_of(a, link, s));
	}
	*out = places;
	return rc;
}

static int restore(struct amend *a, json_t *places)
{
	size_t n = 0, max = json_object_size(places);
	struct script_row *rows = mem_array(max + 1, sizeof(*rows));
	struct buf *texts = mem_array(max + 1, sizeof(*texts));
	char(*links)[100] = mem_array(max + 1, sizeof(*links));
	const char *place;
	json_t *row;
	int rc;

	json_object_foreach(places, place, row)
	{
		size_t len = strcspn(place, "@");
		snprintf(links[n], sizeof(links[n]), "%.*s", (int)len, place);
		json_canonical(&texts[n], row);
		rows[n] = (struct script_row){links[n],
		    place[len] ? (uint32_t)strtoul(place + len + 1, NULL, 10)
			       : 0,
		    buf_text(&texts[n])};
		n++;
	}
	rc = script_run_restore(a->run, rows, n, NULL);
	for (size_t i = 0; i < n; i++)
		buf_fini(&texts[i]);
	free(texts);
	free(links);
	free(rows);
	return rc;
}

int amend_open(struct amend **out, struct desk *desk, const struct id *patient)
{
	struct amend *a = mem_new(sizeof(*a));
	json_t *places = NULL;
	int rc;

	a->desk = desk;
	desk->calls++;
	rc = read_contact(a, patient);
	if (rc == 0)
		rc = casefile_load(&a->file, desk->store, patient);
	if (rc == 0) {
		a->script = catalog_script(desk->catalog, a->script_id);
		rc = a->script ? 0 : ERR_NOT_FOUND;
	}
	if (rc == 0) {
		desk_person(&a->person, a->desk, a->file);
		a->run = script_run_new(a->script, &a->person, desk->zone_s);
		rc = read_places(&places, a);
	}
	if (rc == 0)
		rc = restore(a, places);
	json_decref(places);
	if (rc < 0) {
		amend_free(&a);
		return rc;
	}
	a->before = script_run_answers(a->run);
	*out = a;
	return 0;
}

void amend_free(struct amend **ap)
{
	struct amend *a = *ap;

	if (!a)
		return;
	a->desk->calls--;
	script_run_free(&a->run);
	casefile_free(&a->file);
	json_decref(a->before);
	free(a);
	*ap = NULL;
}

/* ---- what changed ------------------------------------------------------- */

/* The answers of one place, as one array. */
static json_t *of_link(const json_t *answers, const char *link)
{
	json_t *list = json_array();

	for (size_t i = 0; i < json_array_size(answers); i++) {
		json_t *o = json_array_get(answers, i);
		if (strcmp(json_str(o, "link", ""), link) == 0)
			json_array_append(list, o);
	}
	return list;
}

static bool is_first(const json_t *answers, size_t i)
{
	const char *link = json_str(json_array_get(answers, i), "link", "");

	for (size_t k = 0; k < i; k++)
		if (strcmp(json_str(json_array_get(answers, k), "link", ""),
			link) == 0)
			return false;
	return true;
}

static json_t *not_asked(const char *link)
{
	json_t *o = json_object();

	json_put_str(o, "link", link);
	json_put_str(o, "type", "absent");
	json_put_str(o, "code", "not-asked");
	return o;
}

json_t *amend_changes(const struct amend *a)
{
	json_t *now = script_run_answers(a->run), *out = json_array();

	for (size_t i = 0; i < json_array_size(now); i++) {
		const char *link = json_str(json_array_get(now, i), "link", "");
		json_t *x = of_link(a->before, link), *y = of_link(now, link);
		if (is_first(now, i) && !json_equal(x, y))
			json_array_extend(out, y);
		json_decref(x);
		json_decref(y);
	}
	for (size_t i = 0; i < json_array_size(a->before); i++) {
		const char *link =
		    json_str(json_array_get(a->before, i), "link", "");
		json_t *y = of_link(now, link);
		if (is_first(a->before, i) && json_array_size(y) == 0)
			json_array_append_new(out, not_asked(link));
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
	return strcmp(r->rule, "by-hand") != 0 && r->at_s >= a->started_s &&
	       r->at_s <= a->ended_s + LATER_S;
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
	    draft, KIND_ALERT_WITHDRAWN, &a->file->patient, row->ref);
	json_put_str(body, "reason", "corrected");
	effect->withdrawn++;
}

struct judged {
	struct facts facts;
	struct triage_hit hits[HITS_MAX];
	size_t hit_count;
};

static const char *fact_code(void *ctx, const char *script, const char *link)
{
	const struct script *s = catalog_script(ctx, script);
	uint32_t i = s ? script_find(s, link) : SCRIPT_NONE;

	if (i == SCRIPT_NONE)
		return NULL;
	return *script_item(s, i)->code ? script_item(s, i)->code : link;
}

static int judge(struct judged *j, struct amend *a)
{
	struct desk *d = a->desk;
	struct history_codes codes = {fact_code, d->catalog};
	int rc = history_facts(&j->facts, d->store, &a->file->patient, &codes);

	if (rc < 0)
		return rc;
	script_run_facts(&j->facts, a->run, a->at_s);
	j->hit_count = triage_run(
	    j->hits, HITS_MAX, catalog_triage(d->catalog), &j->facts, a->at_s);
	if (j->hit_count > HITS_MAX)
		j->hit_count = HITS_MAX;
	return 0;
}

static int judge_alerts(struct draft *draft, const struct amend *a,
    const struct judged *j, struct amend_effect *effect)
{
	struct alert_row *rows = mem_array(HITS_MAX, sizeof(*rows));
	struct alert_filter f = {.patient = &a->file->patient};
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
		draft_alert(draft, &a->file->patient, &j->hits[h], no);
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
		struct amended m = {.patient = a->file->patient,
		    .contact = a->ref,
		    .reason = reason,
		    .class = outcome_class(&j.facts),
		    .answers = json_incref(changes),
		    .facts = &j.facts,
		    .hits = j.hits,
		    .hit_count = j.hit_count};
		draft_amended(&draft, &m);
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
