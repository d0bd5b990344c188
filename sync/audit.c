/* audit.c - checks everything that a store keeps of the log. */
#include "sync/audit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/err.h"
#include "core/id.h"
#include "core/mem.h"
#include "core/tr.h"
#include "sync/audit_impl.h"
#include "sync/chain.h"
#include "sync/checkpoint.h"
#include "sync/ledger.h"
#include "sync/merkle_edge.h"

#define NAME 80

struct auditor {
	const struct audit *audit;
	struct audit_report report;
	export_fault_fn *fault;
	void *ctx;
	uint64_t faults;
	struct audit_keys keys;
	struct chain_head head; /* of the seat of keys */
	bool has_keys;
	struct record *record;
	struct buf scratch;
};

static void report_fault(
    struct auditor *a, const char *name, int code, const char *why)
{
	a->faults++;
	if (a->fault)
		a->fault(a->ctx, name, code, why);
}

static void row_name(char out[NAME], const struct id *seat, int64_t seq)
{
	id_hex(out, seat);
	snprintf(out + ID_HEX - 1, NAME - ID_HEX + 1, "-%" PRId64, seq);
}

/* Another seat begins: its keys, and its chain from nothing. */
static int turn_to_seat(struct auditor *a, const struct id *seat)
{
	int r;

	if (a->report.seats && id_cmp(seat, &a->keys.seat) == 0)
		return a->has_keys ? 0 : ERR_NOT_PERMITTED;
	memset(&a->keys, 0, sizeof(a->keys));
	memset(&a->head, 0, sizeof(a->head));
	a->report.seats++;
	r = audit_keys_load(&a->keys, a->audit, seat);
	a->has_keys = r == 0;
	a->keys.seat = *seat;
	return r;
}

/* A restored centre knows of the records that nobody brought back. */
static bool has_hole(const struct auditor *a, const struct id *seat)
{
	struct stmt *s = store_query(ledger_store(a->audit->ledger), Q_GAP_GET);
	bool there;

	stmt_bind_id(s, ":seat", seat);
	there = stmt_step(s) == 1;
	stmt_reset(s);
	return there;
}

/* The node's log and one's own have no gaps; copies of others may. */
static bool may_have_gaps(const struct auditor *a, const struct id *seat)
{
	const struct ledger *l = a->audit->ledger;

	return ledger_is_node(l) ? has_hole(a, seat)
				 : id_cmp(seat, &ledger_cfg(l)->me->seat) != 0;
}

static void check_boxes(
    struct auditor *a, const char *name, const struct stmt *s)
{
	struct boxes boxes;
	size_t n;
	const void *data = stmt_blob(s, 7, &n);
	int r = boxes_read(&boxes, a->record->count, data, n);

	if (r < 0) {
		report_fault(a, name, r, err_told());
		return;
	}
	for (uint32_t i = 0; i < boxes.count; i++) {
		if (boxes.len[i] == 0)
			a->report.withheld++;
		else if (record_box_check(&a->record->entries[i], boxes.at[i],
			     boxes.len[i]) == 0)
			a->report.boxes++;
		else
			report_fault(a, name, ERR_DAMAGED, "box");
	}
}

/* Whether the row is filed under what its frame says. */
static const char *check_filing(const struct auditor *a, const struct stmt *s)
{
	const struct record *r = a->record;
	struct id seat;
	struct hash hash;
	size_t n;
	const void *sha1 = stmt_blob(s, 3, &n);

	if (!stmt_id(&seat, s, 0) || id_cmp(&seat, &r->seat) != 0 ||
	    stmt_int(s, 1) != (int64_t)r->seq)
		return _("filed under another place");
	if (!stmt_hash(&hash, s, 2) ||
	    hash_cmp(&hash, &a->head.name.hash) != 0 ||
	    n != sizeof(a->head.name.git.b) ||
	    memcmp(sha1, a->head.name.git.b, n) != 0)
		return _("filed under another name");
	return NULL;
}

/* Every check of one row; the reason when one fails. */
static int check_row(struct auditor *a, const struct stmt *s, const char **why)
{
	size_t n;
	const void *frame = stmt_blob(s, 6, &n);
	struct record *r = a->record;
	struct id seat = {{0}};
	int err;

	*why = NULL;
	stmt_id(&seat, s, 0);
	if ((err = turn_to_seat(a, &seat)) < 0 ||
	    (err = record_read(r, frame, n)) < 0)
		return err;
	if (r->seq > a->head.seq + 1 && may_have_gaps(a, &r->seat)) {
		a->head.seq = r->seq - 1;
		a->head.name.hash = r->prev;
		a->head.name.git = r->parent;
	}
	err = chain_step(&a->head, r, a->keys.sign_pk, &a->scratch);
	if (err < 0)
		return err;
	*why = check_filing(a, s);
	return *why ? ERR_CHAIN : 0;
}

/* One bad record is one fault: the next is measured by what the row says. */
static void go_on(struct auditor *a, const struct stmt *s)
{
	size_t n;
	const void *sha1 = stmt_blob(s, 3, &n);

	a->head.seq = (uint64_t)stmt_int(s, 1);
	stmt_hash(&a->head.name.hash, s, 2);
	if (n == sizeof(a->head.name.git.b))
		memcpy(a->head.name.git.b, sha1, n);
}

int audit_breathe(const struct audit *audit)
{
	return audit->breathe ? audit->breathe(audit->ctx) : 0;
}

/* The next page after *seat and *seq, which move on; 1 when it was full. */
static int check_page(struct auditor *a, struct id *at, int64_t *seq)
{
	struct stmt *s =
	    store_query(ledger_store(a->audit->ledger), Q_RECORD_ALL);
	char name[NAME];
	const char *why;
	int r, n = 0;

	stmt_bind_id(s, ":seat", at);
	stmt_bind_int(s, ":seq", *seq);
	stmt_bind_int(s, ":most", AUDIT_PAGE);
	while ((r = stmt_step(s)) == 1) {
		struct id seat = {{0}};
		int err;
		stmt_id(&seat, s, 0);
		*at = seat;
		*seq = stmt_int(s, 1);
		n++;
		row_name(name, &seat, stmt_int(s, 1));
		err = check_row(a, s, &why);
		a->report.records++;
		if (err < 0)
			report_fault(a, name, err, why ? why : err_told());
		else
			check_boxes(a, name, s);
		go_on(a, s);
	}
	stmt_reset(s);
	return r < 0 ? r : n == AUDIT_PAGE;
}

static int check_records(struct auditor *a)
{
	struct id at = {{0}};
	int64_t seq = 0;
	int r;

	while ((r = check_page(a, &at, &seq)) == 1)
		if ((r = audit_breathe(a->audit)) < 0)
			return r;
	return r;
}

static int count_forks(struct auditor *a)
{
	struct stmt *s =
	    store_query(ledger_store(a->audit->ledger), Q_FORK_ALL);
	int r;

	while ((r = stmt_step(s)) == 1)
		a->report.forks++;
	stmt_reset(s);
	return r;
}

struct order_check {
	struct merkle_edge edge;
	struct checkpoint newest;
	uint64_t size;
	int64_t node_s;
	bool is_complete; /* the node's own order: no place missing */
};

/* Reads the newest checkpoint and checks its signature. */
static int load_checkpoint(struct auditor *a, struct order_check *o)
{
	const struct ledger_cfg *cfg = ledger_cfg(a->audit->ledger);
	struct stmt *s = store_query(cfg->store, Q_CHECKPOINT_LAST);
	int r = stmt_step(s);

	if (r == 1) {
		const char *note = stmt_text(s, 5);
		r = checkpoint_open(
		    &o->newest, note, strlen(note), cfg->node.check_pk);
		if (r < 0)
			report_fault(a, "checkpoint", r, err_told());
		else if (o->newest.tree.size != (uint64_t)stmt_int(s, 0))
			report_fault(a, "checkpoint", ERR_CHECK,
			    "filed under another size");
		a->report.size = o->newest.tree.size;
		r = 0;
	}
	stmt_reset(s);
	return r;
}

static const char *check_leaf(
    struct order_check *o, const struct stmt *s, struct merkle_leaf *leaf)
{
	struct hash record;
	size_t n;
	const uint8_t *codes = stmt_blob(s, 5, &n);

	stmt_hash(&leaf->record, s, 1);
	stmt_id(&leaf->seat, s, 2);
	leaf->seq = (uint64_t)stmt_int(s, 3);
	leaf->node_s = stmt_int(s, 4);
	merkle_verdicts(
	    &leaf->verdicts, codes ? codes : (const uint8_t *)"", n);
	if (o->is_complete && (uint64_t)stmt_int(s, 0) != o->size)
		return _("a place is missing before it");
	if (leaf->node_s < o->node_s)
		return _("node time goes back");
	if (stmt_is_null(s, 6))
		return o->is_complete ? _("its record is missing") : NULL;
	if (!stmt_hash(&record, s, 6) || hash_cmp(&record, &leaf->record) != 0)
		return _("names another record");
	return NULL;
}

static void check_root(struct auditor *a, struct order_check *o)
{
	const struct merkle_store store = merkle_edge_store(&o->edge);
	struct hash root;

	if (o->size != o->newest.tree.size)
		return;
	if (merkle_root(&root, &store, o->size) < 0 ||
	    hash_cmp(&root, &o->newest.tree.root) != 0)
		report_fault(
		    a, "checkpoint", ERR_CHECK, "the order has another root");
}

/* The places from *from on, which moves on; 1 when the page was full. */
static int check_places(struct auditor *a, struct order_check *o, int64_t *from)
{
	const struct merkle_store store = merkle_edge_store(&o->edge);
	struct stmt *s =
	    store_query(ledger_store(a->audit->ledger), Q_LEAF_ALL);
	int r, n = 0, err = 0;

	stmt_bind_int(s, ":pos", *from);
	stmt_bind_int(s, ":most", AUDIT_PAGE);
	while ((r = stmt_step(s)) == 1) {
		*from = stmt_int(s, 0) + 1;
		n++;
		struct merkle_leaf leaf = {.seq = 0};
		char name[NAME];
		struct hash hash;
		const char *why = check_leaf(o, s, &leaf);
		snprintf(name, sizeof(name), "place %" PRId64, stmt_int(s, 0));
		if (why)
			report_fault(a, name, ERR_CHECK, why);
		o->size++;
		o->node_s = leaf.node_s;
		if (!o->is_complete)
			continue;
		merkle_leaf_hash(&hash, &leaf);
		if ((err = merkle_append(&store, o->size - 1, &hash)) < 0)
			break;
		check_root(a, o);
	}
	stmt_reset(s);
	a->report.leaves = o->size;
	if (err < 0 || r < 0)
		return err < 0 ? err : r;
	return n == AUDIT_PAGE;
}

static int check_leaves(struct auditor *a, struct order_check *o)
{
	int64_t from = 0;
	int r;

	while ((r = check_places(a, o, &from)) == 1)
		if ((r = audit_breathe(a->audit)) < 0)
			return r;
	return r;
}

static int check_order(struct auditor *a)
{
	struct order_check o = {
	    .is_complete = ledger_is_node(a->audit->ledger)};
	int r = load_checkpoint(a, &o);

	if (r == 0)
		r = check_leaves(a, &o);
	if (r == 0 && o.is_complete && o.size < o.newest.tree.size)
		report_fault(a, "checkpoint", ERR_CHECK,
		    "speaks of more places than there are");
	return r;
}

/* ---- one record ---- */

/* The row of seat and seq; 1 while s stands on it. */
static int find_row(
    struct stmt **out, struct auditor *a, const struct id *seat, uint64_t seq)
{
	struct stmt *s =
	    store_query(ledger_store(a->audit->ledger), Q_RECORD_ALL);
	struct id found = {{0}};
	int r;

	stmt_bind_id(s, ":seat", seat);
	stmt_bind_int(s, ":seq", (int64_t)seq - 1);
	stmt_bind_int(s, ":most", 1);
	*out = s;
	if ((r = stmt_step(s)) != 1)
		return r;
	stmt_id(&found, s, 0);
	return id_cmp(&found, seat) == 0 && stmt_int(s, 1) == (int64_t)seq;
}

/* Its chain begins at the record before it; without that at what the record
 * itself names. */
static int find_head(
    struct audit_proof *p, struct auditor *a, const struct ref *ref)
{
	struct stmt *s;
	size_t n;
	const void *frame;
	int r = ref->seq > 1 ? find_row(&s, a, &ref->seat, ref->seq - 1) : 1;

	p->is_linked = r == 1;
	if (r == 1 && ref->seq > 1)
		go_on(a, s);
	if (ref->seq > 1)
		stmt_reset(s);
	if (r != 0)
		return r < 0 ? r : 0;
	r = find_row(&s, a, &ref->seat, ref->seq);
	if (r == 1) {
		frame = stmt_blob(s, 6, &n);
		r = record_read(a->record, frame, n);
		a->head.seq = ref->seq - 1;
		a->head.name.hash = a->record->prev;
		a->head.name.git = a->record->parent;
	}
	stmt_reset(s);
	return r;
}

static void prove_row(
    struct audit_proof *p, struct auditor *a, const struct stmt *s)
{
	char name[NAME];
	const char *why;
	int err = check_row(a, s, &why);

	row_name(name, &a->keys.seat, stmt_int(s, 1));
	if (err < 0)
		report_fault(a, name, err, why ? why : err_told());
	else
		check_boxes(a, name, s);
	memcpy(p->sign_pk, a->keys.sign_pk, SIGN_PUBLIC);
	p->name = a->head.name;
	p->boxes = (uint32_t)a->report.boxes;
	p->withheld = (uint32_t)a->report.withheld;
}

static int prove_place(struct audit_proof *p, struct auditor *a, int64_t pos)
{
	struct order_check o = {.is_complete = false};
	struct stmt *s;
	struct hash record;
	size_t n;
	int r = load_checkpoint(a, &o);

	p->size = o.newest.tree.size;
	if (r < 0 || pos < 0)
		return r;
	s = store_query(ledger_store(a->audit->ledger), Q_LEAF_GET);
	stmt_bind_int(s, ":pos", pos);
	if ((r = stmt_step(s)) == 1) {
		p->place.pos = (uint64_t)pos;
		p->place.node_s = stmt_int(s, 3);
		stmt_blob(s, 4, &n);
		p->is_placed = stmt_hash(&record, s, 0) &&
			       hash_cmp(&record, &p->name.hash) == 0 &&
			       n == a->record->count;
		if (!p->is_placed)
			report_fault(
			    a, "place", ERR_CHECK, "names another record");
		else if (p->size <= (uint64_t)pos)
			report_fault(a, "checkpoint", ERR_CHECK,
			    "speaks of fewer places");
	}
	stmt_reset(s);
	return r < 0 ? r : 0;
}

int audit_prove(struct audit_proof *out, const struct audit *audit,
    const struct ref *ref, struct audit_faults faults)
{
	struct auditor a = {
	    .audit = audit, .fault = faults.fault, .ctx = faults.ctx};
	struct audit_proof p = {.size = 0};
	struct stmt *s = NULL;
	int64_t pos = -1;
	int r;

	a.record = mem_new(sizeof(*a.record));
	r = turn_to_seat(&a, &ref->seat);
	if (r == 0 || r == ERR_NOT_PERMITTED)
		r = find_head(&p, &a, ref);
	if (r == 0) {
		r = find_row(&s, &a, &ref->seat, ref->seq);
		if (r == 1) {
			pos = stmt_is_null(s, 4) ? -1 : stmt_int(s, 4);
			prove_row(&p, &a, s);
		}
		stmt_reset(s);
		r = r == 1 ? 0 : r < 0 ? r : ERR_NOT_FOUND;
	}
	if (r == 0)
		r = prove_place(&p, &a, pos);
	if (r == 0)
		*out = p;
	if (r == 0 && a.faults)
		r = ERR_CHECK;
	buf_fini(&a.scratch);
	free(a.record);
	return r;
}

/* ---- all of them ---- */

int audit_run(struct audit_report *out, const struct audit *audit,
    export_fault_fn *fault, void *ctx)
{
	struct auditor a = {.audit = audit, .fault = fault, .ctx = ctx};
	int r;

	a.record = mem_new(sizeof(*a.record));
	r = check_records(&a);
	if (r == 0)
		r = count_forks(&a);
	if (r == 0)
		r = check_order(&a);
	if (r == 0)
		*out = a.report;
	if (r == 0 && a.faults)
		r = ERR_CHECK;
	buf_fini(&a.scratch);
	free(a.record);
	return r;
}
