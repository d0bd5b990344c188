/* sim_world.c - the prepared organisation and what its people say. */
#include "tests/sim/sim_impl.h"

#include "core/err.h"
#include "core/mem.h"
#include "core/shelf.h"

/* ---- images ---- */

struct taking {
	struct sim_image *image;
	struct fault_disk *disk;
};

static void take_file(void *ctx, const char *name, size_t len)
{
	struct taking *t = ctx;
	struct sim_file *f = &t->image->files[t->image->count];

	if (!fault_data(t->disk, name, &len))
		return; /* unlinked */
	t->image->count++;
	assert_true(t->image->count <= 8);
	snprintf(f->name, sizeof(f->name), "%s", name);
	f->len = len;
}

void sim_image_fini(struct sim_image *image)
{
	for (int i = 0; i < image->count; i++)
		free(image->files[i].data);
	image->count = 0;
}

void sim_image_take(struct sim_image *image, struct fault_disk *disk)
{
	struct taking t = {image, disk};

	sim_image_fini(image);
	fault_each(disk, take_file, &t);
	for (int i = 0; i < image->count; i++) {
		struct sim_file *f = &image->files[i];
		const uint8_t *data = fault_data(disk, f->name, &f->len);
		f->data = mem_dup(data, f->len);
	}
}

static void drop_file(void *ctx, const char *name, size_t len)
{
	struct sim_image *list = ctx;

	(void)len;
	snprintf(list->files[list->count++].name, 200, "%s", name);
}

void sim_image_put(struct fault_disk *disk, const struct sim_image *image)
{
	struct sim_image old = {.count = 0};

	fault_each(disk, drop_file, &old);
	for (int i = 0; i < old.count; i++)
		fault_remove(disk, old.files[i].name);
	for (int i = 0; i < image->count; i++)
		fault_put(disk, image->files[i].name, image->files[i].data,
		    image->files[i].len);
}

/* ---- preparing ---- */

static const char *new_disk(void *ctx, const char *name)
{
	struct sim *s = ctx;
	int i = 0;

	(void)name; /* the node's comes first */
	if (s->new_node)
		fault_free(&s->disks[0]);
	while (s->disks[i])
		i++;
	assert_true(i < SIM_MACHINES);
	s->disks[i] = fault_new((uint64_t)i + 1, &(struct fault_traits){0});
	return fault_name(s->disks[i]);
}

static struct world_seat *machine(struct sim *s, int i)
{
	return i == 0 ? &s->w->node : &s->w->seats[i - 1];
}

struct sim *sim_new(void)
{
	static const struct {
		const char *member, *role;
	} people[] = {{"A017", "agent"}, {"A012", "agent"},
	    {"S002", "supervisor"}, {"D001", "clinician"}, {"A019", "agent"}};
	static const char *const carers[] = {"A012", "A017", "A019"};
	struct sim *s = mem_new(sizeof(*s));

	s->w = world_new_on(1, new_disk, s);
	for (size_t i = 0; i < ARRAY_LEN(people); i++)
		world_join(s->w, people[i].member, people[i].role);
	for (int i = 0; i < SIM_PATIENTS; i++)
		s->patients[i] = world_patient(s->w, "患者", carers[i % 3]);
	for (int i = 0; i < s->w->count; i++)
		assert_int_equal(world_sync(&s->w->seats[i]), 0);
	for (int i = 0; i < SIM_MACHINES; i++) {
		world_close(machine(s, i));
		sim_image_take(&s->start[i], s->disks[i]);
		s->start_env[i] = machine(s, i)->env;
	}
	s->start_world_env = s->w->env;
	s->first = s->w->node;
	s->first_keys = s->w->node_keys;
	s->w->keeps_first = true;
	return s;
}

void sim_free(struct sim **sim)
{
	struct sim *s = *sim;

	world_free(s->w);
	sim_warm_fini();
	for (int i = 0; i < SIM_MACHINES; i++) {
		sim_image_fini(&s->start[i]);
		sim_image_fini(&s->images[i]);
		fault_free(&s->disks[i]);
	}
	free(s);
	*sim = NULL;
}

void sim_begin(struct sim *s, uint64_t seed)
{
	memset(s->acked, 0, sizeof(s->acked));
	memset(s->received, 0, sizeof(s->received));
	memset(s->image_acked, 0, sizeof(s->image_acked));
	s->w->env = s->start_world_env;
	s->w->env.env.ctx = &s->w->env;
	s->has_centre = seed % 3 == 0;
	s->has_revocation = seed % 4 == 1;
	s->has_erasure = seed % 4 == 2;
	s->has_liar = seed % 4 == 3;
	s->asked_revoke = s->has_restored = false;
	s->request[0] = '\0';
	s->forks = 0;
	/* Far apart in the one stream that sim_draw walks, or neighbours
	 * soon walk in step. */
	s->rng = seed;
	s->rng = sim_draw(s, UINT64_MAX);
	sim_arm(s, s->bug);
	sim_true_ciphers(seed % 16 == 0);
	for (int i = 0; i < SIM_MACHINES; i++) {
		struct world_seat *m = machine(s, i);
		fault_free(&s->disks[i]);
		s->disks[i] = fault_new(
		    seed * 31 + (uint64_t)i, &(struct fault_traits){0});
		m->base_vfs = fault_name(s->disks[i]);
		sim_image_put(s->disks[i], &s->start[i]);
		m->env = s->start_env[i];
		m->env.env.ctx = &m->env;
		m->env.seed += seed;
		world_open(m);
		s->acked[i] = ledger_next_seq(m->ledger) - 1;
		if (i > 0)
			sim_contact(s, i - 1);
	}
}

/* The next history begins with the first centre again. */
static void take_back_node(struct sim *s)
{
	struct world_seat *n = &s->w->node;

	if (s->w->node_keys.incarnation == s->first_keys.incarnation)
		return;
	identity_free(&n->me);
	secret_free(&n->wrap);
	secret_free(&n->seal_sk);
	secret_free(&n->check_sk);
	n->me = s->first.me;
	n->wrap = s->first.wrap;
	n->seal_sk = s->first.seal_sk;
	n->check_sk = s->first.check_sk;
	memcpy(n->member, s->first.member, sizeof(n->member));
	memcpy(n->path, s->first.path, sizeof(n->path));
	s->w->node_keys = s->first_keys;
}

void sim_end(struct sim *s)
{
	sim_arm(s, BUG_NONE);
	sim_true_ciphers(false);
	/* Nobody will read these disks: no checkpoint at the close. */
	for (int i = 0; i < SIM_MACHINES; i++)
		fault_kill(s->disks[i]);
	for (int i = 1; i < SIM_MACHINES; i++)
		world_close(machine(s, i));
	world_close(machine(s, 0));
	for (int i = 0; i < SIM_MACHINES; i++)
		sim_image_fini(&s->images[i]);
	buf_fini(&s->backup);
	take_back_node(s);
}

int sim_meet(struct sim *s, int i)
{
	sim_hold_power(s);
	world_cut(&s->w->seats[i]);
	sim_contact(s, i);
	return world_sync(&s->w->seats[i]);
}

void sim_catch_up(struct sim *s, int i)
{
	int r = sim_meet(s, i);

	if (r < 0)
		sim_fail(s, "I7", "a rolled-back seat cannot recover: %s %s",
		    err_name(r), err_detail());
	s->acked[i + 1] = ledger_next_seq(s->w->seats[i].ledger) - 1;
}

/* ---- saying ---- */

bool sim_holds(struct world_seat *m, const struct id *patient)
{
	struct stmt *q = store_query(m->store, Q_PATIENT_KNOWN);
	int r;

	stmt_bind_id(q, ":stream", patient);
	r = stmt_step(q);
	stmt_reset(q);
	return r == 1;
}

int sim_record(uint64_t *seq, struct world_seat *m, enum kind kind,
    const struct id *stream, json_t *body)
{
	struct draft d = {0};
	int r;

	draft_add(&d, kind, stream, body);
	r = ledger_record(m->ledger, &d, seq);
	draft_fini(&d);
	return r;
}

static int say_move(uint64_t *seq, struct sim *s, struct world_seat *m)
{
	static const char *const to[] = {"A017", "A012", "A019", ""};
	const struct id *p = &s->patients[sim_draw(s, SIM_PATIENTS)];
	struct stmt *q = store_query(m->store, Q_ASSIGN_NOW);
	json_t *body = json_object();

	draft_put_id(body, "patient", p);
	json_put_str(body, "member", to[sim_draw(s, 4)]);
	json_put_str(body, "reason", "load");
	stmt_bind_id(q, ":patient", p);
	if (stmt_step(q) == 1)
		json_put_str(body, "prior", stmt_text(q, 2));
	stmt_reset(q);
	s->out->moves++;
	return sim_record(seq, m, KIND_ASSIGNED, &s->w->team, body);
}

/* A call half typed, or ended. */
static int shelve(struct sim *s, struct world_seat *m, const struct id *p)
{
	char slot[48] = "call/";

	id_hex(slot + 5, p);
	return sim_draw(s, 2) ? shelf_put(m->store, slot, "q1", "yes", 1)
			      : shelf_clear(m->store, slot);
}

static int undo_last(uint64_t *seq, struct world_seat *m)
{
	uint64_t last = ledger_next_seq(m->ledger) - 1;
	int r = last ? ledger_undo(m->ledger, &m->me->seat, last) : ERR_RULE;

	*seq = last + 1;
	return r;
}

static json_t *contact_body(struct sim *s)
{
	return json_pack("{s:s,s:s,s:i,s:b,s:b,s:i,s:i,s:s,s:[{s:s,s:s,s:i}]}",
	    "respondent", "self", "disposition", "completed",
	    "disposition_version", 1, "reached", 1, "completed", 1, "started_s",
	    1795312800, "ended_s", 1795312900, "class", "satisfied", "answers",
	    "link", "sbp", "type", "integer", "int",
	    (int)sim_draw(s, 100) + 100);
}

static json_t *alert_body(uint64_t n)
{
	char no[40];

	snprintf(no, sizeof(no), "X-%u", (unsigned)n);
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:i}", "no", no, "rule",
	    "r", "version", "1", "level", "red", "text_zh", "t", "text_en", "t",
	    "queue", "q", "sla_s", 1800);
}

void sim_words(char out[40], int k)
{
	snprintf(out, 40, "绝密花朵%d号7731", k);
}

static int say_about(
    uint64_t *seq, struct sim *s, struct world_seat *m, const struct id *p)
{
	char words[40];

	switch (sim_draw(s, 10)) {
	case 0:
		return sim_record(seq, m, KIND_SNOOZED, p,
		    json_pack("{s:I,s:s}", "until_s", (json_int_t)m->env.now_s,
			"reason", "other"));
	case 1:
		return sim_record(seq, m, KIND_PATIENT_AMENDED, p,
		    json_pack("{s:i}", "birth_day", (int)sim_draw(s, 9999)));
	case 2:
	case 3:
		return sim_record(
		    seq, m, KIND_CONTACT_RECORDED, p, contact_body(s));
	case 4:
		return undo_last(seq, m);
	case 5:
		return sim_record(
		    seq, m, KIND_ALERT_RAISED, p, alert_body(s->rng % 100000));
	case 6:
		if (shelve(s, m, p) == 0)
			*seq = ledger_next_seq(m->ledger) - 1;
		return 0;
	case 7:
		return sim_open_patient(seq, s, m, p);
	default:
		sim_words(words, (int)(p - s->patients));
		return sim_record(seq, m, KIND_NOTE_ADDED, p,
		    json_pack("{s:s}", "text", words));
	}
}

int sim_say(uint64_t *seq, struct sim *s, struct world_seat *m)
{
	const struct id *p = &s->patients[sim_draw(s, SIM_PATIENTS)];
	char role = ledger_role(m->ledger);

	*seq = ledger_next_seq(m->ledger) - 1;
	if (role == 'S' && sim_draw(s, 2))
		return say_move(seq, s, m);
	if (role == 'O' || !sim_holds(m, p))
		return 0;
	return say_about(seq, s, m, p);
}
