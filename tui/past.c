/*
 * past.c - putting the answers of a call back.
 */
#include "tui/past.h"

#include "core/alertq.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/script_kept.h"
#include "core/script_merge.h"
#include "core/script_out.h"
#include "core/store.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/catalog.h"
#include "tui/desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LATER_S 600 /* an alert may be raised shortly after the call */
#define COPY(to, s, col) text_copy(to, sizeof(to), stmt_text(s, col))

/* ---- the contact -------------------------------------------------------- */

static void read_end(struct past *p, const struct stmt *s)
{
	COPY(p->disposition, s, 5);
	COPY(p->respondent, s, 8);
	p->reached = stmt_int(s, 9) != 0;
	p->completed = stmt_int(s, 10) != 0;
	COPY(p->note, s, 11);
	p->number = (int)stmt_int(s, 12);
	COPY(p->recording, s, 13);
	COPY(p->recording_hash, s, 14);
	COPY(p->class, s, 15);
	p->interrupted = stmt_int(s, 20) != 0;
	p->stopped = stmt_int(s, 21) != 0;
}

static void read_row(struct past *p, const struct stmt *s)
{
	COPY(p->ref, s, 0);
	if (*stmt_text(s, 1)) {
		COPY(p->asked[0], s, 1);
		p->asked_count = 1;
	}
	p->at_s = stmt_int(s, 2);
	p->started_s = stmt_int(s, 3);
	p->ended_s = stmt_int(s, 4);
	COPY(p->version, s, 7);
	COPY(p->asked_version[0], s, 7);
	read_end(p, s);
	p->late = stmt_int(s, 16) != 0;
	COPY(p->member, s, 17);
	p->is_received = stmt_int(s, 18) != 0;
	p->pos = stmt_int(s, 19);
	if (*stmt_text(s, 6)) {
		p->amended_s = stmt_is_null(s, 22) ? p->at_s : stmt_int(s, 22);
		COPY(p->amended_by, s, 23);
	}
}

static int read_contact(
    struct past *p, const struct id *patient, const char *ref)
{
	struct stmt *s = store_query(p->desk->store, Q_PAST_CONTACT);
	int rc;

	stmt_bind_id(s, ":stream", patient);
	stmt_bind_text(s, ":ref", ref);
	rc = stmt_step(s);
	if (rc == 1)
		read_row(p, s);
	stmt_reset(s);
	return rc == 1 ? 0 : rc < 0 ? rc : ERR_NOT_FOUND;
}

static int read_also(struct past *p)
{
	struct stmt *s = store_query(p->desk->store, Q_PAST_SCRIPTS);
	int rc;

	stmt_bind_id(s, ":stream", &p->file->patient);
	stmt_bind_text(s, ":ref", p->ref);
	while ((rc = stmt_step(s)) == 1 && p->asked_count < CASE_DUES) {
		COPY(p->asked_version[p->asked_count], s, 1);
		COPY(p->asked[p->asked_count++], s, 0);
	}
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

/* ---- the scripts -------------------------------------------------------- */

static void put_together(struct past *p)
{
	const struct script *parts[CASE_DUES];

	for (int i = 0; i < p->asked_count; i++) {
		parts[i] = catalog_script_of(
		    p->desk->catalog, p->asked[i], p->asked_version[i]);
		if (!parts[i])
			return;
	}
	if (p->asked_count == 0 ||
	    script_merge(&p->merged, parts, (size_t)p->asked_count) < 0)
		return;
	p->script = script_merged_script(p->merged);
	p->run = script_run_new(p->script, &p->person, p->desk->zone_s);
	p->corrected =
	    mem_array(script_count(p->script) + 1, sizeof(*p->corrected));
}

uint32_t past_item(const struct past *p, const char *script, const char *link)
{
	int part = 0;
	char bare[100];
	uint32_t item;

	while (*script && part < p->asked_count &&
	       strcmp(p->asked[part], script) != 0)
		part++;
	if (part == p->asked_count)
		return SCRIPT_NONE;
	snprintf(bare, sizeof(bare), "%.*s", (int)strcspn(link, "@"), link);
	item = script_find(script_merged_part(p->merged, (size_t)part), bare);
	return item == SCRIPT_NONE
		   ? item
		   : script_merged_to(p->merged, (size_t)part, item);
}

/* ---- the answers -------------------------------------------------------- */

/* One place of the whole, as a row of the shelf has it. */
struct place {
	uint32_t item, occ;
	char script[96]; /* whose answer it is; others repeat it */
	json_t *row;
};
struct places {
	struct place *items;
	size_t n;
};

static struct place *place_of(
    struct places *list, uint32_t item, const char *link, const char *script)
{
	const char *at = strchr(link, '@');
	uint32_t occ = at ? (uint32_t)strtoul(at + 1, NULL, 10) : 0;
	struct place *p;

	for (size_t i = 0; i < list->n; i++)
		if (list->items[i].item == item && list->items[i].occ == occ)
			return &list->items[i];
	list->items = mem_grow(list->items, list->n + 1, sizeof(*list->items));
	p = &list->items[list->n++];
	*p = (struct place){.item = item, .occ = occ, .row = json_object()};
	text_copy(p->script, sizeof(p->script), script);
	json_put(p->row, "v", json_array());
	return p;
}

static void take_answer(
    struct past *p, struct places *list, const struct stmt *s)
{
	const char *link = stmt_text(s, 0), *script = stmt_text(s, 7);
	uint32_t item = past_item(p, script, link);
	struct place *at;

	if (item == SCRIPT_NONE) {
		p->dropped++;
		return;
	}
	at = place_of(list, item, link, script);
	if (strcmp(at->script, script) != 0)
		return;
	p->corrected[item] |= stmt_int(s, 8) != 0;
	if (strcmp(stmt_text(s, 1), "absent") == 0)
		json_put_str(at->row, "absent", stmt_text(s, 2));
	else
		json_array_append_new(json_object_get(at->row, "v"),
		    script_kept_value(p->script, item, s));
}

static int put_back(struct past *p, const struct places *list)
{
	struct script_row *rows = mem_array(list->n + 1, sizeof(*rows));
	struct buf *texts = mem_array(list->n + 1, sizeof(*texts));
	int rc;

	for (size_t i = 0; i < list->n; i++) {
		const struct place *at = &list->items[i];
		json_canonical(&texts[i], at->row);
		rows[i] =
		    (struct script_row){script_item(p->script, at->item)->link,
			at->occ, buf_text(&texts[i])};
	}
	rc = script_run_restore(p->run, rows, list->n, NULL);
	for (size_t i = 0; i < list->n; i++)
		buf_fini(&texts[i]);
	free(texts);
	free(rows);
	return rc;
}

static int read_answers(struct past *p)
{
	struct stmt *s;
	struct places list = {0};
	int rc;

	if (!p->run)
		return 0;
	s = store_query(p->desk->store, Q_PAST_ANSWERS);
	stmt_bind_id(s, ":stream", &p->file->patient);
	stmt_bind_text(s, ":ref", p->ref);
	while ((rc = stmt_step(s)) == 1)
		take_answer(p, &list, s);
	stmt_reset(s);
	if (rc == 0)
		rc = put_back(p, &list);
	for (size_t i = 0; i < list.n; i++)
		json_decref(list.items[i].row);
	free(list.items);
	return rc;
}

/* ---- the whole ---------------------------------------------------------- */

int past_open(struct past **out, struct desk *desk, const struct id *patient,
    const char *ref)
{
	struct past *p = mem_new(sizeof(*p));
	int rc;

	p->desk = desk;
	desk->calls++;
	rc = read_contact(p, patient, ref);
	if (rc == 0)
		rc = casefile_load(&p->file, desk->store, patient);
	if (rc == 0)
		rc = read_also(p);
	if (rc == 0) {
		desk_person(&p->person, desk, p->file);
		put_together(p);
		rc = read_answers(p);
	}
	if (rc < 0) {
		past_free(&p);
		return rc;
	}
	*out = p;
	return 0;
}

void past_free(struct past **pp)
{
	struct past *p = *pp;

	if (!p)
		return;
	p->desk->calls--;
	past_label_forget(p);
	script_run_free(&p->run);
	script_merged_free(&p->merged);
	casefile_free(&p->file);
	free(p->corrected);
	free(p);
	*pp = NULL;
}

bool past_has_alert(const struct past *p, const struct alert_row *alert)
{
	return alert->at_s >= p->started_s &&
	       alert->at_s <= p->ended_s + LATER_S;
}

const char *past_why_fixed(const struct past *p)
{
	if (p->desk->role != 'S' && strcmp(p->member, p->desk->member) != 0)
		return _("Only who made the call, or a supervisor, corrects "
			 "it.");
	if (p->asked_count == 0)
		return _("Nothing was asked in this call.");
	if (!p->run)
		return _("The script of this call is not on this terminal.");
	return NULL;
}
