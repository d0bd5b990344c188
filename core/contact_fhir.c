/* contact_fhir.c - a contact's scripts, run again with what was answered. */
#include "core/contact_fhir.h"

#include "core/buf.h"
#include "core/err.h"
#include "core/id.h"
#include "core/in_force.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/script_kept.h"
#include "core/script_merge.h"
#include "core/script_out.h"
#include "core/store.h"
#include "core/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A contact's scripts in the versions that were asked. */
struct asked {
	struct {
		char id[96], version[36], hash[68];
		struct script *script;
	} part[SCRIPT_PARTS_MAX];
	size_t n;
	bool is_completed, is_amended;
	int64_t ended_s;
	struct script_merged *merged;
	struct script_run *run;
};

static void asked_free(struct asked **a)
{
	script_run_free(&(*a)->run);
	script_merged_free(&(*a)->merged);
	for (size_t i = 0; i < (*a)->n; i++)
		script_free(&(*a)->part[i].script);
	free(*a);
	*a = NULL;
}

static int read_contact(struct asked *a, const struct contact_fhir *ask)
{
	struct stmt *s = store_query(ask->store, Q_FHIR_CONTACT);
	int r;

	stmt_bind_id(s, ":stream", ask->patient);
	stmt_bind_text(s, ":ref", ask->ref);
	while ((r = stmt_step(s)) == 1 && a->n < SCRIPT_PARTS_MAX) {
		size_t i = a->n++;
		text_copy(
		    a->part[i].id, sizeof(a->part[i].id), stmt_text(s, 0));
		text_copy(a->part[i].version, sizeof(a->part[i].version),
		    stmt_text(s, 1));
		text_copy(
		    a->part[i].hash, sizeof(a->part[i].hash), stmt_text(s, 2));
		if (i > 0)
			continue;
		a->is_completed = stmt_int(s, 3) != 0;
		a->ended_s = stmt_int(s, 4);
		a->is_amended = *stmt_text(s, 5) != '\0';
	}
	stmt_reset(s);
	return r < 0 ? r : 0;
}

static int load_part(struct asked *a, size_t i, const struct contact_fhir *ask)
{
	struct buf text = {0};
	char path[120];
	int r;

	snprintf(path, sizeof(path), "scripts/%.60s.json", a->part[i].id);
	r = in_force_version(&text, ask->store, path, a->part[i].version);
	if (r == 0)
		r = script_load(&a->part[i].script, buf_text(&text), text.len,
		    SCRIPT_STRICT, NULL);
	buf_fini(&text);
	return r == 0 ? 0
		      : err_set(ERR_NOT_FOUND, "%s v%s", a->part[i].id,
			    a->part[i].version);
}

static const char *link_in_whole(
    void *ctx, const char *script, const char *link)
{
	const struct asked *a = ctx;
	size_t part = 0;
	uint32_t item;

	while (*script && part < a->n && strcmp(a->part[part].id, script) != 0)
		part++;
	item =
	    part < a->n ? script_find(a->part[part].script, link) : SCRIPT_NONE;
	if (item != SCRIPT_NONE)
		item = script_merged_to(a->merged, part, item);
	return item == SCRIPT_NONE
		   ? NULL
		   : script_item(script_merged_script(a->merged), item)->link;
}

/* The scripts as one, as they were asked, with the answers. */
static int run_again(struct asked *a, const struct contact_fhir *ask)
{
	const struct script *parts[SCRIPT_PARTS_MAX];
	struct script_kept from = {.store = ask->store,
	    .patient = ask->patient,
	    .ref = ask->ref,
	    .link = link_in_whole,
	    .ctx = a};
	int r;

	for (size_t i = 0; i < a->n; i++)
		parts[i] = a->part[i].script;
	r = script_merge(&a->merged, parts, a->n);
	if (r < 0)
		return r;
	a->run =
	    script_run_new(script_merged_script(a->merged), NULL, ask->zone_s);
	return script_kept_restore(a->run, &from);
}

/* How the hospital knows the patient, where it told us. */
static json_t *subject_of(const struct contact_fhir *ask)
{
	struct stmt *s = store_query(ask->store, Q_FHIR_SUBJECT);
	json_t *subject = json_object(), *identifier = json_object();
	char hex[ID_HEX];

	stmt_bind_id(s, ":stream", ask->patient);
	id_hex(hex, ask->patient);
	if (stmt_step(s) == 1) {
		json_put_str(identifier, "system", stmt_text(s, 0));
		json_put_str(identifier, "value", stmt_text(s, 1));
	} else {
		json_put_str(identifier, "system", "urn:suifang:patient");
		json_put_str(identifier, "value", hex);
	}
	stmt_reset(s);
	json_put(subject, "identifier", identifier);
	return subject;
}

static void add_identity(json_t *response, const struct asked *a, size_t i,
    const struct contact_fhir *ask)
{
	json_t *identifier = json_object();
	char value[REF_TEXT + 100];

	snprintf(value, sizeof(value), "%s/%s", ask->ref, a->part[i].id);
	json_put_str(identifier, "system", "urn:suifang:contact");
	json_put_str(identifier, "value", value);
	json_put(response, "identifier", identifier);
	json_put(response, "subject", subject_of(ask));
	if (a->is_amended)
		json_put_str(response, "status", "amended");
}

static int add_part(json_t *list, const struct asked *a, size_t i,
    const struct contact_fhir *ask)
{
	const struct script_head head = {
	    .hash = a->part[i].hash, .authored_s = a->ended_s};
	struct script_run *one = NULL;
	json_t *response;
	int r = script_merged_run(
	    &one, a->merged, a->run, (struct script_zone){i, ask->zone_s});

	if (r < 0)
		return r;
	if (!a->is_completed || script_run_complete(one) < 0)
		script_run_stop(one);
	response = script_run_response(one, &head);
	add_identity(response, a, i, ask);
	json_array_append_new(list, response);
	script_run_free(&one);
	return 0;
}

int contact_fhir_add(json_t *list, const struct contact_fhir *ask)
{
	struct asked *a = mem_new(sizeof(*a));
	int r = read_contact(a, ask);

	for (size_t i = 0; i < a->n && r == 0; i++)
		r = load_part(a, i, ask);
	if (r == 0 && a->n > 0)
		r = run_again(a, ask);
	for (size_t i = 0; i < a->n && r == 0; i++)
		r = add_part(list, a, i, ask);
	asked_free(&a);
	return r;
}
