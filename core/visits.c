/*
 * visits.c - reading appointments and visits.
 */
#include "core/visits.h"

#include "core/store.h"

#include <string.h>

static void read_row(void *row, const struct stmt *s)
{
	struct visit_row *v = row;

	v->is_appointment = strcmp(stmt_text(s, 0), "visit") != 0;
	STMT_COPY(v->ref, s, 1);
	v->at_s = stmt_int(s, 2);
	STMT_COPY(v->department, s, 3);
	STMT_COPY(v->state, s, 4);
	STMT_COPY(v->note, s, 5);
}

int visits_read(struct visit_row *out, int max, struct store *store,
    const struct id *patient)
{
	struct stmt *s = store_query(store, Q_VISIT_LIST);

	stmt_bind_id(s, ":stream", patient);
	stmt_bind_int(s, ":max", max);
	return stmt_rows(out, sizeof(*out), max, s, read_row);
}
