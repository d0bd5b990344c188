/*
 * refold.c - entries into the view in their order: one at a time where they
 * come in order, otherwise the whole stream again. What is held, undone or
 * unreadable has no rows.
 */
#include "core/err.h"
#include "core/mem.h"
#include "core/office.h"
#include "sync/ledger_more.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static bool is_steering(int kind)
{
	return kind >= 0 && kind_info((enum kind)kind)->order == ORDER_STREAM;
}

/* 1 when the query has a row. */
static int is_undone(
    struct ledger *l, const struct id *stream, const struct ref *ref)
{
	struct stmt *s = store_query(l->cfg.store, Q_IS_UNDONE);

	stmt_bind_id(s, ":stream", stream);
	stmt_bind_id(s, ":seat", &ref->seat);
	stmt_bind_int(s, ":seq", (int64_t)ref->seq);
	return stmt_has_row(s);
}

/* Does it take effect? An own entry that the centre has not seen does,
 * provisionally. 1, 0 or an error. */
static int has_effect(
    struct ledger *l, const struct id *stream, const struct stored *e)
{
	int r;

	if (verdict_is_held(e->verdict) && e->verdict != VERDICT_HELD_ERASED) {
		r = office_is_released(l->cfg.store, stream, &e->ref);
		if (r <= 0)
			return r;
	} else if (e->verdict == VERDICT_HELD_ERASED) {
		return 0;
	}
	r = is_undone(l, stream, &e->ref);
	return r < 0 ? r : r == 0;
}

/* The key of a row of entry. */
static void bind_key(
    struct stmt *s, const struct id *stream, const struct stored *e)
{
	stmt_bind_id(s, ":stream", stream);
	stmt_bind_int(s, ":lamport", (int64_t)e->lamport);
	stmt_bind_id(s, ":seat", &e->ref.seat);
	stmt_bind_int(s, ":seq", (int64_t)e->ref.seq);
	stmt_bind_int(s, ":idx", e->ref.index);
}

static int mark(struct ledger *l, const struct id *stream,
    const struct stored *e, bool folded)
{
	struct stmt *s;

	if (e->is_folded == folded)
		return 0;
	s = store_query(l->cfg.store, Q_ENTRY_MARK);
	stmt_bind_int(s, ":folded", folded);
	bind_key(s, stream, e);
	return stmt_run(s);
}

static int apply(struct ledger *l, const struct id *stream,
    const struct stored *e, const json_t *body)
{
	const struct fold_entry f = {(enum kind)e->kind, e->ref, *stream,
	    e->lamport, e->pos, e->at_s, e->verdict == VERDICT_LATE, body};
	int r = fold_apply(l->fold, &f);

	if (id_cmp(stream, &l->roster) == 0)
		ledger_forget_grant(l);
	if (e->kind == KIND_ASSIGNED)
		l->kept.assignments++;
	return r;
}

/* May what b wrote hang on what a wrote before it? In a team's stream kinds
 * whose names begin with another word write other tables (a test sees to it),
 * so that ten thousand assignments that come patient by patient are not
 * folded again for each. */
static bool may_depend(enum kind a, enum kind b)
{
	const struct kind_info *x = kind_info(a), *y = kind_info(b);
	size_t n = strcspn(x->name, ".");

	if (y->order != ORDER_POSITION || y->stream != x->stream)
		return false;
	return x->stream != STREAM_CLASS_TEAM ||
	       (n == strcspn(y->name, ".") && memcmp(x->name, y->name, n) == 0);
}

static int has_later(
    struct ledger *l, const struct id *stream, const struct stored *e)
{
	struct stmt *s;
	int r = 0;

	for (int k = 0; r == 0 && k < KIND_COUNT; k++) {
		if (!may_depend((enum kind)e->kind, (enum kind)k))
			continue;
		s = store_query(l->cfg.store, Q_ENTRY_PLACED_LATER);
		stmt_bind_id(s, ":stream", stream);
		stmt_bind_text(s, ":kind", kind_info((enum kind)k)->name);
		stmt_bind_int(s, ":pos", e->pos);
		r = stmt_has_row(s);
	}
	return r;
}

/* An assignment hangs on those of the same patient alone. */
static int is_assigned_later(struct ledger *l, const struct id *stream,
    const struct stored *e, const json_t *body)
{
	struct stmt *s = store_query(l->cfg.store, Q_ASSIGN_LATER);
	struct id patient;

	if (!id_parse(&patient, json_str(body, "patient", "")))
		return 1;
	stmt_bind_id(s, ":stream", stream);
	stmt_bind_id(s, ":patient", &patient);
	stmt_bind_int(s, ":pos", e->pos);
	return stmt_has_row(s);
}

/* Is something folded already that belongs after e? */
static int is_out_of_order(struct ledger *l, const struct id *stream,
    const struct stored *e, const json_t *body)
{
	struct stmt *s;

	if (kind_info((enum kind)e->kind)->order != ORDER_POSITION) {
		s = store_query(l->cfg.store, Q_ENTRY_MARKED_LATER);
		bind_key(s, stream, e);
		return stmt_has_row(s);
	}
	/* What has no place yet comes last. Of what has one, own entries
	 * without a place follow; and a terminal that lost a tail gets its own
	 * back before what is between. */
	if (e->pos < 0)
		return 0;
	return e->kind == KIND_ASSIGNED ? is_assigned_later(l, stream, e, body)
					: has_later(l, stream, e);
}

/* Records of a patient come one after the other: what the store said of the
 * first is known of the next. */
static bool is_on_top(const struct kept_stream *k, const struct stored *e)
{
	int seats = id_cmp(&e->ref.seat, &k->top.seat);

	if (!k->has_top)
		return false;
	if (e->lamport != k->top_lamport || seats != 0)
		return e->lamport > k->top_lamport ||
		       (e->lamport == k->top_lamport && seats > 0);
	return e->ref.seq > k->top.seq ||
	       (e->ref.seq == k->top.seq && e->ref.index > k->top.index);
}

/* The same questions in one, for what is neither held nor folds by place. */
static int how_by_lamport(
    struct ledger *l, const struct stored *e, const struct id *stream)
{
	struct kept_stream *k = kept_stream(l, stream);
	struct stmt *s;
	bool is_clear = is_on_top(k, e);
	int r = FOLD_ALONE;

	if (!is_clear) {
		s = store_query(l->cfg.store, Q_ENTRY_STANDING);
		bind_key(s, stream, e);
		if ((r = stmt_step(s)) == 1)
			r = stmt_int(s, 0)   ? FOLD_NOT
			    : stmt_int(s, 1) ? FOLD_STREAM
					     : FOLD_ALONE;
		is_clear = r == FOLD_ALONE && !stmt_int(s, 2);
		stmt_reset(s);
	}
	k->has_top = is_clear;
	k->top_lamport = e->lamport;
	k->top = e->ref;
	return r;
}

int ledger_fold_how(struct ledger *l, const struct stored *entry,
    const struct id *stream, const json_t *body)
{
	int r;

	assert(entry->kind >= 0);
	if (is_steering(entry->kind))
		return FOLD_STREAM;
	if (!verdict_is_held(entry->verdict) &&
	    kind_info((enum kind)entry->kind)->order == ORDER_LAMPORT)
		return how_by_lamport(l, entry, stream);
	kept_stream(l, stream)->has_top = false;
	if ((r = has_effect(l, stream, entry)) <= 0)
		return r < 0 ? r : FOLD_NOT;
	if ((r = is_out_of_order(l, stream, entry, body)) < 0)
		return r;
	return r ? FOLD_STREAM : FOLD_ALONE;
}

int ledger_fold_entry(struct ledger *l, enum fold_how how,
    const struct stored *entry, const struct id *stream, const json_t *body)
{
	switch (how) {
	case FOLD_NOT:
		return 0;
	case FOLD_ALONE:
		return apply(l, stream, entry, body);
	case FOLD_STREAM:
		break;
	}
	return ledger_refold(l, stream);
}

/* ---- a whole stream ---- */

struct list {
	struct stored *items;
	size_t n;
	bool by_place;
};

static int read_stream(
    struct ledger *l, struct list *list, const struct id *stream)
{
	struct stmt *s = store_query(l->cfg.store, Q_ENTRY_OF_STREAM);
	enum kind kind;
	int r;

	stmt_bind_id(s, ":stream", stream);
	while ((r = stmt_step(s)) == 1) {
		struct stored e = {.kind = -1};
		stmt_id(&e.ref.seat, s, 0);
		e.ref.seq = (uint64_t)stmt_int(s, 1);
		e.ref.index = (unsigned)stmt_int(s, 2);
		if (kind_find(&kind, stmt_text(s, 3)))
			e.kind = (int)kind;
		e.lamport = (uint64_t)stmt_int(s, 4);
		e.at_s = stmt_int(s, 5);
		e.pos = stmt_is_null(s, 6) ? -1 : stmt_int(s, 6);
		e.verdict = (int)stmt_int(s, 7);
		e.is_folded = stmt_int(s, 8) != 0;
		if (e.kind >= 0 && kind_info(kind)->order == ORDER_POSITION)
			list->by_place = true;
		list->items = mem_room(list->items, list->n, sizeof(e));
		list->items[list->n++] = e;
	}
	return r;
}

static int by_place(const void *a, const void *b)
{
	const struct stored *x = a, *y = b;
	uint64_t px = (uint64_t)x->pos, py = (uint64_t)y->pos; /* -1 last */

	if (px != py)
		return px < py ? -1 : 1;
	if (x->ref.seq != y->ref.seq)
		return x->ref.seq < y->ref.seq ? -1 : 1;
	return x->ref.index < y->ref.index ? -1 : 1;
}

/* Unreadable here (no key, no box) is no error: the row is not ours. */
static int fold_stored(
    struct ledger *l, const struct id *stream, const struct stored *e)
{
	json_t *body = NULL;
	int r = has_effect(l, stream, e);

	if (r <= 0)
		return r < 0 ? r : mark(l, stream, e, false);
	if ((r = ledger_load_record(l, &e->ref.seat, e->ref.seq)) < 0)
		return r;
	r = ledger_read_body(l, &body, &l->loaded, &l->boxes, e->ref.index - 1);
	if (r == 0) {
		r = apply(l, stream, e, body);
		r = r < 0 ? r : mark(l, stream, e, true);
	} else if (ledger_is_unreadable(r)) {
		r = mark(l, stream, e, false);
	}
	json_decref(body);
	return r;
}

static int fold_list(struct ledger *l, const struct id *stream,
    const struct list *list, bool steering)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < list->n; i++)
		if (list->items[i].kind >= 0 &&
		    is_steering(list->items[i].kind) == steering)
			r = fold_stored(l, stream, &list->items[i]);
	return r;
}

/* Folds an emptied stream. Undos and releases first: they say which of the
 * others count. */
static int fold_stream(struct ledger *l, const struct id *stream)
{
	struct list list = {0};
	int r = read_stream(l, &list, stream);

	if (list.by_place)
		qsort(list.items, list.n, sizeof(*list.items), by_place);
	if (r == 0)
		r = fold_list(l, stream, &list, true);
	if (r == 0)
		r = fold_list(l, stream, &list, false);
	free(list.items);
	return r;
}

int ledger_refold(struct ledger *l, const struct id *stream)
{
	int r = fold_forget(l->fold, stream);

	ledger_forget_grant(l);
	return r < 0 ? r : fold_stream(l, stream);
}

/* Entry i of l->rec as it is stored. 1 where it is and has not taken effect. */
static int find_unfolded(struct stored *out, struct ledger *l, uint32_t i)
{
	const struct record_entry *e = &l->rec.entries[i];
	struct stmt *s = store_query(l->cfg.store, Q_ENTRY_GET);
	enum kind kind;
	int r;

	*out = (struct stored){{l->rec.seat, l->rec.seq, i + 1}, -1,
	    l->rec.lamport, l->rec.at_s, -1, 0, false};
	if (kind_find(&kind, e->kind))
		out->kind = (int)kind;
	bind_key(s, &e->stream, out);
	if ((r = stmt_step(s)) == 1) {
		out->verdict = (int)stmt_int(s, 0);
		out->pos = stmt_is_null(s, 1) ? -1 : stmt_int(s, 1);
		out->is_folded = stmt_int(s, 2) != 0;
		r = !out->is_folded;
	}
	stmt_reset(s);
	return r;
}

/* A patient who comes back has all his records here without their boxes: one
 * by one they take effect as if they came for the first time. */
int ledger_fold_box(struct ledger *l, const struct boxes *boxes, uint32_t i)
{
	const struct id *stream = &l->rec.entries[i].stream;
	json_t *body = NULL;
	struct stored e;
	int how, r = find_unfolded(&e, l, i);

	if (r <= 0)
		return r;
	if ((r = ledger_read_body(l, &body, &l->rec, boxes, i)) < 0)
		return ledger_is_unreadable(r) ? 0 : r;
	if ((how = r = ledger_fold_how(l, &e, stream, body)) == FOLD_ALONE)
		r = mark(l, stream, &e, true);
	if (r >= 0)
		r = ledger_fold_entry(l, (enum fold_how)how, &e, stream, body);
	json_decref(body);
	return r;
}

int ledger_keys_arrived(struct ledger *l, const struct id *stream)
{
	struct stmt *s = store_query(l->cfg.store, Q_ENTRY_SEALED);
	int r;

	stmt_bind_id(s, ":stream", stream);
	r = stmt_has_row(s);
	return r == 1 ? ledger_refold(l, stream) : r;
}

static int drop_box(struct ledger *l, const struct ref *ref)
{
	struct buf rest = {0};
	struct stmt *s;
	int r = ledger_load_record(l, &ref->seat, ref->seq);

	if (r < 0)
		return r;
	l->boxes.len[ref->index - 1] = 0;
	boxes_write(&rest, &l->boxes);
	s = store_query(l->cfg.store, Q_RECORD_BOXES);
	stmt_bind_blob(s, ":boxes", rest.data, rest.len);
	stmt_bind_id(s, ":seat", &ref->seat);
	stmt_bind_int(s, ":seq", (int64_t)ref->seq);
	r = stmt_run(s);
	buf_fini(&rest);
	return r;
}

static int drop_boxes(struct ledger *l, struct stmt *which)
{
	struct ledger_refs refs = {0};
	int r = ledger_refs(&refs, which);

	for (size_t i = 0; r == 0 && i < refs.n; i++)
		r = drop_box(l, &refs.items[i]);
	free(refs.items);
	return r;
}

/* Of others, and own ones that a backup of the centre covers. */
static int drop_stream(struct ledger *l, const struct id *stream)
{
	struct stmt *s;
	int64_t backed = 0;
	int r = store_meta_get_int(l->cfg.store, LEDGER_BACKED, 0, &backed);

	if (r < 0)
		return r;
	s = store_query(l->cfg.store, Q_ENTRY_FOREIGN);
	stmt_bind_id(s, ":stream", stream);
	stmt_bind_id(s, ":me", &l->cfg.me->seat);
	stmt_bind_int(s, ":backed", backed);
	return drop_boxes(l, s);
}

int ledger_backed(struct ledger *l, uint64_t size)
{
	struct stmt *s;
	int64_t was = 0;
	int r = store_meta_get_int(l->cfg.store, LEDGER_BACKED, 0, &was);

	if (r == 0)
		r = store_meta_set_int(
		    l->cfg.store, LEDGER_BACKED, (int64_t)size);
	if (r < 0)
		return r;
	s = store_query(l->cfg.store, Q_ENTRY_COVERED);
	stmt_bind_id(s, ":me", &l->cfg.me->seat);
	stmt_bind_int(s, ":from", was);
	stmt_bind_int(s, ":size", (int64_t)size);
	return drop_boxes(l, s);
}

/* What is clear can be read without the patient: a release, as after a
 * rebuild. */
static int fold_clear(struct ledger *l, const struct id *stream)
{
	struct stmt *s = store_query(l->cfg.store, Q_ENTRY_CLEAR);
	int r;

	stmt_bind_id(s, ":stream", stream);
	r = stmt_has_row(s);
	return r == 1 ? fold_stream(l, stream) : r;
}

int ledger_withdraw(struct ledger *l, const struct id *stream)
{
	struct stmt *s;
	int r = ring_drop(l->ring, stream);

	ledger_forget_grant(l);
	if (r < 0 || (r = lease_note(l, stream, false)) < 0 ||
	    (r = fold_forget(l->fold, stream)) < 0)
		return r;
	s = store_query(l->cfg.store, Q_ENTRY_UNFOLD_STREAM);
	stmt_bind_id(s, ":stream", stream);
	r = stmt_run(s);
	if (r < 0 || (r = drop_stream(l, stream)) < 0)
		return r;
	return fold_clear(l, stream);
}

/* ---- the third door ---- */

static int rebuild(struct ledger *l, ledger_progress_fn *progress, void *ctx)
{
	struct stmt_ids streams = {0};
	int r = stmt_ids(&streams, store_query(l->cfg.store, Q_ENTRY_STREAMS));

	if (r == 0)
		r = store_view_reset(l->cfg.store);
	ledger_forget_grant(l);
	if (r == 0)
		r = stmt_run(store_query(l->cfg.store, Q_ENTRY_UNFOLD));
	/* Steering rows of one stream never reach into another, so streams
	 * may be folded in any order. */
	for (size_t i = 0; r == 0 && i < streams.n; i++) {
		r = fold_stream(l, &streams.items[i]);
		if (progress && (i % 100 == 99 || i + 1 == streams.n))
			progress(ctx, i + 1, streams.n);
	}
	if (r == 0)
		r = store_view_filled(l->cfg.store);
	free(streams.items);
	return r;
}

int ledger_rebuild(struct ledger *l, ledger_progress_fn *progress, void *ctx)
{
	int r = ledger_begin(l);

	if (r < 0)
		return r;
	/* Statements compiled against the dropped tables must go. */
	fold_free(&l->fold);
	l->fold = fold_new(l->cfg.store, l->book);
	r = rebuild(l, progress, ctx);
	if (r == 0)
		return ledger_commit(l);
	ledger_rollback(l);
	return r;
}
