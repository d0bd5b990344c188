/*
 * draft_contact.c - bodies of the entries of a call.
 */
#include "core/draft_contact.h"

#include "core/advice.h"
#include "core/clock.h"
#include "core/draft_profile.h"
#include "core/unit.h"

#include <stdio.h>
#include <string.h>

static const char *respondent_of(const char *code)
{
	static const char *const known[] = {
	    "none", "self", "spouse", "child", "parent", "carer"};

	if (!*code)
		return "none";
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (strcmp(known[i], code) == 0)
			return known[i];
	return "other";
}

static const char *source_of(enum fact_source source)
{
	static const char *const names[] = {
	    [FACT_UNKNOWN] = "told",
	    [FACT_SELF] = "home",
	    [FACT_CLINIC] = "clinic",
	    [FACT_RELAYED] = "told",
	};

	return names[source];
}

/* LOINC codes are digits, a dash, a check digit. */
static bool is_loinc(const char *code)
{
	size_t n = strspn(code, "0123456789");

	return n > 0 && code[n] == '-' && code[n + 1] >= '0' &&
	       code[n + 1] <= '9' && !code[n + 2];
}

static json_t *observations_of(const struct facts *facts)
{
	json_t *list = json_array();

	for (size_t i = 0; i < facts->n; i++) {
		const struct fact *f = &facts->items[i];
		int scale;
		const char *unit = unit_canonical(&scale, f->code);
		json_t *o;
		if (f->is_history || f->kind != FACT_NUMBER ||
		    !is_loinc(f->code) || !unit || f->scale > 6)
			continue;
		o = json_object();
		json_put_str(o, "code", f->code);
		json_put_int(o, "value", f->value);
		json_put_int(o, "scale", f->scale);
		json_put_str(o, "unit", unit);
		json_put_int(o, "at_s", f->at_s);
		json_put_str(o, "source", source_of(f->source));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *hits_of(const struct triage_hit *hits, size_t n)
{
	json_t *list = json_array();
	char text[400];

	for (size_t i = 0; i < n; i++) {
		const struct triage_rule *r = hits[i].rule;
		json_t *o = json_object();
		json_put_str(o, "rule", r->id);
		snprintf(text, sizeof(text), "%d", r->version);
		json_put_str(o, "version", text);
		json_put_str(o, "level", triage_level_name(r->level));
		cond_trace_text(text, sizeof(text), &hits[i].inputs);
		json_put_str(o, "inputs", text);
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *next_of(const struct case_due *d)
{
	json_t *o = json_object();

	json_put_str(o, "pathway", d->pathway);
	json_put_str(o, "pathway_version", d->pathway_version);
	json_put_str(o, "step", d->step);
	json_put_str(o, "script", d->script);
	json_put_int(o, "open_day", d->open_day);
	json_put_int(o, "due_day", d->due_day);
	json_put_int(o, "close_day", d->close_day);
	json_put_int(o, "minutes", d->minutes);
	json_put_int(o, "attempts", d->attempts);
	json_put_int(o, "not_before_s", d->not_before_s);
	json_put_str(o, "rule", d->rule);
	json_put_str(o, "rule_version", d->rule_version);
	json_put_str(o, "why_zh", d->why_zh);
	json_put_str(o, "why_en", d->why_en);
	if (*d->inputs)
		json_put_str(o, "inputs", d->inputs);
	return o;
}

static void put_plan(json_t *body, const struct outcome *out)
{
	json_t *done = json_array(), *next = json_array();

	for (int i = 0; i < out->count; i++) {
		const struct outcome_next *n = &out->next[i];
		if (n->is_done) {
			json_t *o = json_object();
			json_put_str(o, "pathway", n->due.pathway);
			json_put_str(o, "step", n->was_step);
			json_array_append_new(done, o);
		}
		if (!n->is_over && !out->stops)
			json_array_append_new(next, next_of(&n->due));
	}
	json_put(body, "done", done);
	json_put(body, "next", next);
}

/* Every further script that was asked in the same call. */
static json_t *also_of(const struct contact *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->n_also; i++) {
		json_t *o = json_object();
		json_put_str(o, "script", c->also[i].script);
		json_put_str(o, "version", c->also[i].version);
		if (*c->also[i].hash)
			json_put_str(o, "hash", c->also[i].hash);
		json_array_append_new(list, o);
	}
	return list;
}

static void put_script(json_t *body, const struct contact *c)
{
	if (!c->script || !*c->script)
		return;
	json_put_str(body, "script", c->script);
	json_put_str(body, "script_version", c->script_version);
	if (c->script_hash && *c->script_hash)
		json_put_str(body, "script_hash", c->script_hash);
	if (c->n_also)
		json_put(body, "also", also_of(c));
	if (c->answers)
		json_put(body, "answers", c->answers);
	json_put(body, "observations", observations_of(c->facts));
	json_put(body, "hits", hits_of(c->hits, c->hit_count));
}

static void put_rest(json_t *body, const struct contact *c)
{
	json_t *list = c->given_count ? json_array() : NULL;
	char version[16];

	if (c->recording && *c->recording)
		json_put_str(body, "recording", c->recording);
	if (c->recording_hash && *c->recording_hash)
		json_put_str(body, "recording_hash", c->recording_hash);
	for (int i = 0; i < c->given_count; i++) {
		json_t *o = json_object();
		json_put_str(o, "id", c->given[i]->id);
		snprintf(version, sizeof(version), "%d", c->given[i]->version);
		json_put_str(o, "version", version);
		json_array_append_new(list, o);
	}
	if (list)
		json_put(body, "advice", list);
}

/* A patient stays on the version enrolled in until this is signed. */
static void move_pathways(struct draft *draft, const struct contact *c)
{
	for (int i = 0; i < c->outcome->count; i++) {
		const struct outcome_next *n = &c->outcome->next[i];
		json_t *body, *next;
		if (!n->is_done || !*n->due.enrolled ||
		    strcmp(n->due.enrolled, n->due.pathway_version) == 0)
			continue;
		body = json_object();
		json_put_str(body, "pathway", n->due.pathway);
		json_put_str(body, "version", n->due.pathway_version);
		json_put_str(body, "reason", "in force");
		json_put(body, "next", next = json_array());
		if (!n->is_over && !c->outcome->stops)
			json_array_append_new(next, next_of(&n->due));
		draft_add(draft, KIND_PATHWAY_MOVED, &c->patient, body);
	}
}

static void leave_pathways(struct draft *draft, const struct contact *c)
{
	for (int i = 0; i < c->outcome->count; i++) {
		const struct outcome_next *n = &c->outcome->next[i];
		json_t *body;
		if (!n->is_over && !c->outcome->stops)
			continue;
		body = json_object();
		json_put_str(body, "pathway", n->due.pathway);
		json_put_str(body, "reason",
		    c->outcome->stops ? c->how->id : "completed");
		draft_add(draft, KIND_PATHWAY_LEFT, &c->patient, body);
	}
}

/* What the contact says of the patient; a level that it may not lower it
 * does not name either. */
static void put_profile(json_t *body, const struct profile *p, bool keeps_level)
{
	draft_profile_put(body, p);
	if (!keeps_level)
		return;
	json_object_del(body, "risk");
	json_object_del(body, "risk_rule");
	json_object_del(body, "risk_version");
}

void draft_contact(struct draft *draft, const struct contact *c)
{
	json_t *body = json_object();
	bool keeps_level = c->profile && !c->is_completed &&
			   draft_profile_lowers(c->file, c->profile);

	json_put_str(body, "respondent", respondent_of(c->respondent));
	json_put_str(body, "disposition", c->how->id);
	json_put_int(body, "disposition_version", c->how_version);
	json_put_flag(body, "reached", c->how->is_reached);
	json_put_flag(body, "completed", c->is_completed);
	json_put_flag(body, "stopped", c->is_stopped);
	json_put_flag(body, "interrupted", c->is_interrupted);
	json_put_int(body, "number_index", c->number);
	json_put_int(body, "started_s", c->started_s);
	json_put_int(body, "ended_s", c->ended_s);
	json_put_str(body, "class", c->outcome->class);
	if (c->note && *c->note)
		json_put_str(body, "note", c->note);
	put_script(body, c);
	put_rest(body, c);
	put_plan(body, c->outcome);
	if (c->profile)
		put_profile(body, c->profile, keeps_level);
	draft_add(draft, KIND_CONTACT_RECORDED, &c->patient, body);
	move_pathways(draft, c);
	leave_pathways(draft, c);
	if (c->profile)
		draft_profile(draft, &c->patient, c->file, c->profile,
		    &(struct profile_day){
			day_of(c->ended_s, c->zone_s), c->zone_s, keeps_level});
}

void draft_amended(struct draft *draft, const struct amended *a)
{
	json_t *body = json_object(), *next = NULL;

	json_put_str(body, "contact", a->contact);
	json_put_str(body, "reason", a->reason);
	json_put_str(body, "class", a->class);
	json_put(body, "answers", a->answers);
	json_put(body, "hits", hits_of(a->hits, a->hit_count));
	/* Lists take the place of those before, also when they are empty. */
	json_put(body, "observations", observations_of(a->facts));
	json_put(body, "scores", json_array());
	if (a->next_count)
		json_put(body, "next", next = json_array());
	for (int i = 0; i < a->next_count; i++)
		json_array_append_new(next, next_of(&a->next[i]));
	if (a->profile)
		put_profile(body, a->profile, a->keeps_level);
	draft_add(draft, KIND_CONTACT_AMENDED, &a->patient, body);
}

void draft_alert(struct draft *draft, const struct id *patient,
    const struct triage_hit *hit, const char *no)
{
	const struct triage_rule *r = hit->rule;
	json_t *body = json_object();
	char text[200];

	json_put_str(body, "no", no);
	json_put_str(body, "rule", r->id);
	snprintf(text, sizeof(text), "%d", r->version);
	json_put_str(body, "version", text);
	json_put_str(body, "level", triage_level_name(r->level));
	json_put_str(body, "text_zh", r->banner.zh);
	json_put_str(body, "text_en", r->banner.en);
	json_put_str(body, "queue", r->queue);
	json_put_int(body, "sla_s", r->sla_s);
	json_put_str(body, "instruction_zh", r->instruction.zh);
	json_put_str(body, "instruction_en", r->instruction.en);
	cond_trace_text(text, sizeof(text), &hit->inputs);
	json_put_str(body, "value", text);
	draft_add(draft, KIND_ALERT_RAISED, patient, body);
}

void draft_promise(
    struct draft *draft, const struct id *patient, const struct promise *p)
{
	json_t *body = json_object();

	json_put_int(body, "due_s", p->due_s);
	json_put_str(body, "owner", p->owner);
	json_put_int(body, "number_index", p->number);
	if (*p->who)
		json_put_str(body, "who", p->who);
	if (*p->note)
		json_put_str(body, "note", p->note);
	draft_add(draft, KIND_CALLBACK_PROMISED, patient, body);
}

json_t *draft_about(struct draft *draft, enum kind kind,
    const struct id *patient, const char *ref)
{
	json_t *body = json_object();
	const char *key = "alert";

	if (kind == KIND_CALLBACK_MOVED || kind == KIND_CALLBACK_KEPT)
		key = "callback";
	json_put_str(body, key, ref);
	draft_add(draft, kind, patient, body);
	return body;
}
