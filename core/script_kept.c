/* script_kept.c - from rows of the view back to a run. */
#include "core/script_kept.h"

#include "core/buf.h"
#include "core/err.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/script_out.h"
#include "core/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The code system is the script's own; the log does not repeat it. */
static const char *system_of(
    const struct script *script, uint32_t item, const char *code)
{
	const struct script_item *it = script_item(script, item);

	for (uint32_t i = 0; i < it->n_options; i++) {
		const struct script_value *v = &it->options[i].value;
		if (v->code && strcmp(v->code, code) == 0)
			return v->system;
	}
	return NULL;
}

json_t *script_kept_value(
    const struct script *script, uint32_t item, const struct stmt *s)
{
	json_t *v = json_object();
	const char *code = stmt_text(s, 2);

	json_put_str(v, "type", stmt_text(s, 1));
	if (*code) {
		json_put_str(v, "code", code);
		if (item != SCRIPT_NONE)
			json_put_str(
			    v, "system", system_of(script, item, code));
	}
	if (*stmt_text(s, 3))
		json_put_str(v, "text", stmt_text(s, 3));
	if (!stmt_is_null(s, 4)) {
		json_put_int(v, "int", stmt_int(s, 4));
		json_put_int(v, "scale", stmt_int(s, 5));
	}
	if (*stmt_text(s, 6))
		json_put_str(v, "unit", stmt_text(s, 6));
	return v;
}

/* The place in the run, "linkId@occ"; false: not of this run. */
static bool place_of(
    char out[100], const struct script_kept *from, const struct stmt *s)
{
	const char *place = stmt_text(s, 0), *script = stmt_text(s, 7);
	size_t len = strcspn(place, "@");
	char own[100];
	const char *link = own;

	snprintf(own, sizeof(own), "%.*s", (int)len, place);
	if (from->link)
		link = from->link(from->ctx, script, own);
	else if (*script)
		return false;
	if (link)
		snprintf(out, 100, "%.80s%.18s", link, place + len);
	return link != NULL;
}

static void add_value(json_t *places, const struct script *script,
    const char *place, const struct stmt *s)
{
	json_t *row = json_object_get(places, place);
	char link[100];

	if (!row) {
		row = json_object();
		json_put(row, "v", json_array());
		json_put(places, place, row);
	}
	snprintf(link, sizeof(link), "%.*s", (int)strcspn(place, "@"), place);
	if (strcmp(stmt_text(s, 1), "absent") == 0)
		json_put_str(row, "absent", stmt_text(s, 2));
	else
		json_array_append_new(json_object_get(row, "v"),
		    script_kept_value(script, script_find(script, link), s));
}

/* {"link@occ": {"v": [...]}} - rows of the shelf by their place. */
static int read_places(
    json_t *places, const struct script *script, const struct script_kept *from)
{
	struct stmt *s = store_query(from->store, Q_SCRIPT_KEPT);
	char place[100];
	int rc;

	stmt_bind_id(s, ":stream", from->patient);
	stmt_bind_text(s, ":ref", from->ref);
	while ((rc = stmt_step(s)) == 1)
		if (place_of(place, from, s))
			add_value(places, script, place, s);
	return rc;
}

static int put_back(struct script_run *run, json_t *places)
{
	size_t n = 0, max = json_object_size(places);
	struct script_row *rows = mem_array(max + 1, sizeof(*rows));
	struct buf *texts = mem_array(max + 1, sizeof(*texts));
	char(*links)[100] = mem_array(max + 1, sizeof(*links));
	const char *place;
	json_t *row;
	int rc;

	json_object_foreach (places, place, row) {
		size_t len = strcspn(place, "@");
		snprintf(links[n], sizeof(links[n]), "%.*s", (int)len, place);
		json_canonical(&texts[n], row);
		rows[n] = (struct script_row){links[n],
		    place[len] ? (uint32_t)strtoul(place + len + 1, NULL, 10)
			       : 0,
		    buf_text(&texts[n])};
		n++;
	}
	rc = script_run_restore(run, rows, n, NULL);
	for (size_t i = 0; i < n; i++)
		buf_fini(&texts[i]);
	free(texts);
	free(links);
	free(rows);
	return rc;
}

int script_kept_restore(struct script_run *run, const struct script_kept *from)
{
	json_t *places = json_object();
	int rc = read_places(places, script_run_script(run), from);

	if (rc == 0)
		rc = put_back(run, places);
	json_decref(places);
	return rc;
}
