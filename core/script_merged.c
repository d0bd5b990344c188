/*
 * script_merged.c - taking the answers of a merged call apart again: each
 * script has its own.
 */
#include "core/script_merge_int.h"

#include "core/err.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/script_out.h"
#include "core/script_run_int.h"

#include <stdlib.h>
#include <string.h>

void script_merged_free(struct script_merged **merged)
{
	struct script_merged *m = *merged;

	if (!m)
		return;
	for (size_t i = 0; i < m->n; i++) {
		free(m->parts[i].slots);
		free(m->parts[i].items);
	}
	free(m->from);
	script_free(&m->own);
	free(m);
	*merged = NULL;
}

const struct script *script_merged_script(const struct script_merged *m)
{
	return m->script;
}

size_t script_merged_count(const struct script_merged *m)
{
	return m->n;
}

const struct script *script_merged_part(
    const struct script_merged *m, size_t part)
{
	return m->parts[part].script;
}

struct script_origin_of script_merged_from(
    const struct script_merged *m, uint32_t item)
{
	if (m->from)
		return m->from[item];
	return (struct script_origin_of){0, m->script->items[item].link};
}

uint32_t script_merged_to(
    const struct script_merged *m, size_t part, uint32_t item)
{
	return m->from ? m->parts[part].items[item] : item;
}

/* "linkId@occ", or a linkId that has an @ of its own. */
static void put_origin(const struct script_merged *m, json_t *answer)
{
	const char *link = json_str(answer, "link", "");
	uint32_t item = script_find(m->script, link);
	const char *occ = strrchr(link, '@');
	char *bare = mem_strdup(link);
	struct script_origin_of from;
	struct buf text = {0};

	if (item == SCRIPT_NONE && occ) {
		bare[occ - link] = '\0';
		item = script_find(m->script, bare);
	} else {
		occ = "";
	}
	from = script_merged_from(m, item);
	buf_printf(&text, "%s%s", from.link, occ);
	json_put_str(answer, "link", buf_text(&text));
	if (from.part > 0)
		json_put_str(
		    answer, "script", script_id(m->parts[from.part].script));
	buf_fini(&text);
	free(bare);
}

json_t *script_merged_answers(
    const struct script_merged *m, const struct script_run *run)
{
	json_t *list = script_run_answers(run), *one;
	size_t i;

	json_array_foreach (list, i, one)
		put_origin(m, one);
	return list;
}

struct rows {
	struct script_row *at;
	size_t n, cap;
};

/* What was asked at an item of the whole, for an item of the part. */
static void add_rows(struct rows *rows, const struct script_run *run,
    uint32_t at, const char *link)
{
	const struct node_list *nodes = &run->items[at];

	for (uint32_t k = 0; k < nodes->n; k++) {
		struct buf json = {0};
		if (!nodes->at[k].enabled)
			continue;
		script_run_row(&json, run, at, nodes->at[k].occ);
		if (rows->n == rows->cap) {
			rows->cap = rows->cap ? rows->cap * 2 : 64;
			rows->at =
			    mem_grow(rows->at, rows->cap, sizeof(*rows->at));
		}
		rows->at[rows->n++] = (struct script_row){
		    link, nodes->at[k].occ, mem_strdup(buf_text(&json))};
		buf_fini(&json);
	}
}

static void rows_fini(struct rows *rows)
{
	for (size_t i = 0; i < rows->n; i++)
		free((void *)(uintptr_t)rows->at[i].json);
	free(rows->at);
}

int script_merged_run(struct script_run **out, const struct script_merged *m,
    const struct script_run *run, struct script_zone of)
{
	const struct script *s = m->parts[of.part].script;
	struct script_run *own =
	    script_run_new(s, script_run_person(run), of.zone_s);
	struct rows rows = {0};
	int r;

	for (uint32_t i = 0; i < s->n; i++) {
		uint32_t at = script_merged_to(m, of.part, i);
		if (at != SCRIPT_NONE && s->items[i].rules->is_question_here)
			add_rows(&rows, run, at, s->items[i].link);
	}
	r = script_run_restore(own, rows.at, rows.n, NULL);
	if (r == 0 && script_run_status(run) == SCRIPT_COMPLETED)
		r = script_run_complete(own);
	else if (r == 0 && script_run_status(run) == SCRIPT_STOPPED)
		script_run_stop(own);
	rows_fini(&rows);
	if (r < 0)
		script_run_free(&own);
	else
		*out = own;
	return r;
}
