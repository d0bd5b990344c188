/*
 * prove.c - a first sync in bulk: records whose place the centre's signed
 * order proves are folded at once, and their authors' signatures checked
 * later - before anything of the patient is opened or said, or when idle. A
 * signature that fails then is evidence against the centre, which must never
 * have given that record a place.
 */
#include "core/err.h"
#include "sync/alarm.h"
#include "sync/ledger_more.h"

#include <stdlib.h>
#include <string.h>

/* Who somebody is, whose list they are on and that they must not be called
 * is never taken on the centre's word. */
static bool is_urgent(enum kind kind)
{
	return kind_info(kind)->stream != STREAM_CLASS_PATIENT ||
	       kind == KIND_PATIENT_REGISTERED || kind == KIND_CONSENT_SET ||
	       kind == KIND_PATIENT_LINKED;
}

bool prove_may_wait(const struct ledger *l, const struct record *r)
{
	enum kind kind;

	if (l->is_node || l->is_distrustful ||
	    id_cmp(&r->seat, &l->cfg.me->seat) == 0)
		return false;
	for (uint32_t i = 0; i < r->count; i++)
		if (r->entries[i].mode == MODE_CLEAR ||
		    !kind_find(&kind, r->entries[i].kind) || is_urgent(kind))
			return false;
	return true;
}

static int set_proved(
    struct ledger *l, const struct record *r, const struct sha1 *name)
{
	struct stmt *s = store_query(l->cfg.store, Q_RECORD_PROVED);

	stmt_bind_blob(s, ":sha1", name->b, sizeof(name->b));
	stmt_bind_id(s, ":seat", &r->seat);
	stmt_bind_int(s, ":seq", (int64_t)r->seq);
	return stmt_run(s);
}

int prove_later(struct ledger *l, const struct record *r)
{
	int err = 0;

	for (uint32_t i = 0; err == 0 && i < r->count; i++) {
		const struct id *stream = &r->entries[i].stream;
		struct stmt *s;
		if (l->has_unproved && id_cmp(stream, &l->last_unproved) == 0)
			continue;
		s = store_query(l->cfg.store, Q_UNPROVED_PUT);
		stmt_bind_id(s, ":stream", stream);
		err = stmt_run(s);
		l->has_unproved = true;
		l->last_unproved = *stream;
	}
	return err;
}

/* 1 with the first patient of whom something is unproved. */
static int next(struct ledger *l, struct id *out)
{
	struct stmt *s = store_query(l->cfg.store, Q_UNPROVED_NEXT);
	int r = stmt_step(s);

	if (r == 1)
		stmt_id(out, s, 0);
	stmt_reset(s);
	return r;
}

int prove_load(struct ledger *l)
{
	int64_t distrust = 0;
	struct id any;
	int r = next(l, &any);

	memset(&l->last_unproved, 0, sizeof(l->last_unproved));
	if (r < 0)
		return r;
	l->has_unproved = r == 1;
	r = store_meta_get_int(l->cfg.store, "feed.distrust", 0, &distrust);
	l->is_distrustful = distrust != 0;
	return r < 0 ? r : lease_load(l);
}

bool ledger_has_unproved(const struct ledger *ledger)
{
	return ledger->has_unproved;
}

/* ---- a signature that does not hold ---- */

int prove_distrust(struct ledger *l)
{
	struct store *store = l->cfg.store;
	int r = store_meta_set_int(store, "feed.distrust", 1);

	if (r == 0)
		r = store_meta_set_int(store, "feed.n", 0);
	l->is_distrustful = true;
	l->cursor.is_dirty = false;
	l->rollbacks++;
	return r;
}

int prove_evidence(struct ledger *l, const struct incoming *in)
{
	struct store *store = l->cfg.store;
	const struct alarm alarm = {.code = ERR_UNPROVED,
	    .at_s = env_now_s(l->cfg.env),
	    .detail = "a record without its author's signature",
	    .message = in->frame,
	    .len = in->frame_len};
	int r = alarm_keep(store, &alarm);

	if (r == 0)
		r = prove_distrust(l);
	return r < 0 ? r : err_set(ERR_UNPROVED, "%s", alarm.detail);
}

static int drop_entry(struct ledger *l, const struct record *r, uint32_t i)
{
	struct stmt *s = store_query(l->cfg.store, Q_ENTRY_DROP);

	stmt_bind_id(s, ":stream", &r->entries[i].stream);
	stmt_bind_int(s, ":lamport", (int64_t)r->lamport);
	stmt_bind_id(s, ":seat", &r->seat);
	stmt_bind_int(s, ":seq", (int64_t)r->seq);
	stmt_bind_int(s, ":idx", i + 1);
	return stmt_run(s);
}

/* l->rec goes as if it had never come; its streams are folded again. */
static int expel(struct ledger *l)
{
	struct stmt *s = store_query(l->cfg.store, Q_RECORD_DROP);
	int r;

	stmt_bind_id(s, ":seat", &l->rec.seat);
	stmt_bind_int(s, ":seq", (int64_t)l->rec.seq);
	r = stmt_run(s);
	for (uint32_t i = 0; r == 0 && i < l->rec.count; i++)
		r = drop_entry(l, &l->rec, i);
	l->loaded.seq = 0;
	for (uint32_t i = 0; r == 0 && i < l->rec.count; i++)
		r = ledger_refold(l, &l->rec.entries[i].stream);
	return r;
}

/* ---- checking what had waited ---- */

/* The stored frame of a record; the caller's, and l->rec read from it. */
static int check_one(struct ledger *l, const struct ref *ref)
{
	struct seat_grant grant;
	struct commit_name name;
	struct buf frame = {0};
	struct incoming in = {0};
	int r = ledger_load_raw(&frame, NULL, l, ref);

	if (r == 0)
		r = record_read(&l->rec, frame.data, frame.len);
	if (r == 0)
		r = ledger_load_grant(l, &ref->seat, &grant);
	if (r == 0)
		r = commit_check(&name, &l->rec, grant.sign_pk, &l->scratch);
	if (r == 0) {
		r = set_proved(l, &l->rec, &name.git);
	} else if (r == ERR_SIGNATURE || r == ERR_NOT_PERMITTED) {
		in.frame = frame.data;
		in.frame_len = frame.len;
		r = expel(l);
		if (r == 0)
			r = prove_evidence(l, &in);
	}
	buf_fini(&frame);
	return r;
}

/* Records of the patient until `most` are done in all; ERR_UNPROVED when one
 * did not hold, and then all the same the others are done. */
static int prove(
    struct ledger *l, const struct id *stream, size_t *done, size_t most)
{
	struct ledger_refs refs = {0};
	struct stmt *s = store_query(l->cfg.store, Q_UNPROVED_RECORDS);
	bool is_whole;
	int r, bad = 0;

	stmt_bind_id(s, ":stream", stream);
	r = ledger_refs(&refs, s);
	is_whole = refs.n < most - *done;
	for (size_t i = 0; r == 0 && i < refs.n && *done < most; i++) {
		r = check_one(l, &refs.items[i]);
		++*done;
		if (r == ERR_UNPROVED) {
			bad = r;
			r = 0;
		}
	}
	free(refs.items);
	if (r < 0 || !is_whole)
		return r < 0 ? r : bad;
	++*done; /* an empty patient costs something too */
	memset(&l->last_unproved, 0, sizeof(l->last_unproved));
	s = store_query(l->cfg.store, Q_UNPROVED_DROP);
	stmt_bind_id(s, ":stream", stream);
	r = stmt_run(s);
	return r < 0 ? r : bad;
}

static int is_unproved(struct ledger *l, const struct id *stream)
{
	struct stmt *s;

	if (!l->has_unproved)
		return 0;
	s = store_query(l->cfg.store, Q_UNPROVED_HAS);
	stmt_bind_id(s, ":stream", stream);
	return stmt_has_row(s);
}

/* What was found out stays, also that a record is bad. */
static int end(struct ledger *l, bool was_open, int r)
{
	int c = 0;

	if (r < 0 && r != ERR_UNPROVED) {
		if (!was_open)
			ledger_rollback(l);
		return r;
	}
	if (!was_open)
		c = ledger_commit(l);
	return c < 0 ? c : r;
}

int ledger_prove(struct ledger *l, const struct id *stream)
{
	bool was_open = l->in_txn;
	size_t done = 0;
	int r = is_unproved(l, stream);

	if (r <= 0)
		return r;
	if ((r = ledger_begin(l)) < 0)
		return r;
	return end(l, was_open, prove(l, stream, &done, SIZE_MAX));
}

int ledger_prove_some(struct ledger *l, int most)
{
	bool was_open = l->in_txn;
	size_t done = 0;
	struct id stream;
	int r, more = 0;

	if (!l->has_unproved)
		return 0;
	if ((r = ledger_begin(l)) < 0)
		return r;
	while (r == 0 && done < (size_t)most && (more = next(l, &stream)) == 1)
		r = prove(l, &stream, &done, (size_t)most);
	if (r == 0 && more == 0)
		l->has_unproved = false;
	r = end(l, was_open, r < 0 ? r : more < 0 ? more : 0);
	return r < 0 ? r : more;
}

int ledger_prove_briefly(struct ledger *l, int most)
{
	int r = ledger_begin(l), c = 0;

	if (r == 0)
		r = ledger_prove_some(l, most);
	if (r >= 0)
		c = ledger_commit_later(l);
	else if (r == ERR_UNPROVED)
		c = ledger_commit(l);
	else
		ledger_rollback(l);
	return c < 0 ? c : r;
}
