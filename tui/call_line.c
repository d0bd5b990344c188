/*
 * call_line.c - the line of a call: which number, who called whom, the
 * recording; and what the agent found out beside the questions: advice that
 * was read, words of the note. Each is a row of the shelf at once.
 */
#include "core/advice.h"
#include "core/cadence.h"
#include "core/clock.h"
#include "core/draft_patient.h"
#include "core/err.h"
#include "core/json.h"
#include "core/pathway.h"
#include "core/shelf.h"
#include "core/text.h"
#include "tui/call_in.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/dialer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- numbers ------------------------------------------------------------ */

static int numbers_in_use(const struct call *c)
{
	int n = 0;

	while (n < c->file->phone_count && !c->file->phones[n].retired)
		n++;
	return n;
}

/* After a try that asks for another number the next one has its turn. */
int call_first_number(const struct call *c)
{
	const struct case_contact *last = &c->file->last;
	const struct disposition *how =
	    cadence_find(catalog_cadence(c->desk->catalog), last->disposition);
	int n = numbers_in_use(c);

	if (n < 2 || !how || !how->other_number || how->retires_number)
		return 0;
	return (last->number + 1) % n;
}

static int record_start(struct call *c, const char *override, bool opens)
{
	struct draft draft = {0};
	char ref[REF_TEXT];
	json_t *body = json_object();

	json_put_int(body, "number_index", c->number);
	json_put_str(body, "direction", c->incoming ? "in" : "out");
	if (override && *override)
		json_put_str(body, "override", override);
	draft_add(&draft, KIND_CALL_STARTED, &c->file->patient, body);
	if (opens) {
		body = json_object();
		json_put_str(body, "why", "call");
		draft_add(&draft, KIND_PATIENT_OPENED, &c->file->patient, body);
	}
	return desk_record(ref, c->desk, &draft);
}

/* The log has the call already: a dialler that fails is no reason to lose
 * it. The screen shows the number, to be dialled by hand. */
static void ring(struct call *c)
{
	if (!c->desk->dialer || c->incoming ||
	    c->number >= c->file->phone_count)
		return;
	c->hangs_up = true;
	if (dialer_dial(c->desk->dialer, c->file->phones[c->number].number) < 0)
		c->hangs_up = false;
}

static int keep_line(struct call *c)
{
	char text[32];

	snprintf(
	    text, sizeof(text), "%s %d", c->incoming ? "in" : "out", c->number);
	return call_keep(c, "line", text);
}

int call_start(struct call *c, const struct call_opening *how)
{
	int rc, from = -1;

	c->incoming = how->incoming;
	for (int i = 0; how->from && i < c->file->phone_count; i++)
		if (strcmp(c->file->phones[i].number, how->from) == 0)
			from = i;
	c->number = from >= 0          ? from
		    : how->number >= 0 ? how->number
				       : call_first_number(c);
	rc = record_start(c, how->override, true);
	if (rc == 0)
		rc = call_keep_start(c);
	if (rc == 0)
		rc = keep_line(c);
	if (rc == 0 && !how->shares)
		ring(c);
	return rc;
}

int call_dial(struct call *c, int number)
{
	int before = c->number, rc;

	c->number = number;
	rc = record_start(c, NULL, false);
	if (rc < 0) {
		c->number = before;
		return rc;
	}
	rc = keep_line(c);
	ring(c);
	return rc;
}

/* The number on the line keeps its place in the list by what it is. */
int call_reload(struct call *c)
{
	struct casefile *fresh;
	char number[36] = "";
	int rc = casefile_load(&fresh, c->desk->store, &c->file->patient);

	if (rc < 0)
		return rc;
	if (c->number < c->file->phone_count)
		text_copy(
		    number, sizeof(number), c->file->phones[c->number].number);
	casefile_free(&c->file);
	c->file = fresh;
	for (int i = 0; i < fresh->phone_count; i++)
		if (strcmp(fresh->phones[i].number, number) == 0)
			c->number = i;
	return 0;
}

/* ---- recording ---------------------------------------------------------- */

int call_set_recording(struct call *c, const char *path)
{
	text_copy(c->recording, sizeof(c->recording), path);
	return call_keep(c, "recording", c->recording);
}

void call_end_line(struct call *c)
{
	if (c->hangs_up) {
		dialer_hang_up(c->desk->dialer);
		if (!c->recording[0])
			text_copy(c->recording, sizeof(c->recording),
			    dialer_recording(c->desk->dialer));
	}
	if (!c->recording[0] || !dialer_hash(c->recording_hash, c->recording))
		c->recording_hash[0] = '\0';
}

/* ---- advice and tags ---------------------------------------------------- */

bool call_gave(const struct call *c, const char *advice)
{
	for (int i = 0; i < c->given_count; i++)
		if (strcmp(c->given[i], advice) == 0)
			return true;
	return false;
}

static void set_given(struct call *c, const char *advice, bool given)
{
	int i = 0;

	while (i < c->given_count && strcmp(c->given[i], advice) != 0)
		i++;
	if (given && i == c->given_count && i < CALL_GIVEN)
		text_copy(
		    c->given[c->given_count++], sizeof(c->given[0]), advice);
	if (!given && i < c->given_count)
		memcpy(c->given[i], c->given[--c->given_count],
		    sizeof(c->given[i]));
}

int call_give(struct call *c, const char *advice, bool given)
{
	char name[64];
	int rc;

	snprintf(name, sizeof(name), "advice:%.48s", advice);
	rc = call_keep(c, name, given ? "1" : "0");
	if (rc == 0)
		set_given(c, advice, given);
	return rc;
}

struct codes {
	const char *all[CASE_DUES * PATHWAY_LIST_MAX];
	const char *dropped[CASE_DUES * PATHWAY_LIST_MAX];
	size_t n, n_dropped;
};

static void add_codes(struct codes *k, const struct pathway *p)
{
	for (size_t i = 0; i < p->n_advice; i++)
		k->all[k->n++] = p->advice[i];
	for (size_t i = 0; i < p->n_conflicts; i++)
		k->dropped[k->n_dropped++] = p->conflicts[i].theirs;
}

size_t call_advice(const struct advice *out[CALL_GIVEN], struct call *c)
{
	struct catalog *catalog = c->desk->catalog;
	struct codes k = {.n = 0};
	struct advice_wish wish = {.codes = k.all, .except = k.dropped};

	for (int i = 0; i < c->file->due_count; i++) {
		const struct pathway *p =
		    catalog_pathway(catalog, c->file->dues[i].pathway);
		if (p)
			add_codes(&k, p);
	}
	wish.n_codes = k.n;
	wish.n_except = k.n_dropped;
	return advice_pick(out, catalog_advice(catalog), &wish, &c->facts,
	    desk_now_s(c->desk));
}

bool call_knows_tag(const struct call *c, const char *id)
{
	for (int i = 0; i < c->tag_count; i++)
		if (strcmp(c->tags[i].id, id) == 0)
			return true;
	return false;
}

int call_tag(struct call *c, const struct call_tag *tag)
{
	char name[64], value[160];
	int rc;

	if (c->tag_count == CALL_TAGS || call_knows_tag(c, tag->id))
		return 0;
	snprintf(name, sizeof(name), "tag:%.48s", tag->id);
	snprintf(
	    value, sizeof(value), "%d %s %s", tag->is_so, tag->code, tag->text);
	rc = call_keep(c, name, value);
	if (rc < 0)
		return rc;
	c->tags[c->tag_count++] = *tag;
	return call_judge(c);
}

/* An answer of the script says it better than a word of the note. */
void call_tag_facts(struct call *c)
{
	for (int i = 0; i < c->tag_count; i++) {
		const struct fact *f = facts_last(&c->facts, c->tags[i].code);
		if (c->tags[i].is_so && (!f || f->is_history))
			facts_add_coded(&c->facts, c->tags[i].code,
			    c->tags[i].text, desk_now_s(c->desk));
	}
}

/* ---- putting back ------------------------------------------------------- */

static void restore_tag(struct call *c, const char *id, const char *value)
{
	struct call_tag t = {.is_so = value[0] == '1'};

	text_copy(t.id, sizeof(t.id), id);
	if (c->tag_count < CALL_TAGS && !call_knows_tag(c, id) &&
	    sscanf(value + 1, " %47s %63s", t.code, t.text) == 2)
		c->tags[c->tag_count++] = t;
}

bool call_restore_line(struct call *c, const char *name, const char *value)
{
	if (strcmp(name, "line") == 0) {
		c->incoming = strncmp(value, "in ", 3) == 0;
		c->number = atoi(value + strcspn(value, " "));
		if (c->number < 0 || c->number >= CASE_PHONES)
			c->number = 0;
	} else if (strcmp(name, "recording") == 0) {
		text_copy(c->recording, sizeof(c->recording), value);
	} else if (strncmp(name, "advice:", 7) == 0) {
		set_given(c, name + 7, value[0] == '1');
	} else if (strncmp(name, "tag:", 4) == 0) {
		restore_tag(c, name + 4, value);
	} else {
		return false;
	}
	return true;
}

/* ---- the end ------------------------------------------------------------ */

static void draft_tag(struct draft *draft, struct call *c, int i)
{
	const struct call_tag *t = &c->tags[i];
	json_t *body = json_object();
	char tag[64];

	snprintf(tag, sizeof(tag), "%s%.48s", t->is_so ? "" : "no.", t->id);
	json_put_str(body, "text", c->note);
	json_put_str(body, "tag", tag);
	draft_add(draft, KIND_NOTE_ADDED, &c->file->patient, body);
}

void call_draft_rest(
    struct draft *draft, struct call *c, const struct disposition *how)
{
	for (int i = 0; i < c->tag_count; i++)
		draft_tag(draft, c, i);
	if (how->retires_number && c->number < c->file->phone_count)
		draft_phone_retired(draft, c->file, c->number);
	if (c->died_day)
		draft_died(draft, &c->file->patient, c->died_day);
}
