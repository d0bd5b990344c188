/* backup.c - writing a backup, a slice at a time. */
#include "sync/backup.h"

#include "core/err.h"
#include "sync/backup_impl.h"
#include "sync/rollback.h"
#include "sync/session_impl.h"
#include "sync/wire_restore.h"

#include <string.h>

enum phase {
	PHASE_HEAD,
	PHASE_RECORDS,
	PHASE_CHECKPOINTS,
	PHASE_SHOWN,
	PHASE_BRANCHES,
	PHASE_WAITING,
	PHASE_END
};

/* A message becomes a block; empty ones never occur. */
static void add(struct buf *out, struct buf *msg)
{
	buf_block(out, msg->data, msg->len);
	buf_clear(msg);
}

static int head(struct buf *out, struct ledger *l, struct backup_cursor *c)
{
	if (l->is_recovering)
		return err_set(ERR_RULE, "the recovery is not closed");
	if (l->seen.size == 0)
		return err_set(ERR_NOT_FOUND, "nothing to back up");
	c->size = l->seen.size;
	buf_str(out, BACKUP_MAGIC);
	buf_add(out, l->cfg.me->org.b, 16);
	buf_u64(out, l->seen.incarnation);
	buf_u64(out, c->size);
	return 1;
}

static int records(struct buf *out, struct ledger *l, struct backup_cursor *c)
{
	struct msg_record m = {.n = 0};
	struct parcel p = {0};
	struct buf msg = {0};
	int r;

	if (c->at >= c->size)
		return 1;
	r = order_leaf(&m.leaf, l, c->at);
	if (r == 0)
		r = parcel_load(&p, l, &m.leaf.seat, m.leaf.seq, NULL);
	if (r == 0) {
		m.give = p.give;
		wire_record(&msg, &m);
		add(out, &msg);
		c->at++;
	}
	parcel_fini(&p);
	buf_fini(&msg);
	return r;
}

static int checkpoints(
    struct buf *out, struct ledger *l, struct backup_cursor *c)
{
	struct stmt *s = store_query(l->cfg.store, Q_CHECKPOINT_AFTER);
	struct buf msg = {0};
	int r;

	stmt_bind_int(s, ":after", (int64_t)c->at);
	stmt_bind_int(s, ":most", (int64_t)c->size);
	if ((r = stmt_step(s)) == 1) {
		const char *note = stmt_text(s, 1);
		c->at = (uint64_t)stmt_int(s, 0);
		wire_checkpoint(
		    &msg, &(struct msg_checkpoint){
			      (const uint8_t *)note, strlen(note), NULL, 0});
		add(out, &msg);
	}
	stmt_reset(s);
	buf_fini(&msg);
	return r < 0 ? r : r == 0;
}

static int shown(struct buf *out, struct ledger *l, struct backup_cursor *c)
{
	struct stmt *s = store_query(l->cfg.store, Q_OLD_CHECKPOINT_ALL);
	struct buf msg = {0}, inc = {0};
	size_t n;
	int r;

	buf_u64(&inc, c->at);
	stmt_bind_blob(s, ":incarnation", inc.data, inc.len);
	stmt_bind_int(s, ":size", (int64_t)c->at2);
	stmt_bind_int(s, ":most", 1);
	if ((r = stmt_step(s)) == 1) {
		const void *blob = stmt_blob(s, 0, &n);
		struct reader in = reader_of(blob, n);
		c->at = reader_u64(&in);
		c->at2 = (uint64_t)stmt_int(s, 1);
		wire_show(&msg, stmt_text(s, 2), strlen(stmt_text(s, 2)));
		add(out, &msg);
	}
	stmt_reset(s);
	buf_fini(&msg);
	buf_fini(&inc);
	return r < 0 ? r : r == 0;
}

/* Columns frame, seals, boxes of a row, from `col`. */
static int row_give(struct msg_give *m, const struct stmt *s, int col)
{
	size_t n;
	const void *boxes;

	m->frame = stmt_blob(s, col, &m->frame_len);
	m->seals = stmt_blob(s, col + 1, &m->seals_len);
	boxes = stmt_blob(s, col + 2, &n);
	return backup_boxes(&m->boxes, m, boxes, n);
}

static int branches(struct buf *out, struct ledger *l, struct backup_cursor *c)
{
	struct stmt *s = store_query(l->cfg.store, Q_FORK_NTH);
	struct msg_give m = {0};
	struct buf msg = {0};
	int r, err = 0;

	stmt_bind_int(s, ":n", (int64_t)c->at++);
	if ((r = stmt_step(s)) == 1 && (err = row_give(&m, s, 0)) == 0) {
		wire_branch(&msg, &m);
		add(out, &msg);
	}
	stmt_reset(s);
	buf_fini(&msg);
	return err < 0 ? err : r < 0 ? r : r == 0;
}

static int read_waiting(struct msg_offer *m, const struct stmt *s)
{
	struct reader in;
	size_t n;
	const void *data = stmt_blob(s, 4, &n);

	m->has_proof = !stmt_is_null(s, 4);
	if (!stmt_is_null(s, 3)) {
		m->incarnation = place_incarnation(stmt_int(s, 3));
		m->pos = place_pos(stmt_int(s, 3));
	}
	in = reader_of(data, n);
	if (m->has_proof && wire_read_leaf(&m->leaf, &in) < 0)
		return ERR_DAMAGED;
	m->size = (uint64_t)stmt_int(s, 5);
	data = stmt_blob(s, 6, &n);
	in = reader_of(data, n);
	if (m->has_proof && merkle_proof_read(&m->path, &in) < 0)
		return ERR_DAMAGED;
	return row_give(&m->give, s, 0);
}

static int waiting(struct buf *out, struct ledger *l, struct backup_cursor *c)
{
	struct stmt *s = store_query(l->cfg.store, Q_SALVAGE_AFTER);
	struct msg_offer m = {.has_proof = 0};
	struct buf msg = {0};
	int r, err = 0;

	stmt_bind_int(s, ":after", (int64_t)c->at);
	if ((r = stmt_step(s)) == 1 && (err = read_waiting(&m, s)) == 0) {
		c->at = (uint64_t)stmt_int(s, 9);
		if (stmt_is_null(s, 3))
			wire_give(&msg, &m.give);
		else
			wire_offer(&msg, &m);
		add(out, &msg);
	}
	stmt_reset(s);
	buf_fini(&msg);
	return err < 0 ? err : r < 0 ? r : r == 0;
}

/* 1: this part is done. */
static int part(struct buf *out, struct ledger *l, struct backup_cursor *c)
{
	switch ((enum phase)c->phase) {
	case PHASE_HEAD:
		return head(out, l, c);
	case PHASE_RECORDS:
		return records(out, l, c);
	case PHASE_CHECKPOINTS:
		return checkpoints(out, l, c);
	case PHASE_SHOWN:
		return shown(out, l, c);
	case PHASE_BRANCHES:
		return branches(out, l, c);
	case PHASE_WAITING:
		return waiting(out, l, c);
	case PHASE_END:
		break;
	}
	return 1;
}

int backup_write(
    struct buf *out, struct ledger *l, struct backup_cursor *c, size_t room)
{
	size_t end = out->len + room;
	int r = 0;

	while (out->len < end && c->phase < PHASE_END) {
		if ((r = part(out, l, c)) < 0)
			return r;
		if (r == 1) {
			c->phase++;
			c->at = c->at2 = 0;
		}
	}
	if (c->phase < PHASE_END)
		return 0;
	buf_block(out, "", 0);
	return 1;
}
