/*
 * signed.c - reading signed entries.
 */
#include "core/signed.h"

#include "core/store.h"
#include "core/text.h"

static void read_entry(void *row, const struct stmt *s)
{
	struct signed_entry *e = row;

	*e = (struct signed_entry){
	    .at_s = stmt_int(s, 0),
	    .seq = (uint64_t)stmt_int(s, 3),
	    .index = (int)stmt_int(s, 4),
	    .pos = stmt_int(s, 5),
	    .verdict = (int)stmt_int(s, 6),
	    .is_received = stmt_int(s, 9) != 0,
	    .lamport = (uint64_t)stmt_int(s, 10),
	};
	e->is_known = kind_find(&e->kind, stmt_text(s, 1));
	stmt_id(&e->seat, s, 2);
	stmt_hash(&e->record, s, 7);
	text_copy(e->member, sizeof(e->member), stmt_text(s, 8));
	stmt_id(&e->stream, s, 11);
}

int signed_read(struct signed_entry *out, int max, struct store *store,
    const struct id *stream, const struct signed_entry *before)
{
	struct stmt *s = store_query(store, Q_CASE_AUDIT);
	static const struct id none;

	stmt_bind_id(s, ":stream", stream);
	stmt_bind_int(
	    s, ":lamport", before ? (int64_t)before->lamport : INT53_MAX);
	stmt_bind_id(s, ":seat", before ? &before->seat : &none);
	stmt_bind_int(s, ":seq", before ? (int64_t)before->seq : 0);
	stmt_bind_int(s, ":idx", before ? before->index : 0);
	stmt_bind_int(s, ":max", max);
	return stmt_rows(out, sizeof(*out), max, s, read_entry);
}

int signed_day(struct signed_entry *out, int max, struct store *store,
    const struct id *seat, int64_t from_s)
{
	struct stmt *s = store_query(store, Q_DAY_ENTRIES);

	stmt_bind_id(s, ":seat", seat);
	stmt_bind_int(s, ":from_s", from_s);
	stmt_bind_int(s, ":max", max);
	return stmt_rows(out, sizeof(*out), max, s, read_entry);
}

static void read_move(void *row, const struct stmt *s)
{
	struct signed_move *m = row;

	*m = (struct signed_move){
	    .seq = (uint64_t)stmt_int(s, 0), .index = (int)stmt_int(s, 1)};
	STMT_COPY(m->from, s, 2);
	STMT_COPY(m->to, s, 3);
	STMT_COPY(m->name, s, 4);
	STMT_COPY(m->name_en, s, 5);
}

int signed_moves(struct signed_move *out, int max, struct store *store,
    const struct id *seat, int64_t from_s)
{
	struct stmt *s = store_query(store, Q_DAY_MOVES);

	stmt_bind_id(s, ":seat", seat);
	stmt_bind_int(s, ":from_s", from_s);
	stmt_bind_int(s, ":max", max);
	return stmt_rows(out, sizeof(*out), max, s, read_move);
}
