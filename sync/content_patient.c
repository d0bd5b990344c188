/* content_patient.c - reading patients for a replay or a comparison. */
#include "sync/content_patient.h"

#include "core/history.h"
#include "core/mem.h"
#include "core/script.h"
#include "core/store.h"

#include <stdlib.h>
#include <string.h>

#define SCRIPTS_MAX 200
#define FACTS_MAX 100000

struct content_reader {
	struct script *scripts[SCRIPTS_MAX];
	size_t n;
};

struct content_reader *content_reader_new(const struct content_files *files)
{
	struct content_reader *r = mem_new(sizeof(*r));

	for (size_t i = 0; i < files->n && r->n < SCRIPTS_MAX; i++) {
		const struct content_file *f = files->at + i;

		if (content_is_in(f, "scripts/") &&
		    script_load(&r->scripts[r->n], f->text, f->n, SCRIPT_STRICT,
			NULL) == 0)
			r->n++;
	}
	return r;
}

void content_reader_free(struct content_reader **reader)
{
	struct content_reader *r = *reader;

	for (size_t i = 0; r && i < r->n; i++)
		script_free(&r->scripts[i]);
	free(r);
	*reader = NULL;
}

/* Which fact an answer was: the code of its question, else its linkId. */
static const char *code_of(void *ctx, const char *script, const char *link)
{
	const struct content_reader *r = ctx;

	for (size_t i = 0; i < r->n; i++) {
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

int content_patient_read(struct content_patient *out,
    struct content_reader *reader, struct store *store, const struct id *id)
{
	struct history_codes codes = {code_of, reader, FACTS_MAX};
	struct content_patient p = {.file = NULL};
	int r = casefile_load(&p.file, store, id);

	if (r == 0)
		r = history_facts(&p.facts, store, id, &codes);
	if (r == 0)
		*out = p;
	else
		content_patient_fini(&p);
	return r;
}

void content_patient_fini(struct content_patient *p)
{
	facts_fini(&p->facts);
	casefile_free(&p->file);
}

int content_patients_each(struct stmt *query,
    int (*use)(void *ctx, const struct id *patient), void *ctx)
{
	struct id patient;
	int r;

	while ((r = stmt_step(query)) == 1) {
		if (stmt_id(&patient, query, 0))
			r = use(ctx, &patient);
		if (r < 0)
			break;
	}
	stmt_reset(query);
	return r < 0 ? r : 0;
}
