/*
 * history.c - the past as facts.
 */
#include "core/history.h"

#include "core/clock.h"
#include "core/store.h"
#include "core/text.h"

#include <string.h>

#define HISTORY_MAX 400

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

static int add_observations(
    struct facts *out, struct store *store, const struct id *patient)
{
	struct stmt *s = query(store, Q_FACT_OBS, patient);
	int rc;

	stmt_bind_int(s, ":max", HISTORY_MAX);
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
	const char *code =
	    codes->code(codes->ctx, stmt_text(s, 6), stmt_text(s, 0));

	*f = (struct fact){.at_s = stmt_int(s, 5), .is_history = true};
	if (!code || strcmp(stmt_text(s, 1), "absent") == 0)
		return false;
	text_copy(f->code, sizeof(f->code), code);
	text_copy(f->text, sizeof(f->text), stmt_text(s, 2));
	f->kind = f->text[0] ? FACT_CODED : FACT_NUMBER;
	if (strcmp(stmt_text(s, 1), "boolean") == 0) {
		f->kind = FACT_FLAG;
		text_copy(f->text, sizeof(f->text),
		    stmt_int(s, 3) ? "true" : "false");
	}
	f->value = stmt_int(s, 3);
	f->scale = (int)stmt_int(s, 4);
	return f->kind != FACT_NUMBER;
}

/* Numbers of earlier answers are observations already; choices are not. */
static int add_answers(struct facts *out, struct store *store,
    const struct id *patient, const struct history_codes *codes)
{
	struct stmt *s = query(store, Q_FACT_ANSWERS, patient);
	struct fact f;
	int rc;

	stmt_bind_int(s, ":max", HISTORY_MAX);
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

int history_facts(struct facts *out, struct store *store,
    const struct id *patient, const struct history_codes *codes)
{
	int rc = add_observations(out, store, patient);

	if (rc == 0)
		rc = add_answers(out, store, patient, codes);
	if (rc == 0)
		rc = add_conditions(out, store, patient);
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
