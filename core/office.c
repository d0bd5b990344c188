/*
 * office.c - reading the lists of the supervisor's office.
 */
#include "core/office.h"

#include "core/err.h"
#include "core/json.h"
#include "core/store.h"

/* ---- members ------------------------------------------------------------- */

static void read_member(void *row, const struct stmt *s)
{
	struct office_member *m = row;

	*m = (struct office_member){
	    .capacity = (int)stmt_int(s, 6),
	    .is_active = stmt_int(s, 7) != 0,
	    .until_s = stmt_int(s, 11),
	    .seats = (int)stmt_int(s, 13),
	    .last_s = stmt_int(s, 14),
	    .cover_until_day = stmt_int(s, 16),
	};
	STMT_COPY(m->member, s, 0);
	STMT_COPY(m->name, s, 1);
	STMT_COPY(m->name_en, s, 2);
	STMT_COPY(m->role, s, 3);
	STMT_COPY(m->team_name, s, 4);
	STMT_COPY(m->team_name_en, s, 5);
	STMT_COPY(m->skills, s, 8);
	STMT_COPY(m->dialects, s, 9);
	STMT_COPY(m->phone, s, 10);
	stmt_id(&m->team, s, 12);
	STMT_COPY(m->covered_by, s, 15);
}

int office_members(
    struct office_member *out, int max, struct store *store, int64_t today)
{
	struct stmt *s = store_query(store, Q_OFFICE_MEMBERS);

	stmt_bind_int(s, ":today", today);
	stmt_bind_int(s, ":max", max);
	return stmt_rows(out, sizeof(*out), max, s, read_member);
}

void office_member_draft(struct draft *draft, const struct office_member *m)
{
	json_t *body = json_object();

	json_put_str(body, "member", m->member);
	json_put_int(body, "capacity", m->capacity);
	json_put_flag(body, "active", m->is_active);
	if (*m->skills)
		json_put_str(body, "skills", m->skills);
	draft_add(draft, KIND_TEAM_MEMBER, &m->team, body);
}

/* ---- complaints ---------------------------------------------------------- */

static void read_complaint(void *row, const struct stmt *s)
{
	struct office_complaint *c = row;

	*c = (struct office_complaint){
	    .at_s = stmt_int(s, 2),
	    .due_day = stmt_int(s, 7),
	    .answered_s = stmt_int(s, 9),
	};
	stmt_id(&c->patient, s, 0);
	STMT_COPY(c->ref, s, 1);
	STMT_COPY(c->by, s, 3);
	STMT_COPY(c->category, s, 4);
	STMT_COPY(c->text, s, 5);
	STMT_COPY(c->owner, s, 6);
	STMT_COPY(c->answer, s, 8);
	STMT_COPY(c->name, s, 10);
	STMT_COPY(c->name_en, s, 11);
}

int office_complaints(struct office_complaint *out, int max,
    struct store *store, bool with_answered)
{
	struct stmt *s = store_query(store, Q_OFFICE_COMPLAINTS);

	stmt_bind_int(s, ":with_answered", with_answered);
	stmt_bind_int(s, ":max", max);
	return stmt_rows(out, sizeof(*out), max, s, read_complaint);
}

void office_answer_draft(
    struct draft *draft, const struct office_complaint *c, const char *text)
{
	json_t *body = json_object();

	json_put_str(body, "complaint", c->ref);
	json_put_str(body, "text", text);
	draft_add(draft, KIND_COMPLAINT_ANSWERED, &c->patient, body);
}

/* ---- held entries -------------------------------------------------------- */

static void read_held(void *row, const struct stmt *s)
{
	struct office_held *h = row;

	*h = (struct office_held){
	    .seq = (uint64_t)stmt_int(s, 2),
	    .index = (int)stmt_int(s, 3),
	    .at_s = stmt_int(s, 5),
	    .verdict = (int)stmt_int(s, 6),
	};
	stmt_id(&h->stream, s, 0);
	stmt_id(&h->seat, s, 1);
	STMT_COPY(h->kind, s, 4);
	STMT_COPY(h->by, s, 7);
	STMT_COPY(h->name, s, 8);
	STMT_COPY(h->name_en, s, 9);
	stmt_hash(&h->record, s, 10);
}

int office_held(struct office_held *out, int max, struct store *store)
{
	struct stmt *s = store_query(store, Q_OFFICE_HELD);

	stmt_bind_int(s, ":max", max);
	return stmt_rows(out, sizeof(*out), max, s, read_held);
}

int office_is_released(
    struct store *store, const struct id *stream, const struct ref *ref)
{
	struct stmt *s = store_query(store, Q_IS_RELEASED);
	char text[REF_TEXT];

	ref_text(text, ref);
	stmt_bind_id(s, ":stream", stream);
	stmt_bind_text(s, ":ref", text);
	return stmt_has_row(s);
}

/* ---- content ------------------------------------------------------------- */

static void read_content(void *row, const struct stmt *s)
{
	struct office_content *c = row;

	*c = (struct office_content){
	    .at_s = stmt_int(s, 7),
	    .parts = (int)stmt_int(s, 8),
	};
	stmt_id(&c->stream, s, 0);
	STMT_COPY(c->kind, s, 1);
	STMT_COPY(c->id, s, 2);
	STMT_COPY(c->version, s, 3);
	STMT_COPY(c->title_zh, s, 4);
	STMT_COPY(c->title_en, s, 5);
	STMT_COPY(c->hash, s, 6);
}

int office_content(struct office_content *out, int max, struct store *store)
{
	struct stmt *s = store_query(store, Q_OFFICE_CONTENT);

	stmt_bind_int(s, ":max", max);
	return stmt_rows(out, sizeof(*out), max, s, read_content);
}

int office_content_versions(struct office_content *out, int max,
    struct store *store, const char *kind, const char *id)
{
	struct stmt *s = store_query(store, Q_CONTENT_VERSIONS);

	stmt_bind_text(s, ":kind", kind);
	stmt_bind_text(s, ":id", id);
	stmt_bind_int(s, ":max", max);
	return stmt_rows(out, sizeof(*out), max, s, read_content);
}

int office_content_text(
    struct buf *out, struct store *store, const struct office_content *c)
{
	struct stmt *s = store_query(store, Q_CONTENT_PARTS);
	int n = 0, rc;

	stmt_bind_id(s, ":stream", &c->stream);
	stmt_bind_text(s, ":version", c->version);
	while ((rc = stmt_step(s)) == 1) {
		buf_str(out, stmt_text(s, 0));
		n++;
	}
	if (rc < 0)
		return rc;
	return n == c->parts ? 0 : err_set(ERR_TRUNCATED, "%s", c->id);
}
