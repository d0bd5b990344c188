/*
 * replay_live_test.c - the replay decides by what the terminal decided by:
 * a log of real calls with random answers, asked again under the content it
 * was made with, gives each date and rule that was signed then.
 */
#include "core/cadence.h"
#include "core/clock.h"
#include "core/store.h"
#include "keys/hash.h"
#include "sync/content_replay.h"
#include "tests/desk_maker.h"
#include "tests/script_walk.h"
#include "tests/test.h"
#include "tui/call.h"
#include "tui/catalog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DECISIONS 200
#define STEPS 3000

struct decision {
	struct id patient;
	int64_t at_s;
	char pathway[64], next[120];
};

struct live {
	struct desk_maker m;
	struct walk_random random;
	struct decision signed_then[DECISIONS];
	size_t n, seen;
};

static void say(struct call *c, const char *link, const char *typed)
{
	struct script_place at = {.item = script_find(c->script, link)};
	struct script_verdict v;

	assert_true(at.item != SCRIPT_NONE);
	if (call_answer(c, at, typed, &v) < 0)
		fail_msg("%s: %s is refused", link, typed);
}

static void note_next(struct live *l, const struct call *c,
    const struct outcome *out, int64_t at_s)
{
	for (int i = 0; i < out->count; i++) {
		const struct outcome_next *n = &out->next[i];
		struct decision *d = &l->signed_then[l->n];
		char day[DAY_TEXT];

		if (!n->is_done)
			continue;
		assert_true(l->n++ < DECISIONS);
		d->patient = c->file->patient;
		d->at_s = at_s;
		snprintf(d->pathway, sizeof(d->pathway), "%s", n->due.pathway);
		day_text(day, n->due.due_day);
		snprintf(d->next, sizeof(d->next), "%s %s",
		    n->is_over ? "-" : day, n->is_over ? "none" : n->due.rule);
	}
}

/* One whole call: everything that is asked is answered somehow. */
static void call_once(struct live *l, int patient)
{
	struct id p = desk_patient(patient);
	char ref[REF_TEXT], sbp[12];
	struct outcome out;
	struct call *c;
	int64_t at_s;

	assert_int_equal(call_begin(&c, &l->m.desk, &p, "x"), 0);
	say(c, "call.identity", "1");
	say(c, "call.recording", "1");
	say(c, "call.respondent", "1");
	assert_true(walk_finish(c->run, &l->random, STEPS) >= 0);
	/* The last one as a person types it: the rules see all. */
	snprintf(sbp, sizeof(sbp), "%u", 118 + walk_below(&l->random, 70));
	say(c, "bp.sys", "240");
	say(c, "bp.dia", "76");
	say(c, "bp.sys", sbp);
	assert_true(walk_finish(c->run, &l->random, STEPS) >= 0);
	say(c, "bp.sys", sbp);
	at_s = l->m.desk.env->now_s(l->m.desk.env->ctx);
	call_propose(c, call_completed(c), &out);
	note_next(l, c, &out, at_s);
	assert_int_equal(call_finish(ref, c, call_completed(c), NULL), 0);
	call_free(&c);
}

static void compare(void *ctx, const struct id *patient,
    const struct replay_contact *c, const char *const texts[2])
{
	struct live *l = ctx;

	for (size_t i = 0; i < l->n; i++) {
		const struct decision *d = &l->signed_then[i];
		if (d->at_s != c->at_s || id_cmp(&d->patient, patient) != 0 ||
		    strcmp(d->pathway, c->pathway) != 0)
			continue;
		assert_string_equal(texts[0], d->next);
		assert_string_equal(texts[1], d->next);
		l->seen++;
		return;
	}
	fail_msg("nobody signed %s", texts[0]);
}

static void test_replay__gives_every_date_that_was_signed(void **state)
{
	struct content_files files = content_files_builtin();
	struct replay_total total = {0};
	struct live *l = calloc(1, sizeof(*l));
	struct content_replay cfg = {.was = &files,
	    .now = &files,
	    .zone_s = 28800,
	    .ctx = l,
	    .decided = compare};
	int rules;

	(void)state;
	l->random.state = 20261122;
	desk_maker_init(&l->m, 'A', NULL);
	desk_maker_fill(&l->m);
	for (int i = 0; i < 24; i++) {
		call_once(l, 2 + i % 2);
		l->m.world.now_s += INT64_C(12) * 86400;
	}
	assert_int_equal(content_replay_run(&total, l->m.desk.store, &cfg), 0);
	assert_int_equal(l->seen, l->n);
	assert_int_equal(total.decisions, l->n);
	assert_true(l->n >= 20);
	for (int k = 0; k < REPLAY_KINDS; k++)
		assert_int_equal(total.of[k], 0);
	/* Not all by one rule: the answers made a difference. */
	rules = 0;
	for (size_t i = 1; i < l->n; i++)
		rules += strcmp(strchr(l->signed_then[i].next, ' '),
			     strchr(l->signed_then[0].next, ' ')) != 0;
	assert_true(rules > 2);
	desk_maker_fini(&l->m);
	free(files.at);
	free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_replay__gives_every_date_that_was_signed),
	};

	hash_init();
	return cmocka_run_group_tests_name("replay_live", tests, NULL, NULL);
}
