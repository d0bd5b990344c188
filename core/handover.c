/*
 * handover.c - reading what a shift leaves.
 */
#include "core/handover.h"

#include "core/store.h"

static void read_row(void *row, const struct stmt *s)
{
	struct handover_row *h = row;

	STMT_COPY(h->ref, s, 0);
	STMT_COPY(h->from, s, 1);
	STMT_COPY(h->to, s, 2);
	h->day = stmt_int(s, 3);
	h->unfinished = (int)stmt_int(s, 4);
	h->promises = (int)stmt_int(s, 5);
	h->alerts = (int)stmt_int(s, 6);
	h->unsent = (int)stmt_int(s, 7);
	h->accepted_s = stmt_int(s, 8);
}

int handover_read(struct handover_row *out, int max, struct store *store,
    const struct id *team, const char *member)
{
	struct stmt *s = store_query(store, Q_HANDOVER_LIST);

	stmt_bind_id(s, ":team", team);
	stmt_bind_text(s, ":member", member);
	stmt_bind_int(s, ":max", max);
	return stmt_rows(out, sizeof(*out), max, s, read_row);
}

static void read_person(void *row, const struct stmt *s)
{
	struct team_person *p = row;

	STMT_COPY(p->member, s, 0);
	STMT_COPY(p->name, s, 1);
	STMT_COPY(p->name_en, s, 2);
}

int handover_people(struct team_person *out, int max, struct store *store,
    const struct id *team, const char *except)
{
	struct stmt *s = store_query(store, Q_TEAM_PEOPLE);

	stmt_bind_id(s, ":team", team);
	stmt_bind_text(s, ":except", except);
	stmt_bind_int(s, ":max", max);
	return stmt_rows(out, sizeof(*out), max, s, read_person);
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
