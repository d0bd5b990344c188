/*
 * admit.c - the verdict of each entry at its place: did the author's role and
 * list allow it there, or at the order the author had seen? The view of the
 * node is the state at the place, because places are given in order. Source
 * of the rules: docs/LOG.md, "Storing is not admitting".
 */
#include "core/clock.h"
#include "core/err.h"
#include "sync/branch.h"
#include "sync/erase.h"
#include "sync/feed.h"
#include "sync/ledger_more.h"
#include "sync/rollback.h"
#include "sync/salvage.h"

#include <stdio.h>
#include <string.h>

#define CALL_OPEN_S INT64_C(86400) /* from its start, by the author's clock */

/* What the rules look at. */
struct question {
	struct ledger *l;
	const struct record *r;
	const struct record_entry *e;
	enum kind kind;
	const json_t *body;
	struct seat_grant who;
};

/* yes and no as verdicts, errors passed on. */
static int verdict_if(int r, int yes, int no)
{
	return r < 0 ? r : r ? yes : no;
}

/* ---- the whole record ---- */

/* The same of an order that a restore cut, as a terminal has shown it. */
static int old_lmax(
    struct ledger *l, const struct record_seen *seen, uint64_t *lmax)
{
	struct stmt *s = store_query(l->cfg.store, Q_OLD_CHECKPOINT_AT);
	struct buf inc = {0};
	int r;

	buf_u64(&inc, seen->incarnation);
	stmt_bind_blob(s, ":incarnation", inc.data, inc.len);
	stmt_bind_int(s, ":size", (int64_t)seen->size);
	stmt_bind_hash(s, ":root", &seen->root);
	if ((r = stmt_step(s)) == 1) {
		*lmax = (uint64_t)stmt_int(s, 0);
		r = salvage_is_signed(l, stmt_text(s, 1));
	}
	stmt_reset(s);
	buf_fini(&inc);
	return r;
}

/* What a terminal gives in one go names the same checkpoint. */
static bool is_kept(const struct ledger *l, const struct record_seen *seen)
{
	const struct record_seen *k = &l->kept.seen;

	return k->size == seen->size && k->incarnation == seen->incarnation &&
	       hash_cmp(&k->root, &seen->root) == 0;
}

/* The largest Lamport number at the checkpoint the author names; 1 and
 * *lmax, 0 when the node never signed such a checkpoint. */
static int seen_lmax(
    struct ledger *l, const struct record_seen *seen, uint64_t *lmax)
{
	struct stmt *s = store_query(l->cfg.store, Q_CHECKPOINT_AT);
	struct hash root = {{0}};
	size_t n;
	int r;

	*lmax = 0;
	if (seen->size == 0)
		return 1;
	if (is_kept(l, seen)) {
		*lmax = l->kept.seen_lmax;
		return 1;
	}
	stmt_bind_int(s, ":size", (int64_t)seen->size);
	if ((r = stmt_step(s)) == 1) {
		const void *inc = stmt_blob(s, 0, &n);
		struct reader in = reader_of(inc, n);
		stmt_hash(&root, s, 1);
		*lmax = (uint64_t)stmt_int(s, 2);
		r = reader_u64(&in) == seen->incarnation &&
		    hash_cmp(&root, &seen->root) == 0;
	}
	stmt_reset(s);
	if (r == 1) {
		l->kept.seen = *seen;
		l->kept.seen_lmax = *lmax;
	}
	return r == 0 ? old_lmax(l, seen, lmax) : r;
}

static int lamport_before(
    struct ledger *l, const struct record *r, uint64_t *out)
{
	struct stmt *s;
	int err;

	*out = 0;
	if (r->seq == 1)
		return 0;
	if (l->kept.head.seq == r->seq - 1 &&
	    id_cmp(&l->kept.peer, &r->seat) == 0) {
		*out = l->kept.lamport;
		return 0;
	}
	s = store_query(l->cfg.store, Q_RECORD_GET);
	stmt_bind_id(s, ":seat", &r->seat);
	stmt_bind_int(s, ":seq", (int64_t)r->seq - 1);
	if ((err = stmt_step(s)) == 1)
		*out = (uint64_t)stmt_int(s, 2);
	stmt_reset(s);
	return err < 0 ? err : 0;
}

static bool is_old_node(
    const struct ledger *l, const struct seat_grant *who, const struct id *seat)
{
	return who->role == 'N' && id_cmp(seat, &l->cfg.node.seat) != 0;
}

int ledger_admit_record(
    struct ledger *l, const struct record *r, bool is_covered)
{
	struct seat_grant who;
	uint64_t lmax, before;
	int err = ledger_load_grant(l, &r->seat, &who);

	if (err < 0)
		return err;
	if (who.until_pos >= 0 && !(is_covered && who.role == 'N'))
		return VERDICT_HELD_REVOKED;
	/* The lost order checked the rest; and what a lost centre itself had
	 * seen was its own order, of which terminals know parts. */
	if (is_covered || is_old_node(l, &who, &r->seat))
		return VERDICT_NONE;
	if (env_now_s(l->cfg.env) > who.until_s)
		return VERDICT_HELD_GRANT;
	if ((err = seen_lmax(l, &r->seen, &lmax)) <= 0)
		return err < 0 ? err : VERDICT_HELD_SEEN;
	if ((err = lamport_before(l, r, &before)) < 0)
		return err;
	if (r->lamport != 1 + (before > lmax ? before : lmax))
		return VERDICT_HELD_LAMPORT;
	return VERDICT_NONE;
}

/* ---- roster: each signs only roles below the own ---- */

static int rank_of(char role)
{
	static const char order[] = "UQADSO"; /* lowest first */
	const char *at = role ? strchr(order, role) : NULL;

	return at ? (int)(at - order) : -1;
}

static int role_of_member(
    const struct question *q, const char *member, char *role)
{
	struct stmt *s = store_query(q->l->cfg.store, Q_MEMBER_GET);
	int r;

	stmt_bind_id(s, ":roster", &q->l->roster);
	stmt_bind_text(s, ":member", member);
	if ((r = stmt_step(s)) == 1)
		*role = role_letter(stmt_text(s, 0));
	stmt_reset(s);
	return r;
}

/* Has the root said "key value" in a statement of that kind? Every statement
 * is made of such lines. */
static int root_said(const struct question *q, const char *what,
    const char *key, const char *value)
{
	struct stmt *s = store_query(q->l->cfg.store, Q_STATEMENT_NAMES);
	char line[100];

	snprintf(line, sizeof(line), "\n%s %s\n", key, value);
	stmt_bind_id(s, ":roster", &q->l->roster);
	stmt_bind_text(s, ":what", what);
	stmt_bind_text(s, ":name", line);
	return stmt_has_row(s);
}

/* The node grants what the root said: first operators with their seats. Its
 * certificate is also its grant to import members, but never their seats. */
static int node_may_grant(const struct question *q, char role)
{
	char seat[ID_HEX];

	if (role == 'O')
		return q->kind == KIND_SEAT_GRANTED
			   ? root_said(q, "operator", "seat",
				 json_str(q->body, "seat", "?"))
			   : root_said(q, "operator", "member",
				 json_str(q->body, "member", "?"));
	if (q->kind != KIND_MEMBER_GRANTED || rank_of(role) < 0)
		return 0;
	id_hex(seat, &q->r->seat);
	return root_said(q, "node", "seat", seat);
}

static int role_of_seat(const struct question *q, char *role)
{
	struct seat_grant grant;
	struct id seat = {{0}};
	int r;

	id_parse(&seat, json_str(q->body, "seat", ""));
	r = ledger_load_grant(q->l, &seat, &grant);
	*role = grant.role;
	return r == ERR_NOT_PERMITTED ? 0 : r;
}

static bool is_about_seat(enum kind kind)
{
	return kind == KIND_SEAT_REVOKED || kind == KIND_BRANCH_RELEASED;
}

static int role_spoken_of(const struct question *q, char *role)
{
	const char *member = json_str(q->body, "member", NULL);

	if (q->kind == KIND_MEMBER_GRANTED || q->kind == KIND_CODE_ISSUED)
		*role = role_letter(json_str(q->body, "role", ""));
	else if (is_about_seat(q->kind))
		return role_of_seat(q, role);
	else if (member)
		return role_of_member(q, member, role);
	return 0;
}

static int roster_rule(const struct question *q)
{
	bool is_about_all =
	    !is_about_seat(q->kind) && !json_str(q->body, "member", NULL);
	char role = 0;
	int r = role_spoken_of(q, &role), may_go;

	if (id_cmp(&q->e->stream, &q->l->roster) != 0)
		return VERDICT_HELD_SHAPE;
	if (q->kind == KIND_ERASURE_REQUESTED)
		return admit_erasure_request(q->l, &q->who, q->body);
	if (q->kind == KIND_ERASURE_APPROVED)
		return admit_erasure_approval(q->l, q->r, q->body);
	if (q->kind == KIND_ROOT_STATEMENT)
		return ledger_admit_statement(q->l, &q->r->org, q->body);
	if (q->kind == KIND_BRANCH_TAKEN)
		return verdict_if(branch_may_take(q->l, q->r, q->body),
		    VERDICT_ADMITTED, VERDICT_HELD_SHAPE);
	if (q->kind == KIND_BRANCH_RELEASED &&
	    (may_go = branch_may_go(q->l, q->body)) <= 0)
		return verdict_if(may_go, 0, VERDICT_HELD_SHAPE);
	if (r < 0 || is_about_all)
		return r < 0 ? r : VERDICT_ADMITTED;
	if (q->who.role == 'N')
		return verdict_if(node_may_grant(q, role), VERDICT_ADMITTED,
		    VERDICT_HELD_ROLE);
	return rank_of(role) >= 0 && rank_of(role) < rank_of(q->who.role)
		   ? VERDICT_ADMITTED
		   : VERDICT_HELD_ROLE;
}

/* ---- teams ---- */

/* An assignment names the one it replaces. */
static int assignment_is_fresh(const struct question *q)
{
	struct stmt *s = store_query(q->l->cfg.store, Q_ASSIGN_TEAM);
	const char *prior = json_str(q->body, "prior", "");
	struct id patient = {{0}};
	int r;

	id_parse(&patient, json_str(q->body, "patient", ""));
	stmt_bind_id(s, ":team", &q->e->stream);
	stmt_bind_id(s, ":patient", &patient);
	if ((r = stmt_step(s)) >= 0)
		r = strcmp(prior, r == 1 ? stmt_text(s, 1) : "") == 0;
	stmt_reset(s);
	return r;
}

static int team_rule(const struct question *q)
{
	bool is_own = id_cmp(&q->who.team, &q->e->stream) == 0;

	if (q->who.role != 'N' && q->who.role != 'O' && !is_own)
		return VERDICT_HELD_ROLE;
	if (q->kind == KIND_ASSIGNED)
		return verdict_if(assignment_is_fresh(q), VERDICT_ADMITTED,
		    VERDICT_HELD_STALE);
	return VERDICT_ADMITTED;
}

/* ---- patients ---- */

static struct stmt *patient_query(const struct question *q, enum query_id id)
{
	struct stmt *s = store_query(q->l->cfg.store, id);

	stmt_bind_id(s, ":patient", &q->e->stream);
	return s;
}

/* On the author's list now, or on that of someone the author covers? For a
 * supervisor: in the team? 1, 0 or an error. */
static int is_on_list(const struct question *q)
{
	int r = kept_is_owner(q->l, &q->e->stream, &q->who);
	struct stmt *s;

	if (r != 0)
		return r;
	s = patient_query(q, Q_COVER_NOW);
	stmt_bind_text(s, ":member", q->who.member);
	stmt_bind_int(s, ":day", day_of(env_now_s(q->l->cfg.env), 28800));
	return stmt_has_row(s);
}

/* Of the order the author had seen, what is still the order. */
static uint64_t seen_size(const struct question *q)
{
	return rollback_size(&q->l->cfg.node, &q->r->seen);
}

/* Emergency access, as for a call that came in, lasts a day: what is said
 * within it counts as said from the list. */
static int has_broken_glass(const struct question *q)
{
	struct stmt *s = store_query(q->l->cfg.store, Q_ACCESS_GLASS);

	stmt_bind_id(s, ":stream", &q->e->stream);
	stmt_bind_text(s, ":member", q->who.member);
	stmt_bind_int(s, ":glass_s", env_now_s(q->l->cfg.env) - FEED_GLASS_S);
	return stmt_has_row(s);
}

/* A call that began while the patient was on the author's list is finished
 * by its author, within a day, whoever has the patient by then: nobody hangs
 * up on a patient because the list was shared out anew. Its end closes it, and
 * it is no reason for another call. */
static int is_in_call(const struct question *q)
{
	struct stmt *s;

	if (q->kind == KIND_CALL_STARTED)
		return 0;
	s = store_query(q->l->cfg.store, Q_ACCESS_CALL);
	stmt_bind_id(s, ":stream", &q->e->stream);
	stmt_bind_id(s, ":seat", &q->r->seat);
	stmt_bind_int(s, ":seq", (int64_t)q->r->seq);
	stmt_bind_int(s, ":since_s", q->r->at_s - CALL_OPEN_S);
	return stmt_has_row(s);
}

static int was_on_list(const struct question *q)
{
	struct stmt *s = patient_query(q, Q_ASSIGN_WAS);

	stmt_bind_text(s, ":member", q->who.member);
	stmt_bind_int(s, ":size", (int64_t)seen_size(q));
	return stmt_has_row(s);
}

/* Was the entry written within the lease that the seen order renewed? */
static int is_within_lease(const struct question *q)
{
	struct stmt *s;
	uint64_t size = seen_size(q);
	int64_t lease_s = 0, seen_s;
	int r = lease_length(q->l, &lease_s);

	if (r < 0 || lease_s == 0 || size == 0)
		return r < 0 ? r : lease_s == 0;
	s = store_query(q->l->cfg.store, Q_LEAF_GET);
	stmt_bind_int(s, ":pos", (int64_t)size - 1);
	if ((r = stmt_step(s)) == 1) {
		seen_s = stmt_int(s, 3);
		r = q->r->at_s <= seen_s + lease_s;
	}
	stmt_reset(s);
	return r;
}

/* Is the patient in the care of the author's team, or of nobody's? */
static int is_of_team(const struct question *q)
{
	struct stmt *s = patient_query(q, Q_ASSIGN_WHO);
	bool is_in_care = false, is_ours = false;
	struct id team;
	int r;

	while ((r = stmt_step(s)) == 1) {
		stmt_id(&team, s, 0);
		is_in_care = true;
		is_ours = is_ours || id_cmp(&team, &q->who.team) == 0;
	}
	return r < 0 ? r : is_ours || !is_in_care;
}

/* May this person say it about a patient who is not on the list? */
static int is_free_of_list(const struct question *q)
{
	struct stmt *s;
	int r;

	if (q->who.role == 'N' || q->kind == KIND_ALERT_RAISED ||
	    q->who.role == 'Q')
		return 1;
	if (q->e->mode == MODE_NEW &&
	    (q->kind == KIND_CONTACT_RECORDED ||
		q->kind == KIND_CALLBACK_PROMISED ||
		q->kind == KIND_NOTE_ADDED) &&
	    (r = is_of_team(q)) != 0)
		return r;
	if (q->who.role == 'D') {
		s = store_query(q->l->cfg.store, Q_ALERT_ANY);
		stmt_bind_id(s, ":stream", &q->e->stream);
		return stmt_has_row(s);
	}
	s = store_query(q->l->cfg.store, Q_PATIENT_KNOWN);
	stmt_bind_id(s, ":stream", &q->e->stream);
	if ((r = stmt_has_row(s)) < 0)
		return r;
	return r == 0 || q->kind == KIND_GLASS_BROKEN;
}

/* Do-not-call is lifted by a supervisor alone, or by the node for what was
 * imported. */
static int lifts_refusal(const struct question *q)
{
	const char *names = json_str(q->body, "supersedes", NULL);
	struct stmt *s;

	if (q->kind != KIND_CONSENT_SET || !names || q->who.role == 'S' ||
	    q->who.role == 'N')
		return 0;
	s = store_query(q->l->cfg.store, Q_CONSENT_IS_REFUSAL);
	stmt_bind_id(s, ":stream", &q->e->stream);
	stmt_bind_text(s, ":ref", names);
	return stmt_has_row(s);
}

static int patient_rule(const struct question *q)
{
	int r = lifts_refusal(q);

	if (r != 0)
		return verdict_if(r, VERDICT_HELD_ROLE, 0);
	r = is_on_list(q); /* as nearly all are */
	if (r != 0)
		return verdict_if(r, VERDICT_ADMITTED, 0);
	if ((r = is_free_of_list(q)) != 0 || (r = has_broken_glass(q)) != 0)
		return verdict_if(r, VERDICT_ADMITTED, 0);
	if ((r = is_in_call(q)) != 0)
		return verdict_if(r, VERDICT_LATE, 0);
	if ((r = was_on_list(q)) <= 0)
		return verdict_if(r, 0, VERDICT_HELD_ASSIGNMENT);
	return verdict_if(is_within_lease(q), VERDICT_LATE, VERDICT_HELD_LEASE);
}

/* ---- undo and release ---- */

/* 1 when every entry of the named record on this stream may be undone. */
static int target_may_be_undone(const struct question *q, const struct id *seat)
{
	const struct record *t = &q->l->loaded;
	int is_found = 0, r;
	enum kind kind;

	r = ledger_load_record(
	    q->l, seat, (uint64_t)json_int(q->body, "seq", 0));
	if (r < 0)
		return r == ERR_NOT_FOUND ? 0 : r;
	for (uint32_t i = 0; i < t->count; i++) {
		if (id_cmp(&t->entries[i].stream, &q->e->stream) != 0)
			continue;
		if (!kind_find(&kind, t->entries[i].kind) ||
		    !kind_info(kind)->may_be_undone)
			return 0;
		is_found = 1;
	}
	return is_found;
}

/* Undo is for the author and for supervisors. */
static int undo_rule(const struct question *q)
{
	struct id seat = {{0}};

	id_parse(&seat, json_str(q->body, "seat", ""));
	if (id_cmp(&seat, &q->r->seat) != 0 && q->who.role != 'S' &&
	    q->who.role != 'N')
		return VERDICT_HELD_ROLE;
	return verdict_if(target_may_be_undone(q, &seat), VERDICT_ADMITTED,
	    VERDICT_HELD_SHAPE);
}

/* Is the entry held, on this stream, and not of the erased? */
static int may_be_released(const struct question *q, const char *name)
{
	struct stmt *s = store_query(q->l->cfg.store, Q_ENTRY_GET);
	struct ref ref;
	int r;

	if (!ref_parse(&ref, name))
		return 0;
	r = ledger_load_record(q->l, &ref.seat, ref.seq);
	if (r < 0)
		return r == ERR_NOT_FOUND ? 0 : r;
	stmt_bind_id(s, ":stream", &q->e->stream);
	stmt_bind_int(s, ":lamport", (int64_t)q->l->loaded.lamport);
	stmt_bind_id(s, ":seat", &ref.seat);
	stmt_bind_int(s, ":seq", (int64_t)ref.seq);
	stmt_bind_int(s, ":idx", ref.index);
	if ((r = stmt_step(s)) == 1)
		r = verdict_is_held((int)stmt_int(s, 0)) &&
		    stmt_int(s, 0) != VERDICT_HELD_ERASED;
	stmt_reset(s);
	return r;
}

/* Every entry that it names, or none. */
static int release_rule(const struct question *q)
{
	const json_t *also = json_list(q->body, "also");
	int r = may_be_released(q, json_str(q->body, "entry", ""));

	for (size_t i = 0; r == 1 && i < json_array_size(also); i++)
		r = may_be_released(
		    q, json_str(json_array_get(also, i), "entry", ""));
	return verdict_if(r, VERDICT_ADMITTED, VERDICT_HELD_SHAPE);
}

/* The same record may approve it. */
static int is_erased(const struct question *q)
{
	struct stmt *s;

	if (!q->l->has_erased && !erase_is_asked(q->r))
		return 0;
	s = store_query(q->l->cfg.store, Q_ERASED);
	stmt_bind_id(s, ":stream", &q->e->stream);
	return stmt_has_row(s);
}

static int rule_of(const struct question *q)
{
	switch (kind_info(q->kind)->stream) {
	case STREAM_CLASS_ROSTER:
		return roster_rule(q);
	case STREAM_CLASS_TEAM:
		return team_rule(q);
	case STREAM_CLASS_PATIENT:
		return patient_rule(q);
	case STREAM_CLASS_CONTENT:
		return VERDICT_ADMITTED;
	case STREAM_CLASS_ANY:
		break;
	}
	return q->kind == KIND_UNDONE ? undo_rule(q) : release_rule(q);
}

int ledger_admit(struct ledger *l, const struct record *r, uint32_t index,
    const json_t *body)
{
	struct question q = {
	    .l = l, .r = r, .e = &r->entries[index], .body = body};
	int err;

	if (!kind_find(&q.kind, q.e->kind) ||
	    (int)q.e->version != kind_info(q.kind)->version)
		return VERDICT_HELD_NEWER;
	if (!kind_may_use(q.kind, q.e->mode))
		return VERDICT_HELD_SHAPE;
	if ((err = ledger_load_grant(l, &r->seat, &q.who)) < 0)
		return err;
	if ((err = is_erased(&q)) != 0)
		return verdict_if(err, VERDICT_HELD_ERASED, 0);
	if (!body)
		return VERDICT_HELD_BODY;
	if (!kind_may_say(q.kind, q.who.role))
		return VERDICT_HELD_ROLE;
	return rule_of(&q);
}
