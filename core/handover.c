/*
 * handover.c - reading what a shift leaves.
 */
#include "core/handover.h"

#include "core/store.h"
#include "core/text.h"

#define COPY(to, s, col) text_copy(to, sizeof(to), stmt_text(s, col))

int handover_read(struct handover_row *out, int max, struct store *store,
    const struct id *team, const char *member)
{
	struct stmt *s = store_query(store, Q_HANDOVER_LIST);
	int n = 0, rc;

	stmt_bind_id(s, ":team", team);
	stmt_bind_text(s, ":member", member);
	stmt_bind_int(s, ":max", max);
	while ((rc = stmt_step(s)) == 1 && n < max) {
		struct handover_row *h = &out[n++];
		COPY(h->ref, s, 0);
		COPY(h->from, s, 1);
		COPY(h->to, s, 2);
		h->day = stmt_int(s, 3);
		h->unfinished = (int)stmt_int(s, 4);
		h->promises = (int)stmt_int(s, 5);
		h->alerts = (int)stmt_int(s, 6);
		h->unsent = (int)stmt_int(s, 7);
		h->accepted_s = stmt_int(s, 8);
	}
	stmt_reset(s);
	return rc < 0 ? rc : n;
}

int handover_people(struct team_person *out, int max, struct store *store,
    const struct id *team, const char *except)
{
	struct stmt *s = store_query(store, Q_TEAM_PEOPLE);
	int n = 0, rc;

	stmt_bind_id(s, ":team", team);
	stmt_bind_text(s, ":except", except);
	stmt_bind_int(s, ":max", max);
	while ((rc = stmt_step(s)) == 1 && n < max) {
		COPY(out[n].member, s, 0);
		COPY(out[n].name, s, 1);
		COPY(out[n].name_en, s, 2);
		n++;
	}
	stmt_reset(s);
	return rc < 0 ? rc : n;
}

int handover_alerts(int *out, struct store *store, const char *member)
{
	struct stmt *s = store_query(store, Q_ALERTS_RAISED_BY);
	int rc;

	stmt_bind_text(s, ":member", member);
	rc = stmt_step(s);
	if (rc == 1)
		*out = (int)stmt_int(s, 0);
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}
