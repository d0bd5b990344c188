/* draft_profile.c - bodies of risk.set and tag.set, scores of a contact. */
#include "core/draft_profile.h"

#include "core/clock.h"
#include "core/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RISK_RULE "risk-levels"
/* An expiry that comes later by less is not worth a record. */
#define UNTIL_SLACK_DAYS 7
#define INPUTS_TEXT 480

static void put_version(json_t *o, const char *key, int version)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", version);
	json_put_str(o, key, text);
}

static void put_inputs(json_t *o, const struct cond_trace *trace)
{
	char text[INPUTS_TEXT];

	cond_trace_text(text, sizeof(text), trace);
	if (*text)
		json_put_str(o, "inputs", text);
}

/* ---- the level ---------------------------------------------------------- */

static json_t *level_body(
    const struct strata_level *l, const struct profile_why *why)
{
	json_t *body = json_object();

	json_put_str(body, "level", profile_level(l->level));
	json_put_str(body, "reason", why->ids);
	json_put_str(body, "rule", RISK_RULE);
	put_version(body, "version", l->version);
	json_put_str(body, "why_zh", why->zh);
	json_put_str(body, "why_en", why->en);
	put_inputs(body, &l->inputs);
	return body;
}

static bool is_set_by_person(const struct case_risk *was)
{
	return *was->level && !*was->rule;
}

static void draft_level(struct draft *draft, const struct id *patient,
    const struct case_risk *was, const struct strata_level *l)
{
	struct profile_why why;

	profile_why(&why, l);
	if (is_set_by_person(was) ||
	    (strcmp(was->level, profile_level(l->level)) == 0 &&
		strcmp(was->reason, why.ids) == 0 &&
		atoi(was->version) == l->version))
		return;
	draft_add(draft, KIND_RISK_SET, patient, level_body(l, &why));
}

/* By the names that are recorded; 0 for none. */
static int rank_of(const char *level)
{
	return strcmp(level, "high") == 0  ? 3
	       : strcmp(level, "mid") == 0 ? 2
	       : strcmp(level, "low") == 0 ? 1
					   : 0;
}

bool draft_profile_lowers(const struct casefile *file, const struct profile *p)
{
	return p->has_level && rank_of(profile_level(p->level.level)) <
				   rank_of(file->risk.level);
}

int draft_risk(struct draft *draft, const struct id *patient, const char *level,
    const char *reason, const struct profile *p)
{
	struct profile_why why;
	json_t *body;

	if (!level && !p->has_level)
		return err_set(ERR_NOT_FOUND, "no table of levels");
	profile_why(&why, &p->level);
	if (level) {
		body = json_object();
		json_put_str(body, "level", level);
		json_put_str(body, "reason", reason);
	} else {
		body = level_body(&p->level, &why);
		json_put_flag(body, "lifts", true);
	}
	draft_add(draft, KIND_RISK_SET, patient, body);
	return 0;
}

/* ---- tags --------------------------------------------------------------- */

static const struct case_tag *standing(
    const struct casefile *file, const char *tag)
{
	for (int i = 0; i < file->tag_count; i++)
		if (strcmp(file->tags[i].tag, tag) == 0)
			return &file->tags[i];
	return NULL;
}

static const struct tag_hit *holding(const struct profile *p, const char *tag)
{
	for (size_t i = 0; i < p->n_tags; i++)
		if (strcmp(p->tags[i].rule->id, tag) == 0)
			return &p->tags[i];
	return NULL;
}

static int64_t until_of(const struct tag_hit *hit, const struct profile_day *d)
{
	return hit->expires_s ? day_of(hit->expires_s, d->zone_s) : 0;
}

static bool is_over(const struct case_tag *was, int64_t today)
{
	return was->until_day && was->until_day < today;
}

/* A rule leaves alone what a person set. A later end waits until it is worth
 * a record; an earlier one is said at once, or the tag would outlive what it
 * stands on. */
static bool is_as_recorded(const struct case_tag *was,
    const struct tag_hit *hit, int64_t until, int64_t today)
{
	if (!was || is_over(was, today))
		return false;
	if (!*was->rule)
		return true;
	return atoi(was->version) == hit->rule->version &&
	       (!until == !was->until_day) && until >= was->until_day &&
	       until - was->until_day < UNTIL_SLACK_DAYS;
}

static void draft_tag_on(struct draft *draft, const struct id *patient,
    const struct tag_hit *hit, int64_t until)
{
	const struct tag_rule *r = hit->rule;
	json_t *body = json_object();

	json_put_str(body, "tag", r->id);
	json_put_flag(body, "on", true);
	json_put_str(body, "name_zh", r->name.zh);
	json_put_str(body, "name_en", r->name.en);
	json_put_str(body, "why_zh", r->why.zh);
	json_put_str(body, "why_en", r->why.en);
	json_put_str(body, "rule", r->id);
	put_version(body, "version", r->version);
	if (until)
		json_put_int(body, "until_day", until);
	put_inputs(body, &hit->inputs);
	draft_add(draft, KIND_TAG_SET, patient, body);
}

static void draft_tag_off(
    struct draft *draft, const struct id *patient, const struct case_tag *was)
{
	json_t *body = json_object();

	json_put_str(body, "tag", was->tag);
	json_put_flag(body, "on", false);
	json_put_str(body, "rule", was->rule);
	json_put_str(body, "version", was->version);
	draft_add(draft, KIND_TAG_SET, patient, body);
}

static void draft_tags(struct draft *draft, const struct id *patient,
    const struct casefile *file, const struct profile *p,
    const struct profile_day *day)
{
	for (size_t i = 0; i < p->n_tags; i++) {
		const struct tag_hit *hit = &p->tags[i];
		int64_t until = until_of(hit, day);
		if (!is_as_recorded(
			standing(file, hit->rule->id), hit, until, day->today))
			draft_tag_on(draft, patient, hit, until);
	}
	/* Only of all rules can it be said that none holds. */
	for (int i = 0; i < file->tag_count && p->has_tags; i++) {
		const struct case_tag *was = &file->tags[i];
		if (*was->rule && !is_over(was, day->today) &&
		    !holding(p, was->tag))
			draft_tag_off(draft, patient, was);
	}
}

void draft_profile(struct draft *draft, const struct id *patient,
    const struct casefile *file, const struct profile *p,
    const struct profile_day *day)
{
	if (p->has_level && !day->keeps_level)
		draft_level(draft, patient, &file->risk, &p->level);
	draft_tags(draft, patient, file, p, day);
}

/* ---- in the contact ----------------------------------------------------- */

static json_t *score_of(const struct score_result *r)
{
	json_t *o = json_object();

	json_put_str(o, "score", r->id);
	put_version(o, "version", r->version);
	json_put_str(o, "code", r->code);
	json_put_int(o, "at_s", r->at_s);
	put_inputs(o, &r->inputs);
	if (!r->is_complete) {
		json_put_int(o, "missing", r->missing);
		return o;
	}
	json_put_int(o, "total", r->total);
	json_put_str(o, "band", r->band);
	return o;
}

/* Only what this contact has added to: an old total is recorded already. */
void draft_profile_put(json_t *body, const struct profile *p)
{
	json_t *list = json_array();

	if (p->has_level) {
		json_put_str(body, "risk", profile_level(p->level.level));
		json_put_str(body, "risk_rule", RISK_RULE);
		put_version(body, "risk_version", p->level.version);
	}
	for (size_t i = 0; i < p->n_scores; i++)
		if (!p->scores[i].result.is_history)
			json_array_append_new(
			    list, score_of(&p->scores[i].result));
	if (json_array_size(list))
		json_put(body, "scores", list);
	else
		json_decref(list);
}
