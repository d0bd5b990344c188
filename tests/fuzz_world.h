/*
 * fuzz_world.h - one node and one agent's seat, the same in every process, so
 * that seeds made in one are understood in the next: the agent has a patient,
 * and notes that the node does not have yet.
 */
#ifndef SUIFANG_TESTS_FUZZ_WORLD_H
#define SUIFANG_TESTS_FUZZ_WORLD_H

#include "tests/world.h"

/* Made at the first call, freed at exit. */
struct world_seat *fuzz_world(void);

/* New sessions on both sides, always with the same handshake; the hello and,
 * when is_open, the welcome have been taken, nothing is committed. End with
 * world_cut, which rolls everything back. */
void fuzz_world_connect(struct world_seat *seat, bool is_open);

#endif
