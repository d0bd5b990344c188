/*
 * lease_test.c - counting a lease against every clock, and what a terminal
 * may do before and after it has run out.
 */
#include "tests/world.h"

#include "core/err.h"
#include "core/lease.h"
#include "core/shelf.h"
#include "core/review.h"
#include "sync/directory.h"
#include "sync/feed.h"
#include "sync/lease.h"

#define NOTE "{\"text\":\"说明\"}"
#define OPENED "{\"why\":\"call\"}"
#define HOUR 3600

/* ---- counting ---- */

static struct lease_clock at(int64_t wall_s, uint64_t on_s, uint8_t boot)
{
	struct lease_clock c = {wall_s, on_s, {boot}};

	return c;
}

static int64_t left_after(struct lease *l, struct lease_clock now)
{
	lease_count(l, &now);
	return lease_left_s(l);
}

static void test_lease__the_longer_of_two_clocks_counts(void **state)
{
	struct lease_clock t = at(1000000, 500, 1);
	struct lease l = {.is_given = false};

	(void)state;
	assert_true(lease_left_s(&l) == INT64_MAX);
	lease_renew(&l, 72 * HOUR, &t);
	assert_int_equal(lease_left_s(&l), 72 * HOUR);
	/* both alike; the wall alone (asleep elsewhere); power alone */
	assert_int_equal(left_after(&l, at(1003600, 4100, 1)), 71 * HOUR);
	assert_int_equal(left_after(&l, at(1007200, 4100, 1)), 70 * HOUR);
	assert_int_equal(left_after(&l, at(1007200, 7700, 1)), 69 * HOUR);
	/* a new boot: what it has run, or the wall if that is more */
	assert_int_equal(left_after(&l, at(1007260, HOUR, 2)), 68 * HOUR);
	assert_int_equal(left_after(&l, at(1010860, HOUR + 60, 2)), 67 * HOUR);
	/* set back a little, the wall gains nothing */
	assert_int_equal(left_after(&l, at(1010560, HOUR + 60, 2)), 67 * HOUR);
	assert_int_equal(left_after(&l, at(1010560, HOUR + 60, 2)), 67 * HOUR);
	assert_int_equal(left_after(&l, at(2010560, HOUR + 60, 2)), 0);
}

static void test_lease__a_clock_set_back_ends_it(void **state)
{
	struct lease_clock t = at(1000000, 500, 1);
	struct lease l;

	(void)state;
	lease_renew(&l, 72 * HOUR, &t);
	assert_true(left_after(&l, at(1000000 - 300, 501, 1)) > 0);
	assert_int_equal(left_after(&l, at(1000000 - 300 - 301, 502, 1)), 0);
	/* For good, until the centre renews. */
	assert_int_equal(left_after(&l, at(1000000, 503, 1)), 0);
	t = at(1000000, 503, 1);
	lease_renew(&l, 0, &t);
	assert_true(left_after(&l, at(9000000, 9503, 1)) == INT64_MAX);
}

static void test_lease__kept_bytes_come_back(void **state)
{
	struct lease_clock t = at(1000000, 500, 1);
	struct buf b = {0};
	struct lease l, back;

	(void)state;
	lease_renew(&l, 72 * HOUR, &t);
	left_after(&l, at(1000100, 600, 1));
	lease_write(&b, &l);
	assert_int_equal(lease_read(&back, b.data, b.len), 0);
	assert_memory_equal(&back, &l, sizeof(l));
	for (size_t n = 0; n < b.len; n++) {
		assert_int_equal(lease_read(&back, b.data, n), ERR_DAMAGED);
		assert_int_equal(lease_left_s(&back), 0);
	}
	buf_fini(&b);
}

/* ---- a terminal ---- */

struct ward {
	struct world *w;
	struct world_seat *a;
	struct id p;
};

static int setup(void **state)
{
	struct ward *d = calloc(1, sizeof(*d));

	d->w = world_new(8);
	d->a = world_join(d->w, "A017", "agent");
	d->p = world_patient(d->w, "欧阳建国", "A017");
	assert_int_equal(world_sync(d->a), 0);
	*state = d;
	return 0;
}

static int teardown(void **state)
{
	struct ward *d = *state;

	world_free(d->w);
	free(d);
	return 0;
}

/* Time on every machine. */
static void pass(struct ward *d, int64_t s)
{
	d->w->node.env.now_s += s;
	for (int i = 0; i < d->w->count; i++)
		d->w->seats[i].env.now_s += s;
}

static void test_lease__lasts_72_hours_and_one_contact_renews(void **state)
{
	struct ward *d = *state;

	assert_int_equal(ledger_lease_left_s(d->a->ledger), 72 * HOUR);
	pass(d, 71 * HOUR);
	assert_int_equal(ledger_lease_left_s(d->a->ledger), HOUR);
	world_say(d->a, KIND_PATIENT_OPENED, &d->p, OPENED);
	assert_int_equal(world_sync(d->a), 0);
	assert_int_equal(ledger_lease_left_s(d->a->ledger), 72 * HOUR);
}

/* Between two minutes' counts nothing but the refusal has seen it. */
static void test_lease__a_clock_set_back_and_forth_gives_nothing(void **state)
{
	struct ward *d = *state;

	d->a->env.now_s -= HOUR;
	assert_int_equal(
	    world_try(d->a, KIND_PATIENT_OPENED, &d->p, OPENED), ERR_LEASE);
	d->a->env.now_s += HOUR;
	assert_int_equal(
	    world_try(d->a, KIND_PATIENT_OPENED, &d->p, OPENED), ERR_LEASE);
	world_close(d->a);
	world_open(d->a);
	assert_int_equal(
	    world_try(d->a, KIND_PATIENT_OPENED, &d->p, OPENED), ERR_LEASE);
	assert_int_equal(world_sync(d->a), 0);
	world_say(d->a, KIND_PATIENT_OPENED, &d->p, OPENED);
}

static void test_lease__is_kept_and_counted_over_a_restart(void **state)
{
	struct ward *d = *state;

	pass(d, 10 * HOUR);
	assert_int_equal(ledger_lease_tick(d->a->ledger), 0);
	world_close(d->a);
	pass(d, 10 * HOUR);
	world_open(d->a);
	assert_int_equal(ledger_lease_left_s(d->a->ledger), 52 * HOUR);
	/* Set back by two hours while it was off: over until contact. */
	world_close(d->a);
	d->a->env.now_s -= 12 * HOUR;
	world_open(d->a);
	assert_true(ledger_clock_is_back(d->a->ledger));
	assert_int_equal(ledger_lease_left_s(d->a->ledger), 0);
	assert_int_equal(ledger_lease_tick(d->a->ledger), 0);
	d->a->env.now_s += 13 * HOUR;
	assert_int_equal(ledger_lease_left_s(d->a->ledger), 0);
	assert_int_equal(world_sync(d->a), 0);
	assert_int_equal(ledger_lease_left_s(d->a->ledger), 72 * HOUR);
	assert_false(ledger_clock_is_back(d->a->ledger));
}

static void test_lease__past_it_nothing_opens_and_facts_are_kept(void **state)
{
	struct ward *d = *state;
	struct world_seat *s = world_join(d->w, "S002", "supervisor");

	assert_int_equal(world_sync(s), 0);
	pass(d, 73 * HOUR);
	assert_int_equal(
	    world_try(d->a, KIND_PATIENT_OPENED, &d->p, OPENED), ERR_LEASE);
	assert_int_equal(
	    world_try(d->a, KIND_CALL_STARTED, &d->p, "{}"), ERR_LEASE);
	world_say(d->a, KIND_NOTE_ADDED, &d->p, NOTE);
	assert_int_equal(
	    world_count(d->a, "SELECT count(*) FROM entry WHERE mode = "
			      "'N' AND kind = 'note.added'"),
	    1);
	assert_int_equal(world_count(d->a, "SELECT count(*) FROM v_note"), 1);
	assert_int_equal(world_sync(d->a), 0);
	assert_int_equal(
	    world_count(&d->w->node, "SELECT count(*) FROM entry WHERE "
				     "kind = 'note.added' AND verdict = 1"),
	    1);
	/* Renewed by the same contact, and others can read it. */
	world_say(d->a, KIND_PATIENT_OPENED, &d->p, OPENED);
	assert_int_equal(world_sync(s), 0);
	assert_int_equal(world_count(s, "SELECT count(*) FROM v_note"), 1);
}

/* A supervisor takes back a move after the lease has run out: the team, which
 * read the one, reads the other. */
static void test_lease__past_it_what_was_clear_is_undone_clearly(void **state)
{
	struct ward *d = *state;
	struct world_seat *sup = world_join(d->w, "S002", "supervisor");
	struct id seat;
	uint64_t seq;
	char json[200], hex[ID_HEX];

	assert_int_equal(world_sync(sup), 0);
	id_hex(hex, &d->p);
	snprintf(json, sizeof(json),
	    "{\"patient\":\"%s\",\"member\":\"\",\"reason\":\"load\"}", hex);
	seq = world_say(sup, KIND_ASSIGNED, &d->w->team, json);
	seat = sup->me->seat;
	assert_int_equal(world_sync(sup), 0);
	sup->env.now_s += 73 * HOUR;
	sup->env.mono_ms += 73 * HOUR * UINT64_C(1000);
	assert_int_equal(ledger_lease_left_s(sup->ledger), 0);
	assert_int_equal(ledger_undo(sup->ledger, &seat, seq), 0);
	assert_int_equal(
	    world_count(sup, "SELECT count(*) FROM entry WHERE kind = "
			     "'undone' AND mode = 'C'"),
	    1);
}

static void test_lease__a_key_that_is_missing_comes_again(void **state)
{
	struct ward *d = *state;

	pass(d, 2 * HOUR);
	assert_int_equal(test_exec(d->a->store, "DELETE FROM stream_key"), 0);
	assert_int_equal(world_sync(d->a), 0);
	assert_int_equal(
	    world_count(d->a, "SELECT count(*) FROM stream_key WHERE "
			      "key IS NOT NULL"),
	    1);
	assert_int_equal(ledger_lease_left_s(d->a->ledger), 72 * HOUR);
}

/* Keys that were asked for again are no news: what waits for quiet is done. */
static void test_lease__asking_for_keys_does_not_keep_a_patient(void **state)
{
	struct ward *d = *state;
	const struct id other = world_patient(d->w, "单雪梅", "A017");

	assert_int_equal(world_sync(d->a), 0);
	assert_int_equal(
	    world_count(d->a, "SELECT count(*) FROM v_patient"), 2);
	pass(d, 2 * HOUR);
	assert_int_equal(test_exec(d->a->store, "DELETE FROM stream_key"), 0);
	world_move(&d->w->node, &other, "");
	assert_int_equal(world_sync(d->a), 0);
	assert_int_equal(
	    world_count(d->a, "SELECT count(*) FROM v_patient"), 1);
	assert_int_equal(
	    world_count(d->a, "SELECT count(*) FROM stream_key WHERE "
			      "key IS NOT NULL"),
	    1);
}

/* A call that is open keeps its own patient, not the others. */
static void test_lease__an_open_call_keeps_only_its_patient(void **state)
{
	struct ward *d = *state;
	struct id ids[3] = {d->p};
	char slot[48] = "call/";

	for (int i = 1; i < 3; i++)
		ids[i] = world_patient(d->w, "单雪梅", "A017");
	assert_int_equal(world_sync(d->a), 0);
	for (int i = 0; i < 3; i++) { /* each of them once comes first */
		assert_int_equal(shelf_clear(d->a->store, slot), 0);
		id_hex(slot + 5, &ids[i]);
		assert_int_equal(
		    shelf_put(d->a->store, slot, "q1", "yes", 1), 0);
		for (int k = 0; k < 3; k++)
			world_move(&d->w->node, &ids[k], "");
		assert_int_equal(world_sync(d->a), 0);
		assert_int_equal(
		    world_count(d->a, "SELECT count(*) FROM v_patient"), 1);
		for (int k = 0; k < 3; k++)
			world_move(&d->w->node, &ids[k], "A017");
		assert_int_equal(world_sync(d->a), 0);
		assert_int_equal(
		    world_count(d->a, "SELECT count(*) FROM v_patient"), 3);
	}
}

static void test_lease__its_length_is_the_roster_s(void **state)
{
	struct ward *d = *state;

	world_say(&d->w->seats[0], KIND_SETTINGS_SET, &d->w->roster,
	    "{\"lease_s\":36000}");
	assert_int_equal(world_sync(&d->w->seats[0]), 0);
	pass(d, 2 * HOUR);
	assert_int_equal(world_sync(d->a), 0);
	assert_int_equal(ledger_lease_left_s(d->a->ledger), 10 * HOUR);
}

/* ---- who may hold one ---- */

static int64_t holds(struct world_seat *seat, const struct id *p)
{
	char sql[200], hex[ID_HEX];

	id_hex(hex, p);
	snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM stream_key WHERE "
	    "key IS NOT NULL AND stream = x'%s'",
	    hex);
	return world_count(seat, sql);
}

static void test_lease__operators_and_auditors_get_headers_only(void **state)
{
	struct ward *d = *state;
	struct world_seat *u = world_join(d->w, "U001", "auditor");
	struct world_seat *o = &d->w->seats[0];

	assert_int_equal(world_sync(u), 0);
	assert_int_equal(world_sync(o), 0);
	assert_int_equal(world_count(u, "SELECT count(*) FROM stream_key"), 0);
	assert_int_equal(world_count(o, "SELECT count(*) FROM stream_key"), 0);
	assert_int_equal(world_count(u, "SELECT count(*) FROM v_patient"), 0);
}

static void test_lease__broken_glass_lends_for_a_day(void **state)
{
	struct ward *d = *state;
	struct world_seat *b = world_join(d->w, "A012", "agent");

	assert_int_equal(world_sync(b), 0);
	assert_int_equal(holds(b, &d->p), 0);
	world_say(b, KIND_GLASS_BROKEN, &d->p, "{\"reason\":\"急救\"}");
	assert_int_equal(world_sync(b), 0);
	assert_int_equal(world_sync(b), 0);
	assert_int_equal(world_count(b, "SELECT count(*) FROM v_patient"), 1);
	assert_int_equal(
	    world_count(&d->w->node, "SELECT count(*) FROM v_access "
				     "WHERE what = 'glass'"),
	    1);
	pass(d, 25 * HOUR);
	assert_int_equal(ledger_begin(d->w->node.ledger), 0);
	assert_int_equal(feed_follow_clock(d->w->node.ledger), 0);
	assert_int_equal(ledger_commit(d->w->node.ledger), 0);
	assert_int_equal(world_sync(b), 0);
	assert_int_equal(world_sync(b), 0);
	assert_int_equal(holds(b, &d->p), 0);
	assert_int_equal(world_count(b, "SELECT count(*) FROM v_patient"), 0);
	assert_true(holds(d->a, &d->p) > 0);
}

static void test_lease__cover_lends_on_its_days_only(void **state)
{
	struct ward *d = *state;
	struct world_seat *b = world_join(d->w, "A012", "agent");
	struct world_seat *s = world_join(d->w, "S002", "supervisor");
	int64_t day = (d->a->env.now_s + 28800) / 86400;
	char json[200];

	assert_int_equal(world_sync(s), 0);
	snprintf(json, sizeof(json),
	    "{\"member\":\"A017\",\"by\":\"A012\","
	    "\"from_day\":%d,\"until_day\":%d}",
	    (int)day + 1, (int)day + 1);
	world_say(s, KIND_COVER_SET, &d->w->team, json);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(ledger_begin(d->w->node.ledger), 0);
		assert_int_equal(feed_follow_clock(d->w->node.ledger), 0);
		assert_int_equal(ledger_commit(d->w->node.ledger), 0);
		assert_int_equal(world_sync(s), 0);
		assert_int_equal(world_sync(b), 0);
		assert_int_equal(world_sync(b), 0);
		assert_int_equal(
		    world_count(b, "SELECT count(*) FROM v_patient"), i == 1);
		pass(d, 24 * HOUR);
	}
}

static void follow_clock(struct ward *d)
{
	assert_int_equal(ledger_begin(d->w->node.ledger), 0);
	assert_int_equal(feed_follow_clock(d->w->node.ledger), 0);
	assert_int_equal(ledger_commit(d->w->node.ledger), 0);
}

static void sync_twice(struct world_seat *seat)
{
	assert_int_equal(world_sync(seat), 0);
	assert_int_equal(world_sync(seat), 0);
}

/* The act on the alert of a record of A017. */
static void say_about(struct world_seat *by, enum kind kind,
    const struct ward *d, const char *more, uint64_t seq)
{
	char ref[REF_TEXT], text[400];

	ref_text(ref, &(struct ref){d->a->me->seat, seq, 1});
	snprintf(text, sizeof(text), "{\"alert\":\"%s\",%s}", ref, more);
	world_say(by, kind, &d->p, text);
}

/* The loop is to be seen after its end: discovered, told, handled, followed
 * up. */
static void test_lease__closed_alerts_stay_for_a_month(void **state)
{
	struct ward *d = *state;
	struct world_seat *doc = world_join(d->w, "D001", "clinician");
	struct world_seat *s = world_join(d->w, "S002", "supervisor");
	uint64_t seq;

	sync_twice(doc);
	assert_int_equal(world_count(doc, "SELECT count(*) FROM v_patient"), 0);
	seq = world_say(d->a, KIND_ALERT_RAISED, &d->p,
	    "{\"no\":\"A017.1-9\",\"rule\":\"by-hand\",\"version\":\"1\","
	    "\"level\":\"red\",\"text_zh\":\"胸痛\",\"text_en\":\"pain\","
	    "\"queue\":\"cardio\",\"sla_s\":1800,\"instruction_zh\":\"等\","
	    "\"instruction_en\":\"wait\",\"value\":\"\"}");
	assert_int_equal(world_sync(d->a), 0);
	sync_twice(doc);
	assert_int_equal(world_count(doc, "SELECT count(*) FROM v_patient"), 1);
	say_about(doc, KIND_ALERT_ACKNOWLEDGED, d, "\"owner\":\"D001\"", seq);
	say_about(doc, KIND_ALERT_CLOSED, d, "\"waiver\":\"已住院\"", seq);
	sync_twice(doc);
	assert_int_equal(
	    world_count(&d->w->node, "SELECT count(*) FROM v_alert "
				     "WHERE closed_s IS NOT NULL"),
	    1);
	pass(d, 29 * 24 * HOUR);
	follow_clock(d);
	sync_twice(doc);
	assert_int_equal(world_count(doc, "SELECT count(*) FROM v_alert WHERE "
					  "closed_s IS NOT NULL"),
	    1);
	pass(d, 2 * 24 * HOUR);
	follow_clock(d);
	sync_twice(doc);
	assert_int_equal(world_count(doc, "SELECT count(*) FROM v_patient"), 0);
	sync_twice(s);
	assert_int_equal(world_count(s, "SELECT count(*) FROM v_alert"), 1);
}

/* The centre gives a reviewer the patients of just the calls that the review
 * of the week may name. */
static void test_lease__a_reviewer_gets_the_sampled_calls(void **state)
{
	struct ward *d = *state;
	struct world_seat *q = world_join(d->w, "Q001", "reviewer");
	struct world_seat *s = world_join(d->w, "S002", "supervisor");
	struct review_call calls[2];
	struct review_ask ask = {.team = d->w->team, .most = 2};
	char body[300];
	bool is_in = false;
	int tries = 0, n;

	for (; !is_in && tries < 400; tries++) {
		long long now = (long long)d->a->env.now_s;
		snprintf(body, sizeof(body),
		    "{\"respondent\":\"self\","
		    "\"disposition\":\"completed\",\"disposition_version\":1,"
		    "\"reached\":true,\"completed\":true,\"class\":\"none\","
		    "\"started_s\":%lld,\"ended_s\":%lld}",
		    now - 60, now);
		world_say(d->a, KIND_CONTACT_RECORDED, &d->p, body);
		assert_int_equal(world_sync(d->a), 0);
		is_in =
		    world_count(&d->w->node,
			"SELECT count(*) FROM record r JOIN "
			"v_contact c ON c.seat = r.seat AND r.seq = "
			"CAST(substr("
			"c.ref, 34) AS INTEGER) WHERE substr(r.hash, 1, 1) < "
			"x'0d'") > 0;
		sync_twice(q);
		assert_int_equal(
		    world_count(q, "SELECT count(*) FROM v_patient"), is_in);
	}
	assert_true(is_in);
	sync_twice(s);
	ask.from_s = d->a->env.now_s - 86400;
	ask.until_s = d->a->env.now_s + 1;
	world_say(s, KIND_TEAM_MEMBER, &d->w->team,
	    "{\"member\":\"A017\",\"capacity\":40,\"active\":true}");
	assert_int_equal(world_sync(s), 0);
	sync_twice(q);
	n = review_sample(calls, 2, q->store, &ask);
	assert_int_equal(n, 1);
	assert_int_equal(id_cmp(&calls[0].patient, &d->p), 0);
	assert_int_equal(review_sample(calls, 2, s->store, &ask), 1);
	pass(d, 31 * 24 * HOUR);
	follow_clock(d);
	sync_twice(q);
	assert_int_equal(world_count(q, "SELECT count(*) FROM v_patient"), 0);
}

/* ---- the team's directory ---- */

static void test_lease__any_terminal_takes_an_incoming_call(void **state)
{
	struct ward *d = *state;
	struct world_seat *b = world_join(d->w, "A012", "agent");
	struct directory_entry found[4];
	struct draft take = {0};

	pass(d, HOUR);
	assert_int_equal(world_sync(b), 0);
	assert_int_equal(world_count(b, "SELECT count(*) FROM v_patient"), 0);
	assert_int_equal(directory_find(found, 4, b->store, "13900000000"), 0);
	assert_int_equal(
	    directory_find(found, 4, b->store, "+86 138-0000 0000"), 1);
	assert_string_equal(found[0].name, "欧*国");
	assert_int_equal(id_cmp(&found[0].patient, &d->p), 0);
	/* Neither names nor numbers are there in clear. */
	assert_int_equal(
	    world_count(b, "SELECT count(*) FROM directory WHERE "
			   "instr(name, '阳') OR instr(hex(phone), '138000')"),
	    0);
	directory_take_call(&take, &d->p);
	assert_int_equal(ledger_record(b->ledger, &take, NULL), 0);
	draft_fini(&take);
	assert_int_equal(world_sync(b), 0);
	assert_int_equal(world_sync(b), 0);
	assert_int_equal(world_count(b, "SELECT count(*) FROM v_patient"), 1);
	assert_int_equal(
	    world_count(&d->w->node, "SELECT count(*) FROM v_access "
				     "WHERE what = 'glass'"),
	    1);
	/* What is said in the call counts, for a day. */
	world_say(b, KIND_CALL_STARTED, &d->p,
	    "{\"direction\":\"in\",\"number_index\":0}");
	world_say(b, KIND_NOTE_ADDED, &d->p, NOTE);
	assert_int_equal(world_sync(b), 0);
	assert_int_equal(
	    world_count(&d->w->node, "SELECT count(*) FROM entry WHERE "
				     "verdict >= 3"),
	    0);
	assert_int_equal(world_sync(d->a), 0);
	assert_int_equal(world_count(d->a, "SELECT count(*) FROM v_note"), 1);
	pass(d, 25 * HOUR);
	world_say(b, KIND_NOTE_ADDED, &d->p, NOTE);
	assert_int_equal(world_sync(b), 0);
	assert_int_equal(
	    world_count(&d->w->node, "SELECT count(*) FROM entry WHERE "
				     "verdict = 4"),
	    1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lease__the_longer_of_two_clocks_counts),
	    cmocka_unit_test(test_lease__a_clock_set_back_ends_it),
	    cmocka_unit_test(test_lease__kept_bytes_come_back),
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(test_lease__lasts_72_hours_and_one_contact_renews),
	    T(test_lease__is_kept_and_counted_over_a_restart),
	    T(test_lease__a_clock_set_back_and_forth_gives_nothing),
	    T(test_lease__past_it_nothing_opens_and_facts_are_kept),
	    T(test_lease__past_it_what_was_clear_is_undone_clearly),
	    T(test_lease__a_key_that_is_missing_comes_again),
	    T(test_lease__asking_for_keys_does_not_keep_a_patient),
	    T(test_lease__an_open_call_keeps_only_its_patient),
	    T(test_lease__its_length_is_the_roster_s),
	    T(test_lease__closed_alerts_stay_for_a_month),
	    T(test_lease__a_reviewer_gets_the_sampled_calls),
	    T(test_lease__operators_and_auditors_get_headers_only),
	    T(test_lease__broken_glass_lends_for_a_day),
	    T(test_lease__cover_lends_on_its_days_only),
	    T(test_lease__any_terminal_takes_an_incoming_call),
	};

	return cmocka_run_group_tests_name("lease", tests, NULL, NULL);
}
