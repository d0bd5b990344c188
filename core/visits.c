/*
 * visits.c - reading appointments and visits.
 */
#include "core/visits.h"

#include "core/store.h"
#include "core/text.h"

#include <string.h>

int visits_read(struct visit_row *out, int max, struct store *store,
    const struct id *patient)
{
	struct stmt *s = store_query(store, Q_VISIT_LIST);
	int n = 0, rc;

	stmt_bind_id(s, ":stream", patient);
	stmt_bind_int(s, ":max", max);
	while ((rc = stmt_step(s)) == 1 && n < max) {
		struct visit_row *v = &out[n++];
		v->is_appointment = strcmp(stmt_text(s, 0), "visit") != 0;
		text_copy(v->ref, sizeof(v->ref), stmt_text(s, 1));
		v->at_s = stmt_int(s, 2);
		text_copy(
		    v->department, sizeof(v->department), stmt_text(s, 3));
		text_copy(v->state, sizeof(v->state), stmt_text(s, 4));
		text_copy(v->note, sizeof(v->note), stmt_text(s, 5));
	}
	stmt_reset(s);
	return rc < 0 ? rc : n;
}
