/* gap.c - holes in a seat's log at a restored centre. */
#include "core/err.h"
#include "sync/ledger_impl.h"
#include "sync/salvage.h"

/* 1, 0 or an error; *name is its name. */
static int has_record(
    struct ledger *l, const struct id *seat, uint64_t seq, struct hash *name)
{
	struct stmt *s = store_query(l->cfg.store, Q_RECORD_GET);
	int r;

	stmt_bind_id(s, ":seat", seat);
	stmt_bind_int(s, ":seq", (int64_t)seq);
	if ((r = stmt_step(s)) == 1)
		stmt_hash(name, s, 0);
	stmt_reset(s);
	return r;
}

int gap_fits(struct ledger *l, const struct record *r, const struct hash *name)
{
	struct hash before;
	int err = has_record(l, &r->seat, r->seq - 1, &before);

	if (err < 0)
		return err;
	if (err == 1 && hash_cmp(&before, &r->prev) != 0)
		return err_set(ERR_CHAIN, "another record is before it");
	err = ledger_load_record(l, &r->seat, r->seq + 1);
	if (err == ERR_NOT_FOUND)
		return 0;
	if (err == 0 && hash_cmp(&l->loaded.prev, name) != 0)
		err = err_set(ERR_CHAIN, "the next one names another");
	return err;
}

static int newest(struct ledger *l, enum query_id id, const struct id *seat,
    uint64_t below, uint64_t *out)
{
	struct stmt *s = store_query(l->cfg.store, id);
	int r;

	*out = 0;
	stmt_bind_id(s, ":seat", seat);
	if (below)
		stmt_bind_int(s, ":seq", (int64_t)below);
	if ((r = stmt_step(s)) == 1 && !stmt_is_null(s, 0))
		*out = (uint64_t)stmt_int(s, 0);
	stmt_reset(s);
	return r;
}

static int put(struct ledger *l, const struct id *seat, uint64_t head)
{
	struct stmt *s = store_query(l->cfg.store, Q_GAP_PUT);

	stmt_bind_id(s, ":seat", seat);
	stmt_bind_int(s, ":head", (int64_t)head);
	return stmt_run(s);
}

static int drop(struct ledger *l, const struct id *seat)
{
	struct stmt *s = store_query(l->cfg.store, Q_GAP_DROP);

	stmt_bind_id(s, ":seat", seat);
	return stmt_run(s);
}

/* The first hole may have closed: the head moves to the next one. */
static int advance(struct ledger *l, const struct id *seat, uint64_t head)
{
	struct hash name;
	uint64_t last;
	int r = 1;

	while (r == 1)
		if ((r = has_record(l, seat, head + 1, &name)) == 1)
			head++;
	if (r == 0)
		r = newest(l, Q_RECORD_NEWEST, seat, 0, &last);
	if (r < 0)
		return r;
	return head == last ? drop(l, seat) : put(l, seat, head);
}

int gap_note(struct ledger *l, const struct record *r)
{
	struct hash name;
	uint64_t head;
	int err = newest(l, Q_GAP_GET, &r->seat, 0, &head);

	if (err < 0)
		return err;
	if (err == 1)
		return r->seq == head + 1 ? advance(l, &r->seat, head) : 0;
	if (r->seq == 1)
		return 0;
	if ((err = has_record(l, &r->seat, r->seq - 1, &name)) != 0)
		return err < 0 ? err : 0;
	err = newest(l, Q_RECORD_BEFORE, &r->seat, r->seq, &head);
	return err < 0 ? err : put(l, &r->seat, head);
}
