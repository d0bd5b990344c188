/*
 * practice.c - a door into a log that is none: drafts are checked, numbered
 * and folded, kept in memory for undo, and forgotten.
 */
#define _GNU_SOURCE
#include "tui/practice.h"

#include "core/asset.h"
#include "core/clock.h"
#include "core/entry.h"
#include "core/err.h"
#include "core/fold.h"
#include "core/mem.h"
#include "core/shelf.h"
#include "core/store.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/desk.h"
#include "tui/dialer.h"
#include "tui/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WORLD_MAX 65536
#define KEY_BYTES 32

struct item {
	struct fold_entry entry;
	json_t *body;
	bool undone;
};

struct practice {
	struct desk desk;
	struct entry_book *book;
	struct fold *fold;
	char dir[200];
	struct item *items;
	size_t count;
	uint64_t seq;
};

static const struct id roster = {{0xfa}}, team = {{0xfb}};

/* ---- the door ----------------------------------------------------------- */

static int fold_one(struct practice *p, const struct draft_entry *e, unsigned n)
{
	struct item item = {.body = json_incref(e->body),
	    .entry = {.kind = e->kind,
		.stream = e->stream,
		.ref = {p->desk.seat, p->seq, n},
		.lamport = p->seq,
		.pos = (int64_t)p->seq,
		.at_s = env_now_s(p->desk.env),
		.body = e->body}};

	p->items = mem_grow(p->items, p->count + 1, sizeof(item));
	p->items[p->count++] = item;
	return fold_apply(p->fold, &item.entry);
}

static int record(void *ctx, const struct draft *draft, uint64_t *seq)
{
	struct practice *p = ctx;
	size_t before = p->count;
	int rc = 0;

	for (size_t i = 0; i < draft->count && rc == 0; i++)
		rc = entry_check(
		    p->book, draft->entries[i].kind, draft->entries[i].body);
	if (rc == 0)
		rc = store_begin(p->desk.store);
	if (rc < 0)
		return rc;
	p->seq++;
	for (size_t i = 0; i < draft->count && rc == 0; i++)
		rc = fold_one(p, &draft->entries[i], (unsigned)i + 1);
	if (rc == 0)
		rc = shelf_clear(p->desk.store, draft->slot);
	if (rc == 0)
		rc = store_commit(p->desk.store);
	if (rc == 0) {
		*seq = p->seq;
		return 0;
	}
	store_rollback(p->desk.store);
	while (p->count > before)
		json_decref(p->items[--p->count].body);
	return rc;
}

/* A stream is folded again without what was undone. */
static int refold(struct practice *p, const struct id *stream)
{
	int rc = fold_forget(p->fold, stream);

	for (size_t i = 0; i < p->count && rc == 0; i++)
		if (!p->items[i].undone &&
		    id_cmp(&p->items[i].entry.stream, stream) == 0)
			rc = fold_apply(p->fold, &p->items[i].entry);
	return rc;
}

static int undo(void *ctx, const struct id *seat, uint64_t seq)
{
	struct practice *p = ctx;
	int rc = store_begin(p->desk.store);

	(void)seat;
	for (size_t i = 0; i < p->count; i++)
		if (p->items[i].entry.ref.seq == seq)
			p->items[i].undone = true;
	for (size_t i = 0; i < p->count && rc == 0; i++)
		if (p->items[i].entry.ref.seq == seq)
			rc = refold(p, &p->items[i].entry.stream);
	if (rc == 0)
		rc = store_commit(p->desk.store);
	if (rc < 0)
		store_rollback(p->desk.store);
	return rc;
}

static uint64_t next_seq(void *ctx)
{
	return ((struct practice *)ctx)->seq + 1;
}

/* ---- the invented world ------------------------------------------------- */

static void add(
    struct draft *d, enum kind kind, const struct id *stream, json_t *body)
{
	draft_add(d, kind, stream, body);
}

static void add_person(struct draft *d, const json_t *who)
{
	json_t *body = json_object();
	const char *member = json_str(who, "member", "");
	struct id seat = {{0xfd}};

	json_put_str(body, "member", member);
	json_put_str(body, "name", json_str(who, "name", ""));
	json_put_str(body, "name_en", json_str(who, "name_en", ""));
	json_put_str(body, "role", json_str(who, "role", ""));
	draft_put_id(body, "team", &team);
	json_put_int(body, "from_s", 1);
	json_put_int(body, "until_s", INT64_C(9000000000));
	add(d, KIND_MEMBER_GRANTED, &roster, body);
	body = json_object();
	json_put_str(body, "member", member);
	json_put_int(body, "capacity", 40);
	json_put_flag(body, "active", true);
	add(d, KIND_TEAM_MEMBER, &team, body);
	body = json_object();
	memcpy(seat.b + 1, member, strlen(member) < 8 ? strlen(member) : 8);
	draft_put_id(body, "seat", &seat);
	json_put_str(body, "sign_key",
	    "00000000000000000000000000000000"
	    "00000000000000000000000000000000");
	json_put_str(body, "dh_key",
	    "00000000000000000000000000000000"
	    "00000000000000000000000000000000");
	json_put_str(body, "member", member);
	json_put_int(body, "ordinal", 1);
	json_put_str(body, "terminal", "practice");
	json_put_int(body, "from_s", 1);
	json_put_int(body, "until_s", INT64_C(9000000000));
	add(d, KIND_SEAT_GRANTED, &roster, body);
}

static void add_registration(
    struct draft *d, const struct id *id, const json_t *who)
{
	static const char *const copied[] = {
	    "name", "name_en", "pinyin", "initials", "sex"};
	json_t *body = json_object(), *phones = json_array(),
	       *phone = json_object();

	for (size_t i = 0; i < ARRAY_LEN(copied); i++)
		json_put_str(body, copied[i], json_str(who, copied[i], ""));
	json_put_int(body, "birth_day",
	    day_from_civil((int)json_int(who, "birth", 1960), 3, 1));
	json_put_str(body, "source", "practice");
	json_put_str(phone, "number", json_str(who, "phone", ""));
	json_put_str(phone, "relation", "self");
	json_put_flag(phone, "consent", true);
	json_array_append_new(phones, phone);
	json_put(body, "phones", phones);
	add(d, KIND_PATIENT_REGISTERED, id, body);
}

static void add_condition(
    struct draft *d, const struct id *id, const json_t *who)
{
	json_t *body = json_object(), *list = json_array(), *o = json_object();

	json_put_str(o, "code", json_str(who, "code", ""));
	json_put_str(o, "system", "icd10");
	json_put_str(o, "text", json_str(who, "condition", ""));
	json_array_append_new(list, o);
	json_put(body, "items", list);
	add(d, KIND_CONDITIONS_RECORDED, id, body);
	body = json_object();
	json_put_str(body, "level", json_str(who, "risk", "low"));
	json_put_str(body, "reason", "");
	json_put_str(body, "rule", "risk-levels");
	json_put_str(body, "version", "1");
	add(d, KIND_RISK_SET, id, body);
}

static json_t *due_of(const json_t *house, const json_t *who, int64_t today)
{
	json_t *o = json_object();
	int64_t due = today + json_int(who, "due", 0);

	json_put_str(o, "pathway", json_str(who, "pathway", ""));
	json_put_str(o, "pathway_version", "1");
	json_put_str(o, "step", json_str(who, "step", ""));
	json_put_str(o, "script", json_str(who, "script", ""));
	json_put_int(o, "open_day", due - 3);
	json_put_int(o, "due_day", due);
	json_put_int(o, "close_day", today + json_int(who, "close", 7));
	json_put_int(o, "minutes", 8);
	json_put_int(o, "attempts", 0);
	json_put_int(o, "not_before_s", 0);
	json_put_str(o, "rule", "plan");
	json_put_str(o, "rule_version", "1");
	json_put_str(o, "why_zh", json_str(house, "why_zh", ""));
	json_put_str(o, "why_en", json_str(house, "why_en", ""));
	return o;
}

static void add_plan(struct draft *d, const struct id *id, const json_t *world,
    const json_t *who, int64_t today)
{
	const json_t *house = json_object_get(world, "house");
	json_t *body = json_object(), *next = json_array();

	json_array_append_new(next, due_of(house, who, today));
	json_put_str(body, "pathway", json_str(who, "pathway", ""));
	json_put_str(body, "version", "1");
	json_put_str(body, "anchor", "enrolment");
	json_put_int(body, "anchor_day", today - 7);
	json_put(body, "next", next);
	add(d, KIND_PATHWAY_ENROLLED, id, body);
	body = json_object();
	draft_put_id(body, "patient", id);
	json_put_str(body, "member", "P001");
	json_put_str(body, "reason", "initial");
	add(d, KIND_ASSIGNED, &team, body);
}

static void add_house(struct draft *d, const json_t *house)
{
	json_t *body = json_object();

	json_put_str(body, "name", json_str(house, "team", ""));
	json_put_str(body, "name_en", json_str(house, "team_en", ""));
	json_put_str(body, "department", json_str(house, "team", ""));
	add(d, KIND_TEAM_SET, &team, body);
	body = json_object();
	json_put_str(body, "name", json_str(house, "name", ""));
	json_put_str(body, "name_en", json_str(house, "name_en", ""));
	json_put_int(body, "zone_s", 28800);
	json_put_int(body, "lease_s", 259200);
	json_put_str(body, "duty_phone", "8021");
	add(d, KIND_SETTINGS_SET, &roster, body);
}

static int make_world(struct practice *p)
{
	const struct asset *a = asset_find("practice/world.json");
	struct draft d = {0};
	int64_t today = day_of(env_now_s(p->desk.env), 28800);
	const json_t *people, *patients;
	uint64_t seq;
	json_t *world;
	int rc =
	    a ? json_load(&world, a->data, a->len, WORLD_MAX) : ERR_NOT_FOUND;

	if (rc < 0)
		return rc;
	add_house(&d, json_object_get(world, "house"));
	people = json_list(world, "people");
	patients = json_list(world, "patients");
	for (size_t i = 0; i < json_array_size(people); i++)
		add_person(&d, json_array_get(people, i));
	for (size_t i = 0; i < json_array_size(patients); i++) {
		const json_t *who = json_array_get(patients, i);
		struct id id = {{0xfc}};
		id.b[15] = (uint8_t)(i + 1);
		add_registration(&d, &id, who);
		add_condition(&d, &id, who);
		add_plan(&d, &id, world, who, today);
	}
	rc = record(p, &d, &seq);
	draft_fini(&d);
	json_decref(world);
	return rc;
}

/* ---- opening and closing ------------------------------------------------ */

static int make_store(struct practice *p)
{
	const char *tmp = getenv("TMPDIR");
	uint8_t key[KEY_BYTES];
	char path[240];
	int rc;

	snprintf(p->dir, sizeof(p->dir), "%.150s/suifang-practice-XXXXXX",
	    tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(p->dir)) {
		p->dir[0] = '\0';
		return ERR_READ_ONLY;
	}
	snprintf(path, sizeof(path), "%s/vault.db", p->dir);
	env_random(p->desk.env, key, sizeof(key));
	rc = store_open(
	    &p->desk.store, &(struct store_opts){.path = path, .key = key});
	explicit_bzero(key, sizeof(key));
	return rc;
}

/* What a store leaves in its folder. */
static void drop_files(const char *dir)
{
	static const char *const names[] = {"vault.db", "vault.db-wal",
	    "vault.db-shm", "vault.db-journal", "vault.db.lock"};
	char path[240];

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		unlink(path);
	}
	rmdir(dir);
}

int practice_open(struct practice **out, const struct env *env)
{
	struct practice *p = mem_new(sizeof(*p));
	int rc;

	p->desk = (struct desk){.env = env,
	    .role = 'A',
	    .ordinal = 1,
	    .team = team,
	    .seat = {{0xfd, 'P', '0', '0', '1'}},
	    .is_practice = true,
	    .log = {record, undo, next_seq, p}};
	text_copy(p->desk.member, sizeof(p->desk.member), "P001");
	text_copy(p->desk.terminal, sizeof(p->desk.terminal), "practice");
	rc = make_store(p);
	if (rc == 0) {
		p->book = entry_book_new();
		p->fold = fold_new(p->desk.store, p->book);
		rc = make_world(p);
	}
	if (rc == 0)
		rc = desk_init(&p->desk);
	if (rc == 0)
		rc = dialer_new(&p->desk.dialer, "fake");
	text_copy(p->desk.home, sizeof(p->desk.home), p->dir);
	if (rc < 0) {
		practice_close(&p);
		return rc;
	}
	*out = p;
	return 0;
}

void practice_close(struct practice **practice)
{
	struct practice *p = *practice;

	if (!p)
		return;
	desk_fini(&p->desk);
	if (p->fold)
		fold_free(&p->fold);
	if (p->book)
		entry_book_free(&p->book);
	if (p->desk.store)
		store_close(&p->desk.store);
	if (p->dir[0])
		drop_files(p->dir);
	for (size_t i = 0; i < p->count; i++)
		json_decref(p->items[i].body);
	free(p->items);
	free(p);
	*practice = NULL;
}

struct desk *practice_desk(struct practice *practice)
{
	return &practice->desk;
}

int practice_run(const struct app_cfg *cfg)
{
	struct app_cfg own = *cfg;
	struct practice *p;
	struct app *app = NULL;
	int rc = practice_open(&p, cfg->env);

	if (rc < 0)
		return rc;
	own.world = &p->desk;
	own.idle_lock_s = 0;
	own.hooks = (struct app_hooks){.status = desk_status,
	    .generation = desk_generation,
	    .dump = desk_dump,
	    .ctx = &p->desk};
	rc = app_new(&app, &own);
	if (rc == 0)
		rc = app_push(app, &work_screen, NULL);
	if (rc == 0) {
		app_say(app, LOOK_LATE, "%s",
		    _("Practice: invented patients; nothing is kept or "
		      "sent."));
		rc = app_run(app);
	}
	app_free(&app);
	practice_close(&p);
	return rc;
}
