/*
 * catalog.c - content by id, parsed at first use.
 */
#include "tui/catalog.h"

#include "core/asset.h"
#include "core/mem.h"
#include "core/pathway.h"
#include "core/tr.h"
#include "core/triage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct loaded {
	char id[64];
	struct pathway *pathway; /* NULL: known to be absent */
};

struct catalog {
	struct loaded *pathways;
	size_t pathway_count;
	struct triage *triage;
};

int catalog_new(struct catalog **out)
{
	struct catalog *c = mem_new(sizeof(*c));
	int rc = triage_load(&c->triage);

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
	for (size_t i = 0; i < c->pathway_count; i++)
		pathway_free(&c->pathways[i].pathway);
	free(c->pathways);
	triage_free(&c->triage);
	free(c);
	*cp = NULL;
}

static struct pathway *load_pathway(const char *id)
{
	struct pathway *p = NULL;
	const struct asset *a;
	char path[100];

	snprintf(path, sizeof(path), "pathways/%.63s.json", id);
	a = asset_find(path);
	if (!a || pathway_parse(&p, a->data, a->len) < 0)
		return NULL;
	return p;
}

const struct pathway *catalog_pathway(struct catalog *c, const char *id)
{
	struct loaded l = {.id = ""};

	if (!*id || strlen(id) >= sizeof(l.id))
		return NULL;
	for (size_t i = 0; i < c->pathway_count; i++)
		if (strcmp(c->pathways[i].id, id) == 0)
			return c->pathways[i].pathway;
	strcpy(l.id, id);
	l.pathway = load_pathway(id);
	c->pathways = mem_grow(c->pathways, c->pathway_count + 1, sizeof(l));
	c->pathways[c->pathway_count++] = l;
	return l.pathway;
}

const struct triage *catalog_triage(const struct catalog *c)
{
	return c->triage;
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

	return s ? tr_pick(s->title.zh, s->title.en) : step;
}
