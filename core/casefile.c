/*
 * casefile.c - reading one patient's record.
 */
#include "core/casefile.h"

#include "core/err.h"
#include "core/mem.h"
#include "core/store.h"
#include "core/text.h"

#include <stdlib.h>
#include <string.h>

#define COPY(to, s, col) text_copy(to, sizeof(to), stmt_text(s, col))

static struct stmt *query(
    struct store *store, enum query_id id, const struct id *patient)
{
	struct stmt *s = store_query(store, id);

	stmt_bind_id(s, ":stream", patient);
	return s;
}

static int read_person(struct casefile *f, struct store *store)
{
	struct stmt *s = query(store, Q_CASE_PERSON, &f->patient);
	int rc = stmt_step(s);

	if (rc <= 0)
		return rc < 0 ? rc : ERR_NOT_FOUND;
	COPY(f->name, s, 0);
	COPY(f->name_en, s, 1);
	f->sex = stmt_text(s, 2)[0] == 'm'   ? 'm'
		 : stmt_text(s, 2)[0] == 'f' ? 'f'
					     : 0;
	f->has_birth = !stmt_is_null(s, 3);
	f->birth_day = stmt_int(s, 3);
	COPY(f->id_no, s, 4);
	COPY(f->address, s, 5);
	COPY(f->dialect, s, 6);
	COPY(f->hearing, s, 7);
	COPY(f->best_time, s, 8);
	COPY(f->education, s, 9);
	COPY(f->occupation, s, 10);
	COPY(f->department, s, 11);
	COPY(f->doctor, s, 12);
	f->is_dead = !stmt_is_null(s, 13);
	COPY(f->language, s, 14);
	stmt_reset(s);
	return 0;
}

static int read_phones(struct casefile *f, struct store *store)
{
	struct stmt *s = query(store, Q_CASE_PHONES, &f->patient);
	int rc;

	while ((rc = stmt_step(s)) == 1 && f->phone_count < CASE_PHONES) {
		struct case_phone *p = &f->phones[f->phone_count++];
		COPY(p->number, s, 0);
		COPY(p->relation, s, 1);
		COPY(p->name, s, 2);
		p->consent = stmt_int(s, 3) != 0;
		p->retired = stmt_int(s, 4) != 0;
	}
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

static int read_texts(struct case_text *out, int *count, struct stmt *s)
{
	int rc;

	while ((rc = stmt_step(s)) == 1 && *count < CASE_TEXTS) {
		struct case_text *t = &out[(*count)++];
		COPY(t->text, s, 0);
		t->day = stmt_int(s, 1);
		if (stmt_columns(s) > 2)
			COPY(t->more, s, 2);
	}
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

static void read_due(struct case_due *d, const struct stmt *s)
{
	COPY(d->pathway, s, 0);
	COPY(d->pathway_version, s, 1);
	COPY(d->step, s, 2);
	COPY(d->script, s, 3);
	d->open_day = stmt_int(s, 4);
	d->due_day = stmt_int(s, 5);
	d->close_day = stmt_int(s, 6);
	d->minutes = (int)stmt_int(s, 7);
	d->attempts = (int)stmt_int(s, 8);
	d->not_before_s = stmt_int(s, 9);
	COPY(d->rule, s, 10);
	COPY(d->rule_version, s, 11);
	COPY(d->why_zh, s, 12);
	COPY(d->why_en, s, 13);
	d->anchor_day = stmt_int(s, 14);
	COPY(d->inputs, s, 15);
	COPY(d->enrolled, s, 16);
}

static int read_dues(struct casefile *f, struct store *store)
{
	struct stmt *s = query(store, Q_CASE_DUES, &f->patient);
	int rc;

	while ((rc = stmt_step(s)) == 1 && f->due_count < CASE_DUES)
		read_due(&f->dues[f->due_count++], s);
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

static int read_risk(struct casefile *f, struct store *store)
{
	struct stmt *s = query(store, Q_CASE_RISK, &f->patient);
	int rc = stmt_step(s);

	if (rc == 1) {
		COPY(f->risk.level, s, 0);
		COPY(f->risk.rule, s, 1);
		COPY(f->risk.version, s, 2);
		COPY(f->risk.reason, s, 3);
		COPY(f->risk.why_zh, s, 4);
		COPY(f->risk.why_en, s, 5);
		COPY(f->risk.inputs, s, 6);
		f->risk.at_s = stmt_int(s, 7);
		COPY(f->risk.member, s, 8);
	}
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

static int read_tags(struct casefile *f, struct store *store)
{
	struct stmt *s = query(store, Q_CASE_TAGS, &f->patient);
	int rc;

	while ((rc = stmt_step(s)) == 1 && f->tag_count < CASE_TAGS) {
		struct case_tag *t = &f->tags[f->tag_count++];
		COPY(t->tag, s, 0);
		COPY(t->name_zh, s, 1);
		COPY(t->name_en, s, 2);
		COPY(t->why_zh, s, 3);
		COPY(t->why_en, s, 4);
		COPY(t->rule, s, 5);
		COPY(t->version, s, 6);
		t->until_day = stmt_int(s, 7);
	}
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

static int read_scores(struct casefile *f, struct store *store)
{
	struct stmt *s = query(store, Q_CASE_SCORES, &f->patient);
	int rc;

	while ((rc = stmt_step(s)) == 1 && f->score_count < CASE_SCORES) {
		struct case_score *k = &f->scores[f->score_count++];
		COPY(k->score, s, 0);
		COPY(k->version, s, 1);
		k->total = stmt_int(s, 2);
		k->at_s = stmt_int(s, 3);
		COPY(k->inputs, s, 4);
	}
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

static int read_last(struct casefile *f, struct store *store)
{
	struct stmt *s = query(store, Q_CASE_CONTACT, &f->patient);
	int rc = stmt_step(s);

	if (rc == 1) {
		f->last.at_s = stmt_int(s, 0);
		COPY(f->last.disposition, s, 1);
		f->last.reached = stmt_int(s, 2) != 0;
		f->last.completed = stmt_int(s, 3) != 0;
		COPY(f->last.note, s, 4);
		COPY(f->last.class, s, 5);
		f->last.talk_s = (int)stmt_int(s, 6);
		COPY(f->last.ref, s, 7);
		f->last.number = (int)stmt_int(s, 8);
	}
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

static int read_lists(struct casefile *f, struct store *store)
{
	int rc = read_texts(f->conditions, &f->condition_count,
	    query(store, Q_CASE_CONDITIONS, &f->patient));

	if (rc == 0)
		rc = read_texts(f->procedures, &f->procedure_count,
		    query(store, Q_CASE_PROCEDURES, &f->patient));
	if (rc == 0)
		rc = read_texts(f->medications, &f->medication_count,
		    query(store, Q_CASE_MEDICATIONS, &f->patient));
	return rc;
}

int casefile_load(
    struct casefile **out, struct store *store, const struct id *patient)
{
	struct casefile *f = mem_new(sizeof(*f));
	int rc;

	f->patient = *patient;
	rc = read_person(f, store);
	if (rc == 0)
		rc = read_phones(f, store);
	if (rc == 0)
		rc = read_lists(f, store);
	if (rc == 0)
		rc = read_dues(f, store);
	if (rc == 0)
		rc = read_risk(f, store);
	if (rc == 0)
		rc = read_tags(f, store);
	if (rc == 0)
		rc = read_scores(f, store);
	if (rc == 0)
		rc = read_last(f, store);
	if (rc < 0) {
		free(f);
		return rc;
	}
	*out = f;
	return 0;
}

void casefile_free(struct casefile **file)
{
	free(*file);
	*file = NULL;
}

void case_mask(char *out, size_t size, const char *number)
{
	size_t n = strlen(number), head = n >= 11 ? 3 : 0;
	size_t tail = n >= 11 ? 4 : n >= 4 ? 2 : 0;

	text_copy(out, size, number);
	n = strlen(out);
	for (size_t i = head; i + tail < n; i++)
		out[i] = '*';
}

int case_series(struct case_point *out, int max, struct store *store,
    const struct id *patient, const char *code)
{
	struct stmt *s = query(store, Q_CASE_SERIES, patient);
	int n = 0, rc;

	stmt_bind_text(s, ":code", code);
	stmt_bind_int(s, ":max", max);
	while ((rc = stmt_step(s)) == 1 && n < max) {
		out[n].at_s = stmt_int(s, 0);
		out[n].value = stmt_int(s, 1);
		out[n].scale = (int)stmt_int(s, 2);
		COPY(out[n].unit, s, 3);
		COPY(out[n].source, s, 4);
		COPY(out[n].ref, s, 5);
		out[n].is_call = stmt_int(s, 6) != 0;
		n++;
	}
	stmt_reset(s);
	return rc < 0 ? rc : n;
}

int case_sources(struct case_sources *out, struct store *store,
    const struct id *patient, const char *code)
{
	struct stmt *s = query(store, Q_CASE_SOURCES, patient);
	int rc;

	stmt_bind_text(s, ":code", code);
	rc = stmt_step(s);
	if (rc == 1)
		*out = (struct case_sources){
		    (int)stmt_int(s, 0), (int)stmt_int(s, 1), stmt_int(s, 2)};
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

int case_history(struct case_event *out, int max, struct store *store,
    const struct id *patient, const struct case_event *before)
{
	struct stmt *s = query(store, Q_CASE_HISTORY, patient);
	int n = 0, rc;

	stmt_bind_int(s, ":at_s", before ? before->at_s : INT53_MAX);
	stmt_bind_text(s, ":ref", before ? before->ref : "");
	stmt_bind_int(s, ":max", max);
	while ((rc = stmt_step(s)) == 1 && n < max) {
		struct case_event *e = &out[n++];
		e->at_s = stmt_int(s, 0);
		COPY(e->what, s, 1);
		COPY(e->ref, s, 2);
		COPY(e->a, s, 3);
		COPY(e->b, s, 4);
		stmt_id(&e->seat, s, 5);
		e->late = stmt_int(s, 6) != 0;
		e->again = stmt_int(s, 6) == 2;
	}
	stmt_reset(s);
	return rc < 0 ? rc : n;
}
