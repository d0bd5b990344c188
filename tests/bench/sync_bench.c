/*
 * sync_bench.c - over loopback with a real centre: one entry from a terminal
 * to its receipt (sync1) against `git push` of one commit, the same with
 * many records already stored (growth), and a reassignment from the
 * supervisor's save to the other terminal's view (reassign.*).
 */
#include "tests/bench.h"
#include "tests/programs.h"

#include "core/err.h"
#include "core/store.h"
#include "sync/client.h"
#include "sync/ledger.h"
#include "sync/program.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 60
#define PUSHES 20
#define HISTORY 150  /* records of the patient who is reassigned */
#define STREAMS 2000 /* patients that stored records are about */

static struct id team = {{0x7e, 1}};

struct seat {
	struct home *home;
	struct client *client;
};

static void must(int r)
{
	if (r < 0) {
		fprintf(stderr, "%s %s\n", err_name(r), err_detail());
		abort();
	}
}

static struct seat seat_open(struct hospital *h, const char *member)
{
	char dir[64];
	struct seat s;

	snprintf(dir, sizeof(dir), "seats/%s", member);
	s.home = hospital_open(h, dir, "pw");
	s.client =
	    client_new(&(struct client_cfg){.ledger = home_ledger(s.home),
		.site = home_site(s.home),
		.env = program_env(),
		.address = home_address(s.home)});
	return s;
}

static void seat_close(struct seat *s)
{
	client_free(&s->client);
	home_close(&s->home);
}

/* Waits for whichever seat has something to do, and lets it. */
static void turn(struct seat *seats, size_t n)
{
	struct pollfd fds[4];

	for (size_t i = 0; i < n; i++)
		fds[i] = (struct pollfd){client_fd(seats[i].client),
		    client_events(seats[i].client), 0};
	poll(fds, (nfds_t)n, 1);
	for (size_t i = 0; i < n; i++)
		client_step(seats[i].client);
}

static void settle(struct seat *s)
{
	struct client_status status;

	do {
		turn(s, 1);
		client_status(&status, s->client);
	} while (!status.is_settled);
}

static void say(
    struct seat *s, enum kind kind, const struct id *stream, json_t *body)
{
	struct draft d = {0};

	draft_add(&d, kind, stream, body);
	must(ledger_record(home_ledger(s->home), &d, NULL));
	draft_fini(&d);
}

/* One note: from before its save to its receipt. */
static double sync_one(struct seat *s, const struct id *patient)
{
	struct client_status status;
	double start = bench_ms();

	say(s, KIND_NOTE_ADDED, patient,
	    json_pack("{s:s}", "text", "血压控制良好"));
	client_step(s->client);
	client_status(&status, s->client);
	while (status.unsent) {
		turn(s, 1);
		client_status(&status, s->client);
	}
	return bench_ms() - start;
}

/* ---- the hospital ---- */

static struct id patient_of(int i)
{
	return (struct id){{0xa1, (uint8_t)i, (uint8_t)(i >> 8), 7}};
}

static void register_one(struct home *node, int i)
{
	struct id p = patient_of(i);
	json_t *body =
	    json_pack("{s:s,s:s}", "member", "A017", "reason", "initial");

	hospital_say(node, KIND_PATIENT_REGISTERED, &p,
	    json_pack("{s:s,s:s}", "name", "测试者", "sex", "female"));
	draft_put_id(body, "patient", &p);
	hospital_say(node, KIND_ASSIGNED, &team, body);
}

static void grant(struct hospital *h, const char *member, const char *role)
{
	char line[300];

	snprintf(line, sizeof(line),
	    "suifang-key member grant --home @/seats/O001 --member %s --name "
	    "某人 --role %s --team 7e010000000000000000000000000000 "
	    "--passphrase-fd 0",
	    member, role);
	run_expect(h, 0, "o001", line);
}

static struct hospital *make(void)
{
	struct hospital *h = hospital_new();
	struct home *node = hospital_open(h, "node", NULL);

	hospital_say(
	    node, KIND_TEAM_SET, &team, json_pack("{s:s}", "name", "心内科"));
	register_one(node, 0);
	home_close(&node);
	hospital_serve(h);
	run_expect(h, 0, "o001",
	    "suifang-key sync --home @/seats/O001 --passphrase-fd 0");
	grant(h, "A017", "agent");
	grant(h, "A012", "agent");
	grant(h, "S002", "supervisor");
	hospital_enrol(h, "A017", "T-07");
	hospital_enrol(h, "A012", "T-12");
	hospital_enrol(h, "S002", "T-02");
	return h;
}

/* CPU that the terminals, which are this process, and the centre have had:
 * what a way would take if nobody else used the machine, but for the disk. */
static double cpu_ms(const struct hospital *h)
{
	struct timespec t = {0};
	clockid_t clock;

	if (clock_getcpuclockid(h->node, &clock) != 0 ||
	    clock_gettime(clock, &t) < 0)
		abort();
	return bench_cpu_ms() + (double)t.tv_sec * 1e3 +
	       (double)t.tv_nsec / 1e6;
}

/* ---- sync1 ---- */

static void shell(const char *line)
{
	if (system(line) != 0)
		abort();
}

static void git_begin(const struct hospital *h)
{
	char line[9000];

	snprintf(line, sizeof(line),
	    "cd %s && git init -q --bare far.git && git init -q near && cd "
	    "near && git config user.name n && git config user.email n@x && "
	    "git remote add far ../far.git && git commit -q --allow-empty -m "
	    "0 && git push -q far HEAD:refs/heads/main",
	    h->dir);
	shell(line);
}

static double git_push(const struct hospital *h)
{
	char line[9000];
	double start;

	snprintf(line, sizeof(line),
	    "git -C %s/near commit -q --allow-empty -m note", h->dir);
	shell(line);
	snprintf(line, sizeof(line),
	    "git -C %s/near push -q far HEAD:refs/heads/main", h->dir);
	start = bench_ms();
	shell(line);
	return bench_ms() - start;
}

/* One when nothing else is under way, and `next` right behind it, whose save
 * also waits until what the first brought back is on the disk. */
static void bench_sync1(struct hospital *h)
{
	struct bench_samples ours = {0}, next = {0}, cpu = {0}, git = {0};
	struct seat s = seat_open(h, "A017");
	struct id p = patient_of(0);

	git_begin(h);
	settle(&s);
	sync_one(&s, &p);
	for (int i = 0; i < ROUNDS; i++) {
		double used;
		settle(&s);
		used = cpu_ms(h);
		bench_add(&ours, sync_one(&s, &p));
		bench_add(&cpu, cpu_ms(h) - used);
		bench_add(&next, sync_one(&s, &p));
		if (i % (ROUNDS / PUSHES) == 0)
			bench_add(&git, git_push(h));
	}
	bench_print(&(struct bench_line){.name = "sync1",
	    .unit = "ms",
	    .baseline_name = "git push of one commit, local",
	    .value = bench_percentile(&ours, 0.5),
	    .baseline = bench_percentile(&git, 0.5),
	    .goal = 0.25,
	    .goal_is_ratio = true,
	    .n = ROUNDS});
	bench_print(&(struct bench_line){.name = "sync1.next",
	    .unit = "ms",
	    .value = bench_percentile(&next, 0.5),
	    .n = ROUNDS});
	bench_print(&(struct bench_line){.name = "sync1.cpu",
	    .unit = "ms",
	    .value = bench_percentile(&cpu, 0.5),
	    .goal = 2,
	    .n = ROUNDS});
	bench_fini(&ours);
	bench_fini(&next);
	bench_fini(&cpu);
	bench_fini(&git);
	seat_close(&s);
}

/* ---- reassign ---- */

/* The assignment that the new one replaces. */
static void put_prior(json_t *body, struct seat *sup)
{
	struct id p = patient_of(0);
	struct stmt *q = store_query(home_store(sup->home), Q_ASSIGN_NOW);

	stmt_bind_id(q, ":patient", &p);
	if (stmt_step(q) == 1)
		json_put_str(body, "prior", stmt_text(q, 2));
	stmt_reset(q);
}

static void reassign(struct seat *sup, int i)
{
	struct id p = patient_of(0);
	json_t *body = json_pack(
	    "{s:s,s:s}", "member", i % 2 ? "A017" : "A012", "reason", "load");

	draft_put_id(body, "patient", &p);
	put_prior(body, sup);
	say(sup, KIND_ASSIGNED, &team, body);
}

static bool has_patient(struct seat *s)
{
	return test_scalar(home_store(s->home),
		   "SELECT count(*) FROM v_patient p JOIN v_assign a ON "
		   "a.patient = p.stream WHERE a.member = 'A012'") == 1;
}

/* From the save to the other terminal's view. */
static void reassign_one(struct seat seats[2], int i)
{
	reassign(&seats[0], i);
	while (has_patient(&seats[1]) != (i % 2 == 0))
		turn(seats, 2);
}

static void print_reassign(const char *name, struct bench_samples *s, double p)
{
	bench_print(&(struct bench_line){.name = name,
	    .unit = "ms",
	    .value = bench_percentile(s, p),
	    .goal = 50,
	    .n = s->n});
}

/* As long as a year's, whatever was said before. */
static void have_history(struct seat *sup)
{
	struct id p = patient_of(0);

	while (test_scalar(home_store(sup->home),
		   "SELECT count(*) FROM v_note") < HISTORY)
		say(sup, KIND_NOTE_ADDED, &p,
		    json_pack("{s:s}", "text", "血压控制良好"));
}

/* The patient goes to and fro; the way to A012 is timed. */
static void bench_reassign(struct hospital *h)
{
	struct bench_samples ours = {0}, cpu = {0};
	struct seat seats[2] = {seat_open(h, "S002"), seat_open(h, "A012")};

	settle(&seats[0]);
	have_history(&seats[0]);
	settle(&seats[0]);
	settle(&seats[1]);
	for (int i = 0; i < ROUNDS; i++) {
		double start = bench_ms(), used = cpu_ms(h);
		reassign_one(seats, i);
		if (i % 2 == 0) {
			bench_add(&ours, bench_ms() - start);
			bench_add(&cpu, cpu_ms(h) - used);
		}
		settle(&seats[0]);
		settle(&seats[1]);
	}
	print_reassign("reassign.p50", &ours, 0.5);
	print_reassign("reassign.p99", &ours, 0.99);
	print_reassign("reassign.cpu", &cpu, 0.5);
	bench_fini(&ours);
	bench_fini(&cpu);
	seat_close(&seats[0]);
	seat_close(&seats[1]);
}

/* ---- growth ---- */

/* A measurement of one of many patients, imported by the centre. */
static void store_one(struct ledger *l, int i)
{
	struct draft d = {0};
	struct id p = patient_of(1 + i % STREAMS);

	draft_add(&d, KIND_OBSERVATIONS_RECORDED, &p,
	    json_pack("{s:[{s:s,s:i,s:i,s:s,s:i,s:s}]}", "items", "code",
		"8480-6", "value", 142, "scale", 0, "unit", "mmHg", "at_s",
		1795312900 + i, "source", "lab"));
	must(ledger_add(l, &d, NULL));
	draft_fini(&d);
}

static void store_many(struct home *node, int from, int to)
{
	struct ledger *l = home_ledger(node);

	for (int i = from; i < to; i++) {
		must(ledger_begin(l));
		store_one(l, i);
		if (i % 1000 == 0 || i + 1 == to)
			must(ledger_commit(l));
	}
}

/* Patients of nobody's, so that no terminal waits for their notes. */
static void register_others(struct home *node)
{
	for (int i = 1; i <= STREAMS; i++) {
		struct id p = patient_of(i);
		hospital_say(node, KIND_PATIENT_REGISTERED, &p,
		    json_pack("{s:s,s:s}", "name", "某人", "sex", "male"));
	}
}

/* A hospital of its own for each size, so that they are measured in turn. */
struct grown {
	struct hospital *h;
	struct seat seat;
	int records;
	struct bench_samples cpu;
};

static void grown_init(struct grown *g, int records)
{
	struct id p = patient_of(0);
	struct home *node;

	*g = (struct grown){.h = make(), .records = records};
	hospital_stop(g->h, SIGTERM);
	node = hospital_open(g->h, "node", NULL);
	register_others(node);
	store_many(node, 0, records);
	home_close(&node);
	hospital_serve(g->h);
	g->seat = seat_open(g->h, "A017");
	settle(&g->seat);
	sync_one(&g->seat, &p);
}

static void grown_fini(struct grown *g)
{
	seat_close(&g->seat);
	hospital_stop(g->h, SIGTERM);
	hospital_free(g->h);
	bench_fini(&g->cpu);
}

/* CPU time of a sync: the ratio must not depend on who else is at work. */
static void grown_sync(struct grown *g)
{
	struct id p = patient_of(0);
	double used;

	settle(&g->seat);
	used = cpu_ms(g->h);
	(void)sync_one(&g->seat, &p);
	bench_add(&g->cpu, cpu_ms(g->h) - used);
}

static void print_growth(struct grown *g, struct grown *first)
{
	double ratio = bench_ratio(&g->cpu, &first->cpu);

	bench_print(&(struct bench_line){
	    .name = g->records > 100000 ? "growth.1m" : "growth.100k",
	    .unit = "ms CPU",
	    .baseline_name = "with 1,000 records stored, in turn",
	    .value = bench_percentile(&g->cpu, 0.5),
	    .baseline = bench_percentile(&first->cpu, 0.5),
	    .ratio = ratio,
	    .goal = 1.5,
	    .goal_is_ratio = true,
	    .n = (size_t)g->records});
}

/* GROWTH in the environment: the last size, a million unless told. Filling is
 * most of the run: some 200 us a record. */
static void bench_growth(void)
{
	static const int sizes[] = {1000, 100000, 1000000};
	const char *most = getenv("GROWTH");
	int last = most && *most ? atoi(most) : 1000000;
	struct grown all[ARRAY_LEN(sizes)];
	size_t n = 0;

	for (; n < ARRAY_LEN(sizes) && (n == 0 || sizes[n - 1] < last); n++)
		grown_init(&all[n], sizes[n] < last ? sizes[n] : last);
	for (int i = 0; i < 2 * ROUNDS; i++)
		for (size_t k = 0; k < n; k++)
			grown_sync(&all[k]);
	for (size_t k = n; k-- > 1;)
		print_growth(&all[k], &all[0]);
	for (size_t k = 0; k < n; k++)
		grown_fini(&all[k]);
}

int main(void)
{
	struct hospital *h = make();

	if (bench_wants("sync1"))
		bench_sync1(h);
	if (bench_wants("reassign"))
		bench_reassign(h);
	if (bench_wants("growth"))
		bench_growth();
	hospital_stop(h, SIGTERM);
	hospital_free(h);
	return 0;
}
