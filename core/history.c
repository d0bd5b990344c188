/*
 * history.c - the past as facts.
 */
#include "core/history.h"

#include "core/casefile.h"
#include "core/clock.h"
#include "core/store.h"
#include "core/text.h"
#include "core/unit.h"

#include <string.h>

#define VISITS_MAX 100
/* LACE looks half a year back, and asks whether the stay began as an
 * emergency: a visit to the emergency department on the day before or on. */
#define EMERGENCY_DAYS 183
#define LED_TO_S DAY_S

static struct stmt *query(
    struct store *store, enum query_id id, const struct id *patient)
{
	struct stmt *s = store_query(store, id);

	stmt_bind_id(s, ":stream", patient);
	return s;
}

static enum fact_source source_of(const char *name)
{
	if (strcmp(name, "home") == 0 || strcmp(name, "device") == 0)
		return FACT_SELF;
	if (strcmp(name, "told") == 0)
		return FACT_RELAYED;
	return FACT_CLINIC;
}

static int most(const struct history_codes *codes)
{
	return codes->max ? codes->max : HISTORY_MAX;
}

static int add_observations(
    struct facts *out, struct store *store, const struct id *patient, int max)
{
	struct stmt *s = query(store, Q_FACT_OBS, patient);
	int rc;

	stmt_bind_int(s, ":max", max);
	while ((rc = stmt_step(s)) == 1) {
		struct fact f = {.kind = FACT_NUMBER,
		    .value = stmt_int(s, 1),
		    .scale = (int)stmt_int(s, 2),
		    .at_s = stmt_int(s, 3),
		    .source = source_of(stmt_text(s, 4)),
		    .is_history = true};
		text_copy(f.code, sizeof(f.code), stmt_text(s, 0));
		facts_add(out, &f);
	}
	return rc;
}

static bool read_answer(
    struct fact *f, const struct stmt *s, const struct history_codes *codes)
{
	int scale;
	const char *code =
	    codes->code(codes->ctx, stmt_text(s, 6), stmt_text(s, 0));

	*f = (struct fact){.at_s = stmt_int(s, 5), .is_history = true};
	if (!code)
		return false;
	text_copy(f->code, sizeof(f->code), code);
	if (strcmp(stmt_text(s, 1), "absent") == 0) {
		f->kind = FACT_ABSENT;
		return true;
	}
	text_copy(f->text, sizeof(f->text), stmt_text(s, 2));
	f->kind = f->text[0] ? FACT_CODED : FACT_NUMBER;
	if (strcmp(stmt_text(s, 1), "boolean") == 0) {
		f->kind = FACT_FLAG;
		text_copy(f->text, sizeof(f->text),
		    stmt_int(s, 3) ? "true" : "false");
	}
	f->value = stmt_int(s, 3);
	f->scale = (int)stmt_int(s, 4);
	return f->kind != FACT_NUMBER || !unit_canonical(&scale, f->code);
}

/* Numbers in a known unit are observations already; the rest is not. */
static int add_answers(struct facts *out, struct store *store,
    const struct id *patient, const struct history_codes *codes)
{
	struct stmt *s = query(store, Q_FACT_ANSWERS, patient);
	struct fact f;
	int rc;

	stmt_bind_int(s, ":max", most(codes));
	while ((rc = stmt_step(s)) == 1)
		if (read_answer(&f, s, codes))
			facts_add(out, &f);
	return rc;
}

static int add_conditions(
    struct facts *out, struct store *store, const struct id *patient)
{
	struct stmt *s = query(store, Q_FACT_CONDITIONS, patient);
	int rc;

	while ((rc = stmt_step(s)) == 1) {
		struct fact f = {.kind = FACT_CODED,
		    .at_s = stmt_int(s, 2) * DAY_S,
		    .is_history = true};
		text_copy(f.code, sizeof(f.code), stmt_text(s, 0));
		text_copy(f.text, sizeof(f.text), stmt_text(s, 1));
		facts_add(out, &f);
	}
	return rc;
}

/* ---- scores, alerts, stays ---------------------------------------------- */

static int add_scores(
    struct facts *out, struct store *store, const struct id *patient, int max)
{
	struct stmt *s = query(store, Q_FACT_SCORES, patient);
	int rc;

	stmt_bind_int(s, ":max", max);
	while ((rc = stmt_step(s)) == 1) {
		struct fact f = {.kind = FACT_NUMBER,
		    .value = stmt_int(s, 1),
		    .at_s = stmt_int(s, 2),
		    .is_history = true};
		text_copy(f.code, sizeof(f.code), stmt_text(s, 0));
		facts_add(out, &f);
	}
	return rc;
}

static int add_levels(
    struct facts *out, struct store *store, const struct id *patient, int max)
{
	struct stmt *s = query(store, Q_FACT_LEVELS, patient);
	int rc;

	stmt_bind_int(s, ":max", max);
	while ((rc = stmt_step(s)) == 1) {
		struct fact f = {.code = "triage-level",
		    .kind = FACT_CODED,
		    .at_s = stmt_int(s, 1),
		    .is_history = true};
		text_copy(f.text, sizeof(f.text), stmt_text(s, 0));
		facts_add(out, &f);
	}
	return rc;
}

static bool led_to(const struct history_visit *v, int64_t from_s)
{
	int64_t end_s = v->until_s ? v->until_s : v->from_s;

	return v->is_emergency && v->from_s <= from_s &&
	       end_s >= from_s - LED_TO_S;
}

static void add_old(
    struct facts *out, const char *code, int64_t value, int64_t at_s)
{
	struct fact f = {.value = value, .at_s = at_s, .is_history = true};

	text_copy(f.code, sizeof(f.code), code);
	facts_add(out, &f);
}

/* Something that was so. */
static void add_old_flag(struct facts *out, const char *code, int64_t at_s)
{
	struct fact f = {.kind = FACT_FLAG,
	    .text = "true",
	    .value = 1,
	    .at_s = at_s,
	    .is_history = true};

	text_copy(f.code, sizeof(f.code), code);
	facts_add(out, &f);
}

void history_stay(
    struct facts *out, const struct history_visit *visits, size_t n)
{
	const struct history_visit *stay = NULL;
	bool is_acute = false;
	int64_t emergencies = 0, at_s;

	for (size_t i = 0; i < n; i++)
		if (visits[i].is_stay && visits[i].until_s &&
		    (!stay || visits[i].until_s > stay->until_s))
			stay = &visits[i];
	if (!stay)
		return;
	at_s = stay->until_s;
	for (size_t i = 0; i < n; i++) {
		const struct history_visit *v = &visits[i];
		if (led_to(v, stay->from_s))
			is_acute = true;
		else if (v->is_emergency && v->from_s < stay->from_s &&
			 v->from_s >= stay->from_s - EMERGENCY_DAYS * DAY_S)
			emergencies++;
	}
	add_old_flag(out, "discharge", at_s);
	add_old(out, "los-days", (stay->until_s - stay->from_s) / DAY_S, at_s);
	add_old(out, "ed-visits-6m", emergencies, at_s);
	if (is_acute)
		add_old_flag(out, "acute-admission", at_s);
}

static int add_stay(
    struct facts *out, struct store *store, const struct id *patient)
{
	struct stmt *s = query(store, Q_FACT_VISITS, patient);
	struct history_visit visits[VISITS_MAX];
	size_t n = 0;
	int rc;

	stmt_bind_int(s, ":max", VISITS_MAX);
	while ((rc = stmt_step(s)) == 1 && n < VISITS_MAX)
		visits[n++] = (struct history_visit){
		    strcmp(stmt_text(s, 0), "inpatient") == 0,
		    strcmp(stmt_text(s, 0), "emergency") == 0, stmt_int(s, 1),
		    stmt_int(s, 2)};
	stmt_reset(s);
	if (rc >= 0)
		history_stay(out, visits, n);
	return rc < 0 ? rc : 0;
}

/* ---- all of it ---------------------------------------------------------- */

void history_person(struct facts *out, const struct casefile *file,
    int64_t now_s, int32_t zone_s)
{
	struct fact f = {.code = "age", .at_s = now_s, .is_history = true};

	if (file->has_birth) {
		f.value = day_age_years(file->birth_day, day_of(now_s, zone_s));
		facts_add(out, &f);
	}
	if (!file->sex)
		return;
	f = (struct fact){.code = "sex",
	    .kind = FACT_CODED,
	    .text = {file->sex},
	    .at_s = now_s,
	    .is_history = true};
	facts_add(out, &f);
}

int history_facts(struct facts *out, struct store *store,
    const struct id *patient, const struct history_codes *codes)
{
	int max = most(codes);
	int rc = add_observations(out, store, patient, max);

	if (rc == 0)
		rc = add_answers(out, store, patient, codes);
	if (rc == 0)
		rc = add_conditions(out, store, patient);
	if (rc == 0)
		rc = add_scores(out, store, patient, max);
	if (rc == 0)
		rc = add_levels(out, store, patient, max);
	if (rc == 0)
		rc = add_stay(out, store, patient);
	return rc;
}

bool history_answer(struct history_answer *out, struct store *store,
    const struct id *patient, const char *link)
{
	struct stmt *s = query(store, Q_FACT_LAST, patient);
	bool found;

	stmt_bind_text(s, ":link", link);
	found = stmt_step(s) == 1;
	if (found) {
		text_copy(out->code, sizeof(out->code), stmt_text(s, 0));
		text_copy(out->text, sizeof(out->text), stmt_text(s, 1));
		out->value = stmt_int(s, 2);
		out->scale = (int)stmt_int(s, 3);
		out->at_s = stmt_int(s, 4);
		out->is_number = stmt_int(s, 5) != 0;
	}
	stmt_reset(s);
	return found;
}
