/*
 * fault_vfs.h - a disk in memory that can lose power, tear sectors, reorder
 * and lose writes that were not synced, run full, and fail at any chosen
 * operation; deterministic from a seed. Registered as an SQLite VFS, it sits
 * below the vault, in tests and in the simulator. Never in a product.
 */
#ifndef SUIFANG_TESTS_FAULT_VFS_H
#define SUIFANG_TESTS_FAULT_VFS_H

#include "core/base.h"

struct fault_disk;

/* What the disk promises and how it lies. */
struct fault_traits {
	bool lies;    /* sync returns without syncing */
	bool no_psow; /* does not claim powersafe overwrite */
};

/* Registers a fresh empty disk. */
struct fault_disk *fault_new(uint64_t seed, const struct fault_traits *traits);
/* Every connection to it must be closed. */
void fault_free(struct fault_disk **disk);
/* For vault_opts.base_vfs. */
const char *fault_name(const struct fault_disk *disk);

/* ---- power ---------------------------------------------------------- */

/* Cuts the power now: of what was not synced, each 512-byte sector keeps any
 * of the states it went through; every open handle fails from now on. */
void fault_cut(struct fault_disk *disk);
/* The same by itself at the n-th changing operation from now (1 = next). */
void fault_cut_at(struct fault_disk *disk, uint64_t n);
/* A process killed, not a machine: handles die, no write is lost. */
void fault_kill(struct fault_disk *disk);
void fault_kill_at(struct fault_disk *disk, uint64_t n);
/* True after a cut or kill, until fault_power_on. */
bool fault_is_off(const struct fault_disk *disk);
void fault_power_on(struct fault_disk *disk);

/* ---- errors --------------------------------------------------------- */

/* The n-th operation of any kind from now returns rc (SQLITE_FULL,
 * SQLITE_IOERR_READ...); and all later ones too when stays. 0: never. */
void fault_fail_at(struct fault_disk *disk, uint64_t n, int rc, bool stays);
/* True when that moment came. */
bool fault_has_failed(const struct fault_disk *disk);
/* Changing operations so far: writes, truncates, syncs, deletes. */
uint64_t fault_changes(const struct fault_disk *disk);
uint64_t fault_syncs(const struct fault_disk *disk);

/* ---- files ---------------------------------------------------------- */

/* Bytes of a file as the next reader sees them, to look at and to damage;
 * NULL when absent. Valid until the next operation. */
uint8_t *fault_data(struct fault_disk *disk, const char *name, size_t *len);
void fault_put(
    struct fault_disk *disk, const char *name, const void *data, size_t len);
void fault_remove(struct fault_disk *disk, const char *name);
/* Durable and atomic; 0, or ERR_NOT_FOUND. For vault_rekey. */
int fault_rename(struct fault_disk *disk, const char *from, const char *to);
/* True when any file, also one unlinked and still open, holds the bytes. */
bool fault_holds(struct fault_disk *disk, const void *bytes, size_t len);
/* Calls each with the name of every file. */
void fault_each(struct fault_disk *disk,
    void (*each)(void *ctx, const char *name, size_t len), void *ctx);

/* ---- memory --------------------------------------------------------- */

/* Call first in main, before anything uses SQLite: puts a counter in front
 * of SQLite's allocator. */
void fault_memory_install(void);
/* The n-th allocation from now returns NULL, and all later ones too when
 * stays. 0: never. */
void fault_memory_at(uint64_t n, bool stays);
bool fault_memory_has_failed(void);

#endif
