/*
 * import_enrol.c - from an imported person to one save: what is new, which
 * pathways begin, who looks after the patient.
 */
#include "sync/import_enrol.h"

#include "core/casefile.h"
#include "core/clock.h"
#include "core/draft_profile.h"
#include "core/err.h"
#include "core/facts.h"
#include "core/history.h"
#include "core/mem.h"
#include "core/pathway_set.h"
#include "core/store.h"
#include "sync/import_assign.h"
#include "sync/import_body.h"
#include "sync/import_known.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATHWAYS_MAX 8
/* A visit further back does not count as the beginning of follow-up. */
#define RECENT_DAYS 90

struct work {
	struct draft *draft;
	struct import_result *result;
	const struct import_site *site;
	const struct import_patient *p;
	int64_t now_s;
	int64_t today;
	/* As the file says, and where it does not, as registered. */
	bool is_deceased;
	bool has_birth;
	int64_t birth_day;
	char sex;
};

static bool is_code_of_finding(const struct import_item *item)
{
	struct import_code code = import_code_of(item);

	return strcmp(code.system, "icd10") == 0 && code.code[0] == 'R';
}

/* Recorded on the day of a visit to a health examination centre? */
static bool is_from_examination(
    const struct import_patient *p, const struct import_item *condition)
{
	for (size_t i = 0; i < p->item_count; i++)
		if (p->items[i].kind == IMPORT_ENCOUNTER &&
		    p->items[i].day == condition->day &&
		    strstr(p->items[i].detail, "体检"))
			return true;
	return false;
}

static bool is_over(const struct import_item *condition)
{
	return strcmp(condition->status, "resolved") == 0 ||
	       strcmp(condition->status, "inactive") == 0;
}

static void add_item_facts(
    struct facts *f, const struct work *w, const struct import_item *item)
{
	bool is_condition = item->kind == IMPORT_CONDITION;
	int64_t at_s = item->has_time ? item->at_s : w->now_s;

	if (item->kind == IMPORT_ENCOUNTER && item->end_s &&
	    strcmp(item->status, "IMP") == 0)
		facts_add_flag(f, "discharge", true, item->end_s);
	if ((!is_condition && item->kind != IMPORT_PROCEDURE) ||
	    (is_condition && is_over(item)))
		return;
	for (size_t i = 0; i < item->code_count; i++)
		facts_add_coded(f, is_condition ? "condition" : "procedure",
		    item->codes[i].code, at_s);
	if (is_condition && item->code_count &&
	    (is_code_of_finding(item) || is_from_examination(w->p, item)))
		facts_add_coded(f, "finding", import_code_of(item).code, at_s);
}

static int collect_facts(struct facts *f, const struct work *w)
{
	const struct import_patient *p = w->p;

	for (size_t i = 0; i < p->item_count; i++)
		add_item_facts(f, w, &p->items[i]);
	if (w->has_birth)
		facts_add_number(f, "age",
		    day_age_years(w->birth_day, w->today), 0, w->now_s);
	if (w->sex)
		facts_add_coded(f, "sex",
		    w->sex == 'M'   ? "m"
		    : w->sex == 'F' ? "f"
				    : "o",
		    w->now_s);
	if (w->result->change == IMPORT_NEW)
		return 0;
	return import_known_facts(f, w->site->store, &w->result->stream);
}

/* Day of the latest visit or measurement, today when that is long ago. */
static int64_t recent_day(const struct work *w)
{
	int64_t day = 0;

	for (size_t i = 0; i < w->p->item_count; i++) {
		const struct import_item *item = &w->p->items[i];
		if ((item->kind == IMPORT_ENCOUNTER ||
			item->kind == IMPORT_OBSERVATION) &&
		    item->day <= w->today && item->day > day)
			day = item->day;
	}
	return day < w->today - RECENT_DAYS ? w->today : day;
}

static int enrol_one(struct work *w, struct pathway_enrol *enrol)
{
	struct pathway_due due;
	bool was = false;
	int r = 0;

	if (w->result->change != IMPORT_NEW)
		r = import_known_pathway(&was, w->site->store,
		    &w->result->stream, enrol->pathway->head.id);
	if (r || was)
		return r;
	if (enrol->pathway->anchor == PATHWAY_ENROLMENT)
		enrol->anchor_day = recent_day(w);
	pathway_first_due(&due, enrol->pathway, enrol->anchor_day, w->today);
	if (due.is_over)
		return 0;
	draft_add(w->draft, KIND_PATHWAY_ENROLLED, &w->result->stream,
	    import_body_enrolled(enrol, &due, w->p));
	w->result->enrolled++;
	return 0;
}

static int enrol_all(struct work *w)
{
	struct pathway_enrol fits[PATHWAYS_MAX];
	struct pathway_when when = {w->now_s, w->site->zone_s};
	struct facts facts = {0};
	int r = collect_facts(&facts, w);
	size_t n = 0;

	if (r == 0)
		n = pathway_set_suggest(
		    fits, PATHWAYS_MAX, w->site->pathways, &facts, when);
	for (size_t i = 0; r == 0 && i < n && i < PATHWAYS_MAX; i++)
		r = enrol_one(w, &fits[i]);
	facts_fini(&facts);
	return r;
}

/* ---- risk and tags ------------------------------------------------------ */

static void add_measured(struct facts *f, const struct import_patient *p)
{
	for (size_t i = 0; i < p->item_count; i++) {
		const struct import_item *item = &p->items[i];
		if (item->kind == IMPORT_OBSERVATION && item->has_value &&
		    item->has_time && item->code_count)
			facts_add_number(f, import_code_of(item).code,
			    item->value, item->scale, item->at_s);
	}
}

static void add_stay(struct facts *f, const struct import_patient *p)
{
	struct history_visit *visits =
	    mem_array(p->item_count + 1, sizeof(*visits));
	size_t n = 0;

	for (size_t i = 0; i < p->item_count; i++) {
		const struct import_item *item = &p->items[i];
		if (item->kind == IMPORT_ENCOUNTER && item->has_time)
			visits[n++] = (struct history_visit){
			    strcmp(item->status, "IMP") == 0,
			    strcmp(item->status, "EMER") == 0, item->at_s,
			    item->end_s};
	}
	history_stay(f, visits, n);
	free(visits);
}

/* What answers say is not known here: who has been called is judged at the
 * end of a call alone. */
static int read_standing(struct casefile **out, const struct work *w)
{
	if (w->result->change != IMPORT_NEW)
		return casefile_load(out, w->site->store, &w->result->stream);
	*out = mem_new(sizeof(**out));
	return 0;
}

static const char *no_code(void *ctx, const char *script, const char *link)
{
	(void)ctx;
	(void)script;
	(void)link;
	return NULL;
}

static int judge(struct work *w, const struct casefile *file)
{
	const struct profile_day day = {w->today, w->site->zone_s, false};
	const struct history_codes codes = {.code = no_code};
	struct facts facts = {0};
	int r = collect_facts(&facts, w);

	if (r == 0 && w->result->change != IMPORT_NEW)
		r = history_facts(
		    &facts, w->site->store, &w->result->stream, &codes);
	if (r == 0) {
		struct profile *p;
		add_measured(&facts, w->p);
		add_stay(&facts, w->p);
		facts_age(&facts);
		p = profile_new(w->site->tables, &facts, w->now_s);
		draft_profile(w->draft, &w->result->stream, file, p, &day);
		profile_free(&p);
	}
	facts_fini(&facts);
	return r;
}

/* Nothing new, nothing to conclude: a second import stays silent. */
static int conclude(struct work *w)
{
	struct casefile *file;
	int r;

	if (!w->site->tables || w->draft->count == 0)
		return 0;
	r = read_standing(&file, w);
	if (r < 0)
		return r;
	if (!file->last.at_s)
		r = judge(w, file);
	casefile_free(&file);
	return r;
}

static int assign(struct work *w)
{
	const struct import_post post = {.store = w->site->store,
	    .wishes = w->site->wishes,
	    .team = w->site->team,
	    .is_due = w->result->enrolled > 0};
	int r = import_assign(
	    w->result->member, w->draft, &post, w->p, &w->result->stream);

	w->result->has_member = *w->result->member != '\0';
	return r;
}

static int add_items(struct work *w)
{
	bool *keep = mem_array(w->p->item_count, sizeof(*keep));
	int r = 0;

	for (size_t i = 0; r == 0 && i < w->p->item_count; i++) {
		bool is_known = false;
		if (w->result->change != IMPORT_NEW)
			r = import_known_item(&is_known, w->site->store,
			    &w->result->stream, &w->p->items[i]);
		keep[i] = !is_known && import_is_fit(&w->p->items[i]);
	}
	for (int k = IMPORT_CONDITION; r == 0 && k <= IMPORT_MEDICATION; k++)
		w->result->added[k] = import_body_items(w->draft,
		    &w->result->stream, w->p, keep, (enum import_kind)k);
	free(keep);
	return r;
}

static void register_new(struct work *w)
{
	struct pinyin spelled;
	bool has_spelling =
	    pinyin_read(&spelled, w->site->pinyin, w->p->name) == 0;

	env_random(
	    w->site->env, w->result->stream.b, sizeof(w->result->stream.b));
	draft_add(w->draft, KIND_PATIENT_REGISTERED, &w->result->stream,
	    import_body_person(
		w->p, has_spelling ? &spelled : NULL, w->site->source));
	if (w->p->is_deceased && !w->p->deceased_day)
		json_put_int(draft_last(w->draft), "deceased_day", w->today);
}

/* A death that the file knows and the register does not. */
static int record_death(struct work *w, json_t *amended)
{
	json_t *pathways = NULL;
	int r = import_known_pathways(
	    &pathways, w->site->store, &w->result->stream);

	if (r)
		return r;
	json_put_int(amended, "deceased_day",
	    w->p->deceased_day ? w->p->deceased_day : w->today);
	for (size_t i = 0; i < json_array_size(pathways); i++) {
		json_t *body = json_object();
		json_put_str(body, "pathway",
		    json_string_value(json_array_get(pathways, i)));
		json_put_str(body, "reason", "died");
		draft_add(
		    w->draft, KIND_PATHWAY_LEFT, &w->result->stream, body);
		w->result->left++;
	}
	json_decref(pathways);
	return 0;
}

/* Numbers and identifiers that the register lacks. */
static int add_lists(struct work *w, json_t *amended)
{
	json_t *phones = NULL, *ids = NULL;
	bool grew = false;
	int r = import_known_phones(
	    &phones, &grew, w->site->store, &w->result->stream, w->p);

	if (r == 0 && grew)
		json_put(amended, "phones", json_incref(phones));
	if (r == 0)
		r = import_known_identifiers(
		    &ids, &grew, w->site->store, &w->result->stream, w->p);
	if (r == 0 && grew)
		json_put(amended, "identifiers", json_incref(ids));
	json_decref(phones);
	json_decref(ids);
	return r;
}

static void take_details(struct work *w, const struct import_details *known)
{
	w->result->differs = known->differs;
	w->is_deceased |= known->is_deceased;
	if (!w->has_birth && known->has_birth) {
		w->has_birth = true;
		w->birth_day = known->birth_day;
	}
	if (!w->sex)
		w->sex = known->sex;
}

static int amend_known(struct work *w)
{
	struct import_details details;
	json_t *amended = json_object();
	int r = import_known_details(
	    &details, w->site->store, &w->result->stream, w->p);

	if (r == 0) {
		take_details(w, &details);
		r = add_lists(w, amended);
	}
	if (r == 0 && w->p->is_deceased && !details.is_deceased)
		r = record_death(w, amended);
	if (r == 0 && json_object_size(amended) > 0)
		draft_add(w->draft, KIND_PATIENT_AMENDED, &w->result->stream,
		    json_incref(amended));
	json_decref(amended);
	return r;
}

int import_enrol(struct draft *out, struct import_result *result,
    const struct import_site *site, const struct import_patient *patient)
{
	struct work w = {.draft = out,
	    .result = result,
	    .site = site,
	    .p = patient,
	    .now_s = env_now_s(site->env),
	    .is_deceased = patient->is_deceased,
	    .has_birth = patient->has_birth,
	    .birth_day = patient->birth_day,
	    .sex = *patient->sex};
	bool found;
	int r;

	*result = (struct import_result){0};
	w.today = day_of(w.now_s, site->zone_s);
	r = import_known_find(&result->stream, &found, site->store, patient);
	if (r == 0 && !found && patient->is_reference)
		r = err_set(ERR_NOT_FOUND, "not registered");
	if (r)
		return r;
	result->change = found ? IMPORT_ADDED : IMPORT_NEW;
	if (found)
		r = amend_known(&w);
	else
		register_new(&w);
	if (r == 0)
		r = add_items(&w);
	if (r == 0 && !w.is_deceased)
		r = enrol_all(&w);
	if (r == 0 && !w.is_deceased)
		r = conclude(&w);
	if (r == 0 && !w.is_deceased)
		r = assign(&w);
	if (r == 0 && out->count == 0)
		result->change = IMPORT_SAME;
	return r;
}
