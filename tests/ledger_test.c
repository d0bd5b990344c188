/*
 * ledger_test.c - the corridor with real stores: own saves, the node's order
 * and verdicts, sessions, reassignment while offline, undo, release, rebuild.
 */
#include "tests/world.h"

#include "core/err.h"
#include "core/shelf.h"
#include "core/office.h"

#define NOTE "{\"text\":\"说明\"}"
#define ALERT                                                                  \
	"{\"no\":\"A017.1-9\",\"rule\":\"by-hand\",\"version\":\"1\","         \
	"\"level\":\"emergency\",\"text_zh\":\"昏迷\",\"text_en\":\"x\","    \
	"\"queue\":\"cardiology\",\"sla_s\":900}"

static int setup(void **state)
{
	*state = world_new(1);
	return 0;
}

static int teardown(void **state)
{
	world_free(*state);
	return 0;
}

/* Rebuilding changes nothing. */
static void assert_rebuilds_equal(struct world_seat *seat)
{
	char before[HASH_HEX], after[HASH_HEX];

	world_digest(before, seat);
	assert_int_equal(ledger_rebuild(seat->ledger, NULL, NULL), 0);
	world_digest(after, seat);
	assert_string_equal(before, after);
}

static void assert_all_rebuild_equal(struct world *w)
{
	assert_rebuilds_equal(&w->node);
	for (int i = 0; i < w->count; i++)
		assert_rebuilds_equal(&w->seats[i]);
}

static void test_ledger__a_note_reaches_the_centre_with_a_receipt(void **state)
{
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");
	struct id p;

	assert_int_equal(world_sync(a), 0);
	assert_string_equal(ledger_member(a->ledger), "A017");
	p = world_patient(w, "欧阳建国", "A017");
	assert_int_equal(world_sync(a), 0);
	assert_int_equal(world_count(a, "SELECT count(*) FROM v_patient"), 1);
	world_say(a, KIND_NOTE_ADDED, &p, NOTE);
	assert_int_equal(world_count(a, "SELECT count(*) FROM v_note"), 1);
	assert_int_equal(
	    world_count(a, "SELECT count(*) FROM record WHERE state = 0"), 1);
	assert_int_equal(world_sync(a), 0);
	assert_int_equal(
	    world_count(a, "SELECT count(*) FROM record WHERE state = 0"), 0);
	assert_int_equal(
	    world_count(&w->node, "SELECT count(*) FROM v_note"), 1);
	assert_int_equal(
	    world_count(a,
		"SELECT count(*) FROM entry WHERE kind = 'note.added' "
		"AND verdict = 1 AND pos IS NOT NULL"),
	    1);
	/* Again changes nothing. */
	assert_int_equal(world_sync(a), 0);
	assert_int_equal(
	    world_count(&w->node, "SELECT count(*) FROM v_note"), 1);
	assert_all_rebuild_equal(w);
}

static void test_ledger__only_the_assigned_seat_gets_keys(void **state)
{
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");
	struct world_seat *b = world_join(w, "A012", "agent");

	world_patient(w, "单雪梅", "A017");
	assert_int_equal(world_sync(a), 0);
	assert_int_equal(world_sync(b), 0);
	assert_int_equal(world_count(a, "SELECT count(*) FROM v_patient"), 1);
	assert_int_equal(world_count(b, "SELECT count(*) FROM v_patient"), 0);
	assert_int_equal(world_count(b, "SELECT count(*) FROM stream_key"), 0);
	/* 4 zero bytes: the box of the registration is not here */
	assert_int_equal(
	    world_count(b,
		"SELECT count(*) FROM record r JOIN entry e ON e.seat = r.seat "
		"AND e.seq = r.seq WHERE e.kind = 'patient.registered' AND "
		"substr(r.boxes, 1, 4) = x'00000000'"),
	    1);
	/* but learns who has the patient */
	assert_int_equal(world_count(b, "SELECT count(*) FROM v_assign"), 1);
}

/* The scene that costs other systems their users' work. */
static void test_ledger__offline_work_survives_reassignment(void **state)
{
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");
	struct world_seat *b = world_join(w, "A012", "agent");
	struct world_seat *s = world_join(w, "S002", "supervisor");
	struct id p = world_patient(w, "曾强", "A017");

	assert_int_equal(world_sync(a), 0);
	assert_int_equal(world_sync(s), 0);
	assert_int_equal(world_sync(b), 0);
	world_move(s, &p, "A012");
	assert_int_equal(world_sync(s), 0);
	/* A017 is offline and does not know. */
	world_say(a, KIND_NOTE_ADDED, &p, NOTE);
	assert_int_equal(world_sync(a), 0);
	assert_int_equal(
	    world_count(&w->node,
		"SELECT count(*) FROM entry WHERE kind = 'note.added' "
		"AND verdict = 2"),
	    1);
	assert_int_equal(world_sync(b), 0);
	assert_int_equal(world_count(b, "SELECT late FROM v_note"), 1);
	/* A017 has lost the patient and said so. */
	assert_int_equal(world_sync(a), 0);
	assert_int_equal(world_count(a, "SELECT count(*) FROM v_patient"), 0);
	assert_int_equal(
	    world_count(
		a, "SELECT count(*) FROM stream_key WHERE key IS NOT NULL"),
	    0);
	assert_int_equal(
	    world_count(&w->node, "SELECT count(*) FROM v_purge"), 1);
	/* Without the key A017 cannot say more about the patient under S. */
	assert_all_rebuild_equal(w);
	/* New words of the new owner go under a new epoch's key. */
	world_say(b, KIND_NOTE_ADDED, &p, NOTE);
	assert_int_equal(world_sync(b), 0);
	assert_int_equal(
	    world_count(&w->node,
		"SELECT count(DISTINCT kid) FROM entry WHERE mode = 'S'"),
	    2);
	assert_int_equal(world_sync(s), 0);
	assert_int_equal(world_count(s, "SELECT count(*) FROM v_note"), 2);
}

static void test_ledger__held_until_released(void **state)
{
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");
	struct world_seat *b = world_join(w, "A012", "agent");
	struct world_seat *s = world_join(w, "S002", "supervisor");
	struct id p = world_patient(w, "区志明", "A017");
	char json[200], ref[REF_TEXT];
	uint64_t seq;

	assert_int_equal(world_sync(a), 0);
	assert_int_equal(world_sync(b), 0);
	/* A012 was never given the patient: amending it is held. */
	seq = world_say(b, KIND_PATIENT_AMENDED, &p, "{\"name\":\"假名\"}");
	assert_int_equal(world_sync(b), 0);
	assert_int_equal(
	    world_count(&w->node,
		"SELECT verdict FROM entry WHERE kind = 'patient.amended'"),
	    VERDICT_HELD_ASSIGNMENT);
	assert_int_equal(
	    world_count(
		&w->node, "SELECT count(*) FROM v_patient WHERE name = '假名'"),
	    0);
	assert_int_equal(world_sync(s), 0);
	ref_text(ref, &(struct ref){b->me->seat, seq, 1});
	snprintf(json, sizeof(json), "{\"entry\":\"%s\"}", ref);
	world_say(s, KIND_RELEASED, &p, json);
	assert_int_equal(world_sync(s), 0);
	assert_int_equal(
	    world_count(
		&w->node, "SELECT count(*) FROM v_patient WHERE name = '假名'"),
	    1);
	assert_all_rebuild_equal(w);
}

static void release(
    struct world_seat *by, const struct id *stream, const char *entry)
{
	char json[200];

	snprintf(json, sizeof(json), "{\"entry\":\"%s\"}", entry);
	world_say(by, KIND_RELEASED, stream, json);
	assert_int_equal(world_sync(by), 0);
}

/* What was moved away and back while its author was in a call: the release
 * reaches all who have the patient, the author too. */
static void test_ledger__a_release_reaches_all_who_read(void **state)
{
	static const char named[] =
	    "SELECT count(*) FROM v_patient WHERE name = '假名'";
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");
	struct world_seat *b = world_join(w, "A012", "agent");
	struct world_seat *s = world_join(w, "S002", "supervisor");
	struct world_seat *d = world_join(w, "D001", "clinician");
	struct world_seat *all[] = {&w->node, s, a, d};
	struct id p = world_patient(w, "曾强", "A017");
	struct office_held rows[2];
	char ref[REF_TEXT];
	uint64_t seq;

	assert_int_equal(world_sync(a), 0);
	world_say(a, KIND_ALERT_RAISED, &p, ALERT);
	assert_int_equal(world_sync(s), 0);
	world_move(s, &p, "A012");
	assert_int_equal(world_sync(s), 0);
	assert_int_equal(world_sync(b), 0);
	assert_int_equal(world_sync(a), 0);
	seq = world_say(a, KIND_PATIENT_AMENDED, &p, "{\"name\":\"假名\"}");
	ref_text(ref, &(struct ref){a->me->seat, seq, 1});
	assert_int_equal(world_sync(a), 0);
	world_move(s, &p, "A017");
	for (int i = 1; i < 4; i++)
		assert_int_equal(world_sync(all[i]), 0);
	for (int i = 0; i < 4; i++)
		assert_int_equal(world_count(all[i], named), 0);
	assert_int_equal(office_held(rows, 2, s->store), 1);
	release(s, &p, ref);
	assert_int_equal(office_held(rows, 2, s->store), 0);
	release(s, &p, ref); /* again changes nothing */
	for (int i = 1; i < 4; i++)
		assert_int_equal(world_sync(all[i]), 0);
	for (int i = 0; i < 4; i++)
		assert_int_equal(world_count(all[i], named), 1);
	assert_all_rebuild_equal(w);
	/* It goes with the patient, and comes with it. */
	world_move(s, &p, "A012");
	assert_int_equal(world_sync(s), 0);
	assert_int_equal(world_sync(a), 0);
	assert_int_equal(world_sync(b), 0);
	assert_int_equal(world_count(a, "SELECT count(*) FROM v_patient"), 0);
	assert_int_equal(world_count(b, named), 1);
	assert_all_rebuild_equal(w);
}

/* An alert that begins to count gives the clinician the patient. */
static void test_ledger__a_released_alert_finds_its_clinician(void **state)
{
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");
	struct world_seat *s = world_join(w, "S002", "supervisor");
	struct world_seat *d = world_join(w, "D001", "clinician");
	struct id p = world_patient(w, "曾强", "A017");
	char hex[ID_HEX], json[120], ref[REF_TEXT];
	uint64_t seq;

	assert_int_equal(world_sync(a), 0);
	seq = world_say(a, KIND_ALERT_RAISED, &p, ALERT);
	ref_text(ref, &(struct ref){a->me->seat, seq, 1});
	id_hex(hex, &a->me->seat);
	snprintf(
	    json, sizeof(json), "{\"seat\":\"%s\",\"reason\":\"lost\"}", hex);
	world_say(&w->seats[0], KIND_SEAT_REVOKED, &w->roster, json);
	assert_int_equal(world_sync(&w->seats[0]), 0);
	(void)world_sync(a);
	assert_int_equal(world_sync(d), 0);
	assert_int_equal(world_count(d, "SELECT count(*) FROM v_patient"), 0);
	assert_int_equal(world_sync(s), 0);
	release(s, &p, ref);
	assert_int_equal(world_sync(d), 0);
	assert_int_equal(world_count(d, "SELECT count(*) FROM v_alert"), 1);
	assert_all_rebuild_equal(w);
}

/* A clinician of another department gets the patient with a forwarded alert,
 * and the one who forwarded it to a department gives the copy back. */
static void test_ledger__a_forwarded_alert_takes_its_patient_along(void **state)
{
	static const char held[] = "SELECT count(*) FROM v_patient";
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");
	struct world_seat *d = world_join(w, "D001", "clinician");
	struct world_seat *n = world_join(w, "D002", "clinician");
	struct id p = world_patient(w, "曾强", "A017");
	char json[300], ref[REF_TEXT];
	uint64_t seq;

	for (int i = 1; i < 3; i++) {
		snprintf(json, sizeof(json),
		    "{\"member\":\"D00%d\",\"name\":\"x\",\"role\":"
		    "\"clinician\",\"from_s\":0,\"until_s\":4000000000,"
		    "\"queues\":\"%s\"}",
		    i, i == 1 ? "cardiology" : "neurology");
		world_say(&w->seats[0], KIND_MEMBER_GRANTED, &w->roster, json);
	}
	assert_int_equal(world_sync(&w->seats[0]), 0);
	assert_int_equal(world_sync(a), 0);
	seq = world_say(a, KIND_ALERT_RAISED, &p, ALERT);
	ref_text(ref, &(struct ref){a->me->seat, seq, 1});
	assert_int_equal(world_sync(a), 0);
	assert_int_equal(world_sync(n), 0);
	assert_int_equal(world_sync(d), 0);
	assert_int_equal(world_count(n, held), 0);
	assert_int_equal(world_count(d, held), 1);
	snprintf(json, sizeof(json),
	    "{\"alert\":\"%s\",\"queue\":\"neurology\","
	    "\"reason\":\"speech\"}",
	    ref);
	world_say(d, KIND_ALERT_FORWARDED, &p, json);
	assert_int_equal(world_sync(d), 0);
	assert_int_equal(world_sync(n), 0);
	assert_int_equal(world_count(n, held), 1);
	assert_int_equal(world_count(d, held), 0);
	/* and back to the person, whose department it is not any more */
	snprintf(json, sizeof(json),
	    "{\"alert\":\"%s\",\"queue\":\"neurology\","
	    "\"owner\":\"D001\",\"reason\":\"together\"}",
	    ref);
	world_say(n, KIND_ALERT_FORWARDED, &p, json);
	assert_int_equal(world_sync(n), 0);
	assert_int_equal(world_sync(d), 0);
	assert_int_equal(world_count(n, held), 1);
	assert_int_equal(world_count(d, held), 1);
	assert_all_rebuild_equal(w);
}

static int64_t may_call(struct world_seat *seat)
{
	return world_count(seat,
	    "SELECT count(*) = 0 FROM v_consent WHERE what = "
	    "'call' AND given = 0 AND superseded = 0");
}

/* Any entry that names the refusal would lift it, whatever it is about. */
static void test_ledger__only_a_supervisor_lifts_do_not_call(void **state)
{
	static const char *const what[] = {"call", "recording"};
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");
	struct world_seat *s = world_join(w, "S002", "supervisor");
	struct id p = world_patient(w, "曾强", "A017");
	char json[300], ref[REF_TEXT];
	uint64_t seq;

	assert_int_equal(world_sync(a), 0);
	seq = world_say(
	    a, KIND_CONSENT_SET, &p, "{\"what\":\"call\",\"given\":false}");
	ref_text(ref, &(struct ref){a->me->seat, seq, 1});
	for (size_t i = 0; i < ARRAY_LEN(what); i++) {
		snprintf(json, sizeof(json),
		    "{\"what\":\"%s\",\"given\":true,"
		    "\"supersedes\":\"%s\"}",
		    what[i], ref);
		world_say(a, KIND_CONSENT_SET, &p, json);
	}
	assert_int_equal(world_sync(a), 0);
	assert_int_equal(
	    world_count(&w->node, "SELECT count(*) FROM entry WHERE "
				  "kind = 'consent.set' AND verdict = 3"),
	    2);
	assert_false(may_call(&w->node));
	assert_int_equal(world_sync(a), 0);
	assert_false(may_call(a));
	assert_int_equal(world_sync(s), 0);
	snprintf(json, sizeof(json),
	    "{\"what\":\"call\",\"given\":true,"
	    "\"supersedes\":\"%s\"}",
	    ref);
	world_say(s, KIND_CONSENT_SET, &p, json);
	assert_int_equal(world_sync(s), 0);
	assert_int_equal(world_sync(a), 0);
	assert_true(may_call(&w->node));
	assert_true(may_call(a));
	assert_all_rebuild_equal(w);
}

static void test_ledger__undo_takes_back_and_keeps_the_rest(void **state)
{
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");
	struct id p = world_patient(w, "解晓东", "A017");
	uint64_t seq;

	assert_int_equal(world_sync(a), 0);
	world_say(a, KIND_NOTE_ADDED, &p, NOTE);
	seq = world_say(a, KIND_SNOOZED, &p,
	    "{\"reason\":\"other\",\"until_s\":1800000000}");
	assert_int_equal(world_count(a, "SELECT count(*) FROM v_snooze"), 1);
	assert_int_equal(ledger_undo(a->ledger, &a->me->seat, seq), 0);
	assert_int_equal(world_count(a, "SELECT count(*) FROM v_snooze"), 0);
	assert_int_equal(world_count(a, "SELECT count(*) FROM v_note"), 1);
	assert_int_equal(world_sync(a), 0);
	assert_int_equal(
	    world_count(&w->node, "SELECT count(*) FROM v_snooze"), 0);
	/* A call that was started stays started. */
	seq = world_say(a, KIND_CALL_STARTED, &p,
	    "{\"direction\":\"out\",\"number_index\":0}");
	assert_int_equal(ledger_undo(a->ledger, &a->me->seat, seq), ERR_RULE);
	assert_all_rebuild_equal(w);
}

static void test_ledger__two_moves_at_once_the_second_is_stale(void **state)
{
	struct world *w = *state;
	struct world_seat *s = world_join(w, "S002", "supervisor");
	struct world_seat *t = world_join(w, "S003", "supervisor");
	struct id p;

	world_join(w, "A012", "agent");
	p = world_patient(w, "仇玉兰", "A012");
	assert_int_equal(world_sync(s), 0);
	assert_int_equal(world_sync(t), 0);
	world_move(s, &p, "A017");
	world_move(t, &p, "A019");
	assert_int_equal(world_sync(s), 0);
	assert_int_equal(world_sync(t), 0);
	assert_int_equal(world_count(&w->node,
			     "SELECT count(*) FROM entry WHERE verdict = 11"),
	    1);
	assert_int_equal(
	    world_count(&w->node,
		"SELECT count(*) FROM v_assign WHERE member = 'A017'"),
	    1);
	/* The loser sees it without its own move. */
	assert_int_equal(
	    world_count(
		t, "SELECT count(*) FROM v_assign WHERE member = 'A017'"),
	    1);
	assert_all_rebuild_equal(w);
}

static void test_ledger__an_agent_registers_offline_under_mode_n(void **state)
{
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");
	struct world_seat *s = world_join(w, "S002", "supervisor");
	struct id p = {{5}};

	assert_int_equal(world_sync(a), 0);
	world_say(a, KIND_PATIENT_REGISTERED, &p,
	    "{\"name\":\"新来\",\"sex\":\"female\"}");
	world_say(a, KIND_NOTE_ADDED, &p, NOTE);
	assert_int_equal(world_sync(a), 0);
	assert_int_equal(
	    world_count(
		&w->node, "SELECT count(*) FROM v_patient WHERE name = '新来'"),
	    1);
	assert_int_equal(
	    world_count(&w->node,
		"SELECT count(*) FROM entry WHERE mode = 'N' AND verdict = 1"),
	    1);
	assert_int_equal(
	    world_count(&w->node,
		"SELECT count(*) FROM record WHERE seals IS NOT NULL"),
	    0);
	assert_int_equal(world_sync(s), 0);
	assert_all_rebuild_equal(w);
}

static void test_ledger__roles_are_checked_before_signing(void **state)
{
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");
	struct id p = world_patient(w, "马丽", "A017");

	assert_int_equal(world_sync(a), 0);
	assert_int_equal(
	    world_try(a, KIND_TEAM_SET, &w->team, "{\"name\":\"x\"}"),
	    ERR_NOT_PERMITTED);
	assert_int_equal(
	    world_try(a, KIND_NOTE_ADDED, &p, "{\"text\":1}"), ERR_INVALID);
	assert_int_equal(
	    world_count(a, "SELECT count(*) FROM record WHERE state = 0"), 0);
}

static void test_ledger__a_restarted_process_goes_on(void **state)
{
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");
	struct id p = world_patient(w, "覃桂芳", "A017");

	assert_int_equal(world_sync(a), 0);
	for (int i = 0; i < 5; i++) {
		world_say(a, KIND_NOTE_ADDED, &p, NOTE);
		world_close(a);
		world_open(a);
		if (i == 2) {
			world_close(&w->node);
			world_open(&w->node);
			assert_int_equal(world_sync(a), 0);
		}
	}
	assert_int_equal(world_sync(a), 0);
	assert_int_equal(
	    world_count(&w->node, "SELECT count(*) FROM v_note"), 5);
	assert_all_rebuild_equal(w);
}

static void test_ledger__a_seat_that_lost_its_disk_tail_recovers(void **state)
{
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");
	struct id p = world_patient(w, "任重", "A017");
	char cmd[13000];

	assert_int_equal(world_sync(a), 0);
	world_close(a);
	snprintf(cmd, sizeof(cmd), "cp %s %s.old", a->path, a->path);
	assert_int_equal(system(cmd), 0);
	world_open(a);
	world_say(a, KIND_NOTE_ADDED, &p, NOTE);
	world_say(a, KIND_NOTE_ADDED, &p, NOTE);
	assert_int_equal(world_sync(a), 0);
	world_close(a);
	snprintf(cmd, sizeof(cmd), "rm -f %s-wal && mv %s.old %s", a->path,
	    a->path, a->path);
	assert_int_equal(system(cmd), 0);
	world_open(a);
	assert_int_equal(world_count(a, "SELECT count(*) FROM v_note"), 0);
	assert_int_equal(world_sync(a), 0);
	assert_int_equal(world_count(a, "SELECT count(*) FROM v_note"), 2);
	world_say(a, KIND_NOTE_ADDED, &p, NOTE);
	assert_int_equal(world_sync(a), 0);
	assert_int_equal(
	    world_count(&w->node, "SELECT count(*) FROM v_note"), 3);
	assert_all_rebuild_equal(w);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/* A save and the end of the work it came from are one. */
static void test_ledger__a_save_ends_its_draft_or_neither(void **state)
{
	struct world *w = *state;
	struct world_seat *a = world_join(w, "A017", "agent");
	struct id p = world_patient(w, "欧阳建国", "A017");
	struct draft d = {.slot = "call/x"};

	assert_int_equal(world_sync(a), 0);
	draft_add(&d, KIND_NOTE_ADDED, &p, json_pack("{s:s}", "text", "x"));
	assert_int_equal(shelf_put(a->store, "call/x", "note", "half", 1), 0);
	assert_int_equal(ledger_begin(a->ledger), 0);
	assert_int_equal(ledger_add(a->ledger, &d, NULL), 0);
	assert_int_equal(shelf_has(a->store, "call/"), 0);
	ledger_rollback(a->ledger);
	assert_int_equal(shelf_has(a->store, "call/"), 1);
	assert_int_equal(world_count(a, "SELECT count(*) FROM v_note"), 0);
	assert_int_equal(ledger_record(a->ledger, &d, NULL), 0);
	assert_int_equal(shelf_has(a->store, "call/"), 0);
	draft_fini(&d);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    T(test_ledger__a_save_ends_its_draft_or_neither),
	    T(test_ledger__a_note_reaches_the_centre_with_a_receipt),
	    T(test_ledger__only_the_assigned_seat_gets_keys),
	    T(test_ledger__offline_work_survives_reassignment),
	    T(test_ledger__held_until_released),
	    T(test_ledger__a_release_reaches_all_who_read),
	    T(test_ledger__a_released_alert_finds_its_clinician),
	    T(test_ledger__a_forwarded_alert_takes_its_patient_along),
	    T(test_ledger__only_a_supervisor_lifts_do_not_call),
	    T(test_ledger__undo_takes_back_and_keeps_the_rest),
	    T(test_ledger__two_moves_at_once_the_second_is_stale),
	    T(test_ledger__an_agent_registers_offline_under_mode_n),
	    T(test_ledger__roles_are_checked_before_signing),
	    T(test_ledger__a_restarted_process_goes_on),
	    T(test_ledger__a_seat_that_lost_its_disk_tail_recovers),
	};
	return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
