/*
 * node_fhir.c - what patients answered, for the hospital's own systems: one
 * file of QuestionnaireResponses, a line each. That a patient's answers left
 * is a record in the patient's log, made before the file has its name.
 */
#define _GNU_SOURCE
#include "core/clock.h"
#include "core/contact_fhir.h"
#include "core/draft.h"
#include "core/err.h"
#include "core/id.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/note.h"
#include "core/store.h"
#include "core/text.h"
#include "core/tr.h"
#include "sync/home.h"
#include "sync/ledger.h"
#include "sync/log_verbs.h"
#include "sync/node_verbs.h"
#include "sync/program.h"
#include "sync/request.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_NAME "QuestionnaireResponse.ndjson"
#define BREATHE_EVERY 64 /* contacts */

struct where {
	struct id patient;
	char ref[REF_TEXT];
};

struct leaving {
	const struct request *q;
	struct where *at;
	size_t n;
	FILE *file;
	size_t responses, left_out, patients;
};

static int find_contacts(struct leaving *l, int64_t since_s)
{
	struct stmt *s = store_query(home_store(l->q->home), Q_FHIR_CONTACTS);
	int r;

	stmt_bind_int(s, ":since", since_s);
	while ((r = stmt_step(s)) == 1) {
		struct where w = {.ref = ""};
		if (!stmt_id(&w.patient, s, 0)) {
			r = ERR_DAMAGED;
			break;
		}
		text_copy(w.ref, sizeof(w.ref), stmt_text(s, 1));
		l->at = mem_grow(l->at, l->n + 1, sizeof(*l->at));
		l->at[l->n++] = w;
	}
	stmt_reset(s);
	return r < 0 ? r : 0;
}

static int write_lines(struct leaving *l, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		char *text = json_dumps(json_array_get(list, i),
		    JSON_COMPACT | JSON_REAL_PRECISION(15));
		bool ok = text && fprintf(l->file, "%s\n", text) > 0;
		free(text);
		if (!ok)
			return program_file_error(FILE_NAME);
		l->responses++;
	}
	return 0;
}

/* A contact whose script is not here is counted, and named in the log. */
static int write_contact(struct leaving *l, const struct where *w)
{
	json_t *list = json_array();
	int r = contact_fhir_add(
	    list, &(struct contact_fhir){.store = home_store(l->q->home),
		      .patient = &w->patient,
		      .ref = w->ref,
		      .zone_s = log_zone(l->q)});

	if (r == 0) {
		r = write_lines(l, list);
	} else if (r == ERR_NOT_FOUND || r == ERR_INVALID || r == ERR_FORMAT ||
		   r == ERR_RULE) {
		note_event("export.left", "contact=%s error=%s detail=%s",
		    w->ref, err_name(r), err_detail_of(r));
		l->left_out++;
		r = 0;
	}
	json_decref(list);
	return r;
}

static int write_all(struct leaving *l)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < l->n; i++) {
		r = write_contact(l, &l->at[i]);
		if (r == 0 && l->q->breathe && i % BREATHE_EVERY == 0)
			r = l->q->breathe(l->q->ctx);
	}
	return r;
}

/* One entry a patient, all in one commit. */
static int record_leaving(struct leaving *l, const char *reason)
{
	struct ledger *ledger = home_ledger(l->q->home);
	int r = ledger_begin(ledger);

	if (r < 0)
		return r;
	for (size_t i = 0; r == 0 && i < l->n; i++) {
		struct draft draft = {0};
		json_t *body;
		if (i > 0 &&
		    id_cmp(&l->at[i].patient, &l->at[i - 1].patient) == 0)
			continue;
		body = json_object();
		json_put_str(body, "what", "QuestionnaireResponse");
		json_put_str(body, "reason", reason);
		draft_add(
		    &draft, KIND_PATIENT_EXPORTED, &l->at[i].patient, body);
		r = ledger_add(ledger, &draft, NULL);
		draft_fini(&draft);
		l->patients++;
	}
	if (r == 0)
		r = ledger_commit(ledger);
	if (r < 0)
		ledger_rollback(ledger);
	return r;
}

static int leave(struct leaving *l, const char *dir, const char *reason)
{
	char part[4200], whole[4200];
	int fd, r;

	snprintf(part, sizeof(part), "%.4000s/%s.part", dir, FILE_NAME);
	snprintf(whole, sizeof(whole), "%.4000s/%s", dir, FILE_NAME);
	if (access(whole, F_OK) == 0)
		return err_set(ERR_EXISTS, "%s", whole);
	fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	l->file = fd < 0 ? NULL : fdopen(fd, "w");
	if (!l->file)
		return program_file_error(part);
	r = write_all(l);
	if (r == 0 && (fflush(l->file) != 0 || fsync(fd) != 0))
		r = program_file_error(part);
	fclose(l->file);
	if (r == 0)
		r = record_leaving(l, reason);
	if (r == 0 && rename(part, whole) < 0)
		r = program_file_error(whole);
	if (r < 0)
		unlink(part);
	return r;
}

int verb_export_fhir(const struct request *q, bool *stop)
{
	const char *dir = log_argument(q, 0), *reason = log_option(q, "reason");
	const char *since = log_option(q, "since");
	struct leaving l = {.q = q};
	int64_t day = 0;
	int r;

	(void)stop;
	if (!dir || !reason || !*reason || (since && !day_parse(&day, since)))
		return err_set(ERR_USAGE, "DIR --reason [--since YYYY-MM-DD]");
	r = home_make(dir);
	if (r == 0)
		r = find_contacts(
		    &l, since ? day * DAY_S - log_zone(q) : INT64_MIN);
	if (r == 0)
		r = leave(&l, dir, reason);
	if (r == 0) {
		buf_printf(q->out,
		    _("%zu responses of %zu contacts, %zu patients; %zu "
		      "contacts left out"),
		    l.responses, l.n - l.left_out, l.patients, l.left_out);
		buf_str(q->out, "\n");
	}
	free(l.at);
	return r;
}
