/*
 * sim_ends.c - what ends: a seat is revoked, a patient erased by two persons,
 * a lease runs out. Each with its event and its judge.
 */
#include "tests/sim/sim_impl.h"

#include "core/err.h"
#include "sync/ledger_impl.h"
#include "sync/rollback.h"

#include <inttypes.h>

#define LEASE_S (72 * 3600)

/* sql asks about p.id. */
static int64_t ask(struct world_seat *m, const char *sql, const struct id *id)
{
	char text[400], hex[ID_HEX];

	id_hex(hex, id);
	snprintf(
	    text, sizeof(text), "WITH p(id) AS (SELECT x'%s') %s", hex, sql);
	return test_scalar(m->store, text);
}

static void say_to_roster(struct sim *s, int i, enum kind kind, json_t *body)
{
	uint64_t seq = 0;

	if (sim_record(&seq, &s->w->seats[i], kind, &s->w->roster, body) == 0)
		s->acked[i + 1] = seq;
}

/* One of the two who may. */
static int draw_chief(struct sim *s)
{
	return sim_draw(s, 2) ? SIM_OPERATOR : SIM_SUPERVISOR;
}

/* ---- a seat is revoked -------------------------------------------------- */

static void revoke(struct sim *s)
{
	json_t *body = json_pack("{s:s}", "reason", "lost");

	draft_put_id(body, "seat", &s->w->seats[SIM_LOST].me->seat);
	say_to_roster(s, draw_chief(s), KIND_SEAT_REVOKED, body);
	s->asked_revoke = true;
}

/* Place of the revocation; -1: none. */
static int64_t revoked_at(struct sim *s)
{
	return ask(&s->w->node,
	    "SELECT coalesce(max(until_pos), -1) FROM v_seat, p "
	    "WHERE seat = p.id",
	    &s->w->seats[SIM_LOST].me->seat);
}

bool sim_is_revoked(struct sim *s, int i)
{
	return i == SIM_LOST && s->asked_revoke && revoked_at(s) >= 0;
}

/* The centre cuts a live session of a revoked seat; the next is give-only. */
void sim_cut_revoked(struct sim *s)
{
	struct world_seat *m = &s->w->seats[SIM_LOST];
	struct session_status status;

	/* A centre that has lost its power again comes back first. */
	if (!m->there || fault_is_off(s->disks[0]) ||
	    !sim_is_revoked(s, SIM_LOST))
		return;
	session_status(&status, m->there);
	if (session_is_open(m->there) && !status.gives_only)
		world_cut(m);
}

/* I11: what is placed after the revocation is held, and nothing placed after
 * it has reached the seat. */
static void judge_revoked(struct sim *s)
{
	struct world_seat *m = &s->w->seats[SIM_LOST];
	int64_t at = revoked_at(s), told;
	char hex[ID_HEX], sql[300];

	id_hex(hex, &m->me->seat);
	snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM entry WHERE seat = x'%s' AND pos > %" PRId64
	    " AND (verdict < 3 OR folded = 1)",
	    hex, at);
	if (test_scalar(s->w->node.store, sql) > 0)
		sim_fail(s, "I11", "a revoked seat's entry takes effect");
	s->out->revoked++;
	if (s->has_restored)
		return; /* other places */
	snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM record WHERE seat <> x'%s' AND pos > "
	    "%" PRId64,
	    hex, at);
	told = test_scalar(m->store, sql);
	if (told > 0)
		sim_fail(s, "I11", "%" PRId64 " records told to a revoked seat",
		    told);
}

/* ---- a patient is erased by two persons --------------------------------- */

static void request(struct sim *s)
{
	struct ref ref = {.index = 1};
	json_t *item = json_object();
	json_t *body = json_pack("{s:[o],s:s,s:b}", "streams", item, "reason",
	    "patient", "legal_hold", 0);

	s->requester = draw_chief(s);
	s->erased = (int)sim_draw(s, SIM_PATIENTS);
	draft_put_id(item, "stream", &s->patients[s->erased]);
	ref.seat = s->w->seats[s->requester].me->seat;
	ref.seq = ledger_next_seq(s->w->seats[s->requester].ledger);
	ref_text(s->request, &ref);
	say_to_roster(s, s->requester, KIND_ERASURE_REQUESTED, body);
}

/* Says something of the patient, and it is on its way to the centre. */
static void say_on_the_way(struct sim *s, int i, const struct id *patient)
{
	struct world_seat *m = &s->w->seats[i];
	char words[40];
	uint64_t seq;
	int r = 0;

	sim_words(words, s->erased);
	if (sim_meet(s, i) == 0)
		world_connect(m);
	while (m->here && r == 0 && world_step_node(&r, m))
		;
	while (m->here && r == 0 && world_step_seat(&r, m))
		;
	if (sim_record(&seq, m, KIND_NOTE_ADDED, patient,
		json_pack("{s:s}", "text", words)) == 0)
		s->acked[i + 1] = seq;
	while (m->here && r == 0 && world_step_seat(&r, m))
		;
	if (r < 0)
		world_cut(m);
}

/* Whoever else holds the patient is at work on it. */
static void say_meanwhile(struct sim *s)
{
	const struct id *p = &s->patients[s->erased];

	for (int i = 0; i < s->w->count; i++)
		if (i != SIM_OPERATOR && i != SIM_SUPERVISOR &&
		    sim_holds(&s->w->seats[i], p))
			say_on_the_way(s, i, p);
}

/* Mostly the centre knows of both before what is on its way. */
static void approve(struct sim *s)
{
	int other = SIM_OPERATOR + SIM_SUPERVISOR - s->requester;
	bool is_told = sim_draw(s, 3) > 0;

	sim_hold_power(s);
	if (is_told)
		(void)sim_meet(s, s->requester);
	say_meanwhile(s);
	say_to_roster(s, other, KIND_ERASURE_APPROVED,
	    json_pack("{s:s}", "request", s->request));
	if (is_told)
		(void)sim_meet(s, other);
}

static bool is_erased(struct world_seat *m, const struct id *patient)
{
	return ask(m, "SELECT count(*) FROM erased, p WHERE stream = p.id",
		   patient) > 0;
}

/* Boxes about the patient among those of a record's frame. */
static int boxes_about(
    struct record *r, const struct boxes *boxes, const struct id *patient)
{
	int n = 0;

	for (uint32_t i = 0; i < r->count && i < boxes->count; i++)
		n += r->entries[i].mode != MODE_CLEAR && boxes->len[i] > 0 &&
		     id_cmp(&r->entries[i].stream, patient) == 0;
	return n;
}

static int in_log(struct world_seat *m, const struct id *patient)
{
	struct stmt *all = store_query(m->store, Q_RECORD_ALL);
	const struct id first = {{0}};
	struct ref refs[2000];
	int n = 0, found = 0;

	stmt_bind_id(all, ":seat", &first);
	stmt_bind_int(all, ":seq", 0);
	stmt_bind_int(all, ":most", ARRAY_LEN(refs));
	while (stmt_step(all) == 1) {
		stmt_id(&refs[n].seat, all, 0);
		refs[n++].seq = (uint64_t)stmt_int(all, 1);
	}
	assert_true(n > 0 && n < (int)ARRAY_LEN(refs));
	for (int i = 0; i < n; i++) {
		assert_int_equal(
		    ledger_load_record(m->ledger, &refs[i].seat, refs[i].seq),
		    0);
		found +=
		    boxes_about(&m->ledger->loaded, &m->ledger->boxes, patient);
	}
	return found;
}

/* Among branches, or what waits for a place. */
static int beside_log(
    struct world_seat *m, enum query_id where, const struct id *patient)
{
	static struct record r;
	struct stmt *q = store_query(m->store, where);
	const void *frame, *data;
	struct boxes boxes;
	size_t n, len;
	int found = 0;

	for (int64_t nth = 0;; nth++) {
		stmt_bind_id(q, ":stream", patient);
		stmt_bind_int(q, ":nth", nth);
		if (stmt_step(q) != 1)
			break;
		frame = stmt_blob(q, 0, &n);
		data = stmt_blob(q, 2, &len);
		if (len > 0 && record_read(&r, frame, n) == 0 &&
		    boxes_read(&boxes, r.count, data, len) == 0)
			found += boxes_about(&r, &boxes, patient);
		stmt_reset(q);
	}
	stmt_reset(q);
	return found;
}

/* I13 on one machine: no key, no box, no row, no draft, and the words said of
 * the patient in no page of the store. */
static void judge_erased_on(struct sim *s, struct world_seat *m)
{
	const struct id *p = &s->patients[s->erased];
	char words[40];

	sim_words(words, s->erased);
	if (!is_erased(m, p))
		sim_fail(s, "I13", "%s has not heard of it", m->member);
	else if (ask(m,
		     "SELECT count(*) FROM stream_key, p WHERE key IS NOT "
		     "NULL AND stream = p.id",
		     p) > 0)
		sim_fail(s, "I13", "%s has a key of the erased", m->member);
	else if (in_log(m, p) + beside_log(m, Q_FORK_ABOUT, p) +
		     beside_log(m, Q_SALVAGE_ABOUT, p) >
		 0)
		sim_fail(s, "I13", "%s has a box of the erased", m->member);
	else if (ask(m,
		     "SELECT count(*) FROM shelf, p WHERE slot LIKE '%/' "
		     "|| lower(hex(p.id))",
		     p) > 0)
		sim_fail(s, "I13", "%s has a draft of the erased", m->member);
	else if (test_in_pages(m->store, words, strlen(words)) > 0)
		sim_fail(s, "I13", "%s has words on the erased", m->member);
}

static void judge_erased(struct sim *s)
{
	if (!s->request[0] || !is_erased(&s->w->node, &s->patients[s->erased]))
		return;
	s->out->erasures++;
	judge_erased_on(s, &s->w->node);
	for (int i = 0; i < s->w->count; i++)
		if (!sim_is_revoked(s, i)) /* out of reach */
			judge_erased_on(s, &s->w->seats[i]);
}

/* ---- a lease runs out --------------------------------------------------- */

void sim_contact(struct sim *s, int i)
{
	s->contact_s[i] = s->w->seats[i].env.now_s;
}

int sim_open_patient(
    uint64_t *seq, struct sim *s, struct world_seat *m, const struct id *p)
{
	int64_t since = m->env.now_s - s->contact_s[m - s->w->seats];
	int r = sim_record(
	    seq, m, KIND_PATIENT_OPENED, p, json_pack("{s:s}", "why", "call"));

	if (r == 0 && since > LEASE_S)
		sim_fail(s, "I12",
		    "%s opened a patient %" PRId64 " s after its last contact",
		    m->member, since);
	s->out->expired += r == ERR_LEASE;
	return r;
}

void sim_open_all(struct sim *s, int i)
{
	struct world_seat *m = &s->w->seats[i];
	uint64_t seq;

	for (int k = 0; k < SIM_PATIENTS; k++)
		if (ledger_role(m->ledger) != 'O' &&
		    sim_holds(m, &s->patients[k]) &&
		    sim_open_patient(&seq, s, m, &s->patients[k]) == 0)
			s->acked[i + 1] = seq;
}

/* ------------------------------------------------------------------------- */

void sim_event_end(struct sim *s)
{
	if (s->has_revocation && !s->asked_revoke)
		revoke(s);
	else if (s->has_erasure && !s->request[0])
		request(s);
	else if (s->has_erasure)
		approve(s);
}

void sim_judge_ends(struct sim *s)
{
	if (sim_is_revoked(s, SIM_LOST))
		judge_revoked(s);
	judge_erased(s);
	for (int i = 0; i < s->w->count; i++)
		if (!sim_is_revoked(s, i) &&
		    ledger_lease_left_s(s->w->seats[i].ledger) <= 0)
			sim_fail(s, "I20", "%s has no lease after contact",
			    s->w->seats[i].member);
}
