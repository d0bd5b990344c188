/* world.c - a small organisation in one process. */
#include "tests/world.h"

#include "core/err.h"
#include "core/mem.h"
#include "keys/hash.h"
#include "sync/commit.h"
#include "sync/site.h"

static const uint8_t key[32] = {7};

static struct id random_id(struct world *w)
{
	struct id id;

	env_random(&w->env.env, id.b, sizeof(id.b));
	return id;
}

int world_try_open(struct world_seat *seat)
{
	struct world *w = seat->world;
	const struct store_opts opts = {
	    .path = seat->path, .key = key, .base_vfs = seat->base_vfs};
	struct ledger_cfg cfg = {.env = &seat->env.env,
	    .me = seat->me,
	    .node = w->node_keys,
	    .wrap = seat->wrap,
	    .seal_sk = seat->seal_sk,
	    .check_sk = seat->check_sk};
	int r = store_open(&seat->store, &opts);

	if (r < 0)
		return r;
	cfg.store = seat->store;
	memcpy(cfg.root_pk, w->root_pk, sizeof(cfg.root_pk));
	r = ledger_open(&seat->ledger, &cfg);
	if (r < 0)
		store_close(&seat->store);
	return r;
}

void world_open(struct world_seat *seat)
{
	int r = world_try_open(seat);

	if (r < 0)
		fail_msg("%s: %s %s", seat->member, err_name(r), err_detail());
}

void world_close(struct world_seat *seat)
{
	world_cut(seat);
	ledger_close(&seat->ledger);
	store_close(&seat->store);
}

/* A person has a second seat? */
static bool is_second(const struct world *w, const char *name)
{
	for (int i = 0; i + 1 < w->count; i++)
		if (strcmp(w->seats[i].member, name) == 0)
			return true;
	return false;
}

static void make_seat(
    struct world *w, struct world_seat *seat, const char *name)
{
	seat->world = w;
	snprintf(seat->member, sizeof(seat->member), "%s", name);
	snprintf(seat->path, sizeof(seat->path), "%s/%s%s.db", w->dir, name,
	    is_second(w, name) ? ".2" : "");
	if (w->disk)
		seat->base_vfs = w->disk(w->disk_ctx, name);
	test_env_init(&seat->env, w->env.seed + (uint64_t)w->count * 7919 + 1);
	seat->me = identity_new(&w->org, &w->env.env);
	seat->wrap = secret_random(SECRET_KEY, &w->env.env);
}

static json_t *hex(const void *data, size_t n)
{
	char text[200];

	hex_encode(text, data, n);
	return json_string(text);
}

static void draft_member(
    struct world *w, struct draft *d, const char *member, const char *role)
{
	json_t *b = json_pack("{s:s,s:s,s:s,s:I,s:I}", "member", member, "name",
	    member, "role", role, "from_s", (json_int_t)0, "until_s",
	    (json_int_t)4000000000);

	draft_put_id(b, "team", &w->team);
	draft_add(d, KIND_MEMBER_GRANTED, &w->roster, b);
}

static void draft_seat(
    struct world *w, struct draft *d, const struct world_seat *seat)
{
	json_t *b = json_pack("{s:s,s:i,s:s,s:I,s:I}", "member", seat->member,
	    "ordinal", strstr(seat->path, ".2.db") ? 2 : 1, "terminal", "T-01",
	    "from_s", (json_int_t)0, "until_s", (json_int_t)4000000000);

	draft_put_id(b, "seat", &seat->me->seat);
	json_put(b, "sign_key", hex(seat->me->sign_pk, 32));
	json_put(b, "dh_key", hex(seat->me->dh_pk, 32));
	draft_add(d, KIND_SEAT_GRANTED, &w->roster, b);
}

/* What the root says of the node as it is now. */
void world_draft_node(struct world *w, struct draft *d)
{
	struct statement said = {.what = STATEMENT_NODE,
	    .org = w->org,
	    .seat = w->node.me->seat,
	    .until_s = 4000000000,
	    .incarnation = w->node_keys.incarnation};
	struct paper paper;
	json_t *b;

	memcpy(said.sign_pk, w->node.me->sign_pk, SIGN_PUBLIC);
	memcpy(said.dh_pk, w->node.me->dh_pk, DH_KEY);
	memcpy(said.check_pk, w->node_keys.check_pk, SIGN_PUBLIC);
	memcpy(said.seal_pk, w->node_keys.seal_pk, DH_KEY);
	paper_make(&paper, &said, w->root_sk);
	b = paper_json(&paper);
	json_put_str(b, "what", "node");
	draft_add(d, KIND_ROOT_STATEMENT, &w->roster, b);
}

/* The node's first record: the operator that the root names, and a team. */
static void bootstrap(struct world *w, bool is_certified)
{
	struct world_seat *op = &w->seats[w->count++];
	struct draft d = {0};
	struct statement said = {.what = STATEMENT_OPERATOR,
	    .org = w->org,
	    .member = "O001",
	    .name = "O001",
	    .terminal = "T-01",
	    .until_s = 4000000000};
	struct paper paper;
	json_t *b;

	make_seat(w, op, "O001");
	if (is_certified)
		world_draft_node(w, &d);
	said.seat = op->me->seat;
	memcpy(said.sign_pk, op->me->sign_pk, SIGN_PUBLIC);
	memcpy(said.dh_pk, op->me->dh_pk, DH_KEY);
	paper_make(&paper, &said, w->root_sk);
	b = paper_json(&paper);
	json_put_str(b, "what", "operator");
	draft_add(&d, KIND_ROOT_STATEMENT, &w->roster, b);
	draft_member(w, &d, "O001", "operator");
	draft_seat(w, &d, op);
	draft_add(
	    &d, KIND_TEAM_SET, &w->team, json_pack("{s:s}", "name", "心内科"));
	assert_int_equal(ledger_record(w->node.ledger, &d, NULL), 0);
	draft_fini(&d);
	world_open(op);
	assert_int_equal(world_sync(op), 0);
}

void world_make_node(struct world *w, const char *name)
{
	struct secret *check_seed;

	make_seat(w, &w->node, name);
	check_seed = secret_random(SIGN_SEED, &w->env.env);
	identity_sign_key(&w->node.check_sk, w->node_keys.check_pk, check_seed);
	secret_free(&check_seed);
	w->node.seal_sk = secret_random(DH_KEY, &w->env.env);
	identity_dh_public(w->node_keys.seal_pk, w->node.seal_sk);
	w->node_keys.seat = w->node.me->seat;
	memcpy(w->node_keys.sign_pk, w->node.me->sign_pk, SIGN_PUBLIC);
}

struct world *world_new(uint64_t seed)
{
	return world_new_on(seed, NULL, NULL);
}

static struct world *make(uint64_t seed, world_disk_fn *disk, void *ctx);

struct world *world_new_on(uint64_t seed, world_disk_fn *disk, void *ctx)
{
	struct world *w = make(seed, disk, ctx);

	bootstrap(w, true);
	return w;
}

struct world *world_new_uncertified(uint64_t seed)
{
	struct world *w = make(seed, NULL, NULL);

	bootstrap(w, false);
	return w;
}

static struct world *make(uint64_t seed, world_disk_fn *disk, void *ctx)
{
	struct world *w = mem_new(sizeof(*w));
	struct secret *check_seed;

	hash_init();
	assert_int_equal(commit_init(), 0);
	test_env_init(&w->env, seed);
	w->disk = disk;
	w->disk_ctx = ctx;
	w->dir = test_dir_new();
	check_seed = secret_random(SIGN_SEED, &w->env.env);
	identity_sign_key(&w->root_sk, w->root_pk, check_seed);
	secret_free(&check_seed);
	identity_org(&w->org, w->root_pk);
	identity_roster_stream(&w->roster, &w->org);
	w->team = random_id(w);
	w->node_keys.incarnation = 1;
	world_make_node(w, "node");
	world_open(&w->node);
	return w;
}

static void free_seat(struct world_seat *seat)
{
	world_close(seat);
	identity_free(&seat->me);
	secret_free(&seat->wrap);
	secret_free(&seat->seal_sk);
	secret_free(&seat->check_sk);
	buf_fini(&seat->to_node);
	buf_fini(&seat->to_seat);
}

void world_free(struct world *w)
{
	for (int i = 0; i < w->count; i++)
		free_seat(&w->seats[i]);
	free_seat(&w->node);
	secret_free(&w->root_sk);
	test_dir_remove(w->dir);
	free(w);
}

struct world_seat *world_join(
    struct world *w, const char *member, const char *role)
{
	struct world_seat *seat = &w->seats[w->count++];
	struct draft d = {0};

	assert_true(w->count <= WORLD_SEATS);
	make_seat(w, seat, member);
	draft_member(w, &d, member, role);
	draft_seat(w, &d, seat);
	assert_int_equal(ledger_record(w->seats[0].ledger, &d, NULL), 0);
	draft_fini(&d);
	assert_int_equal(world_sync(&w->seats[0]), 0);
	world_open(seat);
	return seat;
}

void world_copy_disk(struct world_seat *seat, const char *from, const char *to)
{
	struct buf line = {0};

	buf_printf(&line, "cp %s%s %s%s", seat->path, from, seat->path, to);
	assert_int_equal(system(buf_text(&line)), 0);
	buf_fini(&line);
}

/* ---- sessions carried by hand ---- */

static void to_node(void *ctx, const void *msg, size_t n)
{
	buf_block(&((struct world_seat *)ctx)->to_node, msg, n);
}

static void to_seat(void *ctx, const void *msg, size_t n)
{
	buf_block(&((struct world_seat *)ctx)->to_seat, msg, n);
}

void world_connect(struct world_seat *seat)
{
	uint8_t handshake[64];

	env_random(&seat->world->env.env, handshake, sizeof(handshake));
	seat->there = session_new(&(struct session_cfg){
	    seat->world->node.ledger, to_seat, seat, handshake});
	seat->here = session_new(
	    &(struct session_cfg){seat->ledger, to_node, seat, handshake});
}

void world_cut(struct world_seat *seat)
{
	session_free(&seat->here);
	session_free(&seat->there);
	buf_clear(&seat->to_node);
	buf_clear(&seat->to_seat);
	seat->dirty_node = seat->dirty_seat = false;
	/* What the node handled for others is in the same transaction. */
	if (seat->world->node.ledger &&
	    ledger_commit(seat->world->node.ledger) < 0)
		ledger_rollback(seat->world->node.ledger);
	if (seat->ledger)
		ledger_rollback(seat->ledger);
}

/* The first message of a queue, taken out; false when there is none. */
static bool take(struct buf *msg, struct buf *queue)
{
	struct reader in = reader_of(queue->data, queue->len);
	size_t n;
	const uint8_t *p;

	if (queue->len == 0)
		return false;
	p = reader_block(&in, &n, 1 << 20);
	assert_non_null(p);
	buf_add(msg, p, n);
	buf_consume(queue, n + 4);
	return true;
}

/* Everything handled is committed; only then what follows from it is said. */
static int settle(struct session *s, struct ledger *l, bool *dirty)
{
	int r = ledger_commit(l);

	*dirty = false;
	if (r < 0)
		return r;
	session_committed(s);
	return session_pump(s);
}

static bool step(int *r, struct session *s, struct buf *queue,
    struct world_seat *seat, struct ledger *l)
{
	bool *dirty = ledger_is_node(l) ? &seat->dirty_node : &seat->dirty_seat;
	bool early = seat->world->ack_early;
	struct buf msg = {0};
	size_t before;

	if (take(&msg, queue)) {
		*r = session_message(s, msg.data, msg.len);
		*dirty = true;
		if (ledger_is_node(l) && early && *r == 0)
			session_committed(s);
		/* A fork's evidence is kept though the session ends; a gap
		 * was answered. */
		if (*r == ERR_GAP)
			*r = 0;
		buf_fini(&msg);
		return true;
	}
	if (*dirty) {
		*r = settle(s, l, dirty);
		return true;
	}
	before = store_generation(ledger_store(l));
	*r = session_pump(s);
	return *r < 0 || store_generation(ledger_store(l)) != before;
}

bool world_step_node(int *r, struct world_seat *seat)
{
	return step(
	    r, seat->there, &seat->to_node, seat, seat->world->node.ledger);
}

bool world_step_seat(int *r, struct world_seat *seat)
{
	return step(r, seat->here, &seat->to_seat, seat, seat->ledger);
}

int world_carry(struct world_seat *seat)
{
	bool moved = true;
	int r = 0, steps = 0;

	while (r == 0 && moved) {
		if (++steps > 20000)
			r = err_set(ERR_CHECK, "a session never rests");
		else
			moved = world_step_node(&r, seat);
		if (r == 0 && world_step_seat(&r, seat))
			moved = true;
		if (seat->to_node.len || seat->to_seat.len)
			moved = true;
	}
	if (r < 0) {
		print_message(
		    "%s: %s %s\n", seat->member, err_name(r), err_detail());
		world_cut(seat);
	}
	return r;
}

int world_sync(struct world_seat *seat)
{
	int r;

	world_connect(seat);
	r = world_carry(seat);
	world_cut(seat);
	return r;
}

/* ---- saying things ---- */

static int say(struct world_seat *seat, enum kind kind, const struct id *stream,
    const char *json, uint64_t *seq)
{
	struct draft d = {0};
	json_t *body;
	int r;

	assert_int_equal(json_load(&body, json, strlen(json), 70000), 0);
	draft_add(&d, kind, stream, body);
	r = ledger_record(seat->ledger, &d, seq);
	draft_fini(&d);
	return r;
}

uint64_t world_say(struct world_seat *seat, enum kind kind,
    const struct id *stream, const char *json)
{
	uint64_t seq = 0;
	int r = say(seat, kind, stream, json, &seq);

	if (r < 0)
		fail_msg("%s: %s %s", kind_info(kind)->name, err_name(r),
		    err_detail());
	return seq;
}

void world_move(
    struct world_seat *by, const struct id *patient, const char *member)
{
	char json[300], hex[ID_HEX], prior[REF_TEXT] = "";
	struct stmt *s = store_query(by->store, Q_ASSIGN_NOW);

	stmt_bind_id(s, ":patient", patient);
	if (stmt_step(s) == 1)
		snprintf(prior, sizeof(prior), "%s", stmt_text(s, 2));
	stmt_reset(s);
	id_hex(hex, patient);
	snprintf(json, sizeof(json),
	    "{\"member\":\"%s\",\"patient\":\"%s\",\"prior\":\"%s\","
	    "\"reason\":\"load\"}",
	    member, hex, prior);
	world_say(by, KIND_ASSIGNED, &by->world->team, json);
}

int world_try(struct world_seat *seat, enum kind kind, const struct id *stream,
    const char *json)
{
	return say(seat, kind, stream, json, NULL);
}

struct id world_patient(struct world *w, const char *name, const char *member)
{
	struct id stream = random_id(w);
	struct draft d = {0};
	json_t *b;

	draft_add(&d, KIND_PATIENT_REGISTERED, &stream,
	    json_pack("{s:s,s:s,s:i,s:[{s:s,s:s,s:b}]}", "name", name, "sex",
		"male", "birth_day", -4000, "phones", "number", "13800000000",
		"relation", "self", "consent", 1));
	b = json_pack("{s:s,s:s}", "member", member, "reason", "initial");
	draft_put_id(b, "patient", &stream);
	draft_add(&d, KIND_ASSIGNED, &w->team, b);
	assert_int_equal(ledger_record(w->node.ledger, &d, NULL), 0);
	draft_fini(&d);
	return stream;
}

static void add_digest(
    void *ctx, const char *table, const struct hash *digest, uint64_t rows)
{
	buf_printf(ctx, "%s %llu ", table, (unsigned long long)rows);
	buf_hex(ctx, digest->b, 32);
	buf_str(ctx, "\n");
}

void world_digest(char out[HASH_HEX], struct world_seat *seat)
{
	struct buf text = {0};
	struct hash h;

	assert_int_equal(ledger_digest(seat->ledger, add_digest, &text), 0);
	hash_blake2b256(&h, text.data, text.len);
	hash_hex(out, &h);
	buf_fini(&text);
}

int64_t world_count(struct world_seat *seat, const char *sql)
{
	return test_scalar(seat->store, sql);
}
