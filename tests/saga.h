/*
 * saga.h - a vault on a faulty disk and a history of saves whose every
 * state can be recognised: after save k the table holds exactly what saves
 * 1..k wrote. Shared by the crash, damage and error tests.
 */
#ifndef SUIFANG_TESTS_SAGA_H
#define SUIFANG_TESTS_SAGA_H

#include <sqlite3.h>

#include "core/vault.h"
#include "tests/fault_vfs.h"

#define SAGA_PATH "/v/vault.db"
#define SAGA_WAL SAGA_PATH "-wal"
#define SAGA_JOURNAL SAGA_PATH "-journal"

struct saga {
	struct fault_disk *disk;
	struct vault_opts opts;
	uint8_t key[VAULT_KEY];
	sqlite3 *db; /* NULL when closed */
	int acked;   /* last save whose commit returned success */
	int tried;   /* last save begun */
	int refused; /* commits that failed while the disk was well */
	bool no_savepoint;
	bool is_lazy; /* a save's sync goes on beside the next steps */
};

void saga_init(struct saga *w, uint64_t seed, const struct fault_traits *traits,
    enum vault_journal journal);
void saga_fini(struct saga *w);
/* vault_open's code; w->db is set on 0. */
int saga_open(struct saga *w);
void saga_close(struct saga *w);

/* Save number k: rows, an update of an old row, sometimes a savepoint rolled
 * back; 0 or a SQLite code. Counts tried and acked. */
int saga_save(struct saga *w);
/* Number of the last save the file shows; fails the test when any row is not
 * what that many saves wrote. Negative SQLite code when it cannot be read. */
int saga_state(struct saga *w);

/* Repetitions: n, a tenth under sanitizers, ten times n with SOAK set. */
int saga_repeat(int n);

#endif
