/*
 * sim.h - the deterministic simulator: one node and six seats with the real
 * core and sync code on disks that lose power, one thread, one seed. Each
 * seed runs a random history of saves, sessions, faults and moves, then
 * heals and checks the promises of docs/RELIABILITY.md. The same seed gives
 * the same trace.
 */
#ifndef SUIFANG_TESTS_SIM_H
#define SUIFANG_TESTS_SIM_H

#include "core/base.h"

/* A defect put into the system on purpose; the simulator must notice. */
enum sim_bug {
	BUG_NONE,
#define X(name, text) BUG_##name,
#include "tests/sim/bugs.def"
#undef X
	BUG_COUNT
};
const char *sim_bug_text(enum sim_bug bug);

struct sim;

/* Once, first of all: what makes histories cheaper (sim_quick.c). */
void sim_quicken(void);

/* The prepared organisation, used by every seed. */
struct sim *sim_new(void);
void sim_free(struct sim **sim);

struct sim_result {
	const char *violation; /* NULL: every promise kept */
	char detail[200];
	uint64_t trace; /* hash of everything that happened */
	uint32_t saves, cuts, syncs, moves, lates, rollbacks, restores,
	    salvaged, revoked, erasures, expired, lies;
};

/* One history of `steps` events. */
void sim_run(
    struct sim_result *out, struct sim *sim, uint64_t seed, enum sim_bug bug);

#endif
