/*
 * call_keep.c - the durable side of a call: one row of the shelf for each
 * answer and the note. Alerts are in the log and
 * are found there again.
 */
#include "core/alertq.h"
#include "core/buf.h"
#include "core/draft_contact.h"
#include "core/err.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/script_out.h"
#include "core/shelf.h"
#include "core/store.h"
#include "core/text.h"
#include "tui/call_in.h"
#include "tui/desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int call_keep(struct call *c, const char *name, const char *value)
{
	return shelf_put(
	    c->desk->store, c->slot, name, value, desk_now_s(c->desk));
}

int call_keep_start(struct call *c)
{
	json_t *j = json_object(), *versions = json_array();
	struct buf text = {0};
	char asked[CASE_DUES * sizeof(c->asked[0])];
	int rc;

	call_asked_text(asked, sizeof(asked), c);
	json_put_int(j, "at_s", c->started_s);
	json_put_int(j, "number", c->number);
	json_put_str(j, "script", asked);
	for (int i = 0; i < c->asked_count; i++)
		json_array_append_new(
		    versions, json_string(c->asked_version[i]));
	json_put(j, "versions", versions);
	json_canonical(&text, j);
	rc = call_keep(c, "start", buf_text(&text));
	buf_fini(&text);
	json_decref(j);
	return rc;
}

static int keep_answer(struct call *c, uint32_t item, uint32_t occ)
{
	struct buf row = {0};
	char name[200];
	int rc;

	script_run_row(&row, c->run, item, occ);
	snprintf(name, sizeof(name), "a:%u:%.150s", occ,
	    script_item(c->script, item)->link);
	rc = call_keep(c, name, buf_text(&row));
	buf_fini(&row);
	return rc < 0 ? rc : call_judge(c);
}

int call_answer(struct call *c, struct script_place at, const char *typed,
    struct script_verdict *verdict)
{
	int rc = script_run_type(c->run, at, typed, NULL, verdict);

	return rc < 0 ? rc : keep_answer(c, at.item, at.occ);
}

int call_skip(struct call *c, struct script_place at, enum script_absent why,
    struct script_verdict *verdict)
{
	int rc = script_run_absent(c->run, at, why, NULL, verdict);

	return rc < 0 ? rc : keep_answer(c, at.item, at.occ);
}

int call_set_note(struct call *c, const char *note)
{
	text_copy(c->note, sizeof(c->note), note);
	return call_keep(c, "note", c->note);
}

int call_told(struct call *c, int alert, const char *who)
{
	struct draft draft = {0};
	char ref[REF_TEXT];
	json_t *body = draft_about(
	    &draft, KIND_ALERT_TOLD, &c->file->patient, c->alerts[alert].ref);
	int rc;

	json_put_str(body, "who", who);
	json_put_int(body, "told_s", desk_now_s(c->desk));
	rc = desk_record(ref, c->desk, &draft);
	if (rc < 0)
		return rc;
	c->alerts[alert].told = true;
	return 0;
}

/* ---- putting back ------------------------------------------------------- */

struct restore {
	struct call *call;
	struct script_row *rows;
	size_t count;
};

static void restore_start(struct call *c, const char *value)
{
	json_t *j;

	if (json_load(&j, value, strlen(value), 4096) < 0)
		return;
	c->started_s = json_int(j, "at_s", c->started_s);
	c->number = (int)json_int(j, "number", 0);
	json_decref(j);
}

/* The alerts of this call are in the log; the shelf need not know them. */
static int restore_alerts(struct call *c)
{
	struct alert_row *rows = mem_array(CALL_ALERTS, sizeof(*rows));
	struct alert_filter filter = {
	    .patient = &c->file->patient, .with_closed = true};
	int n = alertq_read(rows, CALL_ALERTS, c->desk->store, &filter);

	for (int i = 0; i < n; i++) {
		struct call_alert *a = &c->alerts[c->alert_count];
		if (rows[i].at_s < c->started_s)
			continue;
		text_copy(a->rule, sizeof(a->rule), rows[i].rule);
		text_copy(a->no, sizeof(a->no), rows[i].no);
		text_copy(a->ref, sizeof(a->ref), rows[i].ref);
		a->withdrawn = rows[i].state == ALERT_WITHDRAWN;
		a->told = rows[i].told_s != 0;
		c->alert_count++;
	}
	free(rows);
	return n < 0 ? n : 0;
}

/* A later row of a place replaces the earlier one. */
static void restore_answer(
    struct restore *r, const char *name, const char *value)
{
	char *end;
	uint32_t occ = (uint32_t)strtoul(name + 2, &end, 10);
	const char *link = *end == ':' ? end + 1 : "";
	size_t i = 0;

	while (i < r->count &&
	       (r->rows[i].occ != occ || strcmp(r->rows[i].link, link) != 0))
		i++;
	if (i == r->count) {
		r->rows = mem_grow(r->rows, r->count + 1, sizeof(*r->rows));
		r->rows[r->count++] = (struct script_row){
		    mem_strdup(link), occ, mem_strdup(value)};
		return;
	}
	free((void *)(uintptr_t)r->rows[i].json);
	r->rows[i].json = mem_strdup(value);
}

static int restore_one(
    void *ctx, const char *name, const char *value, int64_t at_s)
{
	struct restore *r = ctx;

	(void)at_s;
	r->call->resumed = true;
	if (strcmp(name, "start") == 0)
		restore_start(r->call, value);
	else if (strcmp(name, "note") == 0)
		text_copy(r->call->note, sizeof(r->call->note), value);
	else if (strncmp(name, "a:", 2) == 0)
		restore_answer(r, name, value);
	else
		call_restore_line(r->call, name, value);
	return 0;
}

static void restore_fini(struct restore *r)
{
	for (size_t i = 0; i < r->count; i++) {
		free((void *)(uintptr_t)r->rows[i].link);
		free((void *)(uintptr_t)r->rows[i].json);
	}
	free(r->rows);
}

int call_restore(struct call *c)
{
	struct restore r = {.call = c};
	int rc = shelf_each(c->desk->store, c->slot, restore_one, &r);

	if (rc == 0 && c->run && r.count)
		rc = script_run_restore(c->run, r.rows, r.count, NULL);
	if (rc == 0 && c->resumed)
		rc = restore_alerts(c);
	restore_fini(&r);
	return rc;
}

struct slots {
	struct id *patients;
	int count, max;
};

static int add_slot(
    void *ctx, const char *name, const char *value, int64_t at_s)
{
	struct slots *s = ctx;

	(void)value;
	(void)at_s;
	if (s->count < s->max && id_parse(&s->patients[s->count], name + 5))
		s->count++;
	return 0;
}

int call_unfinished(struct id *patients, int max, struct desk *desk)
{
	struct slots s = {patients, 0, max};

	if (shelf_slots(desk->store, "call/", add_slot, &s) < 0)
		return 0;
	return s.count;
}
