/* branch_seat.c - a terminal says again what its person's former seat said on
 * a branch: the bodies that it can open, names of entries of that branch put
 * right, in one record that names where it comes from. */
#include "sync/branch.h"

#include "core/draft.h"
#include "core/err.h"
#include "core/mem.h"
#include "sync/ledger_more.h"
#include "sync/session_impl.h"
#include "sync/wire_restore.h"

#include <stdlib.h>
#include <string.h>

/* The record being said again. */
struct again {
	struct ledger *l;
	struct id seat; /* who said it */
	uint64_t seq;
	struct hash name;
	uint32_t count;
	struct {
		enum kind kind;
		struct id stream;
		json_t *body; /* NULL: it is left out */
		unsigned n;   /* index in the new record */
	} entries[RECORD_ENTRIES_MAX];
	unsigned kept, skipped;
};

static void again_free(struct again *a)
{
	for (uint32_t i = 0; i < a->count; i++)
		json_decref(a->entries[i].body);
	free(a);
}

/* ---- what comes ---- */

/* Into l->rec. Signed by that seat, boxes as they were committed to. */
static int check(struct ledger *l, const struct msg_give *m, struct hash *name)
{
	struct seat_grant grant;
	struct commit_name full;
	int r = record_read(&l->rec, m->frame, m->frame_len);

	if (r < 0 || (r = ledger_load_grant(l, &l->rec.seat, &grant)) < 0 ||
	    (r = commit_check(&full, &l->rec, grant.sign_pk, &l->scratch)) <
		0 ||
	    (r = boxes_check(&m->boxes, &l->rec)) < 0)
		return r;
	*name = full.hash;
	return 0;
}

static struct stmt *ask(
    struct ledger *l, enum query_id id, const struct id *seat)
{
	struct stmt *s = store_query(l->cfg.store, id);

	stmt_bind_id(s, ":roster", &l->roster);
	stmt_bind_id(s, ":seat", seat);
	return s;
}

static int is_taken(const struct again *a)
{
	struct stmt *s = ask(a->l, Q_BRANCH_TAKEN, &a->seat);
	char hex[HASH_HEX];
	int r;

	hash_hex(hex, &a->name);
	stmt_bind_text(s, ":record", hex);
	r = stmt_step(s);
	stmt_reset(s);
	return r;
}

/* Patients' entries whose key is here. What was clear had its effect or is
 * out of date; it is not work to be lost. */
static int open_bodies(struct again *a, const struct msg_give *m)
{
	char role = ledger_role(a->l);
	int r = 0;

	a->count = a->l->rec.count;
	for (uint32_t i = 0; r == 0 && i < a->count; i++) {
		const struct record_entry *e = &a->l->rec.entries[i];
		if (e->mode == MODE_CLEAR)
			continue;
		a->entries[i].stream = e->stream;
		if (kind_find(&a->entries[i].kind, e->kind) &&
		    kind_may_say(a->entries[i].kind, role) &&
		    a->kept + 1 < DRAFT_ENTRIES_MAX)
			r = ledger_read_body(a->l, &a->entries[i].body,
			    &a->l->rec, &m->boxes, i);
		if (r < 0 && !ledger_is_unreadable(r))
			return r;
		if (a->entries[i].body)
			a->entries[i].n = ++a->kept;
		else
			a->skipped++;
		r = 0;
	}
	return r;
}

/* ---- names of entries ---- */

/* The name that an entry of the branch has now. */
static int name_now(
    struct ref *out, const struct again *a, const struct ref *was)
{
	struct stmt *s;
	int r;

	if (was->seq == a->seq) {
		*out = (struct ref){a->l->cfg.me->seat, a->l->head.seq + 1, 0};
		if (was->index >= 1 && was->index <= a->count)
			out->index = a->entries[was->index - 1].n;
		return out->index > 0;
	}
	s = ask(a->l, Q_BRANCH_ENTRY, &a->seat);
	stmt_bind_int(s, ":seq", (int64_t)was->seq);
	stmt_bind_int(s, ":idx", was->index);
	if ((r = stmt_step(s)) == 1) {
		stmt_id(&out->seat, s, 0);
		out->seq = (uint64_t)stmt_int(s, 1);
		out->index = (unsigned)stmt_int(s, 2);
	}
	stmt_reset(s);
	return r;
}

static int put_right(const struct again *a, json_t *v)
{
	char text[REF_TEXT];
	struct ref was, now;
	const char *key;
	json_t *child;
	size_t i;
	int r = 0;

	if (json_is_object(v)) {
		json_object_foreach (v, key, child)
			r = r < 0 ? r : put_right(a, child);
	} else if (json_is_array(v)) {
		json_array_foreach (v, i, child)
			r = r < 0 ? r : put_right(a, child);
	} else if (json_is_string(v) && ref_parse(&was, json_string_value(v)) &&
		   id_cmp(&was.seat, &a->seat) == 0 &&
		   (r = name_now(&now, a, &was)) == 1) {
		ref_text(text, &now);
		r = json_string_set(v, text) == 0 ? 0 : ERR_NO_MEMORY;
	}
	return r < 0 ? r : 0;
}

/* An undo names a record: of the branch, or nothing that this seat may undo.
 * 0: it is left out. */
static int undo_right(const struct again *a, json_t *body)
{
	struct id seat = {{0}}, by;
	struct stmt *s;
	int r;

	id_parse(&seat, json_str(body, "seat", ""));
	if (id_cmp(&seat, &a->seat) != 0)
		return 0;
	s = ask(a->l, Q_BRANCH_RECORD, &a->seat);
	stmt_bind_int(s, ":seq", json_int(body, "seq", 0));
	if ((r = stmt_step(s)) == 1) {
		stmt_id(&by, s, 0);
		json_object_del(body, "seat");
		json_object_del(body, "seq");
		draft_put_id(body, "seat", &by);
		json_put_int(body, "seq", stmt_int(s, 1));
	}
	stmt_reset(s);
	return r;
}

/* ---- saying it ---- */

/* Leaves out undos that name nothing; the others move up. */
static int settle(struct again *a)
{
	int r = 1;

	a->kept = 0;
	for (uint32_t i = 0; r >= 0 && i < a->count; i++) {
		json_t *body = a->entries[i].body;
		if (!body)
			continue;
		r = a->entries[i].kind == KIND_UNDONE ? undo_right(a, body) : 1;
		if (r == 0) {
			json_decref(body);
			a->entries[i].body = NULL;
			a->entries[i].n = 0;
			a->skipped++;
		} else {
			a->entries[i].n = ++a->kept;
		}
	}
	for (uint32_t i = 0; r >= 0 && i < a->count; i++)
		if (a->entries[i].body)
			r = put_right(a, a->entries[i].body);
	return r < 0 ? r : 0;
}

static json_t *whence(const struct again *a, bool says_any)
{
	json_t *body = json_object(), *list = json_array();
	char hex[HASH_HEX];

	hash_hex(hex, &a->name);
	draft_put_id(body, "seat", &a->seat);
	json_put_int(body, "seq", (int64_t)a->seq);
	json_put_str(body, "record", hex);
	json_put_int(
	    body, "skipped", a->skipped + (says_any ? 0 : (int64_t)a->kept));
	json_put(body, "entries", list);
	for (uint32_t i = 0; says_any && i < a->count; i++) {
		json_t *item;
		if (!a->entries[i].body)
			continue;
		item = json_object();
		json_put_int(item, "index", (int64_t)i + 1);
		(void)json_array_append_new(list, item);
	}
	return body;
}

static int say(struct again *a, bool says_any)
{
	struct draft d = {0};
	int r;

	for (uint32_t i = 0; says_any && i < a->count; i++)
		if (a->entries[i].body)
			draft_add(&d, a->entries[i].kind, &a->entries[i].stream,
			    json_incref(a->entries[i].body));
	draft_add(&d, KIND_BRANCH_TAKEN, &a->l->roster, whence(a, says_any));
	r = ledger_add(a->l, &d, NULL);
	draft_fini(&d);
	return r;
}

static bool is_final(int r)
{
	return r == ERR_RULE || r == ERR_INVALID || r == ERR_NOT_PERMITTED ||
	       r == ERR_LEASE || r == ERR_TOO_LARGE;
}

static int take(struct again *a, const struct msg_give *m)
{
	int r = is_taken(a);

	if (r != 0)
		return r < 0 ? r : 0;
	if ((r = open_bodies(a, m)) < 0 || (r = settle(a)) < 0)
		return r;
	r = say(a, true);
	/* What the rules of today forbid stays evidence; the rest goes on. */
	return is_final(r) ? say(a, false) : r;
}

int branch_take(struct session *s, const void *data, size_t n)
{
	struct msg_give *m = mem_new(sizeof(*m));
	struct again *a = mem_new(sizeof(*a));
	int r = wire_read_give(m, data, n);

	if (r == 0)
		r = ledger_begin(s->l);
	if (r == 0)
		r = check(s->l, m, &a->name);
	if (r == 0) {
		a->l = s->l;
		a->seat = s->l->rec.seat;
		a->seq = s->l->rec.seq;
		r = branch_is_for(s->l, &a->seat, &s->l->cfg.me->seat);
		if (r == 0)
			r = err_set(ERR_PROTOCOL, "somebody else's branch");
	}
	if (r == 1)
		r = take(a, m);
	s->is_quiet = false;
	again_free(a);
	free(m);
	return r;
}
