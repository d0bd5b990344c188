/*
 * alertq.c - reading the alert queue.
 */
#include "core/alertq.h"

#include "core/store.h"
#include "core/text.h"

#include <string.h>
#include <strings.h>

static enum alert_state state_of(const struct stmt *s)
{
	if (stmt_int(s, 12))
		return ALERT_CLOSED;
	if (stmt_int(s, 13))
		return ALERT_WITHDRAWN;
	if (stmt_int(s, 11))
		return ALERT_VERIFIED;
	if (stmt_int(s, 10))
		return ALERT_HANDLED;
	if (stmt_int(s, 9) && !stmt_int(s, 29))
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
	r->forwarded_s = stmt_int(s, 29);
	r->corrected_s = stmt_int(s, 34);
}

static void read_row(void *row, const struct stmt *s)
{
	struct alert_row *r = row;

	memset(r, 0, sizeof(*r));
	stmt_id(&r->patient, s, 0);
	STMT_COPY(r->ref, s, 1);
	STMT_COPY(r->no, s, 2);
	STMT_COPY(r->level, s, 3);
	STMT_COPY(r->text_zh, s, 4);
	STMT_COPY(r->text_en, s, 5);
	STMT_COPY(r->queue, s, 6);
	STMT_COPY(r->owner, s, 14);
	STMT_COPY(r->told_who, s, 16);
	STMT_COPY(r->name, s, 18);
	STMT_COPY(r->name_en, s, 19);
	STMT_COPY(r->instruction_zh, s, 20);
	STMT_COPY(r->instruction_en, s, 21);
	STMT_COPY(r->value, s, 22);
	STMT_COPY(r->by, s, 23);
	STMT_COPY(r->rule, s, 24);
	STMT_COPY(r->version, s, 25);
	STMT_COPY(r->owner_name, s, 30);
	STMT_COPY(r->owner_name_en, s, 31);
	STMT_COPY(r->initials, s, 32);
	STMT_COPY(r->pinyin, s, 33);
	read_times(r, s);
}

int alertq_read(struct alert_row *out, int max, struct store *store,
    const struct alert_filter *filter)
{
	struct stmt *s = store_query(store, Q_ALERT_QUEUE);

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
	return stmt_rows(out, sizeof(*out), max, s, read_row);
}

int alertq_day(struct alert_day *out, struct store *store, const char *owner,
    int64_t from_s)
{
	struct stmt *s = store_query(store, Q_ALERT_DAY);
	int rc;

	stmt_bind_int(s, ":from_s", from_s);
	stmt_bind_text(s, ":owner", owner);
	rc = stmt_step(s);
	if (rc == 1)
		*out = (struct alert_day){
		    (int)stmt_int(s, 0), (int)stmt_int(s, 1), stmt_int(s, 2)};
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

static void read_step(void *row, const struct stmt *s)
{
	struct alert_step *step = row;

	step->at_s = stmt_int(s, 0);
	STMT_COPY(step->what, s, 1);
	STMT_COPY(step->text, s, 2);
	STMT_COPY(step->member, s, 3);
	STMT_COPY(step->whom, s, 4);
	STMT_COPY(step->whom_name, s, 5);
	STMT_COPY(step->whom_name_en, s, 6);
	STMT_COPY(step->whom_phone, s, 7);
	step->is_received = stmt_int(s, 8) != 0;
}

int alertq_steps(struct alert_step *out, int max, struct store *store,
    const struct alert_row *alert)
{
	struct stmt *s = store_query(store, Q_ALERT_STEPS);

	stmt_bind_id(s, ":stream", &alert->patient);
	stmt_bind_text(s, ":alert", alert->ref);
	return stmt_rows(out, sizeof(*out), max, s, read_step);
}

static void read_taker(void *row, const struct stmt *s)
{
	struct alert_taker *t = row;

	STMT_COPY(t->member, s, 0);
	STMT_COPY(t->name, s, 1);
	STMT_COPY(t->name_en, s, 2);
	STMT_COPY(t->queues, s, 3);
}

int alertq_takers(struct alert_taker *out, int max, struct store *store,
    const struct alert_row *alert)
{
	struct stmt *s = store_query(store, Q_ALERT_TAKERS);

	stmt_bind_text(s, ":member", alert->owner);
	stmt_bind_id(s, ":patient", &alert->patient);
	stmt_bind_int(s, ":max", max);
	return stmt_rows(out, sizeof(*out), max, s, read_taker);
}

static bool begins(const char *text, const char *head)
{
	return strncasecmp(text, head, strlen(head)) == 0;
}

bool alertq_matches(
    const struct alert_row *row, const char *queue_name, const char *typed)
{
	const char *const parts[] = {row->name, row->name_en, row->no,
	    row->text_zh, row->text_en, row->owner, row->owner_name,
	    row->owner_name_en, queue_name};

	if (!*typed || begins(row->initials, typed) ||
	    begins(row->pinyin, typed))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (text_has(parts[i], typed))
			return true;
	return false;
}
