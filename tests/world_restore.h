/*
 * world_restore.h - a world's centre is backed up, lost and restored. For
 * tests of recovery and for the simulator.
 */
#ifndef SUIFANG_TESTS_WORLD_RESTORE_H
#define SUIFANG_TESTS_WORLD_RESTORE_H

#include "tests/world.h"

#include "sync/backup.h"
#include "sync/salvage.h"

/* The whole backup, written in slices; what the node says of it. */
int world_backup(struct buf *out, struct world *w);
/* A backup's check against the world's root. */
int world_backup_check(
    struct backup_report *out, struct world *w, const struct buf *backup);
/* The node is gone; a new one begins from the backup, with keys of its own
 * and a statement of the root, recovering. Every terminal has the new site
 * file and is open. 0, or the error of loading. */
int world_restore(struct world *w, const struct buf *backup);
/* The operator closes the recovery. */
void world_recovered(struct world *w, struct salvage_report *out);
/* A session that stays quiet for a minute: proofs are gathered. */
int world_idle(struct world_seat *seat);

#endif
