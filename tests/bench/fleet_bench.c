/*
 * fleet_bench.c - the centre with its whole fleet: 1,500 sessions of seats
 * with grants of their own, 300 syncs a second of 20 signed records for 30
 * seconds, each to its receipt. The centre is the real program in a process
 * of its own; the seats share another (tests/fleet.h). A sync counts from
 * the moment it was due, not from when the driver came to it. Then the rate
 * that the centre reaches when 64 syncs are always under way. The yardstick
 * verifies as many signatures and commits as many batches to plain SQLite,
 * one after the other.
 */
#include "tests/bench.h"
#include "tests/bench_plain.h"
#include "tests/fleet.h"
#include "tests/programs.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define SEATS 1500
#define A_SECOND 300
#define SECONDS 30
#define RECORDS 20
#define FULL_SYNCS 3000 /* of the second part */
#define UNDER_WAY 64
#define GIVE_UP_MS 120000

struct run {
	struct fleet fleet;
	struct hospital *h;
	struct bench_samples waited;
	size_t given, done;
};

static void on_receipt(void *ctx, struct fleet_seat *seat, double waited_ms)
{
	struct run *r = ctx;

	(void)seat;
	r->done++;
	bench_add(&r->waited, waited_ms);
}

static void give(struct run *r, double due_ms)
{
	size_t i = r->given % r->fleet.n;

	if (!fleet_give(&r->fleet.seats[i], due_ms)) {
		fprintf(stderr, "the centre is too far behind\n");
		exit(1);
	}
	r->given++;
}

static void wait_for_rest(struct run *r)
{
	double start = bench_ms();

	while (r->done < r->given) {
		fleet_step(&r->fleet, 100);
		if (bench_ms() - start > GIVE_UP_MS) {
			fprintf(stderr, "receipts are missing\n");
			exit(1);
		}
	}
}

/* Syncs at a steady rate; returns the time to the last receipt. */
static double steady(struct run *r, size_t n, double a_second)
{
	double start = bench_ms(), due = start;

	for (size_t i = 0; i < n;) {
		for (; i < n && due <= bench_ms(); i++) {
			give(r, due);
			due = start + (double)(i + 1) * 1000 / a_second;
		}
		fleet_step(&r->fleet, due > bench_ms() ? 1 : 0);
	}
	wait_for_rest(r);
	return bench_ms() - start;
}

/* So many always under way. */
static double full(struct run *r, size_t n)
{
	double start = bench_ms();
	size_t last = r->given + n;

	while (r->given < last) {
		while (r->given < last && r->given - r->done < UNDER_WAY)
			give(r, bench_ms());
		fleet_step(&r->fleet, 100);
	}
	wait_for_rest(r);
	return bench_ms() - start;
}

static void prepare(struct run *r, size_t syncs)
{
	for (size_t i = 0; i < syncs; i++)
		fleet_work(
		    &r->fleet, &r->fleet.seats[i % r->fleet.n], 1, RECORDS);
}

struct measured {
	double ms, node_cpu_ms, driver_cpu_ms;
	size_t n;
};

static void print_waits(struct run *r, struct bench_plain *plain)
{
	static const struct {
		const char *name;
		double p;
	} rows[] = {{"fleet.p50", 0.5}, {"fleet.p99", 0.99}, {"fleet.max", 1}};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		bench_print(&(struct bench_line){.name = rows[i].name,
		    .unit = "ms to the receipt",
		    .value = bench_percentile(&r->waited, rows[i].p),
		    .baseline = bench_percentile(&plain->batches, rows[i].p),
		    .baseline_name = "20 verified and committed, plain",
		    .n = r->waited.n});
}

static void print_rate(const char *name, const struct measured *m,
    const struct bench_plain *plain, double goal)
{
	bench_print(&(struct bench_line){.name = name,
	    .unit = "syncs/s",
	    .value = (double)m->n * 1000 / m->ms,
	    .baseline = (double)plain->batches.n * 1000 / plain->wall_ms,
	    .baseline_name = "plain SQLite, one after the other",
	    .goal = goal,
	    .at_least = true,
	    .n = m->n});
}

static void print_cpu(const char *name, const struct measured *m, double ms,
    const struct bench_plain *plain)
{
	bench_print(&(struct bench_line){.name = name,
	    .unit = "us CPU an entry",
	    .value = ms * 1e3 / (double)(m->n * RECORDS),
	    .baseline =
		plain->cpu_ms * 1e3 / (double)(plain->batches.n * RECORDS),
	    .baseline_name = "verify and plain insert of each",
	    .n = m->n * RECORDS});
}

static void print_memory(
    const char *name, double value, double baseline, size_t n)
{
	bench_print(&(struct bench_line){.name = name,
	    .unit = n > 1 ? "kB a session" : "MB",
	    .value = value,
	    .baseline = baseline,
	    .baseline_name = "the centre without sessions",
	    .n = n});
}

static struct measured measure(struct run *r, size_t n, double a_second)
{
	double cpu = hospital_cpu_ms(r->h), own = bench_cpu_ms();
	struct measured m = {.n = n};

	r->waited.n = 0;
	m.ms = a_second > 0 ? steady(r, n, a_second) : full(r, n);
	m.node_cpu_ms = hospital_cpu_ms(r->h) - cpu;
	m.driver_cpu_ms = bench_cpu_ms() - own;
	return m;
}

static void bench(struct run *r, int share)
{
	const double rate = (double)A_SECOND / share;
	const size_t n = A_SECOND * SECONDS / (size_t)share;
	const size_t most = FULL_SYNCS / (size_t)share;
	struct bench_plain plain;
	struct measured m;
	double empty, open;

	prepare(r, n + most);
	bench_plain(&plain, r->h->dir, n * RECORDS / 10, RECORDS);
	hospital_serve(r->h);
	empty = hospital_memory_kb(r->h);
	fleet_connect(&r->fleet);
	open = hospital_memory_kb(r->h);
	m = measure(r, n, rate);
	print_rate("fleet.rate", &m, &plain, 0.98 * rate);
	print_waits(r, &plain);
	print_cpu("fleet.centre", &m, m.node_cpu_ms, &plain);
	print_cpu("fleet.driver", &m, m.driver_cpu_ms, &plain);
	bench_print(&(struct bench_line){.name = "fleet.cpu",
	    .unit = "share of a core",
	    .value = m.node_cpu_ms / m.ms,
	    .n = n});
	print_memory("fleet.session", (open - empty) / (double)r->fleet.n,
	    empty / (double)r->fleet.n, r->fleet.n);
	print_memory(
	    "fleet.memory", hospital_memory_kb(r->h) / 1024, empty / 1024, 1);
	m = measure(r, most, 0);
	print_rate("fleet.most", &m, &plain, 0);
	print_cpu("fleet.most.centre", &m, m.node_cpu_ms, &plain);
	bench_fini(&plain.batches);
}

/* BENCH_SHARE=10: a tenth of the seats and of the rate. */
int main(void)
{
	const char *text = getenv("BENCH_SHARE");
	int share = text ? atoi(text) : 1;
	struct run r = {.h = hospital_new()};

	signal(SIGPIPE, SIG_IGN);
	fleet_init(&r.fleet, r.h, SEATS / (size_t)share);
	r.fleet.on_receipt = on_receipt;
	r.fleet.ctx = &r;
	bench(&r, share);
	hospital_stop(r.h, SIGTERM);
	fleet_fini(&r.fleet);
	bench_fini(&r.waited);
	hospital_free(r.h);
	return 0;
}
