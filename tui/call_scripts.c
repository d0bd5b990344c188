/*
 * call_scripts.c - what a call asks: the scripts of everything that is due
 * now, put together into one. A call that is taken up again asks what it
 * asked before, whatever has become due since.
 */
#include "core/agenda.h"
#include "core/json.h"
#include "core/script_merge.h"
#include "core/shelf.h"
#include "core/text.h"
#include "tui/call_in.h"
#include "tui/catalog.h"
#include "tui/desk.h"

#include <stdio.h>
#include <string.h>

static void add_asked(struct call *c, const char *id, const char *version)
{
	int i = c->asked_count;

	if (i == CASE_DUES)
		return;
	c->asked_count++;
	text_copy(c->asked[i], sizeof(c->asked[0]), id);
	text_copy(c->asked_version[i], sizeof(c->asked_version[0]), version);
}

static void ask_due(struct call *c)
{
	const struct pathway *pathways[CASE_DUES] = {NULL};
	struct agenda agenda;

	for (int i = 0; i < c->file->due_count; i++)
		pathways[i] =
		    catalog_pathway(c->desk->catalog, c->file->dues[i].pathway);
	agenda_make(&agenda, c->file, pathways, desk_today(c->desk));
	c->plan = agenda.plan;
	for (size_t i = 0; i < agenda.n_scripts; i++)
		add_asked(c, agenda.scripts[i], "");
}

/* The row that call_keep_start wrote: ids with a space between, and the
 * version of each. What was published since is for the next call. */
static int ask_kept(void *ctx, const char *name, const char *value, int64_t at)
{
	struct call *c = ctx;
	json_t *j;
	char ids[CASE_DUES * sizeof(c->asked[0])];
	char *save = NULL;
	const json_t *versions;

	(void)at;
	if (strcmp(name, "start") != 0 ||
	    json_load(&j, value, strlen(value), 4096) < 0)
		return 0;
	text_copy(ids, sizeof(ids), json_str(j, "script", ""));
	versions = json_list(j, "versions");
	if (ids[0])
		c->asked_count = 0;
	for (char *id = strtok_r(ids, " ", &save); id;
	     id = strtok_r(NULL, " ", &save)) {
		const char *v = json_string_value(
		    json_array_get(versions, (size_t)c->asked_count));
		add_asked(c, id, v ? v : "");
	}
	json_decref(j);
	return 0;
}

/* Scripts that are not on this terminal are left out, and asked of nobody;
 * those that do not go together leave the first one. */
static void put_together(struct call *c)
{
	const struct script *parts[CASE_DUES];
	size_t n = 0;

	for (int i = 0; i < c->asked_count; i++) {
		const struct script *s = catalog_script_of(
		    c->desk->catalog, c->asked[i], c->asked_version[i]);
		if (!s)
			continue;
		if ((size_t)i != n)
			memcpy(c->asked[n], c->asked[i], sizeof(c->asked[0]));
		text_copy(c->asked_version[n], sizeof(c->asked_version[0]),
		    script_version(s));
		parts[n++] = s;
	}
	if (n == 0)
		return;
	if (script_merge(&c->merged, parts, n) < 0) {
		n = 1;
		if (script_merge(&c->merged, parts, n) < 0)
			return;
	}
	c->asked_count = (int)n;
	c->script = script_merged_script(c->merged);
	c->run = script_run_new(c->script, &c->person, c->desk->zone_s);
}

int call_choose_scripts(struct call *c)
{
	int rc;

	script_run_free(&c->run);
	script_merged_free(&c->merged);
	c->script = NULL;
	c->asked_count = 0;
	c->script_id[0] = '\0';
	ask_due(c);
	rc = shelf_each(c->desk->store, c->slot, ask_kept, c);
	if (rc < 0 || c->asked_count == 0)
		return rc;
	put_together(c);
	text_copy(c->script_id, sizeof(c->script_id), c->asked[0]);
	return 0;
}

void call_asked_text(char *out, size_t size, const struct call *c)
{
	size_t n = 0;

	out[0] = '\0';
	for (int i = 0; i < c->asked_count && n < size; i++)
		n += (size_t)snprintf(
		    out + n, size - n, "%s%s", i ? " " : "", c->asked[i]);
}

const char *call_link(const struct call *c, uint32_t item)
{
	return script_merged_from(c->merged, item).link;
}
