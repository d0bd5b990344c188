/* audit_source.c - records and boxes of a store, one after the other. */
#include <stdlib.h>
#include <string.h>

#include "core/err.h"
#include "core/id.h"
#include "core/mem.h"
#include "keys/statement.h"
#include "sync/audit_impl.h"
#include "sync/ledger.h"

static int read_keys(
    struct audit_keys *out, const struct audit *audit, const struct id *seat)
{
	struct stmt *s = store_query(ledger_store(audit->ledger), Q_SEAT_KEYS);
	struct hash sign, dh;
	int r;

	stmt_bind_id(s, ":roster", ledger_roster(audit->ledger));
	stmt_bind_id(s, ":seat", seat);
	if ((r = stmt_step(s)) == 1) {
		r = 0;
		if (!hash_parse(&sign, stmt_text(s, 0)) ||
		    !hash_parse(&dh, stmt_text(s, 1)))
			r = ERR_DAMAGED;
		memcpy(out->sign_pk, sign.b, SIGN_PUBLIC);
		memcpy(out->dh_pk, dh.b, DH_KEY);
	} else if (r == 0) {
		r = ERR_NOT_PERMITTED;
	}
	stmt_reset(s);
	return r;
}

/* The node that was here before a restore. */
static int read_old_node(
    struct audit_keys *out, const struct audit *audit, const struct id *seat)
{
	struct statement node;
	int r = ledger_old_node(&node, audit->ledger, seat);

	if (r < 0)
		return r == ERR_NOT_FOUND ? ERR_NOT_PERMITTED : r;
	memcpy(out->sign_pk, node.sign_pk, SIGN_PUBLIC);
	memcpy(out->dh_pk, node.dh_pk, DH_KEY);
	return 0;
}

int audit_keys_load(
    struct audit_keys *keys, const struct audit *audit, const struct id *seat)
{
	const struct ledger_cfg *cfg = ledger_cfg(audit->ledger);
	struct audit_keys found;
	struct id made;
	int r = 0;

	if (id_cmp(&keys->seat, seat) == 0)
		return 0;
	memset(&found, 0, sizeof(found));
	if (id_cmp(seat, &cfg->node.seat) == 0) {
		memcpy(found.sign_pk, cfg->node.sign_pk, SIGN_PUBLIC);
		memcpy(found.dh_pk, audit->node_dh_pk, DH_KEY);
	} else {
		r = read_keys(&found, audit, seat);
	}
	if (r == ERR_NOT_PERMITTED)
		r = read_old_node(&found, audit, seat);
	if (r < 0)
		return err_set(r, "no key for this seat");
	identity_seat(&made, &cfg->me->org, found.sign_pk, found.dh_pk);
	if (id_cmp(&made, seat) != 0)
		return err_set(ERR_SIGNATURE, "the seat has other keys");
	found.seat = *seat;
	*keys = found;
	return 0;
}

/* One pass over the store. */
struct pass {
	struct audit *audit;
	struct audit_keys keys;
	struct record *record;
	struct boxes boxes;
	int (*visit)(void *visitor, const struct export_item *item);
	void *visitor;
};

/* Columns of a query's rows; -1 where it has none. */
struct columns {
	enum query_id query;
	int frame;
	int boxes;
};

static int visit_row(
    struct pass *p, const struct columns *c, const struct stmt *s)
{
	struct export_item item = {.record = p->record,
	    .sign_pk = p->keys.sign_pk,
	    .dh_pk = p->keys.dh_pk,
	    .is_branch = c->boxes < 0};
	size_t n;
	const void *data = stmt_blob(s, c->frame, &n);
	int r = record_read(p->record, data, n);

	if (r == 0)
		r = audit_keys_load(&p->keys, p->audit, &p->record->seat);
	if (r == 0 && c->boxes >= 0) {
		data = stmt_blob(s, c->boxes, &n);
		r = boxes_read(&p->boxes, p->record->count, data, n);
		item.boxes = &p->boxes;
	}
	return r < 0 ? r : p->visit(p->visitor, &item);
}

static int visit_forks(struct pass *p, const struct columns *c)
{
	struct stmt *s = store_query(ledger_store(p->audit->ledger), c->query);
	int r;

	while ((r = stmt_step(s)) == 1)
		if ((r = visit_row(p, c, s)) != 0)
			break;
	stmt_reset(s);
	return r;
}

/* The next page after *at and *seq, which move on; *n rows. */
static int visit_page(struct pass *p, const struct columns *c, struct id *at,
    int64_t *seq, int *n)
{
	struct stmt *s = store_query(ledger_store(p->audit->ledger), c->query);
	int r;

	stmt_bind_id(s, ":seat", at);
	stmt_bind_int(s, ":seq", *seq);
	stmt_bind_int(s, ":most", AUDIT_PAGE);
	for (*n = 0; (r = stmt_step(s)) == 1; ++*n) {
		stmt_id(at, s, 0);
		*seq = stmt_int(s, 1);
		if ((r = visit_row(p, c, s)) != 0)
			break;
	}
	stmt_reset(s);
	return r;
}

static int visit_records(struct pass *p, const struct columns *c)
{
	struct id at = {{0}};
	int64_t seq = 0;
	int r, n;

	do {
		r = visit_page(p, c, &at, &seq, &n);
		if (r == 0 && n == AUDIT_PAGE)
			r = audit_breathe(p->audit);
	} while (r == 0 && n == AUDIT_PAGE);
	return r;
}

static int each(void *ctx,
    int (*visit)(void *visitor, const struct export_item *item), void *visitor)
{
	static const struct columns records = {Q_RECORD_ALL, 6, 7};
	static const struct columns forks = {Q_FORK_ALL, 3, -1};
	struct pass *p = mem_new(sizeof(*p));
	int r;

	p->audit = ctx;
	p->record = mem_new(sizeof(*p->record));
	p->visit = visit;
	p->visitor = visitor;
	r = visit_records(p, &records);
	if (r == 0)
		r = visit_forks(p, &forks);
	free(p->record);
	free(p);
	return r;
}

struct export_source audit_source(struct audit *audit)
{
	return (struct export_source){each, audit};
}
