/*
 * promises.c - reading open promises.
 */
#include "core/promises.h"

#include "core/store.h"

static void read_row(void *row, const struct stmt *s)
{
	struct promise_row *r = row;

	stmt_id(&r->patient, s, 0);
	STMT_COPY(r->ref, s, 1);
	r->due_s = stmt_int(s, 2);
	STMT_COPY(r->name, s, 3);
	STMT_COPY(r->name_en, s, 4);
	STMT_COPY(r->note, s, 5);
	STMT_COPY(r->who, s, 6);
}

int promises_read(
    struct promise_row *out, int max, struct store *store, const char *member)
{
	struct stmt *s = store_query(store, Q_CALLBACK_LIST);

	stmt_bind_text(s, ":member", member);
	stmt_bind_int(s, ":max", max);
	return stmt_rows(out, sizeof(*out), max, s, read_row);
}
