/* content_replay.c - patients and contacts out of a store into a replay. */
#include "sync/content_replay.h"

#include "core/casefile.h"
#include "core/history.h"
#include "core/id.h"
#include "core/mem.h"
#include "core/script.h"
#include "core/store.h"
#include "core/text.h"

#include <stdlib.h>
#include <string.h>

#define CONTACTS_MAX 2000
#define SCRIPTS_MAX 200
#define FACTS_MAX 100000

struct replaying {
	const struct content_replay *cfg;
	struct replay_total *total;
	struct store *store;
	struct content_world worlds[2];
	struct script *scripts[SCRIPTS_MAX];
	size_t n_scripts;
	const struct id *patient;
};

/* Which fact an answer was: the code of its question, else its linkId. */
static const char *code_of(void *ctx, const char *script, const char *link)
{
	const struct replaying *r = ctx;

	for (size_t i = 0; i < r->n_scripts; i++) {
		const struct script_item *item;
		uint32_t k;

		if (strcmp(script_id(r->scripts[i]), script))
			continue;
		k = script_find(r->scripts[i], link);
		if (k == SCRIPT_NONE)
			return NULL;
		item = script_item(r->scripts[i], k);
		return *item->code ? item->code : item->link;
	}
	return NULL;
}

static void load_scripts(struct replaying *r)
{
	const struct content_files *files = r->cfg->was;

	for (size_t i = 0; i < files->n && r->n_scripts < SCRIPTS_MAX; i++) {
		const struct content_file *f = files->at + i;

		if (content_is_in(f, "scripts/") &&
		    script_load(&r->scripts[r->n_scripts], f->text, f->n,
			SCRIPT_STRICT, NULL) == 0)
			r->n_scripts++;
	}
}

static void forward(void *ctx, enum replay_kind kind, int64_t at_s,
    const char *was, const char *now)
{
	const struct replaying *r = ctx;

	if (r->cfg->tell)
		r->cfg->tell(r->cfg->ctx, r->patient, kind, at_s,
		    (const char *const[2]){was, now});
}

static void forward_decision(
    void *ctx, const struct replay_contact *c, const char *was, const char *now)
{
	const struct replaying *r = ctx;

	if (r->cfg->decided)
		r->cfg->decided(r->cfg->ctx, r->patient, c,
		    (const char *const[2]){was, now});
}

static int read_contacts(
    struct replay_contact *out, size_t *n, struct replaying *r)
{
	struct stmt *s = store_query(r->store, Q_REPLAY_CONTACTS);
	int rc;

	*n = 0;
	stmt_bind_id(s, ":stream", r->patient);
	while ((rc = stmt_step(s)) == 1) {
		struct replay_contact *c = out + *n;

		if (*n == CONTACTS_MAX) {
			stmt_reset(s);
			return 0;
		}
		*c = (struct replay_contact){.at_s = stmt_int(s, 0),
		    .anchor_day = stmt_int(s, 3),
		    .started_s = stmt_int(s, 4)};
		text_copy(c->pathway, sizeof(c->pathway), stmt_text(s, 1));
		text_copy(c->step, sizeof(c->step), stmt_text(s, 2));
		++*n;
	}
	return rc;
}

static int replay_one(struct replaying *r, struct replay_contact *contacts)
{
	const struct content_world *const worlds[2] = {
	    &r->worlds[0], &r->worlds[1]};
	struct history_codes codes = {code_of, r, FACTS_MAX};
	struct replay_listener listener = {forward, r, forward_decision};
	struct casefile *file = NULL;
	struct facts facts = {0};
	struct replay_patient p = {&facts, contacts, 0, r->cfg->zone_s, NULL};
	int rc = read_contacts(contacts, &p.n, r);

	if (rc == 0 && p.n)
		rc = casefile_load(&file, r->store, r->patient);
	p.file = file;
	if (rc == 0 && p.n)
		rc = history_facts(&facts, r->store, r->patient, &codes);
	if (rc == 0)
		replay_run(r->total, worlds, &p, &listener);
	facts_fini(&facts);
	casefile_free(&file);
	return rc;
}

static int replay_all(struct replaying *r)
{
	struct replay_contact *contacts =
	    mem_array(CONTACTS_MAX, sizeof(*contacts));
	struct stmt *s = store_query(r->store, Q_REPLAY_PATIENTS);
	struct id patient;
	int rc;

	r->patient = &patient;
	while ((rc = stmt_step(s)) == 1) {
		if (!stmt_id(&patient, s, 0))
			continue;
		rc = replay_one(r, contacts);
		if (rc < 0) {
			stmt_reset(s);
			break;
		}
	}
	free(contacts);
	return rc;
}

int content_replay_run(struct replay_total *total, struct store *store,
    const struct content_replay *cfg)
{
	struct replaying *r = mem_new(sizeof(*r));
	int rc;

	r->cfg = cfg;
	r->total = total;
	r->store = store;
	rc = content_world_load(&r->worlds[0], cfg->was, NULL);
	if (rc == 0)
		rc = content_world_load(&r->worlds[1], cfg->now, NULL);
	if (rc == 0) {
		load_scripts(r);
		rc = replay_all(r);
	}
	for (size_t i = 0; i < r->n_scripts; i++)
		script_free(&r->scripts[i]);
	for (size_t i = 0; i < 2; i++)
		content_world_fini(&r->worlds[i]);
	free(r);
	return rc;
}
