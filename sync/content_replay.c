/* content_replay.c - patients and contacts out of a store into a replay. */
#include "sync/content_replay.h"

#include "core/id.h"
#include "core/mem.h"
#include "core/store.h"
#include "core/text.h"
#include "sync/content_patient.h"

#include <stdlib.h>

#define CONTACTS_MAX 2000

struct replaying {
	const struct content_replay *cfg;
	struct replay_total *total;
	struct store *store;
	struct content_world worlds[2];
	struct content_reader *reader;
	struct replay_contact *contacts;
	const struct id *patient;
};

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

static int replay_one(void *ctx, const struct id *patient)
{
	struct replaying *r = ctx;
	const struct content_world *const worlds[2] = {
	    &r->worlds[0], &r->worlds[1]};
	struct replay_listener listener = {forward, r, forward_decision};
	struct content_patient known = {.file = NULL};
	struct replay_patient p = {
	    &known.facts, r->contacts, 0, r->cfg->zone_s, NULL};
	int rc;

	r->patient = patient;
	rc = read_contacts(r->contacts, &p.n, r);
	if (rc == 0 && p.n)
		rc = content_patient_read(&known, r->reader, r->store, patient);
	p.file = known.file;
	if (rc == 0)
		replay_run(r->total, worlds, &p, &listener);
	content_patient_fini(&known);
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
	r->contacts = mem_array(CONTACTS_MAX, sizeof(*r->contacts));
	r->reader = content_reader_new(cfg->was);
	rc = content_world_load(&r->worlds[0], cfg->was, NULL);
	if (rc == 0)
		rc = content_world_load(&r->worlds[1], cfg->now, NULL);
	if (rc == 0)
		rc = content_patients_each(
		    store_query(store, Q_REPLAY_PATIENTS), replay_one, r);
	content_reader_free(&r->reader);
	for (size_t i = 0; i < 2; i++)
		content_world_fini(&r->worlds[i]);
	free(r->contacts);
	free(r);
	return rc;
}
