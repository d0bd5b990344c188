/* erase.c - keys destroyed, boxes, seals, drafts and rows deleted. */
#include "sync/erase.h"

#include "core/err.h"
#include "keys/seal.h"
#include "sync/feed.h"
#include "sync/ledger_more.h"

#include <stdlib.h>
#include <string.h>

static struct stmt *about(
    struct ledger *l, enum query_id id, const struct id *stream)
{
	struct stmt *s = store_query(l->cfg.store, id);

	stmt_bind_id(s, ":stream", stream);
	return s;
}

int erase_load(struct ledger *l)
{
	int r = stmt_has_row(store_query(l->cfg.store, Q_ERASED_ANY));

	l->has_erased = r == 1;
	return r < 0 ? r : 0;
}

int erase_is_done(struct ledger *l, const struct id *stream)
{
	return l->has_erased ? stmt_has_row(about(l, Q_ERASED_HERE, stream))
			     : 0;
}

bool erase_is_asked(const struct record *record)
{
	enum kind kind;

	for (uint32_t i = 0; i < record->count; i++)
		if (kind_find(&kind, record->entries[i].kind) &&
		    (kind == KIND_ERASURE_REQUESTED ||
			kind == KIND_ERASURE_APPROVED))
			return true;
	return false;
}

int erase_strip(
    struct ledger *l, const struct record *record, struct boxes *boxes)
{
	int r = 0, any = 0;

	for (uint32_t i = 0; l->has_erased && r >= 0 && i < record->count;
	     i++) {
		if (record->entries[i].mode == MODE_CLEAR || boxes->len[i] == 0)
			continue;
		r = erase_is_done(l, &record->entries[i].stream);
		if (r == 1) {
			boxes->len[i] = 0;
			any = 1;
		}
	}
	return r < 0 ? r : any;
}

static int keep_seals(struct buf *out, struct ledger *l,
    const struct record *record, struct reader in)
{
	int r = 0;

	while (r >= 0 && reader_left(&in) > 0) {
		uint8_t i = reader_u8(&in);
		const uint8_t *sealed = reader_bytes(&in, KEY_SEAL);
		if (!sealed || i >= record->count)
			break;
		r = erase_is_done(l, &record->entries[i].stream);
		if (r != 0)
			continue;
		buf_u8(out, i);
		buf_add(out, sealed, KEY_SEAL);
	}
	return r < 0 ? r : 0;
}

int erase_sift(struct incoming *in, struct buf *seals, struct ledger *l)
{
	int r;

	if (!l->has_erased)
		return 0;
	l->stripped = *in->boxes;
	in->boxes = &l->stripped;
	if ((r = erase_strip(l, &l->rec, &l->stripped)) < 0)
		return r;
	r = keep_seals(seals, l, &l->rec, reader_of(in->seals, in->seals_len));
	in->seals = seals->data;
	in->seals_len = seals->len;
	return r;
}

/* ---- one stream ---- */

/* What of l->loaded with l->boxes and these seals may stay; then nothing is
 * loaded any more. */
static void leave(struct buf *boxes, struct buf *kept, struct ledger *l,
    const struct id *stream, struct reader seals)
{
	for (uint32_t i = 0; i < l->loaded.count; i++)
		if (l->loaded.entries[i].mode != MODE_CLEAR &&
		    id_cmp(&l->loaded.entries[i].stream, stream) == 0)
			l->boxes.len[i] = 0;
	boxes_write(boxes, &l->boxes);
	while (reader_left(&seals) > 0) {
		uint8_t i = reader_u8(&seals);
		const uint8_t *sealed = reader_bytes(&seals, KEY_SEAL);
		if (!sealed || i >= l->loaded.count)
			break;
		if (id_cmp(&l->loaded.entries[i].stream, stream) == 0)
			continue;
		buf_u8(kept, i);
		buf_add(kept, sealed, KEY_SEAL);
	}
	l->loaded.seq = 0;
}

/* Seals where the column allows none. */
static void bind_left(
    struct stmt *s, const struct buf *boxes, const struct buf *seals)
{
	stmt_bind_blob(s, ":boxes", boxes->data, boxes->len);
	if (seals->len)
		stmt_bind_blob(s, ":seals", seals->data, seals->len);
}

static int empty_record(
    struct ledger *l, const struct id *stream, const struct ref *ref)
{
	struct buf boxes = {0}, seals = {0}, kept = {0};
	struct stmt *s;
	int r = ledger_load_record(l, &ref->seat, ref->seq);

	if (r < 0 || (r = ledger_load_raw(NULL, &seals, l, ref)) < 0)
		goto out;
	leave(&boxes, &kept, l, stream, reader_of(seals.data, seals.len));
	s = store_query(l->cfg.store, Q_RECORD_EMPTY);
	bind_left(s, &boxes, &kept);
	stmt_bind_id(s, ":seat", &ref->seat);
	stmt_bind_int(s, ":seq", (int64_t)ref->seq);
	r = stmt_run(s);
out:
	buf_fini(&boxes);
	buf_fini(&seals);
	buf_fini(&kept);
	return r;
}

/* ---- beside the log ---- */

/* Records that are kept without being in the log: where they lie, and how
 * one of them is emptied. Columns frame, seals, boxes, then its name. */
struct beside {
	enum query_id about, empty;
};

static const struct beside besides[] = {
    {Q_FORK_ABOUT, Q_FORK_EMPTY},       /* branches */
    {Q_SALVAGE_ABOUT, Q_SALVAGE_EMPTY}, /* what waits for a place */
};

static int read_beside(struct ledger *l, const struct stmt *s)
{
	size_t n, len;
	const void *frame = stmt_blob(s, 0, &n), *boxes;
	int r = record_read(&l->loaded, frame, n);

	boxes = stmt_blob(s, 2, &len);
	memset(&l->boxes, 0, sizeof(l->boxes));
	l->boxes.count = l->loaded.count;
	if (r == 0 && len > 0)
		r = boxes_read(&l->boxes, l->loaded.count, boxes, len);
	return r < 0 ? err_set(ERR_DAMAGED, "a kept record") : 0;
}

/* The nth one about the stream: 1 when there was one. */
static int empty_beside(struct ledger *l, const struct beside *where,
    const struct id *stream, int64_t nth)
{
	struct stmt *s = about(l, where->about, stream), *empty;
	struct buf boxes = {0}, seals = {0};
	struct hash name = {{0}};
	size_t n;
	int r, err = 0;

	stmt_bind_int(s, ":nth", nth);
	if ((r = stmt_step(s)) == 1 && (err = read_beside(l, s)) == 0) {
		const void *data = stmt_blob(s, 1, &n);
		leave(&boxes, &seals, l, stream, reader_of(data, n));
		stmt_hash(&name, s, 3);
	}
	stmt_reset(s);
	l->loaded.seq = 0;
	if (r == 1 && err == 0) {
		empty = store_query(l->cfg.store, where->empty);
		bind_left(empty, &boxes, &seals);
		stmt_bind_hash(empty, ":hash", &name);
		err = stmt_run(empty);
	}
	buf_fini(&boxes);
	buf_fini(&seals);
	return err < 0 ? err : r;
}

static int empty_besides(struct ledger *l, const struct id *stream)
{
	int64_t nth;
	int r = 0;

	for (size_t i = 0; r >= 0 && i < ARRAY_LEN(besides); i++)
		for (nth = 0, r = 1; r == 1; nth++)
			r = empty_beside(l, &besides[i], stream, nth);
	return r;
}

/* Whatever was being typed about the patient. */
static int drop_drafts(struct ledger *l, const struct id *stream)
{
	struct stmt *s = store_query(l->cfg.store, Q_SHELF_FORGET);
	char hex[ID_HEX];

	id_hex(hex, stream);
	stmt_bind_text(s, ":part", hex);
	return stmt_run(s);
}

static int drop_rows(struct ledger *l, const struct id *stream)
{
	static const enum query_id queries[] = {Q_ENTRY_UNFOLD_STREAM,
	    Q_UNPROVED_DROP, Q_DIRECTORY_FORGET, Q_EVIDENCE_EMPTY,
	    Q_ERASED_PUT};
	int r;

	/* By the identifiers, numbers and name that the view still has. */
	r = stmt_run(about(l, Q_QUARANTINE_FORGET, stream));
	if (r == 0)
		r = fold_forget(l->fold, stream);
	ledger_forget_grant(l);
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(queries); i++)
		r = stmt_run(about(l, queries[i], stream));
	return r < 0 ? r : drop_drafts(l, stream);
}

static int erase(struct ledger *l, const struct id *stream)
{
	struct ledger_refs refs = {0};
	int r = ring_drop(l->ring, stream);

	if (r == 0)
		r = ledger_refs(
		    &refs, about(l, Q_ENTRY_SEALED_RECORDS, stream));
	for (size_t i = 0; r == 0 && i < refs.n; i++)
		r = empty_record(l, stream, &refs.items[i]);
	free(refs.items);
	if (r == 0)
		r = empty_besides(l, stream);
	if (r == 0)
		r = drop_rows(l, stream);
	l->has_erased = true;
	l->owes_scrub = true;
	/* The keys are gone: nobody gets new ones, everybody is told. */
	return r < 0 || !l->is_node ? r : feed_refresh(l, stream);
}

int erase_note(struct ledger *l, const struct id *stream)
{
	int r = erase_is_done(l, stream);

	return r == 0 ? erase(l, stream) : r < 0 ? r : 0;
}

int erase_follow(struct ledger *l)
{
	struct stmt_ids due = {0};
	int r = stmt_ids(&due, store_query(l->cfg.store, Q_ERASE_DUE));

	for (size_t i = 0; r == 0 && i < due.n; i++)
		r = erase(l, &due.items[i]);
	free(due.items);
	return r;
}
