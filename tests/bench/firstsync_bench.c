/*
 * firstsync_bench.c - a terminal that starts from nothing, with the real
 * centre in a process of its own on loopback: firstsync.one is one agent of
 * 10,000 patients with 10 entries each, firstsync.100 a hundred agents of 100
 * patients each at once. Usable means: all is here, durable and in the view;
 * .proved: every signature has been checked as well. The baseline verifies
 * as many Ed25519 signatures and writes as many rows into plain SQLite.
 */
#define _GNU_SOURCE
#include "tests/bench.h"
#include "tests/bench_plain.h"
#include "tests/programs.h"

#include "core/draft.h"
#include "core/env.h"
#include "core/mem.h"
#include "core/err.h"
#include "core/store.h"
#include "keys/secret.h"
#include "sync/client.h"
#include "sync/ledger.h"
#include "sync/program.h"
#include "sync/site.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define ENTRIES 10
#define AGENTS_A_TEAM 10
#define GIVE_UP_MS 300000

struct plan {
	const char *name;
	int agents, patients; /* patients: of each agent */
	double goal_ms;
};

struct agent {
	struct identity *me;
	struct secret *wrap;
	char member[16];
	char path[4300];
};

static void die(int code)
{
	fprintf(stderr, "%s: %s\n", err_name(code), err_detail());
	exit(1);
}

static struct id random_id(void)
{
	struct id id;

	env_random(program_env(), id.b, sizeof(id.b));
	return id;
}

static json_t *hex(const void *data)
{
	char text[65];

	hex_encode(text, data, 32);
	return json_string(text);
}

static void add(struct home *home, struct draft *d)
{
	int r = ledger_add(home_ledger(home), d, NULL);

	if (r < 0)
		die(r);
	draft_fini(d);
}

/* ---- making the world ---- */

static struct id team_of(const struct id *teams, int agent)
{
	return teams[agent / AGENTS_A_TEAM];
}

static void grant(struct home *op, struct agent *a, const struct id *team)
{
	struct draft d = {0};
	json_t *b = json_pack("{s:s,s:s,s:s,s:I,s:I}", "member", a->member,
	    "name", a->member, "role", "agent", "from_s", (json_int_t)0,
	    "until_s", (json_int_t)4000000000);

	draft_put_id(b, "team", team);
	draft_add(&d, KIND_MEMBER_GRANTED, ledger_roster(home_ledger(op)), b);
	b = json_pack("{s:s,s:i,s:s,s:I,s:I}", "member", a->member, "ordinal",
	    1, "terminal", "T", "from_s", (json_int_t)0, "until_s",
	    (json_int_t)4000000000);
	draft_put_id(b, "seat", &a->me->seat);
	json_put(b, "sign_key", hex(a->me->sign_pk));
	json_put(b, "dh_key", hex(a->me->dh_pk));
	draft_add(&d, KIND_SEAT_GRANTED, ledger_roster(home_ledger(op)), b);
	add(op, &d);
}

static struct agent *make_agents(
    struct hospital *h, const struct plan *plan, const struct id *teams)
{
	struct agent *list = mem_new((size_t)plan->agents * sizeof(*list));
	struct home *op = hospital_open(h, "seats/O001", "o001");
	int r = hospital_settle(op);

	if (r < 0)
		die(r);
	if (ledger_begin(home_ledger(op)) < 0)
		abort();
	for (int i = 0; i < plan->agents; i++) {
		const struct id team = team_of(teams, i);
		list[i].me = identity_new(&home_site(op)->org, program_env());
		list[i].wrap = secret_random(SECRET_KEY, program_env());
		snprintf(list[i].member, sizeof(list[i].member), "A%03d", i);
		snprintf(list[i].path, sizeof(list[i].path), "%s/%s.db", h->dir,
		    list[i].member);
		grant(op, &list[i], &team);
	}
	if (ledger_commit(home_ledger(op)) < 0)
		abort();
	if ((r = hospital_settle(op)) < 0)
		die(r);
	home_close(&op);
	return list;
}

static void patient(
    struct home *node, const struct id *team, const char *member)
{
	const struct id stream = random_id();
	struct draft d = {0};
	json_t *b = json_pack("{s:s,s:s,s:i,s:[{s:s,s:s,s:b}]}", "name",
	    "欧阳建国", "sex", "male", "birth_day", -4000, "phones", "number",
	    "13800000000", "relation", "self", "consent", 1);

	draft_add(&d, KIND_PATIENT_REGISTERED, &stream, b);
	b = json_pack("{s:s,s:s}", "member", member, "reason", "initial");
	draft_put_id(b, "patient", &stream);
	draft_add(&d, KIND_ASSIGNED, team, b);
	add(node, &d);
	for (int i = 1; i < ENTRIES; i++) {
		draft_add(&d, KIND_OBSERVATIONS_RECORDED, &stream,
		    json_pack("{s:[{s:s,s:i,s:i,s:s,s:I,s:s}]}", "items",
			"code", "8480-6", "value", 120 + i, "scale", 0, "unit",
			"mmHg", "at_s", (json_int_t)(1795312800 + i * 86400),
			"source", "import"));
		add(node, &d);
	}
}

static void make_patients(
    struct hospital *h, const struct plan *plan, const struct id *teams)
{
	struct home *node = hospital_open(h, "node", NULL);
	struct ledger *l = home_ledger(node);

	for (int i = 0; i < plan->agents; i++) {
		const struct id team = team_of(teams, i);
		char member[16];
		snprintf(member, sizeof(member), "A%03d", i);
		for (int k = 0; k < plan->patients; k++) {
			if (k % 500 == 0 &&
			    (ledger_commit(l) < 0 || ledger_begin(l) < 0))
				abort();
			patient(node, &team, member);
		}
	}
	if (ledger_commit(l) < 0)
		abort();
	home_close(&node);
}

/* ---- one terminal, in a process of its own ---- */

struct result {
	double usable_ms, proved_ms, usable_cpu_ms, cpu_ms;
	long patients, observations;
};

static long count(struct store *store, const char *sql)
{
	return (long)test_scalar(store, sql);
}

static void wait_for(const struct client *c)
{
	struct pollfd p = {client_fd(c), client_events(c), 0};
	uint64_t now = env_mono_ms(program_env()), wake = client_wake_ms(c);

	if (wake > now)
		(void)poll(&p, 1, wake - now < 20 ? (int)(wake - now) : 20);
}

static void run_client(struct client *c, struct result *r)
{
	struct client_status s = {0};
	double start = bench_ms();

	while (!s.is_settled && bench_ms() - start < GIVE_UP_MS) {
		client_step(c);
		client_status(&s, c);
		if (s.is_current && r->usable_ms == 0) {
			r->usable_ms = bench_ms() - start;
			r->usable_cpu_ms = bench_cpu_ms();
		}
		if (!s.is_settled)
			wait_for(c);
	}
	r->proved_ms = bench_ms() - start;
	r->cpu_ms = bench_cpu_ms();
}

static void terminal(int out, const struct agent *a, const struct site *site)
{
	static const uint8_t key[32] = {9};
	struct ledger_cfg cfg = {
	    .env = program_env(), .me = a->me, .wrap = a->wrap};
	struct store *store = NULL;
	struct ledger *l = NULL;
	struct result r = {0};
	struct client *c;

	prctl(PR_SET_NAME, "terminal");
	site_ledger_node(&cfg.node, site);
	memcpy(cfg.root_pk, site->root_pk, sizeof(cfg.root_pk));
	if (store_open(
		&store, &(struct store_opts){a->path, key, NULL, false}) < 0)
		_exit(1);
	cfg.store = store;
	if (ledger_open(&l, &cfg) < 0)
		_exit(2);
	c = client_new(&(struct client_cfg){
	    .ledger = l, .site = site, .env = program_env()});
	run_client(c, &r);
	r.patients = count(store, "SELECT count(*) FROM v_patient");
	r.observations = count(store, "SELECT count(*) FROM v_obs");
	if (write(out, &r, sizeof(r)) != sizeof(r))
		_exit(3);
	_exit(0);
}

/* ---- measuring ---- */

static void start_all(const struct plan *plan, const struct agent *agents,
    const struct site *site, int out)
{
	for (int i = 0; i < plan->agents; i++) {
		fflush(NULL);
		if (fork() == 0)
			terminal(out, &agents[i], site);
	}
}

static struct result gather(const struct plan *plan, int in)
{
	struct result r, worst = {0};

	for (int i = 0; i < plan->agents; i++) {
		if (read(in, &r, sizeof(r)) != sizeof(r) ||
		    r.patients != plan->patients ||
		    r.observations != (long)plan->patients * (ENTRIES - 1))
			abort();
		if (r.usable_ms > worst.usable_ms)
			worst.usable_ms = r.usable_ms;
		if (r.proved_ms > worst.proved_ms)
			worst.proved_ms = r.proved_ms;
		worst.usable_cpu_ms += r.usable_cpu_ms;
		worst.cpu_ms += r.cpu_ms;
	}
	return worst;
}

static void print_cpu(
    const struct plan *plan, const char *what, double ms, double baseline)
{
	size_t n = (size_t)(plan->agents * plan->patients * ENTRIES);
	char name[60];

	snprintf(name, sizeof(name), "%s.%s", plan->name, what);
	bench_print(&(struct bench_line){.name = name,
	    .unit = "us CPU an entry",
	    .value = ms * 1e3 / (double)n,
	    .baseline = baseline * 1e3 / (double)n,
	    .baseline_name = "verify and plain insert of each",
	    .n = n});
}

static void print(
    const struct plan *plan, const struct result *r, double baseline)
{
	char name[60];

	bench_print(&(struct bench_line){.name = plan->name,
	    .unit = "ms",
	    .value = r->usable_ms,
	    .baseline = baseline,
	    .baseline_name = "verify and plain insert of each, one core",
	    .goal = plan->goal_ms,
	    .n = (size_t)(plan->agents * plan->patients * ENTRIES)});
	snprintf(name, sizeof(name), "%s.proved", plan->name);
	bench_print(&(struct bench_line){.name = name,
	    .unit = "ms",
	    .value = r->proved_ms,
	    .baseline = baseline,
	    .baseline_name = "verify and plain insert of each, one core",
	    .n = (size_t)(plan->agents * plan->patients * ENTRIES)});
}

static void measure(struct hospital *h, const struct plan *plan,
    const struct agent *agents, const struct site *site)
{
	struct result worst;
	int pipes[2];
	struct bench_plain plain;
	const size_t n = (size_t)(plan->agents * plan->patients * ENTRIES);
	double base, centre = hospital_cpu_ms(h);

	if (pipe(pipes) < 0)
		abort();
	start_all(plan, agents, site, pipes[1]);
	worst = gather(plan, pipes[0]);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	centre = hospital_cpu_ms(h) - centre;
	bench_plain(&plain, h->dir, n, n);
	bench_fini(&plain.batches);
	base = plain.cpu_ms;
	print(plan, &worst, base);
	print_cpu(plan, "terminal", worst.usable_cpu_ms, base);
	print_cpu(plan, "terminal.proved", worst.cpu_ms, base);
	print_cpu(plan, "centre", centre, base);
	close(pipes[0]);
	close(pipes[1]);
}

static void bench(const struct plan *plan)
{
	struct hospital *h = hospital_new_with(plan->agents + 4);
	int teams_count = (plan->agents + AGENTS_A_TEAM - 1) / AGENTS_A_TEAM;
	struct id *teams = mem_new((size_t)teams_count * sizeof(*teams));
	struct agent *agents;
	struct home *node;
	struct site *site;

	for (int i = 0; i < teams_count; i++)
		teams[i] = random_id();
	make_patients(h, plan, teams);
	hospital_serve(h);
	agents = make_agents(h, plan, teams);
	hospital_stop(h, SIGTERM);
	node = hospital_open(h, "node", NULL);
	site = mem_dup(home_site(node), sizeof(*site));
	home_close(&node);
	hospital_serve(h);
	measure(h, plan, agents, site);
	hospital_stop(h, SIGTERM);
	free(site);
	free(teams);
	for (int i = 0; i < plan->agents; i++) {
		identity_free(&agents[i].me);
		secret_free(&agents[i].wrap);
	}
	free(agents);
	hospital_free(h);
}

/* BENCH_SHARE=10: a tenth of the patients, of the goal, and of the wait. */
int main(void)
{
	const char *text = getenv("BENCH_SHARE");
	int share = text ? atoi(text) : 1;
	const struct plan one = {
	    "firstsync.one", 1, 10000 / share, 5000.0 / share};
	const struct plan hundred = {
	    "firstsync.100", 100, 100 / share, 30000.0 / share};

	const char *only = getenv("BENCH_ONLY");

	if (!only || strcmp(only, "firstsync.100") != 0)
		bench(&one);
	if (!only || strcmp(only, "firstsync.one") != 0)
		bench(&hundred);
	return 0;
}
