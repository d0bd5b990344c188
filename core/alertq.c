/*
 * alertq.c - reading the alert queue.
 */
#include "core/alertq.h"

#include "core/store.h"
#include "core/text.h"

#include <string.h>

#define COPY(to, s, col) text_copy(to, sizeof(to), stmt_text(s, col))

static enum alert_state state_of(const struct stmt *s)
{
	if (stmt_int(s, 13))
		return ALERT_WITHDRAWN;
	if (stmt_int(s, 12))
		return ALERT_CLOSED;
	if (stmt_int(s, 11))
		return ALERT_VERIFIED;
	if (stmt_int(s, 10))
		return ALERT_HANDLED;
	if (stmt_int(s, 9))
		return ALERT_ACKED;
	return stmt_int(s, 26) == 0 ? ALERT_UNDELIVERED : ALERT_OPEN;
}

static void read_times(struct alert_row *r, const struct stmt *s)
{
	r->at_s = stmt_int(s, 7);
	r->due_s = r->at_s + stmt_int(s, 8);
	r->acked_s = stmt_int(s, 9);
	r->handled_s = stmt_int(s, 10);
	r->told_s = stmt_int(s, 15);
	r->escalated_s = stmt_int(s, 17);
	r->state = state_of(s);
	r->late = stmt_int(s, 27) != 0;
	r->ended_s = stmt_int(s, 28);
}

static void read_row(struct alert_row *r, const struct stmt *s)
{
	stmt_id(&r->patient, s, 0);
	COPY(r->ref, s, 1);
	COPY(r->no, s, 2);
	COPY(r->level, s, 3);
	COPY(r->text_zh, s, 4);
	COPY(r->text_en, s, 5);
	COPY(r->queue, s, 6);
	COPY(r->owner, s, 14);
	COPY(r->told_who, s, 16);
	COPY(r->name, s, 18);
	COPY(r->name_en, s, 19);
	COPY(r->instruction_zh, s, 20);
	COPY(r->instruction_en, s, 21);
	COPY(r->value, s, 22);
	COPY(r->by, s, 23);
	COPY(r->rule, s, 24);
	COPY(r->version, s, 25);
	read_times(r, s);
}

int alertq_read(struct alert_row *out, int max, struct store *store,
    const struct alert_filter *filter)
{
	struct stmt *s = store_query(store, Q_ALERT_QUEUE);
	int n = 0, rc;

	if (filter->patient)
		stmt_bind_id(s, ":patient", filter->patient);
	else
		stmt_bind_null(s, ":patient");
	stmt_bind_text(s, ":owner", filter->owner);
	stmt_bind_int(s, ":all", filter->with_closed || filter->ended_s);
	if (filter->ended_s)
		stmt_bind_int(s, ":ended_s", filter->ended_s);
	else
		stmt_bind_null(s, ":ended_s");
	stmt_bind_int(s, ":max", max);
	while ((rc = stmt_step(s)) == 1 && n < max) {
		memset(&out[n], 0, sizeof(out[n]));
		read_row(&out[n++], s);
	}
	stmt_reset(s);
	return rc < 0 ? rc : n;
}

int alertq_steps(struct alert_step *out, int max, struct store *store,
    const struct alert_row *alert)
{
	struct stmt *s = store_query(store, Q_ALERT_STEPS);
	int n = 0, rc;

	stmt_bind_id(s, ":stream", &alert->patient);
	stmt_bind_text(s, ":alert", alert->ref);
	while ((rc = stmt_step(s)) == 1 && n < max) {
		out[n].at_s = stmt_int(s, 0);
		COPY(out[n].what, s, 1);
		COPY(out[n].text, s, 2);
		COPY(out[n].member, s, 3);
		n++;
	}
	stmt_reset(s);
	return rc < 0 ? rc : n;
}
