/*
 * promises.c - reading open promises.
 */
#include "core/promises.h"

#include "core/store.h"
#include "core/text.h"

#define COPY(to, s, col) text_copy(to, sizeof(to), stmt_text(s, col))

int promises_read(
    struct promise_row *out, int max, struct store *store, const char *member)
{
	struct stmt *s = store_query(store, Q_CALLBACK_LIST);
	int n = 0, rc;

	stmt_bind_text(s, ":member", member);
	stmt_bind_int(s, ":max", max);
	while ((rc = stmt_step(s)) == 1 && n < max) {
		struct promise_row *r = &out[n++];
		stmt_id(&r->patient, s, 0);
		COPY(r->ref, s, 1);
		r->due_s = stmt_int(s, 2);
		COPY(r->name, s, 3);
		COPY(r->name_en, s, 4);
		COPY(r->note, s, 5);
		COPY(r->who, s, 6);
	}
	stmt_reset(s);
	return rc < 0 ? rc : n;
}
