/*
 * fault_agent.h - the terminal of A017 in tests where the centre meets faults
 * or both are killed: what it does, what it was told, and whether that is
 * true afterwards.
 */
#ifndef SUIFANG_TESTS_FAULT_AGENT_H
#define SUIFANG_TESTS_FAULT_AGENT_H

#include "tests/programs.h"

/* A note of A017's about the patient; an error of the ledger. */
NODISCARD int fault_agent_note(struct home *home);
/* A017's terminal as a process: so many notes, then what can be exchanged;
 * its status says whether that went well. */
pid_t fault_agent_start(struct hospital *h, int notes);
/* A017's own last record in a store, and the last that has a receipt. */
#define FAULT_AGENT_OWN                                                        \
	"SELECT coalesce(max(seq), 0) FROM record WHERE seat = "               \
	"(SELECT seat FROM v_seat WHERE member = 'A017')"
#define FAULT_AGENT_RECEIVED FAULT_AGENT_OWN " AND state > 0"
/* What A017's terminal has a receipt for is at the centre, or the test fails
 * and names the n-th fault. Neither is running. */
void fault_agent_judge(struct hospital *h, uint64_t n);
/* From now on the key file of "seats/A017" (passphrase "pw") opens at next to
 * no cost: for tests that open it a thousand times. */
void fault_agent_cheapen(struct hospital *h);

#endif
