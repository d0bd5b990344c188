/* branch.c - the centre's side of a released branch. */
#include "sync/branch.h"

#include "core/err.h"
#include "core/mem.h"
#include "keys/ring.h"
#include "sync/backup_impl.h"
#include "sync/feed.h"
#include "sync/session_impl.h"

#include <stdlib.h>
#include <string.h>

#define AT_ONCE 32  /* records before the peer's answer */
#define RELEASES 16 /* of one seat, looked at */

/* ---- a branch out of the store ---- */

static struct stmt *fork_row(
    struct ledger *l, const struct id *seat, const struct hash *name)
{
	struct stmt *s = store_query(l->cfg.store, Q_FORK_GET);

	stmt_bind_id(s, ":seat", seat);
	stmt_bind_hash(s, ":hash", name);
	return s;
}

/* 1 and the record before it, or 0. */
static int read_part(struct branch_part *out, struct ledger *l,
    const struct id *seat, const struct hash *name)
{
	struct stmt *s = fork_row(l, seat, name);
	const void *frame;
	size_t n;
	int r = stmt_step(s), err = 0;

	if (r == 1) {
		frame = stmt_blob(s, 0, &n);
		err = record_read(&l->loaded, frame, n);
		*out =
		    (struct branch_part){*name, l->loaded.prev, l->loaded.seq};
		l->loaded.seq = 0;
	}
	stmt_reset(s);
	return err < 0 ? err : r;
}

int branch_walk(struct branch_part **out, struct ledger *l,
    const struct id *seat, const struct hash *tip)
{
	struct branch_part *list = NULL, part, half;
	struct hash name = *tip;
	int n = 0, r;

	while ((r = read_part(&part, l, seat, &name)) == 1 && n < BRANCH_MOST) {
		if ((n & (n + 1)) == 0)
			list =
			    mem_grow(list, ((size_t)n + 1) * 2, sizeof(*list));
		list[n++] = part;
		name = part.prev;
	}
	if (r >= 0 && n == 0)
		r = ERR_NOT_FOUND;
	if (r < 0) {
		free(list);
		return r;
	}
	for (int i = 0; i < n / 2; i++) {
		half = list[i];
		list[i] = list[n - 1 - i];
		list[n - 1 - i] = half;
	}
	*out = list;
	return n;
}

/* ---- verdicts ---- */

int branch_may_go(struct ledger *l, const json_t *body)
{
	struct seat_grant from, to;
	struct id seat = {{0}}, other = {{0}};
	int r;

	id_parse(&seat, json_str(body, "seat", ""));
	id_parse(&other, json_str(body, "to", ""));
	if ((r = ledger_load_grant(l, &seat, &from)) == 0)
		r = ledger_load_grant(l, &other, &to);
	if (r < 0)
		return r == ERR_NOT_PERMITTED ? 0 : r;
	return id_cmp(&seat, &other) != 0 && to.until_pos < 0 &&
	       strcmp(from.member, to.member) == 0;
}

int branch_is_for(struct ledger *l, const struct id *seat, const struct id *to)
{
	struct stmt *s = store_query(l->cfg.store, Q_BRANCH_FOR);
	struct id from;
	int r, found = 0;

	stmt_bind_id(s, ":roster", &l->roster);
	stmt_bind_id(s, ":to", to);
	while ((r = stmt_step(s)) == 1 && !found) {
		stmt_id(&from, s, 0);
		found = id_cmp(&from, seat) == 0;
	}
	stmt_reset(s);
	return r < 0 ? r : found;
}

int branch_may_take(
    struct ledger *l, const struct record *rec, const json_t *body)
{
	struct id seat = {{0}};

	id_parse(&seat, json_str(body, "seat", ""));
	return branch_is_for(l, &seat, &rec->seat);
}

/* ---- keys beside it ---- */

bool branch_is_released(const struct record *record)
{
	const char *name = kind_info(KIND_BRANCH_RELEASED)->name;

	for (uint32_t i = 0; i < record->count; i++)
		if (strcmp(record->entries[i].kind, name) == 0)
			return true;
	return false;
}

static int open_seals(
    struct ledger *l, const struct id *seat, const struct hash *name)
{
	struct stmt *s = fork_row(l, seat, name);
	struct buf seals = {0};
	const void *data;
	size_t n;
	int r = stmt_step(s), err = 0;

	if (r == 1) {
		data = stmt_blob(s, 0, &n);
		err = record_read(&l->loaded, data, n);
		data = stmt_blob(s, 1, &n);
		buf_add(&seals, data, n);
	}
	stmt_reset(s);
	if (r == 1 && err == 0 && seals.len > 0) {
		err = ledger_take_seals(l, &l->loaded, seals.data, seals.len);
		s = store_query(l->cfg.store, Q_FORK_OPENED);
		stmt_bind_id(s, ":seat", seat);
		stmt_bind_hash(s, ":hash", name);
		err = err < 0 ? err : stmt_run(s);
	}
	l->loaded.seq = 0;
	buf_fini(&seals);
	return err < 0 ? err : r < 0 ? r : 0;
}

/* What a query of releases names. */
struct release {
	struct id seat;
	struct hash tip;
};

static int read_releases(struct release *out, struct stmt *s)
{
	int r, n = 0;

	while ((r = stmt_step(s)) == 1 && n < RELEASES) {
		stmt_id(&out[n].seat, s, 0);
		n += hash_parse(&out[n].tip, stmt_text(s, 1));
	}
	stmt_reset(s);
	return r < 0 ? r : n;
}

static int open_branch(struct ledger *l, const struct release *release)
{
	struct branch_part *list = NULL;
	int n = branch_walk(&list, l, &release->seat, &release->tip), r = 0;

	for (int i = 0; r == 0 && i < n; i++)
		r = open_seals(l, &release->seat, &list[i].name);
	free(list);
	return n < 0 && n != ERR_NOT_FOUND ? n : r;
}

int branch_follow(struct ledger *l)
{
	struct stmt *s = store_query(l->cfg.store, Q_BRANCH_RELEASES);
	struct release list[RELEASES];
	int n, r = 0;

	stmt_bind_id(s, ":roster", &l->roster);
	n = read_releases(list, s);
	for (int i = 0; r == 0 && i < n; i++)
		r = open_branch(l, &list[i]);
	return n < 0 ? n : r;
}

/* ---- handing it over ---- */

static int is_taken(
    struct ledger *l, const struct id *seat, const struct hash *name)
{
	struct stmt *s = store_query(l->cfg.store, Q_BRANCH_TAKEN);
	char hex[HASH_HEX];
	int r;

	hash_hex(hex, name);
	stmt_bind_id(s, ":roster", &l->roster);
	stmt_bind_id(s, ":seat", seat);
	stmt_bind_text(s, ":record", hex);
	r = stmt_step(s);
	stmt_reset(s);
	return r;
}

/* Only boxes that the peer may read go along. */
static int withhold(struct session *s, struct msg_give *m)
{
	const struct record *rec = &s->l->loaded;
	int r = 0;

	for (uint32_t i = 0; r >= 0 && i < rec->count; i++) {
		if (rec->entries[i].mode == MODE_CLEAR)
			continue;
		r = feed_may_read(s->l, &s->peer, &rec->entries[i].stream);
		if (r == 0)
			m->boxes.len[i] = 0;
	}
	return r < 0 ? r : 0;
}

static int send_part(
    struct session *s, const struct id *seat, const struct hash *name)
{
	struct stmt *q = fork_row(s->l, seat, name);
	struct msg_give *m = mem_new(sizeof(*m));
	struct buf frame = {0}, boxes = {0};
	const void *data;
	size_t n;
	int r = stmt_step(q);

	if (r == 1) {
		data = stmt_blob(q, 0, &n);
		buf_add(&frame, data, n);
		data = stmt_blob(q, 2, &n);
		buf_add(&boxes, data, n);
	}
	stmt_reset(q);
	if (r == 1) {
		m->frame = frame.data;
		m->frame_len = frame.len;
		r = record_read(&s->l->loaded, frame.data, frame.len);
		if (r == 0)
			r = backup_boxes(&m->boxes, m, boxes.data, boxes.len);
		if (r == 0)
			r = withhold(s, m);
		s->l->loaded.seq = 0;
	}
	if (r == 0) {
		wire_branch(&s->out, m);
		session_send(s);
	}
	buf_fini(&frame);
	buf_fini(&boxes);
	free(m);
	return r < 0 ? r : 0;
}

/* The next ones that the peer has not taken and was not sent here. */
static int give_some(struct session *s, const struct release *release)
{
	struct branch_part *list = NULL;
	int n = branch_walk(&list, s->l, &release->seat, &release->tip);
	int r = 0, sent = 0;

	if (n == ERR_NOT_FOUND)
		return 0;
	if (hash_cmp(&s->branch.tip, &release->tip) != 0)
		s->branch = (struct branch_told){
		    .tip = release->tip, .size = s->branch.size};
	for (; r >= 0 && s->branch.at < n && sent < AT_ONCE; s->branch.at++) {
		const struct hash *name = &list[s->branch.at].name;
		r = is_taken(s->l, &release->seat, name);
		if (r != 0)
			continue;
		r = send_part(s, &release->seat, name);
		sent++;
	}
	free(list);
	return n < 0 ? n : r < 0 ? r : sent;
}

int branch_give(struct session *s)
{
	struct release list[RELEASES];
	struct stmt *q;
	int n, r = 0;

	/* What was said again makes the order longer: then the next ones. */
	if (s->branch.size == s->l->order.size)
		return 0;
	q = store_query(s->l->cfg.store, Q_BRANCH_FOR);
	stmt_bind_id(q, ":roster", &s->l->roster);
	stmt_bind_id(q, ":to", &s->peer);
	n = read_releases(list, q);
	for (int i = 0; r == 0 && i < n; i++)
		r = give_some(s, &list[i]);
	if (n >= 0 && r >= 0)
		s->branch.size = s->l->order.size;
	return n < 0 ? n : r < 0 ? r : 0;
}
