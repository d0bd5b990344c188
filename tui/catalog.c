/*
 * catalog.c - content by id, parsed at first use.
 */
#include "tui/catalog.h"

#include "core/advice.h"
#include "core/buf.h"
#include "core/cadence.h"
#include "core/content_kind.h"
#include "core/hours.h"
#include "core/id.h"
#include "core/in_force.h"
#include "core/json.h"
#include "core/kpi.h"
#include "core/mem.h"
#include "core/notetag.h"
#include "core/pathway.h"
#include "core/profile_load.h"
#include "core/review.h"
#include "core/script.h"
#include "core/target.h"
#include "core/text.h"
#include "core/tr.h"
#include "core/triage.h"
#include "keys/hash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* At least one of the two is NULL; both: known to be absent. */
struct loaded {
	char id[100]; /* asset path, with "@version" where one was asked for */
	struct pathway *pathway;
	struct script *script;
	char hash[HASH_HEX];
};

struct catalog {
	struct store *store;   /* NULL: only what came with the program */
	struct loaded **items; /* each stays where it is: hashes are lent */
	size_t count;
	struct triage *triage;
	struct cadence *cadence;
	struct hours *hours;
	struct target_set *targets;
	struct advice_library *advice;
	struct notetag *notetag;
	struct profile_tables *profile;
	json_t *codes, *queues;
};

static int parse_table(void *out, const char *text, size_t n)
{
	return json_load(out, text, n, CONTENT_MAX);
}

static int parse_cadence(void *out, const char *text, size_t n)
{
	return cadence_parse(out, text, n);
}

static int parse_hours(void *out, const char *text, size_t n)
{
	return hours_parse(out, text, n);
}

static int parse_targets(void *out, const char *text, size_t n)
{
	return target_set_parse(out, text, n);
}

static int parse_notetag(void *out, const char *text, size_t n)
{
	return notetag_parse(out, text, n);
}

static int parse_kpis(void *out, const char *text, size_t n)
{
	return kpi_set_parse(out, text, n);
}

static int parse_card(void *out, const char *text, size_t n)
{
	return review_card_parse(out, text, n);
}

static int load_hours(struct catalog *c)
{
	struct buf holidays = {0};
	int r = in_force_read(
	    &c->hours, c->store, "settings/hours.json", parse_hours);

	if (r == 0)
		r = in_force_text(
		    &holidays, c->store, "settings/holidays.json");
	if (r == 0)
		r = hours_add_holidays(
		    c->hours, buf_text(&holidays), holidays.len);
	buf_fini(&holidays);
	return r;
}

int catalog_new(struct catalog **out, struct store *store)
{
	struct catalog *c = mem_new(sizeof(*c));
	int rc;

	c->store = store;
	rc = in_force_read(
	    &c->cadence, c->store, "settings/dispositions.json", parse_cadence);
	if (rc == 0)
		rc = load_hours(c);
	if (rc == 0)
		rc = in_force_read(&c->targets, c->store, "tables/targets.json",
		    parse_targets);
	if (rc == 0)
		rc = in_force_read(
		    &c->codes, c->store, "tables/codes.json", parse_table);
	if (rc == 0)
		rc = in_force_read(
		    &c->queues, c->store, "settings/queues.json", parse_table);
	if (rc < 0) {
		catalog_free(&c);
		return rc;
	}
	*out = c;
	return 0;
}

void catalog_free(struct catalog **cp)
{
	struct catalog *c = *cp;

	if (!c)
		return;
	for (size_t i = 0; i < c->count; i++) {
		pathway_free(&c->items[i]->pathway);
		script_free(&c->items[i]->script);
		free(c->items[i]);
	}
	free(c->items);
	triage_free(&c->triage);
	cadence_free(&c->cadence);
	hours_free(&c->hours);
	target_set_free(&c->targets);
	advice_free(&c->advice);
	notetag_free(&c->notetag);
	profile_tables_free(&c->profile);
	json_decref(c->codes);
	json_decref(c->queues);
	free(c);
	*cp = NULL;
}

void catalog_hash(char out[HASH_HEX], const char *text, size_t n)
{
	json_t *root = NULL;
	struct buf words = {0};
	struct hash h;

	out[0] = '\0';
	if (json_load(&root, text, n, CONTENT_TEXT_MAX) == 0) {
		json_canonical(&words, root);
		hash_blake2b256(&h, words.data, words.len);
		hash_hex(out, &h);
	}
	json_decref(root);
	buf_fini(&words);
}

static void parse(struct loaded *l, const char *text, size_t n)
{
	if (strncmp(l->id, "pathways/", 9) == 0) {
		if (pathway_parse(&l->pathway, text, n) < 0)
			l->pathway = NULL;
		return;
	}
	if (script_load(&l->script, text, n, SCRIPT_STRICT, NULL) < 0)
		l->script = NULL;
	catalog_hash(l->hash, text, n);
}

static const struct loaded *find(const struct catalog *c, const char *id)
{
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->items[i]->id, id) == 0)
			return c->items[i];
	return NULL;
}

static const struct loaded *keep(struct catalog *c, const struct loaded *l)
{
	c->items = mem_room(c->items, c->count, sizeof(*c->items));
	c->items[c->count] = mem_dup(l, sizeof(*l));
	return c->items[c->count++];
}

static const struct loaded *load(
    struct catalog *c, const char *folder, const char *id)
{
	struct loaded l = {.id = ""};
	struct buf text = {0};
	const struct loaded *known;

	snprintf(l.id, sizeof(l.id), "%s/%.60s.json", folder, id);
	known = find(c, l.id);
	if (known)
		return known;
	if (in_force_text(&text, c->store, l.id) == 0)
		parse(&l, buf_text(&text), text.len);
	buf_fini(&text);
	return keep(c, &l);
}

/* Of a script that is not in force any more, or not yet. */
static const struct loaded *load_version(
    struct catalog *c, const char *id, const char *version)
{
	const struct loaded *now = load(c, "scripts", id), *known;
	struct loaded l = {.id = ""};
	struct buf text = {0};
	char path[100];

	if (!*version ||
	    (now->script && strcmp(script_version(now->script), version) == 0))
		return now;
	snprintf(path, sizeof(path), "scripts/%.60s.json", id);
	snprintf(l.id, sizeof(l.id), "%.60s@%.32s", id, version);
	known = find(c, l.id);
	if (!known) {
		if (in_force_version(&text, c->store, path, version) == 0)
			parse(&l, buf_text(&text), text.len);
		buf_fini(&text);
		known = keep(c, &l);
	}
	return known->script ? known : load(c, "scripts", id);
}

const struct pathway *catalog_pathway(struct catalog *c, const char *id)
{
	return *id ? load(c, "pathways", id)->pathway : NULL;
}

const struct script *catalog_script(struct catalog *c, const char *id)
{
	return *id ? load(c, "scripts", id)->script : NULL;
}

const struct script *catalog_script_of(
    struct catalog *c, const char *id, const char *version)
{
	return *id ? load_version(c, id, version)->script : NULL;
}

const char *catalog_script_hash(
    struct catalog *c, const char *id, const char *version)
{
	return load_version(c, id, version)->hash;
}

const char *catalog_fact_code(
    void *catalog, const char *script, const char *link)
{
	const struct script *s = catalog_script(catalog, script);
	uint32_t i = s ? script_find(s, link) : SCRIPT_NONE;

	if (i == SCRIPT_NONE)
		return NULL;
	return *script_item(s, i)->code ? script_item(s, i)->code : link;
}

const struct cadence *catalog_cadence(const struct catalog *c)
{
	return c->cadence;
}

const struct hours *catalog_hours(const struct catalog *c)
{
	return c->hours;
}

static int add_rules(void *ctx, const char *path, const char *text, size_t n)
{
	(void)path;
	return triage_add(ctx, text, n);
}

static int add_advice(void *ctx, const char *path, const char *text, size_t n)
{
	(void)path;
	return advice_add(ctx, text, n);
}

/* The four below are read when they are first asked for: the first frame
 * does not wait for them. */
const struct triage *catalog_triage(struct catalog *c)
{
	if (c->triage)
		return c->triage;
	c->triage = triage_new();
	(void)!in_force_each(c->store, "rules/", add_rules, c->triage);
	return c->triage;
}

const struct advice_library *catalog_advice(struct catalog *c)
{
	if (c->advice)
		return c->advice;
	c->advice = advice_new();
	if (in_force_each(c->store, "advice/", add_advice, c->advice) < 0) {
		advice_free(&c->advice);
		c->advice = advice_new();
	}
	return c->advice;
}

const struct notetag *catalog_notetag(struct catalog *c)
{
	if (!c->notetag && in_force_read(&c->notetag, c->store,
			       "tables/notes.json", parse_notetag) < 0)
		c->notetag = NULL;
	return c->notetag;
}

const struct profile_tables *catalog_profile(struct catalog *c)
{
	if (!c->profile)
		c->profile = profile_tables_load(c->store);
	return c->profile;
}

const struct target_set *catalog_targets(const struct catalog *c)
{
	return c->targets;
}

static const json_t *row_of(
    const json_t *root, const char *list, const char *key, const char *value)
{
	const json_t *rows = root ? json_list(root, list) : NULL;

	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		if (strcmp(json_str(row, key, ""), value) == 0)
			return row;
	}
	return NULL;
}

const char *catalog_code_name(const struct catalog *c, const char *code)
{
	const json_t *row = row_of(c->codes, "codes", "code", code);

	return row ? tr_pick(
			 json_str(row, "zh", code), json_str(row, "en", code))
		   : code;
}

/* "150" of a number; an option in words. */
static const char *value_name(
    const struct catalog *c, const char *code, const char *value)
{
	const json_t *row = row_of(c->codes, "codes", "code", code);
	const json_t *option =
	    row ? row_of(row, "options", "code", value) : NULL;

	return option ? tr_pick(json_str(option, "zh", value),
			    json_str(option, "en", value))
		      : value;
}

void catalog_inputs(
    char *out, size_t size, const struct catalog *c, const char *inputs)
{
	char copy[512], *save = NULL;
	size_t n = 0;

	out[0] = '\0';
	text_copy(copy, sizeof(copy), inputs);
	for (char *one = strtok_r(copy, ",", &save); one && n < size;
	     one = strtok_r(NULL, ",", &save)) {
		char *value;
		one += *one == ' ';
		value = strchr(one, ' ');
		if (value)
			*value++ = '\0';
		n += (size_t)snprintf(out + n, size - n, "%s%s %s",
		    n ? "; " : "", catalog_code_name(c, one),
		    value ? value_name(c, one, value) : "");
	}
}

const char *catalog_queue(const struct catalog *c, const char *id)
{
	const json_t *row = row_of(c->queues, "queues", "id", id);
	const json_t *name = row ? json_object_get(row, "name") : NULL;

	return name
		   ? tr_pick(json_str(name, "zh", id), json_str(name, "en", id))
		   : id;
}

int catalog_queues(const char **out, int max, const struct catalog *c)
{
	const json_t *row;
	size_t i;
	int n = 0;

	json_array_foreach (json_list(c->queues, "queues"), i, row)
		if (n < max)
			out[n++] = json_str(row, "id", "");
	return n;
}

const char *catalog_disposition(const struct catalog *c, const char *id)
{
	const struct disposition *d = cadence_find(c->cadence, id);

	return d ? tr_pick(d->name.zh, d->name.en) : id;
}

const char *catalog_pathway_title(struct catalog *c, const char *id)
{
	const struct pathway *p = catalog_pathway(c, id);

	return p ? tr_pick(p->head.title.zh, p->head.title.en) : id;
}

const char *catalog_step_title(
    struct catalog *c, const char *pathway, const char *step)
{
	const struct pathway *p = catalog_pathway(c, pathway);
	const struct pathway_step *s = p ? pathway_step_find(p, step) : NULL;

	if (s)
		return tr_pick(s->title.zh, s->title.en);
	/* A rule's own visit is no step of the pathway. */
	return strcmp(step, "check") == 0 ? _("check-up") : step;
}

int catalog_kpis(struct kpi_set **out, const struct catalog *c)
{
	return in_force_read(out, c->store, "tables/kpi.json", parse_kpis);
}

int catalog_scorecard(struct review_card *out, const struct catalog *c)
{
	return in_force_read(
	    out, c->store, "tables/scorecard.json", parse_card);
}
