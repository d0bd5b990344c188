/*
 * worklist_property_test.c - whatever happens, in whatever order, the list
 * that is refreshed after each event is the one that is computed from
 * nothing, and the one that a plain model of the patients gives.
 */
#include "core/clock.h"
#include "core/worklist.h"
#include "keys/hash.h"
#include "tests/desk_maker.h"
#include "tests/script_walk.h"
#include "tests/test.h"

#define PEOPLE 12
#define PROMISES 8
#define SEAT "A017"

static const char *const plans[2] = {"copd", "asthma"};

/* What a patient's events come to, kept without any table. */
struct person {
	struct {
		bool is_on;
		int64_t due, close;
		int64_t not_before_s;
	} due[2];
	struct {
		bool is_open;
		int64_t due_s;
		char ref[REF_TEXT];
	} promise[PROMISES];
	int promises;
	int64_t snoozed_s, handled_s; /* 0: none */
	char alert[REF_TEXT], refusal[REF_TEXT];
	bool is_mine, is_refused, is_dead;
	int risk; /* 0 high, 1 mid, 2 other */
};

struct world {
	struct desk_maker m;
	struct walk_random r;
	struct person p[PEOPLE];
};

struct place {
	struct id patient;
	enum work_class class;
	int64_t a, b; /* what the class is sorted by */
};

static int64_t today(const struct world *w)
{
	return day_of(w->m.world.now_s, 28800);
}

static void say(struct world *w, int i, enum kind kind, const char *body)
{
	struct id id = desk_patient(i + 1);

	desk_maker_enter(&w->m, kind, &id, body);
}

static void last_ref(const struct world *w, char out[REF_TEXT])
{
	struct ref r = {.seat = w->m.desk.seat, .seq = w->m.seq, .index = 1};

	ref_text(out, &r);
}

/* ---- events -------------------------------------------------------------- */

static void enrol(struct world *w, int i)
{
	int k = (int)walk_below(&w->r, 2);
	int due = (int)walk_below(&w->r, 12) - 5;
	int close = due + (int)walk_below(&w->r, 5);
	int later = walk_below(&w->r, 4) == 0 ? 7200 : 0;
	char body[600];

	snprintf(body, sizeof(body),
	    "{'pathway':'%s','version':'1','anchor':'enrolment','anchor_day':"
	    "1,'next':[{'pathway':'%s','pathway_version':'1','step':'s',"
	    "'script':'copd','open_day':%lld,'due_day':%lld,'close_day':%lld,"
	    "'minutes':5,'attempts':0,'not_before_s':%lld,'rule':'plan',"
	    "'rule_version':'1'}]}",
	    plans[k], plans[k], (long long)today(w) + due - 2,
	    (long long)today(w) + due, (long long)today(w) + close,
	    later ? (long long)w->m.world.now_s + later : 0);
	say(w, i, KIND_PATHWAY_ENROLLED, body);
	w->p[i].due[k].is_on = true;
	w->p[i].due[k].due = today(w) + due;
	w->p[i].due[k].close = today(w) + close;
	w->p[i].due[k].not_before_s = later ? w->m.world.now_s + later : 0;
}

static void leave(struct world *w, int i)
{
	int k = (int)walk_below(&w->r, 2);
	char body[100];

	snprintf(body, sizeof(body), "{'pathway':'%s','reason':'x'}", plans[k]);
	say(w, i, KIND_PATHWAY_LEFT, body);
	w->p[i].due[k].is_on = false;
}

/* A contact that does one step and plans the next one. */
static void contact(struct world *w, int i)
{
	struct person *p = &w->p[i];
	int k = (int)walk_below(&w->r, 2);
	int days = 1 + (int)walk_below(&w->r, 20);
	long long now = w->m.world.now_s, day = today(w) + days;
	char body[900];

	if (!p->due[k].is_on)
		return;
	snprintf(body, sizeof(body),
	    "{'respondent':'self','disposition':'completed',"
	    "'disposition_version':1,'reached':true,'completed':true,"
	    "'started_s':%lld,'ended_s':%lld,'class':'none','done':[{"
	    "'pathway':'%s','step':'s'}],'next':[{'pathway':'%s',"
	    "'pathway_version':'1','step':'s','script':'copd','open_day':%lld,"
	    "'due_day':%lld,'close_day':%lld,'attempts':0,'not_before_s':0,"
	    "'rule':'plan','rule_version':'1'}]}",
	    now, now, plans[k], plans[k], day - 1, day, day + 1);
	say(w, i, KIND_CONTACT_RECORDED, body);
	p->due[k].due = day;
	p->due[k].close = day + 1;
	p->due[k].not_before_s = 0;
	p->snoozed_s = 0;
}

static void snooze(struct world *w, int i)
{
	char body[100];
	int64_t until_s =
	    w->m.world.now_s + 60 * (int64_t)walk_below(&w->r, 5000);

	snprintf(body, sizeof(body), "{'until_s':%lld,'reason':'other'}",
	    (long long)until_s);
	say(w, i, KIND_SNOOZED, body);
	w->p[i].snoozed_s = until_s;
}

static void promise(struct world *w, int i)
{
	struct person *p = &w->p[i];
	int n = p->promises;
	char body[100];

	if (n == PROMISES)
		return;
	p->promise[n].due_s =
	    w->m.world.now_s - 3600 + 60 * (int64_t)walk_below(&w->r, 200);
	snprintf(body, sizeof(body),
	    "{'due_s':%lld,'owner':'%s','number_index':0}",
	    (long long)p->promise[n].due_s, SEAT);
	say(w, i, KIND_CALLBACK_PROMISED, body);
	last_ref(w, p->promise[n].ref);
	p->promise[n].is_open = true;
	p->promises++;
}

static void keep(struct world *w, int i)
{
	struct person *p = &w->p[i];
	char body[200];
	int n;

	if (p->promises == 0)
		return;
	n = (int)walk_below(&w->r, (uint32_t)p->promises);
	snprintf(body, sizeof(body), "{'callback':'%s','result':'kept'}",
	    p->promise[n].ref);
	say(w, i, KIND_CALLBACK_KEPT, body);
	p->promise[n].is_open = false;
}

static void refuse(struct world *w, int i)
{
	struct person *p = &w->p[i];
	char body[200] = "{'what':'call','given':false}";

	if (p->is_refused)
		snprintf(body, sizeof(body),
		    "{'what':'call','given':true,'supersedes':'%s'}",
		    p->refusal);
	say(w, i, KIND_CONSENT_SET, body);
	if (!p->is_refused)
		last_ref(w, p->refusal);
	p->is_refused = !p->is_refused;
}

static void assign(struct world *w, int i)
{
	struct person *p = &w->p[i];
	struct id id = desk_patient(i + 1), team = {{0xbb}};
	char hex[ID_HEX], body[200];

	p->is_mine = !p->is_mine;
	id_hex(hex, &id);
	snprintf(body, sizeof(body),
	    "{'patient':'%s','member':'%s','reason':'initial'}", hex,
	    p->is_mine ? SEAT : "A012");
	desk_maker_enter(&w->m, KIND_ASSIGNED, &team, body);
}

static void risk(struct world *w, int i)
{
	static const char *const levels[] = {"high", "mid", "low"};
	char body[100];

	w->p[i].risk = (int)walk_below(&w->r, 3);
	snprintf(body, sizeof(body), "{'level':'%s','reason':'x'}",
	    levels[w->p[i].risk]);
	say(w, i, KIND_RISK_SET, body);
}

static void alert(struct world *w, int i)
{
	struct person *p = &w->p[i];
	char body[300];

	if (p->alert[0] && !p->handled_s) {
		snprintf(body, sizeof(body), "{'alert':'%s','action':'x'}",
		    p->alert);
		say(w, i, KIND_ALERT_HANDLED, body);
		p->handled_s = w->m.world.now_s;
	} else if (p->alert[0]) {
		snprintf(body, sizeof(body), "{'alert':'%s'}", p->alert);
		say(w, i, KIND_ALERT_VERIFIED, body);
		p->alert[0] = '\0';
		p->handled_s = 0;
	} else {
		say(w, i, KIND_ALERT_RAISED,
		    "{'no':'A','rule':'r','version':'1','level':'red',"
		    "'text_zh':'x','text_en':'x','queue':'q','sla_s':60}");
		last_ref(w, p->alert);
	}
}

static void die(struct world *w, int i)
{
	char body[100];

	if (walk_below(&w->r, 8) != 0)
		return;
	snprintf(
	    body, sizeof(body), "{'deceased_day':%lld}", (long long)today(w));
	say(w, i, KIND_PATIENT_AMENDED, body);
	w->p[i].is_dead = true;
}

static void time_passes(struct world *w, int i)
{
	(void)i;
	w->m.world.now_s += 60 * (int64_t)walk_below(&w->r, 900);
}

static void (*const events[])(struct world *w, int i) = {enrol, enrol, leave,
    contact, contact, snooze, promise, keep, refuse, assign, risk, alert, alert,
    die, time_passes, time_passes};

/* ---- the model's list ---------------------------------------------------- */

static int by_place(const void *x, const void *y)
{
	const struct place *a = x, *b = y;

	if (a->class != b->class)
		return a->class < b->class ? -1 : 1;
	if (a->a != b->a)
		return a->a < b->a ? -1 : 1;
	if (a->b != b->b)
		return a->b < b->b ? -1 : 1;
	return id_cmp(&a->patient, &b->patient);
}

static bool is_due(
    const struct world *w, const struct person *p, struct place *out)
{
	int64_t now = w->m.world.now_s, day = today(w);
	bool found = false;

	if (p->snoozed_s > now || p->is_dead || p->is_refused || !p->is_mine)
		return false;
	for (int k = 0; k < 2; k++) {
		bool urgent = p->due[k].due <= day + 1 &&
			      p->due[k].not_before_s <= now &&
			      (p->due[k].close <= day + 1 ||
				  (p->due[k].due <= day && p->risk == 0));
		struct place at = {.class = urgent ? WORK_URGENT : WORK_ROUTINE,
		    .a = urgent ? p->risk : p->due[k].due,
		    .b = urgent ? p->due[k].due : 0};
		if (p->due[k].is_on && (!found || by_place(&at, out) < 0)) {
			*out = at;
			found = true;
		}
	}
	return found;
}

static bool is_promised(
    const struct world *w, const struct person *p, struct place *out)
{
	bool found = false;

	for (int n = 0; n < p->promises; n++) {
		int64_t at = p->promise[n].due_s;
		if (!p->promise[n].is_open || at > w->m.world.now_s + 900 ||
		    (found && at >= out->a))
			continue;
		*out = (struct place){.class = WORK_CALLBACK, .a = at};
		found = true;
	}
	return found && !p->is_dead && !p->is_refused;
}

static int model_list(struct place out[PEOPLE], const struct world *w)
{
	int n = 0;

	for (int i = 0; i < PEOPLE; i++) {
		const struct person *p = &w->p[i];
		struct place at = {.a = 0};
		if (p->alert[0] && p->handled_s && p->is_mine)
			at = (struct place){
			    .class = WORK_ALERT, .a = p->handled_s};
		else if (!is_promised(w, p, &at) && !is_due(w, p, &at))
			continue;
		at.patient = desk_patient(i + 1);
		out[n++] = at;
	}
	qsort(out, (size_t)n, sizeof(*out), by_place);
	return n;
}

/* ---- comparing ----------------------------------------------------------- */

static int read_list(
    struct work_row *rows, struct worklist *list, const struct world *w)
{
	struct work_scope scope = {
	    .member = SEAT, .now_s = w->m.world.now_s, .zone_s = 28800};
	int n = 0, k;

	assert_int_equal(worklist_refresh(list, &scope), 0);
	while ((k = worklist_page(
		    list, rows + n, 3, n ? &rows[n - 1] : NULL, 1)) > 0)
		n += k;
	assert_int_equal(k, 0);
	return n;
}

static void compare(struct world *w, struct worklist *kept, int seed, int step)
{
	static struct work_row rows[2][PEOPLE + 4];
	struct worklist *fresh = worklist_new(w->m.desk.store);
	struct place want[PEOPLE];
	int n = model_list(want, w);

	assert_int_equal(read_list(rows[0], kept, w), n);
	assert_int_equal(read_list(rows[1], fresh, w), n);
	for (int i = 0; i < n; i++) {
		assert_memory_equal(
		    &rows[0][i], &rows[1][i], sizeof(rows[0][i]));
		if (id_cmp(&rows[0][i].patient, &want[i].patient) != 0 ||
		    rows[0][i].class != want[i].class)
			fail_msg("seed %d step %d row %d: class %d for %d",
			    seed, step, i, rows[0][i].class, want[i].class);
	}
	worklist_free(&fresh);
}

static void test_worklist__incremental_equals_recomputed(void **state)
{
	int seeds = test_repeat(8);

	(void)state;
	for (int seed = 1; seed <= (seeds > 2 ? seeds : 2); seed++) {
		struct world w = {.r = {(uint64_t)seed}};
		struct worklist *kept;
		desk_maker_init(&w.m, 'A', NULL);
		for (int i = 0; i < PEOPLE; i++) {
			say(&w, i, KIND_PATIENT_REGISTERED,
			    "{'name':'x','name_en':'x','pinyin':'x',"
			    "'initials':'x','sex':'male','birth_day':1,"
			    "'source':'test','phones':[]}");
			w.p[i].risk = 2;
			assign(&w, i);
		}
		kept = worklist_new(w.m.desk.store);
		for (int step = 0; step < 150; step++) {
			int i = (int)walk_below(&w.r, PEOPLE);
			uint32_t e = walk_below(&w.r, ARRAY_LEN(events));
			events[e](&w, i);
			compare(&w, kept, seed, step);
		}
		worklist_free(&kept);
		desk_maker_fini(&w.m);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_worklist__incremental_equals_recomputed),
	};
	hash_init();
	return cmocka_run_group_tests_name(
	    "worklist_property", tests, NULL, NULL);
}
