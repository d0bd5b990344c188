/* ledger_read.c - records, grants and bodies out of the store. */
#include "core/err.h"
#include "core/mem.h"
#include "keys/seal.h"
#include "keys/statement.h"
#include "sync/erase.h"
#include "sync/ledger_more.h"

#include <string.h>

int ledger_load_record(struct ledger *l, const struct id *seat, uint64_t seq)
{
	struct stmt *s;
	size_t n;
	int r;

	if (l->loaded.seq == seq && id_cmp(&l->loaded.seat, seat) == 0)
		return 0;
	l->loaded.seq = 0;
	s = store_query(l->cfg.store, Q_RECORD_GET);
	stmt_bind_id(s, ":seat", seat);
	stmt_bind_int(s, ":seq", (int64_t)seq);
	if ((r = stmt_step(s)) == 1) {
		const void *frame = stmt_blob(s, 6, &n);
		r = record_read(&l->loaded, frame, n);
		const void *boxes = stmt_blob(s, 7, &n);
		buf_clear(&l->loaded_boxes);
		buf_add(&l->loaded_boxes, boxes, n);
		if (r == 0)
			r = boxes_read(&l->boxes, l->loaded.count,
			    l->loaded_boxes.data, n);
		if (r < 0)
			l->loaded.seq = 0;
	} else if (r == 0) {
		r = ERR_NOT_FOUND;
	}
	stmt_reset(s);
	return r;
}

int ledger_load_raw(struct buf *frame, struct buf *seals, struct ledger *l,
    const struct ref *ref)
{
	struct stmt *s = store_query(l->cfg.store, Q_RECORD_GET);
	const void *data;
	size_t n;
	int r;

	stmt_bind_id(s, ":seat", &ref->seat);
	stmt_bind_int(s, ":seq", (int64_t)ref->seq);
	if ((r = stmt_step(s)) == 1) {
		data = stmt_blob(s, 5, &n);
		if (seals)
			buf_add(seals, data, n);
		data = stmt_blob(s, 6, &n);
		if (frame)
			buf_add(frame, data, n);
		r = 0;
	} else if (r == 0) {
		r = ERR_NOT_FOUND;
	}
	stmt_reset(s);
	return r;
}

int ledger_refs(struct ledger_refs *out, struct stmt *s)
{
	int r;

	while ((r = stmt_step(s)) == 1) {
		struct ref ref = {.seq = (uint64_t)stmt_int(s, 1)};
		stmt_id(&ref.seat, s, 0);
		if (stmt_columns(s) > 2)
			ref.index = (unsigned)stmt_int(s, 2);
		out->items = mem_room(out->items, out->n, sizeof(ref));
		out->items[out->n++] = ref;
	}
	return r;
}

int ledger_load_head(struct ledger *l, const struct id *seat,
    struct chain_head *head, uint64_t *lamport)
{
	struct stmt *s = store_query(l->cfg.store, Q_RECORD_HEAD);
	size_t n;
	int r;

	memset(head, 0, sizeof(*head));
	*lamport = 0;
	stmt_bind_id(s, ":seat", seat);
	if ((r = stmt_step(s)) == 1) {
		head->seq = (uint64_t)stmt_int(s, 0);
		stmt_hash(&head->name.hash, s, 1);
		const void *sha1 = stmt_blob(s, 2, &n);
		if (n == sizeof(head->name.git.b))
			memcpy(head->name.git.b, sha1, n);
		*lamport = (uint64_t)stmt_int(s, 3);
		r = 0;
	}
	stmt_reset(s);
	return r;
}

/* A column that is NULL where an interval is open. */
static int64_t position(const struct stmt *s, int col)
{
	return stmt_is_null(s, col) ? -1 : stmt_int(s, col);
}

static void read_grant(struct seat_grant *out, const struct stmt *s)
{
	struct hash pk = {{0}};

	hash_parse(&pk, stmt_text(s, 0));
	memcpy(out->sign_pk, pk.b, SIGN_PUBLIC);
	snprintf(out->member, sizeof(out->member), "%s", stmt_text(s, 2));
	out->ordinal = (unsigned)stmt_int(s, 3);
	out->from_pos = position(s, 5);
	out->until_pos = position(s, 6);
	out->until_s = stmt_int(s, 8);
	/* A person's role that has ended is no role. */
	out->role = stmt_is_null(s, 12) ? role_letter(stmt_text(s, 9)) : 0;
	if (!stmt_is_null(s, 14) && stmt_int(s, 14) < out->until_s)
		out->until_s = stmt_int(s, 14);
	stmt_id(&out->team, s, 10);
}

/* A node of an earlier incarnation. What it said counts while a recovery
 * gathers it, and later what is proved to be of its time. */
static int load_old_node(
    struct ledger *l, const struct id *seat, struct seat_grant *out)
{
	struct statement node;
	int r = ERR_NOT_FOUND;

	if (l->is_vouched && id_cmp(seat, &l->vouched.seat) == 0) {
		node = l->vouched;
		r = 0;
	} else if (l->cfg.node.incarnation > 1) {
		r = ledger_find_node(&node, l, 0, seat);
	}
	if (r == ERR_NOT_FOUND)
		return err_set(
		    ERR_NOT_PERMITTED, "the roster has no such seat");
	if (r < 0)
		return r;
	memcpy(out->sign_pk, node.sign_pk, SIGN_PUBLIC);
	out->role = 'N';
	out->until_pos = l->is_node && !l->is_recovering ? 0 : -1;
	out->until_s = RECORD_AT_MAX;
	return 0;
}

void ledger_forget_grant(struct ledger *l)
{
	memset(&l->kept.grant_seat, 0, sizeof(l->kept.grant_seat));
	l->kept.streams_since++;
	l->roster_version++;
}

void ledger_forget(struct ledger *l)
{
	memset(&l->kept, 0, sizeof(l->kept));
	l->roster_version++;
}

uint64_t ledger_roster_version(const struct ledger *l)
{
	return l->roster_version;
}

int ledger_load_grant(
    struct ledger *l, const struct id *seat, struct seat_grant *out)
{
	struct stmt *s;
	int r;

	memset(out, 0, sizeof(*out));
	if (id_cmp(seat, &l->cfg.node.seat) == 0) {
		memcpy(out->sign_pk, l->cfg.node.sign_pk, SIGN_PUBLIC);
		out->role = 'N';
		out->until_pos = -1;
		out->until_s = RECORD_AT_MAX;
		return 0;
	}
	if (id_cmp(seat, &l->kept.grant_seat) == 0 && !id_is_zero(seat)) {
		*out = l->kept.grant;
		return 0;
	}
	s = store_query(l->cfg.store, Q_SEAT_GET);
	stmt_bind_id(s, ":roster", &l->roster);
	stmt_bind_id(s, ":seat", seat);
	if ((r = stmt_step(s)) == 1) {
		read_grant(out, s);
		l->kept.grant_seat = *seat;
		l->kept.grant = *out;
	}
	stmt_reset(s);
	if (r == 0)
		return load_old_node(l, seat, out);
	return r < 0 ? r : 0;
}

/* The plain bytes of a box. */
static int open_box(struct ledger *l, struct buf *body, const struct record *r,
    const struct boxes *boxes, uint32_t index)
{
	const struct record_entry *e = &r->entries[index];
	const uint8_t *box = boxes->at[index];
	size_t n = boxes->len[index];
	const struct secret *key;
	struct buf ad = {0};
	int err;

	if (n == 0)
		return ERR_NOT_FOUND;
	if (e->mode == MODE_CLEAR) {
		buf_add(body, box, n);
		return 0;
	}
	if ((err = ring_get(&key, l->ring, &e->stream, &e->kid)) < 0)
		return err;
	commit_box_ad(&ad, r, index);
	const struct seal_label label = {e->stream, e->kid, &ad};
	err = seal_open(body, key, &label, box, n);
	buf_fini(&ad);
	return err;
}

int ledger_read_body(struct ledger *l, json_t **out, const struct record *r,
    const struct boxes *boxes, uint32_t index)
{
	struct buf body = {0};
	enum kind kind;
	int err;

	if (!kind_find(&kind, r->entries[index].kind) ||
	    (int)r->entries[index].version != kind_info(kind)->version)
		return ERR_NEWER;
	err = open_box(l, &body, r, boxes, index);
	if (err == 0)
		err = entry_decode(out, l->book, kind, body.data, body.len);
	if (body.data)
		secret_wipe(body.data, body.len);
	buf_fini(&body);
	return err;
}

bool ledger_is_unreadable(int err)
{
	static const int codes[] = {ERR_KEY, ERR_NOT_FOUND, ERR_NEWER,
	    ERR_SIGNATURE, ERR_FORMAT, ERR_INVALID, ERR_ENCODING,
	    ERR_TOO_LARGE};

	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (err == codes[i])
			return true;
	return false;
}

/* Incarnation, size, root, lmax; the first two in either order. */
static void read_seen(struct record_seen *out, uint64_t *lmax,
    const struct stmt *s, bool size_first)
{
	size_t n;
	const void *inc = stmt_blob(s, size_first ? 1 : 0, &n);
	struct reader in = reader_of(inc, n);

	out->incarnation = reader_u64(&in);
	out->size = (uint64_t)stmt_int(s, size_first ? 0 : 1);
	stmt_hash(&out->root, s, 2);
	*lmax = (uint64_t)stmt_int(s, 3);
}

/* What was seen never goes back, also when the order was cut: a checkpoint
 * of the lost tail stays the newest until the next one comes. */
static int load_checkpoint(struct ledger *l)
{
	struct stmt *s = store_query(l->cfg.store, Q_CHECKPOINT_LAST);
	struct record_seen old;
	uint64_t lmax;
	int r;

	memset(&l->base, 0, sizeof(l->base));
	l->seen_lmax = 0;
	if ((r = stmt_step(s)) == 1)
		read_seen(&l->base, &l->seen_lmax, s, true);
	stmt_reset(s);
	l->seen = l->base;
	if (r < 0 || l->is_node)
		return r < 0 ? r : 0;
	s = store_query(l->cfg.store, Q_OLD_CHECKPOINT_LAST);
	if ((r = stmt_step(s)) == 1) {
		read_seen(&old, &lmax, s, false);
		if (old.incarnation > l->seen.incarnation ||
		    (old.incarnation == l->seen.incarnation &&
			old.size > l->seen.size)) {
			l->seen = old;
			l->seen_lmax = lmax;
		}
	}
	stmt_reset(s);
	return r < 0 ? r : 0;
}

/* Is the node recovering, and does anything wait for its place? */
static int load_recovery(struct ledger *l)
{
	struct stmt *s = store_query(l->cfg.store, Q_SALVAGE_COUNT);
	int64_t recovering = 0;
	int r = stmt_step(s);

	l->has_salvage = r == 1 && stmt_int(s, 0) > 0;
	stmt_reset(s);
	if (r >= 0)
		r = store_meta_get_int(
		    l->cfg.store, LEDGER_RECOVERING, 0, &recovering);
	l->is_recovering = recovering != 0;
	return r < 0 ? r : 0;
}

int ledger_load_own(struct ledger *l)
{
	int r = ledger_load_head(l, &l->cfg.me->seat, &l->head, &l->lamport);

	l->loaded.seq = 0;
	l->me_generation = 0;
	ledger_forget(l);
	if (r == 0)
		r = load_checkpoint(l);
	if (r == 0 && l->is_node)
		r = order_load(l);
	if (r == 0 && l->is_node)
		r = load_recovery(l);
	if (r == 0)
		r = erase_load(l);
	return r < 0 || l->is_node ? r : prove_load(l);
}
